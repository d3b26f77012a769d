/*
 * Any bytes as the XML of a sheet. The first byte chooses: bit 0 puts them within the <sheetData>
 * of a sheet that has a header, bit 1 makes them the shared strings instead. Reading ends in a
 * table of valid UTF-8 or in MQ_DATA with a message; and what libxml2 takes for well-formed is
 * never called broken, but for what this form does not take at all.
 */
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "ingest/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAIN    "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATED "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/relationships"
#define HEADER                                                                                     \
    "<row r='1'><c t='inlineStr'><is><t>k</t></is></c><c t='inlineStr'><is><t>研发</t></is></c>" \
    "</row>"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void add(zip_t *zip, const char *name, const char *text, size_t length)
{
    zip_source_t *source = zip_source_buffer(zip, text, length, 0);
    zip_int64_t index = source ? zip_file_add(zip, name, source, 0) : -1;
    require(index >= 0 && zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0);
}

/* A workbook of that sheet and those strings. */
static char *wrap(const struct mq_buffer *sheet, const struct mq_buffer *strings, size_t *count)
{
    static const char package[] = "<Relationships xmlns='" PACKAGE "'><Relationship Type='" RELATED
                                  "/officeDocument' Target='b'/></Relationships>";
    static const char book[] = "<workbook xmlns='" MAIN "' xmlns:r='" RELATED
                               "'><sheets><sheet name='s' r:id='r1'/></sheets></workbook>";
    static const char parts[] =
        "<Relationships xmlns='" PACKAGE "'><Relationship Id='r1' Type='" RELATED
        "/worksheet' Target='s'/><Relationship Id='r2' Type='" RELATED
        "/sharedStrings' Target='t'/><Relationship Id='r3' Type='" RELATED
        "/styles' Target='f'/></Relationships>";
    static const char styles[] = "<styleSheet xmlns='" MAIN "'><cellXfs><xf numFmtId='0'/>"
                                 "<xf numFmtId='22'/><xf numFmtId='46'/></cellXfs></styleSheet>";
    zip_error_t reason;
    zip_stat_t about;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &reason);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_CREATE, &reason) : NULL;
    require(zip);
    zip_source_keep(source);
    add(zip, "[Content_Types].xml", "<Types/>", 8);
    add(zip, "_rels/.rels", package, sizeof package - 1);
    add(zip, "b", book, sizeof book - 1);
    add(zip, "_rels/b.rels", parts, sizeof parts - 1);
    add(zip, "f", styles, sizeof styles - 1);
    add(zip, "s", sheet->data, sheet->length);
    add(zip, "t", strings->data, strings->length);
    require(zip_close(zip) == 0 && zip_source_open(source) == 0 &&
            zip_source_stat(source, &about) == 0);
    char *bytes = malloc((size_t)about.size);
    *count = (size_t)about.size;
    require(bytes && zip_source_read(source, bytes, about.size) == (zip_int64_t)about.size);
    zip_source_close(source);
    zip_source_free(source);
    return bytes;
}

static const struct mq_model *model(void)
{
    static const char *names[][1] = {{"k"}, {"研发经费"}, {"v"}};
    static struct mq_input input[3];
    static const struct mq_model of = {.input = input, .inputs = 3};
    for (size_t i = 0; i < 3; i++)
        input[i] = (struct mq_input){
            .id = names[i][0], .type = MQ_CODE, .alias = names[i], .aliases = 1, .list = -1};
    return &of;
}

static enum mq_status read_book(const char *bytes, size_t count, struct mq_error *error)
{
    struct mq_reader_options options = {.workers = 1};
    struct mq_origin origin = {
        .path = "x.xlsx", .place = "x.xlsx", .bytes = bytes, .count = count, .model = model()};
    struct mq_pour pour;
    const void *text;
    size_t length;
    require(mq_pour_open(&pour, "x.xlsx", &options, error) == MQ_OK);
    enum mq_status status = mq_form_xlsx.pour(&origin, &pour, error);
    if (status == MQ_OK) {
        require(mq_spill_map(&pour.spill, &text, &length, error) == MQ_OK);
        require(length > 0 && ((const char *)text)[length - 1] == '\n');
        require(mq_utf8_valid(text, length) == length);
    }
    mq_pour_close(&pour);
    return status;
}

/* What this form leaves out of XML on purpose. */
static bool refused_on_purpose(const char *message)
{
    static const char *const reasons[] = {
        "not in UTF-8",         "too deep",           "too many prefixes",
        "not of a spreadsheet", "longer than 16 MiB", "declares a DTD",
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strstr(message, reasons[i]))
            return true;
    return !strstr(message, "broken XML");
}

static bool well_formed(const struct mq_buffer *xml)
{
    if (memchr(xml->data, '\0', xml->length)) /* where libxml2 ends, content or not */
        return false;
    xmlDocPtr document = xmlReadMemory(xml->data, (int)xml->length, NULL, NULL,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!document)
        return false;
    xmlFreeDoc(document);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mq_buffer sheet = MQ_BUFFER_EMPTY, strings = MQ_BUFFER_EMPTY;
    if (size < 2)
        return 0;
    bool within = data[0] & 1, as_strings = data[0] & 2;
    if (within || as_strings)
        mq_buffer_text(&sheet, "<worksheet xmlns='" MAIN "'><sheetData>" HEADER);
    if (as_strings) {
        mq_buffer_text(&sheet, "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>");
        mq_buffer_add(&strings, (const char *)data + 1, size - 1);
    } else {
        mq_buffer_add(&sheet, (const char *)data + 1, size - 1);
        mq_buffer_text(&strings, "<sst xmlns='" MAIN "'><si><t>v</t></si><si/></sst>");
    }
    if (within || as_strings)
        mq_buffer_text(&sheet, "</sheetData><mergeCells><mergeCell ref='B1:C1'/><mergeCell "
                               "ref='A1:A2'/></mergeCells></worksheet>");
    require(!sheet.failed && !strings.failed);
    size_t count;
    struct mq_error error = {0};
    char *bytes = wrap(&sheet, &strings, &count);
    enum mq_status status = read_book(bytes, count, &error);
    require(status == MQ_OK || (status == MQ_DATA && error.message[0] != '\0'));
    if (status == MQ_DATA && !refused_on_purpose(error.message))
        require(!well_formed(&sheet) || !well_formed(&strings));
    free(bytes);
    mq_buffer_clear(&sheet);
    mq_buffer_clear(&strings);
    return 0;
}
