/* A chart that a spreadsheet draws, over a table in a worksheet: dark on white, told apart in grey
 * by shade, hatching and marks. */
#include "publish/native_chart.h"
#include "publish/xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    INK = 0x262626,
    LINE = 0x7F7F7F,
    RING = 0xB3B3B3,
    GRID = 0xD9D9D9,
    DARK = 0x1F4E79,
    MIDDLE = 0x5B8DB8,
    PALE = 0xC9D8E8,
    WARM = 0xA84B2A,
    GREY = 0x595959
};
enum { LABEL_SIZE = 9, SMALL_SIZE = 8 };
enum { MOST_UPRIGHT = 9, MOST_LABELS = 12 };

/* Colours, marks and dashes of series that are not strong, by turns. */
static const struct {
    lxw_color_t color;
    uint8_t marker, dash;
} look[] = {{MIDDLE, LXW_CHART_MARKER_SQUARE, LXW_CHART_LINE_DASH_SOLID},
            {WARM, LXW_CHART_MARKER_TRIANGLE, LXW_CHART_LINE_DASH_DASH},
            {0x6E8B3D, LXW_CHART_MARKER_DIAMOND, LXW_CHART_LINE_DASH_SOLID},
            {0x8064A2, LXW_CHART_MARKER_X, LXW_CHART_LINE_DASH_DASH_DOT},
            {0xB8860B, LXW_CHART_MARKER_CIRCLE, LXW_CHART_LINE_DASH_ROUND_DOT},
            {GREY, LXW_CHART_MARKER_PLUS, LXW_CHART_LINE_DASH_LONG_DASH},
            {0x2E8B8B, LXW_CHART_MARKER_STAR, LXW_CHART_LINE_DASH_SQUARE_DOT}};
enum { LOOKS = sizeof look / sizeof *look };

struct drawing {
    const struct mq_chart_place *place;
    const struct mq_figure *figure;
    const struct mq_chart_data *data;
    bool chinese;
    lxw_chart *chart;
    size_t plain; /* series of that part so far */
    size_t plain_all, strong_all;
    int16_t unnamed[80]; /* series left out of the legend, ended by -1 */
    size_t unnamed_count;
    bool failed;
};

/* Bars that lie have room for long names beside them. */
static bool lies(const struct mq_figure *figure)
{
    return figure->kind == MQ_FIGURE_RANKING ||
           (figure->kind == MQ_FIGURE_WATERFALL && figure->rows > MOST_UPRIGHT);
}

/* Room for the longest name below the axis, when names stand askew. */
static double name_height(const struct mq_figure *figure)
{
    double widest = 0, slot = 75.0 / (double)figure->rows; /* half characters */
    for (size_t row = 0; row < figure->rows; row++)
        widest = fmax(widest, mq_text_width(figure->row[row].name));
    return widest > slot ? fmin(widest, 30) * 0.11 : 0;
}

double mq_chart_height(const struct mq_figure *figure)
{
    if (!lies(figure))
        return (figure->kind == MQ_FIGURE_STRIP ? 9.5 : 8.5) + name_height(figure);
    double row = figure->columns > 1 ? 0.75 : 0.6;
    size_t rows = figure->rows + !isnan(figure->reference.value);
    return fmin(22, fmax(6, 2.6 + row * (double)rows));
}

/* Charts name one font for all letters; Chinese ones come from the document's own. */
static lxw_chart_font font_of(double size, lxw_color_t color)
{
    static char times[] = "Times New Roman";
    return (lxw_chart_font){.name = times, .size = size, .color = color};
}

/* ---- series ---- */

/* Where labels would run into each other only the first and the last stay. */
static void thin_labels(struct drawing *draw, lxw_chart_series *series)
{
    size_t rows = draw->figure->rows;
    lxw_chart_data_label shown = {0}, hidden = {.hide = 1};
    lxw_chart_data_label *label[MQ_CHART_MOST_ROWS + 1] = {0};
    if (rows <= MOST_LABELS)
        return;
    for (size_t row = 0; row < rows; row++)
        label[row] = row == 0 || row + 1 == rows ? &shown : &hidden;
    if (chart_series_set_labels_custom(series, label) != LXW_NO_ERROR)
        draw->failed = true;
}

static void unnamed(struct drawing *draw, size_t index)
{
    if (draw->unnamed_count + 1 < sizeof draw->unnamed / sizeof *draw->unnamed)
        draw->unnamed[draw->unnamed_count++] = (int16_t)index;
}

static void number_labels(struct drawing *draw, lxw_chart_series *series, uint8_t position)
{
    char format[64], text[32];
    struct mq_sheet_column column = {.kind = MQ_COLUMN_NUMBER, .decimals = draw->figure->decimals};
    lxw_chart_font font = font_of(SMALL_SIZE, INK);
    snprintf(text, sizeof text, "%.*f", draw->figure->decimals, 0.0);
    mq_xlsx_number_format(&column, text, format, sizeof format);
    chart_series_set_labels(series);
    chart_series_set_labels_num_format(series, format);
    chart_series_set_labels_position(series, position);
    chart_series_set_labels_font(series, &font);
}

/* Filled: LibreOffice leaves out the outline of a mark. */
static void mark(lxw_chart_series *series, uint8_t type, uint8_t size, lxw_color_t color)
{
    chart_series_set_marker_type(series, type);
    chart_series_set_marker_size(series, size);
    chart_series_set_marker_line(series, &(lxw_chart_line){.color = color, .width = 1});
    chart_series_set_marker_fill(series, &(lxw_chart_fill){.color = color});
}

static void line_look(struct drawing *draw, lxw_chart_series *series, bool strong)
{
    size_t turn = draw->plain % LOOKS;
    if (strong) {
        chart_series_set_line(series, &(lxw_chart_line){.color = DARK, .width = 2.5F});
        mark(series, LXW_CHART_MARKER_CIRCLE, 7, DARK);
        number_labels(draw, series, LXW_CHART_LABEL_POSITION_ABOVE);
        thin_labels(draw, series);
    } else {
        chart_series_set_line(series, &(lxw_chart_line){.color = look[turn].color,
                                                        .width = 1.25F,
                                                        .dash_type = look[turn].dash});
        mark(series, look[turn].marker, 5, look[turn].color);
    }
}

static void no_line(lxw_chart_series *series)
{
    chart_series_set_line(series, &(lxw_chart_line){.none = 1});
}

/* The units to name have marks of their own, all others the same ring. */
static void strip_look(struct drawing *draw, lxw_chart_series *series, size_t index, bool strong)
{
    no_line(series);
    if (!strong) {
        mark(series, LXW_CHART_MARKER_CIRCLE, 6, RING);
        unnamed(draw, index);
        return;
    }
    size_t turn = (index - draw->plain_all) % LOOKS;
    mark(series, look[turn].marker, 9, turn ? look[turn].color : DARK);
}

static void profile_look(struct drawing *draw, lxw_chart_series *series, bool strong)
{
    no_line(series);
    if (strong) {
        mark(series, LXW_CHART_MARKER_CIRCLE, 9, DARK);
        number_labels(draw, series, LXW_CHART_LABEL_POSITION_RIGHT);
    } else {
        size_t turn = draw->plain % LOOKS;
        mark(series, look[turn].marker, 8, look[turn].color);
    }
}

static void hatch(lxw_chart_series *series, lxw_color_t color)
{
    chart_series_set_pattern(series,
                             &(lxw_chart_pattern){.fg_color = color,
                                                  .bg_color = LXW_COLOR_WHITE,
                                                  .type = LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL});
    chart_series_set_line(series, &(lxw_chart_line){.color = color, .width = 0.75F});
}

static void solid(lxw_chart_series *series, lxw_color_t color)
{
    chart_series_set_fill(series, &(lxw_chart_fill){.color = color});
    chart_series_set_line(series, &(lxw_chart_line){.color = color, .width = 0.75F});
}

/* The top unit among its parts is hatched, a unit that the figure is about is warm. */
static void pick_out(struct drawing *draw, lxw_chart_series *series)
{
    const struct mq_figure *figure = draw->figure;
    lxw_chart_pattern pattern = {.fg_color = DARK,
                                 .bg_color = LXW_COLOR_WHITE,
                                 .type = LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL};
    lxw_chart_line line = {.color = DARK, .width = 0.75F};
    lxw_chart_fill dark = {.color = DARK}, warm = {.color = WARM};
    lxw_chart_point top = {.line = &line, .pattern = &pattern}, plain = {.fill = &dark},
                    strong = {.fill = &warm};
    lxw_chart_point *point[MQ_CHART_MOST_ROWS + 2] = {&top};
    size_t first = draw->data->strong_row == 0, end = first; /* after the last that is not plain */
    for (size_t row = 0; row < figure->rows; row++) {
        point[first + row] = figure->row[row].strong ? &strong : &plain;
        if (figure->row[row].strong)
            end = first + row + 1;
    }
    point[end] = NULL;
    if (end > 0 && chart_series_set_points(series, point) != LXW_NO_ERROR)
        draw->failed = true;
}

/* Texts as printed, which no number format gives: scores plain, changes with their sign. */
static void carried_labels(struct drawing *draw, lxw_chart_series *series)
{
    const struct mq_figure *figure = draw->figure;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    lxw_chart_font font = font_of(SMALL_SIZE, INK);
    lxw_chart_data_label *label = mq_arena_array(&arena, figure->rows, sizeof *label);
    lxw_chart_data_label **each = mq_arena_array(&arena, figure->rows + 1, sizeof *each);
    draw->failed |= !label || !each;
    for (size_t row = 0; row < figure->rows && !draw->failed; row++) {
        const char *text = figure->cell[row].text;
        label[row] = (lxw_chart_data_label){.value = mq_arena_string(&arena, text, strlen(text)),
                                            .font = &font};
        each[row] = &label[row];
        draw->failed |= !label[row].value;
    }
    if (!draw->failed) {
        each[figure->rows] = NULL;
        chart_series_set_labels(series);
        chart_series_set_labels_position(series, LXW_CHART_LABEL_POSITION_INSIDE_BASE);
        chart_series_set_labels_font(series, &font);
        draw->failed = chart_series_set_labels_custom(series, each) != LXW_NO_ERROR;
    }
    mq_arena_clear(&arena);
}

static bool falls(const struct mq_figure *figure)
{
    for (size_t row = 0; row < figure->rows; row++)
        if (!figure->row[row].strong && figure->cell[row].value < 0)
            return true;
    return false;
}

static void bar_look(struct drawing *draw, lxw_chart_series *series, size_t index,
                     enum mq_chart_part part)
{
    switch (part) {
    case MQ_CHART_BEFORE:
        chart_series_set_fill(series, &(lxw_chart_fill){.color = PALE});
        chart_series_set_line(series, &(lxw_chart_line){.color = LINE, .width = 0.5F});
        break;
    case MQ_CHART_TOTAL:
        solid(series, GREY);
        unnamed(draw, index);
        break;
    case MQ_CHART_RISE:
        solid(series, MIDDLE);
        break;
    case MQ_CHART_FALL:
        hatch(series, WARM);
        if (!lies(draw->figure) && !falls(draw->figure))
            unnamed(draw, index);
        break;
    case MQ_CHART_HIDDEN:
    case MQ_CHART_CARRIER:
        chart_series_set_fill(series, &(lxw_chart_fill){.none = 1});
        no_line(series);
        unnamed(draw, index);
        if (part == MQ_CHART_CARRIER)
            carried_labels(draw, series);
        break;
    default:
        solid(series, DARK);
        number_labels(draw, series, LXW_CHART_LABEL_POSITION_OUTSIDE_END);
        pick_out(draw, series);
    }
}

static void add_series(struct drawing *draw, size_t index)
{
    const struct mq_chart_place *place = draw->place;
    const struct mq_chart_data *data = draw->data;
    enum mq_chart_part part = data->series[index].part;
    lxw_chart_series *series = chart_add_series(draw->chart, NULL, NULL);
    if (!series) {
        draw->failed = true;
        return;
    }
    lxw_row_t head = place->row, last = head + (lxw_row_t)data->table.rows;
    lxw_col_t name = place->column, end = (lxw_col_t)(name + data->table.columns - 1);
    if (data->across) {
        lxw_row_t own = head + 1 + (lxw_row_t)data->series[index].at;
        chart_series_set_name_range(series, place->tab, own, name);
        chart_series_set_categories(series, place->tab, head, name + 1, head, end);
        chart_series_set_values(series, place->tab, own, name + 1, own, end);
    } else {
        lxw_col_t own = (lxw_col_t)(name + data->series[index].at);
        chart_series_set_name_range(series, place->tab, head, own);
        chart_series_set_categories(series, place->tab, head + 1, name, last, name);
        chart_series_set_values(series, place->tab, head + 1, own, last, own);
    }
    bool strong = part == MQ_CHART_STRONG;
    if (draw->figure->kind == MQ_FIGURE_TREND)
        line_look(draw, series, strong);
    else if (draw->figure->kind == MQ_FIGURE_STRIP)
        strip_look(draw, series, index, strong);
    else if (draw->figure->kind == MQ_FIGURE_PROFILE)
        profile_look(draw, series, strong);
    else
        bar_look(draw, series, index, part);
    draw->plain += part == MQ_CHART_PLAIN;
}

/* ---- around the series ---- */

/* Ticks of the value axis: at most seven steps of 1, 2 or 5 units of some place that end where the
 * axis ends, all with the same decimals. Left to the reader if there is none. */
static void ticks(const struct mq_figure *figure, lxw_chart_axis *values)
{
    static const double steps[] = {1, 2, 5};
    double range = figure->high - figure->low;
    int place = range > 0 ? (int)floor(log10(range)) - 1 : 0;
    for (int i = 0; range > 0 && i < 6; i++) {
        int power = place + i / 3;
        double unit = steps[i % 3] * pow(10, power), n = range / unit;
        if (n > 7.5 || fabs(n - round(n)) > 1e-6)
            continue;
        char format[40];
        int decimals = power < 0 && power > -12 ? -power : 0;
        snprintf(format, sizeof format, "0%s%.*s", decimals ? "." : "", decimals, "000000000000");
        chart_axis_set_major_unit(values, unit);
        chart_axis_set_num_format(values, format);
        return;
    }
    chart_axis_set_num_format(values, "General");
}

/* The unit; and where the length of bars would mislead, that they do not begin at zero. */
static void name_axis(struct drawing *draw, lxw_chart_axis *values)
{
    const struct mq_figure *figure = draw->figure;
    struct mq_buffer name = MQ_BUFFER_EMPTY;
    lxw_chart_font font = font_of(LABEL_SIZE, INK);
    bool bars = figure->kind == MQ_FIGURE_RANKING || figure->kind == MQ_FIGURE_WATERFALL;
    font.rotation = 360; /* upright */
    font.bold = LXW_EXPLICIT_FALSE;
    mq_buffer_text(&name, figure->unit);
    if (bars && figure->low > 0) {
        mq_buffer_text(&name, draw->chinese     ? "（轴自"
                              : figure->unit[0] ? " (axis starts at "
                                                : "(axis starts at ");
        mq_buffer_real(&name, figure->low);
        mq_buffer_text(&name, draw->chinese ? "起）" : ")");
    }
    draw->failed |= name.failed;
    if (name.data && name.length) {
        chart_axis_set_name(values, name.data);
        chart_axis_set_name_font(values, &font);
    }
    mq_buffer_clear(&name);
}

static void axes(struct drawing *draw)
{
    const struct mq_figure *figure = draw->figure;
    /* The library calls the horizontal axis x, whatever stands on it. */
    lxw_chart_axis *names = lies(figure) ? draw->chart->y_axis : draw->chart->x_axis;
    lxw_chart_axis *values = lies(figure) ? draw->chart->x_axis : draw->chart->y_axis;
    lxw_chart_font font = font_of(LABEL_SIZE, INK);
    lxw_chart_line line = {.color = LINE, .width = 0.75F}, grid = {.color = GRID, .width = 0.5F};
    chart_axis_set_min(values, figure->low);
    chart_axis_set_max(values, figure->high);
    ticks(figure, values);
    chart_axis_set_num_font(values, &font);
    chart_axis_set_num_font(names, &font);
    chart_axis_set_line(values, &line);
    chart_axis_set_line(names, &line);
    chart_axis_major_gridlines_set_visible(values, LXW_TRUE);
    chart_axis_major_gridlines_set_line(values, &grid);
    chart_axis_major_gridlines_set_visible(names, LXW_FALSE);
    chart_axis_set_major_tick_mark(names, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_set_minor_tick_mark(names, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_set_minor_tick_mark(values, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_set_major_tick_mark(values, LXW_CHART_AXIS_TICK_MARK_OUTSIDE);
    chart_axis_set_label_position(names, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_axis_set_interval_unit(names, 1);
    name_axis(draw, values);
    if (lies(figure)) { /* the best on top, the scale below all the same */
        chart_axis_set_reverse(names);
        chart_axis_set_crossing_max(names);
    }
}

static void legend(struct drawing *draw)
{
    lxw_chart_font font = font_of(LABEL_SIZE, INK);
    size_t named = draw->data->count - draw->unnamed_count;
    bool alone = named < 2 && draw->figure->kind != MQ_FIGURE_WATERFALL &&
                 draw->figure->kind != MQ_FIGURE_STRIP;
    if (named == 0 || alone) {
        chart_legend_set_position(draw->chart, LXW_CHART_LEGEND_NONE);
        return;
    }
    chart_legend_set_position(draw->chart, LXW_CHART_LEGEND_BOTTOM);
    chart_legend_set_font(draw->chart, &font);
    draw->unnamed[draw->unnamed_count] = -1;
    if (draw->unnamed_count &&
        chart_legend_delete_series(draw->chart, draw->unnamed) != LXW_NO_ERROR)
        draw->failed = true;
}

static uint8_t chart_type(const struct mq_figure *figure)
{
    if (figure->kind == MQ_FIGURE_RANKING)
        return LXW_CHART_BAR;
    if (figure->kind == MQ_FIGURE_WATERFALL)
        return lies(figure) ? LXW_CHART_BAR_STACKED : LXW_CHART_COLUMN_STACKED;
    return LXW_CHART_LINE;
}

lxw_chart *mq_chart_new(const struct mq_chart_place *place, const struct mq_figure *figure,
                        const struct mq_chart_data *data, bool chinese)
{
    uint8_t type = chart_type(figure);
    struct drawing draw = {.place = place,
                           .figure = figure,
                           .data = data,
                           .chinese = chinese,
                           .chart = workbook_add_chart(place->book, type)};
    if (!draw.chart)
        return NULL;
    for (size_t i = 0; i < data->count; i++)
        draw.plain_all += data->series[i].part == MQ_CHART_PLAIN;
    for (size_t i = 0; i < data->count; i++)
        add_series(&draw, i);
    if (draw.failed)
        return NULL;
    chart_title_off(draw.chart);
    chart_show_blanks_as(draw.chart, LXW_CHART_BLANKS_AS_GAP);
    chart_chartarea_set_line(draw.chart, &(lxw_chart_line){.none = 1});
    chart_chartarea_set_fill(draw.chart, &(lxw_chart_fill){.color = LXW_COLOR_WHITE});
    if (type != LXW_CHART_LINE)
        chart_set_series_gap(draw.chart, figure->columns > 1 ? 45 : 60);
    axes(&draw);
    legend(&draw);
    return draw.failed ? NULL : draw.chart;
}
