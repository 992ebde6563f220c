/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Detection: what nobody knows is refused and named. Reading itself is tested through formats. */
#include "check.h"
#include "detect.h"

static void refuses(as_ctx *ctx, const char *name, const void *data, size_t size, as_code code,
                    const char *part)
{
    const as_input *in;
    const as_parser *p;
    CHECK(as_input_of_bytes(ctx, name, data, size, &in) == AS_OK);
    CHECK(as_detect(ctx, in, NULL, &p, NULL) == AS_ERR);
    if (as_pending(ctx) != code || !strstr(as_pending_message(ctx), part))
        printf("%s: %s\n", name, as_pending_message(ctx));
    CHECK(as_pending(ctx) == code && strstr(as_pending_message(ctx), part));
    as_forget_error(ctx);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    static const char pdf[] = "%PDF-1.7\n", prose[] = "It was a dark night.\nNobody measured.\n";
    static const unsigned char noise[] = { 0x8e, 0x03, 0xb5, 0, 0x91, 0x12, 0xfe, 0x44, 0x07 };
    refuses(ctx, "a.pdf", pdf, sizeof pdf - 1, AS_E_FORMAT, "a PDF document");
    refuses(ctx, "a.raw", pdf, sizeof pdf - 1, AS_E_FORMAT, "a PDF document");
    refuses(ctx, "a.xy", prose, sizeof prose - 1, AS_E_FORMAT, "beginning 'It was a dark night.'");
    refuses(ctx, "a.raw", noise, sizeof noise, AS_E_FORMAT, "8e 03 b5 00");
    refuses(ctx, "a.xy", "", 0, AS_E_TRUNCATED, "empty");
    const as_input *in;
    const as_parser *p;
    CHECK(as_input_of_bytes(ctx, "a", pdf, sizeof pdf - 1, &in) == AS_OK);
    CHECK(as_detect(ctx, in, "no-such-format", &p, NULL) == AS_ERR);
    CHECK(as_pending(ctx) == AS_E_USAGE);
    as_score *s;
    size_t n, parsers = 0;
    while (as_parsers[parsers]) parsers++;
    CHECK(as_identify(ctx, in, &s, &n) == AS_OK && n == parsers);
    for (size_t i = 0; i < n; i++) CHECK(s[i].score == 0);
    as_read_options how = { 0 };
    as_collection all;
    CHECK(as_read_all(ctx, in, &how, &all) == AS_ERR && as_pending(ctx) == AS_E_FORMAT);
    as_forget_error(ctx);
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
