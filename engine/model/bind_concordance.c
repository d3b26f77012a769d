/* concordance: which periods carry codes of older editions of a list, and what has become of these.
 */
#include "model/binder.h"

#include <string.h>

struct draft {
    const struct mq_yaml *file, *edition, *until;
};

static const struct mq_key keys[] = {
    {"file", true, mq_bind_keep, offsetof(struct draft, file), 0, 0},
    {"edition", false, mq_bind_keep, offsetof(struct draft, edition), 0, 0},
    {"until", false, mq_bind_keep, offsetof(struct draft, until), 0, 0},
};
static const struct mq_section section = MQ_SECTION("a concordance", keys);

/* An edition that the table has; results are read back without it. All known ones are told: the
 * nearest one, which a hint would name, is as wrong as the others. */
static enum mq_status bind_edition(struct mq_binder *b, const struct mq_yaml *value,
                                   const struct mq_concordance *table, const char **edition)
{
    const struct mq_key key = {.name = "edition"};
    char name[MQ_QUOTED];
    const char *known = "", *one;
    MQ_TRY(mq_bind_text(b, value, &key, edition));
    for (size_t i = 0; table && (one = mq_concordance_edition(table, i)); i++) {
        if (strcmp(one, *edition) == 0)
            return MQ_OK;
        known = mq_arena_format(&b->scratch, "%s%s%s", known, i > 0 ? ", " : "", one);
        if (!known)
            return mq_fail_memory(b->error);
    }
    return table ? mq_bind_fail(b, value, "the concordance has no edition \"%s\"; it has %s",
                                mq_quoted(mq_text(*edition), name), known)
                 : MQ_OK;
}

/* until: {"2011": "2002", ...}: the last period of each edition. */
static enum mq_status bind_until(struct mq_binder *b, const struct mq_yaml *until,
                                 struct mq_list_history *history)
{
    struct mq_edition_span *span = mq_arena_array(&b->model->arena, until->count + 1, sizeof *span);
    if (!span)
        return mq_fail_memory(b->error);
    if (until->kind != MQ_YAML_MAP || until->count == 0)
        return mq_bind_fail(b, until,
                            "\"until\" is written as last periods with editions, like {\"2011\": "
                            "\"2002\"}");
    if (b->model->period < 0)
        return mq_bind_fail(b, until,
                            "\"until\" needs an input of type period; without one write edition:");
    for (size_t i = 0; i < until->count; i++) {
        const struct mq_yaml *key = until->key[i];
        char name[MQ_QUOTED];
        span[i].until = mq_arena_string(&b->model->arena, key->text, key->length);
        if (!span[i].until)
            return mq_fail_memory(b->error);
        span[i].last = mq_date_of(span[i].until);
        if (span[i].last.parts == 0)
            return mq_bind_fail(b, key,
                                "\"%s\" is no period; write a year, or a year and a month like "
                                "2011-06",
                                mq_quoted(mq_text(span[i].until), name));
        if (i > 0 && mq_date_compare(&span[i - 1].last, &span[i].last) >= 0)
            return mq_bind_fail(b, key, "periods ascend: %s does not lie after %s",
                                mq_quoted(mq_text(span[i].until), name), span[i - 1].until);
        MQ_TRY(bind_edition(b, until->item[i], history->concordance, &span[i].edition));
    }
    history->span = span;
    history->spans = until->count;
    return MQ_OK;
}

static enum mq_status bind_spans(struct mq_binder *b, const struct mq_yaml *map,
                                 const struct draft *draft, struct mq_list_history *history)
{
    if (draft->edition && draft->until)
        return mq_bind_fail(b, draft->until,
                            "\"edition\" is written for all periods and \"until\" for some; keep "
                            "one of the two");
    if (draft->until)
        return bind_until(b, draft->until, history);
    if (!draft->edition)
        return mq_bind_fail(b, map,
                            "a concordance needs the key \"edition\", if all rows carry codes of "
                            "it, or \"until\" with periods and editions");
    struct mq_edition_span *span = mq_arena_alloc(&b->model->arena, sizeof *span);
    if (!span)
        return mq_fail_memory(b->error);
    span->until = "";
    history->span = span;
    history->spans = 1;
    return bind_edition(b, draft->edition, history->concordance, &span->edition);
}

static enum mq_status bind_list(struct mq_binder *b, const struct mq_yaml *key,
                                const struct mq_yaml *map)
{
    struct mq_model *model = b->model;
    struct mq_list_history *history = &model->history[model->histories];
    struct draft draft = {0};
    const char *written;
    if (model->lists == 0)
        return mq_bind_fail(b, key, "the model has no code lists; add them under \"codes\"");
    MQ_TRY(mq_bind_choice(b, key, model->list_id, model->lists, "code lists", &history->list));
    MQ_TRY(mq_bind_map(b, map, &section, &draft));
    MQ_TRY(mq_bind_path(b, draft.file, "file", &written, &history->path));
    model->histories++;
    if (!(b->flags & MQ_MODEL_NO_CODES)) {
        MQ_TRY(mq_concordance_read(history->path, &history->concordance, b->error));
        MQ_TRY(mq_bind_digest(b, history->path));
    }
    return bind_spans(b, map, &draft, history);
}

enum mq_status mq_bind_concordance(struct mq_binder *b, const struct mq_yaml *concordance)
{
    struct mq_model *model = b->model;
    if (concordance->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, concordance,
                            "\"concordance\" is written as code lists with files, like {industry: "
                            "{file: concordance.csv, edition: \"2011\"}}");
    model->history = mq_arena_array(&model->arena, concordance->count + 1, sizeof *model->history);
    if (!model->history)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < concordance->count; i++)
        MQ_TRY(bind_list(b, concordance->key[i], concordance->item[i]));
    return MQ_OK;
}
