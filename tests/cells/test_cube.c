/* The cube against the plainest possible way of adding up, and its laws: order, threads, merging,
 * taking out. */
#include "cells/sums_text.h"

static const char region[] = "code,name,parent,level\n"
                             "21,辽宁省,,province\n"
                             "2101,沈阳市,21,city\n"
                             "2102,大连市,21,city\n"
                             "210101,和平区,2101,county\n"
                             "210201,中山区,2102,county\n"
                             "219901,省直辖县,21,county\n"
                             "22,吉林省,,province\n"
                             "2201,长春市,22,city\n";

static const char industry[] = "code,name,parent,level\n"
                               "13,农副食品加工业,,division\n"
                               "131,谷物磨制,13,group\n"
                               "34,通用设备制造业,,division\n"
                               "341,锅炉,34,group\n";

static const char yaml[] =
    "mqci: 1\nid: cube\nedition: \"1\"\ntitle: cube\n"
    "codes: {region: region.csv, industry: industry.csv}\n"
    "inputs:\n"
    "  - {id: year, column: [year], type: period}\n"
    "  - {id: region, column: [region], type: code, list: region}\n"
    "  - {id: industry, column: [industry], type: code, list: industry}\n"
    "  - {id: kind, column: [kind], type: code}\n"
    "  - {id: a, column: [a], type: amount, decimals: 0}\n"
    "  - {id: b, column: [b], type: amount, decimals: 2}\n"
    "  - {id: n, column: [n], type: number}\n"
    "levels:\n"
    "  - {id: nation, title: 全国}\n"
    "  - {id: province, title: 地区, by: [region.province]}\n"
    "  - {id: city, title: 市, by: [region.city]}\n"
    "  - {id: division, title: 行业, by: [industry.division]}\n"
    "  - {id: cross, title: 市×行业, by: [region.city, industry.division]}\n"
    "  - {id: kind, title: Kind, by: [kind]}\n"
    "indicators:\n"
    "  - {id: top, title: Top, weights: normalise}\n"
    "  - {id: i1, parent: top, weight: 1, title: I1, formula: 100 * a / b, normalise: {method: "
    "none}}\n"
    "  - {id: i2, parent: top, weight: 1, title: I2, formula: (a + b) / count(), missing: zero, "
    "normalise: {method: none}}\n"
    "  - {id: i3, parent: top, weight: 1, title: I3, formula: mean(n) + sum(a where n > 0.5), "
    "normalise: {method: none}}\n"
    "  - {id: i4, parent: top, weight: 1, title: I4, formula: median(a) + min(b) + max(n), "
    "normalise: {method: none}}\n"
    "  - {id: i5, parent: top, weight: 1, title: I5, formula: sum(a * n) + median(n * 2 where kind "
    "== \"x\"), missing: zero, normalise: {method: none}}\n"
    "  - {id: i6, parent: top, weight: 1, title: I6, formula: count(where kind == \"x\" and b > 1) "
    "/ count(a), missing: zero, normalise: {method: none}}\n"
    "  - {id: i7, parent: top, weight: 1, title: I7, formula: sum(n), missing: zero, normalise: "
    "{method: none}}\n";

enum { ROWS = 3000, INPUTS = 7, MOST_SLOTS = 40 };

/* ---- data ---------------------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *seed)
{
    *seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static const char columns[] = "year,region,industry,kind,a,b,n\n";

static void add_row(struct mq_buffer *csv, uint64_t id)
{
    static const char *const place[] = {"21",     "2101",   "2102", "210101",
                                        "210201", "219901", "22",   "2201"};
    static const char *const branch[] = {"13", "131", "34", "341"};
    static const char *const kind[] = {"x", "y", "zz"};
    uint64_t seed = id * 77 + 5, r = next_random(&seed), more = next_random(&seed);
    mq_buffer_format(csv, "%d,%s,%s,%s,", 2021 + (int)(r % 3), place[r >> 8 & 7],
                     branch[r >> 16 & 3], kind[(r >> 24) % 3]);
    if (r >> 32 & 7)
        mq_buffer_format(csv, "%lld", (long long)(more % 3000000000000) - 700000000000);
    if (r >> 36 & 7)
        mq_buffer_format(csv, ",%llu.%02u", (unsigned long long)(more >> 33),
                         (unsigned)(r >> 44) % 100);
    else
        mq_buffer_text(csv, ",");
    if (r >> 52 & 7) /* exponents far apart: a careless sum would lose digits */
        mq_buffer_format(csv, ",%s%d.%05ue%d\n", r >> 60 & 1 ? "-" : "", (int)(more & 7),
                         (unsigned)(more >> 8) % 100000, (int)(more >> 40 & 31) - 12);
    else
        mq_buffer_text(csv, ",\n");
}

/* `files` files with the rows start, start + step, ... of 0..ROWS-1. */
static void write_data(struct world *world, int files, uint64_t start, uint64_t step)
{
    uint64_t row = start;
    for (int f = 0; f < files; f++) {
        struct mq_buffer csv = MQ_BUFFER_EMPTY;
        mq_buffer_text(&csv, columns);
        for (int i = f * ROWS / files; i < (f + 1) * ROWS / files; i++, row = (row + step) % ROWS)
            add_row(&csv, row);
        world_data(world, csv.data);
        mq_buffer_clear(&csv);
    }
}

static void open_model(struct world *world)
{
    char path[320];
    world_open(world);
    world_write(world, "region.csv", region, strlen(region), path);
    world_write(world, "industry.csv", industry, strlen(industry), path);
    world_model(world, yaml);
    assert_true(world->model->slots <= MOST_SLOTS && world->model->slots >= 12);
}

/* ---- the plain way: every row kept, every unit from all rows ------------------------------------------- */

struct kept {
    char code[4][16]; /* year, region, industry, kind */
    uint8_t state[INPUTS];
    int64_t amount[INPUTS];
    double number[INPUTS];
    uint8_t where[MOST_SLOTS];
    double value[MOST_SLOTS];
};

struct keeping {
    const struct mq_model *model;
    struct kept *row;
    size_t rows;
};

static enum mq_status keep_rows(void *context, const struct mq_batch *batch, const uint8_t *verdict,
                                struct mq_error *error)
{
    struct keeping *keeping = context;
    struct mq_scratch scratch = {0};
    (void)error;
    for (size_t i = 0; i < batch->rows; i++) {
        struct kept *kept = keeping->row + keeping->rows;
        struct mq_column one[INPUTS]; /* the columns from this row on */
        if (verdict[i] != MQ_ROW_ACCEPTED)
            continue;
        keeping->rows++;
        for (int c = 0; c < INPUTS; c++) {
            const struct mq_column *column = batch->column + c;
            one[c] = *column;
            one[c].state += i;
            one[c].code += column->code ? i : 0;
            one[c].amount += column->amount ? i : 0;
            one[c].number += column->number ? i : 0;
            kept->state[c] = *one[c].state;
            kept->amount[c] = column->amount ? *one[c].amount : 0;
            kept->number[c] = column->number ? *one[c].number : 0;
            if (c < 4)
                snprintf(kept->code[c], sizeof kept->code[c], "%s",
                         mq_dict_text(column->dict, *one[c].code).s);
        }
        for (size_t s = 0; s < keeping->model->slots; s++) {
            const struct mq_slot *slot = keeping->model->slot + s;
            kept->where[s] = MQ_TRUE;
            if (slot->where)
                mq_program_truth(slot->where, one, 1, &scratch, &kept->where[s]);
            if (slot->value)
                mq_program_value(slot->value, one, 1, &scratch, &kept->value[s]);
        }
    }
    mq_scratch_clear(&scratch);
    return MQ_OK;
}

/* The code a row has on an axis of a level, "" if none. */
static const char *part_of(const struct mq_model *model, const struct mq_level_axis *axis,
                           const struct kept *kept)
{
    const char *code = kept->code[axis->input];
    int list = model->input[axis->input].list;
    if (list < 0 || !axis->part[0])
        return code;
    const struct mq_codes *codes = model->list + list;
    uint32_t at = mq_codes_ancestor(codes, mq_dict_find(codes->dict, mq_text(code)), axis->part);
    return at == MQ_NO_CODE ? "" : codes->code[at].code;
}

static bool in_unit(const struct mq_sums *sums, const struct mq_unit *unit, const struct kept *kept)
{
    const struct mq_level *level = sums->model->level + unit->level;
    char code[80] = "";
    for (size_t a = 0; a < level->axes; a++) {
        const char *part = part_of(sums->model, level->axis + a, kept);
        if (!part[0])
            return false;
        snprintf(code + strlen(code), sizeof code - strlen(code), "%s%s", a ? "|" : "", part);
    }
    return strcmp(code, unit->code) == 0 && strcmp(kept->code[0], sums->period[unit->period]) == 0;
}

static bool has_mask(const struct mq_model *model, int mask, const struct kept *kept)
{
    for (size_t i = 0; i < model->mask[mask].count; i++)
        if (kept->state[model->mask[mask].input[i]] != MQ_PRESENT)
            return false;
    return true;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* One slot of one unit from the rows; amounts here stay below 2^53, so doubles hold them. */
static void check_slot(const struct mq_sums *sums, size_t u, size_t s,
                       const struct keeping *keeping)
{
    const struct mq_model *model = sums->model;
    const struct mq_slot *slot = model->slot + s;
    const struct mq_value *found = sums->value + u * model->slots + s;
    bool amount = slot->input >= 0 && model->input[slot->input].type == MQ_AMOUNT;
    double *list = calloc(ROWS + 1, sizeof *list);
    struct mq_exact exact = {0};
    mq_int128 total = 0;
    size_t n = 0;
    for (size_t i = 0; i < keeping->rows; i++) {
        const struct kept *kept = keeping->row + i;
        if (!in_unit(sums, sums->unit + u, kept) || !has_mask(model, slot->mask, kept) ||
            kept->where[s] != MQ_TRUE ||
            (slot->input >= 0 && kept->state[slot->input] != MQ_PRESENT))
            continue;
        double value = slot->value       ? kept->value[s]
                       : slot->input < 0 ? 0
                       : amount          ? (double)kept->amount[slot->input]
                                         : kept->number[slot->input];
        if (isnan(value))
            continue;
        total += amount ? kept->amount[slot->input] : 0;
        mq_exact_add(&exact, value);
        list[n++] = value;
    }
    qsort(list, n, sizeof *list, by_value);
    if (slot->aggregate == MQ_COUNT) {
        assert_int_equal(found->kind, MQ_VALUE_SCALED);
        assert_true(found->scaled == (mq_int128)n && found->decimals == 0);
    } else if (slot->aggregate == MQ_SUM && amount) {
        assert_int_equal(found->kind, MQ_VALUE_SCALED);
        assert_true(found->scaled == total);
        assert_int_equal(found->decimals, model->input[slot->input].decimals);
    } else if (slot->aggregate == MQ_SUM) {
        assert_int_equal(found->kind, MQ_VALUE_REAL);
        assert_true(found->real == mq_exact_value(&exact));
    } else if (n == 0) {
        assert_int_equal(found->kind, MQ_VALUE_NONE);
    } else {
        double low = slot->aggregate == MQ_MIN   ? list[0]
                     : slot->aggregate == MQ_MAX ? list[n - 1]
                                                 : list[(n - 1) / 2];
        double high = slot->aggregate == MQ_MEDIAN ? list[n / 2] : low;
        bool mean = slot->aggregate == MQ_MEDIAN && n % 2 == 0;
        assert_int_equal(found->kind, amount ? MQ_VALUE_SCALED : MQ_VALUE_REAL);
        if (amount) {
            mq_int128 wanted = mean ? ((mq_int128)low + (mq_int128)high) * 5 : (mq_int128)low;
            assert_true(found->scaled == wanted);
            assert_int_equal(found->decimals, model->input[slot->input].decimals + mean);
        } else {
            assert_true(found->real == (low + high) / 2);
        }
    }
    free(list);
}

static void test_against_the_plain_way(void **state)
{
    (void)state;
    struct world world;
    struct cubes cubes;
    open_model(&world);
    write_data(&world, 1, 0, 1);
    struct keeping keeping = {.model = world.model, .row = calloc(ROWS, sizeof *keeping.row)};
    assert_non_null(keeping.row);
    world_start(&world, 1, 16384);
    world_read(&world, keep_rows, &keeping);
    assert_int_equal(keeping.rows, ROWS);
    mq_reader_rewind(world.reader, NULL, 0);
    cubes_open(&cubes, &world);
    world_read(&world, cubes_add, &cubes);
    struct mq_sums *sums = NULL;
    assert_int_equal(mq_cube_sums(cubes.cube[0], 1, &sums, NULL), MQ_OK);
    assert_int_equal(sums->periods, 3);
    /* 3 years x (nation, 2 provinces, 3 cities, 2 divisions, 3 x 2, 3 kinds) */
    assert_int_equal(sums->units, 3 * (1 + 2 + 3 + 2 + 6 + 3));
    uint64_t placed = 0;
    for (size_t u = 0; u < sums->units; u++) {
        uint64_t rows = 0;
        for (size_t i = 0; i < keeping.rows; i++)
            rows += in_unit(sums, sums->unit + u, keeping.row + i);
        assert_int_equal(sums->unit[u].enterprises, rows);
        placed += rows;
        for (size_t m = 0; m < world.model->masks; m++) {
            uint64_t complete = 0;
            for (size_t i = 0; i < keeping.rows; i++)
                complete += in_unit(sums, sums->unit + u, keeping.row + i) &&
                            has_mask(world.model, (int)m, keeping.row + i);
            assert_int_equal(sums->complete[u * world.model->masks + m], complete);
        }
        for (size_t s = 0; s < world.model->slots; s++)
            check_slot(sums, u, s, &keeping);
    }
    /* Rows coded at province level or below no city belong to no city. */
    assert_true(placed > 4 * ROWS && placed < 6 * ROWS);
    mq_sums_free(sums);
    cubes_close(&cubes);
    free(keeping.row);
    world_close(&world);
}

/* ---- laws ------------------------------------------------------------------------------------------------ */

static void test_threads_blocks_and_order_do_not_matter(void **state)
{
    (void)state;
    char *first = NULL;
    for (int order = 0; order < 2; order++) {
        struct world world;
        open_model(&world);
        if (order)
            write_data(&world, 5, 1234, 1237); /* ROWS and 1237 have no common divisor */
        else
            write_data(&world, 1, 0, 1);
        for (int workers = 1; workers <= 7; workers += workers < 3 ? 1 : 4)
            for (size_t block = 4096; block <= 65536; block *= 16) {
                struct cubes cubes;
                world_start(&world, workers, block);
                cubes_open(&cubes, &world);
                world_read(&world, cubes_add, &cubes);
                char *text = cubes_text(&cubes, workers % 2 == 0);
                if (first)
                    assert_string_equal(text, first);
                else
                    first = strdup(text);
                free(text);
                cubes_close(&cubes);
                world_stop(&world);
            }
        world_close(&world);
    }
    free(first);
}

/* Which rows a pass treats: by a property of the row, so that blocks do not matter. */
struct choosing {
    struct mq_cube *add, *remove;
    int modulus; /* rows whose year column's amount `a` is not a multiple are added to `add` only if
                    keep */
    bool only_kept;
};

static enum mq_status choose(void *context, const struct mq_batch *batch, const uint8_t *verdict,
                             struct mq_error *error)
{
    struct choosing *choosing = context;
    uint8_t *leaving = malloc(batch->rows), *kept = malloc(batch->rows);
    assert_true(leaving && kept);
    for (size_t i = 0; i < batch->rows; i++) {
        leaving[i] =
            verdict[i] == MQ_ROW_ACCEPTED && batch->column[4].amount[i] % choosing->modulus != 0;
        kept[i] = choosing->only_kept && leaving[i] ? MQ_ROW_REJECTED : verdict[i];
    }
    enum mq_status status = MQ_OK;
    if (choosing->add)
        status = mq_cube_add(choosing->add, batch, kept, error);
    if (status == MQ_OK && choosing->remove)
        status = mq_cube_remove(choosing->remove, batch, leaving, error);
    free(leaving);
    free(kept);
    return status;
}

static void test_taking_out_undoes_adding(void **state)
{
    (void)state;
    struct world world;
    open_model(&world);
    write_data(&world, 2, 0, 1);
    world_start(&world, 1, 8192);
    struct mq_cube *cube[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(mq_cube_new(world.model, world.reader, world.directory, &cube[i], NULL),
                         MQ_OK);
    /* 0: added and taken out at once; 1: never added; 2 and 3: taken out of a cube they were not
     * in. */
    struct choosing both = {.add = cube[0], .remove = cube[0], .modulus = 3};
    struct choosing kept = {.add = cube[1], .modulus = 3, .only_kept = true};
    struct choosing apart = {.add = cube[2], .remove = cube[3], .modulus = 3};
    struct choosing *pass[] = {&both, &kept, &apart};
    for (int i = 0; i < 3; i++) {
        world_read(&world, choose, pass[i]);
        mq_reader_rewind(world.reader, NULL, 0);
    }
    char *text = sums_text(cube[0]), *wanted = sums_text(cube[1]);
    assert_string_equal(text, wanted);
    free(text);
    assert_int_equal(mq_cube_cells(cube[3]), 0);
    assert_int_equal(mq_cube_merge(cube[3], cube[2], NULL), MQ_OK);
    text = sums_text(cube[3]);
    assert_string_equal(text, wanted);
    free(text);
    free(wanted);
    /* All out: nothing is left, and what comes after the sums were read still counts. */
    struct choosing rest = {.add = cube[1], .remove = cube[1], .modulus = 1000000007};
    world_read(&world, choose, &rest);
    for (int i = 0; i < 4; i++)
        mq_cube_free(cube[i]);
    world_close(&world);
}

static void test_all_out_is_nothing(void **state)
{
    (void)state;
    struct world world;
    struct cubes cubes;
    open_model(&world);
    write_data(&world, 1, 0, 1);
    world_start(&world, 1, 4096);
    cubes_open(&cubes, &world);
    char *empty = sums_text(cubes.cube[0]);
    assert_string_equal(empty, "0 periods\n");
    world_read(&world, cubes_add, &cubes);
    char *full = sums_text(cubes.cube[0]);
    size_t cells = mq_cube_cells(cubes.cube[0]);
    /* 3 years x 3 cities, "21", "22" x 2 divisions x 3 kinds */
    assert_int_equal(cells, 3 * 5 * 2 * 3);
    mq_reader_rewind(world.reader, NULL, 0);
    const struct mq_batch *batch;
    uint8_t all[4096];
    memset(all, 1, sizeof all);
    while (mq_reader_next(world.reader, 0, &batch, NULL) == MQ_OK && batch)
        assert_int_equal(mq_cube_remove(cubes.cube[0], batch, all, NULL), MQ_OK);
    char *after = sums_text(cubes.cube[0]);
    assert_string_equal(after, empty);
    assert_int_equal(mq_cube_cells(cubes.cube[0]), 0);
    free(after);
    mq_reader_rewind(world.reader, NULL, 0);
    world_read(&world, cubes_add, &cubes);
    after = sums_text(cubes.cube[0]);
    assert_string_equal(after, full);
    free(after);
    free(full);
    free(empty);
    cubes_close(&cubes);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_the_plain_way),
        cmocka_unit_test(test_threads_blocks_and_order_do_not_matter),
        cmocka_unit_test(test_taking_out_undoes_adding),
        cmocka_unit_test(test_all_out_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
