import { goTo, PAGES } from '../../lib/ui.ts'
import type { ProjectCardView } from './project-card.view.ts'

/** One project in a list; `project` is ProjectCardView of project-card.view.ts. A tap opens it; it has no label of its own, which would hide from a screen reader what the card says. */
Component({
  properties: { project: { type: Object, value: {} } },
  methods: {
    onTap() {
      const { id } = this.data.project as Partial<ProjectCardView>
      if (id !== undefined) goTo(PAGES.project(id))
    },
  },
})
