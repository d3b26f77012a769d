#include "realistic.h"

#include <unistd.h>

#include "support.h"

static const char *const cities[] = {"沈阳市", "大连市", "鞍山市", "抚顺市",  "本溪市",
                                     "丹东市", "锦州市", "营口市", "阜新市",  "辽阳市",
                                     "盘锦市", "铁岭市", "朝阳市", "葫芦岛市"};
static const char *const industries[] = {"农副食品加工业",
                                         "食品制造业",
                                         "酒、饮料和精制茶制造业",
                                         "烟草制品业",
                                         "纺织业",
                                         "纺织服装、服饰业",
                                         "皮革、毛皮、羽毛及其制品和制鞋业",
                                         "木材加工和木、竹、藤、棕、草制品业",
                                         "家具制造业",
                                         "造纸和纸制品业",
                                         "印刷和记录媒介复制业",
                                         "文教、工美、体育和娱乐用品制造业",
                                         "石油、煤炭及其他燃料加工业",
                                         "化学原料和化学制品制造业",
                                         "医药制造业",
                                         "化学纤维制造业",
                                         "橡胶和塑料制品业",
                                         "非金属矿物制品业",
                                         "黑色金属冶炼和压延加工业",
                                         "有色金属冶炼和压延加工业",
                                         "金属制品业",
                                         "通用设备制造业",
                                         "专用设备制造业",
                                         "汽车制造业",
                                         "铁路、船舶、航空航天和其他运输设备制造业",
                                         "电气机械和器材制造业",
                                         "计算机、通信和其他电子设备制造业",
                                         "仪器仪表制造业",
                                         "其他制造业",
                                         "废弃资源综合利用业",
                                         "金属制品、机械和设备修理业"};

struct node_row {
    const char *id, *parent, *title, *english, *unit;
    double typical;
    enum mq_direction direction;
};

static const struct node_row tree[] = {
    {"mqci", "", "制造业质量竞争力指数", "Manufacturing Quality Competitiveness Index", "", 0,
     MQ_UP},
    {"quality", "mqci", "质量水平", "Quality level", "", 0, MQ_UP},
    {"standards", "quality", "标准与技术水平", "Standards and technology", "", 0, MQ_UP},
    {"grade_rate", "standards", "产品质量等级品率", "Quality grade rate", "%", 87.3, MQ_UP},
    {"control_share", "standards", "微电子控制设备比重", "Micro-electronics share", "%", 18.62,
     MQ_UP},
    {"management", "quality", "质量管理水平", "Quality management", "", 0, MQ_UP},
    {"certified", "management", "质量管理体系认证率", "Certified enterprises", "%", 41.7, MQ_UP},
    {"loss_rate", "management", "质量损失率", "Quality loss rate", "%", 0.183, MQ_DOWN},
    {"supervision", "quality", "质量监督与检验水平", "Supervision and inspection", "", 0, MQ_UP},
    {"spot_check", "supervision", "产品监督抽查合格率", "Spot check pass rate", "%", 93.97, MQ_UP},
    {"export_check", "supervision", "出口商品检验合格率", "Export inspection pass rate", "%", 98.41,
     MQ_UP},
    {"development", "mqci", "发展能力", "Development capability", "", 0, MQ_UP},
    {"research", "development", "研发与技术改造能力", "R&D and renovation", "", 0, MQ_UP},
    {"rd_share", "research", "研究与试验发展经费比重", "R&D share", "%", 1.27, MQ_UP},
    {"renovation", "research", "技术改造经费比重", "Renovation share", "%", 0.94, MQ_UP},
    {"core", "development", "核心技术能力", "Core technology", "", 0, MQ_UP},
    {"patents", "core", "每百万元产值拥有专利数", "Patents per million yuan", "件/百万元", 0.0347,
     MQ_UP},
    {"new_products", "core", "新产品销售比重", "New product share", "%", 15.8, MQ_UP},
    {"market", "development", "市场适应能力", "Market adaptation", "", 0, MQ_UP},
    {"revenue", "market", "平均产品销售收入", "Average revenue", "亿元", 6.83, MQ_UP},
    {"export_share", "market", "国际市场销售率", "Export share", "%", 11.46, MQ_UP},
};

static const struct node_row flat_tree[] = {
    {"index", "", "工业发展得分", "Sector score", "", 0, MQ_UP},
    {"employment", "index", "从业人数", "Employment", "thousand", 1.892, MQ_UP},
    {"wages", "index", "平均工资", "Mean wage", "thousand GBP", 23.91, MQ_UP},
    {"capital", "index", "人均资本", "Capital per head", "million GBP", 0.5074, MQ_UP},
    {"output", "index", "产出指数", "Output index", "", 103.8, MQ_UP},
    {"debt", "index", "负债率", "Debt ratio", "%", 41.2, MQ_DOWN},
};

static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* In (-1, 1), a function of what it belongs to. */
static double noise(uint64_t a, uint64_t b, uint64_t c)
{
    return (double)(int64_t)mix(mix(mix(a) + b) + c) / 9.3e18;
}

/* A number of a code: units of all levels differ. */
static uint64_t key_of(const char *code)
{
    uint64_t key = strlen(code);
    for (; *code; code++)
        key = mix(key ^ (unsigned char)*code);
    return key;
}

static const char *copy(struct realistic *set, const char *text)
{
    return mq_arena_string(&set->arena, text, strlen(text));
}

static void make_nodes(struct realistic *set, const struct realistic_options *options)
{
    const struct node_row *row = options->flat ? flat_tree : tree;
    size_t count =
        options->flat ? sizeof flat_tree / sizeof *flat_tree : sizeof tree / sizeof *tree;
    struct mq_model *model = &set->model;
    model->nodes = count;
    model->node = mq_arena_array(&set->arena, count, sizeof *model->node);
    model->order = mq_arena_array(&set->arena, count, sizeof *model->order);
    for (size_t i = 0; i < count; i++) {
        struct mq_node *node = &model->node[i];
        model->order[i] = (int)i; /* the rows above stand in tree order */
        *node = (struct mq_node){
            .id = row[i].id,
            .title = options->english ? row[i].english : row[i].title,
            .unit = options->english && !options->flat && row[i].unit[0] != '%' ? "" : row[i].unit,
            .parent = -1,
            .direction = row[i].direction,
            .leaf = row[i].typical > 0,
            .formula = {.text = "100 * a / b"},
            .normalise = {.method = -1},
            .combine = {.method = -1},
            .weigh = {.method = -1}};
        int *child = mq_arena_array(&set->arena, count, sizeof *child);
        for (size_t j = 0; j < count; j++) {
            if (strcmp(row[i].parent, row[j].id) == 0)
                node->parent = (int)j;
            if (strcmp(row[j].parent, row[i].id) == 0)
                child[node->children++] = (int)j;
        }
        node->child = child;
        node->depth = node->parent < 0 ? 0 : model->node[node->parent].depth + 1;
    }
    for (size_t i = 0; i < count; i++)
        if (model->node[i].parent >= 0)
            model->node[i].weight =
                (struct mq_fraction){1, (int64_t)model->node[model->node[i].parent].children};
}

static void add_level(struct realistic *set, const char *id, const char *title, size_t axes,
                      const int input[2])
{
    struct mq_level *level = &set->model.level[set->model.levels++];
    *level = (struct mq_level){.id = id, .title = title, .axes = axes, .rollup = {.of = -1}};
    for (size_t i = 0; i < axes; i++)
        level->axis[i] = (struct mq_level_axis){input[i], input[i] == 2 ? "city" : "division"};
}

static void make_levels(struct realistic *set, const struct realistic_options *options)
{
    bool english = options->english;
    set->model.level = mq_arena_array(&set->arena, 4, sizeof *set->model.level);
    if (!options->no_top)
        add_level(set, "province", english ? "Liaoning" : "辽宁省", 0, NULL);
    if (!options->no_single)
        add_level(set, "city", english ? "City" : "市", 1, (const int[2]){2, 0});
    if (!options->no_single && !options->flat)
        add_level(set, "industry", english ? "Industry" : "行业", 1, (const int[2]){3, 0});
    if (!options->no_matrix)
        add_level(set, "city_industry", "", 2, (const int[]){2, 3});
}

static const char *city_name(struct realistic *set, const struct realistic_options *options,
                             size_t i)
{
    if (options->english)
        return mq_arena_format(&set->arena, "Unit number %zu", i + 1);
    return i < 14 ? cities[i] : mq_arena_format(&set->arena, "第%zu开发区", i + 1);
}

static void add_unit(struct realistic *set, uint32_t period, uint32_t level, const char *code,
                     const char *name)
{
    uint64_t size = mix(mix(strlen(name) + period) ^ mix(level) ^ (uint64_t)code[strlen(code) / 2]);
    set->frame.unit[set->frame.units++] =
        (struct mq_unit){period, level, code, name,
                         set->model.level[level].axes == 2 ? 1 + size % 40 : 30 + size % 900};
}

static void make_units(struct realistic *set, const struct realistic_options *options)
{
    size_t units = options->units ? options->units : 14;
    size_t kinds = options->industries ? options->industries : 31;
    set->frame.unit =
        mq_arena_array(&set->arena, options->periods * (1 + units + kinds + units * kinds),
                       sizeof *set->frame.unit);
    for (uint32_t period = 0; period < options->periods; period++)
        for (uint32_t level = 0; level < set->model.levels; level++) {
            const struct mq_level *self = &set->model.level[level];
            bool industry = strcmp(self->id, "industry") == 0;
            for (size_t i = 0; self->axes == 1 && i < (industry ? kinds : units); i++)
                add_unit(set, period, level,
                         mq_arena_format(&set->arena, industry ? "%zu" : "2%05zu",
                                         industry ? 13 + i : (i + 1) * 100),
                         industry ? industries[i] : city_name(set, options, i));
            for (size_t i = 0; self->axes == 2 && i < units * kinds; i++)
                if (mix(i * 7 + period) % 5 != 0) /* not every industry is everywhere */
                    add_unit(set, period, level,
                             mq_arena_format(&set->arena, "2%05zu|%zu", (i / kinds + 1) * 100,
                                             13 + i % kinds),
                             mq_arena_format(&set->arena, "%s|%s",
                                             city_name(set, options, i / kinds),
                                             industries[i % kinds]));
            if (self->axes == 0)
                add_unit(set, period, level, "", self->title);
        }
}

static void make_values(struct realistic *set, const struct realistic_options *options)
{
    const struct node_row *row = options->flat ? flat_tree : tree;
    size_t nodes = set->model.nodes;
    for (size_t unit = 0; unit < set->frame.units; unit++)
        for (size_t i = nodes; i-- > 0;) {
            size_t cell = unit * nodes + i;
            const struct mq_node *node = &set->model.node[i];
            const struct mq_unit *self = &set->frame.unit[unit];
            struct mq_score *score = &set->scores.score[cell];
            double level = noise(key_of(self->code), i, 1);
            double step = 0.06 * noise(key_of(self->code), i, self->period + 2);
            set->frame.value[cell] = NAN;
            set->frame.coverage[cell] = NAN;
            set->scores.weight[cell] =
                node->parent < 0 ? NAN : 1.0 / (double)set->model.node[node->parent].children;
            *score = (struct mq_score){.change = NAN, .previous = NAN, .band = -1};
            if (node->leaf) {
                set->frame.value[cell] = row[i].typical * (1 + 0.31 * level + step);
                set->frame.coverage[cell] = score->coverage = 0.97 - 0.03 * fabs(level);
                score->value =
                    options->raw_only ? set->frame.value[cell] : 80.3 + 13 * level + 40 * step;
                continue;
            }
            for (size_t child = 0; child < node->children; child++) {
                score->value += set->scores.score[unit * nodes + (size_t)node->child[child]].value /
                                (double)node->children;
                score->coverage +=
                    set->scores.score[unit * nodes + (size_t)node->child[child]].coverage /
                    (double)node->children;
            }
        }
}

size_t realistic_unit(const struct realistic *set, size_t period, const char *level,
                      const char *code)
{
    for (size_t i = 0; i < set->frame.units; i++)
        if (set->frame.unit[i].period == period && strcmp(set->frame.unit[i].code, code) == 0 &&
            strcmp(set->model.level[set->frame.unit[i].level].id, level) == 0)
            return i;
    return SIZE_MAX;
}

/* Competition ranks within period and level; the unit of the period before by code. */
void realistic_rank(struct realistic *set)
{
    size_t nodes = set->model.nodes;
    for (size_t cell = 0; cell < set->frame.units * nodes; cell++) {
        const struct mq_unit *self = &set->frame.unit[cell / nodes];
        struct mq_score *score = &set->scores.score[cell];
        score->rank = isnan(score->value) ? 0 : 1;
        score->of = 0;
        score->band = -1;
        for (size_t other = 0; other < set->frame.units; other++) {
            const struct mq_unit *peer = &set->frame.unit[other];
            double value = set->scores.score[other * nodes + cell % nodes].value;
            if (peer->period != self->period || peer->level != self->level)
                continue;
            score->rank += score->rank > 0 && value > score->value;
            score->of += !isnan(value);
        }
        for (size_t band = 0; band < set->model.bands; band++)
            if (score->value >= set->model.band[band].from)
                score->band = (int16_t)band;
    }
    for (size_t cell = 0; cell < set->frame.units * nodes; cell++) {
        const struct mq_unit *self = &set->frame.unit[cell / nodes];
        struct mq_score *score = &set->scores.score[cell];
        size_t before = self->period ? realistic_unit(set, self->period - 1u,
                                                      set->model.level[self->level].id, self->code)
                                     : SIZE_MAX;
        if (before == SIZE_MAX)
            continue;
        score->previous = set->scores.score[before * nodes + cell % nodes].value;
        score->previous_rank = set->scores.score[before * nodes + cell % nodes].rank;
        score->change = score->value - score->previous;
    }
}

static void make_model(struct realistic *set, const struct realistic_options *options)
{
    static const char *const assumption[] = {"三级指标和统计指标权重未公布，此处取等权",
                                             "标准化的参照值为假定，取历年各地区数值的范围"};
    static const char *const english = "weights are equal because none are published";
    static struct mq_band bands[] = {{0, "没有竞争力"},
                                     {75, "竞争力不足"},
                                     {80, "初步竞争力"},
                                     {85, "中等竞争力"},
                                     {90, "较强竞争力"}};
    set->model =
        (struct mq_model){.path = "models/test.yaml",
                          .id = options->english ? "test-en" : "mqci-liaoning",
                          .edition = "2024",
                          .title = options->english ? "Manufacturing Quality Competitiveness Index"
                                                    : "制造业质量竞争力指数",
                          .source = options->english ? "survey of enterprises"
                                                     : "规模以上工业企业报表，省市场监督管理局",
                          .chinese = !options->english,
                          .assumptions = options->english ? 1 : 2,
                          .rounding = MQ_HALF_UP,
                          .decimals = 2,
                          .min_enterprises = options->min_enterprises,
                          .key = 0,
                          .period = 1,
                          .band = bands,
                          .bands = options->no_bands ? 0 : 5};
    set->model.assumption = mq_arena_array(&set->arena, 2, sizeof *set->model.assumption);
    for (size_t i = 0; i < 2 && i < set->model.assumptions; i++)
        set->model.assumption[i] = options->english ? english : assumption[i];
}

void realistic_new(const struct realistic_options *options, struct realistic *set)
{
    *set = (struct realistic){0};
    make_model(set, options);
    make_nodes(set, options);
    make_levels(set, options);
    set->frame.model = set->scores.model = &set->model;
    set->frame.periods = options->periods;
    set->frame.period = mq_arena_array(&set->arena, 2, sizeof *set->frame.period);
    set->frame.period[0] = copy(set, options->periods == 2 ? "2023" : "2024");
    set->frame.period[1] = copy(set, "2024");
    make_units(set, options);
    size_t cells = set->frame.units * set->model.nodes;
    set->frame.value = mq_arena_array(&set->arena, cells, sizeof(double));
    set->frame.numerator = mq_arena_array(&set->arena, cells, sizeof(double));
    set->frame.denominator = mq_arena_array(&set->arena, cells, sizeof(double));
    set->frame.coverage = mq_arena_array(&set->arena, cells, sizeof(double));
    set->frame.reason = mq_arena_array(&set->arena, cells, 1);
    set->scores.frame = &set->frame;
    set->scores.score = mq_arena_array(&set->arena, cells, sizeof(struct mq_score));
    set->scores.weight = mq_arena_array(&set->arena, cells, sizeof(double));
    set->scores.fitted = mq_arena_array(&set->arena, cells * MQ_MAX_PARAMS, sizeof(double));
    make_values(set, options);
    realistic_rank(set);
    set->provenance = (struct mq_provenance){
        .engine_version = "0.1.0",
        .model_digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        .result_digest = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        .rows_in = 18243,
        .accepted = 17893,
        .rejected = 127,
        .out_of_scope = 223};
}

void realistic_clear(struct realistic *set)
{
    mq_arena_clear(&set->arena);
}

int realistic_node(const struct realistic *set, const char *id)
{
    for (size_t i = 0; i < set->model.nodes; i++)
        if (strcmp(set->model.node[i].id, id) == 0)
            return (int)i;
    fail_msg("no node %s", id);
    return -1;
}

struct mq_score *realistic_score(struct realistic *set, size_t unit, const char *node)
{
    assert_true(unit < set->frame.units);
    return &set->scores.score[unit * set->model.nodes + (size_t)realistic_node(set, node)];
}

const struct mq_sheet *realistic_sheet(const struct mq_sheets *sheets, const char *id)
{
    for (size_t i = 0; i < sheets->count; i++)
        if (strcmp(sheets->sheet[i].id, id) == 0)
            return &sheets->sheet[i];
    return NULL;
}

const struct mq_sheet_cell *realistic_cell(const struct mq_sheet *sheet, const char *name,
                                           const char *column)
{
    assert_non_null(sheet);
    for (size_t row = 0; row < sheet->rows; row++)
        for (size_t i = 0; i < sheet->columns; i++)
            if (strcmp(sheet->cell[row * sheet->columns].text, name) == 0 &&
                strcmp(sheet->column[i].title, column) == 0)
                return &sheet->cell[row * sheet->columns + i];
    fail_msg("no cell %s / %s on %s", name, column, sheet->id);
    return NULL;
}

void realistic_folder(char *path)
{
    const char *base = getenv("TMPDIR");
    snprintf(path, 256, "%s/mqci-publish-XXXXXX", base && base[0] ? base : "/tmp");
    assert_non_null(mkdtemp(path));
}
