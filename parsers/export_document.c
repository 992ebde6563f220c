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

enum { CELL = 96, U_DIGITS = 2 };

typedef struct cell_column { /* a column of the document: of one to three of the table */
    const as_column *value, *u, *bound;
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

/* --- text ------------------------------------------------------------------------------------- */

/* Characters that mean something there stand for themselves. */
static void put_plain(const as_export_job *job, const char *text)
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
    for (; *text; text++) {
        size_t i = 0;
        if (*text == '\n' || *text == '\r') {
            as_out_text(job->out, " ");
            continue;
        }
        while (is_latex(job) && i < sizeof special / sizeof *special && special[i].c != *text) i++;
        if (is_latex(job) && i < sizeof special / sizeof *special) {
            as_out_text(job->out, special[i].latex);
            continue;
        }
        if (!is_latex(job) && strchr("|\\*_<`", *text)) as_out_text(job->out, "\\");
        as_out_bytes(job->out, text, 1);
    }
}

/* cm-1, m2/g: a number behind a letter is its power. */
static void put_unit(const as_export_job *job, const char *symbol)
{
    static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    as_out_text(job->out, " (");
    for (const char *c = symbol; *c; c++) {
        const bool behind =
            c > symbol && ((c[-1] >= 'a' && c[-1] <= 'z') || (c[-1] >= 'A' && c[-1] <= 'Z'));
        const size_t sign = behind && *c == '-' && c[1] >= '0' && c[1] <= '9';
        const size_t n = behind ? strspn(c + sign, "0123456789") : 0;
        if (n == 0 || (size_t)(c[sign + n] == '.')) {
            const char one[2] = { *c, '\0' };
            if (*c == '*')
                as_out_text(job->out, is_latex(job) ? "\\," : " ");
            else if (is_latex(job))
                put_plain(job, one);
            else
                as_out_bytes(job->out, c, 1);
            continue;
        }
        if (is_latex(job)) {
            as_out_text(job->out, "$^{");
            as_out_bytes(job->out, c, sign + n);
            as_out_text(job->out, "}$");
        } else {
            if (sign) as_out_text(job->out, "⁻");
            for (size_t i = 0; i < n; i++) as_out_text(job->out, raised[c[sign + i] - '0']);
        }
        c += sign + n - 1;
    }
    as_out_text(job->out, ")");
}

static void put_number(const as_export_job *job, const cell_column *c, size_t row)
{
    const double value = c->value->v.f[row], u = c->u ? c->u->v.f[row] : NAN;
    const char *bound = c->bound ? c->bound->v.s[row] : NULL;
    const bool limit = bound && strcmp(bound, "=") != 0;
    char text[CELL];
    if (isnan(value)) return;
    if (isfinite(value) && isfinite(u) && u > 0 && !limit)
        with_u(job, value, u, text);
    else if (isfinite(value))
        without_u(job, value, text);
    else
        (void)snprintf(text, sizeof text, "%s", value > 0 ? "inf" : "-inf");
    const bool maths = is_latex(job) && (limit || strpbrk(text, "-\\"));
    if (maths) as_out_text(job->out, "$");
    if (limit) {
        as_out_text(job->out, is_latex(job) ? bound : *bound == '<' ? "\\<" : ">");
        as_out_text(job->out, " ");
    }
    as_out_text(job->out, text);
    if (maths) as_out_text(job->out, "$");
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
        out[n] = (cell_column){ c, partner(t, c, "sigma_"), partner(t, c, "bound_") };
        if (c->role == AS_ROLE_Y && !out[n].u) out[n].u = as_find_role(t, AS_ROLE_SIGMA);
        if (out[n].u && out[n].u->type != AS_F64) out[n].u = NULL;
        if (out[n].bound && out[n].bound->type != AS_TEXT) out[n].bound = NULL;
        n++;
    }
    return n;
}

static void put_heading(const as_export_job *job, const as_column *c)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s", c->name);
    for (char *at = name; *at; at++)
        if (*at == '_') *at = ' ';
    put_plain(job, c->label && *c->label ? c->label : name);
    if (strcmp(c->unit.symbol, "1") != 0) put_unit(job, c->unit.symbol);
}

static void put_cells(const as_export_job *job, const as_table *t, const cell_column *c, size_t n,
                      size_t row)
{
    const bool heading = row == t->rows;
    as_out_text(job->out, is_latex(job) ? "  " : "|");
    for (size_t i = 0; i < n; i++) {
        if (is_latex(job) && i > 0) as_out_text(job->out, " & ");
        if (!is_latex(job)) as_out_text(job->out, " ");
        if (heading)
            put_heading(job, c[i].value);
        else if (c[i].value->type == AS_F64)
            put_number(job, &c[i], row);
        else if (c[i].value->v.s[row])
            put_plain(job, c[i].value->v.s[row]);
        if (!is_latex(job)) as_out_text(job->out, " |");
    }
    as_out_text(job->out, is_latex(job) ? " \\\\\n" : "\n");
}

static void put_rule(const as_export_job *job, const cell_column *c, size_t n)
{
    as_out_text(job->out, "|");
    for (size_t i = 0; i < n; i++)
        as_out_text(job->out, c[i].value->type == AS_F64 ? " ---: |" : " --- |");
    as_out_text(job->out, "\n");
}

static void begin_latex(const as_export_job *job, const cell_column *c, size_t n)
{
    as_out_text(job->out, "\\begin{tabular}{");
    for (size_t i = 0; i < n; i++) as_out_text(job->out, c[i].value->type == AS_F64 ? "r" : "l");
    as_out_text(job->out, "}\n  \\hline\n");
}

static as_status each(as_export_job *job, const as_table *t)
{
    cell_column *c = AS_NEW_N(as_scratch(job->ctx), cell_column, t->n_columns + 1);
    if (!c) return AS_ERR;
    const size_t n = layout(t, c);
    const as_meta *simulated = as_get_meta(t, "simulated");
    if (job->done > 0) as_out_text(job->out, "\n");
    if (is_latex(job)) {
        if (simulated) as_out_text(job->out, "% simulated data\n");
        begin_latex(job, c, n);
    }
    put_cells(job, t, c, n, t->rows);
    if (is_latex(job))
        as_out_text(job->out, "  \\hline\n");
    else
        put_rule(job, c, n);
    for (size_t row = 0; row < t->rows; row++) put_cells(job, t, c, n, row);
    if (is_latex(job))
        as_out_text(job->out, "  \\hline\n\\end{tabular}\n");
    else if (simulated)
        as_out_text(job->out, "\nSimulated data.\n");
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
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_COLUMNS,
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
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_COLUMNS,
    .settings_size = sizeof(document_settings),
    .params = params,
    .each = each,
    .doc = { .summary = "a table for manuscripts (LaTeX tabular)",
             .description = DESCRIPTION,
             .examples = latex_examples,
             .see_also = see_also },
};
