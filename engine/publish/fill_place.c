/* fill_place: what a place asks for. */
#include "publish/fill.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[MQ_FILL_KINDS] = {"table", "figure", "text",   "value",
                                                 "title", "period", "edition"};
static const char every_kind[] = "table:…, figure:…, text:…, value:…, title, period and edition";

bool mq_fill_memory(struct mq_fill *fill)
{
    if (fill->status == MQ_OK)
        fill->status = mq_fail_memory(fill->error);
    return false;
}

void mq_fill_say(struct mq_fill *fill, const char *place, const char *message)
{
    struct mq_buffer line = MQ_BUFFER_EMPTY, *lines = &fill->report->lines;
    mq_buffer_format(&line, "%s: `{{%s}}`: %s\n", fill->template, place, message);
    if (line.failed) {
        mq_fill_memory(fill);
        return;
    }
    /* Text boxes stand twice in a document. */
    if (lines->length == 0 || !strstr(lines->data, line.data))
        mq_buffer_text(lines, line.data);
    mq_buffer_clear(&line);
    if (lines->failed)
        mq_fill_memory(fill);
}

static bool unknown(struct mq_fill *fill, const char *place, const char *message)
{
    fill->report->unknown++;
    if (message)
        mq_fill_say(fill, place, message);
    else
        mq_fill_memory(fill);
    return false;
}

/* ---- syntax ---- */

static int kind_of(const char *body, size_t *length)
{
    *length = strcspn(body, ": ");
    for (int kind = 0; kind < MQ_FILL_KINDS; kind++)
        if (strlen(kinds[kind]) == *length && strncmp(kinds[kind], body, *length) == 0)
            return kind;
    return -1;
}

bool mq_fill_is_place(const char *tag)
{
    size_t length;
    if (strncmp(tag, "{{", 2) == 0)
        return strlen(tag) > 4 && strcmp(tag + strlen(tag) - 2, "}}") == 0;
    int kind = kind_of(tag, &length);
    return kind >= 0 && (kind >= MQ_FILL_TITLE ? tag[length] == '\0' : tag[length] == ':');
}

/* Without braces and blanks around, in half-width letters; NULL if out of memory. */
static char *clean(struct mq_fill *fill, const char *body)
{
    struct mq_text text = mq_text_trim(mq_text(body));
    if (text.n > 4 && strncmp(text.s, "{{", 2) == 0 && strncmp(text.s + text.n - 2, "}}", 2) == 0)
        text = mq_text_trim((struct mq_text){text.s + 2, text.n - 4});
    char *copy = mq_arena_alloc(&fill->arena, text.n + 1);
    if (!copy) {
        mq_fill_memory(fill);
        return NULL;
    }
    copy[mq_text_narrow(text, copy)] = '\0';
    return copy;
}

/* "body", style="…" behind the id; cuts them off it. False if there is something else. */
static bool read_options(char *id, struct mq_fill_place *place)
{
    char *at = strchr(id, ' ');
    if (at)
        *at++ = '\0';
    while (at && *at) {
        at += strspn(at, " ");
        if (strncmp(at, "body", 4) == 0 && (at[4] == '\0' || at[4] == ' ')) {
            place->bare = true;
            at += 4;
        } else if (strncmp(at, "style=", 6) == 0 && place->kind == MQ_FILL_TABLE) {
            static const char *const quotes[] = {"\"", "“", "”"};
            at += 6;
            for (size_t i = 0; i < 3; i++)
                if (strncmp(at, quotes[i], strlen(quotes[i])) == 0) {
                    at += strlen(quotes[i]);
                    break;
                }
            char *end = at;
            while (*end && strncmp(end, "\"", 1) != 0 && strncmp(end, "”", 3) != 0)
                end++;
            size_t quote = *end == '"' ? 1 : *end ? 3 : 0;
            *end = '\0';
            place->grid = at;
            at = end + quote;
        } else if (*at) {
            return false;
        }
    }
    return true;
}

/* ---- what there is ---- */

struct choice {
    const char **name;
    size_t count;
};

static size_t offered(const struct mq_publication *of, enum mq_fill_kind kind)
{
    switch (kind) {
    case MQ_FILL_TABLE:
        return of->sheets ? of->sheets->count : 0;
    case MQ_FILL_FIGURE:
        return of->figures ? of->figures->count : 0;
    default:
        return of->story ? of->story->count : 0;
    }
}

static const char *offer(const struct mq_publication *of, enum mq_fill_kind kind, size_t i)
{
    switch (kind) {
    case MQ_FILL_TABLE:
        return of->sheets->sheet[i].id;
    case MQ_FILL_FIGURE:
        return of->figures->figure[i].id;
    default:
        return of->story->section[i].id;
    }
}

/* "no such table; did you mean `city`?", or a list of all. From the arena. */
static const char *suggestion(struct mq_fill *fill, const struct mq_publication *const *publication,
                              size_t publications, enum mq_fill_kind kind, const char *id)
{
    size_t count = 0, most = 0;
    for (size_t i = 0; i < publications; i++)
        most += offered(publication[i], kind);
    const char **name = mq_arena_array(&fill->arena, most + 1, sizeof *name);
    struct mq_buffer list = MQ_BUFFER_EMPTY;
    if (!name)
        return NULL;
    for (size_t i = 0; i < publications; i++)
        for (size_t k = 0; k < offered(publication[i], kind); k++)
            name[count++] = offer(publication[i], kind, k);
    const char *near = mq_text_nearest(id, name, count);
    if (near)
        return mq_arena_format(&fill->arena, "no such %s; did you mean `%s`?", kinds[kind], near);
    enum { LISTED = 20 };
    for (size_t i = 0; i < count && i < LISTED; i++)
        mq_buffer_format(&list, "%s`%s`", i ? ", " : "", name[i]);
    mq_buffer_text(&list, count > LISTED ? ", …" : count == 0 ? "none" : "");
    const char *message = list.failed ? NULL
                                      : mq_arena_format(&fill->arena, "no such %s; there are: %s",
                                                        kinds[kind], list.data);
    mq_buffer_clear(&list);
    return message;
}

static const struct mq_story_section *find_section(const struct mq_story *story, const char *id)
{
    for (size_t i = 0; i < story->count; i++)
        if (strcmp(story->section[i].id, id) == 0)
            return &story->section[i];
    return NULL;
}

static bool find_in(const struct mq_publication *it, const char *id, struct mq_fill_place *place)
{
    place->publication = it;
    if (place->kind == MQ_FILL_TABLE && it->sheets)
        place->sheet = mq_sheets_find(it->sheets, id);
    else if (place->kind == MQ_FILL_FIGURE && it->figures)
        place->figure = mq_figures_find(it->figures, id);
    else if (place->kind == MQ_FILL_TEXT && it->story)
        place->section = find_section(it->story, id);
    return (place->sheet && place->sheet->columns > 0) || place->figure || place->section;
}

/* ---- a place ---- */

/* A publication that is named before a slash is the only one to look in; *id is moved behind it. */
static bool choose(struct mq_fill *fill, const char *tag, char **id,
                   const struct mq_publication *const **publication, size_t *publications)
{
    char *slash = strchr(*id, '/');
    *publication = fill->publication;
    *publications = fill->publications;
    if (!slash)
        return true;
    *slash = '\0';
    const char **name = mq_arena_array(&fill->arena, fill->publications + 1, sizeof *name);
    if (!name)
        return mq_fill_memory(fill);
    for (size_t i = 0; i < fill->publications; i++) {
        name[i] = fill->publication[i]->model_id ? fill->publication[i]->model_id : "";
        if (strcmp(name[i], *id) == 0) {
            *publication = &fill->publication[i];
            *publications = 1;
            *id = slash + 1;
            return true;
        }
    }
    const char *near = mq_text_nearest(*id, name, fill->publications);
    if (!near && fill->publications > 0)
        near = name[0];
    return unknown(fill, tag,
                   mq_arena_format(&fill->arena, "no such publication as `%s`%s%s%s", *id,
                                   near ? "; did you mean `" : "", near ? near : "",
                                   near ? "`?" : ""));
}

static bool find_named(struct mq_fill *fill, char *id, struct mq_fill_place *place)
{
    const struct mq_publication *const *publication;
    size_t publications;
    if (!choose(fill, place->tag, &id, &publication, &publications))
        return false;
    if (place->kind == MQ_FILL_VALUE)
        return mq_fill_value(fill, publication, publications, id, place);
    if (!read_options(id, place))
        return unknown(fill, place->tag,
                       place->kind == MQ_FILL_TABLE
                           ? "behind the name there can be `body` and `style=\"…\"`"
                           : "behind the name there can be `body`");
    for (size_t i = 0; i < publications; i++)
        if (find_in(publication[i], id, place))
            return true;
    return unknown(fill, place->tag, suggestion(fill, publication, publications, place->kind, id));
}

bool mq_fill_find(struct mq_fill *fill, const char *body, struct mq_fill_place *place)
{
    enum { TAG_MOST = 64 }; /* of a content control; Word takes no longer one */
    size_t length;
    char *tag = clean(fill, body);
    char *id = tag ? mq_arena_string(&fill->arena, tag, strlen(tag)) : NULL;
    if (!id)
        return mq_fill_memory(fill);
    int kind = kind_of(tag, &length);
    *place = (struct mq_fill_place){.kind = (enum mq_fill_kind)kind, .tag = tag};
    if (kind < 0 || (kind < MQ_FILL_TITLE && tag[length] != ':') ||
        (kind >= MQ_FILL_TITLE && tag[length] != '\0'))
        return unknown(
            fill, tag,
            mq_arena_format(&fill->arena, "no such kind of place; there are %s", every_kind));
    if (strlen(tag) > TAG_MOST)
        return unknown(fill, tag,
                       "is longer than the 64 letters that Word allows for the tag of a "
                       "content control");
    if (kind < MQ_FILL_TITLE) {
        id += length + 1;
        id += strspn(id, " ");
        return find_named(fill, id, place);
    }
    const struct mq_publication *first = fill->publication[0];
    place->publication = first;
    place->text = kind == MQ_FILL_TITLE    ? first->title
                  : kind == MQ_FILL_PERIOD ? first->period
                                           : first->edition;
    if (!place->text || !place->text[0])
        return unknown(fill, tag, "the publication has none");
    return true;
}
