/* index.html read back by parsers that are not ours: markup by libxml2, numbers by jansson. */
#include "figure_samples.h"
#include "realistic.h"

#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static const char evil[] = "<script>alert(1)</script> & \"quotes\" ' \x01</title><!--";

struct page {
    struct mq_buffer bytes;
    htmlDocPtr document;
    xmlXPathContextPtr context;
};

static const struct mq_writer *html(void)
{
    for (size_t i = 0; i < mq_writers_count; i++)
        if (strcmp(mq_writers[i]->name, "html") == 0)
            return mq_writers[i];
    fail_msg("there is no writer of html");
    return NULL;
}

static void page_new(const struct mq_publication *publication, struct page *page)
{
    char folder[256], path[300];
    struct mq_error error = {0};
    *page = (struct page){0};
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/index.html", folder);
    if (html()->write(publication, folder, &error) != MQ_OK)
        fail_msg("%s", error.message);
    assert_int_equal(mq_read_file(path, &page->bytes, NULL), MQ_OK);
    unlink(path);
    rmdir(folder);
    page->document = htmlReadMemory(page->bytes.data, (int)page->bytes.length, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                        (int)XML_PARSE_HUGE);
    assert_non_null(page->document);
    page->context = xmlXPathNewContext(page->document);
    assert_non_null(page->context);
}

static void page_clear(struct page *page)
{
    xmlXPathFreeContext(page->context);
    xmlFreeDoc(page->document);
    mq_buffer_clear(&page->bytes);
}

/* Text of what a path finds; freed by the caller. */
static char *found(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static char *found(const struct page *page, const char *format, ...)
{
    char path[512], wrapped[600];
    va_list rest;
    va_start(rest, format);
    vsnprintf(path, sizeof path, format, rest);
    va_end(rest);
    snprintf(wrapped, sizeof wrapped, "string(%s)", path);
    xmlXPathObjectPtr object = xmlXPathEvalExpression((const xmlChar *)wrapped, page->context);
    assert_non_null(object);
    char *text = strdup((const char *)object->stringval);
    xmlXPathFreeObject(object);
    return text;
}

#define expect_found(page, wanted, ...)                                                            \
    do {                                                                                           \
        char *text_ = found(page, __VA_ARGS__);                                                    \
        assert_string_equal(text_, wanted);                                                        \
        free(text_);                                                                               \
    } while (0)

static int counted(const struct page *page, const char *path)
{
    char text[300];
    snprintf(text, sizeof text, "count(%s)", path);
    xmlXPathObjectPtr object = xmlXPathEvalExpression((const xmlChar *)text, page->context);
    assert_non_null(object);
    int count = (int)object->floatval;
    xmlXPathFreeObject(object);
    return count;
}

static void expect_hash(const struct page *page, const char *element, const char *directive)
{
    char *policy = found(page, "//meta[@http-equiv='Content-Security-Policy']/@content");
    char open[32], close[32], wanted[160];
    snprintf(open, sizeof open, "<%s>", element);
    snprintf(close, sizeof close, "</%s>", element);
    const char *from = strstr(page->bytes.data, open) + strlen(open);
    const char *end = strstr(from, close);
    unsigned char raw[EVP_MAX_MD_SIZE], text[EVP_MAX_MD_SIZE * 2];
    unsigned length = 0;
    assert_int_equal(EVP_Digest(from, (size_t)(end - from), raw, &length, EVP_sha256(), NULL), 1);
    EVP_EncodeBlock(text, raw, (int)length);
    snprintf(wanted, sizeof wanted, "%s 'sha256-%s'", directive, (const char *)text);
    assert_contains(policy, wanted);
    assert_int_equal(strncmp(policy, "default-src 'none';", 19), 0);
    free(policy);
}

static void expect_sheet(const struct page *page, const struct mq_sheet *sheet)
{
    char table[128], path[256];
    snprintf(table, sizeof table, "//div[@id='t-%s']//table", sheet->id);
    expect_found(page, sheet->unit, "%s/caption//span[@class='unit']", table);
    snprintf(path, sizeof path, "%s/tbody/tr", table);
    assert_int_equal(counted(page, path), sheet->rows);
    snprintf(path, sizeof path, "%s/thead//*[@data-c]", table);
    assert_int_equal(counted(page, path), sheet->columns);
    for (size_t column = 0; column < sheet->columns; column++)
        expect_found(page, sheet->column[column].title, "%s/thead//*[@data-c='%zu']", table,
                     column);
    for (size_t i = 0; i < sheet->rows * sheet->columns; i++)
        expect_found(page, sheet->cell[i].text, "%s/tbody/tr[%zu]/*[%zu]", table,
                     i / sheet->columns + 1, i % sheet->columns + 1);
    for (size_t i = 0; i < sheet->notes; i++)
        expect_found(page, sheet->note[i], "//div[@id='t-%s']/p[@class='note'][%zu]", sheet->id,
                     i + 1);
}

static void tables_are_whole(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct realistic set;
        struct mq_publication *publication = NULL;
        struct page page;
        realistic_new(&(struct realistic_options){.english = english,
                                                  .periods = english ? 1 : 2,
                                                  .units = 6,
                                                  .industries = 5,
                                                  .min_enterprises = 3},
                      &set);
        struct mq_publication_options wants = {.wants = html()->wants};
        assert_int_equal(
            mq_publication_new(&set.scores, &set.provenance, &wants, &publication, NULL), MQ_OK);
        page_new(publication, &page);
        expect_found(&page, publication->title, "//h1");
        expect_found(&page, english ? "en" : "zh-CN", "/html/@lang");
        expect_hash(&page, "script", "script-src");
        expect_hash(&page, "style", "style-src-elem");
        for (size_t i = 0; i < publication->sheets->count; i++)
            expect_sheet(&page, &publication->sheets->sheet[i]);
        assert_int_equal(counted(&page, "//main"), 1);
        assert_int_equal(counted(&page, "//*[@src or @href][not(starts-with(@href, '#'))]"), 0);
        page_clear(&page);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void expect_figure(const struct page *page, const struct mq_figure *figure)
{
    json_error_t error;
    char *text = found(page, "//script[@id='f-%s-chart-data']", figure->id);
    json_t *json = json_loads(text, 0, &error);
    if (!json)
        fail_msg("%s: %s", figure->id, error.text);
    assert_string_equal(json_string_value(json_object_get(json, "kind")),
                        mq_figure_kind_names[figure->kind]);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), figure->rows);
    assert_int_equal(json_array_size(json_object_get(json, "columns")), figure->columns);
    json_t *values = json_object_get(json, "values"), *texts = json_object_get(json, "texts");
    assert_int_equal(json_array_size(values), figure->rows * figure->columns);
    for (size_t i = 0; i < figure->rows * figure->columns; i++) {
        json_t *value = json_array_get(values, i);
        assert_int_equal(json_is_null(value), isnan(figure->cell[i].value));
        if (!json_is_null(value))
            assert_true(json_number_value(value) == figure->cell[i].value);
        assert_string_equal(json_string_value(json_array_get(texts, i)), figure->cell[i].text);
        expect_found(page, figure->cell[i].text, "//figure[@id='f-%s']//tbody/tr[%zu]/td[%zu]",
                     figure->id, i / figure->columns + 1, i % figure->columns + 1);
    }
    for (size_t i = 0; figure->place && i < figure->rows; i++) {
        json_t *place = json_array_get(json_object_get(json, "place"), i);
        assert_int_equal(json_integer_value(json_array_get(place, 0)), figure->place[i].row);
        assert_int_equal(json_integer_value(json_array_get(place, 1)), figure->place[i].column);
    }
    expect_found(page, figure->alt, "//div[@id='f-%s-chart'][@role='img']/@aria-label", figure->id);
    json_decref(json);
    free(text);
}

/* A page of one section that holds all sample figures. */
static void sample_page(bool english, struct mq_figures *figures, struct page *page)
{
    const struct mq_figure *list[64];
    struct mq_sheets sheets = {.chinese = !english, .title = "samples"};
    figure_samples_new(english, figures);
    assert_in_range(figures->count, 10, 64);
    for (size_t i = 0; i < figures->count; i++)
        list[i] = &figures->figure[i];
    struct mq_story_section section = {
        .id = "all", .title = evil, .figure = list, .figures = figures->count};
    struct mq_story story = {.count = 1, .section = &section};
    page_new(&(struct mq_publication){.chinese = !english,
                                      .title = evil,
                                      .sheets = &sheets,
                                      .figures = figures,
                                      .story = &story},
             page);
}

static void figures_carry_their_numbers(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct mq_figures figures = {0};
        struct page page;
        sample_page(english, &figures, &page);
        for (size_t i = 0; i < figures.count; i++)
            expect_figure(&page, &figures.figure[i]);
        assert_int_equal(counted(&page, "//figure"), figures.count);
        page_clear(&page);
        mq_arena_clear(&figures.arena);
    }
}

static void text_stays_text(void **state)
{
    (void)state;
    struct mq_figure_item row = {.code = evil, .name = evil};
    struct mq_sheet_cell cell = {evil, NAN};
    struct mq_figure figure = {.kind = MQ_FIGURE_RANKING,
                               .id = "evil",
                               .number = "",
                               .title = evil,
                               .unit = evil,
                               .alt = evil,
                               .rows = 1,
                               .columns = 1,
                               .row = &row,
                               .column = &row,
                               .cell = &cell,
                               .low = NAN,
                               .high = NAN,
                               .reference = {"", NAN}};
    const struct mq_figure *one = &figure;
    const char *line = evil;
    struct mq_story_section section = {.id = "x\"'><y",
                                       .title = evil,
                                       .figure = &one,
                                       .figures = 1,
                                       .paragraph = &line,
                                       .paragraphs = 1};
    struct mq_story story = {.count = 1, .section = &section};
    struct mq_profile profile = {
        .code = evil, .name = evil, .title = evil, .line = &line, .lines = 1};
    struct mq_profiles profiles = {.count = 1, .profile = &profile};
    struct mq_sheets sheets = {0};
    struct page page;
    page_new(
        &(struct mq_publication){
            .title = evil, .sheets = &sheets, .story = &story, .profiles = &profiles},
        &page);
    const char shown[] = "<script>alert(1)</script> & \"quotes\" ' </title><!--";
    expect_found(&page, shown, "//h1");
    expect_found(&page, shown, "//title");
    expect_found(&page, shown, "//section[1]/h2");
    expect_found(&page, shown, "//section[1]/p");
    expect_found(&page, shown, "//figcaption");
    expect_found(&page, shown, "//div[@role='img']/@aria-label");
    expect_found(&page, shown, "//article/h3");
    expect_found(&page, shown, "//select/option");
    assert_int_equal(counted(&page, "//script"), 2); /* the data and ours */
    expect_found(&page, "s-x.22.27.3e.3cy", "//section[1]/@id");
    char *json = found(&page, "//script[@type]");
    assert_null(strchr(json, '<'));
    json_t *data = json_loads(json, 0, NULL);
    assert_string_equal(json_string_value(json_array_get(json_object_get(data, "texts"), 0)), evil);
    json_decref(data);
    free(json);
    page_clear(&page);
}

static void failures_are_told(void **state)
{
    (void)state;
    struct mq_sheets sheets = {0};
    struct mq_publication publication = {.title = "x", .sheets = &sheets};
    struct mq_error error = {0};
    char folder[256], path[300];
    assert_int_equal(html()->write(&publication, "/nowhere/at/all", &error), MQ_CANNOT_WRITE);
    assert_contains(error.file, "/nowhere/at/all/index.html");
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/index.html", folder);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_not_equal(html()->write(&publication, folder, &error), MQ_OK);
    assert_contains(error.file, "index.html");
    rmdir(path);
    assert_int_equal(rmdir(folder), 0); /* nothing is left behind */
}

static void same_bytes_twice(void **state)
{
    (void)state;
    struct mq_figures figures[2] = {0};
    struct page page[2];
    for (int i = 0; i < 2; i++)
        sample_page(false, &figures[i], &page[i]);
    assert_int_equal(page[0].bytes.length, page[1].bytes.length);
    assert_memory_equal(page[0].bytes.data, page[1].bytes.data, page[0].bytes.length);
    for (int i = 0; i < 2; i++) {
        page_clear(&page[i]);
        mq_arena_clear(&figures[i].arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_whole), cmocka_unit_test(figures_carry_their_numbers),
        cmocka_unit_test(text_stays_text),  cmocka_unit_test(failures_are_told),
        cmocka_unit_test(same_bytes_twice),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
