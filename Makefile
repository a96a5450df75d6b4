PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := .venv-clients
NETWORKS := .venv-networks
MLFLOW := .venv-mlflow
CLUSTER := .venv-ray
LOWEST := .venv-lowest
NEWEST := .venv-newest
NEWEST_PYTHON ?= $(PYTHON)
LIBRARY_TESTS := tests/data/test_conform.py tests/data/sources/test_parquet.py \
	tests/data/sources/test_frames.py tests/data/sources/test_excel.py \
	tests/data/sources/test_sqlite.py tests/data/sources/test_duckdb.py \
	tests/learners/test_lightgbm.py tests/learners/test_xgboost.py tests/learners/trees/test_forests.py \
	tests/predictor/test_model.py tests/serving/protocols/test_plain.py tests/serving/protocols/test_binary.py \
	tests/data/pieces tests/build/blending/test_streaming.py tests/explore/test_crews.py \
	tests/engineer/question/test_beyond.py tests/cli/test_predict.py tests/cli/test_predict_batch.py \
	tests/cli/test_serve.py
NEWEST_TESTS := $(LIBRARY_TESTS) tests/learners/streams tests/learners/foreign tests/workspace tests/serving/wire
WORKERS ?= auto
NETWORK_TESTS := tests/learners/keras tests/learners/torch \
	tests/learners/test_learner_contract.py::test_learner_keeps_its_contract[torch] \
	tests/test_docs.py::test_a_page_that_stands_alone_runs[extend/torch.md] \
	tests/test_docs.py::test_a_page_that_stands_alone_runs[extend/keras.md]

RAY_TESTS := tests/compute/crews/test_ray.py

.DEFAULT_GOAL := help

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-15s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(VENV)/.demo ## the whole job on real flights: model, server, checkup, report
	$(BIN)/modelwright demo

.PHONY: bench
bench: $(VENV)/.dev ## modelwright beside its peers: make bench DATA=DIR ARGS=--quick
	$(BIN)/python -m bench $(if $(DATA),--data $(DATA)) $(ARGS)

.PHONY: bench-maintain
bench-maintain: $(VENV)/.dev ## what watches a model, beside evidently, nannyml and river: DATA=DIR
	$(BIN)/python -m bench.maintain $(if $(DATA),--data $(DATA)) $(ARGS)

.PHONY: bench-serve
bench-serve: $(VENV)/.dev ## the server beside MLServer, BentoML, MLflow and a stack doing nothing
	$(BIN)/python -m bench.serve $(ARGS)

.PHONY: bench-batch
bench-batch: $(VENV)/.dev ## rows a second from Parquet to Parquet, beside AutoGluon
	$(BIN)/python -m bench.batch $(ARGS)

.PHONY: bench-large
bench-large: $(VENV)/.dev ## ten million rows from Parquet to a gated bundle
	$(BIN)/python -m bench.large $(ARGS)

.PHONY: bench-scale
bench-scale: $(VENV)/.dev ## time and memory of each phase against rows and columns
	$(BIN)/python -m bench.scale $(ARGS)

.PHONY: test
test: $(VENV)/.dev ## the whole test suite, doctests included; the slowest are named at the end
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --durations 25

.PHONY: coverage
coverage: $(VENV)/.dev ## the test suite, and which lines it runs: a third slower
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term

.PHONY: test-clients
test-clients: $(VENV)/.dev $(CLIENTS)/.made ## the server, asked by public clients of other makers
	MODELWRIGHT_PYTHON=$(CURDIR)/$(BIN)/python $(CLIENTS)/bin/pytest tests/clients

.PHONY: test-images
test-images: $(VENV)/.dev ## images of deploy, built and run by podman; their base by mmdebstrap
	$(BIN)/pytest -n 0 tests/images/test_images.py

.PHONY: test-networks
test-networks: $(NETWORKS)/.made ## what needs PyTorch or Keras, in an environment with both
	KERAS_BACKEND=torch $(NETWORKS)/bin/python -m pytest -n $(WORKERS) $(NETWORK_TESTS)

.PHONY: test-mlflow
test-mlflow: $(MLFLOW)/.made ## a real tracking server of MLflow, in an environment with one
	$(MLFLOW)/bin/python -m pytest -n 0 tests/engineer/tracking/test_mlflow.py

.PHONY: test-ray
test-ray: $(CLUSTER)/.made ## a Ray cluster of processes here, one of its nodes killed
	PYTHONPATH=$(CURDIR)/tests $(CLUSTER)/bin/python -m pytest $(RAY_TESTS)

.PHONY: bench-cluster
bench-cluster: $(CLUSTER)/.made ## what Ray costs beside processes of this machine
	$(CLUSTER)/bin/python -m bench.cluster $(ARGS)

# Libraries newer than those under test may warn of them. Polars has threads here, as it has for
# people; elsewhere tests do without.
.PHONY: test-lowest
test-lowest: $(LOWEST)/.made ## what each library is used for, with the lowest versions allowed
	POLARS_MAX_THREADS=2 $(LOWEST)/bin/python -m pytest -n $(WORKERS) -o filterwarnings=default \
		$(LIBRARY_TESTS)

.PHONY: test-newest
test-newest: $(NEWEST)/.made ## the same with the newest versions, on another Python: NEWEST_PYTHON=python3.14
	POLARS_MAX_THREADS=2 $(NEWEST)/bin/python -m pytest -n $(WORKERS) -o filterwarnings=default \
		$(NEWEST_TESTS)

.PHONY: check
check: lint types imports docs test test-clients ## exactly what CI runs

.PHONY: environments
environments: $(CLIENTS)/.made $(NETWORKS)/.made $(MLFLOW)/.made $(CLUSTER)/.made $(LOWEST)/.made ## those of all tests

.PHONY: lint
lint: $(VENV)/.dev ## style and common faults
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench

.PHONY: types
types: $(VENV)/.dev ## static types, strict
	$(BIN)/mypy

.PHONY: imports
imports: $(VENV)/.dev ## who may import whom
	$(BIN)/lint-imports

.PHONY: docs
docs: $(VENV)/.dev ## build the pages of docs/, strict
	$(BIN)/mkdocs build --strict --quiet --site-dir $(VENV)/site

.PHONY: format
format: $(VENV)/.dev ## rewrite the sources in the house style
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

.PHONY: clean
clean: ## remove what was made here
	rm -rf $(VENV) $(CLIENTS) $(NETWORKS) $(MLFLOW) $(CLUSTER) $(LOWEST) $(NEWEST) .venv-validators demo .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.pip:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

$(CLIENTS)/.made: tests/clients/requirements.txt
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/pip install --quiet --requirement $<
	touch $@

# The environment of the tests, with the frameworks, MLflow or Ray on top.
$(NETWORKS)/.made $(MLFLOW)/.made $(CLUSTER)/.made: .venv-%/.made: tests/requirements-%.txt $(VENV)/.dev
	$(PYTHON) -m venv $(@D)
	base=$$($(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))") && \
	own=$$($(@D)/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))") && \
	echo "import site; site.addsitedir('$$base')" > $$own/base.pth
	$(@D)/bin/pip install --quiet --upgrade pip
	$(@D)/bin/pip install --quiet --requirement $<
	touch $@

# uv alone resolves to the lowest versions; the Python is the lowest too.
$(LOWEST)/.made: $(VENV)/.pip pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv venv --quiet --clear --python 3.11 $(LOWEST)
	$(BIN)/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct \
		--editable '.[dev,demo]'
	touch $@

$(NEWEST)/.made: pyproject.toml
	$(NEWEST_PYTHON) -m venv --clear $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --upgrade pip
	$(NEWEST)/bin/pip install --quiet --editable '.[dev,demo]'
	touch $@

KERNEL := hatch_build.py $(wildcard src/modelwright/predictor/kernel/*.[ch])

$(VENV)/.demo: $(VENV)/.pip pyproject.toml $(KERNEL)
	$(BIN)/pip install --quiet --editable '.[demo]'
	touch $@

$(VENV)/.dev: $(VENV)/.pip pyproject.toml $(KERNEL)
	$(BIN)/pip install --quiet --editable '.[dev,demo]'
	touch $@
