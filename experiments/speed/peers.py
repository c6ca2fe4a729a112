"""fastText and Vowpal Wabbit on the same statements; run by an interpreter that has them, one answer a line.

Reads {"train": [texts, labels], "valid": [texts, labels], "sample": texts} from a file; then, for each line on
standard input, scores the sample once with each peer and prints {name: statements a second}; F1 goes first.
With the name of a peer, trains and scores that one alone and prints the peak of memory in MiB.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from sklearn.metrics import f1_score


def line_of(text):
    return " ".join(text.split())


def fasttext_peer(train, **settings):
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        rows = zip(*train, strict=True)
        path.write_text(
            "\n".join(f"__label__{label} {line_of(text)}" for text, label in rows), encoding="utf-8"
        )
        model = fasttext.train_supervised(str(path), wordNgrams=2, epoch=10, thread=1, verbose=0, **settings)
    return lambda texts: [
        labels[0].removeprefix("__label__") for labels in model.predict([line_of(t) for t in texts])[0]
    ]


def vowpal_peer(train):
    from vowpalwabbit import Workspace

    def example(text):
        return "| " + line_of(text).replace(":", " ").replace("|", " ")

    vw = Workspace("--ngram 2 --loss_function logistic -b 20 --quiet")
    for _ in range(5):
        for text, label in zip(*train, strict=True):
            vw.learn(f"{1 if label == 'tense' else -1} {example(text)}")
    return lambda texts: ["tense" if vw.predict(example(text)) > 0 else "cooperative" for text in texts]


def sklearn_peer(train, characters=False):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    vectorizers = [TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)]
    if characters:
        vectorizers += [TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)]
    return make_pipeline(make_union(*vectorizers), LinearSVC(C=0.5)).fit(*train).predict


def print_peak(make, data):
    predict = make(data["train"])
    for start in range(0, len(data["sample"]), 8192):
        predict(data["sample"][start : start + 8192])
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def main(path, only=None):
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    makers = {
        "fastText, words": fasttext_peer,
        "fastText, words + characters": lambda train: fasttext_peer(train, minn=2, maxn=5),
        "Vowpal Wabbit, words": vowpal_peer,
    }
    if only:
        alone = {
            "scikit-learn, words": sklearn_peer,
            "scikit-learn, words + characters": lambda train: sklearn_peer(train, characters=True),
        }
        print_peak({**makers, **alone}[only], data)
        return
    peers = {}
    for name, make in makers.items():
        try:
            peers[name] = make(data["train"])
        except ImportError:
            continue
    texts, labels = data["valid"]
    quality = {name: f1_score(labels, predict(texts), average="macro") for name, predict in peers.items()}
    print(json.dumps(quality), flush=True)
    for _ in sys.stdin:
        rates = {}
        for name, predict in peers.items():
            start = time.process_time()
            predict(data["sample"])
            rates[name] = len(data["sample"]) / (time.process_time() - start)
        print(json.dumps(rates), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
