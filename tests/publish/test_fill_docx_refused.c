/* Documents that cannot be filled: told what they are, and nothing is written. */
#include "docx_fixture.h"

#include "publish/docx_package.h"

#include <unistd.h>
#include <zip.h>

#include "support.h"

static enum mq_status fill(const struct docx_fixture *fixture, const char *from, const char *to,
                           struct mq_fill_report *report, struct mq_error *error)
{
    const struct mq_publication *publication = &fixture->publication;
    return mq_fill_docx(&publication, 1, from, to, report, error);
}

static void add_part(const char *path, const char *name, const char *text)
{
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(zip);
    zip_source_t *source = zip_source_buffer(zip, text, strlen(text), 0);
    assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
    assert_int_equal(zip_close(zip), 0);
}

static void refused(const struct docx_fixture *fixture, const char *path, enum mq_status wanted,
                    const char *message)
{
    struct mq_error error = {0};
    struct mq_fill_report report = {0};
    char output[600];
    snprintf(output, sizeof output, "%s.out", path);
    assert_int_equal(fill(fixture, path, output, &report, &error), wanted);
    assert_contains(error.message, message);
    assert_int_not_equal(access(output, F_OK), 0);
    mq_buffer_clear(&report.lines);
}

static void write_text(const char *path, const char *text, size_t n)
{
    assert_int_equal(mq_write_file(path, text, n, NULL), MQ_OK);
}

static void what_is_no_document_is_refused(void **state)
{
    (void)state;
    struct docx_fixture fixture;
    char folder[256], path[512];
    docx_fixture_new(&(struct realistic_options){.periods = 1, .units = 3, .industries = 2},
                     &fixture);
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/a.docx", folder);
    refused(&fixture, path, MQ_NO_INPUT, "");
    write_text(path, "hello, world", 12);
    refused(&fixture, path, MQ_DATA, "is not a Word document (.docx)");
    write_text(path, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    refused(&fixture, path, MQ_DATA, "is protected by a password or of the old kind (.doc)");
    write_text(path, "PK\3\4 and no more", 16);
    refused(&fixture, path, MQ_DATA, "is damaged or not complete");
    static const struct {
        const char *part, *text, *message;
    } parts[] = {
        {"word/vbaProject.bin", "x", "holds macros (.docm)"},
        {"xl/workbook.xml", "x", "is an Excel workbook"},
        {"content.xml", "x", "is an OpenDocument file"},
        {"word/document.xml", "<w:document",
         "its part word/document.xml cannot be read (broken XML)"},
        {"word/document.xml", "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>",
         "its part word/document.xml declares a DTD"},
        {"word/styles.xml", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "declares a DTD"},
        {"[Content_Types].xml",
         "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.ms-word."
         "document.macroEnabled.main+xml\"/></Types>",
         "holds macros (.docm)"},
        {"[Content_Types].xml", "<Types/>", "has no text that can be filled"},
        {"[Content_Types].xml",
         "<Types><Override PartName=\"/doc/d.xml\" ContentType=\"" MQ_DOCX_TYPE
         "wordprocessingml.document.main+xml\"/></Types>",
         "is not where Word puts it"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        unlink(path);
        docx_template(path, docx_places);
        add_part(path, parts[i].part, parts[i].text);
        refused(&fixture, path, MQ_DATA, parts[i].message);
    }
    unlink(path);
    add_part(path, "readme.txt", "x");
    refused(&fixture, path, MQ_DATA, "is a zip archive, not a Word document");
    docx_fixture_clear(&fixture);
}

static void bombs_and_locks(void **state)
{
    (void)state;
    enum { BOMB = 100 << 20 };
    struct docx_fixture fixture;
    struct mq_error error = {0};
    struct mq_fill_report report = {0};
    char folder[256], path[512], *spaces = malloc(BOMB + 1);
    docx_fixture_new(&(struct realistic_options){.periods = 1, .units = 3, .industries = 2},
                     &fixture);
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/a.docx", folder);
    docx_template(path, docx_places);
    assert_non_null(spaces);
    memset(spaces, ' ', BOMB);
    spaces[BOMB] = '\0';
    add_part(path, "word/document.xml", spaces);
    free(spaces);
    refused(&fixture, path, MQ_DATA, "unpacks to far more than a document holds");
    unlink(path);
    docx_template(path, docx_places);
    snprintf(folder + strlen(folder), 20, "/none/b.docx");
    assert_int_equal(fill(&fixture, path, folder, &report, &error), MQ_CANNOT_WRITE);
    mq_buffer_clear(&report.lines);
    assert_int_equal(mq_fill_docx(NULL, 0, path, folder, &report, &error), MQ_USAGE);
    assert_contains(error.message, "no publication");
    docx_fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(bombs_and_locks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
