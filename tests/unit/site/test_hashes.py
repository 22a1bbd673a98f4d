"""Which version of which model a hash is."""

from __future__ import annotations

from sitegen.registry.facts import Annotation
from sitegen.registry.lineage import Data
from sitegen.site.details import details_of
from sitegen.site.hashes import Holder, holder_of, holders
from tests.facts import oid, source, tag

MD5 = "a" * 32
FILE = {"x": Data("x", MD5, "md5")}


def known(*names: str, algorithm: str = "md5"):  # type: ignore[no-untyped-def]
    rows = []
    for name in names:
        one = source(
            tag("m@v1.0.0", "c1"), tag("m@v2.0.0", "c2", 1), tag("m@v2.0.0!", "c2", 2), name=name,
            files={oid("c1"): FILE, oid("c2"): {"x": Data("x", MD5, algorithm)}},
        )  # fmt: skip
        said = {oid(c): {"m": Annotation("m", "artifacts.yaml", "x")} for c in ("c1", "c2")}
        rows.append((one.facts, one.registry, details_of(one.facts, said, one.registry)))
    return holders(rows)


def test_of_several_versions_with_a_hash_a_registered_one_of_the_own_repository_is_meant() -> None:
    found = known("one", "two")
    assert len(found[MD5]) == 4
    assert holder_of(found, MD5, "two") == Holder("two", "m", "v1.0.0", True)
    assert holder_of(found, MD5, "three") == Holder("one", "m", "v1.0.0", True)
    assert holder_of(found, "b" * 32, "one") is None


def test_a_blobs_id_is_no_hash_of_the_content() -> None:
    assert [holder.version for holder in known("one", algorithm="git")[MD5]] == ["v1.0.0"]
