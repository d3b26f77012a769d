/* Threads: every worker runs once, together with the others. */
#include <stdatomic.h>

#include "core/core.h"
#include "support.h"

struct meeting {
    atomic_int present;
    atomic_int runs[300];
    int expected;
};

static void note_run(int worker, void *context)
{
    struct meeting *meeting = context;
    atomic_fetch_add(&meeting->runs[worker], 1);
}

static void every_worker_once(void **state)
{
    (void)state;
    const int threads[] = {1, 2, 3, 7, 32};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        struct meeting meeting = {0};
        mq_parallel(threads[i], note_run, &meeting);
        for (int worker = 0; worker < 300; worker++)
            assert_int_equal(meeting.runs[worker], worker < threads[i]);
    }
}

static void meet(int worker, void *context)
{
    (void)worker;
    struct meeting *meeting = context;
    atomic_fetch_add(&meeting->present, 1);
    for (long spins = 0; atomic_load(&meeting->present) < meeting->expected; spins++) {
        if (spins > 10000000)
            return; /* the others never came */
        mq_pause();
    }
    atomic_fetch_add(&meeting->runs[0], 1);
}

static void workers_run_at_the_same_time(void **state)
{
    (void)state;
    struct meeting meeting = {.expected = 5};
    mq_parallel(5, meet, &meeting);
    assert_int_equal(meeting.runs[0], 5);
}

static void nest(int worker, void *context)
{
    (void)worker;
    mq_parallel(3, note_run, context);
}

static void nested_work_is_done_all_the_same(void **state)
{
    (void)state;
    struct meeting meeting = {0};
    mq_parallel(2, nest, &meeting);
    for (int worker = 0; worker < 3; worker++)
        assert_int_equal(meeting.runs[worker], 2);
}

static void resolves(void **state)
{
    (void)state;
    assert_int_equal(mq_threads_resolve(7), 7);
    assert_int_equal(mq_threads_resolve(1000), 256);
    assert_in_range(mq_threads_resolve(0), 1, 256);
    assert_int_equal(mq_threads_resolve(-3), mq_threads_resolve(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_worker_once),
        cmocka_unit_test(workers_run_at_the_same_time),
        cmocka_unit_test(nested_work_is_done_all_the_same),
        cmocka_unit_test(resolves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
