/* Figures of the web page: a place for the chart, and its numbers for people and for the script. */
#include "publish/html.h"

#include <math.h>

static void add_real(struct mq_buffer *json, double value)
{
    if (isfinite(value))
        mq_buffer_real(json, value);
    else
        mq_buffer_text(json, "null");
}

static void add_key(struct mq_buffer *json, const char *key)
{
    mq_buffer_format(json, ",\n\"%s\":", key);
}

static void add_member(struct mq_buffer *json, const char *key, const char *text)
{
    add_key(json, key);
    mq_html_json(json, text ? text : "");
}

static void add_items(struct mq_buffer *json, const char *key, const struct mq_figure_item *item,
                      size_t count)
{
    add_key(json, key);
    mq_buffer_text(json, "[");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(json, i ? ",{\"name\":" : "{\"name\":");
        mq_html_json(json, item[i].name);
        mq_buffer_text(json, item[i].strong ? ",\"strong\":true}" : "}");
    }
    mq_buffer_text(json, "]");
}

static void add_cells(struct mq_buffer *json, const struct mq_figure *figure)
{
    size_t count = figure->rows * figure->columns;
    add_key(json, "values");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(json, i ? "," : "[");
        add_real(json, figure->cell[i].value);
    }
    mq_buffer_text(json, count ? "]" : "[]");
    add_key(json, "texts");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(json, i ? "," : "[");
        mq_html_json(json, figure->cell[i].text);
    }
    mq_buffer_text(json, count ? "]" : "[]");
}

/* Classes of values and places of tiles, for kinds that have them. */
static void add_places(struct mq_buffer *json, const struct mq_figure *figure)
{
    add_key(json, "bands");
    mq_buffer_text(json, "[");
    for (size_t i = 0; i < figure->bands; i++) {
        mq_buffer_text(json, i ? "," : "");
        mq_html_json(json, figure->band[i]);
    }
    mq_buffer_text(json, "]");
    if (figure->cell_band) {
        add_key(json, "cellBand");
        for (size_t i = 0; i < figure->rows * figure->columns; i++)
            mq_buffer_format(json, "%s%d", i ? "," : "[", (int)figure->cell_band[i]);
        mq_buffer_text(json, "]");
    }
    if (figure->place) {
        add_key(json, "place");
        for (size_t i = 0; i < figure->rows; i++)
            mq_buffer_format(json, "%s[%d,%d]", i ? "," : "[", figure->place[i].row,
                             figure->place[i].column);
        mq_buffer_text(json, "]");
    }
}

static void add_json(struct mq_page *page, const char *id, const struct mq_figure *figure)
{
    struct mq_buffer *json = &page->out;
    mq_buffer_format(json,
                     "<script type=\"application/json\" id=\"%s-chart-data\">\n{\"kind\":\"%s\"",
                     id, mq_figure_kind_names[figure->kind]);
    add_member(json, "unit", figure->unit);
    add_key(json, "low");
    add_real(json, figure->low);
    add_key(json, "high");
    add_real(json, figure->high);
    add_key(json, "reference");
    add_real(json, figure->reference.value);
    add_member(json, "referenceText", figure->reference.text);
    add_member(json, "referenceName", figure->reference_name);
    add_items(json, "rows", figure->row, figure->rows);
    add_items(json, "columns", figure->column, figure->columns);
    add_cells(json, figure);
    add_places(json, figure);
    mq_buffer_text(json, "}\n</script>\n");
}

/* The numbers of the chart, for those who do not see it or want to copy them. */
static void add_numbers(struct mq_page *page, const char *id, const struct mq_figure *figure)
{
    mq_page_markup(page, "<details open>\n<summary>");
    mq_page_text(page, mq_page_word(page, "图中数据", "Numbers of this figure"));
    mq_buffer_format(&page->out,
                     "</summary>\n<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
                     "aria-labelledby=\"%s-c\">\n<table class=\"numbers\">\n<thead><tr><td></td>",
                     id);
    for (size_t i = 0; i < figure->columns; i++) {
        const char *name = figure->column[i].name;
        mq_page_markup(page, "<th scope=\"col\">");
        mq_page_text(page, name && name[0] ? name : mq_page_word(page, "数值", "Value"));
        mq_page_markup(page, "</th>");
    }
    mq_page_markup(page, "</tr></thead>\n<tbody>\n");
    for (size_t row = 0; row < figure->rows; row++) {
        mq_page_markup(page, "<tr><th scope=\"row\">");
        mq_page_text(page, figure->row[row].name);
        mq_page_markup(page, "</th>");
        for (size_t column = 0; column < figure->columns; column++) {
            mq_page_markup(page, "<td>");
            mq_page_text(page, figure->cell[row * figure->columns + column].text);
            mq_page_markup(page, "</td>");
        }
        mq_page_markup(page, "</tr>\n");
    }
    mq_page_markup(page, "</tbody>\n</table>\n</div>\n</details>\n");
}

/* A map keeps the outlines that the program draws: scripts know no geometry. */
static void add_map(struct mq_page *page, const struct mq_figure *figure)
{
    struct mq_buffer svg = MQ_BUFFER_EMPTY;
    enum mq_status status =
        mq_draw_figure(figure, page->chinese, MQ_DRAW_SVG, &svg, NULL, page->error);
    if (status == MQ_OK) {
        mq_page_markup(page, "<img class=\"map\" src=\"data:image/svg+xml;base64,");
        mq_html_base64(&page->out, svg.data, svg.length);
        mq_page_markup(page, "\" alt=\"");
        mq_page_text(page, figure->alt);
        mq_page_markup(page, "\">\n");
    } else if (page->status == MQ_OK)
        page->status = status;
    page->out.failed |= svg.failed;
    mq_buffer_clear(&svg);
}

static void add_chart(struct mq_page *page, const char *id, const struct mq_figure *figure)
{
    mq_buffer_format(&page->out,
                     "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"%s-c\">"
                     "<div class=\"chart\" id=\"%s-chart\" data-kind=\"%s\" role=\"img\" "
                     "aria-label=\"",
                     id, id, mq_figure_kind_names[figure->kind]);
    mq_page_text(page, figure->alt);
    mq_page_markup(page, "\"></div></div>\n");
}

void mq_page_figure(struct mq_page *page, const char *scope, const struct mq_figure *figure)
{
    struct mq_buffer id = MQ_BUFFER_EMPTY, heading = MQ_BUFFER_EMPTY;
    mq_buffer_format(&id, "f-%s", scope);
    mq_html_id(&id, figure->id);
    mq_figure_heading(page->chinese, figure, &heading);
    page->out.failed |= id.failed || heading.failed;
    const char *name = id.data ? id.data : "";
    mq_buffer_format(&page->out, "<figure id=\"%s\">\n", name);
    if (figure->kind == MQ_FIGURE_MAP)
        add_map(page, figure);
    else
        add_chart(page, name, figure);
    mq_buffer_format(&page->out, "<figcaption id=\"%s-c\">", name);
    mq_page_text(page, heading.data ? heading.data : "");
    mq_page_markup(page, "</figcaption>\n");
    for (size_t i = 0; i < figure->notes; i++)
        mq_page_line(page, "p", "note", figure->note[i]);
    mq_page_line(page, "p", "source", figure->source);
    mq_page_line(page, "p", "source", figure->stamp);
    add_numbers(page, name, figure);
    if (figure->kind != MQ_FIGURE_MAP)
        add_json(page, name, figure);
    mq_page_markup(page, "</figure>\n");
    mq_buffer_clear(&id);
    mq_buffer_clear(&heading);
}
