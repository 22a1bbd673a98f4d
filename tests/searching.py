"""Documents to search and queries to ask, any number of them and always the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from random import Random

from sitegen.render.search.documents import card
from sitegen.render.search.fields import FIELDS, Document, Field

# Roots and endings that between them meet every rule of Porter's algorithm.
ROOTS = (
    "adopt", "agre", "allow", "anal", "angul", "array", "bowdl", "cann", "caress", "cat", "ceas",
    "commun", "condit", "conflat", "control", "convey", "cri", "decis", "defens", "delay", "depend",
    "digit", "display", "effect", "electr", "fall", "feed", "feudal", "fil", "fizz", "form", "gyr",
    "hesit", "hiss", "homolog", "hop", "hopp", "hyster", "inf", "irrit", "key", "lightgbm", "model",
    "motor", "oper", "plaster", "play", "pon", "predic", "probat", "radic", "rat", "relat",
    "replac", "revi", "roll", "sensib", "siz", "sky", "survey", "syzyg", "tann", "tri", "trouble",
    "typ", "valenc", "vietnam", "vis", "yield", "yoy", "zyx",
)  # fmt: skip
ENDINGS = (
    "", "s", "es", "ies", "sses", "ss", "ed", "eed", "ing", "y", "ys", "ye", "e", "ee", "l", "ll",
    "ational", "tional", "enci", "anci", "izer", "bli", "abli", "alli", "entli", "eli", "ousli",
    "ization", "ation", "ator", "alism", "iveness", "fulness", "ousness", "aliti", "iviti",
    "biliti", "logi", "icate", "ative", "alize", "iciti", "ical", "ful", "ness", "al", "ance",
    "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize", "ion", "sion", "tion", "ated", "bled", "ized", "tted", "lled", "ssed",
    "zzed", "izing", "ating", "ions", "ments", "ingly", "edly", "ively", "fully", "nesses", "ities",
    "ality", "ivity", "bility", "ology", "ology's", "or", "ors", "ers", "ist", "ists", "ward",
    "wards", "less", "lessness", "ship", "ships", "hood", "like", "likely", "wise", "way", "ways",
    "ification", "ifications", "izations", "ability", "abilities", "ically", "ousnesses", "isms",
    "eth", "ily", "ier", "iest", "ying", "yed", "yer", "yers", "ey", "eys", "ay", "ays", "oy",
    "oys", "uy", "aying", "ayed", "eying", "eyed", "edness", "ingness", "edes", "ening", "ened",
    "ens", "ures", "ure", "uring", "ured", "ages", "age", "aged", "aging", "ette", "ettes", "esque",
    "oid", "oids", "ose", "oses", "ular", "ulate", "ulated", "ulating", "ulation", "ulator", "elle",
    "elled", "elling", "eller", "arian", "arians", "ician", "icians", "ified", "ifying", "ifies",
    "ify", "escent", "escence", "atory", "atories", "ery", "eries", "ary", "aries", "ory", "ories",
    "th", "ths", "ward's", "x", "xes", "w", "wed", "wing", "yx", "yw", "iy", "aa", "ea", "eau",
)  # fmt: skip
STOP_WORDS = ("the", "of", "and", "to", "a", "in", "is", "for", "that", "with", "as", "it", "be")
FRAMEWORKS = ("lightgbm", "sklearn", "xgboost", "catboost", "torch", "keras", "onnx", "callable")
STAGES = ("prod", "staging", "dev", "canary")


def made_words() -> list[str]:
    """Over 15,000 words, sorted."""
    found = [root + ending for root, ending in product(ROOTS, ENDINGS)]
    return sorted({*found, *(f"y{word}" for word in found[::40]), *(f"re{w}" for w in found[::3])})


class Writer:
    """Writes texts in which few words are frequent and most are rare, as in any language."""

    def __init__(self, seed: int = 1) -> None:
        self.random = Random(seed)
        self.words = made_words()
        Random(0).shuffle(self.words)
        self._often = list(accumulate(1 / (place + 3) ** 0.95 for place in range(len(self.words))))

    def text(self, least: int, most: int) -> str:
        chosen = self.random.choices(
            self.words, cum_weights=self._often, k=self.random.randint(least, most)
        )
        parts = []
        for at, word in enumerate(chosen):
            if at % 3 == 0:
                parts.append(STOP_WORDS[at % len(STOP_WORDS)])
            parts.append(word)
        return " ".join(parts)


def documents(count: int, words: int = 150, seed: int = 1) -> Iterator[Document]:
    """Models with cards of about so many words."""
    writer = Writer(seed)
    random = writer.random
    nouns = writer.words[:400]
    for number in range(count):
        framework = random.choice(FRAMEWORKS)
        name = f"{random.choice(nouns)}-{framework}-{random.choice(nouns)}-{number:05}"
        repo = f"team-{random.randrange(80)}/{random.choice(nouns)}"
        description = writer.text(5, 11)
        labels = random.sample(nouns[:60], random.randint(0, 4))
        stages = random.sample(STAGES, random.choice((0, 0, 1, 1, 2)))
        text = "\n".join(
            (
                f"Model card. Intended use: {writer.text(words // 4, words // 2)}.",
                f"Training data: {writer.text(words // 5, words // 2)}.",
                f"Metrics: f1 {random.random():.4f} roc_auc {random.random():.4f}",
                f"Limits: {writer.text(words // 15, words // 5)}",
            )
        )
        versions = [f"v{1 + i // 3}.{i % 3}.{random.randrange(3)}" for i in range(1 + number % 6)]
        people = [random.randrange(300) for _ in range(random.randint(1, 2))]
        columns = [
            f"{random.choice(nouns)}_{random.choice(nouns)}" for _ in range(random.randint(4, 20))
        ]
        packages = [
            f"{package} {random.randrange(4)}.{random.randrange(9)}.{random.randrange(9)}"
            for package in random.sample(nouns[200:330], random.randint(2, 8))
        ]
        yield Document(
            texts={
                "name": name,
                "repo": repo,
                "description": description,
                "label": "\n".join(labels),
                "framework": framework,
                "stage": "\n".join(stages),
                "version": "\n".join(versions),
                "author": "\n".join(f"{nouns[i % 90]} {nouns[i]}".title() for i in people),
                "type": "model",
                "column": "\n".join(columns),
                "package": "\n".join(packages),
                "text": text,
            },
            card=card(
                name,
                f"models/{repo}/{name}.html",
                where=repo,
                description=description,
                version=versions[-1],
                stages=[(stage, STAGES.index(stage)) for stage in stages],
                framework=framework,
                labels=labels,
            ),
            passage=text,
            numbers={"f1": round(random.random(), 4), "test.roc_auc": round(random.random(), 4)},
            state="deprecated" if number % 17 == 5 else "registered",
        )


def fields_of(found: Sequence[Document]) -> list[Field]:
    return [field for field in FIELDS if any(each.texts.get(field.name) for each in found)]


def queries(count: int, found: Sequence[Document], seed: int = 9) -> list[str]:
    """Queries of every kind in lunr.js's language, of words that mostly stand in the documents."""
    random = Random(seed)
    some = random.sample(found, min(200, len(found)))
    texts = " ".join(text for each in some for text in each.texts.values())
    words = [word.strip(".,:").lower() for word in texts.split()]
    fields = [field.name for field in fields_of(found)]

    def term() -> str:
        word = random.choice(words) or "model"
        # Of a short word's part there is too much in any index.
        kind = random.random() if len(word) > 4 else 1
        if kind < 0.1:
            word = word[: random.randint(3, len(word) - 1)] + "*"
        elif kind < 0.18:
            word = "*" + word[random.randint(0, max(0, len(word) - 3)) :]
        elif kind < 0.25:
            at = random.randint(3, len(word))
            word = f"{word[:at]}*{word[at + random.randint(0, 2) :]}"
        elif kind < 0.28:
            word = f"*{word[1:4]}*"
        elif kind < 0.45:
            word = f"{misspelt(word, random, random.randint(0, 2))}~{random.randint(0, 2)}"
        elif kind < 0.55:
            word += random.choice(("^2", "^10", "^0"))
        scope = f"{random.choice(fields)}:" if random.random() < 0.25 else ""
        return random.choices(("", "+", "-"), (73, 15, 12))[0] + scope + word

    lengths = random.choices((1, 2, 3, 4), (3, 2, 1, 1), k=count)
    return [" ".join(term() for _ in range(length)) for length in lengths]


def misspelt(word: str, random: Random, times: int) -> str:
    letters = list(word)
    for _ in range(times):
        at = random.randrange(len(letters))
        kind = random.choice("mlcs")
        if kind == "m":
            letters.insert(at, random.choice("aeioxyz1"))
        elif kind == "l" and len(letters) > 1:
            del letters[at]
        elif kind == "c":
            letters[at] = random.choice("aeiou")
        elif at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)
