import AdjointGraphs
import AdjointModels
import Testing

/// A dataset in which every byte is the sample's number.
private func numbered(_ count: Int, shape: Shape = [1, 2, 2]) throws -> Dataset {
    let bytes = (0..<count).flatMap { [UInt8](repeating: UInt8($0), count: shape.count) }
    return try Dataset(
        bytes: bytes, shape: shape, labels: (0..<count).map { Int32($0 % 3) }, classes: 3,
        normalization: Normalization(mean: [0], deviation: [1]))
}

/// The pictures and labels of the next batch.
private func next(_ batches: inout Batches) -> (images: [Float], labels: [Int32]) {
    var images = [Float](repeating: .nan, count: batches.nextCount * batches.dataset.shape.count)
    var labels = [Int32](repeating: -1, count: batches.nextCount)
    images.withUnsafeMutableBufferPointer { images in
        labels.withUnsafeMutableBufferPointer { batches.fill(images: images, labels: $0) }
    }
    batches.advance()
    return (images, labels)
}

@Suite struct BatchTests {
    @Test func eachEpochTakesEverySampleOnceInAnOrderOfItsOwn() throws {
        var batches = try Batches(numbered(50), of: 16, seed: 9)
        #expect(batches.count == 4)
        var orders: [[Int]] = []
        for epoch in 0..<3 {
            var order: [Int] = []
            while batches.epoch == epoch {
                let (images, labels) = next(&batches)
                #expect(labels.count == (order.count < 48 ? 16 : 2))
                for (place, label) in labels.enumerated() {
                    let sample = Int((images[4 * place] * 255).rounded())
                    #expect(label == Int32(sample % 3))
                    order.append(sample)
                }
            }
            #expect(order.sorted() == Array(0..<50))
            orders.append(order)
        }
        #expect(orders[0] != orders[1] && orders[1] != orders[2] && orders[0] != Array(0..<50))
        var again = try Batches(numbered(50), of: 16, seed: 9)
        try again.move(toEpoch: 2, position: 32)
        #expect(next(&again).images.prefix(1).map { Int(($0 * 255).rounded()) } == [orders[2][32]])
        var other = try Batches(numbered(50), of: 50, seed: 10)
        #expect(next(&other).images.map { Int(($0 * 255).rounded()) } != orders[0].flatMap { [$0, $0, $0, $0] })
    }

    @Test func bytesAreNormalizedByChannel() throws {
        let data = try Dataset(
            bytes: [0, 255, 51, 102], shape: [2, 1, 2], labels: [0], classes: 1,
            normalization: Normalization(mean: [0.5, 0.2], deviation: [0.5, 0.1]))
        var batches = try Batches(data, of: 1)
        let (images, _) = next(&batches)
        for (given, expected) in zip(images, [-1, 1, 0, 2] as [Float]) { #expect((given - expected).magnitude < 1e-5) }
    }

    @Test func aMeasuredNormalizationGivesMeanZeroAndVarianceOneAndSurvivesJSON() throws {
        let bytes = (0..<240).map { (place: Int) -> UInt8 in UInt8(place * 37 % 17 + 90 * (place / 12 % 2)) }
        let measured = Normalization(measuring: bytes, shape: [2, 3, 4])
        #expect(measured.mean.count == 2)
        let data = try Dataset(
            bytes: bytes, shape: [2, 3, 4], labels: [Int32](repeating: 0, count: 10), classes: 1,
            normalization: measured)
        var batches = try Batches(data, of: 10)
        let (images, _) = next(&batches)
        for channel in 0..<2 {
            let numbers = images.indices.filter { $0 / 12 % 2 == channel }.map { Double(images[$0]) }
            let mean = numbers.reduce(0, +) / 120
            #expect(mean.magnitude < 1e-5)
            let variance = numbers.map { $0 * $0 }.reduce(0, +) / 120
            #expect((variance - 1).magnitude < 1e-4)
        }
        #expect(try Normalization(measured.encoded()) == measured)
        #expect(Normalization(measuring: [7, 7, 7, 7], shape: [1, 2, 2]).deviation == [1])
    }

    @Test func augmentationMovesAndMirrorsThePictureWhole() throws {
        // One bright pixel in the middle of each picture, one beside it half as bright.
        let shape: Shape = [3, 16, 16]
        var bytes = [UInt8](repeating: 0, count: 40 * shape.count)
        for sample in 0..<40 {
            for channel in 0..<3 {
                bytes[(sample * 3 + channel) * 256 + 8 * 16 + 7] = 255
                bytes[(sample * 3 + channel) * 256 + 8 * 16 + 8] = 127
            }
        }
        let data = try Dataset(
            bytes: bytes, shape: shape, labels: [Int32](repeating: 0, count: 40), classes: 1,
            normalization: Normalization(mean: [0], deviation: [1]))
        var places: Set<Int> = []
        var mirrored = 0
        var batches = try Batches(data, of: 40, seed: 4, augments: true)
        var twin = batches
        let (images, _) = next(&batches)
        #expect(images == next(&twin).images)
        for sample in 0..<40 {
            let planes = (0..<3).map { Array(images[(sample * 3 + $0) * 256..<(sample * 3 + $0 + 1) * 256]) }
            #expect(planes[0] == planes[1] && planes[1] == planes[2])
            let bright = try #require(planes[0].firstIndex { $0 > 0.99 })
            #expect((6...10).contains(bright / 16) && (5...10).contains(bright % 16))
            let isMirrored = planes[0][bright - 1] > 0.4
            #expect(isMirrored || planes[0][bright + 1] > 0.4)
            #expect(planes[0].count { $0 > 0 } == 2)
            mirrored += isMirrored ? 1 : 0
            places.insert(bright)
        }
        #expect(places.count > 10)
        #expect(mirrored > 8 && mirrored < 32)
        #expect(next(&batches).images != images)
    }

    @Test func labelsAndSizesAreChecked() {
        func message(_ bytes: Int, _ labels: [Int32]) -> String {
            do throws(ArgumentError) {
                _ = try Dataset(
                    bytes: [UInt8](repeating: 0, count: bytes), shape: [1, 2, 2], labels: labels, classes: 3,
                    normalization: .centered)
                return "no error"
            } catch {
                return error.description
            }
        }
        #expect(message(8, [0, 2]) == "no error")
        #expect(message(8, [0, 3]) == "dataset: label of sample 1 is 3, expected 0 or more and below 3")
        #expect(message(8, [-1, 0]) == "dataset: label of sample 0 is -1, expected 0 or more and below 3")
        #expect(message(7, [0, 0]) == "dataset: elements is 7, expected 8 for 2 samples of [1, 2, 2]")
        #expect(throws: ArgumentError.self) {
            try Batches(Dataset(bytes: [], shape: [1, 2, 2], labels: [], classes: 3, normalization: .centered), of: 4)
        }
        #expect(throws: ArgumentError.self) { try Batches(numbered(4), of: 0) }
        #expect(throws: ArgumentError.self) {
            var batches = try Batches(numbered(4), of: 2)
            try batches.move(toEpoch: 0, position: 1)
        }
    }
}
