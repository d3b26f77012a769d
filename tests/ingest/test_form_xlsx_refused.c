/* Workbooks that are damaged, harmful or none: always a message, never a crash; and no memory. */
#include <zip.h>

#include "failing.h"
#include "sample.h"
#include "support.h"
#include "workbook.h"

static const char *alias_a[] = {"a"}, *alias_b[] = {"b"};
static struct mq_input pair_inputs[] = {
    {.id = "a", .type = MQ_CODE, .alias = alias_a, .aliases = 1, .list = -1},
    {.id = "b", .type = MQ_CODE, .alias = alias_b, .aliases = 1, .list = -1},
};
static const struct mq_model pair = {.input = pair_inputs, .inputs = 2};

#define AB          ROW("1", S("A1", "a") S("B1", "b"))
#define SHEET(rows) "<worksheet xmlns='" MAIN "'><sheetData>" rows "</sheetData></worksheet>"
#define SAVE        "; open the workbook in Excel or WPS and save it anew"

/* ---- rows that cannot be ---- */

static const struct {
    const char *rows, *message;
    long line, column;
} wrong_rows[] = {
    {AB ROW("5", "") ROW("3", ""), "sheet \"data\": row 3 is there twice or after one below it", 3,
     1},
    {AB ROW("1", ""), "row 1 is there twice", 1, 1},
    {AB ROW("0", ""), "a row has no proper number", 2, 1},
    {AB ROW("1048577", ""), "a row has no proper number", 2, 1},
    {AB ROW("1048576", "") "<row/>", "there are more than 1048576 rows", 1048577, 1},
    {AB ROW("x", ""), "a row has no proper number", 2, 1},
    {AB ROW("2", N("B2", "1") N("A2", "1")), "a cell is there twice or before one to its left", 2,
     1},
    {AB ROW("2", N("B2", "1") N("B2", "1")), "a cell is there twice", 2, 2},
    {AB ROW("2", N("B3", "1")), "a cell is of another row or of none", 2, 1},
    {AB ROW("2", N("B2", "1") N("22", "1")), "a cell is of another row or of none", 2, 3},
    {AB ROW("2", N("XFE2", "1")), "a cell is of another row or of none", 2, 1},
    {AB ROW("2", N("XFD2", "1") "<c/>"), "a row has more than 16384 cells", 2, 16385},
    {AB ROW("2", "<c s='-1'/>"), "the style of a cell is no number", 2, 1},
    {AB ROW("2", "<c/><c t='z'/>"), "a cell is of a type that is not known", 2, 2},
    {AB ROW("7", "<c r='B7' t='s'><v>3</v></c>"),
     "a cell points to a text that the workbook does not have", 7, 2},
    {AB ROW("7", "<c r='B7' t='s'><v>-1</v></c>"), "a cell points to a text", 7, 2},
    {AB ROW("2", "<c><v>&nbsp;</v></c>"),
     "part xl/worksheets/sheet1.xml is broken XML: an entity is unknown" SAVE, 2, 0},
    {AB ROW("2", "<c><v>1&#0;</v></c>"), "an entity is unknown", 2, 0},
    {AB ROW("2", "<c><v>1&#xD800;</v></c>"), "an entity is unknown", 2, 0},
    {AB ROW("2", "<c><v>1&#x110000;</v></c>"), "an entity is unknown", 2, 0},
    {AB ROW("2", "<c><v>1&#x;</v></c>"), "an entity is unknown", 2, 0},
    {AB ROW("2", "<c><v>1 & 2</v></c>"), "an entity is unknown", 2, 0},
    {AB ROW("2", "<c><v>\x02</v></c>"), "a control character (2)", 2, 0},
    {AB ROW("2", "<c><v>\xFF</v></c>"), "a text is not UTF-8", 2, 0},
    {AB ROW("3", "<c><v>1</c></v>"), "broken XML: </c> where v was open", 3, 0},
    {AB ROW("3", "<c r=A3/>"), "an attribute of <c> has no value", 3, 0},
    {AB ROW("3", "<c r/>"), "an attribute of <c> has no value", 3, 0},
    {AB ROW("3", "<c ='A3'/>"), "an attribute of <c> has no value", 3, 0},
    {AB ROW("3", "<c r='A3><v>1</v></c>"), "a tag has no end", 3, 0},
    {AB ROW("3", "<c <v>1</v></c>"), "a tag has no end", 3, 0},
    {AB ROW("3", "< c/>"), "a tag has no name", 3, 0},
    {AB ROW("3", "<!ELEMENT c>"), "a tag has no name", 3, 0},
    {AB "<!-- ", "it ends in the middle", 1, 0},
    {"", "sheet \"data\" is empty; name another one, as in book.xlsx#Sheet1", 0, 0},
    {ROW("1", S("A1", " ") "<c r='B1' s='1'/>"), "sheet \"data\" is empty", 0, 0},
};

static void rows_that_cannot_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_rows / sizeof *wrong_rows; i++)
        workbook_refused(&pair,
                         &(struct workbook){.rows = wrong_rows[i].rows,
                                            .strings = "<si><t>0</t></si><si/><si/>"},
                         wrong_rows[i].message, wrong_rows[i].line, wrong_rows[i].column);
}

/* ---- parts that cannot be ---- */

#define BOMB                                                                                       \
    "<!DOCTYPE x [<!ENTITY a '0123456789'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "       \
    "'&b;&b;&b;&b;&b;&b;&b;&b;'>]>"

static void parts_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        const char *sheet, *message;
    } sheets[] = {
        {BOMB SHEET(AB ROW("2", "<c><v>&c;</v></c>")), "declares a DTD"},
        {"<?xml version='1.0' encoding='GB18030'?>" SHEET(AB), "it is not in UTF-8"},
        {"\xFE\xFF", "it is not in UTF-8"},
        {"<", "it ends in the middle"},
        {" ", "it is empty"},
        {"\n\n", "it is empty"},
        {"text", "text outside of all tags"},
        {SHEET(AB) "x", "text outside of all tags"},
        {SHEET(AB) "<again/>", "it goes on behind its end"},
        {"</worksheet>", "</worksheet> where nothing was open"},
        {"<worksheet xmlns='" MAIN "'><sheetData>" AB, "it ends in the middle"},
        {"<worksheet xmlns='" MAIN "'><sheetData>" AB "</sheetData>", "it ends in the middle"},
        {"<worksheet xmlns='" MAIN "'><sheetData>" AB "</sheetData></wrong>",
         "</wrong> where worksheet was open"},
        {"<html xmlns='http://www.w3.org/1999/xhtml'/>", "<html> is not of a spreadsheet"},
        {"<worksheet><sheetData>" AB "</sheetData><a1><a2><a3><a4><a5><a6><a7><a8><a9><b1><b2><b3>"
         "<b4><b5><b6><b7><b8><b9><c1><c2><c3><c4><c5><c6><c7><c8><c9><d1><d2><d3><d4><d5><d6><d7>"
         "<d8><d9><e1><e2><e3><e4><e5><e6><e7><e8><e9><f1><f2><f3><f4><f5><f6><f7><f8><f9><g1><g2>"
         "<g3><g4><g5><g6><g7><g8><g9><h1><h2><h3><h4>",
         "tags are nested too deep"},
    };
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        long row = strstr(sheets[i].sheet, AB) && !strstr(sheets[i].sheet, "DOCTYPE") &&
                   !strstr(sheets[i].sheet, "GB18030");
        workbook_refused(&pair, &(struct workbook){.sheet = sheets[i].sheet}, sheets[i].message,
                         row, 0);
    }
    workbook_refused(&pair, &(struct workbook){.rows = AB, .strings = "<si><t>x</si>"},
                     "part xl/sharedStrings.xml is broken XML: </si> where t was open" SAVE, 0, 0);
    workbook_refused(&pair, &(struct workbook){.rows = AB, .styles = "<xf"},
                     "its part xl/styles.xml is broken XML (line 1: ", 0, 0);
    workbook_refused(&pair, &(struct workbook){.rows = AB, .setup = "&nbsp;"},
                     "its part xl/workbook.xml is broken XML (line 1: Entity 'nbsp' not defined)",
                     0, 0);
    workbook_refused(&pair,
                     &(struct workbook){.sheets = "<sheet name='x' sheetId='2' r:id='rId2'/>"},
                     "has no part xl/other/second.xml", 0, 0);
}

/* ---- archives that are something else ---- */

static void refuse(const struct workbook_part *parts, const char *message)
{
    size_t count;
    struct mq_error error = {0};
    char *bytes = workbook_zip(parts, &count);
    assert_null(workbook_pour(&pair, bytes, count, NULL, &error));
    assert_int_equal(error.status, MQ_DATA);
    assert_contains(error.message, message);
    free(bytes);
}

static void archives_that_are_something_else(void **state)
{
    (void)state;
    static const struct workbook_part plain[] = {
        {"a.csv", "a,b\n", 0}, {"b/c.csv", "1,2\n", 0}, {0}};
    static const struct workbook_part many[] = {{"1", "1", 0},
                                                {"2", "2", 0},
                                                {"3", "3", 0},
                                                {"4", "4", 0},
                                                {"5", "5", 0},
                                                {"6", "6", 0},
                                                {0}};
    static const struct workbook_part word[] = {
        {"[Content_Types].xml", "<Types/>", 0}, {"word/document.xml", "<w/>", 0}, {0}};
    static const struct workbook_part slides[] = {{"ppt/presentation.xml", "<p/>", 0}, {0}};
    static const struct workbook_part binary[] = {
        {"[Content_Types].xml", "<Types/>", 0}, {"xl/workbook.bin", "x", 0}, {0}};
    static const struct workbook_part open[] = {
        {"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0},
        {"content.xml", "<office/>", 0},
        {0}};
    static const struct workbook_part package[] = {
        {"[Content_Types].xml", "<Types/>", 0}, {"_rels/.rels", "<Relationships/>", 0}, {0}};
    static const struct workbook_part bomb[] = {
        {"[Content_Types].xml", "<Types/>", 0},
        {"_rels/.rels", BOMB "<Relationships a='&c;&c;'>&c;</Relationships>", 0},
        {0}};
    refuse(plain, "is a zip archive, not an Excel workbook (it holds a.csv, b/c.csv); unpack it");
    refuse(many, "(it holds 1, 2, 3, 4, 5, ...)");
    refuse(word,
           "is a Word document, not an Excel workbook; save the table as .xlsx or CSV (UTF-8)");
    refuse(slides, "is a PowerPoint presentation");
    refuse(binary, "is a binary workbook (.xlsb)");
    refuse(open, "is an OpenDocument file (.ods, .odt)");
    refuse(package, "is an archive of documents, not an Excel workbook");
    refuse(bomb, "its part _rels/.rels declares a DTD");
}

/* Macros are a part like others, which nobody asks for. */
static void macros_are_not_looked_at(void **state)
{
    (void)state;
    workbook_expect(&pair,
                    &(struct workbook){.rows = AB ROW("2", N("A2", "1")),
                                       .more = {{"xl/vbaProject.bin", "\xD0\xCF\x11\xE0\0x", 6}}},
                    "a,b\n1,\n");
}

/* ---- damage ---- */

static char *some_workbook(size_t *count)
{
    return workbook_make(
        &(struct workbook){
            .rows = ROW("1", S("A1", "表")) ROW("2", S("A2", "a") "<c r='B2' t='s'><v>1</v></c>")
                ROW("3", N("A3", "1.1000000000000001") "<c r='B3' s='1'><v>45322.5</v></c>")
                    ROW("5", "<c r='A5' t='s'><v>0</v></c><c r='B5'><f>1+1</f></c>"),
            .after = "<mergeCells><mergeCell ref='A1:B1'/></mergeCells>",
            .strings = "<si><r><t>沈阳_x000D_</t></r><r><t>,x</t></r></si><si><t>b</t></si>",
            .formats = "<numFmt numFmtId='164' formatCode='yyyy-mm-dd'/>",
            .styles = "<xf numFmtId='0'/><xf numFmtId='164'/>"},
        count);
}
#define SOME_TEXT "\na,b\n1.1,2024-01-31T12:00:00\n\n\"沈阳\r,x\",=1+1\n"

static void cut_at_every_length(void **state)
{
    (void)state;
    size_t count;
    char *bytes = some_workbook(&count);
    for (size_t length = 4; length < count; length++) { /* shorter is no archive */
        struct mq_error error = {0};
        char *copy = malloc(length + 1); /* so that a read past the end is seen */
        memcpy(copy, bytes, length);
        copy = realloc(copy, length);
        char *text = workbook_pour(&pair, copy, length, NULL, &error);
        assert_null(text);
        assert_int_equal(error.status, MQ_DATA);
        assert_contains(error.message, "damaged or not complete");
        free(copy);
    }
    free(bytes);
}

static void any_byte_wrong(void **state)
{
    (void)state;
    size_t count, same = 0;
    char *bytes = some_workbook(&count);
    for (size_t i = 0; i < count; i++) {
        struct mq_error error = {0};
        bytes[i] = (char)~bytes[i];
        char *text = workbook_pour(&pair, bytes, count, NULL, &error);
        bytes[i] = (char)~bytes[i];
        if (text)
            same += strcmp(text, SOME_TEXT) == 0;
        else
            assert_true(error.status == MQ_DATA && error.message[0]);
        assert_true(!text || strcmp(text, SOME_TEXT) == 0);
        free(text);
    }
    assert_true(same > 0 && same < count / 2); /* dates of the entries, names not asked for */
    free(bytes);
}

static void a_password(void **state)
{
    (void)state;
    size_t count;
    char *bytes = some_workbook(&count);
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(bytes, count, 0, &reason);
    zip_t *zip = zip_open_from_source(source, 0, &reason);
    assert_non_null(zip);
    zip_source_keep(source);
    zip_int64_t index = zip_name_locate(zip, "xl/worksheets/sheet1.xml", 0);
    assert_int_equal(zip_file_set_encryption(zip, (zip_uint64_t)index, ZIP_EM_AES_256, "secret"),
                     0);
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t about;
    zip_source_open(source);
    zip_source_stat(source, &about);
    char *locked = malloc((size_t)about.size);
    assert_int_equal(zip_source_read(source, locked, about.size), about.size);
    zip_source_close(source);
    zip_source_free(source);
    struct mq_error error = {0};
    assert_null(workbook_pour(&pair, locked, (size_t)about.size, NULL, &error));
    assert_int_equal(error.status, MQ_DATA);
    assert_string_equal(error.message, "is protected by a password; save the workbook without one");
    free(locked);
    free(bytes);
}

/* ---- bombs ---- */

/* 80 MiB of the same, in some part; the directory says so, or lies. */
static void a_bomb(const char *part, const char *head, const char *unit, bool lie)
{
    enum { SIZE = 80 << 20 };
    size_t count, length = strlen(head), step = strlen(unit);
    char *text = malloc(SIZE + 1);
    memcpy(text, head, length);
    while (length + step <= SIZE) {
        memcpy(text + length, unit, step);
        length += step;
    }
    struct workbook workbook = {.rows = AB};
    struct workbook_part bomb = {part, text, length};
    if (strcmp(part, "xl/worksheets/sheet1.xml") == 0) {
        workbook.sheets = "<sheet name='x' sheetId='2' r:id='rId2'/>";
        bomb.name = "xl/other/second.xml";
    }
    workbook.more[0] = bomb;
    char *bytes = workbook_make(&workbook, &count);
    free(text);
    for (size_t i = 0; lie && i + 46 < count; i++) /* 24: uncompressed size in the directory */
        if (memcmp(bytes + i, "PK\1\2", 4) == 0 && memcmp(bytes + i + 46, bomb.name, 10) == 0)
            memcpy(bytes + i + 24, "\x64\0\0\0", 4);
    struct mq_error error = {0};
    assert_null(workbook_pour(&pair, bytes, count, NULL, &error));
    assert_int_equal(error.status, MQ_DATA);
    assert_contains(error.message, bomb.name);
    assert_contains(error.message, "unpacks to more than 400 times its size, as no sheet does");
    free(bytes);
}

static void bombs(void **state)
{
    (void)state;
    a_bomb("xl/worksheets/sheet1.xml", "<worksheet>", "<a/>", false);
    a_bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "<x/>", false);
    a_bomb("xl/worksheets/sheet1.xml", "<worksheet>", "<a/>", true);
    a_bomb("xl/sharedStrings.xml", "<sst><si>", "<r></r>", false);
}

/* What is sparse is no bomb: a million formatted rows without a value. */
static void a_sparse_sheet(void **state)
{
    (void)state;
    struct mq_buffer sheet = MQ_BUFFER_EMPTY;
    mq_buffer_text(&sheet, "<worksheet><sheetData>" AB);
    for (unsigned i = 2; i <= 1048576; i++) {
        mq_buffer_format(&sheet, "<row r='%u' s='1' customFormat='1' ht='14.25'>", i);
        for (char c = 'A'; c <= 'C'; c++)
            mq_buffer_format(&sheet, "<c r='%c%u' s='1'/>", c, i);
        mq_buffer_text(&sheet, "</row>");
    }
    mq_buffer_text(&sheet, "</sheetData></worksheet>");
    size_t count;
    struct mq_error error = {0};
    char *bytes = workbook_make(&(struct workbook){.sheet = sheet.data}, &count);
    char *text = workbook_pour(&pair, bytes, count, NULL, &error);
    if (!text)
        fail_msg("%s", error.message);
    assert_string_equal(text, "a,b\n");
    free(text);
    free(bytes);
    mq_buffer_clear(&sheet);
}

/* ---- no memory, no wish to go on ---- */

static void without_memory(void **state)
{
    (void)state;
    size_t count, failures = 0;
    char *bytes = some_workbook(&count);
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        char *text = workbook_pour(&pair, bytes, count, NULL, &error);
        if (!allocation_failed()) {
            assert_non_null(text);
            assert_string_equal(text, SOME_TEXT);
            free(text);
            break;
        }
        if (!text) {
            failures++;
            assert_int_equal(error.status, MQ_INTERNAL);
            assert_string_equal(error.message, "out of memory");
        }
        free(text);
    }
    assert_true(failures > 20);
    free(bytes);
}

static void stopping(void **state)
{
    (void)state;
    volatile int stop = 1;
    size_t count;
    char *bytes = some_workbook(&count);
    struct sample_file file;
    sample_write(&file, "book.xlsx", bytes, count);
    const char *path = file.path;
    struct mq_reader_options options = {.workers = 1, .stop = &stop};
    struct mq_reader *reader = NULL;
    struct mq_error error = {0};
    assert_int_equal(mq_reader_open(&pair, &path, 1, &options, &reader, &error), MQ_INTERRUPTED);
    sample_remove(&file);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_cannot_be),
        cmocka_unit_test(parts_that_cannot_be),
        cmocka_unit_test(archives_that_are_something_else),
        cmocka_unit_test(macros_are_not_looked_at),
        cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(any_byte_wrong),
        cmocka_unit_test(a_password),
        cmocka_unit_test(bombs),
        cmocka_unit_test(a_sparse_sheet),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(stopping),
    };
    return cmocka_run_group_tests_name("ingest.form_xlsx_refused", tests, NULL, NULL);
}
