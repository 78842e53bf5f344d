import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// Work that takes long, a part at a time: between two parts the page is drawn, and shows the next one.
enum Work: Hashable {
    /// The browser is reading a file.
    case waiting(String)
    case reading(String)
    case looking
    /// Three parts: the input of a layer, then its gradient ∂E∕∂G from the loss, then its own numbers.
    case arriving(Int)
    case handing(Int, arriving: [Double])
    case showing(Int, arriving: [Double], cotangent: [Double])
    /// What arrives at the last layer is computed for each picture that it is to learn; then it learns.
    case sampling(Int)
    case teaching
}

extension Page {
    /// The progress of the work, as a sentence and a bar.
    func workHTML(_ network: Network?) -> String {
        guard let work else { return "" }
        func layer(_ number: Int) -> String { network?.steps[number].label ?? "" }
        let (share, text): (Int, String) =
            switch work {
            case .waiting(let name): (1, filled(strings.own[.reading], [clipped(name)]))
            case .reading(let name): (2, filled(strings.own[.reading], [clipped(name)]))
            case .looking: (3, strings.own[.looking])
            case .arriving(let number): (1, filled(strings.own[.arriving], [layer(number)]))
            case .handing(let number, _): (2, filled(strings.own[.handing], [layer(number)]))
            case .showing(let number, _, _): (3, filled(strings.own[.showing], [layer(number)]))
            case .sampling(let number):
                (number * 4 / max(1, lastLayer.samples.count), filled(strings.own[.sampling], ["\(number + 1)"]))
            case .teaching: (4 * (lastLayer.losses.points.last?.step ?? 0) / LastLayer.steps, strings.own[.teaching])
            }
        return """
            <p class="busy" role="status"><progress max="4" value="\(share)" aria-label="\(markup(strings.own[.progress]))">\
            </progress> \(markup(text))</p>
            """
    }

    /// Prepares for a file that the browser is going to read.
    mutating func expect(_ name: String, bytes: Int, _ updates: inout Updates) throws(PageError) {
        rest(.training)
        (work, complaint) = (nil, nil)
        try change { ($0.strip, $0.network) = (.network, .own) }
        guard bytes <= OwnNetwork.largest else {
            complaint = filled(
                strings.own[.isTooLarge],
                [clipped(name), "\(bytes / 1_000_000)", "\(OwnNetwork.largest / 1_000_000)"])
            return updates.say(complaint ?? "")
        }
        work = .waiting(name)
        updates.reveal("training")
        updates.receive("model", name)
    }

    /// The bytes that have come in.
    mutating func taken() -> [UInt8] {
        defer { held = [] }
        return held
    }

    /// The file is there, in `held`.
    mutating func receive(model name: String) { work = .reading(name) }

    /// The next part of the work.
    mutating func workOn(_ updates: inout Updates) throws(PageError) {
        guard let part = work else { return }
        work = nil
        do throws(ArgumentError) {
            switch part {
            case .waiting: break
            case .reading(let name): try read(name)
            case .looking: try guess()
            case .arriving, .handing, .showing: try enter(part, &updates)
            case .sampling, .teaching: try teach(part)
            }
        } catch {
            complaint = filled(strings.own[.cannotCompute], [strings.place(of: error)])
        }
        if let complaint { updates.say(complaint) }
    }

    private mutating func read(_ name: String) throws(ArgumentError) {
        do throws(PageError) {
            own = try OwnNetwork(taken(), name: name, strings)
            (photo, lastLayer) = (nil, LastLayer())
            if own?.seesPictures == true { work = .looking }
        } catch {
            complaint = error.sentence
        }
    }

    /// Predicts the class of the picture.
    private mutating func guess() throws(ArgumentError) {
        guard let own, let image = try image(for: own.use) else { return }
        self.own?.probabilities = try own.use.probabilities(of: image)
    }

    private mutating func enter(_ part: Work, _ updates: inout Updates) throws(ArgumentError) {
        guard let own, let image = try image(for: own.use) else { return }
        switch part {
        case .arriving(let number):
            work = .handing(number, arriving: try own.use.arriving(atLayer: number, image))
        case .handing(let number, let arriving):
            let cotangent = try own.use.cotangent(ofLayer: number, image, label: own.target ?? 0)
            work = .showing(number, arriving: arriving, cotangent: cotangent)
        case .showing(let number, let arriving, let cotangent):
            guard let opened = own.use.opened(number, arriving: arriving, cotangent: cotangent) else { return }
            do throws(PageError) {
                try become(framed(opened))
                updates.reveal("stage", fromTop: true)
            } catch {
                complaint = error.sentence
            }
        default: break
        }
    }

    /// A layer of a network, with those parts of the page's state that stay.
    func framed(_ layer: PageState) -> PageState {
        var next = layer
        (next.hidden, next.strip, next.network, next.language) = (
            state.hidden, state.strip, state.network, state.language
        )
        return next
    }
}
