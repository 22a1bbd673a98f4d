"""`python -m sitegen`."""

from __future__ import annotations

from sitegen.cli.site import main

main(prog_name="sitegen")
