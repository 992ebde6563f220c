/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells, space groups and lists of reflections, against published conditions and positions. */
#include "check.h"
#include "crystal.h"

static as_ctx *ctx;

/* Orders of the groups with their centring: general positions of International Tables A. */
static const struct { const char *symbol; size_t order; } orders[] = {
    { "P1", 1 },      { "P-1", 2 },     { "P21", 2 },      { "P2/m", 4 },    { "P21/m", 4 },
    { "P2/c", 4 },    { "P21/c", 4 },   { "P21/n", 4 },    { "C2/m", 8 },    { "C2/c", 8 },
    { "P212121", 4 }, { "Pmmm", 8 },    { "Pnma", 8 },     { "Pbcn", 8 },    { "Pbca", 8 },
    { "Cmcm", 16 },   { "Cmmm", 16 },   { "Immm", 16 },    { "Imma", 16 },   { "Fmmm", 32 },
    { "Fddd", 32 },   { "P4/mmm", 16 }, { "P42/mnm", 16 }, { "P4/nmm", 16 }, { "P42/nmc", 16 },
    { "P41212", 8 },  { "I4/m", 16 },   { "I4/mmm", 32 },  { "I4/mcm", 32 }, { "I41/a", 16 },
    { "I41/amd", 32 }, { "R-3", 18 },   { "R-3m", 36 },    { "R-3c", 36 },   { "R3c", 18 },
    { "P-3m1", 12 },  { "P-31c", 12 },  { "P3121", 6 },    { "P3221", 6 },   { "P63/m", 12 },
    { "P63mc", 12 },  { "P6/mmm", 24 }, { "P63/mmc", 24 }, { "P63/mcm", 24 }, { "P213", 12 },
    { "Pa-3", 24 },   { "Ia-3", 48 },   { "Fm-3", 96 },    { "P-43m", 24 },  { "F-43m", 96 },
    { "I-43m", 48 },  { "I-43d", 48 },  { "Pm-3m", 48 },   { "Pn-3m", 48 },  { "Pm-3n", 48 },
    { "Im-3m", 96 },  { "Ia-3d", 96 },  { "Fm-3m", 192 },  { "Fm-3c", 192 }, { "Fd-3m", 192 },
};

static void group_orders(void)
{
    size_t n = 0;
    for (; as_symmetry_symbols[n]; n++) {
        as_symmetry s;
        CHECK(strcmp(as_symmetry_symbols[n], orders[n].symbol) == 0);
        CHECK(as_symmetry_named(ctx, orders[n].symbol, &s) == AS_OK);
        if (s.n != orders[n].order)
            printf("%s: %zu operations\n", orders[n].symbol, s.n);
        CHECK(s.n == orders[n].order);
    }
    CHECK(n == sizeof orders / sizeof *orders);
}

/* The first allowed reflections by falling d, as textbooks and cards list them. */
static void allowed(const char *cell, const char *expected)
{
    as_cell c;
    as_reflection *r;
    size_t n;
    char got[400] = "", text[AS_HKL_TEXT];
    CHECK(as_cell_parse(ctx, cell, &c) == AS_OK);
    CHECK(as_reflections(ctx, as_scratch(ctx), &c, 0.9, 1e9, &r, &n) == AS_OK);
    for (size_t i = 0; i < n && strlen(got) < strlen(expected); i++) {
        as_hkl_text((int[]){ r[i].h, r[i].k, r[i].l }, text);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s*%d", i ? " " : "", text,
                 r[i].multiplicity);
    }
    if (strcmp(got, expected) != 0) printf("%s: %s\n", cell, got);
    CHECK(strcmp(got, expected) == 0);
}

static void conditions(void)
{
    allowed("cubic:26.343:F", "111*8 200*6 220*12 311*24 222*8 400*6 331*24 420*24 422*24 333*8 "
                              "511*24 440*12");
    allowed("Fm-3m:26.343", "111*8 200*6 220*12 311*24 222*8 400*6 331*24 420*24");
    allowed("Pm-3m:4.157", "100*6 110*12 111*8 200*6 210*24 211*24 220*12 221*24 300*6");
    allowed("cubic:4.157:I", "110*12 200*6 211*24 220*12 310*24 222*8 321*48");
    allowed("Fd-3m:5.431", "111*8 220*12 311*24 222*8 400*6 331*24 422*24"); /* 200, 420 absent */
    allowed("Pa-3:5.417", "111*8 200*6 210*12 211*24"); /* pyrite: 210 there, 120 absent */
    allowed("Ia-3d:12.0", "211*24 220*12 321*48 400*6 420*24 332*24 422*24 431*48");
    allowed("Fm-3c:12.0", "200*6 220*12 222*8 400*6 420*24 422*24 440*12 531*48");
    allowed("P63mc:3.2498,5.2066", "100*6 002*2 101*12 102*12 110*6 103*12 200*6"); /* ZnO */
    allowed("P63/mmc:2.464,6.711", "002*2 100*6 101*12 102*12 004*2 103*12 104*12 110*6 112*12");
    allowed("R-3c:4.7588,12.992", "012*6 104*6 110*6 006*2 113*12 202*6 024*6 116*12"); /* Al2O3 */
    allowed("trigonal:4.7588,12.992:R", "003*2 101*6 012*6 104*6 110*6 015*6 006*2");
    allowed("P3121:4.9133,5.4053", "100*6 011*6 101*6 110*6 012*6 102*6 111*12"); /* quartz */
    allowed("I41/amd:3.785,9.514", "101*8 103*8 004*2 112*8 200*4 202*8 105*8 211*16"); /* anatase */
    allowed("P42/mnm:4.594,2.959", "110*4 101*8 200*4 111*8 210*8 211*16 220*4 002*2");
    allowed("Pnma:10.332,6.010,4.692", "200*2 101*4 210*4 011*4 111*8"); /* LiFePO4 */
    allowed("P21/c:5.1,5.2,5.3,99.2", "100*2 011*4 110*4 11-1*4 111*4"); /* zirconia */
    allowed("triclinic:5,6,7,80,85,95:P", "001*2 010*2");
}

/* truth/xrd/positions: list, multiplicities, spacings and angles at three wavelengths. */
static void truth(void)
{
    const char *shared = getenv("ASSAY_SHARED");
    char path[1000], line[400];
    snprintf(path, sizeof path, "%s/truth/xrd/positions_a26.343.tsv", shared ? shared : "..");
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("no %s: skipped\n", path);
        return;
    }
    as_cell c;
    as_reflection *r;
    size_t n, i = 0;
    CHECK(as_cell_parse(ctx, "cubic:26.343:F", &c) == AS_OK);
    CHECK(as_reflections(ctx, as_scratch(ctx), &c, as_d_spacing(40, 1.5406), 1e9, &r, &n) == AS_OK);
    CHECK(fgets(line, sizeof line, f) != NULL);
    while (fgets(line, sizeof line, f)) {
        int h, k, l, m;
        double d, t0, t1, t2;
        CHECK(sscanf(line, "%d %d %d %d %lf %lf %lf %lf", &h, &k, &l, &m, &d, &t0, &t1, &t2) == 8);
        CHECK(i < n);
        if (i == n) break;
        CHECK(r[i].h == h && r[i].k == k && r[i].l == l && r[i].multiplicity == m);
        NEAR(r[i].d, d, 6e-7);
        NEAR(as_two_theta(r[i].d, 1.5406), t0, 6e-6);
        NEAR(as_two_theta(r[i].d, 1.54056), t1, 6e-6);
        NEAR(as_two_theta(r[i].d, 1.54439), t2, 6e-6);
        i++;
    }
    CHECK(i == n);
    fclose(f);
}

static void refuses(const char *cell, const char *words)
{
    as_cell c;
    CHECK(as_cell_parse(ctx, cell, &c) == AS_ERR);
    CHECK(as_pending(ctx) == AS_E_USAGE);
    if (!strstr(as_pending_message(ctx), words)) printf("%s\n", as_pending_message(ctx));
    CHECK(strstr(as_pending_message(ctx), words) != NULL);
    as_forget_error(ctx);
}

static void cells(void)
{
    as_cell c;
    CHECK(as_cell_parse(ctx, "triclinic:5,6,7,80,85,95", &c) == AS_OK);
    /* from the inverse of the matrix of the edges, computed apart */
    NEAR(as_cell_volume(&c), 204.89974065719812, 1e-9);
    NEAR(1 / sqrt(as_inverse_d2(&c, 1, 2, -1)), 2.149443374422127, 1e-12);
    CHECK(as_cell_parse(ctx, "hexagonal:3,5", &c) == AS_OK);
    NEAR(as_inverse_d2(&c, 1, 1, 2), 4 * (1 + 1 + 1) / 27.0 + 4 / 25.0, 1e-12);
    NEAR(as_d_spacing(as_two_theta(2.5, 1.54), 1.54), 2.5, 1e-12);
    CHECK(isnan(as_two_theta(0.7, 1.54)));
    refuses("Fm-3n:5", "did you mean 'Fm-3");
    refuses("cubic:26.343:R", "centring PIF");
    refuses("cubic:26.343,3", "1 free parameters");
    refuses("cubic:x", "no number");
    refuses("26.343", "no cell");
    refuses("Fm-3m:26.343:P", "its own centring");
    refuses("cubic:-3", "no cell has");
    refuses("triclinic:5,6,7,20,20,95", "no cell has");
}

static void hkl(void)
{
    int h[3];
    char text[AS_HKL_TEXT];
    CHECK(as_hkl_parse("111", 3, h) && h[0] == 1 && h[2] == 1);
    CHECK(as_hkl_parse("1-10", 4, h) && h[1] == -1 && h[2] == 0);
    CHECK(as_hkl_parse("10.0.2", 6, h) && h[0] == 10 && h[1] == 0 && h[2] == 2);
    CHECK(as_hkl_parse("10 0 -2", 7, h) && h[0] == 10 && h[2] == -2);
    CHECK(!as_hkl_parse("11", 2, h) && !as_hkl_parse("1111", 4, h) && !as_hkl_parse("1x1", 3, h));
    as_hkl_text((int[]){ 10, 0, 2 }, text);
    CHECK(strcmp(text, "10.0.2") == 0);
    as_hkl_text((int[]){ 1, -1, 0 }, text);
    CHECK(strcmp(text, "1-10") == 0);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    CHECK(ctx != NULL);
    group_orders();
    conditions();
    truth();
    cells();
    hkl();
    as_ctx_free(ctx);
    DONE();
}
