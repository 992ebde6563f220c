/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text reports of Quantachrome programs (NovaWin, QuadraWin, ASiQwin, AS1Win): "raw analysis data"
 * with the volume of the whole sample, "isotherm" with the volume per gram, and distributions of pores
 * (BJH, DFT). Labels of the header may follow the value before them without a blank, so lines are cut
 * at known labels.
 */
#include <math.h>
#include <string.h>

#include "columns.h"
#include "convention.h"
#include "headings.h"
#include "sorption.h"
#include "text_end.h"

enum { MOST = 12 };

static const as_known known[] = {
    { "Operator", "operator", NULL },
    { "Date", "measured", NULL },
    { "Sample ID", "sample", NULL },
    { "Comment", "comment", NULL },
    { "Sample weight", "sample_mass", "g" },
    { "Outgas Time", "degas_time", "h" },
    { "Approx. Outgas Time", "degas_time", "h" },
    { "OutgasTemp", "degas_temperature", "degC" },
    { "Outgas Temp", "degas_temperature", "degC" },
    { "Outgas Temp.", "degas_temperature", "degC" },
    { "Final Outgas Temp.", "degas_temperature", "degC" },
    { "Analysis gas", "adsorbate", NULL },
    { "Instrument", "instrument", NULL },
    { "Bath Temp", "temperature", "K" },
    { "Bath temp.", "temperature", "K" },
    { "Cross Section", "cross_section", "nm2" },
    { "Cold Zone V", "free_space_cold", "cm3" },
    { "Warm Zone V", "free_space_warm", "cm3" },
};
/* Labels besides those above, with their colon. */
static const char *const labels[] = {
    "Filename:", "Sample Desc:", "Sample Volume:", "Extended info:", "Non-ideality:", "CellType:",
    "Cell Type:", "Analysis Time:", "End of run:", "Instrument version:", "Void Vol.:", "Cell:",
    "Press. Tolerance:", "Equil time:", "Equil timeout:", "Analysis Mode:", "VoidVol Remeasure:",
    "VoidVol. Mode:", "Cell ID:", "F/W version:", "Molec. Wt:", "Molec. Wt.:",
    "Liquid Density:", "Thermal Transpiration:", "Eff. mol. diameter (D):",
    "Eff. cell stem diam. (d):", "Run mode", "P0 Type:", "Cell Volume:", "Contact Angle:",
};

/* What the first column of a distribution is called. */
static const char *const sizes[] = { "Pore width", "Half pore width", "Diameter", "Radius" };

static const as_alias pore_aliases[] = {
    { "porewidth", "pore_width", "nm", 0, false },
    { "diameter", "pore_diameter", "nm", 0, false },
    { "radius", "pore_radius", "nm", 0, false },
    { "cumulativeporevolume", "pore_volume", NULL, 0, false },
    { "porevolume", "pore_volume", NULL, 0, false },
    { "cumulativesurfacearea", "pore_area", NULL, 0, false },
    { "poresurfacearea", "pore_area", NULL, 0, false },
};
static const as_names pore_names = { AS_COUNT(pore_aliases), pore_aliases };

static bool is_size(const char *text)
{
    text += strspn(text, " \t");
    for (size_t i = 0; i < AS_COUNT(sizes); i++)
        if (as_starts(text, sizes[i]) && strchr(" \t", text[strlen(sizes[i])])) return true;
    return false;
}

/* A line that begins so, "Pore Volume" in it or in the next. */
static bool has_distribution(const char *head)
{
    for (const char *line = head; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        const char *volume = is_size(line) ? as_find_text(line, "Pore Volume") : NULL;
        const char *next = volume ? strchr(line, '\n') : NULL;
        const char *end = next ? strchr(next + 1, '\n') : NULL;
        if (end && volume < end) return true;
    }
    return false;
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || (!as_find_text(head, "Quantachrome") && !as_find_text(head, "Anton Paar")))
        return AS_PROBE_NO;
    if (!as_find_text(head, "Volume @ STP") && !has_distribution(head)) return AS_PROBE_NO;
    return as_find_text(head, "Analysis gas:") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

typedef struct {
    as_parse *job;
    as_iso iso;
    size_t n, column[MOST]; /* of the table */
    as_where last;
} reading;

/* --- the header ---------------------------------------------------------------------------- */
/* Length of the label at the start of `text`, its colon included; 0: none. */
static size_t label_at(const char *text)
{
    size_t longest = 0;
    for (size_t i = 0; i < AS_COUNT(known); i++) {
        const size_t n = strlen(known[i].key);
        if (n > longest && as_starts(text, known[i].key) && text[n] == ':') longest = n + 1;
    }
    for (size_t i = 0; i < AS_COUNT(labels); i++) {
        const size_t n = strlen(labels[i]);
        if (n > longest && as_starts(text, labels[i])) longest = n;
    }
    return longest;
}

/* "300/300 sec (ads/des)", one time when both are the same. */
static as_status set_equilibration(reading *r, const char *text, const as_where *at)
{
    double ads, des;
    const size_t n = as_scan_number(text, strlen(text), '.', &ads);
    if (!n || text[n] != '/') return AS_OK;
    const size_t m = as_scan_number(text + n + 1, strlen(text + n + 1), '.', &des);
    const char *unit = text + n + 1 + m;
    if (!m || ads != des || !(ads > 0) || !as_starts(unit + strspn(unit, " "), "sec")) return AS_OK;
    return as_set_number(r->job->ctx, r->iso.head, "equilibration_time", ads, NAN, as_unit_of("s"), at);
}

static as_status read_labels(reading *r, const as_line *line)
{
    as_arena *a = as_scratch(r->job->ctx);
    const char *text = line->text, *end = text + line->length;
    while (text < end) {
        const size_t n = label_at(text);
        if (n == 0) {
            text++;
            continue;
        }
        const char *value = text + n, *next = value;
        while (next < end && !label_at(next)) next++;
        const char *key = as_strndup(a, text, n);
        const char *trimmed = as_trim(a, value, (size_t)(next - value));
        if (!key || !trimmed) return AS_ERR;
        AS_TRY(as_set_reported(r->job->ctx, r->iso.head, known, AS_COUNT(known), key, trimmed, NULL,
                               &line->where));
        if (as_same(key, "Equil time:")) AS_TRY(set_equilibration(r, trimmed, &line->where));
        text = next;
    }
    return AS_OK;
}

/* --- the head of the table -------------------------------------------------------------------- */
/* What stands under the names: more words of them, or units. */
static as_status read_under(reading *r, const as_line *line, as_wide *names, const char **unit)
{
    as_wide under[MOST];
    size_t n;
    AS_TRY(as_split_wide(r->job->ctx, line, MOST, under, &n));
    for (size_t i = 0; i < n; i++) {
        const size_t k = as_nearest_wide(names, r->n, under[i].middle);
        if (as_is_unit_text(r->job->ctx, under[i].text)) {
            unit[k] = under[i].text;
        } else {
            names[k].text = as_format(as_scratch(r->job->ctx), "%s %s", names[k].text,
                                      under[i].text);
            if (!names[k].text) return AS_ERR;
        }
    }
    return AS_OK;
}

/* cc is at standard conditions: the heading says so. */
static as_status set_basis(reading *r)
{
    const char *unit = r->iso.unit[AS_ISO_UPTAKE];
    const bool sample = unit && as_same(unit, "cc"), gram = unit && as_same(unit, "cc/g");
    if (sample) r->iso.unit[AS_ISO_UPTAKE] = "cm3(STP)";
    if (gram) r->iso.unit[AS_ISO_UPTAKE] = "cm3(STP)/g";
    return sample || gram ? as_set_meta(r->job->ctx, r->iso.head, "uptake_basis",
                                        sample ? "sample" : "gram", NULL, NULL)
                          : AS_OK;
}

/* The names, then up to the first row of numbers what stands under them; `it` is before that. */
static as_status read_names(reading *r, as_lines *it, const as_line *first, as_wide *names,
                            const char **unit)
{
    as_line line;
    as_more more;
    AS_TRY(as_split_wide(r->job->ctx, first, MOST, names, &r->n));
    r->iso.at = first->where;
    for (as_lines ahead = *it; (more = as_next_line(r->job->ctx, &ahead, &line)) == AS_ITEM;
         *it = ahead) {
        if (as_line_numbers(&ahead, &line, 0, NULL) > 0) break;
        AS_TRY(read_under(r, &line, names, unit));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

static as_status read_head(reading *r, as_lines *it, const as_line *first)
{
    as_wide names[MOST];
    const char *unit[MOST] = { NULL };
    AS_TRY(read_names(r, it, first, names, unit));
    r->iso.taken = 0;
    for (size_t i = 0; i < r->n; i++)
        AS_TRY(as_iso_heading(r->job->ctx, &r->iso, names[i].text, unit[i] ? unit[i] : "1",
                              &r->column[i]));
    return set_basis(r);
}

/* --- rows -------------------------------------------------------------------------------------- */
static as_status read_rows(reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    double v[MOST];
    while ((more = as_next_line(r->job->ctx, it, &line)) == AS_ITEM) {
        const size_t n = as_line_numbers(it, &line, MOST, v);
        const size_t blanks = strspn(line.text, " ");
        if (line.length == blanks) continue;
        if (n == 0 && !strchr("+-.0123456789", line.text[blanks])) continue; /* a page's head */
        if (n != r->n)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line.where, "'%.60s', expected %zu numbers",
                           line.text + blanks, r->n);
        double *row = as_iso_add(r->job->ctx, &r->iso);
        if (!row) return AS_ERR;
        for (size_t i = 0; i < n; i++)
            if (r->column[i] < AS_ISO_MOST) row[r->column[i]] = v[i];
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* A distribution of pores: sizes, cumulative and differential volumes and areas, no isotherm. */
static as_status read_distribution(reading *r, as_lines *it, const as_line *first)
{
    static const as_curve curves[] = { { "pore_width", "pore_volume" }, { "pore_diameter", "pore_volume" },
                                       { "pore_radius", "pore_volume" } };
    as_ctx *ctx = r->job->ctx;
    as_wide names[MOST];
    const char *unit[MOST] = { NULL }, *name[MOST];
    as_run run = { .decimal = it->decimal };
    as_line line = *first;
    as_more more;
    double v[MOST];
    AS_TRY(read_names(r, it, first, names, unit));
    for (size_t i = 0; i < r->n; i++) {
        name[i] = names[i].text;
        if (!unit[i]) unit[i] = "";
    }
    AS_TRY(as_run_heads(ctx, &run, r->n, name, unit, &pore_names));
    while ((more = as_next_line(ctx, it, &line)) == AS_ITEM) {
        const size_t n = as_line_numbers(it, &line, MOST, v);
        if (n == r->n) AS_TRY(as_run_add_cells(ctx, &run, n, v, NULL, line.where.line));
        else if (n > 0)
            return as_fail(ctx, AS_E_SYNTAX, &line.where, "%zu numbers, expected %zu", n, r->n);
        else if (run.rows.n > 0 && label_at(line.text + strspn(line.text, " "))) break;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (run.rows.n == 0)
        return as_fail(ctx, AS_E_TRUNCATED, &line.where, "no rows of numbers under '%s'", name[0]);
    as_table *t = as_run_table(r->job, &run);
    if (!t) return AS_ERR;
    AS_TRY(as_copy_meta(ctx, t, r->iso.head));
    AS_TRY(as_set_curve(ctx, t, AS_COUNT(curves), curves, &first->where));
    as_warn_if_cut(r->job, t, true);
    return as_emit(r->job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    reading r = { .job = job };
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    bool pores = false;
    AS_TRY(as_iso_new(job, &r.iso));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        pores = is_size(line.text);
        if (pores || as_find_text(line.text, "Volume @ STP")) break;
        AS_TRY(read_labels(&r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (more != AS_ITEM)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "no table with 'Volume @ STP'");
    as_convention c;
    AS_TRY(as_convention_of(job->ctx, job->in, it.number + 1, 0, &c));
    it.decimal = c.decimal;
    if (pores) return read_distribution(&r, &it, &line);
    AS_TRY(read_head(&r, &it, &line));
    AS_TRY(read_rows(&r, &it));
    if (!as_get_meta(r.iso.head, "instrument"))
        AS_TRY(as_set_meta(job->ctx, r.iso.head, "instrument", "Quantachrome", NULL, NULL));
    as_warn_if_cut(job, r.iso.head, true);
    return as_iso_emit(job, &r.iso);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "raw data: the volume is that of the whole sample",
      "assay read tests/corpus/sorption/quantachrome-raw.txt" },
    { 0 }
};
static const char *const see_also[] = { "micromeritics-txt", "belsorp-dat", NULL };

const as_parser as_parser_quantachrome = {
    .name = "quantachrome",
    .title = "Quantachrome text report (raw data, isotherm, pores)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text reports of Quantachrome sorption analysers",
             .description =
                 "The raw analysis data give the volume of the whole sample: the unit is then "
                 "cm3(STP) and `uptake_basis` is sample; analyses divide by the sample mass. The "
                 "isotherm report gives it per gram. Pressures are absolute with P0 beside them, "
                 "or P/Po. Reports of pores (BJH, DFT) are tables of sizes and volumes.",
             .examples = examples,
             .see_also = see_also },
};
