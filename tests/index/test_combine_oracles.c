/* Combiners against numbers made by COINr, Compind and pymcdm (see
 * tests/oracle/README.md). */
#include "coinr_example.h"

#include <dirent.h>
#include <unistd.h>

/* To a relative 1e-9. */
static void agree(struct coinr_example *example, double found, double wanted, const char *what)
{
    double apart = fabs(found - wanted) / fmax(fabs(wanted), 1e-3);

    if (isnan(found) != isnan(wanted) || apart > 1e-9)
        fail_msg("%s: %.17g, and %.17g by the other tool", what, found, wanted);
    example->numbers++;
    if (!isnan(wanted))
        example->worst = fmax(example->worst, apart);
}

/* ---- what a file's name says ---- */

static struct mq_choice method_called(const char *name)
{
    static const char *const names[][2] = {{"amean", "arithmetic"},
                                           {"gmean", "geometric"},
                                           {"hmean", "harmonic"},
                                           {"copeland", "copeland"}};

    if (strncmp(name, "genmean_p", 9) == 0)
        return (struct mq_choice){.method = fixture_method(MQ_COMBINE, "power"),
                                  .param = {atof(name + 9)},
                                  .given = {true}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i][0]) == 0)
            return (struct mq_choice){.method = fixture_method(MQ_COMBINE, names[i][1])};
    fail_msg("no method is called %s here", name);
    return (struct mq_choice){.method = -1};
}

/* "amean_gmean_gmean": from the level above the indicators up; "amean_thr0.75": children needed. */
static void choose(struct coinr_example *example, const char *aggregator)
{
    char text[64], *words[4], *threshold, *state = NULL;
    size_t count = 0;
    bool unequal = strstr(aggregator, "__wunequal");

    snprintf(text, sizeof text, "%s", aggregator);
    if (unequal)
        *strstr(text, "__wunequal") = 0;
    threshold = strstr(text, "_thr0.75");
    if (threshold)
        *threshold = 0;
    if (strncmp(text, "genmean", 7) == 0)
        words[count++] = text;
    else
        for (char *word = strtok_r(text, "_", &state); word && count < 4;
             word = strtok_r(NULL, "_", &state))
            words[count++] = word;
    for (size_t i = 0; i < example->model.nodes; i++) {
        struct mq_node *node = &example->node[i];
        size_t above = (size_t)(example->depth - node->depth);
        node->min_share = threshold ? (struct mq_fraction){3, 4} : (struct mq_fraction){0, 1};
        if (!node->leaf)
            node->combine = method_called(words[above <= count ? above - 1 : count - 1]);
    }
    coinr_choose_weights(example, unequal);
}

/* ---- COINr ---- */

/* The sum of all below: NaN where something is missing, infinite where COINr divided by 0. */
static double below(const struct coinr_example *example, const struct mq_scores *scores,
                    size_t unit, int node)
{
    const struct mq_node *at = &example->node[node];
    double sum = 0;

    if (at->leaf)
        return scores->frame->value[unit * example->model.nodes + (size_t)node];
    for (size_t i = 0; i < at->children; i++)
        sum += below(example, scores, unit, at->child[i]);
    return sum;
}

/* COINr's n_fracmax divides by 0 and its means carry the infinity on: there is nothing to compare.
 * COINr's power mean is missing as soon as one child is (its other means leave that child out): so
 * numbers are compared where nothing is missing below. */
static void compare(struct coinr_example *example, const struct mq_scores *scores,
                    const struct mq_table *table, const char *name)
{
    bool power = strstr(name, "genmean");

    assert_int_equal(table->rows, scores->frame->units);
    for (size_t i = 0; i < table->rows; i++) {
        size_t unit = mq_frame_find(scores->frame, 0, 0, coinr_cell(table, i, "uCode"));
        assert_true(unit != SIZE_MAX);
        for (size_t k = 0; k < table->columns; k++) {
            int node = coinr_node_named(example, table->header[k]);
            if (node < 0 || example->node[node].leaf)
                continue;
            double found = scores->score[unit * example->model.nodes + (size_t)node].value;
            double wanted = coinr_number(table, i, table->header[k]);
            if (isinf(wanted)) {
                example->infinite++;
                continue;
            }
            if (power && isnan(below(example, scores, unit, node))) {
                assert_true(isnan(wanted));
                example->missing_there++;
                continue;
            }
            agree(example, found, wanted, name);
        }
    }
}

static void try_file(struct coinr_example *example, const char *source, const char *normaliser,
                     const char *aggregator)
{
    char input[128], output[160];
    struct mq_table given = {0}, table = {0};
    struct mq_scores *scores = NULL;
    struct mq_frame *frame;

    snprintf(input, sizeof input, "B_normalise/%s_%s.csv", source, normaliser);
    snprintf(output, sizeof output, "C_aggregate/%s__%s__%s.csv", source, normaliser, aggregator);
    assert_true(coinr_read_csv(example, example->folder, input, &given));
    assert_true(coinr_read_csv(example, example->folder, output, &table));
    frame = coinr_build_frame(example, &given);
    choose(example, aggregator);
    frame->threads = 2;
    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    compare(example, scores, &table, output);
    example->files++;
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_table_clear(&given);
    mq_table_clear(&table);
}

/* With missing values COINr's Copeland gives what the first of a pair lacks to the second, so that
 * it depends on the order of rows: only the complete tables are compared (n_fracmax makes more
 * missing and infinite ones). */
static void try_coinr(struct coinr_example *example)
{
    const char *path;
    struct dirent *entry;
    DIR *folder;

    assert_true(coinr_read_csv(example, example->folder, "input/asem_imeta.csv", &example->meta));
    coinr_build_tree(example);
    path = mq_arena_format(&example->arena, "%s/C_aggregate", example->folder);
    folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        char name[160], *first, *second, *end;
        if (!strstr(entry->d_name, "__") || strlen(entry->d_name) >= sizeof name)
            continue;
        strcpy(name, entry->d_name);
        first = strstr(name, "__");
        second = strstr(first + 2, "__");
        end = strstr(name, ".csv");
        assert_true(second && end);
        *first = *second = *end = 0;
        if (strstr(second + 2, "copeland") &&
            (strcmp(name, "raw") == 0 || strcmp(first + 2, "fracmax") == 0))
            example->skipped++;
        else
            try_file(example, name, first + 2, second + 2);
    }
    closedir(folder);
}

/* Rank sums from COINr's own ranks: the mean of rank / count over what a country has. */
static void try_rank_sums(struct coinr_example *example)
{
    struct mq_table raw = {0}, ranks = {0};
    struct mq_scores *scores = NULL;
    struct mq_frame *frame;

    assert_true(coinr_read_csv(example, example->folder, "B_normalise/raw_none.csv", &raw));
    assert_true(
        coinr_read_csv(example, example->folder, "B_normalise/raw_rank_average.csv", &ranks));
    frame = coinr_build_frame(example, &raw);
    choose(example, "amean");
    for (size_t k = 0; k < example->model.nodes; k++)
        if (!example->node[k].leaf)
            example->node[k].combine.method = fixture_method(MQ_COMBINE, "rank_sum_ratio");
    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    for (size_t k = 0; k < example->model.nodes; k++) {
        const struct mq_node *node = &example->node[k];
        for (size_t u = 0; u < ranks.rows && node->depth + 1 == example->depth; u++) {
            double sum = 0, present = 0;
            for (size_t c = 0; c < node->children; c++) {
                const char *id = example->node[node->child[c]].id;
                double count = 0, rank = coinr_number(&ranks, u, id);
                for (size_t i = 0; i < ranks.rows; i++)
                    count += !isnan(coinr_number(&ranks, i, id));
                sum += isnan(rank) ? 0 : rank / count;
                present += !isnan(rank);
            }
            agree(example, scores->score[u * example->model.nodes + k].value, sum / present,
                  "rank_sum_ratio");
        }
    }
    example->files++;
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_table_clear(&raw);
    mq_table_clear(&ranks);
}

/* ---- Compind ---- */

static double combined(const char *method, const double *scores, const double *weights,
                       size_t count, const double *params)
{
    struct mq_argument argument[MQ_MAX_PARAMS] = {{.rows = 1, .columns = count, .value = params}};
    struct mq_choice choice = {.argument = argument};

    for (size_t i = 0; params && i < 2; i++)
        choice.param[i] = params[i];
    return mq_combiners[fixture_method(MQ_COMBINE, method)]->combine(scores, weights, count,
                                                                     &choice);
}

/* Its MPI divides squares by p - 1, the authors by p: with p = 2 its penalty is twice ours. Its
 * "n" and "p" of OWA are weights (0, 1) and (1, 0). */
static void try_regions(struct coinr_example *example, const char *folder)
{
    static const double half[] = {0.5, 0.5}, zero[] = {0, 0}, one[] = {1, 0}, last[] = {0, 1};
    struct mq_table z = {0}, minmax = {0}, mpi = {0}, owa = {0};

    assert_true(coinr_read_csv(example, folder, "nuts1_norm_z100_10.csv", &z));
    assert_true(coinr_read_csv(example, folder, "nuts1_norm_minmax.csv", &minmax));
    assert_true(coinr_read_csv(example, folder, "nuts1_mpi.csv", &mpi));
    assert_true(coinr_read_csv(example, folder, "nuts1_owa.csv", &owa));
    for (size_t i = 0; i < z.rows; i++) {
        double scores[] = {coinr_number(&z, i, "roads"), coinr_number(&z, i, "trains")};
        double shares[] = {coinr_number(&minmax, i, "roads"), coinr_number(&minmax, i, "trains")};
        double mean = scores[0] / 2 + scores[1] / 2;
        agree(example, 2 * (mean - combined("mpi", scores, half, 2, zero)),
              mean - coinr_number(&mpi, i, "mpi_pos"), "mpi positive");
        agree(example, 2 * (combined("mpi", scores, half, 2, one) - mean),
              coinr_number(&mpi, i, "mpi_neg") - mean, "mpi negative");
        agree(example, combined("owa", shares, half, 2, last), coinr_number(&owa, i, "n"),
              "owa, worst");
        agree(example, combined("owa", shares, half, 2, one), coinr_number(&owa, i, "p"),
              "owa, best");
        agree(example, combined("minimum", shares, half, 2, NULL), coinr_number(&owa, i, "n"),
              "minimum");
    }
    example->files += 2;
    mq_table_clear(&z);
    mq_table_clear(&minmax);
    mq_table_clear(&mpi);
    mq_table_clear(&owa);
}

/* 20 units in 3 years. Its scores are rounded to 3 decimals; its penalties are not. */
static void try_ampi(struct coinr_example *example, const char *folder)
{
    static const double third[] = {1.0 / 3, 1.0 / 3, 1.0 / 3}, zero[] = {0, 0};
    static const char *const years[] = {"2021", "2022", "2023"}, *const penalties[] = {"V1", "V2",
                                                                                       "V3"};
    struct mq_table in = {0}, norm = {0}, penalty = {0}, rounded = {0};

    assert_true(coinr_read_csv(example, folder, "ampi_in.csv", &in));
    assert_true(coinr_read_csv(example, folder, "ampi_norm.csv", &norm));
    assert_true(coinr_read_csv(example, folder, "ampi_penalty.csv", &penalty));
    assert_true(coinr_read_csv(example, folder, "ampi_est_rounded3.csv", &rounded));
    for (size_t i = 0; i < norm.rows; i++) {
        size_t unit = (size_t)coinr_number(&in, i, "id") - 1, year = 0;
        double scores[] = {coinr_number(&norm, i, "a"), coinr_number(&norm, i, "b"),
                           coinr_number(&norm, i, "c")};
        double mean = (scores[0] + scores[1] + scores[2]) / 3;
        double found = combined("ampi", scores, third, 3, zero);
        while (strcmp(coinr_cell(&in, i, "time"), years[year]) != 0)
            year++;
        agree(example, mean - found, coinr_number(&penalty, unit, penalties[year]), "ampi");
        assert_true(fabs(found - coinr_number(&rounded, unit, years[year])) < 0.00050001);
    }
    example->files += 2;
    mq_table_clear(&in);
    mq_table_clear(&norm);
    mq_table_clear(&penalty);
    mq_table_clear(&rounded);
}

/* ---- pymcdm ---- */

/* Costs are 1 - x / length there and -x here: the same distances. */
static void try_topsis(struct coinr_example *example, const char *folder)
{
    enum { UNITS = 40, CHILDREN = 8 };
    static const char *const schemes[] = {"equal", "entropy", "critic"};
    struct mq_table input = {0}, types = {0}, weights = {0}, scores = {0};
    double cells[CHILDREN][UNITS], weight[UNITS * CHILDREN], value[UNITS];
    const double *column[CHILDREN];
    struct mq_combine_table table = {column, weight, CHILDREN, UNITS, &(struct mq_choice){0}};

    assert_true(coinr_read_csv(example, folder, "input_40x8.csv", &input));
    assert_true(coinr_read_csv(example, folder, "types.csv", &types));
    assert_true(coinr_read_csv(example, folder, "weights.csv", &weights));
    assert_true(coinr_read_csv(example, folder, "scores.csv", &scores));
    for (size_t w = 0; w < 3; w++) {
        char name[64], scheme[64];
        size_t row = 0;
        snprintf(scheme, sizeof scheme, "%s_weights", schemes[w]);
        snprintf(name, sizeof name, "TOPSIS_vector__%s", scheme);
        while (strcmp(coinr_cell(&weights, row, "method"), scheme) != 0)
            row++;
        for (size_t c = 0; c < CHILDREN; c++) {
            char id[8];
            snprintf(id, sizeof id, "c%zu", c);
            column[c] = cells[c];
            for (size_t i = 0; i < UNITS; i++) {
                cells[c][i] = coinr_number(&types, c, "type") * coinr_number(&input, i, id);
                weight[i * CHILDREN + c] = coinr_number(&weights, row, id);
            }
        }
        assert_int_equal(
            mq_combiners[fixture_method(MQ_COMBINE, "topsis")]->table(&table, value, NULL), MQ_OK);
        for (size_t i = 0; i < UNITS; i++)
            agree(example, value[i], coinr_number(&scores, i, name), name);
    }
    example->files += 3;
    mq_table_clear(&input);
    mq_table_clear(&types);
    mq_table_clear(&weights);
    mq_table_clear(&scores);
}

/* ---- all of a folder ---- */

static void try_folder(struct coinr_example *example, const char *compind, const char *pymcdm)
{
    try_coinr(example);
    try_rank_sums(example);
    try_regions(example, compind);
    try_ampi(example, compind);
    try_topsis(example, pymcdm);
    mq_table_clear(&example->meta);
    mq_arena_clear(&example->arena);
}

static void test_carried(void **state)
{
    static struct coinr_example example = {.folder = MQCI_SOURCE_DIR "/tests/oracle/coinr"};

    (void)state;
    try_folder(&example, MQCI_SOURCE_DIR "/tests/oracle/compind",
               MQCI_SOURCE_DIR "/tests/oracle/pymcdm");
    print_message("%zu tables, %zu numbers, largest relative difference %.1e\n", example.files,
                  example.numbers, example.worst);
    assert_true(example.numbers >= 900);
}

static void test_whole_set(void **state)
{
    static struct coinr_example example;
    const char *places[] = {getenv("MQCI_SHARED"), MQCI_SOURCE_DIR "/../shared"};
    char folder[1024], compind[1100], pymcdm[1100];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        if (!places[i])
            continue;
        snprintf(folder, sizeof folder, "%s/oracles", places[i]);
        snprintf(compind, sizeof compind, "%s/compind", folder);
        snprintf(pymcdm, sizeof pymcdm, "%s/mcdm", folder);
        if (access(folder, R_OK) != 0)
            continue;
        example.folder = folder;
        try_folder(&example, compind, pymcdm);
        print_message("%zu tables, %zu numbers, largest relative difference %.1e; %zu numbers that "
                      "COINr's power mean leaves out, %zu of infinite scores, %zu tables of "
                      "Copeland with missing values\n",
                      example.files, example.numbers, example.worst, example.missing_there,
                      example.infinite, example.skipped);
        assert_true(example.numbers > 50000);
        return;
    }
    print_message("skipped: no folder of reference numbers\n");
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carried),
        cmocka_unit_test(test_whole_set),
    };

    return cmocka_run_group_tests_name("combiners of other tools", tests, NULL, NULL);
}
