/* Keys that occur more than once in a period: who stays, who leaves, and that threads and blocks do
 * not matter. */
#include "validate/checker.h"
#include "validate/world.h"

static const char yaml[] =
    "mqci: 1\nid: dup\nedition: \"1\"\ntitle: dup\n"
    "inputs:\n"
    "  - {id: usci, column: [usci], type: key}\n"
    "  - {id: year, column: [year], type: period}\n"
    "  - {id: kind, column: [kind], type: code}\n"
    "  - {id: revenue, column: [revenue], type: amount, decimals: 2}\n"
    "  - {id: rate, column: [rate], type: number}\n"
    "rules: [{id: R1, check: revenue > 0, severity: reject}]\n"
    "levels: [{id: all, title: All}]\n"
    "indicators: [{id: x, title: X, formula: revenue, normalise: {method: none}}]\n";

enum { ROWS = 6000, PER_FILE = 2300 };

/* A row of the test's own picture of the data. */
struct record {
    int key, year, kind, rate;
    long revenue;
    bool accepted;
    const char *fate; /* message, NULL: stays */
};

static uint64_t next_random(uint64_t *seed)
{
    *seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static bool same_key(const struct record *a, const struct record *b)
{
    return a->accepted && b->accepted && a->key == b->key && a->year == b->year;
}

/* The rule, said again in the simplest way. */
static void decide_slowly(struct record *record)
{
    for (int i = 0; i < ROWS; i++) {
        int others = 0, earlier = 0;
        bool agree = true;
        for (int k = 0; k < ROWS; k++) {
            if (k == i || !same_key(record + i, record + k))
                continue;
            others++;
            earlier += k < i;
            agree = agree && record[k].kind == record[i].kind && record[k].rate == record[i].rate &&
                    record[k].revenue == record[i].revenue;
        }
        record[i].fate = NULL;
        /* Two that differ from a third make it disagree too: check the whole group. */
        for (int k = 0; others && agree && k < ROWS; k++)
            for (int j = k + 1; same_key(record + i, record + k) && j < ROWS; j++)
                if (same_key(record + i, record + j) && record[k].revenue != record[j].revenue)
                    agree = false;
        if (others && !agree)
            record[i].fate = "repeated within the period with different content, all are left out; "
                             "find out which is right";
        else if (others && earlier)
            record[i].fate = "repeated within the period with the same content, the first is kept";
    }
}

static struct record *make_records(void)
{
    struct record *record = calloc(ROWS, sizeof *record);
    assert_non_null(record);
    uint64_t seed = 20250711;
    for (int i = 0; i < ROWS; i++) {
        uint64_t r = next_random(&seed);
        record[i] = (struct record){.key = (int)(r % 40000),
                                    .year = 2022 + (int)(r >> 40 & 1),
                                    .kind = (int)(r >> 44 & 3),
                                    .rate = (int)(r >> 50 & 1023),
                                    .revenue = (long)(next_random(&seed) >> 20) - 500000000000};
        if (i > 100 && r >> 60 == 3) /* a copy of an earlier row, sometimes of a copy */
            record[i] = record[i - 1 - (int)(r >> 20 & 63)];
        if (i > 100 && r >> 60 == 5) { /* the same key with something else */
            int from = i - 1 - (int)(r >> 20 & 63);
            record[i].key = record[from].key;
            record[i].year = record[from].year;
        }
        record[i].accepted = record[i].revenue > 0;
    }
    decide_slowly(record);
    return record;
}

static void write_records(struct world *world, const struct record *record)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    for (int i = 0; i < ROWS; i++) {
        char text[48];
        if (i % PER_FILE == 0)
            mq_buffer_text(&csv, "usci,year,kind,revenue,rate\n");
        mq_buffer_format(&csv, "K%05d,%d,k%d,%s,%d.5%s\n", record[i].key, record[i].year,
                         record[i].kind, mq_decimal_text(record[i].revenue, 2, text),
                         record[i].rate, i % 3 ? "" : "0"); /* the same number, written otherwise */
        if (i % PER_FILE == PER_FILE - 1 || i == ROWS - 1) {
            world_data(world, csv.data);
            csv.length = 0;
        }
    }
    mq_buffer_clear(&csv);
}

static char *expected_rejects(const struct record *record)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "file,line,key,column,value,rule,message\n");
    for (int i = 0; i < ROWS; i++) {
        char text[48];
        int file = i / PER_FILE, line = i % PER_FILE + 2;
        if (!record[i].accepted)
            mq_buffer_format(&csv, "data%d.csv,%d,K%05d,revenue,%s,R1,revenue > 0\n", file, line,
                             record[i].key, mq_decimal_text(record[i].revenue, 2, text));
        if (record[i].fate) {
            mq_buffer_format(&csv, "data%d.csv,%d,K%05d,usci,K%05d,duplicate,", file, line,
                             record[i].key, record[i].key);
            mq_buffer_csv(&csv, record[i].fate, strlen(record[i].fate));
            mq_buffer_text(&csv, "\n");
        }
    }
    assert_false(csv.failed);
    return csv.data;
}

/* What the callback was told, by worker. */
struct told {
    uint64_t rows[8];
    mq_int128 revenue[8];
};

static enum mq_status note_leaving(void *context, const struct mq_batch *batch,
                                   const uint8_t *leaving, struct mq_error *error)
{
    struct told *told = context;
    (void)error;
    for (size_t row = 0; row < batch->rows; row++)
        if (leaving[row]) {
            told->rows[batch->worker]++;
            told->revenue[batch->worker] += batch->column[3].amount[row];
        }
    return MQ_OK;
}

static char *run_once(struct world *world, const struct record *record, int workers,
                      size_t block_bytes)
{
    struct told told = {0};
    world_start(world, workers, block_bytes);
    world_read(world, NULL, NULL);
    mq_int128 before = mq_checker_control(world->checker)->total_accepted[3];
    assert_int_equal(mq_checker_late(world->checker, workers, note_leaving, &told, NULL), MQ_OK);
    const struct mq_control *control = mq_checker_control(world->checker);
    uint64_t rows = 0, accepted = 0, leaving = 0;
    mq_int128 gone = 0;
    for (int w = 0; w < 8; w++) {
        rows += told.rows[w];
        gone += told.revenue[w];
    }
    for (int i = 0; i < ROWS; i++) {
        leaving += record[i].fate != NULL;
        accepted += record[i].accepted && !record[i].fate;
    }
    assert_int_equal(rows, leaving);
    assert_true(before - gone == control->total_accepted[3]);
    assert_int_equal(control->accepted, accepted);
    world_balance(world);
    char *rejects = world_file(world, true), *findings = world_file(world, false);
    struct mq_buffer both = MQ_BUFFER_EMPTY;
    mq_buffer_text(&both, rejects);
    mq_buffer_text(&both, findings);
    free(rejects);
    free(findings);
    world_stop(world);
    return both.data;
}

static void test_any_threads_any_blocks(void **state)
{
    (void)state;
    struct record *record = make_records();
    char *expected = expected_rejects(record), *first = NULL;
    struct world world;
    world_open(&world);
    world_model(&world, yaml);
    write_records(&world, record);
    assert_int_equal(world.files, 3);
    static const size_t block[] = {4096, 16384, 1 << 20};
    for (int workers = 1; workers <= 7; workers += workers < 3 ? 1 : 4)
        for (int b = 0; b < 3; b++) {
            char *both = run_once(&world, record, workers, block[b]);
            assert_memory_equal(both, expected, strlen(expected));
            if (first)
                assert_string_equal(both, first);
            else
                first = both;
            if (both != first)
                free(both);
        }
    /* Enough of every kind for the comparison to mean something. */
    int same = 0, conflict = 0;
    for (int i = 0; i < ROWS; i++) {
        same += record[i].fate && strstr(record[i].fate, "same");
        conflict += record[i].fate && strstr(record[i].fate, "different");
    }
    assert_true(same > 50 && conflict > 100);
    free(first);
    free(expected);
    free(record);
    world_close(&world);
}

static void run_small(const char *model, const char *csv, const char *wanted)
{
    struct world world;
    world_open(&world);
    world_model(&world, model);
    world_data(&world, csv);
    world_start(&world, 2, 0);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, 2, NULL, NULL, NULL), MQ_OK);
    char *rejects = world_file(&world, true);
    assert_string_equal(strchr(rejects, '\n') + 1, wanted);
    world_balance(&world);
    free(rejects);
    world_close(&world);
}

static void test_without_a_period(void **state)
{
    (void)state;
    static const char model[] =
        "mqci: 1\nid: dup\nedition: \"1\"\ntitle: dup\n"
        "inputs:\n"
        "  - {id: usci, column: [usci], type: key}\n"
        "  - {id: revenue, column: [revenue], type: amount, decimals: 2}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: revenue, normalise: {method: none}}]\n";
    run_small(model, "usci,revenue\n\"A,1\",17.5\nB,2\n\"A,1\",17.50\nA,17.5\n",
              "data0.csv,4,\"A,1\",usci,\"A,1\",duplicate,\"repeated within the period with the "
              "same content, the first is kept\"\n");
}

static void test_without_a_key(void **state)
{
    (void)state;
    static const char model[] =
        "mqci: 1\nid: dup\nedition: \"1\"\ntitle: dup\n"
        "inputs:\n"
        "  - {id: year, column: [year], type: period}\n"
        "  - {id: revenue, column: [revenue], type: amount, decimals: 2}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: revenue, normalise: {method: none}}]\n";
    run_small(model, "year,revenue\n2022,1\n2022,1\n2022,3\n", "");
}

/* Key and period side by side must not be mistaken for another key and period; -0 is 0, a blank is
 * not. */
static void test_key_and_period_stay_apart(void **state)
{
    (void)state;
    run_small(yaml,
              "usci,year,kind,revenue,rate\nK1,12022,a,1,1\nK11,2022,a,1,1\nK1,2022,a,1,\n"
              "K1,2022,a,1,\nK1,2022,b,-1,\nK2,2022,a,1,-0\nK2,2022,a,1,0e5\nK3,2022,a,1,\n"
              "K3,2022,a,1,0\n",
              "data0.csv,5,K1,usci,K1,duplicate,\"repeated within the period with the same "
              "content, the first is kept\"\n"
              "data0.csv,6,K1,revenue,-1,R1,revenue > 0\n"
              "data0.csv,8,K2,usci,K2,duplicate,\"repeated within the period with the same "
              "content, the first is kept\"\n"
              "data0.csv,9,K3,usci,K3,duplicate,\"repeated within the period with different "
              "content, all are left out; find out which is right\"\n"
              "data0.csv,10,K3,usci,K3,duplicate,\"repeated within the period with different "
              "content, all are left out; find out which is right\"\n");
}

static enum mq_status refuse(void *context, const struct mq_batch *batch, const uint8_t *leaving,
                             struct mq_error *error)
{
    (void)context, (void)batch, (void)leaving;
    return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "the callback says no");
}

static void test_the_callback_may_fail(void **state)
{
    (void)state;
    struct world world;
    struct mq_error error = {0};
    world_open(&world);
    world_model(&world, yaml);
    world_data(&world, "usci,year,kind,revenue,rate\nK1,2022,a,1,1\nK1,2022,a,1,1\n");
    world_start(&world, 3, 0);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, 3, refuse, NULL, &error), MQ_INTERNAL);
    assert_string_equal(error.message, "the callback says no");
    world_close(&world);
}

/* ---- the search itself, with more keys in a partition than one slice holds --------------------------------- */

/* The key whose record gets this hash: the mixing of keys.c undone. */
static uint64_t key_for(uint64_t hash)
{
    uint64_t factor = UINT64_C(0x9E3779B97F4A7C15), inverse = factor;
    for (int i = 0; i < 6; i++)
        inverse *= 2 - factor * inverse;
    uint64_t mixed = hash ^ hash >> 29 ^ hash >> 58;
    return mixed * inverse;
}

static void test_large_partitions_are_searched_in_slices(void **state)
{
    (void)state;
    enum { KEYS = 600000, TWICE = 1000 };
    struct mq_model model = {.key = 0, .period = -1, .inputs = 1};
    struct mq_judge judge[2] = {0};
    struct mq_checker checker = {.model = &model, .workers = 2, .judge = judge};
    uint64_t *key = calloc(KEYS, sizeof *key), seed = 77;
    uint8_t *verdict = calloc(KEYS, 1);
    assert_true(key && verdict);
    for (int i = 0; i < KEYS; i++) /* all in partition 41 */
        key[i] = key_for(UINT64_C(41) << 58 | next_random(&seed) >> 6);
    for (int i = 0; i < TWICE; i++) /* the first thousand come again at odd places */
        key[KEYS - 1 - 7 * i] = key[i];
    struct mq_column column = {.type = MQ_KEY, .key = key};
    struct mq_batch batch = {.file = 3, .block = 9, .column = &column, .rows = KEYS / 2};
    for (int w = 0; w < 2; w++) {
        assert_int_equal(mq_keys_open(&judge[w].keys, "/tmp", NULL), MQ_OK);
        column.key = key + (w ? KEYS / 2 : 0);
        batch.block = 9 + (uint32_t)w;
        assert_int_equal(mq_keys_add(&judge[w].keys, &checker, &batch, verdict, NULL), MQ_OK);
        assert_int_equal(judge[w].keys.added, KEYS / 2);
    }
    struct mq_candidates found = {0};
    assert_int_equal(mq_keys_search(&checker, 3, &found, NULL), MQ_OK);
    assert_int_equal(found.count, 2 * TWICE);
    for (int i = 0; i < TWICE; i++) {
        const struct mq_location *low = &found.row[i].at, *high = &found.row[TWICE + i].at;
        assert_int_equal(low->file, 3);
        assert_int_equal(low->block, 9);
        assert_int_equal(low->row, i);
        assert_int_equal(high->block, 10);
        assert_int_equal(high->row, KEYS / 2 - 1 - 7 * (TWICE - 1 - i));
    }
    free(found.row);
    mq_keys_clear(&judge[0].keys);
    mq_keys_clear(&judge[1].keys);
    free(key);
    free(verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_threads_any_blocks),
        cmocka_unit_test(test_without_a_period),
        cmocka_unit_test(test_without_a_key),
        cmocka_unit_test(test_key_and_period_stay_apart),
        cmocka_unit_test(test_the_callback_may_fail),
        cmocka_unit_test(test_large_partitions_are_searched_in_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
