/* Binding inside this room: the YAML tree into struct mq_model, one section a file. */
#ifndef MQ_MODEL_BINDER_H
#define MQ_MODEL_BINDER_H

#include "model/formula.h"
#include "model/wording.h"
#include "model/yaml_tree.h"

struct mq_binder {
    const struct mq_yaml_file *file;
    struct mq_model *model;
    const struct mq_catalogue *catalogue;
    unsigned flags;
    struct mq_arena scratch;  /* YAML and formula trees: gone after binding */
    struct mq_buffer digests; /* of files the result depends on besides the model: a line each */
    const struct mq_yaml *define, *groups; /* of the model, for its rules */
    const struct mq_names *names;          /* made of them; for indicators too */
    struct mq_error *error;
};

/* ---- bind_keys.c: maps with known keys, and values of one kind ---- */

/* A key of a section. `bind` stores the value at `offset` of the struct that is being filled. */
struct mq_key {
    const char *name;
    bool required;
    enum mq_status (*bind)(struct mq_binder *b, const struct mq_yaml *value,
                           const struct mq_key *key, void *into);
    size_t offset;
    int from, to; /* of whole numbers */
};
struct mq_section {
    const char *what; /* "an input" */
    const struct mq_key *key;
    size_t keys;
};
#define MQ_SECTION(what, keys)                                                                     \
    {                                                                                              \
        what, keys, sizeof(keys) / sizeof *(keys)                                                  \
    }

/* Binds the keys present in the order of the section's table; unknown and missing ones are refused.
 */
enum mq_status mq_bind_map(struct mq_binder *b, const struct mq_yaml *map,
                           const struct mq_section *section, void *into);
/* The value of a key, NULL if absent. */
const struct mq_yaml *mq_yaml_get(const struct mq_yaml *map, const char *key);

enum mq_status mq_bind_fail(struct mq_binder *b, const struct mq_yaml *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "<what> "<name>" <problem>" with a hint from the candidates. */
enum mq_status mq_bind_unknown(struct mq_binder *b, const struct mq_yaml *at, const char *problem,
                               const char *const *candidates, size_t count, const char *plural);

/* Fit for a key table; `into` + offset is what the name says. */
enum mq_status mq_bind_keep(struct mq_binder *b, const struct mq_yaml *value,
                            const struct mq_key *key, void *into); /* const struct mq_yaml * */
enum mq_status mq_bind_text(struct mq_binder *b, const struct mq_yaml *value,
                            const struct mq_key *key, void *into); /* const char * */
enum mq_status mq_bind_id(struct mq_binder *b, const struct mq_yaml *value,
                          const struct mq_key *key,
                          void *into); /* const char *: letters, digits, _ . - and Chinese */
enum mq_status mq_bind_whole(struct mq_binder *b, const struct mq_yaml *value,
                             const struct mq_key *key, void *into); /* int within from..to */
enum mq_status mq_bind_real(struct mq_binder *b, const struct mq_yaml *value,
                            const struct mq_key *key, void *into); /* double */
enum mq_status mq_bind_fraction(struct mq_binder *b, const struct mq_yaml *value,
                                const struct mq_key *key, void *into); /* struct mq_fraction */

/* Plain calls. */
enum mq_status mq_bind_texts(struct mq_binder *b, const struct mq_yaml *value, const char *name,
                             const char ***texts, size_t *count); /* a list of texts, or one text */
/* Index of the word among `names`; `plural` for the message. */
enum mq_status mq_bind_choice(struct mq_binder *b, const struct mq_yaml *value,
                              const char *const *names, size_t count, const char *plural,
                              int *index);
enum mq_status mq_bind_list(struct mq_binder *b, const struct mq_yaml *value,
                            const char *name); /* is it a list? */
/* A file named in the model: as written, and from the folder of the model. It must be readable
 * unless MQ_MODEL_NO_CODES. */
enum mq_status mq_bind_path(struct mq_binder *b, const struct mq_yaml *value, const char *name,
                            const char **written, const char **found);
/* Refuses an id seen before: ids[i] for i < index, at the positions of the items of `list`. */
enum mq_status mq_bind_once(struct mq_binder *b, const struct mq_yaml *list, size_t index,
                            const char *what);

/* ---- sections ---- */

enum mq_status mq_bind_codes(struct mq_binder *b, const struct mq_yaml *codes);
enum mq_status mq_bind_inputs(struct mq_binder *b, const struct mq_yaml *inputs);
enum mq_status mq_bind_scope(struct mq_binder *b, const struct mq_yaml *scope);
enum mq_status mq_bind_rules(struct mq_binder *b, const struct mq_yaml *rules);
/* concordance: {industry: {file: concordance.csv, until: {"2011": "2002"}}} */
enum mq_status mq_bind_concordance(struct mq_binder *b, const struct mq_yaml *concordance);
/* ---- bind_tables.c ---- */

/* tables: {persons: {file: persons.csv, key: person_id, by: parent_id}} */
enum mq_status mq_bind_tables(struct mq_binder *b, const struct mq_yaml *tables);
/* Adds the digest of a file to b->digests. */
enum mq_status mq_bind_digest(struct mq_binder *b, const char *path);

/* ---- bind_names.c ---- */

/* define: and groups: of the model or a rule file; either may be NULL. b->file must be theirs. */
enum mq_status mq_bind_names(struct mq_binder *b, const struct mq_yaml *define,
                             const struct mq_yaml *groups, const struct mq_names *outer,
                             const struct mq_names **names);

/* ---- bind_edits.c ---- */

/* edit: of a rule; fills the rule's edit, inputs, text and `written`. What is wrong with its
 * formulas is MQ_BAD_MODEL with rule->written set. */
enum mq_status mq_bind_edit(struct mq_binder *b, const struct mq_yaml *edit,
                            const struct mq_names *names, struct mq_rule *rule);

/* ---- bind_corrections.c ---- */

/* corrections: [{id: K01, prorate: {total: costs, parts: [materials, wages]}}], after the rules. */
enum mq_status mq_bind_corrections(struct mq_binder *b, const struct mq_yaml *corrections);

/* ---- bind_localise.c ---- */

/* localise: {weights: {profit: 2, turnover: never}, most_fields: 4} */
enum mq_status mq_bind_localise(struct mq_binder *b, const struct mq_yaml *localise);

enum mq_status mq_bind_levels(struct mq_binder *b, const struct mq_yaml *levels);
/* `defaults` (may be NULL): what indicators get that do not say themselves how they are imputed,
 * treated, normalised or combined. */
enum mq_status mq_bind_nodes(struct mq_binder *b, const struct mq_yaml *indicators,
                             const struct mq_yaml *defaults);
enum mq_status mq_bind_bands(struct mq_binder *b, const struct mq_yaml *bands);

/* ---- bind_methods.c ---- */

/* method name, or {method: name, <parameters>}; keys in `own` belong to the caller and are left
 * alone. */
enum mq_status mq_bind_method(struct mq_binder *b, const struct mq_yaml *value,
                              enum mq_family family, const char *const *own,
                              struct mq_choice *choice);
/* The same for all families but `normalise`, required parameters checked, and all but those of
 * edits taken together. */
enum mq_status mq_bind_aggregation(struct mq_binder *b, const struct mq_yaml *value,
                                   enum mq_family family, const char *const *own,
                                   struct mq_choice *choice);
/* normalise: of a leaf whose direction is known; fills normalise, reference, reference_period and
 * goalposts. */
enum mq_status mq_bind_normalise(struct mq_binder *b, const struct mq_yaml *value,
                                 struct mq_node *node);
int mq_catalogue_find(const struct mq_catalogue *catalogue, enum mq_family family,
                      const char *name); /* -1 */

/* ---- bind_arguments.c ---- */

/* A parameter of another kind than real, flag or choice. */
enum mq_status mq_bind_argument(struct mq_binder *b, const struct mq_yaml *value,
                                const struct mq_param *param, enum mq_family family,
                                struct mq_argument *argument);
/* "1/3" or a decimal. */
enum mq_status mq_bind_number(struct mq_binder *b, const struct mq_yaml *value,
                              const struct mq_param *param, double *number);
/* Once the children of the node are known. */
enum mq_status mq_bind_sizes(struct mq_binder *b, const struct mq_node *node, enum mq_family family,
                             const struct mq_choice *choice);

/* ---- bind_weigh.c ---- */

/* weights: {method: entropy, level: province, reference: pooled} */
enum mq_status mq_bind_weigh(struct mq_binder *b, const struct mq_yaml *value,
                             struct mq_node *node);

/* ---- bind_screen.c ---- */

/* screen: {min_available: 2/3, min_nonzero: 0.05, keep: [110000], drop: [540000]} */
enum mq_status mq_bind_screen(struct mq_binder *b, const struct mq_yaml *screen);

/* ---- bind_counted.c ---- */

/* counted: {name: 受访者, measure: 人}, or the name alone */
enum mq_status mq_bind_counted(struct mq_binder *b, const struct mq_yaml *counted);

/* ---- bind_plan.c, bind_tiles.c, bind_story.c: the publication, after levels and indicators ---- */

/* sheets: [{kind: ranking, level: city, title: "..."}] */
enum mq_status mq_bind_sheets(struct mq_binder *b, const struct mq_yaml *sheets);
/* figures: [{kind: heatmap, level: city_industry}] */
enum mq_status mq_bind_figures(struct mq_binder *b, const struct mq_yaml *figures);
/* tiles: file.csv, or {"210100": [1, 4, 沈阳市]} */
enum mq_status mq_bind_tiles(struct mq_binder *b, const struct mq_yaml *tiles);
/* narrative: [{id: overview, title: 总体情况, text: ["..."], tables: [summary], figures: [trend]}],
 * after sheets and figures */
enum mq_status mq_bind_story(struct mq_binder *b, const struct mq_yaml *narrative);
/* A sentence with places for numbers; NULL for no scalar. Faults are told with their place. */
enum mq_status mq_bind_sentence(struct mq_binder *b, const struct mq_yaml *scalar,
                                const struct mq_narrative **parsed);

/* ---- bind_design.c ---- */

/* design: {weight: w, strata: stratum, psu: school, fpc: population, single: fail} and, beside it,
 * confidence: and interval:; after the inputs. The last two may be NULL, and design if they are. */
enum mq_status mq_bind_design(struct mq_binder *b, const struct mq_yaml *design,
                              const struct mq_yaml *confidence, const struct mq_yaml *interval);
/* Once the indicators are known: what a sample cannot tell is refused. */
enum mq_status mq_bind_design_formulas(struct mq_binder *b);
/* bind_rake.c: rake: {file: margins.csv} */
enum mq_status mq_bind_rake(struct mq_binder *b, const struct mq_yaml *map,
                            struct mq_design *design);

/* ---- bind_tree.c ---- */

/* What is written about a node and needs the whole tree. */
struct mq_node_draft {
    const struct mq_yaml *map, *parent, *weight, *growth;
};
/* bind_growth.c: growth: {of: output, over: all_output} of a leaf; all leaves are bound. */
enum mq_status mq_bind_growth(struct mq_binder *b, const struct mq_node_draft *draft, size_t index);
enum mq_status mq_bind_tree(struct mq_binder *b, const struct mq_node_draft *draft);
enum mq_status mq_bind_weights(struct mq_binder *b, const struct mq_node_draft *draft);

/* ---- formulas ---- */

enum mq_status mq_bind_source(struct mq_binder *b, const struct mq_yaml *scalar, const char *name,
                              struct mq_formula_source *source);
/* A condition about one row, its text and the inputs it names. */
struct mq_condition {
    const char *text;
    const struct mq_program *program;
    const int *input;
    size_t inputs;
};
enum mq_status mq_bind_condition(struct mq_binder *b, const struct mq_yaml *scalar,
                                 const char *name, struct mq_condition *condition);

#endif
