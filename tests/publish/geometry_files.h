/* Geometry for tests: squares of no real place. */
#ifndef MQ_TEST_GEOMETRY_FILES_H
#define MQ_TEST_GEOMETRY_FILES_H

#include <unistd.h>

#include "publish/geometry.h"
#include "realistic.h"
#include "support.h"

/* Prefixes of the 34 provincial units. */
static const int all_provinces[34] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                      35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                      53, 54, 61, 62, 63, 64, 65, 71, 81, 82};

static inline void add_square(struct mq_buffer *json, const char *properties, double west,
                              double south, double side)
{
    double east = west + side, north = south + side;
    mq_buffer_format(json,
                     "%s{\"type\":\"Feature\",\"properties\":{%s},\"geometry\":{\"type\":"
                     "\"Polygon\",\"coordinates\":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}",
                     json->length ? "," : "", properties, west, south, east, south, east, north,
                     west, north, west, south);
}

/* The 34 without one, and the lines at sea if wanted. */
static inline void add_country(struct mq_buffer *json, int without, bool sea)
{
    for (int i = 0; i < 34; i++) {
        char properties[80];
        snprintf(properties, sizeof properties, "\"adcode\":%d0000,\"name\":\"P%d\"",
                 all_provinces[i], all_provinces[i]);
        if (all_provinces[i] != without)
            add_square(json, properties, 75 + 8 * (i % 7), 20 + 6 * (i / 7), 7);
    }
    if (sea)
        mq_buffer_text(json, ",{\"type\":\"Feature\",\"properties\":{\"adcode\":\"100000_JD\"},"
                             "\"geometry\":{\"type\":\"MultiLineString\",\"coordinates\":"
                             "[[[110,5],[110,8]],[[117,5],[118,8]]]}}");
}

/* Reads a collection of these features. */
static inline enum mq_status read_features(const char *features, struct mq_arena *arena,
                                           const struct mq_geometry **geometry,
                                           struct mq_error *error)
{
    char folder[256], path[300];
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/regions.json", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "{\"type\":\"FeatureCollection\",\"features\":[%s]}", features);
    fclose(file);
    enum mq_status status = mq_geometry_read(path, arena, geometry, error);
    unlink(path);
    rmdir(folder);
    return status;
}

#endif
