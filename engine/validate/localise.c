/* The search for the least-weight set: sets wait in a heap by weight. One that does not work says
 * which fields could help; each of them makes a new set, and those already considered are banned in
 * the later ones, so that no set comes up twice. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "validate/localise_parts.h"

static const char *const codes[MQ_LOCALISE_OUTCOMES] = {[MQ_LOCALISE_NOTHING] = "nothing",
                                                        [MQ_LOCALISE_SOLVED] = "solved",
                                                        [MQ_LOCALISE_NO_SOLUTION] = "no_solution",
                                                        [MQ_LOCALISE_LIMIT] = "limit"};

const char *mq_localise_code(enum mq_localise_outcome outcome)
{
    return codes[outcome];
}

const char *mq_localise_fault(const struct mq_localise_system *system)
{
    for (size_t j = 0; system->weight && j < system->fields; j++)
        if (!(system->weight[j] >= 0))
            return "a weight is negative or no number";
    for (size_t i = 0; i < system->edits; i++) {
        const struct mq_linear_edit *edit = &system->edit[i];
        if (!isfinite(edit->constant))
            return "a constant is no finite number";
        for (size_t k = 0; k < edit->terms; k++) {
            if (!isfinite(edit->term[k].coefficient))
                return "a coefficient is no finite number";
            if (edit->term[k].field >= system->fields)
                return "an edit names a field beyond the last one";
        }
    }
    return NULL;
}

/* ---- sets that wait ---- */

struct set {
    double weight;
    size_t count;
    uint8_t *changed; /* [fields] */
    uint8_t *banned;  /* [fields] */
};

struct search {
    struct mq_linear_record record;
    struct set *heap; /* the least first */
    size_t waiting, capacity;
    bool cut;               /* a set was left out because of most_fields */
    uint8_t *free_fields;   /* [fields] working memory: changed or missing */
    uint8_t *conflict;      /* [fields] working memory */
    const uint8_t *missing; /* [fields] */
    struct mq_arena arena;
};

/* By weight, number of fields, first fields; sets never are equal. */
static bool before(const struct search *search, const struct set *a, const struct set *b)
{
    if (a->weight != b->weight)
        return a->weight < b->weight;
    if (a->count != b->count)
        return a->count < b->count;
    return memcmp(a->changed, b->changed, search->record.system->fields) > 0;
}

static bool heap_add(struct search *search, struct set set)
{
    size_t place = search->waiting;

    if (place == search->capacity) {
        size_t capacity = place ? 2 * place : 64;
        struct set *heap = realloc(search->heap, capacity * sizeof *heap);
        if (!heap)
            return false;
        search->heap = heap;
        search->capacity = capacity;
    }
    search->waiting++;
    for (; place > 0 && before(search, &set, &search->heap[(place - 1) / 2]);
         place = (place - 1) / 2)
        search->heap[place] = search->heap[(place - 1) / 2];
    search->heap[place] = set;
    return true;
}

static struct set heap_take(struct search *search)
{
    struct set least = search->heap[0], last = search->heap[--search->waiting];
    size_t place = 0;

    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= search->waiting)
            break;
        if (child + 1 < search->waiting &&
            before(search, &search->heap[child + 1], &search->heap[child]))
            child++;
        if (!before(search, &search->heap[child], &last))
            break;
        search->heap[place] = search->heap[child];
        place = child;
    }
    search->heap[place] = last;
    return least;
}

/* ---- the search ---- */

static double weight_of(const struct mq_localise_system *system, const uint8_t *changed)
{
    double weight = 0;

    for (size_t j = 0; j < system->fields; j++)
        if (changed[j])
            weight += system->weight ? system->weight[j] : 1;
    return weight;
}

/* One more field of the conflict each. */
static bool branch(struct search *search, const struct set *set)
{
    const struct mq_localise_system *system = search->record.system;
    uint8_t *banned = set->banned;

    if (system->most_fields && set->count == system->most_fields) {
        search->cut = true;
        return true;
    }
    for (size_t j = 0; j < system->fields; j++) {
        struct set next = {.count = set->count + 1};
        if (!search->conflict[j])
            continue;
        next.changed = mq_arena_copy(&search->arena, set->changed, system->fields);
        next.banned = mq_arena_copy(&search->arena, banned, system->fields);
        if (!next.changed || !next.banned)
            return false;
        next.changed[j] = 1;
        next.weight = weight_of(system, next.changed);
        if (!heap_add(search, next))
            return false;
        banned[j] = 1;
    }
    return true;
}

static void answer(const struct search *search, const struct set *set,
                   struct mq_localise_result *result)
{
    size_t fields = search->record.system->fields;

    result->outcome = MQ_LOCALISE_SOLVED;
    result->weight = set->weight;
    for (size_t j = 0; j < fields; j++)
        result->change[j] = set->changed[j] || search->missing[j];
    if (!memchr(result->change, 1, fields))
        result->outcome = MQ_LOCALISE_NOTHING;
}

static enum mq_status find(struct search *search, struct mq_localise_result *result,
                           struct mq_error *error)
{
    const struct mq_localise_system *system = search->record.system;
    size_t most = system->most_sets ? system->most_sets : MQ_LOCALISE_SETS;

    for (; search->waiting > 0 && result->sets < most; result->sets++) {
        struct set set = heap_take(search);
        size_t conflicts = 0;
        bool feasible = false;
        for (size_t j = 0; j < system->fields; j++)
            search->free_fields[j] = set.changed[j] || search->missing[j];
        MQ_TRY(mq_linear_feasible(&search->record, search->free_fields, set.banned,
                                  search->conflict, &conflicts, &feasible, error));
        if (feasible) {
            result->sets++;
            answer(search, &set, result);
            return MQ_OK;
        }
        if (conflicts > 0 && !branch(search, &set))
            return mq_fail_memory(error);
    }
    result->outcome =
        search->waiting > 0 || search->cut ? MQ_LOCALISE_LIMIT : MQ_LOCALISE_NO_SOLUTION;
    return MQ_OK;
}

/* ---- the record ---- */

static void fill_record(struct mq_linear_record *record, const double *values)
{
    const struct mq_localise_system *system = record->system;

    for (size_t j = 0; j < system->fields; j++)
        record->touchable[j] =
            isfinite(values[j]) && (!system->weight || isfinite(system->weight[j]));
    for (size_t i = 0; i < system->edits; i++) {
        const struct mq_linear_edit *edit = &system->edit[i];
        double *coefficient = record->matrix + i * system->fields, size = fabs(edit->constant);
        for (size_t k = 0; k < edit->terms; k++)
            coefficient[edit->term[k].field] += edit->term[k].coefficient;
        record->rest[i] = edit->constant;
        for (size_t j = 0; j < system->fields; j++) {
            if (coefficient[j] == 0 || !isfinite(values[j]))
                continue;
            record->rest[i] -= coefficient[j] * values[j];
            size += fabs(coefficient[j] * values[j]);
        }
        record->slack[i] = 1e-8 + 4e-15 * size;
    }
}

static enum mq_status open_search(struct search *search, const double *values,
                                  struct mq_error *error)
{
    struct mq_linear_record *record = &search->record;
    size_t fields = record->system->fields, edits = record->system->edits;
    struct mq_arena *arena = &search->arena;
    struct set first = {.changed = mq_arena_array(arena, fields + 1, 1),
                        .banned = mq_arena_array(arena, fields + 1, 1)};
    uint8_t *missing = mq_arena_array(arena, fields + 1, 1);

    if (fields == 0 || edits < SIZE_MAX / fields)
        record->matrix = mq_arena_array(arena, fields * edits + 1, sizeof *record->matrix);
    record->rest = mq_arena_array(arena, edits + 1, sizeof *record->rest);
    record->slack = mq_arena_array(arena, edits + 1, sizeof *record->slack);
    record->touchable = mq_arena_array(arena, fields + 1, 1);
    record->piece = mq_arena_array(arena, edits + 1, sizeof *record->piece);
    record->row = mq_arena_array(arena, edits + 1, sizeof *record->row);
    record->column = mq_arena_array(arena, fields + 1, sizeof *record->column);
    record->bound = mq_arena_array(arena, edits + 1, 2 * sizeof *record->bound);
    record->range = mq_arena_array(arena, fields + 1, 2 * sizeof *record->range);
    record->index = mq_arena_array(arena, fields + 1, sizeof *record->index);
    record->number = mq_arena_array(arena, fields + 1, sizeof *record->number);
    search->free_fields = mq_arena_array(arena, fields + 1, 1);
    search->conflict = mq_arena_array(arena, fields + 1, 1);
    if (!first.changed || !first.banned || !missing || !record->matrix || !record->rest ||
        !record->slack || !record->touchable || !record->piece || !record->row || !record->column ||
        !record->bound || !record->range || !record->index || !record->number ||
        !search->free_fields || !search->conflict || !heap_add(search, first))
        return mq_fail_memory(error);
    for (size_t j = 0; j < fields; j++)
        missing[j] = !isfinite(values[j]);
    search->missing = missing;
    fill_record(record, values);
    return MQ_OK;
}

enum mq_status mq_localise(const struct mq_localise_system *system, const double *values,
                           struct mq_localise_result *result, struct mq_error *error)
{
    struct search search = {.record.system = system};
    enum mq_status status;

    result->outcome = MQ_LOCALISE_NO_SOLUTION;
    result->weight = 0;
    result->changed = result->sets = result->programs = 0;
    for (size_t j = 0; j < system->fields; j++)
        result->change[j] = !isfinite(values[j]);
    status = open_search(&search, values, error);
    if (status == MQ_OK)
        status = find(&search, result, error);
    for (size_t j = 0; j < system->fields; j++)
        result->changed += result->change[j];
    result->programs = search.record.programs;
    mq_linear_done(&search.record);
    free(search.heap);
    mq_arena_clear(&search.arena);
    return status;
}
