/* Models and data that cannot be a sample, and what is said of them. */
#include "design.h"

static void assert_refused(int status, const char *model, const char *data, const char *part)
{
    put_file(in_folder("d.csv"), data);
    struct outcome run = expect_shell(status, "$MQCI run %s $TMP/d.csv -o $TMP/refused", model);
    assert_contains(run.err, part);
    assert_false(has_file(in_folder("refused")));
    outcome_clear(&run);
}

static void bad_rows_are_named(void **state)
{
    (void)state;
    char model[512];
    snprintf(model, sizeof model, "%s", in_folder("m.yaml"));
    put_clusters("p", "");
    static const char head[] = "k,s,p,w,n,y,year\n1,A,1,2,6,1,2023\n2,A,2,2,6,4,2023\n";
    static const struct {
        const char *row, *says;
    } bad[] = {
        {"3,B,1,0,8,1,2023\n", "d.csv:4: stratum B: the weight w of this row is not above 0"},
        {"3,B,1,-1.5,8,1,2023\n", "d.csv:4: stratum B: the weight w of this row is not above 0"},
        {"3,B,1,,8,1,2023\n", "d.csv:4: stratum B: this row has no w"},
        {"3,B,,2,8,1,2023\n", "d.csv:4: stratum B: this row has no p"},
        {"3,B,1,2,,1,2023\n", "d.csv:4: stratum B: this row has no n"},
        {"3,B,1,2,8,1,2023\n", "stratum B of 2023 has one PSU"},
        {"3,A,3,2,5,1,2023\n", "stratum A of 2023 has more than one n: 5 and 6"},
        {"3,B,1,2,1,1,2023\n4,B,2,2,1,1,2023\n",
         "stratum B of 2023: its population of 1 PSUs is smaller than its sample of 2"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char data[512];
        snprintf(data, sizeof data, "%s%s", head, bad[i].row);
        assert_refused(65, model, data, bad[i].says);
    }
    /* of two bad rows the first; the only row of B is all of it */
    char data[512];
    snprintf(data, sizeof data, "%s%s", head,
             "3,B,1,2,1,1,2023\n4,C,1,-2,8,1,2023\n5,D,1,0,8,1,2023\n");
    assert_refused(65, model, data, "d.csv:5: stratum C: the weight");
    snprintf(data, sizeof data, "%s%s", head, "3,B,1,2,1,1,2023\n");
    put_file(in_folder("d.csv"), data);
    outcome_clear(
        &(struct outcome[]){expect_shell(0, "$MQCI run $TMP/m.yaml $TMP/d.csv -o $TMP/out")}[0]);
}

static void tables_and_data_agree(void **state)
{
    (void)state;
    static const struct {
        const char *table;
        int status;
        const char *says;
    } bad[] = {
        {"stratum,population\nE,4421\nH,755\nM,1018\nX,12\n", 65,
         "strata.csv:5:1: stratum X is in this table but not in the data"},
        {"stratum,population\nE,4421\nM,1018\n", 65,
         "strata.csv: stratum H is in the data but not in this table"},
        {"stratum,population\nE,4421\nH,49\nM,1018\n", 65,
         "stratum H: its population of 49 PSUs is smaller than its sample of 50"},
        {"stratum,population\nE,4421\nH,many\nM,1018\n", 78,
         "strata.csv:3:2: the population of stratum H is \"many\""},
        {"stratum,population\nE,4421\nH,755\nE,1018\n", 78,
         "strata.csv:4:1: stratum E is given a second time; the first is on line 2"},
    };
    put_api("m.yaml", "design: {weight: pw, strata: stype, fpc: {file: strata.csv}}\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put_file(in_folder("strata.csv"), bad[i].table);
        struct outcome run =
            expect_shell(bad[i].status, "$MQCI run $TMP/m.yaml " API " -o $TMP/refused");
        assert_contains(run.err, bad[i].says);
        outcome_clear(&run);
    }
}

static void bad_designs_are_models_faults(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *says;
    } bad[] = {
        {"design: {weigth: pw}\n", "design has no key \"weigth\""},
        {"design: {weight: stype}\n", "\"weight\" is an input of type amount or number"},
        {"design: {strata: pw}\n", "\"strata\" is an input of type code"},
        {"design: {psu: pw}\n", "\"psu\" is an input of type code or key"},
        {"design: {fpc: {file: none.csv}}\n", "a table of strata needs \"strata\" too"},
        {"design: {strata: stype, fpc: {file: none.csv}}\n", "cannot read the file"},
        {"design: {single: remove}\n", "found \"remove\""},
        {"design: {}\nconfidence: 95\n", "\"confidence\" is a share between 0 and 1"},
        {"design: {}\ninterval: exact\n", "found \"exact\""},
        {"confidence: 0.9\n", "\"confidence\" speaks of a sample; write a design: too"},
        {"interval: wald\n", "\"interval\" speaks of a sample; write a design: too"},
        {"  - {id: med, formula: median(api00), normalise: none}\ndesign: {}\n",
         "med asks for a min, max or median"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put_api("m.yaml", bad[i].lines);
        struct outcome run = expect_shell(78, "$MQCI check $TMP/m.yaml");
        assert_contains(run.err, bad[i].says);
        outcome_clear(&run);
    }
}

static void messages_in_chinese(void **state)
{
    (void)state;
    put_file(in_folder("m.yaml"),
             "mqci: 1\nid: s\ntitle: 满意度\n"
             "inputs: [{id: x, column: 分, type: amount}, {id: 层, column: 层, "
             "type: code}, {id: 权数, column: 权, type: number}]\n"
             "design: {weight: 权数, strata: 层}\nlevels: [{id: all}]\n"
             "indicators: [{id: m, formula: mean(x), normalise: none}]\n");
    char model[512];
    snprintf(model, sizeof model, "%s", in_folder("m.yaml"));
    assert_refused(65, model, "分,层,权\n1,东,2\n2,东,2\n3,西,0\n",
                   "d.csv:4: 层 西：抽样权数 权数 应大于零");
    assert_refused(65, model, "分,层,权\n1,东,2\n2,,2\n3,西,1\n", "d.csv:3: 该行缺 层");
    assert_refused(65, model, "分,层,权\n1,东,2\n2,东,2\n3,西,1\n", "层 西 只有一个初级抽样单元");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_rows_are_named),
        cmocka_unit_test(tables_and_data_agree),
        cmocka_unit_test(bad_designs_are_models_faults),
        cmocka_unit_test(messages_in_chinese),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
