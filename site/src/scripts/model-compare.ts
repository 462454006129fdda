/** The page that sets models side by side; the address names them. */
class ModelCompare extends HTMLElement {
  connectedCallback(): void {
    import("./comparison.ts").then(({ Comparison }) => new Comparison(this).start());
  }
}

customElements.define("model-compare", ModelCompare);
