/* Feedback sheets of a realistic publication, and what is asked of them. */
#ifndef MQ_TEST_PROFILES_FIXTURE_H
#define MQ_TEST_PROFILES_FIXTURE_H

#include "publish/draft.h"

#include "realistic.h"
#include "support.h"

static inline struct mq_publication *published(const struct realistic *set,
                                               const struct mq_publication_options *more)
{
    struct mq_publication_options options = more ? *more : (struct mq_publication_options){0};
    struct mq_publication *publication = NULL;
    struct mq_error error = {0};
    options.wants = MQ_WANT_PROFILES;
    assert_int_equal(
        mq_publication_new(&set->scores, &set->provenance, &options, &publication, &error), MQ_OK);
    return publication;
}

static inline const struct mq_profile *profile_of(const struct mq_publication *publication,
                                                  const char *code)
{
    for (size_t i = 0; i < publication->profiles->count; i++)
        if (strcmp(publication->profiles->profile[i].code, code) == 0)
            return &publication->profiles->profile[i];
    return NULL;
}

static inline const struct mq_sheet *table(const struct mq_profile *profile, const char *id)
{
    char whole[64];
    assert_non_null(profile);
    snprintf(whole, sizeof whole, "%s-%s", profile->code, id);
    for (size_t i = 0; i < profile->sheets; i++)
        if (strcmp(profile->sheet[i].id, whole) == 0)
            return &profile->sheet[i];
    return NULL;
}

static inline const struct mq_sheet_cell *at(const struct mq_sheet *sheet, size_t row,
                                             size_t column)
{
    assert_non_null(sheet);
    assert_true(row < sheet->rows && column < sheet->columns);
    return &sheet->cell[row * sheet->columns + column];
}

static inline bool tells(const struct mq_profile *profile, const char *part)
{
    for (size_t i = 0; i < profile->lines; i++)
        if (strstr(profile->line[i], part))
            return true;
    return false;
}

static inline void assert_tells(const struct mq_profile *profile, const char *part)
{
    if (tells(profile, part))
        return;
    for (size_t i = 0; i < profile->lines; i++)
        print_error("%s\n", profile->line[i]);
    fail_msg("\"%s\" is not told", part);
}

static inline long hundredths(double value)
{
    return lround(100 * value);
}

/* Scores of the parents again, with the weights of the children that are there. */
static inline void combine(struct realistic *set, size_t unit)
{
    size_t nodes = set->model.nodes;
    for (size_t i = nodes; i-- > 0;) {
        const struct mq_node *node = &set->model.node[i];
        double sum = 0, present = 0;
        for (size_t c = 0; c < node->children; c++)
            present += !isnan(set->scores.score[unit * nodes + (size_t)node->child[c]].value);
        for (size_t c = 0; c < node->children; c++) {
            size_t cell = unit * nodes + (size_t)node->child[c];
            bool missing = isnan(set->scores.score[cell].value);
            set->scores.weight[cell] = missing ? NAN : 1 / present;
            sum += missing ? 0 : set->scores.score[cell].value / present;
        }
        if (!node->leaf)
            set->scores.score[unit * nodes + i].value = present > 0 ? sum : NAN;
    }
}

#endif
