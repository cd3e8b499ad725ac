/** Grey shapes of the content to come: `kind` is home, list, detail or bind. */
Component({
  properties: { kind: { type: String, value: 'list' } },
  data: { cards: [1, 2, 3] },
})
