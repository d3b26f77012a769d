#include "model/yaml_tree.h"

#include <string.h>
#include <yaml.h>

#include "model/wording.h"

enum { MAX_DEPTH = 40, MAX_KEYS = 1000, MAX_BYTES = 4 << 20 };

struct anchor {
    const char *name;
    const struct mq_yaml *node; /* NULL while its end has not been read */
    struct anchor *next;
};

struct reader {
    yaml_parser_t parser;
    const struct mq_yaml_file *file;
    struct mq_arena *arena;
    struct anchor *anchors;
    struct mq_error *error;
};

static enum mq_status fail_at(struct reader *reader, yaml_mark_t mark, const char *message)
{
    return mq_fail(reader->error, MQ_BAD_MODEL, reader->file->path, (long)mark.line + 1,
                   (long)mark.column + 1, "%s", message);
}

/* Line and column of a byte. */
static struct mq_position place(const struct mq_yaml_file *file, size_t byte)
{
    struct mq_position at = {1, 1};
    for (size_t i = 0; i < byte && i < file->count; i++) {
        if (file->bytes[i] == '\n')
            at = (struct mq_position){at.line + 1, 1};
        else
            at.column += ((unsigned char)file->bytes[i] & 0xC0) != 0x80;
    }
    return at;
}

static enum mq_status fail_yaml(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "broken";
    struct mq_position at = {(long)parser->problem_mark.line + 1,
                             (long)parser->problem_mark.column + 1};
    if (parser->error == YAML_MEMORY_ERROR)
        return mq_fail_memory(reader->error);
    if (parser->error == YAML_READER_ERROR)
        at = place(reader->file, parser->problem_offset);
    if (parser->context)
        return mq_fail(reader->error, MQ_BAD_MODEL, reader->file->path, at.line, at.column,
                       "not YAML: %s (%s that starts at line %lu)", problem, parser->context,
                       (unsigned long)parser->context_mark.line + 1);
    return mq_fail(reader->error, MQ_BAD_MODEL, reader->file->path, at.line, at.column,
                   "not YAML: %s", problem);
}

static enum mq_status next_event(struct reader *reader, yaml_event_t *event)
{
    return yaml_parser_parse(&reader->parser, event) ? MQ_OK : fail_yaml(reader);
}

static struct mq_yaml *new_node(struct reader *reader, enum mq_yaml_kind kind, yaml_mark_t mark)
{
    struct mq_yaml *node = mq_arena_alloc(reader->arena, sizeof *node);
    if (node) {
        node->kind = kind;
        node->at = (struct mq_position){(long)mark.line + 1, (long)mark.column + 1};
        node->index = mark.index;
    }
    return node;
}

/* Makes room for one more pointer; lengths double, the arena keeps the old ones. */
static bool push(struct mq_arena *arena, const struct mq_yaml ***list, size_t count,
                 const struct mq_yaml *item)
{
    if ((count & (count - 1)) == 0) {
        const struct mq_yaml **longer =
            mq_arena_array(arena, count ? 2 * count : 1, sizeof *longer);
        if (!longer)
            return false;
        for (size_t i = 0; i < count; i++)
            longer[i] = (*list)[i];
        *list = longer;
    }
    (*list)[count] = item;
    return true;
}

static enum mq_status open_anchor(struct reader *reader, const yaml_char_t *name,
                                  struct anchor **anchor)
{
    *anchor = NULL;
    if (!name)
        return MQ_OK;
    struct anchor *added = mq_arena_alloc(reader->arena, sizeof *added);
    const char *text = (const char *)name;
    if (!added || !(added->name = mq_arena_string(reader->arena, text, strlen(text))))
        return mq_fail_memory(reader->error);
    added->next = reader->anchors;
    reader->anchors = *anchor = added;
    return MQ_OK;
}

static enum mq_status read_alias(struct reader *reader, const yaml_event_t *event,
                                 const struct mq_yaml **node)
{
    const char *name = (const char *)event->data.alias.anchor;
    for (const struct anchor *anchor = reader->anchors; anchor; anchor = anchor->next)
        if (strcmp(anchor->name, name) == 0) {
            if (!anchor->node)
                return fail_at(reader, event->start_mark,
                               "an alias cannot stand inside its own anchor");
            *node = anchor->node;
            return MQ_OK;
        }
    return fail_at(reader, event->start_mark,
                   "this alias names an anchor that does not come before it");
}

static enum mq_status read_scalar(struct reader *reader, const yaml_event_t *event,
                                  const struct mq_yaml **node)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (event->data.scalar.tag)
        return fail_at(reader, event->start_mark, "tags (!...) have no meaning in a model");
    if (memchr(text, '\0', length))
        return fail_at(reader, event->start_mark, "a text cannot contain a zero byte");
    struct mq_yaml *made = new_node(reader, MQ_YAML_SCALAR, event->start_mark);
    if (!made || !(made->text = mq_arena_string(reader->arena, text, length)))
        return mq_fail_memory(reader->error);
    made->length = length;
    yaml_scalar_style_t style = event->data.scalar.style;
    made->plain = style == YAML_PLAIN_SCALAR_STYLE;
    made->style = style == YAML_PLAIN_SCALAR_STYLE           ? ' '
                  : style == YAML_SINGLE_QUOTED_SCALAR_STYLE ? '\''
                  : style == YAML_DOUBLE_QUOTED_SCALAR_STYLE ? '"'
                                                             : '|';
    *node = made;
    return MQ_OK;
}

static enum mq_status read_node(struct reader *reader, const yaml_event_t *event, int depth,
                                const struct mq_yaml **node);

static enum mq_status read_list(struct reader *reader, const yaml_event_t *start, int depth,
                                struct mq_yaml *list)
{
    if (start->data.sequence_start.tag)
        return fail_at(reader, start->start_mark, "tags (!...) have no meaning in a model");
    for (;;) {
        yaml_event_t event;
        const struct mq_yaml *item = NULL;
        MQ_TRY(next_event(reader, &event));
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        enum mq_status status = end ? MQ_OK : read_node(reader, &event, depth + 1, &item);
        yaml_event_delete(&event);
        if (end || status != MQ_OK)
            return status;
        if (!push(reader->arena, &list->item, list->count, item))
            return mq_fail_memory(reader->error);
        list->count++;
    }
}

/* A key must be a plain word, once in its map. */
static enum mq_status read_key(struct reader *reader, const yaml_event_t *event,
                               const struct mq_yaml *map, const struct mq_yaml **key)
{
    char name[MQ_QUOTED];
    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(reader, event->start_mark, "a key must be a word");
    MQ_TRY(read_scalar(reader, event, key));
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->key[i]->text, (*key)->text) == 0)
            return mq_fail(reader->error, MQ_BAD_MODEL, reader->file->path, (*key)->at.line,
                           (*key)->at.column,
                           "key \"%s\" is already at %ld:%ld; keep one of the two",
                           mq_quoted(mq_text((*key)->text), name), map->key[i]->at.line,
                           map->key[i]->at.column);
    if (map->count == MAX_KEYS)
        return fail_at(reader, event->start_mark, "more than 1000 keys in one map");
    return MQ_OK;
}

static enum mq_status read_map(struct reader *reader, const yaml_event_t *start, int depth,
                               struct mq_yaml *map)
{
    if (start->data.mapping_start.tag)
        return fail_at(reader, start->start_mark, "tags (!...) have no meaning in a model");
    for (;;) {
        yaml_event_t event;
        const struct mq_yaml *key = NULL, *value = NULL;
        MQ_TRY(next_event(reader, &event));
        bool end = event.type == YAML_MAPPING_END_EVENT;
        enum mq_status status = end ? MQ_OK : read_key(reader, &event, map, &key);
        yaml_event_delete(&event);
        if (end || status != MQ_OK)
            return status;
        MQ_TRY(next_event(reader, &event));
        status = read_node(reader, &event, depth + 1, &value);
        yaml_event_delete(&event);
        MQ_TRY(status);
        if (!push(reader->arena, &map->key, map->count, key) ||
            !push(reader->arena, &map->item, map->count, value))
            return mq_fail_memory(reader->error);
        map->count++;
    }
}

static enum mq_status read_node(struct reader *reader, const yaml_event_t *event, int depth,
                                const struct mq_yaml **node)
{
    if (depth > MAX_DEPTH)
        return fail_at(reader, event->start_mark, "nested too deeply for a model");
    if (event->type == YAML_ALIAS_EVENT)
        return read_alias(reader, event, node);
    struct anchor *anchor = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        MQ_TRY(open_anchor(reader, event->data.scalar.anchor, &anchor));
        MQ_TRY(read_scalar(reader, event, node));
    } else {
        bool list = event->type == YAML_SEQUENCE_START_EVENT;
        struct mq_yaml *made =
            new_node(reader, list ? MQ_YAML_LIST : MQ_YAML_MAP, event->start_mark);
        if (!made)
            return mq_fail_memory(reader->error);
        MQ_TRY(open_anchor(
            reader, list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor,
            &anchor));
        MQ_TRY(list ? read_list(reader, event, depth, made) : read_map(reader, event, depth, made));
        *node = made;
    }
    if (anchor)
        anchor->node = *node;
    return MQ_OK;
}

/* STREAM-START DOCUMENT-START node DOCUMENT-END STREAM-END, nothing else. */
static enum mq_status read_stream(struct reader *reader, const struct mq_yaml **root)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        enum mq_status status = MQ_OK;
        MQ_TRY(next_event(reader, &event));
        if (event.type == YAML_STREAM_END_EVENT)
            more = false;
        else if (event.type == YAML_DOCUMENT_START_EVENT && *root)
            status = fail_at(reader, event.start_mark,
                             "a second document starts here; a model is one document");
        else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
                 event.type != YAML_DOCUMENT_END_EVENT)
            status = read_node(reader, &event, 0, root);
        yaml_event_delete(&event);
        MQ_TRY(status);
    }
    if (!*root)
        return mq_fail(reader->error, MQ_BAD_MODEL, reader->file->path, 1, 1,
                       "the file is empty; a model starts with \"mqci: 1\"");
    return MQ_OK;
}

static enum mq_status check_bytes(const struct mq_yaml_file *file, struct mq_error *error)
{
    if (file->count > MAX_BYTES)
        return mq_fail(error, MQ_BAD_MODEL, file->path, 0, 0,
                       "larger than 4 MiB; is this a model file?");
    size_t valid = mq_utf8_valid(file->bytes, file->count);
    if (valid == file->count)
        return MQ_OK;
    struct mq_position at = place(file, valid);
    return mq_fail(error, MQ_BAD_MODEL, file->path, at.line, at.column,
                   "byte 0x%02X is not UTF-8; save the model as UTF-8 (not GBK or GB18030)",
                   (unsigned)(unsigned char)file->bytes[valid]);
}

enum mq_status mq_yaml_read(const struct mq_yaml_file *file, struct mq_arena *arena,
                            const struct mq_yaml **root, struct mq_error *error)
{
    struct reader reader = {.file = file, .arena = arena, .error = error};
    MQ_TRY(check_bytes(file, error));
    if (!yaml_parser_initialize(&reader.parser))
        return mq_fail_memory(error);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)file->bytes, file->count);
    *root = NULL;
    enum mq_status status = read_stream(&reader, root);
    yaml_parser_delete(&reader.parser);
    return status;
}
