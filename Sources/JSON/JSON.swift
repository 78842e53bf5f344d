/// A JSON value. Objects keep the order of their members; whole numbers are told apart from others.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent that fits an `Int`.
    case integer(Int)
    /// Every other number.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// The members in the order of the text. No two names are equal.
    public struct Object: Hashable, Sendable {
        public struct Member: Hashable, Sendable {
            public let name: String
            public let value: JSON

            public init(_ name: String, _ value: JSON) {
                (self.name, self.value) = (name, value)
            }
        }

        public private(set) var members: [Member] = []

        public init() {}

        /// An object of these members; a name that occurs twice keeps its first place and its last value.
        public init(_ members: [(String, JSON)]) {
            var places: [String: Int] = [:]
            for (name, value) in members {
                if let place = places.updateValue(self.members.count, forKey: name) {
                    places[name] = place
                    self.members[place] = Member(name, value)
                } else {
                    self.members.append(Member(name, value))
                }
            }
        }

        /// An object of members whose names are known to differ.
        init(distinct members: [Member]) {
            self.members = members
        }

        /// The value of a member; setting it replaces the member in its place, appends it, or with nil removes it.
        /// Complexity: O(members).
        public subscript(name: String) -> JSON? {
            get { members.first { $0.name == name }?.value }
            set {
                let position = members.firstIndex { $0.name == name }
                switch (position, newValue) {
                case (let position?, let value?): members[position] = Member(name, value)
                case (let position?, nil): members.remove(at: position)
                case (nil, let value?): members.append(Member(name, value))
                case (nil, nil): break
                }
            }
        }
    }
}

extension JSON {
    /// The member of an object; nil for an absent member and for a value that is no object.
    public subscript(name: String) -> JSON? { object?[name] }

    public init(_ integers: [Int]) { self = .array(integers.map { .integer($0) }) }

    public var object: Object? { if case .object(let object) = self { object } else { nil } }
    public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    public var integer: Int? { if case .integer(let number) = self { number } else { nil } }

    /// The value as a Double, if it is any number.
    public var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral truth: Bool) { self = .bool(truth) }
    public init(integerLiteral number: Int) { self = .integer(number) }
    public init(floatLiteral number: Double) { self = .number(number) }
    public init(stringLiteral text: String) { self = .string(text) }
    public init(arrayLiteral values: JSON...) { self = .array(values) }

    public init(dictionaryLiteral members: (String, JSON)...) { self = .object(Object(members)) }
}
