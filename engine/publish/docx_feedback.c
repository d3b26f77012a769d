/* docx_feedback: feedback.docx, everything about a unit on one page. */
#include "publish/docx_parts.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double margin = 51;   /* 1.8 cm */
static const double gutter = 14;   /* between tables that stand side by side */
static const double filled = 0.92; /* of the page: word processors differ in what they need */
static const double heading = 34;

/* How the page of a unit is laid out. */
struct leaf {
    const struct mq_profile *profile;
    struct mq_docx_look look;    /* of the page */
    struct mq_docx_look side[2]; /* of its left and right part */
    bool beside;                 /* tables stand side by side */
    uint64_t right;              /* bit i: table i stands at the right */
    double height;               /* of all but the picture */
    double picture;              /* height */
};

/* Sentences stay readable when tables get tight. */
static double sentence_size(const struct leaf *leaf)
{
    return fmax(9, 10.5 * leaf->look.tight);
}

static double line_height(const struct leaf *leaf)
{
    return 1.2 * mq_docx_line(sentence_size(leaf));
}

static double sentences(const struct leaf *leaf)
{
    double height = heading;
    for (size_t i = 0; i < leaf->profile->lines; i++) /* the first of them is indented */
        height +=
            line_height(leaf) * (double)mq_docx_lines(leaf->profile->line[i], sentence_size(leaf),
                                                      leaf->look.width - 20);
    return height;
}

static bool sheet_height(const struct mq_sheet *sheet, const struct mq_docx_look *look,
                         double *height)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_docx_plan plan;
    bool made = sheet->columns == 0 || mq_docx_measure(sheet, look, &arena, &plan);
    *height = made && sheet->columns > 0 ? mq_docx_sheet_height(sheet, look, &plan) + 3 : 0;
    mq_arena_clear(&arena);
    return made;
}

/* Each table goes where there is less so far. */
static bool measure(struct leaf *leaf)
{
    const struct mq_profile *profile = leaf->profile;
    double height[2] = {0, 0}, own = 0;
    leaf->right = 0;
    for (size_t i = 0; i < profile->sheets; i++) {
        size_t side = leaf->beside && i < 64 && height[1] < height[0];
        leaf->right |= (uint64_t)side << (i % 64);
        if (!sheet_height(&profile->sheet[i], leaf->beside ? &leaf->side[side] : &leaf->look, &own))
            return false;
        height[side] += own;
    }
    leaf->height = sentences(leaf) + fmax(height[0], height[1]);
    return true;
}

static void set_tight(struct leaf *leaf, double tight)
{
    leaf->look.tight = tight;
    for (int i = 0; i < 2; i++) {
        leaf->side[i] = leaf->look;
        leaf->side[i].width = (leaf->look.width - gutter) * 0.5;
    }
}

/* Letters as large as leave the picture a decent size; tables below each other, if there is room.
 */
static enum mq_status lay_out(struct leaf *leaf, struct mq_error *error)
{
    static const double steps[] = {0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6};
    const struct mq_figure *figure = leaf->profile->figure;
    double room = leaf->look.height * filled, tall = 0, below = 0;
    for (size_t i = 0; i < 2 * (sizeof steps / sizeof *steps); i++) {
        set_tight(leaf, steps[i / 2]);
        leaf->beside = i % 2 && leaf->profile->sheets > 1;
        if (!measure(leaf))
            return mq_fail_memory(error);
        if (figure)
            MQ_TRY(mq_docx_figure_height(figure, &leaf->look, true, &tall, &below, error));
        leaf->height += below;
        if (leaf->height + tall * 0.75 <= room)
            break;
    }
    leaf->picture = fmin(tall, fmax(room - leaf->height, tall * 0.4));
    return MQ_OK;
}

/* ---- the page ---- */

static void title(struct mq_buffer *xml, const char *text, bool first)
{
    mq_buffer_format(xml,
                     "<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/>%s<w:spacing w:before=\"0\" "
                     "w:after=\"120\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:t "
                     "xml:space=\"preserve\">",
                     first ? "" : "<w:pageBreakBefore/>");
    mq_docx_escape(xml, text);
    mq_buffer_text(xml, "</w:t></w:r></w:p>");
}

static bool tables(struct mq_buffer *xml, const struct leaf *leaf, const struct mq_sheets *sheets,
                   int side)
{
    const struct mq_profile *profile = leaf->profile;
    const struct mq_docx_look *look = leaf->beside ? &leaf->side[side] : &leaf->look;
    for (size_t i = 0; i < profile->sheets; i++)
        if (profile->sheet[i].columns > 0 && (leaf->right >> (i % 64) & 1) == (uint64_t)side &&
            !mq_docx_sheet(xml, look, sheets, &profile->sheet[i], false))
            return false;
    return true;
}

/* Word wants a paragraph at the end of a cell; every table of ours is followed by one. */
static bool tables_beside(struct mq_buffer *xml, const struct leaf *leaf,
                          const struct mq_sheets *sheets)
{
    long wide[2] = {lround(20 * (leaf->side[0].width + gutter)), lround(20 * leaf->side[1].width)};
    mq_buffer_format(xml,
                     "<w:tbl><w:tblPr><w:tblW w:w=\"%ld\" w:type=\"dxa\"/>"
                     "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" "
                     "w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar>"
                     "</w:tblPr><w:tblGrid><w:gridCol w:w=\"%ld\"/><w:gridCol w:w=\"%ld\"/>"
                     "</w:tblGrid><w:tr>",
                     wide[0] + wide[1], wide[0], wide[1]);
    bool made = true;
    for (int side = 0; side < 2 && made; side++) {
        mq_buffer_format(xml,
                         "<w:tc><w:tcPr><w:tcW w:w=\"%ld\" w:type=\"dxa\"/><w:tcMar><w:right "
                         "w:w=\"%ld\" w:type=\"dxa\"/></w:tcMar></w:tcPr>",
                         wide[side], side ? 0L : lround(20 * gutter));
        made = tables(xml, leaf, sheets, side);
        if (made && side == 1 && leaf->right == 0)
            mq_buffer_text(xml, "<w:p/>");
        mq_buffer_text(xml, "</w:tc>");
    }
    mq_buffer_text(xml, "</w:tr></w:tbl>");
    return made;
}

static enum mq_status add_leaf(struct mq_docx_package *package, struct mq_buffer *xml,
                               const struct leaf *leaf, const struct mq_sheets *sheets,
                               struct mq_docx_figure *it, struct mq_error *error)
{
    const struct mq_profile *profile = leaf->profile;
    struct mq_docx_shape shape = {.role = MQ_DOCX_BODY, .size = sentence_size(leaf)};
    title(xml, profile->title, it->id == 1);
    for (size_t i = 0; i < profile->lines; i++)
        mq_docx_paragraph(xml, &leaf->look, &shape, profile->line[i]);
    if (!(leaf->beside ? tables_beside(xml, leaf, sheets) : tables(xml, leaf, sheets, 0)))
        return mq_fail_memory(error);
    if (!profile->figure)
        return MQ_OK;
    char name[32];
    snprintf(name, sizeof name, "figure%u", it->id);
    it->name = name;
    it->most = leaf->picture;
    enum mq_status status = mq_docx_figure(package, xml, &leaf->look, it, error);
    it->name = "";
    return status;
}

enum mq_status mq_docx_feedback(struct mq_docx_package *package, struct mq_buffer *xml,
                                const struct mq_publication *publication, const char *scratch,
                                struct mq_error *error)
{
    const struct mq_profiles *profiles = publication->profiles;
    for (size_t i = 0; i < profiles->count; i++) {
        struct leaf leaf = {.profile = &profiles->profile[i],
                            .look = mq_docx_own_look(publication->chinese, MQ_DOCX_UPRIGHT)};
        leaf.look.width = MQ_DOCX_PAGE_SHORT - 2 * margin;
        leaf.look.height = MQ_DOCX_PAGE_LONG - 2 * margin;
        struct mq_docx_figure it = {.figure = leaf.profile->figure,
                                    .scratch = scratch,
                                    .id = (unsigned)i + 1,
                                    .drawn = true};
        MQ_TRY(lay_out(&leaf, error));
        MQ_TRY(add_leaf(package, xml, &leaf, profiles->sheets, &it, error));
    }
    mq_docx_section(xml, MQ_DOCX_UPRIGHT, margin, false);
    return MQ_OK;
}
