/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Powder CIF: loops of _pd_meas_ (measured), _pd_proc_ (processed) and _pd_calc_ (calculated)
 * points; the positions stand in the loop or follow from a range (dictionary cif_pd,
 * doi:10.1107/97809553602060000732).
 */
#include <math.h>
#include <string.h>

#include "cif.h"
#include "column_kernels.h"
#include "diffraction.h"
#include "text_end.h"

static const struct source {
    const char *tag, *column, *unit;
} x_tags[] = {
    { "_pd_meas_2theta_scan", "two_theta", "deg" },
    { "_pd_meas_2theta_corrected", "two_theta", "deg" },
    { "_pd_proc_2theta_corrected", "two_theta", "deg" },
    { "_pd_meas_time_of_flight", "time_of_flight", "us" },
    { "_pd_proc_d_spacing", "d_spacing", "Angstrom" },
    { "_pd_proc_recip_len_q", "q", "Angstrom-1" },
    { "_pd_meas_angle_2theta", "two_theta", "deg" },
}, y_tags[] = {
    { "_pd_meas_counts_total", "intensity", "count" },
    { "_pd_meas_intensity_total", "intensity", "1" },
    { "_pd_meas_intensity_net", "intensity", "1" },
    { "_pd_proc_intensity_total", "intensity", "1" },
    { "_pd_proc_intensity_net", "intensity", "1" },
    { "_pd_calc_intensity_total", "intensity", "1" },
    { "_pd_calc_intensity_net", "intensity", "1" },
};

typedef struct {
    as_parse *job;
    const as_cif_block *all, *block;
    size_t n_blocks;
    const as_cif_loop *loop;
    as_where at;
    bool counted; /* the last block says how many points it has */
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || (!as_starts(head, "data_") && !as_find_text(head, "\ndata_")))
        return AS_PROBE_NO;
    for (size_t i = 0; i < AS_COUNT(y_tags); i++)
        if (as_find_text(head, y_tags[i].tag)) return AS_PROBE_VERIFIED;
    return as_find_text(head, "\n_pd_meas_") || as_find_text(head, "\n_pd_proc_") ? AS_PROBE_LIKELY
                                                                                  : AS_PROBE_NO;
}

static const char *cell(const reading *r, size_t row, size_t column)
{
    return r->loop->value[row * r->loop->n_tags + column].value;
}

/* The place in the loop of the first of these tags that it has; n_tags: none. */
static size_t find_tag(const reading *r, const struct source *tags, size_t n, size_t *which)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < r->loop->n_tags; k++)
            if (as_same(r->loop->tag[k].tag, tags[i].tag)) {
                *which = i;
                return k;
            }
    return r->loop->n_tags;
}

/* A column of numbers; "." and "?" are NaN. `u` NULL: not wanted. */
static as_status read_column(reading *r, size_t k, double *v, double *u)
{
    for (size_t i = 0; i < r->loop->n_rows; i++) {
        double uncertainty;
        const char *text = cell(r, i, k);
        const as_where at = { .file = r->at.file,
                              .line = r->loop->value[i * r->loop->n_tags + k].line };
        if (!as_cif_number(text, &v[i], &uncertainty) && text)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &at, "'%.40s' as %s, expected a number", text,
                           r->loop->tag[k].tag);
        if (u) u[i] = uncertainty;
    }
    return AS_OK;
}

/* x from _pd_KIND_2theta_range_min, _inc and _max, KIND meas or proc. */
static as_status x_from_range(reading *r, const char *kind, double *x, bool *found)
{
    double v[3], u;
    static const char *const parts[] = { "min", "inc", "max" };
    const size_t n = r->loop->n_rows;
    *found = false;
    for (size_t i = 0; i < 3; i++) {
        const char *tag =
            as_format(as_scratch(r->job->ctx), "_pd_%s_2theta_range_%s", kind, parts[i]);
        if (!tag) return AS_ERR;
        as_cif_number(as_cif_value(r->block, tag), &v[i], &u);
    }
    if (!isfinite(v[0]) || !(v[1] > 0)) return AS_OK;
    if (isfinite(v[2]) && fabs((v[2] - v[0]) / v[1] + 1 - (double)n) > 0.5)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &r->at,
                       "%zu points in the loop, but the range %g to %g in steps of %g has %.0f", n,
                       v[0], v[2], v[1], (v[2] - v[0]) / v[1] + 1);
    as_step_positions(v[0], v[1], n, x);
    *found = true;
    return AS_OK;
}

/* --- metadata --------------------------------------------------------------------- */

static bool holds_profile(const as_cif_block *b)
{
    for (size_t i = 0; i < AS_COUNT(y_tags); i++)
        if (as_cif_find_loop(b, y_tags[i].tag, NULL)) return true;
    return false;
}

static as_status set_items(reading *r, as_table *t, const as_cif_block *b, bool own)
{
    static const as_known known[] = {
        { "_pd_phase_name", "sample", NULL },
        { "_pd_spec_description", "sample", NULL },
        { "_diffrn_ambient_temperature", "temperature", "K" },
        { "_diffrn_radiation_probe", "radiation", NULL },
        { "_pd_instr_dist_spec/detc", "goniometer_radius", "mm" },
        { "_pd_instr_location", "instrument", NULL },
        { "_pd_meas_datetime_initiated", "measured", NULL },
        { "_pd_calibration_conversion_eqn", "comment", NULL },
    };
    for (size_t i = 0; i < b->n_items; i++) {
        const as_cif_item *item = &b->item[i];
        const as_where at = { .file = r->at.file, .line = item->line };
        if (!item->value || !*item->value || strcmp(item->value, " ?") == 0) continue;
        if (!own && !as_starts(item->tag, "_diffrn_") && !as_starts(item->tag, "_pd_instr_") &&
            !as_starts(item->tag, "_pd_spec_"))
            continue;
        bool named = false;
        for (size_t k = 0; k < AS_COUNT(known); k++)
            named = named || as_same(known[k].key, item->tag);
        AS_TRY(named ? as_set_known(r->job->ctx, t, known, AS_COUNT(known), item->tag, item->value,
                                    &at)
                     : as_set_vendor(r->job->ctx, t, item->tag + 1, item->value, &at));
    }
    return AS_OK;
}

/* One wavelength is what it is (of neutrons, monochromatic); two of a loop are a doublet. */
static as_status set_wavelength(reading *r, as_table *t, const as_cif_block *b)
{
    size_t column, weight_column;
    double v[2] = { NAN, NAN }, w[2] = { NAN, NAN }, u;
    const char *one = as_cif_value(b, "_diffrn_radiation_wavelength");
    const char *ray = as_cif_value(b, "_diffrn_radiation_probe");
    if (one && as_cif_number(one, &v[0], &u) && v[0] > 0) {
        AS_TRY(as_set_number(r->job->ctx, t, "wavelength", v[0], u, as_unit_of("Angstrom"), NULL));
        return ray && as_same(ray, "neutron")
                   ? as_set_meta(r->job->ctx, t, "wavelength_kind", "monochromatic", NULL, NULL)
                   : AS_OK;
    }
    const as_cif_loop *loop = as_cif_find_loop(b, "_diffrn_radiation_wavelength", &column);
    if (!loop) return AS_OK;
    const as_cif_loop *weights =
        as_cif_find_loop(b, "_diffrn_radiation_wavelength_wt", &weight_column);
    for (size_t i = 0; i < loop->n_rows && i < 2; i++) {
        as_cif_number(loop->value[i * loop->n_tags + column].value, &v[i], &u);
        if (weights == loop)
            as_cif_number(loop->value[i * loop->n_tags + weight_column].value, &w[i], &u);
    }
    return as_set_doublet(r->job->ctx, t, v[0], v[1], w[1] / w[0], NULL);
}

static as_status set_meta(reading *r, as_table *t)
{
    AS_TRY(as_set_meta(r->job->ctx, t, "part", r->block->name, NULL, &r->at));
    for (size_t i = 0; i < r->n_blocks; i++) {
        const as_cif_block *b = &r->all[i];
        if (b != r->block && holds_profile(b)) continue;
        AS_TRY(set_items(r, t, b, b == r->block));
        AS_TRY(set_wavelength(r, t, b));
    }
    return AS_OK;
}

/* --- a loop ----------------------------------------------------------------------- */

/* sigma: the uncertainties that stand with y, else from the weights, else from counts. */
static as_status add_sigma(reading *r, as_table *t, const double *u, const as_column *weight)
{
    const size_t n = t->rows;
    bool given = n > 0;
    for (size_t i = 0; i < n; i++) given = given && u[i] > 0;
    if (!given && !weight) return as_add_counting_sigma(r->job->ctx, t, NAN);
    as_column *sigma = as_add_column(r->job->ctx, t, "sigma", AS_ROLE_SIGMA, t->column[1]->unit);
    if (!sigma) return AS_ERR;
    for (size_t i = 0; i < n; i++)
        sigma->v.f[i] = given ? u[i] : weight->v.f[i] > 0 ? 1 / sqrt(weight->v.f[i]) : NAN;
    return AS_OK;
}

/* The other columns of numbers; `weight` gets the least-squares weights if there are some. */
static as_status add_others(reading *r, as_table *t, size_t x, size_t y, as_column **weight)
{
    static const struct { const char *tag, *name; as_role role; } known[] = {
        { "_pd_proc_intensity_bkg_calc", "baseline", AS_ROLE_BASELINE },
        { "_pd_calc_intensity_total", "model", AS_ROLE_MODEL },
        { "_pd_proc_ls_weight", "weight", AS_ROLE_OTHER },
    };
    *weight = NULL;
    for (size_t k = 0; k < r->loop->n_tags; k++) {
        const char *tag = r->loop->tag[k].tag, *name = tag + 1;
        as_role role = AS_ROLE_OTHER;
        if (k == x || k == y) continue;
        for (size_t i = 0; i < AS_COUNT(known); i++)
            if (as_same(known[i].tag, tag)) {
                name = known[i].name;
                role = known[i].role;
            }
        as_column *c = as_add_column(r->job->ctx, t, name, role,
                                     role == AS_ROLE_OTHER ? AS_UNITLESS : t->column[1]->unit);
        if (!c) return AS_ERR;
        if (read_column(r, k, c->v.f, NULL) != AS_OK) { /* texts, such as refinement flags */
            as_forget_error(r->job->ctx);
            for (size_t i = 0; i < t->rows; i++) c->v.f[i] = NAN;
            as_warn(r->job->ctx, t, &r->at, "the texts of %s are left out", tag);
        }
        if (strcmp(name, "weight") == 0) *weight = c;
    }
    return AS_OK;
}

static as_status read_loop(reading *r, size_t y, size_t y_which)
{
    as_ctx *ctx = r->job->ctx;
    size_t x_which = 0;
    const size_t n = r->loop->n_rows, x = find_tag(r, x_tags, AS_COUNT(x_tags), &x_which);
    const bool in_loop = x < r->loop->n_tags;
    const as_axis axis = { in_loop ? x_tags[x_which].column : "two_theta", "",
                           in_loop ? x_tags[x_which].unit : "deg" };
    as_column *weight;
    bool found = true;
    as_table *t = as_new_scan(ctx, n, &axis, 0, 0, y_tags[y_which].unit);
    double *u = AS_NEW_N(as_scratch(ctx), double, n + 1);
    if (!t || !u) return AS_ERR;
    if (in_loop) {
        AS_TRY(read_column(r, x, t->column[0]->v.f, NULL));
    } else {
        const bool processed = as_starts(y_tags[y_which].tag, "_pd_proc");
        AS_TRY(x_from_range(r, processed ? "proc" : "meas", t->column[0]->v.f, &found));
        if (!found) AS_TRY(x_from_range(r, processed ? "meas" : "proc", t->column[0]->v.f, &found));
    }
    if (!found)
        return as_fail(ctx, AS_E_MISSING, &r->at,
                       "no positions: neither in the loop nor as a range");
    AS_TRY(read_column(r, y, t->column[1]->v.f, u));
    AS_TRY(add_others(r, t, x, y, &weight));
    AS_TRY(add_sigma(r, t, u, weight));
    AS_TRY(set_meta(r, t));
    double points, ignored;
    const char *tag = as_starts(y_tags[y_which].tag, "_pd_proc") ? "_pd_proc_number_of_points"
                                                                  : "_pd_meas_number_of_points";
    r->counted = as_cif_number(as_cif_value(r->block, tag), &points, &ignored);
    if (r->counted && points != (double)n)
        as_warn(ctx, t, &r->at, "%zu points, but %s is %.0f", n, tag, points);
    return as_emit(r->job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    size_t n_loops = 0, which;
    reading r = { .job = job, .at = { .file = job->in->name } };
    AS_TRY(as_cif_parse(job->ctx, job->in, &r.all, &r.n_blocks));
    for (size_t i = 0; i < r.n_blocks; i++) {
        r.block = &r.all[i];
        r.counted = false;
        for (size_t k = 0; k < r.block->n_loops; k++) {
            r.loop = &r.block->loop[k];
            r.at.line = r.loop->line;
            const size_t y = find_tag(&r, y_tags, AS_COUNT(y_tags), &which);
            if (y == r.loop->n_tags || r.loop->n_rows == 0) continue;
            n_loops++;
            if (read_loop(&r, y, which) != AS_OK)
                return as_while(job->ctx, "reading block %s", r.block->name);
        }
    }
    if (n_loops == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &r.at, "no loop of powder intensities (_pd_...)");
    if (!r.counted) as_warn_if_cut(job, NULL, false);
    return AS_OK;
}

static const char *const suffixes[] = { "cif", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "a profile with weights", "assay read tests/corpus/xrd/profile.cif" }, { 0 }
};
static const char *const see_also[] = { "gsas", NULL };

const as_parser as_parser_pdcif = {
    .name = "pdcif",
    .title = "Powder CIF (pdCIF)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read powder diffractograms from CIF",
             .description =
                 "Each loop of measured, processed or calculated intensities becomes one series, "
                 "named by its block (metadata `part`). Positions come from the loop or the "
                 "measured or processed range.\n\n"
                 "sigma is the uncertainty in parentheses behind the intensities, else 1/sqrt(w) "
                 "of "
                 "`_pd_proc_ls_weight`, else the root of `_pd_meas_counts_total`. Calculated "
                 "backgrounds and patterns are columns beside it.",
             .references = (const char *const[]){ "Toby 2006, International Tables G, 117, "
                                                  "doi:10.1107/97809553602060000732",
                                                  NULL },
             .examples = examples,
             .see_also = see_also },
};
