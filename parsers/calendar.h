/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as instruments write them, in ISO 8601. Only for parsers/. */
#ifndef AS_PARSERS_CALENDAR_H
#define AS_PARSERS_CALENDAR_H

#include "arena.h"

/* What a format says of dates of numbers that do not tell themselves: 09/10/2024, 23/10/24. */
typedef enum { AS_DATE_UNTOLD, AS_DATE_DAY_FIRST, AS_DATE_MONTH_FIRST } as_date_order;

/* "2024/12/03 12:57", "04-Mar-2010 20:59:14", "7.3.2022", "2021 Sep 24 - 7:21", "Monday, July 03, 2017,
 * 07:30:30 PM", "Fri Aug 19 13:19:52 CDT 2016", "ven. août 19 13:19:52 2016" as "2016-08-19T13:19:52", in scratch.
 * Certain only: a year of four digits (of two where `order` tells the format), the month a word, behind the year, in
 * the order of dots (day first), a number that can be no day, or as `order` says. NULL in *out: not
 * certain. An offset from UTC is kept; the name of a zone, whose offset names do not tell, is not, and *whole
 * is false then. Fails only without memory. */
as_status as_iso_date(as_ctx *ctx, const char *text, as_date_order order, const char **out,
                      bool *whole) AS_NODISCARD;

#endif
