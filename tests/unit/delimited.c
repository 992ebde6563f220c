/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic text format: what columns, names, units, blocks and metadata come out. */
#include <math.h>

#include "check.h"
#include "detect.h"

static as_ctx *ctx;
static int warnings;
static void note(void *user, as_severity severity, as_code code, const as_where *where,
                 const char *message, const char *const *chain, size_t n)
{
    (void)user;
    (void)code;
    (void)where;
    (void)message;
    (void)chain;
    (void)n;
    warnings += severity == AS_WARNING;
}

static as_collection read_text(const char *name, const char *text, const char *option)
{
    const as_input *in;
    as_collection all = { 0 };
    const as_word word = { .text = option };
    const as_read_options how = { .words = &word, .n_words = option != NULL };
    warnings = 0;
    if (as_input_of_bytes(ctx, name, text, strlen(text), &in) != AS_OK) return all;
    if (as_read_all(ctx, in, &how, &all) != AS_OK) all.n = 0;
    return all;
}

/* Columns as "name[unit]role ..." of table i. */
static const char *shape(const as_collection *all, size_t i)
{
    const char *text = "";
    if (i >= all->n) return as_pending_message(ctx);
    for (size_t c = 0; c < all->t[i]->n_columns; c++) {
        const as_column *k = all->t[i]->column[c];
        text = as_format(as_scratch(ctx), "%s%s%s[%s]%s", text, c ? " " : "", k->name,
                         k->unit.symbol, as_role_name(k->role));
    }
    return text;
}

static void columns(void)
{
    static const struct { const char *name, *text, *shape, *technique; size_t rows; } cases[] = {
        { "a.xy", "5 1\n6 2\n7 4\n8 3\n", "x[1]x y[1]y", "generic", 4 },
        { "a.xye", "5 1 1\n6 2 1\n7 4 2\n8 3 2\n",
          "two_theta[deg]x intensity[1]y sigma[1]sigma", "xrd", 4 },
        { "a.txt", "2\xce\xb8 [\xc2\xb0]\tcounts/s\n5\t1\n6\t2\n7\t4\n8\t3\n",
          "two_theta[deg]x intensity[count/s]y", "xrd", 4 },
        { "a.csv", "Raman Shift (cm-1),Intensity (a.u.)\n5,1\n6,2\n7,4\n8,3\n",
          "raman_shift[cm-1]x intensity[a.u.]y", "raman", 4 },
        { "a.csv", "BE/eV,CPS\n5,1\n6,2\n7,4\n8,3\n",
          "binding_energy[eV]x intensity[count/s]y", "xps", 4 },
        { "a.csv", "P/Po;Quantity Adsorbed (cm\xc2\xb3/g STP)\n0,1;1\n0,2;2\n0,3;4\n0,4;3,5\n",
          "relative_pressure[1]x uptake[cm3(STP)/g]y", "sorption", 4 },
        { "a.csv", "Time,Temperature,Weight\n[s],[K],[mg]\n0,300,5\n1,301,4\n2,302,4.5\n3,303,3\n",
          "temperature[K]x mass[mg]y time[s]other", "thermal", 4 },
        { "a.txt", "# freq (Hz) Zre (Ohm) -Zim (Ohm)\n1 2 3\n2 3 4\n3 4 6\n4 5 5\n",
          "z_real[Ohm]x z_imag[Ohm]y frequency[Hz]other", "echem", 4 }, /* six words, three names */
        { "a.txt", "# taken by us at night in May\n1 2 3\n2 3 4\n3 4 6\n4 5 5\n",
          "x[1]x y[1]y column_3[1]other", "generic", 4 },
        { "a.txt", "# freq/Hz Zre/Ohm Zim/Ohm\n1 2 3\n2 3 4\n3 4 6\n4 5 5\n",
          "z_real[Ohm]x z_imag[Ohm]y frequency[Hz]other", "echem", 4 },
        { "a.txt", "1.5\n2.5\n3.5\n1.5\n", "position[1]x y[1]y", "generic", 4 },
        { "a.csv", "x,T,remark\n1,5,good\n2,6,bad\n3,7,\n4,9,good\n",
          "x[1]x t[1]y remark[1]other", "generic", 4 },
        { "a.csv", "theta,1,2,3,4,5,6,7,8\nintensity,9,8,7,6,5,4,3,2\n",
          "theta[deg]x intensity[1]y", "generic", 8 },
        { "a.csv", "E (V vs. SCE),I (mA)\n0.1,1\n0.2,2\n0.3,4\n0.4,3\n",
          "potential[V]x current[mA]y", "echem", 4 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const as_collection all = read_text(cases[i].name, cases[i].text, NULL);
        const bool right = all.n == 1 && strcmp(shape(&all, 0), cases[i].shape) == 0 &&
                           strcmp(all.t[0]->technique, cases[i].technique) == 0 &&
                           all.t[0]->rows == cases[i].rows && warnings == 0;
        if (!right)
            printf("case %zu: %s %s %d warnings\n", i, shape(&all, 0),
                   all.n ? all.t[0]->technique : "", warnings);
        CHECK(right);
    }
}

static void around(void)
{
    const as_collection all = read_text("dir/run.txt",
                                        "Sample: CuBTC\nOperator\tme\n# Laser = 633\n\n"
                                        "5\t1\n6\t2\n# a remark\n7\t4\n8\t3\n",
                                        NULL);
    CHECK(all.n == 1 && all.t[0]->rows == 4);
    if (all.n != 1) return;
    const as_table *t = all.t[0];
    CHECK(as_get_meta(t, "sample") && strcmp(as_get_meta(t, "sample")->text, "CuBTC") == 0);
    CHECK(as_get_meta(t, "operator") && strcmp(as_get_meta(t, "operator")->text, "me") == 0);
    CHECK(as_get_meta(t, "vendor.Laser") &&
          strcmp(as_get_meta(t, "vendor.Laser")->text, "633") == 0);
    CHECK(strcmp(as_get_meta(t, "source.name")->text, "run.txt") == 0);
    CHECK(strlen(as_get_meta(t, "source.sha256")->text) == 64);
    CHECK(strcmp(t->name, "run") == 0 && t->n_steps == 1 && strcmp(t->step[0].op, "read") == 0);
}

static void blocks(void)
{
    as_collection all = read_text("a.txt", "one\n5 1\n6 2\n7 3\n\ntwo\n5 4\n6 5\n7 6\n", NULL);
    CHECK(all.n == 2 && all.t[1]->rows == 3 && all.t[1]->column[1]->v.f[0] == 4);
    CHECK(all.n == 2 && strcmp(all.t[0]->name, "a.0") == 0 && strcmp(all.t[1]->name, "a.1") == 0);
    all = read_text("a.txt", "5 1\n6 2\n\n7 3\n8 3\n", NULL);
    CHECK(all.n == 1 && all.t[0]->rows == 4); /* x goes on */
    all = read_text("a.txt", "5 1\n6 2\n7 3\n\n5 3\n6 2\n7 3\n", NULL);
    CHECK(all.n == 2); /* x begins again */
    all = read_text("a.csv", "ads,,des,\nP (kPa),uptake (mmol/g),P (kPa),uptake (mmol/g)\n"
                             "1,2,9,8\n2,3,8,7.5\n3,4,7,7\n4,5,,\n",
                    NULL);
    CHECK(all.n == 2 && all.t[0]->rows == 4 && all.t[1]->rows == 3);
    CHECK(all.n == 2 && strcmp(all.t[1]->label, "des") == 0 &&
          strcmp(shape(&all, 1), "pressure[kPa]x uptake[mmol/g]y") == 0);
    all = read_text("a.xy", "5 1\n6 2\n7 4\n8 3\n", "--columns=q:nm-1,intensity:count");
    CHECK(strcmp(shape(&all, 0), "q[nm-1]x intensity[count]y") == 0);
}

static void sigma(void)
{
    const as_collection all = read_text("a.dat", "1 100 10\n2 400 20\n3 900 30\n4 1600 40\n"
                                                 "5 2500 50\n6 3600 60\n7 4900 70\n8 6400 80\n"
                                                 "9 8100 90\n10 10000 100\n",
                                        NULL);
    CHECK(strcmp(shape(&all, 0), "x[1]x y[1]y sigma[1]sigma") == 0);
}

/* Long stretches of numbers are read at once: everything must come out as line by line. `at`: a line
 * of its own before that row. */
static char *long_text(char separator, size_t rows, size_t at, const char *line)
{
    size_t used = 0;
    char *text = as_alloc(as_scratch(ctx), 40 * rows + 200, 1);
    for (size_t i = 0; i < rows; i++) {
        if (i == at) used += (size_t)snprintf(text + used, 100, "%s\n", line);
        used += (size_t)snprintf(text + used, 40, "%.2f%c%zu\n", 5 + 0.01 * (double)i, separator,
                                 i * i % 1009);
    }
    return text;
}

/* `rows` in lines that are read at once; above 16384 they are read into the table itself. */
static void stretches(size_t rows)
{
    enum { ROWS = 3000 };
    static const struct { char separator; size_t at; const char *line, *message; } cases[] = {
        { ' ', 0, "two_theta intensity", NULL },
        { '\t', 0, "two_theta\tintensity", NULL },
        { ',', 0, "two_theta,intensity", NULL },
        { ';', 0, "two_theta;intensity", NULL },
        { ' ', 1500, "# a remark", NULL },
        { '\t', 1500, "", NULL },
        { ',', 1500, "", NULL },
        { ' ', 1500, "...", "'...' found, expected 2 numbers" },
        { ' ', 1500, "1", "1 values found, expected 2 as in line 1" },
        { '\t', 1500, "1\t2\t3", "3 values found, expected 2 as in line 1" },
        { ' ', 2999, "7 8 9", "3 values found, expected 2 as in line 1" },
        { ',', 1500, ",5", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = long_text(cases[i].separator, rows, cases[i].at * rows / ROWS,
                                     cases[i].line);
        const as_collection all = read_text("a.dat", text, NULL);
        if (cases[i].message) {
            CHECK(all.n == 0 && strstr(as_pending_message(ctx), cases[i].message));
            as_forget_error(ctx);
            continue;
        }
        CHECK(all.n == 1 && all.t[0]->rows == rows);
        if (all.n != 1) printf("stretch %zu: %s\n", i, shape(&all, 0));
        for (size_t k = 0; all.n == 1 && k < 2; k++)
            CHECK((uintptr_t)all.t[0]->column[k]->v.f % 64 == 0);
        for (size_t k = 0; all.n == 1 && k < rows; k++)
            CHECK(fabs(all.t[0]->column[0]->v.f[k] - (5 + 0.01 * (double)k)) < 1e-9 &&
                  all.t[0]->column[1]->v.f[k] == (double)(k * k % 1009));
    }
    /* a second block of the same width behind a line of text is another series */
    const char *first = long_text(' ', 40, 0, "a b"), *second = long_text(' ', 50, 0, "a b");
    const as_collection two = read_text(
        "a.dat", as_format(as_scratch(ctx), "%s%s", first, second), NULL);
    CHECK(two.n == 2 && two.t[0]->rows == 40 && two.t[1]->rows == 50);
    /* a gap in one cell stays one */
    const char *gap = long_text(' ', 100, 50, "5.495 nan");
    const as_collection with_gap = read_text("a.dat", gap, NULL);
    CHECK(with_gap.n == 1 && with_gap.t[0]->rows == 101 && isnan(with_gap.t[0]->column[1]->v.f[50]));
}

typedef struct taking {
    as_sink sink;
    as_arena *arena;
    char *text; /* of each table: name, number, label, rows, columns, sum */
    size_t n;
} taking;

static as_status take(as_sink *self, as_ctx *of, as_table *t)
{
    taking *k = (taking *)(void *)self;
    double sum = 0;
    const char *columns = "";
    for (size_t c = 0; c < t->n_columns; c++) {
        columns = as_format(as_scratch(of), "%s %s", columns, t->column[c]->name);
        for (size_t i = 0; i < t->rows; i++)
            sum += isnan(t->column[c]->v.f[i]) ? 1e6 : t->column[c]->v.f[i];
    }
    k->text = as_format(k->arena, "%s%s %u %s %zu%s %.17g %zu %s\n", k->text, t->name, t->number,
                        t->label ? t->label : "", t->rows, columns, sum, t->n_warnings,
                        t->step[0].settings);
    k->n++;
    as_table_free(t);
    return AS_OK;
}

static taking taken(as_arena *arena, const char *text, size_t hold)
{
    const as_input *in;
    const as_read_options how = { .hold = hold };
    taking k = { .sink = { take }, .arena = arena, .text = as_strdup(arena, "") };
    warnings = 0;
    CHECK(as_input_of_bytes(ctx, "a.dat", text, strlen(text), &in) == AS_OK);
    if (as_read_input(ctx, in, &how, &k.sink) == AS_OK) return k;
    k.text = as_strdup(arena, as_pending_message(ctx));
    as_forget_error(ctx);
    return k;
}

/* Many series in a second pass, none of them kept: the same as all at once, and warned of once. */
static void passing(void)
{
    as_arena *arena = as_arena_new(ctx, 1 << 24);
    const char *even = "", *wider = "", *uneven = "", *broken;
    for (int i = 0; i < 30; i++) {
        const char *block = as_format(as_scratch(ctx), "x y\n%d 1\n2 3\n4 %d\n", i % 2, i);
        even = as_format(as_scratch(ctx), "%s%s", even, block);
        wider = as_format(as_scratch(ctx), "%s%s", wider,
                          i == 20 ? "x y other\n1 2 3\n2 3 4\n3 4 7\n4 5 9\n" : block);
        uneven = as_format(as_scratch(ctx), "%s%s", uneven,
                           i == 20 ? "x y(mV)\n1 2\n2 3\n3 4\n4 5\n" : block);
    }
    broken = as_format(as_scratch(ctx), "%sx y\n1 2\n2\n3 4\n", even);
    const char *const texts[] = { even, wider, uneven, broken };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const taking kept = taken(arena, texts[i], 1 << 30);
        const int warned = warnings;
        const taking passed = taken(arena, texts[i], 1);
        CHECK(kept.n == passed.n && strcmp(kept.text, passed.text) == 0 && warnings == warned);
        if (strcmp(kept.text, passed.text) != 0) printf("kept %s\npassed %s\n", kept.text, passed.text);
        CHECK(kept.n == (i < 2 ? 30 : 0));
        if (i == 0) CHECK(warned == 30); /* three rows each */
    }
    as_arena_free(arena);
}

static void refused(void)
{
    static const struct { const char *text, *part; } cases[] = {
        { "5 1\n6 2\n7\n", "1 values found, expected 2" },
        { "5 1\n6 2\n...\n7 3\n8 4\n", "'...' found" },
        { "5,812\n6,830\n7,841\n", "one number or two" },
        { "t;T\n0,2;50.026.184\n0,4;5.002.491\n0,6;50.022.881\n0,8;5.001.963\n", "" },
        { "Dear colleague,\nthe 3 samples\nare here.\nRegards\n", "" },
        { "{\"a\": [1, 2]}\n1 2\n2 3\n3 4\n", "no known format" },
        { "a,b\n1,2\n,3\n2,4\n", "no value of 'a'" },
        { "a b\nc d\n", "" },
        { "##TITLE=x\n1 2\n2 3\n3 4\n", "" }, /* JCAMP-DX has a reader of its own, which finds no data */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const as_collection all = read_text("a.csv", cases[i].text, NULL);
        if (all.n || !strstr(as_pending_message(ctx), cases[i].part))
            printf("case %zu: %s\n", i, shape(&all, 0));
        CHECK(all.n == 0 && strstr(as_pending_message(ctx), cases[i].part));
        as_forget_error(ctx);
    }
}

/* Any allocation may fail: an error, nothing leaks, nothing half made is handed out. */
static void torture(void)
{
    static const char text[] = "Sample: a\nTime (s);T (K);note\n0,5;300,5;x\n1,5;301;\n2;302,5;y\n";
    size_t failures = 0;
    const as_collection good = read_text("a.csv", text, NULL);
    const char *whole = shape(&good, 0);
    for (uint64_t n = 1; n < 600; n++) {
        const as_frame frame = as_enter(ctx);
        as_ctx_fail_allocation(ctx, n);
        const as_collection all = read_text("a.csv", text, NULL);
        as_ctx_fail_allocation(ctx, 0);
        const bool failed = all.n == 0;
        if (failed) CHECK(as_pending(ctx) == AS_E_NOMEM || as_pending(ctx) == AS_E_LIMIT);
        else CHECK(strcmp(shape(&all, 0), whole) == 0);
        failures += failed;
        as_forget_error(ctx);
        as_leave(ctx, frame);
    }
    CHECK(failures > 50);
}

int main(void)
{
    ctx = as_ctx_new(note, NULL);
    const as_frame frame = as_enter(ctx);
    columns();
    around();
    blocks();
    sigma();
    stretches(3000);
    stretches(40000);
    passing();
    refused();
    torture();
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
