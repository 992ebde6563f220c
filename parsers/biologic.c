/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns and places of BioLogic's raw files. A number of a column stands here where two readers
 * agree on its size and BioLogic's list of variables (manual of the OLE-COM interface of EC-Lab and
 * BT-Lab) has its name. */
#include "biologic.h"

#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "spectrum.h"

/* In order of their numbers. */
static const biologic_column columns[] = {
#define FLAG(id, heading, mask) { id, AS_U8, heading, mask }
#define COLUMN(id, type, heading) { id, type, heading, 0 }
    FLAG(1, "mode", 0x03),
    FLAG(2, "ox/red", 0x04),
    FLAG(3, "error", 0x08),
    COLUMN(4, AS_F64LE, "time/s"),
    COLUMN(5, AS_F32LE, "control/V/mA"),
    COLUMN(6, AS_F32LE, "Ewe/V"),
    COLUMN(7, AS_F64LE, "dq/mA.h"),
    COLUMN(8, AS_F32LE, "I/mA"),
    COLUMN(9, AS_F32LE, "Ece/V"),
    COLUMN(11, AS_F64LE, "<I>/mA"),
    COLUMN(13, AS_F64LE, "(Q-Qo)/mA.h"),
    COLUMN(16, AS_F32LE, "Analog IN 1/V"),
    COLUMN(17, AS_F32LE, "Analog IN 2/V"),
    COLUMN(19, AS_F32LE, "control/V"),
    COLUMN(20, AS_F32LE, "control/mA"),
    FLAG(21, "control changes", 0x10),
    COLUMN(23, AS_F64LE, "dQ/mA.h"),
    COLUMN(24, AS_F64LE, "cycle number"),
    COLUMN(26, AS_F32LE, "Rapp/Ohm"),
    COLUMN(27, AS_F32LE, "Ewe-Ece/V"),
    FLAG(31, "Ns changes", 0x20),
    COLUMN(32, AS_F32LE, "freq/Hz"),
    COLUMN(33, AS_F32LE, "|Ewe|/V"),
    COLUMN(34, AS_F32LE, "|I|/A"),
    COLUMN(35, AS_F32LE, "Phase(Z)/deg"),
    COLUMN(36, AS_F32LE, "|Z|/Ohm"),
    COLUMN(37, AS_F32LE, "Re(Z)/Ohm"),
    COLUMN(38, AS_F32LE, "-Im(Z)/Ohm"),
    COLUMN(39, AS_U16LE, "I Range"),
    FLAG(65, "counter inc.", 0x80),
    COLUMN(69, AS_F32LE, "R/Ohm"),
    COLUMN(70, AS_F32LE, "P/W"),
    COLUMN(74, AS_F64LE, "|Energy|/W.h"),
    COLUMN(75, AS_F32LE, "Analog OUT/V"),
    COLUMN(76, AS_F32LE, "<I>/mA"),
    COLUMN(77, AS_F32LE, "<Ewe>/V"),
    COLUMN(78, AS_F32LE, "Cs-2/µF-2"),
    COLUMN(96, AS_F32LE, "|Ece|/V"),
    COLUMN(98, AS_F32LE, "Phase(Zce)/deg"),
    COLUMN(99, AS_F32LE, "|Zce|/Ohm"),
    COLUMN(100, AS_F32LE, "Re(Zce)/Ohm"),
    COLUMN(101, AS_F32LE, "-Im(Zce)/Ohm"),
    COLUMN(123, AS_F64LE, "Energy charge/W.h"),
    COLUMN(124, AS_F64LE, "Energy discharge/W.h"),
    COLUMN(125, AS_F64LE, "Capacitance charge/µF"),
    COLUMN(126, AS_F64LE, "Capacitance discharge/µF"),
    COLUMN(131, AS_U16LE, "Ns"),
    COLUMN(163, AS_F32LE, "|Estack|/V"),
    COLUMN(168, AS_F32LE, "Rcmp/Ohm"),
    COLUMN(169, AS_F32LE, "Cs/µF"),
    COLUMN(172, AS_F32LE, "Cp/µF"),
    COLUMN(173, AS_F32LE, "Cp-2/µF-2"),
    COLUMN(174, AS_F32LE, "<Ewe>/V"),
    COLUMN(241, AS_F32LE, "|E1|/V"),
    COLUMN(242, AS_F32LE, "|E2|/V"),
    COLUMN(271, AS_F32LE, "Phase(Z1)/deg"),
    COLUMN(272, AS_F32LE, "Phase(Z2)/deg"),
    COLUMN(301, AS_F32LE, "|Z1|/Ohm"),
    COLUMN(302, AS_F32LE, "|Z2|/Ohm"),
    COLUMN(331, AS_F32LE, "Re(Z1)/Ohm"),
    COLUMN(332, AS_F32LE, "Re(Z2)/Ohm"),
    COLUMN(361, AS_F32LE, "-Im(Z1)/Ohm"),
    COLUMN(362, AS_F32LE, "-Im(Z2)/Ohm"),
    COLUMN(391, AS_F32LE, "<E1>/V"),
    COLUMN(392, AS_F32LE, "<E2>/V"),
    COLUMN(422, AS_F32LE, "Phase(Zstack)/deg"),
    COLUMN(423, AS_F32LE, "|Zstack|/Ohm"),
    COLUMN(424, AS_F32LE, "Re(Zstack)/Ohm"),
    COLUMN(425, AS_F32LE, "-Im(Zstack)/Ohm"),
    COLUMN(426, AS_F32LE, "<Estack>/V"),
    COLUMN(430, AS_F32LE, "Phase(Zwe-ce)/deg"),
    COLUMN(431, AS_F32LE, "|Zwe-ce|/Ohm"),
    COLUMN(432, AS_F32LE, "Re(Zwe-ce)/Ohm"),
    COLUMN(433, AS_F32LE, "-Im(Zwe-ce)/Ohm"),
    COLUMN(434, AS_F32LE, "(Q-Qo)/C"),
    COLUMN(435, AS_F32LE, "dQ/C"),
    COLUMN(438, AS_F64LE, "step time/s"),
    COLUMN(441, AS_F32LE, "<Ece>/V"),
    COLUMN(462, AS_F32LE, "Temperature/°C"),
    COLUMN(467, AS_F64LE, "Q charge/discharge/mA.h"),
    COLUMN(468, AS_U32LE, "half cycle"),
    COLUMN(469, AS_U32LE, "z cycle"),
    COLUMN(471, AS_F32LE, "<Ece>/V"),
    COLUMN(473, AS_F32LE, "THD Ewe/%"),
    COLUMN(474, AS_F32LE, "THD I/%"),
    COLUMN(476, AS_F32LE, "NSD Ewe/%"),
    COLUMN(477, AS_F32LE, "NSD I/%"),
    COLUMN(479, AS_F32LE, "NSR Ewe/%"),
    COLUMN(480, AS_F32LE, "NSR I/%"),
    COLUMN(486, AS_F32LE, "|Ewe h2|/V"),
    COLUMN(487, AS_F32LE, "|Ewe h3|/V"),
    COLUMN(488, AS_F32LE, "|Ewe h4|/V"),
    COLUMN(489, AS_F32LE, "|Ewe h5|/V"),
    COLUMN(490, AS_F32LE, "|Ewe h6|/V"),
    COLUMN(491, AS_F32LE, "|Ewe h7|/V"),
    COLUMN(492, AS_F32LE, "|I h2|/A"),
    COLUMN(493, AS_F32LE, "|I h3|/A"),
    COLUMN(494, AS_F32LE, "|I h4|/A"),
    COLUMN(495, AS_F32LE, "|I h5|/A"),
    COLUMN(496, AS_F32LE, "|I h6|/A"),
    COLUMN(497, AS_F32LE, "|I h7|/A"),
#undef COLUMN
#undef FLAG
};

const biologic_column *biologic_column_of(uint16_t id)
{
    for (size_t i = 0; i < AS_COUNT(columns); i++)
        if (columns[i].id == id) return &columns[i];
    return NULL;
}

/* --- settings ------------------------------------------------------------------------ */
static const struct { uint8_t id; const char *name; } techniques[] = {
    { 0x04, "Galvanostatic Cycling with Potential Limitation" },
    { 0x06, "Cyclic Voltammetry" },
    { 0x0b, "Open Circuit Voltage" },
    { 0x18, "Chronoamperometry / Chronocoulometry" },
    { 0x19, "Chronopotentiometry" },
    { 0x1c, "Wait" },
    { 0x1d, "Potentio Electrochemical Impedance Spectroscopy" },
    { 0x1e, "Galvano Electrochemical Impedance Spectroscopy" },
    { 0x32, "IR compensation (PEIS)" },
    { 0x6c, "Linear Sweep Voltammetry" },
    { 0x7f, "Modulo Bat" },
};

static as_status read_technique(as_parse *job, as_table *head, uint64_t at, const char **out)
{
    uint8_t id;
    *out = "";
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_u8(job->ctx, job->in, at, &id));
    for (size_t i = 0; i < AS_COUNT(techniques); i++)
        if (techniques[i].id == id) *out = techniques[i].name;
    if (**out) return as_set_text(job->ctx, head, "technique_name", *out, &where);
    const char *number = as_format(as_scratch(job->ctx), "%u", id);
    return number ? as_set_vendor(job->ctx, head, "Technique number", number, &where) : AS_ERR;
}

/* A length of one byte and so many characters, at most `room`; longer ones are none. */
static as_status read_string(as_parse *job, as_table *head, uint64_t at, size_t room,
                             const char *key, const char *meta)
{
    uint8_t length;
    const char *text;
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_u8(job->ctx, job->in, at, &length));
    if (length == 0 || length >= room) return AS_OK;
    AS_TRY(as_text_at(job->ctx, job->in, at + 1, length, &text));
    return meta ? as_set_text(job->ctx, head, meta, text, &where)
                : as_set_vendor(job->ctx, head, key, text, &where);
}

/* A positive number; the unit of those under vendor is not known. */
static as_status read_value(as_parse *job, as_table *head, uint64_t at, const char *key,
                            const char *meta, const char *unit)
{
    float value;
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_f32le(job->ctx, job->in, at, &value));
    if (!isfinite(value) || value <= 0 || value > 1e6f) return AS_OK;
    if (meta) return as_set_value(job->ctx, head, meta, as_meant(value), unit, &where);
    const char *text = as_format(as_scratch(job->ctx), "%.8g", as_meant(value));
    return text ? as_set_vendor(job->ctx, head, key, text, &where) : AS_ERR;
}

as_status biologic_settings(as_parse *job, as_table *head, uint64_t at, uint64_t size,
                            const char **technique)
{
    *technique = "";
    if (size > 0) AS_TRY(read_technique(job, head, at, technique));
    if (size < 0x250) return AS_OK;
    AS_TRY(read_value(job, head, at + 0x107, "Mass of active material", NULL, NULL));
    AS_TRY(read_string(job, head, at + 0x11e, 0x1c0 - 0x11e, "Electrode material", NULL));
    AS_TRY(read_string(job, head, at + 0x1c0, 0x211 - 0x1c0, "Electrolyte", NULL));
    AS_TRY(read_value(job, head, at + 0x211, NULL, "electrode_area", "cm2"));
    AS_TRY(read_string(job, head, at + 0x215, 0x24c - 0x215, NULL, "reference_electrode"));
    return read_value(job, head, at + 0x24c, "Characteristic mass", NULL, NULL);
}

/* --- start --------------------------------------------------------------------------- */
enum { SHORTEST_LOG = 465, EPOCH = 25569 /* 1970-01-01 in days since 1899-12-30 */ };

static double double_of(const unsigned char *b, bool big)
{
    uint64_t bits = 0;
    double value;
    for (size_t i = 0; i < 8; i++) bits = bits << 8 | b[big ? i : 7 - i];
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Is `iso`, 2022-05-20T..., of the day mm/dd/yy? */
static bool is_day(const char *iso, const char *day)
{
    return memcmp(iso + 2, day + 6, 2) == 0 && memcmp(iso + 5, day, 2) == 0 &&
           memcmp(iso + 8, day + 3, 2) == 0;
}

/* The date as text, milliseconds included, when it is of this day or the next to it; "" else. */
static const char *date_text(as_ctx *ctx, double days, const char *day)
{
    if (!(days > 30000 && days < 70000)) return "";
    const double ms = floor((days - EPOCH) * 86400e3 + 0.5), seconds = floor(ms / 1000);
    for (int shift = -1; shift <= 1; shift++) {
        const char *other = as_utc_text(ctx, (int64_t)seconds + shift * 86400);
        const char *own = as_utc_text(ctx, (int64_t)seconds);
        if (!own || !other) return NULL;
        if (is_day(other, day))
            return as_format(as_scratch(ctx), "%.19s.%03d", own, (int)(ms - seconds * 1000));
    }
    return "";
}

as_status biologic_started(as_parse *job, as_table *head, const char *day, uint64_t at,
                           uint64_t size)
{
    static const uint16_t places[] = { SHORTEST_LOG, 469, 473, 585 };
    const as_where where = as_at_byte(job->in, at);
    for (size_t i = 0; i < 8; i++)
        if (i != 2 && i != 5 && (day[i] < '0' || day[i] > '9')) return AS_OK;
    for (size_t k = 0; k < 2 * AS_COUNT(places); k++) {
        const uint64_t place = places[k / 2];
        if (place + 8 > size) continue;
        const double days = double_of(job->in->data + at + place, k % 2);
        const char *text = date_text(job->ctx, days, day);
        if (!text) return AS_ERR;
        if (*text) return as_set_text(job->ctx, head, "measured", text, &where);
    }
    const char *only = as_format(as_scratch(job->ctx), "20%.2s-%.2s-%.2s", day + 6, day, day + 3);
    return only ? as_set_text(job->ctx, head, "measured", only, NULL) : AS_ERR;
}

/* --- loops --------------------------------------------------------------------------- */
enum { MOST_LOOPS = 64 }; /* that are named */

as_status biologic_loops(as_parse *job, as_table *head, uint64_t at, uint64_t size)
{
    uint32_t n = 0;
    const char *text = NULL;
    const as_where where = as_at_byte(job->in, at);
    if (size >= 4) AS_TRY(as_u32le(job->ctx, job->in, at, &n));
    if (n > (size - 4) / 4 || n > MOST_LOOPS) n = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t first;
        AS_TRY(as_u32le(job->ctx, job->in, at + 4 + 4 * (uint64_t)i, &first));
        text = text ? as_format(as_scratch(job->ctx), "%s %u", text, (unsigned)first)
                    : as_format(as_scratch(job->ctx), "%u", (unsigned)first);
        if (!text) return AS_ERR;
    }
    return text ? as_set_vendor(job->ctx, head, "Loops", text, &where) : AS_OK;
}
