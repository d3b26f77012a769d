/* Derived columns that compare rows with each other: completeness, dependency, earlier periods. */
#include <stdlib.h>
#include <string.h>

#include "validate/late.h"

/* ---- no row lacks one of `by` ---- */

struct completeness {
    struct mq_late *late;
    const struct mq_derived *derived;
    atomic_bool lacking;
};

static enum mq_status complete_block(void *context, size_t index, size_t worker,
                                     struct mq_error *error)
{
    struct completeness *completeness = context;
    struct mq_late *late = completeness->late;
    const struct mq_late_block *block = late->block + index;
    const uint8_t *gone = (const uint8_t *)late->gone.data + block->first;
    MQ_TRY(mq_late_look(late, block, late->view + worker, false, error));
    for (size_t b = 0; b < completeness->derived->bys; b++) {
        const uint8_t *state = late->view[worker].column[completeness->derived->by[b]].state;
        for (uint32_t i = 0; i < block->of->rows; i++)
            if (state[i] != MQ_PRESENT && !gone[i]) {
                atomic_store(&completeness->lacking, true);
                return MQ_OK;
            }
    }
    return MQ_OK;
}

enum mq_status mq_derive_complete(struct mq_late *late, const struct mq_derived *derived,
                                  struct mq_derive *made, struct mq_error *error)
{
    struct completeness completeness = {.late = late, .derived = derived};
    MQ_TRY(mq_each(late->workers, late->blocks, complete_block, &completeness, error));
    made->constant = atomic_load(&completeness.lacking) ? 0 : 1;
    return MQ_OK;
}

/* ---- by[0] tells by[1..] ---- */

struct dependency {
    struct mq_late *late;
    const struct mq_derived *derived;
    const struct mq_grouping *whole, *first; /* by all of `by`, and by by[0] */
    uint32_t *best;                          /* [first->groups] 1 + group of `whole` */
};

static uint32_t group_rows(const struct mq_grouping *grouping, uint32_t group)
{
    const uint32_t *start = grouping->start.data;
    return start[group + 1] - start[group];
}

static uint32_t first_row(const struct mq_grouping *grouping, uint32_t group)
{
    return ((const uint32_t *)grouping->row.data)[((const uint32_t *)grouping->start.data)[group]];
}

/* By value: texts by their bytes, keys by their hash. */
static int compare_cells(const struct mq_column *a, size_t row_a, const struct mq_column *b,
                         size_t row_b)
{
    switch (a->type) {
    case MQ_AMOUNT:
        return a->amount[row_a] < b->amount[row_b] ? -1 : a->amount[row_a] > b->amount[row_b];
    case MQ_NUMBER:
        return a->number[row_a] < b->number[row_b] ? -1 : a->number[row_a] > b->number[row_b];
    case MQ_KEY:
        return a->key[row_a] < b->key[row_b] ? -1 : a->key[row_a] > b->key[row_b];
    default:
        return mq_text_compare(mq_dict_text(a->dict, a->code[row_a]),
                               mq_dict_text(b->dict, b->code[row_b]));
    }
}

/* Of two equally frequent ones: the combination that comes first. */
static enum mq_status comes_first(const struct dependency *dependency, uint32_t a, uint32_t b,
                                  bool *first, struct mq_error *error)
{
    struct mq_late *late = dependency->late;
    uint32_t row[2] = {first_row(dependency->whole, a), first_row(dependency->whole, b)};
    const struct mq_late_block *block[2];
    struct mq_column cell[2];
    struct mq_view *view = late->view;
    *first = false;
    for (size_t i = 1; i < dependency->derived->bys; i++) {
        for (int k = 0; k < 2; k++) {
            block[k] = mq_late_block_of(late, row[k]);
            MQ_TRY(mq_late_look(late, block[k], view, false, error));
            cell[k] = view->column[dependency->derived->by[i]];
        }
        int order =
            compare_cells(cell, row[0] - block[0]->first, cell + 1, row[1] - block[1]->first);
        if (order) {
            *first = order < 0;
            return MQ_OK;
        }
    }
    return MQ_OK;
}

static enum mq_status find_best(const struct dependency *dependency, struct mq_error *error)
{
    const struct mq_grouping *whole = dependency->whole;
    const uint32_t *first_id = dependency->first->id.data;
    for (uint32_t group = 0; group < whole->groups; group++) {
        uint32_t rows = group_rows(whole, group);
        if (!rows)
            continue;
        uint32_t *best = dependency->best + first_id[first_row(whole, group)];
        bool better = !*best || rows > group_rows(whole, *best - 1);
        if (!better && rows == group_rows(whole, *best - 1))
            MQ_TRY(comes_first(dependency, group, *best - 1, &better, error));
        if (better)
            *best = group + 1;
    }
    return MQ_OK;
}

enum mq_status mq_derive_determines(struct mq_late *late, const struct mq_derived *derived,
                                    struct mq_derive *made, struct mq_error *error)
{
    struct dependency dependency = {.late = late, .derived = derived};
    const char *directory = late->checker->directory;
    MQ_TRY(mq_late_group(late, derived->bys, derived->by, &dependency.whole, error));
    MQ_TRY(mq_late_group(late, derived->bys ? 1 : 0, derived->by, &dependency.first, error));
    made->grouping = dependency.whole;
    MQ_TRY(mq_array_new(&made->value, dependency.whole->groups, sizeof(double), directory, error));
    struct mq_array best;
    MQ_TRY(mq_array_new(&best, dependency.first->groups, sizeof(uint32_t), directory, error));
    dependency.best = best.data;
    enum mq_status status = find_best(&dependency, error);
    const uint32_t *first_id = dependency.first->id.data;
    double *value = made->value.data;
    for (uint32_t group = 0; group < dependency.whole->groups && status == MQ_OK; group++)
        if (group_rows(dependency.whole, group))
            value[group] =
                dependency.best[first_id[first_row(dependency.whole, group)]] == group + 1;
    mq_array_clear(&best);
    return status;
}

/* ---- the same key, periods before ---- */

struct earlier {
    struct mq_late *late;
    const struct mq_derived *derived;
    const struct mq_grouping *grouping; /* by key */
    struct mq_array period;             /* uint32_t [rows] ordinals */
    struct mq_array found;              /* uint8_t [periods] */
    uint32_t *before;                   /* [periods] ordinal asked for, MQ_NO_CODE: none */
    struct mq_late_values values;
    double *result;
};

static enum mq_status period_block(void *context, size_t index, size_t worker,
                                   struct mq_error *error)
{
    struct earlier *earlier = context;
    struct mq_late *late = earlier->late;
    const struct mq_late_block *block = late->block + index;
    const uint8_t *gone = (const uint8_t *)late->gone.data + block->first;
    uint32_t *period = (uint32_t *)earlier->period.data + block->first;
    MQ_TRY(mq_late_look(late, block, late->view + worker, false, error));
    const struct mq_column *column = late->view[worker].column + late->model->period;
    for (uint32_t i = 0; i < block->of->rows; i++)
        period[i] = column->state[i] == MQ_PRESENT && !gone[i] ? column->code[i] : MQ_NO_CODE;
    return MQ_OK;
}

static int year_of(struct mq_text text)
{
    int year = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.s[i] < '0' || text.s[i] > '9')
            return -1;
        year = 10 * year + (text.s[i] - '0');
        if (i >= 4)
            return -1;
    }
    return text.n == 4 ? year : -1;
}

struct period_text {
    struct mq_text text;
    uint32_t ordinal;
};

static int by_text(const void *left, const void *right)
{
    const struct period_text *a = left, *b = right;
    return mq_text_compare(a->text, b->text);
}

static uint32_t year_before(const struct mq_dict *dict, int year, int back)
{
    char text[16];
    if (year < back)
        return MQ_NO_CODE;
    int length = snprintf(text, sizeof text, "%04d", year - back);
    return mq_dict_find(dict, (struct mq_text){text, (size_t)length});
}

/* For every period the one that is asked for: years are counted, others lie in order. */
static enum mq_status order_periods(struct earlier *earlier, const struct mq_dict *dict,
                                    struct mq_error *error)
{
    uint32_t periods = mq_dict_count(dict), count = 0;
    const uint8_t *found = earlier->found.data;
    struct period_text *text = calloc((size_t)periods + 1, sizeof *text);
    if (!text)
        return mq_fail_memory(error);
    for (uint32_t p = 0; p < periods; p++)
        if (found[p])
            text[count++] = (struct period_text){mq_dict_text(dict, p), p};
    qsort(text, count, sizeof *text, by_text);
    uint32_t back = (uint32_t)earlier->derived->back;
    for (uint32_t i = 0; i < count; i++) {
        int year = year_of(text[i].text);
        earlier->before[text[i].ordinal] = year >= 0
                                               ? year_before(dict, year, earlier->derived->back)
                                           : i >= back ? text[i - back].ordinal
                                                       : MQ_NO_CODE;
    }
    free(text);
    return MQ_OK;
}

static enum mq_status earlier_group(void *context, uint32_t group, size_t worker,
                                    struct mq_error *error)
{
    const struct earlier *earlier = context;
    const uint32_t *start = earlier->grouping->start.data, *row = earlier->grouping->row.data;
    const uint32_t *period = earlier->period.data;
    const uint8_t *absent = earlier->values.absent.data;
    const double *number = earlier->values.bits.data;
    (void)worker, (void)error;
    for (uint32_t i = start[group]; i < start[group + 1]; i++) {
        uint32_t own = period[row[i]], met = 0;
        uint32_t wanted = own == MQ_NO_CODE ? MQ_NO_CODE : earlier->before[own];
        double value = NAN;
        for (uint32_t k = start[group]; wanted != MQ_NO_CODE && k < start[group + 1]; k++)
            if (period[row[k]] == wanted) {
                value = absent[row[k]] ? NAN : number[row[k]];
                met++;
            }
        earlier->result[row[i]] = met == 1 ? value : NAN; /* one key is one row of a period */
    }
    return MQ_OK;
}

static enum mq_status find_earlier(struct earlier *earlier, struct mq_error *error)
{
    struct mq_late *late = earlier->late;
    const char *directory = late->checker->directory;
    const struct mq_dict *dict = mq_reader_dict(late->checker->reader, (size_t)late->model->period);
    uint32_t periods = mq_dict_count(dict);
    MQ_TRY(mq_late_group(late, 1, &late->model->key, &earlier->grouping, error));
    MQ_TRY(mq_array_new(&earlier->period, late->rows, sizeof(uint32_t), directory, error));
    MQ_TRY(mq_each(late->workers, late->blocks, period_block, earlier, error));
    MQ_TRY(mq_array_new(&earlier->found, periods, 1, directory, error));
    const uint32_t *period = earlier->period.data;
    for (uint32_t row = 0; row < late->rows; row++)
        if (period[row] != MQ_NO_CODE)
            ((uint8_t *)earlier->found.data)[period[row]] = 1;
    earlier->before = calloc((size_t)periods + 1, sizeof *earlier->before);
    if (!earlier->before)
        return mq_fail_memory(error);
    MQ_TRY(order_periods(earlier, dict, error));
    MQ_TRY(mq_late_values(late, earlier->derived->value, false, &earlier->values, error));
    return mq_each_group(late, earlier->grouping, earlier_group, earlier, error);
}

enum mq_status mq_derive_earlier(struct mq_late *late, const struct mq_derived *derived,
                                 struct mq_derive *made, struct mq_error *error)
{
    made->constant = NAN;
    if (late->model->key < 0 || late->model->period < 0)
        return MQ_OK;
    MQ_TRY(mq_array_new(&made->value, late->rows, sizeof(double), late->checker->directory, error));
    double *value = made->value.data;
    for (uint32_t row = 0; row < late->rows; row++)
        value[row] = NAN; /* of rows in no group */
    struct earlier earlier = {.late = late, .derived = derived, .result = value};
    enum mq_status status = find_earlier(&earlier, error);
    mq_late_values_clear(&earlier.values);
    mq_array_clear(&earlier.period);
    mq_array_clear(&earlier.found);
    free(earlier.before);
    return status;
}
