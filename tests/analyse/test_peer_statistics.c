/* Statistics of COINr's example against COINr (see tests/oracle/README.md). */
#include "peer.h"

#include <unistd.h>

/* ---- statistics ---- */

static void compare_count(struct peer *peer, size_t found, double wanted, const char *what)
{
    compare(peer, (double)found, wanted, what);
}

static void try_statistics(struct peer *peer, const char *name, const struct mq_table *data)
{
    struct mq_table table;
    struct picked picked;
    struct mq_rankings rankings;
    struct mq_description is[MOST];

    assert_true(read_csv(peer, name, &table));
    pick_all(&picked, data);
    assert_int_equal(mq_rankings_init(&picked.columns, &rankings, NULL), MQ_OK);
    mq_describe(&picked.columns, &rankings, is);
    for (size_t i = 0; i < table.rows; i++) {
        const char *id = cell(&table, i, "iCode");
        const struct mq_description *one = &is[column_named(&picked, id)];
        compare(peer, one->least, number(&table, i, "Min"), id);
        compare(peer, one->greatest, number(&table, i, "Max"), id);
        compare(peer, one->mean, number(&table, i, "Mean"), id);
        compare(peer, one->median, number(&table, i, "Median"), id);
        compare(peer, one->sd, number(&table, i, "Std"), id);
        compare(peer, one->skewness, number(&table, i, "Skew"), id);
        compare(peer, one->kurtosis, number(&table, i, "Kurt"), id);
        compare_count(peer, one->count, number(&table, i, "N.Avail"), id);
        compare_count(peer, one->count - one->zeros, number(&table, i, "N.NonZero"), id);
        compare_count(peer, one->unique, number(&table, i, "N.Unique"), id);
        compare_count(peer, one->same, number(&table, i, "N.Same"), id);
    }
    mq_rankings_clear(&rankings);
    free(picked.memory);
    mq_table_clear(&table);
}

/* ---- correlations ---- */

struct related {
    struct picked picked;
    struct mq_correlation_matrix by[MQ_CORRELATIONS];
};

static void relate(struct peer *peer, const struct mq_table *data, struct related *related)
{
    struct mq_rankings rankings;

    pick_all(&related->picked, data);
    assert_int_equal(mq_rankings_init(&related->picked.columns, &rankings, NULL), MQ_OK);
    for (int kind = 0; kind < MQ_CORRELATIONS; kind++)
        assert_int_equal(mq_correlate(&related->picked.columns, &rankings,
                                      (enum mq_correlation)kind, &peer->arena, &related->by[kind],
                                      NULL),
                         MQ_OK);
    mq_rankings_clear(&rankings);
}

static size_t place(const struct related *related, const char *a, const char *b)
{
    return column_named(&related->picked, a) * related->by[0].columns +
           column_named(&related->picked, b);
}

/* Files of Var1, Var2, Correlation. */
static void try_pairs(struct peer *peer, const char *name, const struct related *related,
                      enum mq_correlation kind)
{
    struct mq_table table;

    if (!read_csv(peer, name, &table))
        return;
    for (size_t i = 0; i < table.rows; i++)
        compare(
            peer,
            related->by[kind].r[place(related, cell(&table, i, "Var1"), cell(&table, i, "Var2"))],
            number(&table, i, "Correlation"), name);
    mq_table_clear(&table);
}

/* Blank where the relation may be chance (p > 0.05). */
static void try_significant(struct peer *peer, const char *name, const struct related *related)
{
    struct mq_table table;

    if (!read_csv(peer, name, &table))
        return;
    for (size_t i = 0; i < table.rows; i++) {
        size_t at = place(related, cell(&table, i, "Var1"), cell(&table, i, "Var2"));
        bool chance = related->by[MQ_PEARSON].p[at] > 0.05;
        compare(peer, chance ? NAN : related->by[MQ_PEARSON].r[at],
                number(&table, i, "Correlation"), name);
    }
    mq_table_clear(&table);
}

/* Of every indicator with its ancestors, named by their level. */
static void try_family(struct peer *peer, const char *name, const struct related *related)
{
    static const char *const levels[] = {"Pillar", "Sub-index", "Index"};
    struct mq_table table;

    if (!read_csv(peer, name, &table))
        return;
    for (size_t i = 0; i < table.rows; i++) {
        const char *id = cell(&table, i, "Var2"), *up = parent_of(peer, id);
        for (int k = 0; strcmp(levels[k], cell(&table, i, "Var1")) != 0; k++)
            up = parent_of(peer, up);
        compare(peer, related->by[MQ_PEARSON].r[place(related, up, id)],
                number(&table, i, "Correlation"), name);
    }
    mq_table_clear(&table);
}

static void try_p(struct peer *peer, const char *name, const struct related *related)
{
    struct mq_table table;

    assert_true(read_csv(peer, name, &table));
    for (size_t i = 0; i < table.rows; i++)
        for (size_t k = 0; k < table.columns; k++) {
            double wanted, found;
            if (strcmp(table.header[k], "iCode") == 0)
                continue;
            wanted = number(&table, i, table.header[k]);
            found = related->by[MQ_PEARSON]
                        .p[place(related, cell(&table, i, "iCode"), table.header[k])];
            if (wanted > 0) { /* also small ones to 9 digits */
                assert_true(fabs(found / wanted - 1) < 1e-9);
                peer->worst = fmax(peer->worst, fabs(found / wanted - 1));
            }
            compare(peer, found, wanted, table.header[k]);
        }
    mq_table_clear(&table);
}

/* Pairs of siblings beyond a limit: the file has them all and no others. */
static void try_pair_flags(struct peer *peer, const char *name, const struct related *related,
                           double least, double most)
{
    const struct mq_correlation_matrix *by = &related->by[MQ_PEARSON];
    struct mq_table table;
    size_t found = 0;

    assert_true(read_csv(peer, name, &table));
    for (size_t a = 0; a < by->columns; a++)
        for (size_t b = a + 1; b < by->columns; b++) {
            double r = by->r[a * by->columns + b];
            const char *one = related->picked.name[a], *other = related->picked.name[b];
            found += is_indicator(peer, one) && is_indicator(peer, other) &&
                     strcmp(parent_of(peer, one), parent_of(peer, other)) == 0 && r > least &&
                     r < most;
        }
    assert_int_equal(found, table.rows);
    for (size_t i = 0; i < table.rows; i++)
        compare(peer, by->r[place(related, cell(&table, i, "Ind1"), cell(&table, i, "Ind2"))],
                number(&table, i, "Corr"), name);
    mq_table_clear(&table);
}

static void try_denominators(struct peer *peer, const char *name)
{
    struct mq_table table, data;
    struct related related;

    if (!read_csv(peer, name, &table))
        return;
    assert_true(read_csv(peer, "input/asem_idata.csv", &data));
    peer->files--; /* input */
    related.picked = (struct picked){.memory = calloc(MOST * data.rows, sizeof(double))};
    for (size_t k = 0; k < data.columns; k++)
        if (mq_table_find(&peer->raw, data.header[k]) > 0 || strcmp(data.header[k], "Area") == 0 ||
            strcmp(data.header[k], "Energy") == 0 || strcmp(data.header[k], "GDP") == 0 ||
            strcmp(data.header[k], "Population") == 0)
            pick(&related.picked, &data, data.header[k]);
    assert_int_equal(mq_correlate(&related.picked.columns, NULL, MQ_PEARSON, &peer->arena,
                                  &related.by[MQ_PEARSON], NULL),
                     MQ_OK);
    for (size_t i = 0; i < table.rows; i++)
        compare(peer,
                related.by[MQ_PEARSON]
                    .r[place(&related, cell(&table, i, "Ind"), cell(&table, i, "Denom"))],
                number(&table, i, "Corr"), name);
    free(related.picked.memory);
    mq_table_clear(&data);
    mq_table_clear(&table);
}

/* ---- consistency and components ---- */

static void try_cronbach(struct peer *peer, const char *name)
{
    struct mq_table table;

    assert_true(read_csv(peer, name, &table));
    for (size_t i = 0; i < table.rows; i++)
        for (int raw = 0; raw < 2; raw++) {
            struct picked picked;
            double alpha;
            pick_children(peer, &picked, raw ? &peer->raw : &peer->scores,
                          cell(&table, i, "group"));
            assert_int_equal(mq_cronbach(&picked.columns, &alpha, NULL), MQ_OK);
            compare(peer, alpha, number(&table, i, raw ? "alpha_raw" : "alpha_treated"), name);
            free(picked.memory);
        }
    mq_table_clear(&table);
}

/* Loadings of one component, turned so that their sum is above 0. */
static double turned(const struct mq_table *table, const char *component, size_t row)
{
    double sum = 0;

    for (size_t i = 0; i < table->rows; i++)
        sum += number(table, i, component);
    return number(table, row, component) * (sum < 0 ? -1 : 1);
}

static void try_components(struct peer *peer, const char *group)
{
    struct mq_table eigen, rotation;
    struct picked picked;
    struct mq_components found;
    char name[128];

    snprintf(name, sizeof name, "G_analysis/pca_eigs_%s.csv", group);
    if (!read_csv(peer, name, &eigen))
        return;
    snprintf(name, sizeof name, "G_analysis/pca_rotation_%s.csv", group);
    assert_true(read_csv(peer, name, &rotation));
    pick_children(peer, &picked, &peer->scores, group);
    assert_int_equal(mq_components(&picked.columns, &peer->arena, &found, NULL), MQ_OK);
    assert_int_equal(found.parts, eigen.rows);
    for (size_t i = 0; i < eigen.rows; i++) {
        compare(peer, found.eigenvalue[i], number(&eigen, i, "eig"), name);
        compare(peer, sqrt(found.eigenvalue[i]), number(&eigen, i, "sdev"), name);
        compare(peer, found.eigenvalue[i] / (double)found.parts, number(&eigen, i, "prop"), name);
    }
    for (size_t i = 0; i < rotation.rows; i++)
        for (size_t c = 0; c < found.parts; c++) {
            char component[16];
            snprintf(component, sizeof component, "PC%zu", c + 1);
            compare(
                peer,
                found.loading[column_named(&picked, cell(&rotation, i, "var")) * found.parts + c],
                turned(&rotation, component, i), name);
        }
    free(picked.memory);
    mq_table_clear(&eigen);
    mq_table_clear(&rotation);
}

/* COINr's weights are first loadings of either sign. */
static void try_first_loadings(struct peer *peer, const char *name, const char *level)
{
    struct mq_table table;

    if (!read_csv(peer, name, &table))
        return;
    for (size_t i = 0; i < table.rows; i++) {
        const char *id = cell(&table, i, "iCode");
        struct picked picked;
        struct mq_components found;
        if (strcmp(cell(&table, i, "Level"), level) != 0)
            continue;
        pick_children(peer, &picked, &peer->scores, parent_of(peer, id));
        assert_int_equal(mq_components(&picked.columns, &peer->arena, &found, NULL), MQ_OK);
        compare(peer, fabs(found.loading[column_named(&picked, id) * found.parts]),
                fabs(number(&table, i, "Weight")), name);
        free(picked.memory);
    }
    mq_table_clear(&table);
}

/* ---- folders ---- */

static void try_correlations(struct peer *peer)
{
    static const struct {
        const char *name;
        enum mq_correlation kind;
    } files[] = {{"G_analysis/corr_L1_pearson.csv", MQ_PEARSON},
                 {"G_analysis/corr_L1_spearman.csv", MQ_SPEARMAN},
                 {"G_analysis/corr_L1_kendall.csv", MQ_KENDALL},
                 {"G_analysis/corr_L1_vs_index_pearson.csv", MQ_PEARSON},
                 {"G_analysis/corr_L1_vs_index_spearman.csv", MQ_SPEARMAN},
                 {"G_analysis/corr_L1_vs_index_kendall.csv", MQ_KENDALL}};
    struct related scores, raw;

    relate(peer, &peer->scores, &scores);
    relate(peer, &peer->raw, &raw);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        try_pairs(peer, files[i].name, &scores, files[i].kind);
    try_pairs(peer, "G_analysis/corr_raw_pairwise_pearson.csv", &raw, MQ_PEARSON);
    try_significant(peer, "G_analysis/corr_L2_p05.csv", &scores);
    try_family(peer, "G_analysis/corr_family.csv", &scores);
    try_p(peer, "G_analysis/pvals_L1.csv", &scores);
    try_pair_flags(peer, "G_analysis/corrflags_high.csv", &scores, 0.75, 2);
    try_pair_flags(peer, "G_analysis/corrflags_low.csv", &scores, -2, 0);
    free(scores.picked.memory);
    free(raw.picked.memory);
}

static void try_folder(const char *folder, struct peer *peer)
{
    static const char *const groups[] = {"Physical", "ConEcFin", "Political", "Instit",
                                         "P2P",      "Environ",  "Social",    "SusEcFin"};

    *peer = (struct peer){.folder = folder};
    assert_true(read_csv(peer, "A_example/imeta_sorted.csv", &peer->meta));
    assert_true(read_csv(peer, "A_example/Raw.csv", &peer->raw));
    assert_true(read_csv(peer, "A_example/Aggregated.csv", &peer->scores));
    peer->files = 0; /* input, not compared */
    try_statistics(peer, "G_analysis/stats_raw.csv", &peer->raw);
    try_statistics(peer, "G_analysis/stats_aggregated.csv", &peer->scores);
    try_correlations(peer);
    try_denominators(peer, "G_analysis/denomcorr.csv");
    try_cronbach(peer, "G_analysis/cronbach.csv");
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        try_components(peer, groups[i]);
    try_first_loadings(peer, "G_analysis/pca_weights_L1.csv", "1");
    try_first_loadings(peer, "G_analysis/pca_weights_L2.csv", "2");
    try_model(peer);
    mq_table_clear(&peer->meta);
    mq_table_clear(&peer->raw);
    mq_table_clear(&peer->scores);
    mq_arena_clear(&peer->arena);
    print_message("%s: %zu files, %zu numbers, largest relative difference %.2g\n", folder,
                  peer->files, peer->numbers, peer->worst);
}

static void the_carried_pillar(void **state)
{
    struct peer peer;

    (void)state;
    try_folder(MQCI_SOURCE_DIR "/tests/oracle/coinr", &peer);
    assert_true(peer.numbers > 600);
}

static void the_whole_example(void **state)
{
    const char *places[] = {getenv("MQCI_SHARED"), MQCI_SOURCE_DIR "/../shared"};
    char folder[1024], probe[1100];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct peer peer;
        if (!places[i])
            continue;
        snprintf(folder, sizeof folder, "%s/oracles", places[i]);
        snprintf(probe, sizeof probe, "%s/G_analysis", folder);
        if (access(probe, R_OK) != 0)
            continue;
        try_folder(folder, &peer);
        assert_true(peer.numbers > 12000);
        return;
    }
    print_message("skipped: no shared folder with G_analysis (set MQCI_SHARED)\n");
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_carried_pillar),
        cmocka_unit_test(the_whole_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
