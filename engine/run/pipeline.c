/*
 * The line, once through: model -> files -> batches -> verdicts -> cubes -> sums -> frame -> scores
 * -> release. The only file that knows the order of the stages.
 */
#include "run/run.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void session_clear(struct mq_session *session)
{
    mq_scores_free(session->scores);
    mq_results_free(session->against);
    mq_frame_free(session->frame);
    mq_sums_free(session->sums);
    for (int i = 0; session->cube && i < session->threads; i++)
        mq_cube_free(session->cube[i]);
    free(session->cube);
    mq_checker_free(session->checker);
    mq_reader_close(session->reader);
    free(session->digest);
    mq_model_free(session->model);
}

static void pass_say(void *context, enum mq_log_level level, const char *stage, const char *message)
{
    const struct mq_listener *listener = context;
    if (listener->say)
        listener->say(listener->context, (int)level, stage, message);
}

static void pass_progress(void *context, const char *stage, uint64_t done, uint64_t total)
{
    const struct mq_listener *listener = context;
    if (listener->progress)
        listener->progress(listener->context, stage, done, total);
}

/* Opens everything that reading needs. */
static enum mq_status session_open(struct mq_session *session, const char *model_path,
                                   bool with_cubes, struct mq_error *error)
{
    const struct mq_options *options = session->options;
    session->talk =
        (struct mq_talk){(void *)(uintptr_t)&options->listener, pass_say, pass_progress};
    unsigned flags = options->strict ? MQ_MODEL_STRICT : 0;
    MQ_TRY(mq_model_read(model_path, mq_catalogue(), flags, &session->model, error));
    if (session->files == 0)
        return MQ_OK;
    session->threads = mq_threads_resolve(options->threads);
    session->digest = calloc(session->files, sizeof *session->digest);
    session->cube = calloc((size_t)session->threads, sizeof *session->cube);
    if (!session->digest || !session->cube)
        return mq_fail_memory(error);
    struct mq_reader_options how = {.reader = options->reader,
                                    .workers = session->threads,
                                    .block_bytes = options->block_bytes,
                                    .encoding = (enum mq_encoding)options->encoding,
                                    .spool_directory = session->spill,
                                    .stop = options->stop,
                                    .talk = &session->talk};
    MQ_TRY(mq_reader_open(session->model, session->data, session->files, &how, &session->reader,
                          error));
    MQ_TRY(mq_checker_new(session->model, session->reader, session->threads, session->spill,
                          &session->checker, error));
    if (options->list_given || !with_cubes)
        mq_checker_list(session->checker, with_cubes ? options->list : 0);
    for (int i = 0; with_cubes && i < session->threads; i++)
        MQ_TRY(
            mq_cube_new(session->model, session->reader, session->spill, &session->cube[i], error));
    return MQ_OK;
}

/* ---- reading: all workers at once, a batch at a time ---- */

struct reading {
    struct mq_session *session;
    bool with_digests;
    atomic_size_t next_digest;
    atomic_flag failed; /* the first worker to set it owns `status` and `error` */
    enum mq_status status;
    struct mq_error error;
};

static void reading_failed(struct reading *reading, enum mq_status status,
                           const struct mq_error *error)
{
    if (atomic_flag_test_and_set(&reading->failed))
        return;
    reading->status = status;
    reading->error = *error;
}

static enum mq_status read_batches(struct mq_session *session, int worker, struct mq_error *error)
{
    uint8_t *verdict = NULL;
    size_t capacity = 0;
    enum mq_status status;
    for (;;) {
        const struct mq_batch *batch;
        status = mq_reader_next(session->reader, worker, &batch, error);
        if (status != MQ_OK || !batch)
            break;
        status = mq_correct(session->checker, batch, &batch, error);
        if (status != MQ_OK)
            break;
        if (batch->rows > capacity) {
            free(verdict);
            verdict = malloc(batch->rows);
            capacity = verdict ? batch->rows : 0;
            if (!verdict) {
                status = mq_fail_memory(error);
                break;
            }
        }
        status = mq_checker_batch(session->checker, batch, verdict, error);
        if (status == MQ_OK && session->cube[worker])
            status = mq_cube_add(session->cube[worker], batch, verdict, error);
        if (status != MQ_OK)
            break;
    }
    free(verdict);
    return status;
}

static void read_worker(int worker, void *context)
{
    struct reading *reading = context;
    struct mq_session *session = reading->session;
    struct mq_error error = {0};
    enum mq_status status = MQ_OK;
    while (reading->with_digests &&
           status == MQ_OK) { /* hash files first: it also warms the cache */
        size_t file = atomic_fetch_add(&reading->next_digest, 1);
        if (file >= session->files)
            break;
        status = mq_reader_digest(session->reader, file, &session->digest[file], &error);
    }
    if (status == MQ_OK)
        status = read_batches(session, worker, &error);
    if (status != MQ_OK)
        reading_failed(reading, status, &error);
}

static enum mq_status leave_cube(void *context, const struct mq_batch *batch,
                                 const uint8_t *leaving, struct mq_error *error)
{
    struct mq_session *session = context;
    struct mq_cube *cube = session->cube[batch->worker];
    return cube ? mq_cube_remove(cube, batch, leaving, error) : MQ_OK;
}

/* Rows that a rule corrected come back. */
static enum mq_status join_cube(void *context, const struct mq_batch *batch, const uint8_t *joining,
                                struct mq_error *error)
{
    struct mq_session *session = context;
    struct mq_cube *cube = session->cube[batch->worker];
    uint8_t *verdict = cube ? malloc(batch->rows + 1) : NULL;
    if (!cube)
        return MQ_OK;
    if (!verdict)
        return mq_fail_memory(error);
    for (size_t row = 0; row < batch->rows; row++)
        verdict[row] = joining[row] ? MQ_ROW_ACCEPTED : MQ_ROW_REJECTED;
    enum mq_status status = mq_cube_add(cube, batch, verdict, error);
    free(verdict);
    return status;
}

static enum mq_status session_read(struct mq_session *session, bool with_digests,
                                   struct mq_error *error)
{
    double start = seconds_now();
    struct reading reading = {
        .session = session, .with_digests = with_digests, .failed = ATOMIC_FLAG_INIT};
    mq_parallel(session->threads, read_worker, &reading);
    if (reading.status != MQ_OK) {
        if (error)
            *error = reading.error;
        return reading.status;
    }
    mq_checker_join(session->checker, join_cube);
    MQ_TRY(mq_checker_late(session->checker, session->threads, leave_cube, session, error));
    session->seconds = seconds_now() - start;
    return MQ_OK;
}

/* ---- judging the whole: are there too many findings? ---- */

static enum mq_status session_judge(struct mq_session *session, struct mq_error *error)
{
    const struct mq_options *options = session->options;
    const struct mq_control *control = mq_checker_control(session->checker);
    double limit = options->reject_limit_given ? options->reject_limit : 5;
    bool percent = options->reject_limit_given ? options->reject_limit_percent : true;
    double allowed = percent ? limit / 100 * (double)control->rows_in : limit;
    if ((double)control->rejected > allowed)
        return mq_fail(error, MQ_FINDINGS, NULL, 0, 0,
                       "%llu of %llu rows rejected, more than the limit of %g%s (--max-rejects); "
                       "see findings.csv and rejects.csv",
                       (unsigned long long)control->rejected, (unsigned long long)control->rows_in,
                       limit, percent ? "%" : " rows");
    const struct mq_finding *finding;
    size_t findings;
    MQ_TRY(mq_checker_findings(session->checker, &finding, &findings, error));
    for (size_t i = 0; options->strict && i < findings; i++)
        if (finding[i].failed && finding[i].severity != MQ_INFO)
            return mq_fail(
                error, MQ_FINDINGS, NULL, 0, 0,
                "rule %s failed for %llu rows and --strict was asked for; see findings.csv",
                finding[i].rule, (unsigned long long)finding[i].failed);
    if (control->accepted == 0)
        return mq_fail(error, MQ_DATA, session->data[0], 0, 0,
                       "no row is left to score: %llu read, %llu rejected, %llu out of scope",
                       (unsigned long long)control->rows_in, (unsigned long long)control->rejected,
                       (unsigned long long)control->out_of_scope);
    return MQ_OK;
}

/* ---- from cubes to scores ---- */

static enum mq_status session_score(struct mq_session *session, struct mq_error *error)
{
    for (int i = 1; i < session->threads; i++) {
        MQ_TRY(mq_cube_merge(session->cube[0], session->cube[i], error));
        mq_cube_free(session->cube[i]);
        session->cube[i] = NULL;
    }
    MQ_TRY(mq_cube_sums(session->cube[0], session->threads, &session->sums, error));
    MQ_TRY(mq_frame_from_sums(session->sums, &session->frame, error));
    if (session->options->against)
        MQ_TRY(mq_results_read(session->options->against, &session->against, error));
    MQ_TRY(mq_scores_new(session->frame, session->against ? session->against->scores : NULL,
                         &session->scores, error));
    return session->model->design ? mq_estimate_all(session->sums, session->frame, session->scores,
                                                    session->threads, error)
                                  : MQ_OK;
}

/* ---- release
 * ---------------------------------------------------------------------------------------------------
 */

static enum mq_status write_buffer(struct mq_buffer *buffer, const struct mq_outdir *outdir,
                                   const char *name, struct mq_error *error)
{
    char path[4200];
    enum mq_status status = buffer->failed
                                ? mq_fail_memory(error)
                                : mq_write_file(mq_outdir_path(outdir, name, path, sizeof path),
                                                buffer->data, buffer->length, error);
    mq_buffer_clear(buffer);
    return status;
}

/* `made` is what filling the buffer came to; a table fails for want of memory only. */
static enum mq_status write_made(enum mq_status made, struct mq_buffer *csv,
                                 const struct mq_outdir *outdir, const char *name,
                                 struct mq_error *error)
{
    if (made == MQ_OK)
        return write_buffer(csv, outdir, name, error);
    mq_buffer_clear(csv);
    return mq_fail_memory(error);
}

static enum mq_status write_findings(const struct mq_session *session,
                                     const struct mq_outdir *outdir, struct mq_error *error)
{
    char path[4200];
    struct mq_buffer json = MQ_BUFFER_EMPTY;
    enum mq_status made = mq_validation_text(session, &json, error);
    MQ_TRY(write_made(made, &json, outdir, "validation.json", error));
    MQ_TRY(mq_write_findings(session->checker,
                             mq_outdir_path(outdir, "findings.csv", path, sizeof path), error));
    MQ_TRY(mq_write_rejects(session->checker,
                            mq_outdir_path(outdir, "rejects.csv", path, sizeof path), error));
    MQ_TRY(mq_write_warnings(session->checker,
                             mq_outdir_path(outdir, "warnings.csv", path, sizeof path), error));
    MQ_TRY(mq_write_offenders(session->checker,
                              mq_outdir_path(outdir, "offenders.csv", path, sizeof path), error));
    if (session->model->histories > 0) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        made = mq_old_codes_text(session, &csv, error);
        MQ_TRY(write_made(made, &csv, outdir, "concordance.csv", error));
    }
    if (mq_session_corrects(session))
        MQ_TRY(mq_write_corrections(
            session->checker, mq_outdir_path(outdir, "corrections.csv", path, sizeof path), error));
    if (!session->model->localise)
        return MQ_OK;
    return mq_write_localised(session->checker,
                              mq_outdir_path(outdir, "localised.csv", path, sizeof path), error);
}

static enum mq_status write_results(const struct mq_session *session,
                                    const struct mq_outdir *outdir, struct mq_error *error)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    MQ_TRY(write_made(mq_scores_write(session->scores, &csv), &csv, outdir, "scores.csv", error));
    MQ_TRY(write_made(mq_frame_write(session->frame, &csv), &csv, outdir, "indicators.csv", error));
    if (mq_prepares(session->model)) {
        MQ_TRY(write_made(mq_prepared_write(session->frame, &csv), &csv, outdir, "prepared.csv",
                          error));
        MQ_TRY(write_made(mq_bounds_write(session->scores, &csv, error), &csv, outdir, "bounds.csv",
                          error));
    }
    if (mq_rolls_over_empty(session->model))
        MQ_TRY(
            write_made(mq_emptied_write(session->frame, &csv), &csv, outdir, "rollup.csv", error));
    enum mq_status status = mq_model_write(session->model, mq_catalogue(), &csv, error);
    if (status == MQ_OK)
        return write_buffer(&csv, outdir, "model.yaml", error);
    mq_buffer_clear(&csv);
    return status;
}

static enum mq_status write_tables(const struct mq_session *session, const struct mq_outdir *outdir,
                                   struct mq_error *error)
{
    const struct mq_control *control = mq_checker_control(session->checker);
    struct mq_provenance provenance = {
        mq_version(),          session->model->digest.hex, "",
        control->rows_in,      control->accepted,          control->rejected,
        control->out_of_scope, control->rows_corrected};
    return mq_publish_run(session, &provenance, outdir->building, error);
}

/* Results and tables are written side by side: neither reads what the other writes. */
struct release {
    const struct mq_session *session;
    const struct mq_outdir *outdir;
    enum mq_status status[2];
    struct mq_error error[2];
};

static void write_half(int worker, void *context)
{
    struct release *release = context;
    release->status[worker] = (worker == 0 ? write_results : write_tables)(
        release->session, release->outdir, &release->error[worker]);
}

static enum mq_status write_both(const struct mq_session *session, const struct mq_outdir *outdir,
                                 struct mq_error *error)
{
    struct release release = {.session = session, .outdir = outdir};
    if (session->threads > 1) {
        mq_parallel(2, write_half, &release);
    } else {
        write_half(0, &release);
        write_half(1, &release);
    }
    int failed = release.status[0] == MQ_OK;
    if (release.status[failed] != MQ_OK && error)
        *error = release.error[failed];
    return release.status[failed];
}

static enum mq_status session_release(struct mq_session *session, struct mq_outdir *outdir,
                                      struct mq_error *error)
{
    MQ_TRY(write_findings(session, outdir, error));
    MQ_TRY(write_both(session, outdir, error));
    MQ_TRY(mq_manifest_write(session, outdir, false, error));
    if (session->options->stop && *session->options->stop)
        return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted; %s stays as it was",
                       outdir->final);
    return mq_outdir_commit(outdir, false, error);
}

/* Too many findings: what the person who has to act needs, beside the untouched output. */
static enum mq_status session_report_failure(struct mq_session *session, struct mq_outdir *outdir,
                                             struct mq_error *error)
{
    struct mq_error trouble = {0};
    enum mq_status status = write_findings(session, outdir, &trouble);
    if (status == MQ_OK)
        status = mq_manifest_write(session, outdir, true, &trouble);
    if (status == MQ_OK)
        status = mq_outdir_commit(outdir, true, &trouble);
    if (status == MQ_OK)
        return MQ_FINDINGS;
    if (error)
        *error = trouble;
    return status;
}

static enum mq_status run_stages(struct mq_session *session, struct mq_outdir *outdir,
                                 const char *model_path, struct mq_output *summary,
                                 struct mq_error *error)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    MQ_TRY(session_open(session, model_path, true, error));
    MQ_TRY(session_read(session, true, error));
    enum mq_status status = session_judge(session, error);
    if (status == MQ_FINDINGS) {
        mq_summary_failed(session, outdir->final, &text);
        MQ_TRY(mq_output_take(&text, summary, error));
        return session_report_failure(session, outdir, error);
    }
    MQ_TRY(status);
    MQ_TRY(session_score(session, error));
    mq_summary_run(session, outdir->final, &text);
    MQ_TRY(mq_output_take(&text, summary, error)); /* nothing may fail after the release */
    return session_release(session, outdir, error);
}

/* The summary goes to the caller if there is something to tell and someone to hear it. */
static enum mq_status finish(enum mq_status status, struct mq_output *text,
                             struct mq_output *summary)
{
    if (summary && (status == MQ_OK || status == MQ_FINDINGS))
        *summary = *text;
    else
        mq_output_free(text);
    return status;
}

static const struct mq_options defaults;

enum mq_status mq_run(const char *model_path, const char *const *data, size_t files,
                      const char *out, const struct mq_options *options, struct mq_output *summary,
                      struct mq_error *error)
{
    if (files == 0)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0, "no data file was given");
    struct mq_session session = {
        .options = options ? options : &defaults, .data = data, .files = files};
    struct mq_outdir outdir;
    struct mq_output text = {0};
    MQ_TRY(mq_formats_check(session.options->formats, error));
    MQ_TRY(mq_outdir_open(&outdir, out, error));
    snprintf(session.spill, sizeof session.spill, "%s", outdir.building);
    enum mq_status status = run_stages(&session, &outdir, model_path, &text, error);
    session_clear(&session);
    mq_outdir_abandon(&outdir);
    return finish(status, &text, summary);
}

static enum mq_status check_stages(struct mq_session *session, const char *model_path,
                                   struct mq_output *summary, struct mq_error *error)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    MQ_TRY(session_open(session, model_path, false, error));
    if (session->files)
        MQ_TRY(session_read(session, false, error));
    if (session->options->json && session->files) {
        enum mq_status status = mq_validation_text(session, &text, error);
        if (status != MQ_OK) {
            mq_buffer_clear(&text);
            return status;
        }
    } else {
        mq_summary_check(session, &text);
    }
    MQ_TRY(mq_output_take(&text, summary, error));
    return session->files ? session_judge(session, error) : MQ_OK;
}

enum mq_status mq_check(const char *model_path, const char *const *data, size_t files,
                        const struct mq_options *options, struct mq_output *summary,
                        struct mq_error *error)
{
    struct mq_session session = {
        .options = options ? options : &defaults, .data = data, .files = files};
    struct mq_output text = {0};
    snprintf(session.spill, sizeof session.spill, "%s", "/tmp");
    enum mq_status status = check_stages(&session, model_path, &text, error);
    session_clear(&session);
    return finish(status, &text, summary);
}
