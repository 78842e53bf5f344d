// Tests the ES module under node: test_web.mjs FOLDER [CASES]. What it computes is compared with layers that PyTorch computed.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, cases] = process.argv.slice(2);
const { load } = await import(pathToFileURL(resolve(folder, "adjoint.mjs")));
const adjoint = await load();

const tests = {
    "the question": () => {
        const layer = adjoint.layer({ input: [3, 3], kernel: [2, 2] });
        assert.deepEqual(layer.shapes, { G: [1, 1, 2, 2], V: [1, 1, 3, 3], W: [1, 1, 2, 2] });
        const values = { V: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], W: new Float32Array([1, -1, 2, 0]), dG: [1, 0, 0, -2] };
        const { G, dW, dV } = layer.compute(values);
        assert.deepEqual([...G], [7, 9, 13, 15]);
        // ∂E/∂W = V's windows, the first once and the last −2 times.
        assert.deepEqual([...dW], [1 - 10, 2 - 12, 4 - 16, 5 - 18]);
        assert.deepEqual([...dV].map((number) => number + 0), [1, -1, 0, 2, -2, 2, 0, -4, 0]);
        const equations = layer.equations("W1", values);
        assert.equal(equations.at(-1).text, "∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5");
        assert.equal(equations.at(-1).value, -9);
        assert.equal(equations[0].text, "∂G1/∂W1 = V1");
        assert.match(equations.at(-1).mathml, /^<math .*<\/math>$/s);
        assert.match(equations.at(-1).latex, /\\partial/);
        assert.equal(layer.equations("G").length, 4);
        assert.equal(layer.equations("G")[0].value, null);
    },
    "documents and pictures": () => {
        const layer = adjoint.layer({ input: [4, 4], kernel: [3, 3], padding: 1, stride: 2, bias: true });
        assert.match(layer.picture("windows", { select: "W5" }), /^<svg [\s\S]*<\/svg>\s*$/);
        assert.match(layer.explain({ as: "html", language: "de" }), /<html lang="de">/);
        assert.match(layer.explain({ as: "latex", select: "B1", views: ["equations"] }), /\\begin\{align/);
        assert.equal(JSON.parse(layer.explain({ as: "json", select: "W1" })).geometry.paddingBefore[0], 1);
        // What JSON says of a layer is a layer.
        const again = adjoint.layer(JSON.parse(layer.explain({ as: "json" })).geometry);
        assert.deepEqual(again.shapes, layer.shapes);
    },
    "a large layer": () => {
        // The first layer of ResNet-18 on a photograph.
        const layer = adjoint.layer({ input: [224, 224], kernel: [7, 7], channels: 3, filters: 64, stride: 2, padding: 3 });
        assert.deepEqual(layer.shapes.G, [1, 64, 112, 112]);
        const ones = (shape) => new Array(shape.reduce((a, b) => a * b)).fill(1);
        const { dW, G } = layer.compute({ V: ones(layer.shapes.V), W: ones(layer.shapes.W), dG: ones(layer.shapes.G) });
        // Each window whose pixel under the weight lies on V adds 1: 2p − 3 ≥ 0 for the first, all for the one in the middle.
        assert.deepEqual([dW[0], dW[24]], [110 * 110, 112 * 112]);
        assert.equal(G[56 * 112 + 56], 3 * 49);
        assert.match(layer.picture("windows", { select: "W1" }), /^<svg /);
    },
    "training": () => {
        const layer = adjoint.layer({ input: [6, 6], kernel: [3, 3], bias: true });
        const V = Array.from({ length: 36 }, (_, i) => Math.sin(i * i));
        const taught = layer.compute({ V, W: [1, 0, -1, 2, 0, -2, 1, 0, -1], B: [0.5] }).G;
        const { E, W, B } = layer.train({ V, W: Array(9).fill(0), B: [0], T: taught }, { rate: 0.05, steps: 400 });
        assert.equal(E.length, 401);
        assert.ok(E.every((e, i) => i === 0 || e < E[i - 1]), "E falls");
        assert.ok(E.at(-1) < 1e-6 * E[0], `E is ${E.at(-1)}`);
        assert.ok(Math.abs(W[3] - 2) < 1e-2 && Math.abs(B[0] - 0.5) < 1e-2, `W4 is ${W[3]}, B1 is ${B[0]}`);
    },
    "a gradient that is a difference": () => {
        const layer = adjoint.layer({ kind: "max", input: [5, 5], kernel: [3, 3], stride: 1, channels: 2, padding: 1 });
        const V = Array.from({ length: 50 }, (_, i) => Math.cos(i * i)), T = Array(50).fill(0.25);
        const { dV } = layer.compute({ V, T }), h = 1e-6;
        for (const i of [0, 7, 24, 31, 49]) {
            const moved = (by) => layer.compute({ V: V.map((v, j) => (j === i ? v + by : v)), T }).E;
            assert.ok(Math.abs((moved(h) - moved(-h)) / (2 * h) - dV[i]) < 1e-6, `∂E/∂V${i + 1}`);
        }
    },
    "what does not fit is said in a sentence": () => {
        const settings = { input: [3, 3], kernel: [2, 2] };
        const says = (change, pattern, ask = (layer) => layer) =>
            assert.throws(() => ask(adjoint.layer({ ...settings, ...change })), (error) => {
                assert.match(error.message, pattern);
                assert.ok(error.message.length < 400 && !error.message.includes("\n"), error.message);
                return true;
            });
        says({ kernel: [9, 9] }, /kernel/);
        says({ groups: 2 }, /groups/);
        says({ strides: 2 }, /strides.*stride/);
        says({ kind: "pool" }, /convolution, transposed, max or average/);
        says({ input: [] }, /1 to 3 axes/);
        says({ padding: [1, 2] }, /4/);
        for (const size of [-1, 0, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e300, null, "3", [3], NaN]) {
            for (const name of ["batch", "channels", "filters", "groups", "stride", "dilation", "padding", "outputPadding"]) {
                const kind = name === "outputPadding" ? "transposed" : "convolution";
                try { adjoint.layer({ ...settings, kind, [name]: size }); } catch (error) { assert.ok(error instanceof RangeError, error.message); }
            }
            says({ input: [size, 3] }, /adjoint: /);
        }
        for (const size of [32767, 4096, 2048]) says({ input: [size, size, size], kernel: [1, 1, 1], channels: size }, /2\^22/);
        says({ kind: "transposed", input: [2000, 2000], stride: 32767 }, /2\^22/);
        says({}, /W.*none/, (layer) => layer.compute({ V: Array(9).fill(1) }));
        says({}, /9 numbers/, (layer) => layer.compute({ V: [1], W: [1, 2, 3, 4] }));
        says({}, /V/, (layer) => layer.compute({ V: ["x", 1, 1, 1, 1, 1, 1, 1, 1], W: [1, 2, 3, 4] }));
        says({}, /none/, (layer) => layer.compute({ V: Array(9).fill(1), W: [1, 1, 1, 1], B: [1] }));
        says({}, /W1 to W4/, (layer) => layer.equations("W5"));
        says({}, /steps/, (layer) => layer.train({}, { steps: 1e9 }));
        says({}, /rate/, (layer) => layer.train({}, { rate: -1 }));
        says({}, /rate/, (layer) => layer.train({}, { rate: NaN }));
        says({ batch: NaN }, /batch.*a value/);
        says({ kind: "max", filters: 7 }, /filters/);
        says({ kind: "max", bias: true }, /bias/);
        says({ outputPadding: 3 }, /outputPadding/);
        says({ input: [224, 224], kernel: [7, 7], channels: 3, filters: 64, stride: 2 }, /in all steps/, (layer) => layer.train({}, { steps: 100 }));
        says({ input: [512, 512] }, /terms/, (layer) => layer.equations("W"));
        says({}, /views/, (layer) => layer.explain({ views: ["nothing"] }));
    },
    "the engine starts anew after it has stopped": async () => {
        const memory = { buffer: new ArrayBuffer(8) };
        const { Engine } = await import(pathToFileURL(resolve(folder, "adjoint.mjs")));
        let starts = 0;
        const whole = { ask: () => 11, result: () => 0, room: () => 0, memory: { buffer: encoded('{"answer":1}') } };
        const stopped = { room: () => { throw new WebAssembly.RuntimeError("unreachable"); }, memory };
        const engine = new Engine(stopped, async () => (starts++, whole));
        assert.throws(() => engine.layer({}), /starts anew/);
        await new Promise((go) => setTimeout(go));
        assert.equal(starts, 1);
    },
};

function encoded(text) {
    const buffer = new ArrayBuffer(64);
    new TextEncoder().encodeInto(text, new Uint8Array(buffer));
    return buffer;
}

// ---- layers that PyTorch computed

function tensors(file) {
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + length));
    const start = 8 + length;
    const types = { F32: Float32Array, F64: Float64Array, I64: BigInt64Array, I32: Int32Array, BOOL: Uint8Array };
    return Object.fromEntries(Object.entries(header).filter(([name]) => name !== "__metadata__").map(([name, entry]) => {
        const [from, to] = entry.data_offsets;
        const copy = bytes.buffer.slice(bytes.byteOffset + start + from, bytes.byteOffset + start + to);
        return [name, new types[entry.dtype](copy)];
    }));
}

const kinds = { conv: "convolution", conv_transpose: "transposed", max_pool: "max", avg_pool: "average" };

function compare(given) {
    const settings = {
        kind: kinds[given.op], input: given.input.slice(2), kernel: given.kernel, batch: given.input[0],
        channels: given.input[1], filters: given.output[1], groups: given.groups, stride: given.stride,
        dilation: given.dilation, paddingBefore: given.pads_begin, paddingAfter: given.pads_end,
        outputPadding: given.output_padding, bias: given.bias,
    };
    const layer = adjoint.layer(settings);
    const found = tensors(join(cases, given.file));
    const { x: V, w: W, b: B, dy: dG } = found;
    const values = { V, ...(W && { W }), ...(B && { B }), dG };
    const computed = layer.compute(values);
    let count = 0;
    for (const [name, expected] of [["G", found.y], ["dV", found.dx], ["dW", found.dw], ["dB", found.db]]) {
        if (!expected) continue;
        const scale = expected.reduce((most, number) => Math.max(most, Math.abs(number)), 1e-30);
        assert.equal(computed[name].length, expected.length, `${given.name}: ${name}`);
        computed[name].forEach((number, place) => {
            assert.ok(Math.abs(number - expected[place]) <= 2e-6 * scale,
                `${given.name}: ${name}[${place}] is ${number}, expected ${expected[place]}`);
            count += 1;
        });
    }
    return count;
}

for (const [name, test] of Object.entries(tests)) {
    await test();
    console.log(`web: ${name}`);
}
if (cases && existsSync(join(cases, "manifest.json"))) {
    const all = JSON.parse(readFileSync(join(cases, "manifest.json"), "utf8")).cases;
    // Pools that round up, or that do not count their padding, are no layers of an explanation.
    const explained = all.filter((given) => !given.ceil_mode && given.count_include_pad !== false);
    assert.ok(explained.length >= 200, `${explained.length} layers`);
    const numbers = explained.reduce((sum, given) => sum + compare(given), 0);
    console.log(`web: ${explained.length} of ${all.length} layers, ${numbers} numbers as PyTorch has them`);
} else {
    console.log(`web: skipped the layers that PyTorch computed, there are none at ${cases}`);
}
