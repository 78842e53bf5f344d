// Measures every visible text below an element as it stands on the screen: adjointMeasure(root) gives how many there are and
// what is wrong with them. A fault is [kind, text, what of it, x, y]:
//
//     overlap    two texts reach into each other by more than a pixel along every axis
//     cut        more than half a pixel of a text lies outside of its picture or of what can be scrolled to, or beneath a shape
//     small      letters of less than 9 pixels
//
// A text is a <text> with all that is in it, a text node, or a sign that a style sheet adds. It reaches from where its first
// letter begins to where the next after its last one would, and from the top of its tallest letter to the foot of its deepest:
// the height of a line would be more than is visible.
{
    const readable = 9, touching = 1, missing = 0.5;
    const canvas = document.createElement("canvas").getContext("2d");
    const inks = new Map();

    const ink = (text, css) => {
        const font = `${css.fontStyle} ${css.fontWeight} ${css.fontSize} ${css.fontFamily}`, key = font + "\n" + text;
        if (!inks.has(key)) {
            canvas.font = font;
            const box = canvas.measureText(text);
            inks.set(key, { up: box.actualBoundingBoxAscent, down: box.actualBoundingBoxDescent, ascent: box.fontBoundingBoxAscent, width: box.width });
        }
        return inks.get(key);
    };

    const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest("title, desc, option, script, style, .aside");

    // The corners of what lies along a baseline, by a matrix.
    const corners = (start, end, { up, down }, m) => {
        const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
        const [ux, uy] = [(end.x - start.x) / length, (end.y - start.y) / length];
        return [[start, -up], [end, -up], [end, down], [start, down]].map(([p, y]) => {
            const [x, v] = [p.x - y * uy, p.y + y * ux];
            return { x: m.a * x + m.c * v + m.e, y: m.b * x + m.d * v + m.f };
        });
    };
    const rectangle = (left, top, right, bottom) => [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
    const bounds = (points) => {
        const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
        return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
    };

    // How deep two convex shapes lie in each other: the least way out, by separating axes.
    const depth = (a, b) => {
        let least = Infinity;
        for (const shape of [a, b]) for (let n = 0; n < 2; n++) {
            const [p, q] = [shape[n], shape[n + 1]], length = Math.hypot(q.x - p.x, q.y - p.y);
            if (!length) return 0;
            const [nx, ny] = [(p.y - q.y) / length, (q.x - p.x) / length];
            const [s, t] = [a, b].map((points) => points.map((c) => c.x * nx + c.y * ny));
            least = Math.min(least, Math.min(Math.max(...s), Math.max(...t)) - Math.max(Math.min(...s), Math.min(...t)));
        }
        return least;
    };

    const item = (element, label, size, quads) => ({ element, label: label.replace(/\s+/g, " ").trim(), size, quads, box: bounds(quads.flat()) });

    const lettered = (text) => {
        const count = text.getNumberOfChars(), m = text.getScreenCTM();
        if (!count || !m || !text.textContent.trim()) return [];
        const css = getComputedStyle(text), box = ink(text.textContent, css);
        const run = (first, last) => corners(text.getStartPositionOfChar(first), text.getEndPositionOfChar(last), box, m);
        // Parts of a text may stand anywhere.
        const quads = text.childElementCount ? Array.from({ length: count }, (_, n) => run(n, n)) : [run(0, count - 1)];
        const parts = text.childElementCount ? [...text.querySelectorAll("*")].filter((part) => !part.childElementCount).concat(text) : [text];
        const size = Math.min(...parts.map((part) => parseFloat(getComputedStyle(part).fontSize)));
        return [item(text, text.textContent, size * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c)), quads)];
    };

    const written = (node) => {
        const css = getComputedStyle(node.parentElement), box = ink(node.data, css), range = document.createRange();
        range.selectNodeContents(node);
        const lines = [...range.getClientRects()].filter((line) => line.width > 0);
        const quads = lines.map((line) => rectangle(line.left, line.top + box.ascent - box.up, line.right, line.top + box.ascent + box.down));
        return quads.length ? [item(node.parentElement, node.data, parseFloat(css.fontSize), quads)] : [];
    };

    // What a style sheet writes into a cell's corner.
    const badge = (cell) => {
        const css = getComputedStyle(cell, "::after");
        if (css.display === "none") return [];
        const box = cell.getBoundingClientRect(), letters = ink(cell.dataset.n, css), [top, right, width, height] = [css.top, css.right, css.width, css.height].map(parseFloat);
        const middle = box.right - 1 - right - width / 2, base = box.top + top + height / 2 + (letters.up - letters.down) / 2;
        return [item(cell, cell.dataset.n, parseFloat(css.fontSize), [rectangle(middle - letters.width / 2, base - letters.up, middle + letters.width / 2, base + letters.down)])];
    };

    const texts = (root) => {
        const found = [...root.querySelectorAll("text")].filter(isSeen).flatMap(lettered);
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.data.trim() && !node.parentElement.closest("svg, math") && isSeen(node.parentElement)) found.push(...written(node));
        }
        return found.concat([...root.querySelectorAll("[data-n]")].filter(isSeen).flatMap(badge));
    };

    // The part of the screen in which something can come to be seen.
    const rooms = new Map();
    const room = (element) => {
        if (rooms.has(element)) return rooms.get(element);
        let seen = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
        if (element.parentElement) {
            seen = { ...room(element.parentElement) };
            const css = getComputedStyle(element), box = element.getBoundingClientRect();
            const isPart = element instanceof SVGElement && element.localName !== "svg";
            for (const [low, high, axis, scroll, size] of [["left", "right", "overflowX", "scrollLeft", "scrollWidth"], ["top", "bottom", "overflowY", "scrollTop", "scrollHeight"]]) {
                if (isPart || css[axis] === "visible" || css.display === "inline" && element.localName !== "svg") continue;
                if (css[axis] === "auto" || css[axis] === "scroll") {
                    // All of it scrolls into sight.
                    seen[low] = box[low] - element[scroll];
                    seen[high] = seen[low] + element[size];
                } else {
                    seen[low] = Math.max(seen[low], box[low]);
                    seen[high] = Math.min(seen[high], box[high]);
                }
            }
        } else {
            const all = document.scrollingElement;
            seen = { left: -scrollX, top: -scrollY, right: all.scrollWidth - scrollX, bottom: all.scrollHeight - scrollY };
        }
        rooms.set(element, seen);
        return seen;
    };

    // Rectangles and circles that nothing shows through, with their places in the order of painting.
    const shapes = (order) => {
        const known = new Map();
        const covers = (shape) => {
            const key = ["class", "fill", "fill-opacity", "opacity", "style"].map((name) => shape.getAttribute(name)).join("\n") + shape.parentElement.getAttribute("class");
            if (!known.has(key)) {
                const css = getComputedStyle(shape);
                const alpha = css.fill.match(/^rgb\(/) ? 1 : 0;
                known.set(key, alpha * css.fillOpacity * css.opacity === 1);
            }
            return known.get(key) && isSeen(shape);
        };
        return [...order.keys()].filter((each) => ["rect", "circle"].includes(each.localName) && covers(each)).map((shape) => {
            const box = shape.getBBox(), m = shape.getScreenCTM();
            // Of a circle the square inside.
            const inset = shape.localName === "circle" ? box.width * (1 - Math.SQRT1_2) / 2 : 0;
            const quad = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([h, v]) => {
                const [x, y] = [box.x + inset + h * (box.width - 2 * inset), box.y + inset + v * (box.height - 2 * inset)];
                return { x: m.a * x + m.c * y + m.e, y: m.b * x + m.d * y + m.f };
            });
            return { shape, quad, box: bounds(quad), place: order.get(shape) };
        });
    };

    window.adjointMeasure = (root) => {
        rooms.clear();
        const all = texts(root).sort((a, b) => a.box.top - b.box.top), faults = [];
        const note = (kind, each, what) => faults.push([kind, each.label, what, Math.round(each.box.left), Math.round(each.box.top)]);
        const number = (value) => value.toFixed(1);
        for (const [place, each] of all.entries()) {
            if (each.size < readable - 0.01) note("small", each, `${number(each.size)} px`);
            const space = room(each.element), over = Math.max(space.left - each.box.left, each.box.right - space.right, space.top - each.box.top, each.box.bottom - space.bottom);
            if (over > missing) note("cut", each, `${number(over)} px outside`);
            for (let next = place + 1; next < all.length && all[next].box.top < each.box.bottom - touching; next++) {
                const other = all[next];
                if (other.box.left > each.box.right - touching || other.box.right < each.box.left + touching) continue;
                const most = Math.max(...each.quads.map((a) => Math.max(...other.quads.map((b) => depth(a, b)))));
                if (most > touching) note("overlap", each, `over “${other.label}”, ${number(most)} px`);
            }
        }
        const order = new Map([...root.querySelectorAll("text, rect, circle")].map((each, place) => [each, place]));
        const opaque = shapes(order);
        for (const each of all) {
            const place = order.get(each.element);
            const cover = place === undefined ? undefined : opaque.find((over) => over.place > place && over.box.left < each.box.right - touching
                && over.box.right > each.box.left + touching && over.box.top < each.box.bottom - touching && over.box.bottom > each.box.top + touching
                && each.quads.some((quad) => depth(quad, over.quad) > touching));
            if (cover) note("cut", each, `beneath a ${cover.shape.localName} of ${number(cover.box.right - cover.box.left)} by ${number(cover.box.bottom - cover.box.top)} px`);
        }
        return [all.length, faults];
    };
}
