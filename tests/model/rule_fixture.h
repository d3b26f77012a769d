/* A model with one rule, good or broken. */
#ifndef MQ_TEST_RULE_FIXTURE_H
#define MQ_TEST_RULE_FIXTURE_H

#include "model_fixture.h"

#include "model/formula.h"

enum { KEY, PERIOD, REGION, SALES, COST, RATE, PARENT, EXPORTS, INPUTS };

/* The check of rule R stands in line 16 from column 23. */
#define RULE_HEAD                                                                                  \
    "mqci: 1\n"                                                                                    \
    "id: t\n"                                                                                      \
    "codes: {regions: files/region.csv}\n"                                                         \
    "inputs:\n"                                                                                    \
    "  - {id: usci, type: key}\n"                                                                  \
    "  - {id: year, type: period}\n"                                                               \
    "  - {id: region, type: code}\n"                                                               \
    "  - {id: sales, type: amount, decimals: 2, row: \"01\"}\n"                                    \
    "  - {id: cost, type: amount, row: \"02\"}\n"                                                  \
    "  - {id: rate, type: number, row: \"03\"}\n"                                                  \
    "  - {id: parent, type: code}\n"                                                               \
    "  - {id: 出口, type: amount, row: \"4.1\"}\n"                                               \
    "tables: {persons: {file: files/persons.csv, key: person_id, by: parent}}\n" MODEL_LEVELS      \
    "rules:\n"
#define RULE_LEAF "indicators: [{id: a, formula: cost / sales, normalise: none}]\n"

static inline struct mq_model *model_of(const char *rules, unsigned flags)
{
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_format(&text, "%s%s%s", RULE_HEAD, rules, RULE_LEAF);
    if (read_text(text.data, flags, &model, &error) != MQ_OK)
        fail_msg("%s\n%s:%ld:%ld: %s", rules, error.file, error.line, error.column, error.message);
    assert_string_equal(error.message, ""); /* success leaves the error alone */
    mq_buffer_clear(&text);
    return model;
}

static inline struct mq_model *one_rule(const char *check, const char *rest, unsigned flags)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    mq_buffer_format(&text, "  - {id: R, check: %s%s}\n", check, rest);
    struct mq_model *model = model_of(text.data, flags);
    mq_buffer_clear(&text);
    return model;
}

/* `check` is written in single quotes, so columns count from the character behind them. */
static inline void broken(const char *check, long column, const char *message)
{
    struct mq_buffer quoted = MQ_BUFFER_EMPTY;
    char place[32];
    mq_buffer_format(&quoted, "'%s'", check);
    struct mq_model *model = one_rule(quoted.data, "", 0);
    const struct mq_rule *rule = &model->rule[0];
    snprintf(place, sizeof place, "m.yaml:16:%ld: ", column + 20);
    if (!rule->broken || strncmp(rule->broken, place, strlen(place)) != 0 ||
        !strstr(rule->broken, message))
        fail_msg("%s\n%s\nwanted %s%s", check, rule->broken, place, message);
    assert_null(rule->check);
    assert_int_equal(rule->edit, -1);
    assert_int_equal(rule->inputs, 0);
    assert_int_equal(model->deriveds + model->tests + model->edits, 0);
    assert_string_equal(rule->text, check);
    free(settle(model, 0)); /* printed as written, broken again */
    mq_buffer_clear(&quoted);
}

static inline struct mq_model *good(const char *check)
{
    struct mq_buffer quoted = MQ_BUFFER_EMPTY;
    mq_buffer_format(&quoted, "'%s'", check);
    struct mq_model *model = one_rule(quoted.data, "", MQ_MODEL_STRICT);
    mq_buffer_clear(&quoted);
    return model;
}

#endif
