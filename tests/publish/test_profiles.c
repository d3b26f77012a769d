/* Feedback sheets: numbers are those of the tables, parts add up; who has no page. */
#include <limits.h>

#include "profiles_fixture.h"

/* ---- scores made by hand ---- */

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Leaves anywhere in 0..120; one in `holes` missing (0: none). */
static void scramble(struct realistic *set, uint64_t seed, unsigned holes)
{
    uint64_t state = seed;
    size_t nodes = set->model.nodes;
    for (size_t unit = 0; unit < set->frame.units; unit++) {
        for (size_t i = 0; i < nodes; i++) {
            struct mq_score *score = &set->scores.score[unit * nodes + i];
            if (!set->model.node[i].leaf)
                continue;
            score->value = (double)next(&state) / 4294967296.0 * 240;
            if (holes && next(&state) % holes == 0) {
                score->value = NAN;
                score->reason = MQ_NOT_REPORTED;
                set->frame.value[unit * nodes + i] = NAN;
            }
        }
        combine(set, unit);
    }
    realistic_rank(set);
}

/* ---- parts that add up ---- */

/* Rows of the table of parts: strengths by size, weaknesses by size, the others, the total. */
static void check_parts(const struct mq_sheet *sheet, long total, const char *up, const char *down)
{
    long sum = 0, last_up = LONG_MAX, last_down = LONG_MIN;
    size_t ups = 0, downs = 0;
    assert_int_equal(sheet->columns, 6);
    for (size_t row = 0; row < sheet->rows; row++) {
        long points = hundredths(at(sheet, row, 5)->value);
        const char *kind = at(sheet, row, 0)->text;
        sum += points;
        if (strcmp(kind, up) == 0) {
            assert_true(points > 0 && points <= last_up && downs == 0);
            last_up = points;
            ups++;
        } else if (strcmp(kind, down) == 0) {
            assert_true(points < 0 && points >= last_down);
            last_down = points;
            downs++;
        } else {
            assert_int_equal(row + 1, sheet->rows);
        }
    }
    assert_true(ups <= 3 && downs <= 3 && ups + downs > 0);
    long most = labs(hundredths(at(sheet, 0, 5)->value));
    for (size_t row = 0; row < ups + downs; row++)
        if (labs(hundredths(at(sheet, row, 5)->value)) > most)
            most = labs(hundredths(at(sheet, row, 5)->value));
    for (size_t row = 0; row < ups + downs; row++)
        assert_true(10 * labs(hundredths(at(sheet, row, 5)->value)) >= most);
    assert_int_equal(sum, total);
    char text[32];
    snprintf(text, sizeof text, "%s%ld.%02ld",
             total > 0   ? "+"
             : total < 0 ? "−"
                         : "",
             labs(total) / 100, labs(total) % 100);
    assert_contains(sheet->title, text);
}

/* Against the tables of the same publication. */
static void check_page(const struct realistic *set, const struct mq_publication *publication,
                       const struct mq_profile *profile)
{
    bool chinese = publication->chinese, compared = set->frame.periods == 2;
    const struct mq_sheet *ranking = realistic_sheet(publication->sheets, "city");
    const struct mq_sheet *summary = realistic_sheet(publication->sheets, "summary");
    const struct mq_sheet *scores = table(profile, "scores");
    /* the first column after the names is the index */
    double score = realistic_cell(ranking, profile->name, ranking->column[1].title)->value;
    assert_true(at(scores, 0, 1)->value == score);
    long rank = lround(realistic_cell(ranking, profile->name, chinese ? "位次" : "Rank")->value);
    assert_true(at(scores, 0, compared ? 3 : 2)->value == (double)rank);
    if (compared) {
        const char *title = chinese ? "变动" : "Change";
        const struct mq_sheet_cell *change = realistic_cell(ranking, profile->name, title);
        assert_string_equal(at(scores, 0, 2)->text, change->text);
        if (table(profile, "moves"))
            check_parts(table(profile, "moves"), hundredths(change->value), chinese ? "拉动" : "Up",
                        chinese ? "拖累" : "Down");
    }
    double top = at(summary, 0, 2)->value;
    assert_true(at(scores, 0, scores->columns - 2)->value == top);
    long gap = hundredths(score) - hundredths(top);
    assert_int_equal(hundredths(at(scores, 0, scores->columns - 1)->value), gap);
    if (table(profile, "gap"))
        check_parts(table(profile, "gap"), gap, chinese ? "强项" : "Strength",
                    chinese ? "短板" : "Weakness");
}

static size_t check_pages(const struct realistic *set)
{
    struct mq_publication *publication = published(set, NULL);
    const struct mq_profiles *profiles = publication->profiles;
    size_t parts = 0;
    for (size_t i = 0; i < profiles->count; i++) {
        const struct mq_profile *profile = &profiles->profile[i];
        size_t rows = 0;
        check_page(set, publication, profile);
        parts += (table(profile, "gap") != NULL) + (table(profile, "moves") != NULL);
        for (size_t s = 0; s < profile->sheets; s++) {
            rows += profile->sheet[s].rows;
            assert_string_equal(profile->sheet[s].number, "");
        }
        assert_true(rows <= 42);
        assert_true(profile->lines >= 3 && profile->lines <= 5);
    }
    mq_publication_free(publication);
    return parts;
}

static void parts_add_up(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        struct realistic set;
        realistic_new(&(struct realistic_options){.periods = 1 + seed % 4 % 3 % 2,
                                                  .units = 5,
                                                  .industries = 3,
                                                  .english = seed % 3 == 2,
                                                  .flat = seed % 5 == 4,
                                                  .min_enterprises = seed % 2 ? 3 : 0},
                      &set);
        if (seed > 0)
            scramble(&set, seed, seed % 6 >= 3 ? 7 : 0);
        assert_true(check_pages(&set) > 0);
        realistic_clear(&set);
    }
}

/* Leaves that only few enterprises reported are hidden; what they did is among the others. */
static void hidden_leaves(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){
            .periods = 2, .units = 6, .industries = 2, .min_enterprises = 3},
        &set);
    size_t nodes = set.model.nodes;
    for (size_t i = 0; i < set.model.levels * 2 && i < set.frame.units; i++)
        for (size_t node = 0; node < nodes; node++)
            if (set.model.node[node].leaf && (i + node) % 5 == 0)
                set.frame.coverage[i * nodes + node] = 1.0 / (double)set.frame.unit[i].enterprises;
    assert_true(check_pages(&set) > 0);
    struct mq_publication *publication = published(&set, NULL);
    size_t hidden = 0;
    for (size_t i = 0; i < publication->profiles->count; i++) {
        const struct mq_sheet *scores = table(&publication->profiles->profile[i], "scores");
        for (size_t cell = 0; cell < scores->rows * scores->columns; cell++)
            hidden += strcmp(scores->cell[cell].text, "*") == 0;
        if (hidden)
            assert_contains(scores->note[0], "“*”表示企业少于3家");
    }
    assert_true(hidden > 0);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* An indicator that is missing on one side moves the weights of the others, and that is said. */
static void missing_leaf(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .industries = 2}, &set);
    size_t unit = realistic_unit(&set, 1, "city", "200200");
    for (size_t i = 0; i < set.frame.units; i++)
        combine(&set, i);
    realistic_score(&set, unit, "patents")->value = NAN;
    realistic_score(&set, unit, "patents")->reason = MQ_NOT_REPORTED;
    combine(&set, unit);
    realistic_rank(&set);
    assert_true(check_pages(&set) > 0);
    struct mq_publication *publication = published(&set, NULL);
    const struct mq_profile *profile = profile_of(publication, "200200");
    assert_contains(table(profile, "gap")->note[0], "部分指标缺数，含权重折算的影响。");
    assert_contains(table(profile, "moves")->note[0], "注：部分指标缺数");
    assert_contains(table(profile, "scores")->note[0], "“…”表示没有填报数据");
    profile = profile_of(publication, "200300");
    assert_null(strstr(table(profile, "gap")->note[0], "缺数"));
    assert_int_equal(table(profile, "moves")->notes, 0);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* ---- the page of one city ---- */

static void one_city(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = 3}, &set);
    struct mq_publication *publication = published(&set, NULL);
    assert_int_equal(publication->profiles->count, 14);
    const struct mq_profile *profile = profile_of(publication, "200200");
    assert_string_equal(profile->title, "大连市制造业质量竞争力诊断与跟踪（2024年）");
    assert_string_equal(profile->name, "大连市");
    assert_non_null(profile->figure);
    assert_string_equal(profile->figure->column[0].code, "200200");
    const struct mq_sheet *scores = table(profile, "scores");
    const struct mq_sheet *ranking = realistic_sheet(publication->sheets, "city");
    assert_int_equal(scores->rows, set.model.nodes);
    assert_string_equal(scores->title, "得分、位次与差距（分）");
    assert_string_equal(scores->level, "city");
    assert_string_equal(at(scores, 0, 0)->text, "制造业质量竞争力指数");
    assert_string_equal(at(scores, 1, 0)->text, "　质量水平");
    assert_string_equal(at(scores, 3, 0)->text, "　　　产品质量等级品率");
    char rank[16], line[400];
    const char *place = realistic_cell(ranking, "大连市", "位次")->text;
    snprintf(rank, sizeof rank, "%s/14", place);
    assert_string_equal(at(scores, 0, 3)->text, rank);
    /* every leaf beside the table of all units' scores */
    const struct mq_sheet *leaves = realistic_sheet(publication->sheets, "city_scores");
    for (size_t row = 0; row < scores->rows; row++) {
        const struct mq_node *node = &set.model.node[set.model.order[row]];
        if (node->leaf)
            assert_string_equal(at(scores, row, 1)->text,
                                realistic_cell(leaves, "大连市", node->title)->text);
    }
    double now = realistic_cell(ranking, "大连市", "2024年")->value;
    double before = realistic_cell(ranking, "大连市", "2023年")->value;
    snprintf(line, sizeof line,
             "2024年，大连市制造业质量竞争力指数为%.2f分，比上年%s%.2f分；在14个市中列第%s位，",
             now, now > before ? "提高" : "下降", fabs(now - before), place);
    assert_contains(profile->line[0], line);
    assert_contains(profile->line[0], realistic_cell(ranking, "大连市", "评价")->text);
    snprintf(line, sizeof line, "比辽宁省（%s分）", at(scores, 0, 4)->text);
    assert_contains(profile->line[1], line);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* ---- what has no page ---- */

static bool named(const struct mq_profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->sheets; i++) {
        const struct mq_sheet *sheet = &profile->sheet[i];
        for (size_t cell = 0; cell < sheet->rows * sheet->columns; cell++)
            if (strstr(sheet->cell[cell].text, name))
                return true;
        for (size_t note = 0; note < sheet->notes; note++)
            if (strstr(sheet->note[note], name))
                return true;
    }
    return tells(profile, name) || strstr(profile->title, name);
}

static void withheld_units(void **state)
{
    (void)state;
    for (int matrix = 0; matrix < 2; matrix++) {
        struct realistic set;
        realistic_new(
            &(struct realistic_options){
                .periods = 2, .industries = 4, .no_matrix = matrix == 0, .min_enterprises = 5},
            &set);
        set.frame.unit[realistic_unit(&set, 1, "city", "200200")].enterprises = 4;
        struct mq_publication *publication = published(&set, NULL);
        assert_int_equal(publication->profiles->count, 13);
        assert_null(profile_of(publication, "200200"));
        for (size_t i = 0; i < 13; i++)
            assert_false(named(&publication->profiles->profile[i], "大连市"));
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

/* A unit whose year before may not be shown: no change, and nothing it is made of. */
static void withheld_before(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .industries = 4, .min_enterprises = 5},
                  &set);
    set.frame.unit[realistic_unit(&set, 0, "city", "200200")].enterprises = 4;
    struct mq_publication *publication = published(&set, NULL);
    const struct mq_profile *profile = profile_of(publication, "200200");
    assert_non_null(profile);
    assert_null(table(profile, "moves"));
    assert_non_null(table(profile, "gap"));
    assert_false(tells(profile, "上年"));
    assert_string_equal(at(table(profile, "scores"), 0, 2)->text, "*");
    assert_contains(table(profile, "scores")->note[0], "企业少于5家");
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void no_pages(void **state)
{
    (void)state;
    static const struct realistic_options cases[] = {
        {.periods = 2, .units = 61, .industries = 61, .flat = true, .no_matrix = true},
        {.periods = 2, .industries = 2, .no_single = true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct realistic set;
        realistic_new(&cases[i], &set);
        struct mq_publication *publication = published(&set, NULL);
        assert_non_null(publication->profiles);
        assert_int_equal(publication->profiles->count, 0);
        assert_int_equal(publication->profiles->sheets->count, 0);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void no_top(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2, .industries = 3, .no_top = true}, &set);
    struct mq_publication *publication = published(&set, NULL);
    assert_int_equal(publication->profiles->count, 14);
    const struct mq_profile *profile = profile_of(publication, "200300");
    assert_null(table(profile, "gap"));
    assert_int_equal(table(profile, "scores")->columns, 4);
    assert_string_equal(table(profile, "scores")->title, "得分与位次（分）");
    assert_non_null(table(profile, "moves"));
    assert_int_equal(profile->lines, 3);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* ---- figures, names, length ---- */

/* Codes that are no file names, and codes alike without regard to case. */
static void ids(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(
        &(struct realistic_options){.periods = 1, .units = 4, .flat = true, .no_matrix = true},
        &set);
    static const char *const codes[] = {"A/b", "A_B", "a b", "甲"};
    size_t first = realistic_unit(&set, 0, "city", "200100");
    for (size_t i = 0; i < 4; i++)
        set.frame.unit[first + i].code = codes[i];
    struct mq_publication *publication = published(&set, NULL);
    assert_int_equal(publication->profiles->count, 4);
    static const char *const wanted[] = {"A_b-scores", "A_B_2-scores", "a_b_3-scores",
                                         "___-scores"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(publication->profiles->profile[i].code, codes[i]);
        assert_string_equal(publication->profiles->profile[i].sheet[0].id, wanted[i]);
    }
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void own_figure(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_release release;
    struct mq_error error = {0};
    struct mq_profiles *profiles = NULL;
    static const struct mq_figure_item third = {"200300", "鞍山市", true};
    struct mq_figure figure[] = {
        {.kind = MQ_FIGURE_RANKING, .id = "city", .level = "city", .columns = 1, .column = &third},
        {.id = "city-profile-200200"},
        {.kind = MQ_FIGURE_PROFILE, .id = "x", .level = "city", .columns = 1, .column = &third}};
    struct mq_figures figures = {.count = 3, .figure = figure};
    realistic_new(&(struct realistic_options){.periods = 1, .units = 3, .industries = 2}, &set);
    assert_int_equal(mq_release_new(&set.scores, NULL, &release, &error), MQ_OK);
    assert_int_equal(mq_profiles_new(&release, NULL, &figures, &profiles, &error), MQ_OK);
    assert_int_equal(profiles->count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_ptr_equal(profiles->profile[i].figure, i > 0 ? &figure[i] : NULL);
    mq_profiles_free(profiles);
    mq_release_clear(&release);
    realistic_clear(&set);
}

/* An index of thirty indicators: the table of scores stops where the page ends. */
static void many_leaves(void **state)
{
    (void)state;
    enum { LEAVES = 30, NODES = LEAVES + 1 };
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .flat = true, .no_matrix = true}, &set);
    static struct mq_node node[NODES];
    static struct mq_score score[64 * NODES];
    static double value[64 * NODES], coverage[64 * NODES], weight[64 * NODES];
    static uint8_t reason[64 * NODES];
    static int order[NODES], child[LEAVES];
    assert_true(set.frame.units < 64);
    for (int i = 0; i < NODES; i++) {
        size_t from = i ? 1 + (size_t)(i - 1) % 5 : 0;
        node[i] = set.model.node[from];
        order[i] = i;
        if (i)
            child[i - 1] = i;
        for (size_t unit = 0; unit < set.frame.units; unit++) {
            size_t cell = unit * NODES + (size_t)i, old = unit * set.model.nodes + from;
            score[cell] = set.scores.score[old];
            value[cell] = set.frame.value[old];
            coverage[cell] = set.frame.coverage[old];
            weight[cell] = i ? 1.0 / LEAVES : NAN;
        }
    }
    node[0].children = LEAVES;
    node[0].child = child;
    set.model.node = node;
    set.model.nodes = NODES;
    set.model.order = order;
    set.scores.score = score;
    set.scores.weight = weight;
    set.frame.value = value;
    set.frame.coverage = coverage;
    set.frame.reason = reason;
    struct mq_publication *publication = published(&set, NULL);
    const struct mq_sheet *scores = table(profile_of(publication, "200200"), "scores");
    assert_int_equal(scores->rows, 22);
    assert_contains(scores->note[0], "其余9项见各表");
    mq_publication_free(publication);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(hidden_leaves),
        cmocka_unit_test(missing_leaf),
        cmocka_unit_test(one_city),
        cmocka_unit_test(withheld_units),
        cmocka_unit_test(withheld_before),
        cmocka_unit_test(no_pages),
        cmocka_unit_test(no_top),
        cmocka_unit_test(ids),
        cmocka_unit_test(own_figure),
        cmocka_unit_test(many_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
