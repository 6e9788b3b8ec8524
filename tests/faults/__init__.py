"""Faults a night must survive, each a program that can be repeated: `python -m tests.faults`, or `make faults`.

One module per fault with TITLE, FULL and SHORT (how often, in `make faults` and in `make test`) and `run(count, root)`.
"""

#: Modules of this package, in the order of the table that the README shows.
NAMES = (
    "kills",
    "redelivery",
    "pairs",
    "readers",
    "disk_full",
    "defective_files",
    "mutants",
    "drift",
    "planted_defects",
    "mended_mapping",
    "clocks",
    "hostile",
    "forget",
    "traces",
    "month",
)
