/* Inside the drawing of maps: degrees to points on paper, shapes, places for names. */
#ifndef MQ_PROJECT_H
#define MQ_PROJECT_H

#include "publish/canvas.h"
#include "publish/geometry.h"

/* Albers' equal-area conic (25°N and 47°N, about 105°E) for the country and large parts of it; else
 * equirectangular about the middle, which is true enough for a province. */
struct mq_projection {
    bool conic;
    double middle;        /* latitude, of equirectangular */
    double scale, dx, dy; /* to points */
};
/* Fits the geometry into the box, in its middle; `used` receives the box it takes. */
void mq_projection_fit(struct mq_projection *projection, const struct mq_geometry *geometry,
                       const struct mq_box *within, struct mq_box *used);

/* The outline of a region on paper, without points too near to each other to be seen. */
struct mq_outline {
    size_t points, parts;
    double (*point)[2];
    size_t *end; /* [parts]: one past the part's last point */
    bool *open;  /* [parts] */
    double area; /* of all closed parts, without sign; holes count against */
};
/* Leaves out points nearer than `least` to the one before. False if out of memory. */
bool mq_outline_make(struct mq_arena *arena, const struct mq_projection *projection,
                     const struct mq_region *region, double least, struct mq_outline *shape);
bool mq_outline_holds(const struct mq_outline *shape, double x, double y);
/* The point of the largest part that is farthest from all outlines, and how far it is. */
double mq_outline_middle(const struct mq_outline *shape, double at[2]);

#endif
