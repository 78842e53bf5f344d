import AdjointJSON

/// Numbers at which conversions and products go wrong.
public enum Borders {
    public static let texts = [
        "-9223372036854775808", "-1", "0", "1", "2147483647", "2147483648", "9223372036854775807", "nan", "inf",
        "1e-50",
    ]

    /// The same in JSON, which has no NaN and no infinity.
    public static let values: [JSON] =
        [Int.min, -1, 0, 1, 1 << 31 - 1, 1 << 31, Int.max].map { .integer($0) } + [
            .number(1e308), .number(1e-50), .null,
        ]

    /// The documents that differ from another in one number alone, each with the path of that number.
    public static func documents(of document: JSON, _ path: String = "") -> [(path: String, document: JSON)] {
        switch document {
        case .integer, .number:
            return values.map { (path + " = " + $0.serialized(), $0) }
        case .array(let elements):
            return elements.indices.flatMap { place in
                documents(of: elements[place], path + "[\(place)]").map { path, value in
                    var elements = elements
                    elements[place] = value
                    return (path, .array(elements))
                }
            }
        case .object(let object):
            return object.members.flatMap { member in
                documents(of: member.value, path + "." + member.name).map { path, value in
                    var object = object
                    object[member.name] = value
                    return (path, .object(object))
                }
            }
        default:
            return []
        }
    }
}
