/* The scanning tokeniser: its kernels against byte by byte, itself against libcsv. Texts go through
 * the fuzz target, which stops the program where the two differ. */
#include "ingest/scan.h"
#include "support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % below;
}

/* ---- kernels ---------------------------------------------------------------------------------- */

static void every_machine_has_the_plain_kernel_last(void **state)
{
    (void)state;
    size_t count = 0;
    while (mq_scan_kernel(count))
        count++;
    assert_true(count > 0);
    assert_ptr_equal(mq_scan_kernel(count - 1), &mq_scan_plain);
#if defined __x86_64__
    assert_int_equal(count, __builtin_cpu_supports("avx2") ? 2 : 1);
#endif
}

static void expect_marks(const struct mq_scan_kernel *kernel, const char *text, size_t length,
                         char separator)
{
    static struct mq_scan_marks marks;
    static uint32_t place[MQ_SCAN_WINDOW + MQ_SCAN_SLACK];
    size_t words = (length + 63) / 64, listed = 0, stops = 0;
    bool quotes, seen = false;
    memset(&marks, 0xA5, sizeof marks);
    quotes = kernel->mark(text, length, separator, &marks);
    for (size_t i = 0; i < 64 * words; i++) {
        char c = i < length ? text[i] : 'x';
        bool end = c == '\n' || c == '\r';
        seen = seen || c == '"';
        assert_int_equal(marks.quote[i / 64] >> i % 64 & 1, c == '"');
        assert_int_equal(marks.stop[i / 64] >> i % 64 & 1, c == separator || end);
        assert_int_equal(marks.end[i / 64] >> i % 64 & 1, end);
    }
    assert_int_equal(quotes, seen);
    listed = kernel->list(marks.stop, words, place);
    for (size_t i = 0; i < length; i++)
        if (text[i] == separator || text[i] == '\n' || text[i] == '\r') {
            assert_true(stops < listed);
            assert_int_equal(place[stops++], i);
        }
    assert_int_equal(stops, listed);
}

static void kernels_mark_every_byte(void **state)
{
    (void)state;
    const struct mq_scan_kernel *kernel;
    uint64_t seed = 20260722;
    for (size_t k = 0; (kernel = mq_scan_kernel(k)); k++) {
        for (size_t length = 1; length <= 400; length += 1 + length / 130) {
            char *text = malloc(length); /* nothing readable behind it */
            for (unsigned dense = 0; dense < 3; dense++) {
                for (size_t i = 0; i < length; i++)
                    text[i] = dense && draw(&seed, 3 - dense) == 0 ? ",\t\"\n\r"[draw(&seed, 5)]
                                                                   : (char)draw(&seed, 256);
                expect_marks(kernel, text, length, draw(&seed, 2) ? ',' : '\t');
            }
            free(text);
        }
        char *text = malloc(MQ_SCAN_WINDOW);
        memset(text, ',', MQ_SCAN_WINDOW); /* as many places as there can be */
        expect_marks(kernel, text, MQ_SCAN_WINDOW, ',');
        free(text);
    }
}

/* ---- numbers ---- */

enum { ROWS = 500 };
struct made {
    char text[8 + ROWS * 16];
    uint32_t stop[2 + ROWS], first[ROWS];
};

static void make_numbers(struct made *made, uint64_t *seed)
{
    size_t at = 8;
    memset(made->text, '7', at); /* must not be taken for part of the first */
    made->stop[0] = (uint32_t)at - 1;
    for (size_t row = 0; row < ROWS; row++) {
        unsigned length = draw(seed, 12), odd = draw(seed, 4);
        for (unsigned i = 0; i < length; i++)
            made->text[at++] = (char)('0' + draw(seed, 10));
        if (length > 0 && odd == 0)
            made->text[at - 1 - draw(seed, length)] = '.';
        if (length > 0 && odd == 1)
            made->text[at - 1 - draw(seed, length)] = "-.x/:\"\x80 "[draw(seed, 8)];
        made->first[row] = (uint32_t)row;
        made->stop[row + 1] = (uint32_t)at;
        made->text[at++] = ',';
    }
}

/* What the kernel takes is what mq_decimal_parse makes of it; what it leaves, it may leave. */
static void expect_numbers(const struct mq_scan_kernel *kernel, const struct made *made,
                           int decimals, int64_t scale, size_t count)
{
    int64_t value[ROWS];
    uint8_t cell[ROWS];
    uint32_t rest[ROWS];
    struct mq_scan_numbers numbers = {.text = made->text,
                                      .stop = made->stop + 1,
                                      .first = made->first,
                                      .count = count,
                                      .scale = scale,
                                      .value = value,
                                      .state = cell};
    memset(cell, 0xA5, sizeof cell);
    size_t left = kernel->numbers(&numbers, rest), next = 0;
    for (size_t row = 0; row < count; row++) {
        const char *text = made->text + made->stop[row] + 1;
        size_t length = made->stop[row + 1] - made->stop[row] - 1;
        int64_t wanted = -1;
        bool plain = length >= 1 && length <= 8 && text[0] != '-' &&
                     mq_decimal_parse(text, length, decimals, &wanted) == MQ_NUMBER_OK;
        const char *point = memchr(text, '.', length);
        if (point && text + length - point - 1 > decimals) /* zeros that say nothing */
            plain = false;
        plain = plain && text[length - 1] != ' ' && text[0] != ' ';
        if (plain) {
            assert_int_equal(value[row], wanted);
            assert_int_equal(cell[row], MQ_PRESENT);
        } else {
            assert_true(next < left);
            assert_int_equal(rest[next++], row);
        }
    }
    assert_int_equal(next, left);
    if (count < ROWS)
        assert_int_equal(cell[count], 0xA5);
}

static void kernels_read_numbers_as_the_parser_does(void **state)
{
    (void)state;
    const struct mq_scan_kernel *kernel;
    static struct made made;
    uint64_t seed = 91530300;
    for (size_t k = 0; (kernel = mq_scan_kernel(k)); k++)
        for (int times = 0; kernel->numbers && times < 200; times++) {
            int64_t scale = 1;
            make_numbers(&made, &seed);
            for (int decimals = 0; decimals <= 9; decimals++, scale *= 10)
                expect_numbers(kernel, &made, decimals, scale, ROWS - (size_t)times % 70);
        }
}

/* ---- against libcsv --------------------------------------------------------------------------- */

static void run(uint8_t first, const char *text, size_t length)
{
    uint8_t *data = malloc(length + 1);
    data[0] = first;
    memcpy(data + 1, text, length);
    LLVMFuzzerTestOneInput(data, length + 1);
    free(data);
}

/* All texts of up to six bytes over the bytes that matter, whole and cut off. */
static void short_texts_read_the_same(void **state)
{
    (void)state;
    static const char bytes[] = ",\t\"\n\r 1";
    enum { BYTES = sizeof bytes - 1, LONGEST = 6 };
    char text[LONGEST];
    for (unsigned length = 0, count = 1; length <= LONGEST; length++, count *= BYTES)
        for (unsigned number = 0; number < count; number++) {
            for (unsigned i = 0, rest = number; i < length; i++, rest /= BYTES)
                text[i] = bytes[rest % BYTES];
            run((uint8_t)(number % 2), text, length);
            run((uint8_t)(1 - number % 2) | 1 << 1, text, length);
        }
}

/* Rows of pieces, tidy ones and, sometimes, one that is not; over the ends of words and windows. */
static void long_texts_read_the_same(void **state)
{
    (void)state;
    static const char *const pieces[] = {"",
                                         "1",
                                         "22.5",
                                         "-7",
                                         "沈阳机床",
                                         "\"a,b\"",
                                         "\"x \"\"y\"\"\"",
                                         "\"\n\r\"",
                                         " 3 ",
                                         "1234567890123",
                                         "\"\"",
                                         "110000",
                                         "\t",
                                         "K91530300XN000CT7",
                                         "\"8\"",
                                         "\"\"\"\"",
                                         "99999999.99",
                                         "0.0001",
                                         "12345678",
                                         "—"};
    static const char *const untidy[] = {"a\"b", "\"a\"b", " \"c\"", "\"d\" ", "\"e\" \"", "\""};
    static const char *const ends[] = {"\n", "\r\n", "\n\n", "\r", "\n \t\n"};
    struct mq_buffer text = MQ_BUFFER_EMPTY;
    uint64_t seed = 4711;
    for (int times = 0; times < 300; times++) {
        unsigned fields = 1 + draw(&seed, 8), rows = 1 + draw(&seed, times % 10 ? 60 : 4000);
        unsigned end = draw(&seed, 5), odd = draw(&seed, 3) ? 0 : draw(&seed, 2 * rows * fields);
        const char *separator = draw(&seed, 3) ? "," : "\t";
        text.length = 0;
        for (unsigned i = 0; i < rows * fields; i++) {
            mq_buffer_text(&text,
                           i == odd && odd ? untidy[draw(&seed, 6)] : pieces[draw(&seed, 20)]);
            mq_buffer_text(&text, i % fields + 1 < fields ? separator : ends[end]);
            if (draw(&seed, 400) == 0)
                mq_buffer_text(&text, separator);
        }
        run((uint8_t)((times % 7 != 0) | (fields - 1) << 1 | (times & 1) << 6 |
                      draw(&seed, 4) << 4 | 0x80),
            text.data, text.length);
    }
    mq_buffer_clear(&text);
}

static void unquoting_leaves_nothing_out(void **state)
{
    (void)state;
    static const struct {
        const char *written, *read;
    } texts[] = {{"\"\"", ""},
                 {"\"a\"", "a"},
                 {"\"\"\"\"", "\""},
                 {"\"a\"\"\"", "a\""},
                 {"\"\"\"b\"", "\"b"},
                 {"\"a\"\"b\"\"\"\"c\"", "a\"b\"\"c"},
                 {"\"\"\"\"\"\"", "\"\""}};
    struct mq_unquoter unquoter = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mq_text field;
        assert_true(mq_unquote(&unquoter, texts[i].written, strlen(texts[i].written), &field));
        assert_int_equal(field.n, strlen(texts[i].read));
        assert_memory_equal(field.s, texts[i].read, field.n);
    }
    free(unquoter.buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_machine_has_the_plain_kernel_last),
        cmocka_unit_test(kernels_mark_every_byte),
        cmocka_unit_test(kernels_read_numbers_as_the_parser_does),
        cmocka_unit_test(short_texts_read_the_same),
        cmocka_unit_test(long_texts_read_the_same),
        cmocka_unit_test(unquoting_leaves_nothing_out),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
