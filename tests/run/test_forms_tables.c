/*
 * Tables of SQLite and Parquet files: the same results as the CSV file with the same cells. The
 * rows of the demo that are too short or too long are left out, for tables have none.
 */
#include <dlfcn.h>
#include <sqlite3.h>

#include "small.h"

#define DEMO "models/mqci-liaoning.yaml"

/* ---- a CSV table into SQLite ------------------------------------------------------------------- */

enum { MOST_COLUMNS = 64 };

struct row {
    char *cell[MOST_COLUMNS];
    size_t cells;
};

/* Cuts the record at *at in place and moves on; false at the end. */
static bool next_row(char **at, struct row *row)
{
    char *from = *at;
    row->cells = 0;
    while (*from) {
        assert_true(row->cells < MOST_COLUMNS);
        char *to = row->cell[row->cells++] = from;
        bool quoted = *from == '"';
        from += quoted;
        while (*from && (quoted ? *from != '"' || from[1] == '"' : !strchr(",\r\n", *from))) {
            from += quoted && *from == '"';
            *to++ = *from++;
        }
        from += quoted;
        char ended = *from;
        from += (ended != '\0') + (ended == '\r' && from[1] == '\n');
        *to = '\0';
        if (ended != ',')
            break;
    }
    *at = from;
    return row->cells > 0;
}

static bool whole_number(const char *text)
{
    char *end;
    strtoll(text, &end, 10);
    return *text && !*end && strlen(text) < 16 && (text[0] != '0' || !text[1]);
}

static void bind_cell(sqlite3_stmt *insert, int index, const char *text)
{
    char *end;
    double real = strtod(text, &end);
    bool whole = whole_number(text), decimal = strchr(text, '.') && real > 0 && !*end;
    if (!*text)
        sqlite3_bind_null(insert, index);
    else if (decimal || (whole && index % 3 == 0)) /* some whole numbers as real ones */
        sqlite3_bind_double(insert, index, real);
    else if (whole)
        sqlite3_bind_int64(insert, index, strtoll(text, NULL, 10));
    else
        sqlite3_bind_text(insert, index, text, -1, SQLITE_TRANSIENT);
}

static void add_row(sqlite3_stmt *insert, const struct row *row)
{
    for (size_t i = 0; i < row->cells; i++)
        bind_cell(insert, (int)i + 1, row->cell[i]);
    assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
    sqlite3_reset(insert);
}

static void print_row(FILE *stream, const struct row *row)
{
    for (size_t i = 0; i < row->cells; i++) {
        fputs(i ? ",\"" : "\"", stream);
        for (const char *c = row->cell[i]; *c; c++)
            fprintf(stream, *c == '"' ? "\"\"" : "%c", *c);
        fputc('"', stream);
    }
    fputc('\n', stream);
}

static sqlite3_stmt *make_table(sqlite3 *base, const char *table, const struct row *header)
{
    char sql[8000], values[2 * MOST_COLUMNS];
    size_t length = (size_t)snprintf(sql, sizeof sql, "BEGIN; CREATE TABLE \"%s\"(", table);
    sqlite3_stmt *insert;
    for (size_t i = 0; i < header->cells; i++) {
        length += (size_t)snprintf(sql + length, sizeof sql - length, "%s\"%s\"", i ? ", " : "",
                                   header->cell[i]);
        values[2 * i] = '?';
        values[2 * i + 1] = i + 1 < header->cells ? ',' : '\0';
    }
    snprintf(sql + length, sizeof sql - length, ")");
    assert_int_equal(sqlite3_exec(base, sql, NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql, "INSERT INTO \"%s\" VALUES(%s)", table, values);
    assert_int_equal(sqlite3_prepare_v2(base, sql, -1, &insert, NULL), SQLITE_OK);
    return insert;
}

/* The rows of `from` that have as many cells as its header, as a table and as a CSV file. */
static void import_rows(sqlite3 *base, const char *table, const char *from, const char *to)
{
    char *text = get_file(from), *at = text;
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    FILE *stream = fopen(to, "wb");
    struct row header, row;
    assert_non_null(stream);
    assert_true(next_row(&at, &header));
    print_row(stream, &header);
    sqlite3_stmt *insert = make_table(base, table, &header);
    int rows = 0;
    while (next_row(&at, &row))
        if (row.cells == header.cells) {
            add_row(insert, &row);
            print_row(stream, &row);
            rows++;
        }
    assert_true(rows > 8000);
    sqlite3_finalize(insert);
    assert_int_equal(sqlite3_exec(base, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(fclose(stream), 0);
    free(text);
}

static void make_tables(void)
{
    sqlite3 *base;
    assert_int_equal(sqlite3_open(in_folder("demo.db"), &base), SQLITE_OK);
    import_rows(base, "2023年", "datasets/demo/liaoning-2023.csv", in_folder("2023.csv"));
    import_rows(base, "2024年", "datasets/demo/liaoning-2024.csv", in_folder("2024.csv"));
    sqlite3_close(base);
    struct outcome outcome =
        expect_shell(0, "$MQCI run " DEMO " $TMP/2023.csv $TMP/2024.csv -o $TMP/csv");
    outcome_clear(&outcome);
}

static void same_results(const char *operands)
{
    static const char *const files[] = {"scores.csv", "indicators.csv"};
    struct outcome outcome =
        expect_shell(0, "rm -rf $TMP/o; $MQCI run " DEMO " %s -o $TMP/o", operands);
    outcome_clear(&outcome);
    for (size_t i = 0; i < 2; i++) {
        char a[100], b[100];
        snprintf(a, sizeof a, "csv/%s", files[i]);
        snprintf(b, sizeof b, "o/%s", files[i]);
        assert_same_file(in_folder(a), in_folder(b));
    }
}

static void refused(const char *before, const char *data, int status, const char *message)
{
    struct outcome outcome =
        expect_shell(status, "rm -rf $TMP/o; %s $MQCI run " DEMO " %s -o $TMP/o", before, data);
    assert_contains(outcome.err, message);
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("o")));
    assert_false(has_file(in_folder("o.building")));
}

/* ---- SQLite ------------------------------------------------------------------------------------ */

static void sqlite_tables_give_the_same(void **state)
{
    (void)state;
    same_results("'sqlite:'$TMP'/demo.db?table=2023年' 'sqlite:'$TMP'/demo.db?table=2024年'");
    same_results("'sqlite:'$TMP'/demo.db?query=SELECT * FROM \"2023年\" UNION ALL SELECT * FROM "
                 "\"2024年\"' -j 3");
    same_results("$TMP/2023.csv 'sqlite:'$TMP'/demo.db?query=SELECT * FROM \"2024年\" ORDER BY "
                 "random()'");
}

static void sqlite_errors_leave_nothing(void **state)
{
    (void)state;
    refused("", "sqlite:$TMP/none.db?table=t", 66, "none.db: no such file");
    refused("", "sqlite:$TMP/demo.db", 64, "says no table; write sqlite:...?table=NAME");
    refused("", "$TMP/demo.db", 64, "is an SQLite file; say which table: sqlite:");
    refused("", "- < $TMP/demo.db", 65,
            "-: is an SQLite file, which cannot be read from standard input; name the file");
    refused("", "'sqlite:'$TMP'/demo.db?table=2025年'", 65,
            "has no table \"2025年\"; it has: 2023年, 2024年");
    refused("", "sqlite:$TMP/2023.csv?table=t", 65, "2023.csv: is not an SQLite file");
    refused("", "'sqlite:'$TMP'/demo.db?query=DROP TABLE \"2023年\"'", 64,
            "the query would change the file; write one SELECT statement");
    refused("", "'sqlite:'$TMP'/demo.db?query=SELECT 年份 FROM \"2023年\"'", 65,
            ":1:1: no column for input \"usci\"");
    refused("", "'sqlite:'$TMP'/demo.db?query=SELECT * FROM \"2023年\" WHERE 0'", 65,
            "has a header but no rows");
    refused("", "'sqlite:'$TMP'/demo.db?query=SELECT CAST(1 AS BLOB) AS usci, * FROM \"2023年\"'",
            65, ":2: row 1, column \"usci\" holds binary data (BLOB)");
}

/* ---- Parquet ------------------------------------------------------------------------------------- */

/* The folder of libduckdb.so, NULL if it is not here. */
static const char *duckdb_folder(void)
{
    static char folder[1000];
    static const char *const places[] = {
        NULL, "build/bench/node_modules/@duckdb/node-bindings-linux-x64",
        "build/bench/node_modules/@duckdb/node-bindings-linux-arm64"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char path[1100];
        const char *place = i ? places[i] : getenv("MQCI_DUCKDB");
        snprintf(folder, sizeof folder, "%s%s%s", i ? MQCI_SOURCE_DIR : "", i ? "/" : "",
                 place ? place : "/nowhere");
        snprintf(path, sizeof path, "%s/libduckdb.so", folder);
        if (has_file(path))
            return folder;
    }
    return NULL;
}

/* Runs one statement in DuckDB; its result takes 48 bytes of no interest. */
static void run_duckdb(const char *folder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void run_duckdb(const char *folder, const char *format, ...)
{
    char path[1100], sql[2000];
    void *database = NULL, *connection = NULL, *library;
    uint64_t result[6] = {0};
    int (*open)(const char *, void **), (*connect)(void *, void **);
    int (*query)(void *, const char *, void *);
    void (*destroy_result)(void *), (*disconnect)(void **), (*close)(void **);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    snprintf(path, sizeof path, "%s/libduckdb.so", folder);
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    assert_non_null(library);
    *(void **)&open = dlsym(library, "duckdb_open");
    *(void **)&connect = dlsym(library, "duckdb_connect");
    *(void **)&query = dlsym(library, "duckdb_query");
    *(void **)&destroy_result = dlsym(library, "duckdb_destroy_result");
    *(void **)&disconnect = dlsym(library, "duckdb_disconnect");
    *(void **)&close = dlsym(library, "duckdb_close");
    assert_int_equal(open(NULL, &database), 0);
    assert_int_equal(connect(database, &connection), 0);
    assert_int_equal(query(connection, sql, result), 0);
    destroy_result(result);
    disconnect(&connection);
    close(&database);
}

static void parquet_files_give_the_same(void **state)
{
    (void)state;
    const char *folder = duckdb_folder();
    if (!folder) {
        print_message("skipped: libduckdb.so is not here\n");
        skip();
    }
    for (int year = 2023; year <= 2024; year++) {
        run_duckdb(folder,
                   "COPY (SELECT * FROM read_csv('%s/%d.csv', header = true, delim = ',', quote = "
                   "'\"', escape = '\"', all_varchar = true)) TO '%s/%d.parquet' (FORMAT parquet, "
                   "ROW_GROUP_SIZE 2048)",
                   test_folder(), year, test_folder(), year);
        /* the same with numbers, as text and not */
        for (int csv = 0; csv < 2; csv++)
            run_duckdb(folder,
                       "COPY (SELECT * REPLACE (TRY_CAST(\"出口交货值\" AS DOUBLE) AS "
                       "\"出口交货值\", TRY_CAST(\"行政区划代码\" AS INTEGER) AS "
                       "\"行政区划代码\", TRY_CAST(\"营业收入\" AS DECIMAL(18, 2)) AS "
                       "\"营业收入\") FROM '%s/%d.parquet') TO '%s/typed-%d.%s'",
                       test_folder(), year, test_folder(), year, csv ? "csv" : "parquet");
    }
    setenv("LD_LIBRARY_PATH", folder, 1);
    same_results("$TMP/2023.parquet $TMP/2024.parquet");
    same_results("- $TMP/2024.csv < $TMP/2023.parquet");
    same_results("<(cat $TMP/2023.parquet) $TMP/2024.parquet -j 3");
    struct outcome outcome = expect_shell(
        0, "$MQCI run " DEMO " $TMP/typed-202?.parquet -o $TMP/typed && $MQCI run " DEMO
           " $TMP/typed-202?.csv -o $TMP/untyped && "
           "head -c 30000 $TMP/2023.parquet > $TMP/cut.parquet");
    outcome_clear(&outcome);
    assert_same_file(in_folder("typed/scores.csv"), in_folder("untyped/scores.csv"));
    assert_same_file(in_folder("typed/indicators.csv"), in_folder("untyped/indicators.csv"));
    refused("", "$TMP/cut.parquet", 65, "cut.parquet: cannot be read as Parquet (DuckDB: ");
    refused("", "- < $TMP/cut.parquet", 65, "-: cannot be read as Parquet (DuckDB: ");
    unsetenv("LD_LIBRARY_PATH");
}

static void parquet_without_its_library(void **state)
{
    (void)state;
    put_file(in_folder("x.parquet"), "PAR1 and so on PAR1");
    refused("LD_LIBRARY_PATH=", "$TMP/nowhere.parquet", 66, "no such file");
    struct outcome outcome =
        run_shell("PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q libduckdb.so");
    bool installed = outcome.status == 0;
    outcome_clear(&outcome);
    if (installed) {
        print_message("skipped: libduckdb.so is installed\n");
        skip();
    }
    refused("LD_LIBRARY_PATH=", "$TMP/x.parquet", 65,
            "is a Parquet file; these are read through DuckDB's library, which cannot be loaded "
            "(libduckdb.so: cannot open shared object file: No such file or directory): get "
            "libduckdb.so from duckdb.org or from the npm package @duckdb/node-bindings-linux-x64 "
            "and name its folder in LD_LIBRARY_PATH, or save the table as CSV");
    /* a library of that name that is another one */
    outcome =
        expect_shell(0, "mkdir -p $TMP/other && cp $(ldd $MQCI | awk '/libz\\.so/ {print $3}') "
                        "$TMP/other/libduckdb.so");
    outcome_clear(&outcome);
    refused("LD_LIBRARY_PATH=$TMP/other", "$TMP/x.parquet", 65,
            "and the libduckdb.so found here has no duckdb_create_config: get libduckdb.so from");
}

int main(void)
{
    make_tables();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlite_tables_give_the_same),
        cmocka_unit_test(sqlite_errors_leave_nothing),
        cmocka_unit_test(parquet_files_give_the_same),
        cmocka_unit_test(parquet_without_its_library),
    };
    return cmocka_run_group_tests_name("run.forms_tables", tests, NULL, NULL);
}
