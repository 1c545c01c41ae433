// Shows the chosen text whole, as text. cb_obj: the selection of the points.
const row = cb_obj.indices[0]
if (row !== undefined) {
  const points = source.data
  const predicted = points.prediction[row] === "" ? "" : `, predicted ${points.prediction[row]}`
  const numbers = ["confidence", "variability", "correctness"]
    .map((name) => `${name} ${points[name][row].toFixed(3)}`)
    .join(", ")
  const head = `Text ${points.instance_id[row]}: ${points.label[row]}${predicted}; ${numbers}`
  shown.text = points.text === undefined ? head : `${head}\n\n${points.text[row]}`
}
