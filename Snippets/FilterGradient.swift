// The gradient of a filter: as a graph, as a plan, and as numbers.

import Adjoint

let energy = try Graph { g in
    let v = g.input("V", [1, 1, 3, 3])
    let w = g.input("W", [1, 1, 2, 2])
    return v.convolved(with: w, stride: 1).squared().sum()
}
let gradient = try energy.gradient(of: "W")
print(gradient)

let plan = try gradient.compiled()
let dW = try plan.run([
    "V": Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float]),
    "W": Tensor([1, 1, 2, 2], [1, -1, 2, 0] as [Float]),
])
print(dW)
