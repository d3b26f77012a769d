/* pg_session: connections to PostgreSQL, and waiting for their answers. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/pg_session.h"

enum { PLAIN = 600, WAIT_MS = 100 };

/* Messages of libpq have several lines, tabs, and words for machines: one plain line. */
static const char *plain(const char *text, char out[PLAIN])
{
    static const char *const noise[] = {"FATAL: ", "ERROR: "};
    size_t length = 0;
    bool gap = false, line_end = false;
    while (text && *text && length + 4 < PLAIN) {
        size_t skip = 0;
        for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
            if (strncmp(text, noise[i], strlen(noise[i])) == 0)
                skip = strlen(noise[i]);
        text += skip;
        if (skip > 0)
            continue;
        if (*text == '\n' || *text == ' ' || *text == '\t' || *text == '\r') {
            line_end = line_end || *text == '\n';
            gap = true;
            text++;
            continue;
        }
        bool goes_on = gap && text[-1] == '\t' && *text >= 'a' && *text <= 'z';
        if (line_end && !goes_on && length > 0)
            out[length++] = ';';
        if (gap && length > 0)
            out[length++] = ' ';
        gap = line_end = false;
        out[length++] = *text++;
    }
    /* Before a server is asked for UTF-8, it writes as it likes. */
    out[mq_utf8_valid(out, length)] = '\0';
    return out;
}

/* ---- waiting -------------------------------------------------------------------------------- */

static enum mq_status broken(const struct mq_pg_job *job)
{
    char reason[PLAIN];
    uint64_t rows = job->pour->line > 0 ? job->pour->line - 1 : 0;
    return mq_fail(job->error, MQ_IO, job->pour->path, 0, 0,
                   "the connection to the database broke after %llu rows: %s",
                   (unsigned long long)rows, plain(PQerrorMessage(job->session->conn), reason));
}

void mq_pg_cancel(const struct mq_pg_job *job)
{
    char reason[256];
    PGcancel *cancel = PQgetCancel(job->session->conn);
    if (cancel)
        PQcancel(cancel, reason, sizeof reason);
    PQfreeCancel(cancel);
}

/* Takes in what the server has sent; waits for it unless it is the first try: an encrypted
 * connection may hold bytes that the socket no longer shows. */
static enum mq_status take_in(const struct mq_pg_job *job, int *tries)
{
    const struct mq_reader_options *options = job->pour->options;
    struct pollfd ready = {.fd = PQsocket(job->session->conn), .events = POLLIN};
    if ((*tries)++ > 0)
        poll(&ready, 1, WAIT_MS);
    if (options->stop && *options->stop) {
        mq_pg_cancel(job);
        return mq_fail(job->error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
    }
    return PQconsumeInput(job->session->conn) ? MQ_OK : broken(job);
}

/* The server itself is in trouble, and not about what it was asked: classes of SQLSTATE. */
static bool is_trouble(const char *state)
{
    static const char *const classes[] = {"08", "53", "57", "58", "XX"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strncmp(state, classes[i], 2) == 0)
            return true;
    return false;
}

static enum mq_status refused(const struct mq_pg_job *job, const PGresult *answer)
{
    const char *state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const char *detail = PQresultErrorField(answer, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = PQresultErrorField(answer, PG_DIAG_MESSAGE_HINT);
    const char *position = PQresultErrorField(answer, PG_DIAG_STATEMENT_POSITION);
    char message[PLAIN], detailed[PLAIN], hinted[PLAIN], at[64] = "";
    if (!state) /* libpq's own words */
        return broken(job);
    if (position && job->ahead >= 0 && atol(position) > job->ahead)
        snprintf(at, sizeof at, ", at character %ld of the query", atol(position) - job->ahead);
    if (strcmp(state, "25006") == 0)
        hint = "data are only read here";
    return mq_fail(job->error, is_trouble(state) ? MQ_IO : MQ_DATA, job->pour->path, 0, 0,
                   "%s: %s (SQLSTATE %s%s)%s%s%s%s", job->what,
                   plain(PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY), message), state, at,
                   detail ? "; " : "", plain(detail, detailed), hint ? "; " : "",
                   plain(hint, hinted));
}

enum mq_status mq_pg_ask(const struct mq_pg_job *job, int sent, PGresult **answer)
{
    PGconn *conn = job->session->conn;
    PGresult *last = NULL, *next = NULL;
    enum mq_status status = sent ? MQ_OK : broken(job);
    *answer = NULL;
    do {
        for (int tries = 0; status == MQ_OK && PQisBusy(conn);)
            status = take_in(job, &tries);
        next = status == MQ_OK ? PQgetResult(conn) : NULL;
        if (next) {
            PQclear(last);
            last = next;
        }
    } while (next && PQresultStatus(next) != PGRES_COPY_OUT);
    if (status == MQ_OK && !last)
        status = PQstatus(conn) == CONNECTION_BAD ? broken(job) : mq_fail_memory(job->error);
    if (status == MQ_OK && PQresultStatus(last) == PGRES_FATAL_ERROR)
        status = refused(job, last);
    if (status == MQ_OK)
        *answer = last;
    else
        PQclear(last);
    return status;
}

enum mq_status mq_pg_row(const struct mq_pg_job *job, char **row, int *length)
{
    PGresult *answer = NULL;
    for (int tries = 0; (*length = PQgetCopyData(job->session->conn, row, 1)) == 0;)
        MQ_TRY(take_in(job, &tries));
    if (*length > 0)
        return MQ_OK;
    *row = NULL;
    if (*length < -1)
        return broken(job);
    enum mq_status status = mq_pg_ask(job, 1, &answer); /* all rows were sent, or why not */
    PQclear(answer);
    return status;
}

/* ---- connecting ----------------------------------------------------------------------------- */

/* A password in the address can be read by everybody in the list of processes, and in the record
 * of the run. */
static enum mq_status check_place(const char *place, const struct mq_pg_job *job)
{
    char *reason = NULL, text[PLAIN];
    if (!strchr(place, '=') && !strstr(place, "://"))
        return MQ_OK; /* the name of a database */
    PQconninfoOption *options = PQconninfoParse(place, &reason);
    if (!options && !reason)
        return mq_fail_memory(job->error);
    if (!options) {
        mq_fail(job->error, MQ_USAGE, "pg", 0, 0,
                "the address is not understood: %s; write pg:service=NAME?table=NAME or "
                "\"pg:host=NAME dbname=NAME user=NAME?query=SELECT ...\"",
                plain(reason, text));
        PQfreemem(reason);
        return MQ_USAGE;
    }
    bool secret = false;
    for (const PQconninfoOption *option = options; option->keyword; option++)
        secret = secret || (option->val && (strcmp(option->keyword, "password") == 0 ||
                                            strcmp(option->keyword, "sslpassword") == 0));
    PQconninfoFree(options);
    if (secret)
        return mq_fail(job->error, MQ_USAGE, "pg", 0, 0,
                       "the address has a password in it, which others could see in the list of "
                       "processes and in the record of the run; leave it out and put it into "
                       "~/.pgpass or a service file");
    return MQ_OK;
}

/*
 * Whether address, service file or environment limit the time for connecting; a setting given with
 * the call would override the service file. An sslmode that does not exist stops libpq after it
 * has put the settings together and before it connects.
 */
static bool limits_time(const char *place)
{
    const char *const keywords[] = {"dbname", "sslmode", NULL}, *const values[] = {place, "?",
                                                                                   NULL};
    PGconn *probe = PQconnectStartParams(keywords, values, 1);
    PQconninfoOption *options = probe ? PQconninfo(probe) : NULL;
    bool limited = false;
    for (const PQconninfoOption *option = options; option && option->keyword; option++)
        limited = limited || (strcmp(option->keyword, "connect_timeout") == 0 && option->val &&
                              option->val[0]);
    PQconninfoFree(options);
    PQfinish(probe);
    return limited;
}

static void hear(void *context, const char *notice)
{
    const struct mq_pg *session = context;
    char text[PLAIN];
    mq_say(session->talk, MQ_LOG_INFO, "ingest", "the database says: %s", plain(notice, text));
}

static enum mq_status connect_to(const char *place, const struct mq_pg_job *job)
{
    struct mq_pg *session = job->session;
    const char *const keywords[] = {"dbname", "client_encoding", "fallback_application_name",
                                    limits_time(place) ? NULL : "connect_timeout", NULL};
    const char *const values[] = {place, "UTF8", "mqci", "10", NULL};
    char reason[PLAIN];
    session->conn = PQconnectdbParams(keywords, values, 1);
    if (!session->conn)
        return mq_fail_memory(job->error);
    if (PQstatus(session->conn) != CONNECTION_OK)
        return mq_fail(job->error, MQ_NO_INPUT, job->pour->path, 0, 0,
                       "the database cannot be reached: %s%s",
                       plain(PQerrorMessage(session->conn), reason),
                       PQconnectionNeedsPassword(session->conn)
                           ? "; put the password into ~/.pgpass or a service file"
                           : "");
    PQsetNoticeProcessor(session->conn, hear, session);
    return MQ_OK;
}

/*
 * The same values have to come as the same text in the same order from every server: numbers with
 * all their digits, dates and money as ISO and C write them, rows from the first on. A transaction
 * that waits for the other inputs of the run is not idle.
 */
static enum mq_status begin(const struct mq_pg_job *job)
{
    static const char sql[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                              "SET LOCAL DateStyle = ISO;"
                              "SET LOCAL IntervalStyle = postgres;"
                              "SET LOCAL TimeZone = 'UTC';"
                              "SET LOCAL extra_float_digits = 3;"
                              "SET LOCAL lc_monetary = 'C';"
                              "SET LOCAL synchronize_seqscans = off;"
                              "SET LOCAL standard_conforming_strings = on;"
                              "SET LOCAL idle_in_transaction_session_timeout = 0";
    PGresult *answer;
    MQ_TRY(mq_pg_ask(job, PQsendQuery(job->session->conn, sql), &answer));
    PQclear(answer);
    return MQ_OK;
}

enum mq_status mq_pg_find(const char *place, void **held, struct mq_pg_job *job)
{
    struct mq_pg *session = *held;
    while (session && strcmp(session->place, place) != 0)
        session = session->next;
    job->session = session;
    if (session)
        return MQ_OK;
    MQ_TRY(check_place(place, job));
    size_t length = strlen(place);
    session = calloc(1, sizeof *session + length + 1);
    if (!session)
        return mq_fail_memory(job->error);
    memcpy(session->place, place, length);
    session->talk = job->pour->options->talk;
    session->next = *held;
    *held = job->session = session;
    MQ_TRY(connect_to(place, job));
    return begin(job);
}

void mq_pg_release(void *held)
{
    for (struct mq_pg *session = held, *next; session; session = next) {
        next = session->next;
        if (session->conn && PQtransactionStatus(session->conn) == PQTRANS_INTRANS)
            PQclear(PQexec(session->conn, "ROLLBACK")); /* nothing was changed */
        PQfinish(session->conn);
        free(session);
    }
}
