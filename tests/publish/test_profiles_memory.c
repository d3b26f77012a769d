/* Every allocation of the feedback sheets fails once: a status, no crash, no leak. */
#include "failing.h"
#include "publish/draft.h"
#include "realistic.h"
#include "support.h"

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const struct mq_target_line line[] = {{"目标", "≥98%", "97.5%", "落后", true}};
    static const struct mq_publication_options options = {.target = line, .targets = 1};
    for (int matrix = 0; matrix < 2; matrix++) {
        struct realistic set;
        struct mq_release release;
        struct mq_error error = {0};
        struct mq_figures figures = {0};
        realistic_new(&(struct realistic_options){.periods = 2,
                                                  .units = 3,
                                                  .industries = 2,
                                                  .no_matrix = matrix == 0,
                                                  .min_enterprises = 3},
                      &set);
        assert_int_equal(mq_release_new(&set.scores, NULL, &release, &error), MQ_OK);
        long failed = 0;
        for (long n = 0;; n++) {
            struct mq_profiles *profiles = NULL;
            error = (struct mq_error){0};
            fail_allocation(n);
            enum mq_status status =
                mq_profiles_new(&release, &options, &figures, &profiles, &error);
            if (!allocation_failed()) {
                assert_int_equal(status, MQ_OK);
                assert_int_equal(profiles->count, 3);
                mq_profiles_free(profiles);
                break;
            }
            assert_int_equal(status, MQ_INTERNAL);
            assert_null(profiles);
            assert_contains(error.message, "out of memory");
            failed++;
        }
        assert_true(failed > 40);
        mq_release_clear(&release);
        realistic_clear(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
