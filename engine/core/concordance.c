/* Codes of older editions and what they have become. */
#include "core/concordance.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MOST = 64 }; /* bytes of an edition and a code; longer ones are not taken */

struct entry {
    const char *code;
    size_t first, count; /* in successor */
};

struct mq_concordance {
    struct mq_dict *keys;     /* edition, newline, code: the ordinal of entry */
    struct mq_dict *editions; /* in order of appearance */
    struct entry *entry;
    struct mq_successor *successor; /* [rows] */
    struct mq_arena arena;
};

struct columns {
    size_t edition, code, new_code, kind;
    int sure, remark;
};

static enum mq_status find_columns(const struct mq_table *table, struct columns *columns,
                                   struct mq_error *error)
{
    MQ_TRY(mq_table_column(table, "edition", &columns->edition, error));
    MQ_TRY(mq_table_column(table, "code", &columns->code, error));
    MQ_TRY(mq_table_column(table, "new", &columns->new_code, error));
    MQ_TRY(mq_table_column(table, "kind", &columns->kind, error));
    columns->sure = mq_table_find(table, "sure");
    columns->remark = mq_table_find(table, "remark");
    return MQ_OK;
}

static size_t key_of(char key[KEY_MOST], struct mq_text edition, struct mq_text code)
{
    if (edition.n + 1 + code.n > KEY_MOST)
        return 0;
    memcpy(key, edition.s, edition.n);
    key[edition.n] = '\n';
    memcpy(key + edition.n + 1, code.s, code.n);
    return edition.n + 1 + code.n;
}

struct reading {
    struct mq_concordance *made;
    const struct mq_table *table;
    struct columns columns;
    size_t row;
};

static const char *cell(const struct reading *reading, size_t column)
{
    return reading->table->cell[reading->row * reading->table->columns + column];
}

static enum mq_status wrong(const struct reading *reading, size_t column, struct mq_error *error,
                            const char *text)
{
    return mq_fail(error, MQ_BAD_MODEL, reading->table->path, reading->table->line[reading->row],
                   (long)column + 1, "%s", text);
}

/* The entry a row belongs to, made if it is the first of its code. */
static enum mq_status find_entry(struct reading *reading, struct entry **entry,
                                 struct mq_error *error)
{
    struct mq_concordance *made = reading->made;
    const char *edition = cell(reading, reading->columns.edition);
    const char *code = cell(reading, reading->columns.code);
    char key[KEY_MOST];
    if (!edition[0])
        return wrong(reading, reading->columns.edition, error, "the edition is blank");
    if (!code[0])
        return wrong(reading, reading->columns.code, error, "the old code is blank");
    size_t length = key_of(key, mq_text(edition), mq_text(code));
    if (length == 0)
        return wrong(reading, reading->columns.code, error,
                     "edition and code have more than 63 bytes");
    uint32_t known = mq_dict_count(made->keys);
    uint32_t ordinal = mq_dict_intern(made->keys, (struct mq_text){key, length});
    if (ordinal == MQ_NO_CODE || mq_dict_intern(made->editions, mq_text(edition)) == MQ_NO_CODE)
        return mq_fail_memory(error);
    if (ordinal < known && ordinal + 1 != known)
        return wrong(reading, reading->columns.code, error,
                     "this code has rows further up; put its rows together");
    *entry = &made->entry[ordinal];
    if (ordinal == known) {
        (*entry)->first = reading->row;
        (*entry)->code = mq_dict_text(made->keys, ordinal).s + strlen(edition) + 1;
    }
    (*entry)->count++;
    return MQ_OK;
}

/* One `whole`, or one `main` before any `part`. */
static enum mq_status check_kind(const struct reading *reading, const struct entry *entry,
                                 struct mq_error *error)
{
    const char *kind = cell(reading, reading->columns.kind);
    size_t at = reading->columns.kind;
    bool first = entry->count == 1, whole = strcmp(kind, "whole") == 0;
    if (!whole && strcmp(kind, "main") != 0 && strcmp(kind, "part") != 0)
        return wrong(reading, at, error, "the kind must be whole, main or part");
    if (first && strcmp(kind, "part") == 0)
        return wrong(reading, at, error, "the first row of a code must be its whole or main part");
    if (!first && strcmp(kind, "part") != 0)
        return wrong(reading, at, error,
                     "this code has a row before; the further ones must be of kind part");
    if (!first &&
        strcmp(reading->table->cell[entry->first * reading->table->columns + at], "whole") == 0)
        return wrong(reading, at, error, "this code went to another one as a whole");
    return MQ_OK;
}

static const char *keep(struct reading *reading, const char *text)
{
    return text[0] ? mq_arena_string(&reading->made->arena, text, strlen(text)) : "";
}

static enum mq_status read_row(struct reading *reading, struct mq_error *error)
{
    struct entry *entry = NULL;
    const struct columns *columns = &reading->columns;
    struct mq_successor *successor = &reading->made->successor[reading->row];
    const char *code = cell(reading, columns->new_code);
    enum mq_status status = find_entry(reading, &entry, error);
    if (!entry)
        return status;
    MQ_TRY(check_kind(reading, entry, error));
    if (!code[0])
        return wrong(reading, columns->new_code, error, "the new code is blank");
    for (size_t i = entry->first; i < reading->row; i++)
        if (strcmp(reading->made->successor[i].code, code) == 0)
            return wrong(reading, columns->new_code, error, "this new code stands there twice");
    const char *sure = columns->sure < 0 ? "" : cell(reading, (size_t)columns->sure);
    if (sure[0] && strcmp(sure, "yes") != 0 && strcmp(sure, "no") != 0)
        return wrong(reading, (size_t)columns->sure, error, "write yes or no");
    successor->code = keep(reading, code);
    successor->sure = strcmp(sure, "no") != 0;
    successor->remark =
        columns->remark < 0 ? "" : keep(reading, cell(reading, (size_t)columns->remark));
    return successor->code && successor->remark ? MQ_OK : mq_fail_memory(error);
}

/* A main part needs another one. */
static enum mq_status check_split(struct reading *reading, struct mq_error *error)
{
    for (uint32_t i = 0; i < mq_dict_count(reading->made->keys); i++) {
        const struct entry *entry = &reading->made->entry[i];
        reading->row = entry->first;
        if (entry->count == 1 && strcmp(cell(reading, reading->columns.kind), "main") == 0)
            return wrong(reading, reading->columns.kind, error,
                         "this code has a main part but no other; write whole");
    }
    return MQ_OK;
}

static enum mq_status build(struct mq_concordance *made, const struct mq_table *table,
                            struct mq_error *error)
{
    struct reading reading = {.made = made, .table = table};
    MQ_TRY(find_columns(table, &reading.columns, error));
    MQ_TRY(mq_dict_new(&made->keys, error));
    MQ_TRY(mq_dict_new(&made->editions, error));
    made->entry = mq_arena_array(&made->arena, table->rows, sizeof *made->entry);
    made->successor = mq_arena_array(&made->arena, table->rows, sizeof *made->successor);
    if (!made->entry || !made->successor)
        return mq_fail_memory(error);
    if (table->rows == 0)
        return mq_fail(error, MQ_BAD_MODEL, table->path, 0, 0, "the concordance has no codes");
    for (; reading.row < table->rows; reading.row++)
        MQ_TRY(read_row(&reading, error));
    return check_split(&reading, error);
}

enum mq_status mq_concordance_read(const char *path, struct mq_concordance **concordance,
                                   struct mq_error *error)
{
    struct mq_table table = {0};
    struct mq_concordance *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    enum mq_status status = mq_table_read(path, &table, error);
    if (status == MQ_OK)
        status = build(made, &table, error);
    if (status == MQ_DATA) { /* a concordance belongs to the model */
        status = MQ_BAD_MODEL;
        if (error)
            error->status = status;
    }
    mq_table_clear(&table);
    if (status != MQ_OK) {
        mq_concordance_free(made);
        return status;
    }
    *concordance = made;
    return MQ_OK;
}

void mq_concordance_free(struct mq_concordance *concordance)
{
    if (!concordance)
        return;
    mq_dict_free(concordance->keys);
    mq_dict_free(concordance->editions);
    mq_arena_clear(&concordance->arena);
    free(concordance);
}

const char *mq_concordance_edition(const struct mq_concordance *concordance, size_t index)
{
    return index < mq_dict_count(concordance->editions)
               ? mq_dict_text(concordance->editions, (uint32_t)index).s
               : NULL;
}

struct mq_succession mq_concordance_find(const struct mq_concordance *concordance,
                                         struct mq_text edition, struct mq_text code)
{
    char key[KEY_MOST];
    size_t length = key_of(key, edition, code), shortest = edition.n + 1;
    for (; length > shortest; length--) {
        uint32_t found = mq_dict_find(concordance->keys, (struct mq_text){key, length});
        if (found == MQ_NO_CODE)
            continue;
        const struct entry *entry = &concordance->entry[found];
        return (struct mq_succession){entry->count, &concordance->successor[entry->first],
                                      entry->code};
    }
    return (struct mq_succession){0};
}
