// Saves the suspects, in their order, as a CSV file. view: which points they are.
const quoted = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const fields = columns.filter((name) => source.data[name] !== undefined)
const lines = [fields.map((name) => (name === "instance_id" ? "id" : name))]
for (const row of view.indices) {
  lines.push(
    fields.map((name) => {
      const value = source.data[name][row]
      return quoted(typeof value === "number" && !Number.isInteger(value) ? value.toFixed(6) : String(value))
    }),
  )
}
const link = document.createElement("a")
link.href = URL.createObjectURL(new Blob([lines.map((line) => line.join(",") + "\r\n").join("")], { type: "text/csv" }))
link.download = file
link.click()
setTimeout(() => URL.revokeObjectURL(link.href), 60000)
