// What a reader sees of a post: elements with their attributes and pieces of text, in the order in which they stand.
// Formulas are told by their source, between dollar signs; the themes' own signs beside headings are left out.
selector => {
  const SKIPPED = "a.headerlink, a.header-anchor, script, style";
  const tokens = [];
  const formulas = [];
  const visit = node => {
    if (node.nodeType === Node.TEXT_NODE) return tokens.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return tokens.push({ tag: "(comment)", attributes: [] });
    if (node.matches(SKIPPED) && !node.matches("script, style")) return;
    if (node.matches(".arithmatex, .katex, .katex-error")) {
      const shown = node.querySelector("annotation, .katex-error") || (node.matches(".katex-error") ? node : null);
      formulas.push(node);
      return tokens.push(`$${shown ? shown.textContent.trim() : "x"}$`);
    }
    tokens.push({ tag: node.localName, attributes: [...node.attributes].map(each => [each.name, each.value]) });
    node.childNodes.forEach(visit);
  };
  document.querySelector(selector).childNodes.forEach(visit);

  const DANGEROUS = "a, img, iframe, script, object, embed, form, input, link, meta, base, video, audio";
  const strange = formulas.flatMap(formula => [...formula.querySelectorAll("*")]).filter(each =>
    each.matches(DANGEROUS) || [...each.attributes].some(({ name }) => /^(on|href|src|id$|data-)/.test(name))
      || /position: ?fixed/.test(each.getAttribute("style") || ""));
  const everywhere = [...document.querySelectorAll("*")];
  return {
    tokens,
    // Handlers, frames, and addresses of the payloads' own host but for links that say where they lead.
    strange: [...strange, ...everywhere.filter(each =>
      [...each.attributes].some(({ name, value }) => name.startsWith("on") && value.includes("alert"))
      || each.matches("iframe, object, embed, base, meta[http-equiv=refresh]")
      || [each.src, each.action, each.matches("link") && each.href, each.data].some(
        address => typeof address === "string" && address.includes("evil.example"))
      || (each.matches("a") && /^(javascript|data|vbscript):/i.test(each.href))
      || (each.matches("a") && each.href.includes("evil.example") && !each.textContent.includes("evil.example"))
    )].map(each => each.outerHTML.slice(0, 200)),
    images: [...document.querySelectorAll(`${selector} img`)].map(each => ({
      source: each.getAttribute("src"), width: each.naturalWidth, shown: each.getBoundingClientRect().width,
      stretched: each.clientWidth * each.naturalHeight / (each.clientHeight * each.naturalWidth)
    })),
    formulas: formulas.length,
    faultyFormulas: formulas.filter(each => each.matches(".katex-error") || each.querySelector(".katex-error"))
      .map(each => each.textContent),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth
  };
}
