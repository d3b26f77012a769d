/* Nothing about few enterprises reaches a sheet. */
#include "realistic.h"
#include "support.h"

static struct mq_sheets *sheets_of(const struct realistic *set)
{
    struct mq_sheets *sheets = NULL;
    assert_int_equal(mq_sheets_new(&set->scores, &set->provenance, &sheets, NULL), MQ_OK);
    return sheets;
}

static bool has_note(const struct mq_sheet *sheet, const char *part)
{
    for (size_t i = 0; i < sheet->notes; i++)
        if (strstr(sheet->note[i], part))
            return true;
    return false;
}

/* How many cells of the sheet's row `name`, but the first, are withheld; *others counts the rest.
 */
static size_t withheld_cells(const struct mq_sheet *sheet, const char *name, size_t *others)
{
    size_t withheld = 0;
    *others = 0;
    for (size_t row = 0; row < sheet->rows; row++)
        for (size_t i = 1; i < sheet->columns; i++)
            if (strcmp(sheet->cell[row * sheet->columns].text, name) == 0) {
                bool hidden = strcmp(sheet->cell[row * sheet->columns + i].text, "*") == 0;
                withheld += hidden;
                *others += !hidden;
            }
    return withheld;
}

static void small_units_are_withheld_everywhere(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    size_t unit = realistic_unit(&set, 1, "city", "200400");
    set.frame.unit[unit].enterprises = 2;
    set.frame.unit[realistic_unit(&set, 0, "city", "200400")].enterprises = 2;
    uint32_t rank = realistic_score(&set, unit, "mqci")->rank;
    struct mq_sheets *sheets = sheets_of(&set);
    const char *const tables[] = {"city", "city_scores", "city_values"};
    for (size_t i = 0; i < 3; i++) {
        size_t others;
        const struct mq_sheet *sheet = realistic_sheet(sheets, tables[i]);
        assert_int_equal(withheld_cells(sheet, "抚顺市", &others), sheet->columns - 1);
        assert_int_equal(others, 0);
        assert_true(has_note(sheet, "“*”表示企业少于3家，为保护企业信息不予公布。"));
    }
    /* Last in the ranking, whatever its rank; the rank of nobody else changes, so one is not there.
     */
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(city->cell[13 * city->columns].text, "抚顺市");
    for (size_t row = 0; row < 13; row++) {
        assert_true(city->cell[row * city->columns + 4].value != rank);
        assert_true(city->cell[row * city->columns + 4].value ==
                    (double)(row + 1 + (row + 1 >= rank)));
    }
    assert_contains(realistic_cell(realistic_sheet(sheets, "notes"), "保密", "内容")->text,
                    "少于3家");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void three_enterprises_are_enough(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 2, .min_enterprises = 3, .no_matrix = true}, &set);
    size_t unit = realistic_unit(&set, 1, "city", "200400"), nodes = set.model.nodes;
    set.frame.unit[unit].enterprises = 3;
    for (size_t i = 0; i < nodes; i++)
        set.frame.coverage[unit * nodes + i] = 1;
    struct mq_sheets *sheets = sheets_of(&set);
    assert_false(isnan(realistic_cell(realistic_sheet(sheets, "city"), "抚顺市", "2024年")->value));
    assert_false(has_note(realistic_sheet(sheets, "city"), "不予公布"));
    mq_sheets_free(sheets);

    set.frame.unit[unit].enterprises = 1;
    set.model.min_enterprises = 0; /* tables of provinces: a row is not an enterprise */
    sheets = sheets_of(&set);
    assert_false(isnan(realistic_cell(realistic_sheet(sheets, "city"), "抚顺市", "2024年")->value));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* A change would give the withheld year away. */
static void a_small_year_hides_the_change(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 2, .min_enterprises = 3, .no_matrix = true}, &set);
    set.frame.unit[realistic_unit(&set, 0, "city", "200400")].enterprises = 2;
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_false(isnan(realistic_cell(city, "抚顺市", "2024年")->value));
    assert_string_equal(realistic_cell(city, "抚顺市", "2023年")->text, "*");
    assert_string_equal(realistic_cell(city, "抚顺市", "变动")->text, "*");
    assert_string_equal(realistic_cell(city, "抚顺市", "上年位次")->text, "*");
    assert_string_equal(realistic_cell(city, "抚顺市", "位次变动")->text, "*");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* 2 of 40 enterprises reported R&D: that indicator is theirs. */
static void indicators_of_few_enterprises_are_withheld(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 1, .min_enterprises = 3, .no_matrix = true}, &set);
    size_t unit = realistic_unit(&set, 0, "city", "200400"), nodes = set.model.nodes;
    set.frame.unit[unit].enterprises = 40;
    set.frame.coverage[unit * nodes + (size_t)realistic_node(&set, "rd_share")] = 2.0 / 40;
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *values = realistic_sheet(sheets, "city_values");
    const struct mq_sheet *scores = realistic_sheet(sheets, "city_scores");
    assert_string_equal(realistic_cell(values, "抚顺市", "研究与试验发展经费比重（%）")->text, "*");
    assert_string_equal(realistic_cell(scores, "抚顺市", "研究与试验发展经费比重")->text, "*");
    assert_false(isnan(realistic_cell(scores, "抚顺市", "技术改造经费比重")->value));
    assert_false(
        isnan(realistic_cell(realistic_sheet(sheets, "city"), "抚顺市", "发展能力")->value));
    mq_sheets_free(sheets);

    /* With its sibling missing the parent is that very score. */
    size_t sibling = unit * nodes + (size_t)realistic_node(&set, "renovation");
    set.frame.value[sibling] = set.scores.score[sibling].value = NAN;
    size_t top = realistic_unit(&set, 0, "province", "");
    (void)top;
    for (size_t i = 0; i < nodes; i++) /* and everything else of the branch is missing, too */
        if (set.model.node[i].leaf && i != (size_t)realistic_node(&set, "rd_share") && i > 11)
            set.scores.score[unit * nodes + i].value = set.frame.value[unit * nodes + i] = NAN;
    set.scores.score[unit * nodes + (size_t)realistic_node(&set, "core")].value = NAN;
    set.scores.score[unit * nodes + (size_t)realistic_node(&set, "market")].value = NAN;
    sheets = sheets_of(&set);
    assert_string_equal(realistic_cell(realistic_sheet(sheets, "city"), "抚顺市", "发展能力")->text,
                        "*");
    assert_false(
        isnan(realistic_cell(realistic_sheet(sheets, "city"), "抚顺市", "质量水平")->value));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void small_cells_of_the_matrix_are_withheld(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .min_enterprises = 3}, &set);
    size_t small = 0, signs = 0;
    for (size_t i = 0; i < set.frame.units; i++)
        small +=
            set.model.level[set.frame.unit[i].level].axes == 2 && set.frame.unit[i].enterprises < 3;
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *matrix = realistic_sheet(sheets, "city_industry");
    for (size_t i = 0; i < matrix->rows * matrix->columns; i++)
        signs += strcmp(matrix->cell[i].text, "*") == 0;
    assert_true(small > 5);
    assert_int_equal(signs, small);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void a_small_province_shows_no_number_at_all(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 1, .min_enterprises = 3, .no_matrix = true}, &set);
    set.frame.unit[realistic_unit(&set, 0, "province", "")].enterprises = 2;
    struct mq_sheets *sheets = sheets_of(&set);
    const char *const tables[] = {"summary", "indicators"};
    for (size_t i = 0; i < 2; i++) {
        const struct mq_sheet *sheet = realistic_sheet(sheets, tables[i]);
        size_t weights = 0;
        for (size_t cell = 0; cell < sheet->rows * sheet->columns; cell++)
            weights += !isnan(sheet->cell[cell].value);
        assert_int_equal(weights, i == 0 ? sheet->rows : 0); /* weights are the model's */
    }
    assert_false(has_note(realistic_sheet(sheets, "summary"), "覆盖率"));
    assert_false(has_note(realistic_sheet(sheets, "summary"), "汇总企业"));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_units_are_withheld_everywhere),
        cmocka_unit_test(three_enterprises_are_enough),
        cmocka_unit_test(a_small_year_hides_the_change),
        cmocka_unit_test(indicators_of_few_enterprises_are_withheld),
        cmocka_unit_test(small_cells_of_the_matrix_are_withheld),
        cmocka_unit_test(a_small_province_shows_no_number_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
