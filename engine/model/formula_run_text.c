/* Instructions that ask about texts: of cells, and of what a table says about them. */
#include "model/formula_strip.h"

#include <math.h>

/* Every text of these rows is in the dictionary already, so one look-up serves the strip. */
void mq_run_code_is(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const uint32_t *restrict code = column->code + strip->first;
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    uint32_t wanted = mq_dict_find(column->dict, in->text);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] != MQ_PRESENT                      ? MQ_UNKNOWN
                           : code[i] == wanted && wanted != MQ_NO_CODE ? MQ_TRUE
                                                                       : MQ_FALSE);
}

void mq_run_key_is(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const uint64_t *restrict key = column->key + strip->first;
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] != MQ_PRESENT ? MQ_UNKNOWN
                           : key[i] == in->hash   ? MQ_TRUE
                                                  : MQ_FALSE);
}

void mq_run_test(const struct mq_strip *strip, const struct mq_instruction *in)
{
    const struct mq_column *column = &strip->columns[in->input];
    const uint8_t *restrict state = column->state + strip->first;
    const uint32_t *restrict tests = column->tests ? column->tests + strip->first : NULL;
    uint8_t *restrict out = mq_truth_at(strip, in->to);
    unsigned bit = (unsigned)in->hash;
    size_t rows = strip->rows;
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint8_t)(state[i] != MQ_PRESENT || !tests ? MQ_UNKNOWN
                           : tests[i] >> bit & 1            ? MQ_TRUE
                                                            : MQ_FALSE);
}

/* Rows of a table for a strip of keys; neighbours often have the same code. */
struct finder {
    const struct mq_column *column;
    const struct mq_key_rows *rows;
    uint32_t code, row; /* of the last look-up */
};

static struct finder finder_of(const struct mq_strip *strip, const struct mq_instruction *in)
{
    return (struct finder){
        .column = &strip->columns[in->input], .rows = in->rows, .code = MQ_NO_CODE};
}

/* The row of the table; the cell is present. */
static uint32_t find(struct finder *finder, size_t row)
{
    const struct mq_column *column = finder->column;
    if (column->type == MQ_KEY)
        return mq_key_rows_find(finder->rows, column->key[row]);
    uint32_t code = column->code[row];
    if (code != finder->code) {
        struct mq_text text = mq_dict_text(column->dict, code);
        finder->code = code;
        finder->row = mq_key_rows_find(finder->rows, mq_hash64(text.s, text.n, 0));
    }
    return finder->row;
}

void mq_run_lookup(const struct mq_strip *strip, const struct mq_instruction *in)
{
    struct finder finder = finder_of(strip, in);
    double *out = mq_value_at(strip, in->to);
    for (size_t i = 0; i < strip->rows; i++) {
        size_t row = strip->first + i;
        uint32_t found = finder.column->state[row] == MQ_PRESENT ? find(&finder, row) : MQ_NO_CODE;
        out[i] = found == MQ_NO_CODE || !in->numbers ? NAN : in->numbers[found];
    }
}

void mq_run_lookup_truth(const struct mq_strip *strip, const struct mq_instruction *in)
{
    struct finder finder = finder_of(strip, in);
    uint8_t *out = mq_truth_at(strip, in->to);
    for (size_t i = 0; i < strip->rows; i++) {
        size_t row = strip->first + i;
        if (finder.column->state[row] != MQ_PRESENT) {
            out[i] = (uint8_t)in->b;
            continue;
        }
        uint32_t found = find(&finder, row);
        out[i] = (uint8_t)(found == MQ_NO_CODE ? in->a
                           : in->answers       ? in->answers[found]
                                               : MQ_TRUE);
    }
}
