import * as answers from './answers.store.ts'
import * as store from './reviews.store.ts'

/**
 * What a person must look at before it counts (D6, D14, D15, D20), and what became of it. Keeps `reviews`. Woken by the rooms
 * that meet something they may not decide, in the transaction in which they meet it; who is asked, and how it is answered, is
 * the business of `questions` and `staff`. Tells nobody, and decides nothing but that the same is not asked twice.
 */
export function createReviews() {
  return {
    /** About a contact, of a member or of everybody. Answers whether it is open now. */
    ask: store.insertReview,
    askAboutCustomer: store.insertReviewOfCustomer,
    /** Whose a number is (ownership.md, 4): one open question per number. Answers its id when it was not open. */
    askAboutNumber: store.insertQuestion,
    /** The open question of a number is about this party as well. */
    addClaimed: store.addClaimed,
    ...createAnswers(),
    close: store.closeReview,
    closeAboutContact: store.closeReviewsOf,
    closeAboutCustomer: store.closeReviewsOfCustomer,
    closeAboutNumber: store.closeQuestions,
    /** What somebody asked about a number that he has not proven. Answers whether there was such a question. */
    closeOfClaimant: store.closeOfClaimant,
    /** What was asked because of a remark that is another by now, or of a follow that ended. */
    closeMoot: store.closeMoot,
    /** Two customers are one person. */
    move: store.moveReviews,
    /** The contact that a member was asked about; undefined when the question is not theirs, or answered. */
    findOpen: store.findOpenReview,
    findUnanswered: store.findUnanswered,
    pageSeenLate: store.pageSeenLate,
    /** Numbers that a question doubts, and those that all questions about a contact doubt. */
    findNumbers: store.findNumbersOfReview,
    findNumbersAbout: store.findReviewNumbers,
  }
}
export type Reviews = ReturnType<typeof createReviews>
export type Closing = Parameters<typeof store.closeReview>[1]
export type { StoredAnswer } from './answers.store.ts'

/** An answer waits ten seconds before it takes effect, and may be taken back until then. */
const createAnswers = () => ({
  /** Whoever answers, takes back or acts on an answer comes one after the other. */
  lock: answers.lockReview,
  writeAnswer: answers.writeAnswer,
  clearAnswer: answers.clearAnswer,
  /** Whose time has come and that no job has acted on. */
  pageOverdue: answers.pageOverdue,
  /** Nobody has answered, and admins are not asked yet. */
  pageUnescalated: answers.pageUnescalated,
  /** Asks admins. Answers about how many; one that was answered meanwhile is not among them. */
  escalate: answers.escalate,
})
