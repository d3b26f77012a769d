/* Groups for tests of edits: choosing a method by name, parameters by text, running it. */
#ifndef MQ_TEST_EDIT_FIXTURE_H
#define MQ_TEST_EDIT_FIXTURE_H

#include "support.h"
#include "validate/edits.h"

enum { GROUP_ROWS = 512 };

struct judged {
    const struct mq_edit_method *method;
    double param[MQ_MAX_PARAMS];
    uint8_t status[GROUP_ROWS];
    double measure[GROUP_ROWS];
    struct mq_edit_bounds bounds;
};

static inline void set_params(struct judged *judged, const char *params)
{
    char name[32];
    double value;
    int length;

    for (const char *text = params; sscanf(text, " %31[a-z_]=%lf%n", name, &value, &length) == 2;
         text += length) {
        size_t i = 0;
        while (judged->method->method.params[i].name &&
               strcmp(judged->method->method.params[i].name, name) != 0)
            i++;
        assert_non_null(judged->method->method.params[i].name);
        judged->param[i] = value;
    }
}

/* Defaults, then "name=value name=value"; choices by their number. */
static inline void choose(struct judged *judged, const char *name, const char *params)
{
    judged->method = NULL;
    for (size_t i = 0; i < MQ_EDIT_METHODS; i++)
        if (strcmp(mq_edit_methods[i]->method.name, name) == 0)
            judged->method = mq_edit_methods[i];
    assert_non_null(judged->method);
    for (size_t i = 0; i < MQ_MAX_PARAMS && judged->method->method.params[i].name; i++)
        judged->param[i] = judged->method->method.params[i].fallback;
    set_params(judged, params);
}

/* Memory of exactly the size promised, so that a sanitizer sees every step beyond it. */
static inline void judge(struct judged *judged, const double *value, const double *against,
                         size_t count)
{
    struct mq_edit_group group = {value, against, count, judged->param};
    struct mq_edit_result result = {malloc(count + 1), malloc((count + 1) * sizeof(double)),
                                    .bounds = {.used = 99}};
    double *work = malloc(mq_edit_work(count) * sizeof *work + 1);

    assert_true(count <= GROUP_ROWS && result.status && result.measure && work);
    judged->method->run(&group, work, &result);
    memcpy(judged->status, result.status, count);
    memcpy(judged->measure, result.measure, count * sizeof *result.measure);
    judged->bounds = result.bounds;
    free(result.status);
    free(result.measure);
    free(work);
}

#endif
