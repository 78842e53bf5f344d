"""The ES module in a real browser, served as a web page serves it: test_web.py FOLDER CHROMIUM SCREENSHOTS."""

import functools
import re
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER, CHROMIUM, SHOTS = sys.argv[1:4]
failures = []

ELEMENT = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Elements</title>
<script type="module" src="adjoint-layer.mjs"></script>
<adjoint-layer input="3x3" kernel="2x2"></adjoint-layer>
<adjoint-layer id="max" kind="max" input="4x4" kernel="2x2" lang="de"></adjoint-layer>
<adjoint-layer id="bad" input="3x3" kernel="9x9"></adjoint-layer></html>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path not in ("/elements.html", "/favicon.ico"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(ELEMENT.encode())


def check(truth, what):
    if not truth:
        failures.append(what)
        print("FAILED:", what)


def opened(context, address):
    page = context.new_page()
    page.on("console", lambda m: check(m.type not in ("error", "warning"), f"{address}: console: {m.text}"))
    page.on("pageerror", lambda e: check(False, f"{address}: {e}"))
    page.on("request", lambda r: check(r.url.startswith(SITE), f"{address}: asked for {r.url}"))
    page.goto(SITE + address)
    return page


def example(context):
    page = opened(context, "example.html")
    page.wait_for_selector("#picture svg")
    errors = [float(page.inner_text("#error"))]
    for _ in range(3):
        before = page.inner_text("#error")
        page.click("#step")
        page.wait_for_function("text => document.getElementById('error').textContent !== text", arg=before)
        errors.append(float(page.inner_text("#error")))
    check(errors == sorted(errors, reverse=True) and errors[-1] < errors[0] / 4, f"E goes {errors}")
    check(page.locator("#equation math").count() == 1, "the example has no equation")
    page.screenshot(path=Path(SHOTS) / "web-example.png", full_page=True)
    page.close()


def elements(context):
    page = opened(context, "elements.html")
    page.wait_for_selector("adjoint-layer button >> nth=0")
    page.wait_for_selector("#bad p")
    first = page.locator("adjoint-layer").first
    equation = lambda: re.sub(r"\s", "", first.locator(".equations").text_content())
    check("V1" in equation() and first.locator("button[aria-pressed=true]").inner_text() == "W1", "the first weight is not shown")
    first.locator("button", has_text="W4").click()
    page.wait_for_function("document.querySelector('adjoint-layer').getAttribute('select') === 'W4'")
    page.wait_for_function("document.querySelector('adjoint-layer').shadowRoot.querySelector('[aria-pressed=true]').textContent === 'W4'")
    # ∂E/∂W4 of V = 1 … 9 and ∂E/∂G = 1, −2, 3, −4: 5 − 12 + 24 − 36.
    check("19" in equation(), f"∂E/∂W4 is told as {equation()}")
    first.evaluate("element => element.setAttribute('input', '4x4')")
    page.wait_for_function("document.querySelector('adjoint-layer').shadowRoot.querySelector('.equations').textContent.includes('V16')")
    check(page.locator("#max button").count() == 16, "a max pool's pixels are not listed")
    check("kernel" in page.inner_text("#bad p"), "a layer that does not fit says nothing")
    page.screenshot(path=Path(SHOTS) / "web-elements.png", full_page=True)
    page.close()


Path(SHOTS).mkdir(parents=True, exist_ok=True)
server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=FOLDER))
threading.Thread(target=server.serve_forever, daemon=True).start()
SITE = f"http://127.0.0.1:{server.server_port}/"
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    for test in (example, elements):
        test(browser.new_context())
    browser.close()
server.shutdown()
print(f"web in a browser: {len(failures)} failures")
sys.exit(bool(failures))
