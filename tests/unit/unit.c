/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units: spellings, products, conversions; what is not known stays as written. */
#include "check.h"
#include "unit.h"
#include "vocabulary.h"

static as_ctx *ctx;

static as_unit parsed(const char *text)
{
    as_unit u = { 0 };
    CHECK(as_unit_parse(ctx, as_scratch(ctx), text, &u) == AS_OK);
    return u;
}

static void spelling(const char *text, const char *canonical)
{
    const as_unit u = parsed(text);
    if (u.opaque || strcmp(u.symbol, canonical) != 0)
        printf("'%s' became '%s'%s, expected '%s'\n", text, u.symbol, u.opaque ? " (opaque)" : "", canonical);
    CHECK(!u.opaque && strcmp(u.symbol, canonical) == 0);
    const as_unit again = parsed(u.symbol); /* what we write we read */
    CHECK(!again.opaque && strcmp(again.symbol, canonical) == 0);
}

static double converted(double value, const char *from, const char *to)
{
    const as_unit a = parsed(from), b = parsed(to);
    return as_unit_convert(value, &a, &b);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    spelling("°C", "degC");
    spelling("cm⁻¹", "cm-1");
    spelling("1/cm", "cm-1");
    spelling("mmol g^-1", "mmol/g");
    spelling("mmol/g", "mmol/g");
    spelling("cm³/g STP", "cm3(STP)/g");
    spelling("cm3(STP)/g", "cm3(STP)/g");
    spelling("µA/cm²", "uA/cm2");
    spelling("uA cm-2", "uA/cm2");
    spelling("mAh/g", "mAh/g");
    spelling("J/(g*K)", "J/g/K");
    spelling("J/(g K)", "J/g/K");
    spelling("W g-1", "W/g");
    spelling("counts/sec", "count/s");
    spelling("Å", "Angstrom");
    spelling("Å^-1", "Angstrom-1");
    spelling("[mg]", "mg");
    spelling("%/min", "%/min");
    spelling("Ohm*s^-0.5", "Ohm/s^0.5");
    spelling("S/cm", "S/cm");
    spelling("kJ/mol", "kJ/mol");
    CHECK(parsed("a.u.").opaque);
    CHECK(parsed("J/g K").opaque);
    CHECK(parsed("").opaque);
    CHECK(parsed("m-").opaque);
    NEAR(converted(5, "degC", "K"), 278.15, 0);
    NEAR(converted(1, "nm", "Angstrom"), 10, 0);
    NEAR(converted(15.406, "Angstrom", "nm"), 1.5406, 0);
    NEAR(converted(1, "mmol/g", "cm3(STP)/g"), 22.41396954, 1e-12);
    NEAR(converted(760, "Torr", "atm"), 1, 1e-15);
    NEAR(converted(1, "mAh", "C"), 3.6, 1e-15);
    CHECK(isnan(converted(1, "deg", "count")));
    const as_unit celsius = parsed("degC"), kelvin = parsed("K");
    NEAR(as_unit_scale(5, &celsius, &kelvin), 5, 0);
    for (size_t i = 0; i < as_n_words; i++) { /* else a stream has another spelling than the table it was */
        const char *unit = as_words[i].unit;
        if (*unit && strcmp(unit, "1") != 0 && !parsed(unit).opaque) spelling(unit, unit);
    }
    as_ctx_free(ctx);
    DONE();
}
