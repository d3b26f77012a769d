/* LaTeX: braces and environments close, every row has its columns, every cell and number is the
 * published one. Whether TeX takes it is for tests/readers. */
#include "data_fixture.h"

/* ---- LaTeX back to text ---- */

static const struct {
    const char *tex, *text;
} words[] = {{"\\textbackslash{}", "\\"},
             {"\\textasciicircum{}", "^"},
             {"\\textasciitilde{}", "~"},
             {"\\textless{}", "<"},
             {"\\textgreater{}", ">"},
             {"\\textbar{}", "|"},
             {"\\textquotedbl{}", "\""},
             {"\\textquotesingle{}", "'"},
             {"\\textasciigrave{}", "`"},
             {"\\{", "{"},
             {"\\}", "}"},
             {"\\$", "$"},
             {"\\&", "&"},
             {"\\#", "#"},
             {"\\%", "%"},
             {"\\_", "_"},
             {"{[}", "["},
             {"{]}", "]"},
             {"{*}", "*"},
             {"-{}", "-"},
             {"$-$", "−"},
             {"$\\pm$", "±"},
             {"$\\times$", "×"},
             {"$\\uparrow$", "↑"},
             {"$\\downarrow$", "↓"},
             {"\\ldots{}", "…"},
             {"$\\triangle$", "△"},
             {"$\\bigtriangledown$", "▽"},
             {"$\\diamond$", "◇"},
             {"$\\bigcirc$", "○"},
             {"$\\le$", "≤"},
             {"$\\ge$", "≥"}};

/* Anything that is not a known word must be a plain character. */
static void untex(const char *tex, size_t length, char *text)
{
    const char *end = tex + length;
    while (tex < end) {
        size_t i = 0, count = sizeof words / sizeof *words;
        while (i < count && strncmp(tex, words[i].tex, strlen(words[i].tex)) != 0)
            i++;
        if (i < count) {
            strcpy(text, words[i].text);
            text += strlen(text);
            tex += strlen(words[i].tex);
            continue;
        }
        if (strchr("\\{}$&#^_%~[]*\"`'|<>-\n", *tex))
            fail_msg("'%c' is not escaped: %.40s", *tex, tex);
        *text++ = *tex++;
    }
    *text = '\0';
}

/* As the writer flattens: line ends and other control characters are spaces. */
static bool same_text(const char *found, const char *wanted)
{
    for (; *found && *wanted; found++, wanted++)
        if (*found != *wanted && !(*found == ' ' && (unsigned char)*wanted < 0x20))
            return false;
    return !*found && !*wanted;
}

/* ---- structure ---- */

/* The end of the group that opens at `at`; fails if there is none. */
static const char *group_end(const char *at)
{
    assert_int_equal(*at, '{');
    int depth = 0;
    for (;; at++) {
        if (!*at)
            fail_msg("a brace is not closed");
        if (*at == '\\')
            at++;
        else if (*at == '{')
            depth++;
        else if (*at == '}' && --depth == 0)
            return at;
    }
}

static void check_balance(const char *tex)
{
    char open[16][32];
    size_t depth = 0;
    int braces = 0;
    for (const char *at = tex; *at; at++) {
        if (*at == '%') { /* a comment */
            at += strcspn(at, "\n");
            if (!*at)
                break;
        }
        bool begin = strncmp(at, "\\begin{", 7) == 0, end = strncmp(at, "\\end{", 5) == 0;
        if (begin || end) {
            const char *name = at + (begin ? 7 : 5);
            size_t length = strcspn(name, "}");
            assert_true(length < 32 && depth < 16);
            if (begin) {
                memcpy(open[depth], name, length);
                open[depth++][length] = '\0';
            } else {
                assert_true(depth > 0);
                depth--;
                assert_int_equal(strlen(open[depth]), length);
                assert_memory_equal(open[depth], name, length);
            }
        }
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '{')
            braces++;
        else if (*at == '}')
            assert_true(--braces >= 0);
    }
    assert_int_equal(braces, 0);
    assert_int_equal(depth, 0);
}

/* Columns of {@{}l>{...}p{3em}rr@{}}. */
static size_t columns_of(const char *spec, const char *end)
{
    size_t columns = 0;
    for (const char *at = spec + 1; at < end; at++) {
        if (*at == '@' || *at == '>') {
            at = group_end(at + 1);
            continue;
        }
        assert_non_null(strchr("lrcp", *at));
        columns++;
        if (*at == 'p')
            at = group_end(at + 1);
    }
    return columns;
}

/* One table environment: its rows as cells. */
struct grid {
    size_t columns, rows, width; /* rows of the body */
    const char *cell[8192];
    size_t length[8192];
};

static const char *skip_rules(const char *at)
{
    static const char *const rules[] = {"\\toprule",      "\\midrule", "\\bottomrule",
                                        "\\endfirsthead", "\\endhead", "\\endfoot"};
    for (bool more = true; more;) {
        more = false;
        while (*at == '\n') {
            at++;
            more = true;
        }
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
            if (strncmp(at, rules[i], strlen(rules[i])) == 0) {
                at += strlen(rules[i]);
                more = true;
            }
        if (strncmp(at, "\\cmidrule(lr){", 14) == 0) {
            at = group_end(at + 13) + 1;
            more = true;
        }
    }
    return at;
}

/* Reads a row up to its \\; returns what follows. Spans count as their columns; `body` rows are
 * those without \multicolumn and \caption. */
static const char *read_row(const char *at, struct grid *grid)
{
    size_t spans = 0, cells = 0;
    bool head = false;
    for (;;) {
        const char *start = at;
        size_t span = 1;
        if (strncmp(at, "\\multicolumn{", 13) == 0) {
            span = (size_t)atoi(at + 13);
            head = true;
        } else if (strncmp(at, "\\caption", 8) == 0) {
            span = grid->columns;
            head = true;
        }
        while (strncmp(at, " & ", 3) != 0 && strncmp(at, " \\\\", 3) != 0) {
            if (*at == '{')
                at = group_end(at);
            else if (*at == '\\')
                at++;
            assert_true(*at);
            at++;
        }
        spans += span;
        if (!head) {
            size_t place = grid->rows * grid->columns + cells++;
            assert_true(place < 8192);
            grid->cell[place] = start;
            grid->length[place] = (size_t)(at - start);
        }
        bool last = at[1] == '\\';
        at += 3;
        if (last)
            break;
    }
    assert_int_equal(spans, grid->columns);
    grid->rows += !head;
    if (strncmp(at, "[4pt]", 5) == 0)
        at += 5;
    return at;
}

/* The next tabular or longtable from `at` on; NULL if there is none. */
static const char *read_grid(const char *at, struct grid *grid)
{
    const char *tabular = strstr(at, "\\begin{tabular}"),
               *longtable = strstr(at, "\\begin{longtable}");
    const char *start = tabular && (!longtable || tabular < longtable) ? tabular : longtable;
    if (!start)
        return NULL;
    start = strchr(start, '}') + 1;
    const char *end = group_end(start);
    grid->columns = columns_of(start, end);
    grid->rows = 0;
    at = skip_rules(end + 1);
    while (strncmp(at, "\\end{", 5) != 0)
        at = skip_rules(read_row(at, grid));
    return at;
}

/* The parts of a sheet stand one after another, each with the first column. */
static void check_sheet(const struct mq_sheet *sheet, const char *tex)
{
    check_balance(tex);
    struct grid *grid = malloc(sizeof *grid);
    char *text = malloc(1 << 16);
    assert_true(grid && text);
    size_t from = 1;
    for (const char *at = read_grid(tex, grid); at; at = read_grid(at, grid)) {
        assert_int_equal(grid->rows, sheet->rows);
        assert_true(from + grid->columns - 1 <= sheet->columns);
        for (size_t i = 0; i < grid->rows * grid->columns; i++) {
            size_t column = i % grid->columns == 0 ? 0 : from + i % grid->columns - 1;
            const char *wanted = sheet->cell[i / grid->columns * sheet->columns + column].text;
            untex(grid->cell[i], grid->length[i], text);
            if (!same_text(text, wanted))
                fail_msg("%s: \"%s\" found, \"%s\" wanted", sheet->id, text, wanted);
        }
        from += grid->columns - 1;
    }
    assert_int_equal(from, sheet->columns); /* no column is lost */
    free(text);
    free(grid);
}

static void check_publication(const struct realistic *set, size_t *longs, size_t *parts)
{
    struct mq_publication *publication = fixture_publication(set);
    char folder[256], file[128];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("tex")->write(publication, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY, example = MQ_BUFFER_EMPTY, story = MQ_BUFFER_EMPTY;
    fixture_read(folder, "tex/example.tex", &example);
    fixture_read(folder, "tex/text.tex", &story);
    check_balance(example.data);
    check_balance(story.data);
    for (size_t i = 0; i < publication->sheets->count; i++) {
        const struct mq_sheet *sheet = &publication->sheets->sheet[i];
        snprintf(file, sizeof file, "tex/%s.tex", sheet->id);
        const char *tex = fixture_read(folder, file, &content);
        check_sheet(sheet, tex);
        assert_null(strstr(tex, "−"));
        *longs += strstr(tex, "longtable") != NULL;
        *parts += strstr(tex, "\\caption[]") != NULL;
        snprintf(file, sizeof file, "\\input{%s}", sheet->id);
        assert_true(strstr(example.data, file) || strstr(story.data, file));
        snprintf(file, sizeof file, "\\label{tab:%s}", sheet->id);
        assert_int_equal(strstr(tex, file) != NULL, sheet->number[0] != '\0');
    }
    mq_buffer_clear(&content);
    mq_buffer_clear(&example);
    mq_buffer_clear(&story);
    mq_publication_free(publication);
}

static void every_cell_reads_back(void **state)
{
    (void)state;
    size_t longs = 0, parts = 0;
    const struct realistic_options cases[] = {
        {.periods = 2, .min_enterprises = 3},
        {.periods = 1, .units = 3, .no_bands = true},
        {.periods = 2, .units = 60, .flat = true, .english = true},
        {.periods = 2, .units = 31, .min_enterprises = 3},
        {.periods = 1, .no_top = true, .english = true},
        {.periods = 2, .flat = true, .raw_only = true, .no_matrix = true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct realistic set;
        realistic_new(&cases[i], &set);
        check_publication(&set, &longs, &parts);
        realistic_clear(&set);
    }
    assert_true(longs >= 1 && parts >= 3);
}

static void hard_names_are_escaped(void **state)
{
    (void)state;
    for (int english = 0; english < 2; english++) {
        struct realistic set;
        fixture_new(&set, english);
        set.model.title = NASTY;
        size_t longs = 0, parts = 0;
        check_publication(&set, &longs, &parts);
        realistic_clear(&set);
    }
}

/* ---- numbers ---- */

static size_t check_define(const struct realistic *set, const char *at)
{
    char key[256] = "", text[64];
    const char *end = group_end(at), *value = end + 1;
    memcpy(key, at + 1, (size_t)(end - at - 1));
    untex(value + 1, (size_t)(group_end(value) - value - 1), text);
    const char *period = "2024";
    char *part = strchr(key, '@');
    if (part) {
        *part = '\0';
        period = part + 1;
    }
    char *level = strchr(key, '.'), *code, *measure;
    *level++ = '\0';
    code = strchr(level, '.');
    *code++ = '\0';
    measure = strchr(code, '.');
    if (measure)
        *measure++ = '\0';
    size_t unit = fixture_unit(set, period, level, code);
    assert_true(unit != NO_UNIT);
    char digits[64];
    bool minus = strncmp(text, "−", 3) == 0;
    snprintf(digits, sizeof digits, "%s%s", minus ? "-" : "", text + (minus ? 3 : text[0] == '+'));
    for (int i = 0; i < MQ_MEASURES; i++)
        if (strcmp(mq_measure_names[i], measure ? measure : "score") == 0) {
            assert_true(digits[0]);
            fixture_check(set, unit, (size_t)realistic_node(set, key), (enum mq_measure)i, digits);
            return 1;
        }
    fail_msg("no measure %s", measure);
    return 0;
}

static void every_number_has_its_name(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("tex")->write(publication, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *tex = fixture_read(folder, "tex/numbers.tex", &content);
    check_balance(tex);
    size_t found = 0, wanted = 0;
    for (const char *at = tex; (at = strstr(at, "\n\\mqcidefine{"));)
        found += check_define(&set, at += strlen("\n\\mqcidefine"));
    for (size_t unit = 0; unit < set.frame.units; unit++)
        for (size_t node = 0; node < set.model.nodes; node++)
            for (int i = 0; i < MQ_MEASURES; i++) {
                bool named = set.model.level[set.frame.unit[unit].level].axes <= 1 || node == 0;
                bool there = !isnan(fixture_wanted(&set, unit, node, (enum mq_measure)i));
                size_t names = (i == MQ_MEASURE_SCORE ? 2u : 1u) *
                               (set.frame.unit[unit].period == 2 ? 2u : 1u);
                wanted += named && there ? names : 0;
            }
    assert_true(wanted > 1000);
    assert_int_equal(found, wanted);
    mq_buffer_clear(&content);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* ---- the story ---- */

static void the_story_stands_in_text(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, false);
    struct mq_publication *publication = fixture_publication(&set);
    const char *paragraph[] = {"总体提高−0.31分，占5%。", NASTY};
    static const char *note[] = {"注：A_B"};
    static const struct mq_figure figure = {
        .id = "trend", .title = "走势 & 变化", .note = note, .notes = 1};
    const struct mq_sheet *sheet = &publication->sheets->sheet[1];
    const struct mq_figure *const figures[] = {&figure};
    struct mq_story_section section = {.id = "overall",
                                       .title = "总体#1",
                                       .paragraph = paragraph,
                                       .paragraphs = 2,
                                       .sheet = &sheet,
                                       .sheets = 1,
                                       .figure = figures,
                                       .figures = 1};
    struct mq_story story = {.count = 1, .section = &section};
    struct mq_publication told = *publication;
    told.story = &story;
    char folder[256], input[64];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("tex")->write(&told, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    const char *tex = fixture_read(folder, "tex/text.tex", &content);
    check_balance(tex);
    assert_contains(tex,
                    "\\section{总体\\#1}\\label{sec:overall}\n总体提高$-$0.31分，占5\\%。\n\n");
    assert_contains(tex, "\\includegraphics[width=\\linewidth]{../figures/trend.pdf}\n"
                         "\\caption{走势 \\& 变化}\\label{fig:trend}");
    assert_contains(tex, "注：A\\_B");
    snprintf(input, sizeof input, "\\input{%s}", sheet->id);
    assert_contains(tex, input);
    const char *example = fixture_read(folder, "tex/example.tex", &content);
    assert_null(strstr(example, input)); /* not twice */
    assert_contains(example, "\\input{text}");
    assert_contains(example, "{ctexart}");
    assert_contains(example, "\\mqcivalue{mqci.province.}");
    mq_buffer_clear(&content);
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void names_of_other_files_are_not_taken(void **state)
{
    (void)state;
    struct realistic set;
    fixture_new(&set, true);
    set.model.level[1].id = "numbers";
    struct mq_publication *publication = fixture_publication(&set);
    char folder[256];
    realistic_folder(folder);
    assert_int_equal(fixture_writer("tex")->write(publication, folder, NULL), MQ_OK);
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    assert_contains(fixture_read(folder, "tex/numbers.tex", &content), "\\mqcidefine{mqci.");
    assert_contains(fixture_read(folder, "tex/table-numbers.tex", &content), "\\toprule");
    assert_contains(fixture_read(folder, "tex/text.tex", &content), "\\input{table-numbers}");
    assert_contains(fixture_read(folder, "tex/example.tex", &content), "scheme=plain");
    mq_buffer_clear(&content);
    mq_publication_free(publication);
    realistic_clear(&set);
}

static void same_bytes_twice(void **state)
{
    (void)state;
    fixture_same_twice("tex", "tex/city.tex");
    fixture_same_twice("tex", "tex/numbers.tex");
}

static void failures_name_the_file(void **state)
{
    (void)state;
    fixture_failures("tex", "tex", "city.tex");
    fixture_failures("tex", "tex", "numbers.tex");
    fixture_failures("tex", "tex", "text.tex");
    fixture_failures("tex", "tex", "example.tex");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_reads_back),
        cmocka_unit_test(hard_names_are_escaped),
        cmocka_unit_test(every_number_has_its_name),
        cmocka_unit_test(the_story_stands_in_text),
        cmocka_unit_test(names_of_other_files_are_not_taken),
        cmocka_unit_test(same_bytes_twice),
        cmocka_unit_test(failures_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
