/* xlsx_strings: the shared strings of a workbook; their bytes on disk, only their ends in memory.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/xlsx.h"

static bool note_end(struct mq_xlsx_strings *strings, uint64_t end)
{
    if (strings->count == strings->room) {
        size_t room = strings->room ? 2 * strings->room : 1024;
        uint32_t *grown = realloc(strings->end, room * sizeof *grown);
        if (!grown)
            return false;
        strings->end = grown;
        strings->room = room;
    }
    strings->end[strings->count++] = (uint32_t)end;
    return true;
}

static enum mq_status read_all(struct mq_xlsx_scan *scan, struct mq_xlsx_strings *strings,
                               struct mq_buffer *text, struct mq_error *error)
{
    uint64_t end = 0;
    for (;;) {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->event == MQ_XLSX_END)
            return MQ_OK;
        if (scan->event != MQ_XLSX_START || scan->depth != 2)
            continue;
        if (!mq_text_is(scan->name, "si")) {
            MQ_TRY(mq_xlsx_skip(scan, error));
            continue;
        }
        text->length = 0;
        MQ_TRY(mq_xlsx_string(scan, text, error));
        end += text->length;
        if (end > UINT32_MAX)
            return mq_fail(error, MQ_DATA, scan->part.book->path, 0, 0,
                           "has more than 4 GiB of texts; save the sheet as CSV (UTF-8)");
        MQ_TRY(mq_spill_add(&strings->spill, text->data, text->length, error));
        if (!note_end(strings, end))
            return mq_fail_memory(error);
    }
}

enum mq_status mq_xlsx_strings_read(const struct mq_xlsx *book, const char *part,
                                    struct mq_xlsx_strings *strings, struct mq_error *error)
{
    struct mq_xlsx_scan scan = {0};
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    const char *folder = book->options->spool_directory;
    const void *bytes = NULL;
    size_t count;
    *strings = (struct mq_xlsx_strings){.spill = {.fd = -1}};
    if (!part)
        return MQ_OK;
    enum mq_status status = mq_spill_open(&strings->spill, folder ? folder : "/tmp", error);
    if (status == MQ_OK)
        status = mq_xlsx_scan_open(book, part, &scan, error);
    if (status == MQ_OK)
        status = read_all(&scan, strings, &text, error);
    if (status == MQ_OK)
        status = mq_spill_map(&strings->spill, &bytes, &count, error);
    strings->bytes = bytes;
    mq_xlsx_scan_close(&scan);
    mq_buffer_clear(&text);
    return status;
}

void mq_xlsx_strings_close(struct mq_xlsx_strings *strings)
{
    free(strings->end);
    mq_spill_close(&strings->spill);
    *strings = (struct mq_xlsx_strings){.spill = {.fd = -1}};
}
