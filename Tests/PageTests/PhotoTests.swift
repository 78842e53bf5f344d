import AdjointGraphs
import AdjointModels
import Testing

@testable import AdjointPage

/// Pictures of a reader's own, shown to the network that the page has trained.
@Suite struct PhotoTests {
    @Test func coloursBecomePlanes() throws {
        let photo = try #require(Photo(rows: 1, columns: 2, pixels: [255, 0, 100, 255, 10, 20, 30, 0]))
        #expect(photo.bytes(channels: 3, white: 255) == [255, 10, 0, 20, 100, 30])
        #expect(photo.bytes(channels: 1, white: 255) == [88, 18])
        #expect(photo.bytes(channels: 1, white: 16) == [5, 1])
        #expect(photo.negative.pixels == [0, 255, 155, 255, 245, 235, 225, 0] && photo.negative.negative == photo)
        #expect(Photo(rows: 2, columns: 2, pixels: photo.pixels) == nil)
        #expect(Photo(rows: 0, columns: 2, pixels: []) == nil)
    }

    @Test func writingOnPaperIsToldFromLightOnDark() {
        for digit in 0..<10 {
            let photo = Photo(digit: digit, rows: 16, columns: 16)
            #expect(!photo.isOnPaper && photo.negative.isOnPaper)
        }
    }

    /// The prediction for a photograph is that for the same pixels, and layers open on it.
    @Test func theTrainedNetworkSeesIt() throws {
        var page = Page(hash: "strip=network")
        let training = try NetworkTraining(.small, on: TrainingTests.digits)
        try training.train(steps: 30)
        page.training = training
        _ = page.body()
        let digit = Photo(digit: 7, rows: 8, columns: 8)
        page.held = digit.negative.pixels
        let updates = page.handle("photo").text
        #expect(page.photo == digit && updates.contains("paint\u{1F}photo\u{1F}8\u{1F}8"))

        let pixels = digit.pixels.enumerated().filter { $0.offset % 4 == 0 }.map {
            UInt8((Double($0.element) * 16 / 255).rounded())
        }
        let look = try training.look(at: pixels)
        #expect(page.trainingHTML.contains(page.guesses(look.probabilities)))
        let image = try training.use.image(pixels)
        let first = try #require(training.network.steps.firstIndex { $0.operation.filtering != nil })
        _ = page.handle("do\u{1F}open \(first)")
        for (number, expected) in zip(page.layer.numbers[.v] ?? [], image.doubles) {
            #expect(abs(number - expected) < 1e-3 * max(1, abs(expected)))
        }
        // The gradient is that of the predicted class.
        let expected = try #require(look.gradients["conv1.weight"]).doubles
        let size = expected.reduce(0) { max($0, abs($1)) }
        for (number, expected) in zip(page.layer.numbers[.dw] ?? [], expected) {
            #expect(abs(number - expected) < 5e-3 * size)
        }
        _ = page.handle("do\u{1F}negative")
        #expect(page.photo == digit.negative)
        _ = page.handle("do\u{1F}digits-again")
        #expect(page.photo == nil && page.trainingHTML.contains("digit-after"))
        page.held = [1, 2, 3]
        _ = page.handle("photo")
        #expect(page.complaint == Strings.english.noPicture && page.trainingHTML.contains(Strings.english.noPicture))
    }
}
