/* Normalisers against numbers made by COINr, Compind and pymcdm (see tests/oracle/README.md). */
#include "index_fixture.h"

#include <unistd.h>

enum { MAX_COLUMNS = 64 };

/* A table of values as a model of so many roots, and what was compared so far. */
struct peer {
    const char *folder;
    struct mq_arena arena;
    struct mq_table input, params; /* params: a row of each column, may be empty */
    const char *key;               /* name of the column that identifies rows, in both tables */
    struct mq_model model;
    struct mq_level level[1];
    struct mq_node node[MAX_COLUMNS];
    struct mq_argument argument[MAX_COLUMNS][MQ_MAX_PARAMS];
    int order[MAX_COLUMNS];
    bool directed; /* the table holds values times direction */
    size_t files, numbers, turned, none;
    double worst;
};

static const char *cell(const struct mq_table *table, size_t row, const char *column)
{
    int found = mq_table_find(table, column);

    return found < 0 ? NULL : table->cell[row * table->columns + (size_t)found];
}

static bool read_csv(struct peer *peer, const char *name, struct mq_table *table)
{
    const char *path = mq_arena_format(&peer->arena, "%s/%s", peer->folder, name);
    struct mq_error error;

    if (access(path, R_OK) != 0)
        return false;
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    return true;
}

static double number(const char *text)
{
    if (!text || !text[0] || strcmp(text, "NaN") == 0 || strcmp(text, "NA") == 0)
        return NAN;
    if (strcmp(text, "Inf") == 0 || strcmp(text, "-Inf") == 0)
        return text[0] == '-' ? -INFINITY : INFINITY;
    return strtod(text, NULL);
}

/* What the table of parameters says of a column. */
static double param_of(const struct peer *peer, const char *id, const char *column)
{
    for (size_t i = 0; i < peer->params.rows; i++)
        if (strcmp(cell(&peer->params, i, peer->key), id) == 0) {
            const char *text = cell(&peer->params, i, column);
            assert_non_null(text);
            return strcmp(text, "TRUE") == 0 ? 1 : number(text);
        }
    fail_msg("no parameters of %s", id);
    return NAN;
}

/* ---- the model ---- */

/* Every column but `skip` and `time` is a root. */
static void build_model(struct peer *peer, const char *skip, const char *direction)
{
    struct mq_model *model = &peer->model;

    *model = (struct mq_model){.path = "peer",
                               .directory = "",
                               .node = peer->node,
                               .order = peer->order,
                               .level = peer->level,
                               .levels = 1};
    peer->level[0] = (struct mq_level){.id = "unit", .title = "unit", .rollup = {.of = -1}};
    for (size_t k = 0; k < peer->input.columns; k++) {
        const char *id = peer->input.header[k];
        if (strcmp(id, skip) == 0 || strcmp(id, "time") == 0)
            continue;
        assert_true(model->nodes < MAX_COLUMNS);
        peer->order[model->nodes] = (int)model->nodes;
        peer->node[model->nodes++] = (struct mq_node){
            .id = id,
            .title = id,
            .unit = "",
            .parent = -1,
            .leaf = true,
            .weight = {1, 1},
            .direction = direction && param_of(peer, id, direction) < 0 ? MQ_DOWN : MQ_UP,
            .weigh = {.method = -1},
            .combine = {.method = -1},
            .impute = {.method = -1},
            .treat = {.method = -1}};
    }
}

static struct mq_frame *build_frame(struct peer *peer, const char *skip)
{
    size_t periods = 0;
    struct mq_frame *frame = mq_frame_alloc(&peer->model, 8, peer->input.rows);

    assert_non_null(frame);
    for (size_t i = 0; i < peer->input.rows; i++) {
        const char *time = cell(&peer->input, i, "time"), *period = time ? time : "2018";
        if (periods == 0 || strcmp(frame->period[periods - 1], period) != 0)
            frame->period[periods++] = period;
        frame->unit[i] = (struct mq_unit){.period = (uint32_t)periods - 1,
                                          .code = cell(&peer->input, i, skip),
                                          .name = "",
                                          .enterprises = 1};
        for (size_t k = 0; k < peer->model.nodes; k++) {
            double value = number(cell(&peer->input, i, peer->node[k].id));
            bool turn = peer->directed && peer->node[k].direction == MQ_DOWN;
            fixture_set(frame, i, (int)k, turn ? -value : value);
        }
    }
    frame->periods = periods;
    return frame;
}

/* "scale=$goalpost_scale unit=CHE cap=1": $ looks the number up for each column, letters are a
 * text. */
static void choose(struct peer *peer, size_t node, const char *method, const char *params)
{
    struct mq_node *to = &peer->node[node];
    char *rest = NULL, *words = mq_arena_string(&peer->arena, params, strlen(params));
    const struct mq_method *row;

    to->normalise = (struct mq_choice){.method = fixture_method(MQ_NORMALISE, method),
                                       .argument = peer->argument[node]};
    row = &mq_normalisers[to->normalise.method]->method;
    to->reference = row->data_driven ? MQ_REFERENCE_EACH : MQ_REFERENCE_FIXED;
    for (int i = 0; row->params && row->params[i].name; i++)
        to->normalise.param[i] = row->params[i].fallback;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        int found = -1;
        *value++ = 0;
        for (int i = 0; row->params[i].name; i++)
            if (strcmp(row->params[i].name, word) == 0)
                found = i;
        assert_true(found >= 0);
        to->normalise.given[found] = true;
        peer->argument[node][found].text = value;
        to->normalise.param[found] =
            value[0] == '$' ? param_of(peer, to->id, value + 1) : strtod(value, NULL);
    }
}

/* ---- where the peer is wrong ---- */

enum verdict { SAME, TURNED, NONE };

/* What a peer's number of this column is worth, by the method asked for. */
static enum verdict judge(const struct peer *peer, const struct mq_frame *frame, size_t node,
                          const char *method, const char *unit)
{
    double least = INFINITY, greatest = -INFINITY, named = NAN;

    for (size_t i = 0; i < frame->units; i++) {
        double value = mq_directed(&peer->node[node], frame->value[i * peer->model.nodes + node]);
        least = fmin(least, value);
        greatest = fmax(greatest, value);
        if (strcmp(frame->unit[i].code, unit) == 0)
            named = value;
    }
    /* COINr's n_fracmax divides by max(-x) where less is better: that is negative, and turns the
     * order round, or 0, and gives Inf and NaN. */
    if (strcmp(method, "fraction_of_max") == 0 && greatest <= 0)
        return greatest < 0 ? TURNED : NONE;
    /* COINr's n_dist2ref divides by 0 where the unit compared with is the worst itself: Inf and
     * NaN, and after the cap 1 for all others. */
    if (strcmp(method, "distance_to_reference") == 0 && !(named > least))
        return NONE;
    return SAME;
}

/* ---- comparing ---- */

struct setting {
    const char *method, *params, *file; /* file part */
    int only;                           /* MQ_UP, MQ_DOWN, -1: both */
    double add;                         /* what the peer has more */
    const char *reference;              /* period, or NULL */
};

static void compare_number(struct peer *peer, const char *file, size_t row, double found,
                           double wanted)
{
    double difference = fabs(found - wanted) / (wanted != 0 ? fabs(wanted) : 1);

    if (isnan(found) != isnan(wanted) || difference > 1e-9)
        fail_msg("%s, row %zu: %.17g found, %.17g wanted", file, row + 2, found, wanted);
    if (!isnan(wanted))
        peer->worst = fmax(peer->worst, difference);
    peer->numbers++;
}

static void compare_column(struct peer *peer, const struct mq_scores *scores,
                           const struct mq_table *table, size_t node, const struct setting *setting)
{
    const char *named = strstr(setting->params, "unit=");
    char unit[8] = "";
    enum verdict verdict;

    if (named)
        snprintf(unit, sizeof unit, "%.3s", named + 5);
    verdict = judge(peer, scores->frame, node, setting->method, unit);
    peer->turned += verdict == TURNED;
    peer->none += verdict == NONE;
    for (size_t i = 0; i < table->rows; i++) {
        const struct mq_score *score = &scores->score[i * peer->model.nodes + node];
        double raw = scores->frame->value[i * peer->model.nodes + node];
        double wanted = number(cell(table, i, peer->node[node].id));
        if (verdict == NONE) {
            assert_true(isnan(score->value));
            if (!isnan(raw))
                assert_int_equal(score->reason, MQ_NO_GOALPOSTS);
            continue;
        }
        compare_number(peer, setting->file, i, score->value + setting->add,
                       verdict == TURNED ? -wanted : wanted);
    }
}

/* Every column of one file; nothing if it is not there. */
static void try_setting(struct peer *peer, const char *skip, const char *file,
                        const struct setting *setting)
{
    struct mq_table table = {0};
    struct mq_scores *scores = NULL;
    struct mq_frame *frame;
    struct mq_error error = {0};

    if (!read_csv(peer, file, &table))
        return;
    frame = build_frame(peer, skip);
    for (size_t k = 0; k < peer->model.nodes; k++) {
        choose(peer, k, setting->method, setting->params);
        if (setting->reference) {
            peer->node[k].reference = MQ_REFERENCE_PERIOD;
            peer->node[k].reference_period = setting->reference;
        }
    }
    if (mq_scores_new(frame, NULL, &scores, &error) != MQ_OK)
        fail_msg("%s: %s", setting->file, error.message);
    assert_int_equal(table.rows, frame->units);
    for (size_t i = 0; cell(&table, 0, skip) && i < table.rows; i++)
        assert_string_equal(cell(&table, i, skip), frame->unit[i].code);
    for (size_t k = 0; k < peer->model.nodes; k++)
        if (setting->only < 0 || setting->only == (int)peer->node[k].direction)
            compare_column(peer, scores, &table, k, setting);
    peer->files++;
    mq_scores_free(scores);
    mq_frame_free(frame);
    mq_table_clear(&table);
}

static void finish(struct peer *peer)
{
    mq_table_clear(&peer->input);
    mq_table_clear(&peer->params);
    mq_arena_clear(&peer->arena);
}

/* ---- COINr ---- */

static const struct setting coinr[] = {
    {"minmax", "low=0 high=100", "minmax_0_100", -1, 0, NULL},
    {"minmax", "low=1 high=100", "minmax_1_100", -1, 0, NULL},
    {"zscore", "", "zscore_0_1", -1, 0, NULL},
    {"zscore", "mean=100 sd=10", "zscore_100_10", -1, 0, NULL},
    {"rank", "", "rank", -1, 0, NULL},
    {"rank", "ties=1", "rank_average", -1, 0, NULL},
    {"borda", "", "borda", -1, 0, NULL},
    {"percentile_rank", "", "prank", -1, 0, NULL},
    {"percentile_rank", "ties=1", "prank_average", -1, 0, NULL},
    {"distance_to_max", "", "dist2max", -1, 0, NULL},
    {"distance_to_reference", "unit=CHE", "dist2ref_CHE", -1, 0, NULL},
    {"distance_to_reference", "unit=CHE cap=1", "dist2ref_CHE_cap", -1, 0, NULL},
    {"distance_to_target", "target=$Target cap=$dist2targ_cap_max", "dist2targ_imeta", -1, 0, NULL},
    {"fraction_of_max", "", "fracmax", -1, 0, NULL},
    {"goalposts",
     "lower=$goalpost_lower upper=$goalpost_upper scale=$goalpost_scale "
     "truncate=$goalpost_trunc2posts",
     "goalposts_imeta", -1, 0, NULL},
    {"scaled", "from=$scaled_lower to=$scaled_upper scale=$scale_factor", "scaled_imeta", -1, 0,
     NULL},
    {"zscore", "mean=$zscore_mean sd=$zscore_sd", "zscore_imeta", -1, 0, NULL},
};

static struct peer try_coinr(const char *folder, const char *source)
{
    struct peer peer = {.folder = folder, .key = "iCode", .directed = true};
    char name[160];

    snprintf(name, sizeof name, "B_normalise/%s_none.csv", source);
    assert_true(read_csv(&peer, name, &peer.input));
    assert_true(read_csv(&peer, "B_normalise/imeta_params.csv", &peer.params));
    build_model(&peer, "uCode", "Direction");
    for (size_t i = 0; i < sizeof coinr / sizeof *coinr; i++) {
        snprintf(name, sizeof name, "B_normalise/%s_%s.csv", source, coinr[i].file);
        try_setting(&peer, "uCode", name, &coinr[i]);
    }
    finish(&peer);
    return peer;
}

/* ---- pymcdm ---- */

/* Not compared: `max` and `sum` of costs, which pymcdm turns by 1 - x / max and (1/x) / sum(1/x)
 * where we change the sign; its other four methods have no row here. */
static const struct setting pymcdm[] = {
    {"minmax", "low=0 high=1", "minmax", -1, 0, NULL},
    {"extreme_ratio", "", "linear", -1, 0, NULL},
    {"fraction_of_max", "", "linear", MQ_UP, 0, NULL},
    {"sum_ratio", "", "sum", MQ_UP, 0, NULL},
    {"vector", "", "vector", MQ_UP, 0, NULL},
    {"vector", "", "vector", MQ_DOWN, 1, NULL}, /* 1 - x / |x|: ours plus 1 */
};

static struct peer try_pymcdm(const char *folder)
{
    struct peer peer = {.folder = folder, .key = "crit"};
    char name[160];

    assert_true(read_csv(&peer, "input_40x8.csv", &peer.input));
    assert_true(read_csv(&peer, "types.csv", &peer.params));
    build_model(&peer, "id", "type");
    for (size_t i = 0; i < sizeof pymcdm / sizeof *pymcdm; i++) {
        snprintf(name, sizeof name, "norm_%s_normalization.csv", pymcdm[i].file);
        try_setting(&peer, "id", name, &pymcdm[i]);
    }
    finish(&peer);
    return peer;
}

/* ---- Compind ---- */

static const struct setting compind[] = {
    {"zscore", "mean=100 sd=10", "nuts1_norm_z100_10", -1, 0, NULL},
    {"minmax", "low=0 high=1", "nuts1_norm_minmax", -1, 0, NULL},
    {"rank", "ties=1", "nuts1_norm_rank_average", -1, 0, NULL},
};
static const struct setting compind_ampi[] = {
    {"ampi", "", "ampi_norm", -1, 0, "2021"},     /* the mean of 2021 is the reference */
    {"ampi", "at=$gp", "ampi_norm", -1, 0, NULL}, /* the same written */
};

static struct peer try_compind(const char *folder)
{
    struct peer peer = {.folder = folder, .key = "ind"};
    char name[160];

    assert_true(read_csv(&peer, "EU_NUTS1_input.csv", &peer.input));
    build_model(&peer, "NUTS1", NULL);
    peer.model.nodes = 2;             /* roads and trains; then come places */
    peer.node[0].direction = MQ_DOWN; /* Compind was run with polarity NEG, POS */
    for (size_t i = 0; i < sizeof compind / sizeof *compind; i++) {
        snprintf(name, sizeof name, "%s.csv", compind[i].file);
        try_setting(&peer, "NUTS1", name, &compind[i]);
    }
    finish(&peer);
    return peer;
}

/* Three years, one direction down. */
static struct peer try_compind_ampi(const char *folder)
{
    struct peer peer = {.folder = folder, .key = "ind"};

    assert_true(read_csv(&peer, "ampi_in.csv", &peer.input));
    assert_true(read_csv(&peer, "ampi_gp.csv", &peer.params));
    build_model(&peer, "id", NULL);
    for (size_t k = 0; k < peer.model.nodes; k++)
        if (strcmp(cell(&peer.params, k, "pol"), "NEG") == 0)
            peer.node[k].direction = MQ_DOWN;
    for (size_t i = 0; i < 2; i++)
        try_setting(&peer, "id", "ampi_norm.csv", &compind_ampi[i]);
    finish(&peer);
    return peer;
}

/* ---- the tests ---- */

static void test_carried(void **state)
{
    static const char oracle[] = MQCI_SOURCE_DIR "/tests/oracle";
    char folder[1024];
    struct peer peer;

    (void)state;
    snprintf(folder, sizeof folder, "%s/coinr", oracle);
    peer = try_coinr(folder, "raw");
    assert_int_equal(peer.files, 14);
    assert_int_equal(peer.turned, 3); /* fracmax of Palma, FreePress and TolMin */
    assert_int_equal(peer.none, 1);   /* fracmax of Poverty, whose least value is 0 */
    assert_int_equal(peer.numbers, 14 * 51 * 9 - 51);
    snprintf(folder, sizeof folder, "%s/pymcdm", oracle);
    assert_int_equal(try_pymcdm(folder).numbers, 40 * (8 + 8 + 6 + 6 + 8));
    snprintf(folder, sizeof folder, "%s/compind", oracle);
    assert_int_equal(try_compind(folder).numbers, 34 * 2 * 3);
    assert_int_equal(try_compind_ampi(folder).numbers, 60 * 3 * 2);
}

/* The whole set, where it is. */
static bool find_shared(char *folder, size_t size)
{
    const char *places[] = {getenv("MQCI_SHARED"), MQCI_SOURCE_DIR "/../shared"};

    for (size_t i = 0; i < 2; i++)
        if (places[i]) {
            snprintf(folder, size, "%s/oracles", places[i]);
            if (access(folder, R_OK) == 0)
                return true;
        }
    return false;
}

static void test_whole_set(void **state)
{
    char folder[900], part[1024];
    struct peer peers[5];
    size_t files = 0, numbers = 0;
    double worst = 0;

    (void)state;
    if (!find_shared(folder, sizeof folder)) {
        print_message("skipped: no folder of reference numbers\n");
        skip();
    }
    peers[0] = try_coinr(folder, "raw");
    peers[1] = try_coinr(folder, "treated");
    snprintf(part, sizeof part, "%s/mcdm", folder);
    peers[2] = try_pymcdm(part);
    snprintf(part, sizeof part, "%s/compind", folder);
    peers[3] = try_compind(part);
    peers[4] = try_compind_ampi(part);
    for (size_t i = 0; i < 5; i++) {
        files += peers[i].files;
        numbers += peers[i].numbers;
        worst = fmax(worst, peers[i].worst);
    }
    print_message("%zu files, %zu numbers agree, largest relative difference %.2g\n", files,
                  numbers, worst);
    print_message("COINr fracmax turned round: %zu columns; COINr Inf or NaN, here a reason: %zu\n",
                  peers[0].turned + peers[1].turned, peers[0].none + peers[1].none);
    assert_true(numbers > 75000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carried),
        cmocka_unit_test(test_whole_set),
    };

    return cmocka_run_group_tests_name("normalisers of other tools", tests, NULL, NULL);
}
