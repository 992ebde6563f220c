/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of adsorbents.def. */
#include <string.h>

#include "hk_atoms.h"

const as_choice as_hk_shapes[] = {
    { "slit", AS_HK_SLIT, "between planes, Horvath & Kawazoe 1983" },
    { "cylinder", AS_HK_CYLINDER, "Saito & Foley 1991" },
    { "sphere", AS_HK_SPHERE, "Cheng & Yang 1994" },
    { 0 }
};

#define AS_HK_GAS(...)
#define AS_HK_WALL(id, name, d, a, x, n, source) WALL_##id,
enum {
#include "adsorbents.def"
};
#undef AS_HK_WALL
#define AS_HK_WALL(id, name, d, a, x, n, source) [WALL_##id] = { d, a, x, n },
static const as_hk_atom walls[] = {
#include "adsorbents.def"
};
#undef AS_HK_WALL
#define AS_HK_WALL(id, name, d, a, x, n, source) { name, WALL_##id, source },
const as_choice as_hk_walls[] = {
#include "adsorbents.def"
    { 0 }
};
#undef AS_HK_WALL
#undef AS_HK_GAS
#define AS_HK_WALL(...)
#define AS_HK_GAS(gas, d, a, x, n, source) { gas, { d, a, x, n } },
static const struct {
    const char *gas;
    as_hk_atom atom;
} molecules[] = {
#include "adsorbents.def"
};

const as_hk_atom *as_hk_wall(int choice)
{
    return &walls[choice];
}

const as_hk_atom *as_hk_gas(const char *name)
{
    for (size_t i = 0; i < sizeof molecules / sizeof *molecules; i++)
        if (strcmp(molecules[i].gas, name) == 0) return &molecules[i].atom;
    return NULL;
}
