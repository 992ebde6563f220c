/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a parser of XML does not understand, kept as metadata: every text and attribute below an
 * element under vendor.PATH.
 */
#ifndef AS_PARSERS_XML_VENDOR_H
#define AS_PARSERS_XML_VENDOR_H

#include "diffraction.h"
#include "xml.h"

/* The element after `e` in document order below `top`, its children first if `inside`; NULL at the
 * end. */
const as_element *as_xml_after(const as_xml *xml, const as_element *top, const as_element *e,
                               bool inside);
/* The first element called `name` anywhere below `top`; NULL: none. */
const as_element *as_xml_deep(const as_xml *xml, const as_element *top, const char *name);

/* Each leaf below `top` as vendor.NAME.OF.PATH, from the name of `top` on, and each attribute as
 * ...PATH.ATTRIBUTE; a unit attribute is put
 * behind the text, an attribute called Value counts as the text. Elements that repeat get .2, .3.
 * `skip`: names of elements left out with all they hold, ending with NULL; may be NULL. */
as_status as_xml_vendor(const as_xml *xml, as_ctx *ctx, const as_input *in, as_table *t,
                        const as_element *top, const char *const *skip) AS_NODISCARD;

#endif
