/* Word documents of the demo: feedback pages that stay pages, and the author's template filled. */
#include "program.h"

#include "support.h"

#include <ctype.h>

#define TEMPLATE "datasets/demo/white-paper-template.docx"

/* Words of a part; paragraphs are not kept apart. */
static char *words_of(const char *document, const char *part)
{
    struct outcome said = expect_shell(0, "unzip -p %s %s | sed 's/<[^>]*>//g'", document, part);
    char *text = strdup(said.out);
    outcome_clear(&said);
    assert_non_null(text);
    return text;
}

static void run_demo(void)
{
    if (has_file(in_folder("out/manifest.json")))
        return;
    struct outcome done =
        expect_shell(0, "$MQCI run models/mqci-liaoning.yaml datasets/demo/liaoning-2023.csv "
                        "datasets/demo/liaoning-2024.csv -o $TMP/out 2>&1");
    outcome_clear(&done);
}

static bool has_soffice(void)
{
    struct outcome found = run_shell("command -v soffice && command -v pdfinfo");
    bool has = found.status == 0;
    outcome_clear(&found);
    return has;
}

/* A page a city, with the table of targets too, and nothing else. */
static void a_page_a_city(void **state)
{
    (void)state;
    run_demo();
    struct outcome done = expect_shell(0, "$MQCI publish $TMP/out -o $TMP/pages --formats docx "
                                          "--targets models/liaoning-2025-targets.yaml");
    outcome_clear(&done);
    done = expect_shell(0, "unzip -p $TMP/pages/feedback.docx word/document.xml | "
                           "grep -o 'w:val=\"Heading1\"' | wc -l");
    assert_int_equal(atoi(done.out), 14);
    outcome_clear(&done);
    if (!has_soffice())
        skip();
    done = expect_shell(0, "cd $TMP && soffice -env:UserInstallation=file://$TMP/office --headless "
                           "--convert-to pdf --outdir $TMP pages/feedback.docx >/dev/null 2>&1 && "
                           "pdfinfo feedback.pdf | sed -n 's/^Pages: *//p'");
    assert_int_equal(atoi(done.out), 14);
    outcome_clear(&done);
    done = expect_shell(0, "cd $TMP && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do pdftotext -f "
                           "$i -l $i feedback.pdf - | grep -c 诊断与跟踪; done | sort -u");
    assert_string_equal(done.out, "1\n");
    outcome_clear(&done);
}

/* The score of a unit as the table prints it. */
static char *published(const char *file, const char *first)
{
    struct outcome said = expect_shell(0, "grep -h '^%s,' %s | head -1 | cut -d, -f2", first, file);
    char *number = strdup(said.out);
    outcome_clear(&said);
    assert_non_null(number);
    number[strcspn(number, "\r\n")] = '\0';
    assert_true(isdigit((unsigned char)number[0]));
    return number;
}

static void the_template_is_filled(void **state)
{
    (void)state;
    run_demo();
    for (int i = 1; i <= 2; i++) {
        struct outcome done = expect_shell(
            0, "$MQCI publish $TMP/out --template " TEMPLATE " -o $TMP/paper-%d.docx 2>&1", i);
        assert_non_null(strstr(done.out, "填入 23 处，0 处不明"));
        outcome_clear(&done);
    }
    assert_same_file(in_folder("paper-1.docx"), in_folder("paper-2.docx"));
    struct outcome done = expect_shell(0, "$MQCI publish $TMP/out -o $TMP/tables --formats csv");
    outcome_clear(&done);
    char *text = words_of(in_folder("paper-1.docx"), "word/document.xml");
    char *header = words_of(in_folder("paper-1.docx"), "word/header1.xml");
    assert_null(strstr(text, "{{"));
    assert_null(strstr(header, "{{"));
    assert_non_null(strstr(header, "辽宁省制造业质量竞争力指数白皮书（2024年）"));
    done = expect_shell(0, "ls $TMP/tables; cat $TMP/tables/*city*.csv | head -40");
    outcome_clear(&done);
    char *best = published(in_folder("tables/tables/city.csv"), "大连市");
    char wanted[128];
    snprintf(wanted, sizeof wanted, "指数最高的市（大连市）%s", best);
    assert_non_null(strstr(text, wanted));
    free(best);
    free(text);
    free(header);
}

/* The template with one more paragraph, under the name given. */
static void add_place(const char *place, const char *name)
{
    struct outcome done = expect_shell(
        0,
        "cp " TEMPLATE " $TMP/%s && mkdir -p $TMP/more/word && unzip -p " TEMPLATE
        " word/document.xml | sed 's|<w:sectPr><w:headerReference|<w:p><w:r><w:t>%s</w:t></w:r>"
        "</w:p>&|' > $TMP/more/word/document.xml && cd $TMP/more && zip -q ../%s word/document.xml",
        name, place, name);
    outcome_clear(&done);
}

static void an_unknown_place_is_named(void **state)
{
    (void)state;
    run_demo();
    add_place("{{table:citty}}", "unknown.docx");
    for (int strict = 0; strict < 2; strict++) {
        struct outcome done = expect_shell(strict,
                                           "$MQCI publish $TMP/out --template $TMP/unknown.docx -o "
                                           "$TMP/filled.docx %s 2>&1",
                                           strict ? "--strict" : "");
        assert_non_null(strstr(done.out, "`{{table:citty}}`"));
        assert_non_null(strstr(done.out, "`city`"));
        outcome_clear(&done);
    }
}

static void two_outputs_fill_one_document(void **state)
{
    (void)state;
    run_demo();
    struct outcome done = expect_shell(0, "$MQCI run models/public-service-satisfaction.yaml "
                                          "datasets/demo/satisfaction/respondents-2024.csv.gz "
                                          "-o $TMP/other 2>&1");
    outcome_clear(&done);
    add_place("公共服务{{value:public-service-satisfaction/satisfaction.province.210000}}分",
              "two.docx");
    done = expect_shell(0, "$MQCI publish $TMP/out $TMP/other --template $TMP/two.docx -o "
                           "$TMP/both.docx 2>&1");
    assert_non_null(strstr(done.out, "填入 24 处，0 处不明"));
    outcome_clear(&done);
    char *text = words_of(in_folder("both.docx"), "word/document.xml");
    const char *at = strstr(text, "公共服务8");
    assert_non_null(at);
    assert_true(isdigit((unsigned char)at[strlen("公共服务8")]));
    free(text);
}

static void wrong_input_is_told(void **state)
{
    (void)state;
    run_demo();
    static const struct {
        int status;
        const char *rest, *said;
    } wrong[] = {
        {73, "$TMP/out --template " TEMPLATE " -o $TMP", "is a directory; name the document"},
        {66, "$TMP/out --template $TMP/no.docx -o $TMP/a.docx", "no.docx: cannot be opened"},
        {65, "$TMP/out --template $TMP/old.doc -o $TMP/a.docx", "of the old kind (.doc)"},
        {66, "models --template " TEMPLATE " -o $TMP/a.docx", "is not an output of mqci"},
        {73, "$TMP/out --template " TEMPLATE " -o $TMP/none/a.docx", "no file can be made"},
        {64, "$TMP/out --template $TMP/own.docx -o $TMP/own.docx", "is the template itself"},
        {64, "$TMP/out --template " TEMPLATE, "where to?"},
    };
    put_file(in_folder("old.doc"), "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    struct outcome done = expect_shell(0, "cp " TEMPLATE " $TMP/own.docx");
    outcome_clear(&done);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        done = expect_shell(wrong[i].status, "$MQCI publish %s", wrong[i].rest);
        if (!strstr(done.err, wrong[i].said))
            fail_msg("%s: %s", wrong[i].rest, done.err);
        outcome_clear(&done);
    }
    assert_same_file(TEMPLATE, in_folder("own.docx"));
    assert_false(has_file(in_folder("a.docx")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_a_city),
        cmocka_unit_test(the_template_is_filled),
        cmocka_unit_test(an_unknown_place_is_named),
        cmocka_unit_test(two_outputs_fill_one_document),
        cmocka_unit_test(wrong_input_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
