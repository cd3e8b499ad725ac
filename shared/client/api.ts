// Made by `npm run generate` from docs/openapi.json: what each route asks for, answers and refuses.
export type Api = {
  /** Sign in with a wx.login code (R2.2) */
  'POST /api/wechat/openid': {
    body: {
      code: string
    }
    data: {
      openid: string
      sessionToken: string
      expiresAt: string
    }
    code: 'session.code_invalid' | 'session.code_used' | 'request.invalid' | 'request.unknown_field' | 'session.blocked' | 'request.too_large' | 'request.media_type' | 'session.too_fast' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Where I stand and what to do next */
  'GET /api/me': {
    data: {
      openid: string
      bindingStatus: 'unbound' | 'partial' | 'bound'
      canQuery: boolean
      phoneMasked?: string
      claim?: {
        phoneMasked: string
        since: string
        expiresAt: string
      }
      nextStep: 'get_code' | 'confirm' | 'state_phone' | 'wait_for_advisor' | 'ask_advisor' | 'view_projects' | 'contact_support'
      nextStepText: string
      why: {
        code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
        text: string
        nextStep: string
      }
      support?: {
        kfUrl: string
        corpId: string
      }
      advisor?: {
        userid: string
        name?: string
        advisorId?: string
      }
      notice?: {
        kind: 'bound' | 'bound_beside' | 'unbound' | 'attempt' | 'phone_changed'
        title: string
        text: string
        at: string
      }
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** A bind code and a bind link */
  'POST /api/binding/code': {
    data: {
      bindCode: string
      expiresAt: string
      kfUrl: string
      corpId: string
      kfName?: string
      servedByPeople?: boolean
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'request.media_type' | 'binding.code_too_soon' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** How the binding stands; for polling */
  'GET /api/binding/status': {
    data: {
      state: 'none' | 'code_live' | 'awaiting_confirmation' | 'bound' | 'refused' | 'expired'
      expiresAt?: string
      reason?: 'checking' | 'card_opened' | 'awaiting_tap' | 'say_anything' | 'human_serving' | 'unionid_mismatch' | 'account_taken' | 'contact_taken' | 'not_me' | 'withdrawn' | 'opened_by_other' | 'code_expired' | 'superseded' | 'code_too_short' | 'not_added_yet'
      text?: string
      why?: {
        code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
        text: string
        nextStep: string
      }
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Open a one-time ticket from the chat (D3) */
  'POST /api/binding/ticket': {
    body: {
      ticket: string
    }
    data: {
      state: 'none' | 'code_live' | 'awaiting_confirmation' | 'bound' | 'refused' | 'expired'
      expiresAt?: string
      reason?: 'checking' | 'card_opened' | 'awaiting_tap' | 'say_anything' | 'human_serving' | 'unionid_mismatch' | 'account_taken' | 'contact_taken' | 'not_me' | 'withdrawn' | 'opened_by_other' | 'code_expired' | 'superseded' | 'code_too_short' | 'not_added_yet'
      text?: string
      why?: {
        code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
        text: string
        nextStep: string
      }
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'binding.ticket_invalid' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What a ticket is for, before it is used; a POST, because a ticket belongs in no URL */
  'POST /api/binding/ticket/look': {
    body: {
      ticket: string
    }
    data: {
      kind: 'kf' | 'welcome'
      advisorName?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'binding.ticket_invalid' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** End my binding; all my sessions end with it (D10) */
  'DELETE /api/binding': {
    data: {
      unbound: boolean
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'binding.not_bound' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** State a phone (R0.48); a hint, never proof */
  'POST /api/binding/temp': {
    body: {
      phoneNumber: string
      wechatOpenid?: string
    }
    data: {
      tempBindingId: number
      expiresAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'request.too_large' | 'request.media_type' | 'binding.claim_too_soon' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** The phone WeChat has for me (E8), when switched on */
  'POST /api/binding/phone-button': {
    body: {
      code: string
    }
    data: {
      taken: boolean
    }
    code: 'binding.phone_code_invalid' | 'binding.phone_foreign' | 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'binding.phone_button_off' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** R0.52; somebody else's phone is 404 */
  'GET /api/customer/binding-status/{phone}': {
    params: { phone: string | number }
    data: {
      status: 'bound' | 'pending' | 'expired' | 'not_found'
      message: string
      createdAt?: string
      expiresAt?: string
      boundAt?: string
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'binding.phone_unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** R0.53; somebody else's phone is 404 */
  'GET /api/customer/can-query/{phone}': {
    params: { phone: string | number }
    data: {
      canQuery: boolean
      message: string
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'binding.phone_unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** My projects, newest change first */
  'GET /api/projects/my': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: string
        orderNo: string
        title: string
        status: string
        finished: boolean
        stage?: string
        stagesDone: number
        stagesTotal: number
        nextAt?: string
        updatedAt: string
      }[]
      nextCursor?: string
      why?: {
        code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
        text: string
        nextStep: string
      }
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'projects.not_allowed' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** The same as /api/projects/my */
  'GET /api/projects': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: string
        orderNo: string
        title: string
        status: string
        finished: boolean
        stage?: string
        stagesDone: number
        stagesTotal: number
        nextAt?: string
        updatedAt: string
      }[]
      nextCursor?: string
      why?: {
        code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
        text: string
        nextStep: string
      }
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'projects.not_allowed' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** One of my projects */
  'GET /api/projects/{id}': {
    params: { id: string | number }
    data: {
      id: string
      orderNo: string
      title: string
      status: string
      finished: boolean
      stage?: string
      stagesDone: number
      stagesTotal: number
      nextAt?: string
      updatedAt: string
      address?: string
      stages: {
        name: string
        status: 'pending' | 'active' | 'done'
        plannedAt?: string
        doneAt?: string
        note?: string
      }[]
      equipment: {
        name: string
        model?: string
        serialNo?: string
        installedAt?: string
        warrantyUntil?: string
      }[]
      order: Record<string, string | number>
      orderFields: {
        key: string
        label: string
        kind: 'text' | 'money' | 'date' | 'number'
      }[]
      designerUserid?: string
      designerName?: string
      projectManagerUserid?: string
      projectManagerName?: string
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'projects.not_allowed' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'projects.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Load an order; idempotent, a field left out stays; with dryRun only what would change */
  'PUT /api/admin/projects/{orderNo}': {
    params: { orderNo: string | number }
    query?: { dryRun?: 'true' | 'false' }
    body: {
      title: string
      customerPhone: string
      customerName?: string | null
      status?: string | null
      designerUserid?: string | null
      projectManagerUserid?: string | null
      address?: string | null
      stages?: {
        name: string
        status: 'pending' | 'active' | 'done'
        plannedAt?: string | null
        doneAt?: string | null
        note?: string | null
      }[]
      equipment?: {
        name: string
        model?: string | null
        serialNo?: string | null
        installedAt?: string | null
        warrantyUntil?: string | null
      }[]
      order?: {
        amount?: number | string | null
        signedAt?: string | null
      }
      viewers?: {
        phone: string
        role?: string
        name?: string | null
      }[]
    }
    data: {
      id?: string
      orderNo: string
      created: boolean
      changed: boolean
      state: 'waiting' | 'attached' | 'held'
      hidden: boolean
      changes: {
        field: string
        before: unknown
        after: unknown
      }[]
      removed: string[]
      conflicts: string[]
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** An order as it was loaded, with whose it is */
  'GET /api/admin/projects/{orderNo}': {
    params: { orderNo: string | number }
    data: {
      id: string
      orderNo: string
      title: string
      status: string
      finished: boolean
      stage?: string
      stagesDone: number
      stagesTotal: number
      nextAt?: string
      updatedAt: string
      createdAt: string
      hidden: boolean
      hiddenReason?: string
      parties: {
        role: string
        phoneMasked: string
        name?: string
        state: 'waiting' | 'held' | 'attached'
        shown: boolean
        customerId?: number
      }[]
      address?: string
      designerUserid?: string
      projectManagerUserid?: string
      stages: {
        name: string
        status: 'pending' | 'active' | 'done'
        plannedAt?: string
        doneAt?: string
        note?: string
      }[]
      equipment: {
        name: string
        model?: string
        serialNo?: string
        installedAt?: string
        warrantyUntil?: string
      }[]
      order: Record<string, unknown>
    }
    code: 'request.invalid' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'projects.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Hide an order from all customers, with a reason; not lost, and no load shows it */
  'DELETE /api/admin/projects/{orderNo}': {
    params: { orderNo: string | number }
    body: {
      reason: string
    }
    data: {
      orderNo: string
      hidden: boolean
      changed: boolean
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'projects.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Orders, the newest change first; by number, title or phone with q */
  'GET /api/admin/projects': {
    query?: { cursor?: string | number; limit?: string | number; q?: string | number; hidden?: 'true' | 'false' }
    data: {
      items: {
        id: string
        orderNo: string
        title: string
        status: string
        finished: boolean
        stage?: string
        stagesDone: number
        stagesTotal: number
        nextAt?: string
        updatedAt: string
        createdAt: string
        hidden: boolean
        hiddenReason?: string
        parties: {
          role: string
          phoneMasked: string
          name?: string
          state: 'waiting' | 'held' | 'attached'
          shown: boolean
          customerId?: number
        }[]
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Show a hidden order again to whom it belongs, with a reason */
  'POST /api/admin/projects/{orderNo}/show': {
    params: { orderNo: string | number }
    body: {
      reason: string
    }
    data: {
      orderNo: string
      hidden: boolean
      changed: boolean
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'projects.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** A member leaves: his orders are another's, and what he had as an advisor; with dryRun only what that is */
  'POST /api/admin/members/{userid}/hand-over': {
    params: { userid: string | number }
    body: {
      to: string
      reason: string
      dryRun?: boolean
    }
    data: {
      orders: {
        orderNo: string
        asDesigner: boolean
        asManager: boolean
      }[]
      advisor?: {
        to: string | null
        leads: number
        bookings: number
        cancelled: number
      }
    }
    code: 'members.same' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'members.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'members.not_vouched' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Bind by an admin's word (E7); operatorUserid is required as R0.54 writes it, other remedies may leave it out */
  'POST /api/wework/manual-bind': {
    body: {
      customerPhone: string
      wechatOpenid: string
      weworkUserid: string
      operatorUserid: string
      reason: string
      override?: boolean
    }
    data: {
      id: number
      customerNo: string
      name?: string
      contactName?: string
      phoneMasked?: string
      externalUserId?: string
      openids: string[]
      bindingStatus: 'unbound' | 'partial' | 'bound'
      canQuery: boolean
      suspendedReason?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_account' | 'remedies.unknown_contact' | 'remedies.account_taken' | 'remedies.contact_taken' | 'remedies.phone_taken' | 'remedies.contact_has_other_phone' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Let a paused contact try codes again */
  'POST /api/admin/contacts/{externalUserId}/lift-code-stop': {
    params: { externalUserId: string | number }
    body: {
      reason: string
      operatorUserid?: string
    }
    data: {
      lifted: boolean
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_contact' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** End a binding */
  'POST /api/admin/customers/{id}/unbind': {
    params: { id: string | number }
    body: {
      reason: string
      operatorUserid?: string
    }
    data: {
      id: number
      customerNo: string
      name?: string
      contactName?: string
      phoneMasked?: string
      externalUserId?: string
      openids: string[]
      bindingStatus: 'unbound' | 'partial' | 'bound'
      canQuery: boolean
      suspendedReason?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_customer' | 'remedies.not_bound' | 'remedies.not_suspended' | 'remedies.same_phone' | 'remedies.phone_taken' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Another phone for a customer (D9) */
  'POST /api/admin/customers/{id}/phone': {
    params: { id: string | number }
    body: {
      phone: string
      reason: string
      operatorUserid?: string
      since?: string
      proven?: boolean
      phoneAgain?: string
      seenBy?: string
    }
    data: {
      id: number
      customerNo: string
      name?: string
      contactName?: string
      phoneMasked?: string
      externalUserId?: string
      openids: string[]
      bindingStatus: 'unbound' | 'partial' | 'bound'
      canQuery: boolean
      suspendedReason?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_customer' | 'remedies.not_bound' | 'remedies.not_suspended' | 'remedies.same_phone' | 'remedies.phone_taken' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Let a permission that rests count again (D15) */
  'POST /api/admin/customers/{id}/resume': {
    params: { id: string | number }
    body: {
      reason: string
      operatorUserid?: string
    }
    data: {
      id: number
      customerNo: string
      name?: string
      contactName?: string
      phoneMasked?: string
      externalUserId?: string
      openids: string[]
      bindingStatus: 'unbound' | 'partial' | 'bound'
      canQuery: boolean
      suspendedReason?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_customer' | 'remedies.not_bound' | 'remedies.not_suspended' | 'remedies.same_phone' | 'remedies.phone_taken' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** A number changed hands (D20); with dryRun only what would happen */
  'POST /api/admin/phones/hand-over': {
    body: {
      phone: string
      since: string
      toExternalUserId?: string
      orders?: string[]
      reason: string
      operatorUserid?: string
      dryRun?: boolean
    }
    data: {
      moved: string[]
      stay: string[]
      held: string[]
      ended: number[]
    }
    code: 'remedies.in_future' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_number' | 'remedies.unknown_contact' | 'remedies.unknown_orders' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Customers by name, phone, order number, openid or contact, and why each is stuck */
  'POST /api/admin/customers/search': {
    body: {
      q?: string
      reason?: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
      stuck?: boolean
      cursor?: string
      limit?: number
    }
    data: {
      items: {
        id: number
        customerNo: string
        name?: string
        contactName?: string
        phoneMasked?: string
        externalUserId?: string
        openids: string[]
        bindingStatus: 'unbound' | 'partial' | 'bound'
        canQuery: boolean
        suspendedReason?: string
        advisor?: {
          userid: string
          name?: string
        }
        addWay?: number
        why: {
          code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
          text: string
          nextStep: string
        }
        likely?: {
          id: number
          customerNo: string
          because: string
        }[]
        boundAt?: string
        lastSeenAt?: string
        projects: number
        heldOrders: number
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** The same for programs; or the customer of a phone or of a contact */
  'GET /api/admin/customers': {
    query?: { cursor?: string | number; limit?: string | number; q?: string | number; reason?: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'; stuck?: 'true' | 'false'; phone?: string | number; externalUserId?: string | number }
    data: {
      items: {
        id: number
        customerNo: string
        name?: string
        contactName?: string
        phoneMasked?: string
        externalUserId?: string
        openids: string[]
        bindingStatus: 'unbound' | 'partial' | 'bound'
        canQuery: boolean
        suspendedReason?: string
        advisor?: {
          userid: string
          name?: string
        }
        addWay?: number
        why: {
          code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
          text: string
          nextStep: string
        }
        likely?: {
          id: number
          customerNo: string
          because: string
        }[]
        boundAt?: string
        lastSeenAt?: string
        projects: number
        heldOrders: number
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** The whole story of a customer */
  'GET /api/admin/customers/{id}': {
    params: { id: string | number }
    data: {
      id: number
      customerNo: string
      name?: string
      contactName?: string
      phoneMasked?: string
      externalUserId?: string
      openids: string[]
      bindingStatus: 'unbound' | 'partial' | 'bound'
      canQuery: boolean
      suspendedReason?: string
      advisor?: {
        userid: string
        name?: string
      }
      addWay?: number
      why: {
        code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
        text: string
        nextStep: string
      }
      likely?: {
        id: number
        customerNo: string
        because: string
      }[]
      boundAt?: string
      lastSeenAt?: string
      projects: {
        orderNo: string
        title: string
        status: string
        state: string
        shown: boolean
        hidden: boolean
        role: string
        name?: string
      }[]
      heldOrders: number
      accounts: {
        id: number
        app: string
        openid: string
        signedInAt?: string
        tiedAt?: string
        tiedBy?: string
        endedAt?: string
        endedBy?: string
      }[]
      contacts: {
        externalUserId: string
        name?: string
        userid: string
        memberName?: string
        addWay: number
        followedAt: string
        endedAt?: string
        notedPhonesMasked: string[]
      }[]
      evidence: {
        at: string
        kind: string
        phoneMasked?: string
        memberUserid?: string
        reason?: string
        revokedAt?: string
        revokedReason?: string
      }[]
      history: {
        at: string
        decision: string
        outcome: string
        actor: string
        phoneMasked?: string
      }[]
      claims: {
        at: string
        phoneMasked?: string
        status: string
        expiresAt: string
      }[]
      questions: {
        at: string
        id: number
        kind: string
        closedAt?: string
      }[]
      notices: {
        at: string
        kind: string
        to: string
        result?: string
        reason?: string
        orderNo?: string
        stage?: string
      }[]
      actions: {
        at: string
        actionType: string
        advisorId: string
        advisorName: string
        times: number
        createdLead: boolean
      }[]
      bookings: {
        at: string
        advisorId: string
        advisorName: string
        date: string
        part: string
        service: string
        state: string
      }[]
      erp: Record<string, unknown>
    }
    code: 'request.invalid' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'remedies.unknown_customer' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Load a file of orders: CSV, XLSX or JSON, told apart by what is in it */
  'POST /api/admin/imports': {
    query?: { mode?: 'append' | 'replace'; dryRun?: 'true' | 'false'; others?: 'refuse' | 'ignore' }
    body: string
    data: {
      id: number
      rows: number
    }
    code: 'imports.refused' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Imports of the last seven days, the newest first */
  'GET /api/admin/imports': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: number
        format: 'csv' | 'xlsx' | 'json'
        mode: 'append' | 'replace'
        dryRun: boolean
        state: 'waiting' | 'running' | 'finished' | 'stopped' | 'failed'
        operator: string
        requestId: string
        createdAt: string
        startedAt?: string
        finishedAt?: string
        rows: number
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** How far an import is */
  'GET /api/admin/imports/{id}': {
    params: { id: string | number }
    data: {
      id: number
      format: 'csv' | 'xlsx' | 'json'
      mode: 'append' | 'replace'
      dryRun: boolean
      state: 'waiting' | 'running' | 'finished' | 'stopped' | 'failed'
      operator: string
      requestId: string
      createdAt: string
      startedAt?: string
      finishedAt?: string
      rows: number
      done: number
      created: number
      changed: number
      unchanged: number
      skipped: number
      rejected: number
      attached: number
      waiting: number
      held: number
      withoutName: number
    }
    code: 'request.invalid' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'imports.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What is not loaded yet is not loaded */
  'POST /api/admin/imports/{id}/stop': {
    params: { id: string | number }
    body: {
      reason: string
      operatorUserid?: string
    }
    data: {
      id: number
      format: 'csv' | 'xlsx' | 'json'
      mode: 'append' | 'replace'
      dryRun: boolean
      state: 'waiting' | 'running' | 'finished' | 'stopped' | 'failed'
      operator: string
      requestId: string
      createdAt: string
      startedAt?: string
      finishedAt?: string
      rows: number
      done: number
      created: number
      changed: number
      unchanged: number
      skipped: number
      rejected: number
      attached: number
      waiting: number
      held: number
      withoutName: number
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'imports.unknown' | 'imports.ended' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisors whom one may ask and book */
  'GET /api/advisors': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        advisorId: string
        name: string
        title: string | null
        summary: string | null
        photo: {
          thumb: string
          full: string
        } | null
        services: string[]
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** An advisor with his 简历 */
  'GET /api/advisors/{advisorId}': {
    params: { advisorId: string | number }
    data: {
      advisorId: string
      name: string
      title: string | null
      summary: string | null
      photo: {
        thumb: string
        full: string
      } | null
      services: string[]
      resume: {
        heading: string
        text: string
        pictures: {
          thumb: string
          full: string
        }[]
      }[]
      support: {
        kfUrl: string
        corpId: string
      } | null
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'advisor.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Whose invitation it is; takes nothing */
  'POST /api/advisor/join/look': {
    body: {
      invite: string
    }
    data: {
      name: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'advisor.invite_invalid' | 'advisor.other_advisor' | 'request.too_large' | 'request.media_type' | 'advisor.too_often' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Take an invitation, once: this account is the advisor from now on */
  'POST /api/advisor/join': {
    body: {
      invite: string
    }
    data: {
      advisor: {
        advisorId: string
        name: string
        title: string | null
        summary: string | null
        photo: {
          thumb: string
          full: string
        } | null
        services: string[]
      }
      remaining: Record<string, number>
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'advisor.invite_invalid' | 'advisor.other_advisor' | 'request.too_large' | 'request.media_type' | 'advisor.too_often' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Which advisor I am, and how many messages are left of each template */
  'GET /api/advisor/me': {
    data: {
      advisor: {
        advisorId: string
        name: string
        title: string | null
        summary: string | null
        photo: {
          thumb: string
          full: string
        } | null
        services: string[]
      }
      remaining: Record<string, number>
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What an advisor answered to wx.requestSubscribeMessage (R2.3); a hint, if WeChat itself tells nothing */
  'POST /api/advisor/subscribe': {
    body: {
      advisorId: string
      openid?: string
      templateId: string
      subscribed: boolean
      subscribeData?: Record<string, unknown>
    }
    data: {
      _id: string
      advisorId: string
      openid: string
      templateId: string
      subscribed: boolean
      subscribeTime: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'advisor.other_openid' | 'advisor.not_own' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'advisor.unknown_template' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** All advisors, by id */
  'GET /api/admin/advisors': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        advisorId: string
        name: string
        memberUserid: string | null
        title: string | null
        photo: string | null
        summary: string | null
        resume: {
          heading: string
          text: string
          pictures: string[]
        }[]
        services: string[]
        active: boolean
        joinedAt: string | null
        updatedAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** An advisor as the office keeps him */
  'GET /api/admin/advisors/{advisorId}': {
    params: { advisorId: string | number }
    data: {
      advisorId: string
      name: string
      memberUserid: string | null
      title: string | null
      photo: string | null
      summary: string | null
      resume: {
        heading: string
        text: string
        pictures: string[]
      }[]
      services: string[]
      active: boolean
      joinedAt: string | null
      updatedAt: string
    }
    code: 'request.invalid' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'advisor.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** An advisor, new or changed; what is left out stays */
  'PUT /api/admin/advisors/{advisorId}': {
    params: { advisorId: string | number }
    body: {
      name: string
      memberUserid?: string | null
      title?: string | null
      photo?: string | null
      summary?: string | null
      resume?: {
        heading: string
        text: string
        pictures?: string[]
      }[]
      services?: string[]
      active?: boolean
    }
    data: {
      advisorId: string
      name: string
      memberUserid: string | null
      title: string | null
      photo: string | null
      summary: string | null
      resume: {
        heading: string
        text: string
        pictures: string[]
      }[]
      services: string[]
      active: boolean
      joinedAt: string | null
      updatedAt: string
    }
    code: 'advisor.unknown_picture' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'advisor.member_taken' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** A one-time invitation for him to join with his own WeChat; ends the one before */
  'POST /api/admin/advisors/{advisorId}/invite': {
    params: { advisorId: string | number }
    data: {
      invite: string
      miniprogramPath: string
      expiresAt: string
    }
    code: 'request.invalid' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'advisor.unknown' | 'advisor.inactive' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Take his account away, with the invitations that lead there */
  'DELETE /api/admin/advisors/{advisorId}/account': {
    params: { advisorId: string | number }
    body: {
      reason: string
    }
    data: {
      advisorId: string
      name: string
      memberUserid: string | null
      title: string | null
      photo: string | null
      summary: string | null
      resume: {
        heading: string
        text: string
        pictures: string[]
      }[]
      services: string[]
      active: boolean
      joinedAt: string | null
      updatedAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'advisor.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What I do about an advisor (R2.5); a phone with it makes a lead, a book_service a booking */
  'POST /api/customer/action': {
    body: {
      customerId?: string | null
      advisorId: string
      actionType: 'view_resume' | 'contact_advisor' | 'book_service' | 'view_project'
      actionData?: Record<string, unknown>
      customerName?: string | null
      customerPhone?: string | null
    }
    data: {
      actionId: string
      customerCreated: boolean
      customerId: string | null
      action: {
        _id: string
        customerId: string
        advisorId: string
        actionType: 'view_resume' | 'contact_advisor' | 'book_service' | 'view_project'
        customerRecordId: string | null
        notified: boolean
      }
      customer: {
        _id: string
        name: string | null
        phone: string
        leadSource: string
        customerId: string
      } | null
      bookingId?: string
    }
    code: 'booking.day' | 'booking.service' | 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'action.elsewhere' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'advisor.unknown' | 'action.own' | 'request.too_large' | 'request.media_type' | 'action.too_often' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: what customers did about me, the latest first */
  'GET /api/advisor/actions': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        actionId: string
        actionType: 'view_resume' | 'contact_advisor' | 'book_service' | 'view_project'
        text: string
        times: number
        at: string
        customerId: string
        customerName: string | null
        phoneMasked: string | null
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: my leads, the latest first */
  'GET /api/advisor/leads': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: string
        customerNo: string
        name: string | null
        phoneMasked: string
        source: string
        state: '待定' | '跟进中' | '已签约' | '无意向'
        remark: string
        note: string | null
        createdAt: string
        updatedAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: one of my leads */
  'GET /api/advisor/leads/{id}': {
    params: { id: string | number }
    data: {
      id: string
      customerNo: string
      name: string | null
      phoneMasked: string
      source: string
      state: '待定' | '跟进中' | '已签约' | '无意向'
      remark: string
      note: string | null
      createdAt: string
      updatedAt: string
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'lead.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: how it stands with a lead of mine, and what I note; logged */
  'POST /api/advisor/leads/{id}': {
    params: { id: string | number }
    body: {
      state?: '待定' | '跟进中' | '已签约' | '无意向'
      note?: string | null
    }
    data: {
      id: string
      customerNo: string
      name: string | null
      phoneMasked: string
      source: string
      state: '待定' | '跟进中' | '已签约' | '无意向'
      remark: string
      note: string | null
      createdAt: string
      updatedAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'lead.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: a customer of mine, by a lead or an action (the page of R2.8) */
  'GET /api/advisor/customers/{id}': {
    params: { id: string | number }
    data: {
      id: string
      name: string | null
      phoneMasked: string | null
      lead: {
        id: string
        customerNo: string
        name: string | null
        phoneMasked: string
        source: string
        state: '待定' | '跟进中' | '已签约' | '无意向'
        remark: string
        note: string | null
        createdAt: string
        updatedAt: string
      } | null
      actions: {
        actionId: string
        actionType: 'view_resume' | 'contact_advisor' | 'book_service' | 'view_project'
        text: string
        times: number
        at: string
        customerId: string
        customerName: string | null
        phoneMasked: string | null
      }[]
      bookings: {
        id: string
        customerId: string
        customerName: string | null
        phoneMasked: string | null
        date: string
        part: 'morning' | 'afternoon' | 'evening'
        service: string
        note: string | null
        state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
        next: ('新' | '已联系' | '已确认' | '已完成' | '已取消')[]
        bookedAt: string
        changedAt: string
      }[]
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'lead.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: the full phone of a lead of mine; logged */
  'POST /api/advisor/leads/{id}/reveal': {
    params: { id: string | number }
    data: {
      phone: string
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'lead.unknown' | 'request.media_type' | 'lead.too_many_reveals' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** My bookings, the latest first */
  'GET /api/bookings/my': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: string
        advisorId: string
        advisorName: string
        date: string
        part: 'morning' | 'afternoon' | 'evening'
        service: string
        note: string | null
        state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
        mayCancel: boolean
        bookedAt: string
        changedAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Cancel a booking of mine */
  'POST /api/bookings/{id}/cancel': {
    params: { id: string | number }
    data: {
      id: string
      advisorId: string
      advisorName: string
      date: string
      part: 'morning' | 'afternoon' | 'evening'
      service: string
      note: string | null
      state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
      mayCancel: boolean
      bookedAt: string
      changedAt: string
    }
    code: 'request.invalid' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'booking.unknown' | 'booking.impossible' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: my bookings, the latest day first; with from none before that day */
  'GET /api/advisor/bookings': {
    query?: { cursor?: string | number; limit?: string | number; from?: string | number }
    data: {
      items: {
        id: string
        customerId: string
        customerName: string | null
        phoneMasked: string | null
        date: string
        part: 'morning' | 'afternoon' | 'evening'
        service: string
        note: string | null
        state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
        next: ('新' | '已联系' | '已确认' | '已完成' | '已取消')[]
        bookedAt: string
        changedAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Advisor: move a booking of mine; logged, and the customer is told */
  'POST /api/advisor/bookings/{id}': {
    params: { id: string | number }
    body: {
      state: 'new' | 'contacted' | 'confirmed' | 'done' | 'cancelled' | '新' | '已联系' | '已确认' | '已完成' | '已取消'
    }
    data: {
      id: string
      customerId: string
      customerName: string | null
      phoneMasked: string | null
      date: string
      part: 'morning' | 'afternoon' | 'evening'
      service: string
      note: string | null
      state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
      next: ('新' | '已联系' | '已确认' | '已完成' | '已取消')[]
      bookedAt: string
      changedAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'booking.unknown' | 'booking.impossible' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Upload a picture: JPEG, PNG or WebP */
  'POST /api/media': {
    file: string | Uint8Array
    data: {
      mediaId: string
    }
    code: 'request.multipart' | 'media.not_a_picture' | 'media.too_many_pixels' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'media.too_large' | 'request.media_type' | 'media.too_many' | 'media.busy' | 'request.too_many' | 'service.internal' | 'media.unavailable' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** The same, for members */
  'POST /api/staff/media': {
    file: string | Uint8Array
    data: {
      mediaId: string
    }
    code: 'request.multipart' | 'media.not_a_picture' | 'media.too_many_pixels' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'media.too_large' | 'request.media_type' | 'media.too_many' | 'media.busy' | 'request.too_many' | 'service.internal' | 'media.unavailable' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** The same, for the office */
  'POST /api/admin/media': {
    file: string | Uint8Array
    data: {
      mediaId: string
    }
    code: 'request.multipart' | 'media.not_a_picture' | 'media.too_many_pixels' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'media.too_large' | 'request.media_type' | 'media.too_many' | 'media.busy' | 'request.too_many' | 'service.internal' | 'media.unavailable' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Work that is not done yet: what failed for good first, then what has waited longest */
  'GET /api/admin/jobs': {
    query?: { cursor?: string | number; limit?: string | number; state?: 'running' | 'failed' | 'retrying' | 'waiting' }
    data: {
      items: {
        id: string
        name: string
        state: 'running' | 'failed' | 'retrying' | 'waiting'
        attempts: number
        maxAttempts: number
        runAt: string
        createdAt: string
        lastError?: string
      }[]
      counts: {
        running: number
        failed: number
        retrying: number
        waiting: number
        oldestDueAt?: string
      }
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Try a job again now */
  'POST /api/admin/jobs/{id}/retry': {
    params: { id: string | number }
    body: {
      reason: string
    }
    data: {
      id: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'jobs.unknown' | 'jobs.busy' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** A job is never to be done */
  'POST /api/admin/jobs/{id}/dismiss': {
    params: { id: string | number }
    body: {
      reason: string
    }
    data: {
      id: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'jobs.unknown' | 'jobs.busy' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What the platforms have told, the newest first; not what was in it */
  'GET /api/admin/callbacks': {
    query?: { cursor?: string | number; limit?: string | number; state?: 'waiting' | 'aside' }
    data: {
      items: {
        id: number
        source: string
        receivedAt: string
        drainedAt?: string
        setAside?: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Adds, deletions and transfers of contacts, the newest first */
  'GET /api/admin/events': {
    query?: { cursor?: string | number; limit?: string | number; externalUserId?: string | number }
    data: {
      items: {
        id: number
        type: string
        externalUserId: string
        userid: string
        addWay?: number
        phoneMasked?: string
        followedAt?: string
        createdAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What I asked for, and what became of it */
  'GET /api/rights/requests': {
    data: {
      items: {
        id: number
        kind: 'export' | 'erase'
        state: 'open' | 'done' | 'declined'
        requestedAt: string
        closedAt?: string
        reason?: string
      }[]
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Ask for what is kept of me, or for its end */
  'POST /api/rights/requests': {
    body: {
      kind: 'export' | 'erase'
    }
    data: {
      items: {
        id: number
        kind: 'export' | 'erase'
        state: 'open' | 'done' | 'declined'
        requestedAt: string
        closedAt?: string
        reason?: string
      }[]
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'rights.open' | 'request.too_large' | 'request.media_type' | 'rights.too_often' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Everything that is kept of a person, with his full phone; each time in the log */
  'GET /api/admin/customers/{id}/export': {
    params: { id: string | number }
    query?: { format?: 'json' | 'html' }
    data: {
      customerNo?: string
      exportedAt: string
      sections: {
        name: string
        title: string
        rows: Record<string, unknown>[]
      }[]
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_customer' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** End what is kept of a person; a dry run says what would go */
  'POST /api/admin/customers/{id}/erase': {
    params: { id: string | number }
    body: {
      reason: string
      dryRun?: boolean
    }
    data: {
      erasedAt: string
      already: boolean
      counts: Record<string, number>
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_customer' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Who asks for what is kept of him, or for its end; the newest first */
  'GET /api/admin/rights': {
    query?: { cursor?: string | number; limit?: string | number; state?: 'open' | 'done' }
    data: {
      items: {
        id: number
        kind: 'export' | 'erase'
        state: 'open' | 'done' | 'declined'
        requestedAt: string
        closedAt?: string
        reason?: string
        closedBy?: string
        accountId?: number
        customerId?: number
        phoneMasked?: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Close a request without doing what it asks for */
  'POST /api/admin/rights/{id}/decline': {
    params: { id: string | number }
    body: {
      reason: string
    }
    data: {
      declined: true
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'rights.unknown' | 'rights.closed' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Everything that is kept of a person, with his full phone; each time in the log */
  'GET /api/admin/rights/{id}/export': {
    params: { id: string | number }
    query?: { format?: 'json' | 'html' }
    data: {
      customerNo?: string
      exportedAt: string
      sections: {
        name: string
        title: string
        rows: Record<string, unknown>[]
      }[]
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'rights.unknown' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** End what is kept of a person; a dry run says what would go */
  'POST /api/admin/rights/{id}/erase': {
    params: { id: string | number }
    body: {
      reason: string
      dryRun?: boolean
    }
    data: {
      erasedAt: string
      already: boolean
      counts: Record<string, number>
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'rights.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What people are asked: whose a number is, and reviews */
  'GET /api/admin/questions': {
    query?: { cursor?: string | number; limit?: string | number; state?: 'open' | 'answered' }
    data: {
      items: {
        id: number
        kind: string
        advice: string
        openedAt: string
        externalUserId?: string
        contactName?: string
        memberUserid?: string
        memberName?: string
        customerId?: number
        customerPhoneMasked?: string
        notedPhonesMasked?: string[]
        canQuery: boolean
        phoneMasked?: string
        about?: {
          customerId: number
          names: string[]
          contactName?: string
          externalUserId?: string
          addedAt?: string
          addedBy?: string
          isClaimant?: boolean
        }
        orders?: {
          orderNo: string
          title: string
          hidden?: true
          name?: string
          signedAt?: string
          loadedAt: string
        }[]
        escalated?: boolean
        answer?: {
          answer: string
          by: string
          byName?: string
          answeredAt: string
          effectiveAt: string
          isEffective: boolean
        }
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Say whose a number is; counts after ten seconds */
  'POST /api/admin/questions/{id}/answer': {
    params: { id: string | number }
    body: {
      answer: 'same' | 'changed' | 'unknown'
      orders?: string[]
      since?: string
      toExternalUserId?: string
      reason: string
      operatorUserid?: string
    }
    data: {
      effectiveAt: string
    }
    code: 'questions.unknown_orders' | 'questions.in_future' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'questions.unknown' | 'questions.answered' | 'questions.for_admins' | 'questions.other_kind' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Take an answer back before it counts */
  'POST /api/admin/questions/{id}/take-back': {
    params: { id: string | number }
    data: {
      takenBack: true
    }
    code: 'request.invalid' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'questions.unknown' | 'questions.too_late' | 'questions.not_yours' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What is open of /api/admin/questions */
  'GET /api/admin/reviews': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: number
        kind: string
        advice: string
        openedAt: string
        externalUserId?: string
        contactName?: string
        memberUserid?: string
        memberName?: string
        customerId?: number
        customerPhoneMasked?: string
        notedPhonesMasked?: string[]
        canQuery: boolean
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Somebody has looked; opens no permission */
  'POST /api/admin/reviews/{id}/close': {
    params: { id: string | number }
    body: {
      reason: string
      operatorUserid?: string
    }
    data: {
      closed: boolean
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'remedies.unknown_review' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: numbers of which I am asked whose they are */
  'GET /api/staff/questions': {
    data: {
      items: {
        id: number
        kind: string
        advice: string
        openedAt: string
        externalUserId?: string
        contactName?: string
        memberUserid?: string
        memberName?: string
        customerId?: number
        customerPhoneMasked?: string
        notedPhonesMasked?: string[]
        canQuery: boolean
        phoneMasked?: string
        about?: {
          customerId: number
          names: string[]
          contactName?: string
          externalUserId?: string
          addedAt?: string
          addedBy?: string
          isClaimant?: boolean
        }
        orders?: {
          orderNo: string
          title: string
          hidden?: true
          name?: string
          signedAt?: string
          loadedAt: string
        }[]
        escalated?: boolean
        answer?: {
          answer: string
          by: string
          byName?: string
          answeredAt: string
          effectiveAt: string
          isEffective: boolean
        }
      }[]
      nextCursor?: string
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: say whose a number is; counts after ten seconds, logged */
  'POST /api/staff/questions/{id}/answer': {
    params: { id: string | number }
    body: {
      answer: 'same' | 'changed' | 'unknown'
      orders?: string[]
      since?: string
      toExternalUserId?: string
      reason?: string
    }
    data: {
      effectiveAt: string
    }
    code: 'questions.unknown_orders' | 'questions.in_future' | 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'questions.unknown' | 'questions.answered' | 'questions.for_admins' | 'questions.other_kind' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: take my answer back before it counts */
  'POST /api/staff/questions/{id}/take-back': {
    params: { id: string | number }
    data: {
      takenBack: true
    }
    code: 'request.invalid' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'questions.unknown' | 'questions.too_late' | 'questions.not_yours' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: this number of my remark is the customer's own (D6); counts after ten seconds, logged */
  'POST /api/staff/reviews/{id}/confirm': {
    params: { id: string | number }
    body: {
      choice: string
    }
    data: {
      phoneMasked: string
      effectiveAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'staff.unknown_review' | 'staff.number_chosen' | 'staff.not_noted' | 'staff.contact_has_other_phone' | 'staff.phone_proven_for_other_contact' | 'staff.number_changed_hands' | 'staff.names_differ' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: take back which number I chose, before it counts */
  'POST /api/staff/reviews/{id}/take-back': {
    params: { id: string | number }
    data: {
      takenBack: true
    }
    code: 'request.invalid' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'questions.unknown' | 'questions.too_late' | 'questions.not_yours' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** An order of mine that I do not see, by its number; three tries a day */
  'POST /api/projects/claim': {
    body: {
      orderNo: string
    }
    data: {
      found: true
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'projects.not_allowed' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'projects.claim_unknown' | 'request.too_large' | 'request.media_type' | 'projects.claim_too_often' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Ask staff about orders of mine that I do not see */
  'POST /api/projects/ask-advisor': {
    data: {
      asked: true
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'projects.not_allowed' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What the last pulls of all contacts found */
  'GET /api/admin/reconciliations': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      nextCursor?: string
      items: {
        startedAt: string
        finishedAt?: string
        complete: boolean
        report: Record<string, number>
        failures: {
          externalUserId?: string
          userid?: string
          reason: string
        }[]
      }[]
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Pull all contacts now */
  'POST /api/admin/reconciliations': {
    data: {
      nextCursor?: string
      items: {
        startedAt: string
        finishedAt?: string
        complete: boolean
        report: Record<string, number>
        failures: {
          externalUserId?: string
          userid?: string
          reason: string
        }[]
      }[]
    }
    code: 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: who I am */
  'GET /api/staff/me': {
    data: {
      userid: string
      name: string
      expiresAt: string
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: JS-SDK signatures for a page of ours */
  'GET /api/wecom/jssdk-signature': {
    query: { url: string | number }
    data: {
      config: {
        corpId: string
        nonceStr: string
        timestamp: number
        signature: string
      }
      agentConfig: {
        corpId: string
        nonceStr: string
        timestamp: number
        signature: string
        agentId: number
      }
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'staff.foreign_page' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: customers who wait to be added */
  'GET /api/staff/pending-customers': {
    data: {
      items: {
        id: number
        row: string
        name?: string
        order?: {
          orderNo: string
          title: string
        }
        since: string
        came: string
        why: {
          code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
          text: string
          nextStep: string
        }
        phoneMasked: string
        expiresAt: string
        contested: boolean
        mine: boolean
        copied: {
          name: string
          at: string
          me: boolean
        }[]
      }[]
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: bound customers whom nobody can add, for want of a phone */
  'GET /api/staff/unstated-customers': {
    data: {
      items: {
        id: number
        row: string
        name?: string
        order?: {
          orderNo: string
          title: string
        }
        since: string
        came: string
        why: {
          code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
          text: string
          nextStep: string
        }
      }[]
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: my bound customers whom I added in a way that proves no phone */
  'GET /api/staff/added-otherwise': {
    data: {
      items: {
        id: number
        row: string
        name?: string
        order?: {
          orderNo: string
          title: string
        }
        since: string
        came: string
        why: {
          code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
          text: string
          nextStep: string
        }
        submitted?: {
          state: 'open' | 'looked'
          at: string
          name: string
          me: boolean
        }
      }[]
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: my contacts whose phone is not noted or not clear */
  'GET /api/staff/phone-missing': {
    data: {
      items: {
        kind: string
        row: string
        name?: string
        order?: {
          orderNo: string
          title: string
        }
        since: string
        came: string
        why: {
          code: 'may_query' | 'no_order' | 'order_held' | 'suspended' | 'not_added' | 'added_otherwise' | 'customer_searched' | 'phone_missing' | 'phone_in_question' | 'no_phone_stated' | 'not_bound' | 'ended'
          text: string
          nextStep: string
        }
        hint: string
        reviewId?: number
        choices?: {
          choice: string
          phoneMasked: string
        }[]
        answer?: {
          phoneMasked: string
          effectiveAt: string
        }
      }[]
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: the full phone of one of them; logged */
  'POST /api/staff/pending-customers/{id}/reveal': {
    params: { id: string | number }
    data: {
      phoneNumber: string
    }
    code: 'request.invalid' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'staff.not_waiting' | 'request.media_type' | 'staff.too_many_reveals' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: ask admins to vouch for a customer whom I added in a way that proves nothing; logged */
  'POST /api/staff/added-otherwise/{id}/submit': {
    params: { id: string | number }
    data: {
      submittedAt: string
    }
    code: 'request.invalid' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'staff.unknown_customer' | 'staff.looked_already' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: end my session */
  'POST /api/staff/sign-out': {
    data: {
      signedOut: boolean
    }
    code: 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: my leads as an advisor, the latest first */
  'GET /api/staff/leads': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: string
        customerNo: string
        name: string | null
        phoneMasked: string
        source: string
        state: '待定' | '跟进中' | '已签约' | '无意向'
        remark: string
        note: string | null
        createdAt: string
        updatedAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: what customers did about me as an advisor, the latest first */
  'GET /api/staff/actions': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        actionId: string
        actionType: 'view_resume' | 'contact_advisor' | 'book_service' | 'view_project'
        text: string
        times: number
        at: string
        customerId: string
        customerName: string | null
        phoneMasked: string | null
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: my bookings as an advisor, the latest day first; with from none before that day */
  'GET /api/staff/bookings': {
    query?: { cursor?: string | number; limit?: string | number; from?: string | number }
    data: {
      items: {
        id: string
        customerId: string
        customerName: string | null
        phoneMasked: string | null
        date: string
        part: 'morning' | 'afternoon' | 'evening'
        service: string
        note: string | null
        state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
        next: ('新' | '已联系' | '已确认' | '已完成' | '已取消')[]
        bookedAt: string
        changedAt: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: how it stands with a lead of mine, and what I note; logged */
  'POST /api/staff/leads/{id}': {
    params: { id: string | number }
    body: {
      state?: '待定' | '跟进中' | '已签约' | '无意向'
      note?: string | null
    }
    data: {
      id: string
      customerNo: string
      name: string | null
      phoneMasked: string
      source: string
      state: '待定' | '跟进中' | '已签约' | '无意向'
      remark: string
      note: string | null
      createdAt: string
      updatedAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'lead.unknown' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: the full phone of a lead of mine; logged */
  'POST /api/staff/leads/{id}/reveal': {
    params: { id: string | number }
    data: {
      phone: string
    }
    code: 'request.invalid' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'lead.unknown' | 'request.media_type' | 'lead.too_many_reveals' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Staff: move a booking of mine; logged, and the customer is told */
  'POST /api/staff/bookings/{id}': {
    params: { id: string | number }
    body: {
      state: 'new' | 'contacted' | 'confirmed' | 'done' | 'cancelled' | '新' | '已联系' | '已确认' | '已完成' | '已取消'
    }
    data: {
      id: string
      customerId: string
      customerName: string | null
      phoneMasked: string | null
      date: string
      part: 'morning' | 'afternoon' | 'evening'
      service: string
      note: string | null
      state: '新' | '已联系' | '已确认' | '已完成' | '已取消'
      next: ('新' | '已联系' | '已确认' | '已完成' | '已取消')[]
      bookedAt: string
      changedAt: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'staff.session_missing' | 'staff.session_invalid' | 'key.expired' | 'key.revoked' | 'advisor.not_one' | 'key.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'booking.unknown' | 'booking.impossible' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What the company decides by itself */
  'GET /api/admin/settings': {
    data: {
      statusWords: {
        running: string[]
        finished: string[]
      }
      orderFields: {
        key: string
        label: string
        kind: 'text' | 'money' | 'date' | 'number'
      }[]
      freshDays: number
      goLiveAt: string | null
      orderNoDatePattern: string | null
      noticeTemplates: {
        stage: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
        newCustomer: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
        booking: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
        bookingState: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
      }
      noticeQuietHours: string
    }
    code: 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Change settings; a field left out stays */
  'PUT /api/admin/settings': {
    body: {
      statusWords?: {
        running?: string[]
        finished?: string[]
      }
      orderFields?: {
        key: string
        label: string
        kind: 'text' | 'money' | 'date' | 'number'
      }[]
      freshDays?: number
      goLiveAt?: string | null
      orderNoDatePattern?: string | null
      noticeTemplates?: {
        stage?: {
          templateId: string
          title?: string
          page: string
          fields: Record<string, string>
        } | null
        newCustomer?: {
          templateId: string
          title?: string
          page: string
          fields: Record<string, string>
        } | null
        booking?: {
          templateId: string
          title?: string
          page: string
          fields: Record<string, string>
        } | null
        bookingState?: {
          templateId: string
          title?: string
          page: string
          fields: Record<string, string>
        } | null
      }
      noticeQuietHours?: string
      reason?: string
    }
    data: {
      statusWords: {
        running: string[]
        finished: string[]
      }
      orderFields: {
        key: string
        label: string
        kind: 'text' | 'money' | 'date' | 'number'
      }[]
      freshDays: number
      goLiveAt: string | null
      orderNoDatePattern: string | null
      noticeTemplates: {
        stage: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
        newCustomer: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
        booking: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
        bookingState: {
          templateId: string
          title: string
          page: string
          fields: Record<string, string>
        } | null
      }
      noticeQuietHours: string
    }
    code: 'settings.in_future' | 'settings.word_in_both_lists' | 'settings.template_twice' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'settings.set_once' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Who is calling, and what he may do */
  'GET /api/admin/me': {
    data: {
      name: string
      scope: 'viewer' | 'operator' | 'admin' | 'service'
      via: 'key' | 'member'
    }
    code: 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** All keys, the newest first */
  'GET /api/admin/keys': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        id: number
        name: string
        scope: 'viewer' | 'operator' | 'admin' | 'service'
        createdAt: string
        createdBy?: string
        expiresAt?: string
        lastUsedAt?: string
        revokedAt?: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** A new key, told this once */
  'POST /api/admin/keys': {
    body: {
      name: string
      scope: 'viewer' | 'operator' | 'admin' | 'service'
      days?: number
      reason?: string
    }
    data: {
      id: number
      key: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** End a key; it opens nothing from the next request on */
  'DELETE /api/admin/keys/{id}': {
    params: { id: string | number }
    query?: { reason?: string | number }
    data: {
      revoked: true
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'keys.unknown' | 'access.last_admin' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Members who may do an admin's work */
  'GET /api/admin/roles': {
    query?: { cursor?: string | number; limit?: string | number }
    data: {
      items: {
        userid: string
        name?: string
        role: 'viewer' | 'operator' | 'admin'
        givenAt: string
        givenBy: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Give a member a role, or take it with null */
  'PUT /api/admin/roles/{userid}': {
    params: { userid: string | number }
    body: {
      role: 'viewer' | 'operator' | 'admin' | null
      reason?: string
    }
    data: {
      userid: string
      role: 'viewer' | 'operator' | 'admin' | null
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'staff.left' | 'members.unknown' | 'access.last_admin' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'members.not_vouched' | 'staff.not_vouched' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Who changed what, from what to what, and why; the newest first */
  'GET /api/admin/operations': {
    query?: { cursor?: string | number; limit?: string | number; operator?: string | number; operation?: string | number; targetType?: string | number; targetId?: string | number; from?: string | number; to?: string | number }
    data: {
      items: {
        id: number
        at: string
        operator: string
        operation: string
        target: {
          type: string
          id: string
        }
        before: unknown | null
        after: unknown | null
        reason?: string
        detail?: string
        requestId?: string
      }[]
      nextCursor?: string
    }
    code: 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What one may consent to be told, and how many messages are left of each */
  'GET /api/notices/templates': {
    data: {
      items: {
        templateId: string
        kind: 'stage' | 'newCustomer' | 'booking' | 'bookingState'
        title: string
        for: 'advisor' | 'customer'
        remaining: number
      }[]
    }
    code: 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** What was answered to wx.requestSubscribeMessage; a hint, if WeChat itself tells nothing */
  'POST /api/notices/consents': {
    body: {
      results: Record<string, string>
    }
    data: {
      items: {
        templateId: string
        kind: 'stage' | 'newCustomer' | 'booking' | 'bookingState'
        title: string
        for: 'advisor' | 'customer'
        remaining: number
      }[]
    }
    code: 'request.invalid' | 'request.unknown_field' | 'session.missing' | 'session.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'platform.unavailable' | 'service.unavailable' | 'service.busy'
  }
  /** Send a subscribe message by a consent of the customer (R2.8) */
  'POST /api/message/send': {
    body: {
      touser: string
      template_id: string
      data: Record<string, {
          value: string
        }>
      page?: string
      miniprogram_state?: 'developer' | 'trial' | 'formal'
      lang?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW'
    }
    data: {
      errcode: number
      errmsg: string
      msgid: string
    }
    code: 'message.unknown_template' | 'message.unknown_page' | 'message.bad_field' | 'request.invalid' | 'request.unknown_field' | 'key.missing' | 'key.invalid' | 'key.expired' | 'key.revoked' | 'key.forbidden' | 'role.forbidden' | 'session.forbidden' | 'staff.foreign_request' | 'message.unknown_openid' | 'message.no_consent' | 'request.too_large' | 'request.media_type' | 'request.too_many' | 'service.internal' | 'message.misconfigured' | 'message.not_now' | 'platform.unavailable' | 'service.unavailable' | 'service.busy' | 'message.unknown_outcome'
  }
}
