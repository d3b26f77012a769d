/* What cannot be read: every error with its place and message, the same for any workers and block
 * size. */
#include <sys/stat.h>
#include <unistd.h>

#include "sample.h"
#include "support.h"

#define GOOD_ROW "K,2020,n,1,2\n"

/* The error for a text, with the place it must have. */
static void expect(const char *bytes, size_t count, long line, long column, const char *message)
{
    struct mq_error error = {0};
    sample_expect_error(bytes, count, sample_model(), &error);
    if (error.status != MQ_DATA || error.line != line || error.column != column ||
        !strstr(error.message, message))
        print_error("status %d, %ld:%ld: %s\n", error.status, error.line, error.column,
                    error.message);
    assert_int_equal(error.status, MQ_DATA);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_contains(error.message, message);
}
#define EXPECT(text, line, column, message) expect(text, sizeof(text) - 1, line, column, message)

/* `before` good rows, then `text`, then `after` good rows; the header is line 1. */
static void expect_among(int before, const char *text, int after, long line, long column,
                         const char *message)
{
    struct mq_buffer file = MQ_BUFFER_EMPTY;
    mq_buffer_text(&file, SAMPLE_HEADER);
    for (int i = 0; i < before; i++)
        mq_buffer_format(&file, "K%d,2020,\"辽,%d\",%d.25,2.385\n", i, i, i);
    mq_buffer_text(&file, text);
    for (int i = 0; i < after; i++)
        mq_buffer_format(&file, "L%d,2020,\"辽,%d\",%d.25,2.385\n", i, i, i);
    expect(file.data, file.length, line, column, message);
    mq_buffer_clear(&file);
}

/* ---- what is no table -------------------------------------------------------------------------- */

static void files_that_cannot_be_opened(void **state)
{
    (void)state;
    struct mq_error error = {0};
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    const char *path = "/nowhere/data.csv";
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, &error),
                     MQ_NO_INPUT);
    assert_string_equal(error.file, path);
    assert_string_equal(error.message, "no such file");
    struct sample_file file;
    sample_write(&file, "a.csv", SAMPLE_HEADER GOOD_ROW, sizeof SAMPLE_HEADER GOOD_ROW - 1);
    path = file.folder;
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, &error), MQ_DATA);
    assert_string_equal(error.file, path);
    assert_contains(error.message, "is a folder");
    const char *const both[] = {file.path, "/nowhere/data.csv"};
    assert_int_equal(mq_reader_open(sample_model(), both, 2, &options, &reader, &error),
                     MQ_NO_INPUT);
    assert_string_equal(error.file, both[1]);
    assert_int_equal(mq_reader_open(sample_model(), both, 0, &options, &reader, &error), MQ_USAGE);
    assert_null(reader);
    sample_remove(&file);
}

static void files_that_are_no_tables(void **state)
{
    (void)state;
    EXPECT("", 0, 0, "is empty");
    EXPECT("\n \r\n\t\n", 1, 1, "only blank lines");
    EXPECT("\xEF\xBB\xBF", 1, 1, "only blank lines");
    EXPECT(SAMPLE_HEADER, 1, 1, "has a header but no rows");
    EXPECT("\nusci,year,name,revenue,rate\r\n \n\n", 2, 1, "has a header but no rows");
    EXPECT("PK\x03\x04rest", 0, 0, "is a workbook or zip archive");
    EXPECT("\xD0\xCF\x11\xE0rest", 0, 0, "old Excel workbook");
    EXPECT("\x1F\x8Brest", 1, 0, "the compressed data is damaged near byte 4 of the file");
    EXPECT("\x1F\x8B\x08", 1, 0, "the file is cut off: its compressed data stops at byte 3");
    EXPECT("\x28\xB5\x2F\xFD", 1, 0, "the file is cut off: its compressed data stops at byte 4");
    EXPECT("SQLite format 3\0rest", 0, 0, "is not an SQLite file, or it is encrypted");
    EXPECT("\xFF\xFEu\0s\0", 0, 0, "is UTF-16");
    EXPECT("\xFE\xFF\0u\0s", 0, 0, "is UTF-16");
    EXPECT("usci,year,name,revenue,rate\rK,2020,n,1,2\r", 1, 1, "lines end in CR alone");
}

static void headers_that_do_not_fit(void **state)
{
    (void)state;
    EXPECT("usci,year,name,revenu,rate\n" GOOD_ROW, 1, 1,
           "no column for input \"revenue\", expected one of: revenue, 营业收入; the header has: "
           "usci, year, name, revenu, rate; did you mean \"revenu\"?");
    EXPECT("\n\nusci,name,revenue,rate\n" GOOD_ROW, 3, 1,
           "no column for input \"year\", expected year;");
    EXPECT("usci,year,\"na\nme\",name,revenue,year,rate\n" GOOD_ROW, 2, 18,
           "columns 2 \"year\" and 6 \"year\" are both input \"year\"");
    EXPECT("usci,revenue,年, 营业收入 ,year,name,rate\n" GOOD_ROW, 1, 17,
           "columns 2 \"revenue\" and 4 \"营业收入\" are both input \"revenue\"; keep one of them");
    EXPECT("usci,ye\"ar,name\n" GOOD_ROW, 1, 8, "a quote inside an unquoted field");
    EXPECT("usci,\"year,name\n" GOOD_ROW, 1, 6, "the quoted field that starts here never ends");
    EXPECT("usci,n\xC4,name\nK\n", 1, 7, "byte 0xC4 is not valid UTF-8");
}

/* ---- quotes ------------------------------------------------------------------------------------------ */

static void quotes_in_the_wrong_place(void **state)
{
    (void)state;
    expect_among(700, "K,2020,辽\"宁,1,2\n", 700, 702, 9,
                 "a quote inside an unquoted field; double it and quote the field");
    expect_among(3, "K,2020,n,1,2 \"\n", 9000, 5, 14, "a quote inside an unquoted field");
    expect_among(700, "K,2020,\"辽\n宁\"省,1,2\n", 5, 703, 3,
                 "text after the closing quote of the field that starts at line 702, column 8");
    expect_among(0, "K,2020,\"a\" \"b\",1,2\n", 2000, 2, 12, "starts at line 2, column 8");
    expect_among(900, "K,2020,\"大连,1,2\nK,2020,n,1,2\n", 0, 902, 8,
                 "the quoted field that starts here never ends; add the closing quote");
    /* a quote that is never closed shows at the next one */
    expect_among(900, "K,2020,\"大连,1,2\n", 3000, 903, 10, "that starts at line 902, column 8");
    expect_among(0, "K,2020,n,1,\"", 0, 2, 12, "never ends");
}

static void the_first_of_several_errors_counts(void **state)
{
    (void)state;
    struct mq_buffer file = MQ_BUFFER_EMPTY;
    mq_buffer_text(&file, SAMPLE_HEADER);
    for (int i = 2; i <= 60000; i++)
        mq_buffer_text(&file, i % 5000 == 1234   ? "K,2020,a\"b,1,2\n"
                              : i % 5000 == 1300 ? "K,2020,\xFF,1,2\n"
                                                 : GOOD_ROW);
    /* all in ASCII but the broken bytes: neither encoding fits, found when the file is opened */
    expect(file.data, file.length, 1300, 8, "byte 0xFF is not valid");
    for (size_t i = 0; i < file.length; i++) /* now valid UTF-8 at first */
        if (file.data[i] == 'n' && i > 100) {
            memcpy(file.data + i - 3, "\xE8\xBE\xBD,", 4);
            break;
        }
    static const char *const orders[2] = {"K,2020,a\"b,1,2\n", "K,2020,\xFF,1,2\n"};
    for (int first = 0; first < 2; first++) {
        struct mq_buffer text = MQ_BUFFER_EMPTY;
        mq_buffer_text(&text, SAMPLE_HEADER "辽,2020,n,1,2\n");
        for (int i = 3; i < 100000; i++)
            mq_buffer_text(&text, i == 90010   ? orders[first]
                                  : i == 90050 ? orders[1 - first]
                                               : GOOD_ROW);
        assert_true(text.length > (1 << 20) + (1 << 17)); /* the error lies behind the window */
        expect(text.data, text.length, 90010, first ? 8 : 9,
               first ? "byte 0xFF is not valid UTF-8" : "a quote inside");
        mq_buffer_clear(&text);
    }
    mq_buffer_clear(&file);
}

static void the_first_broken_file_counts(void **state)
{
    (void)state;
    static const char good[] = SAMPLE_HEADER GOOD_ROW, bad[] = SAMPLE_HEADER "K,2020,a\"b,1,2\n";
    struct sample_file file[3];
    sample_write(&file[0], "a.csv", good, sizeof good - 1);
    sample_write(&file[1], "b.csv", bad, sizeof bad - 1);
    sample_write(&file[2], "c.csv", bad, sizeof bad - 1);
    const char *const paths[] = {file[0].path, file[1].path, file[2].path};
    for (int workers = 1; workers < 8; workers++) {
        struct mq_error error = {0};
        struct sample_way way = {.workers = workers};
        assert_null(sample_read(sample_model(), paths, 3, &way, &error));
        assert_string_equal(error.file, paths[1]);
        assert_int_equal(error.line, 2);
        assert_int_equal(error.column, 9);
    }
    for (int i = 0; i < 3; i++)
        sample_remove(&file[i]);
}

/* ---- encodings ------------------------------------------------------------------------------------------ */

static void bytes_that_are_no_text(void **state)
{
    (void)state;
    EXPECT(SAMPLE_HEADER "辽宁鞍山,2020,n,1,2\n沈\xE9\x98,2020,n,1,2\n", 3, 2,
           "byte 0xE9 is not valid UTF-8");
    EXPECT(SAMPLE_HEADER "K,2020,\x00,1,2\n", 2, 8, "byte 0x00");
    EXPECT(SAMPLE_HEADER "K,2020,辽,1,2\nK,2020,a\x00,1,2\n", 3, 9, "byte 0x00");
    /* GB18030 gets further: 沈阳 in it, then a byte it does not have */
    EXPECT(SAMPLE_HEADER "K,2020,\xC9\xF2\xD1\xF4\xFF,1,2\n", 2, 10,
           "byte 0xFF is not valid GB18030");
    struct mq_buffer late = MQ_BUFFER_EMPTY; /* UTF-8 as far as the window, GB18030 behind it */
    mq_buffer_text(&late, SAMPLE_HEADER);
    for (int i = 2; i < 100000; i++)
        mq_buffer_text(&late, i == 99000 ? "K,2020,辽\xC9\xF2,1,2\n" : "K,2020,辽,1,2\n");
    expect(
        late.data, late.length, 99000, 9,
        "byte 0xC9 is not valid UTF-8; save the file as UTF-8 or GB18030, or declare --encoding");
    mq_buffer_clear(&late);
}

static void a_declared_encoding_is_obeyed(void **state)
{
    (void)state;
    static const char gb[] = SAMPLE_HEADER "K,2020,\xC9\xF2\xD1\xF4,1,2\n"; /* 沈阳 */
    static const char both[] =
        SAMPLE_HEADER "K,2020,\xC2\xA3,1,2\n"; /* £ in UTF-8, 拢 in GB18030 */
    struct sample_file file;
    struct mq_error error = {0};
    sample_write(&file, "gb.csv", gb, sizeof gb - 1);
    const char *path = file.path;
    char *text =
        sample_read(sample_model(), &path, 1, &(struct sample_way){.encoding = MQ_UTF8}, &error);
    assert_null(text);
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 8);
    assert_contains(error.message, "byte 0xC9 is not valid UTF-8");
    sample_remove(&file);
    sample_write(&file, "both.csv", both, sizeof both - 1);
    static const enum mq_encoding encodings[] = {MQ_ENCODING_AUTO, MQ_UTF8, MQ_GB18030};
    static const char *const names[] = {" £ ", " £ ", " 拢 "};
    for (size_t i = 0; i < 3; i++) {
        text = sample_read(sample_model(), &path, 1, &(struct sample_way){.encoding = encodings[i]},
                           &error);
        assert_non_null(text);
        assert_contains(text, names[i]);
        free(text);
    }
    sample_remove(&file);
}

/* ---- rows without end, pipes, stopping -------------------------------------------------------------------- */

static void rows_without_end(void **state)
{
    (void)state;
    enum { HUGE_BYTES = 70 << 20 };
    for (int quoted = 0; quoted < 2; quoted++) {
        struct sample_file file;
        sample_write(&file, "huge.csv", "", 0);
        FILE *stream = fopen(file.path, "wb");
        fputs(SAMPLE_HEADER GOOD_ROW, stream);
        fputs(quoted ? "K,2020,\"n" : "K,2020,n", stream);
        static char filler[1 << 20];
        memset(filler, 'x', sizeof filler);
        for (int i = 0; i < HUGE_BYTES >> 20; i++)
            fwrite(filler, 1, sizeof filler, stream);
        fputs("\n" GOOD_ROW, stream);
        assert_int_equal(fclose(stream), 0);
        static const size_t blocks[] = {4 << 10, 64 << 20};
        for (size_t b = 0; b < 2; b++) {
            const char *path = file.path;
            struct mq_error error = {0};
            struct sample_way way = {.workers = 2, .block_bytes = blocks[b]};
            assert_null(sample_read(sample_model(), &path, 1, &way, &error));
            assert_int_equal(error.status, MQ_DATA);
            assert_int_equal(error.line, 3);
            assert_int_equal(error.column, quoted ? 8 : 1);
            assert_contains(error.message, quoted ? "never ends" : "longer than 64 MiB");
        }
        sample_remove(&file);
    }
}

static enum mq_status read_pipe(const char *bytes, size_t count, const char *spool,
                                struct mq_error *error)
{
    int ends[2], before = dup(STDIN_FILENO);
    const char *path = "-";
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1, .spool_directory = spool};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, count), count);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    enum mq_status status = mq_reader_open(sample_model(), &path, 1, &options, &reader, error);
    dup2(before, STDIN_FILENO);
    close(before);
    mq_reader_close(reader);
    return status;
}

static void pipes_that_fail(void **state)
{
    (void)state;
    struct mq_error error = {0};
    assert_int_equal(read_pipe("", 0, NULL, &error), MQ_DATA);
    assert_string_equal(error.file, "-");
    assert_string_equal(error.message, "is empty");
    assert_int_equal(read_pipe("x", 1, "/nowhere", &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, "/nowhere");
    assert_int_equal(read_pipe("usci\nK\n", 7, NULL, &error), MQ_DATA);
    assert_string_equal(error.file, "-");
    assert_contains(error.message, "no column for input \"year\"");
}

static void reading_can_be_stopped(void **state)
{
    (void)state;
    static const char text[] = SAMPLE_HEADER GOOD_ROW;
    struct sample_file file;
    volatile int stop = 0;
    sample_write(&file, "a.csv", text, sizeof text - 1);
    const char *path = file.path;
    struct mq_reader_options options = {.workers = 1, .stop = &stop};
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch;
    struct mq_error error = {0};
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, &error), MQ_OK);
    assert_int_equal(mq_reader_next(reader, 0, &batch, &error), MQ_OK);
    assert_non_null(batch);
    stop = 1;
    assert_int_equal(mq_reader_next(reader, 0, &batch, &error), MQ_INTERRUPTED);
    assert_null(batch);
    assert_int_equal(error.status, MQ_INTERRUPTED);
    mq_reader_close(reader);
    sample_remove(&file);
}

static void every_worker_learns_of_the_error(void **state)
{
    (void)state;
    static const char text[] = SAMPLE_HEADER GOOD_ROW "K,2020,a\"b,1,2\n";
    struct sample_file file;
    sample_write(&file, "a.csv", text, sizeof text - 1);
    const char *path = file.path;
    struct mq_reader_options options = {.workers = 3};
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch;
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, NULL), MQ_OK);
    for (int worker = 2; worker >= 0; worker--) {
        struct mq_error error = {0};
        assert_int_equal(mq_reader_next(reader, worker, &batch, &error), MQ_DATA);
        assert_null(batch);
        assert_int_equal(error.line, 3);
        assert_int_equal(error.column, 9);
    }
    mq_reader_close(reader);
    sample_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_cannot_be_opened),
        cmocka_unit_test(files_that_are_no_tables),
        cmocka_unit_test(headers_that_do_not_fit),
        cmocka_unit_test(quotes_in_the_wrong_place),
        cmocka_unit_test(the_first_of_several_errors_counts),
        cmocka_unit_test(the_first_broken_file_counts),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(a_declared_encoding_is_obeyed),
        cmocka_unit_test(rows_without_end),
        cmocka_unit_test(pipes_that_fail),
        cmocka_unit_test(reading_can_be_stopped),
        cmocka_unit_test(every_worker_learns_of_the_error),
    };
    return cmocka_run_group_tests_name("ingest.refusals", tests, NULL, NULL);
}
