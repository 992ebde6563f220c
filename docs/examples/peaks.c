/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peaks of instrument files through the library, then a kernel on arrays of one's own.
 *
 *     cc peaks.c $(pkg-config --cflags --libs assay) -o peaks
 *     ./peaks tests/corpus/xrd/small.xy
 */
#include <assay.h>
#include <savgol.h>
#include <stdio.h>

static void show(void *user, as_severity severity, as_code code, const as_where *where,
                 const char *message, const char *const *chain, size_t n_chain)
{
    (void)user, (void)code, (void)chain, (void)n_chain;
    fprintf(stderr, "%s: %s: %s\n", where && where->file ? where->file : "peaks",
            severity == AS_ERROR ? "error" : "warning", message);
}

static void print_results(const as_tables *found)
{
    for (size_t i = 0; i < found->n; i++)
        for (size_t k = 0; k < found->t[i]->n_results; k++) {
            const as_result *r = &found->t[i]->result[k];
            printf("%s %s %s %.6g +- %.2g %s\n", found->t[i]->name, r->item, r->quantity, r->value,
                   r->u, r->unit.symbol);
        }
}

static void print_steepest(const as_table *t)
{
    enum { HALF = 2 };
    double work[2 * HALF + 1], slope[4096];
    const as_column *y = as_find_role(t, AS_ROLE_Y), *x = as_find_role(t, AS_ROLE_X);
    if (!x || !y || t->rows <= 2 * HALF || t->rows > 4096) return;
    as_savgol(t->rows, HALF, 2, 1, y->v.f, work, slope);
    size_t top = 0;
    for (size_t i = 1; i < t->rows; i++)
        if (slope[i] > slope[top]) top = i;
    printf("steepest rise of %s at %s = %g %s\n", y->name, x->name, x->v.f[top], x->unit.symbol);
}

int main(int argc, char **argv)
{
    as_suite *suite = as_suite_new(show, NULL);
    as_tables scans, found;
    if (!suite) return 5;
    as_status status =
        as_suite_read(suite, (size_t)(argc - 1), (const char *const *)(argv + 1), &scans);
    if (status == AS_OK) status = as_suite_pipe(suite, "baseline-snip | peaks", &scans, &found);
    if (status == AS_OK) {
        print_results(&found);
        print_steepest(scans.t[0]);
        status = as_suite_draw(suite, "plot", &scans, "peaks.svg");
    }
    if (status != AS_OK) as_flush_error(as_suite_ctx(suite));
    as_suite_free(suite);
    return status == AS_OK ? 0 : 1;
}
