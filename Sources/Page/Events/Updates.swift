import AdjointGraphs

/// What the page is told to change, as text: records end with the byte 30, their fields are separated by the byte 31.
package struct Updates {
    package private(set) var text = ""
    /// The pixels of canvases, which as text would be large.
    package private(set) var pixels: [[UInt8]] = []

    private mutating func record(_ fields: String...) {
        text += joined(fields, by: "\u{1F}") + "\u{1E}"
    }

    /// The whole body of the document.
    mutating func document(_ html: String) { record("document", html) }

    /// The inside of an element.
    mutating func fill(_ id: String, _ html: String) { record("fill", id, html) }

    /// The look of a cell, the number at its corner, and its name for screen readers; empty where that stays.
    mutating func mark(_ id: String, _ classes: String, _ badge: String, _ label: String) {
        record("mark", id, classes, badge, label)
    }

    mutating func attribute(_ id: String, _ name: String, _ value: String) { record("attribute", id, name, value) }

    /// The part of the address behind `#`; a new one is a step that the browser's Back undoes.
    mutating func address(_ hash: String, isNew: Bool) { record("address", hash, isNew ? "push" : "replace") }

    /// Scrolls to an element that a reader should see now.
    mutating func reveal(_ id: String, fromTop: Bool = false) { record("reveal", id, fromTop ? "start" : "nearest") }

    mutating func focus(_ id: String) { record("focus", id) }

    /// A field to type in, over a cell; the first key replaces the whole number, or is added to a digit.
    mutating func edit(_ id: String, _ text: String, isWhole: Bool) { record("edit", id, text, isWhole ? "1" : "") }

    /// The interval in milliseconds at which the script requests steps; 0 for none.
    mutating func clock(_ milliseconds: Int) { record("clock", "\(milliseconds)") }

    /// A request for the file that the page was told of, as a kind of data.
    mutating func receive(_ kind: String, _ name: String) { record("receive", kind, name) }

    /// Text for the clipboard, and a sentence to say when it is there.
    mutating func copy(_ content: String, _ sentence: String) { record("copy", content, sentence) }

    mutating func download(_ name: String, _ type: String, _ content: String) {
        record("download", name, type, content)
    }

    /// A sentence for screen readers.
    mutating func say(_ sentence: String) { record("say", sentence) }

    /// The red, green, blue and opacity of each pixel of a canvas.
    mutating func paint(_ id: String, _ width: Int, _ height: Int, _ bytes: [UInt8]) {
        record("paint", id, "\(width)", "\(height)", "\(pixels.count)")
        pixels.append(bytes)
    }
}
