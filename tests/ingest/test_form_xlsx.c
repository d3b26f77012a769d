/* Workbooks: what every kind of cell becomes, and where it stands. */
#include "support.h"
#include "workbook.h"

/* ---- a small model ------------------------------------------------------------------------------ */

static const char *alias_a[] = {"a"}, *alias_b[] = {"b"};
static struct mq_input pair_inputs[] = {
    {.id = "a", .type = MQ_CODE, .alias = alias_a, .aliases = 1, .list = -1},
    {.id = "b", .type = MQ_CODE, .alias = alias_b, .aliases = 1, .list = -1},
};
static const struct mq_model pair = {.input = pair_inputs, .inputs = 2};

#define AB      ROW("1", S("A1", "a") S("B1", "b"))
#define AB_TEXT "a,b\n"

/* ---- cells ---------------------------------------------------------------------------------------- */

/* A cell of column A, and its text. */
static const struct {
    const char *cell, *text;
} cells[] = {
    {S("A2", "沈阳 &amp; &lt;大连&gt; &#x6c88;&#38451;&quot;&apos;"),
     "\"沈阳 & <大连> 沈阳\"\"'\""},
    {S("A2", "a,b"), "\"a,b\""},
    {"<c r='A2' t='inlineStr'><is><t xml:space='preserve'> x </t></is></c>", "\" x \""},
    {"<c r='A2' t='inlineStr'><is><r><rPr><b/></rPr><t>沈</t></r><r><t>阳</t></r><rPh sb='0' "
     "eb='2'><t>shenyang</t></rPh><phoneticPr fontId='1'/></is></c>",
     "沈阳"},
    {"<c r='A2' t='s'><v>0</v></c>", "共享"},
    {"<c r='A2' t='s'><v> 1 </v></c>", "沈阳机床"},
    {"<c r='A2' t='s'><v>2</v></c>", "\"两\n行\""},
    {"<c r='A2' t='s' s='7'><v>4</v></c>", "_x000D_"},
    {"<c r='A2' t='s'><v>5</v></c>", "\"c\rd\""},
    {"<c r='A2' t='b'><v>1</v></c>", "TRUE"},
    {"<c r='A2' t='b'><v>0</v></c>", "FALSE"},
    {"<c r='A2' t='e'><v>#DIV/0!</v></c>", "#DIV/0!"},
    {"<c r='A2' t='str'><f>B1&amp;\"x\"</f><v>bx_x0041_</v></c>", "bxA"},
    {"<c r='A2'><f>SUM(C1:C9)</f><v>45.5</v></c>", "45.5"},
    {"<c r='A2'><f>SUM(C1:C9)&lt;1</f></c>", "=SUM(C1:C9)<1"},
    {"<c r='A2'><f>A1+1</f><v></v></c>", "=A1+1"},
    {"<c r='A2'><f t='shared' si='0'/></c>", "="},
    {"<c r='A2' t='n'><v><!-- x --><![CDATA[12]]>.50</v></c>", "12.5"},
    {"<c r='A2'><v>\r\n 7 </v></c>", "7"},
    {"<c t='d' r='A2'><v>2024-02-29T00:00:00.000Z</v></c>", "2024-02-29"},
    {"<c t='d' r='A2'><v>2024-02-29T08:30:00</v></c>", "2024-02-29T08:30:00"},
    {"<c r='A2' s='1' cm='1' vm='0' ph='1'><v>3</v><extLst><ext><v>9</v></ext></extLst></c>", "3"},
    {"<c r = \"A2\" ><v >4</v ></c >", "4"},
    {"<c><v>5</v></c>", "5"},
    {"<x:c xmlns:x='urn:x' r='A2'><x:v>6</x:v></x:c><c r='A2'><v>8</v></c>", "8"},
    {"<c r='A2' note='>'><v>9</v></c>", "9"},
};

static void every_kind_of_cell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char rows[1000], text[200];
        snprintf(rows, sizeof rows, AB "<row r='2'>%s" S("B2", "z") "</row>", cells[i].cell);
        snprintf(text, sizeof text, AB_TEXT "%s,z\n", cells[i].text);
        struct workbook workbook = {
            .rows = rows,
            .strings =
                "<si><t>共享</t></si><si><r><t>沈阳</t></r><r><rPr><sz val='9'/></rPr><t>机床</t>"
                "</r><rPh sb='0' eb='1'><t>ji</t></rPh></si><si><t>两\r\n行</t></si><si/>"
                "<si><t>_x005F_x000D_</t></si><si><t>c_x000d_d</t></si>"};
        workbook_expect(&pair, &workbook, text);
    }
}

/* A stored number, and what Excel shows. */
static const struct {
    const char *stored, *text;
} numbers[] = {
    {"0", "0"},
    {"-0", "0"},
    {"123456789012345", "123456789012345"},
    {"-999999999999999", "-999999999999999"},
    {"1.1000000000000001", "1.1"},
    {"4.4999999999999997E-2", "0.045"},
    {"90.01000000000001", "90.01"},
    {"2.3849999999999998", "2.385"},
    {"1234.50", "1234.5"},
    {"12.000", "12"},
    {".5", "0.5"},
    {"-.25", "-0.25"},
    {"5.", "5"},
    {"1E3", "1000"},
    {"1.5E+2", "150"},
    {"-1.2345678901234567E-5", "-0.0000123456789012346"},
    {"1e-20", "0.00000000000000000001"},
    {"0E0", "0"},
    {"-0.0", "0"},
    {"0.1234567890123456789", "0.123456789012346"},
    {"123456789.12345679", "123456789.123457"},
    {"999999999999999.88", "1000000000000000"},
    {"9.1210102E+17", "9.1210102E+17"},
    {"9.1210102000000003E+17", "9.1210102000000003E+17"},
    {"912101020000000001", "912101020000000001"},
    {"1000000000000000", "1000000000000000"},
    {"-1E15", "-1E15"},
    {"1e999", "1e999"},
    {"12x", "12x"},
    {"1.2.3", "1.2.3"},
    {"NaN", "NaN"},
};

static void numbers_are_those_that_excel_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char rows[500], text[200];
        snprintf(rows, sizeof rows, AB "<row r='2'><c r='A2'><v>%s</v></c>" S("B2", "z") "</row>",
                 numbers[i].stored);
        snprintf(text, sizeof text, AB_TEXT "%s,z\n", numbers[i].text);
        workbook_expect(&pair, &(struct workbook){.rows = rows}, text);
    }
}

/* Doubles of every size: the text equals printf's 15 digits and reads back as them. */
static void any_number_reads_back(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct mq_buffer rows = MQ_BUFFER_EMPTY, text = MQ_BUFFER_EMPTY;
    double value[300];
    mq_buffer_text(&rows, AB);
    for (int i = 0; i < 300; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        value[i] = ldexp((double)(int64_t)seed, (int)(seed >> 20 & 63) - 76);
        mq_buffer_format(&rows, "<row><c><v>%.17g</v></c><c><v>1</v></c></row>", value[i]);
    }
    size_t count;
    struct mq_error error;
    char *bytes = workbook_make(&(struct workbook){.rows = rows.data}, &count);
    char *poured = workbook_pour(&pair, bytes, count, NULL, &error), *line = poured;
    assert_non_null(poured);
    for (int i = 0; i < 300; i++) {
        char shown[40], again[40];
        line = strchr(line, '\n') + 1;
        assert_null(memchr(line, 'e', strcspn(line, ",")));
        snprintf(shown, sizeof shown, "%.15g", value[i]);
        snprintf(again, sizeof again, "%.15g", strtod(line, NULL));
        assert_string_equal(again, shown);
        assert_in_range(strcspn(line, ","), 1, 340);
    }
    free(poured);
    free(bytes);
    mq_buffer_clear(&rows);
    mq_buffer_clear(&text);
}

/* ---- dates ---------------------------------------------------------------------------------------- */

/* A format (a number, or a code) and a stored day number. */
static const struct {
    const char *format, *stored, *text;
    bool date1904;
} dates[] = {
    {"14", "45322", "2024-01-31", false},
    {"14", "1", "1900-01-01", false},
    {"14", "59", "1900-02-28", false},
    {"14", "60", "1900-02-29", false},
    {"14", "61", "1900-03-01", false},
    {"14", "36584", "2000-02-28", false},
    {"14", "36585", "2000-02-29", false},
    {"14", "2958465", "9999-12-31", false},
    {"14", "2958466", "2958466", false},
    {"14", "-1", "-1", false},
    {"14", "0", "0", false},
    {"14", "0", "1904-01-01", true},
    {"14", "60", "1904-03-01", true},
    {"14", "43860", "2024-01-31", true},
    {"22", "45322.520833333336", "2024-01-31T12:30:00", false},
    {"14", "45322.520833333336", "2024-01-31T12:30:00", false},
    {"22", "45321.999999999", "2024-01-31", false},
    {"20", "0.52083333333333337", "12:30:00", false},
    {"20", "0.52083333333333337", "12:30:00", true},
    {"22", "0.25", "06:00:00", false},
    {"20", "0", "00:00:00", false},
    {"46", "1.5", "36:00:00", false},
    {"45", "45322.5", "2024-01-31T12:00:00", false},
    {"31", "45322", "2024-01-31", false},
    {"58", "45322", "2024-01-31", false},
    {"0", "45322", "45322", false},
    {"1", "45322", "45322", false},
    {"49", "45322", "45322", false},
    {"yyyy/m/d", "45322", "2024-01-31", false},
    {"yyyy\"年\"m\"月\"d\"日\"", "45322", "2024-01-31", false},
    {"yyyy年m月d日", "45322", "2024-01-31", false},
    {"[$-804]e年m月", "45322", "2024-01-31", false},
    {"[DBNum1][$-804]m\"月\"d\"日\";@", "45322", "2024-01-31", false},
    {"mmm", "45322", "2024-01-31", false},
    {"[h]:mm", "1.0625", "25:30:00", false},
    {"h\"时\"mm\"分\"", "0.0625", "01:30:00", false},
    {"yyyy", "45322", "2024", false},
    {"yyyy\"年\"", "45322", "2024", false},
    {"yyyy年", "43860", "2024", true},
    {"General", "45322", "45322", false},
    {"0.00E+00", "45322", "45322", false},
    {"#,##0.00\"day\"", "45322", "45322", false},
    {"0\\d", "45322", "45322", false},
    {"[Red]0.0;[Blue]yyyy", "45322", "45322", false},
    {"_d0*h", "45322", "45322", false},
    {"[$USD] #,##0", "45322", "45322", false},
    {"\"yyyy", "45322", "45322", false},
    {"yyyy", "2024x", "2024x", false},
};

static void dates_by_their_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char rows[500], text[200], formats[300] = "", styles[200], escaped[200];
        bool code = strspn(dates[i].format, "0123456789") != strlen(dates[i].format);
        char *out = escaped;
        for (const char *c = dates[i].format; *c; c++)
            out = *c == '"' ? stpcpy(out, "&quot;") : (*out = *c, out + 1);
        *out = '\0';
        if (code)
            snprintf(formats, sizeof formats,
                     "<numFmt numFmtId='170' formatCode='0'/><numFmt numFmtId='171' "
                     "formatCode=\"%s\"/>",
                     escaped);
        snprintf(styles, sizeof styles, "<xf numFmtId='0'/><xf numFmtId='%s'/>",
                 code ? "171" : dates[i].format);
        snprintf(rows, sizeof rows,
                 AB "<row r='2'><c r='A2' s='1'><v>%s</v></c><c r='B2' s='0'><v>%s</v></c></row>",
                 dates[i].stored, dates[i].stored);
        struct workbook workbook = {.rows = rows,
                                    .formats = formats,
                                    .styles = styles,
                                    .setup = dates[i].date1904 ? "<workbookPr date1904='1'/>"
                                                               : "<workbookPr date1904='false'/>"};
        double number = strtod(dates[i].stored, &out);
        if (*out)
            snprintf(text, sizeof text, AB_TEXT "%s,%s\n", dates[i].text, dates[i].stored);
        else
            snprintf(text, sizeof text, AB_TEXT "%s,%.15g\n", dates[i].text, number);
        workbook_expect(&pair, &workbook, text);
    }
}

/* ---- rows and places ------------------------------------------------------------------------------ */

static void rows_keep_their_places(void **state)
{
    (void)state;
    /* gaps in rows and columns, formatted cells without value, short and ragged rows */
    workbook_expect(
        &pair,
        &(struct workbook){
            .rows = "<row r='3' spans='1:5'>" S("B3", "a")
                S("D3", "b") "<c r='E3' s='1'/></row>"
                             "<row r='4' ht='20'/><row r='5'><c r='B5' s='2'/></row>"
                             "<row r='6'>" N(
                                 "B6", "1") "<c r='C6'/><c r='D6' s='1'/><c r='G6' s='1'/></row>"
                                            "<row r='9'>" N("A9", "2")
                                                N("F9", "3") "</row>"
                                                             "<row r='10'>" S("C10", "  ")
                                                                 S("H10", "") "</row>"
                                                                              "<row r='11'>" N(
                                                                                  "AA11",
                                                                                  "4") "</row>"},
        "\n\n,a,,b\n\n\n,1,,\n\n\n2,,,,,3\n\n,,,,,,,,,,,,,,,,,,,,,,,,,,4\n");
    /* without any places, and with some */
    workbook_expect(&pair,
                    &(struct workbook){.rows =
                                           "<row><c t='inlineStr'><is><t>a</t></is></c><c "
                                           "t='inlineStr'><is><t>b</t></is></c></row><row/>"
                                           "<row><c/><c><v>1</v></c></row><row r='6'><c "
                                           "r='B6'><v>2</v></c></row><row><c><v>3</v></c></row>"},
                    "a,b\n\n,1\n\n\n,2\n3,\n");
}

static void prefixes_and_the_strict_namespace(void **state)
{
    (void)state;
    static const char *const sheets[] = {
        "<?xml version='1.0' encoding='utf-8'?><!-- made --><x:worksheet xmlns:x='" MAIN
        "' xmlns='urn:other'><x:sheetData><x:row r='1'><x:c r='A1' t='s'><x:v>0</x:v></x:c>"
        "<x:c r='B1' t='s'><x:v>1</x:v></x:c></x:row><row r='2'><c r='A2'><v>7</v></c></row>"
        "<x:row r='3'><x:c r='A3'><x:v>8</x:v></x:c></x:row></x:sheetData></x:worksheet>\n",
        "\xEF\xBB\xBF<worksheet xmlns='http://purl.oclc.org/ooxml/spreadsheetml/main' "
        "conformance='strict'><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' "
        "t='s'><v>1</v></c></row><row r='3'><c r='A3'><v>8</v></c></row></sheetData></worksheet>",
        ("<worksheet>\n <sheetData>\n  <row>\n   <c t='s'> <v>0</v> </c> <c t='s'><v>1</v></c>\n"
         "  </row><row r='3'><c><v>8</v></c></row>\n </sheetData>\n</worksheet>")};
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        workbook_expect(
            &pair,
            &(struct workbook){.sheet = sheets[i], .strings = "<si><t>a</t></si><si><t>b</t></si>"},
            "a,b\n\n8,\n");
}

/* Texts, tags and CDATA across the ends of all buffers. */
static void long_texts(void **state)
{
    (void)state;
    enum { LONG = 700000 };
    struct mq_buffer sheet = MQ_BUFFER_EMPTY, text = MQ_BUFFER_EMPTY;
    char *fill = malloc(LONG);
    memset(fill, 'x', LONG);
    mq_buffer_text(&sheet, "<worksheet xmlns='" MAIN "'><sheetData>" AB);
    mq_buffer_text(&text, AB_TEXT);
    for (int i = 0; i < 40; i++) {
        size_t length = i % 7 == 0 ? LONG : (size_t)i * 997;
        mq_buffer_format(&sheet, "<row><c t='inlineStr' note='%.*s'><is><t>%d<![CDATA[&",
                         (int)length, fill, i);
        mq_buffer_add(&sheet, fill, length);
        mq_buffer_format(&sheet, "]]><!--%.*s--></t></is></c><c><v>%d</v></c></row>", (int)length,
                         fill, i);
        mq_buffer_format(&text, "%d&", i);
        mq_buffer_add(&text, fill, length);
        mq_buffer_format(&text, ",%d\n", i);
    }
    mq_buffer_text(&sheet, "</sheetData></worksheet>");
    workbook_expect(&pair, &(struct workbook){.sheet = sheet.data}, text.data);
    free(fill);
    mq_buffer_clear(&sheet);
    mq_buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_cell),
        cmocka_unit_test(numbers_are_those_that_excel_shows),
        cmocka_unit_test(any_number_reads_back),
        cmocka_unit_test(dates_by_their_format),
        cmocka_unit_test(rows_keep_their_places),
        cmocka_unit_test(prefixes_and_the_strict_namespace),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests_name("ingest.form_xlsx", tests, NULL, NULL);
}
