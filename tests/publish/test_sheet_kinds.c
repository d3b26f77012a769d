/* What each kind of table shows. */
#include "sheets_fixture.h"

static void summary_shows_the_index_and_two_levels(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    size_t top = realistic_unit(&set, 1, "province", "");
    realistic_score(&set, top, "core")->reason = MQ_RENORMALISED;
    realistic_score(&set, top, "mqci")->reason = MQ_RENORMALISED;
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *summary = realistic_sheet(sheets, "summary");
    assert_string_equal(summary->title, "2024年辽宁省制造业质量竞争力指数");
    assert_int_equal(summary->rows, 9);
    assert_string_equal(summary->cell[0].text, "制造业质量竞争力指数");
    assert_printed(realistic_cell(summary, "制造业质量竞争力指数", "权重（%）"), 100, 2);
    assert_printed(realistic_cell(summary, "　发展能力", "权重（%）"), 50, 2);
    assert_printed(realistic_cell(summary, "　　核心技术能力", "权重（%）"), 100.0 / 6, 2);
    assert_printed(realistic_cell(summary, "　　核心技术能力", "2024年"),
                   realistic_score(&set, top, "core")->value, 2);
    char enterprises[64];
    snprintf(enterprises, sizeof enterprises, "汇总企业%llu家。",
             (unsigned long long)set.frame.unit[top].enterprises);
    assert_true(has_note(summary, enterprises));
    assert_true(has_note(summary, "按现有部分的权重折算：辽宁省（共1个）"));
    assert_true(has_note(summary, "等级：不足75为没有竞争力；75以上、不足80为竞争力不足；"));
    assert_true(has_note(summary, "假定：三级指标和统计指标权重未公布，此处取等权；"));
    assert_true(has_note(summary, "四舍五入保留2位小数"));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

/* A raw value keeps three digits: 0.0347 patents are not printed as 0.03. */
static void raw_values_keep_their_digits(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets =
        sheets_for(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    const struct mq_sheet *indicators = realistic_sheet(sheets, "indicators");
    size_t now = realistic_unit(&set, 1, "province", "");
    size_t nodes = set.model.nodes, patents = (size_t)realistic_node(&set, "patents");
    assert_printed(realistic_cell(indicators, "每百万元产值拥有专利数", "2024年"),
                   set.frame.value[now * nodes + patents], 4);
    assert_printed(realistic_cell(indicators, "质量损失率", "2024年"),
                   set.frame.value[now * nodes + (size_t)realistic_node(&set, "loss_rate")], 3);
    assert_printed(realistic_cell(indicators, "新产品销售比重", "2024年"),
                   set.frame.value[now * nodes + (size_t)realistic_node(&set, "new_products")], 2);
    assert_printed(
        realistic_cell(indicators, "质量损失率", "覆盖率（%）"),
        100 * set.frame.coverage[now * nodes + (size_t)realistic_node(&set, "loss_rate")], 1);
    assert_string_equal(realistic_cell(indicators, "质量损失率", "方向")->text, "逆向");
    assert_string_equal(realistic_cell(indicators, "新产品销售比重", "方向")->text, "正向");
    const struct mq_sheet *values = realistic_sheet(sheets, "city_values");
    assert_string_equal(values->column[1].title, "产品质量等级品率（%）");
    assert_string_equal(values->column[1].group, "标准与技术水平");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void matrix_puts_the_longer_axis_down_the_side(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_sheets *sheets = sheets_for(&(struct realistic_options){.periods = 2}, &set);
    const struct mq_sheet *matrix = realistic_sheet(sheets, "city_industry");
    assert_int_equal(matrix->rows, 31);
    assert_int_equal(matrix->columns, 15);
    assert_string_equal(matrix->column[0].title, "行业");
    assert_string_equal(matrix->column[1].title, "沈阳市");
    assert_string_equal(matrix->cell[0].text, "农副食品加工业");
    size_t blank = 0;
    for (size_t i = 0; i < matrix->rows * matrix->columns; i++)
        blank += matrix->cell[i].text[0] == '\0';
    assert_true(blank > 40 && blank < 140);
    assert_true(has_note(matrix, "空格表示没有相应企业"));
    mq_sheets_free(sheets);
    realistic_clear(&set);

    sheets = sheets_for(&(struct realistic_options){.periods = 1, .industries = 3}, &set);
    matrix = realistic_sheet(sheets, "city_industry");
    assert_int_equal(matrix->rows, 14);
    assert_string_equal(matrix->column[0].title, "市");
    assert_string_equal(matrix->cell[0].text, "沈阳市");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void a_score_below_all_bands_has_a_sign(void **state)
{
    (void)state;
    struct realistic set;
    static struct mq_band bands[] = {{60, "较弱"}, {85, "较强"}};
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    set.model.band = bands;
    set.model.bands = 2;
    realistic_score(&set, realistic_unit(&set, 0, "city", "200100"), "mqci")->value = 51.37;
    realistic_rank(&set);
    struct mq_sheets *sheets = sheets_of(&set);
    const struct mq_sheet *city = realistic_sheet(sheets, "city");
    assert_string_equal(realistic_cell(city, "沈阳市", "评价")->text, "—");
    assert_true(has_note(city, "“—”表示低于最低等级。"));
    assert_true(has_note(city, "等级：60以上、不足85为较弱；85及以上为较强。"));
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void ids_are_file_names_and_unique(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    set.model.level[1].id = "Summary";
    set.model.level[2].id = "../市";
    struct mq_sheets *sheets = sheets_of(&set);
    assert_string_equal(sheets->sheet[0].id, "summary");
    assert_string_equal(sheets->sheet[1].id, "Summary_2");
    assert_string_equal(sheets->sheet[2].id, "______");
    mq_sheets_free(sheets);
    realistic_clear(&set);
}

static void no_units_leave_the_notes(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1}, &set);
    set.frame.units = 0;
    set.frame.periods = 0;
    struct mq_sheets *sheets = NULL;
    assert_int_equal(mq_sheets_new(&set.scores, NULL, &sheets, NULL), MQ_OK);
    assert_int_equal(sheets->count, 1);
    assert_string_equal(sheets->sheet[0].id, "notes");
    mq_sheets_free(sheets);
    mq_sheets_free(NULL);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summary_shows_the_index_and_two_levels),
        cmocka_unit_test(raw_values_keep_their_digits),
        cmocka_unit_test(matrix_puts_the_longer_axis_down_the_side),
        cmocka_unit_test(a_score_below_all_bands_has_a_sign),
        cmocka_unit_test(ids_are_file_names_and_unique),
        cmocka_unit_test(no_units_leave_the_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
