/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters: one table describes what an operation, a parser or a figure
 * accepts. From it derive: --name value on the command line and in a
 * recipe, defaults, range checks, --help, the man page, shell completion, and
 * the settings written into the history of every table (datasets/table.h).
 * It sits at the bottom layer because history is part of a dataset.
 */
#ifndef AS_DATASETS_PARAM_H
#define AS_DATASETS_PARAM_H

#include "input.h"
#include "table.h"

typedef enum {
    AS_P_DOUBLE,
    AS_P_INT,
    AS_P_BOOL,
    AS_P_STRING, /* may be long: @FILE on the command line */
    AS_P_TEXTS,  /* a string that may be repeated */
    AS_P_CHOICE, /* stored as int: the value of the choice */
    AS_P_LIST,   /* comma-separated doubles */
    AS_P_RANGE,  /* lo:hi, either end open */
    AS_P_RANGES, /* comma-separated ranges: masks, regions */
    AS_P_WIDTH,  /* along x, in any unit of x or in points: 1.5deg, 41pt */
    AS_P_COLUMN, /* a column by name or role */
    AS_P_FILE,   /* the bytes of one file */
    AS_P_TABLES  /* the series of a file; in a recipe also those of an input or step */
} as_param_type;

/* An open end is -inf or inf. `unit` is what was typed behind the numbers (symbol NULL: none):
 * only where the parameter names no unit of its own; as_range_along resolves it. */
typedef struct as_range { double lo, hi; as_unit unit; } as_range;
typedef struct as_ranges { size_t n; const as_range *v; } as_ranges;
typedef struct as_list { size_t n; const double *v; } as_list;
typedef struct as_texts { size_t n; const char *const *v; } as_texts;
typedef struct as_width { double value; as_unit unit; bool points; } as_width;

/* Files are opened by the framework, never by an operation: relative to the
 * recipe or the working directory, hashed into history and cache key. Tables
 * (as_tables) come through the same detection as `read`; cmd/ loads them, since
 * this layer knows no parsers. */

typedef struct as_choice { const char *name; int value; const char *help; } as_choice;

typedef struct as_param {
    const char *name;  /* lower case, words joined by '-'; the CLI and recipe spelling */
    as_param_type type;
    size_t offset;     /* into the operation's settings struct */
    const char *def;   /* default, as the user would type it: one parser for both.
                          NULL: required. "": none (NULL, n == 0) unless given */
    double min, max;   /* inclusive; ignored when min == max */
    const char *unit;  /* "deg", "cm-1", NULL: dimensionless; other units are converted to it */
    const as_choice *choices; /* ends with {0} */
    const char *help;  /* one sentence, no full stop: shown everywhere */
} as_param;

/* Fails to compile when the field's C type does not fit the parameter's type. */
#define AS_FIELD_(S, f, T)                                                                 \
    (offsetof(S, f) +                                                                      \
     0 * sizeof(struct { _Static_assert(_Generic(((S *)0)->f, T: 1, default: 0),           \
                                        #S "." #f " must be " #T); int as_unused_; }))

#define AS_DOUBLE(S, f, nm, dflt, lo, hi, un, hlp) \
    { .name = nm, .type = AS_P_DOUBLE, .offset = AS_FIELD_(S, f, double), .def = dflt, \
      .min = lo, .max = hi, .unit = un, .help = hlp }
#define AS_INT(S, f, nm, dflt, lo, hi, hlp) \
    { .name = nm, .type = AS_P_INT, .offset = AS_FIELD_(S, f, int), .def = dflt, \
      .min = lo, .max = hi, .help = hlp }
#define AS_BOOL(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_BOOL, .offset = AS_FIELD_(S, f, bool), .def = dflt, .help = hlp }
#define AS_STRING(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_STRING, .offset = AS_FIELD_(S, f, const char *), .def = dflt, \
      .help = hlp }
#define AS_TEXTS(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_TEXTS, .offset = AS_FIELD_(S, f, as_texts), .def = dflt, \
      .help = hlp }
#define AS_CHOICE(S, f, nm, dflt, ch, hlp) \
    { .name = nm, .type = AS_P_CHOICE, .offset = AS_FIELD_(S, f, int), .def = dflt, \
      .choices = ch, .help = hlp }
#define AS_LIST(S, f, nm, dflt, un, hlp) \
    { .name = nm, .type = AS_P_LIST, .offset = AS_FIELD_(S, f, as_list), .def = dflt, \
      .unit = un, .help = hlp }
#define AS_RANGE(S, f, nm, dflt, un, hlp) \
    { .name = nm, .type = AS_P_RANGE, .offset = AS_FIELD_(S, f, as_range), .def = dflt, \
      .unit = un, .help = hlp }
#define AS_RANGES(S, f, nm, dflt, un, hlp) \
    { .name = nm, .type = AS_P_RANGES, .offset = AS_FIELD_(S, f, as_ranges), .def = dflt, \
      .unit = un, .help = hlp }
#define AS_WIDTH(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_WIDTH, .offset = AS_FIELD_(S, f, as_width), .def = dflt, \
      .help = hlp }
#define AS_COLUMN(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_COLUMN, .offset = AS_FIELD_(S, f, const char *), .def = dflt, \
      .help = hlp }
#define AS_FILE(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_FILE, .offset = AS_FIELD_(S, f, const as_input *), .def = dflt, \
      .help = hlp }
#define AS_TABLES(S, f, nm, dflt, hlp) \
    { .name = nm, .type = AS_P_TABLES, .offset = AS_FIELD_(S, f, as_tables), .def = dflt, \
      .help = hlp }
#define AS_PARAMS_END { .name = NULL }

/* One shell word of a command line or of a stage in a recipe. */
typedef struct as_word { const char *text; as_where where; } as_word;

/* Who opens the files and tables that parameters name (cmd/): relative to the recipe or
 * the working directory, through the detection of `read`, hashed into the history. What it
 * returns must live as long as the settings. A NULL loader refuses such parameters. */
typedef struct as_loader {
    as_status (*file)(const struct as_loader *self, as_ctx *ctx, const as_word *word,
                      const as_input **out);
    as_status (*tables)(const struct as_loader *self, as_ctx *ctx, const as_word *word,
                        as_tables *out);
} as_loader;

/* Tell options from operands: `words` in any order, "--" ends options, "-" is an operand.
 * `options` and `operands` get room for n words each. An unknown option is AS_E_USAGE
 * with the near miss. `what` names the operation for the message. */
/* Options of `params` among `words` go to `taken` (with their values), all else to `rest`, in
 * order; both have room for n. What follows "--" is left alone. For options that every verb
 * knows, taken out before the verb's own. Short forms: -o output, -j jobs, -h help, -V version. */
as_status as_words_take(as_ctx *ctx, const as_param *params, size_t n, const as_word *words,
                        as_word *taken, size_t *n_taken, as_word *rest, size_t *n_rest) AS_NODISCARD;
as_status as_words_split(as_ctx *ctx, const char *what, const as_param *params, size_t n,
                         const as_word *words, as_word *options, size_t *n_options,
                         as_word *operands, size_t *n_operands) AS_NODISCARD;

/* Fill `settings`: the defaults, then the options in `words`, then the checks
 * (range, unit, required). AS_E_USAGE points at the word; a misspelt name gets
 * a suggestion. */
as_status as_settings_read(as_ctx *ctx, as_arena *a, const as_param *params, size_t n,
                           const as_word *words, const as_loader *loader,
                           void *settings) AS_NODISCARD;

/* The text quoted so that a shell reads it back as one word; as it is when it needs no quotes. */
const char *as_shell_word(as_arena *a, const char *text);

/* The option text that repeats these settings, as it goes into history: all of
 * them, in the order of `params`, quoted for the shell. NULL without memory. */
const char *as_settings_text(as_arena *a, const as_param *params,
                             const void *settings) AS_NODISCARD;

/* The ends of a range in the unit of an axis; AS_E_UNIT when another dimension was typed. */
as_status as_range_along(as_ctx *ctx, const as_range *r, const as_unit *axis, double *lo,
                         double *hi) AS_NODISCARD;
/* True when x lies in one of the ranges, or there are none. Ends belong to a range. */
as_status as_ranges_along(as_ctx *ctx, as_arena *a, const as_ranges *r, const as_unit *axis,
                          as_ranges *out) AS_NODISCARD; /* all of them, by as_range_along */
bool as_in_ranges(const as_ranges *r, double x);

/* A width in points of this table's x, by its mean spacing, at least one. AS_E_UNIT
 * when the unit does not fit x; a warning when the spacing is uneven. */
as_status as_width_points(as_ctx *ctx, const as_width *w, as_table *t,
                          double *points) AS_NODISCARD;

#endif
