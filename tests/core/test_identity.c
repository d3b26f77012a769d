/* Check characters: known codes, what each mistake is called and where, and what share of slips of
 * the pen is caught. */
#include "core/identity.h"
#include "support.h"

struct known {
    const char *text;
    enum mq_identity verdict;
    size_t position;
    char expected;
};

static void assert_known(const struct known *known, size_t count,
                         struct mq_identified (*identify)(struct mq_text))
{
    for (size_t i = 0; i < count; i++) {
        struct mq_identified found = identify(mq_text(known[i].text));
        if (found.verdict != known[i].verdict || found.position != known[i].position ||
            found.expected != known[i].expected)
            fail_msg("\"%s\": %s at %zu, expected '%c'", known[i].text,
                     mq_identity_phrase(found.verdict, false), found.position, found.expected);
    }
}
#define ASSERT_KNOWN(known, identify) assert_known(known, sizeof(known) / sizeof *(known), identify)

static void knows_credit_codes(void **state)
{
    (void)state;
    static const struct known known[] = {
        /* the standard's example, and codes of institutions and companies */
        {"91350100M000100Y43", MQ_IDENTITY_VALID, 0, 0},
        {"91350100M000100Y4Z", MQ_IDENTITY_CHARACTER, 18, 0}, /* no Z in the alphabet */
        {"91350100M000100Y44", MQ_IDENTITY_CHECK, 18, '3'},
        {"91110000802100433B", MQ_IDENTITY_VALID, 0, 0},
        {"91330100799655058B", MQ_IDENTITY_VALID, 0, 0},
        {"91320594088140947F", MQ_IDENTITY_VALID, 0, 0},
        {"91110108551385082Q", MQ_IDENTITY_VALID, 0, 0},
        {"914403001922038216", MQ_IDENTITY_VALID, 0, 0},
        {"", MQ_IDENTITY_LENGTH, 0, 0},
        {"91350100M000100Y4", MQ_IDENTITY_LENGTH, 0, 0},
        {"91350100M000100Y433", MQ_IDENTITY_LENGTH, 0, 0},
        {"91350100M000100Y43 91350100M000100Y43 91350100M000100Y43", MQ_IDENTITY_LENGTH, 0, 0},
        {"350100100001234", MQ_IDENTITY_OLD, 0, 0},
        {"35010010000123A", MQ_IDENTITY_LENGTH, 0, 0},
        {"9.14403E+17", MQ_IDENTITY_RUINED, 0, 0},
        {"9.1210102E+17", MQ_IDENTITY_RUINED, 0, 0},
        {"9.14403001922038E+17", MQ_IDENTITY_RUINED, 0, 0},
        {"9.14403001922038E+", MQ_IDENTITY_CHARACTER, 2, 0},
        {"9.1440300192203E+17", MQ_IDENTITY_RUINED, 0, 0},
        {"９．１４４０３Ｅ＋１７", MQ_IDENTITY_RUINED, 0, 0},
        {"9.144030019220E+17", MQ_IDENTITY_RUINED, 0, 0}, /* 18 characters all the same */
        {"91350100O000100Y43", MQ_IDENTITY_CHARACTER, 9, 0},
        {"9135010AM000100Y43", MQ_IDENTITY_CHARACTER, 8, 0}, /* a letter in the area */
        {"9135 100M000100Y43", MQ_IDENTITY_CHARACTER, 5, 0},
        {"91350100M000100Y4中", MQ_IDENTITY_CHARACTER, 18, 0},
        {"91350100M000100Y4\xFF", MQ_IDENTITY_CHARACTER, 18, 0},
        {"91350100m000100y43", MQ_IDENTITY_LOWER, 9, 0},
        {"９1350100m000100Y43", MQ_IDENTITY_WIDE, 1, 0},
        {"91350100M000100Y4３", MQ_IDENTITY_WIDE, 18, 0},
        {"91350100ｍ000100Y43", MQ_IDENTITY_WIDE, 9, 0},
        {"91350100i000100y43", MQ_IDENTITY_CHARACTER, 9, 0},
    };
    ASSERT_KNOWN(known, mq_identify_credit_code);
    struct mq_identified hole =
        mq_identify_credit_code((struct mq_text){"91350100M000100\0\0\0", 18});
    assert_int_equal(hole.verdict, MQ_IDENTITY_CHARACTER);
    assert_int_equal(hole.position, 16);
    assert_int_equal(mq_credit_code_check("91350100M000100Y4"), '3');
    assert_int_equal(mq_credit_code_check("91350100M000100S4"), 0);
}

/* The whole checks, the organisation code within does not. */
static void tells_the_two_checks_apart(void **state)
{
    (void)state;
    char code[19] = "91350100M000100Y5?";
    code[17] = mq_credit_code_check(code);
    const struct known inner[] = {{code, MQ_IDENTITY_ORGANISATION, 17, '4'}};
    ASSERT_KNOWN(inner, mq_identify_credit_code);
    code[16] = '7'; /* now both are wrong */
    struct mq_identified found = mq_identify_credit_code(mq_text(code));
    assert_int_equal(found.verdict, MQ_IDENTITY_CHECK);
    assert_int_equal(found.expected, mq_credit_code_check(code));
}

static void knows_organisation_codes(void **state)
{
    (void)state;
    static const struct known known[] = {
        {"M000100Y4", MQ_IDENTITY_VALID, 0, 0},
        {"M000100Y-4", MQ_IDENTITY_VALID, 0, 0},
        {"M000100Y5", MQ_IDENTITY_CHECK, 9, '4'},
        {"M000100Y-5", MQ_IDENTITY_CHECK, 10, '4'},
        {"802100433", MQ_IDENTITY_VALID, 0, 0},
        {"799655058", MQ_IDENTITY_VALID, 0, 0},
        {"192203821", MQ_IDENTITY_VALID, 0, 0},
        {"19220382-1", MQ_IDENTITY_VALID, 0, 0},
        {"D2143569-X", MQ_IDENTITY_VALID, 0, 0}, /* the example of GB 11714-1997 */
        {"D21435690", MQ_IDENTITY_CHECK, 9, 'X'},
        {"D2143569x", MQ_IDENTITY_LOWER, 9, 0},
        {"D2143569B", MQ_IDENTITY_LOCAL_UNIT, 0, 0},
        {"D2143569-B", MQ_IDENTITY_LOCAL_UNIT, 0, 0},
        {"D2143569C", MQ_IDENTITY_CHARACTER, 9, 0},
        {"D2143569-C", MQ_IDENTITY_CHARACTER, 10, 0},
        {"D214-569X", MQ_IDENTITY_CHARACTER, 5, 0},
        {"D21435-69X", MQ_IDENTITY_LENGTH, 0, 0},
        {"D2143569", MQ_IDENTITY_LENGTH, 0, 0},
        {"D2143569-", MQ_IDENTITY_CHARACTER, 9, 0},
        {"Ｄ2143569X", MQ_IDENTITY_WIDE, 1, 0},
        {"D2143569－X", MQ_IDENTITY_WIDE, 9, 0},
        {"PDY00001", MQ_IDENTITY_OWN, 0, 0},
        {"PDY99999", MQ_IDENTITY_OWN, 0, 0},
        {"PDY00000", MQ_IDENTITY_LENGTH, 0, 0},
        {"pdy00001", MQ_IDENTITY_LOWER, 1, 0},
        {"8.021E+08", MQ_IDENTITY_RUINED, 0, 0},
        {"8.0210E+08", MQ_IDENTITY_RUINED, 0, 0},
        {"350100100001234", MQ_IDENTITY_OLD, 0, 0},
        {"91350100M000100Y43", MQ_IDENTITY_LENGTH, 0, 0},
    };
    ASSERT_KNOWN(known, mq_identify_organisation);
    char own[10] = "PDY04711?";
    own[8] = mq_organisation_check(own);
    const struct known checked[] = {{own, MQ_IDENTITY_OWN, 0, 0}};
    ASSERT_KNOWN(checked, mq_identify_organisation);
    char right = own[8];
    own[8] = right == '7' ? '8' : '7';
    const struct known wrong[] = {{own, MQ_IDENTITY_CHECK, 9, right}};
    ASSERT_KNOWN(wrong, mq_identify_organisation);
    assert_int_equal(mq_organisation_check("D21435.9"), 0);
}

static void knows_what_spreadsheets_ruin(void **state)
{
    (void)state;
    static const char *const ruined[] = {"9.14403E+17", "9.1210102E+17", "2.101E+05",
                                         "2E+5",        "9.1e+17",       "９.１Ｅ＋１７"};
    static const char *const sound[] = {"914403001922038216",
                                        "9.14403",
                                        "E+17",
                                        ".9E+17",
                                        "9.E+17",
                                        "9.1E17",
                                        "9.1E-17",
                                        "9.1E+",
                                        "9.1E+1A",
                                        "-9.1E+17",
                                        "",
                                        "9.1E+17 ",
                                        "9E",
                                        "9.1E+0017"};
    for (size_t i = 0; i < sizeof ruined / sizeof *ruined; i++)
        assert_true(mq_looks_ruined(mq_text(ruined[i])));
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
        assert_false(mq_looks_ruined(mq_text(sound[i])));
}

static void has_words_for_every_verdict(void **state)
{
    (void)state;
    for (int i = 0; i < MQ_IDENTITIES; i++)
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(mq_identity_phrase(i, true), mq_identity_phrase(k, true));
            assert_string_not_equal(mq_identity_phrase(i, false), mq_identity_phrase(k, false));
        }
    assert_contains(mq_identity_phrase(MQ_IDENTITY_RUINED, true), "电子表格");
    assert_true(mq_identity_good(MQ_IDENTITY_OWN));
    assert_false(mq_identity_good(MQ_IDENTITY_LENGTH));
}

/* ---- slips of the pen ---- */

enum { CODES = 1000 };
static const char all36[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char all31[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static unsigned draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % below;
}

static void make_credit_code(uint64_t *seed, char code[19])
{
    code[0] = "159Y"[draw(seed, 4)];
    code[1] = "1239"[draw(seed, 4)];
    for (int i = 2; i < 8; i++)
        code[i] = all31[draw(seed, 10)];
    for (int i = 8; i < 16; i++)
        code[i] = all31[draw(seed, 31)];
    code[16] = mq_organisation_check(code + 8);
    code[17] = mq_credit_code_check(code);
    code[18] = '\0';
}

static void make_organisation(uint64_t *seed, char code[19])
{
    for (int i = 0; i < 8; i++)
        code[i] = all36[draw(seed, 36)];
    code[8] = mq_organisation_check(code);
    code[9] = '\0';
}

struct slips {
    long tried, caught; /* one character replaced by another of `alphabet` */
    long swaps, swaps_caught;
};

static bool passes(struct mq_identified (*identify)(struct mq_text), const char *code)
{
    return mq_identity_good(identify(mq_text(code)).verdict);
}

static void slip(char *code, const char *alphabet, struct mq_identified (*identify)(struct mq_text),
                 struct slips *slips)
{
    size_t length = strlen(code);
    assert_true(passes(identify, code));
    for (size_t i = 0; i < length; i++) {
        char right = code[i];
        for (const char *c = alphabet; *c; c++) {
            code[i] = *c;
            slips->tried += *c != right;
            slips->caught += *c != right && !passes(identify, code);
        }
        code[i] = right;
        if (i + 1 == length || right == code[i + 1])
            continue;
        code[i] = code[i + 1];
        code[i + 1] = right;
        slips->swaps++;
        slips->swaps_caught += !passes(identify, code);
        code[i + 1] = code[i];
        code[i] = right;
    }
}

static void credit_codes_catch_every_slip(void **state)
{
    (void)state;
    uint64_t seed = 20151001;
    struct slips slips = {0};
    for (int i = 0; i < CODES; i++) {
        char code[19];
        make_credit_code(&seed, code);
        slip(code, all36, mq_identify_credit_code, &slips);
    }
    assert_int_equal(slips.tried, CODES * 18 * 35);
    assert_int_equal(slips.caught, slips.tried); /* 31 is a prime, no weight is a multiple of it */
    assert_int_equal(slips.swaps, 15936);
    assert_int_equal(slips.swaps_caught, slips.swaps);
    print_message("credit codes: %ld of %ld replacements, %ld of %ld transpositions caught\n",
                  slips.caught, slips.tried, slips.swaps_caught, slips.swaps);
}

/* Eleven characters apart is the same to a sum modulo 11, and B at the end means a local unit. */
static void organisation_codes_miss_a_known_share(void **state)
{
    (void)state;
    uint64_t seed = 19971014;
    struct slips slips = {0}, digits = {0};
    for (int i = 0; i < CODES; i++) {
        char code[19];
        make_organisation(&seed, code);
        slip(code, all36, mq_identify_organisation, &slips);
        for (int k = 0; k < 8; k++)
            code[k] = all36[draw(&seed, 10)];
        code[8] = mq_organisation_check(code);
        slip(code, "0123456789", mq_identify_organisation, &digits);
    }
    print_message("organisation codes: %ld of %ld replacements, %ld of %ld transpositions caught; "
                  "of digits alone %ld of %ld, %ld of %ld\n",
                  slips.caught, slips.tried, slips.swaps_caught, slips.swaps, digits.caught,
                  digits.tried, digits.swaps_caught, digits.swaps);
    assert_int_equal(slips.tried, CODES * 9 * 35);
    assert_int_equal(slips.caught, 295414); /* 93.8 % */
    assert_int_equal(slips.swaps, 7766);
    assert_int_equal(slips.swaps_caught, 7321); /* 94.3 % */
    assert_int_equal(digits.caught, digits.tried);
    assert_int_equal(digits.swaps, 7216);
    assert_int_equal(digits.swaps_caught, 7207); /* of the last digit and the check character */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_credit_codes),
        cmocka_unit_test(tells_the_two_checks_apart),
        cmocka_unit_test(knows_organisation_codes),
        cmocka_unit_test(knows_what_spreadsheets_ruin),
        cmocka_unit_test(has_words_for_every_verdict),
        cmocka_unit_test(credit_codes_catch_every_slip),
        cmocka_unit_test(organisation_codes_miss_a_known_share),
    };
    return cmocka_run_group_tests_name("core.identity", tests, NULL, NULL);
}
