"""Git remotes: which one is meant, what it is sent, and what it says to that.

Only these commands see the user's configuration, for credentials, proxies and ssh. Each may speak
the one protocol of its address, asks nobody anything, and ends in time. No hook of the user's runs,
pre-push included: what is sent is a registry's tag, checked already, and no work that a hook could
know of. The hooks of the server do run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen.errors import GitError, RefusedError
from sitegen.gitio import clone
from sitegen.gitio.address import Address, parse_address
from sitegen.gitio.process import Finished, run
from sitegen.gitio.refs import Change, RaceLost, short
from sitegen.gitio.repository import Repository
from sitegen.redact import redact

TIMEOUT = 600.0

# No remote of the user's is called so.
_UNNAMED = "sitegen-address"
_STATUS = re.compile(r"(?m)^([ +*=!-])\t([^\t\n]*):([^\t\n]*)\t(.*)$")
_RACE = re.compile(
    r"(?i)already exists|stale info|failed to update ref|(?:cannot|failed to) lock|"
    r"incorrect old value|fetch first|needs force|non-fast-forward|atomic transaction failed"
)
_CLOBBER = re.compile(r"(?m)^ ! \[rejected\] +(\S+) +-> .*\((?:would clobber|already exists)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Target(msgspec.Struct, frozen=True):
    """A Git remote that can be spoken to.

    name: what git is told. protocol: the one that it may speak. shown: for people, without
    credentials. config: settings for the process alone. secrets: what must be in no message.
    remote: its name in the configuration, where git is told an address in its place.
    """

    name: str
    protocol: str
    shown: str
    config: Mapping[str, str] = {}
    secrets: tuple[str, ...] = ()
    remote: str = ""


def push_remote(repo: Repository, branch: str, remote: str = "") -> str:
    """The Git remote to push to: `remote`, else the branch's, else origin, else the only one.

    Of a branch (short name): pushRemote, then remote.pushDefault, then what it tracks, as git
    itself goes about it; read from the repository's configuration. The answer is the name of a
    remote or an address. Raises RefusedError where there is none.
    """
    settings = _settings(repo)
    known = _remotes(settings)
    if remote:
        if remote in known or _looks_like_address(remote):
            return remote
        raise RefusedError(
            f"there is no Git remote {remote!r}",
            path=str(repo.top),
            remedy=f"use one of {', '.join(known)}" if known else f"git remote add {remote} URL",
        )
    keys = (f"branch.{branch}.pushremote", "remote.pushdefault", f"branch.{branch}.remote")
    for key in keys if branch else keys[1:2]:
        said = settings.get(key, "")
        if said and said != "." and (said in known or _looks_like_address(said)):
            return said
    if "origin" in known:
        return "origin"
    if len(known) == 1:
        return known[0]
    raise RefusedError(
        "it is not known where to push to"
        + (f": the Git remotes are {', '.join(known)}" if known else ": there is no Git remote"),
        path=str(repo.top),
        remedy="name one with --remote" if known else "git remote add origin URL",
    )


def find_target(repo: Repository, remote: str | Address) -> Target:
    """The Git remote of that name or address, its address judged.

    A folder of this machine is taken where the user names it. Raises RepositoryError for an
    address that is not allowed, RefusedError where the remote is unknown or is several.
    """
    if isinstance(remote, Address):
        return _at_address(repo, remote)
    if remote not in _remotes(_settings(repo)):
        return _at_address(repo, _address(remote, Path.cwd()))
    asked = run(
        ["remote", "get-url", "--push", "--all", "--", remote],
        repo.place,
        protocol="none",
    )
    urls = asked.output.decode("utf-8", "surrogateescape").splitlines()
    if len(urls) != 1:
        raise RefusedError(
            f"the Git remote {remote} has {len(urls)} addresses to push to, expected one",
            remedy="name one address with --remote",
        )
    address = _address(urls[0], repo.top)
    if address.protocol == "file" and "://" not in urls[0]:
        # A relative path is meant from the worktree, and git runs elsewhere.
        return msgspec.structs.replace(_at_address(repo, address), shown=remote, remote=remote)
    config = {f"remote.{remote}.mirror": "false"}
    return Target(remote, address.protocol, remote, config, address.secrets)


def push(
    repo: Repository, target: Target, changes: Sequence[Change], timeout: float = TIMEOUT
) -> None:
    """Have the server make all `changes`, or none, without force.

    A ref that is to be new must not be there, one to be deleted must be what `old` says. Raises
    RaceLost where that is not so, and GitError, with the server's own words, where it refuses, is
    not reached or does not answer in time.
    """
    leases = [f"--force-with-lease={c.name}:{c.old}" for c in changes if not c.new]
    done = _speak(
        repo,
        target,
        [
            "push",
            "--porcelain",
            "--no-progress",
            "--no-verify",
            "--no-follow-tags",
            "--no-recurse-submodules",
            # Not every server can do this; one ref is atomic anyway.
            *(["--atomic"] if len(changes) > 1 else []),
            *leases,
            "--",
            target.name,
            *(f"{change.new}:{change.name}" for change in changes),
        ],
        timeout,
    )
    output = done.output.decode("utf-8", "replace")
    status = {name: (flag, words) for flag, _, name, words in _STATUS.findall(output)}
    if done.status == 0:
        same = [short(name) for name, (flag, _) in status.items() if flag == "="]
        if same and len(same) == len(changes):
            # The same person did the same in the same second: that tag is theirs.
            raise RaceLost(same, "the very same is there already")
        if target.remote:
            _track(repo, target.remote, changes)
        return
    words = _said(done, target)
    refused = {name: why for name, (flag, why) in status.items() if flag == "!"}
    lost = [short(name) for name, why in refused.items() if _RACE.search(why)]
    if not lost and refused:
        wanted = {change.name: change.old for change in changes}
        there = remote_refs(repo, target, wanted, timeout)
        lost = [short(name) for name, old in wanted.items() if there.get(name, "") != old]
    if lost:
        raise RaceLost(lost, words)
    if refused:
        why = redact("; ".join(dict.fromkeys(refused.values())), target.secrets)
        raise GitError(
            f"{target.shown} refused it: {words or why}",
            ref=short(next(iter(refused))),
            remedy="nothing was written; see what the server asks for, and try again",
        )
    raise GitError(
        f"{target.shown} could not be pushed to: {words}",
        remedy="nothing was written here; see that the address is right, reachable and that you "
        "may write to it; `git fetch --tags` shows whether the server took it after all",
    )


def has_on_branch(repo: Repository, remote: str, commit: str) -> bool:
    """Whether `commit` is on a branch of the Git remote, as far as was fetched or pushed from here.

    True where `remote` is no remote's name: nothing is known of an address.
    """
    if remote not in _remotes(_settings(repo)):
        return True
    found = run(
        ["for-each-ref", "--count=1", f"--contains={commit}", f"refs/remotes/{remote}/"],
        repo.place,
        check=False,
    )
    return bool(found.output.strip())


def _track(repo: Repository, remote: str, changes: Sequence[Change]) -> None:
    """Let remote-tracking branches follow, as git does that is told the remote's name."""
    spec = _settings(repo).get(f"remote.{remote}.fetch", "").removeprefix("+")
    source, _, place = spec.partition(":")
    if not (source.endswith("/*") and place.startswith("refs/remotes/") and place.endswith("/*")):
        return
    for change in changes:
        if change.name.startswith(source[:-1]) and change.new:
            name = place[:-1] + change.name[len(source) - 1 :]
            # A convenience: what it would say is found again by the next fetch.
            run(["update-ref", name, change.new], repo.place, check=False)


def remote_refs(
    repo: Repository, target: Target, names: Iterable[str], timeout: float = TIMEOUT
) -> dict[str, str]:
    """Those of the refs (full names) that the server has, with their objects."""
    wanted = set(names)
    done = _speak(repo, target, ["ls-remote", "--", target.name, *sorted(wanted)], timeout)
    if done.status != 0:
        raise GitError(
            f"{target.shown} could not be read: {_said(done, target)}",
            remedy="see that the address is right and that you may read it",
        )
    lines = done.output.decode("utf-8", "surrogateescape").splitlines()
    pairs = (line.partition("\t") for line in lines)
    return {name: oid for oid, _, name in pairs if name in wanted}


def fetch_tags(
    repo: Repository, remote: str | Address, timeout: float = TIMEOUT
) -> tuple[str, ...]:
    """Fetch every tag that is not here yet; nothing is forced, nothing pruned.

    Returns the short names of tags that are another object there than here, and stay so.
    """
    target = find_target(repo, remote)
    done = _speak(
        repo,
        target,
        [
            "fetch",
            "--no-tags",
            "--no-prune",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--no-progress",
            "--",
            target.name,
            "refs/tags/*:refs/tags/*",
        ],
        timeout,
    )
    differing = tuple(_CLOBBER.findall(done.error))
    if done.status != 0 and not differing:
        words = _said(done, target)
        # Somebody else fetches into the same repository: what one of the two did is done.
        if not re.search(r"(?i)cannot lock ref|reference already exists", done.error):
            raise GitError(
                f"the tags of {target.shown} could not be fetched: {words}",
                remedy="see that the address is right and that you may read it",
            )
    return differing


def _speak(repo: Repository, target: Target, arguments: list[str], timeout: float) -> Finished:
    try:
        return run(
            arguments,
            repo.place,
            protocol=target.protocol,
            config=dict(target.config),
            secrets=target.secrets,
            timeout=timeout,
            check=False,
        )
    except GitError as error:
        problem = error.problem
        raise GitError(f"{target.shown}: {problem.reason}", remedy=problem.remedy) from None


def _said(done: Finished, target: Target) -> str:
    """The server's own words, else git's."""
    lines = [_CONTROL.sub("", line).rstrip() for line in done.error.splitlines()]
    said = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    said = [line for line in said if line]
    if not said:
        said = [
            line.partition(": ")[2] for line in lines if line.startswith(("fatal: ", "error: "))
        ]
    return redact("\n".join(said) or f"git ended with status {done.status}", target.secrets)


def _at_address(repo: Repository, address: Address) -> Target:
    config = {f"remote.{_UNNAMED}.url": address.url}
    if address.header:
        config[f"http.{address.site}.extraHeader"] = address.header
    packs = repo.place.objects / "pack"
    if packs.is_dir() and next(packs.glob("*.promisor"), None):
        config[f"remote.{_UNNAMED}.promisor"] = "true"
        config[f"remote.{_UNNAMED}.partialCloneFilter"] = clone.FILTER
    return Target(_UNNAMED, address.protocol, address.shown, config, address.secrets)


def _address(text: str, base: Path) -> Address:
    """The address that `text` is; a folder is looked for from `base`."""
    folder = base / text
    if "://" not in text and (
        folder.is_dir() or (text.startswith(("/", "./", "../")) and "::" not in text)
    ):
        path = str(folder.resolve())
        return Address("file", path, path)
    return parse_address(text, allow_file=True)


def _looks_like_address(text: str) -> bool:
    return "://" in text or ":" in text or text.startswith(("/", ".")) or Path(text).is_dir()


def _settings(repo: Repository) -> dict[str, str]:
    """The repository's own settings; of several values the last."""
    listing = run(["config", "--local", "--includes", "--null", "--list"], repo.place, check=False)
    entries = listing.output.decode("utf-8", "surrogateescape").split("\0")
    return {key: value for key, _, value in (entry.partition("\n") for entry in entries) if key}


def _remotes(settings: Mapping[str, str]) -> list[str]:
    found = [re.fullmatch(r"(?s)remote\.(.+)\.(?:url|pushurl)", key) for key in settings]
    return list(dict.fromkeys(match[1] for match in found if match))
