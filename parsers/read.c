/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a file whole: runs its parser, gives every table its name, source and history, and
 * chooses the parts that make one stream.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "detect.h"
#include "number.h"
#include "read_step.h"

/* --- tables as they come out of parsers ------------------------------------------- */
typedef struct node { /* lives in its table's arena */
    struct node *next;
    as_table *t;
} node;

/* What must be known of all tables before the first of them may leave. */
typedef struct survey {
    size_t n, n_main;
    as_table *shape; /* the columns of the first that is main and what the others add; no rows */
    bool uneven;     /* they do not simply fit: whoever keeps all tables finds out */
} survey;

typedef struct collector {
    as_sink sink;
    node *first, *last;
    size_t n;
    size_t bytes, hold; /* of the tables' numbers; beyond `hold` none is kept; 0: all are */
    bool passing;
    survey seen; /* where none is kept */
} collector;

static as_status look_at(as_ctx *ctx, survey *s, const as_table *t);

static void free_shape(survey *s)
{
    if (s->shape) as_table_free(s->shape);
    s->shape = NULL;
}

/* From now on tables are looked at and dropped. */
static as_status stop_keeping(as_ctx *ctx, collector *c)
{
    as_status status = AS_OK;
    c->passing = true;
    for (node *i = c->first; i;) {
        node *next = i->next;
        if (status == AS_OK) status = look_at(ctx, &c->seen, i->t);
        as_table_free(i->t);
        i = next;
    }
    c->first = c->last = NULL;
    return status;
}

static as_status collect(as_sink *self, as_ctx *ctx, as_table *owned)
{
    enum { MANY = 16 };
    collector *c = (collector *)(void *)self; /* the sink is its first member */
    if (c->passing) {
        const as_status status = look_at(ctx, &c->seen, owned);
        as_table_free(owned);
        c->n++;
        return status;
    }
    node *made = AS_NEW(owned->arena, node);
    if (!made) {
        as_table_free(owned);
        return AS_ERR;
    }
    made->t = owned;
    if (c->last) c->last->next = made;
    else c->first = made;
    c->last = made;
    c->n++;
    c->bytes += owned->rows * owned->n_columns * sizeof(double);
    return c->hold && c->n >= MANY && c->bytes > c->hold ? stop_keeping(ctx, c) : AS_OK;
}

static void drop_all(collector *c)
{
    for (node *i = c->first; i;) {
        node *next = i->next;
        as_table_free(i->t);
        i = next;
    }
    free_shape(&c->seen);
    *c = (collector){ .sink = c->sink };
}

/* --- one file, one format ------------------------------------------------------------- */
static as_status parse_with(as_ctx *ctx, const as_input *in, const as_parser *p,
                            const void *settings, as_sink *to)
{
    as_parse job = { .ctx = ctx, .in = in, .settings = settings, .out = to };
    as_forget_error(ctx);
    AS_TRY(p->parse(&job));
    if (as_pending(ctx) == AS_E_NOMEM || as_pending(ctx) == AS_E_LIMIT)
        return AS_ERR; /* somebody went on without what he asked for */
    return AS_OK;
}

static as_status found_none(as_ctx *ctx, const as_input *in, const as_parser *p)
{
    const as_where where = { .file = in->name };
    return as_fail(ctx, AS_E_MISSING, &where, "format %s found no data in it", p->name);
}

static as_status run_parser(as_ctx *ctx, const as_input *in, const as_parser *p,
                            const as_read_options *how, collector *c)
{
    const void *settings;
    as_origin from;
    node *before = c->last;
    const size_t n_before = c->n;
    AS_TRY(as_format_settings(ctx, in, p, how, &settings));
    AS_TRY(parse_with(ctx, in, p, settings, &c->sink));
    if (c->passing) return AS_OK;
    AS_TRY(as_origin_of(ctx, in, p, how, settings, &from));
    for (node *i = before ? before->next : c->first; i; i = i->next)
        AS_TRY(as_sign(ctx, i->t, &from));
    return c->n > n_before ? AS_OK : found_none(ctx, in, p);
}

/* What is said of a file as a whole, to be said with each of its tables. */
typedef struct remarks {
    as_table *t, *outer;
    const node *before; /* the last table of another file */
} remarks;

static as_status listen(as_ctx *ctx, const collector *c, remarks *r)
{
    *r = (remarks){ .t = as_table_new(ctx, 0), .before = c->last };
    if (!r->t) return AS_ERR;
    r->outer = as_blame(ctx, r->t);
    return AS_OK;
}

static void repeat_warnings(as_table *t, const as_table *of)
{
    for (size_t i = 0; i < of->n_warnings; i++) as_add_warning(t, NULL, of->warning[i]);
}

static void stop_listening(as_ctx *ctx, collector *c, const remarks *r)
{
    (void)as_blame(ctx, r->outer);
    if (c->passing && c->seen.shape) repeat_warnings(c->seen.shape, r->t); /* for the first series */
    for (node *i = c->passing ? NULL : r->before ? r->before->next : c->first; i; i = i->next)
        repeat_warnings(i->t, r->t);
}

static void doubt_encoding(as_ctx *ctx, const as_input *in)
{
    const as_where where = { .file = in->name };
    if (!in->encoding_doubtful) return;
    if (as_starts(in->encoding, "UTF-8"))
        as_warn(ctx, NULL, &where, "text in UTF-8 with bytes that are none: they became \xef\xbf\xbd");
    else
        as_warn(ctx, NULL, &where, "no encoding is stated, and the bytes do not settle it: read as %s; "
                "if names look wrong, convert the file first: iconv -f ENCODING -t UTF-8", in->encoding);
}

static as_status read_one(as_ctx *ctx, const as_input *in, const as_read_options *how,
                          collector *c)
{
    const as_parser *p;
    remarks said;
    const as_frame frame = as_enter(ctx);
    as_status status = listen(ctx, c, &said);
    if (status == AS_OK) {
        status = as_detect(ctx, in, how->format, &p, NULL);
        if (status == AS_OK) doubt_encoding(ctx, in);
        if (status == AS_OK) status = run_parser(ctx, in, p, how, c);
        stop_listening(ctx, c, &said);
    }
    as_leave(ctx, frame);
    return status;
}

/* --- a container of files ----------------------------------------------------------------- */
/* What packing programs add. */
static bool is_litter(const char *name)
{
    const char *base = as_base_name(name);
    return base[0] == '.' || as_starts(name, "__MACOSX/") || as_same(base, "Thumbs.db") ||
           as_same(base, "desktop.ini");
}

static as_status read_any(as_ctx *ctx, const as_input *in, const as_read_options *how,
                          collector *c, int depth);

static as_status read_bundle(as_ctx *ctx, const as_input *in, const as_read_options *how,
                             collector *c, int depth)
{
    const as_entry *entry;
    const size_t n = as_members(in, &entry);
    size_t good = 0;
    struct skipped { const char *name, *why; } *skipped = AS_NEW_N(as_scratch(ctx),
                                                                   struct skipped, n);
    size_t n_skipped = 0;
    const node *before = c->last;
    if (!skipped) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const as_input *member;
        if (is_litter(entry[i].name)) continue;
        AS_TRY(as_open_member(ctx, in, entry[i].name, &member));
        const as_status status = read_any(ctx, member, how, c, depth + 1);
        if (status == AS_OK) {
            good++;
        } else if (as_pending(ctx) == AS_E_FORMAT) {
            const char *why = as_strdup(as_scratch(ctx), as_pending_message(ctx));
            if (!why) return AS_ERR;
            as_forget_error(ctx);
            skipped[n_skipped++] = (struct skipped){ member->name, why };
        } else {
            return AS_ERR;
        }
    }
    const as_where where = { .file = in->name };
    if (good == 0)
        return as_fail(ctx, AS_E_FORMAT, &where, "none of its %zu files has a known format", n);
    remarks said;
    AS_TRY(listen(ctx, c, &said));
    said.before = before;
    for (size_t i = 0; i < n_skipped; i++) {
        const as_where at = { .file = skipped[i].name };
        as_warn(ctx, NULL, &at, "left out: %s", skipped[i].why);
    }
    stop_listening(ctx, c, &said);
    return AS_OK;
}

/* Containers nest no deeper than as_open_member allows. */
static as_status read_any(as_ctx *ctx, const as_input *in, const as_read_options *how,
                          collector *c, int depth)
{
    if (!how->format && as_is_bundle(ctx, in)) {
        c->hold = 0; /* their names depend on each other */
        return read_bundle(ctx, in, how, c, depth);
    }
    return read_one(ctx, in, how, c);
}

/* --- names -------------------------------------------------------------------------------- */
static bool same_source(const as_table *a, const as_table *b)
{
    const as_meta *x = as_get_meta(a, "source.name"), *y = as_get_meta(b, "source.name");
    return x && y && strcmp(x->text, y->text) == 0;
}

static bool taken(const as_collection *all, size_t until, const char *name)
{
    for (size_t i = 0; i < until; i++)
        if (all->t[i]->name && strcmp(all->t[i]->name, name) == 0) return true;
    return false;
}

/* The stem of the source; with .0, .1 ... when several tables come from it. Members of equal
 * stem get their number in the container, so that names stay keys. */
static as_status name_all(as_ctx *ctx, const as_collection *all, uint32_t first)
{
    size_t group = 0;
    for (size_t i = 0; i < all->n; i = group) {
        group = i + 1;
        while (group < all->n && same_source(all->t[i], all->t[group])) group++;
        const as_meta *source = as_get_meta(all->t[i], "source.name");
        const char *stem = as_stem(as_scratch(ctx), source ? source->text : "series");
        if (stem && taken(all, i, stem)) stem = as_format(as_scratch(ctx), "%s-%zu", stem, i);
        if (!stem) return AS_ERR;
        for (size_t k = i; k < group; k++) {
            as_table *t = all->t[k];
            t->number = first + (uint32_t)k;
            t->name = group == i + 1 ? as_strdup(t->arena, stem)
                                     : as_format(t->arena, "%s.%zu", stem, k - i);
            if (!t->name) return AS_ERR;
        }
    }
    return AS_OK;
}

/* All tables in *out; none of them, where the collector passed them by. */
static as_status read_whole(as_ctx *ctx, const as_input *in, const as_read_options *how,
                            collector *c, as_collection *out)
{
    const as_frame frame = as_enter(ctx);
    const as_status status = read_any(ctx, in, how, c, 0);
    as_leave(ctx, frame);
    *out = (as_collection){ .n = 0 };
    if (status == AS_OK && c->passing) return AS_OK;
    as_table **t = status == AS_OK ? AS_NEW_N(as_scratch(ctx), as_table *, c->n) : NULL;
    if (!t) {
        drop_all(c);
        return AS_ERR;
    }
    for (node *i = c->first; i; i = i->next) {
        t[out->n++] = i->t;
        as_own(ctx, i->t);
    }
    out->t = t;
    return name_all(ctx, out, how->first);
}

as_status as_read_all(as_ctx *ctx, const as_input *in, const as_read_options *how,
                      as_collection *out)
{
    collector c = { .sink = { collect } };
    return read_whole(ctx, in, how, &c, out);
}

/* --- every table in its turn ---------------------------------------------------------------- */
typedef struct showing {
    as_sink sink, *to;
    const as_origin *from;
    size_t n;
} showing;

static as_status show(as_sink *self, as_ctx *ctx, as_table *owned)
{
    showing *s = (showing *)(void *)self; /* the sink is its first member */
    if (as_sign(ctx, owned, s->from) != AS_OK) {
        as_table_free(owned);
        return AS_ERR;
    }
    s->n++;
    return as_emit(s->to, ctx, owned);
}

as_status as_read_each(as_ctx *ctx, const as_input *in, const as_read_options *how, as_sink *to,
                       as_table **file)
{
    const as_parser *p;
    const void *settings;
    as_origin from;
    showing each = { .sink = { show }, .to = to, .from = &from };
    if (!(*file = as_table_new(ctx, 0))) return AS_ERR;
    as_table *outer = as_blame(ctx, *file);
    as_status status = as_detect(ctx, in, how->format, &p, NULL);
    if (status == AS_OK) doubt_encoding(ctx, in);
    if (status == AS_OK) status = as_format_settings(ctx, in, p, how, &settings);
    if (status == AS_OK) status = as_origin_of(ctx, in, p, how, settings, &from);
    if (status == AS_OK) status = parse_with(ctx, in, p, settings, &each.sink);
    (void)as_blame(ctx, outer);
    return status == AS_OK && each.n == 0 ? found_none(ctx, in, p) : status;
}

/* --- parts ---------------------------------------------------------------------------------- */
const char *as_part_name(const as_table *t)
{
    const as_meta *part = as_get_meta(t, "part");
    if (!part) part = as_get_meta(t, "region");
    if (part && part->text && part->text[0]) return part->text;
    return t->label ? t->label : t->name;
}

/* "0 survey, 1 C 1s, ..." for messages. */
static const char *parts_text(as_ctx *ctx, const as_collection *all)
{
    enum { SHOWN = 12 };
    const char *text = "";
    for (size_t i = 0; i < all->n && i < SHOWN && text; i++)
        text = as_format(as_scratch(ctx), "%s%s%zu '%s'", text, i ? ", " : "", i,
                         as_part_name(all->t[i]));
    if (text && all->n > SHOWN)
        text = as_format(as_scratch(ctx), "%s and %zu more", text, all->n - SHOWN);
    return text ? text : "";
}

static bool asked_for(const as_table *t, size_t index, const char *part)
{
    double number;
    if (as_same(part, "all") || as_same(part, as_part_name(t))) return true;
    return as_read_number(part, strlen(part), '.', &number) && number == (double)index;
}

static as_status select_parts(as_ctx *ctx, const as_input *in, const as_collection *all,
                              const char *part, as_collection *out)
{
    const as_where where = { .file = in->name };
    out->n = 0;
    out->t = AS_NEW_N(as_scratch(ctx), as_table *, all->n);
    if (!out->t) return AS_ERR;
    for (size_t i = 0; i < all->n; i++)
        if (part ? asked_for(all->t[i], i, part) : !all->t[i]->secondary || all->n == 1)
            out->t[out->n++] = all->t[i];
    if (out->n > 0) return AS_OK;
    if (part)
        return as_fail(ctx, AS_E_MISSING, &where, "no part '%s'; there are %s", part,
                       parts_text(ctx, all));
    return as_fail(ctx, AS_E_MISSING, &where,
                   "several parts, none of them the main data: choose with --part among %s",
                   parts_text(ctx, all));
}

/* A further column of the same name but another unit gets a name of its own. */
static as_status part_names(as_ctx *ctx, const as_table *first, as_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i], *mine = as_find_name(first, c->name);
        if (c->role != AS_ROLE_OTHER || !mine || mine->role != AS_ROLE_OTHER) continue;
        if (mine->type == c->type && strcmp(mine->unit.symbol, c->unit.symbol) == 0) continue;
        const char *name = c->name;
        for (size_t k = 2; name && (as_find_name(first, name) || as_find_name(t, name)); k++)
            name = as_format(as_scratch(ctx), "%s_%zu", c->name, k);
        if (!name) return AS_ERR;
        t->column[i]->name = as_strdup(t->arena, name);
        if (!t->column[i]->name) return AS_ERR;
    }
    return AS_OK;
}

static bool same_column(const as_column *a, const as_column *b)
{
    return a && b && a->type == b->type && strcmp(a->name, b->name) == 0 &&
           strcmp(a->unit.symbol, b->unit.symbol) == 0;
}

/* Why `t` cannot stand in one stream with `first`: the name of a column, NULL: it can. */
static const char *misfit(const as_table *first, const as_table *t)
{
    static const as_role exact[] = { AS_ROLE_X, AS_ROLE_Y };
    for (size_t i = 0; i < 2; i++) {
        const as_column *c = as_find_role(t, exact[i]);
        if (!same_column(as_find_role(first, exact[i]), c)) return c ? c->name : "x";
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *mine = as_find_name(first, t->column[i]->name);
        if (mine && !same_column(mine, t->column[i])) return mine->name;
    }
    return NULL;
}

static as_status widen(as_ctx *ctx, as_table *first, const as_table *by)
{
    for (size_t i = 0; i < by->n_columns; i++) {
        const as_column *c = by->column[i];
        if (as_find_name(first, c->name)) continue;
        as_column *made = c->type == AS_TEXT
                              ? as_add_text(ctx, first, c->name, c->role)
                              : as_add_column(ctx, first, c->name, c->role, c->unit);
        if (!made) return AS_ERR;
        for (size_t k = 0; c->type == AS_F64 && k < first->rows; k++) made->v.f[k] = NAN;
    }
    return AS_OK;
}

/* Those of `all` that `part` asks for, fit for one stream: one x, one y, the same columns (one that
 * the first lacks is added to it as nan). Where nothing is main, or parts differ, AS_E_MISSING
 * names the parts. Numbers and names are given anew. */
static as_status choose_parts(as_ctx *ctx, const as_input *in, const as_collection *all,
                              const as_read_options *how, as_collection *out)
{
    AS_TRY(select_parts(ctx, in, all, how->part, out));
    for (size_t i = 1; i < out->n; i++) {
        AS_TRY(part_names(ctx, out->t[0], out->t[i]));
        const char *column = misfit(out->t[0], out->t[i]);
        const as_where where = { .file = in->name };
        if (column)
            return as_fail(ctx, AS_E_MISSING, &where,
                           "its parts do not fit one table (column '%s' of '%s'): choose with "
                           "--part among %s",
                           column, as_part_name(out->t[i]), parts_text(ctx, all));
        AS_TRY(widen(ctx, out->t[0], out->t[i]));
    }
    return name_all(ctx, out, how->first);
}

/* --- many tables, one after the other ---------------------------------------------------- */
static bool has_clash(const as_table *first, const as_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *mine = as_find_name(first, t->column[i]->name);
        if (mine && !same_column(mine, t->column[i])) return true;
    }
    return false;
}

static as_status look_at(as_ctx *ctx, survey *s, const as_table *t)
{
    s->n++;
    if (t->secondary || s->uneven) return AS_OK;
    s->n_main++;
    if (!s->shape) {
        s->shape = as_table_new(ctx, 0);
        if (!s->shape) return AS_ERR;
        as_keep(s->shape);
    } else if (has_clash(s->shape, t) || misfit(s->shape, t)) {
        s->uneven = true;
        return AS_OK;
    }
    return widen(ctx, s->shape, t);
}

/* Passes on what a second run of the parser gives. What it warns of was said in the first. */
typedef struct relay {
    as_sink sink, *to;
    const survey *seen;
    const as_origin *from;
    const char *stem;
    as_diag_sink *diagnostics;
    uint32_t first, n; /* number of the first series; series passed on */
} relay;

static as_status finish(relay *r, as_ctx *ctx, as_table *t)
{
    AS_TRY(as_sign(ctx, t, r->from));
    if (r->n == 0) {
        AS_TRY(widen(ctx, t, r->seen->shape));
        repeat_warnings(t, r->seen->shape);
    }
    t->number = r->first + r->n;
    t->name = r->seen->n_main == 1 ? as_strdup(t->arena, r->stem)
                                   : as_format(t->arena, "%s.%u", r->stem, (unsigned)r->n);
    r->n++;
    return t->name ? AS_OK : AS_ERR;
}

static as_status pass_on(as_sink *self, as_ctx *ctx, as_table *owned)
{
    relay *r = (relay *)(void *)self; /* the sink is its first member */
    const bool left_out = owned->secondary;
    if (left_out || finish(r, ctx, owned) != AS_OK) {
        as_table_free(owned);
        return left_out ? AS_OK : AS_ERR;
    }
    (void)as_ctx_sink(ctx, r->diagnostics);
    const as_status status = as_emit(r->to, ctx, owned);
    (void)as_ctx_sink(ctx, NULL);
    return status;
}

static as_status emit_passing(as_ctx *ctx, const as_input *in, const as_read_options *how,
                              const survey *seen, as_sink *out)
{
    const as_parser *p;
    const void *settings;
    as_origin from;
    AS_TRY(as_detect(ctx, in, how->format, &p, NULL));
    AS_TRY(as_format_settings(ctx, in, p, how, &settings));
    AS_TRY(as_origin_of(ctx, in, p, how, settings, &from));
    relay r = { .sink = { pass_on }, .to = out, .seen = seen, .from = &from, .first = how->first };
    r.stem = as_stem(as_scratch(ctx), from.name);
    if (!r.stem) return AS_ERR;
    r.diagnostics = as_ctx_sink(ctx, NULL);
    const as_status status = parse_with(ctx, in, p, settings, &r.sink);
    (void)as_ctx_sink(ctx, r.diagnostics);
    return status;
}

static as_status emit_kept(as_ctx *ctx, const as_input *in, const as_read_options *how,
                           const as_collection *all, as_sink *out)
{
    as_collection chosen;
    AS_TRY(choose_parts(ctx, in, all, how, &chosen));
    for (size_t i = 0; i < chosen.n; i++) AS_TRY(as_emit(out, ctx, chosen.t[i]));
    return AS_OK;
}

/* Keeping all; the warnings were shown already. */
static as_status read_again(as_ctx *ctx, const as_input *in, const as_read_options *how,
                            as_collection *all)
{
    as_diag_sink *diagnostics = as_ctx_sink(ctx, NULL);
    const as_status status = as_read_all(ctx, in, how, all);
    (void)as_ctx_sink(ctx, diagnostics);
    return status;
}

as_status as_read_input(as_ctx *ctx, const as_input *in, const as_read_options *how,
                        as_sink *out)
{
    enum { HOLD = 64 << 20 };
    as_collection all;
    collector c = { .sink = { collect }, .hold = how->part ? 0 : how->hold ? how->hold : HOLD };
    const as_frame frame = as_enter(ctx);
    as_status status = read_whole(ctx, in, how, &c, &all);
    const bool passing = status == AS_OK && c.passing && !c.seen.uneven && c.seen.n_main > 0;
    if (passing) {
        status = emit_passing(ctx, in, how, &c.seen, out);
    } else if (status == AS_OK) {
        if (c.passing) status = read_again(ctx, in, how, &all);
        if (status == AS_OK) status = emit_kept(ctx, in, how, &all, out);
    }
    free_shape(&c.seen);
    as_leave(ctx, frame);
    return status;
}
