import AdjointGraphs

/// What the page is told to change, as text: records end with the byte 30, their fields are separated by the byte 31.
package struct Updates {
    package private(set) var text = ""
    /// Pixels of canvases, which text would make large.
    package private(set) var pixels: [[UInt8]] = []

    private mutating func record(_ fields: String...) {
        text += joined(fields, by: "\u{1F}") + "\u{1E}"
    }

    /// The whole body of the document.
    mutating func document(_ html: String) { record("document", html) }

    /// The inside of an element.
    mutating func fill(_ id: String, _ html: String) { record("fill", id, html) }

    /// How a cell looks, the number at its corner, and its name for those who do not see it; empty where it stays.
    mutating func mark(_ id: String, _ classes: String, _ badge: String, _ label: String) {
        record("mark", id, classes, badge, label)
    }

    mutating func attribute(_ id: String, _ name: String, _ value: String) { record("attribute", id, name, value) }

    /// The part of the address behind `#`; a new one is a step that the browser's Back undoes.
    mutating func address(_ hash: String, isNew: Bool) { record("address", hash, isNew ? "push" : "replace") }

    /// What a reader should see now.
    mutating func reveal(_ id: String, fromTop: Bool = false) { record("reveal", id, fromTop ? "start" : "nearest") }

    mutating func focus(_ id: String) { record("focus", id) }

    /// A field to type in, over a cell; what is typed first replaces the whole number, or is added to a digit.
    mutating func edit(_ id: String, _ text: String, isWhole: Bool) { record("edit", id, text, isWhole ? "1" : "") }

    /// Steps to be asked for every so many milliseconds; 0 for none.
    mutating func clock(_ milliseconds: Int) { record("clock", "\(milliseconds)") }

    /// The file that the page was told of, to be handed over as a kind of thing.
    mutating func receive(_ kind: String, _ name: String) { record("receive", kind, name) }

    /// Text for the clipboard, and what is said when it is there.
    mutating func copy(_ content: String, _ sentence: String) { record("copy", content, sentence) }

    mutating func download(_ name: String, _ type: String, _ content: String) {
        record("download", name, type, content)
    }

    /// What is said to those who do not see it.
    mutating func say(_ sentence: String) { record("say", sentence) }

    /// Red, green, blue and opacity of each pixel.
    mutating func paint(_ id: String, _ width: Int, _ height: Int, _ bytes: [UInt8]) {
        record("paint", id, "\(width)", "\(height)", "\(pixels.count)")
        pixels.append(bytes)
    }
}
