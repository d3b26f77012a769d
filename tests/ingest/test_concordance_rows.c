/* Codes of older editions of a list: what becomes of them is the same for every reader, block size
 * and number of workers, wherever the period stands; and what is told of them counts each row once.
 */
#include "failing.h"
#include "sample.h"
#include "support.h"

enum { YEAR, INDUSTRY, RAW, NUMBER, INPUTS };

static const char *year_names[] = {"year"};
static const char *industry_names[] = {"industry"};
static const char *number_names[] = {"number"};
static struct mq_input inputs[] = {
    [YEAR] = {.id = "year", .type = MQ_PERIOD, .alias = year_names, .aliases = 1, .list = -1},
    [INDUSTRY] =
        {.id = "industry", .type = MQ_CODE, .alias = industry_names, .aliases = 1, .list = 0},
    /* the same column as a code of no list */
    [RAW] = {.id = "raw", .type = MQ_CODE, .alias = industry_names, .aliases = 1, .list = -1},
    [NUMBER] = {.id = "number", .type = MQ_AMOUNT, .alias = number_names, .aliases = 1, .list = -1},
};
static struct mq_text_test tests[] = {
    {.input = INDUSTRY, .kind = MQ_MATCHES, .pattern = "^37", .bit = 3}};
static const char *missing[] = {"", "NA"};
static struct mq_codes codes;
static struct mq_edition_span spans[] = {{.until = "2011", .edition = "2002"},
                                         {.until = "2016", .edition = "2011"}};
static struct mq_edition_span always[] = {{.until = "", .edition = "2011"}};
static struct mq_list_history history = {.list = 0, .spans = 2, .span = spans};
static struct mq_model model = {.input = inputs,
                                .inputs = INPUTS,
                                .missing = missing,
                                .missings = 2,
                                .list = &codes,
                                .lists = 1,
                                .key = -1,
                                .period = YEAR,
                                .history = &history,
                                .histories = 1,
                                .test = tests,
                                .tests = 1};

static const char list_text[] = "code,name,parent,level,valid_from,valid_to\n"
                                "29,橡胶和塑料,,division,,\n"
                                "30,非金属矿物,,division,,\n"
                                "36,汽车,,division,2017,\n"
                                "37,其他运输设备,,division,,2020\n"
                                "371,铁路运输设备,37,group,,\n"
                                "43,修理,,division,,\n";
static const char concordance_text[] = "edition,code,new,kind,sure\n"
                                       "2002,31,30,whole,\n"
                                       "2002,37,36,main,yes\n"
                                       "2002,37,37,part,yes\n"
                                       "2002,37,43,part,no\n"
                                       "2002,372,36,whole,\n"
                                       "2002,3726,811,whole,no\n"
                                       "2002,43,42,whole,\n"
                                       "2011,31,30,main,no\n"
                                       "2011,31,29,part,yes\n"
                                       "2011,37,37,whole,\n"
                                       "2011,371,371,whole,\n";

static int open_model(void **state)
{
    (void)state;
    struct sample_file file;
    size_t offset;
    char message[256];
    struct mq_pattern *pattern = NULL;
    sample_write(&file, "codes.csv", list_text, strlen(list_text));
    assert_int_equal(mq_codes_read(file.path, &codes, NULL), MQ_OK);
    sample_remove(&file);
    sample_write(&file, "concordance.csv", concordance_text, strlen(concordance_text));
    assert_int_equal(mq_concordance_read(file.path, &history.concordance, NULL), MQ_OK);
    sample_remove(&file);
    for (size_t i = 0; i < 2; i++)
        spans[i].last = mq_date_of(spans[i].until);
    assert_int_equal(mq_pattern_new(tests[0].pattern, &pattern, &offset, message), MQ_OK);
    tests[0].matcher = pattern;
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    mq_codes_clear(&codes);
    mq_concordance_free(history.concordance);
    mq_pattern_free(tests[0].matcher);
    return 0;
}

/* ---- a file of all combinations and what should come of it ---- */

enum { OF_2002, OF_2011, OWN, WAYS };
struct became {
    uint8_t state;
    const char *code; /* if MQ_PRESENT */
};
#define GOOD(code)                                                                                 \
    {                                                                                              \
        MQ_PRESENT, code                                                                           \
    }
#define BAD                                                                                        \
    {                                                                                              \
        MQ_BAD_CODE, ""                                                                            \
    }
static const struct cell {
    const char *written, *text;
    struct became became[WAYS];
} cells[] = {
    {"37", "37", {GOOD("36"), GOOD("37"), GOOD("37")}},
    {" 3721 ", "3721", {GOOD("36"), GOOD("37"), BAD}},
    {"３７２", "372", {GOOD("36"), GOOD("37"), BAD}},
    {"\"3726\"", "3726", {BAD, GOOD("37"), BAD}}, /* 811 is not in the list */
    {"43", "43", {BAD, BAD, GOOD("43")}},         /* 42 is not; not in the edition */
    {"31", "31", {GOOD("30"), GOOD("30"), BAD}},
    {"371", "371", {GOOD("36"), GOOD("371"), GOOD("371")}},
    {"371000000000", "371000000000", {GOOD("36"), GOOD("371"), BAD}},
    {"99", "99", {BAD, BAD, BAD}},
    {"9.1E+17", "9.1E+17", {{MQ_BAD_RUINED, ""}, {MQ_BAD_RUINED, ""}, {MQ_BAD_RUINED, ""}}},
    {"NA", "", {{MQ_MISSING, ""}, {MQ_MISSING, ""}, {MQ_MISSING, ""}}},
    {"", "", {{MQ_MISSING, ""}, {MQ_MISSING, ""}, {MQ_MISSING, ""}}},
};
static const struct period {
    const char *written;
    int way;
    bool late; /* 37 is not valid any more */
} periods[] = {
    {"2007", OF_2002, false},      {"2011", OF_2002, false}, {"2011-12", OF_2002, false},
    {"２００９", OF_2002, false},  {"2012", OF_2011, false}, {"2016", OF_2011, false},
    {"2016年6月", OF_2011, false}, {"2017", OWN, false},     {"2024-01", OWN, true},
    {"\"2024\"", OWN, true},       {"", OWN, false},         {"第一期", OWN, false},
};
enum { CELLS = sizeof cells / sizeof *cells, PERIODS = sizeof periods / sizeof *periods };
enum { ROWS = 20011, RAGGED_EVERY = 977 };

static uint64_t mix_of(size_t i)
{
    uint64_t mix = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    return mix ^ mix >> 29;
}

static const struct cell *cell_of(size_t i)
{
    return &cells[mix_of(i) % CELLS];
}

static const struct period *period_of(size_t i)
{
    return &periods[mix_of(i) / 4096 % PERIODS];
}

static bool ragged(size_t i)
{
    return i % RAGGED_EVERY == 5;
}

static void write_rows(struct mq_buffer *file, bool period_first)
{
    mq_buffer_text(file, period_first ? "number,year,rest,industry\n" : "industry,number,year\n");
    for (size_t i = 0; i < ROWS; i++) {
        const char *code = cell_of(i)->written, *period = period_of(i)->written;
        if (ragged(i))
            mq_buffer_format(file, "%s\n", code[0] ? code : "x");
        else if (period_first)
            mq_buffer_format(file, "%zu,%s,\"a,b\",%s\n", i, period, code);
        else
            mq_buffer_format(file, "%s,%zu,%s\n", code, i, period);
    }
    assert_false(file->failed);
}

static void assert_row(const struct mq_batch *batch, size_t at, bool edition_only)
{
    const struct mq_column *column = &batch->column[INDUSTRY];
    if (batch->fields[at]) {
        assert_int_equal(column->state[at], MQ_MISSING);
        assert_null(column->old[at]);
        return;
    }
    size_t i = (size_t)batch->column[NUMBER].amount[at];
    const struct cell *cell = cell_of(i);
    const struct period *period = period_of(i);
    int way = edition_only ? OF_2011 : period->way;
    struct became wanted = cell->became[way];
    if (way == OWN && period->late && strcmp(cell->text, "37") == 0)
        wanted.state = MQ_BAD_AGE;
    if (column->state[at] != wanted.state)
        fail_msg("%s in %s: state %u", cell->written, period->written, column->state[at]);
    assert_int_equal(column->tests[at], strncmp(cell->text, "37", 2) == 0 ? 8 : 0);
    if (wanted.state == MQ_PRESENT)
        assert_string_equal(mq_dict_text(column->dict, column->code[at]).s, wanted.code);
    if (way == OWN || !cell->text[0]) {
        assert_null(column->old[at]);
    } else {
        assert_string_equal(column->old[at]->code, cell->text);
        assert_string_equal(column->old[at]->edition, way == OF_2002 ? "2002" : "2011");
    }
    const struct mq_column *raw = &batch->column[RAW];
    assert_null(raw->old);
    if (raw->state[at] == MQ_PRESENT)
        assert_string_equal(mq_dict_text(raw->dict, raw->code[at]).s, cell->text);
    else
        assert_int_equal(raw->state[at], cell->text[0] ? MQ_BAD_RUINED : MQ_MISSING);
}

/* ---- readings ---- */

struct reading {
    struct mq_reader *reader;
    bool edition_only;
    struct mq_location *place; /* [ROWS] NULL: not asked for; ragged rows are not placed */
    size_t rows[8];            /* seen by a worker */
};

static void read_worker(int number, void *context)
{
    struct reading *reading = context;
    const struct mq_batch *batch;
    struct mq_error error;
    for (;;) {
        assert_int_equal(mq_reader_next(reading->reader, number, &batch, &error), MQ_OK);
        if (!batch)
            return;
        reading->rows[number] += batch->rows;
        for (size_t at = 0; at < batch->rows; at++) {
            assert_row(batch, at, reading->edition_only);
            if (reading->place && !batch->fields[at])
                reading->place[batch->column[NUMBER].amount[at]] = mq_batch_location(batch, at);
        }
    }
}

static void read_all(struct reading *reading, int workers, size_t wanted)
{
    size_t rows = 0;
    memset(reading->rows, 0, sizeof reading->rows);
    mq_parallel(workers, read_worker, reading);
    for (int i = 0; i < workers; i++)
        rows += reading->rows[i];
    assert_int_equal(rows, wanted);
}

/* Every code of every old edition with its number of rows, in order. */
static void assert_told(const struct reading *reading)
{
    struct mq_old_rows *rows;
    size_t count, seen = 0;
    assert_int_equal(mq_reader_old_rows(reading->reader, &rows, &count, NULL), MQ_OK);
    for (int way = OF_2002; way < OWN; way++)
        for (size_t c = 0; c < CELLS; c++) {
            uint64_t wanted = 0;
            for (size_t i = 0; i < ROWS; i++)
                wanted += !ragged(i) && cell_of(i) == &cells[c] &&
                          (reading->edition_only ? OF_2011 : period_of(i)->way) == way;
            if (wanted == 0 || !cells[c].text[0])
                continue;
            size_t at = 0;
            while (at < count && (strcmp(rows[at].code->code, cells[c].text) != 0 ||
                                  strcmp(rows[at].code->edition, way ? "2011" : "2002") != 0))
                at++;
            assert_true(at < count);
            assert_int_equal(rows[at].input, INDUSTRY);
            assert_int_equal(rows[at].rows, wanted);
            assert_int_equal(rows[at].listed, cells[c].became[way].state == MQ_PRESENT);
            seen++;
        }
    assert_int_equal(seen, count);
    assert_int_equal(count, reading->edition_only ? 10 : 20);
    for (size_t i = 1; i < count; i++) {
        int order = strcmp(rows[i - 1].code->edition, rows[i].code->edition);
        assert_true(order < 0 ||
                    (order == 0 && strcmp(rows[i - 1].code->code, rows[i].code->code) < 0));
    }
    free(rows);
}

/* All rows; all again; every 13th alone. */
static void assert_reading(const char *path, const struct mq_reader_options *options,
                           bool edition_only)
{
    struct reading reading = {.edition_only = edition_only,
                              .place = calloc(ROWS, sizeof *reading.place)};
    struct mq_location *wanted = calloc(ROWS, sizeof *wanted);
    struct mq_error error = {0};
    assert_int_equal(mq_reader_open(&model, &path, 1, options, &reading.reader, &error), MQ_OK);
    read_all(&reading, options->workers, ROWS);
    assert_told(&reading);
    mq_reader_rewind(reading.reader, NULL, 0);
    read_all(&reading, options->workers, ROWS);
    assert_told(&reading);
    size_t count = 0;
    for (size_t i = 6; i < ROWS; i += 13)
        if (!ragged(i))
            wanted[count++] = reading.place[i];
    mq_reader_rewind(reading.reader, wanted, count);
    read_all(&reading, options->workers, count);
    assert_told(&reading);
    mq_reader_close(reading.reader);
    free(reading.place);
    free(wanted);
}

static void every_reading_finds_the_same(void **state)
{
    (void)state;
    static const struct mq_reader_options options[] = {
        {.reader = MQ_READER_SCAN, .workers = 1},
        {.reader = MQ_READER_LIBCSV, .workers = 1},
        {.reader = MQ_READER_SCAN, .workers = 3, .block_bytes = 700},
        {.reader = MQ_READER_LIBCSV, .workers = 4, .block_bytes = 64},
        {.reader = MQ_READER_SCAN, .workers = 2, .block_bytes = 64 << 10},
    };
    for (int order = 0; order < 2; order++) {
        struct mq_buffer text = MQ_BUFFER_EMPTY;
        struct sample_file file;
        write_rows(&text, order == 0);
        sample_write(&file, "rows.csv", text.data, text.length);
        for (size_t i = 0; i < sizeof options / sizeof *options; i++)
            assert_reading(file.path, &options[i], false);
        history.span = always;
        history.spans = 1;
        assert_reading(file.path, &options[0], true);
        assert_reading(file.path, &options[3], true);
        model.period = -1;
        assert_reading(file.path, &options[2], true);
        model.period = YEAR;
        history.span = spans;
        history.spans = 2;
        sample_remove(&file);
        mq_buffer_clear(&text);
    }
}

/* What is known of a split, of a beginning and of an unknown code. */
static void tells_what_became_of_a_code(void **state)
{
    (void)state;
    static const char text[] =
        "year,industry,number\n2007,37,1\n2007,3721,1\n2007,3726,1\n2007,99,1\n2018,99,1\n";
    struct mq_reader_options options = {.workers = 1};
    struct mq_reader *reader;
    struct sample_file file;
    const struct mq_batch *batch;
    sample_write(&file, "rows.csv", text, strlen(text));
    const char *path = file.path;
    assert_int_equal(mq_reader_open(&model, &path, 1, &options, &reader, NULL), MQ_OK);
    assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
    const struct mq_old_code *const *old = batch->column[INDUSTRY].old;
    assert_int_equal(old[0]->went.count, 3);
    assert_string_equal(old[0]->went.successor[2].code, "43");
    assert_string_equal(old[0]->went.matched, "37");
    assert_int_equal(old[1]->went.count, 1);
    assert_string_equal(old[1]->went.matched, "372");
    assert_string_equal(old[2]->went.successor[0].code, "811");
    assert_false(old[2]->went.successor[0].sure);
    assert_int_equal(old[3]->went.count, 0);
    assert_null(old[4]);
    mq_reader_close(reader);
    sample_remove(&file);
}

/* More periods than are remembered, and every text only once. */
static void turns_many_texts_in_many_periods(void **state)
{
    (void)state;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_text(&text, "industry,year,number\n");
    for (int i = 0; i < 3000; i++)
        mq_buffer_format(&text, "37%d,%d-%02d,%d\n", i, 1990 + i % 480 / 12, i % 12 + 1, i);
    for (int kind = MQ_READER_LIBCSV; kind <= MQ_READER_SCAN; kind++) {
        struct mq_reader_options options = {.reader = kind, .workers = 1, .block_bytes = 4096};
        struct mq_reader *reader;
        struct sample_file file;
        const struct mq_batch *batch;
        sample_write(&file, "rows.csv", text.data, text.length);
        const char *path = file.path;
        assert_int_equal(mq_reader_open(&model, &path, 1, &options, &reader, NULL), MQ_OK);
        int row = 0;
        for (;;) {
            assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
            if (!batch)
                break;
            const struct mq_column *column = &batch->column[INDUSTRY];
            for (size_t at = 0; at < batch->rows; at++, row++) {
                int year = 1990 + row % 480 / 12;
                char code[16];
                snprintf(code, sizeof code, "37%d", row);
                /* 3710 .. of 2002 went with 37, 3726 elsewhere; 371.. of 2011 stayed 371 */
                const char *became = year > 2016   ? strcmp(code, "371") == 0 ? "371" : ""
                                     : year > 2011 ? strncmp(code, "371", 3) == 0 ? "371" : "37"
                                     : strncmp(code, "3726", 4) == 0 ? ""
                                                                     : "36";
                const char *found = column->state[at] == MQ_PRESENT
                                        ? mq_dict_text(column->dict, column->code[at]).s
                                        : "";
                if (strcmp(found, became) != 0)
                    fail_msg("%s in %d: \"%s\", not \"%s\"", code, year, found, became);
            }
        }
        assert_int_equal(row, 3000);
        mq_reader_close(reader);
        sample_remove(&file);
    }
    mq_buffer_clear(&text);
}

/* ---- the n-th allocation fails ---- */

static enum mq_status read_small(const char *path, int kind, struct mq_error *error)
{
    struct mq_reader_options options = {.reader = kind, .workers = 1};
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch = NULL;
    struct mq_old_rows *rows = NULL;
    size_t count = 0;
    MQ_TRY(mq_reader_open(&model, &path, 1, &options, &reader, error));
    enum mq_status status = mq_reader_next(reader, 0, &batch, error);
    if (status == MQ_OK)
        status = mq_reader_old_rows(reader, &rows, &count, error);
    if (status == MQ_OK)
        assert_int_equal(count, 2 * 1500);
    free(rows);
    mq_reader_close(reader);
    return status;
}

static void reading_without_memory(void **state)
{
    (void)state;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct sample_file file;
    mq_buffer_text(&text, "industry,year,number\n");
    for (int i = 0; i < 3000; i++) /* more than there is room for at first */
        mq_buffer_format(&text, "37%d,%d,1\n", i, 2008 + i % 8);
    sample_write(&file, "rows.csv", text.data, text.length);
    for (int kind = MQ_READER_LIBCSV; kind <= MQ_READER_SCAN; kind++) {
        int failures = 0;
        bool reached = true;
        for (long n = 0; reached; n++) {
            struct mq_error error = {0};
            fail_allocation(n);
            enum mq_status status = read_small(file.path, kind, &error);
            reached = allocation_failed();
            if (status == MQ_OK) /* or libcsv asked for less and got it */
                continue;
            assert_true(reached);
            failures++;
            assert_int_equal(status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
        }
        assert_true(failures > 40);
    }
    sample_remove(&file);
    mq_buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(every_reading_finds_the_same),
        cmocka_unit_test(tells_what_became_of_a_code),
        cmocka_unit_test(turns_many_texts_in_many_periods),
        cmocka_unit_test(reading_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.concordance_rows", all, open_model, close_model);
}
