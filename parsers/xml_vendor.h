/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a parser of XML does not understand, kept as metadata: every text and attribute below an
 * element under vendor.PATH.
 */
#ifndef AS_PARSERS_XML_VENDOR_H
#define AS_PARSERS_XML_VENDOR_H

#include "diffraction.h"
#include "xml.h"

/* Each leaf below `top` as vendor.NAME.OF.PATH, from the name of `top` on, and each attribute as
 * ...PATH.ATTRIBUTE; a unit attribute is put behind the text. Elements that repeat get .2, .3.
 * `skip`: names of elements left out with all they hold, ending with NULL; may be NULL. */
as_status as_xml_vendor(const as_xml *xml, as_ctx *ctx, const as_input *in, as_table *t,
                        const as_element *top, const char *const *skip) AS_NODISCARD;

#endif
