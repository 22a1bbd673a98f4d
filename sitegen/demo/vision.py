"""The demo monorepo: what a hand-held sees on the shelves of Alder & Finch."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.demo.people import CLAIRE, DELE, HANA, ISLA, MIRA, TOMAS
from sitegen.demo.stream import Story
from sitegen.demo.vision_files import Detection, Ocr, detection, ocr, shared

YOLO = "detection=yolo"
READER = "ocr=price-reader"
BACKBONE = "shared=backbone"
SETUP = {
    ".dvc/config": "[core]\n    remote = vision\n['remote \"vision\"']\n"
    "    url = https://storage.alderfinch.example/dvc/vision\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    ".gto": "types: [model, dataset]\nstages: [dev, staging, canary, prod]\n",
    ".gitignore": "__pycache__/\n.venv/\n*.ckpt\n",
    "README.md": "# Vision\n\n- `shared/` the backbone that the others start from\n"
    "- `detection/` finds facings, gaps and price tags\n- `ocr/` reads the price tags\n",
}
FIRST_RUN = Detection(
    pictures="2024-12",
    params={
        "split": {"by": "shop", "val_share": 0.1},
        "train": {
            "imgsz": 960,
            "batch": 16,
            "epochs": 40,
            "lr": 0.01,
            "freeze": 10,
            "mosaic": False,
        },
    },
    scores=(0.7138, 0.4402, 1.2371),
)
FIRST_READER = Ocr(
    tags="2025-02",
    params={
        "model": {"height": 32, "hidden": 192},
        "train": {"epochs": 25, "lr": 3e-4, "label_smoothing": 0.05},
    },
    exact=0.8427,
    cer=0.0391,
)


def tell() -> Story:
    """The whole history."""
    story = Story()
    run = _until_spring(story)
    run, reader = _readers(story, run)
    run = _augmentation(story, run)
    _autumn(story, run, reader)
    return story


def _until_spring(story: Story) -> Detection:
    story.commit(HANA, "2025-01-10 13:37:02", "One repository for all of vision", SETUP)
    story.commit(CLAIRE, "2025-01-15 15:20:40", "Share a pretrained backbone", shared("2025-01"))
    said = "Pretrained on 1.1 million unlabelled shelves"
    story.register(CLAIRE, "2025-01-15 15:31:09", BACKBONE, "v1.0.0", said)
    story.assign(
        CLAIRE, "2025-01-15 15:32:30", BACKBONE, "v1.0.0", "prod", "Others may build on it"
    )
    run = FIRST_RUN
    story.commit(
        HANA,
        "2025-01-29 18:04:13",
        "Train the first detector of shelves\n\nThe backbone's first ten layers stay frozen.",
        detection(run, "2025-01"),
    )
    said = "First detector: facings and gaps are fine, price tags are not"
    story.register(HANA, "2025-01-30 09:12:25", YOLO, "v0.1.0", said)
    story.assign(HANA, "2025-01-30 09:15:51", YOLO, "v0.1.0", "dev", "Try it on the hand-held")
    run = run.having(train={"imgsz": 1280, "batch": 8}, scores=(0.7816, 0.5027, 1.0642))
    story.commit(
        HANA,
        "2025-02-19 17:41:37",
        "Look at 1280 pixels: price tags are small",
        detection(run, "2025-01"),
    )
    story.commit(
        CLAIRE,
        "2025-02-20 11:08:19",
        "Ignore checkpoints of the trainer [skip studio]",
        {".gitignore": SETUP[".gitignore"] + "*.pt.tmp\n"},
    )
    said = "1280 pixels: finds 78 % of price tags"
    story.register(HANA, "2025-02-21 10:02:44", YOLO, "v1.0.0", said)
    story.assign(HANA, "2025-02-21 10:06:12", YOLO, "v1.0.0", "staging", "Two shops in Leeds")
    said = "Leeds agreed; on to all shops of the north"
    story.assign(DELE, "2025-03-10 10:00:31", YOLO, "v1.0.0", "prod", said)
    return run


def _readers(story: Story, run: Detection) -> tuple[Detection, Ocr]:
    reader = FIRST_READER
    story.commit(
        CLAIRE, "2025-03-19 16:12:03", "Read price tags: a first CTC model", ocr(reader, "2025-01")
    )
    story.register(CLAIRE, "2025-03-19 16:30:54", READER, "v0.1.0", "Prices in pounds only")
    story.assign(CLAIRE, "2025-03-19 16:33:17", READER, "v0.1.0", "dev", "Prices in pounds only")
    said = "40,118 tags from 61 shops, labelled twice"
    story.register(ISLA, "2025-03-21 11:05:36", "ocr=price-tags", "v1.0.0", said)
    run = run.having(pictures="2025-03", scores=(0.8052, 0.5248, 0.9913))
    story.commit(
        TOMAS,
        "2025-04-09 10:47:58",
        "Add 1,900 shelves of Swedish shops",
        detection(run, "2025-01"),
    )
    story.register(HANA, "2025-04-10 09:33:20", YOLO, "v1.1.0", "Swedish shops")
    story.assign(HANA, "2025-04-10 09:36:48", YOLO, "v1.1.0", "staging", "Two shops in Uppsala")
    story.assign(DELE, "2025-04-24 10:00:15", YOLO, "v1.1.0", "prod", "Uppsala agreed")
    reader = msgspec.structs.replace(
        reader,
        tags="2025-04",
        params={**reader.params, "model": {"height": 48, "hidden": 256}},
        exact=0.9106,
        cer=0.0207,
        code="2",
    )
    story.commit(
        CLAIRE,
        "2025-05-14 14:25:41",
        "Read kronor and pesos too, at 48 pixels",
        ocr(reader, "2025-01"),
    )
    said = "All three currencies; 91 of 100 tags without a mistake"
    story.register(CLAIRE, "2025-05-14 14:40:02", READER, "v0.2.0", said)
    story.assign(CLAIRE, "2025-05-14 14:42:39", READER, "v0.2.0", "dev", "All three currencies")
    story.assign(CLAIRE, "2025-05-22 10:18:26", READER, "v0.2.0", "staging", "On 20 hand-helds")
    return run, reader


def _augmentation(story: Story, run: Detection) -> Detection:
    tries = (
        ("2025-06-02 17:10:22", "tidal-moss", {"lr": 0.005}, (0.8079, 0.5261, 0.9877)),
        ("2025-06-02 20:42:09", "brisk-heron", {"lr": 0.02}, (0.7894, 0.5102, 1.0485)),
        ("2025-06-03 09:15:47", "plain-otter", {"freeze": 0}, (0.8121, 0.5344, 0.9702)),
    )
    for when, name, train, scores in tries:
        tried = run.having(train=train, scores=scores)
        story.experiment(HANA, when, name, detection(tried, "2025-01"))
    story.branch("exp/augment")
    story.branch("exp/tiny-backbone")
    run = run.having(train={"freeze": 0}, scores=(0.8121, 0.5344, 0.9702))
    on_branch: tuple[tuple[str, str, dict[str, Any], tuple[float, float, float]], ...] = (
        ("2025-06-04 18:22:31", "Unfreeze the backbone (plain-otter)", {}, run.scores),
        (
            "2025-06-10 19:03:55",
            "Mosaic of four shelves",
            {"mosaic": True},
            (0.8347, 0.5561, 0.9184),
        ),
        (
            "2025-06-11 17:48:06",
            "Mosaic, but not in the last ten epochs [skip studio]",
            {"mosaic": True, "close_mosaic": 10},
            (0.8426, 0.5689, 0.8923),
        ),
    )
    for when, message, changes, scores in on_branch:
        run = run.having(train=changes, scores=scores)
        files = detection(run, "2025-01")
        story.commit(HANA, when, message, files, branch="exp/augment")
    tiny = run.having(train={"width": 0.5, "epochs": 60}, scores=(0.7412, 0.4633, 1.1569))
    story.commit(
        CLAIRE,
        "2025-06-12 15:33:14",
        "Halve the width, for old hand-helds\n\nTwice as fast, but misses one price tag in four.",
        detection(tiny, "2025-01"),
        branch="exp/tiny-backbone",
    )
    story.commit(MIRA, "2025-06-18 10:11:33", "Merge branch 'exp/augment'", {}, merge="exp/augment")
    said = "Mosaic: 84 % of price tags, also under glare"
    story.register(HANA, "2025-06-19 09:25:08", YOLO, "v1.2.0", said)
    story.assign(HANA, "2025-06-19 09:28:40", YOLO, "v1.2.0", "dev", "Mosaic")
    story.assign(HANA, "2025-06-26 14:02:19", YOLO, "v1.2.0", "staging", "Leeds and Uppsala")
    story.assign(DELE, "2025-07-08 10:00:52", YOLO, "v1.2.0", "canary", "One shop in twenty")
    story.assign(DELE, "2025-07-22 10:01:27", YOLO, "v1.2.0", "prod", "Canary quiet for two weeks")
    said = "Everywhere now; the canary is free"
    story.unassign(DELE, "2025-07-22 10:03:58", YOLO, "v1.2.0", "canary", said)
    return run


def _autumn(story: Story, run: Detection, reader: Ocr) -> None:
    reader = msgspec.structs.replace(
        reader,
        tags="2025-08",
        params={**reader.params, "train": {"epochs": 40, "lr": 3e-4, "label_smoothing": 0.02}},
        exact=0.9482,
        cer=0.0116,
        code="3",
    )
    story.commit(
        CLAIRE,
        "2025-09-03 13:51:45",
        "Train the reader longer, on tags of the summer",
        ocr(reader, "2025-01"),
    )
    said = "First release for shops: 95 of 100 tags without a mistake"
    story.register(CLAIRE, "2025-09-04 09:44:12", READER, "v1.0.0", said)
    story.assign(CLAIRE, "2025-09-04 09:47:33", READER, "v1.0.0", "staging", "On 20 hand-helds")
    story.assign(DELE, "2025-09-16 10:00:06", READER, "v1.0.0", "prod", "Shops of the north")
    story.commit(
        CLAIRE,
        "2025-10-01 11:29:18",
        "Pretrain the backbone again, on twice as many shelves",
        shared("2025-09"),
    )
    said = "Pretrained on 2.3 million unlabelled shelves"
    story.register(CLAIRE, "2025-10-01 11:40:50", BACKBONE, "v2.0.0", said)
    story.assign(CLAIRE, "2025-10-01 11:42:27", BACKBONE, "v2.0.0", "staging", "For detection")
    run = run.having(
        pictures="2025-09", train={"epochs": 50}, scores=(0.8703, 0.6014, 0.8091), code="2"
    )
    story.commit(
        HANA,
        "2025-10-22 16:58:34",
        "Start from the new backbone, with the autumn's shelves",
        detection(run, "2025-09"),
    )
    said = "Alpha on backbone v2.0.0; not for shops yet"
    story.register(HANA, "2025-10-23 10:14:29", YOLO, "v2.0.0-alpha.1", said)
    story.assign(HANA, "2025-10-23 10:17:03", YOLO, "v2.0.0-alpha.1", "dev", "New backbone")
    run = run.having(train={"lr": 0.006}, scores=(0.8791, 0.6132, 0.7886))
    story.commit(
        HANA, "2025-11-18 17:20:11", "Learn slower from the new backbone", detection(run, "2025-09")
    )
    said = "New backbone: 88 % of price tags, freezers included"
    story.register(MIRA, "2025-11-19 09:36:57", YOLO, "v2.0.0", said)
    story.assign(HANA, "2025-11-20 09:05:44", YOLO, "v2.0.0", "staging", "Leeds and Uppsala")
    story.assign(DELE, "2025-12-02 10:00:48", YOLO, "v2.0.0", "canary", "One shop in twenty")
    tries = (
        ("2025-12-08 18:30:05", "amber-wren", {"imgsz": 1536}, (0.8838, 0.6207, 0.7798)),
        ("2025-12-09 11:46:52", "quiet-birch", {"batch": 4}, (0.8744, 0.6090, 0.7961)),
    )
    for when, name, train, scores in tries:
        tried = run.having(train=train, scores=scores)
        story.experiment(HANA, when, name, detection(tried, "2025-09"))
