/* Models and tables of the tests of corrections, and what is asked of them. */
#ifndef MQ_TEST_CORRECTIONS_FIXTURE_H
#define MQ_TEST_CORRECTIONS_FIXTURE_H

#include "validate/checker.h"
#include "validate/world.h"

#define HEAD                                                                                       \
    "mqci: 1\nid: corrected\nedition: \"1\"\n"                                                     \
    "inputs:\n"                                                                                    \
    "  - {id: k, column: [k], type: key}\n"                                                        \
    "  - {id: t, column: [合计], type: amount, decimals: 1}\n"                                   \
    "  - {id: a, column: [甲], type: amount, decimals: 1}\n"                                      \
    "  - {id: b, column: [乙], type: amount, decimals: 1}\n"                                      \
    "  - {id: c, column: [丙], type: amount, decimals: 1}\n"                                      \
    "  - {id: r, column: [收入], type: amount, decimals: 2}\n"                                   \
    "  - {id: n, column: [人数], type: number}\n"
#define TAIL                                                                                       \
    "levels: [{id: all, title: All}]\n"                                                            \
    "indicators: [{id: x, title: X, formula: r, normalise: {method: none}}]\n"
#define TABLE   "k,合计,甲,乙,丙,收入,人数\n"
#define HEADING "file,line,key,column,before,after,correction\n"

static inline char *corrections_file(struct world *world)
{
    char path[320];
    struct mq_error error = {0};
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    snprintf(path, sizeof path, "%s/corrections.csv", world->directory);
    assert_int_equal(mq_write_corrections(world->checker, path, &error), MQ_OK);
    assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
    return content.data;
}

static inline void assert_corrections(struct world *world, const char *wanted)
{
    char *text = corrections_file(world);
    assert_string_equal(text, wanted);
    free(text);
}

static inline uint64_t outcome_of(struct world *world, size_t index,
                                  enum mq_correction_outcome outcome)
{
    size_t count;
    const struct mq_correction_count *counts = mq_checker_corrections(world->checker, &count);
    assert_true(index < count);
    return counts[index].rows[outcome];
}

static inline uint64_t tried(struct world *world, size_t index)
{
    size_t count;
    const struct mq_correction_count *counts = mq_checker_corrections(world->checker, &count);
    uint64_t sum = 0;
    assert_true(index < count);
    for (int i = 0; i < MQ_CORRECTION_OUTCOMES; i++)
        sum += counts[index].rows[i];
    assert_int_equal(sum, counts[index].tried);
    return sum;
}

#endif
