/* pour: a table row by row becomes CSV text in a spill. */
#include <stdlib.h>
#include <string.h>

#include "ingest/form.h"

enum { LOOK_EVERY = 4096 }; /* rows */

enum mq_status mq_pour_open(struct mq_pour *pour, const char *path,
                            const struct mq_reader_options *options, struct mq_error *error)
{
    *pour = (struct mq_pour){.path = path, .options = options, .spill = {.fd = -1}};
    return mq_spill_open(&pour->spill, options->spool_directory ? options->spool_directory : "/tmp",
                         error);
}

void mq_pour_cell(struct mq_pour *pour, const char *text, size_t length)
{
    if (pour->cells++ > 0)
        mq_buffer_add(&pour->row, ",", 1);
    mq_buffer_csv(&pour->row, text, length);
}

static bool note_fold(struct mq_pour *pour)
{
    if (pour->folds == pour->room) {
        size_t room = pour->room ? 2 * pour->room : 64;
        uint64_t *grown = realloc(pour->fold, room * sizeof *grown);
        if (!grown)
            return false;
        pour->fold = grown;
        pour->room = room;
    }
    pour->fold[pour->folds++] = ++pour->line;
    return true;
}

enum mq_status mq_pour_record(struct mq_pour *pour, const char *text, size_t length,
                              struct mq_error *error)
{
    pour->line++;
    for (const char *at = text, *end = text + length; at < end; at++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at || at + 1 == end)
            break;
        if (!note_fold(pour))
            return mq_fail_memory(error);
    }
    if (pour->line % LOOK_EVERY == 0 && pour->options->stop && *pour->options->stop)
        return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
    return mq_spill_add(&pour->spill, text, length, error);
}

enum mq_status mq_pour_end(struct mq_pour *pour, struct mq_error *error)
{
    if (pour->cells == 1 && pour->row.length == 0)
        mq_buffer_text(&pour->row, "\"\""); /* a row of one missing cell is not a blank line */
    mq_buffer_add(&pour->row, "\n", 1);
    if (pour->row.failed)
        return mq_fail_memory(error);
    enum mq_status status = mq_pour_record(pour, pour->row.data, pour->row.length, error);
    pour->row.length = pour->cells = 0;
    return status;
}

enum mq_status mq_pour_text(struct mq_pour *pour, const char *text, size_t length,
                            struct mq_error *error)
{
    if (pour->options->stop && *pour->options->stop)
        return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
    return mq_spill_add(&pour->spill, text, length, error);
}

void mq_pour_close(struct mq_pour *pour)
{
    mq_buffer_clear(&pour->row);
    free(pour->fold);
    pour->fold = NULL;
    mq_spill_close(&pour->spill);
    *pour = (struct mq_pour){.spill = {.fd = -1}};
}
