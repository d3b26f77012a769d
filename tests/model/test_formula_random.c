/* Random formulas over random rows: programs against an evaluator that walks the tree, one row at a
 * time, in exact decimals (128-bit whole numbers) where the language promises them. */
#include "formula_fixture.h"

enum { ROWS = 1500, FORMULAS = 400, DEPTH = 4 };

static uint64_t seed;

static uint32_t draw(uint32_t below) /* splitmix64 */
{
    uint64_t z = (seed += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) % below);
}

/* A number: missing, exact = whole * 10^-scale, or real. */
struct number {
    bool missing, exact;
    mq_int128 whole;
    int scale;
    double real;
};

enum kind {
    INPUT,
    CONSTANT,
    PLUS,
    MINUS,
    TIMES,
    OVER,
    OPPOSITE,
    ABSOLUTE,
    COMPARE,
    AND,
    OR,
    NOT,
    IF,
    IS_MISSING,
    IN,
    TEXT
};

struct tree {
    enum kind kind;
    int input, op;
    mq_int128 whole;
    int scale;
    const char *word;
    const struct tree *left, *right;
    bool flag;
};

static struct tree pool[512];
static size_t used;
static int products; /* few, so that scaled values stay below 2^53 */

static struct tree *fresh(enum kind kind)
{
    assert_true(used < sizeof pool / sizeof *pool);
    pool[used] = (struct tree){.kind = kind};
    return &pool[used++];
}

static const struct tree *random_number(int depth)
{
    static const int inputs[] = {SALES, COST, RATE, SIZE, EXPORTS, SALES, COST};
    uint32_t pick = depth > 0 ? draw(10) : draw(3);
    struct tree *tree;
    if (pick < 2) {
        tree = fresh(INPUT);
        tree->input = inputs[draw(7)];
        return tree;
    }
    if (pick == 2 || (pick == 7 && products >= 2)) {
        tree = fresh(CONSTANT);
        tree->scale = (int)draw(3);
        tree->whole = draw(2000);
        return tree;
    }
    static const enum kind kinds[] = {PLUS, MINUS, PLUS, OPPOSITE, TIMES, OVER, ABSOLUTE};
    tree = fresh(kinds[pick - 3]);
    products += tree->kind == TIMES;
    tree->left = random_number(depth - 1);
    if (tree->kind != OPPOSITE && tree->kind != ABSOLUTE)
        tree->right = random_number(depth - 1);
    return tree;
}

static const struct tree *random_truth(int depth)
{
    static const char *const words[] = {"1", "2", "large", "x"};
    static const enum kind kinds[] = {AND, OR, NOT, IF, AND, OR};
    struct tree *tree;
    uint32_t pick = depth > 0 ? draw(11) : draw(5);
    if (pick < 5) {
        static const enum kind simple[] = {COMPARE, COMPARE, IS_MISSING, IN, TEXT};
        tree = fresh(simple[pick]);
        tree->op = (int)draw(6);
        tree->word = words[draw(4)];
        tree->flag = draw(2);
        products = 0;
        if (tree->kind != TEXT)
            tree->left = random_number(2);
        if (tree->kind == COMPARE)
            tree->right = random_number(2);
        return tree;
    }
    tree = fresh(kinds[pick - 5]);
    tree->left = random_truth(depth - 1);
    if (tree->kind != NOT)
        tree->right = random_truth(depth - 1);
    return tree;
}

/* ---- as text ---- */

static void print(struct mq_buffer *out, const struct tree *tree)
{
    static const char *const infix[] = {
        [PLUS] = " + ", [MINUS] = "-", [TIMES] = "×", [OVER] = " / ", [AND] = " and ", [OR] = "或"};
    static const char *const compare[] = {"<", "≤", "==", " != ", ">=", "＞"};
    char text[48];
    switch (tree->kind) {
    case INPUT:
        mq_buffer_text(out, formula_inputs[tree->input].id);
        break;
    case CONSTANT:
        mq_buffer_text(out, mq_decimal_text(tree->whole, tree->scale, text));
        break;
    case TEXT:
        mq_buffer_format(out, "size %s \"%s\"", tree->flag ? "==" : "≠", tree->word);
        break;
    case OPPOSITE:
    case ABSOLUTE:
    case NOT:
    case IS_MISSING:
        mq_buffer_text(out, tree->kind == OPPOSITE   ? "-("
                            : tree->kind == ABSOLUTE ? "abs("
                            : tree->kind == NOT      ? "not ("
                                                     : "missing(");
        print(out, tree->left);
        mq_buffer_text(out, ")");
        break;
    case IN:
        mq_buffer_text(out, "((");
        print(out, tree->left);
        mq_buffer_format(out, ") in (0, %d, 12.5))", tree->op);
        break;
    default:
        mq_buffer_text(out, tree->kind == IF ? "(if (" : "((");
        print(out, tree->left);
        mq_buffer_format(out, ")%s(",
                         tree->kind == IF        ? " "
                         : tree->kind == COMPARE ? compare[tree->op]
                                                 : infix[tree->kind]);
        print(out, tree->right);
        mq_buffer_text(out, "))");
    }
}

/* ---- one row at a time ---- */

static mq_int128 power(int digits)
{
    mq_int128 result = 1;
    for (int i = 0; i < digits; i++)
        result *= 10;
    return result;
}

static double natural(struct number n)
{
    return n.exact ? (double)n.whole / (double)power(n.scale) : n.real;
}

static struct number real(double value)
{
    return (struct number){.missing = isnan(value), .real = value};
}

static struct number cell(const struct rows *rows, int input, size_t row)
{
    if (rows->state[input][row] != MQ_PRESENT)
        return (struct number){.missing = true};
    if (input == RATE)
        return real(rows->number[row]);
    if (input == SIZE)
        return real(mq_dict_number(rows->dict[SIZE], rows->code[SIZE][row]));
    return (struct number){
        .exact = true, .whole = rows->amount[input][row], .scale = formula_inputs[input].decimals};
}

/* Same scale for both, if both are exact. */
static bool match(struct number *a, struct number *b)
{
    if (!a->exact || !b->exact)
        return false;
    int scale = a->scale > b->scale ? a->scale : b->scale;
    a->whole *= power(scale - a->scale);
    b->whole *= power(scale - b->scale);
    a->scale = b->scale = scale;
    return true;
}

static struct number number(const struct rows *rows, const struct tree *tree, size_t row)
{
    if (tree->kind == INPUT)
        return cell(rows, tree->input, row);
    if (tree->kind == CONSTANT)
        return (struct number){.exact = true, .whole = tree->whole, .scale = tree->scale};
    struct number a = number(rows, tree->left, row);
    if (tree->kind == OPPOSITE || tree->kind == ABSOLUTE) {
        bool turn = tree->kind == OPPOSITE || (a.exact ? a.whole < 0 : a.real < 0);
        a.whole = turn ? -a.whole : a.whole;
        a.real = turn ? -a.real : a.real;
        return a;
    }
    struct number b = number(rows, tree->right, row);
    bool exact = a.exact && b.exact;
    if (a.missing || b.missing)
        return (struct number){.missing = true, .exact = exact && tree->kind != OVER};
    if (tree->kind == TIMES)
        return exact ? (struct number){.exact = true,
                                       .whole = a.whole * b.whole,
                                       .scale = a.scale + b.scale}
                     : real(natural(a) * natural(b));
    match(&a, &b);
    double sign = tree->kind == PLUS ? 1 : -1;
    if (tree->kind == OVER && natural(b) == 0)
        return real(NAN);
    if (tree->kind == OVER)
        return real(exact ? (double)a.whole / (double)b.whole : natural(a) / natural(b));
    return exact ? (struct number){.exact = true,
                                   .whole = a.whole + (mq_int128)sign * b.whole,
                                   .scale = a.scale}
                 : real(natural(a) + sign * natural(b));
}

static int order(struct number a, struct number b)
{
    if (match(&a, &b))
        return a.whole < b.whole ? -1 : a.whole > b.whole;
    return natural(a) < natural(b) ? -1 : natural(a) > natural(b);
}

static int judge(int op, struct number a, struct number b)
{
    if (a.missing || b.missing)
        return MQ_UNKNOWN;
    int way = order(a, b);
    bool holds = op == 0   ? way < 0
                 : op == 1 ? way <= 0
                 : op == 2 ? way == 0
                 : op == 3 ? way != 0
                 : op == 4 ? way >= 0
                           : way > 0;
    return holds ? MQ_TRUE : MQ_FALSE;
}

static int is_text(const struct rows *rows, const struct tree *tree, size_t row)
{
    if (rows->state[SIZE][row] != MQ_PRESENT)
        return MQ_UNKNOWN;
    bool same = mq_text_is(mq_dict_text(rows->dict[SIZE], rows->code[SIZE][row]), tree->word);
    return same == tree->flag ? MQ_TRUE : MQ_FALSE;
}

static int truth(const struct rows *rows, const struct tree *tree, size_t row)
{
    if (tree->kind == TEXT)
        return is_text(rows, tree, row);
    if (tree->kind == COMPARE)
        return judge(tree->op, number(rows, tree->left, row), number(rows, tree->right, row));
    if (tree->kind == IS_MISSING) {
        /* a bare code is there even if it is no number */
        if (tree->left->kind == INPUT)
            return rows->state[tree->left->input][row] == MQ_PRESENT ? MQ_FALSE : MQ_TRUE;
        return number(rows, tree->left, row).missing ? MQ_TRUE : MQ_FALSE;
    }
    if (tree->kind == IN) {
        struct number found = number(rows, tree->left, row);
        int best = MQ_FALSE;
        const struct number list[] = {{.exact = true},
                                      {.exact = true, .whole = tree->op},
                                      {.exact = true, .whole = 125, .scale = 1}};
        for (int i = 0; i < 3; i++) {
            int one = judge(2, found, list[i]);
            best = one > best ? one : best;
        }
        return best;
    }
    int a = truth(rows, tree->left, row);
    if (tree->kind == NOT)
        return 2 - a;
    int b = truth(rows, tree->right, row);
    if (tree->kind == AND)
        return a < b ? a : b;
    a = tree->kind == IF ? 2 - a : a;
    return a > b ? a : b;
}

/* ---- the comparison ---- */

static struct rows *random_rows(void)
{
    static const char *const sizes[] = {"1", "2", "3", "large", "02"}, *const rates[] = {
                                                                           "0.1", "12.5", "-3", "0",
                                                                           "1e-3"};
    struct rows *rows = rows_new(ROWS);
    char text[48];
    for (size_t i = 0; i < ROWS; i++) {
        put(rows, i, SALES,
            draw(8) ? mq_decimal_text((mq_int128)draw(4000) - 2000, 2, text) : NULL);
        put(rows, i, COST, draw(8) ? mq_decimal_text((mq_int128)draw(40) - 10, 0, text) : NULL);
        put(rows, i, EXPORTS, draw(8) ? mq_decimal_text((mq_int128)draw(3), 0, text) : NULL);
        put(rows, i, RATE, draw(8) ? rates[draw(5)] : NULL);
        put(rows, i, SIZE, draw(8) ? sizes[draw(5)] : NULL);
    }
    return rows;
}

static struct formula compile(const struct tree *tree, enum mq_formula_role role,
                              struct mq_buffer *text)
{
    *text = MQ_BUFFER_EMPTY;
    print(text, tree);
    struct formula formula = formula_compile(text->data, role);
    if (formula.status != MQ_OK)
        fail_msg("%s: %ld: %s", text->data, formula.error.column, formula.error.message);
    return formula;
}

static void test_truths(void **state)
{
    const struct rows *rows = *state;
    struct mq_scratch scratch = {0};
    uint8_t *found = malloc(ROWS);
    size_t seen[3] = {0};
    for (int n = 0; n < FORMULAS; n++) {
        struct mq_buffer text;
        used = 0;
        const struct tree *tree = random_truth(DEPTH);
        struct formula formula = compile(tree, MQ_ROLE_CONDITION, &text);
        assert_int_equal(mq_program_truth(formula.program, rows->column, ROWS, &scratch, found),
                         MQ_OK);
        for (size_t i = 0; i < ROWS; i++) {
            int wanted = truth(rows, tree, i);
            if (found[i] != wanted)
                fail_msg("row %zu is %d, wanted %d: %s", i, found[i], wanted, text.data);
            seen[wanted]++;
        }
        formula_clear(&formula);
        mq_buffer_clear(&text);
    }
    for (int i = 0; i < 3; i++) /* the draws must not be one-sided */
        assert_true(seen[i] > (size_t)ROWS * FORMULAS / 10);
    mq_scratch_clear(&scratch);
    free(found);
}

static void test_values(void **state)
{
    const struct rows *rows = *state;
    struct mq_scratch scratch = {0};
    double *found = malloc(ROWS * sizeof *found);
    for (int n = 0; n < FORMULAS; n++) {
        struct mq_buffer text;
        used = 0;
        products = 0;
        const struct tree *tree = random_number(3);
        struct formula formula = compile(tree, MQ_ROLE_VALUE, &text);
        assert_int_equal(mq_program_value(formula.program, rows->column, ROWS, &scratch, found),
                         MQ_OK);
        for (size_t i = 0; i < ROWS; i++) {
            struct number wanted = number(rows, tree, i);
            double value = wanted.missing ? NAN : natural(wanted);
            if (isnan(value) ? !isnan(found[i]) : found[i] != value)
                fail_msg("row %zu is %.17g, wanted %.17g: %s", i, found[i], value, text.data);
        }
        formula_clear(&formula);
        mq_buffer_clear(&text);
    }
    mq_scratch_clear(&scratch);
    free(found);
}

static int setup(void **state)
{
    seed = 20240611;
    *state = random_rows();
    return 0;
}

static int teardown(void **state)
{
    rows_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_truths),
                                       cmocka_unit_test(test_values)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
