#include "figure_samples.h"

#include "support.h"

struct named {
    const char *code, *chinese, *english;
    int row, column; /* of its tile */
};

static const struct named cities[] = {
    {"210100", "沈阳市", "Shenyang", 2, 4}, {"210200", "大连市", "Dalian", 5, 2},
    {"210300", "鞍山市", "Anshan", 3, 3},   {"210400", "抚顺市", "Fushun", 2, 5},
    {"210500", "本溪市", "Benxi", 3, 5},    {"210600", "丹东市", "Dandong", 4, 5},
    {"210700", "锦州市", "Jinzhou", 2, 2},  {"210800", "营口市", "Yingkou", 4, 3},
    {"210900", "阜新市", "Fuxin", 1, 2},    {"211000", "辽阳市", "Liaoyang", 3, 4},
    {"211100", "盘锦市", "Panjin", 3, 2},   {"211200", "铁岭市", "Tieling", 1, 4},
    {"211300", "朝阳市", "Chaoyang", 1, 1}, {"211400", "葫芦岛市", "Huludao", 3, 1},
};

static const struct named provinces[] = {
    {"110000", "北京市", "Beijing", 2, 6},
    {"120000", "天津市", "Tianjin", 2, 7},
    {"130000", "河北省", "Hebei", 2, 5},
    {"140000", "山西省", "Shanxi", 3, 5},
    {"150000", "内蒙古自治区", "Inner Mongolia", 1, 6},
    {"210000", "辽宁省", "Liaoning", 1, 7},
    {"220000", "吉林省", "Jilin", 1, 8},
    {"230000", "黑龙江省", "Heilongjiang", 0, 8},
    {"310000", "上海市", "Shanghai", 4, 8},
    {"320000", "江苏省", "Jiangsu", 3, 7},
    {"330000", "浙江省", "Zhejiang", 5, 7},
    {"340000", "安徽省", "Anhui", 4, 7},
    {"350000", "福建省", "Fujian", 6, 7},
    {"360000", "江西省", "Jiangxi", 5, 6},
    {"370000", "山东省", "Shandong", 3, 6},
    {"410000", "河南省", "Henan", 4, 6},
    {"420000", "湖北省", "Hubei", 4, 5},
    {"430000", "湖南省", "Hunan", 5, 5},
    {"440000", "广东省", "Guangdong", 6, 6},
    {"450000", "广西壮族自治区", "Guangxi", 6, 5},
    {"460000", "海南省", "Hainan", 7, 5},
    {"500000", "重庆市", "Chongqing", 4, 4},
    {"510000", "四川省", "Sichuan", 4, 3},
    {"520000", "贵州省", "Guizhou", 5, 4},
    {"530000", "云南省", "Yunnan", 5, 3},
    {"540000", "西藏自治区", "Tibet", 4, 2},
    {"610000", "陕西省", "Shaanxi", 3, 4},
    {"620000", "甘肃省", "Gansu", 2, 3},
    {"630000", "青海省", "Qinghai", 3, 3},
    {"640000", "宁夏回族自治区", "Ningxia", 2, 4},
    {"650000", "新疆维吾尔自治区", "Xinjiang", 1, 2},
};

static const struct named divisions[] = {
    {"13", "农副食品加工业", "Processing of agricultural food", 0, 0},
    {"14", "食品制造业", "Manufacture of foods", 0, 0},
    {"15", "酒、饮料和精制茶制造业", "Liquor, beverages and refined tea", 0, 0},
    {"16", "烟草制品业", "Tobacco", 0, 0},
    {"17", "纺织业", "Textiles", 0, 0},
    {"18", "纺织服装、服饰业", "Apparel and accessories", 0, 0},
    {"19", "皮革、毛皮、羽毛及其制品和制鞋业", "Leather, fur, feathers and footwear", 0, 0},
    {"20", "木材加工和木、竹、藤、棕、草制品业", "Timber, wood, bamboo, rattan and straw products",
     0, 0},
    {"21", "家具制造业", "Furniture", 0, 0},
    {"22", "造纸和纸制品业", "Paper and paper products", 0, 0},
    {"23", "印刷和记录媒介复制业", "Printing and recorded media", 0, 0},
    {"24", "文教、工美、体育和娱乐用品制造业", "Culture, education, crafts, sport, entertainment",
     0, 0},
    {"25", "石油、煤炭及其他燃料加工业", "Petroleum, coal and other fuels", 0, 0},
    {"26", "化学原料和化学制品制造业", "Raw chemicals and chemical products", 0, 0},
    {"27", "医药制造业", "Medicines", 0, 0},
    {"28", "化学纤维制造业", "Chemical fibres", 0, 0},
    {"29", "橡胶和塑料制品业", "Rubber and plastics", 0, 0},
    {"30", "非金属矿物制品业", "Non-metallic mineral products", 0, 0},
    {"31", "黑色金属冶炼和压延加工业", "Smelting and pressing of ferrous metals", 0, 0},
    {"32", "有色金属冶炼和压延加工业", "Smelting and pressing of non-ferrous metals", 0, 0},
    {"33", "金属制品业", "Metal products", 0, 0},
    {"34", "通用设备制造业", "General purpose machinery", 0, 0},
    {"35", "专用设备制造业", "Special purpose machinery", 0, 0},
    {"36", "汽车制造业", "Automobiles", 0, 0},
    {"37", "铁路、船舶、航空航天和其他运输设备制造业",
     "Railway, ship, aerospace and other transport equipment", 0, 0},
    {"38", "电气机械和器材制造业", "Electrical machinery and apparatus", 0, 0},
    {"39", "计算机、通信和其他电子设备制造业", "Computers, communication and other electronics", 0,
     0},
    {"40", "仪器仪表制造业", "Measuring instruments", 0, 0},
    {"41", "其他制造业", "Other manufacture", 0, 0},
    {"42", "废弃资源综合利用业", "Utilisation of waste resources", 0, 0},
    {"43", "金属制品、机械和设备修理业", "Repair of metal products, machinery and equipment", 0, 0},
};

static const struct named nodes[] = {
    {"mqci", "制造业质量竞争力指数", "Manufacturing Quality Competitiveness Index", 0, 0},
    {"quality", "质量水平", "Quality level", 0, 0},
    {"development", "发展能力", "Development capability", 0, 0},
    {"standards", "标准与技术水平", "Standards and technology", 0, 0},
    {"management", "质量管理水平", "Quality management", 0, 0},
    {"supervision", "质量监督与检验水平", "Supervision and inspection", 0, 0},
    {"research", "研发与技术改造能力", "R&D and renovation", 0, 0},
    {"core", "核心技术能力", "Core technology", 0, 0},
    {"market", "市场适应能力", "Market adaptation", 0, 0},
};

static const struct named leaves[] = {
    {"grade_rate", "产品质量等级品率", "Quality grade rate", 0, 0},
    {"control_share", "微电子控制设备占生产经营用设备比重", "Micro-electronics share", 0, 0},
    {"capital", "生产设备技术水平", "Technical level of equipment", 0, 0},
    {"certified", "质量管理体系认证率", "Certified enterprises", 0, 0},
    {"loss_rate", "质量损失率", "Quality loss rate", 0, 0},
    {"spot_check", "产品监督抽查合格率", "Spot check pass rate", 0, 0},
    {"export_check", "出口商品检验合格率", "Export inspection pass rate", 0, 0},
    {"rd_share", "研究与试验发展经费比重", "R&D share", 0, 0},
    {"renovation", "技术改造经费比重", "Renovation share", 0, 0},
    {"patents", "每百万元产值拥有专利数", "Patents per million yuan", 0, 0},
    {"new_products", "新产品销售比重", "New product share", 0, 0},
    {"revenue", "平均产品销售收入", "Average revenue", 0, 0},
    {"export_share", "国际市场销售率", "Export share", 0, 0},
    {"brands", "名牌产品产值比重", "Share of famous brands", 0, 0},
};

/* What is drawn from: the figures to be, and the language. */
struct maker {
    struct mq_figures *figures;
    struct mq_figure *next;
    bool english;
    uint64_t state;
};

enum { MOST_FIGURES = 20 };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* In [-1, 1], the same sequence every time. */
static double noise(struct maker *maker)
{
    maker->state = maker->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(maker->state >> 33) / 1073741824.0 - 1;
}

static double rounded(double value)
{
    return round(value * 100) / 100;
}

/* "78.31", with sign "+0.54", minus as printed. */
static struct mq_sheet_cell number(struct maker *maker, double value, bool sign)
{
    struct mq_arena *arena = &maker->figures->arena;
    double exact = rounded(value);
    const char *before = exact < 0 ? "−" : sign && exact > 0 ? "+" : "";
    return (struct mq_sheet_cell){mq_arena_format(arena, "%s%.2f", before, fabs(exact)), exact};
}

static struct mq_sheet_cell missing(const char *mark)
{
    return (struct mq_sheet_cell){mark, NAN};
}

static struct mq_figure_item *items(struct maker *maker, const struct named *from, size_t count)
{
    struct mq_figure_item *item = mq_arena_array(&maker->figures->arena, count + 2, sizeof *item);
    for (size_t i = 0; i < count; i++)
        item[i] = (struct mq_figure_item){
            from[i].code, maker->english ? from[i].english : from[i].chinese, false};
    return item;
}

static struct mq_figure *begin(struct maker *maker, enum mq_figure_kind kind, const char *id,
                               const char *const title[2])
{
    static const char *note[] = {"“*”表示企业少于3家，为保护企业信息不予公布。",
                                 "“*”: withheld, fewer than 3 enterprises."};
    struct mq_figure *figure = maker->next++;
    size_t number = ++maker->figures->count;
    assert_true(number <= MOST_FIGURES);
    *figure = (struct mq_figure){
        .kind = kind,
        .id = id,
        .title = title[maker->english],
        .unit = maker->english ? "points" : "分",
        .number = mq_arena_format(&maker->figures->arena, maker->english ? "Figure %zu" : "图%zu",
                                  number),
        .alt = maker->english ? "Scores of 2024; the best is 92.17, the median 83.40."
                              : "2024年得分，最高92.17分，中位数83.40分。",
        .decimals = 2,
        .low = 70,
        .high = 100,
        .reference = {"", NAN},
        .reference_name = "",
        .stamp = "",
        .note = &note[maker->english],
        .notes = 1,
        .source =
            maker->english ? "Source: survey of enterprises" : "数据来源：规模以上工业企业报表",
        .level = kind == MQ_FIGURE_TREND || kind == MQ_FIGURE_WATERFALL ? "province" : "city"};
    return figure;
}

static struct mq_sheet_cell *cells(struct maker *maker, struct mq_figure *figure, size_t rows,
                                   size_t columns)
{
    struct mq_sheet_cell *cell =
        mq_arena_array(&maker->figures->arena, rows * columns, sizeof *cell);
    figure->rows = rows;
    figure->columns = columns;
    figure->cell = cell;
    return cell;
}

static void trend(struct maker *maker, const char *id, size_t periods, size_t series)
{
    struct mq_figure *figure = begin(
        maker, MQ_FIGURE_TREND, id,
        (const char *[]){"辽宁省制造业质量竞争力指数变动情况", "The index of Liaoning over time"});
    struct mq_sheet_cell *cell = cells(maker, figure, periods, series);
    struct mq_figure_item *row = mq_arena_array(&maker->figures->arena, periods, sizeof *row);
    struct mq_figure_item *column = items(maker, nodes, series);
    column[0].strong = true;
    for (size_t i = 0; i < periods; i++) {
        const char *year = mq_arena_format(&maker->figures->arena, "%zu", 2025 - periods + i);
        row[i] = (struct mq_figure_item){
            year, maker->english ? year : mq_arena_format(&maker->figures->arena, "%s年", year),
            false};
        for (size_t j = 0; j < series; j++)
            cell[i * series + j] = number(maker,
                                          83 - 1.4 * (double)j + 9.0 * (double)i / (double)periods +
                                              1.1 * noise(maker),
                                          false);
    }
    figure->row = row;
    figure->column = column;
    if (periods == 2)
        cell[2] = missing("△");
}

static int better(const void *left, const void *right)
{
    const struct mq_sheet_cell *a = left, *b = right;
    return (a->value < b->value) - (a->value > b->value);
}

/* Scores in a row's first column, descending; the last ones are missing. */
static void ranking(struct maker *maker, const char *id, const struct named *units, size_t count,
                    size_t columns, size_t lacking)
{
    struct mq_figure *figure =
        begin(maker, MQ_FIGURE_RANKING, id,
              (const char *[]){"2024年各地区（行业）制造业质量竞争力指数", "Scores of 2024"});
    struct mq_sheet_cell *cell = cells(maker, figure, count, columns);
    struct mq_sheet_cell *score = mq_arena_array(&maker->figures->arena, count, sizeof *score);
    static const struct named column[] = {{"now", "2024年", "2024", 0, 0},
                                          {"before", "2023年", "2023", 0, 0},
                                          {"change", "比上年变动", "Change", 0, 0}};
    figure->row = items(maker, units, count);
    figure->column = items(maker, column, columns);
    for (size_t i = 0; i < count; i++)
        score[i] = number(maker, 83 + 10 * noise(maker), false);
    qsort(score, count, sizeof *score, better);
    for (size_t i = 0; i < count; i++) {
        bool none = i + lacking >= count;
        struct mq_sheet_cell *line = &cell[i * columns];
        line[0] = none ? missing(i % 2 ? "*" : "△") : score[i];
        if (columns < 3)
            continue;
        bool fresh = i == count / 2 || none;
        double before = rounded(score[i].value - 0.4 - 1.5 * noise(maker));
        line[1] = fresh ? missing("▽") : number(maker, before, false);
        line[2] = fresh ? missing("▽") : number(maker, score[i].value - before, true);
    }
    if (columns == 3) {
        figure->reference = number(maker, 84.37, false);
        figure->reference_name = maker->english ? "Liaoning" : "辽宁省";
    }
}

static void strip(struct maker *maker, const char *id, const struct named *units, size_t count,
                  size_t rows)
{
    struct mq_figure *figure =
        begin(maker, MQ_FIGURE_STRIP, id,
              (const char *[]){"2024年各市各级指标得分分布", "Where the units lie"});
    struct mq_sheet_cell *cell = cells(maker, figure, rows, count);
    struct mq_figure_item *column = items(maker, units, count);
    figure->row = items(maker, nodes, rows);
    column[0].strong = column[count - 1].strong = column[1].strong = true;
    figure->column = column;
    figure->low = 60;
    for (size_t i = 0; i < rows * count; i++)
        cell[i] = number(maker, 82 + 9 * noise(maker) + 8 * noise(maker), false);
    cell[count] = missing("*");
}

static void heatmap(struct maker *maker, const char *id, const struct named *units, size_t rows)
{
    struct mq_figure *figure =
        begin(maker, MQ_FIGURE_HEATMAP, id,
              (const char *[]){"2024年各市分行业得分", "Scores by city and industry"});
    struct mq_sheet_cell *cell = cells(maker, figure, rows, COUNT(divisions));
    figure->row = items(maker, units, rows);
    figure->column = items(maker, divisions, COUNT(divisions));
    figure->low = 60;
    for (size_t i = 0; i < rows * COUNT(divisions); i++) {
        double chance = noise(maker);
        cell[i] = chance > 0.75   ? missing("")
                  : chance > 0.55 ? missing("*")
                                  : number(maker, 81 + 18 * noise(maker), false);
    }
}

static void waterfall(struct maker *maker, const char *id, const struct named *parts, size_t count,
                      double size)
{
    struct mq_figure *figure = begin(
        maker, MQ_FIGURE_WATERFALL, id,
        (const char *[]){"辽宁省制造业质量竞争力指数变动的构成", "What the change is made of"});
    struct mq_sheet_cell *cell = cells(maker, figure, count + 2, 1);
    struct mq_figure_item *row = items(maker, parts, count);
    memmove(row + 1, row, count * sizeof *row);
    row[0] = (struct mq_figure_item){"2023", maker->english ? "2023" : "2023年", true};
    row[count + 1] = (struct mq_figure_item){"2024", maker->english ? "2024" : "2024年", true};
    figure->row = row;
    figure->column = items(maker, nodes, 1);
    figure->low = 82;
    figure->high = 88;
    double sum = 84.32;
    cell[0] = number(maker, sum, false);
    for (size_t i = 1; i <= count; i++) {
        cell[i] = i == 2 && count > 8 ? number(maker, 0, true)
                                      : number(maker, size * (0.35 + noise(maker)), true);
        sum = rounded(sum + cell[i].value);
    }
    cell[count + 1] = number(maker, sum, false);
}

/* In which class a score is: below 75, 80, 85, 90, or above. */
static int16_t band_of(double value)
{
    return value >= 90 ? 4 : value >= 85 ? 3 : value >= 80 ? 2 : value >= 75 ? 1 : 0;
}

static void tiles(struct maker *maker, const char *id, const struct named *units, size_t count,
                  bool bands)
{
    static const char *const titles[2][5] = {
        {"没有竞争力", "竞争力不足", "初步竞争力", "中等竞争力", "较强竞争力"},
        {"none", "weak", "initial", "medium", "strong"}};
    struct mq_figure *figure = begin(
        maker, MQ_FIGURE_TILES, id,
        (const char *[]){"2024年各地区制造业质量竞争力指数分布", "The index of 2024 by region"});
    struct mq_sheet_cell *cell = cells(maker, figure, count, 1);
    struct mq_tile *tile = mq_arena_array(&maker->figures->arena, count, sizeof *tile);
    int16_t *band = mq_arena_array(&maker->figures->arena, count, sizeof *band);
    figure->row = items(maker, units, count);
    figure->column = items(maker, nodes, 1);
    figure->place = tile;
    figure->cell_band = bands ? band : NULL;
    figure->band = bands ? titles[maker->english] : NULL;
    figure->bands = bands ? 5 : 0;
    for (size_t i = 0; i < count; i++) {
        tile[i] = (struct mq_tile){units[i].code, units[i].chinese, units[i].row, units[i].column};
        cell[i] = i == 8 ? missing("*") : number(maker, 83 + 12 * noise(maker), false);
        band[i] = i == 8 ? -1 : band_of(cell[i].value);
    }
}

static void profile(struct maker *maker)
{
    static const size_t who[] = {5, 3, 0, 1}; /* Dandong, and those above it */
    struct named units[4];
    for (size_t i = 0; i < 4; i++)
        units[i] = cities[who[i]];
    struct mq_figure *figure =
        begin(maker, MQ_FIGURE_PROFILE, "profile",
              (const char *[]){"丹东市与位次靠前各市对比", "Dandong beside those above it"});
    struct mq_sheet_cell *cell = cells(maker, figure, COUNT(nodes), 4);
    struct mq_figure_item *column = items(maker, units, 4);
    column[0].strong = true;
    figure->row = items(maker, nodes, COUNT(nodes));
    figure->column = column;
    figure->number = "";
    figure->low = 60;
    for (size_t i = 0; i < COUNT(nodes) * 4; i++)
        cell[i] = number(maker, 78 + 2.5 * (double)(i % 4) + 7 * noise(maker), false);
    cell[4 * 4 + 1] = missing("*");
    cell[7 * 4] = missing("△");
}

void figure_samples_new(bool english, struct mq_figures *figures)
{
    *figures = (struct mq_figures){0};
    struct mq_figure *figure = mq_arena_array(&figures->arena, MOST_FIGURES, sizeof *figure);
    struct maker maker = {figures, figure, english, 20240921};
    figures->figure = figure;
    trend(&maker, "trend", 6, 3);
    trend(&maker, "trend_long", 25, COUNT(nodes));
    trend(&maker, "trend_short", 2, 3);
    ranking(&maker, "city_ranking", cities, COUNT(cities), 3, 0);
    ranking(&maker, "province_ranking", provinces, COUNT(provinces), 1, 0);
    ranking(&maker, "industry_ranking", divisions, COUNT(divisions), 3, 3);
    strip(&maker, "city_strip", cities, COUNT(cities), COUNT(nodes));
    strip(&maker, "industry_strip", divisions, COUNT(divisions), 3);
    heatmap(&maker, "city_industry", cities, COUNT(cities));
    heatmap(&maker, "division_matrix", divisions, COUNT(divisions));
    waterfall(&maker, "waterfall", nodes + 3, 6, 0.9);
    waterfall(&maker, "waterfall_long", leaves, COUNT(leaves), 0.3);
    tiles(&maker, "city_tiles", cities, COUNT(cities), true);
    tiles(&maker, "province_tiles", provinces, COUNT(provinces), false);
    profile(&maker);
}

const struct mq_figure *figure_sample(const struct mq_figures *figures, const char *id)
{
    for (size_t i = 0; i < figures->count; i++)
        if (strcmp(figures->figure[i].id, id) == 0)
            return &figures->figure[i];
    fail_msg("no sample %s", id);
    return NULL;
}
