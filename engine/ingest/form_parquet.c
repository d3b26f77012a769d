/*
 * form: a Parquet file, through DuckDB's library.
 *
 * Only columns that an input asks for are read; cells of the others are blank. Decimals and whole
 * numbers exact, real ones as the shortest decimal that reads back, NULL and NaN blank, dates and
 * times as ISO 8601 writes them (UTC), text as it is.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/form.h"
#include "ingest/parquet.h"
#include "ingest/real_text.h"

struct parquet {
    const struct mq_origin *origin;
    struct mq_pour *pour;
    struct mq_duck *duck;
    struct mq_spill copy; /* of what has no name of its own */
    int fd;
    char place[40]; /* what DuckDB knows the file as */
    size_t columns, wanted;
    int *vector;      /* [columns] which of the vectors it is read from, -1: none */
    bool *real;       /* [columns] its vector holds doubles, else texts */
    void **data;      /* [wanted] of the current chunk */
    uint64_t **valid; /* [wanted] */
    uint64_t rows;
    struct mq_buffer sql, scratch;
    struct mq_arena arena;
};

/* ---- the file by a plain name ---- */

/*
 * DuckDB takes "*", "?" and "[" in names for patterns and "year=2024" for a column; what came out
 * of a pipe has no name at all. Open files have one that is always plain.
 */
static enum mq_status name_plainly(struct parquet *parquet, struct mq_error *error)
{
    const struct mq_origin *origin = parquet->origin;
    const char *directory = parquet->pour->options->spool_directory;
    struct stat about;
    int fd = -1;
    if (strcmp(origin->place, "-") != 0 && stat(origin->place, &about) == 0 &&
        S_ISREG(about.st_mode) && (size_t)about.st_size == origin->count)
        fd = parquet->fd = open(origin->place, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const void *bytes;
        size_t count;
        MQ_TRY(mq_spill_open(&parquet->copy, directory ? directory : "/tmp", error));
        MQ_TRY(mq_spill_add(&parquet->copy, origin->bytes, origin->count, error));
        MQ_TRY(mq_spill_map(&parquet->copy, &bytes, &count, error)); /* all of it is written */
        fd = parquet->copy.fd;
    }
    snprintf(parquet->place, sizeof parquet->place, "/proc/self/fd/%d", fd);
    return MQ_OK;
}

/* ---- what DuckDB says ---- */

/* Its first line, with our name for the file. */
static enum mq_status fail_said(const struct parquet *parquet, const char *said,
                                struct mq_error *error)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    if (!said)
        said = "no reason given";
    size_t length = strcspn(said, "\n");
    for (const char *at = said; at < said + length;) {
        const char *place = strstr(at, parquet->place);
        size_t part =
            place && place < said + length ? (size_t)(place - at) : (size_t)(said + length - at);
        mq_buffer_add(&text, at, part);
        at += part;
        if (at < said + length) {
            mq_buffer_text(&text, parquet->origin->path);
            at += strlen(parquet->place);
        }
    }
    enum mq_status status =
        text.failed
            ? mq_fail_memory(error)
            : mq_fail(error, MQ_DATA, parquet->origin->path, 0, 0,
                      "cannot be read as Parquet (DuckDB: %s); make or copy the file again, "
                      "or save the table as CSV",
                      text.data ? text.data : "");
    mq_buffer_clear(&text);
    return status;
}

/* ---- columns ---- */

static const char *not_cells(int type)
{
    switch (type) {
    case MQ_DUCK_LIST:
    case MQ_DUCK_ARRAY:
        return "lists";
    case MQ_DUCK_STRUCT:
    case MQ_DUCK_MAP:
    case MQ_DUCK_UNION:
        return "structures of several values";
    case MQ_DUCK_BLOB:
        return "binary data";
    default:
        return type <= MQ_DUCK_INVALID || type > MQ_DUCK_LAST_KNOWN ? "values of an unknown kind"
                                                                    : NULL;
    }
}

static void add_name(struct mq_buffer *sql, const char *name)
{
    mq_buffer_text(sql, "\"");
    for (; *name; name++)
        mq_buffer_add(sql, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
    mq_buffer_text(sql, "\"");
}

/* Doubles are written out here; all else is text. The double of a short real number is the one that
 * has its digits: 0.1, not 0.100000001490116. */
static void add_expression(struct parquet *parquet, size_t column, const char *name, int type)
{
    struct mq_buffer *sql = &parquet->sql;
    parquet->vector[column] = (int)parquet->wanted++;
    parquet->real[column] = type == MQ_DUCK_FLOAT || type == MQ_DUCK_DOUBLE;
    mq_buffer_text(sql, parquet->wanted > 1 ? ", " : "");
    if (type != MQ_DUCK_DOUBLE)
        mq_buffer_text(sql, type == MQ_DUCK_FLOAT ? "CAST(CAST(" : "CAST(");
    add_name(sql, name);
    if (type != MQ_DUCK_DOUBLE)
        mq_buffer_text(sql, type == MQ_DUCK_FLOAT ? " AS VARCHAR) AS DOUBLE)" : " AS VARCHAR)");
}

static enum mq_status choose_columns(struct parquet *parquet, struct mq_duck_result *result,
                                     struct mq_error *error)
{
    const struct mq_duck *duck = parquet->duck;
    size_t columns = parquet->columns = duck->column_count(result);
    parquet->vector = mq_arena_array(&parquet->arena, columns + 1, sizeof *parquet->vector);
    parquet->real = mq_arena_array(&parquet->arena, columns + 1, sizeof *parquet->real);
    parquet->data = mq_arena_array(&parquet->arena, columns + 1, sizeof *parquet->data);
    parquet->valid = mq_arena_array(&parquet->arena, columns + 1, sizeof *parquet->valid);
    if (!parquet->vector || !parquet->real || !parquet->data || !parquet->valid)
        return mq_fail_memory(error);
    mq_buffer_text(&parquet->sql, "SELECT ");
    for (size_t i = 0; i < columns; i++) {
        const char *name = duck->column_name(result, i);
        int type = duck->column_type(result, i);
        bool failed = !name;
        parquet->vector[i] = -1;
        if (name && mq_header_names(parquet->origin->model, name, strlen(name), &failed) > 0) {
            if (not_cells(type))
                return mq_fail(error, MQ_DATA, parquet->origin->path, 1, 0,
                               "column \"%s\" holds %s, a number or text per row was expected",
                               name, not_cells(type));
            add_expression(parquet, i, name, type);
        }
        if (failed)
            return mq_fail_memory(error);
        mq_pour_cell(parquet->pour, name, strlen(name));
    }
    if (parquet->wanted == 0)
        mq_buffer_text(&parquet->sql, "NULL");
    return mq_pour_end(parquet->pour, error);
}

/* " FROM read_parquet(...)"; old writers mark no text as such. */
static void add_source(struct parquet *parquet)
{
    mq_buffer_format(&parquet->sql,
                     " FROM read_parquet('%s', hive_partitioning = false, binary_as_string = true)",
                     parquet->place);
}

static enum mq_status find_columns(struct parquet *parquet, struct mq_error *error)
{
    const struct mq_duck *duck = parquet->duck;
    struct mq_duck_result result = {0};
    mq_buffer_text(&parquet->sql, "SELECT *");
    add_source(parquet);
    mq_buffer_text(&parquet->sql, " LIMIT 0");
    if (parquet->sql.failed)
        return mq_fail_memory(error);
    int failed = duck->query(duck->connection, parquet->sql.data, &result);
    parquet->sql.length = 0;
    enum mq_status status = failed ? fail_said(parquet, duck->result_error(&result), error)
                                   : choose_columns(parquet, &result, error);
    duck->destroy_result(&result);
    add_source(parquet);
    return status == MQ_OK && parquet->sql.failed ? mq_fail_memory(error) : status;
}

/* ---- rows ---- */

static void pour_cell(struct parquet *parquet, size_t column, uint64_t row)
{
    int vector = parquet->vector[column];
    const uint64_t *valid = vector < 0 ? NULL : parquet->valid[vector];
    if (vector < 0 || (valid && !(valid[row / 64] >> (row % 64) & 1))) {
        mq_pour_cell(parquet->pour, "", 0);
    } else if (parquet->real[column]) {
        const double *values = parquet->data[vector];
        parquet->scratch.length = 0;
        mq_plain_real(&parquet->scratch, values[row]);
        mq_pour_cell(parquet->pour, parquet->scratch.length ? parquet->scratch.data : "",
                     parquet->scratch.length);
    } else {
        const union mq_duck_text *text = (const union mq_duck_text *)parquet->data[vector] + row;
        uint32_t length = text->here.length;
        mq_pour_cell(parquet->pour,
                     length <= sizeof text->here.text ? text->here.text : text->there.text, length);
    }
}

static enum mq_status pour_chunk(struct parquet *parquet, void *chunk, struct mq_error *error)
{
    const struct mq_duck *duck = parquet->duck;
    uint64_t rows = duck->chunk_size(chunk);
    for (size_t i = 0; i < parquet->wanted; i++) {
        void *vector = duck->chunk_vector(chunk, i);
        parquet->data[i] = duck->vector_data(vector);
        parquet->valid[i] = duck->vector_validity(vector);
    }
    for (uint64_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < parquet->columns; i++)
            pour_cell(parquet, i, row);
        if (parquet->scratch.failed)
            return mq_fail_memory(error);
        MQ_TRY(mq_pour_end(parquet->pour, error));
    }
    parquet->rows += rows;
    return MQ_OK;
}

static enum mq_status pour_rows(struct parquet *parquet, void *statement, struct mq_error *error)
{
    const struct mq_duck *duck = parquet->duck;
    const volatile int *stop = parquet->pour->options->stop;
    struct mq_duck_result result = {0};
    enum mq_status status = MQ_OK;
    void *chunk = NULL;
    if (duck->execute_streaming(statement, &result) != 0)
        status = fail_said(parquet, duck->result_error(&result), error);
    while (status == MQ_OK && (chunk = duck->fetch_chunk(result))) {
        status = pour_chunk(parquet, chunk, error);
        duck->destroy_chunk(&chunk);
        if (status == MQ_OK && stop && *stop)
            status = mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
    }
    if (status == MQ_OK && duck->result_error(&result))
        status = fail_said(parquet, duck->result_error(&result), error);
    duck->destroy_result(&result);
    return status;
}

/* A chunk that fails looks like the end: what the file says of its rows must have come. */
static enum mq_status check_count(struct parquet *parquet, struct mq_error *error)
{
    const struct mq_duck *duck = parquet->duck;
    struct mq_duck_result result = {0};
    enum mq_status status = MQ_OK;
    void *chunk = NULL;
    parquet->sql.length = 0;
    mq_buffer_text(&parquet->sql, "SELECT count(*)");
    add_source(parquet);
    if (parquet->sql.failed)
        return mq_fail_memory(error);
    if (duck->query(duck->connection, parquet->sql.data, &result) != 0 ||
        !(chunk = duck->fetch_chunk(result))) {
        status = fail_said(parquet, duck->result_error(&result), error);
    } else {
        const int64_t *count = duck->vector_data(duck->chunk_vector(chunk, 0));
        if ((uint64_t)*count != parquet->rows)
            status = mq_fail(error, MQ_DATA, parquet->origin->path, (long)parquet->rows + 2, 0,
                             "row %llu of %lld cannot be read: the file is damaged; make or copy "
                             "it again",
                             (unsigned long long)parquet->rows + 1, (long long)*count);
    }
    if (chunk)
        duck->destroy_chunk(&chunk);
    duck->destroy_result(&result);
    return status;
}

static enum mq_status pour_table(struct parquet *parquet, struct mq_error *error)
{
    const struct mq_duck *duck = parquet->duck;
    void *statement = NULL;
    MQ_TRY(name_plainly(parquet, error));
    MQ_TRY(find_columns(parquet, error));
    enum mq_status status = duck->prepare(duck->connection, parquet->sql.data, &statement) == 0
                                ? pour_rows(parquet, statement, error)
                                : fail_said(parquet, duck->prepare_error(statement), error);
    duck->destroy_prepare(&statement);
    return status == MQ_OK ? check_count(parquet, error) : status;
}

static enum mq_status pour(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error)
{
    struct parquet parquet = {.origin = origin, .pour = pour, .fd = -1, .copy = {.fd = -1}};
    if (!*origin->held) {
        struct mq_duck *duck;
        MQ_TRY(mq_duck_open(&duck, origin->path, error));
        *origin->held = duck;
    }
    parquet.duck = *origin->held;
    enum mq_status status = pour_table(&parquet, error);
    if (parquet.fd >= 0)
        close(parquet.fd);
    mq_spill_close(&parquet.copy);
    mq_buffer_clear(&parquet.sql);
    mq_buffer_clear(&parquet.scratch);
    mq_arena_clear(&parquet.arena);
    return status;
}

const struct mq_form mq_form_parquet = {
    .name = "parquet",
    .summary = "a Parquet file (.parquet); needs DuckDB's library libduckdb.so",
    .scheme = NULL,
    .magic = "PAR1",
    .magic_length = 4,
    .parts = false,
    .text = false,
    .pour = pour,
    .release = mq_duck_close,
};
