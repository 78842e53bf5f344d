import Foundation

/// The subject of one trial. Its JSON is what a failure prints, and what `differential case` reads.
enum Case: Codable, Hashable {
    case chain(Chain)
    case net(Net)

    enum Kind: String, CaseIterable { case layers, chains, networks }

    init(_ kind: Kind, seed: UInt64) {
        var dice = Dice(seed: seed)
        switch kind {
        case .layers: self = .chain(dice.singleLayer())
        case .chains: self = .chain(dice.chain())
        case .networks: self = .net(dice.net())
        }
    }

    var kind: Kind {
        switch self {
        case .chain(let chain): chain.isSingleLayer ? .layers : .chains
        case .net: .networks
        }
    }

    var seed: UInt64 {
        switch self {
        case .chain(let chain): chain.seed
        case .net(let net): net.seed
        }
    }

    func problem() throws -> Problem {
        switch self {
        case .chain(let chain): try chain.problem()
        case .net(let net): try net.problem()
        }
    }

    var smaller: [Case] {
        switch self {
        case .chain(let chain): chain.smaller.map { .chain($0) }
        case .net(let net): net.smaller.map { .net($0) }
        }
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    init(json: String) throws { self = try JSONDecoder().decode(Case.self, from: Data(json.utf8)) }
}
