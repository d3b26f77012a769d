/* The options, one row each, and the parser that reads the rows. */
#include "cli.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool whole_number(const char *text, long least, long most, long *value)
{
    char *end;
    *value = strtol(text, &end, 10);
    return end != text && *end == '\0' && *value >= least && *value <= most;
}

static bool one_of(const char *value, const char *a, const char *b, int *choice)
{
    *choice = strcmp(value, a) == 0 ? 1 : strcmp(value, b) == 0 ? 2 : 0;
    return *choice != 0;
}

/* auto | always | never, where auto means "if it is a terminal". */
static bool set_when(bool *target, const char *value)
{
    if (strcmp(value, "always") == 0 || strcmp(value, "never") == 0)
        *target = value[0] == 'a';
    else if (strcmp(value, "auto") != 0)
        return false;
    return true;
}

static bool set_out(struct arguments *a, const char *v)
{
    return (a->out = v)[0] != '\0';
}
static bool set_json(struct arguments *a, const char *v)
{
    (void)v;
    a->run.json = 1;
    return true;
}

static bool set_strict(struct arguments *a, const char *v)
{
    (void)v;
    a->run.strict = a->publish.strict = 1;
    return true;
}
static bool set_against(struct arguments *a, const char *v)
{
    return (a->run.against = v)[0] != '\0';
}
static bool set_unit(struct arguments *a, const char *v)
{
    return (a->question.unit = v) != NULL;
}
static bool set_level(struct arguments *a, const char *v)
{
    return (a->question.level = v) != NULL;
}
static bool set_period(struct arguments *a, const char *v)
{
    return (a->question.period = v) != NULL;
}
static bool set_node(struct arguments *a, const char *v)
{
    return (a->question.node = v) != NULL;
}
static bool set_actual(struct arguments *a, const char *v)
{
    if (a->actuals == MOST_ACTUALS || v[0] == '\0')
        return false;
    a->actual[a->actuals++] = v;
    return true;
}
static bool set_year(struct arguments *a, const char *v)
{
    long year;
    bool good = whole_number(v, 1900, 2200, &year);
    a->year = a->publish.year = good ? (int)year : 0;
    return good;
}
static bool set_formats(struct arguments *a, const char *v)
{
    a->run.formats = a->publish.formats = v;
    return v[0] != '\0';
}
static bool set_template(struct arguments *a, const char *v)
{
    return (a->publish.document = v)[0] != '\0';
}
static bool set_map(struct arguments *a, const char *v)
{
    return (a->publish.map = v)[0] != '\0';
}
static bool set_approval(struct arguments *a, const char *v)
{
    return (a->publish.approval = v)[0] != '\0';
}
static bool set_targets(struct arguments *a, const char *v)
{
    return (a->publish.targets = v)[0] != '\0';
}
static bool set_progress(struct arguments *a, const char *v)
{
    return set_when(&a->progress, v);
}
static bool set_color(struct arguments *a, const char *v)
{
    return set_when(&a->color, v);
}
static bool set_help(struct arguments *a, const char *v)
{
    (void)v;
    return a->help = true;
}
static bool set_version(struct arguments *a, const char *v)
{
    (void)v;
    return a->version = true;
}

static bool set_threads(struct arguments *a, const char *v)
{
    long value;
    bool good = whole_number(v, 1, 256, &value);
    a->run.threads = good ? (int)value : 0;
    return good;
}

static bool set_max_rejects(struct arguments *a, const char *v)
{
    char *end;
    double value = strtod(v, &end);
    a->run.reject_limit_given = 1;
    a->run.reject_limit_percent = *end == '%';
    a->run.reject_limit = value;
    bool number = end != v && v[0] >= '0' && v[0] <= '9' && strspn(v, "0123456789.%") == strlen(v);
    if (!number || !(*end == '\0' || (*end == '%' && end[1] == '\0' && value <= 100)))
        return false;
    return *end == '%' || value == (double)(long)value;
}

static bool set_list(struct arguments *a, const char *v)
{
    a->run.list_given = 1;
    a->run.list = UINT64_MAX;
    if (strcmp(v, "all") == 0)
        return true;
    size_t digits = strspn(v, "0123456789");
    if (digits == 0 || digits > 18 || v[digits] != '\0')
        return false;
    a->run.list = strtoull(v, NULL, 10);
    return true;
}

static bool set_encoding(struct arguments *a, const char *v)
{
    if (strcmp(v, "auto") == 0)
        return true;
    return one_of(v, "utf-8", "gb18030", &a->run.encoding) ||
           one_of(v, "utf8", "gbk", &a->run.encoding);
}

static bool set_block_size(struct arguments *a, const char *v)
{
    char *end;
    unsigned long value = strtoul(v, &end, 10);
    if (end == v || v[0] == '-')
        return false;
    if (*end == 'K' || *end == 'k')
        value <<= 10, end++;
    else if (*end == 'M' || *end == 'm')
        value <<= 20, end++;
    a->run.block_bytes = value;
    return *end == '\0' && value >= 4096 && value <= 64ul << 20;
}

static bool set_reader(struct arguments *a, const char *v)
{
    if (strcmp(v, "auto") == 0)
        return true;
    return one_of(v, "libcsv", "scan", &a->run.reader);
}

static bool set_log_format(struct arguments *a, const char *v)
{
    int choice;
    bool good = one_of(v, "text", "json", &choice);
    a->log_json = choice == 2;
    return good;
}

const struct option_row option_table[OPTIONS] = {
    {OPTION_OUT, "out", 'o', "OUT", NULL, "directory to write; appears whole or stays as it was",
     set_out},
    {OPTION_THREADS, "threads", 'j', "N", NULL,
     "threads to use (default: all processors); never changes a result", set_threads},
    {OPTION_STRICT, "strict", 0, NULL, NULL,
     "any finding, or a place of a document that is not known, ends with 1; a rule that cannot be "
     "asked with 78",
     set_strict},
    {OPTION_JSON, "json", 0, NULL, NULL, "the findings as JSON instead of a table", set_json},
    {OPTION_MAX_REJECTS, "max-rejects", 0, "N|P%", NULL,
     "rows that may be rejected, a number or a share (default 5%)", set_max_rejects},
    {OPTION_LIST, "list", 0, "N", "0 all",
     "rows of each rule in warnings.csv: the first N (default 1000), 0 none, or all", set_list},
    {OPTION_AGAINST, "against", 0, "OUT", NULL,
     "earlier output that the first period is compared with", set_against},
    {OPTION_ENCODING, "encoding", 0, "NAME", "auto utf-8 gb18030",
     "encoding of the data: auto, utf-8 or gb18030 (default auto)", set_encoding},
    {OPTION_BLOCK_SIZE, "block-size", 0, "BYTES", NULL,
     "bytes a thread reads at a time, 4K to 64M; never changes a result", set_block_size},
    {OPTION_READER, "reader", 0, "NAME", "auto libcsv scan",
     "how rows are cut: scan (fast), libcsv (plain) or auto; never changes a result", set_reader},
    {OPTION_UNIT, "unit", 0, "CODE", NULL, "unit: its code or name", set_unit},
    {OPTION_LEVEL, "level", 0, "L", NULL,
     "level: its id or title (default: the first that has the unit; of stats: most units)",
     set_level},
    {OPTION_PERIOD, "period", 0, "P", NULL, "period (default: the last)", set_period},
    {OPTION_NODE, "node", 0, "N", NULL, "node of the index tree (default: the index)", set_node},
    {OPTION_ACTUAL, "actual", 0, "FILE", NULL,
     "yearly table year,figure,value; may be given several times, in place of the file's own",
     set_actual},
    {OPTION_YEAR, "year", 0, "Y", NULL, "latest year of actual values (default: any)", set_year},
    {OPTION_FORMATS, "formats", 0, "LIST", "all csv xlsx docx html data json sdmx tex svg pdf png",
     "formats to write, separated by commas, or all (default: all; of run: csv,xlsx)", set_formats},
    {OPTION_TEMPLATE, "template", 0, "DOCX", NULL,
     "Word document whose places {{...}} are filled; -o names the filled one", set_template},
    {OPTION_MAP, "map", 0, "FILE", NULL, "boundaries (GeoJSON) to draw maps with", set_map},
    {OPTION_APPROVAL, "approval", 0, "NUMBER", NULL,
     "approval number of the map (审图号), printed on it", set_approval},
    {OPTION_TARGETS, "targets", 0, "FILE", NULL,
     "targets file: feedback sheets tell which of them are behind", set_targets},
    {OPTION_LOG_FORMAT, "log-format", 0, "FORM", "text json", "messages as text or as JSON lines",
     set_log_format},
    {OPTION_PROGRESS, "progress", 0, "WHEN", "auto always never",
     "progress line: auto (on a terminal), always or never", set_progress},
    {OPTION_COLOR, "color", 0, "WHEN", "auto always never",
     "colour in messages: auto, always or never", set_color},
    {OPTION_HELP, "help", 'h', NULL, NULL, "this help", set_help},
    {OPTION_VERSION, "version", 0, NULL, NULL, "version and licence", set_version},
};

/* getopt's view of the table; `long_form` holds OPTIONS + 1 rows. */
static void fill_getopt(struct option *long_form, char *short_form)
{
    *short_form++ = ':'; /* tell a missing value from an unknown option */
    for (int i = 0; i < OPTIONS; i++) {
        const struct option_row *row = &option_table[i];
        long_form[i] = (struct option){row->name, row->value ? required_argument : no_argument,
                                       NULL, 1000 + i};
        if (row->letter) {
            *short_form++ = row->letter;
            if (row->value)
                *short_form++ = ':';
        }
    }
    long_form[OPTIONS] = (struct option){0};
    *short_form = '\0';
}

static enum mq_status usage(struct mq_error *error, const char *format, const char *a,
                            const char *b)
{
    error->status = MQ_USAGE;
    error->line = error->column = 0;
    error->file[0] = '\0';
    snprintf(error->message, sizeof error->message, format, a, b);
    return MQ_USAGE;
}

static const struct option_row *row_of(int code)
{
    if (code >= 1000)
        return &option_table[code - 1000];
    for (int i = 0; i < OPTIONS; i++)
        if (option_table[i].letter == code)
            return &option_table[i];
    return NULL;
}

static enum mq_status one_option(int code, char **argv, struct arguments *arguments,
                                 unsigned long *seen, struct mq_error *error)
{
    if (code == '?')
        return usage(error, "unknown option %s; see `mqci %s --help`", argv[optind - 1],
                     arguments->verb ? arguments->verb : "");
    if (code == ':')
        return usage(error, "option %s needs a value%s", argv[optind - 1], "");
    const struct option_row *row = row_of(code);
    *seen |= ON(row->id);
    if (row->set(arguments, optarg))
        return MQ_OK;
    char name[64];
    snprintf(name, sizeof name, "--%s %s", row->name, optarg ? optarg : "");
    return usage(error, "%s: not possible; %s", name, row->help);
}

/* Operands and options must be ones the verb knows. */
static enum mq_status fits_verb(const struct arguments *arguments, unsigned long seen,
                                struct mq_error *error)
{
    const struct verb_row *verb = find_verb(arguments->verb);
    for (int i = 0; i < OPTIONS; i++)
        if ((seen & ON(i)) && !(verb->options & ON(i)))
            return usage(error, "`mqci %s` has no option --%s", verb->name, option_table[i].name);
    if (arguments->operands < verb->fewest || (verb->most >= 0 && arguments->operands > verb->most))
        return usage(error, "usage: mqci %s %s", verb->name, verb->operands);
    return MQ_OK;
}

enum mq_status parse_arguments(int argc, char **argv, struct arguments *arguments,
                               struct mq_error *error)
{
    struct option long_form[OPTIONS + 1];
    char short_form[2 * OPTIONS + 2];
    unsigned long seen = 0;
    fill_getopt(long_form, short_form);
    *arguments = (struct arguments){.progress = isatty(STDERR_FILENO) && !getenv("CI"),
                                    .color = isatty(STDERR_FILENO) && !getenv("NO_COLOR")};
    if (argc > 1 && argv[1][0] != '-') {
        arguments->verb = argv[1];
        if (!find_verb(argv[1]))
            return usage(error, "no command `%s`; `mqci --help` lists the commands%s", argv[1], "");
    }
    opterr = 0;
    optind = arguments->verb ? 2 : 1;
    for (int code; (code = getopt_long(argc, argv, short_form, long_form, NULL)) != -1;) {
        enum mq_status status = one_option(code, argv, arguments, &seen, error);
        if (status != MQ_OK)
            return status;
    }
    arguments->operand = (const char *const *)(argv + optind);
    arguments->operands = argc - optind;
    if (arguments->help || arguments->version)
        return MQ_OK;
    if (!arguments->verb)
        return usage(error, "which command? `mqci --help` lists them%s%s", "", "");
    return fits_verb(arguments, seen, error);
}
