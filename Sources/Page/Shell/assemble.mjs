// Puts the page together: node assemble.mjs page.wasm adjoint.html. The first screen is the engine's own, written in.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const [wasmFile, file] = process.argv.slice(2);
const shell = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const wasm = readFileSync(wasmFile);

const { instance } = await WebAssembly.instantiate(wasm, { adjoint: { write: () => 0 } });
const { memory, begin, result } = instance.exports;
const count = begin(0);
const body = Buffer.from(memory.buffer, result(), count).toString("utf8");

const put = {
    CSS: shell("page.css"), BODY: body, JS: shell("page.js"),
    WASM: gzipSync(wasm, { level: 9 }).toString("base64"),
};
writeFileSync(file, shell("page.html").replace(/\{\{([A-Z]+)\}\}/g, (_, name) => put[name]));
