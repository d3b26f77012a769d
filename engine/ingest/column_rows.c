/*
 * column_rows: many rows become cells at once, column by column, so that the loop over the rows
 * knows what it is looking for. What is plain is done here, or by the kernel; every other field
 * goes the way that columns.c takes, and comes to the same.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/scan.h"

struct slice {
    const struct mq_rows *rows;
    struct mq_columns *columns;
    struct mq_cells *cells;
    size_t from; /* first row that has 8 readable bytes before the end of all its fields */
    size_t base; /* row of the columns that row 0 becomes */
};

static uint32_t row_begin(const struct mq_rows *rows, size_t row)
{
    return rows->stop[(ptrdiff_t)rows->first[row] - 1] + 1; /* wraps to 0 */
}

static inline struct mq_text field_of(const struct slice *slice, size_t row)
{
    size_t index = slice->rows->first[row] + slice->cells->column;
    uint32_t begin = slice->rows->stop[(ptrdiff_t)index - 1] + 1; /* wraps to 0 */
    return (struct mq_text){slice->rows->text + begin, slice->rows->stop[index] - begin};
}

/* The way of columns.c. */
static void take_closely(const struct slice *slice, size_t row)
{
    struct mq_text field = field_of(slice, row);
    slice->columns->row = slice->base + row;
    if (field.n > 0 && field.s[0] == '"' &&
        !mq_unquote(&slice->columns->unquoter, field.s, field.n, &field))
        slice->columns->failed = true;
    slice->cells->take_alone(slice->columns, slice->cells, field.s, field.n);
}

/* The 1 to 8 bytes that end at `end`, zero-padded. */
static uint64_t short_text(const char *end, size_t length)
{
    return mq_word(end - 8) >> (64 - 8 * length);
}

/* A sign, digits and a point in up to 8 bytes. */
struct plain {
    uint64_t digits;
    size_t fraction; /* digits after the point */
    bool negative;
};

/* Three multiplications join eight digits; see decimal.c. */
static bool join_digits(uint64_t word, uint64_t *value)
{
    const uint64_t pairs = UINT64_C(0x000000FF000000FF);
    word ^= UINT64_C(0x3030303030303030);
    if (((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080))
        return false;
    word = word * 10 + (word >> 8);
    *value = ((word & pairs) * UINT64_C(0x000F424000000064) +
              ((word >> 16) & pairs) * UINT64_C(0x0000271000000001)) >>
             32;
    return true;
}

static inline bool parse_plain(struct mq_text field, struct plain *plain)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030), points = UINT64_C(0x2E2E2E2E2E2E2E2E);
    const uint64_t low7 = UINT64_C(0x7F7F7F7F7F7F7F7F);
    size_t length = field.n;
    plain->negative = length > 1 && field.s[0] == '-';
    length -= plain->negative;
    plain->fraction = 0;
    if (length - 1 >= 8) /* none or too many */
        return false;
    unsigned unused = 64 - 8 * (unsigned)length; /* bits */
    uint64_t word = mq_word(field.s + field.n - 8);
    word = word >> unused << unused | (unused ? zeros >> (64 - unused) : 0);
    uint64_t other = word ^ points;
    uint64_t point = ~(((other & low7) + low7) | other | low7);
    if (point) {
        unsigned at = (unsigned)__builtin_ctzll(point) - 7; /* bits before the point */
        plain->fraction = 7 - at / 8;
        if (length < 2)
            return false;
        uint64_t before = word & ((UINT64_C(1) << at) - 1);
        uint64_t after = at < 56 ? word >> (at + 8) << (at + 8) : 0;
        word = after | before << 8 | (zeros & 0xFF);
    }
    return join_digits(word, &plain->digits);
}

static const int64_t ten[] = {1,       10,       100,       1000,       10000,      100000,
                              1000000, 10000000, 100000000, 1000000000, 10000000000};
enum { MOST_DECIMALS = sizeof ten / sizeof *ten - 1, MOST_SCALED = 9 /* ten[9] < 2^32 */ };

/* May a field that is a plain number be missing all the same? */
static bool may_be_missing(const struct mq_columns *columns, struct mq_text field)
{
    return field.s[0] == '-' && field.n <= columns->special['-'];
}

static inline void take_amount(const struct slice *slice, size_t row)
{
    struct mq_text field = field_of(slice, row);
    struct mq_cells *cells = slice->cells;
    struct plain plain;
    if (field.n == 0) {
        cells->value.amount[slice->base + row] = 0;
        cells->state[slice->base + row] = MQ_MISSING;
        return;
    }
    if (!parse_plain(field, &plain) || plain.fraction > (size_t)cells->decimals ||
        may_be_missing(slice->columns, field)) {
        take_closely(slice, row);
        return;
    }
    int64_t value = (int64_t)plain.digits * ten[(size_t)cells->decimals - plain.fraction];
    cells->value.amount[slice->base + row] = plain.negative ? -value : value;
    cells->state[slice->base + row] = MQ_PRESENT;
}

static void take_amounts(const struct slice *slice)
{
    const struct mq_rows *rows = slice->rows;
    struct mq_columns *columns = slice->columns;
    struct mq_cells *cells = slice->cells;
    size_t row = slice->from;
    if (!columns->plain || cells->decimals > MOST_DECIMALS) {
        for (; row < rows->count; row++)
            take_closely(slice, row);
    } else if (!rows->kernel->numbers || cells->decimals > MOST_SCALED) {
        for (; row < rows->count; row++)
            take_amount(slice, row);
    } else {
        struct mq_scan_numbers numbers = {.text = rows->text,
                                          .stop = rows->stop,
                                          .first = rows->first + row,
                                          .count = rows->count - row,
                                          .column = cells->column,
                                          .scale = ten[cells->decimals],
                                          .value = cells->value.amount + slice->base + row,
                                          .state = cells->state + slice->base + row};
        size_t rest = rows->kernel->numbers(&numbers, columns->rest);
        for (size_t i = 0; i < rest; i++)
            take_amount(slice, row + columns->rest[i]);
    }
}

static void take_numbers(const struct slice *slice)
{
    struct mq_cells *cells = slice->cells;
    struct plain plain;
    for (size_t row = slice->from; row < slice->rows->count; row++) {
        struct mq_text field = field_of(slice, row);
        if (!slice->columns->plain || field.n == 0 || !parse_plain(field, &plain) ||
            may_be_missing(slice->columns, field)) {
            take_closely(slice, row);
            continue;
        }
        /* Both numbers are exact doubles, so the quotient is rounded once. */
        double value = (double)plain.digits / (double)ten[plain.fraction];
        cells->value.number[slice->base + row] = plain.negative ? -value : value;
        cells->state[slice->base + row] = MQ_PRESENT;
    }
}

static void take_codes(const struct slice *slice)
{
    struct mq_cells *cells = slice->cells;
    for (size_t row = slice->from; row < slice->rows->count; row++) {
        struct mq_text field = field_of(slice, row);
        if (field.n - 1 < 8 && field.s[0] != '"') {
            uint64_t bits = short_text(field.s + field.n, field.n);
            const struct mq_memo *memo = mq_memo_of(cells, bits);
            if (memo->text == bits && memo->length == field.n) {
                cells->value.code[slice->base + row] = memo->code;
                cells->state[slice->base + row] = memo->state;
                continue;
            }
        }
        take_closely(slice, row);
    }
}

/* The same with the tests of the texts, which only some inputs have. */
static void take_tested_codes(const struct slice *slice)
{
    struct mq_cells *cells = slice->cells;
    for (size_t row = slice->from; row < slice->rows->count; row++) {
        struct mq_text field = field_of(slice, row);
        if (field.n - 1 < 8 && field.s[0] != '"') {
            uint64_t bits = short_text(field.s + field.n, field.n);
            const struct mq_memo *memo = mq_memo_of(cells, bits);
            if (memo->text == bits && memo->length == field.n) {
                cells->value.code[slice->base + row] = memo->code;
                cells->state[slice->base + row] = memo->state;
                cells->tests[slice->base + row] = cells->memo_tests[memo - cells->memo];
                continue;
            }
        }
        take_closely(slice, row);
    }
}

static void take_keys(const struct slice *slice)
{
    for (size_t row = slice->from; row < slice->rows->count; row++)
        take_closely(slice, row);
}

static bool make_room(struct mq_columns *columns, const struct mq_rows *rows)
{
    size_t wanted = rows->count;
    if (wanted > columns->rest_capacity) {
        free(columns->rest);
        columns->rest = malloc(2 * wanted * sizeof *columns->rest);
        columns->rest_capacity = columns->rest ? 2 * wanted : 0;
    }
    return columns->rest && mq_columns_reserve(columns, columns->row + rows->count);
}

void mq_columns_rows(const struct mq_rows *rows, void *context)
{
    struct mq_columns *columns = context;
    if (!make_room(columns, rows)) {
        columns->failed = true;
        columns->row = 0; /* the rest is read but not kept */
        return;
    }
    struct slice slice = {.rows = rows, .columns = columns, .base = columns->row};
    while (slice.from < rows->count && rows->before + row_begin(rows, slice.from) < 8)
        slice.from++;
    for (size_t i = 0; i < columns->inputs; i++) {
        slice.cells = &columns->cells[i];
        for (size_t row = 0; row < slice.from; row++)
            take_closely(&slice, row);
        switch (slice.cells->type) {
        case MQ_AMOUNT:
            take_amounts(&slice);
            break;
        case MQ_NUMBER:
            take_numbers(&slice);
            break;
        case MQ_CODE:
        case MQ_PERIOD:
            if (slice.cells->tests)
                take_tested_codes(&slice);
            else
                take_codes(&slice);
            break;
        case MQ_KEY:
            take_keys(&slice);
            break;
        }
    }
    memset(columns->fields + slice.base, 0, rows->count * sizeof *columns->fields);
    for (size_t row = 0; row < rows->count; row++)
        columns->begin[slice.base + row] = (uint32_t)rows->before + row_begin(rows, row);
    columns->row = slice.base + rows->count;
}
