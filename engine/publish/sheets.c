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

static void draft_levels(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    for (int level = 0; level < (int)release->model->levels && !draft->failed; level++)
        if (level != release->top_level && release->model->level[level].axes <= 1)
            mq_sheet_level(draft, level);
    for (int level = 0; level < (int)release->model->levels && !draft->failed; level++)
        if (release->model->level[level].axes == 2)
            mq_sheet_matrix(draft, level);
}

static void draft_indicators(struct mq_draft *draft)
{
    const struct mq_release *release = draft->release;
    bool repeats = mq_sides_show_leaves(release);
    mq_sheet_indicators(draft);
    for (int level = 0; level < (int)release->model->levels && !draft->failed; level++) {
        if (level == release->top_level || release->model->level[level].axes != 1)
            continue;
        if (!release->raw_is_score && !repeats)
            mq_sheet_leaves(draft, level, false);
        if (!draft->failed && !(release->raw_is_score && repeats))
            mq_sheet_leaves(draft, level, true);
    }
}

static enum mq_status draft_all(const struct mq_release *release, struct mq_sheets *sheets,
                                struct mq_error *error)
{
    struct mq_draft draft = {.release = release, .sheets = sheets};
    sheets->chinese = release->chinese;
    sheets->title = mq_draft_copy(&draft, release->model->title);
    sheets->sheet =
        mq_arena_array(&sheets->arena, 3 + 3 * release->model->levels, sizeof *sheets->sheet);
    draft.failed |= !sheets->sheet;
    if (!draft.failed && release->root >= 0)
        mq_sheet_summary(&draft);
    if (!draft.failed && release->root >= 0)
        draft_levels(&draft);
    if (!draft.failed && release->root >= 0)
        draft_indicators(&draft);
    if (!draft.failed)
        mq_sheet_notes(&draft);
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

void mq_sheets_free(struct mq_sheets *sheets)
{
    if (!sheets)
        return;
    mq_arena_clear(&sheets->arena);
    free(sheets);
}
