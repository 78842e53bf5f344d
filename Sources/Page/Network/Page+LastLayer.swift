import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// Pictures of the reader's own that the last layer of a network learns.
extension Page {
    func teachingHTML(_ use: NetworkInUse) -> String {
        guard use.lastLayer != nil, let side = use.side else { return "" }
        let count = use.network.classes
        let label = classField(id: "sample-label", chosen: lastLayer.label, count)
        let add = fileButton("act", id: "add-samples", "sample", side, .addSamples)
        let isReady = !lastLayer.samples.isEmpty && work == nil
        var buttons = button("act main", id: "teach-start", does: "teach", isEnabled: isReady, strings.own[.teach])
        if lastLayer.hasLearned {
            buttons += button("act", id: "unteach", does: "unteach", isEnabled: work == nil, strings.own[.unteach])
        }
        let samples = lastLayer.samples.isEmpty ? "" : samplesHTML
        return """
            <section id="teach" class="teach"><h4>\(markup(strings.own[.teachTitle]))</h4>\
            <p>\(markup(strings.own[.teachLead]))</p>\
            <p class="buttons"><label>\(markup(strings.own[.sampleLabel])) \(label)</label>\(add)\(buttons)</p>\
            \(samples)\(curve(lastLayer.losses, "taught", strings.own[.taughtTitle]))</section>
            """
    }

    /// A field for a class; a menu where there are few.
    func classField(id: String, chosen: Int, _ count: Int) -> String {
        if count <= 20 {
            return menu(
                id: id, sets: id, chosen: "\(chosen)", (0..<count).map { MenuOption(value: "\($0)", text: "\($0)") })
        }
        return "<input id=\"\(id)\" data-set=\"\(id)\" inputmode=\"numeric\" size=\"4\" value=\"\(chosen)\">"
    }

    /// Each picture, its class, and how likely the network takes it to be before and after.
    private var samplesHTML: String {
        let head = each([
            strings.own[.samplePicture], strings.own[.sampleClass], strings.own[.before], strings.own[.after],
        ]) {
            "<th scope=\"col\">\(markup($0))</th>"
        }
        func share(_ probabilities: [Double], _ label: Int) -> String {
            guard label < probabilities.count else { return "–" }
            return markup(percents(probabilities[label])) + " %"
        }
        let rows = each(lastLayer.samples.enumerated()) { number, sample in
            let name = filled(strings.own[.sampleName], ["\(number + 1)"])
            let small = sample.photo.thumbnail
            return """
                <tr><td><canvas id="sample-\(number)" width="\(small.columns)" height="\(small.rows)" role="img" \
                aria-label="\(markup(name))"></canvas></td><td>\(sample.label)</td>\
                <td>\(share(sample.before, sample.label))</td><td>\(share(sample.after, sample.label))</td>\
                <td>\(button("link", id: "drop-\(number)", does: "unsample \(number)", isEnabled: work == nil, strings.own[.removeSample]))</td></tr>
                """
        }
        return "<table class=\"samples\"><thead><tr>\(head)<td></td></tr></thead><tbody>\(rows)</tbody></table>"
    }

    // MARK: what happens

    /// Adds a picture, in `held`, to those that are learned.
    mutating func receiveSample() {
        guard let photo = received(for: networkInUse.flatMap { $0.lastLayer == nil ? nil : $0 }) else { return }
        guard lastLayer.samples.count < LastLayer.most else {
            return complaint = filled(strings.own[.tooManySamples], ["\(LastLayer.most)"])
        }
        lastLayer.samples.append(LastLayer.Sample(photo: photo, label: lastLayer.label))
        lastLayer.begin()
    }

    mutating func act(onLastLayer name: String, _ number: Int?) {
        guard let use = networkInUse, work == nil else { return }
        complaint = nil
        switch name {
        case "teach":
            guard !lastLayer.samples.isEmpty else { return }
            rest(.training)
            lastLayer.begin()
            work = .sampling(0)
        case "unteach":
            do throws(ArgumentError) { try lastLayer.restore(use) } catch {
                complaint = filled(strings.own[.cannotCompute], [strings.place(of: error)])
            }
            showAgain()
        default:
            guard let number, lastLayer.samples.indices.contains(number) else { return }
            lastLayer.samples.remove(at: number)
            lastLayer.begin()
        }
    }

    /// Computes the last layer's input for a picture, or does some steps with those that are known.
    mutating func teach(_ part: Work) throws(ArgumentError) {
        guard let use = networkInUse, let last = use.lastLayer, !lastLayer.samples.isEmpty else { return }
        if case .sampling(let number) = part {
            let image = try use.image(lastLayer.samples[number].photo)
            lastLayer.samples[number].features = try use.arriving(atLayer: last, image).map { Float($0) }
            work = number + 1 < lastLayer.samples.count ? .sampling(number + 1) : .teaching
        } else {
            try lastLayer.learn(use, steps: 2)
            if lastLayer.isDone { showAgain() } else { work = .teaching }
        }
    }

    /// Computes the picture that is shown again with the changed layer.
    private mutating func showAgain() {
        guard state.network == .own else { return }
        own?.probabilities = nil
        work = .looking
    }

    /// A class of a network, as it was typed.
    func label(_ text: String, of use: NetworkInUse?) throws(PageError) -> Int {
        let count = use?.network.classes ?? 1
        guard let label = Int(text), (0..<count).contains(label) else {
            throw PageError(filled(strings.outOfRange, ["0", "\(count - 1)", clipped(text)]))
        }
        return label
    }

    func paintSamples(_ updates: inout Updates) {
        for (number, sample) in lastLayer.samples.enumerated() {
            let small = sample.photo.thumbnail
            updates.paint("sample-\(number)", small.columns, small.rows, small.pixels)
        }
    }
}
