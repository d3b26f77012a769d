/* forms: which form a path has, and the table of them all. */
#include <string.h>

#include "ingest/form.h"

const struct mq_form *const mq_forms[MQ_FORMS] = {
    &mq_form_gzip, &mq_form_zstd, &mq_form_xlsx, &mq_form_parquet, &mq_form_sqlite, &mq_form_pg,
};

size_t mq_form_index(const struct mq_form *form)
{
    size_t i = 0;
    while (mq_forms[i] != form)
        i++;
    return i;
}

const struct mq_form *mq_form_of_scheme(const char *path)
{
    for (size_t i = 0; i < MQ_FORMS; i++) {
        const char *scheme = mq_forms[i]->scheme;
        if (scheme && strncmp(path, scheme, strlen(scheme)) == 0)
            return mq_forms[i];
    }
    return NULL;
}

const struct mq_form *mq_form_of_bytes(const char *bytes, size_t count)
{
    for (size_t i = 0; i < MQ_FORMS; i++) {
        const struct mq_form *form = mq_forms[i];
        if (form->magic && count >= form->magic_length &&
            memcmp(bytes, form->magic, form->magic_length) == 0)
            return form;
        if (form->knows && form->knows(bytes, count))
            return form;
    }
    return NULL;
}

enum mq_status mq_address_split(const char *path, const char *scheme, struct mq_arena *arena,
                                const char **place, const char **part, struct mq_error *error)
{
    const char *rest = path + strlen(scheme);
    const char *table = strstr(rest, "?table="), *query = strstr(rest, "?query=");
    const char *mark = !table || (query && query < table) ? query : table;
    if (!mark || !mark[strlen("?table=")])
        return mq_fail(error, MQ_USAGE, path, 0, 0,
                       "says no table; write %s...?table=NAME or \"%s...?query=SELECT ...\"",
                       scheme, scheme);
    *place = mq_arena_string(arena, rest, (size_t)(mark - rest));
    *part = mq_arena_string(arena, mark + 1, strlen(mark + 1));
    return *place && *part ? MQ_OK : mq_fail_memory(error);
}

const char *mq_reader_form(size_t index, const char **summary)
{
    if (index > MQ_FORMS)
        return NULL;
    *summary = index > 0 ? mq_forms[index - 1]->summary
                         : "UTF-8 or GB18030, fields end at commas, in .tsv and .tab at tabs; - is "
                           "standard input";
    return index > 0 ? mq_forms[index - 1]->name : "text";
}
