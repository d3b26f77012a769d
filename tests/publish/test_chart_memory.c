/* Every allocation of ours fails once while charts are made: a status, no crash, no leak (the
 * sanitizer build looks for leaks), and no file stays. */
#include <unistd.h>

#include "failing.h"
#include "figure_samples.h"
#include "publish/draft.h"
#include "publish/native_chart.h"
#include "realistic.h"
#include "support.h"

static struct mq_figures figures_of(bool english)
{
    struct mq_figures figures = {0};
    figure_samples_new(english, &figures);
    return figures;
}

static void every_allocation_of_a_document_chart_may_fail(void **state)
{
    (void)state;
    struct mq_figures figures = figures_of(false);
    static const char *const ids[] = {"trend", "city_ranking", "waterfall", "industry_strip"};
    char folder[256];
    realistic_folder(folder);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct mq_figure *figure = figure_sample(&figures, ids[i]);
        long failed = 0;
        for (long n = 0;; n++) {
            struct mq_buffer chart = MQ_BUFFER_EMPTY, book = MQ_BUFFER_EMPTY;
            struct mq_error error = {0};
            fail_allocation(n);
            enum mq_status status = mq_native_chart(figure, true, folder, &chart, &book, &error);
            bool reached = allocation_failed();
            assert_int_equal(status, reached ? MQ_INTERNAL : MQ_OK);
            if (reached) {
                assert_contains(error.message, "out of memory");
                assert_int_equal(chart.length + book.length, 0);
            } else {
                assert_true(chart.length > 1000 && book.length > 1000);
            }
            mq_buffer_clear(&chart);
            mq_buffer_clear(&book);
            failed += reached;
            if (!reached)
                break;
        }
        assert_true(failed > 5);
    }
    assert_int_equal(rmdir(folder), 0);
    mq_arena_clear(&figures.arena);
}

static void every_allocation_of_the_workbook_may_fail(void **state)
{
    (void)state;
    struct mq_figures figures = figures_of(true);
    struct realistic set;
    struct mq_sheets *sheets = NULL;
    const char *line[] = {"The index rose."};
    const struct mq_figure *figure[] = {&figures.figure[0]};
    struct mq_story_section section = {.id = "a",
                                       .title = "Overall",
                                       .paragraph = line,
                                       .paragraphs = 1,
                                       .figure = figure,
                                       .figures = 1};
    struct mq_story story = {.count = 1, .section = &section};
    char folder[256], path[300];
    realistic_new(
        &(struct realistic_options){.periods = 2, .units = 3, .industries = 2, .english = true},
        &set);
    assert_int_equal(mq_sheets_new(&set.scores, &set.provenance, &sheets, NULL), MQ_OK);
    struct mq_publication publication = {.sheets = sheets, .figures = &figures, .story = &story};
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/tables.xlsx", folder);
    long failed = 0;
    for (long n = 0;; n++, failed++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = mq_write_xlsx(&publication, folder, &error);
        bool reached = allocation_failed();
        assert_int_equal(status, reached ? MQ_INTERNAL : MQ_OK);
        assert_int_equal(access(path, F_OK), reached ? -1 : 0);
        if (!reached)
            break;
        assert_contains(error.message, "out of memory");
    }
    assert_true(failed > 30);
    mq_sheets_free(sheets);
    realistic_clear(&set);
    mq_arena_clear(&figures.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_document_chart_may_fail),
        cmocka_unit_test(every_allocation_of_the_workbook_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
