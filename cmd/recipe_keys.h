/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each mapping of a recipe may hold: read by the reader and by the JSON schema. */
#ifndef AS_CMD_RECIPE_KEYS_H
#define AS_CMD_RECIPE_KEYS_H

#include "yaml_tree.h"

enum {
    K_RECIPE,
    K_TITLE,
    K_ABOUT,
    K_INCLUDE,
    K_NEEDS,
    K_PARAMETERS,
    K_INPUTS,
    K_STEPS,
    K_FIGURES,
    K_PAGES,
    K_TABLES,
    K_CLAIMS,
    N_RECIPE_KEYS
};
static const as_key recipe_keys[] = {
    [K_RECIPE] = { "recipe", AS_N_TEXT, false, "version of this form", "1" },
    [K_TITLE] = { "title", AS_N_TEXT, false, "what it makes, in one line", NULL },
    [K_ABOUT] = { "about", AS_N_MAP, false,
                  "where it belongs: doi, figure, authors ...; kept with every output", NULL },
    [K_INCLUDE] = { "include", AS_N_TEXT | AS_N_TEXTS, false,
                    "further recipe files whose entries stand here too", NULL },
    [K_NEEDS] = { "needs", AS_N_TEXT | AS_N_TEXTS, false,
                  "files or folders without which the recipe is skipped, with a message", NULL },
    [K_PARAMETERS] = { "parameters", AS_N_MAP, false,
                       "name: default; used as $(name), changed by --set name=value", NULL },
    [K_INPUTS] = { "inputs", AS_N_MAP, false, "name: a file that is read", NULL },
    [K_STEPS] = { "steps", AS_N_MAP, false, "name: a pipeline whose result others use", NULL },
    [K_FIGURES] = { "figures", AS_N_MAP, false, "name: a pipeline that ends in a figure", NULL },
    [K_PAGES] = { "pages", AS_N_MAP, false, "name: figures of this recipe on one page, lettered", NULL },
    [K_TABLES] = { "tables", AS_N_MAP, false, "name: a pipeline whose result is written as a table",
                   NULL },
    [K_CLAIMS] = { "claims", AS_N_LIST, false, "statements that the results support or not", NULL },
};

enum { I_FILE, I_EACH, I_LABEL, I_SET, I_READ, I_NOTE, N_INPUT_KEYS };
static const as_key input_keys[] = {
    [I_FILE] = { "file", AS_N_TEXT, false,
                 "the file, or a pattern of files, relative to the recipe", NULL },
    [I_EACH] = { "each", AS_N_TEXT, false,
                 "a pattern of files; the recipe is made once for each of them", NULL },
    [I_LABEL] = { "label", AS_N_TEXT, false, "its name in figures", NULL },
    [I_SET] = { "set", AS_N_MAP, false, "metadata that the file lacks: sample_length: 20 mm",
                NULL },
    [I_READ] = { "read", AS_N_TEXT, false, "options of read: --format, --part ...", NULL },
    [I_NOTE] = { "note", AS_N_TEXT, false, "a remark", NULL },
};

enum { S_FROM, S_PIPE, S_NOTE, N_STEP_KEYS };
static const as_key step_keys[] = {
    [S_FROM] = { "from", AS_N_TEXT | AS_N_TEXTS, true,
                 "inputs and steps, in the order of the series", NULL },
    [S_PIPE] = { "pipe", AS_N_TEXT, true, "stages as in a shell: crop --x 4:25 | fit ...", NULL },
    [S_NOTE] = { "note", AS_N_TEXT, false, "a remark", NULL },
};

enum { F_FROM, F_PIPE, F_SIZE, F_FORMATS, F_TITLE, F_NOTE, N_FIGURE_KEYS };
static const as_key figure_keys[] = {
    [F_FROM] = { "from", AS_N_TEXT | AS_N_TEXTS, true,
                 "inputs and steps, in the order of the series", NULL },
    [F_PIPE] = { "pipe", AS_N_TEXT, true, "stages as in a shell, the last one a plot", NULL },
    [F_SIZE] = { "size", AS_N_TEXT, false, "a preset (nature-1col) or width x height", NULL },
    [F_FORMATS] = { "formats", AS_N_TEXT | AS_N_TEXTS, false, "svg, pdf, png; svg alone by default",
                    "svg|pdf|png" },
    [F_TITLE] = { "title", AS_N_TEXT, false, "caption for reports", NULL },
    [F_NOTE] = { "note", AS_N_TEXT, false, "a remark", NULL },
};

enum { P_PANELS, P_COLUMNS, P_SIZE, P_OPTIONS, P_FORMATS, P_TITLE, P_NOTE, N_PAGE_KEYS };
static const as_key page_keys[] = {
    [P_PANELS] = { "panels", AS_N_TEXT | AS_N_TEXTS, true, "figures, in the order of their letters", NULL },
    [P_COLUMNS] = { "columns", AS_N_TEXT, false, "panels side by side; 2 by default", NULL },
    [P_SIZE] = { "size", AS_N_TEXT, false, "a preset; nature-2col by default", NULL },
    [P_OPTIONS] = { "options", AS_N_TEXT, false, "further options of panels: --gap 2 --letters none", NULL },
    [P_FORMATS] = { "formats", AS_N_TEXT | AS_N_TEXTS, false, "svg, pdf, png; svg alone by default",
                    "svg|pdf|png" },
    [P_TITLE] = { "title", AS_N_TEXT, false, "caption for reports", NULL },
    [P_NOTE] = { "note", AS_N_TEXT, false, "a remark", NULL },
};

enum { T_FROM, T_PIPE, T_FORMATS, T_TITLE, T_NOTE, N_TABLE_KEYS };
static const as_key table_keys[] = {
    [T_FROM] = { "from", AS_N_TEXT | AS_N_TEXTS, true,
                 "inputs and steps, in the order of the series", NULL },
    [T_PIPE] = { "pipe", AS_N_TEXT, false, "stages as in a shell; none: the tables as they are",
                 NULL },
    [T_FORMATS] = { "formats", AS_N_TEXT | AS_N_TEXTS, false,
                    "csv, tsv, ecsv; csv and ecsv by default", "csv|tsv|ecsv" },
    [T_TITLE] = { "title", AS_N_TEXT, false, "caption for reports", NULL },
    [T_NOTE] = { "note", AS_N_TEXT, false, "a remark", NULL },
};

enum { C_SAYS, C_FROM, C_HOLDS, C_REPORT, C_STATED, C_EXPECT, C_NOTE, N_CLAIM_KEYS };
static const as_key claim_keys[] = {
    [C_SAYS] = { "says", AS_N_TEXT, true, "the claim in words", NULL },
    [C_FROM] = { "from", AS_N_TEXT | AS_N_TEXTS, true, "the steps whose results it is about",
                 NULL },
    [C_HOLDS] = { "holds", AS_N_TEXT, true, "the expression that decides", NULL },
    [C_REPORT] = { "report", AS_N_TEXT | AS_N_TEXTS, false,
                   "further expressions whose values are printed", NULL },
    [C_STATED] = { "stated", AS_N_TEXT, false, "what the publication says", NULL },
    [C_EXPECT] = { "expect", AS_N_TEXT, false,
                   "the verdict that --verify wants; supported by default",
                   "supported|not supported|undecided" },
    [C_NOTE] = { "note", AS_N_TEXT, false, "a remark", NULL },
};

#endif
