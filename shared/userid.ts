/** A userid as a key: WeCom takes two spellings for one member (D27). It is shown and stored as it was first seen. */
export const memberKey = (userid: string): string => userid.toLowerCase()

/** Whether two userids name one member. */
export const isSameMember = (one: string, other: string): boolean =>
  memberKey(one) === memberKey(other)
