/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every figure and back end of the suite, from figures.def and backends.def. */
#include <string.h>
#include <strings.h>

#include "figure.h"

#define AS_FIGURE_IN(file, name) extern const as_figure as_figure_##name;
#define AS_FIGURE(name) AS_FIGURE_IN(name, name)
#include "figures.def"
#undef AS_FIGURE_IN

const as_figure *const as_figures[] = {
#define AS_FIGURE_IN(file, name) &as_figure_##name,
#include "figures.def"
    NULL
};

const as_figure *as_figure_find(const char *name)
{
    for (size_t i = 0; as_figures[i]; i++)
        if (strcmp(as_figures[i]->name, name) == 0) return as_figures[i];
    return NULL;
}

#define AS_BACKEND(name) extern const as_backend as_backend_##name;
#include "backends.def"
#undef AS_BACKEND

const as_backend *const as_backends[] = {
#define AS_BACKEND(name) &as_backend_##name,
#include "backends.def"
    NULL
};

const as_backend *as_backend_find(const char *suffix)
{
    for (size_t i = 0; as_backends[i]; i++)
        if (strcasecmp(as_backends[i]->suffix, suffix) == 0) return as_backends[i];
    return NULL;
}
