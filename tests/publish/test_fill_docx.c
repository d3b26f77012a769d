/* The author's own document, filled. */
#include "docx_fixture.h"

#include "publish/docx_package.h"

#include <zip.h>

#include "support.h"

struct filled {
    char folder[256], template[512], output[512], again[512];
    struct mq_fill_report report, second;
    struct mq_error error;
};

static enum mq_status fill(const struct docx_fixture *fixture, const char *from, const char *to,
                           struct mq_fill_report *report, struct mq_error *error)
{
    const struct mq_publication *publication = &fixture->publication;
    return mq_fill_docx(&publication, 1, from, to, report, error);
}

static void fill_template(const struct docx_fixture *fixture, const char *body, struct filled *it)
{
    *it = (struct filled){0};
    realistic_folder(it->folder);
    snprintf(it->template, sizeof it->template, "%s/paper.docx", it->folder);
    snprintf(it->output, sizeof it->output, "%s/filled.docx", it->folder);
    snprintf(it->again, sizeof it->again, "%s/again.docx", it->folder);
    docx_template(it->template, body);
    if (fill(fixture, it->template, it->output, &it->report, &it->error) != MQ_OK)
        fail_msg("%s", it->error.message);
    if (fill(fixture, it->output, it->again, &it->second, &it->error) != MQ_OK)
        fail_msg("%s", it->error.message);
}

static void filled_clear(struct filled *it)
{
    mq_buffer_clear(&it->report.lines);
    mq_buffer_clear(&it->second.lines);
}

static void same_bytes(const char *a, const char *b)
{
    struct mq_buffer first = MQ_BUFFER_EMPTY, second = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_read_file(a, &first, NULL), MQ_OK);
    assert_int_equal(mq_read_file(b, &second, NULL), MQ_OK);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    mq_buffer_clear(&first);
    mq_buffer_clear(&second);
}

static void filled_twice_gives_the_same_bytes(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct docx_fixture fixture;
        struct filled it;
        docx_fixture_new(
            &(struct realistic_options){.periods = 2, .min_enterprises = 3, .english = english},
            &fixture);
        fill_template(&fixture, docx_places, &it);
        docx_check(it.output);
        same_bytes(it.output, it.again);
        assert_int_equal(it.report.filled, it.second.filled);
        assert_int_equal(it.report.filled, 20);
        assert_int_equal(it.report.unknown, 4);
        filled_clear(&it);
        docx_fixture_clear(&fixture);
    }
}

/* ---- what is in it ---- */

static const char *value(const struct docx_fixture *fixture, const char *level, const char *unit,
                         enum mq_measure measure, const char *period)
{
    const struct mq_data_cell *cell =
        mq_data_find(fixture->publication.data, "mqci", level, unit, period, measure);
    assert_non_null(cell);
    assert_true(cell->text[0]);
    return cell->text;
}

static void all_places_are_filled(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer words = MQ_BUFFER_EMPTY, xml = MQ_BUFFER_EMPTY;
    char wanted[1024];
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
    fill_template(&fixture, docx_places, &it);
    docx_words(it.output, "word/document.xml", &words);
    docx_part(it.output, "word/document.xml", &xml);
    snprintf(wanted, sizeof wanted, "全省指数为%s，比上年变动%s，其中大连市居第%s位，上年为%s。",
             value(&fixture, "province", "", MQ_MEASURE_SCORE, NULL),
             value(&fixture, "province", "", MQ_MEASURE_CHANGE, NULL),
             value(&fixture, "city", "200200", MQ_MEASURE_RANK, NULL),
             value(&fixture, "city", "200200", MQ_MEASURE_SCORE, "2023"));
    assert_contains(words.data, wanted);
    assert_contains(words.data, "制造业质量竞争力指数白皮书\n（2024年）\n");
    assert_contains(words.data, "一、{{period}}概况\n二、各市"); /* the contents stay */
    assert_contains(words.data, "\n一、2024年概况\n");
    assert_contains(words.data, "<script>alert(1)</script> R&D");
    assert_contains(words.data, "版本：2024。");
    assert_contains(words.data, "要点：制造业质量竞争力指数");
    assert_contains(words.data, "表2　");
    assert_null(strstr(words.data, "表1　")); /* its body alone was asked for */
    assert_contains(words.data, "图3　");
    assert_null(strstr(words.data, "图1　"));
    assert_contains(words.data, "{{table:citty}}\n见{{table:industry}}\n{{picture:x}}\n");
    assert_contains(xml.data, "<w:tblStyle w:val=\"TableGrid\"/><w:tblW"); /* 网格型 */
    assert_null(strstr(xml.data, "showingPlcHdr"));
    assert_null(strstr(xml.data, "单击输入"));
    /* the words have the looks of the place */
    snprintf(wanted, sizeof wanted,
             "<w:sdt><w:sdtPr><w:tag w:val=\"value:mqci.province\"/></w:sdtPr><w:sdtContent><w:r>"
             "<w:rPr><w:b/><w:color w:val=\"C00000\"/></w:rPr><w:t xml:space=\"preserve\">%s</w:t>",
             value(&fixture, "province", "", MQ_MEASURE_SCORE, NULL));
    assert_contains(xml.data, wanted);
    mq_buffer_clear(&words);
    docx_words(it.output, "word/header1.xml", &words);
    assert_string_equal(words.data, "制造业质量竞争力指数 2024年\n");
    mq_buffer_clear(&words);
    docx_words(it.output, "word/footnotes.xml", &words);
    snprintf(wanted, sizeof wanted, "鞍山市为%s。\n",
             value(&fixture, "city", "200300", MQ_MEASURE_SCORE, NULL));
    assert_string_equal(words.data, wanted);
    mq_buffer_clear(&words);
    mq_buffer_clear(&xml);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

static void unknown_places_are_named(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
#define RUN(words) "<w:p><w:r><w:t>" words "</w:t></w:r></w:p>"
    fill_template(&fixture,
                  RUN("{{table:citty}}") RUN("{{table:zzzzzzzz}}") RUN("见{{figure:trend}}")
                      RUN("{{figur:trend}}") RUN("{{value:mqcj.city.200100}}")
                          RUN("{{value:mqci.town.1}}") RUN("{{value:mqci.city.200109}}")
                              RUN("{{value:mqci.city.200100@1999}}") RUN("{{value:mqci}}")
                                  RUN("{{other/table:x}}") RUN("{{table:nobody/city}}")
                                      RUN("{{figure:heat wide}}") RUN("{{ table：citi }}")
                                          RUN("{{text:overvieww}}"),
                  &it);
    static const char *const lines[] = {
        "paper.docx: `{{table:citty}}`: no such table; did you mean `city`?\n",
        "`{{table:zzzzzzzz}}`: no such table; there are: `summary`, `city`",
        "give it a paragraph of its own: “见{{figure:trend}}”\n",
        "`{{figur:trend}}`: no such kind of place; there are table:…, figure:…, text:…, value:…",
        "no such node as `mqcj`; did you mean `mqci`?",
        "no such level as `town`",
        "no such unit as `200109`; did you mean `200100`?",
        "no such period as `1999`",
        "`{{value:mqci}}`: is not value:NODE.LEVEL.UNIT",
        "`{{table:nobody/city}}`: no such publication as `nobody`; did you mean `mqci-liaoning`?",
        "`{{figure:heat wide}}`: behind the name there can be `body`\n",
        "`{{table:citi}}`: no such table; did you mean `city`?",
        "`{{text:overvieww}}`: no such text; did you mean `overview`?"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_contains(it.report.lines.data, lines[i]);
    assert_int_equal(it.report.unknown, 14);
    assert_int_equal(it.report.filled, 7); /* cover, heading, header, footer, footnote */
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

static void numbers_that_are_not_published(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer words = MQ_BUFFER_EMPTY;
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 9}, &fixture);
    const struct mq_data *data = fixture.publication.data;
    const struct mq_data_level *level = data->level;
    while (strcmp(level->id, "city_industry") != 0)
        level++;
    const struct mq_data_cell *cell = NULL;
    char body[512], wanted[512];
    for (size_t u = 0; u < level->units && (!cell || cell->reason != MQ_WITHHELD); u++) {
        cell = mq_data_find(data, "mqci", level->id, level->unit[u].code, NULL, MQ_MEASURE_SCORE);
        snprintf(body, sizeof body,
                 "<w:p><w:r><w:t>得分{{value:mqci-liaoning/mqci.%s.%s}}。</w:t></w:r></w:p>",
                 level->id, level->unit[u].code);
    }
    assert_int_equal(cell->reason, MQ_WITHHELD);
    fill_template(&fixture, body, &it);
    docx_words(it.output, "word/document.xml", &words);
    assert_contains(words.data, "得分*。");
    snprintf(wanted, sizeof wanted, "no number is published (%s); the document shows *\n",
             mq_reason_title(MQ_WITHHELD, true));
    assert_contains(it.report.lines.data, wanted);
    assert_int_equal(it.report.unknown, 0);
    mq_buffer_clear(&words);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

/* ---- places in odd places ---- */

static void paragraphs_with_more_to_them(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer xml = MQ_BUFFER_EMPTY;
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
    fill_template(
        &fixture,
        "<w:p><w:pPr><w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"
        "<w:pgMar w:top=\"1000\" w:right=\"1000\" w:bottom=\"1000\" w:left=\"1000\"/></w:sectPr>"
        "</w:pPr><w:bookmarkStart w:id=\"7\" w:name=\"here\"/><w:r><w:t>{{table:city_industry}}"
        "</w:t></w:r><w:bookmarkEnd w:id=\"7\"/></w:p>"
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"6000\"/></w:tblGrid><w:tr><w:tc><w:tcPr>"
        "<w:tcW w:w=\"6000\" w:type=\"dxa\"/></w:tcPr>" RUN(
            "{{table:summary body}}") "</w:tc></w:tr><w:tr><w:sdt><w:sdtPr><w:tag "
                                      "w:val=\"period\"/><w:dataBinding "
                                      "w:xpath=\"/x\"/></"
                                      "w:sdtPr><w:sdtContent><w:tc><w:tcPr><w:tcW w:w=\"6000\" "
                                      "w:type=\"dxa\"/></w:tcPr>" RUN(
                                          "旧") "</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
                                                "<w:p><w:sdt><w:sdtPr><w:tag "
                                                "w:val=\"figure:heat\"/></"
                                                "w:sdtPr><w:sdtContent><w:r><w:t>图"
                                                "</w:t></w:r></w:sdtContent></w:sdt></w:p>"
                                                "<w:p><w:r><w:t>a{{title}}b{{</w:t><w:tab/"
                                                "><w:t>period}}{{period}}{{edition}}</w:t></w:r>"
                                                "</w:p><w:sdt><w:sdtPr><w:tag "
                                                "w:val=\"anything\"/></w:sdtPr><w:sdtContent>" RUN(
                                                    "{{period}}") "</w:sdtContent></w:sdt>",
        &it);
    docx_check(it.output);
    same_bytes(it.output, it.again);
    docx_part(it.output, "word/document.xml", &xml);
    assert_contains(xml.data, "w:orient=\"landscape\"");
    assert_contains(xml.data, "<w:bookmarkStart w:id=\"7\" w:name=\"here\"/><w:bookmarkEnd");
    assert_null(strstr(xml.data, "dataBinding"));
    assert_null(strstr(xml.data, ">旧<"));
    assert_contains(xml.data, "</w:tbl><w:p>"); /* a cell ends with a paragraph */
    mq_buffer_clear(&xml);
    docx_words(it.output, "word/document.xml", &xml);
    assert_contains(xml.data, "a制造业质量竞争力指数b{{period}}2024年2024\n2024年\n");
    assert_contains(xml.data, "（2024年）\n");
    assert_int_equal(it.report.unknown, 0);
    mq_buffer_clear(&xml);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

/* Other programs than Word have other prefixes for the same namespace. */
static void other_prefixes_are_read(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer text = MQ_BUFFER_EMPTY, words = MQ_BUFFER_EMPTY;
    struct mq_docx_package package = {0};
    docx_fixture_new(&(struct realistic_options){.periods = 1}, &fixture);
    fill_template(&fixture, "", &it);
    mq_buffer_text(&text, "<x:document xmlns:x=\"" DOCX_W "\"><x:body><x:p><x:pPr><x:jc "
                          "x:val=\"center\"/></x:pPr><x:r><x:rPr><x:b/></x:rPr><x:t>在{{period}}"
                          "</x:t></x:r></x:p><x:p><x:r><x:t>{{table:city}}</x:t></x:r></x:p>"
                          "<x:p><x:r><x:t>{{text:overview}}</x:t></x:r></x:p></x:body>"
                          "</x:document>");
    assert_true(mq_docx_add(&package, "word/document.xml",
                            MQ_DOCX_TYPE "wordprocessingml.document.main+xml", &text));
    assert_int_equal(mq_docx_save(&package, it.template, NULL), MQ_OK);
    struct mq_fill_report report = {0};
    assert_int_equal(fill(&fixture, it.template, it.output, &report, NULL), MQ_OK);
    assert_int_equal(fill(&fixture, it.output, it.again, &report, NULL), MQ_OK);
    assert_int_equal(report.filled, 6);
    same_bytes(it.output, it.again);
    docx_words(it.output, "word/document.xml", &words);
    assert_contains(words.data, "在2024年\n");
    assert_contains(words.data, fixture.section[0].paragraph[0]);
    mq_docx_package_clear(&package);
    mq_buffer_clear(&words);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

static void other_parts_stay(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer before = MQ_BUFFER_EMPTY, after = MQ_BUFFER_EMPTY;
    docx_fixture_new(&(struct realistic_options){.periods = 1}, &fixture);
    fill_template(&fixture, docx_places, &it);
    docx_part(it.template, "word/styles.xml", &before);
    docx_part(it.output, "word/styles.xml", &after);
    assert_string_equal(before.data, after.data);
    zip_t *old = zip_open(it.template, ZIP_RDONLY, NULL),
          *new = zip_open(it.output, ZIP_RDONLY, NULL);
    for (zip_int64_t i = 0; i < zip_get_num_entries(old, 0); i++)
        assert_string_equal(zip_get_name(old, (zip_uint64_t)i, 0),
                            zip_get_name(new, (zip_uint64_t)i, 0));
    zip_discard(old);
    zip_discard(new);
    mq_buffer_clear(&before);
    mq_buffer_clear(&after);
    filled_clear(&it);
    /* a document without places is the same document */
    fill_template(&fixture, "", &it);
    struct mq_fill_report report = {0};
    char plain[600], copy[600];
    snprintf(plain, sizeof plain, "%s/plain.docx", it.folder);
    snprintf(copy, sizeof copy, "%s/copy.docx", it.folder);
    struct mq_docx_package package = {0};
    mq_buffer_text(&after,
                   "<Types><Override PartName=\"/word/document.xml\" ContentType=\"" MQ_DOCX_TYPE
                   "wordprocessingml.document.main+xml\"/></Types>");
    mq_buffer_text(&before, "<w:document xmlns:w=\"" DOCX_W "\"><w:body/></w:document>");
    assert_true(mq_docx_add(&package, "word/document.xml",
                            MQ_DOCX_TYPE "wordprocessingml.document.main+xml", &before));
    assert_int_equal(mq_docx_save(&package, plain, NULL), MQ_OK);
    assert_int_equal(fill(&fixture, plain, copy, &report, NULL), MQ_OK);
    same_bytes(plain, copy);
    mq_docx_package_clear(&package);
    mq_buffer_clear(&after);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

static void the_next_publication_is_asked(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer words = MQ_BUFFER_EMPTY;
    docx_fixture_new(&(struct realistic_options){.periods = 2}, &fixture);
    fill_template(&fixture, "", &it);
    struct mq_publication first = {
        .chinese = true, .title = "甲", .model_id = "first", .sheets = &(struct mq_sheets){0}};
    const struct mq_publication *both[] = {&first, &fixture.publication};
    struct mq_fill_report report = {0};
    docx_template(it.template,
                  RUN("{{table:city}}") RUN("{{value:mqci.province}}") RUN("{{table:first/city}}"));
    assert_int_equal(mq_fill_docx(both, 2, it.template, it.output, &report, NULL), MQ_OK);
    docx_words(it.output, "word/document.xml", &words);
    assert_contains(words.data, "甲白皮书");
    assert_contains(words.data, "表2　");
    assert_contains(words.data, value(&fixture, "province", "", MQ_MEASURE_SCORE, NULL));
    assert_contains(report.lines.data, "`{{table:first/city}}`: no such table; there are: none");
    mq_buffer_clear(&words);
    mq_buffer_clear(&report.lines);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

/* ---- on paper ---- */

static void printed_by_another_program(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    struct filled it;
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    docx_fixture_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &fixture);
    fill_template(&fixture, docx_places, &it);
    if (docx_printed(it.folder, "filled", &text, NULL)) {
        const struct mq_sheet *city = mq_sheets_find(fixture.publication.sheets, "city");
        for (size_t c = 0; c < city->rows * city->columns; c++)
            assert_contains(text.data, city->cell[c].text);
        assert_null(strstr(text.data, "SEQ"));
    }
    mq_buffer_clear(&text);
    filled_clear(&it);
    docx_fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filled_twice_gives_the_same_bytes),
        cmocka_unit_test(all_places_are_filled),
        cmocka_unit_test(unknown_places_are_named),
        cmocka_unit_test(numbers_that_are_not_published),
        cmocka_unit_test(paragraphs_with_more_to_them),
        cmocka_unit_test(other_prefixes_are_read),
        cmocka_unit_test(other_parts_stay),
        cmocka_unit_test(the_next_publication_is_asked),
        cmocka_unit_test(printed_by_another_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
