"""The question to its end: an error and its target, steps that make it small, one look, undoing, programs to take along."""

import io
import tempfile
from contextlib import redirect_stdout

import numpy

from harness import ADDRESS, check, classes, hash_of, name, number_in, number_of, opened

PROGRAMS = [
    "", "input=5x4&kernel=3x2&stride=2x1&padding=1,0,2,1&channels=2&filters=2&bias=1&V=random.3",
    "input=6x6&kernel=2x2&dilation=2&groups=2&channels=4&filters=2&batch=2&then=tanh",
    "kind=transposed&input=3x3&kernel=3x3&stride=2&padding=1&output-padding=1&channels=2&filters=3&bias=1",
    "kind=max&input=5x5&kernel=3x3&stride=2&padding=1&channels=2&V=whole.3", "kind=average&input=5x4&kernel=2x2&stride=2&V=random.2",
    "input=7&kernel=3&stride=2&padding=1,0&channels=2&filters=2&bias=1", "input=3x4x4&kernel=2x2x2", "kind=max&input=8&kernel=2&stride=2",
    "kind=transposed&input=4&kernel=3&stride=2&padding=1&output-padding=1", "kind=average&input=2x4x4&kernel=2x2x2&stride=2",
]


def error(page):
    return float(page.locator("#error").inner_text().replace("=", "").replace("−", "-"))


def learning(context):
    page = opened(context)
    check(page.locator("#f-T").count() == 0, "there is a target that nobody asked for")
    page.click("#loss")
    check("loss=squares" in hash_of(page) and page.locator("[data-grid=T] [role=gridcell]").count() == 4, "no target")
    check([number_of(page, f"dG-{n}") for n in range(4)] == [number_of(page, f"G-{n}") - number_of(page, f"T-{n}") for n in range(4)], "∂E/∂G is not G − T")
    check(error(page) == 55, f"E is {error(page)}")
    weights = [number_of(page, f"W-{n}") for n in range(4)]
    slopes = [number_of(page, f"dW-{n}") for n in range(4)]
    page.click("#descend")
    moved = [number_of(page, f"W-{n}") for n in range(4)]
    check(all(abs(m - (w - 0.002 * s)) < 1e-3 for m, w, s in zip(moved, weights, slopes)), f"a step leads from {weights} to {moved}")
    check(error(page) < 1, f"after a step E is {error(page)}")
    page.click("#descent")
    page.wait_for_function("document.getElementById('descent').textContent.startsWith('Until')", timeout=8000)
    check(error(page) <= 0.055, f"E stays at {error(page)}")
    check(page.locator(".fall .curve .running").count() == 1, "no curve of E")
    page.fill("#set-rate", "-1")
    page.press("#set-rate", "Enter")
    check(page.locator("#bad-rate").count() == 1, "a rate below 0 is taken")
    page.close()


def programs(context):
    """What NumPy computes is what the page shows."""
    for link in PROGRAMS:
        page = opened(context, link)
        page.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; return true; }; Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.click("#copy-numpy")
        made = {}
        with redirect_stdout(io.StringIO()):
            exec(page.evaluate("window.copied"), made)
        for tensor in ("G", "dV", "dW", "dB"):
            shown = [number_in(text) for text in page.evaluate(f"[...document.querySelectorAll('[data-grid={tensor}] [role=gridcell]')].map(c => c.getAttribute('aria-label'))")]
            if shown:
                check(numpy.allclose(made[tensor].ravel(), shown, rtol=2e-3, atol=1e-3), f"#{link}: NumPy’s {tensor} is {made[tensor].ravel()}, the page’s {shown}")
        page.click("#copy-pytorch")
        compile(page.evaluate("window.copied"), "pytorch", "exec")
        page.click("#share")
        page.click("#share-copy-frame")
        check(page.evaluate("window.copied").startswith(f'<iframe src="{ADDRESS}#'), "the frame has no address")
        page.close()


def undo(context):
    page = opened(context)
    page.click("#V-4")
    page.select_option("#preset", "pool")
    page.go_back()
    page.wait_for_function("location.hash === '#select=V5'")
    check("s" in classes(page, "V-4"), "Back does not bring the layer back")
    page.locator("#V-4").press("Control+z")
    page.wait_for_function("!location.hash")
    check("s" in classes(page, "W-0"), "what was pinned at first does not come back")
    page.close()
    for link, words in {"strid=2": "strid", "input=3x3&kernel=5x5": "5", "show=loud": "loud", "V=a,b": "a,b", "kernel=2x2x2": "2x2x2"}.items():
        page = opened(context, link)
        text = " ".join(page.locator("#controls .bad").all_inner_texts())
        check(words in text, f"#{link}: nothing says what was left out, but “{text}”")
        page.close()


def typing(context):
    page = opened(context)
    page.dblclick("#V-4")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    check(name(page, "V-4").startswith("V5 = 7"), f"a double click makes {name(page, 'V-4')}")
    check("select" not in hash_of(page), f"a double click frees what was pinned: {hash_of(page)}")
    page.close()
    finger = context.browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True)
    page = opened(finger)
    page.tap("#W-1")
    page.tap("#W-1")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    check(name(page, "W-1").startswith("W2 = 4"), f"a finger makes {name(page, 'W-1')}")
    finger.close()


def one_look(browser):
    """Figure and equation are seen together."""
    for width, height in ((1440, 900), (1024, 768)):
        context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
        for link in ("", "loss=squares"):
            page = opened(context, link)
            for part in ("#f-V", "#f-dW", ".equation"):
                box = page.locator(part).bounding_box()
                check(box["y"] >= 0 and box["y"] + box["height"] <= height, f"#{link}: {part} ends at {box['y'] + box['height']:.0f} of {height}")
            page.close()
        if width == 1440:
            page = opened(context, "story=3.2")
            box, band = page.locator("#f-dV").bounding_box(), page.locator(".story").bounding_box()
            check(box["y"] + box["height"] <= band["y"], f"a story covers ∂E/∂V from {band['y']:.0f} px on")
            page.close()
        context.close()
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True)
    page = opened(context)
    for cell in ("V-4", "dW-3"):
        page.locator(f"#{cell}").scroll_into_view_if_needed()
        page.tap(f"#{cell}")
        page.wait_for_timeout(100)
        figure, now = page.locator(f"#{cell}").bounding_box(), page.locator(".now").bounding_box()
        check(0 <= now["y"] <= 844 - 120, f"{cell}: the equation begins at {now['y']:.0f}")
        check(0 <= figure["y"] and figure["y"] + figure["height"] <= now["y"] + 1, f"{cell} lies under the equation")
    context.close()


def framed(context):
    """Notebooks have frames without an address."""
    page = context.new_page()
    page.on("pageerror", lambda e: check(False, f"in a frame: {e}"))
    page.goto(ADDRESS)
    page.wait_for_function("document.documentElement.dataset.ready")
    with open(ADDRESS.removeprefix("file://"), encoding="utf-8") as file:
        text = file.read()
    page.evaluate("(text) => { const frame = document.createElement('iframe'); frame.width = 1000; frame.height = 700; frame.srcdoc = text; document.body.replaceChildren(frame); }", text)
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached", timeout=30000)
    frame.locator("#V-4").click()
    check("s" in frame.locator("#V-4").get_attribute("class").split(), "in a frame a click does not pin")
    page.close()


def passed_on(context):
    """A dialog whose frame is the one that is copied, and a page that is presented."""
    page = opened(context, "input=4x4&kernel=3x3")
    page.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; return true; }; Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.click("#share")
    page.uncheck("#share-controls")
    page.check("#share-strips")
    page.fill("#share-width", "720")
    page.press("#share-width", "Enter")
    page.click("#share-copy-frame")
    code = page.evaluate("window.copied")
    check('width="720"' in code and "controls" in code and "strips" not in code, f"the frame is {code}")
    page.fill("#share-width", "7")
    page.press("#share-width", "Enter")
    check("7" in page.locator(".share .bad").first.inner_text(), "a width of 7 is taken")
    framed = context.new_page()
    with tempfile.NamedTemporaryFile("w", suffix=".html") as file:
        file.write(page.evaluate("window.copied"))
        file.flush()
        framed.goto("file://" + file.name)
    inside = framed.frame_locator("iframe")
    inside.locator("#W-0").wait_for(timeout=20000)
    check(inside.locator("#controls").count() == 0 and inside.locator("#strips").count() == 1, "the frame hides something else")
    framed.close()
    page.click("#share-close")
    check(page.locator(".share").count() == 0, "the dialog does not close")
    page.click("#present")
    check("present=1" in hash_of(page), "the link does not present")
    check(not page.locator("#controls").is_visible() and page.locator("#reading").is_visible(), "a presentation shows fields")
    page.keyboard.press("Escape")
    page.wait_for_function("!location.hash.includes('present')")
    check(page.locator("#controls").is_visible(), "Escape does not end a presentation")
    page.close()
