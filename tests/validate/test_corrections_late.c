/* Rules that correct, laws of corrections, and what happens without memory. */
#include "failing.h"
#include "validate/corrections_fixture.h"

/* What a cube would hold of r. */
struct sums {
    mq_int128 sum[8]; /* by worker */
    uint64_t left, joined;
};

static enum mq_status add_rows(void *context, const struct mq_batch *batch, const uint8_t *verdict,
                               struct mq_error *error)
{
    struct sums *sums = context;
    (void)error;
    for (size_t row = 0; row < batch->rows; row++)
        if (verdict[row] == MQ_ROW_ACCEPTED)
            sums->sum[batch->worker] += batch->column[5].amount[row];
    return MQ_OK;
}

static enum mq_status leave_rows(void *context, const struct mq_batch *batch,
                                 const uint8_t *leaving, struct mq_error *error)
{
    struct sums *sums = context;
    (void)error;
    for (size_t row = 0; row < batch->rows; row++)
        if (leaving[row]) {
            sums->sum[batch->worker] -= batch->column[5].amount[row];
            __atomic_fetch_add(&sums->left, 1, __ATOMIC_RELAXED);
        }
    return MQ_OK;
}

static enum mq_status join_rows(void *context, const struct mq_batch *batch, const uint8_t *joining,
                                struct mq_error *error)
{
    struct sums *sums = context;
    (void)error;
    for (size_t row = 0; row < batch->rows; row++)
        if (joining[row]) {
            sums->sum[batch->worker] += batch->column[5].amount[row];
            __atomic_fetch_add(&sums->joined, 1, __ATOMIC_RELAXED);
        }
    return MQ_OK;
}

static mq_int128 all_sums(const struct sums *sums)
{
    mq_int128 sum = 0;
    for (size_t w = 0; w < 8; w++)
        sum += sums->sum[w];
    return sum;
}

static const char late_model[] =
    HEAD "corrections:\n"
         "  - {id: K1, prorate: {total: t, parts: [a, b]}}\n"
         "rules:\n"
         "  - {id: U1, edit: {method: unit, of: r, against: n, correct: true}}\n"
         "  - {id: U2, edit: {method: unit, of: r, against: n, least: 3, correct: true}, severity: "
         "info}\n"
         "  - {id: R1, check: r <= 100000 * median_by(r), severity: reject}\n" TAIL;

/* Two to a head, but for a row 1000 times that, one a tenth, one far too large to be believed. */
static void write_late(struct world *world)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, TABLE);
    for (int i = 0; i < 40; i++) {
        int people = 10 + i % 7;
        const char *pad = i == 5 ? "000" : "";
        if (i == 20) /* 3.27 instead of 32.7: a tenth; prorated too */
            mq_buffer_format(&csv, "K20,10,4,4,,3.27,16\n");
        else if (i == 30)
            mq_buffer_format(&csv, "K30,10,4,6,,320000000,16000\n"); /* 20000 a head */
        else
            mq_buffer_format(&csv, "K%d,10,4,6,,%d%s.00,%d\n", i, 2 * people, pad, people);
    }
    world_data(world, csv.data);
    mq_buffer_clear(&csv);
}

static void test_rule_corrects(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 3; workers++) {
        struct world world;
        struct sums sums = {{0}, 0, 0};
        world_open(&world);
        world_model(&world, late_model);
        write_late(&world);
        world_start(&world, workers, workers == 2 ? 256 : 0);
        world_read(&world, add_rows, &sums);
        mq_checker_join(world.checker, join_rows);
        assert_int_equal(mq_checker_late(world.checker, workers, leave_rows, &sums, NULL), MQ_OK);
        assert_corrections(&world, HEADING "data0.csv,7,K5,收入,30000.00,30.00,U1\n"
                                           "data0.csv,22,K20,甲,4.0,5.0,K1\n"
                                           "data0.csv,22,K20,乙,4.0,5.0,K1\n"
                                           "data0.csv,22,K20,收入,3.27,32.70,U1\n");
        assert_int_equal(tried(&world, 1), 2); /* K30 is rejected */
        assert_int_equal(outcome_of(&world, 1, MQ_CORRECTION_DONE), 2);
        assert_int_equal(tried(&world, 2), 1);
        assert_int_equal(outcome_of(&world, 2, MQ_CORRECTION_AGAIN), 1);
        const struct mq_control *control = mq_checker_control(world.checker);
        assert_int_equal(control->rows_corrected, 2);
        assert_int_equal(control->rejected, 1);
        assert_true(control->total_corrected[5] == 3000000 - 3000 + 327 - 3270);
        assert_true(control->total_rejected[5] == 32000000000);
        assert_true(control->total_accepted[5] == all_sums(&sums));
        assert_int_equal(sums.left, 3);
        assert_int_equal(sums.joined, 2);
        world_balance(&world);
        const struct mq_finding *finding;
        size_t findings;
        assert_int_equal(mq_checker_findings(world.checker, &finding, &findings, NULL), MQ_OK);
        for (size_t i = 0; i < findings; i++)
            if (strcmp(finding[i].rule, "U1") == 0) { /* still a finding */
                assert_int_equal(finding[i].failed, 3);
                assert_int_equal(finding[i].first_line, 7);
            }
        world_close(&world);
    }
}

/* ---- laws ---- */

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void write_random(struct world *world, uint64_t seed, size_t rows)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, TABLE);
    for (size_t i = 0; i < rows; i++) {
        int64_t part[3], total = 0;
        for (int p = 0; p < 3; p++)
            total += part[p] = (int64_t)(draw(&seed) % 20001) - (draw(&seed) % 8 ? 0 : 10000);
        if (draw(&seed) % 3 == 0)
            total += (int64_t)(draw(&seed) % 4001) - 2000;
        mq_buffer_format(&csv, "K%zu,%s", i, draw(&seed) % 40 ? "" : "?");
        mq_buffer_format(&csv, "%lld.%lld", (long long)(total / 10),
                         (long long)(total < 0 ? -total % 10 : total % 10));
        for (int p = 0; p < 3; p++)
            if (draw(&seed) % 30)
                mq_buffer_format(&csv, ",%lld", (long long)part[p] / 10);
            else
                mq_buffer_text(&csv, ",");
        uint64_t people = 5 + draw(&seed) % 50, wrong = draw(&seed) % 25;
        mq_buffer_format(&csv, ",%llu%s,%llu\n", (unsigned long long)(people * 3 + wrong % 2),
                         wrong == 3   ? "000"
                         : wrong == 4 ? "00"
                                      : "",
                         (unsigned long long)people);
    }
    world_data(world, csv.data);
    mq_buffer_clear(&csv);
}

/* Parts of a row that was prorated add up. */
struct laws {
    uint64_t corrected[8], wrong[8];
    struct sums sums;
};

static enum mq_status check_rows(void *context, const struct mq_batch *batch,
                                 const uint8_t *verdict, struct mq_error *error)
{
    struct laws *laws = context;
    const struct mq_column *column = batch->column;
    for (size_t row = 0; row < batch->rows; row++) {
        int64_t sum = column[2].amount[row] + column[3].amount[row] + column[4].amount[row];
        if (column[1].state[row] == MQ_PRESENT && sum == column[1].amount[row])
            laws->corrected[batch->worker]++;
        else
            laws->wrong[batch->worker]++;
    }
    return add_rows(&laws->sums, batch, verdict, error);
}

static const char random_model[] =
    HEAD "missing: [\"?\"]\n"
         "corrections:\n"
         "  - {id: K1, prorate: {total: t, parts: [a, b, c], weights: {b: 3}, low: 0.2, high: 5}}\n"
         "  - {id: K2, prorate: {total: t, parts: [a, b, c], method: scaling}, if: n > 20}\n"
         "rules:\n"
         "  - {id: U1, edit: {method: unit, of: r, against: n, correct: true}}\n"
         "  - {id: R1, check: r <= 2000 * n, severity: reject}\n"
         "  - {id: R2, check: 'count_by(a) <= 2', severity: reject}\n" TAIL;

/* Sum of before - after over the lines of an input, and the number of different lines. */
static int64_t sum_records(const char *text, const char *column, uint64_t *rows)
{
    int64_t sum = 0;
    long last = 0;
    *rows = 0;
    for (const char *line = strchr(text, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        long number;
        char name[16];
        double before, after;
        assert_int_equal(
            sscanf(line, "data0.csv,%ld,%*[^,],%15[^,],%lf,%lf,", &number, name, &before, &after),
            4);
        assert_true(number >= last);
        *rows += number != last;
        last = number;
        if (strcmp(name, column) == 0)
            sum += llround(before * 100) - llround(after * 100);
    }
    return sum;
}

static void test_same_for_any_workers_and_blocks(void **state)
{
    (void)state;
    char *first = NULL;
    uint64_t done = 0;
    for (int workers = 1; workers <= 3; workers++)
        for (size_t block = 700; block <= 70000; block *= 10) {
            struct world world;
            struct laws laws = {{0}, {0}, {{0}, 0, 0}};
            uint64_t rows, agreeing = 0;
            world_open(&world);
            world_model(&world, random_model);
            write_random(&world, 20240501, 3000);
            world_start(&world, workers, block);
            world_read(&world, check_rows, &laws);
            mq_checker_join(world.checker, join_rows);
            assert_int_equal(mq_checker_late(world.checker, workers, leave_rows, &laws.sums, NULL),
                             MQ_OK);
            world_balance(&world);
            char *text = corrections_file(&world);
            const struct mq_control *control = mq_checker_control(world.checker);
            assert_true(control->total_corrected[5] == sum_records(text, "收入", &rows));
            assert_true(10 * control->total_corrected[2] == sum_records(text, "甲", &rows));
            assert_int_equal(control->rows_corrected, rows);
            assert_true(control->total_accepted[5] == all_sums(&laws.sums));
            for (int w = 0; w < 8; w++)
                agreeing += laws.corrected[w];
            assert_int_equal(agreeing, outcome_of(&world, 0, MQ_CORRECTION_DONE) +
                                           outcome_of(&world, 0, MQ_CORRECTION_BALANCED) +
                                           outcome_of(&world, 1, MQ_CORRECTION_DONE));
            assert_true(outcome_of(&world, 1, MQ_CORRECTION_DONE) > 5);
            assert_true(outcome_of(&world, 2, MQ_CORRECTION_DONE) > 50);
            done = outcome_of(&world, 0, MQ_CORRECTION_DONE);
            if (first)
                assert_string_equal(text, first);
            else
                first = strdup(text);
            free(text);
            world_close(&world);
        }
    assert_true(done > 500);
    free(first);
}

/* The n-th allocation fails, for every n: a status, no crash, no leak. */
static enum mq_status run_all(struct world *world, struct sums *sums, struct mq_error *error)
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
        MQ_TRY(mq_correct(world->checker, batch, &batch, error));
        MQ_TRY(mq_checker_batch(world->checker, batch, verdict, error));
        MQ_TRY(add_rows(sums, batch, verdict, error));
    }
    mq_checker_join(world->checker, join_rows);
    MQ_TRY(mq_checker_late(world->checker, 1, leave_rows, sums, error));
    snprintf(path, sizeof path, "%s/corrections.csv", world->directory);
    return mq_write_corrections(world->checker, path, error);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct world world;
    long failures = 0;
    char *report = NULL;
    world_open(&world);
    world_model(&world, random_model);
    write_random(&world, 7, 300);
    for (long n = -1;; n++) { /* first the whole run, to compare with */
        struct mq_error error = {0};
        struct sums sums = {{0}, 0, 0};
        const char *paths[] = {world.path[0]};
        struct mq_reader_options options = {.workers = 2, .block_bytes = 4096};
        assert_int_equal(mq_reader_open(world.model, paths, 1, &options, &world.reader, NULL),
                         MQ_OK);
        fail_allocation(n);
        enum mq_status status = run_all(&world, &sums, &error);
        bool reached = allocation_failed();
        if (status != MQ_OK) {
            assert_true(n >= 0);
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
            failures++;
        } else {
            char *found = corrections_file(&world);
            report = n < 0 ? found : report;
            assert_string_equal(found, report);
            assert_true(mq_checker_control(world.checker)->total_accepted[5] == all_sums(&sums));
            world_balance(&world);
            if (found != report)
                free(found);
        }
        world_stop(&world);
        if (n >= 0 && !reached)
            break;
    }
    assert_contains(report, ",U1\n");
    assert_contains(report, ",K2\n");
    assert_true(failures > 100);
    free(report);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule_corrects),
        cmocka_unit_test(test_same_for_any_workers_and_blocks),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
