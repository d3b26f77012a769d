/* Workbooks: which sheet is read, where its header is, what several writers make of one. */
#include <xlsxwriter.h>

#include "sample.h"
#include "support.h"
#include "workbook.h"

/* ---- two small models ----------------------------------------------------------------------------- */

static const char *alias_a[] = {"a"}, *alias_b[] = {"b"};
static struct mq_input pair_inputs[] = {
    {.id = "a", .type = MQ_CODE, .alias = alias_a, .aliases = 1, .list = -1},
    {.id = "b", .type = MQ_CODE, .alias = alias_b, .aliases = 1, .list = -1},
};
static const struct mq_model pair = {.input = pair_inputs, .inputs = 2};

static const char *alias_year[] = {"年份", "year"}, *alias_cost[] = {"研发经费"};
static const char *alias_staff[] = {"研发人员"}, *alias_region[] = {"地区"};
static struct mq_input research_inputs[] = {
    {.id = "year", .type = MQ_PERIOD, .alias = alias_year, .aliases = 2, .list = -1},
    {.id = "cost", .type = MQ_AMOUNT, .alias = alias_cost, .aliases = 1, .list = -1},
    {.id = "staff", .type = MQ_AMOUNT, .alias = alias_staff, .aliases = 1, .list = -1},
    {.id = "region", .type = MQ_CODE, .alias = alias_region, .aliases = 1, .list = -1},
};
static const struct mq_model research = {.input = research_inputs, .inputs = 4};

#define AB ROW("1", S("A1", "a") S("B1", "b"))

/* ---- sheets --------------------------------------------------------------------------------------- */

#define SHEETS                                                                                     \
    "<sheet name='hid' sheetId='1' state='hidden' r:id='rId1'/><sheet name='图' sheetId='2' "     \
    "r:id='rId3'/><sheet name='R&amp;D 数据' sheetId='3' r:id='rId2'/>"

static void the_sheet_that_is_wanted(void **state)
{
    (void)state;
    static const struct {
        const char *part, *text, *message;
    } wanted[] = {
        {NULL, "a,b\n2,\n", NULL},
        {"R&D 数据", "a,b\n2,\n", NULL},
        {" r&d 数据 ", "a,b\n2,\n", NULL},
        {"hid", "a,b\n1,\n", NULL},
        {"HID", "a,b\n1,\n", NULL},
        {"图", NULL, "has no sheet \"图\"; its sheets: \"hid\" (hidden), \"R&D 数据\""},
        {"2025", NULL, "has no sheet \"2025\"; its sheets: \"hid\" (hidden), \"R&D 数据\""},
    };
    struct workbook workbook = {.sheets = SHEETS,
                                .rows = AB ROW("2", N("A2", "1")),
                                .more = {{"xl/other/second.xml",
                                          "<worksheet xmlns='" MAIN "'><sheetData>" AB
                                          "<row><c><v>2</v></c></row></sheetData></worksheet>",
                                          0}}};
    size_t count;
    char *bytes = workbook_make(&workbook, &count);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct mq_error error = {0};
        char *text = workbook_pour(&pair, bytes, count, wanted[i].part, &error);
        if (wanted[i].text) {
            assert_non_null(text);
            assert_string_equal(text, wanted[i].text);
        } else {
            assert_null(text);
            assert_int_equal(error.status, MQ_DATA);
            assert_string_equal(error.message, wanted[i].message);
        }
        free(text);
    }
    free(bytes);
    workbook.sheets = "<sheet name='v' sheetId='1' state='veryHidden' r:id='rId1'/>";
    workbook_refused(&pair, &workbook, "hidden sheets only: \"v\" (hidden)", 0, 0);
    workbook.sheets = "<sheet name='图' sheetId='2' r:id='rId3'/>";
    workbook_refused(&pair, &workbook, "without a worksheet", 0, 0);
}

/* ---- headers -------------------------------------------------------------------------------------- */

#define MERGE(range) "<mergeCells count='1'><mergeCell ref='" range "'/></mergeCells>"

static const struct {
    const char *rows, *after, *text;
} headers[] = {
    /* titles and a unit above; the row with most inputs wins over one with some */
    {ROW("1", S("A1", "2024年地区表")) ROW("2", S("A2", "年份") S("D2", "单位：万元"))
         ROW("4", S("A4", "年份") S("B4", "地区") S("C4", "研发&#10;经费") S("D4", " 研发人员 "))
             ROW("5", N("A5", "2024") S("B5", "沈阳") N("C5", "1") N("D5", "2")),
     MERGE("A1:D1"), "\n\n\n年份,地区,研发经费,研发人员\n2024,沈阳,1,2\n"},
    /* the same names twice: the first row */
    {ROW("1", S("A1", "年份") S("B1", "地区")) ROW("2", S("A2", "年份") S("B2", "地区")), NULL,
     "年份,地区\n年份,地区\n"},
    /* a parent over two, the others merged downwards */
    {ROW("2", S("A2", "年份") S("B2", "研发") S("D2", "地区"))
         ROW("3", S("B3", "经费") S("C3", "人员"))
             ROW("4", N("A4", "2024") N("B4", "1") N("C4", "2") S("D4", "沈阳")),
     "<mergeCells><mergeCell ref='A2:A3'/><mergeCell ref='B2:C2'/><mergeCell ref='D2:D3'/>"
     "</mergeCells>",
     "\n\n年份,研发经费,研发人员,地区\n2024,1,2,沈阳\n"},
    /* all inputs above, sub-titles of a column nobody asks for below */
    {ROW("1", S("A1", "年份") S("B1", "研发经费") S("C1", "研发人员") S("D1", "地区")
                  S("E1", "其他")) ROW("2", S("E2", "甲") S("F2", "乙"))
         ROW("3", N("A3", "2024") N("B3", "1") N("C3", "2") S("D3", "沈阳") N("F3", "9")),
     "<mergeCells><mergeCell ref='A1:A2'/><mergeCell ref='B1:B2'/><mergeCell ref='C1:C2'/>"
     "<mergeCell ref='D1:D2'/><mergeCell ref='E1:F1'/></mergeCells>",
     "\n年份,研发经费,研发人员,地区,甲,乙\n2024,1,2,沈阳,,9\n"},
    /* all merged downwards: the second row is blank */
    {ROW("1", S("A1", "年份") S("B1", "地区")) ROW("3", N("A3", "2024") S("B3", "沈阳")),
     "<mergeCells><mergeCell ref='A1:A2'/><mergeCell ref='B1:B2'/></mergeCells>",
     "\n年份,地区\n2024,沈阳\n"},
    /* a title over everything, then a parent; three rows */
    {ROW("1", S("A1", "表")) ROW("2", S("A2", "年份") S("B2", "研发")) ROW("3", S("B3", "内部"))
         ROW("4", S("B4", "经费") S("C4", "人员")) ROW("5", N("A5", "2024") N("C5", "2")),
     "<mergeCells><mergeCell ref='A1:C1'/><mergeCell ref='A2:A4'/><mergeCell ref='B2:C2'/>"
     "<mergeCell ref='B3:C3'/></mergeCells>",
     "\n\n\n年份,经费,人员\n2024,,2\n"},
    /* merged cells among the data do not lengthen the header */
    {ROW("1", S("A1", "年份") S("B1", "地区") S("C1", "注"))
         ROW("2", N("A2", "2023") S("B2", "沈阳")) ROW("3", N("A3", "2024")),
     "<mergeCells><mergeCell ref='B2:B3'/><mergeCell ref='C1:C3'/></mergeCells>",
     "年份,地区,注\n2023,沈阳,\n2024,,\n"},
    /* nothing fits: the first row, and the reader says what is missing */
    {ROW("2", S("A2", "甲") S("C2", "乙")) ROW("3", N("A3", "1")), NULL, "\n甲,,乙\n1,,\n"},
    /* a name that is a number, a blank title to the right */
    {ROW("1", S("A1", "year") N("B1", "2023") S("C1", " ")) ROW("2", N("A2", "1") N("B2", "2")),
     NULL, "year,2023\n1,2\n"},
};

static void headers_below_titles_and_over_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        workbook_expect(&research,
                        &(struct workbook){.rows = headers[i].rows, .after = headers[i].after},
                        headers[i].text);
}

static void the_header_is_among_fifty_rows(void **state)
{
    (void)state;
    for (int titles = 48; titles < 53; titles++) {
        struct mq_buffer rows = MQ_BUFFER_EMPTY, text = MQ_BUFFER_EMPTY;
        for (int i = 1; i <= titles; i++) {
            mq_buffer_format(&rows, "<row r='%d'><c><v>%d</v></c></row>", 3 * i, i);
            if (titles < 50)
                mq_buffer_text(&text, "\n\n\n");
            else
                mq_buffer_format(&text, "\n\n%d%s\n", i, i == 1 ? "" : "");
        }
        mq_buffer_format(&rows, "<row r='%d'>%s</row><row><c><v>1</v></c></row>", 3 * titles + 2,
                         "<c t='inlineStr'><is><t>a</t></is></c><c t='inlineStr'><is><t>b</t></is>"
                         "</c>");
        mq_buffer_text(&text, titles < 50 ? "\na,b\n1,\n" : "\na,b\n1\n");
        workbook_expect(&pair, &(struct workbook){.rows = rows.data}, text.data);
        mq_buffer_clear(&rows);
        mq_buffer_clear(&text);
    }
}

/* ---- through the reader --------------------------------------------------------------------------- */

static void lines_are_rows_of_the_sheet(void **state)
{
    (void)state;
    size_t count;
    struct mq_error error = {0};
    char *bytes = workbook_make(
        &(struct workbook){
            .rows = ROW("2", S("A2", "表")) ROW("4", S("A4", "usci") S("B4", "year") S("C4", "name")
                                                         S("D4", "营业&#10;收入") S("E4", "rate"))
                ROW("5", S("A5", "K1") N("B5", "2024") S("C5", "两&#10;行") N("D5", "12.3")
                             N("E5", "2.3849999999999998"))
                    ROW("9", S("A9", "K2") N("B9", "2024") S("C9", "丹东") N("D9", "5"))
                        ROW("10", S("A10", "K3") N("F10", "1"))},
        &count);
    struct sample_file file;
    sample_write(&file, "book.xlsx", bytes, count);
    char named[300];
    snprintf(named, sizeof named, "%s#data", file.path);
    const char *paths[] = {file.path, named};
    struct sample_way way = {.texts = true};
    char *text = sample_read(sample_model(), paths, 2, &way, &error);
    if (!text)
        fail_msg("%s", error.message);
    char *second = strstr(text, "1 0 ");
    assert_contains(text, " 2024 两\n行 1230 2.385 5 K1 两\n行\n");
    assert_contains(text, " 2024 丹东 500 missing 9 K2 丹东\n");
    assert_contains(text, "0 6 missing missing missing missing missing 10 K3 \n");
    assert_non_null(second);
    assert_contains(second, "9 K2 丹东");
    free(text);
    free(bytes);
    sample_remove(&file);
}

/* A second writer of workbooks. */
static void a_workbook_of_libxlsxwriter(void **state)
{
    (void)state;
    for (int constant = 0; constant < 2; constant++) {
        struct sample_file file;
        sample_write(&file, "book.xlsx", "", 0);
        lxw_workbook_options options = {.constant_memory = constant != 0};
        lxw_workbook *workbook = workbook_new_opt(file.path, &options);
        lxw_worksheet *notes = workbook_add_worksheet(workbook, "说明");
        lxw_worksheet *sheet = workbook_add_worksheet(workbook, "数据");
        lxw_format *day = workbook_add_format(workbook), *bold = workbook_add_format(workbook);
        lxw_datetime date = {2024, 1, 31, 0, 0, 0};
        format_set_num_format(day, "yyyy\"年\"m\"月\"d\"日\"");
        format_set_bold(bold);
        worksheet_write_string(notes, 0, 0, "x", NULL);
        worksheet_merge_range(sheet, 0, 0, 0, 2, "企业表", bold);
        worksheet_write_string(sheet, 1, 0, "a", bold);
        worksheet_write_string(sheet, 1, 1, "b", bold);
        worksheet_write_string(sheet, 1, 2, "日期", NULL);
        worksheet_write_string(sheet, 3, 0, "沈阳, \"x\" <&>", NULL);
        worksheet_write_number(sheet, 3, 1, 1.1, NULL);
        worksheet_write_datetime(sheet, 3, 2, &date, day);
        worksheet_write_formula_num(sheet, 4, 0, "=B4*2", NULL, 2.2);
        worksheet_write_boolean(sheet, 4, 1, 1, NULL);
        worksheet_write_blank(sheet, 4, 9, bold);
        worksheet_write_string(sheet, 5, 1, " 两\r\n行\x01", NULL);
        assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
        struct mq_buffer bytes = MQ_BUFFER_EMPTY;
        struct mq_error error = {0};
        assert_int_equal(mq_read_file(file.path, &bytes, &error), MQ_OK);
        char *text = workbook_pour(&pair, bytes.data, bytes.length, "数据", &error);
        if (!text)
            fail_msg("%s", error.message);
        assert_string_equal(text,
                            "\na,b,日期\n\n\"沈阳, \"\"x\"\" <&>\",1.1,2024-01-31\n2.2,TRUE,\n"
                            ",\" 两\r\n行\x01\",\n");
        free(text);
        mq_buffer_clear(&bytes);
        sample_remove(&file);
    }
}

/* A third: what LibreOffice makes of a table with numbers, dates and codes. */
static void a_workbook_of_libreoffice(void **state)
{
    (void)state;
    static const char csv[] =
        "a,b,日期,率\n0012,2.3850000000000002,2024-01-31,4.5%\n沈阳,1234567.5,"
        "1999-12-31,0.1%\n";
    struct sample_file file;
    char command[1200], path[300];
    if (system("command -v soffice > /dev/null 2>&1") != 0) {
        print_message("skipped: no soffice\n");
        return;
    }
    sample_write(&file, "book.csv", csv, sizeof csv - 1);
    /* columns: text, standard, date (year first), standard; UTF-8; special numbers are detected */
    snprintf(command, sizeof command,
             "cd %s && LC_ALL=C.UTF-8 soffice -env:UserInstallation=file://%s/profile --headless "
             "--convert-to xlsx "
             "--infilter='CSV:44,34,76,1,1/2/2/1/3/5/4/1,,false,true' book.csv > log 2>&1",
             file.folder, file.folder);
    if (system(command) != 0)
        print_message("soffice failed\n");
    snprintf(path, sizeof path, "%s/book.xlsx", file.folder);
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    bool made = mq_read_file(path, &bytes, &error) == MQ_OK;
    char *text = made ? workbook_pour(&pair, bytes.data, bytes.length, NULL, &error) : NULL;
    snprintf(command, sizeof command, "rm -rf %s", file.folder);
    assert_int_equal(system(command), 0);
    mq_buffer_clear(&bytes);
    if (!made) {
        print_message("skipped: soffice made no workbook\n");
        return;
    }
    if (!text)
        fail_msg("%s", error.message);
    assert_string_equal(text, "a,b,日期,率\n0012,2.385,2024-01-31,0.045\n沈阳,1234567.5,1999-12-31,"
                              "0.001\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sheet_that_is_wanted),
        cmocka_unit_test(headers_below_titles_and_over_rows),
        cmocka_unit_test(the_header_is_among_fifty_rows),
        cmocka_unit_test(lines_are_rows_of_the_sheet),
        cmocka_unit_test(a_workbook_of_libxlsxwriter),
        cmocka_unit_test(a_workbook_of_libreoffice),
    };
    return cmocka_run_group_tests_name("ingest.form_xlsx_book", tests, NULL, NULL);
}
