/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every kind of figure can be told. Settings of a kind begin with an as_look and its parameter
 * table ends with AS_LOOK_PARAMS(settings type).
 */
#ifndef AS_FIGURES_LOOK_H
#define AS_FIGURES_LOOK_H

#include "style.h"

typedef enum {
    AS_LEGEND_AUTO, AS_LEGEND_NONE, AS_LEGEND_TOP_RIGHT, AS_LEGEND_TOP_LEFT, AS_LEGEND_BOTTOM_RIGHT,
    AS_LEGEND_BOTTOM_LEFT, AS_LEGEND_OUTSIDE
} as_legend_place;

typedef enum { AS_X_AUTO, AS_X_UP, AS_X_DOWN } as_x_direction;

typedef struct as_look {
    int size, theme, palette, legend, direction;
    double width, height, font, line_width, dpi;
    const char *title, *x_label, *y_label;
    as_range x, y;
    as_texts labels, colours, marks, notes, bands, zooms;
    as_range x_break, y_break; /* what an axis leaves out */
    const as_input *house;     /* style file; its options have been taken over by cmd/ */
} as_look;

extern const as_choice as_legend_places[];
extern const as_choice as_x_directions[];
extern const as_choice as_scales[]; /* values of as_scale (ticks.h) */

#define AS_LOOK_PARAMS(S)                                                                          \
    AS_CHOICE(S, look.size, "size", "nature-1col", as_sizes, "width and weights of a journal"),     \
    AS_DOUBLE(S, look.width, "width", "0", 0, 2000, "mm", "of the page; 0: by size"),               \
    AS_DOUBLE(S, look.height, "height", "0", 0, 2000, "mm", "of the page; 0: by size and kind"),    \
    AS_DOUBLE(S, look.font, "font", "0", 0, 72, NULL, "size of the text in pt; 0: by size"),        \
    AS_DOUBLE(S, look.line_width, "line-width", "0", 0, 20, NULL,                                   \
              "of the curves in pt; 0: by size"),                                                   \
    AS_DOUBLE(S, look.dpi, "dpi", "600", 10, 4800, NULL, "pixels per inch of PNG"),                 \
    AS_CHOICE(S, look.theme, "theme", "light", as_themes, "colours of page and text"),              \
    AS_CHOICE(S, look.palette, "palette", "okabe-ito", as_palettes, "colours of the data"),         \
    AS_STRING(S, look.title, "title", "", "text above the figure"),                                 \
    AS_RANGE(S, look.x, "x", ":", NULL, "part of the x axis that is shown"),                        \
    AS_RANGE(S, look.y, "y", ":", NULL, "part of the y axis that is shown"),                        \
    AS_STRING(S, look.x_label, "x-label", "", "instead of the column's label and unit"),            \
    AS_STRING(S, look.y_label, "y-label", "", "instead of the column's label and unit"),            \
    AS_CHOICE(S, look.direction, "x-direction", "auto", as_x_directions, "which way x grows"),      \
    AS_CHOICE(S, look.legend, "legend", "auto", as_legend_places, "where the legend stands"),       \
    AS_TEXTS(S, look.labels, "label", "", "of a series, in their order, instead of its own"),       \
    AS_TEXTS(S, look.colours, "colour", "",                                                          \
             "of a curve, in their order: a number in the palette, from 1, or #rrggbb; as usual: auto"), \
    AS_TEXTS(S, look.marks, "mark", "", "dashed line at x, with a text: 5.81=(111)"),               \
    AS_TEXTS(S, look.bands, "band", "", "shaded from x to x, with a text: 5.5:6.1=window"),         \
    AS_TEXTS(S, look.notes, "note", "", "text at data coordinates: 12,3.5=onset"),                  \
    AS_TEXTS(S, look.zooms, "zoom", "",                                                             \
             "a part enlarged in an inset: 300:420 of x, 300:420,0:20 of both, =top-left"),         \
    AS_FILE(S, look.house, "look", "", "options of a house style from a YAML file"),                \
    AS_RANGE(S, look.x_break, "x-break", ":", NULL, "part that the x axis leaves out"),             \
    AS_RANGE(S, look.y_break, "y-break", ":", NULL, "part that the y axis leaves out")

/* The style of these settings, sizes overridden where they say so. */
as_style as_look_style(const as_look *look);

/* What --colour says of curve i: *number from 1 in the palette (0: nothing said), or *rgba, 0xRRGGBBFF, where it
 * is a colour. AS_E_USAGE where it is neither. */
as_status as_look_colour(as_ctx *ctx, const as_look *look, size_t i, size_t *number, uint32_t *rgba) AS_NODISCARD;

/* "5.81=(111)" and the like: `n` numbers parted by `part`, then = and a text or nothing. AS_E_USAGE
 * names the option. */
as_status as_look_item(as_ctx *ctx, const char *option, const char *text, char part, size_t n,
                       double *numbers, const char **label) AS_NODISCARD;

#endif
