/*
 * pg: a table or query of a PostgreSQL database, through libpq and COPY ... TO STDOUT.
 *
 * What stands in the cells is PostgreSQL's own text: booleans are t and f, NULL and '' are both
 * missing, double precision has an exponent from 1e+15 up and below 0.0001 (an amount takes none:
 * cast it to numeric).
 */
#include <string.h>
#include <strings.h>

#include "ingest/pg_session.h"

#define COPY_AHEAD "COPY ("
enum { TABLES = 2000 }; /* looked at for a name that is near; see the LIMIT */

/* ---- table= --------------------------------------------------------------------------------- */

/* The next part of schema.table; double quotes keep a dot in it, two stand for one. NULL: not a
 * name. */
static const char *take_part(const char *text, struct mq_buffer *part)
{
    part->length = 0;
    mq_buffer_add(part, "", 0);
    if (*text != '"') {
        size_t length = strcspn(text, ".\"");
        mq_buffer_add(part, text, length);
        text += length;
    } else {
        for (text++; *text && !(text[0] == '"' && text[1] != '"'); text++) {
            text += *text == '"';
            mq_buffer_add(part, text, 1);
        }
        if (*text++ != '"')
            return NULL;
    }
    return part->length > 0 && (*text == '.' || *text == '\0') ? text : NULL;
}

/* schema.table -> SELECT * FROM "schema"."table": views are read as tables are. */
static enum mq_status select_table(const struct mq_pg_job *job, const char *name,
                                   struct mq_buffer *query)
{
    struct mq_buffer part = MQ_BUFFER_EMPTY;
    const char *rest = name;
    bool named = true;
    mq_buffer_text(query, "SELECT * FROM ");
    for (bool more = true; more && named;) {
        rest = take_part(rest, &part);
        char *quoted = rest && !part.failed
                           ? PQescapeIdentifier(job->session->conn, part.data, part.length)
                           : NULL;
        named = quoted;
        if (quoted) {
            mq_buffer_text(query, quoted);
            more = *rest == '.';
            mq_buffer_text(query, more ? "." : "");
            rest += more;
        }
        PQfreemem(quoted);
    }
    bool failed = part.failed || query->failed;
    mq_buffer_clear(&part);
    if (failed)
        return mq_fail_memory(job->error);
    if (!named)
        return mq_fail(job->error, MQ_USAGE, job->pour->path, 0, 0,
                       "\"%s\" is not the name of a table; write table=NAME or table=SCHEMA.NAME, "
                       "names with dots in double quotes",
                       name);
    return MQ_OK;
}

/* The table that may have been meant: of the same name in another schema or in other letters, else
 * of a name that is near. */
static const char *nearest(const PGresult *tables, const char *name)
{
    const char *near[TABLES];
    size_t count = (size_t)PQntuples(tables) < TABLES ? (size_t)PQntuples(tables) : TABLES;
    for (size_t i = 0; i < count; i++) {
        near[i] = PQgetvalue(tables, (int)i, 0);
        const char *dot = strrchr(near[i], '.');
        if (strcasecmp(dot ? dot + 1 : near[i], name) == 0)
            return near[i];
    }
    return mq_text_nearest(name, near, count);
}

static enum mq_status no_table(const struct mq_pg_job *job, const char *name)
{
    static const char sql[] =
        "SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname::text ELSE "
        "n.nspname || '.' || c.relname END FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace "
        "n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname "
        "NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' ORDER BY "
        "1 LIMIT 2000";
    PGresult *answer = NULL;
    struct mq_error unheard;
    struct mq_pg_job quiet = *job;
    quiet.error = &unheard;
    enum mq_status status = mq_pg_ask(&quiet, PQsendQuery(job->session->conn, "ROLLBACK"), &answer);
    PQclear(answer);
    answer = NULL;
    if (status == MQ_OK)
        status = mq_pg_ask(&quiet, PQsendQuery(job->session->conn, sql), &answer);
    const char *near = status == MQ_OK ? nearest(answer, name) : NULL;
    status = mq_fail(job->error, MQ_NO_INPUT, job->pour->path, 0, 0,
                     "the database \"%s\" has no table \"%s\"%s%s%s", PQdb(job->session->conn),
                     name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    PQclear(answer);
    return status;
}

/* ---- query= --------------------------------------------------------------------------------- */

/*
 * A query goes into the parentheses of COPY (...) and must not get out of them, as "SELECT 1) TO
 * PROGRAM 'x' --" would. So the server first has to take it, alone, as one statement: it prepares
 * exactly one, and the parentheses of a statement it accepts are balanced, outside of literals and
 * comments, which are closed in it too. Only a comment that runs to the end of the line could still
 * hide our parenthesis: that one stands on a new line. That nothing is changed is seen to by the
 * transaction, which only reads.
 */
static enum mq_status prove(const struct mq_pg_job *job, const char *query)
{
    PGconn *conn = job->session->conn;
    PGresult *answer;
    struct mq_pg_job alone = *job;
    alone.ahead = job->ahead < 0 ? -1 : 0;
    MQ_TRY(mq_pg_ask(&alone, PQsendPrepare(conn, "", query, 0, NULL), &answer));
    PQclear(answer);
    MQ_TRY(mq_pg_ask(&alone, PQsendDescribePrepared(conn, ""), &answer));
    int columns = PQnfields(answer);
    PQclear(answer);
    if (columns == 0)
        return mq_fail(job->error, MQ_DATA, job->pour->path, 0, 0,
                       "the query gives no table; write a SELECT");
    return MQ_OK;
}

/* A semicolon at the end is of no use inside the parentheses. */
static size_t without_end(const char *query)
{
    size_t length = strlen(query);
    while (length > 0 && strchr("; \t\r\n", query[length - 1]))
        length--;
    return length;
}

static enum mq_status pour_rows(const struct mq_pg_job *job)
{
    enum mq_status status = MQ_OK;
    char *row = NULL;
    int length;
    do {
        MQ_TRY(mq_pg_row(job, &row, &length));
        if (row && length == 1) /* a row of one missing cell is not a blank line */
            status = mq_pour_record(job->pour, "\"\"\n", 3, job->error);
        else if (row)
            status = mq_pour_record(job->pour, row, (size_t)length, job->error);
        PQfreemem(row);
    } while (row && status == MQ_OK);
    if (status != MQ_OK)
        mq_pg_cancel(job);
    return status;
}

static enum mq_status copy(const struct mq_pg_job *job, struct mq_buffer *query)
{
    struct mq_buffer sql = MQ_BUFFER_EMPTY;
    PGresult *answer = NULL;
    mq_buffer_text(&sql, COPY_AHEAD);
    mq_buffer_add(&sql, query->data, query->length);
    mq_buffer_text(&sql, "\n) TO STDOUT (FORMAT csv, HEADER true)");
    enum mq_status status = query->failed || sql.failed ? mq_fail_memory(job->error) : MQ_OK;
    if (status == MQ_OK)
        status = prove(job, query->data);
    if (status == MQ_OK) /* with parameters, though none, this too takes one statement only */
        status = mq_pg_ask(
            job, PQsendQueryParams(job->session->conn, sql.data, 0, NULL, NULL, NULL, NULL, 0),
            &answer);
    mq_buffer_clear(&sql);
    PQclear(answer);
    return status == MQ_OK ? pour_rows(job) : status;
}

static enum mq_status pour(const struct mq_origin *origin, struct mq_pour *pour,
                           struct mq_error *error)
{
    static const size_t key = sizeof "query=" - 1; /* as long as "table=" */
    const char *text = origin->part + key;
    bool table = strncmp(origin->part, "table=", key) == 0;
    struct mq_error own = {0};
    struct mq_pg_job job = {
        .pour = pour, .error = &own, .what = "the database cannot be read", .ahead = -1};
    struct mq_buffer query = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_pg_find(origin->place, origin->held, &job);
    job.what = table ? "the table cannot be read" : "the query fails";
    job.ahead = table ? -1 : (long)strlen(COPY_AHEAD);
    if (status == MQ_OK && table)
        status = select_table(&job, text, &query);
    else
        mq_buffer_add(&query, text, without_end(text));
    if (status == MQ_OK)
        status = copy(&job, &query);
    mq_buffer_clear(&query);
    if (status == MQ_DATA && table && strstr(own.message, "SQLSTATE 42P01"))
        status = no_table(&job, text);
    if (status != MQ_OK && error)
        *error = own;
    return status;
}

const struct mq_form mq_form_pg = {
    .name = "pg",
    .summary = "a table or query of a PostgreSQL database: pg:service=NAME?table=NAME, "
               "\"pg:host=NAME dbname=NAME?query=SELECT ...\"; passwords go into ~/.pgpass",
    .scheme = "pg:",
    .magic = NULL,
    .magic_length = 0,
    .parts = false,
    .text = false,
    .pour = pour,
    .release = mq_pg_release,
};
