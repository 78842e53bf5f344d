// The gradients of one layer, for web pages and for node: numbers, equations, pictures and steps of training. Everything is
// computed by adjoint.wasm, which is beside this file; this file only passes requests to it and returns the answers.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/// Loads the engine: from beside this file, from an address, or from its bytes.
export async function load(source = new URL("adjoint.wasm", import.meta.url)) {
    const module = await WebAssembly.compile(await bytes(source));
    const start = async () => (await WebAssembly.instantiate(module, { adjoint: { write: () => 0 } })).exports;
    return new Engine(await start(), start);
}

async function bytes(source) {
    if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return source;
    const address = new URL(source, import.meta.url);
    if (address.protocol === "file:" && globalThis.process?.versions?.node) {
        return (await import("node:fs/promises")).readFile(address);
    }
    const response = await fetch(address);
    if (!response.ok) throw new Error(`adjoint: ${address} cannot be loaded: ${response.status}`);
    return response.arrayBuffer();
}

export class Engine {
    #exports;
    #start;
    constructor(exports, start) {
        [this.#exports, this.#start] = [exports, start];
    }

    /// A layer by its sizes; throws where they do not fit.
    layer(settings) {
        return new Layer((request) => this.#ask(request), settings);
    }

    #ask(request) {
        const text = encoder.encode(JSON.stringify(request));
        let answer;
        try {
            const { room, ask, result, memory } = this.#exports;
            const place = room(text.length);
            new Uint8Array(memory.buffer, place, text.length).set(text);
            const count = ask(text.length);
            answer = JSON.parse(decoder.decode(new Uint8Array(memory.buffer, result(), count)));
        } catch (error) {
            // An engine that has stopped never answers again: the next request starts a new one.
            this.#start().then((exports) => (this.#exports = exports));
            throw new Error(`adjoint: the engine has stopped and starts anew: ${error.message}`);
        }
        if ("error" in answer) throw new RangeError(`adjoint: ${answer.error}`);
        return answer.answer;
    }
}

export class Layer {
    #ask;
    constructor(ask, settings) {
        this.#ask = (ask_, more) => ask({ ask: ask_, layer: settings, ...more });
        this.settings = settings;
        this.shapes = this.#ask("shapes");
    }

    /// G; with dG or a target T beside V, W and B also dV, dW and dB; with a target also E and dG.
    compute(values) {
        return numbers(this.#ask("results", { values: flat(values) }));
    }

    /// The equations of an element, such as "W1", or of all of a tensor, "W": text, LaTeX and MathML, in numbers where known.
    equations(select, values = {}) {
        return this.#ask("equations", { select, values: flat(values) });
    }

    /// The document that `adjoint explain` writes, as text, markdown, latex, html, svg or json.
    explain({ select, views, as = "html", language = "en", values = {} } = {}) {
        return this.#ask("explanation", { select, views, as, language, values: flat(values) });
    }

    /// The picture of one view, as SVG: windows, sharing, convolution or flow.
    picture(view, options = {}) {
        return this.explain({ ...options, views: [view], as: "svg" });
    }

    /// `steps` steps W ← W − rate·∂E/∂W, and the same for B, towards the target T; E before each step and after the last.
    train(values, { rate = 0.1, steps = 1 } = {}) {
        return numbers(this.#ask("training", { values: flat(values), rate, steps }));
    }
}

/// Nested and typed arrays as plain ones, in row-major order.
function flat(values) {
    const plain = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : [value].flat(Infinity));
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

function numbers(answer) {
    return Object.fromEntries(
        Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? Float64Array.from(value) : value]));
}
