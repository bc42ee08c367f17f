// What keeps fast keys safe; put before each component that listens to keys.
const FIELDS = "input, textarea, select, [contenteditable=true]";
const FRAMES_FOR_FOCUS = 120;

const drop = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

// `onKey` gets the letters that may act, and says whether it took one. `memory` outlives a redraw.
// The capture phase comes before Streamlit's own shortcuts, which would act on repeated keys too.
const guardKeys = (memory, { openers = [], fieldMs = 0 }, onKey = () => false) => {
  const guard = (event) => {
    const field = event.target.closest?.(FIELDS);
    if (field) delete memory.typesUntil;
    if (field && event.key === "Escape") {
      field.blur();
      event.stopImmediatePropagation();
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const isUnderDialog = document.querySelector("[role=dialog]") !== null;
    const isLetter = event.key.length === 1;
    // Who opens a field types on before it stands there; those letters are no verdicts.
    const isTyping = Date.now() < (memory.typesUntil ?? 0);
    if (isLetter && (event.repeat || isUnderDialog || isTyping)) {
      drop(event);
      return;
    }
    const letter = event.key.toLowerCase();
    if (openers.includes(letter)) memory.typesUntil = Date.now() + fieldMs;
    if (onKey(letter)) event.preventDefault();
  };
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
};

// The field may be drawn a moment after the component: look for it for a few frames.
const focusOnce = (memory, selector, name, framesLeft = FRAMES_FOR_FOCUS) => {
  if (memory.focusedFor === name) return;
  const target = selector ? document.querySelector(selector) : null;
  if (target) {
    memory.focusedFor = name;
    target.focus({ preventScroll: true });
  } else if (framesLeft > 0) {
    requestAnimationFrame(() => focusOnce(memory, selector, name, framesLeft - 1));
  }
};

const announce = (line, text) => {
  if (line.textContent !== text) line.textContent = text;
};
