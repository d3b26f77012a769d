/* real_text: exponents become zeros. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/real_text.h"

void mq_plain_real(struct mq_buffer *buffer, double value)
{
    const double size = fabs(value);
    if (size >= 0x1p53 && size < 1e19) { /* whole, like all doubles of that size */
        mq_buffer_format(buffer, "%.0f", value);
        return;
    }
    size_t before = buffer->length;
    mq_buffer_real(buffer, value);
    if (!(size < 1e-4 && size >= 1e-30) || buffer->failed)
        return;
    /* "-1.25e-07" -> "-0.000000125" */
    char text[40], digits[40];
    size_t length = buffer->length - before, count = 0, i = value < 0;
    if (length >= sizeof text)
        return;
    memcpy(text, buffer->data + before, length);
    text[length] = '\0';
    for (; text[i] && text[i] != 'e'; i++)
        if (text[i] != '.')
            digits[count++] = text[i];
    long exponent = text[i] == 'e' ? strtol(text + i + 1, NULL, 10) : 0;
    if (exponent >= 0) /* not in exponent form */
        return;
    buffer->length = before;
    mq_buffer_text(buffer, value < 0 ? "-0." : "0.");
    for (long zeros = exponent + 1; zeros < 0; zeros++)
        mq_buffer_add(buffer, "0", 1);
    mq_buffer_add(buffer, digits, count);
}
