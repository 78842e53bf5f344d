import AdjointExplanations
import AdjointGraphs
import AdjointJSON

/// The request of another program about a layer.
struct LayerRequest {
    enum Question: String, CaseIterable {
        /// The shapes of V, W, B and G.
        case shapes
        /// G and the gradients; with a target also E.
        case results
        /// The equations of a tensor, or all of one element.
        case equations
        /// An explanation as a document in one of the forms.
        case explanation
        /// Steps of gradient descent towards a target.
        case training
    }

    enum Form: String, CaseIterable { case text, markdown, latex, html, svg, json }

    let question: Question
    let layer: LayerGeometry
    /// The numbers of the tensors, by their names in explanations.
    var numbers: [String: [Double]] = [:]
    /// An element, such as `W1`, or a tensor.
    let element: String?
    let views: [Explanation.View]
    let form: Form
    let language: String
    let rate: Double
    let steps: Int

    /// The names of tensors in requests, and those in explanations.
    static let tensors = [("V", "V"), ("W", "W"), ("B", "B"), ("dG", "∂G"), ("T", "T")]
    private static let members = ["ask", "layer", "values", "select", "views", "as", "language", "rate", "steps"]

    init(_ field: JSONField) throws(JSONError) {
        try field.check(LayerRequest.members)
        question = try field["ask"].choice(among: Question.allCases) ?? .results
        layer = try LayerGeometry(field["layer"])
        if let values = field["values"].present {
            try values.check(LayerRequest.tensors.map { $0.0 })
            for (name, tensor) in LayerRequest.tensors {
                guard let given = values[name].present else { continue }
                numbers[tensor] = []
                for element in try given.elements() { numbers[tensor]?.append(try element.number()) }
            }
        }
        element = try field["select"].present?.string()
        var views: [Explanation.View] = []
        for view in try field["views"].present?.elements() ?? [] {
            if let view: Explanation.View = try view.choice(among: Explanation.View.allCases) { views.append(view) }
        }
        self.views = views.isEmpty ? Explanation.View.allCases : views
        form = try field["as"].choice(among: Form.allCases) ?? .json
        language = try field["language"].present?.string() ?? "en"
        guard ["en", "de"].contains(language) else { throw field["language"].failure("en or de") }
        rate = try field["rate"].present?.number() ?? 0.1
        guard rate > 0 else { throw field["rate"].failure("a number above 0") }
        steps = try field["steps"].present?.integer(in: 1...10_000) ?? 1
    }
}

extension JSONField {
    /// - Throws: an error for a member that is none of these.
    func check(_ known: [String]) throws(JSONError) {
        for member in try object().members where !known.contains(member.name) {
            let expected = nearest(member.name, among: known).map { "the name \($0)" } ?? "one of \(joined(known))"
            throw self[member.name].failure(expected, given: "\"\(abbreviated(member.name))\"")
        }
        // NaN becomes null in JSON. It is an error, and does not mean that the member is absent.
        for member in try object().members where member.value == .null { throw self[member.name].failure("a value") }
    }

    /// The case with the name that the member has; nil where the member is absent.
    fileprivate func choice<Choice: RawRepresentable>(among all: [Choice]) throws(JSONError) -> Choice?
    where Choice.RawValue == String {
        guard let present else { return nil }
        let name = try present.string()
        guard let found = all.first(where: { $0.rawValue == name }) else {
            throw failure("one of \(joined(all.map { $0.rawValue }))")
        }
        return found
    }
}
