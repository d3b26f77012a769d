#include "workbook.h"

#include <zip.h>

#include "support.h"

char *workbook_zip(const struct workbook_part *parts, size_t *count)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &reason);
    assert_non_null(source);
    zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &reason);
    assert_non_null(zip);
    zip_source_keep(source);
    for (; parts->name; parts++) {
        size_t length = parts->length ? parts->length : strlen(parts->text);
        zip_source_t *text = zip_source_buffer(zip, parts->text, length, 0);
        assert_non_null(text);
        assert_true(zip_file_add(zip, parts->name, text, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t about;
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_stat(source, &about), 0);
    char *bytes = malloc((size_t)about.size + 1);
    assert_non_null(bytes);
    *count = (size_t)about.size;
    assert_int_equal(zip_source_read(source, bytes, about.size), about.size);
    zip_source_close(source);
    zip_source_free(source);
    return bytes;
}

static char *put(struct mq_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text stays with the buffer. */
static char *put(struct mq_buffer *buffer, const char *format, ...)
{
    char text[1 << 16];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert_in_range(length, 0, sizeof text - 1);
    *buffer = MQ_BUFFER_EMPTY;
    mq_buffer_add(buffer, text, (size_t)length);
    return buffer->data;
}

static const char *or_usual(const char *text, const char *usual)
{
    return text ? text : usual;
}

static bool named(const struct workbook_part *parts, const char *name)
{
    for (size_t i = 0; i < 4 && parts[i].name; i++)
        if (strcmp(parts[i].name, name) == 0)
            return true;
    return false;
}

#define PACKAGE "http://schemas.openxmlformats.org/package/2006/relationships"

char *workbook_make(const struct workbook *workbook, size_t *count)
{
    enum { PARTS = 12 };
    struct workbook_part part[PARTS] = {
        {"[Content_Types].xml", "<Types/>", 0},
        {"_rels/.rels",
         "<Relationships xmlns='" PACKAGE "'><Relationship Id='rId1' Type='" RELATED
         "/officeDocument' Target='xl/workbook.xml'/></Relationships>",
         0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships xmlns='" PACKAGE "'><Relationship Id='rId1' Type='" RELATED
         "/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='rId2' Type='" RELATED
         "/worksheet' Target='/xl/other/second.xml'/><Relationship Id='rId3' Type='" RELATED
         "/chartsheet' Target='chartsheets/sheet1.xml'/><Relationship Id='rId8' Type='" RELATED
         "/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='rId9' Type='" RELATED
         "/styles' Target='./styles.xml'/></Relationships>",
         0},
    };
    struct mq_buffer text[4];
    size_t parts = 3;
    part[parts++] = (struct workbook_part){
        "xl/workbook.xml",
        put(&text[0],
            "<workbook xmlns='" MAIN "' xmlns:r='" RELATED "'>%s<sheets>%s</sheets></workbook>",
            or_usual(workbook->setup, ""),
            or_usual(workbook->sheets, "<sheet name='data' sheetId='1' r:id='rId1'/>")),
        0};
    put(&text[1], "<worksheet xmlns='" MAIN "'><sheetData>%s</sheetData>%s</worksheet>",
        or_usual(workbook->rows, ""), or_usual(workbook->after, ""));
    part[parts++] = (struct workbook_part){"xl/worksheets/sheet1.xml",
                                           or_usual(workbook->sheet, text[1].data), 0};
    part[parts++] = (struct workbook_part){
        "xl/styles.xml",
        put(&text[2],
            "<styleSheet xmlns='" MAIN "'><numFmts>%s</numFmts><cellStyleXfs><xf numFmtId='14'/>"
            "</cellStyleXfs><cellXfs>%s</cellXfs></styleSheet>",
            or_usual(workbook->formats, ""), or_usual(workbook->styles, "")),
        0};
    put(&text[3], "<sst xmlns='" MAIN "'>%s</sst>", or_usual(workbook->strings, ""));
    if (!named(workbook->more, "xl/sharedStrings.xml"))
        part[parts++] = (struct workbook_part){"xl/sharedStrings.xml", text[3].data, 0};
    for (size_t i = 0; i < 4 && workbook->more[i].name; i++)
        part[parts++] = workbook->more[i];
    char *bytes = workbook_zip(part, count);
    for (size_t i = 0; i < 4; i++)
        mq_buffer_clear(&text[i]);
    return bytes;
}

char *workbook_pour(const struct mq_model *model, const char *bytes, size_t count, const char *part,
                    struct mq_error *error)
{
    struct mq_reader_options options = {.workers = 1};
    void *held = NULL;
    struct mq_origin origin = {.path = "book.xlsx",
                               .place = "book.xlsx",
                               .part = part,
                               .bytes = bytes,
                               .count = count,
                               .model = model,
                               .held = &held};
    struct mq_pour pour;
    const void *poured;
    size_t length;
    char *text = NULL;
    enum mq_status status = mq_pour_open(&pour, "book.xlsx", &options, error);
    if (status == MQ_OK)
        status = mq_form_xlsx.pour(&origin, &pour, error);
    if (status == MQ_OK)
        status = mq_spill_map(&pour.spill, &poured, &length, error);
    if (status == MQ_OK) {
        struct mq_buffer copy = MQ_BUFFER_EMPTY;
        mq_buffer_add(&copy, poured, length);
        text = copy.data;
        if (copy.failed)
            status = mq_fail_memory(error);
    }
    mq_pour_close(&pour);
    assert_true(status == MQ_OK || error->status == status);
    return text;
}

void workbook_expect(const struct mq_model *model, const struct workbook *workbook,
                     const char *text)
{
    size_t count;
    struct mq_error error = {0};
    char *bytes = workbook_make(workbook, &count);
    char *poured = workbook_pour(model, bytes, count, NULL, &error);
    if (!poured)
        fail_msg("%s", error.message);
    assert_string_equal(poured, text);
    free(poured);
    free(bytes);
}

void workbook_refused(const struct mq_model *model, const struct workbook *workbook,
                      const char *message, long line, long column)
{
    size_t count;
    struct mq_error error = {0};
    char *bytes = workbook_make(workbook, &count);
    char *poured = workbook_pour(model, bytes, count, NULL, &error);
    if (poured)
        fail_msg("read in spite of \"%s\":\n%s", message, poured);
    assert_contains(error.message, message);
    assert_int_equal(error.status, MQ_DATA);
    assert_string_equal(error.file, "book.xlsx");
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    free(bytes);
}
