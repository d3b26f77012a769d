/* Which tables there are, and that every printed cell is the score rounded. */
#include "sheets_fixture.h"

static void tables_come_in_order(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets = sheets_for(&(struct realistic_options){.periods = 2}, &set);
    char text[2048];
    assert_string_equal(ids(sheets, text),
                        "summary city industry city_industry indicators city_scores "
                        "city_values industry_scores industry_values notes");
    assert_string_equal(sheets->sheet[1].number, "表2");
    assert_string_equal(sheets->sheet[1].title, "2024年各市制造业质量竞争力指数及位次");
    assert_string_equal(sheets->sheet[1].unit, "单位：分");
    assert_string_equal(sheets->sheet[3].title, "2024年各市各行业制造业质量竞争力指数");
    assert_string_equal(sheets->sheet[3].name, "市×行业");
    assert_string_equal(sheets->sheet[4].name, "十二项指标");
    assert_string_equal(sheets->sheet[4].unit, "");
    assert_string_equal(sheets->sheet[9].number, "");
    assert_string_equal(columns(&sheets->sheet[1], text),
                        "市 指数/2024年 指数/2023年 指数/变动 位次 上年位次 位次变动 "
                        "分项得分/质量水平 分项得分/发展能力 评价");
    assert_string_equal(columns(&sheets->sheet[0], text), "指标 权重（%） 2024年 2023年 变动 评价");
    assert_string_equal(
        columns(&sheets->sheet[4], text),
        "指标 计量单位 方向 指标值/2024年 指标值/2023年 指标值/变动 得分 覆盖率（%）");
    assert_string_equal(sheets->sheet[2].source,
                        "数据来源：规模以上工业企业报表，省市场监督管理局");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void one_period_has_no_last_year(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets = sheets_for(
        &(struct realistic_options){
            .periods = 1, .no_top = true, .no_matrix = true, .no_bands = true},
        &set);
    char text[2048];
    assert_string_equal(ids(sheets, text), "city industry city_scores city_values industry_scores "
                                           "industry_values notes");
    assert_string_equal(columns(realistic_sheet(sheets, "city"), text),
                        "市 指数 位次 分项得分/质量水平 分项得分/发展能力");
    assert_string_equal(sheets->sheet[0].number, "表1");
    assert_false(has_note(&sheets->sheet[0], "等级"));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void english_models_have_english_tables(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets = sheets_for(&(struct realistic_options){.periods = 2,
                                                                      .english = true,
                                                                      .flat = true,
                                                                      .raw_only = true,
                                                                      .no_matrix = true,
                                                                      .no_top = true,
                                                                      .no_bands = true,
                                                                      .units = 140},
                                          &set);
    char text[2048];
    /* Nothing is normalised and the ranking shows every leaf: no further tables. */
    assert_string_equal(ids(sheets, text), "city notes");
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(
        columns(city, text),
        "City Sector score/2024 Sector score/2023 Sector score/Change Rank Previous "
        "rank Rank change Components/Employment Components/Mean wage "
        "Components/Capital per head Components/Output index Components/Debt ratio");
    assert_string_equal(city->title, "Sector score and ranks by city, 2024");
    assert_string_equal(city->number, "Table 1");
    assert_string_equal(city->unit, "");
    assert_int_equal(city->rows, 140);
    assert_true(has_note(city, "ties share a rank and the next is skipped"));
    for (size_t i = 0; i < city->notes; i++)
        assert_null(strstr(city->note[i], "。"));
    assert_string_equal(
        realistic_cell(realistic_sheet(sheets, "notes"), "Rows rejected", "Content")->text, "127");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void only_a_top_level(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets = sheets_for(
        &(struct realistic_options){.periods = 1, .no_single = true, .no_matrix = true}, &set);
    char text[2048];
    assert_string_equal(ids(sheets, text), "summary indicators notes");
    assert_string_equal(columns(&sheets->sheet[0], text), "指标 权重（%） 2024年 评价");
    assert_string_equal(columns(&sheets->sheet[1], text),
                        "指标 计量单位 方向 指标值 得分 覆盖率（%）");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* Every score on rankings, the matrix and the tables of indicators is mq_round_text of the score.
 */
static void printed_cells_are_rounded_scores(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets = sheets_for(&(struct realistic_options){.periods = 2}, &set);
    size_t compared = 0;
    for (size_t unit = 0; unit < set.frame.units; unit++) {
        const struct mq_unit *self = &set.frame.unit[unit];
        const struct mq_level *level = &set.model.level[self->level];
        if (self->period == 0 || level->axes == 0)
            continue;
        if (level->axes == 2) {
            char city[64];
            const char *bar = strchr(self->name, '|');
            snprintf(city, sizeof city, "%.*s", (int)(bar - self->name), self->name);
            assert_printed(realistic_cell(realistic_sheet(sheets, level->id), bar + 1, city),
                           realistic_score(&set, unit, "mqci")->value, 2);
            compared++;
            continue;
        }
        const struct mq_sheet *ranking = realistic_sheet(sheets, level->id);
        struct mq_score *score = realistic_score(&set, unit, "mqci");
        assert_printed(realistic_cell(ranking, self->name, "2024年"), score->value, 2);
        assert_printed(realistic_cell(ranking, self->name, "2023年"), score->previous, 2);
        assert_printed(realistic_cell(ranking, self->name, "位次"), score->rank, 0);
        assert_printed(realistic_cell(ranking, self->name, "上年位次"), score->previous_rank, 0);
        char id[64];
        snprintf(id, sizeof id, "%s_scores", level->id);
        for (size_t i = 0; i < set.model.nodes; i++) {
            const struct mq_node *node = &set.model.node[i];
            if (!node->leaf)
                continue;
            assert_printed(realistic_cell(realistic_sheet(sheets, id), self->name, node->title),
                           realistic_score(&set, unit, node->id)->value, 2);
            compared++;
        }
    }
    assert_true(compared > 14 * 12 + 31 * 12 + 300);
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* 80.985 prints 80.99, 80.034 prints 80.03: the change printed is 0.96, though the scores differ by
 * 0.951. */
static void changes_are_between_published_numbers(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    size_t now = realistic_unit(&set, 1, "city", "200300"),
           before = realistic_unit(&set, 0, "city", "200300");
    realistic_score(&set, now, "mqci")->value = 0.5 * 84.76 + 0.5 * 77.21;
    realistic_score(&set, before, "mqci")->value = 80.034;
    size_t down = realistic_unit(&set, 1, "city", "200400");
    realistic_score(&set, down, "mqci")->value = 79.445;
    realistic_score(&set, realistic_unit(&set, 0, "city", "200400"), "mqci")->value = 79.4549;
    realistic_score(&set, realistic_unit(&set, 1, "city", "200500"), "mqci")->value = 79.3851;
    realistic_score(&set, realistic_unit(&set, 0, "city", "200500"), "mqci")->value = 81.7449;
    realistic_rank(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(realistic_cell(city, "鞍山市", "2024年")->text, "80.99");
    assert_string_equal(realistic_cell(city, "鞍山市", "变动")->text, "+0.96");
    assert_true(realistic_cell(city, "鞍山市", "变动")->value == 0.96);
    assert_string_equal(realistic_cell(city, "抚顺市", "变动")->text, "0.00");
    assert_string_equal(realistic_cell(city, "本溪市", "变动")->text, "−2.35"); /* U+2212 */
    assert_true(realistic_cell(city, "本溪市", "变动")->value == -2.35);
    mq_sheets_free(sheets);

    set.model.rounding = MQ_HALF_EVEN; /* 80.985 is a tie: 80.98 */
    sheets = sheets_of(&set);
    city = realistic_sheet(sheets, "city");
    assert_string_equal(realistic_cell(city, "鞍山市", "变动")->text, "+0.95");
    assert_true(has_note(city, "GB/T 8170进舍规则保留2位小数"));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void beyond_64_bits_changes_still_print(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    realistic_score(&set, realistic_unit(&set, 1, "city", "200300"), "mqci")->value = 3.25e18;
    realistic_score(&set, realistic_unit(&set, 0, "city", "200300"), "mqci")->value = 1.25e18;
    realistic_rank(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    assert_string_equal(realistic_cell(realistic_sheet(sheets, "city"), "鞍山市", "变动")->text,
                        "+2000000000000000000.00");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void ranking_goes_by_rank_then_code(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    /* 葫芦岛 leads, 大连 and 铁岭 share the second rank, so there is no third. */
    realistic_score(&set, realistic_unit(&set, 1, "city", "201400"), "mqci")->value = 97.13;
    realistic_score(&set, realistic_unit(&set, 1, "city", "201200"), "mqci")->value = 96.57;
    realistic_score(&set, realistic_unit(&set, 1, "city", "200200"), "mqci")->value = 96.57;
    for (size_t i = 1; i <= 14; i++) {
        char code[16];
        snprintf(code, sizeof code, "2%05zu", i * 100);
        realistic_score(&set, realistic_unit(&set, 0, "city", code), "mqci")->value =
            90.0 - (double)i;
    }
    realistic_rank(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    const char *const wanted[] = {"葫芦岛市", "大连市", "铁岭市"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(city->cell[i * city->columns].text, wanted[i]);
    assert_string_equal(realistic_cell(city, "铁岭市", "位次")->text, "2");
    assert_string_equal(city->cell[3 * city->columns + 4].text, "4");
    assert_string_equal(realistic_cell(city, "葫芦岛市", "位次变动")->text, "↑13");
    assert_string_equal(realistic_cell(city, "大连市", "位次变动")->text, "—");
    assert_string_equal(realistic_cell(city, "铁岭市", "位次变动")->text, "↑10");
    size_t down = 0;
    for (size_t row = 0; row < city->rows; row++)
        down += strstr(city->cell[row * city->columns + 6].text, "↓") != NULL;
    assert_true(down > 5);
    assert_true(isnan(realistic_cell(city, "铁岭市", "位次变动")->value));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void set_missing(struct realistic *set, size_t unit, enum mq_reason reason)
{
    for (size_t i = 0; i < set->model.nodes; i++) {
        struct mq_score *score = &set->scores.score[unit * set->model.nodes + i];
        score->value = NAN;
        score->reason = (uint8_t)reason;
        set->frame.value[unit * set->model.nodes + i] = NAN;
        set->frame.reason[unit * set->model.nodes + i] = (uint8_t)reason;
    }
}

static void missing_cells_are_signed_and_explained(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    set_missing(&set, realistic_unit(&set, 1, "city", "200700"), MQ_MISSING_CHILDREN);
    set_missing(&set, realistic_unit(&set, 1, "city", "200200"), MQ_BELOW_COVERAGE);
    set_missing(&set, realistic_unit(&set, 0, "city", "200300"), MQ_UNDEFINED);
    realistic_rank(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(city->cell[12 * city->columns].text, "大连市"); /* the missing, by code */
    assert_string_equal(city->cell[13 * city->columns].text, "锦州市");
    const char *const titles[] = {"2024年", "变动", "位次", "位次变动", "质量水平", "评价"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        assert_string_equal(realistic_cell(city, "锦州市", titles[i])->text, "○");
        assert_string_equal(realistic_cell(city, "大连市", titles[i])->text, "△");
        assert_true(isnan(realistic_cell(city, "锦州市", titles[i])->value));
    }
    assert_false(isnan(realistic_cell(city, "锦州市", "2023年")->value));
    assert_string_equal(realistic_cell(city, "鞍山市", "2023年")->text, "/");
    assert_string_equal(realistic_cell(city, "鞍山市", "变动")->text, "/");
    assert_string_equal(realistic_cell(city, "鞍山市", "上年位次")->text, "/");
    assert_false(isnan(realistic_cell(city, "鞍山市", "2024年")->value));
    assert_true(
        has_note(city, "“/”表示分母为零或无法合成，没有意义；“△”表示填报面低于规定下限，不予采用；"
                       "“○”表示缺少的下级指标过多，不予合成。"));
    const struct mq_sheet *industry = realistic_sheet(sheets, "industry");
    assert_false(has_note(industry, "表示")); /* only signs on the sheet are explained */
    const struct mq_sheet *scores = realistic_sheet(sheets, "city_scores");
    assert_true(has_note(scores, "△") && !has_note(scores, "“/”"));
    assert_contains(realistic_cell(realistic_sheet(sheets, "notes"), "符号", "内容")->text, "“○”");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void units_that_came_or_went_are_listed(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    /* Another code in each period: one unit is gone, one is new. */
    set.frame.unit[realistic_unit(&set, 0, "city", "200500")].code = "200450";
    set.frame.unit[realistic_unit(&set, 1, "city", "200500")].name = "新设市";
    realistic_rank(&set);
    for (size_t i = 0; i < set.model.nodes; i++)
        set.scores.score[realistic_unit(&set, 1, "city", "200500") * set.model.nodes + i].previous =
            NAN;
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_int_equal(city->rows, 15);
    assert_string_equal(city->cell[14 * city->columns].text, "本溪市");
    assert_string_equal(realistic_cell(city, "本溪市", "2024年")->text, "…");
    assert_false(isnan(realistic_cell(city, "本溪市", "2023年")->value));
    assert_string_equal(realistic_cell(city, "新设市", "2023年")->text, "…");
    assert_string_equal(realistic_cell(city, "新设市", "位次变动")->text, "…");
    assert_true(has_note(city, "“…”表示没有填报数据。"));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* 2008 and 2010 are two periods, but not a year and the year before. */
static void periods_apart_are_not_called_last_year(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    set.frame.period[0] = "2022";
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(city->column[2].title, "2022年");
    assert_string_equal(city->column[5].title, "上期位次");
    mq_sheets_free(sheets);
    set.frame.period[0] = "2023Q4";
    set.frame.period[1] = "2024Q1";
    sheets = sheets_of(&set);
    city = realistic_sheet(sheets, "city");
    assert_string_equal(city->column[1].title, "2024Q1");
    assert_string_equal(city->column[5].title, "上期位次");
    assert_string_equal(city->title, "2024Q1各市制造业质量竞争力指数及位次");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void an_earlier_run_is_the_previous_period(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    size_t unit = realistic_unit(&set, 0, "city", "200600");
    struct mq_score *score = realistic_score(&set, unit, "mqci");
    score->value = 83.117;
    score->previous = 82.804;
    score->previous_rank = 9;
    score->rank = 4;
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(realistic_cell(city, "丹东市", "上期")->text, "82.80");
    assert_string_equal(realistic_cell(city, "丹东市", "变动")->text, "+0.32");
    assert_string_equal(realistic_cell(city, "丹东市", "上期位次")->text, "9");
    assert_string_equal(realistic_cell(city, "丹东市", "位次变动")->text, "↑5");
    assert_string_equal(realistic_cell(city, "大连市", "上期")->text, "…");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void equal_names_are_told_apart(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    set.frame.unit[realistic_unit(&set, 0, "city", "200900")].name = "大连市";
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_false(isnan(realistic_cell(city, "大连市（200200）", "指数")->value));
    assert_false(isnan(realistic_cell(city, "大连市（200900）", "指数")->value));
    assert_false(isnan(realistic_cell(city, "鞍山市", "指数")->value));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_come_in_order),
        cmocka_unit_test(one_period_has_no_last_year),
        cmocka_unit_test(english_models_have_english_tables),
        cmocka_unit_test(only_a_top_level),
        cmocka_unit_test(printed_cells_are_rounded_scores),
        cmocka_unit_test(changes_are_between_published_numbers),
        cmocka_unit_test(beyond_64_bits_changes_still_print),
        cmocka_unit_test(ranking_goes_by_rank_then_code),
        cmocka_unit_test(missing_cells_are_signed_and_explained),
        cmocka_unit_test(units_that_came_or_went_are_listed),
        cmocka_unit_test(periods_apart_are_not_called_last_year),
        cmocka_unit_test(an_earlier_run_is_the_previous_period),
        cmocka_unit_test(equal_names_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
