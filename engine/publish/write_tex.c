/*
 * tex/: fragments for authors who write in LaTeX. <sheet>.tex is a table to \input; numbers.tex
 * gives \mqcivalue{NODE.LEVEL.UNIT[.MEASURE][@PERIOD]}, so that a paper names numbers instead of
 * copying them; text.tex is the story; example.tex a document that uses all of them.
 */
#include "publish/data_text.h"
#include "publish/draft.h"
#include "publish/tex_parts.h"

#include <math.h>
#include <string.h>

/* ---- tables ---- */

/* Ids that are the names of other files here. */
static const char *sheet_prefix(const struct mq_sheet *sheet)
{
    static const char *const taken[] = {"numbers", "text", "example"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(sheet->id, taken[i]) == 0)
            return "table-";
    return "";
}

static enum mq_status write_sheet(const struct mq_sheets *sheets, const struct mq_sheet *sheet,
                                  const char *directory, struct mq_error *error)
{
    struct mq_buffer tex = MQ_BUFFER_EMPTY;
    mq_tex_table(&tex, sheets, sheet);
    return mq_write_place(
        &(struct mq_place){directory, "tex", sheet_prefix(sheet), sheet->id, ".tex"}, &tex, error);
}

/* ---- numbers ---- */

static const char preamble[] =
    "% \\input before \\begin{document}, then \\mqcivalue{node.level.unit},\n"
    "% \\mqcivalue{node.level.unit.measure}, \\mqcivalue{node.level.unit.measure@period};\n"
    "% measures: score (the default), rank, change, value; without a period the last one.\n"
    "% Of levels with several codes a unit, or very many units, only the index is here.\n"
    "\\makeatletter\n"
    "\\newcommand\\mqcidefine[2]{\\expandafter\\gdef\\csname mqci@#1\\endcsname{#2}}\n"
    "\\newcommand\\mqcivalue[1]{\\ifcsname mqci@#1\\endcsname\\csname mqci@#1\\endcsname\\else\n"
    "  \\@latex@warning{No published value `#1'}\\textbf{??}\\fi}\n"
    "\\makeatother\n";

/* Codes with characters that TeX reads otherwise have no name here. */
static bool nameable(const char *code)
{
    for (; *code; code++)
        if ((unsigned char)*code <= 0x20 || strchr("\\{}$&#%^~@\x7f", *code))
            return false;
    return true;
}

static void define(struct mq_buffer *tex, const char *key, const char *period, const char *text)
{
    mq_buffer_format(tex, "\\mqcidefine{%s%s%s}{", key, period ? "@" : "", period ? period : "");
    mq_tex_text(tex, text);
    mq_buffer_text(tex, "}\n");
}

/* TeX has room for some hundred thousand names. Of levels with several axes, and of very large
 * ones, only the index has names: nobody writes the other numbers into a paper one by one. */
static bool is_named(const struct mq_data *data, const struct mq_data_level *level, size_t node)
{
    enum { MOST_NUMBERS = 20000 };
    bool small = data->periods * level->units * data->nodes <= MOST_NUMBERS;
    return (level->axes <= 1 && small) || data->node[node].parent < 0;
}

static void define_cells(struct mq_buffer *tex, const struct mq_data *data,
                         const struct mq_data_level *level, const size_t at[3],
                         struct mq_buffer *key)
{
    const struct mq_data_cell *cell = mq_data_cells(data, level, at[0], at[1], at[2]);
    const char *period = data->period[at[0]].code;
    bool last = at[0] + 1 == data->periods;
    for (int measure = 0; measure < MQ_MEASURES; measure++) {
        if (isnan(cell[measure].value))
            continue;
        key->length = 0;
        mq_buffer_format(key, "%s.%s.%s", data->node[at[2]].id, level->id, level->unit[at[1]].code);
        for (int named = measure != MQ_MEASURE_SCORE; named < 2; named++) {
            if (named)
                mq_buffer_format(key, ".%s", mq_measure_names[measure]);
            if (key->failed)
                return;
            if (last)
                define(tex, key->data, NULL, cell[measure].text);
            if (period[0] && nameable(period))
                define(tex, key->data, period, cell[measure].text);
        }
    }
}

static void define_level(struct mq_buffer *tex, const struct mq_data *data,
                         const struct mq_data_level *level, struct mq_buffer *key)
{
    size_t at[3];
    for (at[0] = 0; at[0] < data->periods; at[0]++)
        for (at[1] = 0; at[1] < level->units; at[1]++)
            for (at[2] = 0; at[2] < data->nodes; at[2]++)
                if (is_named(data, level, at[2]) && nameable(level->unit[at[1]].code))
                    define_cells(tex, data, level, at, key);
}

static enum mq_status write_numbers(const struct mq_data *data, const char *directory,
                                    struct mq_error *error)
{
    struct mq_buffer tex = MQ_BUFFER_EMPTY, key = MQ_BUFFER_EMPTY;
    mq_buffer_text(&tex, preamble);
    for (size_t i = 0; i < data->levels; i++)
        define_level(&tex, data, &data->level[i], &key);
    tex.failed |= key.failed;
    mq_buffer_clear(&key);
    return mq_write_place(&(struct mq_place){directory, "tex", "", "numbers", ".tex"}, &tex, error);
}

/* ---- text ---- */

static void add_figure(struct mq_buffer *tex, const struct mq_figure *figure)
{
    mq_buffer_format(tex,
                     "\\IfFileExists{../figures/%s.pdf}{%%\n\\begin{figure}[htbp]\n\\centering\n"
                     "\\includegraphics[width=\\linewidth]{../figures/%s.pdf}\n\\caption{",
                     figure->id, figure->id);
    mq_tex_text(tex, figure->title);
    mq_buffer_format(tex, "}\\label{fig:%s}\n", figure->id);
    for (size_t i = 0; i < figure->notes; i++) {
        mq_buffer_text(tex, "{\\footnotesize ");
        mq_tex_text(tex, figure->note[i]);
        mq_buffer_text(tex, "\\par}\n");
    }
    mq_buffer_text(tex, "\\end{figure}}{}\n");
}

static enum mq_status write_text(const struct mq_story *story, const char *directory,
                                 struct mq_error *error)
{
    struct mq_buffer tex = MQ_BUFFER_EMPTY;
    mq_buffer_text(&tex,
                   "% \\input where the text is to stand; tables and figures come with it.\n");
    for (size_t i = 0; story && i < story->count; i++) {
        const struct mq_story_section *section = &story->section[i];
        mq_buffer_text(&tex, "\n\\section{");
        mq_tex_text(&tex, section->title);
        mq_buffer_format(&tex, "}\\label{sec:%s}\n", section->id);
        for (size_t j = 0; j < section->paragraphs; j++) {
            mq_tex_text(&tex, section->paragraph[j]);
            mq_buffer_text(&tex, "\n\n");
        }
        for (size_t j = 0; j < section->figures; j++)
            add_figure(&tex, section->figure[j]);
        for (size_t j = 0; j < section->sheets; j++)
            mq_buffer_format(&tex, "\\input{%s%s}\n", sheet_prefix(section->sheet[j]),
                             section->sheet[j]->id);
        mq_buffer_text(&tex, "\\clearpage\n");
    }
    return mq_write_place(&(struct mq_place){directory, "tex", "", "text", ".tex"}, &tex, error);
}

/* ---- the example ---- */

static bool stands_in_story(const struct mq_story *story, const struct mq_sheet *sheet)
{
    for (size_t i = 0; story && i < story->count; i++)
        for (size_t j = 0; j < story->section[i].sheets; j++)
            if (strcmp(story->section[i].sheet[j]->id, sheet->id) == 0)
                return true;
    return false;
}

/* The first number of the publication by its name, to show how it is done. */
static void add_number(struct mq_buffer *tex, const struct mq_data *data, bool chinese)
{
    if (data->levels == 0 || data->periods == 0 || data->nodes == 0)
        return;
    const struct mq_data_level *level = &data->level[0];
    for (size_t unit = 0; unit < level->units; unit++) {
        const struct mq_data_cell *cell = mq_data_cells(data, level, data->periods - 1, unit, 0);
        if (isnan(cell->value) || !nameable(level->unit[unit].code))
            continue;
        mq_tex_text(tex, level->unit[unit].name);
        mq_buffer_text(tex, chinese ? "" : " ");
        mq_tex_text(tex, data->node[0].title);
        mq_buffer_format(tex, "%s\\mqcivalue{%s.%s.%s}\n\n", chinese ? "：" : ": ",
                         data->node[0].id, level->id, level->unit[unit].code);
        return;
    }
}

static enum mq_status write_example(const struct mq_publication *publication, const char *directory,
                                    struct mq_error *error)
{
    struct mq_buffer tex = MQ_BUFFER_EMPTY;
    mq_buffer_format(&tex,
                     "%% xelatex example.tex, twice for the references.\n"
                     "\\documentclass[a4paper%s]{ctexart}\n"
                     "\\usepackage[margin=2.5cm]{geometry}\n"
                     "\\usepackage{array,booktabs,threeparttable,longtable,rotating,graphicx}\n"
                     "\\input{numbers}\n\\title{",
                     publication->chinese ? "" : ",scheme=plain");
    mq_tex_text(&tex, publication->title);
    mq_buffer_text(&tex, "}\n\\author{}\n\\date{");
    mq_tex_text(&tex, publication->period);
    mq_buffer_text(&tex, "}\n\\begin{document}\n\\maketitle\n");
    add_number(&tex, publication->data, publication->chinese);
    mq_buffer_text(&tex, "\\input{text}\n");
    for (size_t i = 0; i < publication->sheets->count; i++) {
        const struct mq_sheet *sheet = &publication->sheets->sheet[i];
        if (!stands_in_story(publication->story, sheet))
            mq_buffer_format(&tex, "\\input{%s%s}\n\\clearpage\n", sheet_prefix(sheet), sheet->id);
    }
    mq_buffer_text(&tex, "\\end{document}\n");
    return mq_write_place(&(struct mq_place){directory, "tex", "", "example", ".tex"}, &tex, error);
}

enum mq_status mq_write_tex(const struct mq_publication *publication, const char *directory,
                            struct mq_error *error)
{
    const struct mq_sheets *sheets = publication->sheets;
    MQ_TRY(mq_make_folder(directory, "tex", error));
    for (size_t i = 0; i < sheets->count; i++)
        MQ_TRY(write_sheet(sheets, &sheets->sheet[i], directory, error));
    MQ_TRY(write_numbers(publication->data, directory, error));
    MQ_TRY(write_text(publication->story, directory, error));
    return write_example(publication, directory, error);
}
