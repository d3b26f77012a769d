/*
 * Units as tiles of equal size, placed as on a map. All tiles of the kind are there: a region
 * without data is drawn empty, never dropped.
 */
#include <math.h>
#include <string.h>

#include "publish/figure_draft.h"

/* Codes of administrative divisions (GB/T 2260) tell what they are of. */
enum pattern { PROVINCE, CITY, COUNTY, OTHER };

static enum pattern pattern_of(const char *code)
{
    if (strlen(code) != 6 || strspn(code, "0123456789") != 6)
        return OTHER;
    if (strcmp(code + 2, "0000") == 0)
        return PROVINCE;
    return strcmp(code + 4, "00") == 0 ? CITY : COUNTY;
}

static const struct mq_tile *tile_of(const struct mq_plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->tiles; i++)
        if (strcmp(plan->tile[i].code, code) == 0)
            return &plan->tile[i];
    return NULL;
}

static const struct mq_line *line_of(const struct mq_lines *lines, const char *code)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->line[i].now != MQ_NO_UNIT && strcmp(lines->line[i].code, code) == 0)
            return &lines->line[i];
    return NULL;
}

bool mq_has_tiles(const struct mq_release *release, int level)
{
    const struct mq_lines *lines = &release->level[level];
    size_t units = 0, with = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->line[i].now == MQ_NO_UNIT)
            continue;
        units++;
        with += tile_of(&release->model->plan, lines->line[i].code) != NULL;
    }
    return with > 0 && 2 * with >= units;
}

/* Of the same kind as some unit, and below a province, of the same one. */
static bool belongs(const struct mq_lines *lines, const struct mq_tile *tile)
{
    enum pattern pattern = pattern_of(tile->code);
    for (size_t i = 0; i < lines->count; i++) {
        const char *code = lines->line[i].code;
        bool apart = pattern == CITY || pattern == COUNTY;
        if (pattern_of(code) == pattern && (!apart || strncmp(code, tile->code, 2) == 0))
            return true;
    }
    return false;
}

static void fill_row(struct mq_figure_draft *self, size_t row, const struct mq_tile *tile,
                     const struct mq_line *line)
{
    const char *name = line ? line->name : (tile->name && tile->name[0] ? tile->name : tile->code);
    mq_figure_row(self, row, tile->code, name, false);
    mq_figure_score(self, row, 0, line ? line->now : MQ_NO_UNIT, self->draft.release->root);
    mq_figure_band(self, row, 0, line ? line->now : MQ_NO_UNIT);
}

/* Adds to a list of names that tells of the first few. */
static void add_name(struct mq_buffer *names, size_t *count, const char *name, bool chinese)
{
    enum { MOST_NAMES = 10 };
    if (++*count <= MOST_NAMES)
        mq_buffer_format(names, "%s%s", names->length ? (chinese ? "、" : ", ") : "", name);
    else if (*count == MOST_NAMES + 1)
        mq_buffer_text(names, chinese ? "等" : " and others");
}

static void note_names(struct mq_figure_draft *self, const char *format, struct mq_buffer *names)
{
    self->draft.failed |= names->failed;
    if (names->length > 0 && !names->failed) {
        mq_buffer_text(names, self->draft.release->chinese ? "。" : ".");
        const char *text = names->failed
                               ? NULL
                               : mq_arena_format(&self->sheets.arena, "%s%s", format, names->data);
        mq_figure_note(self, text);
    }
    mq_buffer_clear(names);
}

/* Tiles that the data have no unit for, and units that have no tile. */
static void name_missing(struct mq_figure_draft *self, const struct mq_lines *lines)
{
    const struct mq_release *release = self->draft.release;
    bool chinese = release->chinese;
    struct mq_buffer names = MQ_BUFFER_EMPTY;
    size_t count = 0;
    for (size_t row = 0; row < self->matrix.rows; row++)
        if (!line_of(lines, self->row[row].code))
            add_name(&names, &count, self->row[row].name, chinese);
    note_names(self, chinese ? "数据未包括" : "Not in the data: ", &names);
    names = MQ_BUFFER_EMPTY;
    count = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->line[i].now != MQ_NO_UNIT &&
            !tile_of(&release->model->plan, lines->line[i].code))
            add_name(&names, &count, lines->line[i].name, chinese);
    note_names(self, chinese ? "未列入图中：" : "Not shown: ", &names);
}

void mq_note_bands(struct mq_figure_draft *self)
{
    const struct mq_release *release = self->draft.release;
    if (release->model->bands == 0)
        return;
    const char *bands = mq_bands_text(&self->draft);
    mq_figure_note(self, bands ? mq_arena_format(&self->sheets.arena,
                                                 release->chinese ? "等级：%s" : "Bands: %s", bands)
                               : NULL);
}

static void build(struct mq_figure_draft *self, const struct mq_figure_plan *plan)
{
    const struct mq_release *release = self->draft.release;
    const struct mq_lines *lines = &release->level[plan->level];
    const struct mq_plan *all = &release->model->plan;
    size_t rows = 0;
    for (size_t i = 0; i < all->tiles; i++)
        rows += belongs(lines, &all->tile[i]);
    if (!mq_has_tiles(release, plan->level) || mq_scored_units(release, plan->level) < 2 ||
        !mq_figure_begin(self, plan, rows, 1))
        return;
    struct mq_tile *place = mq_arena_array(&self->sheets.arena, rows, sizeof *place);
    self->draft.failed |= !place;
    if (!place)
        return;
    mq_figure_column(self, 0, release->model->node[release->root].id, mq_index_title(release),
                     true);
    rows = 0;
    for (size_t i = 0; i < all->tiles; i++) {
        const struct mq_tile *tile = &all->tile[i];
        if (!belongs(lines, tile))
            continue;
        fill_row(self, rows, tile, line_of(lines, tile->code));
        place[rows] = *tile;
        place[rows].code = self->row[rows].code;
        place[rows].name = self->row[rows].name;
        rows++;
    }
    self->figure->place = place;
    mq_figure_reference(self);
    mq_figure_range(self, 1, false);
    name_missing(self, lines);
    mq_note_bands(self);
    mq_figure_name(self, mq_figure_id(self, plan->level, "tiles"),
                   mq_figure_title_kind(self, plan->level, "方格图", "Tile map"));
    mq_figure_alt_level(self, release->chinese ? "方块图" : "Tile map", plan->level);
    mq_figure_end(self, true);
}

const struct mq_figure_maker mq_figure_tiles = {MQ_FIGURE_TILES, 1, build};
