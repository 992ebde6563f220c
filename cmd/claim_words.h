/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the words of a claim: between claim_words.c and claim_parse.c only. */
#ifndef AS_CMD_CLAIM_WORDS_H
#define AS_CMD_CLAIM_WORDS_H

#include "claim_expr.h"

typedef struct as_claim_parser {
    as_ctx *ctx;
    as_arena *a;
    const as_text *text;
    const char *s;
    size_t at;
    int depth, nodes;
} as_claim_parser;

/* AS_E_USAGE at n bytes from `from`; "found X, expected WHAT" at the cursor. */
as_status as_claim_fail(as_claim_parser *p, size_t from, size_t n,
                        const char *message) AS_NODISCARD;
as_status as_claim_expected(as_claim_parser *p, const char *what) AS_NODISCARD;

void as_claim_skip(as_claim_parser *p); /* blanks */
size_t as_claim_word(const char *s);    /* length of the letters, digits and _ here */
bool as_claim_keyword(const char *s, size_t n);
bool as_claim_take(as_claim_parser *p, char c);
bool as_claim_take_word(as_claim_parser *p, const char *word);

as_expr *as_claim_node(as_claim_parser *p, as_expr_kind kind, size_t from, size_t n);
as_status as_claim_unit(as_claim_parser *p, as_unit *out) AS_NODISCARD; /* "1" when none is here */
as_status as_claim_number(as_claim_parser *p, as_expr **out) AS_NODISCARD;
as_status as_claim_quantity(as_claim_parser *p, as_expr **out) AS_NODISCARD;
/* [ over(KEY) ] behind a set. */
as_status as_claim_over(as_claim_parser *p, as_expr **e) AS_NODISCARD;

#endif
