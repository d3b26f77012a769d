/* Columns of text, aligned by what a terminal shows rather than by bytes. */
#include "run/run.h"

#include <stdlib.h>
#include <string.h>

void mq_layout_cell(struct mq_layout *layout, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    mq_buffer_add(&layout->cells, text, strlen(text) + 1);
    layout->count++;
}

static void add_spaces(struct mq_buffer *text, int count)
{
    for (int i = 0; i < count; i++)
        mq_buffer_add(text, " ", 1);
}

static void print_rows(const struct mq_layout *layout, const int *width, int indent,
                       struct mq_buffer *text)
{
    const char *cell = layout->cells.data;
    for (size_t i = 0; i < layout->count; i++, cell += strlen(cell) + 1) {
        size_t column = i % layout->columns;
        int gap = width[column] - mq_text_width(cell);
        add_spaces(text, column == 0 ? indent : 2);
        if (layout->right && layout->right[column])
            add_spaces(text, gap);
        mq_buffer_text(text, cell);
        if (column + 1 == layout->columns)
            mq_buffer_text(text, "\n");
        else if (!layout->right || !layout->right[column])
            add_spaces(text, gap);
    }
}

void mq_layout_print(struct mq_layout *layout, int indent, struct mq_buffer *text)
{
    int *width = calloc(layout->columns, sizeof *width);
    if (!width || layout->cells.failed) {
        text->failed = true;
    } else {
        const char *cell = layout->cells.data;
        for (size_t i = 0; i < layout->count; i++, cell += strlen(cell) + 1) {
            int needed = mq_text_width(cell);
            if (needed > width[i % layout->columns])
                width[i % layout->columns] = needed;
        }
        print_rows(layout, width, indent, text);
    }
    free(width);
    mq_buffer_clear(&layout->cells);
    layout->count = 0;
}
