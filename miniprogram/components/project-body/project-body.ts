/** Everything about one project; `project` is ProjectView of project-body.view.ts. */
Component({
  properties: {
    project: { type: Object, value: { stages: [], people: [], order: [], equipment: [] } },
  },
})
