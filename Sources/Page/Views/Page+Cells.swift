import AdjointExplanations
import AdjointGraphs

/// Cells by keyboard, and numbers that are typed, dragged, drawn or taken from a picture.
extension Page {
    // MARK: keys

    mutating func press(_ key: String, at id: String, _ updates: inout Updates) throws(PageError) {
        if key == "Escape" {
            release()
            drafts = [:]
            return try change {
                if $0.isPresented {
                    $0.isPresented = false
                } else if $0.story != nil {
                    $0.story = nil
                } else if $0.step != nil {
                    $0.step = nil
                } else {
                    $0.selection = nil
                }
            }
        }
        if let (name, number) = numbered(id), number == "pixels" { return try press(pixelsOf: name, key, &updates) }
        if let (name, number) = numbered(id), let place = Int(number), let grid = stripGrid(name) {
            return try press(inStrip: name, grid, place, key, &updates)
        }
        guard let (name, number) = numbered(id), let tensor = Tensors(named: name), let grid = grids[tensor] else {
            return
        }
        guard let place = Int(number) else { return }
        switch key {
        case "Enter", " ": try pin(Selection(tensor.primal.name, at: place))
        case "F2": edit(tensor, place, nil, &updates)
        default:
            if let next = grid.moved(place, key) {
                updates.attribute(id, "tabindex", "-1")
                updates.attribute(grid.id(next), "tabindex", "0")
                updates.focus(grid.id(next))
                hover(.cell(Selection(tensor.primal.name, at: next)))
            } else if key.utf8.count == 1, let byte = key.utf8.first, "-.0123456789".utf8.contains(byte) {
                edit(tensor, place, key, &updates)
            }
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

    /// - Parameter text: the red, green, blue and opacity of each pixel of a picture as large as V.
    mutating func show(picture text: String) throws(PageError) {
        let bytes = text.utf8.split(separator: UInt8(ascii: ",")).map {
            Double(Int(String(decoding: $0, as: UTF8.self)) ?? 0)
        }
        guard let shape = layer.shapes[.v], shape.rank == 4, bytes.count == 4 * shape[2] * shape[3] else {
            throw PageError(strings.noPicture)
        }
        let area = shape[2] * shape[3]
        let numbers = (0..<shape.count).map { place -> Double in
            let (channel, pixel) = (place / area % shape[1], 4 * (place % area))
            let (red, green, blue) = (bytes[pixel], bytes[pixel + 1], bytes[pixel + 2])
            let light = shape[1] == 3 ? bytes[pixel + channel] : 0.299 * red + 0.587 * green + 0.114 * blue
            return (light / 255 * 100).rounded() / 100
        }
        drafts = [:]
        try change { $0.sources[.v] = Source(numbers) }
    }
}
