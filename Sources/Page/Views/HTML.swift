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

/// Buttons for the previous and the next one, and between them the present position.
func pager(_ before: Attributes, _ here: String, _ after: Attributes) -> String {
    """
    <p class="planes">\(element("button", before, "‹"))<span>\(markup(here))</span>\(element("button", after, "›"))</p>
    """
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
