/* Targets files: YAML in, struct mq_targets out. */
#include "model/targets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/binder.h"

static const char *const kinds[MQ_TARGET_KINDS] = {"reach", "hold", "rise", "above", "at_least"};

const char *mq_target_kind_name(enum mq_target_kind kind)
{
    return kinds[kind];
}

/* ---- the keys ---- */

struct top {
    int format;
    const char *id, *title, *source;
    const struct mq_yaml *assumptions, *rounding, *tables, *figures, *targets;
};
static const struct mq_key top_keys[] = {
    {"mqci_targets", true, mq_bind_whole, offsetof(struct top, format), 1, 1},
    {"id", true, mq_bind_id, offsetof(struct top, id), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct top, title), 0, 0},
    {"source", false, mq_bind_text, offsetof(struct top, source), 0, 0},
    {"assumptions", false, mq_bind_keep, offsetof(struct top, assumptions), 0, 0},
    {"rounding", false, mq_bind_keep, offsetof(struct top, rounding), 0, 0},
    {"tables", false, mq_bind_keep, offsetof(struct top, tables), 0, 0},
    {"figures", false, mq_bind_keep, offsetof(struct top, figures), 0, 0},
    {"targets", true, mq_bind_keep, offsetof(struct top, targets), 0, 0},
};
static const struct mq_section top_section = MQ_SECTION("a targets file", top_keys);

static const struct mq_key figure_keys[] = {
    {"id", true, mq_bind_id, offsetof(struct mq_target_figure, id), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct mq_target_figure, title), 0, 0},
    {"unit", false, mq_bind_text, offsetof(struct mq_target_figure, unit), 0, 0},
    {"least", false, mq_bind_real, offsetof(struct mq_target_figure, least), 0, 0},
    {"most", false, mq_bind_real, offsetof(struct mq_target_figure, most), 0, 0},
};
static const struct mq_section figure_section = MQ_SECTION("a figure", figure_keys);

struct draft {
    struct mq_target target;
    const struct mq_yaml *kind, *direction, *figure, *from, *beside, *baseline, *value, *total;
};
static const struct mq_key target_keys[] = {
    {"id", true, mq_bind_id, offsetof(struct draft, target.id), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct draft, target.title), 0, 0},
    {"unit", false, mq_bind_text, offsetof(struct draft, target.unit), 0, 0},
    {"source", false, mq_bind_text, offsetof(struct draft, target.source), 0, 0},
    {"kind", true, mq_bind_keep, offsetof(struct draft, kind), 0, 0},
    {"direction", false, mq_bind_keep, offsetof(struct draft, direction), 0, 0},
    {"figure", false, mq_bind_keep, offsetof(struct draft, figure), 0, 0},
    {"from", false, mq_bind_keep, offsetof(struct draft, from), 0, 0},
    {"beside", false, mq_bind_keep, offsetof(struct draft, beside), 0, 0},
    {"baseline", false, mq_bind_keep, offsetof(struct draft, baseline), 0, 0},
    {"target", false, mq_bind_keep, offsetof(struct draft, value), 0, 0},
    {"due", true, mq_bind_whole, offsetof(struct draft, target.due), 1900, 2200},
    {"total", false, mq_bind_keep, offsetof(struct draft, total), 0, 0},
    {"decimals", false, mq_bind_whole, offsetof(struct draft, target.decimals), 0, 15},
};
static const struct mq_section target_section = MQ_SECTION("a target", target_keys);

static const struct mq_key origin_keys[] = {
    {"model", true, mq_bind_text, offsetof(struct mq_target_origin, model), 0, 0},
    {"level", false, mq_bind_text, offsetof(struct mq_target_origin, level), 0, 0},
    {"unit", true, mq_bind_text, offsetof(struct mq_target_origin, unit), 0, 0},
    {"node", true, mq_bind_text, offsetof(struct mq_target_origin, node), 0, 0},
};
static const struct mq_section origin_section = MQ_SECTION("from", origin_keys);

static const struct mq_key baseline_keys[] = {
    {"year", true, mq_bind_whole, offsetof(struct mq_target, baseline_year), 1900, 2200},
    {"value", false, mq_bind_real, offsetof(struct mq_target, baseline), 0, 0},
};
static const struct mq_section baseline_section = MQ_SECTION("a baseline", baseline_keys);

/* ---- one section after another ---- */

static enum mq_status bind_figures(struct mq_binder *b, const struct mq_yaml *list,
                                   struct mq_targets *targets)
{
    if (!list)
        return MQ_OK;
    MQ_TRY(mq_bind_list(b, list, "figures"));
    targets->figure = mq_arena_array(&b->model->arena, list->count + 1, sizeof *targets->figure);
    if (!targets->figure)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < list->count; i++) {
        struct mq_target_figure *figure = &targets->figure[i];
        *figure = (struct mq_target_figure){
            .unit = "", .least = -INFINITY, .most = INFINITY, .at = list->item[i]->at};
        MQ_TRY(mq_bind_map(b, list->item[i], &figure_section, figure));
        MQ_TRY(mq_bind_once(b, list, i, "figure"));
        if (figure->least > figure->most)
            return mq_bind_fail(b, list->item[i], "\"least\" is above \"most\"");
        figure->title = figure->title ? figure->title : figure->id;
        targets->figures++;
    }
    return MQ_OK;
}

static enum mq_status bind_figure(struct mq_binder *b, const struct mq_targets *targets,
                                  const struct mq_yaml *value, int *figure)
{
    const char **ids = mq_arena_array(&b->scratch, targets->figures + 1, sizeof *ids);
    if (!ids)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < targets->figures; i++)
        ids[i] = targets->figure[i].id;
    return mq_bind_choice(b, value, ids, targets->figures, "figures", figure);
}

/* Which keys a kind needs, and which say nothing about it. */
static enum mq_status check_kind(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct draft *draft)
{
    enum mq_target_kind kind = draft->target.kind;
    bool value = kind == MQ_TARGET_REACH || kind == MQ_TARGET_HOLD;
    bool beside = kind == MQ_TARGET_ABOVE || kind == MQ_TARGET_AT_LEAST;
    bool baseline = kind == MQ_TARGET_REACH || kind == MQ_TARGET_RISE;
    const struct {
        const char *key;
        const struct mq_yaml *given;
        bool needed, allowed;
    } rows[] = {{"target", draft->value, value, value},
                {"beside", draft->beside, beside, beside},
                {"baseline", draft->baseline, baseline, true},
                {"total", draft->total, false, kind == MQ_TARGET_REACH}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].needed && !rows[i].given)
            return mq_bind_fail(b, map, "a target of kind %s needs the key \"%s\"", kinds[kind],
                                rows[i].key);
        if (rows[i].given && !rows[i].allowed)
            return mq_bind_fail(b, rows[i].given, "a target of kind %s has no \"%s\"", kinds[kind],
                                rows[i].key);
    }
    if (!draft->figure && !draft->from)
        return mq_bind_fail(b, map,
                            "where does the actual value come from? write figure: or from:");
    if (draft->target.total && !isnan(draft->target.baseline))
        return mq_bind_fail(b, draft->baseline,
                            "with total: true the baseline has a year alone; sums start from 0");
    if (draft->target.baseline_year && draft->target.due <= draft->target.baseline_year)
        return mq_bind_fail(b, map,
                            "the target is due in %d, not after the year of its baseline, %d",
                            draft->target.due, draft->target.baseline_year);
    return MQ_OK;
}

static enum mq_status bind_choices(struct mq_binder *b, const struct mq_targets *targets,
                                   struct draft *draft)
{
    static const char *const directions[] = {"up", "down"}, *const flags[] = {"false", "true"};
    struct mq_target *target = &draft->target;
    int kind = 0, direction = MQ_UP, total = 0;
    MQ_TRY(mq_bind_choice(b, draft->kind, kinds, MQ_TARGET_KINDS, "kinds", &kind));
    if (draft->direction)
        MQ_TRY(mq_bind_choice(b, draft->direction, directions, 2, "directions", &direction));
    if (draft->total)
        MQ_TRY(mq_bind_choice(b, draft->total, flags, 2, "values", &total));
    target->kind = (enum mq_target_kind)kind;
    target->direction = (enum mq_direction)direction;
    target->total = total == 1;
    if (draft->figure)
        MQ_TRY(bind_figure(b, targets, draft->figure, &target->figure));
    return draft->beside ? bind_figure(b, targets, draft->beside, &target->beside) : MQ_OK;
}

static enum mq_status bind_target(struct mq_binder *b, const struct mq_targets *targets,
                                  const struct mq_yaml *map, struct mq_target *made)
{
    static const struct mq_key value_key = {"target", true, mq_bind_real, 0, 0, 0};
    struct draft draft = {.target = {.unit = "",
                                     .source = "",
                                     .figure = -1,
                                     .beside = -1,
                                     .from.level = "",
                                     .baseline = NAN,
                                     .value = NAN,
                                     .decimals = 2,
                                     .at = map->at}};
    struct mq_target *target = &draft.target;
    MQ_TRY(mq_bind_map(b, map, &target_section, &draft));
    MQ_TRY(bind_choices(b, targets, &draft));
    if (draft.from)
        MQ_TRY(mq_bind_map(b, draft.from, &origin_section, &target->from));
    if (draft.baseline)
        MQ_TRY(mq_bind_map(b, draft.baseline, &baseline_section, target));
    if (draft.value)
        MQ_TRY(mq_bind_real(b, draft.value, &value_key, &target->value));
    target->title = target->title ? target->title : target->id;
    MQ_TRY(check_kind(b, map, &draft));
    *made = *target;
    return MQ_OK;
}

static enum mq_status bind_tables(struct mq_binder *b, const struct mq_yaml *list,
                                  struct mq_targets *targets)
{
    if (!list)
        return MQ_OK;
    bool many = list->kind == MQ_YAML_LIST;
    size_t count = many ? list->count : 1;
    targets->table = mq_arena_array(&b->model->arena, count + 1, sizeof *targets->table);
    if (!targets->table)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < count; i++) {
        const char *written;
        MQ_TRY(mq_bind_path(b, many ? list->item[i] : list, "tables", &written,
                            &targets->table[targets->tables++]));
    }
    return MQ_OK;
}

/* Han characters, as in the title of a model. */
static bool has_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0xE4 && (unsigned char)*text <= 0xE9)
            return true;
    return false;
}

static enum mq_status bind_all(struct mq_binder *b, const struct mq_yaml *root,
                               struct mq_targets *targets)
{
    static const char *const roundings[] = {"half_up", "half_even"};
    struct top top = {.source = ""};
    int rounding = MQ_HALF_UP;
    MQ_TRY(mq_bind_map(b, root, &top_section, &top));
    targets->id = top.id;
    targets->title = top.title ? top.title : top.id;
    targets->source = top.source;
    targets->chinese = has_chinese(targets->title);
    if (top.rounding)
        MQ_TRY(mq_bind_choice(b, top.rounding, roundings, 2, "roundings", &rounding));
    targets->rounding = (enum mq_rounding)rounding;
    if (top.assumptions)
        MQ_TRY(mq_bind_texts(b, top.assumptions, "assumptions", &targets->assumption,
                             &targets->assumptions));
    MQ_TRY(bind_tables(b, top.tables, targets));
    MQ_TRY(bind_figures(b, top.figures, targets));
    MQ_TRY(mq_bind_list(b, top.targets, "targets"));
    targets->target =
        mq_arena_array(&b->model->arena, top.targets->count + 1, sizeof *targets->target);
    if (!targets->target)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < top.targets->count; i++) {
        MQ_TRY(bind_target(b, targets, top.targets->item[i], &targets->target[i]));
        MQ_TRY(mq_bind_once(b, top.targets, i, "target"));
        targets->targets++;
    }
    return MQ_OK;
}

/* ---- reading ---- */

/* The binder keeps texts in the arena of a model; a model of nothing else stands in for one. */
static enum mq_status bind_bytes(const char *path, const struct mq_buffer *content,
                                 struct mq_targets *targets, struct mq_error *error)
{
    const char *slash = strrchr(path, '/'), *bytes = content->data ? content->data : "";
    bool mark = content->length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    struct mq_yaml_file file = {bytes + (mark ? 3 : 0), content->length - (mark ? 3 : 0), path};
    struct mq_model model = {0};
    struct mq_binder binder = {.file = &file, .model = &model, .error = error};
    const struct mq_yaml *root;
    model.path = mq_arena_string(&model.arena, path, strlen(path));
    model.directory = mq_arena_string(&model.arena, slash ? path : ".",
                                      !slash          ? 1
                                      : slash == path ? 1
                                                      : (size_t)(slash - path));
    enum mq_status status = model.path && model.directory ? MQ_OK : mq_fail_memory(error);
    if (status == MQ_OK)
        status = mq_yaml_read(&file, &binder.scratch, &root, error);
    if (status == MQ_OK)
        status = bind_all(&binder, root, targets);
    mq_buffer_clear(&binder.digests);
    mq_arena_clear(&binder.scratch);
    targets->path = model.path;
    targets->arena = model.arena;
    return status;
}

enum mq_status mq_targets_read(const char *path, struct mq_targets **targets,
                               struct mq_error *error)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    struct mq_targets *made = calloc(1, sizeof *made);
    *targets = NULL;
    enum mq_status status = made ? mq_read_file(path, &content, error) : mq_fail_memory(error);
    if (status == MQ_OK)
        status = bind_bytes(path, &content, made, error);
    mq_buffer_clear(&content);
    if (status != MQ_OK) {
        mq_targets_free(made);
        return status;
    }
    *targets = made;
    return MQ_OK;
}

void mq_targets_free(struct mq_targets *targets)
{
    if (!targets)
        return;
    mq_arena_clear(&targets->arena);
    free(targets);
}
