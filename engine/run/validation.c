/* validation.json: what the checks found, for machines. */
#include "run/run.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *whole_number(uint64_t number)
{
    return json_integer((json_int_t)number);
}

/* Outcomes of one check; `rule` NULL for those that are built in. */
static json_t *finding_part(const struct mq_session *session, const struct mq_finding *finding,
                            const struct mq_rule *rule)
{
    static const char *const severity[] = {"info", "warn", "reject"};
    json_t *part =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "rule", finding->rule, "severity",
                  severity[finding->severity], "title", finding->title, "checked",
                  whole_number(finding->checked), "passed", whole_number(finding->passed), "failed",
                  whole_number(finding->failed), "missing", whole_number(finding->missing));
    if (part && finding->any)
        json_object_set_new(part, "first",
                            json_pack("{s:s, s:o}", "file",
                                      mq_reader_file(session->reader, finding->first.file)->name,
                                      "line", whole_number(finding->first_line)));
    if (part && finding->broken)
        json_object_set_new(part, "error", json_string(finding->broken));
    if (part && rule) {
        json_object_set_new(part, "expression", json_string(finding->expression));
        if (rule->origin && *rule->origin)
            json_object_set_new(part, "origin", json_string(rule->origin));
        if (rule->date && *rule->date)
            json_object_set_new(part, "date", json_string(rule->date));
    }
    return part;
}

static const struct mq_rule *rule_of(const struct mq_model *model, const struct mq_finding *finding)
{
    for (size_t i = 0; i < model->rules; i++)
        if (strcmp(model->rule[i].id, finding->rule) == 0)
            return &model->rule[i];
    return NULL;
}

static json_t *rules_part(const struct mq_session *session)
{
    const struct mq_finding *finding;
    size_t count;
    json_t *rules = json_array();
    if (mq_checker_findings(session->checker, &finding, &count, NULL) != MQ_OK)
        return rules;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            rules, finding_part(session, &finding[i], rule_of(session->model, &finding[i])));
    return rules;
}

/* Of every statistical edit: how many rows came to what, and why rows were not judged. */
static json_t *edits_part(const struct mq_session *session)
{
    const struct mq_model *model = session->model;
    const struct mq_edit_count *count = mq_checker_edits(session->checker);
    json_t *edits = json_array();
    for (size_t i = 0; i < model->rules; i++) {
        if (model->rule[i].edit < 0)
            continue;
        json_t *rows = json_object();
        for (int s = 0; s < MQ_EDIT_STATUSES; s++)
            json_object_set_new(rows, mq_edit_status_code((enum mq_edit_status)s),
                                whole_number(count[model->rule[i].edit].rows[s]));
        json_array_append_new(edits,
                              json_pack("{s:s, s:o}", "rule", model->rule[i].id, "rows", rows));
    }
    return edits;
}

static json_t *records_part(const struct mq_statistics *of)
{
    json_t *by_rules = json_array();
    for (size_t k = 0; of->gathered && k <= of->rules; k++)
        json_array_append_new(by_rules, json_pack("{s:I, s:o, s:o, s:o}", "rules", (json_int_t)k,
                                                  "passed", whole_number(of->rules_passed[k]),
                                                  "missing", whole_number(of->rules_missing[k]),
                                                  "failed", whole_number(of->rules_failed[k])));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "records", whole_number(of->records), "passed",
                     whole_number(of->passed), "missing", whole_number(of->missing), "failed",
                     whole_number(of->failed), "by_rules", by_rules);
}

static json_t *variables_part(const struct mq_model *model, const struct mq_statistics *of)
{
    json_t *variables = json_array();
    for (size_t i = 0; i < of->inputs; i++) {
        const struct mq_variable_statistics *v = &of->variable[i];
        if (v->passed + v->missing + v->failed == 0)
            continue;
        json_array_append_new(variables,
                              json_pack("{s:s, s:s, s:{s:o, s:o, s:o}, s:{s:o, s:o, s:o, s:o}}",
                                        "input", model->input[i].id, "title", model->input[i].title,
                                        "outcomes", "passed", whole_number(v->passed), "missing",
                                        whole_number(v->missing), "failed", whole_number(v->failed),
                                        "records", "passed", whole_number(v->records_passed),
                                        "missing", whole_number(v->records_missing), "failed",
                                        whole_number(v->records_failed), "without",
                                        whole_number(v->records_without)));
    }
    return variables;
}

/* The units that fail most, as in offenders.csv. */
static json_t *offenders_part(const struct mq_session *session)
{
    const struct mq_offender *offender;
    size_t count;
    if (mq_checker_offenders(session->checker, &offender, &count, NULL) != MQ_OK)
        return NULL;
    json_t *offenders = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct mq_offender *o = offender + i;
        json_array_append_new(offenders,
                              json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:f}", "rule", o->rule,
                                        "level", session->model->level[o->level].id, "unit",
                                        o->unit.s, "name", o->name, "rows", whole_number(o->rows),
                                        "failed", whole_number(o->failed), "share",
                                        (double)o->failed / (double)o->rows));
    }
    return offenders;
}

/* Rows that carried codes of older editions, by input. */
static json_t *concordance_part(const struct mq_session *session)
{
    const struct mq_model *model = session->model;
    struct mq_old_totals *totals = calloc(model->inputs + 1, sizeof *totals);
    json_t *part = NULL;
    if (totals && mq_old_codes_count(session, totals, NULL) == MQ_OK)
        part = json_object();
    for (size_t i = 0; part && i < model->inputs; i++)
        if (totals[i].rows > 0)
            json_object_set_new(
                part, model->input[i].id,
                json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "rows", whole_number(totals[i].rows),
                          "translated", whole_number(totals[i].translated), "split",
                          whole_number(totals[i].split), "unsure", whole_number(totals[i].unsure),
                          "unknown", whole_number(totals[i].unknown), "outside",
                          whole_number(totals[i].outside)));
    free(totals);
    return part;
}

enum mq_status mq_validation_text(const struct mq_session *session, struct mq_buffer *text,
                                  struct mq_error *error)
{
    const struct mq_control *control = mq_checker_control(session->checker);
    const struct mq_statistics *of = mq_checker_statistics(session->checker);
    json_t *all = json_pack(
        "{s:{s:s, s:s}, s:{s:o, s:o, s:o, s:o}, s:o, s:o, s:o, s:o}", "model", "id",
        session->model->id, "edition", session->model->edition, "rows", "in",
        whole_number(control->rows_in), "accepted", whole_number(control->accepted), "rejected",
        whole_number(control->rejected), "out_of_scope", whole_number(control->out_of_scope),
        "rules", rules_part(session), "edits", edits_part(session), "records", records_part(of),
        "variables", variables_part(session->model, of));
    if (all && mq_session_corrects(session)) {
        json_object_set_new(json_object_get(all, "rows"), "corrected",
                            whole_number(control->rows_corrected));
        json_object_set_new(all, "corrections", mq_corrections_json(session));
        json_object_set_new(all, "control_totals", mq_totals_json(session));
    }
    if (all && json_object_set_new(all, "offenders", offenders_part(session)) != 0) {
        json_decref(all);
        all = NULL;
    }
    if (all && session->model->histories > 0 &&
        json_object_set_new(all, "concordance", concordance_part(session)) != 0) {
        json_decref(all);
        all = NULL;
    }
    char *json = all ? json_dumps(all, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(all);
    if (json) {
        mq_buffer_text(text, json);
        mq_buffer_text(text, "\n");
    }
    free(json);
    return json && !text->failed ? MQ_OK : mq_fail_memory(error);
}
