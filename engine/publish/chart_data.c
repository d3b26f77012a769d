/* The numbers of a figure as the table that a native chart is drawn from. */
#include "publish/xlsx_parts.h"

#include <math.h>
#include <string.h>

/* Text for one language. */
static const char *either(bool chinese, const char *zh, const char *en)
{
    return chinese ? zh : en;
}

static double number(const struct mq_figure *figure, size_t row, size_t column)
{
    return figure->cell[row * figure->columns + column].value;
}

static bool any_number(const struct mq_figure *figure)
{
    for (size_t i = 0; i < figure->rows * figure->columns; i++)
        if (!isnan(figure->cell[i].value))
            return true;
    return false;
}

/* Pieces are stacked from zero up, and each starts where the one before ended. */
static bool can_stack(const struct mq_figure *figure)
{
    for (size_t row = 0; row < figure->rows; row++)
        if (isnan(number(figure, row, 0)))
            return false;
    return figure->low >= 0 && figure->rows >= 2;
}

bool mq_chart_is_native(const struct mq_figure *figure)
{
    if (!any_number(figure) || figure->rows > MQ_CHART_MOST_ROWS ||
        figure->columns > MQ_CHART_MOST_SERIES)
        return false;
    switch (figure->kind) {
    case MQ_FIGURE_TREND:
    case MQ_FIGURE_RANKING:
    case MQ_FIGURE_STRIP:
    case MQ_FIGURE_PROFILE:
        return true;
    case MQ_FIGURE_WATERFALL:
        return can_stack(figure);
    default:
        return false;
    }
}

/* ---- tables ---- */

struct builder {
    const struct mq_figure *figure;
    bool chinese;
    struct mq_arena *arena;
    struct mq_chart_data *data;
};

static bool begin(struct builder *build, size_t rows, size_t columns, size_t series)
{
    struct mq_sheet *table = &build->data->table;
    *table = (struct mq_sheet){.id = build->figure->id,
                               .name = build->figure->number,
                               .number = "",
                               .title = build->figure->title,
                               .unit = "",
                               .source = "",
                               .level = "",
                               .rows = rows,
                               .columns = columns};
    table->column = mq_arena_array(build->arena, columns, sizeof *table->column);
    table->cell = mq_arena_array(build->arena, rows * columns, sizeof *table->cell);
    build->data->series =
        mq_arena_array(build->arena, series ? series : 1, sizeof *build->data->series);
    build->data->strong_row = SIZE_MAX;
    if (!table->column || !table->cell || !build->data->series)
        return false;
    for (size_t i = 0; i < columns; i++)
        table->column[i] = (struct mq_sheet_column){"", "", i ? MQ_COLUMN_NUMBER : MQ_COLUMN_TEXT,
                                                    build->figure->decimals};
    for (size_t i = 0; i < rows * columns; i++)
        table->cell[i] = (struct mq_sheet_cell){"", NAN};
    return true;
}

static void add_series(struct builder *build, size_t at, enum mq_chart_part part)
{
    build->data->series[build->data->count++] = (struct mq_chart_series){at, part};
}

static struct mq_sheet_cell *cell_at(struct builder *build, size_t row, size_t column)
{
    return &build->data->table.cell[row * build->data->table.columns + column];
}

/* A number as it is; a sign in its place is left to the notes. */
static void put(struct builder *build, size_t row, size_t column, struct mq_sheet_cell cell)
{
    if (!isnan(cell.value))
        *cell_at(build, row, column) = cell;
}

/* A sum of printed numbers, without the noise of binary arithmetic. */
static bool put_computed(struct builder *build, size_t row, size_t column, double value)
{
    double scale = pow(10, build->figure->decimals);
    const char *text = mq_arena_format(build->arena, "%.*f", build->figure->decimals, value);
    if (text)
        *cell_at(build, row, column) = (struct mq_sheet_cell){text, round(value * scale) / scale};
    return text != NULL;
}

/* Rows and columns as in the figure, a series a column. */
static bool as_given(struct builder *build)
{
    const struct mq_figure *figure = build->figure;
    if (!begin(build, figure->rows, figure->columns + 1, figure->columns))
        return false;
    for (size_t i = 0; i < figure->columns; i++)
        build->data->table.column[i + 1].title = figure->column[i].name;
    for (size_t row = 0; row < figure->rows; row++) {
        cell_at(build, row, 0)->text = figure->row[row].name;
        for (size_t i = 0; i < figure->columns; i++)
            put(build, row, i + 1, figure->cell[row * figure->columns + i]);
    }
    /* What is drawn last lies on top. */
    for (int strong = 0; strong < 2; strong++)
        for (size_t i = 0; i < figure->columns; i++)
            if (figure->column[i].strong == (strong == 1))
                add_series(build, i + 1, strong ? MQ_CHART_STRONG : MQ_CHART_PLAIN);
    return true;
}

/* Many units over few nodes: a unit a row reads better, and its row is the series. */
static bool turned(struct builder *build)
{
    const struct mq_figure *figure = build->figure;
    if (!begin(build, figure->columns, figure->rows + 1, figure->columns))
        return false;
    build->data->across = true;
    for (size_t i = 0; i < figure->rows; i++)
        build->data->table.column[i + 1].title = figure->row[i].name;
    for (size_t unit = 0; unit < figure->columns; unit++) {
        cell_at(build, unit, 0)->text = figure->column[unit].name;
        for (size_t i = 0; i < figure->rows; i++)
            put(build, unit, i + 1, figure->cell[i * figure->columns + unit]);
    }
    for (int strong = 0; strong < 2; strong++)
        for (size_t i = 0; i < figure->columns; i++)
            if (figure->column[i].strong == (strong == 1))
                add_series(build, i, strong ? MQ_CHART_STRONG : MQ_CHART_PLAIN);
    return true;
}

/* The top unit first, then the units from the best on; the sign of one without a number stands
 * beside its name. */
static bool ranking(struct builder *build)
{
    const struct mq_figure *figure = build->figure;
    size_t top = !isnan(figure->reference.value);
    if (!begin(build, figure->rows + top, figure->columns + 1, 2))
        return false;
    for (size_t i = 0; i < figure->columns; i++) {
        build->data->table.column[i + 1].title = figure->column[i].name;
        build->data->table.column[i + 1].kind = i == 2 ? MQ_COLUMN_CHANGE : MQ_COLUMN_NUMBER;
    }
    if (top) {
        cell_at(build, 0, 0)->text = figure->reference_name;
        put(build, 0, 1, figure->reference);
        build->data->strong_row = 0;
    }
    for (size_t row = 0; row < figure->rows; row++) {
        const char *name = figure->row[row].name;
        const struct mq_sheet_cell *own = &figure->cell[row * figure->columns];
        if (isnan(own->value) && own->text[0])
            name = mq_arena_format(build->arena, "%s %s", name, own->text);
        if (!name)
            return false;
        cell_at(build, top + row, 0)->text = name;
        for (size_t i = 0; i < figure->columns; i++)
            put(build, top + row, i + 1, own[i]);
    }
    add_series(build, 1, MQ_CHART_PLAIN);
    if (figure->columns > 1)
        add_series(build, 2, MQ_CHART_BEFORE);
    return true;
}

enum { VALUE = 1, BASE, TOTAL, RISE, FALL, CARRIER, WATERFALL_COLUMNS };

static void waterfall_heads(struct builder *build)
{
    struct mq_sheet_column *column = build->data->table.column;
    bool zh = build->chinese;
    column[VALUE].title = either(zh, "数值", "Value");
    column[BASE].title = either(zh, "底（作图用）", "Base (for drawing)");
    column[TOTAL].title = either(zh, "得分", "Score");
    column[RISE].title = either(zh, "提高", "Rise");
    column[FALL].title = either(zh, "下降", "Fall");
    column[CARRIER].title = either(zh, "标注（作图用）", "Label (for drawing)");
}

static bool waterfall(struct builder *build)
{
    const struct mq_figure *figure = build->figure;
    if (!begin(build, figure->rows, WATERFALL_COLUMNS, WATERFALL_COLUMNS - BASE))
        return false;
    waterfall_heads(build);
    double level = 0;
    bool done = true;
    for (size_t row = 0; row < figure->rows && done; row++) {
        double own = number(figure, row, 0);
        cell_at(build, row, 0)->text = figure->row[row].name;
        put(build, row, VALUE, figure->cell[row]);
        if (figure->row[row].strong) {
            level = own;
            put(build, row, TOTAL, figure->cell[row]);
        } else {
            done = put_computed(build, row, BASE, own < 0 ? level + own : level) &&
                   put_computed(build, row, own < 0 ? FALL : RISE, fabs(own));
            level += own;
        }
        done = done && put_computed(build, row, CARRIER, (figure->high - figure->low) / 12);
    }
    /* LibreOffice counts the series of lying bars from the end where the legend leaves some out:
     * the unnamed ones are first, third and fifth, whichever way. */
    add_series(build, BASE, MQ_CHART_HIDDEN);
    add_series(build, RISE, MQ_CHART_RISE);
    add_series(build, TOTAL, MQ_CHART_TOTAL);
    add_series(build, FALL, MQ_CHART_FALL);
    add_series(build, CARRIER, MQ_CHART_CARRIER);
    return done;
}

bool mq_chart_data(const struct mq_figure *figure, bool chinese, struct mq_arena *arena,
                   struct mq_chart_data *data)
{
    *data = (struct mq_chart_data){0};
    struct builder build = {figure, chinese, arena, data};
    switch (figure->kind) {
    case MQ_FIGURE_RANKING:
        return ranking(&build);
    case MQ_FIGURE_WATERFALL:
        return waterfall(&build);
    case MQ_FIGURE_STRIP:
        return turned(&build);
    default:
        return as_given(&build);
    }
}
