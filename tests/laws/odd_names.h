/* A small data set whose names are formulas or markup, published by the program. */
#ifndef MQ_TEST_ODD_NAMES_H
#define MQ_TEST_ODD_NAMES_H

#include "program.h"

#include "support.h"

/* %s: a line of the inputs. */
#define ODD_MODEL                                                                                  \
    "mqci: 1\nid: odd\nedition: \"2024\"\n"                                                        \
    "title: =1+1 <script>alert(2)</script> &amp; \"odd\" 指数\n"                                 \
    "source: <b>x</b> & \"y\"\nrounding: half_up\ndecimals: 2\ncodes: {place: places.csv}\n"       \
    "inputs:\n  - {id: code, column: [code], type: key}\n%s"                                       \
    "  - {id: year, column: [year], type: period}\n"                                               \
    "  - {id: place, column: [place], type: code, list: place}\n"                                  \
    "  - {id: x, column: [x], type: amount, unit: \"<u>\"}\n"                                      \
    "  - {id: y, column: [y], type: amount}\n"                                                     \
    "levels:\n  - {id: all, title: \"@all\"}\n"                                                    \
    "  - {id: district, title: \"=district\", by: [place]}\n"                                      \
    "disclosure: {min_enterprises: 3}\n"                                                           \
    "indicators:\n  - {id: root, title: \"=1+1 <i>root</i>\", combine: arithmetic}\n"              \
    "  - {id: left, parent: root, weight: 1/2, title: \"@left &amp;\", formula: 100 * x / y, "     \
    "unit: \"=%%\", direction: up, normalise: {method: efficacy, fail: 0, pass: 100}}\n"           \
    "  - {id: right, parent: root, weight: 1/2, title: \"-right \\\"q\\\" \\\\textbf{x}\", "       \
    "formula: x, unit: \"+\", direction: up, normalise: {method: efficacy, fail: 0, pass: 999}}\n"

/* In the order of their scores, lowest first. */
static const char *const places[] = {
    "=1+1",  "@x",        "+A1",         "-2",        "<script>alert(3)</script>",
    "&amp;", "\"quote\"", "tab\tinside", "new\nline", "\\input{x} $y_1^2$ 5% #~",
    "[1cm]*"};
enum { PLACES = sizeof places / sizeof places[0] };

/* places.csv, rows.csv: four enterprises a place and year, but two in the last, which is withheld.
 */
static void write_odd_rows(void)
{
    FILE *file = fopen(in_folder("places.csv"), "wb");
    assert_non_null(file);
    fputs("code,name,parent,level\n", file);
    for (int i = 0; i < PLACES; i++) {
        fprintf(file, "%d,\"", i + 11);
        for (const char *at = places[i]; *at; at++)
            fprintf(file, *at == '"' ? "\"\"" : "%c", *at);
        fputs("\",,place\n", file);
    }
    fprintf(file, "%d,小地方,,place\n", PLACES + 11);
    fclose(file);
    file = fopen(in_folder("rows.csv"), "wb");
    assert_non_null(file);
    fputs("code,name,year,place,x,y\n", file);
    for (int year = 2023; year <= 2024; year++)
        for (int i = 0; i <= PLACES; i++)
            for (int j = 0; j < (i == PLACES ? 2 : 4); j++)
                fprintf(
                    file,
                    "91210000KEYCODE%d%d,\"<script>alert(1)</script>密名%d%d有限公司\",%d,%d,%d,"
                    "%d\n",
                    i + 10, j, i + 10, j, year, i + 11, 5 + i * 7 + j + year % 5, 140 + j);
    fclose(file);
}

/* Into $TMP/odd; `reads`: a line of the inputs, "" if the model does not read the name. */
static void publish_odd(const char *reads)
{
    char model[4096];
    snprintf(model, sizeof model, ODD_MODEL, reads);
    put_file(in_folder("odd.yaml"), model);
    write_odd_rows();
    struct outcome outcome = expect_shell(0, "$MQCI run $TMP/odd.yaml $TMP/rows.csv -o $TMP/oddrun "
                                             "&& $MQCI publish $TMP/oddrun -o $TMP/odd");
    outcome_clear(&outcome);
}

#endif
