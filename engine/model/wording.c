#include "model/wording.h"

#include <string.h>

const char *mq_quoted(struct mq_text text, char out[MQ_QUOTED])
{
    size_t room = MQ_QUOTED - 4, length = text.n < room ? text.n : room;
    while (length < text.n && length > 0 && ((unsigned char)text.s[length] & 0xC0) == 0x80)
        length--;
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)text.s[i] < 0x20 || text.s[i] == 0x7F ? '?' : text.s[i];
    memcpy(out + length, length < text.n ? "..." : "", length < text.n ? 4 : 1);
    return out;
}

const char *mq_hint(const char *word, const char *const *candidates, size_t count, const char *what,
                    char out[MQ_HINT])
{
    char name[MQ_QUOTED];
    out[0] = '\0';
    if (count == 0)
        return out;
    const char *nearest = mq_text_nearest(word, candidates, count);
    if (nearest) {
        snprintf(out, MQ_HINT, "; did you mean \"%s\"?", mq_quoted(mq_text(nearest), name));
        return out;
    }
    size_t used = (size_t)snprintf(out, MQ_HINT, "; known %s: ", what);
    for (size_t i = 0; i < count; i++) {
        if (used + MQ_QUOTED + 8 > MQ_HINT) {
            snprintf(out + used, MQ_HINT - used, ", ...");
            break;
        }
        used += (size_t)snprintf(out + used, MQ_HINT - used, "%s%s", i ? ", " : "",
                                 mq_quoted(mq_text(candidates[i]), name));
    }
    return out;
}
