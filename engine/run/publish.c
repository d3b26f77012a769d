/* Publishing: which formats, and where to. */
#include "run/run.h"
#include "run/targets.h"

#include <stdlib.h>
#include <string.h>

/* What a run writes unless told otherwise: what every night needs. */
static const char nightly[] = "csv,xlsx";

static bool is_wanted(const char *formats, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = formats; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    return strcmp(formats, "all") == 0;
}

static enum mq_status fail_format(const char *format, size_t length, struct mq_error *error)
{
    char known[256] = "";
    for (size_t i = 0, used = 0; i < mq_writers_count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s, ", mq_writers[i]->name);
    return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no format `%.*s`; known are %sand all",
                   (int)length, format, known);
}

enum mq_status mq_formats_check(const char *formats, struct mq_error *error)
{
    if (!formats || strcmp(formats, "all") == 0)
        return MQ_OK;
    for (const char *at = formats; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        bool known = false;
        size_t length = strcspn(at, ",");
        for (size_t i = 0; i < mq_writers_count; i++)
            known |= strlen(mq_writers[i]->name) == length &&
                     strncmp(at, mq_writers[i]->name, length) == 0;
        if (!known)
            return fail_format(at, length, error);
    }
    return MQ_OK;
}

static unsigned wants_of(const char *formats)
{
    unsigned wants = 0;
    for (size_t i = 0; i < mq_writers_count; i++)
        if (is_wanted(formats, mq_writers[i]->name))
            wants |= mq_writers[i]->wants;
    return wants;
}

static enum mq_status write_formats(const struct mq_publication *publication, const char *formats,
                                    const char *directory, struct mq_error *error)
{
    for (size_t i = 0; i < mq_writers_count; i++)
        if (is_wanted(formats, mq_writers[i]->name))
            MQ_TRY(mq_writers[i]->write(publication, directory, error));
    return MQ_OK;
}

enum mq_status mq_publish_run(const struct mq_session *session,
                              const struct mq_provenance *provenance, const char *directory,
                              struct mq_error *error)
{
    const char *formats = session->options->formats ? session->options->formats : nightly;
    struct mq_publication_options options = {.wants = wants_of(formats)};
    struct mq_publication *publication;
    MQ_TRY(mq_publication_new(session->scores, provenance, &options, &publication, error));
    enum mq_status status = write_formats(publication, formats, directory, error);
    mq_publication_free(publication);
    return status;
}

/* ---- an output published again ---- */

/* An output read back, as a publication. */
struct issue {
    struct mq_results *results;
    struct mq_provenance provenance;
    struct mq_publication *publication;
};

static void issue_clear(struct issue *issue)
{
    mq_publication_free(issue->publication);
    mq_results_free(issue->results);
}

static enum mq_status issue_make(const struct mq_publication_options *options, struct issue *issue,
                                 struct mq_error *error)
{
    const struct mq_results *results = issue->results;
    issue->provenance = (struct mq_provenance){
        results->version,  results->model_digest, results->result_digest, results->rows_in,
        results->accepted, results->rejected,     results->out_of_scope,  results->rows_corrected};
    return mq_publication_new(results->scores, &issue->provenance, options, &issue->publication,
                              error);
}

/* "published in DIR: tables.xlsx index.html ..." */
static void tell_files(const char *formats, const char *to, bool chinese, struct mq_buffer *text)
{
    mq_buffer_format(text, chinese ? "已发布到 %s/:" : "published in %s/:", to);
    for (size_t i = 0; i < mq_writers_count; i++)
        if (is_wanted(formats, mq_writers[i]->name))
            mq_buffer_format(text, " %s", mq_writers[i]->files);
    mq_buffer_text(text, "\n");
}

static enum mq_status publish_directory(const char *out, const char *to,
                                        const struct mq_publish_options *options,
                                        struct mq_buffer *text, struct mq_error *error)
{
    static const char mark[] = "{\"status\": \"publication\"}\n"; /* ours: may be replaced */
    const char *formats = options->formats ? options->formats : "all";
    struct mq_publication_options asked = {
        .wants = wants_of(formats), .map = options->map, .approval = options->approval};
    struct mq_target_lines targets = {0};
    struct issue issue = {0};
    struct mq_outdir outdir = {.lock = -1};
    char path[4200];
    enum mq_status status = mq_formats_check(formats, error);
    if (status == MQ_OK)
        status = mq_results_read(out, &issue.results, error);
    if (status == MQ_OK && options->targets)
        status = mq_target_lines_new(options->targets, issue.results, out, options->year, &targets,
                                     error);
    asked.target = targets.line;
    asked.targets = targets.count;
    if (status == MQ_OK)
        status = issue_make(&asked, &issue, error);
    if (status == MQ_OK)
        status = mq_outdir_open(&outdir, to, error);
    if (status == MQ_OK)
        status = write_formats(issue.publication, formats, outdir.building, error);
    if (status == MQ_OK)
        status = mq_write_file(mq_outdir_path(&outdir, "manifest.json", path, sizeof path), mark,
                               sizeof mark - 1, error);
    if (status == MQ_OK)
        status = mq_outdir_commit(&outdir, false, error);
    if (status == MQ_OK)
        tell_files(formats, outdir.final, issue.publication->chinese, text);
    mq_outdir_abandon(&outdir);
    issue_clear(&issue);
    mq_target_lines_clear(&targets);
    return status;
}

/* ---- the author's own document ---- */

static void tell_filled(const struct mq_fill_report *report, const char *to, bool chinese,
                        struct mq_buffer *text)
{
    mq_buffer_format(
        text, chinese ? "%s：填入 %zu 处，%zu 处不明\n" : "%s: %zu places filled, %zu not known\n",
        to, report->filled, report->unknown);
    mq_buffer_add(text, report->lines.data, report->lines.length);
}

static enum mq_status fill_document(struct issue *issue, size_t issues, const char *to,
                                    const struct mq_publish_options *options,
                                    struct mq_buffer *text, struct mq_error *error)
{
    struct mq_fill_report report = {.lines = MQ_BUFFER_EMPTY};
    const struct mq_publication **publication = calloc(issues, sizeof *publication);
    if (!publication)
        return mq_fail_memory(error);
    for (size_t i = 0; i < issues; i++)
        publication[i] = issue[i].publication;
    enum mq_status status =
        mq_fill_docx(publication, issues, options->document, to, &report, error);
    if (status == MQ_OK) {
        tell_filled(&report, to, publication[0]->chinese, text);
        text->failed |= report.lines.failed;
        if (options->strict && report.unknown)
            status =
                mq_fail(error, MQ_FINDINGS, to, 0, 0, "%zu places are not known", report.unknown);
    }
    mq_buffer_clear(&report.lines);
    free(publication);
    return status;
}

static enum mq_status publish_document(const char *const *out, size_t outs, const char *to,
                                       const struct mq_publish_options *options,
                                       struct mq_buffer *text, struct mq_error *error)
{
    struct mq_publication_options asked = {.wants = MQ_WANT_FIGURES | MQ_WANT_STORY | MQ_WANT_DATA,
                                           .map = options->map,
                                           .approval = options->approval};
    struct issue *issue = calloc(outs, sizeof *issue);
    enum mq_status status = issue ? MQ_OK : mq_fail_memory(error);
    for (size_t i = 0; i < outs && status == MQ_OK; i++)
        if ((status = mq_results_read(out[i], &issue[i].results, error)) == MQ_OK)
            status = issue_make(&asked, &issue[i], error);
    if (status == MQ_OK)
        status = fill_document(issue, outs, to, options, text, error);
    for (size_t i = 0; i < outs && issue; i++)
        issue_clear(&issue[i]);
    free(issue);
    return status;
}

enum mq_status mq_publish(const char *const *out, size_t outs, const char *to,
                          const struct mq_publish_options *options, struct mq_output *text,
                          struct mq_error *error)
{
    static const struct mq_publish_options none = {0};
    struct mq_buffer said = MQ_BUFFER_EMPTY;
    options = options ? options : &none;
    if (outs == 0 || (outs > 1 && !options->document))
        return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                       "%s; several outputs fill one document (--template)",
                       outs ? "one output is published at a time" : "which output?");
    if (options->approval && !options->map)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                       "an approval number is of a map: give its boundaries (--map FILE), too");
    if (options->document && (options->formats || options->targets))
        return mq_fail(error, MQ_USAGE, NULL, 0, 0,
                       "a document is filled by itself: leave out --formats and --targets");
    enum mq_status status = options->document
                                ? publish_document(out, outs, to, options, &said, error)
                                : publish_directory(out[0], to, options, &said, error);
    if (text && (status == MQ_OK || status == MQ_FINDINGS)) {
        enum mq_status taken = mq_output_take(&said, text, error);
        return taken == MQ_OK ? status : taken;
    }
    mq_buffer_clear(&said);
    return status;
}

const char *mq_format(size_t index, const char **summary, const char **files)
{
    if (index >= mq_writers_count)
        return NULL;
    if (summary)
        *summary = mq_writers[index]->summary;
    if (files)
        *files = mq_writers[index]->files;
    return mq_writers[index]->name;
}
