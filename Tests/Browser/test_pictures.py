"""Every text of every picture in a real browser: none lies over another, none is cut, none is under 9 pixels.

    test_pictures.py PAGE CHROMIUM BODIES SCREENSHOTS ZOO
"""

import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import fixtures
from faults import Faults
from harness import CHROMIUM, SHOTS, check, failures, opened

ZOO = Path(sys.argv[5])
GALLERY = Path(__file__).parents[2] / "Documentation/gallery"
MEASURE = (Path(__file__).parent / "measure.js").read_text()
LAYERS = 200
WIDTHS = (1280, 390)
NETWORKS = ("lenet5", "cifar", "resnet18", "mobilenetv2")
DENSE = ("1,1", "2,2,1", "3,4,2", "6,8,3")
STRIPS = ("convolution", "flow", "coverage", "largest")
# Letters are as wide everywhere, whatever other fonts a machine has; these are wider than most.
FONT = "DejaVu Sans"
LETTERS = f""":root {{ --sans: "{FONT}" !important; --serif: "DejaVu Serif" !important; }}
    .adjoint text, body {{ font-family: "{FONT}" !important; }}"""


def records():
    """What the native program draws, while it draws."""
    process = subprocess.Popen([ZOO], stdout=subprocess.PIPE)
    rest = b""
    while block := process.stdout.read1(1 << 20):
        *whole, rest = (rest + block).split(b"\x1e")
        for record in whole:
            yield record.decode().split("\x1f")
    check(process.wait() == 0 and not rest, f"{ZOO.name} ends with {process.returncode}")


def command(*words):
    return subprocess.run([ZOO.parent / "adjoint", *words, "--as", "svg"], capture_output=True, check=True).stdout.decode()


def others():
    """Pictures of networks, as the command draws them, and the documentation's own."""
    for name in NETWORKS:
        yield name, "layers", command("graph", name)
        yield name, "layers back", command("graph", name, "--gradient")
        yield name, "nodes", command("graph", name, "--zoom", "nodes")
    for sizes in DENSE:
        yield f"net {sizes}", "dense", command("explain", "--dense", sizes)
    for path in sorted(GALLERY.glob("*.svg")):
        yield path.stem, "gallery", path.read_text()


def measuring(page):
    page.add_style_tag(content=LETTERS)
    page.add_script_tag(content=MEASURE)


def check_font(page):
    """That the letters are as wide on every machine."""
    session = page.context.new_cdp_session(page)
    for method in ("DOM.enable", "CSS.enable"):
        session.send(method)
    page.evaluate("document.getElementById('picture').textContent = 'Σ∂W1'")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": "#picture"})["nodeId"]
    fonts = []
    # None are told before the text is laid out.
    for _ in range(50):
        fonts = [font["familyName"] for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]]
        if fonts:
            break
        page.wait_for_timeout(100)
    check(fonts == [FONT], f"letters are of {fonts}, not of {FONT} (Debian's fonts-dejavu-core)")
    session.detach()


def drawn(browser, faults):
    """Pictures at their own size, and explanations as pages on a screen and on a phone. Gives the links of layers."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content('<style>body { margin: 0; } #picture { width: max-content; }</style><div id="picture"></div>')
    measuring(page)
    check_font(page)
    fixtures.check_all(page)
    screens = [(width, browser.new_page(viewport={"width": width, "height": 900})) for width in WIDTHS]
    layers, links = set(), {}

    def place(layer, picture, svg):
        page.evaluate("svg => { document.getElementById('picture').innerHTML = svg; }", svg)
        faults.measure(page, layer, picture, "#picture > svg")

    for number, (layer, picture, content) in enumerate(records(), 1):
        layers.add(layer)
        if picture == "error":
            check(False, f"{layer}: {content}")
        elif picture == "link":
            links[layer] = content
        elif picture == "html":
            for width, screen in screens:
                screen.set_content(content)
                measuring(screen)
                faults.measure(screen, layer, f"html {width}", "main")
        else:
            place(layer, picture, content)
        if number % 500 == 0:
            print(f"  {number} pictures, {faults.texts.total()} texts, at {layer}", flush=True)
    check(len(layers) == LAYERS, f"{len(layers)} layers are drawn, not {LAYERS}")
    for other in others():
        place(*other)
    return links


def shown(browser, faults, links):
    """The page itself: the drawing, the chart of the terms, and each strip."""
    states = [(layer, link, strip) for layer, link in links.items() for strip in STRIPS] + [("network", "", "network")]
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True)
        page = opened(context)
        measuring(page)
        for layer, link, strip in states:
            page.evaluate("link => { location.hash = link; }", f"{link}&strip={strip}")
            page.wait_for_function("strip => document.querySelector(`#tab-${strip}[aria-selected=true]`)", arg=strip)
            faults.measure(page, layer, f"{strip} {width}", "#strip")
            # The same whatever the strip.
            for part, selector in (("drawing", "#stage"), ("chart", "#bars")):
                if strip == STRIPS[0] and page.locator(selector).count():
                    faults.measure(page, layer, f"{part} {width}", selector)
        print(f"  the page at {width} px, {faults.texts.total()} texts", flush=True)
        context.close()


started = time.time()
Path(SHOTS).mkdir(parents=True, exist_ok=True)
faults = Faults()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--font-render-hinting=none"])
    links = drawn(browser, faults)
    print(f"  all drawn after {time.time() - started:.0f} s", flush=True)
    # A third of the layers, of every kind.
    shown(browser, faults, dict(list(links.items())[::3]))
    browser.close()
faults.summary()
print(f"pictures: {faults.pictures.total()} with {faults.texts.total()} texts and {faults.found.total()} faults, "
      f"{len(failures)} failures, {time.time() - started:.0f} s")
sys.exit(1 if failures else 0)
