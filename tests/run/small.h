/* A small model and table that the tests of the program share: 2 years, 2 cities of Liaoning, 2
 * divisions. */
#ifndef MQ_TEST_SMALL_H
#define MQ_TEST_SMALL_H

#include "program.h"

#include "support.h"

static const char small_codes[] = "code,name,parent,level\n"
                                  "210000,辽宁省,,province\n"
                                  "210100,沈阳市,210000,city\n"
                                  "210200,大连市,210000,city\n"
                                  "220000,吉林省,,province\n";

static const char small_model[] =
    "mqci: 1\n"
    "id: small\n"
    "edition: \"2024\"\n"
    "title: 质量指数\n"
    "assumptions: [权重取等权]\n"
    "codes: {region: region.csv}\n"
    "inputs:\n"
    "  - {id: usci, column: [统一社会信用代码, usci], type: key}\n"
    "  - {id: year, column: [年份, year], type: period}\n"
    "  - {id: region, column: [行政区划代码, area], type: code, list: region}\n"
    "  - {id: size, column: [企业规模, size], type: code}\n"
    "  - {id: revenue, column: [营业收入, revenue], type: amount, decimals: 1, unit: 千元}\n"
    "  - {id: rd, column: [研发经费, rd], type: amount, decimals: 1, unit: 千元}\n"
    "  - {id: loss, column: [质量损失, loss], type: amount, decimals: 1, unit: 千元}\n"
    "scope: size <= 2\n"
    "rules:\n"
    "  - {id: R01, check: revenue > 0, severity: reject, title: 营业收入应大于零}\n"
    "  - {id: R02, check: rd <= revenue, severity: warn, title: 研发经费不应超过营业收入}\n"
    "levels:\n"
    "  - {id: province, title: 地区, by: [region.province]}\n"
    "  - {id: city, title: 市, by: [region.city]}\n"
    "indicators:\n"
    "  - {id: index, title: 质量指数, combine: arithmetic}\n"
    "  - id: rd_share\n"
    "    parent: index\n"
    "    weight: 1/3\n"
    "    title: 研发经费比重\n"
    "    unit: \"%\"\n"
    "    formula: 100 * rd / revenue\n"
    "    normalise: {method: efficacy, fail: 0, pass: 8, low: 60, high: 100, clip: true}\n"
    "  - id: loss_rate\n"
    "    parent: index\n"
    "    weight: 2/3\n"
    "    title: 质量损失率\n"
    "    unit: \"%\"\n"
    "    direction: down\n"
    "    formula: 100 * loss / revenue\n"
    "    normalise: {method: efficacy, fail: 5, pass: 0, low: 60, high: 100, clip: true}\n"
    "bands: [{from: 0, title: 较弱}, {from: 80, title: 较强}]\n"
    "disclosure: {min_enterprises: 0}\n";

/* Ten rows: one out of scope, one with revenue 0 (rejected), two cities, two years. */
static const char small_table[] =
    "统一社会信用代码,年份,行政区划代码,企业规模,营业收入,研发经费,质量损失,备注\n"
    "A1,2023,210100,1,1000.5,20.1,10,甲\n"
    "A2,2023,210100,2,2000,70.3,15.2,\"乙,二\"\n"
    "B1,2023,210200,1,1500.2,60,9.9,\n"
    "B2,2023,210200,2,700,3.3,21,\n"
    "A1,2024,210100,1,1100.5,25.1,9,\n"
    "A2,2024,210100,2,2100,80.3,15.2,\n"
    "B1,2024,210200,1,1600.2,66,7.9,\n"
    "B2,2024,210200,2,0,3.3,21,\n"
    "B3,2024,210200,3,900,1,2,\n"
    "B4,2024,210200,2,800,,2,\n";

/* Writes them into the test's folder as small.yaml, region.csv, small.csv. */
static inline void put_small(void)
{
    put_file(in_folder("region.csv"), small_codes);
    put_file(in_folder("small.yaml"), small_model);
    put_file(in_folder("small.csv"), small_table);
}

#endif
