/*
 * How far along a target is. With s = 1 for direction up and -1 for down, actual value a of year y,
 * baseline b of year y0, target T due in year d:
 *
 *   reach     achieved: s(a - T) >= 0; missed: not so and y >= d; on course: s(a - p) >= 0 with
 *             p = b + (T - b)(y - y0) / (d - y0), the straight line; behind: the rest
 *   hold      achieved: s(a - T) >= 0;  rise: s(a - b) > 0;  above: s(a - r) > 0;
 *             at_least: s(a - r) >= 0; else behind before the due year and missed from then on
 *   pace      (a - b) / (y - y0);  required (T - a) / (d - y) while not achieved and y < d
 *
 * Values are compared at the decimals of the target, so that 0.3 + 0.6 reaches 0.9.
 */
#include "run/targets.h"

#include <math.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2200 };

/* The sum of the years after the baseline; all of them must be there. */
static bool total(const struct mq_targets *targets, const struct mq_actuals *actuals, int target,
                  int year, double *value)
{
    struct mq_exact sum = {0};
    for (int y = targets->target[target].baseline_year + 1; y <= year; y++) {
        const struct mq_actual *actual = mq_actual_target(targets, actuals, target, y);
        if (!actual)
            return false;
        mq_exact_add(&sum, actual->value);
    }
    *value = mq_exact_value(&sum);
    return true;
}

static bool value_of(const struct mq_targets *targets, const struct mq_actuals *actuals, int index,
                     int year, struct mq_judged *judged)
{
    const struct mq_target *target = &targets->target[index];
    const struct mq_actual *actual = mq_actual_target(targets, actuals, index, year);
    const struct mq_actual *beside = mq_actual_figure(actuals, target->beside, year);
    if (!actual || (target->beside >= 0 && !beside) ||
        (target->baseline_year && year < target->baseline_year))
        return false;
    judged->actual = actual->value;
    judged->from = actual->from;
    judged->wanted = beside ? beside->value : target->value;
    return !target->total ||
           (year > target->baseline_year && total(targets, actuals, index, year, &judged->actual));
}

/* As printed: the difference of two printed values has one sign for every reader. */
static double printed(const struct mq_targets *targets, const struct mq_target *target,
                      double value)
{
    char text[352];
    double rounded = value;
    if (isfinite(value)) {
        mq_round_text(value, target->decimals, targets->rounding, text);
        mq_real_parse(text, strlen(text), &rounded);
    }
    return rounded;
}

static enum mq_standing stand(const struct mq_targets *targets, const struct mq_target *target,
                              const struct mq_judged *judged)
{
    double sign = target->direction == MQ_UP ? 1 : -1;
    double ahead = sign * (printed(targets, target, judged->actual) -
                           printed(targets, target, judged->wanted));
    bool strict = target->kind == MQ_TARGET_RISE || target->kind == MQ_TARGET_ABOVE;
    if (strict ? ahead > 0 : ahead >= 0)
        return MQ_ACHIEVED;
    if (judged->year >= target->due)
        return MQ_MISSED;
    if (target->kind != MQ_TARGET_REACH)
        return MQ_BEHIND;
    ahead =
        sign * (printed(targets, target, judged->actual) - printed(targets, target, judged->path));
    return ahead >= 0 ? MQ_ON_COURSE : MQ_BEHIND;
}

static void measure(const struct mq_target *target, struct mq_judged *judged)
{
    int since = judged->year - target->baseline_year;
    judged->distance = judged->wanted - judged->actual;
    if (!isnan(judged->baseline) && since > 0)
        judged->pace = (judged->actual - judged->baseline) / since;
    if (target->kind == MQ_TARGET_REACH) {
        double span = target->due - target->baseline_year, gone = since < span ? since : span;
        judged->path = judged->baseline + (target->value - judged->baseline) * (gone / span);
    }
}

struct mq_judged mq_target_judge(const struct mq_targets *targets, const struct mq_actuals *actuals,
                                 int index, int year)
{
    const struct mq_target *target = &targets->target[index];
    struct mq_judged judged = {.standing = MQ_NO_DATA,
                               .actual = NAN,
                               .baseline = target->baseline,
                               .wanted = target->value,
                               .path = NAN,
                               .distance = NAN,
                               .pace = NAN,
                               .required = NAN,
                               .from = ""};
    const struct mq_actual *base =
        target->baseline_year ? mq_actual_target(targets, actuals, index, target->baseline_year)
                              : NULL;
    if (target->total)
        judged.baseline = 0;
    else if (isnan(judged.baseline) && base)
        judged.baseline = base->value;
    int y = year ? year : LAST_YEAR;
    while (y >= FIRST_YEAR && !value_of(targets, actuals, index, y, &judged))
        y--;
    if (target->kind == MQ_TARGET_RISE)
        judged.wanted = judged.baseline;
    if (y < FIRST_YEAR || isnan(judged.wanted) ||
        (target->kind == MQ_TARGET_REACH && isnan(judged.baseline))) {
        judged.actual = NAN;
        return judged;
    }
    judged.year = y;
    measure(target, &judged);
    judged.standing = stand(targets, target, &judged);
    if (judged.standing != MQ_ACHIEVED && target->due > y)
        judged.required = judged.distance / (target->due - y);
    return judged;
}
