#include "sample.h"

#include <unistd.h>

#include "support.h"

/* ---- the model --------------------------------------------------------------------------------- */

static const char *usci_names[] = {"usci", "统一社会信用代码"};
static const char *year_names[] = {"year"};
static const char *name_names[] = {"name", "企业名称"};
static const char *revenue_names[] = {"revenue", "营业收入"};
static const char *rate_names[] = {"rate"};
static struct mq_input inputs[] = {
    {.id = "usci", .type = MQ_KEY, .alias = usci_names, .aliases = 2, .list = -1},
    {.id = "year", .type = MQ_PERIOD, .alias = year_names, .aliases = 1, .list = -1},
    {.id = "name", .type = MQ_CODE, .alias = name_names, .aliases = 2, .list = -1},
    {.id = "revenue",
     .type = MQ_AMOUNT,
     .alias = revenue_names,
     .aliases = 2,
     .list = -1,
     .decimals = 2},
    {.id = "rate", .type = MQ_NUMBER, .alias = rate_names, .aliases = 1, .list = -1},
};
static const char *missing[] = {"", "-", "NA", "—"};
static const struct mq_model model = {
    .input = inputs, .inputs = SAMPLE_INPUTS, .missing = missing, .missings = 4};

const struct mq_model *sample_model(void)
{
    return &model;
}

/* ---- files ----------------------------------------------------------------------------------------- */

void sample_write(struct sample_file *file, const char *name, const void *bytes, size_t count)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(file->folder, sizeof file->folder, "%s/mqci-ingest-XXXXXX",
             temporary ? temporary : "/tmp");
    assert_non_null(mkdtemp(file->folder));
    snprintf(file->path, sizeof file->path, "%s/%s", file->folder, name);
    FILE *stream = fopen(file->path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, count, stream), count);
    assert_int_equal(fclose(stream), 0);
}

void sample_remove(struct sample_file *file)
{
    unlink(file->path);
    rmdir(file->folder);
}

/* ---- reading everything ----------------------------------------------------------------------------- */

struct line {
    struct mq_location at;
    char *text;
};

struct reading {
    struct mq_reader *reader;
    bool texts;
    struct worker {
        struct line *line;
        size_t count, capacity;
        enum mq_status status;
        struct mq_error error;
    } worker[16];
};

static void write_value(struct mq_buffer *out, const struct mq_column *column, size_t row)
{
    static const char *const bad[] = {
        [MQ_MISSING] = "missing",         [MQ_BAD_MALFORMED] = "malformed",
        [MQ_BAD_SEPARATOR] = "separator", [MQ_BAD_RANGE] = "range",
        [MQ_BAD_DECIMALS] = "decimals",   [MQ_BAD_CODE] = "unknown-code",
    };
    mq_buffer_text(out, " ");
    if (column->state[row] != MQ_PRESENT) {
        mq_buffer_text(out, bad[column->state[row]]);
        return;
    }
    if (column->type == MQ_AMOUNT)
        mq_buffer_format(out, "%lld", (long long)column->amount[row]);
    else if (column->type == MQ_NUMBER)
        mq_buffer_real(out, column->number[row]);
    else if (column->type == MQ_KEY)
        mq_buffer_format(out, "%016llx", (unsigned long long)column->key[row]);
    else
        mq_buffer_text(out, mq_dict_text(column->dict, column->code[row]).s);
}

static void write_row(struct reading *reading, const struct mq_batch *batch, size_t row,
                      struct mq_buffer *out)
{
    mq_buffer_format(out, "%u %u", batch->file, batch->fields[row]);
    for (size_t i = 0; i < SAMPLE_INPUTS; i++)
        write_value(out, &batch->column[i], row);
    if (reading->texts) {
        uint64_t line = 0;
        struct mq_text key = {0}, name = {0};
        assert_int_equal(mq_reader_line(reading->reader, batch, row, &line), MQ_OK);
        assert_int_equal(mq_reader_cell(reading->reader, batch, row, SAMPLE_KEY, &key), MQ_OK);
        assert_int_equal(mq_reader_cell(reading->reader, batch, row, SAMPLE_NAME, &name), MQ_OK);
        mq_buffer_format(out, " %llu %s ", (unsigned long long)line, key.s);
        mq_buffer_add(out, name.s, name.n);
    }
    mq_buffer_text(out, "\n");
}

static void keep_batch(struct reading *reading, struct worker *worker, const struct mq_batch *batch)
{
    for (size_t row = 0; row < batch->rows; row++) {
        struct mq_buffer out = MQ_BUFFER_EMPTY;
        write_row(reading, batch, row, &out);
        if (worker->count == worker->capacity) {
            worker->capacity = worker->capacity ? 2 * worker->capacity : 256;
            worker->line = realloc(worker->line, worker->capacity * sizeof *worker->line);
        }
        worker->line[worker->count++] = (struct line){mq_batch_location(batch, row), out.data};
    }
}

static void read_worker(int number, void *context)
{
    struct reading *reading = context;
    struct worker *worker = &reading->worker[number];
    const struct mq_batch *batch;
    while ((worker->status = mq_reader_next(reading->reader, number, &batch, &worker->error)) ==
               MQ_OK &&
           batch) {
        assert_int_equal(batch->worker, number);
        assert_true(batch->rows > 0);
        keep_batch(reading, worker, batch);
    }
}

static int compare_lines(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    const struct mq_location *l = &left->at, *r = &right->at;
    uint64_t first = (uint64_t)l->file << 32 | l->block;
    uint64_t second = (uint64_t)r->file << 32 | r->block;
    return first != second ? (first > second) - (first < second)
                           : (l->row > r->row) - (l->row < r->row);
}

/* The rows of all workers in order; empties the workers. */
static struct line *gather(struct reading *reading, int workers, size_t *count)
{
    size_t total = 0;
    for (int i = 0; i < workers; i++)
        total += reading->worker[i].count;
    struct line *line = malloc((total + 1) * sizeof *line), *next = line;
    for (int i = 0; i < workers; i++) {
        struct worker *worker = &reading->worker[i];
        if (worker->count > 0)
            memcpy(next, worker->line, worker->count * sizeof *line);
        next += worker->count;
        free(worker->line);
        worker->line = NULL;
        worker->count = worker->capacity = 0;
    }
    qsort(line, total, sizeof *line, compare_lines);
    *count = total;
    return line;
}

static void read_again(struct reading *reading, const struct sample_way *way, int workers,
                       const struct line *line, size_t lines)
{
    size_t count = 0, found;
    struct mq_location *wanted = malloc((lines + 1) * sizeof *wanted);
    for (size_t i = way->again / 2; i < lines; i += way->again)
        wanted[count++] = line[i].at;
    mq_reader_rewind(reading->reader, wanted, count);
    mq_parallel(workers, read_worker, reading);
    struct line *again = gather(reading, workers, &found);
    assert_int_equal(found, count);
    for (size_t i = 0; i < found; i++) {
        const struct line *first = &line[way->again / 2 + i * way->again];
        assert_int_equal(compare_lines(&again[i], first), 0);
        assert_string_equal(again[i].text, first->text);
        free(again[i].text);
    }
    free(again);
    free(wanted);
}

static char *join(struct line *line, size_t total)
{
    struct mq_buffer all = MQ_BUFFER_EMPTY;
    mq_buffer_text(&all, "");
    for (size_t i = 0; i < total; i++) {
        mq_buffer_text(&all, line[i].text);
        free(line[i].text);
    }
    free(line);
    mq_buffer_add(&all, "", 1);
    assert_false(all.failed);
    return all.data;
}

char *sample_read(const struct mq_model *of, const char *const *paths, size_t files,
                  const struct sample_way *way, struct mq_error *error)
{
    struct reading reading = {.texts = way->texts};
    struct mq_reader_options options = {.workers = way->workers ? way->workers : 1,
                                        .block_bytes = way->block_bytes,
                                        .encoding = way->encoding,
                                        .reader = way->reader};
    if (mq_reader_open(of, paths, files, &options, &reading.reader, error) != MQ_OK)
        return NULL;
    mq_parallel(options.workers, read_worker, &reading);
    bool good = true;
    for (int i = 0; i < options.workers; i++)
        good = good && reading.worker[i].status == MQ_OK;
    size_t lines;
    struct line *line = gather(&reading, options.workers, &lines);
    if (good && way->again > 0 && lines > way->again)
        read_again(&reading, way, options.workers, line, lines);
    char *text = join(line, lines);
    for (int i = 0; i < options.workers; i++)
        if (reading.worker[i].status != MQ_OK) {
            *error = reading.worker[i].error;
            assert_int_equal(error->status, reading.worker[i].status);
            free(text);
            text = NULL;
            break;
        }
    mq_reader_close(reading.reader);
    return text;
}

void sample_expect_error(const void *bytes, size_t count, const struct mq_model *of,
                         struct mq_error *error)
{
    static const int workers[] = {1, 2, 3, 7};
    static const size_t blocks[] = {1 << 20, 512, 4 << 10, 64 << 10};
    struct sample_file file;
    sample_write(&file, "broken.csv", bytes, count);
    const char *path = file.path;
    for (size_t w = 0; w < 4; w++)
        for (size_t b = 0; b < 4; b++) {
            struct sample_way way = {.workers = workers[w],
                                     .block_bytes = blocks[b],
                                     .reader = (w + b) % 2 ? MQ_READER_LIBCSV : MQ_READER_AUTO};
            struct mq_error found = {0};
            char *text = sample_read(of, &path, 1, &way, &found);
            assert_null(text);
            if (w + b > 0) {
                assert_int_equal(found.status, error->status);
                assert_int_equal(found.line, error->line);
                assert_int_equal(found.column, error->column);
                assert_string_equal(found.message, error->message);
            }
            *error = found;
        }
    assert_string_equal(error->file, file.path);
    sample_remove(&file);
}
