import AdjointExplanations
import AdjointGraphs

extension PageState {
    /// The state as the part of an address behind `#`; defaults are left out.
    package var hash: String {
        var parts: [String] = []
        func add(_ key: String, _ value: String, if isUnusual: Bool = true) {
            if isUnusual { parts.append(key + "=" + escaped(value)) }
        }
        add("lang", language.rawValue, if: language != .english)
        let usual = LayerSettings()
        // The number of axes follows from the sizes.
        for field in layer.fields where field != .axes {
            add(field.rawValue, layer.text(of: field), if: layer.text(of: field) != usual.text(of: field))
        }
        for tensor in Tensors.allCases {
            guard let source = sources[tensor], PageState.usual(tensor, in: layer) != source else { continue }
            add(tensor == .dg ? "E" : tensor.name, source.text)
        }
        add("loss", loss.rawValue, if: loss != .given)
        if let rate { add("rate", shortest(rate)) }
        let selected = selection.map { $0.name + "\($0.place + 1)" } ?? "none"
        add("select", selected, if: selected != "W1")
        add("show", notation.rawValue, if: notation != .symbols)
        add("cells", look.rawValue, if: look != .numbers)
        add("zoom", "\(zoom)", if: zoom != 0)
        if let step { add("term", "\(step + 1)") }
        add("terms", "all", if: isUnfolded)
        add("strip", strip.rawValue, if: strip != .convolution)
        add("network", network.rawValue, if: network != .small)
        add("signal", flow.rawValue, if: flow != .input)
        add("transpose", "1", if: isTransposed)
        for tensor in Tensors.allCases {
            if let plane = planes[tensor], plane > 0 { add("plane-" + tensor.name, "\(plane)") }
        }
        add("split", "1", if: isSplit)
        if let story { add("story", "\(story.number + 1).\(story.step + 1)") }
        if let exercise { add("exercise", (asksPixels ? "pixels." : "") + "\(exercise + 1)") }
        let left = Hideable.allCases.filter { hidden.contains($0) }.map { $0.rawValue }
        add("hide", joined(left, by: ","), if: !left.isEmpty)
        add("present", "1", if: isPresented)
        return joined(parts, by: "&")
    }

    /// - Parameter hash: the part of an address behind `#`. Parts that do not fit get their defaults.
    package init(hash: String, _ strings: Strings) { self = PageState.read(hash, strings).state }

    /// The state of a link, and a sentence for each part of it that does not fit and was left out.
    ///
    /// - Parameter strings: the texts of sentences; nil for those of the link's own language.
    package static func read(_ hash: String, _ strings: Strings?) -> (state: PageState, complaints: [String]) {
        var (state, complaints) = (PageState.question, [String]())
        let pairs = hash.split(separator: "&").map { pair -> (key: String, value: String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (unescaped(String(parts[0])), parts.count > 1 ? unescaped(String(parts[1])) : "")
        }
        for pair in pairs where pair.key == "lang" { _ = state.choose(pair.key, pair.value) }
        let strings = strings ?? state.language.strings
        func complain(_ pair: (key: String, value: String), _ sentence: String) {
            complaints.append(filled(strings.badLink, [clipped(pair.key), clipped(pair.value), sentence]))
        }
        var layer = LayerSettings()
        layer.setAxes(axes(of: pairs))
        for pair in pairs {
            guard let field = LayerSettings.Field(rawValue: pair.key) else { continue }
            do throws(PageError) {
                try layer.set(field, to: pair.value, strings)
            } catch {
                complain(pair, error.sentence)
            }
        }
        if let problem = layer.problem(strings) {
            complaints.append(problem + " " + strings.questionInstead)
        } else {
            state.layer = layer
        }
        for pair in pairs where LayerSettings.Field(rawValue: pair.key) == nil && !state.read(pair.key, pair.value) {
            complain(pair, strings.unknownInLink)
        }
        state.normalize()
        return (state, complaints)
    }

    /// The number of axes: that of the input's sizes. One size means a row if the filter has one too, else both sides.
    private static func axes(of pairs: [(key: String, value: String)]) -> Int {
        func count(_ key: String) -> Int? {
            pairs.last { $0.key == key }.map { $0.value.split { $0 == "x" || $0 == "×" }.count }
        }
        let (input, kernel) = (count("input"), count("kernel"))
        if input == 1, kernel == 1 { return 1 }
        return input == 3 ? 3 : 2
    }

    /// - Returns: whether the part has a meaning.
    private mutating func read(_ key: String, _ value: String) -> Bool {
        if let tensor = Tensors(named: key == "E" ? "dG" : key) {
            guard let source = Source(value) else { return false }
            sources[tensor] = source
            return true
        }
        if let tensor = Tensors.allCases.first(where: { "plane-" + $0.name == key }) {
            planes[tensor] = ordinal(value).map { $0 + 1 } ?? 0
            return true
        }
        return choose(key, value) || readOther(key, value)
    }

    /// Sets a choice among a few, made by a button or a link; false for everything else.
    mutating func choose(_ key: String, _ value: String) -> Bool {
        func pick<Choice: RawRepresentable<String>>(_ choice: inout Choice) -> Bool {
            guard let picked = Choice(rawValue: value) else { return false }
            choice = picked
            return true
        }
        return switch key {
        case "lang": pick(&language)
        case "show": pick(&notation)
        case "cells": pick(&look)
        case "strip": pick(&strip)
        case "network": pick(&network)
        case "signal": pick(&flow)
        case "loss": pick(&loss)
        default: false
        }
    }

    private mutating func readOther(_ key: String, _ value: String) -> Bool {
        func place(_ place: inout Int?) -> Bool {
            place = ordinal(value)
            return place != nil
        }
        switch key {
        case "select":
            selection = PageState.selection(value)
            return selection != nil || value == "none"
        case "term": return place(&step)
        case "exercise":
            asksPixels = value.hasPrefix("pixels.")
            exercise = ordinal(asksPixels ? String(value.dropFirst(7)) : value)
            return exercise != nil
        case "terms": isUnfolded = value == "all"
        case "rate":
            rate = PageState.rate(value)
            return rate != nil
        case "zoom":
            guard let steps = Int(value), PageState.zooms.contains(steps) else { return false }
            zoom = steps
        case "transpose": isTransposed = value == "1"
        case "split": isSplit = value == "1"
        case "present": isPresented = value == "1"
        case "story":
            let parts = value.split(separator: ".").compactMap { ordinal(String($0)) }
            if parts.count == 2 { story = Story(number: parts[0], step: parts[1]) }
            return story != nil
        case "hide":
            let parts = value.split(separator: ",").map { Hideable(rawValue: String($0)) }
            hidden = Set(parts.compactMap { $0 })
            return parts.allSatisfy { $0 != nil }
        default: return false
        }
        return true
    }

    /// Removes sources that are defaults.
    mutating func normalize() {
        sources = sources.filter { $0.value != PageState.usual($0.key, in: layer) }
    }

    /// `W1`: counted row by row from 1, whatever the tensor's shape.
    private static func selection(_ text: String) -> Selection? {
        guard let first = text.utf8.first, let place = ordinal(String(decoding: text.utf8.dropFirst(), as: UTF8.self))
        else { return nil }
        let letter = String(decoding: [first], as: UTF8.self)
        return ["V", "W", "B", "G", "A"].contains(letter) ? Selection(letter, at: place) : nil
    }

    /// A learning rate above 0.
    static func rate(_ text: String) -> Double? { decimal(text).flatMap { $0 > 0 && $0 <= 1e6 ? $0 : nil } }

    /// The first screen: the question with which this project began.
    package static var question: PageState {
        var state = PageState()
        state.selection = Selection("W", at: 0)
        return state
    }

    package func source(_ tensor: Tensors) -> Source { sources[tensor] ?? PageState.usual(tensor, in: layer) }

    /// The default source of a tensor's numbers.
    package static func usual(_ tensor: Tensors, in layer: LayerSettings) -> Source {
        let isQuestion = layer.input == [3, 3] && layer.kernel == [2, 2] && layer.products == 16
        switch tensor {
        case .v:
            return layer.input.reduce(1, *) * layer.channels * layer.batch <= 64
                ? Source(kind: .counting) : Source(kind: .scene)
        case .w: return isQuestion ? .list([1, 0, -1, 2]) : .random(0)
        case .b: return .random(0)
        case .t: return isQuestion ? .list([4, 5, 7, 8]) : layer.isPool ? .random(2) : Source(kind: .taught)
        default: return isQuestion ? .list([1, -2, 3, -1]) : .random(1)
        }
    }
}

/// A place from 0, which a link counts from 1; nil for numbers too large for any layer, so that computing with it is safe.
private func ordinal(_ text: String) -> Int? { Int(text).flatMap { (1...1 << 24).contains($0) ? $0 - 1 : nil } }

/// A text with percent-encoding of characters that a fragment cannot hold.
private func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "_"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return result
}

private func unescaped(_ text: String) -> String {
    var (bytes, result) = (Array(text.utf8)[...], [UInt8]())
    while let byte = bytes.popFirst() {
        let code = bytes.prefix(2)
        // A sign would be read as a part of the number.
        if byte == UInt8(ascii: "%"), code.count == 2, code.allSatisfy({ $0 >= 48 }),
            let value = UInt8(String(decoding: code, as: UTF8.self), radix: 16)
        {
            result.append(value)
            bytes = bytes.dropFirst(2)
        } else {
            result.append(byte)
        }
    }
    return String(decoding: result, as: UTF8.self)
}
