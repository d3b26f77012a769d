/* Every check: what it counts, whom it rejects, and what the two files say. */
#include "validate/world.h"

static const char yaml[] = "mqci: 1\n"
                           "id: checks\n"
                           "edition: \"1\"\n"
                           "title: checks\n"
                           "missing: [\"\", \"-\"]\n"
                           "codes: {region: region.csv}\n"
                           "inputs:\n"
                           "  - {id: usci, column: [usci], type: key}\n"
                           "  - {id: year, column: [year], type: period}\n"
                           "  - {id: region, column: [区划, region], type: code, list: region}\n"
                           "  - {id: origin, column: [origin], type: code, list: region}\n"
                           "  - {id: kind, column: [kind], type: code}\n"
                           "  - {id: size, column: [size], type: code}\n"
                           "  - {id: revenue, column: [revenue], type: amount, decimals: 1, "
                           "title: turnover}\n"
                           "  - {id: cost, column: [cost], type: amount, decimals: 0}\n"
                           "  - {id: rate, column: [rate], type: number}\n"
                           "scope: size <= 2\n"
                           "rules:\n"
                           "  - {id: R1, check: revenue > 0, severity: reject, title: turnover "
                           "is positive}\n"
                           "  - {id: R2, check: cost <= revenue, severity: warn}\n"
                           "  - {id: R3, check: rate != 7 and cost < 900, severity: reject}\n"
                           "  - {id: R4, check: rate < 100, severity: info, title: \"a, b\"}\n"
                           "levels:\n"
                           "  - {id: all, title: All}\n"
                           "  - {id: kinds, title: Kinds, by: [region.city, kind]}\n"
                           "indicators:\n"
                           "  - {id: x, title: X, formula: revenue / cost, normalise: {method: "
                           "none}}\n";

static const char region[] = "code,name,parent,level\n"
                             "21,辽宁省,,province\n"
                             "2101,沈阳市,21,city\n"
                             "2102,大连市,21,city\n";

static const char header[] = "usci,year,区划,origin,kind,size,revenue,cost,rate\n";

static void open_with(struct world *world, const char *model, const char *rows)
{
    char path[320], csv[8192];
    world_open(world);
    world_write(world, "region.csv", region, strlen(region), path);
    world_model(world, model);
    snprintf(csv, sizeof csv, "%s%s", header, rows);
    world_data(world, csv);
    world_start(world, 1, 0);
}

struct expected {
    const char *findings, *rejects;
};

static void run_rows(const char *model, const char *rows, struct expected expected)
{
    struct world world;
    open_with(&world, model, rows);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, 1, NULL, NULL, NULL), MQ_OK);
    char *findings = world_file(&world, false), *rejects = world_file(&world, true);
    if (expected.findings)
        assert_string_equal(first_fields(findings, WITH_PLACES), expected.findings);
    if (expected.rejects)
        assert_string_equal(rejects, expected.rejects);
    world_balance(&world);
    free(findings);
    free(rejects);
    world_close(&world);
}

#define REJECTS  "file,line,key,column,value,rule,message\n"
#define FINDINGS "rule,severity,title,checked,passed,failed,missing,first_file,first_line\n"

static void test_clean_rows_have_findings_of_zero(void **state)
{
    (void)state;
    run_rows(yaml, "A,2023,2101,2102,k,1,12.5,3,0.25\nB,2023,21,,k,2,7.1,2,\n",
             (struct expected){FINDINGS "columns,reject,as many fields as the header,2,2,0,0,,\n"
                                        "type.revenue,reject,turnover is a number,2,2,0,0,,\n"
                                        "type.cost,reject,cost is a number,2,2,0,0,,\n"
                                        "type.rate,reject,rate is a number,1,1,0,1,,\n"
                                        "code.region,reject,区划 is in the code list,2,2,0,0,,\n"
                                        "code.origin,reject,origin is in the code list,1,1,0,1,,\n"
                                        "code.kind,reject,kind is present,2,2,0,0,,\n"
                                        "key.usci,reject,usci is present,2,2,0,0,,\n"
                                        "period.year,reject,year is present,2,2,0,0,,\n"
                                        "scope,reject,the scope can be decided,2,2,0,0,,\n"
                                        "duplicate,reject,one row per key and period,2,2,0,0,,\n"
                                        "R1,reject,turnover is positive,2,2,0,0,,\n"
                                        "R2,warn,cost <= revenue,2,2,0,0,,\n"
                                        "R3,reject,rate != 7 and cost < 900,1,1,0,1,,\n"
                                        "R4,info,\"a, b\",1,1,0,1,,\n",
                               REJECTS});
}

static void test_every_bad_cell(void **state)
{
    (void)state;
    run_rows(
        yaml,
        "A,2023,2101,2102,k,1,12x,3,0.25\n"                  /* 2 malformed */
        "B,2023,2101,2102,k,1,\"1,234\",3,0.25\n"            /* 3 separator */
        "C,2023,2101,2102,k,1,99999999999999999999,3,0.25\n" /* 4 range */
        "D,2023,2101,2102,k,1,1.25,3,0.25\n"                 /* 5 decimals */
        "E,2023,9999,2102,k,1,12.5,3,0.25\n"                 /* 6 region not listed */
        "F,2023,2101,\"21,\"\"x\",k,1,12.5,3,0.25\n"         /* 7 origin not listed */
        "G,2023,,2102,k,1,12.5,3,0.25\n"                     /* 8 axis blank */
        "H,2023,2101,,-,1,12.5,3,0.25\n"                     /* 9 unlisted axis blank */
        ",2023,2101,2102,k,1,12.5,3,0.25\n"                  /* 10 no key */
        "J,-,2101,2102,k,1,12.5,3,0.25\n"                    /* 11 no period */
        "K,2023,2101,2102,k,1,12.5,3,1e\n"                   /* 12 number */
        "L,2023,2101,2102,k,1,12.5,3,0.25\n",
        (struct expected){
            NULL, REJECTS
            "data0.csv,2,A,revenue,12x,type.revenue,not a number\n"
            "data0.csv,3,B,revenue,\"1,234\",type.revenue,\"has thousands separators, take them "
            "out\"\n"
            "data0.csv,4,C,revenue,99999999999999999999,type.revenue,out of the range that can be "
            "represented\n"
            "data0.csv,5,D,revenue,1.25,type.revenue,more than the 1 decimals declared\n"
            "data0.csv,6,E,区划,9999,code.region,not in the code list\n"
            "data0.csv,7,F,origin,\"21,\"\"x\",code.origin,not in the code list\n"
            "data0.csv,8,G,区划,,code.region,missing\n"
            "data0.csv,9,H,kind,-,code.kind,missing\n"
            "data0.csv,10,,usci,,key.usci,missing\n"
            "data0.csv,11,J,year,-,period.year,missing\n"
            "data0.csv,12,K,rate,1e,type.rate,not a number\n"});
}

static void test_rules_know_three_answers(void **state)
{
    (void)state;
    run_rows(yaml,
             "A,2023,2101,,k,1,0,3,0.25\n"     /* R1 fails, R2 warns */
             "B,2023,2101,,k,1,,3,7\n"         /* R1, R2 not checkable, R3 fails */
             "C,2023,2101,,k,1,-0.1,901,150\n" /* R1, R2, R3 and R4 fail */
             "D,2023,2101,,k,1,5.5,6,\n"       /* R2 warns, R3 unknown: accepted */
             "E,2023,2101,,k,1,5.5,900,\n",    /* R3: unknown and false is false */
             (struct expected){FINDINGS "columns,reject,as many fields as the header,5,5,0,0,,\n"
                                        "type.revenue,reject,turnover is a number,4,4,0,1,,\n"
                                        "type.cost,reject,cost is a number,5,5,0,0,,\n"
                                        "type.rate,reject,rate is a number,3,3,0,2,,\n"
                                        "code.region,reject,区划 is in the code list,5,5,0,0,,\n"
                                        "code.origin,reject,origin is in the code list,0,0,0,5,,\n"
                                        "code.kind,reject,kind is present,5,5,0,0,,\n"
                                        "key.usci,reject,usci is present,5,5,0,0,,\n"
                                        "period.year,reject,year is present,5,5,0,0,,\n"
                                        "scope,reject,the scope can be decided,5,5,0,0,,\n"
                                        "duplicate,reject,one row per key and period,1,1,0,0,,\n"
                                        "R1,reject,turnover is positive,4,2,2,1,data0.csv,2\n"
                                        "R2,warn,cost <= revenue,4,0,4,1,data0.csv,2\n"
                                        "R3,reject,rate != 7 and cost < 900,4,1,3,1,data0.csv,3\n"
                                        "R4,info,\"a, b\",3,2,1,2,data0.csv,4\n",
                               REJECTS
                               "data0.csv,2,A,revenue,0,R1,turnover is positive (revenue > 0)\n"
                               "data0.csv,3,B,rate|cost,7|3,R3,rate != 7 and cost < 900\n"
                               "data0.csv,4,C,revenue,-0.1,R1,turnover is positive (revenue > 0)\n"
                               "data0.csv,4,C,rate|cost,150|901,R3,rate != 7 and cost < 900\n"
                               "data0.csv,6,E,rate|cost,|900,R3,rate != 7 and cost < 900\n"});
}

static void test_ragged_rows_fail_nothing_else(void **state)
{
    (void)state;
    run_rows(yaml,
             "A,2023,2101,,k,1,12.5,3,0.25\n"
             "\"B\nb\",2023,2101,,k,1,oops\n" /* its key holds a newline: next line is 5 */
             "C,2023,2101,,k,1,x,3,0.25,more,\n"
             "\n"
             "D\n",
             (struct expected){
                 FINDINGS "columns,reject,as many fields as the header,4,1,3,0,data0.csv,3\n"
                          "type.revenue,reject,turnover is a number,1,1,0,0,,\n"
                          "type.cost,reject,cost is a number,1,1,0,0,,\n"
                          "type.rate,reject,rate is a number,1,1,0,0,,\n"
                          "code.region,reject,区划 is in the code list,1,1,0,0,,\n"
                          "code.origin,reject,origin is in the code list,0,0,0,1,,\n"
                          "code.kind,reject,kind is present,1,1,0,0,,\n"
                          "key.usci,reject,usci is present,1,1,0,0,,\n"
                          "period.year,reject,year is present,1,1,0,0,,\n"
                          "scope,reject,the scope can be decided,1,1,0,0,,\n"
                          "duplicate,reject,one row per key and period,1,1,0,0,,\n"
                          "R1,reject,turnover is positive,1,1,0,0,,\n"
                          "R2,warn,cost <= revenue,1,1,0,0,,\n"
                          "R3,reject,rate != 7 and cost < 900,1,1,0,0,,\n"
                          "R4,info,\"a, b\",1,1,0,0,,\n",
                 REJECTS "data0.csv,3,\"B\nb\",,,columns,\"9 fields expected, 7 found\"\n"
                         "data0.csv,5,C,,,columns,\"9 fields expected, 11 found\"\n"
                         "data0.csv,7,D,,,columns,\"9 fields expected, 1 found\"\n"});
}

static void test_scope_decides_first(void **state)
{
    (void)state;
    run_rows(yaml,
             "A,2023,2101,,k,3,bad,3,0.25\n" /* out of scope: nothing else counts */
             "B,2023,2101,,k,,1.5,bad,7\n"   /* undecided: rejected, with its other reasons */
             "C,2023,2101,,k,2,1.5,2,6\n",
             (struct expected){
                 FINDINGS "columns,reject,as many fields as the header,3,3,0,0,,\n"
                          "type.revenue,reject,turnover is a number,2,2,0,0,,\n"
                          "type.cost,reject,cost is a number,2,1,1,0,data0.csv,3\n"
                          "type.rate,reject,rate is a number,2,2,0,0,,\n"
                          "code.region,reject,区划 is in the code list,2,2,0,0,,\n"
                          "code.origin,reject,origin is in the code list,0,0,0,2,,\n"
                          "code.kind,reject,kind is present,2,2,0,0,,\n"
                          "key.usci,reject,usci is present,2,2,0,0,,\n"
                          "period.year,reject,year is present,2,2,0,0,,\n"
                          "scope,reject,the scope can be decided,3,2,1,0,data0.csv,3\n"
                          "duplicate,reject,one row per key and period,1,1,0,0,,\n"
                          "R1,reject,turnover is positive,2,2,0,0,,\n"
                          "R2,warn,cost <= revenue,1,0,1,1,data0.csv,4\n"
                          "R3,reject,rate != 7 and cost < 900,2,1,1,0,data0.csv,3\n"
                          "R4,info,\"a, b\",2,2,0,0,,\n",
                 REJECTS "data0.csv,3,B,cost,bad,type.cost,not a number\n"
                         "data0.csv,3,B,size,,scope,the scope cannot be decided (size <= 2)\n"
                         "data0.csv,3,B,rate|cost,7|bad,R3,rate != 7 and cost < 900\n"});
}

static void test_control_totals(void **state)
{
    (void)state;
    struct world world;
    open_with(&world, yaml,
              "A,2023,2101,,k,3,12.5,3,\nB,2023,2101,,k,,1.5,,7\nC,2023,2101,,k,2,"
              "2.5,2,6\nD,2023,2101,,k,1,0.3,-9,6\nE,x\n");
    world_read(&world, NULL, NULL);
    const struct mq_control *control = mq_checker_control(world.checker);
    assert_int_equal(control->rows_in, 5);
    assert_int_equal(control->accepted, 2);
    assert_int_equal(control->rejected, 2);
    assert_int_equal(control->out_of_scope, 1);
    assert_int_equal(control->inputs, 9);
    assert_int_equal((long long)control->total_in[6], 168);
    assert_int_equal((long long)control->total_accepted[6], 28);
    assert_int_equal((long long)control->total_rejected[6], 15);
    assert_int_equal((long long)control->total_out_of_scope[6], 125);
    assert_int_equal((long long)control->total_in[7], -4);
    assert_int_equal((long long)control->total_accepted[7], -7);
    assert_int_equal((long long)control->total_in[8], 0); /* a number is no amount */
    world_balance(&world);
    world_close(&world);
}

static void test_chinese_messages(void **state)
{
    (void)state;
    static const char chinese[] =
        "mqci: 1\nid: zh\nedition: \"1\"\ntitle: 指数\n"
        "codes: {region: region.csv}\n"
        "inputs:\n"
        "  - {id: usci, column: [usci], type: key, title: 信用代码}\n"
        "  - {id: year, column: [year], type: period, title: 年份}\n"
        "  - {id: size, column: [size], type: code}\n"
        "  - {id: region, column: [region], type: code, list: region, title: 地区}\n"
        "  - {id: revenue, column: [revenue], type: amount, decimals: 2, title: 营业收入}\n"
        "scope: size <= 2\n"
        "rules:\n"
        "  - {id: R1, check: revenue > 0, severity: reject, title: 营业收入应大于零}\n"
        "levels: [{id: all, title: 全国}]\n"
        "indicators: [{id: x, title: 收入, formula: revenue, normalise: {method: none}}]\n";
    struct world world;
    char path[320];
    world_open(&world);
    world_write(&world, "region.csv", region, strlen(region), path);
    world_model(&world, chinese);
    world_data(&world, "usci,year,size,region,revenue\n"
                       "A,2023,1,21,1.234\nA1,2023,1,,x\nA2,2023,1,21,\"1,2\"\n"
                       "A3,2023,1,21,99999999999999999999\n"
                       "B,,1,77,1.23\n,2023,1,21,1.23\nC,2023,,21,1\nD,2023,1,21,-1\nE,2023,1\n"
                       "F,2023,1,21,5\nF,2023,1,21,5.00\nG,2023,1,21,5\nG,2023,1,21,6\n");
    world_start(&world, 1, 0);
    world_read(&world, NULL, NULL);
    assert_int_equal(mq_checker_late(world.checker, 1, NULL, NULL, NULL), MQ_OK);
    char *findings = world_file(&world, false), *rejects = world_file(&world, true);
    assert_string_equal(rejects, REJECTS
                        "data0.csv,2,A,revenue,1.234,type.revenue,小数位多于规定的2位\n"
                        "data0.csv,3,A1,revenue,x,type.revenue,不是数字\n"
                        "data0.csv,4,A2,revenue,\"1,2\",type.revenue,含千位分隔符，请去掉\n"
                        "data0.csv,5,A3,revenue,99999999999999999999,type.revenue,"
                        "超出可表示范围\n"
                        "data0.csv,6,B,region,77,code.region,代码不在代码表中\n"
                        "data0.csv,6,B,year,,period.year,缺失\n"
                        "data0.csv,7,,usci,,key.usci,缺失\n"
                        "data0.csv,8,C,size,,scope,统计范围无法判定（size <= 2）\n"
                        "data0.csv,9,D,revenue,-1,R1,营业收入应大于零（revenue > 0）\n"
                        "data0.csv,10,E,,,columns,应有5列，实有3列\n"
                        "data0.csv,12,F,usci,F,duplicate,同一时期内重复，内容相同，保留第一条\n"
                        "data0.csv,13,G,usci,G,duplicate,"
                        "同一时期内重复且内容不一致，全部剔除，请核实\n"
                        "data0.csv,14,G,usci,G,duplicate,"
                        "同一时期内重复且内容不一致，全部剔除，请核实\n");
    assert_string_equal(first_fields(findings, WITH_PLACES),
                        FINDINGS "columns,reject,列数与表头一致,13,12,1,0,data0.csv,10\n"
                                 "type.revenue,reject,营业收入应为数字,12,8,4,0,data0.csv,2\n"
                                 "code.region,reject,地区应在代码表中,11,10,1,1,data0.csv,6\n"
                                 "key.usci,reject,信用代码不应缺失,12,11,1,0,data0.csv,7\n"
                                 "period.year,reject,年份不应缺失,12,11,1,0,data0.csv,6\n"
                                 "scope,reject,统计范围应可判定,12,11,1,0,data0.csv,8\n"
                                 "duplicate,reject,同一时期内不重复,4,1,3,0,data0.csv,12\n"
                                 "R1,reject,营业收入应大于零,8,7,1,4,data0.csv,9\n");
    world_balance(&world);
    free(findings);
    free(rejects);
    world_close(&world);
}

/* A code of the list that the row's period does not know, and one that a spreadsheet ruined. */
static void test_codes_out_of_date(void **state)
{
    (void)state;
    static const char list[] = "code,name,parent,level,valid_from,valid_to\n"
                               "21,辽宁省,,province,,\n"
                               "2101,沈阳市,21,city,,\n2102,旧市,21,city,2000,2019\n";
    static const char rows[] = "id,year,r\nA,2024,2101\nB,2024,2102\nC,2019,2102\n"
                               "D,2024,2103\nE,2024,9.14E+17\n";
    static const struct {
        const char *title, *age, *unknown, *ruined;
    } languages[] = {
        {"old", ",B,r,2102,code.r,not valid in 2024\n", ",D,r,2103,code.r,not in the code list\n",
         ",E,r,9.14E+17,code.r,a spreadsheet made a number of it"},
        {"旧", ",B,r,2102,code.r,代码在2024期无效\n", ",D,r,2103,code.r,代码不在代码表中\n",
         ",E,r,9.14E+17,code.r,已被电子表格变成数字"}};
    for (int l = 0; l < 2; l++) {
        struct world world;
        char path[320], yaml_text[1024];
        snprintf(yaml_text, sizeof yaml_text,
                 "mqci: 1\nid: old\nedition: \"1\"\ntitle: %s\ncodes: {region: region.csv}\n"
                 "inputs:\n  - {id: id, column: [id], type: key}\n"
                 "  - {id: year, column: [year], type: period}\n"
                 "  - {id: r, column: [r], type: code, list: region}\n"
                 "levels: [{id: all, title: All}]\n"
                 "indicators: [{id: x, title: X, formula: count(), normalise: {method: none}}]\n",
                 languages[l].title);
        world_open(&world);
        world_write(&world, "region.csv", list, strlen(list), path);
        world_model(&world, yaml_text);
        world_data(&world, rows);
        world_start(&world, 1, 0);
        world_read(&world, NULL, NULL);
        char *rejects = world_file(&world, true);
        assert_contains(rejects, languages[l].age);
        assert_contains(rejects, languages[l].unknown);
        assert_contains(rejects, languages[l].ruined);
        assert_null(strstr(rejects, ",C,"));
        assert_int_equal(mq_checker_control(world.checker)->accepted, 2);
        free(rejects);
        world_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_rows_have_findings_of_zero),
        cmocka_unit_test(test_every_bad_cell),
        cmocka_unit_test(test_rules_know_three_answers),
        cmocka_unit_test(test_ragged_rows_fail_nothing_else),
        cmocka_unit_test(test_scope_decides_first),
        cmocka_unit_test(test_control_totals),
        cmocka_unit_test(test_chinese_messages),
        cmocka_unit_test(test_codes_out_of_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
