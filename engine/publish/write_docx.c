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
    bool fresh; /* on a new page, with a heading at most */
};

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

/* ---- tables and figures ---- */

/* How a sheet is put on paper. */
struct setting {
    enum mq_docx_orientation orientation;
    bool tall; /* takes most of a page: starts on a new one, as in yearbooks */
    double letters;
};

/* A table that a page nearly holds gets smaller letters rather than a page more. */
static bool shrink(const struct paper *paper, const struct mq_sheet *sheet, struct mq_arena *arena,
                   struct setting *setting)
{
    static const double sizes[] = {0, 9, 8, 7.5};
    struct mq_docx_look look = paper->look[setting->orientation];
    struct mq_docx_plan plan;
    double room = look.height - 40, first = 0; /* a heading may stand above it */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        look.letters = sizes[i];
        if (!mq_docx_measure(sheet, &look, arena, &plan))
            return false;
        double height = mq_docx_sheet_height(sheet, &look, &plan);
        if (i == 0)
            first = height;
        setting->tall = first > 0.6 * look.height;
        if (height <= room) {
            setting->letters = sizes[i];
            return true;
        }
        if (first > 1.4 * room)
            return true;
    }
    return true;
}

/* A table with many columns lies on its side, if that lets its letters be larger or saves cutting
 * it. MQ_INTERNAL. */
static enum mq_status set_sheet(const struct paper *paper, const struct mq_sheet *sheet,
                                struct setting *setting, struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_docx_plan plan[2];
    const struct mq_docx_look *look = paper->look;
    bool made = mq_docx_measure(sheet, &look[MQ_DOCX_UPRIGHT], &arena, &plan[MQ_DOCX_UPRIGHT]) &&
                mq_docx_measure(sheet, &look[MQ_DOCX_LYING], &arena, &plan[MQ_DOCX_LYING]);
    *setting = (struct setting){MQ_DOCX_UPRIGHT, false, 0};
    if (made) {
        const struct mq_docx_plan *upright = &plan[MQ_DOCX_UPRIGHT];
        bool lies = upright->blocks > 1 || upright->size < 9 || sheet->columns > 12;
        setting->orientation = lies ? MQ_DOCX_LYING : MQ_DOCX_UPRIGHT;
        made = shrink(paper, sheet, &arena, setting);
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
}

static enum mq_status add_sheet(struct paper *paper, const struct mq_sheet *sheet,
                                struct mq_error *error)
{
    struct setting setting;
    if (sheet->columns == 0)
        return MQ_OK;
    MQ_TRY(set_sheet(paper, sheet, &setting, error));
    turn(paper, setting.orientation);
    if (setting.tall)
        new_page(paper);
    paper->fresh = false;
    struct mq_docx_look look = paper->look[setting.orientation];
    look.letters = setting.letters;
    return mq_docx_sheet(&paper->body, &look, paper->publication->sheets, sheet, false)
               ? MQ_OK
               : mq_fail_memory(error);
}

static enum mq_status add_figure(struct paper *paper, const struct mq_docx_look *look,
                                 const struct mq_figure *figure, double most,
                                 struct mq_error *error)
{
    char name[32];
    paper->drawings++;
    snprintf(name, sizeof name, "figure%u", paper->drawings);
    struct mq_docx_figure it = {.figure = figure,
                                .name = name,
                                .scratch = paper->directory,
                                .id = paper->drawings,
                                .most = most,
                                .drawn = most > 0};
    return mq_docx_figure(&paper->package, &paper->body, look, &it, error);
}

/* The heading stands on the page of what comes first. */
static enum mq_status begin(struct paper *paper, const struct mq_story_section *section,
                            size_t number, struct mq_error *error)
{
    struct setting setting = {MQ_DOCX_UPRIGHT, false, 0};
    if (section->paragraphs == 0 && section->figures == 0 && section->sheets > 0 &&
        section->sheet[0]->columns > 0)
        MQ_TRY(set_sheet(paper, section->sheet[0], &setting, error));
    turn(paper, setting.orientation);
    if (setting.tall)
        new_page(paper);
    heading(paper, number, section->title);
    return MQ_OK;
}

static enum mq_status add_section(struct paper *paper, const struct mq_story_section *section,
                                  size_t number, struct mq_error *error)
{
    MQ_TRY(begin(paper, section, number, error));
    for (size_t i = 0; i < section->paragraphs; i++)
        mq_docx_paragraph(&paper->body, &paper->look[MQ_DOCX_UPRIGHT], &plain,
                          section->paragraph[i]);
    paper->fresh &= section->paragraphs == 0 && section->figures == 0;
    if (section->figures > 0)
        turn(paper, MQ_DOCX_UPRIGHT);
    for (size_t i = 0; i < section->figures; i++)
        MQ_TRY(add_figure(paper, &paper->look[MQ_DOCX_UPRIGHT], section->figure[i], 0, error));
    for (size_t i = 0; i < section->sheets; i++)
        MQ_TRY(add_sheet(paper, section->sheet[i], error));
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
    for (size_t i = 0; sections_of(it) == 0 && i < it->sheets->count; i++)
        MQ_TRY(add_sheet(paper, &it->sheets->sheet[i], error));
    mq_docx_section(&paper->body, paper->orientation, MQ_DOCX_MARGIN, false);
    return MQ_OK;
}

/* ---- feedback: everything about a unit on one page ---- */

static const double feedback_margin = 51; /* 1.8 cm */

/* Sentences stay readable when tables get tight. */
static double sentence_size(const struct mq_docx_look *look)
{
    return fmax(8.5, 10.5 * look->tight);
}

static double lines_height(const struct mq_docx_look *look, const struct mq_profile *profile,
                           double size)
{
    double height = mq_docx_line(16) + 12;
    for (size_t i = 0; i < profile->lines; i++)
        height +=
            (double)mq_docx_lines(profile->line[i], size, look->width) * mq_docx_line(size) + 4;
    return height;
}

/* Height of all but the figure. */
static enum mq_status text_height(const struct mq_docx_look *look, const struct mq_profile *profile,
                                  double *height, struct mq_error *error)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    struct mq_docx_plan plan;
    bool made = true;
    *height = lines_height(look, profile, sentence_size(look));
    for (size_t i = 0; i < profile->sheets && made; i++) {
        if (profile->sheet[i].columns == 0)
            continue;
        made = mq_docx_measure(&profile->sheet[i], look, &arena, &plan);
        if (made)
            *height += mq_docx_sheet_height(&profile->sheet[i], look, &plan);
    }
    mq_arena_clear(&arena);
    return made ? MQ_OK : mq_fail_memory(error);
}

/* Letters as large as leave the figure a decent height. */
static enum mq_status tighten(const struct mq_profile *profile, struct mq_docx_look *look,
                              double *most, struct mq_error *error)
{
    static const double steps[] = {0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6};
    const struct mq_figure *figure = profile->figure;
    double least = figure ? 150 : 0, height = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        look->tight = steps[i];
        MQ_TRY(text_height(look, profile, &height, error));
        if (figure)
            height += 30 + (double)(figure->notes + (figure->source[0] != '\0')) * 14;
        if (height * 1.04 + least <= look->height)
            break;
    }
    *most = look->height - height * 1.04;
    *most = *most < 90 ? 90 : *most > 200 ? 200 : *most;
    return MQ_OK;
}

static enum mq_status add_profile(struct paper *paper, size_t number, struct mq_error *error)
{
    const struct mq_profiles *profiles = paper->publication->profiles;
    const struct mq_profile *profile = &profiles->profile[number];
    struct mq_docx_look look = paper->look[MQ_DOCX_UPRIGHT];
    double most = 0;
    MQ_TRY(tighten(profile, &look, &most, error));
    styled(&paper->body, "Heading1",
           number ? "<w:pageBreakBefore/><w:spacing w:before=\"0\" w:after=\"120\"/>"
                    "<w:jc w:val=\"center\"/>"
                  : "<w:spacing w:before=\"0\" w:after=\"120\"/><w:jc w:val=\"center\"/>",
           profile->title);
    struct mq_docx_shape shape = plain;
    shape.size = sentence_size(&look);
    for (size_t i = 0; i < profile->lines; i++)
        mq_docx_paragraph(&paper->body, &look, &shape, profile->line[i]);
    for (size_t i = 0; i < profile->sheets; i++)
        if (profile->sheet[i].columns > 0 &&
            !mq_docx_sheet(&paper->body, &look, profiles->sheets, &profile->sheet[i], false))
            return mq_fail_memory(error);
    return profile->figure ? add_figure(paper, &look, profile->figure, most, error) : MQ_OK;
}

static enum mq_status fill_feedback(struct paper *paper, struct mq_error *error)
{
    const struct mq_publication *it = paper->publication;
    if (!mq_docx_standard_parts(&paper->package, it, it->title ? it->title : ""))
        return mq_fail_memory(error);
    struct mq_docx_look *look = &paper->look[MQ_DOCX_UPRIGHT];
    look->width = MQ_DOCX_PAGE_SHORT - 2 * feedback_margin;
    look->height = MQ_DOCX_PAGE_LONG - 2 * feedback_margin;
    for (size_t i = 0; i < it->profiles->count; i++)
        MQ_TRY(add_profile(paper, i, error));
    mq_docx_section(&paper->body, MQ_DOCX_UPRIGHT, feedback_margin, false);
    return MQ_OK;
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
