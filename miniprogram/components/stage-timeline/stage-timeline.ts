/** The stages of a project from first to last; `stages` is StageView[] of stage-timeline.view.ts. */
Component({
  properties: { stages: { type: Array, value: [] } },
})
