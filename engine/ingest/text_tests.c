/* text_tests: what can only be asked of a cell's text. A key becomes a hash and a code an ordinal;
 * the answers go along with them, a bit each. */
#include <stdlib.h>

#include "ingest/reader.h"

static bool open_cells(struct mq_cells *cells, const struct mq_model *model, int input)
{
    size_t count = 0;
    for (size_t i = 0; i < model->tests; i++)
        count += model->test[i].input == input;
    if (count == 0)
        return true;
    cells->test = calloc(count, sizeof *cells->test);
    if (!cells->test)
        return false;
    for (size_t i = 0; i < model->tests; i++)
        if (model->test[i].input == input)
            cells->test[cells->test_count++] = &model->test[i];
    if (!cells->dict)
        return true;
    cells->memo_tests = calloc(MQ_MEMOS, sizeof *cells->memo_tests);
    return cells->memo_tests != NULL;
}

bool mq_text_tests_open(struct mq_columns *columns)
{
    const struct mq_model *model = columns->model;
    if (model->tests == 0)
        return true;
    columns->matcher = mq_matcher_new();
    bool good = columns->matcher != NULL;
    for (size_t i = 0; good && i < columns->inputs; i++)
        good = open_cells(&columns->cells[i], model, (int)i);
    return good;
}

static bool holds(struct mq_columns *columns, const struct mq_text_test *test, struct mq_text text)
{
    bool matches = false;
    switch (test->kind) {
    case MQ_MATCHES:
        if (mq_pattern_try(test->matcher, columns->matcher, text, &matches) != MQ_OK)
            columns->failed = true;
        break;
    case MQ_IS_USCC:
        matches = mq_identity_good(mq_identify_credit_code(text).verdict);
        break;
    case MQ_IS_ORGANISATION_CODE:
        matches = mq_identity_good(mq_identify_organisation(text).verdict);
        break;
    }
    return matches;
}

uint32_t mq_text_tests_run(struct mq_columns *columns, const struct mq_cells *cells,
                           struct mq_text text)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < cells->test_count; i++)
        bits |= (uint32_t)holds(columns, cells->test[i], text) << cells->test[i]->bit;
    return bits;
}

void mq_text_tests_close(struct mq_columns *columns)
{
    for (size_t i = 0; columns->cells && i < columns->inputs; i++) {
        free(columns->cells[i].test);
        free(columns->cells[i].memo_tests);
    }
    mq_matcher_free(columns->matcher);
}
