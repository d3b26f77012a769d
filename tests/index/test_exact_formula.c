/* Formulas over sums: one rounding, whatever the numbers. */
#include "index_fixture.h"

static struct mq_value scaled(int64_t value, int decimals)
{
    return (struct mq_value){.kind = MQ_VALUE_SCALED, .scaled = value, .decimals = decimals};
}

static struct mq_value real(double value)
{
    return (struct mq_value){.kind = MQ_VALUE_REAL, .real = value};
}

static enum mq_reason evaluate(const char *formula, const struct mq_value *slots, double *value)
{
    struct fixture fixture;
    struct mq_steps steps;
    struct mq_evaluator *evaluator = NULL;
    struct mq_error error;
    enum mq_reason reason;

    fixture_init(&fixture);
    steps = fixture_steps(&fixture, formula);
    assert_int_equal(mq_evaluator_new(&steps, &evaluator, &error), MQ_OK);
    reason = mq_evaluate(evaluator, slots, value);
    mq_evaluator_free(evaluator);
    fixture_clear(&fixture);
    return reason;
}

static double value_of(const char *formula, const struct mq_value *slots)
{
    double value;

    assert_int_equal(evaluate(formula, slots, &value), MQ_FINE);
    return value;
}

static void test_known_values(void **state)
{
    struct mq_value s[] = {scaled(12661, 0), scaled(763, 0), scaled(-250, 2), real(0.1), real(0.3)};

    (void)state;
    /* Liaoning 2019: 93 products, 12,661 batches, 763 failed. */
    assert_same(value_of("100 s0 s1 - * s0 /", s), 1189800.0 / 12661.0);
    assert_same(value_of("s2", s), -2.5);
    assert_same(value_of("s2 ~ 4 *", s), 10);
    /* 0.1 and 0.3 are the doubles as they are: their exact quotient, not 1/3. */
    assert_same(value_of("s3 s4 /", s), 0.1 / 0.3);
    assert_same(value_of("s3 s3 + s3 + s4 -", s), 2.7755575615628914e-17);
    assert_same(value_of("1e-3 s0 *", s), 12.661);
    assert_same(value_of("0.07 1.5 *", s), 0.105);
    assert_same(value_of("-2.5e2 +4 *", s), -1000);
    assert_same(value_of("-0.1 s3 +", s), 5.5511151231257827e-18); /* 1/10 is not the double 0.1 */
    assert_same(value_of("s1 s1 - s0 /", s), 0);
    assert_false(signbit(value_of("s1 s1 - s2 /", s)));
}

static void test_missing_and_undefined(void **state)
{
    struct mq_value s[] = {
        scaled(5, 0), scaled(0, 3), {.kind = MQ_VALUE_NONE}, real(INFINITY), real(1e300)};
    double value;

    (void)state;
    assert_int_equal(evaluate("s0 s1 /", s, &value), MQ_UNDEFINED);
    assert_true(isnan(value));
    assert_int_equal(evaluate("s1 s1 /", s, &value), MQ_UNDEFINED);
    assert_int_equal(evaluate("s0 s2 +", s, &value), MQ_NOT_REPORTED);
    assert_true(isnan(value));
    assert_int_equal(evaluate("s3 s0 *", s, &value), MQ_UNDEFINED);
    assert_int_equal(evaluate("s4 s4 *", s, &value), MQ_UNDEFINED); /* 1e600 is no double */
    assert_int_equal(evaluate("s4 s4 * s4 / s1 /", s, &value), MQ_UNDEFINED);
    assert_same(value_of("s4 s4 * s4 /", s), 1e300); /* but the way may lead beyond the range */
}

static void test_bad_formulas(void **state)
{
    static const char *const malformed[] = {"s0 +", "s0 s1", "+", "s0 ~ *"};
    struct fixture fixture;
    struct mq_evaluator *evaluator = NULL;
    struct mq_error error;
    struct mq_steps steps;

    (void)state;
    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        steps = fixture_steps(&fixture, malformed[i]);
        assert_int_equal(mq_evaluator_new(&steps, &evaluator, &error), MQ_INTERNAL);
        assert_null(evaluator);
    }
    steps = fixture_steps(&fixture, "12,5 s0 *");
    assert_int_equal(mq_evaluator_new(&steps, &evaluator, &error), MQ_BAD_MODEL);
    assert_contains(error.message, "\"12,5\"");
    steps = fixture_steps(&fixture, "12e");
    assert_int_equal(mq_evaluator_new(&steps, &evaluator, &error), MQ_BAD_MODEL);
    steps = fixture_steps(&fixture, "1e999");
    assert_int_equal(mq_evaluator_new(&steps, &evaluator, &error), MQ_BAD_MODEL);
    fixture_clear(&fixture);
}

/* |x - found| <= |x - neighbour| on both sides, ties to the even one. */
static void assert_nearest(mpq_srcptr x, double found)
{
    mpq_t distance, other;

    mpq_inits(distance, other, NULL);
    mpq_set_d(distance, found);
    mpq_sub(distance, distance, x);
    mpq_abs(distance, distance);
    for (int side = -1; side <= 1; side += 2) {
        double neighbour = nextafter(found, side * INFINITY);
        uint64_t bits;
        int order;
        if (isinf(neighbour))
            continue;
        mpq_set_d(other, neighbour);
        mpq_sub(other, other, x);
        mpq_abs(other, other);
        order = mpq_cmp(distance, other);
        memcpy(&bits, &found, sizeof bits);
        if (order > 0 || (order == 0 && bits % 2 != 0))
            fail_msg("%.17g is not the nearest double", found);
    }
    mpq_clears(distance, other, NULL);
}

/* (c * (a + b)) / d in GMP, without the engine. */
static void reference(mpq_t x, const struct mq_value *s)
{
    mpq_t part[3];

    for (int i = 0; i < 3; i++) {
        mpz_t ten;
        mpq_init(part[i]);
        mpz_init(ten);
        mpz_ui_pow_ui(ten, 10, (unsigned long)s[i].decimals);
        if (s[i].kind == MQ_VALUE_REAL) {
            mpq_set_d(part[i], s[i].real);
        } else {
            mpq_set_si(part[i], (long)s[i].scaled, 1);
            mpq_set_den(part[i], ten);
            mpq_canonicalize(part[i]);
        }
        mpz_clear(ten);
    }
    mpq_set_ui(x, 1257, 10); /* 125.7 */
    mpq_canonicalize(x);
    mpq_add(part[0], part[0], part[1]);
    mpq_mul(x, x, part[0]);
    mpq_div(x, x, part[2]);
    for (int i = 0; i < 3; i++)
        mpq_clear(part[i]);
}

/* Small numbers take the quick way, large and real ones the long way: both must give the nearest
 * double. */
static void test_always_nearest(void **state)
{
    static const double sizes[] = {1e2, 1e6, 1e12, 1e15, 9e18};
    uint64_t seed = 20240917;
    mpq_t x;

    (void)state;
    mpq_init(x);
    for (int round = 0; round < 20000; round++) {
        struct mq_value s[3];
        for (int i = 0; i < 3; i++) {
            double size = sizes[(int)fixture_uniform(&seed, 0, 5)];
            int decimals = (int)fixture_uniform(&seed, 0, 19);
            s[i] = fixture_uniform(&seed, 0, 1) < 0.3
                       ? real(fixture_uniform(&seed, -size, size))
                       : scaled((int64_t)fixture_uniform(&seed, -size, size), decimals);
        }
        if (s[2].kind == MQ_VALUE_SCALED && s[2].scaled == 0)
            s[2].scaled = 7;
        reference(x, s);
        assert_nearest(x, value_of("125.7 s0 s1 + * s2 /", s));
    }
    mpq_clear(x);
}

static void test_nearest_at_the_ends(void **state)
{
    static const struct {
        const char *numerator;
        long shift; /* of the denominator 2^shift */
        double wanted;
    } cases[] = {
        {"1", 1074, 0x1p-1074},
        {"1", 1075, 0},
        {"3", 1076, 0x1p-1074},
        {"-3", 1076, -0x1p-1074},
        {"1", 1076, 0},
        {"3", 1075, 0x1p-1073},
        {"5", 1075, 0x1p-1073},
        {"9007199254740993", 1080, 0x1.0000000000000p-1027},
        {"9007199254740993", 0, 9007199254740992.0},
        {"9007199254740995", 0, 9007199254740996.0},
    };
    mpq_t x;

    (void)state;
    mpq_init(x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mpz_set_str(mpq_numref(x), cases[i].numerator, 10);
        mpz_set_ui(mpq_denref(x), 1);
        mpz_mul_2exp(mpq_denref(x), mpq_denref(x), (unsigned long)cases[i].shift);
        mpq_canonicalize(x);
        assert_same(mq_nearest(x), cases[i].wanted);
    }
    mpz_set_ui(mpq_numref(x), 1);
    mpz_set_ui(mpq_denref(x), 1);
    mpz_mul_2exp(mpq_numref(x), mpq_numref(x), 1024);
    assert_true(isinf(mq_nearest(x)));
    for (long shift = 1015; shift < 1100; shift++) { /* through the subnormals */
        mpz_set_str(mpq_numref(x), "6755399441055745", 10);
        mpz_set_ui(mpq_denref(x), 1);
        mpz_mul_2exp(mpq_denref(x), mpq_denref(x), (unsigned long)shift);
        mpq_canonicalize(x);
        assert_nearest(x, mq_nearest(x));
    }
    mpq_clear(x);
}

/* Amounts beyond 64 bits: 31 provinces of 2^62 each. */
static void test_wide_sums(void **state)
{
    struct mq_value s[2] = {scaled(0, 4), scaled(3, 0)};

    (void)state;
    s[0].scaled = (mq_int128)31 * (INT64_C(1) << 62) + 1;
    assert_same(value_of("s0", s), 31.0 * 0x1p62 / 1e4);
    s[0].scaled = -s[0].scaled;
    assert_same(value_of("s0 s1 /", s), -4765408885708301.0);
}

/* Amounts in thousands or ten thousands of yuan: ratios agree to the last bit. */
static void test_units_do_not_matter(void **state)
{
    uint64_t seed = 77;

    (void)state;
    for (int round = 0; round < 5000; round++) {
        int64_t a = (int64_t)fixture_uniform(&seed, 1e3, 1e13);
        int64_t b = (int64_t)fixture_uniform(&seed, 1e3, 1e13);
        struct mq_value thousands[] = {scaled(a, 0), scaled(b, 0)};
        struct mq_value ten_thousands[] = {scaled(a, 1), scaled(b, 1)};
        struct mq_value mixed[] = {scaled(a * 10, 1), scaled(b * 100, 2)};
        double wanted = value_of("100 s0 * s1 /", thousands);
        assert_same(value_of("100 s0 * s1 /", ten_thousands), wanted);
        assert_same(value_of("100 s0 * s1 /", mixed), wanted);
        assert_same(value_of("s0 s1 / 100 *", thousands), wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),        cmocka_unit_test(test_missing_and_undefined),
        cmocka_unit_test(test_bad_formulas),        cmocka_unit_test(test_always_nearest),
        cmocka_unit_test(test_nearest_at_the_ends), cmocka_unit_test(test_wide_sums),
        cmocka_unit_test(test_units_do_not_matter),
    };

    return cmocka_run_group_tests_name("exact_formula", tests, NULL, NULL);
}
