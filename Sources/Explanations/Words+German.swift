/// Explanations in German.
extension Words {
    public static let german = Words().inGerman()

    private func inGerman() -> Words {
        language = "de"

        // Layers, pages and equations
        sections = "Abschnitte"
        filterLayer = "Ein {0}-Filter W auf einer {1}-Eingabe V"
        transposedLayer = "Ein transponierter {0}-Filter W auf einer {1}-Eingabe V"
        maxPool = "Max-Pooling {0} auf einer {1}-Eingabe V"
        averagePool = "Mittelwert-Pooling {0} auf einer {1}-Eingabe V"

        layerEquations = "Die Schicht"
        graphEquations = "Der Graph"
        elementRule = "Die Kettenregel für {0}"
        movement = "Wie sich die Ausgabe mit {0} bewegt"
        noMovement = "Gar nicht: Kein Fenster trifft darauf."
        gradient = "Der Gradient von {0}"
        gradientGraph = "Dasselbe als Graph, in dem ∂{0} für ∂E/∂{0} steht"
        oneConvolution = "Der Gradient von {0} ist eine einzige Faltung mit der Rolle {1}."
        someEquations = "{0} Gleichungen, davon {1} gezeigt"
        otherEquations = "--select schreibt eine andere aus, bis {0}"
        realPixels = "{0} Fenster, {1} davon mit einem echten Pixel"
        realOutputs = "{0} Fenster, {1} davon mit einer Position von G unter dem Filterplatz"
        largestOfSum = "{0}; die {1} größten sind gezeigt, {2} % von Σ|Summand|"
        firstOfSum = "{0}; die ersten {1} sind gezeigt, denn ohne Zahlen ist keiner größer"
        tooManyWindows = "jedes Element von {0} summiert {1} Fenster: zu viele für eine Gleichung"
        otherQuestions = "hier helfen --view windows, ein kleineres --input oder --of input"
        allElementTerms = "--as json nennt alle dieses Elements"

        // Windows
        windowByWindow = "{0}, Fenster für Fenster"
        tapByTap = "{0}, Platz für Platz im Filter"
        windowSum = "{0} ist eine Summe: {1}{2}{3}."
        overOneWindow = " über 1 Fenster"
        overSomeWindows = " über {0} Fenster"
        inOneWindow = ", Platz für Platz in einem Fenster"
        overPositionsOf = " über {0} Positionen von {1}"
        andBias = ", der letzte ist der Bias"
        sumOver = "Σ über {0} {1}"
        examples = "Beispiele"
        channels = "Kanäle"
        filters = "Filter"
        oneTerm = "1 Summand"
        terms = "{0} Summanden"
        exampleColumn = "Beispiel"
        windowColumns = ["Fenster", "Position", "Summand"]
        numberColumns = ["Zahlen", "Produkt"]
        total = "Summe"
        shownTotal = "Summe dieser"
        largestTerms = "{0} Summanden; die zehn größten sind gezeigt"
        firstTerms = "{0} Summanden; die zehn ersten sind gezeigt"
        allTerms = "--as json nennt alle"
        windowTerm = "Summand {0}: {1}"
        runningTotal = "Summe {0}"
        sumInWords = "{0} als Summe: {1}."
        windowsKey =
            "violett: die Plätze des Fensters; schraffiert, in der Farbe des Gewichts: das Element von {0}, das zählt"
        windowsAdd = "Was jedes Fenster zu {0} beiträgt"
        tapsAdd = "Was jeder Filterplatz zu {0} beiträgt"
        positionsAdd = "Was jede Position zu {0} beiträgt"
        addsInWords = "Eine Karte aus {0} Zahlen, deren größter Betrag {1} ist."

        // How the windows lie
        coverage = "Wie die Fenster auf {0} liegen"
        coverageMap = "Wie viele Fenster über jeder Position von {0} liegen"
        windows = "{0} Fenster mit {1} Plätzen über {2} Positionen, Schrittweite {3}, Dilatation {4}."
        overlap =
            "Die Fenster überlappen sich: Bis zu {0} liegen über einer Position, und Nachbarn teilen {1} ihrer {2} Positionen, Achse für Achse. Die Summe über die Fenster ist trotzdem der Gradient: Jedes trägt seinen eigenen Summanden bei."
        noOverlap = "Keine zwei Fenster teilen eine Position von {0}."
        uncovered =
            "Unter keinem Fenster: {0} von {1} Positionen. Die Ableitung ist dort 0, und kein Gewicht lernt von dort."
        uncoveredByPool = "Unter keinem Fenster: {0} von {1} Positionen. Die Ableitung ist dort 0."
        uncoveredOutput =
            "Unter keinem Fenster: {0} von {1} Positionen. G ist dort 0, und ∂E/∂G erreicht von dort weder V noch W."
        uncoveredWithBias =
            "Unter keinem Fenster: {0} von {1} Positionen. G ist dort der Bias, und ∂E/∂G erreicht von dort weder V noch W."
        remainder = "Die Schrittweite lässt am Ende der Achsen einen Rest von {0}, den Rand mitgezählt."
        countKey = "in einer Zelle: wie viele Fenster auf sie treffen"
        uncoveredKey = "; schraffiert: keines"
        paddingKey = "; grau: Rand, der nichts beiträgt"
        barsKey = "; Balken: die Fenster längs jeder Achse"
        countsRange = "Eine Karte, wie viele Fenster über jeder Position liegen, von {0} bis {1}."
        countsByRow = "Fenster über jeder Position, Zeile für Zeile: {0}."
        lensFrom = "{0}: ab {1}"
        lensTo = "{0}: bis {1}"

        // The positions that share a weight, and the check
        sharing = "Die Positionen, die sich ein Gewicht teilen"
        meetsOne = "{0} trifft auf 1 Element von {2}: {3}."
        meetsSome = "{0} trifft auf {1} Elemente von {2}: {3}."
        meetings = "Auf welche Elemente von {0} jedes Gewicht trifft"
        meetingsInWords = "{0} trifft auf {1}."
        cotangentKey = "zweite Zeile: das Element von ∂E/∂{0}, mit dem multipliziert wird"
        fieldKey = "jede Ebene: {0}"
        meets = "{0} trifft auf"
        meetsCount = "{0} trifft auf {1} Elemente von {2}"
        oneWeight = "Die {0} Elemente von {1}, auf die {2} trifft"
        oneWeightMap = "Die Elemente von {0}, auf die {1} trifft"
        oneWeightInWords = "{0} trifft auf {1} Elemente von {2}."
        oneWeightKey = "schraffiert: worauf {0} trifft"

        check = "Probe"
        notChecked = "nicht geprüft, denn diese Schicht nach der Definition zu berechnen dauert lange"
        smallerInput = "hier hilft ein kleineres --input"
        checkLead =
            "J ist die Linearisierung der Schicht und Jᵀ ihre Transponierte; v und u sind zufällig. ΔE/Δ ist eine zentrale Differenz von E = Σ ∂E/∂G·G, in Double."
        drawnNumbers = " Ohne eigene Zahlen, und darum zufällig: {0}."
        checkColumns = ["", "eine Seite", "andere Seite", "Abstand"]
        innerProducts = "⟨J·v, u⟩ und ⟨v, Jᵀ·u⟩"
        gradientAndDifference = "{0} und ΔE/Δ{1}"
        kink =
            "E hat dort einen Knick oder gleich große Zahlen: Die Steigungen der Summanden auf beiden Seiten ergeben zusammen etwas von {0} bis {1}, ΔE/Δ ist die Mitte, und alles dazwischen ist ein Gradient."
        agrees = "Beide stimmen bis auf Rundung überein."
        differs = "Sie stimmen nicht überein."

        // Gradients as convolutions
        relation = "Eine Beziehung, drei Rollen"
        everyAxis = " auf jeder Achse"
        oneAxis = " auf Achse {0}"
        together = "{0}[i], W[r] und {1}[p] gehören zusammen, wo {2}{3} gilt."
        outputRole =
            "{0}[p]: p steht fest, über r wird summiert, und die Ebene wird bei {1} gelesen: Schrittweite {2}, Dilatation {3}."
        filterRole =
            "{0}[r]: r steht fest, über p wird summiert, und die Ebene wird bei {1} gelesen: Schrittweite {2}, Dilatation {3}. Schrittweite und Dilatation haben die Plätze getauscht; nichts ist gedreht."
        inputRole =
            "{0}[i]: i steht fest, über p wird summiert, und {1}: r zählt rückwärts. Mit {2} ist das {3}: Der Filter ist gedreht"
        spreadPlane = ", und die Ebene ist um {0} gespreizt."
        asConvolution = "{0} als Faltung"
        reading = "{0} über {1}: {2}. Das ist {3}."
        readingShare = "{0} über {1}: {2}. Das ist ein Teil von {3}: {4} ist alles."
        then = ", dann "
        turn = "umdrehen"
        keep = "die ersten {0} behalten"
        between = "{0} dazwischen"
        oneZero = "1 Null"
        zeros = "{0} Nullen"
        pad = "Rand {0}"
        crop = "abschneiden {0}"
        before = "{0} davor"
        after = "{0} danach"
        and = " und "
        axes = ["Scheiben", "Zeilen", "Spalten"]
        slide = "gleiten mit Schrittweite {0}"
        readingKey =
            "⋆: Was unten steht, gleitet über das, was oben steht, und was aufeinander liegt, wird multipliziert und addiert; grau: Nullen"
        leftOutKey = "; schraffiert: ausgelassen"

        // Signal-flow graphs
        asSignal = "{0} als Signal"
        asSignals = "{0} als Signale"
        asGain = "{0} als Verstärkung"
        asGains = "{0} als Verstärkungen"
        signalFlow = "Signalfluss: {0}"
        signalFlowMap = "Der Signalflussgraph der Schicht und der transponierte, {0}"
        scalarTranspose = "Nᵀ: ∂E/∂G tritt ein, ∂E/∂{0} tritt aus"
        reversed = "Nᵀ: jeder Pfeil umgedreht"
        tooManyScalars = "{0} Zahlen: zu viele, um jede zu zeichnen"
        fewerScalars = "dasselbe für eine kleinere Schicht, oder die Operatoren darunter"
        weightRule =
            "Die Regel für das Gewicht: das Signal, das in N in eine Kante mit der Verstärkung {0} eintritt, mal das, was in Nᵀ in sie eintritt, summiert über ihre Kanten."
        edgeColumns = ["Kante", "tritt in N ein", "tritt in Nᵀ ein", "Produkt"]
        arrival = "Was in Nᵀ bei {0} ankommt, ist der ganze Gradient:"

        allTapsGraph = "Operatoren auf Ebenen, alle Filterplätze"
        oneTapGraph = "Operatoren auf Ebenen, ein Filterplatz"
        operators = "Signalfluss: Operatoren auf Ebenen"
        operatorsMap = "Die Schicht als Operatoren auf Ebenen, und die transponierte"
        network = "N: Ebenen von V zu einer Ebene von G"
        transpose = "Nᵀ: ∂E/∂G zu ∂E/∂V"
        shifts =
            "q verschiebt eine Ebene um einen Platz längs x, y oder z. In Nᵀ verschiebt es zurück: Das ist die halbe Drehung des Filters."
        places = "Von N zu Nᵀ, an denselben Stellen:"
        rules = ["in N", "in Nᵀ", "Anzahl"]
        arrow = ["Pfeil", "Pfeil, umgedreht"]
        gain = ["Verstärkung w an einem Pfeil", "dieselbe Verstärkung, Pfeil umgedreht"]
        input = ["Eingang", "Ausgang: die Ableitung danach"]
        output = ["Ausgang", "Eingang: ∂E/∂ davon"]
        branch = "Verzweigung ●"
        sum = "Summe ⊕"
        function = "Funktion {0}(a)"
        slope = "Verstärkung {0}′(a)"
        graph = "Links oder oben der Graph: {0}"
        graphBack =
            ". Daneben der transponierte: derselbe mit umgedrehten Pfeilen, Punkte und Pluszeichen im Kreis vertauscht."

        // What their signs mean
        branchKey = "Verzweigung: ein Signal, mehrere Wege"
        sumKey = "Summe"
        gainKey = "Verstärkung: was daran steht, sonst 1"
        someGainsKey = "Verstärkung: steht daran, wo Platz ist"
        networkKey = "N: der Graph; Nᵀ: der transponierte, der Rückweg"
        shiftKey = "q: die Ebene, um einen Platz verschoben"
        padPlane = "Rand"
        cropPlane = "abschneiden"
        noShift = "unverschoben"
        takeValid = "nur gültige"
        takeEvery = "jede {0}."
        widen = "weiten"
        spread = "spreizen: {0}"
        everywhere = "überall"
        otherTaps = "{0} andere Plätze ({1} im Ganzen)"
        otherPlanes = "{0} ({1} andere)"

        // Fully connected nets
        net = "Ein vollständig verbundenes Netz aus {0} Einheiten"
        units = "Das Netz aus {0} Einheiten"
        chainRule = "Die Kettenregel, Schicht für Schicht"
        partials = "Die partiellen Ableitungen"
        onePath = "{0}: 1 Weg zum Fehler"
        paths = "{0}: {1} Wege zum Fehler, und ausgeklammert"
        deeper = "Weiter unten"
        tooManyPaths = "{0} Wege für jedes Gewicht"
        smallerNet = "hier hilft ein kleineres Netz für --dense"
        cost = "Was das kostet"
        costs =
            "Für alle Gewichte, die hier stehen, brauchen die Summen über Wege {0} Produkte. Wird jedes ∂E/∂H einmal berechnet und weitergereicht, braucht das ganze Netz {1}: So billig ist der Rückwärtslauf."

        // The sum that a gradient is
        overWindows = "die Summe über {2} Fenster: {0} mit einem Pixel unter dem Gewicht, davon mit Beitrag {1}"
        windowParts = ["Fenster", "Fenster", "Pixel", "Eingabe"]
        covering = "die Summe über Filter und die Fenster über dem Pixel: {0} Summanden, davon mit Beitrag {1}"
        coveringParts = ["Ausgabe", "Ausgaben", "Gewicht", "Gewicht"]
        covered = "die Summe über Kanäle und die Positionen darunter: {0} Summanden, davon mit Beitrag {1}"
        coveredParts = ["Ausgabe", "Ausgaben", "Eingabe", "Gewicht"]
        overBatch = "die Summe über den Batch: {3}, davon mit Beitrag {1}"
        batchParts = ["Ausgabe", "Ausgaben", "Eingabe", "Eingabe"]
        overFeatures = "die Summe über die Ausgaben der Schicht: {3}, davon mit Beitrag {1}"
        featureParts = ["Ausgabe", "Ausgaben", "Gewicht", "Gewicht"]
        overPositions = "die Summe über {0} Positionen, davon mit Beitrag {1}"
        positionParts = ["Position", "Positionen", "", "partielle Ableitung"]
        single = "ein Summand"
        singleParts = ["Summand", "Summanden", "", "partielle Ableitung"]
        noTerm = "kein Summand"
        totals = "plus {0}, minus {1}, zusammen {2}; Auslöschung |Summe|/Σ|Summand| = {3}"
        origin = "Woher der Gradient von {0} kam"
        addingTerms = "{0} Summanden, die etwas beitragen; die {1} größten sind gezeigt"
        termColumns = ["{0}·Kotangente = Summand", "Anteil an Σ|Summand| bis hierher"]
        eachAdds = "Beitrag je {0}"
        eachCell = " (eine Zelle: {0}x{0})"
        ramp =
            "░▒▓█ über null, -=≡# darunter, nach Betrag: über 1/2, 1/4, 1/8 des größten, weniger; · null"
        blankPadding = ", leer der Rand"
        mapStart = "ab Zeile {0}, Spalte {1}"
        morePlanes = "… und {0} weitere Ebenen von Fenstern"
        strongestOne = "Am stärksten: {0}"
        strongestSome = "Die {0} stärksten {1}"
        layerOutput = "∂E/∂ der Ausgabe"
        layerInput = "Eingabe der Schicht"
        patchText = "Ausschnitte darunter ({0}), das Pixel des Gewichts mit < bezeichnet"
        patches = "Ausschnitte unter den stärksten Fenstern ({0})"
        patchesInWords = "Das Pixel des Gewichts ist umrandet: {0}"

        // Maps and tables
        mapTitle = "{0}: Beitrag je {1}"
        mapPlane = "; Ebene {0} von {1}"
        addsPanel = "Beitrag je {0}"
        inputPanel = "Eingabe der Schicht"
        weightPanel = "Eingabe unter dem Gewicht"
        partialPanel = "∂ Ausgabe / ∂ Element"
        cotangentPanel = "∂E/∂ der Ausgabe der Schicht"
        way = "Der Weg des Fehlers: ∂E/∂ der Ausgabe jeder Schicht, vom Verlust zurück"
        wayColumns = ["Ausgabe", "Schicht", "Form", "Norm", "nicht null"]
        amount = "{0} von {1}"
        overChoices = "die Summe über die Stellen, die es nahmen: {3}, davon mit Beitrag {1}"
        choiceParts = ["Stelle", "Stellen", "", "partiell"]
        severalTerms = "{0} Summanden, davon mit Beitrag {1}"
        shares = "{0} wird an {1} Stellen verwendet"
        sumOfShares = "die Summe der Beiträge aller Stellen"
        shareColumns = ["Ausgabe", "Schicht", "Beitrag"]
        largestGradients = "Die größten Gradienten von {0}"
        largestColumns = ["", "Element", "∂E/∂", "Auslöschung", "am stärksten: {0}", "Beitrag"]
        atlas = "∂E/∂ aller Gewichte von {0} {1}"
        atlasMaps = "{0} Zeilen zu {1}, jede Karte mit {2} Gradienten; der größte Betrag ist {3}"
        atlasCells = "{0} Zeilen zu {1}, jede Zelle der größte von {2} Gradienten; der größte Betrag ist {3}"
        return self
    }
}
