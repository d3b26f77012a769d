/* Whether a set of fields is enough. Edits that share free fields are one piece; pieces without
 * free fields need no linear program, and the others are solved one by one. A piece that cannot
 * hold names the fields that could change that: every larger set that works has one of them. */
#include <string.h>

#include "validate/localise_parts.h"

/* The edit as it stands, all its fields kept. */
static bool holds(const struct mq_linear_record *record, size_t edit)
{
    double rest = record->rest[edit], slack = record->slack[edit];

    switch (record->system->edit[edit].compare) {
    case MQ_LINEAR_AT_MOST:
        return rest >= -slack;
    case MQ_LINEAR_AT_LEAST:
        return rest <= slack;
    case MQ_LINEAR_LESS:
        return rest > 0;
    case MQ_LINEAR_GREATER:
        return rest < 0;
    case MQ_LINEAR_EQUAL:
        break;
    }
    return rest >= -slack && rest <= slack;
}

/* Numbers the pieces: the number of a piece is that of its first edit. */
static void split(struct mq_linear_record *record, const uint8_t *free_fields)
{
    size_t fields = record->system->fields, edits = record->system->edits;

    for (size_t i = 0; i < edits; i++)
        record->piece[i] = i;
    for (size_t j = 0; j < fields; j++) {
        size_t first = SIZE_MAX;
        if (!free_fields[j])
            continue;
        for (size_t i = 0; i < edits; i++) {
            size_t old = record->piece[i], joined;
            if (record->matrix[i * fields + j] == 0)
                continue;
            if (first == SIZE_MAX)
                first = record->piece[i];
            if (old == first)
                continue;
            joined = old < first ? old : first;
            for (size_t k = 0; k < edits; k++)
                if (record->piece[k] == old || record->piece[k] == first)
                    record->piece[k] = joined;
            first = joined;
        }
    }
}

static bool has_free(const struct mq_linear_record *record, size_t edit, const uint8_t *free_fields)
{
    const double *coefficient = record->matrix + edit * record->system->fields;

    for (size_t j = 0; j < record->system->fields; j++)
        if (free_fields[j] && coefficient[j] != 0)
            return true;
    return false;
}

/* Fields that could help the edits row[0..rows). */
static size_t helpers(const struct mq_linear_record *record, size_t rows,
                      const uint8_t *free_fields, const uint8_t *banned, uint8_t *conflict)
{
    size_t fields = record->system->fields, count = 0;

    for (size_t j = 0; j < fields; j++) {
        conflict[j] = 0;
        if (!record->touchable[j] || free_fields[j] || banned[j])
            continue;
        for (size_t i = 0; i < rows && !conflict[j]; i++)
            conflict[j] = record->matrix[record->row[i] * fields + j] != 0;
        count += conflict[j];
    }
    return count;
}

/* Edits without free fields that fail: the one with the fewest helpers is the conflict, because it
 * branches least. */
static bool fails_as_it_stands(struct mq_linear_record *record, const uint8_t *free_fields,
                               const uint8_t *banned, uint8_t *conflict, size_t *conflicts)
{
    size_t least = SIZE_MAX, worst = 0;

    for (size_t i = 0; i < record->system->edits; i++) {
        size_t count;
        if (holds(record, i) || has_free(record, i, free_fields))
            continue;
        record->row[0] = i;
        count = helpers(record, 1, free_fields, banned, conflict);
        if (count < least) {
            least = count;
            worst = i;
        }
    }
    if (least == SIZE_MAX)
        return false;
    record->row[0] = worst;
    *conflicts = helpers(record, 1, free_fields, banned, conflict);
    return true;
}

/* Lists the edits and unknowns of a piece. */
static void collect(struct mq_linear_record *record, size_t piece, const uint8_t *free_fields,
                    size_t *rows, size_t *columns)
{
    size_t fields = record->system->fields;

    *rows = *columns = 0;
    for (size_t i = piece; i < record->system->edits; i++)
        if (record->piece[i] == piece)
            record->row[(*rows)++] = i;
    for (size_t j = 0; j < fields; j++) {
        bool named = false;
        for (size_t i = 0; free_fields[j] && i < *rows && !named; i++)
            named = record->matrix[record->row[i] * fields + j] != 0;
        if (named)
            record->column[(*columns)++] = j;
    }
}

enum mq_status mq_linear_feasible(struct mq_linear_record *record, const uint8_t *free_fields,
                                  const uint8_t *banned, uint8_t *conflict, size_t *conflicts,
                                  bool *feasible, struct mq_error *error)
{
    *feasible = false;
    if (fails_as_it_stands(record, free_fields, banned, conflict, conflicts))
        return MQ_OK;
    split(record, free_fields);
    for (size_t piece = 0; piece < record->system->edits; piece++) {
        size_t rows, columns;
        if (record->piece[piece] != piece || !has_free(record, piece, free_fields))
            continue;
        collect(record, piece, free_fields, &rows, &columns);
        MQ_TRY(mq_linear_program(record, rows, columns, feasible, error));
        if (!*feasible) {
            *conflicts = helpers(record, rows, free_fields, banned, conflict);
            return MQ_OK;
        }
    }
    *feasible = true;
    return MQ_OK;
}
