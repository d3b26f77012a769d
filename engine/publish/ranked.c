/* The units of a level by rank, as rankings show them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "publish/draft.h"

struct place {
    const struct mq_line *line;
    uint32_t rank; /* 0: not ranked, or not to be shown */
    bool missing;
};

/* Ranked first, then unranked, then missing; equals by code. */
static int by_rank(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->missing != y->missing)
        return x->missing ? 1 : -1;
    if ((x->rank == 0) != (y->rank == 0))
        return x->rank == 0 ? 1 : -1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return strcmp(x->line->code, y->line->code);
}

const struct mq_line **mq_ranked_lines(const struct mq_release *release,
                                       const struct mq_lines *lines, struct mq_arena *arena)
{
    struct place *place = mq_arena_array(arena, lines->count, sizeof *place);
    const struct mq_line **line = mq_arena_array(arena, lines->count, sizeof *line);
    if (!place || !line)
        return NULL;
    for (size_t i = 0; i < lines->count; i++) {
        size_t unit = lines->line[i].now;
        place[i] =
            (struct place){.line = &lines->line[i],
                           .rank = mq_show_rank(release, unit, release->root),
                           .missing = isnan(mq_show_score(release, unit, release->root).value)};
    }
    qsort(place, lines->count, sizeof *place, by_rank);
    for (size_t i = 0; i < lines->count; i++)
        line[i] = place[i].line;
    return line;
}
