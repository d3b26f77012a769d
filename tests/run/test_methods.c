/* `mqci methods` and the man page: every method with its formula, parameters and reference. */
#include "index/index.h"
#include "program.h"
#include "support.h"

static const char *const families[MQ_FAMILIES] = {"normalise", "combine", "weights",
                                                  "edit",      "impute",  "treat"};

/* In `text` after `from`; NULL and a failure if it is not. */
static const char *after(const char *from, const char *part)
{
    const char *found = strstr(from, part);

    if (!found)
        fail_msg("\"%s\" is not told", part);
    return found;
}

static const char *check_card(const char *text, const char *family, const struct mq_method *method)
{
    char head[128];
    const char *at;

    snprintf(head, sizeof head, "%s %s  ", family, method->name);
    at = after(text, head);
    after(at, method->title);
    after(at, method->summary);
    after(at, method->formula);
    after(at, method->reference);
    for (const struct mq_param *param = method->params; param && param->name; param++) {
        after(at, param->name);
        after(at, param->meaning);
    }
    return at;
}

static void all_methods_are_told(void **state)
{
    const struct mq_catalogue *catalogue = mq_catalogue();
    struct outcome outcome = expect_shell(0, "$MQCI methods all");
    const char *at = outcome.out;
    size_t methods = 0;

    (void)state;
    for (int f = 0; f < MQ_FAMILIES; f++)
        for (size_t i = 0; i < catalogue->count[f]; i++, methods++)
            at = check_card(at, families[f], catalogue->methods[f][i]);
    print_message("%zu methods\n", methods);
    outcome_clear(&outcome);
}

/* Hyphens are escaped in the page; nothing else is changed. */
static void the_man_page_has_them_too(void **state)
{
    struct outcome told = expect_shell(0, "$MQCI methods all | sed 's/-/\\\\\\\\-/g' > $TMP/all; "
                                          "$MQCI man > $TMP/page; "
                                          "grep -c . $TMP/all; grep -Fxc -f $TMP/all $TMP/page");
    int lines = 0, found = 0;

    (void)state;
    assert_int_equal(sscanf(told.out, "%d %d", &lines, &found), 2);
    assert_true(lines > 200);
    assert_true(found >= lines);
    outcome_clear(&told);
}

static void a_family_and_the_overview(void **state)
{
    struct outcome outcome = expect_shell(0, "$MQCI methods");

    (void)state;
    after(outcome.out, "impute — ");
    after(outcome.out, "treat — ");
    assert_null(strstr(outcome.out, "reference   "));
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI methods treat");
    check_card(outcome.out, "treat", mq_catalogue()->methods[MQ_TREAT][0]);
    assert_null(strstr(outcome.out, "impute "));
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI methods trea");
    after(outcome.err, "no family of methods `trea`; did you mean `treat`?");
    outcome_clear(&outcome);
    outcome = expect_shell(64, "$MQCI methods impute meadian");
    after(outcome.err, "no method `meadian` in impute; did you mean `median`?");
    outcome_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_methods_are_told),
        cmocka_unit_test(the_man_page_has_them_too),
        cmocka_unit_test(a_family_and_the_overview),
    };

    return cmocka_run_group_tests_name("methods told", tests, NULL, NULL);
}
