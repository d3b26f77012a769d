/* The five tables of editstats. Most records pass everything: they are counted first and entered
 * together. */
#include <string.h>

#include "model/model.h"
#include "validate/edit_statistics.h"

enum mq_status mq_edit_statistics_open(struct mq_edit_statistics *statistics, size_t edits,
                                       size_t variables, const uint8_t *names,
                                       struct mq_error *error)
{
    struct mq_arena *arena = &statistics->arena;

    *statistics = (struct mq_edit_statistics){.edits = edits, .variables = variables};
    statistics->edit = mq_arena_array(arena, edits + 1, sizeof *statistics->edit);
    statistics->count = mq_arena_array(arena, edits + 1, sizeof *statistics->count);
    statistics->involved = mq_arena_array(arena, variables + 1, sizeof *statistics->involved);
    statistics->role = mq_arena_array(arena, variables + 1, sizeof *statistics->role);
    statistics->verdict = mq_arena_alloc(arena, edits + 1);
    statistics->names = mq_arena_copy(arena, names, edits * variables);
    return statistics->edit && statistics->count && statistics->involved && statistics->role &&
                   statistics->verdict && statistics->names
               ? MQ_OK
               : mq_fail_memory(error);
}

static void tally_add(struct mq_edit_tally *tally, enum mq_truth verdict, uint64_t times)
{
    if (verdict == MQ_TRUE)
        tally->passed += times;
    else if (verdict == MQ_UNKNOWN)
        tally->missed += times;
    else
        tally->failed += times;
}

/* `times` records with the verdicts in statistics->verdict. */
static void enter(struct mq_edit_statistics *statistics, uint64_t times)
{
    struct mq_edit_tally edits = {0, 0, 0};
    enum mq_truth overall = MQ_TRUE;

    for (size_t e = 0; e < statistics->edits; e++) {
        enum mq_truth verdict = (enum mq_truth)statistics->verdict[e];
        tally_add(&statistics->edit[e], verdict, times);
        tally_add(&edits, verdict, 1);
        if (verdict < overall)
            overall = verdict;
    }
    statistics->count[edits.passed].passed += times;
    statistics->count[edits.missed].missed += times;
    statistics->count[edits.failed].failed += times;
    tally_add(&statistics->record, overall, times);
    statistics->records += times;
    for (size_t v = 0; v < statistics->variables; v++) {
        bool role = false;
        for (size_t e = 0; e < statistics->edits; e++) {
            if (!statistics->names[e * statistics->variables + v])
                continue;
            tally_add(&statistics->involved[v], (enum mq_truth)statistics->verdict[e], times);
            role = role || statistics->verdict[e] == overall;
        }
        if (role)
            tally_add(&statistics->role[v], overall, times);
    }
}

void mq_edit_statistics_add(struct mq_edit_statistics *statistics, const uint8_t *const *verdict,
                            size_t records)
{
    uint64_t clean = 0;

    for (size_t i = 0; i < records; i++) {
        bool all = true;
        for (size_t e = 0; e < statistics->edits; e++) {
            statistics->verdict[e] = verdict[e][i];
            all = all && verdict[e][i] == MQ_TRUE;
        }
        if (all)
            clean++;
        else
            enter(statistics, 1);
    }
    memset(statistics->verdict, MQ_TRUE, statistics->edits);
    if (clean > 0)
        enter(statistics, clean);
}

static void tally_merge(struct mq_edit_tally *into, const struct mq_edit_tally *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        into[i].passed += from[i].passed;
        into[i].missed += from[i].missed;
        into[i].failed += from[i].failed;
    }
}

void mq_edit_statistics_merge(struct mq_edit_statistics *into,
                              const struct mq_edit_statistics *from)
{
    tally_merge(into->edit, from->edit, into->edits);
    tally_merge(into->count, from->count, into->edits + 1);
    tally_merge(&into->record, &from->record, 1);
    tally_merge(into->involved, from->involved, into->variables);
    tally_merge(into->role, from->role, into->variables);
    into->records += from->records;
}

size_t mq_edit_statistics_edits_naming(const struct mq_edit_statistics *statistics, size_t variable)
{
    size_t count = 0;

    for (size_t e = 0; e < statistics->edits; e++)
        count += statistics->names[e * statistics->variables + variable] != 0;
    return count;
}

uint64_t mq_edit_statistics_not_involved(const struct mq_edit_statistics *statistics,
                                         size_t variable)
{
    return (statistics->edits - mq_edit_statistics_edits_naming(statistics, variable)) *
           statistics->records;
}

uint64_t mq_edit_statistics_no_role(const struct mq_edit_statistics *statistics, size_t variable)
{
    const struct mq_edit_tally *role = &statistics->role[variable];

    return statistics->records - role->passed - role->missed - role->failed;
}

void mq_edit_statistics_clear(struct mq_edit_statistics *statistics)
{
    mq_arena_clear(&statistics->arena);
    *statistics = (struct mq_edit_statistics){0};
}
