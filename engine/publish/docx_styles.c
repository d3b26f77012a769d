/* docx_styles: styles, page layout and the small parts of our own documents. */
#include "publish/docx_parts.h"

#include <math.h>
#include <string.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN                                                                                       \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "                    \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""

struct mq_docx_look mq_docx_own_look(bool chinese, enum mq_docx_orientation orientation)
{
    double side = MQ_DOCX_PAGE_SHORT - 2 * MQ_DOCX_MARGIN;
    double longer = MQ_DOCX_PAGE_LONG - 2 * MQ_DOCX_MARGIN;
    bool lying = orientation == MQ_DOCX_LYING;
    return (struct mq_docx_look){
        .chinese = chinese,
        .width = lying ? longer : side,
        .height = lying ? side : longer,
        .style = {[MQ_DOCX_BODY] = "BodyText",
                  [MQ_DOCX_CAPTION_ABOVE] = "Caption",
                  [MQ_DOCX_CAPTION_BELOW] = "Caption",
                  [MQ_DOCX_UNIT] = "TableUnit",
                  [MQ_DOCX_HEAD] = "TableHead",
                  [MQ_DOCX_CELL] = "TableText",
                  [MQ_DOCX_PICTURE] = "Figure",
                  [MQ_DOCX_NOTE] = "TableNote"},
        .run = "",
        .tight = 1,
    };
}

/* ---- styles.xml ---- */

struct style {
    const char *id, *name, *based, *next;
    const char *paragraph, *run; /* properties */
};

#define HEI   "<w:rFonts w:eastAsia=\"黑体\"/>"
#define LATIN "<w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\"/>"
#define SPACE(before, after)                                                                       \
    "<w:spacing w:before=\"" before "\" w:after=\"" after "\" w:line=\"240\" "                     \
    "w:lineRule=\"auto\"/>"
#define SIZE(half) "<w:sz w:val=\"" half "\"/><w:szCs w:val=\"" half "\"/>"
#define CENTER     "<w:jc w:val=\"center\"/>"

/* Names of built-in styles are the English ones: Word shows them in its own language. "@" stands
 * for the font of headings. */
static const struct style styles[] = {
    {"Title", "Title", "Normal", "Normal", SPACE("4200", "480") CENTER, "@<w:b/>" SIZE("52")},
    {"Subtitle", "Subtitle", "Normal", "Normal", SPACE("120", "120") CENTER, "@" SIZE("32")},
    {"Heading1", "heading 1", "Normal", "BodyText",
     "<w:keepNext/><w:keepLines/>" SPACE("360", "180") "<w:outlineLvl w:val=\"0\"/>",
     "@<w:b/>" SIZE("32")},
    {"Heading2", "heading 2", "Normal", "BodyText",
     "<w:keepNext/><w:keepLines/>" SPACE("240", "120") "<w:outlineLvl w:val=\"1\"/>",
     "@<w:b/>" SIZE("28")},
    {"TOCHeading", "TOC Heading", "Normal", "Normal", "<w:keepNext/>" SPACE("240", "240") CENTER,
     "@<w:b/>" SIZE("32")},
    {"TOC1", "toc 1", "Normal", "Normal",
     "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"9070\"/></w:tabs>" SPACE("80", "80"),
     SIZE("24")},
    {"TOC2", "toc 2", "Normal", "Normal",
     "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"9070\"/></w:tabs>" SPACE(
         "40", "40") "<w:ind w:left=\"420\"/>",
     SIZE("21")},
    {"Caption", "caption", "Normal", "Normal", "<w:keepLines/>" SPACE("160", "60") CENTER,
     "@" SIZE("21")},
    {"TableUnit", "Table Unit", "Normal", "Normal",
     "<w:keepNext/>" SPACE("0", "20") "<w:jc w:val=\"right\"/>", SIZE("18")},
    {"TableHead", "Table Head", "Normal", "Normal", SPACE("20", "20") CENTER, "@" SIZE("21")},
    {"TableText", "Table Text", "Normal", "Normal", SPACE("20", "20"), SIZE("21")},
    {"TableNote", "Table Note", "Normal", "BodyText", "<w:keepLines/>" SPACE("20", "0"),
     SIZE("18")},
    {"Figure", "Figure", "Normal", "Caption", "<w:keepNext/>" SPACE("160", "0") CENTER, ""},
    {"Footer", "footer", "Normal", "Footer", SPACE("0", "0") CENTER, SIZE("18")},
};

static void add_style(struct mq_buffer *xml, const struct style *style, bool chinese)
{
    mq_buffer_format(xml,
                     "<w:style w:type=\"paragraph\" w:styleId=\"%s\"%s><w:name w:val=\"%s\"/>"
                     "<w:basedOn w:val=\"%s\"/><w:next w:val=\"%s\"/><w:qFormat/><w:pPr>%s</w:pPr>",
                     style->id, strncmp(style->id, "Table", 5) == 0 ? " w:customStyle=\"1\"" : "",
                     style->name, style->based, style->next, style->paragraph);
    bool heading = style->run[0] == '@';
    mq_buffer_format(xml, "<w:rPr>%s%s</w:rPr></w:style>", heading ? chinese ? HEI : LATIN : "",
                     style->run + heading);
}

static void styles_text(struct mq_buffer *xml, bool chinese, const char *language)
{
    mq_buffer_format(xml,
                     XML_HEAD
                     "<w:styles " MAIN "><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts "
                     "w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
                     "w:eastAsia=\"宋体\" w:cs=\"Times New Roman\"/>" SIZE(
                         "24") "<w:lang w:val=\"%s\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/>"
                               "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>",
                     chinese ? "en-US" : language);
    mq_buffer_text(xml, "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
                        "<w:name w:val=\"Normal\"/><w:qFormat/></w:style>"
                        "<w:style w:type=\"character\" w:default=\"1\" "
                        "w:styleId=\"DefaultParagraphFont\">"
                        "<w:name w:val=\"Default Paragraph Font\"/><w:uiPriority w:val=\"1\"/>"
                        "<w:semiHidden/></w:style>"
                        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">"
                        "<w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/>"
                        "<w:semiHidden/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>"
                        "<w:tblCellMar><w:left w:w=\"108\" w:type=\"dxa\"/>"
                        "<w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>"
                        "<w:style w:type=\"paragraph\" w:styleId=\"BodyText\">"
                        "<w:name w:val=\"Body Text\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/>"
                        "<w:pPr><w:spacing w:before=\"0\" w:after=\"80\" w:line=\"460\" "
                        "w:lineRule=\"exact\"/>"); /* MQ_DOCX_BODY_LINE */
    mq_buffer_text(xml, chinese ? "<w:ind w:firstLineChars=\"200\" w:firstLine=\"480\"/>" : "");
    mq_buffer_text(xml, "<w:jc w:val=\"both\"/></w:pPr></w:style>");
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
        add_style(xml, &styles[i], chinese);
    mq_buffer_text(xml, "</w:styles>");
}

/* ---- pages ---- */

void mq_docx_section(struct mq_buffer *xml, enum mq_docx_orientation orientation, double margin,
                     bool cover)
{
    bool lying = orientation == MQ_DOCX_LYING;
    int width = (int)lround(20 * (lying ? MQ_DOCX_PAGE_LONG : MQ_DOCX_PAGE_SHORT));
    int height = (int)lround(20 * (lying ? MQ_DOCX_PAGE_SHORT : MQ_DOCX_PAGE_LONG));
    int side = (int)lround(20 * margin);
    mq_buffer_format(xml,
                     "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rIdFooter\"/>"
                     "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>"
                     "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" "
                     "w:header=\"708\" w:footer=\"%d\" w:gutter=\"0\"/>%s<w:cols "
                     "w:space=\"425\"/>%s</w:sectPr>",
                     width, height, lying ? " w:orient=\"landscape\"" : "", side, side, side, side,
                     side / 2, cover ? "<w:pgNumType w:start=\"0\"/>" : "",
                     cover ? "<w:titlePg/>" : "");
}

static void footer_text(struct mq_buffer *xml, bool chinese)
{
    struct mq_docx_look look = mq_docx_own_look(chinese, MQ_DOCX_UPRIGHT);
    struct mq_docx_shape shape = {.role = MQ_DOCX_BODY};
    mq_buffer_text(xml, XML_HEAD "<w:ftr " MAIN "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/>"
                                 "</w:pPr>");
    mq_docx_run(xml, &look, &shape, chinese ? "— " : "");
    mq_docx_field(xml, &look, &shape, "PAGE", "1");
    mq_docx_run(xml, &look, &shape, chinese ? " —" : "");
    mq_buffer_text(xml, "</w:p></w:ftr>");
}

/* ---- the small parts ---- */

static void properties_text(struct mq_buffer *xml, const char *language, const char *title)
{
    mq_buffer_text(xml, XML_HEAD
                   "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/"
                   "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                   "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                   "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    mq_docx_escape(xml, title);
    mq_buffer_format(xml,
                     "</dc:title><dc:language>%s</dc:language>"
                     "<dcterms:created xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z"
                     "</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">"
                     "2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>",
                     language);
}

static void settings_text(struct mq_buffer *xml, bool chinese)
{
    mq_buffer_format(xml,
                     XML_HEAD "<w:settings " MAIN "><w:zoom w:percent=\"100\"/>"
                              "<w:defaultTabStop w:val=\"420\"/>"
                              "<w:characterSpacingControl w:val=\"%s\"/><w:compat>"
                              "<w:compatSetting w:name=\"compatibilityMode\" "
                              "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>"
                              "</w:compat><w:themeFontLang w:val=\"en-US\" "
                              "w:eastAsia=\"zh-CN\"/></w:settings>",
                     chinese ? "compressPunctuation" : "doNotCompress");
}

static void root_links(struct mq_buffer *xml)
{
    struct mq_docx_package root = {0};
    bool made = mq_docx_tie(&root, "rId1", MQ_DOCX_LINK "officeDocument", "word/document.xml") &&
                mq_docx_tie(&root, "rId2",
                            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                            "core-properties",
                            "docProps/core.xml");
    mq_docx_links_text(&root, xml);
    xml->failed |= !made;
    mq_docx_package_clear(&root);
}

bool mq_docx_standard_parts(struct mq_docx_package *package,
                            const struct mq_publication *publication, const char *title)
{
    bool chinese = publication->chinese;
    const char *language = publication->language && publication->language[0] ? publication->language
                           : chinese                                         ? "zh-CN"
                                                                             : "en";
    struct mq_buffer root = MQ_BUFFER_EMPTY, core = MQ_BUFFER_EMPTY, look = MQ_BUFFER_EMPTY;
    struct mq_buffer settings = MQ_BUFFER_EMPTY, footer = MQ_BUFFER_EMPTY;
    root_links(&root);
    properties_text(&core, language, title);
    styles_text(&look, chinese, language);
    settings_text(&settings, chinese);
    footer_text(&footer, chinese);
    bool made = mq_docx_add(package, "_rels/.rels", "", &root);
    made &= mq_docx_add(package, "docProps/core.xml",
                        "application/vnd.openxmlformats-package.core-properties+xml", &core);
    made &=
        mq_docx_add(package, "word/styles.xml", MQ_DOCX_TYPE "wordprocessingml.styles+xml", &look);
    made &= mq_docx_add(package, "word/settings.xml", MQ_DOCX_TYPE "wordprocessingml.settings+xml",
                        &settings);
    made &= mq_docx_add(package, "word/footer1.xml", MQ_DOCX_TYPE "wordprocessingml.footer+xml",
                        &footer);
    return made && mq_docx_tie(package, "rIdStyles", MQ_DOCX_LINK "styles", "styles.xml") &&
           mq_docx_tie(package, "rIdSettings", MQ_DOCX_LINK "settings", "settings.xml") &&
           mq_docx_tie(package, "rIdFooter", MQ_DOCX_LINK "footer", "footer1.xml");
}

bool mq_docx_document(struct mq_docx_package *package, struct mq_buffer *body)
{
    struct mq_buffer document = MQ_BUFFER_EMPTY, links = MQ_BUFFER_EMPTY;
    mq_buffer_text(&document, XML_HEAD "<w:document " MAIN "><w:body>");
    mq_buffer_add(&document, body->data ? body->data : "", body->length);
    mq_buffer_text(&document, "</w:body></w:document>");
    document.failed |= body->failed;
    mq_docx_links_text(package, &links);
    bool made = mq_docx_add(package, "word/document.xml",
                            MQ_DOCX_TYPE "wordprocessingml.document.main+xml", &document);
    return mq_docx_add(package, "word/_rels/document.xml.rels", "", &links) && made;
}
