/* parse: a block, or the wanted rows of a block, into a worker's columns; and what can be wrong
 * with it. */
#include <stdlib.h>

#include "ingest/reader.h"

static enum mq_status fail_long_row(const struct mq_worker *worker, struct mq_error *error)
{
    const struct mq_decoded *decoded = &worker->decoded;
    const struct mq_file *file = worker->block.file;
    if (mq_quote_opened(decoded->text, decoded->length, file->source.separator) < decoded->length)
        return mq_fault_fail(file, MQ_FAULT_OPEN, decoded->text, decoded->length,
                             worker->block.line, error);
    struct mq_place place = mq_place_find(decoded->text, decoded->length, worker->block.line);
    return mq_fail(error, MQ_DATA, file->info.path, (long)place.line, 1,
                   "this row is longer than 64 MiB; is a line end missing?");
}

/* Tokenises decoded text that starts in `line`, and says what is wrong with it. */
static enum mq_status tokenise(struct mq_reader *reader, struct mq_worker *worker,
                               const struct mq_decoded *decoded, bool cut, uint64_t line,
                               struct mq_error *error)
{
    const struct mq_file *file = worker->block.file;
    struct mq_sink sink = {mq_columns_field, mq_columns_row, &worker->columns, mq_columns_rows,
                           file->fields};
    size_t offset = 0;
    bool broken = decoded->broken && !(cut && decoded->left < 4); /* cut in a character */
    enum mq_fault fault =
        reader->tokeniser->run(worker->tokens, decoded->text, decoded->length,
                               file->source.separator, !broken && !cut, &sink, &offset);
    if (worker->columns.failed)
        fault = MQ_FAULT_MEMORY;
    if (fault != MQ_FAULT_NONE)
        return mq_fault_fail(file, fault, decoded->text, offset, line, error);
    if (!broken)
        return MQ_OK;
    struct mq_place at = mq_place_find(decoded->text, decoded->length, line);
    return mq_encoding_fail(file->info.path, file->info.encoding, decoded->byte, (long)at.line,
                            at.column, error);
}

/* The whole of worker->block. */
static enum mq_status parse_all(struct mq_reader *reader, struct mq_worker *worker,
                                struct mq_error *error)
{
    const struct mq_block *block = &worker->block;
    const struct mq_file *file = block->file;
    struct mq_decoded *decoded = &worker->decoded;
    mq_columns_start(&worker->columns, file);
    MQ_TRY(mq_decoder_run(&worker->decoder, file->info.encoding, file->source.text + block->start,
                          block->end - block->start, decoded, error));
    MQ_TRY(tokenise(reader, worker, decoded, block->cut, block->line, error));
    if (block->cut)
        return fail_long_row(worker, error);
    mq_walk_start(&worker->walk, decoded->text, decoded->length, file->source.separator,
                  block->line);
    return MQ_OK;
}

static enum mq_status parse_record(struct mq_reader *reader, struct mq_worker *worker,
                                   const struct mq_record *record, struct mq_error *error)
{
    const struct mq_file *file = worker->block.file;
    struct mq_decoded decoded;
    size_t row = worker->columns.row;
    MQ_TRY(mq_decoder_run(&worker->decoder, file->info.encoding,
                          file->source.text + worker->block.start + record->start,
                          record->end - record->start, &decoded, error));
    MQ_TRY(tokenise(reader, worker, &decoded, false, record->line, error));
    return worker->columns.row == row + 1
               ? MQ_OK
               : mq_fail(error, MQ_INTERNAL, file->info.path, (long)record->line, 1,
                         "this row was found but not read");
}

static enum mq_status make_room(struct mq_worker *worker, size_t rows, struct mq_error *error)
{
    if (rows <= worker->records)
        return MQ_OK;
    free(worker->record);
    worker->record = malloc(rows * sizeof *worker->record);
    worker->records = worker->record ? rows : 0;
    return worker->record ? MQ_OK : mq_fail_memory(error);
}

/* The wanted rows of worker->block alone. Quotes and line ends are the same bytes in all encodings
 * (see encoding.c): rows are found in the raw bytes. */
static enum mq_status parse_wanted(struct mq_reader *reader, struct mq_worker *worker,
                                   struct mq_error *error)
{
    const struct mq_block *block = &worker->block;
    const struct mq_file *file = block->file;
    struct mq_walk walk;
    if (block->cut)
        return parse_all(reader, worker, error); /* says why the block cannot be read */
    MQ_TRY(make_room(worker, worker->wanted_rows, error));
    mq_columns_start(&worker->columns, file);
    mq_walk_start(&walk, file->source.text + block->start, block->end - block->start,
                  file->source.separator, block->line);
    for (size_t i = 0; i < worker->wanted_rows; i++) {
        if (!mq_walk_to(&walk, worker->wanted[i].row, UINT32_MAX, block->line))
            return mq_fail(error, MQ_DATA, file->info.path, (long)block->line, 0,
                           "a row that was here is gone; did the file change while it was read?");
        worker->record[i] = walk.record;
        MQ_TRY(parse_record(reader, worker, &walk.record, error));
    }
    return MQ_OK;
}

enum mq_status mq_parse(struct mq_reader *reader, struct mq_worker *worker, struct mq_error *error)
{
    MQ_TRY(worker->wanted ? parse_wanted(reader, worker, error) : parse_all(reader, worker, error));
    mq_editions_translate(&worker->columns);
    if (!worker->columns.failed)
        mq_validity_judge(&worker->columns);
    return worker->columns.failed ? mq_fail_memory(error) : MQ_OK;
}
