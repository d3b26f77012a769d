/* docx_zip: an archive in memory with parts replaced or added, through libzip. */
#include "publish/docx_package.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* Files in archives carry a date; the same data must give the same bytes, so it is not today's:
 * 1980-01-01, the first day that archives know. */
enum { ZIP_DAY = 0x21, ZIP_HOUR = 0 };

static enum mq_status fail_zip(const char *path, zip_error_t *reason, struct mq_error *error)
{
    if (zip_error_code_zip(reason) == ZIP_ER_MEMORY)
        return mq_fail_memory(error);
    return mq_fail(error, MQ_DATA, path, 0, 0,
                   "is damaged or not a Word document (%s); open it in Word or WPS and save it "
                   "anew",
                   zip_error_strerror(reason));
}

static bool put_part(zip_t *zip, const struct mq_docx_part *part)
{
    zip_source_t *source = zip_source_buffer(zip, part->bytes.data, part->bytes.length, 0);
    if (!source)
        return false;
    zip_int64_t at = zip_name_locate(zip, part->name, 0);
    if (at < 0)
        at = zip_name_locate(zip, part->name, ZIP_FL_NOCASE);
    if (at < 0)
        at = zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8);
    else if (zip_file_replace(zip, (zip_uint64_t)at, source, 0) != 0)
        at = -1;
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_DEFLATE, 9) == 0 &&
           zip_file_set_dostime(zip, (zip_uint64_t)at, ZIP_HOUR, ZIP_DAY, 0) == 0;
}

/* What libzip made of the source, once the archive is closed. */
static bool read_back(zip_source_t *source, struct mq_buffer *archive)
{
    char piece[1 << 14];
    zip_int64_t got = -1;
    if (zip_source_open(source) != 0)
        return false;
    while ((got = zip_source_read(source, piece, sizeof piece)) > 0)
        mq_buffer_add(archive, piece, (size_t)got);
    zip_source_close(source);
    return got == 0;
}

static enum mq_status change(zip_source_t *source, bool fresh, const struct mq_docx_part *part,
                             size_t parts, const char *path, struct mq_error *error)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_t *zip = zip_open_from_source(source, fresh ? ZIP_CREATE | ZIP_TRUNCATE : 0, &reason);
    enum mq_status status = zip ? MQ_OK : fail_zip(path, &reason, error);
    zip_error_fini(&reason);
    for (size_t i = 0; i < parts && status == MQ_OK; i++)
        if (!put_part(zip, &part[i]))
            status = fail_zip(path, zip_get_error(zip), error);
    if (zip && status == MQ_OK) {
        zip_source_keep(source); /* closing takes it away */
        if (zip_close(zip) == 0)
            return MQ_OK;
        status = fail_zip(path, zip_get_error(zip), error);
        zip_discard(zip);
        return status;
    }
    if (zip) {
        zip_source_keep(source);
        zip_discard(zip);
    }
    return status;
}

enum mq_status mq_docx_zip(const struct mq_buffer *old, const struct mq_docx_part *part,
                           size_t parts, const char *path, struct mq_buffer *archive,
                           struct mq_error *error)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source =
        zip_source_buffer_create(old->length ? old->data : NULL, old->length, 0, &reason);
    if (!source) {
        enum mq_status failed = fail_zip(path, &reason, error);
        zip_error_fini(&reason);
        return failed;
    }
    zip_error_fini(&reason);
    enum mq_status status = change(source, old->length == 0, part, parts, path, error);
    if (status == MQ_OK && !read_back(source, archive))
        status = fail_zip(path, zip_source_error(source), error);
    if (status == MQ_OK && archive->failed)
        status = mq_fail_memory(error);
    zip_source_free(source);
    return status;
}
