/* No enterprise in any file of a publication: codes and names of all rows are searched for in the
 * bytes, in the parts of packages and packages within, and in the text of PDF. */
#include "odd_names.h"
#include "program.h"

#include "support.h"

#include <dirent.h>
#include <sys/stat.h>
#include <zip.h>

/* ---- many words at once ---- */

enum { HEAD = 9, SLOTS = 1 << 17 }; /* a word is found by its first nine bytes */

struct words {
    size_t count;
    char **word;
    int *next; /* of the same slot */
    int slot[SLOTS];
};

static unsigned head_of(const char *text)
{
    unsigned hash = 2166136261u;
    for (int i = 0; i < HEAD; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return (hash ^ hash >> 15) % SLOTS;
}

static struct words *words_new(const char *path)
{
    struct words *words = malloc(sizeof *words);
    char *text = get_file(path);
    size_t room = 1;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        room++;
    assert_non_null(words);
    *words =
        (struct words){.word = malloc(room * sizeof(char *)), .next = malloc(room * sizeof(int))};
    assert_true(words->word && words->next);
    memset(words->slot, -1, sizeof words->slot);
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        if (strlen(line) < HEAD)
            continue;
        unsigned slot = head_of(line);
        words->next[words->count] = words->slot[slot];
        words->word[words->count] = strdup(line);
        words->slot[slot] = (int)words->count++;
    }
    free(text);
    return words;
}

static void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->word[i]);
    free(words->word);
    free(words->next);
    free(words);
}

/* The first word that stands in the text, or NULL. */
static const char *word_in(const struct words *words, const char *text, size_t size)
{
    for (size_t at = 0; at + HEAD <= size; at++)
        for (int i = words->slot[head_of(text + at)]; i >= 0; i = words->next[i]) {
            size_t length = strlen(words->word[i]);
            if (at + length <= size && memcmp(text + at, words->word[i], length) == 0)
                return words->word[i];
        }
    return NULL;
}

/* ---- everything in a publication ---- */

struct search {
    const struct words *words;
    size_t files, parts, hits;
    char first[600]; /* hit */
};

static void search_bytes(struct search *search, const char *path, const char *bytes, size_t size);

static void search_package(struct search *search, const char *path, const char *bytes, size_t size)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
    zip_t *package = zip_open_from_source(source, ZIP_RDONLY, &error);
    assert_non_null(package);
    for (zip_int64_t i = 0; i < zip_get_num_entries(package, 0); i++) {
        struct zip_stat status;
        assert_int_equal(zip_stat_index(package, (zip_uint64_t)i, 0, &status), 0);
        char *part = malloc(status.size + 1);
        zip_file_t *file = zip_fopen_index(package, (zip_uint64_t)i, 0);
        assert_true(part && file);
        assert_int_equal(zip_fread(file, part, status.size), status.size);
        zip_fclose(file);
        char name[512];
        snprintf(name, sizeof name, "%s/%s", path, status.name);
        search->parts++;
        search_bytes(search, name, part, status.size);
        free(part);
    }
    zip_discard(package);
}

static void search_bytes(struct search *search, const char *path, const char *bytes, size_t size)
{
    const char *found = word_in(search->words, bytes, size);
    if (found && search->hits++ == 0)
        snprintf(search->first, sizeof search->first, "%s in %s", found, path);
    if (size > 4 && memcmp(bytes, "PK\3\4", 4) == 0)
        search_package(search, path, bytes, size);
}

static void search_file(struct search *search, const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    assert_true(file && fstat(fileno(file), &status) == 0);
    char *bytes = malloc((size_t)status.st_size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)status.st_size, file), status.st_size);
    fclose(file);
    search->files++;
    search_bytes(search, path, bytes, (size_t)status.st_size);
    free(bytes);
}

static void search_folder(struct search *search, const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char inner[600];
        struct stat status;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || stat(inner, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode))
            search_folder(search, inner);
        else
            search_file(search, inner);
    }
    closedir(folder);
}

/* Texts of the PDF files beside them, so that they are searched too; what is drawn in SVG and PNG
 * is drawn there as well. */
static void unfold_pdf(const char *folder)
{
    struct outcome outcome =
        expect_shell(0,
                     "if command -v pdftotext >/dev/null; then for f in $TMP/%s/figures/*.pdf; do "
                     "pdftotext $f $f.txt || exit 1; done; else echo skipped: pdftotext; fi",
                     folder);
    print_message("%s", outcome.out);
    outcome_clear(&outcome);
}

static void assert_no_word(const struct words *words, const char *folder, size_t files)
{
    struct search search = {.words = words};
    unfold_pdf(folder);
    search_folder(&search, in_folder(folder));
    assert_true(search.files >= files && search.parts > 60);
    if (search.hits)
        fail_msg("%s", search.first);
}

/* ---- the demo ---- */

/* keys.txt, names.txt: of all records, also those that were not accepted. */
static void list_enterprises(void)
{
    struct outcome outcome = expect_shell(
        0, "$(dirname $MQCI)/tools/records datasets/demo/liaoning-2023.csv "
           "datasets/demo/liaoning-2024.csv | cut -f3- | tr '\\001' '\\n' > $TMP/rows.csv && "
           "cut -d, -f1 $TMP/rows.csv | LC_ALL=C sort -u > $TMP/keys.txt && "
           "cut -d, -f2 $TMP/rows.csv | tr -d '\"' | LC_ALL=C sort -u > $TMP/names.txt");
    outcome_clear(&outcome);
}

static void no_enterprise_of_the_demo_is_published(void **state)
{
    (void)state;
    list_enterprises();
    struct outcome outcome =
        expect_shell(0, "$MQCI run models/mqci-liaoning.yaml datasets/demo/liaoning-2023.csv "
                        "datasets/demo/liaoning-2024.csv -o $TMP/run && "
                        "$MQCI publish $TMP/run -o $TMP/demo "
                        "--targets models/liaoning-2025-targets.yaml");
    outcome_clear(&outcome);
    static const char *const lists[] = {"keys.txt", "names.txt"};
    static const size_t fewest[] = {9000, 5000};
    for (int i = 0; i < 2; i++) {
        struct words *words = words_new(in_folder(lists[i]));
        print_message("%zu in %s\n", words->count, lists[i]);
        assert_true(words->count > fewest[i]);
        struct search seen = {.words = words}; /* the search does find what is there */
        search_file(&seen, in_folder("rows.csv"));
        assert_int_equal(seen.hits, 1);
        assert_no_word(words, "demo", 60);
        words_free(words);
    }
}

static void no_odd_name_is_published(void **state)
{
    (void)state;
    static const char *const readings[] = {"", "  - {id: name, column: [name], type: code}\n"};
    put_file(in_folder("odd.txt"), "91210000KEYCODE\n</script>密名\n有限公司\n");
    for (int i = 0; i < 2; i++) {
        publish_odd(readings[i]);
        struct words *words = words_new(in_folder("odd.txt"));
        assert_int_equal(words->count, 3);
        assert_no_word(words, "odd", 50);
        words_free(words);
        struct outcome outcome =
            expect_shell(1, "cd $TMP/odd && grep -rl -e 密名 -e KEYCODE -e 'alert(1)' .");
        outcome_clear(&outcome);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_enterprise_of_the_demo_is_published),
        cmocka_unit_test(no_odd_name_is_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
