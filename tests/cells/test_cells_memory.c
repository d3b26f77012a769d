/* The n-th allocation fails, for every n, from the first batch to the sums: a status, no crash, no
 * leak. The linker sends our calls of malloc, calloc and realloc here. */
#include "cells/sums_text.h"
#include "failing.h"

/* What becomes of the rows below. */
enum { ACCEPTED = 263, REJECTED = 337, OUT = 100 };

static const char region[] = "code,name,parent,level\n21,辽宁,,province\n2101,沈阳,21,city\n";

static const char yaml[] =
    "mqci: 1\nid: memory\nedition: \"1\"\ntitle: memory\n"
    "codes: {r: region.csv}\n"
    "inputs:\n"
    "  - {id: k, column: [k], type: key}\n"
    "  - {id: y, column: [y], type: period}\n"
    "  - {id: r, column: [r], type: code, list: r}\n"
    "  - {id: t, column: [t], type: code}\n"
    "  - {id: a, column: [a], type: amount, decimals: 1}\n"
    "  - {id: n, column: [n], type: number}\n"
    "scope: a != 4\n"
    "rules: [{id: R1, check: a * 2 > n, severity: reject}, {id: R2, check: n < 9, severity: "
    "warn}]\n"
    "levels: [{id: all, title: All}, {id: rt, title: RT, by: [r.city, t]}]\n"
    "indicators:\n"
    "  - {id: top, title: T, weights: normalise}\n"
    "  - {id: x, parent: top, weight: 1, title: X, formula: 'a / count(where n > 2)', normalise: "
    "{method: none}}\n"
    "  - {id: z, parent: top, weight: 1, title: Z, formula: 'sum(n * a) + median(a) + max(n)', "
    "missing: zero, normalise: {method: none}}\n";

struct job {
    struct world world;
    struct mq_cube *cube[2];
    struct mq_sums *sums;
    uint8_t verdict[4096];
};

static enum mq_status leave(void *context, const struct mq_batch *batch, const uint8_t *leaving,
                            struct mq_error *error)
{
    struct job *job = context;
    return mq_cube_remove(job->cube[0], batch, leaving, error);
}

static enum mq_status run(struct job *job, struct mq_error *error)
{
    struct world *world = &job->world;
    char path[320];
    MQ_TRY(
        mq_checker_new(world->model, world->reader, 2, world->directory, &world->checker, error));
    for (int i = 0; i < 2; i++)
        MQ_TRY(mq_cube_new(world->model, world->reader, world->directory, &job->cube[i], error));
    for (int turn = 0;; turn ^= 1) {
        const struct mq_batch *batch;
        MQ_TRY(mq_reader_next(world->reader, 0, &batch, error));
        if (!batch)
            break;
        MQ_TRY(mq_checker_batch(world->checker, batch, job->verdict, error));
        MQ_TRY(mq_cube_add(job->cube[turn], batch, job->verdict, error));
    }
    MQ_TRY(mq_checker_late(world->checker, 1, leave, job, error));
    MQ_TRY(mq_cube_merge(job->cube[0], job->cube[1], error));
    MQ_TRY(mq_cube_sums(job->cube[0], 2, &job->sums, error));
    snprintf(path, sizeof path, "%s/rejects.csv", world->directory);
    MQ_TRY(mq_write_rejects(world->checker, path, error));
    snprintf(path, sizeof path, "%s/findings.csv", world->directory);
    return mq_write_findings(world->checker, path, error);
}

static void write_rows(struct world *world)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    static const char *const digit[] = {"0", "1", "2", "3", "4", "5"};
    mq_buffer_text(&csv, "k,y,r,t,a,n\n");
    for (int i = 0; i < 700; i++)
        mq_buffer_format(&csv, "K%d,%d,%s,t%d,%s,%d.5\n", i % 97 == 3 ? 5 : i, 2020 + i % 2,
                         i % 89 ? "2101" : "99", i % 90,
                         i % 7 ? digit[i % 6] : "922337203685477580", i % 13);
    world_data(world, csv.data);
    mq_buffer_clear(&csv);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct job job = {0};
    char path[320];
    long failures = 0;
    world_open(&job.world);
    world_write(&job.world, "region.csv", region, strlen(region), path);
    world_model(&job.world, yaml);
    write_rows(&job.world);
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        const char *paths[] = {job.world.path[0]};
        struct mq_reader_options options = {.workers = 2, .block_bytes = 4096};
        assert_int_equal(
            mq_reader_open(job.world.model, paths, 1, &options, &job.world.reader, NULL), MQ_OK);
        fail_allocation(n);
        enum mq_status status = run(&job, &error);
        bool reached = allocation_failed();
        /* The tokeniser tries again with less: then all must be well. */
        if (status != MQ_OK) {
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
            failures++;
        } else {
            const struct mq_control *control = mq_checker_control(job.world.checker);
            assert_int_equal(control->accepted, ACCEPTED);
            assert_int_equal(control->rejected, REJECTED);
            assert_int_equal(control->out_of_scope, OUT);
            assert_int_equal(job.sums->units, 2 + 90);
            assert_int_equal(job.sums->unit[0].enterprises + job.sums->unit[46].enterprises,
                             ACCEPTED);
        }
        mq_sums_free(job.sums);
        job.sums = NULL;
        for (int i = 0; i < 2; i++) {
            mq_cube_free(job.cube[i]);
            job.cube[i] = NULL;
        }
        world_stop(&job.world);
        if (!reached)
            break;
    }
    assert_true(failures > 150);
    world_close(&job.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
