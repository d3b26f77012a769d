/*
 * geometry: outlines of regions, as the user gives them. A GeoJSON FeatureCollection in degrees
 * (longitude, latitude; RFC 7946) of Polygons and MultiPolygons, and of LineStrings for lines at
 * sea. A region's code is its property adcode, code, id, gb or 区划代码, else the feature's id: the
 * first six digits, without the "156" (China) that codes of GB standards for geographic data begin
 * with.
 */
#ifndef MQ_GEOMETRY_H
#define MQ_GEOMETRY_H

#include "publish/figure.h"

struct mq_ring {
    size_t count;
    double (*point)[2]; /* longitude, latitude */
    bool open;          /* a line, not an outline */
};

struct mq_region {
    const char *code; /* six digits, "" if it has none */
    const char *name; /* "" if it has none */
    bool sea;         /* 南海诸岛 and its lines: no unit */
    size_t rings;
    struct mq_ring *ring; /* inside is what an odd number of rings surrounds */
};

struct mq_geometry {
    const char *path;
    size_t regions;
    const struct mq_region *region;
    bool country; /* spans China */
    double west, east, south, north;
};

/* Lives in `arena`. MQ_NO_INPUT if there is no such file; MQ_DATA if it is no such collection, or
 * if it spans China but lacks one of the 34 provincial units or 南海诸岛: such a map may not be
 * shown (公开地图内容表示规范, 自然资源部, 2023). */
enum mq_status mq_geometry_read(const char *path, struct mq_arena *arena,
                                const struct mq_geometry **geometry, struct mq_error *error);
/* The region of a unit's code, NULL if there is none. */
const struct mq_region *mq_geometry_find(const struct mq_geometry *geometry, const char *code);
/* MQ_DATA naming the units that have no region: none may silently be missing from a map. */
enum mq_status mq_geometry_match(const struct mq_geometry *geometry,
                                 const struct mq_figure_item *unit, size_t units,
                                 struct mq_error *error);

#endif
