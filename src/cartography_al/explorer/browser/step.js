// Chooses the next text that passes the filters, or the one before. view: of the points. step: 1 or -1.
const rows = [...view.indices]
const at = rows.indexOf(source.selected.indices[0])
const wanted = at === -1 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)
if (rows.length > 0) source.selected.indices = [rows[wanted]]
// The lists have taken the focus by now; the button takes it back before a key can be lost.
const pressed = Bokeh.index.roots.find((root) => root.model === button).shadow_el.querySelector("button")
pressed.focus({ preventScroll: true })
