/* bod: every unit gets the weights that show it in the best light, the benefit of the doubt. */
#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "index/weigh_parts.h"

enum { LOWER, UPPER };
enum { MOST_STEPS = 1000000 };

static const struct mq_param params_table[] = {
    {.name = "lower",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "least share of a child in the score of any unit, 0..1"},
    {.name = "upper",
     .kind = MQ_PARAM_REAL,
     .fallback = 1,
     .meaning = "greatest share of a child in the score of any unit, 0..1"},
    {.name = NULL}};

static const char *fault(const struct mq_choice *choice)
{
    double lower = choice->param[LOWER], upper = choice->param[UPPER];

    return lower >= 0 && upper <= 1 && lower <= upper && upper > 0
               ? NULL
               : "shares go from 0 to 1, with lower not above upper and upper above 0";
}

/* Scores by unit, each child divided by its greatest one and the children in an order of their own,
 * so that neither the order of units nor that of children chooses among optimal weights. */
struct bod {
    size_t children, units, peers;
    double lower, upper;
    double *rows;        /* [units * (children + 2)] missing scores are 0 */
    const double **peer; /* [peers] rows that no other row exceeds */
    size_t *child;       /* [children] column of the table */
    double *greatest;    /* [children] */
    double *weight;      /* [children] of the unit at work */
    int *index;          /* [children + 1], as GLPK counts */
    double *entry;       /* [children + 1] */
};

static bool bod_init(struct bod *bod)
{
    size_t n = bod->children + 1;

    bod->rows = calloc(bod->units * (n + 1) + 1, sizeof *bod->rows);
    bod->peer = calloc(bod->units + 1, sizeof *bod->peer);
    bod->child = calloc(n, sizeof *bod->child);
    bod->greatest = calloc(n, sizeof *bod->greatest);
    bod->weight = calloc(n, sizeof *bod->weight);
    bod->index = calloc(n, sizeof *bod->index);
    bod->entry = calloc(n, sizeof *bod->entry);
    return bod->rows && bod->peer && bod->child && bod->greatest && bod->weight && bod->index &&
           bod->entry;
}

static void bod_clear(struct bod *bod)
{
    free(bod->rows);
    free((void *)bod->peer);
    free(bod->child);
    free(bod->greatest);
    free(bod->weight);
    free(bod->index);
    free(bod->entry);
}

/* ---- scores and peers ---- */

/* Orders the children by their means; false: there is a negative score, or nothing above 0. */
static bool arrange(struct bod *bod, const struct mq_weigh_table *table)
{
    double *mean = bod->entry; /* not used yet */

    for (size_t c = 0; c < bod->children; c++) {
        struct mq_column_stats stats;
        size_t at = c;
        mq_column_stats(table->column[c], table->units, &stats);
        if (stats.count && (stats.least < 0 || !isfinite(stats.greatest)))
            return false;
        for (; at > 0 && mean[at - 1] < (stats.count ? stats.mean : 0); at--) {
            mean[at] = mean[at - 1];
            bod->child[at] = bod->child[at - 1];
            bod->greatest[at] = bod->greatest[at - 1];
        }
        mean[at] = stats.count ? stats.mean : 0;
        bod->child[at] = c;
        bod->greatest[at] = stats.count ? stats.greatest : 0;
    }
    return bod->children && mean[0] > 0;
}

/* A row is the sum of the unit's scaled scores, the scores, and NaN for an end. */
static void scale_units(struct bod *bod, const struct mq_weigh_table *table)
{
    size_t n = bod->children;

    for (size_t i = 0; i < bod->units; i++) {
        double *row = bod->rows + i * (n + 2);
        for (size_t c = 0; c < n; c++) {
            double value = table->column[bod->child[c]][i];
            row[c + 1] = bod->greatest[c] > 0 && value > 0 ? value / bod->greatest[c] : 0;
            row[0] += row[c + 1];
        }
        row[n + 1] = NAN;
        bod->peer[i] = row;
    }
}

/* Greatest first, so that nobody is exceeded by one that comes later. */
static int compare_rows(const void *left, const void *right)
{
    const double *a = *(const double *const *)left, *b = *(const double *const *)right;

    for (; !isnan(*a); a++, b++)
        if (*a != *b)
            return *a < *b ? 1 : -1;
    return 0;
}

static bool exceeds(const double *one, const double *other, size_t n)
{
    for (size_t c = 0; c <= n; c++)
        if (one[c] < other[c])
            return false;
    return true;
}

/* Keeps the units that no other one equals or exceeds in all children. */
static void find_peers(struct bod *bod)
{
    size_t kept = 0;

    qsort((void *)bod->peer, bod->units, sizeof *bod->peer, compare_rows);
    for (size_t i = 0; i < bod->units; i++) {
        bool exceeded = false;
        for (size_t k = 0; k < kept && !exceeded; k++)
            exceeded = exceeds(bod->peer[k], bod->peer[i], bod->children);
        if (!exceeded)
            bod->peer[kept++] = bod->peer[i];
    }
    bod->peers = kept;
}

/* ---- linear programs ---- */

/* The dual program: as few rows as children, and the weights are the prices of the rows. A unit's
 * scores are to be reached by parts of the peers, as few as can be. */

/* A column with numbers in bod->entry. */
static void set_column(glp_prob *program, const struct bod *bod, size_t column)
{
    glp_set_mat_col(program, (int)column, (int)bod->children, bod->index, bod->entry);
}

/* What is the same for all units: the peers; and columns for the shares. */
static glp_prob *load(const struct bod *bod)
{
    size_t n = bod->children, shares = (bod->lower > 0 ? n : 0) + (bod->upper < 1 ? n : 0);
    glp_prob *program = glp_create_prob();

    glp_set_obj_dir(program, GLP_MIN);
    glp_add_rows(program, (int)n);
    glp_add_cols(program, (int)(bod->peers + shares));
    for (size_t c = 0; c < n; c++)
        bod->index[c + 1] = (int)c + 1;
    for (size_t i = 0; i < bod->peers + shares; i++)
        glp_set_col_bnds(program, (int)i + 1, GLP_LO, 0, 0);
    for (size_t i = 0; i < bod->peers; i++) {
        memcpy(bod->entry + 1, bod->peer[i] + 1, n * sizeof *bod->entry);
        set_column(program, bod, i + 1);
        glp_set_obj_coef(program, (int)i + 1, 1);
    }
    return program;
}

/* Columns of lower * sum(w y) - w_c y_c <= 0 and w_c y_c - upper * sum(w y) <= 0 for the present
 * children. A bound that their number makes impossible is widened to what is possible. */
static void set_shares(glp_prob *program, const struct bod *bod, const double *score,
                       const bool *present, size_t count)
{
    double lower = fmin(bod->lower, 1 / (double)count), upper = fmax(bod->upper, 1 / (double)count);
    size_t column = bod->peers;

    for (int side = 0; side < 2; side++) {
        if (side ? bod->upper >= 1 : bod->lower <= 0)
            continue;
        for (size_t c = 0; c < bod->children; c++) {
            for (size_t k = 0; k < bod->children; k++) {
                double own = k == c ? score[k] : 0;
                bod->entry[k + 1] = side ? own - upper * score[k] : lower * score[k] - own;
                if (!present[c])
                    bod->entry[k + 1] = 0;
            }
            set_column(program, bod, ++column);
        }
    }
}

/* The most that these weights give a peer. */
static double most_of(const struct bod *bod)
{
    double most = 0;

    for (size_t i = 0; i < bod->peers; i++) {
        double sum = 0;
        for (size_t c = 0; c < bod->children; c++)
            sum += bod->weight[c] * bod->peer[i][c + 1];
        most = fmax(most, sum);
    }
    return most;
}

/* A unit with a score of 0 has weights all the same: even ones on its zeros, the greatest that are
 * allowed. */
static void weigh_zeros(struct bod *bod, const double *score, const bool *present)
{
    double most;

    for (size_t c = 0; c < bod->children; c++)
        bod->weight[c] = present[c] && score[c] <= 0;
    most = most_of(bod);
    for (size_t c = 0; c < bod->children && most > 0; c++)
        bod->weight[c] /= most;
}

/* Solves for one unit from the same start as for any other. */
static bool solve_unit(glp_prob *program, struct bod *bod, const double *score, const bool *present)
{
    glp_smcp how;
    double most, value = 0;

    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = GLP_DUALP;
    how.it_lim = MOST_STEPS;
    how.tol_bnd = how.tol_dj = 1e-10;
    glp_std_basis(program);
    if (glp_simplex(program, &how) != 0 || glp_get_status(program) != GLP_OPT) {
        glp_std_basis(program);
        if (glp_exact(program, &how) != 0 || glp_get_status(program) != GLP_OPT)
            return false;
    }
    for (size_t c = 0; c < bod->children; c++)
        bod->weight[c] = fmax(glp_get_row_dual(program, (int)c + 1), 0);
    most = most_of(bod);
    for (size_t c = 0; c < bod->children; c++) {
        bod->weight[c] /= most > 1 ? most : 1; /* what the solver's tolerance let pass */
        value += bod->weight[c] * score[c];
    }
    if (!(value > 1e-9))
        weigh_zeros(bod, score, present);
    return true;
}

/* Weights of all units; `present` [children] is for work. */
static bool solve_units(struct bod *bod, const struct mq_weigh_table *table, bool *present,
                        double *weights)
{
    size_t n = bod->children;
    glp_prob *program = load(bod);
    bool fine = true;

    for (size_t i = 0; fine && i < bod->units; i++) {
        const double *score = bod->rows + i * (n + 2) + 1;
        size_t count = 0;
        for (size_t c = 0; c < n; c++) {
            present[c] = !isnan(table->column[bod->child[c]][i]);
            count += present[c];
            glp_set_row_bnds(program, (int)c + 1, present[c] ? GLP_LO : GLP_FR, score[c], 0);
        }
        memset(bod->weight, 0, n * sizeof *bod->weight);
        if (count) {
            set_shares(program, bod, score, present, count);
            fine = solve_unit(program, bod, score, present);
        }
        for (size_t c = 0; c < n; c++)
            weights[i * n + bod->child[c]] =
                bod->weight[c] / (bod->greatest[c] > 0 ? bod->greatest[c] : 1);
    }
    glp_delete_prob(program);
    return fine;
}

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

/* GLPK ends the process when its memory runs out; this comes back instead. */
static bool solve_safely(struct bod *bod, const struct mq_weigh_table *table, bool *present,
                         double *weights)
{
    jmp_buf home;
    bool fine;

    if (setjmp(home)) {
        glp_free_env(); /* all it had allocated */
        return false;
    }
    glp_term_hook(say_nothing, NULL);
    glp_error_hook(escape, &home);
    fine = solve_units(bod, table, present, weights);
    glp_error_hook(NULL, NULL);
    return fine;
}

static enum mq_status weigh(const struct mq_weigh_table *table, double *weights,
                            enum mq_reason *reason, struct mq_error *error)
{
    struct bod bod = {.children = table->children,
                      .units = table->units,
                      .lower = table->choice->param[LOWER],
                      .upper = table->choice->param[UPPER]};
    bool *present = calloc(table->children + 1, sizeof *present), opened;
    enum mq_status status = bod_init(&bod) && present ? MQ_OK : mq_fail_memory(error);

    if (status == MQ_OK && !arrange(&bod, table))
        *reason = MQ_UNDEFINED;
    if (status == MQ_OK && *reason == MQ_FINE) {
        scale_units(&bod, table);
        find_peers(&bod);
        opened = glp_init_env() == 0;
        if (!solve_safely(&bod, table, present, weights))
            status = mq_fail(error, MQ_INTERNAL, NULL, 0, 0,
                             "weights by benefit of the doubt: the linear programming solver gave "
                             "up (out of memory, or too many steps)");
        if (opened)
            glp_free_env();
    }
    bod_clear(&bod);
    free(present);
    return status;
}

const struct mq_weigher mq_weigh_bod = {
    .method = {.name = "bod",
               .title = "数据包络赋权法",
               .summary =
                   "every unit gets the weights that are best for it, so that no unit exceeds 1; "
                   "with `combine: arithmetic` the score is the benefit of the doubt; constant "
                   "and zero scores are as good as others, negative ones or all zero: none",
               .formula =
                   "max sum(w s), w >= 0, sum(w s_j) <= 1 for all units j, lower * sum(w s) <= "
                   "w_k s_k <= upper * sum(w s); missing children weigh 0 and are 0 in s_j; of "
                   "several best weights the same for any order of the units",
               .reference =
                   "L. Cherchye, W. Moesen, N. Rogge, T. Van Puyenbroeck, Social Indicators "
                   "Research 82 (2007) 111-145",
               .params = params_table,
               .fault = fault},
    .by_unit = true,
    .weigh = weigh,
};
