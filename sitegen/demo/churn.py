"""The demo registry of one model: who is about to leave Alder & Finch, through 2025."""

from __future__ import annotations

import msgspec

from sitegen.demo.churn_files import State, project
from sitegen.demo.people import DELE, HANA, ISLA, JONAS, MIRA, TOMAS
from sitegen.demo.stream import Story

START = State(
    month="2024-12",
    params={
        "prepare": {"horizon_days": 60, "test_share": 0.2, "seed": 1304},
        "train": {"model": "logistic", "C": 0.5, "class_weight": "balanced", "max_iter": 400},
        "evaluate": {"threshold": 0.5},
    },
    scores=(0.7412, 0.4381, 0.7906, 0.4718),
)


SETUP = {
    ".dvc/config": "[core]\n    remote = storage\n['remote \"storage\"']\n"
    "    url = https://storage.alderfinch.example/dvc/churn\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    ".gto": "types: [model, dataset]\nstages: [dev, staging, prod]\n",
    ".gitignore": "__pycache__/\n.venv/\n",
    "requirements.txt": "dvc[http]\ngto\nmlem\npandas\nscikit-learn\n",
    "README.md": "# Churn\n\nWho is about to leave, and why. Nothing to use yet.\n",
}
CARE = "Care reached 61 of 100 customers it called; 23 of them ordered again."


def tell() -> Story:
    """The whole history."""
    story = Story()
    state = _baselines(story)
    state = _to_production(story, state)
    _rollback_and_after(story, state)
    return story


def _baselines(story: Story) -> State:
    story.commit(
        JONAS, "2025-01-08 09:12:40", "Set up DVC, the storage remote and the stages", SETUP
    )
    first = project(START)
    data = {path: first[path] for path in first if path.startswith("data/")}
    story.commit(TOMAS, "2025-01-13 16:03:12", "Add the December snapshot of customers", data)
    story.commit(
        JONAS,
        "2025-01-20 14:47:55",
        "Train a logistic baseline on six features\n\nNothing clever: it only has to beat the rule "
        "of thumb that care uses\n(no order in 45 days), and does.",
        first,
    )
    said = "Baseline that beats the 45 days rule"
    story.register(JONAS, "2025-01-20 15:02:09", "churn", "v0.1.0", said)
    story.assign(JONAS, "2025-01-21 08:55:30", "churn", "v0.1.0", "dev", "For care to look at")
    state = START.having(params=START.params | {"evaluate": {"threshold": 0.42}})
    state = msgspec.structs.replace(state, scores=(0.7412, 0.4655, 0.7731, 0.4718))
    story.commit(
        ISLA,
        "2025-02-04 11:20:41",
        "Lower the threshold to 0.42\n\nCare can make 400 calls a week, not 250.",
        project(state),
    )
    state = state.having(month="2025-01", scores=(0.7526, 0.4718, 0.7794, 0.4603))
    story.commit(TOMAS, "2025-02-17 10:31:18", "Retrain on the January snapshot", project(state))
    said = "January data, threshold for 400 calls a week"
    story.register(JONAS, "2025-02-18 09:40:02", "churn", "v0.2.0", said)
    story.assign(JONAS, "2025-02-18 09:44:37", "churn", "v0.2.0", "dev", "Replaces the baseline")
    forest = {"model": "random_forest", "n_estimators": 300, "max_depth": 9, "n_jobs": 4}
    state = state.having(month="2025-02", scores=(0.7893, 0.5127, 0.8016, 0.4295), code="2")
    state = state.having(params=state.params | {"train": forest})
    story.commit(
        JONAS,
        "2025-03-10 17:26:03",
        "Replace the logistic model by a random forest",
        project(state),
    )
    said = "Random forest: 3.7 points of ROC AUC over v0.2.0"
    story.register(JONAS, "2025-03-11 10:05:48", "churn", "v0.3.0", said)
    story.assign(JONAS, "2025-03-11 10:06:30", "churn", "v0.3.0", "dev", "Forest for the pilot")
    said = "Pilot with the Leeds care team"
    story.assign(DELE, "2025-03-18 13:31:56", "churn", "v0.3.0", "staging", said)
    return state


def _to_production(story: Story, state: State) -> State:
    boosted = {"model": "lightgbm", "num_leaves": 31, "learning_rate": 0.05, "n_estimators": 400}
    state = state.having(
        params=state.params | {"train": boosted},
        month="2025-03",
        scores=(0.8214, 0.5483, 0.8192, 0.3961),
        columns=7,
        framework="lightgbm",
        code="3",
        labels=("tabular", "classification", "lightgbm"),
        card="Half the gain over v0.3.0 comes from late deliveries, the rest from boosting.",
    )
    story.commit(
        JONAS,
        "2025-04-02 15:12:27",
        "Move to LightGBM and count late deliveries\n\nThe forest took 40 minutes to train and "
        "hid that late deliveries matter.\nMetadata is written by MLEM 0.4 from here on.",
        {**project(state), "requirements.txt": "dvc[http]\ngto\nlightgbm\nmlem>=0.4\npandas\n"},
    )
    said = "First release for care: LightGBM, with a model card"
    story.register(MIRA, "2025-04-03 09:18:11", "churn", "v1.0.0", said)
    story.assign(MIRA, "2025-04-03 09:25:43", "churn", "v1.0.0", "staging", "Ready for the pilot")
    said = "Signed off by Customer Care after two weeks beside v0.3.0"
    story.assign(DELE, "2025-04-15 10:00:22", "churn", "v1.0.0", "prod", said)
    state = state.having(scores=(0.8143, 0.5402, 0.8157, 0.4027), code="3.1")
    story.commit(
        ISLA,
        "2025-05-06 09:58:14",
        "Drop orders placed after the snapshot\n\nThey leaked into orders_90d for 0.8 % of "
        "customers. Scores fall a little and are now honest.",
        project(state),
    )
    said = "Fixes the leak of later orders into orders_90d"
    story.register(JONAS, "2025-05-06 10:20:37", "churn", "v1.0.1", said)
    story.assign(JONAS, "2025-05-06 10:24:00", "churn", "v1.0.1", "staging", "Leak fixed")
    said = "Same day: v1.0.0 ranked wrongly"
    story.assign(DELE, "2025-05-06 15:41:29", "churn", "v1.0.1", "prod", said)
    state = state.having(month="2025-05", scores=(0.8201, 0.5466, 0.8189, 0.3978))
    story.commit(TOMAS, "2025-06-04 11:05:50", "Retrain on the May snapshot", project(state))
    story.branch("tune-lightgbm")
    for when, message, train, scores in (
        (
            "2025-06-12 10:14:08",
            "Try 63 leaves [skip studio]",
            {"num_leaves": 63},
            (0.8239, 0.5497, 0.8203, 0.3949),
        ),
        (
            "2025-06-13 16:36:45",
            "Learn slower, for longer",
            {"learning_rate": 0.02, "n_estimators": 1100},
            (0.8352, 0.5641, 0.8254, 0.3842),
        ),
    ):
        state = state.having(train=train, scores=scores)
        story.commit(JONAS, when, message, project(state), branch="tune-lightgbm")
    state = msgspec.structs.replace(state, card=CARE)
    story.commit(
        MIRA,
        "2025-06-17 09:31:02",
        "Merge branch 'tune-lightgbm'",
        project(state),
        merge="tune-lightgbm",
    )
    story.register(MIRA, "2025-06-17 09:50:26", "churn", "v1.1.0", "Tuned; the May snapshot")
    story.assign(MIRA, "2025-06-17 09:52:10", "churn", "v1.1.0", "dev", "Tuned model")
    story.assign(MIRA, "2025-06-19 14:08:33", "churn", "v1.1.0", "staging", "Shadow run")
    said = "Shadow run agreed with v1.0.1 on 94 % of the top 400"
    story.assign(DELE, "2025-07-01 09:00:17", "churn", "v1.1.0", "prod", said)
    return state


def _rollback_and_after(story: Story, state: State) -> None:
    state = state.having(
        month="2025-08",
        scores=(0.8417, 0.5702, 0.8281, 0.3790),
        columns=8,
        code="4",
        labels=("tabular", "classification", "lightgbm", "regional"),
    )
    story.commit(HANA, "2025-09-09 13:22:19", "Let the model know the region", project(state))
    said = "Adds the region; the August snapshot"
    story.register(JONAS, "2025-09-10 09:11:54", "churn", "v1.2.0", said)
    story.assign(JONAS, "2025-09-10 09:15:20", "churn", "v1.2.0", "dev", "Regional model")
    story.assign(DELE, "2025-09-15 11:45:06", "churn", "v1.2.0", "staging", "Shadow run")
    story.assign(DELE, "2025-09-22 09:00:41", "churn", "v1.2.0", "prod", "Regional rollout")
    said = "Roll back to v1.1.0: islands have too few customers and were called twice a week"
    story.assign(MIRA, "2025-09-24 17:58:03", "churn", "v1.1.0", "prod", said)
    state = state.having(
        month="2025-10",
        train={"min_data_in_leaf": 200},
        scores=(0.8496, 0.5810, 0.8307, 0.3688),
        code="5",
    )
    state = state.having(params=state.params | {"evaluate": {"threshold": 0.38}})
    story.commit(
        JONAS,
        "2025-11-11 15:40:31",
        "Want 200 customers in a leaf, and calibrate\n\nSmall regions borrow from their "
        "neighbours, so the islands behave.",
        project(state),
    )
    said = "Calibrated, with small regions pooled"
    story.register(MIRA, "2025-11-12 10:02:44", "churn", "v1.3.0", said)
    story.assign(JONAS, "2025-11-12 11:09:12", "churn", "v1.3.0", "dev", "Pooled regions")
    said = "Shadow run until the Christmas freeze is over"
    story.assign(DELE, "2025-11-20 09:30:58", "churn", "v1.3.0", "staging", said)
    note = "Calibrated on October; the ten best of a hundred regions are within 2 %."
    state = msgspec.structs.replace(state, card=f"{CARE}\n\n{note}")
    readme = project(state)["README.md"]
    story.commit(
        ISLA,
        "2025-12-09 10:17:36",
        "Tell in the model card how well it is calibrated",
        {"README.md": readme},
    )
