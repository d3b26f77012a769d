/* Places about one unit: names, its numbers, its indicators. Lists and counts of units are in
 * story_lists.c. */
#include "publish/story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int mq_place_node(const struct mq_release *release, const struct mq_text_place *place)
{
    return place->node >= 0 ? place->node : release->root;
}

struct mq_line mq_place_line(const struct mq_release *release, const struct mq_text_place *place)
{
    static const struct mq_line nobody = {MQ_NO_UNIT, MQ_NO_UNIT, "", ""};
    if (!place->unit)
        return release->top_level < 0 ? nobody : release->top;
    const struct mq_lines *lines = &release->level[place->level];
    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(lines->line[i].code, place->unit) == 0)
            return lines->line[i];
    return nobody;
}

/* ---- names ---- */

static enum mq_said say_name(struct mq_teller *teller, const struct mq_text_place *place)
{
    const struct mq_release *release = teller->release;
    const char *text = "";
    struct mq_line line = mq_place_line(release, place);
    int node = mq_place_node(release, place);
    switch (place->verb) {
    case MQ_SAY_PERIOD:
        if (release->now[0])
            mq_say_period(teller, release->frame->period[release->frame->periods - 1]);
        return release->now[0] ? MQ_SAID : MQ_UNSAID;
    case MQ_SAY_BEFORE:
        if (release->compared)
            mq_say_before(teller);
        return release->compared ? MQ_SAID : MQ_UNSAID;
    case MQ_SAY_LEVEL:
        text = mq_unit_heading(release, place->level);
        break;
    case MQ_SAY_UNIT:
        if (line.now != MQ_NO_UNIT)
            mq_say_unit_name(teller, &line);
        return line.now != MQ_NO_UNIT ? MQ_SAID : MQ_UNSAID;
    default:
        text = node == release->root ? mq_index_title(release)
                                     : mq_node_title(&release->model->node[node]);
        break;
    }
    mq_buffer_text(teller->text, text);
    return text[0] ? MQ_SAID : MQ_UNSAID;
}

/* ---- one number ---- */

static enum mq_said say_interval(struct mq_teller *teller, const struct mq_line *line, int node)
{
    const struct mq_release *release = teller->release;
    const struct mq_estimate *estimate = release->scores->estimate;
    char low[352], high[352];
    int decimals = release->model->decimals;
    if (!estimate || line->now == MQ_NO_UNIT ||
        !isfinite(mq_show_score(release, line->now, node).value))
        return MQ_UNSAID;
    estimate += line->now * release->model->nodes + (size_t)node;
    if (!isfinite(
            mq_story_digits(release, (struct mq_shown){estimate->low, MQ_FINE}, decimals, low)) ||
        !isfinite(
            mq_story_digits(release, (struct mq_shown){estimate->high, MQ_FINE}, decimals, high)))
        return MQ_UNSAID;
    mq_say_number(teller, low, "");
    mq_buffer_text(teller->text, release->chinese ? "～" : "–");
    mq_say_number(teller, high, "");
    return MQ_SAID;
}

static enum mq_said say_band(struct mq_teller *teller, const struct mq_line *line, int node)
{
    const struct mq_release *release = teller->release;
    if (line->now == MQ_NO_UNIT || !isfinite(mq_show_score(release, line->now, node).value))
        return MQ_UNSAID;
    int band = release->scores->score[line->now * release->model->nodes + (size_t)node].band;
    if (band < 0 || (size_t)band >= release->model->bands)
        return MQ_UNSAID;
    mq_buffer_text(teller->text, release->model->band[band].title);
    return MQ_SAID;
}

static enum mq_said say_rank(struct mq_teller *teller, const struct mq_text_place *place,
                             const struct mq_line *line, int node)
{
    const struct mq_release *release = teller->release;
    uint32_t now = mq_show_rank(release, line->now, node);
    uint32_t before = mq_show_previous_rank(release, line, node);
    if (now == 0 || (place->verb == MQ_SAY_RANK_CHANGE && before == 0))
        return MQ_UNSAID;
    long up = (long)before - (long)now, places = labs(up);
    if (place->verb == MQ_SAY_RANK)
        mq_buffer_format(teller->text, "%lu", (unsigned long)now);
    else if (up == 0)
        mq_buffer_text(teller->text, release->chinese ? "位次不变" : "unchanged in rank");
    else if (release->chinese)
        mq_buffer_format(teller->text, "位次%s%ld位", up > 0 ? "上升" : "下降", places);
    else
        mq_buffer_format(teller->text, "%s %ld place%s", up > 0 ? "up" : "down", places,
                         places == 1 ? "" : "s");
    return MQ_SAID;
}

/* Score or raw value, now and before, with what they are measured in. */
struct pair {
    struct mq_shown shown[2];
    int decimals;
    const char *unit;
};

static struct pair score_pair(const struct mq_release *release, const struct mq_line *line,
                              int node)
{
    return (struct pair){
        {mq_show_score(release, line->now, node), mq_show_previous(release, line, node)},
        release->model->decimals,
        mq_story_unit(release, node)};
}

static struct pair value_pair(const struct mq_release *release, const struct mq_line *line,
                              int node)
{
    const struct mq_node *self = &release->model->node[node];
    return (struct pair){
        {mq_show_raw(release, line->now, node), mq_show_raw(release, line->before, node)},
        mq_raw_decimals(release, node),
        self->unit ? self->unit : ""};
}

static enum mq_said say_shown(struct mq_teller *teller, const struct pair *pair, int which)
{
    char digits[352];
    if (!isfinite(mq_story_digits(teller->release, pair->shown[which], pair->decimals, digits)))
        return MQ_UNSAID;
    mq_say_number(teller, digits, pair->unit);
    return MQ_SAID;
}

static enum mq_said say_change(struct mq_teller *teller, const struct pair *pair)
{
    return mq_change_words(teller->release, pair->shown, pair->decimals, pair->unit, teller->text)
               ? MQ_SAID
               : MQ_UNSAID;
}

static enum mq_said say_diff(struct mq_teller *teller, const struct pair *pair)
{
    char digits[352];
    if (!mq_change_digits(teller->release, pair->shown, pair->decimals, digits))
        return MQ_UNSAID;
    bool minus = digits[0] == '-', zero = strspn(digits, "-0.") == strlen(digits);
    mq_buffer_format(teller->text, "%s%s", minus ? "−" : zero ? "" : "+", digits + minus);
    return MQ_SAID;
}

/* As under the table of the index: never of a unit that is withheld. */
static enum mq_said say_enterprises(struct mq_teller *teller)
{
    const struct mq_release *release = teller->release;
    if (release->model->key < 0 || release->top_level < 0 ||
        mq_show_score(release, release->top.now, release->root).reason == MQ_WITHHELD)
        return MQ_UNSAID;
    mq_buffer_format(teller->text, "%llu",
                     (unsigned long long)release->frame->unit[release->top.now].enterprises);
    return MQ_SAID;
}

/* "2022年84.91、2023年85.21、2024年85.60", with at least three of them. */
static enum mq_said say_history(struct mq_teller *teller, const struct mq_line *line, int node)
{
    const struct mq_release *release = teller->release;
    const struct mq_frame *frame = release->frame;
    enum { LEAST = 3 };
    size_t count = 0, said = 0;
    if (line->now == MQ_NO_UNIT)
        return MQ_UNSAID;
    for (int pass = 0; pass < 2; pass++)
        for (size_t unit = 0; unit < frame->units; unit++) {
            if (frame->unit[unit].level != frame->unit[line->now].level ||
                strcmp(frame->unit[unit].code, line->code) != 0)
                continue;
            char digits[352];
            if (!isfinite(mq_story_digits(release, mq_show_score(release, unit, node),
                                          release->model->decimals, digits)))
                continue;
            if (pass == 0) {
                count++;
                continue;
            }
            if (count < LEAST)
                return MQ_UNSAID;
            mq_say_between(teller, said++, count);
            mq_say_period(teller, frame->period[frame->unit[unit].period]);
            mq_buffer_text(teller->text, release->chinese ? "" : ": ");
            mq_say_number(teller, digits, mq_story_unit(release, node));
        }
    return said ? MQ_SAID : MQ_UNSAID;
}

/* ---- indicators of one unit ---- */

struct part {
    int node;
    double value;
    size_t order;
    char digits[64];
};

static int by_value(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static bool is_below(const struct mq_model *model, int node, int above)
{
    for (int at = model->node[node].parent; at >= 0; at = model->node[at].parent)
        if (at == above)
            return true;
    return false;
}

/* "质量水平为85.53，比上年提高0.32；发展能力为…": children with scores, or leaves with values. */
static enum mq_said say_parts(struct mq_teller *teller, const struct mq_line *line, int node,
                              bool values)
{
    const struct mq_release *release = teller->release;
    const struct mq_model *model = release->model;
    size_t said = 0;
    for (size_t i = 0; i < model->nodes; i++) {
        int at = model->order[i];
        bool wanted = values ? model->node[at].leaf && (at == node || is_below(model, at, node))
                             : model->node[at].parent == node;
        struct pair pair = values ? value_pair(release, line, at) : score_pair(release, line, at);
        char digits[352];
        if (!wanted || line->now == MQ_NO_UNIT ||
            !isfinite(mq_story_digits(release, pair.shown[0], pair.decimals, digits)))
            continue;
        if (said++)
            mq_buffer_text(teller->text, release->chinese ? "；" : "; ");
        mq_buffer_format(teller->text, release->chinese ? "%s为" : "%s ",
                         mq_node_title(&model->node[at]));
        mq_say_number(teller, digits, pair.unit);
        if (mq_change_digits(release, pair.shown, pair.decimals, digits)) {
            mq_buffer_text(teller->text, release->chinese ? "，" : ", ");
            mq_say_change(teller, digits, pair.unit);
        }
    }
    return said ? MQ_SAID : MQ_UNSAID;
}

static bool asks_change(enum mq_verb verb)
{
    return verb == MQ_SAY_GAINED || verb == MQ_SAY_LOST || verb == MQ_SAY_GAINED_LEAVES ||
           verb == MQ_SAY_LOST_LEAVES;
}

static bool asks_worst(enum mq_verb verb)
{
    return verb == MQ_SAY_WEAKEST || verb == MQ_SAY_LOST || verb == MQ_SAY_WEAKEST_LEAVES ||
           verb == MQ_SAY_LOST_LEAVES;
}

/* Those with a number; of the changes, those of the sign asked for. */
static size_t gather_parts(const struct mq_teller *teller, const struct mq_text_place *place,
                           const struct mq_line *line, struct part *part)
{
    const struct mq_release *release = teller->release;
    const struct mq_model *model = release->model;
    int above = mq_place_node(release, place);
    bool leaves = place->verb >= MQ_SAY_STRONGEST_LEAVES;
    size_t count = 0;
    for (size_t i = 0; i < model->nodes; i++) {
        int node = model->order[i];
        char digits[352];
        struct pair pair = score_pair(release, line, node);
        if (leaves ? !model->node[node].leaf || !is_below(model, node, above)
                   : model->node[node].parent != above)
            continue;
        if (asks_change(place->verb))
            mq_change_digits(release, pair.shown, pair.decimals, digits);
        else
            mq_story_digits(release, pair.shown[0], pair.decimals, digits);
        double value = NAN;
        if (!digits[0] || strlen(digits) >= sizeof part->digits ||
            mq_real_parse(digits, strlen(digits), &value) != MQ_NUMBER_OK)
            continue;
        bool worst = asks_worst(place->verb);
        if (asks_change(place->verb) && !(worst ? value < 0 : value > 0))
            continue;
        part[count] = (struct part){.node = node, .value = worst ? -value : value, .order = count};
        memcpy(part[count++].digits, digits, strlen(digits) + 1);
    }
    return count;
}

/* "质量水平（85.53）、…", "… （提高0.32）"; of one alone nothing is the strongest. */
static enum mq_said say_extremes(struct mq_teller *teller, const struct mq_text_place *place,
                                 const struct mq_line *line)
{
    const struct mq_release *release = teller->release;
    const struct mq_model *model = release->model;
    struct part *part = calloc(model->nodes ? model->nodes : 1, sizeof *part);
    teller->failed |= !part;
    if (!part || line->now == MQ_NO_UNIT) {
        free(part);
        return MQ_UNSAID;
    }
    size_t count = gather_parts(teller, place, line, part), many = (size_t)place->many;
    bool enough = asks_change(place->verb) ? count > 0 : count > many;
    qsort(part, count, sizeof *part, by_value);
    many = many < count ? many : count;
    for (size_t i = 0; enough && i < many; i++) {
        const char *unit = mq_story_unit(release, part[i].node);
        mq_say_between(teller, i, many);
        mq_buffer_format(teller->text, release->chinese ? "%s（" : "%s (",
                         mq_node_title(&model->node[part[i].node]));
        if (asks_change(place->verb))
            mq_say_move(teller, part[i].digits, unit);
        else
            mq_say_number(teller, part[i].digits, unit);
        mq_buffer_text(teller->text, release->chinese ? "）" : ")");
    }
    free(part);
    return enough ? MQ_SAID : MQ_UNSAID;
}

enum mq_said mq_say_place(struct mq_teller *teller, const struct mq_text_place *place)
{
    const struct mq_release *release = teller->release;
    if (release->root < 0)
        return MQ_UNSAID;
    if (place->verb <= MQ_SAY_LEVEL)
        return say_name(teller, place);
    if (place->verb >= MQ_SAY_RISERS || place->verb == MQ_SAY_NAMES)
        return mq_say_list(teller, place);
    if (place->verb >= MQ_SAY_COUNT)
        return mq_say_count(teller, place);
    struct mq_line line = mq_place_line(release, place);
    int node = mq_place_node(release, place);
    bool raw = place->verb == MQ_SAY_VALUE || place->verb == MQ_SAY_VALUE_CHANGE;
    struct pair pair = (raw ? value_pair : score_pair)(release, &line, node);
    switch (place->verb) {
    case MQ_SAY_SCORE:
    case MQ_SAY_VALUE:
        return say_shown(teller, &pair, 0);
    case MQ_SAY_PREVIOUS:
        return say_shown(teller, &pair, 1);
    case MQ_SAY_CHANGE:
    case MQ_SAY_VALUE_CHANGE:
        return say_change(teller, &pair);
    case MQ_SAY_DIFF:
        return say_diff(teller, &pair);
    case MQ_SAY_RANK:
    case MQ_SAY_RANK_CHANGE:
        return say_rank(teller, place, &line, node);
    case MQ_SAY_BAND:
        return say_band(teller, &line, node);
    case MQ_SAY_INTERVAL:
        return say_interval(teller, &line, node);
    case MQ_SAY_ENTERPRISES:
        return say_enterprises(teller);
    case MQ_SAY_HISTORY:
        return say_history(teller, &line, node);
    case MQ_SAY_PARTS:
    case MQ_SAY_VALUES:
        return say_parts(teller, &line, node, place->verb == MQ_SAY_VALUES);
    default:
        return say_extremes(teller, place, &line);
    }
}
