import AdjointJSON
import TestSupport
import Testing

@testable import AdjointFormats

/// The files of `../shared/bad-inputs` in the formats of this module.
@Suite(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
struct BadInputTests {
    @Test func behaveAsTheirManifestSays() throws {
        let manifest = try JSON(parsing: try Shared.bytes("bad-inputs/manifest.json"))
        var count = 0
        for field in try JSONField(manifest)["files"].elements() {
            guard ["safetensors", "idx", "cifar", "manifest"].contains(try field["format"].string()) else { continue }
            count += 1
            let name = try field["file"].string()
            let bytes = try Shared.bytes("bad-inputs/" + name)
            let why = Comment(rawValue: "\(name): \(try field["why"].string())")
            if try field["expect"].string() == "accept" {
                #expect(throws: Never.self, why) { try inspect(bytes, name: name) }
            } else {
                #expect(why) {
                    try inspect(bytes, name: name)
                } throws: { error in
                    let sentence = "\(error)"
                    return error is FormatError && sentence.hasPrefix(name + ": ") && sentence.contains(": expected ")
                        && sentence.contains(", given ") && !sentence.contains("\n")
                }
            }
        }
        #expect(count == 28)
    }

    /// Some thousand damaged files of every format: an error or a value, never a trap.
    @Test func damagedFilesNeverTrap() throws {
        let names = [
            "bad-inputs/ok_metadata.safetensors", "bad-inputs/ok_zero_size.safetensors", "bad-inputs/ok_rank1.idx",
            "data/idx-types/int16-rank3.idx", "data/idx-types/float64-rank2.idx",
            "data/digits/test-labels-idx1-ubyte.gz", "bad-inputs/manifest_stride0.json", "nets/lenet5_tanh_avg.json",
            "cases/single_1d_1.safetensors",
        ]
        var mutations = Mutations(seed: 7)
        var sound = 0
        for name in names {
            let bytes = try Shared.bytes(name)
            for _ in 0..<1000 where (try? inspect(mutations.damaged(bytes), name: name)) != nil { sound += 1 }
        }
        #expect(sound > 0)
        #expect(sound < names.count * 1000)
    }
}
