/** Everything about one project; below its progress stands what the page puts in. `project` is ProjectView of project-body.view.ts. */
Component({
  properties: {
    project: { type: Object, value: { stages: [], people: [], order: [], equipment: [] } },
  },
})
