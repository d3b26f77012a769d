/* header: the first record of a file names its columns; here they are bound to the model's inputs.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/reader.h"

/* ---- reading the names ---------------------------------------------------------------------- */

struct names {
    struct mq_arena *arena;
    const char **name; /* as compared: trimmed and narrowed */
    size_t count, capacity, rows;
    bool failed;
};

/* Names are compared without surrounding spaces and with full-width letters made half-width. */
static const char *normal(struct mq_arena *arena, struct mq_text text)
{
    char *name = mq_arena_alloc(arena, text.n + 1);
    if (!name)
        return NULL;
    text = mq_text_trim(text);
    size_t length = mq_text_narrow(text, name);
    struct mq_text trimmed = mq_text_trim((struct mq_text){name, length});
    memmove(name, trimmed.s, trimmed.n);
    name[trimmed.n] = '\0';
    return name;
}

static void take_name(const char *text, size_t length, void *context)
{
    struct names *names = context;
    if (names->rows > 0 || names->failed)
        return;
    if (names->count == names->capacity) {
        size_t capacity = names->capacity ? 2 * names->capacity : 64;
        const char **grown = mq_arena_array(names->arena, capacity, sizeof *grown);
        if (!grown) {
            names->failed = true;
            return;
        }
        for (size_t i = 0; i < names->count; i++)
            grown[i] = names->name[i];
        names->name = grown;
        names->capacity = capacity;
    }
    const char *name = normal(names->arena, (struct mq_text){text ? text : "", length});
    names->failed = !name;
    names->name[names->count++] = name;
}

static void take_row(int terminator, void *context)
{
    struct names *names = context;
    (void)terminator;
    names->rows++;
}

static bool is_blank(const char *bytes, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n')
            return false;
    return true;
}

/* The bytes of the first record that is not blank. */
static enum mq_status find_record(const struct mq_file *file, size_t mark, size_t *start,
                                  size_t *end, uint64_t *line, struct mq_error *error)
{
    const char *bytes = file->source.text;
    size_t count = file->source.text_count;
    *line = 1;
    for (*start = mark; *start < count; *start = *end) {
        size_t limit = count - *start > MQ_RECORD_MOST ? *start + MQ_RECORD_MOST : count;
        *end = mq_record_start(bytes, *start + 1, limit, bytes[*start] == '"');
        if (*end - *start == MQ_RECORD_MOST && bytes[*end - 1] != '\n')
            return mq_fail(error, MQ_DATA, file->info.path, (long)*line, 1,
                           "the header is longer than 64 MiB; a quote or a line end is missing");
        if (!is_blank(bytes, *start, *end))
            return MQ_OK;
        *line += bytes[*end - 1] == '\n';
    }
    return mq_fail(error, MQ_DATA, file->info.path, 1, 1,
                   "is empty: there are only blank lines, no header");
}

static enum mq_status tokenise(const struct mq_file *file, const struct mq_decoded *decoded,
                               uint64_t line, struct names *names, struct mq_error *error)
{
    struct mq_sink sink = {.field = take_name, .row = take_row, .context = names};
    size_t offset = 0;
    void *tokens = mq_tokens_libcsv.open();
    if (!tokens)
        return mq_fail_memory(error);
    enum mq_fault fault =
        mq_tokens_libcsv.run(tokens, decoded->text, decoded->length, file->source.separator,
                             !decoded->broken, &sink, &offset);
    mq_tokens_libcsv.close(tokens);
    if (fault != MQ_FAULT_NONE)
        return mq_fault_fail(file, fault, decoded->text, offset, line, error);
    if (names->failed)
        return mq_fail_memory(error);
    struct mq_place at = mq_place_find(decoded->text, decoded->length, line);
    if (decoded->broken)
        return mq_encoding_fail(file->info.path, file->info.encoding, decoded->byte, (long)at.line,
                                at.column, error);
    if (names->rows > 1)
        return mq_fail(error, MQ_DATA, file->info.path, (long)line, 1,
                       "lines end in CR alone; save the file with LF or CRLF line ends");
    return MQ_OK;
}

/* ---- binding --------------------------------------------------------------------------------- */

static bool is_alias(struct mq_arena *arena, const struct mq_input *input, const char *name,
                     bool *failed)
{
    for (size_t i = 0; i < input->aliases; i++) {
        const char *alias = normal(arena, mq_text(input->alias[i]));
        if (!alias)
            *failed = true;
        else if (strcmp(alias, name) == 0)
            return true;
    }
    return false;
}

size_t mq_header_names(const struct mq_model *model, const char *text, size_t length, bool *failed)
{
    struct mq_arena scratch = MQ_ARENA_EMPTY;
    const char *name = normal(&scratch, (struct mq_text){text, length});
    size_t count = 0;
    for (size_t i = 0; name && i < model->inputs; i++)
        count += is_alias(&scratch, &model->input[i], name, failed);
    *failed = *failed || !name;
    mq_arena_clear(&scratch);
    return count;
}

static void list_names(struct mq_buffer *text, const char *const *name, size_t count, size_t most)
{
    for (size_t i = 0; i < count; i++) {
        if (text->length + strlen(name[i]) > most) {
            mq_buffer_format(text, ", ... (%zu in all)", count);
            return;
        }
        mq_buffer_format(text, "%s%s", i > 0 ? ", " : "", name[i]);
    }
}

/* One column that holds the other separator: the name of the file promises the wrong one. */
static const char *separator_hint(const struct mq_file *file, const struct names *names)
{
    bool tabs = file->source.separator == '\t';
    if (names->count != 1 || !strchr(names->name[0], tabs ? ',' : '\t'))
        return "";
    return tabs ? "; fields end at tabs here because of the name; rename the file to .csv"
                : "; fields end at commas here because of the name; rename the file to .tsv";
}

static enum mq_status fail_absent(const struct mq_file *file, const struct mq_input *input,
                                  const struct names *names, uint64_t line, struct mq_error *error)
{
    struct mq_buffer wanted = MQ_BUFFER_EMPTY, found = MQ_BUFFER_EMPTY;
    const char *near = NULL;
    list_names(&wanted, input->alias, input->aliases, 250);
    list_names(&found, names->name, names->count, 450);
    for (size_t i = 0; i < input->aliases && !near; i++)
        near = mq_text_nearest(input->alias[i], names->name, names->count);
    if (wanted.failed || found.failed)
        mq_fail_memory(error);
    else
        mq_fail(error, MQ_DATA, file->info.path, (long)line, 1,
                "no column for input \"%s\", expected %s%s; the header has: %s%s%s%s%s", input->id,
                input->aliases > 1 ? "one of: " : "", wanted.data ? wanted.data : input->id,
                found.data ? found.data : "", near ? "; did you mean \"" : "", near ? near : "",
                near ? "\"?" : "", separator_hint(file, names));
    bool failed = wanted.failed || found.failed;
    mq_buffer_clear(&wanted);
    mq_buffer_clear(&found);
    return failed ? MQ_INTERNAL : MQ_DATA;
}

/* Finds the one column of an input. */
static enum mq_status find_column(const struct mq_file *file, const struct mq_input *input,
                                  const struct names *names, const struct mq_decoded *decoded,
                                  uint64_t line, size_t *column, struct mq_error *error)
{
    struct mq_arena scratch = MQ_ARENA_EMPTY;
    bool failed = false;
    size_t matches = 0, second = 0;
    for (size_t i = 0; i < names->count && !failed && matches < 2; i++) {
        if (!is_alias(&scratch, input, names->name[i], &failed))
            continue;
        if (matches++ == 0)
            *column = i;
        else
            second = i;
    }
    mq_arena_clear(&scratch);
    if (failed)
        return mq_fail_memory(error);
    if (matches == 0)
        return fail_absent(file, input, names, line, error);
    if (matches == 1)
        return MQ_OK;
    struct mq_place at = mq_place_find(
        decoded->text,
        mq_field_start(decoded->text, decoded->length, file->source.separator, second), line);
    return mq_fail(error, MQ_DATA, file->info.path, (long)at.line, at.column,
                   "columns %zu \"%s\" and %zu \"%s\" are both input \"%s\"; keep one of them",
                   *column + 1, names->name[*column], second + 1, names->name[second], input->id);
}

static enum mq_status bind_inputs(const struct mq_model *model, const struct names *names,
                                  const struct mq_decoded *decoded, uint64_t line,
                                  struct mq_file *file, struct mq_arena *arena,
                                  struct mq_error *error)
{
    file->fields = names->count;
    file->bound = mq_arena_array(arena, names->count, sizeof *file->bound);
    file->also = mq_arena_array(arena, model->inputs ? model->inputs : 1, sizeof *file->also);
    file->info.ignored_name = mq_arena_array(arena, names->count, sizeof *file->info.ignored_name);
    if (!file->bound || !file->also || !file->info.ignored_name)
        return mq_fail_memory(error);
    for (size_t i = 0; i < names->count; i++)
        file->bound[i] = -1;
    for (size_t i = 0; i < model->inputs; i++) {
        size_t column = 0;
        MQ_TRY(find_column(file, &model->input[i], names, decoded, line, &column, error));
        file->also[i] = file->bound[column];
        file->bound[column] = (int)i;
    }
    for (size_t i = 0; i < names->count; i++) {
        if (file->bound[i] >= 0)
            continue;
        const char *name = names->name[i];
        if (!*name && !(name = mq_arena_format(arena, "(column %zu, no name)", i + 1)))
            return mq_fail_memory(error);
        file->info.ignored_name[file->info.ignored++] = name;
    }
    return MQ_OK;
}

enum mq_status mq_header_read(const struct mq_model *model, size_t mark, struct mq_file *file,
                              struct mq_arena *arena, struct mq_error *error)
{
    const char *bytes = file->source.text;
    struct mq_decoder decoder = MQ_DECODER_EMPTY;
    struct mq_decoded decoded;
    struct names names = {.arena = arena};
    size_t start, end = mark;
    uint64_t line;
    MQ_TRY(find_record(file, mark, &start, &end, &line, error));
    enum mq_status status =
        mq_decoder_run(&decoder, file->info.encoding, bytes + start, end - start, &decoded, error);
    if (status == MQ_OK)
        status = tokenise(file, &decoded, line, &names, error);
    if (status == MQ_OK)
        status = bind_inputs(model, &names, &decoded, line, file, arena, error);
    mq_decoder_close(&decoder);
    MQ_TRY(status);
    file->body = end;
    file->body_line = mq_place_find(bytes + start, end - start, line).line;
    if (is_blank(bytes, end, file->source.text_count))
        return mq_fail(error, MQ_DATA, file->info.path, (long)line, 1,
                       "has a header but no rows; was the right file exported?");
    return MQ_OK;
}
