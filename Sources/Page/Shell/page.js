// Moves events into the engine and its updates into the document. Nothing is computed here.
"use strict";
(async () => {
    // The first screen is painted before anything else is done; hidden pages are never painted.
    await new Promise((go) => { requestAnimationFrame(() => setTimeout(go)); setTimeout(go, 200); });
    const started = performance.now();
    const byId = (id) => document.getElementById(id);
    // Seven bits a character: see assemble.mjs.
    const text = byId("wasm").textContent;
    byId("wasm").remove();
    const packed = new Uint8Array((text.length * 7) >> 3);
    for (let held = 0, bits = 0, at = 0, next = 0; next < text.length; next++) {
        held = ((held << 7) | (text.charCodeAt(next) & 127)) & 0x7fff;
        bits += 7;
        if (bits >= 8) packed[at++] = held >> (bits -= 8);
    }
    const plain = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
    const module = await WebAssembly.compile(await plain.arrayBuffer());
    const newEngine = async () => (await WebAssembly.instantiate(module, { adjoint: { write: () => 0 } })).exports;
    let engine = await newEngine();
    const encoder = new TextEncoder(), decoder = new TextDecoder();

    // ---- the engine

    const put = (bytes) => {
        const place = engine.room(bytes.length);
        new Uint8Array(engine.memory.buffer, place, bytes.length).set(bytes);
    };
    const pass = (call, text) => {
        const bytes = encoder.encode(text);
        put(bytes);
        const count = engine[call](bytes.length);
        const start = engine.result();
        return decoder.decode(new Uint8Array(engine.memory.buffer, start, count));
    };
    let clock = 0, own = "";
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const tell = (...words) => {
        let updates;
        try { updates = pass("send", words.join("\x1f")); } catch { return restart(); }
        if (!/^(hover|leave|over|width)$/.test(words[0])) byId("stopped").hidden = true;
        apply(updates);
    };
    // Bytes first, then the event that is about them.
    const hand = (bytes, ...words) => {
        try { put(bytes); engine.hold(bytes.length); } catch { return restart(); }
        tell(...words);
    };
    // An engine that has stopped never answers again: a new one takes its place, and the page says so.
    async function restart() {
        clearInterval(clock);
        clock = 0;
        engine = await newEngine();
        const language = own.match(/\blang=\w+/)?.[0] ?? "";
        remember("replace", language);
        show(pass("begin", language));
        measure();
        byId("stopped").hidden = false;
    }
    function show(body) {
        const page = document.createElement("template");
        page.innerHTML = body;
        for (const child of [...document.body.children]) if (child.tagName !== "SCRIPT") child.remove();
        document.body.prepend(page.content);
        const main = document.querySelector("main");
        document.documentElement.lang = main.lang;
        document.title = main.dataset.title;
    }

    // Frames without an address of their own refuse this, and so do browsers after too many calls.
    function remember(kind, hash) {
        own = hash ? "#" + hash : "";
        try { history[kind + "State"](null, "", own || location.pathname + location.search); } catch {}
    }

    const actions = {
        document(html) { show(html); },
        fill(id, html) {
            const region = byId(id);
            if (!region) return;
            const wanted = document.createElement("template");
            wanted.innerHTML = html;
            patch(region, wanted.content);
        },
        mark(id, classes, badge, label) {
            const cell = byId(id);
            if (!cell) return;
            cell.className = classes;
            if (badge) cell.dataset.n = badge; else delete cell.dataset.n;
            if (label) cell.setAttribute("aria-label", label);
            if (/ s\b/.test(classes)) cell.setAttribute("aria-selected", "true"); else cell.removeAttribute("aria-selected");
        },
        attribute(id, name, value) {
            byId(id)?.setAttribute(name, value);
            // A class may change the width of the drawing.
            if (name === "class") requestAnimationFrame(measure);
        },
        address(hash, kind) { remember(kind, hash); },
        reveal(id, block) {
            requestAnimationFrame(() => {
                // An element taller than the space that a phone leaves begins at the top.
                const isTall = innerWidth <= 560 && byId(id)?.offsetHeight > innerHeight - 272;
                byId(id)?.scrollIntoView({ block: isTall ? "start" : block, behavior: still.matches ? "auto" : "smooth" });
            });
        },
        focus(id) { byId(id)?.focus(); },
        edit(id, text, isWhole) { edit(byId(id), text, isWhole); },
        clock(milliseconds) {
            clearInterval(clock);
            clock = +milliseconds ? setInterval(() => tell("tick"), +milliseconds) : 0;
        },
        copy(text, sentence) {
            text = text.replace("{page}", () => location.href.split("#")[0]);
            const done = (isDone) => {
                const status = byId("copied");
                if (!isDone || !status) return;
                status.textContent = sentence;
                setTimeout(() => { status.textContent = ""; }, 4000);
            };
            if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text).then(() => done(true), () => done(copyOld(text)));
            done(copyOld(text));
        },
        download(name, type, content) {
            if (type === "image/png") return rasterize(name, content);
            save(name, new Blob([content], { type }));
        },
        async receive(kind, name) {
            let bytes = new Uint8Array(0);
            try { bytes = new Uint8Array(await arrived.arrayBuffer()); } catch {}
            hand(bytes, kind, name);
        },
        say(sentence) { byId("said").textContent = sentence; },
        paint(id, width, height, number) {
            const canvas = byId(id);
            if (!canvas) return;
            [canvas.width, canvas.height] = [+width, +height];
            const place = engine.pixels(+number);
            const bytes = new Uint8ClampedArray(engine.memory.buffer, place, 4 * width * height);
            canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(bytes), +width, +height), 0, 0);
        },
    };
    // Differences are changed in place: the rest keeps its layout, its focus and the text being typed.
    function patch(node, wanted) {
        let old = node.firstChild;
        for (const next of [...wanted.childNodes]) {
            if (!old) { node.append(next); continue; }
            const after = old.nextSibling;
            if (old.nodeName !== next.nodeName || old.id !== next.id) old.replaceWith(next);
            else if (next.nodeType !== Node.ELEMENT_NODE) { if (old.data !== next.data) old.data = next.data; }
            else patchElement(old, next);
            old = after;
        }
        while (old) {
            const after = old.nextSibling;
            old.remove();
            old = after;
        }
    }
    function patchElement(old, next) {
        // A menu whose option moves no longer shows the chosen one.
        const { value: chosen } = next;
        for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
        for (const { name } of [...old.attributes])
            if (!next.hasAttribute(name) && !(name === "open" && old.localName === "details")) old.removeAttribute(name);
        patch(old, next);
        if ("value" in next && old.value !== chosen) old.value = chosen;
        if ("checked" in next) old.checked = next.checked;
    }
    function apply(updates) {
        for (const record of updates.split("\x1e")) {
            if (!record) continue;
            const [action, ...fields] = record.split("\x1f");
            actions[action](...fields);
        }
    }

    // ---- files

    function save(name, blob) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }
    function copyOld(text) {
        const area = Object.assign(document.createElement("textarea"), { value: text, className: "aside" });
        document.body.append(area);
        area.select();
        const isDone = document.execCommand("copy");
        area.remove();
        return isDone;
    }
    function rasterize(name, svg) {
        const image = new Image();
        image.onload = () => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 2 * image.width, height: 2 * image.height });
            canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
            canvas.toBlob((blob) => save(name, blob));
        };
        image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    }
    // The middle of a picture, in the needed shape: red, green, blue and opacity of each pixel; nothing for other files.
    async function pixels(file, size) {
        const [width, height] = size.split("x");
        try {
            const bitmap = await createImageBitmap(file);
            const canvas = Object.assign(document.createElement("canvas"), { width, height });
            const context = canvas.getContext("2d");
            const scale = Math.min(bitmap.width / width, bitmap.height / height);
            const [across, down] = [width * scale, height * scale];
            context.imageSmoothingQuality = "high";
            context.drawImage(bitmap, (bitmap.width - across) / 2, (bitmap.height - down) / 2, across, down, 0, 0, width, height);
            return context.getImageData(0, 0, width, height).data;
        } catch { return new Uint8ClampedArray(0); }
    }
    // The purpose of a file: V, the network's picture, or a network itself.
    let arrived;
    async function take(file, kind) {
        if (!file) return;
        if (kind === "sample") return hand(await pixels(file, byId("add-samples").dataset.size), "sample");
        const photo = byId("choose-photo");
        if (kind === "picture" || (kind !== "photo" && kind !== "model" && !photo && file.type.startsWith("image/")))
            return hand(await pixels(file, byId("f-V").dataset.size), "picture");
        if (kind === "photo" || (kind !== "model" && file.type.startsWith("image/"))) return hand(await pixels(file, photo.dataset.size), "photo");
        arrived = file;
        tell("file", file.name, String(file.size));
    }
    function choose(kind) {
        const accept = kind === "model" ? ".safetensors" : "image/*";
        const input = Object.assign(document.createElement("input"), { type: "file", accept, multiple: kind === "sample" });
        input.onchange = async () => { for (const file of input.files) await take(file, kind); };
        input.click();
    }
    const isFile = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
        if (!isFile(event)) return;
        event.preventDefault();
        document.documentElement.classList.add("dropping");
    });
    for (const end of ["dragleave", "drop"]) document.addEventListener(end, () => document.documentElement.classList.remove("dropping"));
    document.addEventListener("drop", async (event) => {
        if (!isFile(event)) return;
        event.preventDefault();
        const kind = event.target.closest?.("#teach") ? "sample" : undefined;
        for (const file of kind ? [...event.dataTransfer.files] : [event.dataTransfer.files[0]]) await take(file, kind);
    });

    // ---- typing into a cell

    function edit(cell, text, isWhole) {
        if (!cell) return;
        const input = Object.assign(document.createElement("input"), { value: text, className: "typing", id: "typing" });
        input.setAttribute("aria-label", cell.getAttribute("aria-label"));
        input.inputMode = "decimal";
        let open = true;
        const end = (isKept) => {
            if (!open) return;
            open = false;
            const value = input.value;
            input.remove();
            if (isKept) tell("type", cell.id, value);
            byId(cell.id)?.focus({ preventScroll: true });
        };
        input.onkeydown = (event) => {
            event.stopPropagation();
            if (event.key === "Enter") end(true);
            if (event.key === "Escape") end(false);
        };
        input.onblur = () => end(true);
        cell.append(input);
        input.focus();
        if (isWhole) input.select();
    }

    // ---- events

    const target = (event) => {
        const near = event.target.closest?.("[data-node],[data-term],.c,[data-pixels]");
        if (!near) return "";
        if (near.dataset.node) return near.dataset.node;
        if (near.dataset.term) return "term-" + near.dataset.term;
        if (!near.dataset.pixels) return near.id;
        const box = near.getBoundingClientRect();
        return `${near.dataset.pixels}@${(event.clientX - box.left) / box.width},${(event.clientY - box.top) / box.height}`;
    };
    let under = "", pending = 0, press = null;
    const look = (id) => {
        if (id === under) return;
        under = id;
        if (!pending) pending = requestAnimationFrame(() => { pending = 0; id = under; id ? tell("hover", id) : tell("leave"); });
    };
    document.addEventListener("pointermove", (event) => {
        if (press) return drag(event);
        if (event.pointerType !== "touch") look(target(event));
    });
    document.documentElement.addEventListener("pointerleave", () => look(""));
    document.addEventListener("pointerdown", (event) => {
        const cell = event.target.closest?.(".editable .c");
        if (cell && event.button === 0 && event.target === event.target.closest(".c, .c *") && event.target.id !== "typing")
            press = { id: cell.id, y: event.clientY, value: cell.dataset.v ?? cell.querySelector("b")?.textContent ?? "0", isMouse: event.pointerType !== "touch", moved: false };
        if (press && event.target.closest(".pen")) {
            press.pen = press.moved = true;
            remember("push", own.slice(1));
            event.target.releasePointerCapture?.(event.pointerId);
            tell("pen", cell.id);
        }
    });
    function drag(event) {
        const distance = event.clientY - press.y;
        if (press.pen) {
            const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".c");
            if (cell) tell("draw", cell.id);
            return;
        }
        if (!press.isMouse || (!press.moved && Math.abs(distance) < 5)) return;
        if (!press.moved) remember("push", own.slice(1));
        press.moved = true;
        document.documentElement.classList.add("dragging");
        tell("drag", press.id, press.value, String(distance));
    }
    // For tests, which measure.
    globalThis.adjointTell = tell;
    let justDragged = false;
    document.addEventListener("pointerup", () => {
        justDragged = press?.moved ?? false;
        press = null;
        document.documentElement.classList.remove("dragging");
    });
    document.addEventListener("pointercancel", () => { press = null; });
    document.addEventListener("click", (event) => {
        if (justDragged) { justDragged = false; return; }
        const file = event.target.closest("[data-file]");
        if (file) return choose(file.dataset.file);
        const button = event.target.closest("[data-do]");
        if (button) { event.preventDefault(); return tell("do", button.dataset.do); }
        const skip = event.target.closest("[data-skip]");
        if (skip) { event.preventDefault(); return document.querySelector("#stage [tabindex='0']")?.focus(); }
        const id = target(event);
        const cell = event.target.closest(".editable .c");
        // The second press of a double click begins to type, and so does a finger on the cell that is pinned.
        if (cell && event.detail > 1) return;
        if (cell && event.pointerType === "touch" && cell.matches(".s") && event.target.id !== "typing") return tell("key", id, "F2");
        if (id && event.target.id !== "typing") { under = ""; tell("click", id); if (!id.includes("@") && !id.startsWith("term")) byId(id)?.focus({ preventScroll: true }); }
    });
    document.addEventListener("dblclick", (event) => {
        const cell = event.target.closest(".editable .c");
        if (cell) tell("twice", cell.id);
    });
    document.addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.matches?.("input")) {
            event.preventDefault();
            return history.back();
        }
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const place = event.target.closest?.(".c,[data-pixels]");
        if (place) {
            const key = event.key;
            if (/^(Arrow|Home$|End$|Page|Enter$|F2$| $|[-.0-9]$)/.test(key)) {
                event.preventDefault();
                tell("key", place.dataset.pixels ? place.dataset.pixels + "-pixels" : place.id, key, event.shiftKey ? "shift" : "");
            }
        }
        const field = event.target.closest?.("#controls input[inputmode]");
        if (field && /^Arrow(Up|Down)$/.test(event.key)) {
            event.preventDefault();
            if (field.value !== field.defaultValue) set(event);
            tell("nudge", field.dataset.set, event.key === "ArrowUp" ? "1" : "-1");
        }
        const radio = event.target.closest?.("[role=radio],[role=tab]");
        if (radio && /^Arrow/.test(event.key)) {
            const all = [...radio.parentElement.querySelectorAll(`[role=${radio.getAttribute("role")}]`)];
            const next = all[(all.indexOf(radio) + (/Right|Down/.test(event.key) ? 1 : all.length - 1)) % all.length];
            event.preventDefault();
            next.focus();
            next.click();
        }
        if (event.key === "Escape") tell("key", "", "Escape");
    });
    document.addEventListener("focusin", (event) => {
        const cell = event.target.closest?.(".c");
        if (cell && event.target.matches(":focus-visible")) look(cell.id);
    });
    document.addEventListener("focusout", (event) => { if (event.target.matches?.(".c") && !event.relatedTarget?.matches?.(".c")) look(""); });
    const set = (event) => {
        const field = event.target;
        const name = field.dataset.set ?? field.dataset.slide;
        if (!name) return;
        if (field.value === "file") {
            // The menu returns to its present value, so that a picture can be opened again.
            field.value = field.querySelector("[selected]").value;
            return choose("picture");
        }
        tell("set", name, field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value);
    };
    document.addEventListener("change", (event) => { if (event.target.dataset.set) set(event); });
    document.addEventListener("input", (event) => { if (event.target.dataset.slide) set(event); });
    document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches?.("input[data-set]")) set(event); });
    addEventListener("hashchange", () => { if (location.hash !== own) tell("hash", location.hash.slice(1)); });
    // A page that is hidden has no width.
    const measure = () => { const stage = byId("stage"); if (stage?.clientWidth) tell("width", String(Math.round(stage.clientWidth))); };
    addEventListener("resize", measure);
    // ---- the first state

    const hash = location.hash.slice(1);
    try {
        const body = pass("begin", hash);
        if (hash) {
            own = location.hash;
            show(body);
        }
        measure();
    } catch { await restart(); }
    document.documentElement.dataset.ready = String(Math.round(performance.now() - started));
})();
