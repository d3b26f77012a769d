/* Rows read again, by all workers at once. */
#include "validate/checker.h"

#include <stdlib.h>

struct reread {
    struct mq_checker *checker;
    const struct mq_location *place;
    mq_reread_fn body;
    void *context;
    enum mq_status *status; /* [workers] */
    struct mq_error *error; /* [workers] */
};

static enum mq_status read_batches(const struct reread *reread, int worker, struct mq_error *error)
{
    for (;;) {
        const struct mq_batch *batch = NULL;
        MQ_TRY(mq_reader_next(reread->checker->reader, worker, &batch, error));
        if (!batch)
            return MQ_OK;
        MQ_TRY(mq_correct(reread->checker, batch, &batch, error));
        MQ_TRY(reread->body(reread->context, batch, (size_t)(batch->at - reread->place), error));
    }
}

static void run_worker(int worker, void *context)
{
    struct reread *reread = context;
    reread->status[worker] = read_batches(reread, worker, reread->error + worker);
}

enum mq_status mq_reread(struct mq_checker *checker, size_t workers,
                         const struct mq_location *place, size_t places, mq_reread_fn body,
                         void *context, struct mq_error *error)
{
    struct reread reread = {.checker = checker, .place = place, .body = body, .context = context};
    reread.status = calloc(workers, sizeof *reread.status);
    reread.error = calloc(workers, sizeof *reread.error);
    enum mq_status status = MQ_OK;
    if (!reread.status || !reread.error) {
        status = mq_fail_memory(error);
    } else {
        mq_reader_rewind(checker->reader, place, places);
        mq_parallel((int)workers, run_worker, &reread);
        for (size_t w = 0; w < workers && status == MQ_OK; w++) {
            status = reread.status[w];
            if (status != MQ_OK && error)
                *error = reread.error[w];
        }
    }
    free(reread.status);
    free(reread.error);
    return status;
}
