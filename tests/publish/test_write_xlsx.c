/* tables.xlsx: the same bytes every time, and an independent reader sees what the sheets say. */
#include "realistic.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support.h"

static struct mq_sheets *sheets_of(const struct realistic *set)
{
    struct mq_sheets *sheets = NULL;
    assert_int_equal(mq_sheets_new(&set->scores, &set->provenance, &sheets, NULL), MQ_OK);
    return sheets;
}

static const struct mq_writer *xlsx(void)
{
    assert_string_equal(mq_writers[1]->name, "xlsx");
    return mq_writers[1];
}

static void read_book(const char *folder, struct mq_buffer *content)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tables.xlsx", folder);
    assert_int_equal(mq_read_file(path, content, NULL), MQ_OK);
}

static size_t files_in(const char *folder)
{
    size_t files = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        files += entry->d_name[0] != '.';
    closedir(directory);
    return files;
}

static void bytes_repeat(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_buffer first = MQ_BUFFER_EMPTY, second = MQ_BUFFER_EMPTY;
    char folder[256];
    realistic_folder(folder);
    for (int round = 0; round < 2; round++) {
        setenv("TZ", round ? "America/New_York" : "Asia/Shanghai", 1);
        tzset();
        realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
        struct mq_sheets *sheets = sheets_of(&set);
        assert_int_equal(xlsx()->write(PUBLISHED(sheets), folder, NULL), MQ_OK);
        read_book(folder, round ? &second : &first);
        assert_int_equal(files_in(folder), 1);
        mq_sheets_free(sheets);
        realistic_clear(&set);
        if (!round)
            sleep(2); /* zip stamps count in steps of two seconds */
    }
    unsetenv("TZ");
    assert_true(first.length > 20000);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    mq_buffer_clear(&first);
    mq_buffer_clear(&second);
}

/* ---- read back by LibreOffice ------------------------------------------------------------------------- */

/* Without the padding that number formats add. */
static const char *trimmed(const char *text, char *out, size_t size)
{
    struct mq_text t = mq_text_trim(mq_text(text));
    snprintf(out, size, "%.*s", (int)t.n, t.s);
    return out;
}

/* As a spreadsheet shows it: an ASCII minus. */
static const char *shown(const struct mq_sheet_cell *cell, char *out, size_t size)
{
    static const char minus[] = "−";
    bool negative = !isnan(cell->value) && strncmp(cell->text, minus, strlen(minus)) == 0;
    char plain[2048];
    snprintf(plain, sizeof plain, "%s%s", negative ? "-" : "",
             cell->text + (negative ? strlen(minus) : 0));
    return trimmed(plain, out, size);
}

static void compare_sheet(const char *folder, const struct mq_sheet *sheet, size_t *cells)
{
    char path[1024], found[2048], wanted[2048];
    snprintf(path, sizeof path, "%s/tables-%s.csv", folder, sheet->name);
    struct mq_table table;
    struct mq_error error = {0};
    if (mq_table_read(path, &table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    assert_int_equal(table.columns, sheet->columns);
    assert_contains(table.header[0], sheet->title);
    bool groups = false;
    for (size_t i = 0; i < sheet->columns; i++)
        groups |= sheet->column[i].group[0] != '\0';
    size_t first = (sheet->unit[0] != '\0') + 1 + groups;
    for (size_t i = 0; i < sheet->columns; i++) {
        size_t head = sheet->column[i].group[0] || !groups ? first - 1 : first - 2;
        assert_string_equal(table.cell[head * table.columns + i], sheet->column[i].title);
    }
    for (size_t row = 0; row < sheet->rows; row++)
        for (size_t i = 0; i < sheet->columns; i++) {
            const struct mq_sheet_cell *cell = &sheet->cell[row * sheet->columns + i];
            trimmed(table.cell[(first + row) * table.columns + i], found, sizeof found);
            assert_string_equal(found, shown(cell, wanted, sizeof wanted));
            *cells += !isnan(cell->value);
        }
    for (size_t i = 0; i < sheet->notes; i++)
        assert_string_equal(
            trimmed(table.cell[(first + sheet->rows + 1 + i) * table.columns], found, sizeof found),
            trimmed(sheet->note[i], wanted, sizeof wanted));
    mq_table_clear(&table);
}

static bool have_reader(void)
{
    if (system("command -v soffice >/dev/null 2>&1") == 0)
        return true;
    print_message("skipped: soffice is not installed\n");
    return false;
}

/* The locale decides how LibreOffice writes the names of sheets as names of files. On a loaded
 * machine it now and then ends well and has written nothing: it gets three chances. */
static void convert(const char *folder)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' || exit 1; for try in 1 2 3; do "
             "LC_ALL=C.UTF-8 soffice -env:UserInstallation='file://%s/profile'$try --headless "
             "--convert-to "
             "'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1' "
             "tables.xlsx >/dev/null 2>&1; ls tables*.csv >/dev/null 2>&1 && exit 0; done; exit 1",
             folder, folder);
    assert_int_equal(system(command), 0);
}

static void another_reader_sees_the_same(void **state)
{
    (void)state;
    if (!have_reader())
        skip();
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    /* Text that looks like a formula, or needs escaping, stays text. */
    set.frame.unit[realistic_unit(&set, 1, "city", "200300")].name = "=1+1";
    set.frame.unit[realistic_unit(&set, 1, "industry", "21")].name = "<a & \"b\">";
    struct mq_sheets *sheets = sheets_of(&set);
    char folder[256], command[512];
    realistic_folder(folder);
    assert_int_equal(xlsx()->write(PUBLISHED(sheets), folder, NULL), MQ_OK);
    convert(folder);
    size_t cells = 0;
    for (size_t i = 0; i < sheets->count; i++)
        compare_sheet(folder, &sheets->sheet[i], &cells);
    assert_true(cells > 1500);
    snprintf(command, sizeof command, "rm -rf '%s'/profile*", folder);
    assert_int_equal(system(command), 0);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* Tabs allow neither these signs nor equal names; the sheets' titles keep them. */
static void hostile_tab_names_are_made_to_fit(void **state)
{
    (void)state;
    if (!have_reader())
        skip();
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    set.model.level[1].title =
        "市[1]:*?/\\很长很长很长很长很长很长很长很长很长很长很长很长很长的名字";
    set.model.level[2].title = set.model.level[1].title;
    struct mq_sheets *sheets = sheets_of(&set);
    char folder[256], path[1024];
    realistic_folder(folder);
    assert_int_equal(xlsx()->write(PUBLISHED(sheets), folder, NULL), MQ_OK);
    convert(folder);
    snprintf(path, sizeof path,
             "%s/tables-市_1______很长很长很长很长很长很长很长很长很长很长很长.csv", folder);
    assert_int_equal(access(path, F_OK), 0);
    snprintf(path, sizeof path, "%s/tables-市_1______很长很长很长很长很长很长很长很长(2).csv",
             folder);
    assert_int_equal(access(path, F_OK), 0);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* 140 units, 31 x 31, one column: nothing is too wide, too long or too narrow for a worksheet. */
static void all_shapes_are_written(void **state)
{
    (void)state;
    static const struct realistic_options shapes[] = {
        {.periods = 1,
         .units = 140,
         .english = true,
         .flat = true,
         .raw_only = true,
         .no_top = true},
        {.periods = 2, .units = 31, .no_bands = true},
        {.periods = 1, .no_single = true, .no_matrix = true},
        {.periods = 1, .units = 1, .industries = 1},
        {.periods = 1, .units = 120, .industries = 2, .no_top = true}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct realistic set;
        realistic_new(&shapes[i], &set);
        struct mq_sheets *sheets = sheets_of(&set);
        char folder[256];
        realistic_folder(folder);
        struct mq_error error = {0};
        if (xlsx()->write(PUBLISHED(sheets), folder, &error) != MQ_OK)
            fail_msg("shape %zu: %s", i, error.message);
        mq_sheets_free(sheets);
        realistic_clear(&set);
    }
}

static void failures_name_the_file(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    struct mq_sheets *sheets = sheets_of(&set);
    struct mq_error error = {0};
    assert_int_equal(xlsx()->write(PUBLISHED(sheets), "/nonexistent/out", &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, "/nonexistent/out/tables.xlsx");
    assert_contains(error.message, "No such file or directory");

    char folder[256], path[512];
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/tables.xlsx", folder);
    assert_int_equal(mkdir(path, 0777), 0); /* a folder stands in the way */
    assert_int_equal(xlsx()->write(PUBLISHED(sheets), folder, &error), MQ_CANNOT_WRITE);
    assert_contains(error.message, "directory");
    assert_int_equal(files_in(folder), 1); /* nothing half-written stays */
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    struct mq_sheets *sheets = sheets_of(&set);
    struct mq_error error = {0};
    char folder[256];
    realistic_folder(folder);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){60000, before.rlim_max}; /* the workbook itself would fit */
    setrlimit(RLIMIT_FSIZE, &limit);
    enum mq_status status = xlsx()->write(PUBLISHED(sheets), folder, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MQ_IO);
    assert_contains(error.file, "/tables.xlsx");
    assert_contains(error.message, "no room to write the workbook");
    assert_int_equal(files_in(folder), 0);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void text_too_long_for_a_cell_is_refused(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    static char text[40000];
    memset(text, 'x', sizeof text - 1);
    set.model.source = text;
    struct mq_sheets *sheets = sheets_of(&set);
    struct mq_error error = {0};
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(xlsx()->write(PUBLISHED(sheets), folder, &error), MQ_CANNOT_WRITE);
    assert_contains(error.message, "the tables do not fit a workbook");
    assert_int_equal(files_in(folder), 0);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_repeat),
        cmocka_unit_test(another_reader_sees_the_same),
        cmocka_unit_test(hostile_tab_names_are_made_to_fit),
        cmocka_unit_test(all_shapes_are_written),
        cmocka_unit_test(failures_name_the_file),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(text_too_long_for_a_cell_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
