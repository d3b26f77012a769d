/* A directory of its own for a test, and files in it. */
#ifndef MQ_TEST_SCRATCH_H
#define MQ_TEST_SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

struct scratch {
    char directory[256];
    char path[512]; /* of the file written last */
};

static inline void scratch_open(struct scratch *scratch)
{
    const char *base = getenv("TMPDIR");
    snprintf(scratch->directory, sizeof scratch->directory, "%s/mqci-test-XXXXXX",
             base ? base : "/tmp");
    assert_non_null(mkdtemp(scratch->directory));
}

static inline const char *scratch_write(struct scratch *scratch, const char *name,
                                        const char *bytes, size_t count)
{
    snprintf(scratch->path, sizeof scratch->path, "%s/%s", scratch->directory, name);
    FILE *file = fopen(scratch->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
    return scratch->path;
}

/* Number of entries left in the directory. */
static inline int scratch_count(const struct scratch *scratch)
{
    DIR *directory = opendir(scratch->directory);
    assert_non_null(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static inline void scratch_close(struct scratch *scratch)
{
    DIR *directory = opendir(scratch->directory);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", scratch->directory, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(directory);
    assert_int_equal(rmdir(scratch->directory), 0);
}

#endif
