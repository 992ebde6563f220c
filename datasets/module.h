/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heavy libraries (libxml2, libarchive, libgsf, cairo, FFTW) cost milliseconds at
 * every start, so each sits behind one facade: a struct of function pointers exported by one
 * shared object that is opened on first use. A facade header declares its struct and
 *
 *     const as_xml *as_xml_open(as_ctx *ctx);     NULL: AS_E_IO recorded
 *
 * which is one line: return AS_MODULE(ctx, "xml", as_xml, as_module_xml);
 * The module's source defines: AS_MODULE_EXPORT const as_xml as_module_xml = { ... };
 * Built with ASSAY_MODULES=OFF the struct is linked in and nothing is opened.
 */
#ifndef AS_DATASETS_MODULE_H
#define AS_DATASETS_MODULE_H

#include "diag.h"

#define AS_MODULE_EXPORT __attribute__((visibility("default")))

/* `symbol` of modules/assay-NAME.so beside the executable, or of ../lib/assay. Thread-safe;
 * opened once per process. */
const void *as_module_symbol(as_ctx *ctx, const char *name, const char *symbol);

#ifdef ASSAY_MODULES
#define AS_MODULE(ctx, name, type, symbol) ((const type *)as_module_symbol(ctx, name, #symbol))
#else
#define AS_MODULE(ctx, name, type, symbol) ((void)(ctx), &symbol)
#endif

#endif
