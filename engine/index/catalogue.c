/* The catalogues: a method is one file and one line in each of two lists here. */
#include "index/index_parts.h"
#include "validate/validate.h"

const struct mq_normaliser *const mq_normalisers[] = {&mq_norm_efficacy, &mq_norm_minmax,
                                                      &mq_norm_zscore, &mq_norm_none};
const size_t mq_normalisers_count = sizeof mq_normalisers / sizeof mq_normalisers[0];

const struct mq_combiner *const mq_combiners[] = {&mq_combine_arithmetic, &mq_combine_geometric};
const size_t mq_combiners_count = sizeof mq_combiners / sizeof mq_combiners[0];

const struct mq_weigher *const mq_weighers[] = {&mq_weigh_fixed, &mq_weigh_equal};
const size_t mq_weighers_count = sizeof mq_weighers / sizeof mq_weighers[0];

/* The same rows as the model room sees them: names and parameters without arithmetic. */
static const struct mq_method *const normalise[] = {
    &mq_norm_efficacy.method, &mq_norm_minmax.method, &mq_norm_zscore.method, &mq_norm_none.method};
static const struct mq_method *const combine[] = {&mq_combine_arithmetic.method,
                                                  &mq_combine_geometric.method};
static const struct mq_method *const weigh[] = {&mq_weigh_fixed.method, &mq_weigh_equal.method};

_Static_assert(sizeof normalise == sizeof mq_normalisers && sizeof combine == sizeof mq_combiners &&
                   sizeof weigh == sizeof mq_weighers,
               "both lists name the same methods");

const struct mq_catalogue *mq_catalogue(void)
{
    static const struct mq_catalogue catalogue = {
        .methods = {[MQ_NORMALISE] = normalise,
                    [MQ_COMBINE] = combine,
                    [MQ_WEIGH] = weigh,
                    [MQ_EDIT] = mq_edit_rows},
        .count = {[MQ_NORMALISE] = sizeof normalise / sizeof normalise[0],
                  [MQ_COMBINE] = sizeof combine / sizeof combine[0],
                  [MQ_WEIGH] = sizeof weigh / sizeof weigh[0],
                  [MQ_EDIT] = MQ_EDIT_METHODS},
    };

    return &catalogue;
}
