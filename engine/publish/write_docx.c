/* white-paper.docx: cover, contents, the story with its tables and figures; feedback.docx: a page
 * a unit. */
#include "publish/docx_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A document on its way. */
struct paper {
    const struct mq_publication *publication;
    const char *directory;
    struct mq_docx_package package;
    struct mq_buffer body;
    struct mq_docx_look look[2]; /* by orientation */
    enum mq_docx_orientation orientation;
    unsigned drawings;
    bool cover_done;
    bool fresh;  /* on a new page, with a heading at most */
    double used; /* of the page, points: lines have fixed heights */
};

static const double filled = 0.985; /* of a page: what is measured is near, not exact */

static const struct mq_docx_shape plain = {.role = MQ_DOCX_BODY};

static void styled(struct mq_buffer *xml, const char *style, const char *extra, const char *text)
{
    mq_buffer_format(xml,
                     "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr><w:r><w:t "
                     "xml:space=\"preserve\">",
                     style, extra);
    mq_docx_escape(xml, text);
    mq_buffer_text(xml, "</w:t></w:r></w:p>");
}

/* Ends the pages so far; a paragraph as low as can be carries it. */
static void end_section(struct paper *paper)
{
    mq_buffer_text(&paper->body, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" "
                                 "w:line=\"20\" w:lineRule=\"exact\"/>");
    mq_docx_section(&paper->body, paper->orientation, MQ_DOCX_MARGIN, !paper->cover_done);
    mq_buffer_text(&paper->body, "</w:pPr></w:p>");
    paper->cover_done = paper->fresh = true;
    paper->used = 0;
}

static void turn(struct paper *paper, enum mq_docx_orientation orientation)
{
    if (paper->orientation != orientation)
        end_section(paper);
    paper->orientation = orientation;
}

/* ---- cover and contents ---- */

static size_t sections_of(const struct mq_publication *publication)
{
    return publication->story ? publication->story->count : 0;
}

static void cover(struct paper *paper)
{
    const struct mq_publication *it = paper->publication;
    styled(&paper->body, "Title", "", it->title ? it->title : "");
    if (it->period && it->period[0])
        styled(&paper->body, "Subtitle", "", it->period);
    if (it->edition && it->edition[0]) {
        char text[256];
        snprintf(text, sizeof text, it->chinese ? "指标体系%s版" : "Indicator system: %s edition",
                 it->edition);
        styled(&paper->body, "Subtitle", "", text);
    }
}

/* Entries lead to the headings. Which page they are on, only a word processor knows: it adds the
 * numbers when it updates the field. */
static void contents(struct paper *paper)
{
    const struct mq_publication *it = paper->publication;
    size_t count = sections_of(it);
    if (count == 0)
        return;
    styled(&paper->body, "TOCHeading", "<w:pageBreakBefore/>", it->chinese ? "目　录" : "Contents");
    for (size_t i = 0; i < count; i++) {
        mq_buffer_text(&paper->body, "<w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr>");
        if (i == 0)
            mq_buffer_text(&paper->body,
                           "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>"
                           "<w:instrText xml:space=\"preserve\"> TOC \\o \"1-2\" \\h \\z \\u "
                           "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/>"
                           "</w:r>");
        mq_buffer_format(&paper->body,
                         "<w:hyperlink w:anchor=\"_Toc%06zu\" w:history=\"1\"><w:r><w:t "
                         "xml:space=\"preserve\">",
                         i + 1);
        mq_docx_escape(&paper->body, it->story->section[i].title);
        mq_buffer_text(&paper->body, "</w:t></w:r></w:hyperlink>");
        if (i + 1 == count)
            mq_buffer_text(&paper->body, "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
        mq_buffer_text(&paper->body, "</w:p>");
    }
}

static void heading(struct paper *paper, size_t number, const char *title)
{
    mq_buffer_format(&paper->body,
                     "<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:bookmarkStart "
                     "w:id=\"%zu\" w:name=\"_Toc%06zu\"/><w:r><w:t xml:space=\"preserve\">",
                     number, number);
    mq_docx_escape(&paper->body, title);
    mq_buffer_format(&paper->body, "</w:t></w:r><w:bookmarkEnd w:id=\"%zu\"/></w:p>", number);
}

static double left(const struct paper *paper)
{
    return paper->look[paper->orientation].height * filled - paper->used;
}

/* What does not fit goes on on the next page, or, kept whole, as a whole. */
static void took(struct paper *paper, double height, bool whole)
{
    double page = paper->look[paper->orientation].height;
    if (whole && height > left(paper))
        paper->used = 0;
    for (paper->used += height; paper->used > page;)
        paper->used -= page;
}

/* ---- tables and figures ---- */

/* How a sheet is put on paper. */
struct setting {
    enum mq_docx_orientation orientation;
    double letters, height;
    bool long_one; /* may be cut where there is room for a good part of it */
};

/* A table that a page nearly holds gets smaller letters rather than a page more. `above` it stands
 * a heading, perhaps. */
static bool shrink(const struct paper *paper, const struct mq_sheet *sheet, double above,
                   struct mq_arena *arena, struct setting *setting)
{
    static const double sizes[] = {0, 9, 8, 7.5};
    struct mq_docx_look look = paper->look[setting->orientation];
    struct mq_docx_plan plan;
    double room = look.height * filled - above;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        look.letters = sizes[i];
        if (!mq_docx_measure(sheet, &look, arena, &plan))
            return false;
        double height = mq_docx_sheet_height(sheet, &look, &plan);
        if (i == 0 || height <= room) {
            setting->letters = sizes[i];
            setting->height = height;
        }
        if (height <= room || setting->height > 1.5 * room)
            return true;
    }
    return true;
}

/* A table with many columns lies on its side, if that lets its letters be larger or saves cutting
 * it. MQ_INTERNAL. */
static enum mq_status set_sheet(const struct paper *paper, const struct mq_sheet *sheet,
                                double above, struct setting *setting, struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_docx_plan plan[2];
    const struct mq_docx_look *look = paper->look;
    bool made = mq_docx_measure(sheet, &look[MQ_DOCX_UPRIGHT], &arena, &plan[MQ_DOCX_UPRIGHT]) &&
                mq_docx_measure(sheet, &look[MQ_DOCX_LYING], &arena, &plan[MQ_DOCX_LYING]);
    *setting = (struct setting){.orientation = MQ_DOCX_UPRIGHT};
    if (made) {
        const struct mq_docx_plan *upright = &plan[MQ_DOCX_UPRIGHT];
        bool lies = upright->blocks > 1 || upright->size < 9 || sheet->columns > 12;
        setting->orientation = lies ? MQ_DOCX_LYING : MQ_DOCX_UPRIGHT;
        made = shrink(paper, sheet, above, &arena, setting);
        double page = look[setting->orientation].height;
        setting->long_one =
            setting->height > page * filled || (sheet->rows >= 20 && setting->height > 0.6 * page);
    }
    mq_arena_clear(&arena);
    return made ? MQ_OK : mq_fail_memory(error);
}

static void new_page(struct paper *paper)
{
    if (!paper->fresh)
        mq_buffer_text(&paper->body, "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" "
                                     "w:line=\"20\" w:lineRule=\"exact\"/></w:pPr><w:r><w:br "
                                     "w:type=\"page\"/></w:r></w:p>");
    paper->fresh = true;
    paper->used = 0;
}

/* Room that a table wants where it begins: all it needs, unless it is long. */
static double wanted(const struct paper *paper, const struct setting *setting)
{
    double part = 0.38 * paper->look[setting->orientation].height;
    return setting->long_one ? fmin(part, setting->height) : setting->height;
}

static bool fits_here(const struct paper *paper, const struct setting *setting)
{
    return paper->orientation == setting->orientation && wanted(paper, setting) <= left(paper);
}

static enum mq_status add_sheet(struct paper *paper, const struct mq_sheet *sheet,
                                const struct setting *setting, struct mq_error *error)
{
    turn(paper, setting->orientation);
    if (!paper->fresh && !fits_here(paper, setting))
        new_page(paper);
    struct mq_docx_look look = paper->look[setting->orientation];
    look.letters = setting->letters;
    if (setting->height > left(paper))
        look.height = 0; /* no page holds it whole */
    took(paper, setting->height, false);
    paper->fresh = false;
    return mq_docx_sheet(&paper->body, &look, paper->publication->sheets, sheet, false)
               ? MQ_OK
               : mq_fail_memory(error);
}

static enum mq_status add_figure(struct paper *paper, const struct mq_figure *figure, double most,
                                 struct mq_error *error)
{
    char name[32];
    paper->drawings++;
    paper->fresh = false;
    snprintf(name, sizeof name, "figure%u", paper->drawings);
    struct mq_docx_figure it = {.figure = figure,
                                .name = name,
                                .scratch = paper->directory,
                                .id = paper->drawings,
                                .most = most};
    return mq_docx_figure(&paper->package, &paper->body, &paper->look[MQ_DOCX_UPRIGHT], &it, error);
}

/* ---- a section ---- */

/* What is still to be put on paper, figures and tables each in their order. */
struct rest {
    const struct mq_story_section *section;
    size_t figure, sheet;
};

/* How much smaller a figure may get so that a page holds it. */
static double least_scale(const struct mq_figure *figure)
{
    return figure->rows > 16 ? 0.78 : 0.66;
}

/* Of the next figure, points. */
struct spot {
    double picture, below; /* height of the picture, 0 if there is no room; of what is below it */
};

/* The next figure on what is left of the page; smaller, if then the figure after it fits too, or
 * else the table of height `sheet` (0: none). */
static enum mq_status try_figure(const struct paper *paper, const struct rest *rest, double sheet,
                                 struct spot *spot, struct mq_error *error)
{
    const struct mq_story_section *section = rest->section;
    double tall[2] = {0, 0}, under[2] = {0, 0}, least[2] = {0, 0};
    for (size_t i = 0; i < 2 && rest->figure + i < section->figures; i++) {
        const struct mq_figure *figure = section->figure[rest->figure + i];
        MQ_TRY(mq_docx_figure_height(figure, &paper->look[MQ_DOCX_UPRIGHT], false, &tall[i],
                                     &under[i], error));
        least[i] = least_scale(figure);
    }
    double room = left(paper), alone = (room - under[0]) / tall[0];
    double both = (room - under[0] - under[1]) / (tall[0] + tall[1]);
    double table = (room - under[0] - sheet) / tall[0];
    *spot = (struct spot){0, under[0]};
    if (paper->orientation != MQ_DOCX_UPRIGHT)
        return MQ_OK;
    if (tall[1] > 0 && both >= fmax(least[0], least[1]))
        spot->picture = tall[0] * fmin(1, both);
    else if (sheet > 0 && table >= least[0])
        spot->picture = tall[0] * fmin(1, table);
    else if (alone >= least[0] || paper->fresh)
        spot->picture = tall[0] * fmin(1, alone);
    return MQ_OK;
}

/* One more figure or table: the next figure if there is room for it, else a table that there is
 * room for, else the next figure on a page of its own. */
static enum mq_status add_next(struct paper *paper, struct rest *rest, struct mq_error *error)
{
    const struct mq_story_section *section = rest->section;
    const struct mq_sheet *sheet =
        rest->sheet < section->sheets ? section->sheet[rest->sheet] : NULL;
    struct setting setting = {.orientation = MQ_DOCX_UPRIGHT};
    bool figures = rest->figure < section->figures;
    struct spot spot = {0, 0};
    if (sheet && sheet->columns == 0) {
        rest->sheet++;
        return MQ_OK;
    }
    if (sheet)
        MQ_TRY(set_sheet(paper, sheet, paper->fresh ? paper->used : 0, &setting, error));
    double after = setting.orientation == MQ_DOCX_UPRIGHT ? setting.height : 0;
    if (figures)
        MQ_TRY(try_figure(paper, rest, after, &spot, error));
    if (sheet && spot.picture <= 0 && (!figures || fits_here(paper, &setting))) {
        rest->sheet++;
        return add_sheet(paper, sheet, &setting, error);
    }
    if (!figures)
        return MQ_OK;
    if (spot.picture <= 0) {
        turn(paper, MQ_DOCX_UPRIGHT);
        new_page(paper);
        MQ_TRY(try_figure(paper, rest, after, &spot, error));
    }
    took(paper, spot.picture + spot.below, true);
    return add_figure(paper, section->figure[rest->figure++], spot.picture, error);
}

/* The heading stands on the page of what comes first. */
static enum mq_status begin(struct paper *paper, const struct mq_story_section *section,
                            size_t number, struct mq_error *error)
{
    struct setting setting = {.orientation = MQ_DOCX_UPRIGHT};
    double first = 3 * MQ_DOCX_BODY_LINE;
    if (section->paragraphs == 0 && section->figures == 0 && section->sheets > 0 &&
        section->sheet[0]->columns > 0) {
        MQ_TRY(set_sheet(paper, section->sheet[0], MQ_DOCX_HEADING, &setting, error));
        first = wanted(paper, &setting);
    }
    turn(paper, setting.orientation);
    if (left(paper) < MQ_DOCX_HEADING + first)
        new_page(paper);
    took(paper, MQ_DOCX_HEADING, false);
    heading(paper, number, section->title);
    return MQ_OK;
}

static enum mq_status add_section(struct paper *paper, const struct mq_story_section *section,
                                  size_t number, struct mq_error *error)
{
    struct rest rest = {.section = section};
    const struct mq_docx_look *look = &paper->look[MQ_DOCX_UPRIGHT];
    MQ_TRY(begin(paper, section, number, error));
    for (size_t i = 0; i < section->paragraphs; i++) {
        mq_docx_paragraph(&paper->body, look, &plain, section->paragraph[i]);
        size_t lines = mq_docx_lines(section->paragraph[i], 12, look->width - 12);
        took(paper, (double)lines * MQ_DOCX_BODY_LINE + MQ_DOCX_BODY_AFTER, false);
        paper->fresh = false;
    }
    while (rest.figure < section->figures || rest.sheet < section->sheets)
        MQ_TRY(add_next(paper, &rest, error));
    return MQ_OK;
}

/* ---- the white paper ---- */

static enum mq_status fill_paper(struct paper *paper, struct mq_error *error)
{
    const struct mq_publication *it = paper->publication;
    const char *title = it->title && it->title[0] ? it->title : it->sheets->title;
    if (!mq_docx_standard_parts(&paper->package, it, title ? title : ""))
        return mq_fail_memory(error);
    cover(paper);
    contents(paper);
    end_section(paper);
    for (size_t i = 0; i < sections_of(it); i++)
        MQ_TRY(add_section(paper, &it->story->section[i], i + 1, error));
    for (size_t i = 0; sections_of(it) == 0 && i < it->sheets->count; i++) {
        const struct mq_sheet *sheet = &it->sheets->sheet[i];
        struct rest rest = {.section = &(struct mq_story_section){.sheet = &sheet, .sheets = 1}};
        MQ_TRY(add_next(paper, &rest, error));
    }
    mq_docx_section(&paper->body, paper->orientation, MQ_DOCX_MARGIN, false);
    return MQ_OK;
}

/* ---- feedback ---- */

static enum mq_status fill_feedback(struct paper *paper, struct mq_error *error)
{
    const struct mq_publication *it = paper->publication;
    if (!mq_docx_standard_parts(&paper->package, it, it->title ? it->title : ""))
        return mq_fail_memory(error);
    return mq_docx_feedback(&paper->package, &paper->body, it, paper->directory, error);
}

/* ---- files ---- */

static enum mq_status write_paper(const struct mq_publication *publication, const char *directory,
                                  const char *name,
                                  enum mq_status (*fill)(struct paper *, struct mq_error *),
                                  struct mq_error *error)
{
    struct paper paper = {.publication = publication, .directory = directory};
    for (int i = 0; i < 2; i++)
        paper.look[i] = mq_docx_own_look(publication->chinese, (enum mq_docx_orientation)i);
    struct mq_buffer path = MQ_BUFFER_EMPTY;
    mq_buffer_format(&path, "%s/%s", directory, name);
    enum mq_status status = path.failed ? mq_fail_memory(error) : fill(&paper, error);
    if (status == MQ_OK && !mq_docx_document(&paper.package, &paper.body))
        status = mq_fail_memory(error);
    if (status == MQ_OK)
        status = mq_docx_save(&paper.package, path.data, error);
    mq_docx_package_clear(&paper.package);
    mq_buffer_clear(&paper.body);
    mq_buffer_clear(&path);
    return status;
}

enum mq_status mq_write_docx(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error)
{
    MQ_TRY(write_paper(publication, directory, "white-paper.docx", fill_paper, error));
    if (!publication->profiles || publication->profiles->count == 0)
        return MQ_OK;
    return write_paper(publication, directory, "feedback.docx", fill_feedback, error);
}
