#include "model/print_corrections.h"

#include <math.h>

#include "model/print_yaml.h"

static const char item[] = "  - ", more[] = "    ";

/* ", key: [a, b]" of the fields, or of those of them that are marked. */
static void print_fields(struct mq_buffer *yaml, const struct mq_model *model,
                         const struct mq_correction *correction, const char *key,
                         const uint8_t *marked)
{
    const char *comma = "";
    mq_buffer_format(yaml, "%s: [", key);
    for (size_t i = 0; i < correction->fields; i++) {
        if (marked && !marked[i])
            continue;
        mq_buffer_text(yaml, comma);
        mq_yaml_text(yaml, model->input[correction->field[i]].id);
        comma = ", ";
    }
    mq_buffer_text(yaml, "]");
}

static void print_prorate(struct mq_buffer *yaml, const struct mq_model *model,
                          const struct mq_correction *correction)
{
    mq_buffer_format(yaml, "%sprorate: {total: ", more);
    mq_yaml_text(yaml, model->input[correction->total].id);
    mq_buffer_text(yaml, ", ");
    print_fields(yaml, model, correction, "parts", NULL);
    mq_buffer_format(yaml, ", method: %s, weights: {", correction->scaling ? "scaling" : "basic");
    for (size_t i = 0; i < correction->fields; i++) {
        mq_buffer_text(yaml, i ? ", " : "");
        mq_yaml_text(yaml, model->input[correction->field[i]].id);
        mq_buffer_text(yaml, ": ");
        mq_buffer_real(yaml, correction->weight[i]);
    }
    mq_buffer_text(yaml, "}, ");
    print_fields(yaml, model, correction, "fixed", correction->fixed);
    mq_buffer_text(yaml, ", low: ");
    mq_buffer_real(yaml, correction->low);
    if (isfinite(correction->high)) {
        mq_buffer_text(yaml, ", high: ");
        mq_buffer_real(yaml, correction->high);
    }
    mq_buffer_text(yaml, "}\n");
}

static void print_factor(struct mq_buffer *yaml, const struct mq_model *model,
                         const struct mq_correction *correction)
{
    int power = correction->power;
    mq_buffer_format(yaml, "%s%s: {", more, power > 0 ? "divide" : "multiply");
    print_fields(yaml, model, correction, "fields", NULL);
    mq_buffer_text(yaml, ", by: 1");
    for (power = power < 0 ? -power : power; power; power--)
        mq_buffer_text(yaml, "0");
    mq_buffer_text(yaml, "}\n");
}

void mq_print_corrections(struct mq_buffer *yaml, const struct mq_model *model)
{
    if (model->corrections)
        mq_buffer_text(yaml, "corrections:\n");
    for (size_t i = 0; i < model->corrections; i++) {
        const struct mq_correction *correction = &model->correction[i];
        mq_yaml_pair(yaml, item, "id", correction->id);
        mq_yaml_pair(yaml, more, "title", correction->title);
        if (correction->power)
            print_factor(yaml, model, correction);
        else
            print_prorate(yaml, model, correction);
        if (correction->where_text)
            mq_yaml_pair(yaml, more, "if", correction->where_text);
    }
}
