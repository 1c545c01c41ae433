// Chooses the next text that passes the filters, or the one before. view: of the points. step: 1 or -1.
const rows = [...view.indices]
const at = rows.indexOf(source.selected.indices[0])
const wanted = at === -1 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)
if (rows.length > 0) source.selected.indices = [rows[wanted]]
// The lists take the focus when the choice changes; it stays with the button.
const pressed = Bokeh.index.roots.find((root) => root.model === button).shadow_el.querySelector("button")
setTimeout(() => pressed.focus({ preventScroll: true }), 50)
