/** Two operators speak about one key in ways that cannot be decided together; nothing is claimed about such a policy. */
export class Undecidable extends TypeError {}
