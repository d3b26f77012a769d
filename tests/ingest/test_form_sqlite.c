/* Tables of SQLite files: cells as they should come out, and everything that cannot be read. */
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing.h"
#include "ingest/reader.h"
#include "sample.h"
#include "support.h"

static struct sample_file file; /* file.path is the database of the test at hand */

static void run_sql(const char *sql)
{
    sqlite3 *base;
    char *said = NULL;
    assert_int_equal(sqlite3_open(file.path, &base), SQLITE_OK);
    if (sqlite3_exec(base, sql, NULL, NULL, &said) != SQLITE_OK)
        fail_msg("%s", said);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

static void make_base(const char *sql)
{
    sample_write(&file, "b.db", "", 0);
    run_sql(sql);
}

static void drop_base(void)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    char path[300];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", file.path, ends[i]);
        unlink(path);
    }
    sample_remove(&file);
}

/* "sqlite:FILE?part"; the same place every time. */
static const char *address_of(const char *part)
{
    static char address[6000];
    snprintf(address, sizeof address, "sqlite:%s?%s", file.path, part);
    return address;
}

static enum mq_status open_part(const char *path, struct mq_source *source, struct mq_error *error)
{
    void *held[MQ_FORMS] = {0};
    struct mq_reader_options options = {.workers = 1};
    return mq_source_open(path, sample_model(), held, &options, source, error);
}

/* The table as the CSV text that it becomes. */
static void expect_text(const char *part, const char *wanted)
{
    struct mq_source source;
    struct mq_error error = {0};
    if (open_part(address_of(part), &source, &error) != MQ_OK)
        fail_msg("%s: %s", part, error.message);
    char *found = strndup(source.text, source.text_count);
    assert_string_equal(found, wanted);
    assert_true(source.utf8);
    assert_ptr_equal(source.bytes, source.text);
    free(found);
    mq_source_close(&source);
}

static void expect_refused_at(const char *path, const char *place, enum mq_status status, long line,
                              const char *message)
{
    struct mq_source source;
    struct mq_error error = {0};
    enum mq_status found = open_part(path, &source, &error);
    assert_string_equal(error.message, message);
    assert_string_equal(error.file, place);
    assert_int_equal(error.line, line);
    assert_int_equal(found, status);
    assert_int_equal(error.status, status);
}

static void expect_refused(const char *part, enum mq_status status, long line, const char *message)
{
    expect_refused_at(address_of(part), address_of(part), status, line, message);
}

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

/* ---- what is refused --------------------------------------------------------------------------- */

static void cells_that_are_no_text(void **state)
{
    (void)state;
    make_base("CREATE TABLE t(usci, revenue);"
              "INSERT INTO t VALUES('K1', 5), ('K2', x'00FF');"
              "CREATE TABLE u(usci, \"营业收入\");"
              "INSERT INTO u VALUES('K1', 5), ('K'||char(10), 5), (CAST(x'C9F2D1F4' AS TEXT), 5);"
              "CREATE TABLE z(usci); INSERT INTO z VALUES(CAST(x'410042' AS TEXT));");
    expect_refused("table=t", MQ_DATA, 3,
                   "row 2, column \"revenue\" holds binary data (BLOB), a number or text was "
                   "expected; store it as TEXT, INTEGER or REAL");
    expect_refused("table=u", MQ_DATA, 4,
                   "row 3, column \"usci\" holds text that is not valid UTF-8; correct it where "
                   "the table is made");
    expect_refused("table=z", MQ_DATA, 2,
                   "row 1, column \"usci\" holds text that is not valid UTF-8; correct it where "
                   "the table is made");
    expect_refused("query=SELECT revenue FROM t WHERE usci = 'K1' UNION ALL SELECT "
                   "abs(-9223372036854775807 - 1)",
                   MQ_DATA, 3, "row 2 cannot be read: integer overflow");
    drop_base();
}

static void tables_that_are_not_there(void **state)
{
    (void)state;
    make_base("CREATE TABLE enterprises(a); CREATE TABLE codes(a); CREATE VIEW lost AS SELECT * "
              "FROM gone");
    expect_refused("table=entreprises", MQ_DATA, 0,
                   "has no table \"entreprises\"; it has: codes, enterprises, lost; did you mean "
                   "\"enterprises\"?");
    expect_refused("table=x\"y", MQ_DATA, 0,
                   "has no table \"x\"y\"; it has: codes, enterprises, lost");
    expect_refused("table=lost", MQ_DATA, 0, "\"lost\" cannot be read: no such table: main.gone");
    expect_refused("query=SELECT * FROM codex", MQ_USAGE, 0,
                   "the query is not understood: no such table: codex; it has: codes, enterprises, "
                   "lost");
    /* named without its table */
    char message[400];
    snprintf(
        message, sizeof message,
        "is an SQLite file; say which table: sqlite:%s?table=NAME; it has: codes, enterprises, "
        "lost",
        file.path);
    expect_refused_at(file.path, file.path, MQ_USAGE, 0, message);
    for (int i = 0; i < 100; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "CREATE TABLE monthly_report_%d(a)", 200000 + i);
        run_sql(sql);
    }
    struct mq_source source;
    struct mq_error error = {0};
    assert_int_equal(open_part(address_of("table=weekly"), &source, &error), MQ_DATA);
    assert_contains(error.message, "has no table \"weekly\"; it has: codes, enterprises, lost, "
                                   "monthly_report_200000, ");
    assert_contains(error.message, ", ... (103 in all)");
    drop_base();
    make_base("CREATE TABLE t(a); DROP TABLE t");
    expect_refused("table=t", MQ_DATA, 0, "has no table \"t\"; it has no tables");
    drop_base();
}

static void queries_that_are_not_one_select(void **state)
{
    (void)state;
    make_base("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    static const char *const wrong[][2] = {
        {"query=DELETE FROM t RETURNING a", "would change the file"},
        {"query=DROP TABLE t", "would change the file"},
        {"query=UPDATE t SET a = 2", "would change the file"},
        {"query=BEGIN", "gives no table"},
        {"query=ATTACH 'x.db' AS x", "gives no table"},
        {"query=EXPLAIN SELECT * FROM t", "gives no table"},
        {"query= ; -- nothing", "is empty"},
        {"query=SELECT a FROM t; DROP TABLE t", "has more than one statement"},
        {"query=SELECT a FROM t; SELECT 2", "has more than one statement"},
        {"query=SELECT a FROM t; nonsense", "has more than one statement"},
        {"query=SELECT a FROM t WHERE a = ?", "has a parameter (?) without a value"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[200];
        snprintf(message, sizeof message, "the query %s; write one SELECT statement", wrong[i][1]);
        expect_refused(wrong[i][0], MQ_USAGE, 0, message);
    }
    expect_refused("query=SELEKT a FROM t", MQ_USAGE, 0,
                   "the query is not understood: near \"SELEKT\": syntax error");
    expect_refused("query=SELECT b FROM t", MQ_USAGE, 0,
                   "the query is not understood: no such column: b");
    expect_text("table=t", "a\n1\n");
    drop_base();
}

static void addresses_without_a_table(void **state)
{
    (void)state;
    static const char say[] =
        "says no table; write sqlite:...?table=NAME or \"sqlite:...?query=SELECT ...\"";
    expect_refused_at("sqlite:a.db", "sqlite:a.db", MQ_USAGE, 0, say);
    expect_refused_at("sqlite:a.db?table=", "sqlite:a.db?table=", MQ_USAGE, 0, say);
    expect_refused_at("sqlite:?table=t", "sqlite:?table=t", MQ_USAGE, 0,
                      "names no file; write sqlite:FILE?table=NAME");
}

static void files_that_are_no_databases(void **state)
{
    (void)state;
    expect_refused_at("sqlite:/nowhere/a.db?table=t", "/nowhere/a.db", MQ_NO_INPUT, 0,
                      "no such file");
    expect_refused_at("sqlite::memory:?table=t", ":memory:", MQ_NO_INPUT, 0, "no such file");
    char text[4096];
    memset(text, 'x', sizeof text);
    sample_write(&file, "b.db", text, sizeof text);
    char address[400];
    snprintf(address, sizeof address, "sqlite:%s?table=t", file.folder);
    expect_refused_at(address, file.folder, MQ_DATA, 0, "is a folder; name the SQLite file in it");
    expect_refused_at(address_of("table=t"), file.path, MQ_DATA, 0,
                      "is not an SQLite file, or it is encrypted; name an SQLite file without a "
                      "password");
    sample_remove(&file);
    sample_write(&file, "b.db", "", 0); /* to SQLite that is a database without tables */
    expect_refused("table=t", MQ_DATA, 0, "has no table \"t\"; it has no tables");
    sample_remove(&file);
}

static void damaged_databases(void **state)
{
    (void)state;
    make_base("PRAGMA page_size = 512; CREATE TABLE t(usci, revenue);"
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
              "INSERT INTO t SELECT 'K' || i, i FROM n");
    FILE *stream = fopen(file.path, "r+b");
    for (long at = 2560; at < 4096; at++) { /* three pages of rows */
        fseek(stream, at, SEEK_SET);
        fputc(0xA7, stream);
    }
    fclose(stream);
    expect_refused_at(address_of("table=t"), file.path, MQ_DATA, 0,
                      "is a damaged SQLite file (database disk image is malformed); copy or "
                      "download it again");
    assert_int_equal(truncate(file.path, 1000), 0);
    struct mq_source source;
    struct mq_error error = {0};
    assert_int_equal(open_part(address_of("table=t"), &source, &error), MQ_DATA);
    assert_contains(error.message, "is a damaged SQLite file (");
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
        cmocka_unit_test(cells_that_are_no_text),
        cmocka_unit_test(tables_that_are_not_there),
        cmocka_unit_test(queries_that_are_not_one_select),
        cmocka_unit_test(addresses_without_a_table),
        cmocka_unit_test(files_that_are_no_databases),
        cmocka_unit_test(damaged_databases),
        cmocka_unit_test(a_locked_database_is_told),
        cmocka_unit_test(writers_with_a_log_do_not_disturb),
        cmocka_unit_test(reading_can_be_stopped),
        cmocka_unit_test(reading_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.form_sqlite", tests, NULL, NULL);
}
