/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up of the numeric libraries: called once by main() before any operation runs. */
#ifndef AS_PROCESSING_NUMERIC_H
#define AS_PROCESSING_NUMERIC_H

/* GSL reports by status from now on instead of aborting. */
void as_numeric_init(void);

#endif
