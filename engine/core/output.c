/* Files that appear whole or not at all. */
#include "core/core.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool mq_write_all(int fd, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0) {
        ssize_t wrote = write(fd, at, count);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        at += wrote;
        count -= (size_t)wrote;
    }
    return true;
}

/* Pipes and devices cannot be synced and need not be. */
static bool sync_file(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

static enum mq_status write_failed(const char *path, int reason, struct mq_error *error)
{
    return mq_fail(error, MQ_IO, path, 0, 0, "writing failed: %s", strerror(reason));
}

/* Writes, syncs and closes `target`; messages name `path`. */
static enum mq_status write_to(const char *target, const char *path, const char *bytes,
                               size_t count, struct mq_error *error)
{
    int fd = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return mq_fail(error, errno == ENOSPC ? MQ_IO : MQ_CANNOT_WRITE, path, 0, 0,
                       "cannot be written: %s", strerror(errno));
    bool written = mq_write_all(fd, bytes, count) && sync_file(fd);
    int reason = errno;
    if (close(fd) != 0 && written) {
        written = false;
        reason = errno;
    }
    return written ? MQ_OK : write_failed(path, reason, error);
}

enum mq_status mq_write_file(const char *path, const char *bytes, size_t count,
                             struct mq_error *error)
{
    /* A device or pipe is written straight; a file is built beside and renamed when whole. */
    struct stat status_of;
    if (stat(path, &status_of) == 0 && !S_ISREG(status_of.st_mode))
        return write_to(path, path, bytes, count, error);
    struct mq_buffer partial = MQ_BUFFER_EMPTY;
    mq_buffer_format(&partial, "%s.partial", path);
    if (partial.failed) {
        mq_buffer_clear(&partial);
        return mq_fail_memory(error);
    }
    enum mq_status status = write_to(partial.data, path, bytes, count, error);
    if (status == MQ_OK && rename(partial.data, path) != 0)
        status =
            mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "cannot be written: %s", strerror(errno));
    if (status != MQ_OK)
        unlink(partial.data);
    mq_buffer_clear(&partial);
    return status;
}

static enum mq_status read_fd(int fd, const char *path, struct mq_buffer *content,
                              struct mq_error *error)
{
    enum { BLOCK = 1 << 16 };
    char *block = malloc(BLOCK);
    if (!block)
        return mq_fail_memory(error);
    enum mq_status status = MQ_OK;
    mq_buffer_add(content, "", 0); /* so that an empty file is "" and not NULL */
    for (;;) {
        ssize_t got = read(fd, block, BLOCK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            status = mq_fail(error, errno == EISDIR ? MQ_NO_INPUT : MQ_IO, path, 0, 0,
                             "cannot be read: %s", strerror(errno));
        if (got <= 0)
            break;
        mq_buffer_add(content, block, (size_t)got);
        if (content->failed)
            break;
    }
    free(block);
    return status == MQ_OK && content->failed ? mq_fail_memory(error) : status;
}

enum mq_status mq_read_file(const char *path, struct mq_buffer *content, struct mq_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mq_fail(error, MQ_NO_INPUT, path, 0, 0, "cannot be opened: %s", strerror(errno));
    enum mq_status status = read_fd(fd, path, content, error);
    close(fd);
    return status;
}
