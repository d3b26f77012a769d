/* The numbers of figures are those of the tables, cell by cell, and nothing withheld is among them.
 */
#include "figures_fixture.h"

static const struct mq_sheet *sheet_named(const struct mq_publication *publication, const char *id)
{
    const struct mq_sheet *sheet = realistic_sheet(publication->sheets, id);
    assert_non_null(sheet);
    return sheet;
}

/* Bars that do not begin at 0 say where they do. */
static void check_axis(const struct mq_figure *figure)
{
    char words[64];
    double least = INFINITY;
    for (size_t i = 0; i < figure->rows; i++)
        least = fmin(least, cell_at(figure, i, 0)->value);
    snprintf(words, sizeof words, "数值轴自%g起，不从零开始。", figure->low);
    assert_true(figure->low <= least);
    assert_int_equal(has_note(figure, words), figure->low > 0);
}

/* Bars in the order of the table, with its three columns; bands by the table's words. */
static size_t check_ranking(const struct mq_publication *publication, const char *level)
{
    char id[64];
    snprintf(id, sizeof id, "%s-ranking", level);
    const struct mq_figure *figure = figure_named(publication, id);
    const struct mq_sheet *sheet = sheet_named(publication, level);
    static const char *const heads[] = {"2024年", "2023年", "变动"};
    assert_int_equal(figure->rows, sheet->rows);
    assert_int_equal(figure->columns, 3);
    for (size_t row = 0; row < figure->rows; row++) {
        const char *name = sheet->cell[row * sheet->columns].text;
        assert_string_equal(figure->row[row].name, name);
        for (size_t column = 0; column < 3; column++)
            same_cell(cell_at(figure, row, column), realistic_cell(sheet, name, heads[column]));
        int band = figure->cell_band[row * 3];
        const char *words = realistic_cell(sheet, name, "评价")->text;
        assert_string_equal(band < 0 ? "" : figure->band[band],
                            isnan(cell_at(figure, row, 0)->value) ? "" : words);
    }
    const struct mq_sheet *summary = sheet_named(publication, "summary");
    same_cell(&figure->reference, realistic_cell(summary, "制造业质量竞争力指数", "2024年"));
    check_axis(figure);
    return figure->rows;
}

static void check_heatmap(const struct mq_publication *publication)
{
    const struct mq_figure *figure = figure_named(publication, "city_industry-heatmap");
    const struct mq_sheet *sheet = sheet_named(publication, "city_industry");
    assert_int_equal(figure->rows, sheet->rows);
    assert_int_equal(figure->columns + 1, sheet->columns);
    for (size_t row = 0; row < figure->rows; row++) {
        assert_string_equal(figure->row[row].name, sheet->cell[row * sheet->columns].text);
        for (size_t column = 0; column < figure->columns; column++) {
            assert_string_equal(figure->column[column].name, sheet->column[column + 1].title);
            same_cell(cell_at(figure, row, column),
                      &sheet->cell[row * sheet->columns + column + 1]);
        }
    }
}

/* A cell of the summary by the node's title, whatever its indent. */
static const struct mq_sheet_cell *summary_cell(const struct mq_sheet *summary, const char *title,
                                                const char *column)
{
    static const char *const indents[] = {"", "　", "　　"};
    char name[200];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", indents[i], title);
        for (size_t row = 0; row < summary->rows; row++)
            if (strcmp(summary->cell[row * summary->columns].text, name) == 0)
                return realistic_cell(summary, name, column);
    }
    fail_msg("%s is not in the summary", title);
    return NULL;
}

static void check_trend(const struct mq_publication *publication)
{
    const struct mq_figure *figure = figure_named(publication, "trend");
    const struct mq_sheet *summary = sheet_named(publication, "summary");
    assert_int_equal(figure->rows, 2);
    assert_int_equal(figure->columns, 3);
    assert_true(figure->column[0].strong);
    for (size_t row = 0; row < 2; row++)
        for (size_t column = 0; column < 3; column++)
            same_cell(cell_at(figure, row, column),
                      summary_cell(summary, figure->column[column].name, figure->row[row].name));
    assert_string_equal(figure->row[0].code, "2023");
}

/* From the year before to this one; the steps add up to the change of the table, exactly. */
static void check_waterfall(const struct mq_publication *publication)
{
    const struct mq_figure *figure = figure_named(publication, "waterfall");
    const struct mq_sheet *summary = sheet_named(publication, "summary");
    size_t last = figure->rows - 1;
    static const char index[] = "制造业质量竞争力指数";
    same_cell(cell_at(figure, 0, 0), summary_cell(summary, index, "2023年"));
    same_cell(cell_at(figure, last, 0), summary_cell(summary, index, "2024年"));
    assert_true(figure->row[0].strong && figure->row[last].strong);
    double sum = 0, at = cell_at(figure, 0, 0)->value;
    for (size_t row = 1; row < last; row++) {
        assert_false(figure->row[row].strong);
        sum += cell_at(figure, row, 0)->value;
        at += cell_at(figure, row, 0)->value;
        assert_true(at >= figure->low && at <= figure->high);
    }
    assert_close(sum, summary_cell(summary, index, "变动")->value, 1e-9);
    assert_true(has_note(figure, "最大余数法"));
    assert_false(has_note(figure, "缺项折算"));
}

/* Every cell from the score itself; the index and its parts also from the table of the level. */
static void check_strip(const struct realistic *set, const struct mq_publication *publication)
{
    const struct mq_figure *figure = figure_named(publication, "city-strip");
    const struct mq_sheet *city = sheet_named(publication, "city");
    size_t strong = 0;
    for (size_t column = 0; column < figure->columns; column++) {
        if (column > 0)
            assert_true(strcmp(figure->column[column - 1].code, figure->column[column].code) < 0);
        strong += figure->column[column].strong;
        size_t unit = realistic_unit(set, 1, "city", figure->column[column].code);
        const char *name = figure->column[column].name;
        same_cell(cell_at(figure, 0, column), realistic_cell(city, name, "2024年"));
        same_cell(cell_at(figure, 1, column), realistic_cell(city, name, "质量水平"));
        for (size_t row = 0; row < figure->rows; row++) {
            size_t node = (size_t)realistic_node(set, figure->row[row].code);
            char digits[352];
            mq_round_text(set->scores.score[unit * set->model.nodes + node].value, 2, MQ_HALF_UP,
                          digits);
            if (!isnan(cell_at(figure, row, column)->value))
                assert_string_equal(cell_at(figure, row, column)->text, digits);
        }
    }
    assert_int_equal(strong, 2);
    assert_true(figure->row[0].strong);
    assert_int_equal(figure->rows, 9);
}

static void check_profiles(const struct realistic *set, const struct mq_publication *publication)
{
    const struct mq_sheet *summary = sheet_named(publication, "summary");
    const struct mq_figure *strip = figure_named(publication, "city-strip");
    size_t found = 0;
    for (size_t i = 0; i < publication->figures->count; i++) {
        const struct mq_figure *figure = &publication->figures->figure[i];
        if (figure->kind != MQ_FIGURE_PROFILE)
            continue;
        found++;
        assert_int_equal(figure->rows, 8);
        assert_int_equal(figure->columns, 2);
        assert_true(figure->column[0].strong && !figure->column[1].strong);
        assert_string_equal(figure->column[1].name, "辽宁省");
        size_t column = item_coded(strip->column, strip->columns, figure->column[0].code);
        for (size_t row = 0; row < figure->rows; row++) {
            same_cell(cell_at(figure, row, 0), cell_at(strip, row + 1, column));
            same_cell(cell_at(figure, row, 1),
                      summary_cell(summary, figure->row[row].name, "2024年"));
        }
    }
    assert_int_equal(found, 14 - (set->model.min_enterprises ? 1 : 0));
}

static void numbers_are_those_of_the_tables(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_int_equal(check_ranking(publication, "city"), 14);
    assert_int_equal(check_ranking(publication, "industry"), 31);
    check_heatmap(publication);
    check_trend(publication);
    check_waterfall(publication);
    check_strip(&set, publication);
    check_profiles(&set, publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* A city with two enterprises: its numbers are nowhere, its sign is in the cells and explained. */
static void what_is_withheld_is_in_no_figure(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    size_t unit = realistic_unit(&set, 1, "city", "200300");
    set.frame.unit[unit].enterprises = 2;
    struct mq_publication *publication = publish_figures(&set, NULL);
    check_ranking(publication, "city");
    check_heatmap(publication);
    check_strip(&set, publication);
    check_profiles(&set, publication);
    const struct mq_figure *ranking = figure_named(publication, "city-ranking");
    assert_string_equal(ranking->row[13].name, "鞍山市"); /* missing ones come last */
    assert_string_equal(cell_at(ranking, 13, 0)->text, "*");
    assert_int_equal(ranking->cell_band[13 * 3], -1);
    assert_true(has_note(ranking, "“*”表示企业少于3家，为保护企业信息不予公布。"));
    const struct mq_figure *strip = figure_named(publication, "city-strip");
    size_t column = item_coded(strip->column, strip->columns, "200300");
    assert_false(strip->column[column].strong);
    for (size_t row = 0; row < strip->rows; row++)
        assert_string_equal(cell_at(strip, row, column)->text, "*");
    assert_true(has_note(strip, "“*”"));
    assert_null(mq_figures_find(publication->figures, "city-profile-200300"));
    /* none of its scores is printed in any figure about cities */
    for (size_t i = 0; i < publication->figures->count; i++)
        if (strstr(publication->figures->figure[i].alt, "鞍山市"))
            fail_msg("%s", publication->figures->figure[i].alt);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* An indicator of the province that too few reported is in the rest of the waterfall. */
static void a_withheld_part_of_the_change(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    size_t unit = realistic_unit(&set, 1, "province", ""), nodes = set.model.nodes;
    static const char *const leaf[] = {"patents", "new_products"};
    for (size_t i = 0; i < 2; i++)
        set.frame.coverage[unit * nodes + (size_t)realistic_node(&set, leaf[i])] =
            1.0 / (double)set.frame.unit[unit].enterprises;
    struct mq_publication *publication = publish_figures(&set, NULL);
    check_waterfall(publication);
    const struct mq_figure *figure = figure_named(publication, "waterfall");
    assert_int_equal(figure->rows, 2 + 5 + 1);
    assert_string_equal(figure->row[6].name, "合成方式及其他");
    for (size_t row = 0; row < figure->rows; row++)
        assert_string_not_equal(figure->row[row].code, "core");
    assert_true(has_note(figure, "不予公布的指标并入“合成方式及其他”。"));
    const struct mq_figure *trend = figure_named(publication, "trend");
    assert_false(isnan(cell_at(trend, 1, 2)->value));
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* An indicator that is new this year: its weight is. */
static void a_new_indicator_is_noted(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .flat = true, .no_matrix = true}, &set);
    size_t unit = realistic_unit(&set, 0, "province", ""), nodes = set.model.nodes;
    double mean = 0;
    for (size_t node = 2; node < nodes; node++) {
        set.scores.weight[unit * nodes + node] = 0.25;
        mean += set.scores.score[unit * nodes + node].value / 4;
    }
    set.scores.weight[unit * nodes + 1] = NAN;
    set.scores.score[unit * nodes + 1].value = NAN;
    set.scores.score[unit * nodes].value = mean;
    realistic_rank(&set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    const struct mq_figure *figure = figure_named(publication, "waterfall");
    double sum = 0;
    for (size_t row = 1; row + 1 < figure->rows; row++)
        sum += cell_at(figure, row, 0)->value;
    assert_close(sum, cell_at(figure, figure->rows - 1, 0)->value - cell_at(figure, 0, 0)->value,
                 1e-9);
    assert_true(has_note(figure, "两期权数因缺项折算而不同的"));
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* An index of which nothing is published has no line and no steps. */
static void a_province_of_two_enterprises(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 100000}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_int_equal(publication->figures->count, 0);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Units above by their codes: the city of a county, where the data have it. */
static void profiles_show_the_units_above(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .industries = 3, .no_matrix = true},
                  &set);
    /* the industries become counties of the second city */
    static const char *const county[] = {"200201", "200202", "200283"};
    for (size_t i = 0, n = 0; i < set.frame.units; i++)
        if (strcmp(set.model.level[set.frame.unit[i].level].id, "industry") == 0)
            set.frame.unit[i].code = county[n++];
    static const struct mq_figure_plan plan = {
        .kind = MQ_FIGURE_PROFILE, .level = 2, .id = "", .title = "", .number = ""};
    set.model.plan.figures_given = true;
    set.model.plan.figure = &plan;
    set.model.plan.figures = 1;
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_int_equal(publication->figures->count, 3);
    const struct mq_figure *figure = figure_named(publication, "industry-profile-200283");
    assert_int_equal(figure->columns, 3);
    assert_string_equal(figure->column[1].name, "辽宁省");
    assert_string_equal(figure->column[2].name, "大连市");
    size_t unit = realistic_unit(&set, 0, "city", "200200");
    char digits[352];
    mq_round_text(realistic_score(&set, unit, "quality")->value, 2, MQ_HALF_UP, digits);
    assert_string_equal(figure->row[0].code, "quality");
    assert_string_equal(cell_at(figure, 0, 2)->text, digits);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* A part with one part of its own is shown once. */
static void an_only_child_says_nothing_new(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    set.model.node[realistic_node(&set, "development")].children = 1;
    struct mq_publication *publication = publish_figures(&set, NULL);
    const struct mq_figure *strip = figure_named(publication, "city-strip");
    for (size_t row = 0; row < strip->rows; row++)
        assert_string_not_equal(strip->row[row].code, "research");
    mq_publication_free(publication);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_the_tables),
        cmocka_unit_test(what_is_withheld_is_in_no_figure),
        cmocka_unit_test(a_withheld_part_of_the_change),
        cmocka_unit_test(a_new_indicator_is_noted),
        cmocka_unit_test(a_province_of_two_enterprises),
        cmocka_unit_test(profiles_show_the_units_above),
        cmocka_unit_test(an_only_child_says_nothing_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
