/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table is one series: one scan, spectrum, isotherm or peak list, as named
 * columns with units, what the instrument said about it, what was found in it,
 * and every step that made it. An etching series is a stream of tables.
 *
 * datasets/vocabulary.def is the only list of names of columns, metadata and
 * result quantities, each with its kind, dimension, default unit, label and
 * meaning. What a file has beyond it keeps its own name with role other, or
 * goes verbatim under vendor.*
 */
#ifndef AS_DATASETS_TABLE_H
#define AS_DATASETS_TABLE_H

#include "arena.h"
#include "unit.h"

typedef enum { AS_KIND_DATA, AS_KIND_RESULTS } as_kind; /* all tables of a stream are of one kind */

typedef enum { AS_F64, AS_TEXT } as_type; /* a missing number is NaN, a missing text NULL */

typedef enum { /* what an operation may rely on without knowing a name */
    AS_ROLE_OTHER,
    AS_ROLE_X, /* exactly one */
    AS_ROLE_Y, /* exactly one */
    AS_ROLE_SIGMA, /* standard deviation of y, where proved; of another column: sigma_NAME */
    AS_ROLE_BASELINE,
    AS_ROLE_MODEL,
    AS_ROLE_COMPONENT, /* one of the parts whose sum is the model */
    AS_ROLE_MASK,      /* 1: row excluded; every operation honours it */
    AS_ROLE_LABEL
} as_role;

typedef struct as_column {
    const char *name;  /* stable ASCII identifier: two_theta, intensity, uptake */
    const char *label; /* for figures, UTF-8: "2θ" */
    as_unit unit;
    as_role role;
    as_type type;
    union {
        double *f;
        const char **s;
    } v; /* rows entries, 64-byte aligned */
} as_column;

typedef struct as_meta {
    const char *key;  /* dotted path: wavelength, source.sha256, vendor.Comment */
    const char *text; /* as the file had it */
    double number, u; /* value and standard uncertainty; NaN: plain text, not stated */
    as_unit unit;
    as_where from;    /* the byte or line of the instrument file it was read from */
} as_meta;

typedef enum { AS_EQUAL, AS_BELOW, AS_ABOVE } as_bound; /* "> 50 nm" is a value too */

typedef struct as_result {
    const char *item;     /* what it belongs to: 111, step 2, C=O */
    const char *quantity; /* area, position, onset, as in vocabulary.def */
    double value, u;      /* u: standard uncertainty, in `unit`; NaN when there is none */
    as_unit unit;
    as_bound bound;
    const char *flag;     /* ok, failed, at_bound, not_detected, extrapolated */
    const char *method;   /* the definition: tangent_ISO11358 */
} as_result;

typedef struct as_step { /* enough to run it again */
    const char *op;
    const char *version;
    const char *settings; /* the option text that repeats the step, from as_settings_text */
    const char *sha256;   /* of the files it names, in their order, blank between; else NULL */
    const char *inputs;   /* JSON: the series it saw where it looks at several, the tables it was given; else NULL */
} as_step;

struct as_table {
    as_arena *arena;       /* owns everything below */
    uint32_t number;       /* of the series in its stream; given by the framework */
    const char *name;      /* stable key: the recipe's, else from the file name; by the framework */
    const char *label;     /* for figures; NULL: the name */
    const char *technique; /* xrd, xps, sorption, as in vocabulary.def */
    as_kind kind;
    bool secondary;        /* a part apart from the main data (temperature log): only by --part */
    size_t rows;
    size_t n_columns, n_meta, n_results, n_steps, n_warnings;
    as_column **column;    /* pointers to columns stay valid when columns are added */
    as_meta *meta;
    as_result *result;
    as_step *step;
    const char **warning;
    struct as_covariance *covariance; /* only by the functions below */
};

typedef struct as_tables { /* of a file that an option names (`from` is what was typed), of a pipeline */
    const char *from;
    size_t n;
    const as_table *const *t;
} as_tables;

#pragma GCC visibility push(default) /* of the library: cmd/assay.h */
/* A new table belongs to the context until as_emit hands it over; the framework
 * frees whatever a failing operation or parser leaves behind. */
as_table *as_table_new(as_ctx *ctx, size_t rows) AS_NODISCARD;
/* Another table of the same series: identity, metadata, history; no columns, no results. */
as_table *as_table_derive(as_ctx *ctx, const as_table *from, size_t rows) AS_NODISCARD;
void as_table_free(as_table *t);

/* For sinks and frameworks. as_own: `t`, just emitted, belongs to `ctx` until it is emitted
 * again or the frame is left. as_keep: it belongs to nobody but the caller. */
void as_own(as_ctx *ctx, as_table *t);
void as_keep(as_table *t);
/* Whether `t`, which may be gone, is a table of `ctx` now. */
bool as_owns(const as_ctx *ctx, const as_table *t);
/* Tables of `ctx` created or owned since as_enter become `holder`'s, which frees them with itself
 * or by as_drop_held; their arenas still report to `ctx`. */
void as_hold(as_ctx *ctx, as_frame since, as_ctx *holder);
void as_drop_held(as_ctx *holder);
/* A deep copy: columns, metadata, results, history, warnings; as the original in every byte. */
as_table *as_table_copy(as_ctx *ctx, const as_table *from) AS_NODISCARD;
/* Does it take so much more memory than a copy would that one is worth its while? */
bool as_table_is_loose(const as_table *t);
/* The same without rows and columns. */
as_table *as_table_copy_rowless(as_ctx *ctx, const as_table *from) AS_NODISCARD;

/* Columns. NULL with the error recorded; rows are zeroed (NULL for text). */
as_column *as_add_column(as_ctx *ctx, as_table *t, const char *name, as_role role,
                         as_unit unit) AS_NODISCARD;
as_column *as_add_text(as_ctx *ctx, as_table *t, const char *name, as_role role) AS_NODISCARD;
/* The same for values that lie in t->arena already, 64-byte aligned: what was read there is not copied. */
as_column *as_add_filled(as_ctx *ctx, as_table *t, const char *name, as_role role, as_unit unit,
                         double *values) AS_NODISCARD;
/* Keep the first n <= rows of every column. Rows never grow: see as_rows. */
as_status as_set_rows(as_ctx *ctx, as_table *t, size_t n) AS_NODISCARD;
/* The sigma of a counted y: sqrt(max(n, 1)) of counts, sqrt(y/t) of counts per
 * second in t seconds (NaN: unknown). Adds none where y proves neither. Only for
 * parsers: processed y counts nothing. */
as_status as_add_counting_sigma(as_ctx *ctx, as_table *t, double seconds) AS_NODISCARD;

as_column *as_find(const as_table *t, const char *name_or_role); /* a name wins; NULL: none */
as_column *as_find_name(const as_table *t, const char *name);
as_column *as_find_numbers(const as_table *t, const char *name); /* one of that name that is no text; NULL: none */
as_column *as_find_role(const as_table *t, as_role role); /* the first of this role */
as_column *as_need(as_ctx *ctx, const as_table *t, as_role role); /* NULL: AS_E_MISSING recorded */
as_column *as_need_column(as_ctx *ctx, const as_table *t, const char *name_or_role); /* likewise */
const char *as_role_name(as_role role);
bool as_role_of(const char *name, as_role *out); /* false: no role is called so */

/* Rows whose number is known only when the file ends: any number of numeric
 * rows, then a table of them. as_rows lives in scratch. */
typedef struct as_rows as_rows;
as_rows *as_rows_new(as_ctx *ctx, size_t n_columns) AS_NODISCARD;
/* The next row, n_columns NaN to be filled; valid until the next call. */
double *as_rows_add(as_ctx *ctx, as_rows *r) AS_NODISCARD;
/* The table; `r` is empty again. Its columns have no names yet: name each one. */
as_table *as_rows_table(as_ctx *ctx, as_rows *r) AS_NODISCARD;
size_t as_rows_count(const as_rows *r);
as_status as_name_column(as_ctx *ctx, as_table *t, size_t column, const char *name, as_role role,
                         as_unit unit) AS_NODISCARD;

/* Metadata. Texts are copied; a second value for a key replaces the first.
 * unit == NULL keeps `text` as text ("0012" is a sample, no number); with a unit,
 * "1" for a pure number, it must be a number (AS_E_SYNTAX at `from`). */
as_status as_set_meta(as_ctx *ctx, as_table *t, const char *key, const char *text,
                      const char *unit, const as_where *from) AS_NODISCARD;
as_status as_set_number(as_ctx *ctx, as_table *t, const char *key, double value, double u,
                        as_unit unit, const as_where *from) AS_NODISCARD;
as_status as_copy_meta(as_ctx *ctx, as_table *to, const as_table *from) AS_NODISCARD;
const as_meta *as_get_meta(const as_table *t, const char *key); /* NULL: none */
const as_meta *as_need_meta(as_ctx *ctx, const as_table *t, const char *key); /* AS_E_MISSING */
as_status as_drop_meta(as_table *t, const char *key);

/* A warning that travels with the table (as_warn calls it); the same text is kept once. */
void as_add_warning(as_table *t, const as_where *where, const char *message);

/* History: one more step, texts copied. */
as_status as_add_step(as_ctx *ctx, as_table *t, const as_step *step) AS_NODISCARD;

/* Results; as_add_result copies and appends, so the newest is n_results - 1.
 * Those that share a fit also share a covariance, n x n, row-major, for the
 * results `which`; as_get_covariance is u*u for i == j and 0 where none was set. */
as_status as_add_result(as_ctx *ctx, as_table *t, const as_result *r) AS_NODISCARD;
/* The same from its parts; unit by as_unit_of, flag NULL: ok, method NULL: none. */
as_status as_add_quantity(as_ctx *ctx, as_table *t, const char *item, const char *quantity,
                          double value, double u, const char *unit, const char *flag,
                          const char *method) AS_NODISCARD;
const as_result *as_get_result(const as_table *t, const char *item, const char *quantity);
/* Whether `end` is the lower or upper end of the 95 % interval of r: QUANTITY_low or _high of its item, or
 * `lower` or `upper` of the item ITEM.QUANTITY. */
bool as_is_end(const as_result *end, const as_result *r, bool upper);
as_status as_set_covariance(as_ctx *ctx, as_table *t, size_t n, const size_t *which,
                            const double *cov) AS_NODISCARD;
double as_get_covariance(const as_table *t, size_t i, size_t j);
/* The same in *out; false, and 0, where none was set: nobody knows it. */
bool as_knows_covariance(const as_table *t, size_t i, size_t j, double *out);
bool as_has_covariance(const as_table *t);
/* Entry k of what was set, oldest first (a later entry of a pair replaces an earlier one);
 * false past the last. */
bool as_covariance_entry(const as_table *t, size_t k, size_t *i, size_t *j, double *cov);
#pragma GCC visibility pop

#endif
