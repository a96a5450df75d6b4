// == number_cells
function number(cell, column, missing, count, truth) {
    if (cell === null || cell === undefined) return NaN;
    if (typeof cell !== "number" && !(truth && typeof cell === "boolean")) {
        throw refusal(cell, column, truth ? "true, false or null" : "a number or null");
    }
    const value = Number(cell);
    for (let i = 0; i < count; ++i) {
        if (DOUBLES[missing + i] === value) return NaN; // some numbers stand for a missing one
    }
    if (truth && value !== 0 && value !== 1 && !Number.isNaN(value)) {
        throw refusal(cell, column, "true, false or null");
    }
    return value;
}

// == text_cells: dictionaries
// The characters of a text: without blanks at the ends, a code that went through a column of
// floats as a code; null where the text stands for a missing one.
function text(cell, column, missing, coded) {
    if (cell === null || cell === undefined) return null;
    if (!["string", "number", "boolean", "bigint"].includes(typeof cell)) {
        throw refusal(cell, column, "a text or null");
    }
    let found = stripped(typeof cell === "number" ? textOfNumber(cell) : String(cell));
    if (coded) found = found.replace(/^([+-]?[0-9]+)\.0+$/, "$1");
    const characters = [];
    for (let at = 0; at < found.length; at += characters[characters.length - 1] > 0xffff ? 2 : 1) {
        characters.push(found.codePointAt(at));
    }
    return find(DICTIONARIES[missing], characters, 0, characters.length) >= 0 ? null : characters;
}

// A number as modelwright writes it where it names a category.
function textOfNumber(value) {
    if (Number.isNaN(value)) return "";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
    const [digits, exponent] = value.toExponential().split("e");
    if (Number(exponent) >= -4 && Number(exponent) < 16) return String(value);
    const power = exponent.slice(1).padStart(2, "0");
    return `${digits}e${exponent[0]}${power}`;
}

// == moment_cells
function momentOf(cell, column) {
    if (cell === null || cell === undefined || cell === -(2n ** 63n)) return null;
    if (typeof cell === "string" && stripped(cell) === "") return null;
    try {
        return moment(cell);
    } catch (error) {
        throw refusal(cell, column, "a Date, a text in ISO 8601, a bigint of microseconds or null");
    }
}

// == impute
function impute(v, x, n, y, fill) {
    for (let i = 0; i < n; ++i) v[y + i] = Number.isNaN(v[x + i]) ? DOUBLES[fill + i] : v[x + i];
}

// == missing_flags
function missingFlags(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = Number.isNaN(v[x + i]) ? 1 : 0;
}

// == scale: bounded
function scale(v, x, n, y, center, unit, limit) {
    for (let i = 0; i < n; ++i) {
        v[y + i] = bounded((v[x + i] - DOUBLES[center + i]) / DOUBLES[unit + i], -limit, limit);
    }
}

// == smooth_clip: bounded
function smoothClip(v, x, n, y, limit) {
    for (let i = 0; i < n; ++i) {
        const near = bounded(v[x + i], -1e100, 1e100);
        const share = near / limit;
        v[y + i] = near / Math.sqrt(1 + share * share);
    }
}

// == ramps: bounded
function ramps(v, x, n, y, source, start, length) {
    for (let i = 0; i < n; ++i) {
        const risen = v[x + WHOLES[source + i]] - DOUBLES[start + i];
        v[y + i] = bounded(risen / DOUBLES[length + i], 0, 1);
    }
}

// == round_to_float32
function roundToFloat32(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = Math.fround(v[x + i]);
}

// == date_parts
// Howard Hinnant, "chrono-compatible low-level date algorithms" (2013).
function dateParts(v, moment, n, y, parts) {
    if (moment === null) {
        v.fill(NaN, y, y + n);
        return;
    }
    const early = moment < 0n && moment % 86400000000n !== 0n;
    const whole = moment / 86400000000n - (early ? 1n : 0n);
    const within = Number(moment - whole * 86400000000n);
    const days = Number(whole);
    const floor = Math.floor;
    const era = floor((days + 719468) / 146097);
    const dayOfEra = days + 719468 - era * 146097;
    const yearOfEra = floor(
        (dayOfEra - floor(dayOfEra / 1460) + floor(dayOfEra / 36524) - floor(dayOfEra / 146096)) / 365,
    );
    const shiftedDay = dayOfEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100));
    const shiftedMonth = floor((5 * shiftedDay + 2) / 153);
    const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
    const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    const past = year - 1;
    const daysBefore =
        365 * past + floor(past / 4) - floor(past / 100) + floor(past / 400) - 719162;
    const part = [
        year,
        month,
        shiftedDay - floor((153 * shiftedMonth + 2) / 5) + 1,
        days + 3 - floor((days + 3) / 7) * 7,
        days - daysBefore + 1,
        floor(within / 3600000000),
        floor(within / 60000000) % 60,
        Number(moment) / 86400000000,
    ];
    for (let i = 0; i < n; ++i) v[y + i] = part[WHOLES[parts + i]];
}

// == codes: text_cells
function codes(v, text, y, levels) {
    const found = text === null ? 0 : find(DICTIONARIES[levels], text, 0, text.length);
    v[y] = found < 0 ? 1 : found;
}

// == code_table
function codeTable(v, x, n, y, table, rows) {
    const code = v[x];
    const row = table + (code >= 0 && code < rows ? Math.trunc(code) : 1) * n;
    for (let i = 0; i < n; ++i) v[y + i] = DOUBLES[row + i];
}

// == token_weights: text_cells
// A token that occurs c times counts 1 + ln c times its rarity, divided by the norm of all.
function tokenWeights(v, text, n, y, vocabulary, characters, shortest, longest, rarity, weights) {
    v.fill(0, y, y + n);
    if (text === null) return;
    const words = wordsOf(text);
    const look = characters ? tokensOfCharacters : tokensOfWords;
    const found = Int32Array.from(look(words, DICTIONARIES[vocabulary], shortest, longest)).sort();
    const tokens = [];
    const strengths = [];
    let squares = 0;
    for (let i = 0, end = 0; i < found.length; i = end) {
        while (end < found.length && found[end] === found[i]) ++end;
        const strength = (1 + Math.log(end - i)) * DOUBLES[rarity + found[i]];
        tokens.push(found[i]);
        strengths.push(strength);
        squares += strength * strength;
    }
    const norm = squares > 0 ? Math.sqrt(squares) : 1;
    for (let i = 0; i < tokens.length; ++i) {
        const share = strengths[i] / norm;
        const row = weights + tokens[i] * n;
        for (let j = 0; j < n; ++j) v[y + j] += share * DOUBLES[row + j];
    }
}

// The words of a text, folded, with one blank before, between and behind them. Apostrophes stay
// where they stand alone between what words are made of.
function wordsOf(text) {
    const folded = foldedOf(text);
    const words = { line: [32], begins: [], ends: [] };
    let before = false;
    let inside = false;
    for (let i = 0; i < folded.length; ++i) {
        const of = isOfWords(folded[i]);
        const joins = folded[i] === 39 && before && i + 1 < folded.length && isOfWords(folded[i + 1]);
        before = of;
        if (of || joins) {
            if (!inside) words.begins.push(words.line.length);
            words.line.push(folded[i]);
        } else if (inside) {
            words.ends.push(words.line.length);
            words.line.push(32);
        }
        inside = of || joins;
    }
    if (inside) {
        words.ends.push(words.line.length);
        words.line.push(32);
    }
    return words;
}

function foldedOf(text) {
    const folded = [];
    const length = Math.min(text.length, 20000);
    for (let i = 0; i < length; ++i) {
        const place = below(WHOLES, FOLDING.codes, FOLDING.count, text[i]);
        if (place < 0 || WHOLES[FOLDING.codes + place] !== text[i]) {
            folded.push(text[i]);
            continue;
        }
        const from = place === 0 ? 0 : WHOLES[FOLDING.ends + place - 1];
        for (let at = from; at < WHOLES[FOLDING.ends + place]; ++at) {
            folded.push(WHOLES[FOLDING.characters + at]);
        }
    }
    return folded;
}

function isOfWords(code) {
    const range = below(WHOLES, FOLDING.firsts, FOLDING.ranges, code);
    return range >= 0 && code <= WHOLES[FOLDING.lasts + range];
}

function tokensOfWords({ line, begins, ends }, vocabulary, shortest, longest) {
    const found = [];
    for (let word = 0; word < begins.length; ++word) {
        const most = Math.min(longest, begins.length - word);
        for (let run = shortest; run <= most; ++run) {
            const token = find(vocabulary, line, begins[word], ends[word + run - 1]);
            if (token >= 0) found.push(token);
        }
    }
    return found;
}

function tokensOfCharacters({ line, begins, ends }, vocabulary, shortest, longest) {
    const found = [];
    for (let word = 0; word < begins.length; ++word) {
        const end = ends[word] + 1;
        for (let from = begins[word] - 1; from < end; ++from) {
            let hash = 0;
            const last = Math.min(end, from + longest);
            for (let at = from; at < last; ++at) {
                hash = (Math.imul(31, hash) + line[at]) | 0;
                if (at - from + 1 < shortest) continue;
                const token = findHashed(vocabulary, line, from, at + 1, hash);
                if (token >= 0) found.push(token);
            }
        }
    }
    return found;
}

// == constant
function constant(v, n, y, answer) {
    for (let i = 0; i < n; ++i) v[y + i] = DOUBLES[answer + i];
}

// == columns
function columns(v, x, n, y) {
    v.copyWithin(y, x, x + n);
}

// == linear
function linear(v, x, n, y, m, weights, bias) {
    const doubles = DOUBLES;
    for (let j = 0; j < m; ++j) v[y + j] = doubles[bias + j];
    for (let i = 0, row = weights; i < n; ++i, row += m) {
        const value = v[x + i];
        for (let j = 0; j < m; ++j) v[y + j] += value * doubles[row + j];
    }
}

// == curves: bounded
function curves(v, x, n, y, m, sizes, knots, heights, missing) {
    v.fill(0, y, y + m);
    let knot = knots;
    for (let i = 0; i < n; ++i) {
        const size = WHOLES[sizes + i];
        const value = v[x + i];
        if (Number.isNaN(value)) {
            for (let j = 0; j < m; ++j) v[y + j] += DOUBLES[missing + i * m + j];
        } else {
            const left = Math.min(Math.max(below(DOUBLES, knot, size, value), 0), size - 2);
            const low = DOUBLES[knot + left];
            const high = DOUBLES[knot + left + 1];
            const share = (bounded(value, low, high) - low) / (high - low);
            const start = heights + (knot - knots + left) * m;
            for (let j = 0; j < m; ++j) {
                const height = DOUBLES[start + j];
                v[y + j] += height + share * (DOUBLES[start + m + j] - height);
            }
        }
        knot += size;
    }
}

// == relu
function relu(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = v[x + i] < 0 ? 0 : v[x + i];
}

// == silu: logistic
function silu(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = v[x + i] * logistic(v[x + i]);
}

// == tanh: logistic
function tanh(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = 2 * logistic(2 * v[x + i]) - 1;
}

// == logarithm
function logarithm(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = Math.log(v[x + i] < 1e-300 ? 1e-300 : v[x + i]);
}

// == trees
// Each number stands twice, with missing as the smallest and as the largest: a node asks the one
// that sends a missing number where it belongs. The left child is the next node. Four trees are
// walked side by side; a leaf asks what is no number and has no step to the right, so that a walk
// that arrived stays.
function trees(v, x, n, y, m, strict, count, roots, outputs, asked, numbers, leaves, base, scale) {
    SIDES[0] = NaN;
    for (let i = 0; i < n; ++i) {
        const value = v[x + i];
        SIDES[2 * i + 1] = Number.isNaN(value) ? Infinity : value;
        SIDES[2 * i + 2] = Number.isNaN(value) ? -Infinity : value;
    }
    v.fill(0, y, y + m);
    const walk = strict ? walkBelow : walkUpTo;
    for (let tree = 0; tree < count; tree += 4) {
        for (let k = 0; k < 4; ++k) REACHED[k] = WHOLES[roots + Math.min(tree + k, count - 1)];
        walk(REACHED, WHOLES, DOUBLES, SIDES, asked, numbers);
        for (let k = 0; k < 4 && tree + k < count; ++k) {
            const leaf = DOUBLES[numbers + REACHED[k]];
            if (leaves < 0) {
                v[y + WHOLES[outputs + tree + k]] += leaf;
            } else {
                for (let j = 0; j < m; ++j) v[y + j] += DOUBLES[leaves + leaf * m + j];
            }
        }
    }
    for (let j = 0; j < m; ++j) v[y + j] = DOUBLES[base + j] + scale * v[y + j];
}

const REACHED = new Int32Array(4);

function walkUpTo(reached, wholes, doubles, sides, asked, numbers) {
    let a = reached[0];
    let b = reached[1];
    let c = reached[2];
    let d = reached[3];
    for (;;) {
        const askA = wholes[asked + 2 * a];
        const askB = wholes[asked + 2 * b];
        const askC = wholes[asked + 2 * c];
        const askD = wholes[asked + 2 * d];
        if ((askA | askB | askC | askD) === 0) break;
        a += step(!(sides[askA] <= doubles[numbers + a]), wholes[asked + 2 * a + 1]);
        b += step(!(sides[askB] <= doubles[numbers + b]), wholes[asked + 2 * b + 1]);
        c += step(!(sides[askC] <= doubles[numbers + c]), wholes[asked + 2 * c + 1]);
        d += step(!(sides[askD] <= doubles[numbers + d]), wholes[asked + 2 * d + 1]);
    }
    arrive(reached, a, b, c, d);
}

function walkBelow(reached, wholes, doubles, sides, asked, numbers) {
    let a = reached[0];
    let b = reached[1];
    let c = reached[2];
    let d = reached[3];
    for (;;) {
        const askA = wholes[asked + 2 * a];
        const askB = wholes[asked + 2 * b];
        const askC = wholes[asked + 2 * c];
        const askD = wholes[asked + 2 * d];
        if ((askA | askB | askC | askD) === 0) break;
        a += step(!(sides[askA] < doubles[numbers + a]), wholes[asked + 2 * a + 1]);
        b += step(!(sides[askB] < doubles[numbers + b]), wholes[asked + 2 * b + 1]);
        c += step(!(sides[askC] < doubles[numbers + c]), wholes[asked + 2 * c + 1]);
        d += step(!(sides[askD] < doubles[numbers + d]), wholes[asked + 2 * d + 1]);
    }
    arrive(reached, a, b, c, d);
}

// 1, or so far to the right, without a branch that the processor would have to guess.
function step(goesRight, right) {
    return 1 + ((right - 1) & -goesRight);
}

function arrive(reached, a, b, c, d) {
    reached[0] = a;
    reached[1] = b;
    reached[2] = c;
    reached[3] = d;
}

// == sigmoid: logistic
function sigmoid(v, x, y) {
    v[y + 1] = logistic(v[x]);
    v[y] = 1 - v[y + 1];
}

// == softmax: normalise
function softmax(v, x, n, y) {
    v.copyWithin(y, x, x + n);
    normalise(v, n, y);
}

// == exponential: bounded
function exponential(v, x, n, y) {
    for (let i = 0; i < n; ++i) v[y + i] = Math.exp(bounded(v[x + i], -700, 700));
}

// == clip: bounded
function clip(v, x, n, y, low, high) {
    for (let i = 0; i < n; ++i) v[y + i] = bounded(v[x + i], low, high);
}

// == blend
function blend(v, x, n, y, weight, first) {
    for (let i = 0; i < n; ++i) v[y + i] = (first ? 0 : v[y + i]) + v[x + i] * weight;
}

// == scale_logits: bounded, normalise
function scaleLogits(v, x, n, y, slope, bias) {
    for (let i = 0; i < n; ++i) {
        v[y + i] = slope * Math.log(bounded(v[x + i], 1e-15, 1)) + DOUBLES[bias + i];
    }
    normalise(v, n, y);
}

// == isotonic
function isotonic(v, x, y, knots, heights, count) {
    const value = v[x + 1];
    const left = below(DOUBLES, knots, count, value);
    let answer = DOUBLES[heights + Math.max(left, 0)];
    if (Number.isNaN(value)) {
        answer = value;
    } else if (left >= 0 && left < count - 1) {
        const knot = knots + left;
        const height = heights + left;
        const slope =
            (DOUBLES[height + 1] - DOUBLES[height]) / (DOUBLES[knot + 1] - DOUBLES[knot]);
        answer = slope * (value - DOUBLES[knot]) + DOUBLES[height];
    }
    v[y] = 1 - answer;
    v[y + 1] = answer;
}

// == bounded
// What is missing stays missing.
function bounded(value, low, high) {
    return value < low ? low : value > high ? high : value;
}

// == logistic
function logistic(raw) {
    return (raw > 0 ? 1 : Math.exp(raw)) / (1 + Math.exp(-Math.abs(raw)));
}

// == normalise
function normalise(v, n, y) {
    let largest = v[y];
    let sum = 0;
    for (let i = 1; i < n; ++i) largest = Math.max(largest, v[y + i]);
    for (let i = 0; i < n; ++i) sum += v[y + i] = Math.exp(v[y + i] - largest);
    for (let i = 0; i < n; ++i) v[y + i] /= sum;
}

// == dictionaries
// Texts with a whole number each, found by the hash of their characters.
function dictionary(first, count, numbers) {
    const bits = 33 - Math.clz32(count);
    const slots = new Int32Array(2 ** bits);
    for (let text = first; text < first + count; ++text) {
        let slot = slotOf(hashOf(CHARACTERS, BEGINS[text], BEGINS[text + 1]), 32 - bits);
        while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
        slots[slot] = text + 1;
    }
    return { slots, shift: 32 - bits, numbers: numbers - first };
}

function hashOf(line, from, to) {
    let hash = 0;
    for (let at = from; at < to; ++at) hash = (Math.imul(31, hash) + line[at]) | 0;
    return hash;
}

function slotOf(hash, shift) {
    return Math.imul(hash, 0x9e3779b9) >>> shift;
}

function find(known, line, from, to) {
    return findHashed(known, line, from, to, hashOf(line, from, to));
}

function findHashed(known, line, from, to, hash) {
    const { slots, shift, numbers } = known;
    let slot = slotOf(hash, shift);
    for (; slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1)) {
        const text = slots[slot] - 1;
        const begin = BEGINS[text];
        if (BEGINS[text + 1] - begin !== to - from) continue;
        let same = 0;
        while (same < to - from && CHARACTERS[begin + same] === line[from + same]) ++same;
        if (same === to - from) return WHOLES[numbers + text];
    }
    return -1;
}
