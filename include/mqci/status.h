/* Status codes and the error that callers own. */
#ifndef MQCI_STATUS_H
#define MQCI_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Part of the public interface; everything else stays inside the library. */
#define MQ_API __attribute__((visibility("default")))

/* What became of a call. The values are the exit codes of the program (sysexits). */
enum mq_status {
    MQ_OK = 0,
    MQ_FINDINGS = 1,      /* findings beyond the limit, or any under --strict */
    MQ_USAGE = 64,        /* wrong command line */
    MQ_DATA = 65,         /* bad data file */
    MQ_NO_INPUT = 66,     /* no such input */
    MQ_INTERNAL = 70,     /* out of memory, or a defect of the engine */
    MQ_CANNOT_WRITE = 73, /* output path not writable */
    MQ_IO = 74,           /* reading or writing failed on the way (disk full, ...) */
    MQ_LOCKED = 75,       /* another run holds the lock */
    MQ_BAD_MODEL = 78,    /* the model file is wrong */
    MQ_INTERRUPTED = 130  /* stopped by the user */
};

/* Where and why a call failed; owned by the caller, may be passed as NULL. Line and column count
 * from 1; 0 means "not known". A failing call fills it completely; a succeeding one leaves it
 * alone. */
struct mq_error {
    enum mq_status status;
    long line;
    long column;
    char file[512];     /* path, or "" */
    char message[1024]; /* what was found, what was expected, what to do */
};

/* "file:line:column: message", as shown to people; returns `text`. */
MQ_API const char *mq_error_text(const struct mq_error *error, char *text, unsigned long size);

#ifdef __cplusplus
}
#endif
#endif
