/*
 * What the files of ingest share. Nobody outside this room includes it.
 *
 * The way of a byte: source.c maps it (or form.h pours it), encoding.c decides and checks what it
 * means, blocks.c finds out which block it belongs to, a tokeniser cuts it into fields, columns.c
 * turns those into cells. parse.c does that for a block, header.c says which column is which input;
 * locate.c goes the way back, from a row to its line and text; reader.c runs it all.
 */
#ifndef MQ_READER_H
#define MQ_READER_H

#include <iconv.h>
#include <stdatomic.h>

#include "ingest/form.h"

enum {
    MQ_BLOCK_LEAST = 64, /* far too small to be of use but to tests */
    MQ_BLOCK_USUAL = 256 << 10,
    MQ_BLOCK_MOST = 64 << 20,
    MQ_RECORD_MOST = 64 << 20 /* bytes of one row; not less than MQ_BLOCK_MOST */
};

/* ---- source.c: bytes that stay put ----------------------------------------------------------- */

struct mq_source {
    const char *text; /* what is read: the file's own bytes, or what its form was poured into */
    size_t text_count;
    const char *bytes; /* the file as it is; the text where there is no file (databases) */
    size_t count;
    char separator;        /* of the fields: ',' or '\t' */
    bool utf8;             /* the text was made here: its encoding is known */
    bool mapped;           /* `bytes` is our own mapping, else it belongs to a spill */
    struct mq_spill spill; /* what came out of a pipe */
    struct mq_pour pour;
};

/* Maps a file; sets aside what cannot be mapped ("-", pipes) and what is not plain text (see
 * form.h) in options->spool_directory first. `held`: [MQ_FORMS], NULL at first; see mq_origin.
 * MQ_NO_INPUT, MQ_USAGE, MQ_DATA (empty file, folder, old spreadsheet), MQ_IO. */
enum mq_status mq_source_open(const char *path, const struct mq_model *model, void **held,
                              const struct mq_reader_options *options, struct mq_source *source,
                              struct mq_error *error);
/* What people call a line of the text: the row of the table that it came from. */
uint64_t mq_source_row(const struct mq_source *source, uint64_t line);
/* These bytes of the text are not needed for now: poured text leaves memory for its file. */
void mq_source_leave(const struct mq_source *source, size_t start, size_t end);
void mq_source_close(struct mq_source *source); /* safe on a zeroed one */

/* ---- encoding.c: what the bytes mean ---- */

/* Decides the encoding of a whole file and how many bytes its byte order mark takes: the mark, else
 * what the first 1 MiB from the first byte beyond ASCII fits, UTF-8 before GB18030. MQ_DATA with
 * the place where neither fits any more. */
enum mq_status mq_encoding_find(const char *path, const struct mq_source *source,
                                enum mq_encoding declared, enum mq_encoding *encoding, size_t *mark,
                                struct mq_error *error);

/* Raw bytes as UTF-8 text, valid until the next decoding. */
struct mq_decoded {
    const char *text;
    size_t length; /* of the text before the first broken byte */
    bool broken;   /* a byte that the encoding does not allow follows the text */
    unsigned char byte;
    size_t left; /* bytes from the broken one to the end */
};
struct mq_decoder {
    iconv_t gb18030; /* (iconv_t)-1: not open */
    char *buffer;
    size_t capacity;
};
#define MQ_DECODER_EMPTY ((struct mq_decoder){.gb18030 = (iconv_t)-1})
enum mq_status mq_decoder_run(struct mq_decoder *decoder, enum mq_encoding encoding,
                              const char *bytes, size_t count, struct mq_decoded *decoded,
                              struct mq_error *error);
void mq_decoder_close(struct mq_decoder *decoder);
enum mq_status mq_encoding_fail(const char *path, enum mq_encoding encoding, unsigned char byte,
                                long line, long column, struct mq_error *error);

/* ---- tokens: text -> fields and rows ---- */

/* Rows of the usual number of fields, as they stand in a text: field i of row r is the bytes after
 * stop[first[r] + i - 1] (from 0 where that is UINT32_MAX) and before stop[first[r] + i]. */
struct mq_rows {
    const char *text;
    size_t before;        /* bytes before `text` that may be read */
    const uint32_t *stop; /* offsets of separators; stop[-1] is there too */
    const uint32_t *first;
    size_t count;
    bool quotes; /* some fields may stand in quotes; none is trimmed */
    const struct mq_scan_kernel *kernel;
};
/* Receives fields, unquoted and trimmed, then the end of their row (its terminator, -1 for the end
 * of the text); or many rows at once, if it can take them. The bytes of a field are not its own. */
struct mq_sink {
    void (*field)(const char *text, size_t length, void *context);
    void (*row)(int terminator, void *context);
    void *context;
    void (*rows)(const struct mq_rows *rows, void *context); /* may be NULL */
    size_t fields; /* how many the rows for `rows` have; 0: none is taken */
};
enum mq_fault {
    MQ_FAULT_NONE,
    MQ_FAULT_QUOTE, /* a quote, or text after a closing quote, where none may be: `offset` */
    MQ_FAULT_OPEN,  /* the last quoted field never ends */
    MQ_FAULT_MEMORY
};
/*
 * A tokeniser: one state per worker, whole blocks in, fields out. The rules all of them share: rows
 * end at LF or CR, blank rows are skipped, spaces and tabs around a field are dropped (but for the
 * tabs that separate), quotes only around a whole field. A block begins at a row; with `whole`
 * false its end was cut off and an open quote there is no fault.
 */
struct mq_tokeniser {
    const char *name;
    void *(*open)(void); /* NULL if out of memory */
    enum mq_fault (*run)(void *state, const char *text, size_t length, char separator, bool whole,
                         const struct mq_sink *sink, size_t *offset);
    void (*close)(void *state);
};
extern const struct mq_tokeniser mq_tokens_libcsv, mq_tokens_scan;
/* Whether a byte around a field is not part of it. */
static inline bool mq_is_space(char c, char separator)
{
    return c == ' ' || (c == '\t' && separator != '\t');
}

/* tokens_scan.c: what stands within a quoted field, both quotes of `text` included in `length`. The
 * field is part of the text or of the buffer, until the next call; false if out of memory. */
struct mq_unquoter {
    char *buffer; /* to be freed by the owner */
    size_t capacity;
};
bool mq_unquote(struct mq_unquoter *unquoter, const char *text, size_t length,
                struct mq_text *field);

/* ---- files ---- */

struct mq_file {
    struct mq_file_info info;
    struct mq_source source;
    size_t body;          /* offset of the first byte after the header record */
    uint64_t body_line;   /* line of that byte */
    size_t fields;        /* columns of the header */
    int *bound;           /* [fields] first input bound to a column, -1: none */
    int *also;            /* [inputs] next input bound to the same column, -1: none */
    uint64_t first_chunk; /* number of its first chunk, over all files */
    size_t chunks;
    _Atomic uint64_t *prefix; /* [chunks] see blocks.c */
};

/* Reads the header, binds its columns to the inputs, notes where the body starts. `mark`: bytes of
 * the byte order mark. */
enum mq_status mq_header_read(const struct mq_model *model, size_t mark, struct mq_file *file,
                              struct mq_arena *arena, struct mq_error *error);

/* ---- blocks.c: which bytes are the rows of a chunk ---- */

struct mq_block {
    const struct mq_file *file;
    uint32_t file_index, index; /* index: of the chunk within its file */
    size_t start, end;          /* bytes of the file: whole records */
    uint64_t line;              /* where it starts, from 1 */
    bool cut; /* the last record is longer than MQ_RECORD_MOST and ends early here */
};
uint64_t mq_count_newlines(const char *bytes, size_t length);
/* Counts a chunk, waits for the count of the one before and hands on the sum. Calls for chunks must
 * start in order. */
void mq_block_count(struct mq_file *file, size_t chunk, size_t chunk_bytes);
/* After mq_block_count: the records that start in the chunk; start == end if there are none. */
void mq_block_extent(const struct mq_file *file, size_t chunk, size_t chunk_bytes,
                     struct mq_block *block);
bool mq_block_counted(const struct mq_file *file); /* all chunks are */
/* The first record start at or after `at`, where `odd` says whether `at` lies within quotes; at
 * most `end`. */
size_t mq_record_start(const char *bytes, size_t at, size_t end, bool odd);

/* ---- columns.c: fields -> cells ---- */

struct mq_memo {
    uint64_t text; /* up to 8 bytes, zero padded */
    uint32_t code;
    uint8_t state, length; /* length 0: nothing remembered */
};
enum { MQ_MEMO_BITS = 12, MQ_MEMOS = 1 << MQ_MEMO_BITS };

struct mq_columns;
struct mq_cells;
typedef void mq_take(struct mq_columns *columns, struct mq_cells *cells, const char *text,
                     size_t length);

struct mq_cells {
    mq_take *take, *take_alone; /* by type; `take` serves all inputs of the column */
    struct mq_cells *also;      /* the next input of the same column */
    size_t column;
    enum mq_type type;
    int decimals;
    bool listed;
    uint8_t *state;
    union {
        int64_t *amount;
        double *number;
        uint32_t *code;
        uint64_t *key;
        void *any;
    } value;
    struct mq_dict *dict;
    struct mq_memo *memo; /* [MQ_MEMOS], codes and periods */
    uint32_t *tests;      /* [row] what the tests of the text said; NULL: there are none */
    const struct mq_text_test **test; /* [test_count] */
    size_t test_count;
    uint32_t *memo_tests;           /* [MQ_MEMOS] if there are tests: of the remembered texts */
    struct mq_editions *editions;   /* codes of older editions, else NULL; see editions.c */
    const struct mq_old_code **old; /* [row] if there are editions */
    const struct mq_codes *of;      /* a list whose codes are not valid at all times, else NULL */
    uint8_t **age;                  /* [MQ_AGES] by period, then by code; see validity.c */
};

struct mq_columns {
    const struct mq_file *file;
    size_t wanted;           /* fields of the file's header */
    struct mq_cells **bound; /* [wanted] NULL: a column that no input asks for */
    size_t field, row, capacity;
    bool failed; /* out of memory; rows are counted on but not kept */
    size_t inputs;
    struct mq_cells *cells; /* [inputs] */
    uint32_t *fields;
    uint32_t *begin; /* [row] where its record begins in the text; UINT32_MAX: not known */
    void *memory;    /* of all arrays */
    const struct mq_model *model;
    bool again;           /* these rows have been read before */
    uint8_t special[256]; /* by first byte: a longer text is not missing; UINT8_MAX: look closer */
    bool plain;           /* no missing text starts with a digit or point */
    char *narrow;         /* working space for full-width codes */
    size_t narrow_capacity;
    struct mq_unquoter unquoter;
    struct mq_matcher *matcher; /* if there are tests */
    uint32_t *rest;             /* rows that need a closer look */
    size_t rest_capacity;
    struct mq_column *view; /* [inputs] */
};
enum mq_status mq_columns_open(struct mq_columns *columns, const struct mq_model *model,
                               struct mq_dict *const *dicts, size_t widest,
                               struct mq_error *error); /* widest: fields of the widest header */
void mq_columns_start(struct mq_columns *columns, const struct mq_file *file);
/* The context of all three is a struct mq_columns. */
void mq_columns_field(const char *text, size_t length, void *context);
void mq_columns_row(int terminator, void *context);
void mq_columns_rows(const struct mq_rows *rows, void *context);  /* column_rows.c */
bool mq_columns_reserve(struct mq_columns *columns, size_t rows); /* room for one more than these */
/* The memo of a text of 1 to 8 bytes, zero-padded. */
static inline struct mq_memo *mq_memo_of(const struct mq_cells *cells, uint64_t text)
{
    return &cells->memo[text * UINT64_C(0x9E3779B97F4A7C15) >> (64 - MQ_MEMO_BITS)];
}
void mq_columns_show(struct mq_columns *columns); /* refreshes `view` */
void mq_columns_close(struct mq_columns *columns);

/* ---- text_tests.c: what is asked of texts before they become codes and hashes ---- */

/* After columns->cells is made: which inputs have tests; false: out of memory. */
bool mq_text_tests_open(struct mq_columns *columns);
/* The bits of a text that is not missing, as its value is made of it. */
uint32_t mq_text_tests_run(struct mq_columns *columns, const struct mq_cells *cells,
                           struct mq_text text);
void mq_text_tests_close(struct mq_columns *columns);

/* ---- editions.c: codes of older editions of a list ---- */

/* Before the tests of texts are opened: cells->dict becomes that of the texts as they come; false:
 * out of memory. */
bool mq_editions_open(struct mq_columns *columns);
const struct mq_dict *mq_editions_list(const struct mq_editions *editions);
/* The texts in the rows of a block become codes of the list; sets columns->failed when out of
 * memory. */
void mq_editions_translate(struct mq_columns *columns);
void mq_editions_close(struct mq_columns *columns);

/* ---- validity.c: codes that were not valid when their row was reported ---- */

enum { MQ_AGES = 256 };                            /* periods remembered */
bool mq_validity_open(struct mq_columns *columns); /* false: out of memory */
/* Over the rows of a block; sets columns->failed when out of memory. */
void mq_validity_judge(struct mq_columns *columns);
void mq_validity_close(struct mq_columns *columns);

/* ---- locate.c: from offsets and rows back to lines and texts ---- */

struct mq_place {
    uint64_t line;
    long column; /* in characters, from 1 */
};
/* Line and column of text[offset]; text starts in the first column of `line`. */
struct mq_place mq_place_find(const char *text, size_t offset, uint64_t line);
/* Where the quoted field around text[offset] opened; `offset` if it is in none. */
size_t mq_quote_opened(const char *text, size_t offset, char separator);
/* Offset of the field with that index in a record, `length` if the record is shorter. */
size_t mq_field_start(const char *record, size_t length, char separator, size_t index);
enum mq_status mq_fault_fail(const struct mq_file *file, enum mq_fault fault, const char *text,
                             size_t offset, uint64_t line, struct mq_error *error);

struct mq_record {
    size_t start, end; /* bytes of a block's text, without the line end */
    uint64_t line;     /* where it starts */
};
/* Walks the records of a text in order. */
struct mq_walk {
    const char *text;
    size_t length;
    char separator;
    size_t row; /* number of `record` */
    struct mq_record record;
    uint64_t newlines; /* within the record */
    size_t line_feed;  /* one more than where the last one found is */
};
/* Stands before the first record of a text that starts in `line`. */
void mq_walk_start(struct mq_walk *walk, const char *text, size_t length, char separator,
                   uint64_t line);
/* Goes to the next record; false: there is none, and the walk stays. */
bool mq_walk_next(struct mq_walk *walk);
/* Goes to the record with that number, anew from the first if that lies behind. `begin`: where it
 * begins, if that is known (else UINT32_MAX): then nothing need be looked for. */
bool mq_walk_to(struct mq_walk *walk, size_t row, uint32_t begin, uint64_t line);

/* ---- reader.c
 * -------------------------------------------------------------------------------------------------
 */

struct mq_worker {
    _Atomic uint64_t
        busy; /* chunk being worked on, or a number not above it while claiming; UINT64_MAX: idle */
    void *tokens, *search_tokens;
    struct mq_decoder decoder;
    struct mq_columns columns;
    struct mq_batch batch;
    struct mq_block block;
    struct mq_decoded decoded;
    struct mq_walk walk;
    const struct mq_location *wanted; /* [wanted_rows] NULL: all rows of the block */
    size_t wanted_rows;
    struct mq_record *record; /* [wanted_rows] */
    size_t records;           /* that `record` has room for */
    struct mq_arena texts;    /* handed out by mq_reader_cell */
    char apart[64];           /* workers do not share cache lines */
};

struct mq_reader {
    const struct mq_model *model;
    struct mq_reader_options options;
    const struct mq_tokeniser *tokeniser;
    size_t chunk_bytes;
    size_t files;
    struct mq_file *file;
    uint64_t chunks;          /* of all files */
    struct mq_dict **dict;    /* [inputs] NULL for amounts, numbers and keys */
    bool *own_dict;           /* [inputs] */
    struct mq_worker *worker; /* [options.workers] */
    const struct mq_location *wanted;
    size_t wanted_count;
    bool direct;    /* all chunks are counted: only those with wanted rows need be claimed */
    uint64_t steps; /* of this pass: all chunks or, if direct, wanted rows, a chunk's at a time */
    uint64_t total; /* bytes of this pass */
    _Atomic uint64_t next, done;
    uint64_t told;           /* clock of the last progress message, ms; worker 0's */
    _Atomic uint64_t broken; /* first broken chunk so far, UINT64_MAX: none */
    atomic_flag error_lock;
    struct mq_error error;
    struct mq_arena arena;
};

/* ---- parse.c ---- */

/* Decodes and tokenises worker->block, or the rows of it that are wanted, into the worker's
 * columns. */
enum mq_status mq_parse(struct mq_reader *reader, struct mq_worker *worker, struct mq_error *error);

#endif
