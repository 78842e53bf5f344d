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

// Seven bits a character, which a script element holds as they are. Three characters mean something in HTML (NUL, return
// and <) and stand 256 places further: two bytes of UTF-8. That is an eighth less than base 64.
function text(bytes) {
    let [held, bits] = [0, 0];
    const codes = [];
    const put = (group) => codes.push([0, 13, 60].includes(group) ? 256 + group : group);
    for (const byte of bytes) {
        held = (held << 8) | byte;
        bits += 8;
        while (bits >= 7) put((held >> (bits -= 7)) & 127);
        held &= (1 << bits) - 1;
    }
    if (bits > 0) put((held << (7 - bits)) & 127);
    return codes.map((code) => String.fromCharCode(code)).join("");
}

// What the first screen says, the document says too.
const found = (pattern) => body.match(pattern)[1];
const put = {
    LANG: found(/<main lang="(.*?)"/), TITLE: found(/class="brand">(.*?)</) + ": " + found(/<h1>(.*?)</),
    CSS: shell("page.css"), BODY: body, JS: shell("page.js"), WASM: text(gzipSync(wasm, { level: 9 })),
};
writeFileSync(file, shell("page.html").replace(/\{\{([A-Z]+)\}\}/g, (_, name) => put[name]));
