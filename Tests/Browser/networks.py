"""Networks and pictures from files of a reader's own, computed again with NumPy."""

import json
import struct
import time
import zlib

import numpy as np

from harness import check, name, number_in, opened, timings


def png(pixels):
    """[rows, columns, 3] bytes as PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows, columns, _ = pixels.shape
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    size = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def safetensors(network, tensors, normalization={"mean": [0.5], "deviation": [0.25]}):
    header, data = {"__metadata__": {"adjoint.model": json.dumps(network), "adjoint.normalization": json.dumps(normalization)}}, b""
    for key, tensor in tensors.items():
        begin, data = len(data), data + tensor.astype("<f4").tobytes()
        header[key] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def small(seed=0):
    """A filter, a normalization, and a fully connected layer, on colour pictures of 6x4."""
    random = np.random.default_rng(seed)
    network = {
        "name": "small", "input": "x", "shape": [1, 3, 6, 4], "classes": 3, "label_smoothing": 0.0,
        "operations": [
            {"op": "conv2d", "inputs": ["x"], "output": "t1", "weight": "c.weight", "bias": None, "filters": 2, "kernel": [3, 3],
             "stride": [1, 1], "pads": [1, 1, 1, 1], "dilation": [1, 1], "groups": 1},
            {"op": "batch_norm", "inputs": ["t1"], "output": "t2", "name": "n", "eps": 1e-05, "momentum": 0.1},
            {"op": "relu", "inputs": ["t2"], "output": "t3"},
            {"op": "flatten", "inputs": ["t3"], "output": "t4"},
            {"op": "linear", "inputs": ["t4"], "output": "t5", "weight": "f.weight", "bias": "f.bias", "features": 3},
        ],
    }
    tensors = {
        "c.weight": random.normal(size=(2, 3, 3, 3)), "n.weight": random.uniform(0.5, 1.5, 2), "n.bias": random.normal(size=2),
        "n.running_mean": random.normal(size=2), "n.running_var": random.uniform(0.5, 1.5, 2),
        "f.weight": random.normal(size=(3, 48)) / 4, "f.bias": random.normal(size=3),
    }
    return network, tensors


def computed(tensors, picture, label):
    """Probabilities, and the gradients of the filter and of the last layer's weights."""
    x = (picture.transpose(2, 0, 1) / 255 - 0.5) / 0.25
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    y = np.einsum("cpqab,kcab->kpq", windows, tensors["c.weight"])
    scale = tensors["n.weight"] / np.sqrt(tensors["n.running_var"] + 1e-5)
    z = (y - tensors["n.running_mean"][:, None, None]) * scale[:, None, None] + tensors["n.bias"][:, None, None]
    h = np.maximum(z, 0).ravel()
    logits = tensors["f.weight"] @ h + tensors["f.bias"]
    p = np.exp(logits - logits.max())
    p /= p.sum()
    d = p - np.eye(3)[label]
    dz = (tensors["f.weight"].T @ d).reshape(z.shape) * (z > 0) * scale[:, None, None]
    return p, np.einsum("cpqab,kpq->kcab", windows, dz), np.outer(d, h)


def cells(page, tensor, count):
    names = page.evaluate("t => [...document.querySelectorAll(`[data-grid=${t}] [role=gridcell]`)].map(e => e.getAttribute('aria-label'))", tensor)
    check(len(names) == count, f"{tensor} has {len(names)} cells, not {count}")
    return np.array([number_in(text) for text in names])


def upload(page, button, data, file="own.safetensors", kind="application/octet-stream"):
    with page.expect_file_chooser() as chooser:
        page.click(button)
    chooser.value.set_files({"name": file, "mimeType": kind, "buffer": data})


def drop(page, data, file, kind):
    page.evaluate("""([bytes, name, type]) => {
        const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(bytes)], name, { type }));
        for (const kind of ["dragover", "drop"])
            (document.getElementById("strip") ?? document.body).dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
    }""", [list(data), file, kind])


def rested(page):
    page.wait_for_function("!document.querySelector('.busy')", timeout=60000)


def shares(page):
    page.wait_for_selector("#guess")
    texts = page.locator("#guess span").all_inner_texts()
    return [float(text.split()[-2].replace("−", "-")) if "<" not in text else 0 for text in texts]


def own_network(context):
    network, tensors = small()
    data = safetensors(network, tensors)
    page = opened(context, "strip=network")
    page.click("#network-own")
    upload(page, "#choose-model", data)
    page.wait_for_selector("#own-facts")
    rested(page)
    facts = page.locator("#own-facts").inner_text()
    check(all(part in facts for part in ("own.safetensors", "5 steps", "3×6×4", "3 classes")), f"the model is said to be {facts}")
    # Wider than the network's pictures: the middle is taken, and nothing is squashed.
    random = np.random.default_rng(1)
    picture = random.integers(0, 256, (6, 10, 3), dtype=np.uint8)
    upload(page, "#choose-photo", png(picture), "photo.png", "image/png")
    page.wait_for_selector("#digits-again")
    rested(page)
    seen = picture[:, 3:7]
    p, filter, weights = computed(tensors, seen, 2)
    found = shares(page)
    check(np.allclose(found, 100 * p, atol=0.6), f"the classes have {found}, not {100 * p}")
    page.select_option("#own-label", "2")
    for number, gradient, rest in ((0, filter, "c.weight"), (4, weights, "f.weight")):
        page.click(f"#open-{number}")
        rested(page)
        page.wait_for_timeout(200)
        found = cells(page, "dW", gradient.size)
        check(np.allclose(found, gradient.ravel(), atol=4e-3 * abs(gradient).max()), f"∂E/∂W of {rest}: {found[:6]}, not {gradient.ravel()[:6]}")
        check(np.allclose(cells(page, "W", gradient.size), tensors[rest].ravel(), atol=2e-3), f"the weights of {rest} are others")
        check(page.locator(".check.differs").count() == 0, f"{rest} fails its check")
    # Light as the network takes it, plane after plane.
    page.click("#open-0")
    rested(page)
    light = (seen.transpose(2, 0, 1) / 255 - 0.5) / 0.25
    check(np.allclose(cells(page, "V", 72), light.ravel(), atol=2e-3), "the picture is not seen in its colours")
    notes = page.locator(".own-layers small").all_inner_texts()
    check(len(notes) == 3 and "channel" in notes[0], f"what does not open says {notes}")
    page.evaluate("history.back()")
    page.wait_for_timeout(200)
    check(page.locator("#own-facts").count() == 1, "Back forgets the network")
    page.close()


def dropped(context):
    """A file goes where it belongs, wherever it is dropped; what is none leaves a sentence."""
    network, tensors = small(3)
    page = opened(context)
    drop(page, safetensors(network, tensors), "dropped.safetensors", "")
    page.wait_for_selector("#own-facts")
    rested(page)
    before = shares(page)
    picture = np.full((12, 8, 3), (250, 20, 20), dtype=np.uint8)
    drop(page, png(picture), "red.png", "image/png")
    page.wait_for_selector("#digits-again")
    rested(page)
    p, _, _ = computed(tensors, picture[:6, :4], 0)
    check(np.allclose(shares(page), 100 * p, atol=0.6) and shares(page) != before, f"a dropped picture: {shares(page)}, not {100 * p}")
    for data, file, part in ((b"PK\3\4....", "net.pt", "PyTorch"), (safetensors(network, tensors)[:-9], "cut.safetensors", "damaged"),
                             (b"", "none.safetensors", "empty"), (png(picture)[:20], "cut.png.bin", "picture")):
        drop(page, data, file, "")
        page.wait_for_selector("#training .bad")
        rested(page)
        page.wait_for_function("f => document.querySelector('#training .bad')?.innerText.includes(f)", arg=file)
        text = page.locator("#training .bad").inner_text()
        check(part in text and "safetensors" in text, f"{file}: {text}")
        check(page.locator("#own-facts").count() == 1, "a file that does not open closes the one that is open")
    check(not page.locator("#stopped").is_visible(), "a file stops the page")
    page.close()


def taught(context):
    """The last layer learns pictures that are dropped on it: the loss falls as NumPy's descent has it."""
    network, tensors = small(5)
    page = opened(context, "strip=network&network=own")
    upload(page, "#choose-model", safetensors(network, tensors))
    page.wait_for_selector("#teach")
    rested(page)
    random = np.random.default_rng(2)
    pictures = [random.integers(0, 256, (6, 4, 3), dtype=np.uint8) for _ in range(3)]
    for label, picture in enumerate(pictures):
        page.select_option("#sample-label", str(label))
        upload(page, "#add-samples", png(picture), "sample.png", "image/png")
        page.wait_for_selector(f"#sample-{label}")
    page.click("#teach-start")
    page.wait_for_selector("#unteach")
    page.wait_for_function("!document.querySelector('.busy')", timeout=60000)
    before, after = [], []
    for row in page.locator(".samples tbody tr").all():
        texts = row.locator("td").all_inner_texts()
        for shares_of, text in ((before, texts[2]), (after, texts[3])):
            shares_of.append(0 if "<" in text else float(text.split()[-2]))
    expected = [100 * computed(tensors, picture, label)[0][label] for label, picture in enumerate(pictures)]
    check(np.allclose(before, expected, atol=0.6), f"before learning {before}, not {expected}")
    check(all(b >= a for a, b in zip(before, after)) and sum(after) > sum(before), f"learning takes {before} to {after}")
    check("40" in page.locator(".teach .curve").text_content(), "the loss has no curve with its steps")
    page.click("#unteach")
    rested(page)
    check(page.locator("#unteach").count() == 0, "what was learned is not undone")
    page.close()


COLOUR = """([id, x, y]) => [...document.getElementById(id).getContext("2d").getImageData(x, y, 1, 1).data]"""


def colours(context):
    """A photograph is seen as one picture of colours, before its planes, small or large."""
    for side, link in ((8, "input=8x8&kernel=3x3&channels=3"), (40, "input=40x40&kernel=3x3&channels=3"), (30, "input=30x30&kernel=3x3&channels=3")):
        page = opened(context, link)
        picture = np.random.default_rng(side).integers(0, 256, (side, side, 3), dtype=np.uint8)
        picture[2, 3] = (250, 130, 10)
        with page.expect_file_chooser() as chooser:
            page.select_option("#src-V", "file")
        chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": png(picture)})
        page.wait_for_timeout(400)
        seen = page.evaluate(COLOUR, ["cv-V", 3, 2])
        check(np.abs(np.array(seen[:3]) - (250, 130, 10)).max() <= 3 and seen[3] == 255, f"{side}: a pixel has the colour {seen}")
        box = page.locator("#px-V").bounding_box()
        page.mouse.move(box["x"] + 3.5 * box["width"] / side, box["y"] + 2.5 * box["height"] / side)
        page.wait_for_function("document.getElementById('rgb').innerText.includes('0.98')")
        check(page.locator("#rgb").inner_text() == "red 0.98, green 0.51, blue 0.04", f"{side}: {page.locator('#rgb').inner_text()}")
        page.mouse.down()
        page.mouse.up()
        check(f"select=V{2 * side + 4}" in page.evaluate("location.hash"), f"{side}: a click pins {page.evaluate('location.hash')[-20:]}")
        check(page.locator("#cv-V").count() == 1, f"{side}: pinning takes the colours away")
        if side > 8:
            page.click("#pa-V")
            check("plane 1/3" in page.locator("#f-V .planes").inner_text() and "split=1" in page.evaluate("location.hash"), f"{side}: no plane behind the colours")
            page.click("#pb-V")
            check("in colours" in page.locator("#f-V .planes").inner_text(), f"{side}: the colours do not come back")
        else:
            check(page.locator("[data-grid=V] .c").count() == 3 * side * side, "beside the colours there are no planes")
        page.close()
