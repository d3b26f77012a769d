/* Texts of rows: names, numbers, and one mistake of each kind a clerk or a spreadsheet makes. */
#include "gen_row.h"

#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts in the encoding of the file ---- */

enum { HEADERS = 6 + GEN_AMOUNTS };

static const char *const header[HEADERS][2] = {
    {"统一社会信用代码", "usci"},
    {"单位名称", "name"},
    {"年份", "year"},
    {"行政区划代码", "area_code"},
    {"行业代码", "industry_code"},
    {"企业规模", "size"},
    {"从业人员", "employees"},
    {"营业收入", "revenue"},
    {"工业总产值", "output"},
    {"工业销售产值", "sales_output"},
    {"出口交货值", "exports"},
    {"优等品产值", "superior_output"},
    {"一等品产值", "first_output"},
    {"合格品产值", "qualified_output"},
    {"生产经营用设备原价", "equipment"},
    {"微电子控制设备原价", "microelectronic_equipment"},
    {"质量管理体系认证证书数", "certificates"},
    {"内部质量损失", "internal_failure"},
    {"外部质量损失", "external_failure"},
    {"监督抽查批次", "sampled_batches"},
    {"监督抽查合格批次", "passed_batches"},
    {"出口商品检验批次", "export_inspected"},
    {"出口商品检验合格批次", "export_passed"},
    {"研究开发费用", "rd_expenditure"},
    {"研究开发人员", "rd_personnel"},
    {"技术改造经费支出", "renovation_expenditure"},
    {"年末拥有专利数", "patents"},
    {"新产品销售收入", "new_product_revenue"},
    {"资产总计", "assets"},
    {"利润总额", "profit"},
};

static const char *const syllable[] = {
    "华", "瑞", "鑫", "盛", "达", "康", "泰", "兴", "恒", "隆", "远", "宏", "伟", "德",
    "信", "诚", "永", "昌", "金", "银", "东", "方", "海", "天", "龙", "腾", "飞", "祥",
    "和", "安", "顺", "利", "丰", "源", "博", "创", "新", "众", "联", "铭", "晟", "卓"};
static const char *const form[] = {"有限公司", "有限责任公司", "股份有限公司", "集团有限公司"};
/* Fields that need quotes: a comma, doubled quotes, a line break. */
static const char *const branch[] = {",第一工厂", ",铁西分厂", ",高新区分公司",
                                     "(\"\"老厂\"\"改制)", "\n(原国营厂)"};

enum {
    SYLLABLES = sizeof syllable / sizeof *syllable,
    FORMS = sizeof form / sizeof *form,
    BRANCHES = sizeof branch / sizeof *branch
};

/* A text after conversion. */
struct word {
    char bytes[48];
    uint8_t length;
};

struct gen_words {
    struct word syllable[SYLLABLES], form[FORMS], branch[BRANCHES], header[HEADERS];
    struct word area[40], trade[40]; /* by index in the tables */
    struct word unknown, letters;    /* wrong values */
};

static bool convert(iconv_t converter, const char *text, struct word *word)
{
    char copy[64], *in = copy, *out = word->bytes;
    size_t left = strlen(text), room = sizeof word->bytes;
    if (left >= sizeof copy)
        return false;
    memcpy(copy, text, left + 1);
    if (iconv(converter, &in, &left, &out, &room) == (size_t)-1)
        return false;
    word->length = (uint8_t)(sizeof word->bytes - room);
    return true;
}

static bool convert_all(iconv_t converter, const char *const *text, size_t count, struct word *word)
{
    for (size_t i = 0; i < count; i++)
        if (!convert(converter, text[i], &word[i]))
            return false;
    return true;
}

static bool fill_words(struct gen_words *words, iconv_t converter,
                       const struct gen_options *options)
{
    const struct gen_area *areas = options->region == GEN_NATION ? gen_provinces : gen_liaoning;
    size_t count = options->region == GEN_NATION ? gen_provinces_count : gen_liaoning_count;
    bool done = convert_all(converter, syllable, SYLLABLES, words->syllable) &&
                convert_all(converter, form, FORMS, words->form) &&
                convert_all(converter, branch, BRANCHES, words->branch) &&
                convert(converter, "未知", &words->unknown) &&
                convert(converter, "约1200", &words->letters);
    for (size_t i = 0; done && i < HEADERS; i++)
        done = convert(converter, header[i][options->english], &words->header[i]);
    for (size_t i = 0; done && i < count; i++)
        done = convert(converter, areas[i].name, &words->area[i]);
    for (size_t i = 0; done && i < gen_industries_count; i++)
        done = convert(converter, gen_industries[i].trade, &words->trade[i]);
    return done;
}

static struct gen_words *words_new(const struct gen_options *options)
{
    iconv_t converter = iconv_open(options->gb18030 ? "GB18030" : "UTF-8", "UTF-8");
    struct gen_words *words = calloc(1, sizeof *words);
    if (words && (converter == (iconv_t)-1 || !fill_words(words, converter, options))) {
        free(words);
        words = NULL;
    }
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    return words;
}

/* ---- one row as text ---- */

enum { ROW_ROOM = 4096, BUFFER = 1 << 20 }; /* no header or row is longer than ROW_ROOM */

struct row {
    const struct gen_options *options;
    const struct gen_words *words;
    const struct gen_world *world;
    struct gen_enterprise it;
    enum gen_spoil spoil;
    char *at; /* end of what is written */
};

enum text_draw {
    TEXT_BAD = GEN_DRAW_TEXT,
    TEXT_KIND,
    TEXT_NAME,
    TEXT_QUOTED,
    TEXT_MISSING /* + amount */
};

static void put(struct row *row, const char *bytes, size_t count)
{
    memcpy(row->at, bytes, count);
    row->at += count;
}

static void put_text(struct row *row, const char *text)
{
    put(row, text, strlen(text));
}

static void put_word(struct row *row, const struct word *word)
{
    put(row, word->bytes, word->length);
}

static void put_number(struct row *row, int64_t value)
{
    char digits[24], *start = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--start = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--start = '-';
    put(row, start, (size_t)(digits + sizeof digits - start));
}

static void put_name(struct row *row)
{
    const struct gen_enterprise *it = &row->it;
    const struct gen_area *areas =
        row->options->region == GEN_NATION ? gen_provinces : gen_liaoning;
    uint64_t bits = gen_bits(it->lasting, TEXT_NAME);
    bool quoted = gen_uniform(it->lasting, TEXT_QUOTED) < row->options->quoted;
    if (quoted)
        *row->at++ = '"';
    put_word(row, &row->words->area[it->place->area - areas]);
    put_word(row, &row->words->syllable[bits % SYLLABLES]);
    put_word(row, &row->words->syllable[bits / 64 % SYLLABLES]);
    if (bits >> 63)
        put_word(row, &row->words->syllable[bits / 4096 % SYLLABLES]);
    put_word(row, &row->words->trade[it->industry - gen_industries]);
    put_word(row, &row->words->form[it->size == 1 ? 3 : bits / 262144 % (FORMS - 1)]);
    if (quoted) {
        put_word(row, &row->words->branch[bits / 1048576 % BRANCHES]);
        *row->at++ = '"';
    }
}

/* Revenue, staff and output are asked for first and hardest: blanks there are ten times rarer. */
static bool is_blank(const struct row *row, enum gen_amount amount)
{
    double share = row->options->missing;
    if (amount <= GEN_OUTPUT)
        share *= 0.1;
    return share > 0 && gen_uniform(row->it.passing, TEXT_MISSING + amount) < share;
}

static void put_separated(struct row *row, int64_t value)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRId64, value < 1000 ? value + 1000 : value);
    *row->at++ = '"';
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *row->at++ = ',';
        *row->at++ = digits[i];
    }
    *row->at++ = '"';
}

static bool put_spoilt_amount(struct row *row, enum gen_amount amount)
{
    int64_t value = row->it.amount[amount];
    if (row->spoil == SPOIL_LETTERS && amount == GEN_ASSETS)
        put_word(row, &row->words->letters);
    else if (row->spoil == SPOIL_SEPARATOR && amount == GEN_REVENUE)
        put_separated(row, value);
    else if (row->spoil == SPOIL_TOO_LARGE && amount == GEN_OUTPUT)
        put_text(row, "99999999999999999999");
    else if (row->spoil == SPOIL_DECIMALS && amount == GEN_RESEARCH)
        put_number(row, value), put_text(row, ".375");
    else if (row->spoil == SPOIL_CONFLICT && amount == GEN_REVENUE)
        put_number(row, value + 1);
    else if (row->spoil == SPOIL_NEGATIVE && amount == GEN_REVENUE)
        put_number(row, -value);
    else if (row->spoil == SPOIL_PART && (amount == GEN_SAMPLED || amount == GEN_PASSED))
        put_number(row, row->it.amount[GEN_SAMPLED] + (amount == GEN_PASSED ? 2 : 0));
    else
        return false;
    return true;
}

static void put_amounts(struct row *row)
{
    int last = row->spoil == SPOIL_SHORT ? GEN_AMOUNTS - 3 : GEN_AMOUNTS;
    for (int amount = 0; amount < last; amount++) {
        *row->at++ = ',';
        if (row->spoil != SPOIL_NONE && put_spoilt_amount(row, (enum gen_amount)amount))
            continue;
        if (!is_blank(row, (enum gen_amount)amount))
            put_number(row, row->it.amount[amount]);
    }
    if (row->spoil == SPOIL_LONG)
        put_text(row, ",0");
}

static void put_line_end(struct row *row)
{
    if (row->options->crlf)
        *row->at++ = '\r';
    *row->at++ = '\n';
}

static void put_row(struct row *row)
{
    if (row->spoil != SPOIL_NO_KEY)
        put(row, row->it.usci, 18);
    *row->at++ = ',';
    put_name(row);
    *row->at++ = ',';
    if (row->spoil != SPOIL_NO_YEAR)
        put_number(row, row->it.year);
    *row->at++ = ',';
    if (row->spoil == SPOIL_REGION)
        put_text(row, "219900");
    else
        put(row, row->it.place->code, 6);
    *row->at++ = ',';
    if (row->spoil == SPOIL_INDUSTRY)
        put_word(row, &row->words->unknown);
    else
        put(row, row->it.code, 4);
    *row->at++ = ',';
    *row->at++ = (char)('0' + row->it.size);
    put_amounts(row);
    put_line_end(row);
}

static void put_header(struct row *row)
{
    if (row->options->bom && !row->options->gb18030)
        put_text(row, "\xEF\xBB\xBF");
    for (int i = 0; i < HEADERS; i++) {
        if (i)
            *row->at++ = ',';
        put_word(row, &row->words->header[i]);
    }
    put_line_end(row);
}

static void make_row(struct row *row, uint64_t index)
{
    const struct gen_options *options = row->options;
    uint64_t years = (uint64_t)(options->to - options->from + 1);
    uint64_t number = options->first + index / years;
    int year = options->from + (int)(index % years);
    uint64_t stem = gen_stem(row->world, number, year);
    row->spoil = SPOIL_NONE;
    if (gen_uniform(stem, TEXT_BAD) < options->bad)
        row->spoil = (enum gen_spoil)(1 + gen_bits(stem, TEXT_KIND) % (SPOIL_KINDS - 1));
    if (row->spoil == SPOIL_REPEATED || row->spoil == SPOIL_CONFLICT) {
        if (number == options->first)
            row->spoil = SPOIL_NO_KEY;
        else
            number--;
    }
    gen_enterprise_make(row->world, number, year, &row->it);
    if (row->spoil == SPOIL_REPEATED)
        row->spoil = SPOIL_NONE;
    put_row(row);
}

/* ---- the table ---- */

static bool flush_to(FILE *file, char *buffer, struct row *row)
{
    size_t count = (size_t)(row->at - buffer);
    row->at = buffer;
    return fwrite(buffer, 1, count, file) == count;
}

static bool write_rows(struct row *row, FILE *file)
{
    char *buffer = malloc(BUFFER + ROW_ROOM);
    bool good = buffer != NULL;
    row->at = buffer;
    if (good)
        put_header(row);
    for (uint64_t index = 0; good && index < row->options->rows; index++) {
        make_row(row, index);
        if (row->at - buffer >= BUFFER)
            good = flush_to(file, buffer, row);
    }
    good = good && flush_to(file, buffer, row);
    free(buffer);
    return good;
}

bool gen_write(const struct gen_options *options, FILE *file)
{
    struct gen_world world;
    struct gen_words *words = words_new(options);
    bool good = false;
    if (words && gen_world_make(&world, options->region, options->mix, options->seed)) {
        struct row row = {.options = options, .words = words, .world = &world};
        good = write_rows(&row, file);
        gen_world_clear(&world);
    }
    free(words);
    return good;
}
