/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every parser looks at the beginning of a file; the surest one gets it. */
#include <string.h>

#include "detect.h"

/* Kinds of files that people give by mistake, or that this suite does not read: they are named
 * in the refusal. `at`: where the magic stands. */
static const struct { const char *magic; size_t length, at; const char *what; } known_kinds[] = {
#define MAGIC(text, at, what) { text, sizeof(text) - 1, at, what }
    MAGIC("%PDF-", 0, "a PDF document"),
    MAGIC("\x89PNG\r\n", 0, "a PNG image"),
    MAGIC("\xff\xd8\xff", 0, "a JPEG image"),
    MAGIC("GIF8", 0, "a GIF image"),
    MAGIC("II*\0", 0, "a TIFF image"),
    MAGIC("MM\0*", 0, "a TIFF image"),
    MAGIC("\x89HDF\r\n\x1a\n", 0, "an HDF5 file without spectra in NeXus"),
    MAGIC("CDF\1", 0, "a netCDF file"),
    MAGIC("CDF\2", 0, "a netCDF file"),
    MAGIC("#WXD", 0, "a Renishaw .wxd file of WiRE 2 or 3 (export it as .wdf, .spc or text)"),
    MAGIC("WIT_PR", 0, "a WITec project (export its spectra as text)"),
    MAGIC("version https://git-lfs", 0,
          "a pointer of Git LFS in place of the file (`git lfs pull` fetches it)"),
    MAGIC("EC-Lab LOG FILE", 0, "a BioLogic log, which holds no data (they are in the .mpr)"),
    MAGIC("BT-Lab LOG FILE", 0, "a BioLogic log, which holds no data (they are in the .mpr)"),
    MAGIC("EC-LAB SETTING FILE", 0, "BioLogic settings, which hold no data"),
    MAGIC("BT-LAB SETTING FILE", 0, "BioLogic settings, which hold no data"),
    MAGIC("VMP EXPERIMENT LOOP INDEXES", 0,
          "numbers of the loops of a BioLogic experiment, which hold no data (they are in the .mpr)"),
    MAGIC("Standard Jet DB", 4, "an Access database, as Arbin's .res (export its tables as csv)"),
    MAGIC("Standard ACE DB", 4, "an Access database (export its tables as csv)"),
    MAGIC("NEWARE", 0, "a Neware .nda file (export it as csv)"),
    MAGIC("CPYA ", 0, "an Origin project (export its worksheets as csv)"),
    MAGIC("CPYUA ", 0, "an Origin project (export its worksheets as csv)"),
    MAGIC("FORMAT :", 0, "a frame of a Bruker area detector (integrate it to .xy, .raw or .gsas)"),
    MAGIC("###CBF", 0, "an image of an area detector, CBF (integrate it to .xy or .chi)"),
    MAGIC("MATLAB 5.0 MAT-file", 0, "a MATLAB file"),
    MAGIC("\x93NUMPY", 0, "a NumPy array"),
    MAGIC("SQLite format 3", 0, "an SQLite database, as SPECS Prodigy's .sle (export it as .xy or VAMAS)"),
    MAGIC("version https://git-lfs", 0, "a pointer of Git LFS, not the data themselves"),
    MAGIC("7z\xbc\xaf\x27\x1c", 0, "a 7-Zip archive"),
    MAGIC("Rar!", 0, "a RAR archive"),
    MAGIC("\x7f" "ELF", 0, "a program"),
    MAGIC("MZ", 0, "a Windows program"),
    MAGIC("{\\rtf", 0, "a rich text document"),
    MAGIC("<!DOCTYPE html", 0, "a web page"),
    MAGIC("<!doctype html", 0, "a web page"),
    MAGIC("<html", 0, "a web page"),
    MAGIC("<svg", 0, "an SVG drawing"),
#undef MAGIC
};
static const struct { const char *member, *what; } known_containers[] = {
    { "word/document.xml", "a Word document" },
    { "ppt/presentation.xml", "a PowerPoint presentation" },
    { "WordDocument", "a Word document" },
    { "PowerPoint Document", "a PowerPoint presentation" },
    { "data.ndc", "a Neware .ndax file (export it as csv)" },
    { "content.xml", "an OpenDocument file (save a sheet as .xlsx or csv)" },
    { "ps_0.xml", "an Ocean Optics .ProcSpec archive (export it as text)" },
};
/* Binary formats of our techniques that nobody has described: named by the file's own name, where
 * nothing else knows it. */
static const struct { const char *suffix, *what; } known_names[] = {
    { "dset", "a Kratos Vision data set (export it as VAMAS)" },
    { "kal", "a Kratos Vision data set (export it as VAMAS)" },
    { "vgp", "a Thermo Avantage project (export its spectra as .vgd, .avg or .xlsx)" },
    { "ispd", "a spectrum of Shimadzu LabSolutions IR (export it as text or JCAMP-DX)" },
    { "hol", "a Kaiser HoloGRAMS file (export it as .spc)" },
    { "l5s", "a spectrum of LabSpec 5 (export it as text)" },
    { "l5m", "a map of LabSpec 5 (export it as text)" },
    { "ngs", "a spectrum of NGSLabSpec (export it as text)" },
    { "tsf", "a spectrum of LabSpec (export it as text)" },
    { "a2r", "a result of Agilent MicroLab (export it as .spc or csv)" },
    { "dsw", "a spectrum of Varian Cary (export it as csv)" },
    { "bsw", "a batch of Varian Cary (export it as csv)" },
    { "bsp", "an image of Agilent Resolutions Pro without its .dat (export it with its data)" },
    { "ard", "a Scintag .ard scan (export it as text or .xy)" },
    { "raw", "raw data of a diffractometer of another kind than Bruker RAW 1 to 4 and STOE 1.06 (export it "
             "as .ras, .uxd, .xrdml or text)" },
    { "rd", "raw data of a diffractometer of another kind than Philips V3 (export it as .xrdml or .udf)" },
    { "sd", "raw data of a diffractometer of another kind than Philips V3 (export it as .xrdml or .udf)" },
    { "spc", "a .spc of another kind than Galactic's (export it as JCAMP-DX or text)" },
};

static const char *known_kind(const as_input *in)
{
    const as_entry *entry;
    const size_t n = as_members(in, &entry);
    for (size_t i = 0; i < sizeof known_kinds / sizeof *known_kinds; i++)
        if (in->size >= known_kinds[i].at + known_kinds[i].length &&
            memcmp(in->data + known_kinds[i].at, known_kinds[i].magic, known_kinds[i].length) == 0)
            return known_kinds[i].what;
    if (in->is_text && as_starts((const char *)in->data, "<?xml") &&
        as_find_text((const char *)in->data, "<svg"))
        return "an SVG drawing";
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof known_containers / sizeof *known_containers; k++)
            if (strcmp(entry[i].name, known_containers[k].member) == 0)
                return known_containers[k].what;
    return NULL;
}

/* Texts that hold no data, by what they begin with: numbers in them are no columns. */
static bool is_known_text(const as_input *in)
{
    enum { LONG = 15 }; /* shorter ones may begin a table */
    for (size_t i = 0; in->is_text && i < sizeof known_kinds / sizeof *known_kinds; i++)
        if (known_kinds[i].length >= LONG && known_kinds[i].at == 0 &&
            as_starts((const char *)in->data, known_kinds[i].magic))
            return true;
    return false;
}

static const char *known_name(const as_input *in)
{
    char suffix[16];
    as_suffix(in->name, suffix);
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++)
        if (strcmp(known_names[i].suffix, suffix) == 0) return known_names[i].what;
    return NULL;
}

/* --- scores --------------------------------------------------------------------- */
static const char *content_evidence(int content)
{
    if (content >= AS_PROBE_VERIFIED) return "magic bytes or structure, verified";
    if (content >= AS_PROBE_MAGIC) return "magic bytes or structure";
    if (content >= AS_PROBE_LIKELY) return "distinctive keyword";
    if (content >= AS_PROBE_PLAUSIBLE) return "looks alike";
    return content > 0 ? "columns of numbers" : "no";
}

/* The bytes of a container say little; of a workbook its strings are shown. */
static const as_input *telling_member(as_ctx *ctx, const as_input *in)
{
    static const char *const telling[] = { "xl/sharedStrings.xml", "Workbook", "Book",
                                          "xl/worksheets/sheet1.xml" /* strings in the cells */ };
    const as_entry *entry;
    const size_t n = as_members(in, &entry);
    const as_input *member;
    for (size_t k = 0; k < sizeof telling / sizeof *telling; k++)
        for (size_t i = 0; i < n; i++) {
            if (!as_same(entry[i].name, telling[k])) continue;
            if (as_open_member(ctx, in, entry[i].name, &member) == AS_OK) return member;
            as_forget_error(ctx); /* whoever parses the file will say so */
        }
    return in;
}

static as_status look(as_ctx *ctx, const as_input *in, as_probe *out)
{
    char *name = as_strdup(as_scratch(ctx), as_base_name(in->name));
    if (!name) return AS_ERR;
    for (char *p = name; *p; p++)
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p + 32);
    const as_input *shown = telling_member(ctx, in);
    const size_t n = shown->size < AS_PROBE_HEAD ? shown->size : AS_PROBE_HEAD;
    *out = (as_probe){ .name = name, .head = shown->data, .size = n, .file_size = in->size,
                       .is_text = in->is_text };
    out->n_members = as_members(in, &out->member);
    if (shown->size <= AS_PROBE_HEAD) return AS_OK;
    unsigned char *head = as_alloc(as_scratch(ctx), n + AS_PAD, 1);
    if (!head) return AS_ERR; /* the zeros behind the head are part of the promise */
    memcpy(head, shown->data, n);
    out->head = head;
    return AS_OK;
}

static const char *fitting_suffix(const as_parser *p, const char *name)
{
    const size_t n = strlen(name);
    for (size_t i = 0; p->suffixes && p->suffixes[i]; i++) {
        const size_t length = strlen(p->suffixes[i]);
        if (n > length + 1 && name[n - length - 1] == '.' &&
            as_same(name + n - length, p->suffixes[i]))
            return p->suffixes[i];
    }
    return NULL;
}

static as_status score(as_ctx *ctx, const as_probe *probe, const as_parser *p, as_score *out)
{
    *out = (as_score){ .parser = p, .content = p->probe(probe),
                       .suffix = fitting_suffix(p, probe->name) };
    out->score = out->content > 0 ? out->content + (out->suffix ? AS_PROBE_SUFFIX : 0) : 0;
    const char *why = content_evidence(out->content);
    out->evidence = out->suffix ? as_format(as_scratch(ctx), "%s, suffix .%s", why, out->suffix)
                                : why;
    return out->evidence ? AS_OK : AS_ERR;
}

static as_status ask_all(as_ctx *ctx, const as_input *in, as_score *scores, size_t count)
{
    as_probe probe;
    AS_TRY(look(ctx, in, &probe));
    for (size_t i = 0; i < count; i++) {
        as_score s;
        AS_TRY(score(ctx, &probe, as_parsers[i], &s));
        size_t at = i;
        for (; at > 0 && scores[at - 1].score < s.score; at--) scores[at] = scores[at - 1];
        scores[at] = s;
    }
    return AS_OK;
}

/* Formats that begin in the first line are looked for behind empty lines too, where none is sure of
 * the file as it is. */
as_status as_identify(as_ctx *ctx, const as_input *in, as_score **out, size_t *n)
{
    size_t count = 0;
    const size_t blanks = in->is_text ? strspn((const char *)in->data, " \t\r\n") : 0;
    if (blanks > 0 && as_starts((const char *)in->data + blanks, "<?xml"))
        (void)as_skip_empty_lines(in); /* that is no XML, but only by its first byte */
    while (as_parsers[count]) count++;
    as_score *scores = AS_NEW_N(as_scratch(ctx), as_score, count + 1);
    if (!scores) return AS_ERR;
    AS_TRY(ask_all(ctx, in, scores, count));
    *out = scores;
    *n = count;
    if (count == 0 || scores[0].content >= AS_PROBE_LIKELY || !as_skip_empty_lines(in))
        return AS_OK;
    as_score *behind = AS_NEW_N(as_scratch(ctx), as_score, count + 1);
    if (!behind) return AS_ERR;
    AS_TRY(ask_all(ctx, in, behind, count));
    if (behind[0].content >= AS_PROBE_LIKELY) *out = behind;
    else as_restore_empty_lines(in);
    return AS_OK;
}

/* --- the decision ------------------------------------------------------------------ */
static bool is_picture(const char *kind)
{
    return strstr(kind, "image") || strstr(kind, "drawing") || strstr(kind, "PDF");
}

static const char export_hint[] = "hint: the instrument's program exports text, csv or JCAMP-DX, which are read; "
                                  "`assay list --kind format` names the formats";

static as_status unknown_bytes(as_ctx *ctx, const as_input *in)
{
    const as_where where = { .file = in->name };
    const char *name = known_name(in);
    if (as_members(in, NULL) == 0 && in->size >= 4 && memcmp(in->data, "\xd0\xcf\x11\xe0", 4) == 0)
        return as_fail(ctx, AS_E_FORMAT, &where, "a compound file (OLE2) that is cut or damaged: copy it again");
    const char *joint = name ? "; by its name " : "";
    if (as_members(in, NULL) > 0)
        (void)!as_fail(ctx, AS_E_FORMAT, &where, "a container of no known format%s%s", joint,
                       name ? name : "");
    else
        (void)!as_fail(ctx, AS_E_FORMAT, &where,
                       "binary data of no known format, beginning %02x %02x %02x %02x%s%s", in->data[0],
                       in->data[1], in->data[2], in->data[3], joint, name ? name : "");
    if (name) return AS_ERR;
    return as_while(ctx, "%s", export_hint);
}

static as_status unknown(as_ctx *ctx, const as_input *in)
{
    const as_where where = { .file = in->name };
    const char *kind = known_kind(in);
    if (kind) {
        (void)!as_fail(ctx, AS_E_FORMAT, &where, "%s, which is not supported", kind);
        if (!is_picture(kind)) return AS_ERR;
        return as_while(ctx, "hint: pictures and documents hold no series; in a pipeline the figure "
                             "comes last");
    }
    if (in->raw_size == 0)
        return as_fail(ctx, AS_E_TRUNCATED, &where,
                       strcmp(in->name, "stdin") == 0
                           ? "nothing came in; did the command before it fail, or is a file name missing?"
                           : "the file is empty");
    if (in->is_text && as_members(in, NULL) == 0) {
        const char *text = (const char *)in->data;
        text += strspn(text, " \t\r\n");
        const size_t n = strcspn(text, "\r\n");
        (void)!as_fail(ctx, AS_E_FORMAT, &where, "text of no known format, beginning '%.*s'",
                       (int)(n < 40 ? n : 40), text);
        return as_while(ctx, "hint: columns of numbers under one heading are read from any program; "
                             "`assay list --kind format` names the formats");
    }
    return unknown_bytes(ctx, in);
}

static as_status tie(as_ctx *ctx, const as_input *in, const as_score *s)
{
    const as_where where = { .file = in->name };
    return as_fail(ctx, AS_E_FORMAT, &where,
                   "'%s' and '%s' fit equally well (score %d); say which with --format",
                   s[0].parser->name, s[1].parser->name, s[0].score);
}

static as_status named(as_ctx *ctx, const char *format, const as_parser **out)
{
    size_t n = 0;
    while (as_parsers[n]) n++;
    const char **names = AS_NEW_N(as_scratch(ctx), const char *, n + 1);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < n; i++) names[i] = as_parsers[i]->name;
    *out = as_parser_find(format);
    if (*out) return AS_OK;
    const char *near = as_near_miss(format, n, names);
    return near ? as_fail(ctx, AS_E_USAGE, NULL, "no format '%s'; did you mean '%s'?", format, near)
                : as_fail(ctx, AS_E_USAGE, NULL, "no format '%s'", format);
}

as_status as_detect(as_ctx *ctx, const as_input *in, const char *format, const as_parser **out,
                    as_score *found)
{
    as_score *s;
    size_t n;
    if (format) {
        AS_TRY(named(ctx, format, out));
        if (found) *found = (as_score){ .parser = *out, .evidence = "named" };
        return AS_OK;
    }
    AS_TRY(as_identify(ctx, in, &s, &n));
    if (n == 0 || s[0].content < AS_PROBE_FALLBACK) return unknown(ctx, in);
    if (s[0].content == AS_PROBE_FALLBACK && is_known_text(in)) return unknown(ctx, in);
    if (n > 1 && s[1].score == s[0].score) return tie(ctx, in, s);
    *out = s[0].parser;
    if (found) *found = s[0];
    return AS_OK;
}

bool as_is_bundle(as_ctx *ctx, const as_input *in)
{
    as_score *s;
    size_t n;
    const bool ole = in->size >= 4 && memcmp(in->data, "\xd0\xcf\x11\xe0", 4) == 0;
    if (as_members(in, NULL) == 0 || ole || known_kind(in)) return false;
    return as_identify(ctx, in, &s, &n) == AS_OK && (n == 0 || s[0].content < AS_PROBE_FALLBACK);
}

/* --- options of a format -------------------------------------------------------------------- */

/* A word for --option of a format that has no such option: which it has, if any. */
static as_status check_options(as_ctx *ctx, const as_input *in, const as_parser *p,
                               const as_read_options *how)
{
    const as_where where = { .file = in->name };
    for (size_t i = 0; i < how->n_words; i++) {
        const char *name = how->words[i].text + 2, *known = "";
        const size_t n = strcspn(name, "=");
        bool has = false;
        for (const as_param *o = p->params; o && o->name && known; o++) {
            has = has || (strlen(o->name) == n && strncmp(o->name, name, n) == 0);
            known = as_format(as_scratch(ctx), "%s%s%s", known, *known ? ", " : "", o->name);
        }
        if (!known) return AS_ERR;
        if (has) continue;
        (void)!as_fail(ctx, AS_E_USAGE, &where, "read as %s, which has no option '%.*s'%s%s", p->name,
                       (int)n, name, *known ? ", only " : " nor any other", known);
        return as_while(ctx, "hint: --format NAME reads it as another format: assay help delimited");
    }
    return AS_OK;
}

as_status as_format_settings(as_ctx *ctx, const as_input *in, const as_parser *p,
                             const as_read_options *how, const void **out)
{
    static const as_param none[] = { AS_PARAMS_END };
    void *settings = as_alloc(as_scratch(ctx), p->settings_size, 1);
    *out = settings;
    if (!settings) return AS_ERR;
    AS_TRY(check_options(ctx, in, p, how));
    return as_settings_read(ctx, as_scratch(ctx), p->params ? p->params : none, how->n_words,
                            how->words, how->loader, settings);
}
