/* Data in a PostgreSQL database: the same scores as from files, one moment for a whole run, and
 * every way in which it can go wrong. Without the programs of a server nothing is tested. */
#include "pg_server.h"

#include "small.h"

#include <time.h>

#define DEMO "models/mqci-liaoning.yaml"

static void assert_sql(const char *database, const char *statements, const char *wanted)
{
    char *found = psql(database, statements);
    assert_string_equal(found, wanted);
    free(found);
}

/* Runs the model over $A, $B and what else is named; the result is in $TMP/OUT. */
static void run_on(const char *out, const char *model, const char *a, const char *b)
{
    setenv("A", a, 1);
    setenv("B", b ? b : "", 1);
    struct outcome outcome = expect_shell(
        0, "rm -rf $TMP/%s; $MQCI run %s \"$A\" ${B:+\"$B\"} -o $TMP/%s --max-rejects 50%%", out,
        model, out);
    outcome_clear(&outcome);
}

static void assert_same_results(const char *a, const char *b)
{
    static const char *const files[] = {"scores.csv", "indicators.csv"};
    char path[2][64];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path[0], sizeof path[0], "%s/%s", a, files[i]);
        snprintf(path[1], sizeof path[1], "%s/%s", b, files[i]);
        assert_same_file(in_folder(path[0]), in_folder(path[1]));
    }
}

/* ---- the same results ---- */

static void tables_and_services(void **state)
{
    (void)state;
    char services[256];
    run_on("csv", DEMO, "datasets/demo/liaoning-2023.csv", "datasets/demo/liaoning-2024.csv");
    run_on("table", DEMO, "pg:dbname=demo?table=firms", NULL);
    assert_same_results("csv", "table");
    run_on("named", DEMO, "pg:demo?table=\"public\".firms", NULL);
    assert_same_results("csv", "named");
    snprintf(services, sizeof services, "[nightly]\ndbname=demo\nhost=%s\nport=%s\n", server.folder,
             server.port); /* through the socket in the file system */
    put_file(in_folder("services"), services);
    setenv("PGSERVICEFILE", in_folder("services"), 1);
    run_on("service", DEMO, "pg:service=nightly?table=firms", NULL);
    assert_same_results("csv", "service");
    char address[128];
    snprintf(address, sizeof address,
             "pg:postgresql://127.0.0.1:%s/demo?sslmode=disable?table=firms", server.port);
    run_on("uri", DEMO, address, NULL);
    assert_same_results("csv", "uri");
}

/* Between the two queries a named pipe is read, and while it is, the rows of the second query are
 * deleted: it has to see them all the same. */
static void one_moment_for_all_inputs(void **state)
{
    (void)state;
    run_on("queries", DEMO, "pg:demo?query=SELECT * FROM firms WHERE 年份 = 2023",
           "pg:demo?query=SELECT * FROM firms WHERE 年份 = 2024 -- the second");
    assert_same_results("csv", "queries");
    run_sql("demo", "CREATE TABLE kept AS SELECT * FROM firms;");
    put_file(in_folder("delete.sql"), "DELETE FROM kept WHERE 年份 = 2024;");
    struct outcome outcome = expect_shell(
        0, "mkfifo $TMP/pipe; (exec 3> $TMP/pipe; $PG/psql -X -q -d demo -f $TMP/delete.sql; (head "
           "-1 datasets/demo/liaoning-2023.csv; grep -m 1 '^[^,]*,[^,]*,2023,[^,]*,[^,]*,4,' "
           "datasets/demo/liaoning-2023.csv | sed 's/^[^,]*/out-of-scope/') >&3) & $MQCI run " DEMO
           " 'pg:demo?query=SELECT * FROM kept WHERE 年份 = 2023;' $TMP/pipe "
           "'pg:demo?query=SELECT * FROM kept WHERE 年份 = 2024;\n' -o $TMP/moment && wait $! || { "
           "kill $!; exit 1; }");
    outcome_clear(&outcome);
    assert_sql("demo", "SELECT count(*) FROM kept WHERE 年份 = 2024", "0\n");
    assert_same_results("csv", "moment");
    /* the time of the transaction, as the key of a row that is refused in both inputs */
    run_on("once", "$TMP/small.yaml",
           "pg:demo?query=SELECT CASE n WHEN 8 THEN 'K' || now() ELSE usci END AS usci, year, "
           "area, size, revenue, rd, loss FROM small ORDER BY n",
           "pg:demo?query=SELECT CASE n WHEN 8 THEN 'K' || now() ELSE 'C' || usci END AS usci, "
           "year, area, size, revenue, rd, loss FROM small ORDER BY n");
    char *rejects = get_file(in_folder("once/rejects.csv"));
    const char *first = strstr(rejects, ",9,K"), *second = first ? strstr(first + 1, ",9,K") : NULL;
    assert_non_null(second);
    assert_memory_equal(first, second, strlen(",9,K2024-01-01 00:00:00.000000+00"));
    free(rejects);
}

/* ---- what stands in the cells ---- */

static void create_small(void)
{
    run_sql("demo",
            "CREATE TABLE small (n serial, usci text, year int, area text, size text, revenue "
            "float8, rd numeric, loss numeric, 备注 text);\n"
            "\\copy small(usci,year,area,size,revenue,rd,loss,备注) FROM PROGRAM 'cat "
            "$TMP/small.csv' CSV HEADER\n");
}

static void cells(void **state)
{
    (void)state;
    run_on("small_csv", "$TMP/small.yaml", in_folder("small.csv"), NULL);
    run_on("small", "$TMP/small.yaml", "pg:demo?query=SELECT * FROM small ORDER BY n", NULL);
    assert_same_results("small_csv", "small");
    char *rejects = get_file(in_folder("small/rejects.csv"));
    assert_contains(rejects, ",9,B2,"); /* the row, as in the file */
    free(rejects);
    /* quotes, commas and line ends in names do not move the rows after them; '' is missing */
    run_sql("demo", "CREATE TABLE odd AS SELECT * FROM small;"
                    "UPDATE odd SET 备注 = E'沈阳\"第一\",\n\n总厂\r\n' WHERE n < 4;"
                    "UPDATE odd SET area = '' WHERE n = 4;");
    run_on("odd", "$TMP/small.yaml", "pg:demo?query=SELECT * FROM odd ORDER BY n", NULL);
    rejects = get_file(in_folder("odd/rejects.csv"));
    assert_contains(rejects, ",5,B2,行政区划代码,,");
    assert_contains(rejects, ",9,B2,");
    free(rejects);
    /* numbers with all their digits, dates in one form, whatever the database prefers */
    run_sql("demo", "ALTER DATABASE demo SET extra_float_digits = -3;"
                    "ALTER DATABASE demo SET DateStyle = 'German';"
                    "ALTER DATABASE demo SET TimeZone = 'Asia/Shanghai';"
                    "ALTER DATABASE demo SET client_encoding = 'GBK';");
    run_on(
        "digits", "$TMP/small.yaml",
        "pg:demo?query=SELECT timestamptz '2024-03-01 00:00+08' || 'T' || n AS usci, year, area, "
        "size, rd, loss, CASE n WHEN 1 THEN float8 '0.1' + 0.2 WHEN 2 THEN 1e15 ELSE revenue "
        "END AS revenue FROM small ORDER BY n",
        NULL);
    rejects = get_file(in_folder("digits/rejects.csv"));
    assert_contains(rejects,
                    ",2,2024-02-29 16:00:00+00T1,营业收入,0.30000000000000004,type.revenue");
    assert_contains(rejects, ",3,2024-02-29 16:00:00+00T2,营业收入,1e+15,type.revenue");
    free(rejects);
    run_sql("postgres", "ALTER DATABASE demo RESET ALL;");
}

static void a_column_of_missing_cells(void **state)
{
    (void)state;
    setenv("A", "pg:demo?query=SELECT NULL::text AS usci FROM small", 1);
    struct outcome outcome = expect_shell(65, "$MQCI run $TMP/small.yaml \"$A\" -o $TMP/o");
    assert_contains(outcome.err, "年份"); /* read as far as the header; other columns are wanted */
    outcome_clear(&outcome);
}

static void other_encodings(void **state)
{
    (void)state;
    run_sql("postgres", "CREATE DATABASE euc ENCODING 'EUC_CN' TEMPLATE template0 LOCALE 'C';");
    run_sql("postgres", "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'");
    create_demo("euc");
    assert_sql("euc", "SHOW server_encoding", "EUC_CN\n");
    run_on("euc", DEMO, "pg:euc?query=SELECT * FROM firms WHERE 单位名称 <> '无'", NULL);
    assert_same_results("csv", "euc");
    run_sql("ascii", "CREATE TABLE firms (usci text);"
                     "INSERT INTO firms VALUES ('A1'), (E'\\xc9\\xf2\\xd1\\xf4');");
    setenv("A", "pg:ascii?table=firms", 1);
    struct outcome outcome = expect_shell(65, "$MQCI run $TMP/small.yaml \"$A\" -o $TMP/o");
    assert_contains(outcome.err, "pg:ascii?table=firms: the table cannot be read: invalid byte "
                                 "sequence for encoding \"UTF8\": 0xc9 0xf2 (SQLSTATE 22021)");
    outcome_clear(&outcome);
}

/* ---- what goes wrong ---- */

struct wrong {
    const char *what, *address;
    int status;
    const char *say[3];
};

static void run_wrong(const struct wrong *wrong)
{
    print_message("%s\n", wrong->what);
    setenv("A", wrong->address, 1);
    struct outcome outcome =
        expect_shell(wrong->status, "$MQCI run $TMP/small.yaml \"$A\" -o $TMP/o");
    for (size_t i = 0; i < 3 && wrong->say[i]; i++)
        assert_contains(outcome.err, wrong->say[i]);
    assert_null(strstr(outcome.err, "Geheimnis7"));
    assert_false(has_file(in_folder("o")));
    outcome_clear(&outcome);
}

static const struct wrong addresses[] = {
    {"no table", "pg:demo", 64, {"pg:demo: says no table; write pg:...?table=NAME"}},
    {"a password",
     "pg:dbname=demo password=Geheimnis7?table=firms",
     64,
     {"pg: the address has a password in it", "~/.pgpass or a service file"}},
    {"a password in a URI",
     "pg:postgresql://mqci:Geheimnis7@127.0.0.1/demo?table=firms",
     64,
     {"pg: the address has a password in it"}},
    {"unknown setting",
     "pg:servce=nightly?table=firms",
     64,
     {"the address is not understood: invalid connection option \"servce\"; write pg:service="}},
    {"unknown service",
     "pg:service=morning?table=firms",
     66,
     {"the database cannot be reached: definition of service \"morning\" not found"}},
    {"unknown host",
     "pg:host=nowhere.invalid dbname=demo?table=firms",
     66,
     {"the database cannot be reached: could not translate host name \"nowhere.invalid\""}},
    {"unknown database",
     "pg:dbname=nowhere?table=firms",
     66,
     {"the database cannot be reached:", "failed: database \"nowhere\" does not exist"}},
    {"no password",
     "pg:dbname=demo user=locked?table=firms",
     66,
     {"no password supplied; put the password into ~/.pgpass or a service file"}},
    {"unknown table",
     "pg:demo?table=fims",
     66,
     {"the database \"demo\" has no table \"fims\"; did you mean \"firms\"?"}},
    {"table of another schema",
     "pg:demo?table=Register",
     66,
     {"has no table \"Register\"; did you mean \"archive.register\"?"}},
    {"unknown table, nothing near",
     "pg:demo?table=archive.qwertzuiop",
     66,
     {"has no table \"archive.qwertzuiop\"\n"}},
    {"half a name",
     "pg:demo?table=archive.",
     64,
     {"\"archive.\" is not the name of a table; write table=NAME or table=SCHEMA.NAME"}},
    {"open quote", "pg:demo?table=\"firms", 64, {"is not the name of a table"}},
    {"quoted name", "pg:demo?table=archive.\"a\"\".b\"", 65, {"no rows"}},
    {"forbidden table",
     "pg:dbname=demo user=guest?table=firms",
     65,
     {"the table cannot be read: permission denied for table firms (SQLSTATE 42501)"}},
};

static const struct wrong queries[] = {
    {"syntax",
     "pg:demo?query=SELEC 1",
     65,
     {"the query fails: syntax error at or near \"SELEC\" (SQLSTATE 42601, at character 1 of the "
      "query)"}},
    {"unknown column",
     "pg:demo?query=SELECT 营业收人 FROM firms",
     65,
     {"column \"营业收人\" does not exist (SQLSTATE 42703, at character 8 of the query); Perhaps "
      "you meant to reference the column \"firms.营业收入\""}},
    {"unknown table in a query",
     "pg:demo?query=SELECT * FROM fims",
     65,
     {"relation \"fims\" does not exist (SQLSTATE 42P01, at character 15 of the query)"}},
    {"nothing", "pg:demo?query=;", 65, {"the query gives no table; write a SELECT"}},
    {"deletes", "pg:demo?query=DELETE FROM firms", 65, {"the query gives no table"}},
    {"deletes and returns",
     "pg:demo?query=DELETE FROM firms RETURNING *",
     65,
     {"cannot execute DELETE in a read-only transaction (SQLSTATE 25006); data are only read"}},
    {"deletes on the way",
     "pg:demo?query=WITH d AS (DELETE FROM firms RETURNING *) SELECT * FROM d",
     65,
     {"in a read-only transaction (SQLSTATE 25006)"}},
    {"counts on",
     "pg:demo?query=SELECT nextval('firms_n_seq') AS usci",
     65,
     {"cannot execute nextval() in a read-only transaction"}},
    {"wants to write",
     "pg:demo?query=SELECT set_config('transaction_read_only', 'off', false)",
     65,
     {"transaction read-write mode must be set before any query"}},
    {"two statements",
     "pg:demo?query=SELECT 1; DELETE FROM firms",
     65,
     {"cannot insert multiple commands into a prepared statement"}},
    {"out of the parentheses",
     "pg:demo?query=SELECT 1) TO PROGRAM 'cat > /dev/null' --",
     65,
     {"syntax error at or near \")\" (SQLSTATE 42601, at character 9 of the query)"}},
    {"out of the parentheses, twice",
     "pg:demo?query=SELECT 1) TO STDOUT; DROP TABLE firms; COPY (SELECT 1",
     65,
     {"syntax error at or near \")\""}},
    {"open comment", "pg:demo?query=SELECT 1 /* )", 65, {"unterminated /* comment"}},
    {"a parameter", "pg:demo?query=SELECT $1::text AS usci", 65, {"there is no parameter $1"}},
    {"not a SELECT",
     "pg:demo?query=SHOW server_version",
     65,
     {"syntax error at or near \"SHOW\" (SQLSTATE 42601, at character 1 of the query)"}},
    {"half-way",
     "pg:demo?query=SELECT 1 / (5000 - n) AS usci FROM firms ORDER BY n",
     65,
     {"the query fails: division by zero (SQLSTATE 22012)"}},
    {"thrown out half-way",
     "pg:demo?query=SELECT * FROM firms WHERE n < 9000 OR pg_terminate_backend(pg_backend_pid())",
     74,
     {"the connection to the database broke after 9",
      " rows: terminating connection due to administrator command; server closed"}},
    {"no rows", "pg:demo?query=SELECT * FROM firms WHERE n < 0", 65, {"行政区划代码"}},
};

static void wrong_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        run_wrong(&addresses[i]);
}

static void wrong_queries(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        run_wrong(&queries[i]);
    char *count = psql("demo", "SELECT count(*) > 18000, last_value FROM firms, firms_n_seq GROUP "
                               "BY last_value");
    assert_memory_equal(count, "t|18", 4); /* all are there, and were not counted on */
    free(count);
}

static void passwords(void **state)
{
    (void)state;
    char address[128];
    snprintf(address, sizeof address, "pg:dbname=demo user=locked?table=firms");
    put_file(in_folder("pgpass"), "*:*:*:locked:Geheimnis7\n");
    put_file(in_folder("wrong"), "*:*:*:locked:Geheimnis8\n");
    struct outcome outcome = expect_shell(0, "chmod 600 $TMP/pgpass $TMP/wrong");
    outcome_clear(&outcome);
    setenv("PGPASSFILE", in_folder("pgpass"), 1);
    run_on("locked", DEMO, address, NULL);
    assert_same_results("csv", "locked");
    setenv("PGPASSFILE", in_folder("wrong"), 1);
    run_wrong(&(struct wrong){
        "wrong password", address, 66, {"password authentication failed for user \"locked\""}});
    unsetenv("PGPASSFILE");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Nobody listens; or somebody does and never answers: then the limit of the service holds. */
static void nobody_answers(void **state)
{
    (void)state;
    char port[8], text[256];
    free_port(port);
    double from = seconds();
    snprintf(text, sizeof text, "pg:port=%s dbname=demo?table=firms", port);
    run_wrong(&(struct wrong){"refused",
                              text,
                              66,
                              {"the database cannot be reached: connection to server at "
                               "\"127.0.0.1\", port ",
                               "failed: Connection refused; Is the server running on that host"}});
    assert_true(seconds() - from < 5);
    int deaf = deaf_socket(port);
    snprintf(text, sizeof text, "[deaf]\nport=%s\nconnect_timeout=2\n", port);
    put_file(in_folder("services"), text);
    from = seconds();
    run_wrong(&(struct wrong){"deaf", "pg:service=deaf?table=firms", 66, {"timeout expired"}});
    assert_true(seconds() - from > 1.5 && seconds() - from < 8);
    close(deaf);
}

/* ---- the end before the end ---- */

static void an_interrupt_reaches_the_server(void **state)
{
    (void)state;
    double from = seconds();
    struct outcome outcome = expect_shell(
        130, "timeout --foreground --preserve-status -s INT 1 $MQCI run $TMP/small.yaml "
             "'pg:demo?query=SELECT *, pg_sleep(60) FROM small' -o $TMP/o");
    assert_contains(outcome.err, "interrupted");
    outcome_clear(&outcome);
    assert_true(seconds() - from < 20);
    assert_false(has_file(in_folder("o")));
    assert_sql("demo",
               "SELECT pg_sleep(0.3); SELECT count(*) FROM pg_stat_activity WHERE application_name "
               "= 'mqci'",
               "\n0\n");
    /* and when rows come all the time */
    outcome = expect_shell(
        130, "timeout --foreground --preserve-status -s INT 1 $MQCI run $TMP/small.yaml "
             "'pg:demo?query=SELECT a.* FROM firms a, firms b' -o $TMP/o");
    assert_contains(outcome.err, "interrupted");
    outcome_clear(&outcome);
}

/* The process that serves us is killed, as by a machine without memory; the server then starts
 * over by itself. */
static void the_connection_breaks(void **state)
{
    (void)state;
    put_file(in_folder("who.sql"), "SELECT pid FROM pg_stat_activity WHERE application_name = "
                                   "'mqci' AND state = 'active'");
    struct outcome outcome = expect_shell(
        74, "$MQCI run $TMP/small.yaml 'pg:demo?query=SELECT *, pg_sleep(0.02) FROM firms' -o "
            "$TMP/o & run=$!; for i in {1..100}; do pid=$($PG/psql -X -q -A -t -d demo -f "
            "$TMP/who.sql); [ \"$pid\" ] && break; sleep 0.05; done; sleep 0.5; kill -9 $pid; wait "
            "$run");
    assert_contains(outcome.err, "the connection to the database broke after ");
    assert_contains(
        outcome.err,
        " rows: server closed the connection unexpectedly; This probably means the server "
        "terminated abnormally before or while processing the request.");
    outcome_clear(&outcome);
}

static int set_up(void **state)
{
    (void)state;
    static const char *const foreign[] = {"PGDATABASE",       "PGSERVICE",        "PGPASSWORD",
                                          "PGSERVICEFILE",    "PGOPTIONS",        "PGPASSFILE",
                                          "PGCLIENTENCODING", "PGCONNECT_TIMEOUT"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        unsetenv(foreign[i]);
    setenv("HOME", test_folder(), 1);
    put_small();
    start_server("host all locked 127.0.0.1/32 scram-sha-256");
    for (int year = 2023; year <= 2024; year++) {
        char name[2][64];
        snprintf(name[0], sizeof name[0], "datasets/demo/liaoning-%d.csv", year);
        snprintf(name[1], sizeof name[1], "even-%d.csv", year);
        put_even_rows(name[0], in_folder(name[1]));
    }
    run_sql("postgres", "CREATE DATABASE demo;");
    create_demo("demo");
    create_small();
    run_sql("demo", "CREATE ROLE locked LOGIN PASSWORD 'Geheimnis7'; CREATE ROLE guest LOGIN;"
                    "GRANT SELECT ON firms TO locked;"
                    "CREATE SCHEMA archive; CREATE VIEW archive.register AS SELECT * FROM firms;"
                    "CREATE TABLE archive.\"a\"\".b\" AS SELECT * FROM small WHERE n < 0;");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop_server();
    return 0;
}

int main(void)
{
    if (!find_server()) {
        puts("skipped: the programs of a PostgreSQL server are not installed");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_and_services),
        cmocka_unit_test(one_moment_for_all_inputs),
        cmocka_unit_test(cells),
        cmocka_unit_test(a_column_of_missing_cells),
        cmocka_unit_test(other_encodings),
        cmocka_unit_test(wrong_addresses),
        cmocka_unit_test(wrong_queries),
        cmocka_unit_test(passwords),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(an_interrupt_reaches_the_server),
        cmocka_unit_test(the_connection_breaks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
