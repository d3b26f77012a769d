/*
 * Any bytes as a data file. The first byte chooses: bit 0 puts a fitting header before the rest,
 * bits 1-2 declare an encoding. Read with tiny blocks and with one large block, the rows (values,
 * lines, texts) must be the same, or the error must.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/ingest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUTS = 5 };
static const char *const aliases[INPUTS] = {"k", "y", "n", "a", "r"};
static const enum mq_type types[INPUTS] = {MQ_KEY, MQ_PERIOD, MQ_CODE, MQ_AMOUNT, MQ_NUMBER};

struct outcome {
    uint64_t hash, rows, last_line;
    struct mq_error error;
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void add(struct outcome *outcome, const void *bytes, size_t count)
{
    outcome->hash = mq_hash64(bytes, count, outcome->hash);
}

static void add_value(struct outcome *outcome, const struct mq_column *column, size_t row)
{
    add(outcome, &column->state[row], 1);
    if (column->type == MQ_AMOUNT)
        add(outcome, &column->amount[row], sizeof column->amount[row]);
    else if (column->type == MQ_KEY)
        add(outcome, &column->key[row], sizeof column->key[row]);
    else if (column->type == MQ_NUMBER && column->state[row] == MQ_PRESENT)
        add(outcome, &column->number[row], sizeof column->number[row]);
    else if (column->type != MQ_NUMBER && column->state[row] == MQ_PRESENT) {
        struct mq_text code = mq_dict_text(column->dict, column->code[row]);
        add(outcome, code.s, code.n);
    }
}

static void add_row(struct outcome *outcome, struct mq_reader *reader, const struct mq_batch *batch,
                    size_t row)
{
    uint64_t line = 0;
    struct mq_text text = {0};
    add(outcome, &batch->fields[row], sizeof batch->fields[row]);
    require(mq_reader_line(reader, batch, row, &line) == MQ_OK && line >= outcome->last_line);
    outcome->last_line = line;
    outcome->rows++;
    add(outcome, &line, sizeof line);
    for (size_t i = 0; i < INPUTS; i++) {
        add_value(outcome, &batch->column[i], row);
        require(mq_reader_cell(reader, batch, row, i, &text) == MQ_OK);
        require(mq_utf8_valid(text.s, text.n) == text.n);
        add(outcome, text.s, text.n);
        if (types[i] == MQ_KEY && batch->column[i].state[row] == MQ_PRESENT)
            require(batch->column[i].key[row] == mq_hash64(text.s, text.n, 0));
    }
}

static void read_all(const struct mq_model *model, const char *path, size_t block_bytes,
                     enum mq_encoding encoding, struct outcome *outcome)
{
    struct mq_reader_options options = {
        .workers = 1, .block_bytes = block_bytes, .encoding = encoding};
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch;
    *outcome = (struct outcome){0};
    if (mq_reader_open(model, &path, 1, &options, &reader, &outcome->error) != MQ_OK)
        return;
    while (mq_reader_next(reader, 0, &batch, &outcome->error) == MQ_OK && batch)
        for (size_t row = 0; row < batch->rows; row++)
            add_row(outcome, reader, batch, row);
    mq_reader_close(reader);
}

static void compare(const struct outcome *a, const struct outcome *b)
{
    require(a->error.status == b->error.status);
    if (a->error.status == MQ_OK) {
        require(a->hash == b->hash && a->rows == b->rows && a->rows > 0);
        return;
    }
    require(a->error.status == MQ_DATA && a->error.message[0] != '\0');
    require(a->error.line == b->error.line && a->error.column == b->error.column);
    require(strcmp(a->error.message, b->error.message) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum mq_encoding encodings[] = {MQ_ENCODING_AUTO, MQ_ENCODING_AUTO, MQ_UTF8,
                                                 MQ_GB18030};
    static const char header[] = "k,y,n,a,r\n";
    static const char *missing[] = {"-", "NA"};
    struct mq_input input[INPUTS];
    const char *alias[INPUTS];
    struct outcome small, large;
    char path[64];
    if (size == 0)
        return 0;
    for (size_t i = 0; i < INPUTS; i++) {
        alias[i] = aliases[i];
        input[i] = (struct mq_input){.id = aliases[i],
                                     .type = types[i],
                                     .alias = &alias[i],
                                     .aliases = 1,
                                     .list = -1,
                                     .decimals = 2};
    }
    struct mq_model model = {.input = input, .inputs = INPUTS, .missing = missing, .missings = 2};
    int fd = memfd_create("data.csv", MFD_CLOEXEC);
    require(fd >= 0);
    size_t head = data[0] & 1 ? sizeof header - 1 : 0;
    require(write(fd, header, head) == (ssize_t)head);
    require(write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum mq_encoding encoding = encodings[data[0] >> 1 & 3];
    read_all(&model, path, 64, encoding, &small);
    read_all(&model, path, 1 << 20, encoding, &large);
    compare(&small, &large);
    close(fd);
    return 0;
}
