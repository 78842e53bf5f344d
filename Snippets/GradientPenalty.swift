// A loss with a penalty on its own gradient, and its gradient, in one plan: a gradient is a graph, and a graph can be
// written into another.

import Adjoint

let loss = try Graph { g in
    let score = g.input("images", [2, 1, 4, 4]).convolved(with: g.input("W", [3, 1, 3, 3])).tanh().sum([1, 2, 3])
    return [("loss", score.squared().mean())]
}
let inner = try loss.valueAndGradient(of: ["images"])
let penalized = try Graph { g in
    let values = g(inner)
    return [("loss", values["loss"] + values["∂images"].squared().sum())]
}
let plan = try penalized.valueAndGradient(of: ["W"]).compiled()
let results = try plan.results([
    "images": Tensor([2, 1, 4, 4], (0..<32).map { Float($0 % 5) / 4 - 0.5 }),
    "W": Tensor([3, 1, 3, 3], (0..<27).map { Float($0 % 7) / 8 - 0.375 }),
])
print("loss", results["loss"]!.doubles[0] > 0, "gradient", results["∂W"]!.shape)

// prints loss true gradient [3, 1, 3, 3]
