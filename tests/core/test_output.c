/* Files that appear whole or not at all. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/core.h"
#include "scratch.h"
#include "support.h"

static void writes_and_reads_back(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    char path[512];
    snprintf(path, sizeof path, "%s/指数.csv", scratch.directory);
    enum { COUNT = 300001 };
    char *bytes = malloc(COUNT);
    assert_non_null(bytes);
    for (int i = 0; i < COUNT; i++)
        bytes[i] = (char)(i * 31 + i / 251);
    struct mq_error error = {0};
    for (int round = 0; round < 2; round++) {
        assert_int_equal(mq_write_file(path, bytes, (size_t)(COUNT - round), &error), MQ_OK);
        struct mq_buffer content = MQ_BUFFER_EMPTY;
        assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
        assert_int_equal(content.length, COUNT - round);
        assert_memory_equal(content.data, bytes, content.length);
        mq_buffer_clear(&content);
    }
    free(bytes);
    assert_int_equal(scratch_count(&scratch), 1);
    assert_int_equal(mq_write_file(path, NULL, 0, &error), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
    assert_string_equal(content.data, "");
    mq_buffer_clear(&content);
    scratch_close(&scratch);
}

static void what_cannot_be_created_is_named(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct mq_error error = {0};
    assert_int_equal(mq_write_file("/no/such/place/x.csv", "x", 1, &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.file, "/no/such/place/x.csv");
    assert_string_equal(error.message, "cannot be written: No such file or directory");
    assert_int_equal(mq_write_file(scratch.directory, "x", 1, &error), MQ_CANNOT_WRITE);
    assert_string_equal(error.message, "cannot be written: Is a directory");
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_read_file(scratch.directory, &content, &error), MQ_NO_INPUT);
    assert_string_equal(error.message, "cannot be read: Is a directory");
    mq_buffer_clear(&content);
    assert_int_equal(mq_read_file("/no/such/x", &content, &error), MQ_NO_INPUT);
    assert_string_equal(error.message, "cannot be opened: No such file or directory");
    scratch_close(&scratch);
}

static void a_full_device_is_an_error(void **state)
{
    (void)state;
    struct stat before, after;
    if (stat("/dev/full", &before) != 0 || !S_ISCHR(before.st_mode))
        skip();
    struct mq_error error = {0};
    assert_int_equal(mq_write_file("/dev/full", "x", 1, &error), MQ_IO);
    assert_string_equal(error.file, "/dev/full");
    assert_string_equal(error.message, "writing failed: No space left on device");
    assert_int_equal(stat("/dev/full", &after), 0); /* and it is not removed */
    assert_int_equal(mq_write_file("/dev/null", "x", 1, &error), MQ_OK);
}

/* A limit on file sizes stands in for a full disk: short write, then failure. */
static void a_failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    char path[512];
    snprintf(path, sizeof path, "%s/scores.csv", scratch.directory);
    assert_int_equal(mq_write_file(path, "old", 3, NULL), MQ_OK);
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 5000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    static char bytes[20000];
    struct mq_error error = {0};
    enum mq_status status = mq_write_file(path, bytes, sizeof bytes, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MQ_IO);
    assert_string_equal(error.message, "writing failed: File too large");
    assert_string_equal(error.file, path);
    assert_int_equal(scratch_count(&scratch), 1);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    assert_int_equal(mq_read_file(path, &content, NULL), MQ_OK);
    assert_string_equal(content.data, "old");
    mq_buffer_clear(&content);
    scratch_close(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_back),
        cmocka_unit_test(what_cannot_be_created_is_named),
        cmocka_unit_test(a_full_device_is_an_error),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
