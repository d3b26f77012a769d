/* Screening, imputing and treating as a user meets them: model, files, explain, publish. */
#include "program.h"

#include "support.h"

static const char codes[] = "code,name,parent,level\n"
                            "210000,辽宁省,,province\n"
                            "210100,沈阳市,210000,city\n"
                            "210200,大连市,210000,city\n"
                            "210300,鞍山市,210000,city\n"
                            "220000,吉林省,,province\n"
                            "220100,长春市,220000,city\n"
                            "220200,吉林市,220000,city\n";

/* Line 17 screens, line 19 imputes, line 20 treats. */
static const char model[] =
    "mqci: 1\n"
    "id: prepared\n"
    "edition: \"2024\"\n"
    "title: 质量指数\n"
    "assumptions: [权重取等权]\n"
    "codes: {region: codes.csv}\n"
    "inputs:\n"
    "  - {id: usci, column: [usci], type: key}\n"
    "  - {id: year, column: [year], type: period}\n"
    "  - {id: region, column: [area], type: code, list: region}\n"
    "  - {id: revenue, column: [revenue], type: amount, decimals: 1}\n"
    "  - {id: rd, column: [rd], type: amount, decimals: 1}\n"
    "  - {id: loss, column: [loss], type: amount, decimals: 1}\n"
    "levels:\n"
    "  - {id: province, title: 地区, by: [region.province]}\n"
    "  - {id: city, title: 市, by: [region.city]}\n"
    "screen: {min_available: 1/2, drop: [\"210300\"]}\n"
    "defaults:\n"
    "  impute: {method: group_mean, by: province}\n"
    "  treat: {method: quantile_clip, low: 0, high: 0.9}\n"
    "  normalise: {method: minmax, low: 60, high: 100}\n"
    "indicators:\n"
    "  - {id: index, title: 质量指数}\n"
    "  - {id: rd_share, parent: index, weight: 1/2, title: 研发经费比重,\n"
    "     formula: 100 * rd / revenue}\n"
    "  - {id: loss_rate, parent: index, weight: 1/2, title: 质量损失率, direction: down,\n"
    "     formula: 100 * loss / revenue}\n"
    "disclosure: {min_enterprises: 0}\n";

static const char table[] = "usci,year,area,revenue,rd,loss\n"
                            "A1,2023,210100,1000.5,20.1,9.5\n"
                            "A2,2023,210100,2000,70.3,\n"
                            "B1,2023,210200,1600.2,,4.9\n"
                            "C1,2023,210300,900.7,33.3,8.8\n"
                            "D1,2023,220100,3000.1,90.9,\n"
                            "E1,2023,220200,1100.3,,3.3\n"
                            "A1,2024,210100,1010.5,25.1,9.9\n"
                            "B1,2024,210200,1700.2,66,4.4\n"
                            "C1,2024,210300,910.7,,8.1\n"
                            "D1,2024,220100,3100.1,80.9,7.7\n"
                            "E1,2024,220200,1200.3,44.4,2.3\n";

static void quiet(const char *command)
{
    struct outcome outcome = expect_shell(0, "%s", command);

    assert_string_equal(outcome.err, "");
    outcome_clear(&outcome);
}

static int set_up(void **state)
{
    (void)state;
    put_file(in_folder("codes.csv"), codes);
    put_file(in_folder("model.yaml"), model);
    put_file(in_folder("data.csv"), table);
    quiet("$MQCI run $TMP/model.yaml $TMP/data.csv -o $TMP/out --threads 1");
    return 0;
}

static void has(const char *file, const char *part)
{
    char *text = get_file(in_folder(file));

    assert_contains(text, part);
    free(text);
}

/* 100 * (20.1 + 70.3) / 3000.5 of 沈阳 stands in for 大连, whose province has nobody else: 鞍山 is
 * left out. */
static void every_change_is_on_record(void **state)
{
    (void)state;
    has("out/prepared.csv", "period,level,unit,indicator,stage,method,before,after\n");
    has("out/prepared.csv", "2023,city,210200,rd_share,impute,group_mean,,3.0128311948008664\n"
                            "2023,city,210300,rd_share,screen,,3.697124458754302,\n"
                            "2023,city,210300,loss_rate,screen,,0.9770178749861219,\n"
                            "2023,city,220100,loss_rate,impute,group_mean,,0.2999182041261474\n");
    has("out/prepared.csv",
        "2024,city,210100,loss_rate,treat,quantile_clip,0.9797130133597229,0.76");
    has("out/indicators.csv", "2023,city,210200,大连市,rd_share,,,,1,0,not_reported\n");
    has("out/scores.csv", "2023,city,210200,大连市,rd_share,60,3,4,");
    has("out/manifest.json", "\"prepared.csv\": \"");
    has("out/manifest.json", "\"bounds.csv\": \"");
    has("out/scores.csv", "2024,city,210300,鞍山市,index,,,,,,1,0.5,screened\n");
    has("out/scores.csv", "2024,city,210300,鞍山市,loss_rate,,,,,,1,1,screened\n");
    char *text = get_file(in_folder("out/scores.csv"));
    size_t imputed = 0;
    for (const char *at = text; (at = strstr(at, ",imputed\n")); at++)
        imputed++;
    assert_int_equal(imputed, 6); /* three leaves and the index of their cities */
    free(text);
}

/* 大连 2023: rd_share missing, 60 to 100 in that year and level; half of it and half of loss_rate.
 */
static void bounds_of_what_is_missing(void **state)
{
    (void)state;
    char *text = get_file(in_folder("out/bounds.csv"));
    size_t rows = 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        rows++;
    assert_int_equal(rows, 1 + 6); /* screened ones have none */
    assert_contains(text, "period,level,unit,name,node,value,low,high,missing\n"
                          "2023,city,210200,大连市,index,79.72433900495777,79.72433900495777,"
                          "99.72433900495777,1\n"
                          "2023,city,210200,大连市,rd_share,60,60,100,1\n");
    free(text);
}

static void explain_says_what_stands_in(void **state)
{
    struct outcome outcome;

    (void)state;
    outcome = expect_shell(0, "$MQCI explain $TMP/out --unit 210200 --period 2023");
    assert_contains(outcome.out, "3.01283（插补）");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI explain $TMP/out --unit 210100 --level city");
    assert_contains(outcome.out, "0.979713 → 0.763437");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI explain $TMP/out --unit 210300");
    assert_contains(outcome.out, "质量指数  有效数据过少，不参与评价");
    outcome_clear(&outcome);
}

static void publish_reads_the_record(void **state)
{
    static const char *const files[] = {"tables/city.csv", "tables/province.csv"};

    (void)state;
    quiet("$MQCI publish $TMP/out -o $TMP/published");
    for (size_t i = 0; i < 2; i++) {
        char one[80], other[80];
        snprintf(one, sizeof one, "out/%s", files[i]);
        snprintf(other, sizeof other, "published/%s", files[i]);
        assert_same_file(in_folder(one), in_folder(other));
    }
    has("published/tables/city.csv", "有效数据过少，不参与评价");
    quiet("cp -r $TMP/out $TMP/broken && sed -i "
          "'s/,220100,loss_rate,impute/,220109,loss_rate,impute/' "
          "$TMP/broken/prepared.csv");
    struct outcome outcome = run_shell("$MQCI publish $TMP/broken -o $TMP/again");
    assert_true(outcome.status != 0);
    assert_contains(outcome.err, "prepared.csv:8:3: unit is \"220109\"");
    outcome_clear(&outcome);
}

static void threads_and_order_of_rows_change_nothing(void **state)
{
    static const char *const files[] = {"prepared.csv", "scores.csv", "indicators.csv",
                                        "bounds.csv"};

    (void)state;
    quiet("(head -1 $TMP/data.csv; tail -n +2 $TMP/data.csv | tac) > $TMP/turned.csv");
    for (int threads = 1; threads <= 3; threads++) {
        struct outcome outcome =
            expect_shell(0, "$MQCI run $TMP/model.yaml $TMP/turned.csv -o $TMP/t%d --threads %d",
                         threads, threads);
        outcome_clear(&outcome);
        for (size_t i = 0; i < 4; i++) {
            char one[80], other[80];
            snprintf(one, sizeof one, "out/%s", files[i]);
            snprintf(other, sizeof other, "t%d/%s", threads, files[i]);
            assert_same_file(in_folder(one), in_folder(other));
        }
    }
}

/* The same groups by a file: the same numbers. */
static void groups_of_a_file(void **state)
{
    (void)state;
    put_file(in_folder("groups.csv"), "unit,group\n210100,东\n210200,东\n210300,东\n"
                                      "220100,西\n220200,西\n");
    quiet("sed 's/by: province/by: groups.csv/' $TMP/model.yaml > $TMP/filed.yaml");
    quiet("$MQCI run $TMP/filed.yaml $TMP/data.csv -o $TMP/filed");
    assert_same_file(in_folder("out/prepared.csv"), in_folder("filed/prepared.csv"));
    assert_same_file(in_folder("out/scores.csv"), in_folder("filed/scores.csv"));
    quiet("$MQCI publish $TMP/filed -o $TMP/filed-published");
}

static void the_unit_around_stands_in(void **state)
{
    (void)state;
    quiet("sed 's/method: group_mean, by: province/method: parent_unit/' $TMP/model.yaml > "
          "$TMP/parent.yaml");
    quiet("$MQCI run $TMP/parent.yaml $TMP/data.csv -o $TMP/parent");
    /* Liaoning 2023 with 鞍山: 100 * (20.1 + 70.3 + 33.3) / (1000.5 + 2000 + 900.7) */
    has("parent/prepared.csv", "2023,city,210200,rd_share,impute,parent_unit,,3.17081923510714");
}

static void wrong_models_are_told_where(void **state)
{
    static const struct {
        const char *edit, *message;
    } wrong[] = {
        {"s/by: province/by: nowhere.csv/",
         "wrong.yaml:19:36: cannot read the file \"nowhere.csv\""},
        {"s/group_mean, by: province/group_mean/",
         "wrong.yaml:19:11: group_mean needs the parameter \"by\""},
        {"s/by: province/by: province, k: 3/", "wrong.yaml:19:46: group_mean takes no parameter"},
        {"s/group_mean/grup_mean/", "did you mean \"group_mean\"?"},
        {"s/low: 0, high: 0.9/low: 0.9, high: 0.1/",
         "wrong.yaml:20:10: quantile_clip: `low` and `high` are shares from 0 to 1"},
        {"s/quantile_clip/quantil_clip/",
         "wrong.yaml:20:19: no treatment is called \"quantil_clip\"; did you mean"},
        {"s#1/2, drop#3/2, drop#", "wrong.yaml:17:25: \"min_available\" is a share from 0 to 1"},
        {"s/method: quantile_clip, low: 0, high: 0.9/method: winsorise, max_points: 2.5/",
         "wrong.yaml:20:10: winsorise: `max_points` must be a whole number"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome outcome = run_shell("sed '%s' $TMP/model.yaml > $TMP/wrong.yaml && "
                                           "$MQCI run $TMP/wrong.yaml $TMP/data.csv -o $TMP/wrong",
                                           wrong[i].edit);
        assert_int_equal(outcome.status, 78);
        assert_contains(outcome.err, wrong[i].message);
        assert_false(has_file(in_folder("wrong")));
        outcome_clear(&outcome);
    }
}

/* A file of groups that is wrong in itself is found in the run. */
static void wrong_groups_are_told_where(void **state)
{
    struct outcome outcome;

    (void)state;
    put_file(in_folder("groups.csv"), "unit,group\n210100,东\n210200,东\n210100,西\n");
    outcome = run_shell("$MQCI run $TMP/filed.yaml $TMP/data.csv -o $TMP/wrong");
    assert_int_equal(outcome.status, 78);
    assert_contains(outcome.err,
                    "groups.csv:4: \"210100\" is in the group \"西\" here and in \"东\" "
                    "on line 2");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_on_record),
        cmocka_unit_test(bounds_of_what_is_missing),
        cmocka_unit_test(explain_says_what_stands_in),
        cmocka_unit_test(publish_reads_the_record),
        cmocka_unit_test(threads_and_order_of_rows_change_nothing),
        cmocka_unit_test(groups_of_a_file),
        cmocka_unit_test(the_unit_around_stands_in),
        cmocka_unit_test(wrong_models_are_told_where),
        cmocka_unit_test(wrong_groups_are_told_where),
    };

    return cmocka_run_group_tests_name("prepared runs", tests, set_up, NULL);
}
