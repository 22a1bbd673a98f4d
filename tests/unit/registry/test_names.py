import pytest

from sitegen.registry import names


@pytest.mark.parametrize(
    "name", ["a", "nn", "my-model_2", "a/b", "X9", "cv:nn", "a.b/c:nn", ".x:m"]
)
def test_gtos_names_are_artifacts(name: str) -> None:
    assert names.is_artifact(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-a",
        "a-",
        "a_",
        "/a",
        "a b",
        "é",
        "a.b",
        "a:b:c",
        "-x:m",
        "m\n",
        "../x",
        "%2e%2e/x",
        "/etc/x",
    ],
)
def test_other_names_are_not(name: str) -> None:
    assert not names.is_artifact(name)


def test_a_stage_has_no_folder() -> None:
    assert names.is_name("prod/eu")
    assert not names.is_name("cv:prod")


def test_a_folder_is_written_with_an_equals_sign_in_tags() -> None:
    assert names.to_tag("cv/x:nn") == "cv/x=nn"
    assert names.from_tag("cv/x=nn") == "cv/x:nn"
    assert names.split("cv/x:nn") == ("cv/x", "nn")
    assert names.split("nn") == ("", "nn")


def test_a_near_name_is_found_whatever_its_case() -> None:
    assert names.nearest("Chrun", ["vision", "churn"]) == "churn"
    assert names.nearest("canary", ["vision", "churn"]) == ""
    assert names.did_you_mean("prdo", ["dev", "prod"]) == " (did you mean prod?)"
