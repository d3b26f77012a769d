/* Figures as files: every number is there, nothing is cut off, no text lies upon another. */
#include <sys/wait.h>
#include <unistd.h>

#include "figure_samples.h"
#include "png_image.h"
#include "publish/draw.h"
#include "realistic.h"
#include "support.h"

static const bool languages[] = {false, true}; /* English? */

static struct mq_buffer draw(const struct mq_figure *figure, bool english, enum mq_drawing drawing,
                             double size[2], struct mq_inked *inked)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    if (mq_draw_inked(figure, !english, drawing, &bytes, size, inked, &error) != MQ_OK)
        fail_msg("%s: %s", figure->id, error.message);
    return bytes;
}

/* Runs in a process of its own, before this one has looked for fonts. */
static void tells_that_there_is_no_font(void **state)
{
    (void)state;
    char folder[256], path[300];
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/fonts.conf", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "<?xml version=\"1.0\"?><fontconfig><dir>%s</dir></fontconfig>", folder);
    fclose(file);
    pid_t child = fork();
    if (child == 0) {
        struct mq_figures figures;
        struct mq_error error = {0};
        struct mq_buffer bytes = MQ_BUFFER_EMPTY;
        setenv("FONTCONFIG_FILE", path, 1);
        figure_samples_new(false, &figures);
        const struct mq_figure *figure = figure_sample(&figures, "trend");
        bool right =
            mq_draw_figure(figure, true, MQ_DRAW_PNG, &bytes, NULL, &error) == MQ_NO_INPUT &&
            strstr(error.message, "没有中文字体，不能绘图：请安装一种中文字体") &&
            mq_draw_figure(figure, false, MQ_DRAW_PNG, &bytes, NULL, &error) == MQ_NO_INPUT &&
            strstr(error.message, "no font to draw figures with: install one") && bytes.length == 0;
        _exit(right ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static size_t times_inked(const struct mq_inked *inked, const char *text)
{
    size_t times = 0;
    for (size_t i = 0; i < inked->count; i++)
        times += strcmp(inked->text[i], text) == 0;
    return times;
}

/* How often the figure's cells have this text. */
static size_t times_given(const struct mq_figure *figure, const char *text)
{
    size_t times = 0;
    for (size_t i = 0; i < figure->rows * figure->columns; i++)
        times += strcmp(figure->cell[i].text, text) == 0;
    return times;
}

/* Kinds whose cells are all printed, each as a text of its own; rankings print the value before as
 * a dot only. */
static bool is_printed(const struct mq_figure *figure, size_t cell)
{
    if (figure->kind == MQ_FIGURE_RANKING)
        return cell % figure->columns != 1;
    return figure->kind == MQ_FIGURE_WATERFALL || figure->kind == MQ_FIGURE_TILES ||
           figure->kind == MQ_FIGURE_PROFILE ||
           (figure->kind == MQ_FIGURE_HEATMAP &&
            (figure->rows < 20 || isnan(figure->cell[cell].value)));
}

static void every_number_and_name_is_drawn(void **state)
{
    (void)state;
    for (size_t language = 0; language < 2; language++) {
        struct mq_figures figures;
        figure_samples_new(languages[language], &figures);
        for (size_t i = 0; i < figures.count; i++) {
            const struct mq_figure *figure = &figures.figure[i];
            struct mq_inked inked = {0};
            struct mq_buffer bytes = draw(figure, languages[language], MQ_DRAW_PNG, NULL, &inked);
            for (size_t cell = 0; cell < figure->rows * figure->columns; cell++) {
                const char *text = figure->cell[cell].text;
                if (is_printed(figure, cell) && text[0] && figure->kind != MQ_FIGURE_RANKING)
                    assert_int_equal(times_inked(&inked, text), times_given(figure, text));
                else if (is_printed(figure, cell) && text[0])
                    assert_true(times_inked(&inked, text) >= 1);
            }
            for (size_t row = 0; row < figure->rows; row++)
                if (figure->kind != MQ_FIGURE_TREND && figure->kind != MQ_FIGURE_TILES &&
                    times_inked(&inked, figure->row[row].name) == 0)
                    fail_msg("%s: no %s", figure->id, figure->row[row].name);
            mq_inked_clear(&inked);
            mq_buffer_clear(&bytes);
        }
        mq_arena_clear(&figures.arena);
    }
}

static void texts_do_not_meet_and_are_not_cut(void **state)
{
    (void)state;
    for (size_t language = 0; language < 2; language++) {
        struct mq_figures figures;
        figure_samples_new(languages[language], &figures);
        for (size_t i = 0; i < figures.count; i++) {
            const struct mq_figure *figure = &figures.figure[i];
            double size[2];
            struct mq_inked inked = {0};
            struct mq_buffer bytes = draw(figure, languages[language], MQ_DRAW_SVG, size, &inked);
            assert_close(size[0], 453.5, 1e-9);
            assert_true(inked.count > 10);
            for (size_t a = 0; a < inked.count; a++) {
                const struct mq_box *box = &inked.box[a];
                if (box->left < 3 || box->top < 3 || box->right > size[0] - 3 ||
                    box->bottom > size[1] - 3)
                    fail_msg("%s: %s at the border", figure->id, inked.text[a]);
                for (size_t b = 0; b < a; b++)
                    if (mq_boxes_meet(box, &inked.box[b]))
                        fail_msg("%s: %s and %s", figure->id, inked.text[a], inked.text[b]);
            }
            mq_inked_clear(&inked);
            mq_buffer_clear(&bytes);
        }
        mq_arena_clear(&figures.arena);
    }
}

static void image_has_size_density_and_white_margins(void **state)
{
    (void)state;
    enum { MARGIN = 9 }; /* dots: 2 points */
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    for (size_t i = 0; i < figures.count; i++) {
        double size[2];
        struct mq_buffer png = draw(&figures.figure[i], false, MQ_DRAW_PNG, size, NULL);
        cairo_surface_t *image = png_image(&png);
        assert_int_equal(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
        int width = cairo_image_surface_get_width(image);
        int height = cairo_image_surface_get_height(image);
        assert_int_equal(width, lround(size[0] / 72 * 300));
        assert_int_equal(height, lround(size[1] / 72 * 300));
        size_t ink = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                uint32_t pixel;
                memcpy(&pixel,
                       cairo_image_surface_get_data(image) +
                           (size_t)y * (size_t)cairo_image_surface_get_stride(image) + 4 * x,
                       4);
                bool white = (pixel & 0xFFFFFF) == 0xFFFFFF;
                bool border =
                    x < MARGIN || y < MARGIN || x >= width - MARGIN || y >= height - MARGIN;
                ink += !white;
                if (border && !white)
                    fail_msg("%s: ink at %d, %d", figures.figure[i].id, x, y);
            }
        assert_true(ink > (size_t)width * (size_t)height / 100);
        /* pHYs stands before the image: 300 dots an inch are 11811 a metre. */
        assert_memory_equal(png.data + 37, "pHYs\0\0\x2e\x23\0\0\x2e\x23\x01", 13);
        cairo_surface_destroy(image);
        mq_buffer_clear(&png);
    }
    mq_arena_clear(&figures.arena);
}

/* What pdftotext, a reader of its own, finds in the file. */
static struct mq_buffer words_of(const struct mq_buffer *pdf)
{
    char folder[256], path[300], command[700];
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/figure.pdf", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(pdf->data, 1, pdf->length, file), pdf->length);
    fclose(file);
    snprintf(command, sizeof command, "pdftotext -layout '%s' - && pdfinfo '%s'", path, path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    struct mq_buffer words = MQ_BUFFER_EMPTY;
    char line[4096];
    mq_buffer_text(&words, " ");
    while (fgets(line, sizeof line, pipe)) {
        line[strcspn(line, "\r\n\f")] = ' ';
        mq_buffer_text(&words, line[0] == '\f' ? line + 1 : line);
    }
    assert_int_equal(pclose(pipe), 0);
    for (size_t i = 0; i < words.length; i++)
        if (strchr("\r\n\f\t", words.data[i]))
            words.data[i] = ' ';
    unlink(path);
    rmdir(folder);
    return words;
}

static size_t times_found(const char *words, const char *text)
{
    size_t times = 0;
    for (const char *at = words; (at = strstr(at, text)); at++)
        times += at[-1] == ' ' && at[strlen(text)] == ' ';
    return times;
}

static void readers_find_the_numbers_in_the_pdf(void **state)
{
    (void)state;
    static const char *const ids[] = {"city_ranking",   "city_industry", "waterfall",
                                      "waterfall_long", "city_tiles",    "profile"};
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct mq_figure *figure = figure_sample(&figures, ids[i]);
        struct mq_buffer pdf = draw(figure, false, MQ_DRAW_PDF, NULL, NULL);
        struct mq_buffer words = words_of(&pdf);
        for (size_t cell = 0; cell < figure->rows * figure->columns; cell++) {
            const char *text = figure->cell[cell].text;
            if (!is_printed(figure, cell) || isnan(figure->cell[cell].value))
                continue;
            if (times_found(words.data, text) < times_given(figure, text) &&
                figure->kind != MQ_FIGURE_RANKING)
                fail_msg("%s: %s not found", figure->id, text);
            assert_contains(words.data, text);
        }
        assert_contains(words.data, figure->title); /* of the document */
        assert_null(strstr(words.data, "CreationDate"));
        assert_contains(words.data, "Pages:           1");
        mq_buffer_clear(&words);
        mq_buffer_clear(&pdf);
    }
    mq_arena_clear(&figures.arena);
}

static void same_figure_same_bytes(void **state)
{
    (void)state;
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    const enum mq_drawing drawings[] = {MQ_DRAW_SVG, MQ_DRAW_PDF, MQ_DRAW_PNG};
    for (size_t i = 0; i < 3; i++) {
        struct mq_buffer first[MQ_FIGURE_KINDS * 3];
        assert_true(figures.count <= sizeof first / sizeof *first);
        for (size_t j = 0; j < figures.count; j++)
            first[j] = draw(&figures.figure[j], false, drawings[i], NULL, NULL);
        if (drawings[i] == MQ_DRAW_PDF)
            sleep(1); /* a file with the time of day would differ */
        for (size_t j = figures.count; j-- > 0;) {
            struct mq_buffer again = draw(&figures.figure[j], false, drawings[i], NULL, NULL);
            assert_int_equal(again.length, first[j].length);
            assert_memory_equal(again.data, first[j].data, again.length);
            mq_buffer_clear(&again);
            mq_buffer_clear(&first[j]);
        }
    }
    mq_arena_clear(&figures.arena);
}

static void svg_is_named_and_can_share_a_page(void **state)
{
    (void)state;
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    struct mq_figure figure = *figure_sample(&figures, "city_tiles");
    figure.title = "A < B & \"C\"";
    struct mq_buffer svg = draw(&figure, false, MQ_DRAW_SVG, NULL, NULL);
    assert_contains(svg.data, "<title>A &lt; B &amp; &quot;C&quot;</title>");
    assert_contains(svg.data, "<desc>2024年得分，最高92.17分，中位数83.40分。</desc>");
    assert_contains(svg.data, "width=\"453.5pt\"");
    /* Every id and every mention of one carries the figure's name. */
    static const char *const marks[] = {" id=\"", "xlink:href=\"#", "url(#"};
    for (size_t i = 0; i < 3; i++) {
        size_t times = 0;
        for (const char *at = svg.data; (at = strstr(at, marks[i])); times++) {
            at += strlen(marks[i]);
            assert_int_equal(strncmp(at, "city_tiles-", 11), 0);
        }
        assert_true(times > 0);
    }
    mq_buffer_clear(&svg);
    mq_arena_clear(&figures.arena);
}

/* The share of light (WCAG 2.1, relative luminance). */
static double light(struct mq_colour colour)
{
    double part[] = {colour.red, colour.green, colour.blue};
    for (int i = 0; i < 3; i++)
        part[i] = part[i] <= 0.04045 ? part[i] / 12.92 : pow((part[i] + 0.055) / 1.055, 2.4);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}

static void shades_are_told_apart_and_texts_on_them_are_read(void **state)
{
    (void)state;
    for (int i = 0; i <= 100; i++) {
        double ground = light(mq_shade(i / 100.0)), ink = light(mq_ink_on(mq_shade(i / 100.0)));
        double ratio = (fmax(ground, ink) + 0.05) / (fmin(ground, ink) + 0.05);
        assert_true(ratio >= 4.5); /* what WCAG 2.1 asks for small text */
        if (i > 0)
            assert_true(ground < light(mq_shade((i - 1) / 100.0)));
    }
    for (int i = 1; i < 5; i++)
        assert_true(sqrt(light(mq_shade((i - 1) / 4.0))) - sqrt(light(mq_shade(i / 4.0))) > 0.09);
    assert_close(light(mq_shade(-3)), light(mq_shade(0)), 0);
    assert_close(light(mq_shade(7)), light(mq_shade(1)), 0);
}

static void too_large_a_figure_is_an_error(void **state)
{
    (void)state;
    enum { ROWS = 2600 };
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    struct mq_figure figure = *figure_sample(&figures, "waterfall");
    struct mq_figure_item *row = mq_arena_array(&figures.arena, ROWS, sizeof *row);
    struct mq_sheet_cell *cell = mq_arena_array(&figures.arena, ROWS, sizeof *cell);
    for (size_t i = 0; i < ROWS; i++) {
        row[i] = figure.row[1];
        cell[i] = (struct mq_sheet_cell){"*", NAN};
    }
    figure.rows = ROWS;
    figure.row = row;
    figure.cell = cell;
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    assert_int_equal(mq_draw_figure(&figure, true, MQ_DRAW_PNG, &bytes, NULL, &error), MQ_INTERNAL);
    assert_contains(error.message, "the figure \"waterfall\" cannot be drawn as PNG: ");
    mq_buffer_clear(&bytes);
    mq_arena_clear(&figures.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_that_there_is_no_font), /* first */
        cmocka_unit_test(every_number_and_name_is_drawn),
        cmocka_unit_test(texts_do_not_meet_and_are_not_cut),
        cmocka_unit_test(image_has_size_density_and_white_margins),
        cmocka_unit_test(readers_find_the_numbers_in_the_pdf),
        cmocka_unit_test(same_figure_same_bytes),
        cmocka_unit_test(svg_is_named_and_can_share_a_page),
        cmocka_unit_test(shades_are_told_apart_and_texts_on_them_are_read),
        cmocka_unit_test(too_large_a_figure_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
