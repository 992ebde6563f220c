/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Number formats of spreadsheets and the days they count. */
#include "cell_date.h"

#include <math.h>
#include <string.h>

#include "input.h"
#include "spectrum.h"

/* "[h]", "[ss]": time that may be longer than a day; where the bracket ends, NULL: another one. */
static const char *elapsed(const char *at)
{
    const size_t n = strcspn(at + 1, "]");
    return at[1 + n] == ']' && n > 0 && strspn(at + 1, "hHmMsS") == n ? at + n + 1 : NULL;
}

as_cell_kind as_kind_of_code(const char *code)
{
    bool date = false, time = false, month = false;
    if (as_same(code, "General") || as_same(code, "Standard")) return AS_CELL_NUMBER;
    for (const char *at = code; *at && *at != ';'; at++) {
        if (*at == '"') at += strcspn(at + 1, "\"") + 1;
        else if (*at == '[' && elapsed(at)) time = true, at = elapsed(at);
        else if (*at == '[') at += strcspn(at, "]");
        else if (strchr("\\_*", *at)) at++;
        else if (as_starts(at, "AM/PM")) at += strlen("AM/P");
        else if (strchr("yYdDeEgG", *at)) date = true;
        else if (strchr("hHsS", *at)) time = true;
        else if (strchr("mM", *at)) month = true;
        else if (strchr("0#?@%", *at) && !time) return AS_CELL_NUMBER; /* "0.00E+00" */
        if (!*at) break;
    }
    return date || (month && !time) ? AS_CELL_DATE : time ? AS_CELL_TIME : AS_CELL_NUMBER;
}

as_cell_kind as_kind_of_format(unsigned n)
{
    if ((n >= 14 && n <= 17) || n == 22 || (n >= 27 && n <= 31) || n == 36 || (n >= 50 && n <= 54) ||
        n == 57 || n == 58)
        return AS_CELL_DATE;
    if ((n >= 18 && n <= 21) || (n >= 45 && n <= 47) || (n >= 32 && n <= 35) || n == 55 || n == 56)
        return AS_CELL_TIME;
    return AS_CELL_NUMBER;
}

/* Milliseconds of a day as "10:01:00.5". */
static const char *clock_text(as_ctx *ctx, int64_t ms)
{
    const int64_t s = ms / 1000;
    int fraction = (int)(ms % 1000), digits = 3;
    while (digits > 0 && fraction % 10 == 0) fraction /= 10, digits--;
    const char *whole = as_format(as_scratch(ctx), "%02d:%02d:%02d", (int)(s / 3600),
                                  (int)(s / 60 % 60), (int)(s % 60));
    return whole && digits ? as_format(as_scratch(ctx), "%s.%0*d", whole, digits, fraction) : whole;
}

as_status as_cell_date(as_ctx *ctx, as_cell_kind kind, double days, bool since_1904,
                       const char **out)
{
    enum { Y1950 = 18264, Y2101 = 73416, EPOCH = 25569, SHIFT_1904 = 1462, DAY = 86400000 };
    *out = NULL;
    if (!(days >= 0) || kind == AS_CELL_NUMBER) return AS_OK;
    const double since_1900 = since_1904 ? days + SHIFT_1904 : days;
    if (kind == AS_CELL_TIME && days < Y1950 / 2) {
        *out = clock_text(ctx, (int64_t)round(days * DAY));
        return *out ? AS_OK : AS_ERR;
    }
    if (!(since_1900 >= Y1950 && since_1900 < Y2101)) return AS_OK;
    const int64_t ms = (int64_t)round(since_1900 * DAY);
    const char *date = as_utc_text(ctx, (ms / DAY - EPOCH) * (DAY / 1000));
    const char *clock = ms % DAY ? clock_text(ctx, ms % DAY) : "";
    if (!date || !clock) return AS_ERR;
    *out = as_format(as_scratch(ctx), "%.10s%s%s", date, *clock ? "T" : "", clock);
    return *out ? AS_OK : AS_ERR;
}
