/* Large arrays in nameless mapped files, so that memory does not grow with the rows; and work
 * shared out over threads. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "validate/late.h"

enum { LARGE = 4 << 20 };

static enum mq_status map_array(struct mq_array *array, const char *directory,
                                struct mq_error *error)
{
    struct mq_spill file;
    MQ_TRY(mq_spill_open(&file, directory, error));
    /* Room is made now: writing to a mapped file later has no way of saying that the disk is full.
     */
    int reason;
    do
        reason = posix_fallocate(file.fd, 0, (off_t)array->bytes);
    while (reason == EINTR);
    void *map = MAP_FAILED;
    if (reason == 0) {
        map = mmap(NULL, array->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.fd, 0);
        reason = errno;
    }
    mq_spill_close(&file); /* what is mapped stays */
    if (map == MAP_FAILED)
        return mq_fail(error, MQ_IO, directory, 0, 0, "rows cannot be set aside here: %s%s",
                       strerror(reason),
                       reason == ENOSPC ? "; free some space or choose another directory for "
                                          "temporary files (TMPDIR)"
                                        : "");
    array->data = map;
    array->mapped = true;
    return MQ_OK;
}

enum mq_status mq_array_new(struct mq_array *array, size_t count, size_t size,
                            const char *directory, struct mq_error *error)
{
    *array = (struct mq_array){0};
    if (count > (SIZE_MAX - 1) / size)
        return mq_fail_memory(error);
    array->bytes = count * size;
    if (array->bytes >= LARGE)
        return map_array(array, directory, error);
    array->data = calloc(1, array->bytes + 1);
    return array->data ? MQ_OK : mq_fail_memory(error);
}

void mq_array_clear(struct mq_array *array)
{
    if (array->mapped)
        munmap(array->data, array->bytes);
    else
        free(array->data);
    *array = (struct mq_array){0};
}

struct each {
    size_t count;
    mq_each_fn body;
    void *context;
    atomic_size_t next;
    atomic_bool failed;
    atomic_flag told; /* the worker that sets it owns `status` and `error` */
    enum mq_status status;
    struct mq_error error;
};

static void run_worker(int worker, void *context)
{
    struct each *each = context;
    struct mq_error error = {0};
    while (!atomic_load(&each->failed)) {
        size_t index = atomic_fetch_add(&each->next, 1);
        if (index >= each->count)
            return;
        enum mq_status status = each->body(each->context, index, (size_t)worker, &error);
        if (status == MQ_OK)
            continue;
        atomic_store(&each->failed, true);
        if (!atomic_flag_test_and_set(&each->told)) {
            each->status = status;
            each->error = error;
        }
    }
}

enum mq_status mq_each(size_t workers, size_t count, mq_each_fn body, void *context,
                       struct mq_error *error)
{
    struct each each = {.count = count, .body = body, .context = context, .told = ATOMIC_FLAG_INIT};
    mq_parallel((int)(workers < count ? workers : count ? count : 1), run_worker, &each);
    if (each.status != MQ_OK && error)
        *error = each.error;
    return each.status;
}
