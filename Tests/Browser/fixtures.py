"""What the measuring of texts must find, and what it must not: pictures with one fault each, and sound ones."""

from harness import check

# A sound picture, with what could be taken for a fault: lines as close as letters allow, parts and turned letters of one
# text, and what nobody sees.
SOUND = """<svg class="adjoint" width="300" height="120" viewBox="0 0 300 120"><title>not drawn</title>
<rect width="300" height="120" fill="#fff"/><rect x="8" y="8" width="60" height="30" fill="#eee"/>
<text x="10" y="20" font-size="13">first</text><text x="10" y="33" font-size="13">second</text>
<text x="100" y="20" font-size="13">W<tspan dy="4" font-size="10">1</tspan><tspan x="104" y="20">∂</tspan></text>
<text x="200" y="60" font-size="12" transform="rotate(45 200 60)">turned</text><text x="222" y="64" font-size="12">beside</text>
<text x="10" y="20" font-size="13" opacity="0">unseen</text><text x="10" y="20" font-size="13" display="none">unseen</text>
<text x="10" y="80" font-size="9">nine</text><rect x="60" y="70" width="40" height="20" fill="#fff" fill-opacity="0.4"/>
<text x="64" y="84" font-size="12">above</text></svg>"""

# What a sound text becomes, and the fault that follows.
PLANTED = [
    ('x="10" y="33"', 'x="22" y="24"', [("overlap", "first")]),
    ('x="222" y="64"', 'x="206" y="64"', [("overlap", "turned")]),
    ('font-size="9"', 'font-size="8"', [("small", "nine")]),
    ('x="104" y="20"', 'x="14" y="21"', [("overlap", "first")]),
    ('x="10" y="80"', 'x="286" y="80"', [("cut", "nine")]),
    ('x="10" y="80"', 'x="-4" y="80"', [("cut", "nine")]),
    ('x="10" y="80"', 'x="10" y="3"', [("cut", "nine")]),
    ('width="300" height="120" viewBox', 'width="240" height="96" viewBox', [("small", "W1∂"), ("small", "nine")]),
    ('fill-opacity="0.4"', 'transform="translate(-55 0)"', [("cut", "nine")]),
    ('opacity="0"', 'opacity="0.5"', [("overlap", "first")]),
]

# The same of words in a page: the first scroll into sight, the next do not, others are hidden, and a sign from a style sheet
# lies over a number.
PAGE = """<div style="font: 12px 'DejaVu Sans'; width: 200px; white-space: nowrap">
<style>.sign::after { content: attr(data-n); position: absolute; top: 2px; right: 3px; width: 12px; height: 12px; font-size: 9px; }</style>
<div style="overflow: auto; width: 60px">what scrolls into sight</div>
<div style="overflow: auto; width: 60px"><span style="margin-left: -9px">what does not</span></div>
<div style="overflow: hidden; width: 60px">what is hidden</div>
<div style="font-size: 8px">little</div><div style="height: 0">below</div><div>above</div>
<div class="sign" data-n="8" style="position: relative; width: 40px; height: 20px">number</div>
<div class="sign" data-n="9" style="position: relative; width: 80px; height: 20px">number</div></div>"""
IN_PAGE = [("cut", "what does not"), ("cut", "what is hidden"), ("overlap", "below"), ("overlap", "number"), ("small", "little")]


def check_all(page):
    def faults(html):
        page.evaluate("html => { document.getElementById('picture').innerHTML = html; }", html)
        texts, found = page.evaluate("adjointMeasure(document.querySelector('#picture > *'))")
        return texts, found, sorted((kind, text) for kind, text, *_ in found)

    texts, found, _ = faults(SOUND)
    check(texts == 7 and not found, f"of a sound picture's 7 texts {texts} are measured: {found}")
    for sound, planted, expected in PLANTED:
        check(SOUND.count(sound) == 1, f"“{sound}” stands not once in the sound picture")
        _, found, kinds = faults(SOUND.replace(sound, planted))
        check(kinds == sorted(expected), f"“{planted}” for “{sound}”: found {found}, not {expected}")
    _, found, kinds = faults(PAGE)
    check(kinds == sorted(IN_PAGE), f"of words in a page: found {found}, not {IN_PAGE}")
