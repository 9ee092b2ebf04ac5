# SPDX-License-Identifier: GPL-2.0-only
# Everything goes to build/.  Each script installs the Debian packages that are missing.

.DEFAULT_GOAL := help

# The one list of them is in tools/check.
parts := $(shell tools/check --list)

help:
	@echo 'make demo        a real guest on a real Xen: its grant table before and after'
	@echo 'make check       everything that has to pass, in under an hour; its parts:'
	@echo '                 $(parts)'
	@echo 'make PART        one of these'
	@echo 'make check-matrix  kernels, Xen releases, kinds of guests, long forms (hours)'
	@echo 'make static      static analysis of the driver'
	@echo 'make coverage    how much of the pure files the KUnit tests run'
	@echo 'make mill        mutants of the driver by rule; do the KUnit tests notice? (hours)'
	@echo 'make soak        random steps for 20 minutes; tools/soak MINUTES SEED'
	@echo 'make journeys    saves and migrations with and without the driver (hours; goes on)'
	@echo 'make bench       what a move costs, on each release of Xen: Documentation/performance.rst'
	@echo
	@echo 'make module      the driver, for this distribution'\''s kernel'
	@echo 'make tool        the command-line tool'
	@echo 'make deb         Debian packages of the driver (DKMS) and of the tool'
	@echo 'make rpm         the same as RPMs'
	@echo 'make doc         the documentation as HTML'
	@echo 'make hypervisor  Xen with the patch series'
	@echo 'make upstream    checks the series for Linux, and lays out the mails'
	@echo 'make shell       a shell in a guest of the lab'
	@echo 'make clean       remove build/'

demo:
	@tools/demo

check-matrix:
	@tools/check-matrix

bench:
	@tools/bench

soak:
	@tools/soak

journeys:
	@tools/journeys

check:
	@tools/check

static:
	@tools/static

coverage:
	@tools/unit --coverage

mill:
	@tools/mill/mutate

module:
	@tools/build-module

tool:
	@tools/build-cli

deb rpm:
	@tools/packaging/build-$@

doc:
	@tools/build-doc

hypervisor:
	@tools/hypervisor/build

upstream:
	@tools/linux/upstream

$(parts):
	@tools/check $@

shell: module tool
	@tools/lab/run --shell --xen patched

# Some of it can be root's.
clean:
	@bash -c '. tools/lib/common.sh && { rm -rf "$$build" 2>/dev/null || as_root rm -rf "$$build"; }'

.PHONY: help demo bench soak journeys check check-matrix static coverage mill module tool deb rpm doc hypervisor
.PHONY: upstream shell clean $(parts)
