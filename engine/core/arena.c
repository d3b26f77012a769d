/* Memory that dies together: pages that double from 4 KiB to 1 MiB; a large request gets its own.
 */
#include "core/core.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, FIRST_PAGE = 4096, LARGEST_PAGE = 1 << 20 };

struct mq_arena_page {
    _Alignas(ALIGN) struct mq_arena_page *next;
    size_t capacity;
    _Alignas(ALIGN) unsigned char bytes[];
};

static struct mq_arena_page *new_page(size_t capacity)
{
    if (capacity > SIZE_MAX - sizeof(struct mq_arena_page))
        return NULL;
    struct mq_arena_page *page = calloc(1, sizeof *page + capacity);
    if (page)
        page->capacity = capacity;
    return page;
}

/* A request too big for a common page goes behind the newest, which stays in use. */
static void *alloc_alone(struct mq_arena *arena, size_t bytes)
{
    struct mq_arena_page *page = new_page(bytes);
    if (!page)
        return NULL;
    if (arena->pages) {
        page->next = arena->pages->next;
        arena->pages->next = page;
    } else {
        arena->pages = page;
        arena->used = bytes;
    }
    return page->bytes;
}

void *mq_arena_alloc(struct mq_arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGN)
        return NULL;
    bytes = bytes ? (bytes + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    struct mq_arena_page *page = arena->pages;
    if (!page || bytes > page->capacity - arena->used) {
        size_t capacity = page ? page->capacity * 2 : FIRST_PAGE;
        if (capacity > LARGEST_PAGE)
            capacity = LARGEST_PAGE;
        if (bytes > capacity / 4)
            return alloc_alone(arena, bytes);
        page = new_page(capacity);
        if (!page)
            return NULL;
        page->next = arena->pages;
        arena->pages = page;
        arena->used = 0;
    }
    void *result = page->bytes + arena->used;
    arena->used += bytes;
    return result;
}

void *mq_arena_array(struct mq_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return mq_arena_alloc(arena, count * size);
}

void *mq_arena_copy(struct mq_arena *arena, const void *bytes, size_t count)
{
    void *copy = mq_arena_alloc(arena, count);
    if (copy && count)
        memcpy(copy, bytes, count);
    return copy;
}

char *mq_arena_string(struct mq_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = mq_arena_alloc(arena, length + 1);
    if (copy && length)
        memcpy(copy, text, length);
    return copy;
}

char *mq_arena_format(struct mq_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : mq_arena_alloc(arena, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

void mq_arena_clear(struct mq_arena *arena)
{
    for (struct mq_arena_page *page = arena->pages; page;) {
        struct mq_arena_page *next = page->next;
        free(page);
        page = next;
    }
    *arena = MQ_ARENA_EMPTY;
}
