import { type ControlRouter, type Desk, param } from '../http/control.ts'
import { memberForControl, personById } from '../world/people.ts'

/** Who opens the next OAuth page; it holds for one page. */
export function staffControl({ post }: ControlRouter, { stage }: Desk): void {
  const { world } = stage
  post('/members/:userid/oauth-next', ({ params }) => {
    world.staff.next = {
      kind: 'member',
      userid: memberForControl(world, param(params, 'userid')).userid,
    }
  })
  post('/people/:personId/oauth-next', ({ params }) => {
    world.staff.next = {
      kind: 'person',
      personId: personById(world, param(params, 'personId')).personId,
    }
  })
}
