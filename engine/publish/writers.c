/* The formats, in the order in which they are written. */
#include "publish/draft.h"

static const struct mq_writer csv = {
    .name = "csv",
    .summary = "one table a file for spreadsheets: UTF-8 with BOM, CRLF",
    .write = mq_write_csv,
};

static const struct mq_writer xlsx = {
    .name = "xlsx",
    .summary = "one workbook with all tables and a sheet of notes",
    .write = mq_write_xlsx,
};

const struct mq_writer *const mq_writers[] = {&csv, &xlsx};
const size_t mq_writers_count = sizeof mq_writers / sizeof mq_writers[0];
