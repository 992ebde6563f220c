/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person needs to know about an operation, a parser or a figure, next to
 * the code it describes. help, man, markdown and completion print exactly this.
 */
#ifndef AS_DATASETS_DOC_H
#define AS_DATASETS_DOC_H

typedef struct as_example { /* every example runs as a golden test */
    const char *what;
    const char *command; /* a shell pipeline on small files of tests/corpus/ made for this */
} as_example;

typedef struct as_doc {
    const char *summary;           /* one line, imperative, no full stop */
    const char *description;       /* paragraphs split by blank lines; *bold* and `code` only */
    const char *const *references; /* "Eilers & Boelens 2005", DOI where there is one */
    const as_example *examples;    /* ends with {0} */
    const char *const *see_also;   /* checked: each must exist */
} as_doc;

#endif
