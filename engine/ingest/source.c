/* source: a path becomes bytes that stay at one address until the reader is closed. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/reader.h"

enum { SPOOL_BYTES = 1 << 16 };

static const char *spool_directory(const struct mq_reader_options *options)
{
    return options->spool_directory ? options->spool_directory : "/tmp";
}

static enum mq_status spool(int fd, const char *path, const struct mq_reader_options *options,
                            struct mq_source *source, struct mq_error *error)
{
    char chunk[SPOOL_BYTES];
    const void *bytes;
    enum mq_status status = mq_spill_open(&source->spill, spool_directory(options), error);
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
        {"\xD0\xCF\x11\xE0", 4,
         "is an old Excel workbook (.xls) or one with a password; save it as .xlsx without one"},
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

/* Opens the file, or what stands before the last "#" of its name; *part: what stands after it. */
static int open_place(const char *path, struct mq_arena *arena, const char **place,
                      const char **part)
{
    const char *mark = strrchr(path, '#');
    *place = path;
    *part = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC), reason = errno;
    if (fd >= 0 || reason != ENOENT || !mark || mark == path)
        return fd;
    *place = mq_arena_string(arena, path, (size_t)(mark - path));
    *part = mark + 1;
    fd = *place ? open(*place, O_RDONLY | O_CLOEXEC) : -1;
    errno = reason;
    return fd;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t n = strlen(end);
    return length >= n && strncasecmp(text + length - n, end, n) == 0;
}

/* By the name, without what tells the compression. */
static char separator_of(const char *place)
{
    size_t length = strlen(place);
    if (ends_with(place, length, ".gz"))
        length -= 3;
    else if (ends_with(place, length, ".zst"))
        length -= 4;
    return ends_with(place, length, ".tsv") || ends_with(place, length, ".tab") ? '\t' : ',';
}

/* Pages of a mapping that are whole within these bytes go back to their file. */
static void leave(const char *bytes, size_t count)
{
    const uintptr_t page = 4096;
    uintptr_t from = ((uintptr_t)bytes + page - 1) & ~(page - 1);
    uintptr_t to = ((uintptr_t)bytes + count) & ~(page - 1);
    if (bytes && from < to)
        madvise((void *)from, to - from, MADV_DONTNEED); // NOLINT: an address, rounded
}

/* The origin becomes text. */
static enum mq_status pour(const struct mq_form *form, const struct mq_origin *origin,
                           const struct mq_reader_options *options, struct mq_source *source,
                           struct mq_error *error)
{
    const void *bytes;
    MQ_TRY(mq_pour_open(&source->pour, origin->path, options, error));
    MQ_TRY(form->pour(origin, &source->pour, error));
    MQ_TRY(mq_spill_map(&source->pour.spill, &bytes, &source->text_count, error));
    if (source->text_count == 0)
        return mq_fail(error, MQ_DATA, origin->path, 0, 0, "is empty");
    source->text = bytes;
    source->utf8 = !form->text;
    leave(source->mapped ? source->bytes : NULL, source->count); /* but for its digest */
    if (!source->bytes) { /* no file of its own: what was read stands for it */
        source->bytes = source->text;
        source->count = source->text_count;
    }
    return MQ_OK;
}

static enum mq_status open_address(const struct mq_form *form, struct mq_origin *origin,
                                   const struct mq_reader_options *options,
                                   struct mq_source *source, struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    enum mq_status status =
        mq_address_split(origin->path, form->scheme, &arena, &origin->place, &origin->part, error);
    if (status == MQ_OK)
        status = pour(form, origin, options, source, error);
    mq_arena_clear(&arena);
    return status;
}

/* The bytes are there: as text, or in a form that is poured. */
static enum mq_status open_bytes(struct mq_origin *origin, void **held,
                                 const struct mq_reader_options *options, struct mq_source *source,
                                 struct mq_error *error)
{
    const struct mq_form *form = mq_form_of_bytes(source->bytes, source->count);
    source->text = source->bytes;
    source->text_count = source->count;
    if (!form || form->text)
        source->separator = separator_of(origin->place);
    if (origin->part && !(form && form->parts))
        return mq_fail(error, MQ_DATA, origin->place, 0, 0,
                       "has no sheet \"%s\": it is not a workbook; leave out what follows \"#\"",
                       origin->part);
    if (!form)
        return refuse_other_kinds(origin->path, source, error);
    origin->bytes = source->bytes;
    origin->count = source->count;
    origin->held = &held[mq_form_index(form)];
    return pour(form, origin, options, source, error);
}

static enum mq_status open_file(struct mq_origin *origin, void **held,
                                const struct mq_reader_options *options, struct mq_source *source,
                                struct mq_error *error)
{
    bool standard = strcmp(origin->path, "-") == 0;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    int fd = STDIN_FILENO;
    origin->place = origin->path;
    if (!standard)
        fd = open_place(origin->path, &arena, &origin->place, &origin->part);
    enum mq_status status = fd < 0 ? mq_fail(error, MQ_NO_INPUT, origin->path, 0, 0, "%s",
                                             errno == ENOENT ? "no such file" : strerror(errno))
                                   : take(fd, origin->path, options, source, error);
    if (!standard && fd >= 0)
        close(fd);
    if (status == MQ_OK)
        status = open_bytes(origin, held, options, source, error);
    mq_arena_clear(&arena);
    return status;
}

enum mq_status mq_source_open(const char *path, const struct mq_model *model, void **held,
                              const struct mq_reader_options *options, struct mq_source *source,
                              struct mq_error *error)
{
    const struct mq_form *form = mq_form_of_scheme(path);
    struct mq_origin origin = {.path = path, .model = model};
    *source = (struct mq_source){.separator = ',', .spill = {.fd = -1}, .pour.spill = {.fd = -1}};
    if (form)
        origin.held = &held[mq_form_index(form)];
    enum mq_status status = form ? open_address(form, &origin, options, source, error)
                                 : open_file(&origin, held, options, source, error);
    if (status != MQ_OK)
        mq_source_close(source);
    return status;
}

uint64_t mq_source_row(const struct mq_source *source, uint64_t line)
{
    size_t low = 0, high = source->pour.folds;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (source->pour.fold[middle] <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return line - low;
}

void mq_source_leave(const struct mq_source *source, size_t start, size_t end)
{
    leave(source->pour.spill.map ? source->text + start : NULL, end - start);
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
    mq_pour_close(&source->pour);
    mq_spill_close(&source->spill);
    *source = (struct mq_source){.spill = {.fd = -1}, .pour.spill = {.fd = -1}};
}
