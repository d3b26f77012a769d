/* Feasibility of a small linear program by GLPK. An answer of the simplex in floating point counts
 * only when it can be checked; else the simplex in rational numbers decides. */
#include <glpk.h>
#include <math.h>
#include <setjmp.h>

#include "validate/localise_parts.h"

enum { MOST_STEPS = 100000 };
static const double strict = 1e-3;

static int say_nothing(void *info, const char *text)
{
    (void)info;
    (void)text;
    return 1;
}

static void escape(void *home)
{
    longjmp(*(jmp_buf *)home, 1);
}

/* Both ends of a row, widened by what rounding may do; infinite: open. */
static void row_bounds(const struct mq_linear_record *record, size_t edit, double *bound)
{
    enum mq_linear_operator compare = record->system->edit[edit].compare;
    double rest = record->rest[edit], slack = record->slack[edit];

    bound[0] = -INFINITY;
    bound[1] = INFINITY;
    if (compare == MQ_LINEAR_LESS)
        bound[1] = rest - strict;
    else if (compare == MQ_LINEAR_GREATER)
        bound[0] = rest + strict;
    if (compare == MQ_LINEAR_AT_MOST || compare == MQ_LINEAR_EQUAL)
        bound[1] = rest + slack;
    if (compare == MQ_LINEAR_AT_LEAST || compare == MQ_LINEAR_EQUAL)
        bound[0] = rest - slack;
}

/* One power of two for all unknowns, so that the bounds are about 1. */
static double common_scale(const double *bound, size_t rows)
{
    double largest = 0;
    int exponent;

    for (size_t i = 0; i < 2 * rows; i++)
        if (isfinite(bound[i]))
            largest = fmax(largest, fabs(bound[i]));
    if (largest == 0)
        return 1;
    frexp(largest, &exponent);
    return ldexp(1, exponent);
}

/* GLPK's kind of a bound; infinite ends do not count. */
static int kind_of(double low, double high)
{
    if (isinf(low))
        return isinf(high) ? GLP_FR : GLP_UP;
    if (isinf(high))
        return GLP_LO;
    return low < high ? GLP_DB : GLP_FX;
}

/* The entries of an edit among the unknowns, from 1 as GLPK counts. */
static int entries_of(const struct mq_linear_record *record, size_t edit, size_t columns)
{
    const double *coefficient = record->matrix + edit * record->system->fields;
    int entries = 0;

    for (size_t j = 0; j < columns; j++) {
        if (coefficient[record->column[j]] == 0)
            continue;
        record->index[++entries] = (int)j + 1;
        record->number[entries] = coefficient[record->column[j]];
    }
    return entries;
}

/* Edits over one unknown bound it; false if they leave it nothing. */
static bool find_ranges(const struct mq_linear_record *record, size_t rows, size_t columns)
{
    for (size_t j = 0; j < columns; j++) {
        record->range[2 * j] = -INFINITY;
        record->range[2 * j + 1] = INFINITY;
    }
    for (size_t i = 0; i < rows; i++) {
        double *range, a, low = record->bound[2 * i], high = record->bound[2 * i + 1];
        if (entries_of(record, record->row[i], columns) != 1)
            continue;
        a = record->number[1];
        range = record->range + 2 * (size_t)(record->index[1] - 1);
        range[0] = fmax(range[0], (a > 0 ? low : high) / a);
        range[1] = fmin(range[1], (a > 0 ? high : low) / a);
        if (range[0] > range[1])
            return false;
    }
    return true;
}

static void load(glp_prob *program, const struct mq_linear_record *record, size_t rows,
                 size_t columns, double scale)
{
    glp_add_cols(program, (int)columns);
    for (size_t j = 0; j < columns; j++) {
        double low = record->range[2 * j] / scale, high = record->range[2 * j + 1] / scale;
        glp_set_col_bnds(program, (int)j + 1, kind_of(low, high), low, high);
    }
    for (size_t i = 0; i < rows; i++) {
        double low = record->bound[2 * i] / scale, high = record->bound[2 * i + 1] / scale;
        int entries = entries_of(record, record->row[i], columns), row;
        if (entries < 2)
            continue;
        row = glp_add_rows(program, 1);
        glp_set_row_bnds(program, row, kind_of(low, high), low, high);
        glp_set_mat_row(program, row, entries, record->index, record->number);
    }
}

/* The unknowns found do keep the bounds. */
static bool keeps_bounds(glp_prob *program, const struct mq_linear_record *record, size_t rows,
                         size_t columns, double scale)
{
    for (size_t i = 0; i < rows; i++) {
        const double *coefficient = record->matrix + record->row[i] * record->system->fields;
        double sum = 0;
        for (size_t j = 0; j < columns; j++)
            sum += coefficient[record->column[j]] * scale * glp_get_col_prim(program, (int)j + 1);
        if (!(sum >= record->bound[2 * i] && sum <= record->bound[2 * i + 1]))
            return false;
    }
    return true;
}

enum answer { FEASIBLE, INFEASIBLE, UNCLEAR };

static enum answer solve(const struct mq_linear_record *record, size_t rows, size_t columns)
{
    double scale = common_scale(record->bound, rows);
    enum answer answer = UNCLEAR;
    glp_prob *program = glp_create_prob();
    glp_smcp how;

    load(program, record, rows, columns, scale);
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.it_lim = MOST_STEPS;
    if (glp_simplex(program, &how) == 0 && glp_get_prim_stat(program) == GLP_FEAS &&
        keeps_bounds(program, record, rows, columns, scale))
        answer = FEASIBLE;
    else if (glp_exact(program, &how) == 0)
        answer = glp_get_prim_stat(program) == GLP_FEAS ? FEASIBLE : INFEASIBLE;
    glp_delete_prob(program);
    return answer;
}

/* GLPK ends the process when its memory runs out; this comes back instead. */
static enum answer solve_safely(const struct mq_linear_record *record, size_t rows, size_t columns)
{
    jmp_buf home;
    enum answer answer;

    if (setjmp(home)) {
        glp_free_env(); /* all it had allocated */
        return UNCLEAR;
    }
    glp_term_hook(say_nothing, NULL);
    glp_error_hook(escape, &home);
    answer = solve(record, rows, columns);
    glp_error_hook(NULL, NULL);
    return answer;
}

enum mq_status mq_linear_program(struct mq_linear_record *record, size_t rows, size_t columns,
                                 bool *feasible, struct mq_error *error)
{
    enum answer answer;

    for (size_t i = 0; i < rows; i++)
        row_bounds(record, record->row[i], record->bound + 2 * i);
    *feasible = find_ranges(record, rows, columns);
    if (!*feasible || columns == 1) /* no program needed */
        return MQ_OK;
    if (!record->solver && glp_init_env() == 0)
        record->solver = true;
    record->programs++;
    answer = solve_safely(record, rows, columns);
    if (answer == UNCLEAR)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0,
                       "error localisation: the linear programming solver gave up (out of memory, "
                       "or too many steps)");
    *feasible = answer == FEASIBLE;
    return MQ_OK;
}

void mq_linear_done(struct mq_linear_record *record)
{
    if (record->solver)
        glp_free_env();
    record->solver = false;
}
