/* Why rows fail a statistical edit: what was judged, which bound it passed, beside which rows. */
#include "validate/checker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- remembering ---- */

/* What the bounds are about before the method makes its measure of it. */
static double judged(const struct mq_edit_group *group, size_t row)
{
    return group->against ? group->value[row] / group->against[row] : group->value[row];
}

bool mq_edit_outcome_add(struct mq_edit_outcome *outcome, const struct mq_edit_group *group,
                         const struct mq_edit_result *result, const uint32_t *row)
{
    bool any = false;
    for (size_t i = 0; i < group->count; i++) {
        if (!mq_edit_fails((enum mq_edit_status)result->status[i]))
            continue;
        void *rows =
            mq_make_room(outcome->row, &outcome->row_capacity, outcome->rows, sizeof *outcome->row);
        if (!rows)
            return false;
        outcome->row = rows;
        outcome->row[outcome->rows++] = (struct mq_edit_said){.row = row[i],
                                                              .group = (uint32_t)outcome->groups,
                                                              .value = judged(group, i),
                                                              .measure = result->measure[i],
                                                              .status = result->status[i]};
        any = true;
    }
    if (!any)
        return true;
    void *groups = mq_make_room(outcome->group, &outcome->group_capacity, outcome->groups,
                                sizeof *outcome->group);
    if (!groups)
        return false;
    outcome->group = groups;
    outcome->group[outcome->groups++] = result->bounds;
    return true;
}

static int by_row(const void *left, const void *right)
{
    const struct mq_edit_said *a = left, *b = right;
    return a->row < b->row ? -1 : a->row > b->row;
}

enum mq_status mq_edit_outcome_merge(struct mq_edit_outcome *whole, struct mq_edit_outcome *part,
                                     size_t parts, struct mq_error *error)
{
    size_t rows = 0, groups = 0;
    for (size_t p = 0; p < parts; p++) {
        rows += part[p].rows;
        groups += part[p].groups;
    }
    if (!rows)
        return MQ_OK;
    whole->row = calloc(rows, sizeof *whole->row);
    whole->group = calloc(groups, sizeof *whole->group);
    if (!whole->row || !whole->group)
        return mq_fail_memory(error);
    for (size_t p = 0; p < parts; p++) {
        for (size_t i = 0; i < part[p].rows; i++) {
            whole->row[whole->rows] = part[p].row[i];
            whole->row[whole->rows++].group += (uint32_t)whole->groups;
        }
        for (size_t g = 0; g < part[p].groups; g++)
            whole->group[whole->groups++] = part[p].group[g];
        mq_edit_outcome_clear(part + p);
    }
    qsort(whole->row, rows, sizeof *whole->row, by_row);
    return MQ_OK;
}

void mq_edit_outcome_clear(struct mq_edit_outcome *outcome)
{
    free(outcome->row);
    free(outcome->group);
    *outcome = (struct mq_edit_outcome){0};
}

size_t mq_edit_outcome_find(const struct mq_edit_outcome *outcome, uint32_t row)
{
    size_t low = 0, high = outcome->rows;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (outcome->row[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- telling ---- */

/* Six significant digits, as a decimal number where that is readable. */
static void add_number(struct mq_buffer *text, double value)
{
    enum { DIGITS = 6, NUMBER = 352 };
    double size = fabs(value);
    if (size >= 1e15 || (size > 0 && size < 1e-6) || !isfinite(value)) {
        mq_buffer_real(text, value);
        return;
    }
    char number[NUMBER];
    int before = size >= 1 ? (int)floor(log10(size)) + 1 : size > 0 ? (int)ceil(log10(size)) : 0;
    int decimals = DIGITS - before < 0 ? 0 : DIGITS - before;
    mq_round_text(value, decimals, MQ_HALF_EVEN, number);
    size_t length = strlen(number);
    if (memchr(number, '.', length)) {
        while (number[length - 1] == '0')
            length--;
        length -= number[length - 1] == '.';
    }
    mq_buffer_add(text, number, length);
}

/* The parameter of that name; -1: the method has none. */
static int param_of(const struct mq_edit_method *method, const char *name)
{
    for (int p = 0; method->method.params[p].name; p++)
        if (strcmp(method->method.params[p].name, name) == 0)
            return p;
    return -1;
}

/* The method's measure, where it is not the value itself. */
static const char *measure_of(const struct mq_edit_method *method, bool against, bool chinese)
{
    if (strcmp(method->method.name, "hb") == 0 && against)
        return chinese ? "效应" : "effect";
    if (strcmp(method->method.name, "mad") == 0)
        return "z";
    return NULL;
}

struct bound {
    double at;
    bool low, excludes, named; /* named: the method knows exclusion and imputation bounds */
};

static struct bound bound_of(const struct mq_edit_bounds *bounds, enum mq_edit_status status)
{
    switch (status) {
    case MQ_EDIT_EXCLUDE_LOW:
        return (struct bound){bounds->low_exclude, true, true, false};
    case MQ_EDIT_EXCLUDE_HIGH:
        return (struct bound){bounds->high_exclude, false, true, false};
    case MQ_EDIT_IMPUTE_LOW:
        return (struct bound){bounds->low_impute, true, false, false};
    default:
        return (struct bound){bounds->high_impute, false, false, false};
    }
}

static void add_bound(struct mq_buffer *text, struct bound bound, bool chinese)
{
    const char *which = !bound.named     ? chinese ? "界限" : "bound"
                        : bound.excludes ? chinese ? "可疑界限" : "exclusion bound"
                        : chinese        ? "离群界限"
                                         : "imputation bound";
    if (chinese)
        mq_buffer_format(text, "，%s%s ", bound.low ? "低于" : "高于", which);
    else
        mq_buffer_format(text, ", %s the %s ", bound.low ? "below" : "above", which);
    add_number(text, bound.at);
}

/* unit: the measure is a power of ten. */
static void add_power(struct mq_buffer *text, const struct mq_edit_bounds *bounds, double power,
                      bool chinese)
{
    mq_buffer_text(text, chinese ? "，约为组内中位数 " : ", about ");
    if (!chinese)
        mq_buffer_format(text, "10^%d times the median ", (int)power);
    add_number(text, bounds->centre);
    if (chinese)
        mq_buffer_format(text, " 的 10^%d 倍（%zu 行）", (int)power, bounds->used);
    else
        mq_buffer_format(text, " (%zu rows)", bounds->used);
}

void mq_edit_message(const struct mq_model *model, const struct mq_edit *edit,
                     const struct mq_edit_outcome *outcome, size_t said, struct mq_buffer *text)
{
    const struct mq_edit_method *method = mq_edit_methods[edit->choice.method];
    const struct mq_edit_said *row = outcome->row + said;
    const struct mq_edit_bounds *bounds = outcome->group + row->group;
    bool chinese = model->chinese;
    int log_at = param_of(method, "log");
    bool logs = log_at >= 0 && edit->choice.param[log_at] != 0;
    const char *measure = measure_of(method, edit->against != NULL, chinese);
    mq_buffer_format(text, chinese ? "%s：%s%s%s = " : "%s: %s%s%s = ",
                     mq_edit_status_title((enum mq_edit_status)row->status, chinese),
                     logs ? "ln(" : "", edit->judged, logs ? ")" : "");
    add_number(text, logs ? log(row->value) : row->value);
    if (row->status == MQ_EDIT_UNIT) {
        add_power(text, bounds, row->measure, chinese);
        return;
    }
    if (measure) {
        mq_buffer_format(text, chinese ? "，%s = " : ", %s = ", measure);
        add_number(text, row->measure);
    }
    struct bound bound = bound_of(bounds, (enum mq_edit_status)row->status);
    bound.named = param_of(method, "exclude") >= 0;
    add_bound(text, bound, chinese);
    mq_buffer_text(text, chinese ? "（中位数 " : " (median ");
    add_number(text, isnan(bounds->centre) ? bounds->median : bounds->centre);
    mq_buffer_format(text, chinese ? "，%zu 行）" : ", %zu rows)", bounds->used);
}
