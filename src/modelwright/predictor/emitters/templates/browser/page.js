// The form, and what is said of its answer. Names and values go into the page as text only.
{
    const MISSING = "missing";
    const SHOWN = 6;
    const byId = (id) => document.getElementById(id);
    let example = 0;
    let level = PAGE.usual;
    let all = false;

    function made(name, properties = {}, ...children) {
        const element = Object.assign(document.createElement(name), properties);
        element.append(...children);
        return element;
    }

    const fields = PAGE.columns.map((column, place) => {
        const id = `field-${place}`;
        const input = inputOf(column, id);
        input.id = id;
        input.setAttribute("aria-describedby", `${id}-hint`);
        const hint = made("p", { id: `${id}-hint`, className: "hint" });
        const label = made("label", { htmlFor: id }, made("bdi", { textContent: column.name }));
        const long = column.kind === "text" ? " long" : "";
        const box = made("div", { className: `field${long}` }, label, input, hint);
        if (input.list) box.append(input.choices);
        byId("fields").append(box);
        return { column, input, hint, box };
    });

    function inputOf(column, id) {
        if (column.kind === "text") return made("textarea", { placeholder: MISSING, rows: 2 });
        if (column.kind === "moment") return made("input", { type: "datetime-local", step: "any" });
        if (column.kind === "number") {
            return made("input", { type: "number", step: "any", placeholder: MISSING });
        }
        if (column.kind === "boolean") return choice([["", MISSING], ["yes", "yes"], ["no", "no"]]);
        if (column.few) {
            const known = column.levels.map((each) => [each, each]);
            return choice([["", MISSING], ...known, [PAGE.other, "another one"]]);
        }
        const input = made("input", { type: "text", placeholder: MISSING, autocomplete: "off" });
        if (column.levels.length > 0) {
            input.setAttribute("list", `${id}-choices`);
            const options = column.levels.map((value) => made("option", { value }));
            input.choices = made("datalist", { id: `${id}-choices` }, ...options);
        }
        return input;
    }

    function choice(pairs) {
        const options = pairs.map(([value, textContent]) => made("option", { value, textContent }));
        return made("select", {}, ...options);
    }

    function fill(values) {
        fields.forEach(({ column, input }, place) => {
            const value = values[place] ?? "";
            input.value = value;
            // A level that is none of those to choose from is another one.
            if (input.tagName === "SELECT" && input.value !== value) input.value = PAGE.other;
        });
        tell();
    }

    function valueOf({ column, input }) {
        if (input.value === "") return null;
        if (column.kind === "number") return Number(input.value);
        if (column.kind === "boolean") return input.value === "yes";
        return input.value;
    }

    function checked(field) {
        const { column, input, hint } = field;
        const bad = input.validity.badInput;
        const value = valueOf(field);
        const usual = column.usual;
        const usually = usual ? `usually ${shown(usual[0])} to ${shown(usual[1])}` : "";
        let said = [column.hint, usually].filter(Boolean).join("; ");
        let kind = "";
        if (bad) {
            [said, kind] = [`Give ${column.note}, or nothing.`, " bad"];
        } else if (usual && value !== null && (value < usual[0] || value > usual[1])) {
            [said, kind] = [`${said}: this one is beyond`, " care"];
        } else if (column.known && value !== null && !column.known.includes(value.trim())) {
            [said, kind] = ["not known from training", " care"];
        }
        hint.textContent = said;
        hint.className = `hint${kind}`;
        input.setAttribute("aria-invalid", String(bad));
        return !bad;
    }

    function tell() {
        const sound = fields.map(checked);
        const entries = fields.map((field) => [field.column.name, valueOf(field)]);
        try {
            if (!sound.every(Boolean)) throw new RangeError("A field cannot be read.");
            tellAnswer(answer(Object.fromEntries(entries)));
        } catch (error) {
            byId("said").textContent = error.message;
            byId("said").className = "said none";
            byId("beside").textContent = "";
            byId("picture").replaceChildren();
            byId("held").textContent = "";
        }
    }

    function tellAnswer(found) {
        byId("said").className = "said";
        const sure = PAGE.levels.length > 0;
        byId("held").textContent = "";
        if (PAGE.labels) {
            byId("said").textContent = found.label;
            byId("said").className = found.label.length > 16 ? "said long" : "said";
            const sureness = share(found.probabilities[found.index]);
            byId("beside").textContent = `with a probability of ${sureness}${turning()}`;
            const held = sure ? set(found, level) : [found.label];
            byId("picture").replaceChildren(...bars(found, held));
            if (sure) byId("held").textContent = `${often()}: ${listed(held)}.`;
        } else {
            byId("said").textContent = shown(found.number);
            const ends = sure ? range(found, level) : { low: found.number, high: found.number };
            byId("picture").replaceChildren(...span(found.number, ends));
            const between = `between ${shown(ends.low)} and ${shown(ends.high)}`;
            if (sure) byId("held").textContent = `${often()}: ${between}.`;
        }
    }

    function turning() {
        if (PAGE.threshold === null) return "";
        return `; from ${Number((100 * PAGE.threshold).toFixed(2))} % on it is ${PAGE.labels[1]}`;
    }

    function often() {
        return `To be right in ${Number((level * 100).toFixed(2))} of 100 rows`;
    }

    function listed(names) {
        if (names.length === 1) return names[0];
        const last = names[names.length - 1];
        return `one of these ${names.length}: ${names.slice(0, -1).join(", ")} or ${last}`;
    }

    function bars({ index, probabilities }, held) {
        const order = PAGE.labels.map((_, place) => place);
        if (order.length > 3) order.sort((a, b) => probabilities[b] - probabilities[a]);
        const lines = (all ? order : order.slice(0, SHOWN)).map((place) => {
            const name = made("bdi", { textContent: PAGE.labels[place] });
            const part = made("span", { className: "share", textContent: share(probabilities[place]) });
            const filled = made("div", { className: "fill" });
            filled.style.width = `${100 * probabilities[place]}%`;
            const track = made("div", { className: "track", ariaHidden: "true" }, filled);
            if (PAGE.threshold !== null && place === 1) {
                const mark = made("div", { className: "mark" });
                mark.style.left = `${100 * PAGE.threshold}%`;
                track.append(mark);
            }
            const within = held.includes(PAGE.labels[place]) ? "held" : "";
            const className = place === index ? "chosen" : within;
            return made("li", { className }, made("div", { className: "line" }, name, part), track);
        });
        const list = made("ol", { className: "bars" }, ...lines);
        if (PAGE.labels.length <= SHOWN) return [list];
        const textContent = all ? "Show fewer" : `Show all ${PAGE.labels.length}`;
        const more = made("button", { type: "button", className: "more", textContent });
        more.addEventListener("click", () => {
            all = !all;
            tell();
        });
        return [list, more];
    }

    function span(number, { low, high }) {
        const [least, most] = PAGE.usualAnswers || [low, high];
        const begin = Math.min(least, low);
        const size = Math.max(most, high) - begin || 1;
        const at = (value) => `${(100 * (value - begin)) / size}%`;
        const axis = made("div", { className: "axis" });
        const reach = made("div", { className: "reach" });
        reach.style.left = at(low);
        reach.style.width = `${(100 * (high - low)) / size}%`;
        const dot = made("div", { className: "dot" });
        dot.style.left = at(number);
        const ends = [begin, begin + size].map((end) => made("span", { textContent: shown(end) }));
        return [
            made("div", { className: "span", ariaHidden: "true" }, axis, reach, dot),
            made("div", { className: "ends soft", ariaHidden: "true" }, ...ends),
        ];
    }

    function shown(value) {
        if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e12)) {
            return value.toExponential(3);
        }
        const size = Math.abs(value);
        const maximumFractionDigits = [1000, 100, 10, 1].filter((step) => size < step).length;
        return value.toLocaleString("en", { maximumFractionDigits });
    }

    function share(probability) {
        if (probability < 0.001) return "under 0.1 %";
        if (probability > 0.999 && probability < 1) return "over 99.9 %";
        return `${(100 * probability).toFixed(1)} %`;
    }

    function chooseExample(step) {
        const count = PAGE.examples.length;
        example = (example + step + count) % count;
        byId("which").textContent = count > 1 ? `Example ${example + 1} of ${count}` : "Example";
        fill(PAGE.examples[example]);
    }

    for (const each of PAGE.levels) {
        const radio = made("input", { type: "radio", name: "level", checked: each === level });
        radio.addEventListener("change", () => {
            level = each;
            tell();
        });
        const name = made("span", { textContent: `${Number((each * 100).toFixed(2))} %` });
        byId("levels").append(made("label", {}, radio, name));
    }
    byId("sure").hidden = PAGE.levels.length === 0;
    byId("find").hidden = fields.length <= 24;
    byId("find").addEventListener("input", ({ target }) => {
        const wanted = target.value.toLowerCase();
        for (const { column, box } of fields) box.hidden = !column.name.toLowerCase().includes(wanted);
    });
    byId("form").addEventListener("input", ({ target }) => {
        if (target === byId("find")) return;
        byId("which").textContent = "Your row";
        tell();
    });
    byId("form").addEventListener("submit", (event) => event.preventDefault());
    byId("before").addEventListener("click", () => chooseExample(-1));
    byId("after").addEventListener("click", () => chooseExample(1));
    byId("empty").addEventListener("click", () => {
        byId("which").textContent = "Nothing known";
        fill([]);
    });
    chooseExample(0);
}
