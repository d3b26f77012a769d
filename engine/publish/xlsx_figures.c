/* A worksheet per chart: the chart as it is printed, and below it, for the screen, its numbers. */
#include "publish/native_chart.h"
#include "publish/xlsx_parts.h"

#include <math.h>

/* Rows under the chart have a set height, so that the caption stands below it in every reader. */
enum { ROW_POINTS = 15, ROW_PIXELS = 20 };
static const double pixels_per_cm = 96 / 2.54;

struct canvas {
    struct mq_xlsx_page page;
    const struct mq_figure *figure;
    struct mq_chart_data data;
    size_t columns; /* that the chart lies over */
    double width;   /* of them, in pixels */
};

bool mq_xlsx_draws(const struct mq_figure *figure)
{
    return figure->kind != MQ_FIGURE_PROFILE && mq_chart_is_native(figure);
}

static void span_chart(struct canvas *canvas)
{
    const double wanted = MQ_CHART_WIDTH * pixels_per_cm;
    while (canvas->columns < canvas->data.table.columns && canvas->width < wanted)
        canvas->width += floor(canvas->page.plan.width[canvas->columns++] * 7 + 5.5);
    canvas->page.plan.span_width = canvas->width / 7;
}

static void write_line(struct canvas *canvas, const char *text, lxw_format *format, double height)
{
    struct mq_xlsx_page *page = &canvas->page;
    mq_xlsx_set_height(page, page->row, height);
    mq_xlsx_span(page, page->row, page->row, 0, canvas->columns, text, format);
    page->row++;
}

/* Below the figure, as books have it. */
static void write_caption(struct canvas *canvas, bool chinese)
{
    struct mq_xlsx_page *page = &canvas->page;
    const struct mq_figure *figure = canvas->figure;
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    mq_figure_heading(chinese, figure, &title);
    if (title.failed) {
        mq_xlsx_keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    } else {
        const char *text = title.data ? title.data : "";
        int lines = mq_xlsx_lines(text, (page->plan.span_width * 0.72) * page->plan.ease);
        write_line(canvas, text, page->style->title, lines * 19 + 9);
    }
    mq_buffer_clear(&title);
    for (size_t i = 0; i < figure->notes; i++)
        write_line(canvas, figure->note[i], page->style->note,
                   mq_xlsx_note_height(&page->plan, figure->note[i]));
    if (figure->source[0])
        write_line(canvas, figure->source, page->style->note,
                   mq_xlsx_note_height(&page->plan, figure->source));
}

/* The chart refers to the table by its place: the place is fixed before both are written. */
static void put_chart(struct canvas *canvas, lxw_workbook *book, lxw_row_t head, bool chinese)
{
    struct mq_xlsx_page *page = &canvas->page;
    const struct mq_figure *figure = canvas->figure;
    struct mq_chart_place place = {.book = book, .tab = page->out->name, .row = head};
    lxw_chart *chart = mq_chart_new(&place, figure, &canvas->data, chinese);
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    mq_buffer_text(&alt, figure->alt[0] ? figure->alt : figure->title);
    /* Other readers make columns a little narrower; what stands out would not be printed. */
    double width = fmin(MQ_CHART_WIDTH * pixels_per_cm, canvas->width * 0.94);
    lxw_chart_options options = {.x_offset = (int32_t)fmax(0, floor((canvas->width - width) / 2)),
                                 .y_offset = 4,
                                 .x_scale = width / 480, /* the library's own size: 480 x 288 */
                                 .y_scale = mq_chart_height(figure) * pixels_per_cm / 288,
                                 .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
                                 .description = alt.data};
    if (!chart || alt.failed)
        mq_xlsx_keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        mq_xlsx_keep(page, worksheet_insert_chart_opt(page->out, 0, 0, chart, &options));
    mq_buffer_clear(&alt);
}

static void lay_out(struct canvas *canvas, lxw_row_t end)
{
    struct mq_xlsx_page *page = &canvas->page;
    for (size_t i = 0; i < canvas->data.table.columns; i++)
        mq_xlsx_keep(page, worksheet_set_column(page->out, (lxw_col_t)i, (lxw_col_t)i,
                                                page->plan.width[i], NULL));
    worksheet_set_paper(page->out, 9); /* A4 */
    worksheet_center_horizontally(page->out);
    worksheet_gridlines(page->out, LXW_HIDE_ALL_GRIDLINES);
    worksheet_fit_to_pages(page->out, 1, 1);
    mq_xlsx_keep(page,
                 worksheet_print_area(page->out, 0, 0, end - 1, (lxw_col_t)(canvas->columns - 1)));
    mq_xlsx_footer(page);
}

static void draw(struct canvas *canvas, lxw_workbook *book, bool chinese)
{
    struct mq_xlsx_page *page = &canvas->page;
    double pixels = mq_chart_height(canvas->figure) * pixels_per_cm + 12;
    lxw_row_t rows = (lxw_row_t)ceil(pixels / ROW_PIXELS);
    span_chart(canvas);
    for (; page->row < rows; page->row++)
        mq_xlsx_set_height(page, page->row, ROW_POINTS);
    write_caption(canvas, chinese);
    lay_out(canvas, page->row);
    mq_xlsx_set_height(page, page->row++, ROW_POINTS);
    put_chart(canvas, book, page->row, chinese);
    mq_xlsx_write_header(page);
    mq_xlsx_write_body(page);
}

lxw_error mq_xlsx_write_figure(lxw_workbook *book, struct mq_xlsx_style *style,
                               const struct mq_figure *figure, struct mq_arena *arena)
{
    struct canvas canvas = {.figure = figure};
    struct mq_xlsx_page *page = &canvas.page;
    if (!mq_chart_data(figure, style->chinese, arena, &canvas.data) ||
        !mq_xlsx_measure(&canvas.data.table, style->chinese, arena, &page->plan))
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    page->sheet = &canvas.data.table;
    page->style = style;
    page->out = mq_xlsx_add_tab(book, figure->number[0] ? figure->number : figure->id);
    if (!page->out)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    draw(&canvas, book, style->chinese);
    return page->fault;
}
