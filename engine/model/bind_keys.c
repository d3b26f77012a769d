#include "model/binder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum mq_status mq_bind_fail(struct mq_binder *b, const struct mq_yaml *at, const char *format, ...)
{
    char message[sizeof b->error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return mq_fail(b->error, MQ_BAD_MODEL, b->file->path, at->at.line, at->at.column, "%s",
                   message);
}

enum mq_status mq_bind_unknown(struct mq_binder *b, const struct mq_yaml *at, const char *problem,
                               const char *const *candidates, size_t count, const char *plural)
{
    char name[MQ_QUOTED], hint[MQ_HINT];
    const char *word = at->kind == MQ_YAML_SCALAR ? at->text : "";
    return mq_bind_fail(b, at, "%s \"%s\"%s", problem, mq_quoted(mq_text(word), name),
                        mq_hint(word, candidates, count, plural, hint));
}

const struct mq_yaml *mq_yaml_get(const struct mq_yaml *map, const char *key)
{
    for (size_t i = 0; map->kind == MQ_YAML_MAP && i < map->count; i++)
        if (strcmp(map->key[i]->text, key) == 0)
            return map->item[i];
    return NULL;
}

static enum mq_status unknown_key(struct mq_binder *b, const struct mq_yaml *key,
                                  const struct mq_section *section)
{
    char problem[64], quoted[MQ_QUOTED];
    /* {check: f(a, b)} is cut at the comma: what follows looks like a key. */
    if (strpbrk(key->text, "()<>=*\"'"))
        return mq_bind_fail(b, key,
                            "%s is cut in two before \"%s\"; put what holds a comma in quotes, "
                            "like check: \"is_unique(a, b)\"",
                            section->what, mq_quoted(mq_text(key->text), quoted));
    const char **known = mq_arena_array(&b->scratch, section->keys, sizeof *known);
    if (!known)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < section->keys; i++)
        known[i] = section->key[i].name;
    snprintf(problem, sizeof problem, "%s has no key", section->what);
    return mq_bind_unknown(b, key, problem, known, section->keys, "keys");
}

enum mq_status mq_bind_map(struct mq_binder *b, const struct mq_yaml *map,
                           const struct mq_section *section, void *into)
{
    if (map->kind != MQ_YAML_MAP)
        return mq_bind_fail(b, map, "%s is written as keys with values, like {%s: ...}",
                            section->what, section->key[0].name);
    for (size_t i = 0; i < map->count; i++) {
        size_t k = 0;
        while (k < section->keys && strcmp(section->key[k].name, map->key[i]->text) != 0)
            k++;
        if (k == section->keys)
            return unknown_key(b, map->key[i], section);
    }
    for (size_t k = 0; k < section->keys; k++) {
        const struct mq_key *key = &section->key[k];
        const struct mq_yaml *value = mq_yaml_get(map, key->name);
        if (!value && key->required)
            return mq_bind_fail(b, map, "%s needs the key \"%s\"", section->what, key->name);
        if (value)
            MQ_TRY(key->bind(b, value, key, into));
    }
    return MQ_OK;
}

static bool empty(const struct mq_yaml *value)
{
    return value->plain && (value->length == 0 || strcmp(value->text, "~") == 0 ||
                            strcmp(value->text, "null") == 0);
}

/* A scalar that says something; its text lives in the model's arena. */
static enum mq_status text_of(struct mq_binder *b, const struct mq_yaml *value, const char *name,
                              const char **text)
{
    if (value->kind != MQ_YAML_SCALAR)
        return mq_bind_fail(b, value, "\"%s\" is text, not a %s", name,
                            value->kind == MQ_YAML_LIST
                                ? "list"
                                : "map; put quotes around a text that contains \": \"");
    if (empty(value))
        return mq_bind_fail(b, value, "\"%s\" has no value; write one or leave the key out", name);
    const char *copy = mq_arena_string(&b->model->arena, value->text, value->length);
    if (!copy)
        return mq_fail_memory(b->error);
    *text = copy;
    return MQ_OK;
}

static void *place(const struct mq_key *key, void *into)
{
    return (char *)into + key->offset;
}

enum mq_status mq_bind_keep(struct mq_binder *b, const struct mq_yaml *value,
                            const struct mq_key *key, void *into)
{
    (void)b;
    const struct mq_yaml **slot = place(key, into);
    *slot = value;
    return MQ_OK;
}

enum mq_status mq_bind_text(struct mq_binder *b, const struct mq_yaml *value,
                            const struct mq_key *key, void *into)
{
    const char **slot = place(key, into);
    return text_of(b, value, key->name, slot);
}

static bool fit_for_id(const struct mq_yaml *value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    if (value->length == 0 || value->length > 128)
        return false;
    for (size_t i = 0; i < value->length; i++) {
        char c = value->text[i];
        bool high = (unsigned char)c >= 0x80, letter = !high && strchr(letters, c);
        bool inner = !high && strchr("0123456789.-", c);
        if (!high && !letter && (!inner || (i == 0 && (c == '.' || c == '-'))))
            return false;
    }
    return true;
}

enum mq_status mq_bind_id(struct mq_binder *b, const struct mq_yaml *value,
                          const struct mq_key *key, void *into)
{
    char name[MQ_QUOTED];
    MQ_TRY(mq_bind_text(b, value, key, into));
    if (fit_for_id(value))
        return MQ_OK;
    return mq_bind_fail(
        b, value,
        "\"%s\" is no id: use up to 128 letters, digits, \"_\", \"-\", \".\" or Chinese "
        "characters, no spaces",
        mq_quoted(mq_text(value->text), name));
}

enum mq_status mq_bind_whole(struct mq_binder *b, const struct mq_yaml *value,
                             const struct mq_key *key, void *into)
{
    int *slot = place(key, into);
    int64_t number;
    if (value->kind != MQ_YAML_SCALAR ||
        mq_decimal_parse(value->text, value->length, 0, &number) != MQ_NUMBER_OK ||
        number < key->from || number > key->to)
        return mq_bind_fail(b, value, "\"%s\" is a whole number from %d to %d", key->name,
                            key->from, key->to);
    *slot = (int)number;
    return MQ_OK;
}

enum mq_status mq_bind_real(struct mq_binder *b, const struct mq_yaml *value,
                            const struct mq_key *key, void *into)
{
    double *slot = place(key, into);
    if (value->kind != MQ_YAML_SCALAR ||
        mq_real_parse(value->text, value->length, slot) != MQ_NUMBER_OK)
        return mq_bind_fail(b, value, "\"%s\" is a number, like 12.5", key->name);
    return MQ_OK;
}

enum mq_status mq_bind_fraction(struct mq_binder *b, const struct mq_yaml *value,
                                const struct mq_key *key, void *into)
{
    struct mq_fraction *slot = place(key, into);
    if (value->kind != MQ_YAML_SCALAR ||
        mq_fraction_parse(value->text, value->length, &slot->numerator, &slot->denominator) !=
            MQ_NUMBER_OK)
        return mq_bind_fail(b, value, "\"%s\" is a fraction or a decimal, like 1/3 or 0.25",
                            key->name);
    return MQ_OK;
}

enum mq_status mq_bind_list(struct mq_binder *b, const struct mq_yaml *value, const char *name)
{
    return value->kind == MQ_YAML_LIST ? MQ_OK
                                       : mq_bind_fail(b, value, "\"%s\" is a list of items", name);
}

enum mq_status mq_bind_texts(struct mq_binder *b, const struct mq_yaml *value, const char *name,
                             const char ***texts, size_t *count)
{
    bool one = value->kind == MQ_YAML_SCALAR;
    if (!one)
        MQ_TRY(mq_bind_list(b, value, name));
    *count = one ? 1 : value->count;
    *texts = mq_arena_array(&b->model->arena, *count + 1, sizeof **texts);
    if (!*texts)
        return mq_fail_memory(b->error);
    for (size_t i = 0; i < *count; i++)
        MQ_TRY(text_of(b, one ? value : value->item[i], name, &(*texts)[i]));
    return MQ_OK;
}

enum mq_status mq_bind_choice(struct mq_binder *b, const struct mq_yaml *value,
                              const char *const *names, size_t count, const char *plural,
                              int *index)
{
    for (size_t i = 0; value->kind == MQ_YAML_SCALAR && i < count; i++)
        if (strcmp(value->text, names[i]) == 0) {
            *index = (int)i;
            return MQ_OK;
        }
    return mq_bind_unknown(b, value, "found", names, count, plural);
}

enum mq_status mq_bind_path(struct mq_binder *b, const struct mq_yaml *value, const char *name,
                            const char **written, const char **found)
{
    char quoted[MQ_QUOTED];
    const char *directory = b->model->directory;
    MQ_TRY(text_of(b, value, name, written));
    *found = **written == '/' || !*directory
                 ? *written
                 : mq_arena_format(&b->model->arena, "%s/%s", directory, *written);
    if (!*found)
        return mq_fail_memory(b->error);
    if (b->flags & MQ_MODEL_NO_CODES || access(*found, R_OK) == 0)
        return MQ_OK;
    return mq_bind_fail(b, value,
                        "cannot read the file \"%s\", looked for from the folder of the model: %s",
                        mq_quoted(mq_text(value->text), quoted), strerror(errno));
}

enum mq_status mq_bind_once(struct mq_binder *b, const struct mq_yaml *list, size_t index,
                            const char *what)
{
    char name[MQ_QUOTED];
    const struct mq_yaml *id = mq_yaml_get(list->item[index], "id");
    for (size_t i = 0; i < index; i++) {
        const struct mq_yaml *earlier = mq_yaml_get(list->item[i], "id");
        if (strcmp(id->text, earlier->text) == 0)
            return mq_bind_fail(b, id, "%s \"%s\" is already at %ld:%ld; ids must differ", what,
                                mq_quoted(mq_text(id->text), name), earlier->at.line,
                                earlier->at.column);
    }
    return MQ_OK;
}
