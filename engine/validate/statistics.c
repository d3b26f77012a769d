/* What the rules say of variables and records. Nearly all records pass all rules and are only
 * counted; of the others each rule sets a bit. */
#include <string.h>

#include "validate/checker.h"

static bool names(const struct mq_rule *rule, size_t input)
{
    for (size_t i = 0; i < rule->inputs; i++)
        if ((size_t)rule->input[i] == input)
            return true;
    return false;
}

/* The rules that name an input, by bit. */
static uint64_t rules_naming(const struct mq_model *model, size_t input)
{
    uint64_t rules = 0;
    for (size_t r = 0; r < model->rules; r++)
        rules |= (uint64_t)names(model->rule + r, input) << r;
    return rules;
}

enum mq_status mq_tallies_open(struct mq_checker *checker, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    struct mq_statistics *statistics = &checker->statistics;
    for (size_t r = 0; r < model->rules; r++)
        statistics->rules += !model->rule[r].broken;
    checker->tallies = model->rules > 0 && model->rules <= MQ_STATISTICS_RULES;
    for (size_t r = 0; checker->tallies && r < model->rules; r++) {
        const struct mq_rule *rule = model->rule + r;
        checker->rules[0] |= (uint64_t)(!rule->broken && !rule->late) << r;
        checker->rules[1] |= (uint64_t)!rule->broken << r;
    }
    statistics->gathered = checker->tallies;
    statistics->inputs = model->inputs;
    struct mq_arena *arena = &checker->arena;
    size_t lengths = statistics->rules + 1;
    checker->naming = mq_arena_array(arena, model->inputs + 1, sizeof *checker->naming);
    statistics->variable = mq_arena_array(arena, model->inputs + 1, sizeof *statistics->variable);
    statistics->rules_passed = mq_arena_array(arena, lengths, sizeof(uint64_t));
    statistics->rules_missing = mq_arena_array(arena, lengths, sizeof(uint64_t));
    statistics->rules_failed = mq_arena_array(arena, lengths, sizeof(uint64_t));
    if (!checker->naming || !statistics->variable || !statistics->rules_passed ||
        !statistics->rules_missing || !statistics->rules_failed)
        return mq_fail_memory(error);
    for (size_t i = 0; checker->tallies && i < model->inputs; i++)
        checker->naming[i] = rules_naming(model, i);
    return MQ_OK;
}

/* ---- gathering ---- */

bool mq_tally_mark(const uint8_t *truth, const uint8_t *live, size_t rows, unsigned bit,
                   uint64_t *failed, uint64_t *missed)
{
    const uint64_t good = UINT64_C(0x0101010101010101) * MQ_TRUE;
    bool any = false;
    for (size_t from = 0; from < rows; from += sizeof good) {
        size_t to = rows - from < sizeof good ? rows : from + sizeof good;
        uint64_t word = 0;
        if (to == from + sizeof good)
            memcpy(&word, truth + from, sizeof word);
        if (word == good)
            continue;
        for (size_t i = from; i < to; i++) {
            if (live && !live[i])
                continue;
            failed[i] |= (uint64_t)(truth[i] == MQ_FALSE) << bit;
            missed[i] |= (uint64_t)(truth[i] == MQ_UNKNOWN) << bit;
            any = any || truth[i] != MQ_TRUE;
        }
    }
    return any;
}

static size_t ones(uint64_t bits)
{
    return (size_t)__builtin_popcountll(bits);
}

static void tell_apart(const struct mq_checker *checker, struct mq_tally *tally,
                       struct mq_alike *alike)
{
    uint64_t failed = alike->failed, missed = alike->missed, records = alike->records;
    uint64_t passed = checker->rules[alike->all] & ~failed & ~missed;
    enum mq_record_status status = failed   ? MQ_RECORD_FAIL
                                   : missed ? MQ_RECORD_MISS
                                            : MQ_RECORD_PASS;
    uint64_t decisive = failed ? failed : missed ? missed : passed;
    tally->status[status] += records;
    tally->rules[MQ_RECORD_PASS][ones(passed)] += records;
    tally->rules[MQ_RECORD_MISS][ones(missed)] += records;
    tally->rules[MQ_RECORD_FAIL][ones(failed)] += records;
    for (size_t i = 0; i < checker->model->inputs; i++)
        if (checker->naming[i] & decisive)
            tally->role[i][status] += records;
    alike->records = 0;
}

void mq_tally_record(const struct mq_checker *checker, struct mq_tally *tally, bool all,
                     uint64_t failed, uint64_t missed)
{
    uint64_t name = (failed ^ missed << 7 ^ missed >> 57) * UINT64_C(0x9E3779B97F4A7C15);
    struct mq_alike *alike = tally->alike + (name >> 32) % MQ_ALIKE;
    if (alike->failed != failed || alike->missed != missed || alike->all != all) {
        if (alike->records)
            tell_apart(checker, tally, alike);
        *alike = (struct mq_alike){.failed = failed, .missed = missed, .all = all};
    }
    alike->records++;
}

void mq_tally_batch(const struct mq_checker *checker, struct mq_judge *judge,
                    const struct mq_batch *batch, const uint8_t *verdict)
{
    struct mq_tally *tally = &judge->tally;
    if (!judge->marked && !checker->late) {
        tally->clean[0] += judge->live_rows;
        return;
    }
    for (size_t row = 0; row < batch->rows; row++) {
        if (!judge->live[row] || (checker->late && verdict[row] == MQ_ROW_ACCEPTED))
            continue;
        uint64_t failed = judge->marked ? judge->failed[row] : 0;
        uint64_t missed = judge->marked ? judge->missed[row] : 0;
        if (failed | missed)
            mq_tally_record(checker, tally, false, failed, missed);
        else
            tally->clean[0]++;
    }
}

/* ---- results ---- */

static void add_clean(const struct mq_checker *checker, struct mq_statistics *statistics, bool all,
                      uint64_t records)
{
    uint64_t asked = checker->rules[all];
    statistics->passed += records;
    statistics->rules_passed[ones(asked)] += records;
    statistics->rules_missing[0] += records;
    statistics->rules_failed[0] += records;
    for (size_t i = 0; i < statistics->inputs; i++)
        if (checker->naming[i] & asked)
            statistics->variable[i].records_passed += records;
}

static void add_tally(const struct mq_tally *tally, struct mq_statistics *statistics)
{
    statistics->passed += tally->status[MQ_RECORD_PASS];
    statistics->missing += tally->status[MQ_RECORD_MISS];
    statistics->failed += tally->status[MQ_RECORD_FAIL];
    for (size_t k = 0; k <= statistics->rules; k++) {
        statistics->rules_passed[k] += tally->rules[MQ_RECORD_PASS][k];
        statistics->rules_missing[k] += tally->rules[MQ_RECORD_MISS][k];
        statistics->rules_failed[k] += tally->rules[MQ_RECORD_FAIL][k];
    }
    for (size_t i = 0; i < statistics->inputs; i++) {
        struct mq_variable_statistics *variable = statistics->variable + i;
        variable->records_passed += tally->role[i][MQ_RECORD_PASS];
        variable->records_missing += tally->role[i][MQ_RECORD_MISS];
        variable->records_failed += tally->role[i][MQ_RECORD_FAIL];
    }
}

static void add_outcomes(struct mq_checker *checker, struct mq_statistics *statistics)
{
    for (size_t c = 0; c < checker->checks; c++) {
        const struct mq_rule *rule = checker->check[c].rule;
        for (size_t w = 0; rule && w < checker->workers; w++) {
            const struct mq_count *count = checker->judge[w].count + c;
            for (size_t i = 0; i < rule->inputs; i++) {
                struct mq_variable_statistics *variable = statistics->variable + rule->input[i];
                variable->passed += count->checked - count->failed;
                variable->missing += count->missing;
                variable->failed += count->failed;
            }
        }
    }
}

const struct mq_statistics *mq_checker_statistics(struct mq_checker *checker)
{
    struct mq_statistics *statistics = &checker->statistics;
    size_t lengths = (statistics->rules + 1) * sizeof(uint64_t);
    statistics->records = statistics->passed = statistics->missing = statistics->failed = 0;
    memset(statistics->rules_passed, 0, lengths);
    memset(statistics->rules_missing, 0, lengths);
    memset(statistics->rules_failed, 0, lengths);
    memset(statistics->variable, 0, statistics->inputs * sizeof *statistics->variable);
    for (size_t w = 0; checker->tallies && w < checker->workers; w++) {
        struct mq_tally *tally = &checker->judge[w].tally;
        for (size_t a = 0; a < MQ_ALIKE; a++)
            if (tally->alike[a].records)
                tell_apart(checker, tally, tally->alike + a);
        for (int all = 0; all < 2; all++)
            add_clean(checker, statistics, all, tally->clean[all]);
        add_tally(tally, statistics);
    }
    add_outcomes(checker, statistics);
    statistics->records = statistics->passed + statistics->missing + statistics->failed;
    for (size_t i = 0; i < statistics->inputs; i++) {
        struct mq_variable_statistics *variable = statistics->variable + i;
        variable->records_without = statistics->records - variable->records_passed -
                                    variable->records_missing - variable->records_failed;
    }
    return statistics;
}
