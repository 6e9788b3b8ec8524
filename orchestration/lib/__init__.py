"""Code that the definitions and the command line share. Nothing here is loaded by Dagster on its own."""
