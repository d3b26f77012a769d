/* Top offenders: failures by the units of the levels that are made of one code. Workers count by
 * the code's ordinal; codes become units, and the worst are found, at the end. */
#include "validate/checker.h"

#include <stdlib.h>
#include <string.h>

enum { WORST = 10 };

/* ---- counting ---- */

bool mq_units_makes(const struct mq_checker *checker, int input)
{
    for (size_t u = 0; u < checker->unit_inputs; u++)
        if (checker->unit_input[u] == input)
            return true;
    return false;
}

enum mq_status mq_units_choose(struct mq_checker *checker, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    checker->unit_input =
        mq_arena_array(&checker->arena, model->levels + 1, sizeof *checker->unit_input);
    if (!checker->unit_input)
        return mq_fail_memory(error);
    for (size_t l = 0; l < model->levels; l++)
        if (model->level[l].axes == 1 && !mq_units_makes(checker, model->level[l].axis[0].input))
            checker->unit_input[checker->unit_inputs++] = model->level[l].axis[0].input;
    return MQ_OK;
}

enum mq_status mq_units_open(const struct mq_checker *checker, struct mq_judge *judge,
                             struct mq_error *error)
{
    judge->units = mq_arena_array(&judge->arena, checker->unit_inputs + 1, sizeof *judge->units);
    if (!judge->units)
        return mq_fail_memory(error);
    for (; judge->unit_inputs < checker->unit_inputs; judge->unit_inputs++) {
        struct mq_unit_counts *units = judge->units + judge->unit_inputs;
        units->input = checker->unit_input[judge->unit_inputs];
        units->failed = mq_arena_array(&judge->arena, checker->checks, sizeof *units->failed);
        if (!units->failed)
            return mq_fail_memory(error);
    }
    return MQ_OK;
}

void mq_units_clear(const struct mq_checker *checker, struct mq_judge *judge)
{
    for (size_t u = 0; u < judge->unit_inputs; u++) {
        free(judge->units[u].rows.count);
        for (size_t c = 0; c < checker->checks; c++)
            free(judge->units[u].failed[c].count);
    }
}

/* Room for every code there is by now. */
static bool reserve(struct mq_by_code *by, const struct mq_dict *dict)
{
    size_t codes = mq_dict_count(dict);
    if (codes <= by->capacity)
        return true;
    size_t capacity = codes > 2 * by->capacity ? codes : 2 * by->capacity;
    uint64_t *grown =
        capacity > SIZE_MAX / sizeof *grown ? NULL : realloc(by->count, capacity * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + by->capacity, 0, (capacity - by->capacity) * sizeof *grown);
    *by = (struct mq_by_code){grown, capacity};
    return true;
}

bool mq_units_live(struct mq_judge *judge, const struct mq_batch *batch)
{
    const uint8_t *live = judge->live;
    for (size_t u = 0; u < judge->unit_inputs; u++) {
        struct mq_by_code *rows = &judge->units[u].rows;
        const struct mq_column *column = batch->column + judge->units[u].input;
        if (!reserve(rows, column->dict))
            return false;
        for (size_t row = 0; row < batch->rows; row++)
            if (column->state[row] == MQ_PRESENT)
                rows->count[column->code[row]] += live[row];
    }
    return true;
}

bool mq_units_failed(struct mq_judge *judge, size_t check, const struct mq_batch *batch,
                     const uint8_t *bytes, uint8_t low, uint8_t high)
{
    uint8_t span = (uint8_t)(high - low);
    for (size_t u = 0; u < judge->unit_inputs; u++) {
        struct mq_by_code *failed = judge->units[u].failed + check;
        const struct mq_column *column = batch->column + judge->units[u].input;
        if (!reserve(failed, column->dict))
            return false;
        for (size_t row = 0; row < batch->rows; row++)
            if ((uint8_t)(bytes[row] - low) <= span && judge->live[row] &&
                column->state[row] == MQ_PRESENT)
                failed->count[column->code[row]]++;
    }
    return true;
}

bool mq_units_failed_row(struct mq_judge *judge, size_t check, const struct mq_column *column,
                         size_t row)
{
    for (size_t u = 0; u < judge->unit_inputs; u++) {
        struct mq_by_code *failed = judge->units[u].failed + check;
        const struct mq_column *of = column + judge->units[u].input;
        if (of->state[row] != MQ_PRESENT)
            continue;
        if (!reserve(failed, of->dict))
            return false;
        failed->count[of->code[row]]++;
    }
    return true;
}

/* ---- units of a level ---- */

struct level_units {
    size_t input; /* index in checker->unit_input */
    const struct mq_dict *dict;
    size_t codes;
    uint32_t *unit;          /* [codes] */
    uint64_t *rows, *failed; /* [codes] of the units */
};

static void add_up(const struct level_units *units, const struct mq_by_code *by, uint64_t *total)
{
    for (size_t code = 0; code < units->codes && code < by->capacity; code++)
        if (units->unit[code] != MQ_NO_CODE)
            total[units->unit[code]] += by->count[code];
}

static bool open_level(const struct mq_checker *checker, size_t level, struct level_units *units)
{
    const struct mq_level_axis *axis = checker->model->level[level].axis;
    int list = checker->model->input[axis->input].list;
    while (checker->unit_input[units->input] != axis->input)
        units->input++;
    units->dict = mq_reader_dict(checker->reader, (size_t)axis->input);
    units->codes = mq_dict_count(units->dict);
    units->unit = calloc(units->codes + 1, sizeof *units->unit);
    units->rows = calloc(units->codes + 1, sizeof *units->rows);
    units->failed = calloc(units->codes + 1, sizeof *units->failed);
    if (!units->unit || !units->rows || !units->failed)
        return false;
    for (uint32_t code = 0; code < units->codes; code++)
        units->unit[code] =
            axis->part[0] ? mq_codes_ancestor(checker->model->list + list, code, axis->part) : code;
    for (size_t w = 0; w < checker->workers; w++)
        add_up(units, &checker->judge[w].units[units->input].rows, units->rows);
    return true;
}

static void close_levels(const struct mq_checker *checker, struct level_units *units)
{
    for (size_t l = 0; units && l < checker->model->levels; l++) {
        free(units[l].unit);
        free(units[l].rows);
        free(units[l].failed);
    }
    free(units);
}

/* ---- the worst ---- */

/* Most failures, then the larger share of as many, then the code. */
static bool worse(const struct mq_offender *a, const struct mq_offender *b)
{
    if (a->failed != b->failed)
        return a->failed > b->failed;
    if (a->rows != b->rows)
        return a->rows < b->rows;
    return mq_text_compare(a->unit, b->unit) < 0;
}

static struct mq_offender offender_of(const struct mq_checker *checker, size_t check, size_t level,
                                      const struct level_units *units, uint32_t unit)
{
    const struct mq_model *model = checker->model;
    int list = model->input[model->level[level].axis[0].input].list;
    struct mq_text code = mq_dict_text(units->dict, unit);
    const char *name = list >= 0 ? model->list[list].code[unit].name : "";
    return (struct mq_offender){.rule = checker->check[check].name,
                                .severity = checker->check[check].severity,
                                .level = level,
                                .unit = code,
                                .name = name[0] ? name : code.s,
                                .rows = units->rows[unit],
                                .failed = units->failed[unit]};
}

static bool add_worst(struct mq_checker *checker, size_t check, size_t level,
                      struct level_units *units, size_t *capacity)
{
    struct mq_offender worst[WORST + 1];
    size_t count = 0;
    memset(units->failed, 0, units->codes * sizeof *units->failed);
    for (size_t w = 0; w < checker->workers; w++)
        add_up(units, checker->judge[w].units[units->input].failed + check, units->failed);
    for (uint32_t unit = 0; unit < units->codes; unit++) {
        if (!units->failed[unit])
            continue;
        size_t at = count;
        struct mq_offender made = offender_of(checker, check, level, units, unit);
        for (; at > 0 && worse(&made, worst + at - 1); at--)
            worst[at] = worst[at - 1];
        worst[at] = made;
        count += count < WORST;
    }
    for (size_t i = 0; i < count; i++) {
        void *grown = mq_make_room(checker->offender, capacity, checker->offenders,
                                   sizeof *checker->offender);
        if (!grown)
            return false;
        checker->offender = grown;
        checker->offender[checker->offenders++] = worst[i];
    }
    return true;
}

static bool rank(struct mq_checker *checker, struct level_units *units)
{
    const struct mq_model *model = checker->model;
    size_t capacity = 0;
    for (size_t l = 0; l < model->levels; l++)
        if (model->level[l].axes == 1 && !open_level(checker, l, units + l))
            return false;
    for (size_t c = 0; c < checker->checks; c++)
        for (size_t l = 0; l < model->levels; l++)
            if (model->level[l].axes == 1 && !add_worst(checker, c, l, units + l, &capacity))
                return false;
    return true;
}

enum mq_status mq_checker_offenders(struct mq_checker *checker,
                                    const struct mq_offender **offenders, size_t *count,
                                    struct mq_error *error)
{
    if (!checker->ranked) {
        struct level_units *units = calloc(checker->model->levels + 1, sizeof *units);
        free(checker->offender);
        checker->offender = NULL;
        checker->offenders = 0;
        checker->ranked = units && rank(checker, units);
        close_levels(checker, units);
    }
    *offenders = checker->offender;
    *count = checker->offenders;
    return checker->ranked ? MQ_OK : mq_fail_memory(error);
}

/* ---- offenders.csv ---- */

const char *mq_offender_share(const struct mq_offender *offender, char *text)
{
    return mq_round_text((double)offender->failed / (double)offender->rows, 6, MQ_HALF_EVEN, text);
}

static void add_line(struct mq_buffer *csv, const struct mq_checker *checker,
                     const struct mq_offender *offender)
{
    static const char *const severity[] = {
        [MQ_INFO] = "info", [MQ_WARN] = "warn", [MQ_REJECT] = "reject"};
    const char *level = checker->model->level[offender->level].id;
    char share[352];
    mq_buffer_csv(csv, offender->rule, strlen(offender->rule));
    mq_buffer_format(csv, ",%s,", severity[offender->severity]);
    mq_buffer_csv(csv, level, strlen(level));
    mq_buffer_text(csv, ",");
    mq_buffer_csv(csv, offender->unit.s, offender->unit.n);
    mq_buffer_text(csv, ",");
    mq_buffer_csv(csv, offender->name, strlen(offender->name));
    mq_buffer_format(csv, ",%llu,%llu,%s\n", (unsigned long long)offender->rows,
                     (unsigned long long)offender->failed, mq_offender_share(offender, share));
}

enum mq_status mq_write_offenders(struct mq_checker *checker, const char *path,
                                  struct mq_error *error)
{
    const struct mq_offender *offender;
    size_t count;
    MQ_TRY(mq_checker_offenders(checker, &offender, &count, error));
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "rule,severity,level,unit,name,rows,failed,share\n");
    for (size_t i = 0; i < count; i++)
        add_line(&csv, checker, offender + i);
    enum mq_status status =
        csv.failed ? mq_fail_memory(error) : mq_write_file(path, csv.data, csv.length, error);
    mq_buffer_clear(&csv);
    return status;
}
