/* Prorating against sums worked out by hand, its refusals, and laws on random parts. */
#include "support.h"
#include "validate/prorate.h"

static void assert_result(const struct mq_prorate *prorate, enum mq_prorate_outcome wanted,
                          const double *values)
{
    double result[16];
    size_t culprit = 99;
    enum mq_prorate_outcome outcome = mq_prorate(prorate, result, &culprit);

    assert_string_equal(mq_prorate_code(outcome), mq_prorate_code(wanted));
    for (size_t i = 0; i < prorate->count; i++)
        assert_close(result[i], (values ? values : prorate->part)[i], 0);
    assert_int_equal(culprit != 99, outcome == MQ_PRORATE_BOUNDS || outcome == MQ_PRORATE_WEIGHT);
}

static struct mq_prorate basic(const double *part, size_t count, double total)
{
    return (struct mq_prorate){
        .count = count, .part = part, .total = total, .low = 0, .high = INFINITY};
}

/* 20, 30, 50 to 120: a fifth more each. */
static void test_basic(void **state)
{
    static const double part[] = {20, 30, 50}, wanted[] = {24, 36, 60};
    struct mq_prorate prorate = basic(part, 3, 120);

    (void)state;
    assert_result(&prorate, MQ_PRORATE_DONE, wanted);
}

/* k = 20 / (20/1 + 30/3 + 50/5) = 1/2: 20 (1 + 1/2), 30 (1 + 1/6), 50 (1 + 1/10). */
static void test_weights(void **state)
{
    static const double part[] = {20, 30, 50}, weight[] = {1, 3, 5}, wanted[] = {30, 35, 55};
    struct mq_prorate prorate = basic(part, 3, 120);

    (void)state;
    prorate.weight = weight;
    assert_result(&prorate, MQ_PRORATE_DONE, wanted);
}

/* Thirds: 33.33.. each; remainders go 33, 34, 33; with a decimal 33.3, 33.4, 33.3. */
static void test_remainders_are_carried(void **state)
{
    static const double part[] = {1, 1, 1}, wanted[] = {33, 34, 33}, fine[] = {33.3, 33.4, 33.3};
    static const double many[] = {1, 1, 1, 1, 1, 1, 1}, ones[] = {0, 1, 0, 1, 0, 1, 0};
    struct mq_prorate prorate = basic(part, 3, 100);

    (void)state;
    assert_result(&prorate, MQ_PRORATE_DONE, wanted);
    prorate.decimals = 1;
    assert_result(&prorate, MQ_PRORATE_DONE, fine);
    prorate = basic(many, 7, 3);
    assert_result(&prorate, MQ_PRORATE_DONE, ones);
}

static void test_zero_missing_and_fixed_stay(void **state)
{
    static const double part[] = {0, 40, NAN, 60, 25, -10};
    static const uint8_t fixed[] = {0, 0, 0, 0, 1, 0};
    static const double wanted[] = {0, 80, NAN, 120, 25, -20};
    struct mq_prorate prorate = basic(part, 6, 205); /* 180 = 2 (40 + 60 - 10) */

    (void)state;
    prorate.fixed = fixed;
    assert_result(&prorate, MQ_PRORATE_DONE, wanted);
}

/* 60 + 40 - 50 to 20: k = 30 / 150 = 1/5; positives a fifth less, the negative one a fifth more. */
static void test_scaling(void **state)
{
    static const double part[] = {60, 40, -50}, wanted[] = {48, 32, -60}, none[] = {0, 0, -100};
    static const double weight[] = {1, 2, 1};
    struct mq_prorate prorate = basic(part, 3, 20);

    (void)state;
    prorate.method = MQ_PRORATE_SCALING;
    assert_result(&prorate, MQ_PRORATE_DONE, wanted);
    prorate.total = -100;
    assert_result(&prorate, MQ_PRORATE_DONE, none); /* k = 1 is still allowed */
    prorate.total = -101;
    assert_result(&prorate, MQ_PRORATE_SCALE, NULL);
    prorate.total = 201;
    assert_result(&prorate, MQ_PRORATE_SCALE, NULL);
    prorate.weight = weight;
    prorate.total = 50 - 26; /* of 60/1 + 40/2 + 50/1: k = 1/5; 60 - 12, 40 - 4, -50 - 10 */
    assert_result(&prorate, MQ_PRORATE_DONE, (const double[]){48, 36, -60});
}

static void test_refusals(void **state)
{
    static const double part[] = {20, 30, 50}, opposite[] = {20, -20, 0}, holes[] = {0, NAN, 0};
    static const double weight[] = {1, 0, 1}, tiny[] = {1, 999}, unsure[] = {1, NAN, 1};
    static const uint8_t fixed[] = {1, 1, 1};
    struct mq_prorate prorate = basic(part, 3, NAN);
    double result[3];
    size_t culprit;

    (void)state;
    assert_result(&prorate, MQ_PRORATE_NO_TOTAL, NULL);
    prorate.total = 100;
    assert_result(&prorate, MQ_PRORATE_BALANCED, NULL);
    prorate.total = 120.5;
    assert_result(&prorate, MQ_PRORATE_DECIMALS, NULL);
    prorate.decimals = 1;
    assert_result(&prorate, MQ_PRORATE_DONE, (const double[]){24.1, 36.2, 60.2});
    prorate.fixed = fixed;
    assert_result(&prorate, MQ_PRORATE_NO_PARTS, NULL);
    prorate = basic(holes, 3, 7);
    assert_result(&prorate, MQ_PRORATE_NO_PARTS, NULL);
    prorate = basic(opposite, 3, 7);
    assert_result(&prorate, MQ_PRORATE_SUM_ZERO, NULL);
    prorate.method = MQ_PRORATE_SCALING;
    assert_result(&prorate, MQ_PRORATE_DONE, (const double[]){24, -17, 0}); /* 23.5, -16.5 */
    prorate = basic(part, 3, -100); /* every part would change its sign */
    assert_result(&prorate, MQ_PRORATE_BOUNDS, NULL);
    prorate = basic(tiny, 2, 2500);
    prorate.high = 2.5; /* 2.5 becomes 3: three times what it was */
    assert_int_equal(mq_prorate(&prorate, result, &culprit), MQ_PRORATE_BOUNDS);
    assert_int_equal(culprit, 0);
    assert_close(result[0], 1, 0);
    prorate = basic(part, 3, 120);
    prorate.weight = weight;
    assert_int_equal(mq_prorate(&prorate, result, &culprit), MQ_PRORATE_WEIGHT);
    assert_int_equal(culprit, 1);
    prorate.weight = unsure;
    assert_int_equal(mq_prorate(&prorate, result, NULL), MQ_PRORATE_WEIGHT);
    prorate = basic(part, 3, 1e17); /* too great to be exact */
    assert_result(&prorate, MQ_PRORATE_DECIMALS, NULL);
}

static uint64_t random_state = 0x853c49e6748fea9bu;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Parts add up to the total, to the last digit; none is further from its exact share than one unit
 * of the last decimal; scaling keeps signs. */
static void test_laws(void **state)
{
    (void)state;
    for (int round_number = 0; round_number < 20000; round_number++) {
        double part[12], weight[12], result[12], size = 0, sum = 0, k;
        int decimals = (int)(random_bits() % 4);
        double unit = pow(10, decimals), largest = 0;
        struct mq_prorate prorate = {.method =
                                         random_bits() % 2 ? MQ_PRORATE_SCALING : MQ_PRORATE_BASIC,
                                     .count = 2 + random_bits() % 11,
                                     .part = part,
                                     .weight = weight,
                                     .decimals = decimals,
                                     .low = 0,
                                     .high = INFINITY};
        for (size_t i = 0; i < prorate.count; i++) {
            part[i] = (double)(random_bits() % 900001 + 100) / unit;
            if (prorate.method == MQ_PRORATE_SCALING && random_bits() % 3 == 0)
                part[i] = -part[i];
            weight[i] = (double)(random_bits() % 5 + 5);
            size += fabs(part[i]) / weight[i];
            sum += part[i] * unit;
        }
        sum = round(sum);
        largest =
            round(sum + (double)((int64_t)(random_bits() % 2001) - 1000) * size * unit / 1001);
        prorate.total = largest / unit;
        if (largest == sum)
            continue;
        assert_string_equal(mq_prorate_code(mq_prorate(&prorate, result, NULL)), "done");
        k = (prorate.total - sum / unit) / size;
        sum = 0;
        for (size_t i = 0; i < prorate.count; i++) {
            double exact =
                part[i] +
                (prorate.method == MQ_PRORATE_SCALING ? fabs(part[i]) : part[i]) * k / weight[i];
            assert_true(fabs(result[i] - exact) * unit < 1.001);
            assert_true(result[i] == 0 || (result[i] > 0) == (part[i] > 0));
            sum += round(result[i] * unit);
        }
        assert_true(sum == largest);
    }
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(mq_prorate_title(MQ_PRORATE_SUM_ZERO, false),
                        "the parts that may change cancel out");
    assert_string_equal(mq_prorate_title(MQ_PRORATE_NO_TOTAL, true), "合计缺失");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_basic),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_remainders_are_carried),
        cmocka_unit_test(test_zero_missing_and_fixed_stay),
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
