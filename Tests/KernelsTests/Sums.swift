/// Operands of the form, with the results of a plain loop.
struct Sums {
    let source: [Float]
    let filter: [Float]
    let cotangent: [Float]
    private(set) var grid: [Float]
    private(set) var gradient: [Float]

    init(_ window: WindowCase) {
        let source = smallIntegers(window.sourceCount, seed: 1)
        let filter = smallIntegers(window.filterCount, seed: 2)
        let cotangent = smallIntegers(window.cotangentCount, seed: 3)
        var grid = [Float](repeating: 0, count: window.cotangentCount)
        var gradient = [Float](repeating: 0, count: window.filterCount)
        window.forEachProduct { s, r, f in
            grid[r] += source[s] * filter[f]
            gradient[f] += source[s] * cotangent[r]
        }
        (self.source, self.filter, self.cotangent) = (source, filter, cotangent)
        (self.grid, self.gradient) = (grid, gradient)
    }
}
