/* data/<level>.csv and the package that describes them, read back by the table reader and jansson.
 */
#include "data_fixture.h"

#include <jansson.h>

static void read_level(const char *folder, const char *file, struct mq_table *table)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s.csv", folder, file);
    assert_int_equal(mq_table_read(path, table, NULL), MQ_OK);
    assert_int_equal(table->columns, 11);
}

static size_t check_level(const struct realistic *set, const char *folder, const char *level)
{
    struct mq_table table;
    read_level(folder, level, &table);
    for (size_t row = 0; row < table.rows; row++) {
        char **cell = &table.cell[row * 11];
        assert_string_equal(cell[1], level);
        size_t unit = fixture_unit(set, cell[0], cell[1], cell[2]);
        assert_true(unit != NO_UNIT);
        size_t node = (size_t)realistic_node(set, cell[4]);
        for (int measure = 0; measure < MQ_MEASURES; measure++)
            fixture_check(set, unit, node, (enum mq_measure)measure, cell[6 + measure]);
        assert_string_equal(cell[10], fixture_withheld(set, unit, node) ? "withheld" : "ok");
        const char *name = set->frame.unit[unit].name;
        assert_string_equal(cell[3] + (cell[3][0] == '\''), name);
        assert_int_equal(cell[3][0] == '\'', name[0] == '=');
    }
    size_t rows = table.rows;
    mq_table_clear(&table);
    return rows;
}

static void every_number_reads_back(void **state)
{
    (void)state;
    for (int axes = 2; axes <= 3; axes++) {
        struct realistic set;
        fixture_new(&set, false);
        if (axes == 3)
            fixture_three_axes(&set);
        struct mq_publication *publication = fixture_publication(&set);
        char folder[256];
        realistic_folder(folder);
        assert_int_equal(fixture_writer("data")->write(publication, folder, NULL), MQ_OK);
        size_t rows = 0;
        for (size_t i = 0; i < set.model.levels; i++)
            rows += check_level(&set, folder, set.model.level[i].id);
        assert_int_equal(rows, set.frame.units * set.model.nodes); /* none twice, none left out */
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void bytes_are_for_machines(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("data")->write(publication, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *text = fixture_read(folder, "data/city.csv", &content);
    static const char start[] =
        "period,level,unit,name,node,title,score,rank,change,value,status\n2022,city,";
    assert_memory_equal(text, start, strlen(start));
    assert_null(strchr(text, '\r'));
    assert_null(strstr(text, "−"));
    assert_contains(text, ",-");
    assert_contains(text, ",\"'=x<script>alert(\"\"a,b\"\")</script>\n");
    assert_int_equal(text[content.length - 1], '\n');
    mq_buffer_clear(&content);
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void check_resource(const json_t *resource, const char *folder)
{
    static const char *const types[] = {"year",   "string",  "string", "string", "string", "string",
                                        "number", "integer", "number", "number", "string"};
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", folder,
             json_string_value(json_object_get(resource, "path")));
    struct mq_table table;
    assert_int_equal(mq_table_read(path, &table, NULL), MQ_OK);
    const json_t *schema = json_object_get(resource, "schema");
    const json_t *fields = json_object_get(schema, "fields");
    assert_int_equal(json_array_size(fields), table.columns);
    for (size_t i = 0; i < table.columns; i++) {
        const json_t *field = json_array_get(fields, i);
        assert_string_equal(json_string_value(json_object_get(field, "name")), table.header[i]);
        assert_string_equal(json_string_value(json_object_get(field, "type")), types[i]);
    }
    const json_t *missing = json_object_get(schema, "missingValues");
    assert_int_equal(json_array_size(missing), 1);
    assert_string_equal(json_string_value(json_array_get(missing, 0)), "");
    mq_table_clear(&table);
}

static void the_package_describes_the_files(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct realistic set;
        fixture_new(&set, english);
        set.model.level[2].id = "sdmx"; /* another writer's file */
        struct mq_publication *publication = fixture_publication(&set);
        char folder[256], path[512];
        realistic_folder(folder);
        assert_int_equal(fixture_writer("data")->write(publication, folder, NULL), MQ_OK);
        snprintf(path, sizeof path, "%s/data/datapackage.json", folder);
        json_t *package = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(package);
        const json_t *resources = json_object_get(package, "resources");
        assert_int_equal(json_array_size(resources), 4);
        for (size_t i = 0; i < 4; i++)
            check_resource(json_array_get(resources, i), folder);
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(resources, 2), "path")),
            "level-sdmx.csv");
        assert_string_equal(json_string_value(json_object_get(
                                json_array_get(json_object_get(package, "sources"), 0), "title")),
                            NASTY);
        assert_string_equal(json_string_value(json_object_get(package, "name")),
                            english ? "test-en" : "mqci-liaoning");
        assert_string_equal(json_string_value(json_object_get(package, "modelDigest")),
                            set.provenance.model_digest);
        assert_null(json_object_get(package, "licenses")); /* the author's to give */
        const json_t *nodes = json_object_get(package, "nodes");
        assert_int_equal(json_array_size(nodes), set.model.nodes);
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(nodes, 3), "valueUnit")), "%");
        assert_int_equal(json_object_size(json_object_get(package, "statuses")), MQ_REASONS);
        json_decref(package);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void same_bytes_twice(void **state)
{
    (void)state;
    fixture_same_twice("data", "data/city_industry.csv");
    fixture_same_twice("data", "data/datapackage.json");
}

static void failures_name_the_file(void **state)
{
    (void)state;
    fixture_failures("data", "data", "city.csv");
    fixture_failures("data", "data", "datapackage.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_reads_back),         cmocka_unit_test(bytes_are_for_machines),
        cmocka_unit_test(the_package_describes_the_files), cmocka_unit_test(same_bytes_twice),
        cmocka_unit_test(failures_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
