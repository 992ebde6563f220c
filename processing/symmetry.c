/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Space groups from generators: see symmetry.h. Settings are the standard ones of International
 * Tables A; monoclinic groups have unique axis b, rhombohedral ones hexagonal axes, and those with
 * two origins have the inversion centre at the origin (choice 2).
 */
#include <ctype.h>
#include <string.h>

#include "symmetry.h"

/* Generators in the notation of International Tables, separated by blanks. */
typedef struct group_row {
    const char *symbol;
    as_crystal_system system;
    char centring;
    const char *generators;
} group_row;

#define INV "-x,-y,-z"
#define CUBE "z,x,y"

static const group_row groups[] = {
    { "P1", AS_TRICLINIC, 'P', "x,y,z" },
    { "P-1", AS_TRICLINIC, 'P', INV },
    { "P21", AS_MONOCLINIC, 'P', "-x,y+1/2,-z" },
    { "P2/m", AS_MONOCLINIC, 'P', "-x,y,-z " INV },
    { "P21/m", AS_MONOCLINIC, 'P', "-x,y+1/2,-z " INV },
    { "P2/c", AS_MONOCLINIC, 'P', "-x,y,-z+1/2 " INV },
    { "P21/c", AS_MONOCLINIC, 'P', "-x,y+1/2,-z+1/2 " INV },
    { "P21/n", AS_MONOCLINIC, 'P', "-x+1/2,y+1/2,-z+1/2 " INV },
    { "C2/m", AS_MONOCLINIC, 'C', "-x,y,-z " INV },
    { "C2/c", AS_MONOCLINIC, 'C', "-x,y,-z+1/2 " INV },
    { "P212121", AS_ORTHORHOMBIC, 'P', "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2" },
    { "Pmmm", AS_ORTHORHOMBIC, 'P', "-x,-y,z -x,y,-z " INV },
    { "Pnma", AS_ORTHORHOMBIC, 'P', "-x+1/2,-y,z+1/2 -x,y+1/2,-z " INV },
    { "Pbcn", AS_ORTHORHOMBIC, 'P', "-x+1/2,-y+1/2,z+1/2 -x,y,-z+1/2 " INV },
    { "Pbca", AS_ORTHORHOMBIC, 'P', "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2 " INV },
    { "Cmcm", AS_ORTHORHOMBIC, 'C', "-x,-y,z+1/2 -x,y,-z+1/2 " INV },
    { "Cmmm", AS_ORTHORHOMBIC, 'C', "-x,-y,z -x,y,-z " INV },
    { "Immm", AS_ORTHORHOMBIC, 'I', "-x,-y,z -x,y,-z " INV },
    { "Imma", AS_ORTHORHOMBIC, 'I', "-x,-y+1/2,z -x,y+1/2,-z " INV },
    { "Fmmm", AS_ORTHORHOMBIC, 'F', "-x,-y,z -x,y,-z " INV },
    { "Fddd", AS_ORTHORHOMBIC, 'F', "-x+3/4,-y+3/4,z -x+3/4,y,-z+3/4 " INV },
    { "P4/mmm", AS_TETRAGONAL, 'P', "-y,x,z -x,y,-z " INV },
    { "P42/mnm", AS_TETRAGONAL, 'P', "-y+1/2,x+1/2,z+1/2 -x+1/2,y+1/2,-z+1/2 " INV },
    { "P4/nmm", AS_TETRAGONAL, 'P', "-y+1/2,x,z -x,y+1/2,-z " INV },
    { "P42/nmc", AS_TETRAGONAL, 'P', "-y+1/2,x,z+1/2 -x,y+1/2,-z " INV },
    { "P41212", AS_TETRAGONAL, 'P', "-y+1/2,x+1/2,z+1/4 -x+1/2,y+1/2,-z+1/4" },
    { "I4/m", AS_TETRAGONAL, 'I', "-y,x,z " INV },
    { "I4/mmm", AS_TETRAGONAL, 'I', "-y,x,z -x,y,-z " INV },
    { "I4/mcm", AS_TETRAGONAL, 'I', "-y,x,z -x,y,-z+1/2 " INV },
    { "I41/a", AS_TETRAGONAL, 'I', "-y+3/4,x+1/4,z+1/4 " INV },
    { "I41/amd", AS_TETRAGONAL, 'I', "-y+1/4,x+3/4,z+1/4 -x+1/2,y,-z+1/2 " INV },
    { "R-3", AS_TRIGONAL, 'R', "-y,x-y,z " INV },
    { "R-3m", AS_TRIGONAL, 'R', "-y,x-y,z y,x,-z " INV },
    { "R-3c", AS_TRIGONAL, 'R', "-y,x-y,z y,x,-z+1/2 " INV },
    { "R3c", AS_TRIGONAL, 'R', "-y,x-y,z -y,-x,z+1/2" },
    { "P-3m1", AS_TRIGONAL, 'P', "-y,x-y,z y,x,-z " INV },
    { "P-31c", AS_TRIGONAL, 'P', "-y,x-y,z -y,-x,-z+1/2 " INV },
    { "P3121", AS_TRIGONAL, 'P', "-y,x-y,z+1/3 y,x,-z" },
    { "P3221", AS_TRIGONAL, 'P', "-y,x-y,z+2/3 y,x,-z" },
    { "P63/m", AS_HEXAGONAL, 'P', "-y,x-y,z -x,-y,z+1/2 " INV },
    { "P63mc", AS_HEXAGONAL, 'P', "-y,x-y,z -x,-y,z+1/2 -y,-x,z" },
    { "P6/mmm", AS_HEXAGONAL, 'P', "-y,x-y,z -x,-y,z y,x,-z " INV },
    { "P63/mmc", AS_HEXAGONAL, 'P', "-y,x-y,z -x,-y,z+1/2 y,x,-z " INV },
    { "P63/mcm", AS_HEXAGONAL, 'P', "-y,x-y,z -x,-y,z+1/2 y,x,-z+1/2 " INV },
    { "P213", AS_CUBIC, 'P', "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2 " CUBE },
    { "Pa-3", AS_CUBIC, 'P', "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2 " CUBE " " INV },
    { "Ia-3", AS_CUBIC, 'I', "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2 " CUBE " " INV },
    { "Fm-3", AS_CUBIC, 'F', "-x,-y,z -x,y,-z " CUBE " " INV },
    { "P-43m", AS_CUBIC, 'P', "-x,-y,z -x,y,-z " CUBE " y,x,z" },
    { "F-43m", AS_CUBIC, 'F', "-x,-y,z -x,y,-z " CUBE " y,x,z" },
    { "I-43m", AS_CUBIC, 'I', "-x,-y,z -x,y,-z " CUBE " y,x,z" },
    { "I-43d", AS_CUBIC, 'I', "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2 " CUBE " y+1/4,x+1/4,z+1/4" },
    { "Pm-3m", AS_CUBIC, 'P', "-x,-y,z -x,y,-z " CUBE " y,x,-z " INV },
    { "Pn-3m", AS_CUBIC, 'P',
      "-x+1/2,-y+1/2,z -x+1/2,y,-z+1/2 " CUBE " y+1/2,x+1/2,-z " INV },
    { "Pm-3n", AS_CUBIC, 'P', "-x,-y,z -x,y,-z " CUBE " y+1/2,x+1/2,-z+1/2 " INV },
    { "Im-3m", AS_CUBIC, 'I', "-x,-y,z -x,y,-z " CUBE " y,x,-z " INV },
    { "Ia-3d", AS_CUBIC, 'I',
      "-x+1/2,-y,z+1/2 -x,y+1/2,-z+1/2 " CUBE " y+3/4,x+1/4,-z+1/4 " INV },
    { "Fm-3m", AS_CUBIC, 'F', "-x,-y,z -x,y,-z " CUBE " y,x,-z " INV },
    { "Fm-3c", AS_CUBIC, 'F', "-x,-y,z -x,y,-z " CUBE " y+1/2,x+1/2,-z+1/2 " INV },
    { "Fd-3m", AS_CUBIC, 'F',
      "-x+3/4,-y+1/4,z+1/2 -x+1/4,y+1/2,-z+3/4 " CUBE " y+3/4,x+1/4,-z+1/2 " INV },
};
enum { N_GROUPS = sizeof groups / sizeof *groups };

const char *const as_symmetry_symbols[N_GROUPS + 1] = {
    "P1",     "P-1",     "P21",     "P2/m",    "P21/m",   "P2/c",    "P21/c", "P21/n",
    "C2/m",   "C2/c",    "P212121", "Pmmm",    "Pnma",    "Pbcn",    "Pbca",  "Cmcm",
    "Cmmm",   "Immm",    "Imma",    "Fmmm",    "Fddd",    "P4/mmm",  "P42/mnm", "P4/nmm",
    "P42/nmc", "P41212", "I4/m",    "I4/mmm",  "I4/mcm",  "I41/a",   "I41/amd", "R-3",
    "R-3m",   "R-3c",    "R3c",     "P-3m1",   "P-31c",   "P3121",   "P3221", "P63/m",
    "P63mc",  "P6/mmm",  "P63/mmc", "P63/mcm", "P213",    "Pa-3",    "Ia-3",  "Fm-3",
    "P-43m",  "F-43m",   "I-43m",   "I-43d",   "Pm-3m",   "Pn-3m",   "Pm-3n", "Im-3m",
    "Ia-3d",  "Fm-3m",   "Fm-3c",   "Fd-3m",   NULL
};

static const char *const system_names[AS_N_SYSTEMS] = { "triclinic",  "monoclinic",
                                                        "orthorhombic", "tetragonal",
                                                        "trigonal",   "hexagonal",
                                                        "cubic" };

/* The group of highest symmetry of each system with a primitive cell. */
static const char *const holohedry[AS_N_SYSTEMS] = {
    INV,
    "-x,y,-z " INV,
    "-x,-y,z -x,y,-z " INV,
    "-y,x,z -x,y,-z " INV,
    "-y,x-y,z y,x,-z " INV,
    "-y,x-y,z -x,-y,z y,x,-z " INV,
    "-x,-y,z -x,y,-z " CUBE " y,x,-z " INV,
};
static const char *const centrings[AS_N_SYSTEMS] = { "PABCIF", "PABCIF", "PABCIF", "PICF",
                                                     "PR",     "P",      "PIF" };

const char *as_crystal_system_name(as_crystal_system system)
{
    return system_names[system];
}

bool as_crystal_system_of(const char *name, as_crystal_system *out)
{
    for (int i = 0; i < AS_N_SYSTEMS; i++)
        if (strcmp(name, system_names[i]) == 0) {
            *out = (as_crystal_system)i;
            return true;
        }
    return false;
}

/* One row of "-x+1/2,x-y,z": a sum of signed letters and one fraction. The position behind it. */
static const char *row_of(const char *s, signed char r[3], signed char *t)
{
    int sign = 1;
    while (*s && *s != ',' && *s != ' ') {
        if (*s == '-') {
            sign = -1;
        } else if (*s == '+') {
            sign = 1;
        } else if (*s >= 'x' && *s <= 'z') {
            r[*s - 'x'] = (signed char)(r[*s - 'x'] + sign);
        } else if (isdigit((unsigned char)*s) && s[1] == '/') {
            *t = (signed char)(sign * (s[0] - '0') * AS_TRANSLATION / (s[2] - '0'));
            s += 2;
        }
        s++;
    }
    return s;
}

static const char *op_of(const char *s, as_symmetry_op *out)
{
    *out = (as_symmetry_op){ 0 };
    for (int i = 0; i < 3; i++) {
        s = row_of(s, out->r[i], &out->t[i]);
        if (*s == ',') s++;
    }
    return s;
}

static as_symmetry_op product(const as_symmetry_op *a, const as_symmetry_op *b)
{
    as_symmetry_op c = { 0 };
    for (int i = 0; i < 3; i++) {
        int t = a->t[i];
        for (int k = 0; k < 3; k++) {
            t += a->r[i][k] * b->t[k];
            for (int j = 0; j < 3; j++)
                c.r[i][j] = (signed char)(c.r[i][j] + a->r[i][k] * b->r[k][j]);
        }
        c.t[i] = (signed char)((t % AS_TRANSLATION + AS_TRANSLATION) % AS_TRANSLATION);
    }
    return c;
}

static bool add(as_symmetry *s, const as_symmetry_op *op)
{
    for (size_t i = 0; i < s->n; i++)
        if (memcmp(&s->op[i], op, sizeof *op) == 0) return true;
    if (s->n == AS_SYMMETRY_MAX) return false;
    s->op[s->n++] = *op;
    return true;
}

/* All products of what is there: a finite group closes under multiplication from the left. */
static bool close_group(as_symmetry *s, const as_symmetry_op *generator, size_t n)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t g = 0; g < n; g++) {
            const as_symmetry_op p = product(&generator[g], &s->op[i]);
            if (!add(s, &p)) return false;
        }
    return true;
}

/* Lattice translations of a centring, in 24ths. */
static size_t centring_of(char centring, signed char t[3][3])
{
    static const signed char all[][3] = { { 0, 12, 12 }, { 12, 0, 12 }, { 12, 12, 0 },
                                          { 12, 12, 12 }, { 16, 8, 8 }, { 8, 16, 16 } };
    size_t from = 0, n = 1;
    switch (centring) {
    case 'A': from = 0; break;
    case 'B': from = 1; break;
    case 'C': from = 2; break;
    case 'I': from = 3; break;
    case 'F': n = 3; break;
    case 'R': from = 4; n = 2; break;
    default: n = 0; break;
    }
    memcpy(t, all + from, n * sizeof *all);
    return n;
}

static as_status build(as_ctx *ctx, as_crystal_system system, char centring,
                       const char *generators, as_symmetry *out)
{
    as_symmetry_op generator[12];
    size_t n = 0;
    while (*generators) {
        generators = op_of(generators, &generator[n++]);
        while (*generators == ' ') generators++;
    }
    signed char t[3][3];
    const size_t n_t = centring_of(centring, t);
    as_symmetry_op identity = { .r = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } };
    for (size_t i = 0; i < n_t; i++) {
        generator[n] = identity;
        memcpy(generator[n++].t, t[i], 3);
    }
    out->system = system;
    out->n = 1;
    out->op[0] = identity;
    if (!close_group(out, generator, n))
        return as_fail(ctx, AS_E_BUG, NULL, "generators that do not close");
    out->n_point = 0;
    for (size_t i = 0; i < out->n; i++) {
        size_t k = 0;
        while (k < out->n_point && memcmp(out->op[out->point[k]].r, out->op[i].r, 9) != 0) k++;
        if (k == out->n_point) out->point[out->n_point++] = (unsigned char)i;
    }
    return AS_OK;
}

/* Equal but for these characters. */
static bool same_symbol(const char *a, const char *b, const char *but)
{
    for (;;) {
        a += strspn(a, but);
        b += strspn(b, but);
        if (*a != *b) return false;
        if (!*a) return true;
        a++;
        b++;
    }
}

as_status as_symmetry_named(as_ctx *ctx, const char *symbol, as_symmetry *out)
{
    for (size_t i = 0; i < N_GROUPS; i++)
        if (same_symbol(symbol, groups[i].symbol, " _"))
            return build(ctx, groups[i].system, groups[i].centring, groups[i].generators, out);
    const char *near = NULL; /* Fm3m is the older way to write Fm-3m */
    for (size_t i = 0; i < N_GROUPS && !near; i++)
        if (same_symbol(symbol, groups[i].symbol, " _-")) near = groups[i].symbol;
    if (!near) near = as_near_miss(symbol, N_GROUPS, as_symmetry_symbols);
    return as_fail(ctx, AS_E_USAGE, NULL,
                   "'%s' is no crystal system and no space group of the list%s%s%s; "
                   "a system with a centring always works: cubic:26.343:F",
                   symbol, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

as_status as_symmetry_centred(as_ctx *ctx, as_crystal_system system, char centring,
                              as_symmetry *out)
{
    if (!centring || !strchr(centrings[system], centring))
        return as_fail(ctx, AS_E_USAGE, NULL, "a %s cell has centring %s, not '%c'",
                       system_names[system], centrings[system], centring ? centring : '?');
    return build(ctx, system, centring, holohedry[system], out);
}

/* The row vector h times R. */
static void turned(const as_symmetry_op *op, const int h[3], int out[3])
{
    for (int j = 0; j < 3; j++)
        out[j] = h[0] * op->r[0][j] + h[1] * op->r[1][j] + h[2] * op->r[2][j];
}

bool as_absent(const as_symmetry *s, const int hkl[3])
{
    for (size_t i = 0; i < s->n; i++) {
        int e[3];
        turned(&s->op[i], hkl, e);
        if (e[0] != hkl[0] || e[1] != hkl[1] || e[2] != hkl[2]) continue;
        const int phase = hkl[0] * s->op[i].t[0] + hkl[1] * s->op[i].t[1] + hkl[2] * s->op[i].t[2];
        if (phase % AS_TRANSLATION) return true;
    }
    return false;
}

/* Which of two equivalents represents the family: h not negative, few negative indices, then the
 * larger h, k, l. Positive: a. */
static int preferred(const int a[3], const int b[3])
{
    const int in_a = 4 * (a[0] < 0) + (a[1] < 0) + (a[2] < 0);
    const int in_b = 4 * (b[0] < 0) + (b[1] < 0) + (b[2] < 0);
    if (in_a != in_b) return in_b - in_a;
    for (int i = 0; i < 3; i++)
        if (a[i] != b[i]) return a[i] - b[i];
    return 0;
}

bool as_representative(const as_symmetry *s, const int hkl[3])
{
    for (size_t i = 0; i < s->n_point; i++) {
        int e[3];
        turned(&s->op[s->point[i]], hkl, e);
        if (preferred(e, hkl) > 0 || preferred((int[]){ -e[0], -e[1], -e[2] }, hkl) > 0)
            return false;
    }
    return true;
}

int as_multiplicity(const as_symmetry *s, const int hkl[3], int first[3])
{
    int fixing = 0; /* operations, with and without inversion, that leave hkl as it is */
    memcpy(first, hkl, 3 * sizeof *first);
    for (size_t i = 0; i < s->n_point; i++) {
        int e[3];
        turned(&s->op[s->point[i]], hkl, e);
        for (int sign = 1; sign >= -1; sign -= 2) {
            const int f[3] = { sign * e[0], sign * e[1], sign * e[2] };
            fixing += memcmp(f, hkl, sizeof f) == 0;
            if (preferred(f, first) > 0) memcpy(first, f, sizeof f);
        }
    }
    return 2 * (int)s->n_point / fixing;
}
