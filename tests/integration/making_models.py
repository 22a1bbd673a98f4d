"""Makes small models with their own libraries, in the folder named, and prints what is true.

Run by an interpreter that has the libraries: `python making_models.py FOLDER` prints
{"models": {file: {what: value}}, "missing": {maker: why}} as JSON, as the libraries tell it after
loading the files again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
from making import tell

ROWS = 60


def data():
    random = np.random.RandomState(0)
    table = pd.DataFrame(random.rand(ROWS, 3), columns=["sepal", "petal", "leaf"])
    return table, (table.sepal > 0.5).astype(int), (table.sepal * 3).astype(int)


def xgboost_models(folder: Path):
    import xgboost

    table, two, three = data()
    small = {"n_estimators": 2, "max_depth": 2}
    models = {
        "more-binary.xgb.json": xgboost.XGBClassifier(**small).fit(table, two),
        "more-binary.ubj": xgboost.XGBClassifier(**small).fit(table, two),
        "more-classes.ubj": xgboost.XGBClassifier(**small).fit(table, three),
        "more-unnamed.ubj": xgboost.XGBRegressor(**small).fit(table.values, two),
        "more-dart.ubj": xgboost.XGBRegressor(booster="dart", **small).fit(table, two),
        "more-linear.ubj": xgboost.XGBRegressor(booster="gblinear", n_estimators=2).fit(table, two),
    }
    for name, model in models.items():
        model.save_model(folder / name)
        booster = xgboost.Booster(model_file=folder / name)
        learner = json.loads(booster.save_config())["learner"]
        linear = learner["gradient_booster"]["name"] == "gblinear"
        yield (
            name,
            {
                "framework": "xgboost",
                "version": xgboost.__version__,
                "class": f"xgboost.{type(model).__name__}",
                "columns": booster.feature_names or [],
                "dtypes": booster.feature_types or [],
                "features": booster.num_features(),
                "objective": learner["objective"]["name"],
                "booster": learner["gradient_booster"]["name"],
                "trees": None if linear else len(booster.get_dump()),
                "proba": len(model.classes_) if hasattr(model, "classes_") else None,
            },
        )


def lightgbm_models(folder: Path):
    import lightgbm

    table, two, three = data()
    small = {"n_estimators": 2, "num_leaves": 3, "min_child_samples": 2, "verbose": -1}
    models = {
        "more-binary.txt": lightgbm.LGBMClassifier(**small).fit(table, two),
        "more-classes.txt": lightgbm.LGBMClassifier(**small).fit(table, three),
        "more-unnamed.txt": lightgbm.LGBMRegressor(**small).fit(table.values, three),
    }
    for name, model in models.items():
        model.booster_.save_model(folder / name)
        booster = lightgbm.Booster(model_file=folder / name)
        said = booster.dump_model()
        named = "unnamed" not in name
        yield (
            name,
            {
                "framework": "lightgbm",
                "columns": booster.feature_name() if named else [],
                "features": booster.num_feature(),
                "objective": said["objective"],
                "trees": booster.num_trees(),
                "format version": said["version"],
                "proba": len(model.classes_) if hasattr(model, "classes_") else None,
            },
        )


def catboost_models(folder: Path):
    import catboost

    table, two, three = data()
    words = table.assign(kind=np.where(table.leaf > 0.5, "a", "b"))
    small = {"iterations": 2, "depth": 2, "verbose": 0, "allow_writing_files": False}
    answers = np.array(["no", "yes", "so"])[three.values]
    classes = catboost.CatBoostClassifier(cat_features=["kind"], **small).fit(words, answers)
    more = table.assign(
        meaning=[list(map(float, row)) for row in table.values],
        said=["alpha beta" if leaf > 0.5 else "gamma" for leaf in table.leaf],
    )
    kinds = {"embedding_features": ["meaning"], "text_features": ["said"]}
    models = {
        "more-classes.cbm": classes,
        "more-classes.cb.json": classes,
        "more-binary.cbm": catboost.CatBoostClassifier(**small).fit(table, two),
        "more-unnamed.cbm": catboost.CatBoostRegressor(**small).fit(table.values, two),
        "more-kinds.cbm": catboost.CatBoostClassifier(**kinds, **small).fit(more, two),
    }
    for name, model in models.items():
        form = "json" if name.endswith("json") else "cbm"
        model.save_model(folder / name, format=form)
        loaded = type(model)().load_model(folder / name, format=form)
        known = {
            "categorical": loaded.get_cat_feature_indices(),
            "text": loaded.get_text_feature_indices(),
            "embedding": loaded.get_embedding_feature_indices(),
        }
        names = loaded.feature_names_
        kinds = [
            next((kind for kind, places in known.items() if place in places), "float")
            for place in range(len(names))
        ]
        named = "unnamed" not in name
        chosen = hasattr(loaded, "predict_proba")
        yield (
            name,
            {
                "framework": "catboost",
                "version": catboost.__version__,
                "class": f"catboost.{type(model).__name__}",
                "columns": names if named else [],
                "dtypes": kinds if named else [],
                "features": len(names),
                "objective": model.get_all_params()["loss_function"],
                "trees": loaded.tree_count_,
                "classes": ", ".join(map(str, loaded.classes_)) if chosen else None,
                "proba": len(loaded.classes_) if chosen else None,
            },
        )


def keras_models(folder: Path):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import h5py
    import keras

    line = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    first, second = keras.Input((3,), name="a"), keras.Input((4,), name="b")
    both = keras.layers.Concatenate()([first, second])
    graph = keras.Model([first, second], keras.layers.Dense(2, name="d")(both))
    models = {
        "more-line.keras": line,
        "more-graph.keras": graph,
        "more-line.h5": line,
        "more-graph.h5": graph,
    }
    for name, model in models.items():
        model.save(folder / name)
        loaded = keras.models.load_model(folder / name, compile=False)
        sequential = type(loaded) is keras.Sequential
        truth = {
            "framework": "tf_keras",
            "version": keras.__version__,
            "class": f"keras.{type(loaded).__name__}",
            "inputs": [
                ["x" if sequential else each.name, list(each.shape), each.dtype]
                for each in loaded.inputs
            ],
        }
        if name.endswith(".keras"):
            truth["outputs"] = [[list(each.shape), each.dtype] for each in loaded.outputs]
        else:
            with h5py.File(folder / name) as file:
                truth["backend"] = file.attrs["backend"]
                truth["version"] = file.attrs["keras_version"]
        yield name, truth


MAKERS = (xgboost_models, lightgbm_models, catboost_models, keras_models)


if __name__ == "__main__":
    tell(MAKERS)
