/* Regular expressions: what matches, what is refused and where, and that nothing hangs. */
#include "core/pattern.h"
#include "support.h"

static bool matches(const char *pattern, struct mq_text text)
{
    struct mq_pattern *made = NULL;
    char message[128];
    size_t offset = 77;
    assert_int_equal(mq_pattern_new(pattern, &made, &offset, message), MQ_OK);
    bool found = mq_pattern_matches(made, text);
    mq_pattern_free(made);
    return found;
}

struct pair {
    const char *pattern, *text;
    bool wanted;
};

static void matches_as_people_write(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"^[0-9A-HJ-NPQRTUWXY]{18}$", "91350100M000100Y43", true},
        {"^[0-9A-HJ-NPQRTUWXY]{18}$", "91350100M000100Y4", false},
        {"^[0-9A-HJ-NPQRTUWXY]{18}$", "91350100M000100Y43\n", false}, /* $ is the very end */
        {"00M", "91350100M000100Y43", true},                          /* anywhere */
        {"^00M", "91350100M000100Y43", false},
        {"有限(责任)?公司$", "沈阳机床有限责任公司", true},
        {"有限(责任)?公司$", "沈阳机床有限公司北京分公司", false},
        {"^.{4}$", "沈阳机床", true}, /* characters, not bytes */
        {"^\\p{Han}+$", "沈阳机床", true},
        {"^\\p{Han}+$", "沈阳CNC", false},
        {"^\\d+$", "２０２３", false}, /* digits are ASCII */
        {"^\\d+$", "2023", true},
        {"(?i)^na$", "Na", true},
        {"^$", "", true},
        {"x", "", false},
        {"(a)(b)(c)(d)", "zabcd", true}, /* more groups than are kept */
        {"^(20[0-9]{2})(?:-(0[1-9]|1[0-2]))?$", "2010-06", true},
        {"^(20[0-9]{2})(?:-(0[1-9]|1[0-2]))?$", "2010-13", false},
        {"^(?!.*--)[a-z-]+$", "a-b--c", false},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (matches(pairs[i].pattern, mq_text(pairs[i].text)) != pairs[i].wanted)
            fail_msg("\"%s\" and \"%s\"", pairs[i].pattern, pairs[i].text);
    static const char holes[] = {'a', '\0', 'b'};
    assert_true(matches("^a.b$", (struct mq_text){holes, sizeof holes}));
    assert_true(matches("^$", (struct mq_text){NULL, 0}));
}

static void names_the_place_of_a_mistake(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *message;
        size_t offset;
    } wrong[] = {
        {"^[0-9A-Z{18}$", "missing terminating ] for character class", 13},
        {"^(91|92", "missing closing parenthesis", 7},
        {"沈阳)", "unmatched closing parenthesis", 6},
        {"a**+?{2}b(?<n", "", 0},
        {"x\\", "\\ at end of pattern", 2},
        {"[z-a]", "range out of order in character class", 3},
        {"\\C", "using \\C is disabled by the application", 2},
        {"\xFFq", "UTF-8 error", 0},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct mq_pattern *made = NULL;
        char message[128] = "";
        size_t offset = 999;
        assert_int_equal(mq_pattern_new(wrong[i].pattern, &made, &offset, message), MQ_BAD_MODEL);
        assert_null(made);
        assert_contains(message, wrong[i].message);
        assert_true(message[0] != '\0');
        if (wrong[i].message[0])
            assert_int_equal(offset, wrong[i].offset);
        assert_true(offset <= strlen(wrong[i].pattern));
    }
}

static void refuses_the_overlong(void **state)
{
    (void)state;
    struct mq_pattern *made = NULL;
    char message[128], text[MQ_PATTERN_MOST + 2];
    size_t offset;
    memset(text, 'k', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(mq_pattern_new(text, &made, &offset, message), MQ_BAD_MODEL);
    assert_contains(message, "longer than the limit");
    text[MQ_PATTERN_MOST] = '\0';
    assert_int_equal(mq_pattern_new(text, &made, &offset, message), MQ_OK);
    assert_true(mq_pattern_matches(made, (struct mq_text){text, MQ_PATTERN_TEXT_MOST}));
    memset(text, 'k', sizeof text);
    assert_false(mq_pattern_matches(made, (struct mq_text){text, MQ_PATTERN_TEXT_MOST + 1}));
    mq_pattern_free(made);
    mq_pattern_free(NULL);
}

/* Each would take ages to find no match. */
static void gives_up_in_time(void **state)
{
    (void)state;
    static const char *const slow[] = {"^(a+)+$",
                                       "^(a|aa)+$",
                                       "(x+x+)+y",
                                       "^(([a-z])+.)+[A-Z]([a-z])+$",
                                       "^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)Z$",
                                       "(?:a?){40}a{40}$"};
    char text[MQ_PATTERN_TEXT_MOST];
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        memset(text, i == 2 ? 'x' : 'a', sizeof text);
        text[sizeof text - 1] = '!';
        assert_false(matches(slow[i], (struct mq_text){text, sizeof text}));
    }
    /* The same pattern still says yes where that is soon known. */
    assert_true(matches("^(a+)+$", mq_text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
    /* As deep as the text is long. */
    memset(text, 'a', sizeof text);
    assert_true(matches("^(?:a(?=(a|$)))*$", (struct mq_text){text, sizeof text}));
}

static void takes_no_bytes_for_text(void **state)
{
    (void)state;
    assert_false(matches("a", (struct mq_text){"a\xC9\xF2", 3}));
    assert_false(matches(".", (struct mq_text){"\xED\xA0\x80", 3}));
}

/* ---- many threads, one pattern ---- */

struct crowd {
    const struct mq_pattern *pattern;
    int wrong[8];
};

static void match_many(int worker, void *context)
{
    struct crowd *crowd = context;
    struct mq_matcher *matcher = mq_matcher_new();
    for (int i = 0; i < 20000; i++) {
        char text[32];
        bool found;
        int n = snprintf(text, sizeof text, "K%d-%d", i, worker);
        bool wanted = i % 7 == 3 && worker % 2 == 1;
        snprintf(text, sizeof text, wanted ? "K%dQ%d" : "K%d-%d", i, worker);
        crowd->wrong[worker] +=
            mq_pattern_try(crowd->pattern, matcher, (struct mq_text){text, (size_t)n}, &found) !=
                MQ_OK ||
            found != wanted;
    }
    mq_matcher_free(matcher);
}

static void threads_share_a_pattern(void **state)
{
    (void)state;
    struct mq_pattern *made = NULL;
    char message[128];
    size_t offset;
    assert_int_equal(mq_pattern_new("^K(\\d+)Q[1357]$", &made, &offset, message), MQ_OK);
    struct crowd crowd = {.pattern = made};
    mq_parallel(8, match_many, &crowd);
    for (int i = 0; i < 8; i++)
        assert_int_equal(crowd.wrong[i], 0);
    mq_pattern_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_people_write), cmocka_unit_test(names_the_place_of_a_mistake),
        cmocka_unit_test(refuses_the_overlong),    cmocka_unit_test(gives_up_in_time),
        cmocka_unit_test(takes_no_bytes_for_text), cmocka_unit_test(threads_share_a_pattern),
    };
    return cmocka_run_group_tests_name("core.pattern", tests, NULL, NULL);
}
