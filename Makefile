# SPDX-License-Identifier: GPL-2.0-only
# Everything goes to build/.  Each script installs the Debian packages it lacks.

.DEFAULT_GOAL := help

help:
	@echo 'make demo        a real guest on a real Xen: its grant table before and after'
	@echo 'make check       lint, unit tests, and all scenarios on a real Xen'
	@echo 'make check-matrix  kernels, Xen releases, kinds of guests (hours)'
	@echo
	@echo 'make module      the driver, for this distribution'\''s kernel'
	@echo 'make cli         the command-line tool'
	@echo 'make hypervisor  Xen with the patch series'
	@echo 'make lint unit sparse scenarios   the parts of make check'
	@echo 'make shell       a shell in a guest of the lab'
	@echo 'make clean       remove build/'

demo:
	@tools/demo

check-matrix:
	@tools/check-matrix

check:
	@tools/check

module:
	@tools/build-module

cli:
	@tools/build-cli

hypervisor:
	@tools/hypervisor/build

lint unit sparse scenarios:
	@tools/check $@

shell: module cli
	@tools/lab/run --shell --xen patched

clean:
	rm -rf build

.PHONY: help demo check check-matrix module cli hypervisor lint unit sparse scenarios shell clean
