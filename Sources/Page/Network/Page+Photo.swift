import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// The picture that a network is shown: a digit of the page, or a picture of the reader's own.
extension Page {
    /// The current network.
    var networkInUse: NetworkInUse? { state.network == .own ? own?.use : training?.use }

    /// The network's picture, where it is drawn pixel by pixel.
    func photo(for use: NetworkInUse) -> Photo? {
        guard let (rows, columns) = use.side else { return nil }
        if let photo, photo.rows == rows, photo.columns == columns { return photo }
        return state.network == .own ? Photo(digit: example % 10, rows: rows, columns: columns) : nil
    }

    func image(for use: NetworkInUse) throws(ArgumentError) -> Tensor? {
        try photo(for: use).map { photo throws(ArgumentError) in try use.image(photo) }
    }

    mutating func receivePhoto() {
        if let photo = received(for: networkInUse) { show(photo) }
    }

    /// A picture of the reader's own, in `held`: the red, green, blue and opacity of each pixel.
    mutating func received(for use: NetworkInUse?) -> Photo? {
        let pixels = taken()
        complaint = nil
        guard let use, let (rows, columns) = use.side, let photo = Photo(rows: rows, columns: columns, pixels: pixels)
        else {
            complaint = strings.noPicture
            return nil
        }
        // Where there is one colour, what is written is light on dark ground.
        return use.network.input[0] == 1 && photo.isOnPaper ? photo.negative : photo
    }

    mutating func show(_ photo: Photo?) {
        self.photo = photo
        guard state.network == .own else { return }
        own?.probabilities = nil
        own?.label = nil
        work = own?.seesPictures == true ? .looking : nil
    }

    /// The picture, and buttons for others.
    func photoHTML(_ photo: Photo, digit: String) -> String {
        let label = self.photo == nil ? strings.own[.digitShown] : strings.own[.photoShown]
        return """
            <figure><canvas id="photo" width="\(photo.columns)" height="\(photo.rows)" role="img" \
            aria-label="\(markup(label))" style="aspect-ratio:\(photo.columns)/\(photo.rows)"></canvas>\
            \(self.photo == nil ? digit : "")</figure>
            """
    }

    /// Buttons that choose a picture; pictures may also be dropped there.
    func photoButtons(_ use: NetworkInUse) -> String {
        guard let side = use.side else { return "" }
        let choose = fileButton("act", id: "choose-photo", "photo", side, .choosePhoto)
        let others =
            photo == nil
            ? ""
            : button("act", id: "negative", does: "negative", strings.own[.negative])
                + button("act", id: "digits-again", does: "digits-again", strings.own[.digitsAgain])
        return "<p class=\"buttons\">\(choose)\(others)</p>"
    }

    /// A button that opens a file.
    ///
    /// - Parameters:
    ///   - kind: what the file is for, as the script knows it.
    ///   - side: how large a picture is to be.
    func fileButton(
        _ classes: String, id: String, _ kind: String, _ side: (rows: Int, columns: Int)?, _ text: OwnText
    ) -> String {
        let size = side.map { "\($0.columns)x\($0.rows)" }
        return element(
            "button", ["class": classes, "id": id, "data-file": kind, "data-size": size], markup(strings.own[text]))
    }

    /// Leads to other digits.
    func digitChooser(_ digit: Int) -> String {
        pager(
            Way(id: "digit-before", action: "digit -1", label: strings.digitBefore),
            filled(strings.digitIs, ["\(digit)"]),
            Way(id: "digit-after", action: "digit 1", label: strings.digitAfter))
    }

    func paintPhoto(_ updates: inout Updates) {
        guard state.strip == .network, let use = networkInUse else { return }
        paintSamples(&updates)
        guard let photo = photo(for: use) else { return }
        updates.paint("photo", photo.columns, photo.rows, photo.pixels)
    }
}
