import AdjointExplanations
import AdjointGraphs

/// Attributes in their order; those that are nil are left out.
typealias Attributes = KeyValuePairs<String, String?>

/// An element of the document with this inside.
///
/// - Parameter flag: an attribute without a value: `disabled`.
func element(_ name: String, _ attributes: Attributes, flag: String? = nil, _ inside: String) -> String {
    var html = "<" + name
    for (key, value) in attributes { if let value { html += " \(key)=\"\(markup(value))\"" } }
    return html + (flag.map { " " + $0 } ?? "") + ">" + inside + "</\(name)>"
}

/// Elements one after the other.
func each<Items: Sequence>(_ items: Items, _ write: (Items.Element) -> String) -> String {
    items.reduce(into: "") { $0 += write($1) }
}

/// Rows of cells, whose places are counted from the first.
///
/// - Parameter name: what stands above.
func cellPlane(rows: Int, columns: Int, from first: Int = 0, name: String? = nil, _ cell: (Int) -> String) -> String {
    let rows = each(0..<rows) { row in
        let start = first + row * columns
        return "<div role=\"row\">\(each(start..<start + columns, cell))</div>"
    }
    return element("div", ["class": "plane", "role": "rowgroup", "data-name": name], rows)
}

/// A cell that the keyboard reaches.
///
/// - Parameters:
///   - isFirst: whether Tab leads to it.
///   - label: what it is, for those who do not see it.
func cellElement(
    _ classes: String, id: String, isFirst: Bool, label: String, badge: String? = nil, style: String? = nil,
    _ inside: String
) -> String {
    element(
        "div",
        [
            "role": "gridcell", "class": classes, "id": id, "tabindex": isFirst ? "0" : "-1", "aria-label": label,
            "data-n": badge, "style": style, "aria-selected": classes.hasPrefix("c s ") ? "true" : nil,
        ], inside)
}

/// One of the parts of a wider view.
func view(_ title: String, id: String? = nil, _ inside: String) -> String {
    element("section", ["class": "view", "id": id], "<h3>\(markup(title))</h3>" + inside)
}

/// A remark below or instead of something.
func hint(_ text: String) -> String { "<p class=\"hint\">\(markup(text))</p>" }

/// - Parameter action: the event, in the words of `Page.handle`.
func button(
    _ classes: String? = nil, id: String, does action: String, expanded: Bool? = nil, isEnabled: Bool = true,
    _ text: String
) -> String {
    element(
        "button", ["class": classes, "id": id, "data-do": action, "aria-expanded": expanded.map { "\($0)" }],
        flag: isEnabled ? nil : "disabled", markup(text))
}

/// A button that shows a sign.
func signButton(id: String, does action: String, _ sign: String, _ label: String, isEnabled: Bool = true) -> String {
    element(
        "button", ["id": id, "data-do": action, "aria-label": label, "title": label],
        flag: isEnabled ? nil : "disabled", sign)
}

/// Where a button leads, and what that is called.
struct Way {
    let id, action, label: String
}

/// Buttons that lead back and forth, and between them where one is.
func pager(_ before: Way, _ here: String, _ after: Way) -> String {
    func button(_ way: Way, _ sign: String) -> String { signButton(id: way.id, does: way.action, sign, way.label) }
    return "<p class=\"planes\">\(button(before, "‹"))<span>\(markup(here))</span>\(button(after, "›"))</p>"
}

/// Buttons side by side of which one is pressed, one for each of the cases of a choice.
///
/// - Parameters:
///   - id: the beginning of the buttons' names.
///   - action: the event, to which the choice is added.
func radioGroup<Choice: CaseIterable & RawRepresentable<String>>(
    _ label: String, id: String, does action: String, on chosen: Choice, _ text: (Choice) -> String
) -> String {
    let buttons = each(Choice.allCases) { choice in
        let isOn = choice.rawValue == chosen.rawValue
        return """
            <button role="radio" id="\(id)\(choice.rawValue)" aria-checked="\(isOn)" tabindex="\(isOn ? 0 : -1)" \
            data-do="\(action) \(choice.rawValue)">\(markup(text(choice)))</button>
            """
    }
    return "<div class=\"switch\" role=\"radiogroup\" aria-label=\"\(markup(label))\">\(buttons)</div>"
}

/// One line of a menu.
struct MenuOption {
    let value, text: String
}

/// - Parameter name: the name of the setting.
func menu(
    _ classes: String? = nil, id: String, sets name: String, label: String? = nil, chosen: String,
    _ options: [MenuOption]
) -> String {
    let options = each(options) { option in
        let flag = option.value == chosen ? "selected" : nil
        return element("option", ["value": option.value], flag: flag, markup(option.text))
    }
    return element("select", ["class": classes, "id": id, "data-set": name, "aria-label": label], options)
}

/// A figure with a title and a description for screen readers.
///
/// - Parameter ids: the ids of title and description.
func drawing(
    _ classes: String? = nil, viewBox: String, ids: (title: String, text: String), title: String, text: String,
    _ inside: String
) -> String {
    element(
        "svg", ["class": classes, "viewBox": viewBox, "role": "img", "aria-labelledby": ids.title + " " + ids.text],
        """
        <title id="\(ids.title)">\(markup(title))</title><desc id="\(ids.text)">\(markup(text))</desc>\(inside)
        """)
}

/// MathML of a text whose parts are separated by spaces: numbers, and signs between them.
func mathML(_ text: String) -> String {
    each(text.split(separator: " ")) { part in
        part.utf8.first.map { (48...57).contains($0) } == true ? "<mn>\(part)</mn>" : "<mo>\(part)</mo>"
    }
}
