import { toProjectView } from '../../components/project-body/project-body.view.ts'
import { serverNow } from '../../lib/clock.ts'
import { fontScale, goTo, PAGES } from '../../lib/ui.ts'
import { SAMPLE } from './sample.data.ts'

Page({
  data: { scale: fontScale(), view: toProjectView(SAMPLE, serverNow()) },
  onBind() {
    goTo(PAGES.bind)
  },
})
