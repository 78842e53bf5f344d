/// The texts of the guided stories in German.
extension Strings {
    static let germanStories = [
        Story(
            title: "Warum ist ∂E/∂W1 eine Summe aus vier Summanden?",
            steps: [
                "W1 ist in jedem Fenster dieselbe Zahl. Die Farbe zeigt die vier Pixel, auf die W1 trifft: V1, V2, V4, V5.",
                "Im ersten Fenster wird V1 mit W1 multipliziert, also bewegt W1 die Ausgabe G1 um V1. Der Fehler bewegt sich mit G1 um ∂E/∂G1: Summand 1 ist das Produkt der beiden.",
                "Ein Fenster weiter trifft W1 auf V2 und bewegt G2. Sonst ändert sich nichts: Summand 2.",
                "Nach vier Fenstern ist jeder Weg von W1 zum Fehler gezählt. Manche Summanden heben andere auf: Die Balken zeigen es, und die Linie endet beim Gradienten.",
                "Jedes andere Gewicht tut dasselbe mit seinen eigenen vier Pixeln. Zeigen Sie auf W2, W3 und W4.",
            ]),
        Story(
            title: "Was ändert sich mit Schrittweite 2?",
            steps: [
                "Bei Schrittweite 1 überlappen sich die Fenster: W1 trifft in 16 Fenstern auf 16 Pixel.",
                "Bei Schrittweite 2 stehen sie nebeneinander. W1 trifft nur noch auf 4 Pixel, je zwei Plätze auseinander: Der Gradient hat 4 Summanden.",
                "Mit einem 3×3-Filter überlappen sich die Fenster wieder, aber ungleichmäßig: Das Pixel in der Mitte liegt unter 4 Fenstern, seine Nachbarn unter 2 oder 1.",
                "2×2-Fenster lassen die letzte Zeile und Spalte aus. V25, das letzte Pixel, erreicht keine Ausgabe, und sein Gradient ist 0.",
                "∂E/∂W als Faltung: ∂E/∂G gleitet über V, mit einer Null zwischen den Zahlen, damit sie auf Pixel treffen, die zwei Plätze auseinander liegen. Nur die ersten 2×2 Ergebnisse sind ∂E/∂W; die anderen kommen von den ausgelassenen Pixeln.",
                "∂E/∂V als Faltung: dieselben Nullen dazwischen, dann gleitet der gedrehte Filter Platz für Platz darüber. Schrittweite 2 vorwärts ist also eine Null dazwischen rückwärts, in beiden Gradienten.",
            ]),
        Story(
            title: "Warum ist der Filter in ∂E/∂V gedreht, und in ∂E/∂W nicht?",
            steps: [
                "V5 liegt unter allen vier Fenstern, jedes Mal unter einem anderen Gewicht: G1 sieht V5 mit W4, G4 mit W1.",
                "Zur ersten Ausgabe gehört also das letzte Gewicht. Der Reihe der Ausgaben nach gelesen, läuft der Filter rückwärts: Er ist um 180° gedreht.",
                "Als Signalflussgraph, in dem jeder Pfeil umgedreht ist: ∂E/∂V5 ist die Summe dessen, was seine vier Fenster zurückschicken, jedes durch dasselbe Gewicht wie zuvor.",
                "Als Faltung: Der um 180° gedrehte Filter W gleitet über ∂E/∂G mit Nullen darum. In der Mitte trifft er ∂G1 mit W4 und ∂G4 mit W1: Das ist die Summe von V5.",
                "W1 trifft auf V1, V2, V4, V5, während die Ausgaben G1, G2, G3, G4 durchlaufen werden: beide vorwärts. Nichts ist gedreht.",
                "Als Faltung: ∂E/∂G selbst, nicht gedreht, gleitet über V. Am ersten Platz trifft V1 auf ∂G1 und V5 auf ∂G4: Das ist die Summe von W1.",
            ]),
        Story(
            title: "Was macht der Rand mit beiden?",
            steps: [
                "Ein Ring aus Nullen um V, hier nicht gezeichnet, ergibt 16 Fenster. W1 trifft in 7 davon auf den Ring: Diese Summanden sind 0 und weggelassen.",
                "W4 trifft an anderer Stelle auf den Ring. Jedes Gewicht trifft auf 9 Pixel: gleich viele Summanden, in anderen Fenstern.",
                "∂E/∂W als Faltung: Hier ist der Ring. Zuerst bekommt ihn V, wie im Vorwärtslauf, dann gleitet ∂E/∂G darüber: 4×4 über 5×5 ergibt 2×2.",
                "Das Eckpixel V1 liegt jetzt wie jedes Pixel unter 4 Fenstern: Sein Gradient ist eine volle Summe.",
                "Die Überdeckung zeigt es: Mit diesem Rand zählt jedes Pixel gleich oft. Ein Filterplatz ist eine Stelle im Fenster, an der ein Gewicht steht.",
                "∂E/∂V als Faltung: Ohne Rand bekam ∂E/∂G einen Ring aus Nullen; jetzt ist keiner nötig, denn der Ring um V hat ∂E/∂G größer gemacht. Der Rand weitet die eine Faltung und engt die andere ein.",
            ]),
        Story(
            title: "Wie lernt der Filter daraus?",
            steps: [
                "T ist das, was die Ausgabe sein soll: der Zielwert. Der Fehler E = ½·Σ(G − T)² addiert die Quadrate aller Abweichungen, ist also nur 0, wenn alle Ausgaben stimmen.",
                "Jetzt ist ∂E/∂G nicht mehr vorgegeben. E bewegt sich mit G4 um G4 − T4 = −9: Diese Ausgabe liegt 9 unter ihrem Zielwert. Damit beginnt jeder Gradient.",
                "∂E/∂W1 ist wie zuvor die Summe über die Fenster. Sie sagt: Wächst W1 ein wenig, so wächst E um so viel Mal mehr, und fällt, wo die Zahl negativ ist.",
                "Also geht jedes Gewicht in die andere Richtung, um einen kleinen Teil η seines Gradienten: W ← W − η·∂E/∂W. Drücken Sie „Ein Schritt“, und beobachten Sie W, G und E.",
                "Und noch einmal: Drücken Sie „Bis E klein ist“. Je näher G an T herankommt, desto kleiner sind die Ableitungen und damit die Schritte. So lernt ein Filter.",
                "Ein größeres η ist nicht schneller: Hier führt jeder Schritt über den Talboden hinweg und auf der anderen Seite hinauf, und E wächst. Drücken Sie ein paarmal „Ein Schritt“.",
            ]),
        Story(
            title: "Und mit Kanälen und mehreren Filtern?",
            steps: [
                "Das Bild hat zwei Kanäle, also hat ein Filter für jeden eine 2×2-Scheibe; zwei Filter ergeben zwei Ausgabeebenen. Eine Ausgabe addiert beide Kanäle: 8 Produkte.",
                "Ein Gewicht gehört zu einem Kanal und einem Filter. Sein Gradient ist dieselbe Summe über die Fenster, aus den Pixeln dieses Kanals und den Ausgaben dieses Filters: 4 Summanden, was auch daneben steht.",
                "Ein Pixel geht an beide Filter. Sein Gradient summiert über die Fenster und über die Filter: 8 Wege führen vom mittleren Pixel zum Fehler.",
                "∂E/∂W als Faltung: einmal für jedes Paar aus Filter und Kanal, und zwischen den Paaren wird nichts addiert.",
                "∂E/∂V als Faltung: für jeden Kanal über die Filter addiert, so wie eine Ausgabe über die Kanäle addiert wird.",
                "Bei zwei Gruppen sieht jeder Filter nur einen eigenen Kanal: Die Hälfte der Gewichte fällt weg, und ein Pixel geht nur an einen Filter.",
            ]),
        Story(
            title: "Wohin schickt Max-Pooling die Ableitung?",
            steps: [
                "Max-Pooling hat keine Gewichte. Es reicht die größte Zahl jedes Fensters weiter: G1 = 4 ist V5.",
                "Bewegt sich V5 ein wenig, so bewegt sich G1 ebenso viel. Also kommt ∂E/∂G1 ganz zu V5 zurück, und nichts davon zu den drei anderen.",
                "V1 ist nicht die größte Zahl des Fensters: G1 bleibt stehen, wenn V1 sich bewegt, und der Gradient ist 0.",
                "Wo sich Fenster überlappen, kann ein Pixel das größte von mehreren sein. V11 ist das größte in allen vieren, und ihre Ableitungen werden addiert.",
                "Ein Mittelwert verteilt dagegen: Jedes der vier Pixel bewegt G1 um ein Viertel, also bekommt jedes ein Viertel von ∂E/∂G1.",
            ]),
        Story(
            title: "Was machen Bias und Aktivierung?",
            steps: [
                "Ein Bias B wird zu jeder Ausgabe addiert, und dann macht ReLU aus G, was weitergereicht wird: A = G, wo G über 0 liegt, und sonst 0.",
                "G4 liegt unter 0, also ist A4 gleich 0 und bleibt 0, wenn G4 sich ein wenig bewegt: ∂E/∂G4 = 0. Die anderen gehen durch: Dort ist ∂E/∂G gleich ∂E/∂A.",
                "B1 ist an jeder Ausgabe beteiligt, mit dem Faktor 1. Der Gradient ist die Summe aller ∂E/∂G.",
                "Die Summe eines Gewichts ist aus ∂E/∂G gebildet wie zuvor: Der Summand des Fensters, das ReLU abgeschnitten hat, ist 0. Aus diesem Fenster lernt der Filter nichts.",
                "tanh ist nahe 0 steil und weit davon flach. Wo G = 9 ist, kommt von ∂E/∂A fast nichts zurück.",
            ]),
        Story(
            title: "Und mit einem Batch?",
            steps: [
                "Zwei Bilder, ein Filter: Dieselben Gewichte gleiten über beide. W1 trifft in jedem auf 4 Pixel, also hat der Gradient 8 Summanden.",
                "Ein Pixel gehört zu einem Bild. Sein Gradient weiß nichts vom anderen.",
                "∂E/∂W ist eine Summe über Fenster und Bilder. Für den Mittelwert teilt man E durch die Zahl der Bilder: Alle Gradienten folgen.",
            ]),
        Story(
            title: "Was ist Wans Diagrammmethode?",
            steps: [
                "Zeichnen Sie die Schicht als Netz: Zahlen fließen die Pfeile entlang, werden mit dem Gewicht daneben multipliziert, verzweigen sich an einem Punkt und werden an einem Plus addiert.",
                "Eric Wans Regeln (mit F. Beaufays, 1996): Drehen Sie jeden Pfeil um, machen Sie aus jedem Punkt ein Plus und aus jedem Plus einen Punkt, und behalten Sie die Verstärkungen. Aus einer Aktivierung wird die Verstärkung f′ an ihrer gespeicherten Eingabe.",
                "Lassen Sie ∂E/∂G dort hinein, wo G herauskam. Was bei V5 ankommt, ist ∂E/∂V5: die Summe, zu der sein Punkt geworden ist. Eine Kettenregel wurde dafür nicht aufgeschrieben.",
                "Die Regel für das Gewicht selbst: was im ersten Netz in seine Pfeile eintritt, mal was im umgedrehten in dieselben Pfeile eintritt, addiert. Für W1 ist das V1·∂E/∂G1 + V2·∂E/∂G2 + V4·∂E/∂G3 + V5·∂E/∂G4.",
                "Oder lassen Sie W fließen, und machen Sie die Pixel zu Verstärkungen: Dann gibt das umgedrehte Netz ∂E/∂W selbst aus. Es ist dieselbe Schicht.",
            ]),
    ]
}
