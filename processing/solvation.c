/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solvation: how much of a solvent and an anion is free, and how much coordinated, from their bands. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "linear_fit.h"
#include "noise_level.h"
#include "other_series.h"
#include "solvation_report.h"

enum { AUTO, RAMAN, FTIR };

typedef struct {
    as_tables bands, host;
    as_ranges region, host_region;
    int table, degree;
    bool interpolate;
    double resolution, cross_section, cross_section_u, per_salt, per_salt_u;
} solvation_settings;

static const as_choice tables[] = {
    { "auto", AUTO, "raman for a Raman shift, ftir for a wavenumber" },
    { "raman", RAMAN, "ring deformation of PC and the 740 band of TFSI" },
    { "ftir", FTIR, "C=O stretch of PC" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(solvation_settings, table, "table", "auto", tables, "built-in table of bands"),
    AS_TABLES(solvation_settings, bands, "bands", "",
              "file of another one: columns group, state, position, u, fwhm, fwhm_u"),
    AS_TABLES(solvation_settings, host, "host", "",
              "spectra of what else is in the sample (the bare framework), each with a factor of its own"),
    AS_RANGES(solvation_settings, host_region, "host-region", "", NULL,
              "parts of x where only the hosts have bands: their factors are found there; none: in the fit"),
    AS_BOOL(solvation_settings, interpolate, "interpolate", "no",
            "draw lines between the points of the hosts where x differs"),
    AS_RANGES(solvation_settings, region, "region", "", NULL,
              "parts of x that count; none: 3.5 FWHM beyond the outermost bands"),
    AS_INT(solvation_settings, degree, "degree", "1", 0, 8, "of the polynomial background, fitted along"),
    AS_DOUBLE(solvation_settings, resolution, "resolution", "1cm-1", 0, 100, "cm-1",
              "FWHM of the instrument, a Gaussian"),
    AS_DOUBLE(solvation_settings, cross_section, "cross-section", "1", 0.01, 100, NULL,
              "intensity of a coordinated molecule over that of a free one, an assumption"),
    AS_DOUBLE(solvation_settings, cross_section_u, "cross-section-u", "0.1", 0, 10, NULL,
              "its standard uncertainty"),
    AS_DOUBLE(solvation_settings, per_salt, "solvent-per-salt", "0", 0, 1e6, NULL,
              "molecules of solvent for each cation: gives a coordination number; 0: none"),
    AS_DOUBLE(solvation_settings, per_salt_u, "solvent-per-salt-u", "0", 0, 1e6, NULL,
              "its standard uncertainty"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .unit = "cm-1", .help = "Raman shift or wavenumber" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the spectrum, background and all" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true, .help = "else from the residuals" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MODEL, .name = "model", .help = "the sum" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_OTHER, .name = "residual", .help = "y minus model" },
    { .kind = AS_NEED_RESULT, .name = "area", .help = "of each band" },
    { .kind = AS_NEED_RESULT, .name = "fraction", .unit = "1",
      .help = "of each state, and of all coordinated ones, in its group" },
    { .kind = AS_NEED_RESULT, .name = "fraction_low", .unit = "1", .help = "of its 95 % interval" },
    { .kind = AS_NEED_RESULT, .name = "fraction_high", .unit = "1", .help = "likewise" },
    { .kind = AS_NEED_RESULT, .name = "fraction_limit", .unit = "1", .help = "95 % upper limit of it" },
    { .kind = AS_NEED_RESULT, .name = "u_statistical", .unit = "1", .help = "of the fraction, from noise" },
    { .kind = AS_NEED_RESULT, .name = "u_restraint", .unit = "1", .help = "from positions and widths" },
    { .kind = AS_NEED_RESULT, .name = "u_baseline", .unit = "1", .help = "from background and hosts" },
    { .kind = AS_NEED_RESULT, .name = "u_cross_section", .unit = "1", .help = "from the assumed ratio" },
    { .kind = AS_NEED_RESULT, .name = "verdict", .unit = "1",
      .help = "of neighbours: separable or not_separable" },
    { 0 }
};

/* --- bands ------------------------------------------------------------------------------------ */

static as_status texts_of(as_solvation_job *j, const as_table *t, size_t row, as_solvation_band *b)
{
    const as_column *group = as_find_name(t, "group"), *state = as_find_name(t, "state");
    if (!group || !state || group->type != AS_TEXT || state->type != AS_TEXT || !group->v.s[row] ||
        !state->v.s[row])
        return as_fail(j->run->ctx, AS_E_MISSING, NULL, "a table of bands needs words in 'group' and 'state'");
    b->group = group->v.s[row];
    b->state = state->v.s[row];
    b->label = as_format(as_scratch(j->run->ctx), "%s %s", b->group, b->state);
    return b->label ? AS_OK : AS_ERR;
}

static as_status numbers_of(as_solvation_job *j, const as_table *t, size_t row, as_solvation_band *b)
{
    static const char *const name[] = { "position", "u", "fwhm", "fwhm_u" };
    double *const to[] = { &b->position, &b->u, &b->fwhm, &b->fwhm_u };
    const as_unit cm = as_unit_of("cm-1");
    for (size_t k = 0; k < 4; k++) {
        const as_column *c = as_find_name(t, name[k]);
        if (!c || c->type != AS_F64)
            return as_fail(j->run->ctx, AS_E_MISSING, NULL, "a table of bands needs numbers in '%s'", name[k]);
        *to[k] = c->v.f[row];
        if (!as_unit_same_dimension(&c->unit, &AS_UNITLESS)) *to[k] = as_unit_scale(*to[k], &c->unit, &cm);
        if (!(*to[k] > 0) || !isfinite(*to[k]))
            return as_fail(j->run->ctx, AS_E_SYNTAX, NULL, "band %zu: %s is %g, expected above 0 in cm-1",
                           row + 1, name[k], *to[k]);
    }
    return AS_OK;
}

static as_status own_table(as_solvation_job *j, const as_tables *from)
{
    as_ctx *ctx = j->run->ctx;
    for (size_t s = 0; s < from->n; s++)
        for (size_t row = 0; row < from->t[s]->rows; row++) {
            if (j->p.n_bands == AS_SOLVATION_MOST_BANDS)
                return as_fail(ctx, AS_E_LIMIT, NULL, "more than %d bands", AS_SOLVATION_MOST_BANDS);
            as_solvation_band *b = &j->band[j->p.n_bands++];
            *b = (as_solvation_band){ .source = from->from };
            AS_TRY(texts_of(j, from->t[s], row, b));
            AS_TRY(numbers_of(j, from->t[s], row, b));
        }
    return j->p.n_bands ? AS_OK : as_fail(ctx, AS_E_MISSING, NULL, "%s: no bands", from->from);
}

/* Groups stand together and have one free state; no label twice. */
static as_status check_bands(as_solvation_job *j)
{
    as_ctx *ctx = j->run->ctx;
    for (size_t i = 0; i < j->p.n_bands; i++) {
        size_t free = 0;
        for (size_t k = 0; k < j->p.n_bands; k++) {
            const bool same = strcmp(j->band[k].group, j->band[i].group) == 0;
            if (same && as_solvation_state_of(&j->band[k]) == AS_STATE_FREE) free++;
            if (k < i && strcmp(j->band[k].label, j->band[i].label) == 0)
                return as_fail(ctx, AS_E_USAGE, NULL, "two bands are called '%s'", j->band[i].label);
            if (same && k + 1 < i && strcmp(j->band[k + 1].group, j->band[i].group) != 0)
                return as_fail(ctx, AS_E_USAGE, NULL, "the bands of '%s' do not stand together", j->band[i].group);
        }
        if (as_solvation_state_of(&j->band[i]) == AS_STATE_OTHER) continue;
        if (strcmp(j->band[i].state, "coordinated") == 0)
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "'coordinated' is the sum of all states but free: call this one bound, say");
        if (free != 1)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' has %zu bands of the state free, expected one",
                           j->band[i].group, free);
        const bool begins = i == 0 || strcmp(j->band[i - 1].group, j->band[i].group) != 0 ||
                            as_solvation_state_of(&j->band[i - 1]) == AS_STATE_OTHER;
        if (begins != (as_solvation_state_of(&j->band[i]) == AS_STATE_FREE))
            return as_fail(ctx, AS_E_USAGE, NULL, "the bands of '%s' must begin with the free state",
                           j->band[i].group);
    }
    return AS_OK;
}

static as_status choose_bands(as_solvation_job *j)
{
    const solvation_settings *set = j->run->settings;
    const char *x = as_find_role(j->t, AS_ROLE_X)->name;
    const char *name = tables[set->table].name;
    if (set->bands.n) {
        AS_TRY(own_table(j, &set->bands));
        return check_bands(j);
    }
    if (set->table == AUTO)
        name = strcmp(x, "raman_shift") == 0 ? "raman" : strcmp(x, "wavenumber") == 0 ? "ftir" : NULL;
    if (!name)
        return as_fail(j->run->ctx, AS_E_MISSING, NULL,
                       "x is %s: say by --table or --bands which bands are meant", x);
    const as_solvation_band *table = as_solvation_table(name, &j->p.n_bands);
    memcpy(j->band, table, j->p.n_bands * sizeof *table);
    return AS_OK;
}

/* --- points ----------------------------------------------------------------------------------- */

static as_status region_of(as_solvation_job *j, as_fit_settings *f)
{
    const solvation_settings *set = j->run->settings;
    const as_column *x = as_find_role(j->t, AS_ROLE_X);
    as_range *one = AS_NEW_N(as_scratch(j->run->ctx), as_range, 1);
    if (!one) return AS_ERR;
    if (!as_unit_same_dimension(&x->unit, &(as_unit){ 0 }) && strcmp(x->unit.symbol, "cm-1") != 0)
        return as_fail(j->run->ctx, AS_E_UNIT, NULL, "x is in %s, expected cm-1: convert-x makes it",
                       x->unit.symbol);
    double lo = INFINITY, hi = -INFINITY;
    for (size_t k = 0; k < j->p.n_bands; k++) {
        lo = fmin(lo, j->band[k].position - 3.5 * j->band[k].fwhm);
        hi = fmax(hi, j->band[k].position + 3.5 * j->band[k].fwhm);
    }
    *one = (as_range){ .lo = lo, .hi = hi };
    f->region = set->region.n ? set->region : (as_ranges){ 1, one };
    return AS_OK;
}

/* The rows that count, and a sigma for them: by second differences where the data have none. */
static as_status gather(as_solvation_job *j)
{
    as_ctx *ctx = j->run->ctx;
    as_fit_settings f = { .ka2 = AS_FIT_KA2_OFF };
    as_run inner = *j->run;
    inner.settings = &f;
    AS_TRY(region_of(j, &f));
    AS_TRY(as_fit_prepare(&inner, j->t, "constant", &j->points));
    const as_fit_points *p = &j->points.p;
    double *work = AS_NEW_N(as_scratch(ctx), double, 3 * p->n + 1);
    if (!work) return AS_ERR;
    j->sigma = work + 2 * p->n;
    j->known = p->sigma != NULL;
    const double level = j->known ? 1 : as_noise_level(p->n, p->y, work);
    if (!(level > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the spectrum has no noise to weigh it by in the region");
    for (size_t i = 0; i < p->n; i++) j->sigma[i] = j->known ? p->sigma[i] : level;
    j->p.n = p->n;
    j->p.x = p->x;
    j->p.y = p->y;
    j->p.sigma = j->sigma;
    return AS_OK;
}

/* Three rows or more within half a width of the band. */
static bool is_seen(const as_solvation_job *j, const as_solvation_band *b)
{
    size_t n = 0;
    for (size_t i = 0; i < j->p.n; i++) n += fabs(j->p.x[i] - b->position) <= b->fwhm / 2 + b->u;
    return n >= 3;
}

/* A group that the rows do not show at all is left out; of one that they show in part nothing can be said. */
static as_status leave_out(as_solvation_job *j)
{
    as_ctx *ctx = j->run->ctx;
    size_t kept = 0;
    for (size_t first = 0, next; first < j->p.n_bands; first = next) {
        size_t seen = 0;
        for (next = first; next < j->p.n_bands && strcmp(j->band[next].group, j->band[first].group) == 0; next++)
            seen += is_seen(j, &j->band[next]);
        if (seen > 0 && seen < next - first)
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "the rows that count show %zu of the %zu bands of %s: widen --region or leave the others "
                           "out of the table", seen, next - first, j->band[first].group);
        if (seen == 0)
            as_warn(ctx, j->t, NULL, "%s left out: no rows of its bands count", j->band[first].group);
        for (size_t k = first; seen && k < next; k++) j->band[kept++] = j->band[k];
    }
    j->p.n_bands = kept;
    return kept ? AS_OK : as_fail(ctx, AS_E_NUMERIC, NULL, "the rows that count show none of the bands");
}

/* Factors of the hosts (y: all rows of each) in their own region, over a straight line. */
static as_status host_factors(as_solvation_job *j, const double *const *y)
{
    const solvation_settings *set = j->run->settings;
    as_ctx *ctx = j->run->ctx;
    const as_curve *c = &j->points.c;
    const size_t hosts = set->host.n, m = hosts + 2;
    as_ranges region;
    size_t n = 0;
    AS_TRY(as_ranges_along(ctx, as_scratch(ctx), &set->host_region, &c->x_column->unit, &region));
    double *v = AS_NEW_N(as_scratch(ctx), double, (m + 2) * c->n + 2 * hosts + 1);
    if (!v) return AS_ERR;
    const double *column[AS_SOLVATION_MOST_HOSTS + 2];
    double *sigma = v + m * c->n, *d = sigma + c->n, *factor = d + c->n;
    for (size_t i = 0; i < c->n; i++) {
        bool good = c->use[i] > 0 && as_in_ranges(&region, c->x[i]) && (!c->sigma || c->sigma[i] > 0);
        for (size_t h = 0; h < hosts; h++) good = good && isfinite(y[h][i]);
        if (!good) continue;
        for (size_t h = 0; h < hosts; h++) v[h * c->n + n] = y[h][i];
        v[hosts * c->n + n] = 1;
        v[(hosts + 1) * c->n + n] = c->x[i] - region.v[0].lo;
        sigma[n] = c->sigma ? c->sigma[i] : 1;
        d[n++] = c->y[i];
    }
    for (size_t k = 0; k < m; k++) column[k] = v + k * c->n;
    as_linear_fit f;
    if (n <= m) return as_fail(ctx, AS_E_NUMERIC, NULL, "--host-region holds %zu rows, expected more", n);
    AS_TRY(as_fit_linear(ctx, as_scratch(ctx), n, m, column, d, c->sigma ? sigma : NULL, true, &f));
    const double birge = c->sigma ? fmax(1, sqrt(f.chi2 / (double)f.dof)) : 1;
    for (size_t h = 0; h < hosts; h++) {
        factor[h] = f.p[h];
        factor[hosts + h] = f.u[h] * birge;
    }
    j->p.factor = factor;
    j->p.factor_u = factor + hosts;
    return AS_OK;
}

static as_status hosts(as_solvation_job *j)
{
    const solvation_settings *set = j->run->settings;
    as_ctx *ctx = j->run->ctx;
    const as_curve *c = &j->points.c;
    if (set->host.n > AS_SOLVATION_MOST_HOSTS)
        return as_fail(ctx, AS_E_LIMIT, NULL, "%zu hosts, expected at most %d", set->host.n,
                       AS_SOLVATION_MOST_HOSTS);
    const double **list = AS_NEW_N(as_scratch(ctx), const double *, 2 * set->host.n + 1);
    if (!list) return AS_ERR;
    const double **whole = list + set->host.n;
    for (size_t h = 0; h < set->host.n; h++) {
        bool has_sigma;
        double *all = AS_NEW_N(as_scratch(ctx), double, 3 * c->n + 1), *used = all ? all + 2 * c->n : NULL;
        if (!all) return AS_ERR;
        AS_TRY(as_other_on_rows(ctx, c, set->host.t[h], set->interpolate, all, all + c->n, &has_sigma));
        for (size_t i = 0; i < j->p.n; i++) {
            used[i] = all[j->points.p.row[i]];
            if (!isfinite(used[i]))
                return as_fail(ctx, AS_E_MISSING, NULL, "the host has no value at %g %s", j->p.x[i],
                               c->x_column->unit.symbol);
        }
        list[h] = used;
        whole[h] = all;
    }
    j->p.n_hosts = set->host.n;
    j->p.host = list;
    return set->host.n && set->host_region.n ? host_factors(j, whole) : AS_OK;
}

/* --- fits ------------------------------------------------------------------------------------- */

/* Where sigma was estimated it is set so that reduced chi2 is 1; where it is known and the misfit is
 * beyond chance (3 standard deviations of reduced chi2), it is widened likewise. */
static as_status solve(as_solvation_job *j)
{
    as_ctx *ctx = j->run->ctx;
    for (int round = 0; round < 2; round++) {
        AS_TRY(as_solvation_solve(ctx, as_scratch(ctx), &j->p, &j->fit));
        const double reduced = j->fit.r.reduced;
        if (!(reduced > 0) || round == 1) break;
        if (j->known && !(reduced > 1 + 3 * sqrt(2 / (double)j->fit.r.dof))) break;
        if (j->known)
            as_warn(ctx, j->t, NULL, "reduced chi2 is %.3g: the uncertainties are widened by its square root",
                    reduced);
        for (size_t i = 0; i < j->p.n; i++) j->sigma[i] *= sqrt(reduced);
    }
    if (j->fit.r.offset > 0.05)
        as_warn(ctx, j->t, NULL, "the fit ends %.2g uncertainties from its minimum: bands are hardly told apart",
                j->fit.r.offset);
    as_solvation_problem curved = j->p;
    curved.degree = j->p.degree + 1;
    curved.starts = 1;
    curved.from = &j->fit;
    j->has_curved = as_solvation_solve(ctx, as_scratch(ctx), &curved, &j->curved) == AS_OK;
    if (!j->has_curved && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
    if (!j->has_curved) as_forget_error(ctx);
    j->how = j->known ? "weights 1/sigma^2, absolute uncertainties"
                      : "equal weights by the residuals, scaled uncertainties";
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const solvation_settings *set = run->settings;
    as_solvation_job *j = AS_NEW_N(as_scratch(run->ctx), as_solvation_job, 1);
    if (!j) return AS_ERR;
    j->run = run;
    j->t = owned;
    j->p.band = j->band;
    j->p.instrument = set->resolution;
    j->p.degree = set->degree;
    j->p.starts = AS_SOLVATION_MOST_STARTS;
    j->ratio = set->cross_section;
    j->ratio_u = set->cross_section_u;
    j->per_salt = set->per_salt;
    j->per_salt_u = set->per_salt_u;
    j->hosts = &set->host;
    AS_TRY(as_need(run->ctx, owned, AS_ROLE_X) ? AS_OK : AS_ERR);
    AS_TRY(choose_bands(j));
    AS_TRY(gather(j));
    AS_TRY(leave_out(j));
    AS_TRY(hosts(j));
    AS_TRY(solve(j));
    AS_TRY(as_solvation_report(j));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "states of PC and TFSI in a simulated 1 M electrolyte",
      "assay solvation tests/corpus/raman/electrolyte.ecsv | assay results --quantity fraction" },
    { "the same with a coordination number: 11.8 molecules of PC for each Li, cross-sections alike within 20 %",
      "assay solvation --solvent-per-salt 11.8 --cross-section 1 --cross-section-u 0.2 "
      "tests/corpus/raman/electrolyte.ecsv | assay results --item PC" },
    { 0 }
};
static const char *const references[] = {
    "Allen, Borodin, Seo & Henderson 2014, Combined quantum chemical/Raman spectroscopic analyses of Li+ cation "
    "solvation: cyclic carbonate solvents, J. Power Sources 267, 821",
    "Henderson et al. 2022, J. Electrochem. Soc. 169, 060515",
    "Berger, Liseo & Wolpert 1999, Integrated likelihood methods for eliminating nuisance parameters, Stat. Sci. 14, "
    "1, doi:10.1214/ss/1009211804",
    "Burnham & Anderson 2004, Multimodel inference, Sociol. Methods Res. 33, 261, doi:10.1177/0049124104268644",
    NULL
};
static const char *const see_also[] = { "coordination-number", "fit", "assign", "subtract-fitted",
                                        "same-shape", "results", NULL };

const as_op as_op_solvation = {
    .name = "solvation",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(solvation_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "fractions of free and coordinated solvent and anion from their bands",
             .description =
                 "One band for each state of coordination: its area is free, its position and width are restrained "
                 "by a table, whose uncertainties are thus part of the answer. The background, a polynomial, and the "
                 "spectra of `--host`, each times a factor, are fitted along. Take cosmic rays off before, and nothing "
                 "else: a host has bands of its own in the windows (Cu3(BTC)2 at 744 cm-1, inside those of TFSI). Such "
                 "a band and those of the states take each other's place: name by `--host-region` where the host has "
                 "bands of its own, and its factor is found there.\n\n"
                 "The *fraction* of a state is its area over its cross-section, in the sum of its group; "
                 "*coordinated* is the sum of all states but free. `--cross-section` is the ratio of the intensities "
                 "of a coordinated and a free molecule, an assumption that is named in every result. The uncertainty "
                 "of a fraction has four parts, given beside it: u_statistical from the noise, u_restraint "
                 "from positions and widths, u_baseline from background, hosts and what another degree of the "
                 "background changes beyond chance, u_cross_section from the assumed ratio. Of *free* and "
                 "*coordinated* fraction_low and fraction_high are the ends of the 95 % interval: where the likelihood "
                 "of the fraction, integrated over positions, widths, other areas and the background, is highest. It "
                 "is not symmetric where bands can take each other's place; claims use the arm on "
                 "the side of the question. u is as wide as the longer arm of it.\n\n"
                 "Bands of neighbouring states are *not_separable* when their areas correlate above 0.95, or, both "
                 "coordinated, when AICc is not better by 2 than with one band between them. Their sum "
                 "remains valid, the fractions of each do not. A state that is not seen has an upper limit "
                 "(fraction_limit): that only strongly coordinated solvent is there needs a low one for the "
                 "free band. Fractions of a group whose bands together are not above the noise are not_detected.\n\n"
                 "A coordination number is fraction times `--solvent-per-salt`, and no better than its assumptions. "
                 "Of PC solvation numbers Allen et al. 2014 say that Raman spectra do not give them accurately, and "
                 "Henderson et al. 2022 that a contact pair may have the band of the free TFSI anion.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
