/* The text of the publication on a worksheet of its own: a column as wide as a page. */
#include "publish/xlsx_parts.h"

static const double text_width = 88;

struct writing {
    struct mq_xlsx_page page;
    lxw_format *section, *body, *list;
    bool chinese;
};

static bool formats(struct writing *writing, lxw_workbook *book)
{
    const char *font = writing->chinese ? "宋体" : "Times New Roman";
    lxw_format **each[] = {&writing->section, &writing->body, &writing->list};
    for (size_t i = 0; i < 3; i++) {
        lxw_format *format = *each[i] = workbook_add_format(book);
        if (!format)
            return false;
        format_set_font_name(format, font);
        format_set_font_size(format, i == 2 ? 10.5 : 12);
        format_set_text_wrap(format);
        format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    }
    format_set_font_name(writing->section, writing->chinese ? "黑体" : "Arial");
    format_set_align(writing->section, LXW_ALIGN_VERTICAL_BOTTOM);
    if (!writing->chinese)
        format_set_bold(writing->section);
    format_set_indent(writing->list, 2);
    return true;
}

/* `size` in points, of letters that are half as wide as high. */
static void line(struct writing *writing, const char *text, lxw_format *format, double size)
{
    struct mq_xlsx_page *page = &writing->page;
    double width = (text_width * 10.5 / size - 3) * (writing->chinese ? 1 : 1.15);
    double height = mq_xlsx_lines(text, width) * size * 1.4 + 5;
    mq_xlsx_set_height(page, page->row, height < 400 ? height : 400);
    mq_xlsx_keep(page, worksheet_write_string(page->out, page->row, 0, text, format));
    page->row++;
}

static void paragraph(struct writing *writing, const char *text)
{
    struct mq_buffer indented = MQ_BUFFER_EMPTY;
    mq_buffer_format(&indented, "%s%s", writing->chinese ? "　　" : "", text);
    if (indented.failed)
        mq_xlsx_keep(&writing->page, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        line(writing, indented.data ? indented.data : "", writing->body, 12);
    mq_buffer_clear(&indented);
}

/* The tables and figures of a section by name. */
static void list(struct writing *writing, const struct mq_sheets *sheets,
                 const struct mq_story_section *section)
{
    for (size_t i = 0; i < section->sheets + section->figures; i++) {
        struct mq_buffer heading = MQ_BUFFER_EMPTY;
        if (i < section->sheets)
            mq_sheet_heading(sheets, section->sheet[i], &heading);
        else
            mq_figure_heading(writing->chinese, section->figure[i - section->sheets], &heading);
        if (heading.failed)
            mq_xlsx_keep(&writing->page, LXW_ERROR_MEMORY_MALLOC_FAILED);
        else
            line(writing, heading.data ? heading.data : "", writing->list, 10.5);
        mq_buffer_clear(&heading);
    }
}

static void write_sections(struct writing *writing, const struct mq_publication *publication)
{
    for (size_t i = 0; i < publication->story->count; i++) {
        const struct mq_story_section *section = &publication->story->section[i];
        line(writing, section->title, writing->section, 16);
        for (size_t n = 0; n < section->paragraphs; n++)
            paragraph(writing, section->paragraph[n]);
        list(writing, publication->sheets, section);
    }
}

lxw_error mq_xlsx_write_story(lxw_workbook *book, struct mq_xlsx_style *style,
                              const struct mq_publication *publication)
{
    struct writing writing = {.chinese = style->chinese, .page = {.style = style}};
    struct mq_xlsx_page *page = &writing.page;
    page->out = mq_xlsx_add_tab(book, writing.chinese ? "文字" : "Text");
    if (!page->out || !formats(&writing, book))
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    mq_xlsx_keep(page, worksheet_set_column(page->out, 0, 0, text_width, NULL));
    line(&writing, publication->sheets->title, style->title, 16);
    write_sections(&writing, publication);
    worksheet_set_paper(page->out, 9); /* A4 */
    worksheet_center_horizontally(page->out);
    worksheet_gridlines(page->out, LXW_HIDE_ALL_GRIDLINES);
    worksheet_fit_to_pages(page->out, 1, 0);
    mq_xlsx_footer(page);
    return page->fault;
}
