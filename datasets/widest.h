/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops compiled once for each width of registers. Nothing is contracted or reordered in any of them
 * (-ffp-contract=off), so the bits are the same on all machines.
 */
#ifndef AS_DATASETS_WIDEST_H
#define AS_DATASETS_WIDEST_H

/* Before a function: which of its versions runs is picked at start. Not under sanitizers, whose start-up
 * the choice would precede, and not by Clang, which refuses vectors as arguments of inline functions there. */
#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define AS_WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define AS_WIDEST
#endif

#endif
