/* One include for every test: cmocka's order of includes and the asserts it lacks. */
#ifndef MQ_TEST_SUPPORT_H
#define MQ_TEST_SUPPORT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* cmocka 1.1.5 compares floats in single precision; this compares doubles, relative or absolute. */
static inline void mq_assert_close(double found, double wanted, double tolerance, const char *file,
                                   int line)
{
    double scale = fabs(wanted) > 1 ? fabs(wanted) : 1;
    if (isnan(found) != isnan(wanted) ||
        (!isnan(wanted) && !(fabs(found - wanted) <= tolerance * scale))) {
        print_error("%.17g found, %.17g wanted (tolerance %g)\n", found, wanted, tolerance);
        _fail(file, line);
    }
}
#define assert_close(found, wanted, tolerance)                                                     \
    mq_assert_close(found, wanted, tolerance, __FILE__, __LINE__)

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        if (!strstr(text, part)) {                                                                 \
            print_error("\"%s\" not found in \"%s\"\n", part, text);                               \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

#endif
