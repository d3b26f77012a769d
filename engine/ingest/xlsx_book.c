/* xlsx_book: the workbook's list of sheets, and which of them is read. */
#include <string.h>
#include <strings.h>

#include "ingest/xlsx.h"

/* ---- relationships: from a part to the parts it names ---- */

struct relation {
    struct relation *next;
    const char *id, *type, *target; /* type: what follows the last slash; target: part's name */
};

struct relations {
    struct mq_arena *arena;
    const char *of;         /* the part they belong to */
    struct relation *first; /* in the order of the file */
    struct relation **last;
};

static bool remote(struct mq_text mode)
{
    return mq_text_is(mode, "External");
}

/* A target is relative to the folder of its part, or absolute ("/xl/worksheets/sheet1.xml"). */
static const char *resolve(struct mq_arena *arena, const char *of, struct mq_text target)
{
    const char *slash = strrchr(of, '/');
    size_t folder = slash && target.n > 0 && target.s[0] != '/' ? (size_t)(slash - of) + 1 : 0;
    char *name = mq_arena_alloc(arena, folder + target.n + 1), *out = name;
    if (!name)
        return NULL;
    memcpy(name, of, folder);
    out += folder;
    for (size_t i = 0; i < target.n;) {
        const char *step = target.s + i;
        const char *mark = memchr(step, '/', target.n - i);
        size_t length = mark ? (size_t)(mark - step) : target.n - i;
        i += length + (mark != NULL);
        if (length == 0 || (length == 1 && step[0] == '.'))
            continue;
        if (length == 2 && step[0] == '.' && step[1] == '.') {
            while (out > name && *--out && (out == name || out[-1] != '/'))
                ;
            continue;
        }
        memcpy(out, step, length);
        out += length;
        if (mark)
            *out++ = '/';
    }
    *out = '\0';
    return name;
}

static bool take_relation(void *context, const char *parent, const char *name,
                          const struct mq_xlsx_attributes *attributes)
{
    struct relations *relations = context;
    struct mq_text type = mq_xlsx_get(attributes, "Type");
    struct mq_text id = mq_xlsx_get(attributes, "Id");
    (void)parent;
    if (strcmp(name, "Relationship") != 0 || remote(mq_xlsx_get(attributes, "TargetMode")))
        return true;
    struct relation *relation = mq_arena_alloc(relations->arena, sizeof *relation);
    if (!relation)
        return false;
    const char *slash = type.n > 0 ? memrchr(type.s, '/', type.n) : NULL;
    const char *short_type = slash ? slash + 1 : type.s;
    relation->id = mq_arena_string(relations->arena, id.s, id.n);
    relation->type =
        mq_arena_string(relations->arena, short_type, (size_t)(type.s + type.n - short_type));
    relation->target = resolve(relations->arena, relations->of, mq_xlsx_get(attributes, "Target"));
    *relations->last = relation;
    relations->last = &relation->next;
    return relation->id && relation->type && relation->target;
}

/* The relationships of a part; `of` "" is the package itself. */
static enum mq_status read_relations(struct mq_xlsx *book, const char *of,
                                     struct relations *relations, struct mq_error *error)
{
    const char *slash = strrchr(of, '/');
    int folder = slash ? (int)(slash - of) + 1 : 0;
    *relations = (struct relations){.arena = &book->arena, .of = of};
    relations->last = &relations->first;
    const char *part = mq_arena_format(&book->arena, "%.*s_rels/%s.rels", folder, of, of + folder);
    return part ? mq_xlsx_walk(book, part, take_relation, relations, error) : mq_fail_memory(error);
}

static const struct relation *relation_of_type(const struct relations *relations, const char *type)
{
    const struct relation *relation = relations->first;
    while (relation && strcmp(relation->type, type) != 0)
        relation = relation->next;
    return relation;
}

/* A part that a workbook may do without; NULL then. */
static const char *part_of_type(const struct relations *relations, const char *type)
{
    const struct relation *relation = relation_of_type(relations, type);
    return relation ? relation->target : NULL;
}

/* ---- the list of sheets ---- */

struct entry {
    struct entry *next;
    const char *name, *id, *part;
    bool hidden;
};

struct list {
    struct mq_arena *arena;
    struct entry *first, **last;
    bool date1904;
};

static bool truth(struct mq_text text)
{
    return mq_text_is(text, "1") || mq_text_is(text, "true");
}

static bool take_sheet(void *context, const char *parent, const char *name,
                       const struct mq_xlsx_attributes *attributes)
{
    struct list *list = context;
    if (strcmp(name, "workbookPr") == 0)
        list->date1904 = truth(mq_xlsx_get(attributes, "date1904"));
    if (strcmp(name, "sheet") != 0 || strcmp(parent, "sheets") != 0)
        return true;
    struct entry *entry = mq_arena_alloc(list->arena, sizeof *entry);
    if (!entry)
        return false;
    struct mq_text title = mq_xlsx_get(attributes, "name"), id = mq_xlsx_get(attributes, "id");
    struct mq_text state = mq_xlsx_get(attributes, "state");
    entry->name = mq_arena_string(list->arena, title.s, title.n);
    entry->id = mq_arena_string(list->arena, id.s, id.n);
    entry->hidden = mq_text_is(state, "hidden") || mq_text_is(state, "veryHidden");
    *list->last = entry;
    list->last = &entry->next;
    return entry->name && entry->id;
}

/* Keeps the entries that are tables: charts and macro sheets are of other types. */
static void keep_worksheets(struct list *list, const struct relations *relations)
{
    for (struct entry **at = &list->first; *at;) {
        for (const struct relation *r = relations->first; r && !(*at)->part; r = r->next)
            if (strcmp(r->id, (*at)->id) == 0 && strcmp(r->type, "worksheet") == 0)
                (*at)->part = r->target;
        if ((*at)->part)
            at = &(*at)->next;
        else
            *at = (*at)->next;
    }
}

/* ---- choosing ---- */

static bool same_but_case(const char *a, const char *b)
{
    struct mq_text left = mq_text_trim(mq_text(a)), right = mq_text_trim(mq_text(b));
    return left.n == right.n && strncasecmp(left.s, right.s, left.n) == 0;
}

static const struct entry *pick(const struct list *list, const char *wanted)
{
    for (const struct entry *it = list->first; it; it = it->next)
        if (wanted ? strcmp(it->name, wanted) == 0 : !it->hidden)
            return it;
    for (const struct entry *it = list->first; wanted && it; it = it->next)
        if (same_but_case(it->name, wanted))
            return it;
    return NULL;
}

static enum mq_status fail_choice(const struct mq_xlsx *book, const struct list *list,
                                  const char *wanted, struct mq_error *error)
{
    struct mq_buffer names = MQ_BUFFER_EMPTY;
    for (const struct entry *it = list->first; it && names.length < 500; it = it->next)
        mq_buffer_format(&names, "%s\"%.120s\"%s%s", names.length ? ", " : "", it->name,
                         it->hidden ? " (hidden)" : "",
                         it->next && names.length >= 400 ? ", ..." : "");
    enum mq_status status = MQ_DATA;
    if (names.failed)
        status = mq_fail_memory(error);
    else if (!list->first)
        mq_fail(error, status, book->path, 0, 0, "is a workbook without a worksheet");
    else if (wanted)
        mq_fail(error, status, book->origin->place, 0, 0, "has no sheet \"%.120s\"; its sheets: %s",
                wanted, names.data);
    else
        mq_fail(error, status, book->path, 0, 0,
                "has hidden sheets only: %s; name one, as in book.xlsx#Sheet1", names.data);
    mq_buffer_clear(&names);
    return status;
}

/* The part of the workbook itself: by the package's relationships, where it has any. */
static enum mq_status find_workbook(struct mq_xlsx *book, const char **part, struct mq_error *error)
{
    struct relations package;
    *part = "xl/workbook.xml";
    if (!mq_xlsx_has(book, "_rels/.rels") && mq_xlsx_has(book, *part))
        return MQ_OK;
    MQ_TRY(read_relations(book, "", &package, error));
    const struct relation *main = relation_of_type(&package, "officeDocument");
    if (!main)
        return mq_fail(error, MQ_DATA, book->path, 0, 0,
                       "is an archive of documents, not an Excel workbook; save the table as .xlsx "
                       "or CSV (UTF-8)");
    *part = main->target;
    return MQ_OK;
}

enum mq_status mq_xlsx_choose(struct mq_xlsx *book, struct mq_xlsx_sheet *sheet,
                              struct mq_error *error)
{
    const char *workbook;
    struct relations relations;
    struct list list = {.arena = &book->arena};
    list.last = &list.first;
    MQ_TRY(find_workbook(book, &workbook, error));
    MQ_TRY(mq_xlsx_walk(book, workbook, take_sheet, &list, error));
    MQ_TRY(read_relations(book, workbook, &relations, error));
    keep_worksheets(&list, &relations);
    const struct entry *entry = pick(&list, book->origin->part);
    if (!entry)
        return fail_choice(book, &list, book->origin->part, error);
    *sheet = (struct mq_xlsx_sheet){.name = entry->name,
                                    .part = entry->part,
                                    .strings = part_of_type(&relations, "sharedStrings"),
                                    .styles = part_of_type(&relations, "styles"),
                                    .date1904 = list.date1904};
    return MQ_OK;
}
