/* What is asked of texts before they become codes and hashes, codes that spreadsheets ruined, and
 * codes that were not valid in their row's period: the same for every reader, block size and number
 * of workers. */
#include <unistd.h>

#include "core/pattern.h"
#include "failing.h"
#include "ingest/ingest.h"
#include "sample.h"
#include "support.h"

enum { KEY, YEAR, REGION, NAME, AREA, INPUTS };

static const char *key_names[] = {"usci"};
static const char *year_names[] = {"year"};
static const char *region_names[] = {"region"};
static const char *name_names[] = {"name"};
static struct mq_input inputs[] = {
    [KEY] = {.id = "usci", .type = MQ_KEY, .alias = key_names, .aliases = 1, .list = -1},
    [YEAR] = {.id = "year", .type = MQ_PERIOD, .alias = year_names, .aliases = 1, .list = -1},
    [REGION] = {.id = "region", .type = MQ_CODE, .alias = region_names, .aliases = 1, .list = 0},
    [NAME] = {.id = "name", .type = MQ_CODE, .alias = name_names, .aliases = 1, .list = -1},
    /* the same column as a code of no list */
    [AREA] = {.id = "area", .type = MQ_CODE, .alias = region_names, .aliases = 1, .list = -1},
};
/* Tests of inputs between those of others, bits in no order. */
static struct mq_text_test tests[] = {
    {.input = NAME, .kind = MQ_MATCHES, .pattern = "有限公司$", .bit = 0},
    {.input = KEY, .kind = MQ_IS_USCC, .bit = 2},
    {.input = KEY, .kind = MQ_MATCHES, .pattern = "^9[123]", .bit = 0},
    {.input = AREA, .kind = MQ_MATCHES, .pattern = "^21", .bit = 31},
    {.input = KEY, .kind = MQ_IS_ORGANISATION_CODE, .bit = 1},
    {.input = NAME, .kind = MQ_IS_ORGANISATION_CODE, .bit = 5},
    {.input = YEAR, .kind = MQ_MATCHES, .pattern = "^\\d{4}$", .bit = 3},
    {.input = NAME, .kind = MQ_MATCHES, .pattern = "^[A-Z]{2}[0-9]$", .bit = 7},
};
enum { TESTS = sizeof tests / sizeof *tests };
static const char *missing[] = {"", "-", "NA"};
static struct mq_codes codes;
static struct mq_model model = {.input = inputs,
                                .inputs = INPUTS,
                                .missing = missing,
                                .missings = 3,
                                .list = &codes,
                                .lists = 1,
                                .key = KEY,
                                .period = YEAR,
                                .test = tests,
                                .tests = TESTS};

static const char list_text[] = "code,name,parent,level,valid_from,valid_to\n"
                                "210000,辽宁,,province,,\n"
                                "210102,和平,210000,county,2010-06,\n"
                                "210103,沈河,210000,county,,2012\n"
                                "210104,大东,210000,county,2008,2015-03\n"
                                "210105,皇姑,210000,county,some day,\n";

static int open_model(void **state)
{
    (void)state;
    struct sample_file file;
    sample_write(&file, "codes.csv", list_text, strlen(list_text));
    assert_int_equal(mq_codes_read(file.path, &codes, NULL), MQ_OK);
    sample_remove(&file);
    for (size_t i = 0; i < TESTS; i++) {
        struct mq_pattern *pattern = NULL;
        char message[128];
        size_t offset;
        if (tests[i].pattern)
            assert_int_equal(mq_pattern_new(tests[i].pattern, &pattern, &offset, message), MQ_OK);
        tests[i].matcher = pattern;
    }
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    mq_codes_clear(&codes);
    for (size_t i = 0; i < TESTS; i++) {
        union {
            const struct mq_pattern *shared;
            struct mq_pattern *own;
        } pattern = {tests[i].matcher};
        mq_pattern_free(pattern.own);
    }
    return 0;
}

/* ---- a file of all combinations and what should come of it ---- */

struct cell {
    const char *written;
    uint8_t state;
    uint32_t bits;
};
static const struct cell keys[] = {
    {"91350100M000100Y43", MQ_PRESENT, 1 | 4},
    {"\"91110000802100433B\"", MQ_PRESENT, 1 | 4},
    {" 91350100M000100Y44 ", MQ_PRESENT, 1},
    {"M000100Y-4", MQ_PRESENT, 2},
    {"D2143569B", MQ_PRESENT, 2},
    {"9.14403E+17", MQ_BAD_RUINED, 0},
    {"\"9.1210102E+17\"", MQ_BAD_RUINED, 0},
    {"９．１Ｅ＋１７", MQ_BAD_RUINED, 0},
    {"92+17", MQ_PRESENT, 1},
    {"9135010017", MQ_PRESENT, 1},
    {"NA", MQ_MISSING, 0},
    {"", MQ_MISSING, 0},
    {"91350100M000100Y4３", MQ_PRESENT, 1},
    {"沈阳", MQ_PRESENT, 0},
};
static const struct cell names[] = {
    {"沈阳机床有限公司", MQ_PRESENT, 1},
    {"\"鞍山, 钢铁有限公司\"", MQ_PRESENT, 1},
    {"沈阳机床有限公司北京分公司", MQ_PRESENT, 0},
    {"AB1", MQ_PRESENT, 128},
    {" AB7 ", MQ_PRESENT, 128},
    {"ＡＢ１", MQ_PRESENT, 128},
    {"\"AB3\"", MQ_PRESENT, 128},
    {"ABC", MQ_PRESENT, 0},
    {"M000100Y4", MQ_PRESENT, 32},
    {"-", MQ_MISSING, 0},
    {"2E+05", MQ_BAD_RUINED, 0},
};
struct period {
    const char *written;
    uint32_t bits;
};
static const struct period periods[] = {
    {"2007", 8},     {"2010", 8},      {"2010-05", 0},  {"2010-06", 0},    {"201005", 0},
    {"2010/7/1", 0}, {"2012", 8},      {"2013", 8},     {"2015-03-31", 0}, {"2015-04", 0},
    {"2016", 8},     {"2010年5月", 0}, {"２０１３", 8}, {"2010Q1", 0},     {"2009-13", 0},
    {"第一期", 0},   {"2008年报", 0},  {"", 0}};
enum {
    KEYS = sizeof keys / sizeof *keys,
    NAMES = sizeof names / sizeof *names,
    PERIODS = sizeof periods / sizeof *periods
};
/* Regions as written, and the periods above in which they are too old or too young. */
struct region {
    const char *written;
    uint8_t state;
    uint32_t bits; /* of `area` */
    const char *over;
};
static const struct region regions[] = {
    {"210000", MQ_PRESENT, 1u << 31, ""},
    {"210102", MQ_PRESENT, 1u << 31, "2007 2010-05 201005 2010年5月 2009-13 2008年报 "},
    {"\"210103\"", MQ_PRESENT, 1u << 31, "2013 2015-03-31 2015-04 2016 ２０１３ "},
    {"210104", MQ_PRESENT, 1u << 31, "2007 2015-04 2016 "},
    {" 210105", MQ_PRESENT, 1u << 31, ""},
    {"999999", MQ_BAD_CODE, 0, ""},
    {"2.101E+05", MQ_BAD_RUINED, 0, ""},
    {"\"2.101E+5\"", MQ_BAD_RUINED, 0, ""},
    {"NA", MQ_MISSING, 0, ""},
};
enum { REGIONS = sizeof regions / sizeof *regions };

static uint8_t state_of_region(const struct region *region, const struct period *period)
{
    char sought[64];
    snprintf(sought, sizeof sought, "%s ", period->written);
    const char *at = period->written[0] ? strstr(region->over, sought) : NULL;
    while (at && at > region->over && at[-1] != ' ')
        at = strstr(at + 1, sought);
    return at ? MQ_BAD_AGE : region->state;
}

enum { ROWS = 20011, RAGGED_EVERY = 977 };

struct row {
    const struct cell *key, *name;
    const struct region *region;
    const struct period *period;
};

static struct row row_of(size_t i)
{
    uint64_t mix = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    mix ^= mix >> 29;
    return (struct row){&keys[mix % KEYS], &names[mix / 64 % NAMES], &regions[mix / 4096 % REGIONS],
                        &periods[mix / 65536 % PERIODS]};
}

static void write_rows(struct mq_buffer *file)
{
    mq_buffer_text(file, "name,region,usci,year\n");
    for (size_t i = 0; i < ROWS; i++) {
        struct row row = row_of(i);
        mq_buffer_format(file, "%s,%s,%s", row.name->written, row.region->written,
                         row.key->written);
        if (i % RAGGED_EVERY != 5)
            mq_buffer_format(file, ",%s", row.period->written);
        mq_buffer_text(file, "\n");
    }
    assert_false(file->failed);
}

static void assert_row(const struct mq_batch *batch, size_t at, size_t i)
{
    const struct mq_column *column = batch->column;
    struct row row = row_of(i);
    if (i % RAGGED_EVERY == 5) {
        for (int k = 0; k < INPUTS; k++)
            assert_int_equal(column[k].state[at], MQ_MISSING);
        assert_int_equal(column[KEY].tests[at] | column[NAME].tests[at], 0);
        return;
    }
    assert_int_equal(column[KEY].state[at], row.key->state);
    assert_int_equal(column[KEY].tests[at], row.key->bits);
    assert_int_equal(column[NAME].state[at], row.name->state);
    assert_int_equal(column[NAME].tests[at], row.name->bits);
    assert_int_equal(column[YEAR].tests[at], row.period->bits);
    assert_int_equal(column[AREA].tests[at], row.region->bits);
    assert_null(column[REGION].tests);
    if (column[REGION].state[at] != state_of_region(row.region, row.period))
        fail_msg("%s in %s: state %u", row.region->written, row.period->written,
                 column[REGION].state[at]);
    /* a code of no list has no age */
    assert_int_equal(column[AREA].state[at],
                     row.region->state == MQ_BAD_CODE ? MQ_PRESENT : row.region->state);
}

/* ---- readings ---- */

struct reading {
    struct mq_reader *reader;
    size_t *row_of_block; /* first row of a block of the only file */
    size_t rows[8];       /* seen by a worker */
    bool count;           /* the first pass: how many rows blocks have */
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
            struct mq_location location = mq_batch_location(batch, at);
            if (reading->count)
                reading->row_of_block[location.block + 1] = location.row + 1;
            else
                assert_row(batch, at, reading->row_of_block[location.block] + location.row);
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

/* All rows; then all again, against what is expected; then every 13th alone. */
static void assert_reading(const char *path, const struct mq_reader_options *options)
{
    enum { BLOCKS = 20000 };
    struct reading reading = {.count = true, .row_of_block = calloc(BLOCKS + 1, sizeof(size_t))};
    struct mq_location *wanted = calloc(ROWS, sizeof *wanted);
    struct mq_error error = {0};
    assert_int_equal(mq_reader_open(&model, &path, 1, options, &reading.reader, &error), MQ_OK);
    read_all(&reading, options->workers, ROWS);
    for (size_t i = 0; i < BLOCKS; i++)
        reading.row_of_block[i + 1] += reading.row_of_block[i];
    assert_int_equal(reading.row_of_block[BLOCKS], ROWS);
    reading.count = false;
    mq_reader_rewind(reading.reader, NULL, 0);
    read_all(&reading, options->workers, ROWS);
    size_t count = 0;
    uint32_t block = 0;
    for (size_t i = 6; i < ROWS; i += 13) {
        while (reading.row_of_block[block + 1] <= i)
            block++;
        wanted[count++] =
            (struct mq_location){0, block, (uint32_t)(i - reading.row_of_block[block])};
    }
    mq_reader_rewind(reading.reader, wanted, count);
    read_all(&reading, options->workers, count);
    mq_reader_close(reading.reader);
    free(reading.row_of_block);
    free(wanted);
}

static void every_reading_finds_the_same(void **state)
{
    (void)state;
    static const struct mq_reader_options options[] = {
        {.reader = MQ_READER_SCAN, .workers = 1},
        {.reader = MQ_READER_LIBCSV, .workers = 1},
        {.reader = MQ_READER_SCAN, .workers = 3, .block_bytes = 700},
        {.reader = MQ_READER_LIBCSV, .workers = 4, .block_bytes = 4096},
        {.reader = MQ_READER_SCAN, .workers = 2, .block_bytes = 64 << 10},
    };
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct sample_file file;
    write_rows(&text);
    sample_write(&file, "rows.csv", text.data, text.length);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        assert_reading(file.path, &options[i]);
    sample_remove(&file);
    mq_buffer_clear(&text);
}

/* States of `region` in a file of two columns, region and year. */
static void assert_regions(const char *text, const char *wanted)
{
    for (int kind = MQ_READER_LIBCSV; kind <= MQ_READER_SCAN; kind++) {
        struct mq_reader_options options = {.reader = kind, .workers = 1};
        struct mq_reader *reader;
        struct sample_file file;
        const struct mq_batch *batch;
        sample_write(&file, "rows.csv", text, strlen(text));
        const char *path = file.path;
        assert_int_equal(mq_reader_open(&model, &path, 1, &options, &reader, NULL), MQ_OK);
        assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
        assert_int_equal(batch->rows, strlen(wanted));
        for (size_t i = 0; wanted[i]; i++)
            assert_int_equal(batch->column[REGION].state[i], wanted[i] - '0');
        mq_reader_close(reader);
        sample_remove(&file);
    }
}

/* More periods than are remembered; the period stands behind the code and before it. */
static void judges_many_periods(void **state)
{
    (void)state;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    char wanted[2 * 700 + 1] = "";
    mq_buffer_text(&text, "region,year,usci,name\n");
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < 700; i++) {
            mq_buffer_format(&text, "%s,%d-%02d,K,N\n", i % 2 ? "210102" : "210104", 1980 + i / 12,
                             i % 12 + 1);
            int month = 12 * (1980 + i / 12) + i % 12;
            bool over = i % 2 ? month < 12 * 2010 + 5 : month < 12 * 2008 || month > 12 * 2015 + 2;
            wanted[700 * pass + i] = (char)('0' + (over ? MQ_BAD_AGE : MQ_PRESENT));
        }
    assert_regions(text.data, wanted);
    mq_buffer_clear(&text);
    assert_regions("year,region,usci,name\n2016,210103,K,N\n,210103,K,N\n2012,210103,K,N\n",
                   (char[]){'0' + MQ_BAD_AGE, '0', '0', 0});
}

static void without_a_period_nothing_is_old(void **state)
{
    (void)state;
    model.period = -1;
    assert_regions("year,region,usci,name\n2016,210103,K,N\n", "0");
    model.period = YEAR;
    assert_regions("year,region,usci,name\n2016,210103,K,N\n", (char[]){'0' + MQ_BAD_AGE, 0});
}

/* ---- the n-th allocation fails ---- */

static enum mq_status read_small(const char *path, int kind, struct mq_error *error)
{
    struct mq_reader_options options = {.reader = kind, .workers = 1};
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch = NULL;
    uint32_t bits = 0;
    MQ_TRY(mq_reader_open(&model, &path, 1, &options, &reader, error));
    enum mq_status status = mq_reader_next(reader, 0, &batch, error);
    for (size_t i = 0; status == MQ_OK && i < batch->rows; i++)
        bits |= batch->column[KEY].tests[i];
    if (status == MQ_OK)
        assert_int_equal(bits, 1 | 4);
    mq_reader_close(reader);
    return status;
}

static void reading_without_memory(void **state)
{
    (void)state;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct sample_file file;
    mq_buffer_text(&text, "usci,year,region,name\n");
    for (int i = 0; i < 1500; i++) /* more than there is room for at first */
        mq_buffer_format(&text, "91350100M000100Y43,%d,210102,沈阳第%d有限公司\n", 2000 + i % 20,
                         i);
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
        cmocka_unit_test(judges_many_periods),
        cmocka_unit_test(without_a_period_nothing_is_old),
        cmocka_unit_test(reading_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.text_tests", all, open_model, close_model);
}
