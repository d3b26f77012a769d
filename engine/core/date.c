/* Dates of periods and of code lists, as people write them. */
#include "core/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The number in 1 to `most` digits; its length, 0 if there is none. */
static size_t number_at(const char *text, size_t most, int *value)
{
    size_t length = 0;
    for (*value = 0; length < most && text[length] >= '0' && text[length] <= '9'; length++)
        *value = 10 * *value + (text[length] - '0');
    return length;
}

struct mq_date mq_date_of(const char *text)
{
    static const char *const mark[] = {"年", "月"};
    struct mq_date date = {.parts = 0};
    if (number_at(text, 4, &date.part[0]) != 4)
        return date;
    date.parts = 1;
    for (text += 4; date.parts < 3; date.parts++) {
        const char *wide = mark[date.parts - 1];
        bool wide_here = strncmp(text, wide, strlen(wide)) == 0;
        bool joined = !wide_here && (!*text || !strchr("-/.", *text));
        text += wide_here ? strlen(wide) : !joined;
        int value;
        size_t length = number_at(text, 2, &value);
        if (length == 0 || (joined && length != 2) || value < 1 ||
            value > (date.parts == 1 ? 12 : 31))
            break;
        date.part[date.parts] = value;
        text += length;
    }
    return date;
}

int mq_date_compare(const struct mq_date *a, const struct mq_date *b)
{
    for (int i = 0; i < a->parts && i < b->parts; i++)
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    return 0;
}
