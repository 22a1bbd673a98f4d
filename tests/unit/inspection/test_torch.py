"""What torch.save and torch.jit.save write, made by hand."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Tensor, Unreadable
from sitegen.inspection.sources import BytesSource, open_file
from sitegen.inspection.torch import MAGIC, TORCH
from sitegen.registry.schemas import Argument, DataType, Method
from tests.damage import attempt, cut_short, inspected, scrambled
from tests.pickling import Call, Name, Pickler, dumps, instance


class _Storage:
    """What a storage is asked for by. kind: its class."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class _Pickler(Pickler):
    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, _Storage):
            super().save(("storage", Name("torch", obj.kind), "0", "cpu", 1))
            self.write(b"Q")
        else:
            super().save(obj, save_persistent_id)


def tensor(shape: tuple[int, ...], kind: str = "Float") -> Call:
    where = _Storage(f"{kind}Storage")
    args = (where, 0, shape, (1,) * len(shape), False, Call(Name("collections", "OrderedDict")))
    return Call(Name("torch._utils", "_rebuild_tensor_v2"), *args)


def pickled(value: Any) -> bytes:
    """As torch does: with BINPERSID for storages."""
    file = io.BytesIO()
    _Pickler(file, 2).dump(value)
    return file.getvalue()


def zipped(members: dict[str, bytes], folder: str = "archive") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{folder}/{name}", data)
    return file.getvalue()


STATE = {"l.weight": tensor((2, 3)), "l.bias": tensor((2,), "Half")}
FOUND = (Tensor("l.weight", "float32", (2, 3)), Tensor("l.bias", "float16", (2,)))


def saved(value: Any = STATE, **more: bytes) -> bytes:
    members = {"data.pkl": pickled(value), "byteorder": b"little", "version": b"3\n"}
    return zipped(members | more | {"data/0": bytes(24)})


def test_a_state_says_its_tensors() -> None:
    found = inspected(TORCH, saved(), "m.pt")
    assert found.tensors == FOUND
    metadata = found.metadata
    assert (metadata.framework, metadata.format, metadata.class_name) == ("torch", "torch", "dict")
    assert dict(metadata.facts) == {
        "parameters": "8", "format version": "3", "byte order": "little",
        "keys": "l.weight, l.bias",
    }  # fmt: skip
    assert [one.package for one in metadata.requirements] == ["torch"]
    assert found.warnings == ()


def test_a_module_names_its_parameters_as_its_state_does() -> None:
    weight = Call(Name("torch._utils", "_rebuild_parameter"), tensor((2, 3)), True)
    inner = instance("torch.nn.modules.linear.Linear", _parameters={"weight": weight}, _buffers={})
    whole = instance("torch.nn.modules.container.Sequential", _modules={"0": inner})
    found = inspected(TORCH, saved(whole), "m.pt")
    assert found.metadata.class_name == "torch.nn.modules.container.Sequential"
    assert found.tensors == (Tensor("0.weight", "float32", (2, 3)),)
    assert found.warnings == ()


def test_subclasses_of_tensors_and_newer_forms_are_known() -> None:
    inner = (_Storage("UntypedStorage"), 0, (4,), (1,), False, None, Name("torch", "bfloat16"))
    typed = Call(Name("torch._utils", "_rebuild_tensor_v3"), *inner)
    kind = Name("torch._utils", "_rebuild_tensor_v2")
    of_type = (kind, Name("mine", "Sub"), (_Storage("LongStorage"), 0, (1,), (1,)), None)
    sub = Call(Name("torch._tensor", "_rebuild_from_type_v2"), *of_type)
    found = inspected(TORCH, saved({"a": typed, "b": sub}), "m.pt")
    assert found.tensors == (Tensor("a", "bfloat16", (4,)), Tensor("b", "int64", (1,)))


def test_a_model_that_would_run_code_is_described_and_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    value = {**STATE, "x": Call(Name("os", "mkdir"), str(mark)), "own": instance("mine.Net")}
    found = inspected(TORCH, saved(value), "m.pt")
    assert not mark.exists()
    assert (
        found.warnings[0] == "Loading it would call os.mkdir." and "mine.Net" in found.warnings[1]
    )


def test_the_pickle_that_torch_loads_is_the_one_that_is_read() -> None:
    hidden = zipped({"first": b"", "x/data.pkl": pickled(STATE)})
    assert not TORCH.matches(hidden, BytesSource(hidden))
    with pytest.raises(Unreadable, match=r"no data\.pkl"):
        TORCH.read(BytesSource(hidden))


def test_weights_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "m.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/data.pkl", pickled(STATE))
        with archive.open("m/data/0", "w") as member:
            for _ in range(80):
                member.write(bytes(1 << 20))
    with open_file(path) as source:
        before = source.budget
        assert TORCH.read(source).tensors == FOUND
        assert before - source.budget < 1 << 20


CODE = """class Other(Module):
  def forward(self: __torch__.Other,
    z: int) -> int:
    return z
class Net(Module):
  training : bool
  def forward(self: __torch__.Net,
    x: Tensor,
    sizes: List[Tuple[int, Tensor]],
    scale: float=2.) -> Tensor:
    return x
  def other(self: __torch__.Net) -> None:
    return None
"""


def test_a_script_says_its_method() -> None:
    net = instance("__torch__.Net", l=tensor((2, 3)))
    script = {"code/__torch__.py": CODE.encode(), "constants.pkl": dumps(())}
    found = inspected(TORCH, saved(net, **script), "m.pt")
    assert (found.metadata.format, found.metadata.class_name) == ("torchscript", "Net")
    tensors = DataType("primitive", "List[Tuple[int, Tensor]]")
    assert found.metadata.methods == (
        Method(
            "forward",
            (Argument("x", DataType("torch")), Argument("sizes", tensors),
             Argument("scale", DataType("primitive", "float"), False, "2.")),
            DataType("torch"),
        ),
    )  # fmt: skip
    assert found.warnings == ()
    for code in (b"", b"class Net(Module):\n  def forward(self", b"class Net(" + b"(" * 20_000):
        damaged = {"code/__torch__.py": code, "constants.pkl": dumps(())}
        assert inspected(TORCH, saved(net, **damaged), "m.pt").metadata.methods == ()


def legacy(value: Any = STATE) -> bytes:
    system = {"protocol_version": 1001, "little_endian": True}
    return b"\x80\x02" + MAGIC + dumps(1001, 2) + dumps(system, 2) + pickled(value) + bytes(50)


def test_the_older_form_is_read() -> None:
    found = inspected(TORCH, legacy(), "m.pt")
    assert (found.tensors, found.metadata.format) == (FOUND, "torch (legacy)")
    assert dict(found.metadata.facts)["format version"] == "1001"
    system = Call(Name("os", "system"), "true")
    assert "os.system" in inspected(TORCH, legacy({"a": system}), "m.pt").warnings[0]


def tarred(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def test_the_oldest_form_is_read() -> None:
    data = tarred({"storages": bytes(700), "tensors": b"", "pickle": dumps(instance("mine.N"), 2)})
    found = inspected(TORCH, data, "m.pt")
    assert (found.metadata.class_name, found.metadata.format) == ("mine.N", "torch (tar)")
    with pytest.raises(Unreadable, match="member"):
        inspected(TORCH, tarred({"storages": b"", "other": b""}), "m.pt")
    with pytest.raises(Unreadable, match="size of a member"):
        inspected(TORCH, data[:124] + b"-7" + data[126:], "m.pt")


def test_other_zip_files_are_no_models() -> None:
    data = zipped({"a.txt": b"x"})
    assert not TORCH.matches(data, BytesSource(data, "m.zip"))
    tar = tarred({"a.txt": b"x"})
    assert not TORCH.matches(tar, BytesSource(tar, "m.tar"))


@pytest.mark.parametrize("data", [saved(), legacy()[:-50]], ids=["zip", "legacy"])
def test_a_model_that_is_cut_short_is_unreadable(data: bytes) -> None:
    assert cut_short(TORCH, data) == [None] * 16
    assert TORCH.matches(data[:100], BytesSource(data[:100]))


@given(st.sampled_from([saved(), legacy(), tarred({"pickle": dumps(1, 2)})]), st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(data: bytes, seed: int) -> None:
    scrambled(TORCH, data, seed, "m.pt")


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    for start in (b"", b"PK\3\4", b"\x80\x02" + MAGIC, b"pickle\0".ljust(257, b"\0") + b"ustar"):
        attempt(TORCH, start + data)
    attempt(TORCH, zipped({"data.pkl": data}))
