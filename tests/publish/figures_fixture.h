/* Publications with figures, made by hand. */
#ifndef MQ_TEST_FIGURES_FIXTURE_H
#define MQ_TEST_FIGURES_FIXTURE_H

#include "realistic.h"
#include "support.h"

static inline struct mq_publication *publish_figures(const struct realistic *set,
                                                     const struct mq_publication_options *options)
{
    static const struct mq_publication_options usual = {.wants = MQ_WANT_FIGURES};
    struct mq_publication *publication = NULL;
    struct mq_error error = {0};
    if (mq_publication_new(&set->scores, &set->provenance, options ? options : &usual, &publication,
                           &error) != MQ_OK)
        fail_msg("%s", error.message);
    return publication;
}

static inline const struct mq_figure *figure_named(const struct mq_publication *publication,
                                                   const char *id)
{
    const struct mq_figure *figure = mq_figures_find(publication->figures, id);
    if (!figure)
        fail_msg("no figure %s", id);
    return figure;
}

static inline const struct mq_sheet_cell *cell_at(const struct mq_figure *figure, size_t row,
                                                  size_t column)
{
    assert_true(row < figure->rows && column < figure->columns);
    return &figure->cell[row * figure->columns + column];
}

static inline size_t item_coded(const struct mq_figure_item *item, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(item[i].code, code) == 0)
            return i;
    fail_msg("nothing has the code %s", code);
    return 0;
}

/* The same text and number, or none in both. */
static inline void same_cell(const struct mq_sheet_cell *found, const struct mq_sheet_cell *wanted)
{
    assert_string_equal(found->text, wanted->text);
    assert_int_equal(isnan(found->value), isnan(wanted->value));
    if (!isnan(found->value))
        assert_true(found->value == wanted->value);
}

static inline bool has_note(const struct mq_figure *figure, const char *part)
{
    for (size_t i = 0; i < figure->notes; i++)
        if (strstr(figure->note[i], part))
            return true;
    return false;
}

#endif
