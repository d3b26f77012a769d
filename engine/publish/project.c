/* Albers: J. P. Snyder, Map Projections: A Working Manual (USGS 1395), spherical form, ch. 14. */
#include "publish/project.h"

#include <math.h>

static double radians(double degrees)
{
    return degrees * M_PI / 180;
}

/* On a sphere of radius 1, y upwards. */
static void project(const struct mq_projection *projection, const double degrees[2], double at[2])
{
    if (!projection->conic) {
        at[0] = radians(degrees[0]) * cos(radians(projection->middle));
        at[1] = radians(degrees[1]);
        return;
    }
    double south = sin(radians(25)), n = (south + sin(radians(47))) / 2;
    double c = cos(radians(25)) * cos(radians(25)) + 2 * n * south;
    double rho = sqrt(fmax(c - 2 * n * sin(radians(degrees[1])), 0)) / n;
    double theta = n * radians(degrees[0] - 105);
    at[0] = rho * sin(theta);
    at[1] = -rho * cos(theta);
}

static void on_paper(const struct mq_projection *projection, const double degrees[2], double at[2])
{
    project(projection, degrees, at);
    at[0] = projection->dx + projection->scale * at[0];
    at[1] = projection->dy - projection->scale * at[1];
}

void mq_projection_fit(struct mq_projection *projection, const struct mq_geometry *geometry,
                       const struct mq_box *within, struct mq_box *used)
{
    struct mq_box seen = {INFINITY, INFINITY, -INFINITY, -INFINITY}; /* top: least y upwards */
    bool large =
        geometry->east - geometry->west > 20 && geometry->west > 60 && geometry->east < 150;
    *projection = (struct mq_projection){.conic = geometry->country || large,
                                         .middle = (geometry->south + geometry->north) / 2};
    for (size_t i = 0; i < geometry->regions; i++)
        for (size_t j = 0; j < geometry->region[i].rings; j++) {
            const struct mq_ring *ring = &geometry->region[i].ring[j];
            for (size_t k = 0; k < ring->count; k++) {
                double at[2];
                project(projection, ring->point[k], at);
                seen.left = fmin(seen.left, at[0]);
                seen.right = fmax(seen.right, at[0]);
                seen.top = fmin(seen.top, at[1]);
                seen.bottom = fmax(seen.bottom, at[1]);
            }
        }
    double wide = fmax(seen.right - seen.left, 1e-9), high = fmax(seen.bottom - seen.top, 1e-9);
    double room = within->right - within->left;
    double scale = fmin(room / wide, (within->bottom - within->top) / high);
    projection->scale = scale;
    projection->dx = within->left + (room - scale * wide) / 2 - scale * seen.left;
    projection->dy = within->top + scale * seen.bottom;
    used->left = projection->dx + scale * seen.left;
    used->right = used->left + scale * wide;
    used->top = within->top;
    used->bottom = within->top + scale * high;
}

static double ring_area(const struct mq_outline *shape, size_t part)
{
    size_t first = part ? shape->end[part - 1] : 0, end = shape->end[part];
    double twice = 0;
    for (size_t i = first, j = end - 1; i < end; j = i++)
        twice += shape->point[j][0] * shape->point[i][1] - shape->point[i][0] * shape->point[j][1];
    return fabs(twice) / 2;
}

bool mq_outline_make(struct mq_arena *arena, const struct mq_projection *projection,
                     const struct mq_region *region, double least, struct mq_outline *shape)
{
    size_t most = 1;
    for (size_t i = 0; i < region->rings; i++)
        most += region->ring[i].count;
    *shape =
        (struct mq_outline){.point = mq_arena_array(arena, most, sizeof *shape->point),
                            .end = mq_arena_array(arena, region->rings + 1, sizeof *shape->end),
                            .open = mq_arena_array(arena, region->rings + 1, 1)};
    if (!shape->point || !shape->end || !shape->open)
        return false;
    for (size_t i = 0; i < region->rings; i++) {
        const struct mq_ring *ring = &region->ring[i];
        size_t first = shape->points;
        for (size_t k = 0; k < ring->count; k++) {
            double *at = shape->point[shape->points];
            on_paper(projection, ring->point[k], at);
            bool near =
                shape->points > first && hypot(at[0] - shape->point[shape->points - 1][0],
                                               at[1] - shape->point[shape->points - 1][1]) < least;
            /* Small islands keep their points: nothing may vanish. */
            if (!near || k + 1 == ring->count || ring->count < 8)
                shape->points++;
        }
        shape->open[shape->parts] = ring->open;
        shape->end[shape->parts++] = shape->points;
        if (!ring->open)
            shape->area += ring_area(shape, i);
    }
    return true;
}

bool mq_outline_holds(const struct mq_outline *shape, double x, double y)
{
    bool inside = false;
    for (size_t part = 0, first = 0; part < shape->parts; first = shape->end[part++])
        for (size_t i = first, j = shape->end[part] - 1; i < shape->end[part] && !shape->open[part];
             j = i++) {
            const double *a = shape->point[i], *b = shape->point[j];
            if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
                inside = !inside;
        }
    return inside;
}

/* Squared. */
static double to_segment(double x, double y, const double *a, const double *b)
{
    double dx = b[0] - a[0], dy = b[1] - a[1], length = dx * dx + dy * dy;
    double t = length > 0 ? ((x - a[0]) * dx + (y - a[1]) * dy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double ex = x - a[0] - t * dx, ey = y - a[1] - t * dy;
    return ex * ex + ey * ey;
}

/* To the nearest outline, squared; or some distance of at most `enough`. */
static double clearance(const struct mq_outline *shape, double x, double y, double enough)
{
    double least = INFINITY;
    for (size_t part = 0, first = 0; part < shape->parts; first = shape->end[part++])
        for (size_t i = first, j = shape->end[part] - 1; i < shape->end[part] && least > enough;
             j = i++)
            least = fmin(least, to_segment(x, y, shape->point[i], shape->point[j]));
    return least;
}

double mq_outline_middle(const struct mq_outline *shape, double at[2])
{
    enum { STEPS = 20 };
    size_t best = 0;
    double most = -1;
    for (size_t part = 0; part < shape->parts; part++)
        if (!shape->open[part] && ring_area(shape, part) > most) {
            most = ring_area(shape, part);
            best = part;
        }
    struct mq_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = best ? shape->end[best - 1] : 0; i < shape->end[best]; i++) {
        box.left = fmin(box.left, shape->point[i][0]);
        box.right = fmax(box.right, shape->point[i][0]);
        box.top = fmin(box.top, shape->point[i][1]);
        box.bottom = fmax(box.bottom, shape->point[i][1]);
    }
    at[0] = (box.left + box.right) / 2;
    at[1] = (box.top + box.bottom) / 2;
    double clear =
        most >= 0 && mq_outline_holds(shape, at[0], at[1]) ? clearance(shape, at[0], at[1], 0) : -1;
    for (int i = 0; i < STEPS * STEPS && most >= 0; i++) {
        int row = i / STEPS;
        double x = box.left + (box.right - box.left) * (i % STEPS + 0.5) / STEPS;
        double y = box.top + (box.bottom - box.top) * (row + 0.5) / STEPS;
        if (!mq_outline_holds(shape, x, y))
            continue;
        double here = clearance(shape, x, y, clear);
        if (here > clear) {
            clear = here;
            at[0] = x;
            at[1] = y;
        }
    }
    return clear > 0 ? sqrt(clear) : 0;
}
