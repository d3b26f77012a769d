/* Regions from GeoJSON. */
#include "publish/geometry.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Provincial units: the first two digits of their codes (GB/T 2260) and how their names begin. */
static const struct province {
    char prefix[3];
    const char *name;
} provinces[] = {{"11", "北京"}, {"12", "天津"}, {"13", "河北"},   {"14", "山西"}, {"15", "内蒙古"},
                 {"21", "辽宁"}, {"22", "吉林"}, {"23", "黑龙江"}, {"31", "上海"}, {"32", "江苏"},
                 {"33", "浙江"}, {"34", "安徽"}, {"35", "福建"},   {"36", "江西"}, {"37", "山东"},
                 {"41", "河南"}, {"42", "湖北"}, {"43", "湖南"},   {"44", "广东"}, {"45", "广西"},
                 {"46", "海南"}, {"50", "重庆"}, {"51", "四川"},   {"52", "贵州"}, {"53", "云南"},
                 {"54", "西藏"}, {"61", "陕西"}, {"62", "甘肃"},   {"63", "青海"}, {"64", "宁夏"},
                 {"65", "新疆"}, {"71", "台湾"}, {"81", "香港"},   {"82", "澳门"}};
enum { PROVINCES = sizeof provinces / sizeof *provinces, SPANS_COUNTRY = 20 };

struct reader {
    const char *path;
    struct mq_arena *arena;
    struct mq_geometry *geometry;
    struct mq_region *region;
    size_t feature; /* from 1, for messages */
    struct mq_error *error;
};

static enum mq_status refuse(const struct reader *reader, const char *what)
{
    if (reader->feature == 0)
        return mq_fail(reader->error, MQ_DATA, reader->path, 0, 0, "%s", what);
    return mq_fail(reader->error, MQ_DATA, reader->path, 0, 0, "feature %zu: %s", reader->feature,
                   what);
}

/* ---- codes ---- */

/* Six digits of "156210000", "210000" or 210000; "" if there are fewer. */
static bool six_digits(const json_t *value, char code[7])
{
    char text[32] = "";
    if (json_is_integer(value))
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
    else if (json_is_string(value))
        snprintf(text, sizeof text, "%.31s", json_string_value(value));
    const char *digits = text;
    if (strncmp(digits, "156", 3) == 0 && strspn(digits, "0123456789") >= 9)
        digits += 3;
    if (strspn(digits, "0123456789") < 6)
        return false;
    memcpy(code, digits, 6);
    code[6] = '\0';
    return true;
}

static const json_t *property(const json_t *feature, const char *name)
{
    return json_object_get(json_object_get(feature, "properties"), name);
}

static bool mentions(const json_t *value, const char *part)
{
    return json_is_string(value) && strstr(json_string_value(value), part);
}

static enum mq_status read_names(const struct reader *reader, const json_t *feature,
                                 struct mq_region *region)
{
    static const char *const names[] = {"adcode", "code", "id", "gb", "GB", "区划代码"};
    static const char *const titles[] = {"name", "NAME", "名称", "fullname"};
    char code[7] = "";
    bool found = false;
    region->name = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *value = property(feature, names[i]);
        region->sea |= mentions(value, "_JD");
        found = found || six_digits(value, code);
    }
    if (!found)
        six_digits(json_object_get(feature, "id"), code);
    for (size_t i = sizeof titles / sizeof *titles; i-- > 0;) {
        const json_t *value = property(feature, titles[i]);
        if (json_is_string(value))
            region->name =
                mq_arena_string(reader->arena, json_string_value(value), json_string_length(value));
    }
    if (!region->name)
        return mq_fail_memory(reader->error);
    region->sea |= strstr(region->name, "南海诸岛") || strstr(region->name, "九段线") ||
                   strstr(region->name, "十段线");
    region->code =
        mq_arena_string(reader->arena, region->sea ? "" : code, region->sea ? 0 : strlen(code));
    return region->code ? MQ_OK : mq_fail_memory(reader->error);
}

/* ---- coordinates ---- */

static enum mq_status read_ring(struct reader *reader, const json_t *points, bool open,
                                struct mq_ring *ring)
{
    size_t count = json_array_size(points);
    if (json_is_string(points))
        return refuse(reader, "the coordinates are compressed (UTF8Encoding); give plain GeoJSON "
                              "with numbers");
    if (count == 0) /* files do have islands of one point: they stay on the map as a dot */
        return refuse(reader, "an outline has no points");
    *ring = (struct mq_ring){.open = open};
    ring->point = mq_arena_array(reader->arena, count, sizeof *ring->point);
    if (!ring->point)
        return mq_fail_memory(reader->error);
    for (size_t i = 0; i < count; i++) {
        const json_t *point = json_array_get(points, i);
        const json_t *x = json_array_get(point, 0), *y = json_array_get(point, 1);
        if (!json_is_number(x) || !json_is_number(y))
            return refuse(reader, "a point is not two numbers");
        double east = json_number_value(x), north = json_number_value(y);
        if (fabs(east) > 180 || fabs(north) > 90)
            return refuse(reader, "coordinates are not degrees of longitude and latitude; "
                                  "convert the file to CGCS2000 or WGS 84");
        ring->point[i][0] = east;
        ring->point[i][1] = north;
        struct mq_geometry *whole = reader->geometry;
        whole->west = fmin(whole->west, east);
        whole->east = fmax(whole->east, east);
        whole->south = fmin(whole->south, north);
        whole->north = fmax(whole->north, north);
    }
    ring->count = count;
    return MQ_OK;
}

/* `depth`: how many arrays lie between `value` and a ring: 0 for a line, 1 for the rings of a
 * polygon or several lines, 2 for several polygons. Counts, then reads into region->ring. */
static enum mq_status read_rings(struct reader *reader, const json_t *value, int depth, bool open,
                                 struct mq_region *region)
{
    if (depth == 0)
        return read_ring(reader, value, open, &region->ring[region->rings++]);
    size_t count = json_array_size(value);
    for (size_t i = 0; i < count; i++)
        MQ_TRY(read_rings(reader, json_array_get(value, i), depth - 1, open, region));
    return MQ_OK;
}

static size_t count_rings(const json_t *value, int depth)
{
    if (depth == 0)
        return 1;
    size_t rings = 0;
    for (size_t i = 0; i < json_array_size(value); i++)
        rings += count_rings(json_array_get(value, i), depth - 1);
    return rings;
}

static enum mq_status read_shape(struct reader *reader, const json_t *feature,
                                 struct mq_region *region)
{
    static const struct shape {
        const char *type;
        int depth;
        bool open;
    } shapes[] = {{"Polygon", 1, false},
                  {"MultiPolygon", 2, false},
                  {"LineString", 0, true},
                  {"MultiLineString", 1, true}};
    const json_t *geometry = json_object_get(feature, "geometry");
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    for (size_t i = 0; type && i < sizeof shapes / sizeof *shapes; i++) {
        if (strcmp(type, shapes[i].type) != 0)
            continue;
        size_t rings = count_rings(coordinates, shapes[i].depth);
        region->ring = mq_arena_array(reader->arena, rings + 1, sizeof *region->ring);
        if (!region->ring)
            return mq_fail_memory(reader->error);
        if (rings == 0)
            return refuse(reader, "it has no outline");
        return read_rings(reader, coordinates, shapes[i].depth, shapes[i].open, region);
    }
    return refuse(reader, "its geometry is neither Polygon nor MultiPolygon (nor LineString)");
}

/* ---- the whole ---- */

static bool is_of(const struct mq_region *region, const struct province *province)
{
    return region->code[0] ? strncmp(region->code, province->prefix, 2) == 0
                           : strncmp(region->name, province->name, strlen(province->name)) == 0;
}

/* A map of China shows all of it or is not drawn. */
static enum mq_status check_country(const struct reader *reader)
{
    struct mq_geometry *geometry = reader->geometry;
    size_t present = 0;
    bool sea = false;
    struct mq_buffer lacking = MQ_BUFFER_EMPTY;
    for (size_t i = 0; i < PROVINCES; i++) {
        bool found = false;
        for (size_t j = 0; j < geometry->regions && !found; j++)
            found = !geometry->region[j].sea && is_of(&geometry->region[j], &provinces[i]);
        present += found;
        if (!found)
            mq_buffer_format(&lacking, "%s%s", lacking.length ? "、" : "", provinces[i].name);
    }
    for (size_t j = 0; j < geometry->regions; j++)
        sea |= geometry->region[j].sea;
    if (!sea)
        mq_buffer_format(&lacking, "%s%s", lacking.length ? "、" : "", "南海诸岛");
    geometry->country = present > SPANS_COUNTRY;
    enum mq_status status = MQ_OK;
    if (lacking.failed)
        status = mq_fail_memory(reader->error);
    else if (geometry->country && lacking.length)
        status = mq_fail(reader->error, MQ_DATA, reader->path, 0, 0,
                         "a map of China without %s may not be shown: give a geometry with all 34 "
                         "provincial units and 南海诸岛 (a feature with the code 100000_JD or that "
                         "name)",
                         lacking.data);
    mq_buffer_clear(&lacking);
    return status;
}

static enum mq_status read_features(struct reader *reader, const json_t *features)
{
    size_t count = json_array_size(features);
    struct mq_geometry *geometry = reader->geometry;
    struct mq_region *region = mq_arena_array(reader->arena, count + 1, sizeof *region);
    if (!region)
        return mq_fail_memory(reader->error);
    if (count == 0)
        return refuse(reader, "not a GeoJSON FeatureCollection: there are no features in it");
    geometry->region = region;
    for (size_t i = 0; i < count; i++) {
        const json_t *feature = json_array_get(features, i);
        reader->feature = i + 1;
        MQ_TRY(read_names(reader, feature, &region[i]));
        MQ_TRY(read_shape(reader, feature, &region[i]));
        geometry->regions++;
    }
    reader->feature = 0;
    return check_country(reader);
}

enum mq_status mq_geometry_read(const char *path, struct mq_arena *arena,
                                const struct mq_geometry **geometry, struct mq_error *error)
{
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    struct mq_geometry *made = mq_arena_alloc(arena, sizeof *made);
    char *name = mq_arena_string(arena, path, strlen(path));
    enum mq_status status = made && name ? MQ_OK : mq_fail_memory(error);
    if (status == MQ_OK)
        status = mq_read_file(path, &content, error);
    if (status == MQ_OK) {
        *made = (struct mq_geometry){.path = name,
                                     .west = INFINITY,
                                     .east = -INFINITY,
                                     .south = INFINITY,
                                     .north = -INFINITY};
        struct reader reader = {.path = path, .arena = arena, .geometry = made, .error = error};
        json_error_t why = {0};
        json_t *root = json_loadb(content.data ? content.data : "", content.length, 0, &why);
        if (root)
            status = read_features(&reader, json_object_get(root, "features"));
        else
            status = mq_fail(error, MQ_DATA, path, why.line, why.column, "not JSON: %s", why.text);
        json_decref(root);
    }
    mq_buffer_clear(&content);
    *geometry = status == MQ_OK ? made : NULL;
    return status;
}

const struct mq_region *mq_geometry_find(const struct mq_geometry *geometry, const char *code)
{
    size_t length = strspn(code, "0123456789");
    if (length < 2 || length > 6 || code[length])
        return NULL;
    char whole[7] = "000000";
    memcpy(whole, code, length); /* "21" and "2101" are short for "210000" and "210100" */
    for (size_t i = 0; i < geometry->regions; i++)
        if (strcmp(geometry->region[i].code, whole) == 0)
            return &geometry->region[i];
    return NULL;
}

enum mq_status mq_geometry_match(const struct mq_geometry *geometry,
                                 const struct mq_figure_item *unit, size_t units,
                                 struct mq_error *error)
{
    struct mq_buffer lacking = MQ_BUFFER_EMPTY;
    enum mq_status status = MQ_OK;
    for (size_t i = 0; i < units; i++)
        if (!mq_geometry_find(geometry, unit[i].code))
            mq_buffer_format(&lacking, "%s%s (%s)", lacking.length ? ", " : "", unit[i].name,
                             unit[i].code);
    if (lacking.failed)
        status = mq_fail_memory(error);
    else if (lacking.length)
        status = mq_fail(error, MQ_DATA, geometry->path, 0, 0,
                         "the geometry has no region with the code of %s: give one that has all "
                         "units of the level, with their codes in the property adcode",
                         lacking.data);
    mq_buffer_clear(&lacking);
    return status;
}
