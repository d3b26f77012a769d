/* Narratives are read into pieces; every slip is told with the byte it stands at. */
#include "failing.h"
#include "model/narrative.h"
#include "support.h"

static const int children[] = {1, 2};
static struct mq_node nodes[] = {
    {.id = "mqci", .parent = -1, .children = 2, .child = children},
    {.id = "quality", .parent = 0, .leaf = true},
    {.id = "development", .parent = 0, .leaf = true},
    {.id = "both", .parent = 0, .leaf = true},
};
static struct mq_level levels[] = {
    {.id = "province"},
    {.id = "city", .axes = 1, .axis = {{0, "city"}}},
    {.id = "both", .axes = 1, .axis = {{1, ""}}},
};
static struct mq_code code[] = {{"210000", "辽宁省", "province", MQ_NO_CODE, "", ""},
                                {"210200", "大连市", "city", 0, "", ""}};
static struct mq_codes list = {.count = 2, .code = code};
static struct mq_input inputs[] = {{.id = "region", .list = 0}, {.id = "size", .list = -1}};
static const struct mq_model model = {.node = nodes,
                                      .nodes = 4,
                                      .level = levels,
                                      .levels = 3,
                                      .input = inputs,
                                      .inputs = 2,
                                      .list = &list,
                                      .lists = 1};

/* Pieces as a line: text, {verb/node/level/unit/compare bound/many}, <, >, >. for a part that ends
 * a sentence, | for the end of a sentence. */
static void pieces(const char *text, char *out)
{
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_narrative *parsed = NULL;
    struct mq_narrative_fault fault;
    out[0] = '\0';
    if (mq_narrative_parse(&model, text, &arena, &parsed, &fault) != MQ_OK)
        fail_msg("%s: %zu: %s", text, fault.offset, fault.message);
    for (size_t i = 0; i < parsed->count; i++) {
        const struct mq_piece *piece = &parsed->piece[i];
        const struct mq_text_place *place = &piece->place;
        out += strlen(out);
        switch (piece->kind) {
        case MQ_PIECE_TEXT:
            sprintf(out, "%s", piece->text);
            break;
        case MQ_PIECE_OPEN:
            strcpy(out, "<");
            break;
        case MQ_PIECE_CLOSE:
            strcpy(out, piece->ends ? ">." : ">");
            break;
        case MQ_PIECE_END:
            strcpy(out, "|");
            break;
        case MQ_PIECE_PLACE:
            sprintf(out, "{%s %d %d %s %d %g %d}", mq_verbs[place->verb].name, place->node,
                    place->level, place->unit ? place->unit : "-", (int)place->compare,
                    place->bound, place->many);
            break;
        }
    }
    mq_arena_clear(&arena);
}

static void texts_become_pieces(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pieces;
    } rows[] = {
        {"", "|"},
        {"甲乙", "甲乙|"},
        {"{period}{unit}。", "{period -1 -1 - 0 0 0}{unit -1 -1 - 0 0 0}。||"},
        {"甲。乙！丙？", "甲。|乙！|丙？||"},
        {"“甲。”乙", "“甲。”|乙|"},
        {"A 1.5 of b. C? D", "A 1.5 of b. |C? |D|"},
        {"甲[，乙]。", "甲<，乙>。||"},
        {"[甲。]乙。", "<甲。>.|乙。||"},
        {"[甲；][乙[丙]。]", "<甲；><乙<丙>。>.||"},
        {"[甲。{score}]", "<甲。{score -1 -1 - 0 0 0}>|"},
        {"{{甲}}[[乙]]", "{甲}[乙]|"},
        {"[甲[乙]]", "<甲<乙>>|"},
        {"{score quality}", "{score 1 -1 - 0 0 0}|"},
        {"{ score\tcity  210200 }", "{score -1 1 210200 0 0 0}|"},
        {"{score quality city 210200}", "{score 1 1 210200 0 0 0}|"},
        {"{count city >= 85}", "{count -1 1 - 1 85 0}|"},
        {"{count city≥85.5}", "{count -1 1 - 1 85.5 0}|"},
        {"{count city <=85}", "{count -1 1 - 3 85 0}|"},
        {"{count city}", "{count -1 1 - 0 0 0}|"},
        {"{names development city > -1}", "{names 2 1 - 2 -1 0}|"},
        {"{names city < 3}{names city ≤ 3}", "{names -1 1 - 4 3 0}{names -1 1 - 3 3 0}|"},
        {"{names city = 3}{names city == 3}", "{names -1 1 - 5 3 0}{names -1 1 - 5 3 0}|"},
        {"{risers city}", "{risers -1 1 - 0 0 3}|"},
        {"{risers quality city 10}", "{risers 1 1 - 0 0 10}|"},
        {"{strongest 2}", "{strongest -1 -1 - 0 0 2}|"},
        {"{lost mqci city 210200 1}", "{lost 0 1 210200 0 0 1}|"},
        {"{score both}", "{score 3 -1 - 0 0 0}|"},       /* the node first */
        {"{score mqci both 7}", "{score 0 2 7 0 0 0}|"}, /* no code list: any code */
        {"{top quality both 5}", "{top 1 2 - 0 0 5}|"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char found[512];
        pieces(rows[i].text, found);
        assert_string_equal(found, rows[i].pieces);
    }
}

static const struct {
    const char *text;
    size_t offset;
    const char *message;
} slips[] = {
    {"甲{", 3, "this { has no }"},
    {"{score", 0, "this { has no }"},
    {"{score {unit}", 0, "this { has no }"},
    {"甲}乙", 3, "this } has no { before it: }} writes the brace itself"},
    {"甲]乙", 3, "this ] has no [ before it: ]] writes the bracket itself"},
    {"[甲", 0, "this [ has no ]: [[ writes the bracket itself"},
    {"[甲[乙]", 0, "this [ has no ]"},
    {"[[[甲", 2, "this [ has no ]"},
    {"[a[a[a[a[a[a[a[a[a]]]]]]]]]", 16, "at most 8"},
    {"甲{}", 4, "an empty place: write a verb, like {score}"},
    {"{ }", 2, "an empty place"},
    {"{scor}", 1, "no verb \"scor\"; did you mean \"score\"?"},
    {"{zzzzzzzzzz}", 1, "no verb \"zzzzzzzzzz\"; known verbs: period, "},
    {"{score qualty}", 7, "no node or level \"qualty\"; did you mean \"quality\"?"},
    {"{score citty 210200}", 7, "no node or level \"citty\"; did you mean \"city\"?"},
    {"{score quality citty 210200}", 15, "no level \"citty\"; did you mean \"city\"?"},
    {"{title city}", 7, "no node \"city\""},
    {"{score city}", 11, "the code of a unit is missing here: write {score [NODE] [LEVEL UNIT]}"},
    {"{score city 210201}", 12, "\"210201\" is no code of this level"},
    {"{score city 210000}", 12, "\"210000\" is no code of this level"},
    {"{score quality city 210200 7}", 27, "\"7\" is too much here: write {score [NODE]"},
    {"{period quality}", 8, "\"quality\" is too much here: write {period}"},
    {"{score quality development}", 15, "\"development\" is too much here"},
    {"{count}", 6, "a level is missing here: write {count [NODE] LEVEL [>= NUMBER]}"},
    {"{count qualty city}", 7, "no node or level \"qualty\"; did you mean \"quality\"?"},
    {"{count quality citty}", 15, "no level \"citty\"; did you mean \"city\"?"},
    {"{count city >= }", 15, "\"\" is not the number to compare with"},
    {"{count city >= many}", 15, "\"many\" is not the number to compare with: write {count"},
    {"{count city 85}", 12, "\"85\" is too much here"},
    {"{count city >= 85 5}", 18, "\"5\" is too much here"},
    {"{names city}", 11, "a comparison is missing here: write {names [NODE] LEVEL >= NUMBER}"},
    {"{rank}", 5, "a level is missing here: write {rank [NODE] LEVEL UNIT}"},
    {"{rank city}", 10, "the code of a unit is missing here"},
    {"{value}", 6, "the id of an indicator is missing here: write {value NODE [LEVEL UNIT]}"},
    {"{value loss}", 7, "no node \"loss\"; known names: mqci, quality"},
    {"{level}", 6, "a level is missing here: write {level LEVEL}"},
    {"{top city 0}", 10, "\"0\" is too many or too few: N goes from 1 to 100"},
    {"{top city 101}", 10, "\"101\" is too many"},
    {"{top city 99999999999999999999}", 10, "is too many"},
    {"{top city three}", 10, "\"three\" is too much here"},
    {"{top city >= 3}", 10, "\">=\" is too much here"},
};

static void slips_are_told_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        struct mq_arena arena = MQ_ARENA_EMPTY;
        const struct mq_narrative *parsed = NULL;
        struct mq_narrative_fault fault = {.message = ""};
        enum mq_status status = mq_narrative_parse(&model, slips[i].text, &arena, &parsed, &fault);
        if (status != MQ_BAD_MODEL || fault.offset != slips[i].offset)
            fail_msg("%s: status %d, byte %zu, %s", slips[i].text, (int)status, fault.offset,
                     fault.message);
        assert_contains(fault.message, slips[i].message);
        mq_arena_clear(&arena);
    }
}

static void long_messages_end_with_whole_characters(void **state)
{
    (void)state;
    char text[400] = "{count city >= ";
    for (size_t i = 0; i < 60; i++)
        strcat(text, "质");
    strcat(text, "}");
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const struct mq_narrative *parsed = NULL;
    struct mq_narrative_fault fault;
    assert_int_equal(mq_narrative_parse(&model, text, &arena, &parsed, &fault), MQ_BAD_MODEL);
    assert_int_equal(mq_utf8_valid(fault.message, strlen(fault.message)), strlen(fault.message));
    mq_arena_clear(&arena);
}

/* Whatever the text: pieces that are balanced, or a fault within the text. */
static void any_text_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "{", "}",         "[",  "]", "。", "！", ". ", " ", "甲", "{score}", "{count city >= 5}",
        "”", "{top city", "1.5"};
    uint64_t seed = 20240607;
    size_t read = 0;
    for (int n = 0; n < 20000; n++) {
        char text[256] = "";
        for (int i = 0; i < 6; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strcat(text, parts[(seed >> 33) % (sizeof parts / sizeof *parts)]);
        }
        struct mq_arena arena = MQ_ARENA_EMPTY;
        const struct mq_narrative *parsed = NULL;
        struct mq_narrative_fault fault = {.message = ""};
        enum mq_status status = mq_narrative_parse(&model, text, &arena, &parsed, &fault);
        size_t depth = 0;
        for (size_t i = 0; status == MQ_OK && i < parsed->count; i++) {
            depth += parsed->piece[i].kind == MQ_PIECE_OPEN;
            assert_true(parsed->piece[i].kind != MQ_PIECE_CLOSE || depth > 0);
            depth -= parsed->piece[i].kind == MQ_PIECE_CLOSE;
            assert_true(parsed->piece[i].kind != MQ_PIECE_END || depth == 0);
        }
        assert_int_equal(depth, 0);
        if (status == MQ_OK) {
            read++;
            assert_int_equal(parsed->piece[parsed->count - 1].kind, MQ_PIECE_END);
        } else {
            assert_int_equal(status, MQ_BAD_MODEL);
            assert_true(fault.offset < strlen(text));
            assert_int_equal(mq_utf8_valid(fault.message, strlen(fault.message)),
                             strlen(fault.message));
        }
        mq_arena_clear(&arena);
    }
    assert_true(read > 500);
}

static void every_verb_has_a_name_and_a_usage(void **state)
{
    (void)state;
    for (size_t i = 0; i < MQ_VERBS; i++) {
        char start[64];
        assert_non_null(mq_verbs[i].name);
        snprintf(start, sizeof start, "{%s", mq_verbs[i].name);
        assert_int_equal(strncmp(mq_verbs[i].usage, start, strlen(start)), 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(mq_verbs[i].name, mq_verbs[j].name);
        /* the usage names what the verb takes, in order */
        unsigned takes = mq_verbs[i].takes;
        assert_int_equal(!!strstr(mq_verbs[i].usage, "NODE"),
                         !!(takes & (MQ_TAKES_NODE | MQ_NEEDS_NODE)));
        assert_int_equal(!!strstr(mq_verbs[i].usage, "LEVEL"),
                         !!(takes & (MQ_NEEDS_LEVEL | MQ_TAKES_UNIT | MQ_NEEDS_UNIT)));
        assert_int_equal(!!strstr(mq_verbs[i].usage, ">= NUMBER"),
                         !!(takes & (MQ_TAKES_BOUND | MQ_NEEDS_BOUND)));
        assert_int_equal(!!strstr(mq_verbs[i].usage, "[N]"), !!(takes & MQ_TAKES_MANY));
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{period}{unit}[，{score city 210200}]。[{top quality city 3}。]", "{scor}",
        "{score qualty}", "{score city 210201}"};
    long failed = 0;
    char filler[5000];
    memset(filler, 'a', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (long n = 0;; n++) {
            struct mq_arena arena = MQ_ARENA_EMPTY;
            const struct mq_narrative *parsed = NULL;
            struct mq_narrative_fault fault;
            char text[6000];
            snprintf(text, sizeof text, "%s%s", filler, texts[i]);
            fail_allocation(n);
            enum mq_status status = mq_narrative_parse(&model, text, &arena, &parsed, &fault);
            bool reached = allocation_failed();
            mq_arena_clear(&arena);
            if (!reached) {
                assert_int_equal(status, i == 0 ? MQ_OK : MQ_BAD_MODEL);
                break;
            }
            assert_int_equal(status, MQ_INTERNAL);
            failed++;
        }
    assert_true(failed > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_pieces),
        cmocka_unit_test(slips_are_told_with_their_place),
        cmocka_unit_test(long_messages_end_with_whole_characters),
        cmocka_unit_test(any_text_is_read_or_refused),
        cmocka_unit_test(every_verb_has_a_name_and_a_usage),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
