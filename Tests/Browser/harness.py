"""What all tests of the page in a real browser share; its arguments are PAGE CHROMIUM NATIVE_BODIES SCREENSHOTS."""

import sys
from pathlib import Path

PAGE, CHROMIUM, BODIES, SHOTS = sys.argv[1:5]
ADDRESS = Path(PAGE).resolve().as_uri()
failures = []
timings = {}


def check(truth, what):
    if not truth:
        failures.append(what)
        print("FAILED:", what)


def opened(context, link=""):
    page = context.new_page()
    page.on("console", lambda m: check(m.type not in ("error", "warning"), f"#{link}: console: {m.text}"))
    page.on("pageerror", lambda e: check(False, f"#{link}: {e}"))
    page.on("request", lambda r: check(r.url.startswith(("file:", "data:", "blob:")), f"#{link}: asked for {r.url}"))
    page.goto(ADDRESS + ("#" + link if link else ""))
    page.wait_for_function("document.documentElement.dataset.ready", timeout=30000)
    return page


def name(page, cell):
    return page.locator(f"#{cell}").get_attribute("aria-label")


def number_in(text):
    """The number in a cell's name, `V5 = 5, term 4: …`."""
    return float(text.split(" = ")[1].split(",")[0].replace("−", "-").replace("·10^", "e"))


def number_of(page, cell):
    return number_in(name(page, cell))


def classes(page, cell):
    return page.locator(f"#{cell}").get_attribute("class").split()


def hash_of(page):
    """As the page has it: the driver learns of it later."""
    return page.evaluate("location.hash.slice(1)")
