#include "model/print_plan.h"

#include "model/print_yaml.h"

static const char item[] = "  - ", more[] = "    ";

static void print_given(struct mq_buffer *yaml, const char *key, const char *text)
{
    if (*text)
        mq_yaml_pair(yaml, more, key, text);
}

static void print_texts(struct mq_buffer *yaml, const char *key, const char *const *text,
                        size_t count)
{
    if (count)
        mq_yaml_flow(yaml, more, key, text, count);
}

static void print_sheets(struct mq_buffer *yaml, const struct mq_model *model)
{
    const struct mq_plan *plan = &model->plan;
    mq_buffer_text(yaml, plan->sheets ? "sheets:\n" : "sheets: []\n");
    for (size_t i = 0; i < plan->sheets; i++) {
        const struct mq_sheet_plan *sheet = &plan->sheet[i];
        mq_yaml_pair(yaml, item, "kind", mq_sheet_kind_names[sheet->kind]);
        if (sheet->level >= 0)
            mq_yaml_pair(yaml, more, "level", model->level[sheet->level].id);
        mq_yaml_pair(yaml, more, "id", sheet->id);
        print_given(yaml, "name", sheet->name);
        print_given(yaml, "number", sheet->number);
        print_given(yaml, "title", sheet->title);
        print_given(yaml, "unit", sheet->unit);
        print_texts(yaml, "notes", sheet->note, sheet->notes);
    }
}

static void print_figures(struct mq_buffer *yaml, const struct mq_model *model)
{
    const struct mq_plan *plan = &model->plan;
    mq_buffer_text(yaml, plan->figures ? "figures:\n" : "figures: []\n");
    for (size_t i = 0; i < plan->figures; i++) {
        const struct mq_figure_plan *figure = &plan->figure[i];
        mq_yaml_pair(yaml, item, "kind", mq_figure_kind_names[figure->kind]);
        if (figure->level >= 0)
            mq_yaml_pair(yaml, more, "level", model->level[figure->level].id);
        mq_yaml_pair(yaml, more, "id", figure->id);
        print_given(yaml, "number", figure->number);
        print_given(yaml, "title", figure->title);
        print_texts(yaml, "notes", figure->note, figure->notes);
    }
}

static void print_story(struct mq_buffer *yaml, const struct mq_plan *plan)
{
    mq_buffer_text(yaml, plan->texts ? "narrative:\n" : "narrative: []\n");
    for (size_t i = 0; i < plan->texts; i++) {
        const struct mq_text_plan *text = &plan->text[i];
        mq_yaml_pair(yaml, item, "id", text->id);
        print_given(yaml, "title", text->title);
        mq_buffer_format(yaml, "%stext:%s\n", more, text->paragraphs ? "" : " []");
        for (size_t k = 0; k < text->paragraphs; k++) {
            mq_buffer_format(yaml, "%s- ", more);
            mq_yaml_text(yaml, text->paragraph[k]);
            mq_buffer_text(yaml, "\n");
        }
        print_texts(yaml, "tables", text->sheet, text->sheets);
        print_texts(yaml, "figures", text->figure, text->figures);
    }
}

/* Written out, so that a publication needs no file. */
static void print_tiles(struct mq_buffer *yaml, const struct mq_plan *plan)
{
    mq_buffer_text(yaml, "tiles:\n");
    for (size_t i = 0; i < plan->tiles; i++) {
        mq_buffer_text(yaml, "  ");
        mq_yaml_text(yaml, plan->tile[i].code);
        mq_buffer_format(yaml, ": [%d, %d, ", plan->tile[i].row, plan->tile[i].column);
        mq_yaml_text(yaml, plan->tile[i].name);
        mq_buffer_text(yaml, "]\n");
    }
}

void mq_print_plan(struct mq_buffer *yaml, const struct mq_model *model)
{
    const struct mq_plan *plan = &model->plan;
    if (plan->sheets_given)
        print_sheets(yaml, model);
    if (plan->figures_given)
        print_figures(yaml, model);
    if (plan->tiles)
        print_tiles(yaml, plan);
    if (plan->texts_given)
        print_story(yaml, plan);
}
