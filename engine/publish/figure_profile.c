/* One figure a unit: the parts of its index beside those of the units above it. */
#include <math.h>
#include <string.h>

#include "publish/figure_draft.h"

enum { FEWEST_ROWS = 3, MOST_ROWS = 20, MOST_ABOVE = 3 };

/* A unit to compare with. */
struct above {
    size_t unit;
    const char *code, *name;
};

/* Parts of the index one and two levels down; its leaves where those are few, and other indicators
 * beside it where it has no parts. */
static size_t rows_of(const struct mq_release *release, int *node)
{
    const struct mq_model *model = release->model;
    size_t count = 0;
    for (int round = 0; round < 2 && count < FEWEST_ROWS; round++) {
        count = 0;
        for (size_t i = 0; i < model->nodes; i++) {
            int at = model->order[i], root = at;
            while (model->node[root].parent >= 0)
                root = model->node[root].parent;
            const struct mq_node *self = &model->node[at];
            bool wanted = round == 0
                              ? self->depth >= 1 && self->depth <= 2 && !mq_only_child(model, at)
                              : self->leaf;
            wanted = wanted && (root == release->root || (round == 1 && !mq_units_mixed(release)));
            if (wanted && count < MOST_ROWS)
                node[count++] = at;
        }
    }
    return count;
}

/* The unit with the code in another level with one axis, in the latest period. */
static void add_by_code(const struct mq_release *release, int own, const char *code,
                        struct above *above, size_t *count)
{
    for (size_t level = 0; level < release->model->levels; level++) {
        if ((int)level == own || (int)level == release->top_level ||
            release->model->level[level].axes != 1)
            continue;
        for (size_t i = 0; i < release->level[level].count; i++) {
            const struct mq_line *line = &release->level[level].line[i];
            if (line->now != MQ_NO_UNIT && strcmp(line->code, code) == 0 && *count < MOST_ABOVE) {
                above[(*count)++] = (struct above){line->now, line->code, line->name};
                return;
            }
        }
    }
}

/* The top unit, then the province and the city of an administrative division (GB/T 2260). */
static size_t find_above(const struct mq_release *release, int level, const char *code,
                         struct above *above)
{
    size_t count = 0;
    if (release->top_level >= 0)
        above[count++] = (struct above){release->top.now, release->top.code, release->top.name};
    if (strlen(code) != 6 || strspn(code, "0123456789") != 6)
        return count;
    for (size_t digits = 2; digits <= 4; digits += 2) {
        char upper[7] = "000000";
        memcpy(upper, code, digits);
        if (strcmp(upper, code) != 0 &&
            strcmp(upper, release->top.code ? release->top.code : "") != 0)
            add_by_code(release, level, upper, above, &count);
    }
    return count;
}

/* The unit's best and worst parts. */
static void describe(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    bool chinese = release->chinese;
    struct mq_buffer alt = MQ_BUFFER_EMPTY;
    mq_buffer_format(&alt, chinese ? "条形图：%s" : "Bar chart: %s", self->column[0].name);
    for (size_t i = 1; i < self->matrix.columns; i++)
        mq_buffer_format(&alt, "%s%s",
                         i > 1     ? (chinese ? "、" : ", ")
                         : chinese ? "与"
                                   : " beside ",
                         self->column[i].name);
    mq_buffer_format(&alt, chinese ? "的%zu项得分，%s各项中" : ", %zu scores; of %s, ",
                     self->matrix.rows, self->column[0].name);
    mq_add_extremes(&alt, self);
    mq_buffer_text(&alt, chinese ? "。" : ".");
    mq_figure_alt(self, &alt);
}

static const char *title_of(struct mq_figure_draft *self, const struct mq_figure_plan *plan,
                            const char *name)
{
    const struct mq_release *release = self->draft.release;
    struct mq_arena *arena = &self->sheets.arena;
    const char *index = mq_index_title(release);
    if (plan->title && plan->title[0])
        return mq_arena_format(arena, release->chinese ? "%s（%s）" : "%s (%s)", plan->title, name);
    if (release->chinese)
        return mq_arena_format(arena, "%s%s%s的分项得分", release->now, name, index);
    return mq_arena_format(arena, "Components of the %s, %s%s%s", index, name,
                           release->now[0] ? ", " : "", release->now);
}

static void build_one(struct mq_figure_draft *self, const struct mq_figure_plan *plan,
                      const struct mq_line *line, const int *node, size_t rows)
{
    const struct mq_release *release = self->draft.release;
    struct above above[MOST_ABOVE];
    size_t aboves = find_above(release, plan->level, line->code, above), numbers = 0;
    struct mq_figure_plan own = *plan; /* one plan for all units: each has its id and title */
    own.id = own.title = "";
    if (!mq_figure_begin(self, &own, rows, 1 + aboves))
        return;
    mq_figure_column(self, 0, line->code, line->name, true);
    for (size_t i = 0; i < aboves; i++)
        mq_figure_column(self, 1 + i, above[i].code, above[i].name, false);
    for (size_t row = 0; row < rows; row++) {
        const struct mq_node *part = &release->model->node[node[row]];
        mq_figure_row(self, row, part->id, mq_node_title(part), false);
        mq_figure_score(self, row, 0, line->now, node[row]);
        numbers += !isnan(mq_figure_cell(self, row, 0)->value);
        for (size_t i = 0; i < aboves; i++)
            mq_figure_score(self, row, 1 + i, above[i].unit, node[row]);
    }
    if (numbers == 0)
        return;
    const char *kind = mq_arena_format(&self->sheets.arena, "profile-%s", line->code);
    self->draft.failed |= !kind;
    mq_figure_range(self, 1 + aboves, true);
    mq_figure_name(self, kind ? mq_figure_id(self, plan->level, kind) : NULL,
                   title_of(self, plan, line->name));
    describe(self);
    mq_figure_end(self, false);
}

/* Profiles lie side by side: the same length is the same score. */
static void share_axis(struct mq_figure_draft *self, size_t first)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = first; i < self->count; i++) {
        low = fmin(low, self->finished[i].low);
        high = fmax(high, self->finished[i].high);
    }
    for (size_t i = first; i < self->count; i++) {
        self->finished[i].low = low;
        self->finished[i].high = high;
    }
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_lines *lines = &release->level[plan->level];
    int *node = mq_arena_array(&self->sheets.arena, release->model->nodes, sizeof *node);
    self->draft.failed |= !node;
    size_t rows = node ? rows_of(release, node) : 0, first = self->count;
    for (size_t i = 0; i < lines->count && rows > 1; i++)
        if (lines->line[i].now != MQ_NO_UNIT)
            build_one(self, plan, &lines->line[i], node, rows);
    share_axis(self, first);
}

const struct mq_figure_maker mq_figure_profile = {MQ_FIGURE_PROFILE, 1, build};
