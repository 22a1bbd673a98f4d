"""How the scripts here that make models with their own libraries tell what they made."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path


def tell(makers) -> None:
    """Make what each maker makes in the folder named, and print what is true of it, as JSON.

    makers: folder -> (file, {what: value}) one by one. A maker whose library is not there is
    missing: {"models": {file: {what: value}}, "missing": {maker: why}}.
    """
    folder = Path(sys.argv[1])
    found, missing = {}, {}
    # What the libraries tell of themselves is not what is asked for.
    with contextlib.redirect_stdout(io.StringIO()):
        for maker in makers:
            try:
                found.update(maker(folder))
            except ImportError as error:
                missing[maker.__name__] = str(error)
    json.dump({"models": found, "missing": missing}, sys.stdout, indent=1, sort_keys=True)
