/* A workbook instead of CSV files: the same bytes of scores; and wrong workbooks leave nothing. */
#include <sys/stat.h>
#include <xlsxwriter.h>

#include "core/core.h"
#include "program.h"
#include "support.h"

#define MODEL "models/mqci-liaoning.yaml"

/* Columns whose digits are names: key, region, industry. */
static bool is_text(size_t column)
{
    return column < 2 || column == 3 || column == 4;
}

/* A cell as somebody would type it: numbers as numbers where that keeps their text. */
static void write_cell(lxw_worksheet *sheet, unsigned row, size_t column, const char *text)
{
    char *end, again[40];
    double number = strtod(text, &end);
    snprintf(again, sizeof again, "%.15g", number);
    if (!*text)
        return;
    if (!is_text(column) && !*end && strcmp(text, again) == 0)
        assert_int_equal(worksheet_write_number(sheet, row, (lxw_col_t)column, number, NULL),
                         LXW_NO_ERROR);
    else
        assert_int_equal(worksheet_write_string(sheet, row, (lxw_col_t)column, text, NULL),
                         LXW_NO_ERROR);
}

/* One sheet of the demo's table, its header below `titles` rows. */
static void add_sheet(lxw_workbook *workbook, const char *name, const char *csv, unsigned titles)
{
    struct mq_table table;
    struct mq_error error = {0};
    lxw_worksheet *sheet = workbook_add_worksheet(workbook, name);
    if (mq_table_read(csv, &table, &error) != MQ_OK)
        fail_msg("%s: %s", csv, error.message);
    if (titles > 0)
        worksheet_merge_range(sheet, 0, 0, 0, 9, "辽宁省工业企业表", NULL);
    for (size_t column = 0; column < table.columns; column++)
        worksheet_write_string(sheet, titles, (lxw_col_t)column, table.header[column], NULL);
    for (size_t row = 0; row < table.rows; row++)
        for (size_t column = 0; column < table.columns; column++)
            write_cell(sheet, titles + 1 + (unsigned)row, column,
                       table.cell[row * table.columns + column]);
    mq_table_clear(&table);
}

/* Files of the demo hold ragged rows, which a table in a sheet cannot say in the same way. */
static void make_book(void)
{
    static const char *const years[] = {"2023", "2024"};
    for (size_t i = 0; i < 2; i++) {
        struct outcome outcome = expect_shell(0,
                                              "awk '{ s = $0; gsub(/\"[^\"]*\"/, \"q\", s); k = "
                                              "split(s, x, \",\") } NR == 1 { n = k } "
                                              "k == n' datasets/demo/liaoning-%s.csv > "
                                              "$TMP/%s.csv",
                                              years[i], years[i]);
        outcome_clear(&outcome);
    }
    lxw_workbook *workbook = workbook_new(in_folder("book.xlsx"));
    add_sheet(workbook, "2023", in_folder("2023.csv"), 0);
    add_sheet(workbook, "2024 年", in_folder("2024.csv"), 3);
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
}

static void a_workbook_gives_the_same_scores(void **state)
{
    (void)state;
    struct outcome outcome =
        expect_shell(0, "$MQCI run " MODEL " $TMP/2023.csv $TMP/2024.csv -o $TMP/csv");
    outcome_clear(&outcome);
    outcome = expect_shell(0, "$MQCI run " MODEL " $TMP/book.xlsx '%s#2024 年' -j 3 -o $TMP/xlsx",
                           in_folder("book.xlsx"));
    outcome_clear(&outcome);
    assert_same_file(in_folder("csv/scores.csv"), in_folder("xlsx/scores.csv"));
    assert_same_file(in_folder("csv/indicators.csv"), in_folder("xlsx/indicators.csv"));
    /* a row of the second sheet is told by the row it has there: three below that of the file */
    outcome = expect_shell(
        0, "cut -d, -f2- $TMP/csv/rejects.csv | sed -n '/2024/p' | wc -l; "
           "paste -d: <(awk -F, '$1 == \"2024.csv\" { print $2 + 3 }' $TMP/csv/rejects.csv) "
           "<(awk -F, '$1 == \"book.xlsx#2024 年\" { print $2 }' $TMP/xlsx/rejects.csv) | "
           "awk -F: '$1 != $2 { wrong++ } END { if (wrong || NR < 10) exit 1; print NR }'");
    outcome_clear(&outcome);
}

/* A run that must fail with exit 65, say this, and leave nothing. */
static void refused(const char *data, const char *say)
{
    struct outcome outcome = expect_shell(65, "$MQCI run " MODEL " \"%s\" -o $TMP/no", data);
    assert_contains(outcome.err, say);
    assert_contains(outcome.err, "xlsx");
    outcome_clear(&outcome);
    assert_false(has_file(in_folder("no")));
    assert_false(has_file(in_folder("no.building")));
}

static void wrong_workbooks_leave_nothing(void **state)
{
    (void)state;
    refused("$TMP/book.xlsx#2025", "has no sheet \"2025\"; its sheets: \"2023\", \"2024 年\"");
    struct outcome outcome = expect_shell(0, "head -c 100000 $TMP/book.xlsx > $TMP/cut.xlsx");
    outcome_clear(&outcome);
    refused("$TMP/cut.xlsx", "damaged or not complete");
}

/* A part of a hundred million spaces and empty tags, as no sheet has them. */
static void a_bomb_leaves_nothing(void **state)
{
    (void)state;
    lxw_workbook *workbook = workbook_new(in_folder("bomb.xlsx"));
    lxw_worksheet *sheet = workbook_add_worksheet(workbook, "x");
    char *text = malloc(32001);
    memset(text, ' ', 32000);
    text[32000] = '\0';
    text[0] = 'x';
    for (unsigned row = 0; row < 5000; row++) { /* no shared string: each is another */
        snprintf(text, 8, "%07u", row);
        text[7] = ' ';
        worksheet_write_string(sheet, row, 0, text, NULL);
    }
    free(text);
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
    refused("$TMP/bomb.xlsx", "xl/sharedStrings.xml unpacks to more than 400 times its size");
}

int main(void)
{
    make_book();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workbook_gives_the_same_scores),
        cmocka_unit_test(wrong_workbooks_leave_nothing),
        cmocka_unit_test(a_bomb_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
