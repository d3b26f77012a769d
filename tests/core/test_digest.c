/* Digests against published vectors. */
#include "core/core.h"
#include "scratch.h"
#include "support.h"

static void sha256_vectors(void **state)
{
    (void)state;
    struct mq_sha256 digest; /* FIPS 180-4 examples */
    assert_int_equal(mq_sha256_bytes("abc", 3, &digest, NULL), MQ_OK);
    assert_string_equal(digest.hex,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(mq_sha256_bytes("", 0, &digest, NULL), MQ_OK);
    assert_string_equal(digest.hex,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void sha256_of_files(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct mq_sha256 digest;
    struct mq_error error = {0};
    enum { MILLION = 1000000 };
    char *text = malloc(MILLION);
    assert_non_null(text);
    memset(text, 'a', MILLION); /* the long example of FIPS 180, over many reads */
    const char *path = scratch_write(&scratch, "a", text, MILLION);
    free(text);
    assert_int_equal(mq_sha256_file(path, &digest, &error), MQ_OK);
    assert_string_equal(digest.hex,
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_int_equal(mq_sha256_file(scratch.directory, &digest, &error), MQ_IO);
    scratch_close(&scratch);
    assert_int_equal(mq_sha256_file(scratch.path, &digest, &error), MQ_NO_INPUT);
    assert_string_equal(error.file, scratch.path);
    assert_contains(error.message, "cannot be opened");
}

static void xxh3_vectors(void **state)
{
    (void)state;
    assert_true(mq_hash64("", 0, 0) == UINT64_C(0x2D06800538D394C2)); /* XXH3_64bits of nothing */
    assert_true(mq_hash64("mqci", 4, 0) != mq_hash64("mqci", 4, 1));
    assert_true(mq_hash64("mqci", 4, 7) == mq_hash64("mqci", 4, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors),
        cmocka_unit_test(sha256_of_files),
        cmocka_unit_test(xxh3_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
