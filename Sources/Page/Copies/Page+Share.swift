import AdjointExplanations
import AdjointGraphs

/// The part of this page that a frame in another page shows.
struct Frame: Hashable {
    /// The size in CSS pixels.
    var (width, height) = (1000, 640)
    var hidden: Set<PageState.Hideable> = [.header, .stories, .exercises, .strips, .export]

    /// A frame without what the page itself leaves out.
    init(of state: PageState) { hidden.formUnion(state.hidden) }

    static let sizes = 200...4000
}

/// The page for others: its link, and the code of a frame in another page, with what that leaves out.
extension Page {
    var shareHTML: String {
        guard let frame = shared else { return "" }
        let parts = each(PageState.Hideable.allCases.filter { $0 != .export }) { part in
            let isShown = !frame.hidden.contains(part)
            let box =
                "<input type=\"checkbox\" id=\"share-\(part.rawValue)\" data-set=\"share-\(part.rawValue)\""
                + (isShown ? " checked>" : ">")
            return "<label>\(box) \(markup(strings.parts[part]))</label>"
        }
        func size(_ name: String, _ label: String, _ number: Int) -> String {
            let field = input("share-" + name, id: "share-" + name, "\(number)", mode: "numeric", size: 5)
            return "<label>\(markup(label)) \(field)</label>" + complaint("share-" + name)
        }
        func text(_ form: Form, _ label: String) -> String {
            let shown = form == .link ? link(to: "adjoint.html") : frameCode(of: "adjoint.html")
            return """
                <label class="shared">\(markup(label))<textarea readonly rows="3" id="share-\(form.rawValue)">\
                \(markup(shown))</textarea></label>\(button("act", id: "share-copy-\(form.rawValue)", does: "copy \(form.rawValue)", strings.copy))
                """
        }
        return """
            <div class="share"><h3>\(markup(strings.shareTitle))</h3>\(text(.link, strings.forms[.link]))\
            <fieldset><legend>\(markup(strings.shareParts))</legend>\(parts)</fieldset>\
            <p>\(size("width", strings.shareWidth, frame.width))\(size("height", strings.shareHeight, frame.height))</p>\
            <p class="hint">\(markup(strings.shareNote))</p>\(text(.frame, strings.forms[.frame]))\(button("link", id: "share-close", does: "share", strings.shareClose))</div>
            """
    }

    /// Sets a field of the dialog.
    ///
    /// - Returns: whether there is such a field.
    mutating func share(_ name: String, _ value: String) throws(PageError) -> Bool {
        guard name.hasPrefix("share-"), var frame = shared else { return false }
        let field = String(name.dropFirst(6))
        if let part = PageState.Hideable(rawValue: field) {
            if value == "1" { frame.hidden.remove(part) } else { frame.hidden.insert(part) }
        } else {
            guard let size = Int(trimmed(value)), Frame.sizes.contains(size) else {
                let (least, most) = (Frame.sizes.lowerBound, Frame.sizes.upperBound)
                throw PageError(filled(strings.shareSize, ["\(least)", "\(most)", clipped(value)]))
            }
            if field == "width" { frame.width = size } else { frame.height = size }
        }
        shared = frame
        return true
    }

    func link(to page: String) -> String { page + "#" + state.hash }

    /// The code of a frame with the page.
    func frameCode(of page: String) -> String {
        let frame = shared ?? Frame(of: state)
        var framed = state
        framed.hidden = frame.hidden
        return element(
            "iframe",
            [
                "src": page + "#" + framed.hash, "width": "\(frame.width)", "height": "\(frame.height)",
                "title": strings.pictureTitle,
            ], "")
    }
}
