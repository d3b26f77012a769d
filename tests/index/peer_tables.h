/* Numbers of other tools: carried ones in tests/oracle/, the whole set where a folder of it is. */
#ifndef MQ_PEER_TABLES_H
#define MQ_PEER_TABLES_H

#include <unistd.h>

#include "index/index_parts.h"
#include "support.h"

/* Folders with the same files, the carried one first; the second NULL where there is none. */
struct peer_folders {
    const char *carried;
    char whole[1100];
    bool has_whole;
};

static inline struct peer_folders peer_folders(void)
{
    const char *places[] = {getenv("MQCI_SHARED"), MQCI_SOURCE_DIR "/../shared"};
    struct peer_folders folders = {.carried = MQCI_SOURCE_DIR "/tests/oracle/coinr"};

    for (size_t i = 0; i < 2 && !folders.has_whole; i++) {
        snprintf(folders.whole, sizeof folders.whole, "%s/oracles",
                 places[i] ? places[i] : "/none");
        folders.has_whole = access(folders.whole, R_OK) == 0;
    }
    return folders;
}

static inline void peer_read(const char *folder, const char *name, struct mq_table *table)
{
    struct mq_error error = {0};
    char path[1300];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    *table = (struct mq_table){0};
    if (mq_table_read(path, table, &error) != MQ_OK)
        fail_msg("%s: %s", path, error.message);
}

static inline const char *peer_cell(const struct mq_table *table, size_t row, const char *column)
{
    int found = mq_table_find(table, column);

    if (found < 0)
        fail_msg("%s has no column %s", table->path, column);
    return table->cell[row * table->columns + (size_t)found];
}

/* NaN for a blank. */
static inline double peer_number(const struct mq_table *table, size_t row, const char *column)
{
    const char *text = peer_cell(table, row, column);

    return text[0] ? strtod(text, NULL) : NAN;
}

static inline size_t peer_row(const struct mq_table *table, const char *column, const char *value)
{
    for (size_t i = 0; i < table->rows; i++)
        if (strcmp(peer_cell(table, i, column), value) == 0)
            return i;
    fail_msg("%s has no %s %s", table->path, column, value);
    return 0;
}

/* How many numbers agreed, and how well. */
struct peer_tally {
    size_t files, numbers;
    double largest;
};

/* Relative 1e-9; where the other tool gives 0 but for rounding, absolute. */
static inline void peer_same(struct peer_tally *tally, double found, double wanted,
                             const char *what, const char *unit)
{
    double distance = fabs(found - wanted);

    if (isnan(found) != isnan(wanted) ||
        !(isnan(wanted) || distance <= 1e-9 * fabs(wanted) || distance <= 1e-13))
        fail_msg("%s %s: %.17g found, %.17g wanted", what, unit, found, wanted);
    if (isnan(wanted))
        return;
    tally->numbers++;
    if (fabs(wanted) > 1e-4)
        tally->largest = fmax(tally->largest, distance / fabs(wanted));
}

static inline void peer_say(const struct peer_tally *tally, const char *where)
{
    print_message("%s: %zu files, %zu numbers agree, largest relative difference %.1e\n", where,
                  tally->files, tally->numbers, tally->largest);
}

#endif
