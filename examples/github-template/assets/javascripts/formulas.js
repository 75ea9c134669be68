// Formulas, which arithmatex has marked as \(...\) or \[...\]; in the table of contents they stand as text.
const FORMULA = /\\\((.+?)\\\)|\\\[(.+?)\\\]/s;
const OPTIONS = {
  throwOnError: false, // a faulty formula shows as its source
  strict: "ignore",
  trust: false,        // no \href, \includegraphics, \htmlClass in formulas
  maxExpand: 200,
  maxSize: 20
};

document.querySelectorAll(".arithmatex, .md-nav--secondary .md-ellipsis").forEach(element => {
  const parts = element.textContent.split(FORMULA);
  if (parts.length === 1) return;
  element.replaceChildren();
  // Text, inline formula and displayed formula take turns in what split() gives.
  parts.forEach((part, index) => {
    if (part === undefined) return;
    if (index % 3 === 0) return element.append(part);
    const shown = document.createElement("span");
    // A copy of the source, for screen readers, is for the article alone: the contents show a heading's bare text.
    const output = element.matches(".arithmatex") ? "htmlAndMathml" : "html";
    katex.render(part, shown, { ...OPTIONS, output, displayMode: index % 3 === 2 });
    element.append(shown);
  });
});
