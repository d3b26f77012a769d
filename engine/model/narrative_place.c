/* One place of a narrative: {verb arguments}. */
#include "model/narrative_parts.h"

#include <string.h>

#include "model/wording.h"

enum { MOST = 100, MOST_BOUND = 64 };

/* The words of a place, one ahead. Comparison signs are words of their own. */
struct words {
    struct mq_narrative_parser *parser;
    size_t at, end; /* of what has not been read */
    struct mq_text word;
    size_t offset; /* of the word; of the end where the word is empty */
    const char *usage;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Length of a comparison sign that the text starts with; 0: none. */
static size_t comparison(const char *text, size_t n, enum mq_compare *compare)
{
    static const struct {
        const char *sign;
        enum mq_compare compare;
    } signs[] = {{">=", MQ_AT_LEAST}, {"<=", MQ_AT_MOST}, {"≥", MQ_AT_LEAST},  {"≤", MQ_AT_MOST},
                 {">", MQ_ABOVE},     {"<", MQ_BELOW},    {"==", MQ_EQUAL_TO}, {"=", MQ_EQUAL_TO}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t length = strlen(signs[i].sign);
        if (n >= length && memcmp(text, signs[i].sign, length) == 0) {
            *compare = signs[i].compare;
            return length;
        }
    }
    return 0;
}

static void next_word(struct words *words)
{
    const char *text = words->parser->text;
    enum mq_compare ignored;
    while (words->at < words->end && is_blank(text[words->at]))
        words->at++;
    size_t start = words->at, end = start;
    end += comparison(text + start, words->end - start, &ignored);
    if (end == start)
        while (end < words->end && !is_blank(text[end]) &&
               comparison(text + end, words->end - end, &ignored) == 0)
            end++;
    words->word = (struct mq_text){text + start, end - start};
    words->offset = start;
    words->at = end;
}

#define REFUSE(words, ...) mq_narrative_refuse((words)->parser, (words)->offset, __VA_ARGS__)

static int find_node(const struct mq_model *model, struct mq_text word)
{
    for (size_t i = 0; i < model->nodes; i++)
        if (mq_text_is(word, model->node[i].id))
            return (int)i;
    return -1;
}

static int find_level(const struct mq_model *model, struct mq_text word)
{
    for (size_t i = 0; i < model->levels; i++)
        if (mq_text_is(word, model->level[i].id))
            return (int)i;
    return -1;
}

/* A word that names nothing: what was meant? */
static enum mq_status fail_name(const struct words *words, const char *what, bool nodes,
                                bool levels)
{
    const struct mq_model *model = words->parser->model;
    struct mq_arena *arena = words->parser->arena;
    const char **known = mq_arena_array(arena, model->nodes + model->levels, sizeof *known);
    const char *word = mq_arena_string(arena, words->word.s, words->word.n);
    if (!known || !word)
        return MQ_INTERNAL;
    size_t count = 0;
    for (size_t i = 0; nodes && i < model->nodes; i++)
        known[count++] = model->node[i].id;
    for (size_t i = 0; levels && i < model->levels; i++)
        known[count++] = model->level[i].id;
    char name[MQ_QUOTED], hint[MQ_HINT], message[MQ_QUOTED + MQ_HINT + 32];
    snprintf(message, sizeof message, "no %s \"%s\"%s", what, mq_quoted(words->word, name),
             mq_hint(word, known, count, levels && !nodes ? "levels" : "names", hint));
    return REFUSE(words, "%s", message);
}

static bool is_number(struct mq_text word)
{
    return word.n > 0 && strspn(word.s, "0123456789") >= word.n;
}

static enum mq_status read_level(struct words *words, struct mq_text_place *place)
{
    if (words->word.n == 0)
        return REFUSE(words, "a level is missing here: write %s", words->usage);
    place->level = find_level(words->parser->model, words->word);
    if (place->level < 0)
        return fail_name(words, "level", false, true);
    next_word(words);
    return MQ_OK;
}

/* Codes of a level with one axis stand in its code list, where there is one. */
static enum mq_status check_code(const struct words *words, const struct mq_text_place *place)
{
    char name[MQ_QUOTED];
    const struct mq_model *model = words->parser->model;
    const struct mq_level *level = &model->level[place->level];
    if (level->axes != 1 || !model->inputs || model->input[level->axis[0].input].list < 0)
        return MQ_OK;
    const struct mq_codes *codes = &model->list[model->input[level->axis[0].input].list];
    const char *part = level->axis[0].part ? level->axis[0].part : "";
    for (size_t i = 0; i < codes->count; i++)
        if (strcmp(codes->code[i].code, place->unit) == 0 &&
            (!part[0] || strcmp(codes->code[i].level, part) == 0))
            return MQ_OK;
    return codes->count == 0
               ? MQ_OK
               : REFUSE(words, "\"%s\" is no code of this level: its code list does not have it",
                        mq_quoted(words->word, name));
}

static enum mq_status read_unit(struct words *words, struct mq_text_place *place)
{
    MQ_TRY(read_level(words, place));
    if (words->word.n == 0)
        return REFUSE(words, "the code of a unit is missing here: write %s", words->usage);
    place->unit = mq_arena_string(words->parser->arena, words->word.s, words->word.n);
    if (!place->unit)
        return MQ_INTERNAL;
    MQ_TRY(check_code(words, place));
    next_word(words);
    return MQ_OK;
}

static enum mq_status read_bound(struct words *words, struct mq_text_place *place, bool needed)
{
    char name[MQ_QUOTED];
    if (comparison(words->word.s, words->word.n, &place->compare) == 0)
        return needed ? REFUSE(words, "a comparison is missing here: write %s", words->usage)
                      : MQ_OK;
    next_word(words);
    if (words->word.n == 0 || words->word.n > MOST_BOUND ||
        mq_real_parse(words->word.s, words->word.n, &place->bound) != MQ_NUMBER_OK)
        return REFUSE(words, "\"%s\" is not the number to compare with: write %s",
                      mq_quoted(words->word, name), words->usage);
    next_word(words);
    return MQ_OK;
}

static enum mq_status read_many(struct words *words, struct mq_text_place *place)
{
    char name[MQ_QUOTED];
    place->many = 3;
    if (!is_number(words->word))
        return MQ_OK;
    place->many = 0;
    for (size_t i = 0; i < words->word.n && place->many <= MOST; i++)
        place->many = 10 * place->many + (words->word.s[i] - '0');
    if (place->many < 1 || place->many > MOST)
        return REFUSE(words, "\"%s\" is too many or too few: N goes from 1 to 100",
                      mq_quoted(words->word, name));
    next_word(words);
    return MQ_OK;
}

static enum mq_status read_verb(struct words *words, struct mq_text_place *place)
{
    const char *names[MQ_VERBS];
    next_word(words);
    for (size_t i = 0; i < MQ_VERBS; i++) {
        names[i] = mq_verbs[i].name;
        if (mq_text_is(words->word, names[i])) {
            place->verb = (enum mq_verb)i;
            words->usage = mq_verbs[i].usage;
            next_word(words);
            return MQ_OK;
        }
    }
    if (words->word.n == 0)
        return REFUSE(words,
                      "an empty place: write a verb, like {score}; for the brace itself {{ and }}");
    char name[MQ_QUOTED], hint[MQ_HINT], message[MQ_QUOTED + MQ_HINT + 32];
    const char *word = mq_arena_string(words->parser->arena, words->word.s, words->word.n);
    if (!word)
        return MQ_INTERNAL;
    snprintf(message, sizeof message, "no verb \"%s\"%s", mq_quoted(words->word, name),
             mq_hint(word, names, MQ_VERBS, "verbs", hint));
    return REFUSE(words, "%s", message);
}

/* What is left over: too much, or a name with a slip. */
static enum mq_status check_end(struct words *words, unsigned takes,
                                const struct mq_text_place *place)
{
    char name[MQ_QUOTED];
    enum mq_compare ignored;
    if (words->word.n == 0)
        return MQ_OK;
    bool named = comparison(words->word.s, words->word.n, &ignored) == 0 && !is_number(words->word);
    bool nodes = (takes & MQ_TAKES_NODE) && place->node < 0 && place->level < 0;
    bool levels = (takes & MQ_TAKES_UNIT) && place->level < 0;
    if (named && (nodes || levels) && find_node(words->parser->model, words->word) < 0)
        return fail_name(words,
                         nodes && levels ? "node or level"
                         : nodes         ? "node"
                                         : "level",
                         nodes, levels);
    return REFUSE(words, "\"%s\" is too much here: write %s", mq_quoted(words->word, name),
                  words->usage);
}

enum mq_status mq_narrative_place(struct mq_narrative_parser *parser, size_t start, size_t end,
                                  struct mq_text_place *place)
{
    struct words words = {.parser = parser, .at = start, .end = end, .usage = ""};
    *place = (struct mq_text_place){.node = -1, .level = -1};
    MQ_TRY(read_verb(&words, place));
    unsigned takes = mq_verbs[place->verb].takes;
    if (takes & (MQ_TAKES_NODE | MQ_NEEDS_NODE)) {
        place->node = find_node(parser->model, words.word);
        if ((takes & MQ_NEEDS_NODE) && words.word.n == 0)
            return REFUSE(&words, "the id of an indicator is missing here: write %s", words.usage);
        if ((takes & MQ_NEEDS_NODE) && place->node < 0)
            return fail_name(&words, "node", true, false);
        if (place->node >= 0)
            next_word(&words);
    }
    if (takes & MQ_NEEDS_LEVEL) {
        bool slip = (takes & MQ_TAKES_NODE) && place->node < 0 && words.word.n > 0 &&
                    find_level(parser->model, words.word) < 0;
        MQ_TRY(slip ? fail_name(&words, "node or level", true, true) : read_level(&words, place));
    }
    if ((takes & MQ_NEEDS_UNIT) ||
        ((takes & MQ_TAKES_UNIT) && find_level(parser->model, words.word) >= 0))
        MQ_TRY(read_unit(&words, place));
    if (takes & (MQ_TAKES_BOUND | MQ_NEEDS_BOUND))
        MQ_TRY(read_bound(&words, place, takes & MQ_NEEDS_BOUND));
    if (takes & MQ_TAKES_MANY)
        MQ_TRY(read_many(&words, place));
    return check_end(&words, takes, place);
}
