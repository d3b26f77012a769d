/*
 * analyse: what the indicators and scores are like, before anybody believes the index.
 *
 * Takes scores and their frame; describes every indicator and node over the units of one level and
 * period, correlates them, tells how consistent the children of a parent are, which components they
 * have and what their weights amount to, and raises the flags of the OECD/JRC Handbook on
 * Constructing Composite Indicators (2008). Hands on struct mq_analysis and its tables as CSV.
 *
 * All sums are of whole numbers or exact: neither the order of the units nor the number of threads
 * changes a bit of any result.
 */
#ifndef MQ_ANALYSE_H
#define MQ_ANALYSE_H

#include "analyse/sampling.h"
#include "index/index.h"

/* Columns over units, NaN where missing; no infinities. At most 2^31 - 1 units. */
struct mq_columns {
    const double *const *column; /* [columns][units] */
    size_t columns, units;
    int threads; /* 0: one */
};

/* ---- ranking.c: columns in order, sorted once for all that asks for order ---- */

struct mq_ranking {
    size_t count;     /* present values */
    uint32_t *order;  /* [count] units by ascending value, equal values by unit */
    uint32_t *place;  /* [units] place of the value, equal values share one, from 0; MQ_NO_PLACE
                         where  missing */
    uint32_t places;  /* different values */
    uint32_t *end;    /* [places] values up to and with this one, in ascending order */
    int32_t *centred; /* [units] 2 * rank - (count + 1), rank averaged over equal values; 0 where
                         missing */
};
#define MQ_NO_PLACE UINT32_MAX
struct mq_rankings {
    struct mq_ranking *column; /* [columns] */
    struct mq_arena *arenas;   /* [columns] */
    size_t columns;
};
/* Fails for want of memory, or with MQ_DATA for too many units; then *rankings is empty. */
enum mq_status mq_rankings_init(const struct mq_columns *columns, struct mq_rankings *rankings,
                                struct mq_error *error);
void mq_rankings_clear(struct mq_rankings *rankings);

/* ---- describe.c ---- */

struct mq_description {
    size_t units, count;                      /* all, and those with a value */
    double least, greatest, mean, median, sd; /* sd: n - 1; NaN where there is nothing to tell */
    double skewness,
        kurtosis;         /* type 2 (SAS, Excel); NaN for fewer than 3 and 4 values, or equal ones
                           */
    size_t zeros, unique; /* values that are 0; different values */
    size_t same;          /* units with the most frequent value */
};
/* descriptions: [columns]. `rankings` are those of the columns. */
void mq_describe(const struct mq_columns *columns, const struct mq_rankings *rankings,
                 struct mq_description *descriptions);

/* ---- correlate.c ---- */

enum mq_correlation { MQ_PEARSON, MQ_SPEARMAN, MQ_KENDALL, MQ_CORRELATIONS };
/* Symmetric, [columns * columns]; a column with itself has r 1 and p 0. */
struct mq_correlation_matrix {
    size_t columns;
    double *r; /* NaN where one of the two does not vary over the common units */
    double *p; /* two-sided; NaN where r is, or for fewer than 3 common units; 1 on no relation */
    size_t *count; /* common units */
};
/*
 * Each pair over the units that have both (pairwise complete).
 *   Pearson   p: t = r * sqrt((n - 2) / (1 - r^2)) with n - 2 degrees of freedom, as R's cor.test
 *   Spearman  Pearson of average ranks among the common units; p by the same t. R gives for fewer
 *             than 1290 units without ties the exact or Edgeworth p instead
 *   Kendall   tau-b; p by the normal approximation with ties in the variance, without correction
 * for continuity, as R's cor.test(exact = FALSE) Sources: W. R. Knight, JASA 61 (1966) 436-439, for
 * tau in n log n; M. G. Kendall, Rank Correlation Methods, 4th ed. (1970), ch. 3-5. `rankings` may
 * be NULL for Pearson.
 */
enum mq_status mq_correlate(const struct mq_columns *columns, const struct mq_rankings *rankings,
                            enum mq_correlation kind, struct mq_arena *arena,
                            struct mq_correlation_matrix *matrix, struct mq_error *error);
/* Probability of |t| or more by chance, `r` over `count` units. */
double mq_correlation_p(double r, size_t count);

/* ---- consistency.c ---- */

/* Cronbach's alpha: k^2 * mean of the covariances / sum of the whole covariance matrix, covariances
 * pairwise complete. NaN for fewer than two columns, a covariance that cannot be told, or a sum
 * that is not positive. Source: L. J. Cronbach, Psychometrika 16 (1951) 297-334. */
enum mq_status mq_cronbach(const struct mq_columns *columns, double *alpha, struct mq_error *error);

/* ---- components.c ---- */

/* Principal components of columns brought to mean 0 and sd 1, over the units that have all of them.
 * Columns that do not vary there take no part. */
struct mq_components {
    size_t columns, parts, units; /* parts: columns that vary, and so components; units: complete */
    double *eigenvalue;           /* [parts] descending, sum = parts */
    double
        *loading; /* [columns * parts] of a column on a component; NaN for one that takes no part.
                     Length 1, sum above 0; if it is 0, the first that is not 0 is above 0 */
    size_t above_one;   /* eigenvalues > 1 */
    double first_share; /* of the variance; NaN without parts */
};
enum mq_status mq_components(const struct mq_columns *columns, struct mq_arena *arena,
                             struct mq_components *components, struct mq_error *error);

/* ---- analysis.c: all of it for the units of one level and period ---- */

/* effective.c */
struct mq_node_weight {
    double weight;    /* within the parent, siblings sum to 1; NaN for a root. Where the model has a
                         method work it out: the mean over the units that have all siblings */
    double effective; /* product from the root down to the node */
    /* r^2 of the node with its parent, as a share among its siblings: the linear part of what the
     * node decides in the parent. After P. Paruolo, M. Saisana, A. Saltelli, JRSS A 176 (2013)
     * 609-634. */
    double importance;
};

/* What a parent's children are like together. */
struct mq_kinship {
    double alpha;
    struct mq_components components;
};

enum mq_flag_kind {
    MQ_FLAG_AVAILABILITY, /* reported by fewer than 65 % of the units */
    MQ_FLAG_OUTLIERS,     /* |skewness| > 2 and kurtosis > 3.5 */
    MQ_FLAG_ZEROS,        /* fewer than half of the values are not 0 */
    MQ_FLAG_UNIQUE,       /* fewer different values than half of the values */
    MQ_FLAG_CONSTANT,     /* all values are the same, or there is none */
    MQ_FLAG_REDUNDANT,    /* r > 0.92 with a sibling */
    MQ_FLAG_NEGATIVE,     /* r < 0 with the parent */
    MQ_FLAG_WEAK,         /* 0 <= r < 0.3 with the parent */
    MQ_FLAG_CONSISTENCY,  /* alpha of the children < 0.7 */
    MQ_FLAG_DIMENSIONS,   /* more than one eigenvalue > 1 */
    MQ_FLAG_IMPORTANCE,   /* importance below half or above twice the weight */
    MQ_FLAGS
};
struct mq_flag {
    enum mq_flag_kind kind;
    int node, other; /* other: the sibling or parent, -1 if none */
    double value, limit;
};
const char *mq_flag_code(enum mq_flag_kind kind); /* "availability", ... */
const char *mq_flag_title(enum mq_flag_kind kind, bool chinese);

struct mq_analysis {
    const struct mq_scores *scores; /* not owned */
    uint32_t level, period;
    size_t begin, units; /* neighbours in the frame */
    size_t leaves;
    int *leaf; /* [leaves] node, in tree order */
    /* [nodes]; of leaves what is scored (after screening, imputing and treating), in natural units
     */
    struct mq_description *value;
    struct mq_description *score; /* [nodes] */
    size_t *reported;             /* [nodes] units with a raw value, before imputing; of leaves */
    struct mq_correlation_matrix
        scores_by[MQ_CORRELATIONS];                          /* over all nodes, as numbered by the
                                                                model: higher is better everywhere */
    struct mq_correlation_matrix values_by[MQ_CORRELATIONS]; /* over `leaf`: what is scored, in its
                                                                own direction */
    struct mq_kinship *kinship;    /* [nodes] of parents, by the scores of their children */
    struct mq_node_weight *weight; /* [nodes] */
    size_t flags;
    struct mq_flag *flag; /* [flags] by node in tree order, then kind */
    struct mq_arena arena;
};
/* The level and period must exist; a level without units in the period gives numbers that are NaN.
 */
enum mq_status mq_analyse(const struct mq_scores *scores, uint32_t level, uint32_t period,
                          int threads, struct mq_analysis **analysis, struct mq_error *error);
void mq_analysis_free(struct mq_analysis *analysis);

/* effective.c, flags.c: parts of it, which need what stands before them in the struct. */
enum mq_status mq_effective_weights(struct mq_analysis *analysis, struct mq_error *error);
enum mq_status mq_raise_flags(struct mq_analysis *analysis, struct mq_error *error);

/* ---- tables.c: full precision, LF, no BOM; blank is "cannot be told" ---- */

struct mq_analysis_table {
    const char *file; /* "statistics.csv" */
    void (*write)(const struct mq_analysis *analysis, struct mq_buffer *csv);
};
extern const struct mq_analysis_table mq_analysis_tables[]; /* ended by .file == NULL */

#endif
