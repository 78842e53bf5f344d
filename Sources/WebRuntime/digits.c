// The handwritten digits of Sources/Digits, unpacked by Scripts/build-embedded: the content of their files after the headers.
#if defined(__wasm32__)

#include <stddef.h>

static const unsigned char learnedImages[] = {
#embed "train-images-idx3"
};
static const unsigned char learnedLabels[] = {
#embed "train-labels-idx1"
};
static const unsigned char testedImages[] = {
#embed "test-images-idx3"
};
static const unsigned char testedLabels[] = {
#embed "test-labels-idx1"
};

/// Images and labels for training, images and labels for testing; `count` receives their number of bytes.
const unsigned char *adjoint_digits(int part, size_t *count) {
    switch (part) {
        case 0: return *count = sizeof learnedImages, learnedImages;
        case 1: return *count = sizeof learnedLabels, learnedLabels;
        case 2: return *count = sizeof testedImages, testedImages;
        default: return *count = sizeof testedLabels, testedLabels;
    }
}

#endif
