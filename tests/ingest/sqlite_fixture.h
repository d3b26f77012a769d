/* A database of the test at hand, and what reading it gives. */
#ifndef MQ_TEST_SQLITE_FIXTURE_H
#define MQ_TEST_SQLITE_FIXTURE_H

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing.h"
#include "ingest/reader.h"
#include "sample.h"
#include "support.h"

static struct sample_file file; /* file.path is the database of the test at hand */

static inline void run_sql(const char *sql)
{
    sqlite3 *base;
    char *said = NULL;
    assert_int_equal(sqlite3_open(file.path, &base), SQLITE_OK);
    if (sqlite3_exec(base, sql, NULL, NULL, &said) != SQLITE_OK)
        fail_msg("%s", said);
    assert_int_equal(sqlite3_close(base), SQLITE_OK);
}

static inline void make_base(const char *sql)
{
    sample_write(&file, "b.db", "", 0);
    run_sql(sql);
}

static inline void drop_base(void)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    char path[300];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", file.path, ends[i]);
        unlink(path);
    }
    sample_remove(&file);
}

/* "sqlite:FILE?part"; the same place every time. */
static inline const char *address_of(const char *part)
{
    static char address[6000];
    snprintf(address, sizeof address, "sqlite:%s?%s", file.path, part);
    return address;
}

static inline enum mq_status open_part(const char *path, struct mq_source *source,
                                       struct mq_error *error)
{
    void *held[MQ_FORMS] = {0};
    struct mq_reader_options options = {.workers = 1};
    return mq_source_open(path, sample_model(), held, &options, source, error);
}

/* The table as the CSV text that it becomes. */
static inline void expect_text(const char *part, const char *wanted)
{
    struct mq_source source;
    struct mq_error error = {0};
    if (open_part(address_of(part), &source, &error) != MQ_OK)
        fail_msg("%s: %s", part, error.message);
    char *found = strndup(source.text, source.text_count);
    assert_string_equal(found, wanted);
    assert_true(source.utf8);
    assert_ptr_equal(source.bytes, source.text);
    free(found);
    mq_source_close(&source);
}

static inline void expect_refused_at(const char *path, const char *place, enum mq_status status,
                                     long line, const char *message)
{
    struct mq_source source;
    struct mq_error error = {0};
    enum mq_status found = open_part(path, &source, &error);
    assert_string_equal(error.message, message);
    assert_string_equal(error.file, place);
    assert_int_equal(error.line, line);
    assert_int_equal(found, status);
    assert_int_equal(error.status, status);
}

static inline void expect_refused(const char *part, enum mq_status status, long line,
                                  const char *message)
{
    expect_refused_at(address_of(part), address_of(part), status, line, message);
}

#endif
