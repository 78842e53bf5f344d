# `make` lists the targets. `make check` is what continuous integration runs.

PREFIX ?= /usr/local
# Cases and networks with results from other frameworks; checks that need them are skipped where they are absent.
SHARED ?= ../shared
# What `make differential` looks through: the same CASES on every machine, or what MINUTES allow.
SEED ?= 1
CASES ?= 500
MINUTES ?=
FAILURES ?= 1
# How long `make fuzz` reads what it makes up for each reader, and how often `make kills` kills.
SECONDS ?= 60
KILLS ?= 200

RELEASE := swift build -c release
STRICT := -Xswiftc -warnings-as-errors
STEPS := format budgets imports compile test programs kernels allocations learning embedded differential page test-page web test-web cpus consumer docs
STEP = @Scripts/timed $@

.PHONY: help build demo gallery install check sanitize differential-proof fuzz kills saving test-firefox clean $(STEPS)
.NOTPARALLEL:

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 14

build: ## Build .build/release/adjoint
	@Scripts/dependencies command
	$(RELEASE) --product adjoint

demo: build ## Explain the gradient of a filter, then train on handwritten digits
	@.build/release/adjoint demo

page: ## Build adjoint.html, the web page, from this package compiled to WebAssembly
	@Scripts/dependencies page
	$(STEP) Scripts/build-page adjoint.html

gallery: build ## Draw the pictures of Documentation/gallery again
	@Scripts/gallery "$(SHARED)"

install: build ## Install the command under PREFIX (/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 .build/release/adjoint "$(DESTDIR)$(PREFIX)/bin/adjoint"
	[ ! -f adjoint.html ] || install -D -m 644 adjoint.html "$(DESTDIR)$(PREFIX)/share/adjoint/adjoint.html"

check: ## Everything below, as continuous integration does, each step with its minutes
	@rm -f .build/minutes
	@$(MAKE) --no-print-directory $(STEPS)
	@Scripts/timed
	@echo "check: all steps passed"

format: ## Lint the format of all Swift sources
	$(STEP) swift format lint --strict --parallel --recursive Package.swift Sources Tests Snippets

budgets: ## Count lines and look for names that mean nothing
	$(STEP) Scripts/check-budgets

imports: ## Check that modules import only what the design allows
	$(STEP) Scripts/check-imports

compile: ## Build for tests, warnings being errors
	@Scripts/dependencies command
	$(STEP) swift build --build-tests $(STRICT)

test: compile ## Run all tests
	$(STEP) swift test --skip-build $(STRICT)

programs: ## Build the command and the programs that checks run
	@Scripts/dependencies command
	$(STEP) $(RELEASE)

kernels: programs ## Check the machine code of the kernels
	@Scripts/dependencies kernels
	$(STEP) Scripts/check-kernels

allocations: programs ## Count allocations in training steps
	$(STEP) Scripts/check-allocations

learning: programs ## Train for real: accuracy, equal bytes, kills at any moment, saves that fail, Ctrl-C
	@Scripts/dependencies saving
	$(STEP) Scripts/check-learning "$(SHARED)"

embedded: programs ## Compile for WebAssembly, and compare what it prints with the native build
	@Scripts/dependencies page
	$(STEP) Scripts/check-embedded

test-page: programs page ## Test the page and every picture in a real browser; screenshots go to .build/page-screenshots
	@Scripts/dependencies browser
	$(STEP) Scripts/test-page

web: ## Build web, the ES module that other pages and node compute and explain layers with
	@Scripts/dependencies page
	$(STEP) Scripts/build-web web

test-web: web ## Test the ES module under node and in a real browser
	@Scripts/dependencies page browser
	$(STEP) Scripts/test-web web "$(SHARED)"

test-firefox: programs page ## Test the page in Debian's firefox (by hand)
	@Scripts/dependencies firefox
	@Scripts/test-firefox

cpus: programs ## Verify cases and networks on emulated CPUs: without AVX, without AVX-512, arm64
	@Scripts/dependencies cpus
	$(STEP) Scripts/check-cpus "$(SHARED)" cases faults/cases nets

consumer: ## Use a tagged clone from another package, and run every snippet there
	@Scripts/dependencies command
	$(STEP) Scripts/check-consumer

differential: programs ## Look for wrong numbers in random layers, chains and networks: SEED=1 CASES=500 FAILURES=1, or MINUTES=60
	@Scripts/differential-proof check
	$(STEP) .build/release/differential --seed $(SEED) $(if $(MINUTES),--minutes $(MINUTES),--cases $(CASES)) --failures $(FAILURES) --coverage

differential-proof: programs ## Plant ten faults one after the other; `make differential` has to find each (by hand, half an hour)
	@Scripts/differential-proof $(SEED)

fuzz: ## Read what libFuzzer makes of files, SECONDS=60 for each reader (by hand; check reads again what it found)
	@Scripts/dependencies command
	@Scripts/fuzz $(SECONDS)

kills: build ## Kill trainings at KILLS=200 random moments, and resume them (by hand)
	@Scripts/check-kills $(KILLS)

saving: build ## Make every system call of every save fail, with strace (by hand)
	@Scripts/dependencies saving
	@Scripts/check-saving

docs: ## Build the documentation in .build/documentation
	@Scripts/dependencies command
	$(STEP) Scripts/build-docs

sanitize: ## Run tests with the address and the thread sanitizer, which takes long; not a part of check
	@Scripts/dependencies command
	@Scripts/sanitize

clean: ## Remove everything that was built
	rm -rf .build web digits.safetensors adjoint.html
