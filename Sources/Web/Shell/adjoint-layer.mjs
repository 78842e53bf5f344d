// <adjoint-layer input="3x3" kernel="2x2"></adjoint-layer>: a layer whose weights can be pointed at. Each shows its gradient's
// equation and the picture of a view. All that it shows is made by adjoint.mjs.
import { load } from "./adjoint.mjs";

const engine = load();
const sizes = ["input", "kernel", "stride", "dilation", "padding", "output-padding"];
const counts = ["batch", "channels", "filters", "groups"];

const style = `
    :host { display: block; font: 1rem/1.5 system-ui, sans-serif; }
    nav { display: flex; flex-wrap: wrap; gap: .3rem; margin-bottom: .7rem; }
    button { font: inherit; min-width: 2.6rem; min-height: 2rem; cursor: pointer; border: 1px solid #8888; border-radius: .3rem;
        background: none; color: inherit; }
    button[aria-pressed="true"] { outline: 2px solid currentColor; }
    .figure, .equations { overflow: auto hidden; }
    math { width: max-content; margin: 0; } mtd { padding: .25em .3em; text-align: left; }
    svg { max-width: 100%; height: auto; }`;

customElements.define("adjoint-layer", class extends HTMLElement {
    static observedAttributes = [...sizes, ...counts, "kind", "bias", "select", "view", "values", "lang"];
    #root = this.attachShadow({ mode: "open" });
    #waiting = false;

    connectedCallback() { this.#later(); }
    attributeChangedCallback() { this.#later(); }

    /// Several attributes that change together are shown once.
    #later() {
        if (this.#waiting || !this.isConnected) return;
        this.#waiting = true;
        engine.then((adjoint) => {
            this.#waiting = false;
            try { this.#show(adjoint); } catch (error) { this.#say(error.message); }
        }, (error) => this.#say(error.message));
    }

    #say(sentence) {
        const line = document.createElement("p");
        line.setAttribute("role", "alert");
        line.textContent = sentence;
        this.#root.replaceChildren(line);
    }

    get #settings() {
        const settings = { kind: this.getAttribute("kind") ?? undefined, bias: this.hasAttribute("bias") };
        for (const name of sizes) {
            const text = this.getAttribute(name);
            if (text === null) continue;
            const key = name.replace(/-p/, "P"), numbers = text.split(/[x,]/).map(Number);
            const isList = ["input", "kernel"].includes(key) || numbers.length > 1;
            settings[key] = text === "same" ? text : isList ? numbers : numbers[0];
        }
        for (const name of counts) if (this.hasAttribute(name)) settings[name] = Number(this.getAttribute(name));
        return settings;
    }

    #show(adjoint) {
        const layer = adjoint.layer(this.#settings);
        const { V, W, B, G } = layer.shapes;
        const count = (shape) => shape.reduce((a, b) => a * b, 1);
        const counting = (shape) => Array.from({ length: count(shape) }, (_, place) => place + 1);
        const values = this.getAttribute("values") === "none" ? {} : {
            V: counting(V), ...(W && { W: counting(W) }), ...(B && { B: counting(B) }),
            dG: counting(G).map((n) => (n % 2 ? n : -n)), ...JSON.parse(this.getAttribute("values") ?? "{}"),
        };
        const tensor = W ? "W" : "V";
        const select = this.getAttribute("select") ?? tensor + "1";
        const language = this.lang === "de" ? "de" : "en";
        const [nav, figure, equations, sheet] = ["nav", "div", "div", "style"].map((name) => document.createElement(name));
        sheet.textContent = style;
        [figure.className, equations.className] = ["figure", "equations"];
        for (let place = 1; place <= Math.min(64, count(layer.shapes[tensor])); place++) {
            const button = document.createElement("button");
            button.textContent = tensor + place;
            button.setAttribute("aria-pressed", button.textContent === select);
            button.addEventListener("click", () => this.setAttribute("select", button.textContent));
            nav.append(button);
        }
        figure.innerHTML = layer.picture(this.getAttribute("view") ?? "windows", { select, values, language });
        equations.innerHTML = layer.equations(select, values).slice(-2).map((equation) => equation.mathml).join("");
        const focused = this.#root.activeElement?.textContent;
        this.#root.replaceChildren(sheet, nav, figure, equations);
        for (const button of nav.children) if (button.textContent === focused) button.focus();
    }
});
