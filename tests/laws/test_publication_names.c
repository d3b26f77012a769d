/* Names that are formulas or markup stay text in every format, and other programs show them. */
#include "odd_names.h"
#include "program.h"

#include "support.h"

#include <dirent.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

static int publish_odd_names(void **state)
{
    (void)state;
    publish_odd("");
    return 0;
}

static void add_text(char *all, size_t room, const char *text)
{
    size_t used = strlen(all);
    snprintf(all + used, room - used, "\1%s\1", text);
}

/* Texts of the nodes of an XPath in a part, each between bytes 1; the caller frees. */
static char *texts_of(const char *package, const char *part, const char *path)
{
    struct outcome outcome =
        expect_shell(0, "cd $TMP && unzip -p odd/%s %s > part.xml", package, part);
    outcome_clear(&outcome);
    enum { ROOM = 1 << 20 };
    char *all = calloc(1, ROOM);
    xmlDoc *document = xmlReadFile(in_folder("part.xml"), NULL, XML_PARSE_NONET);
    assert_true(all && document);
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathObject *found = xmlXPathEvalExpression((const xmlChar *)path, context);
    assert_true(found && found->nodesetval);
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        xmlChar *text = xmlNodeGetContent(found->nodesetval->nodeTab[i]);
        add_text(all, ROOM, (const char *)text);
        xmlFree(text);
    }
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    return all;
}

static void assert_all_places(const char *texts)
{
    for (int i = 0; i < PLACES; i++) {
        char wanted[64] = "";
        add_text(wanted, sizeof wanted, places[i]);
        assert_contains(texts, wanted);
    }
}

static void the_workbook_has_texts_and_no_formula(void **state)
{
    (void)state;
    char *texts = texts_of("tables.xlsx", "xl/sharedStrings.xml", "//*[local-name()='si']");
    assert_all_places(texts);
    free(texts);
    struct outcome outcome =
        expect_shell(1, "cd $TMP && unzip -p odd/tables.xlsx 'xl/worksheets/*.xml' | grep -E "
                        "'<f[ >/]|<hyperlink'");
    outcome_clear(&outcome);
}

/* Another program shows the same, and takes nothing for a formula. */
static void libreoffice_shows_the_texts(void **state)
{
    (void)state;
    struct outcome outcome = run_shell("command -v soffice");
    bool absent = outcome.status != 0;
    outcome_clear(&outcome);
    if (absent)
        skip();
    outcome = expect_shell(
        0,
        "cd $TMP && mkdir -p seen && soffice -env:UserInstallation=file://$TMP/profile "
        "--headless --convert-to 'csv:Text - txt - csv "
        "(StarCalc):44,34,76,1,,0,false,true,false,false,false,-1' --outdir seen odd/tables.xlsx "
        "&& cat seen/*district.csv | tail -n +5");
    static const char *const lines[] = {"\n=1+1,",
                                        "\n@x,",
                                        "\n+A1,",
                                        "\n-2,",
                                        "\n<script>alert(3)</script>,",
                                        "\n&amp;,",
                                        "\n\"\"\"quote\"\"\",",
                                        "\ntab\tinside,",
                                        "\n\"new\nline\",",
                                        "\n\\input{x} $y_1^2$ 5% #~,"};
    const char *table = strstr(outcome.out, "[1cm]*,"); /* the first */
    if (!table)
        fail_msg("%s", outcome.out);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_contains(table, lines[i]);
    outcome_clear(&outcome);
}

static bool is_number(const char *cell)
{
    return strspn(cell, "+-0123456789.") == strlen(cell) && strpbrk(cell, "0123456789");
}

/* No cell begins like a formula unless it is a number; every cell into `all`. */
static void read_cells(const char *path, char *all, size_t room)
{
    char *text = get_file(path), cell[4096];
    for (const char *at = text + (strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0); *at;) {
        size_t length = 0;
        bool quoted = false;
        for (; *at && (quoted || !strchr(",\r\n", *at)); at++) {
            if (*at == '"' && !(quoted && at[1] == '"'))
                quoted = !quoted;
            else {
                at += *at == '"';
                cell[length++] = *at;
            }
            assert_true(length < sizeof cell);
        }
        at += *at != '\0';
        cell[length] = '\0';
        if (strchr("=+-@\t\r", cell[0]) && cell[0] && !is_number(cell))
            fail_msg("%s: %s", path, cell);
        add_text(all, room, cell[0] == '\'' && strchr("=+-@", cell[1]) ? cell + 1 : cell);
    }
    free(text);
}

static void csv_cells_are_no_formulas(void **state)
{
    (void)state;
    enum { ROOM = 1 << 20 };
    static const char *const files[] = {"odd/tables/district.csv", "odd/tables/district_values.csv",
                                        "odd/data/district.csv",   "odd/tables/indicators.csv",
                                        "odd/tables/summary.csv",  "odd/tables/notes.csv"};
    for (int i = 0; i < 6; i++) {
        char *all = calloc(1, ROOM);
        assert_non_null(all);
        read_cells(in_folder(files[i]), all, ROOM);
        if (i < 3)
            assert_all_places(all);
        if (i == 2)
            assert_contains(all, "\001-2\001");
        free(all);
    }
}

static void documents_hold_text(void **state)
{
    (void)state;
    char *texts = texts_of("white-paper.docx", "word/document.xml", "//*[local-name()='tc']");
    static const char *const seen[] = {"=1+1",
                                       "@x",
                                       "+A1",
                                       "<script>alert(3)</script>",
                                       "&amp;",
                                       "\"quote\"",
                                       "\\input{x} $y_1^2$ 5% #~",
                                       "[1cm]*"};
    for (int i = 0; i < 8; i++)
        assert_contains(texts, seen[i]);
    free(texts);
    char *page = get_file(in_folder("odd/index.html"));
    assert_null(strstr(page, "<script>alert"));
    assert_null(strstr(page, "<i>root"));
    assert_null(strstr(page, "<u>"));
    assert_null(strstr(page, "<b>x"));
    assert_contains(page, "&lt;script&gt;alert(3)&lt;/script&gt;");
    assert_contains(page, "&amp;amp;");
    free(page);
    char *tex = get_file(in_folder("odd/tex/district.tex"));
    assert_null(strstr(tex, "\\input"));
    assert_contains(tex, "\n{[}1cm{]}{*} & ");
    free(tex);
}

static void assert_labels(json_t *labels)
{
    const char *code;
    json_t *label;
    size_t found = 0;
    json_object_foreach(labels, code, label)
    {
        int place = atoi(code) - 11;
        if (place < PLACES)
            assert_string_equal(json_string_value(label), places[place]);
        found++;
    }
    assert_int_equal(found, PLACES + 1);
}

static void data_and_drawings_are_well_formed(void **state)
{
    (void)state;
    json_t *data = json_load_file(in_folder("odd/data/district.json"), 0, NULL), *labels = NULL;
    assert_int_equal(
        json_unpack(data, "{s:{s:{s:{s:o}}}}", "dimension", "unit", "category", "label", &labels),
        0);
    assert_labels(labels);
    json_decref(data);
    DIR *folder = opendir(in_folder("odd/figures"));
    assert_non_null(folder);
    size_t drawings = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!strstr(entry->d_name, ".svg"))
            continue;
        char path[600];
        snprintf(path, sizeof path, "odd/figures/%s", entry->d_name);
        xmlDoc *drawing = xmlReadFile(in_folder(path), NULL, XML_PARSE_NONET);
        assert_non_null(drawing);
        xmlFreeDoc(drawing);
        char *text = get_file(in_folder(path));
        assert_null(strstr(text, "<script"));
        free(text);
        drawings++;
    }
    closedir(folder);
    assert_true(drawings > 10);
}

/* Two enterprises in a place: it is named, nothing is said about it. */
static void a_withheld_place_has_no_number(void **state)
{
    (void)state;
    struct outcome outcome = expect_shell(
        0, "cd $TMP && awk -F, '$4 == \"小地方\" && $7' oddrun/scores.csv | wc -l; "
           "cd odd; grep -h 小地方 tables/*.csv | tr -d '\\r'; grep -h 小地方 tex/district*.tex | "
           "tr -d ' '; grep ,小地方, data/district.csv | cut -d, -f7- | sort -u");
    assert_string_equal(outcome.out, "6\n小地方,*,*,*,*,*,*,*,*\n小地方,*,*\n"
                                     "小地方&{*}&{*}&{*}&{*}&{*}&{*}&{*}&{*}\\\\\n"
                                     "小地方&{*}&{*}\\\\\n,,,,withheld\n");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "cd $TMP/odd && grep -o '<tr><th[^>]*>小地方</th>.*</tr>' index.html "
                              "| sed 's/<[^>]*>//g' | sort -u");
    assert_string_equal(outcome.out, "小地方**\n小地方***\n小地方********\n");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_workbook_has_texts_and_no_formula),
        cmocka_unit_test(libreoffice_shows_the_texts),
        cmocka_unit_test(csv_cells_are_no_formulas),
        cmocka_unit_test(documents_hold_text),
        cmocka_unit_test(data_and_drawings_are_well_formed),
        cmocka_unit_test(a_withheld_place_has_no_number),
    };
    return cmocka_run_group_tests(tests, publish_odd_names, NULL);
}
