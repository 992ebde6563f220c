/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices and small syntaxes that all figures share. */
#include <string.h>

#include "look.h"
#include "number.h"
#include "ticks.h"

const as_choice as_legend_places[] = {
    { "auto", AS_LEGEND_AUTO, "where it covers no data" },
    { "none", AS_LEGEND_NONE, "no legend" },
    { "top-right", AS_LEGEND_TOP_RIGHT, "inside" },
    { "top-left", AS_LEGEND_TOP_LEFT, "inside" },
    { "bottom-right", AS_LEGEND_BOTTOM_RIGHT, "inside" },
    { "bottom-left", AS_LEGEND_BOTTOM_LEFT, "inside" },
    { "outside", AS_LEGEND_OUTSIDE, "right of the frame" },
    { 0 }
};

const as_choice as_x_directions[] = {
    { "auto", AS_X_AUTO, "wavenumber and binding energy to the left, all else to the right" },
    { "right", AS_X_UP, "to the right" },
    { "left", AS_X_DOWN, "to the left" },
    { 0 }
};

const as_choice as_scales[] = {
    { "linear", AS_LINEAR, "equal distances" },
    { "sqrt", AS_SQRT, "square roots: weak beside strong, and noise of counts equally high" },
    { "log", AS_LOG, "decades" },
    { 0 }
};

as_style as_look_style(const as_look *look)
{
    as_style s = as_style_of(look->size, look->theme);
    if (look->width > 0) s.width_mm = look->width;
    if (look->height > 0) s.height_mm = look->height;
    if (look->font > 0) {
        s.tick_pt *= look->font / s.text_pt;
        s.small_pt *= look->font / s.text_pt;
        s.text_pt = look->font;
    }
    if (look->line_width > 0) s.line_pt = look->line_width;
    return s;
}

as_status as_look_colour(as_ctx *ctx, const as_look *look, size_t i, size_t *number, uint32_t *rgba)
{
    const char *told = i < look->colours.n ? look->colours.v[i] : "auto";
    double k;
    *number = 0;
    *rgba = 0;
    if (strcmp(told, "auto") == 0) return AS_OK;
    if (told[0] == '#' && strlen(told) == 7 && strspn(told + 1, "0123456789abcdefABCDEF") == 6) {
        for (const char *c = told + 1; *c; c++)
            *rgba = *rgba << 4 | (uint32_t)(*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
        *rgba = *rgba << 8 | 255;
        return AS_OK;
    }
    if (as_read_number(told, strlen(told), '.', &k) && k >= 1 && k <= 1000 && k == (double)(size_t)k) {
        *number = (size_t)k;
        return AS_OK;
    }
    return as_fail(ctx, AS_E_USAGE, NULL,
                   "--colour '%s': expected a number from 1 on (a place in the palette), #rrggbb or auto", told);
}

as_status as_look_item(as_ctx *ctx, const char *option, const char *text, char part, size_t n,
                       double *numbers, const char **label)
{
    const char *equals = strchr(text, '='), *at = text;
    const char *end = equals ? equals : text + strlen(text);
    *label = equals ? equals + 1 : "";
    for (size_t i = 0; i < n; i++) {
        const char *stop = i + 1 < n ? memchr(at, part, (size_t)(end - at)) : end;
        if (!stop || !as_read_number(at, (size_t)(stop - at), '.', &numbers[i]))
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "--%s \"%s\": expected %s, then = and a text where one is wanted", option,
                           text, n == 1 ? "a number" : part == ':' ? "lo:hi" : "x,y");
        at = stop + 1;
    }
    return AS_OK;
}
