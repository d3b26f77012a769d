/* Every place of a narrative: rise, fall, no change, missing, withheld, equal; what is left out. */
#include "story_fixture.h"

static const struct realistic_options two_years = {.periods = 2};

static const struct story_row one_unit[] = {
    {"{period}", "2024年"},
    {"{before}", "上年"},
    {"{unit}", "辽宁省"},
    {"{unit city 200200}", "大连市"},
    {"{unit city_industry 200200|13}", "大连市农副食品加工业"},
    {"{title}", "制造业质量竞争力指数"},
    {"{title quality}", "质量水平"},
    {"{level city}", "市"},
    {"{score}", "84.15"},
    {"{score quality}", "91.29"},
    {"{score city 200100}", "85.00"},
    {"{previous}", "83.75"},
    {"{previous city 200100}", "84.00"},
    {"{change}", "比上年提高0.40"},
    {"{change quality}", "与上年持平"},
    {"{change development}", "比上年下降0.50"},
    {"{diff}", "+0.40"},
    {"{diff quality}", "0.00"},
    {"{diff development}", "−0.50"},
    {"{rank city 200100}", "2"},
    {"{rank_change city 200200}", "位次不变"},
    {"{rank_change city 200500}", "位次上升2位"},
    {"{rank_change city 200400}", "位次下降2位"},
    {"{band}", "初步竞争力"},
    {"{band city 200200}", "中等竞争力"},
    {"{value grade_rate}", "113.61%"},
    {"{value_change grade_rate}", "比上年提高0.49个百分点"},
    {"{value revenue}", "6.50亿元"},
    {"{value_change revenue}", "比上年减少0.30亿元"},
    {"{value_change patents}", "与上年持平"},
    {"{parts}", "质量水平为91.29，与上年持平；发展能力为77.00，比上年下降0.50"},
    {"{strongest 1}", "质量水平（91.29）"},
    {"{weakest 1}", "发展能力（77.00）"},
    {"{lost}", "发展能力（下降0.50）"},
};

static void places_about_one_unit(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&two_years, &set);
    story_raw(&set, "grade_rate", 113.61, 113.12);
    story_raw(&set, "revenue", 6.5, 6.8);
    story_raw(&set, "patents", 0.05, 0.05);
    STORY_CHECK(&set, one_unit);
    assert_contains(story_said(&set, "{values standards}"),
                    "产品质量等级品率为113.61%，比上年提高0.49个百分点；微电子控制设备比重为");
    /* nothing to say */
    static const struct story_row unsaid[] = {
        {"{score city 999999}", ""},
        {"{change city 999999}", ""},
        {"{rank city 999999}", ""},
        {"{unit city 999999}", ""},
        {"{band city 999999}", ""},
        {"{interval}", ""},
        {"{history}", ""},
        {"{strongest 2}", ""}, /* of two, two are not the strongest */
        {"{gained}", ""},
        {"{parts grade_rate}", ""},
        {"{value quality}", ""},
        {"{rank_change city 999999}", ""},
        {"{value grade_rate city 7}", ""},
        {"{parts city 999999}", ""},
        {"{strongest city 999999 1}", ""},
    };
    STORY_CHECK(&set, unsaid);
    char enterprises[32];
    size_t top = realistic_unit(&set, 1, "province", "");
    sprintf(enterprises, "%llu", (unsigned long long)set.frame.unit[top].enterprises);
    assert_string_equal(story_said(&set, "{enterprises}"), enterprises);
    set.model.key = -1;
    assert_string_equal(story_said(&set, "{enterprises}"), "");
    realistic_clear(&set);
}

static void counts_and_lists(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&two_years, &set);
    static const struct story_row rows[] = {
        {"{count city}", "5"},
        {"{counted city}", "5个市"},
        {"{count city >= 85}", "2"},
        {"{count city > 85}", "1"},
        {"{count city = 80.1}", "2"},
        {"{count city <= 80.1}", "3"},
        {"{count city < 80.1}", "1"},
        {"{counted city >= 85}", "2个市"},
        {"{counted city >= 79}", "全部5个市"},
        {"{count city >= 99}", "0"},
        {"[{count city >= 99}]", ""},
        {"{counted city >= 99}", "0个市"},
        {"{count_change city >= 85}", "比上年增加1个"},
        {"{count_change city >= 80.5}", "比上年减少1个"},
        {"{count_change city >= 80}", "与上年相同"},
        {"{names city >= 85}", "大连市、沈阳市"},
        {"{names city < 80.5}", "鞍山市、本溪市、抚顺市"},
        {"{names city >= 88}", "大连市"},
        {"{names city >= 99}", ""},
        {"{rose city}/{fell city}/{same city}", "3/1/1"},
        {"{risers city 1}", "大连市（提高1.20）"},
        {"{risers city 2}", "大连市（提高1.20）、沈阳市（提高1.00）、本溪市（提高1.00）"},
        {"{fallers city 3}", "抚顺市（下降1.50）"},
        {"{rank_risers city 1}", "本溪市（上升2位）"},
        {"{rank_risers city}", "本溪市（上升2位）、鞍山市（上升1位）"},
        {"{rank_fallers city}", "抚顺市（下降2位）"},
        {"{top city 1}", "大连市（88.20）"},
        {"{top city 3}", "大连市（88.20）、沈阳市（85.00）、鞍山市（80.10）、本溪市（80.10）"},
        {"{bottom city 1}", "抚顺市（79.00）"},
        {"{bottom city 2}", "抚顺市（79.00）、鞍山市（80.10）、本溪市（80.10）"},
        {"{order city}", "大连市（88.20）、沈阳市（85.00）、鞍山市（80.10）、本溪市（80.10）、"
                         "抚顺市（79.00）"},
        {"{counted city_industry = 0}", "0个组合"},
    };
    STORY_CHECK(&set, rows);
    realistic_clear(&set);
}

static void withheld_and_missing_units_are_in_no_list(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    set.frame.unit[realistic_unit(&set, 1, "city", "200200")].enterprises = 2;
    realistic_score(&set, realistic_unit(&set, 1, "city", "200300"), "mqci")->value = NAN;
    realistic_rank(&set);
    static const struct story_row rows[] = {
        {"{score city 200200}", ""},
        {"{band city 200200}", ""},
        {"{rank city 200200}", ""},
        {"{change city 200200}", ""},
        {"{score city 200300}", ""},
        {"{count city}", "3"},
        {"{count city >= 85}", "1"},
        {"{counted city >= 79}", "3个市"},
        {"{names city >= 85}", "沈阳市"},
        {"{count_change city >= 85}", ""}, /* would tell the withheld one */
        {"{rose city}/{fell city}", "2/1"},
        {"{same city}", "0"},
        {"[{same city}]", ""},
        {"{risers city 1}", "沈阳市（提高1.00）、本溪市（提高1.00）"},
        {"{order city}", "沈阳市（85.00）、本溪市（80.10）、抚顺市（79.00）"},
        {"{top city 1}", "沈阳市（85.00）"},
    };
    STORY_CHECK(&set, rows);
    set.frame.unit[realistic_unit(&set, 1, "province", "")].enterprises = 2;
    static const struct story_row top[] = {
        {"{score}", ""}, {"{enterprises}", ""}, {"{parts}", ""}, {"{strongest 1}", ""}};
    STORY_CHECK(&set, top);
    realistic_clear(&set);
}

static void many_equals_are_counted(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&(struct realistic_options){.periods = 2, .units = 14}, &set);
    char code[16];
    for (int i = 1; i <= 14; i++) {
        sprintf(code, "2%05d", i * 100);
        story_set(&set, "city", code, "mqci", (const double[2]){i > 12 ? 70 : 90, 80});
    }
    realistic_rank(&set);
    static const struct story_row rows[] = {
        {"{top city 3}", "12个市（均为90.00）"},
        {"{risers city 3}", "12个市（均提高10.00）"},
        {"{bottom city 1}", "朝阳市（70.00）、葫芦岛市（70.00）"},
        {"{bottom city 3}", "朝阳市（70.00）、葫芦岛市（70.00）"}, /* the next group is too large */
        {"{fallers city 1}", "朝阳市（下降10.00）、葫芦岛市（下降10.00）"},
    };
    STORY_CHECK(&set, rows);
    realistic_clear(&set);
}

static void long_lists_end(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&(struct realistic_options){.periods = 1, .units = 60}, &set);
    const char *said = story_said(&set, "{order city}。");
    size_t names = 0;
    for (const char *at = said; (at = strstr(at, "（")); at++)
        names++;
    assert_int_equal(names, 40);
    assert_non_null(strstr(said, "）等。"));
    realistic_clear(&set);
}

static void optional_parts_and_sentences(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&two_years, &set);
    static const struct story_row rows[] = {
        {"甲[，{change}]。", "甲，比上年提高0.40。"},
        {"甲[，{interval}]。", "甲。"},
        {"甲{interval}。乙。", "乙。"},
        {"甲{interval}", ""},
        {"甲。乙{interval}[丙]。丁", "甲。丁"},
        {"[{interval}；]乙。", "乙。"},
        {"[甲；][{interval}。]", "甲。"},
        {"[{interval}；][乙。]", "乙。"},
        {"[{interval}；][{interval}。]丙。", "丙。"},
        {"甲[{interval}]，[{interval}]。乙", "甲。乙"},
        {"与上年相比，[{interval}提高][，{fell city}下降]。", "与上年相比，1下降。"},
        {"[提高有{gained 1}][；下降有{lost 1}]。", "下降有发展能力（下降0.50）。"},
        {"[提高有{gained 1}][；{interval}]。丙。", "丙。"},
        {"[甲[{interval}]乙]", "甲乙"},
        {"[甲[{change}]{interval}]乙", "乙"},
        {"A. [{interval}. ]B.", "A. B."},
        {"A {interval}. B.", "B."},
        {"A[; {interval}]. B.", "A. B."},
        {"{count city >= 99}个。[{count city >= 99}个。]", "0个。"},
        {"{{{period}}}[[甲]]", "{2024年}[甲]"},
        {"", ""},
    };
    STORY_CHECK(&set, rows);
    realistic_clear(&set);
}

/* Whichever of six optional parts have something to say, no comma is left standing. */
static void commas_never_stand_alone(void **state)
{
    (void)state;
    static const char *const bad[] = {"，，", "，。", "；。", "，；", "；，", "。。", "；；"};
    struct realistic set;
    story_new(&two_years, &set);
    for (unsigned bits = 0; bits < 64; bits++) {
        char text[512];
        const char *place[6];
        for (int i = 0; i < 6; i++)
            place[i] = bits & (1u << i) ? "{score}" : "{interval}";
        snprintf(text, sizeof text, "[甲%s][，乙%s][；丙%s]。[丁%s；][戊%s。][己%s]，完。",
                 place[0], place[1], place[2], place[3], place[4], place[5]);
        const char *said = story_said(&set, text);
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            if (strstr(said, bad[i]))
                fail_msg("%s\n  says %s", text, said);
        assert_true(strncmp(said, "，", strlen("，")) != 0 &&
                    strncmp(said, "。", strlen("。")) != 0);
        assert_non_null(strstr(said, "完。"));
        size_t said_parts = 0;
        for (const char *at = said; (at = strstr(at, "84.15")); at++)
            said_parts++;
        assert_int_equal(said_parts, __builtin_popcount(bits));
    }
    realistic_clear(&set);
}

static void periods_are_named_as_they_are(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&two_years, &set);
    set.frame.period[0] = "2021";
    assert_string_equal(story_said(&set, "{change}；{before}"), "比2021年提高0.40；2021年");
    assert_string_equal(story_said(&set, "{change quality}"), "与2021年持平");
    assert_string_equal(story_said(&set, "{count_change city >= 85}"), "比2021年增加1个");
    set.frame.period[0] = "2024Q3";
    set.frame.period[1] = "2024-Q4";
    assert_string_equal(story_said(&set, "{period}，{change}"),
                        "2024年四季度，比2024年三季度提高0.40");
    set.frame.period[1] = "2024H2";
    assert_string_equal(story_said(&set, "{period}"), "2024H2");
    realistic_clear(&set);
    story_new(&(struct realistic_options){.periods = 1}, &set);
    static const struct story_row one[] = {
        {"{period}{score}[，{change}]。", "2024年84.15。"},
        {"{before}", ""},
        {"{change}", ""},
        {"{rose city}", ""},
        {"{count_change city >= 85}", ""},
        {"{value_change grade_rate}", ""},
        {"{risers city}", ""},
        {"{rank_risers city}", ""},
        {"{count city >= 85}", "2"},
    };
    STORY_CHECK(&set, one);
    /* compared with another run */
    struct mq_score *score = realistic_score(&set, realistic_unit(&set, 0, "province", ""), "mqci");
    score->previous = 85;
    score->previous_enterprises = 100;
    assert_string_equal(story_said(&set, "{change}；{before}"), "比上期下降0.85；上期");
    realistic_clear(&set);
}

static void changes_are_differences_of_published_numbers(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&two_years, &set);
    /* 80.125 -> 80.13 or 80.12; 80.115 -> 80.12 either way */
    story_set(&set, "province", "", "mqci", (const double[2]){80.125, 80.115});
    assert_string_equal(story_said(&set, "{score} {change}"), "80.13 比上年提高0.01");
    set.model.rounding = MQ_HALF_EVEN;
    assert_string_equal(story_said(&set, "{score} {change}"), "80.12 与上年持平");
    story_set(&set, "city", "200100", "mqci", (const double[2]){84.995, 84});
    realistic_rank(&set);
    assert_string_equal(story_said(&set, "{count city >= 85}"), "2"); /* 84.995 -> 85.00 */
    set.model.decimals = 1;
    assert_string_equal(story_said(&set, "{score city 200100}"), "85.0");
    realistic_clear(&set);
}

static void english_is_english(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&(struct realistic_options){.periods = 2, .english = true}, &set);
    story_raw(&set, "grade_rate", 113.61, 113.12);
    static const struct story_row rows[] = {
        {"{period}", "2024"},
        {"{before}", "the year before"},
        {"{change}", "up 0.40 on the year before"},
        {"{change quality}", "unchanged from the year before"},
        {"{change development}", "down 0.50 on the year before"},
        {"{rank_change city 200500}", "up 2 places"},
        {"{rank_change city 200300}", "up 1 place"},
        {"{rank_change city 200200}", "unchanged in rank"},
        {"{value grade_rate}", "113.61%"},
        {"{value_change grade_rate}", "up 0.49 percentage points on the year before"},
        {"{counted city}", "5 cities"},
        {"{counted city >= 88}", "1 city"},
        {"{counted city >= 79}", "all 5 cities"},
        {"{counted industry}", "2 industries"},
        {"{counted city_industry = 0}", "0 combinations"},
        {"{count_change city >= 85}", "1 more than the year before"},
        {"{count_change city >= 80.5}", "1 fewer than the year before"},
        {"{count_change city >= 80}", "as many as the year before"},
        {"{names city >= 85}", "Unit number 2 and Unit number 1"},
        {"{names city < 80.5}", "Unit number 3, Unit number 5 and Unit number 4"},
        {"{fallers city}", "Unit number 4 (down 1.50)"},
        {"{rank_fallers city}", "Unit number 4 (down 2 places)"},
        {"{rank_risers city 1}", "Unit number 5 (up 2 places)"},
        {"{strongest 1}", "Quality level (91.29)"},
        {"{parts}", "Quality level 91.29, unchanged from the year before; Development capability "
                    "77.00, down 0.50 on the year before"},
    };
    STORY_CHECK(&set, rows);
    set.frame.period[0] = "2021";
    assert_string_equal(story_said(&set, "{change}, {change quality}, {count_change city >= 85}"),
                        "up 0.40 on 2021, unchanged from 2021, 1 more than in 2021");
    realistic_clear(&set);
    story_new(&(struct realistic_options){.periods = 1, .english = true, .units = 60}, &set);
    assert_contains(story_said(&set, "{order city}."), ") and others.");
    realistic_clear(&set);
}

static void intervals_and_histories(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&two_years, &set);
    size_t top = realistic_unit(&set, 1, "province", ""), cells = set.frame.units * set.model.nodes;
    set.scores.estimate = mq_arena_array(&set.arena, cells, sizeof *set.scores.estimate);
    set.scores.estimate[top * set.model.nodes] = (struct mq_estimate){.low = 83.1, .high = 85.2};
    assert_string_equal(story_said(&set, "{interval}"), "83.10～85.20");
    set.scores.estimate[top * set.model.nodes].high = NAN;
    assert_string_equal(story_said(&set, "{interval}"), "");
    realistic_clear(&set);
    /* a third year by hand: the first again, two years earlier */
    story_new(&two_years, &set);
    struct mq_unit *unit = mq_arena_array(&set.arena, set.frame.units + 1, sizeof *unit);
    struct mq_score *score =
        mq_arena_array(&set.arena, cells + set.model.nodes, sizeof *set.scores.score);
    double *value = mq_arena_array(&set.arena, cells + set.model.nodes, sizeof *value);
    double *coverage = mq_arena_array(&set.arena, cells + set.model.nodes, sizeof *coverage);
    uint8_t *reason = mq_arena_array(&set.arena, cells + set.model.nodes, 1);
    memcpy(unit + 1, set.frame.unit, set.frame.units * sizeof *unit);
    memcpy(score + set.model.nodes, set.scores.score, cells * sizeof *score);
    memcpy(value + set.model.nodes, set.frame.value, cells * sizeof *value);
    memcpy(coverage + set.model.nodes, set.frame.coverage, cells * sizeof *coverage);
    for (size_t i = 0; i < set.frame.units; i++)
        unit[i + 1].period++;
    unit[0] = (struct mq_unit){0, 0, "", "辽宁省", 100};
    score[0].value = 83.2;
    set.frame.unit = unit, set.frame.units++, set.frame.value = value;
    set.frame.coverage = coverage, set.frame.reason = reason, set.scores.score = score;
    set.frame.periods = 3;
    set.frame.period = (const char *[]){"2022", "2023", "2024"};
    assert_string_equal(story_said(&set, "{history}"), "2022年83.20、2023年83.75、2024年84.15");
    score[0].value = NAN;
    assert_string_equal(story_said(&set, "{history}"), "");
    realistic_clear(&set);
}

static void raw_scores_have_their_unit(void **state)
{
    (void)state;
    struct realistic set;
    story_new(&(struct realistic_options){.periods = 2, .flat = true, .raw_only = true}, &set);
    story_set(&set, "city", "200100", "debt", (const double[2]){41.2, 40.9});
    story_set(&set, "city", "200100", "employment", (const double[2]){1.5, 1.8});
    realistic_rank(&set);
    for (size_t unit = 0; unit < set.frame.units; unit++)
        for (size_t node = 0; node < set.model.nodes; node++)
            if (set.model.node[node].leaf)
                set.frame.value[unit * set.model.nodes + node] =
                    set.scores.score[unit * set.model.nodes + node].value;
    static const struct story_row rows[] = {
        {"{score debt city 200100}，{change debt city 200100}", "41.20%，比上年提高0.30个百分点"},
        {"{change employment city 200100}", "比上年减少0.30thousand"},
        {"{diff debt city 200100}", "+0.30"},
    };
    STORY_CHECK(&set, rows);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_about_one_unit),
        cmocka_unit_test(counts_and_lists),
        cmocka_unit_test(withheld_and_missing_units_are_in_no_list),
        cmocka_unit_test(many_equals_are_counted),
        cmocka_unit_test(long_lists_end),
        cmocka_unit_test(optional_parts_and_sentences),
        cmocka_unit_test(commas_never_stand_alone),
        cmocka_unit_test(periods_are_named_as_they_are),
        cmocka_unit_test(changes_are_differences_of_published_numbers),
        cmocka_unit_test(english_is_english),
        cmocka_unit_test(intervals_and_histories),
        cmocka_unit_test(raw_scores_have_their_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
