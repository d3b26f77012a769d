/* The body of the web page: the story's sections, the profiles, and where the numbers come from. */
#include "publish/html.h"

#include <inttypes.h>

#define PROFILES_ID "profiles"
#define ABOUT_ID    "about"

static const char *profiles_title(const struct mq_page *page)
{
    return mq_page_word(page, "分单位诊断与跟踪", "One page for each unit");
}

static const char *about_title(const struct mq_page *page)
{
    return mq_page_word(page, "数据与版本", "Data and versions");
}

static const char *results_title(const struct mq_page *page)
{
    return mq_page_word(page, "图表", "Figures and tables");
}

static bool has_profiles(const struct mq_page *page)
{
    return page->publication->profiles && page->publication->profiles->count > 0;
}

static bool has_story(const struct mq_page *page)
{
    return page->publication->story && page->publication->story->count > 0;
}

/* ---- contents ---- */

static void link_to(struct mq_page *page, const char *prefix, const char *id, const char *text)
{
    mq_buffer_format(&page->out, "<a href=\"#%s", prefix);
    mq_html_id(&page->out, id);
    mq_page_markup(page, "\">");
    mq_page_text(page, text);
    mq_page_markup(page, "</a>");
}

static void link_item(struct mq_page *page, const char *prefix, const char *id,
                      const struct mq_buffer *heading)
{
    page->out.failed |= heading->failed;
    mq_page_markup(page, "<li>");
    link_to(page, prefix, id, heading->data ? heading->data : "");
    mq_page_markup(page, "</li>\n");
}

static void link_figure(struct mq_page *page, const struct mq_figure *figure)
{
    struct mq_buffer heading = MQ_BUFFER_EMPTY;
    mq_figure_heading(page->chinese, figure, &heading);
    link_item(page, "f-", figure->id, &heading);
    mq_buffer_clear(&heading);
}

static void link_sheet(struct mq_page *page, const struct mq_sheet *sheet)
{
    struct mq_buffer heading = MQ_BUFFER_EMPTY;
    mq_sheet_heading(page->publication->sheets, sheet, &heading);
    link_item(page, "t-", sheet->id, &heading);
    mq_buffer_clear(&heading);
}

static void link_section(struct mq_page *page, const struct mq_story_section *section)
{
    mq_page_markup(page, "<li>");
    link_to(page, "s-", section->id, section->title);
    if (section->figures + section->sheets > 0) {
        mq_page_markup(page, "\n<ul>\n");
        for (size_t i = 0; i < section->figures; i++)
            link_figure(page, section->figure[i]);
        for (size_t i = 0; i < section->sheets; i++)
            link_sheet(page, section->sheet[i]);
        mq_page_markup(page, "</ul>\n");
    }
    mq_page_markup(page, "</li>\n");
}

void mq_page_contents(struct mq_page *page)
{
    const struct mq_publication *publication = page->publication;
    mq_page_markup(page, "<nav class=\"toc\" aria-label=\"");
    mq_page_text(page, mq_page_word(page, "目录", "Contents"));
    mq_page_markup(page, "\">\n<details open>\n<summary>");
    mq_page_text(page, mq_page_word(page, "目录", "Contents"));
    mq_page_markup(page, "</summary>\n<ol>\n");
    for (size_t i = 0; has_story(page) && i < publication->story->count; i++)
        link_section(page, &publication->story->section[i]);
    if (!has_story(page)) {
        mq_page_markup(page, "<li>");
        link_to(page, "s-", "results", results_title(page));
        mq_page_markup(page, "\n<ul>\n");
        for (size_t i = 0; i < publication->sheets->count; i++)
            link_sheet(page, &publication->sheets->sheet[i]);
        mq_page_markup(page, "</ul>\n</li>\n");
    }
    const char *last[][2] = {{has_profiles(page) ? PROFILES_ID : NULL, profiles_title(page)},
                             {ABOUT_ID, about_title(page)}};
    for (size_t i = 0; i < 2; i++)
        if (last[i][0]) {
            mq_page_markup(page, "<li>");
            link_to(page, "s-", last[i][0], last[i][1]);
            mq_page_markup(page, "</li>\n");
        }
    mq_page_markup(page, "</ol>\n</details>\n</nav>\n");
}

/* ---- sections ---- */

static void begin_section(struct mq_page *page, const char *id, const char *title)
{
    mq_page_markup(page, "<section id=\"s-");
    mq_html_id(&page->out, id);
    mq_page_markup(page, "\">\n");
    mq_page_line(page, "h2", "", title);
}

static void add_section(struct mq_page *page, const struct mq_story_section *section)
{
    begin_section(page, section->id, section->title);
    for (size_t i = 0; i < section->paragraphs; i++)
        mq_page_line(page, "p", "", section->paragraph[i]);
    for (size_t i = 0; i < section->figures; i++)
        mq_page_figure(page, "", section->figure[i]);
    for (size_t i = 0; i < section->sheets; i++)
        mq_page_table(page, "", section->sheet[i]);
    mq_page_markup(page, "</section>\n");
}

/* Without a story all there is stands in one section. */
static void add_results(struct mq_page *page)
{
    const struct mq_publication *publication = page->publication;
    begin_section(page, "results", results_title(page));
    for (size_t i = 0; publication->figures && i < publication->figures->count; i++)
        if (publication->figures->figure[i].kind != MQ_FIGURE_PROFILE)
            mq_page_figure(page, "", &publication->figures->figure[i]);
    for (size_t i = 0; i < publication->sheets->count; i++)
        mq_page_table(page, "", &publication->sheets->sheet[i]);
    mq_page_markup(page, "</section>\n");
}

static void add_profile(struct mq_page *page, const struct mq_profile *profile)
{
    struct mq_buffer scope = MQ_BUFFER_EMPTY;
    mq_html_id(&scope, profile->code);
    mq_buffer_text(&scope, "-");
    page->out.failed |= scope.failed;
    mq_page_markup(page, "<article class=\"profile\" id=\"p-");
    mq_html_id(&page->out, profile->code);
    mq_page_markup(page, "\">\n");
    mq_page_line(page, "h3", "", profile->title);
    for (size_t i = 0; i < profile->lines; i++)
        mq_page_line(page, "p", "", profile->line[i]);
    if (profile->figure)
        mq_page_figure(page, scope.data ? scope.data : "", profile->figure);
    for (size_t i = 0; i < profile->sheets; i++)
        mq_page_table(page, scope.data ? scope.data : "", &profile->sheet[i]);
    mq_page_markup(page, "</article>\n");
    mq_buffer_clear(&scope);
}

static void add_profiles(struct mq_page *page)
{
    const struct mq_profiles *profiles = page->publication->profiles;
    begin_section(page, PROFILES_ID, profiles_title(page));
    mq_page_markup(page, "<form class=\"choose\" hidden>\n<label for=\"unit\">");
    mq_page_text(page, mq_page_word(page, "选择单位", "Unit"));
    mq_page_markup(page, "</label>\n<select id=\"unit\">\n");
    for (size_t i = 0; i < profiles->count; i++) {
        mq_page_markup(page, "<option value=\"p-");
        mq_html_id(&page->out, profiles->profile[i].code);
        mq_page_markup(page, "\">");
        mq_page_text(page, profiles->profile[i].name);
        mq_page_markup(page, "</option>\n");
    }
    mq_page_markup(page, "</select>\n</form>\n<ul class=\"units\">\n");
    for (size_t i = 0; i < profiles->count; i++) {
        mq_page_markup(page, "<li>");
        link_to(page, "p-", profiles->profile[i].code, profiles->profile[i].name);
        mq_page_markup(page, "</li>\n");
    }
    mq_page_markup(page, "</ul>\n");
    for (size_t i = 0; i < profiles->count; i++)
        add_profile(page, &profiles->profile[i]);
    mq_page_markup(page, "</section>\n");
}

/* ---- where the numbers come from ---- */

static void add_fact(struct mq_page *page, const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    mq_page_line(page, "dt", "", name);
    mq_page_line(page, "dd", "", value);
}

static void add_count(struct mq_page *page, const char *name, uint64_t count)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, count);
    add_fact(page, name, text);
}

static void add_provenance(struct mq_page *page, const struct mq_provenance *provenance)
{
    add_count(page, mq_page_word(page, "读入记录", "Records read"), provenance->rows_in);
    add_count(page, mq_page_word(page, "采用记录", "Records used"), provenance->accepted);
    add_count(page, mq_page_word(page, "剔除记录", "Records rejected"), provenance->rejected);
    add_count(page, mq_page_word(page, "范围外记录", "Records out of scope"),
              provenance->out_of_scope);
    if (provenance->rows_corrected)
        add_count(page, mq_page_word(page, "更正记录", "Records corrected"),
                  provenance->rows_corrected);
    if (provenance->engine_version) {
        mq_page_line(page, "dt", "", mq_page_word(page, "计算程序", "Program"));
        mq_page_markup(page, "<dd>mqci ");
        mq_page_text(page, provenance->engine_version);
        mq_page_markup(page, "</dd>\n");
    }
    add_fact(page, mq_page_word(page, "模型文件 SHA-256", "Model SHA-256"),
             provenance->model_digest);
    add_fact(page, mq_page_word(page, "结果 SHA-256", "Result SHA-256"), provenance->result_digest);
}

static void add_about(struct mq_page *page)
{
    const struct mq_publication *publication = page->publication;
    begin_section(page, ABOUT_ID, about_title(page));
    mq_page_markup(page, "<dl>\n");
    add_fact(page, mq_page_word(page, "时期", "Period"), publication->period);
    add_fact(page, mq_page_word(page, "模型", "Model"), publication->model_id);
    add_fact(page, mq_page_word(page, "版本", "Edition"), publication->edition);
    add_fact(page, mq_page_word(page, "数据来源", "Data source"), publication->source);
    if (publication->provenance)
        add_provenance(page, publication->provenance);
    mq_page_markup(page, "</dl>\n");
    if (publication->assumptions > 0) {
        mq_page_line(page, "h3", "", mq_page_word(page, "假定", "Assumptions"));
        mq_page_markup(page, "<ul>\n");
        for (size_t i = 0; i < publication->assumptions; i++)
            mq_page_line(page, "li", "", publication->assumption[i]);
        mq_page_markup(page, "</ul>\n");
    }
    mq_page_markup(page, "</section>\n");
}

void mq_page_sections(struct mq_page *page)
{
    const struct mq_story *story = page->publication->story;
    if (!has_story(page))
        add_results(page);
    for (size_t i = 0; has_story(page) && i < story->count; i++)
        add_section(page, &story->section[i]);
    if (has_profiles(page))
        add_profiles(page);
    add_about(page);
}
