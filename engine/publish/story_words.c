/* Words around published numbers: units, changes, lists. */
#include "publish/story.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static bool is_points(const char *unit)
{
    return !unit[0] || strcmp(unit, "分") == 0 || strcmp(unit, "points") == 0;
}

static bool is_rate(const char *unit)
{
    return is_points(unit) || strcmp(unit, "%") == 0 || strcmp(unit, "‰") == 0 ||
           strcmp(unit, "百分点") == 0 || strcmp(unit, "percentage points") == 0;
}

const char *mq_story_unit(const struct mq_release *release, int node)
{
    const struct mq_node *self = &release->model->node[node];
    bool own = self->unit && (!self->leaf || release->raw_is_score);
    return own && !is_points(self->unit) ? self->unit : "";
}

double mq_story_digits(const struct mq_release *release, struct mq_shown shown, int decimals,
                       char *digits)
{
    double value = NAN;
    digits[0] = '\0';
    if (!isfinite(shown.value))
        return NAN;
    mq_round_text(shown.value, decimals, release->model->rounding, digits);
    return mq_real_parse(digits, strlen(digits), &value) == MQ_NUMBER_OK ? value : NAN;
}

bool mq_change_digits(const struct mq_release *release, const struct mq_shown pair[2], int decimals,
                      char *change)
{
    char digits[2][352];
    int64_t scaled[2];
    double value[2];
    bool fits = true;
    change[0] = '\0';
    for (int i = 0; i < 2; i++) {
        value[i] = mq_story_digits(release, pair[i], decimals, digits[i]);
        if (!isfinite(value[i]))
            return false;
        fits = fits &&
               mq_decimal_parse(digits[i], strlen(digits[i]), decimals, &scaled[i]) == MQ_NUMBER_OK;
    }
    if (fits)
        mq_decimal_text((mq_int128)scaled[0] - scaled[1], decimals, change);
    else /* beyond 64 bits the last digits of a double are not known anyway */
        mq_round_text(value[0] - value[1], decimals, release->model->rounding, change);
    return true;
}

void mq_say_number(struct mq_teller *teller, const char *digits, const char *unit)
{
    bool minus = digits[0] == '-', apart = !teller->release->chinese && strcmp(unit, "%") != 0;
    bool spoken = strcmp(unit, "百分点") == 0; /* "2.23个百分点" */
    mq_buffer_format(teller->text, "%s%s%s%s", minus ? "−" : "", digits + minus,
                     apart && unit[0] ? " "
                     : spoken         ? "个"
                                      : "",
                     unit);
}

/* What changes are measured in. */
static void say_change_unit(struct mq_teller *teller, const char *unit)
{
    bool chinese = teller->release->chinese;
    if (strcmp(unit, "%") == 0 || strcmp(unit, "百分点") == 0)
        mq_buffer_text(teller->text, chinese ? "个百分点" : " percentage points");
    else if (strcmp(unit, "‰") == 0)
        mq_buffer_text(teller->text, chinese ? "个千分点" : " points per thousand");
    else if (!is_points(unit))
        mq_buffer_format(teller->text, chinese ? "%s" : " %s", unit);
}

static bool is_zero(const char *digits)
{
    return strspn(digits, "-0.") == strlen(digits);
}

void mq_say_move(struct mq_teller *teller, const char *digits, const char *unit)
{
    bool chinese = teller->release->chinese, down = digits[0] == '-';
    if (is_zero(digits)) {
        mq_buffer_text(teller->text, chinese ? "持平" : "unchanged");
        return;
    }
    const char *word = !chinese        ? (down ? "down " : "up ")
                       : is_rate(unit) ? (down ? "下降" : "提高")
                                       : (down ? "减少" : "增加");
    mq_buffer_format(teller->text, "%s%s", word, digits + down);
    say_change_unit(teller, unit);
}

/* "2024Q3" and "2024-Q3" are a year and a quarter; 0: it is neither. */
static int quarter_of(const char *period)
{
    size_t digits = strspn(period, "0123456789");
    const char *tail = period + digits + (period[digits] == '-');
    return digits == 4 && tail[0] == 'Q' && tail[1] >= '1' && tail[1] <= '4' && !tail[2]
               ? tail[1] - '0'
               : 0;
}

void mq_say_period(struct mq_teller *teller, const char *period)
{
    static const char *const quarters[] = {"", "一", "二", "三", "四"};
    bool year = strlen(period) == 4 && strspn(period, "0123456789") == 4;
    int quarter = quarter_of(period);
    if (teller->release->chinese && quarter)
        mq_buffer_format(teller->text, "%.4s年%s季度", period, quarters[quarter]);
    else
        mq_buffer_format(teller->text, teller->release->chinese && year ? "%s年" : "%s", period);
}

void mq_say_before(struct mq_teller *teller)
{
    const struct mq_release *release = teller->release;
    const struct mq_frame *frame = release->frame;
    if (release->years)
        mq_buffer_text(teller->text, release->chinese ? "上年" : "the year before");
    else if (frame->periods > 1)
        mq_say_period(teller, frame->period[frame->periods - 2]);
    else
        mq_buffer_text(teller->text, release->chinese ? "上期" : "the period before");
}

void mq_say_change(struct mq_teller *teller, const char *digits, const char *unit)
{
    bool chinese = teller->release->chinese, zero = is_zero(digits);
    if (chinese) {
        mq_buffer_text(teller->text, zero ? "与" : "比");
        mq_say_before(teller);
    }
    mq_say_move(teller, digits, unit);
    if (!chinese) {
        mq_buffer_text(teller->text, zero ? " from " : " on ");
        mq_say_before(teller);
    }
}

bool mq_change_words(const struct mq_release *release, const struct mq_shown pair[2], int decimals,
                     const char *unit, struct mq_buffer *text)
{
    char digits[352];
    struct mq_teller teller = {.release = release, .text = text};
    if (!mq_change_digits(release, pair, decimals, digits))
        return false;
    mq_say_change(&teller, digits, unit);
    return true;
}

/* ---- levels and units ---- */

/* The level's own word without 各: "市"; "单位" where it has none. */
static const char *bare_title(const struct mq_release *release, int level)
{
    const char *title = mq_level_title(release, level);
    if (!title[0])
        return release->chinese ? "单位" : "unit";
    return strncmp(title, "各", strlen("各")) == 0 ? title + strlen("各") : title;
}

void mq_say_each(struct mq_teller *teller, int level)
{
    mq_buffer_format(teller->text, teller->release->chinese ? "各%s" : "%s",
                     bare_title(teller->release, level));
}

/* "City" -> "cities"; abbreviations such as "EU region" keep their capitals. */
static void say_plural(struct mq_teller *teller, const char *title, bool many)
{
    size_t n = strlen(title);
    char first = n > 1 && islower((unsigned char)title[1]) ? (char)tolower((unsigned char)title[0])
                                                           : title[0];
    if (n == 0)
        return;
    bool vowel = n > 1 && strchr("aeiouAEIOU", title[n - 2]);
    bool y = many && title[n - 1] == 'y' && !vowel;
    bool hiss = strchr("sxz", title[n - 1]) ||
                (n > 1 && (strcmp(title + n - 2, "ch") == 0 || strcmp(title + n - 2, "sh") == 0));
    mq_buffer_add(teller->text, &first, 1);
    mq_buffer_add(teller->text, title + 1, n - 1 - y);
    mq_buffer_text(teller->text, !many ? "" : y ? "ies" : hiss ? "es" : "s");
}

void mq_say_measure(struct mq_teller *teller, int level, size_t count)
{
    const struct mq_release *release = teller->release;
    bool pairs = release->model->level[level].axes > 1;
    if (release->chinese) {
        mq_buffer_format(teller->text, "个%s", pairs ? "组合" : bare_title(release, level));
        return;
    }
    mq_buffer_text(teller->text, " ");
    say_plural(teller, pairs ? "combination" : bare_title(release, level), count != 1);
}

void mq_say_between(struct mq_teller *teller, size_t item, size_t count)
{
    if (item == 0)
        return;
    if (teller->release->chinese)
        mq_buffer_text(teller->text, "、");
    else
        mq_buffer_text(teller->text, item + 1 == count ? " and " : ", ");
}

void mq_say_unit_name(struct mq_teller *teller, const struct mq_line *line)
{
    const char *name = line->name && line->name[0] ? line->name : line->code;
    bool pair = strchr(line->code, '|');
    for (const char *bar; pair && (bar = strchr(name, '|')); name = bar + 1) {
        mq_buffer_add(teller->text, name, (size_t)(bar - name));
        mq_buffer_text(teller->text, teller->release->chinese ? "" : " / ");
    }
    mq_buffer_text(teller->text, name);
}
