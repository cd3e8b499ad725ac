/** The lane of a contact: everything about it happens in order, whatever room it is done by. */
export const perContact = ({ externalUserId }: { externalUserId: string }): string =>
  `contact:${externalUserId}`

/** What follows from a change of the settings, room after room. */
export const afterSettings = (): string => 'settings'
