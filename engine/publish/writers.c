/* The formats, in the order in which they are written. */
#include "publish/draft.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct mq_writer csv = {
    .name = "csv",
    .files = "tables/*.csv",
    .summary = "one table a file for spreadsheets: UTF-8 with BOM, CRLF",
    .write = mq_write_csv,
};

static const struct mq_writer xlsx = {
    .name = "xlsx",
    .files = "tables.xlsx",
    .summary = "one workbook with text, all tables, charts to edit and a sheet of notes",
    .wants = MQ_WANT_FIGURES | MQ_WANT_STORY,
    .write = mq_write_xlsx,
};

static const struct mq_writer docx = {
    .name = "docx",
    .files = "white-paper.docx, feedback.docx",
    .summary = "the white paper for Word and WPS, and a page of feedback a unit",
    .wants = MQ_WANT_FIGURES | MQ_WANT_STORY | MQ_WANT_PROFILES,
    .write = mq_write_docx,
};

static const struct mq_writer html = {
    .name = "html",
    .files = "index.html",
    .summary = "one page for browsers that needs no network: text, charts, sortable tables",
    .wants = MQ_WANT_FIGURES | MQ_WANT_STORY | MQ_WANT_PROFILES,
    .write = mq_write_html,
};

static const struct mq_writer data = {
    .name = "data",
    .files = "data/*.csv, data/datapackage.json",
    .summary =
        "every published number of every period for programs: UTF-8, LF, with a Data Package",
    .wants = MQ_WANT_DATA,
    .write = mq_write_data_csv,
};

static const struct mq_writer json = {
    .name = "json",
    .files = "data/*.json",
    .summary = "the same as JSON-stat 2.0 datasets, and a collection that links them",
    .wants = MQ_WANT_DATA,
    .write = mq_write_json,
};

static const struct mq_writer sdmx = {
    .name = "sdmx",
    .files = "data/sdmx.csv",
    .summary = "the same as SDMX-CSV 2.0",
    .wants = MQ_WANT_DATA,
    .write = mq_write_sdmx,
};

static const struct mq_writer tex = {
    .name = "tex",
    .files = "tex/*.tex",
    .summary = "tables, numbers and text for LaTeX; example.tex shows how they are used",
    .wants = MQ_WANT_STORY | MQ_WANT_DATA,
    .write = mq_write_tex,
};

static const struct mq_writer svg = {
    .name = "svg",
    .files = "figures/*.svg",
    .summary = "one figure a file for the web and for editing; text is outlines",
    .wants = MQ_WANT_FIGURES,
    .write = mq_write_svg,
};

static const struct mq_writer pdf = {
    .name = "pdf",
    .files = "figures/*.pdf",
    .summary = "one figure a file for print: fonts embedded, text can be searched",
    .wants = MQ_WANT_FIGURES,
    .write = mq_write_pdf,
};

static const struct mq_writer png = {
    .name = "png",
    .files = "figures/*.png",
    .summary = "one figure a file as an image, 300 dots an inch",
    .wants = MQ_WANT_FIGURES,
    .write = mq_write_png,
};

const struct mq_writer *const mq_writers[] = {&csv,  &xlsx, &docx, &html, &data, &json,
                                              &sdmx, &tex,  &svg,  &pdf,  &png};
const size_t mq_writers_count = sizeof mq_writers / sizeof mq_writers[0];

enum mq_status mq_make_folder(const char *directory, const char *name, struct mq_error *error)
{
    struct mq_buffer path = MQ_BUFFER_EMPTY;
    mq_buffer_format(&path, "%s/%s", directory, name);
    enum mq_status status = MQ_OK;
    if (path.failed)
        status = mq_fail_memory(error);
    else if (mkdir(path.data, 0777) != 0 && errno != EEXIST)
        status = mq_fail(error, MQ_CANNOT_WRITE, path.data, 0, 0, "the folder cannot be made: %s",
                         strerror(errno));
    mq_buffer_clear(&path);
    return status;
}
