/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structure factors of HKUST-1 against computed patterns made elsewhere, with their form factors
 * (electron scattering of Peng, Doyle & Turner by the Mott-Bethe formula), and with ours. */
#include "cages.h"
#include "check.h"
#include "structure.h"

static as_ctx *ctx;

static double peng(const char *element, double s2)
{
    static const struct { const char *e; double z, a[4], b[4]; } t[] = {
        { "Cu", 29, { 1.579, 1.82, 1.658, 0.532 }, { 62.94, 12.453, 2.504, 0.333 } },
        { "O", 8, { 0.455, 0.917, 0.472, 0.138 }, { 23.78, 7.622, 2.144, 0.296 } },
        { "C", 6, { 0.731, 1.195, 0.456, 0.125 }, { 36.995, 11.297, 2.814, 0.346 } },
        { "H", 1, { 0.202, 0.244, 0.082, 0 }, { 30.868, 8.544, 1.273, 0 } },
    };
    for (size_t i = 0; i < 4; i++)
        if (strcmp(t[i].e, element) == 0) {
            double sum = 0;
            for (int k = 0; k < 4; k++) sum += t[i].a[k] * exp(-t[i].b[k] * s2);
            return t[i].z - 41.78214 * s2 * sum;
        }
    return NAN;
}

static double factor_of(const as_structure *s, const as_atoms *atoms, const int hkl[3], bool ours)
{
    const double s2 = as_inverse_d2(&s->cell, hkl[0], hkl[1], hkl[2]) / 4;
    double f[16], out[2];
    for (size_t k = 0; k < s->n_sites; k++)
        f[k] = ours ? as_form_factor_at(s->site[k].f, s2) : peng(s->site[k].f->element, s2);
    as_structure_factor(s, atoms, f, hkl, s2, out);
    NEAR(out[1], 0, 1e-9); /* centrosymmetric */
    return out[0];
}

static double intensity_of(const as_structure *s, const as_atoms *atoms, const char *hkls, bool ours)
{
    double sum = 0;
    int h, k, l, n;
    for (const char *p = hkls; sscanf(p, "(%d %d %d)%n", &h, &k, &l, &n) == 3; p += n + (p[n] == '+')) {
        const int hkl[3] = { h, k, l };
        int first[3];
        const double f = factor_of(s, atoms, hkl, ours);
        const double d = 1 / sqrt(as_inverse_d2(&s->cell, h, k, l));
        sum += as_multiplicity(&s->cell.symmetry, hkl, first) * f * f *
               as_lorentz_polarisation(as_two_theta(d, 1.5406));
        if (!p[n]) break;
    }
    return sum;
}

/* truth/xrd/pattern_*: with their form factors to the digits printed (of a strongest line of 100,
 * five decimals, cut at sums over 624 atoms); with ours within 1 % of the strongest line. */
static void pattern(const as_structure *s, const as_atoms *atoms, const char *name, double b)
{
    char path[1000], line[400];
    snprintf(path, sizeof path, "%s/truth/xrd/%s", getenv("ASSAY_SHARED") ? getenv("ASSAY_SHARED") : "..",
             name);
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("no %s: skipped\n", path);
        return;
    }
    double strongest[2] = { 0 };
    for (int pass = 0; pass < 2; pass++) {
        rewind(f);
        CHECK(fgets(line, sizeof line, f) != NULL);
        while (fgets(line, sizeof line, f)) {
            double t, d, i0, i1;
            int m;
            char hkls[200];
            CHECK(sscanf(line, "%lf\t%lf\t%199[^\t]\t%d\t%lf\t%lf", &t, &d, hkls, &m, &i0, &i1) == 6);
            for (int ours = 0; ours < 2; ours++) {
                const double v = intensity_of(s, atoms, hkls, ours);
                strongest[ours] = fmax(strongest[ours], v);
                if (pass == 1)
                    NEAR(100 * v / strongest[ours], b > 0 ? i1 : i0, ours ? 1.0 : 2e-4);
            }
        }
    }
    fclose(f);
}

static void guests(as_structure *s, const as_atoms *atoms)
{
    as_cages cages;
    double volume[3], unit[3];
    CHECK(as_cages_of(ctx, as_scratch(ctx), s, atoms, &cages) == AS_OK);
    as_cages_factor(&cages, (int[]){ 0, 0, 0 }, volume);
    const double cell = as_cell_volume(&s->cell);
    NEAR((volume[0] + volume[1] + volume[2]) / cell, 0.722, 5e-4); /* the truth's void share */
    as_cages_factor(&cages, (int[]){ 1, 1, 1 }, unit);
    /* slopes of F111 in guest-map_111.tsv: (501.2+168.3)/0.3; b and c from the rows with all three */
    NEAR(unit[0], 2231.7, 1);
    NEAR(unit[1], -1949.3, 1);
    NEAR(unit[2], 23.9, 1.5);
    NEAR(volume[0], 48 * 46 / 0.3062, 10); /* pc-loading: one PC less its oxygen per Cu */
    as_cages_factor(&cages, (int[]){ 2, 0, 0 }, unit);
    const int h200[3] = { 2, 0, 0 }, h111[3] = { 1, 1, 1 };
    const double f111 = factor_of(s, atoms, h111, false), f200 = factor_of(s, atoms, h200, false);
    NEAR(f111, -168.3, 0.06);
    double u111[3];
    as_cages_factor(&cages, h111, u111);
    const double a = f111 + 0.2 * u111[0] + 0.05 * (u111[1] + u111[2]), b = f200 + 0.2 * unit[0] +
                     0.05 * (unit[1] + unit[2]);
    CHECK(a > 0 && b != 0);
    s->cell.symmetry.system = AS_TETRAGONAL;
    CHECK(as_cages_of(ctx, as_scratch(ctx), s, atoms, &cages) == AS_ERR);
    as_forget_error(ctx);
}

static void refuses(const char *text, const char *words)
{
    as_structure s;
    const as_input *in;
    CHECK(as_input_of_bytes(ctx, "x.structure", text, strlen(text), &in) == AS_OK);
    CHECK(as_structure_parse(ctx, as_scratch(ctx), in, &s) == AS_ERR);
    if (!strstr(as_pending_message(ctx), words)) printf("%s\n", as_pending_message(ctx));
    CHECK(strstr(as_pending_message(ctx), words) != NULL);
    as_forget_error(ctx);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    as_structure s;
    as_atoms atoms;
    const as_input *in;
    CHECK(as_input_open(ctx, ASSAY_SOURCE "/datasets/chang2022/xrd/hkust-1.structure", &in) == AS_OK);
    CHECK(as_structure_parse(ctx, as_scratch(ctx), in, &s) == AS_OK);
    CHECK(s.n_sites == 7 && s.n_cages == 3 && s.n_radii == 4);
    CHECK(as_atoms_of(ctx, as_scratch(ctx), &s, &atoms) == AS_OK);
    CHECK(atoms.n == 48 + 192 + 288 + 96 + 48); /* Cu48 O192 C288 H96, and the axial sites */
    for (int b = 0; b < 2; b++) {
        for (size_t k = 0; k < s.n_sites; k++) s.site[k].b = b;
        s.site[6].occupancy = 0;
        pattern(&s, &atoms, "pattern_activated_a26.343.tsv", b);
        s.site[6].occupancy = 0.5;
        pattern(&s, &atoms, "pattern_axialO0.50_a26.343.tsv", b);
        s.site[6].occupancy = 1;
        pattern(&s, &atoms, "pattern_axialO1.00_a26.343.tsv", b);
    }
    for (size_t k = 0; k < s.n_sites; k++) s.site[k].b = 0;
    s.site[6].occupancy = 0;
    guests(&s, &atoms);
    refuses("cell Fm-3m:5\nsite A Xx 0 0 0 1 0\n", "no form factor of 'Xx'");
    refuses("cell Fm-3m:5\nsite A O 0 0 0 1\n", "expected 'cell TEXT'");
    refuses("cell Fm-3m:5\nsite A O 0 y 0 1 0\n", "expected a number");
    refuses("cell Fm-3m:5\n", "needs a 'cell' line and a 'site' line");
    as_ctx_free(ctx);
    DONE();
}
