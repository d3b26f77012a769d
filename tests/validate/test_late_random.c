/* Rules that look at other rows on random data: every kind against a slow reference; threads,
 * blocks, order of rows and files do not matter. */
#include "validate/checker.h"
#include "validate/late_reference.h"
#include "validate/late_table.h"

static void put_record(struct mq_buffer *csv, const struct record *record)
{
    char text[48];
    mq_buffer_format(csv, "K%05d,%d,", record->key, record->year);
    if (record->kind >= 0)
        mq_buffer_format(csv, "k%d", record->kind);
    mq_buffer_text(csv, ",");
    if (record->place >= 0)
        mq_buffer_format(csv, "%d.5", record->place);
    mq_buffer_text(csv, ",");
    if (record->has_a)
        mq_buffer_text(csv, mq_decimal_text(record->a, 2, text));
    mq_buffer_text(csv, ",");
    if (record->has_b)
        mq_buffer_text(csv, mq_decimal_text(record->b, 3, text));
    mq_buffer_text(csv, "\n");
}

/* Data files with the records in this order, as many as `files`. */
static void write_records(struct world *world, const struct record *record, const int *order,
                          int files)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    world->files = 0;
    for (int i = 0, file = 0; file < files; file++) {
        csv.length = 0;
        mq_buffer_text(&csv, "usci,year,kind,place,a,b\n");
        for (int end = ROWS * (file + 1) / files; i < end; i++)
            put_record(&csv, record + order[i]);
        world_data(world, csv.data);
    }
    mq_buffer_clear(&csv);
}

struct told {
    uint64_t rows[8];
    mq_int128 amount[8];
};

static enum mq_status note_leaving(void *context, const struct mq_batch *batch,
                                   const uint8_t *leaving, struct mq_error *error)
{
    struct told *told = context;
    (void)error;
    for (size_t row = 0; row < batch->rows; row++)
        if (leaving[row]) {
            told->rows[batch->worker]++;
            told->amount[batch->worker] += batch->column[4].amount[row];
        }
    return MQ_OK;
}

/* Judges the world's files; what left must be what the totals lost. */
static void run_random(struct world *world, int workers, size_t block_bytes)
{
    struct told told = {0};
    world_start(world, workers, block_bytes);
    world_read(world, NULL, NULL);
    const struct mq_control *control = mq_checker_control(world->checker);
    uint64_t accepted = control->accepted, rows = 0;
    mq_int128 amount = control->total_accepted[4], gone = 0;
    struct mq_error error = {0};
    if (mq_checker_late(world->checker, workers, note_leaving, &told, &error) != MQ_OK)
        fail_msg("%s", error.message);
    control = mq_checker_control(world->checker);
    for (int w = 0; w < 8; w++) {
        rows += told.rows[w];
        gone += told.amount[w];
    }
    assert_int_equal(accepted - rows, control->accepted);
    assert_true(amount - gone == control->total_accepted[4]);
    world_balance(world);
}

static void assert_rows_left(struct world *world, const struct record *record, const uint8_t *truth)
{
    uint64_t accepted = 0;
    mq_int128 amount = 0;
    for (int i = 0; i < ROWS; i++) {
        bool stays = !record[i].rejected && !record[i].duplicate;
        for (int rule = 0; rule < RULES; rule++)
            stays = stays && !(rejecting[rule] && truth[i * RULES + rule] == MQ_FALSE);
        accepted += stays;
        amount += stays && record[i].has_a ? record[i].a : 0;
    }
    const struct mq_control *control = mq_checker_control(world->checker);
    assert_true(accepted > 100 && accepted < ROWS);
    assert_int_equal(control->accepted, accepted);
    assert_true(control->total_accepted[4] == amount);
}

static void assert_findings(struct world *world, const struct record *record, const uint8_t *truth)
{
    for (int rule = 0; rule < RULES; rule++) {
        uint64_t count[3] = {0};
        int first = -1;
        char name[8];
        for (int i = 0; i < ROWS; i++) {
            if (is_late(rule) && (record[i].rejected || record[i].duplicate))
                continue;
            count[truth[i * RULES + rule]]++;
            if (truth[i * RULES + rule] == MQ_FALSE && first < 0)
                first = i;
        }
        snprintf(name, sizeof name, "R%d", rule);
        assert_counts(world, name, count[MQ_TRUE], count[MQ_FALSE], count[MQ_UNKNOWN]);
        const struct mq_finding *finding = finding_of(world, name);
        assert_int_equal(finding->any, first >= 0);
        if (first >= 0)
            assert_int_equal(finding->first_line, first + 2);
    }
}

/* line and rule of every record of the late rules, one a line */
static void assert_rejects(struct world *world, const struct record *record, const uint8_t *truth)
{
    struct mq_buffer expected = MQ_BUFFER_EMPTY, found = MQ_BUFFER_EMPTY;
    for (int i = 0; i < ROWS; i++) {
        if (record[i].rejected)
            mq_buffer_format(&expected, "%d R0\n", i + 2);
        else if (record[i].duplicate)
            mq_buffer_format(&expected, "%d duplicate\n", i + 2);
        for (int rule = 1; rule < RULES && !record[i].rejected && !record[i].duplicate; rule++)
            if (rejecting[rule] && truth[i * RULES + rule] == MQ_FALSE)
                mq_buffer_format(&expected, "%d R%d\n", i + 2, rule);
    }
    char *rejects = world_file(world, true), *rest = strchr(rejects, '\n') + 1;
    for (char *line; (line = strtok_r(rest, "\n", &rest));) {
        char *field[7], *at = line;
        for (int f = 0; f < 6; f++)
            field[f] = strsep(&at, ",");
        mq_buffer_format(&found, "%s %s\n", field[1], field[5]);
    }
    assert_string_equal(found.data, expected.data);
    free(rejects);
    mq_buffer_clear(&expected);
    mq_buffer_clear(&found);
}

/* Records by status, said again the slow way. */
static void assert_statistics(struct world *world, const struct record *record,
                              const uint8_t *truth)
{
    const struct mq_statistics *all = mq_checker_statistics(world->checker);
    uint64_t status[3] = {0}, failed[RULES + 1] = {0}, passed[RULES + 1] = {0}, a[3] = {0};
    static const bool names_a[RULES] = {
        [0] = true,  [1] = true,  [3] = true,  [5] = true,  [7] = true, [10] = true,
        [11] = true, [15] = true, [16] = true, [17] = true, [18] = true};
    for (int i = 0; i < ROWS; i++) {
        int count[3] = {0};
        bool a_has_part[3] = {false};
        for (int rule = 0; rule < RULES; rule++) {
            if (is_late(rule) && (record[i].rejected || record[i].duplicate))
                continue;
            int is = truth[i * RULES + rule];
            count[is]++;
            a_has_part[is] = a_has_part[is] || names_a[rule];
        }
        int is = count[MQ_FALSE] ? MQ_FALSE : count[MQ_UNKNOWN] ? MQ_UNKNOWN : MQ_TRUE;
        status[is]++;
        failed[count[MQ_FALSE]]++;
        passed[count[MQ_TRUE]]++;
        a[is] += a_has_part[is];
    }
    assert_int_equal(all->records, ROWS);
    assert_int_equal(all->passed, status[MQ_TRUE]);
    assert_int_equal(all->missing, status[MQ_UNKNOWN]);
    assert_int_equal(all->failed, status[MQ_FALSE]);
    for (int k = 0; k <= RULES; k++) {
        assert_int_equal(all->rules_failed[k], failed[k]);
        assert_int_equal(all->rules_passed[k], passed[k]);
    }
    assert_int_equal(all->variable[4].records_failed, a[MQ_FALSE]);
    assert_int_equal(all->variable[4].records_missing, a[MQ_UNKNOWN]);
    assert_int_equal(all->variable[4].records_passed, a[MQ_TRUE]);
}

static void test_every_kind_against_the_slow_way(void **state)
{
    (void)state;
    struct record *record = make_records();
    decide_slowly(record);
    uint8_t *truth = judge_slowly(record);
    int order[ROWS], duplicates = 0;
    for (int i = 0; i < ROWS; i++) {
        order[i] = i;
        duplicates += record[i].duplicate;
    }
    assert_true(duplicates > 50); /* enough for the comparison to mean something */
    struct world world;
    world_open(&world);
    world_model(&world, random_yaml);
    write_records(&world, record, order, 1);
    static const size_t block[] = {4096, 1 << 18};
    static const int workers[] = {1, 2, 7};
    for (int w = 0; w < 3; w++)
        for (int b = 0; b < 2; b++) {
            run_random(&world, workers[w], block[b]);
            assert_findings(&world, record, truth);
            assert_rejects(&world, record, truth);
            assert_rows_left(&world, record, truth);
            assert_statistics(&world, record, truth);
            world_stop(&world);
        }
    world_close(&world);
    free(truth);
    free(record);
}

/* ---- order and files ------------------------------------------------------------------------- */

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Both reports without places, their lines sorted: what may not change with the order of rows. */
static char *reports_without_places(struct world *world)
{
    static char *line[ROWS * RULES];
    size_t lines = 0;
    char *rejects = world_file(world, true), *findings = world_file(world, false);
    char *rest = rejects;
    for (char *at; (at = strtok_r(rest, "\n", &rest));)
        line[lines++] = strchr(strchr(at, ',') + 1, ',');
    rest = first_fields(findings, WITHOUT_PLACES);
    for (char *at; (at = strtok_r(rest, "\n", &rest));)
        line[lines++] = at;
    qsort(line, lines, sizeof *line, compare_lines);
    struct mq_buffer all = MQ_BUFFER_EMPTY;
    for (size_t l = 0; l < lines; l++) {
        mq_buffer_text(&all, line[l]);
        mq_buffer_text(&all, "\n");
    }
    free(rejects);
    free(findings);
    return all.data;
}

static void test_order_and_files_do_not_matter(void **state)
{
    (void)state;
    struct record *record = make_records();
    int order[ROWS];
    uint64_t seed = 4;
    for (int i = 0; i < ROWS; i++)
        order[i] = i;
    struct world world;
    world_open(&world);
    world_model(&world, random_yaml);
    char *first = NULL;
    for (int turn = 0; turn < 6; turn++) {
        write_records(&world, record, order, 1 + turn % 3 * 2);
        run_random(&world, 1 + turn % 3, 4096 << turn);
        char *found = reports_without_places(&world);
        world_stop(&world);
        if (first)
            assert_string_equal(found, first);
        else
            first = found;
        if (found != first)
            free(found);
        for (int i = ROWS - 1; i > 0; i--) { /* another order */
            int k = (int)(next_random(&seed) % (uint64_t)(i + 1)), other = order[i];
            order[i] = order[k];
            order[k] = other;
        }
    }
    free(first);
    world_close(&world);
    free(record);
}

/* Nothing is accepted: the late stage has nothing to look at. */
static void test_no_rows_at_all(void **state)
{
    (void)state;
    struct world world;
    judge_table(&world, random_yaml, "usci,year,kind,place,a,b\nA,2024,,,1,\nB,2024,,,2,\n", 3);
    assert_counts(&world, "R0", 0, 2, 0);
    for (int rule = 1; rule < 14; rule++) {
        char name[8];
        snprintf(name, sizeof name, "R%d", rule);
        assert_counts(&world, name, 0, 0, 0);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_against_the_slow_way),
        cmocka_unit_test(test_order_and_files_do_not_matter),
        cmocka_unit_test(test_no_rows_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
