/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "number.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
/* provisional until the exact reader and writer land */
size_t as_write_number(double value, char out[AS_NUMBER_MAX])
{
    if (value == 0) value = 0;
    if (isnan(value)) { strcpy(out, "nan"); return 3; }
    for (int p = 1; p <= 17; p++) { snprintf(out, AS_NUMBER_MAX, "%.*g", p, value); if (strtod(out, NULL) == value) break; }
    return strlen(out);
}
size_t as_scan_number(const char *text, size_t n, char decimal, double *out)
{
    char b[64]; size_t k = n < 63 ? n : 63; memcpy(b, text, k); b[k] = 0;
    for (size_t i = 0; i < k; i++) if (b[i] == decimal) b[i] = '.';
    char *end; *out = strtod(b, &end); return (size_t)(end - b);
}
bool as_read_number(const char *text, size_t n, char decimal, double *out)
{
    while (n && (*text == ' ' || *text == '\t')) { text++; n--; }
    size_t k = as_scan_number(text, n, decimal, out);
    while (k < n && (text[k] == ' ' || text[k] == '\t' || text[k] == '\r')) k++;
    return k > 0 && k == n;
}
