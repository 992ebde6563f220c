/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-xps: the regions of a layered sample after each time of sputtering, for tests of
 * everything else: lines on Shirley's background and a slope, attenuated by what lies above,
 * counted.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "photoline.h"
#include "random.h"
#include "xps_simulate.h"

enum { MOST_LINES = 64, MOST_LAYERS = 8 };

typedef struct {
    as_texts line, layer;
    as_tables factors;
    as_list etch_times;
    double rate, path, path_power, transmission_power, take_off, scale, level, slope, loss, eta;
    double shift, step, margin, dwell, scans, photon, seed, stream;
    const char *sample, *origin;
} simulate_settings;

static const as_param params[] = {
    AS_TEXTS(simulate_settings, line, "line", NULL,
             "REGION/COMPONENT:ENERGY:FWHM[:SPLIT:RATIO] in eV"),
    AS_TEXTS(simulate_settings, layer, "layer", NULL,
             "THICKNESS:COMPONENT=SHARE,... from the surface down, in nm (the last one inf) and "
             "atomic %"),
    AS_TABLES(simulate_settings, factors, "factors", NULL,
              "file of columns line and factor, as for quantify"),
    AS_LIST(simulate_settings, etch_times, "etch-times", "0", "s",
            "after which the regions are measured"),
    AS_DOUBLE(simulate_settings, rate, "rate", "1nm/s", 0, 1e6, "nm/s", "of sputtering"),
    AS_DOUBLE(simulate_settings, path, "path", "2.5nm", 0.01, 1000, "nm",
              "mean free path of C 1s electrons, 1200 eV"),
    AS_DOUBLE(simulate_settings, path_power, "path-power", "0.75", -2, 2, NULL,
              "its growth with the kinetic energy"),
    AS_DOUBLE(simulate_settings, transmission_power, "transmission-power", "0", -5, 5, NULL,
              "of the analyser; other than 0 also a column"),
    AS_DOUBLE(simulate_settings, take_off, "take-off", "0deg", 0, 89, "deg", "from the normal"),
    AS_DOUBLE(simulate_settings, scale, "scale", "40000", 0, 1e12, NULL,
              "area of a pure element of factor 1 at 1000 eV, in eV count/s"),
    AS_DOUBLE(simulate_settings, level, "level", "500", 0, 1e12, NULL,
              "of the background, count/s"),
    AS_DOUBLE(simulate_settings, slope, "slope", "5", -1e9, 1e9, NULL,
              "of it to higher binding energy, count/s/eV"),
    AS_DOUBLE(simulate_settings, loss, "loss", "0.04", 0, 10, NULL,
              "Shirley's background over the area of the lines, 1/eV"),
    AS_DOUBLE(simulate_settings, eta, "eta", "0.3", 0, 1, NULL,
              "Lorentzian fraction of the height of each line"),
    AS_DOUBLE(simulate_settings, shift, "charge-shift", "0eV", -1000, 1000, "eV",
              "that charging adds to all energies"),
    AS_DOUBLE(simulate_settings, step, "step", "0.1eV", 1e-3, 10, "eV", "between two points"),
    AS_DOUBLE(simulate_settings, margin, "margin", "5eV", 1, 1000, "eV",
              "of each region beside its lines"),
    AS_DOUBLE(simulate_settings, dwell, "dwell", "0.2s", 1e-6, 1e6, "s", "for a point of a scan"),
    AS_DOUBLE(simulate_settings, scans, "scans", "5", 1, 1e6, NULL, "added up"),
    AS_DOUBLE(simulate_settings, photon, "photon-energy", "1486.6eV", 1, 1e5, "eV",
              "of the excitation"),
    AS_DOUBLE(simulate_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(simulate_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each sample of a set"),
    AS_STRING(simulate_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(simulate_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_X,
      .name = "binding_energy",
      .unit = "eV",
      .help = "falling, as charged" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_Y,
      .name = "intensity",
      .unit = "count",
      .help = "counted" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .unit = "count", .help = "root of the counts" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "transmission_function",
      .unit = "1",
      .help = "with --transmission-power only" },
    { .kind = AS_NEED_RESULT,
      .name = "true_position",
      .unit = "eV",
      .help = "of each component, without charging" },
    { .kind = AS_NEED_RESULT,
      .name = "true_area",
      .help = "of it, in counts; of the first line of a doublet" },
    { .kind = AS_NEED_RESULT,
      .name = "true_atomic_fraction",
      .unit = "%",
      .help = "as attenuation shows it at this level" },
    { 0 }
};

typedef struct component {
    char region[32], name[32];
    as_xps_line line;           /* energy without charging; area filled for each level */
    double share[MOST_LAYERS];  /* of each layer */
    double sensitivity, length; /* sigma T lambda; attenuation length along the normal, nm */
    double seen;                /* apparent share at this level */
} component;

typedef struct sample {
    size_t n, layers;
    component c[MOST_LINES];
    double top[MOST_LAYERS]; /* nm below the surface that was */
} sample;

static as_status wrong_line(as_ctx *ctx, const char *text)
{
    return as_fail(ctx, AS_E_USAGE, NULL,
                   "'%s' found, expected REGION/COMPONENT:ENERGY:FWHM[:SPLIT:RATIO]", text);
}

static as_status line_of(as_ctx *ctx, const char *text, double eta, component *c)
{
    const char *slash = strchr(text, '/'), *at = slash ? strchr(slash, ':') : NULL;
    double v[4] = { 0 };
    size_t n = 0;
    if (!at || slash - text >= 32 || at - slash > 32 || slash == text || at == slash + 1)
        return wrong_line(ctx, text);
    (void)snprintf(c->region, sizeof c->region, "%.*s", (int)(slash - text), text);
    (void)snprintf(c->name, sizeof c->name, "%.*s", (int)(at - slash - 1), slash + 1);
    while (at && n < 4) {
        const char *next = strchr(++at, ':');
        if (!as_read_number(at, next ? (size_t)(next - at) : strlen(at), '.', &v[n]))
            return wrong_line(ctx, text);
        n++;
        at = next;
    }
    if (at || (n != 2 && n != 4) || !(v[1] > 0) || v[3] < 0) return wrong_line(ctx, text);
    c->line =
        (as_xps_line){ .energy = v[0], .fwhm = v[1], .eta = eta, .split = v[2], .ratio = v[3] };
    return AS_OK;
}

/* COMPONENT=SHARE up to `end`. */
static as_status share_of(as_ctx *ctx, sample *s, const char *at, const char *end)
{
    const char *equal = end;
    double v;
    while (equal > at && *equal != '=') equal--;
    if (equal == at || !as_read_number(equal + 1, (size_t)(end - equal - 1), '.', &v) ||
        !(v >= 0 && v <= 100))
        return as_fail(ctx, AS_E_USAGE, NULL, "'%.*s' found, expected COMPONENT=SHARE in atomic %%",
                       (int)(end - at), at);
    for (size_t k = 0; k < s->n; k++) {
        if (strlen(s->c[k].name) != (size_t)(equal - at) ||
            strncmp(s->c[k].name, at, (size_t)(equal - at)) != 0)
            continue;
        s->c[k].share[s->layers] = v;
        return AS_OK;
    }
    return as_fail(ctx, AS_E_USAGE, NULL, "no --line is called '%.*s'", (int)(equal - at), at);
}

static as_status layer_of(as_ctx *ctx, sample *s, const char *text, bool last, double *bottom)
{
    const char *at = strchr(text, ':');
    double sum = 0, thickness = INFINITY;
    const bool endless = strncmp(text, "inf:", 4) == 0;
    if (!at || endless != last ||
        (!last &&
         (!as_read_number(text, (size_t)(at - text), '.', &thickness) || !(thickness > 0))))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "'%s' found, expected THICKNESS:COMPONENT=SHARE,...; inf for the last layer",
                       text);
    s->top[s->layers] = *bottom;
    while (at) {
        const char *next = strchr(++at, ',');
        AS_TRY(share_of(ctx, s, at, next ? next : at + strlen(at)));
        at = next;
    }
    for (size_t k = 0; k < s->n; k++) sum += s->c[k].share[s->layers];
    if (!(fabs(sum - 100) < 1e-6))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "the shares of layer %zu add up to %g %%, expected 100", s->layers + 1, sum);
    *bottom += thickness;
    s->layers++;
    return AS_OK;
}

static as_status sensitivity_of(as_run *run, component *c)
{
    const simulate_settings *set = run->settings;
    double factor = NAN;
    for (size_t k = 0; k < set->factors.n; k++) {
        const as_column *line = as_find_name(set->factors.t[k], "line"),
                        *f = as_find_name(set->factors.t[k], "factor");
        for (size_t i = 0;
             line && f && line->type == AS_TEXT && f->type == AS_F64 && i < set->factors.t[k]->rows;
             i++)
            if (line->v.s[i] && as_line_begins(c->region, line->v.s[i])) factor = f->v.f[i];
    }
    if (!(factor > 0))
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s has no factor for '%s'", set->factors.from,
                       c->region);
    const double kinetic = set->photon - c->line.energy;
    const double slowest = kinetic - set->shift - fmax(0, c->line.split) - set->margin - 1;
    if (!(slowest > 0 && c->line.energy > 0))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "photons of %g eV make no region about %g eV of binding energy", set->photon,
                       c->line.energy);
    c->sensitivity = factor * pow(kinetic / 1000, set->path_power + set->transmission_power);
    c->length = set->path * pow(kinetic / 1200, set->path_power) *
                cos(set->take_off * 3.14159265358979323846 / 180);
    return AS_OK;
}

static as_status sample_of(as_run *run, sample *s)
{
    const simulate_settings *set = run->settings;
    double bottom = 0;
    if (set->line.n == 0 || set->line.n > MOST_LINES || set->layer.n == 0 ||
        set->layer.n > MOST_LAYERS)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "%zu lines and %zu layers, expected 1 to %d and 1 to %d", set->line.n,
                       set->layer.n, MOST_LINES, MOST_LAYERS);
    for (; s->n < set->line.n; s->n++) {
        AS_TRY(line_of(run->ctx, set->line.v[s->n], set->eta, &s->c[s->n]));
        AS_TRY(sensitivity_of(run, &s->c[s->n]));
    }
    for (size_t k = 0; k < set->layer.n; k++)
        AS_TRY(layer_of(run->ctx, s, set->layer.v[k], k + 1 == set->layer.n, &bottom));
    return AS_OK;
}

/* Areas in count/s of all components with the surface at depth z. */
static void at_depth(const simulate_settings *set, sample *s, double z)
{
    double sum = 0;
    for (size_t k = 0; k < s->n; k++) {
        s->c[k].seen = as_xps_seen(s->layers, s->top, s->c[k].share, z, s->c[k].length);
        sum += s->c[k].seen;
    }
    for (size_t k = 0; k < s->n; k++) {
        component *c = &s->c[k];
        c->line.area = set->scale * c->sensitivity * c->seen / 100 / (1 + c->line.ratio);
        c->seen *= 100 / sum;
    }
}

static as_status metadata(as_ctx *ctx, as_table *t, const simulate_settings *set,
                          const char *region, double etched)
{
    const as_unit ev = as_unit_of("eV"), s = as_unit_of("s");
    char text[200];
    (void)snprintf(text, sizeof text, "assay simulate-xps, seed %.0f stream %.0f: no measurement",
                   set->seed, set->stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    if (set->sample) AS_TRY(as_set_meta(ctx, t, "sample", set->sample, NULL, NULL));
    if (set->origin) AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    t->label = as_format(t->arena, "%s, %g s (simulated)", region, etched);
    if (!t->label) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "region", region, NULL, NULL));
    AS_TRY(as_set_number(ctx, t, "etch_time", etched, NAN, s, NULL));
    AS_TRY(as_set_number(ctx, t, "photon_energy", set->photon, NAN, ev, NULL));
    AS_TRY(as_set_number(ctx, t, "work_function", 4.5, NAN, ev, NULL));
    AS_TRY(as_set_number(ctx, t, "dwell_time", set->dwell, NAN, s, NULL));
    return as_set_number(ctx, t, "scans", set->scans, NAN, AS_UNITLESS, NULL);
}

static as_status truth(as_ctx *ctx, as_table *t, size_t n, const component *c, double time)
{
    for (size_t k = 0; k < n; k++) {
        AS_TRY(as_add_quantity(ctx, t, c[k].name, "true_position", c[k].line.energy, 0, "eV", NULL,
                               "truth"));
        AS_TRY(as_add_quantity(ctx, t, c[k].name, "true_area", c[k].line.area * time, 0, "eV*count",
                               NULL, "truth"));
        AS_TRY(as_add_quantity(ctx, t, c[k].name, "true_atomic_fraction", c[k].seen, 0, "%", NULL,
                               "truth"));
    }
    return AS_OK;
}

static as_status fill(as_run *run, as_table *t, as_random *r, size_t n, const as_xps_line *line,
                      double high)
{
    const simulate_settings *set = run->settings;
    const as_unit count = as_unit_of("count");
    as_column *x = as_add_column(run->ctx, t, "binding_energy", AS_ROLE_X, as_unit_of("eV"));
    as_column *y = as_add_column(run->ctx, t, "intensity", AS_ROLE_Y, count), *f = NULL;
    if (!x || !y) return AS_ERR;
    if (set->transmission_power != 0 &&
        !(f = as_add_column(run->ctx, t, "transmission_function", AS_ROLE_OTHER, AS_UNITLESS)))
        return AS_ERR;
    const double low = high - set->step * (double)(t->rows - 1), time = set->dwell * set->scans;
    for (size_t i = 0; i < t->rows; i++) {
        const double e = round((high - set->step * (double)i) * 1e6) / 1e6;
        const double lines = as_xps_lines(n, line, e), below = as_xps_integral(n, line, low, e);
        x->v.f[i] = e;
        y->v.f[i] = as_random_poisson(
            r, time * fmax(0, set->level + set->slope * (e - low) + lines + set->loss * below));
        if (f)
            f->v.f[i] = round(pow((set->photon - e) / 1000, set->transmission_power) * 1e6) / 1e6;
    }
    return as_add_counting_sigma(run->ctx, t, time);
}

/* The components first ... first + n - 1 are of one region. */
static as_status region(as_run *run, as_random *r, const sample *s, size_t first, size_t n,
                        double etched)
{
    const simulate_settings *set = run->settings;
    as_xps_line line[MOST_LINES];
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < n; k++) {
        line[k] = s->c[first + k].line;
        line[k].energy += set->shift;
        low = fmin(low, line[k].energy + fmin(0, line[k].split));
        high = fmax(high, line[k].energy + fmax(0, line[k].split));
    }
    high = ceil(high + set->margin);
    const size_t rows = (size_t)ceil((high - low + set->margin) / set->step) + 1;
    if (rows > 1000000)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "%zu points in a region, expected up to 1000000",
                       rows);
    as_table *t = as_table_new(run->ctx, rows);
    if (!t) return AS_ERR;
    t->technique = "xps";
    AS_TRY(fill(run, t, r, n, line, high));
    AS_TRY(metadata(run->ctx, t, set, s->c[first].region, etched));
    AS_TRY(truth(run->ctx, t, n, s->c + first, set->dwell * set->scans));
    return as_emit(run->out, run->ctx, t);
}

static as_status source(as_run *run)
{
    const simulate_settings *set = run->settings;
    sample *s = AS_NEW(as_scratch(run->ctx), sample);
    as_random r;
    if (!s) return AS_ERR;
    AS_TRY(sample_of(run, s));
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t i = 0; i < set->etch_times.n; i++) {
        at_depth(set, s, set->etch_times.v[i] * set->rate);
        for (size_t k = 0, n; k < s->n; k += n) {
            for (n = 1; k + n < s->n && strcmp(s->c[k].region, s->c[k + n].region) == 0;) n++;
            AS_TRY(region(run, &r, s, k, n, set->etch_times.v[i]));
        }
    }
    return AS_OK;
}

static const as_example examples[] = {
    { "a film of 5 nm on carbon, as prepared and after 4 s of sputtering",
      "assay simulate-xps --line 'C 1s/CC:284.8:1.3' --line 'F 1s/LiF:685:1.6' --layer "
      "5:CC=40,LiF=60 --layer inf:CC=100 "
      "--factors tests/corpus/xps/factors.ecsv --etch-times 0,4 | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Shirley 1972, Phys. Rev. B 5, 4709, doi:10.1103/PhysRevB.5.4709",
    "Seah & Dench 1979, Surf. Interface Anal. 1, 2, doi:10.1002/sia.740010103 (attenuation)", NULL
};
static const char *const see_also[] = { "quantify", "baseline-shirley", "overlayer", "simulate-xrd",
                                        NULL };

const as_op as_op_simulate_xps = {
    .name = "simulate-xps",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(simulate_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate photoelectron regions of a layered sample while it is sputtered",
             .description = "Every component has one share in each layer. What a level shows of it "
                            "is attenuated by exp(-z/(lambda "
                            "cos theta)), with lambda at its kinetic energy; layers above are gone "
                            "after `--rate` times the time, "
                            "without mixing or damage. A region is the sum of its pseudo-Voigt "
                            "lines, Shirley's background with a "
                            "known factor, a level and a slope, and is counted (Poisson) for "
                            "`--dwell` times `--scans`.\n\n"
                            "The same settings give the same counts on every machine. The metadata "
                            "say `simulated`; the true "
                            "positions, areas and fractions are results of method `truth`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
