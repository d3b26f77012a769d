/* Laws that every catalogued edit keeps: order, scale, shift, missing rows, a documented row. */
#include "edit_fixture.h"

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static double random_share(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) * 0x1p-53;
}

struct world {
    double value[GROUP_ROWS], against[GROUP_ROWS];
    size_t count;
};

/* Skewed sizes, ties, a few wild ones, zeros, negatives and holes. */
static void fill(struct world *world, size_t count, bool holes)
{
    world->count = count;
    for (size_t i = 0; i < count; i++) {
        double luck = random_share();
        world->against[i] = floor(exp(3 + 5 * random_share()));
        world->value[i] = floor(world->against[i] * (0.8 + 0.5 * random_share())) + 1;
        if (luck < 0.1)
            world->value[i] *= luck < 0.05 ? 1000 : 40;
        else if (luck < 0.15)
            world->value[i] /= 1024;
        else if (luck < 0.25 && i > 0) {
            world->value[i] = world->value[i - 1];
            world->against[i] = world->against[i - 1];
        }
        if (!holes)
            continue;
        luck = random_share();
        if (luck < 0.08)
            world->value[i] = NAN;
        else if (luck < 0.16)
            world->against[i] = NAN;
        else if (luck < 0.2)
            world->value[i] = luck < 0.18 ? 0 : -world->value[i];
        else if (luck < 0.24)
            world->against[i] = luck < 0.22 ? 0 : -world->against[i];
    }
}

/* Parameters under which every kind of status occurs. */
static const struct {
    const char *name, *params;
} cases[] = {{"hb", "exclude=2 impute=4"},
             {"hb", "exclude=3 exponent=0.5 negative=1"},
             {"hb", "impute=3 side=1 zero=0"},
             {"sigma_gap", "exclude=0.5 impute=2 negative=1"},
             {"sigma_gap", "impute=1 sigma=1 start=90 side=2"},
             {"mad", ""},
             {"mad", "log=1 k=2.5"},
             {"fences", ""},
             {"fences", "log=1 exclude=0 side=2"},
             {"ratio", "low=0.5 high=1.5"},
             {"unit", ""},
             {"unit", "least=3 tolerance=1"}};
enum { CASES = sizeof cases / sizeof cases[0] };

/* body(judged, world, with) for every case, size and use of `against` that the method allows. */
static void for_all(bool holes, void (*body)(struct judged *, const struct world *, const double *))
{
    static const size_t sizes[] = {1, 2, 3, 7, 48, 49, 300};
    struct judged judged;
    struct world world;

    for (size_t c = 0; c < CASES; c++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            for (int pass = 0; pass < 8; pass++) {
                bool with = pass & 1;
                choose(&judged, cases[c].name, cases[c].params);
                fill(&world, sizes[s], holes);
                if (!with && judged.method->method.compares)
                    continue;
                judge(&judged, world.value, with ? world.against : NULL, world.count);
                body(&judged, &world, with ? world.against : NULL);
            }
}

static void check_order(struct judged *judged, const struct world *world, const double *against)
{
    struct judged other = *judged;
    struct world mixed = *world;
    size_t place[GROUP_ROWS];

    for (size_t i = 0; i < world->count; i++)
        place[i] = i;
    for (size_t i = world->count; i > 1; i--) {
        size_t k = (size_t)(random_share() * (double)i), swap = place[i - 1];
        place[i - 1] = place[k];
        place[k] = swap;
    }
    for (size_t i = 0; i < world->count; i++) {
        mixed.value[i] = world->value[place[i]];
        mixed.against[i] = world->against[place[i]];
    }
    judge(&other, mixed.value, against ? mixed.against : NULL, world->count);
    assert_memory_equal(&other.bounds, &judged->bounds, sizeof other.bounds);
    for (size_t i = 0; i < world->count; i++) {
        assert_int_equal(other.status[i], judged->status[place[i]]);
        assert_memory_equal(&other.measure[i], &judged->measure[place[i]], sizeof(double));
    }
}

static void test_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    for_all(true, check_order);
}

static void check_scale(struct judged *judged, const struct world *world, const double *against)
{
    struct judged other = *judged;
    struct world scaled = *world;

    if (judged->method == mq_edit_methods[0] && judged->param[0] != 0)
        return; /* effects of hb grow with size to the power of the exponent: not exact */
    for (size_t i = 0; i < world->count; i++) {
        scaled.value[i] *= 0x1p20;
        scaled.against[i] *= 0x1p20;
    }
    judge(&other, scaled.value, against ? scaled.against : NULL, world->count);
    for (size_t i = 0; i < world->count; i++)
        assert_int_equal(other.status[i], judged->status[i]);
}

static void test_scale_does_not_matter(void **state)
{
    (void)state;
    for_all(true, check_scale);
}

static void check_shift(struct judged *judged, const struct world *world, const double *against)
{
    struct judged other = *judged;
    struct world shifted = *world;
    bool logs = false;

    for (size_t k = 0; judged->method->method.params[k].name; k++)
        logs = logs ||
               (strcmp(judged->method->method.params[k].name, "log") == 0 && judged->param[k] != 0);
    if (!judged->method->shift || against || logs)
        return;
    for (size_t i = 0; i < world->count; i++)
        shifted.value[i] = floor(world->value[i]) + 1024; /* stays exact */
    for (size_t i = 0; i < world->count; i++)
        other.measure[i] = floor(world->value[i]);
    judge(judged, other.measure, NULL, world->count);
    judge(&other, shifted.value, NULL, world->count);
    for (size_t i = 0; i < world->count; i++)
        assert_int_equal(other.status[i], judged->status[i]);
}

static void test_shift_does_not_matter_where_promised(void **state)
{
    (void)state;
    for_all(false, check_shift);
}

/* What is missing neither fails nor counts: without these rows the others get the same. */
static void check_missing(struct judged *judged, const struct world *world, const double *against)
{
    struct judged other = *judged;
    struct world rest = {.count = 0};
    size_t used = 0, place = 0;

    for (size_t i = 0; i < world->count; i++) {
        bool missing = isnan(world->value[i]) || (against && isnan(against[i]));
        if (missing) {
            assert_false(mq_edit_fails(judged->status[i]) || mq_edit_judged(judged->status[i]));
            if (isnan(world->value[i]) || world->value[i] > 0)
                assert_int_equal(judged->status[i],
                                 isnan(world->value[i]) ? MQ_EDIT_MISSING : MQ_EDIT_NO_MATCH);
            assert_true(isnan(judged->measure[i]));
            continue;
        }
        rest.value[rest.count] = world->value[i];
        rest.against[rest.count++] = world->against[i];
    }
    judge(&other, rest.value, against ? rest.against : NULL, rest.count);
    for (size_t i = 0; i < world->count; i++)
        if (!isnan(world->value[i]) && !(against && isnan(against[i])))
            assert_int_equal(other.status[place++], judged->status[i]);
    for (size_t i = 0; i < world->count; i++) {
        enum mq_edit_status status = judged->status[i];
        assert_true(mq_edit_judged(status) == !isnan(judged->measure[i]));
        used += mq_edit_judged(status) || status == MQ_EDIT_TOO_FEW || status == MQ_EDIT_NO_SPREAD;
    }
    assert_int_equal(used, judged->bounds.used);
}

static void test_missing_never_fails(void **state)
{
    (void)state;
    for_all(true, check_missing);
}

/* The worlds above do provoke every method with these parameters: else the laws say nothing. */
static void test_worlds_do_provoke(void **state)
{
    struct judged judged;
    struct world world;

    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        size_t fails = 0;
        choose(&judged, cases[c].name, cases[c].params);
        fill(&world, 300, true);
        judge(&judged, world.value, world.against, 300);
        for (size_t i = 0; i < 300; i++)
            fails += mq_edit_fails(judged.status[i]);
        assert_in_range(fails, 1, 150);
    }
}

/* All values equal: nobody fails, nothing is divided by zero. */
static void test_constant_groups(void **state)
{
    struct judged judged;
    double value[100], against[100];

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        value[i] = 0.1;
        against[i] = 0.3;
    }
    for (size_t c = 0; c < CASES; c++) {
        choose(&judged, cases[c].name, cases[c].params);
        if (strcmp(cases[c].name, "ratio") == 0)
            set_params(&judged, "low=0.25");
        for (size_t count = 0; count <= 100; count++) {
            judge(&judged, value, against, count);
            for (size_t i = 0; i < count; i++)
                assert_false(mq_edit_fails(judged.status[i]));
        }
    }
}

static void test_rows_are_documented(void **state)
{
    (void)state;
    for (size_t i = 0; i < MQ_EDIT_METHODS; i++) {
        const struct mq_method *method = &mq_edit_methods[i]->method;
        size_t params = 0;
        assert_ptr_equal(method, mq_edit_rows[i]);
        assert_true(strlen(method->summary) > 20 && strlen(method->formula) > 10);
        assert_true(strlen(method->reference) > 20 && strlen(method->title) > 5);
        assert_non_null(mq_edit_methods[i]->method.fault);
        while (method->params[params].name) {
            assert_true(strlen(method->params[params].meaning) > 5);
            assert_true(method->params[params].kind != MQ_PARAM_CHOICE ||
                        method->params[params].choices[(int)method->params[params].fallback]);
            params++;
        }
        assert_true(params <= MQ_MAX_PARAMS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_of_rows_does_not_matter),
        cmocka_unit_test(test_scale_does_not_matter),
        cmocka_unit_test(test_shift_does_not_matter_where_promised),
        cmocka_unit_test(test_missing_never_fails),
        cmocka_unit_test(test_worlds_do_provoke),
        cmocka_unit_test(test_constant_groups),
        cmocka_unit_test(test_rows_are_documented),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
