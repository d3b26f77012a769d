/* unit: a value off by about a power of ten, as when yuan are written where thousands are asked
 * for. What the group has in common (growth, output a head) is taken out first. */
#include <math.h>

#include "validate/edit_parts.h"

enum { TOLERANCE, LEAST, MOST, MIN_OBS };

static const struct mq_param params_table[] = {
    {.name = "tolerance",
     .kind = MQ_PARAM_REAL,
     .fallback = 0.35,
     .meaning = "how far from the power of ten, as a share: 0.35 is from 1/1.35 to 1.35 times"},
    {.name = "least", .kind = MQ_PARAM_REAL, .fallback = 1, .meaning = "smallest power looked for"},
    {.name = "most", .kind = MQ_PARAM_REAL, .fallback = 4, .meaning = "greatest power looked for"},
    MQ_EDIT_PARAM_MIN_OBS(5),
    {.name = NULL}};

static const char *check(const struct mq_choice *choice)
{
    const double *param = choice->param;
    if (!(param[TOLERANCE] > 0 && param[TOLERANCE] < 2.16))
        return "`tolerance` must be greater than 0 and less than 2.16 (half way between powers)";
    if (!(param[LEAST] >= 1 && param[LEAST] <= param[MOST] && param[MOST] <= 9))
        return "`least` and `most` must be 1 <= least <= most <= 9";
    if (param[LEAST] != floor(param[LEAST]) || param[MOST] != floor(param[MOST]))
        return "`least` and `most` must be whole numbers";
    return mq_edit_least(param[MIN_OBS]);
}

static void run(const struct mq_edit_group *group, double *work, struct mq_edit_result *result)
{
    const double *param = group->param;
    size_t used = mq_edit_start(group, (struct mq_edit_usable){false, false}, param[MIN_OBS], false,
                                work, result);
    double reach = log10(1 + param[TOLERANCE]);

    if (!used)
        return;
    result->bounds.centre = result->bounds.median;
    for (size_t i = 0; i < group->count; i++) {
        double distance, power;
        if (result->status[i] != MQ_EDIT_ACCEPT)
            continue;
        distance = log10(result->measure[i] / result->bounds.centre);
        power = round(distance);
        result->measure[i] = 0;
        if (fabs(power) < param[LEAST] || fabs(power) > param[MOST] ||
            fabs(distance - power) > reach)
            continue;
        result->measure[i] = power;
        result->status[i] = MQ_EDIT_UNIT;
    }
}

const struct mq_edit_method mq_edit_unit = {
    .method = {.name = "unit",
               .title = "计量单位审核",
               .summary = "off by about 10, 100, 1000 or 10000: suspected wrong unit",
               .formula = "q = (x / y) / median(x / y); p = round(log10 q); least <= |p| <= most "
                          "and |log10 q - p| <= log10(1 + tolerance)",
               .reference = "de Waal, T., Pannekoek, J. and Scholtus, S. (2011), Handbook of "
                            "Statistical Data Editing and Imputation, Wiley; Al-Hamad, A., "
                            "Lewis, D. and Silva, P. L. N. (2008), Assessing the performance of "
                            "the thousand pounds automatic editing procedure at the ONS, UNECE "
                            "Work Session on Statistical Data Editing",
               .params = params_table,
               .compares = true,
               .fault = check},
    .run = run,
};
