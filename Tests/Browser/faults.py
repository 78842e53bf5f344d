"""What is wrong with texts of pictures: as it is known, in faults.txt, and as it is found."""

import sys
from collections import Counter, defaultdict
from pathlib import Path

from harness import SHOTS, check

LIST = Path(__file__).parent / "faults.txt"
KINDS = ("overlap", "cut", "small")
HEAD = "# What is wrong with texts of pictures today: how often in which picture of a layer. It may only shrink.\n"
# Texts of a picture, and pictures of one sort with one kind of fault: as much as anybody looks at.
SHOWN, EXAMPLES = 6, 3


def read(text):
    """`layer: picture kind count, picture kind count, …`, a line for each layer."""
    known = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            layer, _, entries = line.rpartition(": ")
            for entry in entries.split(", "):
                picture, kind, count = entry.rsplit(" ", 2)
                known[layer, picture, kind] = int(count)
    return known


def written(known):
    lines = defaultdict(list)
    for (layer, picture, kind), count in sorted(known.items()):
        lines[layer].append(f"{picture} {kind} {count}")
    return HEAD + "".join(f"{layer}: {', '.join(entries)}\n" for layer, entries in sorted(lines.items()))


def shrunk(known, found):
    """What is left of a list."""
    return {key: left for key, count in known.items() if (left := min(count, found[key]))}


class Faults:
    """All that is found in a run. What is not known is told at once; --anew makes it known."""

    def __init__(self, options):
        unknown = set(options) - {"--remove", "--anew"}
        check(not unknown, f"expected --remove or --anew, given {' '.join(unknown)}")
        self.known = read(LIST.read_text() if LIST.exists() else "")
        self.options, self.examples = options, Counter()
        self.found, self.pictures, self.texts = Counter(), Counter(), Counter()

    def measure(self, page, layer, picture, selector):
        texts, faults = page.evaluate(f"adjointMeasure(document.querySelector('{selector}'))")
        check(texts > 0, f"{layer}: {picture}: no text is seen")
        self.pictures[picture] += 1
        self.texts[picture] += texts
        by_kind = defaultdict(list)
        for kind, *fault in faults:
            by_kind[kind].append(fault)
        for kind, each in by_kind.items():
            key = (layer, picture, kind)
            self.found[key] = len(each)
            if len(each) > self.known.get(key, 0) and "--anew" not in self.options:
                self.tell(page, key, each, selector)

    def tell(self, page, key, faults, selector):
        check(False, f"{': '.join(key)} {len(faults)}, of which {self.known.get(key, 0)} are known")
        self.examples[key[1:]] += 1
        if self.examples[key[1:]] <= EXAMPLES:
            for text, what, x, y in faults[:SHOWN]:
                print(f"    “{text}” at {x},{y}: {what}")
            name = "".join(letter if letter.isalnum() else "-" for letter in "-".join(key))
            page.locator(selector).screenshot(path=Path(SHOTS) / f"{name}.png")

    def compare(self):
        """The list is exact: what is cured leaves it."""
        if "--anew" in self.options:
            LIST.write_text(written(self.found))
        elif "--remove" in self.options:
            LIST.write_text(written(shrunk(self.known, self.found)))
        else:
            for key, count in self.known.items():
                if self.found[key] < count:
                    check(False, f"{': '.join(key)} {self.found[key]}, and {count} in {LIST.name}: cured; "
                          "`Scripts/test-page pictures --remove` takes it out")

    def summary(self):
        print(f"{'picture':24}{'drawn':>7}{'texts':>9}" + "".join(f"{kind:>9}   in" for kind in KINDS))
        for picture in self.pictures:
            row = f"{picture:24}{self.pictures[picture]:7}{self.texts[picture]:9}"
            for kind in KINDS:
                counts = [count for (_, *rest), count in self.found.items() if rest == [picture, kind]]
                row += f"{sum(counts):9}{len(counts):5}"
            print(row)
