/* The top of a model file, and reading it. */
#include "model/binder.h"

#include <stdlib.h>
#include <string.h>

struct top {
    int format;
    const char *id, *edition, *title, *source;
    int decimals, min_enterprises;
    const struct mq_yaml *assumptions, *rounding, *missing, *codes, *inputs, *scope, *rules,
        *levels;
    const struct mq_yaml *indicators, *bands, *disclosure, *tables, *define, *groups, *localise;
    const struct mq_yaml *concordance, *corrections, *screen, *defaults;
    const struct mq_yaml *design, *confidence, *interval;
    const struct mq_yaml *counted, *sheets, *figures, *tiles, *narrative;
};

static const struct mq_key keys[] = {
    {"mqci", true, mq_bind_whole, offsetof(struct top, format), 1, 1},
    {"id", true, mq_bind_id, offsetof(struct top, id), 0, 0},
    {"edition", false, mq_bind_text, offsetof(struct top, edition), 0, 0},
    {"title", false, mq_bind_text, offsetof(struct top, title), 0, 0},
    {"source", false, mq_bind_text, offsetof(struct top, source), 0, 0},
    {"assumptions", false, mq_bind_keep, offsetof(struct top, assumptions), 0, 0},
    {"rounding", false, mq_bind_keep, offsetof(struct top, rounding), 0, 0},
    {"decimals", false, mq_bind_whole, offsetof(struct top, decimals), 0, 15},
    {"disclosure", false, mq_bind_keep, offsetof(struct top, disclosure), 0, 0},
    {"missing", false, mq_bind_keep, offsetof(struct top, missing), 0, 0},
    {"codes", false, mq_bind_keep, offsetof(struct top, codes), 0, 0},
    {"inputs", true, mq_bind_keep, offsetof(struct top, inputs), 0, 0},
    {"concordance", false, mq_bind_keep, offsetof(struct top, concordance), 0, 0},
    {"design", false, mq_bind_keep, offsetof(struct top, design), 0, 0},
    {"confidence", false, mq_bind_keep, offsetof(struct top, confidence), 0, 0},
    {"interval", false, mq_bind_keep, offsetof(struct top, interval), 0, 0},
    {"tables", false, mq_bind_keep, offsetof(struct top, tables), 0, 0},
    {"define", false, mq_bind_keep, offsetof(struct top, define), 0, 0},
    {"groups", false, mq_bind_keep, offsetof(struct top, groups), 0, 0},
    {"screen", false, mq_bind_keep, offsetof(struct top, screen), 0, 0},
    {"defaults", false, mq_bind_keep, offsetof(struct top, defaults), 0, 0},
    {"corrections", false, mq_bind_keep, offsetof(struct top, corrections), 0, 0},
    {"scope", false, mq_bind_keep, offsetof(struct top, scope), 0, 0},
    {"rules", false, mq_bind_keep, offsetof(struct top, rules), 0, 0},
    {"localise", false, mq_bind_keep, offsetof(struct top, localise), 0, 0},
    {"levels", true, mq_bind_keep, offsetof(struct top, levels), 0, 0},
    {"indicators", true, mq_bind_keep, offsetof(struct top, indicators), 0, 0},
    {"bands", false, mq_bind_keep, offsetof(struct top, bands), 0, 0},
    {"counted", false, mq_bind_keep, offsetof(struct top, counted), 0, 0},
    {"sheets", false, mq_bind_keep, offsetof(struct top, sheets), 0, 0},
    {"figures", false, mq_bind_keep, offsetof(struct top, figures), 0, 0},
    {"tiles", false, mq_bind_keep, offsetof(struct top, tiles), 0, 0},
    {"narrative", false, mq_bind_keep, offsetof(struct top, narrative), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a model", keys);

static const struct mq_key disclosure_keys[] = {
    {"min_enterprises", true, mq_bind_whole, offsetof(struct top, min_enterprises), 0, 1000000},
};
static const struct mq_section disclosure_section = MQ_SECTION("disclosure", disclosure_keys);

/* Han characters U+3400..U+9FFF: lead bytes E3 90 .. E9 BF. */
static bool has_chinese(const char *text)
{
    for (; *text; text++) {
        unsigned char lead = (unsigned char)*text, next = (unsigned char)text[1];
        if ((lead == 0xE3 && next >= 0x90) || (lead >= 0xE4 && lead <= 0xE9))
            return true;
    }
    return false;
}

/* "" is always missing and comes first. */
static enum mq_status bind_missing(struct mq_binder *b, const struct mq_yaml *value)
{
    struct mq_model *model = b->model;
    const char **texts = NULL;
    size_t count = 0;
    if (value)
        MQ_TRY(mq_bind_texts(b, value, "missing", &texts, &count));
    model->missing = mq_arena_array(&model->arena, count + 1, sizeof *model->missing);
    if (!model->missing)
        return mq_fail_memory(b->error);
    model->missing[model->missings++] = "";
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < model->missings && strcmp(model->missing[k], texts[i]) != 0)
            k++;
        if (k == model->missings)
            model->missing[model->missings++] = texts[i];
    }
    return MQ_OK;
}

static enum mq_status bind_head(struct mq_binder *b, const struct top *top)
{
    static const char *const roundings[] = {"half_up", "half_even"};
    struct mq_model *model = b->model;
    int rounding = MQ_HALF_UP;
    model->id = top->id;
    model->edition = top->edition;
    model->title = top->title ? top->title : top->id;
    model->source = top->source;
    model->chinese = has_chinese(model->title);
    model->decimals = top->decimals;
    if (top->rounding)
        MQ_TRY(mq_bind_choice(b, top->rounding, roundings, 2, "roundings", &rounding));
    model->rounding = (enum mq_rounding)rounding;
    if (top->assumptions)
        MQ_TRY(mq_bind_texts(b, top->assumptions, "assumptions", &model->assumption,
                             &model->assumptions));
    return bind_missing(b, top->missing);
}

static enum mq_status bind_publication(struct mq_binder *b, const struct top *top)
{
    if (top->counted)
        MQ_TRY(mq_bind_counted(b, top->counted));
    if (top->sheets)
        MQ_TRY(mq_bind_sheets(b, top->sheets));
    if (top->figures)
        MQ_TRY(mq_bind_figures(b, top->figures));
    if (top->tiles)
        MQ_TRY(mq_bind_tiles(b, top->tiles));
    return top->narrative ? mq_bind_story(b, top->narrative) : MQ_OK;
}

static enum mq_status bind_top(struct mq_binder *b, const struct mq_yaml *root)
{
    struct mq_model *model = b->model;
    struct top top = {.edition = "", .source = "", .decimals = 2, .min_enterprises = -1};
    MQ_TRY(mq_bind_map(b, root, &section, &top));
    MQ_TRY(bind_head(b, &top));
    if (top.codes)
        MQ_TRY(mq_bind_codes(b, top.codes));
    MQ_TRY(mq_bind_inputs(b, top.inputs));
    MQ_TRY(mq_bind_design(b, top.design, top.confidence, top.interval));
    if (top.disclosure)
        MQ_TRY(mq_bind_map(b, top.disclosure, &disclosure_section, &top));
    /* rows with a key are enterprises, which must not show through; rows without are published
     * totals */
    model->min_enterprises = top.min_enterprises >= 0 ? top.min_enterprises
                             : model->key >= 0        ? 3
                                                      : 0;
    if (top.concordance)
        MQ_TRY(mq_bind_concordance(b, top.concordance));
    if (top.tables)
        MQ_TRY(mq_bind_tables(b, top.tables));
    if (top.scope)
        MQ_TRY(mq_bind_scope(b, top.scope));
    b->define = top.define;
    b->groups = top.groups;
    MQ_TRY(mq_bind_rules(b, top.rules));
    if (top.corrections)
        MQ_TRY(mq_bind_corrections(b, top.corrections));
    if (top.localise)
        MQ_TRY(mq_bind_localise(b, top.localise));
    MQ_TRY(mq_bind_levels(b, top.levels));
    if (top.screen)
        MQ_TRY(mq_bind_screen(b, top.screen));
    MQ_TRY(mq_bind_nodes(b, top.indicators, top.defaults));
    MQ_TRY(mq_bind_design_formulas(b));
    if (top.bands)
        MQ_TRY(mq_bind_bands(b, top.bands));
    return bind_publication(b, &top);
}

static enum mq_status start(struct mq_model **model, const struct mq_model_text *text,
                            struct mq_error *error)
{
    struct mq_model *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    *model = made;
    made->key = made->period = -1;
    made->path = mq_arena_string(&made->arena, text->path, strlen(text->path));
    made->directory = mq_arena_string(&made->arena, text->directory, strlen(text->directory));
    if (!made->path || !made->directory)
        return mq_fail_memory(error);
    return mq_sha256_bytes(text->bytes, text->count, &made->digest, error);
}

/* With other files the digest is that of all digests, so that a change in any of them shows. */
static enum mq_status join_digests(const struct mq_binder *b)
{
    struct mq_model *model = b->model;
    if (b->digests.length == 0)
        return b->digests.failed ? mq_fail_memory(b->error) : MQ_OK;
    struct mq_buffer lines = MQ_BUFFER_EMPTY;
    mq_buffer_format(&lines, "%s\n", model->digest.hex);
    mq_buffer_add(&lines, b->digests.data, b->digests.length);
    enum mq_status status =
        lines.failed || b->digests.failed
            ? mq_fail_memory(b->error)
            : mq_sha256_bytes(lines.data, lines.length, &model->digest, b->error);
    mq_buffer_clear(&lines);
    return status;
}

enum mq_status mq_model_read_bytes(const struct mq_model_text *text,
                                   const struct mq_catalogue *catalogue, unsigned flags,
                                   struct mq_model **model, struct mq_error *error)
{
    struct mq_model *made = NULL;
    bool mark = text->count >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0;
    struct mq_yaml_file file = {text->bytes + (mark ? 3 : 0), text->count - (mark ? 3 : 0),
                                text->path};
    struct mq_binder binder = {
        .file = &file, .catalogue = catalogue, .flags = flags, .error = error};
    const struct mq_yaml *root;
    enum mq_status status = start(&made, text, error);
    binder.model = made;
    if (status == MQ_OK)
        status = mq_yaml_read(&file, &binder.scratch, &root, error);
    if (status == MQ_OK)
        status = bind_top(&binder, root);
    if (status == MQ_OK)
        status = join_digests(&binder);
    mq_buffer_clear(&binder.digests);
    mq_arena_clear(&binder.scratch);
    if (status != MQ_OK) {
        mq_model_free(made);
        return status;
    }
    *model = made;
    return MQ_OK;
}

enum mq_status mq_model_read(const char *path, const struct mq_catalogue *catalogue, unsigned flags,
                             struct mq_model **model, struct mq_error *error)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_read_file(path, &content, error);
    const char *slash = strrchr(path, '/');
    size_t length = !slash ? 1 : slash == path ? 1 : (size_t)(slash - path);
    char *directory = malloc(length + 1);
    if (status == MQ_OK && !directory)
        status = mq_fail_memory(error);
    if (status == MQ_OK && directory) {
        memcpy(directory, slash ? path : ".", length);
        directory[length] = '\0';
        struct mq_model_text text = {
            .bytes = content.data, .count = content.length, .path = path, .directory = directory};
        if (!text.bytes)
            text.bytes = "";
        status = mq_model_read_bytes(&text, catalogue, flags, model, error);
    }
    free(directory);
    mq_buffer_clear(&content);
    return status;
}

void mq_model_free(struct mq_model *model)
{
    if (!model)
        return;
    for (size_t i = 0; i < model->lists; i++)
        if (model->list[i].dict) /* opened */
            mq_codes_clear(&model->list[i]);
    for (size_t i = 0; i < model->tests; i++)
        mq_pattern_free(model->test[i].matcher);
    for (size_t i = 0; i < model->histories; i++)
        mq_concordance_free(model->history[i].concordance);
    for (size_t i = 0; i < model->lookups; i++)
        mq_table_clear(&model->lookup[i].table);
    mq_arena_clear(&model->arena);
    free(model);
}
