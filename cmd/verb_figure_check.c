/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay figure-check: what a journal's production office would complain about. */
#include <math.h>
#include <string.h>

#include "figure_facts.h"
#include "json.h"
#include "record.h"
#include "style.h"
#include "verb.h"

#define LEAST_CONTRAST 4.5 /* of text to the page: WCAG 2, level AA */
#define LEAST_DISTANCE 8.0 /* CIE76: three just noticeable differences */

typedef struct {
    const char *size;
    bool json;
} check_settings;

static const as_param params[] = { AS_STRING(check_settings, size, "size", "",
                                             "preset to hold against; none: the one of its width"),
                                   AS_BOOL(
                                       check_settings, json, "json", "no",
                                       "a JSON list of {file, check, verdict, found, expected}"),
                                   AS_PARAMS_END };

typedef struct report {
    as_session *s;
    const check_settings *set;
    const char *file;
    size_t n, faults;
} report;

static void say(report *r, const char *check, int verdict, const char *found, const char *expected)
{
    static const char *const words[] = { "no", "ok", "unknown" };
    FILE *to = r->s->out;
    if (verdict == 0) r->faults++;
    if (!r->set->json) {
        fprintf(to, "%s: %-16s %-8s %s%s%s\n", r->file, check, words[verdict], found,
                *expected ? "; expected " : "", expected);
        return;
    }
    const char *const pair[] = { "file",         r->file, "check", check,      "verdict",
                                 words[verdict], "found", found,   "expected", expected };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        fputs(i == 0 ? (r->n ? ",\n  {" : "[\n  {") : i % 2 ? ": " : ", ", to);
        as_json_text(to, pair[i]);
    }
    fputc('}', to);
    r->n++;
}

enum { NO, OK, UNKNOWN };

/* A number that must be at least `least` (0: anything will do). */
static void at_least(report *r, const char *check, double value, double least, const char *unit)
{
    char found[64] = "not known", expected[64] = "";
    if (isfinite(value)) snprintf(found, sizeof found, "%.4g%s", value, unit);
    if (least > 0) snprintf(expected, sizeof expected, "at least %g%s", least, unit);
    say(r, check, !isfinite(value) ? UNKNOWN : value >= least * 0.999 ? OK : NO, found, expected);
}

static double number(const json_t *page, const char *key)
{
    const json_t *v = json_object_get(page, key);
    return json_is_number(v) ? json_number_value(v) : (double)NAN;
}

/* The preset that --size names, else the one whose width this is; -1: none. */
static as_status preset_of(as_session *s, const char *name, double width, int *out)
{
    const char *names[32];
    size_t n = 0;
    *out = -1;
    for (const as_choice *c = as_sizes; c->name; c++) {
        names[n++] = c->name;
        if (name && strcmp(c->name, name) == 0) *out = c->value;
        if (!name && *out < 0 && fabs(as_style_of(c->value, 0).width_mm - width) < 0.5)
            *out = c->value;
    }
    if (!name || *out >= 0) return AS_OK;
    const char *near = as_near_miss(name, n, names);
    return as_fail(s->ctx, AS_E_USAGE, NULL, "--size: no preset '%s'%s%s%s", name,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void check_width(report *r, const as_figure_facts *f, int preset)
{
    char found[64] = "not known",
         expected[96] = "the width of a preset (89 mm for nature-1col ...)";
    if (isfinite(f->width_mm)) snprintf(found, sizeof found, "%.4g mm", f->width_mm);
    const double want = preset < 0 ? NAN : as_style_of(preset, 0).width_mm;
    if (preset >= 0) snprintf(expected, sizeof expected, "%g mm (%s)", want, as_sizes[preset].name);
    say(r, "width",
        !isfinite(f->width_mm)           ? UNKNOWN
        : fabs(f->width_mm - want) < 0.5 ? OK
                                         : NO,
        found, expected);
}

static void check_fonts(report *r, const as_figure_facts *f)
{
    if (strcmp(f->kind, "png") == 0) return;
    const bool pdf = strcmp(f->kind, "pdf") == 0;
    say(r, "fonts",
        f->fonts == AS_FACT_UNKNOWN ? UNKNOWN
        : f->fonts == AS_FACT_YES   ? OK
                                    : NO,
        pdf                       ? f->fonts == AS_FACT_YES  ? "all embedded"
                                    : f->fonts == AS_FACT_NO ? "not all embedded"
                                                             : "not known"
        : f->fonts == AS_FACT_YES ? "text is text"
                                  : "no text: outlines",
        pdf ? "all embedded" : "text that can be edited");
}

static void check_labels(report *r, const json_t *page)
{
    const double overlaps = number(page, "overlapping_labels"),
                 off = number(page, "labels_off_page"), covered = number(page, "labels_on_data");
    char found[160];
    snprintf(found, sizeof found, overlaps > 0 ? "%g; '%.50s' and '%.50s'" : "%g", overlaps,
             as_json_get(page, "overlap", ""), as_json_get(page, "overlap_with", ""));
    say(r, "overlaps", overlaps > 0 ? NO : OK, found, "no labels on each other");
    snprintf(found, sizeof found, off > 0 ? "%g; '%.100s'" : "%g", off,
             as_json_get(page, "off_page", ""));
    say(r, "cut labels", off > 0 ? NO : OK, found, "none that leave the page or their frame");
    if (!isfinite(covered)) return; /* drawn before this was looked for */
    snprintf(found, sizeof found, covered > 0 ? "%g; '%.100s'" : "%g", covered, as_json_get(page, "covered", ""));
    say(r, "labels on data", covered > 0 ? NO : OK, found, "none that curves or dots run through");
}

static void check_colours(report *r, const json_t *page)
{
    const double distance = number(page, "least_colour_distance");
    char found[96];
    if (!isfinite(distance)) return; /* fewer than two colours */
    const json_t *pair = json_object_get(page, "closest_colours");
    const char *a = json_string_value(json_array_get(pair, 0)),
               *b = json_string_value(json_array_get(pair, 1));
    snprintf(found, sizeof found, "%.3g between %s and %s", distance, a ? a : "?", b ? b : "?");
    say(r, "colour vision", distance >= LEAST_DISTANCE ? OK : NO, found,
        "at least 8 (CIE76) to eyes with protan, deutan or tritan deficiency");
}

/* With our record: as drawn. Without: as far as the file itself tells. */
static void check_drawn(report *r, const as_figure_facts *f, const json_t *page,
                        const as_style *style)
{
    at_least(r, "smallest text", page ? number(page, "smallest_text_pt") : f->text_pt,
             style->least_text_pt, " pt");
    at_least(r, "thinnest line", page ? number(page, "thinnest_line_pt") : f->line_pt,
             style->least_line_pt, " pt");
    if (!page) return;
    at_least(r, "contrast", number(page, "least_contrast"), LEAST_CONTRAST, ":1");
    check_labels(r, page);
    check_colours(r, page);
}

static as_status check_one(report *r, as_file *file)
{
    as_session *s = r->s;
    as_figure_facts f;
    as_record record;
    int preset;
    AS_TRY(as_file_load(s, file));
    AS_TRY(as_figure_facts_of(s, file, &f));
    if (as_record_read(s, file, &record) != AS_OK) { /* metadata of somebody else's form */
        if (as_pending(s->ctx) != AS_E_SYNTAX) return AS_ERR;
        as_forget_error(s->ctx);
        record = (as_record){ 0 };
    }
    AS_TRY(preset_of(s, r->set->size, f.width_mm, &preset));
    const json_t *page = record.json ? json_object_get(record.json, "page") : NULL;
    const as_style style =
        preset >= 0 ? as_style_of(preset, 0)
                    : (as_style){ .least_text_pt = 5, .least_line_pt = 0.25, .least_dpi = 300 };
    check_width(r, &f, preset);
    if (strcmp(f.kind, "png") == 0) at_least(r, "resolution", f.dpi, style.least_dpi, " dpi");
    check_fonts(r, &f);
    check_drawn(r, &f, page, &style);
    return AS_OK;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    report r = { .s = s, .set = settings };
    if (n == 0)
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "check which figure? expected PNG, SVG or PDF files");
    AS_TRY(as_output_open(s));
    for (size_t i = 0; i < n; i++) {
        as_file one = { .name = operands[i].text, .path = operands[i].text };
        const as_frame frame = as_enter(s->ctx);
        r.file = operands[i].text;
        const as_status status = check_one(&r, &one);
        as_leave(s->ctx, frame);
        AS_TRY(status);
    }
    if (r.set->json) fputs(r.n ? "\n]\n" : "[]\n", s->out);
    if (r.faults) *answer = AS_ANSWER_NO;
    return as_output_commit(s);
}

static const as_example examples[] = { { "a figure for one column of Nature",
                                         "assay plot tests/corpus/xrd/small.xy -o scan.pdf && "
                                         "assay figure-check --size nature-1col scan.pdf" },
                                       { 0 } };
static const char *const see_also[] = { "plot", "panels", "trace", NULL };

const as_verb as_verb_figure_check = {
    .name = "figure-check",
    .group = "figure",
    .operands = "FILE...",
    .settings_size = sizeof(check_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "check figures as a journal would: sizes, lines, fonts, colours, labels",
             .description = "Width, resolution and fonts are read from the file itself, whoever "
                            "made it. Of our own figures the "
                            "record inside also tells the smallest text, the thinnest line, "
                            "contrast, labels that cover each "
                            "other, are cut, or stand on data, and the two colours that are hardest to tell "
                            "apart for eyes with a colour "
                            "vision deficiency (simulated after Machado et al. 2009); of an SVG of "
                            "others, text and lines as "
                            "written, transformations aside. What a file does not tell is unknown, "
                            "and no fault.\n\n"
                            "Exit status 1 when there is a fault.",
             .examples = examples,
             .see_also = see_also },
};
