"""What a reader does with more than a click: draws, opens a picture, exports, prints, embeds."""

import io
import struct
import unicodedata
import xml.dom.minidom
import zlib
from pathlib import Path

from harness import SHOTS, check, classes, hash_of, name, number_of, opened

REGIONS = {
    "header": ".top", "stories": "#stories", "controls": "#controls", "learning": "#learning", "reading": "#reading", "player": "#player",
    "check": "#check", "exercises": "#exercise", "strips": "#strips", "export": "#save-svg",
}


def grey_png(rows):
    """A picture of bytes, as PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def middle(page, cell):
    box = page.locator(f"#{cell}").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn(context):
    page = opened(context, "input=8x8&kernel=3x3")
    page.select_option("#src-V", "draw")
    page.wait_for_function("document.getElementById('V-9').getAttribute('aria-label').startsWith('V10 = 0')")
    # A seven: along the top, then down.
    for number, cell in enumerate((9, 10, 11, 12, 13, 21, 28, 36, 44)):
        page.mouse.move(*middle(page, f"V-{cell}"))
        if number == 0:
            page.mouse.down()
    page.mouse.up()
    ink = [n for n in range(64) if number_of(page, f"V-{n}") == 1]
    check({9, 10, 11, 12, 13, 21, 28, 36, 44} <= set(ink), f"a stroke leaves ink on {ink}")
    check("V=0,0" in hash_of(page), "a drawing is not in the link")
    check(page.locator(".check.differs").count() == 0, "the check fails on a drawing")
    before = name(page, "dW-0")
    page.mouse.move(*middle(page, "V-10"))
    page.mouse.down()
    page.mouse.up()
    check(number_of(page, "V-10") == 0 and name(page, "dW-0") != before, "a stroke that begins on ink does not erase")
    page.close()


def drawn_by_finger(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True)
    page = opened(context, "input=8x8&kernel=3x3")
    page.select_option("#src-V", "draw")
    page.evaluate("document.getElementById('f-V').scrollIntoView()")
    session = context.new_cdp_session(page)
    for number, cell in enumerate((18, 19, 20, 28)):
        x, y = middle(page, f"V-{cell}")
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(50)
    ink = [n for n in range(64) if number_of(page, f"V-{n}") == 1]
    check(ink == [18, 19, 20, 28], f"a finger leaves ink on {ink}")
    context.close()


def own_picture(context):
    page = opened(context, "input=4x4&kernel=2x2")
    rows = [[0, 51, 102, 153], [204, 255, 0, 0], [0, 0, 0, 0], [255, 255, 255, 255]]
    for data, kind in ((grey_png(rows), "image/png"), (b"no picture", "text/plain")):
        with page.expect_file_chooser() as chooser:
            page.select_option("#src-V", "file")
        chooser.value.set_files({"name": "own", "mimeType": kind, "buffer": data})
        page.wait_for_timeout(300)
        found = [number_of(page, f"V-{n}") for n in range(16)]
        check(found == [round(v / 255, 2) for row in rows for v in row], f"own picture: {found}")
        check(page.locator("#cv-V").count() == 0, "a grey picture is seen in colours")
    check(page.locator("#controls .bad").count() == 1, "a file that is no picture leaves no sentence")
    page.close()


def exports(context):
    for link in ("", "input=28x28&kernel=5x5&padding=2&filters=6&V=digit.3&bias=1&then=tanh", "kind=max&input=4x4&kernel=2x2&stride=2"):
        page = opened(context, link)
        with page.expect_download() as download:
            page.click("#save-svg")
        svg = Path(download.value.path()).read_text()
        document = xml.dom.minidom.parseString(svg)
        texts = [t.firstChild.data for t in document.getElementsByTagName("text") if t.firstChild]
        check({"V", "∂E/∂V", "G"} <= set(texts), f"#{link}: the SVG shows {texts[:9]}")
        check(document.getElementsByTagName("desc")[0].firstChild.data.strip(), "the SVG has no words")
        with page.expect_download() as download:
            page.click("#save-png")
        png = Path(download.value.path()).read_bytes()
        width, height = struct.unpack(">II", png[16:24])
        box = [float(n) for n in document.documentElement.getAttribute("viewBox").split()]
        check((width, height) == tuple(2 * round(n) for n in box[2:]), f"#{link}: a PNG of {width}x{height} for {box}")
        # It draws in the browser as a file of its own, and on white where its reader's screen is light.
        (Path(SHOTS) / "exports").mkdir(parents=True, exist_ok=True)
        (Path(SHOTS) / "exports" / f"{len(link)}.png").write_bytes(png)
        (Path(SHOTS) / "exports" / f"{len(link)}.svg").write_text(svg)
        page.close()


# A figure's title and its words; what is higher than a page of A4 within the margins would be cut.
FIGURES = """(() => {
    const title = document.querySelector(".tabs [aria-selected=true]").innerText;
    const views = [...document.querySelectorAll("#strip > .view, #strip .readings > .view")];
    const words = (e) => [...e.querySelectorAll(".c b, h3, h4, .name")].filter((part) => part.checkVisibility()).map((part) => part.textContent.trim()).filter((text) => text);
    const drawn = views.length ? views.map((view) => [view.querySelector("h3").innerText, words(view)]) : [[title, words(document.querySelector("#strip"))]];
    const high = [...document.querySelectorAll(".stage, .now, .bars, .check, .view figure, .flow, .slides, .view tr")].filter((e) => e.checkVisibility())
        .map((e) => [e.className, e.getBoundingClientRect().height]).filter(([, height]) => height > 269 * 96 / 25.4);
    const wide = [...document.querySelectorAll("main *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 60));
    return { title, drawn, high, wide };
})()"""
PRINTED = {
    "select=V5": 3, "strip=flow": 2, "strip=coverage&input=5x5&kernel=3x3&stride=2&padding=1": 3, "strip=network": None,
    "strip=largest&input=28x28&kernel=5x5&filters=6&V=digit.3": None, "input=512x16&kernel=3x3": None, "input=16x512&kernel=3x3&strip=flow": None,
    "input=40x40&kernel=3x3&channels=2&filters=2": None, "input=40x40&kernel=3x3&strip=coverage": None,
    "input=8x8&kernel=3x3&channels=3&filters=4&bias=1&then=relu&loss=squares&zoom=6&cells=both": None, "lang=de&input=36x36&kernel=3x3": None,
}


def papers(context):
    """Each figure stands on a page of its own, whole, whatever the layer."""
    from pypdf import PdfReader

    for link, count in PRINTED.items():
        page = opened(context, link)
        pages = ["".join(unicodedata.normalize("NFKC", sheet.extract_text()).split()) for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
        page.emulate_media(media="print")
        page.set_viewport_size({"width": int(182 * 96 / 25.4), "height": 1016})
        figures = page.evaluate(FIGURES)
        check(not figures["high"] and not figures["wide"], f"#{link}: larger than a page: {figures['high']} {figures['wide'][:3]}")
        check(count in (None, len(pages)), f"#{link}: {len(pages)} printed pages")
        check("∂E/∂V" in pages[0] and figures["title"] not in pages[0], f"#{link}: the drawing is not alone on its page")
        places = []
        for title, words in figures["drawn"]:
            squeezed = ["".join(unicodedata.normalize("NFKC", text).split()) for text in [title] + words]
            places.append([number for number, text in enumerate(pages) if squeezed[0] in text and all(word in text for word in squeezed)])
        check(all(len(place) >= 1 for place in places), f"#{link}: {[title for (title, _), place in zip(figures['drawn'], places) if not place]} is cut")
        check(len({place[0] for place in places if place}) == len(places), f"#{link}: two figures on one page: {places}")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.close()


def prints(context):
    page = opened(context, "select=V5")
    page.emulate_media(media="print")
    for gone in ("#stories", ".player", ".copies", ".tabs [aria-selected=false]", ".source", "#exercise", "#src-V", "#zoom-in", "#lang-de", "#slide-1-play", "#loss"):
        check(not page.locator(gone).first.is_visible(), f"{gone} is printed")
    for kept in ("#stage", ".equation", ".bars", "#strip", ".check"):
        check(page.locator(kept).first.is_visible(), f"{kept} is not printed")
    page.emulate_media(media="screen")
    page.evaluate("location.hash = 'bias=1'")
    page.wait_for_selector("#set-bias:checked")
    page.emulate_media(media="print")
    check(page.locator("#set-bias").evaluate("e => getComputedStyle(e).appearance") == "auto", "paper does not show whether there is a bias")
    page.emulate_media(media="screen")
    page.evaluate("location.hash = 'select=V5'")
    page.wait_for_selector("#V-4.s")
    page.emulate_media(media="print")
    Path(SHOTS).mkdir(parents=True, exist_ok=True)
    page.pdf(path=Path(SHOTS) / "print.pdf", format="A4")
    page.close()


def stillness(browser):
    context = browser.new_context(reduced_motion="reduce", bypass_csp=True)
    page = opened(context, "strip=flow&transpose=1")
    page.wait_for_timeout(400)
    check("term" not in hash_of(page), "it plays by itself")
    moving = page.evaluate("[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration.split(',').some(t => parseFloat(t) > 0)).map(e => e.className)")
    check(not moving, f"with reduced motion these move: {moving[:5]}")
    page.click("#play-play")
    page.wait_for_function("location.hash.includes('term=2')", timeout=4000)
    context.close()


def flags(context):
    for flag, selector in REGIONS.items():
        page = opened(context, "hide=" + flag)
        check(page.locator(selector).count() == 0, f"hide={flag} leaves {selector}")
        for other, shown in REGIONS.items():
            if other != flag and not (flag == "reading" and other == "export"):
                check(page.locator(shown).count() > 0, f"hide={flag} hides {shown} too")
        page.click("#dV-4")
        check("s" in classes(page, "V-4") and f"hide={flag}" in hash_of(page), f"hide={flag}: a click does not pin")
        page.close()
    page = opened(context, "hide=" + ",".join(REGIONS))
    check(page.locator("#stage [role=gridcell]").count() == 34, "nothing is left of the figure")
    page.close()


STORIES = [
    ["stage", "equation", "equation", "bars", "stage"],
    ["stage", "stage", "stage", "stage", "view-r1", "view-r2"],
    ["stage", "equation", "flow", "view-r2", "equation", "view-r1"],
    ["stage", "stage", "view-r1", "stage", "strips", "view-r2"],
    ["stage", "equation", "equation", "learning", "learning", "learning"],
    ["stage", "equation", "equation", "view-r1", "view-r2", "stage"],
    ["stage", "equation", "stage", "equation", "equation"],
    ["stage", "stage", "equation", "bars", "stage"],
    ["equation", "stage", "bars"],
    ["flow", "flow", "flow", "flow", "flow"],
]
# What the steps that answer a story must show, and what not.
ANSWERS = {
    (0, 3): (".equation", ["4"], []),
    (1, 4): ("#view-r1", ["∂G (put 1 zero between) over V", "keep the first 2×2"], ["turn around"]),
    (1, 5): ("#view-r2", ["W (turn around) over ∂G (put 1 zero between", "slide with stride 1"], []),
    (2, 3): ("#view-r2", ["W (turn around) over ∂G (pad 1)"], []),
    (2, 5): ("#view-r1", ["∂G over V"], ["turn around"]),
    (3, 2): ("#view-r1", ["∂G over V (pad 1)"], []),
    (3, 5): ("#view-r2", ["W (turn around) over ∂G"], ["pad"]),
}


def answers(browser):
    for width, height in ((1440, 900), (390, 844)):
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", bypass_csp=True)
        page = opened(context)
        for story, parts in enumerate(STORIES):
            page.click(f"#story-{story}")
            for step, part in enumerate(parts):
                where = f"story {story + 1}.{step + 1} at {width}"
                page.wait_for_timeout(100)
                selector, shown, absent = ANSWERS.get((story, step), (f"#{part}", [], []))
                text = " ".join(page.locator(selector).inner_text().split())
                check(all(words in text for words in shown), f"{where}: {selector} lacks {shown}: {text[:200]}")
                check(not any(words in text for words in absent), f"{where}: {selector} has {absent}: {text[:200]}")
                box, bar = page.locator(f"#{part}").bounding_box(), page.locator(".story").bounding_box()
                # A part that fits is seen whole; of a taller one, what fits.
                seen = min(box["y"] + box["height"], bar["y"]) - max(box["y"], 0)
                check(seen >= min(box["height"], 0.7 * bar["y"]) - 2, f"{where}: of #{part} {seen:.0f} of {box['height']:.0f} px are seen")
                check(page.locator("#story-next").count() == 1, f"{where}: it ends early")
                page.click("#story-next")
        context.close()


def folds(context):
    page = opened(context, "input=28x28&kernel=5x5&filters=6&padding=2&bias=1&then=tanh&V=digit.3")
    terms = page.locator(".equation [data-term]")
    check(terms.count() == 10, f"{terms.count()} terms of a folded sum")
    page.click("#fold")
    check(terms.count() == 676, f"{terms.count()} terms of an open sum")
    check(page.locator(".equation").bounding_box()["height"] < 900, "an open sum pushes the page away")
    check(page.evaluate("document.activeElement.id") == "fold", "the focus is lost where a sum opens")
    page.keyboard.press("Enter")
    check(terms.count() == 10 and page.evaluate("document.activeElement.id") == "fold", "Enter does not fold a sum")
    page.keyboard.press("Enter")
    check(terms.count() == 676 and "terms=all" in hash_of(page), "Enter does not open a sum")
    page.click("#W-3")
    check(terms.count() == 10, "another element's sum begins open")
    page.close()
