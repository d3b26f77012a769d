/* A figure under construction. */
#include "publish/figure_draft.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { OWN_NOTES = 6 };

static struct mq_arena *arena_of(struct mq_figure_draft *figure)
{
    return &figure->sheets.arena;
}

/* Everything there is room for; `figure` stays NULL if there is none. */
static bool make_room(struct mq_figure_draft *self, size_t rows, size_t columns)
{
    struct mq_arena *arena = arena_of(self);
    struct mq_sheet *matrix = &self->matrix;
    *matrix = (struct mq_sheet){.rows = rows, .columns = columns};
    matrix->cell = mq_arena_array(arena, rows * columns, sizeof *matrix->cell);
    self->row = mq_arena_array(arena, rows, sizeof *self->row);
    self->column = mq_arena_array(arena, columns, sizeof *self->column);
    self->note = mq_arena_array(arena, OWN_NOTES + self->plan->notes, sizeof *self->note);
    self->draft.failed |= !matrix->cell || !self->row || !self->column || !self->note;
    if (self->draft.failed)
        return false;
    for (size_t i = 0; i < rows * columns; i++)
        matrix->cell[i] = (struct mq_sheet_cell){"", NAN};
    return true;
}

bool mq_figure_begin(struct mq_figure_draft *self, const struct mq_figure_plan *plan, size_t rows,
                     size_t columns)
{
    const struct mq_release *release = self->draft.release;
    if (self->draft.failed || self->count == self->most)
        return false;
    self->plan = plan;
    self->notes = 0;
    self->band = NULL;
    self->draft.sheet = &self->matrix;
    self->draft.symbols = 0;
    if (!make_room(self, rows, columns))
        return false;
    self->figure = &self->finished[self->count];
    *self->figure = (struct mq_figure){.kind = plan->kind,
                                       .id = "",
                                       .number = "",
                                       .title = "",
                                       .alt = "",
                                       .rows = rows,
                                       .columns = columns,
                                       .row = self->row,
                                       .column = self->column,
                                       .cell = self->matrix.cell,
                                       .decimals = release->model->decimals,
                                       .reference = {"", NAN},
                                       .reference_name = "",
                                       .stamp = "",
                                       .source = "",
                                       .level = ""};
    static const char *const before[] = {"单位：", "Unit: "};
    const char *unit = mq_score_unit(release);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (strncmp(unit, before[i], strlen(before[i])) == 0)
            unit += strlen(before[i]);
    self->figure->unit = mq_draft_copy(&self->draft, unit);
    if (plan->level >= 0)
        self->figure->level = mq_draft_copy(&self->draft, release->model->level[plan->level].id);
    for (size_t i = 0; i < plan->notes; i++)
        mq_figure_note(self, mq_draft_copy(&self->draft, plan->note[i]));
    return !self->draft.failed;
}

/* ---- ids: file names, so ASCII and unique without regard to case ---- */

static bool id_taken(const struct mq_figure_draft *self, const char *id)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcasecmp(self->finished[i].id, id) == 0)
            return true;
    return false;
}

static const char *settled_id(struct mq_figure_draft *self, const char *wanted)
{
    char *id = mq_arena_string(arena_of(self), wanted, strlen(wanted));
    for (char *c = id; c && *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            *c = '_';
    const char *plain = id;
    for (int n = 2; id && id_taken(self, id); n++)
        id = mq_arena_format(arena_of(self), "%s-%d", plain, n);
    self->draft.failed |= !id;
    return id ? id : "";
}

void mq_figure_name(struct mq_figure_draft *self, const char *id, const char *title)
{
    const struct mq_figure_plan *plan = self->plan;
    self->draft.failed |= !id || !title;
    if (self->draft.failed)
        return;
    self->figure->id = settled_id(self, plan->id && plan->id[0] ? plan->id : id);
    self->figure->title =
        mq_draft_copy(&self->draft, plan->title && plan->title[0] ? plan->title : title);
}

/* ---- the matrix ---- */

void mq_figure_row(struct mq_figure_draft *self, size_t row, const char *code, const char *name,
                   bool strong)
{
    self->row[row] = (struct mq_figure_item){mq_draft_copy(&self->draft, code),
                                             mq_draft_copy(&self->draft, name), strong};
}

void mq_figure_column(struct mq_figure_draft *self, size_t column, const char *code,
                      const char *name, bool strong)
{
    self->column[column] = (struct mq_figure_item){mq_draft_copy(&self->draft, code),
                                                   mq_draft_copy(&self->draft, name), strong};
}

void mq_figure_score(struct mq_figure_draft *self, size_t row, size_t column, size_t unit, int node)
{
    mq_draft_number(&self->draft, row, column, mq_show_score(self->draft.release, unit, node),
                    self->draft.release->model->decimals);
}

const struct mq_sheet_cell *mq_figure_cell(const struct mq_figure_draft *self, size_t row,
                                           size_t column)
{
    return &self->matrix.cell[row * self->matrix.columns + column];
}

/* All -1, and the titles. */
static bool bands_new(struct mq_figure_draft *self)
{
    const struct mq_model *model = self->draft.release->model;
    size_t cells = self->matrix.rows * self->matrix.columns;
    const char **title = mq_arena_array(arena_of(self), model->bands, sizeof *title);
    self->band = mq_arena_array(arena_of(self), cells, sizeof *self->band);
    self->draft.failed |= !title || !self->band;
    if (self->draft.failed)
        return false;
    for (size_t i = 0; i < model->bands; i++)
        title[i] = mq_draft_copy(&self->draft, model->band[i].title);
    for (size_t i = 0; i < cells; i++)
        self->band[i] = -1;
    self->figure->bands = model->bands;
    self->figure->band = title;
    self->figure->cell_band = self->band;
    return true;
}

void mq_figure_band(struct mq_figure_draft *self, size_t row, size_t column, size_t unit)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_model *model = release->model;
    if (model->bands == 0 || (!self->band && !bands_new(self)))
        return;
    if (unit == MQ_NO_UNIT || !isfinite(mq_show_score(release, unit, release->root).value))
        return;
    self->band[row * self->matrix.columns + column] =
        (int16_t)release->scores->score[unit * model->nodes + (size_t)release->root].band;
}

void mq_figure_reference(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    if (release->top_level < 0)
        return;
    struct mq_shown shown = mq_show_score(release, release->top.now, release->root);
    if (!isfinite(shown.value))
        return;
    /* through a cell, so that it reads as in the tables */
    struct mq_sheet_cell reference = {"", NAN};
    struct mq_sheet one = {.rows = 1, .columns = 1, .cell = &reference},
                    *matrix = self->draft.sheet;
    self->draft.sheet = &one;
    mq_draft_number(&self->draft, 0, 0, shown, release->model->decimals);
    self->draft.sheet = matrix;
    self->figure->reference = reference;
    self->figure->reference_name = mq_draft_copy(&self->draft, release->top.name);
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten, at least `least`. */
static double round_step(double least)
{
    double power = pow(10, floor(log10(least)));
    static const double steps[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= least * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* `count` steps without the noise that 0.1 * 3 has. */
static double steps_of(double count, double step)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.12g", count * step);
    double value = count * step;
    mq_real_parse(digits, strlen(digits), &value);
    return value == 0 ? 0 : value;
}

void mq_round_range(double least, double greatest, bool bars, double range[2])
{
    enum { STEPS = 6 };
    double spread = greatest - least, size = fmax(fabs(least), fabs(greatest));
    if (!isfinite(spread)) {
        range[0] = 0;
        range[1] = 1;
        return;
    }
    if (spread <= 1e-9 * size || spread == 0)
        spread = size > 0 ? size / 10 : 1;
    if (least > 0 && spread > 0.6 * greatest) { /* nothing is gained by not starting at 0 */
        least = 0;
        spread = greatest;
        bars = false;
    }
    double step = round_step(spread / STEPS);
    double low = floor(least / step + 1e-9), high = ceil(greatest / step - 1e-9);
    if (bars && least - low * step < step / 4 && low != 0)
        low--; /* the shortest bar can be seen */
    if (high <= low)
        high = low + 1;
    range[0] = steps_of(low, step);
    range[1] = steps_of(high, step);
}

void mq_figure_range(struct mq_figure_draft *self, size_t columns, bool bars)
{
    double least = self->figure->reference.value, greatest = least, range[2];
    for (size_t row = 0; row < self->matrix.rows; row++)
        for (size_t column = 0; column < columns; column++) {
            double value = mq_figure_cell(self, row, column)->value;
            least = fmin(least, value); /* the number where the other is NaN */
            greatest = fmax(greatest, value);
        }
    mq_round_range(least, greatest, bars, range);
    self->figure->low = range[0];
    self->figure->high = range[1];
}

/* ---- notes and the end ---- */

void mq_figure_note(struct mq_figure_draft *self, const char *note)
{
    self->draft.failed |= !note;
    if (note && self->notes < OWN_NOTES + self->plan->notes)
        self->note[self->notes++] = note;
}

/* "注：…"; several are numbered as below the tables. */
static void head_notes(struct mq_figure_draft *self)
{
    bool chinese = self->draft.release->chinese;
    const char *first = chinese ? "注：" : "Notes: ", *next = chinese ? "　　" : "       ";
    if (self->notes == 1)
        first = chinese ? "注：" : "Note: ";
    for (size_t i = 0; i < self->notes; i++) {
        const char *head = i ? next : first;
        const char *text =
            self->notes == 1 ? mq_arena_format(arena_of(self), "%s%s", head, self->note[i])
                             : mq_arena_format(arena_of(self), chinese ? "%s%zu．%s" : "%s%zu. %s",
                                               head, i + 1, self->note[i]);
        self->draft.failed |= !text;
        self->note[i] = text ? text : "";
    }
}

void mq_figure_alt(struct mq_figure_draft *self, struct mq_buffer *alt)
{
    const char *text =
        alt->failed ? NULL
                    : mq_arena_string(arena_of(self), alt->data ? alt->data : "", alt->length);
    self->draft.failed |= !text;
    self->figure->alt = text ? text : "";
    mq_buffer_clear(alt);
}

void mq_figure_end(struct mq_figure_draft *self, bool numbered)
{
    const struct mq_model *model = self->draft.release->model;
    struct mq_figure *figure = self->figure;
    if (self->draft.symbols)
        mq_figure_note(self, mq_symbols_text(&self->draft, self->draft.symbols));
    head_notes(self);
    figure->note = self->note;
    figure->notes = self->notes;
    const char *number = self->plan->number && self->plan->number[0] ? self->plan->number : NULL;
    if (number)
        figure->number = mq_draft_copy(&self->draft, number);
    else if (numbered)
        figure->number = mq_arena_format(arena_of(self), model->chinese ? "图%zu" : "Figure %zu",
                                         ++self->numbered);
    if (model->source && model->source[0])
        figure->source = mq_arena_format(
            arena_of(self), model->chinese ? "数据来源：%s" : "Source: %s", model->source);
    self->draft.failed |= !figure->number || !figure->source;
    if (!self->draft.failed)
        self->count++;
}
