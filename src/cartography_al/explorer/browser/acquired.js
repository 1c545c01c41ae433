// Fills the two maps, lists and learning curves for the chosen strategies, seed and iteration.
// Both strategies of a seed start from the same seed set.
const chains = [first, second].map((select) => Number(select.value) * seeds + Number(seed.value))
const { chain, iteration, row } = acquisitions.data
const until = slider.value
const acquired = chains.map((wanted) => {
  const found = new Map() // row of the points -> iteration
  for (let i = 0; i < chain.length; i++) {
    if (chain[i] === wanted && iteration[i] <= until) found.set(row[i], iteration[i])
  }
  return found
})
const seedSet = [...seedSets.data.row].filter((_, i) => seedSets.data.seed[i] === Number(seed.value))
started.data = Object.fromEntries(columns.map((name) => [name, seedSet.map((r) => points.data[name][r])]))
acquired.forEach((found, side) => {
  const other = acquired[1 - side]
  const rows = [...found.keys()]
  const data = {
    row: rows,
    iteration: rows.map((r) => found.get(r)),
    state: rows.map((r) => (found.get(r) === until ? "now" : "before")),
    shared: rows.map((r) => (other.has(r) ? "yes" : "no")),
  }
  for (const name of columns) data[name] = rows.map((r) => points.data[name][r])
  targets[side].data = data
})
chains.forEach((wanted, side) => {
  const rows = [...accuracies.data.chain.keys()].filter((i) => accuracies.data.chain[i] === wanted)
  const data = {}
  for (const name of ["iteration", "labelled", "test_accuracy"]) data[name] = rows.map((i) => accuracies.data[name][i])
  curves[side].data = data
})
const now = acquired.map((found) => [...found.keys()].filter((r) => found.get(r) === until))
const shared = (a, b) => a.filter((r) => b.has(r)).length
const names = [first, second].map((select) => select.options.find(([value]) => value === select.value)[1])
names.forEach((name, side) => {
  headings[side].text = name
  entries[side].label = { value: name }
})
const both = shared([...acquired[0].keys()], acquired[1])
const batch = shared(now[0], new Set(now[1]))
overlap.text =
  `Up to iteration ${until}, ${names[0]} acquired ${acquired[0].size.toLocaleString("en")} texts and ${names[1]} ` +
  `${acquired[1].size.toLocaleString("en")}; ${both.toLocaleString("en")} of them are the same. ` +
  `In iteration ${until} itself: ${now[0].length} and ${now[1].length}, ${batch} the same. ` +
  `Both started from the same ${seedSet.length.toLocaleString("en")} texts.`
