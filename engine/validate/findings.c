/* Findings: the counts of all workers, one line per check. */
#include "validate/checker.h"

static struct mq_finding merge(const struct mq_checker *checker, size_t c)
{
    const struct mq_check *check = checker->check + c;
    struct mq_finding finding = {.rule = check->name,
                                 .title = check->title,
                                 .severity = check->severity,
                                 .expression = check->rule ? check->rule->text : "",
                                 .broken = check->rule ? check->rule->broken : NULL,
                                 .errors = check->rule && check->rule->broken};
    for (size_t w = 0; w < checker->workers; w++) {
        const struct mq_count *count = checker->judge[w].count + c;
        finding.checked += count->checked;
        finding.failed += count->failed;
        finding.missing += count->missing;
        if (count->any &&
            (!finding.any || mq_location_compare(&count->first, &finding.first) < 0)) {
            finding.any = true;
            finding.first = count->first;
            finding.first_line = count->first_line;
        }
    }
    finding.passed = finding.checked - finding.failed;
    return finding;
}

enum mq_status mq_checker_findings(struct mq_checker *checker, const struct mq_finding **findings,
                                   size_t *count, struct mq_error *error)
{
    (void)error; /* room was made at the start */
    for (size_t c = 0; c < checker->checks; c++)
        checker->finding[c] = merge(checker, c);
    *findings = checker->finding;
    *count = checker->checks;
    return MQ_OK;
}

static void add_line(struct mq_buffer *csv, const struct mq_checker *checker,
                     const struct mq_finding *finding)
{
    static const char *const severity[] = {
        [MQ_INFO] = "info", [MQ_WARN] = "warn", [MQ_REJECT] = "reject"};
    struct mq_text rule = mq_text(finding->rule), title = mq_text(finding->title);
    mq_buffer_csv(csv, rule.s, rule.n);
    mq_buffer_format(csv, ",%s,", severity[finding->severity]);
    mq_buffer_csv(csv, title.s, title.n);
    mq_buffer_format(csv, ",%llu,%llu,%llu,%llu,", (unsigned long long)finding->checked,
                     (unsigned long long)finding->passed, (unsigned long long)finding->failed,
                     (unsigned long long)finding->missing);
    if (finding->any) {
        struct mq_text file = mq_text(mq_reader_file(checker->reader, finding->first.file)->name);
        mq_buffer_csv(csv, file.s, file.n);
        mq_buffer_format(csv, ",%llu", (unsigned long long)finding->first_line);
    } else {
        mq_buffer_text(csv, ",");
    }
    struct mq_text expression = mq_text(finding->expression);
    struct mq_text broken = mq_text(finding->broken ? finding->broken : "");
    mq_buffer_text(csv, ",");
    mq_buffer_csv(csv, broken.s, broken.n);
    mq_buffer_text(csv, ",");
    mq_buffer_csv(csv, expression.s, expression.n);
    mq_buffer_text(csv, "\n");
}

enum mq_status mq_write_findings(struct mq_checker *checker, const char *path,
                                 struct mq_error *error)
{
    const struct mq_finding *finding;
    size_t count;
    MQ_TRY(mq_checker_findings(checker, &finding, &count, error));
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv,
                   "rule,severity,title,checked,passed,failed,missing,first_file,first_line,error,"
                   "expression\n");
    for (size_t f = 0; f < count; f++)
        add_line(&csv, checker, finding + f);
    enum mq_status status =
        csv.failed ? mq_fail_memory(error) : mq_write_file(path, csv.data, csv.length, error);
    mq_buffer_clear(&csv);
    return status;
}
