// A network of your own that learns to tell vertical from horizontal stripes.

import Adjoint

var pixels: [UInt8] = []
var labels: [Int32] = []
for sample in 0..<64 {
    let isVertical = sample % 2 == 1
    for y in 0..<8 {
        for x in 0..<8 { pixels.append(((isVertical ? x : y) + sample / 2) % 4 < 2 ? 255 : 0) }
    }
    labels.append(isVertical ? 1 : 0)
}
let stripes = try Dataset(bytes: pixels, shape: [1, 8, 8], labels: labels, classes: 2)

let network = try Network("stripes", input: [1, 8, 8], classes: 2) {
    Convolution(4, kernel: 3, padding: .same)
    // A layer of your own is a function of values of a graph.
    Custom("square") { $0.squared() }
    GlobalAveragePool()
    Flatten()
    Linear(2)
}
let training = try Training(network, optimizer: .adam(), schedule: Schedule(0.02), seed: 1)
var batches = try Batches(stripes, of: 16, seed: 1)
while batches.epoch < 40 { _ = try training.step(&batches) }
print("accuracy", try training.evaluate(stripes).accuracy)

// prints accuracy 1.0
