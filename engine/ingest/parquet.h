/*
 * parquet: the few calls of DuckDB's library that form_parquet.c makes. The library is looked for
 * when the first Parquet file is opened; the program does not depend on it.
 *
 * Prototypes after the C interface as it has been since version 1.0,
 * https://duckdb.org/docs/stable/clients/c/api
 */
#ifndef MQ_PARQUET_H
#define MQ_PARQUET_H

#include "core/core.h"

struct mq_duck_result {
    uint64_t old[3];
    void *old_columns;
    char *old_message;
    void *own;
};
/* A text within a vector: in place up to 12 bytes, else elsewhere. */
union mq_duck_text {
    struct {
        uint32_t length;
        char text[12];
    } here;
    struct {
        uint32_t length;
        char first[4];
        const char *text;
    } there;
};
_Static_assert(sizeof(union mq_duck_text) == 16, "laid out as in the library");

/* What a column of a result holds, among others. */
enum mq_duck_type {
    MQ_DUCK_INVALID = 0,
    MQ_DUCK_FLOAT = 10,
    MQ_DUCK_DOUBLE = 11,
    MQ_DUCK_VARCHAR = 17,
    MQ_DUCK_BLOB = 18,
    MQ_DUCK_LIST = 24,
    MQ_DUCK_STRUCT = 25,
    MQ_DUCK_MAP = 26,
    MQ_DUCK_UNION = 28,
    MQ_DUCK_ARRAY = 33,
    MQ_DUCK_LAST_KNOWN = 39
};

/* The library and a connection to a database in memory. */
struct mq_duck {
    void *library, *database, *connection;
    /* duckdb_..., 0 is success */
    int (*create_config)(void **config);
    int (*set_config)(void *config, const char *name, const char *value);
    void (*destroy_config)(void **config);
    int (*open_ext)(const char *path, void **database, void *config, char **message);
    void (*free)(void *memory);
    int (*connect)(void *database, void **connection);
    void (*disconnect)(void **connection);
    void (*close)(void **database);
    int (*query)(void *connection, const char *sql, struct mq_duck_result *result);
    const char *(*result_error)(struct mq_duck_result *result);
    void (*destroy_result)(struct mq_duck_result *result);
    uint64_t (*column_count)(struct mq_duck_result *result);
    const char *(*column_name)(struct mq_duck_result *result, uint64_t column);
    int (*column_type)(struct mq_duck_result *result, uint64_t column);
    int (*prepare)(void *connection, const char *sql, void **statement);
    const char *(*prepare_error)(void *statement);
    int (*execute_streaming)(void *statement, struct mq_duck_result *result);
    void (*destroy_prepare)(void **statement);
    void *(*fetch_chunk)(struct mq_duck_result result);
    uint64_t (*chunk_size)(void *chunk);
    void *(*chunk_vector)(void *chunk, uint64_t column);
    void (*destroy_chunk)(void **chunk);
    void *(*vector_data)(void *vector);
    uint64_t *(*vector_validity)(void *vector); /* a bit per row; NULL: all are there */
};

/* MQ_DATA with what to do if the library is not there or not the right one; `path` for messages. */
enum mq_status mq_duck_open(struct mq_duck **duck, const char *path, struct mq_error *error);
void mq_duck_close(void *duck); /* a struct mq_duck */

#endif
