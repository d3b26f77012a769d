/* Fills the error a caller owns, and shows it to people. */
#include "core/core.h"

#include <string.h>

/* A message cut by its buffer must not end inside a character. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(out, text, n);
    out[n] = '\0';
}

enum mq_status mq_fail(struct mq_error *error, enum mq_status status, const char *file, long line,
                       long column, const char *format, ...)
{
    if (!error)
        return status;
    /* The arguments may point into *error (a message wrapped in another), so build beside it. */
    char message[sizeof error->message + 4];
    va_list args;
    va_start(args, format);
    int wrote = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (wrote < 0)
        message[0] = '\0';
    char path[sizeof error->file];
    copy_text(path, sizeof path, file ? file : "");
    memcpy(error->file, path, sizeof path);
    copy_text(error->message, sizeof error->message, message);
    error->status = status;
    error->line = line;
    error->column = column;
    return status;
}

void mq_note_memory(struct mq_error *error)
{
    mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "out of memory");
}

const char *mq_error_text(const struct mq_error *error, char *text, unsigned long size)
{
    if (size == 0)
        return text;
    char line[32] = "", column[32] = "";
    if (error->line > 0)
        snprintf(line, sizeof line, "%ld:", error->line);
    if (error->line > 0 && error->column > 0)
        snprintf(column, sizeof column, "%ld:", error->column);
    const char *colon = error->file[0] ? ":" : "";
    const char *space = error->file[0] || line[0] ? " " : "";
    snprintf(text, size, "%s%s%s%s%s%s", error->file, colon, line, column, space, error->message);
    return text;
}
