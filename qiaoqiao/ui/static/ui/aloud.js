// Reads the page aloud, paragraph by paragraph, with the voices the person's own device has.
const bar = document.getElementById("aloud");
const opener = document.getElementById("aloud-open");
const READ = "h1,h2,h3,h4,p,li,dt,dd,th,td,label,legend,summary,caption";

if (bar && opener && "speechSynthesis" in window) prepare();

function prepare() {
  let pieces = [];
  let at = 0;
  let turn = 0;
  const rate = bar.querySelector("[data-aloud=rate]");

  const readable = () => [...document.querySelectorAll("#main")]
    .flatMap((main) => [...main.querySelectorAll(READ)])
    .filter((piece) => piece.offsetParent !== null && piece.textContent.trim() && !piece.querySelector(READ));

  function show(playing) {
    bar.querySelector("[data-aloud-when=playing]").hidden = !playing;
    bar.querySelector("[data-aloud-when=paused]").hidden = playing;
  }

  function hush() {
    turn += 1;
    speechSynthesis.cancel();
    document.querySelector(".qq-spoken")?.classList.remove("qq-spoken");
    show(false);
  }

  function speak() {
    hush();
    const piece = pieces[at];
    if (!piece) { at = 0; return; }
    const mine = turn;
    const words = new SpeechSynthesisUtterance(piece.innerText.replace(/\s+/g, " ").trim());
    words.lang = piece.closest("[lang]")?.lang.replace("zh-Hans", "zh-CN").replace("zh-Hant", "zh-HK") || "zh-CN";
    words.rate = Number(rate.value);
    words.onend = () => { if (mine === turn) { at += 1; speak(); } };
    piece.classList.add("qq-spoken");
    piece.scrollIntoView({ block: "nearest" });
    show(true);
    speechSynthesis.speak(words);
  }

  const does = {
    toggle: () => (bar.querySelector("[data-aloud-when=playing]").hidden ? speak() : hush()),
    back: () => { at = Math.max(0, at - 1); speak(); },
    forward: () => { at += 1; speak(); },
    close: () => { hush(); bar.hidden = true; opener.focus(); },
  };

  opener.hidden = false;
  opener.addEventListener("click", () => {
    bar.hidden = false;
    pieces = readable();
    at = 0;
    bar.querySelector("[data-aloud=toggle]").focus();
    speak();
  });
  bar.addEventListener("click", (event) => does[event.target.closest("[data-aloud]")?.dataset.aloud]?.());
  bar.addEventListener("keydown", (event) => { if (event.key === "Escape") does.close(); });
  rate.addEventListener("change", () => { if (!bar.querySelector("[data-aloud-when=playing]").hidden) speak(); });
  addEventListener("pagehide", hush);
}
