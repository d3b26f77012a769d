/* A small catalogue, so that the room of models is tested without the rooms above it. */
#ifndef MQ_TEST_FAKE_CATALOGUE_H
#define MQ_TEST_FAKE_CATALOGUE_H

#include <math.h>

#include "model/model.h"

static const char *const fake_spreads[] = {"linear", "rank", NULL};
static const struct mq_param fake_efficacy_params[] = {
    {.name = "fail",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .fallback = 0,
     .choices = NULL,
     .meaning = "value that scores low"},
    {.name = "pass",
     .kind = MQ_PARAM_REAL,
     .required = true,
     .fallback = 0,
     .choices = NULL,
     .meaning = "value that scores high"},
    {.name = "low",
     .kind = MQ_PARAM_REAL,
     .required = false,
     .fallback = 60,
     .choices = NULL,
     .meaning = "score at fail"},
    {.name = "high",
     .kind = MQ_PARAM_REAL,
     .required = false,
     .fallback = 100,
     .choices = NULL,
     .meaning = "score at pass"},
    {.name = "clip",
     .kind = MQ_PARAM_FLAG,
     .required = false,
     .fallback = 0,
     .choices = NULL,
     .meaning = "keep scores within low and high"},
    {.name = NULL}};
static const struct mq_param fake_minmax_params[] = {{.name = "low",
                                                      .kind = MQ_PARAM_REAL,
                                                      .required = false,
                                                      .fallback = 0,
                                                      .choices = NULL,
                                                      .meaning = "least score"},
                                                     {.name = "high",
                                                      .kind = MQ_PARAM_REAL,
                                                      .required = false,
                                                      .fallback = 100,
                                                      .choices = NULL,
                                                      .meaning = "greatest score"},
                                                     {.name = "spread",
                                                      .kind = MQ_PARAM_CHOICE,
                                                      .required = false,
                                                      .fallback = 0,
                                                      .choices = fake_spreads,
                                                      .meaning = "how to spread"},
                                                     {.name = NULL}};

static const struct mq_method fake_efficacy = {.name = "efficacy", .params = fake_efficacy_params};
static const struct mq_method fake_minmax = {
    .name = "minmax", .params = fake_minmax_params, .data_driven = true};
static const struct mq_method fake_none = {.name = "none"};
static const struct mq_method fake_arithmetic = {.name = "arithmetic"};
static const struct mq_method fake_geometric = {.name = "geometric"};
static const struct mq_method fake_fixed = {.name = "fixed"};
static const struct mq_method fake_equal = {.name = "equal"};

static const char *const fake_sides[] = {"both", "left", "right", NULL};
static const struct mq_param fake_hb_params[] = {{.name = "exclude",
                                                  .kind = MQ_PARAM_REAL,
                                                  .required = true,
                                                  .fallback = 0,
                                                  .choices = NULL,
                                                  .meaning = "multiplier of the bounds"},
                                                 {.name = "exponent",
                                                  .kind = MQ_PARAM_REAL,
                                                  .required = false,
                                                  .fallback = 0,
                                                  .choices = NULL,
                                                  .meaning = "weight of size"},
                                                 {.name = "side",
                                                  .kind = MQ_PARAM_CHOICE,
                                                  .required = false,
                                                  .fallback = 0,
                                                  .choices = fake_sides,
                                                  .meaning = "which tail"},
                                                 {.name = NULL}};
static const struct mq_method fake_hb = {.name = "hb", .params = fake_hb_params};
static const struct mq_method fake_mad = {.name = "mad"};

/* Parameters that are no single number. */
static const struct mq_param fake_owa_params[] = {{.name = "weights",
                                                   .kind = MQ_PARAM_LIST,
                                                   .required = true,
                                                   .per_child = true,
                                                   .meaning = "of the places"},
                                                  {.name = NULL}};
static const struct mq_param fake_ahp_params[] = {{.name = "matrix",
                                                   .kind = MQ_PARAM_MATRIX,
                                                   .required = true,
                                                   .per_child = true,
                                                   .meaning = "judgements"},
                                                  {.name = NULL}};
static const struct mq_param fake_combined_params[] = {
    {.name = "of", .kind = MQ_PARAM_METHODS, .required = true, .meaning = "methods"},
    {.name = "target", .kind = MQ_PARAM_TEXT, .meaning = "a text"},
    {.name = NULL}};
static const struct mq_param fake_constant_params[] = {
    {.name = "value", .kind = MQ_PARAM_REAL, .required = true, .meaning = "stands in"},
    {.name = NULL}};
static const struct mq_param fake_group_params[] = {
    {.name = "by", .kind = MQ_PARAM_GROUPS, .required = true, .meaning = "the groups"},
    {.name = NULL}};
static const struct mq_param fake_clip_params[] = {
    {.name = "low", .kind = MQ_PARAM_REAL, .fallback = 0.05, .meaning = "a share"},
    {.name = "high", .kind = MQ_PARAM_REAL, .fallback = 0.95, .meaning = "a share"},
    {.name = NULL}};
static inline const char *fake_clip_fault(const struct mq_choice *choice)
{
    return choice->param[0] < choice->param[1] ? NULL : "`low` must be less than `high`";
}

static const struct mq_method fake_owa = {.name = "owa", .params = fake_owa_params};
static const struct mq_method fake_ahp = {.name = "ahp", .params = fake_ahp_params};
static const struct mq_method fake_combined = {.name = "combined", .params = fake_combined_params};
static const struct mq_method fake_constant = {.name = "constant", .params = fake_constant_params};
static const struct mq_method fake_group = {.name = "group_mean", .params = fake_group_params};
static const struct mq_method fake_clip = {
    .name = "clip", .params = fake_clip_params, .fault = fake_clip_fault};

enum { FAKE_EFFICACY, FAKE_MINMAX, FAKE_NONE };
static const struct mq_method *const fake_normalisers[] = {&fake_efficacy, &fake_minmax,
                                                           &fake_none};
static const struct mq_method *const fake_combiners[] = {&fake_arithmetic, &fake_geometric,
                                                         &fake_owa};
static const struct mq_method *const fake_weighers[] = {&fake_fixed, &fake_equal, &fake_ahp,
                                                        &fake_combined};
static const struct mq_method *const fake_edits[] = {&fake_hb, &fake_mad};
static const struct mq_method *const fake_imputers[] = {&fake_none, &fake_constant, &fake_group};
static const struct mq_method *const fake_treaters[] = {&fake_none, &fake_clip};
static const struct mq_catalogue fake_catalogue = {.methods = {fake_normalisers, fake_combiners,
                                                               fake_weighers, fake_edits,
                                                               fake_imputers, fake_treaters},
                                                   .count = {3, 3, 4, 2, 3, 2}};

#endif
