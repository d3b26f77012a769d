/* tables.xlsx: the text, a worksheet per table and per chart, ready to print. */
#include "publish/xlsx_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- the file ---- */

enum mq_status mq_xlsx_refused(const char *path, lxw_error fault, struct mq_error *error)
{
    switch (fault) {
    case LXW_NO_ERROR:
        return MQ_OK;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return mq_fail_memory(error);
    case LXW_ERROR_CREATING_XLSX_FILE:
    case LXW_ERROR_CREATING_TMPFILE:
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "the workbook cannot be made: %s",
                       strerror(errno));
    case LXW_ERROR_READING_TMPFILE:
    case LXW_ERROR_ZIP_FILE_OPERATION:
    case LXW_ERROR_ZIP_PARAMETER_ERROR:
    case LXW_ERROR_ZIP_BAD_ZIP_FILE:
    case LXW_ERROR_ZIP_INTERNAL_ERROR:
    case LXW_ERROR_ZIP_FILE_ADD:
    case LXW_ERROR_ZIP_CLOSE:
        return mq_fail(error, MQ_IO, path, 0, 0, "writing the workbook failed: %s",
                       lxw_strerror(fault));
    default:
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "the tables do not fit a workbook: %s",
                       lxw_strerror(fault));
    }
}

static uint64_t room_of_figures(const struct mq_figures *figures)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < figures->count; i++) {
        const struct mq_figure *figure = &figures->figure[i];
        if (mq_xlsx_draws(figure)) /* every series repeats the names of the rows */
            bytes += 20000 + (figure->rows + 4) * (figure->columns + 4) * 512;
    }
    return bytes;
}

static uint64_t room_of_story(const struct mq_story *story)
{
    uint64_t bytes = 8192;
    for (size_t i = 0; i < story->count; i++)
        for (size_t line = 0; line < story->section[i].paragraphs; line++)
            bytes += 128 + strlen(story->section[i].paragraph[line]);
    return bytes;
}

/* The library does not look at the results of writing its temporary files. */
static uint64_t room_needed(const struct mq_publication *publication)
{
    const struct mq_sheets *sheets = publication->sheets;
    uint64_t bytes = 1 << 16;
    for (size_t i = 0; i < sheets->count; i++) {
        const struct mq_sheet *sheet = &sheets->sheet[i];
        bytes += 4096 + sheet->rows * 128;
        for (size_t cell = 0; cell < sheet->rows * sheet->columns; cell++)
            bytes += 96 + strlen(sheet->cell[cell].text);
    }
    if (publication->figures)
        bytes += room_of_figures(publication->figures);
    if (publication->story)
        bytes += room_of_story(publication->story);
    return bytes;
}

enum mq_status mq_xlsx_make_room(const char *partial, const char *path, uint64_t bytes,
                                 struct mq_error *error)
{
    int fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "the workbook cannot be made: %s",
                       strerror(errno));
    int reason = posix_fallocate(fd, 0, (off_t)bytes);
    if (close(fd) != 0 && reason == 0)
        reason = errno;
    return reason == 0 ? MQ_OK
                       : mq_fail(error, MQ_IO, path, 0, 0, "no room to write the workbook: %s",
                                 strerror(reason));
}

static lxw_error add_sheet(lxw_workbook *book, struct mq_xlsx_style *style,
                           const struct mq_sheets *sheets, const struct mq_sheet *sheet,
                           struct mq_arena *arena)
{
    struct mq_xlsx_page page = {.sheet = sheet, .style = style};
    page.out = mq_xlsx_add_tab(book, sheet->name[0] ? sheet->name : sheet->id);
    if (!page.out || !mq_xlsx_measure(sheet, sheets->chinese, arena, &page.plan))
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    return mq_xlsx_write_sheet(&page, sheets);
}

static lxw_error add_sheets(lxw_workbook *book, struct mq_xlsx_style *style,
                            const struct mq_sheets *sheets, bool notes, struct mq_arena *arena)
{
    lxw_error fault = LXW_NO_ERROR;
    for (size_t i = 0; i < sheets->count && fault == LXW_NO_ERROR; i++)
        if ((sheets->sheet[i].kind == MQ_SHEET_NOTES) == notes)
            fault = add_sheet(book, style, sheets, &sheets->sheet[i], arena);
    return fault;
}

/* The text, the tables, the charts, and how they were made. */
static lxw_error fill_book(lxw_workbook *book, const struct mq_publication *publication)
{
    const struct mq_sheets *sheets = publication->sheets;
    const struct mq_figures *figures = publication->figures;
    struct mq_xlsx_style style;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    lxw_error fault = mq_xlsx_style_new(book, sheets->chinese, &style)
                          ? LXW_NO_ERROR
                          : LXW_ERROR_MEMORY_MALLOC_FAILED;
    if (fault == LXW_NO_ERROR && publication->story && publication->story->count > 0)
        fault = mq_xlsx_write_story(book, &style, publication);
    if (fault == LXW_NO_ERROR)
        fault = add_sheets(book, &style, sheets, false, &arena);
    for (size_t i = 0; figures && i < figures->count && fault == LXW_NO_ERROR; i++)
        if (mq_xlsx_draws(&figures->figure[i]))
            fault = mq_xlsx_write_figure(book, &style, &figures->figure[i], &arena);
    if (fault == LXW_NO_ERROR)
        fault = add_sheets(book, &style, sheets, true, &arena);
    mq_arena_clear(&arena);
    return fault;
}

static lxw_error set_properties(lxw_workbook *book, const struct mq_sheets *sheets)
{
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    mq_buffer_text(&title, sheets->title);
    lxw_doc_properties properties = {.title = title.data, .created = MQ_XLSX_DATE};
    lxw_error fault =
        title.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED : workbook_set_properties(book, &properties);
    mq_buffer_clear(&title);
    return fault;
}

static enum mq_status write_book(const char *partial, const char *path, char *directory,
                                 const struct mq_publication *publication, struct mq_error *error)
{
    lxw_workbook_options options = {.tmpdir = directory};
    lxw_workbook *book = workbook_new_opt(partial, &options);
    if (!book)
        return mq_fail_memory(error);
    lxw_error fault = set_properties(book, publication->sheets);
    if (fault == LXW_NO_ERROR)
        fault = fill_book(book, publication);
    if (fault != LXW_NO_ERROR) {
        lxw_workbook_free(book);
        return mq_xlsx_refused(path, fault, error);
    }
    errno = 0;
    return mq_xlsx_refused(path, workbook_close(book), error);
}

/* Whole, on disk, and only then under its name. */
static enum mq_status settle(const char *partial, const char *path, struct mq_error *error)
{
    int fd = open(partial, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL && errno != EROFS)) {
        int reason = errno;
        if (fd >= 0)
            close(fd);
        return mq_fail(error, MQ_IO, path, 0, 0, "writing the workbook failed: %s",
                       strerror(reason));
    }
    if (close(fd) != 0 || rename(partial, path) != 0)
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "the workbook cannot be made: %s",
                       strerror(errno));
    return MQ_OK;
}

enum mq_status mq_write_xlsx(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error)
{
    struct mq_buffer path = MQ_BUFFER_EMPTY, partial = MQ_BUFFER_EMPTY, folder = MQ_BUFFER_EMPTY;
    mq_buffer_format(&path, "%s/tables.xlsx", directory);
    mq_buffer_format(&partial, "%s/tables.xlsx.partial", directory);
    mq_buffer_text(&folder, directory);
    enum mq_status status = MQ_OK;
    if (path.failed || partial.failed || folder.failed) {
        status = mq_fail_memory(error);
    } else {
        status = mq_xlsx_make_room(partial.data, path.data, room_needed(publication), error);
        if (status == MQ_OK)
            status = write_book(partial.data, path.data, folder.data, publication, error);
        if (status == MQ_OK)
            status = settle(partial.data, path.data, error);
        if (status != MQ_OK)
            unlink(partial.data);
    }
    mq_buffer_clear(&path);
    mq_buffer_clear(&partial);
    mq_buffer_clear(&folder);
    return status;
}
