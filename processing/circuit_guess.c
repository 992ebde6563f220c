/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting values of equivalent circuits, and the order of blocks that are alike. See circuit.h. */
#include <math.h>
#include <string.h>

#include "circuit.h"
#include "random.h"

static const double TWO_PI = 6.28318530717958647692;

enum { PROBES = 30, TRIALS_EACH = 200, TRIALS_MOST = 3000, SWEEPS = 60 };

typedef struct trial { /* the spectrum thinned out, and one draw */
    const as_circuit *c;
    size_t n;
    double w[PROBES], re[PROBES], im[PROBES], s_re[PROBES], s_im[PROBES];
    double ohm_lo, ohm_hi, w_lo, w_hi;
    double p[AS_CIRCUIT_PARAMS];
    bool held[AS_CIRCUIT_ELEMENTS]; /* blocks whose magnitude is given */
} trial;

static void thin_out(trial *t, const as_circuit *c, const as_impedance *z, const double *s_re,
                     const double *s_im)
{
    t->c = c;
    t->n = z->n < PROBES ? z->n : PROBES;
    t->ohm_lo = INFINITY;
    t->ohm_hi = 0;
    for (size_t i = 0; i < t->n; i++) {
        const size_t k = t->n == 1 ? 0 : i * (z->n - 1) / (t->n - 1);
        const double size = hypot(z->re[k], z->im[k]);
        t->w[i] = TWO_PI * z->f[k];
        t->re[i] = z->re[k];
        t->im[i] = z->im[k];
        t->s_re[i] = s_re[k];
        t->s_im[i] = s_im[k];
        t->ohm_lo = fmin(t->ohm_lo, size);
        t->ohm_hi = fmax(t->ohm_hi, size);
    }
    t->w_hi = 3 * t->w[0];
    t->w_lo = t->w[t->n - 1] / 3;
    for (size_t e = 0; e < c->n_elements; e++)
        for (size_t k = 0; k < c->element[e].kind->n; k++) {
            const as_circuit_param *p = &c->param[c->element[e].first + k];
            if (isfinite(p->start) && p->what->role <= AS_ADMITTANCE)
                t->held[c->element[e].block] = true;
        }
}

static double clamp(const as_circuit_param *p, double v)
{
    return fmin(fmax(v, p->lo), p->hi);
}

/* Each element of a size about that of the spectrum, at a frequency about those measured. */
static void draw(trial *t, as_random *r)
{
    for (size_t e = 0; e < t->c->n_elements; e++) {
        const as_element *el = &t->c->element[e];
        const double at = t->w_lo * pow(t->w_hi / t->w_lo, as_random_uniform(r));
        const double ohm = t->ohm_hi * pow(fmax(t->ohm_lo / t->ohm_hi, 0.03), as_random_uniform(r));
        const double n = 0.6 + 0.4 * as_random_uniform(r);
        for (size_t k = 0; k < el->kind->n; k++) {
            const as_circuit_param *p = &t->c->param[el->first + k];
            const double exponent =
                el->kind->n == 1 ? (strcmp(el->kind->name, "W") == 0 ? -0.5 : 1) : n;
            double v = ohm;
            if (p->what->role == AS_ADMITTANCE) v = 1 / (ohm * pow(at, exponent));
            if (p->what->role == AS_TIME) v = 1 / at;
            if (p->what->role == AS_EXPONENT) v = n;
            if (p->what->role == AS_OHMIC && strcmp(p->what->quantity, "resistance") != 0)
                v = ohm / pow(at, exponent);
            t->p[el->first + k] = isfinite(p->start) ? p->start : clamp(p, v);
        }
    }
}

/* min |H x - b| over x >= 0, by sweeps over the coordinates: good enough to start from. */
static void non_negative(size_t m, double (*H)[AS_CIRCUIT_ELEMENTS], const double *b, double *x)
{
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (size_t k = 0; k < m; k++) {
            double sum = b[k];
            for (size_t j = 0; j < m; j++)
                if (j != k) sum -= H[k][j] * x[j];
            x[k] = H[k][k] > 0 ? fmax(0, sum / H[k][k]) : 0;
        }
}

static void scale_block(trial *t, size_t block, double s)
{
    for (size_t e = 0; e < t->c->n_elements; e++) {
        const as_element *el = &t->c->element[e];
        for (size_t k = el->first; el->block == block && k < el->first + el->kind->n; k++) {
            const as_circuit_param *p = &t->c->param[k];
            if (p->what->role == AS_OHMIC) t->p[k] = clamp(p, t->p[k] * s);
            if (p->what->role == AS_ADMITTANCE) t->p[k] = clamp(p, t->p[k] / s);
        }
    }
}

/* The magnitudes of the blocks: the impedance is linear in them. */
static void scale(trial *t)
{
    double H[AS_CIRCUIT_ELEMENTS][AS_CIRCUIT_ELEMENTS] = { { 0 } };
    double b[AS_CIRCUIT_ELEMENTS] = { 0 }, x[AS_CIRCUIT_ELEMENTS] = { 0 };
    const size_t m = t->c->n_blocks;
    for (size_t i = 0; i < t->n; i++) {
        double re[AS_CIRCUIT_ELEMENTS], im[AS_CIRCUIT_ELEMENTS], y_re = t->re[i], y_im = t->im[i];
        for (size_t k = 0; k < m; k++) {
            const double _Complex z = as_circuit_block(t->c, k, t->w[i], t->p, NULL);
            re[k] = t->held[k] ? 0 : creal(z) / t->s_re[i];
            im[k] = t->held[k] ? 0 : cimag(z) / t->s_im[i];
            if (t->held[k]) y_re -= creal(z), y_im -= cimag(z);
        }
        for (size_t k = 0; k < m; k++) {
            b[k] += re[k] * y_re / t->s_re[i] + im[k] * y_im / t->s_im[i];
            for (size_t j = 0; j < m; j++) H[k][j] += re[k] * re[j] + im[k] * im[j];
        }
    }
    non_negative(m, H, b, x);
    for (size_t k = 0; k < m; k++)
        if (!t->held[k]) scale_block(t, k, fmax(x[k], 1e-3));
}

static double cost(const trial *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->n; i++) {
        const double _Complex z = as_circuit_impedance(t->c, t->w[i], t->p, NULL);
        const double a = (t->re[i] - creal(z)) / t->s_re[i], b = (t->im[i] - cimag(z)) / t->s_im[i];
        sum += a * a + b * b;
    }
    return isfinite(sum) ? sum : INFINITY;
}

size_t as_circuit_guess(const as_circuit *c, const as_impedance *z, const double *s_re,
                        const double *s_im, size_t room, double (*start)[AS_CIRCUIT_PARAMS])
{
    trial t = { 0 };
    as_random r;
    double best[64];
    size_t found = 0, open = 0, solved = 0;
    if (room > 64) room = 64;
    thin_out(&t, c, z, s_re, s_im);
    for (size_t k = 0; k < c->n_params; k++) open += isnan(c->param[k].start);
    for (size_t b = 0; b < c->n_blocks; b++) solved += !t.held[b];
    const size_t drawn =
        open > solved ? open - solved : 1; /* the magnitudes of blocks are solved for */
    const size_t trials = open == 0                           ? 1
                          : drawn * TRIALS_EACH < TRIALS_MOST ? drawn * TRIALS_EACH
                                                              : TRIALS_MOST;
    as_random_seed(&r, 1, 0);
    for (size_t i = 0; i < trials; i++) {
        draw(&t, &r);
        scale(&t);
        const double now = cost(&t);
        size_t at = found < room ? found : room;
        while (at > 0 && now < best[at - 1]) at--;
        if (at == room) continue;
        const size_t moved = (found < room ? found : room - 1) - at;
        memmove(&best[at + 1], &best[at], moved * sizeof best[0]);
        memmove(&start[at + 1], &start[at], moved * sizeof start[0]);
        best[at] = now;
        memcpy(start[at], t.p, sizeof t.p);
        found += found < room;
    }
    return found;
}

/* Elements of a block that is one arc: itself, or a resistance parallel to a capacitance. */
typedef struct arc {
    size_t r, q, n; /* parameters; q: of the capacitance, or tau; n: none is c->n_params */
    bool time;
    const char *kind;
} arc;

static bool arc_of(const as_circuit *c, size_t block, arc *out)
{
    const as_circuit_code *code = &c->code[c->block_code[block]];
    const size_t length = c->block_code[block + 1] - c->block_code[block];
    const as_element *a = &c->element[code[0].n];
    if (length == 1 && strcmp(a->kind->name, "Zarc") == 0) {
        *out = (arc){ a->first, a->first + 1, a->first + 2, true, "Zarc" };
        return true;
    }
    if (length != 3 || code[2].op != AS_CODE_PARALLEL) return false;
    const as_element *b = &c->element[code[1].n];
    if (strcmp(a->kind->name, "R") != 0) {
        const as_element *other = a;
        a = b;
        b = other;
    }
    const bool cpe = strcmp(b->kind->name, "CPE") == 0;
    if (strcmp(a->kind->name, "R") != 0 || (!cpe && strcmp(b->kind->name, "C") != 0)) return false;
    *out = (arc){ a->first, b->first, cpe ? b->first + 1 : c->n_params, false, b->kind->name };
    return true;
}

bool as_circuit_arc(const as_circuit *c, size_t block, const double *p, double *hertz,
                    double *hertz_gradient, double *farad, double *farad_gradient)
{
    arc a;
    if (!arc_of(c, block, &a)) return false;
    const double n = a.n < c->n_params && !a.time ? p[a.n] : 1;
    const double tau = a.time ? p[a.q] : pow(p[a.r] * p[a.q], 1 / n);
    *hertz = 1 / (TWO_PI * tau);
    *farad = tau / p[a.r];
    for (size_t k = 0; k < c->n_params; k++) hertz_gradient[k] = farad_gradient[k] = 0;
    double *g = farad_gradient; /* of ln tau at first */
    g[a.q] = 1 / n;
    if (!a.time) g[a.r] = 1 / n;
    if (!a.time && a.n < c->n_params) g[a.n] = -log(p[a.r] * p[a.q]) / (n * n);
    for (size_t k = 0; k < c->n_params; k++) hertz_gradient[k] = -*hertz * g[k];
    g[a.r] -= 1;
    for (size_t k = 0; k < c->n_params; k++) g[k] *= *farad;
    return true;
}

static bool is_free(const as_circuit *c, const arc *a)
{
    return !c->param[a->r].given && !c->param[a->q].given &&
           (a->n == c->n_params || !c->param[a->n].given);
}

static void swap(size_t *to, size_t i, size_t k)
{
    const size_t kept = to[i];
    to[i] = to[k];
    to[k] = kept;
}

bool as_circuit_order(const as_circuit *c, const double *p, size_t *to)
{
    double hertz[AS_CIRCUIT_ELEMENTS], unused, gradient[AS_CIRCUIT_PARAMS],
        other[AS_CIRCUIT_PARAMS];
    arc arcs[AS_CIRCUIT_ELEMENTS];
    size_t n = 0;
    bool moved = false;
    for (size_t k = 0; k < c->n_params; k++) to[k] = k;
    for (size_t b = 0; b < c->n_blocks; b++)
        if (arc_of(c, b, &arcs[n]) && is_free(c, &arcs[n]))
            (void)as_circuit_arc(c, b, p, &hertz[n++], gradient, &unused, other);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            if (strcmp(arcs[i].kind, arcs[k].kind) != 0 || hertz[k] <= hertz[i]) continue;
            const double kept = hertz[i];
            hertz[i] = hertz[k];
            hertz[k] = kept;
            swap(to, arcs[i].r, arcs[k].r);
            swap(to, arcs[i].q, arcs[k].q);
            if (arcs[i].n < c->n_params) swap(to, arcs[i].n, arcs[k].n);
            moved = true;
        }
    return moved;
}
