export default function ({ data, parentElement }) {
  const line = parentElement.querySelector("p");
  const memory = (line.memory ??= {});
  announce(line, data.announcement);
  requestAnimationFrame(() => focusOnce(memory, data.focus, data.focusFor));
  // Streamlit calls what is returned here only when the page is left, not before the next data.
  memory.stop?.();
  memory.stop = guardKeys(memory, data);
  return () => memory.stop();
}
