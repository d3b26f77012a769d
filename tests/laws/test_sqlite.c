/* Every cell sum of the shipped data equals SQLite's integer sum of the same files; rows balance.
 */
#include "program.h"

#include "support.h"

/* The shipped inputs, scope and rules; every amount summed by city and division. */
static void make_sum_model(void)
{
    struct outcome outcome = expect_shell(
        0, "bash tests/laws/sum_model.sh models/mqci-liaoning.yaml $TMP/sums.yaml $TMP/amounts");
    outcome_clear(&outcome);
}

static void sums_equal_sqlite(void **state)
{
    (void)state;
    make_sum_model();
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/sums.yaml datasets/demo/liaoning-2023.csv "
                        "datasets/demo/liaoning-2024.csv -o $TMP/sums");
    outcome_clear(&outcome);
    outcome = expect_shell(
        0, "bash tests/laws/sqlite_sums.sh $(dirname $MQCI)/tools/records $TMP/sums $TMP/amounts "
           "datasets/demo/liaoning-2023.csv "
           "datasets/demo/liaoning-2024.csv > $TMP/sqlite.csv && "
           "sed 1d $TMP/sums/indicators.csv | awk -F, '{print $1 \",\" $3 \",\" $5 \",\" $6}' | "
           "LC_ALL=C sort > $TMP/ours.csv && "
           "wc -l < $TMP/ours.csv && cmp $TMP/ours.csv $TMP/sqlite.csv");
    print_message("%s cell sums equal\n", strtok(outcome.out, "\n"));
    outcome_clear(&outcome);
}

static void rows_balance(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "set -- $(tr -d ' \\n' < $TMP/sums/manifest.json | grep -oE "
                        "'\"rows\":\\{[^}]*\\}' | grep -oE '[0-9]+') "
                        "$($(dirname $MQCI)/tools/records datasets/demo/liaoning-2023.csv "
                        "datasets/demo/liaoning-2024.csv | wc -l); "
                        "echo $1 = $2 + $3 + $4; [ $1 -eq $(($2 + $3 + $4)) ] && [ $1 -eq $5 ] && "
                        "[ $2 -gt 10000 ]");
    print_message("rows: %s", outcome.out);
    outcome_clear(&outcome);
}

int main(void)
{
    test_folder();
    struct outcome outcome = run_shell("command -v sqlite3");
    int found = outcome.status == 0;
    outcome_clear(&outcome);
    if (!found) {
        print_message("skipped: sqlite3 is not installed\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_equal_sqlite),
        cmocka_unit_test(rows_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
