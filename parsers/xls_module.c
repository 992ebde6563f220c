/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .xls workbooks through libfreexl, which reads files only: the bytes go through a file in
 * memory that has no name. */
#define _GNU_SOURCE
#include <freexl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workbook.h"

extern const as_xls as_module_xls;

static as_status refused(as_ctx *ctx, const as_input *in, int code, const char *what)
{
    const as_where where = { .file = in->name };
    const as_code class = code == FREEXL_INSUFFICIENT_MEMORY ? AS_E_NOMEM : AS_E_SYNTAX;
    return as_fail(ctx, class, &where, "%s (libfreexl error %d)", what, code);
}

static void close_handle(void *handle)
{
    freexl_close(handle);
}

static as_status write_all(as_ctx *ctx, int fd, const as_input *in)
{
    size_t at = 0;
    while (at < in->size) {
        const ssize_t n = write(fd, in->data + at, in->size - at);
        if (n <= 0) return as_fail(ctx, AS_E_IO, NULL, "no memory for a file of %zu bytes", in->size);
        at += (size_t)n;
    }
    return AS_OK;
}

static as_status open_workbook(as_ctx *ctx, const as_input *in, const void **handle)
{
    const as_where where = { .file = in->name };
    char path[64];
    unsigned int encrypted = FREEXL_BIFF_PLAIN;
    const int fd = memfd_create("workbook", MFD_CLOEXEC);
    if (fd < 0) return as_fail(ctx, AS_E_IO, NULL, "the system has no files in memory");
    as_status status = write_all(ctx, fd, in);
    if (status == AS_OK) {
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        const int code = freexl_open(path, handle);
        if (code != FREEXL_OK) status = refused(ctx, in, code, "no workbook that can be read");
    }
    (void)close(fd);
    AS_TRY(status);
    AS_TRY(as_defer(as_scratch(ctx), close_handle, (void *)(uintptr_t)*handle));
    if (freexl_get_info(*handle, FREEXL_BIFF_PASSWORD, &encrypted) == FREEXL_OK &&
        encrypted == FREEXL_BIFF_OBFUSCATED)
        return as_fail(ctx, AS_E_FORMAT, &where, "the workbook is encrypted");
    return AS_OK;
}

static size_t sheets(const void *handle)
{
    unsigned int n = 0;
    return freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &n) == FREEXL_OK ? n : 0;
}

static as_status select_sheet(as_ctx *ctx, const as_input *in, const void *handle, size_t sheet,
                              const char **name, size_t *rows, size_t *columns)
{
    unsigned int r = 0;
    unsigned short c = 0;
    int code = freexl_get_worksheet_name(handle, (unsigned short)sheet, name);
    if (code == FREEXL_OK) code = freexl_select_active_worksheet(handle, (unsigned short)sheet);
    if (code == FREEXL_OK) code = freexl_worksheet_dimensions(handle, &r, &c);
    if (code != FREEXL_OK) return refused(ctx, in, code, "a sheet cannot be read");
    *rows = r;
    *columns = c;
    return AS_OK;
}

static as_status cell(as_ctx *ctx, const as_input *in, const void *handle, size_t row,
                      size_t column, as_xls_cell *out)
{
    FreeXL_CellValue value;
    const int code = freexl_get_cell_value(handle, (unsigned int)row, (unsigned short)column, &value);
    *out = (as_xls_cell){ .number = NAN };
    if (code != FREEXL_OK) return refused(ctx, in, code, "a cell cannot be read");
    switch (value.type) {
    case FREEXL_CELL_INT: out->number = value.value.int_value; break;
    case FREEXL_CELL_DOUBLE: out->number = value.value.double_value; break;
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME: out->text = value.value.text_value; break;
    default: break;
    }
    return AS_OK;
}

AS_MODULE_EXPORT const as_xls as_module_xls = { open_workbook, sheets, select_sheet, cell };
