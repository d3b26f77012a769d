/* Help, man page and completion, all printed from the tables of verbs and options. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const struct {
    int code;
    const char *meaning;
} exit_codes[] = {
    {0, "all well"},
    {1, "findings beyond the limit (or any under --strict)"},
    {64, "wrong command line"},
    {65, "bad data file"},
    {66, "no such input"},
    {70, "internal error or out of memory"},
    {73, "cannot write the output"},
    {74, "input or output failed on the way"},
    {75, "another run holds the lock"},
    {78, "bad model"},
    {130, "interrupted"},
};
enum { EXIT_CODES = sizeof exit_codes / sizeof *exit_codes };

static const char *const examples[] = {
    "mqci run models/mqci-liaoning.yaml datasets/demo/*.csv -o out",
    "mqci check models/mqci-liaoning.yaml 2024.csv --strict",
    "mqci explain out --unit 210200 --level city",
    "mqci compare out-2023 out-2024",
    "mqci stats out --level city -o statistics",
    "mqci methods normalise efficacy",
};
enum { EXAMPLES = sizeof examples / sizeof *examples };

static void print_option(const struct option_row *row)
{
    char left[64];
    int used = row->letter ? snprintf(left, sizeof left, "-%c, --%s", row->letter, row->name)
                           : snprintf(left, sizeof left, "    --%s", row->name);
    if (row->value)
        snprintf(left + used, sizeof left - (size_t)used, " %s", row->value);
    printf("  %-26s %s\n", left, row->help);
}

void print_help(const struct verb_row *verb)
{
    if (verb) {
        printf("mqci %s %s\n\n%s\n\noptions\n", verb->name, verb->operands, verb->help);
        for (int i = 0; i < OPTIONS; i++)
            if (verb->options & ON(i))
                print_option(&option_table[i]);
        return;
    }
    printf(
        "mqci — manufacturing quality competitiveness index (制造业质量竞争力指数)\n\nexamples\n");
    for (int i = 0; i < EXAMPLES; i++)
        printf("  %s\n", examples[i]);
    printf("\ncommands\n");
    for (const struct verb_row *row = verb_table; row->name; row++)
        if (!row->hidden)
            printf("  %-10s %-54s %s\n", row->name, row->operands, row->help);
    printf("\ndata\n");
    const char *summary, *form;
    for (size_t i = 0; (form = mq_data_form(i, &summary)); i++)
        printf("  %-10s %s\n", form, summary);
    printf("\nformats of publications\n");
    const char *files, *format;
    for (size_t i = 0; (format = mq_format(i, &summary, &files)); i++)
        printf("  %-5s %-34s %s\n", format, files, summary);
    printf("\noptions\n");
    for (int i = 0; i < OPTIONS; i++)
        print_option(&option_table[i]);
    printf("\nexit codes\n");
    for (int i = 0; i < EXIT_CODES; i++)
        printf("  %-4d %s\n", exit_codes[i].code, exit_codes[i].meaning);
}

/* A hyphen that must stay a hyphen in a man page. */
static void print_roff(const char *text)
{
    for (; *text; text++)
        if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
}

static void man_option(const struct option_row *row)
{
    printf(".TP\n\\fB");
    if (row->letter)
        printf("\\-%c\\fR, \\fB", row->letter);
    printf("\\-\\-");
    print_roff(row->name);
    printf("\\fR%s%s\n", row->value ? " " : "", row->value ? row->value : "");
    print_roff(row->help);
    putchar('\n');
}

static void man_methods(void)
{
    struct mq_output text;
    if (mq_methods_text("all", NULL, &text, NULL) != MQ_OK)
        return;
    printf(".SH METHODS\n.nf\n");
    print_roff(text.text);
    printf(".fi\n");
    mq_output_free(&text);
}

void print_man_page(void)
{
    printf(".TH MQCI 1 \"\" \"mqci %s\" \"User Commands\"\n.SH NAME\nmqci \\- manufacturing "
           "quality competitiveness index "
           "from enterprise tables\n.SH SYNOPSIS\n",
           mq_version());
    for (const struct verb_row *row = verb_table; row->name; row++)
        if (!row->hidden) {
            printf(".B mqci %s\n", row->name);
            print_roff(row->operands);
            printf("\n.br\n");
        }
    printf(".SH COMMANDS\n");
    for (const struct verb_row *row = verb_table; row->name; row++)
        if (!row->hidden)
            printf(".TP\n.B %s\n%s\n", row->name, row->help);
    printf(".SH DATA\n");
    const char *summary, *form;
    for (size_t i = 0; (form = mq_data_form(i, &summary)); i++) {
        printf(".TP\n.B %s\n", form);
        print_roff(summary);
        putchar('\n');
    }
    printf(".SH FORMATS OF PUBLICATIONS\n");
    const char *files, *format;
    for (size_t i = 0; (format = mq_format(i, &summary, &files)); i++) {
        printf(".TP\n.B %s\n", format);
        print_roff(files);
        printf(": ");
        print_roff(summary);
        putchar('\n');
    }
    printf(".SH OPTIONS\n");
    for (int i = 0; i < OPTIONS; i++)
        man_option(&option_table[i]);
    man_methods();
    printf(".SH EXIT STATUS\n");
    for (int i = 0; i < EXIT_CODES; i++)
        printf(".TP\n%d\n%s\n", exit_codes[i].code, exit_codes[i].meaning);
    printf(".SH EXAMPLES\n.nf\n");
    for (int i = 0; i < EXAMPLES; i++) {
        print_roff(examples[i]);
        putchar('\n');
    }
    printf(".fi\n");
}

static void words(void)
{
    for (const struct verb_row *row = verb_table; row->name; row++)
        if (!row->hidden)
            printf("%s%s", row == verb_table ? "" : " ", row->name);
}

static void complete_bash(void)
{
    printf("_mqci() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n "
           " if ((COMP_CWORD == 1)); then\n"
           "    COMPREPLY=($(compgen -W '");
    words();
    printf("' -- \"$word\")); return\n  fi\n  case $before in\n");
    for (int i = 0; i < OPTIONS; i++)
        if (option_table[i].choices)
            printf("  --%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                   option_table[i].name, option_table[i].choices);
    printf("  esac\n  case ${COMP_WORDS[1]} in\n");
    for (const struct verb_row *row = verb_table; row->name; row++) {
        printf("  %s) COMPREPLY=($(compgen -W '", row->name);
        for (int i = 0; i < OPTIONS; i++)
            if (row->options & ON(i))
                printf("--%s ", option_table[i].name);
        printf("' -- \"$word\")) ;;\n");
    }
    printf("  esac\n  [[ $word == -* ]] || COMPREPLY+=($(compgen -f -- \"$word\"))\n}\ncomplete -o "
           "filenames -F _mqci mqci\n");
}

static void complete_fish(void)
{
    for (const struct verb_row *row = verb_table; row->name; row++)
        if (!row->hidden)
            printf("complete -c mqci -n __fish_use_subcommand -a %s -d '%s'\n", row->name,
                   row->help);
    for (int i = 0; i < OPTIONS; i++) {
        printf("complete -c mqci -l %s -d '%s'", option_table[i].name, option_table[i].help);
        if (option_table[i].letter)
            printf(" -s %c", option_table[i].letter);
        if (option_table[i].choices)
            printf(" -x -a '%s'", option_table[i].choices);
        else if (option_table[i].value)
            printf(" -r");
        putchar('\n');
    }
}

enum mq_status print_completion(const char *shell, struct mq_error *error)
{
    if (strcmp(shell, "bash") == 0) {
        complete_bash();
    } else if (strcmp(shell, "zsh") == 0) {
        printf("#compdef mqci\nautoload -U bashcompinit && bashcompinit\n");
        complete_bash();
    } else if (strcmp(shell, "fish") == 0) {
        complete_fish();
    } else {
        *error = (struct mq_error){.status = MQ_USAGE};
        snprintf(error->message, sizeof error->message,
                 "no completion for `%s`; known are bash, zsh and fish", shell);
        return MQ_USAGE;
    }
    return MQ_OK;
}
