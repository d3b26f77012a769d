/* The n-th allocation fails, for every n: a status, no crash, no leak. The linker sends the room's
 * calls of malloc, calloc and realloc here. */
#include "core/concordance.h"
#include "core/core.h"
#include "core/pattern.h"
#include "failing.h"
#include "scratch.h"
#include "support.h"

static struct scratch scratch;
static const char *path;

/* Repeats a job with the first, second, ... allocation failing until none fails any more. */
static void sweep(enum mq_status (*job)(struct mq_error *error), int least)
{
    int failures = 0;
    for (long n = 0;; n++) {
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status = job(&error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            break;
        }
        failures++;
        assert_int_equal(status, MQ_INTERNAL);
        assert_string_equal(error.message, "out of memory");
    }
    assert_true(failures >= least);
}

static enum mq_status read_codes(struct mq_error *error)
{
    struct mq_codes codes;
    MQ_TRY(mq_codes_read(path, &codes, error));
    mq_codes_clear(&codes);
    return MQ_OK;
}

static enum mq_status fill_dict(struct mq_error *error)
{
    struct mq_dict *dict = NULL;
    MQ_TRY(mq_dict_new(&dict, error));
    enum mq_status status = MQ_OK;
    uint32_t filled = 0;
    for (int i = 0; i < 3000 && status == MQ_OK; i++) {
        char text[40];
        snprintf(text, sizeof text, "enterprise-%d", i);
        if (mq_dict_intern(dict, mq_text(text)) == MQ_NO_CODE)
            status = mq_fail_memory(error);
        else
            filled++;
    }
    /* What was interned before the failure is still there, and interning can go on. */
    assert_int_equal(mq_dict_count(dict), filled);
    if (status != MQ_OK)
        assert_int_equal(mq_dict_intern(dict, mq_text("next")), filled);
    assert_int_equal(mq_dict_find(dict, mq_text("enterprise-0")), filled ? 0 : MQ_NO_CODE);
    mq_dict_free(dict);
    return status;
}

static enum mq_status write_and_digest(struct mq_error *error)
{
    char target[600];
    snprintf(target, sizeof target, "%s.out", path);
    MQ_TRY(mq_write_file(target, "2385", 4, error));
    struct mq_sha256 digest;
    return mq_sha256_file(target, &digest, error);
}

static enum mq_status spill_rows(struct mq_error *error)
{
    struct mq_spill spill;
    const void *bytes;
    size_t count;
    enum mq_status status = mq_spill_open(&spill, scratch.directory, error);
    if (status == MQ_OK)
        status = mq_spill_add(&spill, "row", 3, error);
    if (status == MQ_OK)
        status = mq_spill_map(&spill, &bytes, &count, error);
    mq_spill_close(&spill);
    return status;
}

static enum mq_status fill_arena(struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    bool whole = true;
    for (int i = 0; i < 200 && whole; i++)
        whole = mq_arena_format(&arena, "%0*d", i * 10, i) != NULL;
    mq_arena_clear(&arena);
    return whole ? MQ_OK : mq_fail_memory(error);
}

static enum mq_status name_missing_column(struct mq_error *error)
{
    struct mq_table table = {0};
    MQ_TRY(mq_table_read(path, &table, error));
    size_t column;
    enum mq_status status = mq_table_column(&table, "absent", &column, error);
    mq_table_clear(&table);
    return status == MQ_DATA ? MQ_OK : status;
}

static enum mq_status match_pattern(struct mq_error *error)
{
    struct mq_pattern *pattern = NULL;
    size_t offset;
    char message[128];
    enum mq_status status = mq_pattern_new("^9[123]", &pattern, &offset, message);
    if (status != MQ_OK) {
        assert_null(pattern);
        return mq_fail(error, status, NULL, 0, 0, "%s", message);
    }
    assert_true(mq_pattern_matches(pattern, mq_text("9235")));
    mq_pattern_free(pattern);
    return MQ_OK;
}

static enum mq_status read_concordance(struct mq_error *error)
{
    struct mq_concordance *concordance = NULL;
    MQ_TRY(mq_concordance_read(MQCI_SOURCE_DIR "/datasets/codes/industry-concordance.csv",
                               &concordance, error));
    mq_concordance_free(concordance);
    return MQ_OK;
}

static void every_job_survives(void **state)
{
    (void)state;
    scratch_open(&scratch);
    struct mq_buffer list = MQ_BUFFER_EMPTY;
    mq_buffer_text(&list, "code,name,parent,level\n");
    for (int i = 0; i < 400; i++)
        mq_buffer_format(&list, "%d,a name that takes some room %d,%.0d,level %d\n", 1000 + i, i,
                         i ? 1000 + i / 3 : 0, i % 7);
    scratch_write(&scratch, "codes.csv", list.data, list.length);
    mq_buffer_clear(&list);
    char *kept = strdup(scratch.path);
    path = kept;
    sweep(read_codes, 8);
    sweep(fill_dict, 10);
    sweep(write_and_digest, 2);
    sweep(spill_rows, 1);
    sweep(fill_arena, 4);
    sweep(name_missing_column, 4);
    sweep(match_pattern, 1);
    sweep(read_concordance, 20);
    free(kept);
    scratch_close(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_job_survives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
