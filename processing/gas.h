/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adsorptives and what the analysis of an isotherm needs to know of them. */
#ifndef AS_PROCESSING_GAS_H
#define AS_PROCESSING_GAS_H

typedef struct as_gas {
    const char *name, *aliases;  /* '|' between aliases; compared without regard to case */
    double cross_section;        /* nm2, of a molecule in the monolayer */
    const char *cross_section_source;
    double critical_temperature; /* K */
    double boiling_point;        /* K, at 101.325 kPa */
    double molar_volume;         /* cm3/mol, of the liquid at the boiling point */
    double molar_mass;           /* g/mol */
    double surface_tension;      /* mN/m, of the liquid at the boiling point; NaN: not tabulated */
} as_gas;

const as_gas *as_gas_find(const char *name); /* NULL: not in gases.def */

/* kPa, of the vapour over the liquid at `kelvin`; NaN outside the triple and the critical point.
 * `equation`: its name in vapour_pressures.def. */
double as_gas_vapour_pressure(const as_gas *gas, double kelvin, const char **equation);

#endif
