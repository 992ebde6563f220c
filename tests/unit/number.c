/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers: written shortest and read back, read as strtod reads, laid out as repr() lays out. */
#include <locale.h>
#include <stdint.h>

#include "check.h"
#include "number.h"

static uint64_t state = 88172645463325252u;
static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static int complaints;
static void complain(const char *what, const char *text, double got, double want)
{
    checks_failed++;
    if (complaints++ < 20) printf("%s: '%s' gives %.17g, expected %.17g\n", what, text, got, want);
}

/* Read as strtod does, to the bit and as far. */
static void reads_as_strtod(const char *text)
{
    double got = 0;
    const size_t n = strlen(text);
    char *end;
    const double want = strtod(text, &end);
    checks_done++;
    if (as_scan_number(text, n, '.', &got) != (size_t)(end - text) || to_bits(got) != to_bits(want))
        complain("reading", text, got, want);
}

static int significant(const char *text)
{
    int n = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text == '0' && n == 0) continue;
        if (*text < '0' || *text > '9') continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        n++;
    }
    return n - zeros;
}

/* Written, it reads back; no fewer digits would, and of equally many it is the nearest. */
static void round_trip(double value)
{
    char text[AS_NUMBER_MAX], shorter[64];
    double back = 0;
    const size_t n = as_write_number(value, text);
    checks_done++;
    if (n != strlen(text) || as_scan_number(text, n, '.', &back) != n ||
        to_bits(back) != to_bits(value)) {
        complain("round trip", text, back, value);
        return;
    }
    const int digits = significant(text); /* 0 has none */
    if (digits == 0) return;
    (void)snprintf(shorter, sizeof shorter, "%.*e", digits - 1, value);
    const double nearest = strtod(shorter, NULL);
    if (to_bits(nearest) == to_bits(value) && strtod(text, NULL) != strtod(shorter, NULL))
        complain("not the nearest", text, back, value);
    if (digits <= 1) return;
    (void)snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
    if (strtod(shorter, NULL) == value)
        complain("not the shortest", text, strtod(shorter, NULL), value);
}

static void random_doubles(int n)
{
    for (int i = 0; i < n; i++) {
        const double value = of_bits(next_random());
        if (isfinite(value)) round_trip(value);
    }
}

/* What instruments write: few digits, any exponent near 0. */
static void random_decimals(int n)
{
    static const double tens[] = { 1, 10, 100, 1000, 1e4, 1e5, 1e6 };
    for (int i = 0; i < n; i++) {
        const uint64_t r = next_random();
        const double value = (double)(r % 100000000) / tens[(r >> 40) % 7];
        round_trip((r >> 50) & 1 ? -value - 1 : value + 1);
    }
}

static void random_texts(int n)
{
    for (int i = 0; i < n; i++) {
        char text[128];
        const uint64_t r = next_random();
        int at = snprintf(text, sizeof text, "%llu", (unsigned long long)next_random());
        if (r & 1)
            at += snprintf(text + at, sizeof text - (size_t)at, ".%llu",
                           (unsigned long long)next_random());
        if (r & 2)
            (void)snprintf(text + at, sizeof text - (size_t)at, "e%d", (int)((r >> 8) % 720) - 360);
        if (r & 4) text[1 + (r >> 20) % 20] = '\0';
        reads_as_strtod(text);
    }
}

/* Midpoints of neighbours, where the last of very many digits decides. */
static void midpoints(int n)
{
    for (int i = 0; i < n; i++) {
        const uint64_t bits = i % 4 == 0 ? next_random() % 2000 : next_random() & (UINT64_MAX >> 1);
        const double low = of_bits(bits), high = of_bits(bits + 1);
        if (!isfinite(high)) continue;
        char text[1200];
        /* the average in long double is exact: 64 bits of fraction and a wider exponent */
        const long double middle = ((long double)low + (long double)high) / 2;
        int at = snprintf(text, sizeof text, "%.800Le", middle);
        reads_as_strtod(text);
        char *e = strchr(text, 'e');
        if (!e || at > 1000) continue;
        char longer[1300];
        (void)snprintf(longer, sizeof longer, "%.*s%s1%s", (int)(e - text), text, "000000", e);
        reads_as_strtod(longer); /* a hair above */
    }
}

/* Rows of numbers: what as_scan_number reads one by one, or nothing. */
static void rows(int n)
{
    for (int i = 0; i < n; i++) {
        char text[160] = "";
        const uint64_t r = next_random();
        size_t at = 0;
        double want[3], got[12] = { 0 };
        for (int k = 0; k < 3; k++) {
            const uint64_t v = next_random();
            const double value = (double)(v % 1000000) / (double)(1 + (v >> 30) % 1000);
            const int form = (int)(v >> 50) % 7, digits = 2 * form + (form == 6);
            if (k > 0) text[at++] = r & 1 ? ',' : ' ';
            if (r & 2) text[at++] = ' ';
            const size_t from = at;
            at += (size_t)(form < 5 ? snprintf(text + at, 40, "%.*f", digits, value)
                                    : snprintf(text + at, 40, "%.*e", digits, -value));
            CHECK(as_scan_number(text + from, at - from, '.', &want[k]) == at - from);
        }
        if (r & 4) text[at++] = ' ';
        const size_t bare_end = at;
        if (r & 8) text[at++] = '\r';
        if (r & 24) text[at++] = '\n';
        const as_row_form form = { .decimal = '.', .separator = r & 1 ? ',' : '\0', .count = 3 };
        const size_t used = as_scan_row(text, at, &form, got, 4);
        CHECK(used == at);
        for (int k = 0; k < 3; k++) CHECK(to_bits(got[4 * k]) == to_bits(want[k]));
        const as_row_form fewer = { .decimal = '.', .separator = form.separator, .count = 2 },
                          more = { .decimal = '.', .separator = form.separator, .count = 4 };
        CHECK(as_scan_row(text, at, &fewer, got, 1) == 0);
        CHECK(as_scan_row(text, bare_end, &more, got, 1) == 0);
    }
    static const as_row_form blanks = { .decimal = '.', .count = 2 };
    static const as_row_form tab = { .decimal = ',', .separator = '\t', .bare = true, .count = 2 };
    static const struct { const as_row_form *form; const char *text; size_t used; } cases[] = {
        { &blanks, "1 2\n3 4\n", 4 }, { &blanks, "\t1 \t 2  \n", 9 }, { &blanks, "1 nan\n", 0 },
        { &blanks, "1 2x\n", 0 },      { &blanks, "1,2\n", 0 },         { &blanks, "1 2\r3", 0 },
        { &blanks, "1 -inf", 6 },      { &blanks, "1 2e\n", 0 },        { &blanks, "", 0 },
        { &blanks, "1\n2\n", 0 },      { &blanks, "1. .5\n", 6 },       { &blanks, "1.2.3 4\n", 0 },
        { &blanks, "12345678 1e5\n", 13 }, { &blanks, "# 1 2\n", 0 },   { &blanks, "\n1 2\n", 0 },
        { &tab, "1,5\t2\r\n", 7 },     { &tab, "1,5\t 2\n", 0 },       { &tab, "1,5\t2\t\n", 0 },
        { &tab, "1,5 2\n", 0 },        { &tab, "1.5\t2\n", 0 },         { &tab, " 1,5\t2\n", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got[2];
        const size_t used = as_scan_row(cases[i].text, strlen(cases[i].text), cases[i].form, got, 1);
        if (used != cases[i].used) printf("row '%s': %zu bytes used\n", cases[i].text, used);
        CHECK(used == cases[i].used);
    }
}

/* Lists: what as_scan_number reads one by one, up to what is no number or no single separator. */
static void lists(void)
{
    static const struct { const char *text; size_t used, count; } cases[] = {
        { "1 2,3\n4\t5", 9, 5 },          { "12345678901 -1.5e3 0.25", 23, 3 }, { "", 0, 0 },
        { "1  2", 2, 1 },                  { "1 2x", 2, 1 },                    { "1 nan 2", 2, 1 },
        { "1 2 3 4 5 6 7 8 9", 14, 7 },    { "1e400 1", 0, 0 },                 { " 1", 0, 0 },
        { "812 830 1024 999999999 ", 23, 4 }, { "12345678 123456789 1", 20, 3 }, { "1 .5 5. -", 8, 3 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got[7] = { 0 }, want;
        const char *at = cases[i].text;
        size_t count;
        const size_t used = as_scan_list(at, strlen(at), 7, got, &count);
        if (used != cases[i].used) printf("list '%s': %zu bytes used\n", at, used);
        CHECK(used == cases[i].used && count == cases[i].count);
        for (size_t k = 0; k < count; k++) {
            at += as_scan_number(at, strlen(at), '.', &want) + 1;
            CHECK(to_bits(got[k]) == to_bits(want));
        }
    }
}

/* A number as files have them, of a kind that `r` chooses; returns its length. */
static size_t put_number(char *out, uint64_t r)
{
    static const char *const odd[] = { "5.", ".5", "-.25", "+7", "0", "-0", "00012", "nan" };
    const int digits = (int)(r >> 8) % 10, places = (int)(r >> 16) % 10;
    const double size = (double)(next_random() % 1000000000) / pow(10, 9 - digits);
    switch (r % 16) {
    case 0: return (size_t)sprintf(out, "%s", odd[(r >> 24) % 8]);
    case 1: return (size_t)sprintf(out, "%.*e", places, size);
    case 2: return (size_t)sprintf(out, "%.17g", size * 1.1);
    case 3:
    case 4: return (size_t)sprintf(out, "-%.*f", places, size);
    case 5:
    case 6:
    case 7: return (size_t)sprintf(out, "%.*f", places, size);
    default: return (size_t)sprintf(out, "%.0f", size);
    }
}

enum { ROWS = 60, MOST = 4 };

/* ROWS rows of form->count numbers; where each number begins goes to `at`. */
static size_t put_rows(char *text, const as_row_form *form, uint64_t r, size_t *at)
{
    size_t n = 0;
    for (size_t i = 0; i < ROWS * form->count; i++) {
        if (!form->bare && next_random() % 9 == 0) text[n++] = ' ';
        at[i] = n;
        n += put_number(text + n, r & 1 ? next_random() : (next_random() & ~UINT64_C(15)) + 5);
        if (!form->bare && next_random() % 19 == 0) text[n++] = ' ';
        if ((i + 1) % form->count != 0) {
            text[n++] = form->separator ? form->separator : ' ';
            continue;
        }
        if (r & 2) text[n++] = '\r';
        text[n++] = '\n';
    }
    text[n] = '\0';
    return n;
}

/* Many rows at once are the same as one by one, up to a row that is none. */
static void many_rows(int n)
{
    static char text[ROWS * MOST * 48];
    static double got[ROWS * MOST + MOST];
    size_t at[ROWS * MOST];
    for (int round = 0; round < n; round++) {
        const uint64_t r = next_random();
        const as_row_form form = { .decimal = '.', .separator = r & 4 ? (r & 8 ? ',' : '\t') : '\0',
                                   .bare = r & 16, .gaps = true, .count = 1 + (r >> 32) % MOST };
        const size_t length = put_rows(text, &form, r, at);
        const size_t bad = r & 32 ? (r >> 40) % ROWS : ROWS;
        if (bad < ROWS) text[at[bad * form.count]] = 'x';
        const char *from = text;
        const size_t rows = as_scan_rows(&from, text + length, &form, ROWS, got, 1, form.count);
        CHECK(rows == bad);
        CHECK(from == (bad < ROWS ? text + at[bad * form.count] : text + length) ||
              (bad < ROWS && !form.bare));
        for (size_t i = 0; i < rows * form.count; i++) {
            double want;
            (void)as_scan_number(text + at[i], length - at[i], '.', &want);
            checks_done++;
            if (to_bits(want) != to_bits(got[i]) && !(isnan(want) && isnan(got[i])))
                complain("in rows", text + at[i], got[i], want);
        }
    }
}

/* Long lists likewise: up to the first nan. */
static void long_lists(int n)
{
    static char text[ROWS * 48];
    for (int round = 0; round < n; round++) {
        double got[ROWS], want;
        size_t length = 0, count;
        for (int i = 0; i < ROWS; i++) {
            length += put_number(text + length, next_random());
            text[length++] = " ,\n\t"[next_random() % 4];
        }
        text[length] = '\0';
        const size_t used = as_scan_list(text, length, ROWS, got, &count);
        size_t at = 0;
        for (size_t i = 0; i < count; i++) {
            at += as_scan_number(text + at, length - at, '.', &want) + 1;
            CHECK(to_bits(want) == to_bits(got[i]));
        }
        CHECK(used == at && (count == ROWS || strncmp(text + at, "nan", 3) == 0));
    }
}

static const char *const hard[] = {
    "1e22",
    "1e23",
    "8.5e22",
    "9007199254740993",
    "9007199254740992.5",
    "9007199254740993.0000000000000001",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "2.47032822920623272e-324",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "179769313486231580793e289",
    "1e309",
    "1e-400",
    "0e999999999999",
    "0.1",
    "123456789012345678901234567890",
    "1e-323",
    "5e-324",
    "3e-324",
    "2e-324",
    "6.631236846766476e-316",
    "3.518437208883201171875e13",
    "62.5364939768271845828",
    "8.10109172351e-10",
    "1.50000000000000011102230246251565",
    "4503599627370475.5",
    "4503599627370496.5",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126",
    "6929495644600919.5",
    "3.7455744005952583e15",
    "2.2250738585072013830902327173324040642192159804623318306e-308",
    "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000001e90",
    "1000000000000000000000000000000000000000000000000000000000000000000000000000000000e-80",
    "0.500000000000000166533453693773481063544750213623046875",
    "1e-22",
    "1e-23",
    "9.5e-22",
    "1152921504606846976",
    "18446744073709551615",
    "18446744073709551616",
    "9999999999999999999",
    "10000000000000000000",
    "7.2057594037927933e16",
    "0",
    "00000000000000000000000000000000000001.5",
    "-0",
    "-1.25E+2",
    "+3.25",
};

typedef struct layout {
    double value;
    const char *text;
} layout;
static const layout layouts[] = {
    { 0, "0" },
    { -0.0, "0" },
    { 5, "5" },
    { 5.02, "5.02" },
    { 1e-7, "1e-07" },
    { 1e16, "1e+16" },
    { 9999999999999998, "9999999999999998" },
    { 123456789012345680, "1.2345678901234568e+17" },
    { 1e22, "1e+22" },
    { 1e23, "1e+23" },
    { 0.0001, "0.0001" },
    { 0.00001, "1e-05" },
    { 0.00012345, "0.00012345" },
    { -1.5e-5, "-1.5e-05" },
    { 1e100, "1e+100" },
    { 5e-324, "5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { 0.1, "0.1" },
    { 1.0 / 3, "0.3333333333333333" },
    { 100, "100" },
    { 1e15, "1000000000000000" },
    { 9007199254740992, "9007199254740992" },
    { 2e-323, "2e-323" },
    { 9007199254740994, "9007199254740994" },
    { 123456.5, "123456.5" },
    { -12345678, "-12345678" },
    { 1e21, "1e+21" },
    { (double)INFINITY, "inf" },
    { -(double)INFINITY, "-inf" },
    { (double)NAN, "nan" },
    { 4.35, "4.35" },
    { 4.349999999999999, "4.349999999999999" },
};

typedef struct scanned {
    const char *text;
    char decimal;
    size_t used;
    double value;
} scanned;
static const scanned scans[] = {
    { "5.", '.', 2, 5 },
    { ".5", '.', 2, 0.5 },
    { "+.5e1", '.', 5, 5 },
    { "-5.e-1x", '.', 6, -0.5 },
    { "1,5", ',', 3, 1.5 },
    { "1.5", ',', 1, 1 },
    { "1,5", '.', 1, 1 },
    { "1d3", '.', 3, 1000 },
    { "1.5D-03", '.', 7, 0.0015 },
    { "1E+", '.', 1, 1 },
    { "1e", '.', 1, 1 },
    { "1ex", '.', 1, 1 },
    { "", '.', 0, 0 },
    { "-", '.', 0, 0 },
    { ".", '.', 0, 0 },
    { "e5", '.', 0, 0 },
    { "+-1", '.', 0, 0 },
    { " 1", '.', 0, 0 },
    { "NaN", '.', 3, (double)NAN },
    { "-inf", '.', 4, -(double)INFINITY },
    { "InFinity", '.', 8, (double)INFINITY },
    { "nano", '.', 0, 0 },
    { "information", '.', 0, 0 },
    { "inf,", '.', 3, (double)INFINITY },
    { "1 2", '.', 1, 1 },
    { "0x10", '.', 1, 0 },
    { "1e99999999999999999999", '.', 22, (double)INFINITY },
    { "-1e-99999999999999999999", '.', 24, -0.0 },
    { "12345678", '.', 8, 12345678 },
    { "1234567:", '.', 7, 1234567 },
    { "1234567/", '.', 7, 1234567 },
};

static void tables(void)
{
    char text[AS_NUMBER_MAX];
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) reads_as_strtod(hard[i]);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        as_write_number(layouts[i].value, text);
        CHECK(strcmp(text, layouts[i].text) == 0);
        if (strcmp(text, layouts[i].text) != 0) printf("  '%s' for '%s'\n", text, layouts[i].text);
    }
    for (size_t i = 0; i < sizeof scans / sizeof *scans; i++) {
        double got = -7;
        const size_t used =
            as_scan_number(scans[i].text, strlen(scans[i].text), scans[i].decimal, &got);
        CHECK(used == scans[i].used);
        if (used != scans[i].used) printf("  '%s' used %zu\n", scans[i].text, used);
        if (used)
            CHECK(to_bits(got) == to_bits(scans[i].value) || (isnan(got) && isnan(scans[i].value)));
    }
}

static void powers(void)
{
    for (int e = -1074; e < 1024; e++)
        for (int off = -2; off <= 2; off++)
            round_trip(of_bits(to_bits(ldexp(1, e)) + (uint64_t)off + (e == -1074 ? 2 : 0)));
    for (int e = -330; e < 312; e++)
        for (int digit = 1; digit < 10; digit++) {
            char text[32];
            (void)snprintf(text, sizeof text, "%de%d", digit, e);
            reads_as_strtod(text);
            const double value = strtod(text, NULL);
            if (value > 0 && isfinite(value)) round_trip(value);
        }
}

static void long_inputs(void)
{
    char text[4200];
    memset(text, '9', 4000);
    strcpy(text + 4000, "e-3990");
    reads_as_strtod(text);
    text[1] = '.';
    reads_as_strtod(text);
    memset(text, '0', 4000);
    text[1] = '.';
    strcpy(text + 4000, "1e4000");
    reads_as_strtod(text);
    /* 2^-1074 / 2 written out in full: the tie goes to 0; one digit more at the end does not */
    const int n = snprintf(text, 1200, "%.1100Le", (long double)5e-324 / 2);
    CHECK(n > 1000);
    reads_as_strtod(text);
    char *e = strchr(text, 'e');
    char longer[2400];
    (void)snprintf(longer, sizeof longer, "%.*s1%s", (int)(e - text), text, e);
    reads_as_strtod(longer);
}

static void whole_cells(void)
{
    double v = 0;
    CHECK(as_read_number("  5.02\t\r\n", 8, '.', &v) && v == 5.02);
    CHECK(!as_read_number("5.02 deg", 8, '.', &v));
    CHECK(!as_read_number("   ", 3, '.', &v));
    CHECK(!as_read_number("", 0, '.', &v));
    CHECK(as_read_number("1234567890", 3, '.', &v) && v == 123);
}

int main(void)
{
    (void)setlocale(LC_ALL, "C");
    tables();
    powers();
    random_doubles(150000);
    random_decimals(150000);
    random_texts(200000);
    rows(20000);
    lists();
    many_rows(2000);
    long_lists(2000);
    midpoints(3000);
    long_inputs();
    whole_cells();
    DONE();
}
