/* Every published number of every period, against the scores; what may not be shown is not there.
 */
#include "data_fixture.h"

static const struct mq_data_cell *find(const struct mq_data *data, const struct realistic *set,
                                       size_t unit, size_t node, enum mq_measure measure)
{
    const struct mq_unit *self = &set->frame.unit[unit];
    return mq_data_find(data, set->model.node[node].id, set->model.level[self->level].id,
                        self->code, set->frame.period[self->period], measure);
}

/* A minus as the tables print it, changes with their plus. */
static void check_text(const struct mq_data_cell *cell, enum mq_measure measure)
{
    if (isnan(cell->value)) {
        assert_string_equal(cell->text, "");
        return;
    }
    const char *digits = cell->text;
    bool minus = strncmp(digits, "−", strlen("−")) == 0;
    assert_int_equal(minus, cell->value < 0);
    assert_int_equal(digits[0] == '+', measure == MQ_MEASURE_CHANGE && cell->value > 0);
    digits += minus ? strlen("−") : digits[0] == '+';
    assert_close(strtod(digits, NULL), fabs(cell->value), 1e-12);
}

static void check_all(const struct realistic *set, const struct mq_data *data)
{
    size_t shown = 0, withheld = 0, changes = 0;
    for (size_t unit = 0; unit < set->frame.units; unit++)
        for (size_t node = 0; node < set->model.nodes; node++)
            for (int measure = 0; measure < MQ_MEASURES; measure++) {
                const struct mq_data_cell *cell =
                    find(data, set, unit, node, (enum mq_measure)measure);
                assert_non_null(cell);
                char digits[64] = "";
                if (!isnan(cell->value)) {
                    bool minus = strncmp(cell->text, "−", 3) == 0;
                    snprintf(digits, sizeof digits, "%s%s", minus ? "-" : "",
                             cell->text + (minus ? 3 : cell->text[0] == '+'));
                }
                fixture_check(set, unit, node, (enum mq_measure)measure, digits);
                check_text(cell, (enum mq_measure)measure);
                shown += digits[0] != '\0';
                changes += measure == MQ_MEASURE_CHANGE && digits[0];
                if (fixture_withheld(set, unit, node) &&
                    (measure != MQ_MEASURE_VALUE || set->model.node[node].leaf)) {
                    assert_int_equal(cell->reason, MQ_WITHHELD);
                    withheld++;
                }
            }
    assert_true(shown > 1000 && withheld > 60 && changes > 300);
}

static void all_numbers_of_all_periods(void **state)
{
    (void)state;
    for (int axes = 2; axes <= 3; axes++) {
        struct realistic set;
        fixture_new(&set, false);
        if (axes == 3)
            fixture_three_axes(&set);
        struct mq_publication *publication = fixture_publication(&set);
        assert_int_equal(publication->data->periods, 3);
        assert_string_equal(publication->data->period[0].name, "2022年");
        assert_int_equal(publication->data->level[3].axes, axes);
        check_all(&set, publication->data);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void units_and_nodes_are_in_order(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, true);
    struct mq_publication *publication = fixture_publication(&set);
    const struct mq_data *data = publication->data;
    assert_int_equal(data->nodes, set.model.nodes);
    for (size_t i = 0; i < data->nodes; i++) {
        assert_true(data->node[i].parent < (int)i);
        int parent = set.model.node[i].parent;
        assert_int_equal(data->node[i].parent < 0, parent < 0);
        if (parent >= 0)
            assert_string_equal(data->node[data->node[i].parent].id, set.model.node[parent].id);
        assert_string_equal(data->node[i].score_unit, "points");
    }
    for (size_t l = 0; l < data->levels; l++)
        for (size_t i = 1; i < data->level[l].units; i++)
            assert_true(strcmp(data->level[l].unit[i - 1].code, data->level[l].unit[i].code) < 0);
    assert_string_equal(data->level[1].unit[1].name, NASTY);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* A city that is there in some periods only: no numbers, and no change, where it is not. */
static void a_unit_may_be_missing_in_a_period(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    size_t gone = fixture_unit(&set, "2023", "city", "200500");
    set.frame.unit[gone].code = "299999";
    struct mq_publication *publication = fixture_publication(&set);
    const struct mq_data *data = publication->data;
    const struct mq_data_cell *cell =
        mq_data_find(data, "mqci", "city", "200500", "2023", MQ_MEASURE_SCORE);
    assert_int_equal(cell->reason, MQ_REASONS);
    assert_true(isnan(cell->value));
    cell = mq_data_find(data, "mqci", "city", "200500", NULL, MQ_MEASURE_CHANGE);
    assert_int_equal(cell->reason, MQ_NO_PREVIOUS);
    assert_true(isnan(cell->value));
    cell = mq_data_find(data, "mqci", "city", "299999", "2024", MQ_MEASURE_SCORE);
    assert_int_equal(cell->reason, MQ_REASONS);
    assert_int_equal(data->level[1].units, 6);
    check_all(&set, data);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Withheld in 2023: the changes of 2023 and 2024 would tell it. */
static void a_withheld_year_has_no_changes_beside_it(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    struct mq_publication *publication = fixture_publication(&set);
    static const char *const periods[] = {"2023", "2024"};
    for (size_t i = 0; i < 2; i++) {
        const struct mq_data_cell *cell = mq_data_find(publication->data, "mqci", "city", "200300",
                                                       periods[i], MQ_MEASURE_CHANGE);
        assert_true(isnan(cell->value));
        assert_int_equal(cell->reason, MQ_WITHHELD);
    }
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* --against: the one period of the data is compared with an earlier run. */
static void an_earlier_run_is_compared_with(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .units = 3, .min_enterprises = 3},
                  &set);
    size_t unit = realistic_unit(&set, 0, "city", "200100");
    struct mq_score *score = realistic_score(&set, unit, "mqci");
    score->previous = score->value - 1.5;
    score->previous_enterprises = 40;
    score->previous_rank = 1;
    struct mq_publication *publication = fixture_publication(&set);
    const struct mq_data_cell *cell =
        mq_data_find(publication->data, "mqci", "city", "200100", NULL, MQ_MEASURE_CHANGE);
    assert_close(cell->value, fixture_round(score->value, 2) - fixture_round(score->value - 1.5, 2),
                 1e-9);
    mq_publication_free(publication);
    score->previous_enterprises = 2;
    publication = fixture_publication(&set);
    cell = mq_data_find(publication->data, "mqci", "city", "200100", NULL, MQ_MEASURE_CHANGE);
    assert_true(isnan(cell->value));
    assert_int_equal(cell->reason, MQ_WITHHELD);
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void scores_that_are_values_have_their_unit(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 2, .units = 3, .flat = true, .raw_only = true},
        &set);
    struct mq_publication *publication = fixture_publication(&set);
    const struct mq_data *data = publication->data;
    assert_string_equal(data->node[2].id, "wages");
    assert_string_equal(data->node[2].score_unit, "thousand GBP");
    assert_string_equal(data->node[2].unit, "thousand GBP");
    assert_string_equal(data->node[0].score_unit, "");
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    struct mq_publication *publication = fixture_publication(&set);
    const struct mq_data *data = publication->data;
    assert_non_null(mq_data_find(data, "mqci", "city", "200100", NULL, MQ_MEASURE_RANK));
    assert_ptr_equal(mq_data_find(data, "mqci", "city", "200100", NULL, MQ_MEASURE_RANK),
                     mq_data_find(data, "mqci", "city", "200100", "2024", MQ_MEASURE_RANK));
    assert_non_null(mq_data_find(data, "mqci", "province", "", "2022", MQ_MEASURE_SCORE));
    assert_null(mq_data_find(data, "mqc", "city", "200100", NULL, MQ_MEASURE_SCORE));
    assert_null(mq_data_find(data, "mqci", "cities", "200100", NULL, MQ_MEASURE_SCORE));
    assert_null(mq_data_find(data, "mqci", "city", "2001", NULL, MQ_MEASURE_SCORE));
    assert_null(mq_data_find(data, "mqci", "city", "200100", "2021", MQ_MEASURE_SCORE));
    assert_null(mq_data_find(data, "mqci", "city", "200100", NULL, MQ_MEASURES));
    mq_publication_free(publication);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_numbers_of_all_periods),
        cmocka_unit_test(units_and_nodes_are_in_order),
        cmocka_unit_test(a_unit_may_be_missing_in_a_period),
        cmocka_unit_test(a_withheld_year_has_no_changes_beside_it),
        cmocka_unit_test(an_earlier_run_is_compared_with),
        cmocka_unit_test(scores_that_are_values_have_their_unit),
        cmocka_unit_test(what_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
