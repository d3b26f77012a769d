/* Arenas: aligned, zeroed, never overlapping, overflow-checked. */
#include "core/core.h"
#include "support.h"

static void requests_of_all_sizes_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 700 };
    struct mq_arena arena = MQ_ARENA_EMPTY;
    unsigned char *piece[COUNT];
    size_t size[COUNT];
    uint32_t random = 12345;
    for (int i = 0; i < COUNT; i++) {
        random = random * 1664525u + 1013904223u;
        size[i] = random >> 16;
        if (i % 7)
            size[i] %= 300;
        if (i == 350)
            size[i] = 3 << 20;
        piece[i] = mq_arena_alloc(&arena, size[i]);
        assert_non_null(piece[i]);
        assert_int_equal((uintptr_t)piece[i] % 16, 0);
        for (size_t k = 0; k < size[i]; k++)
            assert_int_equal(piece[i][k], 0);
        memset(piece[i], i & 0xFF, size[i]);
    }
    for (int i = 0; i < COUNT; i++)
        for (size_t k = 0; k < size[i]; k++)
            assert_int_equal(piece[i][k], i & 0xFF);
    mq_arena_clear(&arena);
    assert_null(arena.pages);
    assert_non_null(mq_arena_alloc(&arena, 5));
    mq_arena_clear(&arena);
    mq_arena_clear(&arena);
}

static void small_requests_share_pages(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    char *first = mq_arena_alloc(&arena, 16);
    char *large = mq_arena_alloc(&arena, 100000); /* alone, behind the page in use */
    char *second = mq_arena_alloc(&arena, 1);
    assert_non_null(large);
    assert_ptr_equal(second, first + 16);
    assert_int_equal(arena.used, 32);
    mq_arena_clear(&arena);
}

static void a_large_first_request_is_full(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    char *large = mq_arena_alloc(&arena, 5000);
    char *next = mq_arena_alloc(&arena, 5000);
    char *small = mq_arena_alloc(&arena, 8);
    memset(large, 1, 5000);
    memset(next, 2, 5000);
    memset(small, 3, 8);
    assert_int_equal(large[4999], 1);
    assert_int_equal(next[4999], 2);
    mq_arena_clear(&arena);
}

static void overflow_is_refused(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    assert_null(mq_arena_array(&arena, SIZE_MAX / 8 + 2, 8));
    assert_null(mq_arena_alloc(&arena, SIZE_MAX));
    assert_null(mq_arena_alloc(&arena, SIZE_MAX - 20));
    assert_null(mq_arena_string(&arena, "x", SIZE_MAX));
    assert_non_null(mq_arena_array(&arena, 0, 8));
    mq_arena_clear(&arena);
}

static void copies_and_formats(void **state)
{
    (void)state;
    struct mq_arena arena = MQ_ARENA_EMPTY;
    const int numbers[] = {2385, -71, 19};
    int *copy = mq_arena_copy(&arena, numbers, sizeof numbers);
    assert_memory_equal(copy, numbers, sizeof numbers);
    assert_string_equal(mq_arena_string(&arena, "沈阳市xyz", 9), "沈阳市");
    assert_string_equal(mq_arena_string(&arena, NULL, 0), "");
    assert_string_equal(mq_arena_format(&arena, "%s-%05d", "R", 37), "R-00037");
    mq_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_all_sizes_do_not_overlap),
        cmocka_unit_test(small_requests_share_pages),
        cmocka_unit_test(a_large_first_request_is_full),
        cmocka_unit_test(overflow_is_refused),
        cmocka_unit_test(copies_and_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
