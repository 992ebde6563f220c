/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VAMAS, ISO 14976: what every program for photoelectron spectra reads. One block for each series;
 * REGULAR where start and step give every energy back, else IRREGULAR with the energies among the
 * values. The parameters are those of vamas.h, so that the reader finds each where it was.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "exporter.h"
#include "number.h"
#include "vamas.h"

typedef struct vamas_settings {
    char unused;
} vamas_settings;

static const as_param params[] = { AS_PARAMS_END };

typedef struct writing {
    as_text_out *o;
    const char *mode, *scan;
    bool etched; /* etch_time is the experimental variable */
} writing;

static const char unknown[] = "1E37", unspecified[] = "Not Specified";

static void put_line(as_text_out *o, const char *text)
{
    for (; *text; text++) as_out_bytes(o, (unsigned char)*text < 0x20 ? " " : text, 1);
    as_out_bytes(o, "\n", 1);
}

static void put_number(as_text_out *o, double v)
{
    if (isfinite(v))
        as_out_number(o, v);
    else
        as_out_text(o, unknown);
    as_out_bytes(o, "\n", 1);
}

/* The number of lines of a text, and the lines. */
static void put_lines(as_text_out *o, const char *text)
{
    size_t n = text ? 1 : 0;
    for (const char *c = text; c && *c; c++) n += *c == '\n';
    put_number(o, (double)n);
    for (; text && *text; text++) as_out_bytes(o, *text == '\r' ? " " : text, 1);
    if (n) as_out_bytes(o, "\n", 1);
}

static const char *text_of(const as_table *t, const char *key, const char *otherwise)
{
    const as_meta *m = as_get_meta(t, key);
    return m && m->text && *m->text ? m->text : otherwise;
}

static double number_of(const as_table *t, const char *key, const char *unit)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit to = as_unit_of(unit);
    if (!m || !isfinite(m->number)) return NAN;
    return m->unit.opaque ? m->number : as_unit_convert(m->number, &m->unit, &to);
}

static const char *technique_of(const as_table *t)
{
    static const char *const known[] = { "AES diff",
                                         "AES dir",
                                         "EDX",
                                         "ELS",
                                         "FABMS",
                                         "FABMS energy spec",
                                         "ISS",
                                         "SIMS",
                                         "SIMS energy spec",
                                         "SNMS",
                                         "SNMS energy spec",
                                         "UPS",
                                         "XPS",
                                         "XRF",
                                         NULL };
    const char *name = text_of(t, "technique_name", "XPS");
    return vamas_is_mode(name, known) ? name : "XPS";
}

/* --- the abscissa ----------------------------------------------------------------- */

static double step_of(const as_column *x, size_t n)
{
    return n > 1 ? round((x->v.f[n - 1] - x->v.f[0]) / (double)(n - 1) * 1e10) / 1e10 : 0;
}

static bool is_regular(const as_table *t)
{
    const as_column *x = as_find_role(t, AS_ROLE_X);
    const double step = step_of(x, t->rows);
    for (size_t i = 0; i < t->rows; i++)
        if (fabs(as_step_position(x->v.f[0], step, i) - x->v.f[i]) > 1e-9) return false;
    return true;
}

static const char *label_of(const as_column *c)
{
    static const char *const names[][2] = { { "kinetic_energy", "Kinetic Energy" },
                                            { "binding_energy", "Binding Energy" },
                                            { "transmission_function", "Transmission" } };
    const as_unit rate = as_unit_of("count/s"), count = as_unit_of("count");
    for (size_t i = 0; i < AS_COUNT(names); i++)
        if (as_same(c->name, names[i][0])) return names[i][1];
    if (c->role != AS_ROLE_Y) return c->name;
    if (as_unit_same_dimension(&c->unit, &rate)) return "counts per second";
    return as_unit_same_dimension(&c->unit, &count) ? "counts" : "Intensity";
}

static void put_variable(as_text_out *o, const as_column *c)
{
    const as_unit rate = as_unit_of("count/s"), count = as_unit_of("count");
    const bool plain = as_same(c->unit.symbol, "1") || as_unit_same_dimension(&c->unit, &count);
    put_line(o, label_of(c));
    put_line(o, as_unit_same_dimension(&c->unit, &rate) ? "c/s" : plain ? "d" : c->unit.symbol);
}

/* What the standard is for: counts (or no unit) over an energy, a mass or a time. */
static as_status must_fit(as_ctx *ctx, const as_table *t)
{
    static const char *const abscissas[] = { "eV", "s" }, *const ordinates[] = { "1", "count", "count/s" };
    const as_column *x = as_need(ctx, t, AS_ROLE_X), *y = x ? as_need(ctx, t, AS_ROLE_Y) : NULL;
    if (!y) return AS_ERR;
    bool x_fits = as_same(x->name, "mass_to_charge") || as_same(x->name, "pixel"), y_fits = false;
    for (size_t i = 0; i < AS_COUNT(abscissas); i++) x_fits |= as_same(x->unit.symbol, abscissas[i]);
    for (size_t i = 0; i < AS_COUNT(ordinates); i++) y_fits |= as_same(y->unit.symbol, ordinates[i]);
    if (x_fits && y_fits && as_same(y->name, "intensity")) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL,
                   "vamas holds an intensity (counts, counts/s or without unit) over an energy in eV, a mass or a "
                   "time in s; found %s (%s) over %s (%s)", y->name, y->unit.symbol, x->name, x->unit.symbol);
}

/* --- parameters ------------------------------------------------------------------- */

/* "2023-08-24T14:19:47+02:00": seven numbers, -1 for what is not there. */
static void put_date(as_text_out *o, const as_table *t)
{
    static const char before[] = { 0, '-', '-', 'T', ':', ':' };
    const char *at = text_of(t, "measured", "");
    double v[7] = { -1, -1, -1, -1, -1, -1, 0 };
    for (size_t i = 0; i < 6; i++) {
        if (before[i] && *at != before[i]) break;
        at += before[i] != 0;
        size_t n = 0;
        while (at[n] >= '0' && at[n] <= '9') n++;
        if (n == 0 || !as_scan_number(at, n, '.', &v[i])) break;
        at += n;
    }
    double hours, minutes = 0;
    if ((*at == '+' || *at == '-') && as_scan_number(at + 1, strlen(at + 1), '.', &hours) == 2) {
        if (at[3] == ':') as_scan_number(at + 4, strlen(at + 4), '.', &minutes);
        v[6] = (*at == '-' ? -1 : 1) * (hours + minutes / 60);
    }
    for (size_t i = 0; i < 7; i++) put_number(o, v[i]);
}

static bool is_item(const char *key)
{
    for (size_t i = 0; i < VAMAS_N_ITEMS; i++)
        if (vamas_items[i].key && as_same(vamas_items[i].key, key)) return true;
    return as_same(key, "vendor.retard_ratio") || as_same(key, "vendor.source_energy");
}

/* Numbers of the series that have no place of their own. */
static bool is_extra(const as_meta *m)
{
    return as_starts(m->key, "vendor.") && isfinite(m->number) && !is_item(m->key);
}

static void put_extra(as_text_out *o, const as_table *t)
{
    double n = 0;
    for (size_t i = 0; i < t->n_meta; i++) n += is_extra(&t->meta[i]);
    put_number(o, n);
    for (size_t i = 0; i < t->n_meta; i++) {
        const as_meta *m = &t->meta[i];
        if (!is_extra(m)) continue;
        put_line(o, m->key + strlen("vendor."));
        put_line(o, as_same(m->unit.symbol, "1") ? "d" : m->unit.symbol);
        put_number(o, m->number);
    }
}

/* Columns beside x and y that are numbers; sigma follows from the counts. */
static bool is_beside(const as_column *c)
{
    return c->type == AS_F64 && c->role != AS_ROLE_X && c->role != AS_ROLE_Y &&
           c->role != AS_ROLE_SIGMA;
}

static void put_columns(const writing *w, const as_table *t)
{
    const bool x_too = as_same(w->scan, "IRREGULAR");
    double n = x_too ? 2 : 1;
    for (size_t k = 0; k < t->n_columns; k++) n += is_beside(t->column[k]);
    put_number(w->o, n);
    if (x_too) put_variable(w->o, as_find_role(t, AS_ROLE_X));
    put_variable(w->o, as_find_role(t, AS_ROLE_Y));
    for (size_t k = 0; k < t->n_columns; k++)
        if (is_beside(t->column[k])) put_variable(w->o, t->column[k]);
}

static void put_item(const writing *w, const as_table *t, size_t i)
{
    const vamas_item *item = &vamas_items[i];
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    const bool counted = !as_same(y->unit.symbol, "1"); /* a number without unit is read as no count */
    const char *otherwise = i == VAMAS_MODE     ? "FAT"
                            : i == VAMAS_SIGNAL ? (counted ? "pulse counting" : "analogue direct")
                                                : unspecified;
    switch (i) {
    case VAMAS_YEAR: put_date(w->o, t); return;
    case VAMAS_COMMENT: put_lines(w->o, text_of(t, "comment", NULL)); return;
    case VAMAS_TECHNIQUE: put_line(w->o, technique_of(t)); return;
    case VAMAS_VALUES:
        if (w->etched) put_number(w->o, number_of(t, "etch_time", "s"));
        return;
    case VAMAS_ABSCISSA: put_variable(w->o, x); return;
    case VAMAS_START: put_number(w->o, x->v.f[0]); return;
    case VAMAS_STEP: put_number(w->o, step_of(x, t->rows)); return;
    case VAMAS_COLUMNS: put_columns(w, t); return;
    case VAMAS_EXTRA: put_extra(w->o, t); return;
    default: break;
    }
    if (!item->key) return; /* the rest of the date, the unit of the abscissa */
    const char *key = item->key;
    if (i == VAMAS_ENERGY && !as_get_meta(t, key)) key = "vendor.source_energy";
    if (i == VAMAS_STRENGTH || i == VAMAS_CHARGE || (i == VAMAS_PASS && !as_get_meta(t, key))) {
        if (i == VAMAS_PASS) key = "vendor.retard_ratio";
        const as_meta *m = as_get_meta(t, key); /* its unit depends on the technique */
        put_number(w->o, m ? m->number : i == VAMAS_CHARGE ? -1.0 : NAN);
    } else if (item->unit) {
        put_number(w->o, number_of(t, key, item->unit));
    } else {
        put_line(w->o, text_of(t, key, otherwise));
    }
}

static as_status put_values(const writing *w, as_ctx *ctx, const as_table *t)
{
    const as_column **c = AS_NEW_N(as_scratch(ctx), const as_column *, t->n_columns);
    size_t n = 0;
    if (!c) return AS_ERR;
    if (as_same(w->scan, "IRREGULAR")) c[n++] = as_find_role(t, AS_ROLE_X);
    c[n++] = as_find_role(t, AS_ROLE_Y);
    for (size_t k = 0; k < t->n_columns; k++)
        if (is_beside(t->column[k])) c[n++] = t->column[k];
    put_number(w->o, (double)(n * t->rows));
    for (size_t k = 0; k < n; k++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < t->rows; i++) {
            if (!isfinite(c[k]->v.f[i]))
                return as_fail(ctx, AS_E_MISSING, NULL,
                               "row %zu of %s has no %s: vamas has no missing values", i + 1,
                               t->name ? t->name : "the series", c[k]->name);
            low = fmin(low, c[k]->v.f[i]);
            high = fmax(high, c[k]->v.f[i]);
        }
        put_number(w->o, low);
        put_number(w->o, high);
    }
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; k < n; k++) put_number(w->o, c[k]->v.f[i]);
    return AS_OK;
}

static as_status put_block(const writing *w, as_ctx *ctx, const as_table *t)
{
    put_line(w->o, text_of(t, "region", t->label ? t->label : t->name ? t->name : ""));
    put_line(w->o, text_of(t, "sample", unspecified));
    for (size_t i = 0; i < VAMAS_N_ITEMS; i++)
        if (vamas_has(w->mode, w->scan, technique_of(t), vamas_items[i].when)) put_item(w, t, i);
    return put_values(w, ctx, t);
}

/* --- the whole ---------------------------------------------------------------------- */

static void put_header(const writing *w, size_t n, const as_table *first)
{
    as_text_out *o = w->o;
    const char *simulated = text_of(first, "simulated", NULL);
    put_line(o, "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4");
    put_line(o, text_of(first, "vendor.institution", unspecified));
    put_line(o, text_of(first, "instrument", unspecified));
    put_line(o, text_of(first, "operator", unspecified));
    put_line(o, text_of(first, "vendor.experiment", unspecified));
    if (simulated) {
        as_out_text(o, "1\nsimulated: ");
        put_line(o, simulated);
    } else {
        put_lines(o, text_of(first, "vendor.experiment_comment", NULL));
    }
    put_line(o, w->mode);
    put_line(o, w->scan);
    put_number(o, (double)n); /* spectral regions */
    if (as_same(w->mode, "MAP"))
        for (int i = 0; i < 3; i++) put_number(o, (double)n);
    as_out_text(o, w->etched ? "1\nEtch Time\ns\n" : "0\n");
    as_out_text(o, "0\n0\n0\n0\n"); /* inclusion list, manual items, future entries */
    put_number(o, (double)n);
}

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    writing w = { .o = job->out, .mode = "MAP", .scan = "REGULAR" };
    if (n == 0) return as_fail(job->ctx, AS_E_MISSING, NULL, "no series: vamas needs one block");
    for (size_t i = 0; i < n; i++) {
        AS_TRY(must_fit(job->ctx, t[i]));
        if (t[i]->rows == 0) return as_fail(job->ctx, AS_E_MISSING, NULL, "a series without rows");
        for (size_t k = 0; k < t[i]->n_columns; k++)
            if (t[i]->column[k]->type == AS_TEXT) job->kept &= ~(unsigned)AS_KEEPS_COLUMNS;
        if (!is_regular(t[i])) w.scan = "IRREGULAR";
        if (!as_get_meta(t[i], "x") || !as_get_meta(t[i], "y")) w.mode = "NORM";
        if (as_get_meta(t[i], "etch_time")) w.etched = true;
    }
    put_header(&w, n, t[0]);
    for (size_t i = 0; i < n; i++) AS_TRY(put_block(&w, job->ctx, t[i]));
    as_out_text(job->out, "end of experiment\n");
    return AS_OK;
}

static const as_example examples[] = { { "a spectrum for programs that read VAMAS",
                                         "assay read --part 'C 1s' tests/corpus/xps/regions.vms | "
                                         "assay convert --to vamas | tail -n 6" },
                                       { 0 } };
static const char *const references[] = {
    "ISO 14976:1998, Surface chemical analysis: Data transfer format", NULL
};
static const char *const see_also[] = { "convert", "vamas", NULL };

const as_exporter as_exporter_vamas = {
    .name = "vamas",
    .suffix = "vms",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS | AS_KEEPS_COLUMNS,
    .settings_size = sizeof(vamas_settings),
    .params = params,
    .all = all,
    .doc = { .summary = "VAMAS (ISO 14976), a block for each series",
             .description =
                 "Evenly spaced energies are written as start and step (REGULAR), others as values "
                 "(IRREGULAR), for all series alike. Source, analyser, times, angles, comments, "
                 "etch time and numbers kept under `vendor.` are written where the format has "
                 "them; columns beside the intensity become further corresponding variables. Rows "
                 "without a number are refused: the format cannot say so. So are curves that are no "
                 "spectra of electrons, ions or X-rays: the standard has no name for them.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
