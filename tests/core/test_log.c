/* Log lines and progress lines. */
#include "core/core.h"
#include "support.h"

static const char *line_of(struct mq_buffer *line, bool json, enum mq_log_level level,
                           const char *stage, const char *message)
{
    mq_buffer_clear(line);
    mq_log_line(line, json, level, stage, message);
    assert_false(line->failed);
    return line->data;
}

static void log_lines(void **state)
{
    (void)state;
    struct mq_buffer line = MQ_BUFFER_EMPTY;
    assert_string_equal(line_of(&line, false, MQ_LOG_WARN, "run", "3 rows refused"),
                        "mqci: warn: run: 3 rows refused\n");
    assert_string_equal(line_of(&line, false, MQ_LOG_ERROR, NULL, "a\nb\x1B[31m质"),
                        "mqci: error: a b [31m质\n");
    assert_string_equal(line_of(&line, true, MQ_LOG_INFO, "ingest", "\"质\"\\\n\t\x01\x7F"),
                        "{\"level\":\"info\",\"stage\":\"ingest\",\"message\":"
                        "\"\\\"质\\\"\\\\\\n\\u0009\\u0001\\u007f\"}\n");
    assert_string_equal(line_of(&line, true, MQ_LOG_DEBUG, NULL, "\xFF质\xE8\xB4"),
                        "{\"level\":\"debug\",\"message\":\"\\ufffd质\\ufffd\\ufffd\"}\n");
    mq_buffer_clear(&line);
}

struct heard {
    enum mq_log_level level;
    char stage[16], message[1400];
    int count;
};

static void listen(void *context, enum mq_log_level level, const char *stage, const char *message)
{
    struct heard *heard = context;
    heard->level = level;
    snprintf(heard->stage, sizeof heard->stage, "%s", stage);
    snprintf(heard->message, sizeof heard->message, "%s", message);
    heard->count++;
}

static void says(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct mq_talk talk = {.context = &heard, .say = listen};
    mq_say(&talk, MQ_LOG_INFO, "cells", "%d cells of %s", 2385, "辽宁");
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.level, MQ_LOG_INFO);
    assert_string_equal(heard.stage, "cells");
    assert_string_equal(heard.message, "2385 cells of 辽宁");
    talk.say = NULL;
    mq_say(&talk, MQ_LOG_INFO, "cells", "unheard");
    mq_say(NULL, MQ_LOG_INFO, "cells", "unheard");
    assert_int_equal(heard.count, 1);
}

static const char *progress_of(struct mq_buffer *line, int width, const char *stage, uint64_t done,
                               uint64_t total)
{
    mq_buffer_clear(line);
    mq_progress_line(line, width, stage, done, total);
    return line->data;
}

static void progress_fits_its_width(void **state)
{
    (void)state;
    struct mq_buffer line = MQ_BUFFER_EMPTY;
    assert_string_equal(progress_of(&line, 40, "ingest", 84000000, 200000000),
                        "\r[#####.......]  42 %  ingest  84/200 MB");
    assert_string_equal(progress_of(&line, 30, "ingest", 84000000, 200000000),
                        "\r 42 %  ingest  84/200 MB     ");
    assert_string_equal(progress_of(&line, 40, "ingest", 84000000, 0),
                        "\ringest  84 MB                          ");
    assert_contains(progress_of(&line, 80, "x", 300, 200), "100 %");
    assert_contains(progress_of(&line, 80, "x", 199999, 200000), " 99 %");
    assert_contains(progress_of(&line, 80, "x", 9, 9999), "9/9999 B");
    assert_contains(progress_of(&line, 80, "x", 9000, 99990), "9/99 kB");
    for (int width = 1; width < 120; width++) {
        const char *text = progress_of(&line, width, "校验阶段", 51234567, 91234567);
        assert_int_equal(text[0], '\r');
        assert_int_equal(mq_text_width(text), width - 1);
    }
    mq_buffer_clear(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_lines),
        cmocka_unit_test(says),
        cmocka_unit_test(progress_fits_its_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
