/* docx_figure: a figure as a chart of Word's own where Word can draw it, else as a picture. */
#include "publish/docx_parts.h"
#include "publish/native_chart.h"

#include <math.h>
#include <string.h>

#define DRAWING "http://schemas.openxmlformats.org/drawingml/2006/"
static const double emu = 12700; /* per point */
static const double points_per_cm = 72 / 2.54;

/* Scaled down to what there is room for; never up. */
static void fit(double size[2], const struct mq_docx_look *look, double most)
{
    double tall = most > 0 ? most : look->height - 70; /* of caption and notes */
    double scale = fmin(1, fmin(look->width / size[0], tall / size[1]));
    size[0] *= scale;
    size[1] *= scale;
}

static void open_drawing(struct mq_buffer *xml, const struct mq_docx_look *look,
                         const struct mq_docx_figure *it, const double size[2])
{
    mq_buffer_text(xml, "<w:r>");
    if (look->direct && look->run[0]) { /* the place is found again by it */
        mq_buffer_text(xml, "<w:rPr>");
        mq_buffer_text(xml, look->run);
        mq_buffer_text(xml, "</w:rPr>");
    }
    mq_buffer_format(xml,
                     "<w:drawing><wp:inline xmlns:wp=\"" DRAWING "wordprocessingDrawing\" "
                     "distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"%ld\" "
                     "cy=\"%ld\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>"
                     "<wp:docPr id=\"%u\" name=\"",
                     lround(size[0] * emu), lround(size[1] * emu), it->id);
    mq_docx_escape(xml, it->figure->id);
    mq_buffer_text(xml, "\" descr=\"");
    mq_docx_escape(xml, it->figure->alt);
    mq_buffer_text(xml, "\"/>");
}

static void close_drawing(struct mq_buffer *xml)
{
    mq_buffer_text(xml, "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>");
}

static bool is_chart(const struct mq_figure *figure, bool drawn)
{
    return mq_chart_is_native(figure) && !drawn;
}

enum mq_status mq_docx_figure_height(const struct mq_figure *figure,
                                     const struct mq_docx_look *look, bool drawn, double *picture,
                                     double *below, struct mq_error *error)
{
    double note = mq_docx_size(MQ_DOCX_NOTE) * look->tight;
    double size[2] = {0, mq_chart_height(figure) * points_per_cm};
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    *below = mq_docx_line(mq_docx_size(MQ_DOCX_CAPTION_BELOW) * look->tight) + 20;
    for (size_t i = 0; i < figure->notes; i++)
        *below +=
            mq_docx_line(note) * (double)mq_docx_lines(figure->note[i], note, look->width) + 1;
    *below += figure->source[0] ? mq_docx_line(note) + 1 : 0;
    enum mq_status status = MQ_OK;
    if (!is_chart(figure, drawn)) {
        status = mq_draw_figure(figure, look->chinese, MQ_DRAW_SVG, &bytes, size, error);
        mq_buffer_clear(&bytes);
        fit(size, look, look->height - *below);
    }
    *picture = size[1];
    return status;
}

/* ---- a picture ---- */

static void picture_xml(struct mq_buffer *xml, const struct mq_docx_look *look,
                        const struct mq_docx_figure *it, const double size[2])
{
    open_drawing(xml, look, it, size);
    mq_buffer_text(xml, "<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a=\"" DRAWING
                        "main\" noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>"
                        "<a:graphic xmlns:a=\"" DRAWING "main\"><a:graphicData uri=\"" DRAWING
                        "picture\"><pic:pic xmlns:pic=\"" DRAWING "picture\"><pic:nvPicPr>");
    mq_buffer_format(xml, "<pic:cNvPr id=\"%u\" name=\"%s.png\"/><pic:cNvPicPr/></pic:nvPicPr>",
                     it->id, it->name);
    mq_buffer_format(xml,
                     "<pic:blipFill><a:blip xmlns:r=\"http://schemas.openxmlformats.org/"
                     "officeDocument/2006/relationships\" r:embed=\"%s\"/><a:stretch>"
                     "<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" "
                     "y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/></a:xfrm><a:prstGeom "
                     "prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>",
                     it->name, lround(size[0] * emu), lround(size[1] * emu));
    close_drawing(xml);
}

static enum mq_status picture(struct mq_docx_package *package, struct mq_buffer *xml,
                              const struct mq_docx_look *look, const struct mq_docx_figure *it,
                              struct mq_error *error)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY, part = MQ_BUFFER_EMPTY;
    double size[2] = {0, 0};
    mq_buffer_format(&part, "word/media/%s.png", it->name);
    enum mq_status status =
        mq_draw_figure(it->figure, look->chinese, MQ_DRAW_PNG, &bytes, size, error);
    if (status == MQ_OK &&
        (part.failed || !mq_docx_add(package, part.data, "", &bytes) ||
         !mq_docx_tie(package, it->name, MQ_DOCX_LINK "image", part.data + strlen("word/"))))
        status = mq_fail_memory(error);
    if (status == MQ_OK) {
        fit(size, look, it->most);
        picture_xml(xml, look, it, size);
    }
    mq_buffer_clear(&bytes);
    mq_buffer_clear(&part);
    return status;
}

/* ---- a chart ---- */

static void chart_xml(struct mq_buffer *xml, const struct mq_docx_look *look,
                      const struct mq_docx_figure *it, const double size[2])
{
    open_drawing(xml, look, it, size);
    mq_buffer_format(xml,
                     "<wp:cNvGraphicFramePr/><a:graphic xmlns:a=\"" DRAWING
                     "main\"><a:graphicData uri=\"" DRAWING "chart\"><c:chart xmlns:c=\"" DRAWING
                     "chart\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                     "relationships\" r:id=\"%s\"/>",
                     it->name);
    close_drawing(xml);
}

/* A part of the package, with its name made of the figure's. */
static bool add_named(struct mq_docx_package *package, const char *format, const char *name,
                      const char *type, struct mq_buffer *bytes)
{
    struct mq_buffer part = MQ_BUFFER_EMPTY;
    const char *gap = strchr(format, '*');
    mq_buffer_add(&part, format, (size_t)(gap - format));
    mq_buffer_text(&part, name);
    mq_buffer_text(&part, gap + 1);
    bool added = !part.failed && mq_docx_add(package, part.data, type, bytes);
    mq_buffer_clear(&part);
    return added;
}

/* The chart's parts: itself, the relationship to its workbook, the workbook. */
static bool add_chart(struct mq_docx_package *package, const char *name, struct mq_buffer *chart,
                      struct mq_buffer *workbook)
{
    struct mq_buffer links = MQ_BUFFER_EMPTY, target = MQ_BUFFER_EMPTY;
    struct mq_docx_package own = {0};
    mq_buffer_format(&target, "../embeddings/%s.xlsx", name);
    bool made = !target.failed && mq_docx_tie(&own, "rId1", MQ_DOCX_LINK "package", target.data);
    if (made)
        mq_docx_links_text(&own, &links);
    mq_buffer_clear(&target);
    mq_buffer_format(&target, "charts/%s.xml", name);
    made =
        made && !target.failed &&
        add_named(package, "word/charts/*.xml", name, MQ_DOCX_TYPE "drawingml.chart+xml", chart) &&
        add_named(package, "word/charts/_rels/*.xml.rels", name, "", &links) &&
        add_named(package, "word/embeddings/*.xlsx", name, "", workbook) &&
        mq_docx_tie(package, name, MQ_DOCX_LINK "chart", target.data);
    mq_docx_package_clear(&own);
    mq_buffer_clear(&links);
    mq_buffer_clear(&target);
    return made;
}

static enum mq_status chart(struct mq_docx_package *package, struct mq_buffer *xml,
                            const struct mq_docx_look *look, const struct mq_docx_figure *it,
                            struct mq_error *error)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY, workbook = MQ_BUFFER_EMPTY;
    double size[2] = {MQ_CHART_WIDTH * points_per_cm, mq_chart_height(it->figure) * points_per_cm};
    enum mq_status status =
        mq_native_chart(it->figure, look->chinese, it->scratch, &bytes, &workbook, error);
    if (status == MQ_OK && !add_chart(package, it->name, &bytes, &workbook))
        status = mq_fail_memory(error);
    if (status == MQ_OK) {
        /* A chart is laid out anew at any size: letters stay as they are. */
        double tall = it->most > 0 ? it->most : look->height - 70;
        size[0] = fmin(size[0], look->width);
        size[1] = fmin(size[1], tall);
        chart_xml(xml, look, it, size);
    }
    mq_buffer_clear(&bytes);
    mq_buffer_clear(&workbook);
    return status;
}

/* ---- with all that belongs to it ---- */

static enum mq_status below(struct mq_buffer *xml, const struct mq_docx_look *look,
                            const struct mq_figure *figure, struct mq_error *error)
{
    struct mq_buffer heading = MQ_BUFFER_EMPTY;
    struct mq_docx_shape caption = {.role = MQ_DOCX_CAPTION_BELOW};
    bool more = figure->notes > 0 || figure->source[0];
    caption.keep = more;
    if (look->tight < 1)
        caption.size = mq_docx_size(caption.role) * look->tight;
    mq_figure_heading(look->chinese, figure, &heading);
    mq_buffer_text(&heading, "");
    enum mq_status status = heading.failed ? mq_fail_memory(error) : MQ_OK;
    if (status == MQ_OK) {
        mq_docx_caption(xml, look, &caption, heading.data, figure->number, "");
        mq_docx_notes(xml, look, figure->note, figure->notes, figure->source);
    }
    mq_buffer_clear(&heading);
    return status;
}

enum mq_status mq_docx_figure(struct mq_docx_package *package, struct mq_buffer *xml,
                              const struct mq_docx_look *look, const struct mq_docx_figure *it,
                              struct mq_error *error)
{
    struct mq_docx_shape shape = {.role = MQ_DOCX_PICTURE, .keep = !it->bare};
    mq_docx_open(xml, look, &shape);
    enum mq_status status = is_chart(it->figure, it->drawn)
                                ? chart(package, xml, look, it, error)
                                : picture(package, xml, look, it, error);
    mq_docx_close(xml);
    if (status == MQ_OK && !it->bare)
        status = below(xml, look, it->figure, error);
    return status == MQ_OK && xml->failed ? mq_fail_memory(error) : status;
}
