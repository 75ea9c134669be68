// A mark opens its evidence in the frame beside the text; without a frame it opens as any link does.
document.addEventListener("click", (event) => {
  const mark = event.target.closest && event.target.closest('a[href*="/evidence/"]');
  const panel = mark && mark.closest('[role="tabpanel"]');
  const frame = panel && panel.querySelector("iframe.evidence");
  if (!mark || !frame || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  frame.src = mark.getAttribute("href");
  if (window.matchMedia("(max-width: 700px)").matches) frame.scrollIntoView({ block: "start" });
});
document.documentElement.lang = window.pageLanguage;
