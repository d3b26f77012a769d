/* stderr: messages, and one progress line on a terminal. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int terminal_width(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

static void clear_line(struct talk_state *state)
{
    if (state->line_shown)
        fputs("\r\033[K", stderr);
    state->line_shown = false;
}

void talk_say(void *context, int level, const char *stage, const char *message)
{
    struct talk_state *state = context;
    struct mq_output line;
    clear_line(state);
    if (mq_log_text(state->json, level, stage, message, &line) != MQ_OK)
        return;
    bool colored = state->color && !state->json && level <= 1;
    fprintf(stderr, "%s%s%s", colored ? (level == 0 ? "\033[31m" : "\033[33m") : "", line.text,
            colored ? "\033[0m" : "");
    mq_output_free(&line);
}

void talk_progress(void *context, const char *stage, uint64_t done, uint64_t total)
{
    struct talk_state *state = context;
    struct mq_output line;
    if (!state->progress || mq_progress_text(terminal_width(), stage, done, total, &line) != MQ_OK)
        return;
    fputs(line.text, stderr);
    fflush(stderr);
    state->line_shown = true;
    mq_output_free(&line);
}

void talk_end(struct talk_state *state)
{
    clear_line(state);
}
