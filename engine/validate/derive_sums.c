/* Derived columns that check sums along labels: trees of codes, wholes and their parts. */
#include <stdlib.h>
#include <string.h>

#include "validate/late.h"
#include "validate/relations.h"

struct sums {
    struct mq_late *late;
    const struct mq_derived *derived;
    const struct mq_grouping *grouping;
    struct mq_late_values values;
    struct mq_array label; /* uint32_t [rows] ordinals */
    uint32_t *parent;      /* [labels] ordinals; MQ_NO_CODE at the top */
    uint32_t labels;
    uint32_t whole;   /* ordinal, MQ_NO_CODE if nobody has it */
    double tolerance; /* in units of the values */
    double *result;
};

static enum mq_status label_block(void *context, size_t index, size_t worker,
                                  struct mq_error *error)
{
    struct sums *sums = context;
    struct mq_late *late = sums->late;
    const struct mq_late_block *block = late->block + index;
    const uint8_t *gone = (const uint8_t *)late->gone.data + block->first;
    uint32_t *label = (uint32_t *)sums->label.data + block->first;
    MQ_TRY(mq_late_look(late, block, late->view + worker, false, error));
    const struct mq_column *column = late->view[worker].column + sums->derived->label;
    for (uint32_t i = 0; i < block->of->rows; i++)
        label[i] = column->state[i] == MQ_PRESENT && !gone[i] ? column->code[i] : MQ_NO_CODE;
    return MQ_OK;
}

/* ---- trees ---- */

struct label_text {
    struct mq_text text;
    uint32_t ordinal;
    uint32_t above; /* place among the sorted ones, MQ_NO_CODE at the top */
};

static int by_text(const void *left, const void *right)
{
    const struct label_text *a = left, *b = right;
    return mq_text_compare(a->text, b->text);
}

static bool begins_with(struct mq_text text, struct mq_text beginning)
{
    return beginning.n < text.n && memcmp(text.s, beginning.s, beginning.n) == 0;
}

/* Beginnings stand before what they begin, and whatever stands between begins with them too: the
 * longest is the label before, or above that, and so on. */
static enum mq_status text_tree(const struct sums *sums, const struct mq_dict *dict,
                                struct mq_error *error)
{
    const uint32_t *label = sums->label.data;
    uint32_t count = 0;
    struct label_text *text = calloc((size_t)sums->labels + 1, sizeof *text);
    if (!text)
        return mq_fail_memory(error);
    /* Only rows that take part have a say: texts seen elsewhere are no labels. */
    for (uint32_t row = 0; row < sums->late->rows; row++)
        if (label[row] != MQ_NO_CODE && sums->parent[label[row]] == MQ_NO_CODE) {
            sums->parent[label[row]] = 0; /* met */
            text[count++] =
                (struct label_text){.text = mq_dict_text(dict, label[row]), .ordinal = label[row]};
        }
    qsort(text, count, sizeof *text, by_text);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t above = i ? i - 1 : MQ_NO_CODE;
        while (above != MQ_NO_CODE && !begins_with(text[i].text, text[above].text))
            above = text[above].above;
        text[i].above = above;
        sums->parent[text[i].ordinal] = above == MQ_NO_CODE ? MQ_NO_CODE : text[above].ordinal;
    }
    free(text);
    return MQ_OK;
}

static enum mq_status make_tree(struct sums *sums, struct mq_error *error)
{
    const struct mq_model *model = sums->late->model;
    size_t label = (size_t)sums->derived->label;
    const struct mq_dict *dict = mq_reader_dict(sums->late->checker->reader, label);
    const char *whole = sums->derived->whole;
    sums->labels = mq_dict_count(dict);
    if (sums->derived->kind == MQ_PART_WHOLE) {
        sums->whole = mq_dict_find(dict, mq_text(whole));
        return MQ_OK;
    }
    sums->parent = calloc((size_t)sums->labels + 1, sizeof *sums->parent);
    if (!sums->parent)
        return mq_fail_memory(error);
    for (uint32_t i = 0; i < sums->labels; i++)
        sums->parent[i] = MQ_NO_CODE;
    if (model->input[label].list < 0)
        return text_tree(sums, dict, error);
    const struct mq_codes *codes = model->list + model->input[label].list;
    for (uint32_t i = 0; i < sums->labels && i < codes->count; i++)
        sums->parent[i] = codes->code[i].parent;
    return MQ_OK;
}

/* ---- groups ---- */

/* The rows of a group, gathered. */
struct gathered {
    size_t rows;
    double *value;
    uint32_t *label;
    uint8_t *truth, *role;
};

static void gather(const struct sums *sums, const uint32_t *row, struct gathered *group)
{
    const struct mq_late_values *values = &sums->values;
    const uint8_t *absent = values->absent.data;
    const int64_t *amount = values->bits.data;
    const double *number = values->bits.data;
    const uint32_t *label = sums->label.data;
    for (size_t i = 0; i < group->rows; i++) {
        double value = values->whole ? (double)amount[row[i]] : number[row[i]];
        group->value[i] = absent[row[i]] ? NAN : value;
        group->label[i] = label[row[i]];
        group->role[i] = label[row[i]] == MQ_NO_CODE    ? MQ_NO_PART
                         : label[row[i]] == sums->whole ? MQ_WHOLE
                                                        : MQ_PART;
    }
}

static enum mq_status judge(const struct sums *sums, const struct gathered *group,
                            struct mq_error *error)
{
    struct mq_hierarchy tree = {.rows = group->rows,
                                .label = group->label,
                                .value = group->value,
                                .labels = sums->labels,
                                .parent = sums->parent,
                                .tolerance = sums->tolerance};
    struct mq_part_whole whole = {.rows = group->rows,
                                  .role = group->role,
                                  .value = group->value,
                                  .tolerance = sums->tolerance};
    size_t twice;
    bool two;
    if (sums->derived->kind == MQ_HIERARCHY)
        return mq_hierarchy_check(&tree, group->truth, &twice, error);
    mq_part_whole_check(&whole, group->truth, &two);
    return MQ_OK;
}

static enum mq_status sums_group(void *context, uint32_t index, size_t worker,
                                 struct mq_error *error)
{
    const struct sums *sums = context;
    const uint32_t *start = sums->grouping->start.data;
    const uint32_t *row = (const uint32_t *)sums->grouping->row.data + start[index];
    struct mq_view *view = sums->late->view + worker;
    struct gathered group = {.rows = start[index + 1] - start[index]};
    if (group.rows == 0)
        return MQ_OK;
    MQ_TRY(mq_view_work(sums->late, view, 2 * group.rows, error)); /* 14 bytes a row */
    group.value = view->work.data;
    group.label = (uint32_t *)(group.value + group.rows);
    group.truth = (uint8_t *)(group.label + group.rows);
    group.role = group.truth + group.rows;
    gather(sums, row, &group);
    MQ_TRY(judge(sums, &group, error));
    for (size_t i = 0; i < group.rows; i++) {
        bool known = group.truth[i] != MQ_UNKNOWN && group.label[i] != MQ_NO_CODE;
        sums->result[row[i]] = known ? group.truth[i] == MQ_TRUE : NAN;
    }
    return MQ_OK;
}

static enum mq_status judge_sums(struct sums *sums, struct mq_error *error)
{
    struct mq_late *late = sums->late;
    const struct mq_derived *derived = sums->derived;
    const char *directory = late->checker->directory;
    MQ_TRY(mq_late_group(late, derived->bys, derived->by, &sums->grouping, error));
    MQ_TRY(mq_array_new(&sums->label, late->rows, sizeof(uint32_t), directory, error));
    MQ_TRY(mq_each(late->workers, late->blocks, label_block, sums, error));
    MQ_TRY(make_tree(sums, error));
    /* Amounts are added in their own unit: nothing is lost below 2^53. */
    MQ_TRY(mq_late_values(late, derived->value, true, &sums->values, error));
    sums->tolerance = derived->tolerance;
    for (int i = 0; sums->values.whole && i < sums->values.decimals; i++)
        sums->tolerance *= 10;
    return mq_each_group(late, sums->grouping, sums_group, sums, error);
}

enum mq_status mq_derive_sums(struct mq_late *late, const struct mq_derived *derived,
                              struct mq_derive *made, struct mq_error *error)
{
    MQ_TRY(mq_array_new(&made->value, late->rows, sizeof(double), late->checker->directory, error));
    double *value = made->value.data;
    for (uint32_t row = 0; row < late->rows; row++)
        value[row] = NAN; /* of rows in no group */
    struct sums sums = {.late = late, .derived = derived, .whole = MQ_NO_CODE, .result = value};
    enum mq_status status = judge_sums(&sums, error);
    mq_late_values_clear(&sums.values);
    mq_array_clear(&sums.label);
    free(sums.parent);
    return status;
}
