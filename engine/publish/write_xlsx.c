/* tables.xlsx: a worksheet per sheet, values not formulas, ready to print. */
#include "publish/xlsx_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Documents carry a date; the same data must give the same bytes, so it is not today's: 2000-01-01
 * 00:00 UTC. */
static const time_t document_date = 946684800;

/* A worksheet being filled. Errors of single calls are kept: the first one is reported at the end.
 */
struct page {
    lxw_worksheet *out;
    const struct mq_sheet *sheet;
    struct mq_xlsx_plan plan;
    struct mq_xlsx_style *style;
    lxw_row_t row;
    lxw_error fault;
};

static void keep(struct page *page, lxw_error result)
{
    if (page->fault == LXW_NO_ERROR)
        page->fault = result;
}

/* Text over the columns [first, end). */
static void span(struct page *page, lxw_row_t first_row, lxw_row_t last_row, size_t first,
                 size_t end, const char *text, lxw_format *format)
{
    lxw_col_t from = (lxw_col_t)first, to = (lxw_col_t)(end - 1);
    if (first_row == last_row && from == to)
        keep(page, worksheet_write_string(page->out, first_row, from, text, format));
    else
        keep(page, worksheet_merge_range(page->out, first_row, from, last_row, to, text, format));
}

static void set_height(struct page *page, lxw_row_t row, double height)
{
    keep(page, worksheet_set_row(page->out, row, height, NULL));
}

/* The columns that belong to one page. Where there are several pages across, the first column is
 * repeated on each and must not hold text that goes on to the right. */
static void page_columns(const struct page *page, size_t number, size_t *first, size_t *end)
{
    *first = page->plan.pages > 1 ? 1 + number * page->plan.page_columns : 0;
    *end = 1 + (number + 1) * page->plan.page_columns;
    if (*end > page->sheet->columns)
        *end = page->sheet->columns;
}

/* The title stands on every page across, "（续）" from the second. */
static void write_title(struct page *page, const char *title)
{
    struct mq_buffer again = MQ_BUFFER_EMPTY;
    mq_buffer_format(&again, page->style->chinese ? "%s（续）" : "%s (continued)", title);
    if (again.failed)
        keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    set_height(page, page->row, page->plan.title_height);
    if (page->sheet->unit[0])
        set_height(page, page->row + 1, MQ_XLSX_UNIT_HEIGHT);
    for (size_t number = 0; number < page->plan.pages && !again.failed; number++) {
        size_t first, end;
        page_columns(page, number, &first, &end);
        span(page, page->row, page->row, first, end, number ? again.data : title,
             page->style->title);
        if (page->sheet->unit[0])
            span(page, page->row + 1, page->row + 1, first, end, page->sheet->unit,
                 page->style->unit);
    }
    mq_buffer_clear(&again);
    page->row += page->sheet->unit[0] ? 2 : 1;
}

/* One header row, or groups over titles; a column without a group takes both rows. */
static void write_header(struct page *page)
{
    const struct mq_sheet *sheet = page->sheet;
    struct mq_xlsx_style *style = page->style;
    lxw_row_t top = page->row, bottom = top + (lxw_row_t)page->plan.head_rows - 1;
    for (size_t i = 0; i < page->plan.head_rows; i++)
        set_height(page, top + (lxw_row_t)i, page->plan.head_height[i]);
    for (size_t first = 0; first < sheet->columns;) {
        const char *group = sheet->column[first].group;
        size_t end = first + 1;
        while (group[0] && end < sheet->columns && strcmp(sheet->column[end].group, group) == 0)
            end++;
        if (group[0])
            span(page, top, top, first, end, group, style->head_group);
        for (size_t i = first; i < end; i++)
            span(page, group[0] ? bottom : top, bottom, i, i + 1, sheet->column[i].title,
                 group[0] ? style->head_lower : style->head_single);
        first = end;
    }
    page->row = bottom + 1;
    keep(page, worksheet_repeat_rows(page->out, top, bottom));
    worksheet_freeze_panes(page->out, page->row, 1);
}

static void write_body(struct page *page)
{
    const struct mq_sheet *sheet = page->sheet;
    for (size_t row = 0; row < sheet->rows; row++, page->row++) {
        set_height(page, page->row, mq_xlsx_row_height(sheet, &page->plan, row));
        for (size_t column = 0; column < sheet->columns; column++) {
            const struct mq_sheet_cell *cell = &sheet->cell[row * sheet->columns + column];
            lxw_format *format = mq_xlsx_cell_format(page->style, sheet, &page->plan, row, column);
            if (!format)
                keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
            else if (isnan(cell->value))
                keep(page, worksheet_write_string(page->out, page->row, (lxw_col_t)column,
                                                  cell->text, format));
            else
                keep(page, worksheet_write_number(page->out, page->row, (lxw_col_t)column,
                                                  cell->value, format));
        }
    }
}

static void write_note(struct page *page, const char *note)
{
    set_height(page, page->row, mq_xlsx_note_height(&page->plan, note));
    size_t first, end;
    page_columns(page, 0, &first, &end);
    span(page, page->row, page->row, first, end, note, page->style->note);
    page->row++;
}

static void lay_out(struct page *page)
{
    const struct mq_xlsx_plan *plan = &page->plan;
    for (size_t i = 0; i < page->sheet->columns; i++)
        keep(page,
             worksheet_set_column(page->out, (lxw_col_t)i, (lxw_col_t)i, plan->width[i], NULL));
    worksheet_set_paper(page->out, 9); /* A4 */
    if (plan->landscape)
        worksheet_set_landscape(page->out);
    worksheet_center_horizontally(page->out);
    worksheet_gridlines(page->out, LXW_HIDE_ALL_GRIDLINES);
    keep(page, worksheet_set_footer(page->out, page->style->chinese ? "&C第 &P 页，共 &N 页"
                                                                    : "&CPage &P of &N"));
    if (plan->pages == 1) {
        worksheet_fit_to_pages(page->out, 1, (uint16_t)plan->tall);
        return;
    }
    lxw_col_t breaks[64] = {0};
    for (size_t i = 0; i + 1 < plan->pages && i + 1 < sizeof breaks / sizeof *breaks; i++)
        breaks[i] = (lxw_col_t)(1 + (i + 1) * plan->page_columns);
    keep(page, worksheet_set_v_pagebreaks(page->out, breaks));
    keep(page, worksheet_repeat_columns(page->out, 0, 0));
    worksheet_set_print_scale(page->out, (uint16_t)plan->scale);
}

static lxw_error write_sheet(struct page *page, const struct mq_sheets *sheets)
{
    const struct mq_sheet *sheet = page->sheet;
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    mq_sheet_heading(sheets, sheet, &title);
    if (title.failed)
        keep(page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        write_title(page, title.data ? title.data : "");
    mq_buffer_clear(&title);
    write_header(page);
    write_body(page);
    set_height(page, page->row++, MQ_XLSX_GAP_HEIGHT);
    for (size_t i = 0; i < sheet->notes; i++)
        write_note(page, sheet->note[i]);
    if (sheet->source[0])
        write_note(page, sheet->source);
    lay_out(page);
    return page->fault;
}

/* ---- names of worksheets: at most 31 characters, none of []:*?/\, unique without regard to case ---- */

static bool tab_taken(lxw_workbook *book, const char *name)
{
    lxw_worksheet *sheet;
    STAILQ_FOREACH(sheet, book->worksheets, list_pointers)
    if (strcasecmp(sheet->name, name) == 0)
        return true;
    return strcasecmp(name, "History") == 0; /* reserved */
}

/* The first `most` characters of a name that may be a tab. */
static void clean_name(const char *name, int most, struct mq_buffer *tab)
{
    for (const char *at = name; *at && most > 0; most--) {
        size_t n = 1;
        while (((unsigned char)at[n] & 0xC0) == 0x80)
            n++;
        if (n > 3)
            most--; /* counts two in UTF-16 */
        bool edge = *at == '\'' && (at == name || !at[1] || most == 1);
        if (strchr("[]:*?/\\", *at) || (unsigned char)*at < ' ' || edge)
            mq_buffer_text(tab, "_");
        else
            mq_buffer_add(tab, at, n);
        at += n;
    }
}

static lxw_worksheet *add_tab(lxw_workbook *book, const struct mq_sheet *sheet)
{
    struct mq_buffer tab = MQ_BUFFER_EMPTY;
    clean_name(sheet->name[0] ? sheet->name : sheet->id, 31, &tab);
    for (int n = 2; tab.data && !tab.failed && tab_taken(book, tab.data); n++) {
        mq_buffer_clear(&tab);
        clean_name(sheet->name[0] ? sheet->name : sheet->id, 25, &tab);
        mq_buffer_format(&tab, "(%d)", n);
    }
    lxw_worksheet *out = tab.data && !tab.failed ? workbook_add_worksheet(book, tab.data) : NULL;
    mq_buffer_clear(&tab);
    return out;
}

/* ---- the file ---- */

static enum mq_status refused(const char *path, lxw_error fault, struct mq_error *error)
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

/* The library does not look at the results of writing its temporary files, so room is made sure of
 * before. */
static uint64_t room_needed(const struct mq_sheets *sheets)
{
    uint64_t bytes = 1 << 16;
    for (size_t i = 0; i < sheets->count; i++) {
        const struct mq_sheet *sheet = &sheets->sheet[i];
        bytes += 4096 + sheet->rows * 128;
        for (size_t cell = 0; cell < sheet->rows * sheet->columns; cell++)
            bytes += 96 + strlen(sheet->cell[cell].text);
    }
    return bytes;
}

static enum mq_status make_room(const char *partial, const char *path,
                                const struct mq_sheets *sheets, struct mq_error *error)
{
    int fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "the workbook cannot be made: %s",
                       strerror(errno));
    int reason = posix_fallocate(fd, 0, (off_t)room_needed(sheets));
    if (close(fd) != 0 && reason == 0)
        reason = errno;
    return reason == 0 ? MQ_OK
                       : mq_fail(error, MQ_IO, path, 0, 0, "no room to write the workbook: %s",
                                 strerror(reason));
}

static lxw_error fill_book(lxw_workbook *book, const struct mq_sheets *sheets)
{
    struct mq_xlsx_style style;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    lxw_error fault = mq_xlsx_style_new(book, sheets->chinese, &style)
                          ? LXW_NO_ERROR
                          : LXW_ERROR_MEMORY_MALLOC_FAILED;
    for (size_t i = 0; i < sheets->count && fault == LXW_NO_ERROR; i++) {
        struct page page = {.sheet = &sheets->sheet[i], .style = &style};
        page.out = add_tab(book, page.sheet);
        if (!page.out || !mq_xlsx_measure(page.sheet, sheets->chinese, &arena, &page.plan))
            fault = LXW_ERROR_MEMORY_MALLOC_FAILED;
        else
            fault = write_sheet(&page, sheets);
    }
    mq_arena_clear(&arena);
    return fault;
}

static lxw_error set_properties(lxw_workbook *book, const struct mq_sheets *sheets)
{
    struct mq_buffer title = MQ_BUFFER_EMPTY;
    mq_buffer_text(&title, sheets->title);
    lxw_doc_properties properties = {.title = title.data, .created = document_date};
    lxw_error fault =
        title.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED : workbook_set_properties(book, &properties);
    mq_buffer_clear(&title);
    return fault;
}

static enum mq_status write_book(const char *partial, const char *path, char *directory,
                                 const struct mq_sheets *sheets, struct mq_error *error)
{
    lxw_workbook_options options = {.tmpdir = directory};
    lxw_workbook *book = workbook_new_opt(partial, &options);
    if (!book)
        return mq_fail_memory(error);
    lxw_error fault = set_properties(book, sheets);
    if (fault == LXW_NO_ERROR)
        fault = fill_book(book, sheets);
    if (fault != LXW_NO_ERROR) {
        lxw_workbook_free(book);
        return refused(path, fault, error);
    }
    errno = 0;
    return refused(path, workbook_close(book), error);
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

enum mq_status mq_write_xlsx(const struct mq_sheets *sheets, const char *directory,
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
        status = make_room(partial.data, path.data, sheets, error);
        if (status == MQ_OK)
            status = write_book(partial.data, path.data, folder.data, sheets, error);
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
