// Formulas, which arithmatex has marked as \(...\) or \[...\].
document.querySelectorAll(".arithmatex").forEach(element => {
  const source = element.textContent.trim();
  katex.render(source.slice(2, -2), element, {
    displayMode: source.startsWith("\\["),
    throwOnError: false, // a faulty formula shows as its source
    strict: "ignore",
    trust: false,        // no \href, \includegraphics, \htmlClass in formulas
    maxExpand: 200,
    maxSize: 20
  });
});
