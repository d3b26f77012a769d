/* Thousands of small random systems against trying every set with exact elimination. */
#include "localise_fixture.h"

enum { ROWS = 4096 };

struct rows {
    size_t count;
    struct row {
        int64_t number[FIELDS + 1]; /* sum of coefficients * unknowns <= the last one */
    } row[ROWS];
};

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static void keep(struct rows *rows, struct row row)
{
    int64_t common = 0;

    for (size_t j = 0; j <= FIELDS; j++)
        common = divisor(common, row.number[j]);
    for (size_t j = 0; common > 1 && j <= FIELDS; j++)
        row.number[j] /= common;
    for (size_t i = 0; i < rows->count; i++)
        if (memcmp(&rows->row[i], &row, sizeof row) == 0)
            return;
    assert_true(rows->count < ROWS);
    rows->row[rows->count++] = row;
}

/* Fourier and Motzkin: pairs of opposite sign add up to rows without the unknown. */
static void eliminate(struct rows *rows, size_t unknown)
{
    static struct rows next;

    next.count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        int64_t a = rows->row[i].number[unknown];
        if (a == 0)
            keep(&next, rows->row[i]);
        for (size_t k = 0; a > 0 && k < rows->count; k++) {
            int64_t b = rows->row[k].number[unknown];
            struct row sum;
            if (b >= 0)
                continue;
            for (size_t j = 0; j <= FIELDS; j++)
                sum.number[j] = -b * rows->row[i].number[j] + a * rows->row[k].number[j];
            keep(&next, sum);
        }
    }
    *rows = next;
}

static void add_row(struct rows *rows, const struct world *world, size_t e, unsigned free_fields,
                    int sign)
{
    const struct mq_linear_edit *edit = &world->edit[e];
    struct row row = {.number = {[FIELDS] = (int64_t)edit->constant * 1000 * sign}};

    for (size_t k = 0; k < edit->terms; k++) {
        size_t j = edit->term[k].field;
        int64_t a = (int64_t)edit->term[k].coefficient * sign;
        if (free_fields >> j & 1)
            row.number[j] = a;
        else
            row.number[FIELDS] -= 1000 * a * (int64_t)world->value[j];
    }
    if (edit->compare == MQ_LINEAR_LESS || edit->compare == MQ_LINEAR_GREATER)
        row.number[FIELDS] -= 1; /* without free fields whole numbers: the same as < 0 */
    keep(rows, row);
}

static bool can_hold(const struct world *world, unsigned free_fields)
{
    static struct rows rows;

    rows.count = 0;
    for (size_t e = 0; e < world->system.edits; e++) {
        enum mq_linear_operator compare = world->edit[e].compare;
        if (compare != MQ_LINEAR_AT_LEAST && compare != MQ_LINEAR_GREATER)
            add_row(&rows, world, e, free_fields, 1);
        if (compare != MQ_LINEAR_AT_MOST && compare != MQ_LINEAR_LESS)
            add_row(&rows, world, e, free_fields, -1);
    }
    for (size_t j = 0; j < world->system.fields; j++)
        if (free_fields >> j & 1)
            eliminate(&rows, j);
    for (size_t i = 0; i < rows.count; i++)
        if (rows.row[i].number[FIELDS] < 0)
            return false;
    return true;
}

/* Bits of the best set, or -1. Counts downwards through reversed bits so that of sets alike the one
 * with earlier fields comes first. */
static int best_set(const struct world *world, unsigned missing)
{
    double best_weight = INFINITY;
    size_t best_count = 0, fields = world->system.fields;
    int best = -1;

    for (int reversed = (1 << fields) - 1; reversed >= 0; reversed--) {
        unsigned set = 0;
        double weight = 0;
        size_t count = 0;
        for (size_t j = 0; j < fields; j++)
            if (reversed >> (fields - 1 - j) & 1) {
                set |= 1u << j;
                weight += missing >> j & 1 ? INFINITY : world->weight[j];
                count++;
            }
        if (weight < INFINITY &&
            (weight < best_weight || (weight == best_weight && count < best_count)) &&
            can_hold(world, set | missing)) {
            best = (int)set;
            best_weight = weight;
            best_count = count;
        }
    }
    return best < 0 ? -1 : (int)((unsigned)best | missing);
}

static uint64_t random_state = 0xda3e39cb94b95bdbu;

static int random_below(int limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state >> 33) % limit;
}

static unsigned random_world(struct world *world)
{
    unsigned missing = 0;
    int edits = 1 + random_below(5), equalities = 0;

    open_world(world, (size_t)(2 + random_below(4)));
    for (int e = 0; e < edits; e++) {
        double coefficients[FIELDS] = {0};
        enum mq_linear_operator compare = (enum mq_linear_operator)random_below(5);
        if (compare == MQ_LINEAR_EQUAL && ++equalities > 2)
            compare = MQ_LINEAR_AT_MOST;
        for (size_t j = 0; j < world->system.fields; j++)
            if (random_below(2))
                coefficients[j] = random_below(7) - 3;
        add_edit(world, coefficients, compare, random_below(13) - 4);
    }
    for (size_t j = 0; j < world->system.fields; j++) {
        world->value[j] = random_below(21) - 8;
        world->weight[j] = random_below(9) == 0 ? INFINITY : 1 + 0.5 * random_below(4);
        if (random_below(9) == 0) {
            world->value[j] = NAN;
            missing |= 1u << j;
        }
    }
    return missing;
}

static void test_every_set(void **state)
{
    size_t outcomes[MQ_LOCALISE_OUTCOMES] = {0}, sizes[FIELDS] = {0};

    (void)state;
    for (int turn = 0; turn < 6000; turn++) {
        struct world world;
        unsigned missing = random_world(&world), found = 0;
        uint8_t change[FIELDS];
        struct mq_localise_result result = {.change = change};
        int best = best_set(&world, missing);
        assert_int_equal(mq_localise(&world.system, world.value, &result, NULL), MQ_OK);
        for (size_t j = 0; j < world.system.fields; j++)
            found |= (unsigned)change[j] << j;
        outcomes[result.outcome]++;
        if (best < 0) {
            assert_int_equal(result.outcome, MQ_LOCALISE_NO_SOLUTION);
            continue;
        }
        assert_int_equal(result.outcome, best ? MQ_LOCALISE_SOLVED : MQ_LOCALISE_NOTHING);
        assert_int_equal(found, best);
        sizes[result.changed]++;
    }
    assert_true(outcomes[MQ_LOCALISE_NO_SOLUTION] > 300 && outcomes[MQ_LOCALISE_NOTHING] > 300);
    assert_true(sizes[1] > 300 && sizes[2] > 300 && sizes[3] > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
