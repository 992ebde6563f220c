/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which code page bytes have that are neither ASCII nor UTF-8, by what the text says and shows. Only for
 * datasets/.
 */
#ifndef AS_DATASETS_CODE_PAGE_H
#define AS_DATASETS_CODE_PAGE_H

#include "encoding.h"

/* The name that an XML declaration or JASCO's LOCALE states, among those that keep ASCII as it is; NULL:
 * none is stated. */
const char *as_stated_code_page(const unsigned char *data, size_t size);

/* By the bytes, first that fits: UTF-8 with few errors or cut; EUC-JP (kana in pairs); GB18030 (pairs, most of
 * them of the common characters); EUC-KR (pairs of its range only, many); windows-1251, KOI8-R and CP866
 * (words of three letters and more without a Latin one); windows-1250 (Polish letters between Latin ones, which
 * are signs in windows-1252); windows-1252. `doubtful` where the bytes speak for another one as well. */
as_encoding as_guess_code_page(const unsigned char *data, size_t size);

#endif
