// The module that the page is linked from: all that it exports is in AdjointPage (Exports.swift), so that nothing is compiled
// twice.
import AdjointPage
