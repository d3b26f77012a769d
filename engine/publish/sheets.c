/* Which sheets a publication has, in which order, and what things are called on them. */
#include "publish/draft.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *mq_node_title(const struct mq_node *node)
{
    return node->title && node->title[0] ? node->title : node->id;
}

const char *mq_level_title(const struct mq_release *release, int level)
{
    const struct mq_level *self = &release->model->level[level];
    return self->title && strcmp(self->title, self->id) != 0 ? self->title : "";
}

const char *mq_unit_heading(const struct mq_release *release, int level)
{
    const char *title = mq_level_title(release, level);
    return title[0] ? title : (release->chinese ? "单位" : "Unit");
}

const char *mq_level_each(struct mq_draft *draft, int level)
{
    const struct mq_release *release = draft->release;
    const char *title = mq_level_title(release, level);
    if (!title[0])
        title = release->chinese ? "单位" : release->model->level[level].id;
    const char *format =
        release->chinese ? (strncmp(title, "各", strlen("各")) == 0 ? "%s" : "各%s") : "by %s";
    char *each = mq_arena_format(&draft->sheets->arena, format, title);
    draft->failed |= !each;
    /* "by Sector" inside an English sentence; abbreviations such as "EU region" stay. */
    if (each && !release->chinese && isupper((unsigned char)each[3]) &&
        !isupper((unsigned char)each[4]))
        each[3] = (char)tolower((unsigned char)each[3]);
    return each ? each : "";
}

const char *mq_index_title(const struct mq_release *release)
{
    const struct mq_node *root = &release->model->node[release->root];
    return root->title && root->title[0] ? root->title : release->model->title;
}

const char *mq_score_unit(const struct mq_release *release)
{
    const struct mq_node *root = &release->model->node[release->root];
    bool own = root->unit && root->unit[0] && (!root->leaf || release->raw_is_score);
    if (!own)
        return release->raw_is_score ? "" : (release->chinese ? "单位：分" : "Unit: points");
    return strcmp(root->unit, "%") == 0 ? (release->chinese ? "单位：%" : "Unit: %") : root->unit;
}

bool mq_units_mixed(const struct mq_release *release)
{
    const struct mq_model *model = release->model;
    bool mixed = false;
    for (size_t i = 0; i < model->nodes && release->raw_is_score; i++)
        mixed = mixed || (model->node[i].parent < 0 &&
                          strcmp(model->node[i].unit, model->node[release->root].unit) != 0);
    return mixed;
}

const char *mq_measured_title(struct mq_draft *draft, const struct mq_node *node)
{
    const struct mq_release *release = draft->release;
    if (!mq_units_mixed(release) || !node->unit[0])
        return mq_node_title(node);
    const char *title =
        mq_arena_format(&draft->sheets->arena, release->chinese ? "%s（%s）" : "%s (%s)",
                        mq_node_title(node), node->unit);
    draft->failed |= !title;
    return title ? title : "";
}

size_t mq_leaves(const struct mq_model *model, int *node)
{
    size_t count = 0;
    for (size_t i = 0; i < model->nodes; i++)
        if (model->node[model->order[i]].leaf)
            node[count++] = model->order[i];
    return count;
}

size_t mq_side_nodes(const struct mq_release *release, int *node)
{
    enum { MOST_SIDES = 6 };
    const struct mq_model *model = release->model;
    const struct mq_node *root = &model->node[release->root];
    size_t count = 0;
    for (size_t i = 0; i < root->children && root->children <= MOST_SIDES; i++)
        node[count++] = root->child[i];
    for (size_t i = 0; i < model->nodes; i++)
        if (model->node[model->order[i]].parent < 0 && model->order[i] != release->root)
            node[count++] = model->order[i];
    return count;
}

bool mq_sides_show_leaves(const struct mq_release *release)
{
    const struct mq_model *model = release->model;
    for (size_t i = 0; i < model->nodes; i++) {
        int parent = model->node[i].parent;
        bool beside = parent < 0 || (parent == release->root && model->node[parent].children <= 6);
        if (model->node[i].leaf && !beside)
            return false;
    }
    return true;
}

/* ---- ids: file names, so ASCII and unique without regard to case ---- */

static bool id_taken(const struct mq_sheets *sheets, size_t before, const char *id)
{
    for (size_t i = 0; i < before; i++)
        if (strcasecmp(sheets->sheet[i].id, id) == 0)
            return true;
    return false;
}

static bool settle_ids(struct mq_sheets *sheets)
{
    for (size_t i = 0; i < sheets->count; i++) {
        struct mq_sheet *sheet = &sheets->sheet[i];
        char *id = mq_arena_string(&sheets->arena, sheet->id, strlen(sheet->id));
        for (char *c = id; c && *c; c++)
            if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
                *c = '_';
        const char *plain = id;
        for (int n = 2; id && id_taken(sheets, i, id); n++)
            id = mq_arena_format(&sheets->arena, "%s_%d", plain, n);
        if (!id)
            return false;
        sheet->id = id;
    }
    return true;
}

/* ---- the choice ---- */

static void draft_summary(struct mq_draft *draft, int level)
{
    (void)level;
    mq_sheet_summary(draft);
}

static void draft_indicators(struct mq_draft *draft, int level)
{
    (void)level;
    mq_sheet_indicators(draft);
}

static void draft_scores(struct mq_draft *draft, int level)
{
    mq_sheet_leaves(draft, level, false);
}

static void draft_values(struct mq_draft *draft, int level)
{
    mq_sheet_leaves(draft, level, true);
}

static void draft_notes(struct mq_draft *draft, int level)
{
    (void)level;
    mq_sheet_notes(draft);
}

/* How a sheet of each kind is made; each adds one sheet, or none if there is nothing to show. */
static void (*const drafters[MQ_SHEET_KINDS])(struct mq_draft *draft, int level) = {
    [MQ_SHEET_SUMMARY] = draft_summary,  [MQ_SHEET_RANKING] = mq_sheet_level,
    [MQ_SHEET_MATRIX] = mq_sheet_matrix, [MQ_SHEET_INDICATORS] = draft_indicators,
    [MQ_SHEET_SCORES] = draft_scores,    [MQ_SHEET_VALUES] = draft_values,
    [MQ_SHEET_NOTES] = draft_notes,
};

static void draft_sheet(struct mq_draft *draft, enum mq_sheet_kind kind, int level)
{
    if (!draft->failed && (draft->release->root >= 0 || kind == MQ_SHEET_NOTES))
        drafters[kind](draft, level);
}

/* What a model gets that does not say which sheets it wants. */
static void draft_usual(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    const struct mq_model *model = release->model;
    bool repeats = release->root >= 0 && mq_sides_show_leaves(release);
    int levels = (int)model->levels;
    draft_sheet(draft, MQ_SHEET_SUMMARY, -1);
    for (int level = 0; level < levels; level++)
        if (level != release->top_level && model->level[level].axes <= 1)
            draft_sheet(draft, MQ_SHEET_RANKING, level);
    for (int level = 0; level < levels; level++)
        if (model->level[level].axes == 2)
            draft_sheet(draft, MQ_SHEET_MATRIX, level);
    draft_sheet(draft, MQ_SHEET_INDICATORS, -1);
    for (int level = 0; level < levels; level++) {
        if (level == release->top_level || model->level[level].axes != 1)
            continue;
        if (!release->raw_is_score && !repeats)
            draft_sheet(draft, MQ_SHEET_SCORES, level);
        if (!(release->raw_is_score && repeats))
            draft_sheet(draft, MQ_SHEET_VALUES, level);
    }
    draft_sheet(draft, MQ_SHEET_NOTES, -1);
}

static enum mq_status draft_all(const struct mq_release *release, struct mq_sheets *sheets,
                                struct mq_error *error)
{
    const struct mq_plan *plan = &release->model->plan;
    struct mq_draft draft = {.release = release, .sheets = sheets};
    size_t most = plan->sheets_given ? plan->sheets : 3 + 3 * release->model->levels;
    sheets->chinese = release->chinese;
    sheets->title = mq_draft_copy(&draft, release->model->title);
    sheets->sheet = mq_arena_array(&sheets->arena, most + 1, sizeof *sheets->sheet);
    draft.failed |= !sheets->sheet;
    if (!plan->sheets_given)
        draft_usual(&draft);
    for (size_t i = 0; i < plan->sheets; i++) {
        draft.plan = &plan->sheet[i];
        draft_sheet(&draft, plan->sheet[i].kind, plan->sheet[i].level);
    }
    return draft.failed || !settle_ids(sheets) ? mq_fail_memory(error) : MQ_OK;
}

enum mq_status mq_sheets_new(const struct mq_scores *scores, const struct mq_provenance *provenance,
                             struct mq_sheets **sheets, struct mq_error *error)
{
    struct mq_release release;
    MQ_TRY(mq_release_new(scores, provenance, &release, error));
    struct mq_sheets *result = calloc(1, sizeof *result);
    enum mq_status status = result ? draft_all(&release, result, error) : mq_fail_memory(error);
    mq_release_clear(&release);
    if (status == MQ_OK)
        *sheets = result;
    else
        mq_sheets_free(result);
    return status;
}

/* Equal but for "-" and "_". */
static bool same_id(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i] && !(strchr("-_", a[i]) && a[i] && strchr("-_", b[i]) && b[i]))
            return false;
    return b[length] == '\0';
}

const struct mq_sheet *mq_sheets_find(const struct mq_sheets *sheets, const char *id)
{
    static const char ranking[] = "-ranking";
    size_t length = strlen(id), tail = strlen(ranking);
    bool named = length > tail && same_id(id + length - tail, ranking, tail);
    for (size_t i = 0; i < sheets->count; i++) {
        const struct mq_sheet *sheet = &sheets->sheet[i];
        bool level =
            named && sheet->kind == MQ_SHEET_RANKING && same_id(id, sheet->level, length - tail);
        if (level || same_id(id, sheet->id, length))
            return sheet;
    }
    return NULL;
}

void mq_sheets_free(struct mq_sheets *sheets)
{
    if (!sheets)
        return;
    mq_arena_clear(&sheets->arena);
    free(sheets);
}
