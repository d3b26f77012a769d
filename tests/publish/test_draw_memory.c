/* Every allocation of ours fails once while drawing: a status, no crash, no leak (the sanitizer
 * build looks for leaks). */
#include "failing.h"
#include "figure_samples.h"
#include "geometry_files.h"
#include "publish/draw.h"

/* How many allocations there are; each of them failed. */
static long fail_each(const struct mq_figure *figure, enum mq_drawing drawing)
{
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        struct mq_buffer bytes = MQ_BUFFER_EMPTY;
        fail_allocation(n);
        enum mq_status status = mq_draw_figure(figure, true, drawing, &bytes, NULL, &error);
        bool reached = allocation_failed();
        mq_buffer_clear(&bytes);
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            return n;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_contains(error.message, "out of memory");
    }
}

static void drawing_may_run_out_of_memory(void **state)
{
    (void)state;
    static const char *const ids[] = {"trend_short",   "city_ranking", "industry_strip",
                                      "city_industry", "waterfall",    "city_tiles",
                                      "profile"};
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_true(fail_each(figure_sample(&figures, ids[i]), MQ_DRAW_SVG) > 3);
    assert_true(fail_each(figure_sample(&figures, "waterfall"), MQ_DRAW_PDF) > 3);
    assert_true(fail_each(figure_sample(&figures, "waterfall"), MQ_DRAW_PNG) > 3);
    mq_arena_clear(&figures.arena);
}

static void maps_may_run_out_of_memory(void **state)
{
    (void)state;
    struct mq_figures figures;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    const struct mq_geometry *geometry = NULL;
    figure_samples_new(false, &figures);
    struct mq_figure figure = *figure_sample(&figures, "province_tiles");
    add_country(&json, 0, true);
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = read_features(json.data, &arena, &geometry, &error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            break;
        }
        assert_int_equal(status, MQ_INTERNAL);
        mq_arena_clear(&arena);
    }
    figure.kind = MQ_FIGURE_MAP;
    figure.geometry = geometry;
    assert_true(fail_each(&figure, MQ_DRAW_SVG) > 3);
    mq_buffer_clear(&json);
    mq_arena_clear(&arena);
    mq_arena_clear(&figures.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawing_may_run_out_of_memory),
        cmocka_unit_test(maps_may_run_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
