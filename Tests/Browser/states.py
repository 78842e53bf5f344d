"""The states in which the page is compared with the native engine, by their links."""

PRESETS = {
    "question": "",
    "lenet1": "input=28x28&kernel=5x5&padding=2&filters=6&V=digit.3&bias=1&then=tanh",
    "lenet2": "input=14x14&kernel=5x5&channels=6&filters=16&bias=1&then=tanh",
    "remainder": "input=6x6&kernel=3x3&stride=2",
    "dilation": "input=7x7&kernel=3x3&stride=2&dilation=2&padding=1",
    "depthwise": "input=4x4&kernel=2x2&channels=3&filters=3&groups=3",
    "groups": "input=4x4&kernel=2x2&channels=4&filters=4&groups=2",
    "transposed": "kind=transposed&input=3x3&kernel=3x3&stride=2&padding=1&output-padding=1",
    "pool": "kind=max&input=4x4&kernel=2x2&stride=2&V=random.3&select=V8",
    "stem": "input=224x224&kernel=7x7&channels=3&filters=64&stride=2&padding=3",
}

STATES = list(PRESETS.values()) + [
    "select=V5&show=numbers",
    "select=G4&show=values",
    "select=W2&term=3&strip=flow&transpose=1",
    "strip=flow&signal=W",
    "strip=coverage&input=5x5&kernel=3x3&stride=2&padding=1",
    "strip=largest&input=8x8&kernel=3x3&filters=2&channels=2&V=random.1",
    "strip=network",
    "input=5x4&kernel=3x2&stride=2x1&padding=1,0,2,1&bias=1&then=relu&select=V3",
    "kind=average&input=4x4&kernel=2x2&stride=2&select=V1",
    "input=3x3&kernel=2x2&then=sigmoid&select=A1&V=random.4",
    "batch=2&input=3x3&kernel=2x2&channels=2&filters=2&select=W5",
    "V=0.5,-1,2.25,3,0,-0.125,1,1,1&W=ones&E=1,1,1,1",
    "loss=squares&rate=0.01",
    "loss=squares&input=4x4&kernel=2x2&channels=2&then=tanh&T=whole.3&select=A2",
    "exercise=2",
    "story=3.1",
    "hide=header,stories,controls,strips",
]
