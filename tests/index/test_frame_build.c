/* Sums -> values, coverage and reasons; levels that are weighted means. */
#include "index_fixture.h"

enum { MASKS = 2, SLOTS = 3 };

/* Sums made by hand: units[], then values and completeness per unit. */
struct table {
    struct mq_sums sums;
    struct mq_unit unit[8];
    struct mq_value value[8 * SLOTS];
    uint64_t complete[8 * MASKS];
    const char *period[2];
};

static void table_init(struct table *table, struct fixture *fixture)
{
    memset(table, 0, sizeof *table);
    fixture->model.slots = SLOTS;
    fixture->model.masks = MASKS;
    table->period[0] = "2023";
    table->period[1] = "2024";
    table->sums = (struct mq_sums){.model = &fixture->model,
                                   .periods = 2,
                                   .period = table->period,
                                   .unit = table->unit,
                                   .value = table->value,
                                   .complete = table->complete};
}

static void add_unit(struct table *table, uint32_t period, uint32_t level, const char *code,
                     uint64_t enterprises, uint64_t complete, const int64_t values[SLOTS])
{
    size_t i = table->sums.units++;

    table->unit[i] = (struct mq_unit){period, level, code, code, enterprises};
    table->complete[i * MASKS] = enterprises;
    table->complete[i * MASKS + 1] = complete;
    for (int k = 0; k < SLOTS; k++)
        table->value[i * SLOTS + (size_t)k] = (struct mq_value){
            .kind = MQ_VALUE_SCALED, .scaled = values[k], .decimals = k == 2 ? 2 : 0};
}

static struct mq_frame *build(const struct table *table)
{
    struct mq_frame *frame = NULL;
    struct mq_error error = {0};

    if (mq_frame_from_sums(&table->sums, &frame, &error) != MQ_OK)
        fail_msg("%s", error.message);
    return frame;
}

static void test_values_and_reasons(void **state)
{
    struct fixture fixture;
    struct table table;
    struct mq_frame *frame;
    int rate, zero, size;

    (void)state;
    fixture_init(&fixture);
    rate = fixture_leaf(&fixture, "rate", NULL, 1, 1, "100 s0 * s1 /");
    fixture.nodes[rate].formula.numerator = fixture_steps(&fixture, "s0");
    fixture.nodes[rate].formula.denominator = fixture_steps(&fixture, "s1");
    fixture.nodes[rate].min_coverage = 0.75;
    zero = fixture_leaf(&fixture, "zero", NULL, 1, 1, "s0 s1 /");
    fixture.nodes[zero].missing = MQ_ZERO;
    size = fixture_leaf(&fixture, "size", NULL, 1, 1, "s2");
    fixture_finish(&fixture);
    table_init(&table, &fixture);
    add_unit(&table, 0, 0, "a", 8, 6, (int64_t[]){313, 1729, 4507});
    add_unit(&table, 0, 0, "b", 8, 5, (int64_t[]){313, 1729, -4507});
    add_unit(&table, 0, 0, "c", 8, 0, (int64_t[]){0, 0, 0});
    add_unit(&table, 1, 0, "a", 3, 3, (int64_t[]){12, 0, 10});
    add_unit(&table, 1, 0, "d", 3, 0, (int64_t[]){5, 40, 0});
    frame = build(&table);
    assert_int_equal(frame->units, 5);
    assert_same(frame->value[0 * 3 + rate], 31300.0 / 1729.0);
    assert_same(frame->numerator[0 * 3 + rate], 313);
    assert_same(frame->denominator[0 * 3 + rate], 1729);
    assert_same(frame->coverage[0 * 3 + rate], 0.75);
    assert_int_equal(frame->reason[0 * 3 + rate], MQ_FINE);
    assert_same(frame->value[0 * 3 + size], 45.07);
    assert_same(frame->numerator[0 * 3 + size], NAN);
    /* 5 of 8 is below 3/4, but the sums stay visible */
    assert_int_equal(frame->reason[1 * 3 + rate], MQ_BELOW_COVERAGE);
    assert_same(frame->value[1 * 3 + rate], NAN);
    assert_same(frame->numerator[1 * 3 + rate], 313);
    assert_same(frame->value[1 * 3 + size], -45.07);
    /* nobody reported */
    for (int k = 0; k < 3; k++) {
        assert_int_equal(frame->reason[2 * 3 + k], MQ_NOT_REPORTED);
        assert_same(frame->value[2 * 3 + k], NAN);
        assert_same(frame->coverage[2 * 3 + k], 0);
    }
    assert_same(frame->denominator[2 * 3 + rate], NAN);
    /* division by a zero sum is undefined, and the zero can be seen */
    assert_int_equal(frame->reason[3 * 3 + rate], MQ_UNDEFINED);
    assert_same(frame->value[3 * 3 + rate], NAN);
    assert_same(frame->denominator[3 * 3 + rate], 0);
    /* no row is complete: `zero` counts what there is, `complete` does not */
    assert_same(frame->value[4 * 3 + zero], 0.125);
    assert_int_equal(frame->reason[4 * 3 + rate], MQ_NOT_REPORTED);
    assert_string_equal(frame->unit[4].code, "d");
    assert_string_equal(frame->period[frame->unit[4].period], "2024");
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

/* Splitting an enterprise in two changes the count, not the ratio. */
static void test_splitting_an_enterprise(void **state)
{
    struct fixture fixture;
    struct table table;
    struct mq_frame *frame;

    (void)state;
    fixture_init(&fixture);
    fixture_leaf(&fixture, "rate", NULL, 1, 1, "100 s0 s2 + * s1 /");
    fixture_finish(&fixture);
    table_init(&table, &fixture);
    add_unit(&table, 0, 0, "one", 7, 7, (int64_t[]){91, 613, 1337});
    add_unit(&table, 0, 0, "two", 8, 8, (int64_t[]){91, 613, 1337});
    frame = build(&table);
    assert_same(frame->value[0], frame->value[1]);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_bad_constant(void **state)
{
    struct fixture fixture;
    struct table table;
    struct mq_frame *frame = NULL;
    struct mq_error error;

    (void)state;
    fixture_init(&fixture);
    fixture_leaf(&fixture, "rate", NULL, 1, 1, "s0 x1 *");
    fixture_finish(&fixture);
    table_init(&table, &fixture);
    assert_int_equal(mq_frame_from_sums(&table.sums, &frame, &error), MQ_BAD_MODEL);
    assert_null(frame);
    fixture_clear(&fixture);
}

/* ---- rollup ---- */

static const char *const codes_csv = "code,name,parent,level\n"
                                     "21,辽宁,,province\n"
                                     "22,吉林,,province\n"
                                     "2101,沈阳,21,city\n"
                                     "2102,大连,21,city\n"
                                     "2201,长春,22,city\n"
                                     "2301,哈尔滨,,city\n";

/* city (region.city x size), province (region.province) from city, nation from province. */
struct rolled {
    struct fixture fixture;
    struct table table;
    struct mq_codes codes;
    struct mq_input inputs[2];
    int node;
};

static void rolled_init(struct rolled *rolled, const char *city_weights,
                        const char *province_weights)
{
    struct fixture *fixture = &rolled->fixture;
    struct mq_error error;

    fixture_init(fixture);
    fixture->model.levels = 0;
    fixture_level(fixture, "city");
    fixture_level(fixture, "province");
    fixture_level(fixture, "nation");
    assert_int_equal(
        mq_codes_read(fixture_file(fixture, "codes.csv", codes_csv), &rolled->codes, &error),
        MQ_OK);
    rolled->inputs[0] = (struct mq_input){.id = "region", .type = MQ_CODE, .list = 0};
    rolled->inputs[1] = (struct mq_input){.id = "size", .type = MQ_CODE, .list = -1};
    fixture->model.input = rolled->inputs;
    fixture->model.inputs = 2;
    fixture->model.list = &rolled->codes;
    fixture->model.lists = 1;
    fixture->levels[0].axes = 2;
    fixture->levels[0].axis[0] = (struct mq_level_axis){1, ""};
    fixture->levels[0].axis[1] = (struct mq_level_axis){0, "city"};
    fixture->levels[1].axes = 1;
    fixture->levels[1].axis[0] = (struct mq_level_axis){0, "province"};
    /* the nation comes first in no order but that of need */
    fixture->levels[2].rollup.of = 1;
    fixture->levels[2].rollup.path = fixture_file(fixture, "provinces.csv", province_weights);
    fixture->levels[1].rollup.of = 0;
    fixture->levels[1].rollup.path = fixture_file(fixture, "cities.csv", city_weights);
    rolled->node = fixture_leaf(fixture, "rate", NULL, 1, 1, "100 s0 * s1 /");
    fixture_finish(fixture);
    table_init(&rolled->table, fixture);
    add_unit(&rolled->table, 0, 0, "1|2101", 5, 5, (int64_t[]){31, 100, 0});
    add_unit(&rolled->table, 0, 0, "1|2102", 4, 4, (int64_t[]){47, 100, 0});
    add_unit(&rolled->table, 0, 0, "1|2201", 6, 6, (int64_t[]){71, 100, 0});
    add_unit(&rolled->table, 0, 0, "2|2101", 2, 0, (int64_t[]){0, 0, 0});
    add_unit(&rolled->table, 0, 1, "21", 11, 9, (int64_t[]){1, 3, 0});
    add_unit(&rolled->table, 0, 1, "22", 6, 6, (int64_t[]){1, 3, 0});
    add_unit(&rolled->table, 0, 2, "", 17, 15, (int64_t[]){1, 3, 0});
}

static void rolled_clear(struct rolled *rolled)
{
    mq_codes_clear(&rolled->codes);
    fixture_clear(&rolled->fixture);
}

static void test_rollup(void **state)
{
    struct rolled rolled;
    struct mq_frame *frame;

    (void)state;
    rolled_init(&rolled, "unit,weight\n2|2101,99\n1|2102,0.3\n1|2101,1.7\n1|2201,4\n",
                "unit,weight,period\n21,3,2023\n22,1,2023\n21,5,2019\n");
    rolled.fixture.levels[1].rollup.empty = rolled.fixture.levels[2].rollup.empty =
        MQ_EMPTY_RENORMALISE;
    frame = build(&rolled.table);
    /* 2|2101 did not report: its weight is left out */
    assert_close(frame->value[4], (1.7 * 31 + 0.3 * 47) / 2.0, 1e-15);
    assert_same(frame->value[5], 71);
    assert_close(frame->value[6], (3 * 33.4 + 71) / 4, 1e-15);
    assert_int_equal(frame->reason[4], MQ_RENORMALISED);
    assert_same(frame->numerator[4], NAN);
    assert_same(frame->coverage[4], 9.0 / 11.0);
    mq_frame_free(frame);
    /* nobody below has a value */
    rolled.table.complete[2 * MASKS + 1] = 0;
    frame = build(&rolled.table);
    assert_int_equal(frame->reason[5], MQ_NOT_REPORTED);
    assert_same(frame->value[5], NAN);
    assert_same(frame->value[6], frame->value[4]);
    mq_frame_free(frame);
    rolled_clear(&rolled);
}

/* A coarse level of two axes, a city outside every province, a path from the model's folder. */
static void test_rollup_of_products(void **state)
{
    struct rolled rolled;
    struct mq_frame *frame;

    (void)state;
    rolled_init(&rolled, "unit,weight\n1|2101,1e300\n1|2102,1e300\n1|2201,4\n1|2301,1\n2|2101,7\n",
                "unit,weight\n");
    rolled.fixture.levels[2].rollup.of = -1;
    rolled.fixture.levels[1].rollup.path = "cities.csv";
    rolled.fixture.model.directory = rolled.fixture.folder;
    rolled.fixture.levels[1].axes = 2;
    rolled.fixture.levels[1].axis[1] = (struct mq_level_axis){1, ""};
    rolled.table.unit[4].code = "21|1";
    rolled.table.unit[5].code = "22|1";
    /* 2301 is in no province of the tree: it takes part in nothing */
    rolled.table.unit[3].code = "1|2301";
    rolled.table.complete[3 * MASKS + 1] = 1;
    rolled.table.value[3 * SLOTS + 1].scaled = 3;
    /* 2|2101 has to be there for its weight */
    rolled.table.unit[6] = rolled.table.unit[5];
    rolled.table.unit[5] = rolled.table.unit[4];
    rolled.table.unit[4] = (struct mq_unit){0, 0, "2|2101", "2|2101", 3};
    frame = build(&rolled.table);
    assert_same(frame->value[6], 71);
    assert_close(frame->value[5] / 39, 1, 1e-15);
    mq_frame_free(frame);
    /* weight * value beyond the range of doubles */
    rolled.table.value[0 * SLOTS].scaled = INT64_C(4000000000000000000);
    frame = build(&rolled.table);
    assert_int_equal(frame->reason[5], MQ_UNDEFINED);
    assert_same(frame->value[5], NAN);
    mq_frame_free(frame);
    rolled_clear(&rolled);
}

static void refuse(const char *cities, enum mq_status status, long line, const char *part)
{
    struct rolled rolled;
    struct mq_frame *frame = NULL;
    struct mq_error error = {0};

    rolled_init(&rolled, cities, "unit,weight\n21,3\n22,1\n");
    assert_int_equal(mq_frame_from_sums(&rolled.table.sums, &frame, &error), status);
    assert_null(frame);
    assert_contains(error.message, part);
    assert_contains(error.file, "cities.csv");
    assert_int_equal(error.line, line);
    rolled_clear(&rolled);
}

static void test_bad_weights(void **state)
{
    (void)state;
    refuse("unit,weight\n1|2101,1\n1|2102,2\n2|2101,3\n", MQ_BAD_MODEL, 0, "unit 1|2201");
    refuse("unit,weight\n1|2101,1\n1|2102,2\n2|2101,3\n1|2201,4\n1|2199,5\n", MQ_BAD_MODEL, 6,
           "unit 1|2199 has a weight but is not among the data at level city");
    refuse("unit,weight\n1|2101,-1\n", MQ_BAD_MODEL, 2, "weight of unit 1|2101 is \"-1\"");
    refuse("unit,weight\n1|2101,1\n1|2102,x\n", MQ_BAD_MODEL, 3, "\"x\"");
    refuse("unit,weight\n1|2101,1\n1|2102,2\n1|2101,1\n", MQ_BAD_MODEL, 4,
           "the first is on line 2");
    refuse("unit,share\n1|2101,1\n", MQ_DATA, 1, "weight");
}

static void test_bad_rollup(void **state)
{
    struct rolled rolled;
    struct mq_frame *frame = NULL;
    struct mq_error error = {0};

    (void)state;
    rolled_init(&rolled, "unit,weight\n", "unit,weight\n");
    rolled.fixture.levels[0].rollup.of = 2;
    assert_int_equal(mq_frame_from_sums(&rolled.table.sums, &frame, &error), MQ_BAD_MODEL);
    assert_contains(error.message, "circle");
    rolled.fixture.levels[0].rollup.of = -1;
    rolled.fixture.levels[1].axis[0].input = 1; /* size by province */
    rolled.fixture.levels[0].axes = 1;
    rolled.fixture.levels[0].axis[0].input = 0;
    assert_int_equal(mq_frame_from_sums(&rolled.table.sums, &frame, &error), MQ_BAD_MODEL);
    assert_contains(error.message, "level province cannot be rolled up from city");
    assert_int_equal(error.line, 4);
    rolled_clear(&rolled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_and_reasons), cmocka_unit_test(test_splitting_an_enterprise),
        cmocka_unit_test(test_bad_constant),       cmocka_unit_test(test_rollup),
        cmocka_unit_test(test_bad_weights),        cmocka_unit_test(test_bad_rollup),
        cmocka_unit_test(test_rollup_of_products),
    };

    return cmocka_run_group_tests_name("frame_build", tests, NULL, NULL);
}
