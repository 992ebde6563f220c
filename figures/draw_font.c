/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fonts of the drawing module. The faces of Liberation Sans are opened by their path, which
 * takes a tenth of a millisecond; fontconfig, which takes ten, is asked only for what is not there.
 */
#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "draw_cairo.h"
#include "font.h"

#ifndef ASSAY_FONT_DIR
#define ASSAY_FONT_DIR "/usr/share/fonts/truetype/liberation"
#endif

enum { REGULAR, ITALIC, BOLD, OTHER };

static const char *const font_path[] = { ASSAY_FONT_DIR "/LiberationSans-Regular.ttf",
                                         ASSAY_FONT_DIR "/LiberationSans-Italic.ttf",
                                         ASSAY_FONT_DIR "/LiberationSans-Bold.ttf" };

/* Each face has a library of its own and takes it along: cairo keeps faces in its caches for
 * longer than anybody here knows. */
static FT_Face open_face(const char *path)
{
    FT_Library library;
    FT_Face face;
    if (FT_Init_FreeType(&library)) return NULL;
    if (FT_New_Face(library, path, 0, &face)) {
        FT_Done_FreeType(library);
        return NULL;
    }
    return face;
}

static void close_face(void *handle)
{
    FT_Face face = handle;
    FT_Library library = face->glyph->library;
    FT_Done_Face(face);
    FT_Done_FreeType(library);
}

/* The file that fontconfig would take for this family, with `code` in it when that is not 0. */
static FT_Face match_face(int kind, uint32_t code, as_drawn *report)
{
    FcPattern *want = FcPatternCreate(), *got = NULL;
    FcCharSet *set = FcCharSetCreate();
    FcChar8 *file = NULL, *family = NULL;
    FcResult result;
    FT_Face face = NULL;
    if (want && set) {
        FcPatternAddString(want, FC_FAMILY, (const FcChar8 *)AS_FONT_FAMILY);
        if (kind == ITALIC) FcPatternAddInteger(want, FC_SLANT, FC_SLANT_ITALIC);
        if (kind == BOLD) FcPatternAddInteger(want, FC_WEIGHT, FC_WEIGHT_BOLD);
        if (code && FcCharSetAddChar(set, code)) FcPatternAddCharSet(want, FC_CHARSET, set);
        FcConfigSubstitute(NULL, want, FcMatchPattern);
        FcDefaultSubstitute(want);
        got = FcFontMatch(NULL, want, &result);
    }
    if (got && FcPatternGetString(got, FC_FILE, 0, &file) == FcResultMatch)
        face = open_face((const char *)file);
    if (face && !code && FcPatternGetString(got, FC_FAMILY, 0, &family) == FcResultMatch &&
        strcmp((const char *)family, AS_FONT_FAMILY) != 0)
        snprintf(report->family, sizeof report->family, "%s", (const char *)family);
    if (got) FcPatternDestroy(got);
    if (set) FcCharSetDestroy(set);
    if (want) FcPatternDestroy(want);
    return face;
}

static cairo_font_face_t *wrap(FT_Face face)
{
    static const cairo_user_data_key_t key;
    if (!face) return NULL;
    cairo_font_face_t *f = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
    if (cairo_font_face_status(f) ||
        cairo_font_face_set_user_data(f, &key, face, close_face) != CAIRO_STATUS_SUCCESS) {
        cairo_font_face_destroy(f);
        close_face(face);
        return NULL;
    }
    return f;
}

static FT_ULong index_of(cairo_t *cr, cairo_font_face_t *f, uint32_t code)
{
    cairo_set_font_face(cr, f);
    FT_Face face = cairo_ft_scaled_font_lock_face(cairo_get_scaled_font(cr));
    const FT_ULong i = face ? FT_Get_Char_Index(face, code) : 0;
    if (face) cairo_ft_scaled_font_unlock_face(cairo_get_scaled_font(cr));
    return i;
}

cairo_font_face_t *as_painter_face(as_painter *p, const as_glyph *g, uint32_t *index)
{
    const int kind = g->bold ? BOLD : g->italic ? ITALIC : REGULAR;
    cairo_font_face_t **f = &p->face[kind];
    if (!*f) {
        const bool there = access(font_path[kind], R_OK) == 0;
        *f = wrap(there ? open_face(font_path[kind]) : match_face(kind, 0, p->report));
    }
    if (!*f) return NULL;
    *index = (uint32_t)index_of(p->cr, *f, g->code);
    if (*index) return *f;
    f = &p->face[OTHER];
    if (*f) *index = (uint32_t)index_of(p->cr, *f, g->code);
    if (*index || (*f && p->face_for == g->code)) return *f;
    if (*f) cairo_font_face_destroy(*f);
    *f = wrap(match_face(kind, g->code, p->report));
    p->face_for = g->code;
    if (*f) *index = (uint32_t)index_of(p->cr, *f, g->code);
    if (!*index) as_drawn_missing(p->report, g->code);
    return *f ? *f : p->face[kind];
}

void as_painter_free(as_painter *p)
{
    for (int i = 0; i <= OTHER; i++)
        if (p->face[i]) cairo_font_face_destroy(p->face[i]);
}

double as_face_advance(uint32_t code, bool italic)
{
    FT_Face face = open_face(font_path[italic ? ITALIC : REGULAR]);
    double advance = NAN;
    if (!face) return advance;
    const FT_UInt glyph = FT_Get_Char_Index(face, code);
    if (glyph && FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE) == 0)
        advance = (double)face->glyph->metrics.horiAdvance / face->units_per_EM;
    close_face(face);
    return advance;
}
