"""What the imports of a pickle mean."""

from __future__ import annotations

import pytest

from sitegen.inspection.imports import MOST, Judged, judge, runs_code
from sitegen.inspection.symbols import Global
from sitegen.registry.schemas import Requirement


def one(text: str) -> Global:
    module, _, name = text.partition(":")
    return Global(module, name)


def judged(*names: str, calls: tuple[str, ...] = (), nameless: bool = False) -> Judged:
    return judge(map(one, names), dict.fromkeys(map(one, calls)), nameless=nameless)


@pytest.mark.parametrize(
    "name",
    [
        "os:system", "posix:system", "nt:system", "subprocess:Popen", "builtins:eval",
        "builtins:exec", "builtins:getattr", "builtins:__import__", "__builtin__:open",
        "commands:getoutput", "importlib:import_module", "runpy:run_path", "pty:spawn",
        "socket:create_connection", "shutil:rmtree", "webbrowser:open", "pickle:loads",
        "operator:attrgetter", "functools:reduce", "types:CodeType", "types:FunctionType",
        "cloudpickle.cloudpickle:_make_function", "dill._dill:_create_function", "pip:main",
        "torch.hub:load", "torch.utils.cpp_extension:load", "numpy.f2py:compile",
        "joblib.externals.cloudpickle:loads", "pandas.io.pickle:read_pickle",
        "numpy.testing._private.utils:runstring", "collections:namedtuple",
        "sklearn.utils:os.system", "numpy:sys.modules", "torch:__import__", "pathlib:Path.unlink",
    ],
)  # fmt: skip
def test_what_runs_code_is_told_of_even_where_it_is_only_imported(name: str) -> None:
    assert runs_code(one(name), called=False)
    assert judged(name).running == (f"Loading it would import {one(name)}.",)
    assert judged(name, calls=(name,)).running == (f"Loading it would call {one(name)}.",)


@pytest.mark.parametrize(
    "name",
    [
        "numpy:dtype", "numpy.core.multiarray:_reconstruct", "numpy._core.multiarray:scalar",
        "numpy._core.numeric:_frombuffer", "numpy.random._pickle:__randomstate_ctor",
        "sklearn.linear_model._logistic:LogisticRegression", "sklearn.neighbors._kd_tree:newObj",
        "sklearn._loss._loss:__pyx_unpickle_CyHalfBinomialLoss", "collections:OrderedDict",
        "copyreg:_reconstructor", "builtins:set", "datetime:datetime",
        "torch._utils:_rebuild_tensor_v2",
        "pandas._libs.internals:_unpickle_block", "zoneinfo:ZoneInfo._unpickle", "_codecs:encode",
    ],
)  # fmt: skip
def test_what_restores_data_is_not_told_of(name: str) -> None:
    assert not runs_code(one(name), called=True)
    assert judged(name, calls=(name,)).warnings == ()


def test_a_function_of_a_known_library_is_told_of_where_it_is_called() -> None:
    name = "sklearn.datasets._base:get_data_home"
    assert judged(name).warnings == ()
    assert judged(name, calls=(name,)).running


def test_code_of_ones_own_is_told_of_and_required() -> None:
    found = judged("mine.models:Model", "sklearn.svm._classes:SVC")
    assert [text for text in found.own if "mine.models.Model" in text and "one's own" in text]
    assert found.running == ()
    assert found.requirements == (
        Requirement("mine", "", "", "custom"),
        Requirement("sklearn", "scikit-learn"),
    )


def test_versions_that_are_known_stand_with_the_requirements() -> None:
    found = judge([one("sklearn.svm:SVC")], {}, {"sklearn": "1.5.2"})
    assert found.requirements == (Requirement("sklearn", "scikit-learn", "1.5.2"),)


def test_a_function_that_only_loading_makes_is_told_of() -> None:
    assert "only loading makes" in judged(nameless=True).warnings[0]


def test_what_is_told_is_bounded() -> None:
    found = judged(*(f"os:f{number}" for number in range(50)), *(f"m{n}:x" for n in range(50)))
    assert len(found.running) == MOST + 1 == len(found.own)
    assert found.running[-1] == "And 30 more imports like these."
    assert len(found.requirements) == MOST
    assert len(judged("os:" + "x" * 10_000).running[0]) < 300
    assert len(judged("m" * 10_000 + ":x").requirements[0].module) == 200
