/* tables: small files in which rules look things up. */
#include "model/binder.h"

#include <string.h>

struct draft {
    const char *key;
    const struct mq_yaml *file, *key_at, *by;
};

static const struct mq_key keys[] = {
    {"file", true, mq_bind_keep, offsetof(struct draft, file), 0, 0},
    {"key", true, mq_bind_text, offsetof(struct draft, key), 0, 0},
    {"by", false, mq_bind_keep, offsetof(struct draft, by), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a table", keys);

enum mq_status mq_bind_digest(struct mq_binder *b, const char *path)
{
    struct mq_sha256 digest;
    MQ_TRY(mq_sha256_file(path, &digest, b->error));
    mq_buffer_format(&b->digests, "%s\n", digest.hex);
    return b->digests.failed ? mq_fail_memory(b->error) : MQ_OK;
}

/* by: industry.division: a row of the table is for all codes that lie in its code. */
static enum mq_status index_below(struct mq_binder *b, const struct mq_lookup *lookup,
                                  const struct mq_codes *codes, struct mq_key_rows *rows)
{
    const struct mq_table *table = &lookup->table;
    char name[MQ_QUOTED];
    for (size_t i = 0; i < table->rows; i++) {
        const char *key =
            table->cell[i * table->columns + (size_t)mq_table_find(table, lookup->key)];
        uint32_t at = mq_dict_find(codes->dict, mq_text(key));
        if (*key && (at == MQ_NO_CODE || strcmp(codes->code[at].level, lookup->part) != 0))
            return mq_fail(b->error, MQ_BAD_MODEL, table->path, table->line[i], 0,
                           "%s \"%s\" is no %s of the code list %s", lookup->key,
                           mq_quoted(mq_text(key), name), lookup->part, codes->path);
    }
    for (uint32_t i = 0; i < codes->count; i++) {
        uint32_t top = mq_codes_ancestor(codes, i, lookup->part);
        const char *code = codes->code[i].code,
                   *above = top == MQ_NO_CODE ? "" : codes->code[top].code;
        uint32_t row = top == MQ_NO_CODE || top == i
                           ? MQ_NO_CODE
                           : mq_key_rows_find(rows, mq_hash64(above, strlen(above), 0));
        if (row != MQ_NO_CODE)
            mq_key_rows_add(rows, mq_hash64(code, strlen(code), 0), row);
    }
    return MQ_OK;
}

/* Every key stands once; rows without a key cannot be found. */
static enum mq_status index_rows(struct mq_binder *b, struct mq_lookup *lookup)
{
    const struct mq_table *table = &lookup->table;
    const struct mq_codes *codes =
        lookup->part[0] ? &b->model->list[b->model->input[lookup->input].list] : NULL;
    struct mq_key_rows *rows =
        mq_key_rows_new(&b->model->arena, table->rows + (codes ? codes->count : 0));
    int column = mq_table_find(table, lookup->key);
    char name[MQ_QUOTED];
    if (!rows)
        return mq_fail_memory(b->error);
    for (size_t i = 0; column >= 0 && i < table->rows; i++) {
        const char *key = table->cell[i * table->columns + (size_t)column];
        if (*key == '\0')
            continue;
        uint32_t first = mq_key_rows_add(rows, mq_hash64(key, strlen(key), 0), (uint32_t)i);
        if (first != i)
            return mq_fail(b->error, MQ_BAD_MODEL, table->path, table->line[i], 0,
                           "%s \"%s\" already stands in line %ld; a table that is looked up has "
                           "each once",
                           lookup->key, mq_quoted(mq_text(key), name), table->line[first]);
    }
    lookup->rows = rows;
    return codes && column >= 0 ? index_below(b, lookup, codes, rows) : MQ_OK;
}

static int find_input(const struct mq_model *model, struct mq_text id)
{
    for (size_t i = 0; i < model->inputs; i++)
        if (mq_text_is(id, model->input[i].id))
            return (int)i;
    return -1;
}

/* industry.division */
static enum mq_status bind_part(struct mq_binder *b, const struct mq_yaml *at, const char *name,
                                struct mq_lookup *lookup)
{
    const char *point = strrchr(name, '.');
    char hint[MQ_HINT], quoted[MQ_QUOTED];
    int found = point ? find_input(b->model, (struct mq_text){name, (size_t)(point - name)}) : -1;
    if (found < 0)
        return MQ_OK;
    lookup->input = found;
    lookup->part = mq_arena_string(&b->model->arena, point + 1, strlen(point + 1));
    if (!lookup->part)
        return mq_fail_memory(b->error);
    if (b->model->input[found].list < 0)
        return mq_bind_fail(b, at, "input \"%s\" has no code list, so it has no levels",
                            b->model->input[found].id);
    const struct mq_codes *codes = &b->model->list[b->model->input[found].list];
    for (size_t i = 0; i < codes->levels; i++)
        if (strcmp(codes->level[i], lookup->part) == 0)
            return MQ_OK;
    if (b->flags & MQ_MODEL_NO_CODES)
        return MQ_OK;
    return mq_bind_fail(b, at, "the code list has no level \"%s\"%s",
                        mq_quoted(mq_text(lookup->part), quoted),
                        mq_hint(lookup->part, codes->level, codes->levels, "levels", hint));
}

/* The input whose value is the key. */
static enum mq_status bind_by(struct mq_binder *b, const struct mq_yaml *map,
                              const struct draft *draft, struct mq_lookup *lookup)
{
    const struct mq_model *model = b->model;
    const struct mq_yaml *at = draft->by ? draft->by : mq_yaml_get(map, "key");
    const char *name =
        draft->by ? draft->by->kind == MQ_YAML_SCALAR ? draft->by->text : "" : draft->key;
    const char **known = mq_arena_array(&b->scratch, model->inputs + 1, sizeof *known);
    if (!known)
        return mq_fail_memory(b->error);
    lookup->input = find_input(model, mq_text(name));
    for (size_t i = 0; i < model->inputs; i++)
        known[i] = model->input[i].id;
    if (lookup->input < 0)
        MQ_TRY(bind_part(b, at, name, lookup));
    if (lookup->input < 0 && !draft->by)
        return mq_bind_fail(b, at,
                            "no input is called like the key column; write by: and the input whose "
                            "value is looked up");
    if (lookup->input < 0)
        return mq_bind_unknown(b, at, "no input is called", known, model->inputs, "inputs");
    enum mq_type type = model->input[lookup->input].type;
    return type == MQ_KEY || type == MQ_CODE || type == MQ_PERIOD
               ? MQ_OK
               : mq_bind_fail(b, at, "a table is looked up by a key, a code or a period");
}

static enum mq_status open_table(struct mq_binder *b, const struct mq_yaml *map,
                                 struct mq_lookup *lookup)
{
    char name[MQ_QUOTED], hint[MQ_HINT];
    struct mq_table *table = &lookup->table;
    if (b->flags & MQ_MODEL_NO_CODES)
        return index_rows(b, lookup);
    MQ_TRY(mq_table_read(lookup->path, table, b->error));
    lookup->number = mq_arena_array(&b->model->arena, table->columns, sizeof *lookup->number);
    if (!lookup->number)
        return mq_fail_memory(b->error);
    if (mq_table_find(table, lookup->key) < 0)
        return mq_bind_fail(b, mq_yaml_get(map, "key"), "the file has no column \"%s\"%s",
                            mq_quoted(mq_text(lookup->key), name),
                            mq_hint(lookup->key, (const char *const *)table->header, table->columns,
                                    "columns", hint));
    MQ_TRY(mq_bind_digest(b, lookup->path));
    return index_rows(b, lookup);
}

static enum mq_status bind_table(struct mq_binder *b, const struct mq_yaml *tables, size_t index)
{
    struct mq_model *model = b->model;
    const struct mq_yaml *map = tables->item[index];
    const struct mq_key id = {.name = "tables"};
    struct draft draft = {0};
    struct mq_lookup lookup = {.part = ""};
    const char *written;
    char name[MQ_QUOTED];
    MQ_TRY(mq_bind_id(b, tables->key[index], &id, &lookup.id));
    if (!mq_formula_name(mq_text(lookup.id)) || strchr(lookup.id, '.'))
        return mq_bind_fail(b, tables->key[index],
                            "\"%s\" cannot be used in formulas: start with a letter, \"_\" or a "
                            "Chinese character, go on with these and digits",
                            mq_quoted(mq_text(lookup.id), name));
    for (size_t i = 0; i < model->inputs; i++)
        if (strcmp(model->input[i].id, lookup.id) == 0)
            return mq_bind_fail(b, tables->key[index], "\"%s\" is already an input", lookup.id);
    MQ_TRY(mq_bind_map(b, map, &section, &draft));
    MQ_TRY(mq_bind_path(b, draft.file, "file", &written, &lookup.path));
    lookup.key = draft.key;
    MQ_TRY(bind_by(b, map, &draft, &lookup));
    struct mq_lookup *made = &model->lookup[model->lookups++];
    *made = lookup;
    return open_table(b, map, made);
}

enum mq_status mq_bind_tables(struct mq_binder *b, const struct mq_yaml *tables)
{
    struct mq_model *model = b->model;
    if (tables->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, tables,
                            "\"tables\" is written as names with files, like {persons: {file: "
                            "persons.csv, key: person_id}}");
    model->lookup = mq_arena_array(&model->arena, tables->count + 1, sizeof *model->lookup);
    if (!model->lookup)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < tables->count; i++)
        MQ_TRY(bind_table(b, tables, i));
    return MQ_OK;
}
