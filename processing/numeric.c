/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_errno.h>

#include "numeric.h"

void as_numeric_init(void)
{
    gsl_set_error_handler_off();
}
