/* The white paper of the demo, word for word; every number of its sentences stands in its tables.
 */
#include "publish/publish.h"
#include "realistic.h"
#include "run/run.h"
#include "support.h"

#define GOLDEN "tests/publish/story-liaoning.txt"

static struct mq_publication *publication;
static struct mq_results *results;

static int publish_the_demo(void **state)
{
    (void)state;
    static const char *const data[] = {"datasets/demo/liaoning-2023.csv",
                                       "datasets/demo/liaoning-2024.csv"};
    const struct mq_options options = {.threads = 1, .formats = "csv"};
    const struct mq_publication_options asked = {.wants = MQ_WANT_STORY};
    struct mq_error error = {0};
    char folder[256], out[300];
    realistic_folder(folder);
    snprintf(out, sizeof out, "%s/out", folder);
    if (mq_run("models/mqci-liaoning.yaml", data, 2, out, &options, NULL, &error) != MQ_OK ||
        mq_results_read(out, &results, &error) != MQ_OK ||
        mq_publication_new(results->scores, NULL, &asked, &publication, &error) != MQ_OK)
        fail_msg("%s: %s", error.file, error.message);
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    mq_publication_free(publication);
    mq_results_free(results);
    return 0;
}

static void write_story(struct mq_buffer *text)
{
    for (size_t i = 0; i < publication->story->count; i++) {
        const struct mq_story_section *section = &publication->story->section[i];
        mq_buffer_format(text, "# %s\n", section->title);
        for (size_t j = 0; j < section->paragraphs; j++)
            mq_buffer_format(text, "%s\n", section->paragraph[j]);
    }
    assert_false(text->failed);
}

/* When sentences change on purpose, the new text is written to the file named by STORY_OUT. */
static void the_text_is_the_one_agreed_on(void **state)
{
    (void)state;
    struct mq_buffer found = MQ_BUFFER_EMPTY, wanted = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    write_story(&found);
    const char *keep = getenv("STORY_OUT");
    if (keep)
        assert_int_equal(mq_write_file(keep, found.data, found.length, &error), MQ_OK);
    assert_int_equal(mq_read_file(GOLDEN, &wanted, &error), MQ_OK);
    assert_string_equal(found.data, wanted.data);
    mq_buffer_clear(&found);
    mq_buffer_clear(&wanted);
}

/* Is there a cell with just this number, whatever its sign? */
static bool in_a_table(const char *number)
{
    const struct mq_sheets *sheets = publication->sheets;
    for (size_t i = 0; i < sheets->count; i++)
        for (size_t c = 0; c < sheets->sheet[i].columns * sheets->sheet[i].rows; c++) {
            const char *text = sheets->sheet[i].cell[c].text;
            if (strncmp(text, "−", strlen("−")) == 0)
                text += strlen("−");
            if (strcmp(text + (text[0] == '+'), number) == 0)
                return true;
        }
    return false;
}

static void every_number_stands_in_a_table(void **state)
{
    (void)state;
    static const char digits[] = "0123456789";
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    size_t numbers = 0;
    write_story(&text);
    for (const char *at = text.data; (at = strpbrk(at, digits));) {
        size_t whole = strspn(at, digits), part = 0;
        if (at[whole] == '.')
            part = strspn(at + whole + 1, digits);
        if (part > 0) {
            char number[64];
            snprintf(number, sizeof number, "%.*s", (int)(whole + 1 + part), at);
            if (!in_a_table(number))
                fail_msg("%s is in no table: %.120s", number, at);
            numbers++;
        }
        at += whole + (part ? 1 + part : 0);
    }
    assert_true(numbers > 100);
    mq_buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_the_one_agreed_on),
        cmocka_unit_test(every_number_stands_in_a_table),
    };
    return cmocka_run_group_tests(tests, publish_the_demo, put_away);
}
