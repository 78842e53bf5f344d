import Foundation
import FuzzedReaders

// The functions that libFuzzer calls, whose `main` this program has: `Scripts/fuzz` builds and runs it.

private let reader: FuzzedReader = {
    let name = ProcessInfo.processInfo.environment["ADJOINT_READER"] ?? ""
    guard let reader = FuzzedReader(rawValue: name) else { fatalError("ADJOINT_READER is no reader: \(name)") }
    return reader
}()

/// Writes valid bytes into a folder, with which the fuzzer begins.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> Int32 {
    if let folder = ProcessInfo.processInfo.environment["ADJOINT_SEEDS"], let seeds = try? reader.seeds() {
        for (number, seed) in seeds.enumerated() {
            try? Data(seed).write(to: URL(fileURLWithPath: "\(folder)/seed-\(number)"))
        }
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    reader.read([UInt8](UnsafeBufferPointer(start: start, count: count)))
    return 0
}
