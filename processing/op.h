/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One operation = one file processing/NAME.c that defines one as_op called
 * as_op_NAME, and one line in processing/ops.def. There is no other place to
 * touch: command line, recipes, help, man page, completion, reference manual,
 * provenance and the descriptor tests all read this struct.
 */
#ifndef AS_PROCESSING_OP_H
#define AS_PROCESSING_OP_H

#include "doc.h"
#include "param.h"
#include "sink.h"

enum { AS_LANES = 8 }; /* series that `batch` gets at most: the width of a vector of doubles */

typedef struct as_op as_op;

typedef struct as_run {
    as_ctx *ctx;
    const as_op *op;      /* the one that runs: a family reads its row from op->method */
    const void *settings; /* filled and range-checked */
    void *state;          /* state_size zeroed bytes, and an arena; both live for */
    as_arena *keep;       /* the whole stream. NULL unless `finish` is set */
    as_sink *out;
    /* Set by `finish` before it emits what is made of some of the series that came and not of all, for the
     * history: those, as they were handed to `series`. */
    size_t n_taken;
    const as_table *const *taken;
    /* For `batch`: this series through `series`, a numeric failure turned into nan and a warning as
     * for any other. NULL in tests: call `series`. */
    as_status (*alone)(struct as_run *run, as_table *owned);
} as_run;

/* An operation on "the curve" asks for roles; one of a technique asks for names
 * of datasets/vocabulary.def: columns, metadata (wavelength, sample_mass) or
 * results of an earlier step. */
typedef enum { AS_NEED_ROLE, AS_NEED_COLUMN, AS_NEED_META, AS_NEED_RESULT } as_need_kind;

typedef struct as_demand { /* checked before an operation is called, and before a recipe runs */
    as_need_kind kind;
    as_role role;     /* AS_NEED_ROLE only */
    const char *name; /* the other kinds */
    const char *unit; /* any unit of this dimension will do; NULL: any */
    bool optional;
    const char *help;
} as_demand;

typedef struct as_give { /* what it adds or replaces */
    as_need_kind kind;
    as_role role;
    const char *name;
    const char *unit; /* NULL: that of y */
    const char *help;
    const char *unless; /* NULL, or settings that leave it out, as the history writes them */
} as_give;

typedef enum {
    AS_ANNOTATES, /* keeps the rows; changes or adds columns and results */
    AS_DERIVES,   /* one series in, new rows out */
    AS_REDUCES    /* many series in, few out */
} as_effect;

struct as_op {
    const char *name;  /* baseline-asls: group, then method */
    const char *group; /* baseline, peaks, sorption, thermal, transform, select */
    as_effect effect;
    size_t settings_size, state_size;
    const as_param *params;
    /* The AS_P_TEXTS parameter that takes operands of the form KEY=VALUE, which are no files
     * then: set wavelength=1.5406Angstrom. NULL: there are none. */
    const char *operands;
    const as_demand *needs; /* ends with {0}.help == NULL */
    const as_give *gives;   /* likewise */

    /* Once per series. `owned` is the operation's: change it in place and emit it,
     * or emit others; the framework frees what is not emitted. AS_E_NUMERIC does
     * not stop the stream: the series goes on with all that this operation gives
     * as nan, flag failed, and the message as its warning.
     * Without `finish`, calls are spread over threads and see no state. */
    as_status (*series)(as_run *run, as_table *owned);

    /* Instead of `series`: an operation that makes series from its settings alone (simulate-*, hkl)
     * and reads no input. Called once. */
    as_status (*source)(as_run *run);

    /* Optional: n <= AS_LANES series of equal row count at once, for kernels that
     * put one series in each vector lane. The results are bit for bit those of
     * `series`; one that may fail goes through run->alone, in its turn. */
    as_status (*batch)(as_run *run, size_t n, as_table *const *owned);

    /* Optional: after the last series. Then all calls come in order from one
     * thread, and series not emitted stay alive until it returns. */
    as_status (*finish)(as_run *run);

    /* Reads names, metadata and results, never rows: where it and its like are all that read a step
     * of a recipe, no rows are kept for them. */
    bool rowless;

    /* In a family (one kernel, several methods, one file): the row of its table. */
    const void *method;

    as_doc doc;
};

extern const as_op *const as_ops[]; /* from ops.def, ends with NULL */
const as_op *as_op_find(const char *name);

/* Runs an operation with a `series` on a copy of t, for another that compares what comes out; settings are filled
 * and checked. *out is the one series emitted, of the scratch memory; NULL where none was. */
as_status as_op_on_copy(as_ctx *ctx, const as_op *op, const void *settings, const as_table *t, as_table **out)
    AS_NODISCARD;

#endif
