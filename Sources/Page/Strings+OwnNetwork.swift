/// The page's texts about a network and about pictures of the reader's own.
enum OwnText: String, Hashable, Sendable, CaseIterable {
    case lead, choose, chooseAnother, facts, layers, openLayer, seesNoPictures, target
    case progress, reading, looking, arriving, handing, showing
    case digitShown, photoShown, choosePhoto, cropped, negative, digitsAgain
    case noteActivation, noteNormalization, noteSum, noteGeometry, noteOther, noteLarge, noteNoPicture
    case teachTitle, teachLead, sampleLabel, addSamples, teach, unteach, sampling, teaching, taughtTitle
    case samplePicture, sampleClass, before, after, sampleName, removeSample, tooManySamples
    case isForeign, isDamaged, hasNoNetwork, doesNotFit, isTooLarge, cannotCompute
    case atByte, atPart, atParameter
    case foundNothing, foundArchive, foundPicture, foundKeras, foundText, foundLanguageModel
}

extension Strings {
    static let ownTexts: Texts<OwnText> = [
        .lead:
            "Open a network that the command adjoint train has written, a file .safetensors, or drop it anywhere on this page. It stays in this browser: nothing is sent.",
        .choose: "Open a model…",
        .chooseAnother: "Open another model…",
        .facts: "{0}: {1} with {2} steps and {3} parameters; it takes {4} and knows {5} classes.",
        .layers: "Its layers, and the shape of what each makes",
        .openLayer:
            "A layer opens in the drawing above with its own weights, this picture, and the ∂E/∂G that the loss hands down: its ∂E/∂W is the filter’s gradient.",
        .seesNoPictures:
            "It takes no pictures of one or three planes with up to a million pixels, or tells no classes apart: its layers are listed, and none can be opened.",
        .target: "E is −log of the probability of class",
        .progress: "How far it is",
        .reading: "Reading {0} …",
        .looking: "Computing what the network takes the picture for …",
        .arriving: "{0}: computing what arrives there …",
        .handing: "{0}: computing ∂E/∂G, from the loss down …",
        .showing: "{0}: computing its gradients …",
        .digitShown: "The digit that the network is shown",
        .photoShown: "The picture that the network is shown",
        .choosePhoto: "A picture of your own…",
        .cropped: "A picture may also be dropped here. It is cropped to the network’s size, not squashed.",
        .negative: "Exchange light and dark",
        .digitsAgain: "Back to the digits",
        .noteActivation: "works on each number alone: no window slides.",
        .noteNormalization: "scales and shifts each channel as a whole: no window slides.",
        .noteSum: "adds what arrives on two ways: no window slides.",
        .noteGeometry: "slides in a way that this drawing does not have.",
        .noteOther: "has no sliding window to draw.",
        .noteLarge: "has more numbers than this drawing holds.",
        .noteNoPicture: "opens only where the network takes pictures.",
        .teachTitle: "Teach its last layer pictures of your own",
        .teachLead:
            "Choose a class, then pictures of it, or drop them here. Everything before the last layer stays as it is; its weights take 40 steps W ← W − η·∂E/∂W, where E is the mean of −log p over these pictures.",
        .sampleLabel: "Pictures of class",
        .addSamples: "Add pictures…",
        .teach: "Teach",
        .unteach: "Undo what it learned",
        .sampling: "Picture {0}: computing what arrives at the last layer …",
        .teaching: "The last layer learns …",
        .taughtTitle: "The loss over the pictures, step by step",
        .samplePicture: "picture",
        .sampleClass: "class",
        .before: "its probability before",
        .after: "after",
        .sampleName: "Picture {0} to be learned",
        .removeSample: "leave out",
        .tooManySamples: "{0} pictures are enough.",
        .isForeign:
            "“{0}” is {1}; expected is a file .safetensors with a network, as the command adjoint train writes it.",
        .isDamaged:
            "“{0}” is damaged, or no file .safetensors with a network as adjoint train writes it. The fault is at {1}; the command adjoint inspect says more.",
        .hasNoNetwork:
            "“{0}” holds {1} tensors but no network; expected is a file that adjoint train has written, with the network as adjoint.model in its metadata.",
        .doesNotFit:
            "“{0}” holds a network that does not fit its tensors, or that this page does not know. The fault is at {1}.",
        .isTooLarge: "“{0}” has {1} MB; this page opens files of up to {2} MB.",
        .cannotCompute: "This cannot be computed here. The fault is at {0}.",
        .atByte: "byte {0}",
        .atPart: "“{0}”",
        .atParameter: "the parameter {0}",
        .foundNothing: "an empty file",
        .foundArchive: "an archive or a pickle, as PyTorch writes",
        .foundPicture: "a picture",
        .foundKeras: "an HDF5 file, as Keras writes",
        .foundText: "a text",
        .foundLanguageModel: "a GGUF file",
    ]
}
