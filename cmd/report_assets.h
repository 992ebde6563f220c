/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Style and scripts of the page, from cmd/report/ and Debian's libjs-dygraphs: made by the build. */
#ifndef AS_CMD_REPORT_ASSETS_H
#define AS_CMD_REPORT_ASSETS_H

extern const unsigned char as_report_css[];
extern const unsigned char as_report_js[];
extern const unsigned char as_report_licence[];

#endif
