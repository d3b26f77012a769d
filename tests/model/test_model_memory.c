/* The n-th allocation fails, for every n: a status, no crash, no leak. The linker sends the room's
 * calls of malloc, calloc and realloc here. */
#include "failing.h"
#include "model_fixture.h"

static struct mq_buffer large; /* needs many pages */

static enum mq_status read_large(struct mq_error *error)
{
    struct mq_model *model = NULL;
    enum mq_status status = read_text(large.data, 0, &model, error);
    mq_model_free(model);
    return status;
}

static enum mq_status read_file(struct mq_error *error)
{
    struct mq_model *model = NULL;
    enum mq_status status =
        mq_model_read("tests/model/files/full.yaml", &fake_catalogue, 0, &model, error);
    mq_model_free(model);
    return status;
}

/* Rule files, tables, patterns, questions about other rows, edits, names, and broken rules. */
static enum mq_status read_rules(struct mq_error *error)
{
    static const char text[] = MODEL_HEAD MODEL_LEVELS
        "codes: {regions: files/region.csv}\n"
        "concordance: {regions: {file: files/concordance.csv, until: {2011: 2002, 2016: 2011}}}\n"
        "tables: {persons: {file: files/persons.csv, key: person_id, by: usci}}\n"
        "define: {total_cost: cost + 1, half: total_cost / 2}\n"
        "groups: {parts: [cost, sales, rate]}\n"
        "localise: {weights: {cost: never}}\n"
        "rules:\n"
        "  - files/rules.yaml\n"
        "  - {id: A, check: 'matches(region, \"^a\") and is_uscc(usci)'}\n"
        "  - {id: B, check: 'parts > half and sum_by(half, region) > cost[-1]'}\n"
        "  - {id: C, check: 'persons.sex == \"F\" or persons.year_of_birth > 3'}\n"
        "  - {id: D, check: 'in_table(persons) and usci in regions'}\n"
        "  - {id: E, check: 'matches(usci, \"b\") and is_unique(nought)'}\n"
        "  - {id: H, check: 'hierarchy(half, region, year)'}\n"
        "  - {id: I, check: 'part_whole(cost, region, \"a\") or sum_by(cost where half > 2) > 1'}\n"
        "  - {id: F, edit: {method: hb, exclude: 2, of: half, against: 'cost[-1]', by: region}}\n"
        "  - {id: G, edit: {method: mad, of: half + nought}}\n" MODEL_LEAF;
    struct mq_model *model = NULL;
    enum mq_status status = read_text(text, 0, &model, error);
    if (status == MQ_OK) {
        assert_int_equal(model->rules, 16);
        assert_int_equal(model->tests, 2);
        assert_int_equal(model->deriveds, 5);
    }
    mq_model_free(model);
    return status;
}

static struct mq_model *full;

static enum mq_status write_model(struct mq_error *error)
{
    struct mq_buffer yaml = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_model_write(full, &fake_catalogue, &yaml, error);
    mq_buffer_clear(&yaml);
    return status;
}

static enum mq_status run_program(struct mq_error *error)
{
    struct mq_scratch scratch = {0};
    const uint8_t states[1] = {MQ_PRESENT};
    const int64_t amounts[1] = {7};
    struct mq_column column[8] = {{.type = MQ_KEY}};
    column[4] =
        (struct mq_column){.type = MQ_AMOUNT, .decimals = 2, .state = states, .amount = amounts};
    uint8_t truth = 9;
    enum mq_status status = mq_program_truth(full->rule[0].check, column, 1, &scratch, &truth);
    mq_scratch_clear(&scratch);
    if (status == MQ_OK)
        assert_int_equal(truth, MQ_TRUE);
    return status == MQ_OK ? MQ_OK : mq_fail_memory(error);
}

/* Repeats a job with the first, second, ... allocation failing until none fails any more. */
static int sweep(enum mq_status (*job)(struct mq_error *error))
{
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = job(&error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            return (int)n;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_string_equal(error.message, "out of memory");
    }
}

static void test_sweeps(void **state)
{
    (void)state;
    assert_true(sweep(read_large) >= 5);
    assert_true(sweep(read_file) >= 8);
    assert_true(sweep(read_rules) >= 8);
    assert_true(sweep(write_model) >= 3);
    assert_int_equal(sweep(run_program), 1);
}

static int setup(void **state)
{
    (void)state;
    mq_buffer_text(&large, MODEL_HEAD MODEL_LEVELS "rules:\n");
    for (int i = 0; i < 300; i++)
        mq_buffer_format(
            &large, "  - {id: R%d, check: 'cost > %d and region in (\"a%d\", \"b\")'}\n", i, i, i);
    mq_buffer_text(&large, "indicators:\n");
    for (int i = 0; i < 300; i++)
        mq_buffer_format(
            &large,
            "  - {id: n%d, formula: sum(sales where cost > %d) / count(), normalise: none}\n", i,
            i);
    return mq_model_read("tests/model/files/full.yaml", &fake_catalogue, 0, &full, NULL) != MQ_OK;
}

static int teardown(void **state)
{
    (void)state;
    mq_buffer_clear(&large);
    mq_model_free(full);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sweeps)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
