/* The one file that knows how threads are made (OpenMP). */
#include "core/core.h"

#include <omp.h>
#include <sched.h>

enum { MOST_THREADS = 256 };

int mq_threads_resolve(int wanted)
{
    int threads = wanted > 0 ? wanted : omp_get_num_procs(); /* heeds the affinity mask */
    if (threads < 1)
        return 1;
    return threads > MOST_THREADS ? MOST_THREADS : threads;
}

void mq_parallel(int threads, void (*body)(int worker, void *context), void *context)
{
    if (threads <= 1) {
        body(0, context);
        return;
    }
#pragma omp parallel num_threads(threads)
    {
        /* Should the system grant fewer threads, the workers left over run one after another. */
        int granted = omp_get_num_threads();
        for (int worker = omp_get_thread_num(); worker < threads; worker += granted)
            body(worker, context);
    }
}

void mq_pause(void)
{
    sched_yield();
}
