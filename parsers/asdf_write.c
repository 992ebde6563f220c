/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DIFDUP: the first digit of a number is a letter, which also holds its sign and its kind. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "asdf_write.h"

enum { LINE = 80, TOKEN = 32 };

static const char sqz_plus[] = "@ABCDEFGHI", sqz_minus[] = "@abcdefghi";
static const char dif_plus[] = "%JKLMNOPQR", dif_minus[] = "%jklmnopqr";
static const char dup[] = "0STUVWXYZs"; /* by the first digit of the count */

/* `value`, its first digit replaced; the length. */
static size_t pack(double value, const char *plus, const char *minus, char out[TOKEN])
{
    const int n = snprintf(out, TOKEN, "%.0f", fabs(value));
    const char digit = n > 0 && out[0] >= '0' && out[0] <= '9' ? out[0] : '0';
    out[0] = (value < 0 ? minus : plus)[digit - '0'];
    return n > 0 && n < TOKEN ? (size_t)n : 1;
}

/* The token for y[i ..): *used points. `dif`: the one before it was an ordinate, so that a
 * difference may follow. */
static size_t next_token(const as_asdf_writer *w, size_t i, bool *dif, size_t *used,
                         char out[TOKEN])
{
    *used = 1;
    if (isnan(w->y[i])) {
        *dif = false;
        out[0] = '?';
        return 1;
    }
    if (i == 0 || isnan(w->y[i - 1])) {
        *dif = false;
        return pack(w->y[i], sqz_plus, sqz_minus, out);
    }
    const double step = w->y[i] - w->y[i - 1];
    while (i + *used < w->n && w->y[i + *used] - w->y[i + *used - 1] == step) ++*used;
    *dif = true;
    size_t n = pack(step, dif_plus, dif_minus, out);
    if (*used > 1) {
        char count[TOKEN];
        const size_t digits = pack((double)*used, dup, dup, count);
        memcpy(out + n, count, digits);
        n += digits;
    }
    return n;
}

/* The abscissa to a hundredth of a step; never with an exponent, whose E would be an ordinate. */
static size_t begin_line(const as_asdf_writer *w, size_t i, char *line)
{
    const double places = ceil(2 - log10(fabs(w->x_step)));
    const int n = snprintf(line, LINE, "%.*f", places > 0 ? (int)fmin(places, 15) : 0,
                           w->x_first + (double)i * w->x_step);
    return n > 0 && n < LINE ? (size_t)n : 0;
}

static void end_line(const as_asdf_writer *w, char *line, size_t n)
{
    line[n] = '\n';
    as_out_bytes(w->out, line, n + 1);
}

void as_write_difdup(const as_asdf_writer *w)
{
    char line[LINE + 2 * TOKEN + 2], token[TOKEN];
    size_t length = 0;
    bool in_dif = false;
    for (size_t i = 0, used; i < w->n; i += used) {
        bool dif;
        const size_t n = next_token(w, i, &dif, &used, token);
        if (length == 0 || length + n > LINE) {
            if (length) end_line(w, line, length);
            length = begin_line(w, in_dif ? i - 1 : i, line);
            if (in_dif) length += pack(w->y[i - 1], sqz_plus, sqz_minus, line + length);
            if (!in_dif && dif) { /* nothing to continue in this line */
                length += pack(w->y[i], sqz_plus, sqz_minus, line + length);
                used = 1;
                continue;
            }
        }
        memcpy(line + length, token, n);
        length += n;
        in_dif = dif;
    }
    if (length) end_line(w, line, length);
    if (!in_dif) return;
    length = begin_line(w, w->n - 1, line);
    length += pack(w->y[w->n - 1], sqz_plus, sqz_minus, line + length);
    end_line(w, line, length);
}
