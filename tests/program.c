#include "program.h"

#include "support.h"

#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void outcome_clear(struct outcome *outcome)
{
    free(outcome->out);
    free(outcome->err);
    *outcome = (struct outcome){0};
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static char folder[64];

static void remove_folder(void)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *test_folder(void)
{
    if (!folder[0]) {
        const char *base = getenv("TMPDIR");
        snprintf(folder, sizeof folder, "%.40s/mqci-test-XXXXXX",
                 base && strlen(base) < 40 ? base : "/tmp");
        if (!mkdtemp(folder))
            abort();
        setenv("TMP", folder, 1);
        atexit(remove_folder);
    }
    return folder;
}

const char *in_folder(const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", test_folder(), name);
    return path;
}

void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static char *get_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *text = malloc((size_t)length + 1);
    *size = text ? fread(text, 1, (size_t)length, file) : 0;
    if (text)
        text[*size] = '\0';
    fclose(file);
    return text;
}

char *get_file(const char *path)
{
    size_t size;
    char *text = get_whole(path, &size);
    if (!text)
        fail_msg("cannot read %s", path);
    return text;
}

bool has_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

void assert_same_file(const char *a, const char *b)
{
    size_t size_a = 0, size_b = 0;
    char *text_a = get_whole(a, &size_a), *text_b = get_whole(b, &size_b);
    size_t at = 0, line = 1;
    bool same = text_a && text_b && size_a == size_b && memcmp(text_a, text_b, size_a) == 0;
    if (!same && text_a && text_b)
        for (; at < size_a && at < size_b && text_a[at] == text_b[at]; at++)
            line += text_a[at] == '\n';
    free(text_a);
    free(text_b);
    if (!same)
        fail_msg("%s and %s differ at line %zu (%zu and %zu bytes)", a, b, line, size_a, size_b);
}

struct outcome run_words(const char *const *words)
{
    const char *out = in_folder(".out"), *err = in_folder(".err");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const char *program = strcmp(words[0], "mqci") == 0 ? MQCI_PROGRAM : words[0];
    pid_t child;
    int status = 0;
    assert_int_equal(
        posix_spawnp(&child, program, &actions, NULL, (char *const *)(uintptr_t)words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(child, &status, 0), child);
    struct outcome outcome = {.status =
                                  WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
    outcome.out = get_file(out);
    outcome.err = get_file(err);
    return outcome;
}

static struct outcome shell(const char *format, va_list arguments)
{
    char command[8192];
    test_folder();
    setenv("MQCI", MQCI_PROGRAM, 1);
    vsnprintf(command, sizeof command, format, arguments);
    return run_words((const char *const[]){"bash", "-c", command, NULL});
}

struct outcome run_shell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct outcome outcome = shell(format, arguments);
    va_end(arguments);
    return outcome;
}

struct outcome expect_shell(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct outcome outcome = shell(format, arguments);
    va_end(arguments);
    if (outcome.status != status) {
        print_error("exit %d, %d wanted\n%s%s", outcome.status, status, outcome.out, outcome.err);
        fail();
    }
    return outcome;
}
