import AdjointGraphs
import AdjointJSON

/// The attributes of an operation while they are read: each is looked up once, by its name, with a default. The first one
/// that does not fit is recorded, as errors are while a graph is written down.
final class Attributes {
    private let field: JSONField
    /// The shapes of parameters, where they are known.
    let shapeOf: (String) -> Shape?
    /// All attributes that were read, with defaults in place of missing ones.
    private(set) var members = JSON.Object()
    private var known = ["op", "inputs", "output"]
    private var error: JSONError?
    /// The first number that would ruin a training, and its bounds.
    private var ruinous: (name: String, bounds: Bounds, number: Double)?

    init(_ field: JSONField, shapeOf: @escaping (String) -> Shape?) {
        (self.field, self.shapeOf) = (field, shapeOf)
    }

    static let sizes = 1...Window.limit - 1
    static let amounts = 1 - Window.limit...Window.limit - 1

    /// The first error; a member that was never read is one.
    func finish() -> JSONError? {
        if let error { return error }
        for member in field.value?.object?.members ?? [] where !known.contains(member.name) {
            let meant = nearest(member.name, among: known).map { "the name \($0)" } ?? "one of \(joined(known))"
            return field[member.name].failure(meant, given: "unknown")
        }
        return nil
    }

    /// Records that an attribute does not fit.
    func refuse(_ name: String, expected: String, given: String) {
        error = error ?? field[name].failure(expected, given: given)
    }

    func ruin(of operation: String) -> ArgumentError? {
        ruinous.map { ArgumentError(operation, $0.name, expected: $0.bounds.expected, given: "\($0.number)") }
    }

    /// The number of groups, ahead of reading the attribute.
    var groups: Int { field["groups"].value?.integer ?? 1 }

    func has(_ name: String) -> Bool { field[name].value != nil }

    /// - Parameter takesNull: whether null counts as absent.
    private func read<Result>(
        _ name: String, _ usual: Result?, _ otherwise: Result, takesNull: Bool = false, _ json: (Result) -> JSON,
        _ body: (JSONField) throws(JSONError) -> Result
    ) -> Result {
        known.append(name)
        var result = usual ?? otherwise
        if usual == nil || (takesNull ? field[name].present : field[name]).flatMap({ $0.value }) != nil {
            do throws(JSONError) { result = try body(field[name]) } catch { self.error = self.error ?? error }
        }
        members[name] = json(result)
        return result
    }

    func integer(_ name: String, _ usual: Int? = nil, in range: ClosedRange<Int> = sizes) -> Int {
        read(name, usual, range.lowerBound, { .integer($0) }) { field throws(JSONError) in
            try field.integer(in: range)
        }
    }

    /// Whole numbers: exactly `count` of them, where it is given.
    func integers(
        _ name: String, count: Int? = nil, _ usual: [Int]? = nil, in range: ClosedRange<Int> = sizes
    ) -> [Int] {
        read(name, usual, [Int](repeating: range.lowerBound, count: count ?? 1), takesNull: true, { JSON($0) }) {
            field throws(JSONError) in try field.integers(in: range, count: count)
        }
    }

    func optionalInteger(_ name: String, in range: ClosedRange<Int>) -> Int? {
        read(name, .some(nil), nil, takesNull: true, { $0.map { .integer($0) } ?? .null }) {
            field throws(JSONError) -> Int? in
            try field.integer(in: range)
        }
    }

    func number(_ name: String, _ usual: Double? = nil, _ bounds: Bounds = .finite) -> Double {
        let number = read(name, usual, 1, { .number($0) }) { field throws(JSONError) in try field.number() }
        if !bounds.hold(number), ruinous == nil { ruinous = (name, bounds, number) }
        return number
    }

    func optionalNumber(_ name: String) -> Double? {
        read(name, .some(nil), nil, takesNull: true, { $0.map { .number($0) } ?? .null }) {
            field throws(JSONError) -> Double? in
            try field.number()
        }
    }

    func truth(_ name: String, _ usual: Bool? = nil) -> Bool {
        read(name, usual, false, { .bool($0) }) { field throws(JSONError) in try field.bool() }
    }

    func text(_ name: String, _ usual: String? = nil, among: [String]? = nil) -> String {
        read(name, usual, among?.first ?? "", { .string($0) }) { field throws(JSONError) in
            let text = try field.string()
            if let among, !among.contains(text) { throw field.failure("one of " + joined(among)) }
            return text
        }
    }

    func optionalText(_ name: String) -> String? {
        read(name, .some(nil), nil, takesNull: true, { $0.map { .string($0) } ?? .null }) {
            field throws(JSONError) -> String? in
            try field.string()
        }
    }

    func texts(_ name: String) -> [String] {
        read(name, [], [], takesNull: true, { .array($0.map { .string($0) }) }) { field throws(JSONError) in
            try field.strings()
        }
    }

    /// The padding as [before…, after…], one number for each axis; negative amounts crop.
    func pads(axes: Int) -> (before: [Int], after: [Int]) {
        let pads = integers("pads", count: 2 * axes, [Int](repeating: 0, count: 2 * axes), in: Self.amounts)
        return (Array(pads.prefix(axes)), Array(pads.suffix(axes)))
    }

    /// The shape of a parameter, from the attribute or from a file with the parameter.
    func shape(_ name: String, of parameter: String) -> Shape {
        Shape(integers(name, shapeOf(parameter)?.sizes, in: 0...Window.limit - 1))
    }
}

extension String {
    /// The name of a layer, from that of its weight: `layer1.conv` of `layer1.conv.weight`.
    var parameterPrefix: String {
        let suffix = ".weight"
        return hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
