/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the driver and this command are not of the same version. */
#ifndef NOTES_H
#define NOTES_H

#include "attr.h"

/* One line for each kind of difference: files that are not there, not readable, ... */
void notes_print(const struct attr_value *values);

#endif /* NOTES_H */
