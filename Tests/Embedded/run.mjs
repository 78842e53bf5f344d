// Runs the probe's WebAssembly module: node run.mjs probe.wasm
import { readFileSync } from "node:fs";

const bytes = [];
const imports = { adjoint: { write: (byte) => bytes.push(byte) } };
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), imports);
instance.exports.run();
process.stdout.write(Buffer.from(bytes));
