/* Who corrects what; counts of it, and the published file. */
#include <stdlib.h>
#include <string.h>

#include "validate/checker.h"
#include "validate/prorate.h"

_Static_assert((int)MQ_CORRECTION_DONE == (int)MQ_PRORATE_DONE &&
                   (int)MQ_CORRECTION_BALANCED == (int)MQ_PRORATE_BALANCED &&
                   (int)MQ_CORRECTION_NO_TOTAL == (int)MQ_PRORATE_NO_TOTAL &&
                   (int)MQ_CORRECTION_BOUNDS == (int)MQ_PRORATE_BOUNDS &&
                   (int)MQ_CORRECTION_SAME == (int)MQ_PRORATE_OUTCOMES,
               "outcomes of prorating come first");

static const struct {
    const char *code, *english, *chinese;
} others[] = {
    {"unchanged", "there is nothing to change", "无需更正"},
    {"range", "the corrected value would be too large", "更正后的数值过大"},
    {"again", "another rule has corrected the value", "该值已由其他规则更正"},
};

const char *mq_correction_code(enum mq_correction_outcome outcome)
{
    return outcome < MQ_CORRECTION_SAME ? mq_prorate_code((enum mq_prorate_outcome)outcome)
                                        : others[outcome - MQ_CORRECTION_SAME].code;
}

const char *mq_correction_title(enum mq_correction_outcome outcome, bool chinese)
{
    if (outcome == MQ_CORRECTION_DONE)
        return chinese ? "已更正" : "corrected";
    if (outcome < MQ_CORRECTION_SAME)
        return mq_prorate_title((enum mq_prorate_outcome)outcome, chinese);
    return chinese ? others[outcome - MQ_CORRECTION_SAME].chinese
                   : others[outcome - MQ_CORRECTION_SAME].english;
}

static const struct mq_edit *edit_of(const struct mq_model *model, const struct mq_rule *rule)
{
    bool corrects = rule->edit >= 0 && !rule->broken && model->edit[rule->edit].correct;
    return corrects ? model->edit + rule->edit : NULL;
}

/* Marks what may change; the most fields at once. */
static size_t mark_inputs(const struct mq_checker *checker, uint8_t *marked)
{
    const struct mq_correcting *correcting = &checker->correcting;
    size_t most = 1;
    for (size_t c = 0; c < correcting->correctors; c++) {
        const struct mq_correction *of = correcting->corrector[c].correction;
        if (!of)
            marked[edit_of(checker->model, correcting->corrector[c].rule)->corrects] = 1;
        for (size_t i = 0; of && i < of->fields; i++)
            marked[of->field[i]] = 1;
        most = of && of->fields > most ? of->fields : most;
    }
    return most;
}

enum mq_status mq_correcting_open(struct mq_checker *checker, struct mq_error *error)
{
    const struct mq_model *model = checker->model;
    struct mq_correcting *correcting = &checker->correcting;
    size_t most = model->corrections + model->rules + 1;
    struct mq_corrector *corrector = mq_arena_array(&checker->arena, most, sizeof *corrector);
    int *input = mq_arena_array(&checker->arena, model->inputs + 1, sizeof *input);
    uint8_t *marked = mq_arena_array(&checker->arena, model->inputs + 1, 1);
    checker->correction_count =
        mq_arena_array(&checker->arena, most, sizeof *checker->correction_count);
    if (!corrector || !input || !marked || !checker->correction_count)
        return mq_fail_memory(error);
    for (size_t i = 0; i < model->corrections; i++)
        corrector[correcting->correctors++].correction = model->correction + i;
    for (size_t i = 0; i < model->rules; i++)
        if (edit_of(model, model->rule + i))
            corrector[correcting->correctors++].rule = model->rule + i;
    correcting->corrector = corrector;
    correcting->fields = mark_inputs(checker, marked);
    for (size_t i = 0; i < model->inputs; i++)
        if (marked[i])
            input[correcting->inputs++] = (int)i;
    correcting->input = input;
    return MQ_OK;
}

enum mq_status mq_corrected_open(const struct mq_checker *checker, struct mq_judge *judge,
                                 const char *directory, struct mq_error *error)
{
    const struct mq_correcting *correcting = &checker->correcting;
    struct mq_corrected *corrected = &judge->corrected;
    struct mq_arena *arena = &judge->arena;
    size_t inputs = checker->model->inputs + 1, fields = correcting->fields;
    if (!correcting->correctors)
        return MQ_OK;
    corrected->column = mq_arena_array(arena, inputs, sizeof *corrected->column);
    corrected->amount = mq_arena_array(arena, inputs, sizeof *corrected->amount);
    corrected->total = mq_arena_array(arena, inputs, sizeof *corrected->total);
    corrected->part = mq_arena_array(arena, fields, sizeof *corrected->part);
    corrected->result = mq_arena_array(arena, fields, sizeof *corrected->result);
    corrected->after = mq_arena_array(arena, fields, sizeof *corrected->after);
    corrected->count = mq_arena_array(arena, correcting->correctors, sizeof *corrected->count);
    corrected->inputs = inputs - 1;
    if (!corrected->column || !corrected->amount || !corrected->total || !corrected->part ||
        !corrected->result || !corrected->after || !corrected->count)
        return mq_fail_memory(error);
    return mq_records_open(judge, MQ_RECORDS_CORRECTED, directory, error);
}

void mq_corrected_clear(struct mq_corrected *corrected)
{
    for (size_t i = 0; corrected->amount && i < corrected->inputs; i++)
        free(corrected->amount[i]);
    free(corrected->changed);
    free(corrected->change);
}

const struct mq_correction_count *mq_checker_corrections(struct mq_checker *checker, size_t *count)
{
    const struct mq_correcting *correcting = &checker->correcting;
    for (size_t c = 0; c < correcting->correctors; c++) {
        const struct mq_corrector *corrector = correcting->corrector + c;
        struct mq_correction_count *sum = checker->correction_count + c;
        *sum = (struct mq_correction_count){
            .id = corrector->correction ? corrector->correction->id : corrector->rule->id,
            .title = corrector->correction ? corrector->correction->title : corrector->rule->title};
        for (size_t w = 0; w < checker->workers; w++)
            for (int outcome = 0; outcome < MQ_CORRECTION_OUTCOMES; outcome++)
                sum->rows[outcome] += checker->judge[w].corrected.count[c].rows[outcome];
        for (int outcome = 0; outcome < MQ_CORRECTION_OUTCOMES; outcome++)
            sum->tried += sum->rows[outcome];
    }
    *count = correcting->correctors;
    return checker->correction_count;
}

enum mq_status mq_write_corrections(struct mq_checker *checker, const char *path,
                                    struct mq_error *error)
{
    return mq_records_write(checker, MQ_RECORDS_CORRECTED,
                            "file,line,key,column,before,after,correction\n", path, error);
}
