/*
 * What the law tests draw from: random numbers, and parameters for any method of a catalogue.
 */
#ifndef MQ_LAW_SAMPLES_H
#define MQ_LAW_SAMPLES_H

#include "index/index.h"
#include "support.h"

enum { UNITS = 23, ROUNDS = 200 };

static inline uint64_t bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline double uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * ((double)(bits(state) >> 11) * 0x1p-53);
}

static inline void shuffle(uint64_t *state, size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count - 1; i > 0; i--) {
        size_t k = bits(state) % (i + 1), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

static inline bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* Arguments of one method, and the methods in them. */
struct sample {
    struct mq_choice choice;
    struct mq_argument argument[MQ_MAX_PARAMS];
    double number[MQ_MAX_PARAMS][64];
    struct mq_choice part[2];
};

/* Room for the greatest matrix of a sample. */
enum { SAMPLE_CHILDREN = 8 };

static inline void sample_list(struct sample *sample, int param, size_t children, uint64_t *seed)
{
    double sum = 0;

    for (size_t i = 0; i < children; i++)
        sum += sample->number[param][i] = uniform(seed, 0.1, 1);
    for (size_t i = 0; i < children; i++)
        sample->number[param][i] /= sum;
    sample->argument[param].rows = 1;
}

/* A reciprocal matrix of judgements that agree. */
static inline void sample_matrix(struct sample *sample, int param, size_t children, uint64_t *seed)
{
    double importance[SAMPLE_CHILDREN];

    for (size_t i = 0; i < children; i++)
        importance[i] = uniform(seed, 1, 5);
    for (size_t i = 0; i < children * children; i++)
        sample->number[param][i] = importance[i / children] / importance[i % children];
    sample->argument[param].rows = children;
}

static inline void draw_params(struct sample *sample, const struct mq_method *method,
                               size_t children, bool wild, uint64_t *seed)
{
    const struct mq_param *param = method->params;

    sample->choice.argument = sample->argument;
    for (int i = 0; param && param[i].name; i++) {
        struct mq_argument *argument = &sample->argument[i];
        size_t choices = 2;
        while (param[i].kind == MQ_PARAM_CHOICE && param[i].choices[choices])
            choices++;
        sample->choice.given[i] = true;
        sample->choice.param[i] = param[i].fallback;
        *argument = (struct mq_argument){.columns = children, .value = sample->number[i]};
        if (param[i].kind == MQ_PARAM_REAL && (param[i].required || wild))
            sample->choice.param[i] = bits(seed) % 2   ? uniform(seed, -30, 130)
                                      : bits(seed) % 4 ? uniform(seed, 0, 1)
                                                       : floor(uniform(seed, 0, 12));
        else if (wild && (param[i].kind == MQ_PARAM_FLAG || param[i].kind == MQ_PARAM_CHOICE))
            sample->choice.param[i] = (double)(bits(seed) % choices);
        else if (param[i].kind == MQ_PARAM_TEXT)
            *argument = (struct mq_argument){.text = "u07"};
        else if (param[i].kind == MQ_PARAM_LIST && !param[i].required && bits(seed) % 2)
            *argument = (struct mq_argument){0}; /* not written */
        else if (param[i].kind == MQ_PARAM_LIST)
            sample_list(sample, i, children, seed);
        else if (param[i].kind == MQ_PARAM_MATRIX)
            sample_matrix(sample, i, children, seed);
        else if (param[i].kind == MQ_PARAM_METHODS)
            *argument = (struct mq_argument){.choices = 2, .choice = sample->part};
    }
}

/* Defaults, or with `wild` other values too; arguments always; what the method accepts. The sample
 * must stay where it is. */
static inline void sample_params(struct sample *sample, const struct mq_method *method,
                                 size_t children, bool wild, uint64_t *seed)
{
    for (int attempt = 0; attempt < 200; attempt++) {
        draw_params(sample, method, children, wild, seed);
        if (!method->fault || !method->fault(&sample->choice))
            return;
    }
    fail_msg("no parameters found for method %s", method->name);
}

#endif
