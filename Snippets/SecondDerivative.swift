// A gradient is a graph, so it has a gradient too: the product of a Hessian and a vector, which is the derivative of the
// gradient along that vector.

import Adjoint

let energy = try Graph { g in
    let v = g.input("V", [1, 1, 3, 3])
    let w = g.input("W", [1, 1, 2, 2])
    return v.convolved(with: w, stride: 1).squared().sum()
}
let along = try energy.gradient(of: "W").jvp(of: ["W"])
let results = try along.evaluated([
    "V": Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float]),
    "W": Tensor([1, 1, 2, 2], [1, -1, 2, 0] as [Float]),
    "∂W": Tensor([1, 1, 2, 2], [1, 0, 0, 0] as [Float]),
])
for output in along.outputs { print(output.name, results[output.name]!) }

// prints ∂W float64[1, 1, 2, 2] {304, 392, 568, 656}
// prints ∂∂W float64[1, 1, 2, 2] {92, 116, 164, 188}
