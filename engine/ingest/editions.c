/*
 * editions: codes of older editions of a list become codes of the list.
 *
 * Which edition a row's code is of depends on its period, which may stand further right: texts are
 * kept as they come, in a dictionary of the worker's own, and turned into codes of the list at the
 * end of a block. What became of a text in an edition is looked up once.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/reader.h"

/* What has become of a text. */
struct turned {
    struct mq_old_code old; /* edition NULL: taken for a code of the list itself */
    uint32_t code;          /* of the list */
    uint8_t state;
    uint64_t rows; /* that carried it; rows that are read again do not count again */
};

struct mq_editions {
    const struct mq_list_history *history;
    const struct mq_codes *list;
    struct mq_dict *found;  /* texts as they come */
    size_t ways;            /* spans of the history, and the list itself */
    struct turned **turned; /* [texts * ways] NULL: not looked up yet */
    size_t texts;
    size_t rows;            /* that cells->old has room for */
    size_t way_of[MQ_AGES]; /* by period; 0: not known yet, else 1 + the way */
    struct mq_arena arena;
};

static const struct mq_list_history *history_of(const struct mq_model *model, int list)
{
    for (size_t i = 0; list >= 0 && i < model->histories; i++)
        if (model->history[i].list == list)
            return &model->history[i];
    return NULL;
}

bool mq_editions_open(struct mq_columns *columns)
{
    const struct mq_model *model = columns->model;
    for (size_t i = 0; i < columns->inputs; i++) {
        struct mq_cells *cells = &columns->cells[i];
        const struct mq_list_history *history =
            cells->listed ? history_of(model, model->input[i].list) : NULL;
        if (!history)
            continue;
        if (!(cells->editions = calloc(1, sizeof *cells->editions)) ||
            mq_dict_new(&cells->editions->found, NULL) != MQ_OK)
            return false;
        cells->editions->history = history;
        cells->editions->list = &model->list[model->input[i].list];
        cells->editions->ways = history->spans + 1;
        cells->dict = cells->editions->found;
    }
    return true;
}

const struct mq_dict *mq_editions_list(const struct mq_editions *editions)
{
    return editions->list->dict;
}

/* ---- one row ---- */

static struct turned *turn(struct mq_editions *editions, uint32_t found, size_t way)
{
    const struct mq_list_history *history = editions->history;
    struct mq_text text = mq_dict_text(editions->found, found), sought = text;
    struct turned *made = mq_arena_alloc(&editions->arena, sizeof *made);
    if (!made)
        return NULL;
    *made = (struct turned){.code = MQ_NO_CODE};
    if (way < history->spans) {
        const char *edition = history->span[way].edition;
        struct mq_succession went =
            mq_concordance_find(history->concordance, mq_text(edition), text);
        made->old = (struct mq_old_code){edition, text.s, went};
        sought = went.count > 0 ? mq_text(went.successor[0].code) : mq_text("");
    }
    if (sought.n > 0)
        made->code = mq_dict_find(editions->list->dict, sought);
    bool ruined = made->old.went.count == 0 && mq_may_be_ruined(text) && mq_looks_ruined(text);
    made->state = made->code != MQ_NO_CODE ? MQ_PRESENT : ruined ? MQ_BAD_RUINED : MQ_BAD_CODE;
    return made;
}

/* The first span that the period lies in. A row without a period, or one that is no date, carries
 * codes of the list. */
static size_t way_in(const struct mq_list_history *history, const char *period)
{
    struct mq_date date = mq_date_of(period);
    size_t way = 0;
    while (way < history->spans &&
           (date.parts == 0 || mq_date_compare(&date, &history->span[way].last) > 0))
        way++;
    return way;
}

static size_t way_of(const struct mq_columns *columns, struct mq_editions *editions, size_t row)
{
    const struct mq_list_history *history = editions->history;
    int input = columns->model->period;
    if (!history->span[0].until[0])
        return 0;
    if (input < 0 || columns->cells[input].state[row] != MQ_PRESENT)
        return history->spans;
    const struct mq_cells *periods = &columns->cells[input];
    uint32_t period = periods->value.code[row];
    size_t known = period < MQ_AGES ? editions->way_of[period] : 0;
    if (known == 0)
        known = 1 + way_in(history, mq_dict_text(periods->dict, period).s);
    if (period < MQ_AGES)
        editions->way_of[period] = known;
    return known - 1;
}

/* ---- the rows of a block ---- */

static bool make_room(struct mq_cells *cells, size_t rows)
{
    struct mq_editions *editions = cells->editions;
    size_t texts = mq_dict_count(editions->found);
    if (rows > editions->rows) {
        const struct mq_old_code **old = realloc(cells->old, 2 * rows * sizeof *old);
        if (!old)
            return false;
        cells->old = old;
        editions->rows = 2 * rows;
    }
    if (texts <= editions->texts)
        return true;
    struct turned **turned = realloc(editions->turned, 2 * texts * editions->ways * sizeof *turned);
    if (!turned)
        return false;
    for (size_t i = editions->texts * editions->ways; i < 2 * texts * editions->ways; i++)
        turned[i] = NULL;
    editions->turned = turned;
    editions->texts = 2 * texts;
    return true;
}

static bool translate(struct mq_columns *columns, struct mq_cells *cells)
{
    struct mq_editions *editions = cells->editions;
    if (!make_room(cells, columns->row))
        return false;
    for (size_t row = 0; row < columns->row; row++) {
        cells->old[row] = NULL;
        if (cells->state[row] != MQ_PRESENT)
            continue;
        uint32_t found = cells->value.code[row];
        size_t way = way_of(columns, editions, row);
        struct turned **turned = &editions->turned[found * editions->ways + way];
        if (!*turned && !(*turned = turn(editions, found, way)))
            return false;
        cells->value.code[row] = (*turned)->code;
        cells->state[row] = (*turned)->state;
        if (!(*turned)->old.edition)
            continue;
        cells->old[row] = &(*turned)->old;
        (*turned)->rows += !columns->again;
    }
    return true;
}

void mq_editions_translate(struct mq_columns *columns)
{
    for (size_t i = 0; i < columns->inputs; i++)
        if (columns->cells[i].editions && !translate(columns, &columns->cells[i]))
            columns->failed = true;
}

void mq_editions_close(struct mq_columns *columns)
{
    for (size_t i = 0; columns->cells && i < columns->inputs; i++) {
        struct mq_editions *editions = columns->cells[i].editions;
        free(columns->cells[i].old);
        if (!editions)
            continue;
        mq_dict_free(editions->found);
        free(editions->turned);
        mq_arena_clear(&editions->arena);
        free(editions);
    }
}

/* ---- what all workers found ---- */

static int compare_rows(const void *a, const void *b)
{
    const struct mq_old_rows *left = a, *right = b;
    if (left->input != right->input)
        return left->input < right->input ? -1 : 1;
    int order = strcmp(left->code->edition, right->code->edition);
    return order != 0 ? order : strcmp(left->code->code, right->code->code);
}

/* Codes of one worker behind `rows`, or just their number. */
static size_t take_rows(const struct mq_columns *columns, struct mq_old_rows *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < columns->inputs; i++) {
        const struct mq_editions *editions = columns->cells[i].editions;
        for (size_t k = 0; editions && k < editions->texts * editions->ways; k++) {
            const struct turned *turned = editions->turned[k];
            if (!turned || turned->rows == 0)
                continue;
            if (rows)
                rows[count] = (struct mq_old_rows){i, &turned->old, turned->state == MQ_PRESENT,
                                                   turned->rows};
            count++;
        }
    }
    return count;
}

enum mq_status mq_reader_old_rows(const struct mq_reader *reader, struct mq_old_rows **rows,
                                  size_t *count, struct mq_error *error)
{
    size_t total = 0, kept = 0;
    for (int i = 0; i < reader->options.workers; i++)
        total += take_rows(&reader->worker[i].columns, NULL);
    struct mq_old_rows *all = malloc((total + 1) * sizeof *all);
    if (!all)
        return mq_fail_memory(error);
    total = 0;
    for (int i = 0; i < reader->options.workers; i++)
        total += take_rows(&reader->worker[i].columns, all + total);
    qsort(all, total, sizeof *all, compare_rows);
    for (size_t i = 0; i < total; i++) {
        if (kept > 0 && compare_rows(&all[kept - 1], &all[i]) == 0)
            all[kept - 1].rows += all[i].rows;
        else
            all[kept++] = all[i];
    }
    *rows = all;
    *count = kept;
    return MQ_OK;
}
