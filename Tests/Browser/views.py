"""The wider views answer to the pointer, and move when they are asked."""

from harness import check, classes, hash_of, name, opened


def lit(page, prefix, count, mark):
    return [n for n in range(count) if mark in classes(page, f"{prefix}-{n}")]


def texts(page, selector):
    return [text.strip() for text in page.locator(selector).all_text_contents()]


def signs(browser):
    """A sign stands beside what it leads to wherever both have room in a line, however narrow the screen."""
    for width in (1440, 1024, 600, 390, 360):
        context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
        page = opened(context, "input=5x5&kernel=3x3&stride=2&padding=1")
        count, apart = page.evaluate("""(() => {
            const steps = [...document.querySelectorAll(".slides .step")];
            return [steps.length, steps.filter((step) => {
                const sign = step.getBoundingClientRect(), stop = step.nextElementSibling.getBoundingClientRect();
                const hasRoom = sign.width + stop.width + 17 <= step.closest(".slides").clientWidth;
                return hasRoom && (stop.left < sign.right - 1 || sign.top > stop.bottom || sign.bottom < stop.top);
            }).length];
        })()""")
        check(count == 9 and apart == 0, f"at {width} px {apart} of {count} signs stand apart from what they lead to")
        context.close()


def convolution(context):
    page = opened(context)
    still = page.locator("#frame-1").bounding_box()
    page.wait_for_timeout(1200)
    check(page.locator("#frame-1").bounding_box() == still and not hash_of(page), "a window slides unasked")
    check(page.locator("#frame-2").evaluate("e => getComputedStyle(e).opacity") == "0", "a window lies where nothing is looked at")
    # W4 stands first in the filter that is turned round.
    page.hover("#r2f1-0")
    page.wait_for_function("document.getElementById('W-3').classList.contains('s')")
    check(lit(page, "r1p0", 9, "p") == [4, 5, 7, 8], f"W4 lights {lit(page, 'r1p0', 9, 'p')} of V")
    check(page.locator("#met-2 [data-term]").count() == 8 and "=8" in "".join(texts(page, "#met-2")), f"no equation of W4: {texts(page, '#met-2')}")
    page.wait_for_timeout(500)
    frame, cell = page.locator("#frame-1").bounding_box(), page.locator("#r1p0-4").bounding_box()
    check(abs(frame["x"] - cell["x"]) < 3 and abs(frame["y"] - cell["y"]) < 3 and abs(frame["width"] - 2 * cell["width"]) < 6, "the window of W4 is not over V5, V6, V8, V9")
    page.mouse.move(2, 2)
    page.focus("#r1p0-0")
    page.keyboard.press("ArrowRight")
    check(page.evaluate("document.activeElement.id") == "r1p0-1" and "s" in classes(page, "V-1"), "arrows do not lead through a plane")
    page.keyboard.press("Enter")
    check("select=V2" in hash_of(page), "Enter does not pin")
    page.select_option("#speed", "8")
    page.click("#slide-2-play")
    page.wait_for_function("location.hash === '#select=V9'", timeout=8000)
    page.wait_for_function("document.getElementById('slide-2-play').textContent === '▶'", timeout=4000)
    check(page.locator("#slide-2 output").inner_text() == "9 of 9", "the window does not end at its last place")
    shown, known = texts(page, ".slides [id^=r1r] b"), [name(page, f"dW-{n}").split(" = ")[1] for n in range(4)]
    check(shown == known, f"∂W in cells is {shown}, on the layer {known}")
    page.close()
    calm = context.browser.new_context(reduced_motion="reduce", bypass_csp=True)
    page = opened(calm)
    page.click("#slide-1-after")
    check(page.locator("#frame-1").evaluate("e => getComputedStyle(e).transitionDuration") == "0s", "with reduced motion the window glides")
    check("select=W2" in hash_of(page), "a step does not lead on")
    calm.close()


def coverage(context):
    page = opened(context, "strip=coverage&input=5x5&kernel=3x3&stride=2&padding=1")
    check(texts(page, "#strip .counts b") == ["1", "2", "1", "2", "1", "2", "4", "2", "4", "2", "1", "2", "1", "2", "1", "2", "4", "2", "4", "2", "1", "2", "1", "2", "1"], "other counts of windows")
    page.hover("#k-6")
    page.wait_for_function("document.getElementById('V-6').classList.contains('s')")
    frames = [frame.bounding_box() for frame in page.locator("#over i").all()]
    cell = page.locator("#k-6").bounding_box()
    inside = [f for f in frames if f["x"] < cell["x"] + 20 < f["x"] + f["width"] and f["y"] < cell["y"] + 20 < f["y"] + f["height"]]
    check(len(frames) == 4 and len(inside) == 4, f"{len(inside)} of {len(frames)} windows lie over V7")
    check(page.locator("#met-1 [data-term]").count() == 8, "the sum of V7 does not stand below")
    page.close()


def run(context):
    """Numbers run along the edges of the flow graph, there and back."""
    page = opened(context, "strip=flow&select=none")
    page.wait_for_timeout(1000)
    check(page.locator(".token").count() == 0 and "select=none" in hash_of(page), "numbers run unasked")
    page.click("#run-after")
    check(texts(page, ".token text") == ["1", "1", "2", "0", "4", "−4", "5", "10"], f"G1 is made of {texts(page, '.token text')}")
    check(page.locator(".token.run").first.evaluate("e => e.getAnimations().length") == 1, "what arrives does not run")
    check("back" not in page.locator("#flow").get_attribute("class"), "the way there is the way back")
    page.click("#run-before")
    check("back" in page.locator("#flow").get_attribute("class") and "select=V9" in hash_of(page), "the last step is not the way back to V9")
    page.wait_for_timeout(800)
    page.hover("[data-node=V-4] .reach", force=True)
    page.wait_for_function("document.getElementById('V-4').classList.contains('s')")
    sums = " ".join(texts(page, "#strip .met")).replace("\n", "")
    check("=5" in sums.replace(" ", "") and "=3" in sums.replace(" ", ""), f"V5 has no value and gradient: {sums}")
    check(page.locator(".token.run").count() == 0, "what one points at runs")
    boxes = [t.bounding_box() for t in page.locator(".token").all()]
    over = [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"]) > 2 and min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"]) > 2]
    check(not over, f"numbers of V5 lie over each other: {over[:1]}")
    page.close()
    calm = context.browser.new_context(reduced_motion="reduce", bypass_csp=True)
    page = opened(calm, "strip=flow")
    page.click("#run-after")
    check(page.locator(".token").count() == 8 and page.locator(".token.run").first.evaluate("e => e.getAnimations().length") == 0, "with reduced motion numbers run")
    calm.close()


def cells(context):
    """Numbers, colours or both, in cells of any size."""
    page = opened(context, "input=4x4&filters=2")
    check(page.locator("#stage .cells.tones").count() == 0, "two filters show no numbers")
    page.click("#cells-both")
    check("cells=both" in hash_of(page) and page.locator("#stage .legend").count() == 6, "colours have no legend")
    # Colours fade in.
    page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
    shown = page.evaluate("[...document.querySelectorAll('[data-grid=dV] .c')].map(c => [c.getAttribute('aria-label').split(' = ')[1], getComputedStyle(c).backgroundColor])")
    largest = max(abs(float(text.split(",")[0].replace("−", "-"))) for text, _ in shown)
    end = page.locator("#f-dV .legend span").last.inner_text()
    check(abs(float(end) - largest) < 0.01 * largest, f"the scale ends at {end}, the largest is {largest}")
    check(len({color for _, color in shown}) > 8, "numbers of all sizes have the same colour")
    before = page.locator("#V-0").bounding_box()["width"]
    for _ in range(6):
        page.click("#zoom-in")
    after = page.locator("#V-0").bounding_box()["width"]
    check(3.4 < after / before < 4.2 and "zoom=6" in hash_of(page), f"cells grow from {before} to {after}")
    check(page.locator("#zoom-in").is_disabled() and page.locator("#pan").get_attribute("tabindex") == "0", "a wide drawing is not walked to")
    check(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a zoomed drawing is wider than the screen")
    page.focus("#pan")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    check(page.evaluate("document.getElementById('pan').scrollLeft > 0"), "a zoomed drawing does not scroll by keyboard")
    again = opened(context, hash_of(page))
    check(again.locator("#V-0").bounding_box()["width"] == after, "the link has other cells")
    again.close()
    page.close()


def steppers(context):
    page = opened(context)
    page.focus("#set-stride")
    page.keyboard.press("ArrowUp")
    check("stride=2" in hash_of(page) and page.locator("#set-stride").input_value() == "2", "ArrowUp does not make the stride larger")
    check(page.evaluate("document.activeElement.id") == "set-stride", "the focus is lost where a number is stepped")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    check(page.locator("#set-stride").input_value() == "1" and page.locator(".bad").count() == 0, "ArrowDown goes beyond the limit")
    page.fill("#set-input", "6x5")
    page.press("#set-input", "ArrowUp")
    check("input=7x6" in hash_of(page), f"what was typed is not stepped: {hash_of(page)}")
    page.close()


HELD = """[...document.querySelectorAll('.cells.tones .c')].map(c => [c.getBoundingClientRect().width, c.querySelector('b')?.checkVisibility() ?? false,
    getComputedStyle(c).backgroundColor, c.getAttribute('aria-label')])"""


def contrasted(browser):
    """A screen with forced colours has numbers where they fit, and tones elsewhere."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, forced_colors="active", bypass_csp=True)
    for link, has_numbers in (("input=8x8&kernel=3x3&cells=colours", True), ("input=28x28&kernel=5x5&V=digit.3", False)):
        page = opened(context, link)
        found = page.evaluate(HELD)
        check(found, f"#{link} has no coloured cells")
        if has_numbers:
            check(all(shown for width, shown, _, _ in found if width >= 22), f"#{link}: cells are empty")
        else:
            check(len({color for _, shown, color, _ in found if not shown}) > 3, f"#{link}: cells have lost their tones")
            framed = page.evaluate("[...document.querySelectorAll('.tones .c')].filter((c) => !c.querySelector('b') && parseFloat(getComputedStyle(c).borderRightWidth) > 0).length")
            check(framed == 0, f"#{link}: the frames of {framed} cells hide their tones")
        page.close()
    page = opened(context, "term=2&strip=flow")
    framed = "e => getComputedStyle(e).outlineStyle"
    check(page.locator(".term.n").first.evaluate(framed) == "solid", "the term that is looked at is as the others are")
    check(page.locator("#tab-flow").evaluate(framed) == "solid" and page.locator("#tab-coverage").evaluate(framed) == "none",
        "the chosen tab is as the others are")
    page.close()
    context.close()


COVERED = """[...document.querySelectorAll('body *')].filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.checkVisibility()).reduce((sum, e) => {
    const box = e.getBoundingClientRect();
    return sum + (box.width < 200 ? 0 : Math.max(0, Math.min(innerHeight, box.bottom) - Math.max(0, box.top)));
}, 0)"""


def magnified(browser):
    """1280x1024 at 400 %."""
    context = browser.new_context(viewport={"width": 320, "height": 256}, bypass_csp=True)
    for link in ("", "story=1.1", "story=3.2&select=V5", "strip=flow", "strip=coverage", "cells=both&lang=de", "loss=squares", "input=4x4&filters=2&then=relu"):
        page = opened(context, link)
        check(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"#{link} is wider than a magnified screen")
        for cell in ("V-4", "dW-0"):
            page.evaluate("id => document.getElementById(id).scrollIntoView({ block: 'start' })", cell)
            page.wait_for_timeout(60)
            check(page.evaluate(COVERED) <= 256 / 3, f"#{link}: {page.evaluate(COVERED):.0f} of 256 px are covered")
            seen = page.evaluate("id => { const b = document.getElementById(id).getBoundingClientRect(); return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)?.closest('.c')?.id; }", cell)
            check(seen == cell, f"#{link}: {seen} is seen where {cell} stands")
        page.close()
    context.close()


SCROLLED = """[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX)
    && e.tabIndex < 0 && !e.querySelector('[tabindex="0"],button,select,input')).map(e => e.outerHTML.slice(0, 80))"""


def reachable(browser):
    """What scrolls is reached by keyboard."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    for link in ("strip=flow", "strip=largest&input=28x28&kernel=5x5&filters=6&V=digit.3", "input=40x40&kernel=3x3", "zoom=4&loss=squares"):
        page = opened(context, link)
        check(not page.evaluate(SCROLLED), f"#{link}: no key leads to {page.evaluate(SCROLLED)}")
        page.close()
    context.close()


def picking(context):
    """Which pixels a weight meets is asked, and nothing tells it meanwhile."""
    page = opened(context, "input=5x5&kernel=3x3&stride=2&padding=1")
    page.click("#pixels-start")
    check("exercise=pixels.1" in hash_of(page) and "W2" in page.locator(".exercise h3").inner_text(), "no question for W2")
    for cell in ("W-1", "G-4", "V-12", "dG-0", "dW-3"):
        page.hover(f"#{cell}")
        page.wait_for_timeout(60)
        told = page.evaluate("document.querySelectorAll('#stage .p, #stage .n, #stage .q, #stage .w, #stage [data-n]').length")
        check(told == 0 and page.locator(".equation").count() == 0, f"{cell} tells which pixels W2 meets")
    check(page.locator("#exercise-judge").is_disabled(), "nothing can be judged")
    # W2 lies on rows −1, 1, 3 and columns 0, 2, 4: the first are padding.
    page.click("#V-5")
    page.click("#V-6")
    page.click("#V-6")
    check("k" in classes(page, "V-5") and "k" not in classes(page, "V-6"), "a second click does not take a pixel back")
    page.click("#exercise-judge")
    check("Right: 1; not met: 0; missing: 5" in page.locator(".exercise .bad").inner_text(), f"judged: {page.locator('.exercise').inner_text()}")
    page.focus("#V-5")
    for key in ("ArrowRight", "ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Enter", "ArrowDown", "ArrowDown", "Enter", "ArrowLeft", "ArrowLeft", " ", "Home", "Enter"):
        page.keyboard.press(key)
    check(name(page, "V-9").endswith("picked") and page.locator("#picked").inner_text().endswith("6"), "keys do not pick")
    page.click("#exercise-judge")
    check(page.locator(".exercise .correct").count() == 1 and "select=W2" in hash_of(page), "the right pixels are not right")
    check(lit(page, "V", 25, "p") == [5, 7, 9, 15, 17, 19], f"W2 lights {lit(page, 'V', 25, 'p')}")
    page.click("#exercise-next")
    check("exercise=pixels.2" in hash_of(page) and page.locator("#stage .k").count() == 0, "another question begins with what was picked")
    page.close()


def picked_by_finger(browser):
    """The question stays in sight beside the pixels, and a second tap takes one back."""
    finger = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True)
    page = opened(finger, "exercise=pixels.1")
    page.evaluate("document.getElementById('f-V').scrollIntoView()")
    for cell in ("V-1", "V-2", "V-0", "V-0", "V-4", "V-5"):
        page.tap(f"#{cell}")
    check(lit(page, "V", 9, "k") == [1, 2, 4, 5] and page.locator("#typing").count() == 0, f"a finger picks {lit(page, 'V', 9, 'k')}")
    box = page.locator(".exercise").bounding_box()
    check(box["y"] > 0 and box["y"] + box["height"] <= 845, f"the question is not in sight: {box}")
    page.tap("#exercise-judge")
    check(page.locator(".exercise .correct").count() == 1, "what a finger picks is not judged")
    finger.close()


def over(page, canvas, row, column, rows, columns):
    """Moves the pointer to a pixel."""
    page.locator(f"#px-{canvas}").scroll_into_view_if_needed()
    box = page.locator(f"#px-{canvas}").bounding_box()
    page.mouse.move(box["x"] + (column + 0.5) * box["width"] / columns, box["y"] + (row + 0.5) * box["height"] / rows)


PAINTED = """id => { const canvas = document.getElementById(id), data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return data.filter((value, n) => n % 4 === 3 && value > 0).length; }"""


def pixels(context):
    """Planes that are too large for cells answer as cells do."""
    page = opened(context, "input=40x38&kernel=3x3&padding=1")
    check(page.locator("#strip .view svg").count() == 0 and page.locator("#strip .painted").count() >= 4, "large planes are still pictures")
    check(page.evaluate(PAINTED, "cv-r1p0") > 1000, "a plane of pixels is not painted")
    over(page, "r1p0", 5, 7, 40, 38)
    page.wait_for_function("document.getElementById('px-r1p0').getAttribute('aria-valuetext')?.startsWith('V[0,0,5,7]') || document.getElementById('px-r1p0').getAttribute('aria-valuetext')?.startsWith('V198')")
    check(page.evaluate(PAINTED, "ov-r1p0") > 0, "the pixel that is pointed at has no frame")
    page.mouse.down()
    page.mouse.up()
    check("select=V198" in hash_of(page), f"a click on a pixel pins {hash_of(page)}")
    check(page.locator("#met-1, #met-2").filter(has=page.locator("[data-term]")).count() >= 1, "no equation stands below")
    page.hover("#r1r0-0")
    page.wait_for_function("document.getElementById('W-0').classList.contains('s')")
    check(page.evaluate(PAINTED, "ov-r1p1") > 900, "a weight lights nothing of V with its padding")
    frame, plane = page.locator("#frame-1").bounding_box(), page.locator("#px-r1p1").bounding_box()
    check(frame["width"] > 0.9 * plane["width"] * 38 / 40 - 4, "the window of W1 is not over V")
    page.mouse.move(2, 2)
    page.wait_for_function("document.querySelectorAll('#W-0.s').length === 0")
    page.focus("#px-r1p0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    check("select=V199" in hash_of(page), f"keys lead to {hash_of(page)}")
    page.click("#tab-coverage")
    over(page, "k", 0, 0, 40, 38)
    page.wait_for_function("document.getElementById('met-1').innerText.includes('4')")
    check(page.locator("#over i").count() == 4 and page.evaluate(PAINTED, "cv-k") == 40 * 38, "the corner does not show its four windows")
    page.mouse.down()
    page.mouse.up()
    check("select=V1&" in hash_of(page) + "&", "a click on a position does not pin")
    page.close()
