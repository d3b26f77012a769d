/* reader: opens the files, hands their chunks out to the workers, and sees to it that the first
 * error in file order is the one reported. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ingest/reader.h"

#define IDLE UINT64_MAX
#define NONE UINT64_MAX

/* ---- the first error ---- */

static void note_error(struct mq_reader *reader, uint64_t chunk, const struct mq_error *error)
{
    while (atomic_flag_test_and_set_explicit(&reader->error_lock, memory_order_acquire))
        mq_pause();
    if (chunk < atomic_load(&reader->broken)) {
        reader->error = *error;
        atomic_store(&reader->broken, chunk);
    }
    atomic_flag_clear_explicit(&reader->error_lock, memory_order_release);
}

/*
 * Reports the first error. Chunks are claimed in order, so all before the broken one are claimed;
 * those still being worked on may yet turn out to be broken too. A worker waits for smaller chunks
 * only: there is no circle.
 */
static enum mq_status report(struct mq_reader *reader, struct mq_error *error)
{
    for (int i = 0; i < reader->options.workers; i++)
        while (atomic_load(&reader->worker[i].busy) < atomic_load(&reader->broken))
            mq_pause();
    while (atomic_flag_test_and_set_explicit(&reader->error_lock, memory_order_acquire))
        mq_pause();
    struct mq_error first = reader->error;
    atomic_flag_clear_explicit(&reader->error_lock, memory_order_release);
    if (error)
        *error = first;
    return first.status;
}

/* ---- one block ---- */

static struct mq_file *file_of(struct mq_reader *reader, uint64_t chunk)
{
    size_t low = 0, high = reader->files;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (reader->file[middle].first_chunk <= chunk)
            low = middle;
        else
            high = middle;
    }
    return &reader->file[low];
}

static void show(struct mq_worker *worker)
{
    mq_columns_show(&worker->columns);
    worker->batch.file = worker->block.file_index;
    worker->batch.block = worker->block.index;
    worker->batch.rows = worker->columns.row;
    worker->batch.at = worker->wanted;
    worker->batch.column = worker->columns.view;
    worker->batch.fields = worker->columns.fields;
    worker->batch.wanted_fields = worker->block.file->fields;
}

/* ---- handing out ---- */

static uint64_t place_of(const struct mq_location *location)
{
    return (uint64_t)location->file << 32 | location->block;
}

/* Notes which rows of a block the worker is to read; false: none. */
static bool choose_rows(const struct mq_reader *reader, struct mq_worker *worker, uint32_t file,
                        uint32_t block)
{
    size_t low = 0, high = reader->wanted_count;
    uint64_t sought = (uint64_t)file << 32 | block;
    worker->wanted = NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (place_of(&reader->wanted[middle]) < sought)
            low = middle + 1;
        else
            high = middle;
    }
    for (; high < reader->wanted_count && place_of(&reader->wanted[high]) == sought; high++)
        worker->wanted = &reader->wanted[low];
    worker->wanted_rows = high - low;
    return reader->wanted_count == 0 || worker->wanted;
}

/* The chunk of a step. */
static uint64_t chunk_of(const struct mq_reader *reader, uint64_t step)
{
    if (!reader->direct)
        return step;
    const struct mq_location *location = &reader->wanted[step];
    return reader->file[location->file].first_chunk + location->block;
}

/* The first step of the next chunk. */
static uint64_t step_after(const struct mq_reader *reader, uint64_t step)
{
    uint64_t next = step + 1;
    while (reader->direct && next < reader->steps &&
           place_of(&reader->wanted[next]) == place_of(&reader->wanted[step]))
        next++;
    return next;
}

/* Claims the next chunk; false: there is none. `busy` must never be above the chunk that is about
 * to be claimed: see report(). */
static bool claim(struct mq_reader *reader, struct mq_worker *worker, uint64_t *chunk)
{
    uint64_t step = atomic_load(&reader->next);
    do {
        if (step >= reader->steps)
            return false;
        *chunk = chunk_of(reader, step);
        atomic_store(&worker->busy, *chunk);
    } while (!atomic_compare_exchange_weak(&reader->next, &step, step_after(reader, step)));
    return true;
}

/* Works on one chunk; *rows tells whether there is a batch to show. */
static enum mq_status work(struct mq_reader *reader, struct mq_worker *worker, uint64_t chunk,
                           bool *rows, struct mq_error *error)
{
    struct mq_file *file = file_of(reader, chunk);
    size_t within = (size_t)(chunk - file->first_chunk);
    uint32_t index = (uint32_t)(file - reader->file);
    *rows = false;
    if (worker->block.file)
        mq_source_leave(&worker->block.file->source, worker->block.start, worker->block.end);
    mq_block_count(file, within, reader->chunk_bytes);
    if (!choose_rows(reader, worker, index, (uint32_t)within) ||
        chunk > atomic_load(&reader->broken))
        return MQ_OK;
    mq_block_extent(file, within, reader->chunk_bytes, &worker->block);
    worker->block.file_index = index;
    if (worker->block.start < worker->block.end)
        MQ_TRY(mq_parse(reader, worker, error));
    else
        worker->columns.row = 0;
    atomic_fetch_add_explicit(&reader->done, worker->block.end - worker->block.start,
                              memory_order_relaxed);
    *rows = worker->columns.row > 0;
    return MQ_OK;
}

static void tell(struct mq_reader *reader, bool end)
{
    enum { EVERY_MS = 100 };
    const struct mq_talk *talk = reader->options.talk;
    struct timespec now;
    if (!talk || !talk->progress || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return;
    uint64_t clock = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    if (!end && clock - reader->told < EVERY_MS)
        return;
    reader->told = clock;
    talk->progress(talk->context, "ingest", atomic_load(&reader->done), reader->total);
}

enum mq_status mq_reader_next(struct mq_reader *reader, int worker_number,
                              const struct mq_batch **batch, struct mq_error *error)
{
    struct mq_worker *worker = &reader->worker[worker_number];
    enum mq_status status = MQ_OK;
    bool rows = false;
    *batch = NULL;
    mq_arena_clear(&worker->texts);
    while (status == MQ_OK && !rows) {
        if (atomic_load(&reader->broken) != NONE)
            return report(reader, error);
        if (reader->options.stop && *reader->options.stop)
            return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
        struct mq_error own = {0};
        uint64_t chunk;
        if (!claim(reader, worker, &chunk)) {
            atomic_store(&worker->busy, IDLE);
            if (worker_number == 0)
                tell(reader, true);
            return MQ_OK;
        }
        status = work(reader, worker, chunk, &rows, &own);
        if (status != MQ_OK)
            note_error(reader, chunk, &own);
        atomic_store(&worker->busy, IDLE);
        if (worker_number == 0)
            tell(reader, false);
    }
    if (status != MQ_OK)
        return report(reader, error);
    show(worker);
    *batch = &worker->batch;
    return MQ_OK;
}

static void start(struct mq_reader *reader, const struct mq_location *wanted, size_t count)
{
    bool counted = true;
    for (size_t i = 0; i < reader->files; i++)
        counted = counted && mq_block_counted(&reader->file[i]);
    reader->wanted = wanted;
    reader->wanted_count = count;
    reader->direct = counted && count > 0;
    reader->steps = reader->direct ? count : reader->chunks;
    reader->total = 0;
    for (size_t i = 0; i < count; i++) /* near enough for a progress line */
        if (i == 0 || place_of(&wanted[i - 1]) != place_of(&wanted[i]))
            reader->total += reader->chunk_bytes;
    for (size_t i = 0; count == 0 && i < reader->files; i++)
        reader->total += reader->file[i].source.text_count - reader->file[i].body;
    reader->told = 0;
    atomic_store(&reader->next, 0);
    atomic_store(&reader->done, 0);
}

void mq_reader_rewind(struct mq_reader *reader, const struct mq_location *wanted, size_t count)
{
    for (int i = 0; i < reader->options.workers; i++)
        reader->worker[i].columns.again = true;
    start(reader, wanted, count);
}

/* ---- opening and closing ---- */

/* What follows the last slash of the file's name; a query behind it may have slashes of its own. */
static const char *base_name(const char *path)
{
    const char *from = path, *mark = strchr(path, '?');
    for (const char *at = path; *at && at != mark; at++)
        if (*at == '/' && at[1])
            from = at + 1;
    return from;
}

/* The name in findings: of a query only as much as tells it from a table. */
static const char *short_name(struct mq_arena *arena, const char *path)
{
    enum { MOST = 48 };
    const char *name = base_name(path);
    size_t length = 0;
    if (!mq_form_of_scheme(path) || strlen(name) <= MOST)
        return name;
    for (size_t i = 0; i <= MOST; i++) /* not within a character */
        if (((unsigned char)name[i] & 0xC0) != 0x80)
            length = i;
    return mq_arena_format(arena, "%.*s…", (int)length, name);
}

static int compare_name(const void *a, const void *b)
{
    const struct mq_file *const *left = a, *const *right = b;
    return strcmp((*left)->info.name, (*right)->info.name);
}

/* Base names, but paths where base names repeat. */
static enum mq_status name_files(struct mq_reader *reader, struct mq_error *error)
{
    struct mq_file **sorted = malloc(reader->files * sizeof *sorted);
    bool missing = false;
    if (!sorted)
        return mq_fail_memory(error);
    for (size_t i = 0; i < reader->files; i++) {
        sorted[i] = &reader->file[i];
        sorted[i]->info.name = short_name(&reader->arena, sorted[i]->info.path);
        missing = missing || !sorted[i]->info.name;
    }
    if (!missing)
        qsort(sorted, reader->files, sizeof *sorted, compare_name);
    for (size_t i = 0, end; !missing && i < reader->files; i = end) {
        for (end = i + 1; end < reader->files && compare_name(&sorted[i], &sorted[end]) == 0; end++)
            ;
        for (size_t same = i; end - i > 1 && same < end; same++)
            sorted[same]->info.name = sorted[same]->info.path;
    }
    free(sorted);
    return missing ? mq_fail_memory(error) : MQ_OK;
}

static enum mq_status open_file(struct mq_reader *reader, const char *path, void **held,
                                struct mq_file *file, struct mq_error *error)
{
    size_t mark;
    file->info.path = mq_arena_string(&reader->arena, path, strlen(path));
    if (!file->info.path)
        return mq_fail_memory(error);
    MQ_TRY(mq_source_open(file->info.path, reader->model, held, &reader->options, &file->source,
                          error));
    file->info.bytes = file->source.count;
    MQ_TRY(mq_encoding_find(file->info.path, &file->source,
                            file->source.utf8 ? MQ_UTF8 : reader->options.encoding,
                            &file->info.encoding, &mark, error));
    MQ_TRY(mq_header_read(reader->model, mark, file, &reader->arena, error));
    size_t body = file->source.text_count - file->body;
    file->chunks = (body + reader->chunk_bytes - 1) / reader->chunk_bytes;
    file->first_chunk = reader->chunks;
    reader->chunks += file->chunks;
    file->prefix = calloc(file->chunks, sizeof *file->prefix);
    if (!file->prefix)
        return mq_fail_memory(error);
    if (file->chunks > UINT32_MAX)
        return mq_fail(error, MQ_DATA, path, 0, 0, "has too many blocks; choose larger blocks");
    return MQ_OK;
}

static enum mq_status open_dicts(struct mq_reader *reader, struct mq_error *error)
{
    const struct mq_model *model = reader->model;
    reader->dict = mq_arena_array(&reader->arena, model->inputs + 1, sizeof *reader->dict);
    reader->own_dict = mq_arena_array(&reader->arena, model->inputs + 1, sizeof *reader->own_dict);
    if (!reader->dict || !reader->own_dict)
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->inputs; i++) {
        const struct mq_input *input = &model->input[i];
        if (input->type == MQ_CODE && input->list >= 0) {
            reader->dict[i] = model->list[input->list].dict;
        } else if (input->type == MQ_CODE || input->type == MQ_PERIOD) {
            MQ_TRY(mq_dict_new(&reader->dict[i], error));
            reader->own_dict[i] = true;
        }
    }
    return MQ_OK;
}

static enum mq_status open_workers(struct mq_reader *reader, struct mq_error *error)
{
    reader->worker = calloc((size_t)reader->options.workers, sizeof *reader->worker);
    if (!reader->worker)
        return mq_fail_memory(error);
    for (int i = 0; i < reader->options.workers; i++) {
        reader->worker[i].decoder = MQ_DECODER_EMPTY;
        atomic_store(&reader->worker[i].busy, IDLE);
    }
    size_t widest = 0;
    for (size_t i = 0; i < reader->files; i++)
        widest = reader->file[i].fields > widest ? reader->file[i].fields : widest;
    for (int i = 0; i < reader->options.workers; i++) {
        struct mq_worker *worker = &reader->worker[i];
        worker->batch.worker = i;
        worker->tokens = reader->tokeniser->open();
        worker->search_tokens = reader->tokeniser->open();
        if (!worker->tokens || !worker->search_tokens)
            return mq_fail_memory(error);
        MQ_TRY(mq_columns_open(&worker->columns, reader->model, reader->dict, widest, error));
    }
    return MQ_OK;
}

static size_t chunk_bytes(size_t wanted)
{
    if (wanted == 0)
        return MQ_BLOCK_USUAL;
    return wanted < MQ_BLOCK_LEAST  ? MQ_BLOCK_LEAST
           : wanted > MQ_BLOCK_MOST ? MQ_BLOCK_MOST
                                    : wanted;
}

static enum mq_status open_files(struct mq_reader *reader, const char *const *paths, size_t files,
                                 struct mq_error *error)
{
    void *held[MQ_FORMS] = {0};
    enum mq_status status = MQ_OK;
    reader->file = calloc(files, sizeof *reader->file);
    if (!reader->file)
        return mq_fail_memory(error);
    for (size_t i = 0; i < files && status == MQ_OK; i++) {
        reader->files++; /* half open, it is to be closed too */
        status = open_file(reader, paths[i], held, &reader->file[i], error);
    }
    for (size_t i = 0; i < MQ_FORMS; i++)
        if (held[i])
            mq_forms[i]->release(held[i]);
    return status;
}

static enum mq_status open_all(struct mq_reader *reader, const char *const *paths, size_t files,
                               struct mq_error *error)
{
    MQ_TRY(open_files(reader, paths, files, error));
    MQ_TRY(name_files(reader, error));
    MQ_TRY(open_dicts(reader, error));
    return open_workers(reader, error);
}

enum mq_status mq_reader_open(const struct mq_model *model, const char *const *paths, size_t files,
                              const struct mq_reader_options *options, struct mq_reader **reader,
                              struct mq_error *error)
{
    if (files == 0 || options->workers < 1)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no data files");
    struct mq_reader *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return mq_fail_memory(error);
    fresh->model = model;
    fresh->options = *options;
    fresh->tokeniser = options->reader == MQ_READER_LIBCSV ? &mq_tokens_libcsv : &mq_tokens_scan;
    fresh->chunk_bytes = chunk_bytes(options->block_bytes);
    atomic_store(&fresh->broken, NONE);
    atomic_flag_clear(&fresh->error_lock);
    enum mq_status status = open_all(fresh, paths, files, error);
    if (status != MQ_OK) {
        mq_reader_close(fresh);
        return status;
    }
    start(fresh, NULL, 0);
    *reader = fresh;
    return MQ_OK;
}

void mq_reader_close(struct mq_reader *reader)
{
    if (!reader)
        return;
    for (int i = 0; reader->worker && i < reader->options.workers; i++) {
        struct mq_worker *worker = &reader->worker[i];
        reader->tokeniser->close(worker->tokens);
        reader->tokeniser->close(worker->search_tokens);
        mq_decoder_close(&worker->decoder);
        mq_columns_close(&worker->columns);
        free(worker->record);
        mq_arena_clear(&worker->texts);
    }
    free(reader->worker);
    for (size_t i = 0; i < reader->files; i++) {
        mq_source_close(&reader->file[i].source);
        free(reader->file[i].prefix);
    }
    free(reader->file);
    for (size_t i = 0; reader->own_dict && i < reader->model->inputs; i++)
        if (reader->own_dict[i])
            mq_dict_free(reader->dict[i]);
    mq_arena_clear(&reader->arena);
    free(reader);
}

/* ---- about the files ---- */

size_t mq_reader_files(const struct mq_reader *reader)
{
    return reader->files;
}

const struct mq_file_info *mq_reader_file(const struct mq_reader *reader, size_t file)
{
    return &reader->file[file].info;
}

const struct mq_dict *mq_reader_dict(const struct mq_reader *reader, size_t input)
{
    return reader->dict[input];
}

enum mq_status mq_reader_digest(const struct mq_reader *reader, size_t file,
                                struct mq_sha256 *digest, struct mq_error *error)
{
    const struct mq_source *source = &reader->file[file].source;
    return mq_sha256_bytes(source->bytes, source->count, digest, error);
}
