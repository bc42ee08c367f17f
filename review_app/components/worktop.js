// The case on the screen, its verdicts as buttons, and the next case ready behind it: a verdict
// that needs no more words shows the next case at once, and the server confirms or takes it back.
const LONGEST_WAIT_MS = 3000;
// Our templates escape all text; these would act even so, and none of them is ever in a card.
const ACTING = "script, style, iframe, object, embed, link, meta, base, form";

const prepared = (html) => {
  const made = document.createElement("template");
  made.innerHTML = html;
  for (const one of made.content.querySelectorAll(ACTING)) one.remove();
  for (const one of made.content.querySelectorAll("*")) {
    for (const { name } of [...one.attributes]) {
      if (name.startsWith("on") || name === "href" || name === "src") one.removeAttribute(name);
    }
  }
  return made.content;
};

const button = ({ action, label, key }) => {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.action = action;
  made.append(label);
  if (key) {
    const hint = document.createElement("kbd");
    hint.textContent = key;
    hint.setAttribute("aria-hidden", "true");
    made.append(hint);
    made.setAttribute("aria-keyshortcuts", key);
  }
  return made;
};

const drawBar = (desk, bar) => {
  const asText = JSON.stringify(bar);
  if (desk.bar === asText) return;
  desk.bar = asText;
  desk.buttons.hidden = bar === null;
  if (bar === null) return;
  desk.verdicts.replaceChildren(...bar.buttons.map(button));
  desk.menu.replaceChildren(...bar.more.map(button));
};

const drawUndo = (desk, undo) => {
  const asText = JSON.stringify(undo);
  if (desk.undoText === asText) return;
  desk.undoText = asText;
  desk.undo.replaceChildren(...(undo ? [button(undo)] : []));
};

const fold = (desk, isOpen) => {
  desk.menu.hidden = !isOpen;
  desk.more.setAttribute("aria-expanded", String(isOpen));
};

const show = (desk, shown) => {
  desk.call.replaceChildren();
  if (shown?.call) {
    const strong = document.createElement("strong");
    strong.textContent = shown.call[0];
    desk.call.append(strong, ` ${shown.call[1]}`);
  }
  if (shown?.stands === desk.stands) return;
  desk.stands = shown?.stands;
  desk.shownAt = performance.now();
  desk.held = undefined;
  const isReady = shown && desk.next?.stands === shown.stands;
  const card = isReady ? desk.next.card : prepared(shown?.html ?? "");
  desk.card.replaceChildren(card);
  fold(desk, false);
};

const prepareNext = (desk, next) => {
  if (next === null) desk.next = undefined;
  else if (desk.next?.stands !== next.stands) {
    desk.next = { ...next, card: prepared(next.html) };
  }
};

const partsOf = (parentElement) => {
  const root = parentElement.querySelector(".cs-worktop");
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  return {
    number: null, line: root.querySelector("[role=status]"), call: part("call"),
    buttons: part("bar"), verdicts: part("verdicts"), more: part("more"), menu: part("menu"),
    undo: part("undo"), card: part("card"), root,
  };
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cs-worktop");
  const desk = (root.desk ??= partsOf(parentElement));
  desk.number ??= data.answered;
  desk.stop?.();
  const now = performance.now();

  const tell = (action) => {
    desk.number += 1;
    desk.waitsUntil = performance.now() + LONGEST_WAIT_MS;
    const told = { action, stands: desk.stands, number: desk.number };
    const mayAdvance = desk.advances.includes(action) && desk.next;
    if (mayAdvance) {
      show(desk, desk.next);
      desk.next = undefined;
      desk.card.querySelector("#cs-title")?.focus({ preventScroll: true });
    }
    setTriggerValue("pressed", told);
    const { number } = desk;
    setTimeout(() => desk.number === number && desk.isWaiting && desk.look(), LONGEST_WAIT_MS);
    desk.isWaiting = true;
  };
  // Held until the server knows what stands here: only then does a key count there.
  const release = () => {
    if (desk.held === undefined || desk.isWaiting) return;
    const wait = desk.readyAt - performance.now();
    if (wait > 0) {
      clearTimeout(desk.timer);
      desk.timer = setTimeout(release, wait);
      return;
    }
    const action = desk.held;
    desk.held = undefined;
    desk.tell(action);
  };
  const press = (action) => {
    // Nobody reads a case faster: an earlier key was meant for what stood there before.
    if (action !== "undo" && performance.now() - desk.shownAt < desk.dwellMs) return;
    desk.held = action;
    release();
  };
  desk.tell = tell;
  desk.look = () => setTriggerValue("settled", Date.now());

  // A run that began before the last press says what stood there before it.
  const isLate = data.answered < desk.number && now < (desk.waitsUntil ?? 0);
  if (!isLate) {
    desk.isWaiting = false;
    desk.number = Math.max(desk.number, data.answered);
    desk.advances = data.advances;
    desk.dwellMs = data.dwellMs;
    announce(desk.line, data.announcement);
    drawBar(desk, data.bar);
    drawUndo(desk, data.undo);
    show(desk, data.now);
    prepareNext(desk, data.next);
    if (desk.moment !== data.focusFor) desk.readyAt = now + data.dwellMs;
    desk.moment = data.focusFor;
    requestAnimationFrame(() => focusOnce(desk, data.focus, data.focusFor));
    release();
  }

  desk.buttons.onclick = (event) => {
    const pressed = event.target.closest("button");
    if (pressed === desk.more) fold(desk, desk.menu.hidden);
    else if (pressed) press(pressed.dataset.action);
  };
  const unguard = guardKeys(desk, data, (letter) => {
    if (letter === "escape" && !desk.menu.hidden) {
      fold(desk, false);
      desk.more.focus();
      return true;
    }
    const action = data.keys[letter];
    if (action !== undefined) press(action);
    return action !== undefined;
  });

  const timer = data.pending ? setInterval(desk.look, data.settleMs) : undefined;
  // The hold on the case ends while somebody reads: a timer here says so before it does.
  const warn = () => setTriggerValue("ending", Date.now());
  const warning = data.warnInMs === null ? undefined : setTimeout(warn, data.warnInMs);
  // Streamlit calls what is returned here only when the page is left, not before the next data.
  desk.stop = () => {
    unguard();
    clearInterval(timer);
    clearTimeout(warning);
  };
  return () => desk.stop();
}
