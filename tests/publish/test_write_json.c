/* JSON-stat: the cube read back by jansson, cell by cell, and what explains it. */
#include "data_fixture.h"

#include <jansson.h>

static json_t *load(const char *folder, const char *file)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s.json", folder, file);
    json_error_t error;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    if (!json)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return json;
}

static const json_t *index_of(const json_t *dataset, const char *dimension)
{
    const json_t *one = json_object_get(json_object_get(dataset, "dimension"), dimension);
    return json_object_get(json_object_get(one, "category"), "index");
}

static const char *code_at(const json_t *index, size_t i)
{
    assert_true(i < json_array_size(index));
    return json_string_value(json_array_get(index, i));
}

static int value_decimals(const json_t *dataset, const char *node)
{
    const json_t *decimals = json_object_get(json_object_get(dataset, "extension"), "decimals");
    return (int)json_number_value(
        json_object_get(json_object_get(decimals, node), "value")); /* 0 for parents */
}

/* Row-major, the last dimension fastest. */
static size_t check_cells(const struct realistic *set, const json_t *dataset, const char *level)
{
    static const char *const ids[] = {"time", "unit", "node", "measure"};
    const json_t *index[4], *value = json_object_get(dataset, "value");
    size_t size[4], units = 0;
    for (size_t i = 0; i < 4; i++) {
        index[i] = index_of(dataset, ids[i]);
        assert_string_equal(code_at(json_object_get(dataset, "id"), i), ids[i]);
        size[i] = json_array_size(index[i]);
        assert_true(json_real_value(json_array_get(json_object_get(dataset, "size"), i)) ==
                    (double)size[i]);
    }
    assert_int_equal(json_array_size(value), size[0] * size[1] * size[2] * size[3]);
    const json_t *status = json_object_get(dataset, "status");
    for (size_t i = 0; i < json_array_size(value); i++) {
        enum mq_measure measure = (enum mq_measure)(i % size[3]);
        size_t node = (size_t)realistic_node(set, code_at(index[2], i / size[3] % size[2]));
        size_t unit = fixture_unit(set, code_at(index[0], i / (size[1] * size[2] * size[3])), level,
                                   code_at(index[1], i / (size[2] * size[3]) % size[1]));
        double wanted = unit == NO_UNIT ? NAN : fixture_wanted(set, unit, node, measure);
        const json_t *cell = json_array_get(value, i);
        char key[24];
        snprintf(key, sizeof key, "%zu", i);
        const char *why = json_string_value(json_object_get(status, key));
        assert_int_equal(json_is_null(cell), isnan(wanted));
        assert_int_equal(json_is_null(cell), why != NULL); /* all numbers here are plain ones */
        units += unit != NO_UNIT;
        if (unit == NO_UNIT)
            assert_string_equal(why, "absent");
        else if (measure == MQ_MEASURE_VALUE && !set->model.node[node].leaf)
            assert_string_equal(why, "not_applicable");
        else if (fixture_withheld(set, unit, node))
            assert_string_equal(why, "withheld");
        if (measure == MQ_MEASURE_VALUE)
            wanted = fixture_round(wanted, value_decimals(dataset, set->model.node[node].id));
        assert_close(json_number_value(cell), isnan(wanted) ? 0 : wanted, 1e-9);
    }
    return units;
}

static void check_frame(const json_t *dataset, const struct realistic *set)
{
    assert_string_equal(json_string_value(json_object_get(dataset, "version")), "2.0");
    assert_string_equal(json_string_value(json_object_get(dataset, "class")), "dataset");
    assert_string_equal(json_string_value(json_object_get(dataset, "source")), NASTY);
    assert_null(json_object_get(dataset, "updated"));
    const json_t *extension = json_object_get(dataset, "extension");
    assert_string_equal(json_string_value(json_object_get(extension, "model")), set->model.id);
    assert_string_equal(json_string_value(json_object_get(extension, "edition")), "2024");
    assert_string_equal(json_string_value(json_object_get(extension, "modelDigest")),
                        set->provenance.model_digest);
    assert_int_equal(json_array_size(json_object_get(dataset, "note")), set->model.assumptions);
    /* every status is explained */
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(dataset, "status"), key, value) assert_non_null(
        json_object_get(json_object_get(extension, "status"), json_string_value(value)));
    json_t *child = json_object_get(
        json_object_get(json_object_get(json_object_get(dataset, "dimension"), "node"), "category"),
        "child");
    size_t children = 0;
    json_object_foreach(child, key, value) children += json_array_size(value);
    assert_int_equal(children, set->model.nodes - 1); /* one root */
}

static void every_number_reads_back(void **state)
{
    (void)state;
    for (int axes = 2; axes <= 3; axes++) {
        struct realistic set;
        fixture_new(&set, axes == 3);
        if (axes == 3)
            fixture_three_axes(&set);
        struct mq_publication *publication = fixture_publication(&set);
        char folder[256];
        realistic_folder(folder);
        assert_int_equal(fixture_writer("json")->write(publication, folder, NULL), MQ_OK);
        size_t cells = 0;
        for (size_t i = 0; i < set.model.levels; i++) {
            json_t *dataset = load(folder, set.model.level[i].id);
            check_frame(dataset, &set);
            cells += check_cells(&set, dataset, set.model.level[i].id);
            json_decref(dataset);
        }
        assert_int_equal(cells, set.frame.units * set.model.nodes * MQ_MEASURES);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void the_collection_links_all(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    set.model.level[1].id = "collection";
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("json")->write(publication, folder, NULL), MQ_OK);
    json_t *collection = load(folder, "collection");
    assert_string_equal(json_string_value(json_object_get(collection, "class")), "collection");
    const json_t *items = json_object_get(json_object_get(collection, "link"), "item");
    assert_int_equal(json_array_size(items), 4);
    assert_string_equal(json_string_value(json_object_get(json_array_get(items, 1), "href")),
                        "level-collection.json");
    for (size_t i = 0; i < 4; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/data/%s", folder,
                 json_string_value(json_object_get(json_array_get(items, i), "href")));
        json_t *dataset = json_load_file(path, 0, NULL);
        assert_non_null(dataset);
        assert_string_equal(json_string_value(json_object_get(dataset, "label")),
                            json_string_value(json_object_get(json_array_get(items, i), "label")));
        json_decref(dataset);
    }
    json_decref(collection);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* The files may be put into a page: no tag can begin in them; digits stay as published. */
static void bytes_are_safe_and_exact(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    realistic_score(&set, fixture_unit(&set, "2024", "city", "200100"), "mqci")->value = 82.3;
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("json")->write(publication, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *text = fixture_read(folder, "data/city.json", &content);
    assert_null(strchr(text, '<'));
    assert_contains(text, "\\u003cscript>alert(\\\"a,b\\\")\\u003c/script>\\u000a\\\\input{");
    assert_contains(text, "82.30,");
    assert_null(strstr(text, "−"));
    mq_buffer_clear(&content);
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void regions_are_places(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    static const char *lists[] = {"industry", "region"};
    static struct mq_input inputs[] = {{.list = -1}, {.list = -1}, {.list = 1}, {.list = 0}};
    set.model.list_id = lists;
    set.model.lists = 2;
    set.model.input = inputs;
    set.model.inputs = 4;
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("json")->write(publication, folder, NULL), MQ_OK);
    for (size_t i = 0; i < set.model.levels; i++) {
        json_t *dataset = load(folder, set.model.level[i].id);
        const json_t *role = json_object_get(dataset, "role");
        bool city = strcmp(set.model.level[i].id, "city") == 0;
        assert_int_equal(json_object_get(role, "geo") != NULL, city);
        assert_string_equal(code_at(json_object_get(role, "time"), 0), "time");
        assert_string_equal(code_at(json_object_get(role, "metric"), 0), "measure");
        json_decref(dataset);
    }
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void same_bytes_twice(void **state)
{
    (void)state;
    fixture_same_twice("json", "data/city_industry.json");
}

static void failures_name_the_file(void **state)
{
    (void)state;
    fixture_failures("json", "data", "city.json");
    fixture_failures("json", "data", "collection.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_reads_back),  cmocka_unit_test(the_collection_links_all),
        cmocka_unit_test(bytes_are_safe_and_exact), cmocka_unit_test(regions_are_places),
        cmocka_unit_test(same_bytes_twice),         cmocka_unit_test(failures_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
