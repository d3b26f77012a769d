/* Means and medians of groups within a period; time. */
#include "index/impute_parts.h"

#include <math.h>
#include <stdlib.h>

struct member {
    uint32_t group;
    double value;
};

static int by_group_and_value(const void *left, const void *right)
{
    const struct member *a = left, *b = right;

    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

static double mean_of(const struct member *member, size_t count)
{
    double mean, least = member[0].value, greatest = least;
    struct mq_exact sum = {0};

    for (size_t i = 0; i < count; i++) {
        mq_exact_add(&sum, member[i].value);
        least = fmin(least, member[i].value);
        greatest = fmax(greatest, member[i].value);
    }
    mean = mq_exact_value(&sum) / (double)count;
    if (!isfinite(mean)) /* the sum is beyond the range of doubles, the mean is not */
        mean = least / 2 + greatest / 2;
    return fmin(fmax(mean, least), greatest) + 0;
}

static double median_of(const struct member *member, size_t count)
{
    double left = member[(count - 1) / 2].value, right = member[count / 2].value;

    return (isfinite(left + right) ? (left + right) / 2 : left / 2 + right / 2) + 0;
}

static uint32_t group_of(const uint32_t *group, size_t unit)
{
    return group ? group[unit] : 0;
}

/* Place of a group among members in order. */
static size_t first_of(const struct member *member, size_t members, uint32_t group)
{
    size_t low = 0, high = members;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (member[middle].group < group)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef double centre_fn(const struct member *member, size_t count);

/* The values of one period: the first member of each group becomes its centre. */
static size_t list_centres(const double *value, const uint32_t *group, size_t units,
                           struct member *member, centre_fn *centre)
{
    size_t members = 0, groups = 0;

    for (size_t u = 0; u < units; u++)
        if (!isnan(value[u]) && group_of(group, u) != UINT32_MAX)
            member[members++] = (struct member){group_of(group, u), value[u]};
    if (members && (group || centre != mean_of)) /* a mean of all needs no order */
        qsort(member, members, sizeof *member, by_group_and_value);
    for (size_t begin = 0, end; begin < members; begin = end) {
        for (end = begin + 1; end < members && member[end].group == member[begin].group;)
            end++;
        member[groups++] =
            (struct member){member[begin].group, centre(member + begin, end - begin)};
    }
    return groups;
}

static enum mq_status fill(const struct mq_panel *panel, const uint32_t *group, double *made,
                           centre_fn *centre, struct mq_error *error)
{
    struct member *member = malloc((panel->units + 1) * sizeof *member);

    if (!member)
        return mq_fail_memory(error);
    for (size_t p = 0; p < panel->periods; p++) {
        size_t groups =
            list_centres(panel->value + p * panel->units, group, panel->units, member, centre);
        for (size_t u = 0; u < panel->units; u++) {
            uint32_t wanted = group_of(group, u);
            size_t found = first_of(member, groups, wanted);
            made[p * panel->units + u] =
                found < groups && member[found].group == wanted ? member[found].value : NAN;
        }
    }
    free(member);
    return MQ_OK;
}

enum mq_status mq_panel_means(const struct mq_panel *panel, const uint32_t *group, double *made,
                              struct mq_error *error)
{
    return fill(panel, group, made, mean_of, error);
}

enum mq_status mq_panel_medians(const struct mq_panel *panel, const uint32_t *group, double *made,
                                struct mq_error *error)
{
    return fill(panel, group, made, median_of, error);
}

double mq_panel_time(const struct mq_panel *panel, size_t period)
{
    for (size_t p = 0; p < panel->periods; p++)
        if (isnan(panel->time[p]) || (p > 0 && panel->time[p] <= panel->time[p - 1]))
            return (double)period;
    return panel->time[period];
}
