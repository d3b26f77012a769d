/* From a parsed paragraph to its sentences: what is optional, what is left out, and the commas
 * that are left standing then. */
#include "publish/story.h"

#include <string.h>

enum { DEEPEST = 8 };

struct walk {
    struct mq_teller teller;
    struct mq_buffer out;
    size_t sentence; /* where it starts */
    bool unsaid;     /* a place of it outside brackets was */
    struct {
        size_t start;
        bool unsaid;
    } part[DEEPEST];
    size_t depth;
};

static bool ends_with(const struct mq_buffer *text, size_t from, const char *tail)
{
    size_t n = strlen(tail);
    return text->length >= from + n && memcmp(text->data + text->length - n, tail, n) == 0;
}

static size_t leading(const char *text, const char *const *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

static const char *const pauses[] = {"；", "，", "、", "; ", ", ", ";", ","};
static const char *const stops[] = {"。", "；", "，", "！", "？", "：",
                                    ". ", "; ", ", ", ".",  ";",  ","};
enum { PAUSES = sizeof pauses / sizeof *pauses, STOPS = sizeof stops / sizeof *stops };

/* Takes the pause away that the text of this sentence ends with; how long it was. */
static size_t drop_pause(struct walk *walk)
{
    for (size_t i = 0; i < PAUSES; i++)
        if (ends_with(&walk->out, walk->sentence, pauses[i])) {
            walk->out.length -= strlen(pauses[i]);
            return strlen(pauses[i]);
        }
    return 0;
}

/* What an optional part left behind does not show: no two blanks, no comma before a full stop, none
 * at the start of a sentence. */
static void add_text(struct walk *walk, const char *text)
{
    struct mq_buffer *out = &walk->out;
    bool fresh = out->length == walk->sentence;
    if (fresh)
        text += leading(text, pauses, PAUSES);
    if (text[0] == ' ' && (out->length == 0 || out->data[out->length - 1] == ' '))
        text++;
    if (!fresh && leading(text, stops, STOPS) > 0)
        drop_pause(walk);
    mq_buffer_text(out, text);
}

static void say(struct walk *walk, const struct mq_text_place *place)
{
    size_t before = walk->out.length;
    bool inside = walk->depth > 0;
    enum mq_said said = mq_say_place(&walk->teller, place);
    if (said == MQ_SAID || (said == MQ_SAID_NONE && !inside))
        return;
    walk->out.length = before;
    *(inside ? &walk->part[walk->depth - 1].unsaid : &walk->unsaid) = true;
}

/* A part that should have ended the sentence and is not there leaves that to what is before it. */
static void close_part(struct walk *walk, bool ends)
{
    walk->depth--;
    if (!walk->part[walk->depth].unsaid)
        return;
    walk->out.length = walk->part[walk->depth].start;
    if (!ends || walk->out.length == walk->sentence || walk->depth > 0)
        return;
    if (drop_pause(walk))
        mq_buffer_text(&walk->out, walk->teller.release->chinese ? "。" : ". ");
}

/* Nothing but marks and blanks? */
static bool is_bare(const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t mark = leading(text + i, stops, STOPS);
        if (mark == 0 && text[i] != ' ')
            return false;
        i += mark ? mark : 1;
    }
    return true;
}

static void end_sentence(struct walk *walk)
{
    struct mq_buffer *out = &walk->out;
    mq_buffer_add(out, "", 1); /* what was taken away is read no more */
    if (out->failed)
        return;
    out->length--;
    if (walk->unsaid || is_bare(out->data + walk->sentence, out->length - walk->sentence))
        out->length = walk->sentence;
    walk->sentence = out->length;
    walk->unsaid = false;
}

static void walk_piece(struct walk *walk, const struct mq_piece *piece)
{
    switch (piece->kind) {
    case MQ_PIECE_TEXT:
        add_text(walk, piece->text);
        break;
    case MQ_PIECE_PLACE:
        say(walk, &piece->place);
        break;
    case MQ_PIECE_OPEN:
        walk->part[walk->depth].start = walk->out.length;
        walk->part[walk->depth++].unsaid = false;
        break;
    case MQ_PIECE_CLOSE:
        close_part(walk, piece->ends);
        break;
    case MQ_PIECE_END:
        end_sentence(walk);
        break;
    }
}

const char *mq_story_paragraph(const struct mq_release *release,
                               const struct mq_narrative *narrative, struct mq_arena *arena)
{
    struct walk walk = {.teller = {.release = release}};
    walk.teller.text = &walk.out;
    for (size_t i = 0; i < narrative->count && !walk.out.failed && !walk.teller.failed; i++)
        walk_piece(&walk, &narrative->piece[i]);
    const char *text = NULL;
    while (walk.out.length > 0 && strchr(" \n", walk.out.data[walk.out.length - 1]))
        walk.out.length--;
    if (!walk.out.failed && !walk.teller.failed)
        text = mq_arena_string(arena, walk.out.data ? walk.out.data : "", walk.out.length);
    mq_buffer_clear(&walk.out);
    return text;
}
