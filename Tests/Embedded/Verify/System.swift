// The parts of the C library that this program uses.

@_extern(c, "fopen")
private func fopen(_ path: UnsafePointer<CChar>, _ mode: UnsafePointer<CChar>) -> OpaquePointer?
@_extern(c, "fread")
private func fread(_ place: UnsafeMutableRawPointer, _ size: Int, _ count: Int, _ file: OpaquePointer) -> Int
@_extern(c, "fclose")
private func fclose(_ file: OpaquePointer) -> Int32

/// Reads as the command's own `Files` does.
enum Files {
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw .failed("\(path): cannot open it") }
        defer { _ = fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = part.withUnsafeMutableBytes { fread($0.baseAddress!, 1, $0.count, file) }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }
}
