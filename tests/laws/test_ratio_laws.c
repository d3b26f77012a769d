/* Ratios of sums do not care about units, order or grouping; scores stay in their range and move
 * the declared way. */
#include "../run/small.h"

#include <math.h>

enum { FIRMS = 400 };

struct firm {
    int city;
    long revenue, rd, loss; /* tenths */
};

/* A fixed congruential sequence: the same firms in every run of the test. */
static struct firm firm_number(int i)
{
    uint64_t x = 0x9e3779b97f4a7c15u * (uint64_t)(i + 1);
    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 32;
    struct firm firm = {.city = (int)(x % 2), .revenue = 1000 + (long)(x >> 8) % 9000000};
    firm.rd = firm.revenue / 37 + (long)((x >> 20) % 977);
    firm.loss = firm.revenue / 61 + (long)((x >> 31) % 499);
    return firm;
}

struct table {
    FILE *file;
    const char *name;
    int tenth; /* the amounts are written divided by this: 1 or 10 */
};

static struct table open_table(const char *name, int tenth)
{
    struct table table = {fopen(in_folder(name), "w"), name, tenth};
    assert_non_null(table.file);
    fputs("usci,year,area,size,revenue,rd,loss\n", table.file);
    return table;
}

static void add_row(const struct table *table, const char *suffix, int i, struct firm firm)
{
    const long amount[] = {firm.revenue, firm.rd, firm.loss};
    fprintf(table->file, "F%d%s,2024,%s,1", i, suffix, firm.city ? "210200" : "210100");
    for (int k = 0; k < 3; k++) {
        if (table->tenth == 1)
            fprintf(table->file, ",%ld", amount[k]);
        else
            fprintf(table->file, ",%ld.%ld", amount[k] / 10, amount[k] % 10);
    }
    fputc('\n', table->file);
}

static void score_table(struct table *table, const char *out)
{
    assert_int_equal(fclose(table->file), 0);
    struct outcome outcome =
        expect_shell(0, "$MQCI run $TMP/small.yaml $TMP/%s -o $TMP/%s", table->name, out);
    outcome_clear(&outcome);
}

/* Columns 1 to 6 (period ... value) and coverage of indicators.csv are the same. */
static void same_values(const char *a, const char *b)
{
    struct outcome outcome = expect_shell(
        0,
        "cmp <(cut -d, -f1-6,10 $TMP/%s/indicators.csv) <(cut -d, -f1-6,10 $TMP/%s/indicators.csv) "
        "&& "
        "cmp <(cut -d, -f1-10 $TMP/%s/scores.csv) <(cut -d, -f1-10 $TMP/%s/scores.csv)",
        a, b, a, b);
    outcome_clear(&outcome);
}

static void units_of_money(void **state)
{
    (void)state;
    struct table plain = open_table("plain.csv", 1), tenth = open_table("tenth.csv", 10);
    for (int i = 0; i < FIRMS; i++) {
        add_row(&plain, "", i, firm_number(i));
        add_row(&tenth, "", i, firm_number(i));
    }
    score_table(&plain, "plain");
    score_table(&tenth, "tenth");
    same_values("plain", "tenth");
}

static void order_of_rows(void **state)
{
    (void)state;
    struct table turned = open_table("turned.csv", 1);
    for (int i = 0; i < FIRMS; i++)
        add_row(&turned, "", i * 171 % FIRMS,
                firm_number(i * 171 % FIRMS)); /* 171 and 400 have no common factor */
    score_table(&turned, "turned");
    same_values("plain", "turned");
}

static void an_enterprise_split_in_two(void **state)
{
    (void)state;
    struct table split = open_table("split.csv", 1);
    for (int i = 0; i < FIRMS; i++) {
        struct firm whole = firm_number(i),
                    part = {whole.city, whole.revenue / 3, whole.rd / 2, whole.loss / 5};
        struct firm rest = {whole.city, whole.revenue - part.revenue, whole.rd - part.rd,
                            whole.loss - part.loss};
        if (i % 3) {
            add_row(&split, "", i, whole);
            continue;
        }
        add_row(&split, "a", i, part);
        add_row(&split, "b", i, rest);
    }
    score_table(&split, "split");
    same_values("plain", "split");
}

static double score_of(const char *out, const char *node)
{
    char path[256], start[128];
    snprintf(path, sizeof path, "%s/scores.csv", out);
    char *text = get_file(in_folder(path));
    snprintf(start, sizeof start, "2024,city,210100,沈阳市,%s,", node);
    const char *row = strstr(text, start);
    assert_non_null(row);
    double value = strtod(row + strlen(start), NULL);
    free(text);
    return value;
}

static void scores_move_the_declared_way(void **state)
{
    (void)state;
    struct table more = open_table("more.csv", 1);
    for (int i = 0; i < FIRMS; i++) {
        struct firm firm = firm_number(i);
        if (!firm.city) {
            firm.rd += firm.rd / 8;
            firm.loss += firm.loss / 8;
        }
        add_row(&more, "", i, firm);
    }
    score_table(&more, "more");
    assert_true(score_of("more", "rd_share") > score_of("plain", "rd_share"));
    assert_true(score_of("more", "loss_rate") < score_of("plain", "loss_rate"));
}

static void scores_stay_in_their_range(void **state)
{
    (void)state;
    struct table wild = open_table("wild.csv", 1);
    for (int i = 0; i < FIRMS; i++) {
        struct firm firm = firm_number(i);
        firm.rd = firm.city ? 0 : firm.revenue;
        firm.loss = firm.city ? firm.revenue : 0;
        add_row(&wild, "", i, firm);
    }
    score_table(&wild, "wild");
    assert_close(score_of("wild", "rd_share"), 100, 0);
    assert_close(score_of("wild", "loss_rate"), 100, 0);
    assert_close(score_of("wild", "index"), 100, 1e-15);
    struct outcome outcome =
        expect_shell(0, "awk -F, 'NR > 1 && $6 != \"\" && ($6 < 60 || $6 > 100) { exit 1 }' "
                        "$TMP/wild/scores.csv && "
                        "grep -q '210200,大连市,index,60,' $TMP/wild/scores.csv");
    outcome_clear(&outcome);
}

int main(void)
{
    put_small();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_money),
        cmocka_unit_test(order_of_rows),
        cmocka_unit_test(an_enterprise_split_in_two),
        cmocka_unit_test(scores_move_the_declared_way),
        cmocka_unit_test(scores_stay_in_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
