/* Tables of SQLite files: cells as they should come out, and everything that cannot be read. */
#include "sqlite_fixture.h"

/* ---- what is read ---------------------------------------------------------------------------- */

static void numbers_come_out_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *cell;
    } cells[] = {
        {"0", "0"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775807 - 1", "-9223372036854775808"},
        {"9007199254740993", "9007199254740993"},
        {"1234.0", "1234"},
        {"-0.0", "0"},
        {"0.1", "0.1"},
        {"1.0 / 3", "0.3333333333333333"},
        {"2.0 / 3e3", "0.0006666666666666666"},
        {"0.0001", "0.0001"},
        {"0.00001", "0.00001"},
        {"-1.25e-7", "-0.000000125"},
        {"1.2345678901234567e-5", "0.000012345678901234568"},
        {"1e-30", "0.000000000000000000000000000001"},
        {"123456789012.25", "123456789012.25"},
        {"-99999999999999.98", "-99999999999999.98"},
        {"123456789012345.67", "123456789012345.67"},
        {"999999999999999.9", "999999999999999.9"},
        {"1e15", "1000000000000000"},
        {"1234567890123456.5", "1234567890123456.5"},
        {"9007199254740992.0", "9007199254740992"},
        {"-1e17", "-100000000000000000"},
        {"9.2e18", "9200000000000000000"},
        {"1e300", "1e+300"},
        {"1e-300", "1e-300"},
        {"1e400", "inf"},
        {"NULL", "\"\""},
        {"''", "\"\""},
        {"'12,50'", "\"12,50\""},
        {"'1e5'", "1e5"},
        {"'say \"x\"'", "\"say \"\"x\"\"\""},
        {"'a'||char(13)||char(10)||'b'", "\"a\r\nb\""},
        {"'沈阳'", "沈阳"},
    };
    make_base("CREATE TABLE t(revenue, kind)");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char part[200], wanted[200];
        snprintf(part, sizeof part, "query=SELECT %s AS revenue", cells[i].sql);
        snprintf(wanted, sizeof wanted, "revenue\n%s\n", cells[i].cell);
        expect_text(part, wanted);
        double real, again;
        if (mq_real_parse(cells[i].cell, strlen(cells[i].cell), &real) == MQ_NUMBER_OK &&
            !strchr(cells[i].sql, '/') && !strchr(cells[i].sql, '\'') &&
            mq_real_parse(cells[i].sql, strlen(cells[i].sql), &again) == MQ_NUMBER_OK)
            assert_true(real == again);
    }
    drop_base();
}

/* Any real number reads back as itself. */
static void real_numbers_read_back(void **state)
{
    (void)state;
    struct mq_source source;
    struct mq_error error = {0};
    uint64_t dice = 4711;
    enum { REALS = 4000 };
    static double values[REALS];
    sqlite3 *base;
    sqlite3_stmt *insert;
    make_base("CREATE TABLE t(rate REAL)");
    assert_int_equal(sqlite3_open(file.path, &base), SQLITE_OK);
    sqlite3_exec(base, "BEGIN", NULL, NULL, NULL);
    sqlite3_prepare_v2(base, "INSERT INTO t VALUES(?)", -1, &insert, NULL);
    for (int i = 0; i < REALS; i++) {
        dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        values[i] =
            ldexp((double)(int64_t)dice, (int)(dice >> 57) - 128); /* to 5e18, hardly below 1e-26 */
        sqlite3_bind_double(insert, 1, values[i]);
        assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_exec(base, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(base);
    assert_int_equal(open_part(address_of("table=t"), &source, &error), MQ_OK);
    const char *at = memchr(source.text, '\n', source.text_count);
    for (int i = 0; i < REALS; i++) {
        const char *end = strchr(++at, '\n');
        double found;
        assert_null(memchr(at, 'e', (size_t)(end - at)));
        assert_int_equal(mq_real_parse(at, (size_t)(end - at), &found), MQ_NUMBER_OK);
        assert_true(found == values[i]);
        at = end;
    }
    mq_source_close(&source);
    drop_base();
}

static void tables_views_and_queries(void **state)
{
    (void)state;
    make_base("CREATE TABLE \"规上 \"\"企业\"\"\"(usci TEXT, \"营业收入\" INTEGER);"
              "INSERT INTO \"规上 \"\"企业\"\"\" VALUES('K2', 7), ('K1', 5), ('K3', NULL);"
              "CREATE VIEW v AS SELECT usci AS k, 2 * \"营业收入\" AS \"a,b\" FROM \"规上 "
              "\"\"企业\"\"\" ORDER BY k;"
              "CREATE TABLE \"?query=x\"(a); INSERT INTO \"?query=x\" VALUES(11);"
              "CREATE TABLE none(usci, year)");
    expect_text("table=规上 \"企业\"", "usci,营业收入\nK2,7\nK1,5\nK3,\n");
    expect_text("table=V", "k,\"a,b\"\nK1,10\nK2,14\nK3,\n");
    expect_text("table=?query=x", "a\n11\n");
    expect_text("query=SELECT k FROM v WHERE k LIKE '%?table=%' OR k <> 'K1'", "k\nK2\nK3\n");
    expect_text(
        "query=\n with x(n) AS (VALUES(3), (4)) SELECT sum(n) AS s FROM x; -- all; of it\n;",
        "s\n7\n");
    expect_text("query=SELECT 1 AS a;;", "a\n1\n");
    expect_text("table=none", "usci,year\n");
    /* the reader says what it says of any file */
    struct mq_error error = {0};
    const char *path = address_of("table=none");
    assert_null(sample_read(sample_model(), &path, 1, &(struct sample_way){.workers = 1}, &error));
    assert_contains(error.message, "no column for input \"name\"");
    run_sql("CREATE TABLE bare(usci, year, name, revenue, rate)");
    path = address_of("table=bare");
    assert_null(sample_read(sample_model(), &path, 1, &(struct sample_way){.workers = 1}, &error));
    assert_contains(error.message, "has a header but no rows");
    drop_base();
}

/* Rows are told by their number in the table, the header being line 1, whatever they hold. */
static void rows_have_the_lines_of_the_table(void **state)
{
    (void)state;
    make_base("CREATE TABLE t(usci TEXT, year INTEGER, name, revenue, rate REAL);"
              "INSERT INTO t VALUES('K1', 2020, '2'||char(10)||'lines', 1, 2),"
              "(NULL, NULL, NULL, NULL, NULL), ('K2', 2021, 'n', 1, 2);");
    struct mq_error error = {0};
    const char *path = address_of("table=t");
    for (int workers = 1; workers <= 3; workers += 2) {
        struct sample_way way = {.workers = workers, .block_bytes = 64, .texts = true, .again = 1};
        char *text = sample_read(sample_model(), &path, 1, &way, &error);
        assert_non_null(text);
        assert_contains(text, " 2020 2\nlines 100 2 2 K1 2\nlines\n");
        assert_contains(text, " missing missing missing missing missing 3  \n");
        assert_contains(text, " 2021 n 100 2 4 K2 n\n");
        free(text);
    }
    drop_base();
}

/* What no input asks for need not be readable. */
static void other_columns_may_hold_anything(void **state)
{
    (void)state;
    make_base("CREATE TABLE t(photo, revenue, stamp);"
              "INSERT INTO t VALUES(x'FFD8FFE0', 5, CAST(x'41FF42' AS TEXT)), ('p', 6, 's');");
    expect_text("table=t", "photo,revenue,stamp\n,5,\np,6,s\n");
    drop_base();
}

/* ---- others at work ---------------------------------------------------------------------------- */

static void a_locked_database_is_told(void **state)
{
    (void)state;
    sqlite3 *other;
    make_base("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    assert_int_equal(sqlite3_open(file.path, &other), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(other, "BEGIN EXCLUSIVE; INSERT INTO t VALUES(2)", NULL, NULL, NULL),
        SQLITE_OK);
    expect_refused_at(address_of("table=t"), file.path, MQ_IO, 0,
                      "is locked by a program that writes to it (waited 4 seconds); close that "
                      "program or try again later");
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    expect_text("table=t", "a\n1\n");
    drop_base();
}

/* With a write-ahead log writers need not wait; what they have not committed is not seen. */
static void writers_with_a_log_do_not_disturb(void **state)
{
    (void)state;
    sqlite3 *other;
    make_base("PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    assert_int_equal(sqlite3_open(file.path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "INSERT INTO t VALUES(2); BEGIN; INSERT INTO t VALUES(3)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    expect_text("table=t", "a\n1\n2\n");
    sqlite3_close(other);
    drop_base();
}

/* Before the first row as well as between rows. */
static void reading_can_be_stopped(void **state)
{
    (void)state;
    make_base("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    static const char *const queries[] = {
        "query=WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS "
        "a "
        "FROM n",
        "query=WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"};
    for (size_t i = 0; i < 2; i++) {
        volatile int stop = 1;
        void *held[MQ_FORMS] = {0};
        struct mq_source source;
        struct mq_error error = {0};
        struct mq_reader_options options = {.workers = 1, .stop = &stop};
        assert_int_equal(
            mq_source_open(address_of(queries[i]), sample_model(), held, &options, &source, &error),
            MQ_INTERRUPTED);
        assert_string_equal(error.message, "interrupted while reading");
    }
    drop_base();
}

/* ---- memory: the library's allocations fail too ---------------------------------------------------- */

static void *take(int size)
{
    size_t *block = malloc((size_t)size + sizeof *block * 2);
    if (block)
        *block = (size_t)size;
    return block ? block + 2 : NULL;
}

static void give(void *memory)
{
    free((size_t *)memory - 2);
}

static void *resize(void *memory, int size)
{
    size_t *block = realloc((size_t *)memory - 2, (size_t)size + sizeof *block * 2);
    if (block)
        *block = (size_t)size;
    return block ? block + 2 : NULL;
}

static int size_of(void *memory)
{
    return (int)((size_t *)memory)[-2];
}

static int round_up(int size)
{
    return (size + 7) & ~7;
}

static int begin(void *nothing)
{
    (void)nothing;
    return SQLITE_OK;
}

static void end(void *nothing)
{
    (void)nothing;
}

static void reading_without_memory(void **state)
{
    (void)state;
    static const char *const parts[] = {"table=t", "table=tt",
                                        "query=SELECT usci, sum(revenue) AS s FROM t GROUP BY 1",
                                        "query=SELECT * FROM gone"};
    static const enum mq_status usual[] = {MQ_OK, MQ_DATA, MQ_OK, MQ_USAGE};
    make_base("CREATE TABLE t(usci, revenue, rate);"
              "INSERT INTO t VALUES('K'||char(10), 5, 0.1), ('K2', 6, 'x'), ('K3', NULL, 1e-9)");
    for (size_t i = 0; i < 4; i++) {
        int failures = 0;
        for (long n = 0;; n++) {
            struct mq_source source;
            struct mq_error error = {0};
            const char *path = address_of(parts[i]);
            fail_allocation(n);
            enum mq_status status = open_part(path, &source, &error);
            bool reached = allocation_failed();
            if (status == MQ_OK)
                mq_source_close(&source);
            if (!reached || status == usual[i]) /* the library can do without some */
                assert_int_equal(status, usual[i]);
            if (!reached)
                break;
            if (status == usual[i])
                continue;
            failures++;
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
        }
        assert_true(failures > 40);
    }
    drop_base();
}

int main(void)
{
    static const sqlite3_mem_methods memory = {take,     give,  resize, size_of,
                                               round_up, begin, end,    NULL};
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_out_exactly),
        cmocka_unit_test(real_numbers_read_back),
        cmocka_unit_test(tables_views_and_queries),
        cmocka_unit_test(rows_have_the_lines_of_the_table),
        cmocka_unit_test(other_columns_may_hold_anything),
        cmocka_unit_test(a_locked_database_is_told),
        cmocka_unit_test(writers_with_a_log_do_not_disturb),
        cmocka_unit_test(reading_can_be_stopped),
        cmocka_unit_test(reading_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.form_sqlite", tests, NULL, NULL);
}
