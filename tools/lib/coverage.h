/* SPDX-License-Identifier: GPL-2.0-only */
/* What the linker and libgcov have for coverage.c; gcc has no header for it. */
#ifndef XSP_COVERAGE_H
#define XSP_COVERAGE_H

#include <linux/types.h>

struct gcov_info;

/* The linker makes this list of what -fprofile-info-section has put into each object. */
extern const struct gcov_info *const __start_xsp_gcov_info[];
extern const struct gcov_info *const __stop_xsp_gcov_info[];

void __gcov_info_to_gcda(const struct gcov_info *info,
			 void (*filename)(const char *name, void *arg),
			 void (*dump)(const void *data, unsigned int bytes, void *arg),
			 void *(*allocate)(unsigned int bytes, void *arg), void *arg);
void __gcov_merge_add(s64 *counters, unsigned int nr);

#endif
