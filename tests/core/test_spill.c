/* Spills: what goes in comes out, no name on disk, a full disk is an error. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "core/core.h"
#include "scratch.h"
#include "support.h"

static void rows_come_back(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct mq_spill spill;
    struct mq_error error = {0};
    assert_int_equal(mq_spill_open(&spill, scratch.directory, &error), MQ_OK);
    assert_int_equal(scratch_count(&scratch), 0); /* nameless */
    char *large = malloc(700000);
    assert_non_null(large);
    memset(large, 'L', 700000);
    size_t total = 0;
    for (int i = 0; i < 1000; i++) {
        char row[1000];
        memset(row, 'a' + i % 26, sizeof row);
        size_t n = (size_t)(i * 37 % 1000);
        assert_int_equal(mq_spill_add(&spill, row, n, &error), MQ_OK);
        total += n;
        if (i == 500) {
            assert_int_equal(mq_spill_add(&spill, large, 700000, &error), MQ_OK);
            total += 700000;
        }
    }
    const void *bytes = NULL;
    size_t count = 0;
    assert_int_equal(mq_spill_map(&spill, &bytes, &count, &error), MQ_OK);
    assert_int_equal(count, total);
    const char *at = bytes;
    for (int i = 0; i < 1000; i++) {
        size_t n = (size_t)(i * 37 % 1000);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(*at++, 'a' + i % 26);
        if (i == 500) {
            assert_memory_equal(at, large, 700000);
            at += 700000;
        }
    }
    free(large);
    mq_spill_close(&spill);
    mq_spill_close(&spill);
    scratch_close(&scratch);
}

static void put_some(int worker, void *context)
{
    struct mq_spill *spill = context;
    for (uint64_t block = (uint64_t)worker; block < 97; block += 3) {
        char bytes[5000];
        memset(bytes, 'a' + (int)(block % 26), sizeof bytes);
        if (mq_spill_put(spill, block * sizeof bytes, bytes, sizeof bytes, NULL) != MQ_OK)
            return; /* then the bytes are missing */
    }
}

static void threads_write_at_places_of_their_own(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct mq_spill spill;
    struct mq_error error = {0};
    assert_int_equal(mq_spill_open(&spill, scratch.directory, &error), MQ_OK);
    mq_parallel(3, put_some, &spill);
    spill.written = 97 * 5000;
    const void *bytes = NULL;
    size_t count = 0;
    assert_int_equal(mq_spill_map(&spill, &bytes, &count, &error), MQ_OK);
    assert_int_equal(count, 97 * 5000);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(((const char *)bytes)[i], 'a' + (int)(i / 5000 % 26));
    mq_spill_close(&spill);
    scratch_close(&scratch);
}

static void nothing_is_fine_too(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct mq_spill spill;
    assert_int_equal(mq_spill_open(&spill, scratch.directory, NULL), MQ_OK);
    const void *bytes = NULL;
    size_t count = 9;
    assert_int_equal(mq_spill_map(&spill, &bytes, &count, NULL), MQ_OK);
    assert_int_equal(count, 0);
    assert_non_null(bytes);
    mq_spill_close(&spill);
    int input = fcntl(0, F_GETFD);
    struct mq_spill zeroed = {0};
    mq_spill_close(&zeroed); /* must not close descriptor 0 */
    assert_int_equal(fcntl(0, F_GETFD), input);
    scratch_close(&scratch);
}

static void a_missing_directory_is_named(void **state)
{
    (void)state;
    struct mq_spill spill;
    struct mq_error error = {0};
    assert_int_equal(mq_spill_open(&spill, "/no/such/directory", &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, "/no/such/directory");
    assert_contains(error.message, "No such file or directory");
    mq_spill_close(&spill);
}

/* A limit on file sizes stands in for a full disk. */
static void a_failing_write_names_the_directory(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 300000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct mq_spill spill;
    struct mq_error error = {0};
    assert_int_equal(mq_spill_open(&spill, scratch.directory, &error), MQ_OK);
    char row[100000] = {0};
    enum mq_status status = MQ_OK;
    for (int i = 0; i < 10 && status == MQ_OK; i++)
        status = mq_spill_add(&spill, row, sizeof row, &error);
    enum mq_status placed = mq_spill_put(&spill, 10000000, row, sizeof row, &error);
    mq_spill_close(&spill);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MQ_IO);
    assert_int_equal(placed, MQ_IO);
    assert_string_equal(error.file, scratch.directory);
    assert_contains(error.message, "rows cannot be set aside here: File too large");
    scratch_close(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back),
        cmocka_unit_test(threads_write_at_places_of_their_own),
        cmocka_unit_test(nothing_is_fine_too),
        cmocka_unit_test(a_missing_directory_is_named),
        cmocka_unit_test(a_failing_write_names_the_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
