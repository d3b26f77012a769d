/* What all edits do with the rows of a group: who takes part, and on which side of the bounds a row
 * lies. */
#include <math.h>

#include "validate/edit_parts.h"

const char *const mq_edit_sides[] = {"both", "left", "right", NULL};

static enum mq_edit_status usable_value(double value, struct mq_edit_usable usable)
{
    if (!isfinite(value))
        return MQ_EDIT_MISSING;
    if (value == 0 && !usable.zero)
        return MQ_EDIT_ZERO;
    return value < 0 && !usable.negative ? MQ_EDIT_NEGATIVE : MQ_EDIT_ACCEPT;
}

static enum mq_edit_status usable_pair(double value, double against, struct mq_edit_usable usable)
{
    static const struct mq_edit_usable positive = {false, false};
    enum mq_edit_status status = usable_value(value, usable);

    if (status != MQ_EDIT_ACCEPT)
        return status;
    status = usable_value(against, positive);
    if (status == MQ_EDIT_MISSING)
        return MQ_EDIT_NO_MATCH;
    if (status == MQ_EDIT_ACCEPT && usable_value(value / against, usable) != MQ_EDIT_ACCEPT)
        return MQ_EDIT_MISSING; /* a quotient beyond the range of doubles */
    return status;
}

static size_t gather(const struct mq_edit_group *group, struct mq_edit_usable usable, bool logs,
                     double *work, struct mq_edit_result *result)
{
    size_t used = 0;

    result->bounds = (struct mq_edit_bounds){0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < group->count; i++) {
        double value = group->value[i];
        enum mq_edit_status status = group->against ? usable_pair(value, group->against[i], usable)
                                                    : usable_value(value, usable);
        result->status[i] = (uint8_t)status;
        result->measure[i] = NAN;
        if (status != MQ_EDIT_ACCEPT)
            continue;
        double measure = group->against ? value / group->against[i] : value;
        work[used++] = result->measure[i] = logs ? log(measure) : measure;
    }
    result->bounds.used = used;
    return used;
}

size_t mq_edit_start(const struct mq_edit_group *group, struct mq_edit_usable usable,
                     double min_obs, bool logs, double *work, struct mq_edit_result *result)
{
    size_t used = gather(group, usable, logs, work, result);

    if (used == 0 || (double)used < min_obs) {
        mq_edit_refuse(group, MQ_EDIT_TOO_FEW, result);
        return 0;
    }
    mq_edit_sort(work, work + used, used);
    mq_edit_quartiles(work, used, result);
    return used;
}

void mq_edit_refuse(const struct mq_edit_group *group, enum mq_edit_status why,
                    struct mq_edit_result *result)
{
    for (size_t i = 0; i < group->count; i++) {
        if (result->status[i] == MQ_EDIT_ACCEPT)
            result->status[i] = (uint8_t)why;
        result->measure[i] = NAN;
    }
}

void mq_edit_quartiles(const double *sorted, size_t used, struct mq_edit_result *result)
{
    result->bounds.lower_quartile = mq_edit_percentile(sorted, used, 25);
    result->bounds.median = mq_edit_percentile(sorted, used, 50);
    result->bounds.upper_quartile = mq_edit_percentile(sorted, used, 75);
}

void mq_edit_set_bounds(struct mq_edit_bounds *bounds, struct mq_edit_distance distance,
                        double exclude, double impute)
{
    if (exclude > 0) {
        bounds->low_exclude = distance.low - exclude * distance.below;
        bounds->high_exclude = distance.high + exclude * distance.above;
    }
    if (impute > 0) {
        bounds->low_impute = distance.low - impute * distance.below;
        bounds->high_impute = distance.high + impute * distance.above;
    }
}

void mq_edit_judge(const struct mq_edit_group *group, enum mq_edit_side side,
                   struct mq_edit_result *result)
{
    const struct mq_edit_bounds *bounds = &result->bounds;
    bool left = side != MQ_SIDE_RIGHT, right = side != MQ_SIDE_LEFT;

    /* comparisons with NaN are false: a bound that does not exist catches nothing */
    for (size_t i = 0; i < group->count; i++) {
        double measure = result->measure[i];
        if (result->status[i] != MQ_EDIT_ACCEPT)
            continue;
        if (left && measure < bounds->low_impute)
            result->status[i] = MQ_EDIT_IMPUTE_LOW;
        else if (right && measure > bounds->high_impute)
            result->status[i] = MQ_EDIT_IMPUTE_HIGH;
        else if (left && measure < bounds->low_exclude)
            result->status[i] = MQ_EDIT_EXCLUDE_LOW;
        else if (right && measure > bounds->high_exclude)
            result->status[i] = MQ_EDIT_EXCLUDE_HIGH;
    }
}

const char *mq_edit_multipliers(double exclude, double impute)
{
    if (!(exclude >= 0) || !(impute >= 0))
        return "`exclude` and `impute` must not be negative";
    if (exclude == 0 && impute == 0)
        return "`exclude` or `impute` must be given";
    if (impute > 0 && exclude > impute)
        return "`exclude` must not be greater than `impute`";
    return NULL;
}

const char *mq_edit_least(double min_obs)
{
    return min_obs >= 1 && min_obs == floor(min_obs) ? NULL
                                                     : "`min_obs` must be a whole number from 1";
}
