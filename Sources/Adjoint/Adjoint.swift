// The public surface: what `import Adjoint` gives.
@_exported import AdjointExplanations
@_exported import AdjointFormats
@_exported import AdjointGradients
@_exported import AdjointGraphs
@_exported import AdjointModels
@_exported import AdjointPlans
