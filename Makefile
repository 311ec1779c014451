# Docket, from nothing to running. `make` alone lists what there is.
# Arguments of a command go in ARGS: make run ARGS=--no-import, make test ARGS="-k objection".

.DEFAULT_GOAL := help
.PHONY: help run down logs test coverage full mutants lint check readme fresh bench expiring outdated docs client wheel deploy-check
BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv/.peers
DEPLOY := .venv/.deploy
CLIENT := clients/typescript

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml deploy/bootstrap.sh
	@deploy/bootstrap.sh
	@touch $@

run: $(READY) ## start everything: database, broker, mail sink, services, sample tickets
	@$(BIN)/docket up $(ARGS)

down: ## stop everything that make run started; the data stays in .local/
	@if [ -x $(BIN)/docket ]; then $(BIN)/docket down $(ARGS); else echo "nothing was running"; fi

logs: $(READY) ## follow the logs of the services
	@$(BIN)/docket logs --follow $(ARGS)

test: $(READY) ## run the tests, on private servers of their own
	$(BIN)/pytest -n auto --dist worksteal -m "not full" $(ARGS)

coverage: $(READY) ## run the tests and print the lines and branches that none of them reaches
	$(BIN)/pytest -n auto --dist worksteal -m "not full" --cov --cov-report=term $(ARGS)

full: $(PEERS) ## run the long runs of the tests too: thousands of histories, calendars and seeds; mutations
	$(BIN)/pytest -n auto --dist worksteal -m full $(ARGS)
	$(BIN)/python tests/mutants/run.py

mutants: $(PEERS) ## change the code in small ways and see whether a test notices
	$(BIN)/python tests/mutants/run.py $(ARGS)

lint: $(READY) ## check style, types, imports, the size of modules, generated pages, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python docs/generate.py --check
	$(BIN)/python tools/dependencies.py
	@git ls-files '*.py' | xargs wc -l | awk '$$2 != "total" && $$1 > 250 \
		{print $$2 " has " $$1 " lines; a module has at most 250"; bad = 1} END {exit bad}'

readme: $(READY) ## run the command lines of README.md as written, on a system started for it
	$(BIN)/python tests/fresh/readme.py

# with its tools installed `make test` runs what `make deploy-check` runs, and skips none of it
check: lint readme $(DEPLOY) test ## all of CI

fresh: ## from a fresh clone to a running system and back, as a new user would
	tests/fresh/fresh_clone.sh

$(PEERS): requirements-bench.lock $(READY)
	@echo "installing the peers to measure against into .venv (once)" >&2
	@$(BIN)/python -m pip -qq --disable-pip-version-check --no-input install --require-hashes -r $<
	@touch $@

$(DEPLOY): requirements-deploy.lock $(READY)
	@echo "installing the tools that check deploy/ into .venv (once)" >&2
	@$(BIN)/python -m pip -qq --disable-pip-version-check --no-input install --no-deps --require-hashes -r $<
	@touch $@

wheel: ## build into dist/ what is installed: the wheel, and the pins of all that it needs
	@deploy/image/build.sh dist

deploy-check: $(DEPLOY) ## check image, compose, chart, units and proxy by the tools of those who take them
	$(BIN)/pytest -n auto --dist worksteal -m "not full" tests/deploy $(ARGS)

bench: $(PEERS) ## measure ours against the floors in the same run
	$(BIN)/python -m benchmarks $(ARGS)

expiring: $(READY) ## list the calendars whose holidays run out within a year
	@$(BIN)/docket calendars $(ARGS)

outdated: $(READY) ## list the dependencies of which there is a newer version
	@$(BIN)/python -m pip --disable-pip-version-check list --outdated $(ARGS)

docs: $(READY) ## generate the pages that are made from code and data
	$(BIN)/python docs/generate.py $(ARGS)

$(CLIENT)/node_modules/.package-lock.json: $(CLIENT)/package-lock.json
	@cd $(CLIENT) && npm ci --no-fund --no-audit

client: $(CLIENT)/node_modules/.package-lock.json ## generate and compile the TypeScript client (needs node and npm)
	@cd $(CLIENT) && npm run --silent generate && npm run --silent build
