/* Every allocation on the way to figures fails once: a status, no crash, no leak (the sanitizer
 * build looks for leaks). */
#include "failing.h"
#include "realistic.h"
#include "support.h"

static enum mq_status make(const struct realistic *set, const char *map, struct mq_error *error)
{
    struct mq_publication *publication = NULL;
    struct mq_publication_options options = {
        .wants = MQ_WANT_FIGURES, .map = map, .approval = "GS(2024)0650号"};
    enum mq_status status =
        mq_publication_new(&set->scores, &set->provenance, &options, &publication, error);
    if (status == MQ_OK)
        assert_true(publication->figures->count > 8);
    mq_publication_free(publication);
    return status;
}

static long sweep(const struct realistic *set, const char *map)
{
    long failed = 0;
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = make(set, map, &error);
        if (!allocation_failed()) {
            assert_int_equal(status, MQ_OK);
            return failed;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_contains(error.message, "out of memory");
        failed++;
    }
}

/* Cities 200100.. stand on tiles and on a map; one is withheld. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct realistic set;
    char folder[256], path[300];
    struct mq_error error = {0};
    static const struct mq_tile tile[] = {{"200100", "一", 0, 0},
                                          {"200200", "二", 0, 1},
                                          {"200300", "三", 1, 0},
                                          {"200400", "四", 1, 1}};
    static const char map[] =
        "{\"type\":\"FeatureCollection\",\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"adcode\":200100},\"geometry\":{\"type\":"
        "\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,2],[1,1]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"adcode\":200200},\"geometry\":{\"type\":"
        "\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,2],[1,1]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"adcode\":200300},\"geometry\":{\"type\":"
        "\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,2],[1,1]]]}}]}";
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/map.json", folder);
    assert_int_equal(mq_write_file(path, map, strlen(map), &error), MQ_OK);
    for (int english = 0; english < 2; english++) {
        realistic_new(&(struct realistic_options){.periods = 2,
                                                  .units = 3,
                                                  .industries = 2,
                                                  .english = english,
                                                  .min_enterprises = 3},
                      &set);
        set.frame.unit[realistic_unit(&set, 1, "city", "200300")].enterprises = 2;
        set.model.plan.tile = tile;
        set.model.plan.tiles = 4;
        assert_true(sweep(&set, path) > 40);
        realistic_clear(&set);
    }
    assert_int_equal(remove(path) + remove(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
