/* The YAML tree and the places of its texts. */
#include "model/yaml_tree.h"

#include "support.h"

static struct mq_arena arena;

static enum mq_status read_yaml(const char *text, size_t count, const struct mq_yaml **root,
                                struct mq_error *error)
{
    struct mq_yaml_file file = {text, count, "t.yaml"};
    mq_arena_clear(&arena);
    return mq_yaml_read(&file, &arena, root, error);
}

static const struct mq_yaml *must(const char *text)
{
    const struct mq_yaml *root = NULL;
    struct mq_error error = {0};
    if (read_yaml(text, strlen(text), &root, &error) != MQ_OK)
        fail_msg("%ld:%ld: %s", error.line, error.column, error.message);
    return root;
}

static void refused(const char *text, long line, long column, const char *part)
{
    const struct mq_yaml *root = NULL;
    struct mq_error error = {0};
    assert_int_equal(read_yaml(text, strlen(text), &root, &error), MQ_BAD_MODEL);
    assert_contains(error.message, part);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_string_equal(error.file, "t.yaml");
}

static void test_positions(void **state)
{
    (void)state;
    const struct mq_yaml *root = must("质量: 1\n列: [甲, \"乙\"]\nmap:\n  k: |\n    body\n");
    assert_int_equal(root->kind, MQ_YAML_MAP);
    assert_int_equal(root->count, 3);
    assert_string_equal(root->key[0]->text, "质量");
    assert_int_equal(root->item[0]->at.column, 5); /* columns count characters */
    const struct mq_yaml *list = root->item[1];
    assert_int_equal(list->count, 2);
    assert_int_equal(list->item[1]->at.line, 2);
    assert_int_equal(list->item[1]->at.column, 8);
    assert_false(list->item[1]->plain);
    assert_true(list->item[0]->plain);
    assert_string_equal(root->item[2]->item[0]->text, "body\n");
    assert_int_equal(root->item[2]->key[0]->at.line, 4);
}

static void test_aliases(void **state)
{
    (void)state;
    const struct mq_yaml *root = must("a: &x {k: 7}\nb: *x\nc: &x 9\nd: *x\n");
    assert_ptr_equal(root->item[0], root->item[1]);
    assert_string_equal(root->item[3]->text, "9");
    refused("a: *nobody\n", 1, 4, "does not come before");
    refused("a: &x [1, *x]\n", 1, 11, "inside its own anchor");
}

static void test_refusals(void **state)
{
    (void)state;
    refused("", 1, 1, "empty");
    refused("# nothing\n", 1, 1, "empty");
    refused("a: 1\n---\nb: 2\n", 2, 1, "second document");
    refused("a: 1\nbb: 2\n  \nbb: 3\n", 4, 1, "key \"bb\" is already at 2:1");
    refused("a: !!int 3\n", 1, 4, "tags");
    refused("a: !x [3]\n", 1, 4, "tags");
    refused("a: !x {b: 3}\n", 1, 4, "tags");
    refused("[1, 2]: 3\n", 1, 1, "a key must be a word");
    refused("a: \"x\\0y\"\n", 1, 4, "zero byte");
    refused("a: [1, 2\n", 2, 1, "not YAML");
    refused("a: 1\n b: 2\n", 2, 3, "not YAML");
    refused("a: \x01\n", 1, 4, "not YAML");
    refused("a: \xCE\xCF\n", 1, 4, "byte 0xCE is not UTF-8");
    refused("k: 1\n质: a\xFF\n", 2, 5, "byte 0xFF is not UTF-8");
}

static void test_limits(void **state)
{
    (void)state;
    char deep[200], many[16384] = "";
    size_t used = 0;
    memset(deep, '[', 60);
    deep[60] = '\0';
    refused(deep, 1, 42, "nested too deeply");
    for (int i = 0; i < 1001; i++)
        used += (size_t)snprintf(many + used, sizeof many - used, "k%d: 1\n", i);
    refused(many, 1001, 1, "more than 1000 keys");
    const struct mq_yaml *root;
    struct mq_error error = {0};
    size_t count = (4 << 20) + 1;
    char *large = malloc(count);
    assert_non_null(large);
    memset(large, 'a', count);
    assert_int_equal(read_yaml(large, count, &root, &error), MQ_BAD_MODEL);
    assert_contains(error.message, "4 MiB");
    free(large);
}

/* Finds `word` in the first scalar of the file and checks where it is said to be. */
static void place(const char *text, const char *word, long line, long column)
{
    const struct mq_yaml *scalar = must(text)->item[0];
    const char *found = strstr(scalar->text, word);
    assert_non_null(found);
    struct mq_yaml_file file = {text, strlen(text), "t.yaml"};
    struct mq_position at = mq_yaml_place(&file, scalar, (size_t)(found - scalar->text));
    if (at.line != line || at.column != column)
        fail_msg("%s in %s: %ld:%ld, wanted %ld:%ld", word, text, at.line, at.column, line, column);
}

static void test_places(void **state)
{
    (void)state;
    place("a: x + here\n", "here", 1, 8);
    place("质量: 甲 + 乙 / here\n", "here", 1, 13);
    place("a: \"x + here\"\n", "here", 1, 9);
    place("a: 'it''s here'\n", "here", 1, 11);
    place("a: \"\\u4E00 \\\" here\"\n", "here", 1, 15);
    place("a: &anchor  \"x here\"\n", "here", 1, 16);
    place("a: x +\n   y *\n   here\n", "here", 3, 4);
    place("a: |\n  x +\n    here\n", "here", 3, 5);
    place("a: >-\n\n  x +\n  y here\n", "here", 4, 5);
    place("a: \"x \\\n   here\"\n", "here", 2, 4);
    place("a: x   +   here\n", "here", 1, 12);
    place("a: here\r\nb: 1\r\n", "here", 1, 4);
    place("a: x\r\n   here\r\n", "here", 2, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_positions), cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_refusals),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_places),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mq_arena_clear(&arena);
    return failed;
}
