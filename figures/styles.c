/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Size presets. Nature: 89 and 183 mm, text 5-7 pt, lines 0.25-1 pt, 300 dpi. ACS: 3.25 in (82.55 mm) and
 * 7 in (177.8 mm), text at least 4.5 pt, lines at least 0.5 pt, 600 dpi. Elsevier: 90, 140 and 190 mm, text
 * 7 pt (we let small notes have 5), lines at least 0.25 pt, 500 dpi. From the guides for authors as of 2024.
 */
#include "style.h"

enum { LIGHT, DARK };

#define STYLE(n, w, h, text, tick, line, least_text, least_line, dpi) \
    { .name = n, .width_mm = w, .height_mm = h, .text_pt = text, .tick_pt = tick, .small_pt = 5, \
      .line_pt = line, .axis_pt = 0.5, .marker_mm = 1.3, .tick_mm = 0.9, .least_text_pt = least_text, \
      .least_line_pt = least_line, .least_dpi = dpi }

static const as_style styles[] = {
    STYLE("nature-1col", 89, 65, 7, 6, 0.75, 5, 0.25, 300),
    STYLE("nature-2col", 183, 90, 7, 6, 0.75, 5, 0.25, 300),
    STYLE("acs-1col", 82.55, 62, 7, 6, 0.75, 4.5, 0.5, 600),
    STYLE("acs-2col", 177.8, 90, 7, 6, 0.75, 4.5, 0.5, 600),
    STYLE("elsevier-1col", 90, 65, 7, 7, 0.75, 5, 0.25, 500),
    STYLE("elsevier-1.5col", 140, 85, 7, 7, 0.75, 5, 0.25, 500),
    STYLE("elsevier-2col", 190, 95, 7, 7, 0.75, 5, 0.25, 500),
    { .name = "screen", .width_mm = 180, .height_mm = 120, .text_pt = 12, .tick_pt = 11,
      .small_pt = 9, .line_pt = 1.25, .axis_pt = 0.75, .marker_mm = 2.2, .tick_mm = 1.6 },
};

const as_choice as_sizes[] = {
    { "nature-1col", 0, "89 mm wide, 6 and 7 pt" },
    { "nature-2col", 1, "183 mm wide, 6 and 7 pt" },
    { "acs-1col", 2, "82.55 mm wide, 6 and 7 pt" },
    { "acs-2col", 3, "177.8 mm wide, 6 and 7 pt" },
    { "elsevier-1col", 4, "90 mm wide, 7 pt" },
    { "elsevier-1.5col", 5, "140 mm wide, 7 pt" },
    { "elsevier-2col", 6, "190 mm wide, 7 pt" },
    { "screen", 7, "180 mm wide, 12 pt: for slides and screens" },
    { 0 }
};

const as_choice as_themes[] = {
    { "light", LIGHT, "black on white" },
    { "dark", DARK, "light grey on nearly black" },
    { 0 }
};

const as_choice as_palettes[] = {
    { "okabe-ito", AS_OKABE_ITO, "nine colours for lines; maps and more lines: viridis" },
    { "viridis", AS_VIRIDIS, "dark violet to yellow" },
    { "batlow", AS_BATLOW, "dark blue to pink" },
    { "greys", AS_GREYS, "black to light grey" },
    { 0 }
};

as_style as_style_of(int size, int theme)
{
    as_style s = styles[size];
    s.dark = theme == DARK;
    s.ink = s.dark ? 0xe6e6e6ff : 0x000000ff;
    s.paper = s.dark ? 0x17181cff : 0xffffffff;
    s.muted = s.dark ? 0x9a9a9aff : 0x6e6e6eff;
    s.faint = s.dark ? 0x3a3d46ff : 0xf0ead2ff;
    return s;
}
