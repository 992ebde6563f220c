/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of an ECSV document (astropy APE 6): YAML, read by libyaml into JSON values, then
 * columns, shared metadata and history.
 */
#include <string.h>
#include <yaml.h>

#include "number.h"
#include "stream_head.h"
#include "stream_words.h"
#include "vocabulary.h"

enum { DEPTH_MAX = 32, NODES_MAX = 1000000 };

/* --- YAML to JSON ------------------------------------------------------------------------ */

typedef struct convert {
    yaml_document_t *document;
    size_t nodes; /* visited so far: aliases may repeat a part, but not without end */
} convert;

/* 5, -1.5, 1e-07; not 0012, 1_000, 1d3, 2024-01-01. */
static bool is_number(const char *s, size_t n, double *out)
{
    const size_t sign = *s == '-' || *s == '+';
    if (n <= sign || strspn(s, "0123456789+-.eE") != n) return false;
    if (s[sign] == '0' && n > sign + 1 && s[sign + 1] != '.' && (s[sign + 1] | 0x20) != 'e')
        return false;
    return as_read_number(s, n, '.', out);
}

static json_t *scalar(const yaml_node_t *node)
{
    const char *s = (const char *)node->data.scalar.value;
    const size_t n = node->data.scalar.length;
    double value;
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return json_stringn(s, n);
    if (n == 0 || strcmp(s, "~") == 0 || strcmp(s, "null") == 0) return json_null();
    if (strcmp(s, "true") == 0) return json_true();
    if (strcmp(s, "false") == 0) return json_false();
    return is_number(s, n, &value) ? json_real(value) : json_stringn(s, n);
}

static json_t *node_json(convert *c, int index, int depth);

static bool put_pairs(convert *c, const yaml_node_t *mapping, json_t *object, int depth)
{
    for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
         p < mapping->data.mapping.pairs.top; p++) {
        const yaml_node_t *key = yaml_document_get_node(c->document, p->key);
        json_t *value = node_json(c, p->value, depth + 1);
        if (!value || !key || key->type != YAML_SCALAR_NODE) {
            json_decref(value);
            return false;
        }
        if (json_object_set_new(object, (const char *)key->data.scalar.value, value) != 0)
            return false;
    }
    return true;
}

static bool is_ordered_map(const yaml_node_t *node)
{
    return node->tag && strcmp((const char *)node->tag, "tag:yaml.org,2002:omap") == 0;
}

static bool put_items(convert *c, const yaml_node_t *sequence, json_t *to, int depth)
{
    for (yaml_node_item_t *i = sequence->data.sequence.items.start;
         i < sequence->data.sequence.items.top; i++) {
        if (json_is_object(to)) { /* an ordered map is a list of mappings of one */
            const yaml_node_t *item = yaml_document_get_node(c->document, *i);
            if (!item || item->type != YAML_MAPPING_NODE || !put_pairs(c, item, to, depth))
                return false;
        } else if (json_array_append_new(to, node_json(c, *i, depth + 1)) != 0) {
            return false;
        }
    }
    return true;
}

/* NULL: too deep, too long, a key that is no scalar, or no memory. */
static json_t *node_json(convert *c, int index, int depth)
{
    const yaml_node_t *node = yaml_document_get_node(c->document, index);
    if (!node || depth > DEPTH_MAX || ++c->nodes > NODES_MAX) return NULL;
    if (node->type == YAML_SCALAR_NODE) return scalar(node);
    const bool object = node->type == YAML_MAPPING_NODE || is_ordered_map(node);
    json_t *to = object ? json_object() : json_array();
    const bool done = node->type == YAML_MAPPING_NODE ? put_pairs(c, node, to, depth)
                                                      : put_items(c, node, to, depth);
    if (done) return to;
    json_decref(to);
    return NULL;
}

as_status as_yaml_object(as_ctx *ctx, const char *text, size_t n, const char *file, uint32_t first_line,
                         json_t **out)
{
    yaml_parser_t parser;
    yaml_document_t document;
    as_where where = { .file = file, .line = first_line };
    *out = NULL;
    if (!yaml_parser_initialize(&parser)) return as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    as_status status = AS_OK;
    if (!yaml_parser_load(&parser, &document)) {
        where.line += (uint32_t)parser.problem_mark.line;
        where.column = (uint32_t)parser.problem_mark.column + 3; /* after "# " */
        status = as_fail(ctx, AS_E_SYNTAX, &where, "the header is no YAML: %s",
                         parser.problem ? parser.problem : "unreadable");
    } else {
        convert c = { .document = &document };
        if (yaml_document_get_root_node(&document)) *out = node_json(&c, 1, 0);
        yaml_document_delete(&document);
        if (!json_is_object(*out)) {
            json_decref(*out);
            *out = NULL;
        }
    }
    yaml_parser_delete(&parser);
    return status;
}

/* --- columns ------------------------------------------------------------------------------- */

static bool among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0) return true;
    return false;
}

static as_status column_type(as_ctx *ctx, const json_t *from, const as_where *where,
                             as_head_column *c)
{
    static const char *const numbers[] = { "int8",    "int16",    "int32",  "int64",   "uint8",
                                           "uint16",  "uint32",   "uint64", "float16", "float32",
                                           "float64", "float128", "bool",   NULL };
    const char *type = json_string_value(json_object_get(from, "datatype"));
    const char *subtype = json_string_value(json_object_get(from, "subtype"));
    if (!type) return as_fail(ctx, AS_E_SYNTAX, where, "column '%s' has no datatype", c->name);
    if (subtype)
        return as_fail(ctx, AS_E_FORMAT, where,
                       "column '%s' holds %s in each cell, expected one number or text", c->name,
                       subtype);
    c->boolean = strcmp(type, "bool") == 0;
    c->type = strcmp(type, "string") == 0 ? AS_TEXT : AS_F64;
    if (c->type == AS_TEXT || among(type, numbers)) return AS_OK;
    return as_fail(ctx, AS_E_FORMAT, where,
                   "column '%s' has datatype '%s', expected a number, bool or string", c->name,
                   type);
}

static as_status read_column(as_ctx *ctx, as_arena *a, const json_t *from, const as_where *where,
                             as_head_column *c)
{
    const char *name = json_string_value(json_object_get(from, "name"));
    const char *unit = json_string_value(json_object_get(from, "unit"));
    const json_t *meta = json_object_get(from, "meta");
    const char *role = json_string_value(json_object_get(meta, "role"));
    const char *label = json_string_value(json_object_get(meta, "label"));
    const char *description = json_string_value(json_object_get(from, "description"));
    char number[AS_NUMBER_MAX];
    if (!name && json_is_number(json_object_get(from, "name"))) { /* a plain scalar like 2 */
        as_write_number(json_number_value(json_object_get(from, "name")), number);
        name = number;
    }
    if (!name)
        return as_fail(ctx, AS_E_SYNTAX, where, "found a column without a name in the header");
    c->name = as_strdup(a, name);
    c->unit = AS_UNITLESS;
    if (!c->name) return AS_ERR;
    AS_TRY(column_type(ctx, from, where, c));
    if (unit) AS_TRY(as_unit_parse(ctx, a, unit, &c->unit));
    if (role && !as_role_of(role, &c->role))
        return as_fail(ctx, AS_E_SYNTAX, where, "column '%s' has role '%s', which is none", c->name,
                       role);
    if (label && !(c->label = as_strdup(a, label))) return AS_ERR;
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, name);
    if (!description || (word && strcmp(word->meaning, description) == 0)) return AS_OK;
    c->description = as_strdup(a, description);
    return c->description ? AS_OK : AS_ERR;
}

/* A table that states no roles: the first column of numbers is x and the second y. */
static void give_roles(as_head *h)
{
    size_t numeric = 0;
    for (size_t i = 0; i < h->n_columns; i++)
        if (h->column[i].role != AS_ROLE_OTHER) return;
    if (h->assay) return; /* it says what it means */
    for (size_t i = 0; i < h->n_columns && numeric < 2; i++)
        if (i != h->series && h->column[i].type == AS_F64)
            h->column[i].role = numeric++ == 0 ? AS_ROLE_X : AS_ROLE_Y;
}

static as_status read_columns(as_ctx *ctx, as_arena *a, const json_t *root, const as_where *where,
                              as_head *h)
{
    const json_t *list = json_object_get(root, "datatype");
    size_t i;
    json_t *from;
    if (!json_is_array(list))
        return as_fail(ctx, AS_E_SYNTAX, where, "the header lists no columns (datatype:)");
    h->n_columns = json_array_size(list);
    h->series = h->n_columns;
    h->column = AS_NEW_N(a, as_head_column, h->n_columns);
    if (!h->column) return AS_ERR;
    json_array_foreach(list, i, from)
    {
        AS_TRY(read_column(ctx, a, from, where, &h->column[i]));
        for (size_t k = 0; k < i; k++)
            if (strcmp(h->column[k].name, h->column[i].name) == 0)
                return as_fail(ctx, AS_E_SYNTAX, where, "two columns are called '%s'",
                               h->column[i].name);
        if (strcmp(h->column[i].name, "series") == 0 && h->column[i].type == AS_F64) h->series = i;
    }
    if (h->whole && h->series == h->n_columns)
        return as_fail(ctx, AS_E_SYNTAX, where, "the header lists no column 'series'");
    give_roles(h);
    return AS_OK;
}

/* --- metadata ------------------------------------------------------------------------------ */

static as_status read_assay(as_ctx *ctx, as_arena *a, const json_t *assay, const as_where *where,
                            as_head *h)
{
    const double version = json_number_value(json_object_get(assay, "stream"));
    const char *kind = json_string_value(json_object_get(assay, "kind"));
    const char *technique = json_string_value(json_object_get(assay, "technique"));
    if (version != AS_STREAM_VERSION)
        return as_fail(ctx, AS_E_FORMAT, where,
                       "found version %g of the stream, this program reads version %d", version,
                       AS_STREAM_VERSION);
    if (kind && strcmp(kind, "data") != 0 && strcmp(kind, "results") != 0)
        return as_fail(ctx, AS_E_SYNTAX, where, "the stream holds '%s', expected data or results",
                       kind);
    h->assay = true;
    h->kind = kind && strcmp(kind, "results") == 0 ? AS_KIND_RESULTS : AS_KIND_DATA;
    h->shape->kind = h->kind;
    if (technique && !(h->shape->technique = as_strdup(a, technique))) return AS_ERR;
    return AS_OK;
}

static as_status read_meta(as_ctx *ctx, as_arena *a, json_t *meta, const as_where *where,
                           as_head *h)
{
    const char *key, *inner;
    json_t *v, *field;
    const json_t *assay = json_object_get(meta, "assay");
    if (json_is_object(assay)) AS_TRY(read_assay(ctx, a, assay, where, h));
    json_object_foreach(meta, key, v)
    {
        if (h->assay && strcmp(key, "assay") == 0) continue;
        if (h->assay && strcmp(key, "series") == 0 && json_is_array(v)) {
            h->listed = json_incref(v);
            continue;
        }
        if (h->assay && strcmp(key, "history") == 0)
            AS_TRY(as_history_from_json(ctx, h->shape, v, where));
        else if (h->assay && strcmp(key, "common") == 0)
            json_object_foreach(v, inner, field)
                AS_TRY(as_meta_from_json(ctx, h->shape, inner, field));
        else
            AS_TRY(as_meta_from_json(ctx, h->shape, key, v));
    }
    return AS_OK;
}

static as_status read_root(as_ctx *ctx, as_arena *a, json_t *root, const as_where *where,
                           as_head *h)
{
    static const char *const ours[] = { "datatype", "delimiter", "meta", "schema", NULL };
    const char *schema = json_string_value(json_object_get(root, "schema"));
    const char *delimiter = json_string_value(json_object_get(root, "delimiter"));
    h->delimiter = delimiter ? *delimiter : ' ';
    if (delimiter && strcmp(delimiter, " ") != 0 && strcmp(delimiter, ",") != 0)
        return as_fail(ctx, AS_E_FORMAT, where,
                       "found the delimiter '%s', expected a blank or a comma", delimiter);
    h->whole = schema && strncmp(schema, "assay-stream-", 13) == 0;
    json_t *meta = json_object_get(root, "meta");
    if (json_is_object(meta)) AS_TRY(read_meta(ctx, a, meta, where, h));
    if (h->whole && !h->assay)
        return as_fail(ctx, AS_E_SYNTAX, where, "the schema is %s, but meta lacks 'assay:'",
                       schema);
    const char *key;
    json_t *v;
    json_object_foreach(root, key, v) if (!among(key, ours))
        AS_TRY(as_meta_from_json(ctx, h->shape, key, v));
    AS_TRY(read_columns(ctx, a, root, where, h));
    for (size_t i = 0; i < h->n_columns; i++) {
        const as_head_column *c = &h->column[i];
        if (!c->description || i == h->series || h->kind == AS_KIND_RESULTS) continue;
        const char *name = as_format(a, AS_STREAM_COLUMN "%s" AS_STREAM_DESCRIPTION, c->name);
        if (!name) return AS_ERR;
        AS_TRY(as_set_meta(ctx, h->shape, name, c->description, NULL, NULL));
    }
    return AS_OK;
}

as_status as_head_read(as_ctx *ctx, as_arena *a, const char *yaml, size_t n, const char *file,
                       uint32_t first_line, as_head *out)
{
    json_t *root;
    const as_where where = { .file = file, .line = first_line };
    *out = (as_head){ .delimiter = ' ' };
    AS_TRY(as_yaml_object(ctx, yaml, n, file, first_line, &root));
    if (!root)
        return as_fail(ctx, AS_E_SYNTAX, &where,
                       "found a header that is no mapping of plain keys, expected 'datatype:' and 'meta:'");
    out->shape = as_table_new(ctx, 0);
    const as_status status = out->shape ? read_root(ctx, a, root, &where, out) : AS_ERR;
    json_decref(root);
    return status;
}
