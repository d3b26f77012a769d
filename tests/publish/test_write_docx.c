/* white-paper.docx and feedback.docx: the same bytes every time, and every number of every table is
 * in them. */
#include "docx_fixture.h"

#include "publish/draft.h"

#include <libxml/parser.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "support.h"

static void write_all(const struct docx_fixture *fixture, char *folder)
{
    struct mq_error error = {0};
    realistic_folder(folder);
    if (mq_write_docx(&fixture->publication, folder, &error) != MQ_OK)
        fail_msg("%s", error.message);
}

static const char *path_of(const char *folder, const char *name, char *path)
{
    snprintf(path, 512, "%s/%s", folder, name);
    return path;
}

static void bytes_repeat(void **state)
{
    (void)state;
    static const char *const names[] = {"white-paper.docx", "feedback.docx"};
    char folder[2][256], path[512];
    for (int round = 0; round < 2; round++) {
        struct docx_fixture fixture;
        setenv("TZ", round ? "America/New_York" : "Asia/Shanghai", 1);
        tzset();
        docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
        write_all(&fixture, folder[round]);
        docx_fixture_clear(&fixture);
        if (!round)
            sleep(2); /* zip stamps count in steps of two seconds */
    }
    unsetenv("TZ");
    for (int i = 0; i < 2; i++) {
        struct mq_buffer first = MQ_BUFFER_EMPTY, second = MQ_BUFFER_EMPTY;
        assert_int_equal(mq_read_file(path_of(folder[0], names[i], path), &first, NULL), MQ_OK);
        docx_check(path);
        assert_int_equal(mq_read_file(path_of(folder[1], names[i], path), &second, NULL), MQ_OK);
        assert_true(first.length > 8000);
        assert_int_equal(first.length, second.length);
        assert_memory_equal(first.data, second.data, first.length);
        mq_buffer_clear(&first);
        mq_buffer_clear(&second);
    }
}

/* ---- tables read back ---- */

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNodePtr child(xmlNodePtr node, const char *name)
{
    for (node = node->children; node; node = node->next)
        if (is(node, name))
            return node;
    return NULL;
}

static xmlNodePtr next(xmlNodePtr node, const char *name)
{
    for (node = node->next; node; node = node->next)
        if (is(node, name))
            return node;
    return NULL;
}

/* The rows of a table that are not its head; checks what every row and table has. */
static xmlNodePtr body_of(xmlNodePtr table)
{
    xmlNodePtr row = child(table, "tr");
    size_t heads = 0;
    for (; row && child(child(row, "trPr"), "tblHeader"); row = next(row, "tr"))
        heads++;
    assert_in_range(heads, 1, 2);
    return row;
}

/* Compares one table with the columns of the sheet from `first` on (and the first); returns the
 * column after the last. */
static size_t compare_block(xmlNodePtr table, const struct mq_sheet *sheet, size_t first,
                            size_t *numbers)
{
    size_t end = first;
    xmlNodePtr row = body_of(table);
    for (size_t r = 0; r < sheet->rows; r++, row = next(row, "tr")) {
        assert_non_null(row);
        assert_non_null(child(child(row, "trPr"), "cantSplit"));
        size_t column = 0;
        for (xmlNodePtr cell = child(row, "tc"); cell; cell = next(cell, "tc")) {
            const struct mq_sheet_cell *wanted = &sheet->cell[r * sheet->columns + column];
            xmlChar *found = xmlNodeGetContent(child(cell, "p"));
            char plain[2048];
            size_t n = 0; /* lines of a cell are broken by elements */
            for (const char *c = wanted->text; *c && n + 1 < sizeof plain; c++)
                if (*c != '\n')
                    plain[n++] = *c;
            plain[n] = '\0';
            assert_string_equal((char *)found, plain);
            xmlFree(found);
            *numbers += column > 0 && !isnan(wanted->value);
            column = column == 0 ? first : column + 1;
        }
        end = column;
    }
    assert_null(row);
    return end;
}

/* All sheets in the order of `sheet`, each in one or several tables. */
static size_t compare_sheets(const char *path, const struct mq_sheets *sheets)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    docx_part(path, "word/document.xml", &content);
    xmlDocPtr tree = xmlReadMemory(content.data, (int)content.length, "d", NULL, 0);
    assert_non_null(tree);
    size_t numbers = 0;
    xmlNodePtr table = child(child(xmlDocGetRootElement(tree), "body"), "tbl");
    for (size_t i = 0; i < sheets->count; i++)
        for (size_t first = 1; first < sheets->sheet[i].columns; table = next(table, "tbl")) {
            assert_non_null(table);
            first = compare_block(table, &sheets->sheet[i], first, &numbers);
        }
    assert_null(table);
    xmlFreeDoc(tree);
    mq_buffer_clear(&content);
    return numbers;
}

static void every_number_is_there(void **state)
{
    (void)state;
    static const struct realistic_options sets[] = {
        {.periods = 2, .min_enterprises = 3},
        {.periods = 1, .english = true, .no_bands = true, .no_top = true},
        {.periods = 2, .units = 31, .min_enterprises = 3},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct docx_fixture fixture;
        char folder[256], path[512];
        docx_fixture_new(&sets[i], &fixture);
        write_all(&fixture, folder);
        path_of(folder, "white-paper.docx", path);
        docx_check(path);
        assert_true(compare_sheets(path, fixture.publication.sheets) > 500);
        fixture.publication.story = NULL; /* tables alone */
        fixture.publication.profiles = NULL;
        write_all(&fixture, folder);
        path_of(folder, "white-paper.docx", path);
        assert_true(compare_sheets(path, fixture.publication.sheets) > 500);
        path_of(folder, "feedback.docx", path);
        assert_int_not_equal(access(path, F_OK), 0);
        docx_fixture_clear(&fixture);
    }
}

static void captions_and_text(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct mq_buffer words = MQ_BUFFER_EMPTY, xml = MQ_BUFFER_EMPTY;
    char folder[256], path[512];
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
    write_all(&fixture, folder);
    path_of(folder, "white-paper.docx", path);
    docx_words(path, "word/document.xml", &words);
    docx_part(path, "word/document.xml", &xml);
    const struct mq_sheets *sheets = fixture.publication.sheets;
    for (size_t i = 0; i < sheets->count; i++) {
        struct mq_buffer heading = MQ_BUFFER_EMPTY;
        mq_sheet_heading(sheets, &sheets->sheet[i], &heading);
        assert_contains(words.data, heading.data);
        for (size_t n = 0; n < sheets->sheet[i].notes; n++)
            assert_contains(words.data, sheets->sheet[i].note[n]);
        mq_buffer_clear(&heading);
    }
    assert_contains(words.data, "图3　指数的变动 <甲&乙>");
    assert_contains(words.data, "<script>alert(1)</script> R&D");
    assert_null(strstr(xml.data, "<script>"));
    assert_contains(xml.data, " SEQ 表 \\* ARABIC \\r 1 ");
    assert_contains(xml.data, "descr=\"折线图：“指数”由70.25升到77.25\"");
    assert_contains(xml.data, " TOC \\o \"1-2\" ");
    assert_contains(words.data, "一、总体情况\n二、各市情况\n附表\n编制说明\n");
    assert_contains(xml.data, "w:orient=\"landscape\"");
    assert_null(strstr(words.data, "（续）")); /* fourteen cities fit */
    mq_buffer_clear(&words);
    mq_buffer_clear(&xml);
    docx_part(path, "docProps/core.xml", &xml);
    assert_contains(xml.data, "<dc:title>制造业质量竞争力指数</dc:title>");
    assert_contains(xml.data, "2000-01-01T00:00:00Z");
    assert_contains(xml.data, "<dc:language>zh-CN</dc:language>");
    mq_buffer_clear(&xml);
    docx_fixture_clear(&fixture);
}

static void wide_tables_go_on(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct mq_buffer words = MQ_BUFFER_EMPTY;
    char folder[256], path[512], wanted[512];
    docx_fixture_new(&(struct realistic_options){.periods = 1, .units = 31}, &fixture);
    write_all(&fixture, folder);
    docx_words(path_of(folder, "white-paper.docx", path), "word/document.xml", &words);
    const struct mq_sheet *matrix = mq_sheets_find(fixture.publication.sheets, "city_industry");
    assert_non_null(matrix);
    snprintf(wanted, sizeof wanted, "%s　%s（续）", matrix->number, matrix->title);
    assert_contains(words.data, wanted);
    mq_buffer_clear(&words);
    docx_fixture_clear(&fixture);
}

/* ---- on paper ---- */

static void printed_by_another_program(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    char folder[256];
    size_t pages = 0, numbers = 0;
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
    write_all(&fixture, folder);
    if (docx_printed(folder, "white-paper", &text, NULL)) {
        const struct mq_sheets *sheets = fixture.publication.sheets;
        for (size_t i = 0; i < sheets->count; i++)
            for (size_t c = 0; c < sheets->sheet[i].rows * sheets->sheet[i].columns; c++)
                if (!isnan(sheets->sheet[i].cell[c].value)) {
                    assert_contains(text.data, sheets->sheet[i].cell[c].text);
                    numbers++;
                }
        assert_true(numbers > 1000);
        assert_null(strstr(text.data, "SEQ"));
        mq_buffer_clear(&text);
        docx_printed(folder, "feedback", &text, &pages);
        assert_int_equal(pages, fixture.profiles.count);
    }
    mq_buffer_clear(&text);
    docx_fixture_clear(&fixture);
}

/* ---- failures ---- */

static void nothing_is_left_of_a_failure(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct mq_error error = {0};
    char folder[256], path[512];
    docx_fixture_new(&(struct realistic_options){.periods = 1, .units = 3, .industries = 2},
                     &fixture);
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/none", folder);
    fixture.publication.figures = NULL; /* charts need the folder before */
    fixture.publication.story = NULL;
    assert_int_equal(mq_write_docx(&fixture.publication, path, &error), MQ_CANNOT_WRITE);
    assert_contains(error.file, "none/white-paper.docx");
    struct rlimit old, small = {4096, 0};
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    enum mq_status status = mq_write_docx(&fixture.publication, folder, &error);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, MQ_IO);
    assert_contains(error.message, "writing failed");
    assert_int_not_equal(access(path_of(folder, "white-paper.docx", path), F_OK), 0);
    assert_int_not_equal(access(path_of(folder, "white-paper.docx.partial", path), F_OK), 0);
    docx_fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_repeat),
        cmocka_unit_test(every_number_is_there),
        cmocka_unit_test(captions_and_text),
        cmocka_unit_test(wide_tables_go_on),
        cmocka_unit_test(printed_by_another_program),
        cmocka_unit_test(nothing_is_left_of_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
