/* Fingerprints: SHA-256 (FIPS 180-4, by OpenSSL) for manifests, XXH3 for tables in memory. */
#include "core/core.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

static enum mq_status finish(EVP_MD_CTX *state, struct mq_sha256 *digest, struct mq_error *error)
{
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_DigestFinal_ex(state, raw, &length) != 1 || length != 32)
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "SHA-256 could not be computed");
    for (size_t i = 0; i < length; i++)
        snprintf(digest->hex + 2 * i, 3, "%02x", raw[i]);
    return MQ_OK;
}

static enum mq_status begin(EVP_MD_CTX **state, struct mq_error *error)
{
    *state = EVP_MD_CTX_new();
    if (!*state)
        return mq_fail_memory(error);
    if (EVP_DigestInit_ex(*state, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(*state);
        *state = NULL;
        return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "SHA-256 is not available in OpenSSL");
    }
    return MQ_OK;
}

enum mq_status mq_sha256_bytes(const void *bytes, size_t count, struct mq_sha256 *digest,
                               struct mq_error *error)
{
    EVP_MD_CTX *state;
    MQ_TRY(begin(&state, error));
    enum mq_status status = MQ_OK;
    if (EVP_DigestUpdate(state, bytes, count) != 1)
        status = mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "SHA-256 could not be computed");
    if (status == MQ_OK)
        status = finish(state, digest, error);
    EVP_MD_CTX_free(state);
    return status;
}

static enum mq_status digest_fd(int fd, const char *path, EVP_MD_CTX *state, char *block,
                                size_t size, struct mq_error *error)
{
    for (;;) {
        ssize_t got = read(fd, block, size);
        if (got == 0)
            return MQ_OK;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mq_fail(error, MQ_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
        if (EVP_DigestUpdate(state, block, (size_t)got) != 1)
            return mq_fail(error, MQ_INTERNAL, NULL, 0, 0, "SHA-256 could not be computed");
    }
}

enum mq_status mq_sha256_file(const char *path, struct mq_sha256 *digest, struct mq_error *error)
{
    enum { BLOCK = 1 << 17 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mq_fail(error, MQ_NO_INPUT, path, 0, 0, "cannot be opened: %s", strerror(errno));
    EVP_MD_CTX *state = NULL;
    char *block = malloc(BLOCK);
    enum mq_status status = block ? begin(&state, error) : mq_fail_memory(error);
    if (status == MQ_OK)
        status = digest_fd(fd, path, state, block, BLOCK, error);
    if (status == MQ_OK)
        status = finish(state, digest, error);
    EVP_MD_CTX_free(state);
    free(block);
    close(fd);
    return status;
}

uint64_t mq_hash64(const void *bytes, size_t count, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes, count, seed);
}
