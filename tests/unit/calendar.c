/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of many makers in ISO 8601; what could mean two days is left alone. */
#include "calendar.h"
#include "check.h"
#include "spectrum.h"

static as_ctx *ctx;

static void becomes(const char *text, as_date_order order, const char *want, bool whole)
{
    const char *got;
    bool all;
    CHECK(as_iso_date(ctx, text, order, &got, &all) == AS_OK);
    const bool right = want ? got && strcmp(got, want) == 0 && all == whole : !got;
    if (!right) printf("'%s' became '%s', expected '%s'\n", text, got ? got : "-", want ? want : "-");
    CHECK(right);
}

static void certain(const char *text, const char *want)
{
    becomes(text, AS_DATE_UNTOLD, want, true);
}

static void at(int64_t seconds, const char *want)
{
    const char *got = as_utc_text(ctx, seconds);
    CHECK(got && strcmp(got, want) == 0);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    certain("2024/12/03 12:57", "2024-12-03T12:57");
    certain("2019-05-23T07:37:27+02:00", "2019-05-23T07:37:27+02:00");
    certain("2001/02/14 15:15:42 +0100", "2001-02-14T15:15:42+01:00");
    certain("2020-01-02T03:04:05.678Z", "2020-01-02T03:04:05.678Z");
    certain("2020-1-2", "2020-01-02");
    certain("7.3.2022 18:38:00", "2022-03-07T18:38:00");
    certain("04-Mar-2010 20:59:14", "2010-03-04T20:59:14");
    certain("11/Mar/2025 12:20", "2025-03-11T12:20");
    certain("2021 Sep 24 - 7:21", "2021-09-24T07:21");
    certain("2021-Sep-24", "2021-09-24");
    becomes("25-Jan-17 17:45", AS_DATE_DAY_FIRST, "2017-01-25T17:45", true);
    becomes("25-Jan-17 17:45", AS_DATE_UNTOLD, NULL, true);
    certain("3. April 2019", "2019-04-03");
    certain("13/2/1997 14:55:12", "1997-02-13T14:55:12");
    certain("2/13/1997 2:55:12 PM", "1997-02-13T14:55:12");
    certain("12/12/2020 12:05 AM", "2020-12-12T00:05");
    certain("Monday, July 03, 2017, 07:30:30", "2017-07-03T07:30:30");
    certain("JUN 11, 2010 10:02:26.277110", "2010-06-11T10:02:26.277110");
    certain("Mon Aug 29 16:23:13 2011", "2011-08-29T16:23:13");
    certain("Thu Mar  9 09:19:21 2006", "2006-03-09T09:19:21");
    certain("vie ago 19 13:19:52 2016", "2016-08-19T13:19:52");
    certain("mar. mars 1 08:00:00 2016", "2016-03-01T08:00:00");
    certain("Mi, 07 Dez 2016", "2016-12-07");
    certain("Tue 2020-03-17 08:00", "2020-03-17T08:00");
    becomes("Fri Aug 19 13:19:52 CDT 2016", AS_DATE_UNTOLD, "2016-08-19T13:19:52", false);
    certain("Fri Aug 19 13:19:52 GMT+02:00 2016", "2016-08-19T13:19:52+02:00");
    certain("2020-08-03 16:23:44 UTC +01:00", "2020-08-03T16:23:44+01:00");
    certain("2020-08-03 16:23:44 UTC", "2020-08-03T16:23:44Z");
    certain("31.03.2022 12:47:59 (UTC+2)", "2022-03-31T12:47:59+02:00");
    certain("31.03.2022 12:47:59 (UTC-3:30)", "2022-03-31T12:47:59-03:30");
    certain("09/10/2024 10:00", NULL); /* September or October */
    certain("10/10/2024", "2024-10-10");
    certain("03/04/10 20:59:14", NULL);
    certain("22-Sep-20 17:18", NULL);
    becomes("09/10/2024 10:00", AS_DATE_MONTH_FIRST, "2024-09-10T10:00", true);
    becomes("09/10/2024 10:00", AS_DATE_DAY_FIRST, "2024-10-09T10:00", true);
    becomes("03/23/09 16:25:45", AS_DATE_MONTH_FIRST, "2009-03-23T16:25:45", true);
    becomes("29-4-98", AS_DATE_DAY_FIRST, "1998-04-29", true);
    certain("1965-08-04 10:00", "1965-08-04T10:00");
    certain("2024-02-29", "2024-02-29"); /* days that are */
    certain("29.2.2000", "2000-02-29");
    certain("2023-02-29", NULL); /* and days that are not */
    certain("29-Feb-1900 10:00:00", NULL);
    certain("2100 Feb 29", NULL);
    certain("31.4.2024", NULL);
    certain("2024-11-31T10:00", NULL);
    certain("February 30, 2024", NULL);
    becomes("29/02/23", AS_DATE_DAY_FIRST, NULL, true);
    certain("2020-06-01T10:00:00+14:00", "2020-06-01T10:00:00+14:00"); /* Kiribati; no clock is farther */
    becomes("2020-06-01T10:00:00+15:00", AS_DATE_UNTOLD, "2020-06-01T10:00:00", false);
    certain("2020-06-01 10:00:00 -0930", "2020-06-01T10:00:00-09:30");
    certain("2020-06-01 10:00:00 +05:45", "2020-06-01T10:00:00+05:45");
    certain("2020-06-01 10:00:00 +5", "2020-06-01T10:00:00+05:00");
    becomes("2020-06-01 10:00:00 +5:4", AS_DATE_UNTOLD, "2020-06-01T10:00:00", false);
    becomes("2020-06-01 10:00:00 +01:60", AS_DATE_UNTOLD, "2020-06-01T10:00:00", false);
    becomes("2020-06-01 10:00:00 +530", AS_DATE_UNTOLD, "2020-06-01T10:00:00", false);
    certain("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z");
    certain("2016-12-31T23:59:61Z", NULL);
    certain("2024-13-01", NULL);
    certain("32.1.2024", NULL);
    certain("2024-01-01 25:00", NULL);
    certain("2024-01-01 13:00 PM", NULL);
    certain("2024-01-01 of the year", NULL);
    certain("1964", NULL);
    certain("Not specified, most likely prior to 1970", NULL);
    certain("", NULL);
    certain("T", NULL);
    certain("12345-01-01", NULL);
    at(0, "1970-01-01T00:00:00Z");
    at(-1, "1969-12-31T23:59:59Z");
    at(-2209161600, "1899-12-30T00:00:00Z");
    at(-2203934400, "1900-02-28T12:00:00Z");
    at(-2203891199, "1900-03-01T00:00:01Z");
    at(951805800, "2000-02-29T06:30:00Z");
    at(-11670998400, "1600-02-29T00:00:00Z");
    at(2147483648, "2038-01-19T03:14:08Z");
    at(-86400, "1969-12-31T00:00:00Z");
    at(-86401, "1969-12-30T23:59:59Z");
    at(-58061, "1969-12-31T07:52:19Z");
    at(-62135596800, "0001-01-01T00:00:00Z");
    at(68169600, "1972-02-29T00:00:00Z");
    at(68255999, "1972-02-29T23:59:59Z");
    at(68256000, "1972-03-01T00:00:00Z");
    at(94694399, "1972-12-31T23:59:59Z");
    at(4107542399, "2100-02-28T23:59:59Z");
    at(4107542400, "2100-03-01T00:00:00Z");
    at(253402300799, "9999-12-31T23:59:59Z");
    as_ctx_free(ctx);
    DONE();
}
