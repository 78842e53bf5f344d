import AdjointExplanations

/// The page in German.
extension Strings {
    package static let german = Strings().inGerman()

    private func inGerman() -> Strings {
        language = "de"
        words = .german
        own = Strings.germanOwnTexts
        ownTitle = "Ein eigenes, trainiertes Netz"
        stories = Strings.germanStories
        frame()
        fieldTexts()
        fieldChoices()
        drawing()
        equation()
        playing()
        sharing()
        check()
        exercises()
        strip()
        training()
        return self
    }

    private func frame() {
        question = "Wie lernt ein Filter?"
        lead =
            "Ein Filter gleitet über ein Bild. Jedes Gewicht ist an jedem Fenster beteiligt, also ist sein Gradient eine Summe über alle Fenster. Zeigen Sie auf eine Zahl, um die beteiligten Fenster zu sehen; klicken Sie auf eine von V oder W, und tippen Sie, um sie zu ändern. Zahlen stehen wie in Programmen: 0.5 ist ein halb, 12,544 sind zwölftausend."
        noScript =
            "Die Abbildung oben ist das, womit diese Seite beginnt. Mit JavaScript und WebAssembly antwortet sie auf den Mauszeiger."
        skip = "Zur Abbildung springen"
        stopped =
            "Das war zu viel: Die Berechnung ist stehen geblieben. Sie wurde mit der ersten Schicht neu gestartet."
        languageLabel = "Sprache"
        controlsLabel = "Die Schicht"
        stageLabel = "Die Schicht und ihre Gradienten"
        readingLabel = "Die Gleichung"
        storiesTitle = "Fragen"
        back = "Zurück"
        next = "Weiter"
        done = "Fertig"
        closeStory = "Schließen"
        changeFields = "Weitere Einstellungen"
        noPicture = "Diese Datei ist kein Bild, das dieser Browser öffnen kann."
    }

    private func fieldTexts() {
        presetLabel = "Schicht"
        ownLayer = "eigene"
        outputSize = "Ausgabe"
        bothAxes = "auf beiden Achsen"
        allAxes = "auf allen Achsen"
        onTheAxis = "auf seiner Achse"
        rows = "Zeilen"
        columns = "Spalten"
        slices = "Ebenen"
        positions = "Stellen"
        notAChoice = "Das steht nicht zur Auswahl."
        nothing = "nichts"
        oneNumber = "Hier wird eine ganze Zahl gebraucht, nicht „{0}“."
        twoNumbers = "Hier wird eine ganze Zahl gebraucht, oder zwei wie 3x2, nicht „{0}“."
        fourNumbers =
            "Hier wird eine ganze Zahl gebraucht, oder vier wie 1,1,0,0 (oben, links, unten, rechts), nicht „{0}“."
        manyNumbers = "Hier wird eine ganze Zahl gebraucht, oder so viele wie in {1}, nicht „{0}“."
        outOfRange = "Möglich ist hier {0} bis {1}, nicht {2}."
        groupsDoNotDivide = "Die Zahl der Gruppen ({0}) teilt {1} Kanäle und {2} Filter nicht ohne Rest."
        nothingLeft = "Der Rand schneidet alles weg."
        kernelTooLarge = "Der Filter reicht über {0}, aber Eingabe und Rand haben nur {1} ({2})."
        poolPadding = "Beim Pooling ist der Rand höchstens halb so groß wie das Fenster."
        tooLarge = "Das ist mehr, als diese Seite berechnet ({0} Produkte)."
        remainderTitle = "Die Schrittweite lässt einen Rest."
        remainder =
            "Am Ende liegt unter keinem Fenster: {0}. Von dort führt kein Weg zu einer Ausgabe, und der Gradient ist dort 0."
        oneRow = "1 Zeile"
        manyRows = "{0} Zeilen"
        oneColumn = "1 Spalte"
        manyColumns = "{0} Spalten"
        oneSlice = "1 Ebene"
        manySlices = "{0} Ebenen"
        onePosition = "1 Stelle"
        manyPositions = "{0} Stellen"
        and = " und "
        badLink = "Aus dem Link wurde „{0}={1}“ weggelassen: {2}"
        unknownInLink = "So etwas kennt diese Seite nicht."
        questionInstead = "Statt der Schicht des Links steht hier die der Frage."
        sourceLabel = "Zahlen von {0}"
        notANumber = "{0} braucht eine Zahl, nicht „{1}“."
        notEditable = "{0} wird berechnet; ändern Sie stattdessen V, W oder am Ende den Zielwert oder die Ableitung."
    }

    private func fieldChoices() {
        fields = [
            .kind: "Art", .axes: "Achsen", .input: "Eingabe", .kernel: "Filter", .channels: "Kanäle",
            .filters: "Filterzahl", .batch: "Batch", .stride: "Schrittweite", .padding: "Rand", .dilation: "Dilatation",
            .groups: "Gruppen",
            .outputPadding: "Ausgaberand", .bias: "Bias", .activation: "Aktivierung",
        ]
        kinds = [
            .convolution: "Faltung", .transposed: "transponierte Faltung", .max: "Max-Pooling",
            .average: "Mittelwert-Pooling",
        ]
        activations = [.none: "keine", .relu: "ReLU", .tanh: "tanh", .sigmoid: "Sigmoid"]
        presets = [
            .question: "Die Frage: 3×3, 2×2",
            .lenet1: "LeNet-5, erste Faltung",
            .lenet2: "LeNet-5, zweite Faltung",
            .remainder: "Schrittweite 2 mit Rest",
            .dilation: "Dilatation = Schrittweite",
            .depthwise: "Jeder Kanal für sich",
            .groups: "Zwei Gruppen",
            .transposed: "Transponiert, doppelt so groß",
            .pool: "Max-Pooling",
            .stem: "Erste Faltung von ResNet, 64×3×7×7",
        ]
        source = [
            .counting: "1, 2, 3, …", .whole: "ganze Zahlen", .random: "zufällig", .ones: "Einsen", .scene: "ein Bild",
            .digit: "eine Ziffer", .list: "gegeben", .taught: "von einem anderen Filter", .image: "gegeben",
        ]
        drawByHand = "von Hand zeichnen"
        openPicture = "ein Bild öffnen …"
    }

    private func drawing() {
        forward = "Vorwärts"
        backward = "Rückwärts"
        backwardMeaning = ": wie schnell der Fehler E mit jeder Zahl wächst"
        inputRole = "Eingabebild"
        filterRole = "Filter"
        outputRole = "Ausgabe"
        activatedRole = "nach {0}"
        targetRole = "Zielwert"
        bias = "Bias"
        exampleName = "Beispiel {0}"
        channelName = "Kanal {0}"
        sliceName = "Ebene {0}"
        rowName = "Zeile {0}"
        columnName = "Spalte {0}"
        positionName = "Stelle {0}"
        filterName = "Filter {0}"
        planeBefore = "Die vorige Ebene"
        planeAfter = "Die nächste Ebene"
        planeOf = "Ebene {0}/{1}"
        pixelGrid = "Raster aus Pixeln"
        inColours = "in Farben"
        colours = "Rot {0}, Grün {1}, Blau {2}"
        coloursHint = "Zeigen Sie auf ein Pixel: hier stehen dann Rot, Grün und Blau."
        cellsLabel = "Was in den Zellen steht"
        looks = [.numbers: "Zahlen", .colours: "Farben", .both: "Beides"]
        smaller = "Kleinere Zellen"
        larger = "Größere Zellen"
        legend = "Was die Farben bedeuten"
        beyond = "{0} darüber hinaus, bis ±{1}"
        termLabel = "Summand {0}: {1}"

        learningLabel = "Der Fehler, und Schritte, die ihn kleiner machen"
        errorGiven = "∂E/∂{0} ist hier gegeben: Es ist das, was der Rest eines Netzes sagt."
        errorComputed = "Aus einem Zielwert berechnen"
        errorGivenAgain = "Stattdessen ∂E/∂{0} vorgeben"
        nothingToLearn = "Pooling hat keine Gewichte, die lernen könnten."
        rate = "Lernrate η"
        notARate = "Eine Lernrate ist eine Zahl über 0, nicht „{0}“."
        oneStep = "Ein Schritt"
        manySteps = "Bis E klein ist"
        descendedOnce = "Ein Schritt hat E von {1} auf {2} gebracht."
        descended = "{0} Schritte haben E von {1} auf {2} gebracht."
        overshot = "E ist gewachsen: Der Schritt war zu groß. Versuchen Sie eine kleinere Lernrate."
        descentTitle = "E, Schritt für Schritt"
        step = "Schritt"
        loss = "Verlust"
    }

    private func equation() {
        nothingSelected = "Zeigen Sie auf eine Zahl, oder gehen Sie mit Tab und den Pfeiltasten zu einer."
        notation = "Wie die Gleichung geschrieben ist"
        weightFact = "{0} ist an allen {1} Fenstern beteiligt, also werden {1} Summanden addiert."
        weightFactOne = "{0} ist am einzigen Fenster beteiligt, also hat der Gradient einen einzigen Summanden."
        weightPaddingFact =
            "{0} ist an {1} Fenstern beteiligt; in {2} davon trifft das Gewicht auf ein Pixel, sonst auf den Rand."
        pixelFact =
            "{0} liegt {1}-mal unter einem Gewicht, einmal für jedes Fenster darüber, in jedem Filter: {1} Wege führen von dort zum Fehler."
        pixelFactOne = "{0} liegt in einem Fenster unter einem Gewicht: Ein Weg führt von dort zum Fehler."
        pixelFactNone =
            "{0} liegt unter keinem Fenster: Von dort führt kein Weg zum Fehler, also ist der Gradient 0."
        maximumFact =
            "{0} liegt in {1} von {3} Fenstern und gilt in {2} davon als die größte Zahl: Nur von dort kommt eine Ableitung zurück. Von gleichen Zahlen gilt die erste."
        meanFact =
            "{0} liegt in {1} von {3} Fenstern; jedes dieser Fenster gibt 1∕{2} seiner Ableitung zurück."
        maximumOutputFact =
            "{0} ist die größte von {1} Zahlen, von gleichen die erste. Die Ableitung geht nur zu dieser einen zurück."
        meanOutputFact =
            "{0} ist der Mittelwert von {1} Zahlen. Die Ableitung geht zu gleichen Teilen zu allen zurück."
        biasFact = "{0} wird zu {1} Ausgaben addiert, also werden deren Ableitungen addiert."
        outputFact = "{0} {1}. Die Ableitung {2} ist gegeben: Sie ist das, was der Rest des Netzes sagt."
        outputTargetFact =
            "{0} {1}. Die Ableitung {2} sagt, wie weit die Ausgabe über dem Zielwert liegt, oder darunter, wo sie negativ ist."
        outputInnerFact = "{0} {1}. Die Ableitung ist {2}, darin steckt die der Aktivierung."
        windowOutput = "ist ein Fenster mit {0} Produkten"
        coveredOutput = "ist die Summe aus {0} Produkten der Fenster darüber"
        andBias = " und dem Bias"
        activationFact = "{0} folgt allein aus {1}."
        indexed = "Indizes zählen ab 0, wie in Programmen: {0} ist {1}."
        runningFact = "Summand {0} von {1} trägt {2} bei; die Summe bis hierher ist {3}."
        folded =
            "{0} Summanden; die {1} größten sind gezeigt und haben {2} % der Summe aller Beträge. Plus {3}, minus {4}, zusammen {5}; |Summe| ∕ Σ|Summand| = {6}. Die übrigen tragen {7} bei."
        unfold = "… {0} weitere"
        unfolded = "{0} Summanden. Plus {3}, minus {4}, zusammen {5}; |Summe| ∕ Σ|Summand| = {6}."
        fold = "Nur die größten zeigen"
        barsTitle = "Was jeder Summand beiträgt, und die laufende Summe"
        barText = "Summand {0} trägt {1} bei, Summe {2}"
        barsFolded = "Die {0} größten Summanden."
        barsKey = "jeder Summand"
        barsKeyFolded = "die größten Summanden"
        totalKey = "laufende Summe"
        notations = [.symbols: "Symbole", .numbers: "Zahlen", .values: "Werte"]
    }

    private func playing() {
        player = "Die Summanden durchgehen"
        stepBefore = "Der vorige Summand"
        stepAfter = "Der nächste Summand"
        play = "Abspielen"
        pause = "Anhalten"
        scrub = "Summand"
        speed = "Tempo"
        stepOf = "{0} von {1}"
        allSteps = "alle {0}"

        copy = "Kopieren"
        save = "Speichern"
        copied = "Kopiert."
        pictureTitle = "Eine Schicht und ihre Gradienten"
        forms = [
            .text: "Text", .latex: "LaTeX", .mathml: "MathML", .test: "Swift-Test", .numpy: "NumPy",
            .pytorch: "PyTorch", .link: "Link", .frame: "Einbettung",
        ]
    }

    private func sharing() {
        share = "Weitergeben …"
        shareTitle = "Diese Seite weitergeben"
        shareParts = "Was ein Rahmen in einer anderen Seite zeigt"
        shareWidth = "Breite"
        shareHeight = "Höhe"
        shareSize = "Ein Rahmen hat {0} bis {1} Pixel, nicht {2}."
        shareNote = "Legen Sie die Datei adjoint.html neben Ihre Seite; mehr ist nicht nötig."
        shareClose = "Schließen"
        present = "Vorführen"
        presentEnd = "Vorführung beenden"
        parts = [
            .header: "Titel", .stories: "Geschichten", .controls: "Felder der Schicht", .learning: "Ziel und Lernen",
            .reading: "Gleichung", .player: "Durchgehen", .check: "Probe", .exercises: "Aufgaben",
            .strips: "weitere Ansichten", .export: "Speichern",
        ]
    }

    private func check() {
        checkAgrees = "Geprüft."
        checkDiffers = "Die Probe geht nicht auf."
        checkProducts = "Eingabe"
        checkFilter = "Filter"
        checkDifference = "{0} bewegt"
        checkSides =
            "J ist die Schicht als lineare Abbildung von v, das V oder W ist; Jᵀ ist die Transponierte; u ist ∂E/∂G. Beide Seiten werden getrennt berechnet und müssen gleich sein. "
        checkNote = "Die letzte Zeile bewegt das gewählte Element ein wenig in beide Richtungen und beobachtet E."
        checkSelect = "Wählen Sie ein Element von V oder W, um es auch ein wenig zu bewegen."
        checkTooLarge = "Die Schicht ist zu groß, um ein Element zu bewegen und alles nach der Definition zu berechnen."
    }

    private func exercises() {
        exerciseStart = "Eine Zahl vorhersagen"
        exerciseTitle = "Was ist {0}?"
        exerciseHint = "In der Zelle steht ein Fragezeichen. Alles, was Sie brauchen, steht in der Abbildung."
        exerciseHelp = "Hinweis"
        exerciseSolve = "Zeigen"
        exerciseCount =
            "Zahl der Summanden: {0}. Suchen Sie jedes Fenster, an dem das Element beteiligt ist."
        exerciseSolved =
            "{0} = {1}. In der Gleichung stehen die Summanden, in der Abbildung die Zahlen, aus denen sie entstehen."
        exerciseHides = "Sagen Sie die Zahl erst vorher."
        hiddenNumber = "vorherzusagen"
        exerciseNext = "Eine andere"
        exerciseEnd = "Beenden"
        exerciseNoNumber = "Das ist keine Zahl."
        exerciseRight = "Richtig: {0} = {1}."
        exerciseWrong =
            "Noch nicht. Zahl der Summanden: {0}. Suchen Sie jedes Fenster, an dem das Element beteiligt ist."
        exerciseSign = "Der Betrag stimmt, das Vorzeichen nicht."
        exerciseMagnitude = "Sie haben die Beträge addiert. Summanden unter null heben andere auf."
        exerciseFirst = "Das ist ein Fenster allein. Alle {0} werden addiert."
        exerciseMean = "Das ist der Mittelwert über die Fenster. Gradienten werden addiert, nicht gemittelt."
        exerciseLeftOut = "Summand {0} fehlt: {1}."
        exerciseTermSign = "Summand {0} hat das falsche Vorzeichen: {1}."
        exerciseTurned = "Das ist die Summe mit dem Filter falsch herum."
        pixelsStart = "Die Pixel eines Gewichts finden"
        pixelsTitle = "Welche Pixel trifft {0}?"
        pixelsHint =
            "Wählen Sie jedes Pixel von V, das dieses Gewicht in einem Fenster trifft: Klicken oder tippen Sie darauf, oder drücken Sie dort die Eingabetaste. Noch einmal nimmt es zurück."
        pixelsCount = "Gewählt: {0}"
        pixelPicked = "gewählt"
        pixelsCheck = "Prüfen"
        pixelsHide = "Wählen Sie erst die Pixel."
        pixelsHelp =
            "Lassen Sie das Fenster über V gleiten: An jeder Stelle trifft {0} ein Pixel oder den Rand. Zahl der Pixel: {1}."
        pixelsRight = "Richtig. {0} trifft {1}."
        pixelsSolved = "{0} trifft {1}. Das Abspielen führt durch die Fenster."
        pixelsOneWindow = "Das ist ein Fenster. {0} trifft davon ein Pixel, und eines von jedem anderen Fenster."
        pixelsOther = "Das sind die Pixel, die {0} trifft."
        pixelsWrong = "Noch nicht. Richtig: {0}; nicht getroffen: {1}; noch offen: {2}."
    }

    private func strip() {
        stripsLabel = "Weitere Ansichten"
        noView = "Diese Ansicht gibt es für diese Schicht nicht."
        noNumbers = "Die Zahlen dieser Schicht lassen sich hier nicht berechnen."
        poolHasNoFilter = "Pooling hat keinen Filter; in dieser Ansicht geht es um Filter."
        convolutionLead =
            "Der Gradient einer Faltung ist wieder eine Faltung. Jeder ist in den Schritten gezeigt, die aus ihm das vertraute gleitende Fenster machen. Zeigen Sie auf eine Zahl, oder lassen Sie das Fenster gleiten."
        slideLabel = "Das Fenster gleiten lassen"
        slideBefore = "Die vorige Stelle"
        slideAfter = "Die nächste Stelle"
        addedZero = "0, eingesetzt"
        leftOutCell = "weggelassen"
        coverageCell = "{0}: Fenster darüber: {1}"
        flowLead =
            "Drehen Sie jeden Pfeil um, vertauschen Sie Summen und Verzweigungen, behalten Sie die Verstärkungen: So wird die Schicht zu ihrem eigenen Rückwärtslauf."
        flowLabel = "Die Zahlen laufen lassen: erst hin, dann zurück"
        flowBefore = "Der vorige Schritt"
        flowAfter = "Der nächste Schritt"
        flowTooLarge =
            "Diese Schicht hat zu viele Zahlen, um jede zu zeichnen; hier sind ihre Operatoren auf ganzen Ebenen."
        flowSignal = "Was fließt"
        flowAs = "{0} als Signal"
        transpose = "Transponieren"
        flowTitle = "Signalflussgraph der Schicht mit {0} als Signal"
        flowInput = "V fließt, die Gewichte sind Verstärkungen."
        flowFilter = "W fließt, die Pixel sind Verstärkungen."
        flowGain =
            "Der Gradient von {0} ist die Summe über die Kanten: was im Netz eintritt, mal was im transponierten Netz eintritt."
        flowCircles = "In Kreisen, an beiden Enden eines Pfeils: was hier eintritt, und was umgedreht eintritt."
        flowBranch =
            "{0} verzweigt sich in seine Fenster; transponiert wird aus der Verzweigung eine Summe, und was dort ankommt, ist der Gradient."
        rankTitle = "Die größten Gradienten des Filters"
        rankWeight = "Gewicht"
        rankShare = "Anteil bis hierher"
        atlasTitle = "Alle Gradienten des Filters"
        mapHint = "Wählen Sie ein Gewicht, um zu sehen, was jedes Fenster zu seinem Gradienten beiträgt."
        mapTitle = "Was jedes Fenster zum Gradienten von {0} beiträgt"
        mapText = "Eine Zelle je Fenster; die Summe ist der Gradient von {0}, {1}."
        mapKey = "Volle Farbe bei {0}. Plus {1}, minus {2}, zusammen {3}."
        lensTitle = "Fenster {0} trägt {1} bei"
        lensHint =
            "Schrittweite mal Platz des Fensters, plus Dilatation mal Platz des Gewichts, minus Rand, ist die Stelle, an der sie sich treffen; alle zählen ab 0."
        networkLead =
            "Ein Netz sind Schichten, eine nach der anderen: Jede reicht ihr ∂E/∂V nach unten weiter, als ∂E/∂G der Schicht darunter."
        strips = [
            .convolution: "Als Faltung", .flow: "Signalfluss", .coverage: "Überdeckung", .largest: "Große Schichten",
            .network: "Netz",
        ]
    }

    private func training() {
        convolutionLayer = "Faltung {0}"
        poolLayer = "Max-Pooling {0}"
        denseLayer = "vollständig verbunden"
        trainedPreset = "Ein trainiertes Netz mit einer Ziffer"
        trainingTitle = "Ein Netz, das hier Ziffern lernt"
        networkSwitch = "Welches Netz"
        networks = [.small: "Acht Filter", .lenet5: "LeNet-5", .own: "Ein eigenes"]
        trainingLead = [
            .small:
                "Acht 3×3-Filter, ReLU, ein Pooling und eine lineare Schicht lernen auf dieser Seite 1437 handgeschriebene Ziffern.",
            .lenet5:
                "LeNet-5 für Bilder mit 8×8 Pixeln (die Filter sind hier 3×3, und es gibt ein Pooling) lernt auf dieser Seite 1437 handgeschriebene Ziffern.",
        ]
        trainStart = "Trainieren"
        trainOn = "Weiter trainieren"
        trainAnew = "Neu beginnen"
        trainingSays =
            "Schritte: {0}, Durchgänge durch alle Ziffern: {1}; Verlust {2}; {3} % von 360 anderen Ziffern richtig."
        untrained = "Noch nicht trainiert: Alle Gewichte sind zufällig."
        trainingFails = "Das Training ist gescheitert: Die Zahlen sind nicht mehr endlich."
        curveTitle = "Der Verlust, Schritt für Schritt"
        curveText = "Von {0} bis {1}."
        digitTitle = "Eine Ziffer, von der das Netz nicht gelernt hat"
        digitBefore = "Die vorige Ziffer"
        digitAfter = "Die nächste Ziffer"
        digitIs = "eine {0}"
        filtersTitle = "{0}: die Filter"
        filterGradientsTitle = "{0}: wie diese Ziffer sie ändern würde, ∂E/∂W"
        tilesText = "{0}. Volle Farbe bei {1}."
        layersTitle = "Die Schichten, und was jede aus der Ziffer macht"
        openLayer =
            "Eine Schicht öffnet sich oben in der Abbildung, mit den Gewichten des Netzes, dieser Ziffer und dem ∂E/∂G, das der Verlust zurückgibt."
    }
}
