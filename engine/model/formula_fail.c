/* An error inside a formula, placed in the model file; arrays that grow while binding. */
#include "model/formula.h"

#include <string.h>

enum mq_status mq_formula_fail(const struct mq_formula_source *source, size_t offset,
                               const char *format, ...)
{
    char message[sizeof source->error->message];
    struct mq_position at = {1, 1};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (source->scalar)
        at = mq_yaml_place(source->file, source->scalar, offset);
    else
        for (size_t i = 0; i < offset && i < source->text.n; i++)
            at.column += ((unsigned char)source->text.s[i] & 0xC0) != 0x80;
    return mq_fail(source->error, MQ_BAD_MODEL, source->file ? source->file->path : NULL, at.line,
                   at.column, "%s", message);
}

bool mq_grow(struct mq_arena *arena, void **array, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return true;
    void *longer = mq_arena_array(arena, count ? 2 * count : 1, size);
    if (!longer)
        return false;
    if (count)
        memcpy(longer, *array, count * size);
    *array = longer;
    return true;
}
