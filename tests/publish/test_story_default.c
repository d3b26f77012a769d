/* Sections: what a model without a narrative says, what a model says itself, and where tables and
 * figures stand. */
#include "failing.h"
#include "story_fixture.h"

static const struct mq_figure no_figures[1];

struct told {
    struct realistic set;
    struct mq_release release;
    struct mq_sheets *sheets;
    struct mq_figures figures;
    struct mq_story *story;
};

static void tell(struct told *told)
{
    struct mq_error error = {0};
    assert_int_equal(mq_sheets_new(&told->set.scores, NULL, &told->sheets, &error), MQ_OK);
    assert_int_equal(mq_release_new(&told->set.scores, NULL, &told->release, &error), MQ_OK);
    assert_int_equal(
        mq_story_new(&told->release, told->sheets, &told->figures, &told->story, &error), MQ_OK);
}

static void forget(struct told *told)
{
    mq_story_free(told->story);
    mq_release_clear(&told->release);
    mq_sheets_free(told->sheets);
    realistic_clear(&told->set);
}

static const struct mq_story_section *section_of(const struct told *told, const char *id)
{
    for (size_t i = 0; i < told->story->count; i++)
        if (strcmp(told->story->section[i].id, id) == 0)
            return &told->story->section[i];
    return NULL;
}

/* "overview: summary / trend; city: ..." */
static const char *layout(const struct told *told, char *text)
{
    text[0] = '\0';
    for (size_t i = 0; i < told->story->count; i++) {
        const struct mq_story_section *section = &told->story->section[i];
        sprintf(text + strlen(text), "%s%s:", i ? "; " : "", section->id);
        for (size_t j = 0; j < section->sheets; j++)
            sprintf(text + strlen(text), " %s", section->sheet[j]->id);
        for (size_t j = 0; j < section->figures; j++)
            sprintf(text + strlen(text), " /%s", section->figure[j]->id);
    }
    return text;
}

static void everything_stands_in_one_section(void **state)
{
    (void)state;
    static const struct mq_figure figures[] = {
        {.kind = MQ_FIGURE_TREND, .id = "trend", .level = ""},
        {.kind = MQ_FIGURE_RANKING, .id = "city_ranking", .level = "city"},
        {.kind = MQ_FIGURE_RANKING, .id = "industry_ranking", .level = "industry"},
        {.kind = MQ_FIGURE_STRIP, .id = "city_strip", .level = "city"},
        {.kind = MQ_FIGURE_HEATMAP, .id = "heatmap", .level = "city_industry"},
        {.kind = MQ_FIGURE_WATERFALL, .id = "waterfall", .level = ""},
        {.kind = MQ_FIGURE_TILES, .id = "tiles", .level = "city"},
        {.kind = MQ_FIGURE_MAP, .id = "map", .level = "elsewhere"},
        {.kind = MQ_FIGURE_PROFILE, .id = "profile_1", .level = "city"},
    };
    struct told told = {.figures = {.count = 9, .figure = figures}};
    story_new(&(struct realistic_options){.periods = 2}, &told.set);
    tell(&told);
    char text[2048];
    assert_string_equal(
        layout(&told, text),
        "overview: summary /trend /waterfall; city: city /city_ranking /city_strip /tiles; "
        "industry: industry /industry_ranking; city_industry: city_industry /heatmap; indicators: "
        "indicators; appendix: city_scores city_values industry_scores industry_values /map; "
        "notes: notes");
    assert_string_equal(section_of(&told, "city")->title, "各市情况");
    assert_string_equal(section_of(&told, "city_industry")->title, "各市各行业情况");
    assert_string_equal(section_of(&told, "notes")->title, "编制说明");
    forget(&told);
}

static void sentences_of_two_years(void **state)
{
    (void)state;
    struct told told = {.figures = {.figure = no_figures}};
    story_new(&(struct realistic_options){.periods = 2}, &told.set);
    story_raw(&told.set, "grade_rate", 113.61, 113.12);
    told.set.model.key = -1;
    tell(&told);
    assert_string_equal(section_of(&told, "overview")->paragraph[0],
                        "2024年辽宁省制造业质量竞争力指数为84.15，比上年提高0.40，评价等级为“初步"
                        "竞争力”。其中，质量水平为91.29，与上年持平；发展能力为77.00，比上年下降"
                        "0.50。");
    const struct mq_story_section *city = section_of(&told, "city");
    assert_int_equal(city->paragraphs, 3);
    assert_int_equal(
        strncmp(city->paragraph[0],
                "2024年，5个市中，制造业质量竞争力指数最高的是大连市（88.20），最低的"
                "是抚顺市（79.00）。2个市在85以上（大连市、沈阳市），比上年增加1个；4个"
                "市在80以上，与上年相同。分项看，质量水平最高的是",
                strlen("2024年，5个市中，制造业质量竞争力指数最高的是大连市（88.20），"
                       "最低的是抚顺市（79.00）。2个市在85以上（大连市、沈阳市），比上"
                       "年增加1个；4个市在80以上，与上年相同。分项看，质量水平最高的是")),
        0);
    assert_string_equal(city->paragraph[1], "与上年相比，3个市提高，1个市下降，1个市持平。提高的有"
                                            "大连市（提高1.20）、沈阳市（提高1.00）、"
                                            "本溪市（提高1.00）；下降的有抚顺市（下降1."
                                            "50）。位次上升较多的有本溪市（上升2位）、鞍山市（上"
                                            "升1位）；位次下降较多的有抚顺市（下降2位）。");
    assert_string_equal(
        city->paragraph[2],
        "各市依次为大连市（88.20）、沈阳市（85.00）、鞍山市（80.10）、本溪市（80.10）"
        "、抚顺市（79.00）。");
    assert_contains(section_of(&told, "indicators")->paragraph[0],
                    "标准与技术水平方面，产品质量等级品率为113.61%，比上年提高0.49个百分点；");
    assert_int_equal(section_of(&told, "indicators")->paragraphs, 2);
    forget(&told);
}

static void nobody_rose_and_nobody_fell(void **state)
{
    (void)state;
    struct told told = {.figures = {.figure = no_figures}};
    story_new(&(struct realistic_options){.periods = 2, .no_bands = true}, &told.set);
    for (size_t i = 0; i < 5; i++)
        story_set(&told.set, "city", story_cities[i].code, "mqci",
                  (const double[2]){70 + (double)i, 70 + (double)i});
    realistic_rank(&told.set);
    tell(&told);
    assert_string_equal(section_of(&told, "city")->paragraph[1], "与上年相比，5个市持平。");
    assert_null(strstr(section_of(&told, "city")->paragraph[0], "以上"));
    forget(&told);
    story_new(&(struct realistic_options){.periods = 2}, &told.set);
    for (size_t i = 0; i < 5; i++)
        story_set(&told.set, "city", story_cities[i].code, "mqci",
                  (const double[2]){70 + (double)i, 80 + (double)i});
    realistic_rank(&told.set);
    tell(&told);
    assert_string_equal(
        section_of(&told, "city")->paragraph[1],
        "与上年相比，5个市下降。下降较多的有本溪市（下降10.00）、抚顺市（下降10.00）、"
        "鞍山市（下降10.00）、大连市（下降10.00）、沈阳市（下降10.00）。");
    forget(&told);
}

static void one_period_without_a_top_unit(void **state)
{
    (void)state;
    struct told told = {.figures = {.figure = no_figures}};
    story_new(&(struct realistic_options){.periods = 1, .no_top = true, .no_matrix = true},
              &told.set);
    tell(&told);
    char text[2048];
    assert_string_equal(layout(&told, text),
                        "city: city; industry: industry; appendix: city_scores city_values "
                        "industry_scores industry_values; notes: notes");
    for (size_t i = 0; i < told.story->count; i++)
        for (size_t j = 0; j < told.story->section[i].paragraphs; j++)
            assert_null(strstr(told.story->section[i].paragraph[j], "上年"));
    assert_int_equal(section_of(&told, "city")->paragraphs, 2);
    forget(&told);
}

static void english_sections(void **state)
{
    (void)state;
    struct told told = {.figures = {.figure = no_figures}};
    story_new(&(struct realistic_options){.periods = 2, .english = true}, &told.set);
    told.set.model.key = -1;
    tell(&told);
    assert_string_equal(section_of(&told, "overview")->paragraph[0],
                        "Manufacturing Quality Competitiveness Index of Liaoning stood at 84.15 in "
                        "2024, up 0.40 on the year before, rated “初步竞争力”. Of its parts: "
                        "Quality level 91.29, unchanged from the year before; Development "
                        "capability 77.00, down 0.50 on the year before.");
    const struct mq_story_section *city = section_of(&told, "city");
    assert_string_equal(city->title, "By city");
    assert_contains(city->paragraph[0],
                    "Of 5 cities, Unit number 2 (88.20) came first and Unit number 4 (79.00) last "
                    "in 2024. At 85 or more: 2 cities (Unit number 2 and Unit number 1), 1 more "
                    "than the year before; at 80 or more: 4 cities, as many as the year before. By "
                    "Quality level, ");
    assert_string_equal(
        city->paragraph[1],
        "Compared with the year before, 3 rose, 1 fell, 1 held. Rises: Unit number 2 (up 1.20), "
        "Unit number 1 (up 1.00) and Unit number 5 (up 1.00). Falls: Unit number 4 (down 1.50). In "
        "rank, Unit number 5 (up 2 places) and Unit number 3 (up 1 place) moved most upwards; Unit "
        "number 4 (down 2 places) moved most downwards.");
    assert_string_equal(section_of(&told, "city_industry")->title, "By city and industry");
    forget(&told);
}

static void a_model_says_it_itself(void **state)
{
    (void)state;
    static const struct mq_figure figures[] = {
        {.kind = MQ_FIGURE_TREND, .id = "trend", .level = ""},
        {.kind = MQ_FIGURE_MAP, .id = "map", .level = "city"}};
    struct told told = {.figures = {.count = 2, .figure = figures}};
    story_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &told.set);
    static const char *const written[] = {"{title}为{score}。", "{interval}", "{change}。"};
    const struct mq_narrative *parsed[3];
    struct mq_narrative_fault fault;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            mq_narrative_parse(&told.set.model, written[i], &told.set.arena, &parsed[i], &fault),
            MQ_OK);
    const struct mq_text_plan plan[] = {
        {.id = "one",
         .title = "一",
         .parsed = parsed,
         .paragraphs = 3,
         .sheet = (const char *[]){"city-ranking", "nothing", "summary"},
         .sheets = 3,
         .figure = (const char *[]){"map", "nothing"},
         .figures = 2},
        {.id = "empty", .title = "空", .parsed = parsed + 1, .paragraphs = 1},
        {.id = "two",
         .title = "二",
         .sheet = (const char *[]){"city", "industry"},
         .sheets = 2,
         .figure = (const char *[]){"map", "trend"},
         .figures = 2},
    };
    told.set.model.plan = (struct mq_plan){.texts_given = true, .text = plan, .texts = 3};
    tell(&told);
    char text[2048];
    assert_string_equal(layout(&told, text),
                        "one: city summary /map; two: industry /trend; appendix: indicators "
                        "city_scores city_values industry_scores industry_values; notes: notes");
    assert_int_equal(told.story->section[0].paragraphs, 2);
    assert_string_equal(told.story->section[0].paragraph[0], "制造业质量竞争力指数为84.15。");
    assert_string_equal(told.story->section[0].paragraph[1], "比上年提高0.40。");
    forget(&told);
}

static void without_figures_or_nodes(void **state)
{
    (void)state;
    struct told told = {.figures = {.figure = no_figures}};
    story_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &told.set);
    told.set.model.nodes = 0;
    tell(&told);
    char text[2048];
    assert_string_equal(layout(&told, text), "notes: notes");
    mq_story_free(told.story);
    struct mq_error error = {0};
    assert_int_equal(mq_story_new(&told.release, told.sheets, NULL, &told.story, &error), MQ_OK);
    assert_string_equal(layout(&told, text), "notes: notes");
    forget(&told);
    mq_story_free(NULL);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct told told = {.figures = {.figure = no_figures}};
    story_new(&(struct realistic_options){.periods = 2}, &told.set);
    tell(&told);
    long failed = 0;
    for (long n = 0;; n++) {
        struct mq_story *story = NULL;
        struct mq_error error = {0};
        fail_allocation(n);
        enum mq_status status =
            mq_story_new(&told.release, told.sheets, &told.figures, &story, &error);
        bool reached = allocation_failed();
        if (!reached) {
            assert_int_equal(status, MQ_OK);
            mq_story_free(story);
            break;
        }
        assert_int_equal(status, MQ_INTERNAL);
        assert_contains(error.message, "out of memory");
        assert_null(story);
        failed++;
    }
    assert_true(failed > 40);
    forget(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_stands_in_one_section),
        cmocka_unit_test(sentences_of_two_years),
        cmocka_unit_test(nobody_rose_and_nobody_fell),
        cmocka_unit_test(one_period_without_a_top_unit),
        cmocka_unit_test(english_sections),
        cmocka_unit_test(a_model_says_it_itself),
        cmocka_unit_test(without_figures_or_nodes),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
