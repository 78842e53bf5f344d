extension Strings {
    static let germanOwnTexts: Texts<OwnText> = [
        .lead:
            "Öffnen Sie ein Netz, das der Befehl adjoint train geschrieben hat, eine Datei .safetensors, oder ziehen Sie sie auf diese Seite. Sie bleibt in diesem Browser: Nichts wird gesendet.",
        .choose: "Ein Modell öffnen …",
        .chooseAnother: "Ein anderes Modell öffnen …",
        .facts: "{0}: {1} mit {2} Schritten und {3} Parametern; es nimmt {4} und kennt {5} Klassen.",
        .layers: "Seine Schichten, und die Form dessen, was jede daraus macht",
        .openLayer:
            "Eine Schicht öffnet sich oben in der Abbildung mit ihren eigenen Gewichten, diesem Bild und dem ∂E/∂G, das vom Fehler herabkommt: Ihr ∂E/∂W ist der Gradient des Filters.",
        .seesNoPictures:
            "Es nimmt keine Bilder mit einer oder drei Ebenen und bis zu einer Million Pixeln oder unterscheidet keine Klassen: Seine Schichten werden aufgezählt, und keine lässt sich öffnen.",
        .target: "E ist −log der Wahrscheinlichkeit von Klasse",
        .progress: "Wie weit es ist",
        .reading: "{0} wird gelesen …",
        .looking: "Es wird berechnet, wofür das Netz das Bild hält …",
        .arriving: "{0}: Es wird berechnet, was dort ankommt …",
        .handing: "{0}: Vom Fehler herab wird ∂E/∂G berechnet …",
        .showing: "{0}: Die Gradienten der Schicht werden berechnet …",
        .digitShown: "Die Ziffer, die das Netz sieht",
        .photoShown: "Das Bild, welches das Netz sieht",
        .choosePhoto: "Ein eigenes Bild …",
        .cropped:
            "Ein Bild lässt sich auch hierher ziehen. Es wird auf die Größe des Netzes zugeschnitten, nicht gestaucht.",
        .negative: "Hell und dunkel tauschen",
        .digitsAgain: "Zurück zu den Ziffern",
        .noteActivation: "wirkt auf jede Zahl für sich: Kein Fenster gleitet.",
        .noteNormalization: "streckt und verschiebt jeden Kanal als Ganzes: Kein Fenster gleitet.",
        .noteSum: "addiert, was auf zwei Wegen ankommt: Kein Fenster gleitet.",
        .noteGeometry: "gleitet auf eine Weise, die diese Abbildung nicht hat.",
        .noteOther: "hat kein gleitendes Fenster, das sich zeichnen ließe.",
        .noteLarge: "hat mehr Zahlen, als diese Abbildung fasst.",
        .noteNoPicture: "öffnet sich nur, wo das Netz Bilder nimmt.",
        .teachTitle: "Die letzte Schicht lernt eigene Bilder",
        .teachLead:
            "Wählen Sie eine Klasse und dann Bilder davon, oder ziehen Sie sie hierher. Alles vor der letzten Schicht bleibt, wie es ist; ihre Gewichte gehen 40 Schritte W ← W − η·∂E/∂W, wobei E der Mittelwert von −log p über diese Bilder ist.",
        .sampleLabel: "Bilder der Klasse",
        .addSamples: "Bilder dazu …",
        .teach: "Lernen",
        .unteach: "Gelerntes zurücknehmen",
        .sampling: "Bild {0}: Es wird berechnet, was an der letzten Schicht ankommt …",
        .teaching: "Die letzte Schicht lernt …",
        .taughtTitle: "Der Fehler über die Bilder, Schritt für Schritt",
        .samplePicture: "Bild",
        .sampleClass: "Klasse",
        .before: "ihre Wahrscheinlichkeit vorher",
        .after: "nachher",
        .sampleName: "Bild {0}, das gelernt wird",
        .removeSample: "weglassen",
        .tooManySamples: "{0} Bilder sind genug.",
        .isForeign:
            "„{0}“ ist {1}; gebraucht wird eine Datei .safetensors mit einem Netz, wie sie der Befehl adjoint train schreibt.",
        .isDamaged:
            "„{0}“ ist beschädigt oder keine Datei .safetensors mit einem Netz, wie adjoint train sie schreibt. Ihr Leser sagt: {1}.",
        .hasNoNetwork:
            "„{0}“ enthält {1} Tensoren, aber kein Netz; gebraucht wird eine Datei, die adjoint train geschrieben hat, mit dem Netz als adjoint.model in den Metadaten.",
        .doesNotFit:
            "„{0}“ enthält ein Netz, das nicht zu seinen Tensoren passt oder das diese Seite nicht kennt: {1}.",
        .isTooLarge: "„{0}“ hat {1} MB; diese Seite öffnet Dateien bis {2} MB.",
        .cannotCompute: "Das lässt sich hier nicht berechnen: {0}.",
        .foundNothing: "eine leere Datei",
        .foundArchive: "ein Archiv oder ein Pickle, wie PyTorch es schreibt",
        .foundPicture: "ein Bild",
        .foundKeras: "eine HDF5-Datei, wie Keras sie schreibt",
        .foundText: "ein Text",
        .foundLanguageModel: "eine GGUF-Datei",
    ]
}
