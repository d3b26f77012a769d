/* Models, sums and frames made by hand, so that these tests need no file and no other room. */
#ifndef MQ_INDEX_FIXTURE_H
#define MQ_INDEX_FIXTURE_H

#include "index/index_parts.h"
#include "support.h"

enum { FIXTURE_NODES = 16, FIXTURE_SLOTS = 8, FIXTURE_LEVELS = 4 };

struct fixture {
    struct mq_model model;
    struct mq_node nodes[FIXTURE_NODES];
    int children[FIXTURE_NODES][FIXTURE_NODES];
    int order[FIXTURE_NODES];
    struct mq_level levels[FIXTURE_LEVELS];
    struct mq_band bands[8];
    struct mq_slot slots[FIXTURE_SLOTS];
    struct mq_mask masks[4];
    struct mq_arena arena;
    char *folder; /* of temporary files, NULL until there is one */
    const char *file[8];
    size_t files;
};

/* One level "province" without axes and no nodes; half up, 2 decimals. */
void fixture_init(struct fixture *fixture);
void fixture_clear(struct fixture *fixture);

int fixture_level(struct fixture *fixture, const char *id);
/* `parent` NULL: a root. Combined arithmetically with fixed weights; at line 10 + index, column 3.
 */
int fixture_parent(struct fixture *fixture, const char *id, const char *parent, int64_t n,
                   int64_t d);
/* Formula in postfix ("100 s0 * s1 /", ~ negates), mask 1 for coverage; normalise none. */
int fixture_leaf(struct fixture *fixture, const char *id, const char *parent, int64_t n, int64_t d,
                 const char *formula);
struct mq_steps fixture_steps(struct fixture *fixture, const char *postfix);
/* Chooses a normaliser; `params` is "fail=5 pass=0", the rest gets its fallback. */
void fixture_normalise(struct fixture *fixture, int node, const char *method, const char *params);
int fixture_method(enum mq_family family, const char *name);
/* Tree order and children; call when all nodes are there. */
void fixture_finish(struct fixture *fixture);

/* A frame of `periods` x `levels of the model` x `units` with codes "u00", "u01", ... and values
 * NaN. */
struct mq_frame *fixture_frame(struct fixture *fixture, size_t periods, size_t units);
/* Sets a value of unit `unit` (index in the frame); NaN becomes not_reported. */
void fixture_set(struct mq_frame *frame, size_t unit, int node, double value);

/* A file in a temporary directory of this fixture; both live until fixture_clear(). */
const char *fixture_file(struct fixture *fixture, const char *name, const char *content);

/* A small deterministic generator (splitmix64) for high-entropy numbers. */
double fixture_uniform(uint64_t *state, double low, double high);

/* Bitwise equality: NaN equals NaN. */
#define assert_same(found, wanted) assert_true(fixture_same(found, wanted, __FILE__, __LINE__))
bool fixture_same(double found, double wanted, const char *file, int line);

#endif
