/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "gas.h"

#define AS_GAS(n, al, cs, src, tc, tb, v, m, st) { n, al, cs, src, tc, tb, v, m, st },
static const as_gas gases[] = {
#include "gases.def"
};

static bool is_called(const as_gas *g, const char *name)
{
    if (strcasecmp(g->name, name) == 0) return true;
    for (const char *a = g->aliases; *a;) {
        const size_t n = strcspn(a, "|");
        if (strlen(name) == n && strncasecmp(a, name, n) == 0) return true;
        a += n + (a[n] == '|');
    }
    return false;
}

const as_gas *as_gas_find(const char *name)
{
    for (size_t i = 0; i < sizeof gases / sizeof *gases; i++)
        if (is_called(&gases[i], name)) return &gases[i];
    return NULL;
}

enum { MOST_TERMS = 6 };
typedef struct term {
    double n, t;
} term;
typedef struct vapour {
    const char *gas, *equation;
    double critical_temperature, critical_pressure, triple_point;
    term terms[MOST_TERMS];
} vapour;
#define T(n, t) { n, t }
#define AS_VAPOUR(gas, equation, tc, pc, triple, ...) { gas, equation, tc, pc, triple, { __VA_ARGS__ } },
static const vapour vapours[] = {
#include "vapour_pressures.def"
};

double as_gas_vapour_pressure(const as_gas *gas, double kelvin, const char **equation)
{
    for (size_t i = 0; i < sizeof vapours / sizeof *vapours; i++) {
        const vapour *v = &vapours[i];
        if (strcmp(v->gas, gas->name) != 0) continue;
        const double theta = 1 - kelvin / v->critical_temperature;
        double sum = 0;
        *equation = v->equation;
        if (!(kelvin >= v->triple_point && theta >= 0)) return NAN;
        for (int k = 0; k < MOST_TERMS; k++) sum += v->terms[k].n * pow(theta, v->terms[k].t);
        return v->critical_pressure * exp(sum * v->critical_temperature / kelvin);
    }
    return NAN;
}
