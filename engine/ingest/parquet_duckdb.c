/* parquet: DuckDB's library is found, loaded and told to keep to itself. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/parquet.h"

#define HOW_TO                                                                                     \
    "get libduckdb.so from duckdb.org or from the npm package @duckdb/node-bindings-linux-x64 "    \
    "and name its folder in LD_LIBRARY_PATH, or save the table as CSV"

/* Every call must be there before one is made. */
static const char *load_calls(struct mq_duck *duck)
{
#define CALL(member, name)                                                                         \
    {                                                                                              \
        offsetof(struct mq_duck, member), "duckdb_" name                                           \
    }
    static const struct {
        size_t at;
        const char *name;
    } calls[] = {
        CALL(create_config, "create_config"),
        CALL(set_config, "set_config"),
        CALL(destroy_config, "destroy_config"),
        CALL(open_ext, "open_ext"),
        CALL(free, "free"),
        CALL(connect, "connect"),
        CALL(disconnect, "disconnect"),
        CALL(close, "close"),
        CALL(query, "query"),
        CALL(result_error, "result_error"),
        CALL(destroy_result, "destroy_result"),
        CALL(column_count, "column_count"),
        CALL(column_name, "column_name"),
        CALL(column_type, "column_type"),
        CALL(prepare, "prepare"),
        CALL(prepare_error, "prepare_error"),
        CALL(execute_streaming, "execute_prepared_streaming"),
        CALL(destroy_prepare, "destroy_prepare"),
        CALL(fetch_chunk, "fetch_chunk"),
        CALL(chunk_size, "data_chunk_get_size"),
        CALL(chunk_vector, "data_chunk_get_vector"),
        CALL(destroy_chunk, "destroy_data_chunk"),
        CALL(vector_data, "vector_get_data"),
        CALL(vector_validity, "vector_get_validity"),
    };
#undef CALL
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        void *found = dlsym(duck->library, calls[i].name);
        if (!found)
            return calls[i].name;
        memcpy((char *)duck + calls[i].at, &found, sizeof found); /* POSIX lets it be a function */
    }
    return NULL;
}

/* Nothing is fetched from anywhere, little memory is taken, nothing is written. A setting that a
 * version does not have has nothing to forbid there. */
static enum mq_status open_database(struct mq_duck *duck, const char *path, struct mq_error *error)
{
    static const char *const settings[][2] = {
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"threads", "2"},
        {"memory_limit", "1GB"},
        {"temp_directory", ""},
    };
    void *config = NULL;
    char *message = NULL;
    if (duck->create_config(&config) != 0)
        return mq_fail_memory(error);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        duck->set_config(config, settings[i][0], settings[i][1]);
    int failed = duck->open_ext(NULL, &duck->database, config, &message);
    duck->destroy_config(&config);
    if (!failed)
        failed = duck->connect(duck->database, &duck->connection);
    if (failed)
        mq_fail(error, MQ_INTERNAL, path, 0, 0, "DuckDB's library does not start: %s",
                message ? message : "no reason given");
    if (message)
        duck->free(message);
    if (failed)
        return MQ_INTERNAL;
    struct mq_duck_result result; /* times of day are the same on every machine */
    duck->query(duck->connection, "SET TimeZone = 'UTC'", &result);
    duck->destroy_result(&result);
    return MQ_OK;
}

enum mq_status mq_duck_open(struct mq_duck **duck, const char *path, struct mq_error *error)
{
    struct mq_duck *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return mq_fail_memory(error);
    /* It has threads and texts of its own that outlive a run: it stays once it is there. */
    fresh->library = dlopen("libduckdb.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    enum mq_status status = MQ_OK;
    const char *absent = NULL;
    if (!fresh->library)
        status = mq_fail(error, MQ_DATA, path, 0, 0,
                         "is a Parquet file; these are read through DuckDB's library, which cannot "
                         "be loaded (%s): " HOW_TO,
                         dlerror());
    else if ((absent = load_calls(fresh)))
        status = mq_fail(error, MQ_DATA, path, 0, 0,
                         "is a Parquet file; these are read through DuckDB's library, and the "
                         "libduckdb.so found here has no %s: " HOW_TO,
                         absent);
    else
        status = open_database(fresh, path, error);
    if (status == MQ_OK)
        *duck = fresh;
    else
        mq_duck_close(fresh);
    return status;
}

void mq_duck_close(void *duck)
{
    struct mq_duck *own = duck;
    if (own->connection)
        own->disconnect(&own->connection);
    if (own->database)
        own->close(&own->database);
    if (own->library)
        dlclose(own->library);
    free(own);
}
