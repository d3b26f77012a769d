#include "docx_fixture.h"

#include "publish/docx_package.h"
#include "publish/draft.h"

#include <libxml/parser.h>
#include <zip.h>

#include "support.h"

/* ---- figures ---- */

static struct mq_sheet_cell number(struct mq_arena *arena, double value)
{
    char *text = mq_arena_format(arena, "%.2f", value);
    return (struct mq_sheet_cell){text, strtod(text, NULL)};
}

static struct mq_figure figure_of(struct docx_fixture *fixture, enum mq_figure_kind kind,
                                  size_t rows, size_t columns)
{
    bool chinese = fixture->publication.chinese;
    struct mq_figure_item *row = mq_arena_array(&fixture->arena, rows, sizeof *row);
    struct mq_figure_item *column = mq_arena_array(&fixture->arena, columns, sizeof *column);
    struct mq_sheet_cell *cell = mq_arena_array(&fixture->arena, rows * columns, sizeof *cell);
    for (size_t i = 0; i < rows; i++)
        row[i] = (struct mq_figure_item){
            mq_arena_format(&fixture->arena, "%zu", 2023 + i),
            mq_arena_format(&fixture->arena, chinese ? "第%zu项" : "item %zu", i + 1), i == 0};
    for (size_t i = 0; i < columns; i++)
        column[i] = (struct mq_figure_item){
            mq_arena_format(&fixture->arena, "c%zu", i),
            mq_arena_format(&fixture->arena, chinese ? "系列%zu" : "series %zu", i + 1), i == 0};
    for (size_t i = 0; i < rows * columns; i++)
        cell[i] = number(&fixture->arena, 70 + (double)(i * 7 % 23) + 0.25);
    static const char *notes[] = {"注：“*”表示企业少于3家，为保护企业信息不予公布。"};
    return (struct mq_figure){.kind = kind,
                              .title = chinese ? "指数的变动 <甲&乙>" : "Change of the index",
                              .unit = chinese ? "分" : "points",
                              .alt = chinese ? "折线图：“指数”由70.25升到77.25"
                                             : "A line that rises from 70.25 to 77.25",
                              .rows = rows,
                              .columns = columns,
                              .row = row,
                              .column = column,
                              .cell = cell,
                              .decimals = 2,
                              .low = 60,
                              .high = 100,
                              .reference = {"", NAN},
                              .reference_name = "",
                              .stamp = "",
                              .note = notes,
                              .notes = kind == MQ_FIGURE_HEATMAP && chinese,
                              .source = chinese ? "数据来源：企业直报数据" : "Source: enterprises",
                              .level = ""};
}

static void make_figures(struct docx_fixture *fixture)
{
    static const char *const ids[] = {"trend", "city-ranking", "heat"};
    bool chinese = fixture->publication.chinese;
    fixture->figure[0] = figure_of(fixture, MQ_FIGURE_TREND, 3, 2);
    fixture->figure[1] = figure_of(fixture, MQ_FIGURE_RANKING, 14, 1);
    fixture->figure[2] = figure_of(fixture, MQ_FIGURE_HEATMAP, 10, 6);
    for (size_t i = 0; i < 3; i++) {
        fixture->figure[i].id = ids[i];
        fixture->figure[i].number =
            mq_arena_format(&fixture->arena, chinese ? "图%zu" : "Figure %zu", i + 1);
        fixture->shown[i] = &fixture->figure[i];
    }
    fixture->figures = (struct mq_figures){.count = 3, .figure = fixture->figure};
    fixture->publication.figures = &fixture->figures;
}

/* ---- text ---- */

static void make_story(struct docx_fixture *fixture)
{
    static const char *chinese[] = {"2024年，全省制造业质量竞争力指数为84.13，比上年提高0."
                                    "52。分项看，质量水平得分为91.58，发展能"
                                    "力得分为76.69，质量水平继续高于发展能力。",
                                    "分市看，指数居前三位的是大连市（87.72）、沈阳市（85."
                                    "04）和盘锦市（84.42）；与上年相比，位次上"
                                    "升的有4个市，下降的有5个市。<script>alert(1)</script> R&D"};
    static const char *english[] = {
        "In 2024 the index stood at 84.13 points, 0.52 points above the year before.",
        "Dalian (87.72), Shenyang (85.04) and Panjin (84.42) lead. <script>alert(1)</script> R&D"};
    bool zh = fixture->publication.chinese;
    const struct mq_sheets *sheets = fixture->publication.sheets;
    fixture->attached = mq_arena_array(&fixture->arena, sheets->count, sizeof(struct mq_sheet *));
    for (size_t i = 0; i < sheets->count; i++)
        fixture->attached[i] = &sheets->sheet[i];
    struct mq_story_section *section = fixture->section;
    section[0] = (struct mq_story_section){.id = "overview",
                                           .title = zh ? "一、总体情况" : "1 Overview",
                                           .paragraph = zh ? chinese : english,
                                           .paragraphs = 2,
                                           .sheet = fixture->attached,
                                           .sheets = 1,
                                           .figure = fixture->shown,
                                           .figures = 1};
    section[1] = (struct mq_story_section){.id = "cities",
                                           .title = zh ? "二、各市情况" : "2 Cities",
                                           .paragraph = (zh ? chinese : english) + 1,
                                           .paragraphs = 1,
                                           .sheet = fixture->attached + 1,
                                           .sheets = 1,
                                           .figure = fixture->shown + 1,
                                           .figures = 2};
    section[2] = (struct mq_story_section){.id = "annex",
                                           .title = zh ? "附表" : "Annex",
                                           .sheet = fixture->attached + 2,
                                           .sheets = sheets->count - 3};
    section[3] = (struct mq_story_section){.id = "notes",
                                           .title = zh ? "编制说明" : "Notes",
                                           .sheet = fixture->attached + sheets->count - 1,
                                           .sheets = 1};
    fixture->story = (struct mq_story){.count = 4, .section = section};
    fixture->publication.story = &fixture->story;
}

/* ---- profiles ---- */

static struct mq_sheet small_sheet(struct docx_fixture *fixture, size_t rows, size_t columns,
                                   const char *title)
{
    struct mq_sheet sheet = {.id = "profile",
                             .name = "",
                             .number = "",
                             .title = title,
                             .unit = "",
                             .columns = columns,
                             .rows = rows,
                             .source = "",
                             .level = ""};
    sheet.column = mq_arena_array(&fixture->arena, columns, sizeof *sheet.column);
    sheet.cell = mq_arena_array(&fixture->arena, rows * columns, sizeof *sheet.cell);
    for (size_t i = 0; i < columns; i++)
        sheet.column[i] = (struct mq_sheet_column){
            i == 0 ? "指标" : mq_arena_format(&fixture->arena, "第%zu列", i), "",
            i == 0 ? MQ_COLUMN_TEXT : MQ_COLUMN_NUMBER, 2};
    for (size_t i = 0; i < rows * columns; i++)
        sheet.cell[i] = i % columns == 0 ? (struct mq_sheet_cell){"质量管理体系认证率", NAN}
                                         : number(&fixture->arena, 50 + (double)(i * 13 % 49));
    return sheet;
}

static void make_profiles(struct docx_fixture *fixture)
{
    enum { UNITS = 3, SHEETS = 5 };
    static const size_t rows[SHEETS] = {15, 3, 5, 6, 4}, columns[SHEETS] = {6, 4, 4, 4, 4};
    static const char *titles[SHEETS] = {"各级得分与位次", "与全省的差距", "同类城市", "主要变动",
                                         "目标完成情况"};
    static const char *lines[] = {
        "大连市指数为87.72，在14个市中居第1位，比上年提高0.54；高于全省3.59。",
        "得分高于全省的指标有9个，低于全省的有3个。差距最大的是质量损失率（低4.21）。"};
    fixture->profile = mq_arena_array(&fixture->arena, UNITS, sizeof *fixture->profile);
    for (size_t i = 0; i < UNITS; i++) {
        struct mq_sheet *sheet = mq_arena_array(&fixture->arena, SHEETS, sizeof *sheet);
        for (size_t k = 0; k < SHEETS; k++)
            sheet[k] = small_sheet(fixture, rows[k], columns[k], titles[k]);
        fixture->profile[i] =
            (struct mq_profile){.code = "210200",
                                .name = "大连市",
                                .title = "大连市制造业质量竞争力诊断与跟踪（2024年）",
                                .line = lines,
                                .lines = 2,
                                .sheet = sheet,
                                .sheets = SHEETS,
                                .figure = &fixture->figure[1]};
    }
    fixture->profiles =
        (struct mq_profiles){.count = UNITS, .profile = fixture->profile, .sheets = NULL};
    fixture->publication.profiles = &fixture->profiles;
}

void docx_fixture_new(const struct realistic_options *options, struct docx_fixture *fixture)
{
    *fixture = (struct docx_fixture){0};
    realistic_new(options, &fixture->set);
    struct mq_publication_options wants = {.wants = MQ_WANT_DATA};
    struct mq_error error = {0};
    if (mq_publication_new(&fixture->set.scores, &fixture->set.provenance, &wants, &fixture->made,
                           &error) != MQ_OK)
        fail_msg("%s", error.message);
    fixture->publication = *fixture->made;
    make_figures(fixture);
    make_story(fixture);
    make_profiles(fixture);
}

void docx_fixture_clear(struct docx_fixture *fixture)
{
    mq_publication_free(fixture->made);
    realistic_clear(&fixture->set);
    mq_arena_clear(&fixture->arena);
}

/* ---- a template ---- */

#define P(words) "<w:p><w:pPr><w:pStyle w:val=\"a0\"/></w:pPr>" words "</w:p>"
#define R(words) "<w:r><w:t xml:space=\"preserve\">" words "</w:t></w:r>"
#define BOLD(words)                                                                                \
    "<w:r><w:rPr><w:b/><w:color w:val=\"C00000\"/></w:rPr><w:t xml:space=\"preserve\">" words      \
    "</w:t></w:r>"

const char docx_places[] =
    P(R("全省指数为") BOLD("{{val") BOLD("ue:mqci.pro") "<w:proofErr w:type=\"spellStart\"/>" BOLD(
        "vince}}") R("，比上年变动{{value:mqci.province.change}}，其中大连市居第{{value:"
                     "mqci.city.200200.rank}}位，上年为{{value:mqci.city.200200.score@2023}}"
                     "。") "<w:r><w:footnoteReference w:id=\"2\"/></w:r>") P(R("{{text:overview}}"))
        P(R("{{table:city}}")) P(R("{{table:summary body style=“网格型”}}")) P(BOLD("{{figure:") R("heat}}")) P(R("{{figure:trend body}}")) "<w:sdt><w:sdtPr><w:alias w:val=\"综述\"/><w:tag w:val=\"text:cities\"/><w:showingPlcHdr/>"
                                                                                                                                            "</w:sdtPr><w:sdtContent>" P(
                                                                                                                                                "<w:r><w:rPr><w:rStyle w:val=\"PlaceholderText\"/></w:rPr><w:t>单"
                                                                                                                                                "击输入</w:t></w:r>") "</w:sdtContent></w:sdt>" P(R("版本：") "<w:sdt><w:sdtPr><w:tag w:val=\"{{edition}}\"/></w:sdtPr><w:sdtContent>" BOLD("旧版") "</w:sdtContent></w:sdt>" R("。")) "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"8300\" w:type=\"dxa\"/></w:tblPr>"
                                                                                                                                                                                                                                                                                                                                       "<w:tblGrid><w:gridCol w:w=\"4150\"/><w:gridCol w:w=\"4150\"/></w:tblGrid><w:tr>"
                                                                                                                                                                                                                                                                                                                                       "<w:tc><w:tcPr><w:tcW w:w=\"4150\" w:type=\"dxa\"/></w:tcPr>" P(R(
                                                                                                                                                                                                                                                                                                                                           "沈阳市")) "</w:tc>"
                                                                                                                                                                                                                                                                                                                                                      "<w:tc><w:tcPr><w:tcW w:w=\"4150\" w:type=\"dxa\"/></w:tcPr>" P(R("{{value:mqci.city.200100}}")) "</w:tc></w:tr></w:tbl>" P("<w:r><w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" style=\"width:200pt;"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  "height:40pt\"><v:textbox><w:txbxContent>" P(R(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      "要点：{{title}}")) "</w:txbxContent>"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "</v:textbox></v:shape></w:pict></w:r>")
                                                                                                                                                                                                                                                                                                                                                          P(R("没有这个：{{value:mqci.city.999999}}"))
                                                                                                                                                                                                                                                                                                                                                              P(R("{{table:citty}}")) P(
                                                                                                                                                                                                                                                                                                                                                                  R("见{{table:industry}}")) P(R("{{picture:x}}"));

static const char styles[] =
    "<w:styles xmlns:w=\"" DOCX_W "\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts "
    "w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"仿宋_GB2312\"/><w:sz "
    "w:val=\"28\"/></w:rPr></w:rPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>"
    "</w:style><w:style w:type=\"paragraph\" w:styleId=\"a0\"><w:name w:val=\"公文正文\"/>"
    "<w:basedOn w:val=\"a\"/><w:pPr><w:spacing w:line=\"560\" w:lineRule=\"exact\"/><w:ind "
    "w:firstLineChars=\"200\" w:firstLine=\"560\"/></w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:basedOn "
    "w:val=\"a\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:rFonts "
    "w:eastAsia=\"黑体\"/><w:sz w:val=\"32\"/></w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"a5\"><w:name w:val=\"caption\"/><w:basedOn "
    "w:val=\"a\"/><w:rPr><w:rFonts w:eastAsia=\"黑体\"/><w:sz w:val=\"21\"/></w:rPr></w:style>"
    "<w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:tblPr>"
    "<w:tblBorders><w:top w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:left "
    "w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:bottom w:val=\"single\" "
    "w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:right w:val=\"single\" w:sz=\"4\" w:space=\"0\" "
    "w:color=\"auto\"/><w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>"
    "<w:insideV w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tblBorders>"
    "</w:tblPr></w:style></w:styles>";

#define LINK(id, kind, target)                                                                     \
    "<Relationship Id=\"" id "\" Type=\"" MQ_DOCX_LINK kind "\" Target=\"" target "\"/>"

static void add(struct mq_docx_package *package, const char *name, const char *type,
                const char *text)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    mq_buffer_text(&bytes, text);
    assert_true(mq_docx_add(package, name, type, &bytes));
}

static void add_document(struct mq_docx_package *package, const char *body)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_text(
        &text,
        "<w:document xmlns:w=\"" DOCX_W "\" xmlns:r=\"http://schemas.openxmlformats.org/"
        "officeDocument/2006/relationships\"><w:body>"
        "<w:p><w:pPr><w:spacing w:before=\"3000\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr>"
        "<w:sz w:val=\"52\"/></w:rPr><w:t>{{title}}白皮书</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>" R(
            "（{{period}}）") "</w:p>"
                              "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:fldChar "
                              "w:fldCharType=\"begin\"/></w:r>"
                              "<w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-1\" "
                              "</w:instrText></w:r><w:r>"
                              "<w:fldChar w:fldCharType=\"separate\"/></w:r>" R(
                                  "一、{{period}}概况") "</w:p>"
                                                        "<w:p>" R(
                                                            "二、各市\t3") "<w:r><w:fldChar "
                                                                           "w:fldCharType=\"end\"/"
                                                                           "></w:r></w:p>"
                                                                           "<w:p><w:pPr><w:sectPr><"
                                                                           "w:pgSz w:w=\"11906\" "
                                                                           "w:h=\"16838\"/"
                                                                           "><w:pgMar "
                                                                           "w:top=\"1440\" "
                                                                           "w:right=\"1800\" "
                                                                           "w:bottom=\"1440\" "
                                                                           "w:left=\"1800\" "
                                                                           "w:header=\"851\" "
                                                                           "w:footer=\"992\" "
                                                                           "w:gutter=\"0\"/></"
                                                                           "w:sectPr></w:pPr></w:p>"
                                                                           "<w:p><w:pPr><w:pStyle "
                                                                           "w:val=\"1\"/></"
                                                                           "w:pPr>" R("一、{{"
                                                                                      "period}}"
                                                                                      "概况") "</"
                                                                                              "w:"
                                                                                              "p>");
    mq_buffer_text(&text, body);
    mq_buffer_text(&text,
                   "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/>"
                   "<w:footerReference w:type=\"default\" r:id=\"rId3\"/><w:pgSz w:w=\"11906\" "
                   "w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1474\" w:bottom=\"1440\" "
                   "w:left=\"1587\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"/></w:sectPr>"
                   "</w:body></w:document>");
    assert_true(mq_docx_add(package, "word/document.xml",
                            MQ_DOCX_TYPE "wordprocessingml.document.main+xml", &text));
}

void docx_template(const char *path, const char *body)
{
    struct mq_docx_package package = {0};
    static const char rels[] = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/"
                               "2006/relationships\">";
    char links[2048];
    snprintf(links, sizeof links, "%s%s</Relationships>", rels,
             LINK("rId1", "officeDocument", "word/document.xml"));
    add(&package, "_rels/.rels", "", links);
    add_document(&package, body);
    snprintf(links, sizeof links, "%s%s</Relationships>", rels,
             LINK("rId1", "styles", "styles.xml") LINK("rId2", "header", "header1.xml")
                 LINK("rId3", "footer", "footer1.xml") LINK("rId4", "footnotes", "footnotes.xml"));
    add(&package, "word/_rels/document.xml.rels", "", links);
    add(&package, "word/styles.xml", MQ_DOCX_TYPE "wordprocessingml.styles+xml", styles);
    add(&package, "word/header1.xml", MQ_DOCX_TYPE "wordprocessingml.header+xml",
        "<w:hdr xmlns:w=\"" DOCX_W "\"><w:p>" R("{{tit") R("le}} {{period}}") "</w:p></w:hdr>");
    add(&package, "word/footer1.xml", MQ_DOCX_TYPE "wordprocessingml.footer+xml",
        "<w:ftr xmlns:w=\"" DOCX_W "\"><w:p>" R("内部资料 {{edition}}") "</w:p></w:ftr>");
    add(&package, "word/footnotes.xml", MQ_DOCX_TYPE "wordprocessingml.footnotes+xml",
        "<w:footnotes xmlns:w=\"" DOCX_W "\"><w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/>"
        "</w:r>" R("鞍山市为{{value:mqci.city.200300}}。") "</w:p></w:footnote></w:footnotes>");
    assert_int_equal(mq_docx_save(&package, path, NULL), MQ_OK);
    mq_docx_package_clear(&package);
}

/* ---- reading ---- */

static bool read_part(zip_t *zip, zip_int64_t index, struct mq_buffer *content)
{
    char piece[4096];
    zip_int64_t got;
    zip_file_t *file = index < 0 ? NULL : zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (!file)
        return false;
    while ((got = zip_fread(file, piece, sizeof piece)) > 0)
        mq_buffer_add(content, piece, (size_t)got);
    mq_buffer_text(content, "");
    return zip_fclose(file) == 0 && got == 0;
}

void docx_part(const char *path, const char *part, struct mq_buffer *content)
{
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    assert_non_null(zip);
    if (!read_part(zip, zip_name_locate(zip, part, 0), content))
        fail_msg("%s has no part %s", path, part);
    zip_discard(zip);
}

static bool ends(const char *text, const char *with)
{
    size_t n = strlen(text), m = strlen(with);
    return n >= m && strcmp(text + n - m, with) == 0;
}

/* Targets are relative to the folder of the part that the relationships belong to. */
static void check_links(zip_t *zip, const char *name, xmlDocPtr tree)
{
    char folder[256], path[1024];
    snprintf(folder, sizeof folder, "%.*s", (int)(strstr(name, "_rels/") - name), name);
    for (xmlNodePtr node = xmlDocGetRootElement(tree)->children; node; node = node->next) {
        xmlChar *target = xmlGetProp(node, (const xmlChar *)"Target");
        if (strncmp((char *)target, "../", 3) == 0)
            snprintf(path, sizeof path, "word/%s", (char *)target + 3);
        else
            snprintf(path, sizeof path, "%s%s", folder, (char *)target);
        if (zip_name_locate(zip, path, 0) < 0)
            fail_msg("%s leads to %s, which is not there", name, path);
        xmlFree(target);
    }
}

static void check_type(const char *name, const struct mq_buffer *types)
{
    char wanted[512];
    const char *point = strrchr(name, '.');
    snprintf(wanted, sizeof wanted, "PartName=\"/%s\"", name);
    if (strstr(types->data, wanted))
        return;
    snprintf(wanted, sizeof wanted, "Extension=\"%s\"", point ? point + 1 : "?");
    assert_contains(types->data, wanted);
    assert_true(!ends(name, ".xml")); /* "xml" as such says nothing */
}

void docx_check(const char *path)
{
    struct mq_buffer types = MQ_BUFFER_EMPTY;
    docx_part(path, "[Content_Types].xml", &types);
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    assert_non_null(zip);
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        struct mq_buffer content = MQ_BUFFER_EMPTY;
        assert_true(read_part(zip, i, &content));
        if (i > 0)
            check_type(name, &types);
        if (ends(name, ".xml") || ends(name, ".rels")) {
            xmlDocPtr tree =
                xmlReadMemory(content.data, (int)content.length, name, NULL, XML_PARSE_NONET);
            if (!tree)
                fail_msg("%s is not well-formed", name);
            if (ends(name, ".rels"))
                check_links(zip, name, tree);
            xmlFreeDoc(tree);
        }
        mq_buffer_clear(&content);
    }
    zip_discard(zip);
    mq_buffer_clear(&types);
}

static void gather(const xmlNode *node, struct mq_buffer *words)
{
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)node->name, "t") == 0) {
            xmlChar *text = xmlNodeGetContent(node);
            mq_buffer_text(words, (char *)text);
            xmlFree(text);
        }
        gather(node->children, words);
        if (strcmp((const char *)node->name, "p") == 0)
            mq_buffer_text(words, "\n");
    }
}

void docx_words(const char *path, const char *part, struct mq_buffer *words)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    docx_part(path, part, &content);
    xmlDocPtr tree = xmlReadMemory(content.data, (int)content.length, part, NULL, 0);
    assert_non_null(tree);
    gather(xmlDocGetRootElement(tree), words);
    mq_buffer_text(words, "");
    xmlFreeDoc(tree);
    mq_buffer_clear(&content);
}

bool docx_printed(const char *folder, const char *name, struct mq_buffer *text, size_t *pages)
{
    char command[2048], path[512];
    if (system("command -v soffice pdftotext >/dev/null 2>&1") != 0) {
        print_message("skipped: soffice or pdftotext is not installed\n");
        return false;
    }
    /* on a loaded machine it now and then ends well and has written nothing */
    snprintf(command, sizeof command,
             "cd '%s' || exit 1; for try in 1 2 3; do soffice "
             "-env:UserInstallation='file://%s/profile'$try --headless --convert-to pdf '%s.docx' "
             ">/dev/null 2>&1; test -s '%s.pdf' && pdftotext -layout '%s.pdf' '%s.txt' && exit 0; "
             "done; exit 1",
             folder, folder, name, name, name, name);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/%s.txt", folder, name);
    assert_int_equal(mq_read_file(path, text, NULL), MQ_OK);
    for (size_t i = 0; pages && i < text->length; i++)
        *pages += text->data[i] == '\f';
    return true;
}
