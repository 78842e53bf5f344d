"""Faults that the page once had, each in the steps in which it was met."""

import math
from pathlib import Path

from hands import grey_png
from harness import check, classes, name, number_in, opened
from states import PRESETS


def numbers(page, tensor):
    return [number_in(text) for text in page.evaluate(
        f"[...document.querySelectorAll('[data-grid={tensor}] [role=gridcell]')].map(c => c.getAttribute('aria-label'))")]


def choose(page, data, selector="#src-V"):
    with page.expect_file_chooser() as chooser:
        page.select_option(selector, "file")
    chooser.value.set_files({"name": "own.png", "mimeType": "image/png", "buffer": data})
    page.wait_for_timeout(400)


def remainders(context):
    """What a stride leaves is told where it is pixels, and not where it is padding alone."""
    for link, rows in (("input=4x4&kernel=3x3&stride=2&padding=1", 0), (PRESETS["stem"], 0), ("input=8x8&kernel=2x2&stride=3&padding=0,0,1,1", 0),
                       ("input=6x6&kernel=3x3&stride=2", 1), ("input=9x9&kernel=2x2&stride=5&padding=0,0,1,1", 2)):
        page = opened(context, link)
        told = page.locator(".warning").all_inner_texts()
        check(len(told) == (rows > 0), f"#{link}: {told}")
        check(not told or f"{rows} row" in told[0], f"#{link}: {told}")
        page.close()


def long_links(context):
    """A link of 90,000 letters, and a picture for a layer of 224x224."""
    page = opened(context, "input=150x150&kernel=3x3&V=" + ",".join(["0.5"] * 22500))
    check(page.locator("#px-V").count() == 1 and page.locator("#stopped").is_hidden(), "a long link is not opened")
    page.close()
    page = opened(context, PRESETS["stem"])
    before = page.locator("#W-0").get_attribute("aria-label"), page.locator("#dW-0").get_attribute("aria-label")
    choose(page, grey_png([[(x * y) % 251 for x in range(300)] for y in range(260)]))
    page.wait_for_function("before => document.getElementById('dW-0').getAttribute('aria-label') !== before", arg=before[1], timeout=20000)
    check(page.locator("#controls .bad").count() == 0 and name(page, "W-0") == before[0], "a picture for the stem is refused")
    page.close()


def long_layers(browser):
    """Layers that are long or wide stay within the screen, and stay visible."""
    for width, height in ((1440, 900), (390, 844)):
        context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
        for link in ("input=1x512&kernel=1x3", "input=512x16&kernel=3x3", "input=16x512&kernel=3x3", "input=1x64&kernel=1x3"):
            page = opened(context, link)
            where = f"#{link} at {width}"
            check(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{where} is wider than the screen")
            box = page.locator("#f-V :is(.painted, .cells)").first.bounding_box()
            check(6 <= box["height"] <= 1300, f"{where}: V is {box['height']:.0f} px high")
            if width == 1440:
                pan, now = page.locator("#pan").bounding_box(), page.locator(".now").bounding_box()
                check(pan["x"] + pan["width"] <= now["x"] + 1, f"{where}: the drawing lies under the equation")
            page.close()
        context.close()


def saved_states(context):
    """A picture and a copy show the equation as the page does."""
    found = []
    for show in ("symbols", "numbers", "values"):
        page = opened(context, f"input=5x5&kernel=3x3&stride=2&padding=1&select=W5&show={show}")
        page.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; return true; }; Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.click("#copy-latex")
        with page.expect_download() as download:
            page.click("#save-svg")
        found.append((page.evaluate("window.copied"), Path(download.value.path()).read_text()))
        page.close()
    check(len({latex for latex, _ in found}) == 3 and len({svg for _, svg in found}) == 3, "what is shown is not what is saved")


def shown_numbers(browser):
    """A larger screen shows no fewer numbers than a smaller one."""
    for link in ("input=4x4&kernel=2x2&filters=2&then=relu", "input=10x10&kernel=3x3", "input=5x5&kernel=3x3&channels=2&filters=2"):
        counts = []
        for width in (1024, 1440):
            context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
            page = opened(context, link)
            counts.append(page.evaluate("[...document.querySelectorAll('#stage .c b')].filter((b) => b.checkVisibility()).length"))
            context.close()
        check(counts[1] >= counts[0] > 0, f"#{link}: {counts[0]} numbers at 1024 px, {counts[1]} at 1440")


def cropped(context):
    """A wide picture is cropped: its circle stays round."""
    circle = [[255 if math.hypot(x - 319.5, y - 79.5) < 60 else 0 for x in range(640)] for y in range(160)]
    page = opened(context, "input=16x16&kernel=3x3")
    choose(page, grey_png(circle))
    v = numbers(page, "V")
    rows = [v[16 * n:16 * n + 16] for n in range(16)]
    check(sum(v) > 50 and all(abs(rows[i][j] - rows[j][i]) < 0.05 for i in range(16) for j in range(16)), "a circle is squashed")
    page.close()


def kept_numbers(context):
    """A story gives back what was typed, closes by its button and by Escape, and Back stays on the page."""
    page = opened(context)
    page.dblclick("#V-0")
    page.keyboard.type("42")
    page.keyboard.press("Enter")
    for close in ("button", "key"):
        page.click("#story-0")
        check(page.locator(".story").count() == 1, "no story begins")
        if close == "button":
            page.click("#story-close")
        else:
            page.keyboard.press("Escape")
        page.wait_for_function("!document.querySelector('.story')")
        check(name(page, "V-0").startswith("V1 = 42"), f"after a story closed by a {close}: {name(page, 'V-0')}")
        check("s" in classes(page, "W-0"), f"closing a story by a {close} unpins")
    page.go_back()
    page.wait_for_timeout(200)
    check(page.locator("#stage .c").count() > 0, "Back leaves the page")
    page.close()


def secrets(context):
    """Nothing on the page, nor in what it saves, tells what an exercise asks for; none asks for a sum that nobody adds."""
    page = opened(context, "exercise=1")
    cell = page.evaluate("[...document.querySelectorAll('[data-grid] .c')].find((c) => c.querySelector('b')?.textContent === '?').id")
    page.click(f"#{cell}")
    page.locator(".check summary").click()
    check("Moving" not in page.locator(".check").inner_text(), "the check tells what is asked")
    page.click("#G-0")
    with page.expect_download() as download:
        page.click("#save-svg")
    check(">?<" in Path(download.value.path()).read_text(), "a picture tells what is asked")
    page.close()
    questions = set()
    for number in range(1, 9):
        page = opened(context, f"exercise={number}")
        questions.add(page.locator(".exercise h3").inner_text() + str(numbers(page, "V")))
        page.close()
    check(len(questions) == 8, f"of 8 exercises {len(questions)} differ")
    page = opened(context, PRESETS["stem"])
    check(page.locator("#exercise-start").count() == 0 and page.locator("#pixels-start").count() == 0, "an exercise asks for a sum of 12,544 terms")
    page.close()


def long_training(context):
    """A training goes on until it is stopped, and waits while another network is looked at."""
    steps = "parseInt(document.getElementById('learned').textContent) || 0"
    page = opened(context, "strip=network")
    page.click("#train")
    page.wait_for_function(f"({steps}) >= 480", timeout=120000)
    before = page.evaluate(steps)
    page.wait_for_function(f"({steps}) > {before}", timeout=20000)
    page.click("#train")
    page.wait_for_timeout(300)
    before = page.evaluate(steps)
    page.click("#network-lenet5")
    page.wait_for_timeout(200)
    page.click("#network-small")
    page.wait_for_timeout(200)
    check(page.evaluate(steps) == before, f"another network throws {before} steps away, and {page.evaluate(steps)} are left")
    page.close()


def spoken(context):
    """Cells say their terms from the first, the pinned one that it is, and steps are announced."""
    page = opened(context)
    check("term 4" in name(page, "V-4"), f"V5 is “{name(page, 'V-4')}” at first")
    selected = "[...document.querySelectorAll('#stage .c[aria-selected=true]')].map((cell) => cell.id)"
    check(page.evaluate(selected) == ["W-0", "dW-0"], f"selected at first: {page.evaluate(selected)}")
    page.click("#V-4")
    check(page.evaluate(selected) == ["V-4", "dV-4"], f"selected after a click: {page.evaluate(selected)}")
    page.focus("#play-after")
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('said').textContent.startsWith('Term 1 of 4')")
    labels = page.evaluate("[...document.querySelectorAll('select')].map((s) => s.getAttribute('aria-label') ?? '')")
    check(not any("dG" in label for label in labels), f"menus are called {labels}")
    page.close()
    page = opened(context, PRESETS["stem"])
    silent = page.evaluate("[...document.querySelectorAll('[data-pixels]')].filter((e) => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby'))).length")
    check(silent == 0, f"{silent} planes of pixels have no name")
    empty = page.evaluate("[...document.querySelectorAll('th')].filter((e) => !e.textContent.trim()).length")
    check(empty == 0, f"{empty} heads of tables are empty")
    page.close()
