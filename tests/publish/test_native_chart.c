/* Charts of word processors: what they hold is what the figure says, read by another parser. */
#include "publish/native_chart.h"

#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zip.h>

#include "figure_samples.h"
#include "realistic.h"
#include "support.h"

/* The library counts bytes unsigned. */
static const xmlChar *chars(const char *text)
{
    return (const xmlChar *)text;
}

struct made {
    struct mq_figures figures;
    struct mq_buffer chart, book;
    xmlDoc *doc;
    xmlXPathContext *context;
    char folder[256];
};

static void begin(struct made *made, bool english)
{
    *made = (struct made){0};
    figure_samples_new(english, &made->figures);
    realistic_folder(made->folder);
}

static void close_chart(struct made *made)
{
    xmlXPathFreeContext(made->context);
    xmlFreeDoc(made->doc);
    made->context = NULL;
    made->doc = NULL;
    mq_buffer_clear(&made->chart);
    mq_buffer_clear(&made->book);
}

static void end(struct made *made)
{
    assert_int_equal(rmdir(made->folder), 0); /* nothing stays there */
    mq_arena_clear(&made->figures.arena);
}

static void open_chart(struct made *made, const struct mq_figure *figure, bool chinese)
{
    struct mq_error error = {0};
    if (mq_native_chart(figure, chinese, made->folder, &made->chart, &made->book, &error) != MQ_OK)
        fail_msg("%s: %s", figure->id, error.message);
    made->doc =
        xmlReadMemory(made->chart.data, (int)made->chart.length, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(made->doc);
    made->context = xmlXPathNewContext(made->doc);
    static const char *const spaces[][2] = {
        {"c", "http://schemas.openxmlformats.org/drawingml/2006/chart"},
        {"a", "http://schemas.openxmlformats.org/drawingml/2006/main"},
        {"r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}};
    for (size_t i = 0; i < 3; i++)
        xmlXPathRegisterNs(made->context, chars(spaces[i][0]), chars(spaces[i][1]));
}

static double count(struct made *made, const char *path)
{
    char whole[512];
    snprintf(whole, sizeof whole, "count(%s)", path);
    xmlXPathObject *found = xmlXPathEvalExpression(chars(whole), made->context);
    assert_non_null(found);
    double value = found->floatval;
    xmlXPathFreeObject(found);
    return value;
}

/* The text at a path, "" if there is none; lives until the next call. */
static const char *text_at(struct made *made, char text[512], const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static const char *text_at(struct made *made, char text[512], const char *format, ...)
{
    char path[512], whole[600];
    va_list list;
    va_start(list, format);
    vsnprintf(path, sizeof path, format, list);
    va_end(list);
    snprintf(whole, sizeof whole, "string(%s)", path);
    xmlXPathObject *found = xmlXPathEvalExpression(chars(whole), made->context);
    assert_non_null(found);
    snprintf(text, 512, "%s", (const char *)found->stringval);
    xmlXPathFreeObject(found);
    return text;
}

/* Point `index` of a series (from 1), NaN if there is none. */
static double point(struct made *made, size_t series, size_t index)
{
    char text[512];
    text_at(made, text, "//c:ser[%zu]/c:val/c:numRef/c:numCache/c:pt[@idx='%zu']/c:v", series,
            index);
    return text[0] ? strtod(text, NULL) : NAN;
}

static void same_number(double found, double wanted)
{
    if (isnan(wanted))
        assert_true(isnan(found));
    else
        assert_true(found == wanted);
}

/* ---- what charts hold ---- */

/* Trends, strips and profiles: a series a column, whatever the order. */
static void check_columns(struct made *made, const struct mq_figure *figure)
{
    char text[512];
    size_t seen = 0;
    assert_true(count(made, "//c:ser") == (double)figure->columns);
    for (size_t series = 1; series <= figure->columns; series++) {
        text_at(made, text, "//c:ser[%zu]/c:tx/c:strRef/c:strCache/c:pt/c:v", series);
        size_t column = 0;
        while (column < figure->columns && strcmp(figure->column[column].name, text) != 0)
            column++;
        assert_true(column < figure->columns);
        seen += column;
        for (size_t row = 0; row < figure->rows; row++) {
            same_number(point(made, series, row),
                        figure->cell[row * figure->columns + column].value);
            text_at(made, text, "//c:ser[%zu]/c:cat//c:pt[@idx='%zu']/c:v", series, row);
            assert_string_equal(text, figure->row[row].name);
        }
    }
    assert_int_equal(seen, figure->columns * (figure->columns - 1) / 2); /* each once */
}

static void check_ranking(struct made *made, const struct mq_figure *figure)
{
    char text[512], wanted[512];
    size_t top = !isnan(figure->reference.value);
    assert_true(count(made, "//c:ser") == (figure->columns > 1 ? 2 : 1));
    if (top) {
        same_number(point(made, 1, 0), figure->reference.value);
        assert_string_equal(text_at(made, text, "//c:ser[1]/c:cat//c:pt[@idx='0']/c:v"),
                            figure->reference_name);
    }
    for (size_t row = 0; row < figure->rows; row++) {
        const struct mq_sheet_cell *cell = &figure->cell[row * figure->columns];
        same_number(point(made, 1, row + top), cell[0].value);
        if (figure->columns > 1)
            same_number(point(made, 2, row + top), cell[1].value);
        snprintf(wanted, sizeof wanted, "%s%s%s", figure->row[row].name,
                 isnan(cell->value) ? " " : "", isnan(cell->value) ? cell->text : "");
        assert_string_equal(
            text_at(made, text, "//c:ser[1]/c:cat//c:pt[@idx='%zu']/c:v", row + top), wanted);
    }
    /* The best on top, the scale below. */
    assert_string_equal(text_at(made, text, "//c:catAx/c:scaling/c:orientation/@val"), "maxMin");
    assert_string_equal(text_at(made, text, "//c:valAx/c:crosses/@val"), "max");
}

/* A piece stands on its base and ends where the next begins. */
static void check_waterfall(struct made *made, const struct mq_figure *figure)
{
    enum { BASE = 1, RISE, TOTAL, FALL, CARRIER };
    char text[512];
    double half = 0.5 * pow(10, -figure->decimals), level = figure->cell[0].value;
    assert_true(count(made, "//c:ser") == 5);
    for (size_t row = 0; row < figure->rows; row++) {
        double own = figure->cell[row].value, base = point(made, BASE, row);
        double rise = point(made, RISE, row), fall = point(made, FALL, row);
        if (figure->row[row].strong) {
            same_number(point(made, TOTAL, row), own);
            assert_true(isnan(base) && isnan(rise) && isnan(fall));
            assert_true(fabs(level - own) < half);
        } else {
            assert_true(isnan(point(made, TOTAL, row)));
            assert_true(isnan(own < 0 ? rise : fall));
            same_number(own < 0 ? -fall : rise, own);
            assert_true(fabs((own < 0 ? base + fall : base) - level) < half);
            level += own;
        }
        text_at(made, text, "//c:ser[%d]/c:dLbls/c:dLbl[c:idx/@val='%zu']//a:t", CARRIER, row);
        assert_string_equal(text, figure->cell[row].text);
    }
    assert_true(count(made, "//c:ser[position()=1 or position()=5]/c:spPr/a:noFill") == 2);
    assert_true(count(made, "//c:ser[4]/c:spPr/a:pattFill") == 1);
    assert_true(count(made, "//c:legend/c:legendEntry/c:delete") == 3);
}

static void check_axis(struct made *made, const struct mq_figure *figure)
{
    char text[512];
    text_at(made, text, "//c:valAx/c:scaling/c:min/@val");
    assert_true(strtod(text, NULL) == figure->low);
    text_at(made, text, "//c:valAx/c:scaling/c:max/@val");
    assert_true(strtod(text, NULL) == figure->high);
    text_at(made, text, "//c:valAx/c:title//a:t");
    bool bars = figure->kind == MQ_FIGURE_RANKING || figure->kind == MQ_FIGURE_WATERFALL;
    if (!bars || figure->low <= 0) {
        assert_string_equal(text, figure->unit);
        return;
    }
    /* "分（轴自78起）", "points (axis starts at 78)" */
    const char *told = text + strlen(figure->unit), *number = strpbrk(told, "0123456789");
    assert_memory_equal(text, figure->unit, strlen(figure->unit));
    assert_non_null(number);
    assert_true(strtod(number, NULL) == figure->low);
    assert_true(strstr(told, "（轴自") == told || strstr(told, " (axis starts at ") == told);
}

/* What a word processor takes for yes unless told no. */
static void check_document(struct made *made, bool chinese)
{
    char text[512];
    double labels = count(made, "//c:dLbls | //c:dLbl[not(c:delete)]");
    static const char *const hidden[] = {"showLegendKey", "showCatName", "showSerName",
                                         "showPercent", "showBubbleSize"};
    for (size_t i = 0; i < 5; i++) {
        char path[200];
        snprintf(path, sizeof path, "//c:%s[@val='0']", hidden[i]);
        assert_true(count(made, path) == labels);
        snprintf(path, sizeof path, "//c:%s", hidden[i]);
        assert_true(count(made, path) == labels);
    }
    assert_true(count(made, "//c:showVal[@val='1']") == labels);
    assert_true(count(made, "//c:lineChart/c:ser") ==
                count(made, "//c:lineChart/c:ser/*[last()][self::c:smooth][@val='0']"));
    assert_true(count(made, "//c:barChart/c:ser") ==
                count(made, "//c:barChart/c:ser/c:invertIfNegative[@val='0']"));
    assert_true(count(made, "/c:chartSpace/c:roundedCorners[@val='0']") == 1);
    assert_true(count(made, "//c:autoTitleDeleted[@val='1']") == 1);
    assert_true(count(made, "//c:dispBlanksAs[@val='gap']") == 1);
    assert_true(count(made, "//c:varyColors[@val='0']") == 1);
    assert_true(count(made, "//c:printSettings") == 0);
    assert_string_equal(text_at(made, text, "/c:chartSpace/c:externalData/@r:id"), "rId1");
    assert_true(count(made, "/c:chartSpace/*[last()][self::c:externalData]") == 1);
    assert_true(count(made, "//a:latin") > 2);
    assert_true(count(made, "//a:latin") ==
                count(made, chinese ? "//a:latin/following-sibling::a:ea[@typeface='宋体']"
                                    : "//a:latin/following-sibling::a:ea"));
    assert_true(count(made, "//c:f[not(starts-with(., 'Sheet1!$'))]") == 0);
}

static void check_all(bool english)
{
    struct made made;
    size_t native = 0;
    begin(&made, english);
    for (size_t i = 0; i < made.figures.count; i++) {
        const struct mq_figure *figure = &made.figures.figure[i];
        bool wanted = figure->kind != MQ_FIGURE_HEATMAP && figure->kind != MQ_FIGURE_TILES &&
                      figure->kind != MQ_FIGURE_MAP;
        assert_int_equal(mq_chart_is_native(figure), wanted);
        if (!wanted)
            continue;
        native++;
        open_chart(&made, figure, !english);
        if (figure->kind == MQ_FIGURE_RANKING)
            check_ranking(&made, figure);
        else if (figure->kind == MQ_FIGURE_WATERFALL)
            check_waterfall(&made, figure);
        else
            check_columns(&made, figure);
        check_axis(&made, figure);
        check_document(&made, !english);
        close_chart(&made);
    }
    assert_true(native >= 11);
    end(&made);
}

static void chinese_charts_hold_the_numbers(void **state)
{
    (void)state;
    check_all(false);
}

static void english_charts_hold_the_numbers(void **state)
{
    (void)state;
    check_all(true);
}

/* The editor of a chart opens the workbook: the cells that the chart names must be there. */
static void the_workbook_holds_the_numbers(void **state)
{
    (void)state;
    struct made made;
    begin(&made, false);
    const struct mq_figure *figure = figure_sample(&made.figures, "city_ranking");
    open_chart(&made, figure, true);
    zip_error_t reason;
    zip_error_init(&reason);
    zip_t *archive =
        zip_open_from_source(zip_source_buffer_create(made.book.data, made.book.length, 0, &reason),
                             ZIP_RDONLY, &reason);
    assert_non_null(archive);
    assert_int_equal(zip_name_locate(archive, "xl/charts/chart1.xml", 0), -1);
    static char text[200000];
    zip_file_t *file = zip_fopen(archive, "xl/worksheets/sheet1.xml", 0);
    zip_int64_t length = zip_fread(file, text, sizeof text - 1);
    assert_true(length > 0 && length < (zip_int64_t)sizeof text - 1);
    text[length] = '\0';
    assert_null(strstr(text, "<f>"));
    for (size_t row = 0; row < figure->rows; row++)
        for (size_t column = 0; column < figure->columns; column++) {
            double wanted = figure->cell[row * figure->columns + column].value;
            char mark[40];
            snprintf(mark, sizeof mark, "<c r=\"%c%zu\"", (char)('B' + column), row + 3);
            const char *cell = strstr(text, mark), *value = cell ? strstr(cell, "<v>") : NULL;
            if (isnan(wanted))
                assert_null(cell);
            else
                assert_close(strtod(value + 3, NULL), wanted, 1e-12);
        }
    zip_fclose(file);
    zip_discard(archive);
    zip_error_fini(&reason);
    close_chart(&made);
    end(&made);
}

static void bytes_repeat(void **state)
{
    (void)state;
    struct made made;
    struct mq_buffer chart = MQ_BUFFER_EMPTY, book = MQ_BUFFER_EMPTY;
    begin(&made, false);
    for (size_t i = 0; i < made.figures.count; i++)
        if (mq_chart_is_native(&made.figures.figure[i]))
            assert_int_equal(
                mq_native_chart(&made.figures.figure[i], true, made.folder, &chart, &book, NULL),
                MQ_OK);
    setenv("TZ", "America/New_York", 1);
    tzset();
    sleep(2); /* zip stamps count in steps of two seconds */
    for (size_t i = 0; i < made.figures.count; i++)
        if (mq_chart_is_native(&made.figures.figure[i])) /* adds to what is there */
            assert_int_equal(mq_native_chart(&made.figures.figure[i], true, made.folder,
                                             &made.chart, &made.book, NULL),
                             MQ_OK);
    unsetenv("TZ");
    tzset();
    assert_true(book.length > 50000);
    assert_int_equal(made.chart.length, chart.length);
    assert_int_equal(made.book.length, book.length);
    assert_memory_equal(made.chart.data, chart.data, chart.length);
    assert_memory_equal(made.book.data, book.data, book.length);
    mq_buffer_clear(&chart);
    mq_buffer_clear(&book);
    close_chart(&made);
    end(&made);
}

/* ---- what is no chart ---- */

static void some_figures_are_left_to_pictures(void **state)
{
    (void)state;
    struct made made;
    begin(&made, false);
    struct mq_figure figure = *figure_sample(&made.figures, "waterfall");
    figure.low = -10; /* pieces are stacked from zero up */
    assert_false(mq_chart_is_native(&figure));
    figure = *figure_sample(&made.figures, "province_ranking");
    figure.rows = 61;
    assert_false(mq_chart_is_native(&figure));
    figure = *figure_sample(&made.figures, "trend");
    struct mq_sheet_cell none[64];
    for (size_t i = 0; i < 64; i++)
        none[i] = (struct mq_sheet_cell){"*", NAN};
    assert_true(figure.rows * figure.columns <= 64);
    figure.cell = none;
    assert_false(mq_chart_is_native(&figure));

    struct mq_error error = {0};
    mq_buffer_text(&made.chart, "before");
    assert_int_equal(mq_native_chart(figure_sample(&made.figures, "city_tiles"), true, made.folder,
                                     &made.chart, &made.book, &error),
                     MQ_INTERNAL);
    assert_contains(error.message, "city_tiles");
    assert_string_equal(made.chart.data, "before");
    assert_int_equal(made.book.length, 0);
    close_chart(&made);
    end(&made);
}

static void the_top_unit_and_heights(void **state)
{
    (void)state;
    struct made made;
    begin(&made, false);
    for (size_t i = 0; i < made.figures.count; i++) {
        double height = mq_chart_height(&made.figures.figure[i]);
        assert_true(height >= 6 && height <= 22); /* a caption fits below on A4 */
    }
    open_chart(&made, figure_sample(&made.figures, "city_ranking"), true);
    assert_true(count(&made, "//c:ser[1]/c:dPt[c:idx/@val='0']/c:spPr/a:pattFill") == 1);
    assert_true(count(&made, "//c:ser[1]/c:dPt") >= 1);
    assert_true(count(&made, "//c:ser[2]/c:dPt") == 0);
    close_chart(&made);
    end(&made);
}

static void failures_name_the_place(void **state)
{
    (void)state;
    struct made made;
    struct mq_error error = {0};
    begin(&made, false);
    const struct mq_figure *figure = figure_sample(&made.figures, "trend");
    assert_int_equal(
        mq_native_chart(figure, true, "/nonexistent/scratch", &made.chart, &made.book, &error),
        MQ_CANNOT_WRITE);
    assert_contains(error.file, "/nonexistent/scratch");
    assert_contains(error.message, "No such file or directory");

    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){5000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    enum mq_status status =
        mq_native_chart(figure, true, made.folder, &made.chart, &made.book, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MQ_IO);
    assert_contains(error.message, "no room to write the workbook");
    assert_int_equal(made.chart.length + made.book.length, 0);
    close_chart(&made);
    end(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_charts_hold_the_numbers),
        cmocka_unit_test(english_charts_hold_the_numbers),
        cmocka_unit_test(the_workbook_holds_the_numbers),
        cmocka_unit_test(bytes_repeat),
        cmocka_unit_test(some_figures_are_left_to_pictures),
        cmocka_unit_test(the_top_unit_and_heights),
        cmocka_unit_test(failures_name_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
