/* Records about rows: set aside by each worker as it meets them, put in the order of the files at
 * the end. */
#include "validate/checker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- setting aside ---- */

enum mq_status mq_records_open(struct mq_judge *judge, enum mq_record_kind kind,
                               const char *directory, struct mq_error *error)
{
    judge->records[kind].open = true;
    return mq_spill_open(&judge->records[kind].spill, directory, error);
}

void mq_records_clear(struct mq_records *records)
{
    mq_spill_close(&records->spill);
    free(records->run);
}

void mq_record_field(struct mq_judge *judge, const char *separator)
{
    struct mq_buffer *text = &judge->text, *field = &judge->field;
    mq_buffer_csv(text, field->length ? field->data : "", field->length);
    mq_buffer_text(text, separator);
    text->failed = text->failed || field->failed;
    field->length = 0;
}

enum mq_status mq_record_open(struct mq_checker *checker, const struct mq_batch *batch, size_t row,
                              uint64_t line, struct mq_error *error)
{
    struct mq_judge *judge = checker->judge + batch->worker;
    struct mq_buffer *text = &judge->text, *field = &judge->field;
    const char *file = mq_reader_file(checker->reader, batch->file)->name;
    text->length = field->length = 0;
    mq_buffer_csv(text, file, strlen(file));
    mq_buffer_format(text, ",%llu,", (unsigned long long)line);
    mq_buffer_add(field, "", 0);
    if (checker->model->key >= 0) {
        struct mq_text key = {"", 0};
        MQ_TRY(mq_row_cell(checker, batch, row, checker->model->key, &key, error));
        mq_buffer_add(field, key.s, key.n);
    }
    mq_record_field(judge, ",");
    return MQ_OK;
}

/* The run that records of this batch belong to. */
static struct mq_record_run *run_of(struct mq_records *records, const struct mq_batch *batch,
                                    bool late)
{
    struct mq_record_run *last = records->runs ? records->run + records->runs - 1 : NULL;
    if (last && last->file == batch->file && last->block == batch->block && last->late == late)
        return last;
    void *grown =
        mq_make_room(records->run, &records->capacity, records->runs, sizeof *records->run);
    if (!grown)
        return NULL;
    records->run = grown;
    last = records->run + records->runs++;
    *last = (struct mq_record_run){.file = batch->file,
                                   .block = batch->block,
                                   .worker = (uint32_t)batch->worker,
                                   .late = late,
                                   .offset = records->length};
    return last;
}

enum mq_status mq_records_add(struct mq_judge *judge, enum mq_record_kind kind,
                              const struct mq_batch *batch, size_t row, struct mq_error *error)
{
    return mq_records_put(judge, kind, 0, batch, row, error);
}

enum mq_status mq_records_put(struct mq_judge *judge, enum mq_record_kind kind, uint32_t check,
                              const struct mq_batch *batch, size_t row, struct mq_error *error)
{
    struct mq_records *records = &judge->records[kind];
    const struct mq_buffer *text = &judge->text;
    struct mq_record_run *run = text->failed ? NULL : run_of(records, batch, batch->at != NULL);
    if (!run)
        return mq_fail_memory(error);
    struct mq_record_frame frame = {mq_batch_location(batch, row).row, (uint32_t)text->length,
                                    check};
    MQ_TRY(mq_spill_add(&records->spill, &frame, sizeof frame, error));
    MQ_TRY(mq_spill_add(&records->spill, text->data, text->length, error));
    run->length += sizeof frame + text->length;
    records->length += sizeof frame + text->length;
    return MQ_OK;
}

/* ---- writing ---- */

enum { SINK_BYTES = 1 << 16 };

/* A file that is written a piece at a time and appears whole or not at all. */
struct sink {
    const char *path;
    int fd;
    struct mq_buffer partial; /* name while it is written, empty for devices and pipes */
    char *data;               /* [SINK_BYTES] */
    size_t used;
    uint64_t *left; /* [checks] records of each that may still be put; NULL: any number */
};

static enum mq_status write_error(const struct sink *sink, const char *what, int reason,
                                  struct mq_error *error)
{
    return mq_fail(error, reason == ENOSPC || reason == EIO ? MQ_IO : MQ_CANNOT_WRITE, sink->path,
                   0, 0, "%s: %s", what, strerror(reason));
}

static enum mq_status sink_open(struct sink *sink, const char *path, struct mq_error *error)
{
    *sink = (struct sink){.path = path, .fd = -1};
    sink->data = malloc(SINK_BYTES);
    if (!sink->data)
        return mq_fail_memory(error);
    struct stat found;
    if (stat(path, &found) != 0 || S_ISREG(found.st_mode))
        mq_buffer_format(&sink->partial, "%s.partial", path);
    if (sink->partial.failed)
        return mq_fail_memory(error);
    const char *target = sink->partial.length ? sink->partial.data : path;
    sink->fd = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return sink->fd >= 0 ? MQ_OK : write_error(sink, "cannot be written", errno, error);
}

static enum mq_status sink_flush(struct sink *sink, struct mq_error *error)
{
    if (!mq_write_all(sink->fd, sink->data, sink->used))
        return mq_fail(error, MQ_IO, sink->path, 0, 0, "writing failed: %s", strerror(errno));
    sink->used = 0;
    return MQ_OK;
}

static enum mq_status sink_put(struct sink *sink, const void *bytes, size_t count,
                               struct mq_error *error)
{
    const char *at = bytes;
    while (count > 0) {
        if (sink->used == SINK_BYTES)
            MQ_TRY(sink_flush(sink, error));
        size_t part = SINK_BYTES - sink->used < count ? SINK_BYTES - sink->used : count;
        memcpy(sink->data + sink->used, at, part);
        sink->used += part;
        at += part;
        count -= part;
    }
    return MQ_OK;
}

/* Ends well only if `status` says that all was put. */
static enum mq_status sink_close(struct sink *sink, enum mq_status status, struct mq_error *error)
{
    bool opened = sink->fd >= 0, named = sink->partial.length > 0;
    if (status == MQ_OK)
        status = sink_flush(sink, error);
    if (status == MQ_OK && named && fsync(sink->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        status = mq_fail(error, MQ_IO, sink->path, 0, 0, "writing failed: %s", strerror(errno));
    if (opened && close(sink->fd) != 0 && status == MQ_OK)
        status = mq_fail(error, MQ_IO, sink->path, 0, 0, "writing failed: %s", strerror(errno));
    if (status == MQ_OK && named && rename(sink->partial.data, sink->path) != 0)
        status = write_error(sink, "cannot be written", errno, error);
    if (status != MQ_OK && opened && named)
        unlink(sink->partial.data);
    mq_buffer_clear(&sink->partial);
    free(sink->data);
    free(sink->left);
    return status;
}

/* ---- in the order of the files ---- */

static int compare_runs(const void *left, const void *right)
{
    const struct mq_record_run *a = left, *b = right;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return (int)a->late - (int)b->late;
}

/* What is left of a run while it is written. */
struct cursor {
    const char *at, *end;
};

static struct mq_record_frame frame_at(const char *at)
{
    struct mq_record_frame frame; /* not aligned: texts of any length lie between */
    memcpy(&frame, at, sizeof frame);
    return frame;
}

/* Writes a block's early and late records by row. */
static enum mq_status put_block(struct sink *sink, struct cursor early, struct cursor late,
                                struct mq_error *error)
{
    while (early.at < early.end || late.at < late.end) {
        struct cursor *next = early.at == early.end ? &late : &early;
        if (next == &early && late.at < late.end && frame_at(late.at).row < frame_at(early.at).row)
            next = &late;
        struct mq_record_frame frame = frame_at(next->at);
        if (!sink->left || sink->left[frame.check]) {
            MQ_TRY(sink_put(sink, next->at + sizeof frame, frame.bytes, error));
            if (sink->left)
                sink->left[frame.check]--;
        }
        next->at += sizeof frame + frame.bytes;
    }
    return MQ_OK;
}

static enum mq_status put_runs(struct sink *sink, const struct mq_record_run *run, size_t runs,
                               const void *const *bytes, struct mq_error *error)
{
    for (size_t r = 0; r < runs; r++) {
        const char *from = (const char *)bytes[run[r].worker] + run[r].offset;
        struct cursor early = {from, from + run[r].length}, late = {early.end, early.end};
        if (r + 1 < runs && run[r + 1].file == run[r].file && run[r + 1].block == run[r].block) {
            r++;
            from = (const char *)bytes[run[r].worker] + run[r].offset;
            late = (struct cursor){from, from + run[r].length};
        }
        MQ_TRY(put_block(sink, early, late, error));
    }
    return MQ_OK;
}

/* Lists the runs of all workers in `run` and maps their spills. */
static enum mq_status list_runs(struct mq_checker *checker, enum mq_record_kind kind,
                                struct mq_record_run *run, const void **bytes,
                                struct mq_error *error)
{
    for (size_t w = 0; w < checker->workers; w++) {
        struct mq_records *records = &checker->judge[w].records[kind];
        size_t count;
        MQ_TRY(mq_spill_map(&records->spill, bytes + w, &count, error));
        for (size_t r = 0; r < records->runs; r++)
            *run++ = records->run[r];
    }
    return MQ_OK;
}

static enum mq_status put_all(struct mq_checker *checker, enum mq_record_kind kind,
                              struct sink *sink, struct mq_error *error)
{
    size_t runs = 0;
    for (size_t w = 0; w < checker->workers; w++)
        runs += checker->judge[w].records[kind].runs;
    struct mq_record_run *run = calloc(runs + 1, sizeof *run);
    const void **bytes = calloc(checker->workers + 1, sizeof *bytes);
    enum mq_status status = MQ_INTERNAL;
    if (run && bytes)
        status = list_runs(checker, kind, run, bytes, error);
    else
        mq_fail_memory(error);
    if (status == MQ_OK) {
        qsort(run, runs, sizeof *run, compare_runs);
        status = put_runs(sink, run, runs, bytes, error);
    }
    free(run);
    free((void *)bytes);
    return status;
}

/* Warnings are bounded by check. */
static enum mq_status sink_bound(struct sink *sink, const struct mq_checker *checker,
                                 enum mq_record_kind kind, struct mq_error *error)
{
    if (kind != MQ_RECORDS_WARNINGS)
        return MQ_OK;
    sink->left = calloc(checker->checks + 1, sizeof *sink->left);
    if (!sink->left)
        return mq_fail_memory(error);
    for (size_t c = 0; c < checker->checks; c++)
        sink->left[c] = checker->list;
    return MQ_OK;
}

enum mq_status mq_records_write(struct mq_checker *checker, enum mq_record_kind kind,
                                const char *header, const char *path, struct mq_error *error)
{
    struct sink sink;
    enum mq_status status = sink_open(&sink, path, error);
    if (status == MQ_OK)
        status = sink_bound(&sink, checker, kind, error);
    if (status == MQ_OK)
        status = sink_put(&sink, header, strlen(header), error);
    if (status == MQ_OK && checker->workers && checker->judge[0].records[kind].open)
        status = put_all(checker, kind, &sink, error);
    return sink_close(&sink, status, error);
}
