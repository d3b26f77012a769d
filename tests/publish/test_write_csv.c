/* tables/<id>.csv: bytes, numbers that stay numbers, text that stays text, failures that say so. */
#include "realistic.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static struct mq_sheets *sheets_of(const struct realistic *set)
{
    struct mq_sheets *sheets = NULL;
    assert_int_equal(mq_sheets_new(&set->scores, &set->provenance, &sheets, NULL), MQ_OK);
    return sheets;
}

static const struct mq_writer *csv(void)
{
    assert_true(mq_writers_count >= 2);
    assert_string_equal(mq_writers[0]->name, "csv");
    return mq_writers[0];
}

static char *read_table(const char *folder, const char *id, struct mq_buffer *content)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tables/%s.csv", folder, id);
    mq_buffer_clear(content);
    assert_int_equal(mq_read_file(path, content, NULL), MQ_OK);
    return content->data;
}

/* Three cities, two years, five indicators, by hand. */
static void small_set(struct realistic *set)
{
    realistic_new(
        &(struct realistic_options){
            .periods = 2, .units = 3, .flat = true, .no_matrix = true, .min_enterprises = 3},
        set);
    static const double leaf[2][4][5] = {
        {{81.2375, 77.91, 84.335, 90.125, 66.6649}, /* 2023: province, then cities */
         {80.005, 76.1, 83.45, 88.975, 70.335},
         {82.445, 79.225, 85.1151, 91.015, 61.4},
         {79.9, 75.05, 82.9, 87.345, 73.995}},
        {{82.0151, 78.445, 84.9, 90.545, 67.105},
         {81.995, 77.7, 84.005, 89.9951, 71.445},
         {82.45, 79.215, 85.085, 91.115, 61.355},
         {78.125, 74.445, 82.615, 86.995, 74.585}}};
    size_t nodes = set->model.nodes;
    assert_int_equal(set->frame.units, 8);
    for (size_t unit = 0; unit < 8; unit++) {
        double sum = 0;
        for (size_t i = 0; i < 5; i++) {
            double value = leaf[unit / 4][unit % 4][i];
            set->scores.score[unit * nodes + 1 + i].value = value;
            set->frame.value[unit * nodes + 1 + i] = (value - 60) * (double)(i + 1) / 37.3 - 1;
            set->frame.coverage[unit * nodes + 1 + i] = 0.9125 + 0.01 * (double)i;
            sum += value / 5;
        }
        set->scores.score[unit * nodes].value = sum;
        set->scores.score[unit * nodes].coverage = 0.9325;
        set->frame.unit[unit].enterprises = 100 + unit;
    }
    size_t small = realistic_unit(set, 1, "city", "200200");
    set->frame.unit[small].enterprises = 2;
    realistic_rank(set);
}

static void bytes_are_as_agreed(void **state)
{
    (void)state;
    struct realistic set;
    small_set(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    char folder[256];
    realistic_folder(folder);
    struct mq_error error = {0};
    assert_int_equal(csv()->write(PUBLISHED(sheets), folder, &error), MQ_OK);
    assert_int_equal(csv()->write(PUBLISHED(sheets), folder, &error), MQ_OK); /* replaces */
    static const char *const ids[] = {"summary", "city", "indicators", "city_values", "notes"};
    assert_int_equal(sheets->count, sizeof ids / sizeof *ids);
    struct mq_buffer found = MQ_BUFFER_EMPTY, wanted = MQ_BUFFER_EMPTY;
    for (size_t i = 0; i < sheets->count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/tests/publish/small/%s.csv", MQCI_SOURCE_DIR, ids[i]);
        read_table(folder, ids[i], &found);
        mq_buffer_clear(&wanted);
        assert_int_equal(mq_read_file(path, &wanted, &error), MQ_OK);
        assert_string_equal(found.data, wanted.data);
        assert_int_equal(found.length, wanted.length);
        assert_memory_equal(found.data, "\xEF\xBB\xBF", 3);
        for (const char *c = found.data; (c = strchr(c, '\n')); c++)
            assert_true(c[-1] == '\r');
    }
    mq_buffer_clear(&found);
    mq_buffer_clear(&wanted);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* A name may be anything; it must not run when the file is opened. */
static void text_is_never_a_formula(void **state)
{
    (void)state;
    struct realistic set;
    small_set(&set);
    set.frame.unit[realistic_unit(&set, 1, "city", "200100")].name =
        "=HYPERLINK(\"http://x\",\"y\")";
    set.frame.unit[realistic_unit(&set, 1, "city", "200300")].name = "@SUM(1,2)";
    set.model.node[1].title = "-从业人数";
    set.model.source = "+cmd|' /C calc'!A0";
    struct mq_sheets *sheets = sheets_of(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(csv()->write(PUBLISHED(sheets), folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *city = read_table(folder, "city", &content);
    assert_contains(city, "\r\n\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",");
    assert_contains(city, "\r\n\"'@SUM(1,2)\",");
    assert_contains(city, ",'-从业人数,");
    assert_contains(city, ",-"); /* a negative change is a number */
    assert_contains(read_table(folder, "notes", &content), ",'+cmd|");
    /* Outside quotes nothing begins with a formula sign, but numbers. */
    for (size_t i = 0; i < sheets->count; i++) {
        const char *text = read_table(folder, sheets->sheet[i].id, &content);
        for (const char *at = text + 3; *at; at++) {
            bool starts = at == text + 3 || at[-1] == '\n' || (at[-1] == ',' && at[1] != ' ');
            if (starts && strchr("=@+-", *at))
                assert_true((*at == '+' || *at == '-') && at[1] >= '0' && at[1] <= '9');
        }
    }
    mq_buffer_clear(&content);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void printed_numbers_read_back(void **state)
{
    (void)state;
    struct realistic set;
    small_set(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    char folder[256], path[512];
    realistic_folder(folder);
    assert_int_equal(csv()->write(PUBLISHED(sheets), folder, NULL), MQ_OK);
    const struct mq_sheet *values = realistic_sheet(sheets, "city_values");
    /* Cut to a plain table: header and body. */
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *text = read_table(folder, "city_values", &content);
    const char *start = strstr(text, "\r\n市,"), *end = strstr(text, "\r\n注：");
    assert_true(start && end);
    snprintf(path, sizeof path, "%s/body.csv", folder);
    assert_int_equal(mq_write_file(path, start + 2, (size_t)(end + 2 - start - 2), NULL), MQ_OK);
    struct mq_table table;
    assert_int_equal(mq_table_read(path, &table, NULL), MQ_OK);
    assert_int_equal(table.rows, values->rows);
    size_t negative = 0, numbers = 0;
    for (size_t i = 0; i < values->rows * values->columns; i++) {
        double value = NAN;
        bool number = mq_real_parse(table.cell[i], strlen(table.cell[i]), &value) == MQ_NUMBER_OK;
        assert_int_equal(number, !isnan(values->cell[i].value));
        if (number)
            assert_true(value == values->cell[i].value);
        numbers += number;
        negative += value < 0;
    }
    assert_int_equal(numbers, 2 * 5); /* the third city is withheld */
    assert_true(negative > 0);
    mq_table_clear(&table);
    mq_buffer_clear(&content);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void failures_name_the_file(void **state)
{
    (void)state;
    struct realistic set;
    small_set(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    struct mq_error error = {0};
    char folder[256], path[512];
    assert_int_equal(csv()->write(PUBLISHED(sheets), "/nonexistent/out", &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, "/nonexistent/out/tables");
    assert_contains(error.message, "No such file or directory");

    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/tables", folder);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/tables/city.csv.partial", folder);
    assert_int_equal(mkdir(path, 0777), 0); /* stands where the file is built */
    assert_int_equal(csv()->write(PUBLISHED(sheets), folder, &error), MQ_CANNOT_WRITE);
    assert_contains(error.file, "/tables/city.csv");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct realistic set;
    small_set(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    struct mq_error error = {0};
    char folder[256], path[512];
    realistic_folder(folder);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){300, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    enum mq_status status = csv()->write(PUBLISHED(sheets), folder, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MQ_IO);
    assert_contains(error.file, "/tables/summary.csv");
    snprintf(path, sizeof path, "%s/tables/summary.csv", folder);
    assert_int_not_equal(access(path, F_OK), 0);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_as_agreed),       cmocka_unit_test(text_is_never_a_formula),
        cmocka_unit_test(printed_numbers_read_back), cmocka_unit_test(failures_name_the_file),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
