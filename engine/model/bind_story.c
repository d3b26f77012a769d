/* narrative: the sections of the text, and sentences with places for numbers anywhere else. */
#include <string.h>

#include "model/binder.h"

struct draft {
    const char *id, *title;
    const struct mq_yaml *text, *tables, *figures;
};
static const struct mq_key keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, id), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, title), 0, 0},
    {"text", true, mq_bind_keep, offsetof(struct draft, text), 0, 0},
    {"tables", false, mq_bind_keep, offsetof(struct draft, tables), 0, 0},
    {"figures", false, mq_bind_keep, offsetof(struct draft, figures), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a section of the narrative", keys);

enum mq_status mq_bind_sentence(struct mq_binder *b, const struct mq_yaml *scalar,
                                const struct mq_narrative **parsed)
{
    struct mq_narrative_fault fault;
    *parsed = NULL;
    if (!scalar || scalar->kind != MQ_YAML_SCALAR)
        return MQ_OK;
    enum mq_status status =
        mq_narrative_parse(b->model, scalar->text, &b->model->arena, parsed, &fault);
    if (status != MQ_BAD_MODEL)
        return status == MQ_OK ? MQ_OK : mq_fail_memory(b->error);
    struct mq_yaml there = *scalar;
    there.at = mq_yaml_place(b->file, scalar, fault.offset);
    return mq_bind_fail(b, &there, "%s", fault.message);
}

/* ---- which ids there are to name ---- */

struct names {
    const char **name;
    size_t count;
    bool failed;
};

static void add(struct mq_binder *b, struct names *names, const char *format, const char *id,
                const char *tail)
{
    const char *name = mq_arena_format(&b->scratch, format, id, tail);
    names->failed |= !name;
    names->name[names->count++] = name ? name : "";
}

static struct names sheet_names(struct mq_binder *b)
{
    const struct mq_model *model = b->model;
    const struct mq_plan *plan = &model->plan;
    struct names names = {.name =
                              mq_arena_array(&b->scratch, 2 * plan->sheets + 4 * model->levels + 3,
                                             sizeof *names.name)};
    if (!names.name)
        return names;
    for (size_t i = 0; i < plan->sheets; i++) {
        add(b, &names, "%s%s", plan->sheet[i].id, "");
        if (plan->sheet[i].kind == MQ_SHEET_RANKING)
            add(b, &names, "%s%s", model->level[plan->sheet[i].level].id, "-ranking");
    }
    if (plan->sheets_given)
        return names;
    add(b, &names, "%s%s", "summary", "");
    add(b, &names, "%s%s", "indicators", "");
    add(b, &names, "%s%s", "notes", "");
    for (size_t i = 0; i < model->levels; i++) {
        add(b, &names, "%s%s", model->level[i].id, "");
        for (size_t k = 0; k < 3 && model->level[i].axes <= 1; k++)
            add(b, &names, "%s%s", model->level[i].id,
                k == 0   ? "-ranking"
                : k == 1 ? "_scores"
                         : "_values");
    }
    return names;
}

static struct names figure_names(struct mq_binder *b)
{
    static const enum mq_figure_kind single[] = {MQ_FIGURE_RANKING, MQ_FIGURE_STRIP,
                                                 MQ_FIGURE_TILES, MQ_FIGURE_MAP};
    const struct mq_model *model = b->model;
    const struct mq_plan *plan = &model->plan;
    struct names names = {.name = mq_arena_array(&b->scratch, plan->figures + 4 * model->levels + 2,
                                                 sizeof *names.name)};
    if (!names.name)
        return names;
    for (size_t i = 0; i < plan->figures; i++)
        add(b, &names, "%s%s", plan->figure[i].id, "");
    if (plan->figures_given)
        return names;
    add(b, &names, "%s%s", "trend", "");
    add(b, &names, "%s%s", "waterfall", "");
    for (size_t i = 0; i < model->levels; i++) {
        if (model->level[i].axes == 2)
            add(b, &names, "%s-%s", model->level[i].id, mq_figure_kind_names[MQ_FIGURE_HEATMAP]);
        for (size_t k = 0; k < 4 && model->level[i].axes <= 1; k++)
            add(b, &names, "%s-%s", model->level[i].id, mq_figure_kind_names[single[k]]);
    }
    return names;
}

/* "-" and "_" are the same in ids of sheets. */
static bool same_id(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
            return false;
    return *a == *b;
}

static enum mq_status bind_ids(struct mq_binder *b, const struct mq_yaml *list,
                               const struct names *names, const char *what, const char ***id,
                               size_t *ids)
{
    *ids = 0;
    if (!list)
        return MQ_OK;
    if (!names->name || names->failed)
        return mq_fail_memory(b->error);
    MQ_TRY(mq_bind_texts(b, list, what, id, ids));
    for (size_t i = 0; i < *ids; i++) {
        bool known = false;
        for (size_t k = 0; k < names->count; k++)
            known = known || same_id(names->name[k], (*id)[i]);
        if (!known)
            return mq_bind_unknown(b, list->kind == MQ_YAML_LIST ? list->item[i] : list, "found",
                                   names->name, names->count, what);
    }
    return MQ_OK;
}

static enum mq_status bind_section(struct mq_binder *b, const struct mq_yaml *map,
                                   const struct names names[2], struct mq_text_plan *text)
{
    struct draft draft = {.title = ""};
    MQ_TRY(mq_bind_map(b, map, &section, &draft));
    text->id = draft.id;
    text->title = draft.title;
    MQ_TRY(mq_bind_sentence(b, mq_yaml_get(map, "title"), &text->words));
    MQ_TRY(mq_bind_texts(b, draft.text, "text", &text->paragraph, &text->paragraphs));
    const struct mq_narrative **parsed =
        mq_arena_array(&b->model->arena, text->paragraphs + 1, sizeof *parsed);
    if (!parsed)
        return mq_fail_memory(b->error);
    text->parsed = parsed;
    for (size_t i = 0; i < text->paragraphs; i++)
        MQ_TRY(mq_bind_sentence(
            b, draft.text->kind == MQ_YAML_LIST ? draft.text->item[i] : draft.text, &parsed[i]));
    MQ_TRY(bind_ids(b, draft.tables, &names[0], "tables", &text->sheet, &text->sheets));
    return bind_ids(b, draft.figures, &names[1], "figures", &text->figure, &text->figures);
}

enum mq_status mq_bind_story(struct mq_binder *b, const struct mq_yaml *narrative)
{
    struct mq_plan *plan = &b->model->plan;
    MQ_TRY(mq_bind_list(b, narrative, "narrative"));
    struct mq_text_plan *text =
        mq_arena_array(&b->model->arena, narrative->count + 1, sizeof *text);
    struct names names[2] = {sheet_names(b), figure_names(b)};
    if (!text)
        return mq_fail_memory(b->error);
    plan->texts_given = true;
    plan->text = text;
    for (size_t i = 0; i < narrative->count; i++) {
        MQ_TRY(bind_section(b, narrative->item[i], names, &text[i]));
        MQ_TRY(mq_bind_once(b, narrative, i, "section"));
        plan->texts++;
    }
    return MQ_OK;
}
