/* The rows of the catalogues, in the order people see them: a method is one file and one word here.
 */
#ifndef MQ_INDEX_METHODS_H
#define MQ_INDEX_METHODS_H

#include "index/index.h"

#define MQ_NORMALISER_ROWS(X)                                                                      \
    X(mq_norm_efficacy)                                                                            \
    X(mq_norm_exp_efficacy)                                                                        \
    X(mq_norm_log_efficacy)                                                                        \
    X(mq_norm_minmax)                                                                              \
    X(mq_norm_zscore)                                                                              \
    X(mq_norm_rank)                                                                                \
    X(mq_norm_borda)                                                                               \
    X(mq_norm_percentile_rank)                                                                     \
    X(mq_norm_distance_to_max)                                                                     \
    X(mq_norm_distance_to_target)                                                                  \
    X(mq_norm_distance_to_reference)                                                               \
    X(mq_norm_fraction_of_max)                                                                     \
    X(mq_norm_goalposts)                                                                           \
    X(mq_norm_scaled)                                                                              \
    X(mq_norm_mean_ratio)                                                                          \
    X(mq_norm_sum_ratio)                                                                           \
    X(mq_norm_vector)                                                                              \
    X(mq_norm_extreme_ratio)                                                                       \
    X(mq_norm_interval)                                                                            \
    X(mq_norm_moderate)                                                                            \
    X(mq_norm_ampi)                                                                                \
    X(mq_norm_none)

#define MQ_COMBINER_ROWS(X)                                                                        \
    X(mq_combine_arithmetic)                                                                       \
    X(mq_combine_geometric)                                                                        \
    X(mq_combine_harmonic)                                                                         \
    X(mq_combine_power)                                                                            \
    X(mq_combine_median)                                                                           \
    X(mq_combine_minimum)                                                                          \
    X(mq_combine_mean_min)                                                                         \
    X(mq_combine_owa)                                                                              \
    X(mq_combine_mpi)                                                                              \
    X(mq_combine_ampi)                                                                             \
    X(mq_combine_copeland)                                                                         \
    X(mq_combine_topsis)                                                                           \
    X(mq_combine_rank_sum_ratio)

#define MQ_WEIGHER_ROWS(X)                                                                         \
    X(mq_weigh_fixed)                                                                              \
    X(mq_weigh_equal)                                                                              \
    X(mq_weigh_entropy)                                                                            \
    X(mq_weigh_critic)                                                                             \
    X(mq_weigh_cv)                                                                                 \
    X(mq_weigh_sd)                                                                                 \
    X(mq_weigh_gini)                                                                               \
    X(mq_weigh_merec)                                                                              \
    X(mq_weigh_independence)                                                                       \
    X(mq_weigh_pca)                                                                                \
    X(mq_weigh_ahp)                                                                                \
    X(mq_weigh_combined)                                                                           \
    X(mq_weigh_target_influence)                                                                   \
    X(mq_weigh_bod)

#define MQ_IMPUTER_ROWS(X)                                                                         \
    X(mq_impute_none)                                                                              \
    X(mq_impute_constant)                                                                          \
    X(mq_impute_mean)                                                                              \
    X(mq_impute_median)                                                                            \
    X(mq_impute_group_mean)                                                                        \
    X(mq_impute_group_median)                                                                      \
    X(mq_impute_parent_unit)                                                                       \
    X(mq_impute_latest)                                                                            \
    X(mq_impute_linear)                                                                            \
    X(mq_impute_row_mean)

#define MQ_TREATER_ROWS(X)                                                                         \
    X(mq_treat_none)                                                                               \
    X(mq_treat_winsorise)                                                                          \
    X(mq_treat_log_ct)                                                                             \
    X(mq_treat_log_ct_orig)                                                                        \
    X(mq_treat_log_ct_plus)                                                                        \
    X(mq_treat_log_gii)                                                                            \
    X(mq_treat_boxcox)                                                                             \
    X(mq_treat_winsorise_then_log)                                                                 \
    X(mq_treat_quantile_clip)                                                                      \
    X(mq_treat_mad_clip)

#define MQ_NORMALISER(name) extern const struct mq_normaliser name;
#define MQ_COMBINER(name)   extern const struct mq_combiner name;
#define MQ_WEIGHER(name)    extern const struct mq_weigher name;
#define MQ_IMPUTER(name)    extern const struct mq_imputer name;
#define MQ_TREATER(name)    extern const struct mq_treater name;
MQ_NORMALISER_ROWS(MQ_NORMALISER)
MQ_COMBINER_ROWS(MQ_COMBINER)
MQ_WEIGHER_ROWS(MQ_WEIGHER)
MQ_IMPUTER_ROWS(MQ_IMPUTER)
MQ_TREATER_ROWS(MQ_TREATER)

#endif
