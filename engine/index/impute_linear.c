/* linear: a straight line between the values before and after stands in. */
#include <math.h>

#include "index/impute_parts.h"

static double between(const struct mq_panel *panel, size_t unit, size_t before, size_t after,
                      size_t period)
{
    double left = panel->value[before * panel->units + unit];
    double right = panel->value[after * panel->units + unit];
    double start = mq_panel_time(panel, before), span = mq_panel_time(panel, after) - start;
    double part = (mq_panel_time(panel, period) - start) / span;

    return isfinite(right - left) ? left + (right - left) * part : left * (1 - part) + right * part;
}

/* The period with a value that is nearest after `period`; panel->periods: none. */
static size_t next_present(const struct mq_panel *panel, size_t unit, size_t period)
{
    while (period < panel->periods && isnan(panel->value[period * panel->units + unit]))
        period++;
    return period;
}

static void fill_unit(const struct mq_panel *panel, size_t unit, double *made)
{
    size_t none = panel->periods, before = none, after = next_present(panel, unit, 0);

    for (size_t p = 0; p < panel->periods; p++) {
        double *cell = &made[p * panel->units + unit];
        if (p == after) { /* present: not looked at */
            before = p;
            after = next_present(panel, unit, p + 1);
            *cell = NAN;
        } else if (before != none && after != none) {
            *cell = between(panel, unit, before, after, p);
        } else {
            size_t one = before != none ? before : after;
            *cell = one == none ? NAN : panel->value[one * panel->units + unit];
        }
    }
}

static enum mq_status impute(const struct mq_panel *panel, const struct mq_choice *choice,
                             double *made, struct mq_error *error)
{
    (void)choice, (void)error;
    for (size_t u = 0; u < panel->units; u++)
        fill_unit(panel, u, made);
    return MQ_OK;
}

const struct mq_imputer mq_impute_linear = {
    .method = {.name = "linear",
               .title = "线性插补",
               .summary = "a straight line over time between the unit's values before and after; "
                          "before its first and after its last value those stand in",
               .formula = "z(t) = x(s) + (x(r) - x(s)) * (t - s) / (r - s), s and r the periods "
                          "with values around t; one of them alone: z = x",
               .reference = "OECD/JRC Handbook on Constructing Composite Indicators (2008), 3; as "
                            "COINr's impute_panel with linear-constant",
               .params = NULL},
    .impute = impute,
};
