import AdjointExplanations
import AdjointGraphs

/// Cells by keyboard, and numbers that are typed, dragged, drawn or taken from a picture.
extension Page {
    // MARK: keys

    mutating func press(_ key: String, at id: String, _ updates: inout Updates) throws(PageError) {
        if key == "Escape" {
            release()
            drafts = [:]
            if state.story != nil, !state.isPresented { return try endStory() }
            return try change {
                if $0.isPresented {
                    $0.isPresented = false
                } else if $0.step != nil {
                    $0.step = nil
                } else {
                    $0.selection = nil
                }
            }
        }
        guard let (name, number) = numbered(id) else { return }
        if number == "pixels" { return try press(pixelsOf: name, key, &updates) }
        let tensor = Tensors(named: name)
        guard let place = Int(number), let grid = tensor.flatMap({ grids[$0] }) ?? plane(named: name)?.grid else {
            return
        }
        if key == "Enter" || key == " " {
            try pin(hover(at: id))
        } else if let next = grid.moved(place, key).map({ "\(name)-\($0)" }) {
            updates.attribute(id, "tabindex", "-1")
            updates.attribute(next, "tabindex", "0")
            updates.focus(next)
            hover(hover(at: next))
        } else if let tensor, key == "F2" {
            edit(tensor, place, nil, &updates)
        } else if let tensor, key.utf8.count == 1, let byte = key.utf8.first, "-.0123456789".utf8.contains(byte) {
            edit(tensor, place, key, &updates)
        }
    }

    /// Edits a number and keeps what was pinned, since the first click of the two has pinned the number's cell.
    mutating func type(over id: String, _ updates: inout Updates) throws(PageError) {
        guard let (tensor, place) = given(id) else { return }
        let pinned = pinnedBefore
        try change { $0.selection = pinned }
        edit(tensor, place, nil, &updates)
    }

    private func edit(_ tensor: Tensors, _ place: Int, _ text: String?, _ updates: inout Updates) {
        if isEditable(tensor) {
            updates.edit(
                tensor.name + "-\(place)", text ?? shortest(layer.value(tensor, place)), isWhole: text == nil)
        } else if !isPicking {
            updates.say(filled(strings.notEditable, [layer.name(tensor, place)]))
        }
    }

    // MARK: numbers

    /// The tensor and the place of a cell's number, if that is given and not computed.
    private func given(_ id: String) -> (tensor: Tensors, place: Int)? {
        guard let (name, number) = numbered(id), let tensor = Tensors(named: name), isEditable(tensor),
            let place = Int(number), place >= 0, place < layer.shapes[tensor]?.count ?? 0
        else { return nil }
        return (tensor, place)
    }

    private mutating func put(_ number: Double, _ tensor: Tensors, _ place: Int) throws(PageError) {
        var numbers = layer.numbers[tensor] ?? []
        numbers[place] = number
        try change { $0.sources[tensor == .da ? .dg : tensor] = Source(numbers) }
    }

    mutating func type(_ text: String, into id: String) throws(PageError) {
        guard let (tensor, place) = given(id) else { return }
        drafts[id] = nil
        guard let number = decimal(text) else {
            throw PageError(filled(strings.notANumber, [layer.name(tensor, place), clipped(text)]))
        }
        drafts = [:]
        try put(number, tensor, place)
    }

    /// Changes a cell's number with the pointer: by one step for every few pixels.
    mutating func drag(_ id: String, from start: String, by distance: String) throws(PageError) {
        guard let (tensor, place) = given(id), let start = decimal(start), let distance = decimal(distance) else {
            return
        }
        let size = layer.numbers[tensor]?.reduce(0) { max($0, $1.magnitude) } ?? 1
        let unit = size >= 8 ? 1 : size >= 2 ? 0.5 : 0.1
        let steps = (-distance / 6).rounded()
        let number = ((start + steps * unit) * 100).rounded() / 100 + 0
        if number != layer.value(tensor, place) { try put(number, tensor, place) }
    }

    /// A stroke over V: the cells that it touches become 1, or 0 where it began on a 1.
    mutating func draw(_ id: String, isStart: Bool) throws(PageError) {
        guard pen != nil, let (tensor, place) = given(id), tensor == .v else { return }
        if isStart { pen = layer.value(.v, place) == 1 ? 0 : 1 }
        if let pen, layer.value(.v, place) != pen { try put(pen, .v, place) }
    }

    /// A picture as large as V, in `held`.
    mutating func receivePicture() throws(PageError) {
        let pixels = taken()
        guard let shape = layer.shapes[.v], shape.rank == 4,
            let photo = Photo(rows: shape[2], columns: shape[3], pixels: pixels)
        else { throw PageError(strings.noPicture) }
        let numbers = photo.lights(channels: shape[1]).map { ($0 / 255 * 100).rounded() / 100 }
        drafts = [:]
        try change { $0.sources[.v] = Source((0..<shape[0]).flatMap { _ in numbers }) }
    }
}
