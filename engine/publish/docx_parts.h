/*
 * docx_parts: paragraphs, captions, tables and figures as WordprocessingML (ECMA-376 part 1,
 * section 17), for our own document and for places in an author's.
 */
#ifndef MQ_DOCX_PARTS_H
#define MQ_DOCX_PARTS_H

#include "publish/docx_package.h"
#include "publish/draft.h"

/* What a paragraph is for. */
enum mq_docx_role {
    MQ_DOCX_BODY,
    MQ_DOCX_CAPTION_ABOVE, /* of a table */
    MQ_DOCX_CAPTION_BELOW, /* of a figure */
    MQ_DOCX_UNIT,
    MQ_DOCX_HEAD, /* in a table */
    MQ_DOCX_CELL,
    MQ_DOCX_PICTURE,
    MQ_DOCX_NOTE,
    MQ_DOCX_ROLES
};

/* How things look where they are put. Lengths in points. */
struct mq_docx_look {
    bool chinese;
    double width, height;             /* room for a table or a figure */
    const char *style[MQ_DOCX_ROLES]; /* ids of paragraph styles, NULL: none */
    /* The styles are an author's: whatever they do not say is said paragraph by paragraph. */
    bool direct;
    const char *run;  /* direct: XML of the properties that runs take over, "" if none */
    const char *grid; /* id of an author's table style, NULL: three rules of our own */
    double tight;     /* 1; less for pages that have to hold much: lines of fixed height there */
    double letters;   /* of tables, at most, points; 0: as large as there is room for */
};

/* Of a paragraph, beyond its role. */
struct mq_docx_shape {
    enum mq_docx_role role;
    const char *align; /* "left", "center", "right"; NULL: as the role has it */
    double right;      /* indent, points */
    double size;       /* points, 0: as the role has it */
    bool keep;         /* on the page of the next paragraph */
    bool bold;
};

/* ---- docx_text.c ---- */

double mq_docx_size(enum mq_docx_role role); /* points */
/* Height of a line of that size, points. */
double mq_docx_line(double size);
/* Lines that a text takes at that size in that width. */
size_t mq_docx_lines(const char *text, double size, double width);
void mq_docx_open(struct mq_buffer *xml, const struct mq_docx_look *look,
                  const struct mq_docx_shape *shape); /* <w:p> with its properties */
void mq_docx_close(struct mq_buffer *xml);
/* A run; `shape` is that of its paragraph. */
void mq_docx_run(struct mq_buffer *xml, const struct mq_docx_look *look,
                 const struct mq_docx_shape *shape, const char *text);
void mq_docx_paragraph(struct mq_buffer *xml, const struct mq_docx_look *look,
                       const struct mq_docx_shape *shape, const char *text);
/* "表1　title" with the number as a SEQ field that keeps it; `more` is put behind. */
void mq_docx_caption(struct mq_buffer *xml, const struct mq_docx_look *look,
                     const struct mq_docx_shape *shape, const char *heading, const char *number,
                     const char *more);
/* A field of Word with the text it shows until it is updated. */
void mq_docx_field(struct mq_buffer *xml, const struct mq_docx_look *look,
                   const struct mq_docx_shape *shape, const char *code, const char *shown);
/* Notes and the source. */
void mq_docx_notes(struct mq_buffer *xml, const struct mq_docx_look *look, const char *const *note,
                   size_t notes, const char *source);

/* ---- docx_measure.c ---- */

/* How a sheet is laid out: one or several tables below each other, the first column repeated. */
struct mq_docx_plan {
    double size;   /* of the letters in the table, points */
    double *width; /* [sheet->columns] points */
    double *right; /* [sheet->columns] indent of numbers, so that they stand below their heading */
    size_t blocks, block_columns; /* columns beside the first in each */
    double scale[16];             /* of the widths of each block, so that all fill the room */
};
enum { MQ_DOCX_BLOCKS = 16 };
/* False if out of memory. */
bool mq_docx_measure(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                     struct mq_arena *arena, struct mq_docx_plan *plan);
/* Columns of a block beside the first: [*first, *end). */
void mq_docx_block(const struct mq_sheet *sheet, const struct mq_docx_plan *plan, size_t block,
                   size_t *first, size_t *end);
/* What a sheet takes on the page with caption, unit and notes, points. */
double mq_docx_sheet_height(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                            const struct mq_docx_plan *plan);

/* ---- docx_table.c ---- */

/* Caption, unit, table, notes; or, `bare`, the table alone. False if out of memory. */
bool mq_docx_sheet(struct mq_buffer *xml, const struct mq_docx_look *look,
                   const struct mq_sheets *sheets, const struct mq_sheet *sheet, bool bare);

/* ---- docx_figure.c ---- */

struct mq_docx_figure {
    const struct mq_figure *figure;
    const char *name;    /* of its parts and its relationship: letters, digits and - */
    const char *scratch; /* a folder that may be written to */
    unsigned id;         /* of the drawing, unique in the document */
    double most;         /* height, points; 0: as much as there is */
    bool bare;           /* the picture alone */
    bool drawn;          /* a picture in any case: charts do not get small */
};
/* Height of the picture as wide as there is room for, and of the caption and notes below it,
 * points. Pictures that Word does not draw are drawn for it. */
enum mq_status mq_docx_figure_height(const struct mq_figure *figure,
                                     const struct mq_docx_look *look, bool drawn, double *picture,
                                     double *below, struct mq_error *error);
/* Picture, caption and notes; the files that go with it are put in the package. Kinds that Word
 * can draw are charts, the others pictures. */
enum mq_status mq_docx_figure(struct mq_docx_package *package, struct mq_buffer *xml,
                              const struct mq_docx_look *look, const struct mq_docx_figure *it,
                              struct mq_error *error);

/* ---- docx_feedback.c ---- */

/* The body of feedback.docx: one page a unit. */
enum mq_status mq_docx_feedback(struct mq_docx_package *package, struct mq_buffer *xml,
                                const struct mq_publication *publication, const char *scratch,
                                struct mq_error *error);

/* ---- docx_styles.c ---- */

enum mq_docx_orientation { MQ_DOCX_UPRIGHT, MQ_DOCX_LYING };
/* Room on our pages, points. */
#define MQ_DOCX_BODY_LINE  23.0 /* height of a line of text */
#define MQ_DOCX_BODY_AFTER 4.0  /* a paragraph */
#define MQ_DOCX_HEADING    48.0 /* a heading with the space around it */
#define MQ_DOCX_PAGE_SHORT 595.3
#define MQ_DOCX_PAGE_LONG  841.9
#define MQ_DOCX_MARGIN     70.9
struct mq_docx_look mq_docx_own_look(bool chinese, enum mq_docx_orientation orientation);
/* styles.xml, settings.xml, footer, properties; `title` of the document. */
bool mq_docx_standard_parts(struct mq_docx_package *package,
                            const struct mq_publication *publication, const char *title);
/* word/document.xml from the body, and its relationships. */
bool mq_docx_document(struct mq_docx_package *package, struct mq_buffer *body);
/* <w:sectPr>; `margin` in points; cover: no footer on the first page, which is number 0. */
void mq_docx_section(struct mq_buffer *xml, enum mq_docx_orientation orientation, double margin,
                     bool cover);

#endif
