// Filter: the texts that hold the words, whatever the case. search: the text field.
const wanted = search.value.toLowerCase()
return source.data.text.map((text) => wanted === "" || text.toLowerCase().includes(wanted))
