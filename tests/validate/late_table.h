/* A table judged by a model, and what the findings say of it. */
#ifndef MQ_TEST_LATE_H
#define MQ_TEST_LATE_H

#include "validate/world.h"

/* Judges a table; the world stays open. */
static inline void judge_table(struct world *world, const char *yaml, const char *csv, int workers)
{
    struct mq_error error = {0};
    world_open(world);
    world_model(world, yaml);
    world_data(world, csv);
    world_start(world, workers, 4096);
    world_read(world, NULL, NULL);
    if (mq_checker_late(world->checker, workers, NULL, NULL, &error) != MQ_OK)
        fail_msg("%s", error.message);
    world_balance(world);
}

static inline const struct mq_finding *finding_of(struct world *world, const char *rule)
{
    const struct mq_finding *findings;
    size_t count;
    assert_int_equal(mq_checker_findings(world->checker, &findings, &count, NULL), MQ_OK);
    for (size_t f = 0; f < count; f++)
        if (strcmp(findings[f].rule, rule) == 0)
            return findings + f;
    fail_msg("no finding %s", rule);
    return NULL;
}

static inline void assert_counts(struct world *world, const char *rule, uint64_t passed,
                                 uint64_t failed, uint64_t missing)
{
    const struct mq_finding *finding = finding_of(world, rule);
    if (finding->passed != passed || finding->failed != failed || finding->missing != missing)
        fail_msg("%s: %llu passed, %llu failed, %llu missing", rule,
                 (unsigned long long)finding->passed, (unsigned long long)finding->failed,
                 (unsigned long long)finding->missing);
    assert_int_equal(finding->checked, passed + failed);
}

#endif
