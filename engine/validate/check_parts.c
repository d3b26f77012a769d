/* One whole and its parts. */
#include <math.h>

#include "model/model.h"
#include "validate/relations.h"

void mq_part_whole_check(const struct mq_part_whole *relation, uint8_t *truth, bool *twice)
{
    struct mq_exact rest = {0};
    size_t wholes = 0, parts = 0, missing = 0;
    enum mq_truth verdict = MQ_UNKNOWN;

    for (size_t i = 0; i < relation->rows; i++) {
        double value = relation->value[i];
        if (relation->role[i] == MQ_NO_PART)
            continue;
        *(relation->role[i] == MQ_WHOLE ? &wholes : &parts) += 1;
        if (!isfinite(value))
            missing++;
        else if (relation->role[i] == MQ_WHOLE)
            mq_exact_add(&rest, value);
        else
            mq_exact_subtract(&rest, value);
    }
    *twice = wholes > 1;
    if (wholes == 1 && parts > 0 && missing == 0)
        verdict = fabs(mq_exact_value(&rest)) <= relation->tolerance ? MQ_TRUE : MQ_FALSE;
    for (size_t i = 0; i < relation->rows; i++)
        truth[i] = relation->role[i] == MQ_NO_PART ? MQ_TRUE : (uint8_t)verdict;
}
