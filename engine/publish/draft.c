/* A sheet under construction. */
#include "publish/draft.h"

#include <math.h>
#include <string.h>

enum { MOST_NOTES = 16 };

const char *mq_draft_copy(struct mq_draft *draft, const char *text)
{
    const char *copy = mq_arena_string(&draft->sheets->arena, text, strlen(text));
    draft->failed |= !copy;
    return copy ? copy : "";
}

bool mq_draft_begin(struct mq_draft *draft, const struct mq_heading *heading, size_t most_columns,
                    size_t rows)
{
    struct mq_arena *arena = &draft->sheets->arena;
    struct mq_sheet *sheet = &draft->sheets->sheet[draft->sheets->count];
    bool chinese = draft->release->chinese;
    *sheet = (struct mq_sheet){.rows = rows, .number = "", .source = ""};
    sheet->id = mq_draft_copy(draft, heading->id);
    sheet->name = mq_draft_copy(draft, heading->name);
    sheet->title = mq_draft_copy(draft, heading->title);
    sheet->unit = mq_draft_copy(draft, heading->unit);
    if (heading->numbered)
        sheet->number = mq_arena_format(arena, chinese ? "表%zu" : "Table %zu", ++draft->numbered);
    sheet->column = mq_arena_array(arena, most_columns, sizeof *sheet->column);
    sheet->note = mq_arena_array(arena, MOST_NOTES, sizeof *sheet->note);
    draft->failed |= !sheet->number || !sheet->column || !sheet->note;
    draft->sheet = sheet;
    draft->most_columns = most_columns;
    draft->symbols = 0;
    return !draft->failed;
}

size_t mq_draft_column(struct mq_draft *draft, const char *title, const char *group,
                       enum mq_column_kind kind, int decimals)
{
    struct mq_sheet *sheet = draft->sheet;
    if (sheet->columns == draft->most_columns)
        return sheet->columns - 1; /* never: most_columns is counted by the caller */
    sheet->column[sheet->columns] = (struct mq_sheet_column){
        mq_draft_copy(draft, title), mq_draft_copy(draft, group), kind, decimals};
    return sheet->columns++;
}

bool mq_draft_cells(struct mq_draft *draft)
{
    struct mq_sheet *sheet = draft->sheet;
    size_t cells = sheet->rows * sheet->columns;
    sheet->cell = mq_arena_array(&draft->sheets->arena, cells, sizeof *sheet->cell);
    draft->failed |= !sheet->cell;
    if (draft->failed)
        return false;
    for (size_t i = 0; i < cells; i++)
        sheet->cell[i] = (struct mq_sheet_cell){"", NAN};
    return true;
}

struct mq_sheet_cell *mq_draft_cell(struct mq_draft *draft, size_t row, size_t column)
{
    return &draft->sheet->cell[row * draft->sheet->columns + column];
}

void mq_draft_text(struct mq_draft *draft, size_t row, size_t column, const char *text)
{
    *mq_draft_cell(draft, row, column) = (struct mq_sheet_cell){mq_draft_copy(draft, text), NAN};
}

void mq_draft_note(struct mq_draft *draft, const char *note)
{
    draft->failed |= !note;
    if (note && draft->sheet->notes < MOST_NOTES)
        draft->sheet->note[draft->sheet->notes++] = note;
}

/* "注：1．…", then "　　2．…" below it. */
static void number_notes(struct mq_draft *draft)
{
    struct mq_sheet *sheet = draft->sheet;
    const char *first = draft->release->chinese ? "注：" : "Notes: ";
    const char *next = draft->release->chinese ? "　　" : "       ";
    for (size_t i = 0; i < sheet->notes; i++) {
        const char *text = mq_arena_format(&draft->sheets->arena,
                                           draft->release->chinese ? "%s%zu．%s" : "%s%zu. %s",
                                           i ? next : first, i + 1, sheet->note[i]);
        draft->failed |= !text;
        sheet->note[i] = text ? text : "";
    }
}

void mq_draft_end(struct mq_draft *draft, bool standing)
{
    const struct mq_model *model = draft->release->model;
    draft->all_symbols |= draft->symbols;
    if (standing) {
        mq_notes_standing(draft);
        number_notes(draft);
    }
    if (standing && model->source && model->source[0]) {
        const char *source = mq_arena_format(
            &draft->sheets->arena, model->chinese ? "数据来源：%s" : "Source: %s", model->source);
        draft->failed |= !source;
        draft->sheet->source = source ? source : "";
    }
    draft->sheets->count++;
}

void mq_sheet_heading(const struct mq_sheets *sheets, const struct mq_sheet *sheet,
                      struct mq_buffer *text)
{
    if (sheet->number[0])
        mq_buffer_format(text, sheets->chinese ? "%s　" : "%s. ", sheet->number);
    mq_buffer_text(text, sheet->title);
}

bool mq_sheet_has_groups(const struct mq_sheet *sheet)
{
    for (size_t column = 0; column < sheet->columns; column++)
        if (sheet->column[column].group[0])
            return true;
    return false;
}
