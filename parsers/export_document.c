/* SPDX-License-Identifier: GPL-3.0-or-later */
/* markdown and latex: tables for manuscripts and notebooks. A value and its standard uncertainty
 * stand in one cell, the uncertainty in parentheses behind the digits it belongs to: 284.594(10)
 * (GUM 7.2.2, JCGM 100:2008), two digits of it.
 */
#include <math.h>
#include <string.h>

#include "exporter.h"

typedef struct {
    int digits;
} document_settings;

static const as_param params[] = { AS_INT(document_settings, digits, "digits", "6", 2, 17,
                                          "significant digits of numbers without an uncertainty"),
                                   AS_PARAMS_END };

enum { CELL = 96, U_DIGITS = 2, MIN_WIDTH = 3 };

typedef struct cell_column { /* a column of the document: of one to three of the table */
    const as_column *value, *u, *bound;
    size_t width; /* of the widest cell, characters */
} cell_column;

static bool is_latex(const as_export_job *job)
{
    return strcmp(job->exporter->name, "latex") == 0;
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* The power of ten of x once it is rounded to `digits`: that of 0.0996 is -1 with two. */
static int exponent_of(double x, int digits)
{
    char text[32];
    int exponent = 0;
    (void)snprintf(text, sizeof text, "%.*e", digits - 1, fabs(x));
    const char *e = strchr(text, 'e');
    for (const char *c = e ? e + 2 : ""; *c; c++) exponent = exponent * 10 + (*c - '0');
    return e && e[1] == '-' ? -exponent : exponent;
}

/* Decimals that show U_DIGITS digits of u. */
static int decimals_of(double u)
{
    return U_DIGITS - 1 - exponent_of(u, U_DIGITS);
}

static void power(const as_export_job *job, int exponent, char *out, size_t size)
{
    (void)snprintf(out, size, is_latex(job) ? "\\times 10^{%d}" : "e%d", exponent);
}

/* 1.234(56), 2170(110), 1.234(56)e7. */
static void with_u(const as_export_job *job, double value, double u, char out[CELL])
{
    const int size = exponent_of(fmax(fabs(value), u), 15);
    const int shift = size > 6 || size < -4 ? size : 0;
    const double v = value * pow(10, -shift), w = u * pow(10, -shift);
    const int d = decimals_of(w), shown = d > 0 ? d : 0;
    const double grain = pow(10, -d); /* of the last digit of u, which value ends with too */
    char tail[32] = "";
    if (shift) power(job, shift, tail, sizeof tail);
    const double digits = round(w / grain) * (d < 0 ? grain : 1);
    const double rounded = d < 0 ? round(v / grain) * grain : v;
    if (w >= 1 && d > 0)
        (void)snprintf(out, CELL, "%.*f(%.*f)%s", shown, rounded, shown, w, tail);
    else
        (void)snprintf(out, CELL, "%.*f(%.0f)%s", shown, rounded, digits, tail);
}

static void without_u(const as_export_job *job, double value, char out[CELL])
{
    const document_settings *set = job->settings;
    char tail[32];
    (void)snprintf(out, CELL, "%.*g", set->digits, value);
    char *e = strchr(out, 'e');
    if (!e) return;
    power(job, exponent_of(value, set->digits), tail, sizeof tail);
    (void)snprintf(e, CELL - (size_t)(e - out), "%s", tail);
}

/* --- cells -------------------------------------------------------------------------------------
 */

/* Characters that mean something there stand for themselves. */
static const char *plain(const as_export_job *job, const char *text)
{
    static const struct {
        char c;
        const char *latex;
    } special[] = { { '&', "\\&" },
                    { '%', "\\%" },
                    { '$', "\\$" },
                    { '#', "\\#" },
                    { '_', "\\_" },
                    { '{', "\\{" },
                    { '}', "\\}" },
                    { '~', "\\textasciitilde{}" },
                    { '^', "\\textasciicircum{}" },
                    { '\\', "\\textbackslash{}" },
                    { '<', "$<$" },
                    { '>', "$>$" },
                    { '|', "$|$" } };
    enum { LONGEST = 20 }; /* of these */
    char *out = as_alloc(as_scratch(job->ctx), strlen(text) + 1, LONGEST), *to = out;
    for (; out && *text; text++) {
        size_t i = 0;
        while (is_latex(job) && i < sizeof special / sizeof *special && special[i].c != *text) i++;
        if (is_latex(job) && i < sizeof special / sizeof *special) {
            memcpy(to, special[i].latex, strlen(special[i].latex));
            to += strlen(special[i].latex);
            continue;
        }
        if (!is_latex(job) && strchr("|\\*_<`", *text)) *to++ = '\\';
        *to++ = *text == '\n' || *text == '\r' ? ' ' : *text;
    }
    return out;
}

/* The power behind a letter of a unit, cm-1: its length; 0: none. */
static size_t power_at(const char *symbol, const char *c)
{
    if (c == symbol || !((c[-1] >= 'a' && c[-1] <= 'z') || (c[-1] >= 'A' && c[-1] <= 'Z')))
        return 0;
    const size_t sign = *c == '-', n = strspn(c + sign, "0123456789");
    return n == 0 || c[sign + n] == '.' ? 0 : sign + n;
}

/* " (cm-1)" with its powers raised. */
static const char *unit_text(const as_export_job *job, const char *symbol)
{
    static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    as_arena *a = as_scratch(job->ctx);
    const char *out = " (";
    for (const char *c = symbol; out && *c;) {
        const size_t n = power_at(symbol, c);
        if (n > 0 && is_latex(job)) out = as_format(a, "%s$^{%.*s}$", out, (int)n, c);
        for (size_t i = 0; n > 0 && !is_latex(job) && out && i < n; i++)
            out = as_format(a, "%s%s", out, c[i] == '-' ? "⁻" : raised[c[i] - '0']);
        if (n == 0 && *c == '*')
            out = as_format(a, "%s%s", out, is_latex(job) ? "\\," : " ");
        else if (n == 0 && is_latex(job) && *c == '%')
            out = as_format(a, "%s\\%%", out);
        else if (n == 0)
            out = as_format(a, "%s%c", out, *c);
        c += n > 0 ? n : 1;
    }
    return out ? as_format(a, "%s)", out) : NULL;
}

static const char *number(const as_export_job *job, const cell_column *c, size_t row)
{
    const double value = c->value->v.f[row], u = c->u ? c->u->v.f[row] : NAN;
    const char *bound = c->bound ? c->bound->v.s[row] : NULL;
    const bool limit = bound && strcmp(bound, "=") != 0;
    char text[CELL];
    if (isnan(value)) return "";
    if (isfinite(value) && isfinite(u) && u > 0 && !limit)
        with_u(job, value, u, text);
    else if (isfinite(value))
        without_u(job, value, text);
    else
        (void)snprintf(text, sizeof text, "%s", value > 0 ? "inf" : "-inf");
    const char *maths = is_latex(job) && (limit || strpbrk(text, "-\\")) ? "$" : "";
    const char *sign = !limit ? "" : is_latex(job) || *bound == '>' ? bound : "\\<";
    return as_format(as_scratch(job->ctx), "%s%s%s%s%s", maths, sign, limit ? " " : "", text,
                     maths);
}

static const char *heading(const as_export_job *job, const as_column *c)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s", c->name);
    for (char *at = name; *at; at++)
        if (*at == '_') *at = ' ';
    const char *text = plain(job, c->label && *c->label ? c->label : name);
    const char *unit = strcmp(c->unit.symbol, "1") != 0 ? unit_text(job, c->unit.symbol) : "";
    return text && unit ? as_format(as_scratch(job->ctx), "%s%s", text, unit) : NULL;
}

/* What stands in row `row`; t->rows: in the heading. NULL without memory. */
static const char *cell(const as_export_job *job, const as_table *t, const cell_column *c,
                        size_t row)
{
    if (row == t->rows) return heading(job, c->value);
    if (c->value->type == AS_F64) return number(job, c, row);
    return plain(job, c->value->v.s[row] ? c->value->v.s[row] : "");
}

/* --- the table ----------------------------------------------------------------------------------
 */

/* `u` belongs to `value`, sigma_NAME to NAME, the sigma of y to y. */
static const as_column *partner(const as_table *t, const as_column *c, const char *prefix)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *p = t->column[i];
        const size_t n = strlen(prefix);
        if (strncmp(p->name, prefix, n) == 0 && strcmp(p->name + n, c->name) == 0) return p;
    }
    return NULL;
}

static bool is_partner(const as_table *t, const as_column *c)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const char *name = t->column[i]->name;
        if (strncmp(c->name, "sigma_", 6) == 0 && strcmp(c->name + 6, name) == 0) return true;
        if (strncmp(c->name, "bound_", 6) == 0 && strcmp(c->name + 6, name) == 0) return true;
    }
    return c->role == AS_ROLE_SIGMA && as_find_role(t, AS_ROLE_Y);
}

/* A column of words that are not there in any row is left out. */
static bool is_empty(const as_table *t, const as_column *c)
{
    if (c->type != AS_TEXT) return false;
    for (size_t i = 0; i < t->rows; i++)
        if (c->v.s[i] && *c->v.s[i]) return false;
    return true;
}

static size_t layout(const as_table *t, cell_column *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i];
        if (is_partner(t, c) || is_empty(t, c)) continue;
        out[n] = (cell_column){ c, partner(t, c, "sigma_"), partner(t, c, "bound_"), MIN_WIDTH };
        if (c->role == AS_ROLE_Y && !out[n].u) out[n].u = as_find_role(t, AS_ROLE_SIGMA);
        if (out[n].u && out[n].u->type != AS_F64) out[n].u = NULL;
        if (out[n].bound && out[n].bound->type != AS_TEXT) out[n].bound = NULL;
        n++;
    }
    return n;
}

/* Characters of UTF-8. */
static size_t width_of(const char *text)
{
    size_t n = 0;
    for (; *text; text++) n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void put_padding(const as_export_job *job, size_t n, const char *with)
{
    while (n-- > 0) as_out_text(job->out, with);
}

/* Numbers end where the column ends, words begin where it begins. */
static void put_row(const as_export_job *job, const cell_column *c, size_t n,
                    const char *const *text)
{
    as_out_text(job->out, is_latex(job) ? "  " : "| ");
    for (size_t i = 0; i < n; i++) {
        const size_t gap = c[i].width - width_of(text[i]);
        const bool right = c[i].value->type == AS_F64;
        if (i > 0) as_out_text(job->out, is_latex(job) ? " & " : " | ");
        if (right) put_padding(job, gap, " ");
        as_out_text(job->out, text[i]);
        if (!right) put_padding(job, gap, " ");
    }
    as_out_text(job->out, is_latex(job) ? " \\\\\n" : " |\n");
}

static void put_rule(const as_export_job *job, const cell_column *c, size_t n)
{
    if (is_latex(job)) {
        as_out_text(job->out, "  \\hline\n");
        return;
    }
    as_out_text(job->out, "|");
    for (size_t i = 0; i < n; i++) {
        const bool right = c[i].value->type == AS_F64;
        as_out_text(job->out, " ");
        put_padding(job, c[i].width - right, "-");
        as_out_text(job->out, right ? ": |" : " |");
    }
    as_out_text(job->out, "\n");
}

static void begin(const as_export_job *job, const as_table *t, const cell_column *c, size_t n)
{
    if (job->done > 0) as_out_text(job->out, "\n");
    if (!is_latex(job)) return;
    if (as_get_meta(t, "simulated")) as_out_text(job->out, "% simulated data\n");
    as_out_text(job->out, "\\begin{tabular}{");
    for (size_t i = 0; i < n; i++) as_out_text(job->out, c[i].value->type == AS_F64 ? "r" : "l");
    as_out_text(job->out, "}\n  \\hline\n");
}

static void end(const as_export_job *job, const as_table *t)
{
    if (is_latex(job))
        as_out_text(job->out, "  \\hline\n\\end{tabular}\n");
    else if (as_get_meta(t, "simulated"))
        as_out_text(job->out, "\nSimulated data.\n");
}

static as_status each(as_export_job *job, const as_table *t)
{
    as_arena *scratch = as_scratch(job->ctx);
    cell_column *c = AS_NEW_N(scratch, cell_column, t->n_columns + 1);
    if (!c) return AS_ERR;
    const size_t n = layout(t, c);
    const char **text = AS_NEW_N(scratch, const char *, n *(t->rows + 1) + 1);
    if (!text) return AS_ERR;
    for (size_t row = 0; row <= t->rows; row++)
        for (size_t i = 0; i < n; i++) {
            const char *here = text[row * n + i] = cell(job, t, &c[i], row);
            if (!here) return AS_ERR;
            if (width_of(here) > c[i].width) c[i].width = width_of(here);
        }
    begin(job, t, c, n);
    put_row(job, c, n, text + t->rows * n);
    put_rule(job, c, n);
    for (size_t row = 0; row < t->rows; row++) put_row(job, c, n, text + row * n);
    end(job, t);
    return AS_OK;
}

static const as_example markdown_examples[] = {
    { "peaks, a row each",
      "assay peaks tests/corpus/xrd/small.xy | assay tabulate --quantity position --quantity height"
      " | assay convert --to markdown" },
    { 0 }
};
static const as_example latex_examples[] = {
    { "a table for a manuscript",
      "assay peaks tests/corpus/xrd/small.xy | assay tabulate --quantity position --quantity height"
      " | assay convert --to latex" },
    { 0 }
};
static const char *const see_also[] = { "tabulate", "convert", NULL };

#define DESCRIPTION                                                                                \
    "A value and its standard uncertainty stand in one cell, 284.594(10): two digits of the "      \
    "uncertainty, in the last places of the value. *sigma_NAME* belongs to the column NAME, the "  \
    "sigma of y to y, *bound_NAME* holds `<` and `>`. What is missing is an empty cell. Made for " \
    "the tables of `tabulate`, and for any other that is short enough to be read."

const as_exporter as_exporter_markdown = {
    .name = "markdown",
    .suffix = "md",
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_COLUMNS | AS_KEEPS_SIGMA,
    .settings_size = sizeof(document_settings),
    .params = params,
    .each = each,
    .doc = { .summary = "a table for notebooks and web pages (Markdown)",
             .description = DESCRIPTION,
             .examples = markdown_examples,
             .see_also = see_also },
};

const as_exporter as_exporter_latex = {
    .name = "latex",
    .suffix = "tex",
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_COLUMNS | AS_KEEPS_SIGMA,
    .settings_size = sizeof(document_settings),
    .params = params,
    .each = each,
    .doc = { .summary = "a table for manuscripts (LaTeX tabular)",
             .description = DESCRIPTION,
             .examples = latex_examples,
             .see_also = see_also },
};
