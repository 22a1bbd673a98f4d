"""Makes small models as pickles, PyTorch, ONNX and safetensors files, and prints what is true.

Run by an interpreter that has the libraries: `python making_estimators.py FOLDER` prints
{"models": {file: {what: value}}, "missing": {maker: why}} as JSON, as the libraries tell it.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from making import tell


def data():
    import numpy as np
    import pandas as pd

    random = np.random.RandomState(0)
    table = pd.DataFrame(random.rand(30, 3), columns=["sepal", "petal", "leaf"])
    return table, (table.sepal > 0.5).astype(int)


def dotted(model):
    return f"{type(model).__module__}.{type(model).__qualname__}"


def sklearn_models(folder: Path):
    import joblib
    import sklearn
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeRegressor

    table, answers = data()
    models = {
        "made-classifier.pkl": LogisticRegression().fit(table, answers),
        "made-unnamed.pkl": DecisionTreeRegressor(max_depth=2).fit(table.values, answers),
        "made-pipeline.joblib": make_pipeline(StandardScaler(), LogisticRegression()).fit(
            table, answers
        ),
        "made-packed.joblib": LogisticRegression().fit(table, answers),
    }
    for name, model in models.items():
        if name.endswith(".pkl"):
            (folder / name).write_bytes(pickle.dumps(model))
        else:
            joblib.dump(model, folder / name, compress=3 if "packed" in name else 0)
        loaded = joblib.load(folder / name)
        pipeline = hasattr(loaded, "steps")
        yield (
            name,
            {
                "framework": "sklearn_pipeline" if pipeline else "sklearn",
                "version": sklearn.__version__,
                "class": dotted(loaded),
                "columns": list(getattr(loaded, "feature_names_in_", [])),
                "features": loaded.n_features_in_,
                "methods": [
                    method for method in ("predict", "predict_proba") if hasattr(loaded, method)
                ],
                "requirements": [f"scikit-learn=={sklearn.__version__}"],
            },
        )


def boosted_models(folder: Path):
    import lightgbm
    import xgboost

    table, answers = data()
    small = {"n_estimators": 2, "max_depth": 2}
    models = {
        "made-lightgbm.pkl": lightgbm.LGBMClassifier(min_child_samples=2, verbose=-1, **small),
        "made-xgboost.pkl": xgboost.XGBClassifier(**small),
    }
    for name, model in models.items():
        model.fit(table, answers)
        (folder / name).write_bytes(pickle.dumps(model))
        yield (
            name,
            {
                "framework": type(model).__module__.partition(".")[0],
                "class": dotted(model),
                "columns": list(table.columns),
                "features": 3,
            },
        )


def onnx_models(folder: Path):
    import onnx
    from onnx import TensorProto, helper

    taken = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["many", 3])
    given = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["many", 2])
    weights = helper.make_tensor("w", TensorProto.FLOAT, [3, 2], [0.5] * 6)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["rows", "w"], ["scores"])], "line", [taken], [given], [weights]
    )
    opset = [helper.make_opsetid("", 17)]
    made = helper.make_model(
        graph, producer_name="tests", producer_version="1", opset_imports=opset
    )
    onnx.checker.check_model(made)
    onnx.save(made, folder / "made-line.onnx")
    loaded = onnx.load(folder / "made-line.onnx")

    def typed(values):
        found = []
        for one in values:
            tensor = one.type.tensor_type
            sizes = [each.dim_value or None for each in tensor.shape.dim]
            name = helper.tensor_dtype_to_np_dtype(tensor.elem_type).name
            found.append([one.name, sizes, name])
        return found

    yield (
        "made-line.onnx",
        {
            "framework": "onnx",
            "inputs": typed(loaded.graph.input),
            "outputs": [row[1:] for row in typed(loaded.graph.output)],
            "opset": str(loaded.opset_import[0].version),
            "producer": f"{loaded.producer_name} {loaded.producer_version}",
        },
    )


def tensor_models(folder: Path):
    import numpy as np
    from safetensors import safe_open
    from safetensors.numpy import save_file

    path = folder / "made-weights.safetensors"
    arrays = {"a.weight": np.ones((2, 3), np.float32), "b": np.arange(4, dtype=np.int64)}
    save_file(arrays, path, metadata={"format": "np"})
    with safe_open(path, "np") as file:
        tensors = [
            [name, file.get_slice(name).get_dtype(), file.get_slice(name).get_shape()]
            for name in sorted(file.keys())
        ]
    yield path.name, {"format": "safetensors", "tensors": tensors}


def torch_models(folder: Path):
    import torch

    class Line(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(3, 2)

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            return self.layer(rows)

    line = Line()
    weights = folder / "made-weights.pt"
    torch.save(line.state_dict(), weights)
    loaded = torch.load(weights, weights_only=True)
    tensors = [[name, str(one.dtype), list(one.shape)] for name, one in sorted(loaded.items())]
    yield weights.name, {"framework": "torch", "tensors": tensors}
    whole = folder / "made-layer.pt"
    torch.save(line.layer, whole)
    yield whole.name, {"framework": "torch", "class": dotted(line.layer)}
    script = folder / "made-script.pt"
    torch.jit.script(line).save(script)
    yield script.name, {"framework": "torch", "format": "torchscript"}


def gguf_models(folder: Path):
    import numpy as np
    from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, quants

    path = folder / "made-tiny.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(128)
    writer.add_file_type(7)
    writer.add_array("tokenizer.ggml.tokens", [f"t{number}" for number in range(40)])
    rows = np.ones((4, 64), np.float32)
    writer.add_tensor("a", rows)
    for kind in (GGMLQuantizationType.Q8_0, GGMLQuantizationType.Q4_0):
        writer.add_tensor(kind.name, quants.quantize(rows, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    reader = GGUFReader(path)
    # The library has the fastest dimension first.
    tensors = [
        [one.name, one.tensor_type.name, [int(size) for size in one.shape[::-1]]]
        for one in sorted(reader.tensors, key=lambda one: one.name)
    ]
    length = reader.fields["llama.context_length"].contents()
    yield path.name, {"framework": "gguf", "tensors": tensors, "context length": str(length)}


MAKERS = (
    sklearn_models, boosted_models, onnx_models, tensor_models, torch_models, gguf_models,
)  # fmt: skip


if __name__ == "__main__":
    tell(MAKERS)
