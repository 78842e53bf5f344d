import AdjointFormats
import AdjointGraphs
import AdjointModels

/// IDX files with pictures and their labels in a folder.
struct IDXFolder {
    let name: String
    let files: [String]
    let read: (String) throws -> [UInt8]

    /// The pictures and labels of one part, such as `train`; nil where there are none.
    func part(_ part: String, _ normalization: Normalization?) throws -> Dataset? {
        guard let imageFile = try images(part) else { return nil }
        let plain = imageFile.hasSuffix(".gz") ? String(imageFile.dropLast(3)) : imageFile
        let beside = plain.replacing("-images", with: "-labels").replacing("idx3", with: "idx1")
        guard let labelFile = [beside, beside + ".gz"].first(where: { files.contains($0) }) else {
            throw CommandFailure.failed(
                "\(printable(name)): expected labels beside \(printable(imageFile)), given no \(printable(beside))")
        }
        let images = try named(name + "/" + imageFile) { try IDXArray(parsing: try read(imageFile)) }
        let labels = try named(name + "/" + labelFile) { try IDXArray(parsing: try read(labelFile)).labels() }
        return try named(name + "/" + imageFile) { try Dataset(images, labels, normalization) }
    }

    /// The file of the pictures: `train-images-idx3-ubyte`, as in MNIST, `train-images.idx3-ubyte`, or with a prefix, as in
    /// EMNIST; each may be packed.
    private func images(_ part: String) throws(CommandFailure) -> String? {
        let usual = ["-", "."].flatMap { ["\(part)-images\($0)idx3-ubyte", "\(part)-images\($0)idx3-ubyte.gz"] }
        if let file = usual.first(where: { files.contains($0) }) { return file }
        let found = usual.flatMap { usual in files.filter { $0.hasSuffix("-" + usual) } }
        guard found.count <= 1 || found.count == 2 && found[0] + ".gz" == found[1] else {
            throw .failed(
                "\(printable(name)): expected one set of pictures, given \(shortened(joined(found))) "
                    + "(put the one to use into a folder of its own)")
        }
        return found.first
    }
}

extension IDXArray {
    /// The elements as classes, and their shape.
    fileprivate func labels() throws(FormatError) -> (shape: Shape, classes: [Int32]) {
        let numbers = tensor().doubles
        for (place, number) in numbers.enumerated() {
            guard number >= 0, number < Double(Dataset.classLimit), number == number.rounded() else {
                throw FormatError(
                    .field("label of picture \(place)"),
                    expected: "a class, a whole number from 0, below \(Dataset.classLimit)", given: shortest(number))
            }
        }
        return (shape, numbers.map { Int32($0) })
    }
}

extension Dataset {
    /// Pictures [N, height, width] or [N, channels, height, width] with labels [N].
    fileprivate init(
        _ images: IDXArray, _ labels: (shape: Shape, classes: [Int32]), _ normalization: Normalization?
    ) throws {
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
        let count = Int(labels.classes.max() ?? 0) + 1
        if case .uint8(let bytes) = images.elements {
            try self.init(
                bytes: bytes, shape: shape, labels: labels.classes, classes: count,
                normalization: normalization ?? Normalization(measuring: bytes, shape: shape))
        } else {
            try self.init(floats: images.tensor().floats, shape: shape, labels: labels.classes, classes: count)
        }
    }
}
