/* figures/<id>.<ext>: the same bytes as the drawing, whole or not at all. */
#include <sys/stat.h>
#include <unistd.h>

#include "figure_samples.h"
#include "publish/draft.h"
#include "realistic.h"
#include "support.h"

typedef enum mq_status writer(const struct mq_publication *, const char *, struct mq_error *);

static const struct format {
    const char *name;
    writer *write;
    enum mq_drawing drawing;
    const char *begins;
} formats[] = {{"svg", mq_write_svg, MQ_DRAW_SVG, "<?xml"},
               {"pdf", mq_write_pdf, MQ_DRAW_PDF, "%PDF-1."},
               {"png", mq_write_png, MQ_DRAW_PNG, "\x89PNG\r\n\x1a\n"}};

static const struct mq_writer *writer_of(const char *name)
{
    for (size_t i = 0; i < mq_writers_count; i++)
        if (strcmp(mq_writers[i]->name, name) == 0)
            return mq_writers[i];
    fail_msg("no writer %s", name);
    return NULL;
}

static void files_are_the_drawings(void **state)
{
    (void)state;
    char folder[256], path[400];
    realistic_folder(folder);
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    const struct mq_publication publication = {.chinese = true, .figures = &figures};
    for (size_t i = 0; i < 3; i++) {
        const struct mq_writer *self = writer_of(formats[i].name);
        assert_ptr_equal(self->write, formats[i].write);
        assert_int_equal(self->wants, MQ_WANT_FIGURES);
        assert_int_equal(self->write(&publication, folder, NULL), MQ_OK);
        for (size_t j = 0; j < figures.count; j++) {
            struct mq_buffer wanted = MQ_BUFFER_EMPTY, found = MQ_BUFFER_EMPTY;
            snprintf(path, sizeof path, "%s/figures/%s.%s", folder, figures.figure[j].id,
                     formats[i].name);
            assert_int_equal(
                mq_draw_figure(&figures.figure[j], true, formats[i].drawing, &wanted, NULL, NULL),
                MQ_OK);
            assert_int_equal(mq_read_file(path, &found, NULL), MQ_OK);
            assert_int_equal(found.length, wanted.length);
            assert_memory_equal(found.data, wanted.data, found.length);
            assert_memory_equal(found.data, formats[i].begins, strlen(formats[i].begins));
            mq_buffer_clear(&wanted);
            mq_buffer_clear(&found);
            unlink(path);
        }
    }
    snprintf(path, sizeof path, "%s/figures", folder);
    assert_int_equal(rmdir(path), 0); /* nothing else was written */
    rmdir(folder);
    mq_arena_clear(&figures.arena);
}

static void no_figures_no_folder(void **state)
{
    (void)state;
    char folder[256];
    realistic_folder(folder);
    const struct mq_figures none = {0};
    const struct mq_publication publications[] = {{.chinese = true}, {.figures = &none}};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(formats[i / 2].write(&publications[i % 2], folder, NULL), MQ_OK);
    assert_int_equal(rmdir(folder), 0);
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    char folder[256], path[400];
    realistic_folder(folder);
    struct mq_figures figures;
    figure_samples_new(false, &figures);
    figures.count = 1;
    const struct mq_publication publication = {.chinese = true, .figures = &figures};
    snprintf(path, sizeof path, "%s/figures", folder);
    FILE *file = fopen(path, "w"); /* a file where the folder should be */
    assert_non_null(file);
    fclose(file);
    for (size_t i = 0; i < 3; i++) {
        struct mq_error error = {0};
        assert_int_equal(formats[i].write(&publication, folder, &error), MQ_CANNOT_WRITE);
        assert_contains(error.file, "/figures/trend.");
        assert_int_equal(formats[i].write(&publication, "/nowhere/at/all", &error),
                         MQ_CANNOT_WRITE);
        assert_contains(error.message, "the folder cannot be made");
    }
    unlink(path);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/figures/trend.svg", folder);
    assert_int_equal(mkdir(path, 0777), 0); /* a folder where the file should be */
    struct mq_error error = {0};
    assert_int_not_equal(mq_write_svg(&publication, folder, &error), MQ_OK);
    assert_contains(error.file, "/figures/trend.svg");
    rmdir(path);
    snprintf(path, sizeof path, "%s/figures", folder);
    assert_int_equal(rmdir(path), 0); /* no part of the file was left */
    rmdir(folder);
    mq_arena_clear(&figures.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_the_drawings),
        cmocka_unit_test(no_figures_no_folder),
        cmocka_unit_test(what_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
