/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writer of csv and tsv and their reader must agree on. */
#ifndef AS_PARSERS_ASSAY_CSV_H
#define AS_PARSERS_ASSAY_CSV_H

#include "table.h"

/* The unit, by its symbol, that a column of this name has where its heading states none: that of
 * the vocabulary; that of x or y for what is measured in it (sigma, baseline, sigma_NAME: that of
 * NAME); "1" for all others. */
const char *as_usual_unit(const as_table *t, const char *name);

#endif
