"""The demo registry of several models: what else a customer of Alder & Finch may want."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.demo.contents import yaml_text
from sitegen.demo.people import CLAIRE, DELE, ISLA, JONAS, MIRA, PRIYA, TOMAS
from sitegen.demo.recommender_files import RETRIEVER, State, item_dedup_mlem, project
from sitegen.demo.stream import Story

SETUP = {
    ".dvc/config": "[core]\n    remote = lake\n['remote \"lake\"']\n"
    "    url = s3://alderfinch-lake/dvc/recommender\n    region = eu-north-1\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    ".gto": "types: [model, dataset]\nstages: [dev, staging, prod]\n",
    ".gitignore": "__pycache__/\n.venv/\n",
    "README.md": "# Recommender\n\nModels behind *You may also need*: the retriever proposes 500 "
    "items, the ranker\norders them. Owners: Priya Raman and Mira Okafor, `#recommendations`.\n",
}
START = State(
    quarter="2024-Q4",
    params={
        "paths": {"ranker": "models/ranker.txt", "retriever": "models/retriever"},
        "features": {"history": 50, "min_orders": 3, "weeks": 52},
        "retriever": {"dim": 64, "epochs": 20, "negatives": 200, "lr": 1e-3},
        "ranker": {"objective": "lambdarank", "trees": 300, "leaves": 31, "truncation": 20},
        "replay": {"days": 7, "top": 10},
    },
    reports={
        "retriever": {"recall": {"100": 0.412, "500": 0.683}, "latency_ms": {"p50": 4, "p99": 19}},
        "ranker": {"ndcg": {"10": 0.3127, "50": 0.3894}, "mrr": 0.2714, "coverage": 0.184},
        "embedder": {"similarity": {"spearman": 0.702}, "dim": 384},
    },
    artifacts={
        "embedder": {
            "type": "model",
            "path": "s3://alderfinch-models/embedder/2025-01",
            "labels": ["nlp", "shared"],
            "description": "Embeddings",
        },
        "purchases": {
            "type": "dataset",
            "path": "data/purchases",
            "labels": ["gdpr-reviewed"],
            "description": "Purchases of one year, by pseudonym, in weekly Parquet files",
        },
        "ranker": {"type": "model", "description": "Orders candidates", "labels": ["ranking"]},
    },
    annotated={
        "retriever": {
            "path": "${paths.retriever}",
            "type": "model",
            "desc": "Two towers; finds candidates for the ranker",
            "labels": ["retrieval", "two-tower"],
        },
        "ranker": {
            "path": "${paths.ranker}",
            "type": "model",
            "desc": "Orders the retriever's candidates by expected purchases",
            "labels": ["ranking", "lightgbm"],
            "meta": {"owner": "priya.raman", "slo_ms": 30},
        },
    },
)


def tell() -> Story:
    """The whole history."""
    story = Story()
    state = _winter(story)
    state = _spring(story, state)
    state = _summer(story, state)
    _autumn(story, state)
    return story


def _scores(recall: float, ndcg: float, mrr: float, coverage: float) -> dict[str, Any]:
    return {
        "retriever": {"recall": {"100": round(recall * 0.607, 3), "500": recall}},
        "ranker": {
            "ndcg": {"10": ndcg, "50": round(ndcg * 1.243, 4)},
            "mrr": mrr,
            "coverage": coverage,
        },
    }


def _winter(story: Story) -> State:
    story.commit(PRIYA, "2025-01-09 11:02:31", "Start the recommender's registry", SETUP)
    state = START
    story.commit(
        PRIYA,
        "2025-01-16 17:40:05",
        "Move retriever and ranker over from the shop's repository\n\nThe models are those that "
        "serve today; from now on they are released from here.",
        project(state),
    )
    said = "One year of purchases up to December"
    story.register(TOMAS, "2025-01-16 10:22:48", "purchases", "v2025.1.0", said)
    story.register(PRIYA, "2025-01-20 10:05:13", "retriever", "v0.9.0", "As it serves today")
    story.register(PRIYA, "2025-01-20 10:09:50", "ranker", "v1.0.0", "As it serves today")
    said = "Serves since November, now on record"
    story.assign(DELE, "2025-01-20 11:30:22", "ranker", "v1.0.0", "prod", said)
    story.assign(DELE, "2025-01-20 11:30:49", "retriever", "v0.9.0", "prod", said)
    story.register(PRIYA, "2025-01-28 15:14:09", "embedder", "v1.0.0", "MiniLM, tuned on titles")
    said = "Used by retriever and search"
    story.assign(PRIYA, "2025-01-28 15:20:31", "embedder", "v1.0.0", "dev", said)
    story.assign(DELE, "2025-02-03 09:41:17", "embedder", "v1.0.0", "prod", said)
    state = state.having(
        params={"features": {"history": 80}},
        reports=_scores(0.697, 0.3241, 0.2809, 0.197),
        code="1.1",
    )
    message = "Look back over 80 purchases instead of 50"
    story.commit(JONAS, "2025-02-13 14:18:36", message, project(state))
    said = "Longer history: NDCG@10 up by 1.1 points"
    story.register(JONAS, "2025-02-13 15:36:54", "ranker", "v1.1.0", said)
    story.assign(JONAS, "2025-02-13 15:38:10", "ranker", "v1.1.0", "staging", "For the A/B test")
    said = "A/B test over two weeks: +0.9 % basket value"
    story.assign(DELE, "2025-03-03 10:01:05", "ranker", "v1.1.0", "prod", said)
    return state


def _spring(story: Story, state: State) -> State:
    state = state.having(
        artifacts={
            "item-dedup": {
                "type": "model",
                "path": "https://models.alderfinch.example/item-dedup/0.1/model.onnx",
                "labels": ["onnx", "catalogue"],
                "description": "Tells whether two items of the catalogue are one",
            }
        }
    )
    story.commit(
        CLAIRE,
        "2025-03-12 10:44:02",
        "Annotate item-dedup, which the catalogue team trains elsewhere",
        {**project(state), "models/item-dedup.onnx.mlem": yaml_text(item_dedup_mlem())},
    )
    story.register(CLAIRE, "2025-03-12 10:58:47", "item-dedup", "v0.1.0", "First ONNX export")
    said = "Nightly run of the catalogue"
    story.assign(CLAIRE, "2025-03-14 16:02:20", "item-dedup", "v0.1.0", "prod", said)
    state = state.having(
        quarter="2025-Q1",
        params={"retriever": {"dim": 128, "epochs": 24}},
        reports=_scores(0.751, 0.3318, 0.2877, 0.231),
        annotated={"retriever": {"desc": RETRIEVER}},
        code="2",
    )
    story.commit(
        PRIYA,
        "2025-04-08 16:27:44",
        "Widen both towers to 128 and retrain on the first quarter",
        project(state),
    )
    said = "Twelve months up to March"
    story.register(TOMAS, "2025-04-08 09:30:15", "purchases", "v2025.4.0", said)
    said = "128 dimensions: finds 75 of 100 items bought next"
    story.register(PRIYA, "2025-04-09 11:15:33", "retriever", "v1.0.0", said)
    story.assign(PRIYA, "2025-04-09 11:17:02", "retriever", "v1.0.0", "dev", "Index rebuilt")
    story.assign(PRIYA, "2025-04-14 12:50:26", "retriever", "v1.0.0", "staging", "For the A/B test")
    said = "A/B test: twice as many items found on their first day"
    story.assign(DELE, "2025-04-28 10:00:44", "retriever", "v1.0.0", "prod", said)
    state = state.having(
        artifacts={
            "item-dedup": {"path": "https://models.alderfinch.example/item-dedup/0.2/model.onnx"}
        }
    )
    message = "Point item-dedup at its second export"
    story.commit(CLAIRE, "2025-05-07 09:36:50", message, project(state))
    said = "Quantised; 4 times faster"
    story.register(CLAIRE, "2025-05-07 09:41:28", "item-dedup", "v0.2.0", said)
    story.assign(CLAIRE, "2025-05-07 09:45:59", "item-dedup", "v0.2.0", "staging", "Beside v0.1.0")
    return state


def _summer(story: Story, state: State) -> State:
    state = state.having(
        params={"ranker": {"trees": 700, "leaves": 63, "truncation": 50}},
        reports=_scores(0.751, 0.3502, 0.3024, 0.246),
        artifacts={"ranker": {"labels": ["ranking", "lambdarank"]}},
        annotated={"ranker": {"meta": {"owner": "priya.raman", "slo_ms": 40}}},
        code="2.1",
    )
    story.commit(
        JONAS,
        "2025-06-03 13:09:21",
        "Rank the first fifty and double the trees\n\nThe service agreed to 40 ms.",
        project(state),
    )
    said = "Release candidate: for the load test only"
    story.register(JONAS, "2025-06-03 13:31:40", "ranker", "v2.0.0-rc.1", said)
    story.assign(JONAS, "2025-06-03 13:33:07", "ranker", "v2.0.0-rc.1", "staging", "Load test")
    state = state.having(
        params={"ranker": {"leaves": 47}}, reports=_scores(0.751, 0.3489, 0.3017, 0.249)
    )
    story.commit(
        JONAS,
        "2025-06-18 10:52:15",
        "Fewer leaves, to stay under 40 ms at the 99th percentile",
        project(state),
    )
    said = "Ranks the first fifty; 38 ms at p99"
    story.register(MIRA, "2025-06-19 09:20:58", "ranker", "v2.0.0", said)
    story.assign(MIRA, "2025-06-19 09:24:35", "ranker", "v2.0.0", "staging", "Passed the load test")
    said = "A/B test over two weeks: +1.6 % basket value"
    story.assign(DELE, "2025-07-07 10:00:09", "ranker", "v2.0.0", "prod", said)
    state = state.having(
        quarter="2025-Q2",
        params={"retriever": {"negatives": 1000}},
        reports=_scores(0.793, 0.3497, 0.3020, 0.158),
        code="3",
    )
    story.commit(
        PRIYA, "2025-07-15 17:05:12", "Sample a thousand negatives, by popularity", project(state)
    )
    said = "Twelve months up to June"
    story.register(TOMAS, "2025-07-15 09:02:37", "purchases", "v2025.7.0", said)
    said = "Recall@500 up by 4 points"
    story.register(PRIYA, "2025-07-16 11:48:20", "retriever", "v1.1.0", said)
    story.assign(PRIYA, "2025-07-16 11:50:01", "retriever", "v1.1.0", "dev", "More negatives")
    story.assign(PRIYA, "2025-07-17 12:33:45", "retriever", "v1.1.0", "staging", "For the A/B test")
    said = "Out of the A/B test: it shows bestsellers to everybody"
    story.unassign(MIRA, "2025-07-24 16:19:30", "retriever", "v1.1.0", "staging", said)
    said = "Withdrawn: coverage fell from 25 % to 16 %, the gain in recall is bestsellers"
    story.deregister(PRIYA, "2025-07-28 10:30:11", "retriever", "v1.1.0", said)
    kept = {name: value for name, value in state.artifacts.items() if name != "item-dedup"}
    state = msgspec.structs.replace(state, artifacts=kept)
    message = "Take item-dedup out of the annotations: nobody runs it any more"
    files = {**project(state), "models/item-dedup.onnx.mlem": None}
    story.commit(CLAIRE, "2025-08-20 14:06:31", message, files)
    said = "The catalogue finds duplicates by bar code since July"
    story.deprecate(CLAIRE, "2025-08-20 14:12:53", "item-dedup", said)
    return state


def _autumn(story: Story, state: State) -> None:
    state = state.having(
        params={"retriever": {"negatives": 400}},
        reports={
            **_scores(0.768, 0.3561, 0.3088, 0.262),
            "embedder": {"similarity": {"spearman": 0.731}, "dim": 384},
        },
        artifacts={
            "embedder": {"path": "s3://alderfinch-models/embedder/2025-09"},
            "basket-similarity": {
                "type": "model",
                "path": "notebooks/basket_similarity.ipynb",
                "labels": ["prototype"],
                "description": "Which baskets are alike; not yet released",
            },
            "search/query-rewriter": {
                "type": "model",
                "path": "s3://alderfinch-models/query-rewriter/0.1",
                "labels": ["nlp", "search"],
                "description": "Mends spelling and splits compounds in what people search for, "
                "in English, Swedish and Spanish",
            },
        },
        code="3.1",
    )
    story.commit(
        PRIYA,
        "2025-09-16 15:55:38",
        "Half uniform, half popular negatives; annotate the query rewriter",
        {
            **project(state),
            "notebooks/basket_similarity.ipynb": '{"cells": [], "metadata": {}, '
            '"nbformat": 4, "nbformat_minor": 5}\n',
        },
    )
    said = "Understands Swedish compounds"
    story.register(PRIYA, "2025-09-17 10:11:16", "embedder", "v1.1.0", said)
    story.assign(PRIYA, "2025-09-17 10:14:42", "embedder", "v1.1.0", "dev", said)
    story.assign(PRIYA, "2025-09-23 11:27:09", "embedder", "v1.1.0", "staging", "Search tries it")
    said = "Spelling only"
    story.register(ISLA, "2025-09-25 09:50:27", "search/query-rewriter", "v0.1.0", said)
    said = "Search team's sandbox"
    story.assign(ISLA, "2025-09-25 09:53:14", "search/query-rewriter", "v0.1.0", "dev", said)
    state = state.having(
        quarter="2025-Q3",
        params={"ranker": {"trees": 800}},
        reports=_scores(0.772, 0.3624, 0.3151, 0.271),
        code="4",
    )
    story.commit(
        TOMAS, "2025-10-07 09:13:55", "Retrain everything on the third quarter", project(state)
    )
    said = "Twelve months up to September"
    story.register(TOMAS, "2025-10-07 09:20:41", "purchases", "v2025.10.0", said)
    story.register(PRIYA, "2025-10-08 11:36:18", "retriever", "v1.2.0", "Mixed negatives, Q3 data")
    story.assign(PRIYA, "2025-10-08 11:38:50", "retriever", "v1.2.0", "dev", "Index rebuilt")
    story.register(MIRA, "2025-10-08 09:44:05", "ranker", "v2.1.0", "Q3 data, 800 trees")
    story.assign(MIRA, "2025-10-08 09:47:31", "ranker", "v2.1.0", "dev", "With retriever v1.2.0")
    said = "A/B test, half of Sweden"
    story.assign(DELE, "2025-10-20 10:05:24", "ranker", "v2.1.0", "staging", said)
    story.assign(DELE, "2025-10-20 10:05:52", "retriever", "v1.2.0", "staging", said)
    said = "Rewrites of brand names made search worse; back to the notebook"
    story.unassign(ISLA, "2025-11-05 11:08:33", "search/query-rewriter", "v0.1.0", "dev", said)
    said = "A/B test: +0.7 % basket value, coverage up"
    story.assign(DELE, "2025-11-17 10:00:36", "ranker", "v2.1.0", "prod", said)
    story.assign(DELE, "2025-11-17 10:01:08", "retriever", "v1.2.0", "prod", said)
    story.commit(
        MIRA,
        "2025-12-04 16:41:20",
        "Tell who answers over Christmas",
        {"README.md": f"{SETUP['README.md']}\nOver Christmas Dele Adeyemi answers, `#on-call`.\n"},
    )
