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

  const target = data.focus ? document.querySelector(data.focus) : null;
  if (target && line.dataset.focusFor !== data.focusFor) {
    line.dataset.focusFor = data.focusFor;
    target.focus({ preventScroll: true });
  }

  const look = () => setTriggerValue("settled", Date.now());
  const timer = data.pending ? setTimeout(look, data.settleMs) : undefined;
  return () => {
    window.removeEventListener("keydown", guard, true);
    clearTimeout(timer);
  };
}
