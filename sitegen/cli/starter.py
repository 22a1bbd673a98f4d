"""The sitegen.yaml that `sitegen init` writes: what was found is filled in, the rest commented."""

from __future__ import annotations

import json
from collections.abc import Sequence

_TEXT = """\
# The portal that `sitegen build` makes. Every key may be left out; see `sitegen build --help`.

title: {title}

# The address that the portal will be served from. With it, pages carry canonical links and the
# site has a sitemap. Without it, the portal works just as well, in any folder of any host.
#base_url: https://example.com/models/

# Folders (relative to this file) or addresses of the repositories to show.
repositories:
{repositories}\
#  - url: https://example.com/team/vision.git
#    name: vision              # default: the last part of the folder or address
#    branch: main              # default: the repository's own
#    web: https://example.com/team/vision
#    token_env: VISION_TOKEN   # the environment variable that holds a token, never the token
#    projects: [cv, nlp]       # of a monorepo, only these folders

# How stages are shown. Colours are #rgb, #rrggbb (in quotes) or CSS colour names.
{stages}
#  colors: {{prod: "#1a7f37", dev: teal}}
#  descriptions: {{prod: Serves customers}}

# A folder with templates and files that replace those of the default theme.
#theme: theme
# A folder of Markdown pages. Default: content, if there is one.
#content: docs
# Where the portal is written to. Default: _site
#output: public
# Where copies of remote repositories are kept. Default: your user's cache folder.
#cache: .cache

# Which commits count as experiments. Default: all of every branch and tag, and DVC experiments.
#experiments:
#  branches: [main, "tune-*"]
#  since: 2026-01-01

# What a version must have shown before `modelreg assign` puts it into a stage.
#promotion:
#  order: [dev, prod]
#  require:
#    prod: {{from: dev, metrics: {{f1: ">= 0.8"}}, card: true}}

# Whose signed tags are trusted: git's file of SSH keys, or a GnuPG home folder.
#signatures:
#  allowed_signers: .allowed_signers
#  keyring: keyring

#links:
#  - {{title: Help, url: "mailto:help@example.com"}}

# What the top of every page leads to. `page` is a file of the content folder or of the site.
#navigation:
#  - {{title: Models, page: index.html}}
#  - title: Team
#    children:
#      - {{title: Handbook, url: https://example.com/handbook}}
"""


def starter(title: str, folders: Sequence[str], stages: Sequence[str]) -> str:
    """The text of the file. folders: of the repositories. stages: in use, () for none known."""
    order = f"stages:\n  order: [{', '.join(map(quoted, stages))}]"
    return _TEXT.format(
        title=quoted(title),
        repositories="".join(f"  - path: {quoted(folder)}\n" for folder in folders),
        stages=order if stages else "#stages:\n#  order: [dev, prod]",
    )


def quoted(text: str) -> str:
    """`text` as YAML; bare where it can be nothing but a text."""
    plain = text.replace("-", "").replace("_", "").replace("/", "")
    if plain.isascii() and plain.isalpha() and text[0].isalpha() and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False) if text != "." else text


_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])
