/* localised.csv: which fields of a row that fails linear rules are to be changed. */
#include <math.h>

#include "failing.h"
#include "validate/world.h"

#define INPUTS                                                                                     \
    "mqci: 1\nid: localised\nedition: \"1\"\ntitle: localised\n"                                   \
    "inputs:\n"                                                                                    \
    "  - {id: k, column: [k], type: key}\n"                                                        \
    "  - {id: kind, column: [kind], type: code}\n"                                                 \
    "  - {id: profit, column: [\"利润\", profit], type: amount, decimals: 1}\n"                  \
    "  - {id: cost, column: [cost], type: amount, decimals: 0}\n"                                  \
    "  - {id: turnover, column: [turnover], type: number}\n"                                       \
    "  - {id: staff, column: [staff], type: number}\n"                                             \
    "levels: [{id: all, title: All}]\n"                                                            \
    "indicators: [{id: x, title: X, formula: profit, normalise: {method: none}}]\n"
#define RULES                                                                                      \
    "rules:\n"                                                                                     \
    "  - {id: sum, check: profit + cost == turnover, severity: reject}\n"                          \
    "  - {id: share, check: cost >= 0.6 * turnover}\n"                                             \
    "  - {id: bounds, check: cost >= 0 and profit >= 0, severity: info}\n"                         \
    "  - {id: other, check: if (staff > 0) turnover > 0}\n"
#define HEAD  "k,kind,profit,cost,turnover,staff\n"
#define TITLE "file,line,key,rules,outcome,fields,values,weight\n"

static char *localised_text(struct world *world)
{
    char path[320];
    struct mq_error error = {0};
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    snprintf(path, sizeof path, "%s/localised.csv", world->directory);
    assert_int_equal(mq_write_localised(world->checker, path, &error), MQ_OK);
    assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
    return content.data;
}

/* localised.csv of one file with these rows. */
static void check_rows(const char *model, const char *rows, const char *wanted)
{
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    world_open(&world);
    world_model(&world, model);
    mq_buffer_format(&csv, "%s%s", HEAD, rows);
    world_data(&world, csv.data);
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, 1, NULL, NULL, NULL), MQ_OK);
    char *text = localised_text(&world);
    assert_memory_equal(text, TITLE, strlen(TITLE));
    assert_string_equal(text + strlen(TITLE), wanted);
    free(text);
    mq_buffer_clear(&csv);
    world_close(&world);
}

/* The record of the textbook (de Waal, Pannekoek and Scholtus, Handbook of Statistical Data Editing
 * and Imputation, 2011): 755 is to be changed, to 75. */
static void test_one_field(void **state)
{
    (void)state;
    check_rows(INPUTS RULES "localise: {}\n",
               "A,a,75,125,200,3\nB,a,755,125,200,3\nC,a,755,-125,630,3\n",
               "data0.csv,3,B,sum,solved,利润,755,1\n"
               "data0.csv,4,C,share|bounds,solved,利润|cost,755|-125,2\n");
}

static void test_weights(void **state)
{
    (void)state;
    static const char row[] = "B,a,755,125,200,3\n";
    check_rows(INPUTS RULES "localise: {weights: {profit: 2.5}}\n", row,
               "data0.csv,2,B,sum,solved,cost|turnover,125|200,2\n");
    check_rows(INPUTS RULES "localise: {weights: {profit: 1.5}}\n", row,
               "data0.csv,2,B,sum,solved,利润,755,1.5\n");
    check_rows(INPUTS RULES "localise: {weights: {profit: never}, most_fields: 2}\n", row,
               "data0.csv,2,B,sum,solved,cost|turnover,125|200,2\n");
    check_rows(INPUTS RULES "localise: {weights: {profit: never}, most_fields: 1}\n", row,
               "data0.csv,2,B,sum,limit,,,\n");
    check_rows(INPUTS RULES "localise: {weights: {profit: never, cost: never}}\n", row,
               "data0.csv,2,B,sum,no_solution,,,\n");
}

/* What is missing, or no number, is always to be filled in; it costs nothing. */
static void test_missing(void **state)
{
    (void)state;
    check_rows(INPUTS RULES "localise: {}\n",
               "A,a,,125,200,3\n"       /* no rule fails */
               "B,a,,125,300,3\n"       /* too little cost, unless turnover is less */
               "C,a,-3,12x,200,\n"      /* a bad cell is in the way as well */
               "D,a,,-1,,3\nE,a,1,2\n", /* a short row */
               "data0.csv,3,B,share,solved,利润|cost,|125,1\n"
               "data0.csv,4,C,bounds,solved,利润|cost,-3|12x,1\n"
               "data0.csv,5,D,bounds,solved,利润|cost|turnover,|-1|,1\n");
}

/* Rows out of scope are left alone; rejected ones are not; nor are rules that are not linear
 * enough. */
static void test_rows_concerned(void **state)
{
    (void)state;
    check_rows(INPUTS RULES "scope: kind == \"a\"\nlocalise: {}\n",
               "A,b,755,125,200,3\n,a,755,125,200,3\n\"x,\"\"y\",a,755,125,200,3\n"
               "D,a,-0,0,0,3\nE,,755,125,200,3\n",
               "data0.csv,3,,sum,solved,利润,755,1\n"
               "data0.csv,4,\"x,\"\"y\",sum,solved,利润,755,1\n"
               "data0.csv,6,E,sum,solved,利润,755,1\n");
    check_rows(INPUTS RULES, "B,a,755,125,200,3\n", "");
    check_rows(INPUTS "localise: {}\nrules: [{id: r, check: profit * cost > 9}]\n", "B,a,1,1,1,1\n",
               "");
}

/* The tolerance of a rule is that of its edits; a strict comparison is strict. */
static void test_tolerance(void **state)
{
    (void)state;
    check_rows(INPUTS "localise: {weights: {staff: never}}\nrules:\n"
                      "  - {id: t, check: turnover == staff, tolerance: 2.5}\n"
                      "  - {id: u, check: profit <= staff, tolerance: 2.5}\n"
                      "  - {id: v, check: cost > 7}\n",
               "A,a,12.5,8,7.5,10\nB,a,12.6,8,12.5,10\nC,a,0,7,7.4,10\nD,a,-5,8,12.75,10\n",
               "data0.csv,3,B,u,solved,利润,12.6,1\n"
               "data0.csv,4,C,t|v,solved,cost|turnover,7|7.4,2\n"
               "data0.csv,5,D,t,solved,turnover,12.75,1\n");
    check_rows(INPUTS "localise: {}\nrules: [{id: t, check: turnover == staff, tolerance: 0}]\n",
               "A,a,1,1,0.3,0.30000000000000004\n", "data0.csv,2,A,t,nothing,,,\n");
}

/* ---- many rows ---- */

enum { FILES = 3, ROWS = 3000 };

static uint64_t next_random(uint64_t *seed)
{
    *seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* About one row in `good` has something wrong, of four kinds. */
static void add_rows(struct mq_buffer *csv, uint64_t seed, int rows, uint64_t good)
{
    mq_buffer_text(csv, HEAD);
    for (int i = 0; i < rows; i++) {
        uint64_t r = next_random(&seed);
        long turnover = (long)(r % 99991),
             cost = turnover - (long)((r >> 20) % 41) * turnover / 101;
        long profit = turnover - cost;
        uint64_t trouble = next_random(&seed) % (4 * good);
        if (trouble == 0)
            profit = 10 * profit + 7;
        if (trouble == 1)
            cost = -cost - 1;
        if (trouble == 2)
            turnover += 1 + (long)(r >> 50);
        mq_buffer_format(csv, "K%llu-%d,a,", (unsigned long long)(seed % 1000), i);
        if (trouble == 3)
            mq_buffer_format(csv, "-1,%ld,%ld,3\n", cost, turnover + 3);
        else
            mq_buffer_format(csv, "%ld,%ld,%ld,3\n", profit, cost, turnover);
    }
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The lines without the name of the file, in order. */
static char *sorted_lines(char *text)
{
    char *line[FILES * ROWS + 1];
    size_t lines = 0;
    struct mq_buffer sorted = MQ_BUFFER_EMPTY;
    for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
        line[lines++] = strchr(at, ',');
    qsort(line, lines, sizeof *line, compare_lines);
    for (size_t l = 0; l < lines; l++)
        mq_buffer_format(&sorted, "%s\n", line[l]);
    free(text);
    return sorted.data;
}

static char *run_files(const int *order, int workers, size_t block_bytes)
{
    struct world world;
    world_open(&world);
    world_model(&world, INPUTS RULES "localise: {weights: {turnover: 1.25}}\n");
    for (int f = 0; f < FILES; f++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        add_rows(&csv, (uint64_t)order[f] + 20251122, ROWS, 5);
        world_data(&world, csv.data);
        mq_buffer_clear(&csv);
    }
    world_start(&world, workers, block_bytes);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, workers, NULL, NULL, NULL), MQ_OK);
    char *text = localised_text(&world), *again = localised_text(&world);
    assert_string_equal(text, again);
    free(again);
    world_close(&world);
    return text;
}

static void test_threads_blocks_order(void **state)
{
    (void)state;
    static const int order[] = {0, 1, 2}, other[] = {2, 0, 1};
    char *text = run_files(order, 1, 0);
    size_t lines = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    assert_in_range(lines, FILES * ROWS / 8, FILES * ROWS / 3);
    for (int workers = 2; workers <= 5; workers++) {
        char *same = run_files(order, workers, 4096 + 977 * (size_t)workers);
        assert_string_equal(text, same);
        free(same);
    }
    text = sorted_lines(text);
    char *moved = sorted_lines(run_files(other, 3, 8192));
    assert_string_equal(text, moved);
    free(text);
    free(moved);
}

/* ---- every set of three fields tried by hand ---- */

struct record {
    long profit, cost, turnover;
};

static bool holds(struct record r)
{
    return r.profit + r.cost == r.turnover && 10 * r.cost >= 6 * r.turnover && r.cost >= 0 &&
           r.profit >= 0;
}

/* With two fields free there always is something, if the third is not negative. */
static const char *least_fields(struct record r)
{
    if (holds((struct record){r.turnover - r.cost, r.cost, r.turnover}))
        return "利润";
    if (holds((struct record){r.profit, r.turnover - r.profit, r.turnover}))
        return "cost";
    if (holds((struct record){r.profit, r.cost, r.profit + r.cost}))
        return "turnover";
    if (r.turnover >= 0)
        return "利润|cost";
    if (r.cost >= 0)
        return "利润|turnover";
    return r.profit >= 0 ? "cost|turnover" : "利润|cost|turnover";
}

static long some(uint64_t *seed)
{
    return (long)(next_random(seed) % 4001) - 1300;
}

static void test_against_all_sets(void **state)
{
    (void)state;
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY, wanted = MQ_BUFFER_EMPTY;
    uint64_t seed = 618033988;
    size_t seen[4] = {0};
    mq_buffer_text(&csv, HEAD);
    for (int i = 0; i < 3000; i++) {
        struct record r = {some(&seed), some(&seed), 0};
        r.turnover = next_random(&seed) % 4 ? r.profit + r.cost : some(&seed);
        mq_buffer_format(&csv, "K%d,a,%ld,%ld,%ld,\n", i, r.profit, r.cost, r.turnover);
        if (holds(r))
            continue;
        const char *fields = least_fields(r);
        size_t bars = 0;
        for (const char *at = fields; *at; at++)
            bars += *at == '|';
        seen[bars + 1]++;
        mq_buffer_format(&wanted, "%d,K%d,%s,%zu\n", i + 2, i, fields, bars + 1);
    }
    assert_true(seen[1] > 100 && seen[2] > 1000 && seen[3] > 100);
    world_open(&world);
    world_model(&world, INPUTS RULES "localise: {}\n");
    world_data(&world, csv.data);
    world_start(&world, 2, 4096);
    world_read(&world, NULL, NULL);
    char *text = localised_text(&world);
    struct mq_buffer found = MQ_BUFFER_EMPTY;
    strtok(text, "\n");
    for (char *line; (line = strtok(NULL, "\n"));) {
        char number[16], key[16], fields[64], weight[16];
        assert_int_equal(sscanf(line, "data0.csv,%15[^,],%15[^,],%*[^,],solved,%63[^,],%*[^,],%15s",
                                number, key, fields, weight),
                         4);
        mq_buffer_format(&found, "%s,%s,%s,%s\n", number, key, fields, weight);
    }
    assert_string_equal(found.data, wanted.data);
    free(text);
    mq_buffer_clear(&found);
    mq_buffer_clear(&wanted);
    mq_buffer_clear(&csv);
    world_close(&world);
}

/* ---- memory ---- */

static enum mq_status run(struct world *world, struct mq_error *error)
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
    snprintf(path, sizeof path, "%s/localised.csv", world->directory);
    return mq_write_localised(world->checker, path, error);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    long failures = 0;
    char *report = NULL;
    world_open(&world);
    world_model(&world, INPUTS RULES "localise: {weights: {profit: 1.5}}\n");
    add_rows(&csv, 4711, 60, 4);
    world_data(&world, csv.data);
    for (long n = -1;; n++) { /* first the whole run, to compare with */
        struct mq_error error = {0};
        const char *paths[] = {world.path[0]};
        struct mq_reader_options options = {.workers = 2, .block_bytes = 4096};
        assert_int_equal(mq_reader_open(world.model, paths, 1, &options, &world.reader, NULL),
                         MQ_OK);
        fail_allocation(n);
        enum mq_status status = run(&world, &error);
        bool reached = allocation_failed();
        if (status != MQ_OK) {
            assert_true(n >= 0);
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
            failures++;
        } else {
            char *found = localised_text(&world);
            report = n < 0 ? found : report;
            assert_string_equal(found, report);
            if (found != report)
                free(found);
        }
        world_stop(&world);
        if (n >= 0 && !reached)
            break;
    }
    assert_true(failures > 50);
    free(report);
    mq_buffer_clear(&csv);
    world_close(&world);
}

static void test_cannot_be_written(void **state)
{
    (void)state;
    struct world world;
    struct mq_error error = {0};
    char path[320];
    world_open(&world);
    world_model(&world, INPUTS RULES "localise: {}\n");
    world_data(&world, HEAD "B,a,755,125,200,3\n");
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    snprintf(path, sizeof path, "%s/none/localised.csv", world.directory);
    assert_int_equal(mq_write_localised(world.checker, path, &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, path);
    assert_int_equal(mq_write_localised(world.checker, "/dev/full", &error), MQ_IO);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_field),         cmocka_unit_test(test_weights),
        cmocka_unit_test(test_missing),           cmocka_unit_test(test_rows_concerned),
        cmocka_unit_test(test_tolerance),         cmocka_unit_test(test_threads_blocks_order),
        cmocka_unit_test(test_against_all_sets),  cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
