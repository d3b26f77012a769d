/* Small CSV tables: cells, true line numbers, and every way a table can be wrong. */
#include "core/core.h"
#include "scratch.h"
#include "support.h"

static struct scratch scratch;

static enum mq_status read_bytes(const char *bytes, size_t count, struct mq_table *table,
                                 struct mq_error *error)
{
    memset(table, 0, sizeof *table);
    return mq_table_read(scratch_write(&scratch, "t.csv", bytes, count), table, error);
}

static void assert_wrong(const char *text, long line, long column, const char *part)
{
    struct mq_table table;
    struct mq_error error = {0};
    assert_int_equal(read_bytes(text, strlen(text), &table, &error), MQ_DATA);
    assert_contains(error.message, part);
    assert_string_equal(error.file, scratch.path);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_null(table.arena.pages); /* untouched */
}

static void reads_cells_and_lines(void **state)
{
    (void)state;
    const char *text = "\xEF\xBB\xBF code , 名称,note\r\n"
                       "\r\n"
                       "2101,沈阳市,\"two\nlines, \"\"quoted\"\"\"\r\n"
                       "   \n"
                       "\n"
                       "2102,\"　大连市 \",\n"
                       ",,\n"
                       "2103,鞍山市,last";
    struct mq_table table;
    struct mq_error error = {0};
    assert_int_equal(read_bytes(text, strlen(text), &table, &error), MQ_OK);
    assert_int_equal(table.columns, 3);
    assert_int_equal(table.rows, 4);
    assert_string_equal(table.path, scratch.path);
    assert_string_equal(table.header[0], "code");
    assert_string_equal(table.header[1], "名称");
    const char *const wanted[] = {
        "2101",   "沈阳市", "two\nlines, \"quoted\"", "2102", "大连市", "", "", "", "", "2103",
        "鞍山市", "last"};
    for (size_t i = 0; i < 12; i++)
        assert_string_equal(table.cell[i], wanted[i]);
    const long lines[] = {3, 7, 8, 9};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(table.line[i], lines[i]);
    assert_int_equal(mq_table_find(&table, "note"), 2);
    assert_int_equal(mq_table_find(&table, "Note"), -1);
    size_t column = 99;
    assert_int_equal(mq_table_column(&table, "名称", &column, &error), MQ_OK);
    assert_int_equal(column, 1);
    assert_int_equal(mq_table_column(&table, "level", &column, &error), MQ_DATA);
    assert_string_equal(error.message, "no column \"level\"; the header has: code, 名称, note");
    assert_int_equal(error.line, 1);
    assert_int_equal(column, 1);
    mq_table_clear(&table);
    mq_table_clear(&table);
}

static void header_only_and_old_line_ends(void **state)
{
    (void)state;
    struct mq_table table;
    assert_int_equal(read_bytes("\n\na,b", 5, &table, NULL), MQ_OK);
    assert_int_equal(table.rows, 0);
    assert_int_equal(table.columns, 2);
    assert_int_equal(table.header_line, 3);
    mq_table_clear(&table);
    assert_int_equal(read_bytes("a\r1\r\r2\r", 7, &table, NULL), MQ_OK);
    assert_int_equal(table.rows, 2);
    assert_int_equal(table.line[0], 2);
    assert_int_equal(table.line[1], 4);
    mq_table_clear(&table);
}

static void wrong_tables_say_where(void **state)
{
    (void)state;
    assert_wrong("", 0, 0, "the table is empty");
    assert_wrong("\xEF\xBB\xBF\n \n", 0, 0, "the table is empty");
    assert_wrong("a,b\n\n\"x\ny\",1\n3,4,5\n", 5, 0, "this row has 3 cells where the header has 2");
    assert_wrong("a,b\n1,2\n3", 3, 0, "this row has 1 cells where the header has 2");
    assert_wrong("a,b\n质x\"y,2\n", 2, 3, "misplaced");
    assert_wrong("a,b\n\"x\"y,2\n", 2, 4, "misplaced");
    assert_wrong("a,b\n\n1,\"ab\"\"c\n\n", 3, 3, "never closed");
    assert_wrong("a,b,a\n1,2,3\n", 1, 0,
                 "column \"a\" appears twice in the header (columns 1 and 3)");
    assert_wrong("a,b\n质\xC3(,2\n", 2, 2, "byte 0xC3 is not UTF-8");
    assert_wrong("a,b\n1,2\n\xC3", 3, 1, "byte 0xC3 is not UTF-8");
    struct mq_table table;
    struct mq_error error = {0};
    assert_int_equal(read_bytes("a,b\n1,\0\n", 8, &table, &error), MQ_DATA);
    assert_contains(error.message, "NUL");
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 3);
    char path[600];
    snprintf(path, sizeof path, "%s/none.csv", scratch.directory);
    assert_int_equal(mq_table_read(path, &table, &error), MQ_NO_INPUT);
    assert_string_equal(error.file, path);
    assert_int_equal(mq_table_read(scratch.directory, &table, &error), MQ_NO_INPUT);
}

static int open_scratch(void **state)
{
    (void)state;
    scratch_open(&scratch);
    return 0;
}

static int close_scratch(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_cells_and_lines),
        cmocka_unit_test(header_only_and_old_line_ends),
        cmocka_unit_test(wrong_tables_say_where),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
