/** Numbered steps; `steps` is GuideStep[] of step-guide.view.ts. */
Component({
  properties: { steps: { type: Array, value: [] } },
})
