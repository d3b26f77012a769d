/* Maps: no unit and no region is ever missing from one. */

#include "figure_samples.h"
#include "geometry_files.h"
#include "png_image.h"
#include "publish/draw.h"

struct sample {
    struct mq_figures figures;
    struct mq_figure figure;
    struct mq_arena arena;
    struct mq_buffer json;
};

/* The tiles of a sample as a map of squares in `columns` columns. */
static void make_map(struct sample *sample, const char *id, size_t columns, bool country)
{
    *sample = (struct sample){0};
    figure_samples_new(false, &sample->figures);
    sample->figure = *figure_sample(&sample->figures, id);
    struct mq_figure *figure = &sample->figure;
    if (country)
        add_country(&sample->json, 0, true);
    for (size_t i = 0; i < figure->rows && !country; i++) {
        char properties[80];
        snprintf(properties, sizeof properties, "\"adcode\":%s", figure->row[i].code);
        add_square(&sample->json, properties, 120 + (double)(i % columns),
                   40 - (double)(i / columns), 1);
    }
    figure->kind = MQ_FIGURE_MAP;
    figure->stamp = "示意图，未经地图审核，不得公开出版";
}

static void read_map(struct sample *sample)
{
    struct mq_error error = {0};
    if (read_features(sample->json.data, &sample->arena, &sample->figure.geometry, &error) != MQ_OK)
        fail_msg("%s", error.message);
}

static void clear_map(struct sample *sample)
{
    mq_arena_clear(&sample->figures.arena);
    mq_arena_clear(&sample->arena);
    mq_buffer_clear(&sample->json);
}

static struct mq_inked draw_clean(const struct mq_figure *figure)
{
    struct mq_inked inked = {0};
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    double size[2];
    if (mq_draw_inked(figure, true, MQ_DRAW_PDF, &bytes, size, &inked, &error) != MQ_OK)
        fail_msg("%s", error.message);
    for (size_t a = 0; a < inked.count; a++) {
        const struct mq_box *box = &inked.box[a];
        if (box->left < 3 || box->top < 3 || box->right > size[0] - 3 || box->bottom > size[1] - 3)
            fail_msg("%s at the border", inked.text[a]);
        for (size_t b = 0; b < a; b++)
            if (mq_boxes_meet(box, &inked.box[b]))
                fail_msg("%s and %s", inked.text[a], inked.text[b]);
    }
    mq_buffer_clear(&bytes);
    return inked;
}

static bool is_inked(const struct mq_inked *inked, const char *text)
{
    for (size_t i = 0; i < inked->count; i++)
        if (strcmp(inked->text[i], text) == 0)
            return true;
    return false;
}

static void every_unit_has_its_name_and_number(void **state)
{
    (void)state;
    for (int country = 0; country < 2; country++) {
        struct sample sample;
        make_map(&sample, country ? "province_tiles" : "city_tiles", 4, country);
        read_map(&sample);
        struct mq_inked inked = draw_clean(&sample.figure);
        for (size_t i = 0; i < sample.figure.rows; i++) {
            char text[200];
            snprintf(text, sizeof text, "%s\n%s", sample.figure.row[i].name,
                     sample.figure.cell[i].text);
            if (!is_inked(&inked, text))
                fail_msg("no %s", text);
        }
        assert_true(is_inked(&inked, sample.figure.stamp));
        if (country) { /* Taiwan, Hong Kong and Macao are no units here, yet on the map */
            assert_true(is_inked(&inked, "P71"));
            assert_true(is_inked(&inked, "P81"));
            assert_true(is_inked(&inked, "P82"));
            assert_true(is_inked(&inked, "未列入统计"));
        }
        mq_inked_clear(&inked);
        clear_map(&sample);
    }
}

static void crowded_names_move_out_of_each_others_way(void **state)
{
    (void)state;
    struct sample sample;
    make_map(&sample, "city_tiles", 4, false);
    mq_buffer_clear(&sample.json); /* thirteen small ones in a corner of a large one */
    for (size_t i = 0; i < sample.figure.rows; i++) {
        char properties[80];
        snprintf(properties, sizeof properties, "\"adcode\":%s", sample.figure.row[i].code);
        if (i == 0)
            add_square(&sample.json, properties, 120, 40, 5);
        else
            add_square(&sample.json, properties, 125 + 0.1 * (double)(i % 4),
                       40 + 0.1 * (double)(i / 4), 0.1);
    }
    read_map(&sample);
    struct mq_inked inked = draw_clean(&sample.figure);
    assert_true(inked.count >= sample.figure.rows);
    mq_inked_clear(&inked);
    clear_map(&sample);
}

static void a_unit_without_region_is_an_error(void **state)
{
    (void)state;
    struct sample sample;
    make_map(&sample, "city_tiles", 4, false);
    mq_buffer_clear(&sample.json);
    add_square(&sample.json, "\"adcode\":210100", 120, 40, 1);
    read_map(&sample);
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    assert_int_equal(mq_draw_figure(&sample.figure, true, MQ_DRAW_SVG, &bytes, NULL, &error),
                     MQ_DATA);
    assert_contains(error.message, "大连市 (210200), 鞍山市 (210300)");
    assert_int_equal(bytes.length, 0);
    clear_map(&sample);
}

/* Two units with a number each, one with none, one region that is no unit, one hole: what colour
 * they have. */
static void regions_are_filled_by_what_they_are(void **state)
{
    (void)state;
    struct sample sample;
    make_map(&sample, "province_tiles", 4, false);
    struct mq_figure *figure = &sample.figure;
    mq_buffer_clear(&sample.json);
    const struct mq_figure_item row[] = {
        {"210000", "a", false}, {"220000", "b", false}, {"230000", "c", false}};
    const struct mq_sheet_cell cell[] = {{"70.00", 70}, {"100.00", 100}, {"*", NAN}};
    figure->row = row;
    figure->cell = cell;
    figure->rows = 3;
    for (int i = 0; i < 4; i++) {
        char properties[40];
        snprintf(properties, sizeof properties, "\"adcode\":%d0000", i < 3 ? 21 + i : 37);
        add_square(&sample.json, properties, 2 * i, 0, 2);
    }
    mq_buffer_text(&sample.json,
                   ",{\"properties\":{\"adcode\":150000},\"geometry\":{\"type\":\"Polygon\","
                   "\"coordinates\":[[[8,0],[10,0],[10,2],[8,2],[8,0]],[[8.2,0.2],[9.8,0.2],"
                   "[9.8,1.8],[8.2,1.8],[8.2,0.2]]]}}");
    read_map(&sample);
    struct mq_buffer png = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_draw_figure(figure, true, MQ_DRAW_PNG, &png, NULL, NULL), MQ_OK);
    cairo_surface_t *image = png_image(&png);
    const unsigned char *data = cairo_image_surface_get_data(image);
    size_t stride = (size_t)cairo_image_surface_get_stride(image);
    double left = 9 * 300 / 72.0, side = (453.5 - 18) * 300 / 72 / 5, top = 20 * 300 / 72.0;
    const struct mq_colour wanted[] = {mq_shade(0), mq_shade(1), mq_blank, mq_blank, mq_paper};
    for (int i = 0; i < 5; i++) { /* between the edge, the hatching and the name */
        size_t light = 0, matching = 0;
        size_t x = (size_t)(left + side * (i + 0.3));
        for (size_t y = (size_t)(top + side * 0.25); y < (size_t)(top + side * 0.35); y++) {
            const unsigned char *pixel = data + y * stride + 4 * x;
            matching += abs(pixel[2] - (int)lround(wanted[i].red * 255)) <= 1 &&
                        abs(pixel[0] - (int)lround(wanted[i].blue * 255)) <= 1;
            light++;
        }
        if (i == 2) /* hatched: some dots are lines */
            assert_true(matching > light / 2 && matching < light);
        else
            assert_int_equal(matching, light);
    }
    cairo_surface_destroy(image);
    mq_buffer_clear(&png);
    clear_map(&sample);
}

/* Parts of a region are not joined by a line: nothing is between two far islands. */
static void parts_stand_alone(void **state)
{
    (void)state;
    struct sample sample;
    make_map(&sample, "province_tiles", 4, false);
    mq_buffer_clear(&sample.json);
    mq_buffer_text(&sample.json,
                   "{\"properties\":{\"adcode\":110000},\"geometry\":{\"type\":\"MultiPolygon\","
                   "\"coordinates\":[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],[[[9,1],[10,1],[10,0],[9,0],"
                   "[9,1]]],[[[5,1.5]]]]}}");
    sample.figure.rows = 1;
    read_map(&sample);
    struct mq_buffer png = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_draw_figure(&sample.figure, true, MQ_DRAW_PNG, &png, NULL, NULL), MQ_OK);
    cairo_surface_t *image = png_image(&png);
    const unsigned char *data = cairo_image_surface_get_data(image);
    size_t stride = (size_t)cairo_image_surface_get_stride(image), ink[3] = {0};
    double left = 9 * 300 / 72.0, degree = (453.5 - 18) * 300 / 72 / 10;
    const double place[] = {2.7, 7.3, 5}; /* between the islands, and the one of one point */
    for (int i = 0; i < 3; i++)
        for (size_t y = 80; y < 80 + (size_t)(1.6 * degree); y++)
            for (size_t x = (size_t)(left + degree * place[i] - 3), end = x + 6; x < end; x++)
                ink[i] += data[y * stride + 4 * x] < 200;
    assert_int_equal(ink[0], 0);
    assert_int_equal(ink[1], 0);
    assert_true(ink[2] > 0);
    cairo_surface_destroy(image);
    mq_buffer_clear(&png);
    clear_map(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_has_its_name_and_number),
        cmocka_unit_test(crowded_names_move_out_of_each_others_way),
        cmocka_unit_test(a_unit_without_region_is_an_error),
        cmocka_unit_test(regions_are_filled_by_what_they_are),
        cmocka_unit_test(parts_stand_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
