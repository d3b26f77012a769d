/* sqlite: what form_sqlite.c asks of sqlite_select.c. */
#ifndef MQ_SQLITE_H
#define MQ_SQLITE_H

#include <sqlite3.h>

#include "ingest/form.h"

enum { MQ_SQLITE_WAIT_MS = 4000 }; /* for a program that is writing */

/* The status of a failed call, in plain words. */
enum mq_status mq_sqlite_fail(sqlite3 *base, int code, const struct mq_origin *origin,
                              struct mq_error *error);
/* The statement for the address's part. MQ_USAGE: no part, or a query that is not one SELECT;
 * MQ_DATA: no such table, with the tables there are. */
enum mq_status mq_sqlite_select(sqlite3 *base, const struct mq_origin *origin, sqlite3_stmt **rows,
                                struct mq_error *error);

#endif
