/* Tiles and maps: every region is there, with data or without. */
#include "figures_fixture.h"

/* Eight characters, so that the texts of units may be written over. */
static char *code_of(struct realistic *set, const char *format, size_t n)
{
    char *code = mq_arena_format(&set->arena, format, n);
    assert_non_null(code);
    return code;
}

/* Units of a level get codes of GB/T 2260: cities of Liaoning, or provinces in order. */
static void recode(struct realistic *set, const char *level, const struct mq_table *tiles,
                   bool provinces)
{
    for (size_t period = 0; period < set->frame.periods; period++)
        for (size_t i = 0, n = 0; i < set->frame.units; i++) {
            struct mq_unit *unit = &set->frame.unit[i];
            if (unit->period != period || strcmp(set->model.level[unit->level].id, level) != 0)
                continue;
            n++;
            if (!provinces) {
                unit->code = code_of(set, "21%02zu00", n);
                continue;
            }
            for (size_t row = 0, k = 0; row < tiles->rows; row++)
                if (strcmp(tiles->cell[row * tiles->columns] + 2, "0000") == 0 && ++k == n)
                    unit->code = tiles->cell[row * tiles->columns];
        }
}

static void read_tiles(struct realistic *set, struct mq_table *table)
{
    struct mq_error error = {0};
    assert_int_equal(mq_table_read("datasets/codes/tiles.csv", table, &error), MQ_OK);
    struct mq_tile *tile = mq_arena_array(&set->arena, table->rows, sizeof *tile);
    for (size_t row = 0; row < table->rows; row++) {
        char **cell = &table->cell[row * table->columns];
        tile[row] = (struct mq_tile){
            .code = cell[0], .row = atoi(cell[1]), .column = atoi(cell[2]), .name = cell[3]};
    }
    set->model.plan.tile = tile;
    set->model.plan.tiles = table->rows;
}

/* 34 provincial units, 14 cities of Liaoning; none on top of another; names as in the code list. */
static void the_arrangement_is_whole(void **state)
{
    (void)state;
    struct mq_table tiles, region;
    struct mq_error error = {0};
    assert_int_equal(mq_table_read("datasets/codes/tiles.csv", &tiles, &error), MQ_OK);
    assert_int_equal(mq_table_read("datasets/codes/region.csv", &region, &error), MQ_OK);
    assert_string_equal(tiles.header[0], "code");
    assert_string_equal(tiles.header[1], "row");
    assert_string_equal(tiles.header[2], "column");
    assert_string_equal(tiles.header[3], "name");
    size_t provinces = 0, named = 0;
    for (size_t i = 0; i < tiles.rows; i++) {
        char **tile = &tiles.cell[i * tiles.columns];
        bool province = strcmp(tile[0] + 2, "0000") == 0;
        provinces += province;
        for (size_t j = 0; j < i; j++) {
            char **other = &tiles.cell[j * tiles.columns];
            bool same_kind = (strcmp(other[0] + 2, "0000") == 0) == province;
            assert_true(strcmp(tile[0], other[0]) > 0);
            assert_false(same_kind && strcmp(tile[1], other[1]) == 0 &&
                         strcmp(tile[2], other[2]) == 0);
        }
        for (size_t j = 0; j < region.rows; j++)
            if (strcmp(region.cell[j * region.columns], tile[0]) == 0) {
                assert_string_equal(region.cell[j * region.columns + 1], tile[3]);
                named++;
            }
    }
    assert_int_equal(provinces, 34);
    assert_int_equal(tiles.rows, 34 + 14);
    assert_int_equal(named, 31 + 14); /* the list is without Taiwan, Hong Kong and Macao */
    mq_table_clear(&tiles);
    mq_table_clear(&region);
}

static const struct mq_tile *place_of(const struct mq_figure *figure, const char *code)
{
    return &figure->place[item_coded(figure->row, figure->rows, code)];
}

/* The cities of one province: its tiles alone, in a figure of their own after the ranking. */
static void cities_of_a_province(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_table table;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    read_tiles(&set, &table);
    recode(&set, "city", &table, false);
    struct mq_publication *publication = publish_figures(&set, NULL);
    const struct mq_figure *figure = figure_named(publication, "city-tiles");
    assert_ptr_equal(figure, figure_named(publication, "city-ranking") + 1);
    assert_string_equal(figure->number, "图4");
    assert_string_equal(figure->title, "2024年各市制造业质量竞争力指数方格图");
    assert_int_equal(figure->rows, 14);
    assert_int_equal(figure->columns, 1);
    assert_int_equal(figure->bands, 5);
    assert_true(has_note(figure, "等级：不足75为没有竞争力"));
    assert_contains(figure->alt, "方块图：14个市中");
    assert_null(mq_figures_find(publication->figures, "industry-tiles"));
    const struct mq_figure *ranking = figure_named(publication, "city-ranking");
    for (size_t row = 0; row < figure->rows; row++) {
        size_t other = item_coded(ranking->row, ranking->rows, figure->row[row].code);
        same_cell(cell_at(figure, row, 0), cell_at(ranking, other, 0));
        assert_int_equal(figure->cell_band[row], ranking->cell_band[other * 3]);
        assert_string_equal(figure->place[row].code, figure->row[row].code);
    }
    assert_int_equal(place_of(figure, "210100")->row, 1);
    assert_int_equal(place_of(figure, "210100")->column, 2);
    mq_publication_free(publication);
    mq_table_clear(&table);
    realistic_clear(&set);
}

/* 31 provinces with data: the other three are there without a number, and said to be missing. */
static void provinces_without_data_stay(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_table table;
    realistic_new(
        &(struct realistic_options){.periods = 1, .units = 31, .no_matrix = true, .no_bands = true},
        &set);
    read_tiles(&set, &table);
    recode(&set, "city", &table, true);
    struct mq_publication *publication = publish_figures(&set, NULL);
    const struct mq_figure *figure = figure_named(publication, "city-tiles");
    assert_int_equal(figure->rows, 34);
    static const char *const without[] = {"710000", "810000", "820000"};
    for (size_t i = 0; i < 3; i++) {
        size_t row = item_coded(figure->row, figure->rows, without[i]);
        assert_true(isnan(cell_at(figure, row, 0)->value));
        assert_string_equal(cell_at(figure, row, 0)->text, "…");
    }
    assert_string_equal(figure->row[item_coded(figure->row, 34, "710000")].name, "台湾省");
    assert_true(has_note(figure, "数据未包括台湾省、香港特别行政区、澳门特别行政区。"));
    assert_true(has_note(figure, "“…”表示没有填报数据"));
    assert_contains(figure->alt, "方块图：31个市中");
    mq_publication_free(publication);

    set.model.chinese = false;
    publication = publish_figures(&set, NULL);
    figure = figure_named(publication, "city-tiles");
    assert_true(has_note(figure, "Not in the data: 台湾省, "));
    assert_contains(figure->alt, "Tile map: among 31 units (市), ");
    mq_publication_free(publication);
    mq_table_clear(&table);
    realistic_clear(&set);
}

/* Tiles for fewer than half of the units make no figure; for more than half, the others are named.
 */
static void some_units_without_tiles(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_table table;
    realistic_new(&(struct realistic_options){.periods = 2, .no_matrix = true}, &set);
    read_tiles(&set, &table);
    recode(&set, "city", &table, false);
    for (size_t period = 0; period < 2; period++)
        set.frame.unit[realistic_unit(&set, period, "city", "211400")].code = "219900";
    struct mq_publication *publication = publish_figures(&set, NULL);
    const struct mq_figure *figure = figure_named(publication, "city-tiles");
    assert_int_equal(figure->rows, 14);
    assert_true(has_note(figure, "未列入图中：葫芦岛市。"));
    assert_true(has_note(figure, "数据未包括葫芦岛市。")); /* of the tile's own code */
    mq_publication_free(publication);
    for (size_t i = 0; i < set.frame.units; i++)
        if (strcmp(set.model.level[set.frame.unit[i].level].id, "city") == 0)
            set.frame.unit[i].code = code_of(&set, "C%zu", 10 + i);
    publication = publish_figures(&set, NULL);
    assert_null(mq_figures_find(publication->figures, "city-tiles"));
    mq_publication_free(publication);
    mq_table_clear(&table);
    realistic_clear(&set);
}

/* Squares of one degree with the codes. */
static void write_geometry(const char *path, const char *const *code, size_t count)
{
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    struct mq_error error = {0};
    mq_buffer_text(&text, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (size_t i = 0; i < count; i++)
        mq_buffer_format(&text,
                         "%s{\"type\":\"Feature\",\"properties\":{\"adcode\":%s,\"name\":\"r\"},"
                         "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%zu,40],[%zu,40],"
                         "[%zu,41],[%zu,41],[%zu,40]]]}}",
                         i ? "," : "", code[i], 118 + i, 119 + i, 119 + i, 118 + i, 118 + i);
    mq_buffer_text(&text, "]}");
    assert_int_equal(mq_write_file(path, text.data, text.length, &error), MQ_OK);
    mq_buffer_clear(&text);
}

static void maps_are_stamped(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_table table;
    char folder[256], path[300];
    static const char *const code[] = {"210100", "210200", "210300", "210400"};
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/map.json", folder);
    realistic_new(&(struct realistic_options){.periods = 1, .units = 3, .no_matrix = true}, &set);
    read_tiles(&set, &table);
    recode(&set, "city", &table, false);
    write_geometry(path, code, 4);
    struct mq_publication_options options = {.wants = MQ_WANT_FIGURES, .map = path};
    for (int english = 0; english < 2; english++)
        for (int approved = 0; approved < 2; approved++) {
            static const char *const stamp[2][2] = {
                {"示意图，未经地图审核，不得公开出版", "审图号：GS(2024)0650号"},
                {"Sketch map, not reviewed; not for publication",
                 "Map approval number: GS(2024)0650号"}};
            set.model.chinese = !english;
            options.approval = approved ? "GS(2024)0650号" : NULL;
            struct mq_publication *publication = publish_figures(&set, &options);
            const struct mq_figure *figure = figure_named(publication, "city-map");
            assert_string_equal(figure->stamp, stamp[english][approved]);
            assert_non_null(figure->geometry);
            assert_int_equal(figure->rows, 3);
            const struct mq_figure *ranking = figure_named(publication, "city-ranking");
            for (size_t row = 0; row < 3; row++)
                same_cell(cell_at(figure, row, 0),
                          cell_at(ranking,
                                  item_coded(ranking->row, ranking->rows, figure->row[row].code),
                                  0));
            assert_null(mq_figures_find(publication->figures, "industry-map"));
            mq_publication_free(publication);
        }
    options.approval = "";
    struct mq_publication *publication = publish_figures(&set, &options);
    assert_string_equal(figure_named(publication, "city-map")->stamp, "Sketch map, not reviewed; "
                                                                      "not for publication");
    mq_publication_free(publication);
    assert_int_equal(remove(path) + remove(folder), 0);
    mq_table_clear(&table);
    realistic_clear(&set);
}

static void expect_error(const struct realistic *set, const char *path, enum mq_status status,
                         const char *words)
{
    struct mq_publication_options options = {.wants = MQ_WANT_FIGURES, .map = path};
    struct mq_publication *publication = NULL;
    struct mq_error error = {0};
    assert_int_equal(mq_publication_new(&set->scores, NULL, &options, &publication, &error),
                     status);
    assert_null(publication);
    assert_contains(error.message, words);
}

/* A map that lacks a unit, has none of them, or is not there. */
static void maps_that_do_not_fit(void **state)
{
    (void)state;
    struct realistic set;
    struct mq_table table;
    char folder[256], path[300];
    static const char *const some[] = {"210100", "210200"}, *const other[] = {"370100", "370200"};
    realistic_folder(folder);
    snprintf(path, sizeof path, "%s/map.json", folder);
    realistic_new(&(struct realistic_options){.periods = 1, .units = 3, .no_matrix = true}, &set);
    read_tiles(&set, &table);
    recode(&set, "city", &table, false);
    expect_error(&set, path, MQ_NO_INPUT, "cannot be opened");
    write_geometry(path, some, 2);
    expect_error(&set, path, MQ_DATA, "鞍山市");
    write_geometry(path, other, 2);
    expect_error(&set, path, MQ_DATA, "no level of the model has its units on this map");

    /* a model that shows no map has no use for the file */
    static const struct mq_figure_plan plan = {
        .kind = MQ_FIGURE_RANKING, .level = 1, .id = "", .title = "", .number = ""};
    set.model.plan.figures_given = true;
    set.model.plan.figure = &plan;
    set.model.plan.figures = 1;
    struct mq_publication_options options = {.wants = MQ_WANT_FIGURES, .map = "nowhere.json"};
    struct mq_publication *publication = publish_figures(&set, &options);
    assert_int_equal(publication->figures->count, 1);
    mq_publication_free(publication);
    assert_int_equal(remove(path) + remove(folder), 0);
    mq_table_clear(&table);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arrangement_is_whole),
        cmocka_unit_test(cities_of_a_province),
        cmocka_unit_test(provinces_without_data_stay),
        cmocka_unit_test(some_units_without_tiles),
        cmocka_unit_test(maps_are_stamped),
        cmocka_unit_test(maps_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
