/* A publication: tables, and what else its writers want. */
#include "publish/draft.h"

#include <stdlib.h>
#include <string.h>

/* What is owned; the public struct looks at it. */
struct made {
    struct mq_publication publication; /* first: freeing one is freeing the other */
    struct mq_sheets *sheets;
    struct mq_figures *figures;
    struct mq_story *story;
    struct mq_data *data;
    struct mq_profiles *profiles;
    struct mq_arena arena;
};

static enum mq_status make_parts(const struct mq_release *release,
                                 const struct mq_publication_options *options, struct made *made,
                                 struct mq_error *error)
{
    unsigned wants = options->wants;
    if (wants & (MQ_WANT_FIGURES | MQ_WANT_STORY | MQ_WANT_PROFILES))
        MQ_TRY(mq_figures_new(release, options, &made->figures, error));
    if (wants & MQ_WANT_STORY)
        MQ_TRY(mq_story_new(release, made->sheets, made->figures, &made->story, error));
    if (wants & MQ_WANT_DATA)
        MQ_TRY(mq_data_new(release, &made->data, error));
    if (wants & MQ_WANT_PROFILES)
        MQ_TRY(mq_profiles_new(release, options, made->figures, &made->profiles, error));
    return MQ_OK;
}

static void show(const struct mq_release *release, const char *period, struct made *made)
{
    const struct mq_model *model = release->model;
    made->publication = (struct mq_publication){
        .chinese = release->chinese,
        .title = model->title,
        .edition = model->edition ? model->edition : "",
        .model_id = model->id ? model->id : "",
        .period = period,
        .language = release->chinese ? "zh-CN" : "en",
        .sheets = made->sheets,
        .figures = made->figures,
        .story = made->story,
        .data = made->data,
        .profiles = made->profiles,
        .provenance = release->provenance,
        .assumption = model->assumption,
        .assumptions = model->assumptions,
        .source = model->source ? model->source : "",
    };
}

enum mq_status mq_publication_new(const struct mq_scores *scores,
                                  const struct mq_provenance *provenance,
                                  const struct mq_publication_options *options,
                                  struct mq_publication **publication, struct mq_error *error)
{
    static const struct mq_publication_options none = {0};
    struct mq_release release;
    struct made *made = calloc(1, sizeof *made);
    if (!made)
        return mq_fail_memory(error);
    enum mq_status status = mq_sheets_new(scores, provenance, &made->sheets, error);
    if (status == MQ_OK &&
        (status = mq_release_new(scores, provenance, &release, error)) == MQ_OK) {
        const char *period = mq_arena_string(&made->arena, release.now, strlen(release.now));
        status = period ? make_parts(&release, options ? options : &none, made, error)
                        : mq_fail_memory(error);
        if (status == MQ_OK)
            show(&release, period, made);
        mq_release_clear(&release);
    }
    if (status == MQ_OK)
        *publication = &made->publication;
    else
        mq_publication_free(&made->publication);
    return status;
}

void mq_publication_free(struct mq_publication *publication)
{
    struct made *made = (struct made *)publication;
    if (!made)
        return;
    mq_profiles_free(made->profiles);
    mq_data_free(made->data);
    mq_story_free(made->story);
    mq_figures_free(made->figures);
    mq_sheets_free(made->sheets);
    mq_arena_clear(&made->arena);
    free(made);
}
