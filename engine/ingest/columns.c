/*
 * columns: fields become cells. A cell is a value of its input's type, or the reason why not;
 * nothing is judged further here. The arrays grow to the longest block seen and are then reused.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/reader.h"

enum { FIRST_ROWS = 1024 };

/* ---- one cell -------------------------------------------------------------------------------- */

static struct mq_text trimmed(const char *text, size_t length)
{
    /* Only a blank, or a byte of a wide blank, at either end makes work. */
    struct mq_text whole = {text, length};
    if (length == 0)
        return whole;
    unsigned char first = (unsigned char)text[0], last = (unsigned char)text[length - 1];
    if (first > ' ' && first < 0x80 && last > ' ' && last < 0x80)
        return whole;
    return mq_text_trim(whole);
}

static bool is_missing(const struct mq_columns *columns, struct mq_text text)
{
    if (text.n == 0)
        return true;
    uint8_t special = columns->special[(unsigned char)text.s[0]];
    if (text.n > special && special < UINT8_MAX)
        return false;
    for (size_t i = 0; i < columns->model->missings; i++)
        if (mq_text_is(text, columns->model->missing[i]))
            return true;
    return false;
}

static uint8_t state_of(enum mq_verdict verdict)
{
    static const uint8_t state[] = {
        [MQ_NUMBER_OK] = MQ_PRESENT,
        [MQ_NUMBER_MALFORMED] = MQ_BAD_MALFORMED,
        [MQ_NUMBER_SEPARATOR] = MQ_BAD_SEPARATOR,
        [MQ_NUMBER_RANGE] = MQ_BAD_RANGE,
        [MQ_NUMBER_DECIMALS] = MQ_BAD_DECIMALS,
    };
    return state[verdict];
}

/* What a code is looked up by: full-width letters and digits count as half-width. */
static bool narrow(struct mq_columns *columns, struct mq_text *text)
{
    if (text->n > columns->narrow_capacity) {
        char *grown = realloc(columns->narrow, 2 * text->n);
        if (!grown) {
            columns->failed = true;
            return false;
        }
        columns->narrow = grown;
        columns->narrow_capacity = 2 * text->n;
    }
    *text = mq_text_trim((struct mq_text){columns->narrow, mq_text_narrow(*text, columns->narrow)});
    return true;
}

static bool ruined(struct mq_text text)
{
    return mq_may_be_ruined(text) && mq_looks_ruined(text);
}

/* The code of a text that is not missing. */
static uint8_t look_up(struct mq_columns *columns, const struct mq_cells *cells,
                       struct mq_text text, uint32_t *code)
{
    if (cells->listed && !cells->editions) {
        *code = mq_dict_find(cells->dict, text);
        return *code != MQ_NO_CODE ? MQ_PRESENT : ruined(text) ? MQ_BAD_RUINED : MQ_BAD_CODE;
    }
    if (cells->type == MQ_CODE && !cells->editions && ruined(text))
        return MQ_BAD_RUINED;
    *code = mq_dict_intern(cells->dict, text);
    if (*code == MQ_NO_CODE)
        columns->failed = true;
    return MQ_PRESENT;
}

/* Codes repeat: short texts are remembered as they come, before any trimming. */
static inline void take_code_with(struct mq_columns *columns, struct mq_cells *cells,
                                  const char *text, size_t length, bool tested)
{
    struct mq_memo *memo = NULL;
    uint64_t bits = 0;
    uint32_t code = MQ_NO_CODE;
    if (length > 0 && length <= sizeof bits) {
        for (size_t i = 0; i < length; i++)
            bits |= (uint64_t)(unsigned char)text[i] << 8 * i;
        memo = mq_memo_of(cells, bits);
    }
    if (memo && memo->text == bits && memo->length == length) {
        cells->value.code[columns->row] = memo->code;
        cells->state[columns->row] = memo->state;
        if (tested)
            cells->tests[columns->row] = cells->memo_tests[memo - cells->memo];
        return;
    }
    struct mq_text trim = trimmed(text, length);
    uint8_t state = MQ_MISSING;
    uint32_t tests = 0;
    if (!is_missing(columns, trim) && narrow(columns, &trim)) {
        state = look_up(columns, cells, trim, &code);
        tests = tested ? mq_text_tests_run(columns, cells, trim) : 0;
    }
    if (memo && !columns->failed) {
        *memo = (struct mq_memo){bits, code, state, (uint8_t)length};
        if (tested)
            cells->memo_tests[memo - cells->memo] = tests;
    }
    cells->value.code[columns->row] = code;
    cells->state[columns->row] = state;
    if (tested)
        cells->tests[columns->row] = tests;
}

static void take_code(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                      size_t length)
{
    take_code_with(columns, cells, text, length, false);
}

static void take_tested_code(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                             size_t length)
{
    take_code_with(columns, cells, text, length, true);
}

static void take_number(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                        size_t length)
{
    double value = NAN;
    uint8_t state = MQ_MISSING;
    struct mq_text trim = trimmed(text, length);
    if (!is_missing(columns, trim))
        state = state_of(mq_real_parse(trim.s, trim.n, &value));
    cells->value.number[columns->row] = value;
    cells->state[columns->row] = state;
}

static void take_amount(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                        size_t length)
{
    int64_t value = 0;
    uint8_t state = MQ_MISSING;
    struct mq_text trim = trimmed(text, length);
    if (!is_missing(columns, trim))
        state = state_of(mq_decimal_parse(trim.s, trim.n, cells->decimals, &value));
    cells->value.amount[columns->row] = value;
    cells->state[columns->row] = state;
}

static void take_key(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                     size_t length)
{
    struct mq_text trim = trimmed(text, length);
    uint8_t state = is_missing(columns, trim) ? MQ_MISSING
                    : ruined(trim)            ? MQ_BAD_RUINED
                                              : MQ_PRESENT;
    cells->value.key[columns->row] = state == MQ_PRESENT ? mq_hash64(trim.s, trim.n, 0) : 0;
    cells->state[columns->row] = state;
}

static void take_tested_key(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                            size_t length)
{
    take_key(columns, cells, text, length);
    cells->tests[columns->row] = cells->state[columns->row] == MQ_MISSING
                                     ? 0
                                     : mq_text_tests_run(columns, cells, trimmed(text, length));
}

/* A column that is more than one input. */
static void take_shared(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                        size_t length)
{
    for (; cells; cells = cells->also)
        cells->take_alone(columns, cells, text, length);
}

void mq_columns_field(const char *text, size_t length, void *context)
{
    struct mq_columns *columns = context;
    size_t field = columns->field++;
    if (field >= columns->wanted || !columns->bound[field])
        return;
    struct mq_cells *cells = columns->bound[field];
    cells->take(columns, cells, text, length);
}

/* ---- rows ---- */

static size_t value_bytes(enum mq_type type)
{
    return type == MQ_CODE || type == MQ_PERIOD ? sizeof(uint32_t) : sizeof(uint64_t);
}

/*
 * Where the array after `*used` bytes starts. A row is written to all arrays at once: starting all
 * of them at the same place of a page would make them fight for the same lines of the processor's
 * cache.
 */
static size_t place_array(size_t *used, size_t number, size_t bytes)
{
    enum { PAGE = 4096, STEP = 5 * 64 };
    size_t start = (*used + PAGE - 1) / PAGE * PAGE + number * STEP % PAGE;
    *used = start + bytes;
    return start;
}

static size_t total_bytes(const struct mq_columns *columns, size_t capacity)
{
    size_t used = 0, number = 0;
    place_array(&used, number++, capacity * sizeof *columns->fields);
    place_array(&used, number++, capacity * sizeof *columns->begin);
    for (size_t i = 0; i < columns->inputs; i++) {
        place_array(&used, number++, capacity);
        place_array(&used, number++, capacity * value_bytes(columns->cells[i].type));
        if (columns->cells[i].test_count > 0)
            place_array(&used, number++, capacity * sizeof *columns->cells[i].tests);
    }
    return used;
}

static void *move_array(char *to, size_t start, const void *from, size_t bytes)
{
    return bytes > 0 ? memcpy(to + start, from, bytes) : to + start;
}

static bool grow(struct mq_columns *columns, size_t capacity)
{
    size_t rows = columns->row;
    char *memory = malloc(total_bytes(columns, capacity));
    size_t used = 0, number = 0;
    if (!memory)
        return false;
    columns->fields =
        move_array(memory, place_array(&used, number++, capacity * sizeof *columns->fields),
                   columns->fields, rows * sizeof *columns->fields);
    columns->begin =
        move_array(memory, place_array(&used, number++, capacity * sizeof *columns->begin),
                   columns->begin, rows * sizeof *columns->begin);
    for (size_t i = 0; i < columns->inputs; i++) {
        struct mq_cells *cells = &columns->cells[i];
        size_t size = value_bytes(cells->type);
        cells->state =
            move_array(memory, place_array(&used, number++, capacity), cells->state, rows);
        cells->value.any = move_array(memory, place_array(&used, number++, capacity * size),
                                      cells->value.any, rows * size);
        if (cells->test_count > 0)
            cells->tests =
                move_array(memory, place_array(&used, number++, capacity * sizeof *cells->tests),
                           cells->tests, rows * sizeof *cells->tests);
    }
    free(columns->memory);
    columns->memory = memory;
    columns->capacity = capacity;
    return true;
}

bool mq_columns_reserve(struct mq_columns *columns, size_t rows)
{
    size_t capacity = columns->capacity;
    while (capacity <= rows)
        capacity *= 2;
    return capacity == columns->capacity || grow(columns, capacity);
}

/* Which field is which is unknown in a ragged row: none of its cells counts. */
static void blank_row(struct mq_columns *columns)
{
    for (size_t i = 0; i < columns->inputs; i++) {
        struct mq_cells *cells = &columns->cells[i];
        cells->state[columns->row] = MQ_MISSING;
        if (cells->tests)
            cells->tests[columns->row] = 0;
        switch (cells->type) {
        case MQ_AMOUNT:
            cells->value.amount[columns->row] = 0;
            break;
        case MQ_NUMBER:
            cells->value.number[columns->row] = NAN;
            break;
        case MQ_CODE:
        case MQ_PERIOD:
            cells->value.code[columns->row] = MQ_NO_CODE;
            break;
        case MQ_KEY:
            cells->value.key[columns->row] = 0;
            break;
        }
    }
}

void mq_columns_row(int terminator, void *context)
{
    struct mq_columns *columns = context;
    size_t found = columns->field;
    (void)terminator;
    columns->field = 0;
    bool ragged = found != columns->wanted;
    columns->fields[columns->row] = !ragged ? 0 : found < UINT32_MAX ? (uint32_t)found : UINT32_MAX;
    columns->begin[columns->row] = UINT32_MAX;
    if (ragged)
        blank_row(columns);
    if (!mq_columns_reserve(columns, ++columns->row)) {
        columns->failed = true;
        columns->row = 0; /* the rest is read but not kept */
    }
}

/* ---- the whole ---- */

static mq_take *const take[] = {
    [MQ_KEY] = take_key,       [MQ_PERIOD] = take_code,   [MQ_CODE] = take_code,
    [MQ_AMOUNT] = take_amount, [MQ_NUMBER] = take_number,
};

static void set_special(struct mq_columns *columns, const struct mq_model *model)
{
    for (size_t i = 0; i < model->missings; i++) {
        uint8_t *special = &columns->special[(unsigned char)model->missing[i][0]];
        size_t length = strlen(model->missing[i]);
        if (length > *special)
            *special = length < UINT8_MAX ? (uint8_t)length : UINT8_MAX;
    }
    for (const char *blank = " \t\r\n\xE3\xEF"; *blank; blank++) /* U+3000, U+FEFF */
        columns->special[(unsigned char)*blank] = UINT8_MAX;
    columns->plain = true;
    for (const char *digit = "0123456789."; *digit; digit++)
        columns->plain = columns->plain && !columns->special[(unsigned char)*digit];
}

enum mq_status mq_columns_open(struct mq_columns *columns, const struct mq_model *model,
                               struct mq_dict *const *dicts, size_t widest, struct mq_error *error)
{
    *columns = (struct mq_columns){.model = model, .inputs = model->inputs};
    columns->cells = calloc(model->inputs + 1, sizeof *columns->cells);
    columns->view = calloc(model->inputs + 1, sizeof *columns->view);
    columns->bound = calloc(widest + 1, sizeof *columns->bound);
    if (!columns->cells || !columns->view || !columns->bound)
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->inputs; i++) {
        struct mq_cells *cells = &columns->cells[i];
        const struct mq_input *input = &model->input[i];
        cells->type = input->type;
        cells->take_alone = take[input->type];
        cells->decimals = input->decimals;
        cells->listed = input->type == MQ_CODE && input->list >= 0;
        cells->dict = dicts[i];
        if (dicts[i] && !(cells->memo = calloc(MQ_MEMOS, sizeof *cells->memo)))
            return mq_fail_memory(error);
    }
    if (!mq_editions_open(columns) || !mq_text_tests_open(columns) || !mq_validity_open(columns))
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->inputs; i++)
        if (columns->cells[i].test_count > 0)
            columns->cells[i].take_alone =
                model->input[i].type == MQ_KEY ? take_tested_key : take_tested_code;
    set_special(columns, model);
    return grow(columns, FIRST_ROWS) ? MQ_OK : mq_fail_memory(error);
}

void mq_columns_start(struct mq_columns *columns, const struct mq_file *file)
{
    columns->field = columns->row = 0;
    if (columns->file == file)
        return;
    columns->file = file;
    columns->wanted = file->fields;
    for (size_t i = 0; i < columns->inputs; i++) {
        struct mq_cells *cells = &columns->cells[i];
        cells->also = file->also[i] >= 0 ? &columns->cells[file->also[i]] : NULL;
        cells->take = cells->also ? take_shared : cells->take_alone;
    }
    for (size_t i = 0; i < file->fields; i++) {
        columns->bound[i] = file->bound[i] >= 0 ? &columns->cells[file->bound[i]] : NULL;
        for (struct mq_cells *cells = columns->bound[i]; cells; cells = cells->also)
            cells->column = i;
    }
}

void mq_columns_show(struct mq_columns *columns)
{
    for (size_t i = 0; i < columns->inputs; i++) {
        const struct mq_cells *cells = &columns->cells[i];
        struct mq_column *view = &columns->view[i];
        *view = (struct mq_column){.type = cells->type,
                                   .decimals = cells->decimals,
                                   .state = cells->state,
                                   .dict = cells->editions ? mq_editions_list(cells->editions)
                                                           : cells->dict,
                                   .old = cells->old,
                                   .tests = cells->tests};
        if (cells->type == MQ_AMOUNT)
            view->amount = cells->value.amount;
        else if (cells->type == MQ_NUMBER)
            view->number = cells->value.number;
        else if (cells->type == MQ_KEY)
            view->key = cells->value.key;
        else
            view->code = cells->value.code;
    }
}

void mq_columns_close(struct mq_columns *columns)
{
    for (size_t i = 0; columns->cells && i < columns->inputs; i++)
        free(columns->cells[i].memo);
    mq_text_tests_close(columns);
    mq_editions_close(columns);
    mq_validity_close(columns);
    free(columns->memory);
    free(columns->cells);
    free(columns->view);
    free(columns->narrow);
    free(columns->unquoter.buffer);
    free(columns->rest);
    free(columns->bound);
    *columns = (struct mq_columns){0};
}
