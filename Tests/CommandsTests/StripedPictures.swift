import AdjointFormats
import AdjointGraphs
import Foundation
import TestSupport

extension TemporaryFolder {
    /// Forty pictures of stripes, upright for class 0 and level for class 1, and ten to test with.
    func writePictures(size: Int, to name: String) throws {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (part, count) in [("train", 40), ("test", 10)] {
            var pixels: [UInt8] = []
            for picture in 0..<count {
                for row in 0..<size {
                    for column in 0..<size {
                        pixels.append((picture % 2 == 0 ? column : row) % 3 == 0 ? 255 : UInt8(picture))
                    }
                }
            }
            let images = try IDXArray([count, size, size], .uint8(pixels))
            let labels = try IDXArray([count], .uint8((0..<count).map { UInt8($0 % 2) }))
            try write(images.serialized(), to: "\(name)/\(part)-images-idx3-ubyte")
            try write(gzip(labels.serialized()), to: "\(name)/\(part)-labels-idx1-ubyte.gz")
        }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func bytes(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path + "/" + name).map { [UInt8]($0) }
    }

    /// The temporary files in all folders.
    var temporaries: [String] {
        (FileManager.default.subpaths(atPath: path) ?? []).filter { $0.hasSuffix(".adjoint-new") }
    }
}
