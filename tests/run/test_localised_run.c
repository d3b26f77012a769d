/* localised.csv is among what a run leaves, also one that fails, if the model asks for it. */
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "support.h"

static const char model[] = "mqci: 1\nid: localised\n"
                            "inputs:\n"
                            "  - {id: k, type: key}\n"
                            "  - {id: profit, type: amount}\n"
                            "  - {id: cost, type: amount}\n"
                            "  - {id: turnover, type: amount}\n"
                            "rules:\n"
                            "  - {id: sum, check: profit + cost == turnover, severity: reject}\n"
                            "  - {id: share, check: cost >= 0.6 * turnover}\n"
                            "levels: [{id: all}]\n"
                            "indicators: [{id: x, formula: cost / turnover, normalise: none}]\n";
static const char table[] = "k,profit,cost,turnover\nA,75,125,200\nB,755,125,200\nC,4,9,13\n";
static const char wanted[] = "file,line,key,rules,outcome,fields,values,weight\n"
                             "d.csv,3,B,sum,solved,profit,755,1\n";

static void check_file(const char *name)
{
    char *text = get_file(in_folder(name));
    assert_string_equal(text, wanted);
    free(text);
}

static void a_report_if_asked_for(void **state)
{
    (void)state;
    put_file(in_folder("m.yaml"), model);
    put_file(in_folder("d.csv"), table);
    struct outcome outcome =
        expect_shell(0, "cp $TMP/m.yaml $TMP/l.yaml && echo 'localise: {}' >> $TMP/l.yaml && "
                        "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/without --max-rejects 50%% && "
                        "$MQCI run $TMP/l.yaml $TMP/d.csv -o $TMP/with --max-rejects 50%% && "
                        "for name in scores.csv findings.csv rejects.csv; do "
                        "cmp $TMP/without/$name $TMP/with/$name || exit 1; done && "
                        "grep -c localised.csv $TMP/with/manifest.json");
    assert_non_null(strstr(outcome.out, "\n1\n"));
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("without/localised.csv")));
    check_file("with/localised.csv");
}

static void a_report_of_a_run_that_fails(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(1, "$MQCI run $TMP/l.yaml $TMP/d.csv -o $TMP/failing --max-rejects 0");
    outcome_clear(&outcome);
    check_file("failing.failed/localised.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_report_if_asked_for),
                                       cmocka_unit_test(a_report_of_a_run_that_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
