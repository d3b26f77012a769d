/* Tables made of a realistic publication, and what is asked of them. */
#ifndef MQ_TEST_SHEETS_FIXTURE_H
#define MQ_TEST_SHEETS_FIXTURE_H

#include "realistic.h"
#include "support.h"

static inline struct mq_sheets *sheets_of(const struct realistic *set)
{
    struct mq_sheets *sheets = NULL;
    struct mq_error error = {0};
    assert_int_equal(mq_sheets_new(&set->scores, &set->provenance, &sheets, &error), MQ_OK);
    return sheets;
}

static inline struct mq_sheets *sheets_for(const struct realistic_options *options,
                                           struct realistic *set)
{
    realistic_new(options, set);
    return sheets_of(set);
}

static inline const char *ids(const struct mq_sheets *sheets, char *text)
{
    text[0] = '\0';
    for (size_t i = 0; i < sheets->count; i++) {
        sprintf(text + strlen(text), "%s%s", i ? " " : "", sheets->sheet[i].id);
    }
    return text;
}

/* All columns of a sheet, "group/title" where there is a group. */
static inline const char *columns(const struct mq_sheet *sheet, char *text)
{
    assert_non_null(sheet);
    text[0] = '\0';
    for (size_t i = 0; i < sheet->columns; i++)
        sprintf(text + strlen(text), "%s%s%s%s", i ? " " : "", sheet->column[i].group,
                sheet->column[i].group[0] ? "/" : "", sheet->column[i].title);
    return text;
}

static inline void assert_printed(const struct mq_sheet_cell *cell, double value, int decimals)
{
    char text[352], printed[360];
    mq_round_text(value, decimals, MQ_HALF_UP, text);
    snprintf(printed, sizeof printed, "%s%s", text[0] == '-' ? "−" : "",
             text[0] == '-' ? text + 1 : text);
    assert_string_equal(cell->text, printed);
    assert_true(cell->value == strtod(text, NULL));
}

static inline bool has_note(const struct mq_sheet *sheet, const char *part)
{
    for (size_t i = 0; i < sheet->notes; i++)
        if (strstr(sheet->note[i], part))
            return true;
    return false;
}

#endif
