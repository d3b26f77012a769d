/* The catalogues, from the one list of methods. */
#include "index/index_parts.h"
#include "validate/validate.h"

#define ROW(name)    &(name),
#define METHOD(name) &(name).method,
#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct mq_normaliser *const mq_normalisers[] = {MQ_NORMALISER_ROWS(ROW)};
const size_t mq_normalisers_count = COUNT(mq_normalisers);
const struct mq_combiner *const mq_combiners[] = {MQ_COMBINER_ROWS(ROW)};
const size_t mq_combiners_count = COUNT(mq_combiners);
const struct mq_weigher *const mq_weighers[] = {MQ_WEIGHER_ROWS(ROW)};
const size_t mq_weighers_count = COUNT(mq_weighers);
const struct mq_imputer *const mq_imputers[] = {MQ_IMPUTER_ROWS(ROW)};
const size_t mq_imputers_count = COUNT(mq_imputers);
const struct mq_treater *const mq_treaters[] = {MQ_TREATER_ROWS(ROW)};
const size_t mq_treaters_count = COUNT(mq_treaters);

/* The same rows as the model room sees them: names and parameters without arithmetic. */
static const struct mq_method *const normalise[] = {MQ_NORMALISER_ROWS(METHOD)};
static const struct mq_method *const combine[] = {MQ_COMBINER_ROWS(METHOD)};
static const struct mq_method *const weigh[] = {MQ_WEIGHER_ROWS(METHOD)};
static const struct mq_method *const impute[] = {MQ_IMPUTER_ROWS(METHOD)};
static const struct mq_method *const treat[] = {MQ_TREATER_ROWS(METHOD)};

const struct mq_catalogue *mq_catalogue(void)
{
    static const struct mq_catalogue catalogue = {
        .methods = {[MQ_NORMALISE] = normalise,
                    [MQ_COMBINE] = combine,
                    [MQ_WEIGH] = weigh,
                    [MQ_EDIT] = mq_edit_rows,
                    [MQ_IMPUTE] = impute,
                    [MQ_TREAT] = treat},
        .count = {[MQ_NORMALISE] = COUNT(normalise),
                  [MQ_COMBINE] = COUNT(combine),
                  [MQ_WEIGH] = COUNT(weigh),
                  [MQ_EDIT] = MQ_EDIT_METHODS,
                  [MQ_IMPUTE] = COUNT(impute),
                  [MQ_TREAT] = COUNT(treat)},
    };

    return &catalogue;
}
