/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims: grammar and its errors, arithmetic with covariance, verdicts, bounds, units. */
#include "check.h"
#include "claim.h"

static as_ctx *ctx;
static const as_table *tables[16];
static size_t n_tables;

static as_table *series(const char *name)
{
    as_table *t = as_table_new(ctx, 0);
    t->name = name;
    tables[n_tables++] = t;
    return t;
}

static size_t put(as_table *t, const char *item, const char *quantity, double value, double u,
                  const char *unit, const char *flag, as_bound bound)
{
    const as_result r = { .item = item,
                          .quantity = quantity,
                          .value = value,
                          .u = u,
                          .unit = as_unit_of(unit),
                          .flag = flag,
                          .bound = bound };
    CHECK(as_add_result(ctx, t, &r) == AS_OK);
    return t->n_results - 1;
}

static void correlate(as_table *t, size_t i, size_t j, double r)
{
    const size_t which[2] = { i, j };
    const double ui = t->result[i].u, uj = t->result[j].u;
    const double cov[4] = { ui * ui, r * ui * uj, r * ui * uj, uj * uj };
    CHECK(as_set_covariance(ctx, t, 2, which, cov) == AS_OK);
}

static void data(void)
{
    as_table *p = series("pristine");
    put(p, "111", "area", 10, 0.5, "deg*count", "ok", AS_EQUAL);
    put(p, "111", "verdict", 1, 0, "1", "present", AS_EQUAL);
    put(p, "222", "area", 100, 2, "deg*count", "ok", AS_EQUAL);
    put(p, "111", "position", 5.80, 0.01, "deg", "ok", AS_EQUAL);
    as_table *a = series("activated");
    put(a, "111", "area", 0.1, 0.2, "deg*count", "not_detected", AS_EQUAL);
    put(a, "111", "verdict", 0, 0, "1", "not_detected", AS_EQUAL);
    put(a, "111", "upper_limit", 0.43, NAN, "deg*count", "ok", AS_EQUAL);
    put(a, "222", "area", 100, 2, "deg*count", "ok", AS_EQUAL);
    put(a, "bad", "area", NAN, NAN, "deg*count", "failed", AS_EQUAL);
    put(a, "bare", "area", 3, NAN, "deg*count", "ok", AS_EQUAL);
    put(a, "dip", "area", -1, 0.5, "deg*count", "ok", AS_EQUAL);
    put(a, "weak", "area", 1, 0.5, "deg*count", "ok", AS_EQUAL);
    put(a, "weak", "upper_limit", NAN, NAN, "deg*count", "ok", AS_EQUAL);
    put(a, "coat", "equivalent_thickness", 0.1, 0.1, "nm", "ok", AS_EQUAL);
    put(a, "coat", "upper_limit", 0.5, NAN, "nm", "ok", AS_EQUAL);
    as_table *q = series("quasi-solid");
    const size_t one = put(q, "a", "height", 10, 1, "count", "ok", AS_EQUAL);
    const size_t two = put(q, "b", "height", 10, 1, "count", "ok", AS_EQUAL);
    correlate(q, one, two, 0.99);
    put(q, "film", "depth", 48, NAN, "nm", "ok", AS_ABOVE);
    put(q, "layer", "depth", 5, NAN, "nm", "ok", AS_BELOW);
    put(q, "soft", "depth", 50, 2, "nm", "ok", AS_ABOVE);
    put(q, "onset", "temperature", 200, 1, "degC", "ok", AS_EQUAL);
    put(q, "end", "temperature", 300, 1, "degC", "ok", AS_EQUAL);
    put(q, "odd", "thing", 7, 1, "furlong", "ok", AS_EQUAL);
    put(q, "free", "fraction", 0.3, 0.1, "1", "ok", AS_EQUAL);
    put(q, "free", "fraction_low", 0.3 - 1.96 * 0.05, NAN, "1", "ok", AS_EQUAL);
    put(q, "free", "fraction_high", 0.3 + 1.96 * 0.2, NAN, "1", "ok", AS_EQUAL);
    put(q, "edge", "fraction", 0.3, 0.1, "1", "ok", AS_EQUAL);
    put(q, "edge", "fraction_low", 0, NAN, "1", "at_bound", AS_EQUAL);
    put(q, "line", "center", 10, 1, "nm", "ok", AS_EQUAL);
    put(q, "line.center", "upper", 10 + 1.96 * 3, NAN, "nm", "ok", AS_EQUAL);
    static const double area[4] = { 4, 3, 2, 1 }, cycle[4] = { 40, 30, 20, 10 };
    static const char *const names[4] = { "scan.0", "scan.1", "scan.2", "scan.3" };
    for (size_t i = 0; i < 4; i++) {
        as_table *t = series(names[i]);
        put(t, "peak", "area", area[i], 0.1, "count*deg", "ok", AS_EQUAL);
        put(t, "peak", "height", 2 * area[i], 0.1, "count", "ok", AS_EQUAL);
        CHECK(as_set_number(ctx, t, "cycle", cycle[i], NAN, as_unit_of("1"), NULL) == AS_OK);
    }
}

static as_where last;
static char last_line[512];
static void catch (void *user, as_severity severity, as_code code, const as_where *where,
                   const char *message, const char *const *chain, size_t n_chain)
{
    (void)user, (void)severity, (void)code, (void)message, (void)chain, (void)n_chain;
    last = where ? *where : (as_where){ 0 };
    (void)snprintf(last_line, sizeof last_line, "%s",
                   where && where->line_text ? where->line_text : "");
}

/* The claim has this verdict, and its reason has `why` in it (NULL: any). */
static void verdict(const char *text, as_verdict expected, const char *why)
{
    const as_text t = as_text_of(text);
    as_expr *e = NULL;
    as_answer got = { .verdict = AS_UNDECIDED };
    as_status s = as_claim_parse(ctx, as_scratch(ctx), &t, &e);
    if (s == AS_OK) s = as_claim_decide(ctx, as_scratch(ctx), e, n_tables, tables, &got);
    CHECK(s == AS_OK);
    if (s != AS_OK) {
        printf("<%s>: error: %s\n", text, as_pending_message(ctx));
        as_forget_error(ctx);
        return;
    }
    const bool good = got.verdict == expected && (!why || strstr(got.because, why));
    if (!good)
        printf("<%s>: %s because <%s>, expected %s because %s\n", text,
               as_verdict_name(got.verdict), got.because, as_verdict_name(expected),
               why ? why : "");
    CHECK(good);
}

/* Refused with this class at this column, `why` in the message. */
static void refused(const char *text, bool report, as_code code, unsigned column, const char *why)
{
    const as_text t = as_text_of(text);
    as_expr *e = NULL;
    as_answer got;
    size_t n;
    as_reported *r;
    as_status s = (report ? as_report_parse : as_claim_parse)(ctx, as_scratch(ctx), &t, &e);
    if (s == AS_OK && report)
        s = as_claim_report(ctx, as_scratch(ctx), e, n_tables, tables, &n, &r);
    else if (s == AS_OK)
        s = as_claim_decide(ctx, as_scratch(ctx), e, n_tables, tables, &got);
    CHECK(s == AS_ERR);
    if (s == AS_OK) {
        printf("<%s> was accepted\n", text);
        return;
    }
    char message[2048];
    (void)snprintf(message, sizeof message, "%s", as_pending_message(ctx));
    const as_code found = as_pending(ctx);
    as_flush_error(ctx);
    const bool good = found == code && last.column == column && strstr(message, why);
    if (!good) printf("<%s>: class %d at %u: %s\n", text, (int)found, last.column, message);
    CHECK(good);
    CHECK(strcmp(last_line, text) == 0 || strchr(text, '\n'));
}

static as_reported reported(const char *text)
{
    const as_text t = as_text_of(text);
    as_expr *e = NULL;
    size_t n = 0;
    as_reported *r = NULL;
    as_status s = as_report_parse(ctx, as_scratch(ctx), &t, &e);
    if (s == AS_OK) s = as_claim_report(ctx, as_scratch(ctx), e, n_tables, tables, &n, &r);
    if (s != AS_OK) {
        printf("<%s>: error: %s\n", text, as_pending_message(ctx));
        as_forget_error(ctx);
    }
    CHECK(s == AS_OK && n >= 1);
    return s == AS_OK && n ? r[0] : (as_reported){ .value = NAN };
}

static void value(const char *text, double v, double u, const char *unit)
{
    const as_reported r = reported(text);
    NEAR(r.value, v, 1e-12 * fabs(v));
    NEAR(r.u, u, 1e-9 * fabs(u));
    if (!r.unit.symbol || strcmp(r.unit.symbol, unit) != 0)
        printf("<%s> in %s, expected %s\n", text, r.unit.symbol, unit);
    CHECK(r.unit.symbol && strcmp(r.unit.symbol, unit) == 0);
}

static void problem(const char *text, const char *why)
{
    const as_reported r = reported(text);
    if (!r.problem || !strstr(r.problem, why))
        printf("<%s>: problem %s\n", text, r.problem ? r.problem : "none");
    CHECK(r.problem && strstr(r.problem, why));
}

static void numbers(void)
{
    value("2 + 3 * 4", 14, 0, "1");
    value("-2 * -3", 6, 0, "1");
    value("10 - 2 - 3", 5, 0, "1");
    value("2 / 4 / 2", 0.25, 0, "1");
    value("50 % of 8 nm", 4, 0, "nm");
    value("3 mmol/g", 3, 0, "mmol/g");
    value("0.5 nm-1", 0.5, 0, "nm-1");
    value("5~2", 5, 2, "1");
    value("52.1mg~0.1mg", 52.1, 0.1, "mg");
    value("0.096~0.003 eV", 0.096, 0.003, "eV");
    value("1 nm ~ 1 Angstrom", 1, 0.1, "nm");
    value("1 nm + 1 Angstrom", 1.1, 0, "nm");
    value("1 deg * 2 count", 2, 0, "deg*count");
    value("6 cm3(STP)/g", 6, 0, "cm3(STP)/g");
    value("6 nm / 3 s", 2, 0, "nm/s");
    value("6 nm / 3 Angstrom", 20, 0, "1");
    value("1 / 4 s", 0.25, 0, "s-1");
    value("sqrt(16 m^2)", 4, 0, "m");
    value("ln(50 %)", log(0.5), 0, "1");
    value("abs(-3~1 nm)", 3, 1, "nm");
    value("1 nm in Angstrom", 10, 0, "Angstrom");
    value("ratio(1, 4) in %", 25, 0, "%");
    value("100 % of 3 in 1", 3, 0, "1");
    value("min(3, 1~1, 2)", 1, 1, "1");
    value("max(3 nm, 1 nm)", 3, 0, "nm");
    value("mean(1~3, 3~4)", 2, 2.5, "1");
    value("1 of 2", 2, 0, "1");
    value("(1 + 2) * 3", 9, 0, "1");
}

static void propagation(void)
{
    value("pristine.\"111\".area", 10, 0.5, "deg*count");
    value("pristine.111.area", 10, 0.5, "deg*count");
    value("pristine.\"111\".area / pristine.\"222\".area", 0.1, 0.1 * sqrt(0.0025 + 0.0004), "1");
    value("pristine.111.area - activated.111.area", 9.9, sqrt(0.25 + 0.04), "deg*count");
    value("\"quasi-solid\".a.height - \"quasi-solid\".b.height", 0, sqrt(2 - 2 * 0.99), "count");
    value("\"quasi-solid\".a.height + \"quasi-solid\".b.height", 20, sqrt(2 + 2 * 0.99), "count");
    value("ratio(\"quasi-solid\".a.height, \"quasi-solid\".b.height)", 1, sqrt(0.02 * (1 - 0.99)),
          "1");
    value("pristine.111.area - pristine.111.area", 0, 0, "deg*count"); /* the same number twice */
    value("pristine.111.area * pristine.111.area / 1 deg / 1 count", 100, 10, "deg*count");
    value("ln(pristine.111.area / 1 deg / 1 count)", log(10), 0.05, "1");
}

static void temperatures(void)
{
    value("\"quasi-solid\".onset.temperature", 200, 1, "degC");
    value("\"quasi-solid\".end.temperature - \"quasi-solid\".onset.temperature", 100, sqrt(2),
          "K");
    value("\"quasi-solid\".onset.temperature + 5 K", 205, 1, "degC");
    value("\"quasi-solid\".onset.temperature in K", 473.15, 1, "K");
    value("mean(100 degC, 200 degC)", 150, 0, "degC");
    verdict("\"quasi-solid\".onset.temperature > 150 degC", AS_SUPPORTED, "50 u apart");
    verdict("\"quasi-solid\".onset.temperature > 400 K", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".end.temperature - \"quasi-solid\".onset.temperature > 50 K",
            AS_SUPPORTED, NULL);
    verdict("within(\"quasi-solid\".onset.temperature, 202 degC, 5 degC)", AS_SUPPORTED, NULL);
    refused("\"quasi-solid\".end.temperature - \"quasi-solid\".onset.temperature > 50 degC", false,
            AS_E_UNIT, 1, "in K");
    refused("2 * \"quasi-solid\".onset.temperature > 1 K", false, AS_E_UNIT, 5, "zero of its own");
    refused("20 degC + 5 degC > 1 degC", false, AS_E_UNIT, 1, "in K");
}

static void verdicts(void)
{
    verdict("1 > 0", AS_SUPPORTED, NULL);
    verdict("1 > 1", AS_NOT_SUPPORTED, NULL);
    verdict("1 >= 1", AS_SUPPORTED, NULL);
    verdict("1~1 > 0", AS_UNDECIDED, "1 u apart");
    verdict("1.645~1 > 0", AS_SUPPORTED, NULL);
    verdict("1.644~1 > 0", AS_UNDECIDED, NULL);
    verdict("-1.644~1 > 0", AS_UNDECIDED, NULL);
    verdict("-1.645~1 > 0", AS_NOT_SUPPORTED, NULL);
    verdict("0~1 < 1.7", AS_SUPPORTED, NULL);
    verdict("1 < 2 < 3", AS_SUPPORTED, NULL);
    verdict("1 < 2 < 2", AS_NOT_SUPPORTED, NULL);
    verdict("pristine.111.area > activated.111.area", AS_SUPPORTED, "(10.00 ± 0.50) deg*count");
    verdict("\"quasi-solid\".a.height > \"quasi-solid\".b.height", AS_UNDECIDED, NULL);
    verdict("activated.bad.area > 1 deg*count", AS_UNDECIDED, "failed");
    verdict("activated.bare.area > 1 deg*count", AS_UNDECIDED, "no uncertainty");
    verdict("pristine.111.area / activated.111.area > 2", AS_UNDECIDED, "cannot be told from zero");
    verdict("ln(activated.dip.area/1 deg/1 count) > 0", AS_UNDECIDED, "ln of -1");
    verdict("within(pristine.111.position, 5.806 deg, 0.05 deg)", AS_SUPPORTED, NULL);
    verdict("within(pristine.111.position, 5.806 deg, tolerance=0.01 deg)", AS_UNDECIDED, NULL);
    verdict("within(pristine.111.position, 5.9 deg, 0.05 deg)", AS_NOT_SUPPORTED, NULL);
}

static void detection(void)
{
    verdict("detected(pristine.\"111\".area)", AS_SUPPORTED, "verdict present");
    verdict("detected(activated.\"111\".area)", AS_NOT_SUPPORTED, "not_detected");
    verdict("detected(pristine.\"222\".area)", AS_SUPPORTED, NULL); /* by its u */
    verdict("detected(activated.dip.area)", AS_NOT_SUPPORTED, NULL);
    verdict("detected(activated.bad.area)", AS_UNDECIDED, "failed");
    verdict("detected(activated.bare.area)", AS_UNDECIDED, "no uncertainty");
    verdict("absent(activated.\"111\".area, below=1 % of activated.\"222\".area)", AS_SUPPORTED,
            NULL);
    verdict("absent(activated.\"111\".area, below=0.4 % of activated.\"222\".area)", AS_UNDECIDED,
            NULL);
    verdict("absent(pristine.\"111\".area, below=5 % of pristine.\"222\".area)", AS_NOT_SUPPORTED,
            NULL);
    verdict("absent(pristine.\"111\".area, below=10.1 % of pristine.\"222\".area)", AS_UNDECIDED,
            NULL);
    /* -1 +- 0.5: the limit counts from zero, 0.82 and not -0.18 */
    verdict("absent(activated.dip.area, below=0.5 deg*count)", AS_UNDECIDED, NULL);
    verdict("absent(activated.dip.area, below=0.9 deg*count)", AS_SUPPORTED, NULL);
    /* by u alone 0.43 would do; the operation gave no limit */
    verdict("absent(activated.weak.area, below=5 deg*count)", AS_UNDECIDED, "no upper limit");
    verdict("upper_limit(activated.111.area) < 0.5 deg*count", AS_SUPPORTED, NULL);
    verdict("upper_limit(activated.weak.area) < 50 deg*count", AS_UNDECIDED, "no upper limit");
    value("upper_limit(activated.111.area)", 0.43, 0, "deg*count");
    value("upper_limit(activated.coat.equivalent_thickness)", 0.5, 0, "nm");
    verdict("absent(activated.coat.equivalent_thickness, below=0.4 nm)", AS_UNDECIDED, "its upper limit is 0.5 nm");
    value("upper_limit(pristine.222.area)", 100 + 1.6448536269514722 * 2, 0, "deg*count");
    refused("absent(\"quasi-solid\".onset.temperature, below=1 nm)", false, AS_E_UNIT, 1,
            "compare");
}

static void logic(void)
{
    static const char *const word[] = { "1 > 0", "0 > 1", "1~1 > 0" };
    static const as_verdict S = AS_SUPPORTED, N = AS_NOT_SUPPORTED, U = AS_UNDECIDED;
    const as_verdict and[3][3] = { { S, N, U }, { N, N, N }, { U, N, U } };
    const as_verdict or [3][3] = { { S, S, S }, { S, N, U }, { S, U, U } };
    char text[64];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            (void)snprintf(text, sizeof text, "%s and %s", word[i], word[j]);
            verdict(text, and[i][j], NULL);
            (void)snprintf(text, sizeof text, "%s or %s", word[i], word[j]);
            verdict(text, or [i][j], NULL);
        }
        (void)snprintf(text, sizeof text, "not %s", word[i]);
        verdict(text, i == 0 ? N : i == 1 ? S : U, NULL);
    }
    verdict("0 > 1 and 0 > 1 or 1 > 0", AS_SUPPORTED, NULL);
    verdict("0 > 1 and (0 > 1 or 1 > 0)", AS_NOT_SUPPORTED, NULL);
    verdict("not 1 > 0 or 1 > 0", AS_SUPPORTED, NULL);
    verdict("not not 1 > 0", AS_SUPPORTED, NULL);
}

static void bounds(void)
{
    verdict("\"quasi-solid\".film.depth > 40 nm", AS_SUPPORTED, "> 48 nm");
    verdict("\"quasi-solid\".film.depth > 50 nm", AS_UNDECIDED, "bound");
    verdict("\"quasi-solid\".film.depth < 40 nm", AS_NOT_SUPPORTED, NULL);
    verdict("\"quasi-solid\".film.depth < 50 nm", AS_UNDECIDED, NULL);
    verdict("\"quasi-solid\".layer.depth < 6 nm", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".film.depth > \"quasi-solid\".layer.depth", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".soft.depth > 45 nm", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".soft.depth > 48 nm", AS_UNDECIDED, NULL); /* 1 u */
    verdict("2 * \"quasi-solid\".film.depth > 90 nm", AS_SUPPORTED, NULL);
    verdict("-1 * \"quasi-solid\".film.depth < -40 nm", AS_SUPPORTED, NULL);
    verdict("1 / \"quasi-solid\".film.depth < 0.03 nm-1", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".film.depth - \"quasi-solid\".layer.depth > 40 nm", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".film.depth + \"quasi-solid\".layer.depth > 40 nm", AS_UNDECIDED,
            "both directions");
    verdict("min(\"quasi-solid\".film.depth, 60 nm) > 40 nm", AS_SUPPORTED, NULL);
    verdict("min(\"quasi-solid\".film.depth, 60 nm) < 61 nm", AS_UNDECIDED, NULL);
    verdict("min(\"quasi-solid\".film.depth, 45 nm) < 46 nm", AS_SUPPORTED, NULL);
    verdict("max(\"quasi-solid\".film.depth, 60 nm) > 50 nm", AS_SUPPORTED, NULL);
    verdict("max(\"quasi-solid\".layer.depth, 3 nm) < 6 nm", AS_SUPPORTED, NULL);
    verdict("detected(\"quasi-solid\".film.depth)", AS_SUPPORTED, NULL);
    verdict("detected(\"quasi-solid\".layer.depth)", AS_UNDECIDED, "bound");
    const as_reported r = reported("2 * \"quasi-solid\".film.depth");
    CHECK(r.bound == AS_ABOVE && r.value == 96);
    CHECK(reported("0 nm - \"quasi-solid\".film.depth").bound == AS_BELOW);
}

static void sets(void)
{
    verdict("decreasing(scan.*.peak.area)", AS_SUPPORTED, NULL);
    verdict("increasing(scan.*.peak.area)", AS_NOT_SUPPORTED, NULL);
    verdict("increasing(scan.*.peak.area over(cycle))", AS_SUPPORTED, NULL);
    verdict("increasing(scan.*.peak.area, over(cycle))", AS_SUPPORTED, NULL);
    verdict("increasing(sqrt(scan.*.peak.height / 1 count) over(cycle))", AS_SUPPORTED, NULL);
    verdict("increasing((scan.*.peak.height - 1 count) over(cycle))", AS_SUPPORTED, NULL);
    verdict("scan.*.peak.area > 0.5 deg*count", AS_SUPPORTED, NULL);
    verdict("scan.*.peak.area > 1.5 deg*count", AS_NOT_SUPPORTED, "scan.3");
    verdict("scan.*.peak.area > 1.1 deg*count", AS_UNDECIDED, "scan.3");
    verdict("detected(scan.*.peak.area)", AS_SUPPORTED, NULL);
    verdict("within(ratio(scan.*.peak.area, scan.*.peak.height), 0.5 deg, 0.2 deg)", AS_SUPPORTED,
            NULL);
    verdict("scan.0.peak.area > scan.3.peak.area", AS_SUPPORTED, NULL);
    verdict("increasing(pristine.*.area)", AS_SUPPORTED, NULL);
    verdict("increasing(\"quasi-solid\".*.thing)", AS_UNDECIDED, "one member");
    value("mean(scan.*.peak.area)", 2.5, 0.05, "count*deg");
    value("max(*.peak.area)", 4, 0.1, "count*deg");
    value("min(*.peak.area) in count*arcmin", 60, 6, "count*arcmin");
    refused("increasing(*.peak.area over(depth))", false, AS_E_MISSING, 12, "no number 'depth'");
    refused("scan.*.peak.area > *.\"222\".area", false, AS_E_USAGE, 1, "do not pair up");
    refused("increasing(pristine.111.area)", false, AS_E_USAGE, 12, "expected a set");
    refused("pristine.111.area over(cycle) > 1", false, AS_E_USAGE, 19, "only a set");
}

static void grammar(void)
{
    refused("", false, AS_E_USAGE, 1, "the expression ends here");
    refused("1 >", false, AS_E_USAGE, 4, "the expression ends here, expected a number");
    refused("1 > 0 and", false, AS_E_USAGE, 10, "ends here");
    refused("1 > 0 1", false, AS_E_USAGE, 7, "found '1', expected an operator or the end");
    refused("1 + 2", false, AS_E_USAGE, 1, "this is a number, expected a comparison");
    refused("1 > 0 and 2", false, AS_E_USAGE, 11, "this is a number");
    refused("(1 > 0) + 1 > 2", false, AS_E_USAGE, 2, "true or false, expected a number");
    refused("1 == 1", false, AS_E_USAGE, 3, "within(a, b, tolerance)");
    refused("1 != 1", false, AS_E_USAGE, 3, "within(a, b, tolerance)");
    refused("(1 > 0", false, AS_E_USAGE, 7, "expected ')'");
    refused("detekted(a.b.c)", false, AS_E_USAGE, 1, "did you mean 'detected'?");
    refused("frobnicate(a.b.c)", false, AS_E_USAGE, 1, "there are detected");
    refused("detected(a.b.c, 1)", false, AS_E_USAGE, 1, "2 arguments, expected detected(q)");
    refused("within(a.b.c, 1)", false, AS_E_USAGE, 1, "expected within(a, b, tolerance)");
    refused("absent(a.b.c)", false, AS_E_USAGE, 1, "expected absent(q, below=f)");
    refused("absent(a.b.c, 1)", false, AS_E_USAGE, 15, "expected below=");
    refused("absent(a.b.c, under=1)", false, AS_E_USAGE, 15, "no argument 'under'");
    refused("detected(below=1)", false, AS_E_USAGE, 10, "no argument 'below'");
    refused("a.b > 1", false, AS_E_USAGE, 1, "expected series.item.quantity");
    refused("quasi-solid.b.c > 1", false, AS_E_USAGE, 1, "double quotes");
    refused("a.b.c.d.e > 1", false, AS_E_USAGE, 1, "too many parts");
    refused("a.b.c.d > 1", false, AS_E_USAGE, 1, "the second must be the number");
    refused("a.b.* > 1", false, AS_E_USAGE, 1, "the quantity must be named");
    refused("a.\"b.c > 1", false, AS_E_USAGE, 3, "never closed");
    refused("5 parsecs > 1", false, AS_E_USAGE, 3, "'parsecs' is no unit we know");
    refused("5 deg/parsec > 1", false, AS_E_USAGE, 7, "found 'parsec', expected series.item");
    refused("5 nm ~ 1 s > 1 nm", false, AS_E_USAGE, 8, "another dimension");
    refused("5 ~ x > 1", false, AS_E_USAGE, 5, "standard uncertainty");
    refused("min(1) > 0", false, AS_E_USAGE, 5, "expected a set or several values");
    refused("1 nm in", true, AS_E_USAGE, 8, "expected a unit");
    refused("1 nm in furlong", true, AS_E_USAGE, 9, "no unit we know");
    refused("1 nm in s", true, AS_E_UNIT, 1, "cannot convert between 'nm' and 's'");
    refused("pristine.111.area > 5 nm", false, AS_E_UNIT, 1, "cannot compare 'deg*count' and 'nm'");
    refused("1 nm + 1 s > 1 nm", false, AS_E_UNIT, 1, "cannot add 'nm' and 's'");
    refused("ln(2 nm) > 1", false, AS_E_UNIT, 1, "divide by one first");
    refused("sqrt(2 nm) > 1", false, AS_E_UNIT, 1, "compare"); /* nm^0.5 against 1 */
    refused("\"quasi-solid\".odd.thing > 1 nm", false, AS_E_UNIT, 1, "'furlong' and 'nm'");
    refused("pristin.\"111\".area > 1", false, AS_E_MISSING, 1,
            "no series 'pristin'; did you mean 'pristine'?");
    refused("pristine.\"311\".area > 1", false, AS_E_MISSING, 1,
            "no item '311'; did you mean '111'?");
    refused("pristine.\"111\".aera > 1", false, AS_E_MISSING, 1,
            "no quantity 'aera'; did you mean 'area'?");
    refused("scan.peak.area > 1", false, AS_E_MISSING, 1, "write scan.0");
    char deep[512];
    memset(deep, '(', 200);
    (void)snprintf(deep + 200, sizeof deep - 200, "1 > 0");
    refused(deep, false, AS_E_USAGE, 61, "nested too deeply");
    memset(deep, '-', 200);
    refused(deep, false, AS_E_USAGE, 60, "nested too deeply");
}

static void paths(void)
{
    const as_text t = as_text_of("detected(*.a.b) and scan.2.c.d > \"x y\".\"e\".f");
    as_expr *e = NULL;
    const as_path *p = NULL;
    CHECK(as_claim_parse(ctx, as_scratch(ctx), &t, &e) == AS_OK);
    CHECK(as_expr_paths(as_scratch(ctx), e, &p) == 3);
    CHECK(!p[0].series && strcmp(p[0].item, "a") == 0 && p[0].where.column == 10);
    CHECK(strcmp(p[1].series, "scan.2") == 0 && strcmp(p[1].index, "2") == 0);
    CHECK(strcmp(p[2].series, "x y") == 0 && p[2].where.column == 34);
}

/* The arm on the side of the question: 0.3 with a standard uncertainty of 0.05 below and 0.2 above. */
static void unequal_arms(void)
{
    verdict("\"quasi-solid\".free.fraction > 0.2", AS_SUPPORTED, "2 u apart");
    verdict("\"quasi-solid\".free.fraction < 0.5", AS_UNDECIDED, "1 u apart");
    verdict("0.5 - \"quasi-solid\".free.fraction > 0", AS_UNDECIDED, "1 u apart");
    verdict("-2 * \"quasi-solid\".free.fraction < -0.4", AS_SUPPORTED, "2 u apart");
    verdict("absent(\"quasi-solid\".free.fraction, below=0.5)", AS_UNDECIDED, NULL);
    verdict("upper_limit(\"quasi-solid\".free.fraction) > 0.62", AS_SUPPORTED, NULL);
    verdict("detected(\"quasi-solid\".free.fraction)", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".edge.fraction > 0.13", AS_SUPPORTED, "1.7 u apart"); /* a bound is no arm */
    verdict("\"quasi-solid\".edge.fraction > 0.2", AS_UNDECIDED, "1 u apart");
    verdict("\"quasi-solid\".line.center < 13 nm", AS_UNDECIDED, "1 u apart");
    verdict("\"quasi-solid\".line.center > 8 nm", AS_SUPPORTED, "2 u apart");
    verdict("\"quasi-solid\".free.fraction - \"quasi-solid\".edge.fraction < 0.5", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".edge.fraction - \"quasi-solid\".free.fraction < 0.2", AS_SUPPORTED, NULL);
    verdict("\"quasi-solid\".free.fraction - \"quasi-solid\".edge.fraction < 0.2", AS_UNDECIDED, NULL);
    value("\"quasi-solid\".free.fraction", 0.3, 0.1, "1");
}

/* a = p + e, b = 2 p + f with e, f of u 1 and p, which both series of one fit share, of u 3. */
static void one_fit(void)
{
    static const double factor[2] = { 1, 2 };
    static const char *const names[2] = { "first", "second" };
    for (size_t i = 0; i < 2; i++) {
        as_table *t = series(names[i]);
        const double u = sqrt(9 * factor[i] * factor[i] + 1);
        const as_step fit = { .op = "fit-global", .version = "1", .settings = "--shared p", .inputs = "{}" };
        CHECK(as_add_step(ctx, t, &fit) == AS_OK);
        const size_t which[] = { put(t, "x", "p", 5, 3, "nm", "ok", AS_EQUAL),
                                 put(t, "x", "again", 5, 3, "nm", "ok", AS_EQUAL), /* adds nothing */
                                 put(t, "x", "area", 20 * factor[i], u, "nm", "ok", AS_EQUAL) };
        const double c = 9 * factor[i], cov[] = { 9, 9, c, 9, 9, c, c, c, u * u };
        CHECK(as_set_covariance(ctx, t, 3, which, cov) == AS_OK);
    }
    value("second.x.area - first.x.area", 20, sqrt(9 + 2), "nm");
    value("2 * first.x.area - second.x.area", 0, sqrt(5), "nm");
    value("first.x.p - second.x.p", 0, 0, "nm");
    CHECK(!reported("second.x.area - first.x.area").assumes);
    as_table *apart = series("apart");
    put(apart, "x", "area", 20, 1, "nm", "ok", AS_EQUAL);
    CHECK(reported("first.x.area - apart.x.area").assumes);
    verdict("apart.x.area < second.x.area", AS_SUPPORTED, "u apart, taken as independent");
    CHECK(!reported("first.x.area - 20~1 nm").assumes); /* who writes a number knows where it is from */
    CHECK(reported("pristine.\"111\".area / pristine.\"222\".area").assumes);
}

/* A later step copies a result of the first and derives another from it. */
static void one_origin(void)
{
    as_table *t[2] = { series("fitted"), series("derived") };
    for (size_t i = 0; i < 2; i++) {
        const as_step step = { .op = i ? "more" : "fit", .version = "1", .settings = "" };
        if (i) CHECK(as_add_step(ctx, t[i], &(as_step){ .op = "fit", .version = "1", .settings = "" }) == AS_OK);
        CHECK(as_add_step(ctx, t[i], &step) == AS_OK);
        CHECK(as_set_meta(ctx, t[i], "source.sha256", "5a", NULL, NULL) == AS_OK);
        put(t[i], "x", "area", 20, 2, "nm", "ok", AS_EQUAL);
    }
    correlate(t[1], 0, put(t[1], "x", "width", 10, 1, "nm", "ok", AS_EQUAL), 0.5);
    value("fitted.x.area - derived.x.width", 10, sqrt(4 + 1 - 2), "nm");
    value("fitted.x.area - derived.x.area", 0, 0, "nm");
    CHECK(!reported("fitted.x.area - derived.x.width").assumes);
}

int main(void)
{
    ctx = as_ctx_new(catch, NULL);
    data();
    numbers();
    propagation();
    temperatures();
    verdicts();
    detection();
    logic();
    bounds();
    sets();
    grammar();
    paths();
    unequal_arms();
    one_fit();
    one_origin();
    problem("activated.bare.area", "no uncertainty");
    problem("activated.bad.area", "failed");
    problem("\"quasi-solid\".film.depth + \"quasi-solid\".layer.depth", "both directions");
    as_ctx_free(ctx);
    DONE();
}
