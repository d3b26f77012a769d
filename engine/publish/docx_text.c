/* docx_text: paragraphs, runs, fields. */
#include "publish/docx_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the styles of our own document say, for documents that do not have them. */
struct manner {
    double size;
    const char *align;
    int before, after; /* twentieths of a point */
    bool keep;
};
static const struct manner manners[MQ_DOCX_ROLES] = {
    [MQ_DOCX_BODY] = {12, "both", 0, 0, false},
    [MQ_DOCX_CAPTION_ABOVE] = {10.5, "center", 120, 40, true},
    [MQ_DOCX_CAPTION_BELOW] = {10.5, "center", 60, 60, false},
    [MQ_DOCX_UNIT] = {9, "right", 0, 20, true},
    [MQ_DOCX_HEAD] = {10.5, "center", 20, 20, true},
    [MQ_DOCX_CELL] = {10.5, "left", 20, 20, false},
    [MQ_DOCX_PICTURE] = {10.5, "center", 60, 0, true},
    [MQ_DOCX_NOTE] = {9, "left", 20, 0, false},
};

double mq_docx_size(enum mq_docx_role role)
{
    return manners[role].size;
}

double mq_docx_line(double size)
{
    return size * 1.3; /* of the usual fonts with Chinese characters */
}

size_t mq_docx_lines(const char *text, double size, double width)
{
    double need = mq_text_width(text) * size / 2;
    return need <= width || width <= 0 ? 1 : (size_t)ceil(need / (width - size));
}

/* ---- paragraphs ---- */

static void say_directly(struct mq_buffer *xml, const struct manner *manner, const char *align,
                         double right)
{
    mq_buffer_format(xml,
                     "<w:snapToGrid w:val=\"0\"/>"
                     "<w:spacing w:before=\"%d\" w:beforeAutospacing=\"0\" w:after=\"%d\" "
                     "w:afterAutospacing=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>"
                     "<w:ind w:leftChars=\"0\" w:left=\"0\" w:rightChars=\"0\" w:right=\"%d\" "
                     "w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"%s\"/>",
                     manner->before, manner->after, (int)lround(right * 20), align);
}

/* Lines of a height of our own choice: fonts and programs differ in theirs, and the same must fit
 * on a page everywhere. */
static void say_height(struct mq_buffer *xml, const struct mq_docx_look *look,
                       const struct mq_docx_shape *shape)
{
    const struct manner *manner = &manners[shape->role];
    bool tight = look->tight < 1;
    bool cell = shape->role == MQ_DOCX_CELL || shape->role == MQ_DOCX_HEAD;
    if (!tight && (shape->role == MQ_DOCX_BODY || shape->role == MQ_DOCX_PICTURE))
        return;
    mq_buffer_text(xml, "<w:spacing");
    if (tight)
        mq_buffer_format(xml, " w:before=\"%d\" w:after=\"%d\"",
                         cell ? 0 : (int)(manner->before * look->tight / 2),
                         cell ? 0 : (int)(manner->after * look->tight / 2));
    double line = mq_docx_line(shape->size > 0 ? shape->size : manner->size);
    if (shape->role == MQ_DOCX_PICTURE)
        mq_buffer_text(xml, " w:line=\"240\" w:lineRule=\"auto\"/>");
    else
        mq_buffer_format(xml, " w:line=\"%d\" w:lineRule=\"exact\"/>",
                         (int)lround(20 * line * (shape->role == MQ_DOCX_BODY ? 1.2 : 1)));
}

static void run_properties(struct mq_buffer *xml, const struct mq_docx_look *look,
                           const struct mq_docx_shape *shape)
{
    double size = shape->size > 0 ? shape->size : look->direct ? mq_docx_size(shape->role) : 0;
    if (size <= 0 && !shape->bold && !(look->direct && look->run[0]))
        return;
    mq_buffer_text(xml, "<w:rPr>");
    if (look->direct)
        mq_buffer_text(xml, look->run);
    if (shape->bold)
        mq_buffer_text(xml, "<w:b/>");
    if (size > 0)
        mq_buffer_format(xml, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", (int)lround(size * 2),
                         (int)lround(size * 2));
    mq_buffer_text(xml, "</w:rPr>");
}

void mq_docx_open(struct mq_buffer *xml, const struct mq_docx_look *look,
                  const struct mq_docx_shape *shape)
{
    const struct manner *manner = &manners[shape->role];
    const char *align = shape->align ? shape->align : manner->align;
    mq_buffer_text(xml, "<w:p><w:pPr>");
    if (look->style[shape->role]) {
        mq_buffer_text(xml, "<w:pStyle w:val=\"");
        mq_docx_escape(xml, look->style[shape->role]);
        mq_buffer_text(xml, "\"/>");
    }
    if (look->direct)
        mq_buffer_format(xml, "<w:keepNext w:val=\"%d\"/><w:keepLines/>",
                         shape->keep || manner->keep);
    else if (shape->keep)
        mq_buffer_text(xml, "<w:keepNext/>");
    if (look->direct) {
        mq_buffer_text(xml, "<w:pageBreakBefore w:val=\"0\"/>");
        say_directly(xml, manner, align, shape->right);
    } else {
        say_height(xml, look, shape);
        if (shape->right > 0)
            mq_buffer_format(xml, "<w:ind w:right=\"%d\"/>", (int)lround(shape->right * 20));
        if (shape->align)
            mq_buffer_format(xml, "<w:jc w:val=\"%s\"/>", align);
    }
    run_properties(xml, look, shape); /* of the mark at its end, which has a height too */
    mq_buffer_text(xml, "</w:pPr>");
}

void mq_docx_close(struct mq_buffer *xml)
{
    mq_buffer_text(xml, "</w:p>");
}

void mq_docx_paragraph(struct mq_buffer *xml, const struct mq_docx_look *look,
                       const struct mq_docx_shape *shape, const char *text)
{
    mq_docx_open(xml, look, shape);
    if (text[0])
        mq_docx_run(xml, look, shape, text);
    mq_docx_close(xml);
}

/* ---- runs ---- */

void mq_docx_run(struct mq_buffer *xml, const struct mq_docx_look *look,
                 const struct mq_docx_shape *shape, const char *text)
{
    mq_buffer_text(xml, "<w:r>");
    run_properties(xml, look, shape);
    for (const char *line = text;;) {
        size_t n = strcspn(line, "\n");
        char *copy = strndup(line, n);
        if (!copy) {
            xml->failed = true;
            return;
        }
        mq_buffer_text(xml, "<w:t xml:space=\"preserve\">");
        mq_docx_escape(xml, copy);
        mq_buffer_text(xml, "</w:t>");
        free(copy);
        if (!line[n])
            break;
        mq_buffer_text(xml, "<w:br/>");
        line += n + 1;
    }
    mq_buffer_text(xml, "</w:r>");
}

static void field_mark(struct mq_buffer *xml, const struct mq_docx_look *look,
                       const struct mq_docx_shape *shape, const char *kind)
{
    mq_buffer_text(xml, "<w:r>");
    run_properties(xml, look, shape);
    mq_buffer_format(xml, "<w:fldChar w:fldCharType=\"%s\"/></w:r>", kind);
}

void mq_docx_field(struct mq_buffer *xml, const struct mq_docx_look *look,
                   const struct mq_docx_shape *shape, const char *code, const char *shown)
{
    field_mark(xml, look, shape, "begin");
    mq_buffer_text(xml, "<w:r>");
    run_properties(xml, look, shape);
    mq_buffer_text(xml, "<w:instrText xml:space=\"preserve\"> ");
    mq_docx_escape(xml, code);
    mq_buffer_text(xml, " </w:instrText></w:r>");
    field_mark(xml, look, shape, "separate");
    mq_docx_run(xml, look, shape, shown);
    field_mark(xml, look, shape, "end");
}

/* ---- captions and notes ---- */

/* "表3-12" is "表3-" and the number 12, which Word counts under the name "表3-". */
static void number_field(struct mq_buffer *xml, const struct mq_docx_look *look,
                         const struct mq_docx_shape *shape, const char *number)
{
    size_t end = strlen(number), first = end;
    while (first > 0 && number[first - 1] >= '0' && number[first - 1] <= '9')
        first--;
    size_t name = strcspn(number, " ");
    if (name > first)
        name = first;
    if (first == end || end - first > 6 || name == 0) {
        mq_docx_run(xml, look, shape, number);
        return;
    }
    struct mq_buffer label = MQ_BUFFER_EMPTY, code = MQ_BUFFER_EMPTY;
    mq_buffer_add(&label, number, first);
    /* \r: the number that the text speaks of, wherever the table stands */
    mq_buffer_format(&code, "SEQ %.*s \\* ARABIC \\r %s", (int)name, number, number + first);
    xml->failed |= label.failed || code.failed;
    if (!xml->failed) {
        mq_docx_run(xml, look, shape, label.data);
        mq_docx_field(xml, look, shape, code.data, number + first);
    }
    mq_buffer_clear(&label);
    mq_buffer_clear(&code);
}

void mq_docx_caption(struct mq_buffer *xml, const struct mq_docx_look *look,
                     const struct mq_docx_shape *shape, const char *heading, const char *number,
                     const char *more)
{
    struct mq_buffer rest = MQ_BUFFER_EMPTY;
    size_t n = strlen(number);
    bool starts = n > 0 && strncmp(heading, number, n) == 0;
    mq_buffer_format(&rest, "%s%s", heading + (starts ? n : 0), more);
    if (rest.failed) {
        xml->failed = true;
        return;
    }
    mq_docx_open(xml, look, shape);
    if (starts)
        number_field(xml, look, shape, number);
    mq_docx_run(xml, look, shape, rest.data);
    mq_docx_close(xml);
    mq_buffer_clear(&rest);
}

void mq_docx_notes(struct mq_buffer *xml, const struct mq_docx_look *look, const char *const *note,
                   size_t notes, const char *source)
{
    double size = look->tight < 1 ? mq_docx_size(MQ_DOCX_NOTE) * look->tight : 0;
    struct mq_docx_shape shape = {.role = MQ_DOCX_NOTE, .size = size};
    for (size_t i = 0; i < notes; i++) {
        shape.keep = i + 1 < notes || source[0];
        mq_docx_paragraph(xml, look, &shape, note[i]);
    }
    shape.keep = false;
    if (source[0])
        mq_docx_paragraph(xml, look, &shape, source);
}
