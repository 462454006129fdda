/** Why a weights file says nothing of its network: a sentence for its author and its readers. */
export class Unreadable extends Error {}
