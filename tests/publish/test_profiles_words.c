/* Sentences of the feedback sheets are right for every direction; targets. */
#include "profiles_fixture.h"

/* ---- words ---- */

/* Puts the index of city 2 and the province where they are wanted, and its ranks. */
static void put_index(struct realistic *set, double now, double before, double top)
{
    *realistic_score(set, realistic_unit(set, 1, "city", "200200"), "mqci") =
        (struct mq_score){.value = now, .rank = 4, .of = 14, .band = 2};
    *realistic_score(set, realistic_unit(set, 0, "city", "200200"), "mqci") =
        (struct mq_score){.value = before, .rank = 4, .of = 14, .band = 2};
    realistic_score(set, realistic_unit(set, 1, "province", ""), "mqci")->value = top;
}

static void words(void **state)
{
    (void)state;
    static const struct {
        double now, before, top;
        const char *chinese[2], *english[2];
    } cases[] = {
        {81.234,
         80.111,
         82,
         {"指数为81.23分，比上年提高1.12分；", "比辽宁省（82.00分）低0.77分"},
         {"Index 81.23 points, up 1.12 points on the year before;",
          "Compared with Liaoning (82.00 points): 0.77 points lower"}},
        {81.234,
         81.239,
         81.231,
         {"比上年下降0.01分", "与辽宁省（81.23分）持平"},
         {"down 0.01 points on the year before", "The same as Liaoning (81.23 points)"}},
        {81.234,
         81.231,
         80,
         {"，与上年持平；", "比辽宁省（80.00分）高1.23分"},
         {", the same as the year before;", "1.23 points higher"}},
        {81.234,
         NAN,
         80,
         {"为81.23分；在14个市中列第4位", "高1.23分"},
         {"Index 81.23 points; rank 4 of 14", "1.23 points higher"}},
    };
    for (int english = 0; english < 2; english++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct realistic set;
            realistic_new(
                &(struct realistic_options){.periods = 2, .industries = 2, .english = english == 1},
                &set);
            put_index(&set, cases[i].now, cases[i].before, cases[i].top);
            struct mq_publication *publication = published(&set, NULL);
            const struct mq_profile *profile = profile_of(publication, "200200");
            for (int k = 0; k < 2; k++)
                assert_tells(profile, english ? cases[i].english[k] : cases[i].chinese[k]);
            assert_true((table(profile, "moves") == NULL) == isnan(cases[i].before));
            mq_publication_free(publication);
            realistic_clear(&set);
        }
}

static void moves_of_ranks(void **state)
{
    (void)state;
    static const struct {
        uint32_t now, before;
        const char *chinese, *english;
    } cases[] = {
        {3, 4, "列第3位，位次比上年上升1位", "rank 3 of 14, up 1 place on the year before"},
        {5, 3, "列第5位，位次比上年下降2位", "rank 5 of 14, down 2 places on"},
        {5, 5, "列第5位，位次与上年相同", "rank 5 of 14, the same rank as the year before"},
        {5, 0, "列第5位；评价", "rank 5 of 14; band"},
        {0, 5, "与上年持平；评价", "the year before; band"}};
    for (int english = 0; english < 2; english++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct realistic set;
            realistic_new(
                &(struct realistic_options){.periods = 2, .industries = 2, .english = english == 1},
                &set);
            put_index(&set, 81, 81, 81);
            realistic_score(&set, realistic_unit(&set, 1, "city", "200200"), "mqci")->rank =
                cases[i].now;
            realistic_score(&set, realistic_unit(&set, 0, "city", "200200"), "mqci")->rank =
                cases[i].before;
            struct mq_publication *publication = published(&set, NULL);
            const struct mq_profile *profile = profile_of(publication, "200200");
            assert_tells(profile, english ? cases[i].english : cases[i].chinese);
            mq_publication_free(publication);
            realistic_clear(&set);
        }
}

/* All leaves above, or below, or equal: the sentence says that a side is empty. */
static void one_sided(void **state)
{
    (void)state;
    for (int side = -1; side <= 1; side++) {
        struct realistic set;
        realistic_new(&(struct realistic_options){.periods = 2, .industries = 2}, &set);
        size_t unit = realistic_unit(&set, 1, "city", "200200");
        size_t top = realistic_unit(&set, 1, "province", ""), nodes = set.model.nodes;
        for (size_t i = 0; i < nodes; i++)
            if (set.model.node[i].leaf)
                set.scores.score[unit * nodes + i].value =
                    set.scores.score[top * nodes + i].value + side * (1.0 + (double)i);
        combine(&set, unit);
        combine(&set, top);
        realistic_rank(&set);
        struct mq_publication *publication = published(&set, NULL);
        const struct mq_profile *profile = profile_of(publication, "200200");
        assert_int_equal(table(profile, "gap") == NULL, side == 0);
        assert_int_equal(tells(profile, "没有明显短板"), side > 0);
        assert_int_equal(tells(profile, "没有明显强项"), side < 0);
        assert_int_equal(tells(profile, "持平"), side == 0);
        if (side)
            assert_int_equal(table(profile, "gap")->rows, 4); /* three and the others */
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

/* Raw values instead of scores: percentages differ by percentage points. */
static void raw_values(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 2, .flat = true, .raw_only = true, .no_bands = true},
        &set);
    set.model.node[0].unit = "%";
    struct mq_publication *publication = published(&set, NULL);
    const struct mq_profile *profile = profile_of(publication, "200200");
    assert_tells(profile, "个百分点；");
    assert_tells(profile, "%，比上年");
    assert_false(tells(profile, "评价"));
    assert_string_equal(table(profile, "scores")->column[1].title, "数值");
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Of two units, either is the other's only peer. */
static void one_peer(void **state)
{
    (void)state;
    static const struct {
        double other;
        const char *chinese, *english;
    } cases[] = {{90, "各指标最接近的是沈阳市，得分比大连市高8.77分",
                  "; Unit number 1 is ahead by 8.77 points"},
                 {70, "各指标最接近的是沈阳市，得分不高于大连市。",
                  "Nearest in the indicators: Unit number 1; it is not above Unit number 2."}};
    for (int english = 0; english < 2; english++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct realistic set;
            realistic_new(&(struct realistic_options){.periods = 2,
                                                      .units = 2,
                                                      .industries = 2,
                                                      .no_matrix = true,
                                                      .english = english == 1},
                          &set);
            put_index(&set, 81.23, 81, 81);
            realistic_score(&set, realistic_unit(&set, 1, "city", "200100"), "mqci")->value =
                cases[i].other;
            struct mq_publication *publication = published(&set, NULL);
            const struct mq_profile *profile = profile_of(publication, "200200");
            assert_tells(profile, english ? cases[i].english : cases[i].chinese);
            assert_int_equal(table(profile, "peers")->rows, 1);
            mq_publication_free(publication);
            realistic_clear(&set);
        }
}

/* ---- targets ---- */

static void targets(void **state)
{
    (void)state;
    struct mq_target_line line[9];
    char title[9][32];
    struct realistic set;
    for (int i = 0; i < 9; i++) {
        snprintf(title[i], sizeof title[i], "目标%d", i);
        line[i] = (struct mq_target_line){title[i], "≥98%", "97.5%", i % 4 == 3 ? "落后" : "达到",
                                          i % 4 == 3};
    }
    realistic_new(&(struct realistic_options){.periods = 2, .industries = 3}, &set);
    for (size_t count = 0; count <= 9; count++) {
        struct mq_publication_options options = {.target = line, .targets = count};
        struct mq_publication *publication = published(&set, &options);
        for (size_t p = 0; p < publication->profiles->count; p++) {
            const struct mq_profile *profile = &publication->profiles->profile[p];
            const struct mq_sheet *sheet = table(profile, "targets");
            size_t behind = count > 7 ? 2 : count > 3 ? 1 : 0, rows = 0;
            assert_int_equal(sheet == NULL, count == 0);
            for (size_t s = 0; s < profile->sheets; s++)
                rows += profile->sheet[s].rows;
            assert_true(rows <= 42);
            if (!sheet)
                continue;
            size_t most = rows - sheet->rows < 36 ? 39 - (rows - sheet->rows) : 3;
            most = most < 6 ? most : 6;
            assert_int_equal(sheet->rows, count < most ? count : most);
            for (size_t row = 0; row < sheet->rows; row++)
                assert_string_equal(at(sheet, row, 3)->text, row < behind ? "落后" : "达到");
            assert_string_equal(at(sheet, 0, 0)->text, behind ? "目标3" : "目标0");
            assert_string_equal(at(sheet, 0, 1)->text, "≥98%");
            char heading[96] = "辽宁省质量目标进展";
            if (count > sheet->rows)
                snprintf(heading, sizeof heading, "辽宁省质量目标进展（共%zu项，列出%zu项）", count,
                         sheet->rows);
            assert_int_equal(sheet->notes, 0);
            assert_string_equal(sheet->title, heading);
            assert_tells(profile, behind == 2 ? "项质量目标中有2项落后：目标3、目标7。"
                                  : behind == 1 ? "项质量目标中有1项落后：目标3。"
                                                : "项质量目标中没有落后的。");
        }
        mq_publication_free(publication);
    }
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),    cmocka_unit_test(moves_of_ranks), cmocka_unit_test(one_sided),
        cmocka_unit_test(one_peer), cmocka_unit_test(raw_values),     cmocka_unit_test(targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
