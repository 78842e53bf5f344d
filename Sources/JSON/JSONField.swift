/// A value in a document together with the path to it, so that errors can name the place:
///
///     let stride = try JSONField(document)["cases"].elements()[3]["stride"].integers(in: 1...64, count: 2)
///     // cases[3].stride[1]: expected a whole number from 1 to 64, given 0
///
/// Subscripts do not throw: an absent member is a field without a value. Reading a value throws.
public struct JSONField: Sendable {
    /// The value; nil where the member is absent.
    public let value: JSON?
    public let path: String

    public init(_ value: JSON?, path: String = "") {
        (self.value, self.path) = (value, path)
    }

    public subscript(name: String) -> JSONField {
        JSONField(value?[name], path: path.isEmpty ? name : path + "." + name)
    }

    /// The field itself, or nil for an absent member and for null.
    public var present: JSONField? {
        switch value {
        case nil, .null?: nil
        default: self
        }
    }

    public func object() throws(JSONError) -> JSON.Object { try read("an object", value?.object) }
    public func string() throws(JSONError) -> String { try read("a string", value?.string) }
    public func bool() throws(JSONError) -> Bool { try read("true or false", value?.bool) }
    public func number() throws(JSONError) -> Double { try read("a number", value?.number) }

    /// A whole number within bounds.
    public func integer(in range: ClosedRange<Int> = .min ... .max) throws(JSONError) -> Int {
        let number = value?.integer.flatMap { range.contains($0) ? $0 : nil }
        return try read("a whole number" + bounds(range), number)
    }

    /// The elements of an array: exactly `count` of them, where it is given.
    public func elements(count: Int? = nil) throws(JSONError) -> [JSONField] {
        let values = try read("an array", value?.array)
        if let count, values.count != count {
            throw failure("an array of \(count)", given: "an array of \(values.count)")
        }
        var fields: [JSONField] = []
        for (position, value) in values.enumerated() {
            fields.append(JSONField(value, path: path + "[\(position)]"))
        }
        return fields
    }

    /// An array of whole numbers within bounds.
    public func integers(in range: ClosedRange<Int> = .min ... .max, count: Int? = nil) throws(JSONError) -> [Int] {
        var numbers: [Int] = []
        for element in try elements(count: count) { numbers.append(try element.integer(in: range)) }
        return numbers
    }

    /// An array of strings.
    public func strings() throws(JSONError) -> [String] {
        var texts: [String] = []
        for element in try elements() { texts.append(try element.string()) }
        return texts
    }

    /// An error about this field.
    public func failure(_ expected: String, given: String? = nil) -> JSONError {
        let given = given ?? value.map { abbreviated($0.serialized()) } ?? "nothing"
        return JSONError(.field(path), expected: expected, given: given)
    }

    private func read<Value>(_ expected: String, _ value: Value?) throws(JSONError) -> Value {
        guard let value else { throw failure(expected) }
        return value
    }

    private func bounds(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): ""
        case (_, .max): " from \(range.lowerBound) on"
        default: " from \(range.lowerBound) to \(range.upperBound)"
        }
    }
}
