/* An output directory read back: the resolved model, the raw indicators and the manifest; scores
 * are computed again. */
#include "run/run.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *inside(const char *out, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", out, name);
    return path;
}

static void copy_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    snprintf(text, size, "%s", value ? value : "");
}

static uint64_t count_of(const json_t *rows, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(rows, key));
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The digests of the inputs in byte order, so that the order of files does not matter. */
static enum mq_status join_digests(struct mq_results *results, const json_t *inputs,
                                   struct mq_error *error)
{
    size_t count = json_array_size(inputs);
    const char **digest = mq_arena_array(&results->arena, count + 1, sizeof *digest);
    char *joined = mq_arena_alloc(&results->arena, count * 65 + 1);
    if (!digest || !joined)
        return mq_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_object_get(json_array_get(inputs, i), "sha256"));
        digest[i] = text ? text : "";
    }
    qsort(digest, count, sizeof *digest, compare_texts);
    for (size_t i = 0, used = 0; i < count; i++)
        used += (size_t)snprintf(joined + used, count * 65 + 1 - used, "%.64s ", digest[i]);
    results->inputs_digest = joined;
    return MQ_OK;
}

static enum mq_status read_manifest(struct mq_results *results, const char *out,
                                    struct mq_error *error)
{
    char path[4200];
    json_error_t trouble;
    struct stat status;
    inside(out, "manifest.json", path, sizeof path);
    if (stat(path, &status) != 0)
        return mq_fail(error, MQ_NO_INPUT, out, 0, 0,
                       "is not an output of mqci: it has no manifest.json");
    json_t *manifest = json_load_file(path, 0, &trouble);
    if (!manifest)
        return mq_fail(error, MQ_DATA, path, trouble.line, trouble.column, "not readable: %s",
                       trouble.text);
    const json_t *rows = json_object_get(manifest, "rows");
    copy_text(json_object_get(manifest, "model"), "sha256", results->model_digest,
              sizeof results->model_digest);
    copy_text(json_object_get(manifest, "versions"), "mqci", results->version,
              sizeof results->version);
    copy_text(manifest, "result_hash", results->result_digest, sizeof results->result_digest);
    results->rows_in = count_of(rows, "in");
    results->accepted = count_of(rows, "accepted");
    results->rejected = count_of(rows, "rejected");
    results->out_of_scope = count_of(rows, "out_of_scope");
    results->rows_corrected = count_of(rows, "corrected");
    enum mq_status joined = join_digests(results, json_object_get(manifest, "inputs"), error);
    bool complete = json_object_get(manifest, "result_hash") != NULL;
    json_decref(manifest);
    if (joined == MQ_OK && !complete)
        return mq_fail(error, MQ_DATA, out, 0, 0, "holds the findings of a failed run, no results");
    return joined;
}

/* The scores computed again must be the scores on file, but for changes against another output
 * (--against). */
static bool same_but_changes(const char *a, const char *b)
{
    enum { CHANGE = 9 };
    for (int field = 0; *a && *b; a++, b++) {
        if (field == CHANGE) { /* skip the change on both sides: it is a number or blank */
            a += strcspn(a, ",\n");
            b += strcspn(b, ",\n");
        }
        if (*a != *b)
            return false;
        field = *a == '\n' ? 0 : field + (*a == ',');
        if (*a == '"') { /* quoted texts hold commas: run through them */
            for (a++, b++; *a && *a == *b && *a != '"'; a++, b++)
                ;
            if (*a != *b)
                return false;
        }
    }
    return *a == *b;
}

static enum mq_status same_as_file(const struct mq_results *results, const char *out,
                                   struct mq_error *error)
{
    char path[4200];
    struct mq_buffer file = MQ_BUFFER_EMPTY, again = MQ_BUFFER_EMPTY;
    enum mq_status status =
        mq_read_file(inside(out, "scores.csv", path, sizeof path), &file, error);
    if (status == MQ_OK && (mq_scores_write(results->scores, &again) != MQ_OK || again.failed))
        status = mq_fail_memory(error);
    if (status == MQ_OK &&
        !same_but_changes(file.data ? file.data : "", again.data ? again.data : ""))
        status = mq_fail(error, MQ_DATA, path, 0, 0,
                         "does not agree with indicators.csv and model.yaml beside it; the "
                         "directory was altered, run again");
    mq_buffer_clear(&file);
    mq_buffer_clear(&again);
    return status;
}

static enum mq_status fill(struct mq_results *results, const char *out, struct mq_error *error)
{
    char path[4200];
    MQ_TRY(read_manifest(results, out, error));
    MQ_TRY(mq_model_read(inside(out, "model.yaml", path, sizeof path), mq_catalogue(),
                         MQ_MODEL_NO_CODES, &results->model, error));
    MQ_TRY(mq_frame_read(results->model, inside(out, "indicators.csv", path, sizeof path),
                         &results->frame, error));
    if (mq_prepares(results->model))
        MQ_TRY(mq_prepared_read(results->frame, inside(out, "prepared.csv", path, sizeof path),
                                error));
    MQ_TRY(mq_scores_new(results->frame, NULL, &results->scores, error));
    if (results->model->design)
        MQ_TRY(mq_scores_read_estimates(results->scores,
                                        inside(out, "scores.csv", path, sizeof path), error));
    return same_as_file(results, out, error);
}

enum mq_status mq_results_read(const char *out, struct mq_results **results, struct mq_error *error)
{
    *results = NULL;
    struct mq_results *read = calloc(1, sizeof *read);
    if (!read)
        return mq_fail_memory(error);
    enum mq_status status = fill(read, out, error);
    if (status != MQ_OK) {
        mq_results_free(read);
        return status;
    }
    *results = read;
    return MQ_OK;
}

void mq_results_free(struct mq_results *results)
{
    if (!results)
        return;
    mq_scores_free(results->scores);
    mq_frame_free(results->frame);
    mq_model_free(results->model);
    mq_arena_clear(&results->arena);
    free(results);
}

/* ---- which unit and node a question means ---- */

static enum mq_status find_node(const struct mq_model *model, const char *id, int *node,
                                struct mq_error *error)
{
    *node = -1;
    const char **known = calloc(model->nodes, sizeof *known);
    if (!known)
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->nodes; i++) {
        known[i] = model->node[i].id;
        if (id ? strcmp(id, model->node[i].id) == 0 : model->node[i].parent < 0 && *node < 0)
            *node = (int)i;
    }
    enum mq_status status = MQ_OK;
    if (*node < 0) {
        const char *near = mq_text_nearest(id ? id : "", known, model->nodes);
        status =
            mq_fail(error, MQ_USAGE, NULL, 0, 0, "no node `%s` in the model%s%s%s", id ? id : "",
                    near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
    }
    free(known);
    return status;
}

static bool is_level(const struct mq_level *level, const char *wanted)
{
    return !wanted || strcmp(level->id, wanted) == 0 || strcmp(level->title, wanted) == 0;
}

static bool is_unit(const struct mq_unit *unit, const char *wanted)
{
    return !wanted || strcmp(unit->code, wanted) == 0 || strcmp(unit->name, wanted) == 0;
}

enum mq_status mq_results_find(const struct mq_results *results, const struct mq_question *question,
                               size_t *unit, int *node, struct mq_error *error)
{
    const struct mq_frame *frame = results->frame;
    bool found = false, level_seen = false, unit_seen = false;
    for (size_t i = 0; i < frame->units; i++) {
        const struct mq_unit *u = &frame->unit[i];
        if (!is_level(&results->model->level[u->level], question->level))
            continue;
        level_seen = true;
        if (!is_unit(u, question->unit))
            continue;
        unit_seen = true;
        if (question->period && strcmp(frame->period[u->period], question->period) != 0)
            continue;
        bool later = found && u->period > frame->unit[*unit].period;
        if (!found || (!question->period && later))
            *unit = i, found = true;
    }
    if (!level_seen)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                       "no level `%s` in this output; `mqci model` lists the levels",
                       question->level ? question->level : "");
    if (!found)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                       "no unit `%s`%s%s%s%s in this output; see the unit column of scores.csv",
                       question->unit ? question->unit : "", question->level ? " at level " : "",
                       question->level ? question->level : "", unit_seen ? " in period " : "",
                       unit_seen && question->period ? question->period : "");
    return find_node(results->model, question->node, node, error);
}
