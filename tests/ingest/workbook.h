/* Workbooks made by hand: an archive of parts whose XML is exactly what a test says. */
#ifndef MQ_TEST_WORKBOOK_H
#define MQ_TEST_WORKBOOK_H

#include <stddef.h>

#include "ingest/form.h"

struct workbook_part {
    const char *name, *text;
    size_t length; /* 0: text is NUL-terminated */
};
/* The bytes of an archive with these parts (up to one without a name); the caller frees. */
char *workbook_zip(const struct workbook_part *parts, size_t *count);

/* What a simple workbook is made of; NULL is left out or the usual. */
struct workbook {
    const char *sheets;  /* <sheet> elements; usual: one, "data", r:id="rId1" */
    const char *sheet;   /* xl/worksheets/sheet1.xml, whole; or */
    const char *rows;    /* what stands within its <sheetData>, and */
    const char *after;   /* behind that */
    const char *strings; /* <si> elements */
    const char *formats; /* <numFmt> elements */
    const char *styles;  /* <xf> elements of <cellXfs> */
    const char *setup;   /* elements before <sheets> */
    struct workbook_part more[4];
};
char *workbook_make(const struct workbook *workbook, size_t *count);

/* The bytes as the form pours them, NUL-terminated, freed by the caller; NULL after an error. */
char *workbook_pour(const struct mq_model *model, const char *bytes, size_t count, const char *part,
                    struct mq_error *error);
/* The CSV text of a workbook with these rows must be that. */
void workbook_expect(const struct mq_model *model, const struct workbook *workbook,
                     const char *text);
/* Its reading must end with MQ_DATA and this in the message. */
void workbook_refused(const struct mq_model *model, const struct workbook *workbook,
                      const char *message, long line, long column);

#define S(ref, text)       "<c r='" ref "' t='inlineStr'><is><t>" text "</t></is></c>"
#define N(ref, value)      "<c r='" ref "'><v>" value "</v></c>"
#define ROW(number, cells) "<row r='" number "'>" cells "</row>"
#define MAIN               "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATED            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

#endif
