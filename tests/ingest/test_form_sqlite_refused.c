/* SQLite files and addresses that cannot be read. */
#include "sqlite_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_that_are_no_text),
        cmocka_unit_test(tables_that_are_not_there),
        cmocka_unit_test(queries_that_are_not_one_select),
        cmocka_unit_test(addresses_without_a_table),
        cmocka_unit_test(files_that_are_no_databases),
        cmocka_unit_test(damaged_databases),
    };
    return cmocka_run_group_tests_name("ingest.form_sqlite_refused", tests, NULL, NULL);
}
