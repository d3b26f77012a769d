/* Publications with data, and what their numbers must be, worked out from the scores by other means
 * than the engine's. */
#ifndef MQ_TEST_DATA_FIXTURE_H
#define MQ_TEST_DATA_FIXTURE_H

#include "realistic.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

#define NO_UNIT SIZE_MAX

static inline struct mq_publication *fixture_publication(const struct realistic *set)
{
    struct mq_publication *publication = NULL;
    struct mq_publication_options options = {.wants = MQ_WANT_DATA | MQ_WANT_STORY};
    assert_int_equal(
        mq_publication_new(&set->scores, &set->provenance, &options, &publication, NULL), MQ_OK);
    assert_non_null(publication->data);
    return publication;
}

static inline const struct mq_writer *fixture_writer(const char *name)
{
    for (size_t i = 0; i < mq_writers_count; i++)
        if (strcmp(mq_writers[i]->name, name) == 0)
            return mq_writers[i];
    fail_msg("no writer %s", name);
    return NULL;
}

/* Away from zero, on the decimal digits that people see. */
static inline double fixture_round(double value, int decimals)
{
    double scale = pow(10, decimals);
    return copysign(floor(fabs(value) * scale + 0.5 + 1e-7), value) / scale;
}

static inline size_t fixture_cell(const struct realistic *set, size_t unit, size_t node)
{
    return unit * set->model.nodes + node;
}

static inline bool fixture_withheld(const struct realistic *set, size_t unit, size_t node)
{
    double enterprises = (double)set->frame.unit[unit].enterprises;
    double least = set->model.min_enterprises;
    const struct mq_node *self = &set->model.node[node];
    if (enterprises < least)
        return true;
    if (self->leaf)
        return floor(set->frame.coverage[fixture_cell(set, unit, node)] * enterprises + 0.5) <
               least;
    for (size_t i = 0; i < self->children; i++)
        if (!fixture_withheld(set, unit, (size_t)self->child[i]))
            return false;
    return true;
}

static inline size_t fixture_before(const struct realistic *set, size_t unit)
{
    const struct mq_unit *self = &set->frame.unit[unit];
    for (size_t i = 0; i < set->frame.units; i++)
        if (set->frame.unit[i].period + 1 == self->period &&
            set->frame.unit[i].level == self->level &&
            strcmp(set->frame.unit[i].code, self->code) == 0)
            return i;
    return NO_UNIT;
}

static inline double fixture_score(const struct realistic *set, size_t unit, size_t node)
{
    if (unit == NO_UNIT || fixture_withheld(set, unit, node))
        return NAN;
    return fixture_round(set->scores.score[fixture_cell(set, unit, node)].value,
                         set->model.decimals);
}

/* What must be published, NaN: nothing. Raw values are not rounded. */
static inline double fixture_wanted(const struct realistic *set, size_t unit, size_t node,
                                    enum mq_measure measure)
{
    size_t cell = fixture_cell(set, unit, node);
    if (fixture_withheld(set, unit, node))
        return NAN;
    if (measure == MQ_MEASURE_SCORE)
        return fixture_score(set, unit, node);
    if (measure == MQ_MEASURE_RANK)
        return set->scores.score[cell].rank;
    if (measure == MQ_MEASURE_VALUE)
        return set->model.node[node].leaf ? set->frame.value[cell] : NAN;
    return fixture_score(set, unit, node) - fixture_score(set, fixture_before(set, unit), node);
}

/* `digits` as a file has them, "" or NULL for nothing. */
static inline void fixture_check(const struct realistic *set, size_t unit, size_t node,
                                 enum mq_measure measure, const char *digits)
{
    double wanted = fixture_wanted(set, unit, node, measure);
    bool none = !digits || !digits[0] || strcmp(digits, "NaN") == 0;
    if (none != (bool)isnan(wanted))
        fail_msg("unit %s node %s measure %d: \"%s\" found, %g wanted", set->frame.unit[unit].code,
                 set->model.node[node].id, (int)measure, digits ? digits : "", wanted);
    if (none)
        return;
    const char *point = strchr(digits, '.');
    int decimals = point ? (int)strlen(point + 1) : 0;
    if (measure == MQ_MEASURE_VALUE)
        wanted = fixture_round(wanted, decimals);
    else
        assert_int_equal(decimals, measure == MQ_MEASURE_RANK ? 0 : set->model.decimals);
    assert_true(digits[0] == '-' || (digits[0] >= '0' && digits[0] <= '9'));
    assert_close(strtod(digits, NULL), wanted, 1e-9);
}

static inline size_t fixture_unit(const struct realistic *set, const char *period,
                                  const char *level, const char *code)
{
    for (size_t i = 0; i < set->frame.units; i++)
        if (strcmp(set->frame.period[set->frame.unit[i].period], period) == 0 &&
            strcmp(set->model.level[set->frame.unit[i].level].id, level) == 0 &&
            strcmp(set->frame.unit[i].code, code) == 0)
            return i;
    return NO_UNIT;
}

/* Three periods: the first of two stands before itself, a little worse. */
static inline void fixture_three_periods(struct realistic *set)
{
    struct mq_frame *frame = &set->frame;
    size_t first = 0, nodes = set->model.nodes;
    while (first < frame->units && frame->unit[first].period == 0)
        first++;
    size_t units = frame->units + first, cells = units * nodes, shift = first * nodes;
    struct mq_unit *unit = mq_arena_array(&set->arena, units, sizeof *unit);
    double *value = mq_arena_array(&set->arena, cells, sizeof *value);
    double *coverage = mq_arena_array(&set->arena, cells, sizeof *coverage);
    struct mq_score *score = mq_arena_array(&set->arena, cells, sizeof *score);
    for (size_t i = 0; i < units; i++) {
        unit[i] = frame->unit[i < first ? i : i - first];
        unit[i].period += i >= first;
    }
    for (size_t i = 0; i < cells; i++) {
        size_t from = i < shift ? i : i - shift;
        value[i] = frame->value[from] * (i < shift ? 0.97 : 1);
        coverage[i] = frame->coverage[from];
        score[i] = set->scores.score[from];
        score[i].value -= i < shift ? 1.2345 : 0;
    }
    frame->unit = unit;
    frame->units = units;
    frame->value = value;
    frame->coverage = coverage;
    frame->numerator = mq_arena_array(&set->arena, cells, sizeof(double));
    frame->denominator = mq_arena_array(&set->arena, cells, sizeof(double));
    frame->reason = mq_arena_array(&set->arena, cells, 1);
    set->scores.score = score;
    set->scores.weight = mq_arena_array(&set->arena, cells, sizeof(double));
    set->scores.fitted = mq_arena_array(&set->arena, cells * MQ_MAX_PARAMS, sizeof(double));
    frame->periods = 3;
    frame->period = mq_arena_array(&set->arena, 3, sizeof *frame->period);
    frame->period[0] = "2022";
    frame->period[1] = "2023";
    frame->period[2] = "2024";
    realistic_rank(set);
}

/* A province, its cities and industries, with small units, and names that are hard to write. */
#define NASTY "=x<script>alert(\"a,b\")</script>\n\\input{/etc/passwd}%_#&$^~{}|[*]'`"
static inline void fixture_new(struct realistic *set, bool english)
{
    realistic_new(
        &(struct realistic_options){
            .english = english, .periods = 2, .units = 5, .industries = 4, .min_enterprises = 3},
        set);
    fixture_three_periods(set);
    set->model.source = NASTY;
    set->model.node[2].title = NASTY;
    for (size_t i = 0; i < set->frame.units; i++)
        if (strcmp(set->frame.unit[i].code, "200200") == 0)
            set->frame.unit[i].name = NASTY;
        else if (strcmp(set->frame.unit[i].code, "200300") == 0)
            set->frame.unit[i].enterprises = set->frame.unit[i].period == 1 ? 2 : 50;
}

/* The matrix gets a third axis. */
static inline void fixture_three_axes(struct realistic *set)
{
    struct mq_level *level = &set->model.level[set->model.levels - 1];
    assert_int_equal(level->axes, 2);
    level->axes = 3;
    level->axis[2] = (struct mq_level_axis){3, ""};
    for (size_t i = 0; i < set->frame.units; i++)
        if (set->frame.unit[i].level + 1 == set->model.levels)
            set->frame.unit[i].code =
                mq_arena_format(&set->arena, "%s|大 型", set->frame.unit[i].code);
}

static inline char *fixture_read(const char *folder, const char *file, struct mq_buffer *content)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    mq_buffer_clear(content);
    assert_int_equal(mq_read_file(path, content, NULL), MQ_OK);
    return content->data;
}

/* The folder cannot be made; a file cannot; the disk is full at `file`. */
static inline void fixture_failures(const char *format, const char *sub, const char *file)
{
    struct realistic set;
    fixture_new(&set, false);
    struct mq_publication *publication = fixture_publication(&set);
    const struct mq_writer *writer = fixture_writer(format);
    struct mq_error error = {0};
    char folder[256], path[768];
    assert_int_equal(writer->write(publication, "/nonexistent/out", &error), MQ_CANNOT_WRITE);
    snprintf(path, sizeof path, "/nonexistent/out/%s", sub);
    assert_string_equal(error.file, path);
    assert_contains(error.message, "No such file or directory");

    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/%s", folder, sub);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/%s/%s.partial", folder, sub, file);
    assert_int_equal(mkdir(path, 0777), 0); /* stands where the file is built */
    assert_int_equal(writer->write(publication, folder, &error), MQ_CANNOT_WRITE);
    assert_contains(error.file, file);

    realistic_folder(folder);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){300, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    enum mq_status status = writer->write(publication, folder, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MQ_IO);
    assert_int_not_equal(access(error.file, F_OK), 0);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* The same bytes twice, also over an older file. */
static inline void fixture_same_twice(const char *format, const char *file)
{
    struct realistic set;
    fixture_new(&set, true);
    char folder[256];
    realistic_folder(folder);
    struct mq_buffer once = MQ_BUFFER_EMPTY, twice = MQ_BUFFER_EMPTY;
    for (int i = 0; i < 2; i++) {
        struct mq_publication *publication = fixture_publication(&set);
        assert_int_equal(fixture_writer(format)->write(publication, folder, NULL), MQ_OK);
        fixture_read(folder, file, i ? &twice : &once);
        mq_publication_free(publication);
    }
    assert_true(once.length > 500);
    assert_int_equal(once.length, twice.length);
    assert_memory_equal(once.data, twice.data, once.length);
    mq_buffer_clear(&once);
    mq_buffer_clear(&twice);
    realistic_clear(&set);
}

#endif
