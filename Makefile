# Every target sets itself up (.ci/setup). Durations were measured on 2 cores; README names them.
.PHONY: stampede day robustness robot loss failover bench-centre demo demo-once test soak fuzz interop mutations bench lint format train evaluate families mixtures looks screens lock setup setup-tests
BIN := .venv/bin
RUNS ?= 1000000
SPECTRA ?= ../shared/data/spectra

demo: setup
	$(BIN)/garita-image demo

demo-once: setup
	$(BIN)/garita-image demo-once

# Three at a time on two cores, since most of the time a test waits for what it started; each file in one process, in the
# order of tests/conftest.py. The programs that tests start find their modules compiled, whatever the environment says.
test: export PYTHONDONTWRITEBYTECODE =
test: setup-tests
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder

# Thousands of exchanges over bad wires.
soak: setup-tests
	$(BIN)/pytest -q -m soak

# Each parser of outside bytes RUNS times, beginning with the kept corpus; new inputs go to build/fuzz.
fuzz: setup-tests
	for harness in tests/fuzz/fuzz_*.py; do PYTHONPATH=. nice -n 19 $(BIN)/python $$harness -runs=$(RUNS) || exit 1; done

# Strangers' libraries and a PKCS#11 token speak to our formats; pycose gets an environment of its own (.venv-interop).
interop: setup-tests
	$(BIN)/pytest -q -m interop

# Every format changed at random, 100,000 times each (minutes).
mutations: setup-tests
	$(BIN)/python -m tests.robustness.mutations

# 200 rounds of kill -9 while records are committed, 100 power cuts of a station and 60 of a centre at the block (root): 20 minutes.
robustness: setup-tests
	$(BIN)/python -m tests.robustness.power_cut --rounds 200
	$(BIN)/python -m tests.robustness.block_cut --rounds 100
	$(BIN)/python -m tests.robustness.centre_cut --rounds 30

# 500 seeded scenarios of loss between stations and a whole centre: nginx, two ingest processes, and PostgreSQL on one machine, on a
# disk that fills up, or on a cluster whose primary dies (root; an hour).
loss: setup-tests
	@.ci/setup failover
	$(BIN)/python -m tests.robustness.loss.run --scenarios 300
	$(BIN)/python -m tests.robustness.loss.run --scenarios 150 --seed 10001 --place disk
	$(BIN)/python -m tests.robustness.loss.run --scenarios 60 --seed 20001 --place cluster

# A PostgreSQL with synchronous standbys on three hosts, Patroni and etcd; the primary is killed and cut off (root, 8 minutes).
failover: setup-tests
	@.ci/setup failover
	$(BIN)/pytest -q -s -m failover

# A robot officer does 200 screenings at the real screens, with killed browsers and pulled cables (20 minutes).
robot: setup-tests
	$(BIN)/python -m tests.robustness.robot.run --screenings 200

# The centre against raw COPY on the same PostgreSQL, at 100,000 and 10,000,000 records (5 GB, four minutes).
bench-centre: setup-tests
	$(BIN)/python -m tests.bench.bench_centre --write

# 10,000 stations, each with a certificate of its own, connect in the same second (some four minutes, 20,000 open files).
stampede: setup-tests
	$(BIN)/python -m tests.bench.bench_stampede --stations 10000 --write

# Parts of a day of 10,000 stations with 1,000 records each: one centre, its vault, a token of SoftHSM (six minutes).
day: setup-tests
	$(BIN)/python -m tests.bench.bench_day --write

# Each writes its section of docs/benchmarks.md; the second builds a journal of 1,000,000 entries (4 GB, some minutes).
bench: setup-tests
	$(BIN)/python -m tests.bench.bench_sync --write
	$(BIN)/python -m tests.bench.bench_edge --write
	$(BIN)/python -m tests.bench.bench_screens --write
	$(BIN)/python -m tests.bench.bench_cables --write
	$(BIN)/python -m tests.bench.bench_paper --write

lint: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m edge.web.translations check

format: setup
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# Builds the bundle from spectra in NIST MSP form, and what is taught on its library: rule of families, judge of mixtures, what says whether something hides.
train: setup
	$(BIN)/python -m pip install -q -r models/training/requirements.txt
	$(BIN)/python -m models.training.build --data $(SPECTRA) --out models/data/garita.bundle
	$(BIN)/python -m models.training.families --data $(SPECTRA)
	$(BIN)/python -m models.training.mixtures --data $(SPECTRA) --teach
	$(BIN)/python -m models.training.clearance --data $(SPECTRA) --teach
	$(BIN)/python -m models.training.golden models/data/garita.bundle

evaluate: setup
	$(BIN)/python -m pip install -q -r models/training/requirements.txt
	$(BIN)/python -m models.training.evaluate --data $(SPECTRA)
	$(BIN)/python -m models.training.speed --data $(SPECTRA)

# Calculates spectra of drugs, fits the rule of families, and teaches the judge of mixtures; each writes its report.
families: setup
	$(BIN)/python -m pip install -q -r models/training/requirements.txt
	$(BIN)/python -m models.training.families --data $(SPECTRA) --report

mixtures: setup
	$(BIN)/python -m pip install -q -r models/training/requirements.txt
	$(BIN)/python -m models.training.mixtures --data $(SPECTRA) --teach

# Contact sheets of every screen, by language and theme; docs/screens keeps them and the picture that README shows.
# Every screen in two languages, three themes and on three panels, and in longer and right-to-left languages (20 minutes).
looks: setup-tests
	$(BIN)/pytest -q -n 2 --dist load -m looks

screens: setup-tests
	GARITA_SCREENS=build/screens $(BIN)/pytest -q -m browser tests/edge/web/test_screens.py -k "1024x600 and not indoor"
	$(BIN)/python -m tests.edge.web.contact_sheet build/screens docs/screens

lock: setup
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 --all-extras \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 \
		-c requirements.lock requirements-peers.in -o requirements-peers.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 \
		tests/interop/requirements.in -o tests/interop/requirements.lock

setup:
	@.ci/setup

setup-tests:
	@.ci/setup tests
