/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XRDML 1.5: what PANalytical's and most other diffraction programs read. Intensities are written as
 * corrected, as this version has them, with the attenuation factors beside. What a simulation made
 * says so in the comments and as its software.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diffraction.h"
#include "exporter.h"

typedef struct xrdml_settings {
    char unused;
} xrdml_settings;

static const as_param params[] = { AS_PARAMS_END };

/* Text with the five characters of XML replaced; control characters become blanks. */
static void put_text(as_text_out *o, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        switch (c) {
        case '<': as_out_text(o, "&lt;"); break;
        case '>': as_out_text(o, "&gt;"); break;
        case '&': as_out_text(o, "&amp;"); break;
        case '"': as_out_text(o, "&quot;"); break;
        default: as_out_bytes(o, c < 0x20 ? " " : text, 1); break;
        }
    }
}

static void put_element(as_text_out *o, const char *open, const char *text, const char *close)
{
    if (!text) return;
    as_out_text(o, open);
    put_text(o, text);
    as_out_text(o, close);
}

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m ? m->text : NULL;
}

/* A number in the unit that the format wants; left out when there is none. */
static void put_number(as_text_out *o, const as_table *t, const char *key, const char *unit,
                       const char *open, const char *close)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit to = as_unit_of(unit);
    const double v = m ? as_unit_convert(m->number, &m->unit, &to) : NAN;
    if (isnan(v)) return;
    as_out_text(o, open);
    as_out_number(o, v);
    as_out_text(o, close);
}

static void put_wavelength(as_text_out *o, const as_table *t)
{
    if (!as_get_meta(t, "wavelength")) return;
    as_out_text(o, "    <usedWavelength intended=\"K-Alpha 1\">\n");
    put_number(o, t, "wavelength", "Angstrom", "      <kAlpha1 unit=\"Angstrom\">", "</kAlpha1>\n");
    put_number(o, t, "wavelength_alpha2", "Angstrom", "      <kAlpha2 unit=\"Angstrom\">",
               "</kAlpha2>\n");
    put_number(o, t, "wavelength_beta", "Angstrom", "      <kBeta unit=\"Angstrom\">", "</kBeta>\n");
    put_number(o, t, "alpha2_ratio", "1", "      <ratioKAlpha2KAlpha1>", "</ratioKAlpha2KAlpha1>\n");
    as_out_text(o, "    </usedWavelength>\n");
}

static void put_beam(as_text_out *o, const as_table *t)
{
    as_out_text(o, "    <incidentBeamPath>\n      <xRayTube>\n");
    put_number(o, t, "tube_voltage", "kV", "        <tension unit=\"kV\">", "</tension>\n");
    put_number(o, t, "tube_current", "mA", "        <current unit=\"mA\">", "</current>\n");
    put_element(o, "        <anodeMaterial>", text_of(t, "anode"), "</anodeMaterial>\n");
    as_out_text(o, "      </xRayTube>\n");
    if (as_get_meta(t, "divergence_slit")) {
        as_out_text(o, "      <divergenceSlit xsi:type=\"fixedDivergenceSlitType\">");
        put_number(o, t, "divergence_slit", "deg", "<angle unit=\"deg\">", "</angle>");
        as_out_text(o, "</divergenceSlit>\n");
    }
    as_out_text(o, "    </incidentBeamPath>\n    <diffractedBeamPath>\n");
    put_number(o, t, "goniometer_radius", "mm", "      <radius unit=\"mm\">", "</radius>\n");
    as_out_text(o, "    </diffractedBeamPath>\n");
}

static void put_list(as_text_out *o, const char *open, size_t n, const double *v, const char *close)
{
    as_out_text(o, open);
    for (size_t i = 0; i < n; i++) {
        if (i) as_out_bytes(o, " ", 1);
        as_out_number(o, v[i]);
    }
    as_out_text(o, close);
}

/* Start and end say all when they give each position back but for the last bits. */
static bool is_even(size_t n, const double *x)
{
    for (size_t i = 1; i + 1 < n; i++)
        if (fabs(x[0] + (double)i * (x[n - 1] - x[0]) / (double)(n - 1) - x[i]) >
            4 * DBL_EPSILON * fmax(fabs(x[0]), fabs(x[n - 1])))
            return false;
    return n > 1;
}

static void put_positions(as_text_out *o, const as_table *t, const as_column *x)
{
    as_out_text(o, "        <positions axis=\"2Theta\" unit=\"deg\">\n");
    if (is_even(t->rows, x->v.f)) {
        put_list(o, "          <startPosition>", 1, x->v.f, "</startPosition>\n");
        put_list(o, "          <endPosition>", 1, x->v.f + t->rows - 1, "</endPosition>\n");
    } else {
        put_list(o, "          <listPositions>", t->rows, x->v.f, "</listPositions>\n");
    }
    as_out_text(o, "        </positions>\n");
}

static as_status put_scan(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    const as_column *x = as_need_column(job->ctx, t, "two_theta");
    const as_column *y = x ? as_need(job->ctx, t, AS_ROLE_Y) : NULL;
    const as_unit count = as_unit_of("count"), deg = as_unit_of("deg");
    if (!y) return AS_ERR;
    if (x->role != AS_ROLE_X || !as_unit_same_dimension(&x->unit, &deg) ||
        !as_unit_same_dimension(&y->unit, &count))
        return as_fail(job->ctx, AS_E_UNIT, NULL, "xrdml holds counts over two_theta; found %s (%s) "
                       "over %s", y->name, y->unit.symbol, as_find_role(t, AS_ROLE_X)->name);
    const as_column *factor = as_attenuation(job->ctx, t);
    const char *axis = text_of(t, "scan_axis"), *simulated = text_of(t, "simulated");
    as_out_text(o, "    <scan scanAxis=\"");
    put_text(o, axis ? axis : "2Theta");
    as_out_text(o, "\" mode=\"Continuous\" status=\"Completed\">\n      <header>\n");
    put_element(o, "        <startTimeStamp>", text_of(t, "measured"), "</startTimeStamp>\n");
    as_out_text(o, "        <source><applicationSoftware>");
    put_text(o, simulated ? "assay simulate-xrd" : "assay");
    as_out_text(o, "</applicationSoftware></source>\n      </header>\n      <dataPoints>\n");
    put_positions(o, t, x);
    if (factor)
        put_list(o, "        <beamAttenuationFactors>", t->rows, factor->v.f,
                 "</beamAttenuationFactors>\n");
    put_number(o, t, "step_time", "s", "        <commonCountingTime unit=\"seconds\">",
               "</commonCountingTime>\n");
    put_list(o, "        <intensities unit=\"counts\">", t->rows, y->v.f, "</intensities>\n");
    as_out_text(o, "      </dataPoints>\n    </scan>\n");
    return AS_OK;
}

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    as_text_out *o = job->out;
    const as_table *first = n ? t[0] : NULL;
    as_out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<xrdMeasurements xmlns=\"http://www.xrdml.com/XRDMeasurement/1.5\" "
                   "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" status=\"Completed\">\n"
                   "  <comment>\n    <entry>written by assay</entry>\n  </comment>\n"
                   "  <sample type=\"To be analyzed\">\n");
    put_element(o, "    <name>", first ? text_of(first, "sample") : NULL, "</name>\n");
    as_out_text(o, "  </sample>\n");
    for (size_t i = 0; i < n; i++) {
        const char *simulated = text_of(t[i], "simulated"), *comment = text_of(t[i], "comment");
        as_out_text(o, "  <xrdMeasurement measurementType=\"Scan\" status=\"Completed\">\n");
        if (simulated || comment) {
            as_out_text(o, "    <comment>\n");
            put_element(o, "      <entry>simulated: ", simulated, "</entry>\n");
            put_element(o, "      <entry>", comment, "</entry>\n");
            as_out_text(o, "    </comment>\n");
        }
        put_wavelength(o, t[i]);
        put_beam(o, t[i]);
        AS_TRY(put_scan(job, t[i]));
        as_out_text(o, "  </xrdMeasurement>\n");
    }
    as_out_text(o, "</xrdMeasurements>\n");
    return AS_OK;
}

static const as_example examples[] = {
    { "counts of a UDF file for a program that reads XRDML",
      "assay read tests/corpus/xrd/sample.udf | assay convert --to xrdml | grep -c intensities" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

const as_exporter as_exporter_xrdml = {
    .name = "xrdml",
    .suffix = "xrdml",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(xrdml_settings),
    .params = params,
    .all = all,
    .doc = { .summary = "PANalytical XRDML 1.5, counts over two-theta",
             .description =
                 "Wavelengths, tube, fixed slit, radius, counting time, sample, comment and attenuation "
                 "factors are kept; other metadata have no place. Even steps are written as start and "
                 "end. Other axes than two-theta and other y than counts are refused.",
             .examples = examples,
             .see_also = see_also },
};
