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
