/* The fast check of UTF-8 against the plain one. */
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "support.h"

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*seed >> 33) % below);
}

static void expect_same(const char *text, size_t length)
{
    mq_utf8_checker *fast = mq_utf8_fast();
    size_t plain = mq_utf8_valid_plain(text, length);
    if (fast)
        assert_int_equal(fast(text, length), plain);
    assert_int_equal(mq_utf8_valid(text, length), plain);
}

/* All pairs of bytes, and what begins with them, over the seams of blocks. */
static void pairs_over_every_seam(void **state)
{
    (void)state;
    static const char *const after[] = {"", "\x80", "\x80\x80", "\xBF\xBF\xBF"};
    char *text = malloc(160); /* nothing readable behind it */
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        size_t at = 30 + pair % 7 + (pair & 1 ? 32 : 0) + (pair & 2 ? 64 : 0), end = at + 2;
        memset(text, 'a', 160);
        text[at] = (char)(pair >> 8);
        text[at + 1] = (char)(pair & 0xFF);
        const char *more = after[pair / 7 % 4];
        memcpy(text + end, more, strlen(more));
        expect_same(text, 160);
        expect_same(text, end + strlen(more));
        expect_same(text, end);
    }
    free(text);
}

static size_t put_character(char *out, uint64_t *seed)
{
    static const uint32_t first[] = {0x20, 0x80, 0x800, 0xE000, 0x10000};
    static const uint32_t last[] = {0x7F, 0x7FF, 0xD7FF, 0xFFFF, 0x10FFFF};
    uint32_t kind = draw(seed, 5);
    uint32_t code = first[kind] + draw(seed, last[kind] - first[kind] + 1);
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[length] | code);
    return length;
}

/* Texts of characters of every length, whole and with one byte changed. */
static void texts_with_one_wrong_byte(void **state)
{
    (void)state;
    uint64_t seed = 20260722;
    char made[400];
    size_t longest = 0, broken = 0;
    for (int times = 0; times < 40000; times++) {
        size_t length = 0, most = 1 + draw(&seed, 390);
        while (length < most)
            length += draw(&seed, 3) ? put_character(made + length, &seed)
                                     : (made[length] = (char)(' ' + draw(&seed, 90)), (size_t)1);
        char *text = malloc(length);
        memcpy(text, made, length);
        assert_int_equal(mq_utf8_valid_plain(text, length), length);
        expect_same(text, length);
        expect_same(text, length - draw(&seed, (uint32_t)length)); /* cut, perhaps in a character */
        text[draw(&seed, (uint32_t)length)] = (char)draw(&seed, 256);
        expect_same(text, length);
        broken += mq_utf8_valid_plain(text, length) < length;
        longest = length > longest ? length : longest;
        free(text);
    }
    assert_true(broken > 10000 && longest > 380);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_over_every_seam),
        cmocka_unit_test(texts_with_one_wrong_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
