/* Rows that fail a rule which rejects nobody: listed, up to so many of each rule. */
#include "validate/checker.h"

#include <stdlib.h>

void mq_checker_list(struct mq_checker *checker, uint64_t rows)
{
    checker->list = rows;
}

uint64_t mq_checker_listed(const struct mq_checker *checker)
{
    return checker->list;
}

bool mq_checker_list_cut(struct mq_checker *checker)
{
    for (size_t c = 0; c < checker->checks && checker->list; c++) {
        uint64_t failed = 0;
        for (size_t w = 0; w < checker->workers; w++)
            failed += checker->judge[w].count[c].failed;
        if (checker->check[c].severity != MQ_REJECT && failed > checker->list)
            return true;
    }
    return false;
}

bool mq_listing_take(const struct mq_checker *checker, struct mq_judge *judge, size_t check,
                     const uint8_t *truth, size_t rows)
{
    struct mq_listing *listing = &judge->listing;
    uint64_t *taken = listing->taken + check;
    for (size_t row = 0; row < rows && *taken < checker->list; row++) {
        if (truth[row] != MQ_FALSE || !judge->live[row])
            continue;
        void *grown =
            mq_make_room(listing->row, &listing->capacity, listing->rows, sizeof *listing->row);
        if (!grown)
            return false;
        listing->row = grown;
        listing->row[listing->rows++] = (struct mq_listed){(uint32_t)row, (uint32_t)check};
        ++*taken;
    }
    return true;
}

static int by_row(const void *left, const void *right)
{
    const struct mq_listed *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->check < b->check ? -1 : a->check > b->check;
}

enum mq_status mq_listing_report(struct mq_checker *checker, const struct mq_batch *batch,
                                 struct mq_error *error)
{
    struct mq_listing *listing = &checker->judge[batch->worker].listing;
    uint64_t line = 0;
    if (!listing->rows)
        return MQ_OK;
    qsort(listing->row, listing->rows, sizeof *listing->row, by_row);
    for (size_t l = 0; l < listing->rows; l++) {
        const struct mq_listed *at = listing->row + l;
        if (l == 0 || at[-1].row != at->row)
            MQ_TRY(mq_row_line(checker, batch, at->row, &line, error));
        MQ_TRY(
            mq_rejects_add(checker, batch, at->row, line, checker->check + at->check, NULL, error));
    }
    listing->rows = 0;
    return MQ_OK;
}

enum mq_status mq_write_warnings(struct mq_checker *checker, const char *path,
                                 struct mq_error *error)
{
    return mq_records_write(checker, MQ_RECORDS_WARNINGS,
                            "file,line,key,column,value,rule,message\n", path, error);
}
