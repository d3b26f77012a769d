/* manifest.json: what went in, by which method, what came out; the clock stands apart from what is
 * hashed. */
#include "run/run.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const result_files[] = {"scores.csv", "indicators.csv"};
static const char *const other_files[] = {
    "prepared.csv",    "bounds.csv",    "rollup.csv",     "findings.csv",    "rejects.csv",
    "warnings.csv",    "offenders.csv", "localised.csv",  "concordance.csv", "model.yaml",
    "validation.json", "tables.xlsx",   "corrections.csv"};

static json_t *model_part(const struct mq_model *model)
{
    json_t *assumptions = json_array();
    for (size_t i = 0; i < model->assumptions; i++)
        json_array_append_new(assumptions, json_string(model->assumption[i]));
    json_t *codes = json_array();
    for (size_t i = 0; i < model->lists; i++) {
        struct mq_sha256 digest;
        if (mq_sha256_file(model->list[i].path, &digest, NULL) == MQ_OK)
            json_array_append_new(codes,
                                  json_pack("{s:s, s:s, s:s, s:I}", "id", model->list_id[i], "path",
                                            model->list[i].path, "sha256", digest.hex, "codes",
                                            (json_int_t)model->list[i].count));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:o}", "id", model->id, "edition",
                     model->edition, "title", model->title, "path", model->path, "sha256",
                     model->digest.hex, "rounding",
                     model->rounding == MQ_HALF_UP ? "half_up" : "half_even", "decimals",
                     model->decimals, "assumptions", assumptions, "codes", codes);
}

static json_t *inputs_part(const struct mq_session *session)
{
    static const char *const encoding[] = {"", "UTF-8", "GB18030"};
    json_t *inputs = json_array();
    for (size_t i = 0; i < session->files; i++) {
        const struct mq_file_info *file = mq_reader_file(session->reader, i);
        json_t *ignored = json_array();
        for (size_t k = 0; k < file->ignored; k++)
            json_array_append_new(ignored, json_string(file->ignored_name[k]));
        json_array_append_new(inputs,
                              json_pack("{s:s, s:s, s:I, s:s, s:s, s:o}", "path", file->path,
                                        "name", file->name, "bytes", (json_int_t)file->bytes,
                                        "encoding", encoding[file->encoding], "sha256",
                                        session->digest[i].hex, "ignored_columns", ignored));
    }
    return inputs;
}

struct json_t *mq_totals_json(const struct mq_session *session)
{
    const struct mq_control *control = mq_checker_control(session->checker);
    bool corrects = mq_session_corrects(session);
    json_t *totals = json_array();
    for (size_t i = 0; i < session->model->inputs; i++) {
        const struct mq_input *input = &session->model->input[i];
        if (input->type != MQ_AMOUNT)
            continue;
        char in[48], accepted[48], rejected[48], outside[48], corrected[48];
        json_array_append_new(
            totals,
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "input", input->id, "unit", input->unit,
                      "in", mq_decimal_text(control->total_in[i], input->decimals, in), "accepted",
                      mq_decimal_text(control->total_accepted[i], input->decimals, accepted),
                      "rejected",
                      mq_decimal_text(control->total_rejected[i], input->decimals, rejected),
                      "out_of_scope",
                      mq_decimal_text(control->total_out_of_scope[i], input->decimals, outside)));
        if (corrects)
            json_object_set_new(json_array_get(totals, json_array_size(totals) - 1), "corrected",
                                json_string(mq_decimal_text(control->total_corrected[i],
                                                            input->decimals, corrected)));
    }
    return totals;
}

/* Share of the accepted rows that carry the inputs of each indicator: over the units of the first
 * level, by period. */
static json_t *coverage_part(const struct mq_session *session)
{
    const struct mq_model *model = session->model;
    const struct mq_sums *sums = session->sums;
    json_t *coverage = json_object();
    for (size_t n = 0; n < model->nodes; n++) {
        if (!model->node[n].leaf)
            continue;
        json_t *by_period = json_object();
        for (size_t p = 0; p < sums->periods; p++) {
            uint64_t rows = 0, complete = 0;
            for (size_t u = 0; u < sums->units; u++) {
                if (sums->unit[u].period != p || sums->unit[u].level != 0)
                    continue;
                rows += sums->unit[u].enterprises;
                complete +=
                    sums->complete[u * model->masks + (size_t)model->node[n].formula.coverage_mask];
            }
            if (rows)
                json_object_set_new(by_period, sums->period[p],
                                    json_real((double)complete / (double)rows));
        }
        json_object_set_new(coverage, model->node[n].id, by_period);
    }
    return coverage;
}

/* Digests of the files written, and one hash of the results: "name sha256" lines of scores.csv and
 * indicators.csv. */
static enum mq_status outputs_part(const struct mq_outdir *outdir, bool failed, json_t *outputs,
                                   struct mq_sha256 *result, struct mq_error *error)
{
    char path[4200], lines[512] = "";
    struct mq_sha256 digest;
    for (size_t i = 0; !failed && i < sizeof result_files / sizeof *result_files; i++) {
        MQ_TRY(mq_sha256_file(mq_outdir_path(outdir, result_files[i], path, sizeof path), &digest,
                              error));
        json_object_set_new(outputs, result_files[i], json_string(digest.hex));
        size_t used = strlen(lines);
        snprintf(lines + used, sizeof lines - used, "%s %s\n", result_files[i], digest.hex);
    }
    for (size_t i = 0; i < sizeof other_files / sizeof *other_files; i++)
        if (mq_sha256_file(mq_outdir_path(outdir, other_files[i], path, sizeof path), &digest,
                           NULL) == MQ_OK)
            json_object_set_new(outputs, other_files[i], json_string(digest.hex));
    return mq_sha256_bytes(lines, strlen(lines), result, error);
}

static json_t *clock_part(const struct mq_session *session)
{
    time_t now = time(NULL);
    struct tm utc;
    char text[32] = "";
    if (gmtime_r(&now, &utc))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return json_pack("{s:s, s:f, s:i}", "finished", text, "reading_seconds", session->seconds,
                     "threads", session->threads);
}

static json_t *whole(const struct mq_session *session, bool failed, json_t *outputs,
                     const char *result)
{
    const struct mq_control *control = mq_checker_control(session->checker);
    json_t *manifest =
        json_pack("{s:{s:s, s:i}, s:o, s:o, s:{s:I, s:I, s:I, s:I}, s:o, s:o}", "versions", "mqci",
                  mq_version(), "format", 1, "model", model_part(session->model), "inputs",
                  inputs_part(session), "rows", "in", (json_int_t)control->rows_in, "accepted",
                  (json_int_t)control->accepted, "rejected", (json_int_t)control->rejected,
                  "out_of_scope", (json_int_t)control->out_of_scope, "control_totals",
                  mq_totals_json(session), "outputs", json_incref(outputs));
    if (!manifest)
        return NULL;
    if (mq_session_corrects(session)) {
        json_object_set_new(json_object_get(manifest, "rows"), "corrected",
                            json_integer((json_int_t)control->rows_corrected));
        json_object_set_new(manifest, "corrections", mq_corrections_json(session));
    }
    json_object_set_new(manifest, "status", json_string(failed ? "failed" : "complete"));
    if (!failed) {
        json_object_set_new(manifest, "coverage", coverage_part(session));
        json_object_set_new(manifest, "result_hash", json_string(result));
    }
    json_object_set_new(manifest, "run", clock_part(session)); /* not part of any hash */
    return manifest;
}

enum mq_status mq_manifest_write(const struct mq_session *session, const struct mq_outdir *outdir,
                                 bool failed, struct mq_error *error)
{
    json_t *outputs = json_object();
    struct mq_sha256 result = {""};
    enum mq_status status = outputs_part(outdir, failed, outputs, &result, error);
    char *text = NULL;
    if (status == MQ_OK) {
        json_t *manifest = whole(session, failed, outputs, result.hex);
        text = manifest ? json_dumps(manifest,
                                     JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17))
                        : NULL;
        json_decref(manifest);
        if (!text)
            status = mq_fail_memory(error);
    }
    char path[4200];
    if (status == MQ_OK)
        status = mq_write_file(mq_outdir_path(outdir, "manifest.json", path, sizeof path), text,
                               strlen(text), error);
    free(text);
    json_decref(outputs);
    return status;
}
