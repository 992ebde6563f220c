/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours that readers with any colour vision can tell apart. */
#ifndef AS_FIGURES_PALETTE_H
#define AS_FIGURES_PALETTE_H

#include <stddef.h>
#include <stdint.h>

typedef enum { AS_OKABE_ITO, AS_VIRIDIS, AS_BATLOW, AS_GREYS } as_palette;

/* Colour of series i of n, 0xRRGGBBAA, opaque. Okabe-Ito has nine for lines; more series than that
 * are shades of viridis. `dark`: on a dark page black becomes white. */
uint32_t as_series_colour(as_palette p, size_t i, size_t n, int dark);

/* Colour at f in 0..1 of a map (Okabe-Ito: viridis). NaN: transparent. */
uint32_t as_map_colour(as_palette p, double f);
/* Is it a colour of one of the maps? */
int as_is_map_colour(uint32_t rgba);

/* Linear light 0..1 of an sRGB channel 0..255. */
double as_linear_light(uint32_t channel);
/* WCAG 2: ratio of the luminances of two colours, 1 to 21. */
double as_contrast(uint32_t a, uint32_t b);
/* `rgba` as a colour for text on `paper`: darker (on a dark page lighter) until the contrast is 4.5. */
uint32_t as_readable(uint32_t rgba, uint32_t paper);

/* The same colour, lighter, darker or transparent: `alpha` 0..1. */
uint32_t as_with_alpha(uint32_t rgba, double alpha);

#endif
