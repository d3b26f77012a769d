/* Every allocation of ours fails once: a status, no crash, no leak (the sanitizer build looks for
 * leaks). */
#include "failing.h"
#include "realistic.h"
#include "support.h"

static struct mq_publication *publication_of(const struct realistic *set, struct mq_error *error)
{
    struct mq_publication *publication = NULL;
    struct mq_publication_options options = {0};
    for (size_t i = 0; i < mq_writers_count; i++)
        options.wants |= mq_writers[i]->wants;
    enum mq_status status =
        mq_publication_new(&set->scores, &set->provenance, &options, &publication, error);
    assert_int_equal(status, publication ? MQ_OK : MQ_INTERNAL);
    return publication;
}

/* Each writer for itself: what others have written need not be written again every time. */
static long fail_writer(const struct mq_writer *writer, const struct mq_publication *publication)
{
    char folder[256];
    realistic_folder(folder);
    for (long n = 0;; n += 1 + n / 40) { /* each of the first, then fewer: the same lines again */
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = writer->write(publication, folder, &error);
        if (!allocation_failed()) {
            assert_int_equal(status, MQ_OK);
            return n;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_contains(error.message, "out of memory");
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){
            .periods = 2, .units = 3, .industries = 2, .min_enterprises = 3},
        &set);
    struct mq_publication *publication = NULL;
    long failed = 0;
    for (;; failed += 1 + failed / 200) {
        struct mq_error error = {0};
        fail_allocation(failed);
        publication = publication_of(&set, &error);
        if (!allocation_failed())
            break;
        assert_null(publication);
        assert_contains(error.message, "out of memory");
    }
    assert_true(failed > 10);
    for (size_t i = 0; i < mq_writers_count; i++)
        assert_true(fail_writer(mq_writers[i], publication) > 3);
    mq_publication_free(publication);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
