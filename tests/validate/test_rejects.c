/* The two files: order, quoting, sizes, and what happens when they cannot be written. */
#include <sys/stat.h>

#include "validate/world.h"

static const char yaml[] =
    "mqci: 1\nid: rejects\nedition: \"1\"\ntitle: rejects\n"
    "inputs:\n"
    "  - {id: usci, column: [usci], type: key}\n"
    "  - {id: revenue, column: [\"收入,合计\", revenue], type: amount, decimals: 0}\n"
    "  - {id: cost, column: [cost], type: amount, decimals: 0}\n"
    "rules:\n"
    "  - {id: R1, check: revenue > cost, severity: reject, title: '\"quoted\", title'}\n"
    "levels: [{id: all, title: All}]\n"
    "indicators: [{id: x, title: X, formula: revenue, normalise: {method: none}}]\n";

static void test_fields_are_quoted(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world_model(&world, yaml);
    world_data(&world, "usci,\"收入,合计\",cost\n"
                       "\"a\"\"b\",-3,\"-2\"\n"
                       "\"two\nlines\",\"x\r\ny\",z\n");
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    char *rejects = world_file(&world, true), *findings = world_file(&world, false);
    assert_string_equal(
        strchr(rejects, '\n') + 1,
        "data0.csv,2,\"a\"\"b\",\"收入,合计|cost\",-3|-2,R1,\"\"\"quoted\"\", title (revenue > "
        "cost)\"\n"
        "data0.csv,3,\"two\nlines\",\"收入,合计\",\"x\r\ny\",type.revenue,not a number\n"
        "data0.csv,3,\"two\nlines\",cost,z,type.cost,not a number\n");
    assert_contains(first_fields(findings, WITH_PLACES),
                    "\nR1,reject,\"\"\"quoted\"\", title\",1,0,1,1,data0.csv,2\n");
    free(rejects);
    free(findings);
    world_close(&world);
}

/* Every third row of several files is bad; records come in file order whatever the threads do. */
static void test_order_of_many_blocks(void **state)
{
    (void)state;
    struct world world;
    struct mq_buffer expected = MQ_BUFFER_EMPTY;
    world_open(&world);
    world_model(&world, yaml);
    for (int file = 0; file < 3; file++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        mq_buffer_text(&csv, "cost,usci,other,revenue\n");
        for (int row = 0; row < 1500; row++) {
            int id = file * 10000 + row;
            const char *cost = row % 3 == file ? "1x" : "1";
            mq_buffer_format(&csv, "%s,U%d,\"%.*s\",%d\n", cost, id, row % 40,
                             "something to make rows of many lengths", row % 5 ? 7 + row : 0);
            if (row % 3 == file)
                mq_buffer_format(&expected, "data%d.csv,%d,U%d,cost,1x,type.cost,not a number\n",
                                 file, row + 2, id);
            else if (row % 5 == 0)
                mq_buffer_format(&expected,
                                 "data%d.csv,%d,U%d,\"收入,合计|cost\",0|1,R1,\"\"\"quoted\"\", "
                                 "title (revenue > cost)\"\n",
                                 file, row + 2, id);
        }
        world_data(&world, csv.data);
        mq_buffer_clear(&csv);
    }
    for (int workers = 1; workers <= 7; workers += 2) {
        world_start(&world, workers, 4096);
        world_read(&world, NULL, NULL);
        assert_int_equal(mq_checker_late(world.checker, workers, NULL, NULL, NULL), MQ_OK);
        char *rejects = world_file(&world, true), *again = world_file(&world, true);
        assert_string_equal(strchr(rejects, '\n') + 1, expected.data);
        assert_string_equal(rejects, again);
        const struct mq_finding *finding;
        size_t count;
        assert_int_equal(mq_checker_findings(world.checker, &finding, &count, NULL), MQ_OK);
        assert_int_equal(count, 6);
        assert_string_equal(finding[2].rule, "type.cost");
        assert_int_equal(finding[2].failed, 1500);
        assert_int_equal(finding[2].first.file, 0);
        assert_int_equal(finding[2].first_line, 2);
        assert_string_equal(finding[5].rule, "R1");
        assert_int_equal(finding[5].first_line, 7);
        world_balance(&world);
        free(rejects);
        free(again);
        world_stop(&world);
    }
    mq_buffer_clear(&expected);
    world_close(&world);
}

static void test_a_cell_of_a_megabyte(void **state)
{
    (void)state;
    enum { BIG = 1 << 20 };
    struct world world;
    world_open(&world);
    world_model(&world, yaml);
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    char *big = malloc(BIG + 1);
    assert_non_null(big);
    memset(big, 'q', BIG);
    big[BIG] = '\0';
    mq_buffer_format(&csv, "usci,revenue,cost\nA,%s,1\nB,2,1\n", big);
    world_data(&world, csv.data);
    world_start(&world, 2, 4096);
    world_read(&world, NULL, NULL);
    char *rejects = world_file(&world, true);
    char *value = strstr(rejects, ",qqq");
    assert_non_null(value);
    assert_int_equal(strspn(value + 1, "q"), BIG);
    assert_string_equal(value + 1 + BIG, ",type.revenue,not a number\n");
    free(rejects);
    free(big);
    mq_buffer_clear(&csv);
    world_close(&world);
}

static void test_unwritable_paths(void **state)
{
    (void)state;
    struct world world;
    struct mq_error error = {0};
    struct stat found;
    char path[400];
    world_open(&world);
    world_model(&world, yaml);
    world_data(&world, "usci,revenue,cost\nA,1,x\n");
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    snprintf(path, sizeof path, "%s/no/such/rejects.csv", world.directory);
    assert_int_equal(mq_write_rejects(world.checker, path, &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, path);
    assert_contains(error.message, "cannot be written: No such file or directory");
    assert_int_equal(mq_write_findings(world.checker, path, &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, path);
    /* A directory in the way: nothing half-written stays beside it. */
    assert_int_equal(mq_write_rejects(world.checker, world.directory, &error), MQ_CANNOT_WRITE);
    snprintf(path, sizeof path, "%s.partial", world.directory);
    assert_int_not_equal(stat(path, &found), 0);
    /* A full disk is told as such, and the device stays what it is. */
    error = (struct mq_error){0};
    assert_int_equal(mq_write_rejects(world.checker, "/dev/full", &error), MQ_IO);
    assert_string_equal(error.file, "/dev/full");
    assert_contains(error.message, "No space left on device");
    assert_int_equal(stat("/dev/full", &found), 0);
    assert_true(S_ISCHR(found.st_mode));
    assert_int_equal(mq_write_findings(world.checker, "/dev/full", &error), MQ_IO);
    world_close(&world);
}

static void test_spill_directory_must_exist(void **state)
{
    (void)state;
    struct world world;
    struct mq_error error = {0};
    char path[400];
    world_open(&world);
    world_model(&world, yaml);
    world_data(&world, "usci,revenue,cost\nA,1,x\n");
    world_start(&world, 1, 0);
    struct mq_checker *checker = NULL;
    snprintf(path, sizeof path, "%s/absent", world.directory);
    assert_int_equal(mq_checker_new(world.model, world.reader, 3, path, &checker, &error),
                     MQ_CANNOT_WRITE);
    assert_null(checker);
    assert_string_equal(error.file, path);
    world_close(&world);
}

/* Totals stay exact where 64 bits end. */
static void test_totals_beyond_64_bits(void **state)
{
    (void)state;
    static const char model[] =
        "mqci: 1\nid: wide\nedition: \"1\"\ntitle: wide\n"
        "inputs:\n"
        "  - {id: a, column: [a], type: amount, decimals: 0}\n"
        "  - {id: b, column: [b], type: amount, decimals: 0}\n"
        "  - {id: size, column: [size], type: code}\n"
        "scope: size != 9\n"
        "rules: [{id: R1, check: b != 5, severity: reject}]\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a / b, normalise: {method: none}}]\n";
    enum { ROWS = 5000 };
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_int128 total[4] = {0};
    world_open(&world);
    world_model(&world, model);
    mq_buffer_text(&csv, "a,b,size\n");
    for (int row = 0; row < ROWS; row++) {
        long long a = row % 7 == 0 ? -8123456789012345678 : 9223372036854775807 - row;
        bool out = row % 11 == 3, bad = row % 13 == 4, missing = row % 17 == 5;
        if (missing)
            mq_buffer_format(&csv, ",%d,%d\n", bad ? 5 : row, out ? 9 : 1);
        else
            mq_buffer_format(&csv, "%lld,%d,%d\n", a, bad ? 5 : row, out ? 9 : 1);
        int verdict = out ? 3 : bad || row == 5 ? 2 : 1;
        total[0] += missing ? 0 : a;
        total[verdict] += missing ? 0 : a;
    }
    world_data(&world, csv.data);
    for (int workers = 1; workers < 4; workers++) {
        world_start(&world, workers, 4096);
        world_read(&world, NULL, NULL);
        const struct mq_control *control = mq_checker_control(world.checker);
        assert_true(control->total_in[0] == total[0]);
        assert_true(control->total_accepted[0] == total[1]);
        assert_true(control->total_rejected[0] == total[2]);
        assert_true(control->total_out_of_scope[0] == total[3]);
        assert_true(total[0] > (mq_int128)INT64_MAX * 2000);
        world_balance(&world);
        world_stop(&world);
    }
    mq_buffer_clear(&csv);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_are_quoted),
        cmocka_unit_test(test_order_of_many_blocks),
        cmocka_unit_test(test_a_cell_of_a_megabyte),
        cmocka_unit_test(test_unwritable_paths),
        cmocka_unit_test(test_spill_directory_must_exist),
        cmocka_unit_test(test_totals_beyond_64_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
