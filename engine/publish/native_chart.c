/* A figure as a chart of a word processor: the chart and the workbook behind it. */
#include "publish/native_chart.h"
#include "publish/xlsx_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

static const char tab[] = "Sheet1";

struct job {
    const struct mq_figure *figure;
    struct mq_chart_data data;
    bool chinese;
    char *directory, *path; /* where the library works */
    struct mq_arena arena;
};

static lxw_error write_cell(lxw_workbook *book, lxw_worksheet *sheet, const struct mq_sheet *table,
                            size_t row, size_t column)
{
    const struct mq_sheet_cell *cell = &table->cell[row * table->columns + column];
    lxw_row_t at = (lxw_row_t)row + 1;
    if (isnan(cell->value))
        return cell->text[0]
                   ? worksheet_write_string(sheet, at, (lxw_col_t)column, cell->text, NULL)
                   : LXW_NO_ERROR;
    char number[64];
    lxw_format *format = workbook_add_format(book);
    if (!format)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    mq_xlsx_number_format(&table->column[column], cell->text, number, sizeof number);
    format_set_num_format(format, number);
    return worksheet_write_number(sheet, at, (lxw_col_t)column, cell->value, format);
}

static lxw_error write_table(lxw_workbook *book, lxw_worksheet *sheet, const struct mq_sheet *table)
{
    lxw_error fault = worksheet_set_column(sheet, 0, 0, 24, NULL);
    for (size_t i = 1; i < table->columns && fault == LXW_NO_ERROR; i++)
        fault = worksheet_write_string(sheet, 0, (lxw_col_t)i, table->column[i].title, NULL);
    for (size_t row = 0; row < table->rows; row++)
        for (size_t i = 0; i < table->columns && fault == LXW_NO_ERROR; i++)
            fault = write_cell(book, sheet, table, row, i);
    return fault;
}

static lxw_error fill(const struct job *job, lxw_workbook *book, bool with_chart)
{
    lxw_doc_properties properties = {.created = MQ_XLSX_DATE};
    lxw_error fault = workbook_set_properties(book, &properties);
    lxw_worksheet *sheet = fault == LXW_NO_ERROR ? workbook_add_worksheet(book, tab) : NULL;
    if (!sheet)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    fault = write_table(book, sheet, &job->data.table);
    if (fault != LXW_NO_ERROR || !with_chart)
        return fault;
    struct mq_chart_place place = {.book = book, .tab = tab};
    lxw_chart *chart = mq_chart_new(&place, job->figure, &job->data, job->chinese);
    if (!chart)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    return worksheet_insert_chart(sheet, (lxw_row_t)job->data.table.rows + 2, 0, chart);
}

/* A whole workbook through the scratch file, which is there again afterwards. */
static enum mq_status make_book(const struct job *job, bool with_chart, struct mq_buffer *bytes,
                                struct mq_error *error)
{
    uint64_t room = (1 << 17) + job->data.table.rows * job->data.table.columns * 1024;
    MQ_TRY(mq_xlsx_make_room(job->path, job->path, room, error));
    lxw_workbook_options options = {.tmpdir = job->directory};
    lxw_workbook *book = workbook_new_opt(job->path, &options);
    if (!book)
        return mq_fail_memory(error);
    lxw_error fault = fill(job, book, with_chart);
    if (fault != LXW_NO_ERROR) {
        lxw_workbook_free(book);
        return mq_xlsx_refused(job->path, fault, error);
    }
    errno = 0;
    MQ_TRY(mq_xlsx_refused(job->path, workbook_close(book), error));
    return mq_read_file(job->path, bytes, error);
}

/* ---- the chart out of its workbook ---- */

static bool read_part(zip_t *archive, const char *name, struct mq_buffer *out)
{
    zip_file_t *file = zip_fopen(archive, name, 0);
    if (!file)
        return false;
    char block[8192];
    zip_int64_t got;
    while ((got = zip_fread(file, block, sizeof block)) > 0)
        mq_buffer_add(out, block, (size_t)got);
    zip_fclose(file);
    return got == 0 && !out->failed;
}

static enum mq_status take_chart(const struct mq_buffer *book, struct mq_buffer *chart,
                                 struct mq_error *error)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(book->data, book->length, 0, &reason);
    zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, &reason) : NULL;
    bool read = archive && read_part(archive, "xl/charts/chart1.xml", chart);
    if (archive)
        zip_discard(archive);
    else
        zip_source_free(source);
    zip_error_fini(&reason);
    return read ? MQ_OK : mq_fail_memory(error); /* the file was written a moment ago */
}

static enum mq_status make_parts(const struct job *job, struct mq_buffer *chart,
                                 struct mq_buffer *workbook, struct mq_error *error)
{
    struct mq_buffer book = MQ_BUFFER_EMPTY, part = MQ_BUFFER_EMPTY;
    enum mq_status status = make_book(job, true, &book, error);
    if (status == MQ_OK)
        status = take_chart(&book, &part, error);
    if (status == MQ_OK)
        status = mq_chart_for_document(&part, job->chinese, chart, error);
    if (status == MQ_OK)
        status = make_book(job, false, workbook, error);
    mq_buffer_clear(&book);
    mq_buffer_clear(&part);
    return status;
}

static enum mq_status in_scratch(struct job *job, struct mq_buffer *chart,
                                 struct mq_buffer *workbook, struct mq_error *error)
{
    int fd = mkstemp(job->path);
    if (fd < 0)
        return mq_fail(error, MQ_CANNOT_WRITE, job->directory, 0, 0,
                       "no file can be made in the folder: %s", strerror(errno));
    close(fd);
    enum mq_status status = make_parts(job, chart, workbook, error);
    unlink(job->path);
    return status;
}

enum mq_status mq_native_chart(const struct mq_figure *figure, bool chinese,
                               const char *scratch_directory, struct mq_buffer *chart_xml,
                               struct mq_buffer *workbook, struct mq_error *error)
{
    if (!mq_chart_is_native(figure))
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0,
                       "figure %s: no chart of this kind is drawn by word processors", figure->id);
    struct job job = {.figure = figure, .chinese = chinese};
    struct mq_buffer chart = MQ_BUFFER_EMPTY, book = MQ_BUFFER_EMPTY;
    job.directory = mq_arena_string(&job.arena, scratch_directory, strlen(scratch_directory));
    job.path = mq_arena_format(&job.arena, "%s/.chart-XXXXXX", scratch_directory);
    enum mq_status status;
    if (!job.directory || !job.path || !mq_chart_data(figure, chinese, &job.arena, &job.data))
        status = mq_fail_memory(error);
    else
        status = in_scratch(&job, &chart, &book, error);
    const size_t before[] = {chart_xml->length, workbook->length};
    if (status == MQ_OK) {
        mq_buffer_add(chart_xml, chart.data, chart.length);
        mq_buffer_add(workbook, book.data, book.length);
        if (chart_xml->failed || workbook->failed) {
            chart_xml->length = before[0];
            workbook->length = before[1];
            status = mq_fail_memory(error);
        }
    }
    mq_buffer_clear(&chart);
    mq_buffer_clear(&book);
    mq_arena_clear(&job.arena);
    return status;
}
