/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rigaku RASX: a zip; for each scan a folder DataN with ProfileN.txt, rows of position, intensity
 * and attenuation between tabs, and MesurementConditionsN.xml (so spelt), which knows most of what
 * the header of a RAS file does.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "rigaku.h"
#include "xml_vendor.h"

static int probe(const as_probe *p)
{
    bool profile = false, conditions = false;
    for (size_t i = 0; i < p->n_members; i++) {
        profile = profile || as_find_text(p->member[i].name, "/Profile");
        conditions = conditions || as_find_text(p->member[i].name, "/MesurementConditions");
    }
    return profile && conditions ? AS_PROBE_VERIFIED : profile ? AS_PROBE_PLAUSIBLE : AS_PROBE_NO;
}

static as_status copy_text(as_parse *job, const as_xml *xml, const as_element *root,
                           const char *path, const char *key, as_table *head)
{
    const char *text = as_xml_text(xml, job->ctx, root, path);
    const char *name = as_format(as_scratch(job->ctx), "vendor.%s", key);
    if (!name) return AS_ERR;
    return text && *text ? as_set_meta(job->ctx, head, name, text, NULL, NULL) : AS_OK;
}

/* <RASHeader><Pair><string>*KEY</string><string>value</string></Pair> */
static as_status copy_pairs(as_parse *job, const as_xml *xml, const as_element *root,
                            as_table *head)
{
    const as_element *pair = as_xml_find(xml, root, "RASHeader/Pair");
    for (; pair; pair = xml->next(pair, "Pair")) {
        const as_element *key = xml->child(pair, "string");
        const as_element *value = key ? xml->next(key, "string") : NULL;
        const char *k = key ? as_xml_text(xml, job->ctx, key, "") : NULL;
        const char *v = value ? as_xml_text(xml, job->ctx, value, "") : NULL;
        if (k && v && k[0] == '*' && *v) AS_TRY(as_set_vendor(job->ctx, head, k + 1, v, NULL));
    }
    return AS_OK;
}

/* <Axis Name Unit Position State> in the keys of a RAS header. */
static as_status copy_axes(as_parse *job, const as_xml *xml, const as_element *root, as_table *head)
{
    static const struct { const char *attribute, *key; } parts[] = {
        { "Name", "MEAS_COND_AXIS_NAME_INTERNAL" }, { "Position", "MEAS_COND_AXIS_POSITION" },
        { "Unit", "MEAS_COND_AXIS_UNIT" }, { "State", "MEAS_COND_AXIS_STATE" },
    };
    const as_element *axis = as_xml_find(xml, root, "Axes/Axis");
    for (size_t i = 0; axis; axis = xml->next(axis, "Axis"), i++)
        for (size_t k = 0; k < AS_COUNT(parts); k++) {
            const char *value = xml->attribute(axis, parts[k].attribute);
            const char *key = as_format(as_scratch(job->ctx), "vendor.%s-%zu", parts[k].key, i);
            if (!key) return AS_ERR;
            if (value && *value) AS_TRY(as_set_meta(job->ctx, head, key, value, NULL, NULL));
        }
    return AS_OK;
}

static as_status read_conditions(as_parse *job, const as_xml *xml, const as_input *in,
                                 as_table *head)
{
    static const struct { const char *path, *key; } parts[] = {
        { "GeneralInformation/SampleName", "FILE_SAMPLE" },
        { "GeneralInformation/Comment", "FILE_COMMENT" },
        { "GeneralInformation/Memo", "FILE_MEMO" },
        { "GeneralInformation/Operator", "FILE_OPERATOR" },
        { "GeneralInformation/SystemName", "FILE_SYSTEM_NAME" },
        { "HWConfigurations/XrayGenerator/TargetName", "HW_XG_TARGET_NAME" },
        { "HWConfigurations/XrayGenerator/WaveType", "MEAS_COND_XG_WAVE_TYPE" },
        { "HWConfigurations/XrayGenerator/WavelengthKalpha1", "HW_XG_WAVE_LENGTH_ALPHA1" },
        { "HWConfigurations/XrayGenerator/WavelengthKalpha2", "HW_XG_WAVE_LENGTH_ALPHA2" },
        { "HWConfigurations/XrayGenerator/WavelengthKbeta", "HW_XG_WAVE_LENGTH_BETA" },
        { "HWConfigurations/XrayGenerator/Voltage", "MEAS_COND_XG_VOLTAGE" },
        { "HWConfigurations/XrayGenerator/Current", "MEAS_COND_XG_CURRENT" },
        { "HWConfigurations/Optics/Attribute", "MEAS_COND_OPT_ATTR" },
        { "ScanInformation/AxisName", "MEAS_SCAN_AXIS_X" },
        { "ScanInformation/AxisName", "MEAS_SCAN_AXIS_X_INTERNAL" },
        { "ScanInformation/Mode", "MEAS_SCAN_MODE" },
        { "ScanInformation/Start", "MEAS_SCAN_START" },
        { "ScanInformation/Stop", "MEAS_SCAN_STOP" },
        { "ScanInformation/Step", "MEAS_SCAN_STEP" },
        { "ScanInformation/Speed", "MEAS_SCAN_SPEED" },
        { "ScanInformation/SpeedUnit", "MEAS_SCAN_SPEED_UNIT" },
        { "ScanInformation/PositionUnit", "MEAS_SCAN_UNIT_X" },
        { "ScanInformation/IntensityUnit", "MEAS_SCAN_UNIT_Y" },
        { "ScanInformation/StartTime", "MEAS_SCAN_START_TIME" },
        { "ScanInformation/DataCount", "MEAS_DATA_COUNT" },
    };
    const as_element *root;
    AS_TRY(xml->parse(job->ctx, in, &root));
    AS_TRY(copy_pairs(job, xml, root, head));
    for (size_t i = 0; i < AS_COUNT(parts); i++)
        AS_TRY(copy_text(job, xml, root, parts[i].path, parts[i].key, head));
    return copy_axes(job, xml, root, head);
}

static as_status read_profile(as_parse *job, const as_input *in, as_table **out, as_where *at)
{
    as_lines it = { .in = in, .separator = '\t' };
    as_line line;
    as_more more;
    as_rows *rows = as_rows_new(job->ctx, 3);
    if (!rows) return AS_ERR;
    *at = as_at_byte(in, 0);
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        double v[3] = { NAN, NAN, 1 };
        if (line.length == 0) continue;
        const size_t n = as_line_numbers(&it, &line, 3, v);
        if (n != 2 && n != 3)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected position, intensity and attenuation", line.text);
        double *row = as_rows_add(job->ctx, rows);
        if (!row) return AS_ERR;
        memcpy(row, v, sizeof v);
    }
    if (more == AS_FAILED) return AS_ERR;
    *out = as_rows_table(job->ctx, rows);
    return *out ? AS_OK : AS_ERR;
}

/* The number in "Data12/Profile12.txt"; -1: no profile. */
static int scan_of(const char *name)
{
    const char *at = as_find_text(name, "/Profile");
    int number = 0;
    if (!at) return -1;
    at += strlen("/Profile");
    for (; *at >= '0' && *at <= '9' && number < 1000000; at++) number = number * 10 + (*at - '0');
    return as_same(at, ".txt") ? number : -1;
}

static as_status read_scan(as_parse *job, const as_xml *xml, const as_entry *profile)
{
    const as_input *in;
    as_where at;
    as_table *t = NULL, *head = as_table_new(job->ctx, 0);
    const char *slash = strrchr(profile->name, '/');
    const char *conditions = as_format(as_scratch(job->ctx), "%.*s/MesurementConditions%d.xml",
                                       (int)(slash - profile->name), profile->name,
                                       scan_of(profile->name));
    if (!head || !conditions) return AS_ERR;
    AS_TRY(as_open_member(job->ctx, job->in, conditions, &in));
    AS_TRY(read_conditions(job, xml, in, head));
    AS_TRY(as_open_member(job->ctx, job->in, profile->name, &in));
    AS_TRY(read_profile(job, in, &t, &at));
    return as_rigaku_emit(job, head, t, &at);
}

static as_status parse(as_parse *job)
{
    const as_entry *entry;
    const size_t n = as_members(job->in, &entry);
    const as_where at = { .file = job->in->name };
    const as_xml *xml = as_xml_open(job->ctx);
    int last = -1;
    size_t scans = 0;
    if (!xml) return AS_ERR;
    for (;;) { /* by number, not by their order in the zip */
        const as_entry *next = NULL;
        for (size_t i = 0; i < n; i++) {
            const int number = scan_of(entry[i].name);
            if (number > last && (!next || number < scan_of(next->name))) next = &entry[i];
        }
        if (!next) break;
        last = scan_of(next->name);
        scans++;
        if (read_scan(job, xml, next) != AS_OK) return as_while(job->ctx, "reading %s", next->name);
    }
    return scans ? AS_OK
                 : as_fail(job->ctx, AS_E_MISSING, &at, "no DataN/ProfileN.txt in the container");
}

static const char *const suffixes[] = { "rasx", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "three scans", "assay read tests/corpus/xrd/sample.rasx" }, { 0 }
};
static const char *const see_also[] = { "rigaku-ras", NULL };

const as_parser as_parser_rigaku_rasx = {
    .name = "rigaku-rasx",
    .title = "Rigaku RASX",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Rigaku RASX diffractograms",
             .description =
                 "A zip with a folder DataN for each scan: `ProfileN.txt` with position, intensity "
                 "and attenuation factor, `MesurementConditionsN.xml` with the header. Read as the "
                 "same scan in a RAS file is.",
             .examples = examples,
             .see_also = see_also },
};
