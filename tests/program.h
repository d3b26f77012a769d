/* For tests that use mqci as its users do: run the program, look at what it printed and wrote. */
#ifndef MQ_TEST_PROGRAM_H
#define MQ_TEST_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* What a program did. */
struct outcome {
    int status;      /* exit code, or 128 + signal */
    char *out, *err; /* NUL-terminated; freed by outcome_clear */
};
void outcome_clear(struct outcome *outcome);

/* Runs words[0] (NULL-ended list) in the repository's root; "mqci" means the program just built. */
struct outcome run_words(const char *const *words);
/* The same for a shell command line; $MQCI is the program, $TMP the test's folder. */
struct outcome run_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Runs and fails the test unless the exit code is `status`. */
struct outcome expect_shell(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A folder of this test, removed at exit; the same for all calls of one process. */
const char *test_folder(void);
/* folder/name; a few results stay valid at a time. */
const char *in_folder(const char *name);
void put_file(const char *path, const char *text);
/* Whole file, NUL-terminated, freed by the caller; fails the test if it cannot be read. */
char *get_file(const char *path);
bool has_file(const char *path);
/* Fails the test and says where unless both files hold the same bytes. */
void assert_same_file(const char *a, const char *b);

#endif
