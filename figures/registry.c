/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every figure of the suite, from figures.def. */
#include <string.h>

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
