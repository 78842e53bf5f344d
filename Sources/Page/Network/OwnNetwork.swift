import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointModels
import AdjointPlans

/// A trained network from a file of the reader's own.
struct OwnNetwork {
    let name: String
    let use: NetworkInUse
    /// The probability of each class for the picture that is shown; nil until they are computed.
    var probabilities: [Double]?
    /// The class of E; by default the likeliest.
    var label: Int?

    /// The size in bytes of the largest file that is opened: the parameters are in memory twice while it is read.
    static let largest = 400_000_000

    /// - Throws: a sentence that says what was found and what is expected.
    init(_ bytes: [UInt8], name: String, _ strings: Strings) throws(PageError) {
        if let kind = OwnNetwork.foreignKind(of: bytes) {
            throw PageError(filled(strings.own[.isForeign], [clipped(name), strings.own[kind]]))
        }
        let file: TensorFile
        do throws(FormatError) { file = try TensorFile(parsing: bytes) } catch {
            throw PageError(filled(strings.own[.isDamaged], [clipped(name), strings.place(of: error)]))
        }
        guard file.metadata[Checkpoint.model] != nil else {
            throw PageError(filled(strings.own[.hasNoNetwork], [clipped(name), "\(file.tensors.count)"]))
        }
        do throws(ArgumentError) {
            let saved = try SavedNetwork(
                Checkpoint(
                    tensors: file.tensors.map { Checkpoint.Entry($0.name, $0.tensor) }, metadata: file.metadata))
            use = NetworkInUse(
                saved.network, state: try State(saved.parameters), normalization: saved.normalization ?? .centered,
                options: PlanOptions(cpu: "baseline"))
            self.name = name
            // Throws where its pictures cannot be made.
            if seesPictures, let (rows, columns) = use.side {
                _ = try use.image(Photo(digit: 0, rows: rows, columns: columns))
            }
        } catch {
            throw PageError(filled(strings.own[.doesNotFit], [clipped(name), strings.place(of: error)]))
        }
    }

    /// Whether it takes pictures and gives classes.
    var seesPictures: Bool { use.network.isClassifier && use.side != nil }

    /// The class of E.
    var target: Int? { label ?? probabilities.map { NetworkLook.likeliest($0) } }

    /// The kind of a file with other first bytes; nil for what may be a safetensors file.
    private static func foreignKind(of bytes: [UInt8]) -> OwnText? {
        if bytes.isEmpty { return .foundNothing }
        let kinds: [(start: [UInt8], kind: OwnText)] = [
            ([0x50, 0x4B, 3, 4], .foundArchive), ([0x80, 2], .foundArchive), ([0x89, 0x50, 0x4E, 0x47], .foundPicture),
            ([0xFF, 0xD8, 0xFF], .foundPicture), ([0x47, 0x49, 0x46, 0x38], .foundPicture),
            ([0x89, 0x48, 0x44, 0x46], .foundKeras), ([0x7B], .foundText),
            ([0x47, 0x47, 0x55, 0x46], .foundLanguageModel),
        ]
        if let kind = kinds.first(where: { bytes.starts(with: $0.start) })?.kind { return kind }
        // A header follows its length; a file without one that begins with letters is a text.
        let isHeader = bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
        return !isHeader && bytes.prefix(64).allSatisfy { (9...126).contains($0) } ? .foundText : nil
    }
}

extension Strings {
    /// The place of an error in a file, with the names of the file.
    func place(of error: FormatError) -> String {
        switch error.place {
        case .byte(let offset): filled(own[.atByte], [grouped(offset)])
        case .field(let name): filled(own[.atPart], [shortened(name)])
        }
    }

    /// The parameter that does not fit, or the operation.
    func place(of error: ArgumentError) -> String {
        let parts = error.argument.split(separator: "\"")
        return parts.count == 2 && parts[0] == "parameter "
            ? filled(own[.atParameter], [shortened(String(parts[1]))])
            : filled(own[.atPart], [shortened(error.operation)])
    }
}
