/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims on the page: what was stated beside what was found, the verdict and why. */
#include <math.h>
#include <string.h>

#include "report.h"

static void reported_value(as_report *r, const as_reported *v, const char *expression)
{
    FILE *to = r->to;
    fputs("<tr><td><code>", to);
    as_html(to, expression);
    fputs("</code>", to);
    if (v->name) as_htmlf(to, "<br/><span class=\"soft\">%s</span>", v->name);
    fputs("</td><td class=\"n\">", to);
    if (v->is_truth) {
        as_htmlf(to, "%s", as_verdict_name(v->answer.verdict));
    } else {
        as_report_quantity(r, v->value, v->u, &v->unit, v->bound);
        if (isnan(v->u) && !isnan(v->value)) fputs(" (no uncertainty)", to);
        if (v->assumes) fputs("<br/><span class=\"soft\">taken as independent</span>", to);
        if (v->problem && isnan(v->value)) as_htmlf(to, "<br/><span class=\"soft\">%s</span>", v->problem);
    }
    fputs("</td></tr>\n", to);
}

/* The values beside what the publication states. */
static void side_by_side(as_report *r, const as_answered *a)
{
    FILE *to = r->to;
    const as_recipe_claim *c = a->claim;
    if (!c->stated && (a->failed || c->n_report == 0)) return;
    fputs("<dl class=\"facts\">\n", to);
    as_htmlf(to, "<dt>Stated</dt><dd>%s</dd>\n", c->stated ? c->stated : "– (no value is given)");
    if (!a->failed && c->n_report) {
        fputs("<dt>Found here</dt><dd><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
              "aria-label=\"Values found\"><table><tbody>\n", to);
        for (size_t e = 0; e < c->n_report; e++)
            for (size_t m = 0; m < a->n_reported[e]; m++)
                reported_value(r, &a->reported[e][m], c->report[e].s);
        fputs("</tbody></table></div></dd>\n", to);
    }
    fputs("</dl>\n", to);
}

static void expectation(as_report *r, const as_answered *a)
{
    const as_verdict expected = a->claim->expect;
    if (a->answer.verdict != expected)
        as_htmlf(r->to, "<p class=\"warned\">Not as expected: the recipe expects “%s”.</p>\n",
                 as_verdict_name(expected));
    else if (expected != AS_SUPPORTED)
        as_htmlf(r->to, "<p class=\"soft\">The recipe expects this verdict.</p>\n");
}

static void claim(as_report *r, size_t number, const as_answered *a)
{
    FILE *to = r->to;
    const as_recipe_claim *c = a->claim;
    as_htmlf(to,
             "<article class=\"card\" id=\"claim-%zu\">\n<div class=\"claim-head\"><span class=\"verdict "
             "%s\">%s</span><h3>%s</h3></div>\n",
             number, as_verdict_class(a->answer.verdict), as_verdict_name(a->answer.verdict),
             c->says);
    expectation(r, a);
    side_by_side(r, a);
    const bool only_here = c->n_report == 0 || a->failed; /* no other place shows the numbers */
    fprintf(to, "<details%s><summary>How it was decided</summary>\n<dl class=\"facts\">\n",
            only_here ? " open=\"\"" : "");
    as_htmlf(to, "<dt>Holds</dt><dd><code>%s</code></dd>\n", c->holds.s);
    if (*a->answer.because) {
        fputs("<dt>Because</dt><dd>", to);
        as_html_numbers(to, a->answer.because);
        fputs("</dd>\n", to);
    }
    fputs("<dt>From</dt><dd>", to);
    for (size_t i = 0; i < c->n_from; i++)
        as_htmlf(to, "%s<a href=\"#%s\">%s</a>", i ? ", " : "",
                 as_html_source(r, c->from[i].name), c->from[i].name);
    fputs("</dd>\n", to);
    if (c->note) as_htmlf(to, "<dt>Note</dt><dd>%s</dd>\n", c->note);
    fputs("</dl></details>\n</article>\n", to);
}

void as_report_claims(as_report *r)
{
    if (r->r->n_claims == 0) return;
    fputs("<section id=\"claims\" aria-labelledby=\"claims-title\">\n<h2 id=\"claims-title\">Claims</h2>\n",
          r->to);
    for (size_t i = 0; i < r->r->n_claims; i++) claim(r, i + 1, &r->claim[i]);
    fputs("<details class=\"soft\"><summary>What the verdicts mean</summary><p>A comparison is "
          "<b>supported</b> when the difference is at least 1.645 standard uncertainties on the claimed "
          "side, <b>not supported</b> when it is that far on the other, else <b>undecided</b> (one-sided "
          "95 %). Behind ± stands one standard uncertainty, propagated to first order, with the covariance of results "
          "where a fit gave it; results whose covariance nobody knows are <i>taken as independent</i>, and that is "
          "said.</p></details>\n</section>\n",
          r->to);
}
