/*
 * Any text, cut into fields by libcsv and by every kernel of the scanning tokeniser: the same
 * fields and rows or the same fault at the same byte; and the same cells out of them. The first
 * byte chooses: bit 0 whether the text is whole, bits 1-3 how many fields rows should have, bits
 * 4-5 how large the windows are, bit 6 whether a number is a missing text, bit 7 whether cells are
 * compared too. Whichever comes first in the text, comma or tab, is what separates fields.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* ---- fields and rows ---- */

struct text {
    const char *bytes;
    size_t length, window, fields;
    char separator;
    bool whole;
};

struct reading {
    struct mq_buffer log;
    struct mq_unquoter unquoter;
    char separator;
    size_t fields;
    enum mq_fault fault;
    size_t offset;
};

static void log_field(const char *text, size_t length, void *context)
{
    struct reading *reading = context;
    mq_buffer_add(&reading->log, "f", 1);
    mq_buffer_add(&reading->log, (const char *)&length, sizeof length);
    mq_buffer_add(&reading->log, text, length);
}

static void log_row(int terminator, void *context)
{
    struct reading *reading = context;
    mq_buffer_add(&reading->log, "r", 1);
    mq_buffer_add(&reading->log, (const char *)&terminator, sizeof terminator);
}

static void log_rows(const struct mq_rows *rows, void *context)
{
    struct reading *reading = context;
    for (size_t row = 0; row < rows->count; row++) {
        const uint32_t *stop = rows->stop + rows->first[row];
        for (size_t i = 0; i < reading->fields; i++) {
            uint32_t begin = stop[(ptrdiff_t)i - 1] + 1;
            struct mq_text field = {rows->text + begin, stop[i] - begin};
            if (field.n > 0 && field.s[0] == '"') {
                require(rows->quotes && field.n > 1);
                require(mq_unquote(&reading->unquoter, field.s, field.n, &field));
            } else {
                while (field.n > 0 && mq_is_space(field.s[field.n - 1], reading->separator))
                    field.n--;
                for (; field.n > 0 && mq_is_space(*field.s, reading->separator); field.n--)
                    field.s++;
            }
            log_field(field.s, field.n, reading);
        }
        log_row((unsigned char)rows->text[stop[reading->fields - 1]], reading);
    }
}

/* Tokenisers are opened once: that one fault does not spoil the next text is tested too. */
static void *tokens_of(const struct mq_tokeniser *tokeniser, const struct mq_scan_kernel *kernel,
                       size_t window)
{
    static void *libcsv, *scan;
    void **tokens = kernel ? &scan : &libcsv;
    if (!*tokens)
        *tokens = tokeniser->open();
    require(*tokens);
    if (kernel)
        mq_scan_use(*tokens, kernel, window);
    return *tokens;
}

static struct reading read_text(const struct mq_tokeniser *tokeniser,
                                const struct mq_scan_kernel *kernel, const struct text *text,
                                size_t fields)
{
    struct reading reading = {.separator = text->separator, .fields = fields};
    struct mq_sink sink = {log_field, log_row, &reading, fields ? log_rows : NULL, fields};
    void *tokens = tokens_of(tokeniser, kernel, text->window);
    reading.fault = tokeniser->run(tokens, text->bytes, text->length, text->separator, text->whole,
                                   &sink, &reading.offset);
    free(reading.unquoter.buffer);
    require(!reading.log.failed && reading.fault != MQ_FAULT_MEMORY);
    return reading;
}

static enum mq_fault compare_readings(const struct text *text)
{
    const struct mq_scan_kernel *kernel;
    struct reading wanted = read_text(&mq_tokens_libcsv, NULL, text, 0);
    for (size_t i = 0; (kernel = mq_scan_kernel(i / 2)); i++) {
        struct reading found = read_text(&mq_tokens_scan, kernel, text, i % 2 ? text->fields : 0);
        require(found.fault == wanted.fault && found.offset == wanted.offset);
        require(found.log.length == wanted.log.length);
        require(wanted.log.length == 0 ||
                memcmp(found.log.data, wanted.log.data, wanted.log.length) == 0);
        mq_buffer_clear(&found.log);
    }
    mq_buffer_clear(&wanted.log);
    return wanted.fault;
}

/* ---- cells ---- */

enum { INPUTS = 9 };
static const struct mq_input inputs[INPUTS] = {
    {.id = "a", .type = MQ_AMOUNT, .list = -1, .decimals = 2},
    {.id = "n", .type = MQ_NUMBER, .list = -1},
    {.id = "c", .type = MQ_CODE, .list = -1},
    {.id = "i", .type = MQ_AMOUNT, .list = -1},
    {.id = "k", .type = MQ_KEY, .list = -1},
    {.id = "p", .type = MQ_PERIOD, .list = -1},
    {.id = "t", .type = MQ_AMOUNT, .list = -1, .decimals = 10},
    {.id = "u", .type = MQ_AMOUNT, .list = -1, .decimals = 9},
    {.id = "w", .type = MQ_AMOUNT, .list = -1, .decimals = 18},
};

struct cells {
    struct mq_columns columns;
    struct mq_dict *dict[INPUTS];
};

static void read_cells(const struct mq_tokeniser *tokeniser, const struct mq_scan_kernel *kernel,
                       const struct mq_model *model, const struct mq_file *file,
                       const struct text *text, struct cells *cells)
{
    struct mq_sink sink = {mq_columns_field, mq_columns_row, &cells->columns, mq_columns_rows,
                           file->fields};
    void *tokens = tokens_of(tokeniser, kernel, text->window);
    size_t offset;
    *cells = (struct cells){0};
    for (size_t i = 0; i < INPUTS; i++)
        if (inputs[i].type == MQ_CODE || inputs[i].type == MQ_PERIOD)
            require(mq_dict_new(&cells->dict[i], NULL) == MQ_OK);
    require(mq_columns_open(&cells->columns, model, cells->dict, file->fields, NULL) == MQ_OK);
    mq_columns_start(&cells->columns, file);
    require(tokeniser->run(tokens, text->bytes, text->length, text->separator, true, &sink,
                           &offset) == MQ_FAULT_NONE);
    require(!cells->columns.failed);
    mq_columns_show(&cells->columns);
}

static void clear_cells(struct cells *cells)
{
    mq_columns_close(&cells->columns);
    for (size_t i = 0; i < INPUTS; i++)
        mq_dict_free(cells->dict[i]);
}

static void compare_cell(const struct mq_column *found, const struct mq_column *wanted, size_t row)
{
    require(found->state[row] == wanted->state[row]);
    if (found->type == MQ_AMOUNT)
        require(found->amount[row] == wanted->amount[row]);
    else if (found->type == MQ_NUMBER)
        require(memcmp(&found->number[row], &wanted->number[row], sizeof *found->number) == 0);
    else if (found->type == MQ_KEY)
        require(found->key[row] == wanted->key[row]);
    else if (found->state[row] == MQ_PRESENT)
        require(mq_text_equal(mq_dict_text(found->dict, found->code[row]),
                              mq_dict_text(wanted->dict, wanted->code[row])));
}

static void compare_cells(const struct text *text, size_t missings)
{
    static const char *missing[] = {"-", "-1", "\xE2\x80\x94", "7."};
    int bound[8] = {-1, -1, -1, -1, -1, -1, -1, -1}, also[INPUTS];
    struct mq_input own[INPUTS];
    memcpy(own, inputs, sizeof own);
    struct mq_model model = {
        .input = own, .inputs = INPUTS, .missing = missing, .missings = missings};
    struct mq_file file = {.fields = text->fields, .bound = bound, .also = also};
    const struct mq_scan_kernel *kernel;
    for (int i = 0; i < INPUTS; i++) { /* more inputs than columns: some share one */
        size_t column = (size_t)i % text->fields;
        also[i] = bound[column];
        bound[column] = i;
    }
    struct cells wanted, found;
    read_cells(&mq_tokens_libcsv, NULL, &model, &file, text, &wanted);
    for (size_t k = 0; (kernel = mq_scan_kernel(k)); k++) {
        read_cells(&mq_tokens_scan, kernel, &model, &file, text, &found);
        require(found.columns.row == wanted.columns.row);
        for (size_t row = 0; row < wanted.columns.row; row++) {
            require(found.columns.fields[row] == wanted.columns.fields[row]);
            for (size_t i = 0; i < INPUTS; i++)
                compare_cell(&found.columns.view[i], &wanted.columns.view[i], row);
        }
        clear_cells(&found);
    }
    clear_cells(&wanted);
}

static char separator_of(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == ',' || bytes[i] == '\t')
            return bytes[i];
    return ',';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t windows[] = {64, 128, 512, MQ_SCAN_WINDOW};
    if (size == 0)
        return 0;
    char *bytes = malloc(size - 1 + (size == 1)); /* no byte more: reading beyond is an error */
    require(bytes);
    memcpy(bytes, data + 1, size - 1);
    struct text text = {.bytes = bytes,
                        .length = size - 1,
                        .window = windows[data[0] >> 4 & 3],
                        .fields = 1 + (data[0] >> 1 & 7),
                        .separator = separator_of(bytes, size - 1),
                        .whole = data[0] & 1};
    if (compare_readings(&text) == MQ_FAULT_NONE && text.whole && data[0] & 0x80)
        compare_cells(&text, data[0] & 0x40 ? 4 : 3);
    free(bytes);
    return 0;
}
