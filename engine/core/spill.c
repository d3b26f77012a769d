/* Rows set aside on disk: a nameless file of one writer, mapped once it is complete. */
#include "core/core.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024 };

static enum mq_status io_error(const struct mq_spill *spill, struct mq_error *error)
{
    int reason = errno;
    return mq_fail(error, MQ_IO, spill->directory, 0, 0, "rows cannot be set aside here: %s%s",
                   strerror(reason),
                   reason == ENOSPC ? "; free some space or choose another directory for temporary "
                                      "files (TMPDIR)"
                                    : "");
}

/* Some file systems know no nameless files; there a name is made and dropped at once. */
static int open_nameless(const char *directory)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL))
        return fd;
    struct mq_buffer path = MQ_BUFFER_EMPTY;
    mq_buffer_format(&path, "%s/mqci-spill-XXXXXX", directory);
    if (path.failed) {
        errno = ENOMEM;
        return -1;
    }
    fd = mkostemp(path.data, O_CLOEXEC);
    if (fd >= 0)
        unlink(path.data);
    int reason = errno;
    mq_buffer_clear(&path);
    errno = reason;
    return fd;
}

enum mq_status mq_spill_open(struct mq_spill *spill, const char *directory, struct mq_error *error)
{
    *spill = (struct mq_spill){.fd = -1};
    size_t length = strlen(directory) + 1;
    char *buffer = malloc(BUFFER + length); /* the name of the directory sits behind the rows */
    if (!buffer)
        return mq_fail_memory(error);
    memcpy(buffer + BUFFER, directory, length);
    int fd = open_nameless(directory);
    if (fd < 0) {
        free(buffer);
        return mq_fail(error, errno == ENOSPC ? MQ_IO : MQ_CANNOT_WRITE, directory, 0, 0,
                       "no temporary file can be made here: %s", strerror(errno));
    }
    spill->fd = fd;
    spill->buffer = buffer;
    spill->directory = buffer + BUFFER;
    spill->capacity = BUFFER;
    return MQ_OK;
}

static enum mq_status flush(struct mq_spill *spill, struct mq_error *error)
{
    if (!mq_write_all(spill->fd, spill->buffer, spill->buffered))
        return io_error(spill, error);
    spill->written += spill->buffered;
    spill->buffered = 0;
    return MQ_OK;
}

enum mq_status mq_spill_add(struct mq_spill *spill, const void *bytes, size_t count,
                            struct mq_error *error)
{
    if (count > spill->capacity - spill->buffered)
        MQ_TRY(flush(spill, error));
    if (count > spill->capacity) {
        if (!mq_write_all(spill->fd, bytes, count))
            return io_error(spill, error);
        spill->written += count;
    } else if (count) {
        memcpy(spill->buffer + spill->buffered, bytes, count);
        spill->buffered += count;
    }
    return MQ_OK;
}

enum mq_status mq_spill_put(struct mq_spill *spill, uint64_t place, const void *bytes, size_t count,
                            struct mq_error *error)
{
    for (const char *at = bytes; count > 0;) {
        ssize_t wrote = pwrite(spill->fd, at, count, (off_t)place);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return io_error(spill, error);
        at += wrote;
        place += (uint64_t)wrote;
        count -= (size_t)wrote;
    }
    return MQ_OK;
}

enum mq_status mq_spill_map(struct mq_spill *spill, const void **bytes, size_t *count,
                            struct mq_error *error)
{
    MQ_TRY(flush(spill, error));
    if (spill->written > 0 && !spill->map) {
        void *map = mmap(NULL, (size_t)spill->written, PROT_READ, MAP_PRIVATE, spill->fd, 0);
        if (map == MAP_FAILED)
            return io_error(spill, error);
        spill->map = map;
    }
    *bytes = spill->map ? spill->map : spill->buffer;
    *count = (size_t)spill->written;
    return MQ_OK;
}

void mq_spill_close(struct mq_spill *spill)
{
    if (spill->map)
        munmap(spill->map, (size_t)spill->written);
    if (spill->buffer) { /* only then fd is ours: a zeroed struct says 0 */
        close(spill->fd);
        free(spill->buffer);
    }
    *spill = (struct mq_spill){.fd = -1};
}
