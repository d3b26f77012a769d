/* Models with a design that the tests of the program share. */
#ifndef MQ_TEST_DESIGN_H
#define MQ_TEST_DESIGN_H

#include "program.h"

#include "support.h"

#define API "tests/oracle/official/apistrat.csv"

/* `%s`: further lines. */
static const char api_model[] =
    "mqci: 1\n"
    "id: api\n"
    "title: Schools\n"
    "inputs:\n"
    "  - {id: cds, column: cds, type: key}\n"
    "  - {id: stype, column: stype, type: code}\n"
    "  - {id: api00, column: api00, type: amount, decimals: 0}\n"
    "  - {id: stu, column: api.stu, type: amount, decimals: 0}\n"
    "  - {id: enroll, column: enroll, type: amount, decimals: 0}\n"
    "  - {id: wide, column: sch.wide, type: code}\n"
    "  - {id: imp, column: comp.imp, type: code}\n"
    "  - {id: pw, column: pw, type: number}\n"
    "  - {id: fpc, column: fpc, type: number}\n"
    "levels: [{id: all}, {id: stratum, by: [stype]}, {id: imp, by: [imp]}]\n"
    "indicators:\n"
    "  - {id: root, combine: arithmetic}\n"
    "  - {id: mean, parent: root, weight: 1/2, formula: mean(api00), normalise: {method: efficacy,"
    " fail: 200, pass: 1000}}\n"
    "  - {id: ratio, parent: root, weight: 1/8, formula: stu / enroll, normalise: none}\n"
    "  - {id: total, parent: root, weight: 1/8, formula: enroll, normalise: none}\n"
    "  - {id: prop, parent: root, weight: 1/8, formula: 100 * count(where wide == \"Yes\") / "
    "count(), normalise: none}\n"
    "  - {id: dom, parent: root, weight: 1/8, formula: mean(api00 where imp == \"Yes\"), "
    "normalise: "
    "none}\n"
    "%s";

static inline void put_api(const char *name, const char *more)
{
    char text[8192];
    snprintf(text, sizeof text, api_model, more);
    put_file(in_folder(name), text);
}

static const char cluster_model[] = "mqci: 1\nid: c\ntitle: c\n"
                                    "inputs:\n"
                                    "  - {id: k, column: k, type: key}\n"
                                    "  - {id: s, column: s, type: code}\n"
                                    "  - {id: p, column: p, type: code}\n"
                                    "  - {id: w, column: w, type: amount, decimals: 1}\n"
                                    "  - {id: n, column: n, type: amount, decimals: 0}\n"
                                    "  - {id: y, column: y, type: amount, decimals: 2}\n"
                                    "  - {id: year, column: year, type: period}\n"
                                    "rules: [{id: R, check: y < 100, severity: reject}]\n"
                                    "disclosure: {min_enterprises: 0}\n"
                                    "design: {weight: w, strata: s, psu: %s, fpc: n%s}\n"
                                    "levels: [{id: all}, {id: s, by: [s]}]\n"
                                    "indicators:\n"
                                    "  - {id: t, formula: y, normalise: none}\n";

static inline void put_clusters(const char *psu, const char *more)
{
    char text[4096];
    snprintf(text, sizeof text, cluster_model, psu, more);
    put_file(in_folder("m.yaml"), text);
}

/* As in tests/analyse: totals 42 and se sqrt(33); another year with one PSU a stratum less. PSUs
 * are named within their strata. */
static const char clusters[] = "k,s,p,w,n,y,year\n"
                               "1,A,1,2,6,1,2023\n2,A,1,2,6,2,2023\n3,A,2,2,6,4,2023\n"
                               "4,A,3,2,6,0,2023\n5,A,3,2,6,5,2023\n"
                               "6,B,1,3,8,1,2023\n7,B,1,3,8,1,2023\n8,B,2,3,8,4,2023\n"
                               "1,A,1,2,5,7,2024\n2,A,2,2,5,9,2024\n";

#endif
