"""Contrast as WCAG 2 measures it, of every text and of what must be told apart, from what the browser computes."""

from harness import check, opened

SCRIPT = """() => {
    const style = document.createElement("style");
    style.textContent = "*, *::before, *::after { pointer-events: auto !important; transition: none !important; }";
    document.head.append(style);
    const parsed = (text) => {
        const numbers = (text.match(/-?[0-9.]+(?:e-?[0-9]+)?/g) ?? []).map(Number);
        if (!numbers.length || text === "none") return [0, 0, 0, 0];
        const scale = text.startsWith("color(") ? 1 : 255;
        const [r, g, b, a = 1] = text.startsWith("color(") ? numbers.slice(-(text.includes("/") ? 4 : 3)) : numbers;
        return [r / scale, g / scale, b / scale, a];
    };
    const over = ([r, g, b, a], under) => [r * a + under[0] * (1 - a), g * a + under[1] * (1 - a), b * a + under[2] * (1 - a), 1];
    const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
    const paper = parsed(getComputedStyle(document.body).backgroundColor);
    const painted = (element) => {
        const css = getComputedStyle(element);
        let color = element instanceof SVGElement && element.localName !== "svg"
            ? (["rect", "circle", "path"].includes(element.localName) ? parsed(css.fill) : [0, 0, 0, 0])
            : parsed(css.backgroundColor);
        if (element instanceof SVGElement && element.localName !== "svg") color = [color[0], color[1], color[2], color[3] * css.fillOpacity];
        return color;
    };
    // What is painted under a point of an element, from the paper up.
    const beneath = (element, x, y) => {
        const all = document.elementsFromPoint(x, y);
        const from = all.indexOf(element);
        const under = from < 0 ? [element] : all.slice(element instanceof SVGElement ? from + 1 : from);
        return under.reverse().reduce((color, each) => over(painted(each), color), paper);
    };
    const found = [];
    const note = (what, text, color, ground, needed) => {
        const value = ratio(over(color, ground), ground);
        if (value < needed) found.push(`${what} “${text.trim().slice(0, 24)}” ${value.toFixed(2)} < ${needed}`);
    };
    let count = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode, element = text.parentElement;
        if (!text.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (element.closest("script,style,title,desc,option,:disabled,.aside,#said,.skip,noscript,.in-back,.in-there[style]")) continue;
        const css = getComputedStyle(element), range = document.createRange();
        range.selectNodeContents(text);
        let box = range.getBoundingClientRect();
        if (box.top < 0 || box.bottom > innerHeight) { element.scrollIntoView({ block: "center", inline: "center" }); box = range.getBoundingClientRect(); }
        if (!box.width || box.top > innerHeight || box.bottom < 0) continue;
        const isSVG = element instanceof SVGElement;
        const color = parsed(isSVG ? css.fill : css.color);
        if (isSVG) color[3] *= css.fillOpacity;
        const size = parseFloat(css.fontSize), isLarge = size >= 24 || (size >= 18.66 && css.fontWeight >= 700);
        const what = (element.closest("[id]")?.id ?? "") + " " + element.localName + "." + (element.getAttribute("class") ?? "");
        note(what, text.data, color, beneath(element, box.left + box.width / 2, box.top + box.height / 2), isLarge ? 3 : 4.5);
        count++;
    }
    for (const cell of document.querySelectorAll(".digits .c[data-n]")) {
        const css = getComputedStyle(cell, "::after");
        if (css.display !== "none") note(cell.id + " badge", cell.dataset.n, parsed(css.color), over(parsed(css.backgroundColor), paper), 4.5);
    }
    // Parts that say something without words.
    const strokes = [[".bar .body", "stroke"], [".running", "stroke"], [".curve .running", "stroke"], [".edge path:not(.tip)", "stroke"], [".plus", "stroke"], [".act", "borderTopColor"],
        [".sentence input:not([type=checkbox])", "borderBottomColor"], [".sentence select", "borderBottomColor"], [".source", "borderBottomColor"],
        [".player button", "borderTopColor"], [".switch", "borderTopColor"], [".answer input", "borderBottomColor"], [".digits .s", "boxShadow"], [".digits .n", "boxShadow"]];
    for (const [selector, property] of strokes) {
        for (const element of document.querySelectorAll(selector)) {
            if (!element.checkVisibility()) continue;
            const value = getComputedStyle(element)[property];
            note(selector, value, parsed(property === "boxShadow" ? value.match(/^(rgba?|color)\\([^)]*\\)/)?.[0] ?? "" : value), paper, 3);
        }
    }
    return [count, [...new Set(found)]];
}"""

LINKS = [
    "term=2", "select=V5&show=numbers", "exercise=1", "story=1.2", "strip=flow", "strip=flow&transpose=1&signal=W&term=1", "strip=coverage",
    "strip=largest", "strip=network", "input=6x6&kernel=3x3&stride=2", "kind=max&input=4x4&kernel=2x2&stride=2&V=random.3&select=V8",
    "input=4x4&kernel=2x2&channels=4&filters=4&groups=2&select=W9", "select=W4&strip=largest&input=5x5&kernel=3x3",
    "input=28x28&kernel=5x5&padding=2&filters=6&V=digit.3&bias=1&then=tanh&strip=largest",
    "input=14x14&kernel=5x5&channels=6&filters=16&bias=1&then=tanh&strip=flow",
]


def contrast(browser):
    texts = 0
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True)
        for link in LINKS:
            page = opened(context, link)
            if "network" in link:
                page.click("#train")
                page.wait_for_timeout(400)
                page.click("#train")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            count, found = page.evaluate(SCRIPT)
            texts += count
            for each in found:
                check(False, f"contrast, {scheme}, #{link}: {each}")
            page.close()
        context.close()
    print("contrast of", texts, "texts")
