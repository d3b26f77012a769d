/* Narratives: text, places, optional parts, ends of sentences. */
#include "model/narrative_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/wording.h"

enum { DEEPEST = 8 };

enum mq_status mq_narrative_refuse(struct mq_narrative_parser *parser, size_t offset,
                                   const char *format, ...)
{
    char text[1024];
    struct mq_narrative_fault *fault = parser->fault;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t length = strlen(text), room = sizeof fault->message - 1;
    if (length > room) /* never half a character */
        for (length = room; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80; length--)
            ;
    memcpy(fault->message, text, length);
    fault->message[length] = '\0';
    fault->offset = offset;
    return MQ_BAD_MODEL;
}

/* Length of the mark at `at` that ends a sentence, with quotes and blanks after it; 0: none. */
static size_t sentence_end(const struct mq_narrative_parser *parser, size_t at)
{
    static const char *const ends[] = {"。", "！", "？"};
    static const char *const closing[] = {"”", "’", "）", "」", "\"", ")"};
    const char *text = parser->text;
    size_t length = 0;
    bool latin = strchr(".!?", text[at]) && text[at];
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !length; i++)
        if (strncmp(text + at, ends[i], strlen(ends[i])) == 0)
            length = strlen(ends[i]);
    length += latin;
    if (!length)
        return 0;
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
        if (strncmp(text + at + length, closing[i], strlen(closing[i])) == 0) {
            length += strlen(closing[i]);
            break;
        }
    char next = text[at + length];
    if (latin && next != ' ' && next != '\n' && next != ']' && next != '\0')
        return 0;
    while (text[at + length] == ' ' || text[at + length] == '\n')
        length++;
    return length;
}

static enum mq_status flush(struct mq_narrative_parser *parser)
{
    if (parser->run_length == 0)
        return MQ_OK;
    char *text = mq_arena_string(parser->arena, parser->run, parser->run_length);
    if (!text)
        return MQ_INTERNAL;
    parser->piece[parser->count++] = (struct mq_piece){.kind = MQ_PIECE_TEXT, .text = text};
    parser->run_length = 0;
    return MQ_OK;
}

static enum mq_status add(struct mq_narrative_parser *parser, enum mq_piece_kind kind, bool ends)
{
    MQ_TRY(flush(parser));
    parser->piece[parser->count++] = (struct mq_piece){.kind = kind, .ends = ends};
    return MQ_OK;
}

static void take(struct mq_narrative_parser *parser, size_t bytes)
{
    memcpy(parser->run + parser->run_length, parser->text + parser->at, bytes);
    parser->run_length += bytes;
    parser->at += bytes;
}

static enum mq_status read_place(struct mq_narrative_parser *parser)
{
    size_t start = parser->at, length = strcspn(parser->text + start + 1, "{}");
    if (parser->text[start + 1 + length] != '}')
        return mq_narrative_refuse(parser, start,
                                   "this { has no }: write {verb ...}, or {{ for the brace itself");
    MQ_TRY(flush(parser));
    struct mq_piece *piece = &parser->piece[parser->count++];
    *piece = (struct mq_piece){.kind = MQ_PIECE_PLACE};
    parser->at = start + length + 2;
    return mq_narrative_place(parser, start + 1, start + 1 + length, &piece->place);
}

/* Open brackets: where they stand, and whether what was read last ends a sentence. */
struct open {
    size_t at[DEEPEST], count;
    bool ended;
};

static enum mq_status close_part(struct mq_narrative_parser *parser, struct open *open)
{
    if (open->count == 0)
        return mq_narrative_refuse(parser, parser->at,
                                   "this ] has no [ before it: ]] writes the bracket itself");
    open->count--;
    parser->at++;
    MQ_TRY(add(parser, MQ_PIECE_CLOSE, open->ended));
    return open->ended && open->count == 0 ? add(parser, MQ_PIECE_END, true) : MQ_OK;
}

static enum mq_status open_part(struct mq_narrative_parser *parser, struct open *open)
{
    if (open->count == DEEPEST)
        return mq_narrative_refuse(parser, parser->at,
                                   "too many brackets within brackets: at most 8");
    open->at[open->count++] = parser->at++;
    open->ended = false;
    return add(parser, MQ_PIECE_OPEN, false);
}

/* Doubled signs stand for themselves; inside a part ]] closes two. */
static bool doubled(const struct mq_narrative_parser *parser, const struct open *open)
{
    const char *at = parser->text + parser->at;
    return at[0] == at[1] && at[0] && strchr("{}[]", at[0]) && !(at[0] == ']' && open->count > 0);
}

static enum mq_status read_one(struct mq_narrative_parser *parser, struct open *open)
{
    char c = parser->text[parser->at];
    if (doubled(parser, open)) {
        parser->at++;
        take(parser, 1);
        open->ended = false;
        return MQ_OK;
    }
    if (c == '[')
        return open_part(parser, open);
    if (c == ']')
        return close_part(parser, open);
    if (c == '}')
        return mq_narrative_refuse(parser, parser->at,
                                   "this } has no { before it: }} writes the brace itself");
    if (c == '{') {
        open->ended = false;
        return read_place(parser);
    }
    size_t end = sentence_end(parser, parser->at);
    open->ended = end > 0;
    take(parser, end ? end : 1);
    return end && open->count == 0 ? add(parser, MQ_PIECE_END, true) : MQ_OK;
}

enum mq_status mq_narrative_parse(const struct mq_model *model, const char *text,
                                  struct mq_arena *arena, const struct mq_narrative **parsed,
                                  struct mq_narrative_fault *fault)
{
    size_t length = strlen(text), most = 3;
    for (size_t i = 0; i < length; i++) /* only these make pieces, at most three each */
        most += strchr("{[].!?\xE3\xEF", text[i]) ? 3 : 0;
    struct mq_narrative *result = mq_arena_alloc(arena, sizeof *result);
    struct mq_narrative_parser parser = {.model = model,
                                         .arena = arena,
                                         .text = text,
                                         .length = length,
                                         .piece = mq_arena_array(arena, most, sizeof *parser.piece),
                                         .run = mq_arena_alloc(arena, length + 1),
                                         .fault = fault};
    struct open open = {.count = 0};
    if (!result || !parser.piece || !parser.run)
        return MQ_INTERNAL;
    while (parser.at < length)
        MQ_TRY(read_one(&parser, &open));
    if (open.count > 0)
        return mq_narrative_refuse(&parser, open.at[open.count - 1],
                                   "this [ has no ]: [[ writes the bracket itself");
    MQ_TRY(add(&parser, MQ_PIECE_END, false));
    *result = (struct mq_narrative){parser.count, parser.piece};
    *parsed = result;
    return MQ_OK;
}
