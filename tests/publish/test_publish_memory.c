/* Every allocation of ours fails once: a status, no crash, no leak (the sanitizer build looks for
 * leaks). */
#include "failing.h"
#include "realistic.h"
#include "support.h"

static enum mq_status publish(const struct realistic *set, const char *folder,
                              struct mq_error *error)
{
    struct mq_sheets *sheets = NULL;
    enum mq_status status = mq_sheets_new(&set->scores, &set->provenance, &sheets, error);
    for (size_t i = 0; status == MQ_OK && i < mq_writers_count; i++)
        status = mq_writers[i]->write(sheets, folder, error);
    mq_sheets_free(sheets);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){
            .periods = 2, .units = 3, .industries = 2, .min_enterprises = 3},
        &set);
    char folder[256];
    realistic_folder(folder);
    long failed = 0;
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = publish(&set, folder, &error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            break;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_contains(error.message, "out of memory");
        failed++;
    }
    assert_true(failed > 40);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
