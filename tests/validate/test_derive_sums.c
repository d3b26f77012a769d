/* Sums along trees of labels, wholes and their parts: published examples, and random trees against
 * the slowest way in any order of rows and for any number of threads. */
#include "validate/checker.h"
#include "validate/late_table.h"

#define TREES(check)                                                                               \
    "mqci: 1\nid: sums\nedition: \"1\"\ntitle: sums\nmissing: [NA]\n"                              \
    "inputs:\n"                                                                                    \
    "  - {id: year, column: [year], type: code}\n"                                                 \
    "  - {id: label, column: [label], type: code}\n"                                               \
    "  - {id: a, column: [a], type: amount, decimals: 2}\n"                                        \
    "  - {id: n, column: [n], type: number}\n"                                                     \
    "rules:\n" check "levels: [{id: all, title: All}]\n"                                           \
    "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n"

/* The lines that rule R1 rejects, as "2 4 ". */
static void assert_rejected(struct world *world, const char *expected)
{
    char lines[256] = "";
    char *rejects = world_file(world, true), *rest = rejects;
    strtok_r(rest, "\n", &rest);
    for (char *at; (at = strtok_r(rest, "\n", &rest));) {
        assert_contains(at, ",R1,");
        size_t length = strlen(lines);
        const char *line = strchr(at, ',') + 1;
        snprintf(lines + length, sizeof lines - length, "%ld ", strtol(line, NULL, 10));
    }
    assert_string_equal(lines, expected);
    free(rejects);
}

static void judge_sums(const char *yaml, const char *csv, const char *rejected, uint64_t passed,
                       uint64_t failed, uint64_t missing)
{
    for (int workers = 1; workers < 4; workers++) {
        struct world world;
        judge_table(&world, yaml, csv, workers);
        assert_counts(&world, "R1", passed, failed, missing);
        assert_rejected(&world, rejected);
        world_close(&world);
    }
}

#define R1(check) TREES("  - {id: R1, check: '" check "', severity: reject}\n")

/* The classification of `validate`: the label's text is the tree. */
static void test_activities(void **state)
{
    (void)state;
    judge_sums(R1("hierarchy(a, label)"),
               "year,label,a,n\n1,01.12,40,0\n1,01,100,0\n1,01.11,30,0\n1,01.2,25,0\n1,01.1,70,0\n",
               "3 5 6 ", 2, 3, 0);
    judge_sums(R1("hierarchy(n, label)"),
               "year,label,a,n\n1,01.12,0,40\n1,01,0,100\n1,01.11,0,30\n1,01.2,0,25\n1,01.1,0,70\n",
               "3 5 6 ", 2, 3, 0);
    /* By year: 2021 lacks nothing, 2022 has a part without a value, 2023 its total twice. Without
     * a label or a year nothing is known; what has no total is not asked for. */
    judge_sums(R1("hierarchy(a, label, year)"),
               "year,label,a,n\n2021,1,0.3,0\n2021,1.1,0.1,0\n2021,1.2,0.2,0\n"
               "2022,1,5,0\n2022,1.1,NA,0\n2022,1.2,5,0\n2022,1.2.1,4,0\n"
               "2023,1,5,0\n2023,1,5,0\n2023,1.1,9,0\n2023,1.1.1,9,0\n"
               "2024,1.1,5,0\n2024,1.2,6,0\n2024,,5,0\n,1,5,0\n",
               "7 8 ", 6, 2, 7);
}

/* Labels of rows that were rejected before are no labels: 7 is not above 77. */
static void test_labels_of_rejected_rows(void **state)
{
    (void)state;
    static const char yaml[] = TREES("  - {id: R0, check: n > 0, severity: reject}\n"
                                     "  - {id: R2, check: 'hierarchy(a, label)'}\n");
    struct world world;
    judge_table(&world, yaml,
                "year,label,a,n\n1,7,50,1\n1,77,9,0\n1,777,20,1\n1,7777,20,1\n1,778,30,1\n", 2);
    assert_counts(&world, "R2", 4, 0, 0); /* 50 = 20 + 30, 20 = 20 */
    world_close(&world);
}

/* Amounts add up in their own unit, also where doubles of natural units would not. */
static void test_large_amounts(void **state)
{
    (void)state;
    judge_sums(R1("hierarchy(a, label) and part_whole(a, label, \"1\")"),
               "year,label,a,n\n1,1,70000000000000.03,0\n1,1.1,30000000000000.01,0\n"
               "1,1.2,40000000000000.02,0\n",
               "", 3, 0, 0);
    judge_sums(R1("hierarchy(a, label)"),
               "year,label,a,n\n1,1,70000000000000.02,0\n1,1.1,30000000000000.01,0\n"
               "1,1.2,40000000000000.02,0\n",
               "2 3 4 ", 0, 3, 0);
    static const char slack[] =
        TREES("  - {id: R1, check: 'hierarchy(a, label)', tolerance: 0.01, severity: reject}\n");
    judge_sums(slack,
               "year,label,a,n\n1,1,70000000000000.02,0\n1,1.1,30000000000000.01,0\n"
               "1,1.2,40000000000000.02,0\n",
               "", 3, 0, 0);
}

static void test_parts(void **state)
{
    (void)state;
    judge_sums(R1("part_whole(a, label, \"total\", year)"),
               "year,label,a,n\n2021,total,7,0\n2021,x,3,0\n2021,y,4,0\n2021,,100,0\n"
               "2022,y,4,0\n2022,total,5,0\n2022,y,3,0\n"
               "2023,x,1,0\n2023,y,1,0\n"
               "2024,total,1,0\n2024,total,1,0\n2024,y,2,0\n"
               "2025,total,5,0\n2025,x,NA,0\n,x,2,0\n",
               "6 7 8 ", 3, 3, 9);
    judge_sums(R1("part_whole(n * 2, label, \"nobody\")"), "year,label,a,n\n1,x,0,1\n1,y,0,1\n", "",
               0, 0, 2);
    /* Conditions and truths mix. */
    judge_sums(R1("if (year == \"2022\") part_whole(a + n, label, \"total\", year)"),
               "year,label,a,n\n2021,total,7,0\n2021,x,3,0\n2022,y,4,0.5\n2022,total,4,0\n", "4 5 ",
               2, 2, 0);
}

/* Rule 16 of the ESSnet on validation: weights of an index. */
static void test_essnet_rule_16(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: ess\nedition: \"1\"\ntitle: ess\n"
        "inputs:\n"
        "  - {id: level, column: [level], type: code}\n"
        "  - {id: weight, column: [weight], type: number}\n"
        "rules:\n  - {id: R1, check: 'hierarchy(weight, level)', severity: reject}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: weight, normalise: {method: none}}]\n";
    static const struct {
        const char *path, *rejected;
        uint64_t passed, failed;
    } file[] = {
        {MQCI_SOURCE_DIR "/tests/oracle/official/ess_poc/Rule_16_valid.csv", "", 8, 0},
        {MQCI_SOURCE_DIR "/tests/oracle/official/ess_poc/Rule_16_invalid.csv", "2 3 4 5 9 ", 3, 5},
    };
    for (size_t i = 0; i < 2; i++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        assert_int_equal(mq_read_file(file[i].path, &csv, NULL), MQ_OK);
        judge_sums(yaml, csv.data, file[i].rejected, file[i].passed, file[i].failed, 0);
        mq_buffer_clear(&csv);
    }
}

/* ---- random trees ---------------------------------------------------------------------------- */

enum { ENTRIES = 1500, GROUPS = 40, LABELS = 40 };

struct entry {
    int group, label; /* -1: missing */
    int value;        /* -1: missing */
    int truth;        /* enum mq_truth */
};

static const char *const code_list = "code,name,parent,level\n"; /* then 40 codes */

/* A heap: the parent of i is (i - 1) / 3. */
static int above(int label)
{
    return label > 0 ? (label - 1) / 3 : -1;
}

static uint32_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*seed >> 33);
}

/* Values that mostly add up, some labels twice, some lacking. */
static int make_entries(struct entry *entry)
{
    uint64_t seed = 77;
    int count = 0;
    for (int group = 0; group < GROUPS; group++) {
        int value[LABELS] = {0};
        for (int label = LABELS - 1; label >= 0; label--) {
            if (3 * label + 1 >= LABELS)
                value[label] = (int)(draw(&seed) % 99991);
            if (draw(&seed) % 37 == 0 && label)
                continue; /* no such row: nor does it count above */
            entry[count++] = (struct entry){group, label, value[label], MQ_TRUE};
            if (label)
                value[above(label)] += value[label];
            struct entry *last = entry + count - 1;
            uint32_t luck = draw(&seed) % 200;
            if (luck < 6)
                last->value += 1 + (int)luck;
            else if (luck < 9)
                last->value = -1;
            else if (luck < 11)
                last->label = -1;
            else if (luck < 13)
                entry[count++] = *last;
            else if (luck < 14)
                last->group = -1;
        }
    }
    return count;
}

static void lower(struct entry *entry, int to)
{
    entry->truth = entry->truth < to ? entry->truth : to;
}

/* The sum below label `total` of a group. */
static void judge_total(struct entry *entry, int count, int group, int total)
{
    int totals = 0, parts = 0, missing = 0;
    long rest = 0;
    for (int i = 0; i < count; i++) {
        if (entry[i].group != group || entry[i].label < 0)
            continue;
        bool is_total = entry[i].label == total, is_part = above(entry[i].label) == total;
        totals += is_total;
        parts += is_part;
        missing += (is_total || is_part) && entry[i].value < 0;
        rest += is_total ? entry[i].value : is_part ? -(long)entry[i].value : 0;
    }
    if (!totals || !parts)
        return;
    int verdict = totals > 1 || missing ? MQ_UNKNOWN : rest ? MQ_FALSE : MQ_TRUE;
    for (int i = 0; i < count; i++)
        if (entry[i].group == group && entry[i].label >= 0 &&
            (entry[i].label == total || above(entry[i].label) == total))
            lower(entry + i, verdict);
}

static void judge_entries(struct entry *entry, int count, uint64_t counts[3])
{
    for (int group = 0; group < GROUPS; group++)
        for (int total = 0; total < LABELS; total++)
            judge_total(entry, count, group, total);
    for (int i = 0; i < count; i++) {
        if (entry[i].group < 0 || entry[i].label < 0)
            entry[i].truth = MQ_UNKNOWN;
        counts[entry[i].truth]++;
    }
}

static void write_list(struct world *world)
{
    char path[320];
    struct mq_buffer list = MQ_BUFFER_EMPTY;
    mq_buffer_text(&list, code_list);
    for (int label = LABELS - 1; label >= 0; label--) {
        int depth = 0;
        for (int at = label; at > 0; at = above(at))
            depth++;
        mq_buffer_format(&list, "c%d,C,", label);
        if (label)
            mq_buffer_format(&list, "c%d", above(label));
        mq_buffer_format(&list, ",l%d\n", depth);
    }
    world_write(world, "list.csv", list.data, list.length, path);
    mq_buffer_clear(&list);
}

static void write_entries(struct world *world, const struct entry *entry, int count)
{
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    mq_buffer_text(&csv, "year,label,a\n");
    for (int i = 0; i < count; i++) {
        if (entry[i].group >= 0)
            mq_buffer_format(&csv, "g%d", entry[i].group);
        mq_buffer_text(&csv, ",");
        if (entry[i].label >= 0)
            mq_buffer_format(&csv, "c%d", entry[i].label);
        mq_buffer_text(&csv, ",");
        if (entry[i].value >= 0)
            mq_buffer_format(&csv, "%d.%02d", entry[i].value / 100, entry[i].value % 100);
        mq_buffer_text(&csv, "\n");
    }
    world->files = 0;
    world_data(world, csv.data);
    mq_buffer_clear(&csv);
}

/* The rejected lines are those of entries that fail. */
static void assert_lines(struct world *world, const struct entry *entry, int count)
{
    char *rejects = world_file(world, true), *rest = rejects;
    strtok_r(rest, "\n", &rest);
    for (int i = 0; i < count; i++) {
        if (entry[i].truth != MQ_FALSE)
            continue;
        const char *at = strtok_r(rest, "\n", &rest);
        assert_non_null(at);
        assert_int_equal(strtol(strchr(at, ',') + 1, NULL, 10), i + 2);
    }
    assert_null(strtok_r(rest, "\n", &rest));
    free(rejects);
}

static void test_random_trees(void **state)
{
    (void)state;
    static const char yaml[] =
        "mqci: 1\nid: random\nedition: \"1\"\ntitle: random\ncodes: {labels: list.csv}\n"
        "inputs:\n"
        "  - {id: year, column: [year], type: code}\n"
        "  - {id: label, column: [label], type: code, list: labels}\n"
        "  - {id: a, column: [a], type: amount, decimals: 2}\n"
        "rules:\n  - {id: R1, check: 'hierarchy(a, label, year)', severity: reject}\n"
        "levels: [{id: all, title: All}]\n"
        "indicators: [{id: x, title: X, formula: a, normalise: {method: none}}]\n";
    static struct entry entry[2 * ENTRIES + GROUPS * LABELS];
    int count = make_entries(entry);
    uint64_t counts[3] = {0}, seed = 5;
    judge_entries(entry, count, counts);
    assert_true(counts[MQ_TRUE] > 500 && counts[MQ_FALSE] > 100 && counts[MQ_UNKNOWN] > 100);
    struct world world;
    world_open(&world);
    write_list(&world);
    world_model(&world, yaml);
    for (int turn = 0; turn < 4; turn++) {
        struct mq_error error = {0};
        write_entries(&world, entry, count);
        world_start(&world, 1 + turn, (size_t)4096 << turn);
        world_read(&world, NULL, NULL);
        assert_int_equal(mq_checker_late(world.checker, 1 + turn, NULL, NULL, &error), MQ_OK);
        assert_counts(&world, "R1", counts[MQ_TRUE], counts[MQ_FALSE], counts[MQ_UNKNOWN]);
        assert_lines(&world, entry, count);
        world_stop(&world);
        for (int i = count - 1; i > 0; i--) { /* another order */
            int k = (int)(draw(&seed) % (uint32_t)(i + 1));
            struct entry other = entry[i];
            entry[i] = entry[k];
            entry[k] = other;
        }
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activities),     cmocka_unit_test(test_labels_of_rejected_rows),
        cmocka_unit_test(test_large_amounts),  cmocka_unit_test(test_parts),
        cmocka_unit_test(test_essnet_rule_16), cmocka_unit_test(test_random_trees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
