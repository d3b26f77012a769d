/* Names of what a publication can hold. */
#include "model/plan.h"

const char *const mq_sheet_kind_names[MQ_SHEET_KINDS] = {
    "summary", "ranking", "matrix", "indicators", "scores", "values", "notes",
};

const char *const mq_figure_kind_names[MQ_FIGURE_KINDS] = {
    "trend", "ranking", "strip", "heatmap", "waterfall", "tiles", "map", "profile",
};
