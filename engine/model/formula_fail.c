/* An error inside a formula, placed in the model file. */
#include "model/formula.h"

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
