/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPECS SpecsLab 2 XML: a CORBA document of nested struct and sequence elements that their
 * attribute name tells apart. Each region has settings, detector channels (energy shift in units of
 * the pass energy, gain) and cycles of scans; a scan holds the counts of all channels step by step,
 * with mcd_head steps before the range and mcd_tail behind it.
 *
 * The counts at an energy are the sum over the channels j of gain_j times the raw counts of the
 * step nearest to where channel j saw that energy: y_i = sum_j g_j c[round(mcd_head + i - s_j
 * E_pass / delta), j] This gives the program's own xy export to its digits; where the energy of the
 * electrons is not scanned there is no shift.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "xml_vendor.h"

typedef struct channel {
    double shift, gain;
} channel;

typedef struct region {
    const as_element *e;
    double values, curves, head, tail, delta, start, pass, dwell;
    bool scans_photons, snapshot;
    size_t n_channels;
    channel *channel;
    as_table *meta; /* no rows */
    as_where where;
} region;

typedef struct reading {
    as_parse *job;
    const as_xml *xml;
    const char *group;
    size_t n_emitted;
    bool photons_first;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!as_find_text(at, "<any version") && !as_find_text(at, "<!DOCTYPE any")) return AS_PROBE_NO;
    if (as_find_text(at, "specs.de/Serializer/RegionGroup")) return AS_PROBE_MAGIC;
    return as_find_text(at, "CORBA XML document") ? AS_PROBE_PLAUSIBLE : AS_PROBE_NO;
}

/* --- elements by their attribute ------------------------------------------------- */

static const as_element *named(const reading *r, const as_element *from, const char *name)
{
    const as_element *e = from ? r->xml->child(from, NULL) : NULL;
    for (; e; e = r->xml->next(e, NULL)) {
        const char *own = r->xml->attribute(e, "name");
        if (own && strcmp(own, name) == 0) return e;
    }
    return NULL;
}

static const char *text_of(const reading *r, const as_element *from, const char *name)
{
    const as_element *e = named(r, from, name);
    const char *text = e ? r->xml->text(r->job->ctx, e) : NULL;
    return text ? as_trim(as_scratch(r->job->ctx), text, strlen(text)) : NULL;
}

static as_status need_number(const reading *r, const as_element *from, const char *name,
                             double *out)
{
    const char *text = text_of(r, from, name);
    const as_where at = as_xml_at(r->xml, r->job->in, from);
    if (text && as_leading_number(text, out, NULL) && isfinite(*out)) return AS_OK;
    return as_fail(r->job->ctx, AS_E_MISSING, &at, "no number called %s in this region", name);
}

/* --- settings ----------------------------------------------------------------------- */

static as_status describe(const reading *r, region *g)
{
    static const as_known known[] = { { "analysis_method", "technique_name", NULL },
                                      { "analyzer_lens", "lens_mode", NULL },
                                      { "num_scans", "scans", "1" },
                                      { "dwell_time", "dwell_time", "s" },
                                      { "pass_energy", "pass_energy", "eV" },
                                      { "effective_workfunction", "work_function", "eV" } };
    as_ctx *ctx = r->job->ctx;
    const as_element *settings = named(r, g->e, "region");
    const char *name = text_of(r, g->e, "name");
    const char *analyser = text_of(r, named(r, g->e, "analyzer_info"), "name");
    const char *source = text_of(r, named(r, g->e, "source_info"), "name");
    const char *mode = text_of(r, named(r, settings, "scan_mode"), "name");
    double energy;
    if (r->group && *r->group)
        AS_TRY(as_set_meta(ctx, g->meta, "sample", r->group, NULL, &g->where));
    if (name && *name) AS_TRY(as_set_meta(ctx, g->meta, "region", name, NULL, &g->where));
    if (analyser) AS_TRY(as_set_meta(ctx, g->meta, "instrument", analyser, NULL, &g->where));
    if (source) AS_TRY(as_set_meta(ctx, g->meta, "excitation", source, NULL, &g->where));
    if (mode) AS_TRY(as_set_meta(ctx, g->meta, "analyser_mode", mode, NULL, &g->where));
    const as_element *e = r->xml->child(settings, NULL);
    for (; e; e = r->xml->next(e, NULL)) {
        const char *key = r->xml->attribute(e, "name");
        const char *text = key && !r->xml->child(e, NULL) ? text_of(r, settings, key) : NULL;
        const as_where at = as_xml_at(r->xml, r->job->in, e);
        if (!text || !*text) continue;
        if (strcmp(key, "excitation_energy") == 0) { /* 0 where no photons excite */
            if (as_leading_number(text, &energy, NULL) && energy > 0)
                AS_TRY(as_set_number(ctx, g->meta, "photon_energy", energy, NAN, as_unit_of("eV"),
                                     &at));
            continue;
        }
        AS_TRY(as_set_known(ctx, g->meta, known, AS_COUNT(known), key, text, &at));
    }
    return AS_OK;
}

static as_status read_channels(const reading *r, region *g)
{
    const as_element *list = named(r, named(r, g->e, "analyzer_info"), "detectors");
    const as_element *e = list ? r->xml->child(list, "struct") : NULL;
    size_t n = 0;
    for (const as_element *k = e; k; k = r->xml->next(k, "struct")) n++;
    g->channel = AS_NEW_N(as_scratch(r->job->ctx), channel, n + 1);
    if (!g->channel) return AS_ERR;
    for (; e; e = r->xml->next(e, "struct")) {
        AS_TRY(need_number(r, e, "shift", &g->channel[g->n_channels].shift));
        AS_TRY(need_number(r, e, "gain", &g->channel[g->n_channels].gain));
        g->n_channels++;
    }
    if (g->n_channels == 0) { /* one channel without correction */
        g->channel[0].gain = 1;
        g->n_channels = 1;
    }
    return AS_OK;
}

static as_status read_settings(reading *r, region *g)
{
    const as_element *settings = named(r, g->e, "region");
    g->where = as_xml_at(r->xml, r->job->in, g->e);
    if (!settings)
        return as_fail(r->job->ctx, AS_E_MISSING, &g->where, "a region without settings");
    const char *mode = text_of(r, named(r, settings, "scan_mode"), "name");
    AS_TRY(need_number(r, settings, "values_per_curve", &g->values));
    AS_TRY(need_number(r, settings, "scan_delta", &g->delta));
    AS_TRY(need_number(r, settings, "pass_energy", &g->pass));
    AS_TRY(need_number(r, settings, "dwell_time", &g->dwell));
    AS_TRY(need_number(r, g->e, "mcd_head", &g->head));
    AS_TRY(need_number(r, g->e, "mcd_tail", &g->tail));
    if (need_number(r, settings, "curves_per_scan", &g->curves) != AS_OK) {
        as_forget_error(r->job->ctx);
        g->curves = 1;
    }
    g->scans_photons = mode && (as_find_text(mode, "ConstantFinalState") ||
                                as_find_text(mode, "ConstantInitialState"));
    g->snapshot = mode && as_find_text(mode, "Snapshot");
    AS_TRY(need_number(r, settings, g->scans_photons ? "excitation_energy" : "kinetic_energy",
                       &g->start));
    if (!(g->values >= 1 && g->dwell > 0 && g->head >= 0 && g->tail >= 0 && g->curves >= 1) ||
        g->values != floor(g->values) || g->values + g->head + g->tail > 1e7)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &g->where,
                       "%g values, %g before and %g behind in "
                       "steps of %g s",
                       g->values, g->head, g->tail, g->dwell);
    g->meta = as_table_new(r->job->ctx, 0);
    if (!g->meta) return AS_ERR;
    AS_TRY(read_channels(r, g));
    return describe(r, g);
}

/* --- counts -------------------------------------------------------------------------- */

/* All numbers in an element and its children, in scratch. */
static as_status read_numbers(const reading *r, const as_element *e, double **out, size_t *n)
{
    const as_where at = as_xml_at(r->xml, r->job->in, e);
    const as_element *child = r->xml->child(e, NULL);
    size_t room = 0, found;
    as_span text;
    for (const as_element *k = child; k; k = r->xml->next(k, NULL)) {
        AS_TRY(r->xml->span(r->job->ctx, k, &text));
        room += as_count_span(text);
    }
    *out = AS_NEW_N(as_scratch(r->job->ctx), double, room + 1);
    *n = 0;
    if (!*out) return AS_ERR;
    for (; child; child = r->xml->next(child, NULL)) {
        AS_TRY(r->xml->span(r->job->ctx, child, &text));
        AS_TRY(as_span_numbers(r->job->ctx, &at, text, room - *n, *out + *n, &found));
        *n += found;
    }
    return AS_OK;
}

/* Adds the counts of one scan to y and their variances to `var`. */
static void add_scan(const region *g, const double *raw, double *y, double *var)
{
    const size_t n = (size_t)g->values, m = g->n_channels;
    const double steps = g->head + g->values + g->tail;
    const bool shifted = !g->scans_photons && !g->snapshot && g->delta != 0;
    for (size_t j = 0; j < m; j++) {
        const double shift = shifted ? g->channel[j].shift * g->pass / g->delta : 0;
        const double gain = g->channel[j].gain;
        for (size_t i = 0; i < n; i++) {
            const double at = floor(g->head + (double)i - shift + 0.5);
            const size_t step = (size_t)fmin(fmax(at, 0), steps - 1);
            y[i] += gain * raw[step * m + j];
            var[i] += gain * gain * raw[step * m + j];
        }
    }
}

static as_table *new_table(const reading *r, const region *g)
{
    const as_axis axis = { g->scans_photons ? "photon_energy" : "kinetic_energy", "", "eV" };
    as_table *t = as_new_scan(r->job->ctx, (size_t)g->values, &axis, g->start, g->delta, "count/s");
    if (!t || as_copy_meta(r->job->ctx, t, g->meta) != AS_OK) return NULL;
    return t;
}

static as_status add_transmission(const reading *r, const region *g, as_table *t)
{
    double *v;
    size_t n;
    const as_element *e = named(r, g->e, "transmission");
    if (!e || !r->xml->child(e, NULL)) return AS_OK;
    AS_TRY(read_numbers(r, e, &v, &n));
    if (n != t->rows) return AS_OK;
    as_column *c =
        as_add_column(r->job->ctx, t, "transmission_function", AS_ROLE_OTHER, AS_UNITLESS);
    if (!c) return AS_ERR;
    memcpy(c->v.f, v, n * sizeof *v);
    return AS_OK;
}

/* Sums to counts per second and their standard deviation: each raw number is a Poisson count. */
static as_status finish(const reading *r, as_table *t, const double *var, double seconds)
{
    as_column *y = t->column[1];
    as_column *sigma = as_add_column(r->job->ctx, t, "sigma", AS_ROLE_SIGMA, y->unit);
    if (!sigma) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        y->v.f[i] /= seconds;
        sigma->v.f[i] = sqrt(fmax(var[i], 1)) / seconds;
    }
    return AS_OK;
}

static as_status read_cycle(reading *r, region *g, const as_element *cycle, size_t index,
                            bool several)
{
    as_ctx *ctx = r->job->ctx;
    const size_t per_curve = (size_t)(g->head + g->values + g->tail) * g->n_channels;
    size_t n_scans = 0;
    const as_element *list = named(r, cycle, "scans");
    as_table *t = new_table(r, g);
    double *var = AS_NEW_N(as_scratch(ctx), double, (size_t)g->values);
    if (!t || !var) return AS_ERR;
    const as_element *scan = list ? r->xml->child(list, "struct") : NULL;
    for (; scan; scan = r->xml->next(scan, "struct")) {
        double *raw;
        size_t n;
        const as_element *counts = named(r, scan, "counts");
        const as_where at = as_xml_at(r->xml, r->job->in, scan);
        if (!counts) continue;
        AS_TRY(read_numbers(r, counts, &raw, &n));
        if (n != per_curve)
            return as_fail(ctx, g->curves > 1 ? AS_E_FORMAT : AS_E_SYNTAX, &at,
                           "%zu counts, expected %zu of %g steps and %zu channels%s", n, per_curve,
                           g->head + g->values + g->tail, g->n_channels,
                           g->curves > 1 ? " (several curves in a scan are not supported)" : "");
        add_scan(g, raw, t->column[1]->v.f, var);
        n_scans++;
    }
    if (n_scans == 0) return AS_OK;
    if (several)
        AS_TRY(as_set_number(ctx, t, "index", (double)index + 1, NAN, AS_UNITLESS, &g->where));
    AS_TRY(as_set_number(ctx, t, "scans", (double)n_scans, NAN, AS_UNITLESS, &g->where));
    AS_TRY(finish(r, t, var, g->dwell * (double)n_scans));
    AS_TRY(add_transmission(r, g, t));
    if (g->snapshot)
        as_warn(ctx, t, &g->where,
                "snapshots: the channels of each are added up, energies within "
                "one are not told apart");
    if (r->n_emitted == 0) r->photons_first = g->scans_photons;
    t->secondary = g->scans_photons != r->photons_first;
    r->n_emitted++;
    return as_emit(r->job->out, ctx, t);
}

static as_status read_region(reading *r, const as_element *e)
{
    region g = { .e = e };
    AS_TRY(read_settings(r, &g));
    const as_element *cycles = named(r, e, "cycles");
    const as_element *cycle = cycles ? r->xml->child(cycles, "struct") : NULL;
    const bool several = cycle && r->xml->next(cycle, "struct");
    const size_t before = r->n_emitted;
    for (size_t i = 0; cycle; cycle = r->xml->next(cycle, "struct"), i++)
        AS_TRY(read_cycle(r, &g, cycle, i, several));
    const as_element *compact = named(r, e, "compact_cycles");
    if (r->n_emitted == before)
        as_warn(r->job->ctx, NULL, &g.where, "a region without counts%s is left out",
                compact && r->xml->child(compact, NULL) ? " but compact cycles, not supported,"
                                                        : "");
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    const as_element *root, *regions, *e;
    reading r = { .job = job, .xml = as_xml_open(job->ctx) };
    if (!r.xml) return AS_ERR;
    AS_TRY(r.xml->parse(job->ctx, job->in, &root));
    const as_where at = { .file = job->in->name, .line = 1 };
    if (job->in->encoding && !as_same(job->in->encoding, "ASCII") &&
        !as_same(job->in->encoding, "UTF-8") &&
        !as_find_text((const char *)job->in->data, "encoding="))
        as_warn(job->ctx, NULL, &at, "no encoding declared, and the text is no UTF-8: read as %s",
                job->in->encoding);
    const as_element *groups = r.xml->child(root, "sequence");
    const as_element *group = groups ? r.xml->child(groups, "struct") : NULL;
    for (; group; group = r.xml->next(group, "struct")) {
        r.group = text_of(&r, group, "name");
        regions = named(&r, group, "regions");
        e = regions ? r.xml->child(regions, "struct") : NULL;
        for (; e; e = r.xml->next(e, "struct"))
            if (read_region(&r, e) != AS_OK)
                return as_while(job->ctx, "reading region '%s'",
                                text_of(&r, e, "name") ? text_of(&r, e, "name") : "");
    }
    if (r.n_emitted == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "no region with counts in the document");
    return AS_OK;
}

static const char *const suffixes[] = { "xml", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "two channels added up", "assay read tests/corpus/xps/specs.xml | tail -n 5" }, { 0 }
};
static const char *const see_also[] = { "specs-xy", NULL };

const as_parser as_parser_specs_xml = {
    .name = "specs-xml",
    .title = "SPECS SpecsLab 2 XML",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the XML of SpecsLab 2",
             .description =
                 "Each cycle of each region becomes a series of counts per second over kinetic "
                 "energy (photon energy where that is scanned). The detector channels are added up "
                 "with their gains, each at the step nearest to its energy shift, which is what "
                 "the "
                 "program's own xy export does; scans of a cycle are averaged. sigma follows from "
                 "the raw counts: sqrt(sum of gain^2 times counts).\n\n"
                 "Snapshots are read step by step, with a warning. Several curves in a scan and "
                 "compact cycles are not supported.",
             .examples = examples,
             .see_also = see_also },
};
