/* index.html: the whole publication as one page that needs no network and no other file. */
#include "publish/html.h"

#include <stdlib.h>
#include <string.h>

/* 'sha256-…' of a text between tags: the page runs and applies this and nothing else. */
static void add_hash(struct mq_page *page, struct mq_asset asset)
{
    struct mq_sha256 digest;
    unsigned char raw[32];
    enum mq_status status = mq_sha256_bytes(asset.bytes, asset.length, &digest, page->error);
    if (status != MQ_OK) {
        page->status = status;
        return;
    }
    for (size_t i = 0; i < sizeof raw; i++) {
        const char pair[3] = {digest.hex[2 * i], digest.hex[2 * i + 1], 0};
        raw[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    mq_page_markup(page, "'sha256-");
    mq_html_base64(&page->out, raw, sizeof raw);
    mq_page_markup(page, "'");
}

/* ECharts gives its SVG elements style attributes; style elements and scripts are ours alone. */
static void add_policy(struct mq_page *page)
{
    mq_page_markup(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                         "'none'; script-src ");
    add_hash(page, mq_page_script());
    mq_page_markup(page, "; style-src-elem ");
    add_hash(page, mq_page_style());
    mq_page_markup(page, "; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; "
                         "form-action 'none'\">\n");
}

static void add_asset(struct mq_page *page, const char *element, struct mq_asset asset)
{
    mq_buffer_format(&page->out, "<%s>", element);
    mq_buffer_add(&page->out, asset.bytes, asset.length);
    mq_buffer_format(&page->out, "</%s>\n", element);
}

static void add_head(struct mq_page *page)
{
    const struct mq_publication *publication = page->publication;
    mq_page_markup(page, "<!DOCTYPE html>\n<html lang=\"");
    mq_page_text(page, mq_page_word(page, "zh-CN", "en"));
    mq_page_markup(page, "\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(page);
    mq_page_markup(page, "<meta name=\"viewport\" content=\"width=device-width, "
                         "initial-scale=1\">\n<meta name=\"generator\" content=\"mqci\">\n<title>");
    mq_page_text(page, publication->title);
    if (publication->period && publication->period[0]) {
        mq_page_markup(page, mq_page_word(page, "（", " ("));
        mq_page_text(page, publication->period);
        mq_page_markup(page, mq_page_word(page, "）", ")"));
    }
    mq_page_markup(page, "</title>\n");
    add_asset(page, "style", mq_page_style());
    mq_page_markup(page, "</head>\n");
}

static void add_masthead(struct mq_page *page)
{
    const struct mq_publication *publication = page->publication;
    mq_page_markup(page, "<body>\n<a class=\"skip\" href=\"#main\">");
    mq_page_text(page, mq_page_word(page, "跳到正文", "Skip to the text"));
    mq_page_markup(page, "</a>\n<header class=\"masthead\">\n<div>\n");
    mq_page_line(page, "h1", "", publication->title);
    mq_page_line(page, "p", "period", publication->period);
    mq_page_markup(page, "</div>\n</header>\n");
}

/* Works by script alone, so it is hidden until there is one. */
static void add_search(struct mq_page *page)
{
    mq_page_markup(page, "<form class=\"search\" role=\"search\" hidden>\n<label for=\"find\">");
    mq_page_text(page, mq_page_word(page, "在各表中查找", "Search the tables"));
    mq_page_markup(page, "</label>\n<div><input id=\"find\" type=\"search\" autocomplete=\"off\">"
                         "<button type=\"submit\" disabled>");
    mq_page_text(page, mq_page_word(page, "下一处", "Next"));
    mq_page_markup(page, "</button></div>\n<output for=\"find\"></output>\n</form>\n");
}

static void add_page(struct mq_page *page)
{
    add_head(page);
    add_masthead(page);
    mq_page_markup(page, "<div class=\"layout\">\n<div class=\"side\">\n");
    add_search(page);
    mq_page_contents(page);
    mq_page_markup(page, "</div>\n<main id=\"main\" tabindex=\"-1\">\n");
    mq_page_sections(page);
    mq_page_markup(page, "</main>\n</div>\n");
    add_asset(page, "script", mq_page_script());
    mq_page_markup(page, "</body>\n</html>\n");
}

enum mq_status mq_write_html(const struct mq_publication *publication, const char *directory,
                             struct mq_error *error)
{
    struct mq_page page = {
        .publication = publication, .chinese = publication->chinese, .error = error};
    struct mq_buffer path = MQ_BUFFER_EMPTY;
    add_page(&page);
    mq_buffer_format(&path, "%s/index.html", directory);
    enum mq_status status = page.status;
    if (status == MQ_OK)
        status = page.out.failed || path.failed
                     ? mq_fail_memory(error)
                     : mq_write_file(path.data, page.out.data, page.out.length, error);
    mq_buffer_clear(&page.out);
    mq_buffer_clear(&path);
    return status;
}
