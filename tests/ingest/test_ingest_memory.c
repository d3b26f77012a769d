/* The n-th allocation fails, for every n: a status, no crash, no leak. The linker sends the
 * engine's calls of malloc, calloc and realloc here. */
#include "failing.h"
#include "sample.h"
#include "support.h"

static const char *paths[2];

static enum mq_status read_rows(struct mq_reader *reader, size_t *rows, struct mq_error *error)
{
    const struct mq_batch *batch;
    for (;;) {
        MQ_TRY(mq_reader_next(reader, 0, &batch, error));
        if (!batch)
            return MQ_OK;
        *rows += batch->rows;
        uint64_t line;
        struct mq_text text;
        MQ_TRY(mq_reader_line(reader, batch, batch->rows - 1, &line));
        if (mq_reader_cell(reader, batch, batch->rows - 1, SAMPLE_NAME, &text) != MQ_OK)
            return mq_fail_memory(error);
    }
}

static enum mq_status read_files(struct mq_error *error)
{
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    size_t rows = 0;
    MQ_TRY(mq_reader_open(sample_model(), paths, 2, &options, &reader, error));
    enum mq_status status = read_rows(reader, &rows, error);
    if (status == MQ_OK) {
        static const struct mq_location wanted[] = {{0, 0, 3}, {0, 0, 1499}, {1, 0, 0}};
        assert_int_equal(rows, 2 * 1500);
        mq_reader_rewind(reader, wanted, 3);
        status = read_rows(reader, &rows, error);
    }
    if (status == MQ_OK)
        assert_int_equal(rows, 2 * 1500 + 3);
    mq_reader_close(reader);
    return status;
}

/* Files with a header that lacks a column, or breaks a rule: here every success is a failure with
 * MQ_DATA. */
static enum mq_status refuse_files(struct mq_error *error)
{
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    enum mq_status status = mq_reader_open(sample_model(), paths, 1, &options, &reader, error);
    assert_null(reader);
    return status;
}

static void sweep(enum mq_status (*job)(struct mq_error *error), enum mq_status usual, int least)
{
    int failures = 0;
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = job(&error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, usual);
            break;
        }
        if (status == usual) /* libcsv asked for less and got it */
            continue;
        failures++;
        assert_int_equal(status, MQ_INTERNAL);
        assert_string_equal(error.message, "out of memory");
    }
    assert_true(failures >= least);
}

static void reading_without_memory(void **state)
{
    (void)state;
    struct mq_buffer text[2] = {MQ_BUFFER_EMPTY, MQ_BUFFER_EMPTY};
    struct sample_file file[2];
    for (int i = 0; i < 2; i++) {
        mq_buffer_text(&text[i], SAMPLE_HEADER);
        for (int k = 0; k < 1500; k++)
            mq_buffer_format(&text[i], "K%d,20%02d,\"%s,%d\",%d.25,2.385\n", k, k % 20,
                             i ? "\xC9\xF2\xD1\xF4" : "沈阳", k, k);
        sample_write(&file[i], "a.csv", text[i].data, text[i].length);
        paths[i] = file[i].path;
    }
    sweep(read_files, MQ_OK, 20);
    for (int i = 0; i < 2; i++) {
        sample_remove(&file[i]);
        mq_buffer_clear(&text[i]);
    }
}

static void refusing_without_memory(void **state)
{
    (void)state;
    static const char *const headers[] = {"usci,yeer,name,revenue,rate\nK,1,n,1,2\n",
                                          "usci,year,year,name,revenue,rate\nK,1,1,n,1,2\n",
                                          "usci,ye\"ar\n", "usci\xFF\xFF\n"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct sample_file file;
        sample_write(&file, "a.csv", headers[i], strlen(headers[i]));
        paths[0] = file.path;
        sweep(refuse_files, MQ_DATA, 2);
        sample_remove(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_without_memory),
        cmocka_unit_test(refusing_without_memory),
    };
    return cmocka_run_group_tests_name("ingest.memory", tests, NULL, NULL);
}
