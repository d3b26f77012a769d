/* The one file that knows PCRE2. */
#include "core/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A matcher is PCRE2's own block under our name. */
static pcre2_match_data *data_of(struct mq_matcher *matcher)
{
    return (pcre2_match_data *)(void *)matcher;
}

struct mq_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
    bool jit; /* compiled for this machine too: faster */
};

static enum mq_status without_memory(char message[128])
{
    snprintf(message, 128, "out of memory");
    return MQ_INTERNAL;
}

static enum mq_status compile(const char *text, struct mq_pattern *pattern, size_t *offset,
                              char message[128])
{
    int number = 0;
    PCRE2_SIZE at = 0;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return without_memory(message);
    /* What a build of PCRE2 may choose for itself is chosen here. */
    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
    pcre2_set_max_pattern_length(context, MQ_PATTERN_MOST);
    pattern->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                  PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
                                  &number, &at, context);
    pcre2_compile_context_free(context);
    if (pattern->code)
        return MQ_OK;
    if (number == PCRE2_ERROR_HEAP_FAILED)
        return without_memory(message);
    PCRE2_UCHAR said[128];
    pcre2_get_error_message(number, said, sizeof said);
    memcpy(message, said, sizeof said);
    *offset = at;
    return MQ_BAD_MODEL;
}

enum mq_status mq_pattern_new(const char *text, struct mq_pattern **pattern, size_t *offset,
                              char message[128])
{
    struct mq_pattern *made = calloc(1, sizeof *made);
    *offset = 0;
    if (!made)
        return without_memory(message);
    enum mq_status status = compile(text, made, offset, message);
    if (status == MQ_OK && !(made->limits = pcre2_match_context_create(NULL)))
        status = without_memory(message);
    if (status != MQ_OK) {
        mq_pattern_free(made);
        return status;
    }
    pcre2_set_match_limit(made->limits, MQ_PATTERN_STEPS);
    pcre2_set_depth_limit(made->limits, MQ_PATTERN_STEPS);
    made->jit = pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE) == 0;
    *pattern = made;
    return MQ_OK;
}

void mq_pattern_free(struct mq_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_context_free(pattern->limits);
    free(pattern);
}

struct mq_matcher *mq_matcher_new(void)
{
    return (struct mq_matcher *)(void *)pcre2_match_data_create(1, NULL);
}

void mq_matcher_free(struct mq_matcher *matcher)
{
    pcre2_match_data_free(data_of(matcher));
}

enum mq_status mq_pattern_try(const struct mq_pattern *pattern, struct mq_matcher *matcher,
                              struct mq_text text, bool *matches)
{
    *matches = false;
    if (text.n > MQ_PATTERN_TEXT_MOST || mq_utf8_valid(text.s, text.n) != text.n)
        return MQ_OK;
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.n ? text.s : "");
    int found = PCRE2_ERROR_JIT_STACKLIMIT; /* that is no limit of ours: go the other way */
    if (pattern->jit)
        found = pcre2_jit_match(pattern->code, subject, text.n, 0, 0, data_of(matcher),
                                pattern->limits);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = pcre2_match(pattern->code, subject, text.n, 0, PCRE2_NO_JIT | PCRE2_NO_UTF_CHECK,
                            data_of(matcher), pattern->limits);
    *matches = found >= 0; /* 0: there are more groups than the matcher keeps */
    return found == PCRE2_ERROR_NOMEMORY ? MQ_INTERNAL : MQ_OK;
}

bool mq_pattern_matches(const struct mq_pattern *pattern, struct mq_text text)
{
    bool matches = false;
    struct mq_matcher *matcher = mq_matcher_new();
    if (matcher && mq_pattern_try(pattern, matcher, text, &matches) != MQ_OK)
        matches = false;
    mq_matcher_free(matcher);
    return matches;
}
