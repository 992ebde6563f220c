/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims of a recipe answered: a report for people, tables and JSON for programs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "number.h"
#include "recipe_run.h"

/* --- evaluation ------------------------------------------------------------------------------ */

static as_status evidence(as_kitchen *k, const as_recipe_claim *c, size_t *n, const as_table ***out)
{
    as_yield *y;
    *n = 0;
    for (size_t i = 0; i < c->n_from; i++) {
        AS_TRY(as_yield_get(k, c->from[i].name, &y));
        *n += y->tables->n;
    }
    const as_table **all = *out = AS_NEW_N(k->session.arena, const as_table *, *n);
    if (!all) return AS_ERR;
    size_t at = 0;
    for (size_t i = 0; i < c->n_from; i++) {
        AS_TRY(as_yield_get(k, c->from[i].name, &y));
        for (size_t t = 0; t < y->tables->n; t++) all[at++] = y->tables->t[t];
    }
    return AS_OK;
}

static as_status evaluate(as_kitchen *k, as_answered *to)
{
    const as_recipe_claim *c = to->claim;
    as_ctx *ctx = k->session.ctx;
    as_arena *a = k->session.arena;
    const as_table **tables;
    size_t n;
    to->n_reported = AS_NEW_N(a, size_t, c->n_report);
    to->reported = AS_NEW_N(a, as_reported *, c->n_report);
    if (!to->n_reported || !to->reported) return AS_ERR;
    AS_TRY(evidence(k, c, &n, &tables));
    AS_TRY(as_claim_decide(ctx, a, c->expr, n, tables, &to->answer));
    for (size_t i = 0; i < c->n_report; i++)
        AS_TRY(as_claim_report(ctx, a, c->report_expr[i], n, tables, &to->n_reported[i],
                               &to->reported[i]));
    return AS_OK;
}

/* A claim that cannot be evaluated does not keep the others from being answered. */
static as_status evaluate_or_show(as_kitchen *k, as_answered *to, size_t *failed)
{
    if (evaluate(k, to) == AS_OK) return AS_OK;
    const as_code code = as_pending(k->session.ctx);
    if (code == AS_E_NOMEM || code == AS_E_BUG) return AS_ERR;
    to->failed = true;
    to->answer = (as_answer){ AS_UNDECIDED,
                              as_strdup(k->session.arena, as_pending_message(k->session.ctx)) };
    (void)!as_while(k->session.ctx, "answering the claim '%s'", to->claim->says);
    as_flush_error(k->session.ctx);
    ++*failed;
    return to->answer.because ? AS_OK : AS_ERR;
}

/* --- for people ----------------------------------------------------------------------------------
 */

static const char independent[] = "taken as independent";

static const char *value_text(as_arena *a, const as_reported *r)
{
    if (!r->is_truth) return as_quantity_text(a, r->value, r->u, r->unit.symbol, r->bound);
    return as_format(a, "%s (%s)", as_verdict_name(r->answer.verdict), r->answer.because);
}

static void print_reports(as_kitchen *k, FILE *to, const as_answered *c)
{
    for (size_t i = 0; i < c->claim->n_report && !c->failed; i++)
        for (size_t m = 0; m < c->n_reported[i]; m++) {
            const as_reported *r = &c->reported[i][m];
            const char *text = value_text(k->session.arena, r);
            fprintf(to, "    %s%s%s = %s", r->name ? r->name : "", r->name ? ": " : "",
                    c->claim->report[i].s, text ? text : "?");
            if (r->problem && isnan(r->value)) fprintf(to, " (%s)", r->problem);
            if (r->assumes) fprintf(to, ", %s", independent);
            fputc('\n', to);
        }
}

static void print_claim(as_kitchen *k, FILE *to, const as_answered *c)
{
    const as_recipe_claim *claim = c->claim;
    const bool surprise = c->answer.verdict != claim->expect;
    fprintf(to, "%-13s  %s\n", as_verdict_name(c->answer.verdict), claim->says);
    if (surprise) fprintf(to, "    expected: %s\n", as_verdict_name(claim->expect));
    if (*c->answer.because) fprintf(to, "    %s\n", c->answer.because);
    if (claim->stated) fprintf(to, "    stated: %s\n", claim->stated);
    print_reports(k, to, c);
}

/* --- for programs ---------------------------------------------------------------------------- */

/* A cell of a tab-separated table: what would break the row becomes a blank. */
static void cell(FILE *to, const char *s, char end)
{
    for (; s && *s; s++) fputc(strchr("\t\r\n", *s) ? ' ' : *s, to);
    fputc(end, to);
}

static void number_cell(FILE *to, double v, char end)
{
    char digits[AS_NUMBER_MAX];
    as_write_number(v, digits);
    cell(to, digits, end);
}

static void write_claims_tsv(FILE *to, size_t n, const as_answered *all)
{
    fputs("claim\tverdict\texpect\tsays\tholds\tstated\tbecause\n", to);
    for (size_t i = 0; i < n; i++) {
        const as_recipe_claim *c = all[i].claim;
        fprintf(to, "%zu\t", i + 1);
        cell(to, as_verdict_name(all[i].answer.verdict), '\t');
        cell(to, as_verdict_name(c->expect), '\t');
        cell(to, c->says, '\t');
        cell(to, c->holds.s, '\t');
        cell(to, c->stated, '\t');
        cell(to, all[i].answer.because, '\n');
    }
}

static void write_reported_tsv(FILE *to, size_t n, const as_answered *all)
{
    static const char *const bounds[] = { "=", "<", ">" };
    fputs("claim\texpression\tseries\tvalue\tu\tunit\tbound\tproblem\tcovariance\n", to);
    for (size_t i = 0; i < n; i++)
        for (size_t e = 0; e < all[i].claim->n_report && !all[i].failed; e++)
            for (size_t m = 0; m < all[i].n_reported[e]; m++) {
                const as_reported *r = &all[i].reported[e][m];
                fprintf(to, "%zu\t", i + 1);
                cell(to, all[i].claim->report[e].s, '\t');
                cell(to, r->name, '\t');
                number_cell(to, r->value, '\t');
                number_cell(to, r->u, '\t');
                cell(to, r->is_truth ? "" : r->unit.symbol, '\t');
                cell(to, bounds[r->bound], '\t');
                cell(to, r->is_truth ? as_verdict_name(r->answer.verdict) : r->problem, '\t');
                cell(to, r->assumes ? independent : "", '\n');
            }
}

static void json_pair(FILE *to, const char *key, const char *value)
{
    fprintf(to, ", \"%s\": ", key);
    as_json_text(to, value);
}

static void json_reported(FILE *to, const char *expression, const as_reported *r, bool first)
{
    static const char *const bounds[] = { "=", "<", ">" };
    fprintf(to, "%s\n      {\"expression\": ", first ? "" : ",");
    as_json_text(to, expression);
    if (r->name) json_pair(to, "series", r->name);
    if (r->is_truth) {
        json_pair(to, "verdict", as_verdict_name(r->answer.verdict));
        json_pair(to, "because", r->answer.because);
    } else {
        fputs(", \"value\": ", to);
        as_json_number(to, r->value);
        fputs(", \"u\": ", to);
        as_json_number(to, r->u);
        json_pair(to, "unit", r->unit.symbol);
        json_pair(to, "bound", bounds[r->bound]);
        if (r->problem) json_pair(to, "problem", r->problem);
        if (r->assumes) json_pair(to, "covariance", independent);
    }
    fputc('}', to);
}

static void write_json(as_kitchen *k, FILE *to, size_t n, const as_answered *all)
{
    fputs("{\"assay\": \"" ASSAY_VERSION "\"", to);
    json_pair(to, "recipe", k->r->slug);
    if (k->r->title) json_pair(to, "title", k->r->title);
    fputs(", \"about\": {", to);
    for (size_t i = 0; i < k->r->about.n; i++) {
        if (i) fputs(", ", to);
        as_json_text(to, k->r->about.v[i].name);
        fputs(": ", to);
        as_json_text(to, k->r->about.v[i].value);
    }
    fputs("}, \"claims\": [", to);
    for (size_t i = 0; i < n; i++) {
        const as_recipe_claim *c = all[i].claim;
        fprintf(to, "%s\n    {\"says\": ", i ? "," : "");
        as_json_text(to, c->says);
        json_pair(to, "verdict", as_verdict_name(all[i].answer.verdict));
        json_pair(to, "expect", as_verdict_name(c->expect));
        json_pair(to, "holds", c->holds.s);
        json_pair(to, "because", all[i].answer.because);
        if (c->stated) json_pair(to, "stated", c->stated);
        if (c->note) json_pair(to, "note", c->note);
        fprintf(to, ", \"evaluated\": %s, \"report\": [", all[i].failed ? "false" : "true");
        bool first = true;
        for (size_t e = 0; e < c->n_report && !all[i].failed; e++)
            for (size_t m = 0; m < all[i].n_reported[e]; m++, first = false)
                json_reported(to, c->report[e].s, &all[i].reported[e][m], first);
        fputs("]}", to);
    }
    fputs("\n]}\n", to);
}

static as_status write_files(as_kitchen *k, size_t n, const as_answered *all)
{
    as_partial f;
    AS_TRY(as_outfile_open(k, "claims.tsv", &f));
    write_claims_tsv(f.to, n, all);
    AS_TRY(as_outfile_close(k, &f));
    AS_TRY(as_outfile_open(k, "reported.tsv", &f));
    write_reported_tsv(f.to, n, all);
    AS_TRY(as_outfile_close(k, &f));
    AS_TRY(as_outfile_open(k, "claims.json", &f));
    write_json(k, f.to, n, all);
    return as_outfile_close(k, &f);
}

as_status as_claims_evaluate(as_kitchen *k, as_answered **out, size_t *surprises, size_t *failed)
{
    const as_recipe *r = k->r;
    as_answered *all = *out = AS_NEW_N(k->session.arena, as_answered, r->n_claims);
    if (!all) return AS_ERR;
    for (size_t i = 0; i < r->n_claims; i++) {
        all[i].claim = &r->claim[i];
        AS_TRY(evaluate_or_show(k, &all[i], failed));
        *surprises += all[i].answer.verdict != r->claim[i].expect;
    }
    return AS_OK;
}

as_status as_answer_claims(as_kitchen *k, FILE *text, size_t *surprises, size_t *failed)
{
    as_answered *all;
    if (k->r->n_claims == 0) return AS_OK;
    AS_TRY(as_claims_evaluate(k, &all, surprises, failed));
    for (size_t i = 0; i < k->r->n_claims; i++) print_claim(k, text, &all[i]);
    return write_files(k, k->r->n_claims, all);
}
