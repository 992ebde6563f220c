/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "json.h"
#include "number.h"

void as_json_text(FILE *to, const char *text)
{
    if (!text) {
        fputs("null", to);
        return;
    }
    fputc('"', to);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(to, "\\%c", *c);
        else if (*c < 0x20)
            fprintf(to, "\\u%04x", *c);
        else
            fputc(*c, to);
    }
    fputc('"', to);
}

void as_json_number(FILE *to, double value)
{
    char text[AS_NUMBER_MAX];
    if (!isfinite(value)) {
        fputs("null", to);
        return;
    }
    as_write_number(value, text);
    fputs(text, to);
}
