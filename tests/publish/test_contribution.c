/* What a change of the index is made of: parts that add up as printed, whatever the model. */
#include "publish/contribution.h"
#include "realistic.h"
#include "support.h"

/* In (0, 1); the same sequence every time. */
static double chance(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static int64_t scaled(const struct mq_sheet_cell *cell, int decimals)
{
    char digits[64] = "";
    const char *text = cell->text;
    bool minus = strncmp(text, "−", strlen("−")) == 0;
    snprintf(digits, sizeof digits, "%s%s", minus ? "-" : "", minus ? text + strlen("−") : text);
    int64_t value = 0;
    assert_int_equal(mq_decimal_parse(digits, strlen(digits), decimals, &value), MQ_NUMBER_OK);
    double real = (double)value;
    for (int i = 0; i < decimals; i++)
        real /= 10;
    assert_close(cell->value, real, 1e-12);
    return value;
}

/* Adds up the printed parts and the rest. */
static void adds_up(const struct mq_contributions *made, int decimals)
{
    int64_t sum = 0;
    assert_true(made->known);
    for (size_t i = 0; i < made->count; i++)
        if (isfinite(made->part[i].cell.value)) {
            assert_int_equal(made->part[i].symbol, -1);
            sum += scaled(&made->part[i].cell, decimals);
        } else
            assert_true(made->part[i].symbol >= 0);
    if (made->rest.text[0])
        sum += scaled(&made->rest, decimals);
    assert_true(sum == scaled(&made->total, decimals));
    assert_true(sum == scaled(&made->to, decimals) - scaled(&made->from, decimals));
}

static int method_named(const char *name)
{
    for (size_t i = 0; i < mq_combiners_count; i++)
        if (strcmp(mq_combiners[i]->method.name, name) == 0)
            return (int)i;
    fail_msg("no combiner %s", name);
    return -1;
}

/* Scores of parents from those of their children, weights scaled up where one is missing. */
static void recombine(struct realistic *set, size_t unit, const double *written)
{
    size_t nodes = set->model.nodes;
    for (size_t i = nodes; i-- > 0;) {
        const struct mq_node *node = &set->model.node[i];
        double present = 0, sum = 0, logs = 0;
        if (node->leaf)
            continue;
        for (size_t c = 0; c < node->children; c++)
            if (!isnan(set->scores.score[unit * nodes + (size_t)node->child[c]].value))
                present += written[node->child[c]];
        for (size_t c = 0; c < node->children; c++) {
            size_t child = unit * nodes + (size_t)node->child[c];
            double score = set->scores.score[child].value;
            set->scores.weight[child] = isnan(score) ? NAN : written[node->child[c]] / present;
            if (isnan(score))
                continue;
            sum += set->scores.weight[child] * score;
            logs += set->scores.weight[child] * log(score);
        }
        bool geometric = node->combine.method >= 0;
        set->scores.score[unit * nodes + i].value = present == 0 ? NAN
                                                    : geometric  ? exp(logs)
                                                                 : sum;
        set->scores.score[unit * nodes + i].reason = present == 0 ? MQ_MISSING_CHILDREN : MQ_FINE;
    }
}

static void random_scores(struct realistic *set, uint64_t *state, double missing)
{
    size_t nodes = set->model.nodes;
    double written[64];
    for (size_t i = 0; i < nodes; i++)
        written[i] = 0.05 + chance(state);
    for (size_t unit = 0; unit < set->frame.units; unit++) {
        for (size_t i = 0; i < nodes; i++)
            if (set->model.node[i].leaf) {
                size_t cell = unit * nodes + i;
                bool none = chance(state) < missing;
                set->scores.score[cell].value = none ? NAN : 60 + 40 * chance(state);
                set->scores.score[cell].reason = none ? MQ_NOT_REPORTED : MQ_FINE;
                if (none)
                    set->frame.value[cell] = NAN;
            }
        recombine(set, unit, written);
    }
    realistic_rank(set);
}

/* The parts by the formula of the header, each from scratch; what they leave. */
static double exact_part(const struct realistic *set, const struct mq_side side[2], int node,
                         double middle)
{
    double weight[2], score[2];
    for (int s = 0; s < 2; s++) {
        weight[s] = 1;
        for (int at = node; set->model.node[at].parent >= 0; at = set->model.node[at].parent) {
            double own = set->scores.weight[side[s].unit * set->model.nodes + (size_t)at];
            weight[s] *= isnan(own) ? 0 : own;
        }
        score[s] = set->scores.score[side[s].unit * set->model.nodes + (size_t)node].value;
    }
    if (isnan(score[0]) && isnan(score[1]))
        return 0;
    if (isnan(score[0])) /* new: its weight times how far it is from the whole */
        return weight[1] * (score[1] - middle);
    if (isnan(score[1]))
        return -weight[0] * (score[0] - middle);
    return weight[1] * (score[1] - middle) - weight[0] * (score[0] - middle);
}

static void compare_with_formula(const struct realistic *set, const struct mq_side side[2],
                                 const struct mq_contributions *made)
{
    size_t nodes = set->model.nodes;
    double middle = (set->scores.score[side[0].unit * nodes].value +
                     set->scores.score[side[1].unit * nodes].value) /
                    2;
    for (size_t i = 0; i < made->count; i++)
        if (isfinite(made->part[i].cell.value))
            assert_true(
                fabs(made->part[i].cell.value - exact_part(set, side, made->part[i].node, middle)) <
                1.0001 * pow(10, -set->model.decimals));
}

static void random_models_add_up(void **unused)
{
    (void)unused;
    uint64_t state = 1;
    int split = 0;
    for (int round = 0; round < 40; round++) {
        struct realistic set;
        struct mq_release release;
        struct mq_error error = {0};
        realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
        set.model.decimals = round % 5;
        set.model.rounding = round % 2 ? MQ_HALF_EVEN : MQ_HALF_UP;
        random_scores(&set, &state, round < 10 ? 0 : 0.25);
        assert_int_equal(mq_release_new(&set.scores, NULL, &release, &error), MQ_OK);
        int node[64];
        for (int leaves = 0; leaves < 2; leaves++) {
            size_t count = mq_contribution_nodes(&release, leaves, node);
            assert_int_equal(count, leaves ? 12 : 6);
            for (size_t i = 0; i < release.level[1].count; i++) {
                const struct mq_line *line = &release.level[1].line[i];
                struct mq_side side[2] = {mq_side_before(&release, line), mq_side_now(line)};
                struct mq_arena arena = MQ_ARENA_EMPTY;
                struct mq_contributions made;
                assert_int_equal(mq_contributions_new(&release, side, node, count, &arena, &made),
                                 MQ_OK);
                adds_up(&made, set.model.decimals);
                assert_string_equal(made.rest.text, ""); /* means of means leave nothing */
                compare_with_formula(&set, side, &made);
                split++;
                /* a city beside the province */
                side[0] = mq_side_now(&release.top);
                assert_int_equal(mq_contributions_new(&release, side, node, count, &arena, &made),
                                 MQ_OK);
                adds_up(&made, set.model.decimals);
                compare_with_formula(&set, side, &made);
                mq_arena_clear(&arena);
            }
        }
        mq_release_clear(&release);
        realistic_clear(&set);
    }
    assert_int_equal(split, 40 * 2 * 14);
}

static struct mq_contributions split_top(const struct mq_release *release, bool leaves,
                                         struct mq_arena *arena)
{
    int node[64];
    struct mq_contributions made;
    struct mq_side side[2] = {mq_side_before(release, &release->top), mq_side_now(&release->top)};
    size_t count = mq_contribution_nodes(release, leaves, node);
    assert_int_equal(mq_contributions_new(release, side, node, count, arena, &made), MQ_OK);
    return made;
}

struct opened {
    struct realistic set;
    struct mq_release release;
    struct mq_arena arena;
};

static void open_flat(struct opened *opened, const double before[5], const double now[5])
{
    *opened = (struct opened){0};
    realistic_new(&(struct realistic_options){.periods = 2, .flat = true, .no_matrix = true},
                  &opened->set);
    struct realistic *set = &opened->set;
    for (size_t period = 0; period < 2; period++) {
        size_t unit = realistic_unit(set, period, "province", "");
        double written[6] = {1, 0.2, 0.2, 0.2, 0.2, 0.2};
        for (size_t i = 1; i < 6; i++)
            set->scores.score[unit * 6 + i].value = (period ? now : before)[i - 1];
        recombine(set, unit, written);
    }
}

static void settle(struct opened *opened)
{
    struct mq_error error = {0};
    realistic_rank(&opened->set);
    assert_int_equal(mq_release_new(&opened->set.scores, NULL, &opened->release, &error), MQ_OK);
}

static void close_opened(struct opened *opened)
{
    mq_arena_clear(&opened->arena);
    mq_release_clear(&opened->release);
    realistic_clear(&opened->set);
}

/* Two equal parts of 0.025 and one of -0.02 make 0.03: the earlier takes the odd unit. */
static void ties_go_to_the_earlier_node(void **unused)
{
    (void)unused;
    struct opened opened;
    open_flat(&opened, (const double[]){80, 80, 80, 80, 80},
              (const double[]){80.125, 80.125, 80, 80, 79.9});
    settle(&opened);
    struct mq_contributions made = split_top(&opened.release, true, &opened.arena);
    assert_string_equal(made.from.text, "80.00");
    assert_string_equal(made.to.text, "80.03");
    assert_string_equal(made.total.text, "+0.03");
    assert_string_equal(made.part[0].cell.text, "+0.03");
    assert_string_equal(made.part[1].cell.text, "+0.02");
    assert_string_equal(made.part[2].cell.text, "0.00");
    assert_string_equal(made.part[3].cell.text, "0.00");
    assert_string_equal(made.part[4].cell.text, "−0.02");
    assert_string_equal(made.rest.text, "");
    close_opened(&opened);
}

/* 80.025 prints 80.03 half up and 80.02 half to even: the parts follow the printed difference. */
static void half_to_even_is_followed(void **unused)
{
    (void)unused;
    for (int even = 0; even < 2; even++) {
        struct opened opened;
        open_flat(&opened, (const double[]){80, 80, 80, 80, 80},
                  (const double[]){80.125, 80, 80, 80, 80});
        opened.set.model.rounding = even ? MQ_HALF_EVEN : MQ_HALF_UP;
        settle(&opened);
        struct mq_contributions made = split_top(&opened.release, true, &opened.arena);
        assert_string_equal(made.total.text, even ? "+0.02" : "+0.03");
        assert_string_equal(made.part[0].cell.text, even ? "+0.02" : "+0.03");
        adds_up(&made, 2);
        close_opened(&opened);
    }
}

/* A leaf that was not reported: it gives its weight times its distance to the whole, and the others
 * do not pay for it. */
static void a_new_indicator_counts_as_far_as_it_is_better(void **unused)
{
    (void)unused;
    struct opened opened;
    open_flat(&opened, (const double[]){NAN, 80, 80, 80, 80}, (const double[]){90, 80, 80, 80, 80});
    settle(&opened);
    struct mq_contributions made = split_top(&opened.release, true, &opened.arena);
    /* 80.00 -> 82.00, S = 81: 0.2 * (90 - 81) = 1.8; -0.05 * (80 - 81) = 0.05 each */
    assert_string_equal(made.total.text, "+2.00");
    assert_true(made.reweighed);
    assert_string_equal(made.part[0].cell.text, "+1.80");
    for (int i = 1; i < 5; i++)
        assert_string_equal(made.part[i].cell.text, "+0.05");
    close_opened(&opened);

    open_flat(&opened, (const double[]){NAN, 80, 80, 80, 80},
              (const double[]){NAN, 84, 80, 80, 80});
    settle(&opened);
    made = split_top(&opened.release, true, &opened.arena);
    assert_true(isnan(made.part[0].cell.value));
    assert_int_equal(made.part[0].symbol, MQ_NOT_REPORTED);
    assert_false(made.reweighed);
    assert_string_equal(made.part[0].cell.text, "…");
    assert_string_equal(made.part[1].cell.text, "+1.00");
    close_opened(&opened);
}

/* What may not be shown is in the rest, and nowhere else. */
static void withheld_nodes_are_in_the_rest(void **unused)
{
    (void)unused;
    for (int side = 0; side < 2; side++) {
        struct opened opened;
        open_flat(&opened, (const double[]){80, 80, 80, 80, 80},
                  (const double[]){90, 85, 80, 80, 80});
        struct realistic *set = &opened.set;
        set->model.min_enterprises = 3;
        size_t unit = realistic_unit(set, (size_t)side, "province", "");
        set->frame.coverage[unit * 6 + 1] = 2.0 / (double)set->frame.unit[unit].enterprises;
        settle(&opened);
        struct mq_contributions made = split_top(&opened.release, true, &opened.arena);
        assert_string_equal(made.total.text, "+3.00");
        assert_string_equal(made.part[0].cell.text, "*");
        assert_int_equal(made.part[0].symbol, MQ_WITHHELD);
        assert_string_equal(made.part[1].cell.text, "+1.00");
        assert_string_equal(made.rest.text, "+2.00");
        assert_string_equal(made.rest_name, "合成方式及其他");
        adds_up(&made, 2);
        close_opened(&opened);
    }
}

static void a_withheld_unit_has_no_parts(void **unused)
{
    (void)unused;
    struct opened opened;
    open_flat(&opened, (const double[]){80, 80, 80, 80, 80}, (const double[]){90, 85, 80, 80, 80});
    opened.set.model.min_enterprises = 1000000;
    settle(&opened);
    struct mq_contributions made = split_top(&opened.release, true, &opened.arena);
    assert_false(made.known);
    assert_int_equal(made.count, 0);
    struct mq_side side[2] = {{MQ_NO_UNIT, false}, {0, false}};
    int node[] = {1};
    assert_int_equal(mq_contributions_new(&opened.release, side, node, 1, &opened.arena, &made),
                     MQ_OK);
    assert_false(made.known);
    close_opened(&opened);
}

/* A geometric mean: the parts are those of the arithmetic one, the rest is the method. */
static void methods_leave_a_rest(void **unused)
{
    (void)unused;
    struct opened opened;
    open_flat(&opened, (const double[]){80, 80, 80, 80, 80}, (const double[]){100, 64, 80, 80, 80});
    opened.set.model.node[0].combine.method = method_named("geometric");
    double written[6] = {1, 0.2, 0.2, 0.2, 0.2, 0.2};
    recombine(&opened.set, realistic_unit(&opened.set, 1, "province", ""), written);
    settle(&opened);
    struct mq_contributions made = split_top(&opened.release, true, &opened.arena);
    assert_string_equal(made.total.text, "0.00"); /* 100 * 64 = 80 * 80 */
    assert_string_equal(made.part[0].cell.text, "+4.00");
    assert_string_equal(made.part[1].cell.text, "−3.20");
    assert_string_equal(made.rest.text, "−0.80");
    adds_up(&made, 2);
    mq_arena_clear(&opened.arena);

    /* ranks and distances are no scores of the nodes' kind: all of it is the method's */
    opened.set.model.node[0].combine.method = method_named("topsis");
    realistic_score(&opened.set, realistic_unit(&opened.set, 1, "province", ""), "index")->value =
        81.5;
    made = split_top(&opened.release, true, &opened.arena);
    assert_string_equal(made.rest.text, "+1.50");
    for (size_t i = 0; i < made.count; i++) {
        assert_true(isnan(made.part[i].cell.value));
        assert_int_equal(made.part[i].symbol, MQ_UNDEFINED);
    }
    close_opened(&opened);
}

/* --against: scores of an earlier run, without its weights. */
static void an_earlier_run_has_the_weights_of_this_one(void **unused)
{
    (void)unused;
    struct realistic set;
    struct mq_release release;
    struct mq_error error = {0};
    struct mq_arena arena = MQ_ARENA_EMPTY;
    realistic_new(
        &(struct realistic_options){
            .periods = 1, .flat = true, .no_matrix = true, .min_enterprises = 3},
        &set);
    size_t unit = realistic_unit(&set, 0, "province", "");
    double sum = 0;
    for (size_t i = 1; i < 6; i++) {
        set.scores.score[unit * 6 + i].previous = set.scores.score[unit * 6 + i].value - (double)i;
        sum += 0.2 * (double)i;
    }
    set.scores.score[unit * 6].previous = set.scores.score[unit * 6].value - sum;
    for (size_t i = 0; i < 6; i++)
        set.scores.score[unit * 6 + i].previous_enterprises = i == 5 ? 2 : 30;
    assert_int_equal(mq_release_new(&set.scores, NULL, &release, &error), MQ_OK);
    struct mq_contributions made = split_top(&release, true, &arena);
    static const char *const wanted[] = {"+0.20", "+0.40", "+0.60", "+0.80", "*"};
    assert_string_equal(made.total.text, "+3.00");
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(made.part[i].cell.text, wanted[i]);
    assert_string_equal(made.rest.text, "+1.00"); /* was too small then */
    mq_arena_clear(&arena);
    mq_release_clear(&release);
    realistic_clear(&set);
}

static void english_names_the_rest(void **unused)
{
    (void)unused;
    struct realistic set;
    struct mq_release release;
    struct mq_error error = {0};
    struct mq_arena arena = MQ_ARENA_EMPTY;
    realistic_new(&(struct realistic_options){.periods = 2, .english = true, .no_matrix = true},
                  &set);
    assert_int_equal(mq_release_new(&set.scores, NULL, &release, &error), MQ_OK);
    assert_string_equal(split_top(&release, false, &arena).rest_name, "method and other");
    mq_arena_clear(&arena);
    mq_release_clear(&release);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_models_add_up),
        cmocka_unit_test(ties_go_to_the_earlier_node),
        cmocka_unit_test(half_to_even_is_followed),
        cmocka_unit_test(a_new_indicator_counts_as_far_as_it_is_better),
        cmocka_unit_test(withheld_nodes_are_in_the_rest),
        cmocka_unit_test(a_withheld_unit_has_no_parts),
        cmocka_unit_test(methods_leave_a_rest),
        cmocka_unit_test(an_earlier_run_has_the_weights_of_this_one),
        cmocka_unit_test(english_names_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
