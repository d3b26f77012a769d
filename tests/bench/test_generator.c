/* The generator: the same bytes always, valid codes, parts within wholes, every kind of mistake. */
#include "support.h"

#include <iconv.h>

#include "core/core.h"
#include "gen_row.h"

static const struct gen_options plain = {.rows = 400, .seed = 71, .from = 2023, .to = 2024};

/* The whole output as one NUL-ended text; freed by the caller. */
static char *generate(struct gen_options options, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    assert_non_null(file);
    assert_true(gen_write(&options, file));
    assert_int_equal(fclose(file), 0);
    return text;
}

/* Where line `number` (from 0) starts; the end of the text if there are fewer. */
static const char *line(const char *text, size_t number)
{
    while (number-- && *text) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* ---- the same enterprise everywhere ---- */

static void check_demo(const char *path, struct gen_options options)
{
    struct mq_buffer shipped = MQ_BUFFER_EMPTY;
    size_t length;
    char *text;
    options.missing = 0.03, options.bad = 0.02, options.quoted = 0.03;
    options.seed = 20, options.bom = options.crlf = true;
    text = generate(options, &length);
    assert_int_equal(mq_read_file(path, &shipped, NULL), MQ_OK);
    assert_int_equal(shipped.length, length);
    assert_memory_equal(shipped.data, text, length);
    mq_buffer_clear(&shipped);
    free(text);
}

static void the_demo_is_what_the_generator_writes(void **state)
{
    (void)state;
    check_demo("datasets/demo/liaoning-2023.csv",
               (struct gen_options){.rows = 9000, .from = 2023, .to = 2023});
    check_demo("datasets/demo/liaoning-2024.csv",
               (struct gen_options){.rows = 9060, .first = 60, .from = 2024, .to = 2024});
}

static void more_rows_begin_with_the_same_rows(void **state)
{
    struct gen_options options = plain;
    size_t few, many;
    char *a, *b;
    (void)state;
    options.bad = 0.1, options.missing = 0.05, options.quoted = 0.2;
    a = generate(options, &few);
    options.rows = 5000;
    b = generate(options, &many);
    assert_true(many > 10 * few);
    assert_memory_equal(a, b, few);
    free(a);
    free(b);
}

static void files_of_one_year_and_later_starts_fit(void **state)
{
    struct gen_options options = plain;
    size_t length;
    char *both = generate(options, &length), *one, *late;
    const char *in_both = line(both, 2), *in_one;
    (void)state;
    options.from = 2024, options.rows = 200;
    one = generate(options, &length);
    in_one = line(one, 1);
    for (int i = 0; i < 200; i++, in_one = line(in_one, 1), in_both = line(in_both, 2))
        assert_memory_equal(in_one, in_both, strcspn(in_one, "\n"));
    options.first = 37, options.rows = 163;
    late = generate(options, &length);
    assert_string_equal(line(late, 1), line(one, 38));
    free(both);
    free(one);
    free(late);
}

static void another_seed_is_another_economy(void **state)
{
    struct gen_options options = plain;
    size_t length;
    char *a = generate(options, &length), *b;
    (void)state;
    options.seed++;
    b = generate(options, &length);
    assert_string_not_equal(line(a, 1), line(b, 1));
    assert_memory_equal(a, b, (size_t)(line(a, 1) - a));
    free(a);
    free(b);
}

/* ---- what the numbers promise ---- */

/* GB 32100-2015, written out from the standard: weights by table, not by powers. */
static bool usci_valid(const char *usci)
{
    static const int weight[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        const char *at = strchr(alphabet, usci[i]);
        if (!at)
            return false;
        sum += weight[i] * (int)(at - alphabet);
    }
    return alphabet[(31 - sum % 31) % 31] == usci[17] && strlen(usci) == 18;
}

/* GB 11714-1997: characters 9 to 17 of the code. */
static bool organisation_valid(const char *code)
{
    static const int weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const char check[] = "0X987654321";
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += weight[i] * (code[i] >= 'A' ? code[i] - 'A' + 10 : code[i] - '0');
    return check[sum % 11] == code[8];
}

static void the_checks_of_this_test_know_real_codes(void **state)
{
    (void)state;
    assert_true(usci_valid("91350100M000100Y43"));
    assert_false(usci_valid("91350100M000100Y4Z"));
    assert_true(usci_valid("91110000802100433B"));
    assert_true(organisation_valid("M000100Y4"));
    assert_false(organisation_valid("M000100Y5"));
}

static void check_amounts(const struct gen_enterprise *it)
{
    const int64_t *a = it->amount;
    for (int i = 0; i < GEN_AMOUNTS; i++)
        assert_true(a[i] >= 0 || i == GEN_PROFIT);
    assert_true(a[GEN_REVENUE] > 0 && a[GEN_OUTPUT] > 0 && a[GEN_SALES] > 0 &&
                a[GEN_EMPLOYEES] > 0);
    assert_true(a[GEN_SUPERIOR] + a[GEN_FIRST] + a[GEN_QUALIFIED] <= a[GEN_OUTPUT]);
    assert_true(a[GEN_MICRO] <= a[GEN_EQUIPMENT]);
    assert_true(a[GEN_PASSED] <= a[GEN_SAMPLED]);
    assert_true(a[GEN_EXPORT_PASSED] <= a[GEN_EXPORT_INSPECTED]);
    assert_true(a[GEN_EXPORTS] <= a[GEN_SALES]);
    assert_true(a[GEN_NEW_PRODUCTS] <= a[GEN_REVENUE]);
    assert_true(a[GEN_RESEARCHERS] <= a[GEN_EMPLOYEES]);
    assert_true((a[GEN_EXPORT_INSPECTED] > 0) <= (a[GEN_EXPORTS] > 0));
}

static void check_identity(const struct gen_enterprise *it, const struct mq_codes *region,
                           const struct mq_codes *industry)
{
    uint32_t place = mq_dict_find(region->dict, mq_text(it->place->code));
    uint32_t class = mq_dict_find(industry->dict, mq_text(it->code));
    assert_true(usci_valid(it->usci));
    assert_true(organisation_valid(it->usci + 8));
    assert_int_not_equal(place, MQ_NO_CODE);
    assert_string_equal(region->code[place].valid_to, "");
    assert_int_not_equal(class, MQ_NO_CODE);
    assert_string_equal(industry->code[class].level, "class");
    assert_in_range(it->size, 1, 4);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, 18);
}

static void enterprises_hold_together(void **state)
{
    enum { SAMPLE = 20000 };
    char(*key)[18] = malloc(SAMPLE * sizeof *key);
    struct mq_codes region, industry;
    (void)state;
    assert_non_null(key);
    assert_int_equal(mq_codes_read("datasets/codes/region.csv", &region, NULL), MQ_OK);
    assert_int_equal(mq_codes_read("datasets/codes/industry.csv", &industry, NULL), MQ_OK);
    for (int nation = 0; nation < 2; nation++) {
        struct gen_world world;
        assert_true(gen_world_make(&world, nation ? GEN_NATION : GEN_LIAONING, GEN_MIX_REAL, 4711));
        for (uint64_t i = 0; i < SAMPLE; i++) {
            struct gen_enterprise it;
            gen_enterprise_make(&world, i * 99991, 2020 + (int)(i % 7), &it);
            check_amounts(&it);
            check_identity(&it, &region, &industry);
            memcpy(key[i], it.usci, 18);
        }
        qsort(key, SAMPLE, sizeof *key, by_bytes);
        for (int i = 1; i < SAMPLE; i++)
            assert_int_not_equal(memcmp(key[i - 1], key[i], 18), 0);
        gen_world_clear(&world);
    }
    mq_codes_clear(&region);
    mq_codes_clear(&industry);
    free(key);
}

/* Rough shape: few large, a tenth medium, most small; electronics above wood, Dalian above Tieling.
 */
static void the_economy_looks_familiar(void **state)
{
    enum { SAMPLE = 30000 };
    struct gen_world world;
    int size[5] = {0};
    double research[2] = {0}, revenue[2] = {0};
    (void)state;
    assert_true(gen_world_make(&world, GEN_LIAONING, GEN_MIX_REAL, 5));
    for (uint64_t i = 0; i < SAMPLE; i++) {
        struct gen_enterprise it;
        gen_enterprise_make(&world, i, 2024, &it);
        size[it.size]++;
        if (strncmp(it.code, "39", 2) == 0 || strncmp(it.code, "20", 2) == 0) {
            bool wood = it.code[0] == '2';
            research[wood] += (double)it.amount[GEN_RESEARCH];
            revenue[wood] += (double)it.amount[GEN_REVENUE];
        }
    }
    assert_in_range(size[1], SAMPLE / 100, SAMPLE / 40);
    assert_in_range(size[2], SAMPLE / 14, SAMPLE / 7);
    assert_in_range(size[3], SAMPLE * 6 / 10, SAMPLE * 85 / 100);
    assert_true(research[0] / revenue[0] > 0.025 && research[0] / revenue[0] < 0.06);
    assert_true(research[1] / revenue[1] < 0.006);
    gen_world_clear(&world);
    assert_true(gen_world_make(&world, GEN_LIAONING, GEN_MIX_LARGE, 5));
    for (uint64_t i = 0; i < 1000; i++) {
        struct gen_enterprise it;
        gen_enterprise_make(&world, i, 2024, &it);
        assert_true(it.amount[GEN_EMPLOYEES] > 250);
    }
    gen_world_clear(&world);
}

/* ---- mistakes and encodings ---- */

static int commas(const char *from)
{
    int found = 0;
    for (; *from && *from != '\n'; from++)
        found += *from == ',';
    return found;
}

static void every_kind_of_mistake_is_there(void **state)
{
    struct gen_options options = plain;
    size_t length;
    int no_key = 0, shorter = 0, longer = 0, negative = 0, no_year = 0, separated = 0, repeated = 0;
    char *text;
    (void)state;
    options.rows = 3000, options.to = 2023, options.bad = 1;
    text = generate(options, &length);
    for (const char *row = line(text, 1), *before = text; *row; before = row, row = line(row, 1)) {
        int found = commas(row);
        no_key += row[0] == ',';
        shorter += found == 26;
        bool quoted = strcspn(row, "\"") < strcspn(row, "\n");
        longer += found == 30 && !quoted;
        separated += quoted;
        negative += strstr(row, ",-") && strstr(row, ",-") < line(row, 1) && found == 29;
        no_year += row[0] != ',' && strncmp(strchr(strchr(row, ',') + 1, ','), ",,", 2) == 0;
        repeated += row[0] != ',' && memcmp(row, before, 18) == 0;
    }
    assert_in_range(no_key, 150, 300);
    assert_in_range(shorter, 150, 300);
    assert_in_range(longer, 150, 300);
    assert_in_range(separated, 150, 300);
    assert_true(negative > 150);
    assert_in_range(no_year, 150, 300);
    assert_true(repeated > 300);
    assert_contains(text, ",约1200,");
    assert_contains(text, ",99999999999999999999,");
    assert_contains(text, ".375,");
    assert_contains(text, ",219900,");
    assert_contains(text, ",未知,");
    free(text);
}

static void shares_are_kept(void **state)
{
    struct gen_options options = plain;
    size_t length, blank = 0;
    int quoted = 0;
    char *text;
    (void)state;
    options.rows = 20000, options.missing = 0.1, options.quoted = 0.25;
    text = generate(options, &length);
    for (const char *at = text; (at = strstr(at, ",,")); at++)
        blank++;
    for (const char *at = text; (at = strstr(at, ",\"")); at++)
        quoted++;
    assert_in_range(blank, 20000 * 2.1 * 0.9, 20000 * 2.2);
    assert_in_range(quoted, 4500, 5500);
    free(text);
}

static void gb18030_says_the_same(void **state)
{
    struct gen_options options = plain;
    size_t utf8_length, length;
    char *utf8, *gb, *back, *in, *out;
    size_t left, room;
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    (void)state;
    options.quoted = 0.3, options.bad = 0.3;
    utf8 = generate(options, &utf8_length);
    options.gb18030 = true;
    gb = generate(options, &length);
    assert_true(length < utf8_length);
    back = calloc(1, utf8_length + 1);
    in = gb, left = length, out = back, room = utf8_length;
    assert_int_equal(iconv(converter, &in, &left, &out, &room), 0);
    assert_string_equal(back, utf8);
    iconv_close(converter);
    free(back);
    free(utf8);
    free(gb);
}

/* Every column but the name is asked for by the models, in both languages. */
static void models_know_the_columns(void **state)
{
    struct mq_buffer model = MQ_BUFFER_EMPTY;
    (void)state;
    assert_int_equal(mq_read_file("models/mqci-nation.yaml", &model, NULL), MQ_OK);
    for (int english = 0; english < 2; english++) {
        struct gen_options options = plain;
        size_t length;
        char *text, *rest, *name;
        int columns = 0;
        options.english = english, options.rows = 0;
        text = generate(options, &length);
        text[length - 1] = '\0';
        for (name = strtok_r(text, ",", &rest); name; name = strtok_r(NULL, ",", &rest), columns++)
            if (strcmp(name, "name") != 0 && strcmp(name, "单位名称") != 0)
                assert_contains(model.data, name);
        assert_int_equal(columns, 30);
        free(text);
    }
    mq_buffer_clear(&model);
}

static void a_full_disk_is_noticed(void **state)
{
    FILE *full = fopen("/dev/full", "wb");
    struct gen_options options = plain;
    (void)state;
    if (!full)
        skip();
    options.rows = 20000;
    assert_false(gen_write(&options, full));
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_is_what_the_generator_writes),
        cmocka_unit_test(more_rows_begin_with_the_same_rows),
        cmocka_unit_test(files_of_one_year_and_later_starts_fit),
        cmocka_unit_test(another_seed_is_another_economy),
        cmocka_unit_test(the_checks_of_this_test_know_real_codes),
        cmocka_unit_test(enterprises_hold_together),
        cmocka_unit_test(the_economy_looks_familiar),
        cmocka_unit_test(every_kind_of_mistake_is_there),
        cmocka_unit_test(shares_are_kept),
        cmocka_unit_test(gb18030_says_the_same),
        cmocka_unit_test(models_know_the_columns),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
