/* tables.xlsx with text and charts: an independent reader finds the numbers of every chart, and
 * tables are shaded without becoming hard to read. */
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zip.h>

#include "figure_samples.h"
#include "publish/draft.h"
#include "realistic.h"
#include "support.h"

struct book {
    struct realistic set;
    struct mq_sheets *sheets;
    struct mq_figures figures;
    struct mq_story_section section[2];
    struct mq_story story;
    struct mq_publication publication;
    char folder[256], path[300];
};

static const char *paragraphs[] = {"=1+1 看起来像公式", "-2 < 3 & \"引号\"", "@又一段"};

static void new_book(struct book *book, bool english)
{
    *book = (struct book){0};
    realistic_new(
        &(struct realistic_options){.periods = 2, .min_enterprises = 3, .english = english},
        &book->set);
    assert_int_equal(mq_sheets_new(&book->set.scores, &book->set.provenance, &book->sheets, NULL),
                     MQ_OK);
    figure_samples_new(english, &book->figures);
    static const struct mq_sheet *sheet[1];
    static const struct mq_figure *figure[1];
    sheet[0] = &book->sheets->sheet[0];
    figure[0] = &book->figures.figure[0];
    book->section[0] = (struct mq_story_section){
        .id = "a", .title = "+总体情况", .paragraph = paragraphs, .paragraphs = 2};
    book->section[1] = (struct mq_story_section){.id = "b",
                                                 .title = "各市情况",
                                                 .paragraph = paragraphs + 2,
                                                 .paragraphs = 1,
                                                 .sheet = sheet,
                                                 .sheets = 1,
                                                 .figure = figure,
                                                 .figures = 1};
    book->story = (struct mq_story){.count = 2, .section = book->section};
    book->publication = (struct mq_publication){.chinese = !english,
                                                .sheets = book->sheets,
                                                .figures = &book->figures,
                                                .story = &book->story};
    realistic_folder(book->folder);
    snprintf(book->path, sizeof book->path, "%s/tables.xlsx", book->folder);
}

static void free_book(struct book *book)
{
    mq_arena_clear(&book->figures.arena);
    mq_sheets_free(book->sheets);
    realistic_clear(&book->set);
}

static void write_book(struct book *book)
{
    struct mq_error error = {0};
    if (mq_write_xlsx(&book->publication, book->folder, &error) != MQ_OK)
        fail_msg("%s", error.message);
}

/* One part of the archive; empty if there is none. */
static void part_of(const struct book *book, const char *name, struct mq_buffer *part)
{
    int code;
    zip_t *archive = zip_open(book->path, ZIP_RDONLY, &code);
    assert_non_null(archive);
    zip_file_t *file = zip_fopen(archive, name, 0);
    char block[4096];
    for (zip_int64_t got; file && (got = zip_fread(file, block, sizeof block)) > 0;)
        mq_buffer_add(part, block, (size_t)got);
    if (file)
        zip_fclose(file);
    zip_discard(archive);
}

static size_t times(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; at && (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static bool drawn(const struct mq_figure *figure)
{
    return figure->kind != MQ_FIGURE_PROFILE && mq_chart_is_native(figure);
}

/* ---- what is in the archive ---- */

static void tabs_stand_in_order(void **state)
{
    (void)state;
    struct book book;
    struct mq_buffer part = MQ_BUFFER_EMPTY;
    new_book(&book, false);
    write_book(&book);
    part_of(&book, "xl/workbook.xml", &part);
    const char *text = strstr(part.data, "<sheet name=\"文字\"");
    assert_non_null(text);
    const char *first = strstr(part.data, "<sheet name=");
    assert_ptr_equal(first, text);
    const char *chart = strstr(part.data, "<sheet name=\"图1\"");
    assert_non_null(chart);
    for (size_t i = 0; i < book.sheets->count; i++) {
        char mark[200];
        snprintf(mark, sizeof mark, "<sheet name=\"%s\"", book.sheets->sheet[i].name);
        const char *tab = strstr(part.data, mark);
        assert_non_null(tab);
        assert_int_equal(tab > chart, book.sheets->sheet[i].kind == MQ_SHEET_NOTES);
    }
    size_t charts = 0;
    for (size_t i = 0; i < book.figures.count; i++)
        charts += drawn(&book.figures.figure[i]);
    assert_true(charts >= 10);
    assert_int_equal(times(part.data, "<sheet name=\"图"), charts);
    assert_int_equal(times(part.data, "_xlnm.Print_Area"), charts);
    for (size_t i = 1; i <= charts + 1; i++) {
        struct mq_buffer xml = MQ_BUFFER_EMPTY;
        char name[60];
        snprintf(name, sizeof name, "xl/charts/chart%zu.xml", i);
        part_of(&book, name, &xml);
        assert_int_equal(xml.length > 0, i <= charts);
        if (xml.data) /* the alternative text stands in the drawing */
            assert_true(times(xml.data, "<c:ser>") > 0 && times(xml.data, "<c:pt ") > 0);
        mq_buffer_clear(&xml);
    }
    mq_buffer_clear(&part);
    free_book(&book);
}

static void charts_speak_to_those_who_cannot_see(void **state)
{
    (void)state;
    struct book book;
    struct mq_buffer part = MQ_BUFFER_EMPTY;
    new_book(&book, false);
    write_book(&book);
    part_of(&book, "xl/drawings/drawing1.xml", &part);
    assert_contains(part.data, "descr=\"");
    assert_contains(part.data, book.figures.figure[0].alt);
    mq_buffer_clear(&part);
    free_book(&book);
}

/* The worksheet of a sheet of that kind; worksheets are numbered from the text on. */
static void worksheet_of(const struct book *book, enum mq_sheet_kind kind, struct mq_buffer *part)
{
    for (size_t i = 0; i < book->sheets->count; i++)
        if (book->sheets->sheet[i].kind == kind) {
            char name[60];
            snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml",
                     i + 1 + (book->publication.story != NULL));
            part_of(book, name, part);
            assert_true(part->length > 0);
            return;
        }
    fail();
}

static void rankings_and_matrices_are_shaded(void **state)
{
    (void)state;
    static const struct {
        enum mq_sheet_kind kind;
        size_t bars, scales;
    } wanted[] = {{MQ_SHEET_RANKING, 1, 0}, {MQ_SHEET_MATRIX, 0, 1}, {MQ_SHEET_SUMMARY, 0, 0}};
    struct book book;
    new_book(&book, false);
    write_book(&book);
    for (size_t i = 0; i < 3; i++) {
        struct mq_buffer part = MQ_BUFFER_EMPTY;
        worksheet_of(&book, wanted[i].kind, &part);
        assert_int_equal(times(part.data, "<cfRule type=\"dataBar\""), wanted[i].bars);
        assert_int_equal(times(part.data, "<cfRule type=\"colorScale\""), wanted[i].scales);
        if (wanted[i].bars) { /* solid, or the end of the bar would run out under the digits */
            assert_contains(part.data, "gradient=\"0\"");
            assert_contains(part.data, "sqref=\"B");
        }
        mq_buffer_clear(&part);
    }
    free_book(&book);
}

static void a_workbook_of_tables_alone_has_no_more(void **state)
{
    (void)state;
    struct book book;
    struct mq_buffer part = MQ_BUFFER_EMPTY;
    new_book(&book, false);
    book.publication.figures = NULL;
    book.publication.story = NULL;
    write_book(&book);
    part_of(&book, "xl/workbook.xml", &part);
    assert_int_equal(times(part.data, "<sheet name="), book.sheets->count);
    mq_buffer_clear(&part);
    part_of(&book, "xl/charts/chart1.xml", &part);
    assert_int_equal(part.length, 0);
    mq_buffer_clear(&part);
    free_book(&book);
}

static void bytes_repeat(void **state)
{
    (void)state;
    struct mq_buffer bytes[2] = {MQ_BUFFER_EMPTY, MQ_BUFFER_EMPTY};
    for (int round = 0; round < 2; round++) {
        struct book book;
        setenv("TZ", round ? "America/New_York" : "Asia/Shanghai", 1);
        tzset();
        new_book(&book, false);
        write_book(&book);
        assert_int_equal(mq_read_file(book.path, &bytes[round], NULL), MQ_OK);
        free_book(&book);
        if (!round)
            sleep(2); /* zip stamps count in steps of two seconds */
    }
    unsetenv("TZ");
    tzset();
    assert_int_equal(bytes[0].length, bytes[1].length);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].length);
    mq_buffer_clear(&bytes[0]);
    mq_buffer_clear(&bytes[1]);
}

/* ---- read back by LibreOffice ---- */

static bool have_reader(void)
{
    if (system("command -v soffice >/dev/null 2>&1") == 0)
        return true;
    print_message("skipped: soffice is not installed\n");
    return false;
}

static void convert(const struct book *book)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' || exit 1; for try in 1 2 3; do "
             "LC_ALL=C.UTF-8 soffice -env:UserInstallation='file://%s/profile'$try --headless "
             "--convert-to "
             "'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1' "
             "tables.xlsx >/dev/null 2>&1; ls tables*.csv >/dev/null 2>&1 && exit 0; done; exit 1",
             book->folder, book->folder);
    assert_int_equal(system(command), 0);
}

/* The line that names the columns comes after the caption, the notes and the source. */
static size_t head_of(const struct mq_table *table, const char *title)
{
    for (size_t row = 0; row < table->rows; row++)
        if (table->columns > 1 && strcmp(table->cell[row * table->columns + 1], title) == 0)
            return row;
    fail_msg("no column %s", title);
    return 0;
}

static void compare_number(const char *found, const struct mq_sheet_cell *cell)
{
    char wanted[64], plain[64];
    struct mq_text trimmed = mq_text_trim(mq_text(found));
    snprintf(plain, sizeof plain, "%.*s", (int)trimmed.n, trimmed.s);
    bool minus = !isnan(cell->value) && strncmp(cell->text, "−", 3) == 0;
    snprintf(wanted, sizeof wanted, "%s%s", minus ? "-" : "",
             isnan(cell->value) ? "" : cell->text + (minus ? 3 : 0));
    assert_string_equal(plain, wanted);
}

static size_t compare_figure(const struct book *book, const struct mq_figure *figure)
{
    char path[600];
    struct mq_table table;
    struct mq_error error = {0};
    snprintf(path, sizeof path, "%s/tables-%s.csv", book->folder, figure->number);
    if (mq_table_read(path, &table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    bool turned = figure->kind == MQ_FIGURE_STRIP, falls = figure->kind == MQ_FIGURE_WATERFALL;
    size_t head = head_of(&table, turned  ? figure->row[0].name
                                  : falls ? "数值"
                                          : figure->column[0].name);
    size_t top = figure->kind == MQ_FIGURE_RANKING && !isnan(figure->reference.value);
    if (top)
        compare_number(table.cell[(head + 1) * table.columns + 1], &figure->reference);
    for (size_t row = 0; row < figure->rows; row++)
        for (size_t column = 0; column < figure->columns; column++) {
            size_t down = head + 1 + (turned ? column : row + top), right = turned ? row : column;
            compare_number(table.cell[down * table.columns + right + 1],
                           &figure->cell[row * figure->columns + column]);
        }
    mq_table_clear(&table);
    return figure->rows * figure->columns;
}

static void compare_story(const struct book *book)
{
    char path[600];
    struct mq_buffer text = MQ_BUFFER_EMPTY, wanted = MQ_BUFFER_EMPTY;
    snprintf(path, sizeof path, "%s/tables-文字.csv", book->folder);
    assert_int_equal(mq_read_file(path, &text, NULL), MQ_OK);
    mq_buffer_format(&wanted,
                     "%s\n+总体情况\n　　=1+1 看起来像公式\n\"　　-2 < 3 & \"\"引号\"\"\"\n"
                     "各市情况\n　　@又一段\n",
                     book->sheets->title);
    mq_sheet_heading(book->sheets, &book->sheets->sheet[0], &wanted);
    mq_buffer_text(&wanted, "\n");
    mq_figure_heading(true, &book->figures.figure[0], &wanted);
    mq_buffer_text(&wanted, "\n");
    assert_string_equal(text.data, wanted.data);
    mq_buffer_clear(&text);
    mq_buffer_clear(&wanted);
}

static void another_reader_finds_the_numbers(void **state)
{
    (void)state;
    if (!have_reader())
        skip();
    struct book book;
    char command[512];
    size_t cells = 0;
    new_book(&book, false);
    write_book(&book);
    convert(&book);
    for (size_t i = 0; i < book.figures.count; i++)
        if (drawn(&book.figures.figure[i]))
            cells += compare_figure(&book, &book.figures.figure[i]);
    assert_true(cells > 600);
    compare_story(&book);
    snprintf(command, sizeof command, "rm -rf '%s'/profile*", book.folder);
    assert_int_equal(system(command), 0);
    free_book(&book);
}

/* ---- failures ---- */

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct book book;
    struct mq_error error = {0};
    new_book(&book, true);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){300000, before.rlim_max}; /* tables alone would fit */
    setrlimit(RLIMIT_FSIZE, &limit);
    enum mq_status with = mq_write_xlsx(&book.publication, book.folder, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(with, MQ_IO);
    assert_contains(error.message, "no room to write the workbook");
    assert_int_equal(access(book.path, F_OK), -1);
    free_book(&book);
}

static void text_too_long_for_a_cell_is_refused(void **state)
{
    (void)state;
    struct book book;
    struct mq_error error = {0};
    static char text[40000];
    const char *line[] = {text};
    new_book(&book, true);
    memset(text, 'x', sizeof text - 1);
    book.section[0].paragraph = line;
    book.section[0].paragraphs = 1;
    assert_int_equal(mq_write_xlsx(&book.publication, book.folder, &error), MQ_CANNOT_WRITE);
    assert_contains(error.message, "do not fit a workbook");
    assert_int_equal(access(book.path, F_OK), -1);
    free_book(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tabs_stand_in_order),
        cmocka_unit_test(charts_speak_to_those_who_cannot_see),
        cmocka_unit_test(rankings_and_matrices_are_shaded),
        cmocka_unit_test(a_workbook_of_tables_alone_has_no_more),
        cmocka_unit_test(bytes_repeat),
        cmocka_unit_test(another_reader_finds_the_numbers),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(text_too_long_for_a_cell_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
