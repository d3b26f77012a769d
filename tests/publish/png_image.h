/* A PNG in memory as an image whose dots can be looked at. */
#ifndef MQ_TEST_PNG_IMAGE_H
#define MQ_TEST_PNG_IMAGE_H

#include <cairo.h>
#include <string.h>

#include "core/core.h"

struct png_source {
    const struct mq_buffer *bytes;
    size_t at;
};

static inline cairo_status_t png_take(void *closure, unsigned char *data, unsigned int count)
{
    struct png_source *source = closure;
    if (source->at + count > source->bytes->length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, source->bytes->data + source->at, count);
    source->at += count;
    return CAIRO_STATUS_SUCCESS;
}

static inline cairo_surface_t *png_image(const struct mq_buffer *png)
{
    return cairo_image_surface_create_from_png_stream(png_take, &(struct png_source){png, 0});
}

#endif
