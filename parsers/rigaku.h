/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What RAS and RASX share: a scan with its header in the keys of RAS, vendor.MEAS_SCAN_AXIS_X ...
 */
#ifndef AS_PARSERS_RIGAKU_H
#define AS_PARSERS_RIGAKU_H

#include "diffraction.h"

/* `rows`: the columns position, intensity, attenuation, without names. `head`: the header, every
 * key as vendor.KEY; known ones get their names. The scan is emitted. */
as_status as_rigaku_emit(as_parse *job, const as_table *head, as_table *rows,
                         const as_where *at) AS_NODISCARD;

#endif
