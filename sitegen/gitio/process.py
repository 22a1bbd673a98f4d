"""The one hardened runner of git: fixed arguments, a scrubbed environment, no helper programs.

Everything inside a repository is untrusted, its configuration too. Commands here are told where the
repository is, read no configuration of the user or the system, reach no network, and start no
filter, hook, monitor or helper. Network commands name the one protocol they may speak; they alone
see the user's configuration, for its credential helpers.
"""

from __future__ import annotations

import base64
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from sitegen.errors import GitError
from sitegen.redact import redact

if TYPE_CHECKING:
    import subprocess

TIMEOUT = 600.0

# The newest words of git's error stream that a message can need; the rest is read and dropped.
ERROR_BYTES = 64 * 1024

OPTIONS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "log.showSignature=false",
)

# What the caller's environment may say to git in every command, and in network commands.
_KEPT = ("GIT_EXEC_PATH", "GIT_PYTHON_")
_KEPT_FOR_NETWORK = (
    *_KEPT,
    "GIT_ASKPASS",
    "GIT_CONFIG_",
    "GIT_HTTP_",
    "GIT_PROXY_",
    "GIT_SSH",
    "GIT_SSL_",
)

_ALWAYS = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_DEFAULT_HASH": "sha1",
    "GIT_DEFAULT_REF_FORMAT": "files",
    "GIT_FLUSH": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_REF_PARANOIA": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_TRACE_REDACT": "1",
    "GCM_INTERACTIVE": "never",
    "SSH_ASKPASS_REQUIRE": "never",
}
_LOCAL = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
}

Observer = Callable[[tuple[str, ...]], None]
_observers: list[Observer] = []
_importing = threading.Lock()


class Place(msgspec.Struct, frozen=True):
    """Where git shall read: its own folder, the one shared by worktrees, and the objects."""

    git_dir: Path
    common_dir: Path
    objects: Path

    @classmethod
    def at(cls, git_dir: Path, common_dir: Path | None = None) -> Place:
        """A place whose objects are where git keeps them."""
        common = common_dir or git_dir
        return cls(git_dir, common, common / "objects")


class Finished(msgspec.Struct, frozen=True):
    """A command that ended. error: what it wrote to its error stream, redacted."""

    status: int
    output: bytes
    error: str


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """Call `observer` with the arguments of every git process started meanwhile, in any thread."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


def basic_header(user: str, password: str) -> str:
    """The HTTP header that carries credentials; for `config` alone, never for arguments."""
    coded = base64.b64encode(f"{user}:{password}".encode()).decode()
    return f"Authorization: Basic {coded}"


class Process:
    """A running git: its input, its output, and the end of what it complains of.

    Kills the whole group it started when it is closed, so that no helper of git's stays behind.
    """

    def __init__(
        self, handle: Any, secrets: Sequence[str], listener: Callable[[bytes], None] | None
    ) -> None:
        # GitPython's wrapper ends the process when it is collected: keep it as long as this.
        self._handle = handle
        self._popen: subprocess.Popen[bytes] = handle.proc
        self._secrets = secrets
        self._listener = listener
        self._complaints = b""
        self._drain = threading.Thread(target=self._read_errors, daemon=True)
        self._drain.start()

    @property
    def stdin(self) -> IO[bytes]:
        """Where git reads from."""
        assert self._popen.stdin is not None
        return self._popen.stdin

    @property
    def stdout(self) -> IO[bytes]:
        """What git writes."""
        assert self._popen.stdout is not None
        return self._popen.stdout

    @property
    def error(self) -> str:
        """The end of the error stream so far, redacted."""
        return redact(self._complaints.decode("utf-8", "replace").strip(), self._secrets)

    def _read_errors(self) -> None:
        # Unread, this pipe would fill up and stop git while we wait for its output.
        stream = self._popen.stderr
        assert stream is not None
        with suppress(OSError, ValueError):
            while chunk := os.read(stream.fileno(), ERROR_BYTES):
                self._complaints = (self._complaints + chunk)[-ERROR_BYTES:]
                if self._listener:
                    self._listener(chunk)

    def kill(self) -> None:
        """End git and whatever it started, at once."""
        if self._popen.poll() is None:
            with suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(self._popen.pid, signal.SIGKILL)
                else:
                    self._popen.kill()

    def wait(self) -> int:
        """The exit status, once git has ended and its complaints are read."""
        status = self._popen.wait()
        self._drain.join(timeout=5)
        return status

    def close(self) -> int:
        """Kill what still runs and release the pipes."""
        self.kill()
        status = self.wait()
        for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return status


def start(
    arguments: Sequence[str],
    place: Place | None,
    *,
    protocol: str = "",
    config: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
    options: Sequence[str] = OPTIONS,
    secrets: Sequence[str] = (),
    listener: Callable[[bytes], None] | None = None,
) -> Process:
    """Start `git ARGUMENTS` at `place`; None is for commands that need no repository.

    protocol: "" keeps git off every network and off the user's configuration; otherwise the one
    protocol that it may speak. config: settings for this process alone, handed over in its
    environment, where no list of processes shows them. env: more variables. listener: called, in
    another thread, with every piece of the error stream. Raises GitError where git is missing.
    """
    subprocess_module, git = _libraries()
    for observer in tuple(_observers):
        observer(tuple(arguments))
    variables = _environment(place, protocol, config or {})
    variables.update(env or {})
    command = [git.GIT_PYTHON_GIT_EXECUTABLE, *options, *arguments]
    try:
        handle = git(str(place.git_dir if place else Path.cwd().anchor)).execute(
            command,
            istream=subprocess_module.PIPE,
            as_process=True,
            env=variables,
            shell=False,
            # A group of its own can be killed as a whole and has no terminal to ask on.
            start_new_session=True,
        )
    except Exception as error:
        raise GitError(
            f"git could not be started: {redact(str(error), secrets)}",
            remedy="install git 2.36 or newer and see that it is on the PATH",
        ) from None
    return Process(handle, secrets, listener)


def run(
    arguments: Sequence[str],
    place: Place | None,
    *,
    data: bytes = b"",
    protocol: str = "",
    config: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
    options: Sequence[str] = OPTIONS,
    secrets: Sequence[str] = (),
    listener: Callable[[bytes], None] | None = None,
    timeout: float = TIMEOUT,
    check: bool = True,
) -> Finished:
    """Run `git ARGUMENTS` to its end; the parameters are those of `start`.

    data: its standard input. timeout: seconds after which git and all it started are killed.
    Raises GitError where git is missing, out of time, or (with `check`) ends with a status.
    """
    process = start(
        arguments,
        place,
        protocol=protocol,
        config=config,
        env=env,
        options=options,
        secrets=secrets,
        listener=listener,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    watchdog = threading.Timer(timeout, stop)
    watchdog.daemon = True
    watchdog.start()
    feeder = threading.Thread(target=_feed, args=(process, data), daemon=True)
    feeder.start()
    try:
        output = process.stdout.read()
        status = process.wait()
        feeder.join(timeout=5)
    finally:
        watchdog.cancel()
        process.close()
    name = next((part for part in arguments if not part.startswith("-")), "git")
    if late.is_set():
        raise GitError(
            f"git {name} did not end within {timeout:g} seconds and was stopped",
            remedy="see whether the server answers, or allow more time",
        )
    if check and status != 0:
        words = process.error.splitlines()
        said = next((line for line in words if line.startswith("fatal: ")), words and words[-1])
        raise GitError(f"git {name} failed: {said or f'exit status {status}'}")
    return Finished(status, output, process.error)


def _feed(process: Process, data: bytes) -> None:
    with suppress(OSError, ValueError):
        if data:
            process.stdin.write(data)
        process.stdin.close()


def _libraries() -> tuple[Any, Any]:
    """`subprocess` and GitPython's executor, imported when git is first needed: both are slow."""
    try:
        # Of two threads that import GitPython at once, one may see it before it knows where git is.
        with _importing:
            import subprocess

            from git.cmd import Git
    except ImportError as error:
        raise GitError(
            "git was not found: " + (str(error).strip().splitlines() or ["no reason given"])[0],
            remedy="install git 2.36 or newer and see that it is on the PATH",
        ) from None
    return subprocess, Git


def _environment(place: Place | None, protocol: str, config: Mapping[str, str]) -> dict[str, str]:
    """What git shall find in its environment.

    GitPython lays this over the caller's, so nothing can be left out: what must not be heard is
    overruled by a value without effect.
    """
    kept = _KEPT_FOR_NETWORK if protocol else _KEPT
    variables = {
        name: "0" if name.startswith("GIT_TRACE") else ""
        for name in os.environ
        if name.startswith("GIT_") and not name.startswith(kept)
    }
    variables.update(_ALWAYS)
    # Without a place git must not look for one: the null device is no repository.
    git_dir = str(place.git_dir) if place else os.devnull
    variables["GIT_DIR"] = git_dir
    variables["GIT_COMMON_DIR"] = str(place.common_dir) if place else git_dir
    # Never the folder that the repository's own configuration names.
    variables["GIT_WORK_TREE"] = git_dir
    variables["GIT_OBJECT_DIRECTORY"] = str(place.objects) if place else git_dir
    variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = ""
    variables["GIT_INDEX_FILE"] = str(place.git_dir / "index") if place else git_dir
    first = 0
    if protocol:
        variables["GIT_ALLOW_PROTOCOL"] = protocol
        # Settings that the caller gives git this way may hold its credentials: ours come after.
        with suppress(ValueError):
            first = max(0, int(os.environ.get("GIT_CONFIG_COUNT", "0")))
    else:
        variables.update(_LOCAL)
    for number, (key, value) in enumerate(config.items(), first):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    if config:
        variables["GIT_CONFIG_COUNT"] = str(first + len(config))
    return variables
