/* Sentences about a few cities whose numbers are set by hand. */
#ifndef MQ_TEST_STORY_FIXTURE_H
#define MQ_TEST_STORY_FIXTURE_H

#include "publish/story.h"
#include "realistic.h"
#include "support.h"

/* The index of a city: now and in the year before. */
struct story_city {
    const char *code;
    double now, before;
};
/*
 *                 now         before      change  rank
 * 大连市 200200   88.20       87.00       +1.20   1 (1)
 * 沈阳市 200100   84.996      84.00       +1.00   2 (2)   published as 85.00
 * 鞍山市 200300   80.10       80.10        0.00   3 (4)
 * 本溪市 200500   80.10       79.10       +1.00   3 (5)
 * 抚顺市 200400   79.00       80.50       -1.50   5 (3)
 */
static const struct story_city story_cities[] = {{"200100", 84.996, 84},
                                                 {"200200", 88.2, 87},
                                                 {"200300", 80.1, 80.1},
                                                 {"200400", 79, 80.5},
                                                 {"200500", 80.1, 79.1}};

static inline void story_set(struct realistic *set, const char *level, const char *code,
                             const char *node, const double value[2])
{
    for (size_t period = 0; period < set->frame.periods; period++) {
        size_t unit = realistic_unit(set, period, level, code);
        bool now = period + 1 == set->frame.periods;
        realistic_score(set, unit, node)->value = value[now ? 0 : 1];
    }
}

static inline void story_new(const struct realistic_options *options, struct realistic *set)
{
    struct realistic_options five = *options;
    five.units = five.units ? five.units : 5;
    five.industries = 2;
    realistic_new(&five, set);
    for (size_t i = 0; i < sizeof story_cities / sizeof *story_cities; i++)
        story_set(set, "city", story_cities[i].code, set->model.node[0].id,
                  (const double[2]){story_cities[i].now, story_cities[i].before});
    if (!options->no_top && !options->flat) {
        story_set(set, "province", "", "mqci", (const double[2]){84.145, 83.75});
        story_set(set, "province", "", "quality", (const double[2]){91.29, 91.29});
        story_set(set, "province", "", "development", (const double[2]){77, 77.5});
    }
    realistic_rank(set);
}

static inline void story_raw(struct realistic *set, const char *node, double now, double before)
{
    size_t id = (size_t)realistic_node(set, node);
    for (size_t period = 0; period < set->frame.periods; period++) {
        size_t unit = realistic_unit(set, period, "province", "");
        bool last = period + 1 == set->frame.periods;
        set->frame.value[unit * set->model.nodes + id] = last ? now : before;
    }
}

/* What becomes of a template; valid until the next call. */
static inline const char *story_said(const struct realistic *set, const char *template)
{
    static char text[8192];
    struct mq_release release;
    struct mq_error error = {0};
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_narrative *narrative;
    struct mq_narrative_fault fault;
    assert_int_equal(mq_release_new(&set->scores, NULL, &release, &error), MQ_OK);
    if (mq_narrative_parse(&set->model, template, &arena, &narrative, &fault) != MQ_OK)
        fail_msg("%s: byte %zu: %s", template, fault.offset, fault.message);
    const char *said = mq_story_paragraph(&release, narrative, &arena);
    assert_non_null(said);
    assert_true(strlen(said) < sizeof text);
    strcpy(text, said);
    mq_arena_clear(&arena);
    mq_release_clear(&release);
    return text;
}

struct story_row {
    const char *template, *text;
};
static inline void story_check(const struct realistic *set, const struct story_row *row,
                               size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        const char *said = story_said(set, row[i].template);
        if (strcmp(said, row[i].text) != 0)
            fail_msg("%s\n  says   %s\n  wanted %s", row[i].template, said, row[i].text);
    }
}
#define STORY_CHECK(set, rows) story_check(set, rows, sizeof(rows) / sizeof *(rows))

#endif
