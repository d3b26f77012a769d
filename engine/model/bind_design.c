/* design: the rows are a sample. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/binder.h"

struct draft {
    const struct mq_yaml *weight, *strata, *psu, *fpc, *single, *rake;
};
static const struct mq_key keys[] = {
    {"weight", false, mq_bind_keep, offsetof(struct draft, weight), 0, 0},
    {"strata", false, mq_bind_keep, offsetof(struct draft, strata), 0, 0},
    {"psu", false, mq_bind_keep, offsetof(struct draft, psu), 0, 0},
    {"fpc", false, mq_bind_keep, offsetof(struct draft, fpc), 0, 0},
    {"single", false, mq_bind_keep, offsetof(struct draft, single), 0, 0},
    {"rake", false, mq_bind_keep, offsetof(struct draft, rake), 0, 0},
};
static const struct mq_section section = MQ_SECTION("design", keys);

static const struct mq_key file_keys[] = {{"file", true, mq_bind_keep, 0, 0, 0}};
static const struct mq_section file_section = MQ_SECTION("fpc", file_keys);

/* Types as bits. */
enum { NUMERIC = 1 << MQ_AMOUNT | 1 << MQ_NUMBER, LABEL = 1 << MQ_CODE, ANY = LABEL | 1 << MQ_KEY };

static enum mq_status bind_input(struct mq_binder *b, const struct mq_yaml *value, const char *key,
                                 int types, int *input)
{
    const struct mq_model *model = b->model;
    const char **known = mq_arena_array(&b->scratch, model->inputs + 1, sizeof *known);
    size_t count = 0;

    if (!known)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < model->inputs; i++) {
        if (!(types & 1 << model->input[i].type))
            continue;
        known[count++] = model->input[i].id;
        if (value->kind == MQ_YAML_SCALAR && strcmp(known[count - 1], value->text) == 0)
            *input = (int)i;
    }
    if (*input >= 0)
        return MQ_OK;
    char problem[128];
    snprintf(problem, sizeof problem, "\"%s\" is an input of type %s, found", key,
             types == NUMERIC ? "amount or number"
             : types == LABEL ? "code"
                              : "code or key");
    return mq_bind_unknown(b, value, problem, known, count, "inputs of that type");
}

/* ---- the table of strata ---- */

static int by_stratum(const void *left, const void *right)
{
    const struct mq_stratum_size *a = left, *b = right;
    int order = strcmp(a->stratum, b->stratum);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static enum mq_status read_size(struct mq_binder *b, const struct mq_table *table, size_t row,
                                const size_t column[2], struct mq_stratum_size *size)
{
    const char *stratum = table->cell[row * table->columns + column[0]];
    const char *text = table->cell[row * table->columns + column[1]];

    size->line = table->line[row];
    size->stratum = mq_arena_string(&b->model->arena, stratum, strlen(stratum));
    if (!size->stratum)
        return mq_fail_memory(b->error);
    if (mq_real_parse(text, strlen(text), &size->population) == MQ_NUMBER_OK &&
        size->population >= 1)
        return MQ_OK;
    return mq_fail(
        b->error, MQ_BAD_MODEL, table->path, size->line, (long)column[1] + 1,
        "the population of stratum %s is \"%s\", expected how many PSUs it has, a number "
        "of at least 1",
        stratum, text);
}

static enum mq_status read_rows(struct mq_binder *b, const struct mq_table *table,
                                struct mq_design *design)
{
    struct mq_stratum_size *size = mq_arena_array(&b->model->arena, table->rows + 1, sizeof *size);
    size_t column[2];

    if (!size)
        return mq_fail_memory(b->error);
    MQ_TRY(mq_table_column(table, "stratum", &column[0], b->error));
    MQ_TRY(mq_table_column(table, "population", &column[1], b->error));
    for (size_t i = 0; i < table->rows; i++)
        MQ_TRY(read_size(b, table, i, column, &size[i]));
    if (table->rows)
        qsort(size, table->rows, sizeof *size, by_stratum);
    for (size_t i = 1; i < table->rows; i++)
        if (strcmp(size[i - 1].stratum, size[i].stratum) == 0)
            return mq_fail(b->error, MQ_BAD_MODEL, table->path, size[i].line, 1,
                           "stratum %s is given a second time; the first is on line %ld",
                           size[i].stratum, size[i - 1].line);
    design->size = size;
    design->sizes = table->rows;
    return MQ_OK;
}

static enum mq_status bind_file(struct mq_binder *b, const struct mq_yaml *map,
                                struct mq_design *design)
{
    const struct mq_yaml *file = NULL;
    const char *written;
    struct mq_table table = {0};

    MQ_TRY(mq_bind_map(b, map, &file_section, &file));
    if (design->strata < 0)
        return mq_bind_fail(b, map, "a table of strata needs \"strata\" too");
    MQ_TRY(mq_bind_path(b, file, "file", &written, &design->path));
    if (b->flags & MQ_MODEL_NO_CODES)
        return MQ_OK;
    MQ_TRY(mq_bind_digest(b, design->path));
    MQ_TRY(mq_table_read(design->path, &table, b->error));
    enum mq_status status = read_rows(b, &table, design);
    mq_table_clear(&table);
    return status;
}

/* ---- the section ---- */

static enum mq_status bind_confidence(struct mq_binder *b, const struct mq_yaml *value,
                                      double *confidence)
{
    const struct mq_key key = {.name = "confidence"};

    MQ_TRY(mq_bind_real(b, value, &key, confidence));
    return *confidence > 0 && *confidence < 1
               ? MQ_OK
               : mq_bind_fail(b, value, "\"confidence\" is a share between 0 and 1, like 0.95");
}

enum mq_status mq_bind_design(struct mq_binder *b, const struct mq_yaml *map,
                              const struct mq_yaml *confidence, const struct mq_yaml *interval)
{
    static const char *const singles[] = {"fail", "certainty", "adjust", "average"};
    static const char *const intervals[] = {"logit", "wald", "wilson", "beta"};
    struct draft draft = {0};
    int single = MQ_SINGLE_FAIL, kind = MQ_INTERVAL_LOGIT;

    if (!map && (confidence || interval))
        return mq_bind_fail(b, confidence ? confidence : interval,
                            "\"%s\" speaks of a sample; write a design: too",
                            confidence ? "confidence" : "interval");
    if (!map)
        return MQ_OK;
    struct mq_design *design = mq_arena_alloc(&b->model->arena, sizeof *design);
    if (!design)
        return mq_fail_memory(b->error);
    *design =
        (struct mq_design){.weight = -1, .strata = -1, .psu = -1, .fpc = -1, .confidence = 0.95};
    MQ_TRY(mq_bind_map(b, map, &section, &draft));
    if (draft.weight)
        MQ_TRY(bind_input(b, draft.weight, "weight", NUMERIC, &design->weight));
    if (draft.strata)
        MQ_TRY(bind_input(b, draft.strata, "strata", LABEL, &design->strata));
    if (draft.psu)
        MQ_TRY(bind_input(b, draft.psu, "psu", ANY, &design->psu));
    if (draft.fpc)
        MQ_TRY(draft.fpc->kind == MQ_YAML_MAP
                   ? bind_file(b, draft.fpc, design)
                   : bind_input(b, draft.fpc, "fpc", NUMERIC, &design->fpc));
    if (draft.single)
        MQ_TRY(mq_bind_choice(b, draft.single, singles, 4, "ways", &single));
    if (draft.rake)
        MQ_TRY(mq_bind_rake(b, draft.rake, design));
    if (interval)
        MQ_TRY(mq_bind_choice(b, interval, intervals, 4, "intervals", &kind));
    if (confidence)
        MQ_TRY(bind_confidence(b, confidence, &design->confidence));
    design->single = (enum mq_single)single;
    design->interval = (enum mq_interval)kind;
    b->model->design = design;
    return MQ_OK;
}

enum mq_status mq_bind_design_formulas(struct mq_binder *b)
{
    const struct mq_model *model = b->model;

    for (size_t n = 0; model->design && n < model->nodes; n++) {
        const struct mq_node *node = &model->node[n];
        for (size_t i = 0; node->leaf && i < node->formula.value.count; i++) {
            const struct mq_step *step = &node->formula.value.step[i];
            enum mq_aggregate asked =
                step->kind == MQ_STEP_SLOT ? model->slot[step->slot].aggregate : MQ_SUM;
            if (asked != MQ_SUM && asked != MQ_COUNT)
                return mq_fail(b->error, MQ_BAD_MODEL, b->file->path, node->at.line,
                               node->at.column,
                               "%s asks for a min, max or median: a model with a design estimates "
                               "sums, counts and means of the population",
                               node->id);
        }
    }
    return MQ_OK;
}
