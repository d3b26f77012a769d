/*
 * Places about the units of one level: counts and lists. A unit whose score is withheld or missing
 * is in none of them. Lists are by rank and then by code, lists of changes by the published change
 * first; units that equal the last of a list are in it too.
 */
#include "publish/story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 40, DIGITS = 64 };

struct item {
    const struct mq_line *line;
    double value; /* as published: score, change, or places in rank */
    uint32_t rank;
    char digits[DIGITS];
};

static bool meets(const struct mq_text_place *place, double value)
{
    switch (place->compare) {
    case MQ_AT_LEAST:
        return value >= place->bound;
    case MQ_ABOVE:
        return value > place->bound;
    case MQ_AT_MOST:
        return value <= place->bound;
    case MQ_BELOW:
        return value < place->bound;
    case MQ_EQUAL_TO:
        return !(value < place->bound) && !(value > place->bound);
    case MQ_COMPARE_NONE:
        break;
    }
    return true;
}

/* ---- counts ---- */

struct mq_story_counts mq_story_count(const struct mq_release *release,
                                      const struct mq_text_place *place)
{
    const struct mq_lines *lines = &release->level[place->level];
    int node = mq_place_node(release, place), decimals = release->model->decimals;
    struct mq_story_counts counts = {0};
    char digits[352];
    for (size_t i = 0; i < lines->count; i++) {
        const struct mq_line *line = &lines->line[i];
        struct mq_shown pair[2] = {mq_show_score(release, line->now, node),
                                   mq_show_previous(release, line, node)};
        double now = mq_story_digits(release, pair[0], decimals, digits);
        double before = mq_story_digits(release, pair[1], decimals, digits);
        counts.all += isfinite(now);
        counts.units += line->now != MQ_NO_UNIT;
        counts.now += isfinite(now) && meets(place, now);
        counts.before += isfinite(before) && meets(place, before);
        counts.uneven |= (isfinite(now) && pair[1].reason == MQ_WITHHELD) ||
                         (isfinite(before) && pair[0].reason == MQ_WITHHELD);
        if (!isfinite(now) || !isfinite(before))
            continue;
        counts.both++;
        counts.rose += now > before;
        counts.fell += now < before;
        counts.same += !(now > before) && !(now < before);
    }
    return counts;
}

static enum mq_said say_count_change(struct mq_teller *teller, const struct mq_story_counts *counts)
{
    const struct mq_release *release = teller->release;
    if (counts->uneven || counts->both == 0)
        return MQ_UNSAID;
    bool more = counts->now > counts->before, chinese = release->chinese;
    size_t by = more ? counts->now - counts->before : counts->before - counts->now;
    if (chinese)
        mq_buffer_text(teller->text, by ? "比" : "与");
    else if (by)
        mq_buffer_format(teller->text, "%zu %s than ", by, more ? "more" : "fewer");
    else
        mq_buffer_text(teller->text, "as many as ");
    if (!chinese && !release->years)
        mq_buffer_text(teller->text, "in ");
    mq_say_before(teller);
    if (chinese && by)
        mq_buffer_format(teller->text, "%s%zu个", more ? "增加" : "减少", by);
    else if (chinese)
        mq_buffer_text(teller->text, "相同");
    return MQ_SAID;
}

/* "3个市", "全部14个市", "1 city", "all 14 cities" */
static void say_counted(struct mq_teller *teller, const struct mq_text_place *place,
                        const struct mq_story_counts *counts)
{
    bool all =
        place->compare != MQ_COMPARE_NONE && counts->now == counts->units && counts->units > 1;
    if (all)
        mq_buffer_text(teller->text, teller->release->chinese ? "全部" : "all ");
    mq_buffer_format(teller->text, "%zu", counts->now);
    mq_say_measure(teller, place->level, counts->now);
}

enum mq_said mq_say_count(struct mq_teller *teller, const struct mq_text_place *place)
{
    struct mq_story_counts counts = mq_story_count(teller->release, place);
    size_t said = place->verb == MQ_SAY_ROSE   ? counts.rose
                  : place->verb == MQ_SAY_FELL ? counts.fell
                  : place->verb == MQ_SAY_SAME ? counts.same
                                               : counts.now;
    bool moves =
        place->verb == MQ_SAY_ROSE || place->verb == MQ_SAY_FELL || place->verb == MQ_SAY_SAME;
    if (place->verb == MQ_SAY_COUNT_CHANGE)
        return say_count_change(teller, &counts);
    if (moves ? counts.both == 0 : counts.all == 0)
        return MQ_UNSAID;
    if (place->verb == MQ_SAY_COUNTED)
        say_counted(teller, place, &counts);
    else
        mq_buffer_format(teller->text, "%zu", said);
    return said > 0 ? MQ_SAID : MQ_SAID_NONE;
}

/* ---- lists ---- */

static int by_place(const struct item *x, const struct item *y)
{
    if ((x->rank == 0) != (y->rank == 0))
        return x->rank == 0 ? 1 : -1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return strcmp(x->line->code, y->line->code);
}

static int by_rank(const void *a, const void *b)
{
    return by_place(a, b);
}

/* From the last rank up; equals by code all the same. */
static int by_rank_down(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return strcmp(x->line->code, y->line->code);
}

/* The greatest change of either sign first: a list holds one sign only. */
static int by_change(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (fabs(x->value) > fabs(y->value) || fabs(x->value) < fabs(y->value))
        return fabs(x->value) > fabs(y->value) ? -1 : 1;
    return by_place(x, y);
}

static bool is_move(enum mq_verb verb)
{
    return verb == MQ_SAY_RANK_RISERS || verb == MQ_SAY_RANK_FALLERS;
}

static bool is_change(enum mq_verb verb)
{
    return verb == MQ_SAY_RISERS || verb == MQ_SAY_FALLERS || is_move(verb);
}

/* False: the unit is not in this list. */
static bool make_item(const struct mq_release *release, const struct mq_text_place *place,
                      const struct mq_line *line, struct item *item)
{
    int node = mq_place_node(release, place), decimals = release->model->decimals;
    struct mq_shown pair[2] = {mq_show_score(release, line->now, node),
                               mq_show_previous(release, line, node)};
    char digits[352];
    *item = (struct item){.line = line, .rank = mq_show_rank(release, line->now, node)};
    item->value = mq_story_digits(release, pair[0], decimals, digits);
    if (!isfinite(item->value))
        return false;
    if (is_move(place->verb)) {
        uint32_t before = mq_show_previous_rank(release, line, node);
        if (before == 0 || item->rank == 0)
            return false;
        item->value = (double)before - (double)item->rank;
    } else if (is_change(place->verb)) {
        if (!mq_change_digits(release, pair, decimals, digits) ||
            mq_real_parse(digits, strlen(digits), &item->value) != MQ_NUMBER_OK)
            return false;
    }
    if (strlen(digits) >= DIGITS) /* no score is that long; never half a number */
        return false;
    memcpy(item->digits, digits, strlen(digits) + 1);
    if (place->verb == MQ_SAY_RISERS || place->verb == MQ_SAY_RANK_RISERS)
        return item->value > 0;
    if (place->verb == MQ_SAY_FALLERS || place->verb == MQ_SAY_RANK_FALLERS)
        return item->value < 0;
    bool extreme = place->verb == MQ_SAY_TOP || place->verb == MQ_SAY_BOTTOM;
    return extreme ? item->rank > 0 : meets(place, item->value);
}

/* What stands behind the name, without its brackets. */
static void say_behind(struct mq_teller *teller, const struct mq_text_place *place,
                       const struct item *item)
{
    bool chinese = teller->release->chinese;
    const char *unit = mq_story_unit(teller->release, mq_place_node(teller->release, place));
    long places = labs((long)item->value);
    if (is_move(place->verb) && chinese)
        mq_buffer_format(teller->text, "%s%ld位", item->value > 0 ? "上升" : "下降", places);
    else if (is_move(place->verb))
        mq_buffer_format(teller->text, "%s %ld place%s", item->value > 0 ? "up" : "down", places,
                         places == 1 ? "" : "s");
    else if (is_change(place->verb))
        mq_say_move(teller, item->digits, unit);
    else
        mq_say_number(teller, item->digits, unit);
}

static bool equal(const struct mq_text_place *place, const struct item *x, const struct item *y)
{
    return is_change(place->verb)
               ? !(fabs(x->value) < fabs(y->value)) && !(fabs(x->value) > fabs(y->value))
               : x->rank == y->rank;
}

/* How many of a list of `count` to name: N, and those that equal the Nth. Where that would be many
 * more, all groups of equals that fit; 0 if not even the first does. */
static size_t cut(const struct mq_text_place *place, const struct item *item, size_t count)
{
    enum { SPARE = 4 };
    if (place->verb == MQ_SAY_ORDER || place->verb == MQ_SAY_NAMES)
        return count < LONGEST ? count : LONGEST;
    size_t most = (size_t)place->many + SPARE, many = 0;
    while (many < count && many < (size_t)place->many) {
        size_t next = many + 1;
        while (next < count && equal(place, &item[next], &item[many]))
            next++;
        if (next > most)
            break;
        many = next;
    }
    return many;
}

static void say_bracketed(struct mq_teller *teller, const struct mq_text_place *place,
                          const struct item *item, const char *all)
{
    mq_buffer_format(teller->text, teller->release->chinese ? "（%s" : " (%s", all);
    say_behind(teller, place, item);
    mq_buffer_text(teller->text, teller->release->chinese ? "）" : ")");
}

/* Too many equals to name them: "11个市（均为100.00%）". */
static void say_group(struct mq_teller *teller, const struct mq_text_place *place,
                      const struct item *item, size_t count)
{
    size_t many = 1;
    while (many < count && equal(place, &item[many], &item[0]))
        many++;
    mq_buffer_format(teller->text, "%zu", many);
    mq_say_measure(teller, place->level, many);
    say_bracketed(teller, place, item,
                  !teller->release->chinese ? "all "
                  : is_change(place->verb)  ? "均"
                                            : "均为");
}

/* Names that hold the mark between names themselves take commas. */
static bool holds_mark(const struct item *item, size_t count)
{
    bool holds = false;
    for (size_t i = 0; i < count; i++)
        holds |= strstr(item[i].line->name, "、") != NULL;
    return holds;
}

static void say_items(struct mq_teller *teller, const struct mq_text_place *place,
                      const struct item *item, size_t count)
{
    bool chinese = teller->release->chinese, names = place->verb == MQ_SAY_NAMES;
    size_t many = cut(place, item, count);
    bool more = many == LONGEST && many < count;
    bool commas = chinese && names && holds_mark(item, many);
    if (many == 0 && count > 0)
        say_group(teller, place, item, count);
    for (size_t i = 0; i < many; i++) {
        if (commas)
            mq_buffer_text(teller->text, i ? "，" : "");
        else
            mq_say_between(teller, i, more ? many + 1 : many);
        mq_say_unit_name(teller, item[i].line);
        if (!names)
            say_bracketed(teller, place, &item[i], "");
    }
    if (more)
        mq_buffer_text(teller->text, chinese ? "等" : " and others");
}

enum mq_said mq_say_list(struct mq_teller *teller, const struct mq_text_place *place)
{
    const struct mq_release *release = teller->release;
    const struct mq_lines *lines = &release->level[place->level];
    struct item *item = calloc(lines->count ? lines->count : 1, sizeof *item);
    teller->failed |= !item;
    if (!item)
        return MQ_UNSAID;
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        count += make_item(release, place, &lines->line[i], &item[count]);
    qsort(item, count, sizeof *item,
          is_change(place->verb)         ? by_change
          : place->verb == MQ_SAY_BOTTOM ? by_rank_down
                                         : by_rank);
    say_items(teller, place, item, count);
    free(item);
    return count ? MQ_SAID : MQ_UNSAID;
}
