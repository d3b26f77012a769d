/* concordance: of a model: bound, printed, part of the digest, and every mistake in it. */
#include "model_fixture.h"

#define HEAD                                                                                       \
    "mqci: 1\n"                                                                                    \
    "id: small\n"                                                                                  \
    "codes: {region: files/region.csv, industry: files/industry.csv}\n"                            \
    "inputs:\n"                                                                                    \
    "  - {id: year, type: period}\n"                                                               \
    "  - {id: industry, type: code, list: industry}\n"                                             \
    "  - {id: cost, type: amount}\n"                                                               \
    "  - {id: sales, type: amount}\n" MODEL_LEVELS MODEL_LEAF
/* Line 11 of the model. */
#define HISTORY(text) HEAD "concordance: {industry: {file: files/concordance.csv" text "}}\n"

static void binds_periods(void **state)
{
    (void)state;
    struct mq_model *model =
        must_read(HISTORY(", until: {2011: 2002, \"2016-06\": \"2011\", 2018年: '2002'}"));
    assert_int_equal(model->histories, 1);
    const struct mq_list_history *history = &model->history[0];
    assert_string_equal(model->list_id[history->list], "industry");
    assert_non_null(history->concordance);
    assert_string_equal(history->path, "tests/model/files/concordance.csv");
    static const char *const until[] = {"2011", "2016-06", "2018年"}, *const edition[] = {
                                                                          "2002", "2011", "2002"};
    static const int parts[] = {1, 2, 1};
    assert_int_equal(history->spans, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(history->span[i].until, until[i]);
        assert_string_equal(history->span[i].edition, edition[i]);
        assert_int_equal(history->span[i].last.parts, parts[i]);
    }
    assert_int_equal(history->span[1].last.part[1], 6);
    char *text = settle(model, 0);
    char line[8192], *here = realpath("tests/model/files/concordance.csv", NULL);
    snprintf(line, sizeof line,
             "concordance:\n  industry: {file: \"%s\", until: {\"2011\": \"2002\", \"2016-06\": "
             "\"2011\", \"2018年\": \"2002\"}}\n",
             here);
    assert_contains(text, line);
    free(here);
    free(text);
}

static void binds_one_edition(void **state)
{
    (void)state;
    struct mq_model *model = must_read(HISTORY(", edition: 2011"));
    assert_int_equal(model->history[0].spans, 1);
    assert_string_equal(model->history[0].span[0].until, "");
    assert_string_equal(model->history[0].span[0].edition, "2011");
    char *text = settle(model, 0);
    assert_contains(text, "/tests/model/files/concordance.csv\", edition: \"2011\"}\n");
    free(text);
    /* results are read back where the file may be gone */
    struct mq_error error = {0};
    assert_int_equal(read_text(HEAD "concordance: {industry: {file: gone.csv, edition: x}}\n",
                               MQ_MODEL_NO_CODES, &model, &error),
                     MQ_OK);
    assert_null(model->history[0].concordance);
    assert_string_equal(model->history[0].span[0].edition, "x");
    mq_model_free(model);
    model = must_read(HEAD);
    assert_int_equal(model->histories, 0);
    text = settle(model, 0);
    assert_null(strstr(text, "concordance"));
    free(text);
}

/* The digest of the model is that of the lines of digests. */
static void enters_the_digest(void **state)
{
    (void)state;
    static const char text[] = HISTORY(", edition: 2011");
    struct mq_sha256 own, file, whole;
    char lines[200];
    struct mq_model *model = must_read(text);
    assert_int_equal(mq_sha256_bytes(text, strlen(text), &own, NULL), MQ_OK);
    assert_int_equal(mq_sha256_file("tests/model/files/concordance.csv", &file, NULL), MQ_OK);
    int length = snprintf(lines, sizeof lines, "%s\n%s\n", own.hex, file.hex);
    assert_int_equal(mq_sha256_bytes(lines, (size_t)length, &whole, NULL), MQ_OK);
    assert_string_equal(model->digest.hex, whole.hex);
    mq_model_free(model);
}

static void refuses(void **state)
{
    (void)state;
    assert_refused(HEAD "concordance: x.csv\n", 11, 14, "written as code lists with files");
    assert_refused(HEAD "concordance: {}\nconcordance: {}\n", 12, 1, "already at 11:1");
    assert_refused(HEAD "concordance: {industri: {file: files/concordance.csv, edition: 2011}}\n",
                   11, 15, "found \"industri\"; did you mean \"industry\"?");
    assert_refused(MODEL_HEAD MODEL_LEVELS MODEL_LEAF
                   "concordance: {industry: {file: files/concordance.csv, edition: 2011}}\n",
                   12, 15, "the model has no code lists");
    assert_refused(HEAD "concordance: {industry: files/concordance.csv}\n", 11, 25,
                   "a concordance is written as keys");
    assert_refused(HEAD "concordance: {industry: {edition: 2011}}\n", 11, 25,
                   "a concordance needs the key \"file\"");
    assert_refused(HISTORY(", edtion: 2011"), 11, 55, "did you mean \"edition\"?");
    assert_refused(HEAD "concordance: {industry: {file: files/gone.csv, edition: 2011}}\n", 11, 32,
                   "cannot read the file \"files/gone.csv\"");
    assert_refused(HISTORY(""), 11, 25, "a concordance needs the key \"edition\"");
    assert_refused(HISTORY(", edition: 2011, until: {2011: 2002}"), 11, 77, "keep one of the two");
    assert_refused(HISTORY(", edition: 1994"), 11, 64,
                   "the concordance has no edition \"1994\"; it has 2002, 2011");
    assert_refused(HISTORY(", edition: [2011]"), 11, 64, "\"edition\" is text, not a list");
    assert_refused(HISTORY(", until: 2011"), 11, 62, "last periods with editions");
    assert_refused(HISTORY(", until: {}"), 11, 62, "last periods with editions");
    assert_refused(HISTORY(", until: {early: 2002}"), 11, 63, "\"early\" is no period");
    assert_refused(HISTORY(", until: {2011: 2017}"), 11, 69,
                   "no edition \"2017\"; it has 2002, 2011");
    assert_refused(HISTORY(", until: {2011: {}}"), 11, 69, "\"edition\" is text, not a map");
    assert_refused(HISTORY(", until: {2016: 2011, 2011: 2002}"), 11, 75,
                   "periods ascend: 2011 does not lie after 2016");
    assert_refused(HISTORY(", until: {2011: 2002, 2011-06: 2011}"), 11, 75,
                   "periods ascend: 2011-06 does not lie after 2011");
    assert_refused(
        "mqci: 1\nid: t\ncodes: {industry: files/industry.csv}\ninputs:\n"
        "  - {id: cost, type: amount}\n  - {id: sales, type: amount}\n" MODEL_LEVELS MODEL_LEAF
        "concordance: {industry: {file: files/concordance.csv, until: "
        "{2011: 2002}}}\n",
        9, 62, "\"until\" needs an input of type period");
}

/* A table that is none is told of in its own file. */
static void refuses_a_broken_table(void **state)
{
    (void)state;
    struct mq_model *model = NULL;
    struct mq_error error = {0};
    assert_int_equal(read_text(HEAD "concordance: {industry: {file: files/region.csv, edition: 1}}",
                               0, &model, &error),
                     MQ_BAD_MODEL);
    assert_contains(error.file, "files/region.csv");
    assert_int_equal(error.line, 1);
    assert_contains(error.message, "edition");
    assert_null(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binds_periods),          cmocka_unit_test(binds_one_edition),
        cmocka_unit_test(enters_the_digest),      cmocka_unit_test(refuses),
        cmocka_unit_test(refuses_a_broken_table),
    };
    return cmocka_run_group_tests_name("model.concordance_model", tests, NULL, NULL);
}
