/* Dictionaries: ordinals, short and long keys, growth, many threads at once. */
#include <stdatomic.h>

#include "core/core.h"
#include "support.h"

static void ordinals_in_order_of_arrival(void **state)
{
    (void)state;
    struct mq_dict *dict = NULL;
    assert_int_equal(mq_dict_new(&dict, NULL), MQ_OK);
    const char *const texts[] = {
        "",     "a",        "b",         "ab",        "ba",
        "abcd", "abcdefgh", "abcdefghi", "abcdefghj", "辽宁省沈阳市",
        "aa",   "aaaa",     "aaaaa",     "hgfedcba",  "91210100MA0XYZ1234"};
    uint32_t count = sizeof texts / sizeof *texts;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(mq_dict_find(dict, mq_text(texts[i])), MQ_NO_CODE);
        assert_int_equal(mq_dict_intern(dict, mq_text(texts[i])), i);
    }
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(mq_dict_intern(dict, mq_text(texts[i])), i);
        assert_int_equal(mq_dict_find(dict, mq_text(texts[i])), i);
        assert_string_equal(mq_dict_text(dict, i).s, texts[i]);
        assert_int_equal(mq_dict_text(dict, i).n, strlen(texts[i]));
    }
    assert_int_equal(mq_dict_intern(dict, (struct mq_text){"a\0b", 3}), count);
    assert_int_equal(mq_dict_count(dict), count + 1);
    mq_dict_free(dict);
    mq_dict_free(NULL);
}

static void texts_are_copied_and_numbers_known(void **state)
{
    (void)state;
    struct mq_dict *dict = NULL;
    assert_int_equal(mq_dict_new(&dict, NULL), MQ_OK);
    char text[] = "2006";
    uint32_t year = mq_dict_intern(dict, mq_text(text));
    text[3] = '7';
    assert_string_equal(mq_dict_text(dict, year).s, "2006");
    assert_true(mq_dict_number(dict, year) == 2006);
    assert_true(mq_dict_number(dict, mq_dict_intern(dict, mq_text("-2.5"))) == -2.5);
    assert_true(isnan(mq_dict_number(dict, mq_dict_intern(dict, mq_text("大型")))));
    assert_true(isnan(mq_dict_number(dict, mq_dict_intern(dict, mq_text("1,000")))));
    mq_dict_free(dict);
}

static void many_texts(void **state)
{
    (void)state;
    enum { COUNT = 60000 };
    struct mq_dict *dict = NULL;
    assert_int_equal(mq_dict_new(&dict, NULL), MQ_OK);
    char text[40];
    const char *early = NULL;
    for (int i = 0; i < COUNT; i++) {
        int n = snprintf(text, sizeof text, i % 2 ? "%d" : "enterprise-%d", i);
        assert_int_equal(mq_dict_intern(dict, (struct mq_text){text, (size_t)n}), i);
        if (i == 3)
            early = mq_dict_text(dict, 3).s;
    }
    assert_ptr_equal(mq_dict_text(dict, 3).s, early); /* nothing moved while it grew */
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, i % 2 ? "%d" : "enterprise-%d", i);
        assert_int_equal(mq_dict_find(dict, mq_text(text)), i);
        assert_string_equal(mq_dict_text(dict, (uint32_t)i).s, text);
    }
    assert_int_equal(mq_dict_find(dict, mq_text("enterprise-1")), MQ_NO_CODE);
    mq_dict_free(dict);
}

enum { WORKERS = 4, TEXTS = 5000 };
struct race {
    struct mq_dict *dict;
    atomic_int wrong;
    uint32_t ordinal[WORKERS][TEXTS];
};

/* All workers intern the same texts, each in its own order, and read what the others wrote. */
static void intern_all(int worker, void *context)
{
    struct race *race = context;
    const int step[WORKERS] = {1, 3, 7, 4999};
    for (int i = 0; i < TEXTS; i++) {
        int k = (int)((long)i * step[worker] % TEXTS);
        char text[40];
        snprintf(text, sizeof text, k % 3 ? "%d" : "a-longer-text-%d", k);
        uint32_t ordinal = mq_dict_intern(race->dict, mq_text(text));
        race->ordinal[worker][k] = ordinal;
        uint32_t count = mq_dict_count(race->dict);
        struct mq_text last = mq_dict_text(race->dict, count - 1);
        uint32_t found = mq_dict_find(race->dict, last);
        if (ordinal >= count || strcmp(mq_dict_text(race->dict, ordinal).s, text) != 0 ||
            mq_dict_find(race->dict, mq_text(text)) != ordinal ||
            (found != count - 1 && found != MQ_NO_CODE) ||
            isnan(mq_dict_number(race->dict, ordinal)) != (k % 3 == 0))
            atomic_fetch_add(&race->wrong, 1);
    }
}

static void threads_agree(void **state)
{
    (void)state;
    struct race *race = calloc(1, sizeof *race);
    assert_non_null(race);
    assert_int_equal(mq_dict_new(&race->dict, NULL), MQ_OK);
    mq_parallel(WORKERS, intern_all, race);
    assert_int_equal(race->wrong, 0);
    assert_int_equal(mq_dict_count(race->dict), TEXTS);
    for (int worker = 1; worker < WORKERS; worker++)
        assert_memory_equal(race->ordinal[worker], race->ordinal[0], sizeof race->ordinal[0]);
    mq_dict_free(race->dict);
    free(race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinals_in_order_of_arrival),
        cmocka_unit_test(texts_are_copied_and_numbers_known),
        cmocka_unit_test(many_texts),
        cmocka_unit_test(threads_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
