/* figures/<id>.svg, .pdf, .png: the figures alone, for whoever lays out pages elsewhere. */
#include "publish/draft.h"

static enum mq_status write_one(const struct mq_figure *figure, bool chinese,
                                enum mq_drawing drawing, const char *path, struct mq_error *error)
{
    struct mq_buffer bytes = MQ_BUFFER_EMPTY;
    enum mq_status status = mq_draw_figure(figure, chinese, drawing, &bytes, NULL, error);
    if (status == MQ_OK)
        status = mq_write_file(path, bytes.data, bytes.length, error);
    mq_buffer_clear(&bytes);
    return status;
}

static enum mq_status write_all(const struct mq_publication *publication, const char *directory,
                                enum mq_drawing drawing, const char *extension,
                                struct mq_error *error)
{
    const struct mq_figures *figures = publication->figures;
    if (!figures || figures->count == 0)
        return MQ_OK;
    enum mq_status status = mq_make_folder(directory, "figures", error);
    for (size_t i = 0; status == MQ_OK && i < figures->count; i++) {
        struct mq_buffer path = MQ_BUFFER_EMPTY;
        mq_buffer_format(&path, "%s/figures/%s.%s", directory, figures->figure[i].id, extension);
        status = path.failed ? mq_fail_memory(error)
                             : write_one(&figures->figure[i], publication->chinese, drawing,
                                         path.data, error);
        mq_buffer_clear(&path);
    }
    return status;
}

enum mq_status mq_write_svg(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error)
{
    return write_all(publication, directory, MQ_DRAW_SVG, "svg", error);
}

enum mq_status mq_write_pdf(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error)
{
    return write_all(publication, directory, MQ_DRAW_PDF, "pdf", error);
}

enum mq_status mq_write_png(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error)
{
    return write_all(publication, directory, MQ_DRAW_PNG, "png", error);
}
