/** A button that draws a network; Netron and the weights are loaded only when it is pressed. */
class NetworkGraph extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    button?.addEventListener("click", () => this.#open(button));
  }

  async #open(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    const say = (text: string) => {
      const status = this.querySelector("[role=status]");
      if (status) status.textContent = text;
    };
    try {
      const { openGraph } = await import("./open-graph.ts");
      await openGraph(this, say);
      button.closest("p")?.remove();
    } catch (error) {
      say(`The graph can't be drawn: ${(error as Error).message}`);
      button.disabled = false;
    }
  }
}

customElements.define("network-graph", NetworkGraph);
