import AdjointGraphs

/// The samples of a dataset in batches, epoch after epoch, each in an order of its own that depends on the seed and the
/// epoch alone.
public struct Batches: Sendable {
    public let dataset: Dataset
    /// Samples of a batch; the last one of an epoch may have fewer.
    public let size: Int
    public let seed: UInt64
    /// Whether pictures are moved, by at most an eighth of their size and at most 4 pixels, and colour pictures are mirrored.
    public let augments: Bool
    /// Whether an epoch ends with its last whole batch, and the few samples behind it are left out.
    public let dropsLast: Bool
    /// The present epoch, counted from 0.
    public private(set) var epoch = 0
    /// Samples of the epoch that have been used.
    public private(set) var position = 0
    private var order: [Int32] = []

    /// - Throws: an error for an empty dataset, and for a size below 1.
    public init(
        _ dataset: Dataset, of size: Int, seed: UInt64 = 0, augments: Bool = false, dropsLast: Bool = false
    ) throws(ArgumentError) {
        guard dataset.count > 0 else { throw ArgumentError("batches", "dataset", expected: "samples", given: "none") }
        guard size >= 1 else { throw ArgumentError("batches", "size", expected: "1 or more", given: "\(size)") }
        guard !augments || dataset.shape.rank == 3 else {
            throw ArgumentError(
                "batches", "samples to augment", expected: "[channels, height, width]", given: "\(dataset.shape)")
        }
        self.dataset = dataset
        self.size = min(size, dataset.count)
        (self.seed, self.augments, self.dropsLast) = (seed, augments, dropsLast)
        order = (0..<Int32(dataset.count)).map { $0 }
        shuffle()
    }

    /// The number of batches in an epoch.
    public var count: Int { dropsLast ? dataset.count / size : (dataset.count + size - 1) / size }

    /// The sizes that batches of an epoch have: the usual one, and that of the last where it has fewer.
    public var sizes: [Int] { dropsLast || dataset.count % size == 0 ? [size] : [size, dataset.count % size] }

    /// The number of samples in the next batch.
    public var nextCount: Int { min(size, dataset.count - position) }

    /// Moves to a place in the training data, from which the same batches follow as they did the first time.
    ///
    /// - Parameter position: samples of the epoch that have been used.
    public mutating func move(toEpoch epoch: Int, position: Int) throws(ArgumentError) {
        guard epoch >= 0, position >= 0, position < dataset.count, position % size == 0, position / size < count
        else {
            throw ArgumentError(
                "batches", "place", expected: "the beginning of a batch of \(size) among \(dataset.count)",
                given: "epoch \(epoch), position \(position)")
        }
        let isOther = epoch != self.epoch
        (self.epoch, self.position) = (epoch, position)
        if isOther { shuffle() }
    }

    /// Moves past the next batch without filling any memory.
    package mutating func advance() {
        position += nextCount
        if position / size == count || position == dataset.count {
            position = 0
            epoch += 1
            shuffle()
        }
    }

    /// Writes the next batch: pictures [nextCount, channels, spatial…] and labels [nextCount]. Allocates nothing.
    package func fill(images: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>) {
        guard let start = images.baseAddress else { return }
        let length = dataset.shape.count
        for place in 0..<nextCount {
            let sample = Int(order[position + place])
            let (offset, flips) = augmentation(of: sample)
            dataset.copy(sample: sample, to: start + place * length, offset: offset, flips: flips)
            labels[place] = dataset.labels[sample]
        }
    }

    /// How far a sample is moved, and whether it is mirrored, in this epoch.
    private func augmentation(of sample: Int) -> (offset: (rows: Int, columns: Int), flips: Bool) {
        guard augments else { return ((0, 0), false) }
        let words = words(UInt32(truncatingIfNeeded: sample), purpose: 1)
        func amount(_ bits: UInt32, _ size: Int) -> Int {
            let most = min(4, size / 8)
            return Int((UInt64(bits & 0xFFFF) * UInt64(2 * most + 1)) >> 16) - most
        }
        return (
            (amount(words.0, dataset.shape[1]), amount(words.0 >> 16, dataset.shape[2])),
            dataset.shape[0] == 3 && words.1 & 1 == 1
        )
    }

    /// Puts the samples in a random order by the shuffle of Fisher and Yates, drawn from the epoch's own numbers.
    private mutating func shuffle() {
        for index in order.indices { order[index] = Int32(index) }
        for index in stride(from: order.count - 1, to: 0, by: -1) {
            let word = words(UInt32(truncatingIfNeeded: index), purpose: 0).0
            order.swapAt(index, Int((UInt64(word) * UInt64(index + 1)) >> 32))
        }
    }

    private func words(_ index: UInt32, purpose: UInt32) -> (UInt32, UInt32) {
        let key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        return Threefry.words(key: key, counter: (index, UInt32(truncatingIfNeeded: epoch) << 1 | purpose))
    }
}
