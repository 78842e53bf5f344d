/// The languages of the page: another one is a case here, and a file beside `Strings+German.swift`.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case german = "de"

    var strings: Strings {
        switch self {
        case .english: .english
        case .german: .german
        }
    }
}
