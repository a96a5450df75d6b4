// == missing_numbers
    // Some numbers stand for a missing one.
    private static double number(double value, int missing, int count) {
        for (int i = 0; i < count; i++) {
            if (DOUBLES[missing + i] == value) return Double.NaN;
        }
        return value;
    }

// == text_cells: dictionaries
    // The characters of a text: without blanks at the ends, a code that went through a column of
    // floats as a code; null where the text stands for a missing one.
    private static int[] text(String cell, int missing, boolean coded) {
        if (cell == null) return null;
        int begin = 0, end = cell.length();
        while (begin < end && isBlank(cell.charAt(begin))) begin++;
        while (begin < end && isBlank(cell.charAt(end - 1))) end--;
        if (coded) end = withoutZeros(cell, begin, end);
        int[] characters = new int[cell.codePointCount(begin, end)];
        for (int at = begin, i = 0; i < characters.length; i++) {
            characters[i] = cell.codePointAt(at);
            at += Character.charCount(characters[i]);
        }
        return DICTIONARIES[missing].find(characters) >= 0 ? null : characters;
    }

    private static boolean isBlank(char c) {
        return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F
                || c == 0x205F || c == 0x3000;
    }

    // Where "1.0" ends when it is read as "1".
    private static int withoutZeros(String text, int begin, int end) {
        int at = begin < end && (text.charAt(begin) == '+' || text.charAt(begin) == '-') ? begin + 1 : begin;
        int first = at;
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        int point = at;
        if (point == first || point == end || text.charAt(point) != '.') return end;
        do at++; while (at < end && text.charAt(at) == '0');
        return at == end && at > point + 1 ? point : end;
    }

// == impute
    private static void impute(double[] v, int x, int n, int y, int fill) {
        for (int i = 0; i < n; i++) v[y + i] = Double.isNaN(v[x + i]) ? DOUBLES[fill + i] : v[x + i];
    }

// == missing_flags
    private static void missingFlags(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = Double.isNaN(v[x + i]) ? 1.0 : 0.0;
    }

// == scale: bounded
    private static void scale(double[] v, int x, int n, int y, int center, int scale, double limit) {
        for (int i = 0; i < n; i++) {
            v[y + i] = bounded((v[x + i] - DOUBLES[center + i]) / DOUBLES[scale + i], -limit, limit);
        }
    }

// == smooth_clip: bounded
    private static void smoothClip(double[] v, int x, int n, int y, double limit) {
        for (int i = 0; i < n; i++) {
            double near = bounded(v[x + i], -1e100, 1e100), share = near / limit;
            v[y + i] = near / Math.sqrt(1.0 + share * share);
        }
    }

// == ramps: bounded
    private static void ramps(double[] v, int x, int n, int y, int source, int start, int length) {
        for (int i = 0; i < n; i++) {
            double risen = v[x + WHOLES[source + i]] - DOUBLES[start + i];
            v[y + i] = bounded(risen / DOUBLES[length + i], 0.0, 1.0);
        }
    }

// == round_to_float32
    private static void roundToFloat32(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = (float) v[x + i];
    }

// == date_parts
    // Howard Hinnant, "chrono-compatible low-level date algorithms" (2013).
    private static void dateParts(double[] v, long moment, int n, int y, int parts) {
        if (moment == NO_MOMENT) {
            Arrays.fill(v, y, y + n, Double.NaN);
            return;
        }
        long days = Math.floorDiv(moment, 86_400_000_000L);
        long within = moment - days * 86_400_000_000L;
        long era = Math.floorDiv(days + 719_468, 146_097L);
        long dayOfEra = days + 719_468 - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long shiftedDay = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long shiftedMonth = (5 * shiftedDay + 2) / 153;
        long month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        long past = year - 1;
        long daysBefore = 365 * past + Math.floorDiv(past, 4L) - Math.floorDiv(past, 100L)
                + Math.floorDiv(past, 400L) - 719_162;
        double[] part = {
            year,
            month,
            shiftedDay - (153 * shiftedMonth + 2) / 5 + 1,
            Math.floorMod(days + 3, 7L),
            days - daysBefore + 1,
            within / 3_600_000_000L,
            within / 60_000_000L % 60,
            moment / 86_400_000_000.0,
        };
        for (int i = 0; i < n; i++) v[y + i] = part[WHOLES[parts + i]];
    }

// == codes: text_cells
    private static void codes(double[] v, int[] text, int y, int levels) {
        int found = text == null ? 0 : DICTIONARIES[levels].find(text);
        v[y] = found < 0 ? 1.0 : found;
    }

// == code_table
    private static void codeTable(double[] v, int x, int n, int y, int table, int rows) {
        double code = v[x];
        int row = code >= 0 && code < rows ? (int) code : 1;
        System.arraycopy(DOUBLES, table + row * n, v, y, n);
    }

// == token_weights: text_cells
    // A token that occurs c times counts 1 + ln c times its rarity, divided by the norm of all.
    private static void tokenWeights(double[] v, int[] text, int n, int y, int vocabulary,
            boolean characters, int shortest, int longest, int rarity, int weights) {
        Arrays.fill(v, y, y + n, 0.0);
        if (text == null) return;
        Tokens tokens = new Tokens(DICTIONARIES[vocabulary], shortest, longest);
        Words words = new Words(text);
        for (int i = 0; i < words.count; i++) {
            if (characters) tokens.countCharacters(words, i);
            if (!characters) tokens.countWords(words, i);
        }
        int count = tokens.strengths(rarity);
        double squares = 0.0;
        for (int i = 0; i < count; i++) squares += tokens.strength[i] * tokens.strength[i];
        double norm = squares > 0.0 ? Math.sqrt(squares) : 1.0;
        for (int i = 0; i < count; i++) {
            double share = tokens.strength[i] / norm;
            int row = weights + tokens.found[i] * n;
            for (int j = 0; j < n; j++) v[y + j] += share * DOUBLES[row + j];
        }
    }

    // The words of a text, folded, with one blank before, between and behind them.
    private static final class Words {
        int[] line = new int[64];
        int[] begins = new int[16];
        int[] ends = new int[16];
        int count;
        private int length = 1;

        Words(int[] text) {
            line[0] = ' ';
            int size = Math.min(text.length, 20_000);
            int[] folded = new int[2 * size];
            int end = 0;
            for (int i = 0; i < size; i++) {
                int place = Arrays.binarySearch(WHOLES, FOLDING_CODES, FOLDING_CODES + FOLDING_COUNT, text[i]);
                int fold = place - FOLDING_CODES;
                int from = place < 0 ? 0 : fold == 0 ? 0 : WHOLES[FOLDING_ENDS + fold - 1];
                int more = place < 0 ? 1 : WHOLES[FOLDING_ENDS + fold] - from;
                if (end + more > folded.length) folded = Arrays.copyOf(folded, 2 * (end + more));
                if (place < 0) folded[end] = text[i];
                if (place >= 0) System.arraycopy(WHOLES, FOLDING_CHARACTERS + from, folded, end, more);
                end += more;
            }
            cut(folded, end);
        }

        // Apostrophes stay where they stand alone between what words are made of.
        private void cut(int[] folded, int size) {
            boolean before = false;
            boolean inside = false;
            for (int i = 0; i < size; i++) {
                boolean of = isOfWords(folded[i]);
                boolean joins = folded[i] == '\'' && before && i + 1 < size && isOfWords(folded[i + 1]);
                before = of;
                if (of || joins) {
                    if (!inside) begin();
                    add(folded[i]);
                } else if (inside) {
                    end();
                }
                inside = of || joins;
            }
            if (inside) end();
        }

        private static boolean isOfWords(int code) {
            int place = Arrays.binarySearch(WHOLES, WORD_FIRSTS, WORD_FIRSTS + WORD_RANGES, code);
            int range = (place < 0 ? -place - 2 : place) - WORD_FIRSTS;
            return range >= 0 && code <= WHOLES[WORD_LASTS + range];
        }

        private void begin() {
            if (count == begins.length) {
                begins = Arrays.copyOf(begins, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            begins[count] = length;
        }

        private void end() {
            ends[count++] = length;
            add(' ');
        }

        private void add(int code) {
            if (length == line.length) line = Arrays.copyOf(line, 2 * length);
            line[length++] = code;
        }
    }

    // Which tokens of a vocabulary were found.
    private static final class Tokens {
        int[] found = new int[64];
        double[] strength;
        private int count;
        private final Dictionary vocabulary;
        private final int shortest;
        private final int longest;

        Tokens(Dictionary vocabulary, int shortest, int longest) {
            this.vocabulary = vocabulary;
            this.shortest = shortest;
            this.longest = longest;
        }

        void countWords(Words words, int word) {
            int hash = 0;
            int at = words.begins[word];
            for (int run = 1; run <= longest && word + run <= words.count; run++) {
                for (int end = words.ends[word + run - 1]; at < end; at++) hash = 31 * hash + words.line[at];
                if (run >= shortest) look(words.line, words.begins[word], at, hash);
            }
        }

        void countCharacters(Words words, int word) {
            int end = words.ends[word] + 1;
            for (int from = words.begins[word] - 1; from < end; from++) {
                int hash = 0;
                int last = Math.min(end, from + longest);
                for (int at = from; at < last; at++) {
                    hash = 31 * hash + words.line[at];
                    if (at - from + 1 >= shortest) look(words.line, from, at + 1, hash);
                }
            }
        }

        private void look(int[] line, int from, int to, int hash) {
            int token = vocabulary.find(line, from, to, hash);
            if (token < 0) return;
            if (count == found.length) found = Arrays.copyOf(found, 2 * count);
            found[count++] = token;
        }

        // Puts each token once, in order, with its strength; returns how many there are.
        int strengths(int rarity) {
            Arrays.sort(found, 0, count);
            strength = new double[count];
            int kept = 0;
            for (int i = 0, run; i < count; i += run) {
                for (run = 1; i + run < count && found[i + run] == found[i]; run++) {}
                strength[kept] = (1.0 + Math.log(run)) * DOUBLES[rarity + found[i]];
                found[kept++] = found[i];
            }
            return kept;
        }
    }

// == constant
    private static void constant(double[] v, int n, int y, int answer) {
        System.arraycopy(DOUBLES, answer, v, y, n);
    }

// == columns
    private static void columns(double[] v, int x, int n, int y) {
        System.arraycopy(v, x, v, y, n);
    }

// == linear
    private static void linear(double[] v, int x, int n, int y, int m, int weights, int bias) {
        System.arraycopy(DOUBLES, bias, v, y, m);
        for (int i = 0, row = weights; i < n; i++, row += m) {
            double value = v[x + i];
            for (int j = 0; j < m; j++) v[y + j] += value * DOUBLES[row + j];
        }
    }

// == curves: bounded, above
    private static void curves(double[] v, int x, int n, int y, int m, int sizes, int knots, int heights,
            int missing) {
        Arrays.fill(v, y, y + m, 0.0);
        int knot = knots;
        for (int i = 0; i < n; i++) {
            int size = WHOLES[sizes + i];
            double value = v[x + i];
            if (Double.isNaN(value)) {
                for (int j = 0; j < m; j++) v[y + j] += DOUBLES[missing + i * m + j];
            } else {
                int left = Math.min(Math.max(above(knot, size, value) - 1, 0), size - 2);
                double low = DOUBLES[knot + left], high = DOUBLES[knot + left + 1];
                double share = (bounded(value, low, high) - low) / (high - low);
                int start = heights + (knot - knots + left) * m;
                for (int j = 0; j < m; j++) {
                    double height = DOUBLES[start + j];
                    v[y + j] += height + share * (DOUBLES[start + m + j] - height);
                }
            }
            knot += size;
        }
    }

// == relu
    private static void relu(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = v[x + i] < 0.0 ? 0.0 : v[x + i];
    }

// == silu: logistic
    private static void silu(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = v[x + i] * logistic(v[x + i]);
    }

// == tanh: logistic
    private static void tanh(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = 2.0 * logistic(2.0 * v[x + i]) - 1.0;
    }

// == logarithm
    private static void logarithm(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = Math.log(v[x + i] < 1e-300 ? 1e-300 : v[x + i]);
    }

// == trees
    // Each number stands twice, negated, with missing as the smallest and as the largest: a node
    // asks the one that sends a missing number where it belongs. The left child is the next node.
    // Four trees are walked side by side, without a branch that the processor would have to guess:
    // the sign of threshold minus number says where to go, and a leaf, which asks the number 0,
    // stays where it is. One number is less than another where the next one up is at most that.
    private static void trees(double[] v, int x, int n, int y, int m, boolean strict, int count, int roots,
            int outputs, int asked, int numbers, int leaves, int base, double scale) {
        double[] sides = new double[2 * n + 1];
        sides[0] = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double value = strict ? Math.nextUp(v[x + i]) : v[x + i];
            sides[2 * i + 1] = Double.isNaN(value) ? Double.NEGATIVE_INFINITY : 0.0 - value;
            sides[2 * i + 2] = Double.isNaN(value) ? Double.POSITIVE_INFINITY : 0.0 - value;
        }
        Arrays.fill(v, y, y + m, 0.0);
        int tree = 0;
        for (; tree + 4 <= count; tree += 4) {
            int a = WHOLES[roots + tree], b = WHOLES[roots + tree + 1];
            int c = WHOLES[roots + tree + 2], d = WHOLES[roots + tree + 3];
            for (;;) {
                int askA = WHOLES[asked + 2 * a], askB = WHOLES[asked + 2 * b];
                int askC = WHOLES[asked + 2 * c], askD = WHOLES[asked + 2 * d];
                if ((askA | askB | askC | askD) == 0) break;
                a += step(DOUBLES[numbers + a] + sides[askA], WHOLES[asked + 2 * a + 1]);
                b += step(DOUBLES[numbers + b] + sides[askB], WHOLES[asked + 2 * b + 1]);
                c += step(DOUBLES[numbers + c] + sides[askC], WHOLES[asked + 2 * c + 1]);
                d += step(DOUBLES[numbers + d] + sides[askD], WHOLES[asked + 2 * d + 1]);
            }
            addLeaf(v, y, m, WHOLES[outputs + tree], DOUBLES[numbers + a], leaves);
            addLeaf(v, y, m, WHOLES[outputs + tree + 1], DOUBLES[numbers + b], leaves);
            addLeaf(v, y, m, WHOLES[outputs + tree + 2], DOUBLES[numbers + c], leaves);
            addLeaf(v, y, m, WHOLES[outputs + tree + 3], DOUBLES[numbers + d], leaves);
        }
        for (; tree < count; tree++) {
            int at = WHOLES[roots + tree];
            for (int ask; (ask = WHOLES[asked + 2 * at]) != 0;) {
                at += step(DOUBLES[numbers + at] + sides[ask], WHOLES[asked + 2 * at + 1]);
            }
            addLeaf(v, y, m, WHOLES[outputs + tree], DOUBLES[numbers + at], leaves);
        }
        for (int j = 0; j < m; j++) v[y + j] = DOUBLES[base + j] + scale * v[y + j];
    }

    private static int step(double apart, int right) {
        return 1 + (right - 1 & (int) (Double.doubleToRawLongBits(apart) >> 63));
    }

    private static void addLeaf(double[] v, int y, int m, int output, double leaf, int leaves) {
        if (leaves < 0) {
            v[y + output] += leaf;
        } else {
            for (int j = 0, row = leaves + (int) leaf * m; j < m; j++) v[y + j] += DOUBLES[row + j];
        }
    }

// == sigmoid: logistic
    private static void sigmoid(double[] v, int x, int y) {
        v[y + 1] = logistic(v[x]);
        v[y] = 1.0 - v[y + 1];
    }

// == softmax: normalise
    private static void softmax(double[] v, int x, int n, int y) {
        System.arraycopy(v, x, v, y, n);
        normalise(v, n, y);
    }

// == exponential: bounded
    private static void exponential(double[] v, int x, int n, int y) {
        for (int i = 0; i < n; i++) v[y + i] = Math.exp(bounded(v[x + i], -700.0, 700.0));
    }

// == clip: bounded
    private static void clip(double[] v, int x, int n, int y, double low, double high) {
        for (int i = 0; i < n; i++) v[y + i] = bounded(v[x + i], low, high);
    }

// == blend
    private static void blend(double[] v, int x, int n, int y, double weight, boolean first) {
        for (int i = 0; i < n; i++) v[y + i] = (first ? 0.0 : v[y + i]) + v[x + i] * weight;
    }

// == scale_logits: bounded, normalise
    private static void scaleLogits(double[] v, int x, int n, int y, double slope, int bias) {
        for (int i = 0; i < n; i++) {
            v[y + i] = slope * Math.log(bounded(v[x + i], 1e-15, 1.0)) + DOUBLES[bias + i];
        }
        normalise(v, n, y);
    }

// == isotonic: above
    private static void isotonic(double[] v, int x, int y, int knots, int heights, int count) {
        double value = v[x + 1];
        int below = above(knots, count, value) - 1;
        double answer = DOUBLES[heights + Math.max(below, 0)];
        if (Double.isNaN(value)) {
            answer = value;
        } else if (below >= 0 && below < count - 1) {
            int knot = knots + below, height = heights + below;
            double slope = (DOUBLES[height + 1] - DOUBLES[height]) / (DOUBLES[knot + 1] - DOUBLES[knot]);
            answer = slope * (value - DOUBLES[knot]) + DOUBLES[height];
        }
        v[y] = 1.0 - answer;
        v[y + 1] = answer;
    }

// == bounded
    // What is missing stays missing.
    private static double bounded(double value, double low, double high) {
        return value < low ? low : value > high ? high : value;
    }

// == logistic
    private static double logistic(double raw) {
        return (raw > 0.0 ? 1.0 : Math.exp(raw)) / (1.0 + Math.exp(-Math.abs(raw)));
    }

// == normalise
    private static void normalise(double[] v, int n, int y) {
        double largest = v[y], sum = 0.0;
        for (int i = 1; i < n; i++) largest = Math.max(largest, v[y + i]);
        for (int i = 0; i < n; i++) sum += v[y + i] = Math.exp(v[y + i] - largest);
        for (int i = 0; i < n; i++) v[y + i] /= sum;
    }

// == above
    // How many of some rising numbers are at most so large; all of them where it is missing.
    private static int above(int first, int count, double value) {
        int low = 0, high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value < DOUBLES[first + middle]) high = middle;
            else low = middle + 1;
        }
        return low;
    }

// == dictionaries
    // Texts with a whole number each, found by the hash of their characters.
    private static final class Dictionary {
        private final int first;
        private final int numbers;
        private final int shift;
        private final int[] slots;

        Dictionary(int first, int count, int numbers) {
            this.first = first;
            this.numbers = numbers;
            int bits = 33 - Integer.numberOfLeadingZeros(count);
            shift = 32 - bits;
            slots = new int[1 << bits];
            for (int text = first; text < first + count; text++) {
                int hash = 0;
                for (int at = BEGINS[text]; at < BEGINS[text + 1]; at++) hash = 31 * hash + CHARACTERS[at];
                int slot = hash * 0x9E3779B9 >>> shift;
                while (slots[slot] != 0) slot = slot + 1 & slots.length - 1;
                slots[slot] = text + 1;
            }
        }

        int find(int[] characters) {
            int hash = 0;
            for (int each : characters) hash = 31 * hash + each;
            return find(characters, 0, characters.length, hash);
        }

        int find(int[] line, int from, int to, int hash) {
            for (int slot = hash * 0x9E3779B9 >>> shift; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
                int text = slots[slot] - 1;
                if (Arrays.equals(line, from, to, CHARACTERS, BEGINS[text], BEGINS[text + 1])) {
                    return WHOLES[numbers + text - first];
                }
            }
            return -1;
        }
    }
