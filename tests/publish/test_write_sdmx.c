/* SDMX-CSV: every observation read back, with the codes that say what it is. */
#include "data_fixture.h"

enum { STRUCTURE, STRUCTURE_ID, ACTION, FREQ, LEVEL, UNIT };

static void read_all(const char *folder, struct mq_table *table)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/sdmx.csv", folder);
    assert_int_equal(mq_table_read(path, table, NULL), MQ_OK);
}

/* @E5@A4 -> bytes; parts joined by |. */
static void code_of(char **cell, size_t axes, char *code)
{
    for (size_t axis = 0; axis < axes; axis++) {
        const char *id = cell[UNIT + axis];
        if (strcmp(id, "_T") == 0 || strcmp(id, "_Z") == 0)
            break;
        if (axis > 0)
            *code++ = '|';
        for (; *id; id++) {
            unsigned byte = (unsigned char)*id;
            if (*id == '@') {
                assert_int_equal(sscanf(id + 1, "%2X", &byte), 1);
                id += 2;
            }
            *code++ = (char)byte;
        }
    }
    *code = '\0';
}

static enum mq_measure measure_of(const char *name)
{
    static const char *const names[] = {"SCORE", "RANK", "CHANGE", "VALUE"};
    for (int i = 0; i < MQ_MEASURES; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum mq_measure)i;
    fail_msg("no measure %s", name);
    return MQ_MEASURES;
}

static void check_row(const struct realistic *set, char **cell, size_t axes)
{
    char code[256];
    code_of(cell, axes, code);
    char **rest = cell + UNIT + axes;
    size_t unit = fixture_unit(set, rest[2], cell[LEVEL], code);
    assert_true(unit != NO_UNIT);
    size_t node = (size_t)realistic_node(set, rest[0]);
    enum mq_measure measure = measure_of(rest[1]);
    fixture_check(set, unit, node, measure, rest[3]);
    assert_string_equal(cell[STRUCTURE], "dataflow");
    assert_string_equal(cell[STRUCTURE_ID], "MQCI:DF_MQCI_LIAONING(1.0.0)");
    assert_string_equal(cell[ACTION], "I");
    assert_string_equal(cell[FREQ], "A");
    bool withheld = fixture_withheld(set, unit, node), none = strcmp(rest[3], "NaN") == 0;
    bool was = measure == MQ_MEASURE_CHANGE && fixture_before(set, unit) != NO_UNIT &&
               fixture_withheld(set, fixture_before(set, unit), node);
    const char *status = withheld || was ? "Q" : none ? "M" : "A";
    assert_string_equal(rest[4], status);
    assert_string_equal(rest[5], status[0] == 'Q' ? "C" : "F");
    const char *point = strchr(rest[3], '.');
    if (!none)
        assert_int_equal(atoi(rest[6]), point ? strlen(point + 1) : 0);
    assert_string_equal(rest[7], measure == MQ_MEASURE_RANK    ? ""
                                 : measure == MQ_MEASURE_VALUE ? set->model.node[node].unit
                                                               : "分");
    assert_string_equal(rest[8], status[0] == 'Q' ? "withheld" : none ? "no_previous" : "");
}

static void every_number_reads_back(void **state)
{
    (void)state;
    for (size_t axes = 2; axes <= 3; axes++) {
        struct realistic set;
        fixture_new(&set, false);
        if (axes == 3)
            fixture_three_axes(&set);
        struct mq_publication *publication = fixture_publication(&set);
        char folder[256];
        realistic_folder(folder);
        assert_int_equal(fixture_writer("sdmx")->write(publication, folder, NULL), MQ_OK);
        struct mq_table table;
        read_all(folder, &table);
        assert_int_equal(table.columns, 14 + axes);
        assert_string_equal(table.header[0], "STRUCTURE");
        assert_string_equal(table.header[UNIT], "UNIT_1");
        assert_string_equal(table.header[UNIT + axes], "INDICATOR");
        size_t leaves = 0;
        for (size_t i = 0; i < set.model.nodes; i++)
            leaves += set.model.node[i].leaf;
        assert_int_equal(table.rows, set.frame.units * (3 * set.model.nodes + leaves));
        for (size_t row = 0; row < table.rows; row++)
            check_row(&set, &table.cell[row * table.columns], axes);
        assert_string_equal(table.cell[UNIT], "_T"); /* the province is the whole */
        mq_table_clear(&table);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void periods_have_their_frequency(void **state)
{
    (void)state;
    static const struct {
        const char *period, *frequency, *written;
    } cases[] = {{"2024", "A", "2024"},
                 {"2024-Q3", "Q", "2024-Q3"},
                 {"2024Q3", "Q", "2024-Q3"},
                 {"2024-07", "M", "2024-07"},
                 {"202407", "M", "2024-07"},
                 {"2024M07", "M", "2024-07"},
                 {"2024-07-01", "D", "2024-07-01"},
                 {"", "_Z", ""},
                 {"上半年", "_U", "上半年"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct realistic set;
        realistic_new(&(struct realistic_options){.periods = 1, .units = 2}, &set);
        set.frame.period[0] = cases[i].period;
        struct mq_publication *publication = fixture_publication(&set);
        char folder[256];
        realistic_folder(folder);
        assert_int_equal(fixture_writer("sdmx")->write(publication, folder, NULL), MQ_OK);
        struct mq_table table;
        read_all(folder, &table);
        assert_string_equal(table.cell[FREQ], cases[i].frequency);
        assert_string_equal(table.cell[UNIT + 4], cases[i].written);
        mq_table_clear(&table);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

/* Missing for other reasons, and imputed. */
static void statuses_have_their_codes(void **state)
{
    (void)state;
    static const struct {
        enum mq_reason reason;
        const char *code;
        bool present;
    } cases[] = {{MQ_RENORMALISED, "A", true},   {MQ_IMPUTED, "I", true},
                 {MQ_NOT_REPORTED, "O", false},  {MQ_UNDEFINED, "M", false},
                 {MQ_NO_GOALPOSTS, "O", false},  {MQ_SCREENED, "O", false},
                 {MQ_BELOW_COVERAGE, "O", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct realistic set;
        realistic_new(&(struct realistic_options){.periods = 1, .units = 2}, &set);
        set.scores.score[0].reason = (uint8_t)cases[i].reason;
        if (!cases[i].present)
            set.scores.score[0].value = NAN;
        struct mq_publication *publication = fixture_publication(&set);
        char folder[256];
        realistic_folder(folder);
        assert_int_equal(fixture_writer("sdmx")->write(publication, folder, NULL), MQ_OK);
        struct mq_table table;
        read_all(folder, &table);
        assert_string_equal(table.cell[UNIT + 6], cases[i].code);
        assert_string_equal(table.cell[UNIT + 7], "F");
        assert_int_equal(strcmp(table.cell[UNIT + 5], "NaN") != 0, cases[i].present);
        assert_string_equal(table.cell[UNIT + 10], mq_reason_code(cases[i].reason));
        mq_table_clear(&table);
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

static void lines_end_as_rfc_4180_has_it(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, true);
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("sdmx")->write(publication, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *text = fixture_read(folder, "data/sdmx.csv", &content);
    assert_memory_equal(text, "STRUCTURE,STRUCTURE_ID,ACTION,", 30);
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        assert_int_equal(at[-1], '\r');
    assert_null(strstr(text, "−"));
    mq_buffer_clear(&content);
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void same_bytes_twice(void **state)
{
    (void)state;
    fixture_same_twice("sdmx", "data/sdmx.csv");
}

static void failures_name_the_file(void **state)
{
    (void)state;
    fixture_failures("sdmx", "data", "sdmx.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_reads_back),   cmocka_unit_test(periods_have_their_frequency),
        cmocka_unit_test(statuses_have_their_codes), cmocka_unit_test(lines_end_as_rfc_4180_has_it),
        cmocka_unit_test(same_bytes_twice),          cmocka_unit_test(failures_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
