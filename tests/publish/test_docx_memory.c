/* Every allocation of ours fails once while documents are written and filled: a status, no crash,
 * no leak, no file (the sanitizer build looks for leaks). */
#include "docx_fixture.h"
#include "failing.h"

#include "publish/draft.h"

#include <unistd.h>

#include "support.h"

static const struct mq_publication *of;
static char folder[256], from[512], to[512];

static enum mq_status write_it(struct mq_error *error)
{
    return mq_write_docx(of, folder, error);
}

static enum mq_status fill_it(struct mq_error *error)
{
    struct mq_fill_report report = {0};
    enum mq_status status = mq_fill_docx(&of, 1, from, to, &report, error);
    mq_buffer_clear(&report.lines);
    return status;
}

static void every_allocation_may_fail(enum mq_status (*work)(struct mq_error *), const char *file)
{
    long failed = 0;
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        unlink(file);
        fail_allocation(n);
        enum mq_status status = work(&error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            break;
        }
        if (status != MQ_INTERNAL)
            fail_msg("allocation %ld: status %d, %s", n, status, error.message);
        assert_contains(error.message, "out of memory");
        failed++;
    }
    assert_true(failed > 100);
    assert_int_equal(access(file, F_OK), 0);
}

static void writing(void **state)
{
    char file[512];
    (void)state;
    snprintf(file, sizeof file, "%s/feedback.docx", folder);
    every_allocation_may_fail(write_it, file);
}

static void filling(void **state)
{
    (void)state;
    every_allocation_may_fail(fill_it, to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing),
        cmocka_unit_test(filling),
    };
    struct docx_fixture fixture;
    docx_fixture_new(
        &(struct realistic_options){
            .periods = 2, .units = 3, .industries = 2, .min_enterprises = 3},
        &fixture);
    fixture.section[1].figures = 1; /* one of them native */
    fixture.profiles.count = 1;
    of = &fixture.publication;
    realistic_folder(folder);
    snprintf(from, sizeof from, "%s/paper.docx", folder);
    snprintf(to, sizeof to, "%s/filled.docx", folder);
    docx_template(from, docx_places);
    int result = cmocka_run_group_tests(tests, NULL, NULL);
    docx_fixture_clear(&fixture);
    return result;
}
