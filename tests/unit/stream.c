/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams: exact bytes, damage refused, foreign ECSV taken, series that differ. */
#include "streams.h"

static bool refused(as_ctx *ctx, const char *s, as_code code, const char *message)
{
    as_table *t[8];
    if (read_text(ctx, s, 8, t) >= 0) return false;
    const bool right = as_pending(ctx) == code && strstr(as_pending_message(ctx), message);
    if (!right)
        printf("  refused with class %d: %s\n", (int)as_pending(ctx), as_pending_message(ctx));
    return right;
}

/* --- one stream, byte by byte ------------------------------------------------------------------
 */

static as_table *small(as_ctx *ctx, uint32_t number, const char *name)
{
    as_table *t = as_table_new(ctx, 3);
    t->number = number;
    t->name = as_strdup(t->arena, name);
    t->technique = "xrd";
    as_column *x = as_add_column(ctx, t, "two_theta", AS_ROLE_X, as_unit_of("deg"));
    as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of("count"));
    for (size_t i = 0; i < 3; i++) {
        x->v.f[i] = 5 + 0.02 * (double)i;
        y->v.f[i] = i == 2 ? (double)NAN : 812 + 18.5 * (double)i;
    }
    const as_step step = { "read", "0.1.0", "--format xrdml", NULL, NULL };
    CHECK(as_add_step(ctx, t, &step) == AS_OK);
    CHECK(as_set_meta(ctx, t, "sample", "CuBTC-PSS", NULL, NULL) == AS_OK);
    CHECK(as_set_meta(ctx, t, "wavelength", "1.5406", "Angstrom", NULL) == AS_OK);
    CHECK(as_set_meta(ctx, t, "source.name", "a.xrdml", NULL, NULL) == AS_OK);
    CHECK(as_set_meta(ctx, t, "time", "60.0", "s", NULL) == AS_OK);
    return t;
}

static const char expected[] =
    "# %ECSV 1.0\n"
    "# ---\n"
    "# datatype:\n"
    "# - {name: series, datatype: int32, description: number of the series}\n"
    "# - {name: two_theta, unit: deg, datatype: float64, description: scattering angle, meta: "
    "{role: x}}\n"
    "# - {name: intensity, unit: count, datatype: float64, description: detector signal, meta: "
    "{role: y}}\n"
    "# meta:\n"
    "#   assay: {stream: 1, kind: data, technique: xrd}\n"
    "#   common: {sample: CuBTC-PSS, wavelength: {value: 1.5406, unit: Angstrom}}\n"
    "#   history:\n"
    "#   - {op: read, version: 0.1.0, settings: \"--format xrdml\"}\n"
    "# schema: assay-stream-1\n"
    "series two_theta intensity\n"
    "#> {\"series\": 0, \"name\": \"pristine\", \"source\": {\"name\": \"a.xrdml\"}, \"time\": "
    "{\"value\": 60, \"text\": \"60.0\", \"unit\": \"s\"}}\n"
    "0 5 812\n"
    "0 5.02 830.5\n"
    "0 5.04 nan\n"
    "#> {\"series\": 1, \"name\": \"activated\", \"source\": {\"name\": \"a.xrdml\"}, \"time\": "
    "{\"value\": 60, \"text\": \"60.0\", \"unit\": \"s\"}, "
    "\"sample\": null}\n"
    "1 5 812\n"
    "1 5.02 830.5\n"
    "1 5.04 nan\n"
    "#. {\"series\": 2}\n";

static void exact_bytes(as_ctx *ctx)
{
    as_table *t[] = { small(ctx, 0, "pristine"), small(ctx, 1, "activated") };
    CHECK(as_drop_meta(t[1], "sample") == AS_OK);
    const text s = write_all(ctx, AS_KIND_DATA, 2, t);
    CHECK(s.s && strcmp(s.s, expected) == 0);
    if (s.s && strcmp(s.s, expected) != 0) printf("%s", s.s);
    free(s.s);
}

/* Every shorter beginning of a stream is refused. */
static void cut_anywhere(as_ctx *ctx)
{
    as_table *t[4];
    const size_t n = strlen(expected);
    CHECK(read_all(ctx, expected, n, 4, t) == 2);
    size_t accepted = 0;
    for (size_t k = 0; k < n; k++) {
        const as_frame frame = as_enter(ctx);
        accepted += read_all(ctx, expected, k, 4, t) >= 0;
        as_leave(ctx, frame);
    }
    CHECK(accepted == 0);
}

/* Any byte may change: the reader says something and touches no foreign memory. */
static void damage(as_ctx *ctx)
{
    static const char bytes[] = "\n\r\"#%{}[],: 0-x\xff";
    const size_t n = strlen(expected);
    char copy[sizeof expected];
    for (int k = 0; k < 3000; k++) {
        const as_frame frame = as_enter(ctx);
        as_table *t[4];
        memcpy(copy, expected, n + 1);
        for (size_t i = 1 + below(3); i-- > 0;) copy[below(n)] = bytes[below(sizeof bytes - 1)];
        const int got = read_all(ctx, copy, n, 4, t);
        CHECK(got >= -1 && got <= 2);
        as_leave(ctx, frame);
    }
}

#define HEAD(schema)                                                                               \
    "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n"                       \
    "# - {name: x, datatype: float64, meta: {role: x}}\n# - {name: y, datatype: float64, meta: "   \
    "{role: y}}\n"                                                                                 \
    "# meta:\n#   assay: {stream: 1, kind: data}\n" schema "series x y\n"
#define OURS HEAD("# schema: assay-stream-1\n")

static void refusals(as_ctx *ctx)
{
    CHECK(refused(ctx, "", AS_E_TRUNCATED, "found nothing"));
    CHECK(refused(ctx, "2theta intensity\n1 2\n", AS_E_FORMAT, "expected '# %ECSV 1.0'"));
    CHECK(refused(ctx, "# %ECSV 2.0\n", AS_E_FORMAT, "version '2.0'"));
    CHECK(refused(ctx, OURS, AS_E_TRUNCATED, "ends early"));
    CHECK(refused(ctx, OURS "0 1 2\n#. {\"series\": 1}\n", AS_E_SYNTAX, "before any series line"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0}\n1 1 2\n#. {\"series\": 1}\n", AS_E_SYNTAX,
                  "row of series 1"));
    CHECK(refused(ctx, OURS "#> {\"series\": 1}\n#> {\"series\": 0}\n#. {\"series\": 2}\n",
                  AS_E_SYNTAX, "series 0 after series 1"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0}\n0 1 2\n#. {\"series\": 2}\n", AS_E_SYNTAX,
                  "end mark, which says 2"));
    CHECK(refused(ctx, OURS "#. {\"series\": 0}\n" OURS "#. {\"series\": 0}\n", AS_E_SYNTAX,
                  "more after the end mark"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0}\n" OURS, AS_E_SYNTAX, "header of another stream"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0}\n0 1\n#. {\"series\": 1}\n", AS_E_SYNTAX,
                  "2 cells, expected 3"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0}\n0 1 2 3\n#. {\"series\": 1}\n", AS_E_SYNTAX,
                  "4 cells, expected 3"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0}\n0 1 2,5\n#. {\"series\": 1}\n", AS_E_SYNTAX,
                  "found '2,5' in column 'y'"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0\n#. {\"series\": 1}\n", AS_E_SYNTAX, "expected"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0.5}\n", AS_E_SYNTAX, "\"series\""));
    CHECK(refused(ctx, OURS "#> {\"series\": 0, \"results\": [{}]}\n#. {\"series\": 1}\n",
                  AS_E_SYNTAX, "result 1"));
    CHECK(refused(ctx, OURS "#> {\"series\": 0, \"covariance\": [[0, 1, 2]]}\n#. {\"series\": 1}\n",
                  AS_E_SYNTAX, "covariance"));
    CHECK(refused(ctx, HEAD("# schema: assay-stream-1\n#  bad: [\n"), AS_E_SYNTAX, "no YAML"));
    CHECK(refused(ctx,
                  "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: string, subtype: "
                  "'float64[3]'}\na\n",
                  AS_E_FORMAT, "column 'a' holds float64[3]"));
    CHECK(refused(ctx, "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: complex128}\na\n",
                  AS_E_FORMAT, "column 'a' has datatype"));
    CHECK(refused(ctx, "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int8}\nb\n",
                  AS_E_SYNTAX, "found the column 'b', expected 'a'"));
    CHECK(refused(
        ctx,
        "# %ECSV 1.0\n# ---\n# delimiter: ';'\n# datatype:\n# - {name: a, datatype: int8}\na\n",
        AS_E_FORMAT, "delimiter"));
    CHECK(refused(ctx,
                  "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: string}\na\n\"open\n",
                  AS_E_SYNTAX, "quote"));
}

static int seen_line, seen_column;
static char seen_text[256];
static void keep_place(void *user, as_severity severity, as_code code, const as_where *where,
                       const char *message, const char *const *chain, size_t n_chain)
{
    (void)user, (void)severity, (void)code, (void)message, (void)chain, (void)n_chain;
    seen_line = where ? (int)where->line : 0;
    seen_column = where ? (int)where->column : 0;
    (void)snprintf(seen_text, sizeof seen_text, "%s",
                   where && where->line_text ? where->line_text : "");
}

static void places(void)
{
    as_ctx *ctx = as_ctx_new(keep_place, NULL);
    as_table *t[2];
    CHECK(read_text(ctx, OURS "#> {\"series\": 0}\n0 1 2\n\n0 1.5 x7\n", 2, t) == -1);
    as_flush_error(ctx);
    CHECK(seen_line == 14 && seen_column == 7 && strcmp(seen_text, "0 1.5 x7") == 0);
    CHECK(read_text(ctx, OURS "#> {\"series\": 0, \"name\": }\n", 2, t) == -1);
    as_flush_error(ctx);
    CHECK(seen_line == 11 && seen_column >= 26 && seen_column <= 28);
    as_ctx_free(ctx);
}

/* --- foreign ECSV ----------------------------------------------------------------------------- */

static void foreign(as_ctx *ctx)
{
    static const char s[] =
        "# %ECSV 1.0\r\n# ---\r\n# delimiter: ','\r\n# datatype:\r\n"
        "# - {name: t, unit: s, datatype: int64, description: elapsed}\r\n"
        "# - {name: \"flux, raw\", unit: Jy, datatype: float32, format: '%5.2f'}\r\n"
        "# - {name: good, datatype: bool}\r\n# - {name: who, datatype: string}\r\n"
        "# meta: !!omap\r\n# - {telescope: VLT}\r\n# - keywords: [a, 1]\r\n"
        "# - {site: {height: 2635.0, name: Paranal}}\r\n# schema: astropy-2.0\r\n"
        "t,\"flux, raw\",good,who\r\n1,2.5,True,\"a \"\"b\"\", c\"\r\n# a remark\r\n2, "
        ",False,\r\n3,\"\",True,50%41\r\n";
    as_table *t[2];
    CHECK(read_text(ctx, s, 2, t) == 1);
    CHECK(t[0]->rows == 3 && t[0]->n_columns == 4);
    const as_column *x = as_need(ctx, t[0], AS_ROLE_X), *y = as_need(ctx, t[0], AS_ROLE_Y);
    CHECK(x && y && strcmp(x->name, "t") == 0 && strcmp(y->name, "flux, raw") == 0);
    CHECK(strcmp(x->unit.symbol, "s") == 0);
    CHECK(y->v.f[0] == 2.5 && isnan(y->v.f[1]) && isnan(y->v.f[2]));
    CHECK(as_find_name(t[0], "good")->v.f[0] == 1 && as_find_name(t[0], "good")->v.f[1] == 0);
    const as_column *who = as_find_name(t[0], "who");
    CHECK(strcmp(who->v.s[0], "a \"b\", c") == 0 && who->v.s[1] == NULL &&
          strcmp(who->v.s[2], "50%41") == 0);
    CHECK(same_text(as_get_meta(t[0], "telescope")->text, "VLT"));
    CHECK(same_text(as_get_meta(t[0], "keywords")->text, "[\"a\",1.0]"));
    CHECK(as_get_meta(t[0], "site.height")->number == 2635);
    const text out = write_all(ctx, AS_KIND_DATA, 1, t);
    CHECK(strstr(out.s, "telescope: VLT") && strstr(out.s, "description: elapsed"));
    CHECK(strstr(out.s, "series t \"flux, raw\" good who\n"));
    as_table *back[2];
    CHECK(read_all(ctx, out.s, out.n, 2, back) == 1 && same_table(t[0], back[0]));
    free(out.s);
}

/* What astropy makes of a stream: the marks are gone, the column `series` stays. */
static void without_marks(as_ctx *ctx)
{
    as_table *t[3];
    CHECK(read_text(ctx, HEAD("") "0 1 2\n0 2 3\n4 1 2\n", 3, t) == 2);
    CHECK(t[0]->rows == 2 && t[1]->rows == 1 && t[1]->number == 4 && t[1]->column[1]->v.f[0] == 2);
    CHECK(read_text(ctx, HEAD(""), 3, t) == 1 && t[0]->rows == 0);
    CHECK(refused(ctx, HEAD("") "0 1 2\n1 2 3\n0 1 2\n", AS_E_SYNTAX,
                  "rows of a series stand together"));
    CHECK(read_text(ctx, "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int8}\na\n5", 3,
                    t) == 1 &&
          t[0]->column[0]->v.f[0] == 5);
}

/* --- differing series and results ---------------------------------------------------------------
 */

static void columns_that_differ(as_ctx *ctx)
{
    as_table *t[] = { small(ctx, 0, "first"), small(ctx, 1, "second") }, *out[2];
    CHECK(as_add_column(ctx, t[0], "baseline", AS_ROLE_BASELINE, as_unit_of("count")) != NULL);
    text s = write_all(ctx, AS_KIND_DATA, 2, t);
    CHECK(s.s && read_all(ctx, s.s, s.n, 2, out) == 2);
    CHECK(isnan(as_find_name(out[1], "baseline")->v.f[0]) &&
          as_find_name(out[0], "baseline")->v.f[0] == 0);
    free(s.s);
    CHECK(as_add_column(ctx, t[1], "model", AS_ROLE_MODEL, as_unit_of("count")) != NULL);
    s = write_all(ctx, AS_KIND_DATA, 2, t);
    CHECK(!s.s &&
          strstr(as_pending_message(ctx),
                 "'second' brings a column 'model' that the first series, 'first', has not"));
    t[1] = small(ctx, 1, "third");
    t[1]->column[1]->unit = as_unit_of("count/s");
    s = write_all(ctx, AS_KIND_DATA, 2, t);
    CHECK(!s.s && as_pending(ctx) == AS_E_UNIT);
}

static void results(as_ctx *ctx)
{
    as_table *t[] = { small(ctx, 3, "a b"), small(ctx, 3, "other") }, *out[2];
    const as_result r = { .item = "C=O",
                          .quantity = "area",
                          .value = 1.25,
                          .u = 0.5,
                          .unit = as_unit_of("deg"),
                          .bound = AS_ABOVE,
                          .flag = "ok",
                          .method = "Voigt fit" };
    CHECK(as_add_result(ctx, t[0], &r) == AS_OK);
    const text s = write_all(ctx, AS_KIND_RESULTS, 2, t);
    CHECK(s.s && read_all(ctx, s.s, s.n, 2, out) == 2);
    CHECK(out[0]->kind == AS_KIND_RESULTS && out[0]->n_results == 1 && out[0]->rows == 1);
    CHECK(same_result(&out[0]->result[0], &t[0]->result[0]));
    CHECK(out[0]->number == 3 && out[1]->number == 4 && out[1]->rows == 0);
    CHECK(strstr(s.s, "series name item quantity value u unit bound flag method\n"));
    CHECK(strstr(s.s, "\n3 a%20b C=O area 1.25 0.5 deg > ok Voigt%20fit\n"));
    const text again = write_all(ctx, AS_KIND_RESULTS, 2, out);
    CHECK(again.s && strcmp(again.s, s.s) == 0);
    free(again.s);
    free(s.s);
}

/* The form for astropy: what stands in the header is given back to the series. */
static void listed(as_ctx *ctx)
{
    as_table *t[] = { small(ctx, 2, "first"), small(ctx, 5, "second") }, *out[2];
    const as_result r = { .item = "111",
                          .quantity = "area",
                          .value = 1.25,
                          .u = 1e-7,
                          .unit = as_unit_of("deg"),
                          .flag = "ok" };
    CHECK(as_add_result(ctx, t[1], &r) == AS_OK &&
          as_set_meta(ctx, t[1], "sample", "#: \xe2\x80\xa8", NULL, NULL) == AS_OK);
    text s = { 0 };
    FILE *f = open_memstream(&s.s, &s.n);
    CHECK(as_write_listed(ctx, f, 2, (const as_table *const *)t) == AS_OK);
    fclose(f);
    CHECK(!strstr(s.s, "#>") && !strstr(s.s, "#."));
    const int n = read_all(ctx, s.s, s.n, 2, out);
    CHECK(n == 2 && same_table(t[0], out[0]) && same_table(t[1], out[1]));
    if (n != 2) printf("%s\n%s", as_pending_message(ctx), s.s);
    free(s.s);
}

static void full_disk(as_ctx *ctx)
{
    FILE *f = fopen("/dev/full", "w");
    if (!f) return;
    as_writer *w = as_writer_open(ctx, f, AS_KIND_DATA);
    as_table *t = small(ctx, 0, "full");
    CHECK(as_writer_put(w, t) == AS_OK);
    CHECK(as_writer_close(w) == AS_ERR && as_pending(ctx) == AS_E_IO);
    fclose(f);
}

/* No allocation may fail without being reported. */
static void without_memory(void)
{
    for (uint64_t k = 1; k < 400; k++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_table *t[2];
        as_ctx_fail_allocation(ctx, k);
        const int got = read_text(ctx, expected, 2, t);
        CHECK(got == 2 || (got == -1 && as_pending(ctx) == AS_E_NOMEM));
        if (got == 2) {
            const text s = write_all(ctx, AS_KIND_DATA, 2, t);
            CHECK(s.s || as_pending(ctx) == AS_E_NOMEM);
            free(s.s);
        }
        as_ctx_free(ctx);
    }
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    exact_bytes(ctx);
    cut_anywhere(ctx);
    damage(ctx);
    refusals(ctx);
    places();
    foreign(ctx);
    without_marks(ctx);
    columns_that_differ(ctx);
    results(ctx);
    listed(ctx);
    full_disk(ctx);
    as_ctx_free(ctx);
    without_memory();
    DONE();
}
