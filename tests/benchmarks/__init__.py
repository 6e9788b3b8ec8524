"""What a night costs, as ratios to plain references measured in the same run: `python -m tests.benchmarks`.

One module per row of the README's table with `rows(folder, scale, times)`. Programs, no tests: nothing is asserted.
"""

#: Modules of this package, in the order of the table.
NAMES = ("load", "night", "script", "day", "empty_night", "business_time", "fcr", "publish", "page", "compaction")
#: Run by name only: what they need is not in the environment of the others.
APART = ("engines",)
