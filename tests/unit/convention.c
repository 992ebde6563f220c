/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal signs, separators and thousands marks, decided by evidence. */
#include "check.h"
#include "convention.h"

static as_convention of(as_ctx *ctx, const char *text)
{
    const as_input *in;
    as_convention c = { 0 };
    CHECK(as_input_of_bytes(ctx, "a", text, strlen(text), &in) == AS_OK);
    CHECK(as_convention_of(ctx, in, 1, 0, &c) == AS_OK);
    return c;
}

int main(void)
{
    static const struct {
        const char *text;
        char separator, decimal, thousands;
        size_t columns;
        bool ambiguous;
    } cases[] = {
        { "5.0 1\n5.1 2\n", 0, '.', 0, 2, false },
        { "  5,0   1\n  5,1   2\n", 0, ',', 0, 2, false },
        { "5.0\t1\n5.1\t\n", '\t', '.', 0, 2, false },
        { "x;y\n5,0;1,5\n5,1;2\n", ';', ',', 0, 2, false },
        { "theta,counts\n5,812\n6,830\n", ',', '.', 0, 2, false },
        { "5.0,1.5\n5.1,2\n", ',', '.', 0, 2, false },
        { "5, 12\n6, 13\n", ',', '.', 0, 2, false },
        { "5,02\n5,04\n5,06\n", 0, ',', 0, 1, false },
        { "5,812\n6,830\n", 0, ',', 0, 1, true },
        { "1.5\n2.5\n", 0, '.', 0, 1, false },
        { "f\tZ\n10000,0\t109,5\n7196,8\t112,1\n", '\t', ',', 0, 2, false },
        { "1;1.234,5\n2;999,5\n3;12.345,25\n", ';', ',', '.', 2, false },
        { "a,b\n\"1,234.5\",1\n\"999.5\",2\n", ',', '.', ',', 2, false },
        { "a\n1,2,3\n4,5,6\n", ',', '.', 0, 3, false },
        { "date value\n07/07/2022 5.5 1.5\n08/07/2022 5.6 1.6\n", 0, '.', 0, 3, false },
        { "only prose here, and more\n", 0, '.', 0, 0, false },
    };
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const as_convention c = of(ctx, cases[i].text);
        const bool right = cases[i].columns == 0
                               ? c.lines == 0
                               : c.separator == cases[i].separator &&
                                     c.decimal == cases[i].decimal &&
                                     c.thousands == cases[i].thousands &&
                                     c.columns == cases[i].columns &&
                                     (c.ambiguous != NULL) == cases[i].ambiguous;
        if (!right)
            printf("case %zu: separator %d decimal %c thousands %d columns %zu lines %zu %s\n", i,
                   c.separator, c.decimal, c.thousands, c.columns, c.lines,
                   c.ambiguous ? c.ambiguous : "");
        CHECK(right);
    }
    /* a spreadsheet took the decimal points for thousands: no value shows both marks */
    const as_convention c = of(ctx, "0;50.026.184\n0,2;5.002.491\n0,4;50.022.881\n");
    double v;
    CHECK(c.thousands == 0 && !as_convention_number(&c, "50.026.184", 10, &v));
    const as_convention t = { .decimal = ',', .separator = ';', .thousands = '.' };
    CHECK(as_convention_number(&t, "-1.234.567,5", 12, &v) && v == -1234567.5);
    CHECK(!as_convention_number(&t, "1.23,5", 6, &v) && !as_convention_number(&t, "12.34", 5, &v));
    CHECK(as_convention_number(&t, "1.234", 5, &v) && v == 1234);
    CHECK(as_is_missing("N/A", 3) && as_is_missing("", 0) && !as_is_missing("0", 1));
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
