import AdjointGraphs

/// Layers worth looking at.
package enum Preset: String, Hashable, Sendable, CaseIterable {
    case question, lenet1, lenet2, remainder, dilation, depthwise, groups, transposed, pool, stem

    package var hash: String {
        switch self {
        case .question: ""
        case .lenet1: "input=28x28&kernel=5x5&padding=2&filters=6&V=digit.3&bias=1&then=tanh"
        case .lenet2: "input=14x14&kernel=5x5&channels=6&filters=16&bias=1&then=tanh"
        case .remainder: "input=6x6&kernel=3x3&stride=2"
        case .dilation: "input=7x7&kernel=3x3&stride=2&dilation=2&padding=1"
        case .depthwise: "input=4x4&kernel=2x2&channels=3&filters=3&groups=3"
        case .groups: "input=4x4&kernel=2x2&channels=4&filters=4&groups=2"
        case .transposed: "kind=transposed&input=3x3&kernel=3x3&stride=2&padding=1&output-padding=1"
        case .pool: "kind=max&input=4x4&kernel=2x2&stride=2&V=random.3&select=V8"
        case .stem: "input=224x224&kernel=7x7&channels=3&filters=64&stride=2&padding=3"
        }
    }

    /// Whether a state's layer is this one.
    func matches(_ state: PageState) -> Bool {
        let preset = PageState(hash: hash, .english)
        return preset.layer == state.layer && (self == .question || preset.layer != LayerSettings())
    }
}
