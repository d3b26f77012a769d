/* Code lists: trees, levels, ancestors, and lists that are no trees. */
#include "core/core.h"
#include "scratch.h"
#include "support.h"

static struct scratch scratch;

static enum mq_status read_list(const char *text, struct mq_codes *codes, struct mq_error *error)
{
    memset(codes, 0, sizeof *codes);
    return mq_codes_read(scratch_write(&scratch, "codes.csv", text, strlen(text)), codes, error);
}

static void assert_wrong(const char *text, long line, const char *part)
{
    struct mq_codes codes;
    struct mq_error error = {0};
    assert_int_equal(read_list(text, &codes, &error), MQ_BAD_MODEL);
    assert_int_equal(error.status, MQ_BAD_MODEL);
    assert_contains(error.message, part);
    assert_string_equal(error.file, scratch.path);
    assert_int_equal(error.line, line);
    assert_null(codes.dict);
}

static const char *ancestor(const struct mq_codes *codes, const char *code, const char *level)
{
    uint32_t found = mq_codes_ancestor(codes, mq_dict_find(codes->dict, mq_text(code)), level);
    return found == MQ_NO_CODE ? "none" : codes->code[found].code;
}

static const char *const regions = "code,name,parent,level,valid_from,valid_to,remark\n"
                                   "110101,东城区,11,county,,,\n"
                                   "11,北京市,,province,,,\n"
                                   "210102,和平区,2101,county,2014-06,2016,\n"
                                   "21,辽宁省,,province,,,extra\n"
                                   "2101,沈阳市,21,city,,,\n"
                                   "00,全国,,,,,\n";

static void builds_the_tree(void **state)
{
    (void)state;
    struct mq_codes codes;
    assert_int_equal(read_list(regions, &codes, NULL), MQ_OK);
    assert_int_equal(codes.count, 6);
    assert_string_equal(codes.path, scratch.path);
    assert_string_equal(codes.code[2].name, "和平区");
    assert_string_equal(codes.code[2].valid_from, "2014-06");
    assert_string_equal(codes.code[2].valid_to, "2016");
    assert_string_equal(codes.code[0].valid_to, "");
    assert_int_equal(codes.code[0].parent, 1); /* named before it is listed */
    assert_int_equal(codes.code[2].parent, 4);
    assert_int_equal(codes.code[3].parent, MQ_NO_CODE);
    assert_int_equal(codes.levels, 3);
    assert_string_equal(codes.level[0], "province");
    assert_string_equal(codes.level[1], "city"); /* though 东城区 hangs right under a province */
    assert_string_equal(codes.level[2], "county");
    assert_string_equal(ancestor(&codes, "210102", "province"), "21");
    assert_string_equal(ancestor(&codes, "210102", "city"), "2101");
    assert_string_equal(ancestor(&codes, "210102", "county"), "210102");
    assert_string_equal(ancestor(&codes, "110101", "city"), "none");
    assert_string_equal(ancestor(&codes, "21", "county"), "none");
    assert_int_equal(mq_codes_ancestor(&codes, MQ_NO_CODE, "city"), MQ_NO_CODE);
    mq_codes_clear(&codes);
    mq_codes_clear(&codes);
}

static void a_shared_letter_on_top_is_fine(void **state)
{
    (void)state;
    struct mq_codes codes;
    assert_int_equal(read_list("code,name,parent\n13,农副食品加工业,C\n131,谷物磨制,13\n"
                               "14,食品制造业,C\n",
                               &codes, NULL),
                     MQ_OK);
    assert_int_equal(codes.code[0].parent, MQ_NO_CODE);
    assert_int_equal(codes.code[2].parent, MQ_NO_CODE);
    assert_int_equal(codes.code[1].parent, 0);
    assert_int_equal(codes.levels, 0);
    assert_string_equal(codes.code[1].level, "");
    mq_codes_clear(&codes);
}

static void wrong_lists_say_where(void **state)
{
    (void)state;
    assert_wrong("code,name,parent\n1,a,\n\n2,b,1\n1,c,\n", 5,
                 "code \"1\" appears twice (first in line 2)");
    assert_wrong("code,name,parent\n1,a,\n2,b,7\n", 3, "the parent \"7\" of code \"2\" is no code");
    assert_wrong("code,name,parent\n2,b,7\n1,a,\n", 2, "the parent \"7\" of code \"2\" is no code");
    assert_wrong("code,name,parent\n2,b,C\n1,a,D\n", 3,
                 "the parent \"D\" of code \"1\" is no code");
    assert_wrong("code,name,parent\n1,a,\n2,b,3\n3,c,4\n4,d,3\n", 4, "3 -> 4 -> 3");
    assert_wrong("code,name,parent\n1,a,1\n", 2, "lead back to itself: 1 -> 1");
    assert_wrong("code,name,parent\n0,o,1\n1,a,2\n2,a,3\n3,a,4\n4,a,5\n5,a,6\n6,a,7\n7,a,8\n8,a,9\n"
                 "9,a,1\n",
                 3, "1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> ...");
    assert_wrong("code,name,parent\n1,a,\n,b,1\n", 3, "the code is blank");
    assert_wrong("code,name\n1,a\n", 1, "no column \"parent\"");
    assert_wrong("code,name,parent\n", 0, "no codes");
    assert_wrong("code,name,parent\n1,a\n", 2, "this row has 2 cells");
    assert_wrong("code,name,parent,valid_from,valid_to\n1,a,,2018,2013-05\n", 2,
                 "code \"1\" is valid from 2018 to 2013-05");
    struct mq_codes codes;
    assert_int_equal(mq_codes_read("no/such/list.csv", &codes, NULL), MQ_NO_INPUT);
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
        cmocka_unit_test(builds_the_tree),
        cmocka_unit_test(a_shared_letter_on_top_is_fine),
        cmocka_unit_test(wrong_lists_say_where),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
