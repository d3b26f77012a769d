/*
 * xlsx_header: which row of a sheet names the columns.
 *
 * Titles, units and dates stand above it, and it may have several rows: a cell merged downwards, a
 * title merged over sub-titles. The row wanted is the one whose columns are those of most inputs,
 * where a cell of several rows counts in the lowest of them.
 */
#include <string.h>

#include "ingest/xlsx.h"

enum { NAME_MOST = 1000 }; /* bytes; no column is called that */

struct search {
    struct mq_arena *arena;
    const struct mq_model *model;
    const struct mq_xlsx_top *top;
    struct mq_xlsx_merges merges;
    size_t width;       /* columns with a text in any of the rows */
    bool *found;        /* [inputs] */
    struct mq_text *at; /* [width] the row being looked at */
    bool failed;
};

static struct mq_text nothing(void)
{
    return (struct mq_text){"", 0};
}

/* ---- the texts of a cell and those above it ---- */

static const struct mq_xlsx_row *find_row(const struct search *search, uint32_t number)
{
    size_t low = 0, high = search->top->rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->top->row[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    const struct mq_xlsx_row *row = search->top->row + low;
    return low < search->top->rows && row->number == number ? row : NULL;
}

static struct mq_text text_at(const struct search *search, uint32_t number, uint32_t column)
{
    const struct mq_xlsx_row *row = find_row(search, number);
    size_t low = 0, high = row ? row->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row->cell[middle].column < column)
            low = middle + 1;
        else
            high = middle;
    }
    return row && low < row->count && row->cell[low].column == column ? row->cell[low].text
                                                                      : nothing();
}

/* The texts over a column from `row` upwards, as far as merged cells go; how many. */
static size_t levels(const struct search *search, uint32_t row, uint32_t column,
                     struct mq_text *text)
{
    size_t count = 0;
    for (int level = 0; level < MQ_XLSX_LEVELS && row > 0; level++) {
        const struct mq_xlsx_merge *merge = mq_xlsx_merge_at(&search->merges, row, column);
        if (!merge && level > 0)
            break;
        text[count] =
            merge ? text_at(search, merge->top, merge->left) : text_at(search, row, column);
        count += text[count].n > 0 || level == 0;
        row = (merge ? merge->top : row) - 1;
    }
    return count;
}

/* ---- names ---- */

/* The text in one line, as it names a column. */
static struct mq_text one_line(struct search *search, struct mq_text text)
{
    if (!memchr(text.s, '\n', text.n) && !memchr(text.s, '\r', text.n))
        return mq_text_trim(text);
    char *line = mq_arena_alloc(search->arena, text.n);
    size_t length = 0;
    if (!line) {
        search->failed = true;
        return nothing();
    }
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] != '\n' && text.s[i] != '\r')
            line[length++] = text.s[i];
    return mq_text_trim((struct mq_text){line, length});
}

/* Whether inputs have a column of that name; those are then found. */
static bool names_input(struct search *search, struct mq_text name)
{
    if (name.n == 0 || name.n > NAME_MOST ||
        mq_header_names(search->model, name.s, name.n, &search->failed) == 0)
        return false;
    for (size_t i = 0; i < search->model->inputs; i++) {
        struct mq_model alone = *search->model;
        alone.input = &search->model->input[i];
        alone.inputs = 1;
        if (!search->found[i])
            search->found[i] = mq_header_names(&alone, name.s, name.n, &search->failed) > 0;
    }
    return true;
}

/* The lowest text; if that names no input, those above it in front of it, if they then do. */
static struct mq_text column_name(struct search *search, uint32_t row, uint32_t column)
{
    struct mq_text text[MQ_XLSX_LEVELS] = {{"", 0}};
    size_t count = levels(search, row, column, text);
    struct mq_text lowest = one_line(search, text[0]), joined = lowest;
    if (names_input(search, lowest))
        return lowest;
    for (size_t i = 1; i < count; i++) {
        struct mq_text above = one_line(search, text[i]);
        char *longer = mq_arena_alloc(search->arena, above.n + joined.n + 1);
        if (!longer) {
            search->failed = true;
            break;
        }
        memcpy(longer, above.s, above.n);
        memcpy(longer + above.n, joined.s, joined.n);
        joined = (struct mq_text){longer, above.n + joined.n};
        if (names_input(search, joined))
            return joined;
    }
    return lowest;
}

/* Names the columns by that row; how many inputs they have. */
static size_t name_columns(struct search *search, uint32_t row)
{
    size_t count = 0;
    memset(search->found, 0, search->model->inputs * sizeof *search->found);
    for (size_t i = 0; i < search->width; i++)
        search->at[i] = column_name(search, row, (uint32_t)i);
    for (size_t i = 0; i < search->model->inputs; i++)
        count += search->found[i];
    return count;
}

/* ---- the row ---- */

static uint32_t best_row(struct search *search, size_t *most)
{
    uint32_t best = search->top->row[0].number;
    *most = 0;
    for (size_t i = 0; i < search->top->rows && i < MQ_XLSX_SEARCHED; i++) {
        uint32_t number = search->top->row[i].number;
        size_t count = name_columns(search, number);
        if (count > *most) {
            *most = count;
            best = number;
        }
    }
    return best;
}

/* Whether the header is this row alone for certain: all inputs are there, and most of their columns
 * go on with a value of their own in the row below, as they could not if cells were merged. Saves
 * unpacking the sheet twice. */
static bool stands_alone(struct search *search, uint32_t row, size_t inputs)
{
    size_t named = 0, filled = 0;
    if (inputs < search->model->inputs)
        return false;
    name_columns(search, row);
    for (size_t i = 0; i < search->width; i++)
        if (search->at[i].n <= NAME_MOST &&
            mq_header_names(search->model, search->at[i].s, search->at[i].n, &search->failed) > 0) {
            named++;
            filled += text_at(search, row + 1, (uint32_t)i).n > 0;
        }
    return 2 * filled >= named;
}

/* The last row that cells of this row reach down to. */
static uint32_t lowest_row(const struct search *search, uint32_t row)
{
    uint32_t lowest = row;
    for (size_t i = 0; i < search->merges.count; i++) {
        const struct mq_xlsx_merge *it = &search->merges.merge[i];
        if (it->top <= row && it->bottom > lowest && it->bottom < row + MQ_XLSX_LEVELS)
            lowest = it->bottom;
    }
    return lowest;
}

static enum mq_status prepare(struct search *search, struct mq_error *error)
{
    for (size_t i = 0; i < search->top->rows; i++) {
        const struct mq_xlsx_row *row = &search->top->row[i];
        if (row->cell[row->count - 1].column >= search->width)
            search->width = row->cell[row->count - 1].column + 1;
    }
    search->at = mq_arena_array(search->arena, search->width, sizeof *search->at);
    search->found = mq_arena_array(search->arena, search->model->inputs + 1, sizeof *search->found);
    return search->at && search->found ? MQ_OK : mq_fail_memory(error);
}

enum mq_status mq_xlsx_header_find(struct mq_xlsx *book, const char *part,
                                   const struct mq_xlsx_top *top, struct mq_xlsx_header *header,
                                   struct mq_error *error)
{
    struct search search = {.arena = &book->arena, .model = book->origin->model, .top = top};
    size_t most, lower;
    MQ_TRY(prepare(&search, error));
    uint32_t row = best_row(&search, &most);
    if (!stands_alone(&search, row, most)) {
        MQ_TRY(
            mq_xlsx_merges_read(book, part, top->row[top->rows - 1].number, &search.merges, error));
        if (search.merges.count > 0)
            row = best_row(&search, &most);
        uint32_t lowest = most > 0 ? lowest_row(&search, row) : row;
        lower = lowest > row ? name_columns(&search, lowest) : 0;
        if (lower > 0 && lower >= most)
            row = lowest;
    }
    name_columns(&search, row);
    if (search.failed)
        return mq_fail_memory(error);
    while (search.width > 0 && search.at[search.width - 1].n == 0)
        search.width--;
    *header = (struct mq_xlsx_header){.row = row, .name = search.at, .width = search.width};
    return MQ_OK;
}
