/* Check characters of GB 32100-2015 and GB 11714-1997. */
#include "core/identity.h"

#include <string.h>

#include "core/utf8.h"

enum { CREDIT = 18, ORGANISATION = 9, AREA_FROM = 2, SUBJECT_FROM = 8, OLD_NUMBER = 15 };

/* ---- the two sums ---- */

/* One more than the value in GB 32100: no I, O, S, V, Z. */
static const unsigned char credit_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['G'] = 17, ['H'] = 18, ['J'] = 19, ['K'] = 20, ['L'] = 21, ['M'] = 22, ['N'] = 23, ['P'] = 24,
    ['Q'] = 25, ['R'] = 26, ['T'] = 27, ['U'] = 28, ['W'] = 29, ['X'] = 30, ['Y'] = 31};

static int credit_value(char c)
{
    return credit_values[(unsigned char)c] - 1;
}

static int organisation_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1; /* values of their own: all 36 */
}

char mq_credit_code_check(const char *first17)
{
    static const int weight[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (int i = 0; i < CREDIT - 1; i++) {
        int value = credit_value(first17[i]);
        if (value < 0)
            return 0;
        sum += value * weight[i];
    }
    return "0123456789ABCDEFGHJKLMNPQRTUWXY"[(31 - sum % 31) % 31];
}

char mq_organisation_check(const char *first8)
{
    static const int weight[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < ORGANISATION - 1; i++) {
        int value = organisation_value(first8[i]);
        if (value < 0)
            return 0;
        sum += value * weight[i];
    }
    return "0123456789X"[(11 - sum % 11) % 11];
}

/* ---- the characters of a text ---- */

enum { MOST = CREDIT + 1 };

/* Half-width and upper-case, as far as that goes; 0: neither letter nor digit nor anything ASCII.
 */
struct spelling {
    char c[MOST + 1];
    size_t count, wide, lower; /* of all characters; first of such, from 1; 0: none */
};

static struct spelling spell(struct mq_text text)
{
    struct spelling spelling = {.count = 0};
    for (size_t i = 0; i < text.n;) {
        uint32_t code = 0;
        size_t length = mq_utf8_decode((const unsigned char *)text.s + i, text.n - i, &code);
        i += length ? length : 1;
        bool wide = code >= 0xFF01 && code <= 0xFF5E;
        code -= wide ? 0xFEE0 : 0;
        bool lower = code >= 'a' && code <= 'z';
        code -= lower ? 'a' - 'A' : 0;
        size_t position = spelling.count + 1;
        if (wide && !spelling.wide)
            spelling.wide = position;
        if (lower && !spelling.lower)
            spelling.lower = position;
        if (spelling.count < MOST)
            spelling.c[spelling.count] = (char)(length && code < 0x80 ? code : 0);
        spelling.count++;
    }
    return spelling;
}

static bool digits_only(const char *c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c[i] < '0' || c[i] > '9')
            return false;
    return count > 0;
}

static size_t digits_at(const char *c, size_t i, size_t count)
{
    size_t from = i;
    while (i < count && c[i] >= '0' && c[i] <= '9')
        i++;
    return i - from;
}

bool mq_looks_ruined(struct mq_text text)
{
    enum { LONGEST = 32 };
    char c[3 * LONGEST]; /* full-width characters take three bytes */
    if (text.n > sizeof c || !mq_may_be_ruined(text))
        return false;
    size_t count = mq_text_narrow(text, c), i = digits_at(c, 0, count);
    if (i == 0)
        return false;
    if (i < count && c[i] == '.') {
        size_t more = digits_at(c, i + 1, count);
        if (more == 0)
            return false;
        i += 1 + more;
    }
    if (count - i < 3 || count - i > 5 || (c[i] != 'E' && c[i] != 'e') || c[i + 1] != '+')
        return false;
    return i + 2 + digits_at(c, i + 2, count) == count;
}

/* ---- verdicts ---- */

static struct mq_identified found(enum mq_identity verdict, size_t position)
{
    return (struct mq_identified){.verdict = verdict, .position = position};
}

/* What a text of the wrong length is. */
static struct mq_identified wrong_length(struct mq_text text, const struct spelling *spelling)
{
    if (mq_looks_ruined(text))
        return found(MQ_IDENTITY_RUINED, 0);
    if (spelling->count == OLD_NUMBER && digits_only(spelling->c, OLD_NUMBER))
        return found(MQ_IDENTITY_OLD, 0);
    return found(MQ_IDENTITY_LENGTH, 0);
}

/* A text whose characters are right but for their width and case. */
static struct mq_identified wrong_spelling(const struct spelling *spelling)
{
    if (spelling->wide)
        return found(MQ_IDENTITY_WIDE, spelling->wide);
    return spelling->lower ? found(MQ_IDENTITY_LOWER, spelling->lower)
                           : found(MQ_IDENTITY_VALID, 0);
}

/* Most codes are right, and that is soon known. */
static bool plainly_valid(const char *c)
{
    return c[CREDIT - 1] != 0 && digits_only(c + AREA_FROM, SUBJECT_FROM - AREA_FROM) &&
           mq_credit_code_check(c) == c[CREDIT - 1] &&
           mq_organisation_check(c + SUBJECT_FROM) == c[CREDIT - 2];
}

struct mq_identified mq_identify_credit_code(struct mq_text text)
{
    if (text.n == CREDIT && plainly_valid(text.s))
        return found(MQ_IDENTITY_VALID, 0);
    struct spelling spelling = spell(text);
    const char *c = spelling.c;
    if (spelling.count != CREDIT || mq_looks_ruined(text))
        return wrong_length(text, &spelling);
    for (size_t i = 0; i < CREDIT; i++) {
        bool area = i >= AREA_FROM && i < SUBJECT_FROM;
        if (credit_value(c[i]) < 0 || (area && !digits_only(c + i, 1)))
            return found(MQ_IDENTITY_CHARACTER, i + 1);
    }
    struct mq_identified verdict = wrong_spelling(&spelling);
    if (verdict.verdict != MQ_IDENTITY_VALID)
        return verdict;
    char check = mq_credit_code_check(c);
    if (check != c[CREDIT - 1])
        return (struct mq_identified){MQ_IDENTITY_CHECK, CREDIT, check};
    check = mq_organisation_check(c + SUBJECT_FROM);
    if (check != c[CREDIT - 2])
        return (struct mq_identified){MQ_IDENTITY_ORGANISATION, CREDIT - 1, check};
    return verdict;
}

static bool own_code(const char *c)
{
    return memcmp(c, "PDY", 3) == 0 && digits_only(c + 3, 5) && memcmp(c + 3, "00000", 5) != 0;
}

struct mq_identified mq_identify_organisation(struct mq_text text)
{
    struct spelling spelling = spell(text);
    char *c = spelling.c;
    bool own = spelling.count >= ORGANISATION - 1 && own_code(c);
    bool bare = own && spelling.count == ORGANISATION - 1;
    size_t last = ORGANISATION; /* position of the check character */
    if (spelling.count == ORGANISATION + 1 && c[ORGANISATION - 1] == '-') {
        c[ORGANISATION - 1] = c[ORGANISATION];
        last = ORGANISATION + 1;
    } else if ((spelling.count != ORGANISATION && !bare) || mq_looks_ruined(text)) {
        return wrong_length(text, &spelling);
    }
    for (size_t i = 0; i < ORGANISATION - 1; i++)
        if (organisation_value(c[i]) < 0)
            return found(MQ_IDENTITY_CHARACTER, i + 1);
    char given = c[ORGANISATION - 1];
    if (!bare && !digits_only(&given, 1) && given != 'X' && given != 'B')
        return found(MQ_IDENTITY_CHARACTER, last);
    struct mq_identified verdict = wrong_spelling(&spelling);
    if (verdict.verdict != MQ_IDENTITY_VALID)
        return verdict;
    if (given == 'B' && !bare)
        return found(MQ_IDENTITY_LOCAL_UNIT, 0);
    char check = mq_organisation_check(c);
    if (!bare && check != given)
        return (struct mq_identified){MQ_IDENTITY_CHECK, last, check};
    return found(own ? MQ_IDENTITY_OWN : MQ_IDENTITY_VALID, 0);
}

bool mq_identity_good(enum mq_identity verdict)
{
    return verdict <= MQ_IDENTITY_OWN;
}

/* ---- words ---- */

const char *mq_identity_phrase(enum mq_identity verdict, bool chinese)
{
    static const char *const phrase[MQ_IDENTITIES][2] = {
        [MQ_IDENTITY_VALID] = {"valid", "有效"},
        [MQ_IDENTITY_LOCAL_UNIT] = {"a local unit under its parent's code (ends in B)",
                                    "产业活动单位（法人代码前8位加B）"},
        [MQ_IDENTITY_OWN] = {"a code given out by its user (PDY00001 to PDY99999)",
                             "自定义代码（PDY00001—PDY99999）"},
        [MQ_IDENTITY_LENGTH] = {"wrong number of characters", "位数不对"},
        [MQ_IDENTITY_OLD] = {"a registration number of 15 digits, from before 2015; the code of "
                             "18 characters is needed",
                             "15位旧注册号，应填18位统一社会信用代码"},
        [MQ_IDENTITY_RUINED] =
            {"turned into a number by a spreadsheet, its last digits are lost; "
             "take the code from the source again, as text",
             "被电子表格转成了数值，末尾数字已丢失；应从原始资料重新取得，按文本保存"},
        [MQ_IDENTITY_CHARACTER] = {"a character that may not stand there", "含有不允许的字符"},
        [MQ_IDENTITY_WIDE] = {"full-width characters", "含有全角字符"},
        [MQ_IDENTITY_LOWER] = {"lower-case letters", "含有小写字母"},
        [MQ_IDENTITY_ORGANISATION] = {"the organisation code within fails its own check character",
                                      "其中的组织机构代码校验码不符"},
        [MQ_IDENTITY_CHECK] = {"wrong check character", "校验码不符"},
    };
    return phrase[verdict][chinese];
}
