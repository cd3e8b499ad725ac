import { goTo, PAGES } from '../../lib/ui.ts'
import type { ProjectCardView } from './project-card.view.ts'

/** One project in a list; `project` is ProjectCardView of project-card.view.ts. A tap opens it. */
Component({
  properties: { project: { type: Object, value: {} } },
  methods: {
    onTap() {
      const { id } = this.data.project as Partial<ProjectCardView>
      if (id !== undefined) goTo(PAGES.project(id))
    },
  },
})
