/* xlsx_merges: cells joined in one. They are told of behind the rows, which are leapt over. */
#include <string.h>

#include "ingest/xlsx.h"

enum { MERGES_MOST = 4096 }; /* among the top rows; more is no header any more */

static bool range(struct mq_text text, struct mq_xlsx_merge *merge)
{
    const char *colon = memchr(text.s, ':', text.n);
    if (!colon)
        return false;
    struct mq_text first = {text.s, (size_t)(colon - text.s)};
    struct mq_text last = {colon + 1, text.n - first.n - 1};
    return mq_xlsx_place(first, &merge->left, &merge->top) &&
           mq_xlsx_place(last, &merge->right, &merge->bottom) && merge->left <= merge->right &&
           merge->top <= merge->bottom;
}

static enum mq_status take(struct mq_xlsx_scan *scan, uint32_t last, struct mq_xlsx_merges *merges,
                           struct mq_error *error)
{
    struct mq_text name, value;
    struct mq_xlsx_merge merge;
    for (bool more;;) {
        MQ_TRY(mq_xlsx_attribute(scan, &name, &value, &more, error));
        if (!more)
            return MQ_OK;
        if (mq_text_is(name, "ref") && range(value, &merge) && merge.top <= last &&
            merges->count < MERGES_MOST)
            merges->merge[merges->count++] = merge;
    }
}

static enum mq_status scan_part(struct mq_xlsx_scan *scan, uint32_t last,
                                struct mq_xlsx_merges *merges, struct mq_error *error)
{
    for (;;) {
        MQ_TRY(mq_xlsx_next(scan, error));
        if (scan->event == MQ_XLSX_END)
            return MQ_OK;
        if (scan->event == MQ_XLSX_STOP && mq_text_is(scan->name, "mergeCells"))
            return MQ_OK;
        if (scan->event != MQ_XLSX_START)
            continue;
        if (mq_text_is(scan->name, "sheetData"))
            MQ_TRY(mq_xlsx_leap(scan, error));
        else if (mq_text_is(scan->name, "mergeCell"))
            MQ_TRY(take(scan, last, merges, error));
    }
}

enum mq_status mq_xlsx_merges_read(struct mq_xlsx *book, const char *part, uint32_t last,
                                   struct mq_xlsx_merges *merges, struct mq_error *error)
{
    struct mq_xlsx_scan scan = {0};
    *merges = (struct mq_xlsx_merges){
        .merge = mq_arena_array(&book->arena, MERGES_MOST, sizeof *merges->merge)};
    if (!merges->merge)
        return mq_fail_memory(error);
    enum mq_status status = mq_xlsx_scan_open(book, part, &scan, error);
    if (status == MQ_OK)
        status = scan_part(&scan, last, merges, error);
    mq_xlsx_scan_close(&scan);
    /* what is wrong here is found again where the rows are read, and told with its row */
    return status == MQ_DATA ? MQ_OK : status;
}

const struct mq_xlsx_merge *mq_xlsx_merge_at(const struct mq_xlsx_merges *merges, uint32_t row,
                                             uint32_t column)
{
    for (size_t i = 0; i < merges->count; i++) {
        const struct mq_xlsx_merge *it = &merges->merge[i];
        if (row >= it->top && row <= it->bottom && column >= it->left && column <= it->right)
            return it;
    }
    return NULL;
}
