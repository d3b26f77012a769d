/* The n-th allocation fails, for every n, from the first batch through the late stage to the
 * reports: a status, no crash, no leak. */
#include "failing.h"
#include "validate/checker.h"
#include "validate/world.h"

static const char yaml[] =
    "mqci: 1\nid: memory\nedition: \"1\"\ntitle: memory\n"
    "inputs:\n"
    "  - {id: k, column: [k], type: key}\n"
    "  - {id: y, column: [y], type: period}\n"
    "  - {id: t, column: [t], type: code}\n"
    "  - {id: a, column: [a], type: amount, decimals: 1}\n"
    "  - {id: n, column: [n], type: number}\n"
    "rules:\n"
    "  - {id: R1, check: n < 12, severity: reject}\n"
    "  - {id: R2, check: 'a <= 4 * median_by(a, t)', severity: reject}\n"
    "  - {id: R3, check: 'sum_by(n, t, n) > n'}\n"
    "  - {id: R4, check: 'a >= a[-1]', severity: reject}\n"
    "  - {id: R5, check: t ~ n}\n"
    "  - {id: R6, check: all_complete(a)}\n"
    "  - {id: R8, check: 'hierarchy(a, t)'}\n"
    "  - {id: R9, check: 'part_whole(n, t, \"t3\", y)'}\n"
    "  - {id: R10, check: 'mean_by(a, t where n > 5) > 1 or count_by(where a > 50) > 3'}\n"
    "  - {id: R7, edit: {method: mad, of: a, by: [t], k: 3}}\n"
    "levels: [{id: all, title: All}, {id: kinds, title: Kinds, by: [t]}]\n"
    "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";

static enum mq_status leave(void *context, const struct mq_batch *batch, const uint8_t *leaving,
                            struct mq_error *error)
{
    uint64_t *left = context;
    (void)error;
    for (size_t row = 0; row < batch->rows; row++)
        *left += leaving[row];
    return MQ_OK;
}

static enum mq_status run(struct world *world, uint64_t *left, struct mq_error *error)
{
    char path[320];
    uint8_t verdict[4096];
    MQ_TRY(
        mq_checker_new(world->model, world->reader, 2, world->directory, &world->checker, error));
    for (;;) {
        const struct mq_batch *batch;
        MQ_TRY(mq_reader_next(world->reader, 0, &batch, error));
        if (!batch)
            break;
        MQ_TRY(mq_checker_batch(world->checker, batch, verdict, error));
    }
    MQ_TRY(mq_checker_late(world->checker, 1, leave, left, error));
    snprintf(path, sizeof path, "%s/rejects.csv", world->directory);
    MQ_TRY(mq_write_rejects(world->checker, path, error));
    MQ_TRY(mq_write_warnings(world->checker, path, error));
    MQ_TRY(mq_write_offenders(world->checker, path, error));
    snprintf(path, sizeof path, "%s/findings.csv", world->directory);
    return mq_write_findings(world->checker, path, error);
}

static void write_rows(struct world *world)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "k,y,t,a,n\n");
    for (int i = 0; i < 900; i++) {
        mq_buffer_format(&csv, "K%d,%d,t%d,", i % 89 == 3 ? 6 : i / 2, 2020 + i % 2, i * 7 % 11);
        if (i % 17)
            mq_buffer_format(&csv, "%d.5", i * 37 % 101);
        mq_buffer_format(&csv, ",%d.25\n", i % 13);
    }
    world_data(world, csv.data);
    mq_buffer_clear(&csv);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct world world;
    long failures = 0;
    uint64_t expected = 0;
    char *report = NULL;
    world_open(&world);
    world_model(&world, yaml);
    assert_int_equal(world.model->deriveds, 9); /* no rule is broken */
    write_rows(&world);
    for (long n = -1;; n++) { /* first the whole run, to compare with */
        struct mq_error error = {0};
        const char *paths[] = {world.path[0]};
        struct mq_reader_options options = {.workers = 2, .block_bytes = 4096};
        uint64_t left = 0;
        assert_int_equal(mq_reader_open(world.model, paths, 1, &options, &world.reader, NULL),
                         MQ_OK);
        fail_allocation(n);
        enum mq_status status = run(&world, &left, &error);
        bool reached = allocation_failed();
        if (status != MQ_OK) {
            assert_true(n >= 0);
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
            failures++;
        } else {
            char *found = world_file(&world, false);
            expected = n < 0 ? left : expected;
            report = n < 0 ? found : report;
            assert_int_equal(left, expected);
            assert_string_equal(found, report);
            world_balance(&world);
            if (found != report)
                free(found);
        }
        world_stop(&world);
        if (n >= 0 && !reached)
            break;
    }
    assert_true(expected > 50);
    assert_true(failures > 150);
    free(report);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
