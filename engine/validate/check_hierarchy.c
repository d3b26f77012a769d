/* Sums along a code list. Rows sorted by their own label meet rows sorted by the label above. */
#include <math.h>
#include <stdlib.h>

#include "model/model.h"
#include "validate/relations.h"

struct entry {
    uint32_t label;
    size_t row;
};

static int by_label(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;

    return left->label < right->label ? -1 : left->label > right->label;
}

static void lower(uint8_t *truth, const struct entry *entry, size_t count, enum mq_truth to)
{
    for (size_t i = 0; i < count; i++)
        if (truth[entry[i].row] > to)
            truth[entry[i].row] = (uint8_t)to;
}

/* Total less parts, exactly. */
static enum mq_truth judge(const struct mq_hierarchy *hierarchy, size_t total,
                           const struct entry *part, size_t parts)
{
    struct mq_exact rest = {0};

    if (!isfinite(hierarchy->value[total]))
        return MQ_UNKNOWN;
    mq_exact_add(&rest, hierarchy->value[total]);
    for (size_t i = 0; i < parts; i++) {
        if (!isfinite(hierarchy->value[part[i].row]))
            return MQ_UNKNOWN;
        mq_exact_subtract(&rest, hierarchy->value[part[i].row]);
    }
    return fabs(mq_exact_value(&rest)) <= hierarchy->tolerance ? MQ_TRUE : MQ_FALSE;
}

static size_t same_label(const struct entry *entry, size_t count)
{
    size_t same = 0;

    while (same < count && entry[same].label == entry[0].label)
        same++;
    return same;
}

enum mq_status mq_hierarchy_check(const struct mq_hierarchy *hierarchy, uint8_t *truth,
                                  size_t *twice, struct mq_error *error)
{
    size_t owns = 0, belows = 0, own = 0;
    struct entry *entry = calloc(hierarchy->rows + 1, 2 * sizeof *entry), *below;

    *twice = 0;
    if (!entry)
        return mq_fail_memory(error);
    below = entry + hierarchy->rows;
    for (size_t i = 0; i < hierarchy->rows; i++) {
        uint32_t label = hierarchy->label[i];
        truth[i] = label < hierarchy->labels ? MQ_TRUE : MQ_UNKNOWN;
        if (label >= hierarchy->labels)
            continue;
        entry[owns++] = (struct entry){label, i};
        if (hierarchy->parent[label] < hierarchy->labels)
            below[belows++] = (struct entry){hierarchy->parent[label], i};
    }
    qsort(entry, owns, sizeof *entry, by_label);
    qsort(below, belows, sizeof *below, by_label);
    for (size_t start = 0, parts; start < belows; start += parts) {
        size_t totals;
        parts = same_label(below + start, belows - start);
        while (own < owns && entry[own].label < below[start].label)
            own++;
        if (own == owns || entry[own].label != below[start].label)
            continue;
        totals = same_label(entry + own, owns - own);
        if (totals == 1) {
            enum mq_truth verdict = judge(hierarchy, entry[own].row, below + start, parts);
            lower(truth, entry + own, totals, verdict);
            lower(truth, below + start, parts, verdict);
        } else {
            ++*twice;
            lower(truth, entry + own, totals, MQ_UNKNOWN);
            lower(truth, below + start, parts, MQ_UNKNOWN);
        }
    }
    free(entry);
    return MQ_OK;
}
