# `make` lists the targets. `make check` is what continuous integration runs.

PREFIX ?= /usr/local
# Cases and networks with results from other frameworks; checks that need them are skipped where they are absent.
SHARED ?= ../shared
# What `make differential` looks through.
SEED ?= 1
MINUTES ?= 3
FAILURES ?= 1

RELEASE := swift build -c release
STRICT := -Xswiftc -warnings-as-errors
STEPS := dependencies format budgets imports compile test build kernels allocations learning embedded differential test-page cpus consumer docs

.PHONY: help demo page gallery install check sanitize differential-proof clean $(STEPS)
.NOTPARALLEL:

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 14

build: dependencies ## Build .build/release/adjoint
	$(RELEASE)

demo: build ## Explain the gradient of a filter, then train on handwritten digits
	@.build/release/adjoint demo

page: dependencies ## Build adjoint.html, the web page, from this package compiled to WebAssembly
	@Scripts/build-page adjoint.html

gallery: build ## Draw the pictures of Documentation/gallery again
	@Scripts/gallery "$(SHARED)"

install: build ## Install the command under PREFIX (/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 .build/release/adjoint "$(DESTDIR)$(PREFIX)/bin/adjoint"
	[ ! -f adjoint.html ] || install -D -m 644 adjoint.html "$(DESTDIR)$(PREFIX)/share/adjoint/adjoint.html"

check: $(STEPS) ## Everything below, as continuous integration does
	@echo "check: all steps passed"

dependencies: ## Install what is missing of the few system packages (Debian's apt-get)
	@Scripts/dependencies

format: ## Lint the format of all Swift sources
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Snippets

budgets: ## Count lines and look for names that mean nothing
	@Scripts/check-budgets

imports: ## Check that modules import only what the design allows
	@Scripts/check-imports

compile: dependencies ## Build for tests, warnings being errors
	swift build --build-tests $(STRICT)

test: compile ## Run all tests
	swift test --skip-build $(STRICT)

kernels: build ## Check the machine code of the kernels
	@Scripts/check-kernels

allocations: build ## Count allocations in training steps
	@Scripts/check-allocations

learning: build ## Train for real: accuracy, equal bytes, kill -9, Ctrl-C
	@Scripts/check-learning "$(SHARED)"

embedded: build ## Compile for WebAssembly, and compare what it prints with the native build
	@Scripts/check-embedded

test-page: build page ## Test the page and every picture in a real browser; screenshots go to .build/page-screenshots
	@Scripts/test-page

cpus: build ## Verify cases and networks on emulated CPUs: without AVX, without AVX-512, arm64
	@Scripts/check-cpus "$(SHARED)" cases faults/cases nets

consumer: dependencies ## Use a tagged clone from another package, and run every snippet there
	@Scripts/check-consumer

differential: build ## Look for wrong numbers in random layers, chains and networks: SEED=1 MINUTES=3 FAILURES=1
	@.build/release/differential --seed $(SEED) --minutes $(MINUTES) --failures $(FAILURES) --coverage

differential-proof: build ## Plant ten faults one after the other; `make differential` has to find each (by hand, half an hour)
	@Scripts/differential-proof $(SEED)

docs: dependencies ## Build the documentation in .build/documentation
	@Scripts/build-docs

sanitize: dependencies ## Run tests with the address and the thread sanitizer, which takes long; not a part of check
	@Scripts/sanitize

clean: ## Remove everything that was built
	rm -rf .build digits.safetensors adjoint.html
