/* Units and their values on data small enough to be worked out by hand. */
#include "cells/sums_text.h"

static const char head[] = "mqci: 1\nid: units\nedition: \"1\"\ntitle: units\n";

/* Reads `csv` with `workers` threads and compares the sums. */
static void run(const char *body, const char *list, const char *csv, const char *wanted)
{
    for (int workers = 1; workers <= 3; workers++) {
        struct world world;
        struct cubes cubes;
        char path[320], yaml[4096];
        world_open(&world);
        world_write(&world, "list.csv", list, strlen(list), path);
        snprintf(yaml, sizeof yaml, "%s%s", head, body);
        world_model(&world, yaml);
        world_data(&world, csv);
        world_start(&world, workers, 4096);
        cubes_open(&cubes, &world);
        world_read(&world, cubes_add, &cubes);
        char *text = cubes_text(&cubes, false);
        assert_string_equal(text, wanted);
        free(text);
        cubes_close(&cubes);
        world_close(&world);
    }
}

static void test_no_period_no_axes(void **state)
{
    (void)state;
    run("inputs: [{id: a, column: [a], type: amount, decimals: 1}]\n"
        "levels: [{id: all, title: 合计}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n",
        "", "a\n1.5\n\"\"\n-7.25e0\n3.7\n", "1 periods\n all  合计 3: 3 2; 5.2\n");
}

static void test_codes_as_found_in_byte_order(void **state)
{
    (void)state;
    run("inputs:\n"
        "  - {id: y, column: [y], type: period}\n"
        "  - {id: k, column: [k], type: code}\n"
        "  - {id: j, column: [j], type: code}\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "levels:\n"
        "  - {id: k, title: K, by: [k]}\n"
        "  - {id: all, title: All}\n"
        "  - {id: kj, title: KJ, by: [k, j]}\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n",
        "",
        "y,k,j,a\n2021,b,2,10\n2021,a,1,7\n199,b,10,3\n2021,b,10,5\n2021,aa,1,11\n2021,乙,1,13\n",
        "2 periods\n"
        "199 k b b 1: 1 1; 3\n"
        "199 all  All 1: 1 1; 3\n"
        "199 kj b|10 b|10 1: 1 1; 3\n"
        "2021 k a a 1: 1 1; 7\n"
        "2021 k aa aa 1: 1 1; 11\n"
        "2021 k b b 2: 2 2; 15\n"
        "2021 k 乙 乙 1: 1 1; 13\n"
        "2021 all  All 5: 5 5; 46\n"
        "2021 kj aa|1 aa|1 1: 1 1; 11\n"
        "2021 kj a|1 a|1 1: 1 1; 7\n"
        "2021 kj b|10 b|10 1: 1 1; 5\n"
        "2021 kj b|2 b|2 1: 1 1; 10\n"
        "2021 kj 乙|1 乙|1 1: 1 1; 13\n");
}

static const char tree[] = "code,name,parent,level\n"
                           "21,辽宁,,province\n"
                           "2101,沈阳,21,city\n"
                           "210101,和平,2101,county\n"
                           "2199,,21,county\n"
                           "22,,,province\n";

#define TREE_INPUTS                                                                                \
    "codes: {r: list.csv}\n"                                                                       \
    "inputs:\n"                                                                                    \
    "  - {id: r, column: [r], type: code, list: r}\n"                                              \
    "  - {id: a, column: [a], type: amount, decimals: 0}\n"
#define TREE_END  "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n"
#define TREE_ROWS "r,a\n210101,1\n2101,20\n21,300\n2199,4000\n22,50000\n"

static void test_codes_at_coarser_levels(void **state)
{
    (void)state;
    run(TREE_INPUTS "levels:\n"
                    "  - {id: nation, title: N}\n"
                    "  - {id: city, title: C, by: [r.city]}\n"
                    "  - {id: province, title: P, by: [r.province]}\n" TREE_END,
        tree, TREE_ROWS,
        "1 periods\n"
        " nation  N 5: 5 5; 54321\n"
        " city 2101 沈阳 2: 2 2; 21\n"
        " province 21 辽宁 4: 4 4; 4321\n"
        " province 22 22 1: 1 1; 50000\n");
}

static void test_codes_of_a_list_as_found(void **state)
{
    (void)state;
    run(TREE_INPUTS "levels:\n"
                    "  - {id: found, title: F, by: [r]}\n"
                    "  - {id: county, title: C, by: [r.county]}\n"
                    "  - {id: province, title: P, by: [r.province]}\n" TREE_END,
        tree, TREE_ROWS,
        "1 periods\n"
        " found 21 辽宁 1: 1 1; 300\n"
        " found 2101 沈阳 1: 1 1; 20\n"
        " found 210101 和平 1: 1 1; 1\n"
        " found 2199 2199 1: 1 1; 4000\n"
        " found 22 22 1: 1 1; 50000\n"
        " county 210101 和平 1: 1 1; 1\n"
        " county 2199 2199 1: 1 1; 4000\n"
        " province 21 辽宁 4: 4 4; 4321\n"
        " province 22 22 1: 1 1; 50000\n");
}

/* Only rows that were accepted make a unit. */
static void test_rejected_rows_make_no_unit(void **state)
{
    (void)state;
    run(TREE_INPUTS "rules: [{id: R, check: a > 3, severity: reject}]\n"
                    "levels:\n"
                    "  - {id: city, title: C, by: [r.city]}\n"
                    "  - {id: province, title: P, by: [r.province]}\n" TREE_END,
        tree, "r,a\n2101,1\n22,17\n,5\n99,6\n21,x\n", "1 periods\n province 22 22 1: 1 1; 17\n");
}

static void test_order_statistics(void **state)
{
    (void)state;
    static const char body[] =
        "inputs:\n"
        "  - {id: k, column: [k], type: code}\n"
        "  - {id: a, column: [a], type: amount, decimals: 1}\n"
        "  - {id: n, column: [n], type: number}\n"
        "levels: [{id: k, title: K, by: [k]}]\n"
        "indicators:\n"
        "  - {id: top, title: T, weights: normalise}\n"
        "  - {id: x, parent: top, weight: 1, title: X, missing: zero, formula: median(a) + min(a) "
        "+ max(a), normalise: {method: none}}\n"
        "  - {id: z, parent: top, weight: 1, title: Z, missing: zero, formula: median(n) + min(n) "
        "+ max(n) + median(a where n > 0), normalise: {method: none}}\n";
    run(body, "",
        "k,a,n\n"
        "odd,-9000000000000000.5,1e300\nodd,7.3,-0\nodd,9000000000000000.1,0\n"
        "even,-0.2,-1.7e308\neven,0.1,-1.6e308\neven,7.7,-1.65e308\neven,3,5\n"
        "none,,\n"
        "one,4.4,2.5\n",
        "1 periods\n"
        " k even even 4: 4 4 4; 1.55 -0.2 7.7 -0x1.ced0bb99f2604p+1023 "
        "-0x1.e42d130773b76p+1023 0x1.4p+2 3.0\n"
        " k none none 1: 1 0 0; none none none none none none none\n"
        " k odd odd 3: 3 3 3; 7.3 -9000000000000000.5 9000000000000000.1 0x0p+0 0x0p+0 "
        "0x1.7e43c8800759cp+996 -9000000000000000.5\n"
        " k one one 1: 1 1 1; 4.4 4.4 4.4 0x1.4p+1 0x1.4p+1 0x1.4p+1 4.4\n");
}

/* Sums pass 2^63 in both directions and come back. */
static void test_sums_beyond_64_bits(void **state)
{
    (void)state;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "k,a\n");
    for (int i = 0; i < 3000; i++) {
        const char *kind = i % 3 ? "up" : "down";
        mq_buffer_format(&csv, "%s,%s%lld\n", kind, i % 3 ? "" : "-", 9223372036854775807LL - i);
        mq_buffer_format(&csv, "swing,%s\n",
                         i % 2 ? "-9223372036854775808" : "9223372036854775807");
    }
    mq_buffer_text(&csv, "calm,-12\n");
    run("inputs:\n"
        "  - {id: k, column: [k], type: code}\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "levels: [{id: k, title: K, by: [k]}, {id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n",
        "", csv.data,
        "1 periods\n"
        " k calm calm 1: 1 1; -12\n"
        " k down down 1000: 1000 1000; -9223372036854774308500\n"
        " k swing swing 3000: 3000 3000; -1500\n"
        " k up up 2000: 2000 2000; 18446744073709548614000\n"
        " all  All 6001: 6001 6001; 9223372036854774303988\n");
    mq_buffer_clear(&csv);
}

/* Taking out passes the same borders backwards; what is left is small again. */
static void test_taking_out_beyond_64_bits(void **state)
{
    (void)state;
    struct world world;
    struct cubes cubes;
    char yaml[1024];
    world_open(&world);
    snprintf(yaml, sizeof yaml,
             "%sinputs: [{id: a, column: [a], type: amount, decimals: 0}]\n"
             "levels: [{id: all, title: All}]\n"
             "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n",
             head);
    world_model(&world, yaml);
    world_data(&world, "a\n9223372036854775807\n9223372036854775806\n9223372036854775805\n17\n"
                       "-9223372036854775808\n-9223372036854775807\n-9223372036854775806\n"
                       "-9223372036854775805\n-9223372036854775804\n");
    world_start(&world, 2, 0);
    cubes_open(&cubes, &world);
    world_read(&world, cubes_add, &cubes);
    char *text = cubes_text(&cubes, false);
    assert_string_equal(text, "1 periods\n all  All 9: 9 9; -18446744073709551595\n");
    free(text);
    mq_reader_rewind(world.reader, NULL, 0);
    const struct mq_batch *batch;
    assert_int_equal(mq_reader_next(world.reader, 0, &batch, NULL), MQ_OK);
    assert_non_null(batch);
    /* All negative ones first, then the positive ones but 17. */
    static const uint8_t leaving[2][9] = {{0, 0, 0, 0, 1, 1, 1, 1, 1}, {1, 1, 1, 0}};
    static const char *const left[] = {"1 periods\n all  All 4: 4 4; 27670116110564327435\n",
                                       "1 periods\n all  All 1: 1 1; 17\n"};
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(mq_cube_remove(cubes.cube[0], batch, leaving[turn], NULL), MQ_OK);
        text = sums_text(cubes.cube[0]);
        assert_string_equal(text, left[turn]);
        free(text);
    }
    cubes_close(&cubes);
    world_close(&world);
}

/* More cells than a page holds, each with a real sum of its own. */
static void test_thousands_of_cells(void **state)
{
    (void)state;
    enum { CELLS = 3000 };
    struct mq_buffer csv = MQ_BUFFER_EMPTY, wanted = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "k,n\n");
    mq_buffer_text(&wanted, "1 periods\n");
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < CELLS; i++) {
            int k = (i * 1009 + 7) % CELLS;
            mq_buffer_format(&csv, "k%04d,%d.25\n", k, turn ? k : 2 * k);
        }
    for (int k = 0; k < CELLS; k++)
        mq_buffer_format(&wanted, " k k%04d k%04d 2: 2 2; %a\n", k, k, 3 * k + 0.5);
    run("inputs:\n"
        "  - {id: k, column: [k], type: code}\n"
        "  - {id: n, column: [n], type: number}\n"
        "levels: [{id: k, title: K, by: [k]}]\n"
        "indicators: [{id: x, title: X, formula: n, normalise: {method: none}}]\n",
        "", csv.data, wanted.data);
    mq_buffer_clear(&csv);
    mq_buffer_clear(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_period_no_axes),
        cmocka_unit_test(test_codes_as_found_in_byte_order),
        cmocka_unit_test(test_codes_at_coarser_levels),
        cmocka_unit_test(test_codes_of_a_list_as_found),
        cmocka_unit_test(test_rejected_rows_make_no_unit),
        cmocka_unit_test(test_order_statistics),
        cmocka_unit_test(test_sums_beyond_64_bits),
        cmocka_unit_test(test_taking_out_beyond_64_bits),
        cmocka_unit_test(test_thousands_of_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
