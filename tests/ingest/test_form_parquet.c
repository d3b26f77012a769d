/*
 * Parquet files through DuckDB's library, if it is there: looked for where MQCI_DUCKDB says (a
 * folder), where the benchmarks keep it, and where programs find their libraries.
 */
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing.h"
#include "ingest/parquet.h"
#include "ingest/reader.h"
#include "sample.h"
#include "support.h"

static struct mq_duck *duck; /* for making files; NULL: the library is not there */
static struct sample_file file;

static enum mq_status open_path(const char *path, struct mq_source *source, struct mq_error *error)
{
    void *held[MQ_FORMS] = {0};
    struct mq_reader_options options = {.workers = 1};
    enum mq_status status = mq_source_open(path, sample_model(), held, &options, source, error);
    for (size_t i = 0; i < MQ_FORMS; i++)
        if (held[i])
            mq_forms[i]->release(held[i]);
    return status;
}

/* Once it is loaded by its path, its name finds it. */
static void load(void)
{
    static const char *const folders[] = {
        NULL, "build/bench/node_modules/@duckdb/node-bindings-linux-x64",
        "build/bench/node_modules/@duckdb/node-bindings-linux-arm64"};
    void *library = NULL;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !library; i++) {
        const char *folder = i ? folders[i] : getenv("MQCI_DUCKDB");
        char path[1000];
        snprintf(path, sizeof path, "%s/libduckdb.so", folder ? folder : "/nowhere");
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    }
    mq_duck_open(&duck, "test", NULL);
    if (library)
        dlclose(library);
}

static void run_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run_sql(const char *format, ...)
{
    char sql[4000];
    struct mq_duck_result result = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    if (duck->query(duck->connection, sql, &result) != 0)
        fail_msg("%s", duck->result_error(&result));
    duck->destroy_result(&result);
}

/* file.path becomes a Parquet file of these rows. */
static void make_table(const char *select, const char *options)
{
    sample_write(&file, "a.parquet", "", 0);
    run_sql("COPY (%s) TO '%s' (FORMAT parquet%s)", select, file.path, options);
}

static void expect_text(const char *select, const char *wanted)
{
    struct mq_source source;
    struct mq_error error = {0};
    make_table(select, "");
    if (open_path(file.path, &source, &error) != MQ_OK)
        fail_msg("%s: %s", select, error.message);
    char *found = strndup(source.text, source.text_count);
    assert_string_equal(found, wanted);
    assert_true(source.utf8);
    free(found);
    mq_source_close(&source);
    sample_remove(&file);
}

static void expect_refused(const char *path, long line, const char *start, const char *part)
{
    struct mq_source source;
    struct mq_error error = {0};
    enum mq_status status = open_path(path, &source, &error);
    if (strncmp(error.message, start, strlen(start)) != 0)
        print_error("%s\n", error.message);
    assert_int_equal(strncmp(error.message, start, strlen(start)), 0);
    assert_contains(error.message, part);
    assert_null(strstr(error.message, "/proc"));
    assert_null(strstr(error.message, "\n"));
    assert_string_equal(error.file, path);
    assert_int_equal(error.line, line);
    assert_int_equal(status, MQ_DATA);
}

#define SKIP_WITHOUT_LIBRARY()                                                                     \
    do {                                                                                           \
        if (!duck) {                                                                               \
            print_message("skipped: libduckdb.so is not here\n");                                  \
            skip();                                                                                \
        }                                                                                          \
    } while (0)

/* ---- tests ------------------------------------------------------------------------------------- */

/* Runs first, when the library has not been loaded by its path yet. */
static void what_is_missing_is_named(void **state)
{
    (void)state;
    void *library = dlopen("libduckdb.so", RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (!library && (library = dlopen("libduckdb.so", RTLD_NOW | RTLD_LOCAL))) {
        dlclose(library);
        load();
        print_message("skipped: libduckdb.so is installed\n");
        skip();
    }
    sample_write(&file, "a.parquet", "PAR1rest", 8);
    expect_refused(file.path, 0,
                   "is a Parquet file; these are read through DuckDB's library, which cannot be "
                   "loaded (libduckdb.so: ",
                   "): get libduckdb.so from duckdb.org or from the npm package "
                   "@duckdb/node-bindings-linux-x64 and name its folder in LD_LIBRARY_PATH, or "
                   "save the table as CSV");
    sample_remove(&file);
    load();
}

static void cells_come_out_exactly(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
#define NUMBER(sql, cell) expect_text("SELECT " sql " AS revenue", "revenue\n" cell "\n")
    NUMBER("9223372036854775807", "9223372036854775807");
    NUMBER("-12345678901234567890123456789.123456789::DECIMAL(38,9)",
           "-12345678901234567890123456789.123456789");
    NUMBER("1234.50::DECIMAL(9,2)", "1234.50");
    NUMBER("200::UTINYINT", "200");
    NUMBER("1234::DOUBLE", "1234");
    NUMBER("0.1::DOUBLE", "0.1");
    NUMBER("0.1::FLOAT", "0.1");
    NUMBER("16777216::FLOAT", "16777216");
    NUMBER("-1e-5::DOUBLE", "-0.00001");
    NUMBER("1e17::DOUBLE", "100000000000000000");
    NUMBER("(1.0::DOUBLE / 3)", "0.3333333333333333");
    NUMBER("'nan'::DOUBLE", "\"\"");
    NUMBER("'-inf'::DOUBLE", "-inf");
    NUMBER("NULL::DOUBLE", "\"\"");
    NUMBER("NULL", "\"\"");
    NUMBER("true", "true");
    NUMBER("DATE '2024-02-29'", "2024-02-29");
    NUMBER("TIMESTAMP '2024-02-29 12:34:56.5'", "2024-02-29 12:34:56.5");
    NUMBER("TIMESTAMPTZ '2024-02-29 12:34:56+08'", "2024-02-29 04:34:56+00");
    NUMBER("'a,\"b\"'||chr(10)||'c'", "\"a,\"\"b\"\"\nc\"");
    NUMBER("'12 bytes now'", "12 bytes now");
    NUMBER("'沈阳市铁西区一家企业的名称'", "沈阳市铁西区一家企业的名称");
    NUMBER("'x'::ENUM('y', 'x')", "x");
#undef NUMBER
}

/* Columns that no input asks for are there by name, whatever they hold. */
static void other_columns_are_not_read(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    expect_text("SELECT [1, 2] AS parts, 'K1' AS usci, {'a': 1} AS more, 5 AS \"营业收入\", "
                "'\\xFF'::BLOB AS photo, 7 AS \"say \"\"x\"\"\"",
                "parts,usci,more,营业收入,photo,\"say \"\"x\"\"\"\n,K1,,5,,\n");
    expect_text("SELECT [1, 2] AS parts", "parts\n\"\"\n");
    expect_text("SELECT 5 AS revenue WHERE false", "revenue\n");
}

static void rows_keep_their_order(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    enum { ROWS = 300000 };
    struct mq_source source;
    struct mq_error error = {0};
    make_table("SELECT i AS revenue, CASE WHEN i % 3 = 0 THEN NULL ELSE 'name of ' || i END AS "
               "name FROM range(300000) t(i)",
               ", ROW_GROUP_SIZE 5000, COMPRESSION zstd");
    assert_int_equal(open_path(file.path, &source, &error), MQ_OK);
    assert_int_equal(source.bytes == source.text, 0); /* the digest is that of the file */
    const char *at = strchr(source.text, '\n') + 1;
    for (long i = 0; i < ROWS; i++) {
        char row[100];
        int length = i % 3 ? snprintf(row, sizeof row, "%ld,name of %ld\n", i, i)
                           : snprintf(row, sizeof row, "%ld,\n", i);
        assert_memory_equal(at, row, length);
        at += length;
    }
    assert_ptr_equal(at, source.text + source.text_count);
    mq_source_close(&source);
    sample_remove(&file);
}

static void names_are_taken_as_they_are(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    char folder[300], path[400];
    static const char *const names[] = {"a'b \"c\".parquet", "[ab]*?.parquet", "{x},y.parquet",
                                        "s3:x #1.parquet", "表.parquet"};
    make_table("SELECT 5 AS revenue", "");
    snprintf(folder, sizeof folder, "%s/year=2024", file.folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct mq_source source;
        struct mq_error error = {0};
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(link(file.path, path), 0);
        if (open_path(path, &source, &error) != MQ_OK)
            fail_msg("%s: %s", names[i], error.message);
        assert_int_equal(source.text_count, strlen("revenue\n5\n"));
        assert_memory_equal(source.text, "revenue\n5\n", source.text_count);
        mq_source_close(&source);
        unlink(path);
    }
    rmdir(folder);
    sample_remove(&file);
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    static const struct {
        const char *select, *message;
    } nested[] = {
        {"[1, 2]", "lists"},
        {"[1, 2]::INTEGER[2]", "lists"},
        {"{'a': 1}", "structures of several values"},
        {"MAP {'a': 1}", "structures of several values"},
    };
    for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
        char select[200], message[200];
        snprintf(select, sizeof select, "SELECT 'K' AS usci, %s AS revenue", nested[i].select);
        snprintf(message, sizeof message,
                 "column \"revenue\" holds %s, a number or text per row was expected",
                 nested[i].message);
        make_table(select, "");
        expect_refused(file.path, 1, message, "");
        sample_remove(&file);
    }
    make_table("SELECT '\\xFF\\xFE'::BLOB AS name", "");
    expect_refused(file.path, 0, "cannot be read as Parquet (DuckDB: Invalid Input Error: Invalid",
                   "make or copy the file again");
    sample_remove(&file);
    sample_write(&file, "a.parquet", "PAR1rest of it all, no end", 26);
    expect_refused(file.path, 0, "cannot be read as Parquet (DuckDB: ", file.path);
    sample_remove(&file);
}

/* Cut off or changed anywhere: an error, or the rows as they were. */
static void damage_never_loses_rows(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    make_table("SELECT 'K' || (i * 7919 % 100003) AS usci, i * 31.25::DOUBLE AS revenue FROM "
               "range(20000) t(i)",
               ", ROW_GROUP_SIZE 4096");
    struct mq_buffer whole = MQ_BUFFER_EMPTY;
    struct mq_source source;
    struct mq_error error = {0};
    assert_int_equal(mq_read_file(file.path, &whole, &error), MQ_OK);
    sample_remove(&file);
    for (size_t part = 1; part < 20; part++) {
        sample_write(&file, "a.parquet", whole.data, whole.length * part / 20);
        expect_refused(file.path, 0, "cannot be read as Parquet (DuckDB: ", "or save the table");
        sample_remove(&file);
    }
    int refused = 0;
    for (size_t at = 4; at + 600 < whole.length; at += whole.length / 60) {
        char kept[64];
        memcpy(kept, whole.data + at, sizeof kept);
        memset(whole.data + at, 0xA5, sizeof kept);
        sample_write(&file, "a.parquet", whole.data, whole.length);
        enum mq_status status = open_path(file.path, &source, &error);
        if (status == MQ_OK) {
            size_t lines = 0;
            for (size_t i = 0; i < source.text_count; i++)
                lines += source.text[i] == '\n';
            assert_true(lines >= 20001);
            mq_source_close(&source);
        } else {
            assert_int_equal(status, MQ_DATA);
            assert_string_equal(error.file, file.path);
            refused++;
        }
        sample_remove(&file);
        memcpy(whole.data + at, kept, sizeof kept);
    }
    assert_true(refused > 20);
    mq_buffer_clear(&whole);
}

static void reading_can_be_stopped(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    make_table("SELECT i AS revenue FROM range(10000) t(i)", "");
    volatile int stop = 1;
    void *held[MQ_FORMS] = {0};
    struct mq_source source;
    struct mq_error error = {0};
    struct mq_reader_options options = {.workers = 1, .stop = &stop};
    assert_int_equal(mq_source_open(file.path, sample_model(), held, &options, &source, &error),
                     MQ_INTERRUPTED);
    assert_string_equal(error.message, "interrupted while reading");
    for (size_t i = 0; i < MQ_FORMS; i++)
        if (held[i])
            mq_forms[i]->release(held[i]);
    sample_remove(&file);
}

static void reading_without_memory(void **state)
{
    (void)state;
    SKIP_WITHOUT_LIBRARY();
    make_table("SELECT 'K' || i || chr(10) AS usci, i / 3::DOUBLE AS revenue FROM range(300) t(i)",
               "");
    int failures = 0;
    for (long n = 0;; n++) {
        struct mq_source source;
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = open_path(file.path, &source, &error);
        bool reached = allocation_failed();
        if (status == MQ_OK)
            mq_source_close(&source);
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            break;
        }
        failures++;
        assert_int_equal(status, MQ_INTERNAL);
        assert_string_equal(error.message, "out of memory");
    }
    assert_true(failures > 10);
    sample_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_named),    cmocka_unit_test(cells_come_out_exactly),
        cmocka_unit_test(other_columns_are_not_read),  cmocka_unit_test(rows_keep_their_order),
        cmocka_unit_test(names_are_taken_as_they_are), cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(damage_never_loses_rows),     cmocka_unit_test(reading_can_be_stopped),
        cmocka_unit_test(reading_without_memory),
    };
    int failed = cmocka_run_group_tests_name("ingest.form_parquet", tests, NULL, NULL);
    if (duck)
        mq_duck_close(duck);
    return failed;
}
