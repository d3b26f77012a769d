/* Regions from GeoJSON: codes in all their spellings, and what is refused. */
#include "geometry_files.h"
#include "publish/project.h"

static void codes_are_found_under_any_name(void **state)
{
    (void)state;
    static const char *const properties[] = {"\"adcode\":210100,\"name\":\"A\"",
                                             "\"code\":\"210200\",\"NAME\":\"B\"",
                                             "\"id\":210300",
                                             "\"gb\":\"156210400\"",
                                             "\"GB\":156210500",
                                             "\"区划代码\":\"210600000000\",\"名称\":\"F\"",
                                             "\"name\":\"nobody\",\"adcode\":\"12\"",
                                             "\"adcode\":null,\"code\":\"210800\""};
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    for (int i = 0; i < 8; i++)
        add_square(&json, properties[i], 120 + i, 40, 1);
    mq_buffer_text(&json,
                   ",{\"id\":\"210900\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
                   "\"coordinates\":[[[1,1],[2,1],[2,2],[1,1]]]}}");
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_geometry *geometry;
    struct mq_error error = {0};
    assert_int_equal(read_features(json.data, &arena, &geometry, &error), MQ_OK);
    assert_int_equal(geometry->regions, 9);
    static const char *const codes[] = {"210100", "210200", "210300", "210400", "210500",
                                        "210600", "",       "210800", "210900"};
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(geometry->region[i].code, codes[i]);
    assert_string_equal(geometry->region[0].name, "A");
    assert_string_equal(geometry->region[1].name, "B");
    assert_string_equal(geometry->region[2].name, "");
    assert_string_equal(geometry->region[5].name, "F");
    assert_false(geometry->country);
    assert_close(geometry->west, 1, 0);
    assert_close(geometry->north, 41, 0);
    assert_ptr_equal(mq_geometry_find(geometry, "2103"), &geometry->region[2]);
    assert_ptr_equal(mq_geometry_find(geometry, "210900"), &geometry->region[8]);
    assert_null(mq_geometry_find(geometry, "211000"));
    assert_null(mq_geometry_find(geometry, ""));
    assert_null(mq_geometry_find(geometry, "2"));
    assert_null(mq_geometry_find(geometry, "2101|13"));
    const struct mq_figure_item units[] = {
        {"210100", "甲", false}, {"211000", "乙", false}, {"13", "丙", false}};
    assert_int_equal(mq_geometry_match(geometry, units, 1, &error), MQ_OK);
    assert_int_equal(mq_geometry_match(geometry, units, 3, &error), MQ_DATA);
    assert_contains(error.message, "the geometry has no region with the code of 乙 (211000), 丙 "
                                   "(13): give one that has all units");
    mq_buffer_clear(&json);
    mq_arena_clear(&arena);
}

static void a_hole_is_no_part_of_a_region(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_geometry *geometry;
    assert_int_equal(
        read_features("{\"properties\":{\"adcode\":1},\"geometry\":{\"type\":\"MultiPolygon\","
                      "\"coordinates\":[[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[6,3],[6,6],[3,6],"
                      "[3,3]]],[[[20,0],[21,0],[21,1],[20,1],[20,0]]]]}}",
                      &arena, &geometry, NULL),
        MQ_OK);
    assert_int_equal(geometry->region[0].rings, 3);
    struct mq_projection projection;
    struct mq_box within = {0, 0, 210, 900}, used;
    mq_projection_fit(&projection, geometry, &within, &used);
    struct mq_outline outline;
    assert_true(mq_outline_make(&arena, &projection, &geometry->region[0], 0, &outline));
    double side = outline.point[1][0] - outline.point[0][0]; /* nine degrees */
    double x = outline.point[0][0], y = outline.point[0][1];
    assert_true(mq_outline_holds(&outline, x + side / 9, y - side / 9));
    assert_false(mq_outline_holds(&outline, x + side / 2, y - side / 2));
    assert_false(mq_outline_holds(&outline, x - 5, y));
    double middle[2];
    double clear = mq_outline_middle(&outline, middle);
    assert_true(clear > 0.12 * side);
    assert_true(mq_outline_holds(&outline, middle[0], middle[1]));
    mq_arena_clear(&arena);
}

static void a_country_is_whole_or_refused(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_geometry *geometry;
    struct mq_error error = {0};
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    add_country(&json, 0, true);
    assert_int_equal(read_features(json.data, &arena, &geometry, &error), MQ_OK);
    assert_true(geometry->country);
    assert_true(geometry->region[34].sea);
    assert_string_equal(geometry->region[34].code, "");
    mq_buffer_clear(&json);

    static const struct lacking {
        int without;
        bool sea;
        const char *message;
    } cases[] = {{71, true, "a map of China without 台湾 may not be shown: give a geometry with"},
                 {81, true, "without 香港 may"},
                 {54, false, "without 西藏、南海诸岛 may"},
                 {0, false, "without 南海诸岛 may not be shown"}};
    for (size_t i = 0; i < 4; i++) {
        add_country(&json, cases[i].without, cases[i].sea);
        assert_int_equal(read_features(json.data, &arena, &geometry, &error), MQ_DATA);
        assert_null(geometry);
        assert_contains(error.message, cases[i].message);
        mq_buffer_clear(&json);
    }
    /* Cities of all provinces are a map of the country too, and a name does for a code. */
    for (int i = 0; i < 34; i++) {
        char properties[80];
        snprintf(properties, sizeof properties, "\"adcode\":%d0100", all_provinces[i]);
        add_square(&json, all_provinces[i] == 71 ? "\"name\":\"台湾省\"" : properties, 80 + i, 30,
                   1);
    }
    add_square(&json, "\"name\":\"南海诸岛\"", 112, 10, 1);
    assert_int_equal(read_features(json.data, &arena, &geometry, &error), MQ_OK);
    assert_true(geometry->country);
    mq_buffer_clear(&json);
    /* Twenty provinces are a part of it. */
    for (int i = 0; i < 20; i++) {
        char properties[80];
        snprintf(properties, sizeof properties, "\"adcode\":%d0000", all_provinces[i]);
        add_square(&json, properties, 100 + i, 30, 1);
    }
    assert_int_equal(read_features(json.data, &arena, &geometry, &error), MQ_OK);
    assert_false(geometry->country);
    mq_buffer_clear(&json);
    mq_arena_clear(&arena);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    static const char point[] = "{\"properties\":{\"adcode\":210000},\"geometry\":{\"type\":";
    static const struct wrong {
        const char *geometry, *message;
    } cases[] = {
        {"\"Point\",\"coordinates\":[1,1]}}", "feature 1: its geometry is neither Polygon nor"},
        {"\"Polygon\",\"coordinates\":[]}}", "feature 1: it has no outline"},
        {"\"Polygon\",\"coordinates\":[[]]}}", "feature 1: an outline has no points"},
        {"\"Polygon\",\"coordinates\":[\"@@BDFG\"]}}", "the coordinates are compressed"},
        {"\"Polygon\",\"coordinates\":[[[1,1],[2,\"x\"],[2,2],[1,1]]]}}",
         "a point is not two numbers"},
        {"\"Polygon\",\"coordinates\":[[[4.1e7,4e6],[4.2e7,4e6],[4.2e7,5e6],[4.1e7,4e6]]]}}",
         "coordinates are not degrees of longitude and latitude; convert"},
    };
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_geometry *geometry;
    struct mq_error error = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        snprintf(text, sizeof text, "%s%s", point, cases[i].geometry);
        assert_int_equal(read_features(text, &arena, &geometry, &error), MQ_DATA);
        assert_contains(error.message, cases[i].message);
        assert_contains(error.file, "regions.json");
    }
    assert_int_equal(read_features("{\"geometry\":null}", &arena, &geometry, &error), MQ_DATA);
    assert_contains(error.message, "neither Polygon nor MultiPolygon");
    assert_int_equal(read_features("", &arena, &geometry, &error), MQ_DATA);
    assert_contains(error.message, "not a GeoJSON FeatureCollection");
    assert_int_equal(read_features("{\n\n oops", &arena, &geometry, &error), MQ_DATA);
    assert_contains(error.message, "not JSON: ");
    assert_int_equal(error.line, 3);
    assert_int_equal(mq_geometry_read("/nowhere/map.json", &arena, &geometry, &error), MQ_NO_INPUT);
    mq_arena_clear(&arena);
}

/* Of the sphere: equal areas everywhere, and true lengths along both standard parallels. */
static void conic_projection_keeps_areas(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_geometry *geometry;
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    static const double corner[][2] = {{75, 20}, {105, 25}, {130, 47}, {90, 53}, {104, 35}};
    for (int i = 0; i < 5; i++)
        add_square(&json, "\"adcode\":1", corner[i][0], corner[i][1], 0.02);
    assert_int_equal(read_features(json.data, &arena, &geometry, NULL), MQ_OK);
    struct mq_projection projection;
    struct mq_box within = {10, 20, 4010, 90000}, used;
    mq_projection_fit(&projection, geometry, &within, &used);
    assert_true(projection.conic);
    assert_close(used.left, 10, 1e-9);
    assert_close(used.right, 4010, 1e-9);
    for (int i = 0; i < 5; i++) {
        struct mq_outline outline;
        assert_true(mq_outline_make(&arena, &projection, &geometry->region[i], 0, &outline));
        double degree = M_PI / 180;
        double wanted =
            0.02 * degree * (sin((corner[i][1] + 0.02) * degree) - sin(corner[i][1] * degree));
        assert_close(outline.area / (projection.scale * projection.scale) / wanted, 1, 1e-6);
        if (i == 1 || i == 2) { /* its lower edge lies on a standard parallel */
            double length = hypot(outline.point[1][0] - outline.point[0][0],
                                  outline.point[1][1] - outline.point[0][1]);
            assert_close(length / projection.scale / (0.02 * degree * cos(corner[i][1] * degree)),
                         1, 1e-6);
        }
    }
    mq_buffer_clear(&json);
    mq_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_found_under_any_name),
        cmocka_unit_test(a_hole_is_no_part_of_a_region),
        cmocka_unit_test(a_country_is_whole_or_refused),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(conic_projection_keeps_areas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
