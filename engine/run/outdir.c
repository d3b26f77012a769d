/* An output directory is built beside its final place and renamed when it is whole. */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_DIRECTORIES = 16 };

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_entry, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS);
}

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* Only what this program made, or an empty directory, may be replaced. */
static enum mq_status may_replace(const char *path, struct mq_error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return MQ_OK;
    if (!S_ISDIR(status.st_mode))
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0,
                       "exists and is not a directory; choose another place with -o");
    char manifest[4200];
    snprintf(manifest, sizeof manifest, "%s/manifest.json", path);
    if (exists(manifest) || rmdir(path) == 0)
        return MQ_OK;
    return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0,
                   "exists and is not an output of mqci (it has no manifest.json); choose another "
                   "place with -o");
}

static enum mq_status take_lock(struct mq_outdir *outdir, struct mq_error *error)
{
    char path[4200];
    if (mkdir(outdir->building, 0777) != 0 && errno != EEXIST)
        return mq_fail(error, MQ_CANNOT_WRITE, outdir->building, 0, 0,
                       "cannot create the directory: %s", strerror(errno));
    int lock = open(mq_outdir_path(outdir, ".lock", path, sizeof path),
                    O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0)
        return mq_fail(error, MQ_CANNOT_WRITE, path, 0, 0, "cannot create the file: %s",
                       strerror(errno));
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        return mq_fail(error, MQ_LOCKED, outdir->final, 0, 0,
                       "another run is writing here; wait for it to end");
    }
    outdir->lock = lock;
    return MQ_OK;
}

/* What an earlier, interrupted run left behind. */
static int remove_leftover(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind;
    if (walk->level == 0 || strcmp(path + walk->base, ".lock") == 0)
        return 0;
    return remove(path);
}

enum mq_status mq_outdir_open(struct mq_outdir *outdir, const char *final, struct mq_error *error)
{
    *outdir = (struct mq_outdir){.lock = -1};
    size_t length = strlen(final);
    while (length > 1 && final[length - 1] == '/')
        length--;
    if (length == 0 || length > sizeof outdir->final - 32)
        return mq_fail(error, MQ_USAGE, NULL, 0, 0, "the output path is %s",
                       length ? "too long" : "empty");
    snprintf(outdir->final, sizeof outdir->final, "%.*s", (int)length, final);
    snprintf(outdir->building, sizeof outdir->building, "%.*s.building", (int)length, final);
    MQ_TRY(may_replace(outdir->final, error));
    MQ_TRY(take_lock(outdir, error));
    if (nftw(outdir->building, remove_leftover, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS) != 0) {
        mq_outdir_abandon(outdir);
        return mq_fail(error, MQ_CANNOT_WRITE, outdir->building, 0, 0,
                       "cannot clear what an earlier run left: %s", strerror(errno));
    }
    return MQ_OK;
}

const char *mq_outdir_path(const struct mq_outdir *outdir, const char *name, char *path,
                           size_t size)
{
    snprintf(path, size, "%s/%s", outdir->building, name);
    return path;
}

/* Swaps the two names in one step where the file system can; an existing output is never absent. */
static int put_in_place(const char *building, const char *target)
{
    if (!exists(target))
        return rename(building, target);
    if (renameat2(AT_FDCWD, building, AT_FDCWD, target, RENAME_EXCHANGE) == 0) {
        remove_tree(building); /* now the old output */
        return 0;
    }
    char old[4200];
    snprintf(old, sizeof old, "%s.old", target);
    remove_tree(old);
    if (rename(target, old) != 0)
        return -1;
    if (rename(building, target) != 0) {
        int saved = errno;
        rename(old, target);
        errno = saved;
        return -1;
    }
    remove_tree(old);
    return 0;
}

enum mq_status mq_outdir_commit(struct mq_outdir *outdir, bool failed, struct mq_error *error)
{
    char target[4200], failed_path[4200], lock_path[4200];
    snprintf(failed_path, sizeof failed_path, "%s.failed", outdir->final);
    snprintf(target, sizeof target, "%s", failed ? failed_path : outdir->final);
    if (unlink(mq_outdir_path(outdir, ".lock", lock_path, sizeof lock_path)) != 0 ||
        put_in_place(outdir->building, target) != 0)
        return mq_fail(error, MQ_CANNOT_WRITE, target, 0, 0, "cannot put the output in place: %s",
                       strerror(errno));
    if (!failed)
        remove_tree(failed_path);
    close(outdir->lock);
    outdir->lock = -1;
    return MQ_OK;
}

void mq_outdir_abandon(struct mq_outdir *outdir)
{
    if (outdir->lock < 0)
        return;
    remove_tree(outdir->building);
    close(outdir->lock);
    outdir->lock = -1;
}
