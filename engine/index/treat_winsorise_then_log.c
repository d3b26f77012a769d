/* winsorise_then_log: outliers are brought to their neighbours; where that is not enough, the
 * column is bent. */
#include <stdlib.h>
#include <string.h>

#include "index/treat_parts.h"

enum { LOG = 3, COMBINE };
static const char *const logs[] = {"log_ct", "log_ct_orig", "log_ct_plus", "log_gii", NULL};
static void (*const bend[])(const double *, size_t, double *) = {mq_log_ct, mq_log_ct_orig,
                                                                 mq_log_ct_plus, mq_log_gii};

static enum mq_status treat(const double *value, size_t count, const struct mq_choice *choice,
                            double *treated, struct mq_error *error)
{
    struct mq_winsorising limits = mq_winsorising_of(choice);
    int log = (int)choice->param[LOG];
    size_t moved;

    memcpy(treated, value, count * sizeof *treated);
    if (mq_winsorise(&limits, treated, count, &moved))
        return MQ_OK;
    if (choice->param[COMBINE] == 0) {
        bend[log](value, count, treated);
        return MQ_OK;
    }
    double *winsorised = malloc(count * sizeof *winsorised);
    if (!winsorised)
        return mq_fail_memory(error);
    memcpy(winsorised, treated, count * sizeof *treated);
    bend[log](winsorised, count, treated);
    free(winsorised);
    return MQ_OK;
}

static const struct mq_param params[] = {
    MQ_WINSORISING_PARAMS,
    {.name = "log",
     .kind = MQ_PARAM_CHOICE,
     .choices = logs,
     .meaning = "the transformation of a column that winsorising does not bring to pass"},
    {.name = "combine",
     .kind = MQ_PARAM_FLAG,
     .meaning = "transform the winsorised values instead of the original ones"},
    {.name = NULL},
};

const struct mq_treater mq_treat_winsorise_then_log = {
    .method = {.name = "winsorise_then_log",
               .title = "先缩尾后取对数",
               .summary = "winsorise; where max_points are not enough, the original column is "
                          "transformed by a logarithm instead. A column that passes stays as it is",
               .formula = "z = winsorise(x) if that passes, else log(x), or log(winsorise(x)) if "
                          "combine",
               .reference =
                   "the default of COINr's Treat and of the JRC COIN Tool: Becker et al. (2022), "
                   "J. Open Source Software 7(78) 4567; OECD/JRC Handbook (2008), 5",
               .params = params,
               .fault = mq_winsorising_fault},
    .treat = treat,
};
