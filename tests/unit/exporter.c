/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exporters: exact text of small tables, refusals, what is said to be lost. */
#include "check.h"
#include "exporter.h"

static char warned[256];
static void keep_warning(void *user, as_severity severity, as_code code, const as_where *where,
                         const char *message, const char *const *chain, size_t n_chain)
{
    (void)user, (void)code, (void)where, (void)chain, (void)n_chain;
    if (severity == AS_WARNING) (void)snprintf(warned, sizeof warned, "%s", message);
}

static as_table *small(as_ctx *ctx, const char *name, size_t rows, double first)
{
    as_table *t = as_table_new(ctx, rows);
    t->name = as_strdup(t->arena, name);
    as_column *x = as_add_column(ctx, t, "two_theta", AS_ROLE_X, as_unit_of("deg"));
    as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of("count"));
    for (size_t i = 0; i < rows; i++) {
        x->v.f[i] = first + 0.5 * (double)i;
        y->v.f[i] = i == 1 ? (double)NAN : 10.25 * (double)(i + 1);
    }
    return t;
}

/* The export of tables of `rows` each; NULL when refused. */
static const char *export(as_ctx *ctx, const char *name, size_t n_words, const as_word *words,
                          size_t n, as_table **tables)
{
    const as_exporter *e = as_exporter_find(name);
    void *settings = as_alloc(as_scratch(ctx), 1, e->settings_size);
    if (as_settings_read(ctx, as_scratch(ctx), e->params, n_words, words, NULL, settings) != AS_OK)
        return NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    as_export *x;
    unsigned lost = 0;
    bool right = as_export_open(ctx, as_scratch(ctx), e, settings, f, &x) == AS_OK;
    for (size_t i = 0; i < n && right; i++)
        right = as_emit(as_export_sink(x), ctx, tables[i]) == AS_OK;
    right = right && as_export_close(x, &lost) == AS_OK;
    as_export_warn(ctx, e, lost);
    fclose(f);
    const char *kept = right ? as_strdup(as_scratch(ctx), text) : NULL;
    free(text);
    return kept;
}

static void expect(as_ctx *ctx, const char *name, const char *option, double second,
                   const char *wanted)
{
    as_table *t[] = { small(ctx, "a", 2, 5), small(ctx, "b, \"c\"", 3, second) };
    const as_word words[] = { { option, { 0 } }, { "--units", { 0 } } };
    const size_t n_words = !option ? 0 : strcmp(option, "--wide") == 0 ? 2 : 1;
    if (second == 5) t[1]->rows = 2;
    const char *got = export(ctx, name, n_words, words, 2, t);
    CHECK(got && strcmp(got, wanted) == 0);
    if (!got || strcmp(got, wanted) != 0)
        printf("%s %s:\n%s", name, option ? option : "", got ? got : as_pending_message(ctx));
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(keep_warning, NULL);
    expect(ctx, "csv", "--no-units", 6,
           "series,two_theta,intensity\na,5,10.25\na,5.5,\n\"b, \"\"c\"\"\",6,10.25\n\"b, "
           "\"\"c\"\"\",6.5,\n\"b, \"\"c\"\"\",7,30.75\n");
    CHECK(warned[0] == '\0'); /* deg and count are the usual units of these names */
    as_table *known[] = { small(ctx, "a", 2, 5) };
    CHECK(as_set_meta(ctx, known[0], "sample", "a", NULL, NULL) == AS_OK);
    CHECK(export(ctx, "csv", 0, NULL, 1, known) != NULL);
    CHECK(strcmp(warned, "csv has no place for: metadata") == 0);
    expect(ctx, "csv", "--decimal=comma", 6,
           "series;two_theta (deg);intensity (count)\na;5;10,25\na;5,5;\n\"b, \"\"c\"\"\";6;10,25\n\"b, "
           "\"\"c\"\"\";6,5;\n\"b, \"\"c\"\"\";7;30,75\n");
    expect(ctx, "tsv", NULL, 6,
           "series\ttwo_theta (deg)\tintensity (count)\na\t5\t10.25\na\t5.5\t\nb, \"c\"\t6\t10.25\nb, "
           "\"c\"\t6.5\t\nb, \"c\"\t7\t30.75\n");
    expect(ctx, "csv", "--wide", 6,
           "a two_theta (deg),a intensity (count),\"b, \"\"c\"\" two_theta (deg)\",\"b, \"\"c\"\" "
           "intensity (count)\"\n5,10.25,6,10.25\n5.5,,6.5,\n,,7,30.75\n");
    expect(ctx, "tsv", "--wide", 5,
           "two_theta (deg)\ta intensity (count)\tb, \"c\" intensity "
           "(count)\n5\t10.25\t10.25\n5.5\t\t\n");
    expect(ctx, "xy", NULL, 6,
           "# a: two_theta (deg), intensity (count)\n5 10.25\n5.5 nan\n\n\n# b, \"c\": two_theta "
           "(deg), intensity (count)\n6 10.25\n6.5 nan\n7 30.75\n");
    as_table *t[] = { small(ctx, "a", 2, 5), small(ctx, "b", 2, 5) };
    CHECK(!export(ctx, "xye", 0, NULL, 1, t) && as_pending(ctx) == AS_E_MISSING);
    t[0] = small(ctx, "a", 2, 5);
    CHECK(as_add_text(ctx, t[1], "branch", AS_ROLE_OTHER) != NULL);
    CHECK(!export(ctx, "csv", 0, NULL, 2, t) && as_pending(ctx) == AS_E_MISSING);
    t[0] = small(ctx, "a\tb", 2, 5);
    CHECK(!export(ctx, "tsv", 0, NULL, 1, t) && as_pending(ctx) == AS_E_FORMAT);
    t[0] = small(ctx, "a", 1, 5);
    const char *listed = export(ctx, "ecsv-meta", 0, NULL, 1, t);
    CHECK(listed && strstr(listed, "#   series:\n#   - {\"series\": 0, \"name\": \"a\"}\n") &&
          strstr(listed, "series two_theta intensity\n0 5 10.25\n"));
    CHECK(export(ctx, "csv", 0, NULL, 0, NULL) != NULL);
    CHECK(as_exporter_find("xls") == NULL);
    as_ctx_free(ctx);
    DONE();
}
