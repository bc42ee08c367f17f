// The capture phase comes before Streamlit's own shortcuts, which would act on repeated keys too.
export default function ({ data, parentElement, setTriggerValue }) {
  const line = parentElement.querySelector("p");
  if (line.textContent !== data.announcement) line.textContent = data.announcement;

  const fields = "input, textarea, select, [contenteditable=true]";
  const guard = (event) => {
    const field = event.target.closest?.(fields);
    if (field && event.key === "Escape") {
      field.blur();
      event.stopImmediatePropagation();
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const isUnderDialog = document.querySelector("[role=dialog]") !== null;
    if (event.key.length === 1 && (event.repeat || isUnderDialog)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  window.addEventListener("keydown", guard, true);

  // The field may be drawn a moment after this component: look for it for a few frames.
  const focusOnce = (framesLeft) => {
    const target = data.focus ? document.querySelector(data.focus) : null;
    if (line.dataset.focusFor === data.focusFor) return;
    if (target) {
      line.dataset.focusFor = data.focusFor;
      target.focus({ preventScroll: true });
    } else if (framesLeft > 0) {
      requestAnimationFrame(() => focusOnce(framesLeft - 1));
    }
  };
  requestAnimationFrame(() => focusOnce(30));

  const look = () => setTriggerValue("settled", Date.now());
  const timer = data.pending ? setInterval(look, data.settleMs) : undefined;
  return () => {
    window.removeEventListener("keydown", guard, true);
    clearInterval(timer);
  };
}
