/* Where rows come from and how columns meet inputs: several files, names, code lists, standard
 * input. */
#include <fcntl.h>
#include <unistd.h>

#include "sample.h"
#include "support.h"

static void files_may_order_their_columns(void **state)
{
    (void)state;
    struct sample_file a, b;
    static const char first[] = "营业收入,rate,extra,usci,企业名称,year\n12.5,2.385,q,K1,甲,2019\n";
    static const char second[] =
        "Year?,year,rate,usci,ｎａｍｅ , revenue\r\n,2020,0.25,K2,乙,-3\r\n";
    sample_write(&a, "a.csv", first, sizeof first - 1);
    sample_write(&b, "b.csv", second, sizeof second - 1);
    const char *const paths[] = {a.path, b.path};
    struct mq_error error = {0};
    char *text = sample_read(sample_model(), paths, 2, &(struct sample_way){.texts = true}, &error);
    char expected[400];
    snprintf(expected, sizeof expected,
             "0 0 %016llx 2019 甲 1250 2.385 2 K1 甲\n1 0 %016llx 2020 乙 -300 0.25 2 K2 乙\n",
             (unsigned long long)mq_hash64("K1", 2, 0), (unsigned long long)mq_hash64("K2", 2, 0));
    assert_string_equal(text, expected);
    free(text);
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    assert_int_equal(mq_reader_open(sample_model(), paths, 2, &options, &reader, &error), MQ_OK);
    assert_int_equal(mq_reader_files(reader), 2);
    const struct mq_file_info *info = mq_reader_file(reader, 0);
    assert_string_equal(info->name, "a.csv");
    assert_string_equal(info->path, a.path);
    assert_int_equal(info->bytes, sizeof first - 1);
    assert_int_equal(info->encoding, MQ_UTF8);
    assert_int_equal(info->ignored, 1);
    assert_string_equal(info->ignored_name[0], "extra");
    assert_string_equal(mq_reader_file(reader, 1)->ignored_name[0], "Year?");
    struct mq_sha256 found, wanted;
    assert_int_equal(mq_reader_digest(reader, 1, &found, &error), MQ_OK);
    mq_sha256_bytes(second, sizeof second - 1, &wanted, &error);
    assert_string_equal(found.hex, wanted.hex);
    mq_reader_close(reader);
    sample_remove(&a);
    sample_remove(&b);
}

static void repeated_base_names_give_paths(void **state)
{
    (void)state;
    struct sample_file a, b, c;
    static const char text[] = SAMPLE_HEADER "K,2020,n,1,1\n";
    sample_write(&a, "same.csv", text, sizeof text - 1);
    sample_write(&b, "other.csv", text, sizeof text - 1);
    sample_write(&c, "same.csv", text, sizeof text - 1);
    const char *const paths[] = {a.path, b.path, c.path};
    struct mq_reader *reader = NULL;
    struct mq_reader_options options = {.workers = 1};
    assert_int_equal(mq_reader_open(sample_model(), paths, 3, &options, &reader, NULL), MQ_OK);
    assert_string_equal(mq_reader_file(reader, 0)->name, a.path);
    assert_string_equal(mq_reader_file(reader, 1)->name, "other.csv");
    assert_string_equal(mq_reader_file(reader, 2)->name, c.path);
    mq_reader_close(reader);
    sample_remove(&a);
    sample_remove(&b);
    sample_remove(&c);
}

static void listed_codes_are_looked_up(void **state)
{
    (void)state;
    struct mq_codes list = {0};
    assert_int_equal(mq_dict_new(&list.dict, NULL), MQ_OK);
    mq_dict_intern(list.dict, mq_text("210100"));
    mq_dict_intern(list.dict, mq_text("210200"));
    struct mq_input input[SAMPLE_INPUTS];
    memcpy(input, sample_model()->input, sizeof input);
    input[SAMPLE_NAME].list = 0;
    struct mq_model with_list = *sample_model();
    with_list.input = input;
    with_list.list = &list;
    with_list.lists = 1;
    static const char text[] =
        SAMPLE_HEADER "A,1,210200,1,2\nB,1,２１０１００,1,2\nC,1,\" 210100\",1,2\n"
                      "D,1,999999,1,2\nE,1,-,1,2\nF,1,2101009999999,1,2\n";
    struct sample_file file;
    sample_write(&file, "a.csv", text, sizeof text - 1);
    const char *path = file.path;
    struct mq_reader *reader = NULL;
    const struct mq_batch *batch;
    struct mq_reader_options options = {.workers = 1};
    assert_int_equal(mq_reader_open(&with_list, &path, 1, &options, &reader, NULL), MQ_OK);
    assert_ptr_equal(mq_reader_dict(reader, SAMPLE_NAME), list.dict);
    assert_null(mq_reader_dict(reader, SAMPLE_REVENUE));
    assert_int_equal(mq_reader_next(reader, 0, &batch, NULL), MQ_OK);
    static const uint8_t states[] = {MQ_PRESENT,  MQ_PRESENT, MQ_PRESENT,
                                     MQ_BAD_CODE, MQ_MISSING, MQ_BAD_CODE};
    static const uint32_t codes[] = {1, 0, 0, MQ_NO_CODE, MQ_NO_CODE, MQ_NO_CODE};
    assert_int_equal(batch->rows, 6);
    assert_memory_equal(batch->column[SAMPLE_NAME].state, states, sizeof states);
    assert_memory_equal(batch->column[SAMPLE_NAME].code, codes, sizeof codes);
    assert_int_equal(mq_dict_count(list.dict), 2);
    mq_reader_close(reader);
    sample_remove(&file);
    mq_dict_free(list.dict);
}

static void a_column_may_be_two_inputs(void **state)
{
    (void)state;
    struct mq_input input[SAMPLE_INPUTS];
    memcpy(input, sample_model()->input, sizeof input);
    input[SAMPLE_RATE].alias = input[SAMPLE_REVENUE].alias;
    struct mq_model shared = *sample_model();
    shared.input = input;
    static const char text[] = "usci,year,name,revenue\nK,2020,n,2.25\n";
    struct sample_file file;
    sample_write(&file, "a.csv", text, sizeof text - 1);
    const char *path = file.path;
    struct mq_error error = {0};
    char *found = sample_read(&shared, &path, 1, &(struct sample_way){0}, &error);
    char expected[100];
    snprintf(expected, sizeof expected, "0 0 %016llx 2020 n 225 2.25\n",
             (unsigned long long)mq_hash64("K", 1, 0));
    assert_string_equal(found, expected);
    free(found);
    sample_remove(&file);
}

static void standard_input_may_be_a_pipe(void **state)
{
    (void)state;
    static const char text[] = SAMPLE_HEADER "K1,2020,\"n,\",1,2\nK2,2021,m,3,4\n";
    int ends[2], before = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    const char *path = "-";
    struct mq_error error = {0};
    char *found =
        sample_read(sample_model(), &path, 1, &(struct sample_way){.texts = true}, &error);
    dup2(before, STDIN_FILENO);
    close(before);
    char expected[300];
    snprintf(expected, sizeof expected,
             "0 0 %016llx 2020 n, 100 2 2 K1 n,\n0 0 %016llx 2021 m 300 4 3 K2 m\n",
             (unsigned long long)mq_hash64("K1", 2, 0), (unsigned long long)mq_hash64("K2", 2, 0));
    assert_string_equal(found, expected);
    free(found);
}

static void standard_input_may_be_a_file(void **state)
{
    (void)state;
    static const char text[] = "left out\n" SAMPLE_HEADER "K1,2020,n,1,2\n";
    struct sample_file file;
    sample_write(&file, "a.csv", text, sizeof text - 1);
    for (int skip = 0; skip < 2; skip++) { /* read from its start, or from where it stands */
        int before = dup(STDIN_FILENO), fd = open(file.path, O_RDONLY);
        lseek(fd, skip ? 9 : 0, SEEK_SET);
        dup2(fd, STDIN_FILENO);
        close(fd);
        const char *path = "-";
        struct mq_error error = {0};
        char *found = sample_read(sample_model(), &path, 1, &(struct sample_way){0}, &error);
        dup2(before, STDIN_FILENO);
        close(before);
        if (skip) {
            assert_non_null(found);
            assert_contains(found, " 2020 n 100 2\n");
        } else {
            assert_null(found);
            assert_contains(error.message, "the header has: left out");
        }
        free(found);
    }
    sample_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_may_order_their_columns),
        cmocka_unit_test(repeated_base_names_give_paths),
        cmocka_unit_test(listed_codes_are_looked_up),
        cmocka_unit_test(a_column_may_be_two_inputs),
        cmocka_unit_test(standard_input_may_be_a_pipe),
        cmocka_unit_test(standard_input_may_be_a_file),
    };
    return cmocka_run_group_tests_name("ingest.files", tests, NULL, NULL);
}
