"""Run by the Python of MLEM 0.4.14: saves small models, or prints what MLEM reads of .mlem files.

python asked.py save FOLDER
python asked.py ask FILE...
"""

import json
import os
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
os.environ["MLEM_NO_ANALYTICS"] = "1"

from mlem.api import link, load_meta, save  # noqa: E402
from mlem.core.objects import MlemModel  # noqa: E402
from mlem.ui import no_echo  # noqa: E402


def scaled(data, scale=1.5, *rest, unit="on", **more):
    return {"mean": sum(data["x"]) * scale, "names": ["a", "b"], "of": (1, None)}


def numbers(rows):
    import numpy

    return numpy.array(rows)


def plain(result):
    return [float(one) for one in result]


def models():
    import lightgbm
    import numpy
    import pandas
    import xgboost
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    frame = pandas.DataFrame({"age": [1, 2, 3, 4], "on": [0.5, 1, 2, 3.5], "3.10": [1, 0, 1, 0]})
    frame.index.name = ""
    goal = numpy.array([0, 1, 0, 1])
    values = frame.values
    yield "sklearn", LogisticRegression().fit(frame, goal), {"sample_data": frame}
    yield "untold", LinearRegression().fit(frame, goal), {"params": {"owner": "ann", "on": 3.10}}
    steps = [("scaler", StandardScaler()), ("model", LogisticRegression())]
    yield "pipeline", Pipeline(steps).fit(values, goal), {"sample_data": values}
    yield "transformer", StandardScaler().fit(values), {"sample_data": values}
    few = {"verbose": -1, "num_iterations": 2}
    booster = lightgbm.train(few, lightgbm.Dataset(values, label=goal))
    yield "lightgbm", booster, {"sample_data": values}
    yield "xgboost", xgboost.train({}, xgboost.DMatrix(frame, label=goal), 2), {}
    grown = xgboost.XGBClassifier(n_estimators=2).fit(frame, goal)
    yield "xgboost-classifier", grown, {"sample_data": frame}
    yield "callable", scaled, {"sample_data": {"x": [1.0, 2.0], "n": (1, "a", None)}}
    sample = [[1.0, 2.0, 3.0], [2.0, 2.0, 1.0]]
    around = {"sample_data": sample, "preprocess": numbers, "postprocess": plain}
    yield "processors", LinearRegression().fit(values, goal), around


def saved(folder):
    os.chdir(folder)
    for name, model, options in models():
        save(model, name, **options)
    link("sklearn", target="latest")


def signature(meta, name):
    """As `mlem.runtime.interface.ModelInterface` has it: what goes in first and comes out last."""
    calls = [("model", name)] if meta.is_single_model else meta.call_orders[name]
    first, last = (meta.processors[one].methods[at] for one, at in (calls[0], calls[-1]))
    return {
        "args": [one.dict() for one in first.args],
        "returns": last.returns.dict(),
        "varargs": first.varargs,
        "varkw": first.varkw,
        "varkw_type": first.varkw_type and first.varkw_type.dict(),
    }


def asked(path):
    with no_echo():
        meta = load_meta(path, force_type=MlemModel, try_migrations=True)
    return {
        "framework": meta.model_type.type,
        "methods": {name: signature(meta, name) for name in meta.call_orders},
        "pip": meta.requirements.to_pip(),
        "unix": meta.requirements.to_unix(),
        "custom": [one.name for one in meta.requirements.custom],
        "artifacts": {name: one.dict() for name, one in meta.artifacts.items()},
    }


def accepted(path):
    with no_echo():
        meta = load_meta(path, force_type=MlemModel)
    frameworks = [one["type"] for one in meta.processors_raw.values()]
    return {"frameworks": frameworks, "methods": list(meta.call_orders)}


if __name__ == "__main__":
    if sys.argv[1] == "save":
        saved(sys.argv[2])
    else:
        tell = asked if sys.argv[1] == "ask" else accepted
        told = {Path(path).name: tell(path) for path in sys.argv[2:]}
        print(json.dumps(told, indent=1, sort_keys=True))
