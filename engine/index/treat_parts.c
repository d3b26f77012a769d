/* Winsorising, logarithms and quantiles of one column. */
#include "index/treat_parts.h"

#include <math.h>
#include <string.h>

#include "index/moments.h"

/* ---- winsorising ---- */

/* One end of a column: the outermost value, how many have it, and the next one inwards. */
struct end {
    double outer, next;
    size_t count;
};

static struct end upper_end(const double *value, size_t count)
{
    struct end end = {-INFINITY, -INFINITY, 0};

    for (size_t i = 0; i < count; i++) {
        if (value[i] > end.outer)
            end = (struct end){value[i], end.outer, 1};
        else if (value[i] == end.outer)
            end.count++;
        else if (value[i] > end.next)
            end.next = value[i];
    }
    return end;
}

static struct end lower_end(const double *value, size_t count)
{
    struct end end = {INFINITY, INFINITY, 0};

    for (size_t i = 0; i < count; i++) {
        if (value[i] < end.outer)
            end = (struct end){value[i], end.outer, 1};
        else if (value[i] == end.outer)
            end.count++;
        else if (value[i] < end.next)
            end.next = value[i];
    }
    return end;
}

static void move(double *value, size_t count, const struct end *end, struct mq_exact *sum)
{
    for (size_t i = 0; i < count; i++) {
        if (value[i] != end->outer)
            continue;
        mq_exact_subtract(sum, value[i]);
        value[i] = end->next + 0; /* no negative zero: which is found first depends on the order */
        mq_exact_add(sum, value[i]);
    }
}

bool mq_winsorise(const struct mq_winsorising *limits, double *value, size_t count, size_t *moved)
{
    size_t above = 0, below = 0; /* moved so far; they stand at the ends now */
    struct mq_exact sum = {0};
    struct mq_shape shape;

    for (size_t i = 0; i < count; i++)
        mq_exact_add(&sum, value[i]);
    for (;;) {
        mq_shape_about(value, count, &sum, &shape);
        *moved = above + below;
        if (!mq_shape_bad(&shape, limits->skewness, limits->kurtosis))
            return true;
        bool up = shape.skewness >= 0;
        struct end end = up ? upper_end(value, count) : lower_end(value, count);
        if (end.count + (up ? below : above) > limits->most)
            return false;
        move(value, count, &end, &sum);
        *(up ? &above : &below) = end.count;
    }
}

bool mq_has_outliers(const struct mq_winsorising *limits, const double *value, size_t count)
{
    struct mq_shape shape;

    mq_shape_of(value, count, &shape);
    return mq_shape_bad(&shape, limits->skewness, limits->kurtosis);
}

struct mq_winsorising mq_winsorising_of(const struct mq_choice *choice)
{
    return (struct mq_winsorising){(size_t)choice->param[0], choice->param[1], choice->param[2]};
}

const char *mq_winsorising_fault(const struct mq_choice *choice)
{
    double most = choice->param[0];

    if (!(most >= 0 && most <= 1e9 && most == floor(most)))
        return "`max_points` must be a whole number, 0 or more";
    return choice->param[1] >= 0 ? NULL : "`skew` must not be negative: it limits a size";
}

/* ---- logarithms ---- */

/* False if the column is to stay as it is. */
static bool spread_of(const double *value, size_t count, double *least, double *greatest)
{
    return mq_reference_range(value, count, least, greatest) && *least < *greatest;
}

/* A column is treated as a whole or not at all. */
static void keep_if_finite(const double *value, size_t count, double *treated)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(treated[i])) {
            memcpy(treated, value, count * sizeof *treated);
            return;
        }
}

void mq_log_ct(const double *value, size_t count, double *treated)
{
    double least, greatest;

    memcpy(treated, value, count * sizeof *treated);
    if (!spread_of(value, count, &least, &greatest))
        return;
    double shift = 0.01 * (greatest - least);
    for (size_t i = 0; i < count; i++)
        treated[i] = log(value[i] - least + shift);
    keep_if_finite(value, count, treated);
}

void mq_log_ct_orig(const double *value, size_t count, double *treated)
{
    mq_box_cox(value, count, 0, treated);
}

/* Without a skewness the upper end is taken for the long one. */
void mq_log_ct_plus(const double *value, size_t count, double *treated)
{
    struct mq_shape shape;
    double least, greatest;

    mq_shape_of(value, count, &shape);
    if (!(shape.skewness <= 0)) {
        mq_log_ct(value, count, treated);
        return;
    }
    memcpy(treated, value, count * sizeof *treated);
    if (!spread_of(value, count, &least, &greatest))
        return;
    double top = greatest + 0.01 * (greatest - least);
    for (size_t i = 0; i < count; i++)
        treated[i] = -log(top - value[i]);
    keep_if_finite(value, count, treated);
}

void mq_log_gii(const double *value, size_t count, double *treated)
{
    double least, greatest;

    memcpy(treated, value, count * sizeof *treated);
    if (!spread_of(value, count, &least, &greatest) || !(greatest > 1))
        return;
    for (size_t i = 0; i < count; i++)
        treated[i] = log((greatest - 1) * (value[i] - least) / (greatest - least) + 1);
    keep_if_finite(value, count, treated);
}

void mq_box_cox(const double *value, size_t count, double lambda, double *treated)
{
    double least, greatest;

    memcpy(treated, value, count * sizeof *treated);
    if (!spread_of(value, count, &least, &greatest))
        return;
    for (size_t i = 0; i < count; i++) {
        double y = value[i] - least + 1;
        treated[i] = lambda == 0 ? log(y) : (pow(y, lambda) - 1) / lambda;
    }
    keep_if_finite(value, count, treated);
}

/* ---- quantiles ---- */

double mq_quantile(const double *ordered, size_t count, double share)
{
    double at = share * (double)(count - 1), whole = floor(at);
    size_t below = (size_t)whole, above = below + 1 < count ? below + 1 : below;
    double part = at - whole, span = ordered[above] - ordered[below];

    if (part == 0 || span == 0)
        return ordered[below] + 0;
    return isfinite(span) ? ordered[below] + part * span
                          : ordered[below] * (1 - part) + ordered[above] * part;
}
