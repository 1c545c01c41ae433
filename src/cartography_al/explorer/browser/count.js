// Says how many texts pass the filters. view: of the points.
const total = view.indices.size
count.text = `${view.indices.count.toLocaleString("en")} of ${total.toLocaleString("en")} texts drawn`
