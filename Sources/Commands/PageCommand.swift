import AdjointGraphs

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

private let out = Option("--out", "FILE", "where the page goes (adjoint.html)", .text("a file"))

extension Command {
    static let page = Command(
        name: "page", summary: "writes the web page that explains a layer and its gradients, which needs no network",
        options: [out]
    ) { arguments in
        guard let page = pages.first(where: { Files.exists($0) }) else {
            throw CommandFailure.failed(
                "the page is neither beside the program nor in ../share/adjoint; `make page` builds it")
        }
        let file = arguments[out] ?? "adjoint.html"
        try Files.writeSafely(try Files.read(page), to: file)
        if file != Files.standard { print("wrote \(printable(file))") }
    }

    /// The places where `make page` and `make install` leave the page.
    private static var pages: [String] {
        #if canImport(Darwin)
            let name = CommandLine.arguments[0]
        #else
            let name = "/proc/self/exe"
        #endif
        guard let resolved = realpath(name, nil) else { return [] }
        defer { free(resolved) }
        let program = String(cString: resolved)
        let folder = program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex)
        return ["\(folder)/adjoint.html", "\(folder)/../share/adjoint/adjoint.html"]
    }
}
