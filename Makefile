# All logic is in tasks.py, which runs without make too: python tasks.py report
PYTHON ?= python3

.PHONY: report test benchmark
report test benchmark:
	@$(PYTHON) tasks.py $@
