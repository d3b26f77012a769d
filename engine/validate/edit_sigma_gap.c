/* sigma_gap: beyond the first wide gap between neighbours, going outwards, all are outliers. */
#include <math.h>

#include "validate/edit_parts.h"

enum { EXCLUDE, IMPUTE, START, SIGMA, SIDE, MIN_OBS, ZERO, NEGATIVE };
enum { SIGMA_MAD, SIGMA_SD };

static const char *const sigmas[] = {"mad", "sd", NULL};

static const struct mq_param params_table[] = {
    {.name = "exclude",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "gaps wider than this many sigma mark exclusions; 0: none (beta_E)"},
    {.name = "impute",
     .kind = MQ_PARAM_REAL,
     .fallback = 0,
     .meaning = "gaps wider than this many sigma mark imputations; 0: none (beta_I)"},
    {.name = "start",
     .kind = MQ_PARAM_REAL,
     .fallback = 75,
     .meaning = "percentile from which gaps are looked for on the right; 100 - start on the left"},
    {.name = "sigma",
     .kind = MQ_PARAM_CHOICE,
     .fallback = SIGMA_MAD,
     .choices = sigmas,
     .meaning = "1.4826 times the median absolute deviation, or the standard deviation (n - 1)"},
    MQ_EDIT_PARAM_SIDE,
    MQ_EDIT_PARAM_MIN_OBS(5),
    {.name = "zero", .kind = MQ_PARAM_FLAG, .fallback = 1, .meaning = "zeros take part"},
    {.name = "negative",
     .kind = MQ_PARAM_FLAG,
     .fallback = 0,
     .meaning = "negative values take part"},
    {.name = NULL}};

static const char *check(const struct mq_choice *choice)
{
    const double *param = choice->param;
    const char *fault = mq_edit_multipliers(param[EXCLUDE], param[IMPUTE]);

    if (!(param[START] >= 0 && param[START] <= 100))
        return "`start` must be from 0 to 100";
    if (param[SIDE] == MQ_SIDE_BOTH && param[START] < 50)
        return "`start` must be from 50 when both sides are looked at";
    return fault ? fault : mq_edit_least(param[MIN_OBS]);
}

/* Two passes over sorted values: the order of rows cannot show. Values are scaled so that squares
 * stay in range. */
static double standard_deviation(const double *sorted, size_t count)
{
    double scale = fmax(fabs(sorted[0]), fabs(sorted[count - 1])), mean = 0, squares = 0, rest = 0;

    if (count < 2 || sorted[0] == sorted[count - 1])
        return 0;
    for (size_t i = 0; i < count; i++)
        mean += sorted[i] / scale;
    mean /= (double)count;
    for (size_t i = 0; i < count; i++) {
        double distance = sorted[i] / scale - mean;
        rest += distance;
        squares += distance * distance;
    }
    return scale * sqrt((squares - rest * rest / (double)count) / (double)(count - 1));
}

/* The last value before the first gap wider than `gap` upwards from sorted[from]; NaN if none. */
static double last_before_up(const double *sorted, size_t count, size_t from, double gap)
{
    for (size_t i = from; i + 1 < count; i++)
        if (sorted[i + 1] - sorted[i] > gap)
            return sorted[i];
    return NAN;
}

static double last_before_down(const double *sorted, size_t from, double gap)
{
    for (size_t i = from; i > 0; i--)
        if (sorted[i] - sorted[i - 1] > gap)
            return sorted[i];
    return NAN;
}

/* Gaps are looked for on the sides asked for only. */
static void find_gaps(const double *sorted, size_t used, const double *param,
                      struct mq_edit_bounds *bounds)
{
    double exclude = param[EXCLUDE] > 0 ? param[EXCLUDE] * bounds->spread : INFINITY;
    double impute = param[IMPUTE] > 0 ? param[IMPUTE] * bounds->spread : INFINITY;

    if (param[SIDE] != MQ_SIDE_RIGHT) {
        double start = mq_edit_percentile(sorted, used, 100 - param[START]);
        size_t from = 0;
        while (from + 1 < used && sorted[from] < start)
            from++;
        bounds->low_exclude = last_before_down(sorted, from, exclude);
        bounds->low_impute = last_before_down(sorted, from, impute);
    }
    if (param[SIDE] != MQ_SIDE_LEFT) {
        double start = mq_edit_percentile(sorted, used, param[START]);
        size_t from = used - 1;
        while (from > 0 && sorted[from] > start)
            from--;
        bounds->high_exclude = last_before_up(sorted, used, from, exclude);
        bounds->high_impute = last_before_up(sorted, used, from, impute);
    }
}

static void run(const struct mq_edit_group *group, double *work, struct mq_edit_result *result)
{
    const double *param = group->param;
    struct mq_edit_usable usable = {!group->against && param[ZERO] != 0,
                                    !group->against && param[NEGATIVE] != 0};
    size_t used = mq_edit_start(group, usable, param[MIN_OBS], false, work, result);
    struct mq_edit_bounds *bounds = &result->bounds;

    if (!used)
        return;
    bounds->spread = param[SIGMA] == SIGMA_SD ? standard_deviation(work, used)
                                              : mq_edit_deviation(work, used, work + used);
    if (!(bounds->spread > 0)) {
        mq_edit_refuse(group, MQ_EDIT_NO_SPREAD, result);
        return;
    }
    find_gaps(work, used, param, bounds);
    mq_edit_judge(group, (enum mq_edit_side)param[SIDE], result);
}

const struct mq_edit_method mq_edit_sigma_gap = {
    .method = {.name = "sigma_gap",
               .title = "间距离群值审核",
               .summary = "values beyond the first gap that is wide for the spread of the group",
               .formula = "sorted x or x / y; outwards from the start percentile, the first "
                          "x(i+1) - x(i) > beta * sigma; all beyond it are outliers; sigma = "
                          "1.4826 med|x - med(x)| or the standard deviation (n - 1)",
               .reference = "Banff (Statistics Canada), outlier detection, sigma-gap method; "
                            "Bernier, J. and Nobrega, K. (1998), Outlier detection in asymmetric "
                            "samples, SSC Proceedings of the Survey Methods Section",
               .params = params_table,
               .fault = check},
    .shift = true,
    .run = run,
};
