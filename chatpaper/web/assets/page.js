// A mark opens its evidence: on a wide screen in the frame beside the text, on a phone in a sheet over
// it. Without this script it opens as any link does.
const words = window.pageWords;
const narrow = window.matchMedia("(max-width: 700px)");
document.documentElement.lang = words.language;

// The sheet. The browser's own "back" closes it: while it is open, the history has an entry for it.
const sheet = {
  dialog: null,
  opener: null,

  build() {
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    dialog.setAttribute("aria-label", words.evidence);
    const bar = dialog.appendChild(document.createElement("div"));
    bar.className = "sheet-bar";
    const close = bar.appendChild(document.createElement("button"));
    close.type = "button";
    close.className = "sheet-close";
    close.textContent = `‹ ${words.sheet_close}`;
    close.addEventListener("click", () => dialog.close());
    const body = dialog.appendChild(document.createElement("div"));
    body.className = "sheet-body";
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
      const link = event.target.closest('a[href^="?"]');
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.load(new URL(link.getAttribute("href"), this.address));
    });
    dialog.addEventListener("close", () => this.leave());
    document.body.append(dialog);
    return dialog;
  },

  open(href) {
    this.dialog ||= this.build();
    this.opener = document.activeElement;
    if (!this.dialog.open) this.dialog.showModal();
    this.load(new URL(href, location.href));
  },

  leave() {
    if (history.state?.sheet) history.back();
    this.opener?.focus({ preventScroll: true });
  },

  async load(address) {
    this.address = address;
    const body = this.dialog.querySelector(".sheet-body");
    const say = (text) => {
      const line = document.createElement("p");
      line.setAttribute("role", "status");
      line.textContent = text;
      body.replaceChildren(line);
    };
    say(words.sheet_busy);
    try {
      const reply = await fetch(address, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (this.address !== address) return;
      body.replaceChildren(document.adoptNode(page.querySelector("main")));
      body.scrollTop = 0;
    } catch {
      if (this.address === address) say(words.sheet_failed);
    }
  },
};

document.addEventListener("click", (event) => {
  const mark = event.target.closest?.('a[href*="/evidence/"]');
  const panel = mark?.closest('[role="tabpanel"]');
  const frame = panel?.querySelector("iframe.evidence");
  if (!frame || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const href = mark.getAttribute("href");
  for (const other of document.querySelectorAll("a[aria-current]")) other.removeAttribute("aria-current");
  mark.setAttribute("aria-current", "true");
  if (!narrow.matches) {
    // The first address of a frame makes no entry in the history, nor does one that replaces it.
    if (frame.hasAttribute("src")) frame.contentWindow.location.replace(new URL(href, location.href));
    else frame.src = href;
    return;
  }
  mark.focus({ preventScroll: true });
  history.pushState({ ...history.state, sheet: href }, "");
  sheet.open(href);
});

addEventListener("popstate", (event) => {
  const href = event.state?.sheet;
  if (href) sheet.open(href);
  else if (sheet.dialog?.open) sheet.dialog.close();
});

// A paper has an address and a title of its own. Both come with the paper, whether the address of the
// page named it or somebody waited for its summary.
const reading = {
  shown: null,

  enter(paper) {
    const { address, title } = paper.dataset;
    this.shown = address;
    document.title = title;
    document.documentElement.dataset.view = "paper";
    for (const link of document.querySelectorAll(".language a")) {
      link.search = new URLSearchParams({ paper: decodeURIComponent(address.replace("/papers/", "")) });
    }
    if (location.pathname === address) return;
    const asked = new URLSearchParams(location.search).has("paper");
    history[asked ? "replaceState" : "pushState"](null, "", address);
    scrollTo(0, 0);
  },

  leave() {
    delete document.documentElement.dataset.view;
    document.title = words.title;
    for (const link of document.querySelectorAll(".language a")) link.search = "";
  },
};

let seen = null;
new MutationObserver(() => {
  const paper = document.querySelector(".opened");
  if (paper === seen) return;
  seen = paper;
  if (paper) reading.enter(paper);
}).observe(document, { childList: true, subtree: true });

addEventListener("popstate", () => {
  if (location.pathname === reading.shown) reading.enter(document.querySelector(".opened"));
  else if (location.pathname.startsWith("/papers/")) location.reload();
  else reading.leave();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.('button[role="tab"]')) return;
  if (document.documentElement.dataset.view !== "paper") return;
  reading.leave();
  history.pushState(null, "", words.home);
});

if (new URLSearchParams(location.search).has("paper")) document.documentElement.dataset.view = "paper";
document.cookie = `${words.cookie}=${words.language.split("-")[0]}; path=/; max-age=31536000; SameSite=Lax`;

// A page that is loaded again has no sheet yet.
if (history.state?.sheet) history.replaceState(null, "");
