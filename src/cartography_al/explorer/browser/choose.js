// Chooses among the points what was chosen in a list of acquisitions. target: of that list.
const chosen = cb_obj.indices.map((i) => target.data.row[i])
if (chosen.length > 0) points.selected.indices = chosen
