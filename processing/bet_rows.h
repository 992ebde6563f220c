/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a BET analysis is judged by, as tables for figures. */
#ifndef AS_PROCESSING_BET_ROWS_H
#define AS_PROCESSING_BET_ROWS_H

#include "bet_window.h"
#include "isotherm.h"

/* The table of the BET plot, x/(n(1-x)) in g/mmol, or of the plot of Rouquerol, n(1-x) in mmol/g, over x up to
 * three times the end of the window (0.5 at most), with the fitted line (BET), or the points themselves, of the
 * window as model. Results of `owned` go along;
 * not emitted. */
as_status as_bet_plot_table(as_ctx *ctx, as_table *owned, const as_isotherm *iso, const as_bet_fit *f,
                            bool rouquerol, as_table **out) AS_NODISCARD;

/* All windows: a series for each first point (metadata first_point), with a row for each last point
 * (last_point, from 1): bet_area where criteria 1 to 4 and the rules hold, else nan; c_constant and any_area
 * whatever they say. Emits them. */
as_status as_bet_emit_windows(as_run *run, as_table *owned, const as_isotherm *iso, const as_bet_rules *rules,
                              double area_per_amount) AS_NODISCARD;

#endif
