/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands: each gets its own name and arguments, and returns an exit code. */
#ifndef COMMANDS_H
#define COMMANDS_H

/* Of a command that needs the driver.  It is that of status --check, too (verdict.h). */
#define EXIT_NO_DRIVER 2

int status_command(int argc, char **argv);
int explain_command(int argc, char **argv);
int metrics_command(int argc, char **argv);
int watch_command(int argc, char **argv);
int place_command(int argc, char **argv);
int measure_command(int argc, char **argv);

#endif /* COMMANDS_H */
