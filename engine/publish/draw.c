/* A figure as a file: the surface, and the drawer of its kind. */
#include "publish/draw.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>

#include "publish/geometry.h"

#define DOTS_AN_INCH 300.0

static const mq_drawer drawers[MQ_FIGURE_KINDS] = {
    [MQ_FIGURE_TREND] = mq_draw_trend,         [MQ_FIGURE_RANKING] = mq_draw_ranking,
    [MQ_FIGURE_HEATMAP] = mq_draw_heatmap,     [MQ_FIGURE_STRIP] = mq_draw_strip,
    [MQ_FIGURE_WATERFALL] = mq_draw_waterfall, [MQ_FIGURE_TILES] = mq_draw_tiles,
    [MQ_FIGURE_PROFILE] = mq_draw_profile,     [MQ_FIGURE_MAP] = mq_draw_map,
};

static cairo_status_t add_bytes(void *closure, const unsigned char *bytes, unsigned int count)
{
    struct mq_buffer *buffer = closure;
    mq_buffer_add(buffer, (const char *)bytes, count);
    return buffer->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* ---- surfaces ---- */

static cairo_surface_t *new_svg(const struct mq_figure *figure, struct mq_buffer *bytes,
                                const double size[2])
{
    (void)figure;
    cairo_surface_t *surface =
        cairo_svg_surface_create_for_stream(add_bytes, bytes, size[0], size[1]);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
    return surface;
}

static void add_escaped(struct mq_buffer *svg, const char *text)
{
    static const char special[] = "<>&\"";
    static const char *const entity[] = {"&lt;", "&gt;", "&amp;", "&quot;"};
    for (size_t plain; *text; text += plain + (text[plain] != '\0')) {
        plain = strcspn(text, special);
        mq_buffer_add(svg, text, plain);
        if (text[plain])
            mq_buffer_text(svg, entity[strchr(special, text[plain]) - special]);
    }
}

/* Copies the drawing with ids that are unique among the figures of a page that they are put into,
 * and without the number of the surface, which counts all that a process ever made. */
static void add_with_own_ids(struct mq_buffer *svg, const char *at, const char *id)
{
    static const char *const mark[] = {" id=\"", "href=\"#", "url(#"};
    static const char surface[] = "surface";
    while (*at) {
        size_t step = 1 + strcspn(at + 1, " hu");
        for (size_t i = 0; i < sizeof mark / sizeof *mark; i++)
            if (strncmp(at, mark[i], strlen(mark[i])) == 0) {
                step = strlen(mark[i]);
                mq_buffer_add(svg, at, step);
                mq_buffer_format(svg, "%s-", id);
                at += step;
                step = 0;
                if (strncmp(at, surface, strlen(surface)) == 0) {
                    mq_buffer_text(svg, surface);
                    at += strlen(surface);
                    at += strspn(at, "0123456789");
                }
                break;
            }
        mq_buffer_add(svg, at, step);
        at += step;
    }
}

/* Names the drawing for readers that cannot see it. */
static void finish_svg(cairo_surface_t *surface, const struct mq_figure *figure,
                       struct mq_buffer *bytes)
{
    cairo_surface_finish(surface);
    struct mq_buffer svg = MQ_BUFFER_EMPTY;
    const char *all = bytes->data ? bytes->data : "", *head = strstr(all, "<svg ");
    const char *body = head ? strchr(head, '>') : NULL;
    if (body) {
        mq_buffer_add(&svg, all, (size_t)(body + 1 - all));
        mq_buffer_text(&svg, "\n<title>");
        add_escaped(&svg, figure->title);
        mq_buffer_text(&svg, "</title>\n<desc>");
        add_escaped(&svg, figure->alt);
        mq_buffer_text(&svg, "</desc>");
        add_with_own_ids(&svg, body + 1, figure->id);
    }
    svg.failed |= bytes->failed || !body;
    mq_buffer_clear(bytes);
    *bytes = svg;
}

static cairo_surface_t *new_pdf(const struct mq_figure *figure, struct mq_buffer *bytes,
                                const double size[2])
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(add_bytes, bytes, size[0], size[1]);
    /* No date: the same figure is the same file on every day. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, figure->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, figure->alt);
    return surface;
}

static cairo_surface_t *new_png(const struct mq_figure *figure, struct mq_buffer *bytes,
                                const double size[2])
{
    (void)figure, (void)bytes;
    double scale = DOTS_AN_INCH / 72;
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)lround(size[0] * scale), (int)lround(size[1] * scale));
    cairo_surface_set_device_scale(surface, scale, scale);
    return surface;
}

static void finish_png(cairo_surface_t *surface, const struct mq_figure *figure,
                       struct mq_buffer *bytes)
{
    (void)figure;
    cairo_surface_flush(surface);
    struct mq_pixels pixels = {cairo_image_surface_get_data(surface),
                               (size_t)cairo_image_surface_get_width(surface),
                               (size_t)cairo_image_surface_get_height(surface),
                               (size_t)cairo_image_surface_get_stride(surface)};
    mq_png_add(&pixels, (uint32_t)lround(DOTS_AN_INCH / 0.0254), bytes);
}

struct target {
    const char *name;
    cairo_surface_t *(*open)(const struct mq_figure *figure, struct mq_buffer *bytes,
                             const double size[2]);
    void (*finish)(cairo_surface_t *surface, const struct mq_figure *figure,
                   struct mq_buffer *bytes); /* may be NULL */
    bool paper; /* is painted white: readers show what is not painted in any colour */
};

static const struct target targets[] = {
    [MQ_DRAW_SVG] = {"SVG", new_svg, finish_svg, true},
    [MQ_DRAW_PDF] = {"PDF", new_pdf, NULL, false},
    [MQ_DRAW_PNG] = {"PNG", new_png, finish_png, true},
};

static enum mq_status draw_on(struct mq_canvas *canvas, const struct mq_figure *figure,
                              const struct target *target, const double size[2],
                              struct mq_buffer *bytes, struct mq_error *error)
{
    struct mq_buffer file = MQ_BUFFER_EMPTY;
    cairo_surface_t *surface = target->open(figure, &file, size);
    cairo_t *cairo = canvas->cairo = cairo_create(surface);
    if (target->paper) {
        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_paint(cairo);
    }
    drawers[figure->kind](canvas, figure);
    cairo_show_page(cairo);
    cairo_status_t state = cairo_status(cairo);
    cairo_destroy(cairo);
    canvas->cairo = NULL;
    if (state == CAIRO_STATUS_SUCCESS && target->finish)
        target->finish(surface, figure, &file);
    cairo_surface_finish(surface);
    if (state == CAIRO_STATUS_SUCCESS)
        state = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    mq_buffer_add(bytes, file.data ? file.data : "", file.length);
    bool failed = canvas->failed || file.failed || bytes->failed;
    mq_buffer_clear(&file);
    if (failed || state == CAIRO_STATUS_NO_MEMORY)
        return mq_fail_memory(error);
    if (state != CAIRO_STATUS_SUCCESS)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0,
                       "the figure \"%s\" cannot be drawn as %s: %s", figure->id, target->name,
                       cairo_status_to_string(state));
    return MQ_OK;
}

enum mq_status mq_draw_inked(const struct mq_figure *figure, bool chinese, enum mq_drawing drawing,
                             struct mq_buffer *bytes, double size[2], struct mq_inked *inked,
                             struct mq_error *error)
{
    struct mq_canvas canvas;
    if (figure->kind == MQ_FIGURE_MAP)
        MQ_TRY(mq_geometry_match(figure->geometry, figure->row, figure->rows, error));
    MQ_TRY(mq_canvas_open(&canvas, chinese, error));
    double height = drawers[figure->kind](&canvas, figure);
    double page[2] = {canvas.width, ceil(height + MQ_FIGURE_MARGIN)};
    canvas.inked = inked;
    enum mq_status status = canvas.failed
                                ? mq_fail_memory(error)
                                : draw_on(&canvas, figure, &targets[drawing], page, bytes, error);
    mq_canvas_close(&canvas);
    if (size)
        memcpy(size, page, sizeof page);
    return status;
}

enum mq_status mq_draw_figure(const struct mq_figure *figure, bool chinese, enum mq_drawing drawing,
                              struct mq_buffer *bytes, double size[2], struct mq_error *error)
{
    return mq_draw_inked(figure, chinese, drawing, bytes, size, NULL, error);
}
