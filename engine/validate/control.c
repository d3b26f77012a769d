/* Control totals: what came in is summed over whole columns, what became of it row by row, so that
 * their agreement proves that no row was lost or counted twice. */
#include "validate/checker.h"

#include <string.h>

enum { STRIP = 1024 };

/* Values below 2^50 in size cannot wrap 64 bits within a strip. */
static const uint64_t SMALL = UINT64_C(1) << 50;

/* sum[0] += all amounts of the strip, sum[1] += those to keep (all bits set in `keep`). A cell
 * without a value holds 0. */
static void add_strip(const int64_t *amount, const uint64_t *keep, size_t rows, mq_int128 sum[2])
{
    uint64_t all = 0, kept = 0, size = 0;
    for (size_t i = 0; i < rows; i++) {
        uint64_t value = (uint64_t)amount[i];
        size |= value + SMALL;
        all += value;
        kept += value & keep[i];
    }
    if (size < 2 * SMALL) {
        sum[0] += (int64_t)all;
        sum[1] += (int64_t)kept;
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        sum[0] += amount[i];
        sum[1] += keep[i] ? amount[i] : 0;
    }
}

void mq_control_add(struct mq_judge *judge, const struct mq_model *model,
                    const struct mq_batch *batch, const uint8_t *verdict)
{
    uint64_t keep[STRIP];
    uint16_t other[STRIP];
    judge->rows[MQ_TOTAL_IN] += batch->rows;
    for (size_t from = 0; from < batch->rows; from += STRIP) {
        size_t rows = batch->rows - from < STRIP ? batch->rows - from : STRIP, others = 0;
        const uint8_t *judged = verdict + from;
        for (size_t i = 0; i < rows; i++)
            keep[i] = judged[i] == MQ_ROW_ACCEPTED ? UINT64_MAX : 0;
        for (size_t i = 0; i < rows; i++) {
            judge->rows[MQ_TOTAL_VERDICT + judged[i]]++;
            other[others] = (uint16_t)i;
            others += judged[i] != MQ_ROW_ACCEPTED;
        }
        for (size_t input = 0; input < model->inputs; input++) {
            const struct mq_column *column = batch->column + input;
            if (column->type != MQ_AMOUNT)
                continue;
            mq_int128 sum[2] = {0};
            add_strip(column->amount + from, keep, rows, sum);
            judge->total[MQ_TOTAL_IN][input] += sum[0];
            judge->total[MQ_TOTAL_VERDICT + MQ_ROW_ACCEPTED][input] += sum[1];
            for (size_t i = 0; i < others; i++)
                judge->total[MQ_TOTAL_VERDICT + judged[other[i]]][input] +=
                    column->amount[from + other[i]];
        }
    }
}

void mq_control_move(struct mq_judge *judge, const struct mq_model *model,
                     const struct mq_batch *batch, size_t row)
{
    judge->rows[MQ_TOTAL_VERDICT + MQ_ROW_ACCEPTED]--;
    judge->rows[MQ_TOTAL_VERDICT + MQ_ROW_REJECTED]++;
    for (size_t input = 0; input < model->inputs; input++)
        if (batch->column[input].type == MQ_AMOUNT) {
            int64_t amount = batch->column[input].amount[row];
            judge->total[MQ_TOTAL_VERDICT + MQ_ROW_ACCEPTED][input] -= amount;
            judge->total[MQ_TOTAL_VERDICT + MQ_ROW_REJECTED][input] += amount;
        }
}

/* Another worker may hold rows that this one saw leave: unsigned counts wrap back when summed. */
const struct mq_control *mq_checker_control(struct mq_checker *checker)
{
    struct mq_control *control = &checker->control;
    uint64_t rows[MQ_TOTALS] = {0};
    mq_int128 *total[MQ_TOTALS] = {control->total_in, control->total_accepted,
                                   control->total_rejected, control->total_out_of_scope};
    for (int t = 0; t < MQ_TOTALS; t++) {
        memset(total[t], 0, checker->model->inputs * sizeof *total[t]);
        for (size_t w = 0; w < checker->workers; w++) {
            const struct mq_judge *judge = checker->judge + w;
            rows[t] += judge->rows[t];
            for (size_t input = 0; input < checker->model->inputs; input++)
                total[t][input] += judge->total[t][input];
        }
    }
    control->rows_corrected = 0;
    memset(control->total_corrected, 0, checker->model->inputs * sizeof(mq_int128));
    for (size_t w = 0; checker->correcting.correctors && w < checker->workers; w++) {
        const struct mq_corrected *corrected = &checker->judge[w].corrected;
        control->rows_corrected += corrected->rows;
        for (size_t input = 0; input < checker->model->inputs; input++)
            control->total_corrected[input] += corrected->total[input];
    }
    control->rows_in = rows[MQ_TOTAL_IN];
    control->accepted = rows[MQ_TOTAL_VERDICT + MQ_ROW_ACCEPTED];
    control->rejected = rows[MQ_TOTAL_VERDICT + MQ_ROW_REJECTED];
    control->out_of_scope = rows[MQ_TOTAL_VERDICT + MQ_ROW_OUT_OF_SCOPE];
    return control;
}
