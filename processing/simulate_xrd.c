/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-xrd: counts of a powder pattern that a structure would give, for tests of everything else. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "powder_simulate.h"
#include "random.h"

typedef struct {
    const as_input *structure;
    const char *cell, *sample, *origin;
    as_texts occupancy, density;
    const char *absent, *reference;
    as_range range;
    double step, time, counts;
    double wavelength, alpha2, ratio;
    double crystallite, scherrer, instrument, axial;
    double zero, displacement, radius;
    as_list background, hump, line;
    double seed, stream;
    bool noise;
} simulate_settings;

static const as_param params[] = {
    AS_FILE(simulate_settings, structure, "structure", NULL,
            "text of lines 'cell', 'site', 'guest', 'radius' and 'cage'"),
    AS_STRING(simulate_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(simulate_settings, cell, "cell", "", "instead of the cell of the structure"),
    AS_TEXTS(simulate_settings, occupancy, "occupancy", "", "SITE=OCCUPANCY"),
    AS_TEXTS(simulate_settings, density, "density", "",
             "CAGE=electrons per cubic Angstrom of smeared guests"),
    AS_STRING(simulate_settings, absent, "absent", "",
              "reflections by comma whose structure factor is taken as zero"),
    AS_STRING(simulate_settings, reference, "reference", "222", "reflection that --counts refers to"),
    AS_DOUBLE(simulate_settings, counts, "counts", "20000", 1, 1e9, "count",
              "at the maximum of the reference, background apart"),
    AS_RANGE(simulate_settings, range, "range", "4:30", "deg", "of two-theta"),
    AS_DOUBLE(simulate_settings, step, "step", "0.016deg", 1e-4, 1, "deg", "of two-theta"),
    AS_DOUBLE(simulate_settings, time, "time", "1s", 1e-3, 1e5, "s", "counting time of each step"),
    AS_DOUBLE(simulate_settings, wavelength, "wavelength", "1.5406Angstrom", 0.01, 100, "Angstrom",
              "of K alpha 1"),
    AS_DOUBLE(simulate_settings, alpha2, "alpha2", "1.54439Angstrom", 0.01, 100, "Angstrom",
              "of K alpha 2"),
    AS_DOUBLE(simulate_settings, ratio, "alpha2-ratio", "0.497", 0, 1, NULL, "of the areas; 0: one line"),
    AS_DOUBLE(simulate_settings, crystallite, "crystallite", "60nm", 1, 1e5, "nm",
              "size, volume-weighted: Lorentzian broadening"),
    AS_DOUBLE(simulate_settings, scherrer, "k", "0.94", 0.5, 1.5, NULL, "Scherrer's constant"),
    AS_DOUBLE(simulate_settings, instrument, "instrument", "0.05deg", 0.001, 2, "deg",
              "Gaussian FWHM of the instrument"),
    AS_DOUBLE(simulate_settings, axial, "axial", "0.02", 0, 0.15, NULL,
              "axial divergence, half the height of slit and sample over the radius"),
    AS_DOUBLE(simulate_settings, zero, "zero", "0.01deg", -5, 5, "deg", "error of the two-theta zero"),
    AS_DOUBLE(simulate_settings, displacement, "displacement", "0.05mm", -10, 10, "mm",
              "of the sample, away from the source positive"),
    AS_DOUBLE(simulate_settings, radius, "radius", "280mm", 10, 2000, "mm", "of the goniometer"),
    AS_LIST(simulate_settings, background, "background", "2000,4,60", NULL,
            "A,t,C of A exp(-2theta/t) + C: counts, degrees, counts"),
    AS_LIST(simulate_settings, hump, "hump", "150,20,3", NULL,
            "height in counts, centre and standard deviation in degrees of an amorphous hump"),
    AS_LIST(simulate_settings, line, "line", "", NULL,
            "area in count degrees, position and FWHM in degrees of one more line"),
    AS_BOOL(simulate_settings, noise, "noise", "yes", "Poisson counts; no: their means"),
    AS_DOUBLE(simulate_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(simulate_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each pattern of a set"),
    AS_STRING(simulate_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "two_theta", .unit = "deg", .help = "even steps" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "intensity", .unit = "count",
      .help = "whole counts" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_SIGMA, .name = "sigma", .unit = "count",
      .help = "sqrt(max(n, 1))" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "true_intensity", .unit = "count",
      .help = "the mean that the counts were drawn from" },
    { .kind = AS_NEED_RESULT, .name = "true_position", .unit = "deg", .help = "of K alpha 1" },
    { .kind = AS_NEED_RESULT, .name = "true_area", .unit = "count*deg", .help = "of both lines" },
    { .kind = AS_NEED_RESULT, .name = "true_ratio", .unit = "1", .help = "of the area to the reference's" },
    { .kind = AS_NEED_RESULT, .name = "structure_factor", .unit = "1", .help = "electrons per cell" },
    { 0 }
};

/* "NAME=number" to the place that NAME has; at + 1, 0: not of this form. */
static as_status assignment(as_ctx *ctx, const char *text, size_t *name_length, double *value)
{
    const char *equals = strchr(text, '=');
    if (!equals || !as_read_number(equals + 1, strlen(equals + 1), '.', value))
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s' found, expected NAME=NUMBER", text);
    *name_length = (size_t)(equals - text);
    return AS_OK;
}

static bool named(const char *name, const char *text, size_t n)
{
    return strlen(name) == n && memcmp(name, text, n) == 0;
}

static as_status fill_guests(as_ctx *ctx, const simulate_settings *set, as_structure *s)
{
    size_t n;
    double v;
    for (size_t i = 0; i < set->occupancy.n; i++) {
        const char *text = set->occupancy.v[i];
        AS_TRY(assignment(ctx, text, &n, &v));
        size_t k = 0;
        while (k < s->n_sites && !named(s->site[k].name, text, n)) k++;
        if (k == s->n_sites)
            return as_fail(ctx, AS_E_USAGE, NULL, "the structure has no site of '%s'", text);
        s->site[k].occupancy = v;
    }
    for (size_t i = 0; i < set->density.n; i++) {
        const char *text = set->density.v[i];
        AS_TRY(assignment(ctx, text, &n, &v));
        size_t k = 0;
        while (k < s->n_cages && !named(s->cage[k].name, text, n)) k++;
        if (k == s->n_cages)
            return as_fail(ctx, AS_E_USAGE, NULL, "the structure has no cage of '%s'", text);
        s->cage[k].density = v;
    }
    return AS_OK;
}

static as_status three_of(as_ctx *ctx, const as_list *list, const char *name, double out[3])
{
    if (list->n != 0 && list->n != 3)
        return as_fail(ctx, AS_E_USAGE, NULL, "--%s has %zu numbers, expected 3", name, list->n);
    for (size_t i = 0; i < list->n; i++) out[i] = list->v[i];
    return AS_OK;
}

static as_status absences_of(as_ctx *ctx, const char *text, as_powder_sample *p)
{
    int(*list)[3] = as_alloc(as_scratch(ctx), strlen(text) / 2 + 1, sizeof *list);
    if (!list) return AS_ERR;
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, ",");
        if (!as_hkl_parse(at, length, list[p->n_absent++]))
            return as_fail(ctx, AS_E_USAGE, NULL, "'%.*s' is no reflection", (int)length, at);
        at += length + (at[length] == ',');
    }
    p->absent = (const int(*)[3])list;
    return AS_OK;
}

static as_status sample_of(as_ctx *ctx, const simulate_settings *set, as_structure *s,
                           as_powder_sample *p)
{
    AS_TRY(as_structure_parse(ctx, as_scratch(ctx), set->structure, s));
    if (set->cell) {
        as_cell cell;
        AS_TRY(as_cell_parse(ctx, set->cell, &cell));
        s->cell = cell;
    }
    AS_TRY(fill_guests(ctx, set, s));
    *p = (as_powder_sample){ .structure = s, .doublet = { set->wavelength, set->alpha2, set->ratio, false },
                             .from = set->range.lo, .to = set->range.hi, .step = set->step,
                             .crystallite = set->crystallite, .scherrer = set->scherrer,
                             .instrument = set->instrument, .axial = set->axial, .zero = set->zero,
                             .displacement = set->displacement, .radius = set->radius,
                             .counts = set->counts, .background = { 0, 1, 0 }, .hump = { 0, 0, 1 } };
    if (!(p->from > 0 && p->to < 175 && p->to > p->from))
        return as_fail(ctx, AS_E_USAGE, NULL, "the range must lie within 0 to 175 degrees");
    if ((p->to - p->from) / p->step > 1e6)
        return as_fail(ctx, AS_E_LIMIT, NULL, "more than a million steps");
    AS_TRY(three_of(ctx, &set->background, "background", p->background));
    AS_TRY(three_of(ctx, &set->hump, "hump", p->hump));
    AS_TRY(three_of(ctx, &set->line, "line", p->extra));
    if (set->absent) AS_TRY(absences_of(ctx, set->absent, p));
    if (!as_hkl_parse(set->reference, strlen(set->reference), p->reference))
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s' is no reflection", set->reference);
    return AS_OK;
}

static as_status metadata(as_ctx *ctx, as_table *t, const simulate_settings *set)
{
    const as_unit angstrom = as_unit_of("Angstrom");
    char text[200];
    snprintf(text, sizeof text, "assay simulate-xrd, seed %.0f stream %.0f: no measurement", set->seed,
             set->stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    if (set->sample) AS_TRY(as_set_meta(ctx, t, "sample", set->sample, NULL, NULL));
    t->label = as_format(t->arena, "%s (simulated)", set->sample ? set->sample : "pattern");
    if (!t->label) return AS_ERR;
    if (set->origin) AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    AS_TRY(as_set_meta(ctx, t, "anode", "Cu", NULL, NULL));
    AS_TRY(as_set_number(ctx, t, "wavelength", set->wavelength, NAN, angstrom, NULL));
    AS_TRY(as_set_meta(ctx, t, "wavelength_kind", set->ratio > 0 ? "ka1_ka2" : "ka1", NULL, NULL));
    AS_TRY(as_set_number(ctx, t, "wavelength_alpha2", set->alpha2, NAN, angstrom, NULL));
    AS_TRY(as_set_number(ctx, t, "alpha2_ratio", set->ratio, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_number(ctx, t, "step_time", set->time, NAN, as_unit_of("s"), NULL));
    AS_TRY(as_set_number(ctx, t, "goniometer_radius", set->radius, NAN, as_unit_of("mm"), NULL));
    return as_set_meta(ctx, t, "scan_axis", "2Theta", NULL, NULL);
}

/* Every reflection inside the range, with what a fit should find. */
static as_status truth(as_ctx *ctx, as_table *t, const as_powder_sample *s,
                       const as_powder_pattern *p)
{
    as_unit area;
    double reference = NAN;
    AS_TRY(as_unit_parse(ctx, t->arena, "count*deg", &area));
    for (size_t i = 0; i < p->n_lines; i++)
        if (memcmp(&p->line[i].r.h, s->reference, sizeof s->reference) == 0)
            reference = p->line[i].area;
    for (size_t i = 0; i < p->n_lines; i++) {
        const as_powder_truth *line = &p->line[i];
        char item[AS_HKL_TEXT];
        if (line->position < s->from || line->position > s->to) continue;
        as_hkl_text((int[]){ line->r.h, line->r.k, line->r.l }, item);
        as_result r = { .item = item, .u = 0, .flag = "ok", .method = "truth" };
        const struct { const char *name; double value; as_unit unit; } give[] = {
            { "true_position", line->position, as_unit_of("deg") },
            { "true_area", line->area, area },
            { "true_ratio", line->area / reference, AS_UNITLESS },
            { "structure_factor", line->f, AS_UNITLESS },
        };
        for (size_t k = 0; k < sizeof give / sizeof *give; k++) {
            r.quantity = give[k].name;
            r.value = give[k].value;
            r.unit = give[k].unit;
            AS_TRY(as_add_result(ctx, t, &r));
        }
    }
    return AS_OK;
}

static as_status source(as_run *run)
{
    const simulate_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_structure s;
    as_powder_sample sample;
    as_powder_pattern p;
    AS_TRY(sample_of(ctx, set, &s, &sample));
    AS_TRY(as_powder_simulate(ctx, as_scratch(ctx), &sample, &p));
    as_table *t = as_table_new(ctx, p.n);
    if (!t) return AS_ERR;
    t->technique = "xrd";
    const as_unit count = as_unit_of("count");
    as_column *x = as_add_column(ctx, t, "two_theta", AS_ROLE_X, as_unit_of("deg"));
    as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, count);
    as_column *sigma = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, count);
    as_column *mean = as_add_column(ctx, t, "true_intensity", AS_ROLE_OTHER, count);
    if (!x || !y || !sigma || !mean) return AS_ERR;
    as_random r;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t i = 0; i < p.n; i++) {
        x->v.f[i] = p.x[i];
        mean->v.f[i] = round(p.mean[i] * 1e4) / 1e4; /* the same digits on every machine */
        y->v.f[i] = set->noise ? as_random_poisson(&r, mean->v.f[i]) : mean->v.f[i];
        sigma->v.f[i] = sqrt(fmax(y->v.f[i], 1));
    }
    AS_TRY(metadata(ctx, t, set));
    AS_TRY(truth(ctx, t, &sample, &p));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "HKUST-1 without guests: what (111) should be",
      "assay simulate-xrd --structure datasets/chang2022/xrd/hkust-1.structure"
      " | assay results --item 111" },
    { 0 }
};
static const char *const references[] = {
    "Chui et al. 1999, A chemically functionalizable nanoporous material, Science 283, 1148, "
    "doi:10.1126/science.283.5405.1148",
    "Thompson, Cox & Hastings 1987, J. Appl. Cryst. 20, 79, doi:10.1107/S0021889887087090",
    "Finger, Cox & Jephcoat 1994, J. Appl. Cryst. 27, 892, doi:10.1107/S0021889894004218",
    NULL
};
static const char *const see_also[] = { "hkl", "reflection", NULL };

const as_op as_op_simulate_xrd = {
    .name = "simulate-xrd",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(simulate_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate the powder pattern of a structure, with counting noise",
             .description =
                 "Intensities are structure factors of the atoms (form factors of free atoms, no "
                 "dispersion, no texture) and of guests smeared evenly over the cages, times "
                 "multiplicity, Lorentz and polarisation factors. Lines are pseudo-Voigt K alpha "
                 "doublets with axial divergence on a background A exp(-2theta/t) + C with an "
                 "amorphous hump. A displacement *s* away from the source moves a line by "
                 "-2 s/R cos(theta).\n\n"
                 "The same settings give the same counts on every machine. The metadata say "
                 "`simulated`; the true positions and areas are results of method `truth`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
