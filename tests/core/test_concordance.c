/* Codes of older editions: look-ups, tables that are wrong, and the table that comes with mqci. */
#include "core/concordance.h"
#include "scratch.h"
#include "support.h"

static struct scratch scratch;

static const char *const table = "edition,code,new,kind,sure,remark,name\n"
                                 "2002,37,36,main,,cars,n\n"
                                 "2002,37,37,part,yes,,n\n"
                                 "2002,37,43,part,no,\"repair, of ships\",n\n"
                                 "2002,372,36,whole,,,n\n"
                                 "2002,3726,811,whole,no,,n\n"
                                 "2011,37,37,whole,,,n\n"
                                 "2011,412,2524,whole,,,n\n";

static enum mq_status read_table(const char *text, struct mq_concordance **made,
                                 struct mq_error *error)
{
    *made = NULL;
    return mq_concordance_read(scratch_write(&scratch, "c.csv", text, strlen(text)), made, error);
}

/* "37: 36 37 43?" */
static const char *find(const struct mq_concordance *made, const char *edition, const char *code)
{
    static char text[200];
    struct mq_succession found = mq_concordance_find(made, mq_text(edition), mq_text(code));
    size_t used = (size_t)snprintf(text, sizeof text, "%s:", found.count ? found.matched : "none");
    for (size_t i = 0; i < found.count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %s%s", found.successor[i].code,
                                 found.successor[i].sure ? "" : "?");
    return text;
}

static void follows_codes(void **state)
{
    (void)state;
    struct mq_concordance *made;
    assert_int_equal(read_table(table, &made, NULL), MQ_OK);
    assert_string_equal(find(made, "2002", "37"), "37: 36 37 43?");
    assert_string_equal(find(made, "2002", "3751"), "37: 36 37 43?");
    assert_string_equal(find(made, "2002", "3721"), "372: 36");
    assert_string_equal(find(made, "2002", "3726"), "3726: 811?");
    assert_string_equal(find(made, "2011", "3721"), "37: 37");
    assert_string_equal(find(made, "2011", "4120"), "412: 2524");
    assert_string_equal(find(made, "2011", "41"), "none:");
    assert_string_equal(find(made, "2011", ""), "none:");
    assert_string_equal(find(made, "", "37"), "none:");
    assert_string_equal(find(made, "2017", "37"), "none:");
    assert_string_equal(
        find(made, "2002", "3700000000000000000000000000000000000000000000000000000000000000"),
        "none:"); /* far too long */
    struct mq_succession found = mq_concordance_find(made, mq_text("2002"), mq_text("37"));
    assert_string_equal(found.successor[0].remark, "cars");
    assert_string_equal(found.successor[1].remark, "");
    assert_string_equal(found.successor[2].remark, "repair, of ships");
    assert_string_equal(mq_concordance_edition(made, 0), "2002");
    assert_string_equal(mq_concordance_edition(made, 1), "2011");
    assert_null(mq_concordance_edition(made, 2));
    mq_concordance_free(made);
    mq_concordance_free(NULL);
}

static void names_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *message;
        long line, column;
    } cases[] = {
        {"2002,37,36,main,\n2002,36,35,whole,\n2002,37,37,part,\n", "further up", 4, 2},
        {"2002,37,36,whole,\n2002,37,37,part,\n", "as a whole", 3, 4},
        {"2002,37,36,part,\n", "whole or main", 2, 4},
        {"2002,37,36,main,\n2002,37,37,main,\n", "kind part", 3, 4},
        {"2002,36,35,whole,\n2002,37,36,main,\n", "write whole", 3, 4},
        {"2002,37,36,split,\n", "whole, main or part", 2, 4},
        {"2002,37,36,main,\n2002,37,37,part,\n2002,37,37,part,\n", "twice", 4, 3},
        {"2002,37,36,whole,maybe\n", "yes or no", 2, 5},
        {"2002,37,,whole,\n", "new code is blank", 2, 3},
        {"2002,,36,whole,\n", "old code is blank", 2, 2},
        {",37,36,whole,\n", "edition is blank", 2, 1},
        {"2002,3700000000000000000000000000000000000000000000000000000000000,36,whole,\n",
         "63 bytes", 2, 2},
        {"", "no codes", 0, 0},
        {"2002,37\n", "", 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        struct mq_concordance *made;
        struct mq_error error = {0};
        snprintf(text, sizeof text, "edition,code,new,kind,sure\n%s", cases[i].rows);
        assert_int_equal(read_table(text, &made, &error), MQ_BAD_MODEL);
        assert_null(made);
        assert_int_equal(error.status, MQ_BAD_MODEL);
        assert_string_equal(error.file, scratch.path);
        assert_contains(error.message, cases[i].message);
        assert_int_equal(error.line, cases[i].line);
        if (cases[i].message[0])
            assert_int_equal(error.column, cases[i].column);
    }
    struct mq_concordance *made;
    struct mq_error error = {0};
    assert_int_equal(read_table("edition,code,kind\n2002,1,whole\n", &made, &error), MQ_BAD_MODEL);
    assert_contains(error.message, "new");
    assert_int_equal(mq_concordance_read("no/such/file.csv", &made, &error), MQ_NO_INPUT);
}

/* ---- datasets/codes/industry-concordance.csv ---- */

static const char *division(const struct mq_codes *codes, const char *code)
{
    uint32_t found = mq_dict_find(codes->dict, mq_text(code));
    uint32_t top = mq_codes_ancestor(codes, found, "division");
    return top == MQ_NO_CODE ? "outside" : codes->code[top].code;
}

/* Is every place the finer code went to one that the coarser code went to? */
static void assert_within(const struct mq_codes *codes, const struct mq_succession *fine,
                          const struct mq_succession *coarse)
{
    for (size_t i = 0; i < fine->count; i++) {
        bool found = false;
        const char *place = division(codes, fine->successor[i].code);
        for (size_t k = 0; k < coarse->count; k++)
            found = found || strcmp(place, division(codes, coarse->successor[k].code)) == 0;
        if (!found)
            fail_msg("%s goes to %s, %s does not", fine->matched, place, coarse->matched);
    }
}

static void the_table_of_industries_is_sound(void **state)
{
    (void)state;
    struct mq_concordance *made;
    struct mq_codes codes;
    struct mq_table rows;
    struct mq_error error = {0};
    size_t outside = 0;
    const char *path = MQCI_SOURCE_DIR "/datasets/codes/industry-concordance.csv";
    assert_int_equal(mq_concordance_read(path, &made, &error), MQ_OK);
    assert_int_equal(mq_table_read(path, &rows, &error), MQ_OK);
    assert_int_equal(mq_codes_read(MQCI_SOURCE_DIR "/datasets/codes/industry.csv", &codes, &error),
                     MQ_OK);
    for (size_t i = 0; i < rows.rows; i++) {
        char *const *row = &rows.cell[i * rows.columns];
        struct mq_succession all = mq_concordance_find(made, mq_text(row[0]), mq_text(row[1]));
        struct mq_succession top =
            mq_concordance_find(made, mq_text(row[0]), (struct mq_text){row[1], 2});
        assert_string_equal(all.matched, row[1]);
        assert_int_equal(strlen(top.matched), 2);
        assert_within(&codes, &all, &top);
        if (mq_dict_find(codes.dict, mq_text(row[3])) == MQ_NO_CODE) {
            assert_string_equal(row[3], "811"); /* repair of cars: no industry any more */
            outside++;
        }
    }
    assert_int_equal(outside, 3);
    for (int i = 13; i <= 43; i++) { /* all divisions; the edition of 2002 has no 38 */
        char code[3];
        snprintf(code, sizeof code, "%d", i);
        assert_int_equal(mq_concordance_find(made, mq_text("2002"), mq_text(code)).count > 0,
                         i != 38);
        assert_true(mq_concordance_find(made, mq_text("2011"), mq_text(code)).count > 0);
    }
    mq_codes_clear(&codes);
    mq_table_clear(&rows);
    mq_concordance_free(made);
}

static void the_table_of_industries_knows_the_moves(void **state)
{
    (void)state;
    static const char *const known[][3] = {
        {"2002", "37", "37: 36 37 43 33? 811?"},
        {"2002", "3725", "3725: 36"},
        {"2002", "3731", "373: 375"},
        {"2002", "29", "29: 29 19"},
        {"2002", "2911", "291: 291"},
        {"2002", "3081", "3081: 1953"},
        {"2002", "31", "31: 30"},
        {"2002", "32", "32: 31"},
        {"2002", "3591", "3591: 3391"},
        {"2002", "34", "34: 33"},
        {"2002", "36", "36: 35 43 33? 37?"},
        {"2002", "39", "39: 38?"},
        {"2002", "4011", "401: 392"},
        {"2002", "41", "41: 40 34 35 43"},
        {"2002", "42", "42: 24 41 30 25"},
        {"2002", "43", "43: 42"},
        {"2002", "38", "none:"},
        {"2011", "31", "31: 31 33"},
        {"2011", "3130", "313: 3391"},
        {"2011", "3262", "326: 325"},
        {"2011", "3467", "3467: 4050"},
        {"2011", "4120", "412: 2524"},
        {"2011", "43", "43: 43"},
    };
    struct mq_concordance *made;
    assert_int_equal(mq_concordance_read(MQCI_SOURCE_DIR "/datasets/codes/industry-concordance.csv",
                                         &made, NULL),
                     MQ_OK);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_string_equal(find(made, known[i][0], known[i][1]), known[i][2]);
    mq_concordance_free(made);
}

static int open_scratch(void **state)
{
    (void)state;
    scratch_open(&scratch);
    return 0;
}

static int close_scratch(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_codes),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(the_table_of_industries_is_sound),
        cmocka_unit_test(the_table_of_industries_knows_the_moves),
    };
    return cmocka_run_group_tests_name("core.concordance", tests, open_scratch, close_scratch);
}
