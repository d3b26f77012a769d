/*
 * Allocations that fail on demand. A program of mqci_failing_test() is linked so that every malloc,
 * calloc and realloc of our objects (not those of libraries) comes here.
 */
#ifndef MQ_TEST_FAILING_H
#define MQ_TEST_FAILING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_long allocations_left = -1; /* until one fails; negative: none does */

/* From now on allocation number n (from 0) fails, once. */
static inline void fail_allocation(long n)
{
    atomic_store(&allocations_left, n);
}

/* Ends that; whether the allocation that was to fail was reached. */
static inline bool allocation_failed(void)
{
    return atomic_exchange(&allocations_left, -1) < 0;
}

static inline bool allocation_fails(void)
{
    return atomic_load(&allocations_left) >= 0 && atomic_fetch_sub(&allocations_left, 1) == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

void *__wrap_malloc(size_t size)
{
    return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return allocation_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return allocation_fails() ? NULL : __real_realloc(block, size);
}

#endif
