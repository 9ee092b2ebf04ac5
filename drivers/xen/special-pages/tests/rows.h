/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_TESTS_ROWS_H
#define XSP_TESTS_ROWS_H

#include <kunit/test.h>
#include <linux/string.h>

/* Make a case of each row of NAME_rows, named by what the row is about. */
#define XSP_ROWS(name)								\
	static void name##_describe(const struct name##_row *row, char *desc)	\
	{									\
		strscpy(desc, row->about, KUNIT_PARAM_DESC_SIZE);		\
	}									\
	KUNIT_ARRAY_PARAM(name, name##_rows, name##_describe)

#endif
