/* scores.csv and indicators.csv, and the way back. */
#include "index_fixture.h"

/* Two levels, two periods, two units; one parent, two leaves. */
static struct mq_frame *sample(struct fixture *fixture)
{
    struct mq_frame *frame;
    uint64_t seed = 31;

    fixture_init(fixture);
    fixture_level(fixture, "city");
    fixture_parent(fixture, "top", NULL, 1, 1);
    fixture_leaf(fixture, "rate", "top", 2, 7, NULL);
    fixture_leaf(fixture, "size", "top", 5, 7, NULL);
    fixture_normalise(fixture, 1, "minmax", "");
    fixture_normalise(fixture, 2, "zscore", "mean=70 sd=9");
    fixture->nodes[1].direction = MQ_DOWN;
    fixture_finish(fixture);
    fixture->bands[0] = (struct mq_band){50, "low, not \"bad\""};
    fixture->model.bands = 1;
    fixture->nodes[0].min_share = (struct mq_fraction){1, 2};
    frame = fixture_frame(fixture, 2, 2);
    for (size_t i = 0; i < frame->units; i++) {
        fixture_set(frame, i, 1, fixture_uniform(&seed, 0, 1e-3));
        fixture_set(frame, i, 2, fixture_uniform(&seed, -1e9, 1e9));
        frame->coverage[i * 3 + 2] = fixture_uniform(&seed, 0, 1);
        frame->numerator[i * 3 + 1] = fixture_uniform(&seed, 0, 1e18);
        frame->denominator[i * 3 + 1] = fixture_uniform(&seed, 0, 1e-18);
    }
    fixture_set(frame, 3, 2, NAN);
    frame->reason[3 * 3 + 2] = MQ_BELOW_COVERAGE;
    frame->unit[1].name = "大连市, \"北方\"";
    return frame;
}

static char *scores_text(const struct mq_frame *frame)
{
    struct mq_scores *scores = NULL;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;

    assert_int_equal(mq_scores_new(frame, NULL, &scores, NULL), MQ_OK);
    assert_int_equal(mq_scores_write(scores, &csv), MQ_OK);
    mq_scores_free(scores);
    return csv.data;
}

static void test_columns(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame = sample(&fixture);
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    char *text;

    (void)state;
    for (size_t i = 0; i < 2; i++) { /* numbers that can be checked by hand */
        fixture_set(frame, i, 1, i ? 0.5 : 0.25);
        fixture_set(frame, i, 2, NAN);
        frame->numerator[i * 3 + 1] = NAN;
        frame->denominator[i * 3 + 1] = i ? 8 : NAN;
    }
    text = scores_text(frame);
    assert_non_null(
        strstr(text, "period,level,unit,name,node,value,rank,of,band,change,enterprises,"
                     "coverage,status\n2021,province,u00,unit 0,top,100,1,2,"
                     "\"low, not \"\"bad\"\"\",,17,0.2857142857142857,renormalised\n"
                     "2021,province,u00,unit 0,rate,100,1,2,\"low, not \"\"bad\"\"\",,17,1,ok\n"
                     "2021,province,u00,unit 0,size,,,,,,17,0,not_reported\n"
                     "2021,province,u01,\"大连市, \"\"北方\"\"\",top,0,2,2,,,20,"));
    free(text);
    assert_int_equal(mq_frame_write(frame, &csv), MQ_OK);
    assert_non_null(strstr(csv.data,
                           "period,level,unit,name,indicator,value,numerator,denominator,"
                           "enterprises,coverage,status\n"
                           "2021,province,u00,unit 0,rate,0.25,,,17,1,ok\n"
                           "2021,province,u00,unit 0,size,,,,17,0,not_reported\n"
                           "2021,province,u01,\"大连市, \"\"北方\"\"\",rate,0.5,,8,20,1,ok\n"));
    mq_buffer_clear(&csv);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void compare_frames(const struct mq_frame *a, const struct mq_frame *b)
{
    assert_int_equal(a->units, b->units);
    assert_int_equal(a->periods, b->periods);
    for (size_t i = 0; i < a->units; i++) {
        assert_int_equal(a->unit[i].enterprises, b->unit[i].enterprises);
        assert_string_equal(a->unit[i].code, b->unit[i].code);
        assert_string_equal(a->unit[i].name, b->unit[i].name);
    }
    for (size_t i = 0; i < a->units * a->model->nodes; i++) {
        assert_same(a->value[i], b->value[i]);
        assert_same(a->numerator[i], b->numerator[i]);
        assert_same(a->denominator[i], b->denominator[i]);
        assert_same(a->coverage[i], b->coverage[i]);
        assert_int_equal(a->reason[i], b->reason[i]);
    }
}

/* Lines in another order, as a spreadsheet may leave them. */
static char *reversed_lines(const char *csv)
{
    size_t n = strlen(csv), header = strcspn(csv, "\n") + 1;
    char *out = malloc(n + 1);
    size_t used = header, end = n;

    memcpy(out, csv, header);
    while (end > header) {
        size_t begin = end - 1;
        while (begin > header && csv[begin - 1] != '\n')
            begin--;
        memcpy(out + used, csv + begin, end - begin);
        used += end - begin;
        end = begin;
    }
    out[n] = 0;
    return out;
}

static void test_round_trip(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame = sample(&fixture), *back = NULL;
    struct mq_buffer csv = MQ_BUFFER_EMPTY;
    char *reversed, *before = scores_text(frame), *after;

    (void)state;
    assert_int_equal(mq_frame_write(frame, &csv), MQ_OK);
    reversed = reversed_lines(csv.data);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            mq_frame_read(&fixture.model,
                          fixture_file(&fixture, "indicators.csv", i ? reversed : csv.data), &back,
                          NULL),
            MQ_OK);
        compare_frames(frame, back);
        after = scores_text(back);
        assert_string_equal(after, before);
        free(after);
        mq_frame_free(back);
    }
    free(before);
    free(reversed);
    mq_buffer_clear(&csv);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

#define HEADER                                                                                     \
    "period,level,unit,name,indicator,value,numerator,denominator,enterprises,coverage,status\n"

static void refuse(const char *csv, long line, long column, const char *part)
{
    struct fixture fixture;
    struct mq_frame *frame = sample(&fixture), *back = frame;
    struct mq_error error = {0};

    assert_int_equal(
        mq_frame_read(&fixture.model, fixture_file(&fixture, "indicators.csv", csv), &back, &error),
        MQ_DATA);
    assert_null(back);
    assert_contains(error.file, "indicators.csv");
    assert_contains(error.message, part);
    assert_int_equal(error.line, line);
    if (column)
        assert_int_equal(error.column, column);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_bad_files(void **state)
{
    (void)state;
    refuse("period,level\n2021,city\n", 1, 0, "unit");
    refuse(HEADER "2021,county,u,n,rate,1,,,3,1,ok\n", 2, 2, "level is \"county\"");
    refuse(HEADER "2021,city,u,n,top,1,,,3,1,ok\n", 2, 5, "expected an indicator of the model");
    refuse(HEADER "2021,city,u,n,rate,1,,,3,1,fine\n2021,city,u,n,size,1,,,3,1,ok\n", 2, 11,
           "status is \"fine\"");
    refuse(HEADER "2021,city,u,n,rate,1x,,,3,1,ok\n2021,city,u,n,size,1,,,3,1,ok\n", 2, 6,
           "value is \"1x\"");
    refuse(HEADER "2021,city,u,n,rate,,,,3,1,ok\n2021,city,u,n,size,1,,,3,1,ok\n", 2, 6,
           "as the status is ok");
    refuse(HEADER "2021,city,u,n,rate,1,,,3,1,undefined\n2021,city,u,n,size,1,,,3,1,ok\n", 2, 6,
           "the status says why it is missing");
    refuse(HEADER "2021,city,u,n,rate,1,,,3.5,1,ok\n2021,city,u,n,size,1,,,3,1,ok\n", 2, 9,
           "enterprises is \"3.5\"");
    refuse(HEADER "2021,city,u,n,rate,1,,,3,1,ok\n2021,city,u,n,size,1,,,3,1,ok\n"
                  "2021,city,u,n,rate,2,,,3,1,ok\n",
           4, 1, "a second time; the first is on line 2");
    refuse(HEADER "2021,city,u,n,rate,1,,,3,1,ok\n2021,city,u,n,size,1,,,3,1,ok\n"
                  "2021,city,v,n,size,2,,,3,1,ok\n",
           4, 1, "has 1 of the model's 2 indicators");
}

static void test_no_file(void **state)
{
    struct fixture fixture;
    struct mq_frame *frame = sample(&fixture), *back = frame;

    (void)state;
    assert_int_equal(mq_frame_read(&fixture.model, "/nonexistent/indicators.csv", &back, NULL),
                     MQ_NO_INPUT);
    assert_null(back);
    mq_frame_free(frame);
    fixture_clear(&fixture);
}

static void test_reasons(void **state)
{
    (void)state;
    for (int i = 0; i < MQ_REASONS; i++) {
        assert_int_equal(mq_reason_find(mq_reason_code(i)), i);
        assert_true(strlen(mq_reason_title(i, false)) > 3);
        assert_true(strlen(mq_reason_title(i, true)) > 3);
    }
    assert_int_equal(mq_reason_find("OK"), MQ_REASONS);
    assert_string_equal(mq_reason_code(MQ_REASONS), "unknown");
    assert_string_equal(mq_reason_title(MQ_REASONS, true), "不明");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),   cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_bad_files), cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_reasons),
    };

    return cmocka_run_group_tests_name("frame_file", tests, NULL, NULL);
}
