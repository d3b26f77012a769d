/* Rules in files of their own, names for expressions and groups, edits, and what a model prints of
 * them. */
#include "model_fixture.h"

#include "model/formula.h"

#define FILE_HEAD                                                                                  \
    MODEL_HEAD MODEL_LEVELS "define: {total_cost: cost + 2 * rate}\ngroups: {both: [cost, "        \
                            "rate]}\n"

/* Line 13 is that of `rules`, unless `text` says otherwise. */
static struct mq_model *model_of(const char *text, unsigned flags)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    struct mq_buffer whole = MQ_BUFFER_EMPTY;
    mq_buffer_format(&whole, "%s%s%s", FILE_HEAD, text, MODEL_LEAF);
    if (read_text(whole.data, flags, &model, &error) != MQ_OK)
        fail_msg("%s\n%s:%ld:%ld: %s", text, error.file, error.line, error.column, error.message);
    mq_buffer_clear(&whole);
    return model;
}

static void check_rule(const struct mq_rule *rule, const char *id, const char *text,
                       const char *title)
{
    assert_string_equal(rule->id, id);
    assert_string_equal(rule->text, text);
    assert_string_equal(rule->title, title);
}

static void test_files_and_maps(void **state)
{
    (void)state;
    struct mq_model *model =
        model_of("rules:\n"
                 "  - {id: M01, check: total_cost > 0, tolerance: 0.5}\n"
                 "  - files/rules.yaml\n"
                 "  - {id: M02, check: cost > 0, origin: me, date: 2020-01-31}\n",
                 0);
    assert_int_equal(model->rules, 7);
    const struct mq_rule *rule = model->rule;
    check_rule(&rule[0], "M01", "total_cost > 0", "M01");
    assert_null(rule[0].file);
    assert_string_equal(rule[0].origin, "");
    assert_string_equal(rule[0].date, "");
    assert_true(rule[0].tolerance == 0.5);
    check_rule(&rule[1], "F01", "margin >= 0", "no loss");
    assert_int_equal(rule[1].severity, MQ_REJECT);
    assert_string_equal(rule[1].file, "files/rules.yaml");
    assert_string_equal(rule[1].origin, "企业一套表审核关系");
    assert_string_equal(rule[1].date, "2024-02-29");
    assert_int_equal(rule[1].at.line, 10);
    assert_true(rule[1].tolerance < 0);
    check_rule(&rule[2], "F02", "rich or rate < 1", "F02");
    assert_string_equal(rule[2].origin, "统计局");
    assert_string_equal(rule[2].date, "2023-12-01");
    check_rule(&rule[3], "F03.sales", "sales > 0 - 1", "金额非负");
    check_rule(&rule[4], "F03.cost", "cost > 0 - 1", "金额非负");
    check_rule(&rule[5], "F04", "margin > slaes", "F04");
    assert_string_equal(rule[5].broken,
                        "tests/model/files/rules.yaml:13:31: no input is called \"slaes\"; did you "
                        "mean \"sales\"?");
    assert_null(rule[5].check);
    check_rule(&rule[6], "M02", "cost > 0", "M02");
    assert_null(rule[6].file);
    assert_string_equal(rule[6].origin, "me");
    char *text = settle(model, 0);
    assert_contains(text, "  - id: M01\n    check: \"(cost + 2 * rate) > 0\"\n    severity: warn\n"
                          "    title: M01\n    tolerance: 0.5\n  - id: F01\n"
                          "    check: \"(sales - cost) >= 0\"\n    severity: reject\n"
                          "    title: no loss\n    origin: 企业一套表审核关系\n"
                          "    date: \"2024-02-29\"\n");
    assert_contains(text,
                    "    check: \"((sales - cost) > 10 and (cost + 2 * rate) > 0) or rate < 1\"\n");
    assert_contains(text, "  - id: F03.cost\n    check: cost > 0 - 1\n");
    assert_contains(text, "  - id: F04\n    check: margin > slaes\n");
    assert_null(strstr(text, "define:"));
    assert_null(strstr(text, "rules.yaml"));
    free(text);
}

/* Definitions and groups mean what their texts mean. */
static void test_names_mean_their_texts(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"total_cost * 2 > 0", "(cost + 2 * rate) * 2 > 0"},
        {"not fine", "not (total_cost > 3 and sum_by(sales, region) > 1)"},
        {"若总成本则fine", "if (cost > 0) (total_cost > 3 and sum_by(sales, region) > 1)"},
        {"is_unique(who, year)", "is_unique(usci, year)"},
        {"who ~ region", "determines(usci, region)"},
        {"missing(total_cost)", "missing(cost + 2 * rate)"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        char text[2048];
        snprintf(text, sizeof text,
                 MODEL_HEAD MODEL_LEVELS
                 "define: {fine: 'total_cost > 3 and sum_by(sales, region) > 1', who: usci,\n"
                 "  总成本: cost > 0, total_cost: cost + 2 * rate}\n"
                 "rules: [{id: A, check: '%s'}, {id: B, check: '%s'}]\n" MODEL_LEAF,
                 same[i][0], same[i][1]);
        struct mq_model *model = NULL;
        struct mq_error error = {0};
        if (read_text(text, MQ_MODEL_STRICT, &model, &error) != MQ_OK)
            fail_msg("%s: %ld:%ld: %s", same[i][0], error.line, error.column, error.message);
        if (!mq_program_equal(model->rule[0].check, model->rule[1].check))
            fail_msg("%s is not %s", same[i][0], same[i][1]);
        assert_string_equal(model->rule[0].text, same[i][0]);
        assert_int_equal(model->rule[0].inputs, model->rule[1].inputs);
        struct mq_model *second = NULL;
        char *printed_text = printed(model);
        second = again(printed_text, MQ_MODEL_STRICT);
        assert_true(mq_program_equal(model->rule[0].check, second->rule[0].check));
        free(printed_text);
        mq_model_free(second);
        free(settle(model, MQ_MODEL_STRICT));
    }
}

static void broken(const char *define, const char *check, const char *message)
{
    char text[1024];
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    snprintf(text, sizeof text, MODEL_HEAD MODEL_LEVELS "%s\nrules:\n  - {id: R, check: %s}\n%s",
             define, check, MODEL_LEAF);
    if (read_text(text, 0, &model, &error) != MQ_OK)
        fail_msg("%s: %ld:%ld: %s", check, error.line, error.column, error.message);
    if (!model->rule[0].broken || !strstr(model->rule[0].broken, message))
        fail_msg("%s\nwanted %s", model->rule[0].broken, message);
    free(settle(model, 0));
    struct mq_model *strict = NULL;
    assert_int_equal(read_text(text, MQ_MODEL_STRICT, &strict, &error), MQ_BAD_MODEL);
    assert_null(strict);
    assert_contains(message, error.message);
}

/* What is wrong inside a definition is shown there, in every rule that uses it. */
static void test_names_broken(void **state)
{
    (void)state;
    broken("define: {half: cosst / 2}", "half > 1",
           "m.yaml:11:16: no input is called \"cosst\"; did you mean \"cost\"?");
    broken("define: {half: region + usci}", "half > 1",
           "m.yaml:11:25: a key stands where a number is expected");
    broken("define: {half: cost > }", "half",
           "m.yaml:11:22: the formula ends where a value is expected");
    broken("define: {half: cost 2}", "half > 1",
           "m.yaml:11:21: \"2\" stands where an operator or the end is expected");
    broken("define: {a: b + 1, b: 2 * a}", "a > 1", "m.yaml:11:27: a is defined by itself");
    broken("define: {a: a + 1}", "a > 1", "m.yaml:11:13: a is defined by itself");
    broken("define: {half: cost / 2}", "'half[-1] > 1'",
           "m.yaml:13:25: only an input has earlier periods, and half is none");
    broken("define: {half: parts / 2}\ngroups: {parts: [cost, rate]}", "half > 1",
           "m.yaml:11:16: parts is a group of inputs; only the check of a rule can name one");
    broken("groups: {parts: [cost, rate], others: [sales]}", "parts > others",
           "m.yaml:13:28: a check can name one group; parts already stands in it");
    broken("groups: {parts: [cost, rate]}", "parts > salse",
           "m.yaml:13:28: no input is called \"salse\"; did you mean \"sales\"?");
    broken(
        "groups: {parts: [cost, rate]}", "half > 1",
        "m.yaml:13:20: no input is called \"half\"; known names: usci, year, region, sales, cost, "
        "rate, parts");
    struct mq_buffer define = MQ_BUFFER_EMPTY;
    mq_buffer_text(&define, "define: {d0: cost");
    for (int i = 1; i < 40; i++)
        mq_buffer_format(&define, ", d%d: d%d + d%d", i, i - 1, i - 1);
    mq_buffer_text(&define, "}");
    broken(define.data, "d39 > 1", "more than 1000 definitions in one formula");
    mq_buffer_clear(&define);
}

static void test_names_refused(void **state)
{
    (void)state;
#define NAMES(text) MODEL_HEAD MODEL_LEVELS text "\n" MODEL_LEAF
    assert_refused(NAMES("define: [a]"), 11, 9, "\"define\" is written as names with formulas");
    assert_refused(NAMES("define: {cost: rate}"), 11, 10,
                   "\"cost\" is already the name of an input");
    assert_refused(NAMES("define: {and: rate}"), 11, 10, "\"and\" cannot be used in formulas");
    assert_refused(NAMES("define: {a: [rate]}"), 11, 13, "a definition is a formula, like a + b");
    assert_refused(NAMES("define: {a: ''}"), 11, 13, "a definition is a formula");
    assert_refused(NAMES("define: {a: rate}\ngroups: {a: [rate]}"), 12, 10,
                   "\"a\" is already a definition");
    assert_refused(NAMES("groups: {rate: [rate]}"), 11, 10, "already the name of an input");
    assert_refused(NAMES("groups: [rate]"), 11, 9, "\"groups\" is written as names with inputs");
    assert_refused(NAMES("groups: {a: rate}"), 11, 13, "a group is a list of inputs, like [a, b]");
    assert_refused(NAMES("groups: {a: []}"), 11, 13, "a group is a list of inputs");
    assert_refused(NAMES("groups: {a: [cosst]}"), 11, 14, "did you mean \"cost\"?");
    assert_refused(NAMES("groups: {a: [cost, cost]}"), 11, 20, "cost stands in the group twice");
    assert_refused(NAMES("define: {a: rate}\nscope: a > 1"), 12, 8, "no input is called \"a\"");
    assert_refused(NAMES("groups: {g: [cost, rate]}\nrules:\n  - {id: R, check: g > 0}\n"
                         "  - {id: R.rate, check: cost > 0}"),
                   14, 10, "rule \"R.rate\" is already at 13:10");
}

static void test_rules_refused(void **state)
{
    (void)state;
#define RULES(text) MODEL_HEAD MODEL_LEVELS "rules:\n  - " text "\n" MODEL_LEAF
    assert_refused(RULES("{id: R, check: cost > 0, tolerance: -1}"), 12, 41,
                   "\"tolerance\" is a number from 0, in natural units");
    assert_refused(RULES("{id: R, check: cost > 0, tolerance: few}"), 12, 41, "is a number");
    assert_refused(RULES("{id: R, check: cost > 0, date: 2023-02-29}"), 12, 36,
                   "\"2023-02-29\" is no date like 2024-12-31");
    assert_refused(RULES("{id: R, check: cost > 0, date: 2023-13-01}"), 12, 36, "is no date");
    assert_refused(RULES("{id: R, check: cost > 0, date: 2023-04-31}"), 12, 36, "is no date");
    assert_refused(RULES("{id: R, check: cost > 0, date: 2023-4-1}"), 12, 36, "is no date");
    assert_refused(RULES("{id: R, check: cost > 0, dated: 2023}"), 12, 30,
                   "a rule has no key \"dated\"; did you mean \"date\"?");
    assert_refused(RULES("{id: R, check: cost > 0, edit: {method: mad, of: cost}}"), 12, 36,
                   "a rule has a check or an edit, not both");
    assert_refused(RULES("{id: R, tolerance: 1, edit: {method: mad, of: cost}}"), 12, 24,
                   "an edit has no tolerance");
    assert_refused(RULES("{check: cost > 0}"), 12, 5, "a rule needs the key \"id\"");
    assert_refused(RULES("{id: R}"), 12, 5, "a rule needs the key \"check\" (or \"edit\")");
    assert_refused(RULES("none.yaml"), 12, 5, "cannot read the file \"none.yaml\"");
}

static void refused_in(const char *content, const char *rules, long line, long column,
                       const char *message)
{
    char path[] = "/tmp/mqci-rules-XXXXXX", text[1024], place[512];
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, content, strlen(content)) == (ssize_t)strlen(content));
    close(file);
    snprintf(text, sizeof text, MODEL_HEAD MODEL_LEVELS "rules:\n  - %s\n  - %s\n" MODEL_LEAF,
             rules, path);
    enum mq_status status = read_text(text, 0, &model, &error);
    unlink(path);
    mq_model_free(model);
    snprintf(place, sizeof place, "%s:%ld:%ld: ", path, error.line, error.column);
    if (status != MQ_BAD_MODEL || strcmp(error.file, path) != 0 || error.line != line ||
        error.column != column || !strstr(error.message, message))
        fail_msg("%s%s\nwanted %ld:%ld: %s", place, error.message, line, column, message);
}

static void test_files_refused(void **state)
{
    (void)state;
#define OTHER "{id: M, check: cost > 0}"
    refused_in("rules: [{id: F, chek: cost > 0}]\n", OTHER, 1, 17,
               "a rule has no key \"chek\"; did you mean \"check\"?");
    refused_in("rules: [{check: cost > 0}]\n", OTHER, 1, 9, "a rule needs the key \"id\"");
    refused_in("rulez: []\n", OTHER, 1, 1, "a file of rules has no key \"rulez\"");
    refused_in("date: 2024-01-01\n", OTHER, 1, 1, "a file of rules needs the key \"rules\"");
    refused_in("rules: {id: A}\n", OTHER, 1, 8, "\"rules\" is a list of items");
    refused_in("rules: [more.yaml]\n", OTHER, 1, 9, "a rule is written as keys with values");
    refused_in("date: today\nrules: []\n", OTHER, 1, 7, "\"today\" is no date");
    refused_in("rules: [\n", OTHER, 2, 1, "");
    refused_in("\xEF\xBB\xBFrules:\n  - {id: F, check: cost > 0}\n  - {id: M, check: cost > 0}\n",
               OTHER, 3, 10, "rule \"M\" is already at m.yaml:12:10; ids must differ");
    refused_in("rules:\n  - {id: F, check: cost > 0}\n  - {id: F, check: cost > 0}\n", OTHER, 3, 10,
               "rule \"F\" is already at 2:10; ids must differ");
    refused_in("define: {cost: rate}\nrules: []\n", OTHER, 1, 10, "already the name of an input");
}

/* The names of the model are those of its files too; those of a file are its own. */
static void test_names_of_files(void **state)
{
    (void)state;
    struct mq_model *model = model_of("rules:\n  - files/rules.yaml\n"
                                      "  - {id: M, check: margin > 0}\n",
                                      0);
    assert_null(model->rule[1].broken); /* total_cost of the model */
    assert_contains(model->rule[5].broken, "m.yaml:15:20: no input is called \"margin\"");
    mq_model_free(model);
    model = NULL;
    struct mq_error error = {0};
    assert_int_equal(read_text(MODEL_HEAD MODEL_LEVELS
                               "groups: {margin: [cost]}\nrules: [files/rules.yaml]\n" MODEL_LEAF,
                               0, &model, &error),
                     MQ_BAD_MODEL);
    assert_string_equal(error.file, "tests/model/files/rules.yaml");
    assert_int_equal(error.line, 5);
    assert_contains(error.message, "\"margin\" is already the name of a table, a code list, a "
                                   "definition or a group of the model");
}

static void test_ids_over_files(void **state)
{
    (void)state;
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    assert_int_equal(read_text(MODEL_HEAD MODEL_LEVELS
                               "rules:\n  - {id: F02, check: cost > 0}\n  - files/rules.yaml\n"
                               "define: {total_cost: cost}\n" MODEL_LEAF,
                               0, &model, &error),
                     MQ_BAD_MODEL);
    assert_string_equal(error.file, "tests/model/files/rules.yaml");
    assert_int_equal(error.line, 11);
    assert_int_equal(error.column, 10);
    assert_string_equal(error.message, "rule \"F02\" is already at m.yaml:12:10; ids must differ");
}

/* The digest tells a change in any file. */
static void test_digest(void **state)
{
    (void)state;
    static const char alone[] = MODEL_HEAD MODEL_LEVELS MODEL_LEAF;
    static const char ruled[] = MODEL_HEAD MODEL_LEVELS
        "rules: [files/rules.yaml]\ndefine: {total_cost: cost}\n" MODEL_LEAF;
    struct mq_sha256 whole, file, lines;
    struct mq_model *model = must_read(alone);
    assert_int_equal(mq_sha256_bytes(alone, strlen(alone), &whole, NULL), MQ_OK);
    assert_string_equal(model->digest.hex, whole.hex);
    mq_model_free(model);
    model = must_read(ruled);
    char text[256];
    assert_int_equal(mq_sha256_bytes(ruled, strlen(ruled), &whole, NULL), MQ_OK);
    assert_int_equal(mq_sha256_file("tests/model/files/rules.yaml", &file, NULL), MQ_OK);
    snprintf(text, sizeof text, "%s\n%s\n", whole.hex, file.hex);
    assert_int_equal(mq_sha256_bytes(text, strlen(text), &lines, NULL), MQ_OK);
    assert_string_equal(model->digest.hex, lines.hex);
    mq_model_free(model);
}

/* ---- tables ---- */

static void test_tables_refused(void **state)
{
    (void)state;
#define TABLES(text) MODEL_HEAD MODEL_LEVELS "tables: " text "\n" MODEL_LEAF
#define PERSONS      "file: files/persons.csv, key: person_id"
    assert_refused(TABLES("[a]"), 11, 9, "\"tables\" is written as names with files");
    assert_refused(TABLES("{cost: {" PERSONS "}}"), 11, 10, "\"cost\" is already an input");
    assert_refused(TABLES("{a.b: {" PERSONS "}}"), 11, 10, "\"a.b\" cannot be used in formulas");
    assert_refused(TABLES("{p: {key: x}}"), 11, 13, "a table needs the key \"file\"");
    assert_refused(TABLES("{p: {file: no.csv, key: x}}"), 11, 20,
                   "cannot read the file \"no.csv\"");
    assert_refused(TABLES("{p: {" PERSONS "}}"), 11, 44,
                   "no input is called like the key column; write by: and the input");
    assert_refused(TABLES("{p: {" PERSONS ", by: regoin}}"), 11, 59, "did you mean \"region\"?");
    assert_refused(TABLES("{p: {" PERSONS ", by: cost}}"), 11, 59,
                   "a table is looked up by a key, a code or a period");
    assert_refused(TABLES("{p: {file: files/persons.csv, key: persons_id, by: usci}}"), 11, 44,
                   "the file has no column \"persons_id\"; did you mean \"person_id\"?");
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    assert_int_equal(
        read_text(TABLES("{p: {file: files/persons.csv, key: sex, by: usci}}"), 0, &model, &error),
        MQ_BAD_MODEL);
    assert_contains(error.file, "files/persons.csv");
    assert_int_equal(error.line, 4);
    assert_contains(error.message, "sex \"F\" already stands in line 2");
    model = must_read(TABLES("{区: {file: files/region.csv, key: code, by: region}}"));
    assert_int_equal(model->lookups, 1);
    assert_int_equal(model->lookup[0].input, 2);
    free(settle(model, 0));
}

/* ---- edits ---- */

static void test_edits(void **state)
{
    (void)state;
    struct mq_model *model = model_of(
        "rules:\n"
        "  - {id: A, check: 'cost > cost[-1]'}\n"
        "  - {id: E, title: 突变, severity: info, edit: {method: hb, exclude: 2.5, side: left, of: "
        "total_cost,\n     against: 'total_cost / cost[-1]', by: [region, year]}}\n"
        "  - {id: F, date: 2024-01-01, edit: {method: mad, of: sales, by: region}}\n"
        "  - {id: G, edit: {method: mad, of: 'sales / mean_by(sales, region)'}}\n",
        MQ_MODEL_STRICT);
    const struct mq_rule *rule = &model->rule[1];
    const struct mq_edit *edit = &model->edit[0];
    static const int inputs[] = {4, 5, 2, 1};
    assert_int_equal(model->edits, 3);
    assert_int_equal(model->deriveds, 2); /* cost[-1] is shared with rule A */
    check_rule(rule, "E", "hb(total_cost, total_cost / cost[-1]) by region, year", "突变");
    assert_int_equal(rule->edit, 0);
    assert_int_equal(rule->severity, MQ_INFO);
    assert_true(rule->late);
    assert_null(rule->check);
    assert_null(rule->broken);
    assert_int_equal(rule->inputs, 4);
    assert_memory_equal(rule->input, inputs, sizeof inputs);
    assert_int_equal(edit->choice.method, 0);
    assert_true(edit->choice.param[0] == 2.5 && edit->choice.param[1] == 0);
    assert_true(edit->choice.param[2] == 1 && edit->choice.given[2] && !edit->choice.given[1]);
    assert_int_equal(edit->bys, 2);
    assert_memory_equal(edit->by, (inputs + 2), 2 * sizeof(int));
    check_rule(&model->rule[2], "F", "mad(sales) by region", "F");
    assert_null(model->edit[1].against);
    check_rule(&model->rule[3], "G", "mad(sales / mean_by(sales, region))", "G");
    assert_int_equal(model->edit[2].bys, 0);

    static const uint8_t states[] = {MQ_PRESENT, MQ_PRESENT, MQ_MISSING};
    static const int64_t costs[] = {7, 9, 9};
    static const double rates[] = {1, 2, 3}, earlier[] = {3, 4, 5};
    struct mq_column column[8] = {{.type = MQ_KEY}};
    column[4] = (struct mq_column){.type = MQ_AMOUNT, .state = states, .amount = costs};
    column[5] = (struct mq_column){.type = MQ_NUMBER, .state = states, .number = rates};
    column[6] = (struct mq_column){.type = MQ_NUMBER, .state = states, .number = earlier};
    struct mq_scratch scratch = {0};
    double value[3];
    assert_int_equal(mq_program_value(edit->against, column, 3, &scratch, value), MQ_OK);
    assert_true(value[0] == 3 && value[1] == 3.25 && isnan(value[2]));
    mq_scratch_clear(&scratch);

    char *text = settle(model, MQ_MODEL_STRICT);
    assert_contains(text,
                    "    edit: {method: hb, exclude: 2.5, exponent: 0, side: left, of: \"(cost + 2 "
                    "* rate)\", against: \"(cost + 2 * rate) / cost[-1]\", by: [region, year]}\n"
                    "    severity: info\n    title: 突变\n");
    assert_contains(text, "    edit: {method: mad, of: sales, by: [region]}\n");
    assert_contains(text, "by: []}\n");
    free(text);
}

static void test_edits_refused(void **state)
{
    (void)state;
#define EDIT(text) RULES("{id: E, edit: " text "}")
    assert_refused(EDIT("mad"), 12, 19, "an edit is written {method: ..., of: revenue");
    assert_refused(EDIT("{of: cost}"), 12, 19, "write which method, like {method: hb}");
    assert_refused(EDIT("{method: had, of: cost}"), 12, 28,
                   "no edit is called \"had\"; did you mean");
    assert_refused(EDIT("{method: mad}"), 12, 19, "an edit needs the key \"of\"");
    assert_refused(EDIT("{method: hb, of: cost}"), 12, 19,
                   "hb needs the parameter \"exclude\": multiplier of the bounds");
    assert_refused(EDIT("{method: hb, exclude: x, of: cost}"), 12, 41, "\"exclude\" is a number");
    assert_refused(EDIT("{method: hb, exclude: 1, side: up, of: cost}"), 12, 50,
                   "known values: both");
    assert_refused(EDIT("{method: mad, of: cost, exclude: 3}"), 12, 43,
                   "mad takes no parameter \"exclude\"; known parameters: of, against, by");
    assert_refused(EDIT("{method: mad, of: [cost]}"), 12, 37, "\"of\" is a formula");
    assert_refused(EDIT("{method: mad, of: cost, by: [regoin]}"), 12, 48,
                   "found \"regoin\"; did you mean \"region\"?");
}

static void test_edits_broken(void **state)
{
    (void)state;
    struct mq_model *model =
        model_of("rules:\n"
                 "  - {id: E, edit: {method: hb, exclude: 2, of: total_cost, against: slaes}}\n"
                 "  - {id: F, edit: {method: mad, of: usci, by: region}}\n"
                 "  - {id: G, edit: {method: mad, of: sum_by(cost > 0)}}\n"
                 "  - {id: H, edit: {method: mad, of: cost}}\n",
                 0);
    assert_string_equal(model->rule[0].broken,
                        "m.yaml:14:69: no input is called \"slaes\"; did you mean \"sales\"?");
    check_rule(&model->rule[0], "E", "hb(total_cost, slaes)", "E");
    assert_int_equal(model->rule[0].edit, -1);
    assert_false(model->rule[0].late);
    assert_contains(model->rule[1].broken, "m.yaml:15:37: a key stands where a number");
    assert_contains(model->rule[2].broken, "m.yaml:16:49: a condition stands where a number");
    assert_null(model->rule[3].broken);
    assert_int_equal(model->rule[3].edit, 0);
    assert_int_equal(model->edits, 1);
    assert_int_equal(model->deriveds, 0);
    mq_model_free(model);
    assert_refused(RULES("{id: F, edit: {method: mad, of: usci}}"), 12, 37, "a key stands where");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_and_maps), cmocka_unit_test(test_names_mean_their_texts),
        cmocka_unit_test(test_names_broken),   cmocka_unit_test(test_names_refused),
        cmocka_unit_test(test_rules_refused),  cmocka_unit_test(test_files_refused),
        cmocka_unit_test(test_names_of_files), cmocka_unit_test(test_ids_over_files),
        cmocka_unit_test(test_digest),         cmocka_unit_test(test_tables_refused),
        cmocka_unit_test(test_edits),          cmocka_unit_test(test_edits_refused),
        cmocka_unit_test(test_edits_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
