/* Weights against pymcdm, COINr, Compind and closed forms (see tests/oracle/README.md). */
#include "index_fixture.h"

#include <unistd.h>

enum { MOST = 64 }; /* units or children of one table */

struct sheet {
    struct mq_table table;
    size_t units, children;
    double *cells; /* [children * units] */
    const double *column[MOST];
};

struct tally {
    size_t files, numbers;
    double largest; /* relative difference */
};

/* ---- tables ---- */

static bool read_csv(const char *folder, const char *name, struct mq_table *table)
{
    struct mq_error error;
    char path[1200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    *table = (struct mq_table){0};
    if (access(path, R_OK) != 0)
        return false;
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    return true;
}

static double number(const struct mq_table *table, size_t row, size_t column)
{
    const char *text = table->cell[row * table->columns + column];

    return text[0] ? atof(text) : NAN;
}

static const char *text_of(const struct mq_table *table, size_t row, const char *column)
{
    int found = mq_table_find(table, column);

    assert_true(found >= 0);
    return table->cell[row * table->columns + (size_t)found];
}

static void sheet_begin(struct sheet *sheet, size_t units)
{
    sheet->units = units;
    sheet->children = 0;
    sheet->cells = calloc(units * MOST + 1, sizeof *sheet->cells);
    assert_non_null(sheet->cells);
}

static double *sheet_add(struct sheet *sheet)
{
    double *column = sheet->cells + sheet->children * sheet->units;

    assert_true(sheet->children < MOST);
    sheet->column[sheet->children++] = column;
    return column;
}

static void sheet_clear(struct sheet *sheet)
{
    free(sheet->cells);
    mq_table_clear(&sheet->table);
}

/* All columns but the first, which names the unit. */
static bool sheet_read(struct sheet *sheet, const char *folder, const char *name)
{
    if (!read_csv(folder, name, &sheet->table))
        return false;
    sheet_begin(sheet, sheet->table.rows);
    for (size_t k = 1; k < sheet->table.columns; k++) {
        double *column = sheet_add(sheet);
        for (size_t i = 0; i < sheet->units; i++)
            column[i] = number(&sheet->table, i, k);
    }
    return true;
}

static void stretch(struct sheet *sheet)
{
    for (size_t k = 0; k < sheet->children; k++) {
        double *column = sheet->cells + k * sheet->units, least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < sheet->units; i++) {
            least = fmin(least, column[i]);
            most = fmax(most, column[i]);
        }
        for (size_t i = 0; i < sheet->units; i++)
            column[i] = (column[i] - least) / (most - least);
    }
}

/* ---- weights ---- */

static enum mq_reason weigh(const struct sheet *sheet, const struct mq_choice *choice,
                            double *weights)
{
    static const double written[MOST] = {0.5, 0.5};
    struct mq_weigh_table table = {sheet->column, sheet->children, sheet->units, written, choice};
    enum mq_reason reason = MQ_FINE;
    struct mq_error error = {0};

    assert_int_equal(mq_weighers[choice->method]->weigh(&table, weights, &reason, &error), MQ_OK);
    return reason;
}

static enum mq_reason weigh_as(const struct sheet *sheet, const char *method, double *weights)
{
    struct mq_choice choice = {.method = fixture_method(MQ_WEIGH, method), .param = {0, 1}};

    return weigh(sheet, &choice, weights);
}

static void agree(struct tally *tally, const char *what, double found, double wanted,
                  double tolerance)
{
    double apart = fabs(found - wanted) / fmax(fabs(wanted), 1e-300);

    if (wanted == 0)
        apart = fabs(found);
    if (!(apart <= tolerance))
        fail_msg("%s: %.17g found, %.17g wanted (relative %g)", what, found, wanted, apart);
    tally->numbers++;
    tally->largest = fmax(tally->largest, apart);
}

/* ---- pymcdm ---- */

/* Our scores are "higher is better" already; pymcdm's matrix is raw, and only merec asks for types:
 * a cost x is then the score 1 / x. Its critic and variance stretch to 0 .. 1 first. */
static void as_scores(struct sheet *sheet, const char *folder)
{
    struct mq_table types;

    assert_true(read_csv(folder, "types.csv", &types));
    for (size_t k = 0; k < sheet->children; k++)
        for (size_t i = 0; atof(text_of(&types, k, "type")) < 0 && i < sheet->units; i++)
            sheet->cells[k * sheet->units + i] = 1 / sheet->cells[k * sheet->units + i];
    mq_table_clear(&types);
}

struct weighting {
    const char *ours, *theirs;
    bool stretched, typed;
};

static void compare_pymcdm(const char *folder, struct tally *tally)
{
    static const struct weighting weightings[] = {
        {"equal", "equal_weights", false, false},
        {"entropy", "entropy_weights", false, false},
        {"sd", "standard_deviation_weights", false, false},
        {"critic", "critic_weights", true, false},
        {"gini", "gini_weights", false, false},
        {"merec", "merec_weights", false, true},
    };
    struct mq_table wanted;

    assert_true(read_csv(folder, "weights.csv", &wanted));
    for (size_t m = 0; m < sizeof weightings / sizeof *weightings; m++) {
        struct sheet sheet;
        double weights[MOST];
        size_t row = 0;
        assert_true(sheet_read(&sheet, folder, "input_40x8.csv"));
        if (weightings[m].stretched)
            stretch(&sheet);
        if (weightings[m].typed)
            as_scores(&sheet, folder);
        assert_int_equal(weigh_as(&sheet, weightings[m].ours, weights), MQ_FINE);
        while (strcmp(wanted.cell[row * wanted.columns], weightings[m].theirs) != 0)
            assert_true(++row < wanted.rows);
        for (size_t k = 0; k < sheet.children; k++)
            agree(tally, weightings[m].theirs, weights[k], number(&wanted, row, k + 1), 1e-12);
        sheet_clear(&sheet);
    }
    mq_table_clear(&wanted);
    tally->files++;
}

/* The product of sd and sd is what pymcdm calls variance weights; cv is sd over the mean. */
static void compare_variance(const char *folder, struct tally *tally)
{
    struct mq_choice sd = {.method = fixture_method(MQ_WEIGH, "sd")};
    struct mq_choice parts[2] = {sd, sd};
    struct mq_argument argument[MQ_MAX_PARAMS] = {{.choices = 2, .choice = parts}};
    struct mq_choice both = {
        .method = fixture_method(MQ_WEIGH, "combined"), .param = {0, 1}, .argument = argument};
    struct mq_table wanted;
    struct sheet sheet;
    double weights[MOST];
    size_t row = 0;

    assert_true(read_csv(folder, "weights.csv", &wanted));
    assert_true(sheet_read(&sheet, folder, "input_40x8.csv"));
    stretch(&sheet);
    assert_int_equal(weigh(&sheet, &both, weights), MQ_FINE);
    while (strcmp(wanted.cell[row * wanted.columns], "variance_weights") != 0)
        assert_true(++row < wanted.rows);
    for (size_t k = 0; k < sheet.children; k++)
        agree(tally, "variance", weights[k], number(&wanted, row, k + 1), 1e-12);
    sheet_clear(&sheet);
    mq_table_clear(&wanted);
}

/* ---- COINr's principal components ---- */

/* COINr's weights are the raw loadings, whose sign is whatever its decomposition gave: 16 of the 60
 * of its example are negative. Ours have sum(loadings) > 0 and are squared where one stays
 * negative. */
static void compare_pca(const char *folder, const char *pillar, struct tally *tally)
{
    struct mq_table wanted, scores;
    struct sheet sheet = {0};
    double weights[MOST], sum = 0, total = 0;
    bool negative = false;
    char name[80];

    snprintf(name, sizeof name, "G_analysis/pca_rotation_%s.csv", pillar);
    assert_true(read_csv(folder, name, &wanted));
    assert_true(read_csv(folder, "A_example/Normalised.csv", &scores));
    sheet_begin(&sheet, scores.rows);
    for (size_t k = 0; k < wanted.rows; k++) {
        double *column = sheet_add(&sheet);
        int from = mq_table_find(&scores, wanted.cell[k * wanted.columns]);
        assert_true(from >= 0);
        for (size_t i = 0; i < scores.rows; i++)
            column[i] = number(&scores, i, (size_t)from);
        sum += number(&wanted, k, 1);
    }
    for (size_t k = 0; k < wanted.rows; k++)
        negative = negative || number(&wanted, k, 1) * sum < 0;
    for (size_t k = 0; k < wanted.rows; k++)
        total += negative ? pow(number(&wanted, k, 1), 2) : fabs(number(&wanted, k, 1));
    assert_int_equal(weigh_as(&sheet, "pca", weights), MQ_FINE);
    for (size_t k = 0; k < wanted.rows; k++) {
        double loading = fabs(number(&wanted, k, 1));
        agree(tally, pillar, weights[k], (negative ? loading * loading : loading) / total, 1e-9);
    }
    tally->files++;
    sheet_clear(&sheet);
    mq_table_clear(&wanted);
    mq_table_clear(&scores);
}

/* ---- Compind's benefit of the doubt ---- */

struct doubt {
    const char *input, *wanted;
    double lower, upper, shift;
};

static void compare_bod(const char *folder, const struct doubt *doubt, struct tally *tally)
{
    struct mq_choice choice = {.method = fixture_method(MQ_WEIGH, "bod"),
                               .param = {doubt->lower, doubt->upper}};
    struct mq_table wanted;
    struct sheet sheet;
    double *weights;

    assert_true(sheet_read(&sheet, folder, doubt->input));
    assert_true(read_csv(folder, doubt->wanted, &wanted));
    assert_int_equal(wanted.rows, sheet.units);
    for (size_t i = 0; i < sheet.units * sheet.children; i++)
        sheet.cells[i] += doubt->shift;
    weights = calloc(sheet.units * sheet.children, sizeof *weights);
    assert_non_null(weights);
    assert_int_equal(weigh(&sheet, &choice, weights), MQ_FINE);
    for (size_t i = 0; i < sheet.units; i++) {
        double score = 0, least = 1, most = 0;
        for (size_t k = 0; k < sheet.children; k++)
            score += weights[i * sheet.children + k] * sheet.column[k][i];
        for (size_t k = 0; k < sheet.children; k++) {
            double share = weights[i * sheet.children + k] * sheet.column[k][i] / score;
            least = fmin(least, share);
            most = fmax(most, share);
        }
        assert_true(least >= doubt->lower - 1e-9 && most <= doubt->upper + 1e-9);
        agree(tally, doubt->wanted, score, number(&wanted, i, 1), 1e-9);
    }
    free(weights);
    sheet_clear(&sheet);
    mq_table_clear(&wanted);
    tally->files++;
}

static void compare_all_bod(const char *folder, struct tally *tally)
{
    static const struct doubt doubts[] = {
        {"bod_in_60x5.csv", "bod_unconstrained_60x5.csv", 0, 1, 0},
        {"bod_in_60x5.csv", "bod_constr_.05_.5_60x5.csv", 0.05, 0.5, 0},
        {"nuts1_norm_minmax.csv", "nuts1_bod_constr_.2_.8_on_minmax_plus0.01.csv", 0.2, 0.8, 0.01},
    };

    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        compare_bod(folder, &doubts[i], tally);
}

/* ---- carried and whole ---- */

static void report(const char *what, const struct tally *tally)
{
    print_message("%s: %zu files, %zu numbers, largest relative difference %.2g\n", what,
                  tally->files, tally->numbers, tally->largest);
}

static void test_carried(void **state)
{
    struct tally tally = {0};

    (void)state;
    compare_pymcdm(MQCI_SOURCE_DIR "/tests/oracle/pymcdm", &tally);
    compare_variance(MQCI_SOURCE_DIR "/tests/oracle/pymcdm", &tally);
    assert_int_equal(tally.numbers, 7 * 8);
    compare_pca(MQCI_SOURCE_DIR "/tests/oracle/coinr", "Social", &tally);
    assert_int_equal(tally.numbers, 7 * 8 + 9);
    compare_all_bod(MQCI_SOURCE_DIR "/tests/oracle/compind", &tally);
    assert_int_equal(tally.numbers, 7 * 8 + 9 + 2 * 60 + 34);
    report("carried", &tally);
}

static const char *shared_folder(char *folder, size_t size)
{
    const char *const places[] = {getenv("MQCI_SHARED"), MQCI_SOURCE_DIR "/../shared"};

    for (size_t i = 0; i < 2; i++) {
        if (!places[i])
            continue;
        snprintf(folder, size, "%s/oracles", places[i]);
        if (access(folder, R_OK) == 0)
            return folder;
    }
    return NULL;
}

static void test_whole_set(void **state)
{
    static const char *const pillars[] = {"ConEcFin", "Environ",   "Instit", "P2P",
                                          "Physical", "Political", "Social", "SusEcFin"};
    struct tally tally = {0};
    char folder[1024], part[1100];

    (void)state;
    if (!shared_folder(folder, sizeof folder)) {
        print_message("skipped: no folder of reference numbers\n");
        skip();
        return;
    }
    snprintf(part, sizeof part, "%s/mcdm", folder);
    compare_pymcdm(part, &tally);
    compare_variance(part, &tally);
    snprintf(part, sizeof part, "%s/compind", folder);
    compare_all_bod(part, &tally);
    for (size_t i = 0; i < sizeof pillars / sizeof *pillars; i++)
        compare_pca(folder, pillars[i], &tally);
    report("whole set", &tally);
    assert_int_equal(tally.numbers, 7 * 8 + 2 * 60 + 34 + 49);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carried),
        cmocka_unit_test(test_whole_set),
    };

    return cmocka_run_group_tests_name("weights of other tools", tests, NULL, NULL);
}
