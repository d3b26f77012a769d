/*
 * A PostgreSQL database being read: one connection with one read-only transaction, so that all
 * inputs of a run that name the same database see it at one moment.
 */
#ifndef MQ_PG_SESSION_H
#define MQ_PG_SESSION_H

#include <libpq-fe.h>

#include "ingest/form.h"

struct mq_pg {
    PGconn *conn;
    const struct mq_talk *talk; /* hears the server's notices; may be NULL */
    struct mq_pg *next;
    char place[]; /* as written in the address */
};

/* One input being read. */
struct mq_pg_job {
    struct mq_pg *session;
    struct mq_pour *pour;
    struct mq_error *error;
    const char *what; /* is told to have failed: "the query fails" */
    long ahead;       /* characters of the statement ahead of the user's text; -1: not the user's */
};

/* Finds the session of the place in the list *held, or connects (10 s at most, if nothing else is
 * set) and opens the transaction. MQ_USAGE: not connection settings, or a password among them;
 * MQ_NO_INPUT: no connection, with the reason. */
enum mq_status mq_pg_find(const char *place, void **held, struct mq_pg_job *job);
void mq_pg_release(void *held); /* ends transactions and connections */

/* The answer to what was just sent (`sent`: the verdict of a PQsend... call), cleared by the caller
 * with PQclear. MQ_DATA: refused, with the server's reason; MQ_IO: the connection broke or the
 * server gave up; MQ_INTERRUPTED: stopped by the user, and the server was told so. */
enum mq_status mq_pg_ask(const struct mq_pg_job *job, int sent, PGresult **answer);
/* The next row of a COPY as CSV text, freed by the caller with PQfreemem; NULL at the end. */
enum mq_status mq_pg_row(const struct mq_pg_job *job, char **row, int *length);
void mq_pg_cancel(const struct mq_pg_job *job); /* nobody wants the rest */

#endif
