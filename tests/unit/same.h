/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are two tables the same? Order of columns and of metadata, and where a value was read, aside. */
#ifndef AS_TESTS_SAME_H
#define AS_TESTS_SAME_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "table.h"

static inline bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static inline bool same_double(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static inline bool differ(const char *what, const char *which)
{
    printf("tables differ: %s %s\n", what, which ? which : "(none)");
    return false;
}

static inline bool same_column(const as_column *a, const as_column *b, size_t rows)
{
    if (!b || a->type != b->type || a->role != b->role ||
        !same_text(a->unit.symbol, b->unit.symbol) || !same_text(a->label, b->label))
        return false;
    for (size_t i = 0; i < rows; i++)
        if (a->type == AS_F64 ? !same_double(a->v.f[i], b->v.f[i])
                              : !same_text(a->v.s[i], b->v.s[i]))
            return false;
    return true;
}

static inline bool same_meta(const as_meta *a, const as_meta *b)
{
    return b && same_text(a->text, b->text) && same_double(a->number, b->number) &&
           same_double(a->u, b->u) && same_text(a->unit.symbol, b->unit.symbol);
}

static inline bool same_result(const as_result *a, const as_result *b)
{
    return same_text(a->item, b->item) && same_text(a->quantity, b->quantity) &&
           same_double(a->value, b->value) && same_double(a->u, b->u) &&
           same_text(a->unit.symbol, b->unit.symbol) && a->bound == b->bound &&
           same_text(a->flag, b->flag) && same_text(a->method, b->method);
}

static inline bool same_step(const as_step *a, const as_step *b)
{
    return same_text(a->op, b->op) && same_text(a->version, b->version) &&
           same_text(a->settings, b->settings) && same_text(a->sha256, b->sha256);
}

static inline bool same_table(const as_table *a, const as_table *b)
{
    if (a->number != b->number || a->kind != b->kind || a->secondary != b->secondary)
        return differ("number or kind", a->name);
    if (!same_text(a->name, b->name) || !same_text(a->label, b->label) ||
        !same_text(a->technique, b->technique))
        return differ("name, label or technique", a->name);
    if (a->rows != b->rows || a->n_columns != b->n_columns) return differ("shape", a->name);
    for (size_t i = 0; i < a->n_columns; i++)
        if (!same_column(a->column[i], as_find_name(b, a->column[i]->name), a->rows))
            return differ("column", a->column[i]->name);
    if (a->n_meta != b->n_meta) return differ("number of metadata", a->name);
    for (size_t i = 0; i < a->n_meta; i++)
        if (!same_meta(&a->meta[i], as_get_meta(b, a->meta[i].key)))
            return differ("metadata", a->meta[i].key);
    if (a->n_steps != b->n_steps || a->n_warnings != b->n_warnings || a->n_results != b->n_results)
        return differ("number of steps, warnings or results", a->name);
    for (size_t i = 0; i < a->n_steps; i++)
        if (!same_step(&a->step[i], &b->step[i])) return differ("step", a->step[i].op);
    for (size_t i = 0; i < a->n_warnings; i++)
        if (!same_text(a->warning[i], b->warning[i])) return differ("warning", a->warning[i]);
    for (size_t i = 0; i < a->n_results; i++)
        if (!same_result(&a->result[i], &b->result[i]))
            return differ("result", a->result[i].quantity);
    for (size_t i = 0; i < a->n_results; i++)
        for (size_t j = 0; j < a->n_results; j++)
            if (!same_double(as_get_covariance(a, i, j), as_get_covariance(b, i, j)))
                return differ("covariance", a->name);
    return true;
}

#endif
