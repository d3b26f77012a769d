/* Talk to people and machines: one line each, built here, written by the caller. */
#include "core/core.h"

#include <string.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

void mq_say(const struct mq_talk *talk, enum mq_log_level level, const char *stage,
            const char *format, ...)
{
    if (!talk || !talk->say)
        return;
    char message[1280];
    va_list args;
    va_start(args, format);
    int wrote = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (wrote >= 0)
        talk->say(talk->context, level, stage, message);
}

/* A JSON string (RFC 8259); bytes that are not UTF-8 become U+FFFD. */
static void add_json(struct mq_buffer *out, const char *text)
{
    mq_buffer_text(out, "\"");
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        size_t valid = mq_utf8_valid(text + i, n - i);
        for (size_t end = i + valid; i < end; i++) {
            unsigned char c = (unsigned char)text[i];
            if (c == '"' || c == '\\')
                mq_buffer_format(out, "\\%c", c);
            else if (c == '\n')
                mq_buffer_text(out, "\\n");
            else if (c < 0x20 || c == 0x7F)
                mq_buffer_format(out, "\\u%04x", (unsigned)c);
            else
                mq_buffer_add(out, text + i, 1);
        }
        if (i < n) {
            mq_buffer_text(out, "\\ufffd");
            i++;
        }
    }
    mq_buffer_text(out, "\"");
}

/* A message stays on its line and cannot steer the terminal. */
static void add_plain(struct mq_buffer *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        mq_buffer_add(out, c < 0x20 || c == 0x7F ? " " : text, 1);
    }
}

void mq_log_line(struct mq_buffer *line, bool json, enum mq_log_level level, const char *stage,
                 const char *message)
{
    if (json) {
        mq_buffer_format(line, "{\"level\":\"%s\"", level_names[level]);
        if (stage && stage[0]) {
            mq_buffer_text(line, ",\"stage\":");
            add_json(line, stage);
        }
        mq_buffer_text(line, ",\"message\":");
        add_json(line, message);
        mq_buffer_text(line, "}\n");
        return;
    }
    mq_buffer_format(line, "mqci: %s: ", level_names[level]);
    if (stage && stage[0]) {
        add_plain(line, stage);
        mq_buffer_text(line, ": ");
    }
    add_plain(line, message);
    mq_buffer_text(line, "\n");
}

/* "84/200 MB", "84 MB" if the total is unknown. */
static void amount_text(char *text, size_t size, uint64_t done, uint64_t total)
{
    uint64_t largest = total > done ? total : done;
    uint64_t unit = largest >= 10000000 ? 1000000 : largest >= 10000 ? 1000 : 1;
    const char *name = unit == 1000000 ? "MB" : unit == 1000 ? "kB" : "B";
    if (total)
        snprintf(text, size, "%llu/%llu %s", (unsigned long long)(done / unit),
                 (unsigned long long)(total / unit), name);
    else
        snprintf(text, size, "%llu %s", (unsigned long long)(done / unit), name);
}

static void repeat(struct mq_buffer *line, char mark, int count)
{
    for (int i = 0; i < count; i++)
        mq_buffer_add(line, &mark, 1);
}

void mq_progress_line(struct mq_buffer *line, int width, const char *stage, uint64_t done,
                      uint64_t total)
{
    enum { LONGEST_BAR = 30, SHORTEST_BAR = 5, PERCENT = 5, BRACKETS = 3 };
    char amount[64];
    amount_text(amount, sizeof amount, done, total);
    double share = total == 0 ? 0 : done >= total ? 1 : (double)done / (double)total;
    int left = width - 1; /* the last column stays free, or the line would wrap */
    mq_buffer_text(line, "\r");
    if (total && left >= PERCENT) {
        /* Parts drop out from the least telling: the bar, the amount, the stage. */
        int words = PERCENT + 2 + mq_text_width(stage) + 2 + mq_text_width(amount);
        int bar = left - words - BRACKETS;
        if (bar >= SHORTEST_BAR) {
            bar = bar < LONGEST_BAR ? bar : LONGEST_BAR;
            int full = (int)(share * bar);
            mq_buffer_text(line, "[");
            repeat(line, '#', full);
            repeat(line, '.', bar - full);
            mq_buffer_text(line, "] ");
            left -= bar + BRACKETS;
        }
        mq_buffer_format(line, "%3d %%", (int)(share * 100));
        left -= PERCENT;
    }
    const char *gap = total ? "  " : "";
    int named = (total ? 2 : 0) + mq_text_width(stage);
    if (left >= named) {
        mq_buffer_format(line, "%s%s", gap, stage);
        left -= named;
        if (left >= 2 + mq_text_width(amount)) {
            mq_buffer_format(line, "  %s", amount);
            left -= 2 + mq_text_width(amount);
        }
    }
    repeat(line, ' ', left); /* wipes what a longer line left behind */
}
