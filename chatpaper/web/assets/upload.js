const input = element.querySelector("input");
const label = element.querySelector("label");
const said = element.querySelector(".said");
const remove = element.querySelector("button");
const put = (name) => { props.value = name; trigger("change"); };
const send = async (file) => {
  said.textContent = props.words.upload_busy;
  try {
    const answer = await fetch("/uploads", {
      method: "POST", body: file, headers: { "X-File-Name": encodeURIComponent(file.name) },
    });
    const reply = await answer.json();
    if (!answer.ok) throw new Error(reply.error);
    const told = { name: file.name, pages: reply.pages.toLocaleString("en") };
    const text = props.words.upload_pages.replace(/{(name|pages)}/g, (_, key) => told[key]);
    said.textContent = `${props.words.upload_done} ${text}`;
    remove.hidden = false;
    put(reply.name);
  } catch (error) {
    said.textContent = `${props.words.upload_failed} ${error.message}`;
    put("");
  }
};
input.addEventListener("change", () => input.files[0] && send(input.files[0]));
remove.addEventListener("click", () => { input.value = ""; said.textContent = ""; remove.hidden = true; put(""); });
label.addEventListener("dragover", (event) => { event.preventDefault(); label.classList.add("over"); });
label.addEventListener("dragleave", () => label.classList.remove("over"));
label.addEventListener("drop", (event) => {
  event.preventDefault();
  label.classList.remove("over");
  if (event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
});
