import AdjointExplanations
import AdjointGraphs

extension PageState {
    /// The state as the part of an address behind `#`: what is as usual is left out.
    package var hash: String {
        var parts: [String] = []
        func add(_ key: String, _ value: String) { parts.append(key + "=" + escaped(value)) }
        let usual = LayerSettings()
        for field in layer.fields where layer.text(of: field) != usual.text(of: field) {
            add(field.rawValue, layer.text(of: field))
        }
        for tensor in Tensors.allCases {
            if let source = sources[tensor], PageState.usual(tensor, in: layer) != source {
                add(tensor == .dg ? "E" : tensor.rawValue, source.text)
            }
        }
        if let selection, selection != Selection("W", at: 0) {
            add("select", selection.name + "\(selection.place + 1)")
        }
        if selection == nil { add("select", "none") }
        if notation != .symbols { add("show", notation.rawValue) }
        if let step { add("term", "\(step + 1)") }
        if isUnfolded { add("terms", "all") }
        if strip != .convolution { add("strip", strip.rawValue) }
        if network != .small { add("network", network.rawValue) }
        if flow != .input { add("signal", flow.rawValue) }
        if isTransposed { add("transpose", "1") }
        for tensor in Tensors.allCases {
            if let plane = planes[tensor], plane > 0 { add("plane-" + tensor.rawValue, "\(plane)") }
        }
        if let story { add("story", "\(story.number + 1).\(story.step + 1)") }
        if let exercise { add("exercise", "\(exercise + 1)") }
        if !hidden.isEmpty {
            add("hide", joined(Hideable.allCases.filter { hidden.contains($0) }.map { $0.rawValue }, by: ","))
        }
        return joined(parts, by: "&")
    }

    /// - Parameter hash: the part of an address behind `#`. What does not fit is left as it usually is, and told.
    package init(hash: String, _ strings: Strings) {
        self = .question
        let pairs = hash.split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (unescaped(String(parts[0])), parts.count > 1 ? unescaped(String(parts[1])) : "")
        }
        var layer = LayerSettings()
        for (key, value) in pairs {
            if let field = LayerSettings.Field(rawValue: key) {
                do throws(PageError) { try layer.set(field, to: value, strings) } catch { continue }
            }
        }
        if layer.problem(strings) == nil { self.layer = layer }
        if self.layer != LayerSettings() { sources = [:] }
        for (key, value) in pairs {
            if let tensor = Tensors(rawValue: key == "E" ? "dG" : key), let source = Source(value) {
                sources[tensor] = source
                normalize()
            }
            if let tensor = Tensors.allCases.first(where: { "plane-" + $0.rawValue == key }) {
                planes[tensor] = max(0, Int(value) ?? 0)
            }
            switch key {
            case "select": selection = PageState.selection(value)
            case "show": notation = Notation(rawValue: value) ?? .symbols
            case "term": step = Int(value).map { max(0, $0 - 1) }
            case "terms": isUnfolded = value == "all"
            case "strip": strip = Strip(rawValue: value) ?? .convolution
            case "network": network = NetworkTraining.Choice(rawValue: value) ?? .small
            case "signal": flow = Flow(rawValue: value) ?? .input
            case "transpose": isTransposed = value == "1"
            case "exercise": exercise = Int(value).map { max(0, $0 - 1) }
            case "story":
                let parts = value.split(separator: ".").compactMap { Int(String($0)) }
                if parts.count == 2 { story = Story(number: max(0, parts[0] - 1), step: max(0, parts[1] - 1)) }
            case "hide":
                hidden = Set(value.split(separator: ",").compactMap { Hideable(rawValue: String($0)) })
            default: continue
            }
        }
    }

    /// Sources that are as usual are not written down.
    mutating func normalize() {
        sources = sources.filter { $0.value != PageState.usual($0.key, in: layer) }
    }

    /// `W1`: counted row by row from 1, whatever the tensor's shape.
    private static func selection(_ text: String) -> Selection? {
        guard let first = text.utf8.first, let place = Int(String(decoding: text.utf8.dropFirst(), as: UTF8.self)),
            place >= 1
        else { return nil }
        let letter = String(decoding: [first], as: UTF8.self)
        return ["V", "W", "B", "G", "A"].contains(letter) ? Selection(letter, at: place - 1) : nil
    }

    /// The first screen: the question that this project began with.
    package static var question: PageState {
        var state = PageState()
        state.selection = Selection("W", at: 0)
        return state
    }

    /// Where numbers come from unless somebody says otherwise.
    package static func usual(_ tensor: Tensors, in layer: LayerSettings) -> Source {
        let isQuestion = layer.input == [3, 3] && layer.kernel == [2, 2] && layer.products == 16
        switch tensor {
        case .v: return layer.input[0] * layer.input[1] * layer.channels * layer.batch <= 64 ? .counting : .scene
        case .w: return isQuestion ? .list([1, 0, -1, 2]) : .random(0)
        case .b: return .random(0)
        default: return isQuestion ? .list([1, -2, 3, -1]) : .random(1)
        }
    }
}

/// Percent-encoding of what a fragment does not hold.
private func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "_"):
            bytes.append(byte)
        default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func unescaped(_ text: String) -> String {
    func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var place = 0
    while place < bytes.count {
        if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count, let high = digit(bytes[place + 1]),
            let low = digit(bytes[place + 2])
        {
            result.append(high << 4 | low)
            place += 3
        } else {
            result.append(bytes[place])
            place += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}
