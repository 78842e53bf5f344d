import AdjointDigits
import AdjointFormats
import AdjointGraphs
import AdjointModels

/// Labelled pictures in a folder: IDX files by the names of MNIST, EMNIST and the like, plain or packed, or the binary
/// batches of CIFAR-10 and CIFAR-100; `digits` means those that the package carries.
struct Data {
    let training: Dataset?
    let test: Dataset?
    /// The names of the classes, where these are not just numbers.
    private(set) var classNames: [String] = []
    private let source: String

    /// - Parameter normalization: that of the model which is going to take the pictures; by default that of the pictures for
    ///   training.
    init(_ source: String, normalization: Normalization? = nil) throws {
        self.source = source
        if source == "digits" {
            let files = Digits.files
            let pictures = IDXFolder(name: source, files: files.map { $0.name }) { name in
                files.first { $0.name == name }?.bytes ?? []
            }
            training = try pictures.part("train", normalization)
            test = try pictures.part("test", normalization ?? training?.normalization)
            return
        }
        let names = try Files.names(in: source)
        func read(_ name: String) throws -> [UInt8] { try Files.read(source + "/" + name) }
        for version in CIFARBatch.Version.allCases where names.contains(where: { version.files.contains($0) }) {
            let (parts, last) = (version.trainingFiles, version.testFile)
            training = try Data.batches(version, names.filter { parts.contains($0) }, in: source, normalization)
            test = try Data.batches(
                version, names.filter { $0 == last }, in: source, normalization ?? training?.normalization)
            if names.contains(version.namesFile) {
                let lines = String(decoding: try read(version.namesFile), as: UTF8.self).split { $0.isNewline }
                if lines.count >= version.classes { classNames = lines.map { printable(String($0)) } }
            }
            return
        }
        let pictures = IDXFolder(name: source, files: names, read: read)
        training = try pictures.part("train", normalization)
        let next = normalization ?? training?.normalization
        test = try pictures.part("t10k", next) ?? pictures.part("test", next)
        guard training != nil || test != nil else {
            let isPython = names.contains("data_batch_1") || names.contains("meta") && names.contains("train")
            let found = isPython ? "CIFAR's version for Python (take the binary one)" : joined(names)
            throw CommandFailure.failed(
                "\(printable(source)): expected train-images-idx3-ubyte (or .gz) with its labels, data_batch_1.bin or "
                    + "train.bin, given \(names.isEmpty ? "an empty folder" : shortened(found))")
        }
    }

    /// - Throws: where the folder has no pictures for training.
    func trainingSet() throws -> Dataset {
        guard let training, training.count > 0 else {
            throw missing("training: train-images-idx3-ubyte, data_batch_1.bin or train.bin")
        }
        return training
    }

    /// - Throws: where the folder has no pictures for testing.
    func testSet() throws -> Dataset {
        guard let test, test.count > 0 else {
            throw missing("testing: t10k-images-idx3-ubyte, test_batch.bin or test.bin")
        }
        return test
    }

    private func missing(_ what: String) -> CommandFailure {
        .failed("\(printable(source)): expected pictures for \(what), given none")
    }

    func className(_ label: Int) -> String { label < classNames.count ? classNames[label] : "\(label)" }

    private static func batches(
        _ version: CIFARBatch.Version, _ names: [String], in folder: String, _ normalization: Normalization?
    ) throws -> Dataset? {
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for name in names {
            let path = folder + "/" + name
            let batch = try named(path) { try CIFARBatch(parsing: try Files.read(path), as: version) }
            pixels += batch.pixels
            labels += batch.labels.map { Int32($0) }
        }
        if names.isEmpty { return nil }
        return try named(folder) {
            let measured = normalization ?? Normalization(measuring: pixels, shape: [3, 32, 32])
            return try Dataset(
                bytes: pixels, shape: [3, 32, 32], labels: labels, classes: version.classes, normalization: measured)
        }
    }
}

extension CIFARBatch.Version {
    fileprivate var trainingFiles: [String] {
        self == .ten ? (1...5).map { "data_batch_\($0).bin" } : ["train.bin"]
    }
    fileprivate var testFile: String { self == .ten ? "test_batch.bin" : "test.bin" }
    fileprivate var namesFile: String { self == .ten ? "batches.meta.txt" : "fine_label_names.txt" }
    fileprivate var files: [String] { trainingFiles + [testFile] }
}
