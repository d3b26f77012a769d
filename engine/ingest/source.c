/* source: a path becomes bytes that stay at one address until the reader is closed. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/reader.h"

enum { SPOOL_BYTES = 1 << 16 };

static enum mq_status spool(int fd, const char *path, const struct mq_reader_options *options,
                            struct mq_source *source, struct mq_error *error)
{
    const char *directory = options->spool_directory ? options->spool_directory : "/tmp";
    char chunk[SPOOL_BYTES];
    const void *bytes;
    enum mq_status status = mq_spill_open(&source->spill, directory, error);
    while (status == MQ_OK) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (options->stop && *options->stop)
            return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
        if (got == 0)
            break;
        if (got > 0)
            status = mq_spill_add(&source->spill, chunk, (size_t)got, error);
        else if (errno == EISDIR)
            status = mq_fail(error, MQ_DATA, path, 0, 0, "is a folder; name the data files in it");
        else if (errno != EINTR)
            status = mq_fail(error, MQ_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    }
    if (status == MQ_OK && source->spill.written == 0 && source->spill.buffered == 0)
        return mq_fail(error, MQ_DATA, path, 0, 0, "is empty");
    if (status == MQ_OK)
        status = mq_spill_map(&source->spill, &bytes, &source->count, error);
    if (status == MQ_OK)
        source->bytes = bytes;
    return status;
}

static enum mq_status map(int fd, const char *path, off_t size, struct mq_source *source,
                          struct mq_error *error)
{
    if (size == 0)
        return mq_fail(error, MQ_DATA, path, 0, 0, "is empty");
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return mq_fail(error, MQ_IO, path, 0, 0, "cannot be mapped: %s", strerror(errno));
    madvise(bytes, (size_t)size, MADV_SEQUENTIAL);
    source->bytes = bytes;
    source->count = (size_t)size;
    source->mapped = true;
    return MQ_OK;
}

/* Files that people hand over by mistake. */
static enum mq_status refuse_other_kinds(const char *path, const struct mq_source *source,
                                         struct mq_error *error)
{
    static const struct {
        const char *magic;
        size_t length;
        const char *message;
    } kinds[] = {
        {"PK\x03\x04", 4, "is an Excel workbook or a zip archive; save the sheet as CSV (UTF-8)"},
        {"\xD0\xCF\x11\xE0", 4, "is an old Excel workbook; save the sheet as CSV (UTF-8)"},
        {"\x1F\x8B", 2, "is compressed (gzip); unpack it first"},
        {"\xFF\xFE", 2, "is UTF-16; save the file as UTF-8 or GB18030"},
        {"\xFE\xFF", 2, "is UTF-16; save the file as UTF-8 or GB18030"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (source->count >= kinds[i].length &&
            memcmp(source->bytes, kinds[i].magic, kinds[i].length) == 0)
            return mq_fail(error, MQ_DATA, path, 0, 0, "%s", kinds[i].message);
    return MQ_OK;
}

static enum mq_status take(int fd, const char *path, const struct mq_reader_options *options,
                           struct mq_source *source, struct mq_error *error)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return mq_fail(error, MQ_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return mq_fail(error, MQ_DATA, path, 0, 0, "is a folder; name the data files in it");
    /* A redirected standard input may have been read already up to some place: only a path is
     * mapped. */
    if (S_ISREG(about.st_mode) && strcmp(path, "-") != 0)
        return map(fd, path, about.st_size, source, error);
    return spool(fd, path, options, source, error);
}

enum mq_status mq_source_open(const char *path, const struct mq_reader_options *options,
                              struct mq_source *source, struct mq_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    *source = (struct mq_source){.spill = {.fd = -1}};
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mq_fail(error, MQ_NO_INPUT, path, 0, 0, "%s",
                       errno == ENOENT ? "no such file" : strerror(errno));
    enum mq_status status = take(fd, path, options, source, error);
    if (!standard)
        close(fd);
    if (status == MQ_OK)
        status = refuse_other_kinds(path, source, error);
    if (status != MQ_OK)
        mq_source_close(source);
    return status;
}

void mq_source_close(struct mq_source *source)
{
    if (source->mapped) {
        union {
            const char *bytes;
            void *address;
        } own = {source->bytes}; /* munmap takes no const */
        munmap(own.address, source->count);
    }
    mq_spill_close(&source->spill);
    *source = (struct mq_source){.spill = {.fd = -1}};
}
