"""Run in GTO's environment: what it shows of a repository while its tags come one after the other.

Reads {"repo", "moments": [[[tag, object id], ...], ...]} and makes the tags of each moment before
it asks, so that the repository holds only those up to then.
"""

import json
import subprocess
import sys

from gto import api
from gto.utils import make_ready_to_serialize

asked = json.load(sys.stdin)
found = []
for tags in asked["moments"]:
    if not tags and found:
        # The same clone as a moment before: GTO would say the same.
        found.append(found[-1])
        continue
    lines = "".join(f"create refs/tags/{name} {oid}\n" for name, oid in tags)
    subprocess.run(
        ["git", "update-ref", "--stdin"], cwd=asked["repo"], input=lines.encode(), check=True
    )
    shown = make_ready_to_serialize(api.show(asked["repo"], deprecated=True))
    of_each = {
        name: make_ready_to_serialize(api.show(asked["repo"], name=name, deprecated=True))
        for name in shown
    }
    found.append([shown, of_each])
json.dump(found, sys.stdout)
