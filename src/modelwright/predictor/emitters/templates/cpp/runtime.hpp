// == core
    const Dictionary& dictionary(int which) const { return tables_.dictionaries[which]; }
    const double* doubles(int place) const { return tables_.doubles.data() + place; }
    const std::int32_t* wholes(int place) const { return tables_.wholes.data() + place; }

// == missing_numbers
    // Some numbers stand for a missing one.
    double number(double value, int nones, int count) const {
        const double* end = doubles(nones) + count;
        return std::find(doubles(nones), end, value) == end ? value : NAN;
    }

// == text_cells
    // Blanks at the ends are left out, a code that went through a column of floats is read as a
    // code, and some texts stand for a missing one.
    static bool is_blank(char32_t c) {
        return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
               (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
               c == 0x205F || c == 0x3000;
    }

    std::optional<std::string_view> text(const std::optional<std::string>& cell, int nones,
                                         bool coded) const {
        if (!cell) return std::nullopt;
        std::string_view left = *cell;
        while (!left.empty()) {
            std::size_t at = 0;
            if (!is_blank(next_character(left, at))) break;
            left.remove_prefix(at);
        }
        while (!left.empty()) {
            std::size_t begin = left.size() - 1;
            while (begin > 0 && (static_cast<unsigned char>(left[begin]) & 0xC0) == 0x80) --begin;
            std::size_t at = begin;
            if (!is_blank(next_character(left, at))) break;
            left = left.substr(0, begin);
        }
        if (coded) left = without_zeros(left);
        if (dictionary(nones).find(left) >= 0) return std::nullopt;
        return left;
    }

    static std::string_view without_zeros(std::string_view text) {
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        const std::size_t end = at;
        if (end == begin || at == text.size() || text[at] != '.') return text;
        const std::size_t zeros = ++at;
        while (at < text.size() && text[at] == '0') ++at;
        return at == text.size() && at > zeros ? text.substr(0, end) : text;
    }

    static char32_t next_character(std::string_view text, std::size_t& at) {
        const auto byte = [&](std::size_t i) {
            return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
        };
        const unsigned first = byte(at);
        const int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        char32_t code = more == 0 ? first : first & (0x3Fu >> more);
        for (int i = 1; i <= more; ++i) code = code << 6 | (byte(at + i) & 0x3F);
        at = std::min(at + 1 + more, text.size());
        return code;
    }

// == impute
    void impute(double* v, int x, int n, int y, int fill) const {
        const double* filled = doubles(fill);
        for (int i = 0; i < n; ++i) v[y + i] = std::isnan(v[x + i]) ? filled[i] : v[x + i];
    }

// == missing_flags
    void missing_flags(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) v[y + i] = std::isnan(v[x + i]) ? 1.0 : 0.0;
    }

// == scale: bounded
    void scale(double* v, int x, int n, int y, int center, int scale, double limit) const {
        const double *middle = doubles(center), *unit = doubles(scale);
        for (int i = 0; i < n; ++i) {
            v[y + i] = bounded((v[x + i] - middle[i]) / unit[i], -limit, limit);
        }
    }

// == smooth_clip: bounded
    void smooth_clip(double* v, int x, int n, int y, double limit) const {
        for (int i = 0; i < n; ++i) {
            const double near = bounded(v[x + i], -1e100, 1e100), share = near / limit;
            v[y + i] = near / std::sqrt(1.0 + share * share);
        }
    }

// == ramps: bounded
    void ramps(double* v, int x, int n, int y, int source, int start, int length) const {
        const std::int32_t* from = wholes(source);
        const double *begin = doubles(start), *reach = doubles(length);
        for (int i = 0; i < n; ++i) {
            v[y + i] = bounded((v[x + from[i]] - begin[i]) / reach[i], 0.0, 1.0);
        }
    }

// == round_to_float32
    void round_to_float32(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) {
            // GCC 12 leaves the rounding of two numbers out where it computes them side by side.
            const volatile float rounded = static_cast<float>(v[x + i]);
            v[y + i] = rounded;
        }
    }

// == date_parts
    static std::int64_t floor_divide(std::int64_t left, std::int64_t right) {
        return left / right - (left % right != 0 && (left % right < 0) != (right < 0));
    }

    // Howard Hinnant, "chrono-compatible low-level date algorithms" (2013).
    void date_parts(double* v, std::int64_t moment, int n, int y, int parts) const {
        const std::int32_t* wanted = wholes(parts);
        if (moment == no_moment) {
            for (int i = 0; i < n; ++i) v[y + i] = NAN;
            return;
        }
        const std::int64_t day_us = 86400000000;
        const std::int64_t days = floor_divide(moment, day_us), within = moment - days * day_us;
        const std::int64_t era = floor_divide(days + 719468, 146097);
        const std::int64_t day_of_era = days + 719468 - era * 146097;
        const std::int64_t year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        const std::int64_t shifted_day =
            day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        const std::int64_t shifted_month = (5 * shifted_day + 2) / 153;
        const std::int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);
        const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
        const std::int64_t past = year - 1;
        const std::int64_t days_before = 365 * past + floor_divide(past, 4) -
                                         floor_divide(past, 100) + floor_divide(past, 400) - 719162;
        const double part[] = {
            static_cast<double>(year),
            static_cast<double>(month),
            static_cast<double>(shifted_day - (153 * shifted_month + 2) / 5 + 1),
            static_cast<double>(days + 3 - floor_divide(days + 3, 7) * 7),
            static_cast<double>(days - days_before + 1),
            static_cast<double>(within / 3600000000),
            static_cast<double>(within / 60000000 % 60),
            static_cast<double>(moment) / 86400000000.0,
        };
        for (int i = 0; i < n; ++i) v[y + i] = part[wanted[i]];
    }

// == codes: text_cells
    void codes(double* v, const std::optional<std::string_view>& text, int y, int levels) const {
        const int found = text ? dictionary(levels).find(*text) : 0;
        v[y] = found < 0 ? 1.0 : found;
    }

// == code_table
    void code_table(double* v, int x, int n, int y, int table, int rows) const {
        const double code = v[x];
        const std::size_t row = code >= 0 && code < rows ? static_cast<std::size_t>(code) : 1;
        std::memcpy(v + y, doubles(table) + row * n, n * sizeof(double));
    }

// == token_weights: text_cells
    // Characters are folded one by one, by the model's own table.
    void fold(std::string_view text, std::u32string& folded) const {
        constexpr std::size_t longest = 20000;
        std::size_t read = 0;
        for (std::size_t at = 0; at < text.size() && read < longest; ++read) {
            const char32_t code = next_character(text, at);
            const std::int32_t *codes = wholes(folding_codes),
                               *end = codes + folding_count,
                               *found = std::lower_bound(codes, end, static_cast<std::int32_t>(code));
            if (found == end || *found != static_cast<std::int32_t>(code)) {
                folded.push_back(code);
                continue;
            }
            const std::int32_t* ends = wholes(folding_ends);
            const std::size_t place = found - codes;
            for (int i = place ? ends[place - 1] : 0; i < ends[place]; ++i) {
                folded.push_back(static_cast<char32_t>(wholes(folding_characters)[i]));
            }
        }
    }

    bool is_of_words(char32_t code) const {
        const std::int32_t *firsts = wholes(word_firsts),
                           *found = std::upper_bound(firsts, firsts + word_ranges,
                                                     static_cast<std::int32_t>(code));
        const std::ptrdiff_t place = found - firsts - 1;
        return place >= 0 && static_cast<std::int32_t>(code) <= wholes(word_lasts)[place];
    }

    std::vector<std::string> words_of(std::string_view text) const {
        std::u32string folded;
        fold(text, folded);
        std::vector<std::string> words;
        bool inside = false;
        for (std::size_t i = 0; i < folded.size(); ++i) {
            const bool joins = folded[i] == U'\'' && i > 0 && i + 1 < folded.size() &&
                               is_of_words(folded[i - 1]) && is_of_words(folded[i + 1]);
            const bool goes_on = joins || is_of_words(folded[i]);
            if (goes_on && !inside) words.emplace_back();
            if (goes_on) append(words.back(), folded[i]);
            inside = goes_on;
        }
        return words;
    }

    static void append(std::string& text, char32_t c) {
        const auto add = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
        if (c < 0x80) return add(c);
        if (c < 0x800) {
            add(0xC0 | c >> 6);
        } else {
            if (c < 0x10000) {
                add(0xE0 | c >> 12);
            } else {
                add(0xF0 | c >> 18);
                add(0x80 | (c >> 12 & 0x3F));
            }
            add(0x80 | (c >> 6 & 0x3F));
        }
        add(0x80 | (c & 0x3F));
    }

    static void count_words(const std::vector<std::string>& words, int shortest, int longest,
                            const Dictionary& vocabulary, std::map<int, int>& counts) {
        for (int length = shortest; length <= longest; ++length) {
            for (std::size_t i = 0; i + length <= words.size(); ++i) {
                std::string run = words[i];
                for (int more = 1; more < length; ++more) run += " " + words[i + more];
                const int found = vocabulary.find(run);
                if (found >= 0) ++counts[found];
            }
        }
    }

    static void count_characters(const std::string& word, int shortest, int longest,
                                 const Dictionary& vocabulary, std::map<int, int>& counts) {
        const std::string padded = " " + word + " ";
        std::vector<std::size_t> begins;
        for (std::size_t at = 0; at < padded.size(); next_character(padded, at)) begins.push_back(at);
        begins.push_back(padded.size());
        for (int length = shortest; length <= longest; ++length) {
            for (std::size_t i = 0; i + length < begins.size(); ++i) {
                const std::string_view run(padded.data() + begins[i], begins[i + length] - begins[i]);
                const int found = vocabulary.find(run);
                if (found >= 0) ++counts[found];
            }
        }
    }

    // A token that occurs c times counts 1 + ln c times its rarity, divided by the norm of all.
    void token_weights(double* v, const std::optional<std::string_view>& text, int n, int y,
                       int vocabulary, bool characters, int shortest, int longest, int rarity,
                       int weights) const {
        std::fill(v + y, v + y + n, 0.0);
        if (!text) return;
        const Dictionary& known = dictionary(vocabulary);
        std::map<int, int> counts;
        const std::vector<std::string> words = words_of(*text);
        if (!characters) count_words(words, shortest, longest, known, counts);
        if (characters) {
            for (const std::string& word : words) {
                count_characters(word, shortest, longest, known, counts);
            }
        }
        double squares = 0.0;
        const auto strength = [&](const std::pair<const int, int>& each) {
            return (1.0 + std::log(static_cast<double>(each.second))) * doubles(rarity)[each.first];
        };
        for (const auto& each : counts) squares += strength(each) * strength(each);
        const double norm = squares > 0.0 ? std::sqrt(squares) : 1.0;
        for (const auto& each : counts) {
            const double share = strength(each) / norm;
            const double* row = doubles(weights) + static_cast<std::size_t>(each.first) * n;
            for (int i = 0; i < n; ++i) v[y + i] += share * row[i];
        }
    }

// == constant
    void constant(double* v, int n, int y, int answer) const {
        std::memcpy(v + y, doubles(answer), n * sizeof(double));
    }

// == columns
    static void columns(double* v, int x, int n, int y) {
        std::memcpy(v + y, v + x, n * sizeof(double));
    }

// == linear
    void linear(double* v, int x, int n, int y, int m, int weights, int bias) const {
        std::memcpy(v + y, doubles(bias), m * sizeof(double));
        const double* row = doubles(weights);
        for (int i = 0; i < n; ++i, row += m) {
            const double value = v[x + i];
            for (int j = 0; j < m; ++j) v[y + j] += value * row[j];
        }
    }

// == curves: bounded
    void curves(double* v, int x, int n, int y, int m, int sizes, int knots, int heights,
                int nones) const {
        std::fill(v + y, v + y + m, 0.0);
        const double *knot = doubles(knots), *height = doubles(heights), *none = doubles(nones);
        for (int i = 0; i < n; ++i, none += m) {
            const int size = wholes(sizes)[i];
            const double value = v[x + i];
            if (std::isnan(value)) {
                for (int j = 0; j < m; ++j) v[y + j] += none[j];
            } else {
                const std::ptrdiff_t below = std::upper_bound(knot, knot + size, value) - knot - 1;
                const std::ptrdiff_t left =
                    std::min(std::max(below, std::ptrdiff_t{0}), std::ptrdiff_t{size - 2});
                const double low = knot[left], high = knot[left + 1];
                const double share = (bounded(value, low, high) - low) / (high - low);
                const double *start = height + left * m, *end = start + m;
                for (int j = 0; j < m; ++j) v[y + j] += start[j] + share * (end[j] - start[j]);
            }
            knot += size;
            height += static_cast<std::ptrdiff_t>(size) * m;
        }
    }

// == relu
    void relu(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) v[y + i] = v[x + i] < 0.0 ? 0.0 : v[x + i];
    }

// == silu: logistic
    void silu(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) v[y + i] = v[x + i] * logistic(v[x + i]);
    }

// == tanh: logistic
    void tanh(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) v[y + i] = 2.0 * logistic(2.0 * v[x + i]) - 1.0;
    }

// == logarithm
    void logarithm(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) v[y + i] = std::log(v[x + i] < 1e-300 ? 1e-300 : v[x + i]);
    }

// == trees
    // Each number stands twice, with missing as the smallest and as the largest: a node asks the
    // one that sends a missing number where it belongs. The left child is the next node. A leaf
    // asks what is no number and has no step to the right, so that a walk that arrived stays.
    void trees(double* v, int x, int n, int y, int m, bool strict, int count, int roots, int outputs,
               int asked, int numbers, int leaves, int base, double scale) const {
        thread_local std::vector<double> sides;
        sides.resize(2 * n + 1);
        sides[0] = NAN;
        for (int i = 0; i < n; ++i) {
            const double value = v[x + i];
            sides[2 * i + 1] = std::isnan(value) ? INFINITY : value;
            sides[2 * i + 2] = std::isnan(value) ? -INFINITY : value;
        }
        std::fill(v + y, v + y + m, 0.0);
        const std::int32_t *root = wholes(roots), *output = wholes(outputs);
        constexpr int together = 8;  // walks that wait for memory side by side
        std::size_t at[together];
        for (int tree = 0; tree < count; tree += together) {
            const int walks = std::min(together, count - tree);
            for (int k = 0; k < together; ++k) at[k] = root[tree + std::min(k, walks - 1)];
            if (strict) {
                descend<together, true>(at, sides.data(), wholes(asked), doubles(numbers));
            } else {
                descend<together, false>(at, sides.data(), wholes(asked), doubles(numbers));
            }
            for (int k = 0; k < walks; ++k) {
                const double number = doubles(numbers)[at[k]];
                if (leaves < 0) {
                    v[y + output[tree + k]] += number;
                } else {
                    const double* leaf = doubles(leaves) + static_cast<std::size_t>(number) * m;
                    for (int j = 0; j < m; ++j) v[y + j] += leaf[j];
                }
            }
        }
        for (int j = 0; j < m; ++j) v[y + j] = doubles(base)[j] + scale * v[y + j];
    }

    template <int together, bool strict>
    static void descend(std::size_t* at, const double* sides, const std::int32_t* nodes,
                        const double* numbers) {
        for (bool going = true; going;) {
            going = false;
            for (int k = 0; k < together; ++k) {
                const std::int32_t ask = nodes[2 * at[k]], right = nodes[2 * at[k] + 1];
                const double value = sides[ask], number = numbers[at[k]];
                at[k] += (strict ? value < number : value <= number) ? 1 : right;
                going |= ask != 0;
            }
        }
    }

// == sigmoid: logistic
    void sigmoid(double* v, int x, int y) const {
        v[y + 1] = logistic(v[x]);
        v[y] = 1.0 - v[y + 1];
    }

// == softmax: normalise
    void softmax(double* v, int x, int n, int y) const {
        std::memmove(v + y, v + x, n * sizeof(double));
        normalise(v, n, y);
    }

// == exponential: bounded
    void exponential(double* v, int x, int n, int y) const {
        for (int i = 0; i < n; ++i) v[y + i] = std::exp(bounded(v[x + i], -700.0, 700.0));
    }

// == clip: bounded
    void clip(double* v, int x, int n, int y, double low, double high) const {
        for (int i = 0; i < n; ++i) v[y + i] = bounded(v[x + i], low, high);
    }

// == blend
    static void blend(double* v, int x, int n, int y, double weight, bool first) {
        for (int i = 0; i < n; ++i) v[y + i] = (first ? 0.0 : v[y + i]) + v[x + i] * weight;
    }

// == scale_logits: bounded, normalise
    void scale_logits(double* v, int x, int n, int y, double slope, int bias) const {
        for (int i = 0; i < n; ++i) {
            v[y + i] = slope * std::log(bounded(v[x + i], 1e-15, 1.0)) + doubles(bias)[i];
        }
        normalise(v, n, y);
    }

// == isotonic
    void isotonic(double* v, int x, int y, int knots, int heights, int count) const {
        const double *knot = doubles(knots), *height = doubles(heights), value = v[x + 1];
        const std::ptrdiff_t below = std::upper_bound(knot, knot + count, value) - knot - 1;
        double answer = height[std::max(below, std::ptrdiff_t{0})];
        if (std::isnan(value)) {
            answer = value;
        } else if (below >= 0 && below < count - 1) {
            const double slope =
                (height[below + 1] - height[below]) / (knot[below + 1] - knot[below]);
            answer = slope * (value - knot[below]) + height[below];
        }
        v[y] = 1.0 - answer;
        v[y + 1] = answer;
    }

// == bounded
    // What is missing stays missing.
    static double bounded(double value, double low, double high) {
        return value < low ? low : value > high ? high : value;
    }

// == logistic
    static double logistic(double raw) {
        return (raw > 0.0 ? 1.0 : std::exp(raw)) / (1.0 + std::exp(-std::fabs(raw)));
    }

// == normalise
    static void normalise(double* v, int n, int y) {
        double largest = v[y], sum = 0.0;
        for (int i = 1; i < n; ++i) {
            if (v[y + i] > largest || std::isnan(v[y + i])) largest = v[y + i];
        }
        for (int i = 0; i < n; ++i) sum += v[y + i] = std::exp(v[y + i] - largest);
        for (int i = 0; i < n; ++i) v[y + i] /= sum;
    }

