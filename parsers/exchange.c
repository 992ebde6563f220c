/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of AIF (both generations) and of pyGAPS, and how their units combine. */
#include <math.h>
#include <string.h>

#include "exchange.h"
#include "headings.h"

typedef struct {
    const char *pressure, *mode, *loading, *loading_basis, *mass, *material_basis, *temperature;
    const char *time, *density;
} units;

static const as_known known[] = {
    /* AIF */
    { "_exptl_operator", "operator", NULL },
    { "_exptl_date", "measured", NULL },
    { "_exptl_instrument", "instrument", NULL },
    { "_exptl_adsorptive", "adsorbate", NULL },
    { "_exptl_p0", "saturation_pressure", "p" },
    { "_exptl_temperature", "temperature", "T" },
    { "_exptl_sample_mass", "sample_mass", "m" },
    { "_adsnt_sample_mass", "sample_mass", "m" },
    { "_sample_id", "sample", NULL },
    { "_adsnt_sample_id", "sample", NULL },
    { "_sample_material_id", "material", NULL },
    { "_adsnt_material_id", "material", NULL },
    { "_adsnt_degas_temperature", "degas_temperature", "T" },
    { "_adsnt_degas_time", "degas_time", "t" },
    { "_adsnt_sample_density", "sample_density", "d" },
    { "_adsnt_info", "comment", NULL },
    { "_adsorptive_name", "adsorbate", NULL },
    { "_adsnt_material_name", "material", NULL },
    { "_adsnt_sample_name", "sample", NULL },
    { "_simltn_code", "simulated", NULL },
    /* what adsorption-file-parser keeps of the makers' headers */
    { "_bel_serialnumber", "serial_number", NULL },
    { "_bel_software_version", "software", NULL },
    { "_bel_cell_volume", "manifold_volume", "cm3" },
    { "_bel_dead_volume", "dead_volume", "cm3" },
    { "_bel_average_dead_volume", "dead_volume", "cm3" },
    { "_bel_equilibration_time", "equilibration_time", "s" },
    { "_bel_adsorptive_cross_section_area", "cross_section", "nm2" },
    { "_bel_molecular_cross-sectional_area", "cross_section", "nm2" },
    { "_qnt_outgas_time", "degas_time", "h" },
    { "_qnt_outgas_temperature", "degas_temperature", "degC" },
    /* pyGAPS */
    { "user", "operator", NULL },
    { "operator", "operator", NULL },
    { "apparatus", "instrument", NULL },
    { "serialnumber", "serial_number", NULL },
    { "vs/ml", "manifold_volume", "cm3" }, /* as its reader of BELSORP files keeps them */
    { "average_dead_volume", "dead_volume", "cm3" },
    { "equilibrium_time/sec", "equilibration_time", "s" },
    { "molecular_cross-sectional_area", "cross_section", "nm2" },
    { "date", "measured", NULL },
    { "instrument", "instrument", NULL },
    { "machine", "instrument", NULL },
    { "adsorbate", "adsorbate", NULL },
    { "Adsorbate used", "adsorbate", NULL },
    { "temperature", "temperature", "T" },
    { "Experiment temperature (K)", "temperature", "K" },
    { "material_mass", "sample_mass", "m" },
    { "material_batch", "sample", NULL },
    { "material", "material", NULL },
    { "Material name", "material", NULL },
    { "activation_temperature", "degas_temperature", "degC" },
    { "t_act", "degas_temperature", "degC" }, /* names of its versions before 2 */
    { "t_exp", "temperature", "K" },
    { "sample_name", "material", NULL },
    { "sample_batch", "sample", NULL },
    { "comment", "comment", NULL },
};

/* The unit that a key states; NULL: it states none. */
static const char **unit_slot(units *u, const char *plain)
{
    const struct { const char *a, *b; const char **to; } slots[] = {
        { "unitspressure", "pressureunit", &u->pressure },
        { "modepressure", "pressuremode", &u->mode },
        { "unitsloading", "loadingunit", &u->loading },
        { "unitssorbedamount", "sorbedamountunit", &u->loading },
        { "basisloading", "loadingbasis", &u->loading_basis },
        { "unitsmass", "materialunit", &u->mass },
        { "adsorbentunit", "unitadsorbent", &u->mass }, /* before version 2 of pyGAPS */
        { "basismaterial", "materialbasis", &u->material_basis },
        { "unitstemperature", "temperatureunit", &u->temperature },
        { "unitstime", "timeunit", &u->time },
        { "unitsdensity", "densityunit", &u->density },
    };
    for (size_t i = 0; i < AS_COUNT(slots); i++)
        if (strcmp(plain, slots[i].a) == 0 || strcmp(plain, slots[i].b) == 0) return slots[i].to;
    return NULL;
}

/* mmol of a g is mmol/g, of a cm3 mmol/cm3; mg of a g, where a basis says so, is mg/g. A unit that is per
 * mass already, or a share, stays. */
static as_status uptake_unit(as_ctx *ctx, as_iso *iso, const units *u)
{
    as_unit unit;
    const as_unit mole = as_unit_of("mol"), volume = as_unit_of("cm3"), mass = as_unit_of("g");
    const as_unit specific = as_unit_of("cm3/g");
    const char *text = u->loading;
    if (u->loading_basis && as_same(u->loading_basis, "percent")) text = "%";
    else if (u->loading_basis && as_same(u->loading_basis, "fraction")) text = "1";
    if (!text) {
        as_warn(ctx, iso->head, &iso->at, "the unit of the amounts is not stated");
        return AS_OK;
    }
    AS_TRY(as_unit_parse(ctx, as_scratch(ctx), text, &unit));
    const bool whole = as_unit_same_dimension(&unit, &mole) ||
                       (u->loading_basis && as_unit_same_dimension(&unit, &mass));
    if (u->mass && !unit.opaque && whole) {
        text = as_format(as_scratch(ctx), "%s/%s", text, u->mass);
        if (!text) return AS_ERR;
    } else if (!unit.opaque && as_unit_same_dimension(&unit, &volume)) {
        as_warn(ctx, iso->head, &iso->at,
                "amounts in '%s', which is neither at standard conditions nor per mass", text);
    } else if (unit.opaque) {
        as_warn(ctx, iso->head, &iso->at, "amounts in '%s', an unknown unit", text);
    } else if (as_unit_same_dimension(&unit, &specific)) {
        as_warn(ctx, iso->head, &iso->at,
                "amounts in '%s': whether this is gas at standard conditions or liquid is not said", text);
    }
    iso->unit[AS_ISO_UPTAKE] = text;
    return AS_OK;
}

static as_status read_units(as_ctx *ctx, as_iso *iso, size_t n, const as_iso_pair *pairs,
                            units *u, as_iso_column *pressure)
{
    for (size_t i = 0; i < n; i++) {
        const char *plain = as_plain_key(ctx, pairs[i].key);
        if (!plain) return AS_ERR;
        const char **slot = unit_slot(u, plain);
        if (slot && *pairs[i].value) *slot = pairs[i].value;
    }
    if (!u->mode && u->pressure && as_starts(u->pressure, "relative")) u->mode = u->pressure;
    *pressure = u->mode && as_starts(u->mode, "relative") ? AS_ISO_RELATIVE : AS_ISO_PRESSURE;
    if (*pressure == AS_ISO_RELATIVE) {
        iso->unit[AS_ISO_RELATIVE] = strchr(u->mode, '%') ? "%" : "1";
    } else if (u->pressure) {
        iso->unit[AS_ISO_PRESSURE] = iso->unit[AS_ISO_SATURATION] = u->pressure;
    } else {
        iso->unit[AS_ISO_PRESSURE] = iso->unit[AS_ISO_SATURATION] = "1";
        as_warn(ctx, iso->head, &iso->at, "the unit of the pressures is not stated");
    }
    return uptake_unit(ctx, iso, u);
}

/* The unit in which a value stands: T, p, m, t and d are those of the file. */
static const char *unit_of(const units *u, const char *expected)
{
    if (strcmp(expected, "T") == 0) return u->temperature ? u->temperature : "K";
    if (strcmp(expected, "p") == 0) return u->pressure ? u->pressure : "";
    if (strcmp(expected, "m") == 0) return u->mass ? u->mass : "g";
    if (strcmp(expected, "t") == 0) return u->time ? u->time : "";
    if (strcmp(expected, "d") == 0) return u->density ? u->density : "";
    return expected;
}

/* The unit that a pair of its own states: `_bel_cell_volume_unit` beside `_bel_cell_volume`. */
static const char *paired_unit(size_t n, const as_iso_pair *pairs, const char *key)
{
    const size_t length = strlen(key);
    for (size_t i = 0; i < n; i++)
        if (strncmp(pairs[i].key, key, length) == 0 && as_same(pairs[i].key + length, "_unit"))
            return pairs[i].value;
    return NULL;
}

static as_status set_pair(as_ctx *ctx, as_iso *iso, const units *u, const as_iso_pair *p,
                          const char *own_unit)
{
    static const as_known dimension[] = { { "T", NULL, "K" }, { "p", NULL, "kPa" },
                                          { "m", NULL, "g" },   { "t", NULL, "h" },
                                          { "d", NULL, "g/cm3" } };
    const as_where at = { .file = iso->at.file, .line = p->line };
    const size_t length = strlen(p->key), end = length && p->key[length - 1] == ':';
    const char *key = as_format(as_scratch(ctx), "%.*s", (int)(length - end), p->key);
    if (!key) return AS_ERR;
    for (size_t i = 0; i < AS_COUNT(known); i++) {
        as_known k = known[i];
        if (!as_same(k.key, key)) continue;
        const char *stated = k.unit ? unit_of(u, k.unit) : NULL;
        if (stated && own_unit && *own_unit) stated = own_unit;
        for (size_t d = 0; k.unit && d < AS_COUNT(dimension); d++)
            if (strcmp(dimension[d].key, k.unit) == 0) k.unit = dimension[d].unit;
        if (stated && !*stated) break;
        k.key += k.key[0] == '_';
        return as_set_reported(ctx, iso->head, &k, 1, k.key, p->value, stated, &at);
    }
    return as_set_vendor(ctx, iso->head, key + (key[0] == '_'), p->value, &at);
}

as_status as_iso_exchange(as_ctx *ctx, as_iso *iso, size_t n, const as_iso_pair *pairs,
                          as_iso_column *pressure)
{
    units u = { 0 };
    AS_TRY(read_units(ctx, iso, n, pairs, &u, pressure));
    for (size_t i = 0; i < n; i++) {
        const char *plain = as_plain_key(ctx, pairs[i].key);
        if (!plain) return AS_ERR;
        if (!*pairs[i].value || !*plain || unit_slot(&u, plain)) continue;
        AS_TRY(set_pair(ctx, iso, &u, &pairs[i],
                        paired_unit(n, pairs, pairs[i].key)));
    }
    return AS_OK;
}
