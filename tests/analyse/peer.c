/* Reads and compares COINr's tables. */
#include "peer.h"

#include <unistd.h>

bool read_csv(struct peer *peer, const char *name, struct mq_table *table)
{
    const char *path = mq_arena_format(&peer->arena, "%s/%s", peer->folder, name);
    struct mq_error error;

    *table = (struct mq_table){0};
    if (access(path, R_OK) != 0)
        return false;
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
    peer->files++;
    return true;
}

const char *cell(const struct mq_table *table, size_t row, const char *column)
{
    int found = mq_table_find(table, column);

    if (found < 0)
        fail_msg("%s has no column %s", table->path, column);
    return table->cell[row * table->columns + (size_t)found];
}

double number(const struct mq_table *table, size_t row, const char *column)
{
    const char *text = cell(table, row, column);

    return text[0] && strcmp(text, "NA") != 0 ? atof(text) : NAN;
}

void compare(struct peer *peer, double found, double wanted, const char *what)
{
    double difference = fabs(found - wanted) / fmax(fabs(wanted), 1e-3);

    if (isnan(found) != isnan(wanted) || difference > 1e-9)
        fail_msg("%s: %.17g found, %.17g wanted", what, found, wanted);
    peer->numbers++;
    if (difference > peer->worst)
        peer->worst = difference;
}

/* ---- columns of a table ---- */

void pick(struct picked *picked, const struct mq_table *table, const char *name)
{
    size_t at = picked->columns.columns;
    double *column = picked->memory + at * table->rows;

    assert_true(at < MOST);
    for (size_t i = 0; i < table->rows; i++)
        column[i] = number(table, i, name);
    picked->column[at] = column;
    picked->name[at] = name;
    picked->columns =
        (struct mq_columns){picked->column, picked->columns.columns + 1, table->rows, 2};
}

void pick_all(struct picked *picked, const struct mq_table *table)
{
    *picked = (struct picked){.memory = calloc(MOST * table->rows, sizeof(double))};
    for (size_t k = 0; k < table->columns; k++)
        if (strcmp(table->header[k], "uCode") != 0)
            pick(picked, table, table->header[k]);
}

size_t column_named(const struct picked *picked, const char *name)
{
    for (size_t k = 0; k < picked->columns.columns; k++)
        if (strcmp(picked->name[k], name) == 0)
            return k;
    fail_msg("no column %s", name);
    return 0;
}

const char *parent_of(const struct peer *peer, const char *id)
{
    for (size_t i = 0; i < peer->meta.rows; i++)
        if (strcmp(cell(&peer->meta, i, "iCode"), id) == 0)
            return cell(&peer->meta, i, "Parent");
    return "";
}

bool is_indicator(const struct peer *peer, const char *id)
{
    for (size_t i = 0; i < peer->meta.rows; i++)
        if (strcmp(cell(&peer->meta, i, "iCode"), id) == 0)
            return strcmp(cell(&peer->meta, i, "Type"), "Indicator") == 0;
    return false;
}

void pick_children(struct peer *peer, struct picked *picked, const struct mq_table *data,
                   const char *group)
{
    *picked = (struct picked){.memory = calloc(MOST * data->rows, sizeof(double))};
    for (size_t k = 0; k < data->columns; k++)
        if (strcmp(parent_of(peer, data->header[k]), group) == 0)
            pick(picked, data, data->header[k]);
}
