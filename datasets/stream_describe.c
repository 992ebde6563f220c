/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stream says about its series: the header, and the line before each series' rows. The
 * header repeats the first series' columns, metadata (`common`) and history; of every later
 * series only what differs is written.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "stream_words.h"
#include "stream_writer.h"
#include "vocabulary.h"

/* --- values ------------------------------------------------------------------------------ */

typedef void put_string(as_text_out *o,
                        const char *text); /* as_out_quoted: JSON; as_out_plain: YAML */

static bool has_unit(const as_unit *u)
{
    return u->symbol && *u->symbol && strcmp(u->symbol, "1") != 0;
}

static void put_field(as_text_out *o, put_string *put, const char *key, bool *first)
{
    as_out_text(o, *first ? "" : ", ");
    put(o, key);
    as_out_bytes(o, ": ", 2);
    *first = false;
}

static void put_text_field(as_text_out *o, put_string *put, const char *key, const char *text,
                           bool *first)
{
    if (!text) return;
    put_field(o, put, key, first);
    put(o, text);
}

/* A text, a pure number, or {value:, unit:, u:} with `text` where the file's spelling of the
 * number says more than the number. */
static void put_meta_value(as_text_out *o, put_string *put, const as_meta *m)
{
    char canonical[AS_NUMBER_MAX] = "";
    const bool number = !isnan(m->number);
    if (number) as_write_number(m->number, canonical);
    const bool spelled = m->text && (!number || strcmp(m->text, canonical) != 0);
    const bool plain = !has_unit(&m->unit) && isnan(m->u) && !(number && spelled);
    if (plain && number && isfinite(m->number)) {
        as_out_value(o, m->number);
    } else if (plain && !number) {
        put(o, m->text ? m->text : "");
    } else {
        bool first = true;
        as_out_bytes(o, "{", 1);
        if (number) {
            put_field(o, put, "value", &first);
            as_out_value(o, m->number);
        }
        if (spelled) put_text_field(o, put, "text", m->text, &first);
        if (has_unit(&m->unit)) put_text_field(o, put, "unit", m->unit.symbol, &first);
        if (!isnan(m->u)) {
            put_field(o, put, "u", &first);
            as_out_value(o, m->u);
        }
        as_out_bytes(o, "}", 1);
    }
}

static void put_step(as_text_out *o, put_string *put, const as_step *s)
{
    bool first = true;
    as_out_bytes(o, "{", 1);
    put_text_field(o, put, "op", s->op, &first);
    put_text_field(o, put, "version", s->version, &first);
    put_field(o, put, "settings", &first);
    as_out_quoted(o, s->settings);
    put_text_field(o, put, "sha256", s->sha256, &first);
    if (s->inputs) {
        put_field(o, put, "inputs", &first);
        as_out_quoted(o, s->inputs);
    }
    as_out_bytes(o, "}", 1);
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_value(const as_meta *a, const as_meta *b)
{
    return same_number(a->number, b->number) && same_number(a->u, b->u) &&
           as_same_text(a->text, b->text) && as_same_text(a->unit.symbol, b->unit.symbol);
}

static bool same_steps(const as_writer *w, const as_table *t)
{
    if (w->n_steps != t->n_steps) return false;
    for (size_t i = 0; i < t->n_steps; i++) {
        const as_step *a = &w->step[i], *b = &t->step[i];
        if (!as_same_text(a->op, b->op) || !as_same_text(a->version, b->version) ||
            !as_same_text(a->settings, b->settings) || !as_same_text(a->sha256, b->sha256) ||
            !as_same_text(a->inputs, b->inputs))
            return false;
    }
    return true;
}

/* --- header ------------------------------------------------------------------------------ */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* What every series says for itself. */
static bool is_own(const char *key)
{
    return begins(key, AS_STREAM_SOURCE) || as_stream_coordinate(key);
}

static bool ends(const char *text, const char *with)
{
    const size_t n = strlen(text), k = strlen(with);
    return n >= k && strcmp(text + n - k, with) == 0;
}

static bool is_description(const char *key)
{
    return begins(key, AS_STREAM_COLUMN) && ends(key, AS_STREAM_DESCRIPTION);
}

static as_status remember_meta(as_writer *w, const as_meta *m)
{
    as_meta *to = &w->common[w->n_common++];
    *to = *m;
    to->key = as_strdup(w->arena, m->key);
    to->text = m->text ? as_strdup(w->arena, m->text) : NULL;
    to->unit.symbol = as_strdup(w->arena, m->unit.symbol ? m->unit.symbol : "1");
    to->from = (as_where){ 0 };
    return to->key && to->unit.symbol && (to->text || !m->text) ? AS_OK : AS_ERR;
}

static as_status remember_history(as_writer *w, const as_table *t)
{
    w->step = AS_NEW_N(w->arena, as_step, t->n_steps);
    if (!w->step) return AS_ERR;
    for (size_t i = 0; i < t->n_steps; i++) {
        const as_step *s = &t->step[i];
        w->step[i].op = as_strdup(w->arena, s->op);
        w->step[i].version = as_strdup(w->arena, s->version);
        w->step[i].settings = as_strdup(w->arena, s->settings);
        w->step[i].sha256 = s->sha256 ? as_strdup(w->arena, s->sha256) : NULL;
        w->step[i].inputs = s->inputs ? as_strdup(w->arena, s->inputs) : NULL;
        if (!w->step[i].op || !w->step[i].version || !w->step[i].settings) return AS_ERR;
        if ((s->sha256 && !w->step[i].sha256) || (s->inputs && !w->step[i].inputs)) return AS_ERR;
    }
    w->n_steps = t->n_steps;
    return AS_OK;
}

static as_status remember_column(as_writer *w, const as_column *c)
{
    column_head *h = &w->column[w->n_columns++];
    h->name = as_strdup(w->arena, c->name);
    h->role = c->role;
    h->type = c->type;
    h->unit = c->unit;
    h->unit.symbol = as_strdup(w->arena, c->unit.symbol ? c->unit.symbol : "1");
    return h->name && h->unit.symbol ? AS_OK : AS_ERR;
}

/* x, y, then the others in their order. */
static as_status remember_columns(as_writer *w, const as_table *t)
{
    w->column = AS_NEW_N(w->arena, column_head, t->n_columns);
    w->now = AS_NEW_N(w->arena, const as_column *, t->n_columns);
    if (!w->column || !w->now) return AS_ERR;
    static const as_role leading[] = { AS_ROLE_X, AS_ROLE_Y };
    for (size_t r = 0; r < 2; r++) {
        const as_column *found = NULL;
        for (size_t i = 0; i < t->n_columns; i++) {
            const as_column *c = t->column[i];
            if (c->role != leading[r]) continue;
            if (found)
                return as_fail(w->ctx, AS_E_BUG, NULL, "columns '%s' and '%s' both have role %s",
                               found->name, c->name, as_role_name(c->role));
            found = c;
            AS_TRY(remember_column(w, c));
        }
    }
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->column[i]->role != AS_ROLE_X && t->column[i]->role != AS_ROLE_Y)
            AS_TRY(remember_column(w, t->column[i]));
    return AS_OK;
}

static as_status remember_result_columns(as_writer *w)
{
    w->column = AS_NEW_N(w->arena, column_head, AS_N_RESULT_COLUMNS);
    w->now = AS_NEW_N(w->arena, const as_column *, AS_N_RESULT_COLUMNS);
    if (!w->column || !w->now) return AS_ERR;
    for (size_t i = 0; i < AS_N_RESULT_COLUMNS; i++) {
        const as_column c = { .name = as_result_words[i].name,
                              .type = as_result_words[i].type,
                              .unit = AS_UNITLESS };
        AS_TRY(remember_column(w, &c));
    }
    return AS_OK;
}

static const char *description_of(const as_writer *w, const as_table *t, const column_head *h)
{
    char key[256];
    (void)snprintf(key, sizeof key, "%s%s%s", AS_STREAM_COLUMN, h->name, AS_STREAM_DESCRIPTION);
    const as_meta *own = t ? as_get_meta(t, key) : NULL;
    if (own && own->text) return own->text;
    if (w->kind == AS_KIND_RESULTS)
        for (size_t i = 0; i < AS_N_RESULT_COLUMNS; i++)
            if (strcmp(as_result_words[i].name, h->name) == 0) return as_result_words[i].meaning;
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, h->name);
    return word ? word->meaning : NULL;
}

static void put_column(as_writer *w, const as_table *t, const column_head *h)
{
    as_text_out *o = &w->out;
    bool first = true, inner = true;
    as_out_text(o, "# - {");
    put_text_field(o, as_out_plain, "name", h->name, &first);
    if (has_unit(&h->unit)) put_text_field(o, as_out_plain, "unit", h->unit.symbol, &first);
    put_text_field(o, as_out_plain, "datatype", h->type == AS_TEXT ? "string" : "float64", &first);
    put_text_field(o, as_out_plain, "description", description_of(w, t, h), &first);
    const as_column *c = t ? as_find_name(t, h->name) : NULL;
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, h->name);
    const bool labelled = c && c->label && strcmp(c->label, word ? word->label : h->name) != 0;
    if (h->role != AS_ROLE_OTHER || labelled) {
        put_field(o, as_out_plain, "meta", &first);
        as_out_bytes(o, "{", 1);
        if (h->role != AS_ROLE_OTHER)
            put_text_field(o, as_out_plain, "role", as_role_name(h->role), &inner);
        if (labelled) put_text_field(o, as_out_plain, "label", c->label, &inner);
        as_out_bytes(o, "}", 1);
    }
    as_out_text(o, "}\n");
}

static void put_names(as_writer *w)
{
    as_out_text(&w->out, "series");
    for (size_t i = 0; i < w->n_columns; i++) {
        as_out_bytes(&w->out, " ", 1);
        as_out_csv(&w->out, w->column[i].name, ' ');
    }
    as_out_bytes(&w->out, "\n", 1);
}

/* YAML reads a key of more than 1024 bytes only after a question mark. */
static void put_common_key(as_text_out *o, const char *key, bool *first)
{
    const bool is_long = strlen(key) > 200; /* each byte may become six */
    as_out_text(o, *first ? "" : ", ");
    if (is_long) as_out_bytes(o, "? ", 2);
    as_out_plain(o, key);
    as_out_text(o, is_long ? " : " : ": ");
    *first = false;
}

/* --- series line ------------------------------------------------------------------------- */

static const as_meta *common_of(const as_writer *w, const char *key, size_t guess)
{
    if (guess < w->n_common && strcmp(w->common[guess].key, key) == 0) return &w->common[guess];
    for (size_t i = 0; i < w->n_common; i++)
        if (strcmp(w->common[i].key, key) == 0) return &w->common[i];
    return NULL;
}

static void put_source(as_text_out *o, const as_table *t, bool *first)
{
    bool inner = true;
    const size_t skip = strlen(AS_STREAM_SOURCE);
    for (size_t i = 0; i < t->n_meta; i++) {
        if (!begins(t->meta[i].key, AS_STREAM_SOURCE)) continue;
        if (inner) {
            put_field(o, as_out_quoted, "source", first);
            as_out_bytes(o, "{", 1);
        }
        put_field(o, as_out_quoted, t->meta[i].key + skip, &inner);
        put_meta_value(o, as_out_quoted, &t->meta[i]);
    }
    if (!inner) as_out_bytes(o, "}", 1);
}

static const as_meta *meta_of(const as_table *t, const char *key, size_t guess)
{
    if (guess < t->n_meta && strcmp(t->meta[guess].key, key) == 0) return &t->meta[guess];
    return as_get_meta(t, key);
}

static void put_difference(as_text_out *o, const char *key, const as_meta *m, bool *first)
{
    put_field(o, as_out_quoted, key, first);
    if (m) put_meta_value(o, as_out_quoted, m);
    else as_out_text(o, "null");
}

/* Those of which the header says nothing: coordinates or the others. */
static void put_further(as_writer *w, const as_table *t, bool own, bool *first)
{
    size_t guess = 0;
    for (size_t i = 0; i < t->n_meta; i++) {
        const as_meta *m = &t->meta[i];
        if (begins(m->key, AS_STREAM_SOURCE) || as_stream_reserved(m->key) ||
            is_description(m->key) || is_own(m->key) != own)
            continue;
        const as_meta *c = common_of(w, m->key, guess);
        if (c) guess = (size_t)(c - w->common) + 1;
        else put_difference(&w->out, m->key, m, first);
    }
}

/* Metadata that are not those of the header; null: this series lacks what the header says. Those of the
 * header come first, in its order, coordinates last, as in a table that was read: written again it is the
 * same text. */
static void put_differences(as_writer *w, const as_table *t, bool *first)
{
    as_text_out *o = &w->out;
    size_t guess = 0;
    bool reserved = false;
    for (size_t i = 0; i < w->n_common; i++) {
        const as_meta *m = meta_of(t, w->common[i].key, guess);
        if (m) guess = (size_t)(m - t->meta) + 1;
        if (m && !same_value(&w->common[i], m)) put_difference(o, m->key, m, first);
    }
    put_further(w, t, false, first);
    put_further(w, t, true, first);
    for (size_t i = 0; i < w->n_common; i++)
        if (!as_get_meta(t, w->common[i].key)) put_difference(o, w->common[i].key, NULL, first);
    for (size_t i = 0; i < t->n_meta; i++) reserved = reserved || as_stream_reserved(t->meta[i].key);
    if (!reserved) return;
    bool inner = true;
    put_field(o, as_out_quoted, "meta", first);
    as_out_bytes(o, "{", 1);
    for (size_t i = 0; i < t->n_meta; i++) {
        if (!as_stream_reserved(t->meta[i].key)) continue;
        put_field(o, as_out_quoted, t->meta[i].key, &inner);
        put_meta_value(o, as_out_quoted, &t->meta[i]);
    }
    as_out_bytes(o, "}", 1);
}

static void put_history(as_text_out *o, const as_table *t, bool *first)
{
    put_field(o, as_out_quoted, "history", first);
    as_out_bytes(o, "[", 1);
    for (size_t i = 0; i < t->n_steps; i++) {
        if (i) as_out_bytes(o, ", ", 2);
        put_step(o, as_out_quoted, &t->step[i]);
    }
    as_out_bytes(o, "]", 1);
}

static void put_warnings(as_text_out *o, const as_table *t, bool *first)
{
    put_field(o, as_out_quoted, "warnings", first);
    as_out_bytes(o, "[", 1);
    for (size_t i = 0; i < t->n_warnings; i++) {
        if (i) as_out_bytes(o, ", ", 2);
        as_out_quoted(o, t->warning[i]);
    }
    as_out_bytes(o, "]", 1);
}

/* A text of JSON behind `before`, the key; NULL: neither. */
static void put_json(as_text_out *o, const char *before, const char *text)
{
    if (!text) return;
    as_out_text(o, before);
    as_out_quoted(o, text);
}

static void put_result(as_text_out *o, const as_result *r)
{
    put_json(o, "{\"item\": ", r->item);
    put_json(o, ", \"quantity\": ", r->quantity);
    as_out_text(o, ", \"value\": ");
    as_out_value(o, r->value);
    if (!isnan(r->u)) {
        as_out_text(o, ", \"u\": ");
        as_out_value(o, r->u);
    }
    if (has_unit(&r->unit)) put_json(o, ", \"unit\": ", r->unit.symbol);
    if (r->bound != AS_EQUAL) put_json(o, ", \"bound\": ", as_bound_text(r->bound));
    put_json(o, ", \"flag\": ", r->flag);
    put_json(o, ", \"method\": ", r->method);
    as_out_bytes(o, "}", 1);
}

static void put_results(as_text_out *o, const as_table *t, bool *first)
{
    put_field(o, as_out_quoted, "results", first);
    as_out_bytes(o, "[", 1);
    for (size_t i = 0; i < t->n_results; i++) {
        if (i) as_out_bytes(o, ", ", 2);
        put_result(o, &t->result[i]);
    }
    as_out_bytes(o, "]", 1);
    size_t a, b;
    double covariance;
    for (size_t k = 0; as_covariance_entry(t, k, &a, &b, &covariance); k++) {
        if (k == 0) put_field(o, as_out_quoted, "covariance", first);
        as_out_text(o, k == 0 ? "[[" : ", [");
        as_out_unsigned(o, a);
        as_out_bytes(o, ", ", 2);
        as_out_unsigned(o, b);
        as_out_bytes(o, ", ", 2);
        as_out_value(o, covariance);
        as_out_bytes(o, "]", 1);
    }
    if (as_has_covariance(t)) as_out_bytes(o, "]", 1);
}

void as_writer_number(as_writer *w, const as_table *t)
{
    w->last = w->n_series > 0 && t->number <= w->last ? w->last + 1 : t->number;
    w->n_series++;
}

void as_writer_series_line(as_writer *w, const as_table *t)
{
    as_text_out *o = &w->out;
    bool first = false;
    as_out_text(o, "{\"series\": ");
    as_out_unsigned(o, w->last);
    put_text_field(o, as_out_quoted, "name", t->name, &first);
    put_text_field(o, as_out_quoted, "label", t->label, &first);
    put_source(o, t, &first);
    if (!as_same_text(w->technique, t->technique)) {
        put_field(o, as_out_quoted, "technique", &first);
        if (t->technique)
            as_out_quoted(o, t->technique);
        else
            as_out_text(o, "null");
    }
    if (t->secondary) {
        put_field(o, as_out_quoted, "secondary", &first);
        as_out_text(o, "true");
    }
    put_differences(w, t, &first);
    if (!same_steps(w, t)) put_history(o, t, &first);
    if (t->n_warnings > 0) put_warnings(o, t, &first);
    if (t->n_results > 0 && w->kind == AS_KIND_DATA) put_results(o, t, &first);
    as_out_text(o, "}\n");
}

/* --- the whole header ---------------------------------------------------------------------------
 */

/* All series lines as a YAML list: JSON is YAML. */
static void put_list(as_writer *w)
{
    as_out_text(&w->out, w->n_listed ? "#   series:\n" : "");
    for (size_t i = 0; i < w->n_listed; i++) {
        as_writer_number(w, w->listed[i]);
        as_out_text(&w->out, "#   - ");
        as_writer_series_line(w, w->listed[i]);
    }
    w->n_series = 0;
}

static void put_meta_lines(as_writer *w)
{
    as_text_out *o = &w->out;
    bool first = true;
    as_out_text(o, "# meta:\n#   assay: {stream: 1, kind: ");
    as_out_text(o, w->kind == AS_KIND_RESULTS ? "results" : "data");
    if (w->technique) {
        as_out_text(o, ", technique: ");
        as_out_plain(o, w->technique);
    }
    as_out_text(o, "}\n");
    if (w->n_common > 0) {
        as_out_text(o, "#   common: {");
        for (size_t i = 0; i < w->n_common; i++) {
            put_common_key(o, w->common[i].key, &first);
            put_meta_value(o, as_out_plain, &w->common[i]);
        }
        as_out_text(o, "}\n");
    }
    for (size_t i = 0; i < w->n_steps; i++) {
        as_out_text(o, i == 0 ? "#   history:\n#   - " : "#   - ");
        put_step(o, as_out_plain, &w->step[i]);
        as_out_bytes(o, "\n", 1);
    }
    if (w->listed) put_list(w);
    as_out_text(o, w->listed ? "# schema: astropy-2.0\n" : "# schema: " AS_STREAM_SCHEMA "\n");
}

/* The results of data are what a stream of results holds; of a table that is results its rows. */
bool as_writer_prints_results(const as_writer *w, const as_table *t)
{
    return w->kind == AS_KIND_RESULTS && (t->kind == AS_KIND_DATA || t->n_columns == 0);
}

as_status as_writer_begin(as_writer *w, const as_table *t)
{
    w->begun = true;
    if (t) {
        w->common = AS_NEW_N(w->arena, as_meta, t->n_meta);
        w->technique = t->technique ? as_strdup(w->arena, t->technique) : NULL;
        w->first_name = t->name ? as_strdup(w->arena, t->name) : "";
        if (!w->common || !w->first_name || (t->technique && !w->technique)) return AS_ERR;
        AS_TRY(as_writer_prints_results(w, t) ? remember_result_columns(w)
                                              : remember_columns(w, t));
        AS_TRY(remember_history(w, t));
        for (size_t i = 0; i < t->n_meta; i++)
            if (!is_own(t->meta[i].key) && !as_stream_reserved(t->meta[i].key) &&
                !is_description(t->meta[i].key))
                AS_TRY(remember_meta(w, &t->meta[i]));
    }
    as_out_text(&w->out,
                "# %ECSV 1.0\n# ---\n# datatype:\n"
                "# - {name: series, datatype: int32, description: number of the series}\n");
    for (size_t i = 0; i < w->n_columns; i++) put_column(w, t, &w->column[i]);
    put_meta_lines(w);
    put_names(w);
    return AS_OK;
}
