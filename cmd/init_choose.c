/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proposals tried on the files they are for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect.h"
#include "init.h"
#include "messages.h"

/* A session whose messages nobody sees and whose memory goes when the trial is over. */
typedef struct trial {
    as_session s;
    as_messages quiet;
} trial;

static as_status trial_open(const as_session *s, trial *t)
{
    t->s = *s;
    t->quiet = (as_messages){ .to = fopen("/dev/null", "w"), .json = true };
    t->s.messages = &t->quiet;
    t->s.keep_going = false;
    t->s.arena = NULL;
    t->s.ctx = NULL;
    if (!t->quiet.to) return as_fail(s->ctx, AS_E_IO, NULL, "/dev/null cannot be opened");
    (void)pthread_mutex_init(&t->quiet.lock, NULL);
    t->s.ctx = as_ctx_new(as_messages_show, &t->quiet);
    if (t->s.ctx) t->s.arena = as_arena_new(t->s.ctx, as_ctx_limit_of(s->ctx));
    return t->s.arena ? AS_OK : as_fail(s->ctx, AS_E_NOMEM, NULL, "out of memory");
}

static void trial_close(trial *t)
{
    if (t->s.arena) as_arena_free(t->s.arena);
    if (t->s.ctx) as_ctx_free(t->s.ctx);
    if (t->quiet.to) fclose(t->quiet.to);
}

/* --- one trial ------------------------------------------------------------------------------ */

static as_status open_text(as_session *s, const char *at, const char *text, as_recipe *r)
{
    const as_variables none = { 0 };
    const as_input *in;
    AS_TRY(as_input_of_bytes(s->ctx, at, text, strlen(text), &in));
    AS_TRY(as_recipe_read(s->ctx, s->arena, in, &none, r));
    return as_recipe_check(s, r);
}

static as_status draw_all(as_kitchen *k)
{
    for (size_t i = 0; i < k->r->n_figures; i++) {
        const as_product *p = &k->r->figure[i];
        as_gather *all;
        as_drawing d;
        AS_TRY(as_gather_new(&k->session, &all));
        AS_TRY(as_product_run(k, p, p->n_stages - 1, &all->sink));
        AS_TRY(as_draw_product(k, p, all, &d));
    }
    return AS_OK;
}

/* Runs the text. *found: the tables of its step, NULL without one; *supported: every claim is. */
static as_status attempt(trial *t, const char *at, const char *text, as_gather **found,
                         bool *supported)
{
    as_recipe *r = AS_NEW(t->s.arena, as_recipe);
    as_kitchen *k;
    as_answered *claims;
    as_yield *y;
    size_t surprises = 0, failed = 0;
    *found = NULL;
    if (!r) return AS_ERR;
    AS_TRY(open_text(&t->s, at, text, r));
    AS_TRY(as_kitchen_new(&t->s, r, "", NULL, &k));
    AS_TRY(draw_all(k));
    if (r->n_steps) {
        AS_TRY(as_yield_get(k, r->step[0].name, &y));
        *found = y->tables;
    }
    if (r->n_claims) AS_TRY(as_claims_evaluate(k, &claims, &surprises, &failed));
    *supported = r->n_claims && surprises == 0 && failed == 0;
    if (k->session.numeric_failures)
        return as_fail(t->s.ctx, AS_E_NUMERIC, NULL, "a series failed");
    return AS_OK;
}

/* What only memory and bugs can do ends the program; all else ends the trial. */
static as_status tolerate(const as_session *s, const trial *t, as_status status, bool *works,
                          const char **note)
{
    *works = status == AS_OK;
    if (status == AS_OK) return AS_OK;
    const as_code code = as_pending(t->s.ctx);
    if (code == AS_E_NOMEM) return as_fail(s->ctx, code, NULL, "out of memory");
    if (note && !*note) *note = as_strdup(s->arena, as_pending_message(t->s.ctx));
    as_forget_error(t->s.ctx);
    return AS_OK;
}

/* --- a claim of what was found -------------------------------------------------------------- */

static const char *quoted(as_arena *a, const char *name)
{
    bool plain = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
    for (const char *c = name; *c; c++)
        plain &= (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                 *c == '_';
    return plain ? name : as_format(a, "\"%s\"", name);
}

/* "NAME.", and of series NAME.3 of a file with several the index outside the quotes; a series of a
 * stream may have no name, and then a claim has none. */
static const char *series_prefix(as_arena *a, const char *name)
{
    if (!name) return "";
    const char *dot = strrchr(name, '.'), *rest = dot;
    if (!dot || strspn(dot + 1, "0123456789") != strlen(dot + 1) || !dot[1]) rest = "";
    const char *stem = *rest ? as_strndup(a, name, (size_t)(dot - name)) : name;
    return stem ? as_format(a, "%s%s.", quoted(a, stem), rest) : NULL;
}

static bool fit_for_claim(const as_result *v)
{
    return isfinite(v->value) && v->value != 0 && isfinite(v->u) && v->u > 0 &&
           v->u < 0.2 * fabs(v->value) && v->bound == AS_EQUAL &&
           (!v->flag || strcmp(v->flag, "ok") == 0);
}

/* A value that the result is within five u of, rounded as far as that allows. */
static const char *claim_of(as_arena *a, const as_chapter *c, const as_table *t, const as_result *v)
{
    char tolerance[32], value[32];
    char *text = NULL;
    size_t size = 0;
    const int digits = (int)ceil(log10(fabs(v->value) / v->u)) + 1;
    (void)snprintf(tolerance, sizeof tolerance, "%.1g", 5 * v->u);
    (void)snprintf(value, sizeof value, "%.*g",
                   digits < 2    ? 2
                   : digits > 15 ? 15
                                 : digits,
                   v->value);
    const bool pure = strcmp(v->unit.symbol, "1") == 0;
    const char *unit = pure ? "" : v->unit.symbol, *blank = pure ? "" : " ";
    const char *series = series_prefix(a, t->name);
    const char *path =
        series ? as_format(a, "%s%s.%s", series, quoted(a, v->item), v->quantity) : NULL;
    const char *says =
        as_format(a, "%s of %s in %s is %s%s%s", v->quantity, v->item,
                  t->label || t->name ? as_part_name(t) : c->name, value, blank, unit);
    const char *holds = as_format(a, "within(%s, %s%s%s, %s%s%s)", path ? path : "", value, blank,
                                  unit, tolerance, blank, unit);
    FILE *to = path && says && holds ? open_memstream(&text, &size) : NULL;
    if (!to) return NULL;
    fputs("  - says: ", to);
    as_init_quoted(to, says);
    fprintf(to, "\n    from: %s_found\n    holds: ", c->name);
    as_init_quoted(to, holds);
    fputs("\n    report: ", to);
    as_init_quoted(to, path);
    fputc('\n', to);
    const char *copy = fclose(to) == 0 ? as_strndup(a, text, size) : NULL;
    free(text);
    return copy;
}

static as_status try_claim(as_session *s, const char *at, as_chapter *c, const char *claim)
{
    as_chapter with = *c;
    trial t;
    bool works, supported = false;
    as_gather *found;
    with.claim = claim;
    const char *text = as_init_text(s->arena, "trial", 1, &with);
    if (!text) return AS_ERR;
    as_status status = trial_open(s, &t);
    if (status == AS_OK)
        status = tolerate(s, &t, attempt(&t, at, text, &found, &supported), &works, NULL);
    if (status == AS_OK && works && supported) c->claim = claim;
    trial_close(&t);
    return status;
}

enum { CLAIMS_TRIED = 4 };

static as_status choose_claim(as_session *s, const char *at, as_chapter *c, const as_gather *found)
{
    size_t tried = 0;
    for (size_t i = 0; i < found->n && tried < CLAIMS_TRIED; i++)
        for (size_t k = 0; k < found->t[i]->n_results && tried < CLAIMS_TRIED; k++) {
            const as_result *v = &found->t[i]->result[k];
            if (!fit_for_claim(v)) continue;
            const char *claim = claim_of(s->arena, c, found->t[i], v);
            if (!claim) return AS_ERR;
            AS_TRY(try_claim(s, at, c, claim));
            if (c->claim) return AS_OK;
            tried++;
        }
    return AS_OK;
}

/* --- proposals ------------------------------------------------------------------------------ */

static bool has_results(const as_gather *found)
{
    for (size_t i = 0; found && i < found->n; i++)
        if (found->t[i]->n_results) return true;
    return false;
}

/* A fit with a parameter at its bound, or none, is no beginning to build on. */
static bool fits_well(const as_gather *found)
{
    for (size_t i = 0; i < found->n; i++)
        for (size_t k = 0; k < found->t[i]->n_results; k++) {
            const char *flag = found->t[i]->result[k].flag;
            if (flag && (strcmp(flag, "at_bound") == 0 || strcmp(flag, "failed") == 0))
                return false;
        }
    return true;
}

/* A step that finds nothing in any of the files is none, and some figures are for few series. */
static as_status try_proposal(as_session *s, const char *at, as_chapter *c, bool *works)
{
    trial t;
    bool supported;
    as_gather *found;
    const char *text = as_init_text(s->arena, "trial", 1, c);
    if (!text) return AS_ERR;
    as_status status = trial_open(s, &t);
    if (status == AS_OK)
        status = tolerate(s, &t, attempt(&t, at, text, &found, &supported), works, &c->note);
    if (status == AS_OK && *works && c->proposal->step) {
        *works = has_results(found) && (!c->proposal->most || found->n <= c->proposal->most) &&
                 (!strstr(c->proposal->step, "fit --model") || fits_well(found));
        if (*works) status = choose_claim(s, at, c, found);
    }
    trial_close(&t);
    return status;
}

/* --- models --------------------------------------------------------------------------------- */

/* The text that propose-model finds for the one series of these files; NULL: none. */
static as_status propose(as_session *s, const char *at, as_chapter *c, const as_proposal *p,
                         const char **model)
{
    as_proposal search = { p->step, "plot-lines", p->most, NULL };
    trial t;
    bool supported, works;
    as_gather *found;
    *model = NULL;
    search.step =
        as_format(s->arena, "%s | propose-model --digits 4 --background %s", p->step, p->propose);
    c->proposal = &search;
    const char *text = search.step ? as_init_text(s->arena, "trial", 1, c) : NULL;
    c->proposal = p;
    if (!text) return AS_ERR;
    as_status status = trial_open(s, &t);
    if (status == AS_OK)
        status = tolerate(s, &t, attempt(&t, at, text, &found, &supported), &works, NULL);
    if (status == AS_OK && works && found->n == 1) {
        const as_meta *m = as_get_meta(found->t[0], "proposed_model");
        *model = m ? as_strdup(s->arena, m->text) : NULL;
    }
    trial_close(&t);
    return status;
}

/* The same proposal with its peaks fitted; NULL in *out where no model could be proposed. */
static as_status fitted(as_session *s, const char *at, as_chapter *c, const as_proposal *p,
                        const as_proposal **out)
{
    const char *model, *peaks = strstr(p->step, "peaks");
    *out = NULL;
    AS_TRY(propose(s, at, c, p, &model));
    if (!model || !peaks) return AS_OK;
    as_proposal *made = AS_NEW(s->arena, as_proposal);
    const char *before = as_strndup(s->arena, p->step, (size_t)(peaks - p->step));
    if (!made || !before) return AS_ERR;
    *made = (as_proposal){ as_format(s->arena, "%sfit --model '%s'", before, model), p->figure,
                           p->most, NULL };
    *out = made;
    return made->step ? AS_OK : AS_ERR;
}

as_status as_init_choose(as_session *s, const char *at, as_chapter *c, bool *works)
{
    *works = false;
    for (const as_proposal *p = c->file->family->proposal; p->figure && !*works; p++) {
        const as_proposal *chosen = p;
        if (p->propose) AS_TRY(fitted(s, at, c, p, &chosen));
        if (!chosen) continue;
        c->proposal = chosen;
        AS_TRY(try_proposal(s, at, c, works));
    }
    return AS_OK;
}
