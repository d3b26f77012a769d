/* hb: effects of Hidiroglou and Berthelot against the same quantity elsewhere (an earlier period,
 * another source), or the values themselves. */
#include <math.h>

#include "validate/edit_parts.h"

enum { EXPONENT, DISTANCE, EXCLUDE, IMPUTE, SIDE, MIN_OBS, ZERO, NEGATIVE };

static const struct mq_param params_table[] = {
    {.name = "exponent",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "weight of size in the effect, 0 to 1 (U)"},
    {.name = "distance",
     .kind = MQ_PARAM_REAL,
     .fallback = 0.05,
     .meaning = "least distance of a quartile from the median, as a share of the median (A)"},
    {.name = "exclude",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "multiplier of the exclusion bounds; 0: none (C_E)"},
    {.name = "impute",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "multiplier of the imputation bounds; 0: none (C_I)"},
    MQ_EDIT_PARAM_SIDE,
    MQ_EDIT_PARAM_MIN_OBS(3),
    {.name = "zero",
     .kind = MQ_PARAM_FLAG,
     .fallback = 1,
     .meaning = "without `against`: zeros take part"},
    {.name = "negative",
     .kind = MQ_PARAM_FLAG,
     .fallback = 0,
     .meaning = "without `against`: negative values take part"},
    {.name = NULL}};

static const char *check(const struct mq_choice *choice)
{
    const double *param = choice->param;
    const char *fault = mq_edit_multipliers(param[EXCLUDE], param[IMPUTE]);

    if (!(param[EXPONENT] >= 0 && param[EXPONENT] <= 1))
        return "`exponent` must be from 0 to 1";
    if (!(param[DISTANCE] >= 0))
        return "`distance` must not be negative";
    return fault ? fault : mq_edit_least(param[MIN_OBS]);
}

/* Measures become effects, in the rows and in `work`. */
static void to_effects(const struct mq_edit_group *group, double *work,
                       struct mq_edit_result *result)
{
    double centre = result->bounds.centre, exponent = group->param[EXPONENT];
    size_t used = 0;

    for (size_t i = 0; i < group->count; i++) {
        double ratio = result->measure[i];
        if (result->status[i] != MQ_EDIT_ACCEPT)
            continue;
        ratio = ratio < centre ? 1 - centre / ratio : ratio / centre - 1;
        work[used++] = result->measure[i] =
            ratio * pow(fmax(group->value[i], group->against[i]), exponent);
    }
}

static void run(const struct mq_edit_group *group, double *work, struct mq_edit_result *result)
{
    const double *param = group->param;
    struct mq_edit_usable usable = {!group->against && param[ZERO] != 0,
                                    !group->against && param[NEGATIVE] != 0};
    size_t used = mq_edit_start(group, usable, param[MIN_OBS], false, work, result);
    struct mq_edit_bounds *bounds = &result->bounds;
    double least, below, above;

    if (!used)
        return;
    if (group->against) {
        bounds->centre = bounds->median;
        to_effects(group, work, result);
        mq_edit_sort(work, work + used, used);
        mq_edit_quartiles(work, used, result);
    }
    least = fabs(param[DISTANCE] * bounds->median);
    below = fmax(bounds->median - bounds->lower_quartile, least);
    above = fmax(bounds->upper_quartile - bounds->median, least);
    mq_edit_set_bounds(bounds,
                       (struct mq_edit_distance){bounds->median, below, bounds->median, above},
                       param[EXCLUDE], param[IMPUTE]);
    mq_edit_judge(group, (enum mq_edit_side)param[SIDE], result);
}

const struct mq_edit_method mq_edit_hb = {
    .method = {.name = "hb",
               .title = "HB离群值审核",
               .summary = "Hidiroglou-Berthelot: change against another period or source, beside "
                          "the changes of the group",
               .formula =
                   "r = x / y, m = median(r); s = r/m - 1 if r >= m, else 1 - m/r; e = s * "
                   "max(x, y)^exponent; bounds med(e) -+ c * max(|quartile - med(e)|, |distance * "
                   "med(e)|), c = exclude or impute, bounds included; without `against` e = x; "
                   "percentiles linear at p (n + 1)",
               .reference =
                   "Hidiroglou, M. A. and Berthelot, J.-M. (1986), Statistical editing and "
                   "imputation for periodic business surveys, Survey Methodology 12, 73-83; as in "
                   "Banff (Statistics Canada)",
               .params = params_table,
               .fault = check},
    .run = run,
};
