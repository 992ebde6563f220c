/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Code pages by the shape of words: Western letters stand alone among Latin ones, Cyrillic ones make
 * whole words, Chinese, Japanese and Korean ones come in pairs of bytes.
 */
#include "code_page.h"

#include <string.h>

#include "input.h"

const char *as_stated_code_page(const unsigned char *data, size_t size)
{
    static const char *const known[] = { "GB18030", "GBK", "GB2312", "EUC-JP", "EUC-KR", "BIG5",
                                         "Shift_JIS", "windows-1250", "windows-1251",
                                         "windows-1253", "windows-1255", "ISO-8859-7", "ISO-8859-8",
                                         "ISO-8859-2", "ISO-8859-5", "ISO-8859-15", "KOI8-R" };
    static const struct { const char *locale, *name; } locales[] = {
        { "1041", "Shift_JIS" }, { "2052", "GB18030" }, { "1028", "BIG5" }, { "1042", "EUC-KR" },
        { "1049", "windows-1251" }, { "1058", "windows-1251" }, { "1026", "windows-1251" },
        { "1045", "windows-1250" }, { "1029", "windows-1250" }, { "1038", "windows-1250" },
        { "1051", "windows-1250" }, { "1060", "windows-1250" }, { "1048", "windows-1250" },
        { "1032", "windows-1253" }, { "1055", "windows-1254" }, { "1037", "windows-1255" },
    };
    char head[1024] = { 0 };
    memcpy(head, data, size < sizeof head - 1 ? size : sizeof head - 1);
    const char *xml = as_starts(head, "<?xml") ? as_find_text(head, "encoding=") : NULL;
    if (xml && !xml[strlen("encoding=")]) xml = NULL; /* the text that is looked at ends there */
    for (size_t i = 0; xml && i < sizeof known / sizeof *known; i++)
        if (as_starts(xml + strlen("encoding=") + 1, known[i])) return known[i];
    const char *locale = strstr(head, "\nLOCALE");
    if (locale) locale += strlen("\nLOCALE") + strspn(locale + strlen("\nLOCALE"), "\t,; ");
    for (size_t i = 0; locale && i < sizeof locales / sizeof *locales; i++)
        if (as_starts(locale, locales[i].locale)) return locales[i].name;
    return NULL;
}

/* --- UTF-8 with errors ------------------------------------------------------------------- */
static bool is_broken_utf8(const unsigned char *data, size_t size)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < size;) {
        const size_t n = as_utf8_length(data + i, size - i);
        good += n > 1;
        bad += n == 0;
        i += n ? n : 1;
    }
    return good >= 2 && bad <= 1 + good / 10;
}

/* --- runs of bytes beyond ASCII -------------------------------------------------------------- */
typedef struct evidence {
    size_t high;                            /* bytes */
    size_t common, rare, symbols, kana;     /* pairs as of GB 2312: rows of characters, of signs */
    size_t other, unpaired;                 /* pairs of its extensions; bytes that are no pair */
    size_t beyond_korean, all_capital;      /* pairs */
    size_t words, long_words;               /* runs of letters of windows-1251, 3 and 4 bytes at least */
    size_t small, capital, turned;          /* behind their first letters; first small, others capital */
    size_t dos_words;                       /* runs of letters of CP866, 4 at least */
    size_t polish, czech, acute;            /* single bytes */
    size_t strange;                         /* what no Western text has */
} evidence;

static void count_pair(unsigned char lead, unsigned char trail, evidence *e)
{
    const bool plane = lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1 && trail <= 0xfe;
    if (!plane) e->other++;
    else if (lead == 0xa4 || lead == 0xa5) e->kana++;
    else if (lead <= 0xa9) e->symbols++;
    else if (lead < 0xb0) e->other++;
    else if (lead <= 0xd7) e->common++;
    else e->rare++;
    e->beyond_korean += plane && lead > 0xc8;
    e->all_capital += lead >= 0xc0 && lead <= 0xdf && trail >= 0xc0 && trail <= 0xdf;
}

static void count_pairs(const unsigned char *run, size_t n, unsigned char next, evidence *e)
{
    size_t i = 0;
    for (; i + 1 < n; i += 2) {
        if (run[i] == 0x80 || run[i] == 0xff || run[i + 1] == 0xff) e->unpaired++;
        else count_pair(run[i], run[i + 1], e);
    }
    if (i == n) return;
    if (run[i] > 0x80 && run[i] < 0xff && next >= 0x40 && next < 0x7f) e->other++;
    else e->unpaired++;
}

static bool is_cyrillic(unsigned char c)
{
    return c >= 0xc0 || c == 0xa8 || c == 0xb8 || c == 0xb2 || c == 0xb3 || c == 0xbf || c == 0xaf;
}

static void count_word(const unsigned char *run, size_t n, evidence *e)
{
    size_t letters = 0, dos = 0, small = 0, capital = 0;
    for (size_t i = 0; i < n; i++) {
        letters += is_cyrillic(run[i]);
        dos += (run[i] >= 0x80 && run[i] <= 0xaf) || (run[i] >= 0xe0 && run[i] <= 0xf1);
        if (i == 0) continue;
        small += run[i] >= 0xe0;
        capital += run[i] >= 0xc0 && run[i] <= 0xdf;
    }
    if (n < 3) return;
    e->strange++;
    e->dos_words += dos == n && n >= 4;
    if (letters < n) return;
    e->words++;
    e->long_words += n >= 4;
    e->small += small;
    e->capital += capital;
    e->turned += run[0] >= 0xe0 && capital == n - 1;
}

static bool is_latin(unsigned char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Polish letters of windows-1250 that are signs in windows-1252; "cm3" with a raised 3 is none. */
static void count_single(unsigned char before, unsigned char c, unsigned char next, evidence *e)
{
    const bool sign = c == 0xb9 || c == 0xbf || c == 0x9f || (c == 0xb3 && before != 'm');
    e->polish += sign && is_latin(before) && next >= 'a' && next <= 'z';
    e->strange += c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d;
}

/* Czech letters of windows-1250 that are letters of Danish and Italian in windows-1252, which have none of
 * the acute ones. */
static void count_accents(unsigned char before, const unsigned char *run, size_t n, evidence *e)
{
    for (size_t i = 0; n <= 2 && is_latin(before) && i < n; i++) {
        e->czech += run[i] == 0xf8 || run[i] == 0xec;
        e->acute += run[i] == 0xe1 || run[i] == 0xed || run[i] == 0xfd;
    }
}

static evidence gather(const unsigned char *data, size_t size)
{
    evidence e = { 0 };
    for (size_t i = 0, to; i < size; i = to + 1) {
        for (to = i; to < size && data[to] > 127;) to++;
        const size_t n = to - i;
        const unsigned char next = to < size ? data[to] : 0, before = i > 0 ? data[i - 1] : 0;
        if (n == 0) continue;
        e.high += n;
        count_pairs(data + i, n, next, &e);
        count_word(data + i, n, &e);
        count_accents(before, data + i, n, &e);
        if (n == 1) count_single(before, data[i], next, &e);
    }
    return e;
}

static as_encoding found(const char *name, bool doubtful)
{
    return (as_encoding){ .name = name, .doubtful = doubtful };
}

as_encoding as_guess_code_page(const unsigned char *data, size_t size)
{
    enum { MANY = 8, SOME = 4 };
    if (is_broken_utf8(data, size)) return found("UTF-8 with errors", true);
    const evidence e = gather(data, size);
    const size_t pairs = e.common + e.rare + e.symbols + e.kana + e.other;
    const bool paired = e.unpaired == 0 && 10 * (e.common + e.symbols + e.kana) >= 8 * pairs;
    if (paired && e.kana >= 2 && 3 * e.kana >= pairs) return found("EUC-JP", e.kana < SOME);
    if (paired && e.common >= 2 && !(e.all_capital == pairs && pairs < MANY)) {
        const bool korean = e.beyond_korean == 0;
        return korean && e.common >= MANY ? found("EUC-KR", e.common < 2 * MANY)
                                          : found("GB18030", korean && e.common >= SOME);
    }
    if (e.long_words > 0 || e.words > 1) {
        if (e.small >= e.capital) return found("windows-1251", false);
        return found(e.turned > 0 ? "KOI8-R" : "windows-1251", e.turned == 0);
    }
    if (e.dos_words > 0) return found("CP866", e.dos_words < SOME);
    if (e.polish > 0 || (e.czech > 0 && e.acute > 0))
        return found("windows-1250", e.polish + e.czech + e.acute < SOME);
    return found("windows-1252", e.strange > 0);
}
