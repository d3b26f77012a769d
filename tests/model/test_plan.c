/* sheets, figures, tiles and narrative: what is bound, what is refused and where, and that it
 * prints as it was read. */
#include "model_fixture.h"

#define HEAD                                                                                       \
    "mqci: 1\n"                                                                                    \
    "id: small\n"                                                                                  \
    "inputs:\n"                                                                                    \
    "  - {id: k, type: key}\n"                                                                     \
    "  - {id: region, type: code}\n"                                                               \
    "  - {id: industry, type: code}\n"                                                             \
    "  - {id: costs, type: amount}\n"                                                              \
    "levels: [{id: nation}, {id: city, by: [region]}, {id: cell, by: [region, industry]}]\n"       \
    "indicators: [{id: a, formula: costs, normalise: none}]\n"

static void test_sheets(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read(HEAD "sheets:\n"
                       "  - {kind: summary, number: 表2-1, notes: [口径见编制说明]}\n"
                       "  - {kind: ranking, level: city, id: cities, name: 市, title: 各市位次, "
                       "unit: 单位：分}\n"
                       "  - {kind: matrix, level: cell}\n"
                       "  - {kind: values, level: city}\n"
                       "  - {kind: ranking, level: nation}\n");
    const struct mq_plan *plan = &model->plan;
    assert_true(plan->sheets_given && !plan->figures_given && !plan->texts_given);
    assert_int_equal(plan->sheets, 5);
    const struct mq_sheet_plan *s = plan->sheet;
    assert_int_equal(s[0].kind, MQ_SHEET_SUMMARY);
    assert_int_equal(s[0].level, -1);
    assert_string_equal(s[0].id, "summary");
    assert_string_equal(s[0].number, "表2-1");
    assert_string_equal(s[0].title, "");
    assert_null(s[0].words);
    assert_int_equal(s[0].notes, 1);
    assert_string_equal(s[0].note[0], "口径见编制说明");
    assert_int_equal(s[1].kind, MQ_SHEET_RANKING);
    assert_int_equal(s[1].level, 1);
    assert_string_equal(s[1].id, "cities");
    assert_string_equal(s[1].name, "市");
    assert_string_equal(s[1].unit, "单位：分");
    assert_non_null(s[1].words);
    assert_string_equal(s[2].id, "cell");
    assert_string_equal(s[3].id, "city_values");
    assert_string_equal(s[4].id, "nation");
    char *text = settle(model, 0);
    assert_contains(text, "sheets:\n  - kind: summary\n    id: summary\n    number: 表2-1\n");
    assert_contains(text, "    level: city\n    id: cities\n    name: 市\n    title: 各市位次\n");
    free(text);
}

static void test_figures(void **state)
{
    (void)state;
    struct mq_model *model = must_read(HEAD "figures:\n"
                                            "  - {kind: trend}\n"
                                            "  - {kind: heatmap, level: cell, number: 图3-1}\n"
                                            "  - {kind: ranking, level: city, notes: 注}\n");
    const struct mq_plan *plan = &model->plan;
    assert_true(plan->figures_given);
    assert_int_equal(plan->figures, 3);
    assert_string_equal(plan->figure[0].id, "trend");
    assert_string_equal(plan->figure[1].id, "cell-heatmap");
    assert_string_equal(plan->figure[1].number, "图3-1");
    assert_string_equal(plan->figure[2].id, "city-ranking");
    assert_int_equal(plan->figure[2].notes, 1);
    char *text = settle(model, 0);
    assert_contains(text, "figures:\n  - kind: trend\n    id: trend\n");
    free(text);
}

static void test_nothing_asked_for(void **state)
{
    (void)state;
    struct mq_model *model = must_read(HEAD);
    assert_false(model->plan.sheets_given);
    assert_int_equal(model->plan.tiles, 0);
    char *text = settle(model, 0);
    assert_null(strstr(text, "sheets"));
    assert_null(strstr(text, "narrative"));
    free(text);
    model = must_read(HEAD "sheets: []\nfigures: []\nnarrative: []\n");
    assert_true(model->plan.sheets_given && model->plan.figures_given && model->plan.texts_given);
    text = settle(model, 0);
    assert_contains(text, "sheets: []\nfigures: []\nnarrative: []\n");
    free(text);
}

static void test_narrative(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read(HEAD "narrative:\n"
                       "  - {id: overview, title: 总体情况, text: 平稳。, tables: [summary, "
                       "city-ranking], figures: trend}\n"
                       "  - id: cities\n"
                       "    text: [一段。, '二段：\"好\"。']\n"
                       "    tables: [city, city-values]\n");
    const struct mq_plan *plan = &model->plan;
    assert_int_equal(plan->texts, 2);
    assert_string_equal(plan->text[0].title, "总体情况");
    assert_int_equal(plan->text[0].paragraphs, 1);
    assert_non_null(plan->text[0].parsed[0]);
    assert_int_equal(plan->text[0].sheets, 2);
    assert_string_equal(plan->text[0].sheet[1], "city-ranking");
    assert_int_equal(plan->text[0].figures, 1);
    assert_int_equal(plan->text[1].paragraphs, 2);
    assert_string_equal(plan->text[1].paragraph[1], "二段：\"好\"。");
    char *text = settle(model, 0);
    assert_contains(text,
                    "narrative:\n  - id: overview\n    title: 总体情况\n    text:\n    - 平稳。\n");
    free(text);
}

static void test_tiles(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read(HEAD "tiles: {\"210200\": [3, 1, 大连市], \"210100\": [0, 2, 沈阳市]}\n");
    const struct mq_plan *plan = &model->plan;
    assert_int_equal(plan->tiles, 2);
    assert_string_equal(plan->tile[0].code, "210100");
    assert_string_equal(plan->tile[0].name, "沈阳市");
    assert_int_equal(plan->tile[0].row, 0);
    assert_int_equal(plan->tile[0].column, 2);
    assert_int_equal(plan->tile[1].row, 3);
    char *written = settle(model, 0);
    assert_contains(written, "tiles:\n  \"210100\": [0, 2, 沈阳市]\n");
    free(written);

    model = must_read(HEAD "tiles: files/tiles.csv\n");
    assert_int_equal(model->plan.tiles, 2);
    assert_string_equal(model->plan.tile[1].name, "大连市");
    assert_int_equal(model->plan.tile[1].column, 1);
    char *from_file = settle(model, 0);
    assert_contains(from_file, "tiles:\n  \"210100\": [0, 2, 沈阳市]\n");
    free(from_file);
}

#define SHEET(text)  HEAD "sheets:\n  - " text "\n"
#define FIGURE(text) HEAD "figures:\n  - " text "\n"
#define STORY(text)  HEAD "narrative:\n  - " text "\n"

static void test_refused(void **state)
{
    (void)state;
    assert_refused(SHEET("{kind: rankings, level: city}"), 11, 12, "did you mean \"ranking\"");
    assert_refused(SHEET("{kind: ranking}"), 11, 5, "\"ranking\" needs a level");
    assert_refused(SHEET("{kind: ranking, level: citi}"), 11, 28, "did you mean \"city\"");
    assert_refused(SHEET("{kind: ranking, level: cell}"), 11, 28, "shows levels with 1 code");
    assert_refused(SHEET("{kind: matrix, level: city}"), 11, 27, "2 codes, \"city\" has 1");
    assert_refused(SHEET("{kind: summary, level: city}"), 11, 28, "about no level");
    assert_refused(SHEET("{kind: summary, id: 总表}"), 11, 25, "the id names files");
    assert_refused(SHEET("{kind: summary}\n  - {kind: summary}"), 12, 5, "already there");
    assert_refused(SHEET("{kind: summary}\n  - {kind: notes, id: Summary}"), 12, 23,
                   "already there");
    assert_refused(SHEET("{kind: summary, heading: x}"), 11, 21, "heading");
    assert_refused(HEAD "sheets: summary\n", 10, 9, "a list");
    assert_refused(FIGURE("{kind: radar}"), 11, 12, "kinds of figures");
    assert_refused(FIGURE("{kind: heatmap, level: city}"), 11, 28, "2 codes");
    assert_refused(FIGURE("{kind: trend}\n  - {kind: trend}"), 12, 5, "already there");
    assert_refused(STORY("{id: a, text: x, tables: [summery]}"), 11, 31,
                   "did you mean \"summary\"");
    assert_refused(STORY("{id: a, text: x, figures: tend}"), 11, 31, "did you mean \"trend\"");
    assert_refused(STORY("{id: a, text: x}\n  - {id: a, text: y}"), 12, 10, "already at 11:10");
    assert_refused(STORY("{id: a}"), 11, 5, "text");
    assert_refused(HEAD "sheets: [{kind: summary, id: one}]\nnarrative:\n  - {id: a, text: x, "
                        "tables: [summary]}\n",
                   12, 31, "known tables: one");
    assert_refused(HEAD "tiles: [1]\n", 10, 8, "a file code,row,column,name or a map");
    assert_refused(HEAD "tiles: {a: [1, 2]}\n", 10, 12, "[row, column, name]");
    assert_refused(HEAD "tiles: {a: [1, -2, x]}\n", 10, 12, "from 0 to 99");
    assert_refused(HEAD "tiles: none.csv\n", 10, 8, "cannot read");
}

/* A fault inside a sentence is told at its own place. */
static void test_counted(void **state)
{
    (void)state;
    struct mq_model *model = must_read(HEAD "title: 小\n");
    assert_string_equal(mq_model_counted(model), "企业");
    assert_string_equal(mq_model_measure(model), "家");
    mq_model_free(model);
    model = must_read(HEAD "counted: {name: 受访者, measure: 人}\n");
    assert_string_equal(mq_model_counted(model), "受访者");
    assert_string_equal(mq_model_measure(model), "人");
    char *text = settle(model, 0);
    assert_contains(text, "counted: {name: 受访者, measure: 人}\n");
    free(text);
    model = must_read(HEAD "counted: households\n");
    assert_string_equal(mq_model_counted(model), "households");
    assert_string_equal(mq_model_measure(model), "");
    free(settle(model, 0));
    model = must_read(HEAD);
    assert_string_equal(mq_model_counted(model), "enterprises");
    assert_string_equal(mq_model_measure(model), "");
    mq_model_free(model);
    assert_refused(HEAD "counted: {measure: 人}\n", 10, 10, "name");
}

static void test_fault_in_a_sentence(void **state)
{
    (void)state;
    assert_refused(STORY("{id: a, text: \"好{scor}。\"}"), 11, 22, "scor");
    assert_refused(STORY("id: a\n    text:\n    - 好。\n    - 一{score b}"), 14, 15, "b");
    assert_refused(SHEET("{kind: summary, title: \"{period\"}"), 11, 29, "");
}

static void test_tiles_file_faults(void **state)
{
    (void)state;
    char path[] = "/tmp/tiles-XXXXXX", text[2048];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char rows[] = "code,row,column,name\na,1,2,A\nb,1,x,B\n";
    assert_int_equal(write(fd, rows, sizeof rows - 1), sizeof rows - 1);
    close(fd);
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    snprintf(text, sizeof text, "%stiles: %s\n", HEAD, path);
    assert_int_equal(read_text(text, 0, &model, &error), MQ_BAD_MODEL);
    assert_string_equal(error.file, path);
    assert_int_equal(error.line, 3);
    assert_contains(error.message, "column: \"x\" is no place");
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_nothing_asked_for),
        cmocka_unit_test(test_narrative),
        cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_counted),
        cmocka_unit_test(test_fault_in_a_sentence),
        cmocka_unit_test(test_tiles_file_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
