/* Treatments against COINr's (tests/oracle/README.md) and against closed forms. */
#include "index_fixture.h"
#include "peer_tables.h"

#include "index/moments.h"
#include "index/treat_parts.h"

enum { MOST_UNITS = 64 };

/* A choice of a treater, parameters as "max_points=1 log=2", the others their fallback. */
static struct mq_choice treatment(const char *method, const char *params)
{
    struct mq_choice choice = {.method = fixture_method(MQ_TREAT, method)};
    const struct mq_method *row = &mq_treaters[choice.method]->method;
    char name[32];
    double value;

    for (int i = 0; row->params && row->params[i].name; i++)
        choice.param[i] = row->params[i].fallback;
    for (int used = 0; sscanf(params, " %31[a-z_]=%lf%n", name, &value, &used) == 2;
         params += used) {
        int i = 0;
        while (row->params[i].name && strcmp(row->params[i].name, name) != 0)
            i++;
        assert_non_null(row->params[i].name);
        choice.param[i] = value;
        choice.given[i] = true;
    }
    assert_true(!row->fault || row->fault(&choice) == NULL);
    return choice;
}

static void treat(const char *method, const char *params, const double *value, size_t count,
                  double *treated)
{
    struct mq_choice choice = treatment(method, params);
    struct mq_error error = {0};

    assert_int_equal(mq_treaters[choice.method]->treat(value, count, &choice, treated, &error),
                     MQ_OK);
}

/* One column without its missing values. */
struct column {
    size_t count, row[MOST_UNITS];
    double value[MOST_UNITS], treated[MOST_UNITS];
};

static void take_column(const struct mq_table *raw, const char *indicator, struct column *column)
{
    column->count = 0;
    for (size_t i = 0; i < raw->rows; i++) {
        double value = peer_number(raw, i, indicator);
        if (isnan(value))
            continue;
        column->row[column->count] = i;
        column->value[column->count++] = value;
    }
}

struct setting {
    const char *file, *method, *params;
    double skew, kurt;
    bool input_returned; /* COINr's log_GII gives back what it gets */
};
static const struct setting settings[] = {
    {"default", "winsorise_then_log", "", 2, 3.5, false},
    {"skew1_kurt2", "winsorise_then_log", "skew=1 kurt=2", 1, 2, false},
    {"combine", "winsorise_then_log", "max_points=2 combine=1", 2, 3.5, false},
    {"winmax1", "winsorise_then_log", "max_points=1", 2, 3.5, false},
    {"winmax0_log", "winsorise_then_log", "max_points=0", 2, 3.5, false},
    {"log_CT_orig", "winsorise_then_log", "max_points=1 log=1", 2, 3.5, false},
    {"log_CT_plus", "winsorise_then_log", "max_points=1 log=2", 2, 3.5, false},
    {"log_GII", "winsorise_then_log", "max_points=1 log=3", 2, 3.5, true},
};

/* ---- values ---- */

static void compare_column(const struct setting *setting, const struct mq_table *raw,
                           const struct mq_table *data, const char *indicator, bool bent,
                           struct peer_tally *tally)
{
    double documented[MOST_UNITS];
    struct column column;

    take_column(raw, indicator, &column);
    treat(setting->method, setting->params, column.value, column.count, column.treated);
    if (bent)
        treat("log_gii", "", column.value, column.count, documented);
    for (size_t i = 0; i < column.count; i++) {
        const char *unit = peer_cell(raw, column.row[i], "uCode");
        double wanted = peer_number(data, peer_row(data, "uCode", unit), indicator);
        if (bent) {
            assert_same(column.treated[i], documented[i]);
            assert_same(wanted, column.value[i]);
        } else {
            peer_same(tally, column.treated[i], wanted, indicator, unit);
        }
    }
}

static bool is_true(const struct mq_table *table, size_t row, const char *column)
{
    return mq_table_find(table, column) >= 0 && strcmp(peer_cell(table, row, column), "TRUE") == 0;
}

/* ---- details: what was seen before and after each step ---- */

static void compare_shape(const struct mq_table *details, size_t row, char stage,
                          const double *value, size_t count, struct peer_tally *tally)
{
    char skew[40], kurt[40];
    struct mq_shape shape;

    snprintf(skew, sizeof skew, "check_SkewKurt%c.Skew", stage);
    snprintf(kurt, sizeof kurt, "check_SkewKurt%c.Kurt", stage);
    if (mq_table_find(details, skew) < 0 || !peer_cell(details, row, skew)[0])
        return;
    mq_shape_of(value, count, &shape);
    peer_same(tally, shape.skewness, peer_number(details, row, skew), skew,
              peer_cell(details, row, "iCode"));
    peer_same(tally, shape.kurtosis, peer_number(details, row, kurt), kurt,
              peer_cell(details, row, "iCode"));
}

static void compare_details(const struct setting *setting, const struct mq_table *raw,
                            const struct mq_table *details, size_t row, bool bent,
                            struct peer_tally *tally)
{
    struct mq_choice choice = treatment(setting->method, setting->params);
    struct mq_winsorising limits = mq_winsorising_of(&choice);
    struct column column;
    size_t moved = 0;

    take_column(raw, peer_cell(details, row, "iCode"), &column);
    assert_int_equal(mq_has_outliers(&limits, column.value, column.count),
                     !is_true(details, row, "check_SkewKurt0.Pass"));
    compare_shape(details, row, '0', column.value, column.count, tally);
    memcpy(column.treated, column.value, sizeof column.treated);
    bool passes = mq_winsorise(&limits, column.treated, column.count, &moved);
    if (peer_cell(details, row, "winsorise.nwin")[0]) {
        assert_int_equal(moved, atoi(peer_cell(details, row, "winsorise.nwin")));
        assert_int_equal(passes, is_true(details, row, "check_SkewKurt1.Pass"));
    } else {
        assert_int_equal(moved, 0);
    }
    compare_shape(details, row, '1', column.treated, column.count, tally);
    treat(setting->method, setting->params, column.value, column.count, column.treated);
    if (!bent)
        compare_shape(details, row, '2', column.treated, column.count, tally);
}

static void compare_setting(const char *folder, const struct setting *setting,
                            const struct mq_table *raw, size_t *bents, struct peer_tally *tally)
{
    struct mq_table data, details;
    char name[100];

    snprintf(name, sizeof name, "D_treat/%s_data.csv", setting->file);
    peer_read(folder, name, &data);
    snprintf(name, sizeof name, "D_treat/%s_details.csv", setting->file);
    peer_read(folder, name, &details);
    for (size_t i = 0; i < details.rows; i++) {
        const char *indicator = peer_cell(&details, i, "iCode");
        bool bent = setting->input_returned &&
                    strcmp(peer_cell(&details, i, "check_SkewKurt1.Pass"), "FALSE") == 0;
        compare_details(setting, raw, &details, i, bent, tally);
        if (mq_table_find(&data, indicator) < 0)
            continue;
        compare_column(setting, raw, &data, indicator, bent, tally);
        *bents += bent;
    }
    tally->files += 2;
    mq_table_clear(&data);
    mq_table_clear(&details);
}

/* ---- transformations of one column ---- */

static void compare_transforms(const char *folder, struct peer_tally *tally)
{
    static const struct {
        const char *column, *method, *params;
    } transforms[] = {{"log_CT", "log_ct", ""},           {"log_CT_plus", "log_ct_plus", ""},
                      {"log_CT_orig", "log_ct_orig", ""}, {"log_GII_documented", "log_gii", ""},
                      {"boxcox0", "boxcox", "lambda=0"},  {"boxcox05", "boxcox", "lambda=0.5"},
                      {"boxcox2", "boxcox", "lambda=2"}};
    struct mq_table table;
    struct column column;

    peer_read(folder, "D_treat/transforms_Goods.csv", &table);
    take_column(&table, "raw", &column);
    assert_int_equal(column.count, table.rows);
    for (size_t t = 0; t < sizeof transforms / sizeof *transforms; t++) {
        treat(transforms[t].method, transforms[t].params, column.value, column.count,
              column.treated);
        for (size_t i = 0; i < column.count; i++)
            peer_same(tally, column.treated[i], peer_number(&table, i, transforms[t].column),
                      transforms[t].column, peer_cell(&table, i, "uCode"));
    }
    for (size_t i = 0; i < table.rows; i++) /* the defect: nothing was done */
        assert_same(peer_number(&table, i, "log_GII_returned"), column.value[i]);
    tally->files++;
    mq_table_clear(&table);
}

static void compare_folder(const char *folder, const char *where)
{
    struct peer_tally tally = {0};
    struct mq_table raw, shapes;
    size_t bents = 0;

    peer_read(folder, "input/asem_idata.csv", &raw);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        compare_setting(folder, &settings[i], &raw, &bents, &tally);
    compare_transforms(folder, &tally);
    peer_read(folder, "D_treat/skew_kurt_raw.csv", &shapes);
    for (size_t i = 0; i < shapes.rows; i++) {
        struct mq_shape shape;
        struct column column;
        const char *indicator = peer_cell(&shapes, i, "iCode");
        take_column(&raw, indicator, &column);
        mq_shape_of(column.value, column.count, &shape);
        peer_same(&tally, shape.skewness, peer_number(&shapes, i, "skew"), "skew", indicator);
        peer_same(&tally, shape.kurtosis, peer_number(&shapes, i, "kurt"), "kurt", indicator);
    }
    tally.files++;
    peer_say(&tally, where);
    print_message("  %zu columns where COINr's log_GII gives back its input\n", bents);
    assert_true(tally.numbers > 2000 && bents >= 3);
    mq_table_clear(&raw);
    mq_table_clear(&shapes);
}

static void carried_numbers(void **state)
{
    (void)state;
    compare_folder(peer_folders().carried, "carried");
}

static void whole_set(void **state)
{
    struct peer_folders folders = peer_folders();

    (void)state;
    if (!folders.has_whole) {
        print_message("skipped: no folder of reference numbers\n");
        skip();
    }
    compare_folder(folders.whole, "whole set");
}

/* ---- closed forms ---- */

/* skew and kurt of 1, 2, 3, 4, 10 by hand: deviations -3 -2 -1 0 6; sums 50, 180, 1394. */
static void shape_by_hand(void **state)
{
    static const double value[] = {4, NAN, 10, 1, 3, 2};
    double g = 180 / 5.0 / pow(10, 1.5), r = 1394 / 5.0 / 100;
    struct mq_shape shape;

    (void)state;
    mq_shape_of(value, 6, &shape);
    assert_int_equal(shape.count, 5);
    assert_close(shape.mean, 4, 1e-15);
    assert_close(shape.skewness, g * sqrt(20) / 3, 1e-14);
    assert_close(shape.kurtosis, (6 * (r - 3) + 6) * 4 / (3 * 2), 1e-14);
    assert_true(mq_shape_bad(&shape, 1.6, 3) && !mq_shape_bad(&shape, 1.8, 3) &&
                !mq_shape_bad(&shape, 1.6, 4));
}

static void shape_far_from_zero_and_tiny(void **state)
{
    static const double value[] = {1, 2, 3, 4, 10}, shift[] = {1e12, 0, 0},
                        scale[] = {1, 1e-310, 5e306};
    struct mq_shape plain, moved;

    (void)state;
    mq_shape_of(value, 5, &plain);
    for (int k = 0; k < 3; k++) {
        double column[5];
        for (int i = 0; i < 5; i++)
            column[i] = shift[k] + scale[k] * value[i];
        mq_shape_of(column, 5, &moved);
        assert_close(moved.skewness, plain.skewness, 1e-11);
        assert_close(moved.kurtosis, plain.kurtosis, 1e-11);
    }
    mq_shape_of((double[]){1, 2, 5}, 3, &moved);
    assert_true(!isnan(moved.skewness) && isnan(moved.kurtosis));
    mq_shape_of((double[]){3, 3, 3, 3}, 4, &moved);
    assert_true(isnan(moved.skewness) && isnan(moved.kurtosis));
    mq_shape_of((double[]){1e308, 1.7e308, 1e308, 0}, 4, &moved);
    assert_true(isnan(moved.skewness));
    mq_shape_of(NULL, 0, &moved);
    assert_true(moved.count == 0 && isnan(moved.mean));
}

/* Eight equal outliers: COINr moves all of them although five may be moved; here none, so that
 * equal units stay equal and the limit holds. */
static void ties_do_not_pass_the_limit(void **state)
{
    double value[120], treated[120];
    struct mq_shape shape;

    (void)state;
    for (int i = 0; i < 120; i++)
        value[i] = i < 8 ? 1000 + 1.0 / 3 : 20 + i / 7.0;
    mq_shape_of(value, 120, &shape);
    assert_true(mq_shape_bad(&shape, 2, 3.5));
    treat("winsorise", "", value, 120, treated);
    for (int i = 0; i < 120; i++)
        assert_same(treated[i], value[i]);
    treat("winsorise", "max_points=8", value, 120, treated);
    for (int i = 0; i < 120; i++)
        assert_same(treated[i], i < 8 ? 20 + 119 / 7.0 : value[i]);
    treat("winsorise_then_log", "", value, 120, treated); /* not by moving, so by bending */
    assert_close(treated[0], log((1000 + 1.0 / 3 - value[8]) * 1.01), 1e-12);
}

/* A limit that is reached: the points moved so far stay moved. */
static void winsorising_at_both_ends(void **state)
{
    static const double value[] = {-900.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1e6};
    double treated[17];

    (void)state;
    treat("winsorise", "max_points=1", value, 17, treated);
    assert_true(treated[16] == 15 && treated[0] == -900.5);
    treat("winsorise", "max_points=2", value, 17, treated);
    assert_true(treated[16] == 15 && treated[0] == 1);
    for (int i = 1; i < 16; i++)
        assert_same(treated[i], value[i]);
}

static void clips_by_hand(void **state)
{
    static const double value[] = {7.25, 1.5, 100, 3, 2, -40};
    double treated[6];

    (void)state;
    /* ordered -40 1.5 2 3 7.25 100: type 7 at 0.1 is half way from the first to the second, at 0.9
     * from the fifth to the sixth */
    treat("quantile_clip", "low=0.1 high=0.9", value, 6, treated);
    assert_close(treated[5], -19.25, 1e-14);
    assert_close(treated[2], 53.625, 1e-14);
    for (int i = 0; i < 5; i++)
        if (i != 2)
            assert_same(treated[i], value[i]);
    treat("quantile_clip", "low=0 high=1", value, 6, treated);
    for (int i = 0; i < 6; i++)
        assert_same(treated[i], value[i]);
    /* median 2.5; deviations 4.75 1 97.5 0.5 0.5 42.5: median 2.875 */
    treat("mad_clip", "k=2", value, 6, treated);
    assert_close(treated[2], 2.5 + 2 * 1.4826 * 2.875, 1e-14);
    assert_close(treated[5], 2.5 - 2 * 1.4826 * 2.875, 1e-14);
    assert_same(treated[0], 7.25);
    treat("mad_clip", "k=2", (double[]){4, 4, 4, 4, 90}, 5, treated);
    assert_same(treated[4], 90); /* no deviation to measure by */
}

static void logarithms_at_their_edges(void **state)
{
    static const double low[] = {-100, 1, 2, 3, 4, 5}, small[] = {0.2, 0.9, 0.5};
    double treated[6];

    (void)state;
    treat("log_ct_plus", "", low, 6, treated); /* a long lower end: seen from the top */
    assert_close(treated[0], -log(5 + 1.05 + 100), 1e-14);
    assert_close(treated[5], -log(1.05), 1e-14);
    treat("log_gii", "", small, 3, treated); /* nothing above 1: ln would turn the order round */
    for (int i = 0; i < 3; i++)
        assert_same(treated[i], small[i]);
    treat("log_gii", "", (double[]){5, 1, 3}, 3, treated);
    assert_close(treated[0], log(5), 1e-15);
    assert_close(treated[1], 0, 1e-15);
    treat("boxcox", "lambda=-300", (double[]){1, 2, 1e5}, 3, treated);
    assert_close(treated[2], 1 / 300.0, 1e-12);
    treat("boxcox", "lambda=300", (double[]){1, 2, 1e5}, 3, treated); /* beyond doubles */
    assert_true(treated[0] == 1 && treated[2] == 1e5);
}

static void parameters_are_judged(void **state)
{
    static const struct {
        const char *method;
        double param[3];
        const char *message;
    } wrong[] = {{"winsorise", {2.5, 2, 3.5}, "whole number"},
                 {"winsorise", {-1, 2, 3.5}, "whole number"},
                 {"winsorise_then_log", {5, -2, 3.5}, "must not be negative"},
                 {"quantile_clip", {0.9, 0.1, 0}, "`low` the smaller one"},
                 {"quantile_clip", {0.1, 1.1, 0}, "shares from 0 to 1"},
                 {"mad_clip", {0, 0, 0}, "greater than 0"},
                 {"boxcox", {INFINITY, 0, 0}, "must be a number"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct mq_choice choice = {.method = fixture_method(MQ_TREAT, wrong[i].method)};
        memcpy(choice.param, wrong[i].param, sizeof wrong[i].param);
        const char *found = mq_treaters[choice.method]->method.fault(&choice);
        assert_non_null(found);
        assert_contains(found, wrong[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carried_numbers),
        cmocka_unit_test(whole_set),
        cmocka_unit_test(shape_by_hand),
        cmocka_unit_test(shape_far_from_zero_and_tiny),
        cmocka_unit_test(ties_do_not_pass_the_limit),
        cmocka_unit_test(winsorising_at_both_ends),
        cmocka_unit_test(clips_by_hand),
        cmocka_unit_test(logarithms_at_their_edges),
        cmocka_unit_test(parameters_are_judged),
    };

    return cmocka_run_group_tests_name("treatments", tests, NULL, NULL);
}
