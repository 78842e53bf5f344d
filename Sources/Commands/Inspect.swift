import AdjointFormats

private let file = Operand(
    "FILE", "safetensors, IDX (plain or .gz), CIFAR (.bin) or a manifest (.json)", .text("a file"))

extension Command {
    static let inspect = Command(
        name: "inspect", summary: "tells what a file is, and whether it is sound", operands: [file]
    ) { arguments in
        let path = arguments[file]
        let found = try AdjointFormats.inspect(try Files.read(path), name: path)
        print(found.kind)
        for line in found.lines { print(line) }
    }
}
