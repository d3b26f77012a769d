/* A small catalogue, so that the room of models is tested without the rooms above it. */
#ifndef MQ_TEST_FAKE_CATALOGUE_H
#define MQ_TEST_FAKE_CATALOGUE_H

#include <math.h>

#include "model/model.h"

static const char *const fake_spreads[] = {"linear", "rank", NULL};
static const struct mq_param fake_efficacy_params[] = {
    {"fail", MQ_PARAM_REAL, true, 0, NULL, "value that scores low"},
    {"pass", MQ_PARAM_REAL, true, 0, NULL, "value that scores high"},
    {"low", MQ_PARAM_REAL, false, 60, NULL, "score at fail"},
    {"high", MQ_PARAM_REAL, false, 100, NULL, "score at pass"},
    {"clip", MQ_PARAM_FLAG, false, 0, NULL, "keep scores within low and high"},
    {NULL, MQ_PARAM_REAL, false, 0, NULL, NULL}};
static const struct mq_param fake_minmax_params[] = {
    {"low", MQ_PARAM_REAL, false, 0, NULL, "least score"},
    {"high", MQ_PARAM_REAL, false, 100, NULL, "greatest score"},
    {"spread", MQ_PARAM_CHOICE, false, 0, fake_spreads, "how to spread"},
    {NULL, MQ_PARAM_REAL, false, 0, NULL, NULL}};

static const struct mq_method fake_efficacy = {.name = "efficacy", .params = fake_efficacy_params};
static const struct mq_method fake_minmax = {
    .name = "minmax", .params = fake_minmax_params, .data_driven = true};
static const struct mq_method fake_none = {.name = "none"};
static const struct mq_method fake_arithmetic = {.name = "arithmetic"};
static const struct mq_method fake_geometric = {.name = "geometric"};
static const struct mq_method fake_fixed = {.name = "fixed"};
static const struct mq_method fake_equal = {.name = "equal"};

static const char *const fake_sides[] = {"both", "left", "right", NULL};
static const struct mq_param fake_hb_params[] = {
    {"exclude", MQ_PARAM_REAL, true, 0, NULL, "multiplier of the bounds"},
    {"exponent", MQ_PARAM_REAL, false, 0, NULL, "weight of size"},
    {"side", MQ_PARAM_CHOICE, false, 0, fake_sides, "which tail"},
    {NULL, MQ_PARAM_REAL, false, 0, NULL, NULL}};
static const struct mq_method fake_hb = {.name = "hb", .params = fake_hb_params};
static const struct mq_method fake_mad = {.name = "mad"};

enum { FAKE_EFFICACY, FAKE_MINMAX, FAKE_NONE };
static const struct mq_method *const fake_normalisers[] = {&fake_efficacy, &fake_minmax,
                                                           &fake_none};
static const struct mq_method *const fake_combiners[] = {&fake_arithmetic, &fake_geometric};
static const struct mq_method *const fake_weighers[] = {&fake_fixed, &fake_equal};
static const struct mq_method *const fake_edits[] = {&fake_hb, &fake_mad};
static const struct mq_catalogue fake_catalogue = {
    .methods = {fake_normalisers, fake_combiners, fake_weighers, fake_edits},
    .count = {3, 2, 2, 2}};

#endif
