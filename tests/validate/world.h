/* A model, data files and all that reads them: what the tests of validate/ and cells/ start from.
 */
#ifndef MQ_TEST_WORLD_H
#define MQ_TEST_WORLD_H

#include <dirent.h>
#include <unistd.h>

#include "support.h"
#include "validate/validate.h"

enum { WORLD_FILES = 8 };

struct world {
    char directory[256];
    struct mq_model *model;
    struct mq_reader *reader;
    struct mq_checker *checker;
    char path[WORLD_FILES][320];
    size_t files;
    int workers;
};

/* The least that a model file needs of methods. */
static inline const struct mq_catalogue *world_catalogue(void)
{
    static const struct mq_method none = {.name = "none", .title = "不作无量纲化"};
    static const struct mq_method arithmetic = {.name = "arithmetic", .title = "算术平均"};
    static const struct mq_method fixed = {.name = "fixed", .title = "给定权重"};
    static const struct mq_method *const normalise[] = {&none};
    static const struct mq_method *const combine[] = {&arithmetic};
    static const struct mq_method *const weigh[] = {&fixed};
    static const struct mq_catalogue catalogue = {
        .methods = {[MQ_NORMALISE] = normalise,
                    [MQ_COMBINE] = combine,
                    [MQ_WEIGH] = weigh,
                    [MQ_EDIT] = mq_edit_rows},
        .count = {
            [MQ_NORMALISE] = 1, [MQ_COMBINE] = 1, [MQ_WEIGH] = 1, [MQ_EDIT] = MQ_EDIT_METHODS}};
    return &catalogue;
}

static inline void world_open(struct world *world)
{
    const char *base = getenv("TMPDIR");
    *world = (struct world){.workers = 1};
    snprintf(world->directory, sizeof world->directory, "%s/mqci-test-XXXXXX",
             base ? base : "/tmp");
    assert_non_null(mkdtemp(world->directory));
}

static inline void world_write(struct world *world, const char *name, const char *bytes,
                               size_t count, char path[320])
{
    char text[320];
    snprintf(text, sizeof text, "%s/%s", world->directory, name);
    memcpy(path, text, sizeof text);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static inline void world_model(struct world *world, const char *yaml)
{
    char path[320];
    struct mq_error error = {0};
    world_write(world, "model.yaml", yaml, strlen(yaml), path);
    if (mq_model_read(path, world_catalogue(), 0, &world->model, &error) != MQ_OK)
        print_error("%s:%ld:%ld: %s\n", error.file, error.line, error.column, error.message);
    assert_non_null(world->model);
}

/* One more data file. */
static inline void world_data(struct world *world, const char *csv)
{
    char name[32];
    snprintf(name, sizeof name, "data%zu.csv", world->files);
    world_write(world, name, csv, strlen(csv), world->path[world->files++]);
}

static inline void world_start(struct world *world, int workers, size_t block_bytes)
{
    const char *paths[WORLD_FILES];
    struct mq_error error = {0};
    for (size_t f = 0; f < world->files; f++)
        paths[f] = world->path[f];
    struct mq_reader_options options = {.workers = workers, .block_bytes = block_bytes};
    world->workers = workers;
    if (mq_reader_open(world->model, paths, world->files, &options, &world->reader, &error))
        print_error("%s:%ld:%ld: %s\n", error.file, error.line, error.column, error.message);
    assert_non_null(world->reader);
    assert_int_equal(mq_checker_new(world->model, world->reader, workers, world->directory,
                                    &world->checker, &error),
                     MQ_OK);
}

/* What a test does with each batch after it has been judged; may be NULL. */
typedef enum mq_status (*world_fn)(void *context, const struct mq_batch *batch,
                                   const uint8_t *verdict, struct mq_error *error);

struct world_run {
    struct world *world;
    world_fn body;
    void *context;
    enum mq_status status[256];
};

static inline void world_worker(int worker, void *context)
{
    struct world_run *run = context;
    for (;;) {
        const struct mq_batch *batch = NULL;
        enum mq_status status = mq_reader_next(run->world->reader, worker, &batch, NULL);
        if (status == MQ_OK && batch)
            status = mq_correct(run->world->checker, batch, &batch, NULL);
        uint8_t *verdict = batch ? malloc(batch->rows + 1) : NULL;
        if (verdict)
            memset(verdict, 0xEE, batch->rows + 1);
        if (status == MQ_OK && batch)
            status = mq_checker_batch(run->world->checker, batch, verdict, NULL);
        if (status == MQ_OK && batch && run->body)
            status = run->body(run->context, batch, verdict, NULL);
        if (verdict && verdict[batch->rows] != 0xEE)
            status = MQ_INTERNAL; /* written past the end */
        free(verdict);
        run->status[worker] = status;
        if (status != MQ_OK || !batch)
            return;
    }
}

/* Reads and judges everything. */
static inline void world_read(struct world *world, world_fn body, void *context)
{
    struct world_run run = {.world = world, .body = body, .context = context};
    mq_parallel(world->workers, world_worker, &run);
    for (int w = 0; w < world->workers; w++)
        assert_int_equal(run.status[w], MQ_OK);
}

static inline void world_stop(struct world *world)
{
    mq_checker_free(world->checker);
    mq_reader_close(world->reader);
    world->checker = NULL;
    world->reader = NULL;
}

static inline void world_close(struct world *world)
{
    world_stop(world);
    mq_model_free(world->model);
    DIR *directory = opendir(world->directory);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", world->directory, entry->d_name);
        if (entry->d_name[0] != '.')
            assert_int_equal(unlink(path), 0);
    }
    closedir(directory);
    assert_int_equal(rmdir(world->directory), 0);
}

/* A published file as text; to be freed. */
static inline char *world_file(struct world *world, bool rejects)
{
    char path[320];
    struct mq_error error = {0};
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    snprintf(path, sizeof path, "%s/%s", world->directory,
             rejects ? "rejects.csv" : "findings.csv");
    assert_int_equal((rejects ? mq_write_rejects : mq_write_findings)(world->checker, path, &error),
                     MQ_OK);
    assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
    return content.data;
}

/* Keeps the first fields of every row of a CSV text. */
static inline char *first_fields(char *text, size_t fields)
{
    size_t seen = 0;
    bool quoted = false;
    char *out = text;
    for (const char *at = text; *at; at++) {
        quoted = quoted != (*at == '"');
        seen += *at == ',' && !quoted;
        if (*at == '\n' && !quoted)
            seen = 0;
        if (seen < fields)
            *out++ = *at;
    }
    *out = '\0';
    return text;
}
enum { WITH_PLACES = 9, WITHOUT_PLACES = 7 }; /* fields of findings.csv */

/* The equation that must hold in every run. */
static inline void world_balance(struct world *world)
{
    const struct mq_control *control = mq_checker_control(world->checker);
    assert_int_equal(control->rows_in,
                     control->accepted + control->rejected + control->out_of_scope);
    for (size_t i = 0; i < control->inputs; i++)
        assert_true(control->total_in[i] ==
                    control->total_accepted[i] + control->total_rejected[i] +
                        control->total_out_of_scope[i] + control->total_corrected[i]);
}

#endif
