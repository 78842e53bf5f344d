"""The page in a real browser: test_page.py PAGE CHROMIUM NATIVE_BODIES SCREENSHOTS."""

import html.parser
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import contrast
import hands
import lessons
import looks
import networks
import once
import views
from harness import ADDRESS, BODIES, CHROMIUM, PAGE, check, classes, failures, hash_of, name, opened, timings
from states import PRESETS, STATES


class Cells(html.parser.HTMLParser):
    """The names of all cells in a body, by id."""

    def __init__(self):
        super().__init__()
        self.names = {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get("role") == "gridcell":
            self.names[attributes["id"]] = attributes["aria-label"]


def native_cells(states):
    out = subprocess.run([BODIES, *states], capture_output=True, check=True).stdout.decode()
    cells = []
    for body in out.split("\x1e")[: len(states)]:
        parser = Cells()
        parser.feed(body)
        cells.append(parser.names)
    return cells


def numbers_are_the_engines(context):
    print("numbers of", len(STATES), "states")
    for link, native in zip(STATES, native_cells(STATES)):
        page = opened(context, link)
        shown = page.evaluate("Object.fromEntries([...document.querySelectorAll('[role=gridcell]')].map(c => [c.id, c.getAttribute('aria-label')]))")
        check(shown.keys() == native.keys(), f"#{link}: other cells than the native engine's")
        for cell, text in shown.items():
            check(text == native.get(cell), f"#{link}: {cell} is “{text}”, natively “{native.get(cell)}”")
        check(not link or page.evaluate("location.hash.slice(1)") == link, f"#{link}: the link became {hash_of(page)}")
        page.close()


def pointer(context):
    page = opened(context)
    check("s" in classes(page, "W-0") and "p" in classes(page, "V-0"), "W1 is not pinned at first")
    page.hover("#W-3")
    page.wait_for_function("document.getElementById('W-3').classList.contains('s')")
    check([c for c in range(9) if "p" in classes(page, f"V-{c}")] == [4, 5, 7, 8], "W4 does not light V5, V6, V8, V9")
    check(page.locator("#V-8").get_attribute("data-n") == "4", "V9 is not window 4 of W4")
    check("∂E/∂G4·V9" in name(page, "V-8"), "a cell's name does not say its term")
    page.mouse.move(2, 2)
    page.wait_for_function("document.getElementById('W-0').classList.contains('s')")
    page.click("#dV-4")
    page.mouse.move(2, 2)
    page.wait_for_timeout(60)
    check("s" in classes(page, "V-4") and "select=V5" in hash_of(page), "a click does not pin")
    check(page.locator(".equation .term").count() > 0, "no terms")
    page.hover(".equation [data-term='1']")
    page.wait_for_function("document.querySelector('.bar.n')")
    check(page.locator(".bar.n").get_attribute("data-term") == "1", "term and bar differ")
    page.keyboard.press("Escape")
    page.wait_for_timeout(60)
    check("select=none" in hash_of(page), "Escape does not free")
    # Dragging a value.
    box = page.locator("#V-0").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 2, steps=6)
    page.mouse.up()
    check(name(page, "V-0") != "V1 = 1", "dragging does not change a value")
    page.close()


def keyboard(context):
    page = opened(context)
    for grid in ("V", "W", "G", "dV", "dW", "dG"):
        stops = page.evaluate(f"document.querySelectorAll('[data-grid={grid}] [tabindex=\"0\"]').length")
        check(stops == 1, f"{grid} has {stops} Tab stops")
    page.focus("#V-0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    check(page.evaluate("document.activeElement.id") == "V-4", "arrows do not lead to V5")
    check("s" in classes(page, "V-4"), "walking to a cell does not show it")
    page.keyboard.press("Enter")
    check("select=V5" in hash_of(page), "Enter does not pin")
    page.keyboard.press("7")
    page.keyboard.type(".5")
    page.keyboard.press("Enter")
    check(name(page, "V-4").startswith("V5 = 7.5"), "typing does not set a value")
    check(page.evaluate("document.activeElement.id") == "V-4", "the focus is lost after typing")
    page.keyboard.press("F2")
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    check(page.locator(".bad").count() == 1 and name(page, "V-4").startswith("V5 = 7.5"), "text for a number is not refused")
    page.focus("#as-symbols")
    page.keyboard.press("ArrowRight")
    check("show=numbers" in hash_of(page), "arrows do not change the notation")
    page.focus("#tab-convolution")
    page.keyboard.press("ArrowRight")
    check("strip=flow" in hash_of(page), "arrows do not change the view")
    page.close()


def touch(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True)
    page = opened(context)
    page.tap("#W-2")
    page.wait_for_function("document.getElementById('W-2').classList.contains('s')")
    check("p" in classes(page, "dG-0"), "a tap does not select")
    page.tap("#play-after")
    check("term=1" in page.evaluate("location.hash"), "a tap does not step")
    context.close()


def fields(context):
    bad = {"input": ["", "abc", "0", "9999999999999999999999", "-3"], "stride": ["0", "1.5"], "kernel": ["5x5", "2x2x2"], "groups": ["2"], "padding": ["1,2"]}
    for field, values in bad.items():
        for value in values:
            page = opened(context)
            if field == "groups":
                page.click("#fields")
            page.fill(f"#set-{field}", value)
            page.press(f"#set-{field}", "Enter")
            check(page.locator(f"#bad-{field}").count() == 1, f"{field} “{value}”: no sentence")
            check(name(page, "dW-0") == "∂E/∂W1 = 4", f"{field} “{value}”: the last good state is gone")
            check(page.locator(f"#set-{field}").input_value() == value, f"{field} “{value}”: what was typed is gone")
            page.close()
    page = opened(context)
    page.fill("#set-input", "4x4")
    page.press("#set-input", "Enter")
    check(page.locator("[data-grid=V] [role=gridcell]").count() == 16, "a larger input has no more cells")
    page.select_option("#preset", "remainder")
    check(page.locator(".warning").count() == 1, "no warning of a remainder")
    for preset, link in PRESETS.items():
        page.select_option("#preset", preset)
        # A link leaves out what is as on the first screen.
        check(set(link.split("&")) - {"input=3x3", "kernel=2x2"} <= set(page.evaluate("location.hash.slice(1)").split("&")), f"preset {preset} has another link")
        check(page.locator("#strip").inner_text() != "", f"preset {preset}: an empty view")
    page.close()


def player(context):
    page = opened(context)
    page.select_option("#speed", "8")
    page.click("#play-play")
    page.wait_for_function("location.hash.includes('term=3')", timeout=4000)
    page.click("#play-play")
    page.fill("#scrub", "2")
    check("term=2" in page.evaluate("location.hash"), "the slider does not set the term")
    check("n" in classes(page, "V-1") and "q" in classes(page, "V-4"), "the window is not shown")
    page.close()
    still = context.browser.new_context(reduced_motion="reduce", bypass_csp=True)
    page = opened(still)
    page.wait_for_timeout(300)
    check("term" not in hash_of(page), "it plays by itself")
    still.close()


def copies(context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(context)
    copied = []
    page.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; return true; }; Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    for form in ("text", "latex", "mathml", "test"):
        page.click(f"#copy-{form}")
        copied.append(page.evaluate("window.copied"))
    check(page.locator("#copied[role=status]").inner_text() == "Copied.", "nothing says that the text is copied")
    check("∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5" in copied[0], f"text: {copied[0]}")
    check("\\frac{\\partial E}{\\partial W_{1}}" in copied[1], f"LaTeX: {copied[1]}")
    check(copied[2].startswith("<math"), f"MathML: {copied[2]}")
    check("#expect(" in copied[3], f"test: {copied[3]}")
    for form, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.click(f"#save-{form}")
        check(Path(download.value.path()).read_bytes().startswith(start), f"no {form}")
    page.close()


def exercises(context):
    page = opened(context, "exercise=1")
    check(page.locator("[data-grid=dW] b", has_text="?").count() == 1, "no cell is hidden")
    page.fill("#answer", "x")
    page.press("#answer", "Enter")
    check(page.locator(".exercise .bad").count() == 1, "text is taken for an answer")
    page.fill("#answer", "-8")
    page.press("#answer", "Enter")
    check("sign" in page.locator(".exercise .bad").inner_text(), "no reason for a wrong sign")
    page.fill("#answer", "8")
    page.press("#answer", "Enter")
    check(page.locator(".exercise .correct").count() == 1, "a right answer is not right")
    page.close()


def stories(context):
    page = opened(context)
    for story in range(page.locator("#stories li").count()):
        page.click(f"#story-{story}")
        steps = int(page.locator(".story .size").inner_text().split("/")[1])
        for _ in range(steps - 1):
            page.click("#story-next")
        check(page.locator(".story").count() == 1, f"story {story} ends early")
        page.click("#story-next")
        check(page.locator(".story").count() == 0, f"story {story} does not end")
    page.close()


def links(context):
    """Numbers at their borders stop nothing; an engine that stops all the same is told of, and another one goes on."""
    for key in ("term", "exercise", "story", "select", "plane-V", "input", "stride"):
        for number in ("-2147483648", "-1", "0", "2147483647", "2147483648", "1e-50", "nan"):
            prefix = "V" if key == "select" else ""
            page = opened(context, f"{key}={prefix}{number}")
            check(page.locator("#stage .c").count() > 0, f"nothing stands on the page of #{key}={number}")
            check(page.locator("#stopped").is_hidden(), f"#{key}={number} stops the engine")
            page.close()
    page = context.new_page()
    page.add_init_script("""
        const make = WebAssembly.instantiate;
        let made = 0;
        WebAssembly.instantiate = async (...given) => {
            const { exports } = await make(...given);
            if (made++ > 0) return { exports };
            let told = 0;
            return { exports: { ...exports, send: (count) => {
                if (told++ > 3) throw new WebAssembly.RuntimeError("unreachable");
                return exports.send(count);
            } } };
        };""")
    page.goto(ADDRESS)
    page.wait_for_function("document.documentElement.dataset.ready", timeout=30000)
    for cell in ("V-0", "V-1", "W-0", "V-2", "V-3"):
        page.click(f"#{cell}")
        page.wait_for_timeout(200)
        # What is done next takes the word away again.
        if page.locator("#stopped").is_visible():
            break
    check(page.locator("#stopped").is_visible(), "nothing is said of an engine that has stopped")
    page.click("#V-4")
    check("select=V5" in hash_of(page), "the new engine does not answer")
    check(page.locator("#stopped").is_hidden(), "what was said of the old engine stays")
    page.close()


def flow(context):
    page = opened(context, "strip=flow")
    page.click("#flow-turn")
    page.wait_for_timeout(700)
    check("back" in page.locator("#flow").get_attribute("class"), "the graph does not turn")
    check(page.locator("#flow-turn[aria-pressed=true]").count() == 1, "the graph is turned and its button is not pressed")
    check(page.locator("#flow .edge.p:not(.gain)").count() == 4, "W1 has other than four edges")
    page.click("#flow-W")
    check(page.locator("#flow .edge.p:not(.gain)").count() == 4, "W1 as a signal has other than four edges")
    page.close()


def gradients(page):
    return page.evaluate("[...document.querySelectorAll('[data-grid=dW] [role=gridcell]')].map(c => c.getAttribute('aria-label').split(', term')[0])")


def training(context):
    page = opened(context, "strip=network")
    for choice, steps in (("small", 60), ("lenet5", 30)):
        page.click(f"#network-{choice}")
        check("random" in page.locator("#learned").inner_text(), f"{choice} does not begin untrained")
        maps = page.locator("#training .layers img, #training .layers image").count()
        before = page.locator(".filters").first.inner_html()
        page.click("#train")
        page.wait_for_function(f"parseInt(document.getElementById('learned').textContent) >= {steps}", timeout=60000)
        page.click("#train")
        check(page.locator(".curve").count() == 1, f"{choice}: no curve of the loss")
        check(maps > 0 and page.locator(".filters").first.inner_html() != before, f"{choice}: the filters stay as they were")
        page.click("#digit-after")
        check(page.locator(".guess .best").count() == 1, "the network takes the digit for nothing")
        for layer in page.locator(".layers button").all():
            layer.click()
            check(page.locator(".check.differs").count() == 0, f"{choice}: {layer.inner_text()} fails its check")
            check(page.locator(".layers .here").count() > 0, f"{choice}: {layer.inner_text()} does not open")
        page.locator(".layers button").first.click()
        page.wait_for_function("Math.abs(document.getElementById('stage').getBoundingClientRect().top) < 40", timeout=4000)
        link, shown = hash_of(page), gradients(page)
        again = opened(context, link)
        check(shown == gradients(again), "the link to the opened layer has other gradients")
        again.close()
    page.close()
    page = opened(context)
    started = time.time()
    page.select_option("#preset", "trained")
    timings["trained preset (s)"] = round(time.time() - started, 2)
    check(page.locator("[data-grid=V] [role=gridcell]").count() == 64, "the trained layer does not open")
    check(page.locator(".check.differs").count() == 0, "the trained layer fails its check")
    check(page.locator("#preset").input_value() == "trained", "the trained layer is one's own")
    for menu in ("V", "W", "dA"):
        if page.locator(f"#src-{menu}").count():
            check(page.locator(f"#src-{menu}").input_value() == "list", f"the numbers of {menu} are not given")
    check(page.locator("#fold").count() == 1, "a sum of 49 terms is not folded")
    page.close()


def large(context):
    page = opened(context, PRESETS["stem"])
    box = page.locator("#px-V").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(100)
    check("V[0,0," in page.locator("#reading").inner_text().replace("\n", "") or "∂" in page.locator("#reading").inner_text(), "a pixel shows nothing")
    page.click("#W-24")
    check("12,544" in page.locator("#reading").inner_text(), "no word of 12,544 windows")
    page.click("#tab-coverage")
    check("9" in page.locator("#strip").inner_text(), "no coverage")
    page.click("#tab-largest")
    check(page.locator("#px-map").count() == 1, "no map of contributions")
    page.close()


def accessibility(context):
    page = opened(context)
    tree = page.locator("#stage").aria_snapshot()
    for words in ("grid", "row", "gridcell", "V5 = 5", "∂E/∂W1 = 4"):
        check(words in tree, f"the accessibility tree lacks {words}")
    for svg in page.locator("svg[role=img]").all():
        check(svg.evaluate("s => [...s.querySelectorAll('title,desc')].every(t => t.textContent.trim())"), "a picture without words")
    unnamed = page.evaluate("[...document.querySelectorAll('button,select,input')].filter(e => !(e.innerText?.trim() || e.getAttribute('aria-label') || e.closest('label')?.innerText.trim())).map(e => e.outerHTML)")
    check(not unnamed, f"without names: {unnamed}")
    page.close()


IN_A_CONTEXT = (
    numbers_are_the_engines, pointer, keyboard, fields, player, copies, exercises, stories, links, flow, training, large, accessibility,
    hands.drawn, hands.own_picture, hands.exports, hands.prints, hands.papers, hands.flags, hands.folds, looks.speed,
    lessons.learning, lessons.programs, lessons.undo, lessons.typing, lessons.framed, lessons.passed_on,
    networks.own_network, networks.dropped, networks.taught, networks.colours, views.picking, views.pixels, views.convolution, views.coverage, views.run, views.cells,
    views.steppers, once.remainders, once.long_links, once.saved_states, once.cropped, once.kept_numbers, once.secrets, once.long_training,
    once.spoken,
)
# With touch, media features or a phone's screen.
IN_A_BROWSER = (
    touch, views.picked_by_finger, hands.drawn_by_finger, hands.stillness, hands.answers, lessons.one_look, views.contrasted, views.magnified, views.signs,
    views.reachable, contrast.contrast, looks.widths, looks.drawings, looks.paper, looks.screenshots, once.long_layers, once.shown_numbers,
)
# What Debian's firefox can do through BiDi: nothing emulated (touch, reduced motion), no double click, no file chosen without a
# click before, no download, no printing, no clock of a renderer.
NOT_IN_FIREFOX = (
    copies, hands.exports, hands.prints, hands.papers, hands.own_picture, looks.speed, accessibility, lessons.typing, views.convolution, views.run,
    once.long_links, once.saved_states, once.cropped, once.kept_numbers, once.secrets,
)
IN_FIREFOX = [test for test in IN_A_CONTEXT if test not in NOT_IN_FIREFOX]


def run(tests, where):
    for test in tests:
        started = time.time()
        test(where)
        print(f"{test.__name__}: {time.time() - started:.1f} s")


with sync_playwright() as playwright:
    size = {"width": 1440, "height": 900}
    if "firefox" in CHROMIUM:
        browser = playwright.firefox.launch(channel="moz-firefox", executable_path=CHROMIUM)
        run(IN_FIREFOX, browser.new_context(viewport=size))
    else:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        run(IN_A_CONTEXT, browser.new_context(viewport=size, bypass_csp=True))
        run(IN_A_BROWSER, browser)
    browser.close()
size = Path(PAGE).stat().st_size
check(size < 2_000_000, f"the page has {size} bytes")
for what, value in timings.items():
    print(what, value)
print(f"page: {size} bytes, {len(failures)} failures")
sys.exit(1 if failures else 0)
