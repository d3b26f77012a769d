#include "model/formula.h"

#include <string.h>

#include "model/wording.h"

struct word {
    const char *text;
    enum mq_token_kind kind;
    bool chinese; /* may stand without spaces around it */
};

/* Longer words before their beginnings. */
static const struct word words[] = {
    {"and", MQ_TOKEN_AND, false},     {"or", MQ_TOKEN_OR, false},     {"not", MQ_TOKEN_NOT, false},
    {"if", MQ_TOKEN_IF, false},       {"then", MQ_TOKEN_THEN, false}, {"in", MQ_TOKEN_IN, false},
    {"where", MQ_TOKEN_WHERE, false}, {"并且", MQ_TOKEN_AND, true},   {"或者", MQ_TOKEN_OR, true},
    {"如果", MQ_TOKEN_WHEN, true},    {"那么", MQ_TOKEN_THEN, true},  {"且", MQ_TOKEN_AND, true},
    {"或", MQ_TOKEN_OR, true},        {"非", MQ_TOKEN_NOT, true},     {"若", MQ_TOKEN_WHEN, true},
    {"则", MQ_TOKEN_THEN, true},
};
enum { WORDS = sizeof words / sizeof *words };

static const struct word signs[] = {
    {"<=", MQ_TOKEN_AT_MOST, false},   {">=", MQ_TOKEN_AT_LEAST, false},
    {"==", MQ_TOKEN_EQUAL, false},     {"!=", MQ_TOKEN_DIFFERENT, false},
    {"≤", MQ_TOKEN_AT_MOST, false},    {"≥", MQ_TOKEN_AT_LEAST, false},
    {"≠", MQ_TOKEN_DIFFERENT, false},  {"<", MQ_TOKEN_LESS, false},
    {">", MQ_TOKEN_GREATER, false},    {"=", MQ_TOKEN_EQUAL, false},
    {"(", MQ_TOKEN_OPEN, false},       {")", MQ_TOKEN_CLOSE, false},
    {",", MQ_TOKEN_COMMA, false},      {"+", MQ_TOKEN_ADD, false},
    {"-", MQ_TOKEN_SUBTRACT, false},   {"−", MQ_TOKEN_SUBTRACT, false},
    {"*", MQ_TOKEN_MULTIPLY, false},   {"×", MQ_TOKEN_MULTIPLY, false},
    {"/", MQ_TOKEN_DIVIDE, false},     {"÷", MQ_TOKEN_DIVIDE, false},
    {"[", MQ_TOKEN_LEFT, false},       {"]", MQ_TOKEN_RIGHT, false},
    {"~", MQ_TOKEN_DETERMINES, false},
};
enum { SIGNS = sizeof signs / sizeof *signs };

/* The character at `at` (valid UTF-8), full-width forms as their ASCII; its bytes in *length. 0 at
 * the end. */
static uint32_t character(struct mq_text text, size_t at, size_t *length)
{
    *length = 0;
    if (at >= text.n)
        return 0;
    const unsigned char *s = (const unsigned char *)text.s + at;
    size_t bytes = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    uint32_t value = bytes == 1 ? s[0] : s[0] & (0xFFu >> (bytes + 1));
    for (size_t i = 1; i < bytes; i++)
        value = value << 6 | (s[i] & 0x3Fu);
    *length = bytes;
    if (value >= 0xFF01 && value <= 0xFF5E)
        return value - 0xFEE0;
    return value == 0x3000 ? ' ' : value;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == 0x3007 ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0x20000 && c <= 0x2FFFF);
}

/* Letters and digits of names are half-width, so that a name has one spelling. */
static bool in_name(uint32_t c, size_t length, bool first)
{
    if (length > 1 && c < 0x80)
        return false;
    return is_letter(c) || (!first && (is_digit(c) || c == '.'));
}

static size_t name_length(struct mq_text text, size_t at)
{
    size_t end = at, length;
    for (uint32_t c; (c = character(text, end, &length)) && in_name(c, length, end == at);)
        end += length;
    return end - at;
}

/* The Chinese word of the language at the start of `text`, or NULL. */
static const struct word *chinese_word(struct mq_text text)
{
    for (size_t i = 0; i < WORDS; i++) {
        size_t n = strlen(words[i].text);
        if (words[i].chinese && n <= text.n && memcmp(words[i].text, text.s, n) == 0)
            return &words[i];
    }
    return NULL;
}

static const struct word *whole_word(struct mq_text text)
{
    for (size_t i = 0; i < WORDS; i++)
        if (mq_text_is(text, words[i].text))
            return &words[i];
    return NULL;
}

bool mq_formula_name(struct mq_text text)
{
    return text.n > 0 && name_length(text, 0) == text.n && !whole_word(text);
}

int mq_formula_input(const struct mq_formula_source *source, struct mq_text name)
{
    for (size_t i = 0; i < source->inputs; i++)
        if (mq_text_is(name, source->input[i].id))
            return (int)i;
    return -1;
}

static bool is_known(const struct mq_formula_source *source, struct mq_text name)
{
    const char *known;
    for (size_t i = 0; (known = mq_formula_known(source, i)); i++)
        if (mq_text_is(name, known))
            return true;
    return false;
}

/* Chinese is written without spaces: in 若出口则销售 the run of characters is cut where a known
 * name is followed by a word of the language, or else at the first such word. */
static size_t cut_name(const struct mq_formula_source *source, struct mq_text run)
{
    size_t best = 0;
    const char *known;
    for (size_t i = 0; (known = mq_formula_known(source, i)); i++) {
        struct mq_text id = mq_text(known);
        if (id.n > best && id.n < run.n && memcmp(id.s, run.s, id.n) == 0 &&
            chinese_word((struct mq_text){run.s + id.n, run.n - id.n}))
            best = id.n;
    }
    if (best)
        return best;
    size_t length;
    for (size_t at = 0; at < run.n; at += length) {
        if (chinese_word((struct mq_text){run.s + at, run.n - at}))
            return at;
        character(run, at, &length);
    }
    return run.n;
}

static void lex_name(const struct mq_formula_source *source, struct mq_token *token)
{
    struct mq_text run = {source->text.s + token->at, name_length(source->text, token->at)};
    const struct word *word = whole_word(run);
    token->kind = MQ_TOKEN_NAME;
    if (!word && !is_known(source, run)) {
        size_t cut = cut_name(source, run);
        if (cut == 0)
            word = chinese_word(run);
        run.n = cut ? cut : strlen(word->text);
    }
    if (word)
        token->kind = word->kind;
    token->text = run;
    token->end = token->at + run.n;
}

/* 01行, 01栏: how forms name their rows. */
static bool row_mark(uint32_t c)
{
    return c == 0x884C || c == 0x680F;
}

static enum mq_status lex_number(const struct mq_formula_source *source, struct mq_token *token)
{
    size_t end = token->at, length, used = 0, points = 0;
    char digits[48];
    uint32_t c;
    while ((c = character(source->text, end, &length)), is_digit(c) || c == '.') {
        points += c == '.';
        if (used == sizeof digits - 1 || points > 1)
            return mq_formula_fail(source, token->at, "%s",
                                   points > 1 ? "a number has one decimal point"
                                              : "a number of more than 47 digits");
        digits[used++] = (char)c;
        end += length;
    }
    if (used == points)
        return mq_formula_fail(source, token->at, "a point without digits is no number");
    bool row = row_mark(c);
    if (!row && is_letter(c) &&
        !chinese_word((struct mq_text){source->text.s + end, source->text.n - end}))
        return mq_formula_fail(source, end,
                               "a number runs into letters; write an operator between them, and "
                               "1000000 instead of 1e6");
    char *text = mq_arena_string(source->arena, digits, used);
    if (!text)
        return mq_fail_memory(source->error);
    token->kind = row ? MQ_TOKEN_ROW : MQ_TOKEN_NUMBER;
    token->text = (struct mq_text){text, used};
    token->end = row ? end + length : end;
    return MQ_OK;
}

enum mq_status mq_formula_row(const struct mq_formula_source *source, size_t from,
                              struct mq_token *token)
{
    size_t length, end;
    character(source->text, from, &length);
    size_t start = end = from + length;
    uint32_t c;
    while ((c = character(source->text, end, &length)) && c != ']')
        end += length;
    char *narrow = mq_arena_alloc(source->arena, end - start + 1);
    if (!narrow)
        return mq_fail_memory(source->error);
    struct mq_text inner = {source->text.s + start, end - start};
    struct mq_text row = mq_text_trim((struct mq_text){narrow, mq_text_narrow(inner, narrow)});
    if (!c || row.n == 0)
        return mq_formula_fail(source, from, "a row of the form is written [01]");
    *token = (struct mq_token){.kind = MQ_TOKEN_ROW, .at = from, .end = end + length, .text = row};
    return MQ_OK;
}

/* "text", 'text' or “text”; no escapes. */
static enum mq_status lex_text(const struct mq_formula_source *source, uint32_t quote,
                               size_t length, struct mq_token *token)
{
    uint32_t closing = quote == 0x201C ? 0x201D : quote == 0x2018 ? 0x2019 : quote;
    size_t from = token->at + length, end = from;
    uint32_t c;
    while ((c = character(source->text, end, &length)) && c != closing)
        end += length;
    if (!c)
        return mq_formula_fail(source, token->at, "this text has no closing quote");
    token->kind = MQ_TOKEN_TEXT;
    token->text = (struct mq_text){source->text.s + from, end - from};
    token->end = end + length;
    return MQ_OK;
}

/* Signs are looked up half-width: ＜＝ is <=. */
static enum mq_status lex_sign(const struct mq_formula_source *source, struct mq_token *token)
{
    char narrow[9] = "", found[MQ_QUOTED];
    size_t length, end = token->at, ends[2] = {0};
    for (size_t i = 0, used = 0; i < 2 && (end < source->text.n); i++) {
        uint32_t c = character(source->text, end, &length);
        if (c < 0x80)
            narrow[used++] = (char)c;
        else
            for (size_t k = 0; k < length; k++)
                narrow[used++] = source->text.s[end + k];
        ends[i] = end += length;
        if (c >= 0x80)
            break;
    }
    for (size_t i = 0; i < SIGNS; i++) {
        size_t n = strlen(signs[i].text);
        if (strncmp(narrow, signs[i].text, n) == 0) {
            bool two = n == 2 && (unsigned char)signs[i].text[0] < 0x80;
            token->kind = signs[i].kind;
            token->end = ends[two];
            return MQ_OK;
        }
    }
    struct mq_text sign = {source->text.s + token->at, ends[0] - token->at};
    return mq_formula_fail(source, token->at, "\"%s\" has no meaning in a formula",
                           mq_quoted(sign, found));
}

enum mq_status mq_formula_token(const struct mq_formula_source *source, size_t from,
                                struct mq_token *token)
{
    size_t length;
    uint32_t c;
    while ((c = character(source->text, from, &length)) == ' ' || c == '\n' || c == '\t' ||
           c == '\r')
        from += length;
    *token = (struct mq_token){.kind = MQ_TOKEN_END, .at = from, .end = from};
    if (!c)
        return MQ_OK;
    if (is_digit(c) || c == '.')
        return lex_number(source, token);
    if (c == '"' || c == '\'' || c == 0x201C || c == 0x2018)
        return lex_text(source, c, length, token);
    if (in_name(c, length, true)) {
        lex_name(source, token);
        return MQ_OK;
    }
    return lex_sign(source, token);
}
