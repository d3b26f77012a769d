/* A room includes headers of rooms before it in the line, never after; the program includes the
 * public interface only. */
#include "support.h"

#include <dirent.h>

static const char *const rooms[] = {"core",  "model",   "ingest",  "validate", "cells",
                                    "index", "analyse", "publish", "run",      "cli"};
enum { ROOMS = sizeof rooms / sizeof *rooms };

static int room_index(const char *name, size_t length)
{
    for (int i = 0; i < ROOMS; i++)
        if (strlen(rooms[i]) == length && strncmp(rooms[i], name, length) == 0)
            return i;
    return -1;
}

/* `#include "room/header.h"` of a file in room `mine`. */
static void check_line(const char *line, int mine, const char *path)
{
    const char *name = strstr(line, "#include \"");
    if (!name)
        return;
    name += strlen("#include \"");
    const char *slash = strchr(name, '/');
    int other = slash ? room_index(name, (size_t)(slash - name)) : mine;
    if (other < 0) /* "mqci/..." */
        return;
    if (other > mine)
        fail_msg("%s: room %s may not use room %s: %s", path, rooms[mine], rooms[other], line);
    if (mine == ROOMS - 1 && other != mine)
        fail_msg("%s: the program uses the public interface only: %s", path, line);
    char door[64];
    snprintf(door, sizeof door, "%s/%s.h\"", rooms[other], rooms[other]);
    if (other != mine && strncmp(name, door, strlen(door)) != 0)
        fail_msg("%s: rooms include each other's room header only: %s", path, line);
}

static int check_room(int mine)
{
    char folder[512], line[1024];
    int files = 0;
    snprintf(folder, sizeof folder, "%s/engine/%s", MQCI_SOURCE_DIR, rooms[mine]);
    DIR *directory = opendir(folder);
    if (!directory)
        return 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[1024];
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || (strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        while (fgets(line, sizeof line, file))
            check_line(line, mine, path);
        fclose(file);
        files++;
    }
    closedir(directory);
    return files;
}

static void rooms_stand_in_line(void **state)
{
    (void)state;
    for (int i = 0; i < ROOMS; i++)
        assert_true(check_room(i) > 0);
}

/* What the laws of style forbid below the program, word by word. */
static void library_rooms_neither_print_nor_exit(void **state)
{
    (void)state;
    char command[1024];
    snprintf(command, sizeof command,
             "cd '%s/engine' && ! grep -nE "
             "'\\b(exit|abort|printf|puts|putchar|setlocale|getenv|strtok|rand)\\(' "
             "core/*.c model/*.c ingest/*.c validate/*.c cells/*.c index/*.c analyse/*.c "
             "publish/*.c run/*.c",
             MQCI_SOURCE_DIR);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command,
             "cd '%s/engine' && ! grep -nE '_OPENMP|#pragma omp|omp\\.h' $(ls */*.c */*.h | grep "
             "-v core/threads.c)",
             MQCI_SOURCE_DIR);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_stand_in_line),
        cmocka_unit_test(library_rooms_neither_print_nor_exit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
