/* datasets/codes: the counts the standards state, and what changed since 2002. */
#include "support.h"

#include "core/core.h"

struct lists {
    struct mq_codes region, industry;
};

static int open_lists(void **state)
{
    static struct lists lists;
    struct mq_error error = {0};
    if (mq_codes_read("datasets/codes/region.csv", &lists.region, &error) != MQ_OK ||
        mq_codes_read("datasets/codes/industry.csv", &lists.industry, &error) != MQ_OK) {
        print_error("%s:%ld: %s\n", error.file, error.line, error.message);
        return 1;
    }
    *state = &lists;
    return 0;
}

static int close_lists(void **state)
{
    struct lists *lists = *state;
    mq_codes_clear(&lists->region);
    mq_codes_clear(&lists->industry);
    return 0;
}

/* Codes of a level that start with `lead`; current ones only, or only those that ended. */
static int count(const struct mq_codes *codes, const char *level, const char *lead, bool ended)
{
    int found = 0;
    for (size_t i = 0; i < codes->count; i++) {
        const struct mq_code *code = &codes->code[i];
        found += strcmp(code->level, level) == 0 && strncmp(code->code, lead, strlen(lead)) == 0 &&
                 (code->valid_to[0] != '\0') == ended;
    }
    return found;
}

static const struct mq_code *get(const struct mq_codes *codes, const char *code)
{
    uint32_t at = mq_dict_find(codes->dict, mq_text(code));
    if (at == MQ_NO_CODE)
        fail_msg("%s is not in %s", code, codes->path);
    return &codes->code[at];
}

static const char *above(const struct mq_codes *codes, const char *code, const char *level)
{
    uint32_t at = mq_codes_ancestor(codes, mq_dict_find(codes->dict, mq_text(code)), level);
    return at == MQ_NO_CODE ? "" : codes->code[at].name;
}

static void provinces_and_cities_are_complete(void **state)
{
    const struct mq_codes *region = &((struct lists *)*state)->region;
    int grouping = 4 /* 419000 429000 469000 659000 */,
        municipal = 5 /* 110100 120100 310100 500100 500200 */;
    assert_int_equal(count(region, "province", "", false), 31);
    assert_int_equal(count(region, "city", "", false), 333 + grouping + municipal);
    assert_int_equal(count(region, "city", "21", false), 14);
    assert_int_equal(count(region, "city", "44", false), 21);
    assert_int_equal(count(region, "city", "65", false), 14 + 1);
    assert_string_equal(get(region, "540000")->name, "西藏自治区");
    assert_string_equal(get(region, "211400")->name, "葫芦岛市");
}

static void liaoning_has_a_hundred_counties(void **state)
{
    const struct mq_codes *region = &((struct lists *)*state)->region;
    static const int of_city[14] = {13, 10, 7, 7, 6, 6, 7, 6, 7, 7, 4, 7, 7, 6};
    int districts = 0, total = 0;
    for (int city = 1; city <= 14; city++) {
        char lead[16];
        int found;
        snprintf(lead, sizeof lead, "21%02d", city);
        found = count(region, "county", lead, false);
        if (found != of_city[city - 1])
            fail_msg("%s has %d counties and districts, not %d", lead, found, of_city[city - 1]);
        total += found;
    }
    assert_int_equal(total, 100);
    for (size_t i = 0; i < region->count; i++) {
        const struct mq_code *code = &region->code[i];
        size_t length = strlen(code->name);
        districts += strncmp(code->code, "21", 2) == 0 && strcmp(code->level, "county") == 0 &&
                     !code->valid_to[0] && strcmp(code->name + length - strlen("区"), "区") == 0;
    }
    assert_int_equal(districts, 59);
    assert_string_equal(above(region, "210211", "city"), "大连市");
    assert_string_equal(above(region, "210211", "province"), "辽宁省");
}

static void what_was_abolished_still_has_a_parent(void **state)
{
    const struct mq_codes *region = &((struct lists *)*state)->region;
    static const char *const ended[][3] = {
        {"341400", "2011", "安徽省"}, {"371200", "2019", "山东省"},
        {"522400", "2011", "贵州省"}, {"542400", "2017", "西藏自治区"},
        {"210122", "2016", "辽宁省"}, {"211121", "2016", "辽宁省"}};
    static const char *const began[][2] = {{"520500", "2011"},
                                           {"540600", "2017"},
                                           {"460300", "2012"},
                                           {"210115", "2016"},
                                           {"211104", "2016"}};
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++) {
        assert_string_equal(get(region, ended[i][0])->valid_to, ended[i][1]);
        assert_string_equal(above(region, ended[i][0], "province"), ended[i][2]);
    }
    for (size_t i = 0; i < sizeof began / sizeof *began; i++) {
        assert_string_equal(get(region, began[i][0])->valid_from, began[i][1]);
        assert_string_equal(get(region, began[i][0])->valid_to, "");
    }
    assert_int_equal(count(region, "county", "21", true), 3);
}

/* The digits themselves say who belongs to whom; the parent column must agree. */
static void parents_agree_with_the_digits(void **state)
{
    const struct lists *lists = *state;
    for (size_t i = 0; i < lists->region.count; i++) {
        const struct mq_code *code = &lists->region.code[i];
        size_t lead = strcmp(code->level, "county") == 0 ? 4 : 2;
        assert_int_equal(strlen(code->code), 6);
        if (strcmp(code->level, "province") == 0) {
            assert_int_equal(code->parent, MQ_NO_CODE);
            continue;
        }
        assert_memory_equal(lists->region.code[code->parent].code, code->code, lead);
        assert_string_equal(lists->region.code[code->parent].code + lead,
                            &"0000"[lead == 4 ? 2 : 0]);
    }
    for (size_t i = 0; i < lists->industry.count; i++) {
        const struct mq_code *code = &lists->industry.code[i];
        size_t length = strlen(code->code);
        assert_int_equal(length, strcmp(code->level, "division") == 0 ? 2
                                 : strcmp(code->level, "group") == 0  ? 3
                                                                      : 4);
        if (length > 2)
            assert_int_equal(
                strncmp(lists->industry.code[code->parent].code, code->code, length - 1), 0);
        else
            assert_int_equal(code->parent, MQ_NO_CODE);
    }
}

static void manufacturing_has_31_divisions_179_groups_609_classes(void **state)
{
    const struct mq_codes *industry = &((struct lists *)*state)->industry;
    assert_int_equal(count(industry, "division", "", false), 31);
    assert_int_equal(count(industry, "group", "", false), 179);
    assert_int_equal(count(industry, "class", "", false), 609);
    assert_int_equal(industry->count, 31 + 179 + 609);
    assert_string_equal(get(industry, "3741")->name, "飞机制造");
    assert_string_equal(get(industry, "374")->name, "航空、航天器及设备制造");
    assert_string_equal(get(industry, "134")->name, "制糖业");
    assert_string_equal(above(industry, "1340", "group"), "制糖业");
    assert_string_equal(above(industry, "3670", "division"), "汽车制造业");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(provinces_and_cities_are_complete),
        cmocka_unit_test(liaoning_has_a_hundred_counties),
        cmocka_unit_test(what_was_abolished_still_has_a_parent),
        cmocka_unit_test(parents_agree_with_the_digits),
        cmocka_unit_test(manufacturing_has_31_divisions_179_groups_609_classes),
    };
    return cmocka_run_group_tests(tests, open_lists, close_lists);
}
