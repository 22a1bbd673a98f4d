"""Of a monorepo what lies in the folders that the settings name."""

from __future__ import annotations

import msgspec
import pytest

from sitegen.registry.experiments import experiments_of
from sitegen.registry.facts import History, RepositoryFacts
from sitegen.registry.lineage import Data
from sitegen.registry.plots import Plot, PlotFile
from sitegen.registry.projects import lies_in, within_projects
from tests.facts import commit, metrics, oid, source


def plot(path: str, declared: str = "dvc.yaml") -> Plot:
    return Plot(path, path, declared, {}, (PlotFile(path, ""),))


@pytest.mark.parametrize(
    ("path", "inside"),
    [("cv", True), ("cv/m.json", True), ("cv2/m.json", False), ("a/cv/x", False), ("", False)],
)
def test_a_folder_holds_itself_and_what_is_below(path: str, inside: bool) -> None:
    assert lies_in(path, ("nlp", "cv")) is inside
    assert lies_in(path, ())


def facts(*shown: str) -> RepositoryFacts:
    """Three commits: the last changes what lies outside of cv alone."""
    first = (metrics("cv/m.json", f1=1), metrics("m.json", f1=2))
    second = (metrics("cv/m.json", f1=2), metrics("m.json", f1=2))
    third = (metrics("cv/m.json", f1=2), metrics("m.json", f1=3))
    made = source(values={"c1": first, "c2": second, "c3": third}, head="c3").facts
    parents = {"c1": (), "c2": (oid("c1"),), "c3": (oid("c2"),)}
    commits = {
        oid(name): msgspec.structs.replace(commit(name, at), parents=parents[name])
        for at, name in enumerate(parents)
    }
    data = {"cv/x": Data("cv/x", "1"), "y": Data("y", "2")}
    return msgspec.structs.replace(
        made,
        commits=commits,
        history=History(tuple(sorted(commits)), {"main": oid("c3")}),
        data=dict.fromkeys(commits, data),
        plots={
            oid("c1"): (plot("cv/p.csv"), plot("p.csv"), plot("shared.csv", "cv/dvc.yaml")),
            oid("c2"): (plot("p.csv"),),
        },
        shown=shown,
    )


def test_without_folders_everything_stays() -> None:
    found = facts()
    assert within_projects(found) is found


def test_metrics_data_and_plots_outside_are_left_out() -> None:
    found = within_projects(facts("cv"))
    assert {file.path for files in found.values.values() for file in files} == {"cv/m.json"}
    assert {path for rows in found.data.values() for path in rows} == {"cv/x"}
    assert {one.id for rows in found.plots.values() for one in rows} == {"cv/p.csv", "shared.csv"}


def test_what_commits_shared_they_share_still() -> None:
    found = within_projects(facts("cv")).data
    assert found[oid("c1")] is found[oid("c2")]


def test_a_commit_that_changes_nothing_inside_is_hidden() -> None:
    def hidden(*shown: str) -> list[str]:
        return [one.commit for one in experiments_of(within_projects(facts(*shown))) if one.hidden]

    assert hidden() == []
    assert hidden("cv") == [oid("c3")]
