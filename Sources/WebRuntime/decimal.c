// What Swift reads numbers with: the double that is nearest to a decimal number.
#if defined(__wasm32__)

#include <stdint.h>

// A whole number, its lowest 32 bits first.
enum { words = 64, digitsKept = 60 };
typedef struct Whole {
    uint32_t word[words];
} Whole;

static void multiplyAdd(Whole *a, uint32_t factor, uint32_t addend) {
    uint64_t carry = addend;
    for (int i = 0; i < words; i++) {
        carry += (uint64_t)a->word[i] * factor;
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static int bitCount(const Whole *a) {
    for (int i = words - 1; i >= 0; i--)
        if (a->word[i]) return 32 * i + 32 - __builtin_clz(a->word[i]);
    return 0;
}

static void doubleTimes(Whole *a, int times) {
    while (times-- > 0) multiplyAdd(a, 2, 0);
}

static void halve(Whole *a) {
    for (int i = 0; i < words; i++) a->word[i] = a->word[i] >> 1 | (i + 1 < words ? a->word[i + 1] << 31 : 0);
}

/// Takes b from a where it is not larger; whether it was.
static int subtractIfPossible(Whole *a, const Whole *b) {
    int top = words - 1;
    while (top > 0 && a->word[top] == b->word[top]) top--;
    if (a->word[top] < b->word[top]) return 0;
    int64_t carry = 0;
    for (int i = 0; i < words; i++) {
        carry += (int64_t)a->word[i] - b->word[i];
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return 1;
}

/// a∕b: the first 64 bits of the quotient, the last of them set where there is a rest, and the power of two behind them.
static double quotient(Whole *a, Whole *b) {
    int shift = bitCount(b) + 63 - bitCount(a);
    if (shift > 0) doubleTimes(a, shift); else doubleTimes(b, -shift);
    doubleTimes(b, 63);
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) {
        bits = bits << 1 | (uint64_t)subtractIfPossible(a, b);
        halve(b);
    }
    double number = (double)(bits | (bitCount(a) > 0));
    for (; shift > 500; shift -= 500) number *= 0x1p-500;
    for (; shift < -500; shift += 500) number *= 0x1p500;
    for (; shift > 0; shift--) number *= 0.5;
    for (; shift < 0; shift++) number *= 2;
    return number;
}

/// The end of the number; nil where there is none.
const char *_swift_stdlib_strtod_clocale(const char *text, double *result) {
    int isNegative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    Whole a = {0}, b = {0};
    int digits = 0, kept = 0, exponent = 0, isBehindPoint = 0;
    for (;; text++) {
        if (*text == '.' && !isBehindPoint) {
            isBehindPoint = 1;
            continue;
        }
        if (*text < '0' || *text > '9') break;
        digits++;
        // More digits than are kept decide on nothing but whether there is a rest.
        if (kept < digitsKept) {
            multiplyAdd(&a, 10, (uint32_t)(*text - '0'));
            if (kept > 0 || *text != '0') kept++;
            exponent -= isBehindPoint;
        } else {
            if (*text != '0') a.word[0] |= 1;
            exponent += !isBehindPoint;
        }
    }
    if (!digits) return 0;
    if (*text == 'e' || *text == 'E') {
        int isBelow = text[1] == '-', written = 0;
        text += 1 + (text[1] == '-' || text[1] == '+');
        if (*text < '0' || *text > '9') return 0;
        for (; *text >= '0' && *text <= '9'; text++)
            if (written < 100000) written = 10 * written + *text - '0';
        exponent += isBelow ? -written : written;
    }
    double number = 0;
    if (kept > 0 && kept + exponent > 310) {
        number = __builtin_inf();
    } else if (kept > 0 && kept + exponent > -330) {
        b.word[0] = 1;
        for (int i = 0; i < exponent; i++) multiplyAdd(&a, 10, 0);
        for (int i = 0; i > exponent; i--) multiplyAdd(&b, 10, 0);
        number = quotient(&a, &b);
    }
    *result = isNegative ? -number : number;
    return text;
}

#endif
