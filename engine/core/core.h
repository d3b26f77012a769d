/*
 * core: what every room needs and no room owns.
 *
 * Takes bytes and numbers; hands on values, slices and verdicts. Nothing here knows models, files
 * of enterprises or indices. Conventions that hold in all rooms:
 *   - a call that can fail returns enum mq_status and, last, takes a struct mq_error * (may be
 * NULL);
 *   - results go through out-parameters, which are untouched or safe to clear when the call fails;
 *   - memory that lives as long as a result comes from that result's arena;
 *   - text is UTF-8, passed as struct mq_text (not NUL-terminated) or as a C string;
 *   - no static mutable state, no exit(), no printf below cli/.
 */
#ifndef MQ_CORE_H
#define MQ_CORE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mqci/status.h"

__extension__ typedef __int128 mq_int128;

/* ---- status.c ------------------------------------------------------------------------------ */

/* Passes a failure on; the only macro that hides control flow. */
#define MQ_TRY(call)                                                                               \
    do {                                                                                           \
        enum mq_status mq_try_status_ = (call);                                                    \
        if (mq_try_status_ != MQ_OK)                                                               \
            return mq_try_status_;                                                                 \
    } while (0)

/* Fills `error` (may be NULL) and returns `status`. `file` may be NULL. */
enum mq_status mq_fail(struct mq_error *error, enum mq_status status, const char *file, long line,
                       long column, const char *format, ...) __attribute__((format(printf, 6, 7)));
void mq_note_memory(struct mq_error *error); /* "out of memory" */
/* Here, so that it is plain to see for a compiler that it is no success. */
static inline enum mq_status mq_fail_memory(struct mq_error *error)
{
    mq_note_memory(error);
    return MQ_INTERNAL;
}

/* ---- arena.c: memory that dies together ----------------------------------------------------- */

struct mq_arena {
    struct mq_arena_page *pages; /* newest first */
    size_t used;                 /* bytes used in the newest page */
};
#define MQ_ARENA_EMPTY ((struct mq_arena){0})

void *mq_arena_alloc(struct mq_arena *arena,
                     size_t bytes); /* zeroed, 16-aligned; NULL if out of memory */
void *mq_arena_array(struct mq_arena *arena, size_t count, size_t size); /* overflow-checked */
void *mq_arena_copy(struct mq_arena *arena, const void *bytes, size_t count);
char *mq_arena_string(struct mq_arena *arena, const char *text, size_t length); /* NUL-terminated */
char *mq_arena_format(struct mq_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void mq_arena_clear(struct mq_arena *arena); /* frees all; the arena is empty and usable again */

/* ---- buffer.c: a growing byte buffer --------------------------------------------------------- */

struct mq_buffer {
    char *data; /* NUL-terminated when length > 0 */
    size_t length, capacity;
    bool failed; /* an allocation failed: further appends do nothing; test once at the end */
};
#define MQ_BUFFER_EMPTY ((struct mq_buffer){0})
void mq_buffer_add(struct mq_buffer *buffer, const char *bytes, size_t count);
void mq_buffer_text(struct mq_buffer *buffer, const char *text);
void mq_buffer_format(struct mq_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void mq_buffer_csv(struct mq_buffer *buffer, const char *text,
                   size_t length); /* quoted if needed (RFC 4180) */
void mq_buffer_real(struct mq_buffer *buffer,
                    double value); /* %.17g shortened to the shortest text that reads back
                                      the same double; NaN writes nothing; -0 writes 0 */
void mq_buffer_clear(struct mq_buffer *buffer); /* frees */

/* ---- text.c ---------------------------------------------------------------------------------- */

struct mq_text {
    const char *s;
    size_t n;
};
struct mq_text mq_text(const char *c_string);
bool mq_text_equal(struct mq_text a, struct mq_text b);
bool mq_text_is(struct mq_text a, const char *c_string);
int mq_text_compare(struct mq_text a, struct mq_text b); /* by bytes, shorter first */
struct mq_text mq_text_trim(struct mq_text text);        /* spaces, tabs, CR, LF, U+3000, U+FEFF */
/* Full-width ASCII (U+FF01..U+FF5E, U+3000) to half-width; writes at most text.n bytes; returns the
 * length. */
size_t mq_text_narrow(struct mq_text text, char *out);
int mq_text_width(const char *text); /* terminal columns (CJK counts 2) */
/* Length of the longest prefix that is strict UTF-8 (no overlongs, surrogates, > U+10FFFF); n if
 * all is. */
size_t mq_utf8_valid(const char *bytes, size_t n);
/* The candidate nearest to `word` by edit distance, or NULL if none is near enough to suggest. */
const char *mq_text_nearest(const char *word, const char *const *candidates, size_t count);

/* ---- decimal.c: numbers as people write them ---- */

/* Why a text is not the number that was asked for. */
enum mq_verdict {
    MQ_NUMBER_OK = 0,
    MQ_NUMBER_MALFORMED, /* empty, letters, two signs, exponent, ... */
    MQ_NUMBER_SEPARATOR, /* thousands separators: 1,234 or １，２３４ */
    MQ_NUMBER_RANGE,     /* does not fit */
    MQ_NUMBER_DECIMALS   /* more non-zero decimals than declared */
};
/* Decimal text -> value * 10^decimals, 0 <= decimals <= 18. Optional sign, leading zeros, ".5" and
 * "5.", full-width digits and point are accepted; surrounding spaces are trimmed; trailing zeros
 * beyond `decimals` are fine. Never wraps, never rounds. *value is written only on MQ_NUMBER_OK. */
enum mq_verdict mq_decimal_parse(const char *text, size_t length, int decimals, int64_t *value);
/* Any finite real number in decimal or exponent form, correctly rounded; no hex, inf or nan. */
enum mq_verdict mq_real_parse(const char *text, size_t length, double *value);
/* A fraction "1/2", a decimal "0.25" or an integer -> numerator/denominator in lowest terms,
 * denominator > 0. */
enum mq_verdict mq_fraction_parse(const char *text, size_t length, int64_t *numerator,
                                  int64_t *denominator);
/* value * 10^-decimals as decimal text ("-12.30"); `text` needs 48 bytes; returns `text`. */
const char *mq_decimal_text(mq_int128 value, int decimals, char *text);

/* ---- round.c: published digits ---- */

enum mq_rounding { MQ_HALF_UP, MQ_HALF_EVEN }; /* 四舍五入 (away from zero); GB/T 8170 进舍规则 */
/* The double's 15-significant-digit decimal, rounded in decimal to `decimals` places (0..15).
 * "" for NaN, never "-0.00". `text` needs 352 bytes; returns `text`. */
const char *mq_round_text(double value, int decimals, enum mq_rounding rounding, char *text);

/* ---- sums.c: sums that do not depend on order ---- */

/* Order-free exact sum of finite doubles (a long fixed-point accumulator over the whole double
 * range). */
enum { MQ_EXACT_LIMBS = 68 };
struct mq_exact {
    int64_t limb[MQ_EXACT_LIMBS]; /* 32 value bits each, carries kept in the upper half */
    uint32_t pending;             /* additions since the carries were last settled */
};
void mq_exact_add(struct mq_exact *sum, double value);      /* value must be finite */
void mq_exact_subtract(struct mq_exact *sum, double value); /* takes an earlier value out again */
void mq_exact_merge(struct mq_exact *into, const struct mq_exact *from);
double mq_exact_value(
    const struct mq_exact *sum); /* correctly rounded (half even); +-INFINITY beyond range */

/* ---- dict.c: texts <-> ordinals, shared by threads ---- */

/* Interns texts; ordinals are 0, 1, ... in order of arrival. Look-ups take no lock and may run
 * while another thread interns. Ordinals of a dictionary filled by several threads depend on
 * timing: sort by text before output. */
struct mq_dict;
#define MQ_NO_CODE UINT32_MAX
enum mq_status mq_dict_new(struct mq_dict **dict, struct mq_error *error);
void mq_dict_free(struct mq_dict *dict);
uint32_t mq_dict_find(const struct mq_dict *dict, struct mq_text text); /* MQ_NO_CODE if absent */
uint32_t mq_dict_intern(struct mq_dict *dict,
                        struct mq_text text); /* MQ_NO_CODE if out of memory */
uint32_t mq_dict_count(const struct mq_dict *dict);
struct mq_text mq_dict_text(const struct mq_dict *dict,
                            uint32_t ordinal); /* NUL-terminated, lives as long as dict */
double mq_dict_number(const struct mq_dict *dict,
                      uint32_t ordinal); /* the text as a number, NaN if it is none */

/* ---- table.c: small CSV tables, whole in memory ---- */

struct mq_table {
    char *path;
    size_t columns, rows;
    char **header; /* [columns] */
    char **cell;   /* [rows * columns], "" if blank */
    long *line;    /* [rows] line where the record starts */
    long header_line;
    struct mq_arena arena;
};
/* Reads a small UTF-8 CSV (BOM allowed) with a header; ragged rows, bad quotes and bad UTF-8 are
 * errors with position. */
enum mq_status mq_table_read(const char *path, struct mq_table *table, struct mq_error *error);
/* Index of a column by name; MQ_DATA naming the file and its header if absent. */
enum mq_status mq_table_column(const struct mq_table *table, const char *name, size_t *column,
                               struct mq_error *error);
int mq_table_find(const struct mq_table *table, const char *name); /* -1 if absent */
void mq_table_clear(struct mq_table *table);

/* ---- codes.c: a code list as a tree ---- */

struct mq_code {
    const char *code, *name, *level;   /* level "" if the list has no levels */
    uint32_t parent;                   /* ordinal, MQ_NO_CODE at the top */
    const char *valid_from, *valid_to; /* "" = open */
};
struct mq_codes {
    const char *path;
    size_t count;
    struct mq_code *code; /* [count], in file order; the ordinal of dict */
    struct mq_dict *dict; /* frozen */
    size_t levels;
    const char **level; /* names of the levels found, top first */
    struct mq_arena arena;
};
/* Reads code,name,parent,level[,valid_from,valid_to]. Duplicate codes, unknown parents and cycles
 * are errors (MQ_BAD_MODEL) at file:line. A parent text that occurs nowhere as a code (e.g. a
 * section letter) is an error too unless every top row shares it. */
enum mq_status mq_codes_read(const char *path, struct mq_codes *codes, struct mq_error *error);
/* The ancestor (or self) of `ordinal` at the named level, MQ_NO_CODE if there is none. */
uint32_t mq_codes_ancestor(const struct mq_codes *codes, uint32_t ordinal, const char *level);
void mq_codes_clear(struct mq_codes *codes);

/* ---- digest.c ---- */

struct mq_sha256 {
    char hex[65];
};
enum mq_status mq_sha256_bytes(const void *bytes, size_t count, struct mq_sha256 *digest,
                               struct mq_error *error);
enum mq_status mq_sha256_file(const char *path, struct mq_sha256 *digest, struct mq_error *error);
uint64_t mq_hash64(const void *bytes, size_t count,
                   uint64_t seed); /* XXH3, same on every machine */

/* ---- spill.c: rows set aside on disk, not in memory ---- */

/* An append-only nameless temporary file of one writer; later mapped read-only. */
struct mq_spill {
    int fd;
    char *buffer;
    size_t buffered, capacity;
    uint64_t written;      /* bytes on file; what is still buffered not counted */
    void *map;             /* after mq_spill_map */
    const char *directory; /* for messages; lives with the buffer */
};
enum mq_status mq_spill_open(struct mq_spill *spill, const char *directory, struct mq_error *error);
enum mq_status mq_spill_add(struct mq_spill *spill, const void *bytes, size_t count,
                            struct mq_error *error);
/* Writes at a place of a file whose size is known beforehand and that is only written this way;
 * several threads may, each its own bytes. Once all is there, spill->written is set by the caller.
 */
enum mq_status mq_spill_put(struct mq_spill *spill, uint64_t place, const void *bytes, size_t count,
                            struct mq_error *error);
enum mq_status mq_spill_map(struct mq_spill *spill, const void **bytes, size_t *count,
                            struct mq_error *error);
void mq_spill_close(
    struct mq_spill *spill); /* safe on a zeroed or failed one with fd = -1 or 0-initialised */

/* ---- output.c: files that appear whole or not at all ---- */

/* Writes the buffer to `path` (created or replaced; built as `path`.partial and renamed when
 * whole), fsyncs, checks every step: MQ_CANNOT_WRITE if it cannot be created, MQ_IO if writing
 * fails on the way; then nothing is left behind and an older file stays as it was. Devices and
 * pipes are written straight. */
enum mq_status mq_write_file(const char *path, const char *bytes, size_t count,
                             struct mq_error *error);
enum mq_status mq_read_file(const char *path, struct mq_buffer *content,
                            struct mq_error *error); /* MQ_NO_INPUT if absent */

bool mq_write_all(int fd, const void *bytes,
                  size_t count); /* false with errno set; EINTR and short writes handled */

/* ---- threads.c: the one file that knows how threads are made ---- */

int mq_threads_resolve(
    int wanted); /* wanted > 0, else MQCI_THREADS is not read here: processors available; 1..256 */
/* Runs body(worker, context) for worker = 0..threads-1 at the same time and returns when all have.
 */
void mq_parallel(int threads, void (*body)(int worker, void *context), void *context);
void mq_pause(void); /* inside a spin loop: yields to the scheduler */

/* ---- log.c: talk to people and machines (stderr is the caller's) ---- */

enum mq_log_level { MQ_LOG_ERROR, MQ_LOG_WARN, MQ_LOG_INFO, MQ_LOG_DEBUG };
/* Where talk goes. All members may be NULL: then nothing is said. Called by one thread at a time.
 */
struct mq_talk {
    void *context;
    void (*say)(void *context, enum mq_log_level level, const char *stage, const char *message);
    void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total); /* bytes */
};
void mq_say(const struct mq_talk *talk, enum mq_log_level level, const char *stage,
            const char *format, ...) __attribute__((format(printf, 4, 5)));
/* One line for a log: text "mqci: warn: run: ..." or a JSON object. */
void mq_log_line(struct mq_buffer *line, bool json, enum mq_log_level level, const char *stage,
                 const char *message);
/* "\r[#####.....]  42 %  ingest  84/200 MB" fitted to `width` terminal columns. */
void mq_progress_line(struct mq_buffer *line, int width, const char *stage, uint64_t done,
                      uint64_t total);

/* ---- headers of their own: patterns, identities, concordances, dates, raking ---- */

#include "core/concordance.h"
#include "core/date.h"
#include "core/identity.h"
#include "core/pattern.h"
#include "core/rake.h"

#endif
