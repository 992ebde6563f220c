/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements and attributes as vendor metadata. */
#include <string.h>

#include "xml_vendor.h"

/* "a.b.c" of `e` from `top` on, in scratch. */
static const char *path_of(const as_xml *xml, as_ctx *ctx, const as_element *top,
                           const as_element *e)
{
    const char *path = xml->name(e);
    while (path && e != top && (e = xml->parent(e)) != NULL)
        path = as_format(as_scratch(ctx), "%s.%s", xml->name(e), path);
    return path;
}

static as_status set(as_ctx *ctx, as_table *t, const char *path, const char *text,
                     const char *unit, const as_where *at)
{
    if (unit && *unit) text = as_format(as_scratch(ctx), "%s %s", text, unit);
    return text ? as_set_vendor(ctx, t, path, text, at) : AS_ERR;
}

static as_status keep(const as_xml *xml, as_ctx *ctx, const as_input *in, as_table *t,
                      const as_element *top, const as_element *e)
{
    const as_where at = as_xml_at(xml, in, e);
    const char *path = path_of(xml, ctx, top, e), *name, *value;
    const char *unit = xml->attribute(e, "unit");
    if (!unit) unit = xml->attribute(e, "Unit");
    if (!path) return AS_ERR;
    for (size_t i = 0; xml->nth_attribute(e, i, &name, &value); i++) {
        if (as_same(name, "unit") || strcmp(name, "id") == 0 || !*value) continue;
        if (strcmp(name, "Value") == 0) {
            AS_TRY(set(ctx, t, path, value, unit, &at));
            continue;
        }
        const char *key = as_format(as_scratch(ctx), "%s.%s", path, name);
        if (!key) return AS_ERR;
        AS_TRY(as_set_vendor(ctx, t, key, value, &at));
    }
    if (xml->child(e, NULL)) return AS_OK;
    const char *text = as_xml_text(xml, ctx, e, "");
    if (!text) return AS_ERR;
    return *text ? set(ctx, t, path, text, unit, &at) : AS_OK;
}

static bool skipped(const char *name, const char *const *skip)
{
    for (; skip && *skip; skip++)
        if (strcmp(*skip, name) == 0) return true;
    return false;
}

const as_element *as_xml_after(const as_xml *xml, const as_element *top, const as_element *e,
                               bool inside)
{
    const as_element *to = inside ? xml->child(e, NULL) : NULL;
    while (!to && e != top) {
        to = xml->next(e, NULL);
        if (!to) e = xml->parent(e);
    }
    return to;
}

const as_element *as_xml_deep(const as_xml *xml, const as_element *top, const char *name)
{
    const as_element *e = top;
    while (e && (e == top || strcmp(xml->name(e), name) != 0)) e = as_xml_after(xml, top, e, true);
    return e;
}

as_status as_xml_vendor(const as_xml *xml, as_ctx *ctx, const as_input *in, as_table *t,
                        const as_element *top, const char *const *skip)
{
    bool inside = true;
    for (const as_element *e = top; e; e = as_xml_after(xml, top, e, inside)) {
        inside = e == top || !skipped(xml->name(e), skip);
        if (inside) AS_TRY(keep(xml, ctx, in, t, top, e));
    }
    return AS_OK;
}
