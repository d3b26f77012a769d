/*
 * floor TABLE OUT THREADS [plain]: how fast this machine can do the bare job at all; the stick that
 * mqci is measured with. It leaves out the rows that mqci refuses with bench-sums.yaml and writes
 * the same sums: OUT/<level>.csv. "plain": without AVX2. See floor.h for what it takes for granted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <omp.h>

#include "floor.h"

enum { CHUNK = 1 << 20 }; /* bytes a thread takes at a time */

/* ---- the table in pieces ---- */

void *floor_zeroed(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory != MAP_FAILED)
        madvise(memory, size, MADV_HUGEPAGE); /* fewer misses of the page table */
    return memory == MAP_FAILED ? NULL : memory;
}

static bool sums_make(struct sums *sums)
{
    memset(sums, 0, sizeof *sums);
    sums->amount = floor_zeroed(CELLS * sizeof *sums->amount);
    sums->rows = floor_zeroed(CELLS * sizeof *sums->rows);
    return sums->amount && sums->rows;
}

/* The first record that starts at `at` or later: after a line break, and with a key ("91...") or
 * without; a line break in a name is followed by a bracket. */
static const uint8_t *next_start(const uint8_t *at, const uint8_t *end)
{
    for (at--; at < end; at++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at || at + 1 >= end)
            return end;
        if (at[1] == '9' || at[1] == ',')
            return at + 1;
    }
    return end;
}

/* The last piece is read from a copy, behind which looking ahead is safe. */
static bool read_last(struct sums *sums, const uint8_t *at, const uint8_t *end,
                      floor_reader *reader)
{
    size_t size = (size_t)(end - at);
    uint8_t *copy = calloc(1, size + LONGEST);
    if (!copy)
        return false;
    memcpy(copy, at, size);
    reader(sums, copy, copy + size);
    free(copy);
    return true;
}

static bool read_table(const uint8_t *text, size_t size, struct sums *sums, int threads,
                       floor_reader *reader)
{
    const uint8_t *end = text + size, *body = next_start(text + 1, end);
    size_t chunks = size / CHUNK + !(size / CHUNK);
    bool good = true;
#pragma omp parallel num_threads(threads) reduction(&& : good)
    {
        struct sums *mine = &sums[omp_get_thread_num()];
        good = sums_make(mine);
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < chunks; i++) {
            const uint8_t *from = i ? next_start(text + i * CHUNK, end) : body;
            const uint8_t *to = i + 1 < chunks ? next_start(text + (i + 1) * CHUNK, end) : end;
            if (!good)
                continue;
            if (i + 1 < chunks)
                reader(mine, from, to);
            else
                good = read_last(mine, from, to, reader);
        }
    }
    return good;
}

/* ---- the program ---- */

static const uint8_t *map_file(const char *path, size_t *size)
{
    struct stat about;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about) != 0 || about.st_size == 0)
        return NULL;
    *size = (size_t)about.st_size;
    void *text = mmap(NULL, *size, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return text == MAP_FAILED ? NULL : text;
}

static bool do_job(char **argument, int threads, struct sums *sums)
{
    size_t size = 0;
    const uint8_t *text = map_file(argument[1], &size);
    bool plain = argument[4] && strcmp(argument[4], "plain") == 0;
    floor_reader *reader = plain ? NULL : floor_avx2();
    return text && read_table(text, size, sums, threads, reader ? reader : floor_plain_chunk) &&
           (mkdir(argument[2], 0777) == 0 || errno == EEXIST) &&
           floor_write(argument[2], sums, threads);
}

int main(int argc, char **argv)
{
    int threads = argc == 4 || argc == 5 ? atoi(argv[3]) : 0;
    if (threads < 1 || threads > 256) {
        fputs("usage: floor TABLE OUT THREADS [plain]\n", stderr);
        return 64;
    }
    struct sums *sums = calloc((size_t)threads, sizeof *sums);
    bool done = sums && do_job(argv, threads, sums);
    if (!done)
        perror("floor");
    free(sums);
    return done ? 0 : 1;
}
