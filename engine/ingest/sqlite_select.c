/* sqlite: from what follows "?" in the address to a statement, and the words for what fails. */
#include <string.h>

#include "ingest/sqlite.h"

enum { MOST_LISTED = 400 }; /* bytes of table names in a message */

/* ---- failures of the library ---- */

enum mq_status mq_sqlite_fail(sqlite3 *base, int code, const struct mq_origin *origin,
                              struct mq_error *error)
{
    const char *place = origin->place, *said = base ? sqlite3_errmsg(base) : "out of memory";
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return mq_fail_memory(error);
    case SQLITE_INTERRUPT:
        return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return mq_fail(error, MQ_IO, place, 0, 0,
                       "is locked by a program that writes to it (waited %d seconds); close that "
                       "program or try again later",
                       MQ_SQLITE_WAIT_MS / 1000);
    case SQLITE_NOTADB:
        return mq_fail(error, MQ_DATA, place, 0, 0,
                       "is not an SQLite file, or it is encrypted; name an SQLite file without a "
                       "password");
    case SQLITE_CORRUPT:
        return mq_fail(error, MQ_DATA, place, 0, 0,
                       "is a damaged SQLite file (%s); copy or download it again", said);
    default:
        return mq_fail(error, MQ_IO, place, 0, 0,
                       "cannot be read: %s; if a program has it open, close it, and keep the files "
                       "ending in -wal and -journal beside it",
                       said);
    }
}

/* ---- tables there are ---- */

struct names {
    struct mq_arena arena;
    const char **name;
    size_t count, room;
};

static bool note_name(struct names *names, const char *name)
{
    if (names->count == names->room) {
        size_t room = names->room ? 2 * names->room : 16;
        const char **grown = mq_arena_array(&names->arena, room, sizeof *grown);
        if (!grown)
            return false;
        if (names->count)
            memcpy(grown, names->name, names->count * sizeof *grown);
        names->name = grown;
        names->room = room;
    }
    const char *copy = name ? mq_arena_string(&names->arena, name, strlen(name)) : NULL;
    if (copy)
        names->name[names->count++] = copy;
    return copy;
}

static enum mq_status find_names(sqlite3 *base, const struct mq_origin *origin, struct names *names,
                                 struct mq_error *error)
{
    static const char sql[] = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND "
                              "substr(name, 1, 7) <> 'sqlite_' ORDER BY name";
    sqlite3_stmt *found = NULL;
    int code = sqlite3_prepare_v2(base, sql, -1, &found, NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(found)) == SQLITE_ROW)
        code = note_name(names, (const char *)sqlite3_column_text(found, 0)) ? SQLITE_OK
                                                                             : SQLITE_NOMEM;
    enum mq_status status = code == SQLITE_DONE ? MQ_OK : mq_sqlite_fail(base, code, origin, error);
    sqlite3_finalize(found);
    return status;
}

static bool has_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (sqlite3_stricmp(names->name[i], name) == 0)
            return true;
    return false;
}

/* "; it has the tables: a, b" */
static void list_names(const struct names *names, struct mq_buffer *text)
{
    mq_buffer_text(text, names->count ? "it has: " : "it has no tables");
    for (size_t i = 0; i < names->count; i++) {
        if (text->length + strlen(names->name[i]) > MOST_LISTED) {
            mq_buffer_format(text, ", ... (%zu in all)", names->count);
            return;
        }
        mq_buffer_format(text, "%s%s", i > 0 ? ", " : "", names->name[i]);
    }
}

/* `status` with the message and then the tables there are; `wanted` may be NULL. */
static enum mq_status fail_listing(sqlite3 *base, const struct mq_origin *origin,
                                   enum mq_status status, const char *message, const char *wanted,
                                   struct mq_error *error)
{
    struct names names = {0};
    struct mq_buffer list = MQ_BUFFER_EMPTY;
    enum mq_status found = find_names(base, origin, &names, error);
    list_names(&names, &list);
    const char *near = wanted ? mq_text_nearest(wanted, names.name, names.count) : NULL;
    if (found != MQ_OK)
        status = found;
    else if (list.failed)
        status = mq_fail_memory(error);
    else if (wanted && has_name(&names, wanted)) /* a view of what is gone, or a broken table */
        mq_fail(error, status, origin->path, 0, 0, "\"%s\" cannot be read: %s", wanted, message);
    else
        mq_fail(error, status, origin->path, 0, 0, "%s; %s%s%s%s", message, list.data,
                near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    mq_buffer_clear(&list);
    mq_arena_clear(&names.arena);
    return status;
}

/* ---- statements ---- */

static enum mq_status select_table(sqlite3 *base, const struct mq_origin *origin, const char *name,
                                   sqlite3_stmt **rows, struct mq_error *error)
{
    char *sql = sqlite3_mprintf("SELECT * FROM main.\"%w\"", name);
    if (!sql)
        return mq_fail_memory(error);
    int code = sqlite3_prepare_v2(base, sql, -1, rows, NULL);
    sqlite3_free(sql);
    if (code == SQLITE_OK)
        return MQ_OK;
    if (code != SQLITE_ERROR)
        return mq_sqlite_fail(base, code, origin, error);
    char said[200];
    sqlite3_snprintf(sizeof said, said, "%s", sqlite3_errmsg(base));
    char *absent = sqlite3_mprintf("no such table: main.%s", name);
    if (!absent)
        return mq_fail_memory(error);
    if (strncmp(said, absent, sizeof said - 1) == 0)
        sqlite3_snprintf(sizeof said, said, "has no table \"%s\"", name);
    sqlite3_free(absent);
    return fail_listing(base, origin, MQ_DATA, said, name, error);
}

/* Whether nothing but blanks, comments and semicolons is left. */
static bool is_over(sqlite3 *base, const char *rest)
{
    while (*rest) {
        sqlite3_stmt *more = NULL;
        int code = sqlite3_prepare_v2(base, rest, -1, &more, &rest);
        sqlite3_finalize(more);
        if (code != SQLITE_OK || more)
            return false;
    }
    return true;
}

static enum mq_status fail_query(sqlite3 *base, int code, const struct mq_origin *origin,
                                 struct mq_error *error)
{
    char said[300];
    if (code != SQLITE_ERROR)
        return mq_sqlite_fail(base, code, origin, error);
    sqlite3_snprintf(sizeof said, said, "the query is not understood: %s", sqlite3_errmsg(base));
    if (strstr(said, "no such table"))
        return fail_listing(base, origin, MQ_USAGE, said, NULL, error);
    return mq_fail(error, MQ_USAGE, origin->path, 0, 0, "%s", said);
}

static enum mq_status select_query(sqlite3 *base, const struct mq_origin *origin, const char *query,
                                   sqlite3_stmt **rows, struct mq_error *error)
{
    const char *rest = NULL, *wrong = NULL;
    int code = sqlite3_prepare_v2(base, query, -1, rows, &rest);
    if (code != SQLITE_OK)
        return fail_query(base, code, origin, error);
    if (!*rows)
        wrong = "is empty";
    else if (!sqlite3_stmt_readonly(*rows))
        wrong = "would change the file";
    else if (sqlite3_column_count(*rows) == 0 || sqlite3_stmt_isexplain(*rows))
        wrong = "gives no table";
    else if (!is_over(base, rest))
        wrong = "has more than one statement";
    else if (sqlite3_bind_parameter_count(*rows) > 0)
        wrong = "has a parameter (?) without a value";
    return wrong ? mq_fail(error, MQ_USAGE, origin->path, 0, 0,
                           "the query %s; write one SELECT statement", wrong)
                 : MQ_OK;
}

enum mq_status mq_sqlite_select(sqlite3 *base, const struct mq_origin *origin, sqlite3_stmt **rows,
                                struct mq_error *error)
{
    static const char query[] = "query=", table[] = "table=";
    const char *part = origin->part;
    if (part && strncmp(part, query, sizeof query - 1) == 0)
        return select_query(base, origin, part + sizeof query - 1, rows, error);
    if (part)
        return select_table(base, origin, part + sizeof table - 1, rows, error);
    struct mq_buffer message = MQ_BUFFER_EMPTY;
    mq_buffer_format(&message, "is an SQLite file; say which table: sqlite:%s?table=NAME",
                     origin->place);
    enum mq_status status = message.failed
                                ? mq_fail_memory(error)
                                : fail_listing(base, origin, MQ_USAGE, message.data, NULL, error);
    mq_buffer_clear(&message);
    return status;
}
