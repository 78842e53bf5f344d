"""What is wrong with texts of pictures: nothing may be."""

from collections import Counter, defaultdict
from pathlib import Path

from harness import SHOTS, check

KINDS = ("overlap", "cut", "small")
# Texts of a picture, and pictures of one sort with one kind of fault: as much as anybody looks at.
SHOWN, EXAMPLES = 6, 3


class Faults:
    """All that is found in a run."""

    def __init__(self):
        self.examples, self.found, self.pictures, self.texts = Counter(), Counter(), Counter(), Counter()

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
            self.tell(page, key, each, selector)

    def tell(self, page, key, faults, selector):
        check(False, f"{': '.join(key)} {len(faults)}")
        self.examples[key[1:]] += 1
        if self.examples[key[1:]] <= EXAMPLES:
            for text, what, x, y in faults[:SHOWN]:
                print(f"    “{text}” at {x},{y}: {what}")
            name = "".join(letter if letter.isalnum() else "-" for letter in "-".join(key))
            page.locator(selector).screenshot(path=Path(SHOTS) / f"{name}.png")

    def summary(self):
        print(f"{'picture':24}{'drawn':>7}{'texts':>9}" + "".join(f"{kind:>9}   in" for kind in KINDS))
        for picture in self.pictures:
            row = f"{picture:24}{self.pictures[picture]:7}{self.texts[picture]:9}"
            for kind in KINDS:
                counts = [count for (_, *rest), count in self.found.items() if rest == [picture, kind]]
                row += f"{sum(counts):9}{len(counts):5}"
            print(row)
