/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Okabe & Ito, Color Universal Design (2008), in an order for thin lines on white: yellow, which
 * vanishes there, is left out; and in one for black pages; both with two more that no eye confuses with them
 * (indigo and wine of Tol's muted scheme; on black a violet and a pale green). viridis: Smith & van der Walt (2015).
 * batlow: Crameri, Scientific colour maps, doi:10.5281/zenodo.1243862. The maps are given at equal
 * distances and linear between.
 */
#include <math.h>

#include "palette.h"

static const uint32_t okabe_ito[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                      0xe69f00, 0x56b4e9, 0x000000, 0x332288, 0x882255 };
/* The same on black: the bright ones first, yellow back, the dark blue left out. */
static const uint32_t okabe_ito_dark[] = { 0x56b4e9, 0xe69f00, 0x009e73, 0xcc79a7,
                                           0xf0e442, 0xd55e00, 0xf0f0f0, 0x8f7bff, 0xa0e080 };
static const uint32_t viridis[] = { 0x440154, 0x482576, 0x414487, 0x35608d, 0x2a788e, 0x21908c,
                                    0x22a884, 0x43bf71, 0x7ad151, 0xbbdf27, 0xfde725 };
static const uint32_t batlow[] = { 0x011959, 0x103f60, 0x1c5a62, 0x3c6d56, 0x687b3e,
                                   0x9d892b, 0xd29343, 0xf8a17b, 0xfdb7bc, 0xfaccfa };
static const uint32_t greys[] = { 0x111111, 0xdddddd };

#define COUNT(a) (sizeof(a) / sizeof *(a))

static uint32_t between(size_t n, const uint32_t *at, double f)
{
    const double place = fmin(fmax(f, 0), 1) * (double)(n - 1);
    const size_t i = place >= (double)(n - 1) ? n - 2 : (size_t)place;
    const double t = place - (double)i;
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        const double a = at[i] >> shift & 255, b = at[i + 1] >> shift & 255;
        out |= (uint32_t)floor(a + t * (b - a) + 0.5) << shift;
    }
    return out << 8 | 255;
}

enum { STEPS = 200 }; /* of a map: more than eyes tell apart, and few enough for a palette */

uint32_t as_map_colour(as_palette p, double f)
{
    if (isnan(f)) return 0;
    f = floor(fmin(fmax(f, 0), 1) * (STEPS - 1) + 0.5) / (STEPS - 1);
    if (p == AS_BATLOW) return between(COUNT(batlow), batlow, f);
    if (p == AS_GREYS) return between(COUNT(greys), greys, f);
    return between(COUNT(viridis), viridis, f);
}

int as_is_map_colour(uint32_t rgba)
{
    static const as_palette maps[] = { AS_VIRIDIS, AS_BATLOW, AS_GREYS };
    for (size_t m = 0; m < COUNT(maps); m++)
        for (int i = 0; i < STEPS; i++)
            if (as_map_colour(maps[m], (double)i / (STEPS - 1)) >> 8 == rgba >> 8) return 1;
    return 0;
}

uint32_t as_series_colour(as_palette p, size_t i, size_t n, int dark)
{
    if (p == AS_OKABE_ITO && n <= COUNT(okabe_ito)) {
        const size_t k = i % COUNT(okabe_ito);
        return (dark ? okabe_ito_dark[k] : okabe_ito[k]) << 8 | 255;
    }
    const double f = n > 1 ? (double)i / (double)(n - 1) : 0;
    return as_map_colour(p, dark ? 0.15 + 0.85 * f : 0.9 * f); /* the ends drown in the page */
}

uint32_t as_with_alpha(uint32_t rgba, double alpha)
{
    return (rgba & 0xffffff00u) | (uint32_t)floor(255 * alpha + 0.5);
}

double as_linear_light(uint32_t channel)
{
    const double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgba)
{
    return 0.2126 * as_linear_light(rgba >> 24) + 0.7152 * as_linear_light(rgba >> 16 & 255) +
           0.0722 * as_linear_light(rgba >> 8 & 255);
}

double as_contrast(uint32_t a, uint32_t b)
{
    const double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

uint32_t as_readable(uint32_t rgba, uint32_t paper)
{
    const uint32_t goal = luminance(paper) > 0.4 ? 0 : 255;
    for (int step = 0; step < 20 && as_contrast(rgba, paper) < 4.5; step++) {
        uint32_t next = rgba & 255;
        for (int shift = 8; shift < 32; shift += 8) {
            const uint32_t v = rgba >> shift & 255;
            next |= (goal ? v + (255 - v + 9) / 10 : v - v / 10) << shift;
        }
        rgba = next;
    }
    return rgba;
}
