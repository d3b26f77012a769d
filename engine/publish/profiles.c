/* 诊断与跟踪: one page a unit. A unit whose index may not be shown has none. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "publish/profile.h"

/* ---- what a page is called ---- */

/* "大连市制造业质量竞争力诊断与跟踪（2024年）" */
static const char *page_title(const struct mq_release *release, const char *name,
                              struct mq_arena *arena)
{
    static const char tail[] = "指数";
    bool chinese = release->chinese;
    const char *index = mq_profile_index(release), *now = release->now;
    size_t length = strlen(index), cut = sizeof tail - 1;
    if (length > cut && strcmp(index + length - cut, tail) == 0)
        length -= cut;
    return chinese
               ? mq_arena_format(arena, "%s%.*s诊断与跟踪%s%s%s", name, (int)length, index,
                                 now[0] ? "（" : "", now, now[0] ? "）" : "")
               : mq_arena_format(arena, "%s: %.*s, diagnosis and follow-up%s%s%s", name,
                                 (int)length, index, now[0] ? " (" : "", now, now[0] ? ")" : "");
}

/* The code as part of a file name, unlike those of the pages before. */
static const char *page_id(const struct mq_lines *lines, size_t at, const char *const *before,
                           struct mq_arena *arena)
{
    const char *code = lines->line[at].code;
    char *id = mq_arena_string(arena, code[0] ? code : "unit", strlen(code[0] ? code : "unit"));
    for (char *c = id; c && *c; c++)
        if (!(isalnum((unsigned char)*c) && (unsigned char)*c < 0x80) && *c != '_' && *c != '-')
            *c = '_';
    const char *plain = id;
    for (size_t i = 0, n = 2; id && i < at; i++)
        if (before[i] && strcasecmp(before[i], id) == 0) {
            id = mq_arena_format(arena, "%s_%zu", plain, n++);
            i = SIZE_MAX; /* from the start again */
        }
    return id;
}

/* ---- a page ---- */

struct making {
    struct mq_draft draft;
    const struct mq_publication_options *options;
    const struct mq_figures *figures;
    struct mq_structure structure;
    int level;
    const char **id; /* [lines] of the pages made, NULL: none */
    struct mq_profiles *profiles;
};

/* By what it shows, else by its name: names of figures have no other letters than those of files.
 */
static const struct mq_figure *find_figure(struct making *making, const char *code)
{
    const struct mq_figures *figures = making->figures;
    const char *level = making->draft.release->model->level[making->level].id;
    for (size_t i = 0; figures && i < figures->count; i++) {
        const struct mq_figure *figure = &figures->figure[i];
        if (figure->kind == MQ_FIGURE_PROFILE && figure->columns > 0 &&
            strcmp(figure->level, level) == 0 && strcmp(figure->column[0].code, code) == 0)
            return figure;
    }
    const char *id = mq_arena_format(&making->profiles->arena, "%s-profile-%s", level, code);
    making->draft.failed |= !id;
    return figures && id ? mq_figures_find(figures, id) : NULL;
}

static void make_page(struct making *making, size_t at, struct mq_profile *profile)
{
    struct mq_draft *draft = &making->draft;
    const struct mq_release *release = draft->release;
    const struct mq_line *line = &release->level[making->level].line[at];
    struct mq_arena *arena = &making->profiles->arena;
    struct mq_page page = {.draft = draft,
                           .release = release,
                           .options = making->options,
                           .structure = &making->structure,
                           .level = making->level,
                           .at = at,
                           .line = line,
                           .id = making->id[at]};
    const struct mq_sheet *first = &draft->sheets->sheet[draft->sheets->count];
    const char **text = mq_arena_array(arena, MQ_PAGE_LINES, sizeof *text);
    *profile = (struct mq_profile){.code = mq_arena_string(arena, line->code, strlen(line->code)),
                                   .name = mq_arena_string(arena, line->name, strlen(line->name)),
                                   .title = page_title(release, line->name, arena),
                                   .line = text,
                                   .sheet = first,
                                   .figure = find_figure(making, line->code)};
    draft->failed |= !text || !profile->code || !profile->name || !profile->title;
    static void (*const blocks[])(struct mq_page *) = {
        mq_profile_pick,  mq_profile_find_peers, mq_profile_scores, mq_profile_gap,
        mq_profile_peers, mq_profile_moves,      mq_profile_targets};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks && !draft->failed; i++)
        blocks[i](&page);
    if (!draft->failed)
        profile->lines = mq_profile_lines(&page, arena, text);
    profile->sheets = (size_t)(&draft->sheets->sheet[draft->sheets->count] - first);
}

/* ---- all of them ---- */

static void make_pages(struct making *making)
{
    struct mq_draft *draft = &making->draft;
    const struct mq_release *release = draft->release;
    const struct mq_lines *lines = &release->level[making->level];
    struct mq_profiles *profiles = making->profiles;
    struct mq_profile *profile = mq_arena_array(&profiles->arena, lines->count, sizeof *profile);
    making->id = mq_arena_array(&profiles->arena, lines->count, sizeof *making->id);
    draft->sheets->sheet = mq_arena_array(&draft->sheets->arena, lines->count * MQ_PAGE_TABLES,
                                          sizeof *draft->sheets->sheet);
    draft->failed |= !profile || !making->id || !draft->sheets->sheet;
    profiles->profile = profile;
    for (size_t i = 0; i < lines->count && !draft->failed; i++) {
        int64_t score;
        struct mq_shown shown = mq_show_score(release, lines->line[i].now, release->root);
        if (!mq_profile_published(release, shown, &score))
            continue;
        making->id[i] = page_id(lines, i, making->id, &profiles->arena);
        draft->failed |= !making->id[i];
        if (!draft->failed)
            make_page(making, i, &profile[profiles->count++]);
    }
}

static bool make_all(const struct mq_release *release, struct making *making)
{
    struct mq_arena scratch = MQ_ARENA_EMPTY;
    struct mq_draft *draft = &making->draft;
    making->level = release->root >= 0 ? mq_profile_level(release) : -1;
    draft->sheets->chinese = release->chinese;
    draft->sheets->title = mq_draft_copy(draft, release->model->title);
    if (making->level >= 0 && release->model->level[making->level].axes == 1 && !draft->failed) {
        draft->failed = !mq_structure_new(release, making->level, &scratch, &making->structure);
        if (!draft->failed)
            make_pages(making);
    }
    mq_arena_clear(&scratch);
    return !draft->failed;
}

enum mq_status mq_profiles_new(const struct mq_release *release,
                               const struct mq_publication_options *options,
                               const struct mq_figures *figures, struct mq_profiles **profiles,
                               struct mq_error *error)
{
    static const struct mq_publication_options none = {0};
    struct mq_profiles *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    made->sheets = calloc(1, sizeof *made->sheets);
    struct making making = {.draft = {.release = release, .sheets = made->sheets},
                            .options = options ? options : &none,
                            .figures = figures,
                            .profiles = made};
    if (!made->sheets || !make_all(release, &making)) {
        mq_profiles_free(made);
        return mq_fail_memory(error);
    }
    *profiles = made;
    return MQ_OK;
}

void mq_profiles_free(struct mq_profiles *profiles)
{
    if (!profiles)
        return;
    mq_sheets_free(profiles->sheets);
    mq_arena_clear(&profiles->arena);
    free(profiles);
}
