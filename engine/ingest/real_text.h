/* real_text: doubles of other programs' tables as cells. */
#ifndef MQ_REAL_TEXT_H
#define MQ_REAL_TEXT_H

#include "core/core.h"

/* The shortest text that reads back, without an exponent (which an amount may not have) for all
 * sizes from 1e-30 up to 1e19: 1234, 0.00001, 100000000000000000. NaN writes nothing. */
void mq_plain_real(struct mq_buffer *buffer, double value);

#endif
