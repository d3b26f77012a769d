/* Builds small models by hand. */
#include "index_fixture.h"

#include <unistd.h>

void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->model = (struct mq_model){.path = "model.yaml",
                                       .directory = "",
                                       .id = "fixture",
                                       .edition = "1",
                                       .title = "fixture",
                                       .rounding = MQ_HALF_UP,
                                       .decimals = 2,
                                       .key = -1,
                                       .period = -1,
                                       .level = fixture->levels,
                                       .node = fixture->nodes,
                                       .order = fixture->order,
                                       .slot = fixture->slots,
                                       .mask = fixture->masks,
                                       .masks = 2,
                                       .band = fixture->bands};
    fixture_level(fixture, "province");
}

void fixture_clear(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->files; i++)
        unlink(fixture->file[i]);
    if (fixture->folder)
        rmdir(fixture->folder);
    mq_arena_clear(&fixture->arena);
}

int fixture_level(struct fixture *fixture, const char *id)
{
    struct mq_level *level = &fixture->levels[fixture->model.levels];

    *level = (struct mq_level){.id = id, .title = id, .rollup = {.of = -1}};
    level->at = (struct mq_position){3 + (long)fixture->model.levels, 5};
    return (int)fixture->model.levels++;
}

static int find_node(const struct fixture *fixture, const char *id)
{
    for (size_t i = 0; id && i < fixture->model.nodes; i++)
        if (strcmp(fixture->nodes[i].id, id) == 0)
            return (int)i;
    return -1;
}

int fixture_parent(struct fixture *fixture, const char *id, const char *parent, int64_t n,
                   int64_t d)
{
    int index = (int)fixture->model.nodes++;

    assert_true(index < FIXTURE_NODES);
    fixture->nodes[index] = (struct mq_node){.id = id,
                                             .title = id,
                                             .unit = "",
                                             .parent = find_node(fixture, parent),
                                             .weight = {n, d},
                                             .at = {10 + index, 3},
                                             .normalise = {.method = -1},
                                             .weigh = {.method = -1},
                                             .min_share = {2, 3}};
    fixture->nodes[index].depth =
        parent ? fixture->nodes[fixture->nodes[index].parent].depth + 1 : 0;
    fixture->nodes[index].combine.method = fixture_method(MQ_COMBINE, "arithmetic");
    return index;
}

int fixture_leaf(struct fixture *fixture, const char *id, const char *parent, int64_t n, int64_t d,
                 const char *formula)
{
    int index = fixture_parent(fixture, id, parent, n, d);

    fixture->nodes[index].leaf = true;
    fixture->nodes[index].combine.method = -1;
    if (formula)
        fixture->nodes[index].formula = (struct mq_formula){
            .text = formula, .value = fixture_steps(fixture, formula), .coverage_mask = 1};
    fixture_normalise(fixture, index, "none", "");
    return index;
}

struct mq_steps fixture_steps(struct fixture *fixture, const char *postfix)
{
    struct mq_step *steps = mq_arena_array(&fixture->arena, strlen(postfix) + 1, sizeof *steps);
    char *text = mq_arena_string(&fixture->arena, postfix, strlen(postfix)), *rest = NULL;
    size_t count = 0;

    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        struct mq_step *step = &steps[count++];
        static const char operators[] = "+-*/~";
        static const enum mq_step_kind kinds[] = {MQ_STEP_ADD, MQ_STEP_SUBTRACT, MQ_STEP_MULTIPLY,
                                                  MQ_STEP_DIVIDE, MQ_STEP_NEGATE};
        const char *operator= word[1] ? NULL : strchr(operators, word[0]);
        if (operator)
            step->kind = kinds[operator - operators];
        else if (word[0] == 's')
            *step = (struct mq_step){.kind = MQ_STEP_SLOT, .slot = atoi(word + 1)};
        else
            *step = (struct mq_step){.kind = MQ_STEP_CONSTANT, .constant = word};
    }
    return (struct mq_steps){count, steps};
}

int fixture_method(enum mq_family family, const char *name)
{
    const struct mq_catalogue *catalogue = mq_catalogue();

    for (size_t i = 0; i < catalogue->count[family]; i++)
        if (strcmp(catalogue->methods[family][i]->name, name) == 0)
            return (int)i;
    fail_msg("no method %s", name);
    return -1;
}

void fixture_normalise(struct fixture *fixture, int node, const char *method, const char *params)
{
    struct mq_node *to = &fixture->nodes[node];
    const struct mq_method *row;
    const char *rest = params;

    to->normalise = (struct mq_choice){.method = fixture_method(MQ_NORMALISE, method)};
    row = &mq_normalisers[to->normalise.method]->method;
    to->reference = row->data_driven ? MQ_REFERENCE_EACH : MQ_REFERENCE_FIXED;
    for (int i = 0; row->params && row->params[i].name; i++)
        to->normalise.param[i] = row->params[i].fallback;
    while (*rest) {
        char name[32];
        double value;
        int used = 0;
        bool known = false;
        assert_int_equal(sscanf(rest, " %31[a-z]=%lf%n", name, &value, &used), 2);
        rest += used;
        for (int i = 0; row->params && row->params[i].name; i++)
            if (strcmp(row->params[i].name, name) == 0) {
                to->normalise.param[i] = value;
                to->normalise.given[i] = known = true;
            }
        assert_true(known);
    }
}

static void visit(struct fixture *fixture, int node, size_t *count)
{
    struct mq_node *parent = &fixture->nodes[node];

    fixture->order[(*count)++] = node;
    parent->children = 0;
    for (int i = 0; i < (int)fixture->model.nodes; i++)
        if (fixture->nodes[i].parent == node) {
            fixture->children[node][parent->children++] = i;
            visit(fixture, i, count);
        }
    parent->child = fixture->children[node];
}

void fixture_finish(struct fixture *fixture)
{
    size_t count = 0;

    for (int i = 0; i < (int)fixture->model.nodes; i++)
        if (fixture->nodes[i].parent < 0)
            visit(fixture, i, &count);
    assert_int_equal(count, fixture->model.nodes);
}

struct mq_frame *fixture_frame(struct fixture *fixture, size_t periods, size_t units)
{
    const struct mq_model *model = &fixture->model;
    struct mq_frame *frame = mq_frame_alloc(model, periods, periods * model->levels * units);

    assert_non_null(frame);
    for (size_t p = 0, i = 0; p < periods; p++) {
        frame->period[p] = mq_arena_format(&frame->arena, "%zu", 2021 + p);
        for (size_t l = 0; l < model->levels; l++)
            for (size_t u = 0; u < units; u++, i++) {
                frame->unit[i] =
                    (struct mq_unit){.period = (uint32_t)p,
                                     .level = (uint32_t)l,
                                     .code = mq_arena_format(&frame->arena, "u%02zu", u),
                                     .name = mq_arena_format(&frame->arena, "unit %zu", u),
                                     .enterprises = 17 + 3 * i};
                for (size_t k = 0; k < model->nodes; k++)
                    if (model->node[k].leaf)
                        fixture_set(frame, i, (int)k, NAN);
            }
    }
    return frame;
}

void fixture_set(struct mq_frame *frame, size_t unit, int node, double value)
{
    size_t at = unit * frame->model->nodes + (size_t)node;

    frame->value[at] = value;
    frame->reason[at] = isnan(value) ? MQ_NOT_REPORTED : MQ_FINE;
    frame->coverage[at] = isnan(value) ? 0 : 1;
}

const char *fixture_file(struct fixture *fixture, const char *name, const char *content)
{
    const char *base = getenv("TMPDIR");
    size_t at = 0;
    FILE *file;
    char *path;

    if (!fixture->folder) {
        fixture->folder = mq_arena_format(&fixture->arena, "%s/mqci-XXXXXX", base ? base : "/tmp");
        assert_non_null(mkdtemp(fixture->folder));
    }
    path = mq_arena_format(&fixture->arena, "%s/%s", fixture->folder, name);
    while (at < fixture->files && strcmp(fixture->file[at], path) != 0)
        at++;
    assert_true(at < sizeof fixture->file / sizeof *fixture->file);
    fixture->file[at] = path;
    fixture->files += at == fixture->files;
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, strlen(content), file), strlen(content));
    assert_int_equal(fclose(file), 0);
    return path;
}

double fixture_uniform(uint64_t *state, double low, double high)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return low + (high - low) * ((double)(z >> 11) * 0x1p-53);
}

bool fixture_same(double found, double wanted, const char *file, int line)
{
    if (memcmp(&found, &wanted, sizeof found) == 0 || (isnan(found) && isnan(wanted)))
        return true;
    print_error("%s:%d: %.17g (%a) found, %.17g (%a) wanted\n", file, line, found, found, wanted,
                wanted);
    return false;
}
