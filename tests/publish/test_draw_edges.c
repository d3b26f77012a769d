/* Figures at their limits: nothing but missing numbers, one unit, hundreds of units, long names. */
#include "figure_samples.h"
#include "publish/draw.h"
#include "support.h"

/* Draws, and makes sure that no text meets another or the border. Returns the texts. */
static struct mq_inked draw_clean(const struct mq_figure *figure, bool english)
{
    struct mq_inked inked = {0};
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    double size[2];
    if (mq_draw_inked(figure, !english, MQ_DRAW_SVG, &bytes, size, &inked, &error) != MQ_OK)
        fail_msg("%s: %s", figure->id, error.message);
    assert_contains(bytes.data, "</svg>");
    assert_true(bytes.length > 500 && isfinite(size[1]) && size[1] > 10);
    assert_null(strstr(bytes.data, "nan"));
    for (size_t a = 0; a < inked.count; a++) {
        const struct mq_box *box = &inked.box[a];
        if (box->left < 2 || box->top < 2 || box->right > size[0] - 2 || box->bottom > size[1] - 2)
            fail_msg("%s: %s at the border", figure->id, inked.text[a]);
        for (size_t b = 0; b < a; b++)
            if (mq_boxes_meet(box, &inked.box[b]))
                fail_msg("%s: %s and %s", figure->id, inked.text[a], inked.text[b]);
    }
    mq_buffer_clear(&bytes);
    return inked;
}

static size_t times_inked(const struct mq_inked *inked, const char *text)
{
    size_t times = 0;
    for (size_t i = 0; i < inked->count; i++)
        times += strcmp(inked->text[i], text) == 0;
    return times;
}

static struct mq_sheet_cell *own_cells(struct mq_figures *figures, struct mq_figure *figure)
{
    size_t cells = figure->rows * figure->columns;
    struct mq_sheet_cell *cell = mq_arena_array(&figures->arena, cells + 1, sizeof *cell);
    memcpy(cell, figure->cell, cells * sizeof *cell);
    figure->cell = cell;
    return cell;
}

static void nothing_but_missing_numbers(void **state)
{
    (void)state;
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    for (size_t i = 0; i < figures.count; i++) {
        struct mq_figure figure = figures.figure[i];
        struct mq_sheet_cell *cell = own_cells(&figures, &figure);
        for (size_t j = 0; j < figure.rows * figure.columns; j++)
            cell[j] = (struct mq_sheet_cell){"×", NAN};
        figure.reference = (struct mq_sheet_cell){"×", NAN};
        struct mq_inked inked = draw_clean(&figure, false);
        size_t signs = times_inked(&inked, "×");
        if (figure.kind == MQ_FIGURE_STRIP) /* named, or counted */
            assert_int_equal(signs, 0);
        else if (figure.kind == MQ_FIGURE_RANKING && figure.columns == 3)
            assert_int_equal(signs, 2 * figure.rows);
        else if (figure.kind ==
                 MQ_FIGURE_TREND) /* as many as there is room for, one over the other */
            assert_true(signs >= figure.rows);
        else
            assert_int_equal(signs, figure.rows * figure.columns);
        mq_inked_clear(&inked);
    }
    mq_arena_clear(&figures.arena);
}

static void one_of_everything(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct mq_figures figures;
        figure_samples_new(english, &figures);
        for (size_t i = 0; i < figures.count; i++) {
            struct mq_figure figure = figures.figure[i];
            figure.rows = 1;
            if (figure.kind != MQ_FIGURE_RANKING)
                figure.columns = 1;
            figure.high = figure.low = figure.cell[0].value; /* no range at all */
            figure.unit = "";
            struct mq_inked inked = draw_clean(&figure, english);
            assert_true(inked.count > 0);
            mq_inked_clear(&inked);
        }
        mq_arena_clear(&figures.arena);
    }
}

static void hundreds_of_units_stand_in_columns(void **state)
{
    (void)state;
    const size_t counts[] = {48, 49, 120, 300};
    for (size_t i = 0; i < 4; i++) {
        struct mq_figures figures;
        figure_samples_new(false, &figures);
        struct mq_figure figure = *figure_sample(&figures, "industry_ranking");
        struct mq_figure_item *row = mq_arena_array(&figures.arena, counts[i], sizeof *row);
        struct mq_sheet_cell *cell = mq_arena_array(&figures.arena, 3 * counts[i], sizeof *cell);
        for (size_t j = 0; j < counts[i]; j++) {
            row[j] = (struct mq_figure_item){"x", mq_arena_format(&figures.arena, "第%zu区县", j),
                                             false};
            double value = 95 - 20 * (double)j / (double)counts[i];
            cell[3 * j] =
                (struct mq_sheet_cell){mq_arena_format(&figures.arena, "%.2f", value), value};
            cell[3 * j + 1] = (struct mq_sheet_cell){"80.00", 80};
            cell[3 * j + 2] = (struct mq_sheet_cell){"+9.99", 9.99};
        }
        figure.row = row;
        figure.cell = cell;
        figure.rows = counts[i];
        struct mq_inked inked = draw_clean(&figure, false);
        size_t heads = times_inked(&inked, figure.column[2].name);
        assert_int_equal(heads, counts[i] > 96 ? 3 : counts[i] > 48 ? 2 : 1);
        assert_int_equal(times_inked(&inked, "+9.99"), counts[i]);
        for (size_t j = 0; j < counts[i]; j++)
            assert_int_equal(times_inked(&inked, row[j].name), 1);
        mq_inked_clear(&inked);
        mq_arena_clear(&figures.arena);
    }
}

static void a_sum_on_the_way_may_leave_the_axis(void **state)
{
    (void)state;
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    struct mq_figure figure = *figure_sample(&figures, "waterfall");
    struct mq_sheet_cell *cell = own_cells(&figures, &figure);
    cell[1] = (struct mq_sheet_cell){"−9.00", -9};
    cell[2] = (struct mq_sheet_cell){"+30.00", 30};
    struct mq_inked inked = draw_clean(&figure, false);
    assert_int_equal(times_inked(&inked, "−9.00"), 1);
    assert_int_equal(times_inked(&inked, "+30.00"), 1);
    mq_inked_clear(&inked);
    mq_arena_clear(&figures.arena);
}

static void negative_numbers_have_a_minus_on_the_axis(void **state)
{
    (void)state;
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    struct mq_figure figure = *figure_sample(&figures, "city_ranking");
    struct mq_sheet_cell *cell = own_cells(&figures, &figure);
    for (size_t i = 0; i < figure.rows; i++) {
        cell[3 * i] = (struct mq_sheet_cell){"−3.21", -3.21};
        cell[3 * i + 1] = (struct mq_sheet_cell){"2.00", 2};
    }
    figure.reference = (struct mq_sheet_cell){"", NAN};
    figure.low = -5;
    figure.high = 5;
    struct mq_inked inked = draw_clean(&figure, false);
    assert_int_equal(times_inked(&inked, "−3.21"), figure.rows);
    assert_int_equal(times_inked(&inked, "−4"), 1);
    assert_int_equal(times_inked(&inked, "0"), 1);
    assert_int_equal(times_inked(&inked, "4"), 1);
    mq_inked_clear(&inked);
    mq_arena_clear(&figures.arena);
}

static void marks_are_round_numbers(void **state)
{
    (void)state;
    char text[64];
    assert_close(mq_scale_step(70, 100, 6), 5, 0);
    assert_close(mq_scale_step(70, 100, 5), 10, 0);
    assert_close(mq_scale_step(0, 0.3, 4), 0.1, 1e-12);
    assert_close(mq_scale_step(5, 5, 4), 1, 0);
    assert_string_equal(mq_scale_text(-0.1, 0.1, text), "−0.1");
    assert_string_equal(mq_scale_text(-1e-18, 0.1, text), "0.0");
    assert_string_equal(mq_scale_text(85, 5, text), "85");
    assert_string_equal(mq_scale_text(0.25, 0.05, text), "0.25");
}

static void labels_spread_in_order_and_within(void **state)
{
    (void)state;
    double place[] = {10, 10, 10, 50, 99}, gap[] = {8, 8, 8, 8, 8};
    mq_spread(place, gap, 5, 0, 100);
    assert_true(place[0] >= 4 && place[4] <= 96);
    for (int i = 1; i < 5; i++)
        assert_true(place[i] - place[i - 1] >= 8 - 1e-9);
    assert_close(place[3], 50, 1e-9); /* those with room stay */
    double tight[] = {90, 91, 92}, wide[] = {40, 40, 40};
    mq_spread(tight, wide, 3, 0, 100); /* more than there is room for: evenly, all within */
    assert_close(tight[0], 20, 1e-9);
    assert_close(tight[1], 50, 1e-9);
    assert_close(tight[2], 80, 1e-9);
    mq_spread(NULL, NULL, 0, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_missing_numbers),
        cmocka_unit_test(one_of_everything),
        cmocka_unit_test(hundreds_of_units_stand_in_columns),
        cmocka_unit_test(a_sum_on_the_way_may_leave_the_axis),
        cmocka_unit_test(negative_numbers_have_a_minus_on_the_axis),
        cmocka_unit_test(marks_are_round_numbers),
        cmocka_unit_test(labels_spread_in_order_and_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
