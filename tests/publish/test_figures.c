/* Which figures there are, what they are called, and in which order. */
#include "figures_fixture.h"
#include "publish/figure_draft.h"

struct wanted {
    const char *id, *number, *title;
};

static void check_list(const struct mq_publication *publication, const struct wanted *wanted,
                       size_t count)
{
    for (size_t i = 0; i < count && i < publication->figures->count; i++) {
        const struct mq_figure *figure = &publication->figures->figure[i];
        assert_string_equal(figure->id, wanted[i].id);
        assert_string_equal(figure->number, wanted[i].number);
        assert_string_equal(figure->title, wanted[i].title);
    }
    assert_true(publication->figures->count >= count);
}

static size_t count_kind(const struct mq_publication *publication, enum mq_figure_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < publication->figures->count; i++)
        count += publication->figures->figure[i].kind == kind;
    return count;
}

/* What holds for every figure: texts, axes with round ends, finite numbers within them. */
static void check_all(const struct mq_publication *publication)
{
    for (size_t i = 0; i < publication->figures->count; i++) {
        const struct mq_figure *figure = &publication->figures->figure[i];
        assert_true(figure->rows > 0 && figure->columns > 0);
        assert_true(figure->title[0] && figure->alt[0] && figure->id[0]);
        assert_non_null(figure->unit);
        assert_non_null(figure->source);
        assert_non_null(figure->level);
        assert_null(strstr(figure->alt, "nan"));
        assert_true(figure->low < figure->high);
        bool all = figure->kind != MQ_FIGURE_RANKING && figure->kind != MQ_FIGURE_WATERFALL;
        for (size_t row = 0; row < figure->rows; row++)
            for (size_t column = 0; column < figure->columns; column++) {
                const struct mq_sheet_cell *cell = cell_at(figure, row, column);
                assert_non_null(cell->text);
                bool axis = all || (figure->kind == MQ_FIGURE_RANKING && column < 2);
                if (axis && !isnan(cell->value))
                    assert_true(cell->value >= figure->low && cell->value <= figure->high);
            }
        if (!isnan(figure->reference.value))
            assert_true(figure->reference.value >= figure->low &&
                        figure->reference.value <= figure->high);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(figure->id, publication->figures->figure[j].id);
    }
}

static void chinese_two_periods(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    static const struct wanted wanted[] = {
        {"trend", "图1", "2023—2024年辽宁省制造业质量竞争力指数"},
        {"waterfall", "图2", "2024年辽宁省制造业质量竞争力指数比上年变动的构成"},
        {"city-ranking", "图3", "2024年各市制造业质量竞争力指数"},
        {"city-strip", "图4", "2024年各市制造业质量竞争力指数及分项得分的分布"},
        {"industry-ranking", "图5", "2024年各行业制造业质量竞争力指数"},
        {"industry-strip", "图6", "2024年各行业制造业质量竞争力指数及分项得分的分布"},
        {"city_industry-heatmap", "图7", "2024年各市各行业制造业质量竞争力指数"},
        {"city-profile-200100", "", "2024年沈阳市制造业质量竞争力指数的分项得分"},
        {"city-profile-200200", "", "2024年大连市制造业质量竞争力指数的分项得分"},
    };
    check_list(publication, wanted, 9);
    check_all(publication);
    assert_int_equal(publication->figures->count, 7 + 14);
    const struct mq_figure *ranking = figure_named(publication, "city-ranking");
    assert_string_equal(ranking->unit, "分");
    assert_string_equal(ranking->source, "数据来源：规模以上工业企业报表，省市场监督管理局");
    assert_string_equal(ranking->level, "city");
    assert_string_equal(figure_named(publication, "trend")->level, "");
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_figure_heading(true, ranking, &text);
    assert_string_equal(text.data, "图3　2024年各市制造业质量竞争力指数");
    mq_buffer_clear(&text);
    assert_null(mq_figures_find(publication->figures, "nothing"));
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void english_two_periods(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .english = true, .industries = 5},
                  &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    static const struct wanted wanted[] = {
        {"trend", "Figure 1", "Manufacturing Quality Competitiveness Index, Liaoning, 2023–2024"},
        {"waterfall", "Figure 2",
         "What the change of Manufacturing Quality Competitiveness Index since 2023 is made of, "
         "Liaoning, 2024"},
        {"city-ranking", "Figure 3", "Manufacturing Quality Competitiveness Index by city, 2024"},
        {"city-strip", "Figure 4",
         "Distribution of the Manufacturing Quality Competitiveness Index by city, 2024"},
        {"industry-ranking", "Figure 5",
         "Manufacturing Quality Competitiveness Index by industry, 2024"},
        {"industry-strip", "Figure 6",
         "Distribution of the Manufacturing Quality Competitiveness Index by industry, 2024"},
        {"city_industry-heatmap", "Figure 7",
         "Manufacturing Quality Competitiveness Index by city and industry, 2024"},
        {"city-profile-200100", "",
         "Components of the Manufacturing Quality Competitiveness Index, Unit number 1, 2024"},
    };
    check_list(publication, wanted, 8);
    check_all(publication);
    const struct mq_figure *ranking = figure_named(publication, "city-ranking");
    assert_string_equal(ranking->unit, "points");
    assert_string_equal(ranking->source, "Source: survey of enterprises");
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_figure_heading(false, ranking, &text);
    assert_string_equal(text.data,
                        "Figure 3. Manufacturing Quality Competitiveness Index by city, 2024");
    mq_buffer_clear(&text);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Nothing to compare with: no line, no waterfall, bars of one period. */
static void one_period(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_string_equal(publication->figures->figure[0].id, "city-ranking");
    assert_string_equal(publication->figures->figure[0].number, "图1");
    assert_int_equal(publication->figures->figure[0].columns, 1);
    assert_int_equal(count_kind(publication, MQ_FIGURE_TREND), 0);
    assert_int_equal(count_kind(publication, MQ_FIGURE_WATERFALL), 0);
    assert_int_equal(count_kind(publication, MQ_FIGURE_HEATMAP), 0);
    assert_int_equal(publication->figures->count, 4 + 14);
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Scores of an earlier run: compared, and nothing to draw a line of. */
static void an_earlier_run(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    for (size_t cell = 0; cell < set.frame.units * set.model.nodes; cell++) {
        set.scores.score[cell].previous = set.scores.score[cell].value - 1;
        set.scores.score[cell].previous_enterprises = 10;
    }
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_string_equal(publication->figures->figure[0].id, "waterfall");
    assert_string_equal(publication->figures->figure[0].title,
                        "2024年辽宁省制造业质量竞争力指数比上期变动的构成");
    const struct mq_figure *ranking = figure_named(publication, "city-ranking");
    assert_int_equal(ranking->columns, 3);
    assert_string_equal(ranking->column[1].name, "上期");
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Without a nation or province there is neither a line nor a change nor a reference. */
static void no_top_unit(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .no_top = true, .industries = 4}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_string_equal(publication->figures->figure[0].id, "city-ranking");
    assert_true(isnan(publication->figures->figure[0].reference.value));
    assert_string_equal(publication->figures->figure[0].reference_name, "");
    assert_int_equal(count_kind(publication, MQ_FIGURE_TREND), 0);
    assert_int_equal(count_kind(publication, MQ_FIGURE_WATERFALL), 0);
    assert_int_equal(figure_named(publication, "city-profile-200100")->columns, 1);
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* 75 development zones are too many for bars, squares and pages, not for strips. */
static void many_units(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .units = 75}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_null(mq_figures_find(publication->figures, "city-ranking"));
    assert_null(mq_figures_find(publication->figures, "city_industry-heatmap"));
    assert_int_equal(figure_named(publication, "city-strip")->columns, 75);
    assert_int_equal(count_kind(publication, MQ_FIGURE_PROFILE), 31); /* of the industries */
    assert_null(mq_figures_find(publication->figures, "city-profile-200100"));
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* 60 of both are not too many. */
static void as_many_units_as_there_may_be(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .units = 60, .industries = 31}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_int_equal(figure_named(publication, "city-ranking")->rows, 60);
    const struct mq_figure *heatmap = figure_named(publication, "city_industry-heatmap");
    assert_int_equal(heatmap->rows, 60);
    assert_int_equal(heatmap->columns, 31);
    assert_int_equal(count_kind(publication, MQ_FIGURE_PROFILE), 60);
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* One unit with a score is no comparison. */
static void nothing_to_compare(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .units = 3, .no_matrix = true}, &set);
    for (size_t i = 2; i <= 3; i++) {
        char code[8];
        snprintf(code, sizeof code, "200%zu00", i);
        struct mq_score *score =
            realistic_score(&set, realistic_unit(&set, 1, "city", code), "mqci");
        score->value = NAN;
        score->reason = MQ_MISSING_CHILDREN;
    }
    realistic_rank(&set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_null(mq_figures_find(publication->figures, "city-ranking"));
    assert_null(mq_figures_find(publication->figures, "city-strip"));
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* A heat map of one column would be the ranking of the other axis. */
static void one_column_is_no_heat_map(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .units = 5, .industries = 1}, &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_null(mq_figures_find(publication->figures, "city_industry-heatmap"));
    assert_int_equal(figure_named(publication, "city-ranking")->rows, 5);
    check_all(publication);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* A flat index whose scores are raw values; no bands. */
static void flat_and_raw(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2,
                                              .flat = true,
                                              .raw_only = true,
                                              .english = true,
                                              .no_bands = true,
                                              .no_matrix = true},
                  &set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    check_all(publication);
    assert_string_equal(publication->figures->figure[0].id, "trend");
    const struct mq_figure *ranking = figure_named(publication, "city-ranking");
    assert_string_equal(ranking->unit, "");
    assert_int_equal(ranking->bands, 0);
    assert_null(ranking->cell_band);
    const struct mq_figure *profile = figure_named(publication, "city-profile-200100");
    assert_int_equal(profile->rows, 5);
    assert_string_equal(profile->row[0].code, "employment");
    assert_int_equal(figure_named(publication, "city-strip")->rows, 6);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* What the model asks for, and nothing else; what does not fit is left out. */
static void as_the_model_says(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .industries = 3}, &set);
    static const char *note[] = {"本图不含开发区。"};
    static const struct mq_figure_plan plan[] = {
        {.kind = MQ_FIGURE_PROFILE, .level = 2, .id = "", .title = "", .number = ""},
        {.kind = MQ_FIGURE_STRIP,
         .level = 1,
         .id = "spread",
         .title = "各市分布",
         .number = "图3-1",
         .note = note,
         .notes = 1},
        {.kind = MQ_FIGURE_RANKING, .level = 1, .id = "", .title = "", .number = ""},
        {.kind = MQ_FIGURE_RANKING, .level = 1, .id = "City-Ranking", .title = "", .number = ""},
        {.kind = MQ_FIGURE_HEATMAP, .level = 1, .id = "", .title = "", .number = ""},
        {.kind = MQ_FIGURE_RANKING, .level = -1, .id = "", .title = "", .number = ""},
        {.kind = MQ_FIGURE_TREND, .level = -1, .id = "走 势", .title = "", .number = ""},
    };
    set.model.plan.figures_given = true;
    set.model.plan.figure = plan;
    set.model.plan.figures = sizeof plan / sizeof *plan;
    struct mq_publication *publication = publish_figures(&set, NULL);
    static const struct wanted wanted[] = {
        {"industry-profile-13", "", "2024年农副食品加工业制造业质量竞争力指数的分项得分"},
        {"industry-profile-14", "", "2024年食品制造业制造业质量竞争力指数的分项得分"},
        {"industry-profile-15", "", "2024年酒、饮料和精制茶制造业制造业质量竞争力指数的分项得分"},
        {"spread", "图3-1", "各市分布"},
        {"city-ranking", "图1", "2024年各市制造业质量竞争力指数"},
        {"City-Ranking-2", "图2", "2024年各市制造业质量竞争力指数"},
        {"_______", "图3", "2023—2024年辽宁省制造业质量竞争力指数"},
    };
    assert_int_equal(publication->figures->count, 7);
    check_list(publication, wanted, 7);
    assert_int_equal(publication->figures->figure[3].notes, 1);
    assert_string_equal(publication->figures->figure[3].note[0], "注：本图不含开发区。");
    check_all(publication);
    mq_publication_free(publication);

    set.model.plan.figures = 0; /* `figures: []` */
    publication = publish_figures(&set, NULL);
    assert_int_equal(publication->figures->count, 0);
    mq_publication_free(publication);

    /* pages keep ids of their own, and say whose they are */
    static const struct mq_figure_plan pages = {
        .kind = MQ_FIGURE_PROFILE, .level = 2, .id = "page", .title = "诊断", .number = ""};
    set.model.plan.figure = &pages;
    set.model.plan.figures = 1;
    publication = publish_figures(&set, NULL);
    static const struct wanted named[] = {
        {"industry-profile-13", "", "诊断（农副食品加工业）"},
        {"industry-profile-14", "", "诊断（食品制造业）"},
        {"industry-profile-15", "", "诊断（酒、饮料和精制茶制造业）"},
    };
    assert_int_equal(publication->figures->count, 3);
    check_list(publication, named, 3);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Sentences for people who see no figure. */
static void what_there_is_to_see(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .units = 3, .industries = 2}, &set);
    static const double value[] = {84.154, 87.716, 79.714};
    for (size_t i = 0; i < 3; i++) {
        char code[8];
        snprintf(code, sizeof code, "200%zu00", i + 1);
        realistic_score(&set, realistic_unit(&set, 1, "city", code), "mqci")->value = value[i];
    }
    size_t top[2] = {realistic_unit(&set, 0, "province", ""),
                     realistic_unit(&set, 1, "province", "")};
    realistic_score(&set, top[0], "mqci")->value = 83.7475;
    realistic_score(&set, top[1], "mqci")->value = 84.1475;
    realistic_rank(&set);
    struct mq_publication *publication = publish_figures(&set, NULL);
    assert_string_equal(figure_named(publication, "city-ranking")->alt,
                        "条形图：3个市中大连市最高（87.72），鞍山市最低（79.71）；辽宁省84.15。");
    assert_string_equal(figure_named(publication, "trend")->alt,
                        "折线图：辽宁省制造业质量竞争力指数2023年为83.75，2024年升至84.15；"
                        "另有质量水平、发展能力。");
    assert_string_equal(figure_named(publication, "city-strip")->alt,
                        "分布图：3个市在9项得分上的分布，制造业质量竞争力指数大连市最高（87.72），"
                        "鞍山市最低（79.71）。");
    assert_contains(figure_named(publication, "waterfall")->alt,
                    "瀑布图：辽宁省制造业质量竞争力指数由83.75变为84.15（+0.40）；拉动最大的是");
    assert_contains(figure_named(publication, "city_industry-heatmap")->alt, "热力图：3行2列，");
    assert_contains(figure_named(publication, "city-profile-200200")->alt,
                    "条形图：大连市与辽宁省的8项得分，大连市各项中");
    mq_publication_free(publication);

    set.model.chinese = false; /* the same words in English */
    publication = publish_figures(&set, NULL);
    assert_string_equal(
        figure_named(publication, "city-ranking")->alt,
        "Bar chart: among 3 units (市), 大连市 is highest (87.72) and 鞍山市 lowest (79.71); "
        "辽宁省: 84.15.");
    assert_contains(figure_named(publication, "trend")->alt,
                    "83.75 in 2023, up to 84.15 in 2024; also shown: ");
    assert_contains(figure_named(publication, "waterfall")->alt, ": 83.75 to 84.15 (+0.40); ");
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Round ends that hold all numbers; from 0 where little is lost by it. */
static void axes_have_round_ends(void **state)
{
    (void)state;
    static const struct {
        double least, greatest;
        bool bars;
        double low, high;
    } axes[] = {
        {79.39, 87.72, true, 78, 88},
        {83.75, 84.15, true, 83.7, 84.2},
        {76.5, 91.29, false, 75, 95},
        {80.2, 87.72, true, 78, 88}, /* a bar of 0.2 is too short */
        {80.2, 87.72, false, 80, 88},
        {20, 104.56, false, 0, 120},
        {0.0012, 0.0034, true, 0, 0.004},
        {-3.1, 4.2, false, -4, 6},
        {80, 80, false, 80, 82},
        {80, 80, true, 78, 80},
        {0, 0, true, 0, 0.2},
        {-5, -5, false, -5, -4.9},
        {0.3, 0.9, false, 0, 1},
        {120000, 980000, true, 0, 1000000},
        {NAN, NAN, false, 0, 1},
    };
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
        double range[2];
        mq_round_range(axes[i].least, axes[i].greatest, axes[i].bars, range);
        assert_true(range[0] == axes[i].low);
        assert_true(range[1] == axes[i].high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_two_periods),
        cmocka_unit_test(english_two_periods),
        cmocka_unit_test(one_period),
        cmocka_unit_test(an_earlier_run),
        cmocka_unit_test(no_top_unit),
        cmocka_unit_test(many_units),
        cmocka_unit_test(as_many_units_as_there_may_be),
        cmocka_unit_test(nothing_to_compare),
        cmocka_unit_test(one_column_is_no_heat_map),
        cmocka_unit_test(flat_and_raw),
        cmocka_unit_test(as_the_model_says),
        cmocka_unit_test(what_there_is_to_see),
        cmocka_unit_test(axes_have_round_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
