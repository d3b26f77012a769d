/* xlsx_zip: the archive that a workbook is, its parts unpacked with limits that do not trust it. */
#include <string.h>

#include "ingest/xlsx.h"

/*
 * A bomb is told by what comes out against what goes in. Deflate can reach 1032 : 1 and a classic
 * bomb does; the most repetitive real sheets (a million formatted rows without a value) stay below
 * 150 : 1. Small parts may be anything.
 */
enum { RATIO_MOST = 400, RATIO_FREE = 64 << 20 };

static enum mq_status fail_zip(const struct mq_xlsx *book, const char *part, int code,
                               struct mq_error *error)
{
    if (code == ZIP_ER_MEMORY)
        return mq_fail_memory(error);
    if (code == ZIP_ER_NOPASSWD || code == ZIP_ER_WRONGPASSWD || code == ZIP_ER_ENCRNOTSUPP)
        return mq_fail(error, MQ_DATA, book->path, 0, 0,
                       "is protected by a password; save the workbook without one");
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    enum mq_status status =
        part
            ? mq_fail(error, MQ_DATA, book->path, 0, 0,
                      "its part %s cannot be unpacked (%s): the workbook is damaged; copy it again "
                      "or open it in Excel or WPS and save it anew",
                      part, zip_error_strerror(&reason))
            : mq_fail(error, MQ_DATA, book->path, 0, 0,
                      "is a workbook or zip archive that is damaged or not complete (%s); copy it "
                      "again or open it in Excel or WPS and save it anew",
                      zip_error_strerror(&reason));
    zip_error_fini(&reason);
    return status;
}

bool mq_xlsx_has(const struct mq_xlsx *book, const char *name)
{
    return zip_name_locate(book->zip, name, ZIP_FL_NOCASE) >= 0;
}

/* What people hand over by mistake. */
static enum mq_status refuse_other_kinds(const struct mq_xlsx *book, struct mq_error *error)
{
    static const struct {
        const char *part, *message;
    } kinds[] = {
        {"xl/workbook.bin", "is a binary workbook (.xlsb)"},
        {"word/document.xml", "is a Word document"},
        {"ppt/presentation.xml", "is a PowerPoint presentation"},
        {"content.xml", "is an OpenDocument file (.ods, .odt)"},
        {"Index/Document.iwa", "is a file of Numbers or Pages"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (mq_xlsx_has(book, kinds[i].part))
            return mq_fail(error, MQ_DATA, book->path, 0, 0,
                           "%s, not an Excel workbook; save the table as .xlsx or CSV (UTF-8)",
                           kinds[i].message);
    if (mq_xlsx_has(book, "[Content_Types].xml") || mq_xlsx_has(book, "xl/workbook.xml"))
        return MQ_OK;
    struct mq_buffer names = MQ_BUFFER_EMPTY;
    zip_int64_t entries = zip_get_num_entries(book->zip, 0);
    for (zip_int64_t i = 0; i < entries && i < 5; i++) {
        const char *name = zip_get_name(book->zip, (zip_uint64_t)i, 0);
        mq_buffer_format(&names, "%s%.80s", i > 0 ? ", " : "", name ? name : "?");
    }
    if (entries > 5)
        mq_buffer_text(&names, ", ...");
    enum mq_status status =
        names.failed ? mq_fail_memory(error)
                     : mq_fail(error, MQ_DATA, book->path, 0, 0,
                               "is a zip archive, not an Excel workbook (it holds %s); unpack it "
                               "and name the table itself",
                               entries > 0 ? names.data : "nothing");
    mq_buffer_clear(&names);
    return status;
}

enum mq_status mq_xlsx_open(struct mq_xlsx *book, const struct mq_origin *origin,
                            const struct mq_reader_options *options, struct mq_error *error)
{
    *book = (struct mq_xlsx){.path = origin->path, .origin = origin, .options = options};
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(origin->bytes, origin->count, 0, &reason);
    if (source)
        book->zip = zip_open_from_source(source, ZIP_RDONLY, &reason);
    int code = zip_error_code_zip(&reason);
    zip_error_fini(&reason);
    if (!book->zip) {
        zip_source_free(source);
        return fail_zip(book, NULL, code, error);
    }
    return refuse_other_kinds(book, error);
}

void mq_xlsx_close(struct mq_xlsx *book)
{
    if (book->zip)
        zip_discard(book->zip);
    mq_arena_clear(&book->arena);
    *book = (struct mq_xlsx){0};
}

enum mq_status mq_xlsx_part_open(const struct mq_xlsx *book, const char *name,
                                 struct mq_xlsx_part *part, struct mq_error *error)
{
    zip_stat_t about;
    *part = (struct mq_xlsx_part){.book = book, .name = name};
    zip_int64_t index = zip_name_locate(book->zip, name, 0);
    if (index < 0) /* names of parts are the same in either case */
        index = zip_name_locate(book->zip, name, ZIP_FL_NOCASE);
    if (index < 0)
        return mq_fail(error, MQ_DATA, book->path, 0, 0,
                       "has no part %s: the workbook is damaged; open it in Excel or WPS and save "
                       "it anew",
                       name);
    if (zip_stat_index(book->zip, (zip_uint64_t)index, 0, &about) == 0) {
        if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) && about.encryption_method != ZIP_EM_NONE)
            return fail_zip(book, name, ZIP_ER_NOPASSWD, error);
        if (about.valid & ZIP_STAT_COMP_SIZE)
            part->packed = about.comp_size;
    }
    if (part->packed > book->origin->count)
        part->packed = book->origin->count;
    part->file = zip_fopen_index(book->zip, (zip_uint64_t)index, 0);
    if (!part->file)
        return fail_zip(book, name, zip_error_code_zip(zip_get_error(book->zip)), error);
    return MQ_OK;
}

enum mq_status mq_xlsx_part_read(struct mq_xlsx_part *part, char *bytes, size_t room, size_t *count,
                                 struct mq_error *error)
{
    const struct mq_xlsx *book = part->book;
    *count = 0;
    if (book->options->stop && *book->options->stop)
        return mq_fail(error, MQ_INTERRUPTED, NULL, 0, 0, "interrupted while reading");
    zip_int64_t got = zip_fread(part->file, bytes, room);
    if (got < 0)
        return fail_zip(book, part->name, zip_error_code_zip(zip_file_get_error(part->file)),
                        error);
    *count = (size_t)got;
    part->unpacked += (uint64_t)got;
    if (part->unpacked > MQ_XLSX_PART_MOST)
        return mq_fail(error, MQ_DATA, book->path, 0, 0,
                       "its part %s unpacks to more than 4 GiB; save the sheet as CSV (UTF-8)",
                       part->name);
    if (part->unpacked > RATIO_FREE && part->unpacked / RATIO_MOST > part->packed)
        return mq_fail(error, MQ_DATA, book->path, 0, 0,
                       "its part %s unpacks to more than %d times its size, as no sheet does and "
                       "harmful files do; if the file is in order, save the sheet as CSV (UTF-8)",
                       part->name, RATIO_MOST);
    return MQ_OK;
}

void mq_xlsx_part_close(struct mq_xlsx_part *part)
{
    if (part->file)
        zip_fclose(part->file);
    part->file = NULL;
}
