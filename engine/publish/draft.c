/* A sheet under construction. */
#include "publish/story.h"

#include <math.h>
#include <string.h>

enum { MOST_NOTES = 16 };

const char *mq_draft_copy(struct mq_draft *draft, const char *text)
{
    const char *copy = mq_arena_string(&draft->sheets->arena, text, strlen(text));
    draft->failed |= !copy;
    return copy ? copy : "";
}

/* The model's own words where it has some. */
static void name_sheet(struct mq_draft *draft, const struct mq_heading *heading)
{
    static const struct mq_sheet_plan none = {
        .id = "", .name = "", .title = "", .number = "", .unit = ""};
    const struct mq_sheet_plan *plan = draft->plan ? draft->plan : &none;
    struct mq_sheet *sheet = draft->sheet;
    sheet->id = mq_draft_copy(draft, *plan->id ? plan->id : heading->id);
    sheet->name = mq_draft_copy(draft, *plan->name ? plan->name : heading->name);
    sheet->title = mq_draft_copy(draft, heading->title);
    const char *said =
        plan->words ? mq_story_paragraph(draft->release, plan->words, &draft->sheets->arena) : "";
    if (!said || said[0]) /* without the numbers it asks for, the usual title holds */
        sheet->title = said;
    sheet->unit = mq_draft_copy(draft, *plan->unit ? plan->unit : heading->unit);
    if (heading->numbered && !*plan->number)
        sheet->number =
            mq_arena_format(&draft->sheets->arena, draft->release->chinese ? "表%zu" : "Table %zu",
                            ++draft->numbered);
    else
        sheet->number = mq_draft_copy(draft, plan->number);
    draft->failed |= !sheet->number || !sheet->title;
    for (size_t i = 0; i < plan->notes; i++)
        mq_draft_note(draft, mq_draft_copy(draft, plan->note[i]));
}

bool mq_draft_begin(struct mq_draft *draft, const struct mq_heading *heading, size_t most_columns,
                    size_t rows)
{
    struct mq_arena *arena = &draft->sheets->arena;
    struct mq_sheet *sheet = &draft->sheets->sheet[draft->sheets->count];
    *sheet = (struct mq_sheet){
        .rows = rows, .number = "", .source = "", .kind = heading->kind, .level = ""};
    if (heading->kind != MQ_SHEET_SUMMARY && heading->kind != MQ_SHEET_INDICATORS &&
        heading->kind != MQ_SHEET_NOTES)
        sheet->level = mq_draft_copy(draft, draft->release->model->level[heading->level].id);
    draft->most_notes = MOST_NOTES + (draft->plan ? draft->plan->notes : 0);
    sheet->column = mq_arena_array(arena, most_columns, sizeof *sheet->column);
    sheet->note = mq_arena_array(arena, draft->most_notes, sizeof *sheet->note);
    draft->failed |= !sheet->column || !sheet->note;
    draft->sheet = sheet;
    draft->most_columns = most_columns;
    draft->symbols = 0;
    if (!draft->failed)
        name_sheet(draft, heading);
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
    if (note && draft->sheet->notes < draft->most_notes)
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
