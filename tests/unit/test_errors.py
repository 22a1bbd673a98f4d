import inspect

from sitegen import errors
from sitegen.errors import ConfigError, GitError, Problem, RepositoryError, SitegenError


def test_a_problem_reads_as_one_sentence_with_its_place_and_remedy() -> None:
    problem = Problem("churn", "m@v1.0", "a.yaml", "no version", "tag it again", "tag.near-miss")
    assert str(problem) == "churn m@v1.0 a.yaml: no version (tag it again)"
    assert str(Problem("", "", "", "no version", "", "x")) == "no version"


def test_an_error_is_a_problem_of_its_kind() -> None:
    error = GitError("it failed", repo="churn", ref="r", path="p", remedy="try again")
    assert error.problem == Problem("churn", "r", "p", "it failed", "try again", "git")
    assert error.problems == (error.problem,)
    assert isinstance(error, RepositoryError)


def test_a_configuration_error_tells_all_that_is_wrong() -> None:
    two = [Problem("", "", "f:1", "a", "", "config"), Problem("", "", "f:2", "b", "", "config")]
    error = ConfigError.of(two)
    assert error.problems == tuple(two)
    assert str(error) == "f:1: a\nf:2: b"


def test_every_error_has_a_kind_of_its_own() -> None:
    classes = [
        value
        for value in vars(errors).values()
        if inspect.isclass(value) and issubclass(value, SitegenError)
    ]
    assert len({cls.kind for cls in classes}) == len(classes)
