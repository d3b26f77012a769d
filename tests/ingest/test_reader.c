/* Reading: every quoting oddity, any number of workers, any block size, lines and texts of rows. */
#include <iconv.h>

#include "ingest/reader.h"
#include "sample.h"
#include "support.h"

/* ---- a generated file whose reading is known ------------------------------------------------------ */

struct made {
    struct mq_buffer file, expected;
    uint64_t seed, line;
};

static unsigned draw(struct made *made, unsigned below)
{
    made->seed = made->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(made->seed >> 33) % below;
}

/* Writes text to the file, counting lines. */
static void put(struct made *made, const char *text)
{
    for (const char *c = text; *c; c++)
        made->line += *c == '\n';
    mq_buffer_text(&made->file, text);
}

/* A name as written in the file and as it should come out. */
struct name {
    const char *written, *read;
};
static const struct name names[] = {
    {"沈阳机床", "沈阳机床"},
    {"\"鞍山,钢铁\"", "鞍山,钢铁"},
    {"\"大连 \"\"瓦轴\"\" 集团\"", "大连 \"瓦轴\" 集团"},
    {"\"两行\n名称\"", "两行\n名称"},
    {"\"a\r\nb\r\nc\"", "a\r\nb\r\nc"},
    {"\"\n\n\"\"\n\"\"x\n\"", "\"\n\"x"},
    {"  \t本溪 \t ", "本溪"},
    {" \"锦州\" ", "锦州"},
    {"\"  丹东  \"", "丹东"},
    {"㐀𠮷é", "㐀𠮷é"},
    {"\"\"", NULL},
    {"", NULL},
    {"—", NULL},
    {"ＡＢ１", "AB1"},
    {"\"\"\"\"", "\""},
    {"\",\"\",\n,\"", ",\",\n,"},
};
enum { NAMES = sizeof names / sizeof *names };

struct value {
    const char *written, *read;
};
static const struct value revenues[] = {
    {"1234.56", "123456"},
    {"-0.07", "-7"},
    {"\"88.1\"", "8810"},
    {" 5 ", "500"},
    {"１２.５", "1250"},
    {"-", "missing"},
    {"12a", "malformed"},
    {"\"1,234\"", "separator"},
    {"1.239", "decimals"},
    {"1.230", "123"},
    {"99999999999999999999", "range"},
    {"\" 7.25 \"", "725"},
    {"NA", "missing"},
    {"\"-31.4\"", "-3140"},
};
static const struct value rates[] = {
    {"2.385", "2.385"}, {"-1e-3", "-0.001"}, {"", "missing"}, {"x", "malformed"}, {"0.1", "0.1"},
};

static void put_blank_lines(struct made *made)
{
    static const char *const blank[] = {"\n", "\r\n", "   \n", "\t\n", " \t \r\n"};
    while (draw(made, 9) == 0)
        put(made, blank[draw(made, 5)]);
}

static void put_ragged(struct made *made, uint64_t line, int number)
{
    static const char *const rest[] = {"", ",2020", ",2020,x,1", ",2020,x,1,2,",
                                       ",2020,x,1,2,\"\n\""};
    static const unsigned fields[] = {1, 2, 4, 6, 6};
    unsigned which = draw(made, 5);
    mq_buffer_format(&made->file, "K%d", number);
    put(made, rest[which]);
    mq_buffer_format(&made->expected, "0 %u missing missing missing missing missing %llu K%d %s\n",
                     fields[which], (unsigned long long)line, number, which < 2 ? "" : "x");
}

static void put_row(struct made *made, int number)
{
    char key[40];
    put_blank_lines(made);
    uint64_t line = made->line;
    if (draw(made, 23) == 0) {
        put_ragged(made, line, number);
        return;
    }
    const struct name *name = &names[draw(made, NAMES)];
    const struct value *revenue = &revenues[draw(made, sizeof revenues / sizeof *revenues)];
    const struct value *rate = &rates[draw(made, sizeof rates / sizeof *rates)];
    snprintf(key, sizeof key, "91210100MA%d", number);
    if (draw(made, 5) == 0)
        put(made, "  ");
    mq_buffer_format(&made->file, "%s,%u,", key, 2015 + number % 10);
    put(made, name->written);
    mq_buffer_format(&made->file, ",%s,%s", revenue->written, rate->written);
    mq_buffer_format(&made->expected, "0 0 %016llx %u %s %s %s %llu %s %s\n",
                     (unsigned long long)mq_hash64(key, strlen(key), 0), 2015 + number % 10,
                     name->read ? name->read : "missing", revenue->read, rate->read,
                     (unsigned long long)line, key,
                     name->read ? (*name->read == 'A' ? name->written : name->read)
                     : strcmp(name->written, "—") == 0 ? "—"
                                                       : "");
}

/* A row with a quoted name of many lines, longer than small blocks. */
static void put_long_row(struct made *made, int number)
{
    uint64_t line = made->line;
    char key[40];
    snprintf(key, sizeof key, "LONG%d", number);
    struct mq_buffer name = MQ_BUFFER_EMPTY;
    for (int i = 0; i < 900; i++)
        mq_buffer_format(&name, "%d,长\n", i * number);
    mq_buffer_text(&name, "!");
    mq_buffer_format(&made->file, "%s,2020,\"", key);
    put(made, name.data);
    mq_buffer_text(&made->file, "\",1,2");
    mq_buffer_format(&made->expected, "0 0 %016llx 2020 %s 100 2 %llu %s %s\n",
                     (unsigned long long)mq_hash64(key, strlen(key), 0), name.data,
                     (unsigned long long)line, key, name.data);
    mq_buffer_clear(&name);
}

static void make(struct made *made, int rows, uint64_t seed)
{
    *made = (struct made){.seed = seed, .line = 1};
    put(made, "\r\n \n" SAMPLE_HEADER);
    for (int i = 0; i < rows; i++) {
        if (i % 1000 == 777)
            put_long_row(made, i);
        else
            put_row(made, i);
        if (i + 1 < rows) /* no newline after the last row */
            put(made, draw(made, 3) ? "\n" : "\r\n");
    }
    assert_false(made->file.failed || made->expected.failed);
}

static void clear(struct made *made)
{
    mq_buffer_clear(&made->file);
    mq_buffer_clear(&made->expected);
}

static void expect_reading(const void *bytes, size_t count, const char *expected)
{
    static const int workers[] = {1, 2, 3, 7};
    static const size_t blocks[] = {100, 4 << 10, 64 << 10, 1 << 20}, again[] = {7, 3, 1, 101};
    struct sample_file file;
    sample_write(&file, "made.csv", bytes, count);
    const char *path = file.path;
    for (size_t w = 0; w < 8; w++)
        for (size_t b = 0; b < 4; b++) {
            struct sample_way way = {.workers = workers[w % 4],
                                     .block_bytes = blocks[b],
                                     .texts = true,
                                     .reader = w < 4 ? MQ_READER_SCAN : MQ_READER_LIBCSV,
                                     .again = again[b]};
            struct mq_error error = {0};
            char *text = sample_read(sample_model(), &path, 1, &way, &error);
            if (!text)
                print_error("%ld:%ld: %s\n", error.line, error.column, error.message);
            assert_non_null(text);
            if (strcmp(text, expected) != 0) {
                size_t i = 0;
                while (text[i] == expected[i])
                    i++;
                size_t from = i > 200 ? i - 200 : 0;
                print_error("found: %.300s\nwanted: %.300s\n", text + from, expected + from);
                fail_msg("%d workers, blocks of %zu: the readings part at byte %zu", workers[w % 4],
                         blocks[b], i);
            }
            free(text);
        }
    sample_remove(&file);
}

static void same_rows_for_any_workers_and_blocks(void **state)
{
    (void)state;
    struct made made;
    make(&made, 12000, 20241117);
    assert_true(made.file.length > 400000);
    expect_reading(made.file.data, made.file.length, made.expected.data);
    clear(&made);
}

static void byte_order_mark_is_no_text(void **state)
{
    (void)state;
    static const char *const marks[] = {"\xEF\xBB\xBF", "\x84\x31\x95\x33"};
    static const enum mq_encoding encodings[] = {MQ_UTF8, MQ_GB18030};
    for (size_t i = 0; i < 2; i++) {
        struct mq_buffer bytes = MQ_BUFFER_EMPTY;
        mq_buffer_text(&bytes, marks[i]);
        mq_buffer_text(&bytes, "\"usci\",year,name,revenue,rate\nK,2020,n,1,2\n");
        struct sample_file file;
        sample_write(&file, "marked.csv", bytes.data, bytes.length);
        const char *path = file.path;
        struct mq_reader *reader = NULL;
        const struct mq_batch *batch;
        struct mq_reader_options options = {.workers = 1};
        assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, NULL), MQ_OK);
        assert_int_equal(mq_reader_file(reader, 0)->encoding, encodings[i]);
        assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
        assert_int_equal(batch->rows, 1);
        assert_int_equal(batch->column[SAMPLE_KEY].key[0], mq_hash64("K", 1, 0));
        mq_reader_close(reader);
        sample_remove(&file);
        mq_buffer_clear(&bytes);
    }
}

static void gb18030_reads_the_same(void **state)
{
    (void)state;
    struct made made;
    make(&made, 6000, 77);
    size_t left = made.file.length, room = 4 * left;
    char *twin = malloc(room), *in = made.file.data, *out = twin;
    iconv_t convert = iconv_open("GB18030", "UTF-8");
    assert_true(convert != (iconv_t)-1);
    assert_int_equal(iconv(convert, &in, &left, &out, &room), 0);
    iconv_close(convert);
    size_t length = (size_t)(out - twin);
    assert_int_not_equal(length, made.file.length);
    expect_reading(twin, length, made.expected.data);
    free(twin);
    clear(&made);
}

/* ---- rewinding, locating, progress ---------------------------------------------------------- */

struct seen {
    uint32_t block;
    size_t rows;
    uint64_t line, key;
};

static size_t look(struct mq_reader *reader, struct seen *seen)
{
    const struct mq_batch *batch;
    size_t count = 0;
    while (mq_reader_next(reader, 0, &batch, NULL) == MQ_OK && batch) {
        size_t last = batch->rows - 1;
        seen[count] = (struct seen){batch->block, batch->rows, 0, 0};
        seen[count].key = batch->column[SAMPLE_KEY].key[last];
        assert_int_equal(mq_reader_line(reader, batch, last, &seen[count].line), MQ_OK);
        count++;
    }
    return count;
}

static void rewinding_gives_the_same_batches(void **state)
{
    (void)state;
    struct made made;
    struct sample_file file;
    make(&made, 3000, 99);
    sample_write(&file, "made.csv", made.file.data, made.file.length);
    const char *path = file.path;
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1, .block_bytes = 4096};
    static struct seen all[500], again[500];
    for (int early = 0; early < 2; early++) {
        assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, NULL), MQ_OK);
        size_t count = early ? 0 : look(reader, all);
        if (!early) {
            assert_true(count > 20);
            mq_reader_rewind(reader, NULL, 0);
            assert_int_equal(look(reader, again), count);
            assert_memory_equal(all, again, count * sizeof *all);
        }
        /* the last rows of three blocks, and one more; also when nothing has been read before */
        static const size_t from[] = {1, 7, 11};
        struct mq_location wanted[4] = {{0, all[1].block, 0}};
        for (size_t i = 0; i < 3; i++)
            wanted[i + 1] =
                (struct mq_location){0, all[from[i]].block, (uint32_t)all[from[i]].rows - 1};
        assert_true(all[1].rows > 1);
        mq_reader_rewind(reader, wanted, 4);
        assert_int_equal(look(reader, again), 3);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(again[i].rows, i == 0 ? 2 : 1);
            assert_int_equal(again[i].block, all[from[i]].block);
            assert_int_equal(again[i].line, all[from[i]].line);
            assert_int_equal(again[i].key, all[from[i]].key);
        }
        mq_reader_rewind(reader, NULL, 0); /* and all rows again */
        assert_true(look(reader, again) > 20);
        assert_memory_equal(again, all, 20 * sizeof *all);
        mq_reader_close(reader);
    }
    sample_remove(&file);
    clear(&made);
}

/* Rewinding to a row before anything was read: what is wrong with it alone is told. */
static void expect_refusal(const char *rows, size_t count, uint32_t row, long line, long column,
                           const char *message)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct sample_file file;
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1, .encoding = MQ_UTF8};
    struct mq_location wanted = {0, 0, row};
    struct mq_error error = {0};
    const struct mq_batch *batch;
    mq_buffer_text(&bytes, SAMPLE_HEADER);
    mq_buffer_add(&bytes, rows, count);
    sample_write(&file, "a.csv", bytes.data, bytes.length);
    const char *path = file.path;
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, NULL), MQ_OK);
    mq_reader_rewind(reader, &wanted, 1);
    enum mq_status status = mq_reader_next(reader, 0, &batch, &error);
    assert_int_equal(status, message ? MQ_DATA : MQ_OK);
    if (message) {
        assert_int_equal(error.line, line);
        assert_int_equal(error.column, column);
        assert_non_null(strstr(error.message, message));
    } else {
        assert_int_equal(batch->rows, 1);
        assert_int_equal(mq_batch_location(batch, 0).row, row);
        assert_int_equal(batch->fields[0], 0);
    }
    mq_reader_close(reader);
    sample_remove(&file);
    mq_buffer_clear(&bytes);
}

static void wanted_rows_are_judged_alone(void **state)
{
    (void)state;
    static const char stray[] = "A,2020,x,1,2\n\nB,2020,x\"y\"z,1,2\nC,2020,x,1,2\n";
    expect_refusal(stray, sizeof stray - 1, 1, 4, 9, "a quote inside an unquoted field");
    expect_refusal(stray, sizeof stray - 1, 0, 0, 0, NULL);
    expect_refusal(stray, sizeof stray - 1, 2, 0, 0, NULL);
    expect_refusal(stray, sizeof stray - 1, 3, 2, 0, "did the file change while it was read?");
    static const char byte[] = "A,2020,x,1,2\nB,2020,\"\nx\xFF\",1,2\nC,2020,x,1,2\n";
    expect_refusal(byte, sizeof byte - 1, 1, 4, 2, "byte 0xFF is not valid UTF-8");
    expect_refusal(byte, sizeof byte - 1, 2, 0, 0, NULL);
    static const char open[] = "A,2020,x,1,2\nB,2020,\"x,1,2\nC,2020,x,1,2\n";
    expect_refusal(open, sizeof open - 1, 1, 3, 8, "the quoted field that starts here never ends");
}

/* ---- the walk, against one that looks at every byte --------------------------------------------- */

static bool plain_next(const char *text, size_t length, char separator, struct mq_record *record)
{
    bool odd = false;
    for (size_t i = record->start; i < record->end; i++)
        record->line += text[i] == '\n';
    size_t at = record->end;
    for (; at < length && strchr(separator == ',' ? " \t\r\n" : " \r\n", text[at]); at++)
        record->line += text[at] == '\n';
    record->start = record->end = at;
    for (; at < length && (odd || (text[at] != '\r' && text[at] != '\n')); at++)
        odd = odd != (text[at] == '"');
    record->end = at;
    return at > record->start;
}

static void the_walk_finds_every_record(void **state)
{
    (void)state;
    static const char bytes[] = "ab,\"\"\n\n\r \t";
    struct made made = {.seed = 31};
    for (int round = 0; round < 20000; round++) {
        char text[96];
        size_t length = draw(&made, sizeof text), rows = 0, skipped;
        for (size_t i = 0; i < length; i++)
            text[i] = bytes[draw(&made, round % 2 ? sizeof bytes - 1 : 4)];
        char separator = draw(&made, 2) ? ',' : '\t';
        struct mq_record plain[sizeof text + 1] = {{.line = 5}}, next = plain[0];
        while (plain_next(text, length, separator, &next))
            plain[rows++] = next;
        struct mq_walk walk;
        mq_walk_start(&walk, text, length, separator, 5);
        for (size_t row = 0; row < rows; row++) {
            assert_true(mq_walk_next(&walk));
            assert_int_equal(walk.row, row);
            assert_memory_equal(&walk.record, &plain[row], sizeof walk.record);
        }
        assert_false(mq_walk_next(&walk));
        for (int jump = 0; jump < 8 && rows > 0; jump++) { /* onwards and back */
            skipped = draw(&made, (unsigned)rows);
            assert_true(mq_walk_to(
                &walk, skipped, draw(&made, 2) ? UINT32_MAX : (uint32_t)plain[skipped].start, 5));
            assert_int_equal(walk.row, skipped);
            assert_memory_equal(&walk.record, &plain[skipped], sizeof walk.record);
        }
        assert_false(mq_walk_to(&walk, rows, UINT32_MAX, 5));
    }
}

static void rows_may_be_asked_for_in_any_order(void **state)
{
    (void)state;
    static const char text[] = SAMPLE_HEADER "\n\nA,2020,\"x\ny\",1,2\n\n  B,2020,n,1,2\nC,2020\n";
    struct sample_file file;
    sample_write(&file, "a.csv", text, sizeof text - 1);
    const char *path = file.path;
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch;
    struct mq_reader_options options = {.workers = 1};
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, NULL), MQ_OK);
    assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
    assert_int_equal(batch->rows, 3);
    assert_int_equal(batch->wanted_fields, 5);
    static const size_t rows[] = {2, 0, 1, 1, 0, 2};
    static const uint64_t lines[] = {4, 7, 8};
    static const char *const keys[] = {"A", "B", "C"};
    struct mq_text kept[6];
    for (size_t i = 0; i < 6; i++) {
        uint64_t line = 0;
        assert_int_equal(mq_reader_line(reader, batch, rows[i], &line), MQ_OK);
        assert_int_equal(line, lines[rows[i]]);
        assert_int_equal(mq_reader_cell(reader, batch, rows[i], SAMPLE_KEY, &kept[i]), MQ_OK);
    }
    for (size_t i = 0; i < 6; i++) /* texts live on until the next block */
        assert_string_equal(kept[i].s, keys[rows[i]]);
    struct mq_text rate = {0};
    assert_int_equal(mq_reader_cell(reader, batch, 2, SAMPLE_RATE, &rate), MQ_OK);
    assert_int_equal(rate.n, 0);
    uint64_t line;
    assert_int_equal(mq_reader_line(reader, batch, 3, &line), MQ_INTERNAL);
    assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
    assert_null(batch);
    mq_reader_close(reader);
    sample_remove(&file);
}

static void progress_reaches_the_end(void *context, const char *stage, uint64_t done,
                                     uint64_t total)
{
    assert_string_equal(stage, "ingest");
    assert_true(done <= total);
    *(double *)context = (double)done / (double)total;
}

static void progress_is_told(void **state)
{
    (void)state;
    struct made made;
    struct sample_file file;
    make(&made, 2000, 5);
    sample_write(&file, "made.csv", made.file.data, made.file.length);
    const char *path = file.path;
    double share = -1;
    struct mq_talk talk = {.context = &share, .progress = progress_reaches_the_end};
    struct mq_reader_options options = {.workers = 1, .block_bytes = 4096, .talk = &talk};
    struct mq_reader *reader = NULL;
    static struct seen seen[500];
    assert_int_equal(mq_reader_open(sample_model(), &path, 1, &options, &reader, NULL), MQ_OK);
    look(reader, seen);
    assert_close(share, 1, 0);
    mq_reader_close(reader);
    sample_remove(&file);
    clear(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_rows_for_any_workers_and_blocks),
        cmocka_unit_test(gb18030_reads_the_same),
        cmocka_unit_test(byte_order_mark_is_no_text),
        cmocka_unit_test(rewinding_gives_the_same_batches),
        cmocka_unit_test(wanted_rows_are_judged_alone),
        cmocka_unit_test(the_walk_finds_every_record),
        cmocka_unit_test(rows_may_be_asked_for_in_any_order),
        cmocka_unit_test(progress_is_told),
    };
    return cmocka_run_group_tests_name("ingest.reader", tests, NULL, NULL);
}
