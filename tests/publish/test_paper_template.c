/* The white paper of a province as an author may have it, with places for this year's numbers. Run
 * with a path, writes datasets/demo/white-paper-template.docx; run as a test, compares. */
#include "docx_fixture.h"

#include "publish/docx_package.h"
#include "publish/draft.h"

#include "support.h"

#define COMMITTED "datasets/demo/white-paper-template.docx"
#define HEAD      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NAMES                                                                                      \
    "xmlns:w=\"" DOCX_W "\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"      \
    "relationships\""
#define FIELD(kind) "<w:r><w:fldChar w:fldCharType=\"" kind "\"/></w:r>"
#define CODE(code)  "<w:r><w:instrText xml:space=\"preserve\"> " code " </w:instrText></w:r>"

/* ---- styles ---- */

struct style {
    const char *id, *name, *next, *paragraph, *run;
};
static const struct style styles[] = {
    {"a3", "Title", "a", "<w:spacing w:before=\"3600\" w:after=\"600\"/><w:jc w:val=\"center\"/>",
     "<w:rFonts w:eastAsia=\"方正小标宋简体\"/><w:sz w:val=\"48\"/>"},
    {"a4", "Subtitle", "a", "<w:spacing w:before=\"120\" w:after=\"120\"/><w:jc w:val=\"center\"/>",
     "<w:rFonts w:eastAsia=\"楷体_GB2312\"/><w:sz w:val=\"36\"/>"},
    {"1", "heading 1", "a0",
     "<w:keepNext/><w:keepLines/><w:spacing w:before=\"320\" w:after=\"160\"/>"
     "<w:outlineLvl w:val=\"0\"/>",
     "<w:rFonts w:eastAsia=\"黑体\"/><w:sz w:val=\"32\"/>"},
    {"2", "heading 2", "a0",
     "<w:keepNext/><w:keepLines/><w:spacing w:before=\"200\" w:after=\"100\"/>"
     "<w:outlineLvl w:val=\"1\"/>",
     "<w:rFonts w:eastAsia=\"楷体_GB2312\"/><w:b/><w:sz w:val=\"28\"/>"},
    {"a0", "公文正文", "a0",
     "<w:spacing w:line=\"460\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" "
     "w:firstLine=\"560\"/><w:jc w:val=\"both\"/>",
     ""},
    {"a5", "caption", "a0", "<w:jc w:val=\"center\"/>",
     "<w:rFonts w:eastAsia=\"黑体\"/><w:sz w:val=\"21\"/>"},
    {"a6", "TOC Heading", "a",
     "<w:spacing w:before=\"240\" w:after=\"240\"/><w:jc "
     "w:val=\"center\"/>",
     "<w:rFonts w:eastAsia=\"黑体\"/><w:sz w:val=\"32\"/>"},
    {"TOC1", "toc 1", "a",
     "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"8844\"/></w:tabs><w:spacing "
     "w:before=\"80\" w:after=\"80\"/>",
     ""},
    {"a7", "header", "a",
     "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"auto\"/></w:pBdr>"
     "<w:jc w:val=\"center\"/>",
     "<w:sz w:val=\"18\"/>"},
    {"a8", "footer", "a", "<w:jc w:val=\"center\"/>", "<w:sz w:val=\"18\"/>"},
    {"a9", "表格文字", "a", "<w:spacing w:before=\"40\" w:after=\"40\"/><w:jc w:val=\"center\"/>",
     "<w:sz w:val=\"21\"/>"},
};

static void styles_xml(struct mq_buffer *xml)
{
    mq_buffer_text(xml,
                   HEAD "<w:styles " NAMES "><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts "
                        "w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
                        "w:eastAsia=\"仿宋_GB2312\" w:cs=\"Times New Roman\"/><w:sz w:val=\"28\"/>"
                        "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>"
                        "<w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" "
                        "w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style>"
                        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"a1\"><w:name "
                        "w:val=\"Normal Table\"/><w:tblPr><w:tblCellMar><w:left w:w=\"108\" "
                        "w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar>"
                        "</w:tblPr></w:style>");
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
        mq_buffer_format(xml,
                         "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/>"
                         "<w:basedOn w:val=\"a\"/><w:next w:val=\"%s\"/><w:qFormat/><w:pPr>%s"
                         "</w:pPr><w:rPr>%s</w:rPr></w:style>",
                         styles[i].id, styles[i].name, styles[i].next, styles[i].paragraph,
                         styles[i].run);
    mq_buffer_text(xml, "</w:styles>");
}

/* ---- the text ---- */

/* Style and text of the paragraphs, in order; "+" breaks the page before. */
static const char *const cover[][2] = {
    {"a3", "{{title}}白皮书"},
    {"a4", "（{{period}}）"},
    {"a4", "指标体系{{edition}}版"},
};
static const char *const contents[] = {"一、总体情况", "二、各市情况", "三、各行业情况",
                                       "四、统计指标", "附录"};
static const char *const chapters[][2] = {
    {"1", "一、总体情况"},
    {"a0",
     "为贯彻落实质量强省建设部署，全面反映全省制造业质量竞争力水平，编制本白皮书。{{period}}，"
     "全省制造业质量竞争力指数为{{value:mqci.province.210000}}分，比上年变动"
     "{{value:mqci.province.210000.change}}分。主要结果见下表。"},
    {"table", ""},
    {"text", "{{text:overview}}"},
    {"text", "{{figure:trend}}"},
    {"text", "{{figure:waterfall}}"},
    {"text", "{{table:summary}}"},
    {"1", "二、各市情况"},
    {"2", "（一）指数与位次"},
    {"text", "{{text:city}}"},
    {"text", "{{table:city}}"},
    {"2", "（二）各市比较"},
    {"text", "{{figure:city-ranking}}"},
    {"1", "三、各行业情况"},
    {"text", "{{text:industry}}"},
    {"text", "{{table:industry}}"},
    {"1", "四、统计指标"},
    {"a0", "指数由下列统计指标合成，指标的原值、得分和覆盖率见下表。"},
    {"text", "{{table:indicators}}"},
    {"1", "附录"},
    {"a0", "本白皮书的数据由企业直报，经审核、汇总、计分而成；企业不足3家的地区和行业不予公布，"
           "以“*”表示。所附示例数据为虚构。"},
    {"text", "{{table:notes}}"},
};
/* Name and place of the cells of the table of the first chapter. */
static const char *const cells[][2] = {
    {"指标", "数值"},
    {"制造业质量竞争力指数", "{{value:mqci.province.210000}}"},
    {"质量水平", "{{value:quality.province.210000}}"},
    {"发展能力", "{{value:development.province.210000}}"},
    {"指数最高的市（大连市）", "{{value:mqci.city.210200}}"},
};

static void paragraph(struct mq_buffer *xml, const char *style, const char *text)
{
    mq_buffer_format(xml,
                     "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr><w:r><w:t "
                     "xml:space=\"preserve\">%s</w:t></w:r></w:p>",
                     style, text);
}

static void small_table(struct mq_buffer *xml)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    mq_buffer_text(xml, "<w:tbl><w:tblPr><w:tblW w:w=\"6800\" w:type=\"dxa\"/><w:jc "
                        "w:val=\"center\"/><w:tblBorders>");
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        mq_buffer_format(xml, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>",
                         sides[i]);
    mq_buffer_text(xml, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>"
                        "<w:gridCol w:w=\"4400\"/><w:gridCol w:w=\"2400\"/></w:tblGrid>");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        mq_buffer_text(xml, "<w:tr>");
        for (int side = 0; side < 2; side++) {
            mq_buffer_format(xml, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>",
                             side ? 2400 : 4400);
            paragraph(xml, "a9", cells[i][side]);
            mq_buffer_text(xml, "</w:tc>");
        }
        mq_buffer_text(xml, "</w:tr>");
    }
    mq_buffer_text(xml, "</w:tbl>");
}

static void section(struct mq_buffer *xml, const char *parts)
{
    mq_buffer_format(xml,
                     "<w:sectPr>%s<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" "
                     "w:right=\"1474\" w:bottom=\"1304\" w:left=\"1588\" w:header=\"964\" "
                     "w:footer=\"992\" w:gutter=\"0\"/></w:sectPr>",
                     parts);
}

static void contents_xml(struct mq_buffer *xml)
{
    size_t count = sizeof contents / sizeof *contents;
    mq_buffer_text(xml, "<w:p><w:pPr><w:pStyle w:val=\"a6\"/><w:pageBreakBefore/></w:pPr><w:r>"
                        "<w:t>目　录</w:t></w:r></w:p>");
    for (size_t i = 0; i < count; i++)
        mq_buffer_format(
            xml, "<w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr>%s<w:r><w:t>%s</w:t></w:r>%s</w:p>",
            i ? "" : FIELD("begin") CODE("TOC \\o &quot;1-1&quot; \\h \\z \\u") FIELD("separate"),
            contents[i], i + 1 < count ? "" : FIELD("end"));
    mq_buffer_text(xml, "<w:p><w:pPr>");
    section(xml, "");
    mq_buffer_text(xml, "</w:pPr></w:p>");
}

static void document_xml(struct mq_buffer *xml)
{
    mq_buffer_text(xml, HEAD "<w:document " NAMES "><w:body>");
    for (size_t i = 0; i < sizeof cover / sizeof *cover; i++)
        paragraph(xml, cover[i][0], cover[i][1]);
    contents_xml(xml);
    for (size_t i = 0; i < sizeof chapters / sizeof *chapters; i++) {
        if (strcmp(chapters[i][0], "table") == 0)
            small_table(xml);
        else
            paragraph(xml, strcmp(chapters[i][0], "text") == 0 ? "a0" : chapters[i][0],
                      chapters[i][1]);
    }
    section(xml, "<w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:footerReference "
                 "w:type=\"default\" r:id=\"rId3\"/><w:pgNumType w:start=\"1\"/>");
    mq_buffer_text(xml, "</w:body></w:document>");
}

/* ---- the package ---- */

#define LINK(id, kind, target)                                                                     \
    "<Relationship Id=\"" id "\" Type=\"" MQ_DOCX_LINK kind "\" Target=\"" target "\"/>"
#define LINKS(links)                                                                               \
    HEAD "<Relationships "                                                                         \
         "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" links           \
         "</Relationships>"

static void add(struct mq_docx_package *package, const char *name, const char *type,
                const char *text)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    mq_buffer_text(&bytes, text);
    assert_true(mq_docx_add(package, name, type, &bytes));
}

static void write_template(const char *path)
{
    struct mq_docx_package package = {0};
    struct mq_buffer document = MQ_BUFFER_EMPTY, look = MQ_BUFFER_EMPTY;
    document_xml(&document);
    styles_xml(&look);
    add(&package, "_rels/.rels", "", LINKS(LINK("rId1", "officeDocument", "word/document.xml")));
    assert_true(mq_docx_add(&package, "word/document.xml",
                            MQ_DOCX_TYPE "wordprocessingml.document.main+xml", &document));
    add(&package, "word/_rels/document.xml.rels", "",
        LINKS(LINK("rId1", "styles", "styles.xml") LINK("rId2", "header", "header1.xml")
                  LINK("rId3", "footer", "footer1.xml")));
    assert_true(mq_docx_add(&package, "word/styles.xml", MQ_DOCX_TYPE "wordprocessingml.styles+xml",
                            &look));
    add(&package, "word/header1.xml", MQ_DOCX_TYPE "wordprocessingml.header+xml",
        HEAD "<w:hdr " NAMES
             "><w:p><w:pPr><w:pStyle w:val=\"a7\"/></w:pPr><w:r><w:t>{{title}}白皮书"
             "（{{period}}）</w:t></w:r></w:p></w:hdr>");
    add(&package, "word/footer1.xml", MQ_DOCX_TYPE "wordprocessingml.footer+xml",
        HEAD "<w:ftr " NAMES "><w:p><w:pPr><w:pStyle w:val=\"a8\"/></w:pPr>" FIELD("begin")
            CODE("PAGE") FIELD("separate") "<w:r><w:t>1</w:t></w:r>" FIELD("end") "</w:p></w:ftr>");
    assert_int_equal(mq_docx_save(&package, path, NULL), MQ_OK);
    mq_docx_package_clear(&package);
}

/* Packed bytes differ between versions of the compressor; what is packed does not. */
static void committed_is_made_by_this(void **state)
{
    (void)state;
    static const char *const parts[] = {"word/document.xml", "word/styles.xml", "word/header1.xml",
                                        "word/footer1.xml", "[Content_Types].xml"};
    char folder[256], path[512];
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/template.docx", folder);
    write_template(path);
    docx_check(path);
    docx_check(COMMITTED);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct mq_buffer made = MQ_BUFFER_EMPTY, held = MQ_BUFFER_EMPTY;
        docx_part(path, parts[i], &made);
        docx_part(COMMITTED, parts[i], &held);
        assert_string_equal(made.data, held.data);
        mq_buffer_clear(&made);
        mq_buffer_clear(&held);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        write_template(argv[1]);
        return 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(committed_is_made_by_this)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
