import AdjointDigits
import AdjointFormats
import AdjointGraphs
import AdjointModels

/// Labelled pictures in a folder: IDX files by MNIST's names, plain or packed, or CIFAR-10's binary batches; `digits`
/// means those that the package carries.
struct Data {
    let training: Dataset?
    let test: Dataset?
    /// What classes are called.
    let classNames: [String]
    private let source: String

    /// - Parameter normalization: of the model that is going to take the pictures; that of the pictures for training
    ///   unless given.
    init(_ source: String, normalization: Normalization? = nil) throws {
        self.source = source
        if source == "digits" {
            let files = Digits.files
            func read(_ name: String) -> [UInt8] { files.first { $0.name == name }?.bytes ?? [] }
            training = try Data.pictures("train", in: files.map { $0.name }, folder: source, normalization, read)
            test = try Data.pictures(
                "test", in: files.map { $0.name }, folder: source, normalization ?? training?.normalization, read)
            classNames = (0..<10).map { "\($0)" }
            return
        }
        let names = try Files.names(in: source)
        func read(_ name: String) throws -> [UInt8] { try Files.read(source + "/" + name) }
        if names.contains(where: { $0.hasSuffix("_batch.bin") || $0.hasPrefix("data_batch") }) {
            let parts = names.filter { $0.hasPrefix("data_batch") && $0.hasSuffix(".bin") }
            training = try Data.batches(parts, in: source, normalization)
            test = try Data.batches(
                names.filter { $0 == "test_batch.bin" }, in: source, normalization ?? training?.normalization)
            let listed = names.contains("batches.meta.txt") ? try read("batches.meta.txt") : []
            let lines = String(decoding: listed, as: UTF8.self).split(separator: "\n").map(String.init)
            classNames = lines.count >= 10 ? lines : (0..<10).map { "\($0)" }
            return
        }
        training = try Data.pictures("train", in: names, folder: source, normalization, read)
        let isMNIST = names.contains { $0.hasPrefix("t10k-") }
        test = try Data.pictures(
            isMNIST ? "t10k" : "test", in: names, folder: source, normalization ?? training?.normalization, read)
        guard training != nil || test != nil else {
            throw CommandFailure.failed(
                "\(printable(source)): expected train-images-idx3-ubyte (or .gz) with its labels, or data_batch_1.bin, "
                    + "given neither")
        }
        classNames = (0..<max(training?.classes ?? 0, test?.classes ?? 0)).map { "\($0)" }
    }

    /// - Throws: where the folder has no pictures for training.
    func trainingSet() throws -> Dataset {
        guard let training else { throw missing("training: train-images-idx3-ubyte or data_batch_1.bin") }
        return training
    }

    /// - Throws: where the folder has no pictures for testing.
    func testSet() throws -> Dataset {
        guard let test else { throw missing("testing: t10k-images-idx3-ubyte or test_batch.bin") }
        return test
    }

    private func missing(_ what: String) -> CommandFailure {
        .failed("\(printable(source)): expected pictures for \(what), given none")
    }

    /// The pictures and labels of one part, nil where there are none.
    private static func pictures(
        _ part: String, in names: [String], folder: String, _ normalization: Normalization?,
        _ read: (String) throws -> [UInt8]
    ) throws -> Dataset? {
        func find(_ kind: String) -> String? {
            let plain = "\(part)-\(kind)-ubyte"
            return [plain, plain + ".gz"].first { names.contains($0) }
        }
        guard let imageFile = find("images-idx3") else { return nil }
        guard let labelFile = find("labels-idx1") else {
            throw CommandFailure.failed("\(printable(folder)): expected labels beside \(imageFile), given none")
        }
        let images = try named(folder + "/" + imageFile) { try IDXArray(parsing: try read(imageFile)) }
        let labels = try named(folder + "/" + labelFile) { try IDXArray(parsing: try read(labelFile)) }
        return try named(folder + "/" + imageFile) { try Dataset(images, labels, normalization) }
    }

    private static func batches(
        _ names: [String], in folder: String, _ normalization: Normalization?
    ) throws -> Dataset? {
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for name in names {
            let path = folder + "/" + name
            let batch = try named(path) { try CIFARBatch(parsing: try Files.read(path)) }
            pixels += batch.pixels
            labels += batch.labels.map { Int32($0) }
        }
        if names.isEmpty { return nil }
        return try named(folder) {
            let measured = normalization ?? Normalization(measuring: pixels, shape: [3, 32, 32])
            return try Dataset(
                bytes: pixels, shape: [3, 32, 32], labels: labels, classes: 10, normalization: measured)
        }
    }
}

extension Dataset {
    /// Pictures [N, height, width] or [N, channels, height, width] with labels [N].
    fileprivate init(_ images: IDXArray, _ labels: IDXArray, _ normalization: Normalization?) throws {
        guard images.shape.rank == 3 || images.shape.rank == 4 else {
            throw FormatError(
                .field("shape"), expected: "[pictures, height, width] or with channels", given: "\(images.shape)")
        }
        guard labels.shape.sizes == [images.shape[0]] else {
            throw FormatError(
                .field("labels"), expected: "\(images.shape[0]), one for each picture", given: "\(labels.shape)")
        }
        let sizes = Array(images.shape.sizes.dropFirst())
        let shape = Shape(images.shape.rank == 3 ? [1] + sizes : sizes)
        let numbers = labels.tensor()
        let classes = numbers.doubles.map { Int32($0) }
        let count = Int(classes.max() ?? 0) + 1
        if case .uint8(let bytes) = images.elements {
            try self.init(
                bytes: bytes, shape: shape, labels: classes, classes: count,
                normalization: normalization ?? Normalization(measuring: bytes, shape: shape))
        } else {
            try self.init(floats: images.tensor().floats, shape: shape, labels: classes, classes: count)
        }
    }
}
