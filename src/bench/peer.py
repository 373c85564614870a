"""Trains LightGBM on rows that the benchmark wrote, as its own user would: a pandas frame, categories by dtype, the defaults.

Given a file with a request, prints one JSON object with what it took and writes the test rows' predictions, row-major 64-bit floats.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path

import lightgbm
import numpy
import pandas

PREDICTION_SECONDS = 0.5
OBJECTIVES = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}


def read_frame(folder, limit):
    """A folder of columns: numbers as 64-bit floats, text as 32-bit codes into a dictionary, -1 where missing."""
    described = json.loads((Path(folder) / "rows.json").read_text(encoding="utf-8"))
    rows = min(described["rows"], described["rows"] if limit is None else limit)
    columns = {}
    for column in described["columns"]:
        number = column["storage"] == "number"
        values = numpy.fromfile(column["file"], dtype="<f8" if number else "<i4", count=rows)
        columns[column["name"]] = values if number else pandas.Categorical.from_codes(values, categories=column["dictionary"])
    return pandas.DataFrame(columns, copy=False)


def labels_of(frame, contract):
    """The label's column, taken out of the frame; classes by their place in the contract."""
    label = frame.pop(contract["label"])
    if contract["task"] != "multiclass":
        return label.to_numpy()
    return pandas.Categorical(label, categories=contract["classes"]).codes


def peak_mb():
    """The most memory held at once. Under Linux not ru_maxrss, which begins with what the starting process held."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8")).group(1)) / 1024
    maximum = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return maximum / 2**20 if sys.platform == "darwin" else maximum / 1024


def train(request, frame, labels):
    contract = request["contract"]
    options = {"objective": OBJECTIVES[contract["task"]], "num_threads": request["threads"], "seed": request["seed"], "verbose": -1}
    if contract["task"] == "multiclass":
        options["num_class"] = len(contract["classes"])
    return lightgbm.train(options, lightgbm.Dataset(frame, labels), num_boost_round=request["trees"])


def prediction_rate(model, frame):
    """Rows a second: again and again for half a second, so that small tables give a rate, too."""
    start, rows, seconds = time.perf_counter(), 0, 0.0
    while seconds < PREDICTION_SECONDS:
        model.predict(frame)
        rows += len(frame)
        seconds = time.perf_counter() - start
    return rows / seconds


def main(request):
    frame = read_frame(request["train"], request.get("trainRows"))
    labels = labels_of(frame, request["contract"])
    start, before = time.perf_counter(), time.process_time()
    model = train(request, frame, labels)
    seconds, cpu = time.perf_counter() - start, time.process_time() - before
    test = read_frame(request["test"], None)
    labels_of(test, request["contract"])
    numpy.asarray(model.predict(test), dtype="<f8").tofile(request["predictions"])
    rate = prediction_rate(model, test if request["predict"] == "test" else frame)
    print(json.dumps({"version": lightgbm.__version__, "trainRows": len(labels), "trainSeconds": seconds, "trainCpuSeconds": cpu, "predictRowsPerSecond": rate, "peakMb": peak_mb()}))


main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
